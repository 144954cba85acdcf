using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry;

/// <summary>Something that holds from a day to a day, both inclusive; no last day means "until further notice".</summary>
public interface IPeriod
{
    DateOnly ValidFrom { get; }
    DateOnly? ValidTo { get; }
}

internal static class Periods
{
    public static bool Covers(this IPeriod period, DateOnly day) => period.ValidFrom <= day && (period.ValidTo is not { } last || day <= last);

    public static bool Overlaps(this IPeriod period, DateOnly from, DateOnly? to) =>
        (period.ValidTo is not { } last || from <= last) && (to is not { } end || period.ValidFrom <= end);
}

/// <summary>
/// A body of the political system for all of its life (R-ORG-01). It is never deleted and its code is never used again: a body that ends
/// keeps its row, its names and its place, so that a report on a past period can still be read. (Cơ quan, đơn vị.)
/// </summary>
public sealed class OrgUnit : IVersioned, IPeriod
{
    public required OrgUnitId Id { get; init; }

    /// <summary>Ours, not the State's: codes of administrative units are re-used by the State and stand in <see cref="OrgUnitIdentifier"/> with their periods.</summary>
    public required string Code { get; init; }

    /// <summary>False for bodies outside the province's tree (ministries, enterprises): they can be named and assigned, not ruled.</summary>
    public required bool IsInTree { get; init; }

    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; private set; }

    /// <summary>Where the record comes from, and how sure it is (S sure, M consistent secondary sources, U uncertain).</summary>
    public string? Source { get; init; }
    public string? Certainty { get; init; }

    /// <summary>Any change to the unit, its names, places, codes or relations; what the feed of changes is ordered by (R-MDM-04).</summary>
    public DateTimeOffset ModifiedAt { get; private set; }
    public int Version { get; private set; }

    public List<OrgUnitName> Names { get; init; } = [];
    public List<OrgUnitPlace> Places { get; init; } = [];
    public List<OrgUnitIdentifier> Identifiers { get; init; } = [];

    /// <summary>Marks the whole unit as changed, so that its version rises with any change of its parts.</summary>
    public void Touch(DateTimeOffset now) => ModifiedAt = now;

    public OrgUnitName? NameOn(DateOnly day) => Names.Find(n => n.Covers(day));

    public OrgUnitPlace? PlaceOn(DateOnly day) => Places.Find(p => p.Covers(day));

    public Refusal? Rename(Guid id, string name, string shortName, OrgUnitKind kind, DateOnly from)
    {
        if (ValidTo is { } end) return RegistryRefusals.UnitEnded(Code, end);
        var last = Names.MaxBy(n => n.ValidFrom);
        if (last is not null && from <= last.ValidFrom) return RegistryRefusals.NotAfterLastChange(Code, last.ValidFrom);
        if (last is not null) last.ValidTo = from.AddDays(-1);
        Names.Add(new OrgUnitName { Id = id, Unit = Id, Name = name, ShortName = shortName, Kind = kind, ValidFrom = from });
        return null;
    }

    public Refusal? Move(Guid id, OrgUnitId? parent, int order, DateOnly from)
    {
        if (ValidTo is { } end) return RegistryRefusals.UnitEnded(Code, end);
        var last = Places.MaxBy(p => p.ValidFrom);
        if (last is not null && from <= last.ValidFrom) return RegistryRefusals.NotAfterLastChange(Code, last.ValidFrom);
        if (last is not null) last.ValidTo = from.AddDays(-1);
        Places.Add(new OrgUnitPlace { Id = id, Unit = Id, Parent = parent, Order = order, ValidFrom = from });
        return null;
    }

    /// <summary>The unit's last day is <paramref name="lastDay"/>; its names, place and codes end with it.</summary>
    public Refusal? End(DateOnly lastDay)
    {
        if (ValidTo is { } end) return RegistryRefusals.UnitEnded(Code, end);
        if (lastDay < ValidFrom) return RegistryRefusals.EndsBeforeItBegins(Code, ValidFrom);
        if (Names.Concat<IPeriod>(Places).Any(p => p.ValidFrom > lastDay)) return RegistryRefusals.NotAfterLastChange(Code, Names.Concat<IPeriod>(Places).Max(p => p.ValidFrom));
        ValidTo = lastDay;
        foreach (var name in Names.Where(n => n.ValidTo is null)) name.ValidTo = lastDay;
        foreach (var place in Places.Where(p => p.ValidTo is null)) place.ValidTo = lastDay;
        foreach (var identifier in Identifiers.Where(i => i.ValidTo is null)) identifier.ValidTo = lastDay < identifier.ValidFrom ? identifier.ValidFrom : lastDay;
        return null;
    }
}

/// <summary>What a unit is called, and what kind of body it is, in one period: a commune that becomes a ward keeps its identity.</summary>
public sealed class OrgUnitName : IPeriod
{
    public required Guid Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }
    public required string ShortName { get; init => field = VietnameseText.Clean(value); }
    public required OrgUnitKind Kind { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
}

/// <summary>Where a unit stands in the tree in one period, and in which official order among its neighbours.</summary>
public sealed class OrgUnitPlace : IPeriod
{
    public required Guid Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required OrgUnitId? Parent { get; init; }
    public required int Order { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
}

/// <summary>A code others gave to the unit, in its scheme and for its period (R-ORG-03). A code means nothing without a date.</summary>
public sealed class OrgUnitIdentifier : IPeriod
{
    public required Guid Id { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required IdentifierScheme Scheme { get; init; }
    public required string Value { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; set; }
}

/// <summary>Another way documents write a unit or a class: "CA tỉnh", "VP UBND tỉnh", "các địa phương". Exactly one of the two is named.</summary>
public sealed class OrgUnitAlias
{
    public required Guid Id { get; init; }
    public OrgUnitId? Unit { get; init; }
    public UnitClassId? Class { get; init; }
    public required string Text { get; init => field = VietnameseText.Clean(value); }

    /// <summary>The folded text, so that the same alias is not entered twice in two spellings.</summary>
    public required string Key { get; init; }
}

/// <summary>
/// How a unit came out of another one (R-ORG-02). A rename or a move names the same unit on both sides, so that the legal document of every
/// change stands in one place; a dissolution without successor has no <see cref="To"/>.
/// </summary>
public sealed class OrgUnitSuccession
{
    public required Guid Id { get; init; }
    public required OrgUnitId From { get; init; }
    public OrgUnitId? To { get; init; }
    public required SuccessionKind Kind { get; init; }

    /// <summary>The part of the old unit that goes to this successor, 0 to 1; null where no document says.</summary>
    public decimal? Share { get; init; }
    public string? Document { get; init; }

    /// <summary>The first day of the new state.</summary>
    public required DateOnly Date { get; init; }
}

/// <summary>A word that changes with every change of the registry, written in the same save; caches of every process compare it.</summary>
public sealed class RegistryStamp
{
    public const int OnlyRow = 1;

    public required int Id { get; init; }
    public required string Value { get; set; }
}
