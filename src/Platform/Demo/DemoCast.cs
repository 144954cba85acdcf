using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Demo;

/// <summary>The simulated people: accounts and grants made through the accounts module, and who acts for which unit.</summary>
internal sealed class DemoCast(IServiceProvider services)
{
    private const string Document = "Quyết định phân công (dữ liệu mô phỏng)";

    private readonly Dictionary<string, CurrentUser> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<OrgUnitId, CurrentUser> _reporters = [];

    public int Count => _byName.Count;

    /// <summary>Units of today by their code.</summary>
    public IReadOnlyDictionary<string, OrgUnitView> Units { get; private set; } = new Dictionary<string, OrgUnitView>();

    /// <summary>The communes that exist today, in official order.</summary>
    public IReadOnlyList<OrgUnitView> Communes => [.. Units.Values.Where(u => u.Kind is OrgUnitKind.Commune or OrgUnitKind.Ward or OrgUnitKind.SpecialZone).OrderBy(u => u.Order).ThenBy(u => u.Code, StringComparer.Ordinal)];

    /// <summary>Departments and those who rank with them, in official order.</summary>
    public IReadOnlyList<OrgUnitView> Departments => [.. Units.Values.Where(u => u.Kind is OrgUnitKind.Department or OrgUnitKind.Police or OrgUnitKind.Army).OrderBy(u => u.Order).ThenBy(u => u.Code, StringComparer.Ordinal)];

    public async Task HireAsync(IReadOnlyList<OrgUnitView> tree, CancellationToken cancellationToken)
    {
        var (scope, create, grant) = Open(tree);
        using var _ = scope;
        foreach (var (persona, unit) in Roles())
        {
            var created = (await create.HandleAsync(new CreateUser.Request { SignInName = persona.SignInName, DisplayName = persona.Name + DemoPeople.Mark, HomeUnit = unit.Id }, CurrentUser.System, cancellationToken)).Expect();
            (await grant.HandleAsync(new GrantRole.Request { User = created.Id, Role = persona.Role, Unit = unit.Id, Document = Document }, CurrentUser.System, cancellationToken)).Expect();
            Learn(persona, unit, created.Id);
        }
    }

    /// <summary>The same people, from a store that has them already.</summary>
    public async Task RecallAsync(IReadOnlyList<OrgUnitView> tree, CancellationToken cancellationToken)
    {
        using var scope = Open(tree).Scope;
        await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(cancellationToken);
        var ids = await db.Users.ToDictionaryAsync(u => u.SignInName, u => u.Id, cancellationToken);
        foreach (var (persona, unit) in Roles())
        {
            if (ids.TryGetValue(persona.SignInName, out var id)) Learn(persona, unit, id);
        }
    }

    /// <summary>
    /// An account nobody used for months is shut (a rule of the accounts); the people of a demo that lay in a drawer were away no longer than
    /// the demo itself.
    /// </summary>
    public static async Task WelcomeAsync(IDbContextFactory<PlatformDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Users.ExecuteUpdateAsync(s => s.SetProperty(u => u.LastSignInAt, now), cancellationToken);
        db.Record(CurrentUser.System, clock, "demo.welcomed", "demo", "demo");
        await db.SaveChangesAsync(cancellationToken);
    }

    public CurrentUser By(string signInName) => _byName[signInName];

    /// <summary>Who reports for that unit.</summary>
    public CurrentUser For(OrgUnitId unit) => _reporters[unit];

    private (IServiceScope Scope, CreateUser Create, GrantRole Grant) Open(IReadOnlyList<OrgUnitView> tree)
    {
        Units = tree.GroupBy(u => u.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var scope = services.CreateScope();
        return (scope, scope.ServiceProvider.GetRequiredService<CreateUser>(), scope.ServiceProvider.GetRequiredService<GrantRole>());
    }

    private IEnumerable<(DemoPersona Persona, OrgUnitView Unit)> Roles()
    {
        foreach (var persona in DemoPeople.Listed.Concat(DemoPeople.OfTheExchange)) yield return (persona, Units[persona.Unit]);

        // Every department, Party office, mass body and commune has somebody who reports.
        var number = 0;
        foreach (var unit in Units.Values.OrderBy(u => u.Code, StringComparer.Ordinal).Where(u =>
            u.IsInTree && u.Kind is OrgUnitKind.Department or OrgUnitKind.Police or OrgUnitKind.Army or OrgUnitKind.FatherlandFront or OrgUnitKind.MassOrganization or OrgUnitKind.Commune or OrgUnitKind.Ward or OrgUnitKind.SpecialZone))
        {
            number++;
            if (DemoPeople.Listed.Any(p => p.Unit == unit.Code && p.Role is Role.UnitFocal or Role.PartyOffice && p.Unit == unit.Code)) continue;
            var name = VietnameseText.Fold(unit.Code).Replace('.', '-').Replace(' ', '-');
            yield return (new DemoPersona("daumoi." + name + (name.Length < 2 ? "-x" : ""), DemoPeople.FocalName(number), unit.Code, Role.UnitFocal, null), unit);
        }
    }

    private void Learn(DemoPersona persona, OrgUnitView unit, UserId id)
    {
        var person = new CurrentUser(id, persona.Name + DemoPeople.Mark, unit.Id, unit.Name, [new RoleGrant(persona.Role, unit.Id)], null, null);
        _byName[persona.SignInName] = person;
        if (persona.Role is Role.UnitFocal or Role.PartyOffice) _reporters[unit.Id] = person;
    }
}

/// <summary>The list of the one-click sign-in page of the demo, in the order of the cast.</summary>
public sealed class DemoSignIn(IDbContextFactory<PlatformDb> databases, IOrgUnits units, TimeProvider clock) : IDemoSignIn
{
    public async Task<IReadOnlyList<DemoPerson>> PeopleAsync(CancellationToken cancellationToken)
    {
        var names = DemoPeople.Listed.Select(p => p.SignInName).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var accounts = await db.Users.AsNoTracking().Where(u => names.Contains(u.SignInName)).Select(u => new { u.SignInName, u.Id, u.DisplayName, u.HomeUnit }).ToListAsync(cancellationToken);
        var today = WorkCalendar.Today(clock);
        var people = new List<DemoPerson>();
        foreach (var persona in DemoPeople.Listed)
        {
            if (accounts.FirstOrDefault(a => a.SignInName == persona.SignInName) is not { } account) continue;
            var unit = await units.FindAsync(account.HomeUnit, today, cancellationToken);
            people.Add(new DemoPerson(account.Id, account.DisplayName, persona.RoleName ?? "", unit?.Name ?? ""));
        }

        return people;
    }
}
