using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Control;
using LienThong.Gateway.Log;
using LienThong.Platform.Exchange;

namespace LienThong.Cli;

/// <summary>
/// <c>lienthong enroll</c>: run at an agency. Makes a key, gets a certificate for it with a one-time code, and later renews it: the new one is put in place only once
/// it is good at the gateway, and the old one stays good meanwhile, so no call fails. The same can be done with openssl and curl (docs/first-call.md).
/// </summary>
internal static class EnrolVerb
{
    private const string Identity = "identity.pem", Authority = "ca.pem";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Build()
    {
        var url = new Option<Uri>("--url") { Description = "Địa chỉ máy chủ điều khiển của tỉnh.", Required = true, CustomParser = argument => new Uri(argument.Tokens[0].Value, UriKind.Absolute) };
        var code = new Option<string?>("--code") { Description = "Mã đăng ký dùng một lần, do đơn vị chủ quản cấp trên trang của hệ thống." };
        var renew = new Option<bool>("--renew") { Description = "Gia hạn: chứng thư đang dùng bảo đảm cho chứng thư mới." };
        var folder = new Option<string>("--out") { Description = "Thư mục chứa identity.pem (khóa và chứng thư) và ca.pem (nơi cấp).", DefaultValueFactory = _ => "lienthong-identity" };
        var authorities = new Option<string[]>("--ca") { Description = "Chứng thư gốc (PEM) của máy chủ điều khiển và cổng; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
        var gateway = new Option<Uri?>("--gateway") { Description = "Cổng trao đổi (https): chỉ thay chứng thư sau khi cổng đã nhận chứng thư mới.", CustomParser = argument => new Uri(argument.Tokens[0].Value, UriKind.Absolute) };
        var command = new Command("enroll", "Tạo khóa tại chỗ và nhận hoặc gia hạn chứng thư của hệ thống.") { url, code, renew, folder, authorities, gateway };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var place = Path.GetFullPath(result.GetValue(folder)!);
            var isRenewal = result.GetValue(renew);
            if (isRenewal == result.GetValue(code) is not null) { await error.WriteLineAsync("Cần --code MÃ (lần đầu) hoặc --renew (gia hạn)."); return 2; }
            if (!isRenewal && File.Exists(Path.Combine(place, Identity))) { await error.WriteLineAsync($"{place} đã có chứng thư: dùng --renew, hoặc nêu --out khác."); return 2; }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                using var http = ControlJoin.Http(result.GetValue(url)!, GatewayVerb.Certificates(result.GetValue(authorities)!));
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

                // The name in a request counts for nothing: the code, or the certificate in use, says whose it is.
                var csr = new CertificateRequest("CN=lienthong", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
                var chain = isRenewal ? await RenewAsync(http, place, csr, limit.Token) : await FirstAsync(http, result.GetValue(code)!, csr, limit.Token);
                var (certificate, ca) = Split(chain);
                if (!isRenewal && !JoinCode.Names(result.GetValue(code)!, SHA256.HashData(ca.RawData))) throw new InvalidDataException("nơi trả lời không phải nơi cấp mà mã nêu: dừng lại và báo người cấp mã");
                if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())) throw new InvalidDataException("chứng thư trả về không phải của khóa này");
                if (result.GetValue(gateway) is { } where) await KnownAsync(where, certificate.CopyWithPrivateKey(key), GatewayVerb.Certificates(result.GetValue(authorities)!), limit.Token);
                Put(place, key, certificate, ca);
                await output.WriteLineAsync($"{certificate.Subject}, đến {LienThong.Kernel.Vietnamese.Instant(new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero))}: {Path.Combine(place, Identity)}");
                return 0;
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidDataException or CryptographicException or UnauthorizedAccessException or OperationCanceledException)
            {
                await error.WriteLineAsync("Không nhận được chứng thư: " + (fault is OperationCanceledException ? "quá thời gian chờ" : fault.Message));
                return 1;
            }
        });
        return command;
    }

    private static async Task<string> FirstAsync(HttpClient http, string code, string csr, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, EnrolSystem.Address[1..]) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(csr)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", code.Trim());
        return await SendAsync(http, request, cancellationToken);
    }

    private static async Task<string> RenewAsync(HttpClient http, string place, string csr, CancellationToken cancellationToken)
    {
        using var current = X509Certificate2.CreateFromPemFile(Path.Combine(place, Identity));
        var envelope = new SignedCms(new ContentInfo(Encoding.ASCII.GetBytes(csr)));
        envelope.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, current) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), IncludeOption = X509IncludeOption.EndCertOnly });
        using var request = new HttpRequestMessage(HttpMethod.Post, EnrolSystem.Address[1..] + "/renew") { Content = new ByteArrayContent(envelope.Encode()) };
        return await SendAsync(http, request, cancellationToken);
    }

    private static async Task<string> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.IsSuccessStatusCode) return text;
        throw new InvalidDataException(text.Contains("exchange.code.not-good", StringComparison.Ordinal) ? "mã hoặc chứng thư đang dùng không còn giá trị" : $"máy chủ trả lời {(int)answer.StatusCode}: {(text.Length > 300 ? text[..300] : text)}");
    }

    private static (X509Certificate2 Certificate, X509Certificate2 Ca) Split(string chain)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(chain);
        return all.Count >= 2 ? (all[0], all[^1]) : throw new InvalidDataException("không có chứng thư trong câu trả lời");
    }

    /// <summary>Asks the gateway with the new certificate until it knows it: routes with the new key reach it within moments.</summary>
    private static async Task KnownAsync(Uri gateway, X509Certificate2 certificate, X509Certificate2Collection roots, CancellationToken cancellationToken)
    {
        // A key that was made in memory serves TLS only after this round trip.
        using var own = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        while (true)
        {
            // A connection of its own each time: what the gateway thinks of a certificate it also keeps with the connection.
            using var handler = new SocketsHttpHandler { SslOptions = { ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true) } };
            if (roots.Count > 0)
            {
                handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
            }

            using var http = new HttpClient(handler) { BaseAddress = gateway };
            using var answer = await http.GetAsync(new Uri("/listClients", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Key and certificate belong together: one file, replaced whole, in a folder that its owner alone may enter.</summary>
    private static void Put(string place, ECDsa key, X509Certificate2 certificate, X509Certificate2 ca)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(place);
        else Directory.CreateDirectory(place, Owner | UnixFileMode.UserExecute);
        DurableFile.Write(Path.Combine(place, Authority), Encoding.ASCII.GetBytes(ca.ExportCertificatePem() + "\n"));
        DurableFile.Write(Path.Combine(place, Identity), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem() + "\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(place, Identity), Owner);
        DurableFile.FlushFolder(place);
    }
}
