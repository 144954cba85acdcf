using System.Collections.Frozen;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>What lists and boards need of a plan.</summary>
public sealed record PlanInfo(
    PlanId Id, string Name, string Subject, string? Issuer, DateOnly? IssuedOn, DateOnly InForceFrom, bool IsIssued, bool ForbidsExtension, bool IsPublished);

/// <summary>A task as the index holds it: facts, and what it is filtered by. No sentence of the document is in here but the folded search text.</summary>
public sealed class IndexRow : FactsRow
{
    public required TaskId Id { get; init; }
    public required PlanId Plan { get; init; }
    public required int Ordinal { get; init; }
    public OrgUnitId? LeadUnit { get; init; }
    public UnitClassId? LeadClass { get; init; }
    public required string LeadName { get; init; }
    public string? GroupPath { get; init; }
    public required string Gaps { get; init; }
    public bool IsIssued { get; init; }
    public bool IsPublished { get; init; }

    /// <summary>How often it must be updated though nothing is due: continuous tasks (parameter).</summary>
    public int CadenceDays { get; init; }
    public required OrgUnitId[] Units { get; init; }
    public required UnitClassId[] Classes { get; init; }
    public required byte[] Search { get; init; }
    public long Stamp { get; init; }

    internal IndexRow At(FactsRow facts)
    {
        var row = new IndexRow
        {
            Id = Id,
            Plan = Plan,
            Ordinal = Ordinal,
            LeadUnit = LeadUnit,
            LeadClass = LeadClass,
            LeadName = LeadName,
            GroupPath = GroupPath,
            Gaps = Gaps,
            IsIssued = IsIssued,
            IsPublished = IsPublished,
            CadenceDays = CadenceDays,
            Units = Units,
            Classes = Classes,
            Search = Search,
            Stamp = Stamp,
        };
        row.CopyFrom(facts);
        return row;
    }
}

/// <summary>All tasks at one stamp, in the order of the register. Immutable; readers keep the one they began with.</summary>
public sealed class TaskSnapshot(long stamp, long pastStamp, IReadOnlyList<IndexRow> rows, FrozenDictionary<PlanId, PlanInfo> plans)
{
    public long Stamp { get; } = stamp;

    /// <summary>Figures of past days hold until this moves.</summary>
    public long PastStamp { get; } = pastStamp;
    public IReadOnlyList<IndexRow> Rows { get; } = rows;
    public FrozenDictionary<PlanId, PlanInfo> Plans { get; } = plans;
}

/// <summary>
/// The narrow facts of every task in memory, about 400 bytes each with its search text: 40 MB at 100,000 tasks, the largest province we plan
/// for. Each question first asks the database for the stamp (one row) and reads only tasks with a newer one, so every node answers from what is
/// committed. One pass of a pure predicate over the rows takes a few milliseconds and is the same code for a number and for its list; SQL
/// would need the status logic a second time, in two dialects. Measured in docs/numbers.md (bench web).
/// </summary>
public sealed class TaskIndex(IDbContextFactory<PlatformDb> databases, PlansParameters parameters, TimeProvider clock) : IDisposable
{
    /// <summary>Past days kept: the board's day, the day compared with, and two for people who look elsewhere.</summary>
    private const int PastMax = 4;

    /// <summary>Lists and counts kept: more than the addresses people have open at once between two writes.</summary>
    private const int ResultsMax = 64;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<TaskId, IndexRow> _rows = [];
    private readonly Dictionary<string, string> _strings = [];
    private readonly LinkedList<(DateOnly AsOf, TaskSnapshot Snapshot)> _past = [];
    private readonly LinkedList<(string Key, long Stamp, object Result)> _results = [];
    private volatile TaskSnapshot? _current;

    public PlansParameters Parameters => parameters;

