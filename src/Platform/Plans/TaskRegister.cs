using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>One line of the register or of any list of tasks.</summary>
/// <param name="DeadlineText">The words of the document.</param>
/// <param name="Percent">Accepted where there is one, else claimed; see the two beside it.</param>
public sealed record TaskLine(
    TaskId Id, PlanId Plan, string PlanName, int Ordinal, string? Number, string? Code, string? GroupPath, string Content, string LeadName, OrgUnitId? LeadUnit,
    string? DeadlineText, DeadlineRule Rule, DateOnly? OriginalDue, DateOnly? RevisedDue, Standing Standing, decimal? Percent, decimal? PercentClaimed, decimal? PercentMeasured,
    int Parts, int PartsDone, int PartsMoved, int Extensions, DateOnly? LastMovementOn, DateOnly? DoneOn, string Gaps);

/// <param name="CountByStatus">Over all conditions but the status itself, so that choosing one shows exactly that many.</param>
public sealed record TaskRegisterPage(
    TaskFilter Filter, DateOnly AsOf, int Total, int Page, int Pages, IReadOnlyList<TaskLine> Lines, IReadOnlyDictionary<StatusGroup, int> CountByStatus,
    IReadOnlyList<PlanInfo> Plans, IReadOnlyList<LeadChoice> Leads, IReadOnlyList<string> Groups);

/// <summary>A lead that occurs under the filter, for its choice list.</summary>
public sealed record LeadChoice(OrgUnitId? Unit, UnitClassId? Class, string Name, int Tasks);

/// <summary>The register of tasks: filtered, searched with or without diacritics, sorted, fifty to a page.</summary>
public sealed class TaskRegister(TaskQuery query, PlansAccess access, IDbContextFactory<PlatformDb> databases)
{
    /// <summary>Fits two screens; a list of fifty lines weighs under 40 KB compressed.</summary>
    public const int PageSize = 50;

    /// <summary>An export is a file people open in a spreadsheet; beyond this they filter first.</summary>
    public const int ExportMax = 20_000;

    public async Task<Result<TaskRegisterPage>> PageAsync(TaskFilter filter, int page, TaskSort sort, bool descending, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = await access.ScopeAsync(Permission.ViewTasks, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));

        var rows = await query.ListAsync(filter, scope, sort, descending, cancellationToken);
        var (snapshot, predicate, _) = await query.PrepareAsync(filter, scope, cancellationToken);
        var pages = Math.Max(1, (rows.Count + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var lines = await LinesAsync([.. rows.Skip((page - 1) * PageSize).Take(PageSize)], snapshot, predicate, cancellationToken);
        var counts = await query.CountByGroupAsync(filter, scope, cancellationToken);

        var (_, leadPredicate, leadKey) = await query.PrepareAsync(filter with { Lead = null, LeadClass = null, Groups = [] }, scope, cancellationToken);
        var leads = query.Index.Once(snapshot, "leads|" + leadKey, () => query.Index.ByPiece(query.Pieces(snapshot, leadPredicate), "leads-of|" + leadKey, piece => piece.Rows
                .Where(r => (r.LeadUnit is not null || r.LeadClass is not null) && leadPredicate.Matches(r, leadPredicate.StandingOf(r)))
                .GroupBy(r => (r.LeadUnit, r.LeadClass)).Select(g => (g.Key, Name: g.First().LeadName, Tasks: g.Count())).ToArray())
            .SelectMany(leads => leads).GroupBy(lead => lead.Key)

            // By who leads, not by how each document spells the name: choosing one gives that many tasks.
            .Select(g => new LeadChoice(g.Key.LeadUnit, g.Key.LeadClass, g.First().Name, g.Sum(l => l.Tasks)))
            .OrderByDescending(l => l.Tasks).ThenBy(l => l.Name, StringComparer.Ordinal).Take(400).ToArray());
        var groups = filter.Plan is { } plan
            ? query.Index.Once(snapshot, $"paths|{plan}", () => snapshot.Rows.Where(r => r.Plan == plan && r.GroupPath is not null).Select(r => r.GroupPath!).Distinct().ToArray())
            : [];
        var plans = query.Index.Once(snapshot, "plans", () => snapshot.Plans.Values.OrderByDescending(p => p.InForceFrom).ThenBy(p => p.Name, StringComparer.Ordinal).Take(200).ToArray());
        return new TaskRegisterPage(filter, predicate.AsOf, rows.Count, page, pages, lines, counts, plans, leads, groups);
    }

    /// <summary>All lines of a filter, in document order, for the export; at most <see cref="ExportMax"/>.</summary>
    public async Task<Result<IReadOnlyList<TaskLine>>> AllAsync(TaskFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = await access.ScopeAsync(Permission.ExportTasks, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ExportTasks));
        var rows = await query.ListAsync(filter, scope, TaskSort.Document, false, cancellationToken);
        var (snapshot, predicate, _) = await query.PrepareAsync(filter, scope, cancellationToken);
        var lines = new List<TaskLine>();
        foreach (var chunk in rows.Take(ExportMax).Chunk(500)) lines.AddRange(await LinesAsync(chunk, snapshot, predicate, cancellationToken));
        return lines;
    }

    /// <summary>The words of the document for rows of the index, in their order.</summary>
    internal async Task<IReadOnlyList<TaskLine>> LinesAsync(IReadOnlyList<IndexRow> rows, TaskSnapshot snapshot, TaskPredicate predicate, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = rows.Select(r => r.Id).ToList();
        var words = await db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id))
            .Select(t => new { t.Id, t.Number, t.Code, t.Content, t.DeadlineText, t.DeadlineRule }).ToDictionaryAsync(t => t.Id, cancellationToken);
        return [.. rows.Where(r => words.ContainsKey(r.Id)).Select(r =>
        {
            var t = words[r.Id];
            return new TaskLine(
                r.Id, r.Plan, snapshot.Plans.TryGetValue(r.Plan, out var plan) ? plan.Name : "", r.Ordinal, t.Number, t.Code, r.GroupPath, t.Content, r.LeadName, r.LeadUnit,
                t.DeadlineText, t.DeadlineRule, r.OriginalDue, r.RevisedDue, predicate.StandingOf(r), r.PercentAccepted ?? r.PercentClaimed, r.PercentClaimed, r.PercentMeasured,
                r.Parts, r.PartsDone, r.PartsMoved, r.Extensions, r.LastMovementOn, r.DoneOn, r.Gaps);
        })];
    }
}
