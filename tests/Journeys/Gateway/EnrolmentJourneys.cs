using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway.Log;
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
        await using var vouchers = await Vouchers.StartAsync(folder);
        await using var gateway = await OneGateway.JoinAsync(control, "cong-1", g => ["--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key"), .. vouchers.For(g.LogFolder)]);
        var code = (await province.DoAsync<EnrolSystem, EnrolSystem.Issued>(province.ConsumerHead, s => s.IssueCodeAsync(province.ConsumerSubsystem, "máy chủ một cửa", default))).Code;

        // As docs/first-call.md tells it, word for word, with what every machine has.
        var guide = new Guide(folder, new()
        {
            ["CONTROL"] = control.Address.ToString().TrimEnd('/'),
            ["GATEWAY"] = gateway.Address,
            ["CODE"] = code,
            ["CLIENT"] = SharingProvince.Consumer,
            ["SERVICE"] = "VN-QNG/GOV/NNMT/p-dat-dai-thua-dat/thua-dat",
            ["LOG"] = gateway.LogFolder,
        });
        var address = control.Address.ToString().TrimEnd('/') + EnrolSystem.Address;
        await guide.RunAsync("enrol");
        Assert.Equal("""{"soTo":7}""", await guide.RunAsync("call"));
        Assert.Contains("x-road-request-id", await File.ReadAllTextAsync(Path.Combine(folder, "headers.txt")), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("""{"soTo":7}""", await guide.RunAsync("road"));
        var sharp = await guide.RunAsync("call.cs");
        Assert.StartsWith("""200 {"soTo":7}""", sharp, StringComparison.Ordinal);
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
        await guide.RunAsync("renew");
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

        // Two witnesses and an authority vouch for the log by now; whoever checks it sees that.
        await SeveralGatewaysJourneys.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(gateway.LogFolder, "public", "witnessed")) && Directory.Exists(Path.Combine(gateway.LogFolder, "public", "tsa"))), TimeSpan.FromSeconds(20), "witnesses and authority signed");
        await gateway.StopAsync();
        var verified = await guide.RunAsync("evidence");
        foreach (var word in (string[])["witness-1.example", "witness-2.example", "Dấu thời gian: "]) Assert.Contains(word, verified, StringComparison.Ordinal);
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

    /// <summary>The samples of the guide, taken from it as they stand.</summary>
    private sealed class Guide(string folder, Dictionary<string, string> names)
    {
        private readonly string _text = File.ReadAllText(Path.Combine(RunningApp.Root, "docs", "first-call.md"));

        public async Task<string> RunAsync(string sample)
        {
            var block = System.Text.RegularExpressions.Regex.Match(_text, $"```(bash|csharp) run {System.Text.RegularExpressions.Regex.Escape(sample)}\n(.*?)```", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(5));
            Assert.True(block.Success, $"The guide has no sample '{sample}'.");
            var command = block.Groups[2].Value;
            if (block.Groups[1].Value == "csharp")
            {
                await File.WriteAllTextAsync(Path.Combine(folder, sample), command);
                command = "dotnet run " + sample;
            }

            var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-e", "-c", $"lienthong() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "lienthong.dll")}' \"$@\"; }}\n{command}"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (name, value) in names) start.Environment[name] = value;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{sample}: {process.ExitCode}\n{await output}\n{await error}");
            return (await output).Trim();
        }
    }

    /// <summary>Two witnesses, and a time-stamp authority that is OpenSSL's.</summary>
    private sealed class Vouchers : IAsyncDisposable
    {
        private readonly WebApplication _site;
        private readonly string _folder;
        private readonly List<NoteSigner> _signers = [];
        private readonly List<Witness> _witnesses = [];
        private readonly SemaphoreSlim _one = new(1, 1);

        private Vouchers(string folder, WebApplication site) => (_folder, _site) = (folder, site);

        public static async Task<Vouchers> StartAsync(string folder)
        {
            await ShellAsync(folder, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa-root.key -out tsa-root.pem -days 30 -subj /CN=tsa-root 2>/dev/null && "
                + "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj /CN=tsa 2>/dev/null && "
                + "printf 'extendedKeyUsage=critical,timeStamping\n' > tsa.ext && openssl x509 -req -in tsa.csr -CA tsa-root.pem -CAkey tsa-root.key -CAcreateserial -days 20 -extfile tsa.ext -out tsa.pem 2>/dev/null && "
                + "printf '[here]\nserial=tsa.serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\ncerts=tsa-root.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n' > tsa.conf && echo 01 > tsa.serial");
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var vouchers = new Vouchers(folder, builder.Build());
            vouchers._site.MapPost("/{which:int}/add-checkpoint", async (int which, HttpContext http) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                var answer = vouchers._witnesses[which - 1].Add(await reader.ReadToEndAsync());
                return Results.Text(answer.Body, "text/plain", statusCode: answer.Status);
            });
            vouchers._site.MapPost("/tsa", async (HttpContext http) =>
            {
                await vouchers._one.WaitAsync();
                try
                {
                    await using (var query = File.Create(Path.Combine(folder, "query"))) await http.Request.Body.CopyToAsync(query);
                    await ShellAsync(folder, "openssl ts -reply -config tsa.conf -section here -queryfile query -out reply 2>/dev/null");
                    return Results.Bytes(await File.ReadAllBytesAsync(Path.Combine(folder, "reply")), "application/timestamp-reply");
                }
                finally { vouchers._one.Release(); }
            });
            await vouchers._site.StartAsync();
            return vouchers;
        }

        /// <summary>What a gateway is told of them. Its log gets its key here, because a witness knows whom it watches.</summary>
        public string[] For(string log)
        {
            const string Origin = "lienthong.example/cong-1";
            using var key = KeyFile.LoadOrCreate(Path.Combine(log, "private", "key.pem"));
            var known = NoteKey.From(Origin, NoteAlgorithm.EcdsaP256, ECDsa.Create(key.ExportParameters(false)));
            var arguments = new List<string> { "--origin", Origin, "--tsa", _site.Urls.First() + "/tsa", "--tsa-ca", Path.Combine(_folder, "tsa-root.pem"), "--tsa-minutes", "1" };
            for (var i = 1; i <= 2; i++)
            {
                _signers.Add(new NoteSigner($"witness-{i}.example", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature));
                _witnesses.Add(new Witness(Path.Combine(_folder, $"witness-{i}"), _signers[^1], [known], TimeProvider.System));
                arguments.AddRange(["--witness", $"{_site.Urls.First()}/{i},{_signers[^1].Key}"]);
            }

            return [.. arguments];
        }

        public async ValueTask DisposeAsync()
        {
            await _site.DisposeAsync();
            foreach (var witness in _witnesses) witness.Dispose();
            foreach (var signer in _signers) signer.Dispose();
            _one.Dispose();
        }
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
