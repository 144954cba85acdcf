using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using LienThong.Cli;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>R-ORG-06: sign-in by a certificate, with authorities made by OpenSSL, on real TLS; and behind a proxy that hands the certificate on.</summary>
public sealed class CertificateJourneys : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-cert-").FullName;
    private readonly int _port = RunningApp.FreePort();
    private int _certificatePort;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(At("trust"));
        OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", At("ca.key"), "-out", At("trust/ca.pem"), "-days", "30", "-subj", "/CN=Test CA/O=Trusted");
        OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", At("other.key"), "-out", At("other.pem"), "-days", "30", "-subj", "/CN=Test CA/O=Stranger");
        OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", At("server.key"), "-out", At("server.pem"), "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost");
        Issue("lan", "ca.key", "trust/ca.pem", "clientAuth");
        Issue("stranger", "other.key", "other.pem", "clientAuth");
        Issue("server-like", "ca.key", "trust/ca.pem", "serverAuth");
        Issue("expired", "ca.key", "trust/ca.pem", "clientAuth", days: "-1");
        _certificatePort = RunningApp.FreePort();
        _app = await StartAsync(_port, new CertificateOptions { TrustFolder = At("trust"), Port = _certificatePort }, tls: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_linked_certificate_of_a_trusted_authority_signs_in_and_the_session_holds_on_the_ordinary_port()
    {
        await LinkAsync("lan");
        using var browser = Browser("lan");

        using var answer = await AskAsync(browser);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-lienthong=", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{_port}/tai-khoan");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var page = await browser.SendAsync(request, Cancellation);

        Assert.Equal($"https://localhost:{_port}/tai-khoan", answer.Headers.Location?.ToString());
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("stranger", "untrusted")]
    [InlineData("server-like", "usage")]
    [InlineData("expired", "expired")]
    public async Task A_certificate_that_is_not_to_be_believed_is_refused_even_when_linked(string who, string why)
    {
        await LinkAsync(who);
        using var browser = Browser(who);

        using var answer = await AskAsync(browser);

        Assert.Contains($"loi=accounts.certificate.{why}", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("__Host-lienthong=", StringComparison.Ordinal)));
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(Cancellation);
        Assert.True(await db.Audit.AnyAsync(a => a.Action == "accounts.signed-in" && a.Outcome == "refused" && a.Note == "certificate." + why, Cancellation));
    }

    [Fact]
    public async Task A_trusted_certificate_of_nobody_we_know_is_refused_in_words()
    {
        using var browser = Browser("lan");

        using var answer = await AskAsync(browser);

        Assert.EndsWith("/dang-nhap/chua-co-tai-khoan", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_port_serves_nothing_else_and_says_when_no_certificate_came()
    {
        using var browser = Browser(null);

        using var page = await browser.GetAsync($"https://localhost:{_certificatePort}/dang-nhap", Cancellation);
        using var answer = await AskAsync(browser);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("loi=accounts.certificate.none", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_in_a_header_is_believed_from_a_named_proxy_only()
    {
        var certificate = Uri.EscapeDataString(await File.ReadAllTextAsync(At("lan.pem"), Cancellation));
        foreach (var (proxies, isBelieved) in new[] { ("127.0.0.0/8 ::1/128", true), ("192.0.2.0/24", false) })
        {
            var port = RunningApp.FreePort();
            await using var app = await StartAsync(port, new CertificateOptions { TrustFolder = At("trust"), Header = "X-Client-Cert" }, tls: false, proxies, folder: At("data" + port.ToString(CultureInfo.InvariantCulture)));
            await LinkAsync("lan", app);
            using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{port}/dang-nhap/chung-thu?ve=/tai-khoan");
            request.Headers.Add("X-Client-Cert", certificate);
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "2001:db8::7");

            using var answer = await browser.SendAsync(request, Cancellation);

            if (!isBelieved)
            {
                Assert.Contains("loi=accounts.certificate.none", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
                continue;
            }

            Assert.Equal("/tai-khoan", answer.Headers.Location?.ToString());
            await using var db = await app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(Cancellation);
            Assert.Equal("2001:db8::7", await db.Audit.Where(a => a.Action == "accounts.signed-in" && a.Outcome == "done").Select(a => a.Address).SingleAsync(Cancellation));
        }
    }

    private async Task<WebApplication> StartAsync(int port, CertificateOptions certificates, bool tls, string? proxies = null, string? folder = null)
    {
        var app = Host.Build(
            new HostOptions
            {
                Storage = new StorageOptions(folder ?? At("data"), null),
                Port = port,
                TlsCertificate = tls ? At("server.pem") : null,
                TlsKey = tls ? At("server.key") : null,
                Security = new SecurityOptions { ServesHttps = true, Certificates = certificates },
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Critical);
                if (proxies is null) return;
                builder.Services.Configure<ForwardedHeadersOptions>(o =>
                {
                    o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                    o.KnownProxies.Clear();
                    o.KnownIPNetworks.Clear();
                    foreach (var network in proxies.Split(' ')) o.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
                });
            });
        await StorageModule.MigrateAsync(app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    private async Task LinkAsync(string who, WebApplication? app = null)
    {
        await using var scope = (app ?? _app).Services.CreateAsyncScope();
        var made = (await scope.ServiceProvider.GetRequiredService<CreateUser>().HandleAsync(
            new() { SignInName = who, DisplayName = "Người " + who, HomeUnit = new OrgUnitId(Guid.CreateVersion7()) }, CurrentUser.System, CancellationToken.None)).Expect();
        (await scope.ServiceProvider.GetRequiredService<LinkIdentity>().HandleAsync(
            new() { User = made.Id, Kind = AccountLinkKind.CertificateSubject, Value = await File.ReadAllTextAsync(At(who + ".pem")) }, CurrentUser.System, CancellationToken.None)).Expect();
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient browser) =>
        browser.GetAsync($"https://localhost:{_certificatePort}/dang-nhap/chung-thu?ve=/tai-khoan&tu={_port}", Cancellation);

    private HttpClient Browser(string? who)
    {
        // The certificate is shown whatever it says it is for. A browser keeps TLS sessions by host and port; this client by host alone, so it keeps none.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.AllowTlsResume = false;
#pragma warning disable CA5359 // The server's certificate is the one made above.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (who is not null)
        {
            using var pem = X509Certificate2.CreateFromPemFile(At(who + ".pem"), At(who + ".key"));
            var shown = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        }

        return new HttpClient(handler);
    }

    private void Issue(string name, string caKey, string ca, string use, string days = "20")
    {
        File.WriteAllText(At(name + ".ext"), $"basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage={use}\n");
        OpenSsl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", At(name + ".key"), "-out", At(name + ".csr"), "-subj", $"/CN={name}/UID=CCCD:051190000123");
        OpenSsl("x509", "-req", "-in", At(name + ".csr"), "-CA", At(ca), "-CAkey", At(caKey), "-CAcreateserial", "-days", days, "-extfile", At(name + ".ext"), "-out", At(name + ".pem"));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static void OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true }) ?? throw new InvalidOperationException("openssl did not start.");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {said}");
    }
}
