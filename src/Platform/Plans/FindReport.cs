using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>Which task a report belongs to. Says nothing about the report itself: who may see it is asked of the task.</summary>
public sealed class FindReport(IDbContextFactory<PlatformDb> databases)
{
    public async Task<Result<TaskId>> TaskOfAsync(ReportId id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ProgressReports.AsNoTracking().Where(r => r.Id == id).Select(r => (TaskId?)r.Task).FirstOrDefaultAsync(cancellationToken) is { } task
            ? task
            : PlansRefusals.UnknownReport;
    }
}

/// <summary>A stored file with the name it came under.</summary>
public sealed record StoredFile(string Sha256, string FileName, long Bytes);

/// <summary>Files of plans, imports and evidence, for those who may see what they belong to.</summary>
public sealed class OpenPlanFile(IDbContextFactory<PlatformDb> databases, PlansAccess access, FindTask tasks, TaskQuery query)
{
    public async Task<Result<StoredFile>> EvidenceAsync(EvidenceId id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Evidence.AsNoTracking().Where(e => e.Id == id && e.Sha256 != null).Select(e => new { e.Task, e.Report, e.Sha256, e.FileName, e.Title, e.Bytes }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return PlansRefusals.UnknownEvidence;
        if (!(await tasks.HandleAsync(found.Task, null, cancellationToken)).IsGranted(out var view, out _)) return PlansRefusals.UnknownEvidence;

        // A draft is its unit's own business until it is sent; so are its files. What was taken back is nobody's.
        return view.Reports.Any(r => r.Id == found.Report && r.Evidence.Any(e => e.Id == id)) ? new StoredFile(found.Sha256!, found.FileName ?? found.Title, found.Bytes ?? 0) : PlansRefusals.UnknownEvidence;
    }

    /// <summary>The photograph of a field check (R-TSK-11), for whoever sees the task.</summary>
    public async Task<Result<StoredFile>> PhotoAsync(Guid check, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.FieldChecks.AsNoTracking().Where(c => c.Id == check && c.PhotoSha256 != null).Select(c => new { c.Task, c.PhotoSha256, c.On }).FirstOrDefaultAsync(cancellationToken);
        if (found is null || !(await tasks.HandleAsync(found.Task, null, cancellationToken)).IsGranted(out _, out _)) return PlansRefusals.UnknownEvidence;
        return new StoredFile(found.PhotoSha256!, $"kiem-tra-{found.On:yyyy-MM-dd}.jpg", 0);
    }

    public async Task<Result<StoredFile>> ImportAsync(ImportId id, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.PlanImports.AsNoTracking().Where(i => i.Id == id).Select(i => new StoredFile(i.Sha256, i.FileName, i.Bytes)).FirstOrDefaultAsync(cancellationToken) is { } file
            ? file
            : PlansRefusals.UnknownImport;
    }

    /// <summary>The document a plan was read from, for whoever sees a task of it.</summary>
    public async Task<Result<StoredFile>> PlanAsync(PlanId id, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewTasks, cancellationToken);
        if (!scope.All && await query.CountAsync(new TaskFilter { Plan = id }, scope, cancellationToken) == 0) return PlansRefusals.UnknownPlan;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Plans.AsNoTracking().Where(p => p.Id == id && p.SourceSha256 != null).Select(p => new StoredFile(p.SourceSha256!, p.SourceFileName ?? p.Name, 0)).FirstOrDefaultAsync(cancellationToken) is { } file
            ? file
            : PlansRefusals.UnknownPlan;
    }
}
