using System.Net;
using System.Text.Json;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LienThong.Unit.Gateway.Call;

/// <summary>Issue 3 B.4 (iv), T29: the national adapter form, whose caller names the provider's address; only registered ones are reached.</summary>
public sealed class NationalFaceTests
{
    private const string Destination = "VN-QNG:GOV:H48:dan-cu";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("XrdAdapter", false, '/')]
    [InlineData("VXPAdapter", false, ' ')]
    [InlineData("XrdAdapter", true, ' ')]
    public async Task Both_names_and_values_encoded_once_or_twice_reach_the_registered_address(string name, bool twice, char end)
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = http => http.Response.WriteAsJsonAsync(new { path = http.Request.Path.Value, query = http.Request.QueryString.Value, client = http.Request.Headers["X-Road-Client"].ToString() });
        using var client = await world.TokenClientAsync();
        string Encoded(string value) => twice ? Uri.EscapeDataString(Uri.EscapeDataString(value)) : Uri.EscapeDataString(value);
        var answer = await client.GetAsync(new Uri($"/{name}/RestService/forward/nguoi/7?a=1&dstcode={Encoded(Destination)}&providerurl={Encoded(world.ProviderAddress + end.ToString().Trim())}&b=%C4%90", UriKind.Relative), Cancellation);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal((HttpStatusCode.OK, "/nguoi/7", "?a=1&b=%C4%90", Some.Consumer), (answer.StatusCode, body.GetProperty("path").GetString(), body.GetProperty("query").GetString(), body.GetProperty("client").GetString()));
        var entry = (await world.EntriesAsync()).Last(e => e.TryGetProperty("outcome", out _));
        Assert.Equal("success", entry.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task An_address_under_the_registered_one_is_the_beginning_of_the_path_and_rights_are_asked_for_all_of_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = http => http.Response.WriteAsync(http.Request.Path.Value!);
        using var client = await world.TokenClientAsync();
        Assert.Equal("/ho/a/b", await client.GetStringAsync(new Uri($"/XrdAdapter/RestService/forward/b?dstcode={Destination}&providerurl={world.ProviderAddress}/ho/a", UriKind.Relative), Cancellation));
        var denied = await client.GetAsync(new Uri($"/XrdAdapter/RestService/forward/b?dstcode={Destination}&providerurl={world.ProviderAddress}/khac", UriKind.Relative), Cancellation);
        Assert.Equal("access_denied", GatewayWorld.Code(await denied.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Another_address_another_destination_or_a_trick_goes_nowhere()
    {
        await using var world = await GatewayWorld.StartAsync();
        var reached = 0;
        world.Provider = _ => { Interlocked.Increment(ref reached); return Task.CompletedTask; };
        using var client = await world.TokenClientAsync();
        var own = Uri.EscapeDataString(world.ProviderAddress);
        foreach (var (query, code) in new[]
        {
            ($"dstcode={Destination}&providerurl=http://169.254.169.254/latest", "access_denied"),
            ($"dstcode={Destination}&providerurl=http://localhost:1/", "access_denied"),
            ($"dstcode={Destination}&providerurl={own}@evil.example", "invalid_request"),
            ($"dstcode={Destination}&providerurl=http://user:x@{world.ProviderAddress["http://".Length..]}", "invalid_request"),
            ($"dstcode={Destination}&providerurl={own}?x=1", "invalid_request"),
            ($"dstcode={Destination}&providerurl={own}&providerurl=http://evil.example", "invalid_request"),
            ($"dstcode={Destination}&PROVIDERURL=http://evil.example&providerurl={own}", "invalid_request"),
            ($"dstcode={Destination}&providerurl={Uri.EscapeDataString(Uri.EscapeDataString(own))}", "invalid_request"),
            ($"dstcode={Destination}&providerurl=file:///etc/passwd", "invalid_request"),
            ($"dstcode={Destination}", "invalid_request"),
            ($"providerurl={own}", "invalid_request"),
            ($"dstcode=VN-QNG:GOV:H48:khac&providerurl={own}", "unknown_member"),
            ($"dstcode=dan-cu&providerurl={own}", "invalid_request"),
        })
        {
            var answer = await client.GetAsync(new Uri("/XrdAdapter/RestService/forward/nguoi/7?" + query, UriKind.Relative), Cancellation);
            Assert.Equal((query, code), (query, GatewayWorld.Code(await answer.Content.ReadAsStringAsync(Cancellation))));
        }

        foreach (var path in new[] { "/XrdAdapter/RestService/forward/..%2f..%2fnguoi/7", "/XrdAdapter/RestService/forward/nguoi%2f7", "/XrdAdapter/RestService/forwardnguoi/7", "/XrdAdapter/x" })
        {
            Assert.False((await client.GetAsync(new Uri($"{path}?dstcode={Destination}&providerurl={own}", UriKind.Relative), Cancellation)).IsSuccessStatusCode, path);
        }

        Assert.Equal(0, reached);
        using var stranger = world.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri($"/XrdAdapter/RestService/forward/nguoi/7?dstcode={Destination}&providerurl={own}", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Two_services_behind_one_address_are_told_apart_by_what_they_offer()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with
        {
            Services = [s.Services[0], s.Services[0] with { Code = "dan-cu/khac", ServiceCode = "khac", Endpoints = [new("GET", "/khac")] }],
            Agreements = [s.Agreements[0], s.Agreements[0] with { Number = "06/TT-QNG", Service = "dan-cu/khac" }],
        });
        world.Provider = http => http.Response.WriteAsync(http.Request.Headers["X-Road-Service"].ToString());
        using var client = await world.TokenClientAsync();
        foreach (var (path, service) in new[] { ("nguoi/7", "tra-cuu"), ("khac", "khac") })
        {
            Assert.Equal($"{Some.Provider}/{service}", await client.GetStringAsync(new Uri($"/VXPAdapter/RestService/forward/{path}?dstcode={Destination}&providerurl={world.ProviderAddress}", UriKind.Relative), Cancellation));
        }
    }
}
