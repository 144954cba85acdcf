using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>The tree of a day, or the units whose name, code or other names contain the words, with or without diacritics.</summary>
public sealed class FindUnits(RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    /// <summary>What fits one screen of scrolling; the tree of a province has three pages.</summary>
    public const int PageSize = 100;

    public sealed record Request
    {
        public DateOnly? AsOf { get; set; }
        public string? Query { get; set; }
        public OrgUnitKind? Kind { get; set; }

        /// <summary>Only this unit and what stands below it.</summary>
        public string? Under { get; set; }
        public int Page { get; set; } = 1;
    }

    /// <param name="Depth">Levels below the top, for indenting; 0 when a search broke the tree into a list.</param>
    public sealed record Row(OrgUnitView Unit, int Depth, string? ParentName, int Below);

    public sealed record Answer(DateOnly AsOf, IReadOnlyList<Row> Rows, int Total, IReadOnlyDictionary<OrgUnitKind, int> Kinds);

    public async Task<Result<Answer>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var day = request.AsOf ?? Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        var tree = registry.On(day);

        IEnumerable<OrgUnitView> units = tree.InTree.Concat(tree.Outside);
        if (VietnameseText.Clean(request.Under) is { Length: > 0 } under)
        {
            var within = registry.ByCode(under) is { } top ? tree.Subtree(top.Id) : new HashSet<OrgUnitId>();
            units = units.Where(u => within.Contains(u.Id));
        }

        var words = VietnameseText.Fold(request.Query).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0)
        {
            var aliases = registry.Aliases.Where(a => a.Unit is not null).ToLookup(a => a.Unit!.Value, a => a.Key);
            units = units.Where(u => words.All(w => registry.SearchText(u.Id, aliases).Contains(w, StringComparison.Ordinal)));
        }

        var before = units.ToList();
        var kinds = before.GroupBy(u => u.Kind).ToDictionary(g => g.Key, g => g.Count());
        var found = request.Kind is { } kind ? before.FindAll(u => u.Kind == kind) : before;
        var isTree = words.Length == 0 && request.Kind is null;
        var rows = found.Skip((Math.Max(1, request.Page) - 1) * PageSize).Take(PageSize)
            .Select(u => new Row(u, isTree ? tree.Above(u.Id).Count : 0, u.Parent is { } parent ? tree.Find(parent)?.Name : null, tree.Children(u.Id).Count()));
        return new Answer(day, [.. rows], found.Count, kinds);
    }
}

