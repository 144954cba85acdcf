using System.Collections.Concurrent;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// The whole registry as it stood at one stamp, immutable, answering for every day. A province has a few thousand units with their history,
/// which is a few megabytes; larger than that and this snapshot would have to give way to queries.
/// </summary>
internal sealed class RegistrySnapshot
{
    /// <summary>Days whose tree is kept ready: today, the as-of date of a few people, the ends of a few periods.</summary>
    private const int DaysKept = 16;

    private readonly Dictionary<OrgUnitId, OrgUnit> _units;
    private readonly Dictionary<string, OrgUnit> _unitByCode;
    private readonly ILookup<(IdentifierScheme, string), OrgUnit> _unitByIdentifier;
    private readonly Dictionary<UnitClassId, UnitClass> _classes;
    private readonly Dictionary<string, UnitClass> _classByCode;
    private readonly ILookup<OrgUnitId, OrgUnitSuccession> _successors;
    private readonly ILookup<UserId, Delegation> _delegations;
    private readonly ILookup<OrgUnitId, UnitOfficer> _officers;
    private readonly ConcurrentDictionary<DateOnly, Day> _days = new();
    private readonly ConcurrentDictionary<OrgUnitId, string> _searchText = new();
    private readonly Lazy<NameIndex> _names;

    private RegistrySnapshot(
        string stamp, List<OrgUnit> units, List<OrgUnitAlias> aliases, List<OrgUnitSuccession> successions, List<UnitClass> classes,
        List<UnitOfficer> officers, List<Delegation> delegations)
    {
        Stamp = stamp;
        _units = units.ToDictionary(u => u.Id);
        _unitByCode = units.ToDictionary(u => u.Code, StringComparer.Ordinal);
        _unitByIdentifier = units.SelectMany(u => u.Identifiers.Select(i => (Key: (i.Scheme, i.Value), Unit: u))).ToLookup(p => p.Key, p => p.Unit);
        _classes = classes.ToDictionary(c => c.Id);
        _classByCode = classes.ToDictionary(c => c.Code, StringComparer.Ordinal);
        Successions = successions;
        _successors = successions.ToLookup(s => s.From);
        _delegations = delegations.ToLookup(d => d.Delegate);
        _officers = officers.ToLookup(o => o.Unit);
        Home = FindHome();
        Aliases = aliases;
        _names = new(() => new NameIndex(this));
    }

    public string Stamp { get; }

    public IReadOnlyCollection<OrgUnit> Units => _units.Values;

    public IReadOnlyCollection<UnitClass> Classes => _classes.Values;

    public IReadOnlyList<OrgUnitAlias> Aliases { get; }

    public IReadOnlyList<OrgUnitSuccession> Successions { get; }

    public NameIndex Names => _names.Value;

    /// <summary>The province this installation serves: the one of the tree that still stands, whoever it absorbed.</summary>
    public OrgUnit? Home { get; }

