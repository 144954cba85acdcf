using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace LienThong.Unit.Gateway.Call;

/// <summary>T35 (mutual TLS), T34 and T38 (tokens and replay), exchange.md 6 item 10: who calls is proven or the call is refused, with the reason.</summary>
public sealed class CallerTests
{
    private const string Person = "/dan-cu/tra-cuu/nguoi/1";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_registered_certificate_calls_without_a_token_over_both_versions_of_HTTP(string version)
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        string? authorization = null;
        world.Provider = http =>
        {
            authorization = http.Request.Headers.Authorization;
            return Task.CompletedTask;
        };
        using var client = world.Client(world.ClientCertificate, version: new Version(version));
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer of-the-provider");
        var answer = await client.GetAsync(Person);
        Assert.Equal((HttpStatusCode.OK, new Version(version)), (answer.StatusCode, answer.Version));
        // What consumer and provider agreed between themselves passes (PR-REST).
        Assert.Equal("Bearer of-the-provider", authorization);
    }

    [Fact]
    public async Task Every_other_certificate_is_refused_and_told_why()
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        var now = world.Clock.GetUtcNow();
        using var otherCa = GatewayWorld.MakeCa("CN=Somebody else");
        var cases = new (X509Certificate2? Certificate, string Why)[]
        {
            (null, "show a registered client certificate"),
            (GatewayWorld.MakeCertificate(world.Ca, "CN=x", "1.3.6.1.5.5.7.3.1", now.AddDays(-1), now.AddDays(1)), "the certificate is not made for client authentication"),
            (GatewayWorld.MakeCertificate(world.Ca, "CN=x", GatewayWorld.ClientAuth, now.AddDays(-3), now.AddDays(-1)), "the certificate is not valid at this time"),
            (GatewayWorld.MakeCertificate(world.Ca, "CN=x", GatewayWorld.ClientAuth, now.AddDays(1), now.AddDays(3)), "the certificate is not valid at this time"),
            (GatewayWorld.MakeCertificate(otherCa, "CN=x", GatewayWorld.ClientAuth, now.AddDays(-1), now.AddDays(1)), "the certificate does not chain to a trusted authority"),
            (GatewayWorld.MakeCertificate(world.Ca, "CN=x", GatewayWorld.ClientAuth, now.AddDays(-1), now.AddDays(1)), "no subsystem has registered this certificate"),
        };
        foreach (var (certificate, why) in cases)
        {
            using var client = world.Client(certificate);
            var answer = await client.GetAsync(Person);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.StartsWith(why, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(await world.EntriesAsync());
        Assert.Equal(cases.Length, world.Gateway.Meters.StrangerCount);
    }

    [Fact]
    public async Task The_right_authority_for_the_wrong_service_is_refused_and_logged()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2? certificate = null;
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        certificate = GatewayWorld.MakeCertificate(world.Ca, "CN=dan-cu", GatewayWorld.ClientAuth, world.Clock.GetUtcNow().AddDays(-1), world.Clock.GetUtcNow().AddDays(1));
        world.Publish(s => s with { Subsystems = [s.Subsystems[0], s.Subsystems[1] with { CertificateThumbprints = [GatewayWorld.Thumbprint(certificate)] }] });
        using var client = world.Client(certificate);
        var answer = await client.GetAsync(Person);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var entry = Assert.Single(await world.EntriesAsync());
        Assert.Equal(("refused", Some.Provider, "access_denied"), (entry.GetProperty("kind").GetString(), entry.GetProperty("consumer").GetString(), entry.GetProperty("fault").GetString()));
    }

    [Fact]
    public async Task A_revoked_certificate_is_out_on_its_open_connection_as_soon_as_the_list_is_read()
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        using var client = world.Client(world.ClientCertificate);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        await File.WriteAllTextAsync(world.RevocationFile, "# lost laptop\n" + GatewayWorld.Thumbprint(world.ClientCertificate) + "\n");
        world.Gateway.LookForRevocations();
        var answer = await client.GetAsync(Person);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("revoked", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_signed_by_the_authority_revokes_by_serial_number_and_a_strangers_list_revokes_nobody()
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        using var client = world.Client(world.ClientCertificate);
        using var stranger = GatewayWorld.MakeCa("CN=Somebody else");
        byte[] List(X509Certificate2 ca)
        {
            var builder = new CertificateRevocationListBuilder();
            builder.AddEntry(world.ClientCertificate);
            return builder.Build(ca, 1, world.Clock.GetUtcNow().AddDays(7), HashAlgorithmName.SHA256);
        }

        await File.WriteAllBytesAsync(world.RevocationFile, List(stranger));
        world.Gateway.LookForRevocations();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        await File.WriteAllTextAsync(world.RevocationFile, PemEncoding.WriteString("X509 CRL", List(world.Ca)));
        world.Gateway.LookForRevocations();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Person)).StatusCode);
    }

    [Fact]
    public async Task A_connection_that_resumes_an_earlier_one_is_as_well_known_and_as_revoked_as_that()
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        using var client = world.Client(world.ClientCertificate, connectionLifetime: TimeSpan.Zero);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        await File.WriteAllTextAsync(world.RevocationFile, GatewayWorld.Thumbprint(world.ClientCertificate));
        world.Gateway.LookForRevocations();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Person)).StatusCode);
    }

    [Fact]
    public async Task Two_systems_behind_one_certificate_must_say_which_of_them_calls()
    {
        await using var world = await GatewayWorld.StartAsync(isSecure: true);
        world.Publish(s => s with { Subsystems = [s.Subsystems[0], s.Subsystems[1] with { CertificateThumbprints = s.Subsystems[0].CertificateThumbprints }] });
        using var client = world.Client(world.ClientCertificate);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Person)).StatusCode);
        client.DefaultRequestHeaders.Add("X-Road-Client", Some.Consumer);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        client.DefaultRequestHeaders.Remove("X-Road-Client");
        client.DefaultRequestHeaders.Add("X-Road-Client", "VN-QNG/GOV/H48/somebody");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Person)).StatusCode);
    }

    private static readonly List<(string Why, Func<GatewayWorld, string> Make)> BadAssertions =
    [
        ("no ES256 token", w => "not.a.token"),
        ("no ES256 token", w => w.Assertion(header: h => new() { ["alg"] = "none" })),
        ("no ES256 token", w => w.Assertion(header: h => new() { ["alg"] = "HS256", ["kid"] = "k1" })),
        ("no ES256 token", w => w.Assertion(header: h => new(h) { ["crit"] = new[] { "exp" } })),
        ("no registered key", w => w.Assertion(header: h => new(h) { ["kid"] = "another" })),
        ("no registered key", w => w.Assertion(key: ECDsa.Create(ECCurve.NamedCurves.nistP256))),
        ("no registered key", w => w.Assertion(c => new(c) { ["iss"] = "VN-QNG/GOV/H48/x", ["sub"] = "VN-QNG/GOV/H48/x" })),
        ("both be the client", w => w.Assertion(c => new(c) { ["sub"] = Some.Provider })),
        ("aud must be", w => w.Assertion(c => new(c) { ["aud"] = "https://other.example" })),
        ("missing or past", w => w.Assertion(c => new(c) { ["exp"] = w.Clock.GetUtcNow().ToUnixTimeSeconds() - 1 })),
        ("five minutes ahead", w => w.Assertion(c => new(c) { ["exp"] = w.Clock.GetUtcNow().ToUnixTimeSeconds() + 3_600 })),
        ("lies ahead", w => w.Assertion(c => new(c) { ["nbf"] = w.Clock.GetUtcNow().ToUnixTimeSeconds() + 3_600 })),
        ("jti is missing", w => w.Assertion(c => { c.Remove("jti"); return c; })),
    ];

    [Fact]
    public async Task An_assertion_that_is_wrong_in_any_way_gets_no_token()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var http = world.Client();
        foreach (var (why, make) in BadAssertions)
        {
            var answer = await http.PostAsync("/oauth/token", GatewayWorld.TokenForm(make(world)));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("invalid_client", text, StringComparison.Ordinal);
            Assert.Contains(why, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_assertion_is_good_once_also_after_a_restart()
    {
        await using var world = await GatewayWorld.StartAsync();
        var assertion = world.Assertion();
        using (var http = world.Client()) Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/oauth/token", GatewayWorld.TokenForm(assertion))).StatusCode);
        using (var http = world.Client()) Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/oauth/token", GatewayWorld.TokenForm(assertion))).StatusCode);
        await world.StopGatewayAsync();
        await world.StartGatewayAsync();
        using (var http = world.Client())
        {
            var answer = await http.PostAsync("/oauth/token", GatewayWorld.TokenForm(assertion));
            Assert.Contains("used before", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_ends_after_five_minutes_verifies_under_the_published_key_and_is_worthless_when_changed()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var stranger = world.Client();
        var token = await world.TokenAsync(stranger);
        using (var client = world.Client(token: token)) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);

        var jwk = JsonDocument.Parse(await stranger.GetStringAsync("/oauth/jwks")).RootElement.GetProperty("keys")[0];
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Decode(jwk.GetProperty("x")), Y = Decode(jwk.GetProperty("y")) } });
        var parts = token.Split('.');
        Assert.True(key.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));

        // One character more or less of the subject, of the signature, or the signature of nobody.
        var forged = new[] { parts[0] + "." + Other(parts[1], 20) + "." + parts[2], parts[0] + "." + parts[1] + "." + Other(parts[2], 5), parts[0] + "." + parts[1] + ".", token + "x", world.Assertion() };
        foreach (var bad in forged)
        {
            using var client = world.Client(token: bad);
            var answer = await client.GetAsync(Person);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        world.Clock.Move(TimeSpan.FromMinutes(5));
        using (var client = world.Client(token: token)) Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Person)).StatusCode);

        static byte[] Decode(JsonElement text) => System.Buffers.Text.Base64Url.DecodeFromChars(text.GetString());
        static string Other(string text, int at) => text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }
}
