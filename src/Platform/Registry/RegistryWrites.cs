using System.Security.Cryptography;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
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
}
