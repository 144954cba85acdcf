using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Platform.Exchange;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// Issue 3 B.1 as an agency lives it: a certificate with openssl and curl alone, calls by mutual TLS, a renewal under load with openssl and with our own verb, a revocation.
/// Also the face that TLS shows to strangers.
/// </summary>
public sealed class EnrolmentJourneys
{
    [Fact]
    public async Task An_agency_enrols_with_openssl_and_curl_renews_under_load_without_one_failed_call_and_a_revoked_certificate_opens_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-agency-").FullName;
        await using var provider = Provider();
        await provider.StartAsync();
        await using var control = await RunningApp.StartAsync("serve", ["--local", "--no-gateway"]);
        await using var province = await SharingProvince.StartAsync(control);
        await province.AgreeAsync("dat-dai/thua-dat", provider.Urls.First(), 1_000_000);
        MakeServer(folder);
        await using var gateway = await OneGateway.JoinAsync(control, "cong-1", "--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key"));
        var code = (await province.DoAsync<EnrolSystem, EnrolSystem.Issued>(province.ConsumerHead, s => s.IssueCodeAsync(province.ConsumerSubsystem, "máy chủ một cửa", default))).Code;

        // As docs/first-call.md tells it, with what every machine has.
        var address = control.Address.ToString().TrimEnd('/') + EnrolSystem.Address;
        await ShellAsync(folder, "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out req.csr -subj /CN=bat-ky 2>/dev/null");
        await ShellAsync(folder, $"curl -sSf -H 'Authorization: Bearer {code}' --data-binary @req.csr {address} -o cert.pem");
        using var first = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        Assert.Contains("CN=" + SharingProvince.Consumer, first.Subject, StringComparison.Ordinal);
        var caller = new Caller(gateway, folder, first);
        await SeveralGatewaysJourneys.UntilAsync(async () => await caller.CallAsync() is HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the gateway knows the certificate");

        // Calls go on all the while: first with one certificate, then with the next, then with the one after.
        using var stop = new CancellationTokenSource();
        var (calls, failed) = (0, new List<HttpStatusCode>());
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var said = await caller.CallAsync();
                Interlocked.Increment(ref calls);
                if (said is not HttpStatusCode.OK) lock (failed) failed.Add(said);
            }
        })));
        await ShellAsync(folder, "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key2.pem -out req2.csr -subj /CN=x 2>/dev/null && openssl cms -sign -binary -nodetach -in req2.csr -signer cert.pem -inkey key.pem -outform DER -out req2.p7");
        await ShellAsync(folder, $"curl -sSf --data-binary @req2.p7 {address}/renew -o cert2.pem");
        var second = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert2.pem"), Path.Combine(folder, "key2.pem"));
        using (var asker = new Caller(gateway, folder, second)) await SeveralGatewaysJourneys.UntilAsync(async () => await asker.CallAsync() is HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the gateway knows the second certificate");
        caller.Use(second);

        // The same with our own verb, which waits for the gateway before it puts the new one in place.
        var identity = Path.Combine(folder, "identity");
        Directory.CreateDirectory(identity);
        await ShellAsync(folder, "cat key2.pem cert2.pem > identity/identity.pem");
        var (exit, output, error) = await RunningApp.RunToEndAsync(["enroll", "--renew", "--url", control.Address.ToString(), "--gateway", gateway.Address, "--ca", Path.Combine(folder, "ca.pem"), "--out", identity]);
        Assert.True(exit == 0, output + error);
        var third = X509Certificate2.CreateFromPemFile(Path.Combine(identity, "identity.pem"));
        caller.Use(third);
        var before = Volatile.Read(ref calls);
        await SeveralGatewaysJourneys.UntilAsync(() => Task.FromResult(Volatile.Read(ref calls) > before + 40), TimeSpan.FromSeconds(20), "calls go on with the third certificate");
        await stop.CancelAsync();
        await load;
        Assert.Empty(failed);
        Assert.True(calls > 100, $"{calls} calls");

        // Taken back: closed also for the connection that is open, well within the minute.
        var thumbprint = Convert.ToHexStringLower(SHA256.HashData(third.PublicKey.ExportSubjectPublicKeyInfo()));
        await province.RevokeAsync(thumbprint);
        await SeveralGatewaysJourneys.UntilAsync(async () => await caller.CallAsync() is HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(20), "the revoked certificate opens nothing");
        await ShellAsync(folder, $"curl -sSf {address}/crl -o list.der && curl -sSf {address}/ca -o authority.pem && openssl crl -inform DER -in list.der -CAfile authority.pem -noout 2>&1 | grep -q 'verify OK' && openssl crl -inform DER -in list.der -noout -text | grep -qi {third.SerialNumber}");
        caller.Dispose();

        // A first enrolment with our own verb, and what TLS shows to strangers.
        var another = (await province.DoAsync<EnrolSystem, EnrolSystem.Issued>(province.ConsumerHead, s => s.IssueCodeAsync(province.ConsumerSubsystem, "máy chủ dự phòng", default))).Code;
        (exit, output, error) = await RunningApp.RunToEndAsync(["enroll", "--code", another, "--url", control.Address.ToString(), "--gateway", gateway.Address, "--ca", Path.Combine(folder, "ca.pem"), "--out", Path.Combine(folder, "own")]);
        Assert.True(exit == 0, output + error);
        await TlsAsync(folder, gateway.Port);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Only TLS 1.2 and 1.3, only suites with forward secrecy and authenticated encryption: asked one by one with openssl.</summary>
    private static async Task TlsAsync(string folder, int port)
    {
        async Task<bool> Speaks(string arguments) => (await RunAsync(folder, $"openssl s_client -connect 127.0.0.1:{port} -CAfile ca.pem {arguments} </dev/null 2>&1 | grep -q 'Cipher is [A-Z]'")) == 0;
        Assert.True(await Speaks("-tls1_3"));
        Assert.True(await Speaks("-tls1_2"));
        foreach (var old in (string[])["-tls1 -cipher DEFAULT@SECLEVEL=0", "-tls1_1 -cipher DEFAULT@SECLEVEL=0"]) Assert.False(await Speaks(old), old);
        foreach (var weak in (string[])["CBC", "kRSA", "NULL", "aNULL", "RC4", "3DES", "EXPORT", "SHA1", "CAMELLIA", "ARIA", "DHE"])
        {
            Assert.False(await Speaks($"-tls1_2 -cipher '{(weak == "CBC" ? "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA" : weak)}:@SECLEVEL=0'"), weak);
        }
    }

    private static void MakeServer(string folder)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Gốc thử", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.Create(ca, now.AddDays(-1), now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), ca.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "server.pem"), made.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static WebApplication Provider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = builder.Build();
        provider.Run(http => http.Response.WriteAsJsonAsync(new { soTo = 7, chuSuDung = "Người mô phỏng" }));
        return provider;
    }

    private static async Task ShellAsync(string folder, string command) => Assert.True(await RunAsync(folder, command) == 0, command);

    private static async Task<int> RunAsync(string folder, string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", command]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>A system that calls with a certificate, and changes to another one between two calls.</summary>
    private sealed class Caller : IDisposable
    {
        private readonly OneGateway _gateway;
        private readonly X509Certificate2 _root;
        private volatile HttpClient _http;

        public Caller(OneGateway gateway, string folder, X509Certificate2 certificate)
        {
            (_gateway, _root) = (gateway, X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem")));
            _http = Open(certificate);
        }

        public void Use(X509Certificate2 certificate) => _http = Open(certificate);     // Calls under way end on the connection they began on.

        public async Task<HttpStatusCode> CallAsync()
        {
            using var answer = await _http.GetAsync(new Uri("/dat-dai/thua-dat/thua-dat/1", UriKind.Relative));
            return answer.StatusCode;
        }

        private HttpClient Open(X509Certificate2 certificate)
        {
            // A key read from PEM serves TLS only after this round trip.
            var own = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_root);
            var handler = new SocketsHttpHandler { SslOptions = { ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true), CertificateChainPolicy = policy } };
            return new HttpClient(handler) { BaseAddress = new Uri(_gateway.Address) };
        }

        public void Dispose()
        {
            _http.Dispose();
            _root.Dispose();
        }
    }
}
