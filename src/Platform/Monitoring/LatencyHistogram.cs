using System.Buffers;
using System.Numerics;

namespace LienThong.Platform.Monitoring;

/// <summary>
/// How long calls took, in buckets of which eight share a power of two: exact up to 15 ms, within an eighth above. Histograms of hours add up to those of
/// months, which averages and percentiles do not.
/// </summary>
public sealed class LatencyHistogram
{
    private const int Exact = 16, Steps = 8, FirstPower = 4;

    /// <summary>The last bucket holds whatever took longer than 2^22 ms (70 minutes): no call may.</summary>
    private const int Buckets = Exact + ((22 - FirstPower) * Steps) + 1;
    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    public void Add(int milliseconds, long times = 1)
    {
        _counts[BucketOf(milliseconds)] += times;
        Count += times;
    }

    public void Add(ReadOnlySpan<byte> stored)
    {
        var at = 0;
        var bucket = 0;
        while (at < stored.Length)
        {
            bucket += (int)Varint(stored, ref at);
            var count = (long)Varint(stored, ref at);
            if (bucket >= Buckets) throw new InvalidDataException("A histogram of another form.");
            _counts[bucket] += count;
            Count += count;
        }
    }

    /// <summary>The time that share of calls did not exceed: the upper edge of the bucket the share falls into. Null when there were none.</summary>
    public int? Percentile(double share)
    {
        if (Count == 0) return null;
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            wanted -= _counts[bucket];
            if (wanted <= 0) return UpperEdge(bucket);
        }

        return UpperEdge(Buckets - 1);
    }

    /// <summary>Pairs of (buckets passed over, count) as variable-length numbers: an hour's row has a dozen of them.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        var last = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (_counts[bucket] == 0) continue;
            Write(bytes, (ulong)(bucket - last));
            Write(bytes, (ulong)_counts[bucket]);
            last = bucket;
        }

        return bytes.WrittenSpan.ToArray();
    }

    internal static int BucketOf(int milliseconds)
    {
        if (milliseconds < Exact) return Math.Max(milliseconds, 0);
        var power = BitOperations.Log2((uint)milliseconds);
        return Math.Min(Buckets - 1, Exact + ((power - FirstPower) * Steps) + ((milliseconds >> (power - 3)) & (Steps - 1)));
    }

    internal static int UpperEdge(int bucket)
    {
        if (bucket < Exact) return bucket;
        var (power, step) = (FirstPower + ((bucket - Exact) / Steps), (bucket - Exact) % Steps);
        return ((Steps + step + 1) << (power - 3)) - 1;
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ulong value)
    {
        do
        {
            var part = (byte)(value & 0x7f);
            value >>= 7;
            bytes.GetSpan(1)[0] = value == 0 ? part : (byte)(part | 0x80);
            bytes.Advance(1);
        }
        while (value != 0);
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length) break;
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if ((part & 0x80) == 0) return value;
        }

        throw new InvalidDataException("A histogram of another form.");
    }
}
