using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway;
using LienThong.Gateway.Control;
using LienThong.Gateway.Log;

namespace LienThong.Cli;

/// <summary><c>lienthong gateway</c>: the data plane alone, without database and pages; it serves from its last snapshot when the control plane is away.</summary>
internal static class GatewayVerb
{
    /// <summary>How long calls under way may take to end after SIGTERM; shorter than the host's own patience.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    public static Command Build()
    {
        var snapshot = new Option<string?>("--snapshot") { Description = "Tệp cấu hình tuyến đã ký do nền tảng phát hành, khi cổng ở cùng máy." };
        var snapshotKeys = new Option<string[]>("--snapshot-key") { Description = "Khóa công khai (PEM) được ký cấu hình tuyến; nêu hai lần khi đang đổi khóa. Với --control: mặc định là khóa nhận khi vào mạng.", DefaultValueFactory = _ => [] };
        var control = new Option<string?>("--control") { Description = "Địa chỉ máy chủ điều khiển, khi cổng ở máy khác: lấy tuyến, hạn mức từ đó." };
        var controlCa = new Option<string[]>("--control-ca") { Description = "Chứng thư gốc (PEM) của máy chủ điều khiển; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
        var join = new Option<string?>("--join") { Description = "Mã vào mạng, dùng một lần (lienthong node invite)." };
        var log = new Option<string?>("--log") { Description = "Thư mục nhật ký niêm phong và dữ liệu riêng của cổng (mặc định: log/gateway trong thư mục dữ liệu)." };
        var origin = new Option<string?>("--origin") { Description = "Tên nhật ký của cổng này, dạng tên miền/đường dẫn (mặc định: tên máy)." };
        var listen = new Option<string>("--listen") { Description = "Địa chỉ và cổng lắng nghe.", DefaultValueFactory = _ => "0.0.0.0:8443" };
        var certificate = new Option<string?>("--tls-cert") { Description = "Chứng thư PEM của cổng, kèm các chứng thư trung gian." };
        var key = new Option<string?>("--tls-key") { Description = "Khóa PEM của cổng." };
        var clientCa = new Option<string[]>("--client-ca") { Description = "Chứng thư gốc (PEM) mà chứng thư của bên gọi phải dẫn về.", DefaultValueFactory = _ => [] };
        var revoked = new Option<string?>("--revoked") { Description = "Danh sách chứng thư bị thu hồi: dấu vân khóa SHA-256 mỗi dòng, hoặc CRL do chứng thư gốc ký." };
        var upstreamCa = new Option<string[]>("--upstream-ca") { Description = "Chứng thư gốc (PEM) của các hệ thống cung cấp; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
        var upstreamCertificate = new Option<string?>("--upstream-cert") { Description = "Chứng thư PEM mà cổng trình với hệ thống cung cấp, kèm các chứng thư trung gian." };
        var upstreamKey = new Option<string?>("--upstream-key") { Description = "Khóa PEM của chứng thư đó." };
        var issuer = new Option<string?>("--issuer") { Description = "Địa chỉ mà bên gọi biết cổng này; ghi trong mã truy cập (mặc định: địa chỉ lắng nghe)." };
        var tokenKey = new Option<string?>("--token-key") { Description = "Khóa P-256 (PEM) ký mã truy cập; mặc định tự tạo. Các cổng của một máy chủ điều khiển nhận mã của nhau mà không chung khóa." };
        var plain = new Option<bool>("--plain-http") { Description = "Cho phép HTTP không mã hóa: chỉ khi có bộ cân bằng tải kết thúc TLS ở trước, hoặc để đo." };
        var command = new Command("gateway", "Chạy cổng trao đổi dữ liệu.")
        {
            snapshot, snapshotKeys, control, controlCa, join, log, origin, listen, certificate, key, clientCa, revoked, upstreamCa, upstreamCertificate, upstreamKey, issuer, tokenKey, plain,
        };
        var evidence = new EvidenceWords();
        evidence.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var error = result.InvocationConfiguration.Error;
            if (!IPEndPoint.TryParse(result.GetValue(listen)!, out var address)) return await SayAsync(error, $"Địa chỉ lắng nghe không đúng: {result.GetValue(listen)}");
            if (result.GetValue(certificate) is null && !result.GetValue(plain)) return await SayAsync(error, "Cần --tls-cert và --tls-key, hoặc --plain-http nếu TLS kết thúc ở phía trước.");
            if (result.GetValue(control) is null && (result.GetValue(snapshot) is null || result.GetValue(snapshotKeys)!.Length == 0)) return await SayAsync(error, "Cần --control, hoặc --snapshot và --snapshot-key.");
            var folder = Path.GetFullPath(result.GetValue(log) ?? Path.Combine(CommonOptions.Storage(result).DataFolder, "log", "gateway"));
            using var loggers = LoggerFactory.Create(b => b.AddFilter("Microsoft", LogLevel.Warning).AddJsonConsole(o => { o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"; }));
            GatewayOptions.RunAlone();
            GatewayOptions options;
            NoteSigner signer;
            ControlLink? link = null;
            try
            {
                var own = Path.Combine(folder, "gateway");
                signer = new NoteSigner(result.GetValue(origin) ?? Environment.MachineName.ToLowerInvariant() + "/gateway", KeyFile.LoadOrCreate(Path.Combine(folder, "private", "key.pem")));
                var signsTokens = KeyFile.LoadOrCreate(result.GetValue(tokenKey) ?? Path.Combine(own, "token-key.pem"));
                IReadOnlyList<ECDsa> routeKeys = [.. result.GetValue(snapshotKeys)!.Select(PublicKey)];
                if (result.GetValue(control) is { } plane) (link, routeKeys) = await ControlJoin.OpenAsync(own, new Uri(plane, UriKind.Absolute), Certificates(result.GetValue(controlCa)!), result.GetValue(join), routeKeys, signsTokens, signer.Key.ToString(), cancellationToken);
                options = new GatewayOptions
                {
                    SnapshotFile = result.GetValue(snapshot) is { } file ? Path.GetFullPath(file) : null,
                    SnapshotKeys = routeKeys,
                    Control = link,
                    Shares = link,
                    Folder = own,
                    Issuer = result.GetValue(issuer) ?? $"{(result.GetValue(certificate) is null ? "http" : "https")}://{address}",
                    TokenKey = signsTokens,
                    Listen = address,
                    IsAlone = true,
                    TlsCertificate = result.GetValue(certificate) is { } pem ? X509Certificate2.CreateFromPemFile(pem, result.GetValue(key) ?? pem) : null,
                    TlsChain = result.GetValue(certificate) is { } chain ? Certificates([chain]) : [],
                    ClientRoots = Certificates(result.GetValue(clientCa)!),
                    RevocationFile = result.GetValue(revoked) is { } list ? Path.GetFullPath(list) : null,
                    UpstreamCertificate = result.GetValue(upstreamCertificate) is { } shown ? X509Certificate2.CreateFromPemFile(shown, result.GetValue(upstreamKey) ?? shown) : null,
                    UpstreamChain = result.GetValue(upstreamCertificate) is { } shownChain ? Certificates([shownChain]) : [],
                    UpstreamRoots = result.GetValue(upstreamCa) is { Length: > 0 } roots ? Certificates(roots) : null,
                };
            }
            catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException or UriFormatException or InvalidDataException or HttpRequestException or OperationCanceledException)
            {
                return await SayAsync(error, "Không khởi động được cổng: " + fault.Message);
            }

            using var closesLog = signer;
            using var closesLink = link;
            await using var sealedLog = SealedLog.Open(new SealedLogOptions { Folder = folder, Origin = signer.Key.Name, Signer = signer }, TimeProvider.System, loggers.CreateLogger("LienThong.Gateway.Log"));
            await using var vouching = await EvidenceWords.StartAsync(sealedLog, evidence.Read(result), TimeProvider.System, loggers, cancellationToken);
            await using var gateway = new GatewayServer(options with { Evidence = vouching }, new ExchangeLog(sealedLog, TimeProvider.System), TimeProvider.System, loggers);
            using var telemetry = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : new Telemetry();
            if (telemetry is not null) await telemetry.StartAsync(cancellationToken);
            await gateway.StartAsync(cancellationToken);
            await result.InvocationConfiguration.Output.WriteLineAsync($"Cổng trao đổi lắng nghe tại {string.Join(", ", gateway.Addresses)}; khóa nhật ký {signer.Key}");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                using var patience = new CancellationTokenSource(Farewell);
                await gateway.StopAsync(patience.Token);
            }

            return 0;
        });
        return command;
    }

    private static async Task<int> SayAsync(TextWriter error, string what)
    {
        await error.WriteLineAsync(what);
        return 2;
    }

    internal static ECDsa PublicKey(string path) => ControlJoin.PublicKey(File.ReadAllText(path));

    internal static X509Certificate2Collection Certificates(IEnumerable<string> paths)
    {
        var all = new X509Certificate2Collection();
        foreach (var path in paths) all.ImportFromPemFile(path);
        return all;
    }
}
