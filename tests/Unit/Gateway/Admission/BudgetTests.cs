using System.Net;
using System.Text.Json;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Routes;
using Xunit;

namespace LienThong.Unit.Gateway.Admission;

/// <summary>Issue 3 B.2, exchange.md 6 item 8: budgets of agency, system and agreement, exact on one node, in memory that does not grow.</summary>
public sealed class BudgetTests
{
    private const long Second = 1_000_000_000;
    private static readonly BudgetDay Today = new(20_000, 3_600 * Second);

    [Fact]
    public void A_rate_gives_exactly_its_burst_at_once_and_then_its_rate()
    {
        var budget = Budget.Of(new QuotaEntry("a", 10, 5, 0), null);
        Assert.Equal(5, Count(budget, 1_000 * Second, 100));
        // 100 ms buy one call.
        Assert.Equal(0, Count(budget, 1_000 * Second + 99_000_000, 100));
        Assert.Equal(1, Count(budget, 1_000 * Second + 100_000_000, 100));
        // An hour later the burst is back, and no more than the burst.
        Assert.Equal(5, Count(budget, 4_600 * Second, 100));
        Assert.False(budget.TryTake(4_600 * Second, Today, out var answer));
        Assert.Equal((0, 100_000_000), (answer.Remaining, answer.Nanoseconds));
    }

    [Fact]
    public void Over_a_long_time_it_is_exact_to_one_call_also_with_many_threads()
    {
        var budget = Budget.Of(new QuotaEntry("a", 1_000, 50, 0), null);
        var granted = 0;
        // Ten seconds of attempts, every tenth of a millisecond from each of four threads.
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0L; i < 100_000; i++)
            {
                if (budget.TryTake(1_000 * Second + i * 100_000, Today, out var _)) Interlocked.Increment(ref granted);
            }
        });
        // Threads that lag behind see an earlier time and are given nothing twice.
        Assert.InRange(granted, 1, 10 * 1_000 + 50);
        var after = Count(budget, 1_000 * Second + 10 * Second, 1_000);
        Assert.InRange(granted + after, 10 * 1_000, 10 * 1_000 + 50);
    }

    [Fact]
    public void A_day_has_its_quota_the_next_day_another_and_a_clock_put_back_gives_nothing_twice()
    {
        var budget = Budget.Of(new QuotaEntry("a", 0, 0, 100), null);
        Assert.Equal(100, Count(budget, Second, 500));
        Assert.False(budget.TryTake(Second, Today, out var answer));
        Assert.True(answer.IsDay);
        Assert.Equal(3_600 * Second, answer.Nanoseconds);
        Assert.False(budget.TryTake(Second, new BudgetDay(19_999, Second), out _));
        Assert.True(budget.TryTake(Second, new BudgetDay(20_001, Second), out _));
        Assert.False(budget.TryTake(Second, Today, out _) && Count(budget, Second, 500) > 98);
    }

    [Fact]
    public void The_day_changes_at_midnight_of_Vietnam()
    {
        var before = BudgetDay.Of(new DateTimeOffset(2026, 11, 22, 16, 59, 59, TimeSpan.Zero));
        var after = BudgetDay.Of(new DateTimeOffset(2026, 11, 22, 17, 0, 0, TimeSpan.Zero));
        Assert.Equal(1, after.Number - before.Number);
        Assert.Equal((Second, 86_400 * Second), (before.NanosecondsLeft, after.NanosecondsLeft));
    }

    [Fact]
    public void A_new_snapshot_changes_what_is_allowed_and_not_what_was_used()
    {
        var budget = Budget.Of(new QuotaEntry("a", 0, 0, 100), null);
        Assert.Equal(60, Count(budget, Second, 60));
        var raised = Budget.Of(new QuotaEntry("a", 0, 0, 150), budget);
        Assert.Equal(90, Count(raised, Second, 500));
        Assert.Equal(0, Count(Budget.Of(new QuotaEntry("a", 0, 0, 10), raised), Second, 500));
    }

    [Fact]
    public async Task Each_level_limits_and_a_call_that_one_level_refuses_costs_the_others_nothing()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with
        {
            Agreements = [s.Agreements[0] with { QuotaPerDay = 5 }, s.Agreements[0] with { Number = "06/TT-QNG", Service = "dan-cu/khac", QuotaPerDay = 100 }],
            Services = [s.Services[0], s.Services[0] with { Code = "dan-cu/khac", ServiceCode = "khac" }],
            Quotas = new() { Organisations = [new("H48.05", 0, 0, 8)], Subsystems = [new(Some.Consumer, 0, 0, 20)] },
        });
        using var client = await world.TokenClientAsync();
        async Task<(int, string)> Call(string service)
        {
            var answer = await client.GetAsync($"/dan-cu/{service}/nguoi/1");
            return ((int)answer.StatusCode, answer.StatusCode is HttpStatusCode.OK ? answer.Headers.GetValues("RateLimit").Single() : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!);
        }

        for (var left = 4; left >= 0; left--)
        {
            var (status, limit) = await Call("tra-cuu");
            Assert.Equal(200, status);
            Assert.StartsWith($"\"day\";r={left};t=", limit, StringComparison.Ordinal);
        }

        var refused = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
        Assert.Equal("\"day\";q=5;w=86400", refused.Headers.GetValues("RateLimit-Policy").Single());
        // The agency had 8 and 5 are used: the refused calls took nothing from it.
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await Call("khac")).Item1);
        Assert.Equal((429, "the daily quota of the agency is used up"), await Call("khac"));
        Assert.Contains(await world.EntriesAsync(), e => e.GetProperty("kind").GetString() == "refused" && e.GetProperty("fault").GetString() == "quota_exceeded");
    }

    [Fact]
    public async Task A_restart_does_not_give_the_quota_of_the_day_out_again()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Agreements = [s.Agreements[0] with { QuotaPerDay = 5 }] });
        using (var client = await world.TokenClientAsync())
        {
            for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        }

        await world.StopGatewayAsync();
        await world.StartGatewayAsync();
        using var again = await world.TokenClientAsync();
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await again.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
    }

    [Fact]
    public async Task More_calls_at_a_time_than_the_service_takes_are_answered_503_and_the_room_is_given_back()
    {
        var held = new TaskCompletionSource();
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Services = [s.Services[0] with { ConcurrentMax = 3 }] });
        world.Provider = _ => held.Task;
        using var client = await world.TokenClientAsync();
        var first = Enumerable.Range(0, 3).Select(_ => client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).ToArray();
        var service = world.Gateway.Routes.Current!.ByPath("/dan-cu/tra-cuu", out _)!;
        while (service.Slots.Taken < 3) await Task.Yield();
        var refused = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "service_busy"), (refused.StatusCode, GatewayWorld.Code(await refused.Content.ReadAsStringAsync())));
        Assert.NotNull(refused.Headers.RetryAfter);
        held.SetResult();
        foreach (var call in first) Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        Assert.Equal(0, service.Slots.Taken);
    }

    [Fact]
    public async Task Refusals_of_one_consumer_are_recorded_up_to_a_limit_so_that_nobody_fills_the_log()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = await world.TokenClientAsync();
        for (var i = 0; i < 400; i++) Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/no/such/service")).StatusCode);
        Assert.InRange((await world.EntriesAsync()).Count, 200, 399);
    }

    private static int Count(Budget budget, long now, int attempts) => Enumerable.Range(0, attempts).Count(_ => budget.TryTake(now, Today, out var _));
}
