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

    /// <summary>Reads every entry; false when there are fewer than <paramref name="atLeast"/>, or the lengths do not add up.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bundle, int atLeast, out IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var read = new List<ReadOnlyMemory<byte>>(atLeast);
        entries = read;
        while (bundle.Length >= 2 && read.Count < Tile.Full)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            if (bundle.Length < 2 + length) return false;
            read.Add(bundle.Slice(2, length));
            bundle = bundle[(2 + length)..];
        }

        return bundle.IsEmpty && read.Count >= atLeast;
    }
}
