using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>One task of a system above us, as its file has it.</summary>
public sealed record ExternalTask(
    string ExternalId, string? Number, string Content, string? Lead, string? Coordinators, string? DeadlineText, DateOnly? Due, string? Product, string? Status, decimal? Percent, DateOnly? DoneOn, string? Url);

/// <summary>A file exchanged with a system above us; the same shape goes out and comes in.</summary>
public sealed record ExternalTaskFile(string System, string? DocumentNumber, string? Subject, DateOnly? IssuedOn, IReadOnlyList<ExternalTask> Tasks);

/// <summary>
/// Tasks assigned from above (R-TSK-12): in with their ids, out with our status for the same ids. A duplicate id is refused with its row; local
/// tasks never leave with them, so national figures are not polluted.
/// </summary>
public sealed class ExternalTasks(IDbContextFactory<PlatformDb> databases, PlansAccess access, ImportParties parties, IOrgUnits units, TaskQuery query, TimeProvider clock)
{
    /// <summary>A year of one ministry's tasks for a province, ten times over.</summary>
    public const int RowsMax = 10_000;

    public sealed record Receipt(PlanId Plan, int Created);

    public async Task<Result<Receipt>> ImportAsync(ExternalTaskFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(file.System)) return PlansRefusals.TextMissing(nameof(file.System));
        if (file.Tasks.Count is 0 or > RowsMax) return PlansRefusals.TextTooLong(nameof(file.Tasks), RowsMax);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        var system = file.System.Trim();
        var known = (await db.Tasks.Where(t => t.ExternalSystem == system).Select(t => t.ExternalId!).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (task, i) in file.Tasks.Select((t, i) => (t, i + 1)))
        {
            if (string.IsNullOrWhiteSpace(task.ExternalId)) problems.Add($"{i}: ExternalId");
            else if (!known.Add(task.ExternalId.Trim())) problems.Add($"{i}: {task.ExternalId}");
            if (string.IsNullOrWhiteSpace(task.Content)) problems.Add($"{i}: Content");
        }

        if (problems.Count > 0) return problems.Count == 1 && file.Tasks.Count == 1 ? PlansRefusals.ExternalDuplicate(system, file.Tasks[0].ExternalId) : PlansRefusals.ExternalRows(problems.Count, string.Join("; ", problems.Take(50)));

        var book = new DirectiveBook(db, clock);
        var directive = string.IsNullOrWhiteSpace(file.DocumentNumber) ? book.Open(null) : await book.FindOrOpenAsync(file.DocumentNumber, cancellationToken);
        directive.Excerpt ??= file.Subject;
        directive.IssuedOn ??= file.IssuedOn;
        var inForce = file.IssuedOn is { } day && day < work.Today ? day : work.Today;
        var plan = new Plan
        {
            Id = StrongId.New<PlanId>(clock),
            Directive = directive.Id,
            Name = file.DocumentNumber ?? system,
            Subject = file.Subject ?? system,
            IssuedOn = file.IssuedOn,
            InForceFrom = inForce,
            CalendarVersion = WorkCalendar.Vietnam.Version,
            CreatedAt = work.Now,
            CreatedBy = access.User.Id,
            IssuedAt = work.Now,
            IssuedBy = access.User.Id,
            WasIssuedElsewhere = true,
        };
        db.Plans.Add(plan);
        string[] Names(string? text) => [.. (text ?? "").Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(VietnameseText.Clean).Distinct(StringComparer.Ordinal)];
        var found = await parties.FindAsync([.. file.Tasks.SelectMany(t => Names(t.Lead).Concat(Names(t.Coordinators))).Distinct(StringComparer.Ordinal)], inForce, cancellationToken);
        var giver = new TaskParts(units, clock);
        var at = Vietnamese.StartOf(inForce) is var start && start > work.Now ? work.Now : start;
        foreach (var (row, i) in file.Tasks.Select((t, i) => (t, i + 1)))
        {
            var task = new GovernanceTask
            {
                Id = StrongId.New<TaskId>(clock),
                Plan = plan.Id,
                Ordinal = i,
                Number = row.Number,
                Content = VietnameseText.Clean(row.Content),
                LegalText = row.Content,
                Product = row.Product,
                DeadlineText = row.DeadlineText,
                DeadlineRule = row.Due is null ? DeadlineRule.None : DeadlineRule.On,
                OriginalDue = row.Due,
                LeadsAsWritten = row.Lead,
                CoordinatorsAsWritten = row.Coordinators,
                IsIssued = true,
                ExternalSystem = system,
                ExternalId = row.ExternalId.Trim(),
                ExternalStatus = row.Status,
                Note = row.Url,
            };
            work.Add(task);
            work.Happened(task, null, TaskEventKind.Created, day: row.Due, text: row.DeadlineText, document: row.ExternalId, at: at);
            await giver.AssignAsync(work, task, [.. Names(row.Lead).SelectMany(n => found[n])], [.. Names(row.Coordinators).SelectMany(n => found[n])], inForce, at, cancellationToken);
            var parts = await work.PartsAsync(task, cancellationToken);
            task.Gaps = FiveClear.GapsOf(task, parts, 0);
            task.Participants = TaskIndex.WriteParticipants(parts);
            task.Search = ConfirmPlanImport.SearchText(task, plan);
        }

        work.Audit("plans.external.imported", "plan", plan.Id, after: new { system, tasks = file.Tasks.Count });
        await work.CommitAsync(cancellationToken);
        return new Receipt(plan.Id, file.Tasks.Count);
    }

    /// <summary>The systems that have sent tasks, with how many.</summary>
    public async Task<Result<IReadOnlyList<(string System, int Tasks)>>> SystemsAsync(CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ExportTasks) is { } denied) return denied;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var systems = await db.Tasks.AsNoTracking().Where(t => t.ExternalSystem != null).GroupBy(t => t.ExternalSystem!).Select(g => new { g.Key, Count = g.Count() }).OrderBy(g => g.Key).Take(100).ToListAsync(cancellationToken);
        return systems.Select(s => (s.Key, s.Count)).ToList();
    }

    /// <summary>The tasks that came from that system, with our status for each of its ids.</summary>
    public async Task<Result<ExternalTaskFile>> ExportAsync(string system, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ExportTasks) is { } denied) return denied;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var tasks = await db.Tasks.AsNoTracking().Where(t => t.ExternalSystem == system).OrderBy(t => t.Plan).ThenBy(t => t.Ordinal).Take(RowsMax).ToListAsync(cancellationToken);
        var parameters = query.Index.Parameters;
        return new ExternalTaskFile(system, null, null, null, [.. tasks.Select(t => new ExternalTask(
            t.ExternalId!, t.Number, t.Content, t.LeadsAsWritten, t.CoordinatorsAsWritten, t.DeadlineText, t.OriginalDue, t.Product, Standing.Of(t, access.Today, parameters).Group.ToString(),
            t.PercentAccepted ?? t.PercentClaimed, t.DoneOn, t.Note))]);
    }
}
