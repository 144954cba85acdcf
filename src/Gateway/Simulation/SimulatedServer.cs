using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Simulation;

/// <summary>What a simulated system answers.</summary>
public interface ISimulatedSystem
{
    /// <summary>As the verb and the pages call it.</summary>
    string Name { get; }

    Task AnswerAsync(HttpContext http);
}

/// <summary>How a simulated system listens and misbehaves.</summary>
public sealed record SimulatedServerOptions
{
    public required IPEndPoint Listen { get; init; }
    public X509Certificate2? Certificate { get; init; }
    public SimulatedFault Fault { get; init; }
    public SimulatedWeather Weather { get; init; } = new();

    /// <summary>A client certificate is asked for; whose it must be is the guard's matter.</summary>
    public bool AsksForCertificate { get; init; }

    /// <summary>Who may ask; null lets everybody in, which no real provider should.</summary>
    public GatewayGuard? Guard { get; init; }
}

/// <summary>A system of an agency that only pretends: a real server with made-up data, whose troubles come on order. It says "mô phỏng" in every answer.</summary>
public sealed class SimulatedServer : IAsyncDisposable
{
    /// <summary>What is asked of these systems is a few fields.</summary>
    private const int RequestBytesMax = 64 * 1024 * 1024;
    private const long HugeBytes = 2L * 1024 * 1024 * 1024;

    private readonly WebApplication _host;
    private readonly ISimulatedSystem _system;
    private readonly SimulatedServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2? _made;
    private int _requests;

    private SimulatedServer(ISimulatedSystem system, SimulatedServerOptions options, TimeProvider clock)
    {
        (_system, _options, _clock) = (system, options, clock);
        _made = options.Fault is SimulatedFault.BadTls ? BadCertificate(clock) : null;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
            kestrel.Limits.MaxConcurrentConnections = 2_000;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Listen, listen =>
            {
                if (options.Fault is SimulatedFault.Reset or SimulatedFault.Garbage) listen.Use(next => connection => BreakAsync(connection, options.Fault));
                if ((_made ?? options.Certificate) is { } certificate) listen.UseHttps(certificate, https =>
                {
                    if (!options.AsksForCertificate) return;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();   // The guard knows the one key that counts, whoever signed it.
                });
            });
        });
        _host = builder.Build();
        _host.Run(HandleAsync);
    }

    /// <summary>How many requests came, also those that were refused.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public Uri Address => new(_host.Urls.First());

    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<SimulatedServer> StartAsync(ISimulatedSystem system, SimulatedServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new SimulatedServer(system, options, clock);
        try
        {
            await server._host.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task HandleAsync(HttpContext http)
    {
        var number = Interlocked.Increment(ref _requests);
        http.Response.Headers["X-Simulated"] = "mo-phong";
        if (_options.Guard is { } guard && await guard.RefuseAsync(http) is { } why)
        {
            await ProblemAsync(http, 403, "gateway_required", why);
            return;
        }

        switch (_options.Fault)
        {
            case SimulatedFault.Hang:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case SimulatedFault.Slow:
                await SlowlyAsync(http);
                return;
            case SimulatedFault.Huge:
                await HugeAsync(http);
                return;
            case SimulatedFault.Errors:
                await ProblemAsync(http, 500, "simulated_error", "Lỗi mô phỏng của hệ thống nguồn.");
                return;
            case SimulatedFault.WrongType:
                http.Response.ContentType = "text/html; charset=utf-8";
                await http.Response.WriteAsync("<!doctype html><title>Bảo trì</title><p>Trang mô phỏng.</p>");
                return;
            case SimulatedFault.CutJson:
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync("{\"khop\":tr");
                return;
        }

        var weather = _options.Weather;
        if (weather.SlowEvery > 0 && number % weather.SlowEvery == 0) await Task.Delay(weather.SlowFor, _clock, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (weather.ErrorEvery > 0 && number % weather.ErrorEvery == 0) await ProblemAsync(http, 500, "simulated_error", "Lỗi mô phỏng của hệ thống nguồn.");
        else if (!http.RequestAborted.IsCancellationRequested) await _system.AnswerAsync(http);
    }

    private async Task SlowlyAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync();
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(" "u8.ToArray());
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), _clock, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task HugeAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)' ');
        await http.Response.Body.WriteAsync("{\"khop\":true"u8.ToArray());
        for (long sent = 0; sent < HugeBytes && !http.RequestAborted.IsCancellationRequested; sent += piece.Length) await http.Response.Body.WriteAsync(piece);
        await http.Response.Body.WriteAsync("}"u8.ToArray());
    }

    /// <summary>Below HTTP: what comes back is no answer.</summary>
    private static async Task BreakAsync(ConnectionContext connection, SimulatedFault fault)
    {
        var first = await connection.Transport.Input.ReadAsync();
        connection.Transport.Input.AdvanceTo(first.Buffer.End);
        if (fault is SimulatedFault.Garbage)
        {
            var noise = new byte[512];
            new Random(7).NextBytes(noise);
            "\r\n\r\n"u8.CopyTo(noise.AsSpan(noise.Length - 4));
            await connection.Transport.Output.WriteAsync(noise);
            await connection.Transport.Output.CompleteAsync();
            return;
        }

        connection.Abort();
    }

    public static Task ProblemAsync(HttpContext http, int status, string code, string detail)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { type = "urn:mo-phong:" + code, title = code, status, detail, moPhong = true }, (System.Text.Json.JsonSerializerOptions?)null, "application/problem+json");
    }

    private static X509Certificate2 BadCertificate(TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=khong-dung-ten.example", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-400), clock.GetUtcNow().AddDays(-30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    internal static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _made?.Dispose();
    }
}
