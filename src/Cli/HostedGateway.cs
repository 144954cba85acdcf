using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway;
using LienThong.Gateway.Log;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;

namespace LienThong.Cli;

/// <summary>Where the gateway beside the pages listens, and with what keys.</summary>
internal sealed record HostedGatewayOptions
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>PEM; null is plain HTTP, for this machine only or behind a balancer that ends TLS.</summary>
    public string? Certificate { get; init; }
    public string? Key { get; init; }
    public IReadOnlyList<string> ClientCa { get; init; } = [];
    public IReadOnlyList<string> UpstreamCa { get; init; } = [];
    public string? UpstreamCertificate { get; init; }
    public string? UpstreamKey { get; init; }
    public string? Revoked { get; init; }

    /// <summary>Who vouches for its log.</summary>
    public LogEvidenceOptions Evidence { get; init; } = new();

    /// <summary>The address under which callers know it; null: the address it listens on.</summary>
    public string? Issuer { get; init; }
}

/// <summary>The words of the gateway in <c>serve</c> and <c>demo</c>.</summary>
internal sealed class HostedGatewayWords
{
    private readonly EvidenceWords _evidence = new();
    private readonly Option<string?> _listen = new("--gateway") { Description = "Địa chỉ và cổng của cổng trao đổi, ví dụ 0.0.0.0:8443; số cổng 0 thì tự chọn." };
    private readonly Option<bool> _none = new("--no-gateway") { Description = "Không chạy cổng trao đổi trong tiến trình này." };
    private readonly Option<string?> _certificate = new("--gateway-cert") { Description = "Chứng thư PEM của cổng trao đổi (mặc định: --tls-cert; không có thì HTTP, khi TLS kết thúc ở phía trước)." };
    private readonly Option<string?> _key = new("--gateway-key") { Description = "Khóa PEM của cổng trao đổi." };
    private readonly Option<string[]> _clientCa = new("--client-ca") { Description = "Chứng thư gốc (PEM) mà chứng thư của bên gọi phải dẫn về.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _upstreamCa = new("--upstream-ca") { Description = "Chứng thư gốc (PEM) của các hệ thống cung cấp; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _upstreamCertificate = new("--upstream-cert") { Description = "Chứng thư PEM mà cổng trao đổi trình với hệ thống cung cấp." };
    private readonly Option<string?> _upstreamKey = new("--upstream-key") { Description = "Khóa PEM của chứng thư đó." };
    private readonly Option<string?> _revoked = new("--revoked") { Description = "Danh sách chứng thư bị thu hồi của cổng trao đổi." };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Địa chỉ mà bên gọi biết cổng trao đổi; ghi trong mã truy cập." };

    public void AddTo(Command command)
    {
        _evidence.AddTo(command);
        foreach (var option in new Option[] { _listen, _none, _certificate, _key, _clientCa, _upstreamCa, _upstreamCertificate, _upstreamKey, _revoked, _issuer }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_listen) is { } text && !IPEndPoint.TryParse(text, out _)) result.AddError($"Địa chỉ của cổng trao đổi không đúng: {text}");
        });
    }

    /// <summary>Null when it was switched off.</summary>
    /// <param name="alone">The address when none is said.</param>
    public HostedGatewayOptions? Read(ParseResult result, IPEndPoint alone, string? certificate = null, string? key = null) => result.GetValue(_none) ? null : new HostedGatewayOptions
    {
        Listen = result.GetValue(_listen) is { } text ? IPEndPoint.Parse(text) : alone,
        Certificate = result.GetValue(_certificate) ?? certificate,
        Key = result.GetValue(_key) ?? (result.GetValue(_certificate) is null ? key : null),
        ClientCa = result.GetValue(_clientCa)!,
        UpstreamCa = result.GetValue(_upstreamCa)!,
        UpstreamCertificate = result.GetValue(_upstreamCertificate),
        UpstreamKey = result.GetValue(_upstreamKey),
        Revoked = result.GetValue(_revoked),
        Issuer = result.GetValue(_issuer),
        Evidence = _evidence.Read(result),
    };
}

