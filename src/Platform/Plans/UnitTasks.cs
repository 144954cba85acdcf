using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <param name="Shares">Lead parts by status, over all pages; they add up to <see cref="Total"/> of the unfiltered page.</param>
public sealed record UnitTasksPage(
    OrgUnitId Unit, string UnitName, DateOnly AsOf, AssignmentRole Role, StatusGroup? Group, int Total, int Page, int Pages, IReadOnlyList<WorkLine> Lines, IReadOnlyList<UnitShare> Shares,
    int Done, int DoneOnTime, int Coordinates);

/// <summary>The parts of one unit, each with its own status (R-TSK-06): the unit page, and the list behind the figures of "my work".</summary>
public sealed class UnitTasks(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskIndex index, IOrgUnits units)
{
    public async Task<Result<UnitTasksPage>> PageAsync(OrgUnitId unit, AssignmentRole role, StatusGroup? group, int page, CancellationToken cancellationToken)
    {
        if (await access.DenyAsync(Permission.ViewTasks, unit, cancellationToken) is { } denied) return denied;
        var today = access.Today;
        if (await units.FindAsync(unit, today, cancellationToken) is not { } view) return PlansRefusals.UnknownUnit(unit.ToString());
        var parameters = await index.ParametersAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        OrgUnitId? id = unit;
        var parts = await (
            from a in db.Assignments.AsNoTracking()
            join t in db.Tasks on a.Task equals t.Id
            where a.Unit == id && a.EndedOn == null && t.IsIssued
            select new { Part = a, t.DeadlineRule, t.CompletedAndContinuing, t.RecurrenceCycle }).ToListAsync(cancellationToken);
        var standings = parts.Where(p => p.Part.Role == role).Select(p => (p.Part, Standing: Standing.Of(
            p.Part, today, parameters, p.CompletedAndContinuing || p.DeadlineRule is DeadlineRule.Continuous || p.RecurrenceCycle is RecurrenceCycle.Continuous ? parameters.UpdateCadenceDays : 0))).ToList();
        var listed = standings.Where(s => group is null || s.Standing.Group == group)
            .OrderBy(s => s.Standing.IsOpen ? 0 : 1).ThenBy(s => s.Standing.Due ?? DateOnly.MaxValue).ThenBy(s => s.Part.Id.Value).ToList();
        var pages = Math.Max(1, (listed.Count + TaskRegister.PageSize - 1) / TaskRegister.PageSize);
        page = Math.Clamp(page, 1, pages);
        var shown = listed.Skip((page - 1) * TaskRegister.PageSize).Take(TaskRegister.PageSize).ToList();
        var tasks = shown.Select(s => s.Part.Task).Distinct().ToList();
        var words = await (from t in db.Tasks.AsNoTracking()
                           join p in db.Plans on t.Plan equals p.Id
                           where tasks.Contains(t.Id)
                           select new { t.Id, t.Number, t.Content, Plan = p.Name, t.DeadlineText, t.DeadlineRule }).ToDictionaryAsync(t => t.Id, cancellationToken);
        return new UnitTasksPage(
            unit, view.Name, today, role, group, listed.Count, page, pages,
            [.. shown.Select(s => words[s.Part.Task] is var t
                ? new WorkLine(s.Part.Id, s.Part.Task, t.Number, t.Content, t.Plan, s.Part.Role, t.DeadlineText, t.DeadlineRule, s.Standing, s.Part.OriginalDue, s.Part.PercentAccepted ?? s.Part.PercentClaimed, s.Part.IsReturned, null)
                : null!)],
            [.. Enum.GetValues<StatusGroup>().Select(g => new UnitShare(g, standings.Count(s => s.Standing.Group == g)))],
            standings.Count(s => s.Standing.IsDone), standings.Count(s => s.Standing.OnTimeOriginal is true), parts.Count(p => p.Part.Role is AssignmentRole.Coordinate));
    }
}
