using LienThong.Platform;
using LienThong.Platform.Accounts;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using LienThong.Web.Shell;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary>How one process is to run: where it listens, where it keeps things, and whose site it is.</summary>
internal sealed record HostOptions
{
    public required StorageOptions Storage { get; init; }
    public int Port { get; init; } = 5080;

    /// <summary>Every address, IPv4 and IPv6; otherwise this machine only.</summary>
    public bool ListenAny { get; init; }
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }
    public bool Demo { get; init; }

    /// <summary>The gateway in the same process; null: none here.</summary>
    public HostedGatewayOptions? Gateway { get; init; }

    /// <summary>The ways of signing in; read from the settings of the environment unless given.</summary>
    public SecurityOptions? Security { get; init; }
    public SiteIdentity Site { get; init; } = new("Tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi", "", false);
}

/// <summary>Composition of the one host; each room adds itself.</summary>
internal static class Host
{
    public static WebApplication Build(HostOptions options, Action<WebApplicationBuilder>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"), ApplicationName = "lienthong" });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseStaticWebAssets();
        var security = options.Security ?? SecurityOptions.From(builder.Configuration, options.TlsCertificate is not null);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, security));
        builder.Services.AddRouting();
        Log(builder, options);
        Observe(builder);
        Trust(builder);

        builder.Services.AddSingleton(options);
        builder.Services.AddPlatform(options.Storage);
        builder.Services.AddWeb(options.Site, security);
        builder.Services.AddSingleton(new SignInOptions { LocalSignIn = options.Demo || builder.Configuration["LIENTHONG_LOCAL_SIGNIN"] is "1" or "true" });
        builder.Services.AddHostedService(provider => provider.GetRequiredService<JobLoop>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SealAudit>());
        builder.Services.AddHostedService<NativeMemory>();
        if (options.Gateway is { } gateway)
        {
            builder.Services.AddSingleton(gateway);
            // The doctor trusts whom the gateway trusts; a root that cannot be read is the gateway's to tell.
            if (gateway.UpstreamCa.Count > 0 && gateway.UpstreamCa.All(File.Exists)) builder.Services.AddSingleton(new LienThong.Platform.Exchange.Doctor.DoctorOptions { Roots = GatewayVerb.Certificates(gateway.UpstreamCa) });
            builder.Services.AddSingleton<HostedGateway>();
            builder.Services.AddSingleton<LienThong.Platform.Shared.IReadiness>(provider => provider.GetRequiredService<HostedGateway>());
            builder.Services.AddHostedService(provider => provider.GetRequiredService<HostedGateway>());
        }

        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(20));
        more?.Invoke(builder);

        var app = builder.Build();
        app.UsePeer();
        app.UseForwardedHeaders();
        app.UseWeb();
        app.MapWeb();
        return app;
    }

    /// <summary>Migrates, listens, says so, and runs until SIGTERM.</summary>
    public static async Task<int> RunAsync(WebApplication app, Action<IReadOnlyCollection<string>>? ready, CancellationToken cancellationToken)
    {
        await StorageModule.MigrateAsync(app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), cancellationToken);
        await app.StartAsync(cancellationToken);
        ready?.Invoke([.. app.Urls]);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Listen(KestrelServerOptions kestrel, HostOptions options, SecurityOptions security)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBytesMax.Upload;
        kestrel.Limits.MaxConcurrentConnections = 4_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        var server = options.TlsCertificate is { } certificate
            ? System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(certificate, options.TlsKey ?? certificate)
            : null;
        Action<ListenOptions> tls = listen =>
        {
            if (server is not null) listen.UseHttps(server, https => https.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13);
        };
        if (server is not null) kestrel.ListenForCertificates(security, server, options.ListenAny);
        if (options.ListenAny) kestrel.ListenAnyIP(options.Port, tls);
        else kestrel.ListenLocalhost(options.Port, tls);
    }

    private static void Log(WebApplicationBuilder builder, HostOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // "No XML encryptor configured" at every new key: the keys lie in a folder only this account can open (mode 700; `lienthong doctor` looks), and
        // LIENTHONG_KEYS_CERT names a certificate that encrypts them where a copy of the folder is to be worth nothing.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", options.Demo ? LogLevel.Warning : LogLevel.Information);
        if (options.Demo)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        }
        else
        {
            builder.Logging.AddJsonConsole(o => { o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"; o.IncludeScopes = true; });
        }
    }

    /// <summary>Metrics and traces go out only where the standard variable OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
    private static void Observe(WebApplicationBuilder builder)
    {
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) builder.Services.AddHostedService<Telemetry>();
    }

    /// <summary>A proxy is believed only when LIENTHONG_PROXIES names its network (CIDR list); IPv6 networks count like IPv4 ones.</summary>
    private static void Trust(WebApplicationBuilder builder)
    {
        builder.Services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = ForwardedHeaders.None;
            var proxies = builder.Configuration["LIENTHONG_PROXIES"];
            if (string.IsNullOrWhiteSpace(proxies)) return;
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            o.KnownProxies.Clear();
            o.KnownIPNetworks.Clear();
            foreach (var network in proxies.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            {
                o.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network.Contains('/', StringComparison.Ordinal) ? network : network + (network.Contains(':', StringComparison.Ordinal) ? "/128" : "/32")));
            }
        });
    }
}