    public async Task<TaskSnapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stamp = await StampAsync(db, cancellationToken);
        if (_current is { } current && current.Stamp >= stamp.Number) return current;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } refreshed && refreshed.Stamp >= stamp.Number) return refreshed;

            // Rows are read after the stamp; a write between the two is read twice, never missed.
            return _current = await ReadNewerAsync(db, _current?.Stamp ?? -1, stamp, cancellationToken);
        }
        finally { _gate.Release(); }
    }

    /// <summary>Tasks with their facts at the end of that day, as they were known then. Today and later days are the current facts.</summary>
    public async Task<TaskSnapshot> AsOfAsync(DateOnly asOf, CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(cancellationToken);
        if (asOf >= Vietnamese.DayOf(clock.GetUtcNow())) return current;

        lock (_past)
        {
            foreach (var (day, kept) in _past)
            {
                if (day == asOf && kept.PastStamp == current.PastStamp) return kept;
            }
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var end = Vietnamese.EndOf(asOf);
        var rows = new List<IndexRow>(current.Rows.Count);
        var known = current.Rows.ToDictionary(r => r.Id);
        await foreach (var facts in db.TaskFacts.AsNoTracking().Where(f => f.From < end && f.Until >= end).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (known.TryGetValue(facts.Task, out var row)) rows.Add(row.At(facts));
        }

        var snapshot = new TaskSnapshot(current.Stamp, current.PastStamp, Sorted(rows, current.Plans), current.Plans);
        lock (_past)
        {
            _past.AddFirst((asOf, snapshot));
            while (_past.Count > PastMax) _past.RemoveLast();
        }

        return snapshot;
    }

    /// <summary>Computes once per stamp and key; several askers may compute at the same time, the last one is kept.</summary>
    public T Once<T>(TaskSnapshot snapshot, string key, Func<T> compute) where T : class
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(compute);
        lock (_results)
        {
            for (var node = _results.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _results.Remove(node);
                if (node.Value.Stamp != snapshot.Stamp || node.Value.Result is not T kept) break;
                _results.AddFirst(node);
                return kept;
            }
        }

        var result = compute();
        lock (_results)
        {
            _results.AddFirst((key, snapshot.Stamp, result));
            while (_results.Count > ResultsMax) _results.RemoveLast();
        }

        return result;
    }

    public void Dispose() => _gate.Dispose();

    private static async Task<PlansStamp> StampAsync(PlatformDb db, CancellationToken cancellationToken) =>
        await db.PlansStamps.AsNoTracking().SingleAsync(s => s.Id == 1, cancellationToken);

    private async Task<TaskSnapshot> ReadNewerAsync(PlatformDb db, long known, PlansStamp stamp, CancellationToken cancellationToken)
    {
        var newer = db.Tasks.AsNoTracking().Where(t => t.Stamp > known).Select(t => new
        {
            t.Id,
            t.Plan,
            t.Ordinal,
            t.LeadUnit,
            t.LeadClass,
            t.LeadName,
            t.GroupPath,
            t.Gaps,
            t.IsIssued,
            t.IsPublished,
            t.Participants,
            t.Search,
            t.Stamp,
            t.DeadlineRule,
            t.RecurrenceCycle,
            t.CompletedAndContinuing,
            Facts = new Facts
            {
                IssuedOn = t.IssuedOn,
                OriginalDue = t.OriginalDue,
                RevisedDue = t.RevisedDue,
                FirstMovementOn = t.FirstMovementOn,
                LastMovementOn = t.LastMovementOn,
                DoneOn = t.DoneOn,
                ClaimedDoneOn = t.ClaimedDoneOn,
                Continues = t.Continues,
                CancelledOn = t.CancelledOn,
                PausedOn = t.PausedOn,
                EndedOn = t.EndedOn,
                PercentClaimed = t.PercentClaimed,
                PercentAccepted = t.PercentAccepted,
                PercentMeasured = t.PercentMeasured,
                PendingReports = t.PendingReports,
                IsReturned = t.IsReturned,
                OpenObstacles = t.OpenObstacles,
                Extensions = t.Extensions,
                PendingExtensions = t.PendingExtensions,
                AcceptedReports = t.AcceptedReports,
                Parts = t.Parts,
                PartsDone = t.PartsDone,
                PartsMoved = t.PartsMoved,
            },
        });
        await foreach (var t in newer.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var (units, classes) = ReadParticipants(t.Participants);
            var row = new IndexRow
            {
                Id = t.Id,
                Plan = t.Plan,
                Ordinal = t.Ordinal,
                LeadUnit = t.LeadUnit,
                LeadClass = t.LeadClass,
                LeadName = Shared(t.LeadName),
                GroupPath = t.GroupPath is null ? null : Shared(t.GroupPath),
                Gaps = Shared(t.Gaps),
                IsIssued = t.IsIssued,
                IsPublished = t.IsPublished,
                Units = units,
                Classes = classes,
                Search = Encoding.UTF8.GetBytes(t.Search),
                Stamp = t.Stamp,
                CadenceDays = t.CompletedAndContinuing || t.DeadlineRule is DeadlineRule.Continuous || t.RecurrenceCycle is RecurrenceCycle.Continuous ? parameters.UpdateCadenceDays : 0,
            };
            row.CopyFrom(t.Facts);
            _rows[row.Id] = row;
        }

        var plans = (await db.Plans.AsNoTracking()
            .Select(p => new PlanInfo(p.Id, p.Name, p.Subject, p.Issuer, p.IssuedOn, p.InForceFrom, p.IssuedAt != null, p.ForbidsExtension, p.IsPublished))
            .ToListAsync(cancellationToken)).ToFrozenDictionary(p => p.Id);
        return new TaskSnapshot(stamp.Number, stamp.PastNumber, Sorted([.. _rows.Values], plans), plans);
    }

    private static List<IndexRow> Sorted(List<IndexRow> rows, FrozenDictionary<PlanId, PlanInfo> plans)
    {
        // Newest plan first, then as the document has it.
        var order = plans.Values.OrderByDescending(p => p.InForceFrom).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id.Value).Select((p, i) => (p.Id, i)).ToDictionary(p => p.Id, p => p.i);
        rows.Sort((a, b) =>
        {
            var byPlan = order.GetValueOrDefault(a.Plan).CompareTo(order.GetValueOrDefault(b.Plan));
            if (byPlan != 0) return byPlan;
            var byOrdinal = a.Ordinal.CompareTo(b.Ordinal);
            return byOrdinal != 0 ? byOrdinal : a.Id.Value.CompareTo(b.Id.Value);
        });
        return rows;
    }

    private string Shared(string text)
    {
        if (_strings.TryGetValue(text, out var kept)) return kept;
        if (_strings.Count < 50_000) _strings[text] = text;   // Names of leads and groups repeat; others must not fill the memory.
        return text;
    }

    internal static (OrgUnitId[] Units, UnitClassId[] Classes) ReadParticipants(string text)
    {
        if (text.Length == 0) return ([], []);
        var units = new List<OrgUnitId>();
        var classes = new List<UnitClassId>();
        foreach (var part in text.Split(' '))
        {
            if (part.Length < 3) continue;
            if (part[0] == 'u' && Guid.TryParse(part.AsSpan(2), out var unit)) units.Add(new OrgUnitId(unit));
            if (part[0] == 'c' && Guid.TryParse(part.AsSpan(2), out var unitClass)) classes.Add(new UnitClassId(unitClass));
        }

        return ([.. units], [.. classes]);
    }

    internal static string WriteParticipants(IEnumerable<Assignment> parts) => string.Join(' ', parts
        .Select(p => p.Unit is { } unit ? "u:" + unit.Value.ToString("N") : p.Class is { } unitClass ? "c:" + unitClass.Value.ToString("N") : null)
        .OfType<string>().Distinct());
}

