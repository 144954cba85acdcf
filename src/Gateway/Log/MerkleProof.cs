using System.Numerics;

namespace LienThong.Gateway.Log;

/// <summary>
/// Checking proofs (RFC 9162 §2.1.3.2 and §2.1.4.2): pure functions of what the prover sent. They never throw on wrong input; wrong is false.
/// </summary>
public static class MerkleProof
{
    /// <summary>A tree of 2^62 entries has no more hashes than this on any path; longer input is refused before it is looked at.</summary>
    public const int HashesMax = 63;

    /// <summary>Whether <paramref name="leaf"/> is entry <paramref name="index"/> of the tree of <paramref name="size"/> entries with that <paramref name="root"/>.</summary>
    public static bool Includes(long index, long size, MerkleHash leaf, ReadOnlySpan<MerkleHash> path, MerkleHash root)
    {
        if (index < 0 || index >= size || path.Length > HashesMax) return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether the tree of <paramref name="newSize"/> entries begins with the whole tree of <paramref name="oldSize"/> entries.</summary>
    public static bool Extends(long oldSize, MerkleHash oldRoot, long newSize, MerkleHash newRoot, ReadOnlySpan<MerkleHash> path)
    {
        if (oldSize < 0 || oldSize > newSize || path.Length > HashesMax) return false;
        if (oldSize == newSize) return path.IsEmpty && oldRoot == newRoot;
        if (oldSize == 0) return path.IsEmpty && oldRoot == MerkleHash.Empty;
        if (path.IsEmpty) return false;

        // A tree of a power of two is itself the first node of the path; the prover leaves it out.
        var isWhole = BitOperations.IsPow2(oldSize);
        var first = isWhole ? oldRoot : path[0];
        var rest = isWhole ? path : path[1..];
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        var (was, @is) = (first, first);
        foreach (var sibling in rest)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (was, @is) = (MerkleHash.Node(sibling, was), MerkleHash.Node(sibling, @is));
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                @is = MerkleHash.Node(@is, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && was == oldRoot && @is == newRoot;
    }
}
