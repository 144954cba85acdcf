using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>A body comes under another one, or takes another place in the official order, from a day on.</summary>
public sealed class MoveUnit(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Id { get; set; }
        public int Version { get; set; }
        [StringLength(64)] public string? ParentCode { get; set; }
        public int Order { get; set; }
        public DateOnly From { get; set; }
        [Required, StringLength(300)] public string Document { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.EditRegistry, request.Id, registry, Vietnamese.DayOf(clock.GetUtcNow()))) return RegistryRefusals.NotAllowed();
        if (string.IsNullOrWhiteSpace(request.Document)) return RegistryRefusals.DocumentMissing();
        if (!RegistryWrites.Parent(registry, request.ParentCode, request.From, request.Id).IsGranted(out var parent, out var refusal)) return refusal;

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await RegistryWrites.LoadAsync(db, request.Id, cancellationToken) is not { } unit) return RegistryRefusals.UnknownUnit(request.Id.ToString());
        var mine = VietnameseText.Clean(request.ParentCode);
        if (RegistryWrites.Stale(unit, request.Version, mine) is { } stale) return stale;
        var before = unit.Places.MaxBy(p => p.ValidFrom)!;
        if (unit.Move(RegistryWrites.NewKey(clock), parent, request.Order, request.From) is { } moved) return moved;

        RegistryWrites.Touch(db, unit, clock);
        db.OrgUnitSuccessions.Add(new() { Id = RegistryWrites.NewKey(clock), From = unit.Id, To = unit.Id, Kind = SuccessionKind.Move, Document = request.Document, Date = request.From });
        db.Record(by, clock, "registry.unit.moved", "unit", unit.Id, new { before.Parent, before.Order }, new { parent, request.Order, request.From, request.Document });
        db.Publish(new UnitsReorganised("move", [unit.Id], [unit.Id], request.From, request.Document), clock);
        return await RegistryWrites.TrySaveAsync(db, cache, databases, unit, request.Version, mine, cancellationToken) is { } late ? late : default(Done);
    }
}
