using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>
/// One figure of a board. <see cref="Value"/> is the number of tasks that <see cref="Filter"/> lists; <see cref="Share"/> is it over
/// <see cref="Of"/>, which <see cref="OfFilter"/> lists.
/// </summary>
/// <param name="Code">Stable: overdue, ontime-original, ontime-revised, five-clear, gap.</param>
/// <param name="Before">The same on the day compared with.</param>
public sealed record BoardFigure(string Code, int Value, int Of, decimal? Share, bool IsShare, TaskFilter Filter, TaskFilter OfFilter, int? Before, int? BeforeOf, SourceKind Source)
{
    public decimal? BeforeShare => BeforeOf is > 0 ? (decimal)Before!.Value / BeforeOf.Value : null;
}

public sealed record StatusSlice(StatusGroup Group, int Tasks, TaskFilter Filter);

/// <param name="Confirmed">On time by the original deadline among what was confirmed by the end of that month.</param>
/// <param name="Declared">The same by the units' own claims.</param>
public sealed record TrendPoint(
    int Year, int Month, DateOnly Until, int Done, int DoneOnTime, decimal? Confirmed, int Claimed, int ClaimedOnTime, decimal? Declared, TaskFilter DoneFilter, TaskFilter DoneOnTimeFilter);

public enum DecisionKind { Extension, Obstacle, Review, NotAssigned, MemberProposal }

/// <summary>Something that waits for a person with power: what, since when, by when, and why it stands here.</summary>
public sealed record DecisionNeeded(DecisionKind Kind, TaskId Task, string? TaskNumber, string TaskContent, string PlanName, string Text, string ByUnitName, DateTimeOffset Since, DateOnly? Due, Standing Standing, Guid? Subject);

public sealed record HeatCell(int Year, int Month, int Tasks, int Overdue, TaskFilter Filter, TaskFilter OverdueFilter);

public sealed record HeatRow(OrgUnitId? Unit, UnitClassId? Class, string Name, int Total, IReadOnlyList<HeatCell> Cells);

/// <param name="Totals">Sums of the columns; <see cref="Total"/> is the number of tasks due in the months shown.</param>
/// <summary>A column of the heat map; a type of its own, because a tuple has no names in an answer to a program.</summary>
public readonly record struct HeatMonth(int Year, int Month);

public sealed record Heatmap(IReadOnlyList<HeatMonth> Months, IReadOnlyList<HeatRow> Rows, IReadOnlyList<HeatCell> Totals, int Total, TaskFilter Filter);

public sealed record BoardView(
    DateOnly AsOf, DateOnly? ComparedWith, int Total, TaskFilter TotalFilter, IReadOnlyList<BoardFigure> Figures, IReadOnlyList<StatusSlice> Statuses, IReadOnlyList<TrendPoint> Trend,
    IReadOnlyList<DecisionNeeded> Decisions, int DecisionsTotal, Heatmap Heat, long Stamp);

/// <summary>
/// The board of a province (R-N57-04, R-TSK-05): five figures, one trend, the load per lead and month, and what needs a decision. Every number
/// is the count of the filter it carries, for the viewer's scope and the day chosen.
/// </summary>
public sealed class ProvinceBoard(TaskQuery query, PlansAccess access, IDbContextFactory<PlatformDb> databases, FindTask names)
{
    /// <summary>A board is read at a glance; the rest of the waiting decisions is one click away.</summary>
    private const int DecisionsMax = 20;

    /// <summary>The day a board is compared with where nobody names another: the end of the month before.</summary>
    public static DateOnly ComparedWith(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddDays(-1);

    public async Task<Result<BoardView>> HandleAsync(DateOnly? asOf, DateOnly? comparedWith, TaskFilter? within, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewBoard, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewBoard));
        var today = access.Today;
        var day = asOf ?? today;
        var frame = (within ?? TaskFilter.All) with { AsOf = asOf is null || asOf == today ? null : asOf };
        var (snapshot, predicate, key) = await query.PrepareAsync(frame, scope, cancellationToken);
        var total = await query.CountAsync(frame, scope, cancellationToken);

