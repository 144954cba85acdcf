using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>A plan drafted here, by hand; it comes into force when it is issued.</summary>
public sealed class CreatePlan(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        [StringLength(100)] public string? Number { get; set; }
        [StringLength(500)] public string Subject { get; set; } = "";
        [StringLength(200)] public string? Issuer { get; set; }
        public DateOnly? IssuedOn { get; set; }
        public bool ForbidsExtension { get; set; }
        public bool MovesToWorkingDay { get; set; }

        /// <summary>Numbers of the documents it carries out, one a line.</summary>
        [StringLength(2_000)] public string? Bases { get; set; }
    }

    public async Task<Result<PlanId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.EditPlan) is { } denied) return denied;
        var subject = VietnameseText.Clean(request.Subject);
        if (subject.Length == 0) return PlansRefusals.TextMissing(nameof(request.Subject));
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var book = new DirectiveBook(work.Db, clock);
        var directive = string.IsNullOrWhiteSpace(request.Number) ? book.Open(null) : await book.FindOrOpenAsync(request.Number, cancellationToken);
        directive.IsStub = false;
        (directive.Kind, directive.Issuer, directive.IssuedOn, directive.Excerpt) = (directive.Kind ?? "Kế hoạch", request.Issuer ?? directive.Issuer, request.IssuedOn ?? directive.IssuedOn, subject);
        foreach (var (basis, i) in (request.Bases ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((b, i) => (b, i)))
        {
            await book.LinkAsync(directive, basis, i, cancellationToken);
        }

        var plan = new Plan
        {
            Id = StrongId.New<PlanId>(clock),
            Directive = directive.Id,
            Name = string.IsNullOrWhiteSpace(request.Number) ? subject : CitedNumber.Tidy(request.Number),
            Subject = subject,
            Issuer = request.Issuer,
            IssuedOn = request.IssuedOn,
            InForceFrom = request.IssuedOn ?? work.Today,
            ForbidsExtension = request.ForbidsExtension,
            MovesToWorkingDay = request.MovesToWorkingDay,
            CalendarVersion = WorkCalendar.Vietnam.Version,
            CreatedAt = work.Now,
            CreatedBy = access.User.Id,
        };
        work.Db.Plans.Add(plan);
        work.Audit("plans.plan.created", "plan", plan.Id, after: new { plan.Name, plan.Subject });
        await work.CommitAsync(cancellationToken);
        return plan.Id;
    }
}

/// <summary>
/// Adds or edits a task of a draft. The version the person saw travels with the form; a stale save is refused with both versions, so that
/// nobody's words are lost.
/// </summary>
public sealed class EditTask(IDbContextFactory<PlatformDb> databases, PlansAccess access, ImportParties parties, IOrgUnits units, TimeProvider clock)
{
    public sealed record Request
    {
        public PlanId Plan { get; set; }

        /// <summary>Empty: a new task at the end.</summary>
        public TaskId? Task { get; set; }
        public int? Version { get; set; }
        [StringLength(20)] public string? Number { get; set; }
        [StringLength(1_000)] public string? GroupPath { get; set; }
        [StringLength(8_000)] public string Content { get; set; } = "";
        [StringLength(4_000)] public string? Product { get; set; }
        [StringLength(500)] public string? AnswersTo { get; set; }

        /// <summary>Names, one a line; the first leads.</summary>
        [StringLength(2_000)] public string? Leads { get; set; }
        [StringLength(4_000)] public string? Coordinators { get; set; }

        /// <summary>The words of the deadline as they will stand in the document.</summary>
        [StringLength(500)] public string? DeadlineText { get; set; }
        public DateOnly? Due { get; set; }
        public DeadlineRule Rule { get; set; } = DeadlineRule.On;
        public bool IsPublished { get; set; }
    }

