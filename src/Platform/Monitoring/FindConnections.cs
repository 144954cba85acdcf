using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <summary>How a connection is doing, as people need to hear it.</summary>
public enum ConnectionHealth { Steady, Slow, Failing, Interrupted, Unused, Suspended, Waiting, Ended }

/// <param name="Since">Of an interruption: when it began.</param>
/// <param name="Uptime">Share of the month's probed time in which the provider's system answered; null while it was never probed.</param>
public sealed record ConnectionRow(ConnectionFact Fact, CallTally Tally, DateTimeOffset? LastSuccessAt, ConnectionHealth Health, DateTimeOffset? Since, decimal? Uptime);

/// <summary>One hour of calls, for a curve and the table beside it.</summary>
public sealed record HourPoint(DateTimeOffset Hour, CallTally Tally);

/// <summary>Somebody known called without a right to: refused, and shown to the provider it was meant for.</summary>
public sealed record AttemptRow(string Consumer, string ConsumerName, string Service, string ProviderName, CallTally Tally);

/// <param name="AsOf">The last moment up to which every node's log was taken in; null while there is no log.</param>
public sealed record ConnectionsView(
    Period Period, IReadOnlyList<ConnectionRow> Rows, CallTally All, CallTally Before, IReadOnlyList<HourPoint> Hours, IReadOnlyList<AttemptRow> Attempts, RequestCounts Requests, decimal Target, int SlowMilliseconds,
    DateTimeOffset? AsOf, int Nodes, long EntriesWaiting, bool SeesAll)
{
    /// <summary>Agreements in force, whether or not they were called in the period.</summary>
    public int Granted => Rows.Count(r => r.Fact.State is ConnectionState.Granted or ConnectionState.Suspended);

    /// <summary>Connections with at least one successful call in the period: "kết nối thành công" (R-MON-01).</summary>
    public int Live => Rows.Count(r => r.Tally.Success > 0);
}

/// <summary>Who is connected with whom, how much passes, and how it ends (R-MON-01, 03, 05): every figure is added up from the sealed logs, for the viewer's units.</summary>
public sealed class FindConnections(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ISharingSight sight, ParameterBook parameters, TimeProvider clock)
{
    /// <summary>So many calls in the last hour without one success, and the connection is interrupted whatever the probe says.</summary>
    private const int SilentCalls = 5;

    /// <summary>Of fewer calls one failure would already break the promise.</summary>
    private const int JudgedCalls = 20;

    public async Task<Result<ConnectionsView>> HandleAsync(Period period, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(period);
        var sees = await sight.OfCurrentAsync(cancellationToken);
        if (sees.IsEmpty) return MonitoringRefusals.NotAllowed("ViewSharing");
        if (period.Until <= period.From || period.Until - period.From > Period.Longest) return MonitoringRefusals.PeriodWrong;
        return await ReadAsync(period, sees, cancellationToken);
    }

