using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway;
using LienThong.Gateway.Log;

namespace LienThong.Cli;

/// <summary><c>lienthong gateway</c>: the data plane alone, without database and pages; it serves from its last snapshot when the control plane is away.</summary>
internal static class GatewayVerb
{
    /// <summary>How long calls under way may take to end after SIGTERM; shorter than the host's own patience.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    public static Command Build()
    {
        var snapshot = new Option<string>("--snapshot") { Description = "Tệp cấu hình tuyến đã ký do nền tảng phát hành.", Required = true };
        var snapshotKeys = new Option<string[]>("--snapshot-key") { Description = "Khóa công khai (PEM) được ký cấu hình tuyến; nêu hai lần khi đang đổi khóa.", Required = true };
        var log = new Option<string?>("--log") { Description = "Thư mục nhật ký niêm phong và dữ liệu riêng của cổng (mặc định: log/gateway trong thư mục dữ liệu)." };
        var origin = new Option<string?>("--origin") { Description = "Tên nhật ký của cổng này, dạng tên miền/đường dẫn (mặc định: tên máy)." };
        var listen = new Option<string>("--listen") { Description = "Địa chỉ và cổng lắng nghe.", DefaultValueFactory = _ => "0.0.0.0:8443" };
        var certificate = new Option<string?>("--tls-cert") { Description = "Chứng thư PEM của cổng, kèm các chứng thư trung gian." };
        var key = new Option<string?>("--tls-key") { Description = "Khóa PEM của cổng." };
        var clientCa = new Option<string[]>("--client-ca") { Description = "Chứng thư gốc (PEM) mà chứng thư của bên gọi phải dẫn về.", DefaultValueFactory = _ => [] };
        var revoked = new Option<string?>("--revoked") { Description = "Danh sách chứng thư bị thu hồi: dấu vân khóa SHA-256 mỗi dòng, hoặc CRL do chứng thư gốc ký." };
        var upstreamCa = new Option<string[]>("--upstream-ca") { Description = "Chứng thư gốc (PEM) của các hệ thống cung cấp; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
        var issuer = new Option<string?>("--issuer") { Description = "Địa chỉ mà bên gọi biết cổng này; ghi trong mã truy cập (mặc định: địa chỉ lắng nghe)." };
        var tokenKey = new Option<string?>("--token-key") { Description = "Khóa P-256 (PEM) ký mã truy cập; các cổng dùng chung khóa thì nhận mã của nhau (mặc định: tự tạo)." };
        var plain = new Option<bool>("--plain-http") { Description = "Cho phép HTTP không mã hóa: chỉ khi có bộ cân bằng tải kết thúc TLS ở trước, hoặc để đo." };
        var command = new Command("gateway", "Chạy cổng trao đổi dữ liệu.") { snapshot, snapshotKeys, log, origin, listen, certificate, key, clientCa, revoked, upstreamCa, issuer, tokenKey, plain };
        command.SetAction(async (result, cancellationToken) =>
        {
            var error = result.InvocationConfiguration.Error;
            if (!IPEndPoint.TryParse(result.GetValue(listen)!, out var address)) return await SayAsync(error, $"Địa chỉ lắng nghe không đúng: {result.GetValue(listen)}");
            if (result.GetValue(certificate) is null && !result.GetValue(plain)) return await SayAsync(error, "Cần --tls-cert và --tls-key, hoặc --plain-http nếu TLS kết thúc ở phía trước.");
            var folder = Path.GetFullPath(result.GetValue(log) ?? Path.Combine(CommonOptions.Storage(result).DataFolder, "log", "gateway"));
            using var loggers = LoggerFactory.Create(b => b.AddFilter("Microsoft", LogLevel.Warning).AddJsonConsole(o => { o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"; }));
            GatewayOptions.RunAlone();
            GatewayOptions options;
            try
            {
                options = new GatewayOptions
                {
                    SnapshotFile = Path.GetFullPath(result.GetValue(snapshot)!),
                    SnapshotKeys = [.. result.GetValue(snapshotKeys)!.Select(PublicKey)],
                    Folder = Path.Combine(folder, "gateway"),
                    Issuer = result.GetValue(issuer) ?? $"{(result.GetValue(certificate) is null ? "http" : "https")}://{address}",
                    TokenKey = KeyFile.LoadOrCreate(result.GetValue(tokenKey) ?? Path.Combine(folder, "gateway", "token-key.pem")),
                    Listen = address,
                    IsAlone = true,
                    TlsCertificate = result.GetValue(certificate) is { } own ? X509Certificate2.CreateFromPemFile(own, result.GetValue(key) ?? own) : null,
                    TlsChain = result.GetValue(certificate) is { } chain ? Certificates([chain]) : [],
                    ClientRoots = Certificates(result.GetValue(clientCa)!),
                    RevocationFile = result.GetValue(revoked) is { } list ? Path.GetFullPath(list) : null,
                    UpstreamRoots = result.GetValue(upstreamCa) is { Length: > 0 } roots ? Certificates(roots) : null,
                };
            }
            catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
            {
                return await SayAsync(error, "Không đọc được khóa hoặc chứng thư: " + fault.Message);
            }

            using var signer = new NoteSigner(result.GetValue(origin) ?? Environment.MachineName.ToLowerInvariant() + "/gateway", KeyFile.LoadOrCreate(Path.Combine(folder, "private", "key.pem")));
            await using var sealedLog = SealedLog.Open(new SealedLogOptions { Folder = folder, Origin = signer.Key.Name, Signer = signer }, TimeProvider.System, loggers.CreateLogger("LienThong.Gateway.Log"));
            await using var gateway = new GatewayServer(options, new ExchangeLog(sealedLog, TimeProvider.System), TimeProvider.System, loggers);
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

    internal static ECDsa PublicKey(string path)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    internal static X509Certificate2Collection Certificates(IEnumerable<string> paths)
    {
        var all = new X509Certificate2Collection();
        foreach (var path in paths) all.ImportFromPemFile(path);
        return all;
    }
}
