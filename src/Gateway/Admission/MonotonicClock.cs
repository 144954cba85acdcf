namespace LienThong.Gateway.Admission;

internal static class MonotonicClock
{
    /// <summary>The time budgets are counted in: it never goes back and has no date.</summary>
    public static long GetNanoseconds(this TimeProvider clock) => clock.GetTimestamp() * (1_000_000_000 / clock.TimestampFrequency);
}
