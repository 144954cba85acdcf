using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Storage;
using LienThong.Unit.Exchange;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Monitoring;

/// <summary>Figures of connections against numbers computed by hand (R-MON-01, 03, 05).</summary>
public sealed class MeasureTests : IAsyncLifetime
{
    private TestPlatform _platform = null!;
    private NodeLog _log = null!;
    private AgreementId _agreement;
    private string _code = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Period Today => Period.LastDay(_platform.Clock.GetUtcNow());

    [Fact]
    public async Task A_fixed_log_of_a_thousand_calls_gives_the_numbers_computed_by_hand()
    {
        await ReplayAsync();
        var view = (await _platform.As<FindConnections>(ExchangeWorld.StandingBody).HandleAsync(Today, Cancellation)).Expect();
        var all = view.All;
        Assert.Equal((1_000L, 700L, 100L, 80L, 50L, 40L, 10L, 20L), (all.Calls, all.Success, all.Of(CallEnd.Business), all.Of(CallEnd.Policy), all.Of(CallEnd.Provider), all.Of(CallEnd.Transport), all.Of(CallEnd.Caller), all.Unknown));
        Assert.Equal((0.7m, 110L, 850L), (all.SuccessShare!.Value, all.Failures, all.Answered));
        Assert.Equal((1, 1), (view.Granted, view.Live));

        // 80 × 1 ms, 630 × 20, 100 × 30, 10 × 60, 70 × 400, 50 × 900, 40 × 5000: the 490th, the 931st, the 971st, at the upper edge of their buckets.
        Assert.Equal((980L, 21, 959, 5_119), (all.Latencies.Count, all.Latencies.Percentile(0.5)!.Value, all.Latencies.Percentile(0.95)!.Value, all.Latencies.Percentile(0.99)!.Value));

        // Half a percent may fail: 5 of 1000. 110 did: 22 times what was allowed.
        Assert.Equal(-21m, all.BudgetLeft(view.Target));

        var row = Assert.Single(view.Rows);
        Assert.Equal((970L, 50L, _code), (row.Tally.Calls, row.Tally.Of(CallEnd.Policy), row.Fact.Code));
        Assert.Equal(ConnectionHealth.Failing, row.Health);   // 110 failures where 4,85 were allowed: neither steady nor merely slow.
        var attempt = Assert.Single(view.Attempts);
        Assert.Equal((30L, "Trung tâm Phục vụ hành chính công tỉnh"), (attempt.Tally.Calls, attempt.ConsumerName));
        Assert.Contains((CallEnd.Policy, "quota_exceeded", 50L), all.Causes);
        Assert.Contains((CallEnd.Transport, "provider_timeout", 40L), all.Causes);
        Assert.Contains((CallEnd.Provider, "http_error", 20L), all.Causes);
        Assert.Contains((CallEnd.Provider, "", 30L), all.Causes);
        Assert.Equal([500L, 500L], view.Hours.Select(h => h.Tally.Calls));
    }

    [Fact]
    public async Task Every_figure_opens_to_exactly_the_calls_it_counts()
    {
        await ReplayAsync();
        var find = _platform.As<FindCalls>(ExchangeWorld.StandingBody);
        foreach (var (end, count) in new[] { (CallEnd.Success, 700), (CallEnd.Business, 100), (CallEnd.Policy, 80), (CallEnd.Provider, 50), (CallEnd.Transport, 40), (CallEnd.Caller, 10), (CallEnd.Open, 20) })
        {
            var page = (await find.HandleAsync(new() { Period = Today, End = end }, Cancellation)).Expect();
            Assert.Equal((count, Math.Min(count, FindCalls.PageSize)), (page.Total, page.Rows.Count));
        }

        Assert.Equal(30, (await find.HandleAsync(new() { Period = Today, WithoutAgreement = true }, Cancellation)).Expect().Total);
        Assert.Equal(50, (await find.HandleAsync(new() { Period = Today, Fault = "quota_exceeded", Agreement = _code }, Cancellation)).Expect().Total);
        Assert.Equal(0, (await find.HandleAsync(new() { Period = Today.Before }, Cancellation)).Expect().Total);
        var some = (await find.HandleAsync(new() { Period = Today, End = CallEnd.Transport }, Cancellation)).Expect().Rows[7];
        Assert.Equal(some, Assert.Single((await find.HandleAsync(new() { Call = some.Call }, Cancellation)).Expect().Rows));
        Assert.Equal(1_000, (await find.AllAsync(new() { Period = Today }, Cancellation)).Expect().Count);
        Assert.All((await find.AllAsync(new() { Period = Today, End = CallEnd.Open }, Cancellation)).Expect(), c => Assert.True(c.IsUnknown));
    }

