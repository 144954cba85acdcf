using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry;

/// <summary>
/// A class of units that documents name as one body: "các sở, ban, ngành" (T6). Its members are found by rule (kinds, classes it includes)
/// or named one by one, always for a day.
/// </summary>
public sealed class UnitClass : IVersioned, IPeriod
{
    public required UnitClassId Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set => field = VietnameseText.Clean(value); }

    /// <summary>Kinds whose units belong to the class, by name, separated by commas; empty when the class has no such rule.</summary>
    public string Kinds { get; set; } = "";

    /// <summary>Only units directly under this one, when set.</summary>
    public OrgUnitId? Under { get; set; }

    /// <summary>Codes of classes this one is made of, separated by commas.</summary>
    public string Includes { get; set; } = "";

    /// <summary>Words that mean this class inside a longer phrase ("sở", "ban", "ngành"), separated by bars.</summary>
    public string Words { get; set; } = "";

    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
    public string? Source { get; init; }
    public string? Certainty { get; init; }
    public int Version { get; private set; }

    public List<UnitClassMember> Members { get; init; } = [];

    public IEnumerable<OrgUnitKind> KindList => Kinds.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Enum.Parse<OrgUnitKind>);

    public IEnumerable<string> IncludeList => Includes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<string> WordList => Words.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A unit named into a class, or out of it, for a period.</summary>
public sealed class UnitClassMember : IPeriod
{
    public required Guid Id { get; init; }
    public required UnitClassId Class { get; init; }
    public required OrgUnitId Unit { get; init; }

    /// <summary>True when the rule would take the unit in and a decision leaves it out.</summary>
    public bool IsExcluded { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
}
