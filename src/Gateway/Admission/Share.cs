using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Admission;

/// <summary>
/// This node's share of a budget that several nodes keep together: calls it was lent and has not used. Lent in small parts (<see cref="ShareRule"/>), asked for before it
/// runs out, given back when nobody calls.
/// </summary>
internal sealed class Share(ShareKeeper keeper, BudgetLevel level, QuotaEntry quota)
{
    /// <summary>Callers that may stand and wait for milliseconds; more than that are told to come back.</summary>
    private const int WaitingMax = 1_000;

    /// <summary>So that a caller who comes now and then need not wait each time.</summary>
    private const int LeastWanted = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private long _left;
    private long _day;
    private long _notBefore;
    private long _dayLeft = -1;
    private long _rateLeft;
    private int _demand;
    private int _demandSaid;
    private int _demandRested;
    private int _waiting;
    private int _low;
    private double _perSecond;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Totals of this process and day, as they go over the wire.
    private long _leased;
    private long _returned;
    private long _alone;

    public BudgetLevel Level => level;

    public QuotaEntry Quota { get; set; } = quota;

    public string Key => Quota.Key;

    /// <summary>Whether it stands in the queue of the keeper.</summary>
    public int Enlisted;

    public long Day => Volatile.Read(ref _day);

    public long DayLeft => Volatile.Read(ref _dayLeft);

    public bool TryTake(Budget budget, long now, in BudgetDay day, out BudgetAnswer answer)
    {
        Interlocked.Increment(ref _demand);
        while (Volatile.Read(ref _day) == day.Number)
        {
            var left = Volatile.Read(ref _left);
            if (left <= 0) break;
            if (Interlocked.CompareExchange(ref _left, left - 1, left) != left) continue;
            if (left - 1 <= Volatile.Read(ref _low) && now >= Volatile.Read(ref _notBefore)) keeper.Enlist(this);
            answer = new BudgetAnswer(budget, Remaining(left - 1, budget), budget.HasRate ? (long)(budget.Burst / budget.Quota.RatePerSecond * 1e9) : day.NanosecondsLeft, IsDay: false);
            return true;
        }

        var wait = Volatile.Read(ref _notBefore) - now;
        var isDay = Volatile.Read(ref _dayLeft) == 0 && Volatile.Read(ref _day) == day.Number;
        if (wait <= 0) keeper.Enlist(this);
        answer = new BudgetAnswer(budget, 0, isDay ? day.NanosecondsLeft : Math.Max(wait, 1), isDay, wait > 0 ? null : this);
        return false;
    }

    public void GiveBack() => Interlocked.Increment(ref _left);

    public void Expect()
    {
        if (Volatile.Read(ref _left) > 0) return;
        Interlocked.Increment(ref _demand);
        keeper.Enlist(this);
    }

    /// <summary>Waits for an answer, whatever it brings.</summary>
    /// <returns>False when there is no sense in trying again.</returns>
    public async Task<bool> MoreAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            Task more;
            lock (_gate) more = _more.Task;
            keeper.Enlist(this);
            await more.WaitAsync(Patience, cancellationToken);
            return true;
        }
        catch (TimeoutException) { return false; }
        finally { Interlocked.Decrement(ref _waiting); }
    }

    /// <summary>What is said of it in the next question; null when nothing need be said.</summary>
    /// <param name="ahead">For how long the node wants to be provided; zero when it ends.</param>
    public ShareLine? Say(long now, TimeSpan elapsed, TimeSpan ahead)
    {
        lock (_gate)
        {
            if (now < _notBefore) return null;
            var asked = Volatile.Read(ref _demand);
            var demand = asked - _demandSaid;
            _demandSaid = asked;

            // A quick rise is believed at once, a fall by halves.
            var seen = demand / Math.Max(0.01, elapsed.TotalSeconds);
            _perSecond = Math.Max(seen, (seen + _perSecond) / 2);
            var waiting = Math.Min(Volatile.Read(ref _waiting), WaitingMax);
            var wanted = (long)Math.Ceiling(_perSecond * ahead.TotalSeconds) + waiting;
            var want = ahead == TimeSpan.Zero ? 0 : (int)Math.Clamp(wanted - Volatile.Read(ref _left), demand > 0 || waiting > 0 ? LeastWanted : 0, 1_000_000);
            return new ShareLine(level, Key, _day, _leased, _returned, _alone, want, waiting);
        }
    }

    /// <summary>Nobody called for a while: what it holds goes back to where others can have it.</summary>
    public bool Rest()
    {
        lock (_gate)
        {
            var asked = Volatile.Read(ref _demand);
            if (asked != _demandRested || Volatile.Read(ref _waiting) > 0)
            {
                _demandRested = asked;
                return false;
            }

            _perSecond = 0;
            var left = Interlocked.Exchange(ref _left, 0);
            if (left <= 0) return false;
            left = Math.Min(left, _leased - _returned);
            _returned += left;
            return left > 0;
        }
    }

    /// <summary>An answer of the control plane.</summary>
    public void Take(ShareGrant grant, long now)
    {
        lock (_gate)
        {
            if (grant.Day > _day)
            {
                // Yesterday's calls are no use today.
                Interlocked.Exchange(ref _left, 0);
                (_leased, _returned, _alone) = (0, 0, 0);
                Volatile.Write(ref _day, grant.Day);
            }

            var lent = Math.Max(0, grant.Leased - _leased);
            _leased = Math.Max(_leased, grant.Leased);
            Settle(grant, lent, now);
        }
    }

    /// <summary>What the node lends itself while nobody answers.</summary>
    public void TakeAlone(ShareGrant grant, long lent, long now)
    {
        lock (_gate)
        {
            if (grant.Day > _day)
            {
                Interlocked.Exchange(ref _left, 0);
                (_leased, _returned, _alone) = (0, 0, 0);
                Volatile.Write(ref _day, grant.Day);
            }

            _alone += lent;
            Settle(grant, lent, now);
        }
    }

    /// <summary>What it must tell of a time before this process.</summary>
    public void Owe(long day, long alone)
    {
        lock (_gate) (_day, _alone) = (day, alone);
    }

    /// <summary>Somebody else lends from now on: what the last one said of waiting is void.</summary>
    public void AskAnew() => Volatile.Write(ref _notBefore, 0);

    /// <summary>Lets go of whoever waits, to find out for themselves.</summary>
    public void Release()
    {
        TaskCompletionSource done;
        lock (_gate) (done, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        done.TrySetResult();
    }

    private void Settle(ShareGrant grant, long lent, long now)
    {
        Interlocked.Add(ref _left, lent);
        Volatile.Write(ref _low, (int)Math.Min(int.MaxValue, lent / 4));
        Volatile.Write(ref _dayLeft, grant.DayLeft);
        Volatile.Write(ref _rateLeft, grant.RateLeft);
        Volatile.Write(ref _notBefore, grant.WaitNanoseconds > 0 ? now + grant.WaitNanoseconds : 0);
    }

    private long Remaining(long left, Budget budget)
    {
        var day = budget.Quota.QuotaPerDay > 0 ? Volatile.Read(ref _dayLeft) + left : long.MaxValue;
        return budget.HasRate ? Math.Min(day, Math.Min(budget.Burst, left + Math.Min(int.MaxValue, Volatile.Read(ref _rateLeft)))) : day;
    }
}