    [Fact]
    public async Task Each_side_sees_its_connections_and_a_stranger_none_of_the_calls()
    {
        await ReplayAsync();
        foreach (var side in new[] { ExchangeWorld.LandHead, ExchangeWorld.OneStopHead })
        {
            Assert.Equal(1_000L, (await _platform.As<FindConnections>(side).HandleAsync(Today, Cancellation)).Expect().All.Calls);
        }

        var stranger = (await _platform.As<FindConnections>(ExchangeWorld.Stranger).HandleAsync(Today, Cancellation)).Expect();
        Assert.Equal((0L, 0, 0), (stranger.All.Calls, stranger.Rows.Count, stranger.Attempts.Count));
        Assert.Equal(0, (await _platform.As<FindCalls>(ExchangeWorld.Stranger).HandleAsync(new() { Period = Today }, Cancellation)).Expect().Total);
        var call = (await _platform.As<FindCalls>(ExchangeWorld.LandHead).HandleAsync(new() { Period = Today }, Cancellation)).Expect().Rows[0].Call;
        Assert.Equal("monitoring.call.unknown", (await _platform.As<ShowCall>(ExchangeWorld.Stranger).HandleAsync(call, Cancellation)).Refusal!.Code);
        Assert.Equal("monitoring.connection.unknown", (await _platform.As<ShowConnection>(ExchangeWorld.Stranger).HandleAsync(_agreement, Today, Cancellation)).Refusal!.Code);
        Assert.Equal("monitoring.not-allowed", (await _platform.As<FindConnections>(ExchangeWorld.Admin).HandleAsync(Today, Cancellation)).Refusal!.Code);
    }

    [Fact]
    public async Task A_call_under_way_is_in_no_figure_until_its_term_is_over_and_then_unknown()
    {
        await _log.Calls.OpenAsync(_log.Opening(_code));
        await _log.TakenInAsync();
        var view = (await _platform.As<ShowConnection>(ExchangeWorld.LandHead).HandleAsync(_agreement, Today, Cancellation)).Expect();
        Assert.Equal((0L, 1L, 0L), (view.Tally.Calls, view.Tally.UnderWay, view.Tally.Unknown));
        _platform.Clock.Advance(TimeSpan.FromMinutes(11));
        view = (await _platform.As<ShowConnection>(ExchangeWorld.LandHead).HandleAsync(_agreement, Today, Cancellation)).Expect();
        Assert.Equal((1L, 0L, 1L, 0L), (view.Tally.Calls, view.Tally.UnderWay, view.Tally.Unknown, view.Tally.Success));
    }

    [Fact]
    public async Task The_first_success_makes_a_granted_connection_one_in_use()
    {
        await _log.CallAsync(CallOutcome.Provider, agreement: _code);
        await _log.TakenInAsync();
        await _platform.DrainAsync();
        var book = await _platform.BookAsync();
        Assert.DoesNotContain(book.EventsOf(_agreement.Value), e => e.Kind is ExchangeEventKind.FirstCall);
        await _log.CallAsync(agreement: _code);
        await _log.CallAsync(agreement: _code);
        await _log.TakenInAsync();
        await _platform.DrainAsync();
        Assert.Single((await _platform.BookAsync()).EventsOf(_agreement.Value), e => e.Kind is ExchangeEventKind.FirstCall);
    }

