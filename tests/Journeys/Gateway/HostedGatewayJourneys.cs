using System.Net;
using System.Net.Sockets;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>The gateway inside <c>serve</c> (issue 3 B): on its own address, with its own log, and never in the way of the pages.</summary>
public sealed class HostedGatewayJourneys
{
    [Fact]
    public async Task Serve_brings_a_gateway_that_is_ready_by_itself_and_one_that_cannot_start_leaves_the_pages_alone()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await using var app = await RunningApp.StartAsync("serve", ["--local", "--gateway", address]);
        using var http = new HttpClient { BaseAddress = app.Address };
        Assert.Equal("ready\ngateway: address-in-use", await http.GetStringAsync(new Uri("health/ready", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        Assert.Contains("Gateway cannot start", app.Said, StringComparison.Ordinal);

        // Whoever holds the port gives it up: the next attempt takes it, without a restart.
        taken.Stop();
        await Waiting.UntilAsync(async () => (await http.GetStringAsync(new Uri("health/ready", UriKind.Relative))).EndsWith("gateway: ok", StringComparison.Ordinal), "The gateway did not start again.");
        using var ready = await http.GetAsync(new Uri($"http://{address}/health/ready"));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var stranger = await http.GetAsync(new Uri($"http://{address}/dat-dai/thua-dat/thua-dat"));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.True(File.Exists(Path.Combine(app.DataFolder, "log", "gateway", "public", "key")));
        Assert.Equal(0, await app.TerminateAsync());
    }
}