    private async Task<ConnectionsView> ReadAsync(Period period, SharingSight sees, CancellationToken cancellationToken)
    {
        var (now, terms) = (clock.GetUtcNow(), await MonitoringParameters.TodayAsync(parameters, cancellationToken));
        var connections = (await facts.ConnectionsAsync(cancellationToken)).Where(c => sees.Sees(c.ConsumerUnit) || sees.Sees(c.ProviderUnit)).ToDictionary(c => c.Code, StringComparer.Ordinal);
        var subsystems = (await facts.SubsystemsAsync(cancellationToken)).ToDictionary(s => s.Identifier, StringComparer.Ordinal);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sums = new CallSums(db, terms, now);
        await sums.LoadLinesAsync(cancellationToken);

        bool Sees(CallLine line) => line.Agreement.Length > 0 ? sees.All || connections.ContainsKey(line.Agreement) : SeesAttempt(line);
        bool SeesAttempt(CallLine line) =>
            sees.All || (subsystems.TryGetValue(line.Consumer, out var consumer) && sees.Sees(consumer.Unit)) || (subsystems.TryGetValue(line.Provider, out var provider) && sees.Sees(provider.Unit));

        var tallies = connections.Keys.ToDictionary(c => c, _ => new CallTally(), StringComparer.Ordinal);
        var lastHour = new Dictionary<string, CallTally>(StringComparer.Ordinal);
        var attempts = new Dictionary<(string, string), CallTally>();
        var hours = new SortedDictionary<DateTimeOffset, CallTally>();
        var (all, before, thisHour) = (new CallTally(), new CallTally(), CallBook.HourOf(now).AddHours(-1));
        CallTally Hour(DateTimeOffset hour) => hours.TryGetValue(hour, out var known) ? known : hours[hour] = new CallTally();
        CallTally? Of(CallLine line) => line.Agreement.Length > 0 ? tallies.GetValueOrDefault(line.Agreement) : attempts.TryGetValue((line.Consumer, line.Service), out var known) ? known : attempts[(line.Consumer, line.Service)] = new CallTally();
        await sums.EachAsync(new Period(period.Before.From, period.Until), null, (line, row) =>
        {
            if (!Sees(line)) return;
            if (row.Hour < period.From) { before.Add(row); return; }
            all.Add(row);
            Of(line)?.Add(row);
            Hour(row.Hour).Add(row);
            if (row.Hour < thisHour || line.Agreement.Length == 0) return;
            if (!lastHour.TryGetValue(line.Agreement, out var last)) lastHour[line.Agreement] = last = new CallTally();
            last.Add(row);
        }, cancellationToken);
        foreach (var (line, hour, calls) in await sums.UnderWayAsync(period, cancellationToken))
        {
            if (!Sees(line)) continue;
            all.TakeOut(calls);
            Of(line)?.TakeOut(calls);
            Hour(hour).TakeOut(calls);
        }

        var health = await ServiceUptime.ReadAsync(db, Period.Month(now), now, terms, cancellationToken);
        var lastSuccess = await LastSuccessAsync(sums, db, connections.Keys, period, cancellationToken);
        var rows = connections.Values.Select(c => Row(c, tallies[c.Code], lastHour.GetValueOrDefault(c.Code), lastSuccess.GetValueOrDefault(c.Code), health.GetValueOrDefault(c.ServiceId), terms)).ToList();
        var nodes = await db.LogNodes.AsNoTracking().ToListAsync(cancellationToken);
        return new ConnectionsView(
            period, [.. rows.OrderByDescending(r => r.Health is ConnectionHealth.Interrupted).ThenByDescending(r => r.Tally.Calls).ThenBy(r => r.Fact.Code, StringComparer.Ordinal)], all, before,
            [.. hours.Select(h => new HourPoint(h.Key, h.Value))],
            [.. attempts.Where(a => a.Value.Calls > 0).OrderByDescending(a => a.Value.Calls).Take(100).Select(a => Attempt(a.Key.Item1, a.Key.Item2, a.Value, subsystems))],
            await facts.RequestsAsync(period.From, period.Until, cancellationToken), terms.Available, terms.SlowMilliseconds, nodes.Count == 0 ? null : nodes.Min(n => n.SeenAt), nodes.Count, nodes.Sum(n => n.Behind), sees.All);
    }

    private static ConnectionRow Row(ConnectionFact fact, CallTally tally, CallTally? lastHour, DateTimeOffset? lastSuccess, ServiceUptime? service, MonitoringParameters terms)
    {
        var silent = lastHour is { Calls: >= SilentCalls, Success: 0 } && lastHour.Failures * 2 > lastHour.Calls;
        var health = fact.State switch
        {
            ConnectionState.Suspended => ConnectionHealth.Suspended,
            ConnectionState.Ended => ConnectionHealth.Ended,
            ConnectionState.Waiting => ConnectionHealth.Waiting,
            _ when service is { DownSince: not null } || silent => ConnectionHealth.Interrupted,
            _ when tally.Calls == 0 => ConnectionHealth.Unused,
            _ when tally.Calls >= JudgedCalls && tally.BudgetLeft(terms.Available) < 0 => ConnectionHealth.Failing,
            _ when tally.Latencies.Percentile(0.95) > terms.SlowMilliseconds => ConnectionHealth.Slow,
            _ => ConnectionHealth.Steady,
        };
        return new ConnectionRow(fact, tally, lastSuccess, health, health is ConnectionHealth.Interrupted ? service?.DownSince : null, service?.Share);
    }

