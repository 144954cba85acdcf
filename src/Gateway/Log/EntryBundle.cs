using System.Buffers;
using System.Buffers.Binary;

namespace LienThong.Gateway.Log;

/// <summary>Up to 256 entries one after the other, each with its length in two bytes before it, big end first (tlog-tiles).</summary>
internal static class EntryBundle
{
    public static void Add(IBufferWriter<byte> bundle, ReadOnlySpan<byte> entry)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(2), checked((ushort)entry.Length));
        bundle.Advance(2);
        bundle.Write(entry);
    }

    /// <summary>Reads the first <paramref name="count"/> entries; a full bundle may be read in place of a partial one, so more may follow, but nothing broken.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bundle, int count, out IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var read = new List<ReadOnlyMemory<byte>>(count);
        entries = read;
        while (bundle.Length >= 2 && read.Count < Tile.Full)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            if (bundle.Length < 2 + length) return false;
            read.Add(bundle.Slice(2, length));
            bundle = bundle[(2 + length)..];
        }

        if (!bundle.IsEmpty || read.Count < count) return false;
        entries = read.Count == count ? read : read.GetRange(0, count);
        return true;
    }
}
