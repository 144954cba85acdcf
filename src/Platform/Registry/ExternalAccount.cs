using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry;

/// <summary>A system run by others in which units of this province hold accounts: the national system that follows Resolution 57, and so on.</summary>
public sealed class ExternalSystem : IVersioned
{
    public required string Code { get; init; }
    public required string Name { get; set; }
    public string? Operator { get; set; }

    /// <summary>The class whose members must each hold an account; null when nobody must.</summary>
    public UnitClassId? RequiredFor { get; set; }
    public int Version { get; private set; }
}

/// <summary>
/// One account a unit was given in such a system (R-ORG-07). It belongs to the unit, so the record survives a change of staff; it never
/// holds a password, and there is no column for one.
/// </summary>
public sealed class ExternalAccount : IVersioned
{
    public required Guid Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required string System { get; init; }
    public required string AccountName { get; init; }
    public required DateOnly IssuedOn { get; init; }
    public ExternalAccountStatus Status { get; set; }
    public required DateOnly StatusOn { get; set; }
    public string? Document { get; init; }
    public int Version { get; private set; }

    public List<ExternalAccountHolder> Holders { get; init; } = [];
}

/// <summary>Who answers for the account, and in which period.</summary>
public sealed class ExternalAccountHolder : IPeriod
{
    public required Guid Id { get; init; }
    public required Guid Account { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
}
