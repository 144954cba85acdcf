using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LienThong.Unit.Gateway.Forward;

/// <summary>Issue 3 B.3, exchange.md 6 item 5: the same Idempotency-Key twice has one effect, also across a restart.</summary>
public sealed class IdempotencyTests
{
    private const string Address = "/dan-cu/tra-cuu/nguoi";

    [Fact]
    public async Task The_second_request_gets_the_first_ones_answer_and_the_provider_is_asked_once_also_after_a_restart()
    {
        var effects = 0;
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = async http =>
        {
            http.Response.StatusCode = 201;
            http.Response.Headers["X-Own"] = "kept";
            await http.Response.WriteAsync($"effect {Interlocked.Increment(ref effects)}");
        };
        for (var round = 0; round < 4; round++)
        {
            if (round == 2)
            {
                await world.StopGatewayAsync();
                await world.StartGatewayAsync();
            }

            using var client = await world.TokenClientAsync();
            var answer = await PostAsync(client, "key-1", "{}");
            Assert.Equal((HttpStatusCode.Created, "effect 1", "kept"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("X-Own").Single()));
            Assert.Equal(round > 0, answer.Headers.Contains("Idempotent-Replayed"));
        }

        using var again = await world.TokenClientAsync();
        Assert.Equal("effect 2", await (await PostAsync(again, "key-2", "{}")).Content.ReadAsStringAsync());
        Assert.Equal(2, effects);
    }

    [Fact]
    public async Task The_same_key_for_something_else_is_refused_and_a_key_of_another_consumer_is_another_key()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(client, "k", "{\"a\":1}")).StatusCode);
        var answer = await PostAsync(client, "k", "{\"a\":2}");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (answer.StatusCode, GatewayWorld.Code(await answer.Content.ReadAsStringAsync())));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(client, new string('k', 256), "{}")).StatusCode);
    }

    [Fact]
    public async Task While_the_first_is_under_way_the_second_is_told_to_wait()
    {
        var held = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var effects = 0;
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = async http =>
        {
            Interlocked.Increment(ref effects);
            reached.TrySetResult();
            await held.Task;
            await http.Response.WriteAsync("done");
        };
        using var client = await world.TokenClientAsync();
        var first = PostAsync(client, "k", "{}");
        await reached.Task;
        var second = await PostAsync(client, "k", "{}");
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_in_progress"), (second.StatusCode, GatewayWorld.Code(await second.Content.ReadAsStringAsync())));
        held.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal("done", await (await PostAsync(client, "k", "{}")).Content.ReadAsStringAsync());
        Assert.Equal(1, effects);
    }

    [Fact]
    public async Task When_nobody_knows_whether_it_took_effect_it_is_not_done_again_and_when_nothing_left_it_is()
    {
        await using var provider = new RawProvider((stream, _) =>
        {
            stream.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            stream.Socket.Close();
            return Task.CompletedTask;
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address);
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(client, "k", "{}")).StatusCode);
        var second = await PostAsync(client, "k", "{}");
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_outcome_unknown"), (second.StatusCode, GatewayWorld.Code(await second.Content.ReadAsStringAsync())));
        Assert.Equal(1, provider.Requests);

        world.Publish(s => s with { Services = [s.Services[0] with { Upstreams = ["http://127.0.0.1:1"] }] });
        for (var i = 0; i < 2; i++) Assert.Equal("network_error", GatewayWorld.Code(await (await PostAsync(client, "k2", "{}")).Content.ReadAsStringAsync()));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }
}