    [Fact]
    public async Task Requests_inside_their_term_are_in_no_denominator_and_stand_apart()
    {
        // Of the fixture: one met. Here: one refused, one overdue, one inside its term, one taken back. R-MON-03.
        var facts = _platform.Services.GetRequiredService<IExchangeFacts>();
        var service = (await facts.ServicesAsync(Cancellation)).Single().Id;
        async Task<SharingRequestId> AskAsync(string system) => await _platform.SentRequestAsync(await _platform.SubsystemAsync(ExchangeWorld.OneStopHead, system, ExchangeUnits.OneStop), service);
        var refused = await AskAsync("a");
        (await _platform.As<AnswerSharing>(ExchangeWorld.LandOwner).RefuseAsync(refused, null, "Ngoài phạm vi", ExchangeWorld.Basis, "1/X", Cancellation)).Expect();
        await AskAsync("b");
        _platform.Clock.Advance(TimeSpan.FromDays(14));
        await AskAsync("c");
        var back = await AskAsync("d");
        (await _platform.As<AskForSharing>(ExchangeWorld.Asker).TakeBackAsync(back, null, "Không cần nữa", Cancellation)).Expect();
        var now = _platform.Clock.GetUtcNow();
        var counts = await facts.RequestsAsync(now.AddDays(-30), now.AddHours(1), Cancellation);
        Assert.Equal(new RequestCounts(5, 1, 1, 1, 1, 1, 1), counts);
        Assert.Equal(3, counts.Decided);
    }

    [Fact]
    public async Task What_the_two_sides_counted_is_compared_with_the_log_day_by_day()
    {
        await ReplayAsync();
        var day = Vietnamese.DayOf(_platform.Clock.GetUtcNow());
        Assert.Equal("monitoring.counts.not-yours", (await _platform.As<CompareCounts>(ExchangeWorld.Stranger).StateAsync($"{_code};{day:d/M/yyyy};1", Cancellation)).Refusal!.Code);
        Assert.Equal([2], (await _platform.As<CompareCounts>(ExchangeWorld.OneStopHead).StateAsync($"{_code};{day:d/M/yyyy};970\nkhông phải", Cancellation)).Refusal!.Arguments.Cast<int>());
        Assert.Equal(1, (await _platform.As<CompareCounts>(ExchangeWorld.OneStopHead).StateAsync($"{_code}; {day:d/M/yyyy}; 970\n\n", Cancellation)).Expect());
        Assert.Equal(1, (await _platform.As<CompareCounts>(ExchangeWorld.LandHead).StateAsync($"{_code}\t{day:yyyy-MM-dd}\t848", Cancellation)).Expect());
        var row = Assert.Single((await _platform.As<CompareCounts>(ExchangeWorld.Auditor).HandleAsync(Today, true, Cancellation)).Expect());
        Assert.Equal((970L, 850L, 20L, 970L, 848L, 0L, -2L), (row.Logged, row.Answered, row.Unknown, row.ByConsumer!.Value, row.ByProvider!.Value, row.ConsumerDifference!.Value, row.ProviderDifference!.Value));
        await _platform.As<CompareCounts>(ExchangeWorld.LandHead).StateAsync($"{_code};{day:d/M/yyyy};850", Cancellation);
        Assert.Empty((await _platform.As<CompareCounts>(ExchangeWorld.Auditor).HandleAsync(Today, true, Cancellation)).Expect());
    }

