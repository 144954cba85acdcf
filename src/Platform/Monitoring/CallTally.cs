namespace LienThong.Platform.Monitoring;

/// <summary>A stretch of whole hours; until is exclusive. Vietnam's days begin on whole hours of UTC, so days are such stretches too.</summary>
public sealed record Period(DateTimeOffset From, DateTimeOffset Until)
{
    public static Period LastDay(DateTimeOffset now) => new(CallBook.HourOf(now).AddHours(-23), CallBook.HourOf(now).AddHours(1));

    public static Period Month(DateTimeOffset now)
    {
        var day = Kernel.Vietnamese.DayOf(now);
        return new(Kernel.Vietnamese.StartOf(new DateOnly(day.Year, day.Month, 1)), CallBook.HourOf(now).AddHours(1));
    }

    public Period Before => new(From - (Until - From), From);

    public bool Covers(DateTimeOffset instant) => From <= instant && instant < Until;

    /// <summary>A year of hours is what a figure is ever made of at once.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(367);
}

/// <summary>
/// Calls added up, told apart by whose doing their end was. A call without closing is of unknown outcome: it is in the total, and never a success.
/// </summary>
public sealed class CallTally
{
    private readonly Dictionary<(CallEnd End, string Fault), long> _causes = [];

    public long Calls { get; private set; }
    public long RequestBytes { get; private set; }
    public long ResponseBytes { get; private set; }
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Opened so lately that they may still be under way; in no other figure.</summary>
    public long UnderWay { get; private set; }

    public long Success => Of(CallEnd.Success);

    public long Unknown => Of(CallEnd.Open);

    /// <summary>What the exchange and the provider answer for; not what the caller or the agreement is the cause of.</summary>
    public long Failures => Of(CallEnd.Transport) + Of(CallEnd.Provider) + Unknown;

    public decimal? SuccessShare => Calls == 0 ? null : (decimal)Success / Calls;

    /// <summary>Calls that came as far as the provider and were answered by it.</summary>
    public long Answered => Success + Of(CallEnd.Business) + Of(CallEnd.Provider);

    public long Of(CallEnd end) => _causes.Where(c => c.Key.End == end).Sum(c => c.Value);

    /// <summary>Ends and error codes with their counts, the most frequent first.</summary>
    public IReadOnlyList<(CallEnd End, string Fault, long Calls)> Causes => [.. _causes.Where(c => c.Value > 0).OrderByDescending(c => c.Value).Select(c => (c.Key.End, c.Key.Fault, c.Value))];

    /// <summary>The part of the allowed failures that is left; below zero the promise is broken. Null when there were no calls.</summary>
    public decimal? BudgetLeft(decimal target)
    {
        var allowed = Calls * (1 - target);
        return allowed == 0 ? null : 1 - (Failures / allowed);
    }

    internal void Add(CallHour row)
    {
        _causes[(row.End, row.Fault)] = _causes.GetValueOrDefault((row.End, row.Fault)) + row.Calls;
        Calls += row.Calls;
        RequestBytes += row.RequestBytes;
        ResponseBytes += row.ResponseBytes;
        Latencies.Add(row.Latencies);
    }

    internal void TakeOut(long underWay)
    {
        _causes[(CallEnd.Open, "")] = _causes.GetValueOrDefault((CallEnd.Open, "")) - underWay;
        Calls -= underWay;
        UnderWay += underWay;
    }
}
