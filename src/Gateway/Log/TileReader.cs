using System.Numerics;

namespace LienThong.Gateway.Log;

/// <summary>
/// Reads hashes and makes proofs out of the tiles of a log of a known size. What it reads it keeps, up to <see cref="TilesKept"/>: a proof needs a
/// few tiles, many proofs need mostly the same.
/// </summary>
public sealed class TileReader(ITileSource source, long size)
{
    private const int TilesKept = 4_096;   // 33 MB at most.
    private readonly Dictionary<Tile, MerkleHash[]> _kept = [];

    public long Size { get; } = size;

    /// <summary>The hashes of one tile.</summary>
    /// <exception cref="LogDamagedException">It is not there, or not of that width.</exception>
    public async ValueTask<MerkleHash[]> HashesAsync(Tile tile, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(tile, out var kept)) return kept;

        var (bytes, found) = await FindAsync(tile, cancellationToken);
        if (bytes.Length != found.Width * MerkleHash.Size) throw new LogDamagedException(found.Path, LogFault.Length);
        var hashes = new MerkleHash[tile.Width];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = MerkleHash.Of(bytes.AsSpan(i * MerkleHash.Size, MerkleHash.Size));
        if (_kept.Count >= TilesKept) _kept.Clear();
        return _kept[tile] = hashes;
    }

    /// <summary>Takes hashes that were computed from the entries themselves; what is proven with them is proven of the entries.</summary>
    internal void Know(Tile tile, MerkleHash[] hashes)
    {
        if (_kept.Count >= TilesKept) _kept.Clear();
        _kept[tile] = hashes;
    }

    /// <summary>The entries of one bundle, in order.</summary>
    /// <exception cref="LogDamagedException">The bundle is not there, or its lengths do not add up.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> EntriesAsync(long number, CancellationToken cancellationToken)
    {
        var width = number < Tile.FullTiles(0, Size) ? Tile.Full : Tile.PartialWidth(0, Size);
        var tile = new Tile(Tile.Entries, number, width);
        var (bytes, found) = await FindAsync(tile, cancellationToken);
        return EntryBundle.TryRead(bytes, found.Width, out var entries) && entries.Count == found.Width
            ? width == found.Width ? entries : [.. entries.Take(width)]
            : throw new LogDamagedException(found.Path, LogFault.Unreadable);
    }

    /// <summary>A partial tile may be gone once the full one exists; the full one begins with the same.</summary>
    private async ValueTask<(byte[] Bytes, Tile Found)> FindAsync(Tile tile, CancellationToken cancellationToken)
    {
        if (await source.ReadAsync(tile.Path, cancellationToken) is { } bytes) return (bytes, tile);
        return !tile.IsFull && await source.ReadAsync(tile.AsFull.Path, cancellationToken) is { } full ? (full, tile.AsFull) : throw new LogDamagedException(tile.Path, LogFault.Missing);
    }

    /// <summary>The hash of the subtree of 2^<paramref name="height"/> entries that starts at entry <paramref name="index"/>·2^height.</summary>
    public async ValueTask<MerkleHash> SubtreeAsync(int height, long index, CancellationToken cancellationToken)
    {
        var (level, within) = (height / 8, height % 8);
        var (from, count) = (index << within, 1 << within);
        var number = from / Tile.Full;
        var width = number < Tile.FullTiles(level, Size) ? Tile.Full : Tile.PartialWidth(level, Size);
        return TileTree.RootOf(await HashesAsync(new Tile(level, number, width), cancellationToken), (int)(from % Tile.Full), count);
    }

    /// <summary>The root over the entries of [<paramref name="from"/>, <paramref name="to"/>), split as RFC 6962 does it.</summary>
    public async ValueTask<MerkleHash> RootAsync(long from, long to, CancellationToken cancellationToken)
    {
        var count = to - from;
        if (count == 0) return MerkleHash.Empty;
        if (BitOperations.IsPow2(count) && from % count == 0)
        {
            var height = BitOperations.Log2((ulong)count);
            return await SubtreeAsync(height, from >> height, cancellationToken);
        }

        var split = from + Split(count);
        return MerkleHash.Node(await RootAsync(from, split, cancellationToken), await RootAsync(split, to, cancellationToken));
    }

    /// <summary>The path that shows entry <paramref name="index"/> in the tree of this size: the leaf's sibling first.</summary>
    public async ValueTask<IReadOnlyList<MerkleHash>> InclusionAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var path = new List<MerkleHash>();
        var (from, to) = (0L, Size);
        while (to - from > 1)
        {
            var split = from + Split(to - from);
            if (index < split)
            {
                path.Add(await RootAsync(split, to, cancellationToken));
                to = split;
            }
            else
            {
                path.Add(await RootAsync(from, split, cancellationToken));
                from = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The path that shows the tree of <paramref name="oldSize"/> entries at the beginning of this one.</summary>
    public async ValueTask<IReadOnlyList<MerkleHash>> ConsistencyAsync(long oldSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, Size);
        var path = new List<MerkleHash>();
        if (oldSize == 0 || oldSize == Size) return path;
        var (from, to, whole) = (0L, Size, true);
        while (oldSize != to)
        {
            var split = from + Split(to - from);
            if (oldSize <= split)
            {
                path.Add(await RootAsync(split, to, cancellationToken));
                to = split;
            }
            else
            {
                path.Add(await RootAsync(from, split, cancellationToken));
                (from, whole) = (split, false);
            }
        }

        if (!whole) path.Add(await RootAsync(from, to, cancellationToken));
        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below a count of at least two.</summary>
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
