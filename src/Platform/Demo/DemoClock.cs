using LienThong.Kernel;

namespace LienThong.Platform.Demo;

/// <summary>The clock of the seeding: set to the moment of each simulated deed, so that slices write the past as they would have then.</summary>
public sealed class DemoClock : TimeProvider
{
    private DateTimeOffset _now;

    public DemoClock(DateTimeOffset start) => _now = start;

    /// <summary>Each question moves it by a millisecond, so that ids made in one deed keep their order.</summary>
    public override DateTimeOffset GetUtcNow() => _now = _now.AddMilliseconds(1);

    public void Set(DateOnly day, TimeOnly hour) => _now = new DateTimeOffset(day, hour, Vietnamese.Offset).ToUniversalTime();
}
