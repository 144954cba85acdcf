using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Monitoring.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

/// <summary>Looks at every log each second and takes in what is new; a node with much waiting is asked again at once, after the others had their turn.</summary>
internal sealed class TakeInLogs(FindOwnNodes find, TakeInLog take, RemoveOldCalls old, TimeProvider clock, ILogger<TakeInLogs> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FindEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<int> nodes = [];
        var found = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (found == 0 || clock.GetElapsedTime(found) >= FindEvery) (nodes, found) = (await find.HandleAsync(stoppingToken), clock.GetTimestamp());
                var waits = false;
                foreach (var node in nodes) waits |= (await take.HandleAsync(node, stoppingToken)).Waits;
                await old.HandleAsync(stoppingToken);
                if (!waits) await Task.Delay(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
#pragma warning disable CA1031 // It outlives any fault of the database; what was not committed is taken in again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.PullFailed(fault);
                await Task.Delay(AfterFault, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Tells the exchange that an agreement is in use. At least once; the exchange notes it once.</summary>
internal sealed class OnAgreementCalled(IExchangeRoutes routes) : IListenTo<AgreementCalled>
{
    public Task OnAsync(AgreementCalled fact, CancellationToken cancellationToken) => routes.SawCallAsync(fact.Agreement, fact.At, cancellationToken);
}

/// <summary>Whose turn it is: of several control planes that look at one thing, the one that moves the time on does the work.</summary>
public sealed class Turns(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
{
    public async Task<bool> TakeAsync(string name, TimeSpan every, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (await db.MonitoringTurns.AsNoTracking().FirstOrDefaultAsync(t => t.Name == name, cancellationToken) is not { } turn)
        {
            db.MonitoringTurns.Add(new MonitoringTurn { Name = name, NextAt = now + every });
            try { await db.SaveChangesAsync(cancellationToken); }
            catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested) { return false; }   // Another was first.
            return true;
        }

        return turn.NextAt <= now && await db.MonitoringTurns.Where(t => t.Name == name && t.NextAt == turn.NextAt).ExecuteUpdateAsync(t => t.SetProperty(x => x.NextAt, now + every), cancellationToken) == 1;
    }
}

/// <summary>Removes raw calls whose term is over. The sums stay, and the log itself is not touched: any call can still be proven by whoever keeps it.</summary>
public sealed class RemoveOldCalls(IDbContextFactory<PlatformDb> databases, ParameterBook parameters, Turns turns, TimeProvider clock, ILogger<RemoveOldCalls> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    /// <summary>A slice of an hour is one short write.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromHours(1);

    public async Task<int> HandleAsync(CancellationToken cancellationToken)
    {
        if (!await turns.TakeAsync("old-calls", Every, cancellationToken)) return 0;
        var cut = clock.GetUtcNow().AddDays(-(await parameters.TodayAsync(cancellationToken)).Number("mon.calls.keep.days"));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var removed = 0;
        while (await db.CallRecords.Where(c => c.At < cut).MinAsync(c => (DateTimeOffset?)c.At, cancellationToken) is { } first)
        {
            var until = first + Slice < cut ? first + Slice : cut;
            removed += await db.CallRecords.Where(c => c.At < until).ExecuteDeleteAsync(cancellationToken);
        }

        if (removed > 0) log.CallsRemoved(removed);
        return removed;
    }
}