/// <summary>Everything about one unit as of a day: its names over time, codes, relations, officers, classes, accounts.</summary>
public sealed class FindUnit(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record NamePeriod(string Name, string ShortName, OrgUnitKind Kind, DateOnly From, DateOnly? To);

    public sealed record PlacePeriod(OrgUnitId? Parent, string? ParentName, DateOnly From, DateOnly? To);

    public sealed record Identifier(IdentifierScheme Scheme, string Value, DateOnly From, DateOnly? To);

    public sealed record Relation(SuccessionKind Kind, OrgUnitId From, string FromName, OrgUnitId? To, string? ToName, decimal? Share, DateOnly Date, string? Document);

    public sealed record Officer(OfficerPost Post, string Name, string? Title, string? Phone, string? Email, DateOnly From, DateOnly? To, string? Document);

    public sealed record Account(Guid Id, string SystemName, string AccountName, string? Holder, DateOnly IssuedOn, ExternalAccountStatus Status, int Version);

    public sealed record Answer(
        OrgUnitView Unit, int Version, DateOnly AsOf, IReadOnlyList<OrgUnitView> Above, IReadOnlyList<OrgUnitView> Below, IReadOnlyList<OrgUnitView> Current,
        IReadOnlyList<NamePeriod> Names, IReadOnlyList<PlacePeriod> Places, IReadOnlyList<Identifier> Identifiers, IReadOnlyList<Relation> Relations,
        IReadOnlyList<Officer> Officers, IReadOnlyList<UnitClassView> Classes, IReadOnlyList<string> Aliases, IReadOnlyList<Account> Accounts,
        string? Source, string? Certainty, bool MayEdit, bool MaySetOfficers);

    public async Task<Result<Answer>> HandleAsync(string idOrCode, DateOnly? asOf, CancellationToken cancellationToken)
    {
        var by = user.Current;
        if (!by.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var day = asOf ?? today;
        var registry = await cache.SnapshotAsync(cancellationToken);
        if ((OrgUnitId.TryParse(idOrCode, out var id) ? registry.Unit(id) : registry.ByCode(idOrCode)) is not { } unit) return RegistryRefusals.UnknownUnit(idOrCode);

        var tree = registry.On(day);
        OrgUnitView Shown(OrgUnitId other) => registry.View(other, day) ?? RegistrySnapshot.LastView(registry.Unit(other)!);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var accounts = await db.SystemAccounts.AsNoTracking().Include(a => a.Holders).Where(a => a.Unit == unit.Id).OrderBy(a => a.System).Take(200).ToListAsync(cancellationToken);
        var systems = await db.ExternalSystems.AsNoTracking().ToDictionaryAsync(s => s.Code, s => s.Name, cancellationToken);
        var officers = await db.UnitOfficers.AsNoTracking().Where(o => o.Unit == unit.Id).OrderByDescending(o => o.ValidFrom).Take(100).ToListAsync(cancellationToken);
        return new Answer(
            Shown(unit.Id), unit.Version, day, [.. tree.Above(unit.Id).Reverse().Select(Shown)], [.. tree.Children(unit.Id)],
            [.. registry.Current(unit, day).Select(u => Shown(u.Id))],
            [.. unit.Names.OrderByDescending(n => n.ValidFrom).Select(n => new NamePeriod(n.Name, n.ShortName, n.Kind, n.ValidFrom, n.ValidTo))],
            [.. unit.Places.OrderByDescending(p => p.ValidFrom).Select(p => new PlacePeriod(p.Parent, p.Parent is { } parent ? registry.View(parent, p.ValidFrom)?.Name : null, p.ValidFrom, p.ValidTo))],
            [.. unit.Identifiers.OrderBy(i => i.Scheme).ThenByDescending(i => i.ValidFrom).Select(i => new Identifier(i.Scheme, i.Value, i.ValidFrom, i.ValidTo))],
            [.. registry.Successions.Where(s => s.From == unit.Id || s.To == unit.Id).OrderByDescending(s => s.Date)
                .Select(s => new Relation(s.Kind, s.From, registry.View(s.From, s.Date.AddDays(-1))?.Name ?? Shown(s.From).Name, s.To, s.To is { } to ? registry.View(to, s.Date)?.Name ?? Shown(to).Name : null, s.Share, s.Date, s.Document))],
            [.. officers.Select(o => new Officer(o.Post, o.Name, o.Title, o.Phone, o.Email, o.ValidFrom, o.ValidTo, o.Document))],
            [.. registry.Classes.Where(c => c.Covers(day) && registry.Members(c, day).Any(m => m.Id == unit.Id)).OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => new UnitClassView(c.Id, c.Code, c.Name))],
            [.. registry.Aliases.Where(a => a.Unit == unit.Id).Select(a => a.Text)],
            [.. accounts.Select(a => new Account(a.Id, systems.GetValueOrDefault(a.System, a.System), a.AccountName, a.Holders.Where(h => h.ValidTo == null).Select(h => h.Name).FirstOrDefault(), a.IssuedOn, a.Status, a.Version))],
            unit.Source, unit.Certainty, RegistryWrites.May(by, Permission.EditRegistry, unit.Id, registry, today),
            RegistryWrites.May(by, Permission.EditRegistry, unit.Id, registry, today) || RegistryWrites.May(by, Permission.ManageDelegation, unit.Id, registry, today));
    }
}

/// <summary>Units nobody answers for: without a head or without a focal person that day (R-ORG-04, "chưa rõ người").</summary>
public sealed class FindUnclearUnits(RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    /// <summary>One screen of scrolling.</summary>
    public const int PageSize = 100;

    public sealed record Row(OrgUnitView Unit, bool HasHead, bool HasFocal);

    public sealed record Answer(DateOnly AsOf, IReadOnlyList<Row> Rows, int Total, int OutOf);

    public async Task<Result<Answer>> HandleAsync(DateOnly? asOf, int page, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var day = asOf ?? Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);

        // The province itself is a place, not a body with a desk.
        var units = registry.On(day).InTree.Where(u => u.Kind is not OrgUnitKind.Province).ToList();
        var unclear = new List<Row>();
        foreach (var unit in units)
        {
            var posts = registry.Officers(unit.Id, day).Select(o => o.Post).ToHashSet();
            if (!posts.Contains(OfficerPost.Head) || !posts.Contains(OfficerPost.Focal)) unclear.Add(new(unit, posts.Contains(OfficerPost.Head), posts.Contains(OfficerPost.Focal)));
        }

        return new Answer(day, [.. unclear.Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize)], unclear.Count, units.Count);
    }
}
