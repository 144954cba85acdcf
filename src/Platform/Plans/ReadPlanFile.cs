using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>Reads an uploaded file, as a durable job: after a kill it reads again, and the second reading finds the first one done.</summary>
public sealed class ReadPlanFile(IDbContextFactory<PlatformDb> databases, BlobStore blobs, PlanExtraction extraction, TimeProvider clock, ILogger<ReadPlanFile> log) : IJobHandler
{
    public const string JobKind = "plans.import.read";

    public sealed record Order(ImportId Import);

    public string Kind => JobKind;

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var id = run.Read<Order>().Import;
        string sha256;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var import = await db.PlanImports.SingleAsync(i => i.Id == id, cancellationToken);
            if (import.ReadAt is not null || import.Refusal is not null || import.DiscardedAt is not null) return;
            import.ReadStartedAt = clock.GetUtcNow();
            sha256 = import.Sha256;
            await db.SaveChangesAsync(cancellationToken);
        }

        var result = await extraction.ExtractAsync(blobs.PathOf(sha256), cancellationToken);
        await using var work = await PlansWork.BeginAsync(databases, CurrentUser.System, clock, cancellationToken);
        var read = await work.Db.PlanImports.SingleAsync(i => i.Id == id, cancellationToken);
        if (read.ReadAt is not null || read.DiscardedAt is not null) return;
        if (result.IsGranted(out var plan, out var refusal))
        {
            read.Extracted = JsonSerializer.Serialize(plan, ImportDraft.Json);
            read.ReadAt = work.Now;
            work.Audit("plans.import.read", "import", id, after: new { tasks = plan.Tasks.Count, warnings = plan.Warnings.Count + plan.Tasks.Sum(t => t.Warnings.Count) });
            log.PlanFileRead(id, plan.Tasks.Count, plan.Warnings.Count);
        }
        else
        {
            read.Refusal = string.Join('\n', [refusal.Code, .. refusal.Arguments.Select(a => a.ToString() ?? "")]);
            work.Audit("plans.import.refused", "import", id, after: refusal.Code);
            log.PlanFileRefused(id, refusal.Code);
        }

        await work.CommitAsync(cancellationToken);
    }
}

/// <summary>The work calendar, as the reader of deadlines asks for it.</summary>
internal sealed class CalendarWorkDays(WorkCalendar calendar) : IWorkDays
{
    public bool IsWorkingDay(DateOnly day) => calendar.IsWorkingDay(day);
}