        var figures = new List<BoardFigure>();
        foreach (var (code, filter, of, isShare, source) in Defined(frame))
        {
            var before = comparedWith is { } other ? filter with { AsOf = other } : null;
            var value = await query.CountAsync(filter, scope, cancellationToken);
            var ofCount = await query.CountAsync(of, scope, cancellationToken);
            figures.Add(new BoardFigure(
                code, value, ofCount, ofCount == 0 ? null : (decimal)value / ofCount, isShare, filter, of,
                before is null ? null : await query.CountAsync(before, scope, cancellationToken),
                before is null ? null : await query.CountAsync(of with { AsOf = comparedWith }, scope, cancellationToken), source));
        }

        var counts = await query.CountByGroupAsync(frame, scope, cancellationToken);
        var statuses = Enum.GetValues<StatusGroup>().Select(g => new StatusSlice(g, counts[g], frame with { Groups = [g] })).ToList();
        var trend = query.Index.Once(snapshot, "trend|" + key, () => Trend(snapshot, predicate, key, frame, day));
        var heat = query.Index.Once(snapshot, "heat|" + key, () => Heat(snapshot, predicate, key, frame, day));
        var (decisions, waiting) = await DecisionsAsync(snapshot, predicate, key, cancellationToken);
        return new BoardView(day, comparedWith, total, frame, figures, statuses, trend, decisions, waiting, heat, snapshot.Stamp);
    }

    /// <summary>The heat map alone, for its own page and for a unit.</summary>
    public async Task<Result<Heatmap>> HeatAsync(TaskFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = await access.ScopeAsync(Permission.ViewBoard, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewBoard));
        var (snapshot, predicate, key) = await query.PrepareAsync(filter, scope, cancellationToken);
        return query.Index.Once(snapshot, "heat|" + key, () => Heat(snapshot, predicate, key, filter, predicate.AsOf));
    }

    private static IEnumerable<(string Code, TaskFilter Filter, TaskFilter Of, bool IsShare, SourceKind Source)> Defined(TaskFilter frame)
    {
        var done = frame.With(TaskOverlay.Done);
        yield return ("overdue", frame.With(TaskOverlay.Overdue), frame, false, SourceKind.Computed);
        yield return ("ontime-original", done.With(TaskOverlay.DoneOnTimeOriginal), done, true, SourceKind.Computed);
        yield return ("ontime-revised", done.With(TaskOverlay.DoneOnTimeRevised), done, true, SourceKind.Computed);
        yield return ("five-clear", frame.With(TaskOverlay.FiveClear), frame, true, SourceKind.Computed);
        yield return ("gap", frame.With(TaskOverlay.Gap), frame, false, SourceKind.Measured);
    }

    private IReadOnlyList<TrendPoint> Trend(TaskSnapshot snapshot, TaskPredicate predicate, string key, TaskFilter frame, DateOnly day)
    {
        var months = Enumerable.Range(0, 12).Select(i => new DateOnly(day.Year, day.Month, 1).AddMonths(i - 11)).ToList();
        var points = months.Select(m => (Until: m.AddMonths(1).AddDays(-1) is var end && end > day ? day : end, Month: m)).ToList();
        var sums = new (int Done, int OnTime, int Claimed, int ClaimedOnTime)[points.Count];
        foreach (var part in query.Index.ByPiece(query.Pieces(snapshot, predicate), "trend-of|" + key, TrendOf))
        {
            for (var i = 0; i < sums.Length; i++)
            {
                var (sum, add) = (sums[i], part[i]);
                sums[i] = (sum.Done + add.Done, sum.OnTime + add.OnTime, sum.Claimed + add.Claimed, sum.ClaimedOnTime + add.ClaimedOnTime);
            }
        }

        (int Done, int OnTime, int Claimed, int ClaimedOnTime)[] TrendOf(RowPiece piece)
        {
            var part = new (int Done, int OnTime, int Claimed, int ClaimedOnTime)[points.Count];
            foreach (var row in piece.Rows)
            {
                if (row.DoneOn is null && row.ClaimedDoneOn is null) continue;
                var standing = predicate.StandingOf(row);
                if (!predicate.Matches(row, standing)) continue;
                for (var i = 0; i < points.Count; i++)
                {
                    var until = points[i].Until;
                    if (standing.IsDone && row.DoneOn <= until)
                    {
                        part[i].Done++;
                        if (standing.OnTimeOriginal is true) part[i].OnTime++;
                    }

                    if (row.ClaimedDoneOn <= until)
                    {
                        part[i].Claimed++;
                        if (row.OriginalDue is null || row.ClaimedDoneOn <= row.OriginalDue) part[i].ClaimedOnTime++;
                    }
                }
            }

            return part;
        }

        return [.. points.Select((p, i) => new TrendPoint(
            p.Month.Year, p.Month.Month, p.Until, sums[i].Done, sums[i].OnTime, Share(sums[i].OnTime, sums[i].Done), sums[i].Claimed, sums[i].ClaimedOnTime, Share(sums[i].ClaimedOnTime, sums[i].Claimed),
            frame.With(TaskOverlay.Done) with { DoneTo = p.Until }, frame.With(TaskOverlay.Done, TaskOverlay.DoneOnTimeOriginal) with { DoneTo = p.Until }))];
    }

    private Heatmap Heat(TaskSnapshot snapshot, TaskPredicate predicate, string key, TaskFilter frame, DateOnly day)
    {
        // Three months back, so that what is late stands in view, and two ahead; six columns fit one sheet of paper.
        var first = new DateOnly(day.Year, day.Month, 1).AddMonths(-3);
        var months = Enumerable.Range(0, 6).Select(i => first.AddMonths(i)).ToList();
        var last = months[^1].AddMonths(1).AddDays(-1);

        // By who leads, not by how a document spells it: a row is one list, whatever its name.
        var cells = new Dictionary<(OrgUnitId? Unit, UnitClassId? Class), (string Name, (int Tasks, int Overdue)[] Counts)>();
        foreach (var part in query.Index.ByPiece(query.Pieces(snapshot, predicate), "heat-of|" + key, HeatOf))
        {
            foreach (var (lead, add) in part)
            {
                if (!cells.TryGetValue(lead, out var sum)) cells[lead] = sum = (add.Name, new (int, int)[6]);
                for (var i = 0; i < sum.Counts.Length; i++) sum.Counts[i] = (sum.Counts[i].Tasks + add.Counts[i].Tasks, sum.Counts[i].Overdue + add.Counts[i].Overdue);
            }
        }

        Dictionary<(OrgUnitId?, UnitClassId?), (string Name, (int Tasks, int Overdue)[] Counts)> HeatOf(RowPiece piece)
        {
            var part = new Dictionary<(OrgUnitId?, UnitClassId?), (string Name, (int Tasks, int Overdue)[] Counts)>();
            foreach (var row in piece.Rows)
            {
                var standing = predicate.StandingOf(row);
                if (standing.Due is not { } due || due < first || due > last || !predicate.Matches(row, standing)) continue;
                var lead = (row.LeadUnit, row.LeadClass);
                if (!part.TryGetValue(lead, out var of)) part[lead] = of = (row.LeadName, new (int, int)[6]);
                var counts = of.Counts;
                var column = ((due.Year - first.Year) * 12) + due.Month - first.Month;
                counts[column].Tasks++;
                if (standing.IsOverdue) counts[column].Overdue++;
            }

            return part;
        }

        HeatCell Cell(DateOnly month, (int Tasks, int Overdue) count, TaskFilter filter)
        {
            var due = filter with { DueFrom = month, DueTo = month.AddMonths(1).AddDays(-1) };
            return new HeatCell(month.Year, month.Month, count.Tasks, count.Overdue, due, due.With(TaskOverlay.Overdue));
        }

        var rows = cells
            .Where(c => c.Key.Unit is not null || c.Key.Class is not null)
            .Select(c => new HeatRow(c.Key.Unit, c.Key.Class, c.Value.Name, c.Value.Counts.Sum(v => v.Tasks), [.. months.Select((m, i) => Cell(m, c.Value.Counts[i], frame with { Lead = c.Key.Unit, LeadClass = c.Key.Class }))]))
            .OrderByDescending(r => r.Total).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var totals = months.Select((m, i) => Cell(m, (cells.Values.Sum(v => v.Counts[i].Tasks), cells.Values.Sum(v => v.Counts[i].Overdue)), frame)).ToList();
        return new Heatmap([.. months.Select(m => new HeatMonth(m.Year, m.Month))], rows, totals, totals.Sum(t => t.Tasks), frame with { DueFrom = first, DueTo = last });
    }

    private async Task<(IReadOnlyList<DecisionNeeded> Shown, int Total)> DecisionsAsync(TaskSnapshot snapshot, TaskPredicate predicate, string key, CancellationToken cancellationToken)
    {
        // Read once for all who look at today's tasks as they stand; a past day is looked at seldom, and what waits is what waits now.
        Task<T> Once<T>(string what, Func<Task<T>> read) where T : class => predicate.AsOf < query.Today ? read() : query.Index.OnceAsync(snapshot, what, read);
        var waiting = await Once("waiting", () => WaitingAsync(snapshot, cancellationToken));
        var visible = waiting.Where(w => snapshot.Rows.Find(w.Task) is { } row && predicate.Matches(row, predicate.StandingOf(row))).ToList();
        var shown = visible.OrderBy(w => w.Due ?? DateOnly.MaxValue).ThenBy(w => w.Since).Take(DecisionsMax).ToList();
        var words = await Once("waiting-words|" + key, () => WordsAsync([.. shown.Select(w => w.Task).Distinct()], cancellationToken));
        var unitNames = await names.NamesAsync([.. shown.Select(w => w.Unit)], cancellationToken);
        return ([.. shown.Select(w => snapshot.Rows.Find(w.Task) is var row ? new DecisionNeeded(
            w.Kind, w.Task, words[w.Task].Number, words[w.Task].Content, snapshot.Plans[row!.Plan].Name, w.Text, w.Unit is { } unit ? unitNames.GetValueOrDefault(unit, "") : "", w.Since, w.Due,
            predicate.StandingOf(row), w.Subject) : null!)], visible.Count);
    }

    private sealed record Waiting(DecisionKind Kind, TaskId Task, string Text, OrgUnitId? Unit, DateTimeOffset Since, DateOnly? Due, Guid? Subject);

    private async Task<Dictionary<TaskId, (string? Number, string Content)>> WordsAsync(List<TaskId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Number, t.Content }).ToDictionaryAsync(t => t.Id, t => (t.Number, t.Content), cancellationToken);
    }

    /// <summary>What waits in the whole province, of each kind the oldest.</summary>
    private async Task<List<Waiting>> WaitingAsync(TaskSnapshot snapshot, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = new List<Waiting>();
        foreach (var e in await db.Extensions.AsNoTracking().Where(e => e.DecidedAt == null).OrderBy(e => e.AskedAt).Take(200).ToListAsync(cancellationToken))
        {
            found.Add(new(DecisionKind.Extension, e.Task, e.Reason, e.AskedByUnit, e.AskedAt, e.AskedDue, e.Id.Value));
        }

        foreach (var o in await db.Obstacles.AsNoTracking().Where(o => o.ClosedAt == null && o.AnsweredAt == null).OrderBy(o => o.AnswerDue).Take(200).ToListAsync(cancellationToken))
        {
            found.Add(new(DecisionKind.Obstacle, o.Task, o.Text, o.RaisedByUnit, o.RaisedAt, o.AnswerDue, o.Id.Value));
        }

        foreach (var p in await db.MemberProposals.AsNoTracking().Where(p => p.DecidedAt == null).OrderBy(p => p.ProposedAt).Take(200).ToListAsync(cancellationToken))
        {
            found.Add(new(DecisionKind.MemberProposal, p.Task, "", p.Unit, p.ProposedAt, null, p.Id));
        }

        var unassigned = query.Index.ByPiece(snapshot.Rows.Pieces, "unassigned", piece => Array.FindAll(piece.Rows, r => r.IsIssued && r.IssuedOn is null && r.CancelledOn is null));
        foreach (var row in unassigned.SelectMany(r => r).Take(200))
        {
            found.Add(new(DecisionKind.NotAssigned, row.Id, "", null, Vietnamese.StartOf(snapshot.Plans[row.Plan].InForceFrom), row.OriginalDue, null));
        }

        return found;
    }

    private static decimal? Share(int part, int whole) => whole == 0 ? null : (decimal)part / whole;
}
