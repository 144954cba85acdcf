using LienThong.Platform.Storage;

namespace LienThong.Platform.Exchange;

/// <summary>
/// The fixed part of something in the register. What is said about it stands in rows that only grow (<see cref="ExchangeEvent"/>, revisions), so
/// the head holds nothing that could be overwritten: only the number of the last write that concerned it, by which a stale form is told apart.
/// </summary>
public abstract class ExchangeThing : IVersioned
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Number of the last write that concerned it; readers load what has a newer one.</summary>
    public long Stamp { get; set; }

    /// <summary>Rises with every write; the version a person saw travels with the form.</summary>
    public int Version { get; private set; }
}

/// <summary>One row that says something once and for ever: who said it, when, in which write.</summary>
public abstract class ExchangeSaying
{
    public required long Stamp { get; init; }

    /// <summary>1, 2, 3 … within its thing.</summary>
    public required int Number { get; init; }
    public required DateTimeOffset At { get; init; }
    public required LienThong.Kernel.UserId By { get; init; }
    public required string ByName { get; init; }
    public required LienThong.Kernel.OrgUnitId ByUnit { get; init; }
}