    [Fact]
    public async Task A_call_is_proven_from_the_log_and_a_value_is_compared_only_by_an_auditor()
    {
        for (var i = 0; i < 300; i++) await _log.CallAsync(agreement: _code);
        var id = await _log.CallAsync(agreement: _code, say: d => d.Add(CallPart.UserId, "VN051203004567"u8));
        await _log.TakenInAsync();
        var proof = (await _platform.As<ShowCall>(ExchangeWorld.LandHead).HandleAsync(id, Cancellation)).Expect();
        Assert.Equal((601L, 602L, _log.Origin, false), (proof.Index, proof.Checkpoint.Size, proof.Origin, proof.MayReveal));
        Assert.True(ProofFile.TryParse(proof.File, out var file));
        Assert.True(NoteKey.TryParse(proof.LogKey, out var key));
        Assert.Equal(proof.Checkpoint, file.Check([key]).Checkpoint);
        Assert.Equal(id.ToString(), proof.Record.Single(f => f.Name == "call").Value);
        Assert.Equal(["userId"], proof.Digests.Select(d => d.Part));

        // The steps as shown lead from the leaf to the root of the checkpoint.
        Assert.True(MerkleHash.TryParse(proof.Leaf, out var hash));
        foreach (var step in proof.Path)
        {
            Assert.True(MerkleHash.TryParse(step.Hash, out var beside));
            hash = step.IsLeft ? MerkleHash.Node(beside, hash) : MerkleHash.Node(hash, beside);
        }

        Assert.Equal(proof.Checkpoint.Root, hash);

        Assert.Equal("monitoring.not-allowed", (await _platform.As<ShowCall>(ExchangeWorld.LandHead).CompareAsync(id, nameof(CallPart.UserId), "VN051203004567", Cancellation)).Refusal!.Code);
        Assert.True((await _platform.As<ShowCall>(ExchangeWorld.Auditor).CompareAsync(id, nameof(CallPart.UserId), "VN051203004567", Cancellation)).Expect());
        Assert.False((await _platform.As<ShowCall>(ExchangeWorld.Auditor).CompareAsync(id, nameof(CallPart.UserId), "VN051203004568", Cancellation)).Expect());
        Assert.Equal("monitoring.reveal.nothing", (await _platform.As<ShowCall>(ExchangeWorld.Auditor).CompareAsync(id, nameof(CallPart.RequestBody), "x", Cancellation)).Refusal!.Code);
        await using var db = await _platform.OpenAsync();
        var records = await db.Audit.Where(a => a.Action == "monitoring.call.compared").ToListAsync(Cancellation);
        Assert.Equal(2, records.Count);
        Assert.DoesNotContain(records, r => r.After!.Contains("051203", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_public_summary_adds_up_and_names_no_consumer()
    {
        await ReplayAsync();
        var summary = await _platform.Services.GetRequiredService<PublicConnections>().HandleAsync(Cancellation);
        Assert.Equal((1, 1, 1_000L, 0.7m), (summary.Granted, summary.Live, summary.Calls, summary.SuccessShare!.Value));
        Assert.Equal(("Tra cứu thửa đất", 1), (Assert.Single(summary.Services).Name, summary.Services[0].Connections));
    }

    /// <summary>700 successes, 100 noes of the provider, 80 refusals (30 without an agreement), 50 wrong answers, 40 unreachable, 10 broken off, 20 without an end; half of each in either hour.</summary>
    private async Task ReplayAsync()
    {
        for (var hour = 0; hour < 2; hour++)
        {
            async Task CallsAsync(int count, CallOutcome outcome, string? fault, Func<int, int> milliseconds)
            {
                for (var i = 0; i < count / 2; i++) await _log.CallAsync(outcome, fault, milliseconds(i), _code);
            }

            await CallsAsync(700, CallOutcome.Success, null, i => i % 10 == 9 ? 400 : 20);
            await CallsAsync(100, CallOutcome.Business, null, _ => 30);
            for (var i = 0; i < 25; i++) await _log.RefuseAsync("quota_exceeded", _code);
            for (var i = 0; i < 15; i++) await _log.RefuseAsync("access_denied", "");
            await CallsAsync(20, CallOutcome.Provider, "http_error", _ => 900);
            await CallsAsync(30, CallOutcome.Provider, null, _ => 900);
            await CallsAsync(40, CallOutcome.Transport, "provider_timeout", _ => 5_000);
            await CallsAsync(10, CallOutcome.Caller, null, _ => 60);
            for (var i = 0; i < 10; i++) await _log.Calls.OpenAsync(_log.Opening(_code));
            await _log.TakenInAsync();
            _platform.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    public async ValueTask InitializeAsync()
    {
        _platform = await ExchangeWorld.StartAsync();
        _log = NodeLog.Open(_platform);
        var service = await _platform.PublishedServiceAsync();
        _agreement = await _platform.AgreementInForceAsync(await _platform.SubsystemAsync(ExchangeWorld.OneStopHead, "mot-cua", ExchangeUnits.OneStop), service);
        _code = (await _platform.BookAsync()).Agreements[_agreement].Code;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _platform.DisposeAsync();
    }
}
