using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <param name="Logged">Calls of the day in the sealed logs.</param>
/// <param name="Answered">Of those, what the provider answered: what it can have counted.</param>
/// <param name="Unknown">Calls the log cannot say the end of: a difference of so many has its explanation.</param>
public sealed record CountRow(ConnectionFact Connection, DateOnly Day, long Logged, long Answered, long Unknown, long? ByConsumer, long? ByProvider)
{
    public long? ConsumerDifference => ByConsumer - Logged;

    public long? ProviderDifference => ByProvider - Answered;

    public bool IsDifferent => ConsumerDifference is not (null or 0) || ProviderDifference is not (null or 0);
}

/// <summary>
/// Compares what consumer and provider counted with what the log says, agreement by agreement and day by day, and lists the differences (exchange.md §6
/// item 12). Each side states its own counts, of its own agreements; a later statement takes the place of the earlier, and both are on record.
/// </summary>
public sealed class CompareCounts(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ISharingSight sight, ICurrentUser who, ParameterBook parameters, TimeProvider clock)
{
    /// <summary>A month of a hundred agreements.</summary>
    private const int LinesMax = 3_200;

    public async Task<Result<IReadOnlyList<CountRow>>> HandleAsync(Period period, bool differentOnly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(period);
        var sees = await sight.OfCurrentAsync(cancellationToken);
        if (sees.IsEmpty) return MonitoringRefusals.NotAllowed("ViewSharing");
        if (period.Until <= period.From || period.Until - period.From > Period.Longest) return MonitoringRefusals.PeriodWrong;
        var connections = (await facts.ConnectionsAsync(cancellationToken)).Where(c => sees.Sees(c.ConsumerUnit) || sees.Sees(c.ProviderUnit)).ToDictionary(c => c.Code, StringComparer.Ordinal);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sums = new CallSums(db, await MonitoringParameters.TodayAsync(parameters, cancellationToken), clock.GetUtcNow());
        await sums.LoadLinesAsync(cancellationToken);
        var logged = new Dictionary<(string Agreement, DateOnly Day), CallTally>();
        await sums.EachAsync(period, null, (line, row) =>
        {
            if (!connections.ContainsKey(line.Agreement)) return;
            var key = (line.Agreement, Vietnamese.DayOf(row.Hour));
            if (!logged.TryGetValue(key, out var tally)) logged[key] = tally = new CallTally();
            tally.Add(row);
        }, cancellationToken);

        var (first, last) = (Vietnamese.DayOf(period.From), Vietnamese.DayOf(period.Until.AddTicks(-1)));
        var stated = (await db.CountsStated.AsNoTracking().Where(c => c.Day >= first && c.Day <= last).ToListAsync(cancellationToken)).ToLookup(c => (c.Agreement, c.Day));
        return logged.Keys.Union(stated.Select(s => s.Key)).Where(k => connections.ContainsKey(k.Agreement)).OrderByDescending(k => k.Day).ThenBy(k => k.Agreement, StringComparer.Ordinal)
            .Select(k => new CountRow(
                connections[k.Agreement], k.Day, logged.GetValueOrDefault(k)?.Calls ?? 0, logged.GetValueOrDefault(k)?.Answered ?? 0, logged.GetValueOrDefault(k)?.Unknown ?? 0,
                stated[k].FirstOrDefault(s => s.Side is CountSide.Consumer)?.Calls, stated[k].FirstOrDefault(s => s.Side is CountSide.Provider)?.Calls))
            .Where(r => !differentOnly || r.IsDifferent).Take(10_000).ToList();
    }

    /// <summary>Takes lines of "agreement; day; calls". All of them, or the first that cannot be read.</summary>
    public async Task<Result<int>> StateAsync(string lines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var connections = (await facts.ConnectionsAsync(cancellationToken)).ToDictionary(c => c.Code, StringComparer.Ordinal);
        var unit = who.Current.Unit;
        var counts = new List<(string Agreement, DateOnly Day, CountSide Side, long Calls)>();
        var number = 0;
        foreach (var line in lines.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (counts.Count == LinesMax) return MonitoringRefusals.CountsTooMany(LinesMax);
            var parts = line.Split([';', '\t'], StringSplitOptions.TrimEntries);
            if (parts.Length != 3 || !DateOnly.TryParseExact(parts[1], ["d/M/yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || !long.TryParse(parts[2].Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var calls)) return MonitoringRefusals.CountsUnreadable(number);
            if (!connections.TryGetValue(parts[0], out var connection) || (connection.ConsumerUnit != unit && connection.ProviderUnit != unit)) return MonitoringRefusals.CountsNotYours(parts[0]);
            counts.Add((connection.Code, day, connection.ConsumerUnit == unit ? CountSide.Consumer : CountSide.Provider, calls));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (first, last) = counts.Count == 0 ? (default, default) : (counts.Min(c => c.Day), counts.Max(c => c.Day));
        var known = (await db.CountsStated.Where(c => c.Day >= first && c.Day <= last).ToListAsync(cancellationToken)).ToDictionary(c => (c.Agreement, c.Day, c.Side));
        foreach (var (agreement, day, side, calls) in counts)
        {
            if (!known.TryGetValue((agreement, day, side), out var row))
            {
                known[(agreement, day, side)] = row = new CountStated { Agreement = agreement, Day = day, Side = side, By = who.Current.Id, ByName = who.Current.Name, At = clock.GetUtcNow() };
                db.CountsStated.Add(row);
            }

            (row.Calls, row.By, row.ByName, row.At) = (calls, who.Current.Id, who.Current.Name, clock.GetUtcNow());
            db.Record(who.Current, clock, "monitoring.count.stated", "agreement", agreement, after: new { day, side, calls });
        }

        await db.SaveChangesAsync(cancellationToken);
        return counts.Count;
    }
}
