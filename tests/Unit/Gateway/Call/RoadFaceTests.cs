using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace LienThong.Unit.Gateway.Call;

/// <summary>Issue 3 B.4 (ii): the X-Road message protocol for REST as exchange.md 2.1 has it, each rule with its case.</summary>
public sealed class RoadFaceTests
{
    private const string Service = "/r1/VN-QNG/GOV/H48/dan-cu/tra-cuu";

    [Fact]
    public async Task A_call_carries_the_five_headers_of_the_answer_in_their_order_after_the_providers_own()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = http =>
        {
            http.Response.Headers["X-Own"] = "1";
            http.Response.Headers["X-Road-Id"] = "forged";
            http.Response.Headers["X-Road-Client"] = "forged";
            http.Response.Headers["X-Road-Request-Hash"] = "forged";
            http.Response.Headers["X-Road-Service"] = "of-the-provider";
            return http.Response.WriteAsync("{}");
        };
        using var client = await RoadClientAsync(world);
        client.DefaultRequestHeaders.Add("X-Road-Id", "abc-1");
        var answer = await client.GetAsync(Service + "/nguoi/1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("abc-1", answer.Headers.GetValues("x-road-id").Single());
        Assert.Equal(Some.Consumer, answer.Headers.GetValues("x-road-client").Single());
        // The provider's own stays and the added one comes last (2.1.3).
        Assert.Equal("of-the-provider," + Some.Provider + "/tra-cuu", string.Join(',', answer.Headers.GetValues("x-road-service").Select(v => v.Trim())).Replace(", ", ",", StringComparison.Ordinal));
        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-road-request-id").Single(), out _));
        var raw = await RawExchange.SendAsync(world.Address, $"GET {Service}/nguoi/1 HTTP/1.1\r\nHost: x\r\nX-Road-Client: {Some.Consumer}\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n\r\n");
        var order = raw.Split("\r\n").Select(l => l.Split(':')[0].ToLowerInvariant()).Where(n => n is "x-own" || n.StartsWith("x-road", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["x-own", "x-road-service", "x-road-service", "x-road-id", "x-road-client", "x-road-request-id", "x-road-request-hash"], order.OrderBy(n => n is "x-own" ? 0 : n is "x-road-service" ? 1 : 2).ToArray());
        Assert.Contains("x-road-id: VN-QNG-", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("POST", "{\"q\":1}")]
    public async Task The_request_hash_is_what_the_specification_computes_from_the_kept_headers(string method, string? body)
    {
        await using var world = await GatewayWorld.StartAsync();
        List<KeyValuePair<string, string>> received = [];
        world.Provider = http =>
        {
            received = [.. http.Request.Headers.SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v!)))];
            return Task.CompletedTask;
        };
        using var client = await RoadClientAsync(world);
        var token = client.DefaultRequestHeaders.Authorization!;
        var path = Service + (body is null ? "/nguoi/1?a=b%2Fc" : "/nguoi");
        // One header of the caller's own, so that the order of several does not matter to this test.
        var raw = await RawExchange.SendAsync(world.Address, $"{method} {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: dropped\r\nX-Road-Request-Hash: dropped\r\nX-Road-Client: {Some.Consumer}\r\nX-Road-Id: id-7\r\nAuthorization: {token}\r\n" +
            (body is null ? "" : $"Content-Length: {body.Length}\r\n") + $"Connection: close\r\n\r\n{body}");
        var headers = raw.Split("\r\n\r\n")[0].Split("\r\n").Select(l => l.Split(": ", 2)).Where(l => l.Length == 2).ToLookup(l => l[0].ToLowerInvariant(), l => l[1]);
        var requestId = headers["x-road-request-id"].Single();
        byte[] Hash(string order) => SHA512.HashData(Encoding.UTF8.GetBytes($"{method}\r\n{path}\r\n{order}x-road-request-id:{requestId}\r\n"));
        var (one, two) = ($"X-Road-Client:{Some.Consumer}\r\n", "X-Road-Id:id-7\r\n");
        var heads = new[] { Hash(one + two), Hash(two + one) };
        var expected = heads.Select(h => Convert.ToBase64String(body is null ? h : SHA512.HashData([.. h, .. SHA512.HashData(Encoding.UTF8.GetBytes(body))])));
        Assert.Contains(headers["x-road-request-hash"].Single(), expected);
        Assert.DoesNotContain(received, h => h.Key is "User-Agent" or "X-Road-Request-Hash");
        Assert.Equal(requestId, received.Single(h => h.Key.Equals("x-road-request-id", StringComparison.OrdinalIgnoreCase)).Value);
        Assert.Equal(["id-7"], received.Where(h => h.Key.Equals("x-road-id", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value));
    }

