using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>
/// Another unit concludes on a report (R-N57-06): accept, accept the measured value, return with a reason, or ask for more. The reviewer is never
/// the submitter nor of the submitter's unit. Only an accepted 100 % completes a part, as of the day it was submitted.
/// </summary>
public sealed class ReviewReport(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock, ILogger<ReviewReport> log)
{
    public sealed record Request
    {
        public ReportId Report { get; set; }
        public ReviewDecision Decision { get; set; }
        [StringLength(4_000)] public string? Reason { get; set; }
    }

    /// <summary>A place where tests pull the plug: called inside the transaction, before the commit.</summary>
    internal Action? BeforeCommit { get; set; }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (request.Reason?.Length > 4_000) return PlansRefusals.TextTooLong(nameof(request.Reason), 4_000);
        if (request.Decision is ReviewDecision.Return or ReviewDecision.AskMore && string.IsNullOrWhiteSpace(request.Reason)) return PlansRefusals.ReasonMissing;

        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.ProgressReports.FirstOrDefaultAsync(r => r.Id == request.Report, cancellationToken) is not { } report) return PlansRefusals.UnknownReport;
        if (!report.IsPending) return PlansRefusals.ReportNotPending;
        if (report.Author == access.User.Id && !access.User.IsSystem) return PlansRefusals.SamePersonReviews;
        if (report.Unit == access.User.Unit) return PlansRefusals.SameUnitReviews;

        var task = (await work.FindTaskAsync(report.Task, cancellationToken))!;
        var part = (await work.PartsAsync(task, cancellationToken)).Single(p => p.Id == report.Assignment);
        var measured = part.PercentMeasured ?? task.PercentMeasured;
        if (request.Decision is ReviewDecision.AcceptMeasured && measured is null) return PlansRefusals.NothingMeasured;

        var submittedOn = Vietnamese.DayOf(report.SubmittedAt!.Value);
        (report.DecidedAt, report.Decision, report.Reason) = (work.Now, request.Decision, request.Reason?.Trim());
        (report.Reviewer, report.ReviewerName, report.ReviewerUnit) = (access.User.Id, access.User.Name, access.User.Unit);
        report.AcceptedPercent = request.Decision switch
        {
            ReviewDecision.Accept => report.Percent,
            ReviewDecision.AcceptMeasured => measured,
            _ => null,
        };
        var kind = request.Decision switch
        {
            ReviewDecision.Return => TaskEventKind.ReportReturned,
            ReviewDecision.AskMore => TaskEventKind.MoreAsked,
            _ => TaskEventKind.ReportAccepted,
        };
        work.Happened(task, part, kind, day: submittedOn, percent: report.AcceptedPercent, subject: report.Id.Value, text: report.Reason);
        var leads = (await work.PartsAsync(task, cancellationToken)).Count(p => p.Role is AssignmentRole.Lead && p.EndedOn is null);
        if (part.DoneOn == submittedOn && leads == 1 && kind is TaskEventKind.ReportAccepted)
        {
            // A period led by many units is done when the last of them is; the daily round sees to that.
            await work.Db.Occurrences.Where(o => o.Task == task.Id && o.DoneOn == null && o.Due == part.OriginalDue)
                .ExecuteUpdateAsync(s => s.SetProperty(o => o.DoneOn, submittedOn), cancellationToken);
        }

        work.Audit("plans.report.reviewed", "report", report.Id, before: new { report.Percent }, after: new { request.Decision, report.AcceptedPercent, report.Reason }, note: access.Delegation(Permission.ReviewProgress));
        work.Publish(new ReportReviewed(task.Id, report.Id, request.Decision.ToString()));
        BeforeCommit?.Invoke();
        await work.CommitAsync(cancellationToken);
        log.ReportMoved(report.Id, task.Id, request.Decision.ToString());
        return default(Done);
    }
}
