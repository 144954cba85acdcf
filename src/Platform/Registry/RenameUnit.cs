using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>A body gets another name, or another kind, from a day on; what it was called before stays.</summary>
public sealed class RenameUnit(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Id { get; set; }
        public int Version { get; set; }
        [Required, StringLength(300)] public string Name { get; set; } = "";
        [StringLength(100)] public string? ShortName { get; set; }

        /// <summary>The kind stays when none is given.</summary>
        public OrgUnitKind? Kind { get; set; }
        public DateOnly From { get; set; }
        [Required, StringLength(300)] public string Document { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.EditRegistry, request.Id, registry, Vietnamese.DayOf(clock.GetUtcNow()))) return RegistryRefusals.NotAllowed();
        var name = VietnameseText.Clean(request.Name);
        if (name.Length == 0) return RegistryRefusals.NameMissing();
        if (string.IsNullOrWhiteSpace(request.Document)) return RegistryRefusals.DocumentMissing();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await RegistryWrites.LoadAsync(db, request.Id, cancellationToken) is not { } unit) return RegistryRefusals.UnknownUnit(request.Id.ToString());
        if (RegistryWrites.Stale(unit, request.Version, name) is { } stale) return stale;
        var before = unit.Names.MaxBy(n => n.ValidFrom)!;
        var shortName = VietnameseText.Clean(request.ShortName);
        if (unit.Rename(RegistryWrites.NewKey(clock), name, shortName.Length == 0 ? name : shortName, request.Kind ?? before.Kind, request.From) is { } refusal) return refusal;

        RegistryWrites.Touch(db, unit, clock);
        db.OrgUnitSuccessions.Add(new() { Id = RegistryWrites.NewKey(clock), From = unit.Id, To = unit.Id, Kind = SuccessionKind.Rename, Document = request.Document, Date = request.From });
        db.Record(by, clock, "registry.unit.renamed", "unit", unit.Id, new { before.Name, before.ShortName, before.Kind }, new { name, shortName, Kind = request.Kind ?? before.Kind, request.From, request.Document });
        db.Publish(new UnitsReorganised("rename", [unit.Id], [unit.Id], request.From, request.Document), clock);
        return await RegistryWrites.TrySaveAsync(db, cache, databases, unit, request.Version, name, cancellationToken) is { } late ? late : default(Done);
    }
}
