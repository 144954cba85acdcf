using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Unit.Plans;

/// <summary>A small province of its own: a few departments, three communes, two classes with members that change by date.</summary>
internal sealed class FakeOrgUnits : IOrgUnits
{
    public static OrgUnitId Province { get; } = Id(1);
    public static OrgUnitId Office { get; } = Id(2);
    public static OrgUnitId Science { get; } = Id(3);
    public static OrgUnitId Police { get; } = Id(4);
    public static OrgUnitId Home { get; } = Id(5);
    public static OrgUnitId Finance { get; } = Id(6);
    public static OrgUnitId PartyOffice { get; } = Id(7);
    public static OrgUnitId Trade { get; } = Id(8);
    public static OrgUnitId CommuneA { get; } = Id(21);
    public static OrgUnitId CommuneB { get; } = Id(22);
    public static OrgUnitId CommuneC { get; } = Id(23);
    public static UnitClassId Departments { get; } = new(Guid.Parse("00000000-0000-7000-8000-00000000c001"));
    public static UnitClassId Communes { get; } = new(Guid.Parse("00000000-0000-7000-8000-00000000c002"));

    /// <summary>Commune C begins on that day: a member that joins later.</summary>
    public static DateOnly CommuneCFrom { get; } = new(2026, 7, 1);

    private static readonly OrgUnitView[] All =
    [
        Unit(Province, "Ủy ban nhân dân tỉnh", null, OrgUnitKind.Province), Unit(Office, "Văn phòng UBND tỉnh", Province, OrgUnitKind.Department),
        Unit(Science, "Sở Khoa học và Công nghệ", Province, OrgUnitKind.Department), Unit(Police, "Công an tỉnh", Province, OrgUnitKind.Police),
        Unit(Home, "Sở Nội vụ", Province, OrgUnitKind.Department), Unit(Finance, "Sở Tài chính", Province, OrgUnitKind.Department),
        Unit(PartyOffice, "Văn phòng Tỉnh ủy", Province, OrgUnitKind.Party), Unit(Trade, "Sở Công Thương", Province, OrgUnitKind.Department),
        Unit(CommuneA, "UBND xã A", Province, OrgUnitKind.Commune), Unit(CommuneB, "UBND xã B", Province, OrgUnitKind.Commune),
        Unit(CommuneC, "UBND xã C", Province, OrgUnitKind.Commune) with { ValidFrom = CommuneCFrom },
    ];

    private static readonly UnitClassView[] Classes = [new(Departments, "SBN", "Các sở, ban, ngành"), new(Communes, "XPDK", "UBND các xã, phường, đặc khu")];

    public Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All.FirstOrDefault(u => u.Id == id));

    public Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.ValidFrom <= asOf)]);

    public Task<IReadOnlyList<OrgUnitId>> AboveAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OrgUnitId>>(All.FirstOrDefault(u => u.Id == id)?.Parent is { } parent ? [parent] : []);

    public Task<IReadOnlySet<OrgUnitId>> SubtreeAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<OrgUnitId>>(All.Where(u => u.Id == id || u.Parent == id).Select(u => u.Id).ToHashSet());

    public Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.ValidFrom <= asOf && (unitClass == Communes
            ? u.Kind is OrgUnitKind.Commune
            : unitClass == Departments && u.Kind is OrgUnitKind.Department or OrgUnitKind.Police))]);

    public Task<IReadOnlyList<NameMatch>> MatchAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<NameMatch>>([.. names.Select(n => n switch
        {
            "Các sở, ban, ngành, địa phương" => new NameMatch(n, null, [], Classes, 1),
            "Các xã, phường, đặc khu" or "UBND các xã, phường, đặc khu" => new NameMatch(n, null, [], [Classes[1]], 1),
            "Các sở, ban, ngành" => new NameMatch(n, null, [], [Classes[0]], 1),
            _ => All.FirstOrDefault(u => u.Name == n) is { } unit ? new NameMatch(n, unit, [unit], [], 1) : new NameMatch(n, null, [], [], 0),
        })]);

    public Task<IReadOnlyList<UnitClassView>> ClassesAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UnitClassView>>(Classes);

    public Task<IReadOnlyList<OrgUnitView>> CurrentAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.Id == id)]);

    public Task<IReadOnlyList<OrgUnitView>> OutsideAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([]);

    public Task<OrgUnitView> ProvinceAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All[0]);

    private static OrgUnitId Id(int number) => new(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 1]));

    private static OrgUnitView Unit(OrgUnitId id, string name, OrgUnitId? parent, OrgUnitKind kind) => new(id, "", name, name, kind, parent, new DateOnly(2020, 1, 1), null, true, 0);
}