/// <summary>
/// The data plane beside the pages: one process for a small province and for trying out. It takes the snapshot from the data folder, tells the gateway of each
/// new one at once, and keeps its log under <c>log/gateway</c>. When it cannot start it says why and tries again; the pages never wait for it.
/// </summary>
internal sealed partial class HostedGateway(
    HostedGatewayOptions options, StorageOptions storage, RouteKey routeKey, RouteFile routes, LocalShares shares, TimeProvider clock, ILoggerFactory loggers, ILogger<HostedGateway> logger) : BackgroundService, IReadiness
{
    /// <summary>A port that another program frees, a log that another process lets go: somebody is repairing it meanwhile.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(3);

    /// <summary>How long calls under way may take to end; shorter than the host's own patience.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private Running? _running;
    private volatile string _state = "starting";

    private sealed record Running(GatewayServer Server, SealedLog Log, NoteSigner Signer, LogEvidence? Evidence);

    public string Part => "gateway";

    public string State => _running is { } running ? (running.Server.Routes.Current is null ? "no-routes" : running.Log.Stopped is null ? "ok" : "log-stopped") : _state;

    /// <summary>Where callers reach it; null while it is not running.</summary>
    public Uri? Address { get; private set; }

    /// <summary>What access tokens and assertions name.</summary>
    public string Issuer { get; private set; } = "";

    public static string FolderIn(StorageOptions storage) => Path.Combine(storage.DataFolder, "log", "gateway");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryStartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_running is null && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TryAgainAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested) await TryStartAsync(stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _running, null) is not { } running) return;
        routes.Written -= OnRoutes;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Farewell);
        await running.Server.StopAsync(patience.Token);
        await EndAsync(running);
    }

    private async Task TryStartAsync(CancellationToken cancellationToken)
    {
        Running? starting = null;
        NoteSigner? signer = null;
        SealedLog? log = null;
        LogEvidence? evidence = null;
        try
        {
            using (routeKey.Open()) { /* Makes the key pair before the gateway asks for its public half. */ }
            var folder = FolderIn(storage);
            var listen = options.Listen.Port == 0 ? new IPEndPoint(options.Listen.Address, FreePort(options.Listen.Address)) : options.Listen;
            var isSecure = options.Certificate is not null;
            var shown = new UriBuilder(isSecure ? "https" : "http", Shown(listen.Address), listen.Port).Uri;
            var issuer = options.Issuer ?? shown.GetLeftPart(UriPartial.Authority);
            var gateway = new GatewayOptions
            {
                SnapshotFile = routes.File,
                Shares = shares,
                SnapshotKeys = [GatewayVerb.PublicKey(routeKey.PublicFile)],
                Folder = Path.Combine(folder, "gateway"),
                Issuer = issuer,
                TokenKey = KeyFile.LoadOrCreate(Path.Combine(folder, "gateway", "token-key.pem")),
                Listen = listen,
                TlsCertificate = options.Certificate is { } own ? X509Certificate2.CreateFromPemFile(own, options.Key ?? own) : null,
                TlsChain = options.Certificate is { } chain ? GatewayVerb.Certificates([chain]) : [],
                ClientRoots = GatewayVerb.Certificates(options.ClientCa),
                RevocationFile = options.Revoked is { } list ? Path.GetFullPath(list) : null,
                UpstreamCertificate = options.UpstreamCertificate is { } shownToProviders ? X509Certificate2.CreateFromPemFile(shownToProviders, options.UpstreamKey ?? shownToProviders) : null,
                UpstreamChain = options.UpstreamCertificate is { } shownChain ? GatewayVerb.Certificates([shownChain]) : [],
                UpstreamRoots = options.UpstreamCa.Count > 0 ? GatewayVerb.Certificates(options.UpstreamCa) : null,
            };
            var key = KeyFile.LoadOrCreate(Path.Combine(folder, "private", "key.pem"));
            signer = new NoteSigner("lienthong.gateway/" + Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8)), key);
            log = SealedLog.Open(new SealedLogOptions { Folder = folder, Origin = signer.Key.Name, Signer = signer }, clock, loggers.CreateLogger("LienThong.Gateway.Log"));
            evidence = await EvidenceWords.StartAsync(log, options.Evidence, clock, loggers, cancellationToken);
            starting = new Running(new GatewayServer(gateway with { Evidence = evidence }, new ExchangeLog(log, clock), clock, loggers), log, signer, evidence);
            await starting.Server.StartAsync(cancellationToken);
            (Issuer, Address) = (issuer, shown);
            routes.Written += OnRoutes;
            _running = starting;
            Listens(logger, shown);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SocketException or CryptographicException or LogDamagedException or ArgumentException or InvalidDataException)
        {
            _state = WordFor(fault);
            CannotStart(logger, fault, options.Listen, _state);
            if (starting is not null) await EndAsync(starting);
            else
            {
                if (evidence is not null) await evidence.DisposeAsync();
                if (log is not null) await log.DisposeAsync();
                signer?.Dispose();
            }
        }
    }

    private static string WordFor(Exception fault) => fault switch
    {
        LogDamagedException => "log-damaged",
        CryptographicException or ArgumentException => "keys-unreadable",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "address-in-use",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => "address-in-use",
        SocketException => "address-unusable",
        IOException => "files-unusable",
        UnauthorizedAccessException => "files-unusable",
        _ => "not-started",
    };

    private static async Task EndAsync(Running running)
    {
        await running.Server.DisposeAsync();
        if (running.Evidence is not null) await running.Evidence.DisposeAsync();
        await running.Log.DisposeAsync();
        running.Signer.Dispose();
    }

    private void OnRoutes(object? sender, EventArgs e) => _running?.Server.LookForRoutes();

    /// <summary>Chosen before it listens, because the address is also what tokens are made for.</summary>
    internal static int FreePort(IPAddress address)
    {
        using var probe = new TcpListener(address, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Shown(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    [LoggerMessage(8201, LogLevel.Information, "Gateway listens at {Address}")]
    private static partial void Listens(ILogger log, Uri address);

    [LoggerMessage(8202, LogLevel.Error, "Gateway cannot start at {Address} ({State}); the pages go on without it, and it is tried again")]
    private static partial void CannotStart(ILogger log, Exception why, IPEndPoint address, string state);
}
