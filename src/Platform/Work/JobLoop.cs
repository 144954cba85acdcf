using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Work;

/// <summary>Does one kind of job. At least once: after a kill it is called again with the same payload.</summary>
public interface IJobHandler
{
    string Kind { get; }

    Task RunAsync(JobRun run, CancellationToken cancellationToken);
}

/// <summary>One attempt at one job.</summary>
public sealed record JobRun(JobId Id, string Payload, int Attempt)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, OutboxJson.Options) ?? throw new InvalidDataException($"Job {Id} has an empty payload.");
}

public sealed class JobLoopOptions
{
    /// <summary>Long enough for the longest handler between two renewals, short enough that a dead node's work is picked up within a minute.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A person waiting for an import hardly notices one second; an idle node asks its database once a second.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After these the cause is not passing, and a person must look (dead letter).</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>2 s, 4 s, 8 s … : spreads retries of a failing neighbour without making a person wait minutes for the first.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Leases due jobs and runs them, one after another. Several nodes may run it on one database: a lease is taken by a conditional update
/// that only one can win. Also carries the outbox to its listeners, in order.
/// </summary>
public sealed class JobLoop(
    IDbContextFactory<PlatformDb> databases, IServiceScopeFactory scopes, TimeProvider clock, JobLoopOptions options, ILogger<JobLoop> log)
    : BackgroundService
{
    private readonly string _node = $"{Environment.MachineName}:{Environment.ProcessId}:{Path.GetRandomFileName()[..6]}";
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Work was just queued on this node: do not wait for the next poll.</summary>
    public void Wake()
    {
        try { _wake.Release(); }
        catch (SemaphoreFullException) { /* Already awake. */ }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await DispatchOutboxAsync(stoppingToken);
                worked |= await RunOneAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
#pragma warning disable CA1031 // The loop outlives any fault of the database: it is logged and tried again after a poll.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.LoopFaulted(fault);
            }

            if (!worked)
            {
                try { await _wake.WaitAsync(options.Poll, stoppingToken); }
                catch (OperationCanceledException) { return; }
            }
        }
    }

    /// <summary>Runs jobs and carries events until none is due. For tests and for <c>--seed-only</c>.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await DispatchOutboxAsync(cancellationToken) | await RunOneAsync(cancellationToken)) { }
    }

    private async Task<bool> RunOneAsync(CancellationToken cancellationToken)
    {
        if (await LeaseAsync(cancellationToken) is not { } job) return false;

        using var scope = scopes.CreateScope();
        var handler = scope.ServiceProvider.GetServices<IJobHandler>().FirstOrDefault(h => h.Kind == job.Kind);
        using var renewal = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(job.Id, renewal.Token);
        string? error = null;
        try
        {
            if (handler is null) throw new InvalidOperationException($"No handler for jobs of kind {job.Kind}.");
            await handler.RunAsync(new JobRun(job.Id, job.Payload, job.Attempts), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(job.Id);
            throw;
        }
#pragma warning disable CA1031 // Whatever the handler threw is kept with the job and shown to the administrator.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.JobFailed(fault, job.Kind, job.Id.Value, job.Attempts);
            error = fault.GetType().Name + ": " + fault.Message;
        }
        finally
        {
            await renewal.CancelAsync();
            await renewing;
        }

        await CloseAsync(job, error, cancellationToken);
        return true;
    }

    private async Task<Job?> LeaseAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var due = await db.Jobs.AsNoTracking()
            .Where(j => j.DoneAt == null && j.DeadAt == null && j.RunAfter <= now && (j.LeasedUntil == null || j.LeasedUntil < now))
            .OrderBy(j => j.RunAfter).Take(4).ToListAsync(cancellationToken);
        foreach (var job in due)
        {
            var until = now + options.Lease;
            var won = await db.Jobs
                .Where(j => j.Id == job.Id && j.DoneAt == null && j.DeadAt == null && (j.LeasedUntil == null || j.LeasedUntil < now))
                .ExecuteUpdateAsync(s => s.SetProperty(j => j.LeasedBy, _node).SetProperty(j => j.LeasedUntil, until).SetProperty(j => j.Attempts, j => j.Attempts + 1), cancellationToken);
            if (won == 1)
            {
                job.Attempts++;
                return job;
            }
        }

        return null;
    }

    private async Task RenewAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Lease / 3, cancellationToken);
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var until = clock.GetUtcNow() + options.Lease;
                await db.Jobs.Where(j => j.Id == id && j.LeasedBy == _node).ExecuteUpdateAsync(s => s.SetProperty(j => j.LeasedUntil, until), cancellationToken);
            }
        }
        catch (OperationCanceledException) { /* The job is over. */ }
#pragma warning disable CA1031 // A lease that cannot be renewed runs out; the job is idempotent.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.LoopFaulted(fault);
        }
    }

    private async Task ReleaseAsync(JobId id)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await db.Jobs.Where(j => j.Id == id && j.LeasedBy == _node).ExecuteUpdateAsync(
            s => s.SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null).SetProperty(j => j.LeasedBy, (string?)null).SetProperty(j => j.Attempts, j => j.Attempts - 1));
    }

    private async Task CloseAsync(Job job, string? error, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var mine = db.Jobs.Where(j => j.Id == job.Id && j.LeasedBy == _node);
        if (error is null)
        {
            await mine.ExecuteUpdateAsync(s => s.SetProperty(j => j.DoneAt, now).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null), cancellationToken);
        }
        else if (job.Attempts >= options.AttemptsMax)
        {
            await mine.ExecuteUpdateAsync(s => s.SetProperty(j => j.DeadAt, now).SetProperty(j => j.LastError, error).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null), cancellationToken);
        }
        else
        {
            var after = now + (options.FirstDelay * Math.Pow(2, job.Attempts - 1));
            await mine.ExecuteUpdateAsync(
                s => s.SetProperty(j => j.RunAfter, after).SetProperty(j => j.LastError, error).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null), cancellationToken);
        }
    }

    private async Task<bool> DispatchOutboxAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Outbox.AsNoTracking().Where(m => m.DispatchedAt == null).OrderBy(m => m.At).ThenBy(m => m.Id).Take(50).ToListAsync(cancellationToken);
        foreach (var message in waiting)
        {
            using var scope = scopes.CreateScope();
            await EventRoutes.DeliverAsync(scope.ServiceProvider, message, cancellationToken);
            var now = clock.GetUtcNow();
            await db.Outbox.Where(m => m.Id == message.Id).ExecuteUpdateAsync(s => s.SetProperty(m => m.DispatchedAt, now), cancellationToken);
        }

        return waiting.Count > 0;
    }
}
