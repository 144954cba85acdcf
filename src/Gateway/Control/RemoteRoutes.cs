using System.Diagnostics.CodeAnalysis;
using LienThong.Gateway.Routes;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Control;

/// <summary>
/// Keeps a question for newer routes open at the control plane, so that a right that was taken away is closed here within moments. While nobody answers, the last
/// routes stay in force until they end by themselves.
/// </summary>
internal sealed class RemoteRoutes : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    /// <summary>Well within the five seconds in which a stopped right must be closed, once the control plane is back.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RemoteRoutes(ControlLink link, RouteTable table, SnapshotSource source, TimeProvider clock, ILogger log) => _running = Task.Run(() => RunAsync(link, table, source, clock, log));

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the line does, the gateway goes on with the routes it has and asks again.")]
    private async Task RunAsync(ControlLink link, RouteTable table, SnapshotSource source, TimeProvider clock, ILogger log)
    {
        var wait = FirstWait;
        var isAway = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var began = clock.GetTimestamp();
                var before = table.Current?.Number ?? 0;
                if (await link.RoutesAsync(before, _stop.Token) is { } envelope) source.Offer("control", envelope);
                if (isAway) GatewayLog.ControlAgain(log);
                isAway = false;

                // An answer that was no use (refused routes) or came at once without any must not turn the question into a storm.
                if ((table.Current?.Number ?? 0) != before || clock.GetElapsedTime(began) > FirstWait)
                {
                    wait = FirstWait;
                    continue;
                }
            }
            catch (Exception fault)
            {
                if (_stop.IsCancellationRequested) return;
                if (!isAway) GatewayLog.ControlAway(log, fault.Message);
                isAway = true;
            }

            await Task.Delay(wait, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