    public static async Task<RegistrySnapshot> LoadAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        // The stamp is read first: what is saved after that only makes the next comparison fail, and the snapshot is loaded again.
        var stamp = await StampAsync(db, cancellationToken);
        var units = await db.OrgUnits.AsNoTracking().Include(u => u.Names).Include(u => u.Places).Include(u => u.Identifiers).AsSplitQuery().ToListAsync(cancellationToken);
        var aliases = await db.OrgUnitAliases.AsNoTracking().ToListAsync(cancellationToken);
        var successions = await db.OrgUnitSuccessions.AsNoTracking().OrderBy(s => s.Date).ToListAsync(cancellationToken);
        var classes = await db.UnitClasses.AsNoTracking().Include(c => c.Members).ToListAsync(cancellationToken);
        var officers = await db.UnitOfficers.AsNoTracking().ToListAsync(cancellationToken);
        var delegations = await db.Delegations.AsNoTracking().Where(d => d.EndedAt == null).ToListAsync(cancellationToken);
        return new(stamp, units, aliases, successions, classes, officers, delegations);
    }

    public static async Task<string> StampAsync(PlatformDb db, CancellationToken cancellationToken) =>
        await db.RegistryStamps.AsNoTracking().Select(s => s.Value).FirstOrDefaultAsync(cancellationToken) ?? "";

    public OrgUnit? Unit(OrgUnitId id) => _units.GetValueOrDefault(id);

    public OrgUnit? ByCode(string code) => _unitByCode.GetValueOrDefault(code);

    /// <summary>Units that carry this code of this scheme at some time of the period.</summary>
    public IEnumerable<OrgUnit> WithIdentifier(IdentifierScheme scheme, string value, DateOnly from, DateOnly? to) =>
        _unitByIdentifier[(scheme, value)].Where(u => u.Identifiers.Exists(i => i.Scheme == scheme && i.Value == value && i.Overlaps(from, to)));

    public UnitClass? Class(UnitClassId id) => _classes.GetValueOrDefault(id);

    public UnitClass? Class(string code) => _classByCode.GetValueOrDefault(code);

    public IEnumerable<OrgUnitSuccession> SuccessionsFrom(OrgUnitId id) => _successors[id];

    public IReadOnlyList<Delegation> DelegationsFor(UserId user) => [.. _delegations[user]];

    public IEnumerable<UnitOfficer> Officers(OrgUnitId unit, DateOnly day) => _officers[unit].Where(o => o.Covers(day));

    /// <summary>Folded code, names of all times and other names of a unit: what a search looks through.</summary>
    public string SearchText(OrgUnitId id, ILookup<OrgUnitId, string> aliases) =>
        _searchText.GetOrAdd(id, key => string.Join('\n', _units[key].Names.SelectMany(n => new[] { n.Name, n.ShortName }).Append(_units[key].Code).Select(VietnameseText.Fold)
            .Concat(_units[key].Identifiers.Select(i => VietnameseText.Fold(i.Value))).Concat(aliases[key])));

    /// <summary>The unit that day; after its end, as it last was; null before it began.</summary>
    public OrgUnitView? View(OrgUnitId id, DateOnly day)
    {
        if (Unit(id) is not { } unit || day < unit.ValidFrom) return null;
        var at = unit.ValidTo is { } last && last < day ? last : day;
        return ViewOf(unit, unit.NameOn(at) ?? unit.Names[^1], unit.PlaceOn(at));
    }

    /// <summary>The unit as it is on its last known day, for lists that name units of any time.</summary>
    public static OrgUnitView LastView(OrgUnit unit)
    {
        var name = unit.Names.MaxBy(n => n.ValidFrom)!;
        return ViewOf(unit, name, unit.Places.MaxBy(p => p.ValidFrom));
    }

    /// <summary>What the unit was called that day; where it was not there yet, its last name, so that no list shows a blank.</summary>
    public string NameOf(OrgUnitId id, DateOnly day) => (View(id, day) ?? (Unit(id) is { } unit ? LastView(unit) : null))?.Name ?? "";

    private static OrgUnitView ViewOf(OrgUnit unit, OrgUnitName name, OrgUnitPlace? place) =>
        new(unit.Id, unit.Code, name.Name, name.ShortName, name.Kind, place?.Parent, unit.ValidFrom, unit.ValidTo, unit.IsInTree, place?.Order ?? 0);

    public Day On(DateOnly day)
    {
        if (_days.TryGetValue(day, out var known)) return known;
        if (_days.Count >= DaysKept) _days.Clear();
        return _days.GetOrAdd(day, d => new Day(this, d));
    }

    /// <summary>Itself while it stands; after that whoever took over, through as many changes as there were; empty when nobody did.</summary>
    public IReadOnlyList<OrgUnit> Current(OrgUnit unit, DateOnly day)
    {
        var found = new List<OrgUnit>();
        var seen = new HashSet<OrgUnitId>();
        void Follow(OrgUnit at)
        {
            if (!seen.Add(at.Id)) return;
            if (at.ValidTo is not { } last || day <= last)
            {
                found.Add(at);   // A successor that begins later than the day asked for still names who answers from then on.
                return;
            }

            foreach (var step in _successors[at.Id])
            {
                if (step.To is { } to && to != at.Id && Unit(to) is { } next) Follow(next);
            }
        }

        Follow(unit);
        return found;
    }

    public IReadOnlyList<OrgUnitView> Members(UnitClass unitClass, DateOnly day)
    {
        var tree = On(day);
        var members = new Dictionary<OrgUnitId, OrgUnitView>();
        if (unitClass.ValidTo is { } last && last < day)
        {
            // "UBND các huyện" of an old plan: who took over from its last members.
            foreach (var current in Members(unitClass, last).SelectMany(m => Current(Unit(m.Id)!, day)))
            {
                if (View(current.Id, day) is { } view) members.TryAdd(view.Id, view);
            }
        }

        Collect(unitClass, day, tree, members, []);
        return [.. members.Values.OrderBy(v => tree.Rank(v.Id))];
    }

    private void Collect(UnitClass unitClass, DateOnly day, Day tree, Dictionary<OrgUnitId, OrgUnitView> members, HashSet<string> seen)
    {
        if (!seen.Add(unitClass.Code) || !unitClass.Covers(day)) return;
        foreach (var code in unitClass.IncludeList)
        {
            if (Class(code) is { } part) Collect(part, day, tree, members, seen);
        }

        var kinds = unitClass.KindList.ToHashSet();
        if (kinds.Count > 0)
        {
            // A class means the bodies of this province: those of a neighbour that joined later were in its classes only then.
            var home = HomeOn(day);
            foreach (var view in tree.InTree.Where(v => kinds.Contains(v.Kind)))
            {
                var above = tree.Above(view.Id);
                if (unitClass.Under is { } under ? view.Parent == under : home is null || view.Id == home.Id || above.Contains(home.Id)) members.TryAdd(view.Id, view);
            }
        }

        foreach (var member in unitClass.Members.Where(m => m.Covers(day)))
        {
            if (Unit(member.Unit) is not { } unit) continue;
            foreach (var current in Current(unit, day))
            {
                if (member.IsExcluded) members.Remove(current.Id);
                else if (View(current.Id, day) is { } view) members.TryAdd(view.Id, view);
            }
        }
    }

    /// <summary>The home province, or before its birth the predecessor with the largest part in it.</summary>
    public OrgUnit? HomeOn(DateOnly day)
    {
        var at = Home;
        while (at is not null && at.ValidFrom > day)
        {
            var before = Successions.Where(s => s.To == at.Id && s.From != at.Id).OrderByDescending(s => s.Share ?? 0).FirstOrDefault();
            at = before is null ? null : Unit(before.From);
        }

        return at;
    }

    private OrgUnit? FindHome() => _units.Values
        .Where(u => u.IsInTree && u.Names.Count > 0 && u.Names.MaxBy(n => n.ValidFrom)!.Kind is OrgUnitKind.Province)
        .OrderBy(u => u.ValidTo is null ? 0 : 1).ThenByDescending(u => u.ValidTo).ThenBy(u => u.Places.Count > 0 ? u.Places.MaxBy(p => p.ValidFrom)!.Order : 0).ThenBy(u => u.Code, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The tree of one day.</summary>
    internal sealed class Day
    {
        private readonly Dictionary<OrgUnitId, OrgUnitView> _views = [];
        private readonly Dictionary<OrgUnitId, int> _rank = [];
        private readonly ILookup<OrgUnitId, OrgUnitView> _children;
        private static OrgUnitId NoParent => default;

        public Day(RegistrySnapshot registry, DateOnly day)
        {
            foreach (var unit in registry._units.Values)
            {
                if (unit.Covers(day) && unit.NameOn(day) is { } name) _views.Add(unit.Id, ViewOf(unit, name, unit.PlaceOn(day)));
            }

            // A unit whose parent does not exist that day stands at the top rather than vanishing.
            _children = _views.Values
                .OrderBy(v => v.Order).ThenBy(v => v.Code, StringComparer.Ordinal)
                .ToLookup(v => v.Parent is { } parent && _views.ContainsKey(parent) ? parent : NoParent);

            var tree = new List<OrgUnitView>(_views.Count);
            var home = registry.HomeOn(day)?.Id;
            void Walk(OrgUnitView view)
            {
                if (!_rank.TryAdd(view.Id, _rank.Count)) return;
                if (view.IsInTree) tree.Add(view);
                foreach (var child in _children[view.Id]) Walk(child);
            }

            foreach (var top in _children[NoParent].OrderBy(v => v.Id == home ? 0 : v.IsInTree ? 1 : 2)) Walk(top);
            InTree = tree;
            Outside = [.. _views.Values.Where(v => !v.IsInTree).OrderBy(v => Rank(v.Id))];
        }

        /// <summary>In official order, each unit before those below it.</summary>
        public IReadOnlyList<OrgUnitView> InTree { get; }

        public IReadOnlyList<OrgUnitView> Outside { get; }

        public OrgUnitView? Find(OrgUnitId id) => _views.GetValueOrDefault(id);

        public int Rank(OrgUnitId id) => _rank.GetValueOrDefault(id, int.MaxValue);

        public IEnumerable<OrgUnitView> Children(OrgUnitId id) => _children[id];

        public IReadOnlyList<OrgUnitId> Above(OrgUnitId id)
        {
            var above = new List<OrgUnitId>();
            var at = Find(id)?.Parent;
            while (at is { } parent && _views.TryGetValue(parent, out var view) && !above.Contains(parent))
            {
                above.Add(parent);
                at = view.Parent;
            }

            return above;
        }

        public IReadOnlySet<OrgUnitId> Subtree(OrgUnitId id)
        {
            var within = new HashSet<OrgUnitId>();
            void Walk(OrgUnitId at)
            {
                if (!within.Add(at)) return;
                foreach (var child in _children[at]) Walk(child.Id);
            }

            if (_views.ContainsKey(id)) Walk(id);
            return within;
        }
    }
}
