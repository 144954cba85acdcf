using LienThong.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>
/// Reads the index when the doors are open and before anybody has asked: filling it with a hundred thousand tasks takes seconds, which
/// the first visitor after a start would otherwise wait. Being ready does not wait for it, and a fault here is nobody's: a request fills it too.
/// </summary>
internal sealed class WarmTaskIndex(TaskIndex index, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<WarmTaskIndex> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => open.TrySetResult());
        await using var stopped = stoppingToken.Register(() => open.TrySetCanceled(stoppingToken));
        try
        {
            await open.Task;
            await index.CurrentAsync(stoppingToken);

            await index.AsOfAsync(ProvinceBoard.ComparedWith(Vietnamese.DayOf(clock.GetUtcNow())), stoppingToken);

            // A hundred thousand rows were read and most of what that took is garbage; a program that was just started gives it back at once.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { /* Stopped while starting. */ }
#pragma warning disable CA1031 // A database that is away at the start is no reason to stop: the next request asks it again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.IndexNotWarmed(fault);
        }
    }
}
