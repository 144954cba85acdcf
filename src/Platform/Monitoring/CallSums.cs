using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <summary>Terms of monitoring as they hold on one day; each has its basis in the book of parameters.</summary>
public sealed record MonitoringParameters(TimeSpan UnknownAfter, int SlowMilliseconds, decimal Available, TimeSpan ProbeEvery)
{
    public static async ValueTask<MonitoringParameters> TodayAsync(ParameterBook book, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        var sheet = await book.TodayAsync(cancellationToken);
        return new(
            TimeSpan.FromMinutes(sheet.Number("mon.unknown.minutes")), sheet.Number("mon.slow.ms"), sheet.Number("mon.available.permille") / 1_000m, TimeSpan.FromSeconds(sheet.Number("mon.probe.seconds")));
    }
}

/// <summary>Reads sums of hours, streamed: what is in memory is what they add up to, however many calls there were.</summary>
internal sealed class CallSums(PlatformDb db, MonitoringParameters terms, DateTimeOffset now)
{
    private readonly Dictionary<(int Node, int Line), CallLine> _lines = [];

    public IReadOnlyDictionary<(int Node, int Line), CallLine> Lines => _lines;

    public async Task LoadLinesAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in db.CallLines.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken)) _lines[(line.Node, line.Number)] = line;
    }

    /// <summary>Every sum of the period that somebody wants: the callback gets the line and the row.</summary>
    public async Task EachAsync(Period period, IReadOnlyCollection<(int Node, int Line)>? wanted, Action<CallLine, CallHour> each, CancellationToken cancellationToken)
    {
        var (from, until) = (period.From, period.Until);
        var rows = db.CallHours.AsNoTracking().Where(h => h.Hour >= from && h.Hour < until);
        if (wanted is { Count: > 0 and <= 50 })
        {
            var (nodes, numbers) = (wanted.Select(w => w.Node).Distinct().ToList(), wanted.Select(w => w.Line).Distinct().ToList());
            rows = rows.Where(h => nodes.Contains(h.Node) && numbers.Contains(h.Line));
        }

        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (_lines.TryGetValue((row.Node, row.Line), out var line) && (wanted is null || wanted.Contains((row.Node, row.Line)))) each(line, row);
        }
    }

    /// <summary>Calls of the period that may still be under way, by line and hour.</summary>
    public async Task<IReadOnlyList<(CallLine Line, DateTimeOffset Hour, long Calls)>> UnderWayAsync(Period period, CancellationToken cancellationToken)
    {
        var since = now - terms.UnknownAfter;
        var from = period.From > since ? period.From : since;
        var until = period.Until;
        var open = await db.CallRecords.AsNoTracking().Where(c => c.End == CallEnd.Open && c.At > from && c.At < until).Select(c => new { c.Node, c.Line, c.At }).ToListAsync(cancellationToken);
        return [.. from call in open
                   where _lines.ContainsKey((call.Node, call.Line))
                   group call by (Line: _lines[(call.Node, call.Line)], Hour: CallBook.HourOf(call.At)) into hour
                   select (hour.Key.Line, hour.Key.Hour, (long)hour.Count())];
    }
}
