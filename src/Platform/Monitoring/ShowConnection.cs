using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <param name="Month">All calls of this month: what the error budget is reckoned on.</param>
/// <param name="Uptime">Of the provider's system, this month; null while it was never probed.</param>
public sealed record ConnectionView(
    ConnectionFact Fact, Period Period, CallTally Tally, CallTally Month, IReadOnlyList<HourPoint> Hours, ServiceUptime? Uptime, decimal Target, int SlowMilliseconds);

/// <summary>One connection hour by hour, with its causes, its budget of failures and the health of the system behind it.</summary>
public sealed class ShowConnection(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ISharingSight sight, ParameterBook parameters, TimeProvider clock)
{
    public async Task<Result<ConnectionView>> HandleAsync(AgreementId agreement, Period period, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(period);
        var sees = await sight.OfCurrentAsync(cancellationToken);
        if (sees.IsEmpty) return MonitoringRefusals.NotAllowed("ViewSharing");
        if (period.Until <= period.From || period.Until - period.From > Period.Longest) return MonitoringRefusals.PeriodWrong;
        if ((await facts.ConnectionsAsync(cancellationToken)).FirstOrDefault(c => c.Agreement == agreement) is not { } fact || !(sees.Sees(fact.ConsumerUnit) || sees.Sees(fact.ProviderUnit))) return MonitoringRefusals.UnknownConnection;
        var (now, terms) = (clock.GetUtcNow(), await MonitoringParameters.TodayAsync(parameters, cancellationToken));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sums = new CallSums(db, terms, now);
        await sums.LoadLinesAsync(cancellationToken);
        var lines = sums.Lines.Where(l => l.Value.Agreement == fact.Code).Select(l => l.Key).ToHashSet();
        var (tally, month, hours) = (new CallTally(), new CallTally(), new SortedDictionary<DateTimeOffset, CallTally>());
        if (lines.Count > 0)
        {
            await sums.EachAsync(period, lines, (_, row) =>
            {
                tally.Add(row);
                if (!hours.TryGetValue(row.Hour, out var hour)) hours[row.Hour] = hour = new CallTally();
                hour.Add(row);
            }, cancellationToken);
            foreach (var (line, hour, calls) in (await sums.UnderWayAsync(period, cancellationToken)).Where(u => u.Line.Agreement == fact.Code))
            {
                tally.TakeOut(calls);
                hours.GetValueOrDefault(hour)?.TakeOut(calls);
            }

            await sums.EachAsync(Period.Month(now), lines, (_, row) => month.Add(row), cancellationToken);
            foreach (var (line, _, calls) in (await sums.UnderWayAsync(Period.Month(now), cancellationToken)).Where(u => u.Line.Agreement == fact.Code)) month.TakeOut(calls);
        }

        var uptime = (await ServiceUptime.ReadAsync(db, Period.Month(now), now, terms, cancellationToken)).GetValueOrDefault(fact.ServiceId);
        return new ConnectionView(fact, period, tally, month, [.. hours.Select(h => new HourPoint(h.Key, h.Value))], uptime, terms.Available, terms.SlowMilliseconds);
    }
}