    public sealed record Receipt(TaskId Task, int Version, string Gaps);

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.EditPlan) is { } denied) return denied;
        var content = VietnameseText.Clean(request.Content);
        if (content.Length == 0) return PlansRefusals.TextMissing(nameof(request.Content));
        if (content.Length > 8_000) return PlansRefusals.TextTooLong(nameof(request.Content), 8_000);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        if (await db.Plans.AsNoTracking().FirstOrDefaultAsync(p => p.Id == request.Plan, cancellationToken) is not { } plan) return PlansRefusals.UnknownPlan;
        if (plan.IssuedAt is not null) return PlansRefusals.PlanIssued;

        GovernanceTask task;
        object? before = null;
        if (request.Task is { } id)
        {
            if (await work.FindTaskAsync(id, cancellationToken) is not { } found || found.Plan != plan.Id) return PlansRefusals.UnknownTask;
            if (request.Version is { } seen && seen != found.Version) return PlansRefusals.Stale(seen, found.Version, content, found.Content);
            task = found;
            before = new { task.Content, task.Product, task.OriginalDue, task.LeadsAsWritten };
            await db.Assignments.Where(a => a.Task == id).ExecuteDeleteAsync(cancellationToken);   // A draft's parts are only words yet; the events of them stay.
        }
        else
        {
            var last = await db.Tasks.Where(t => t.Plan == plan.Id).MaxAsync(t => (int?)t.Ordinal, cancellationToken) ?? 0;
            task = new GovernanceTask { Id = StrongId.New<TaskId>(clock), Plan = plan.Id, Ordinal = last + 1, Content = content };
            work.Add(task);
        }

        (task.Number, task.GroupPath, task.Content, task.LegalText) = (request.Number ?? task.Number ?? $"{task.Ordinal}", request.GroupPath, content, content);
        (task.Product, task.AnswersTo, task.DeadlineText, task.IsPublished) = (request.Product, request.AnswersTo, request.DeadlineText, request.IsPublished);
        task.DeadlineRule = request.Due is null && request.Rule is DeadlineRule.On ? DeadlineRule.None : request.Rule;
        task.OriginalDue = request.Due is { } due ? WorkCalendar.Vietnam.Applied(due, plan.MovesToWorkingDay) : null;
        (task.LeadsAsWritten, task.CoordinatorsAsWritten) = (request.Leads, request.Coordinators);

        var leads = await PartiesAsync(request.Leads, plan.InForceFrom, cancellationToken);
        var coordinators = await PartiesAsync(request.Coordinators, plan.InForceFrom, cancellationToken);
        if (coordinators.Any(c => c.Unit is { } unit && leads.Any(l => l.Unit == unit))) return PlansRefusals.SelfCoordination;
        var parts = DraftParts(leads, coordinators, task.Id);
        task.Gaps = FiveClear.GapsOf(task, parts, await db.TaskTargets.CountAsync(t => t.Task == task.Id, cancellationToken));
        task.Participants = TaskIndex.WriteParticipants(parts);
        (task.LeadUnit, task.LeadClass, task.LeadName) = (leads is [{ Unit: { } one }] ? one : null, leads is [{ Class: var firstClass }, ..] ? firstClass : null, leads is [{ } only] ? only.Name : string.Join("; ", leads.Select(l => l.AsWritten)));
        task.Search = ConfirmPlanImport.SearchText(task, plan);
        work.Touch(task);
        work.Audit(before is null ? "plans.task.created" : "plans.task.edited", "task", task.Id, before, new { task.Content, task.Product, task.OriginalDue, task.LeadsAsWritten });
        try
        {
            await work.CommitAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody saved between our reading and our writing, past the lock (another product version): the same answer.
            return PlansRefusals.Stale(request.Version ?? 0, task.Version, content, "");
        }

        return new Receipt(task.Id, task.Version, task.Gaps);

        List<Assignment> DraftParts(IReadOnlyList<DraftParty> lead, IReadOnlyList<DraftParty> coordinate, TaskId of) =>
        [
            .. lead.Select((p, i) => new Assignment { Id = default, Task = of, Unit = p.Unit, Class = p.Class, Role = i == 0 || p.AsWritten == lead[0].AsWritten ? AssignmentRole.Lead : AssignmentRole.CoLead, Order = i, AsWritten = p.AsWritten }),
            .. coordinate.Select((p, i) => new Assignment { Id = default, Task = of, Unit = p.Unit, Class = p.Class, Role = AssignmentRole.Coordinate, Order = lead.Count + i, AsWritten = p.AsWritten }),
        ];
    }

    internal async Task<IReadOnlyList<DraftParty>> PartiesAsync(string? names, DateOnly asOf, CancellationToken cancellationToken)
    {
        _ = units;
        var lines = (names ?? "").Split(['\n', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(VietnameseText.Clean).Distinct(StringComparer.Ordinal).ToList();
        if (lines.Count == 0) return [];
        var found = await parties.FindAsync(lines, asOf, cancellationToken);
        return [.. lines.SelectMany(l => found[l])];
    }
}

/// <summary>
/// Issues a draft (R-TSK-03): blocked while any task lacks one of the five "rõ"; then every class that leads is expanded to its members of that
/// day, and the tasks are in force.
/// </summary>
public sealed class IssuePlan(IDbContextFactory<PlatformDb> databases, PlansAccess access, EditTask edit, IOrgUnits units, TimeProvider clock)
{
    public sealed record Request
    {
        public PlanId Plan { get; set; }
        public int? Version { get; set; }
        [StringLength(100)] public string? Number { get; set; }
        public DateOnly? IssuedOn { get; set; }
        public bool Publish { get; set; }
    }

    public sealed record Receipt(PlanId Plan, int Tasks, int Parts);

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.IssuePlan) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        if (await db.Plans.FirstOrDefaultAsync(p => p.Id == request.Plan, cancellationToken) is not { } plan) return PlansRefusals.UnknownPlan;
        if (plan.IssuedAt is not null) return PlansRefusals.PlanIssued;
        if (request.Version is { } seen && seen != plan.Version) return PlansRefusals.Stale(seen, plan.Version, "", plan.Name);
        var tasks = await db.Tasks.Where(t => t.Plan == plan.Id).OrderBy(t => t.Ordinal).ToListAsync(cancellationToken);
        if (tasks.Count == 0) return PlansRefusals.PlanWithoutTasks;
        var unclear = tasks.Where(t => t.Gaps.Length > 0).ToList();
        if (unclear.Count > 0) return PlansRefusals.FiveClearMissing(unclear.Count, string.Join("; ", unclear.Take(20).Select(t => $"{t.Number ?? t.Ordinal.ToString(Vietnamese.Culture)}: {t.Gaps}")));

        plan.IssuedAt = work.Now;
        plan.IssuedBy = access.User.Id;
        plan.IssuedOn = request.IssuedOn ?? plan.IssuedOn ?? work.Today;
        plan.InForceFrom = plan.IssuedOn.Value;
        plan.IsPublished = request.Publish;
        if (!string.IsNullOrWhiteSpace(request.Number)) plan.Name = CitedNumber.Tidy(request.Number);
        var at = Vietnamese.StartOf(plan.InForceFrom) is var start && start > work.Now ? work.Now : start;
        var giver = new TaskParts(units, clock);
        var parts = 0;
        foreach (var task in tasks)
        {
            task.IsIssued = true;
            task.IsPublished |= request.Publish;
            var given = await work.PartsAsync(task, cancellationToken);
            if (given.Count > 0)
            {
                // Drafts made of an imported file already stand with their parts; they count from the day of issue.
                db.Assignments.RemoveRange(given);
                given.Clear();
            }

            work.Happened(task, null, TaskEventKind.Created, day: task.OriginalDue, text: task.DeadlineText, document: plan.Name, at: at);
            await giver.AssignAsync(
                work, task, await edit.PartiesAsync(task.LeadsAsWritten, plan.InForceFrom, cancellationToken), await edit.PartiesAsync(task.CoordinatorsAsWritten, plan.InForceFrom, cancellationToken),
                plan.InForceFrom, at, cancellationToken);
            task.Participants = TaskIndex.WriteParticipants(given);
            task.Search = ConfirmPlanImport.SearchText(task, plan);
            parts += given.Count;
        }

        work.Audit("plans.plan.issued", "plan", plan.Id, after: new { plan.Name, plan.IssuedOn, tasks = tasks.Count, parts }, note: access.Delegation(Permission.IssuePlan));
        work.Publish(new PlanIssued(plan.Id, tasks.Count));
        await work.CommitAsync(cancellationToken);
        return new Receipt(plan.Id, tasks.Count, parts);
    }
}

