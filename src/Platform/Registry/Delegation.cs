using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry;

/// <summary>
/// A power one person lends another for a while (R-ORG-05): KT. (a deputy signs for the head), TL. (by order), TUQ. (by authorisation).
/// It ends by itself after its last day, or earlier by a decision; it is never lent on.
/// </summary>
public sealed class Delegation : IVersioned, IPeriod
{
    public required DelegationId Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required UserId Delegator { get; init; }
    public required string DelegatorName { get; init; }
    public required UserId Delegate { get; init; }
    public required string DelegateName { get; init; }
    public required DelegationForm Form { get; init; }

    /// <summary>The roles lent, by name, separated by commas; what they allow is the access table's business.</summary>
    public required string Roles { get; init; }
    public string? Document { get; init; }
    public string? Reason { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public required DateOnly LastDay { get; set; }

    /// <summary>The last day after an early end; it can only come before <see cref="LastDay"/>.</summary>
    public DateOnly? EndedOn { get; private set; }

    /// <summary>The instant of an early end: it takes effect at once, not at midnight.</summary>
    public DateTimeOffset? EndedAt { get; private set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; private set; }

    DateOnly? IPeriod.ValidTo => LastDay;

    public IReadOnlyList<Role> RoleList => [.. Roles.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)];

    public bool IsActive(DateOnly day) => EndedAt is null && ValidFrom <= day && day <= LastDay;

    /// <summary>The unit it belongs to ends: no power outlives it.</summary>
    public void CutTo(DateOnly lastDay) => LastDay = lastDay < ValidFrom ? ValidFrom : lastDay;

    public Refusal? End(DateTimeOffset now)
    {
        if (EndedAt is not null || Vietnamese.DayOf(now) > LastDay) return RegistryRefusals.DelegationOver(Id);
        (EndedAt, EndedOn) = (now, Vietnamese.DayOf(now));
        return null;
    }
}
