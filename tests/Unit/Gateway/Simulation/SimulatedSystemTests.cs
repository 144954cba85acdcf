using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Routes;
using LienThong.Gateway.Simulation;
using Xunit;

namespace LienThong.Unit.Gateway.Simulation;

/// <summary>Issue 3 E: the three simulated systems behind a real gateway; nobody passes the gateway by, and whatever they do wrong is told as theirs.</summary>
public sealed class SimulatedSystemTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Residence_says_yes_or_no_and_never_what_is_so_instead()
    {
        await using var world = await WorldAsync(new ResidenceSystem(TimeProvider.System), "POST", "/xac-nhan");
        using var client = await world.Gateway.TokenClientAsync();
        var person = SimulatedPeople.Of(4_711);
        async Task<string> AskAsync(object question) => await (await client.PostAsJsonAsync("/dan-cu/tra-cuu/xac-nhan", question, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var right = await AskAsync(new { soDinhDanh = person.Id, hoTen = person.Name, maXa = person.Commune });
        var wrongCommune = await AskAsync(new { soDinhDanh = person.Id, hoTen = person.Name, maXa = "MP000" });
        var nobody = await AskAsync(new { soDinhDanh = "051090000001", hoTen = person.Name, maXa = person.Commune });
        Assert.True(JsonDocument.Parse(right).RootElement.GetProperty("khop").GetBoolean());
        foreach (var answer in new[] { right, wrongCommune, nobody })
        {
            Assert.Equal(["khop", "thoiDiem"], JsonDocument.Parse(answer).RootElement.EnumerateObject().Select(p => p.Name));
            Assert.DoesNotContain(person.Name, answer, StringComparison.Ordinal);
        }

        Assert.False(JsonDocument.Parse(wrongCommune).RootElement.GetProperty("khop").GetBoolean());
        Assert.False(JsonDocument.Parse(nobody).RootElement.GetProperty("khop").GetBoolean());
        Assert.All(Enumerable.Range(0, 500), n => Assert.StartsWith("999", SimulatedPeople.Of(n).Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_parcel_only_the_agreed_fields_leave_though_the_system_answers_more()
    {
        await using var world = await WorldAsync(new LandSystem(), "GET", "/thua-dat/*", s => s with { Agreements = [s.Agreements[0] with { Fields = ["/soTo", "/soThua", "/loaiDat"] }] });
        using var client = await world.Gateway.TokenClientAsync();
        var answer = await client.GetStringAsync(new Uri("/dan-cu/tra-cuu/thua-dat/MP003-2-7", UriKind.Relative), Cancellation);
        Assert.Equal(["soTo", "soThua", "loaiDat"], JsonDocument.Parse(answer).RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/dan-cu/tra-cuu/thua-dat/MP003-2-9999", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_system_that_knows_the_address_but_comes_by_itself_is_turned_away_in_every_disguise()
    {
        await using var world = await WorldAsync(new LandSystem(), "GET", "/thua-dat/*");
        using var direct = new HttpClient { BaseAddress = world.Server.Address };
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string Forged(string type, string audience, long expires, string kid) =>
            GatewayWorld.Sign(new() { ["alg"] = "ES256", ["typ"] = type, ["kid"] = kid }, new() { ["iss"] = GatewayWorld.Issuer, ["sub"] = GatewayWorld.Issuer, ["aud"] = audience, ["exp"] = expires }, own);
        using var stranger = world.Gateway.Client();
        var kid = JsonDocument.Parse(await stranger.GetStringAsync(new Uri("/oauth/jwks", UriKind.Relative), Cancellation)).RootElement.GetProperty("keys")[0].GetProperty("kid").GetString()!;
        using var token = await world.Gateway.TokenClientAsync();
        foreach (var shown in new[] { null, "x", Forged("gw+jwt", Some.Provider, now + 60, kid), Forged("gw+jwt", Some.Provider, now + 60, "other"), token.DefaultRequestHeaders.Authorization!.Parameter })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/thua-dat/MP003-2-7");
            if (shown is not null) request.Headers.Add("Gateway-Assertion", shown);
            Assert.Equal(HttpStatusCode.Forbidden, (await direct.SendAsync(request, Cancellation)).StatusCode);
        }

        // What the gateway itself shows opens this provider, and no other: its audience is one system.
        var through = new HttpRequestMessage(HttpMethod.Get, "/dan-cu/tra-cuu/thua-dat/MP003-2-7");
        through.Headers.Add("Gateway-Assertion", "a caller's own");
        Assert.Equal(HttpStatusCode.OK, (await token.SendAsync(through, Cancellation)).StatusCode);
        var seen = world.LastAssertion!;
        Assert.NotEqual("a caller's own", seen);
        using var other = new GatewayGuard("VN-QNG/GOV/H48/khac", () => world.Gateway.Address, [], TimeProvider.System);
        await using var elsewhere = await SimulatedServer.StartAsync(new LandSystem(), new SimulatedServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Guard = other }, TimeProvider.System, Cancellation);
        using var thief = new HttpClient { BaseAddress = elsewhere.Address };
        thief.DefaultRequestHeaders.Add("Gateway-Assertion", seen);
        Assert.Equal(HttpStatusCode.Forbidden, (await thief.GetAsync(new Uri("/thua-dat/MP003-2-7", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_gateway_may_show_its_certificate_instead()
    {
        using var ca = GatewayWorld.MakeCa("CN=Roots");
        using var server = GatewayWorld.MakeCertificate(ca, "CN=localhost", "1.3.6.1.5.5.7.3.1", TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9), names: true);
        using var gateway = GatewayWorld.MakeCertificate(ca, "CN=gateway", GatewayWorld.ClientAuth, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9));
        using var neighbour = GatewayWorld.MakeCertificate(ca, "CN=neighbour", GatewayWorld.ClientAuth, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9));
        using var guard = new GatewayGuard(Some.Provider, () => null, [GatewayWorld.Thumbprint(gateway)], TimeProvider.System);
        await using var land = await SimulatedServer.StartAsync(
            new LandSystem(), new SimulatedServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Certificate = server, AsksForCertificate = true, Guard = guard }, TimeProvider.System, Cancellation);
        foreach (var (shown, expected) in new[] { (gateway, HttpStatusCode.OK), (neighbour, HttpStatusCode.Forbidden), (null, HttpStatusCode.Forbidden) })
        {
            using var handler = new SocketsHttpHandler();
            handler.SslOptions.RemoteCertificateValidationCallback = (_, got, _, _) => got!.GetRawCertData().AsSpan().SequenceEqual(server.RawData);
            if (shown is not null) handler.SslOptions.ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(shown, null, offline: true);
            using var client = new HttpClient(handler);
            Assert.Equal(expected, (await client.GetAsync(new Uri(land.Address, "/thua-dat/MP003-2-7"), Cancellation)).StatusCode);
        }
    }

    [Theory]
    [InlineData(SimulatedFault.Slow, 504, "provider_timeout")]
    [InlineData(SimulatedFault.Hang, 504, "provider_timeout")]
    [InlineData(SimulatedFault.Reset, 502, "io_error")]
    [InlineData(SimulatedFault.Garbage, 502, "http_error")]
    [InlineData(SimulatedFault.Huge, 502, "response_too_large")]
    [InlineData(SimulatedFault.Errors, 500, null)]
    [InlineData(SimulatedFault.WrongType, 502, "fields_unreadable")]
    [InlineData(SimulatedFault.CutJson, 502, "fields_unreadable")]
    public async Task Whatever_a_provider_does_wrong_is_told_as_the_providers_and_the_next_call_finds_room(SimulatedFault fault, int status, string? code)
    {
        await using var world = await WorldAsync(
            new LandSystem(), "GET", "/thua-dat/*",
            s => s with { Services = [s.Services[0] with { TimeoutMs = 400, MaxResponseBytes = 200_000, ConcurrentMax = 1 }], Agreements = [s.Agreements[0] with { Fields = ["/soTo"] }] }, fault);
        using var client = await world.Gateway.TokenClientAsync();
        for (var call = 0; call < 2; call++)
        {
            var answer = await client.GetAsync(new Uri("/dan-cu/tra-cuu/thua-dat/MP003-2-7", UriKind.Relative), Cancellation);
            Assert.Equal(status, (int)answer.StatusCode);
            if (code is not null) Assert.Equal((code, "provider"), (GatewayWorld.Code(await answer.Content.ReadAsStringAsync(Cancellation)), JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("fault").GetString()));
        }

        Assert.All(await world.Gateway.EntriesAsync(), e => Assert.NotEqual("success", e.TryGetProperty("outcome", out var outcome) ? outcome.GetString() : ""));
    }

    [Fact]
    public async Task The_traffic_of_a_demo_shows_agreed_calls_refusals_and_what_does_not_exist()
    {
        await using var world = await WorldAsync(new LandSystem(), "GET", "/thua-dat/**", s => s with { Services = [s.Services[0] with { Endpoints = [new("GET", "/**"), new("POST", "/**")] }] });
        var service = new SimulatedService("dan-cu/tra-cuu", Some.Provider + "/tra-cuu");
        using var one = new SimulatedClient(Some.Consumer, world.Gateway.ClientKey, world.Gateway.Address, GatewayWorld.Issuer, TimeProvider.System);
        using var unknown = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        world.Gateway.Publish(s => world.Change!(s) with
        {
            Subsystems = [s.Subsystems[0] with { JwtKeys = [.. s.Subsystems[0].JwtKeys, Entry(world.Gateway.ClientKey)] }, s.Subsystems[1], new SubsystemEntry { Identifier = "VN-QNG/GOV/H48/tong-hop", Organisation = "H48.09", JwtKeys = [Entry(unknown)] }],
        });
        using var none = new SimulatedClient("VN-QNG/GOV/H48/tong-hop", unknown, world.Gateway.Address, GatewayWorld.Issuer, TimeProvider.System);
        var traffic = new SimulatedTraffic(one, one, none, new SimulatedServices(service, service, service), TimeProvider.System);
        var answers = new List<HttpStatusCode>();
        for (var step = 0; step < 40; step++) answers.Add(await traffic.StepAsync(step, Cancellation));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound], new[] { answers[2], answers[7], answers[27] }.Select(a => a is HttpStatusCode.InternalServerError ? HttpStatusCode.Forbidden : a));
        var outcomes = (await world.Gateway.EntriesAsync()).Where(e => e.TryGetProperty("outcome", out _)).Select(e => e.GetProperty("outcome").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "success", "policy", "business" }, outcomes);
    }

    private static JwtKeyEntry Entry(ECDsa key)
    {
        var q = key.ExportParameters(false).Q;
        return new JwtKeyEntry { Kid = SimulatedClient.KidOf(key), X = System.Buffers.Text.Base64Url.EncodeToString(q.X), Y = System.Buffers.Text.Base64Url.EncodeToString(q.Y) };
    }

    private static async Task<Behind> WorldAsync(ISimulatedSystem system, string method, string path, Func<RouteSnapshot, RouteSnapshot>? change = null, SimulatedFault fault = SimulatedFault.None)
    {
        GatewayWorld? gateway = null;
        var guard = new GatewayGuard(Some.Provider, () => gateway?.Address, [], TimeProvider.System);
        var watched = new Watched(system);
        var server = await SimulatedServer.StartAsync(watched, new SimulatedServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Guard = guard, Fault = fault }, TimeProvider.System, Cancellation);
        RouteSnapshot Change(RouteSnapshot s)
        {
            s = s with { Services = [s.Services[0] with { Endpoints = [new(method, path)], RetryIdempotent = false }] };
            return change?.Invoke(s) ?? s;
        }

        gateway = await GatewayWorld.StartAsync(change: Change, providerAddress: server.Address.GetLeftPart(UriPartial.Authority));
        return new Behind(gateway, server, guard, watched) { Change = Change };
    }

    private sealed record Behind(GatewayWorld Gateway, SimulatedServer Server, GatewayGuard Guard, Watched System) : IAsyncDisposable
    {
        public Func<RouteSnapshot, RouteSnapshot>? Change { get; init; }

        public string? LastAssertion => System.LastAssertion;

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Server.DisposeAsync();
            Guard.Dispose();
        }
    }

    private sealed class Watched(ISimulatedSystem system) : ISimulatedSystem
    {
        public string? LastAssertion { get; private set; }

        public string Name => system.Name;

        public Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext http)
        {
            LastAssertion = http.Request.Headers["Gateway-Assertion"];
            return system.AnswerAsync(http);
        }
    }
}
