using LienThong.Kernel;

namespace LienThong.Platform.Monitoring;

/// <summary>
/// A stretch of time in which a service answered its probes, or did not. Each probe moves <see cref="LastAt"/>; a change begins a new stretch, and so does
/// a silence of the prober, which counts as neither up nor down.
/// </summary>
public sealed class ServiceHealth
{
    public required DataServiceId Service { get; init; }
    public required DateTimeOffset From { get; init; }
    public required bool IsUp { get; init; }

    /// <summary>The last probe that found it so.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Of the last probe.</summary>
    public int Milliseconds { get; set; }

    /// <summary>Why it is down: refused, timeout, name, tls, status.</summary>
    public string? Cause { get; init; }

    /// <summary>The next stretch began: until then this one lasted.</summary>
    public DateTimeOffset? Until { get; set; }
}

/// <summary>When something that one control plane does for all is next due; whoever moves it on does it.</summary>
public sealed class MonitoringTurn
{
    public required string Name { get; init; }
    public DateTimeOffset NextAt { get; set; }
}

public enum CountSide { Consumer, Provider }

/// <summary>How many calls one side counted under an agreement on one day, to be compared with the log.</summary>
public sealed class CountStated
{
    public required string Agreement { get; init; }
    public required DateOnly Day { get; init; }
    public required CountSide Side { get; init; }
    public long Calls { get; set; }
    public required UserId By { get; set; }
    public required string ByName { get; set; }
    public required DateTimeOffset At { get; set; }
}