/// <summary>A plan with its own figures, for its page and lists.</summary>
public sealed record PlanLine(PlanInfo Plan, DirectiveId Directive, int Tasks, int Overdue, int Done, int WithGaps, TaskFilter Filter, TaskFilter OverdueFilter, int Version);

public sealed class FindPlans(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskQuery query)
{
    /// <summary>Two years of plans of a large province; older ones are found by number.</summary>
    public const int ListMax = 200;

    public async Task<Result<IReadOnlyList<PlanLine>>> HandleAsync(CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewTasks, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        var (snapshot, predicate, key) = await query.PrepareAsync(TaskFilter.All, scope, cancellationToken);
        var counts = query.Index.Once(snapshot, "plans-counts|" + key, () =>
        {
            var sums = new Dictionary<PlanId, (int Tasks, int Overdue, int Done, int Gaps)>();
            foreach (var row in query.Pieces(snapshot, predicate).SelectMany(piece => piece.Rows))
            {
                var standing = predicate.StandingOf(row);
                if (!predicate.Matches(row, standing)) continue;
                var sum = sums.GetValueOrDefault(row.Plan);
                sums[row.Plan] = (sum.Tasks + 1, sum.Overdue + (standing.IsOverdue ? 1 : 0), sum.Done + (standing.IsDone ? 1 : 0), sum.Gaps + (row.Gaps.Length > 0 ? 1 : 0));
            }

            return sums;
        });
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var drafts = scope.All && access.Deny(Permission.EditPlan) is null;
        var plans = await db.Plans.AsNoTracking().OrderByDescending(p => p.InForceFrom).Select(p => new { p.Id, p.Directive, p.Version }).Take(1000).ToListAsync(cancellationToken);
        return plans.Where(p => snapshot.Plans.ContainsKey(p.Id) && (counts.ContainsKey(p.Id) || (drafts && !snapshot.Plans[p.Id].IsIssued))).Take(ListMax).Select(p =>
        {
            var sum = counts.GetValueOrDefault(p.Id);
            var info = snapshot.Plans[p.Id];
            var filter = new TaskFilter { Plan = p.Id, Drafts = !info.IsIssued };
            return new PlanLine(info, p.Directive, info.IsIssued ? sum.Tasks : snapshot.Rows.Count(r => r.Plan == p.Id), sum.Overdue, sum.Done, sum.Gaps, filter, filter.With(TaskOverlay.Overdue), p.Version);
        }).ToList();
    }
}
