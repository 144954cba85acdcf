using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>A unit asks for a later deadline, with a reason and its document (R-TSK-09). Plans that forbid moving deadlines refuse here.</summary>
public sealed class RequestExtension(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public AssignmentId Assignment { get; set; }
        public DateOnly NewDue { get; set; }
        [StringLength(4_000)] public string Reason { get; set; } = "";
        [StringLength(100)] public string? Document { get; set; }
    }

    public async Task<Result<ExtensionId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Reason)) return PlansRefusals.ReasonMissing;
        if (request.Reason.Length > 4_000) return PlansRefusals.TextTooLong(nameof(request.Reason), 4_000);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.Assignments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == request.Assignment, cancellationToken) is not { Unit: { } unit } found) return PlansRefusals.UnknownPart;
        if (await access.DenyAsync(Permission.RequestExtension, unit, cancellationToken) is { } denied) return denied;
        var task = (await work.FindTaskAsync(found.Task, cancellationToken))!;
        var part = (await work.PartsAsync(task, cancellationToken)).Single(p => p.Id == found.Id);
        var plan = await work.Db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
        if (plan.ForbidsExtension) return PlansRefusals.ExtensionForbidden;
        if (!task.IsIssued || task.CancelledOn is not null || part.DoneOn is not null || part.EndedOn is not null) return PlansRefusals.TaskOver;
        if ((part.RevisedDue ?? part.OriginalDue) is not { } due) return PlansRefusals.ExtensionWithoutDeadline;
        if (request.NewDue <= due) return PlansRefusals.ExtensionNotLater;

        var extension = new Extension
        {
            Id = StrongId.New<ExtensionId>(clock),
            Task = task.Id,
            Assignment = part.Id,
            AskedAt = work.Now,
            AskedBy = access.User.Id,
            AskedByUnit = unit,
            Reason = request.Reason.Trim(),
            AskedDue = request.NewDue,
            OldDue = due,
            RequestDocument = request.Document,
        };
        work.Db.Extensions.Add(extension);
        work.Happened(task, null, TaskEventKind.ExtensionAsked, day: request.NewDue, subject: extension.Id.Value, text: extension.Reason, document: request.Document);
        work.Audit("plans.extension.asked", "task", task.Id, before: new { due }, after: new { request.NewDue, request.Document }, note: access.Delegation(Permission.RequestExtension));
        work.Publish(new TaskMoved(task.Id, "extension-asked"));
        await work.CommitAsync(cancellationToken);
        return extension.Id;
    }
}

/// <summary>The leader decides; a grant names its document. The original deadline stays, and the on-time rate keeps both columns.</summary>
public sealed class DecideExtension(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public ExtensionId Extension { get; set; }
        public bool Grant { get; set; }

        /// <summary>Another day than the one asked for, if the leader chooses so.</summary>
        public DateOnly? NewDue { get; set; }
        [StringLength(100)] public string? Document { get; set; }
        [StringLength(4_000)] public string? Text { get; set; }
        public int? Version { get; set; }
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.DecideExtension) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Document) && request.Grant) return PlansRefusals.DocumentMissing;
        if (string.IsNullOrWhiteSpace(request.Text) && !request.Grant) return PlansRefusals.ReasonMissing;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.Extensions.FirstOrDefaultAsync(e => e.Id == request.Extension, cancellationToken) is not { } extension) return PlansRefusals.UnknownExtension;
        if (extension.DecidedAt is not null) return PlansRefusals.ExtensionDecided;
        if (request.Version is { } seen && seen != extension.Version) return PlansRefusals.Stale(seen, extension.Version, "", extension.Reason);
        if (extension.AskedBy == access.User.Id && !access.User.IsSystem) return PlansRefusals.SamePersonReviews;
        var task = (await work.FindTaskAsync(extension.Task, cancellationToken))!;
        var plan = await work.Db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
        if (request.Grant && plan.ForbidsExtension) return PlansRefusals.ExtensionForbidden;
        var parts = await work.PartsAsync(task, cancellationToken);
        var due = WorkCalendar.Vietnam.Applied(request.NewDue ?? extension.AskedDue, plan.MovesToWorkingDay);
        if (request.Grant && due <= extension.OldDue) return PlansRefusals.ExtensionNotLater;

        (extension.DecidedAt, extension.DecidedBy, extension.DecidedByName, extension.Granted) = (work.Now, access.User.Id, access.User.Name, request.Grant);
        (extension.NewDue, extension.DecisionDocument, extension.DecisionText) = (request.Grant ? due : null, request.Document, request.Text);
        var leads = parts.Count(p => p.Role is AssignmentRole.Lead && p.EndedOn is null);
        var part = parts.FirstOrDefault(p => p.Id == extension.Assignment);
        if (request.Grant && leads > 1 && part is not null)
        {
            // One of many units got more time: the others keep their day, and so does the task.
            work.Happened(task, part, TaskEventKind.ExtensionGranted, day: due, subject: extension.Id.Value, text: request.Text, document: request.Document);
            work.Happened(task, null, TaskEventKind.ExtensionClosed, subject: extension.Id.Value);
        }
        else
        {
            work.Happened(task, null, request.Grant ? TaskEventKind.ExtensionGranted : TaskEventKind.ExtensionRefused, day: request.Grant ? due : null, subject: extension.Id.Value, text: request.Text, document: request.Document);
        }

        work.Audit("plans.extension.decided", "task", task.Id, before: new { extension.OldDue }, after: new { request.Grant, extension.NewDue, request.Document }, note: access.Delegation(Permission.DecideExtension));
        work.Publish(new TaskMoved(task.Id, request.Grant ? "extension-granted" : "extension-refused"));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}
