using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Work;

/// <summary>Where a job stands, in the order in which a person should look.</summary>
public enum JobState { Dead, Waiting, Done }

/// <summary>The jobs of one state, newest first, and how many there are of each.</summary>
public sealed class FindJobs(IDbContextFactory<PlatformDb> databases)
{
    public const int PageSize = 50;

    public sealed record Row(JobId Id, string Kind, int Attempts, DateTimeOffset When, string? LastError);

    public sealed record Answer(IReadOnlyList<Row> Rows, IReadOnlyDictionary<JobState, int> Counts);

    public async Task<Answer> HandleAsync(JobState state, int page, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new Dictionary<JobState, int>();
        foreach (var each in Enum.GetValues<JobState>()) counts[each] = await Of(db, each).CountAsync(cancellationToken);
        var rows = await Of(db, state)
            .OrderByDescending(j => j.CreatedAt)
            .Skip((Math.Clamp(page, 1, 1_000_000) - 1) * PageSize).Take(PageSize)
            .Select(j => new Row(j.Id, j.Kind, j.Attempts, j.DoneAt ?? j.DeadAt ?? j.RunAfter, j.LastError))
            .ToListAsync(cancellationToken);
        return new Answer(rows, counts);
    }

    private static IQueryable<Job> Of(PlatformDb db, JobState state) => state switch
    {
        JobState.Dead => db.Jobs.AsNoTracking().Where(j => j.DeadAt != null),
        JobState.Done => db.Jobs.AsNoTracking().Where(j => j.DoneAt != null),
        _ => db.Jobs.AsNoTracking().Where(j => j.DeadAt == null && j.DoneAt == null),
    };
}
