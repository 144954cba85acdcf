using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Call;
using LienThong.Gateway.Control;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway;

/// <summary>
/// The data plane as one object that listens: in a process of its own (<c>lienthong gateway</c>) or beside the pages (<c>serve</c>, <c>demo</c>). Kestrel hands every request
/// straight to the call; there is no pipeline of middleware and no routing in between, because each of their steps would be paid by every call.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly UpstreamDirectory _upstreams;
    private readonly SnapshotSource _source;
    private readonly Revocations _revocations;
    private readonly ReplayWindow _replays;
    private readonly IdempotencyStore _idempotency;
    private readonly BudgetKeeper _budgets;
    private readonly ShareKeeper? _shares;
    private readonly RemoteRoutes? _remote;
    private readonly GatewayApplication _application;

    public GatewayServer(GatewayOptions options, ExchangeLog log, TimeProvider clock, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(options.Folder);
        var logger = loggers.CreateLogger("LienThong.Gateway");
        var tokens = new AccessTokens(options.TokenKey, options.Issuer, clock);
        _upstreams = new UpstreamDirectory(clock)
        {
            Roots = options.UpstreamRoots,
            VaultFolder = Path.Combine(options.Folder, "vault"),
            Packages = new PackageOutbox(Path.Combine(options.Folder, "packages"), options.TokenKey, tokens.Kid, options.Issuer),
            Certificate = options.UpstreamCertificate is { } shown ? SslStreamCertificateContext.Create(shown, options.UpstreamChain, offline: true) : null,
        };
        _shares = options.Shares is { } source ? new ShareKeeper(source, Path.Combine(options.Folder, "shares.alone"), clock, logger) : null;
        Routes = new RouteTable(_upstreams, _shares);
        _source = new SnapshotSource(options.SnapshotFile, options.Folder, options.SnapshotKeys, Routes, clock, logger);
        _revocations = new Revocations(options.RevocationFile, options.ClientRoots, clock, logger);
        _replays = new ReplayWindow(Path.Combine(options.Folder, "assertions.used"), clock.GetUtcNow());
        _idempotency = new IdempotencyStore(Path.Combine(options.Folder, "idempotency.journal"), clock);
        _budgets = new BudgetKeeper(Path.Combine(options.Folder, "quotas.used"), Routes, clock, logger);
        _remote = options.Control is { } control ? new RemoteRoutes(control, Routes, _source, clock, logger) : null;
        var callers = new Callers(tokens, _revocations, clock);
        var calls = new ExchangeCall(Routes, callers, log, new Forwarder(_upstreams, _idempotency, new GatewayProof(tokens, clock)), _idempotency, Meters, clock, logger, options.Evidence);
        _application = new GatewayApplication(calls, callers, new TokenEndpoint(Routes, tokens, _replays, clock), tokens, Routes, log, Meters, clock, logger, options.Evidence);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, Routes, clock));
        // A call waits for sockets and for the log and computes for microseconds: handing it from thread to thread costs more than it does.
        // Nor is a connection listened to before it is read: callers keep few connections and use them all the time, and a buffer for each is four kilobytes.
        builder.WebHost.UseSockets(sockets => (sockets.UnsafePreferInlineScheduling, sockets.WaitForDataBeforeAllocatingBuffer) = (options.IsAlone, !options.IsAlone));
        _host = builder.Build();
        _server = _host.Services.GetRequiredService<IServer>();
    }

    public RouteTable Routes { get; }

    public GatewayMeters Meters { get; } = new();

    internal GatewayApplication Application => _application;

    public IReadOnlyCollection<string> Addresses => [.. _server.Features.Get<IServerAddressesFeature>()!.Addresses];

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(_application, cancellationToken);

    /// <summary>Takes no new calls and waits for those under way.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <summary>Nobody lends this node its share of quotas, and it lives on its own part.</summary>
    public bool IsAlone => _shares?.IsAlone ?? false;

    /// <summary>Looks for a new snapshot at once instead of within the second.</summary>
    public void LookForRoutes() => _source.Look();

    /// <summary>Reads the revocation list at once instead of within its seconds.</summary>
    public void LookForRevocations() => _revocations.Look();

    private static void Listen(KestrelServerOptions kestrel, GatewayOptions options, RouteTable routes, TimeProvider clock)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // Limits of bodies are the service's and counted while they stream.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
        // Bytes of headers leave as they came; what they mean is the business of the two ends.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.Listen(options.Listen, listen =>
        {
            listen.Protocols = options.TlsCertificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (options.TlsCertificate is { } certificate) Secure(listen, certificate, options, routes, clock);
        });
    }

    /// <summary>
    /// Forward secrecy and authenticated encryption, and nothing else: the platform's own choice still answers CBC suites in TLS 1.2. It costs the resumption of sessions,
    /// which systems that keep their connections open do not need. Windows takes its suites from the machine.
    /// </summary>
    private static readonly CipherSuitesPolicy? Suites = OperatingSystem.IsWindows() ? null : new CipherSuitesPolicy(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ]);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5359", Justification = "The verdict is kept with the connection, and every call on it is refused with the reason.")]
    private static void Secure(ListenOptions listen, X509Certificate2 certificate, GatewayOptions options, RouteTable routes, TimeProvider clock)
    {
        var context = SslStreamCertificateContext.Create(certificate, options.TlsChain, offline: true);
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            OnConnection = handshake =>
            {
                var policy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,      // The list is our own file, so that no call waits for somebody's server.
                    DisableCertificateDownloads = true,
                    VerificationTime = clock.GetUtcNow().UtcDateTime,
                    VerificationTimeIgnored = false,
                };
                policy.CustomTrustStore.AddRange(options.ClientRoots);
                if (routes.Current is { ClientRoots.Count: > 0 } index) policy.CustomTrustStore.AddRange(index.ClientRoots);
                policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));   // id-kp-clientAuth
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = context,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CipherSuitesPolicy = Suites,
                    ClientCertificateRequired = true,
                    AllowRenegotiation = false,
                    CertificateChainPolicy = policy,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    // A connection without a certificate, or with a bad one, is let in as far as the answer that tells what is wrong with it.
                    RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                    {
                        if (shown is X509Certificate2 client) handshake.Connection.Features.Set(new ConnectionCaller(client, FaultOf(errors, chain)));
                        return true;
                    },
                });
            },
        });
    }

    private static string? FaultOf(SslPolicyErrors errors, X509Chain? chain)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0) return null;
        var flags = X509ChainStatusFlags.NoError;
        foreach (var status in chain?.ChainStatus ?? []) flags |= status.Status;
        return (flags & X509ChainStatusFlags.NotTimeValid) != 0 ? "the certificate is not valid at this time"
            : (flags & X509ChainStatusFlags.NotValidForUsage) != 0 ? "the certificate is not made for client authentication"
            : (flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? "the certificate does not chain to a trusted authority"
            : "the certificate cannot be verified";
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_remote is not null) await _remote.DisposeAsync();
        if (_shares is not null) await _shares.DisposeAsync();
        _source.Dispose();
        _revocations.Dispose();
        _replays.Dispose();
        _budgets.Dispose();
        _idempotency.Dispose();
        _upstreams.Dispose();
        Meters.Dispose();
    }
}
