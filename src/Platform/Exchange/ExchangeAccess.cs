using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>Whose sharing a person may see: all, or that in which one of these units is provider or consumer.</summary>
public sealed record SharingScope(bool All, IReadOnlySet<OrgUnitId> Units)
{
    public bool Holds(OrgUnitId unit) => All || Units.Contains(unit);

    public bool IsEmpty => !All && Units.Count == 0;
}

/// <summary>Asks the table of rights for the module's slices, with the tree of today.</summary>
public sealed class ExchangeAccess(ICurrentUser who, IOrgUnits units, TimeProvider clock)
{
    public CurrentUser User => who.Current;

    public DateOnly Today => WorkCalendar.Today(clock);

    public async Task<bool> MayAsync(Permission permission, OrgUnitId unit, CancellationToken cancellationToken) =>
        User.May(permission, unit, []) || (User.May(permission) && User.May(permission, unit, await units.AboveAsync(unit, Today, cancellationToken)));

    public async Task<Refusal?> DenyAsync(Permission permission, OrgUnitId unit, CancellationToken cancellationToken) =>
        await MayAsync(permission, unit, cancellationToken) ? null : ExchangeRefusals.NotAllowed(permission.ToString());

    /// <summary>For rights over the whole province.</summary>
    public Refusal? Deny(Permission permission) => User.ScopeOf(permission).Reach is Reach.Province ? null : ExchangeRefusals.NotAllowed(permission.ToString());

    public async Task<SharingScope> ScopeAsync(Permission permission, CancellationToken cancellationToken)
    {
        var all = new HashSet<OrgUnitId>();
        foreach (var grant in User.Grants)
        {
            switch (AccessTable.ReachOf(grant.Role, permission))
            {
                case Reach.Province: return new SharingScope(true, all);
                case Reach.Own: all.Add(grant.Unit); break;
                case Reach.Subtree: all.UnionWith(await units.SubtreeAsync(grant.Unit, Today, cancellationToken)); break;
            }
        }

        return new SharingScope(User.IsSystem, all);
    }

    /// <summary>
    /// Whether this person speaks for an enterprise only: then what is offered to agencies alone does not exist for them (R-SHR-13). Whoever also
    /// holds a role in an agency sees as the agency does.
    /// </summary>
    public async Task<bool> IsEnterpriseAsync(CancellationToken cancellationToken)
    {
        if (User.IsSystem || User.Grants.Count == 0) return false;
        foreach (var grant in User.Grants)
        {
            if (await units.FindAsync(grant.Unit, Today, cancellationToken) is not { Kind: OrgUnitKind.Enterprise }) return false;
        }

        return true;
    }

    public async Task<OrgUnitView?> UnitAsync(OrgUnitId unit, CancellationToken cancellationToken) => await units.FindAsync(unit, Today, cancellationToken);

    /// <summary>Names of units as of today; one that is not known is a dash, so that a list never fails for a name.</summary>
    public async Task<IReadOnlyDictionary<OrgUnitId, string>> NamesAsync(IEnumerable<OrgUnitId> ids, CancellationToken cancellationToken)
    {
        var names = new Dictionary<OrgUnitId, string>();
        foreach (var id in ids.Distinct()) names[id] = (await units.FindAsync(id, Today, cancellationToken))?.Name ?? "–";
        return names;
    }

    /// <summary>The power in whose name it is done, when the right was lent (R-ORG-05).</summary>
    public string? Delegation(Permission permission)
    {
        var grants = User.Grants.Where(g => AccessTable.ReachOf(g.Role, permission) is not Reach.None).ToList();
        return grants.Count > 0 && grants.All(g => g.Delegation is not null) ? "delegation:" + grants[0].Delegation : null;
    }
}
