using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

public sealed record TargetLine(
    Guid Id, string Text, decimal Value, string Unit, TargetComparator Comparator, DateOnly? By, decimal? Declared, DateOnly? DeclaredOn, decimal? Measured, DateOnly? MeasuredOn,
    IReadOnlyList<TargetPoint> History);

public sealed record TargetPoint(DateOnly On, decimal Value, SourceKind Source, string? Provenance);

public sealed record PartLine(
    AssignmentId Id, OrgUnitId? Unit, string UnitName, UnitClassId? Class, string AsWritten, AssignmentRole Role, Standing Standing, decimal? PercentClaimed, decimal? PercentAccepted,
    decimal? PercentMeasured, DateOnly? OwnDue, DateOnly? LastMovementOn, DateOnly? DoneOn, int PendingReports, string? PartText, int Version);

public sealed record EvidenceLine(
    EvidenceId Id, EvidenceId Item, int VersionNumber, EvidenceKind Kind, string Title, string? Reference, string? Issuer, DateOnly? Dated, string? Sha256, long? Bytes, string? FileName,
    DateTimeOffset AddedAt, bool IsLatest);

/// <param name="CanReview">The viewer may conclude on it now.</param>
/// <param name="WhyNot">Why not, when the viewer holds the right to review otherwise; the page says so instead of a form.</param>
/// <param name="ReviewDue">The day by which another unit should have concluded.</param>
public sealed record ReportLine(
    ReportId Id, AssignmentId Assignment, string UnitName, int Number, string? Period, decimal? Percent, string Narrative, bool IsNil, string AuthorName, DateTimeOffset CreatedAt,
    DateTimeOffset? SubmittedAt, DateTimeOffset? DecidedAt, ReviewDecision? Decision, decimal? AcceptedPercent, string? Reason, string? ReviewerName, string? ReviewerUnitName,
    IReadOnlyList<EvidenceLine> Evidence, bool CanReview, Refusal? WhyNot, DateOnly? ReviewDue, int Version);

/// <summary>One entry of the timeline: what happened, who did it, what was said.</summary>
public sealed record TimelineEntry(long Number, TaskEventKind Kind, DateTimeOffset At, DateTimeOffset RecordedAt, string ByName, string ByUnitName, string? PartName, DateOnly? Day, decimal? Percent, string? Text, string? Document, Guid? Subject);

public sealed record ExtensionLine(
    ExtensionId Id, DateTimeOffset AskedAt, string AskedByUnitName, string Reason, DateOnly? OldDue, DateOnly AskedDue, string? RequestDocument, DateTimeOffset? DecidedAt, bool? Granted, DateOnly? NewDue,
    string? DecisionDocument, string? DecidedByName, string? DecisionText, int Version);

public sealed record ObstacleLine(
    ObstacleId Id, int Number, TaskId Task, ObstacleKind Kind, ObstacleLevel Level, string Text, DateTimeOffset RaisedAt, string RaisedByUnitName, OrgUnitId? ToUnit, string? ToUnitName, DateOnly AnswerDue,
    string? Answer, DateTimeOffset? AnsweredAt, DateTimeOffset? ClosedAt, int Version);

/// <summary>A unit that joined the class after the issue, and is not yet given its part (R-TSK-06).</summary>
public sealed record ProposalLine(Guid Id, OrgUnitId Unit, string UnitName, DateTimeOffset ProposedAt);

/// <summary>What this viewer may do on the page now.</summary>
public sealed record TaskRights(bool Report, bool Review, bool Assign, bool Edit, bool AskExtension, bool DecideExtension, bool RaiseObstacle, bool AnswerObstacle, bool FollowUp, IReadOnlyList<AssignmentId> OwnParts);

