using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Admission;

/// <summary>
/// What one holder (an agency, a system, an agreement) may still call: a rate with a burst, and a number of calls in a day of Vietnam. Two machine words of
/// state, so that memory follows the number of agreements and never the number of addresses that call. The rate is the generic cell rate algorithm: one word
/// holds the instant up to which the budget is spent, and a take moves it on by one interval.
/// </summary>
internal sealed class Budget
{
    private const int CountBits = 40;
    private const long CountMask = (1L << CountBits) - 1;

    private readonly State _state;
    private readonly long _interval;     // nanoseconds one call costs; 0 without a rate
    private readonly long _tolerance;    // nanoseconds the spent instant may lie ahead

    private Budget(QuotaEntry quota, State state)
    {
        if (state.Share is { } share) share.Quota = quota;
        if (quota.RatePerSecond is < 0 or > 1_000_000 || !double.IsFinite(quota.RatePerSecond) || quota.Burst < 0 || quota.QuotaPerDay is < 0 or > CountMask)
            throw new InvalidDataException($"the quota of '{quota.Key}' is out of range");
        (Quota, _state, PolicyHeader) = (quota, state, quota.QuotaPerDay > 0 ? FormattableString.Invariant($"\"day\";q={quota.QuotaPerDay};w=86400") : "");
        if (quota.RatePerSecond <= 0) return;
        _interval = Math.Max(1, (long)(1_000_000_000 / quota.RatePerSecond));
        Burst = quota.Burst > 0 ? quota.Burst : Math.Max(1, (int)Math.Ceiling(quota.RatePerSecond));
        _tolerance = _interval * Burst;
        var window = Math.Max(1, (long)Math.Ceiling(Burst / quota.RatePerSecond));
        PolicyHeader = FormattableString.Invariant($"\"rate\";q={Burst};w={window}") + (PolicyHeader.Length > 0 ? ", " + PolicyHeader : "");
    }

    public QuotaEntry Quota { get; }

    public int Burst { get; }

    /// <summary>The RateLimit-Policy header: so many calls in so many seconds.</summary>
    public string PolicyHeader { get; }

    public bool HasRate => _interval > 0;

    /// <summary>A new snapshot changes what is allowed, never what was already used.</summary>
    /// <param name="shares">Where several nodes keep it together, who asks for this node's share; null: this node has all of it.</param>
    public static Budget Of(QuotaEntry quota, Budget? before, ShareKeeper? shares = null, BudgetLevel level = BudgetLevel.Agreement)
    {
        var state = before?._state ?? new State();
        if (shares is not null && (quota.RatePerSecond > 0 || quota.QuotaPerDay > 0)) state.Share ??= shares.Of(level, quota);
        return new Budget(quota, state);
    }

    private bool IsShared => _state.Share is not null && (_interval > 0 || Quota.QuotaPerDay > 0);

    /// <summary>Takes one call, or says how long to wait. <paramref name="now"/> is monotonic, in nanoseconds.</summary>
    public bool TryTake(long now, in BudgetDay day, out BudgetAnswer answer)
    {
        if (IsShared) return _state.Share!.TryTake(this, now, day, out answer);
        long spent = 0;
        if (_interval > 0)
        {
            while (true)
            {
                var before = Volatile.Read(ref _state.SpentUntil);
                // More ahead than a full burst was written under a larger allowance; what is allowed now decides.
                var from = Math.Clamp(before, now, now + _tolerance);
                spent = from + _interval;
                if (spent - now > _tolerance)
                {
                    answer = new BudgetAnswer(this, 0, spent - now - _tolerance, IsDay: false);
                    return false;
                }

                if (Interlocked.CompareExchange(ref _state.SpentUntil, spent, before) == before) break;
            }
        }

        var remaining = _interval > 0 ? (now + _tolerance - spent) / _interval : long.MaxValue;
        if (Quota.QuotaPerDay > 0)
        {
            while (true)
            {
                var before = Volatile.Read(ref _state.Day);
                // A clock that was put back stays on the later day: the quota of a day is not given out twice.
                var used = before >> CountBits >= day.Number ? before & CountMask : 0;
                if (used >= Quota.QuotaPerDay)
                {
                    if (_interval > 0) Interlocked.Add(ref _state.SpentUntil, -_interval);
                    answer = new BudgetAnswer(this, 0, day.NanosecondsLeft, IsDay: true);
                    return false;
                }

                if (Interlocked.CompareExchange(ref _state.Day, (Math.Max(before >> CountBits, day.Number) << CountBits) | (used + 1), before) == before)
                {
                    remaining = Math.Min(remaining, Quota.QuotaPerDay - used - 1);
                    break;
                }
            }
        }

        answer = new BudgetAnswer(this, remaining, _interval > 0 ? Math.Max(0, spent - now) : day.NanosecondsLeft, IsDay: false);
        return true;
    }

    /// <summary>Undoes one take, for a call that another level then refused.</summary>
    public void GiveBack()
    {
        if (IsShared)
        {
            _state.Share!.GiveBack();
            return;
        }

        if (_interval > 0) Interlocked.Add(ref _state.SpentUntil, -_interval);
        if (Quota.QuotaPerDay > 0) Interlocked.Decrement(ref _state.Day);
    }

    /// <summary>This one will be asked as well: its share can be on the way meanwhile.</summary>
    public void Expect()
    {
        if (IsShared) _state.Share!.Expect();
    }

    /// <summary>Day and calls used in it, to be written down and put back after a restart.</summary>
    public (long Day, long Used) Used => Volatile.Read(ref _state.Day) is var packed ? (packed >> CountBits, packed & CountMask) : default;

    public void PutBack(long day, long used) => Interlocked.CompareExchange(ref _state.Day, (day << CountBits) | Math.Min(used, CountMask), 0);

    private sealed class State
    {
        public long SpentUntil;
        public long Day;
        public Share? Share;
    }
}

/// <summary>The day of Vietnam (UTC+7, no summer time) and what is left of it.</summary>
internal readonly record struct BudgetDay(long Number, long NanosecondsLeft)
{
    private const long Vietnam = 7 * TimeSpan.TicksPerHour;

    public static BudgetDay Of(DateTimeOffset now)
    {
        var ticks = now.UtcTicks + Vietnam;
        return new BudgetDay(ticks / TimeSpan.TicksPerDay, (TimeSpan.TicksPerDay - ticks % TimeSpan.TicksPerDay) * 100);
    }
}

/// <param name="Remaining">Calls left now.</param>
/// <param name="Nanoseconds">Until the budget is whole again, or, when refused, until the next call can be made.</param>
/// <param name="IsDay">Whether the day's quota refused it, not the rate.</param>
/// <param name="Short">The share from which more may come within milliseconds; null when waiting is in vain.</param>
internal readonly record struct BudgetAnswer(Budget Budget, long Remaining, long Nanoseconds, bool IsDay, Share? Short = null);
