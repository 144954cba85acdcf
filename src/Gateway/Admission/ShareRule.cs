using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Admission;

/// <summary>The three levels of the budget, in their order.</summary>
public enum BudgetLevel { Organisation, Subsystem, Agreement }

/// <summary>What a node says of one budget. All but the wishes are totals of this process and day, so that saying it twice, or losing the answer, changes nothing.</summary>
/// <param name="Day">The day of Vietnam the totals are of; 0 before the first answer.</param>
/// <param name="Leased">Calls it knows it was lent.</param>
/// <param name="Returned">Calls it gave back unused.</param>
/// <param name="Alone">Calls it lent itself while it could not ask.</param>
/// <param name="Want">How many more it could use soon.</param>
/// <param name="Waiting">How many of those stand at its door now.</param>
public sealed record ShareLine(BudgetLevel Level, string Key, long Day, long Leased, long Returned, long Alone, int Want, int Waiting);

/// <param name="Epoch">Of one process: what an earlier one held is taken as used.</param>
public sealed record ShareRequest(Guid Epoch, IReadOnlyList<ShareLine> Lines)
{
    /// <summary>More budgets in one question than a province has would be somebody else's question.</summary>
    public const int LinesMax = 4_096;
}

/// <param name="Leased">The total lent to this process in that day; what is above what the node knew is new.</param>
/// <param name="DayLeft">What all nodes together may still be lent today; -1 without a quota of the day.</param>
/// <param name="RateLeft">What the rate would still give now.</param>
/// <param name="WaitNanoseconds">Asking before that is in vain; 0: any time.</param>
public sealed record ShareGrant(BudgetLevel Level, string Key, long Day, long Leased, long DayLeft, long RateLeft, long WaitNanoseconds);

/// <param name="Nodes">How many nodes were heard of lately; each may take that part alone when it hears nothing more.</param>
public sealed record ShareAnswer(int Nodes, IReadOnlyList<ShareGrant> Lines);

/// <summary>What is lent of one budget, to all nodes together.</summary>
/// <param name="SpentUntil">Of the rate (generic cell rate): the instant up to which it is spent, in nanoseconds since 1970.</param>
public sealed record ShareLedger(long Day, long Granted, long SpentUntil);

/// <summary>What is lent of one budget to one process of one node, and what it said of it.</summary>
public sealed record ShareLease(Guid Epoch, long Day, long Leased, long Returned, long Alone);

/// <summary>
/// How a budget is lent to nodes so that all of them together keep it: a pure function. A node is lent what it needs for a moment and never more than a small part of
/// what is left, so what a dead node takes with it is small, and the smaller the nearer the end is: within the last hundredths calls are lent one by one.
/// </summary>
public static class ShareRule
{
    /// <summary>All nodes together never hold more unused than a two-hundredth of what is left of a day.</summary>
    private const int HeldPart = 200;

    /// <summary>A budget that is used up is asked for again no sooner than this: soon enough to be felt as at once, seldom enough to cost nothing.</summary>
    private const long RateWait = 50_000_000, DayWait = 2_000_000_000;

    public static (ShareLedger Ledger, ShareLease Lease, ShareGrant Grant) Lend(ShareLedger? ledger, ShareLease? lease, QuotaEntry quota, Guid epoch, ShareLine line, DateTimeOffset at, int nodes)
    {
        ArgumentNullException.ThrowIfNull(quota);
        ArgumentNullException.ThrowIfNull(line);
        var now = (at - DateTimeOffset.UnixEpoch).Ticks * 100;
        var today = BudgetDay.Of(at);
        var day = Math.Max(today.Number, ledger?.Day ?? 0);     // A clock that was put back stays on the later day.
        var granted = ledger?.Day == day ? ledger.Granted : 0;
        if (lease is null || lease.Epoch != epoch || lease.Day != day) lease = new ShareLease(epoch, day, 0, 0, 0);
        var isSameDay = line.Day == day;

        // What it gave back can be lent again; what it took alone is gone, also when that is more than there was.
        var returned = isSameDay ? Math.Clamp(line.Returned, lease.Returned, lease.Leased) : lease.Returned;
        var alone = isSameDay || line.Day == 0 ? Math.Max(line.Alone, lease.Alone) : lease.Alone;
        granted = Math.Max(0, granted - (returned - lease.Returned) + (alone - lease.Alone));
        var back = returned - lease.Returned;

        // An answer that got lost is given again before anything new is lent.
        var want = Math.Clamp(line.Want - (isSameDay ? lease.Leased - line.Leased : lease.Leased), 0, int.MaxValue);
        var dayLeft = quota.QuotaPerDay > 0 ? Math.Max(0, quota.QuotaPerDay - granted) : -1;
        var lent = want;
        if (dayLeft >= 0) lent = Math.Min(Math.Min(lent, dayLeft), Math.Max(1, dayLeft / (HeldPart * Math.Max(1, nodes))) + line.Waiting);
        var spent = ledger?.SpentUntil ?? 0;
        var (rateLeft, wait) = (long.MaxValue, 0L);
        if (quota.RatePerSecond > 0)
        {
            var interval = Math.Max(1, (long)(1_000_000_000 / quota.RatePerSecond));
            var tolerance = interval * (quota.Burst > 0 ? quota.Burst : Math.Max(1, (long)Math.Ceiling(quota.RatePerSecond)));
            spent = Math.Clamp(spent - back * interval, now, now + tolerance);
            var available = (now + tolerance - spent) / interval;
            if (available < lent) wait = Math.Max(RateWait, spent + (available + 1) * interval - now - tolerance);
            // As with the day: what one node holds and does not use, the others miss.
            lent = Math.Min(Math.Min(lent, available), Math.Max(1, available / (2 * Math.Max(1, nodes))) + line.Waiting);
            spent += lent * interval;
            rateLeft = available - lent;
        }

        granted += lent;
        if (dayLeft >= 0)
        {
            dayLeft -= lent;
            if (dayLeft == 0 && lent < want) wait = Math.Max(wait, Math.Min(DayWait, today.NanosecondsLeft));
        }

        lease = lease with { Leased = lease.Leased + lent, Returned = returned, Alone = alone };
        return (new ShareLedger(day, granted, spent), lease, new ShareGrant(line.Level, line.Key, day, lease.Leased, dayLeft, rateLeft, wait));
    }

    /// <summary>The part of a quota that a node takes when it hears nothing of the others.</summary>
    public static QuotaEntry PartOf(QuotaEntry quota, int nodes)
    {
        ArgumentNullException.ThrowIfNull(quota);
        if (nodes <= 1) return quota;
        var burst = quota.Burst > 0 ? quota.Burst : Math.Max(1, (int)Math.Ceiling(quota.RatePerSecond));
        return quota with { RatePerSecond = quota.RatePerSecond / nodes, Burst = quota.RatePerSecond > 0 ? Math.Max(1, burst / nodes) : 0, QuotaPerDay = quota.QuotaPerDay / nodes };
    }
}

/// <summary>Where budgets are lent: the control plane, over the network or in the same process.</summary>
public interface IShareSource
{
    /// <exception cref="IOException">Nobody answers; or another of the ways in which that shows (<see cref="HttpRequestException"/>, a time-out).</exception>
    Task<ShareAnswer> AskAsync(ShareRequest request, CancellationToken cancellationToken);
}
