using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

/// <summary>What one probe of one address found.</summary>
public sealed record ProbeAnswer(bool IsUp, string? Cause, int Milliseconds);

/// <summary>Asks an address whether somebody is there. Any answer below 500 is one: a probe has no right to data and asks for none.</summary>
public sealed class UpstreamProbe : IDisposable
{
    /// <summary>Longer than any healthy system takes to say that it knows no such caller.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.Zero, SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None } })
    {
        // A wrong name is a fault of the system. Whether its authority is trusted is the gateway's question, with the gateway's roots; nothing is sent here that could be read.
        Timeout = Patience,
    };

    public async Task<ProbeAnswer> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        int Took() => (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode < 500 ? new ProbeAnswer(true, null, Took()) : new ProbeAnswer(false, "status", Took());
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested) { return new ProbeAnswer(false, "timeout", Took()); }
        catch (HttpRequestException fault)
        {
            return new ProbeAnswer(false, fault switch
            {
                { InnerException: AuthenticationException } => "tls",
                { HttpRequestError: HttpRequestError.NameResolutionError } => "name",
                { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "name",
                { InnerException: SocketException } => "refused",
                _ => "broken",
            }, Took());
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>
/// Probes every published service once an interval (R-MON-05): up while one of its addresses answers. A failure is asked again at once, so that an alert
/// stands after one interval, and a lost packet raises none. One control plane of several does the round.
/// </summary>
public sealed class ProbeServices(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, UpstreamProbe probe, Alarms alarms, ParameterBook parameters, Turns turns, TimeProvider clock)
{
    /// <summary>After so many intervals without a probe nobody knows whether the service was up.</summary>
    public const int SilenceProbes = 3;

    /// <summary>At once: enough that a hundred dead addresses are through before the next round.</summary>
    private const int AtOnce = 16;

    /// <summary>Does the round if it is due and nobody else does it.</summary>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var terms = await MonitoringParameters.TodayAsync(parameters, cancellationToken);
        if (!await turns.TakeAsync("probes", terms.ProbeEvery, cancellationToken)) return false;
        await HandleAsync(cancellationToken);
        return true;
    }

    public async Task HandleAsync(CancellationToken cancellationToken)
    {
        var terms = await MonitoringParameters.TodayAsync(parameters, cancellationToken);
        var services = (await facts.ServicesAsync(cancellationToken)).Where(s => s is { IsStopped: false, Upstreams.Count: > 0 }).ToList();
        var answers = new ProbeAnswer[services.Count];
        await Parallel.ForAsync(0, services.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) => answers[i] = await AskAsync(services[i], token));
        for (var i = 0; i < services.Count; i++) await KeepAsync(services[i], answers[i], terms, cancellationToken);
    }

    private async Task<ProbeAnswer> AskAsync(ServiceFact service, CancellationToken cancellationToken)
    {
        const int Tries = 2;
        ProbeAnswer? last = null;
        for (var i = 0; i < Tries; i++)
        {
            foreach (var upstream in service.Upstreams)
            {
                if (!Uri.TryCreate(upstream, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) continue;
                last = await probe.AskAsync(address, cancellationToken);
                if (last.IsUp) return last;
            }
        }

        return last ?? new ProbeAnswer(false, "address", 0);
    }

    private async Task KeepAsync(ServiceFact service, ProbeAnswer answer, MonitoringParameters terms, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var current = await db.ServiceHealths.Where(h => h.Service == service.Id && h.Until == null).OrderByDescending(h => h.From).FirstOrDefaultAsync(cancellationToken);
            var wasSilent = current is not null && now - current.LastAt > terms.ProbeEvery * SilenceProbes;
            if (current is not null && current.IsUp == answer.IsUp && !wasSilent)
            {
                (current.LastAt, current.Milliseconds) = (now, answer.Milliseconds);
            }
            else
            {
                if (current is not null) current.Until = wasSilent ? current.LastAt : now;
                db.ServiceHealths.Add(new ServiceHealth { Service = service.Id, From = now, IsUp = answer.IsUp, LastAt = now, Milliseconds = answer.Milliseconds, Cause = answer.Cause });
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        if (answer.IsUp) await alarms.ClearAsync(AlertKind.ServiceDown, service.Code, cancellationToken);
        else await alarms.RaiseAsync(AlertKind.ServiceDown, service.Code, answer.Cause ?? "", cancellationToken);
    }
}

/// <summary>Wakes the round of probes; whether it is due stands in the database.</summary>
internal sealed class ProbeRounds(ProbeServices probes, TimeProvider clock, ILogger<ProbeRounds> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookEvery, clock, stoppingToken);
                await probes.TryAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
#pragma warning disable CA1031 // It outlives any fault of the database; the next round asks again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.ProbesFailed(fault);
            }
        }
    }
}
