using System.Security.Cryptography;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>What every slice that changes the registry does in the same way.</summary>
internal static class RegistryWrites
{
    public static Guid NewKey(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    public static OrgUnit NewUnit(
        TimeProvider clock, OrgUnitId id, string code, string name, string shortName, OrgUnitKind kind, OrgUnitId? parent, int order, DateOnly from, bool isInTree,
        string? source, string? certainty)
    {
        var unit = new OrgUnit { Id = id, Code = code, IsInTree = isInTree, ValidFrom = from, Source = source, Certainty = certainty };
        unit.Names.Add(new() { Id = NewKey(clock), Unit = id, Name = name, ShortName = shortName.Length == 0 ? name : shortName, Kind = kind, ValidFrom = from });
        unit.Places.Add(new() { Id = NewKey(clock), Unit = id, Parent = parent, Order = order, ValidFrom = from });
        unit.Touch(clock.GetUtcNow());
        return unit;
    }

    public static Task<OrgUnit?> LoadAsync(PlatformDb db, OrgUnitId id, CancellationToken cancellationToken) =>
        db.OrgUnits.Include(u => u.Names).Include(u => u.Places).Include(u => u.Identifiers).AsSplitQuery().FirstOrDefaultAsync(u => u.Id == id, cancellationToken);

    /// <summary>Saves with a new stamp, so that every process notices. The stamp is random: of two saves at once, each leaves a value nobody has read.</summary>
    public static async Task SaveAsync(PlatformDb db, RegistryCache cache, CancellationToken cancellationToken)
    {
        var stamp = await db.RegistryStamps.SingleAsync(s => s.Id == RegistryStamp.OnlyRow, cancellationToken);
        stamp.Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        await db.SaveChangesAsync(cancellationToken);
        cache.Forget();
    }

    /// <summary>Marks the unit as changed even when the clock has not moved, so that its version rises with every save.</summary>
    public static void Touch(PlatformDb db, OrgUnit unit, TimeProvider clock)
    {
        unit.Touch(clock.GetUtcNow());
        if (db.Entry(unit).State is not EntityState.Added) db.Entry(unit).Property(u => u.ModifiedAt).IsModified = true;
    }

    /// <summary>Both versions, in the words people see: what this person sent, and what stands now.</summary>
    public static Refusal? Stale(OrgUnit unit, int seen, string mine) =>
        unit.Version == seen ? null : RegistryRefusals.Stale(unit.Code, seen, unit.Version, mine, Describe(unit));

    public static string Describe(OrgUnit unit)
    {
        var name = unit.Names.MaxBy(n => n.ValidFrom)!;
        return $"{name.Name} ({Vietnamese.Day(unit.ValidFrom)}–{(unit.ValidTo is { } last ? Vietnamese.Day(last) : "")})";
    }

    /// <summary>Saves, or says that somebody else saved the same unit in the moment between reading and saving.</summary>
    public static async Task<Refusal?> TrySaveAsync(
        PlatformDb db, RegistryCache cache, IDbContextFactory<PlatformDb> databases, OrgUnit unit, int seen, string mine, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(db, cache, cancellationToken);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var now = await LoadAsync(again, unit.Id, cancellationToken);
            return RegistryRefusals.Stale(unit.Code, seen, now!.Version, mine, Describe(now));
        }
    }

    /// <summary>Whether this person may do that to that unit as the tree stands on that day.</summary>
    public static bool May(CurrentUser by, Permission permission, OrgUnitId unit, RegistrySnapshot registry, DateOnly today) =>
        by.May(permission, unit, registry.On(today).Above(unit));

    /// <summary>The parent named by code, standing on that day, and not below the unit itself.</summary>
    public static Result<OrgUnitId?> Parent(RegistrySnapshot registry, string? code, DateOnly day, OrgUnitId? unit = null)
    {
        var clean = VietnameseText.Clean(code);
        if (clean.Length == 0) return (OrgUnitId?)null;
        if (registry.ByCode(clean) is not { } parent) return RegistryRefusals.ParentUnknown(clean);
        if (!parent.Covers(day)) return RegistryRefusals.ParentNotThen(clean, day);
        if (unit is { } child && registry.On(day).Subtree(child).Contains(parent.Id)) return RegistryRefusals.ParentBelow(registry.Unit(child)!.Code, clean);
        return (OrgUnitId?)parent.Id;
    }
}
