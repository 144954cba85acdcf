using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LienThong.Platform.Exchange.Doctor;

/// <summary>How the doctor looks.</summary>
public sealed record DoctorOptions
{
    /// <summary>For each step on the network; a machine of the province's network answers within milliseconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Roots that providers' certificates must chain to, as the gateway has them; null: those the system trusts.</summary>
    public X509Certificate2Collection? Roots { get; init; }
}

/// <summary>
/// Goes to one registered address as the gateway would, step by step on one connection, and says at which step it ends and why: name, connection, TLS, clock, first
/// answer. It asks for nothing but the base address and sends no credential. Only registered addresses come here.
/// </summary>
internal sealed class ProbeUpstream(DoctorOptions options, TimeProvider clock)
{
    private const int HeadBytesMax = 16 * 1024;

    /// <summary>An assertion of a minute is worthless beyond this.</summary>
    private static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(60);

    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(Uri address, string path, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        var found = new List<DoctorFinding>();
        var place = address.GetLeftPart(UriPartial.Authority);
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) ? [literal] : await WithinAsync(t => Dns.GetHostAddressesAsync(address.IdnHost, t), cancellationToken);
        }
        catch (Exception fault) when (fault is SocketException or TimeoutException or ArgumentException)
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Dns, "dns.unknown", DoctorParty.Provider, address.IdnHost));
            return found;
        }

        found.Add(DoctorFinding.Ok(DoctorStep.Dns, address.IdnHost, string.Join(", ", addresses.Take(4).Select(a => a.ToString()))));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await WithinAsync(async t => { await socket.ConnectAsync(addresses, address.Port, t); return 0; }, cancellationToken);
        }
        catch (TimeoutException)
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Reach, "reach.timeout", DoctorParty.Provider, place));
            return found;
        }
        catch (SocketException fault)
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Reach, fault.SocketErrorCode is SocketError.ConnectionRefused ? "reach.refused" : "reach.failed", DoctorParty.Provider, place, fault.SocketErrorCode.ToString()));
            return found;
        }

        found.Add(DoctorFinding.Ok(DoctorStep.Reach, place));
        Stream stream = new NetworkStream(socket);
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            var (secured, trouble) = await SecureAsync(stream, address.IdnHost, place, cancellationToken);
            found.Add(trouble ?? DoctorFinding.Ok(DoctorStep.Tls, place));
            if (secured is null) return found;
            stream = secured;
        }
        else
        {
            found.Add(IPAddress.IsLoopback(addresses[0]) ? DoctorFinding.Ok(DoctorStep.Tls, place) : DoctorFinding.Warn(DoctorStep.Tls, "tls.plain", DoctorParty.Provider, place));
        }

        await using (stream) await AskAsync(found, stream, address, path, headers, place, cancellationToken);
        return found;
    }

    private async Task AskAsync(List<DoctorFinding> found, Stream stream, Uri address, string path, IReadOnlyList<(string Name, string Value)> headers, string place, CancellationToken cancellationToken)
    {
        string head;
        try
        {
            var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nAccept: application/json\r\n");
            foreach (var (name, value) in headers) request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            head = await WithinAsync(async t =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), t);
                return await ReadHeadAsync(stream, t);
            }, cancellationToken);
        }
        catch (TimeoutException)
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Upstream, "upstream.timeout", DoctorParty.Provider, place));
            return;
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Upstream, "upstream.broken", DoctorParty.Provider, place));
            return;
        }

        var lines = head.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || lines[0].Length < 12 || !int.TryParse(lines[0].AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            found.Add(DoctorFinding.Fault(DoctorStep.Upstream, "upstream.not-http", DoctorParty.Provider, place));
            return;
        }

        string? Header(string name) => lines.Skip(1).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
        if (Header("Date") is { } date && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var theirs))
        {
            var skew = theirs - clock.GetUtcNow();
            found.Add(skew.Duration() > SkewMax ? DoctorFinding.Fault(DoctorStep.Clock, "clock.skew", DoctorParty.Provider, place, (long)Math.Round(skew.TotalSeconds)) : DoctorFinding.Ok(DoctorStep.Clock, place));
        }
        else
        {
            found.Add(DoctorFinding.Skipped(DoctorStep.Clock));
        }

        found.Add(Judge(status, Header("X-Road-Error"), Header("Content-Type") ?? "", place));
    }

    private static DoctorFinding Judge(int status, string? roadError, string type, string place) =>
        roadError is not null ? DoctorFinding.Fault(DoctorStep.Upstream, "upstream.road-error", DoctorParty.OtherExchange, place, roadError.Length > 120 ? roadError[..120] : roadError)
        : status == 429 ? DoctorFinding.Fault(DoctorStep.Upstream, "upstream.limited", DoctorParty.OtherExchange, place)
        : status is 502 or 503 or 504 ? DoctorFinding.Fault(DoctorStep.Upstream, "upstream.down", DoctorParty.Provider, place, status)
        : status >= 500 ? DoctorFinding.Fault(DoctorStep.Upstream, "upstream.errors", DoctorParty.Provider, place, status)
        : status is >= 300 and < 400 ? DoctorFinding.Warn(DoctorStep.Upstream, "upstream.redirects", DoctorParty.Provider, place, status)
        : status < 300 && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? DoctorFinding.Warn(DoctorStep.Upstream, "upstream.page", DoctorParty.Provider, place)
        : DoctorFinding.Ok(DoctorStep.Upstream, place, status);

    private async Task<(SslStream? Stream, DoctorFinding? Trouble)> SecureAsync(Stream inner, string host, string place, CancellationToken cancellationToken)
    {
        var errors = SslPolicyErrors.None;
        var chainErrors = X509ChainStatusFlags.NoError;
        X509Certificate2? shown = null;
        var secure = new SslStream(inner);
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, VerificationTime = clock.GetUtcNow().UtcDateTime };
        if (options.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        try
        {
            await WithinAsync(async t =>
            {
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = host,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        CertificateChainPolicy = policy,
                        RemoteCertificateValidationCallback = (_, certificate, chain, found) =>
                        {
                            errors = found;
                            foreach (var state in chain?.ChainStatus ?? []) chainErrors |= state.Status;
                            if (certificate is X509Certificate2 known) shown = X509CertificateLoader.LoadCertificate(known.RawData);
                            return found is SslPolicyErrors.None;
                        },
                    }, t);
                return 0;
            }, cancellationToken);
            return (secure, shown is not null && shown.NotAfter.ToUniversalTime() < clock.GetUtcNow().UtcDateTime.AddDays(14) ? DoctorFinding.Warn(DoctorStep.Tls, "tls.soon", DoctorParty.Provider, place, End(shown)) : null);
        }
        catch (TimeoutException)
        {
            await secure.DisposeAsync();
            return (null, DoctorFinding.Fault(DoctorStep.Tls, "tls.timeout", DoctorParty.Provider, place));
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or SocketException)
        {
            await secure.DisposeAsync();
            var now = clock.GetUtcNow().UtcDateTime;
            return (null, errors is SslPolicyErrors.None || shown is null ? DoctorFinding.Fault(DoctorStep.Tls, "tls.failed", DoctorParty.Provider, place)
                : shown.NotAfter.ToUniversalTime() < now ? DoctorFinding.Fault(DoctorStep.Tls, "tls.expired", DoctorParty.Provider, place, End(shown))
                : shown.NotBefore.ToUniversalTime() > now ? DoctorFinding.Fault(DoctorStep.Tls, "tls.not-yet", DoctorParty.Provider, place)
                : (chainErrors & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? DoctorFinding.Fault(DoctorStep.Tls, "tls.untrusted", DoctorParty.Both, place)
                : (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? DoctorFinding.Fault(DoctorStep.Tls, "tls.name", DoctorParty.Provider, place)
                : DoctorFinding.Fault(DoctorStep.Tls, "tls.certificate", DoctorParty.Provider, place));
        }
        finally
        {
            shown?.Dispose();
        }
    }

    private static DateOnly End(X509Certificate2 certificate) => DateOnly.FromDateTime(certificate.NotAfter.ToUniversalTime());

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[HeadBytesMax];
        var length = 0;
        while (length < bytes.Length)
        {
            var count = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (count == 0) return length > 0 ? Encoding.Latin1.GetString(bytes, 0, length) : throw new IOException("closed");
            length += count;
            var end = bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0) return Encoding.Latin1.GetString(bytes, 0, end);
        }

        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    /// <exception cref="TimeoutException">It took longer than a step may.</exception>
    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> deed, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Patience);
        try
        {
            return await deed(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }
}
