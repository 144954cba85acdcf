using System.Net;
using System.Text.Json;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Routes;
using LienThong.Gateway.Simulation;
using Xunit;

namespace LienThong.Unit.Gateway.Forward;

/// <summary>Issue 3 B.5: every way to another exchange against its simulator with the faults its guides document; each foreign refusal is one of our four outcomes.</summary>
public sealed class ForeignPortTests
{
    private const string Client = "VN/GOV/000.00.00.H48/lien-thong", Target = "VN/GOV/000.00.00.G22/csdl/traCuu", Destination = "VN:GOV:000.00.00.G22:mo-phong", Behind = "http://10.1.2.3/api";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static AdapterEntry Road => new() { Kind = AdapterKind.Road, Client = Client, Target = Target };

    [Fact]
    public async Task Through_a_Security_Server_the_call_carries_our_client_the_party_it_is_for_and_the_agreement()
    {
        await using var world = await WorldAsync(new SecurityServerSystem(client: Client), Road);
        using var client = await world.Gateway.TokenClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dan-cu/tra-cuu/nguoi/7?a=%20b&c=1");
        request.Headers.Add("X-Road-Represented-Party", "GOV/somebody-else");
        var answer = await client.SendAsync(request, Cancellation);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((Target, "/nguoi/7", "?a=%20b&c=1", "GOV/H48", "05/TT-QNG"), (Text(body, "dichVu"), Text(body, "duongDan"), Text(body, "truyVan"), Text(body, "daiDien"), Text(body, "thoaThuan")));

        // The other side's ids stay there; ours are those of this exchange.
        Assert.DoesNotContain(answer.Headers, h => h.Key == "x-road-request-hash");
        using var road = new HttpRequestMessage(HttpMethod.Get, $"/r1/{Some.Provider}/tra-cuu/nguoi/7");
        road.Headers.Add("X-Road-Client", Some.Consumer);
        road.Headers.Add("X-Road-Id", "my-own-id");
        var onRoad = await client.SendAsync(road, Cancellation);
        Assert.Equal((HttpStatusCode.OK, "my-own-id"), (onRoad.StatusCode, onRoad.Headers.GetValues("x-road-id").Single()));
    }

    [Theory]
    [InlineData("server.serverproxy.access_denied", 403, "foreign_access_denied", "policy")]
    [InlineData("server.serverproxy.unknown_service", 502, "foreign_service_unknown", "provider")]
    [InlineData("server.serverproxy.service_disabled", 503, "foreign_service_disabled", "policy")]
    [InlineData("server.serverproxy.maintenance_mode", 503, "foreign_service_disabled", "policy")]
    [InlineData("server.serverproxy.service_failed.network_error", 502, "network_error", "transport")]
    [InlineData("server.clientproxy.network_error", 502, "foreign_exchange_refused", "transport")]
    [InlineData("server.clientproxy.unknown_member", 502, "foreign_exchange_refused", "transport")]
    [InlineData("server.clientproxy.ssl_authentication_failed", 502, "foreign_exchange_refused", "transport")]
    [InlineData("server.clientproxy.logging_failed", 502, "foreign_exchange_refused", "transport")]
    [InlineData("server.clientproxy.global_conf_outdated", 502, "foreign_exchange_refused", "transport")]
    [InlineData("client.missing_header", 502, "foreign_exchange_refused", "transport")]
    [InlineData("mixed-up", 502, "inconsistent_response", "transport")]
    public async Task A_code_of_the_other_XRoad_becomes_one_of_our_outcomes_in_both_dialects(string trouble, int status, string code, string outcome)
    {
        foreach (var isOld in new[] { false, true })
        {
            await using var world = await WorldAsync(new SecurityServerSystem(trouble, isOld), Road);
            using var client = await world.Gateway.TokenClientAsync();
            var answer = await client.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/7", UriKind.Relative), Cancellation);
            Assert.Equal((status, code), ((int)answer.StatusCode, GatewayWorld.Code(await answer.Content.ReadAsStringAsync(Cancellation))));
            Assert.Equal(outcome, (await world.Gateway.EntriesAsync()).Last(e => e.TryGetProperty("outcome", out _)).GetProperty("outcome").GetString());
        }
    }

