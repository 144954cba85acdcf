using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// Two gateways behind HAProxy, their control plane on PostgreSQL (issue 3, "What it must show"): one is killed under load and no idempotent call fails, the quota of
/// the day holds over both, and a right that is taken away is closed on both within five seconds.
/// </summary>
public sealed class SeveralGatewaysJourneys
{
    private const int Quota = 600;

    [Fact]
    public async Task One_of_two_gateways_is_killed_and_nobody_notices_but_the_quota_and_a_stop_hold_on_both()
    {
        Assert.SkipUnless(RunningApp.HasPostgres, "No PostgreSQL server was given (LIENTHONG_TEST_DB).");
        await using var provider = Provider();
        await provider.StartAsync();
        await using var control = await RunningApp.StartAsync("serve", ["--local", "--no-gateway"], postgres: true);
        await using var province = await SharingProvince.StartAsync(control);
        await province.AgreeAsync("dat-dai/thua-dat", provider.Urls.First(), Quota);
        var second = await province.AgreeAsync("dat-dai/quy-hoach", provider.Urls.First(), 1_000_000);
        await using var one = await OneGateway.JoinAsync(control, "cong-1");
        await using var two = await OneGateway.JoinAsync(control, "cong-2");
        await using var balancer = await Balancer.StartAsync(one.Port, two.Port);

        // A token of either is good at both: each signs with its own key, and the routes name both.
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{balancer.Port}"), Timeout = TimeSpan.FromSeconds(30) };
        using var aside = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var token = await GatewayToken.AskAsync(aside, one.Address, OneGateway.Issuer, SharingProvince.Consumer, province.Key);
        foreach (var client in new[] { http, aside }) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await UntilAsync(async () => await StatusAsync(aside, two, "dat-dai/quy-hoach") is HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the second gateway accepts the first one's token");

        var answers = new ConcurrentBag<int>();
        var done = 0;
        var callers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            for (var refused = 0; refused < 3;)
            {
                using var answer = await http.GetAsync(new Uri("/dat-dai/thua-dat/thua-dat/1", UriKind.Relative));
                answers.Add((int)answer.StatusCode);
                Interlocked.Increment(ref done);
                if (answer.StatusCode is HttpStatusCode.TooManyRequests) refused++;
                else Assert.Equal("""{"soTo":7}""", await answer.Content.ReadAsStringAsync());     // What the agreement does not name never leaves.
            }
        })).ToArray();
        while (Volatile.Read(ref done) < Quota / 3) await Task.Delay(5);
        await one.KillAsync();
        while (Volatile.Read(ref done) < Quota * 2 / 3) await Task.Delay(5);
        await one.StartAsync();
        await Task.WhenAll(callers);
        Assert.DoesNotContain(answers, a => a is not 200 and not 429);
        Assert.InRange(answers.Count(a => a == 200), Quota * 99 / 100, Quota);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(aside, one, "dat-dai/thua-dat"));

        // A stop reaches both, and only that right closes.
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(aside, one, "dat-dai/quy-hoach"), await StatusAsync(aside, two, "dat-dai/quy-hoach")));
        var stopped = Stopwatch.StartNew();
        await province.SuspendAsync(second);
        foreach (var gateway in new[] { one, two }) await UntilAsync(async () => await StatusAsync(aside, gateway, "dat-dai/quy-hoach") is HttpStatusCode.Forbidden, TimeSpan.FromSeconds(5), "the stopped agreement is closed");
        Assert.InRange(stopped.Elapsed.TotalSeconds, 0, 5);

        // A revoked key takes its tokens with it.
        await province.RevokeAsync(province.Credential);
        foreach (var gateway in new[] { one, two }) await UntilAsync(async () => await StatusAsync(aside, gateway, "dat-dai/thua-dat") is HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10), "the revoked key opens nothing");
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

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, OneGateway gateway, string service)
    {
        using var answer = await http.GetAsync(new Uri($"{gateway.Address}/{service}/thua-dat/1"));
        return answer.StatusCode;
    }

    internal static async Task UntilAsync(Func<Task<bool>> reached, TimeSpan limit, string what)
    {
        var begun = Stopwatch.StartNew();
        while (!await reached())
        {
            Assert.True(begun.Elapsed < limit, $"Not within {limit.TotalSeconds} s: {what}.");
            await Task.Delay(50);
        }
    }
}