/// <summary>A filter made ready for one snapshot and one person: the one predicate behind every number and every list.</summary>
public sealed class TaskPredicate
{
    private readonly TaskFilter _filter;
    private readonly TaskScope _scope;
    private readonly FrozenSet<UnitClassId> _scopeClasses;
    private readonly FrozenSet<UnitClassId> _unitClasses;
    private readonly PlansParameters _parameters;
    private readonly byte[][] _words;
    private readonly int _groups;

    internal TaskPredicate(TaskFilter filter, DateOnly asOf, TaskScope scope, FrozenSet<UnitClassId> scopeClasses, FrozenSet<UnitClassId> unitClasses, PlansParameters parameters)
    {
        (_filter, AsOf, _scope, _scopeClasses, _unitClasses, _parameters) = (filter, asOf, scope, scopeClasses, unitClasses, parameters);
        _words = [.. VietnameseText.Fold(filter.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
        foreach (var group in filter.Groups) _groups |= 1 << (int)group;
    }

    public DateOnly AsOf { get; }

    public Standing StandingOf(IndexRow row) => Standing.Of(row, AsOf, _parameters, row.CadenceDays);

    public bool Matches(IndexRow row, Standing standing) => MatchesButGroup(row, standing) && (_groups == 0 || (_groups & (1 << (int)standing.Group)) != 0);

    /// <summary>Everything but the status group: what the counts by status are counted over.</summary>
    public bool MatchesButGroup(IndexRow row, Standing standing)
    {
        if (row.IsIssued == _filter.Drafts) return false;
        if (!_scope.All && !Overlaps(row.Units, _scope.Units) && !row.Classes.Any(_scopeClasses.Contains)) return false;
        if (_filter.Plan is { } plan && row.Plan != plan) return false;
        if (_filter.Lead is { } lead && row.LeadUnit != lead) return false;
        if (_filter.LeadClass is { } leadClass && row.LeadClass != leadClass) return false;
        if (_filter.Unit is { } unit && Array.IndexOf(row.Units, unit) < 0 && !row.Classes.Any(_unitClasses.Contains)) return false;
        if (_filter.GroupPath is { } group && row.GroupPath != group) return false;
        if (_filter.DueFrom is { } dueFrom && !(standing.Due >= dueFrom)) return false;
        if (_filter.DueTo is { } dueTo && !(standing.Due <= dueTo)) return false;
        if (_filter.DoneFrom is { } doneFrom && !(row.DoneOn >= doneFrom)) return false;
        if (_filter.DoneTo is { } doneTo && !(row.DoneOn <= doneTo)) return false;
        if (_filter.ClaimedTo is { } claimedTo && !(row.ClaimedDoneOn <= claimedTo)) return false;
        foreach (var overlay in _filter.Overlays)
        {
            if (!Has(row, standing, overlay)) return false;
        }

        foreach (var word in _words)
        {
            if (row.Search.AsSpan().IndexOf(word) < 0) return false;
        }

        return true;
    }

    private bool Has(IndexRow row, Standing standing, TaskOverlay overlay) => overlay switch
    {
        TaskOverlay.Overdue => standing.IsOverdue,
        TaskOverlay.DueSoon => standing.Time is TimeState.DueSoon,
        TaskOverlay.Open => standing.IsOpen,
        TaskOverlay.Done => standing.IsDone,
        TaskOverlay.DoneOnTimeOriginal => standing.OnTimeOriginal is true,
        TaskOverlay.DoneOnTimeRevised => standing.OnTimeRevised is true,
        TaskOverlay.DoneLate => standing.OnTimeOriginal is false,
        TaskOverlay.AwaitsReview => standing.AwaitsReview,
        TaskOverlay.HasObstacle => standing.HasObstacle,
        TaskOverlay.IsReturned => row.IsReturned,
        TaskOverlay.UpdateLate => standing.IsUpdateLate,
        TaskOverlay.Continuing => standing.Work is WorkState.DoneContinuing,
        TaskOverlay.LateByOriginal => standing.LateByOriginal,
        TaskOverlay.HasExtension => row.Extensions > 0,
        TaskOverlay.PendingExtension => row.PendingExtensions > 0,
        TaskOverlay.FiveClear => row.Gaps.Length == 0,
        TaskOverlay.FiveClearGap => row.Gaps.Length > 0,
        TaskOverlay.Gap => row.PercentMeasured is { } measured && row.PercentClaimed - measured > _parameters.GapPoints,
        TaskOverlay.NoDeadline => standing.Due is null,
        TaskOverlay.ClaimedDone => row.ClaimedDoneOn is not null,
        TaskOverlay.ClaimedOnTime => row.ClaimedDoneOn is { } claimed && (row.OriginalDue is null || claimed <= row.OriginalDue),
        TaskOverlay.DoneWithEvidence => standing.IsDone && row.AcceptedReports > 0,
        _ => false,
    };

    private static bool Overlaps(OrgUnitId[] units, IReadOnlySet<OrgUnitId> scope)
    {
        foreach (var unit in units)
        {
            if (scope.Contains(unit)) return true;
        }

        return false;
    }
}

/// <summary>Lists and counts for the acting person: applies scope, day and filter to the index.</summary>
public sealed class TaskQuery(TaskIndex index, PlansAccess access, IOrgUnits units)
{
    public TaskIndex Index => index;

    public DateOnly Today => access.Today;

    public async Task<(TaskSnapshot Snapshot, TaskPredicate Predicate, string Key)> PrepareAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(scope);
        var asOf = filter.AsOf ?? Today;
        var snapshot = await index.AsOfAsync(asOf, cancellationToken);
        var scopeClasses = scope.All ? [] : await ClassesOfAsync(snapshot, scope.Key, scope.Units, cancellationToken);
        var unitClasses = filter.Unit is { } unit ? await ClassesOfAsync(snapshot, unit.ToString(), new HashSet<OrgUnitId> { unit }, cancellationToken) : [];
        return (snapshot, new TaskPredicate(filter, asOf, scope, scopeClasses, unitClasses, index.Parameters), $"{asOf:yyyyMMdd}|{scope.Key}|{filter.ToQuery()}");
    }

    /// <summary>The rows that match, in the order asked for. The array is shared: do not change it.</summary>
    public async Task<IReadOnlyList<IndexRow>> ListAsync(TaskFilter filter, TaskScope scope, TaskSort sort, bool descending, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter, scope, cancellationToken);
        return index.Once(snapshot, $"list|{sort}|{descending}|{key}", () =>
        {
            var matching = snapshot.Rows.Where(row => predicate.Matches(row, predicate.StandingOf(row)));
            IEnumerable<IndexRow> sorted = (sort, descending) switch
            {
                (TaskSort.Due, false) => matching.OrderBy(r => predicate.StandingOf(r).Due ?? DateOnly.MaxValue),
                (TaskSort.Due, true) => matching.OrderByDescending(r => predicate.StandingOf(r).Due ?? DateOnly.MinValue),
                (TaskSort.Lead, false) => matching.OrderBy(r => r.LeadName, StringComparer.Ordinal),
                (TaskSort.Lead, true) => matching.OrderByDescending(r => r.LeadName, StringComparer.Ordinal),
                (TaskSort.Status, false) => matching.OrderBy(r => predicate.StandingOf(r).Group),
                (TaskSort.Status, true) => matching.OrderByDescending(r => predicate.StandingOf(r).Group),
                (TaskSort.Updated, false) => matching.OrderBy(r => r.LastMovementOn ?? DateOnly.MinValue),
                (TaskSort.Updated, true) => matching.OrderByDescending(r => r.LastMovementOn ?? DateOnly.MinValue),
                (_, true) => matching.Reverse(),
                _ => matching,
            };
            return sorted.ToArray();
        });
    }