    [Fact]
    public async Task A_token_is_asked_for_once_however_many_call_and_again_when_the_other_side_forgot_it()
    {
        var other = new TokenGatewaySystem();
        await using var world = await WorldAsync(other, Token);
        using var client = await world.Gateway.TokenClientAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => client.GetAsync(new Uri($"/dan-cu/tra-cuu/nguoi/{n}", UriKind.Relative), Cancellation)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(1, other.TokensGiven);

        // A restart of the other gateway: also a POST goes through, because it was refused before it was carried.
        other.ForgetTokens();
        var again = await client.PostAsync(new Uri("/dan-cu/tra-cuu/nguoi", UriKind.Relative), new StringContent("{}"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, 2), (again.StatusCode, other.TokensGiven));
        var body = JsonDocument.Parse(await again.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal(("/api/1.0/nguoi", "POST"), (Text(body, "duongDan"), Text(body, "phuongThuc")));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_an_LGSP_login_repeats_its_headers()
    {
        var other = new TokenGatewaySystem(isLgsp: true, lifeSeconds: 600);
        await using var world = await WorldAsync(other, Token, """{"headers":{"X-SystemId":"mo-phong","X-SecretKey":"khong-phai-bi-mat"}}""");
        async Task AskAsync()
        {
            using var client = await world.Gateway.TokenClientAsync();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/1", UriKind.Relative), Cancellation)).StatusCode);
        }

        await AskAsync();
        world.Gateway.Clock.Move(TimeSpan.FromSeconds(400));
        await AskAsync();
        Assert.Equal(1, other.TokensGiven);
        world.Gateway.Clock.Move(TimeSpan.FromSeconds(160));
        await AskAsync();
        Assert.Equal(2, other.TokensGiven);
    }

    [Theory]
    [InlineData(TokenTrouble.WrongSecret, 502, "foreign_exchange_refused", "transport")]
    [InlineData(TokenTrouble.TokenRefused, 502, "foreign_exchange_refused", "transport")]
    [InlineData(TokenTrouble.TokenEndpointDown, 502, "foreign_exchange_refused", "transport")]
    [InlineData(TokenTrouble.TokenUnreadable, 502, "foreign_exchange_refused", "transport")]
    [InlineData(TokenTrouble.NotSubscribed, 403, "foreign_access_denied", "policy")]
    [InlineData(TokenTrouble.Throttled, 503, "foreign_quota_exceeded", "policy")]
    [InlineData(TokenTrouble.BackendDown, 503, null, "provider")]
    public async Task What_a_token_gateway_refuses_becomes_one_of_our_outcomes_and_no_secret_is_told(TokenTrouble trouble, int status, string? code, string outcome)
    {
        await using var world = await WorldAsync(new TokenGatewaySystem(trouble), Token);
        using var client = await world.Gateway.TokenClientAsync();
        var answer = await client.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/7", UriKind.Relative), Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null) Assert.Equal(code, GatewayWorld.Code(body));
        if (trouble is TokenTrouble.Throttled) Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.DoesNotContain(TokenGatewaySystem.Secret, body, StringComparison.Ordinal);
        Assert.Equal(outcome, (await world.Gateway.EntriesAsync()).Last(e => e.TryGetProperty("outcome", out _)).GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(null, "has no secret")]
    [InlineData("not json", "cannot be read")]
    public async Task Without_its_secret_the_call_says_what_is_missing_on_this_machine(string? content, string words)
    {
        await using var world = await WorldAsync(new TokenGatewaySystem(), Token, content);
        using var client = await world.Gateway.TokenClientAsync();
        var body = await (await client.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/7", UriKind.Relative), Cancellation)).Content.ReadAsStringAsync(Cancellation);
        Assert.Contains(words, body, StringComparison.Ordinal);
        Assert.Equal("vault", JsonDocument.Parse(body).RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_secret_that_others_on_the_machine_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows()) return;   // Modes of files are Unix's.
        await using var world = await WorldAsync(new TokenGatewaySystem(), Token);
        File.SetUnixFileMode(world.SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        using var client = await world.Gateway.TokenClientAsync();
        Assert.Contains("chmod 600", await (await client.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/7", UriKind.Relative), Cancellation)).Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_HTTP_adapter_gets_destination_and_providers_address_and_the_callers_own_parameters()
    {
        await using var world = await WorldAsync(new NationalAdapterSystem(Destination), _ => new AdapterEntry { Kind = AdapterKind.National, Target = Destination, Address = Behind });
        using var client = await world.Gateway.TokenClientAsync();
        var body = JsonDocument.Parse(await client.GetStringAsync(new Uri("/dan-cu/tra-cuu/nguoi/7?x=1&y=a%26b", UriKind.Relative), Cancellation)).RootElement;
        Assert.Equal(("/nguoi/7", Destination, Behind, "1", "a&b"), (Text(body, "duongDan"), Text(body, "dichDen"), Text(body, "diaChi"), Text(body.GetProperty("thamSo"), "x"), Text(body.GetProperty("thamSo"), "y")));

        await using var closed = await WorldAsync(new NationalAdapterSystem(Destination, "server.serverproxy.access_denied"), _ => new AdapterEntry { Kind = AdapterKind.National, Target = Destination, Address = Behind });
        using var second = await closed.Gateway.TokenClientAsync();
        Assert.Equal("foreign_access_denied", GatewayWorld.Code(await (await second.GetAsync(new Uri("/dan-cu/tra-cuu/nguoi/7", UriKind.Relative), Cancellation)).Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public void Old_and_new_words_of_a_code_are_the_same_code()
    {
        foreach (var (old, now) in new[]
        {
            ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied"), ("Server.ClientProxy.SslAuthenticationFailed", "server.clientproxy.ssl_authentication_failed"), ("Client.MissingHeader", "client.missing_header"),
            ("Server.ServerProxy.ServiceFailed.IOError", "server.serverproxy.service_failed.io_error"), ("Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.global_conf_outdated"),
        })
        {
            Assert.Equal(now, ForeignRoadError.Words(old));
            Assert.Equal(now, ForeignRoadError.Words(now));
        }
    }

    private static AdapterEntry Token(Uri address) => new() { Kind = AdapterKind.Token, Address = address.GetLeftPart(UriPartial.Authority) + "/token", Secret = "ndxp" };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static Task<Beside> WorldAsync(ISimulatedSystem system, AdapterEntry adapter) => WorldAsync(system, _ => adapter);

    private static async Task<Beside> WorldAsync(ISimulatedSystem system, Func<Uri, AdapterEntry> adapter, string? secret = $$"""{"key":"{{TokenGatewaySystem.Key}}","secret":"{{TokenGatewaySystem.Secret}}"}""")
    {
        var server = await SimulatedServer.StartAsync(system, new SimulatedServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System, Cancellation);
        var entry = adapter(server.Address);
        if (system is TokenGatewaySystem { Name: "lgsp" }) entry = entry with { Address = server.Address.GetLeftPart(UriPartial.Authority) + "/v1/auth/login" };
        var upstream = server.Address.GetLeftPart(UriPartial.Authority) + (entry.Kind is AdapterKind.Token ? "/api/1.0" : "");
        var gateway = await GatewayWorld.StartAsync(change: s => s with { Services = [s.Services[0] with { Adapter = entry }] }, providerAddress: upstream);
        var file = Path.Combine(gateway.Folder, "gateway", "vault", "ndxp");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (secret is not null)
        {
            await File.WriteAllTextAsync(file, secret, Cancellation);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new Beside(gateway, server, file);
    }

    private sealed record Beside(GatewayWorld Gateway, SimulatedServer Server, string SecretFile) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