/// <summary>Everything of one task, for its page.</summary>
/// <param name="Gap">Declared minus measured, points; null when one of the two is missing (R-N57-06).</param>
public sealed record TaskView(
    GovernanceTask Task, PlanInfo Plan, DirectiveId Directive, DateOnly AsOf, Standing Standing, string DeadlineText, bool IsDeadlineStrictlyBefore, IReadOnlyList<PartLine> Parts,
    IReadOnlyList<TargetLine> Targets, IReadOnlyList<Milestone> Milestones, IReadOnlyList<Occurrence> Occurrences, IReadOnlyList<ReportLine> Reports, IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<ExtensionLine> Extensions, IReadOnlyList<ObstacleLine> Obstacles, IReadOnlyList<FollowUp> FollowUps, IReadOnlyList<FieldCheck> FieldChecks,
    IReadOnlyList<TaskLine> Children, IReadOnlyList<string> HigherTasks, IReadOnlyList<DraftWarning> Warnings, decimal? PercentClaimed, decimal? PercentMeasured, decimal? Gap, bool IsGapLarge,
    IReadOnlyList<ProposalLine> Proposals, TaskRights Rights);

/// <summary>One task for a viewer who takes part in it or oversees the province; to others it does not exist.</summary>
public sealed class FindTask(TaskQuery query, TaskRegister register, PlansAccess access, IDbContextFactory<PlatformDb> databases, IOrgUnits units)
{
    /// <summary>Two years of fortnightly reports; older entries are in the export.</summary>
    private const int TimelineMax = 300;

