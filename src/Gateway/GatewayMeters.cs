using System.Diagnostics.Metrics;
using LienThong.Gateway.Log;

namespace LienThong.Gateway;

/// <summary>What is counted of calls; the meter is one of those that the program exports by OpenTelemetry.</summary>
public sealed class GatewayMeters : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Tags = [.. Enum.GetNames<CallOutcome>().Select(n => new KeyValuePair<string, object?>("outcome", n.ToLowerInvariant()))];

    private readonly Meter _meter = new("LienThong", "1");
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _strangers;
    private readonly Counter<long> _unrecorded;
    private long _ended;
    private long _strangersSeen;

    public GatewayMeters()
    {
        _duration = _meter.CreateHistogram<double>("lienthong.gateway.call.duration", "s", "Calls of known consumers, by whose doing their end was");
        _strangers = _meter.CreateCounter<long>("lienthong.gateway.strangers", "{call}", "Calls without a known credential");
        _unrecorded = _meter.CreateCounter<long>("lienthong.gateway.refusals.unrecorded", "{call}", "Refusals above what is put on record of one consumer");
    }

    public long EndedCount => Volatile.Read(ref _ended);

    public long StrangerCount => Volatile.Read(ref _strangersSeen);

    internal void Ended(CallOutcome outcome, TimeSpan duration)
    {
        Interlocked.Increment(ref _ended);
        if (_duration.Enabled) _duration.Record(duration.TotalSeconds, Tags[(int)outcome]);
    }

    internal void Stranger()
    {
        Interlocked.Increment(ref _strangersSeen);
        _strangers.Add(1);
    }

    internal void RefusedUnrecorded() => _unrecorded.Add(1);

    public void Dispose() => _meter.Dispose();
}
