using System.Collections.Concurrent;

namespace LienThong.Gateway.Log;

/// <summary>
/// What the call path asks of the sealed log (exchange.md §3.5): an opening before the request leaves, a closing before the answer does. An opening
/// without closing reads "outcome unknown", never "success".
/// </summary>
/// <remarks>
/// The opening of a call that may change something waits for the disk: it must not happen unseen. A safe call (RFC 9110 §9.2.1) that ends at once is one entry, which says
/// its end and how long it took; nothing of its answer leaves before that is on disk. When it lasts longer than <see cref="OpeningDelay"/>, its opening goes first, so that
/// a reading that never ended is on record as well.
/// </remarks>
public sealed class ExchangeLog
{
    /// <summary>Most readings end within this; those that do cost one entry and not two.</summary>
    private static readonly TimeSpan OpeningDelay = TimeSpan.FromMilliseconds(50);

    private readonly SealedLog _log;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<OpenCall> _unopened = new();
    private readonly ITimer _timer;
    private readonly Func<OpenCall, Appended> _append;
    private int _isTimed;
    private long _latest;

    public ExchangeLog(SealedLog log, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_log, _clock, _append) = (log, clock, call => AppendOpening(call.Opening, isUrgent: false));
        _timer = clock.CreateTimer(_ => OpenLasting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why calls cannot be taken now, or null.</summary>
    public LogStop? Stopped => _log.Stopped;

    /// <summary>Calls that are under way and will want their closing on disk: one more (1), or one less (-1). They are flushed together where that costs nobody anything.</summary>
    public void UnderWay(int more) => _log.Expect(more);

    /// <exception cref="LogStoppedException">The call must not happen; nothing of it may leave.</exception>
    public ValueTask<OpenCall> OpenAsync(in CallOpening call)
    {
        var open = new OpenCall(call, _clock.GetTimestamp());
        if (IsSafe(call.Method))
        {
            if (_log.Stopped is { } reason) throw new LogStoppedException(reason);
            _unopened.Enqueue(open);
            if (Interlocked.Exchange(ref _isTimed, 1) == 0) _timer.Change(OpeningDelay, Timeout.InfiniteTimeSpan);
            return new(open);
        }

        open.Open(unopened => AppendOpening(unopened.Opening, isUrgent: true));
        return open.Place.OnDisk.IsCompletedSuccessfully ? new(open) : new(WaitAsync(open));
    }

    /// <summary>Completes when the closing is on disk, and with it everything before it.</summary>
    /// <exception cref="LogStoppedException">The answer must not leave.</exception>
    public Task CloseAsync(OpenCall open, in CallClosing closing)
    {
        ArgumentNullException.ThrowIfNull(open);
        var isWhole = open.EndsUnwritten();
        if (!isWhole && open.Place.OnDisk.IsFaulted) return open.Place.OnDisk;   // The disk failed in between: its place may be another call's by now.
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        Span<byte> aside = stackalloc byte[SaltedDigests.SaltBytesMax];
        var length = isWhole ? CallEntry.WriteWhole(entry, open.Opening, Now(), closing) : CallEntry.WriteClose(entry, open.Opening, Now(), open.Place.Index, closing);
        return _log.Append(entry[..length], aside[..closing.Digests.WriteSalts(aside)]).OnDisk;
    }

    /// <summary>A call of a known consumer that was refused before anything left: opening and closing in one.</summary>
    public Task RefuseAsync(in CallOpening call, in CallClosing closing)
    {
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        Span<byte> aside = stackalloc byte[SaltedDigests.SaltBytesMax];
        var length = CallEntry.WriteRefused(entry, call, Now(), closing);
        return _log.Append(entry[..length], aside[..closing.Digests.WriteSalts(aside)]).OnDisk;
    }

    /// <summary>Whether a method asks for nothing to be changed (RFC 9110 §9.2.1).</summary>
    public static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    private static async Task<OpenCall> WaitAsync(OpenCall open)
    {
        await open.Place.OnDisk;
        return open;
    }

    private Appended AppendOpening(in CallOpening call, bool isUrgent)
    {
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        return _log.Append(entry[..CallEntry.WriteOpen(entry, call, Now())], default, isUrgent);
    }

    /// <summary>Puts the openings of safe calls on record that have lasted for some time. The queue is in the order in which they began; one timer reads it.</summary>
    private void OpenLasting()
    {
        try
        {
            while (_unopened.TryPeek(out var call) && (call.IsEnded || _clock.GetElapsedTime(call.Began) >= OpeningDelay))
            {
                _unopened.TryDequeue(out _);
                call.Open(_append);
            }
        }
        catch (LogStoppedException)
        {
            // The log takes nothing now; the call that ends will be told.
        }

        if (_unopened.IsEmpty)
        {
            Volatile.Write(ref _isTimed, 0);
            if (_unopened.IsEmpty || Interlocked.Exchange(ref _isTimed, 1) != 0) return;
        }

        _timer.Change(OpeningDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A time that never goes back and never stands still on one node, also when its clock does (a hybrid logical clock, in microseconds).</summary>
    private DateTimeOffset Now()
    {
        const long Step = TimeSpan.TicksPerMicrosecond;
        var now = _clock.GetUtcNow().UtcTicks / Step * Step;
        while (true)
        {
            var latest = Interlocked.Read(ref _latest);
            var next = Math.Max(now, latest + Step);
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest) return new DateTimeOffset(next, TimeSpan.Zero);
        }
    }
}
