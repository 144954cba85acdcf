using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LienThong.Gateway.Log;

/// <summary>
/// The file in which entries are first on disk: segments written from front to back, batch after batch, each batch begun only when the one before it
/// is durable. So a broken batch with nothing behind it was never acknowledged (the crash cut it), and one with a batch behind it is damage.
/// </summary>
/// <remarks>
/// A segment is filled with zeros once and used again and again, so that a flush writes data and no metadata. Old batches in a reused segment carry
/// lower indexes and are not mistaken for new ones. A segment is named after the first index it may hold and a running number; where two overlap
/// (a write failed and another segment was begun), the later one is right from its first index on.
/// </remarks>
internal sealed class WriteAheadFile : IDisposable
{
    /// <summary>Some five seconds of a full load; a start has at most a few of them to read.</summary>
    public const int SegmentBytes = 16 * 1_024 * 1_024;

    private readonly string _folder;
    private readonly List<(Segment Segment, long Last)> _behind = [];
    private readonly Stack<string> _spare = new();
    private readonly Lock _segments = new();   // The seal releases segments while the flusher turns to another.
    private Segment _current;
    private SafeFileHandle _file;
    private long _position;

    private sealed record Segment(string Path, long First, long Number);

    private WriteAheadFile(string folder, long next, long number)
    {
        _folder = folder;
        (_current, _file) = Begin(next, number);
    }

    /// <summary>Whether a folder holds any segment at all.</summary>
    public static bool Exists(string folder) => Directory.Exists(folder) && Segments(folder).Count > 0;

    /// <summary>Reads back every entry from index <paramref name="from"/> on, then opens a fresh segment behind them.</summary>
    /// <exception cref="LogDamagedException">Entries between <paramref name="from"/> and acknowledged ones behind them are gone or broken.</exception>
    public static WriteAheadFile Open(string folder, long from, WriteAheadVisitor replay)
    {
        Directory.CreateDirectory(folder);
        var segments = Segments(folder);
        var next = from;
        for (var i = 0; i < segments.Count; i++)
        {
            var limit = segments.Skip(i + 1).Select(s => s.First).DefaultIfEmpty(long.MaxValue).Min();
            next = Replay(segments[i], next, limit, replay);
        }

        var open = new WriteAheadFile(folder, next, segments.Count == 0 ? 1 : segments.Max(s => s.Number) + 1);
        open._behind.AddRange(segments.Select(s => (s, next - 1)));
        return open;
    }

    /// <summary>Puts a batch on disk; when this returns it is there.</summary>
    /// <exception cref="IOException">It is not. Nothing more may be written before <see cref="Restart"/>.</exception>
    public void Write(WriteAheadBatch batch)
    {
        var bytes = batch.Sealed();
        if (_position + bytes.Length > SegmentBytes) Turn(batch.First);
        RandomAccess.Write(_file, bytes, _position);
        DurableFile.Flush(_file);
        _position += bytes.Length;
    }

    /// <summary>After a failed write: goes on in another segment, from the first index that is not on disk.</summary>
    public void Restart(long next) => Turn(next);

    /// <summary>Entries below <paramref name="size"/> are durable elsewhere: their segments may be used again.</summary>
    public void Release(long size)
    {
        lock (_segments)
        {
            for (var i = _behind.Count - 1; i >= 0; i--)
            {
                if (_behind[i].Last >= size) continue;
                Retire(_behind[i].Segment.Path);
                _behind.RemoveAt(i);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void Turn(long next)
    {
        lock (_segments)
        {
            var (segment, file) = Begin(next, _current.Number + 1);
            _file.Dispose();
            _behind.Add((_current, next - 1));
            (_current, _file, _position) = (segment, file, 0);
        }
    }

    private (Segment Segment, SafeFileHandle File) Begin(long next, long number)
    {
        var segment = new Segment(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{next:D19}-{number:D10}.wal")), next, number);
        if (_spare.TryPop(out var spare)) File.Move(spare, segment.Path);
        else Fill(segment.Path);
        DurableFile.FlushFolder(_folder);
        return (segment, File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write));
    }

    private void Retire(string path)
    {
        const int SparesMax = 2;   // One is being filled, one stands ready; more only after a time in which the seal was far behind.
        if (_spare.Count >= SparesMax)
        {
            File.Delete(path);
            return;
        }

        var spare = Path.ChangeExtension(path, ".spare");
        File.Move(path, spare);
        _spare.Push(spare);
    }

    private static void Fill(string path)
    {
        var zeros = new byte[1_024 * 1_024];
        using (var file = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
        {
            for (long at = 0; at < SegmentBytes; at += zeros.Length) RandomAccess.Write(file, zeros, at);
            DurableFile.Flush(file);
        }

        File.Move(path + ".new", path);
    }

    private static List<Segment> Segments(string folder)
    {
        var found = new List<Segment>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (name.EndsWith(".new", StringComparison.Ordinal) || name.EndsWith(".spare", StringComparison.Ordinal)) File.Delete(path);
            else if (Path.GetFileNameWithoutExtension(name).Split('-') is [var first, var number]
                && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var f) && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                found.Add(new Segment(path, f, n));
        }

        return [.. found.OrderBy(s => s.Number)];
    }

    /// <returns>The next index wanted.</returns>
    private static long Replay(Segment segment, long next, long limit, WriteAheadVisitor replay)
    {
        var where = "wal/" + Path.GetFileName(segment.Path);
        if (segment.First > next) throw new LogDamagedException(where, LogFault.Gap);
        var bytes = File.ReadAllBytes(segment.Path);
        var at = 0;
        while (at < bytes.Length && next < limit)
        {
            var wanted = next;
            var batch = bytes.AsSpan(at);
            if (!WriteAheadBatch.TryReadHeader(batch, out var first, out var count, out var length) || first < segment.First || !WriteAheadBatch.TryRead(batch, null))
            {
                // Not a batch of this time. If one that came later stands behind it, this one had been acknowledged.
                if (Later(bytes, at + WriteAheadBatch.Page, Math.Max(wanted, segment.First)) is { } later && later < limit) throw new LogDamagedException(where, LogFault.Gap);
                break;
            }

            if (first > wanted) throw new LogDamagedException(where, LogFault.Gap);
            WriteAheadBatch.TryRead(batch, (index, entry, aside) =>
            {
                if (index < wanted || index >= limit) return;
                replay(index, entry, aside);
            });
            next = Math.Max(next, Math.Min(first + count, limit));
            at += (length + WriteAheadBatch.Page - 1) / WriteAheadBatch.Page * WriteAheadBatch.Page;
        }

        // The segment after this one begins at its limit: whatever is missing before that was acknowledged.
        if (limit != long.MaxValue && next < limit) throw new LogDamagedException(where, LogFault.Gap);
        return next;
    }

    private static long? Later(byte[] bytes, int from, long wanted)
    {
        for (var at = from; at < bytes.Length; at += WriteAheadBatch.Page)
        {
            if (WriteAheadBatch.TryReadHeader(bytes.AsSpan(at), out var first, out _, out _) && first > wanted) return first;
        }

        return null;
    }
}
