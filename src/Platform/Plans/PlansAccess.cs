using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Plans;

/// <summary>Whose tasks a person may see: all of the province, or those in which one of these units takes part.</summary>
public sealed record TaskScope(bool All, IReadOnlySet<OrgUnitId> Units)
{
    public static TaskScope Everything { get; } = new(true, new HashSet<OrgUnitId>());

    public static TaskScope Nothing { get; } = new(false, new HashSet<OrgUnitId>());

    /// <summary>Same key, same tasks; part of the key of every cached figure.</summary>
    public string Key { get; } = All ? "*" : string.Join(',', Units.Select(u => u.Value).Order());
}

/// <summary>Asks the table of rights for the module's slices, with the tree of today.</summary>
public sealed class PlansAccess(ICurrentUser who, IOrgUnits units, TimeProvider clock)
{
    public CurrentUser User => who.Current;

    public DateOnly Today => WorkCalendar.Today(clock);

    /// <summary>The refusal, or null when this person may.</summary>
    public async Task<Refusal?> DenyAsync(Permission permission, OrgUnitId? unit, CancellationToken cancellationToken)
    {
        if (unit is not { } id) return User.May(permission) && User.ScopeOf(permission).Reach is Reach.Province ? null : PlansRefusals.NotAllowed(permission.ToString());
        if (User.May(permission, id, [])) return null;
        return User.May(permission) && User.May(permission, id, await units.AboveAsync(id, Today, cancellationToken)) ? null : PlansRefusals.NotAllowed(permission.ToString());
    }

    /// <summary>For rights over the whole province: import, issue, assign, review, close.</summary>
    public Refusal? Deny(Permission permission) =>
        User.ScopeOf(permission).Reach is Reach.Province ? null : PlansRefusals.NotAllowed(permission.ToString());

    public async Task<TaskScope> ScopeAsync(Permission permission, CancellationToken cancellationToken)
    {
        var (reach, held) = User.ScopeOf(permission);
        switch (reach)
        {
            case Reach.Province: return TaskScope.Everything;
            case Reach.None: return TaskScope.Nothing;
            case Reach.Own: return new TaskScope(false, held.ToHashSet());
        }

        var all = new HashSet<OrgUnitId>();
        foreach (var unit in held) all.UnionWith(await units.SubtreeAsync(unit, Today, cancellationToken));
        return new TaskScope(false, all);
    }

    /// <summary>The power in whose name it is done, when the right was lent (R-ORG-05); for the audit record.</summary>
    public string? Delegation(Permission permission)
    {
        var grants = User.Grants.Where(g => AccessTable.ReachOf(g.Role, permission) is not Reach.None).ToList();
        return grants.Count > 0 && grants.All(g => g.Delegation is not null) ? "delegation:" + grants[0].Delegation : null;
    }
}
