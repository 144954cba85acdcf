using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>
/// The date of a deadline that waited for something (R-TSK-04, monitoring §4: "waits for the event; date when the event is recorded"): the
/// event happened, the issue date became known, a bare number of days got its start, another plan set the day. The day follows from the words
/// of the document where they give a number; it becomes the original deadline, once. After that only an extension moves it, so that nobody
/// can be made punctual by a second "event".
/// </summary>
public sealed class SettleDeadline(IDbContextFactory<PlatformDb> databases, PlansAccess access, IWorkDays workDays, TimeProvider clock)
{
    public sealed record Request
    {
        public TaskId Task { get; set; }

        /// <summary>The day of the event, or the start the number of days counts from.</summary>
        public DateOnly On { get; set; }

        /// <summary>The deadline itself, for words that give no number of days ("ngay sau khi …", "theo kế hoạch của Trung ương").</summary>
        public DateOnly? Due { get; set; }

        /// <summary>What happened, or who set the day.</summary>
        [StringLength(2_000)] public string Text { get; set; } = "";

        /// <summary>Number of the document that proves it.</summary>
        [StringLength(100)] public string Document { get; set; } = "";
    }

    /// <summary>Whether the deadline of the task is one that waits, and still does.</summary>
    public static bool Waits(GovernanceTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task is { IsIssued: true, OriginalDue: null, DoneOn: null, CancelledOn: null }
            && task.DeadlineRule is DeadlineRule.AfterEvent or DeadlineRule.FromIssueDate or DeadlineRule.Duration or DeadlineRule.ByOtherPlan or DeadlineRule.None
            && !string.IsNullOrWhiteSpace(task.DeadlineText);
    }

    /// <summary>Whether the words give a number of days, so that the day follows from the event.</summary>
    public static bool Follows(GovernanceTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.DeadlineOffset is not null;
    }

    public async Task<Result<DateOnly>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.AssignTask) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Text)) return PlansRefusals.TextMissing(nameof(request.Text));
        if (request.Text.Length > 2_000) return PlansRefusals.TextTooLong(nameof(request.Text), 2_000);
        if (string.IsNullOrWhiteSpace(request.Document)) return PlansRefusals.DocumentMissing;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { } task) return PlansRefusals.UnknownTask;
        if (!Waits(task)) return PlansRefusals.DeadlineSettled;
        if (request.On > work.Today) return PlansRefusals.EventInFuture(request.On);
        var plan = await work.Db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
        DateOnly due;
        if (task.DeadlineOffset is { } offset)
        {
            due = DeadlineOffset.After(request.On, offset, task.DeadlineOffsetUnit ?? OffsetUnit.Days, workDays);
        }
        else
        {
            if (request.Due is not { } said) return PlansRefusals.DueMissing;
            if (said < request.On) return PlansRefusals.DueBeforeEvent(said, request.On);
            due = said;
        }

        due = WorkCalendar.Vietnam.Applied(due, plan.MovesToWorkingDay);
        var parts = await work.PartsAsync(task, cancellationToken);
        work.Happened(task, null, TaskEventKind.DeadlineSet, day: due, text: request.Text.Trim(), document: request.Document.Trim());
        task.Gaps = FiveClear.GapsOf(task, parts, await work.Db.TaskTargets.CountAsync(t => t.Task == task.Id, cancellationToken));
        work.Audit("plans.task.deadline-set", "task", task.Id, before: new { task.DeadlineText }, after: new { request.On, due, request.Text, request.Document }, note: access.Delegation(Permission.AssignTask));
        work.Publish(new TaskMoved(task.Id, "deadline-set"));
        await work.CommitAsync(cancellationToken);
        return due;
    }
}
