using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Work;

/// <summary>A person looked at a dead letter and sends it back into the queue, with its attempts forgotten.</summary>
public sealed class RetryJob(IDbContextFactory<PlatformDb> databases, ICurrentUser user, TimeProvider clock, JobLoop loop)
{
    public async Task<Result<Done>> HandleAsync(JobId id, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.RetryJobs)) return WorkRefusals.Denied;

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Jobs.SingleOrDefaultAsync(j => j.Id == id && j.DeadAt != null, cancellationToken) is not { } job) return WorkRefusals.NotFound(id);

        var before = new { job.Attempts, job.DeadAt, job.LastError };
        (job.DeadAt, job.Attempts, job.RunAfter, job.LeasedUntil) = (null, 0, clock.GetUtcNow(), null);
        db.Record(user.Current, clock, "work.job.retried", "job", id, before);
        await db.SaveChangesAsync(cancellationToken);
        loop.Wake();
        return new Done();
    }
}

public static class WorkRefusals
{
    public static Refusal Denied { get; } = new("access.denied", RefusalKind.Forbidden);

    public static Refusal NotFound(JobId id) => new("work.job.not-found", RefusalKind.NotFound, id.Value);
}
