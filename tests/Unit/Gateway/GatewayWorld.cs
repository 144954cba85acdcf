using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using LienThong.Gateway;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LienThong.Unit.Gateway;

/// <summary>A real gateway on loopback with real certificates, a provider behind it whose answers the test gives, and the sealed log of both.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-gateway-").FullName;
    private readonly ECDsa _snapshotKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _tokenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly NoteSigner _signer = new("log.example/gateway", ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly X509Certificate2 _server;
    private SealedLog _sealed = null!;
    private GatewayServer _gateway = null!;
    private WebApplication? _provider;
    private long _number;

    private GatewayWorld(bool isSecure)
    {
        IsSecure = isSecure;
        Ca = MakeCa("CN=Test root");
        _server = MakeCertificate(Ca, "CN=localhost", "1.3.6.1.5.5.7.3.1", Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(30), names: true);
        ClientCertificate = MakeCertificate(Ca, "CN=mot-cua", ClientAuth, Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(30));
    }

    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string Issuer = "https://gateway.example";

    public bool IsSecure { get; }
    public SteppedClock Clock { get; } = new();
    public X509Certificate2 Ca { get; }
    public X509Certificate2 ClientCertificate { get; }
    public ECDsa ClientKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public string Folder => _folder;
    public string RevocationFile => Path.Combine(_folder, "revoked.txt");
    public string LogFolder => Path.Combine(_folder, "log");
    public string RoutesFile => Path.Combine(_folder, "routes");
    public Uri Address => new(_gateway.Addresses.First());
    public GatewayServer Gateway => _gateway;

    /// <summary>Who vouches for the log of the next gateway that is started.</summary>
    public Func<SealedLog, LogEvidence>? Evidence { get; set; }
    public string ProviderAddress { get; private set; } = "http://127.0.0.1:9";
    public RouteSnapshot Snapshot { get; private set; } = null!;

    /// <summary>What the provider does; a test sets it.</summary>
    public RequestDelegate Provider { get; set; } = http => http.Response.WriteAsJsonAsync(new { hoTen = "A", soDienThoai = "B" });

    public static async Task<GatewayWorld> StartAsync(bool isSecure = false, Func<RouteSnapshot, RouteSnapshot>? change = null, string? providerAddress = null)
    {
        var world = new GatewayWorld(isSecure);
        if (providerAddress is null)
        {
            await world.StartProviderAsync();
        }
        else
        {
            world.ProviderAddress = providerAddress;
        }

        world.Publish(change);
        await world.StartGatewayAsync();
        return world;
    }

    private async Task StartProviderAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Limits.MaxRequestBodySize = null;
            k.AddServerHeader = false;
        });
        _provider = builder.Build();
        _provider.Run(http => Provider(http));
        await _provider.StartAsync();
        ProviderAddress = _provider.Urls.First();
    }

    public async Task StartGatewayAsync()
    {
        _sealed = SealedLog.Open(new SealedLogOptions { Folder = Path.Combine(_folder, "log"), Origin = "log.example/gateway", Signer = _signer }, Clock, NullLogger.Instance);
        _gateway = new GatewayServer(new GatewayOptions
        {
            SnapshotFile = RoutesFile,
            SnapshotKeys = [_snapshotKey],
            Folder = Path.Combine(_folder, "gateway"),
            Issuer = Issuer,
            TokenKey = _tokenKey,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            TlsCertificate = IsSecure ? _server : null,
            ClientRoots = [X509CertificateLoader.LoadCertificate(Ca.RawData)],
            RevocationFile = RevocationFile,
            Evidence = Evidence?.Invoke(_sealed),
        }, new ExchangeLog(_sealed, Clock), Clock, NullLoggerFactory.Instance);
        await _gateway.StartAsync(CancellationToken.None);
    }

    public async Task StopGatewayAsync()
    {
        await _gateway.StopAsync(CancellationToken.None);
        await _gateway.DisposeAsync();
        await _sealed.DisposeAsync();
    }

    /// <summary>A new snapshot in the file, as the control plane puts it there; the gateway is told to look at once.</summary>
    public void Publish(Func<RouteSnapshot, RouteSnapshot>? change = null)
    {
        var q = ClientKey.ExportParameters(false).Q;
        var snapshot = Some.Snapshot(++_number, Clock.GetUtcNow(), ProviderAddress);
        snapshot = snapshot with
        {
            Subsystems =
            [
                snapshot.Subsystems[0] with
                {
                    CertificateThumbprints = [Thumbprint(ClientCertificate)],
                    JwtKeys = [new JwtKeyEntry { Kid = "k1", X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) }],
                },
                .. snapshot.Subsystems.Skip(1),
            ],
        };
        Snapshot = change?.Invoke(snapshot) ?? snapshot;
        File.WriteAllBytes(RoutesFile + ".new", SnapshotEnvelope.Seal(Snapshot, _snapshotKey));
        File.Move(RoutesFile + ".new", RoutesFile, overwrite: true);
        _gateway?.LookForRoutes();
    }

    public HttpClient Client(X509Certificate2? certificate = null, string? token = null, Version? version = null, TimeSpan? connectionLifetime = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None };
        if (connectionLifetime is { } lifetime) handler.PooledConnectionLifetime = lifetime;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(_server.RawData);
        if (certificate is not null) handler.SslOptions.ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(certificate, null, offline: true);
        var client = new HttpClient(handler) { BaseAddress = new Uri(Address.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), Timeout = TimeSpan.FromSeconds(30) };
        if (version is not null) (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A client that has asked for its token as agencies do.</summary>
    public async Task<HttpClient> TokenClientAsync()
    {
        using var stranger = Client();
        return Client(token: await TokenAsync(stranger));
    }

    public async Task<string> TokenAsync(HttpClient http)
    {
        var answer = await http.PostAsync("/oauth/token", TokenForm(Assertion()));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()! : throw new InvalidOperationException(text);
    }

    public static FormUrlEncodedContent TokenForm(string assertion) => new(new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials",
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ["client_assertion"] = assertion,
    });

    public string Assertion(Func<Dictionary<string, object>, Dictionary<string, object>>? claims = null, Func<Dictionary<string, object>, Dictionary<string, object>>? header = null, ECDsa? key = null)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object> { ["iss"] = Some.Consumer, ["sub"] = Some.Consumer, ["aud"] = Issuer, ["exp"] = now + 60, ["iat"] = now, ["jti"] = Guid.CreateVersion7().ToString() };
        var head = new Dictionary<string, object> { ["alg"] = "ES256", ["kid"] = "k1" };
        return Sign(header?.Invoke(head) ?? head, claims?.Invoke(payload) ?? payload, key ?? ClientKey);
    }

    public static string Sign(Dictionary<string, object> header, Dictionary<string, object> payload, ECDsa key)
    {
        var text = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header)) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload));
        return text + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    /// <summary>Everything the log holds, sealed first.</summary>
    public async Task<List<JsonElement>> EntriesAsync()
    {
        await _sealed.SealAsync();
        var reader = new TileReader(new TileFolder(_sealed.PublicFolder), _sealed.SealedSize);
        var entries = new List<JsonElement>();
        for (long bundle = 0; bundle * 256 < _sealed.SealedSize; bundle++)
        {
            foreach (var entry in await reader.EntriesAsync(bundle, CancellationToken.None)) entries.Add(JsonDocument.Parse(entry).RootElement);
        }

        return entries;
    }

    /// <summary>The entry that tells how a call ended: the second of two, or the only one of a reading that ended at once.</summary>
    public static bool IsEnd(JsonElement entry) => entry.GetProperty("kind").GetString() is "close" or "call";

    public static string Thumbprint(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    public static X509Certificate2 MakeCa(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-10), TimeProvider.System.GetUtcNow().AddDays(3_650));
    }

    public static X509Certificate2 MakeCertificate(X509Certificate2 ca, string name, string usage, DateTimeOffset from, DateTimeOffset until, bool names = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            alternatives.AddDnsName("localhost");
            alternatives.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        var made = request.Create(ca, from, until, RandomNumberGenerator.GetBytes(12));
        // A key that was made in memory serves TLS only after this round trip.
        return X509CertificateLoader.LoadPkcs12(made.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }

    public static string Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await StopGatewayAsync();
        if (_provider is not null) await _provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The real clock, moved on by a test.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Move(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
