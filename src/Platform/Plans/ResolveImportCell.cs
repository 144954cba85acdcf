using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>The officer decides one cell, or takes the last decision back. Decisions are kept, so it is known who said what.</summary>
public sealed class ResolveImportCell(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public ImportId Import { get; set; }

        /// <summary>Ordinal of the row; 0 for the head of the document.</summary>
        [Range(0, 100_000)] public int Ordinal { get; set; }
        public ImportCell Cell { get; set; }
        public ImportDecisionKind Kind { get; set; }
        [StringLength(4_000)] public string? Value { get; set; }
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        if (request.Value?.Length > 4_000) return PlansRefusals.TextTooLong(nameof(request.Value), 4_000);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var import = await work.Db.PlanImports.FirstOrDefaultAsync(i => i.Id == request.Import, cancellationToken);
        if (Refuse(import) is { } refusal) return refusal;

        var plan = ImportDraft.Read(import!.Extracted!);
        var isHead = request.Ordinal == 0;
        if (isHead != request.Cell >= ImportCell.DocumentNumber || (!isHead && plan.Tasks.All(t => t.Ordinal != request.Ordinal))) return PlansRefusals.UnknownCell(request.Ordinal);
        if (request.Kind is ImportDecisionKind.Set && request.Cell is ImportCell.DocumentIssuedOn && TaskFilter.ReadDay(request.Value) is null) return PlansRefusals.NotADate(request.Value ?? "");
        if (request.Kind is ImportDecisionKind.Set && request.Cell is ImportCell.Deadline && request.Value is not "continuous" && TaskFilter.ReadDay(request.Value) is null)
        {
            return PlansRefusals.NotADate(request.Value ?? "");
        }

        if (request.Kind is ImportDecisionKind.Set && string.IsNullOrWhiteSpace(request.Value)) return PlansRefusals.TextMissing(nameof(request.Value));
        var decision = new ImportDecision
        {
            Id = Guid.CreateVersion7(work.Now),
            Import = import.Id,
            Ordinal = request.Ordinal,
            Cell = request.Cell,
            Kind = request.Kind,
            Value = request.Value,
            At = work.Now,
            By = access.User.Id,
        };
        work.Db.ImportDecisions.Add(decision);
        work.Audit("plans.import.decided", "import", import.Id, after: new { request.Ordinal, request.Cell, request.Kind, request.Value });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    /// <summary>Accepts every cell that is still open as it was read: the officer says so once, and it is recorded cell by cell.</summary>
    public async Task<Result<int>> AcceptAllAsync(ImportId id, ImportParties parties, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parties);
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var import = await work.Db.PlanImports.FirstOrDefaultAsync(i => i.Id == id, cancellationToken);
        if (Refuse(import) is { } refusal) return refusal;
        var decisions = await work.Db.ImportDecisions.Where(d => d.Import == id).ToListAsync(cancellationToken);
        var draft = await PreviewPlanImport.DraftAsync(ImportDraft.Read(import!.Extracted!), decisions, parties, access.Today, cancellationToken);
        var accepted = 0;
        foreach (var row in draft.Rows.Where(r => !r.IsSkipped))
        {
            foreach (var cell in row.Cells.Where(c => !c.IsDecided))
            {
                work.Db.ImportDecisions.Add(new ImportDecision
                {
                    Id = Guid.CreateVersion7(work.Now),
                    Import = id,
                    Ordinal = row.Ordinal,
                    Cell = cell.Cell,
                    Kind = ImportDecisionKind.Accept,
                    At = work.Now,
                    By = access.User.Id,
                });
                accepted++;
            }
        }

        work.Audit("plans.import.accepted-all", "import", id, after: new { accepted });
        await work.CommitAsync(cancellationToken);
        return accepted;
    }

    public async Task<Result<Done>> UndoAsync(ImportId id, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var import = await work.Db.PlanImports.FirstOrDefaultAsync(i => i.Id == id, cancellationToken);
        if (Refuse(import) is { } refusal) return refusal;
        var last = await work.Db.ImportDecisions.Where(d => d.Import == id && d.UndoneAt == null).OrderByDescending(d => d.At).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancellationToken);
        if (last is null) return PlansRefusals.NothingToUndo;
        last.UndoneAt = work.Now;
        work.Audit("plans.import.undone", "import", id, before: new { last.Ordinal, last.Cell, last.Kind, last.Value });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    internal static Refusal? Refuse(PlanImport? import) => import switch
    {
        null => PlansRefusals.UnknownImport,
        { ConfirmedAt: not null } or { DiscardedAt: not null } => PlansRefusals.ImportOver,
        { Extracted: null } => PlansRefusals.ImportNotRead,
        _ => null,
    };
}

/// <summary>The officer drops an import: the file and the decisions stay on record, no plan comes of it.</summary>
public sealed class DiscardImport(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(ImportId id, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var import = await work.Db.PlanImports.FirstOrDefaultAsync(i => i.Id == id, cancellationToken);
        if (import is null) return PlansRefusals.UnknownImport;
        if (import.ConfirmedAt is not null || import.DiscardedAt is not null) return PlansRefusals.ImportOver;
        import.DiscardedAt = work.Now;
        work.Audit("plans.import.discarded", "import", id);
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}
