using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

public enum TaskChange { Cancel, Pause, Resume }

/// <summary>Cancel, pause, take up again: with a reason and the document of the decision; history stays (R-TSK-09).</summary>
public sealed class ChangeTask(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public TaskId Task { get; set; }
        public TaskChange Change { get; set; }
        [StringLength(4_000)] public string Reason { get; set; } = "";
        [StringLength(100)] public string Document { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.AssignTask) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Reason)) return PlansRefusals.ReasonMissing;
        if (string.IsNullOrWhiteSpace(request.Document)) return PlansRefusals.DocumentMissing;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { IsIssued: true } task) return PlansRefusals.UnknownTask;
        if (task.CancelledOn is not null || (task.DoneOn is not null && !task.Continues)) return PlansRefusals.TaskOver;
        if (request.Change is TaskChange.Resume && task.PausedOn is null) return PlansRefusals.TaskNotPaused;
        await work.PartsAsync(task, cancellationToken);
        work.Happened(task, null, request.Change switch
        {
            TaskChange.Cancel => TaskEventKind.Cancelled,
            TaskChange.Pause => TaskEventKind.Paused,
            _ => TaskEventKind.Resumed,
        }, text: request.Reason.Trim(), document: request.Document);
        work.Audit("plans.task." + request.Change, "task", task.Id, after: new { request.Reason, request.Document }, note: access.Delegation(Permission.AssignTask));
        work.Publish(new TaskMoved(task.Id, request.Change.ToString()));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}

/// <summary>
/// Gives a task, or a part of it, to a unit or a class; passes a part on to another unit. The unit that had it before keeps its history and
/// owes nothing from that day.
/// </summary>
public sealed class AssignTask(IDbContextFactory<PlatformDb> databases, PlansAccess access, IOrgUnits units, TimeProvider clock)
{
    public sealed record Request
    {
        public TaskId Task { get; set; }
        public OrgUnitId? Unit { get; set; }
        public UnitClassId? Class { get; set; }
        public AssignmentRole Role { get; set; } = AssignmentRole.Lead;

        /// <summary>The part that passes to the new unit; empty to add one.</summary>
        public AssignmentId? Replaces { get; set; }
        public DateOnly? OwnDue { get; set; }
        [StringLength(2_000)] public string? PartText { get; set; }
        [StringLength(4_000)] public string? Reason { get; set; }
        [StringLength(100)] public string? Document { get; set; }
    }

    public async Task<Result<IReadOnlyList<AssignmentId>>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.AssignTask) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { } task) return PlansRefusals.UnknownTask;
        if (task.CancelledOn is not null) return PlansRefusals.TaskOver;
        var parts = await work.PartsAsync(task, cancellationToken);
        var plan = await work.Db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
        if (request.Replaces is { } replaced)
        {
            if (parts.FirstOrDefault(p => p.Id == replaced && p.EndedOn is null) is not { } old) return PlansRefusals.UnknownPart;
            if (old.DoneOn is not null) return PlansRefusals.TaskOver;
            if (task.IsIssued && string.IsNullOrWhiteSpace(request.Reason)) return PlansRefusals.ReasonMissing;
            if (task.IsIssued && string.IsNullOrWhiteSpace(request.Document)) return PlansRefusals.DocumentMissing;
            work.Happened(task, old, TaskEventKind.PartEnded, text: request.Reason, document: request.Document);
        }

        var receivers = new List<(OrgUnitId Unit, UnitClassId? Class, string Name)>();
        if (request.Class is { } unitClass)
        {
            foreach (var member in await units.MembersAsync(unitClass, work.Today, cancellationToken)) receivers.Add((member.Id, unitClass, member.Name));
        }
        else if (request.Unit is { } id && await units.FindAsync(id, work.Today, cancellationToken) is { } unit)
        {
            receivers.Add((id, null, unit.Name));
        }

        if (receivers.Count == 0) return PlansRefusals.UnknownUnit((request.Unit?.ToString() ?? request.Class?.ToString()) ?? "");
        var active = parts.Where(p => p.EndedOn is null && p.Unit is not null).ToDictionary(p => p.Unit!.Value, p => p.Role);
        var fresh = receivers.Where(r => !active.ContainsKey(r.Unit)).ToList();
        if (fresh.Count == 0)
        {
            return request.Role is AssignmentRole.Coordinate && active[receivers[0].Unit] is AssignmentRole.Lead ? PlansRefusals.SelfCoordination : PlansRefusals.AlreadyTakesPart;
        }

        var giver = new TaskParts(units, clock);
        var order = parts.Count == 0 ? 0 : parts.Max(p => p.Order) + 1;
        var given = new List<AssignmentId>();
        foreach (var (unit, ofClass, name) in fresh)
        {
            var part = giver.Give(work, task, unit, ofClass, request.Role, order++, name, work.Now, request.OwnDue);
            part.PartText = request.PartText;
            given.Add(part.Id);
        }

        if (request.Role is AssignmentRole.Lead)
        {
            var leads = parts.Where(p => p.Role is AssignmentRole.Lead && p.EndedOn is null).ToList();
            task.LeadUnit = leads.Count == 1 ? leads[0].Unit : null;
            task.LeadClass = leads.Count > 1 ? leads[0].Class : null;
            task.LeadName = leads.Count == 1 || request.Class is null ? string.Join("; ", leads.Take(5).Select(l => l.AsWritten)) : task.LeadName;
        }

        task.Gaps = FiveClear.GapsOf(task, parts, await work.Db.TaskTargets.CountAsync(t => t.Task == task.Id, cancellationToken));
        task.Participants = TaskIndex.WriteParticipants(parts);
        task.Search = ConfirmPlanImport.SearchText(task, plan);
        work.Audit("plans.task.assigned", "task", task.Id, after: new { units = fresh.Select(f => f.Name), request.Role, request.Replaces, request.Document }, note: access.Delegation(Permission.AssignTask));
        work.Publish(new TaskMoved(task.Id, "assigned"));
        await work.CommitAsync(cancellationToken);
        return given;
    }
}

