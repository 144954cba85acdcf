using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;

namespace LienThong.Web.Desk.Accounts;

/// <summary>Roles an administrator may give; citizens hold none and connection accounts are made with their agreement.</summary>
public static class RoleWords
{
    public static IReadOnlyList<Role> Grantable { get; } = [.. Enum.GetValues<Role>().Where(r => r is not (Role.Citizen or Role.ServiceAccount))];
}

/// <summary>Names of units for a page, as they are today; loaded once per request.</summary>
public sealed class UnitNames(IEnumerable<IOrgUnits> registries, TimeProvider clock)
{
    private readonly Dictionary<OrgUnitId, string> _names = [];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        foreach (var registry in registries)
        {
            foreach (var unit in await registry.TreeAsync(today, cancellationToken)) _names[unit.Id] = unit.Name;
        }
    }

    public async Task LoadAsync(IEnumerable<OrgUnitId> units, CancellationToken cancellationToken)
    {
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        foreach (var unit in units.Distinct().Where(u => !_names.ContainsKey(u)))
        {
            foreach (var registry in registries)
            {
                if (await registry.FindAsync(unit, today, cancellationToken) is { } found) _names[unit] = found.Name;
            }
        }
    }

    public string Of(OrgUnitId unit) => _names.TryGetValue(unit, out var name) ? name : unit == default ? "" : unit.ToString();
}
