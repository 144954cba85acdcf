using System.Numerics;

namespace LienThong.Gateway.Log;

/// <summary>
/// The right edge of a growing tree: the tile of each level that is not full yet. It is all that appending and the root need; at 10^6 entries it
/// holds some hundreds of hashes. Not safe for threads.
/// </summary>
public sealed class TileTree
{
    private readonly List<List<MerkleHash>> _edge = [];

    /// <summary>Entries in the tree.</summary>
    public long Size { get; private set; }

    /// <summary>The hashes of a level's tile that is not full yet.</summary>
    public IReadOnlyList<MerkleHash> Edge(int level) => level < _edge.Count ? _edge[level] : [];

    public int Levels => _edge.Count;

    /// <summary>Takes up where a log of <paramref name="size"/> entries stopped.</summary>
    /// <param name="size">Entries so far.</param>
    /// <param name="partial">Gives the hashes of the partial tile of a level; asked only where there is one.</param>
    public static TileTree Resume(long size, Func<Tile, IReadOnlyList<MerkleHash>> partial)
    {
        ArgumentNullException.ThrowIfNull(partial);
        var tree = new TileTree { Size = size };
        for (var level = 0; level < Tile.LevelsMax && size >> (8 * level) > 0; level++)
        {
            var width = Tile.PartialWidth(level, size);
            tree._edge.Add(width == 0 ? new(Tile.Full) : [.. partial(new Tile(level, Tile.FullTiles(level, size), width))]);
        }

        return tree;
    }

    /// <summary>Adds the hash of the next entry. <paramref name="filled"/> is given each tile that becomes full by it, lowest level first.</summary>
    public void Append(MerkleHash leaf, Action<Tile, IReadOnlyList<MerkleHash>> filled)
    {
        ArgumentNullException.ThrowIfNull(filled);
        Size++;
        var hash = leaf;
        for (var level = 0; ; level++)
        {
            if (level == _edge.Count) _edge.Add(new(Tile.Full));
            var edge = _edge[level];
            edge.Add(hash);
            if (edge.Count < Tile.Full) return;

            filled(new Tile(level, Tile.FullTiles(level, Size) - 1, Tile.Full), edge);
            hash = RootOf(edge, 0, Tile.Full);
            edge.Clear();
        }
    }

    /// <summary>The root of the whole tree as it stands.</summary>
    public MerkleHash Root
    {
        get
        {
            MerkleHash? root = null;
            foreach (var edge in _edge)
            {
                // The complete subtrees of this level, smallest (rightmost) first, each to the left of what is already joined.
                for (var end = edge.Count; end > 0;)
                {
                    var width = 1 << BitOperations.TrailingZeroCount(end);
                    var subtree = RootOf(edge, end - width, width);
                    root = root is { } right ? MerkleHash.Node(subtree, right) : subtree;
                    end -= width;
                }
            }

            return root ?? MerkleHash.Empty;
        }
    }

    /// <summary>The root over <paramref name="count"/> (a power of two) neighbouring hashes.</summary>
    public static MerkleHash RootOf(IReadOnlyList<MerkleHash> hashes, int from, int count)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (count == 1) return hashes[from];
        Span<MerkleHash> row = stackalloc MerkleHash[count / 2];
        for (var i = 0; i < row.Length; i++) row[i] = MerkleHash.Node(hashes[from + (2 * i)], hashes[from + (2 * i) + 1]);
        for (var width = row.Length / 2; width > 0; width /= 2)
        {
            for (var i = 0; i < width; i++) row[i] = MerkleHash.Node(row[2 * i], row[(2 * i) + 1]);
        }

        return row[0];
    }
}
