using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry;

/// <summary>The head or a focal person of a unit for a period, with the contact that the unit publishes (R-ORG-04, "rõ người").</summary>
public sealed class UnitOfficer : IVersioned, IPeriod
{
    public required Guid Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required OfficerPost Post { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }

    /// <summary>"Giám đốc Sở", "Phó Chánh Văn phòng".</summary>
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? Email { get; init; }

    /// <summary>The person's account, if the person has one.</summary>
    public UserId? Account { get; init; }
    public string? Document { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
    public int Version { get; private set; }
}
