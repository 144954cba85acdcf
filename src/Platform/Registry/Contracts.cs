using LienThong.Kernel;

namespace LienThong.Platform.Registry.Contracts;

/// <summary>Kinds of bodies of the political system (R-ORG-01). The name, not the kind, is what people read.</summary>
public enum OrgUnitKind
{
    Province, CentralMinistry, Party, State, Department, PeoplesCouncil, FatherlandFront, MassOrganization, Police, Army, PublicUnit, Enterprise,
    Commune, Ward, SpecialZone, District, Other,
}

/// <summary>A unit as it was called and placed on one day.</summary>
/// <param name="IsInTree">False for bodies outside the province (ministries, enterprises): assignable, foreign to the tree.</param>
public sealed record OrgUnitView(
    OrgUnitId Id, string Code, string Name, string ShortName, OrgUnitKind Kind, OrgUnitId? Parent, DateOnly ValidFrom, DateOnly? ValidTo, bool IsInTree, int Order);

/// <summary>A class of units as data: "Các sở, ban, ngành", "UBND các xã, phường, đặc khu" (T6).</summary>
public sealed record UnitClassView(UnitClassId Id, string Code, string Name);

/// <summary>What a name in a document means on a day: one unit, one or several classes, or nothing known.</summary>
/// <param name="Unit">The unit that bore that name.</param>
/// <param name="CurrentUnits">Who answers for it on that day, after mergers and renames; equals the unit itself when it still exists (R-ORG-02).</param>
/// <param name="Confidence">1 = exact official name or alias; below 1 = a likeness that a person should confirm.</param>
public sealed record NameMatch(string AsWritten, OrgUnitView? Unit, IReadOnlyList<OrgUnitView> CurrentUnits, IReadOnlyList<UnitClassView> Classes, double Confidence);

/// <summary>The registry's door. Every question has a date; the answer is the tree and the names of that date.</summary>
public interface IOrgUnits
{
    Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>All units of the tree that exist on that day, in official order. Cached; bounded by the size of a province (a few thousand).</summary>
    Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>Ancestors on that day, nearest first; for <see cref="Shared.CurrentUser.May(Shared.Permission, OrgUnitId, IReadOnlyList{OrgUnitId})"/>.</summary>
    Task<IReadOnlyList<OrgUnitId>> AboveAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>The unit and everything below it on that day.</summary>
    Task<IReadOnlySet<OrgUnitId>> SubtreeAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>Members of the class on that day: who receives an assignment when a task names the class (R-TSK-06).</summary>
    Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>Reads names as documents write them: official names of any time, aliases, abbreviations, with or without diacritics.</summary>
    Task<IReadOnlyList<NameMatch>> MatchAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>The unit that stands for the province itself; right holders with province reach are granted there.</summary>
    Task<OrgUnitView> ProvinceAsync(DateOnly asOf, CancellationToken cancellationToken);
}
