using System.Collections.Frozen;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>What lists and boards need of a plan.</summary>
public sealed record PlanInfo(
    PlanId Id, string Name, string Subject, string? Issuer, DateOnly? IssuedOn, DateOnly InForceFrom, bool IsIssued, bool ForbidsExtension, bool IsPublished);

/// <summary>
/// The narrow facts of every task in memory, some 450 bytes each with what a search looks through: 45 MB at 100,000 tasks, the largest province we plan for.
/// Each page first asks the database for the stamp (one row) and reads only tasks with a newer one, so every node answers from what is committed.
/// One pass of a pure predicate over the rows takes a few milliseconds and is the same code for a number and for its list; SQL would need the
/// status logic a second time, in two dialects. What a pass found in a piece of the rows holds until a write renews that piece
/// (<see cref="ByPiece"/>), so a report costs everybody's board one piece and not a hundred thousand rows. Measured in docs/numbers.md (bench web).
/// </summary>
public sealed class TaskIndex(IDbContextFactory<PlatformDb> databases, ParameterBook book, TimeProvider clock) : IDisposable
{
    /// <summary>Past days kept: the board's day, the day compared with, and two for people who look elsewhere.</summary>
    private const int PastMax = 4;

    /// <summary>Counts and sums kept, each some kilobytes: the figures of a morning's visitors from many units.</summary>
    private const int FiguresMax = 600;

    /// <summary>Lists kept, each at most a reference for every task: more than the addresses people page through at once.</summary>
    private const int ListsMax = 16;

    /// <summary>Units whose own tasks stand picked out, a thousand references each: every focal person of a province at eight o'clock.</summary>
    private const int ScopesMax = 300;

    private static readonly Func<PlatformDb, Task<PlansStamp>> AskStamp =
        EF.CompileAsyncQuery((PlatformDb db) => db.PlansStamps.AsNoTracking().Single(s => s.Id == 1));

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _pastGate = new(1, 1);
    /// <summary>Leads, groups and gaps repeat from task to task; what is more varied than this must not fill the memory.</summary>
    private const int SharedMax = 50_000;

    private readonly Dictionary<object, object> _shared = [];
    private readonly Vocabulary _vocabulary = new();
    private readonly Recent<DateOnly, TaskSnapshot> _past = new(PastMax);
    private readonly Recent<string, object> _figures = new(FiguresMax);
    private readonly Recent<string, object> _lists = new(ListsMax);
    private readonly Recent<string, object> _scopes = new(ScopesMax);
    private volatile TaskSnapshot? _current;

    private volatile ParameterSheet? _sheet;
    private volatile PlansParameters _parameters = PlansParameters.Default;

    /// <summary>As they hold today, once a snapshot was asked for.</summary>
    public PlansParameters Parameters => _parameters;

    public async ValueTask<PlansParameters> ParametersAsync(CancellationToken cancellationToken) => PlansParameters.Of(await book.TodayAsync(cancellationToken));

