using LienThong.Platform.Monitoring.Contracts;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <summary>
/// Writes what a stretch of entries says into calls, lines and sums. Works inside the transaction that moved the node's place, so it is alone with the
/// rows of this node, and what it adds up is added once.
/// </summary>
internal sealed class CallBook(PlatformDb db, int node, TimeProvider clock)
{
    /// <summary>Keys asked for at once: below the limit of parameters of either engine.</summary>
    private const int KeysAtOnce = 500;

    private readonly Dictionary<(string, string, string, string, string), CallLine> _lines = [];
    private readonly Dictionary<(int Line, DateTimeOffset Hour, CallEnd End, string Fault), Sum> _sums = [];

    private sealed class Sum
    {
        public long Calls, RequestBytes, ResponseBytes;
        public LatencyHistogram? Latencies;
    }

    public async Task AddAsync(IReadOnlyList<(long Index, CallSaying Saying)> sayings, CancellationToken cancellationToken)
    {
        if (sayings.Count == 0) return;
        foreach (var line in await db.CallLines.Where(l => l.Node == node).ToListAsync(cancellationToken)) _lines[KeyOf(line)] = line;
        var fresh = new Dictionary<long, CallRecord>();
        var later = new List<(long Index, CallSaying Saying)>();
        foreach (var (index, saying) in sayings)
        {
            if (saying.Kind == "close" && fresh.TryGetValue(saying.OpenEntry, out var opened) && opened.Call == saying.Call) Close(opened, index, saying);
            else if (saying.Kind == "close") later.Add((index, saying));
            else fresh[index] = Begin(index, saying);
        }

        foreach (var call in fresh.Values) Count(call, 1);
        await CloseLaterAsync(later, fresh, cancellationToken);
        db.CallRecords.AddRange(fresh.Values);
        await WriteSumsAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private CallRecord Begin(long index, CallSaying saying)
    {
        var call = new CallRecord { Node = node, Entry = index, Call = saying.Call, Line = LineOf(saying).Number, At = saying.At, Method = saying.Method, Upstream = saying.Upstream };
        if (saying.Kind is "refused" or "call") End(call, saying);   // Opening and closing in one entry.
        return call;
    }

    private void Close(CallRecord call, long index, CallSaying saying)
    {
        if (call.End is not CallEnd.Open) return;   // A call ends once; the first ending stands.
        call.Closing = index;
        End(call, saying);
    }

    private void End(CallRecord call, CallSaying saying)
    {
        (call.End, call.Fault, call.Status) = (saying.End, saying.Fault, saying.Status);
        (call.RequestBytes, call.ResponseBytes, call.Milliseconds) = (saying.RequestBytes, saying.ResponseBytes, saying.Milliseconds);
        if (saying.End is not CallEnd.Success || LineOf(saying) is not { FirstSuccessAt: null, Agreement.Length: > 0 } line) return;
        line.FirstSuccessAt = saying.At;
        db.Publish(new AgreementCalled(line.Agreement, saying.At), clock);
    }

    /// <summary>Closings of calls that an earlier stretch opened.</summary>
    private async Task CloseLaterAsync(List<(long Index, CallSaying Saying)> later, Dictionary<long, CallRecord> fresh, CancellationToken cancellationToken)
    {
        foreach (var part in later.Chunk(KeysAtOnce))
        {
            var wanted = part.Select(p => p.Saying.OpenEntry).ToList();
            var opened = await db.CallRecords.Where(c => c.Node == node && wanted.Contains(c.Entry)).ToDictionaryAsync(c => c.Entry, cancellationToken);
            foreach (var (index, saying) in part)
            {
                if (opened.TryGetValue(saying.OpenEntry, out var call) && call.Call == saying.Call)
                {
                    if (call.End is not CallEnd.Open) continue;
                    Count(call, -1);
                    Close(call, index, saying);
                    Count(call, 1);
                }
                else if (!fresh.ContainsKey(saying.OpenEntry))
                {
                    // Its opening was removed when its term was over, or stood before the first entry taken in: the closing speaks for the call.
                    call = Begin(saying.OpenEntry, saying);
                    Close(call, index, saying);
                    Count(call, 1);
                    fresh[saying.OpenEntry] = call;
                }
            }
        }
    }

    private void Count(CallRecord call, int times)
    {
        var key = (call.Line, HourOf(call.At), call.End, call.Fault ?? "");
        if (!_sums.TryGetValue(key, out var sum)) _sums[key] = sum = new Sum();
        sum.Calls += times;
        sum.RequestBytes += call.RequestBytes * times;
        sum.ResponseBytes += call.ResponseBytes * times;
        if (call.End is not CallEnd.Open) (sum.Latencies ??= new LatencyHistogram()).Add(call.Milliseconds, times);
    }

    private async Task WriteSumsAsync(CancellationToken cancellationToken)
    {
        var hours = _sums.Keys.Select(k => k.Hour).Distinct().ToList();
        var known = new Dictionary<(int, DateTimeOffset, CallEnd, string), CallHour>();
        foreach (var part in hours.Chunk(KeysAtOnce))
        {
            var lines = _sums.Keys.Select(k => k.Line).Distinct().ToHashSet();
            var rows = db.CallHours.Where(h => h.Node == node && part.Contains(h.Hour));
            if (lines.Count <= KeysAtOnce) rows = rows.Where(h => lines.Contains(h.Line));
            foreach (var row in await rows.ToListAsync(cancellationToken)) known[(row.Line, row.Hour, row.End, row.Fault)] = row;
        }

        foreach (var (key, sum) in _sums)
        {
            if (sum.Calls == 0) continue;
            if (!known.TryGetValue(key, out var row)) db.CallHours.Add(row = new CallHour { Node = node, Line = key.Line, Hour = key.Hour, End = key.End, Fault = key.Fault });
            row.Calls += sum.Calls;
            row.RequestBytes += sum.RequestBytes;
            row.ResponseBytes += sum.ResponseBytes;
            if (sum.Latencies is null) continue;
            sum.Latencies.Add(row.Latencies);
            row.Latencies = sum.Latencies.ToBytes();
        }
    }

    private CallLine LineOf(CallSaying saying)
    {
        var key = (saying.Consumer, saying.Provider, saying.Service, saying.Version, saying.Agreement);
        if (_lines.TryGetValue(key, out var line)) return line;
        if (saying.Agreement.Length == 0 && _lines.Values.Count(l => l.Agreement.Length == 0) >= CallLine.InventedMax)
        {
            key = (CallLine.Invented, CallLine.Invented, CallLine.Invented, "", "");
            if (_lines.TryGetValue(key, out line)) return line;
        }

        line = new CallLine
        {
            Node = node,
            Number = _lines.Count == 0 ? 1 : _lines.Values.Max(l => l.Number) + 1,
            Consumer = key.Item1,
            Provider = key.Item2,
            Service = key.Item3,
            Version = key.Item4,
            Agreement = key.Item5,
        };
        db.CallLines.Add(line);
        return _lines[key] = line;
    }

    private static (string, string, string, string, string) KeyOf(CallLine line) => (line.Consumer, line.Provider, line.Service, line.Version, line.Agreement);

    internal static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