    public async Task<Result<TaskView>> HandleAsync(TaskId id, DateOnly? asOf, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewTasks, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Tasks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } task) return PlansRefusals.UnknownTask;
        var filter = new TaskFilter { AsOf = asOf, Drafts = !task.IsIssued };
        var (snapshot, predicate, _) = await query.PrepareAsync(filter, scope, cancellationToken);
        var row = snapshot.Rows.Find(id);
        if (row is null || !predicate.Matches(row, predicate.StandingOf(row))) return PlansRefusals.UnknownTask;

        var day = predicate.AsOf;
        var parts = await db.Assignments.AsNoTracking().Where(a => a.Task == id).OrderBy(a => a.Order).ToListAsync(cancellationToken);
        var reports = await db.ProgressReports.AsNoTracking().Where(r => r.Task == id).OrderByDescending(r => r.SubmittedAt ?? r.CreatedAt).Take(200).ToListAsync(cancellationToken);
        var evidence = await db.Evidence.AsNoTracking().Where(e => e.Task == id).OrderBy(e => e.AddedAt).ToListAsync(cancellationToken);
        var events = await db.TaskEvents.AsNoTracking().Where(e => e.Task == id).OrderByDescending(e => e.Number).Take(TimelineMax).ToListAsync(cancellationToken);
        var targets = await db.TaskTargets.AsNoTracking().Where(t => t.Task == id).OrderBy(t => t.Ordinal).ToListAsync(cancellationToken);
        var values = await db.TargetValues.AsNoTracking().Where(v => v.Task == id).OrderBy(v => v.On).ThenBy(v => v.At).ToListAsync(cancellationToken);
        var extensions = await db.Extensions.AsNoTracking().Where(e => e.Task == id).OrderByDescending(e => e.AskedAt).ToListAsync(cancellationToken);
        var obstacles = await db.Obstacles.AsNoTracking().Where(o => o.Task == id).OrderByDescending(o => o.RaisedAt).ToListAsync(cancellationToken);
        var plan = await db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
        var childIds = await db.Tasks.AsNoTracking().Where(t => t.Parent == id).Select(t => t.Id).ToListAsync(cancellationToken);
        var childLines = await register.LinesAsync([.. childIds.Select(snapshot.Rows.Find).OfType<IndexRow>().OrderBy(r => r.Ordinal)], snapshot, predicate, cancellationToken);

        var proposals = await db.MemberProposals.AsNoTracking().Where(p => p.Task == id && p.DecidedAt == null).OrderBy(p => p.ProposedAt).Take(200).ToListAsync(cancellationToken);
        var names = await NamesAsync([.. proposals.Select(p => (OrgUnitId?)p.Unit), .. parts.Select(p => p.Unit), .. reports.Select(r => (OrgUnitId?)r.Unit), .. reports.Select(r => r.ReviewerUnit), .. events.Select(e => (OrgUnitId?)e.ByUnit),
            .. extensions.Select(e => (OrgUnitId?)e.AskedByUnit), .. obstacles.Select(o => (OrgUnitId?)o.RaisedByUnit), .. obstacles.Select(o => o.ToUnit)], cancellationToken);
        string Name(OrgUnitId? unit) => unit is { } u && names.TryGetValue(u, out var name) ? name : "";
        string PartName(Assignment part) => Name(part.Unit) is { Length: > 0 } name ? name : part.AsWritten;
        var parameters = query.Index.Parameters;

        var canReview = access.Deny(Permission.ReviewProgress) is null;
        ReportLine Line(ProgressReport r)
        {
            var whyNot = !r.IsPending || !canReview ? null
                : r.Author == access.User.Id && !access.User.IsSystem ? PlansRefusals.SamePersonReviews
                : r.Unit == access.User.Unit ? PlansRefusals.SameUnitReviews : null;
            var items = evidence.Where(e => e.Report == r.Id).ToList();
            var latest = Evidence.Standing(items).ToDictionary(e => e.Item, e => e.VersionNumber);
            return new ReportLine(
                r.Id, r.Assignment, Name(r.Unit), r.Number, r.Period, r.Percent, r.Narrative, r.IsNil, r.AuthorName, r.CreatedAt, r.SubmittedAt, r.DecidedAt, r.Decision, r.AcceptedPercent, r.Reason,
                r.ReviewerName, Name(r.ReviewerUnit),
                [.. items.Where(e => latest.ContainsKey(e.Item)).Select(e => new EvidenceLine(e.Id, e.Item, e.VersionNumber, e.Kind, e.Title, e.Reference, e.Issuer, e.Dated, e.Sha256, e.Bytes, e.FileName, e.AddedAt,
                    latest[e.Item] == e.VersionNumber))],
                r.IsPending && canReview && whyNot is null, whyNot,
                r.IsPending ? WorkCalendar.Vietnam.AddWorkingDays(Vietnamese.DayOf(r.SubmittedAt!.Value), parameters.ReviewWorkingDays) : null, r.Version);
        }

        // Drafts are their unit's own business until they are submitted.
        var shown = new List<ReportLine>();
        foreach (var report in reports)
        {
            if (report.SubmittedAt is not null || report.Unit == access.User.Unit || access.User.IsSystem) shown.Add(Line(report));
        }

        var ownParts = new List<AssignmentId>();
        foreach (var part in parts.Where(p => p.Unit is not null && p.EndedOn is null))
        {
            if (access.User.May(Permission.ReportProgress, part.Unit!.Value, [])) ownParts.Add(part.Id);
        }

        var standing = predicate.StandingOf(row);
        var gap = row.PercentClaimed is { } claimed && row.PercentMeasured is { } measured ? claimed - measured : (decimal?)null;
        return new TaskView(
            task, snapshot.Plans[task.Plan], plan.Directive, day, standing, task.DeadlineText ?? "", task.DeadlineRule is DeadlineRule.Before or DeadlineRule.AnnualBefore or DeadlineRule.BeforeMonth,
            [.. parts.Where(p => p.EndedOn is null).Select(p => new PartLine(
                p.Id, p.Unit, PartName(p), p.Class, p.AsWritten, p.Role, Standing.Of(p, day, parameters, row.CadenceDays), p.PercentClaimed, p.PercentAccepted, p.PercentMeasured, p.OwnDue,
                p.LastMovementOn, p.DoneOn, p.PendingReports, p.PartText, p.Version))],
            [.. targets.Select(t => Target(t, values))],
            await db.Milestones.AsNoTracking().Where(m => m.Task == id).OrderBy(m => m.Ordinal).ToListAsync(cancellationToken),
            await db.Occurrences.AsNoTracking().Where(o => o.Task == id).OrderByDescending(o => o.Due).Take(24).ToListAsync(cancellationToken),
            shown,
            [.. events.Select(e => new TimelineEntry(
                e.Number, e.Kind, e.At, e.RecordedAt, e.ByName, Name(e.ByUnit), parts.FirstOrDefault(p => p.Id == e.Assignment) is { } part ? PartName(part) : null, e.Day, e.Percent, e.Text, e.Document, e.Subject))],
            [.. extensions.Select(e => new ExtensionLine(e.Id, e.AskedAt, Name(e.AskedByUnit), e.Reason, e.OldDue, e.AskedDue, e.RequestDocument, e.DecidedAt, e.Granted, e.NewDue, e.DecisionDocument, e.DecidedByName, e.DecisionText, e.Version))],
            [.. obstacles.Select(o => new ObstacleLine(o.Id, o.Number, o.Task, o.Kind, o.Level, o.Text, o.RaisedAt, Name(o.RaisedByUnit), o.ToUnit, o.ToUnit is null ? null : Name(o.ToUnit), o.AnswerDue, o.Answer, o.AnsweredAt, o.ClosedAt, o.Version))],
            await db.FollowUps.AsNoTracking().Where(f => f.Task == id).OrderByDescending(f => f.SentAt).Take(100).ToListAsync(cancellationToken),
            await db.FieldChecks.AsNoTracking().Where(f => f.Task == id).OrderByDescending(f => f.On).Take(100).ToListAsync(cancellationToken),
            childLines, task.Basis?.Split('\n') ?? [],
            [.. (task.Warnings?.Split('\n') ?? []).Select(w => w.Split('|', 2)).Where(w => w.Length == 2).Select(w => new DraftWarning(w[0], w[1], task.SourcePage, task.SourceRow, null))],
            row.PercentClaimed, row.PercentMeasured, gap, gap > parameters.GapPoints,
            [.. proposals.Select(p => new ProposalLine(p.Id, p.Unit, Name(p.Unit), p.ProposedAt))],
            new TaskRights(
                ownParts.Count > 0 && task.IsIssued && task.CancelledOn is null, canReview, access.Deny(Permission.AssignTask) is null, access.Deny(Permission.EditPlan) is null, ownParts.Count > 0 && !plan.ForbidsExtension,
                access.Deny(Permission.DecideExtension) is null, ownParts.Count > 0, access.User.May(Permission.AnswerObstacle), access.Deny(Permission.SendFollowUp) is null, ownParts));
    }

    internal async Task<IReadOnlyDictionary<OrgUnitId, string>> NamesAsync(IReadOnlyCollection<OrgUnitId?> ids, CancellationToken cancellationToken)
    {
        var names = new Dictionary<OrgUnitId, string>();
        foreach (var id in ids.OfType<OrgUnitId>().Where(u => u != default).Distinct())
        {
            if (await units.FindAsync(id, access.Today, cancellationToken) is { } unit) names[id] = unit.Name;
        }

        return names;
    }

    private static TargetLine Target(TaskTarget target, List<TargetValue> values)
    {
        var own = values.Where(v => v.Target == target.Id).ToList();
        var declared = own.LastOrDefault(v => v.Source is SourceKind.Declared);
        var measured = own.LastOrDefault(v => v.Source is not SourceKind.Declared);
        return new TargetLine(
            target.Id, target.Text, target.Value, target.Unit, target.Comparator, target.By, declared?.Value, declared?.On, measured?.Value, measured?.On,
            [.. own.Select(v => new TargetPoint(v.On, v.Value, v.Source, v.Provenance))]);
    }
}
