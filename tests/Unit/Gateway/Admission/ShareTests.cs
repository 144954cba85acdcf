using System.Collections.Concurrent;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Routes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Admission;

/// <summary>Issue 3 B.2, exchange.md 6 item 8: quotas of agency, system and agreement exact to one in a hundred over three nodes; a restart gives nothing twice.</summary>
public sealed class ShareTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-shares-").FullName;
    private readonly FrozenDay _clock = new();

    /// <summary>One day of Vietnam that never ends; time itself runs.</summary>
    private sealed class FrozenDay : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    }

    /// <summary>The rule over a dictionary: what the control plane does over a table.</summary>
    private sealed class Ledger(FrozenDay clock, params QuotaEntry[] quotas) : IShareSource
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, ShareLedger> _ledgers = [];
        private readonly Dictionary<(string Node, string Key), ShareLease> _leases = [];

        public bool IsAway { get; set; }

        public int Nodes { get; set; } = 3;

        public long Granted(string key)
        {
            lock (_gate) return _ledgers[key].Granted;
        }

        public ShareAnswer Ask(string node, ShareRequest request)
        {
            if (IsAway) throw new IOException("away");
            lock (_gate)
            {
                var grants = new List<ShareGrant>();
                foreach (var line in request.Lines)
                {
                    var (ledger, lease, grant) = ShareRule.Lend(_ledgers.GetValueOrDefault(line.Key), _leases.GetValueOrDefault((node, line.Key)), quotas.Single(q => q.Key == line.Key), request.Epoch, line, clock.GetUtcNow(), Nodes);
                    (_ledgers[line.Key], _leases[(node, line.Key)]) = (ledger, lease);
                    grants.Add(grant);
                }

                return new ShareAnswer(Nodes, grants);
            }
        }

        public Task<ShareAnswer> AskAsync(ShareRequest request, CancellationToken cancellationToken) => Task.FromResult(Ask("alone", request));
    }

    /// <summary>What a node hears through: it can be cut.</summary>
    private sealed class Line(string node, Ledger ledger) : IShareSource
    {
        private int _asked;

        public bool IsCut { get; set; }

        /// <summary>Every so many answers get lost on their way back, after the ledger was written.</summary>
        public int LoseEvery { get; set; } = int.MaxValue;

        public async Task<ShareAnswer> AskAsync(ShareRequest request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (IsCut) throw new IOException("cut");
            var answer = ledger.Ask(node, request);
            return Interlocked.Increment(ref _asked) % LoseEvery == 0 ? throw new IOException("lost") : answer;
        }
    }

    private sealed record Node(Line Line, ShareKeeper Keeper, Agreement Agreement);

    private static readonly BudgetDay Today = BudgetDay.Of(new FrozenDay().GetUtcNow());

    private Node Start(string name, Ledger ledger, QuotaEntry agency, QuotaEntry system, QuotaEntry agreement, string? file = null)
    {
        var line = new Line(name, ledger);
        var keeper = new ShareKeeper(line, file ?? Path.Combine(_folder, Path.GetRandomFileName()), _clock, NullLogger.Instance);
        var snapshot = Some.Snapshot(1, _clock.GetUtcNow());
        snapshot = snapshot with
        {
            Agreements = [snapshot.Agreements[0] with { Number = agreement.Key, QuotaPerDay = agreement.QuotaPerDay, RatePerSecond = agreement.RatePerSecond, Burst = agreement.Burst }],
            Quotas = new() { Organisations = [agency], Subsystems = [system] },
        };
        using var upstreams = new LienThong.Gateway.Forward.UpstreamDirectory(_clock);
        var index = new RouteIndex(snapshot, null, upstreams, keeper);
        return new Node(line, keeper, index.ByPath("/dan-cu/tra-cuu", out _)!.Agreements.Single());
    }

    private async Task<bool?> CallAsync(Node node)
    {
        for (var round = 0; round < 50; round++)
        {
            if (Admit.TryTake(node.Agreement, Now, Today, out var answer, out _)) return true;
            if (answer.Short is not { } share) return answer.IsDay ? false : null;
            if (!await share.MoreAsync(TestContext.Current.CancellationToken)) return null;
        }

        return null;
    }

    private long Now => _clock.GetTimestamp() * (1_000_000_000 / _clock.TimestampFrequency);

    [Fact]
    public async Task Three_nodes_under_random_load_with_kills_and_lost_answers_keep_a_quota_of_the_day_to_one_in_a_hundred()
    {
        const int Quota = 20_000;
        QuotaEntry agency = new("H48.05", 0, 0, 30_000), system = new(Some.Consumer, 0, 0, 25_000), agreement = new("05/TT-QNG", 0, 0, Quota);
        var ledger = new Ledger(_clock, agency, system, agreement);
        var dice = new Random(20261122);
        var nodes = Enumerable.Range(0, 3).Select(i => Start($"n{i}", ledger, agency, system, agreement)).ToArray();
        var (granted, born) = (0, 3);
        var dead = new ConcurrentBag<Node>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 9).Select(i => Task.Run(async () =>
        {
            var mine = new Random(i);
            while (!stop.IsCancellationRequested)
            {
                // Each caller prefers a node for a while and then another: loads move.
                var place = mine.Next(3);
                for (var calls = mine.Next(400); calls > 0 && !stop.IsCancellationRequested; calls--)
                {
                    var node = Volatile.Read(ref nodes[place]);
                    var said = await CallAsync(node);
                    // What a killed node would have answered, nobody hears.
                    if (said is true && !node.Line.IsCut && Interlocked.Increment(ref granted) is Quota + 1) await stop.CancelAsync();
                    if (said is false) await Task.Yield();
                }
            }
        })).ToArray();

        // Six kills while the quota runs out: what a node held is gone with it.
        for (var kill = 1; kill <= 6; kill++)
        {
            while (Volatile.Read(ref granted) < kill * 2_800) await Task.Delay(1);
            var place = dice.Next(3);
            nodes[place].Line.IsCut = true;
            dead.Add(nodes[place]);
            var next = Start($"n{born++}", ledger, agency, system, agreement);
            next.Line.LoseEvery = 5;
            Volatile.Write(ref nodes[place], next);
        }

        while (ledger.Granted(agreement.Key) < Quota) await Task.Delay(1);
        var before = -1;
        while (before != Volatile.Read(ref granted))
        {
            before = Volatile.Read(ref granted);
            foreach (var node in nodes) while (await CallAsync(node) is true) Interlocked.Increment(ref granted);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.InRange(granted, Quota * 99 / 100, Quota);
        foreach (var node in nodes.Concat(dead)) await node.Keeper.DisposeAsync();
    }

    [Fact]
    public void Three_nodes_share_a_rate_to_one_in_a_hundred_however_the_load_moves_between_them()
    {
        // Time is counted here, not waited for: twenty seconds in steps of five milliseconds.
        var quota = new QuotaEntry("a", 500, 100, 0);
        var dice = new Random(7);
        ShareLedger? ledger = null;
        var leases = new ShareLease?[3];
        var (left, leased, granted, epochs) = (new long[3], new long[3], 0L, new[] { Guid.CreateVersion7(_clock.GetUtcNow()), Guid.CreateVersion7(_clock.GetUtcNow()), Guid.CreateVersion7(_clock.GetUtcNow()) });
        var start = _clock.GetUtcNow();
        var loads = new double[3];
        for (var step = 0; step < 4_000; step++)
        {
            var at = start.AddMilliseconds(step * 5);
            if (step % 200 == 0) for (var n = 0; n < 3; n++) loads[n] = dice.NextDouble() < 0.3 ? 0 : dice.NextDouble() * 1_500 + 300;
            if (loads.Sum() < 600) loads[0] = 900;     // Always more than the rate: what is admitted is then the rate itself.
            if (step % 1_000 == 999)
            {
                // A kill: the node comes back with nothing.
                var n = dice.Next(3);
                (left[n], leased[n], epochs[n]) = (0, 0, Guid.CreateVersion7(_clock.GetUtcNow()));
            }

            for (var n = 0; n < 3; n++)
            {
                var calls = (int)(loads[n] * 0.005 + dice.NextDouble());
                var line = new ShareLine(BudgetLevel.Agreement, "a", Today.Number, leased[n], 0, 0, (int)Math.Max(0, loads[n] * 0.05 - left[n]), 0);
                (ledger, leases[n], var grant) = ShareRule.Lend(ledger, leases[n], quota, epochs[n], line, at, 3);
                left[n] += grant.Leased - leased[n];
                leased[n] = grant.Leased;
                var taken = Math.Min(calls, left[n]);
                left[n] -= taken;
                granted += taken;
            }
        }

        Assert.InRange(granted, (500 * 20 + 100) * 99 / 100, 500 * 20 + 100);
    }

    [Fact]
    public async Task A_node_that_nobody_answers_takes_its_part_tells_of_it_later_and_a_restart_takes_none_of_it_twice()
    {
        const int Quota = 3_000;
        QuotaEntry agency = new("H48.05", 0, 0, 0), system = new(Some.Consumer, 0, 0, 0), agreement = new("05/TT-QNG", 0, 0, Quota);
        var ledger = new Ledger(_clock, agency, system, agreement);
        var file = Path.Combine(_folder, "shares.alone");
        var node = Start("n", ledger, agency, system, agreement, file);
        var granted = 0;
        while (granted < 300 && await CallAsync(node) is true) granted++;
        var left = Quota - (int)ledger.Granted(agreement.Key);
        var held = (int)ledger.Granted(agreement.Key) - granted;

        // What it holds, and then a third of what was left at the last word; half of that before it is killed.
        node.Line.IsCut = true;
        var alone = 0;
        while (alone < held + left / 6 && await CallAsync(node) is true) alone++;
        Assert.True(node.Keeper.IsAlone);
        await node.Keeper.DisposeAsync();
        var again = Start("n", ledger, agency, system, agreement, file);
        again.Line.IsCut = true;
        while (await CallAsync(again) is true) alone++;
        Assert.InRange(alone, left / 3 * 97 / 100, held + left / 3 + 1);

        // Contact again: what it took is told before anything new is lent, so the day as a whole is kept.
        again.Line.IsCut = false;
        while (again.Keeper.IsAlone) await Task.Delay(5);
        while (await CallAsync(again) is not false) granted++;
        Assert.InRange(granted + alone, Quota * 97 / 100, Quota + 1);
        await again.Keeper.DisposeAsync();
    }

    [Fact]
    public async Task An_orderly_stop_gives_back_what_was_not_used()
    {
        QuotaEntry agency = new("H48.05", 0, 0, 0), system = new(Some.Consumer, 0, 0, 0), agreement = new("05/TT-QNG", 0, 0, 100_000);
        var ledger = new Ledger(_clock, agency, system, agreement);
        var node = Start("n", ledger, agency, system, agreement);
        for (var i = 0; i < 50; i++) Assert.True(await CallAsync(node));
        await node.Keeper.DisposeAsync();
        Assert.Equal(50, ledger.Granted(agreement.Key));
    }

    [Fact]
    public void Saying_it_twice_changes_nothing_and_another_day_begins_whole()
    {
        var quota = new QuotaEntry("a", 0, 0, 1_000);
        var epoch = Guid.CreateVersion7(_clock.GetUtcNow());
        var at = _clock.GetUtcNow();
        var line = new ShareLine(BudgetLevel.Agreement, "a", 0, 0, 0, 0, 5, 5);
        var (ledger, lease, grant) = ShareRule.Lend(null, null, quota, epoch, line, at, 3);
        Assert.Equal((5, 995), (grant.Leased, grant.DayLeft));
        var (twice, _, same) = ShareRule.Lend(ledger, lease, quota, epoch, line, at, 3);
        Assert.Equal((ledger, 5), (twice, same.Leased));

        // What comes back, comes back once.
        var back = line with { Day = grant.Day, Leased = 5, Returned = 3, Want = 0, Waiting = 0 };
        (ledger, lease, _) = ShareRule.Lend(ledger, lease, quota, epoch, back, at, 3);
        (ledger, lease, _) = ShareRule.Lend(ledger, lease, quota, epoch, back, at, 3);
        Assert.Equal(2, ledger.Granted);

        // A node cannot give back more than it was lent.
        (ledger, lease, _) = ShareRule.Lend(ledger, lease, quota, epoch, back with { Returned = 500 }, at, 3);
        Assert.Equal(0, ledger.Granted);
        var (tomorrow, _, fresh) = ShareRule.Lend(new ShareLedger(Today.Number, 1_000, 0), lease, quota, epoch, line, at.AddDays(1), 3);
        Assert.Equal((Today.Number + 1, 5L, 5L), (tomorrow.Day, tomorrow.Granted, fresh.Leased));

        // And a clock that was put back does not give yesterday again.
        var (kept, _, none) = ShareRule.Lend(new ShareLedger(Today.Number + 1, 1_000, 0), null, quota, epoch, line, at, 3);
        Assert.Equal((1_000, 0), (kept.Granted, none.Leased));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