    public async Task<TaskSnapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stamp = await AskStamp(db);
        var sheet = await book.TodayAsync(cancellationToken);
        if (_current is { } current && current.Stamp >= stamp.Number && ReferenceEquals(_sheet, sheet)) return current;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_sheet, sheet)) TakeParameters(sheet);
            if (_current is { } refreshed && refreshed.Stamp >= stamp.Number) return refreshed;

            // Rows are read after the stamp; a write between the two is read twice, never missed.
            return _current = await ReadNewerAsync(db, _current, stamp, cancellationToken);
        }
        finally { _gate.Release(); }
    }

    /// <summary>Tasks with their facts at the end of that day, as they were known then. Today and later days are the current facts.</summary>
    public async Task<TaskSnapshot> AsOfAsync(DateOnly asOf, CancellationToken cancellationToken) =>
        await AsOfAsync(asOf, await CurrentAsync(cancellationToken), cancellationToken);

    internal async Task<TaskSnapshot> AsOfAsync(DateOnly asOf, TaskSnapshot current, CancellationToken cancellationToken)
    {
        if (asOf >= Vietnamese.DayOf(clock.GetUtcNow())) return current;
        if (_past.Find(asOf) is { } kept && kept.PastStamp == current.PastStamp) return kept;

        // One reader at a time: the others find its work done.
        await _pastGate.WaitAsync(cancellationToken);
        try
        {
            if (_past.Find(asOf) is { } justRead && justRead.PastStamp >= current.PastStamp) return justRead;
            return _past.Keep(asOf, await ReadPastAsync(asOf, _past.Find(asOf), current, cancellationToken));
        }
        finally { _pastGate.Release(); }
    }

    /// <summary>Computes once per stamp and key; several askers may compute at the same time, the last one is kept.</summary>
    public T Once<T>(TaskSnapshot snapshot, string key, Func<T> compute) where T : class
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(compute);
        var kept = typeof(IReadOnlyList<IndexRow>).IsAssignableFrom(typeof(T)) ? _lists : _figures;
        if (kept.Find(key) is Whole<T> known && known.Stamp == snapshot.Stamp) return known.Result;
        var computedWith = _parameters;
        var result = compute();
        if (ReferenceEquals(computedWith, _parameters)) kept.Keep(key, new Whole<T>(snapshot.Stamp, result));
        return result;
    }

    /// <summary>The same for what has to be read. It must hold for everybody, and only what writes of plans change: they move the stamp.</summary>
    public async Task<T> OnceAsync<T>(TaskSnapshot snapshot, string key, Func<Task<T>> read) where T : class
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(read);
        if (_figures.Find(key) is Whole<T> known && known.Stamp == snapshot.Stamp) return known.Result;
        var result = await read();
        _figures.Keep(key, new Whole<T>(snapshot.Stamp, result));
        return result;
    }

    /// <summary>
    /// One result for each piece of the rows. A piece is never changed, only replaced, so what was computed from it holds for as long as it is part
    /// of the rows: after a write only the pieces it touched are computed again. The key must say everything the result depends on beside the rows.
    /// </summary>
    internal T[] ByPiece<T>(IReadOnlyList<RowPiece> pieces, string key, Func<RowPiece, T> compute) => ByPiece(typeof(T) == typeof(RowPiece) ? _lists : _figures, pieces, key, compute);

    /// <summary>The rows somebody sees who does not see all.</summary>
    internal RowPiece[] InScope(IReadOnlyList<RowPiece> pieces, string key, Predicate<IndexRow> isInScope) => ByPiece(_scopes, pieces, key, piece => piece.Where(isInScope));

    private static T[] ByPiece<T>(Recent<string, object> kept, IReadOnlyList<RowPiece> pieces, string key, Func<RowPiece, T> compute)
    {
        var before = kept.Find(key) as Pieces<T>;
        var isSame = before is not null && before.Numbers.Length == pieces.Count;
        var (numbers, results) = (new long[pieces.Count], new T[pieces.Count]);
        for (var i = 0; i < results.Length; i++)
        {
            numbers[i] = pieces[i].Number;
            var holds = before is not null && i < before.Numbers.Length && before.Numbers[i] == numbers[i];
            results[i] = holds ? before!.Results[i] : compute(pieces[i]);
            isSame &= holds;
        }

        if (!isSame) kept.Keep(key, new Pieces<T>(numbers, results));
        return results;
    }

    /// <summary>Everything kept was computed with the old values: when one of ours has changed, all of it is read again.</summary>
    private void TakeParameters(ParameterSheet sheet)
    {
        var taken = PlansParameters.Of(sheet);
        var isSame = taken with { RemindOffsets = _parameters.RemindOffsets } == _parameters && taken.RemindOffsets.SequenceEqual(_parameters.RemindOffsets);
        (_parameters, _sheet) = (taken, sheet);
        if (isSame) return;
        _current = null;
        _past.Clear();
        _figures.Clear();
        _lists.Clear();
        _scopes.Clear();
    }

    public void Dispose()
    {
        _gate.Dispose();
        _pastGate.Dispose();
    }

    private sealed record Whole<T>(long Stamp, T Result);

    private sealed record Pieces<T>(long[] Numbers, T[] Results);

    private async Task<TaskSnapshot> ReadNewerAsync(PlatformDb db, TaskSnapshot? before, PlansStamp stamp, CancellationToken cancellationToken)
    {
        var known = before?.Stamp ?? -1;
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
        var renewed = new List<IndexRow>();
        await foreach (var t in newer.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var (units, classes) = ReadParticipants(t.Participants);
            renewed.Add(new IndexRow(
                new TaskCard(
                    t.Id, Shared(new TaskPlace(t.Plan, t.GroupPath)), t.Ordinal, Shared(new TaskLead(t.LeadUnit, t.LeadClass, t.LeadName)), Shared(t.Gaps), t.IsIssued, t.IsPublished,
                    t.CompletedAndContinuing || t.DeadlineRule is DeadlineRule.Continuous || t.RecurrenceCycle is RecurrenceCycle.Continuous ? _parameters.UpdateCadenceDays : 0,
                    units, classes, _vocabulary.Write(t.Search)),
                t.Facts));
        }

        var plans = await PlansAsync(db, before, cancellationToken);
        return new TaskSnapshot(stamp.Number, stamp.PastNumber, TaskRows.After(before, renewed, plans), plans);
    }

    /// <summary>All plans in the order of the register: newest first, then by name.</summary>
    private static async Task<PlanOrder> PlansAsync(PlatformDb db, TaskSnapshot? before, CancellationToken cancellationToken)
    {
        // Every edit of a plan raises its version and nothing removes one, so count and sum tell whether there is anything to read.
        var mark = await db.Plans.GroupBy(_ => 1).Select(g => new { Count = g.Count(), Versions = g.Sum(p => (long)p.Version) }).SingleOrDefaultAsync(cancellationToken);
        var (count, versions) = mark is null ? (0, 0L) : (mark.Count, mark.Versions);
        if (before is { Order: { } order } && order.Count == count && order.Versions == versions) return order;
        return new PlanOrder(
            await db.Plans.AsNoTracking().Select(p => new PlanInfo(p.Id, p.Name, p.Subject, p.Issuer, p.IssuedOn, p.InForceFrom, p.IssuedAt != null, p.ForbidsExtension, p.IsPublished)).ToListAsync(cancellationToken),
            versions);
    }

    private async Task<TaskSnapshot> ReadPastAsync(DateOnly asOf, TaskSnapshot? before, TaskSnapshot current, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var end = Vietnamese.EndOf(asOf);
        var then = db.TaskFacts.AsNoTracking().Where(f => f.From < end && f.Until >= end);
        if (before is not null)
        {
            // Only what was written since that day was read can have changed it.
            var known = before.Stamp;
            then = then.Where(f => db.Tasks.Any(t => t.Id == f.Task && t.Stamp > known));
        }

        var rows = new List<IndexRow>();
        await foreach (var facts in then.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            // A task that stood then as it stands now is one row in both: most of them, when the day is near.
            if (current.Rows.Find(facts.Task) is { } row) rows.Add(row.SameFactsAs(facts) ? row : row.At(facts));
        }

        return new TaskSnapshot(current.Stamp, current.PastStamp, TaskRows.After(before, rows, current.Order), current.Order);
    }

    /// <summary>The first of its equals, so that the others need not stay.</summary>
    private T Shared<T>(T value) where T : class
    {
        if (_shared.TryGetValue(value, out var kept)) return (T)kept;
        if (_shared.Count < SharedMax) _shared[value] = value;
        return value;
    }

    /// <summary>A filter made ready for what a snapshot of this index holds.</summary>
    internal TaskPredicate Predicate(TaskFilter filter, DateOnly asOf, TaskScope scope, FrozenSet<UnitClassId> scopeClasses, FrozenSet<UnitClassId> unitClasses) =>
        new(filter, asOf, scope, scopeClasses, unitClasses, Parameters, [.. VietnameseText.Fold(filter.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Select(_vocabulary.Holding)]);

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
    private readonly WordSet[] _words;
    private readonly int _groups;

    internal TaskPredicate(TaskFilter filter, DateOnly asOf, TaskScope scope, FrozenSet<UnitClassId> scopeClasses, FrozenSet<UnitClassId> unitClasses, PlansParameters parameters, WordSet[] words)
    {
        (_filter, AsOf, _scope, _scopeClasses, _unitClasses, _parameters, _words) = (filter, asOf, scope, scopeClasses, unitClasses, parameters, words);
        foreach (var group in filter.Groups) _groups |= 1 << (int)group;
    }

    public DateOnly AsOf { get; }

    internal bool SeesAll => _scope.All;

    /// <summary>Same key, same rows in scope.</summary>
    internal string ScopeKey => _scope.Key + "|" + string.Join(',', _scopeClasses.Select(c => c.Value).Order());

    internal bool IsInScope(IndexRow row) => _scope.All || Overlaps(row.Units, _scope.Units) || row.Classes.Any(_scopeClasses.Contains);

    public Standing StandingOf(IndexRow row) => Standing.Of(row, AsOf, _parameters, row.CadenceDays);

    public bool Matches(IndexRow row, Standing standing) => MatchesButGroup(row, standing) && (_groups == 0 || (_groups & (1 << (int)standing.Group)) != 0);

    /// <summary>Everything but the status group: what the counts by status are counted over.</summary>
    public bool MatchesButGroup(IndexRow row, Standing standing)
    {
        if (row.IsIssued == _filter.Drafts) return false;
        if (!IsInScope(row)) return false;
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
            if (!word.IsIn(row.Words)) return false;
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
public sealed class TaskQuery(TaskIndex index, PlansAccess access, IOrgUnits units, TimeProvider clock)
{
    /// <summary>Every figure of one page is of one moment; whoever asks later in the same scope (a job) gets a new look.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, FrozenSet<UnitClassId>> _classes = [];
    private (TaskSnapshot Current, long At, long Writes)? _look;

    public TaskIndex Index => index;

    public DateOnly Today => access.Today;

    public async Task<(TaskSnapshot Snapshot, TaskPredicate Predicate, string Key)> PrepareAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(scope);
        var asOf = filter.AsOf ?? Today;
        var snapshot = await index.AsOfAsync(asOf, await LookAsync(cancellationToken), cancellationToken);
        var scopeClasses = scope.All ? [] : await ClassesOfAsync(snapshot, scope.Key, scope.Units, cancellationToken);
        var unitClasses = filter.Unit is { } unit ? await ClassesOfAsync(snapshot, unit.ToString(), new HashSet<OrgUnitId> { unit }, cancellationToken) : [];
        var key = $"{asOf:yyyyMMdd}|{scope.Key}|{Names(scopeClasses)}|{Names(unitClasses)}|{filter.ToQuery()}";
        return (snapshot, index.Predicate(filter, asOf, scope, scopeClasses, unitClasses), key);
    }

    /// <summary>The rows that match, in the order asked for. The list is shared: do not change it.</summary>
    public async Task<IReadOnlyList<IndexRow>> ListAsync(TaskFilter filter, TaskScope scope, TaskSort sort, bool descending, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter, scope, cancellationToken);
        var matching = index.ByPiece(Pieces(snapshot, predicate), "list|" + key, piece => piece.Where(row => predicate.Matches(row, predicate.StandingOf(row))));
        if (sort is TaskSort.Document && !descending) return index.Once(snapshot, "rows|" + key, () => new TaskRows(matching));
        return index.Once(snapshot, $"rows|{sort}|{descending}|{key}", () =>
        {
            var rows = new TaskRows(matching);
            IEnumerable<IndexRow> sorted = (sort, descending) switch
            {
                (TaskSort.Due, false) => rows.OrderBy(r => predicate.StandingOf(r).Due ?? DateOnly.MaxValue),
                (TaskSort.Due, true) => rows.OrderByDescending(r => predicate.StandingOf(r).Due ?? DateOnly.MinValue),
                (TaskSort.Lead, false) => rows.OrderBy(r => r.LeadName, StringComparer.Ordinal),
                (TaskSort.Lead, true) => rows.OrderByDescending(r => r.LeadName, StringComparer.Ordinal),
                (TaskSort.Status, false) => rows.OrderBy(r => predicate.StandingOf(r).Group),
                (TaskSort.Status, true) => rows.OrderByDescending(r => predicate.StandingOf(r).Group),
                (TaskSort.Updated, false) => rows.OrderBy(r => r.LastMovementOn ?? DateOnly.MinValue),
                (TaskSort.Updated, true) => rows.OrderByDescending(r => r.LastMovementOn ?? DateOnly.MinValue),
                _ => Enumerable.Reverse(rows),
            };
            return sorted.ToArray();
        });
    }

    public async Task<int> CountAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter, scope, cancellationToken);
        var counts = index.ByPiece(Pieces(snapshot, predicate), "count|" + key, piece =>
        {
            var count = 0;
            foreach (var row in piece.Rows)
            {
                if (predicate.Matches(row, predicate.StandingOf(row))) count++;
            }

            return count;
        });
        return counts.Sum();
    }

    /// <summary>Counts by status under all conditions but the status itself.</summary>
    public async Task<IReadOnlyDictionary<StatusGroup, int>> CountByGroupAsync(TaskFilter filter, TaskScope scope, CancellationToken cancellationToken)
    {
        var (snapshot, predicate, key) = await PrepareAsync(filter with { Groups = [] }, scope, cancellationToken);
        var groups = Enum.GetValues<StatusGroup>();
        var counts = index.ByPiece(Pieces(snapshot, predicate), "groups|" + key, piece =>
        {
            var sums = new int[groups.Length];
            foreach (var row in piece.Rows)
            {
                var standing = predicate.StandingOf(row);
                if (predicate.MatchesButGroup(row, standing)) sums[(int)standing.Group]++;
            }

            return sums;
        });
        return groups.ToDictionary(g => g, g => counts.Sum(c => c[(int)g]));
    }

    /// <summary>The pieces a person's figures are counted over: for somebody who sees only their own units, what is theirs is picked out once.</summary>
    internal IReadOnlyList<RowPiece> Pieces(TaskSnapshot snapshot, TaskPredicate predicate) => predicate.SeesAll
        ? snapshot.Rows.Pieces
        : index.InScope(snapshot.Rows.Pieces, $"{predicate.AsOf:yyyyMMdd}|{predicate.ScopeKey}", predicate.IsInScope);

    private async Task<TaskSnapshot> LookAsync(CancellationToken cancellationToken)
    {
        if (_look is { } look && look.Writes == PlansWork.Written && clock.GetElapsedTime(look.At) < OneLook) return look.Current;
        var (at, writes) = (clock.GetTimestamp(), PlansWork.Written);
        var current = await index.CurrentAsync(cancellationToken);
        _look = (current, at, writes);
        return current;
    }

    private async Task<FrozenSet<UnitClassId>> ClassesOfAsync(TaskSnapshot snapshot, string key, IReadOnlySet<OrgUnitId> members, CancellationToken cancellationToken)
    {
        if (_classes.TryGetValue(key, out var known)) return known;
        var holding = new List<UnitClassId>();
        foreach (var unitClass in index.ByPiece(snapshot.Rows.Pieces, "classes", piece => piece.Rows.SelectMany(r => r.Classes).Distinct().ToArray()).SelectMany(c => c).Distinct())
        {
            if ((await units.MembersAsync(unitClass, Today, cancellationToken)).Any(m => members.Contains(m.Id))) holding.Add(unitClass);
        }

        return _classes[key] = holding.ToFrozenSet();
    }

    private static string Names(FrozenSet<UnitClassId> classes) => classes.Count == 0 ? "" : string.Join(',', classes.Select(c => c.Value).Order());
}
