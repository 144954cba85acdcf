using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LienThong.Unit.Gateway.Call;

/// <summary>R-SHR-04, issue 3 B: authenticated routing from consumer to service on the plain face, every call on record.</summary>
public sealed class PlainFaceTests
{
    [Fact]
    public async Task A_call_with_token_agreement_and_right_reaches_the_provider_and_leaves_an_opening_and_a_closing()
    {
        await using var world = await GatewayWorld.StartAsync();
        string? seen = null;
        world.Provider = async http =>
        {
            seen = string.Join('\n', http.Request.Headers.Select(h => $"{h.Key}: {h.Value}"));
            await http.Response.WriteAsync($"{http.Request.Method} {http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}");
        };
        using var client = await world.TokenClientAsync();
        var answer = await client.GetAsync("/dan-cu/tra-cuu/nguoi/b%C3%ACnh?x=1%2F2");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("GET /nguoi/b%C3%ACnh?x=1%2F2", await answer.Content.ReadAsStringAsync());
        Assert.Contains("X-Road-Client: " + Some.Consumer, seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Road-Issue: 05/TT-QNG", seen, StringComparison.OrdinalIgnoreCase);
        // The token would let the provider call as the consumer.
        Assert.DoesNotContain("Authorization", seen, StringComparison.OrdinalIgnoreCase);

        var entries = await world.EntriesAsync();
        var id = answer.Headers.GetValues("x-road-request-id").Single();
        Assert.Single(entries, e => e.GetProperty("call").GetString() == id && GatewayWorld.IsEnd(e));
        Assert.Equal(("success", "05/TT-QNG", Some.Consumer), (entries[^1].GetProperty("outcome").GetString()!, entries[^1].GetProperty("agreement").GetString()!, entries[^1].GetProperty("consumer").GetString()!));
    }

    [Theory]
    [InlineData("GET", "/dan-cu/tra-cuu/nguoi/1", 200, null)]
    [InlineData("GET", "/dan-cu/tra-cuu/ho/1/2/3", 200, null)]
    [InlineData("DELETE", "/dan-cu/tra-cuu/nguoi/1", 403, "access_denied")]
    [InlineData("GET", "/dan-cu/tra-cuu/khac", 403, "access_denied")]
    [InlineData("GET", "/dan-cu/tra-cuu/nguoi/a%2Fb", 403, "access_denied")]
    [InlineData("GET", "/dan-cu/tra-cuu/ho/%2e%2e/nguoi", 400, "invalid_request")]
    [InlineData("GET", "/dan-cu/khac/nguoi/1", 404, "unknown_service")]
    [InlineData("GET", "/", 404, "unknown_service")]
    public async Task Each_address_is_judged_by_service_and_endpoint(string method, string address, int status, string? code)
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await world.TokenClientAsync();
        var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), Raw(client, address)));
        Assert.Equal(status, (int)answer.StatusCode);
        if (code is null) return;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, GatewayWorld.Code(await answer.Content.ReadAsStringAsync()));
        // A refusal of a known caller is evidence too.
        Assert.Contains(await world.EntriesAsync(), e => e.GetProperty("kind").GetString() == "refused" && e.GetProperty("fault").GetString() == code);
    }

    [Fact]
    public async Task Without_a_credential_nothing_is_told_and_nothing_is_recorded()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var stranger = world.Client();
        foreach (var address in new[] { "/dan-cu/tra-cuu/nguoi/1", "/no/such/service", "/r1/VN-QNG/GOV/H48/dan-cu/tra-cuu/nguoi/1" })
        {
            var answer = await stranger.GetAsync(address);
            Assert.Contains((int)answer.StatusCode, new[] { 401, 500 });
        }

        Assert.Empty(await world.EntriesAsync());
        Assert.Equal(3, world.Gateway.Meters.StrangerCount);
    }

    [Fact]
    public async Task An_expired_agreement_is_closed_by_the_clock_alone_without_a_new_snapshot()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { ValidUntil = s.MadeAt.AddDays(90) });
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        world.Clock.Move(TimeSpan.FromDays(30));
        using var later = await world.TokenClientAsync();
        var answer = await later.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("access_denied", "expired", "policy"), (problem.GetProperty("code").GetString(), problem.GetProperty("reason").GetString(), problem.GetProperty("fault").GetString()));
    }

    [Fact]
    public async Task A_new_snapshot_without_the_agreement_closes_the_next_call_and_an_old_snapshot_put_back_opens_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        var old = await File.ReadAllBytesAsync(world.RoutesFile);
        world.Publish(s => s with { Agreements = [] });
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        await File.WriteAllBytesAsync(world.RoutesFile, old);
        world.Gateway.LookForRoutes();
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        // Nor after a restart: the gateway begins with the last one it took.
        await world.StopGatewayAsync();
        await world.StartGatewayAsync();
        using var again = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await again.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
    }

    [Fact]
    public async Task Without_the_control_plane_it_serves_on_from_its_own_copy_until_the_snapshot_ends()
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.StopGatewayAsync();
        File.Delete(world.RoutesFile);
        await world.StartGatewayAsync();
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        world.Clock.Move(TimeSpan.FromDays(8));
        var answer = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "routes_outdated"), (answer.StatusCode, GatewayWorld.Code(await answer.Content.ReadAsStringAsync())));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_suspended_service_says_so_with_its_notice_and_an_enterprise_stays_out_of_what_is_for_agencies()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Services = [s.Services[0] with { State = LienThong.Gateway.Routes.ServiceState.Suspended, Notice = "maintenance until 5 pm" }] });
        using var client = await world.TokenClientAsync();
        var answer = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("maintenance until 5 pm", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        world.Publish(s => s with { Subsystems = [s.Subsystems[0] with { IsEnterprise = true }, s.Subsystems[1]], Services = [s.Services[0] with { IsAgenciesOnly = true }] });
        answer = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("agencies_only", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>An address that .NET's own client would tidy up goes out as it is.</summary>
    internal static Uri Raw(HttpClient client, string address) => new(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