    [Theory]
    [InlineData("GET", Service + "/nguoi/1", null, "server.clientproxy.missing_header")]
    [InlineData("GET", Service + "/nguoi/1", "VN-QNG/GOV", "server.clientproxy.invalid_client_identifier")]
    [InlineData("GET", Service + "/nguoi/1", "VN-QNG/GOV/H48/mot_cua", "server.clientproxy.invalid_client_identifier")]
    [InlineData("GET", Service + "/nguoi/1", "VN-QNG/GOV/H48/nobody", "server.clientproxy.unknown_member")]
    [InlineData("GET", "/r1/VN-QNG/GOV/H48/nobody/tra-cuu/x", Some.Consumer, "server.clientproxy.unknown_member")]
    [InlineData("GET", "/r1/VN-QNG/GOV/H48/dan-cu/khac/x", Some.Consumer, "server.serverproxy.unknown_service")]
    [InlineData("GET", "/r2/VN-QNG/GOV/H48/dan-cu/tra-cuu/x", Some.Consumer, "server.clientproxy.invalid_protocol_version")]
    [InlineData("GET", "/r1/VN-QNG/GOV/H48/dan-cu", Some.Consumer, "server.clientproxy.invalid_request")]
    [InlineData("GET", "/r1/VN-QNG/GOV/H48/dan_cu/tra-cuu/x", Some.Consumer, "server.clientproxy.invalid_request")]
    [InlineData("DELETE", Service + "/nguoi/1", Some.Consumer, "server.serverproxy.access_denied")]
    [InlineData("GET", Service + "/nguoi/a%2Fb", Some.Consumer, "server.serverproxy.access_denied")]
    public async Task Each_refusal_has_its_code_as_header_and_body_with_500(string method, string address, string? client, string code)
    {
        await using var world = await GatewayWorld.StartAsync();
        using var http = await world.TokenClientAsync();
        if (client is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("X-Road-Client", client);
        var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), PlainFaceTests.Raw(http, address)));
        Assert.Equal((HttpStatusCode.InternalServerError, code), (answer.StatusCode, answer.Headers.GetValues("X-Road-Error").Single()));
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["type", "message", "detail"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(code, body.GetProperty("type").GetString());
        Assert.True(Guid.TryParse(body.GetProperty("detail").GetString(), out _));
    }

    [Theory]
    [InlineData("server.serverproxy.access_denied", "Server.ServerProxy.AccessDenied")]
    [InlineData("server.clientproxy.unknown_member", "Server.ClientProxy.UnknownMember")]
    [InlineData("server.serverproxy.service_failed.io_error", "Server.ServerProxy.ServiceFailed.IOError")]
    [InlineData("server.serverproxy.service_failed.http_error", "Server.ServerProxy.ServiceFailed.HttpError")]
    [InlineData("server.clientproxy.ssl_authentication_failed", "Server.ClientProxy.SslAuthenticationFailed")]
    [InlineData("server.clientproxy.global_conf_outdated", "Server.ClientProxy.OutdatedGlobalConf")]
    [InlineData("client.bad_request", "Client.BadRequest")]
    [InlineData("x.hsm_non_operational", "X.HSMNonOperational")]
    [InlineData("x.hashchain_unused_inputs", "X.HashChainUnusedInputs")]
    [InlineData("x.token_readonly", "X.TokenReadOnly")]
    public void The_old_dialect_says_the_same_in_camel_case(string code, string old) => Assert.Equal(old, CallFault.OldDialect(code));

    [Fact]
    public async Task The_dialect_is_the_consumers()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Agreements = [s.Agreements[0] with { Dialect = ErrorDialect.Road77 }] });
        using var client = await RoadClientAsync(world);
        var answer = await client.DeleteAsync(Service + "/nguoi/1");
        Assert.Equal("Server.ServerProxy.AccessDenied", answer.Headers.GetValues("X-Road-Error").Single());
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("application/json;charset=utf-8", "application/json")]
    [InlineData("foobarbaz", "application/json")]
    [InlineData("text/xml-patch+xml", "application/json")]
    [InlineData("text/xml", "text/xml; charset=utf-8")]
    [InlineData("text/*", "text/xml; charset=utf-8")]
    [InlineData("application/xml; q=0.2", "application/xml; charset=utf-8")]
    [InlineData("application/xml, text/xml", "application/xml; charset=utf-8")]
    [InlineData("text/xml, application/xml, application/json", "text/xml; charset=utf-8")]
    public async Task An_error_is_XML_when_Accept_names_it_first_and_JSON_otherwise(string? accept, string type)
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await RoadClientAsync(world);
        if (accept is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        var answer = await client.DeleteAsync(Service + "/nguoi/1");
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        if (type.Contains("xml", StringComparison.Ordinal)) Assert.Equal("server.serverproxy.access_denied", System.Xml.Linq.XDocument.Parse(text).Root!.Element("type")!.Value);
    }

    [Fact]
    public async Task The_providers_own_errors_and_redirects_pass_unchanged_and_without_an_error_header()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await RoadClientAsync(world);
        foreach (var (status, location) in new[] { (404, null), (503, null), (302, "http://elsewhere.example/x"), (304, null) })
        {
            world.Provider = http =>
            {
                http.Response.StatusCode = status;
                if (location is not null) http.Response.Headers.Location = location;
                return status == 304 ? Task.CompletedTask : http.Response.WriteAsync("own words");
            };
            var answer = await client.GetAsync(Service + "/nguoi/1");
            Assert.Equal((status, location), ((int)answer.StatusCode, answer.Headers.Location?.ToString()));
            Assert.False(answer.Headers.Contains("X-Road-Error"));
            if (status != 304) Assert.Equal("own words", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(["business", "provider", "success", "success"], (await world.EntriesAsync()).Where(GatewayWorld.IsEnd).Select(e => e.GetProperty("outcome").GetString()!));
    }

    [Fact]
    public async Task The_last_of_several_client_headers_counts_and_bytes_of_path_and_query_reach_the_provider_unchanged()
    {
        await using var world = await GatewayWorld.StartAsync();
        string? target = null;
        string?[] callers = [];
        world.Provider = http =>
        {
            target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
            callers = [.. http.Request.Headers["X-Road-Client"]];
            return Task.CompletedTask;
        };
        using var client = await RoadClientAsync(world);
        var raw = await RawExchange.SendAsync(world.Address, $"GET {Service}/ho/a%3Bb;c=%C3%BD/?x=%2f&y=+z HTTP/1.1\r\nHost: x\r\nX-Road-Client: VN-QNG/GOV/H48/somebody\r\nX-Road-Client: {Some.Consumer}\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        Assert.Equal("/ho/a%3Bb;c=%C3%BD/?x=%2f&y=+z", target);
        // A provider that reads the first of several must not read somebody else.
        Assert.Equal(Some.Consumer, string.Join('|', callers));
    }

    [Fact]
    public async Task Metadata_is_answered_from_the_snapshot_in_the_form_of_annex_B()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with
        {
            Services =
            [
                s.Services[0] with { Description = """{"openapi":"3.0.0","info":{"title":"Tra cứu"},"servers":[{"url":"http://10.0.0.7:8080/api/v1"}],"paths":{}}""" },
                s.Services[0] with { Code = "dan-cu/khac", ServiceCode = "khac", Path = "dan-cu/khac" },
            ],
            Agreements = [s.Agreements[0] with { Endpoints = [new("GET", "/nguoi/*")] }],
        });
        using var client = await RoadClientAsync(world);
        client.DefaultRequestHeaders.Add("Accept", "application/json");
        var clients = JsonDocument.Parse(await client.GetStringAsync("/listClients")).RootElement.GetProperty("member");
        Assert.Equal(["dan-cu", "mot-cua"], clients.EnumerateArray().Select(m => m.GetProperty("id").GetProperty("subsystem_code").GetString()!));
        Assert.Equal("SUBSYSTEM", clients[0].GetProperty("id").GetProperty("object_type").GetString());
        Assert.Empty(JsonDocument.Parse(await client.GetStringAsync("/listClients?xRoadInstance=AA")).RootElement.GetProperty("member").EnumerateArray());

        var all = JsonDocument.Parse(await client.GetStringAsync("/r1/VN-QNG/GOV/H48/dan-cu/listMethods")).RootElement.GetProperty("service");
        Assert.Equal(["khac:REST", "tra-cuu:OPENAPI"], all.EnumerateArray().Select(s => $"{s.GetProperty("service_code")}:{s.GetProperty("service_type")}"));
        var mine = JsonDocument.Parse(await client.GetStringAsync("/r1/VN-QNG/GOV/H48/dan-cu/allowedMethods")).RootElement.GetProperty("service");
        Assert.Equal("""[{"method":"GET","path":"/nguoi/*"}]""", Assert.Single(mine.EnumerateArray()).GetProperty("endpoint_list").GetRawText());

        var api = await client.GetAsync("/r1/VN-QNG/GOV/H48/dan-cu/getOpenAPI?serviceCode=tra-cuu");
        var text = await api.Content.ReadAsStringAsync();
        Assert.Equal("application/json", api.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/api/v1", JsonDocument.Parse(text).RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.DoesNotContain("10.0.0.7", text, StringComparison.Ordinal);
        Assert.Equal("server.serverproxy.unknown_service", (await client.GetAsync("/r1/VN-QNG/GOV/H48/dan-cu/getOpenAPI?serviceCode=x")).Headers.GetValues("X-Road-Error").Single());
        Assert.Equal("server.serverproxy.access_denied", (await client.PostAsync("/r1/VN-QNG/GOV/H48/dan-cu/listMethods", null)).Headers.GetValues("X-Road-Error").Single());
        using var stranger = world.Client();
        Assert.Equal(HttpStatusCode.InternalServerError, (await stranger.GetAsync("/listClients")).StatusCode);
    }

    private static async Task<HttpClient> RoadClientAsync(GatewayWorld world)
    {
        var client = await world.TokenClientAsync();
        client.DefaultRequestHeaders.Add("X-Road-Client", Some.Consumer);
        return client;
    }
}
