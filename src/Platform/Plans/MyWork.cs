using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>One thing for a person to do: a part of a task.</summary>
public sealed record WorkLine(
    AssignmentId Assignment, TaskId Task, string? Number, string Content, string PlanName, AssignmentRole Role, string? DeadlineText, DeadlineRule Rule, Standing Standing, DateOnly? OriginalDue,
    decimal? Percent, bool IsReturned, ReportId? Draft);

/// <summary>A report that waits for this person's conclusion.</summary>
public sealed record ReviewLine(ReportId Report, TaskId Task, string? Number, string Content, string PlanName, string UnitName, decimal? Claimed, decimal? Measured, DateTimeOffset SubmittedAt, DateOnly Due, int Evidence);

/// <summary>Parts a unit leads in one status; <see cref="UnitTasks"/> with the same unit and group lists exactly these.</summary>
public sealed record UnitShare(StatusGroup Group, int Parts);

/// <param name="Overdue">Whole, oldest first; the same list the digest sends.</param>
/// <param name="UpdatesDue">Continuous tasks whose periodic update is late or falls due within the week (R-TSK-08).</param>
/// <param name="Shares">Parts the unit leads, by status; they add up to <see cref="Assigned"/>.</param>
public sealed record MyWorkView(
    DateOnly Today, IReadOnlyList<WorkLine> Overdue, IReadOnlyList<WorkLine> DueSoon, IReadOnlyList<WorkLine> Returned, IReadOnlyList<WorkLine> UpdatesDue, IReadOnlyList<ReviewLine> Reviews,
    IReadOnlyList<ObstacleLine> Obstacles, IReadOnlyList<ExtensionDue> Extensions, int Assigned, IReadOnlyList<UnitShare> Shares, int Total);

public sealed record ExtensionDue(ExtensionId Extension, TaskId Task, string? Number, string Content, string UnitName, string Reason, DateOnly? OldDue, DateOnly AskedDue, DateTimeOffset AskedAt);

/// <summary>What waits for this person today: late, due within the week, returned, to review, to answer, to decide. Bounded lists.</summary>
public sealed class MyWork(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskIndex index, FindTask names)
{
    /// <summary>Nobody does more in a day; the register has the rest.</summary>
    private const int ListMax = 100;

    public async Task<Result<MyWorkView>> HandleAsync(CancellationToken cancellationToken)
    {
        var user = access.User;
        if (!user.IsSignedIn) return PlansRefusals.NotAllowed(nameof(Permission.SignedIn));
        var today = access.Today;
        var parameters = await index.ParametersAsync(cancellationToken);
        var units = user.Grants.Where(g => AccessTable.ReachOf(g.Role, Permission.ReportProgress) is not Reach.None).Select(g => (OrgUnitId?)g.Unit).Distinct().ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);

        var lines = new List<WorkLine>();
        if (units.Count > 0)
        {
            var parts = await (
                from a in db.Assignments.AsNoTracking()
                join t in db.Tasks on a.Task equals t.Id
                join p in db.Plans on t.Plan equals p.Id
                where units.Contains(a.Unit) && a.EndedOn == null && a.CancelledOn == null && t.IsIssued && a.Role != AssignmentRole.Follow
                select new { Part = a, t.Number, t.Content, t.DeadlineText, t.DeadlineRule, t.CompletedAndContinuing, t.RecurrenceCycle, PlanName = p.Name }).ToListAsync(cancellationToken);
            var ids = parts.Select(p => p.Part.Id).ToList();
            var drafts = (await db.ProgressReports.AsNoTracking().Where(r => r.SubmittedAt == null && units.Contains(r.Unit)).Select(r => new { r.Assignment, r.Id }).ToListAsync(cancellationToken))
                .GroupBy(r => r.Assignment).ToDictionary(g => g.Key, g => (ReportId?)g.First().Id);
            lines.AddRange(parts.Select(p => new WorkLine(
                p.Part.Id, p.Part.Task, p.Number, p.Content, p.PlanName, p.Part.Role, p.DeadlineText, p.DeadlineRule,
                Standing.Of(p.Part, today, parameters, p.CompletedAndContinuing || p.DeadlineRule is DeadlineRule.Continuous || p.RecurrenceCycle is RecurrenceCycle.Continuous ? parameters.UpdateCadenceDays : 0),
                p.Part.OriginalDue, p.Part.PercentAccepted ?? p.Part.PercentClaimed, p.Part.IsReturned, drafts.GetValueOrDefault(p.Part.Id))));
        }

