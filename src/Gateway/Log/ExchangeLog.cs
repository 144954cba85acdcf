namespace LienThong.Gateway.Log;

/// <summary>
/// What the call path asks of the sealed log (exchange.md §3.5): an opening before the request leaves, a closing before the answer does. An opening
/// without closing reads "outcome unknown", never "success".
/// </summary>
/// <remarks>
/// The opening of a call that may change something waits for the disk: it must not happen unseen. That of a safe call (RFC 9110 §9.2.1) takes its place
/// in the log and reaches the disk with the next flush; nothing of the answer leaves before the closing, which stands behind it, is on disk.
/// </remarks>
public sealed class ExchangeLog(SealedLog log, TimeProvider clock)
{
    private long _latest;

    /// <summary>Why calls cannot be taken now, or null.</summary>
    public LogStop? Stopped => log.Stopped;

    /// <exception cref="LogStoppedException">The call must not happen; nothing of it may leave.</exception>
    public ValueTask<OpenCall> OpenAsync(in CallOpening call)
    {
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        var isSafe = IsSafe(call.Method);
        var place = log.Append(entry[..CallEntry.WriteOpen(entry, call, Now())], default, isUrgent: !isSafe);
        var open = new OpenCall(call, place.Index, place.OnDisk);
        return isSafe || place.OnDisk.IsCompletedSuccessfully ? new(open) : new(WaitAsync(place.OnDisk, open));
    }

    /// <summary>Completes when the closing is on disk, and with it everything before it.</summary>
    /// <exception cref="LogStoppedException">The answer must not leave.</exception>
    public Task CloseAsync(in OpenCall open, in CallClosing closing)
    {
        if (open.OnDisk.IsFaulted) return open.OnDisk;   // The disk failed in between: its place may be another call's by now.
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        Span<byte> aside = stackalloc byte[SaltedDigests.SaltBytesMax];
        var length = CallEntry.WriteClose(entry, open.Opening, Now(), open.Index, closing);
        return log.Append(entry[..length], aside[..closing.Digests.WriteSalts(aside)]).OnDisk;
    }

    /// <summary>A call of a known consumer that was refused before anything left: opening and closing in one.</summary>
    public Task RefuseAsync(in CallOpening call, in CallClosing closing)
    {
        Span<byte> entry = stackalloc byte[CallEntry.BytesMax];
        Span<byte> aside = stackalloc byte[SaltedDigests.SaltBytesMax];
        var length = CallEntry.WriteRefused(entry, call, Now(), closing);
        return log.Append(entry[..length], aside[..closing.Digests.WriteSalts(aside)]).OnDisk;
    }

    /// <summary>Whether a method asks for nothing to be changed (RFC 9110 §9.2.1).</summary>
    public static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    private static async Task<OpenCall> WaitAsync(Task onDisk, OpenCall open)
    {
        await onDisk;
        return open;
    }

    /// <summary>A time that never goes back and never stands still on one node, also when its clock does (a hybrid logical clock, in microseconds).</summary>
    private DateTimeOffset Now()
    {
        const long Step = TimeSpan.TicksPerMicrosecond;
        var now = clock.GetUtcNow().UtcTicks / Step * Step;
        while (true)
        {
            var latest = Interlocked.Read(ref _latest);
            var next = Math.Max(now, latest + Step);
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest) return new DateTimeOffset(next, TimeSpan.Zero);
        }
    }
}
