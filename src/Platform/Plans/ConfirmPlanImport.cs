using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>
/// What the wizard shows becomes a plan, in one transaction: document, plan, tasks, deadlines, targets, parts per unit, events. Killed at any
/// moment, there is all of it or nothing. The same file again is the same plan. A plan that was already issued is taken as it is, with its
/// gaps listed (R-TSK-03).
/// </summary>
public sealed class ConfirmPlanImport(
    IDbContextFactory<PlatformDb> databases, PlansAccess access, ImportParties parties, IOrgUnits units, TimeProvider clock, ILogger<ConfirmPlanImport> log)
{
    public sealed record Request
    {
        public ImportId Import { get; set; }

        /// <summary>Takes the cells still open as they were read. A date that could not be read stays empty all the same.</summary>
        public bool AcceptDoubtful { get; set; }

        /// <summary>Keep it as a draft to be edited and issued here, instead of a plan in force.</summary>
        public bool AsDraft { get; set; }
        public bool ForbidsExtension { get; set; }
        public bool Publish { get; set; }
    }

    /// <param name="IsKnown">The file was this plan already; nothing was created.</param>
    public sealed record Receipt(PlanId Plan, int Tasks, int Parts, int TasksWithGaps, bool IsKnown);

    /// <summary>A place where tests pull the plug: called inside the transaction, before the commit.</summary>
    internal Action? BeforeCommit { get; set; }

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        if (await db.PlanImports.FirstOrDefaultAsync(i => i.Id == request.Import, cancellationToken) is not { } import) return PlansRefusals.UnknownImport;
        if (await db.Plans.AsNoTracking().FirstOrDefaultAsync(p => p.SourceSha256 == import.Sha256, cancellationToken) is { } known)
        {
            var tasks = await db.Tasks.CountAsync(t => t.Plan == known.Id, cancellationToken);
            return new Receipt(known.Id, tasks, 0, await db.Tasks.CountAsync(t => t.Plan == known.Id && t.Gaps != "", cancellationToken), IsKnown: true);
        }

        if (ResolveImportCell.Refuse(import) is { } refusal) return refusal;
        var decisions = await db.ImportDecisions.AsNoTracking().Where(d => d.Import == import.Id).ToListAsync(cancellationToken);
        var draft = await PreviewPlanImport.DraftAsync(ImportDraft.Read(import.Extracted!), decisions, parties, access.Today, cancellationToken);
        if (!request.AcceptDoubtful && draft.OpenCells > 0) return PlansRefusals.ImportCellsOpen(draft.OpenCells);
        var rows = draft.Rows.Where(r => !r.IsSkipped).ToList();
        if (rows.Count == 0) return PlansRefusals.ImportNoTasks;

        var plan = await PlanAsync(work, import, draft, request, cancellationToken);
        var at = Vietnamese.StartOf(plan.InForceFrom);
        if (at > work.Now) at = work.Now;
        var byCode = new Dictionary<string, TaskId>(StringComparer.Ordinal);
        var giver = new TaskParts(units, clock);
        var (partCount, gapCount) = (0, 0);
        foreach (var row in rows)
        {
            var task = Task(plan, row, byCode);
            work.Add(task);
            foreach (var (target, i) in row.Targets.Select((t, i) => (t, i)))
            {
                db.TaskTargets.Add(new TaskTarget
                {
                    Id = Guid.CreateVersion7(work.Now),
                    Task = task.Id,
                    Ordinal = i + 1,
                    Text = target.Text,
                    Value = target.Value,
                    Unit = target.Unit,
                    Comparator = target.Comparator,
                    By = target.By,
                });
            }

            foreach (var (milestone, i) in (row.Deadline.Milestones ?? []).Select((m, i) => (m, i)))
            {
                db.Milestones.Add(new Milestone { Id = Guid.CreateVersion7(work.Now), Task = task.Id, Ordinal = i + 1, Text = milestone.Text, Due = milestone.Date });
            }

            work.Happened(task, null, TaskEventKind.Created, day: task.OriginalDue, text: task.DeadlineText, document: plan.Name, at: at);
            await giver.AssignAsync(work, task, row.Leads, row.Coordinators, plan.InForceFrom, at, cancellationToken);
            var parts = await work.PartsAsync(task, cancellationToken);
            if (row.Deadline.CompletedAndContinuing)
            {
                // The issuing document itself says it is done: by its deadline, and periodic updates go on (R-TSK-08).
                foreach (var part in parts.Where(p => p.Role is AssignmentRole.Lead))
                {
                    work.Happened(task, part, TaskEventKind.DeclaredDone, day: task.OriginalDue ?? plan.InForceFrom, text: row.Deadline.Text, document: plan.Name, at: at);
                }
            }

            task.Gaps = FiveClear.GapsOf(task, parts, row.Targets.Count);
            task.Participants = TaskIndex.WriteParticipants(parts);
            task.Search = SearchText(task, plan);
            partCount += parts.Count;
            if (task.Gaps.Length > 0) gapCount++;
        }

        import.ConfirmedAt = work.Now;
        import.ConfirmedBy = access.User.Id;
        import.Plan = plan.Id;
        work.Audit("plans.import.confirmed", "plan", plan.Id, after: new { plan.Name, import.FileName, import.Sha256, tasks = rows.Count, parts = partCount }, note: access.Delegation(Permission.ImportPlan));
        work.Publish(new PlanImported(plan.Id, import.Id, rows.Count));
        BeforeCommit?.Invoke();
        await work.CommitAsync(cancellationToken);
        log.PlanImported(import.Id, plan.Id, rows.Count, partCount);
        return new Receipt(plan.Id, rows.Count, partCount, gapCount, IsKnown: false);
    }

    private async Task<Plan> PlanAsync(PlansWork work, PlanImport import, ImportDraft draft, Request request, CancellationToken cancellationToken)
    {
        var head = draft.Header;
        var book = new DirectiveBook(work.Db, clock);
        var directive = head.Number is { Length: > 0 } number ? await book.FindOrOpenAsync(number, cancellationToken) : book.Open(head.Notation);
        directive.IsStub = false;
        directive.Kind ??= head.Kind;
        directive.Issuer ??= head.Issuer;
        directive.IssuedOn ??= head.IssuedOn;
        directive.EffectiveFrom ??= head.IssuedOn;
        directive.Excerpt ??= head.Subject;
        directive.Sha256 ??= import.Sha256;
        foreach (var (basis, i) in head.Bases.Select((b, i) => (b, i))) await book.LinkAsync(directive, basis, i, cancellationToken);

        var today = work.Today;
        var firstDue = draft.Rows.Where(r => !r.IsSkipped).Min(r => r.Deadline.Date);
        var inForce = head.IssuedOn ?? (firstDue < today ? firstDue.Value : today);
        var plan = new Plan
        {
            Id = StrongId.New<PlanId>(clock),
            Directive = directive.Id,
            Name = head.Number ?? head.Notation ?? import.FileName,
            Subject = head.Subject ?? import.FileName,
            Issuer = head.Issuer,
            IssuedOn = head.IssuedOn,
            InForceFrom = inForce,
            CampaignFrom = head.PeriodFrom is { } from ? new DateOnly(from, 1, 1) : null,
            CampaignTo = head.PeriodTo is { } to ? new DateOnly(to, 12, 31) : null,
            ForbidsExtension = request.ForbidsExtension,
            CalendarVersion = WorkCalendar.Vietnam.Version,
            SourceSha256 = import.Sha256,
            SourceFileName = import.FileName,
            CreatedAt = work.Now,
            CreatedBy = access.User.Id,
            IssuedAt = request.AsDraft ? null : work.Now,
            IssuedBy = request.AsDraft ? null : access.User.Id,
            WasIssuedElsewhere = !request.AsDraft,
            IsPublished = request.Publish && !request.AsDraft,
        };
        work.Db.Plans.Add(plan);
        return plan;
    }

    private GovernanceTask Task(Plan plan, DraftRow row, Dictionary<string, TaskId> byCode)
    {
        var deadline = row.Deadline;
        var task = new GovernanceTask
        {
            Id = StrongId.New<TaskId>(clock),
            Plan = plan.Id,
            Ordinal = row.Ordinal,
            Number = row.Number,
            Code = row.Code,
            Parent = row.Parent is { } parent && byCode.TryGetValue(parent, out var parentId) ? parentId : null,
            GroupPath = row.GroupPath,
            Content = row.Content,
            LegalText = row.Content,
            Product = row.Product,
            AnswersTo = row.AnswersTo,
            Note = row.Note,
            LeadsAsWritten = Lines(row.Leads.Select(l => l.AsWritten).Distinct(StringComparer.Ordinal)),
            CoordinatorsAsWritten = Lines(row.Coordinators.Select(l => l.AsWritten).Distinct(StringComparer.Ordinal)),
            Basis = Lines(row.Basis),
            DeadlineText = deadline.Text,
            DeadlineRule = deadline.Rule,
            DeadlineBound = deadline.Bound,
            DeadlineStart = deadline.Start,
            DeadlineAnchor = deadline.Anchor,
            DeadlineOffset = deadline.Offset,
            DeadlineOffsetUnit = deadline.OffsetUnit,
            RecurrenceCycle = deadline.Recurrence?.Cycle,
            RecurrenceMonth = deadline.Recurrence?.Month,
            RecurrenceDay = deadline.Recurrence?.Day,
            RecurrenceFollowingPeriod = deadline.Recurrence?.FollowingPeriod ?? false,
            CompletedAndContinuing = deadline.CompletedAndContinuing,
            DeadlineConfidence = deadline.Confidence,
            DeadlineConfirmedBy = row.DeadlineConfirmedBy,
            SourcePage = row.Source.Page,
            SourceRow = row.Source.Row,
            SourceColumn = row.Source.Column,
            Warnings = row.Warnings.Count == 0 ? null : string.Join('\n', row.Warnings.Select(w => w.Code + "|" + w.Message)),
            IsIssued = plan.IssuedAt is not null,
            IsPublished = plan.IsPublished,
            OriginalDue = deadline.Date is { } date ? WorkCalendar.Vietnam.Applied(date, plan.MovesToWorkingDay) : null,
        };
        if (row.Code is { } code) byCode.TryAdd(code, task.Id);
        return task;
    }

    internal static string SearchText(GovernanceTask task, Plan plan) =>
        VietnameseText.Fold(string.Join(' ', [task.Number, task.Content, task.LeadName, task.LeadsAsWritten, task.Product, task.Basis, plan.Name]));

    private static string? Lines(IEnumerable<string> items) => string.Join('\n', items) is { Length: > 0 } text ? text : null;
}