        // A coordinator answers for the lead's request, not for the task's deadline; its parts show, but do not count as late work of its own.
        var own = lines.Where(l => l.Role is AssignmentRole.Lead or AssignmentRole.CoLead).ToList();
        var overdue = own.Where(l => l.Standing is { IsOverdue: true, AwaitsReview: false }).OrderBy(l => l.Standing.Due).Take(ListMax).ToList();
        var dueSoon = own.Where(l => l.Standing.Time is TimeState.DueSoon).OrderBy(l => l.Standing.Due).Take(ListMax).ToList();
        var returned = lines.Where(l => l.IsReturned && !l.Standing.IsDone).Except(overdue).Except(dueSoon).Take(ListMax).ToList();
        var updates = own.Where(l => l.Standing.NextUpdateDue <= today.AddDays(parameters.DueSoonDays)).Except(overdue).Except(dueSoon).OrderBy(l => l.Standing.NextUpdateDue).Take(ListMax).ToList();
        var reviews = access.Deny(Permission.ReviewProgress) is null ? await ReviewsAsync(db, today, cancellationToken) : [];
        var obstacles = await ObstaclesAsync(db, cancellationToken);
        var extensions = access.Deny(Permission.DecideExtension) is null ? await ExtensionsAsync(db, cancellationToken) : [];

        var lead = own.Where(l => l.Role is AssignmentRole.Lead).ToList();
        var shares = Enum.GetValues<StatusGroup>().Select(g => new UnitShare(g, lead.Count(l => l.Standing.Group == g))).ToList();
        return new MyWorkView(
            today, overdue, dueSoon, returned, updates, reviews, obstacles, extensions, lead.Count, shares,
            overdue.Count + dueSoon.Count + returned.Count + updates.Count + reviews.Count + obstacles.Count + extensions.Count);
    }

    private async Task<IReadOnlyList<ReviewLine>> ReviewsAsync(PlatformDb db, DateOnly today, CancellationToken cancellationToken)
    {
        _ = today;
        var (me, unit) = (access.User.Id, access.User.Unit);
        var waiting = await (
            from r in db.ProgressReports.AsNoTracking()
            join t in db.Tasks on r.Task equals t.Id
            join p in db.Plans on t.Plan equals p.Id
            where r.DecidedAt == null && r.SubmittedAt != null && !r.IsNil && r.Unit != unit && r.Author != me
            orderby r.SubmittedAt
            select new { r.Id, r.Task, t.Number, t.Content, Plan = p.Name, r.Unit, r.Percent, t.PercentMeasured, r.SubmittedAt, Evidence = db.Evidence.Count(e => e.Report == r.Id && e.VersionNumber == 1) - db.Evidence.Count(e => e.Report == r.Id && e.Kind == EvidenceKind.Withdrawn) }).Take(ListMax).ToListAsync(cancellationToken);
        var unitNames = await names.NamesAsync([.. waiting.Select(w => (OrgUnitId?)w.Unit)], cancellationToken);
        return [.. waiting.Select(w => new ReviewLine(
            w.Id, w.Task, w.Number, w.Content, w.Plan, unitNames.GetValueOrDefault(w.Unit, ""), w.Percent, w.PercentMeasured, w.SubmittedAt!.Value,
            WorkCalendar.Vietnam.AddWorkingDays(Vietnamese.DayOf(w.SubmittedAt.Value), index.Parameters.ReviewWorkingDays), w.Evidence))];
    }

    private async Task<IReadOnlyList<ObstacleLine>> ObstaclesAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var unit = (OrgUnitId?)access.User.Unit;
        var everywhere = access.User.May(Permission.AnswerObstacle);
        var open = await db.Obstacles.AsNoTracking().Where(o => o.ClosedAt == null && o.AnsweredAt == null && (o.ToUnit == unit || (everywhere && o.ToUnit == null)))
            .OrderBy(o => o.AnswerDue).Take(ListMax).ToListAsync(cancellationToken);
        var unitNames = await names.NamesAsync([.. open.Select(o => (OrgUnitId?)o.RaisedByUnit), .. open.Select(o => o.ToUnit)], cancellationToken);
        return [.. open.Select(o => new ObstacleLine(
            o.Id, o.Number, o.Task, o.Kind, o.Level, o.Text, o.RaisedAt, unitNames.GetValueOrDefault(o.RaisedByUnit, ""), o.ToUnit, o.ToUnit is { } to ? unitNames.GetValueOrDefault(to) : null, o.AnswerDue, o.Answer,
            o.AnsweredAt, o.ClosedAt, o.Version))];
    }

    private async Task<IReadOnlyList<ExtensionDue>> ExtensionsAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var waiting = await (
            from e in db.Extensions.AsNoTracking()
            join t in db.Tasks on e.Task equals t.Id
            where e.DecidedAt == null
            orderby e.AskedAt
            select new { Extension = e, t.Number, t.Content }).Take(ListMax).ToListAsync(cancellationToken);
        var unitNames = await names.NamesAsync([.. waiting.Select(w => (OrgUnitId?)w.Extension.AskedByUnit)], cancellationToken);
        return [.. waiting.Select(w => new ExtensionDue(
            w.Extension.Id, w.Extension.Task, w.Number, w.Content, unitNames.GetValueOrDefault(w.Extension.AskedByUnit, ""), w.Extension.Reason, w.Extension.OldDue, w.Extension.AskedDue, w.Extension.AskedAt))];
    }
}