    public async Task<int> CountAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter, scope, cancellationToken);
        return index.Once(snapshot, "count|" + key, () => new Counted(snapshot.Rows.Count(row => predicate.Matches(row, predicate.StandingOf(row))))).Value;
    }

    /// <summary>Counts by status under all conditions but the status itself.</summary>
    public async Task<IReadOnlyDictionary<StatusGroup, int>> CountByGroupAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter with { Groups = [] }, scope, cancellationToken);
        return index.Once(snapshot, "groups|" + key, () =>
        {
            var counts = new Dictionary<StatusGroup, int>();
            foreach (var group in Enum.GetValues<StatusGroup>()) counts[group] = 0;
            foreach (var row in snapshot.Rows)
            {
                var standing = predicate.StandingOf(row);
                if (predicate.MatchesButGroup(row, standing)) counts[standing.Group]++;
            }

            return counts;
        });
    }

    private async Task<FrozenSet<UnitClassId>> ClassesOfAsync(TaskSnapshot snapshot, string key, IReadOnlySet<OrgUnitId> members, CancellationToken cancellationToken)
    {
        var classes = index.Once(snapshot, "classes", () => snapshot.Rows.SelectMany(r => r.Classes).Distinct().ToArray());
        if (classes.Length == 0) return [];
        var holding = new List<UnitClassId>();
        foreach (var unitClass in classes)
        {
            if ((await units.MembersAsync(unitClass, Today, cancellationToken)).Any(m => members.Contains(m.Id))) holding.Add(unitClass);
        }

        return index.Once(snapshot, $"classes|{Today:yyyyMMdd}|{key}", () => holding.ToFrozenSet());
    }

    private sealed record Counted(int Value);
}
