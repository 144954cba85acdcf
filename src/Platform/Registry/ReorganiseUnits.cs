using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// Merger, split and dissolution (R-ORG-02, E10): units end the day before, successors stand from the day on, the relation and its legal
/// document are kept, and what stood below a merged unit comes under its successor. All in one save; nothing of the past changes.
/// </summary>
public sealed class ReorganiseUnits(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    /// <summary>The largest merger of 2025 joined some ten units; a longer list is a mistake of the hand.</summary>
    private const int UnitsMax = 50;

    /// <summary>A unit that ends, as the person saw it.</summary>
    public sealed record Ending
    {
        [StringLength(64)] public string Code { get; set; } = "";
        public int Version { get; set; }
    }

    /// <summary>A unit that takes over: one that stands already, or a new one when a name is given.</summary>
    public sealed record Successor
    {
        [StringLength(64)] public string Code { get; set; } = "";
        [StringLength(300)] public string? NewName { get; set; }
        [StringLength(100)] public string? NewShortName { get; set; }
        public OrgUnitKind NewKind { get; set; }
        [StringLength(64)] public string? NewParentCode { get; set; }
        public int NewOrder { get; set; }

        /// <summary>The part of the split unit that goes here, when the document says.</summary>
        [Range(0, 1)] public decimal? Share { get; set; }

        public bool IsNew => !string.IsNullOrWhiteSpace(NewName);
    }

    public sealed record Request
    {
        public SuccessionKind Kind { get; set; }
        public List<Ending> Ending { get; set; } = [];
        public List<Successor> Successors { get; set; } = [];

        /// <summary>The first day of the new state.</summary>
        public DateOnly From { get; set; }
        [Required, StringLength(300)] public string Document { get; set; } = "";
    }

    /// <summary>What would happen, for the confirm page: names as they are, units that move along.</summary>
    public sealed record Outlook(IReadOnlyList<OrgUnitView> Ending, IReadOnlyList<string> Successors, IReadOnlyList<OrgUnitView> MovingAlong, DateOnly LastDay);

    public sealed record Receipt(IReadOnlyList<OrgUnitId> Ended, IReadOnlyList<OrgUnitId> Successors, int MovedAlong);

    public async Task<Result<Outlook>> PreviewAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!user.Current.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (Check(registry, request) is { } refusal) return refusal;
        var lastDay = request.From.AddDays(-1);
        var ending = request.Ending.Select(e => registry.ByCode(e.Code)!).ToList();
        return new Outlook(
            [.. ending.Select(u => registry.View(u.Id, lastDay) ?? RegistrySnapshot.LastView(u))],
            [.. request.Successors.Select(s => s.IsNew ? s.NewName! : RegistrySnapshot.LastView(registry.ByCode(s.Code)!).Name)],
            [.. ending.SelectMany(u => registry.On(lastDay).Children(u.Id)).Where(c => ending.TrueForAll(e => e.Id != c.Id))],
            lastDay);
    }

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        if (!by.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (Check(registry, request) is { } refusal) return refusal;

        var lastDay = request.From.AddDays(-1);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var successors = new List<(OrgUnitId Id, decimal? Share)>();
        foreach (var successor in request.Successors)
        {
            OrgUnit unit;
            if (successor.IsNew)
            {
                if (!RegistryWrites.Parent(registry, successor.NewParentCode, request.From).IsGranted(out var parent, out refusal)) return refusal;
                unit = RegistryWrites.NewUnit(
                    clock, StrongId.New<OrgUnitId>(clock), VietnameseText.Clean(successor.Code), successor.NewName!, VietnameseText.Clean(successor.NewShortName), successor.NewKind,
                    parent, successor.NewOrder, request.From, isInTree: true, request.Document, null);
                db.OrgUnits.Add(unit);
            }
            else
            {
                unit = (await RegistryWrites.LoadAsync(db, registry.ByCode(VietnameseText.Clean(successor.Code))!.Id, cancellationToken))!;
                RegistryWrites.Touch(db, unit, clock);
            }

            successors.Add((unit.Id, successor.Share));
        }

        var ended = new List<(OrgUnit Unit, int Seen)>();
        var moved = 0;
        foreach (var ending in request.Ending)
        {
            var unit = (await RegistryWrites.LoadAsync(db, registry.ByCode(ending.Code)!.Id, cancellationToken))!;
            if (RegistryWrites.Stale(unit, ending.Version, request.Kind.ToString()) is { } stale) return stale;
            if (request.Kind is SuccessionKind.Merge)
            {
                if (await MoveAlongAsync(db, registry, unit.Id, successors[0].Id, request, cancellationToken) is var (count, refused) && refused is not null) return refused;
                moved += count;
            }

            if (unit.End(lastDay) is { } notEnded) return notEnded;
            RegistryWrites.Touch(db, unit, clock);
            ended.Add((unit, ending.Version));
            await CloseOfficesAsync(db, unit.Id, lastDay, cancellationToken);

            foreach (var (to, share) in successors.Select(s => ((OrgUnitId?)s.Id, s.Share)).DefaultIfEmpty((null, null)))
            {
                db.OrgUnitSuccessions.Add(new()
                {
                    Id = RegistryWrites.NewKey(clock),
                    From = unit.Id,
                    To = to,
                    Kind = request.Kind,
                    Share = request.Kind is SuccessionKind.Merge ? 1 : share,
                    Document = request.Document,
                    Date = request.From,
                });
            }

            db.Record(by, clock, "registry.unit." + request.Kind.ToString().ToLowerInvariant(), "unit", unit.Id, new { unit.Code, name = RegistryWrites.Describe(unit) },
                new { lastDay, successors = successors.Select(s => s.Id), request.Document });
        }

        foreach (var created in db.ChangeTracker.Entries<OrgUnit>().Where(e => e.State is EntityState.Added).ToList())
        {
            db.Record(by, clock, "registry.unit.created", "unit", created.Entity.Id, after: new { created.Entity.Code, created.Entity.Names[0].Name, request.From, request.Document });
        }

        db.Publish(new UnitsReorganised(request.Kind.ToString().ToLowerInvariant(), [.. ended.Select(e => e.Unit.Id)], [.. successors.Select(s => s.Id)], request.From, request.Document), clock);
        if (await RegistryWrites.TrySaveAsync(db, cache, databases, ended[0].Unit, ended[0].Seen, request.Kind.ToString(), cancellationToken) is { } late) return late;
        return new Receipt([.. ended.Select(e => e.Unit.Id)], [.. successors.Select(s => s.Id)], moved);
    }

    private static Refusal? Check(RegistrySnapshot registry, Request request)
    {
        if (string.IsNullOrWhiteSpace(request.Document)) return RegistryRefusals.DocumentMissing();
        if (request.From == default) return RegistryRefusals.PeriodReversed();
        request.Ending.RemoveAll(e => string.IsNullOrWhiteSpace(e.Code));
        request.Successors.RemoveAll(s => string.IsNullOrWhiteSpace(s.Code));
        foreach (var ending in request.Ending) ending.Code = VietnameseText.Clean(ending.Code);

        var (least, successorsLeast) = request.Kind switch
        {
            SuccessionKind.Merge => (1, 1),   // One unit joining another that stands is a merger too.
            SuccessionKind.Split => (1, 2),
            _ => (1, 0),
        };
        if (request.Kind is SuccessionKind.Rename or SuccessionKind.Move || request.Ending.Count < least || request.Ending.Count > UnitsMax) return RegistryRefusals.SuccessorsNeeded(least);
        if (request.Successors.Count < successorsLeast || request.Successors.Count > UnitsMax || (request.Kind is SuccessionKind.Merge && request.Successors.Count != 1)
            || (request.Kind is not SuccessionKind.Merge && request.Ending.Count != 1)) return RegistryRefusals.SuccessorsNeeded(successorsLeast);
        if (request.Kind is SuccessionKind.Merge && request.Ending.Count == 1 && request.Successors[0].IsNew) return RegistryRefusals.SuccessorsNeeded(2);

        var codes = request.Ending.Select(e => e.Code).Concat(request.Successors.Select(s => VietnameseText.Clean(s.Code))).ToList();
        if (codes.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) return RegistryRefusals.SuccessorTwice(twice.Key);
        if (request.Successors.Exists(s => s.Share is not null) && request.Successors.Sum(s => s.Share ?? 0) is var sum && sum != 1) return RegistryRefusals.SharesWrong(sum);

        var lastDay = request.From.AddDays(-1);
        foreach (var ending in request.Ending)
        {
            if (registry.ByCode(ending.Code) is not { } unit) return RegistryRefusals.UnknownUnit(ending.Code);
            if (unit.ValidTo is { } end) return RegistryRefusals.UnitEnded(ending.Code, end);
            var left = registry.On(lastDay).Children(unit.Id).Where(c => !request.Ending.Exists(e => e.Code == c.Code)).ToList();
            if (request.Kind is not SuccessionKind.Merge && left.Count > 0) return RegistryRefusals.HasChildren(ending.Code, [.. left.Select(c => c.Name)]);
        }

        foreach (var successor in request.Successors)
        {
            var code = VietnameseText.Clean(successor.Code);
            if (successor.IsNew)
            {
                if (CreateUnit.Check(registry, code, successor.NewName) is { } refusal) return refusal;
                if (!RegistryWrites.Parent(registry, successor.NewParentCode, request.From).IsGranted(out var parent, out var noParent)) return noParent;
                if (parent is { } above && request.Ending.Exists(e => registry.ByCode(e.Code)!.Id == above)) return RegistryRefusals.ParentNotThen(successor.NewParentCode!, request.From);
            }
            else if (registry.ByCode(code) is not { } unit) return RegistryRefusals.UnknownUnit(code);
            else if (!unit.Covers(request.From)) return RegistryRefusals.UnitEnded(code, unit.ValidTo ?? unit.ValidFrom);
        }

        return null;
    }

    /// <summary>Offices, centres and other units below the merged one go on under its successor.</summary>
    private async Task<(int Count, Refusal? Refusal)> MoveAlongAsync(
        PlatformDb db, RegistrySnapshot registry, OrgUnitId from, OrgUnitId to, Request request, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var child in registry.On(request.From.AddDays(-1)).Children(from).Where(c => c.Id != to && (c.ValidTo is null || c.ValidTo >= request.From) && !request.Ending.Exists(e => e.Code == c.Code)))
        {
            var unit = (await RegistryWrites.LoadAsync(db, child.Id, cancellationToken))!;
            var place = unit.Places.MaxBy(p => p.ValidFrom)!;
            if (unit.Move(RegistryWrites.NewKey(clock), to, place.Order, request.From) is { } refusal) return (count, refusal);
            RegistryWrites.Touch(db, unit, clock);
            db.OrgUnitSuccessions.Add(new() { Id = RegistryWrites.NewKey(clock), From = unit.Id, To = unit.Id, Kind = SuccessionKind.Move, Document = request.Document, Date = request.From });
            count++;
        }

        return (count, null);
    }

    /// <summary>Heads, focal persons and lent powers of a unit end with it.</summary>
    private static async Task CloseOfficesAsync(PlatformDb db, OrgUnitId unit, DateOnly lastDay, CancellationToken cancellationToken)
    {
        foreach (var officer in await db.UnitOfficers.Where(o => o.Unit == unit && (o.ValidTo == null || o.ValidTo > lastDay)).ToListAsync(cancellationToken))
        {
            officer.ValidTo = officer.ValidFrom > lastDay ? officer.ValidFrom : lastDay;
        }

        foreach (var delegation in await db.Delegations.Where(d => d.Unit == unit && d.EndedAt == null && d.LastDay > lastDay).ToListAsync(cancellationToken))
        {
            delegation.CutTo(lastDay);
        }
    }
}