    private static AttemptRow Attempt(string consumer, string service, CallTally tally, Dictionary<string, SubsystemFact> subsystems)
    {
        var provider = service.LastIndexOf('/') is > 0 and var cut ? service[..cut] : service;
        return new AttemptRow(consumer, subsystems.GetValueOrDefault(consumer)?.UnitName ?? consumer, service, subsystems.GetValueOrDefault(provider)?.UnitName ?? "", tally);
    }

    /// <summary>The last success of each connection within the period, from the hours: to the hour, which is what a list needs.</summary>
    private static async Task<IReadOnlyDictionary<string, DateTimeOffset?>> LastSuccessAsync(CallSums sums, PlatformDb db, IEnumerable<string> agreements, Period period, CancellationToken cancellationToken)
    {
        var (from, until) = (period.From, period.Until);
        var last = await db.CallHours.AsNoTracking().Where(h => h.Hour >= from && h.Hour < until && h.End == CallEnd.Success).GroupBy(h => new { h.Node, h.Line })
            .Select(g => new { g.Key.Node, g.Key.Line, Hour = g.Max(h => h.Hour) }).ToListAsync(cancellationToken);
        var wanted = agreements.ToHashSet(StringComparer.Ordinal);
        return last.Where(l => sums.Lines.TryGetValue((l.Node, l.Line), out var line) && wanted.Contains(line.Agreement)).GroupBy(l => sums.Lines[(l.Node, l.Line)].Agreement)
            .ToDictionary(g => g.Key, g => (DateTimeOffset?)g.Max(l => l.Hour), StringComparer.Ordinal);
    }
}

/// <summary>How long a service answered its probes in a period, and since when it does not.</summary>
/// <param name="Share">Of the time that was probed; null when none was.</param>
/// <param name="Down">Time without an answer.</param>
public sealed record ServiceUptime(decimal? Share, TimeSpan Down, DateTimeOffset? DownSince, string? Cause, DateTimeOffset LastAt, IReadOnlyList<ServiceHealth> Stretches)
{
    internal static async Task<IReadOnlyDictionary<DataServiceId, ServiceUptime>> ReadAsync(PlatformDb db, Period period, DateTimeOffset now, MonitoringParameters terms, CancellationToken cancellationToken)
    {
        var (from, until) = (period.From, period.Until);
        var stretches = await db.ServiceHealths.AsNoTracking().Where(h => h.From < until && (h.LastAt >= from || h.Until == null || h.Until >= from)).ToListAsync(cancellationToken);
        return stretches.GroupBy(s => s.Service).ToDictionary(g => g.Key, g => Of([.. g.OrderBy(s => s.From)], period, now, terms));
    }

    internal static ServiceUptime Of(IReadOnlyList<ServiceHealth> stretches, Period period, DateTimeOffset now, MonitoringParameters terms)
    {
        var (up, down) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var stretch in stretches)
        {
            var (begins, ends) = (stretch.From > period.From ? stretch.From : period.From, stretch.Until ?? stretch.LastAt);
            if (ends > period.Until) ends = period.Until;
            if (ends <= begins) continue;
            if (stretch.IsUp) up += ends - begins;
            else down += ends - begins;
        }

        var last = stretches[^1];
        var isFresh = last.Until is null && now - last.LastAt <= terms.ProbeEvery * ProbeServices.SilenceProbes;
        return new ServiceUptime(
            up + down == TimeSpan.Zero ? null : (decimal)(up / (up + down)), down, isFresh && !last.IsUp ? last.From : null, last.Cause, last.LastAt, stretches);
    }
}