/// <summary>
/// Units that joined a class after the issue are proposed for the tasks the class leads; the officer accepts or declines each (R-TSK-06).
/// Running it twice proposes nothing twice.
/// </summary>
public sealed class ProposeNewMembers(IDbContextFactory<PlatformDb> databases, PlansAccess access, IOrgUnits units, TimeProvider clock)
{
    public async Task<Result<int>> HandleAsync(CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.AssignTask) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        var led = await db.Assignments.AsNoTracking().Where(a => a.Role == AssignmentRole.Lead && a.Class != null && a.EndedOn == null && a.DoneOn == null && a.CancelledOn == null)
            .Select(a => new { a.Task, a.Class, a.Unit }).ToListAsync(cancellationToken);
        var known = (await db.MemberProposals.AsNoTracking().Select(p => new { p.Task, p.Unit }).ToListAsync(cancellationToken)).Select(p => (p.Task, p.Unit)).ToHashSet();
        var proposed = 0;
        foreach (var group in led.GroupBy(a => (a.Task, Class: a.Class!.Value)))
        {
            var having = group.Select(a => a.Unit).ToHashSet();
            foreach (var member in await units.MembersAsync(group.Key.Class, work.Today, cancellationToken))
            {
                if (having.Contains(member.Id) || known.Contains((group.Key.Task, member.Id))) continue;
                if (await db.Assignments.AnyAsync(a => a.Task == group.Key.Task && a.Unit == (OrgUnitId?)member.Id && a.EndedOn == null, cancellationToken)) continue;
                if (await work.FindTaskAsync(group.Key.Task, cancellationToken) is not { IsIssued: true, CancelledOn: null } task) continue;
                db.MemberProposals.Add(new MemberProposal { Id = Guid.CreateVersion7(work.Now), Task = task.Id, Unit = member.Id, Class = group.Key.Class, ProposedAt = work.Now });
                work.Happened(task, null, TaskEventKind.MemberProposed, subject: member.Id.Value, text: member.Name);
                proposed++;
            }
        }

        if (proposed > 0) work.Audit("plans.members.proposed", "plans", "members", after: new { proposed });
        await work.CommitAsync(cancellationToken);
        return proposed;
    }

    public async Task<Result<Done>> DecideAsync(Guid proposal, bool accept, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.AssignTask) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.MemberProposals.FirstOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } found) return PlansRefusals.UnknownPart;
        if (found.DecidedAt is not null) return PlansRefusals.AlreadyTakesPart;
        var task = (await work.FindTaskAsync(found.Task, cancellationToken))!;
        var parts = await work.PartsAsync(task, cancellationToken);
        (found.DecidedAt, found.Accepted) = (work.Now, accept);
        if (accept)
        {
            var name = (await units.FindAsync(found.Unit, work.Today, cancellationToken))?.Name ?? found.Unit.ToString();
            new TaskParts(units, clock).Give(work, task, found.Unit, found.Class, AssignmentRole.Lead, parts.Max(p => p.Order) + 1, name, work.Now);
            task.Participants = TaskIndex.WriteParticipants(parts);
        }
        else
        {
            work.Happened(task, null, TaskEventKind.MemberDeclined, subject: found.Unit.Value);
        }

        work.Audit("plans.member.decided", "task", task.Id, after: new { found.Unit, accept });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}
