using LienThong.Kernel;

namespace LienThong.Platform.Registry.Contracts;

/// <summary>Kinds of bodies of the political system (R-ORG-01). The name, not the kind, is what people read.</summary>
public enum OrgUnitKind
{
    Province, CentralMinistry, Party, State, Department, PeoplesCouncil, FatherlandFront, MassOrganization, Police, Army, PublicUnit, Enterprise,
    Commune, Ward, SpecialZone, District, Other,
}

/// <summary>The two schemes of organisation codes (R-ORG-03), and the State's list of administrative units.</summary>
public enum IdentifierScheme
{
    /// <summary>QCVN 102:2016, V1V2V3.Z1Z2.Y1Y2.MX1X2: level 1 rightmost.</summary>
    Qcvn102,

    /// <summary>QĐ 20/2020/QĐ-TTg, at most 35 characters: level 1 leftmost.</summary>
    Qd20,

    /// <summary>Code of the list of administrative units (QĐ 19/2025/QĐ-TTg since 1/7/2025; re-used codes before and after are different units).</summary>
    AdministrativeUnit,
}

public enum SuccessionKind { Merge, Split, Rename, Move, Dissolve }

public enum OfficerPost { Head, Focal }

/// <summary>How a document is signed for somebody else: KT., TL., TUQ. (NĐ 30/2020/NĐ-CP).</summary>
public enum DelegationForm { Deputy, ByOrder, ByAuthority }

public enum ExternalAccountStatus { Active, Suspended, Revoked }

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
public sealed record NameMatch(string AsWritten, OrgUnitView? Unit, IReadOnlyList<OrgUnitView> CurrentUnits, IReadOnlyList<UnitClassView> Classes, double Confidence)
{
    /// <summary>Units that fit equally well, when the name does not decide ("Son Ha" without marks is Sơn Hà or Sơn Hạ). A person chooses; nobody guesses.</summary>
    public IReadOnlyList<OrgUnitView> Candidates { get; init; } = [];
}

/// <summary>The registry's door. Every question has a date; the answer is the tree and the names of that date.</summary>
public interface IOrgUnits
{
    /// <summary>
    /// The unit as of that day. One that has ended by then is still found, under its last name and with <see cref="OrgUnitView.ValidTo"/> in
    /// the past, because documents go on naming it; one that does not exist yet is not.
    /// </summary>
    Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>All units of the tree that exist on that day, in official order. Cached; bounded by the size of a province (a few thousand).</summary>
    Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>Bodies outside the tree on that day (ministries, enterprises): they can be named and assigned, not ruled.</summary>
    Task<IReadOnlyList<OrgUnitView>> OutsideAsync(DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>All unit classes that hold on that day.</summary>
    Task<IReadOnlyList<UnitClassView>> ClassesAsync(DateOnly asOf, CancellationToken cancellationToken);

    /// <summary>Who answers on that day for this unit: itself, or its successors through mergers and splits; empty when nobody took over.</summary>
    Task<IReadOnlyList<OrgUnitView>> CurrentAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken);

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

/// <summary>The head or focal person of a unit on a day (R-ORG-04).</summary>
public sealed record OfficerView(OrgUnitId Unit, OfficerPost Post, string Name, string? Title, string? Phone, string? Email, UserId? Account);

/// <summary>Who answers for a unit, and which units nobody answers for.</summary>
public interface IOfficers
{
    Task<IReadOnlyList<OfficerView>> OfUnitAsync(OrgUnitId unit, DateOnly asOf, CancellationToken cancellationToken);
}

/// <summary>A power lent, as the sign-in and every request need it: <see cref="Roles"/> in <see cref="Unit"/>, in the name of <see cref="Id"/>.</summary>
public sealed record DelegationView(
    DelegationId Id, OrgUnitId Unit, UserId Delegator, string DelegatorName, IReadOnlyList<Shared.Role> Roles, DelegationForm Form, DateOnly ValidFrom, DateOnly LastDay, string? Document);

/// <summary>
/// Delegations that hold (R-ORG-05). Answered from memory, so it can be asked on every request: that is what makes a right end with its last
/// day, or with the early end of the delegation, and not with the session.
/// </summary>
public interface IDelegations
{
    Task<IReadOnlyList<DelegationView>> ActiveForAsync(UserId user, DateOnly day, CancellationToken cancellationToken);
}

/// <summary>The tree changed: units merged, split, renamed, moved, dissolved or created (then <see cref="From"/> is empty).</summary>
public sealed record UnitsReorganised(string Kind, IReadOnlyList<OrgUnitId> From, IReadOnlyList<OrgUnitId> To, DateOnly Date, string? Document);

/// <summary>A power was lent or taken back: whoever keeps this person's rights in memory reads them again.</summary>
public sealed record DelegationChanged(DelegationId Id, UserId Delegate);

/// <summary>A body or a level of government that law ended on <see cref="Gone"/> (its first day without it), and who does its work since.</summary>
public sealed record EndedBody(string Name, DateOnly Gone, string Successor, string Basis);

/// <summary>Names of bodies as documents write them, before anybody knows which unit is meant.</summary>
public static class BodyNames
{
    /// <summary>Equal for spellings of one name: abbreviations of administration written out, "và" and punctuation dropped, marks dropped.</summary>
    public static string KeyOf(string name) => UnitNameText.KeyOf(name).Bare;

    /// <summary>What law says of that name on that day; null where the body may well be there (R-ORG-02, T12).</summary>
    /// <param name="issuer">Who names it.</param>
    public static EndedBody? EndedOn(string name, DateOnly day, string? issuer) => EndedBodies.Shipped.Find(name, day, issuer);
}
