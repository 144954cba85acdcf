using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LienThong.Gateway.Log;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>The tree itself (exchange.md §3.3, §3.7): published values, and a second, plain implementation as oracle.</summary>
public sealed class MerkleTests
{
    // The entries and roots that the Certificate Transparency projects share as test vectors of RFC 6962.
    private static readonly string[] Entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_empty_tree_has_the_root_of_nothing() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hex(new TileTree().Root));

    [Fact]
    public void Published_trees_have_their_published_roots()
    {
        var tree = new TileTree();
        for (var i = 0; i < Entries.Length; i++)
        {
            tree.Append(MerkleHash.Leaf(Convert.FromHexString(Entries[i])), (_, _) => { });
            Assert.Equal(Roots[i], Hex(tree.Root));
        }
    }

    [Fact]
    public void Seventy_thousand_entries_make_the_tiles_that_the_format_names()
    {
        var tree = new TileTree();
        var full = new List<Tile>();
        for (var i = 0; i < 70_000; i++) tree.Append(MerkleHash.Leaf(BitConverter.GetBytes(i)), (tile, _) => full.Add(tile));

        Assert.Equal(273, full.Count(t => t.Level == 0));
        Assert.Equal(1, full.Count(t => t.Level == 1));
        Assert.Equal([112, 17, 1], [tree.Edge(0).Count, tree.Edge(1).Count, tree.Edge(2).Count]);
        Assert.Equal(full.Count + 3, Tile.AllAt(70_000).Count());
    }

    [Fact]
    public void Exactly_256_entries_are_one_full_tile_and_one_root_above_it()
    {
        Assert.Equal(["tile/0/000", "tile/1/000.p/1"], Tile.AllAt(256).Select(t => t.Path));
        Assert.Equal("tile/0/x001/x234/067", new Tile(0, 1_234_067, Tile.Full).Path);
        Assert.Equal("tile/entries/000.p/7", new Tile(Tile.Entries, 0, 7).Path);
    }

    [Fact]
    public async Task Every_proof_of_inclusion_holds_and_no_other_entry_or_place_fits_it()
    {
        foreach (var size in (int[])[1, 2, 3, 7, 8, 255, 256, 257, 511, 700, 66_000])
        {
            var (hashes, source) = Log(size);
            var reader = new TileReader(source, size);
            var root = await reader.RootAsync(0, size, default);
            Assert.Equal(Plain(hashes), root);
            foreach (var index in (long[])[0, size / 3, size / 2, size - 1])
            {
                var path = (await reader.InclusionAsync(index, default)).ToArray();
                Assert.True(MerkleProof.Includes(index, size, hashes[index], path, root));
                Assert.False(MerkleProof.Includes(index, size, MerkleHash.Leaf("x"u8), path, root));
                if (size > 1) Assert.False(MerkleProof.Includes((index + 1) % size, size, hashes[index], path, root));
                Assert.False(MerkleProof.Includes(index, size, hashes[index], [.. path, root], root));
                if (path.Length > 0) Assert.False(MerkleProof.Includes(index, size, hashes[index], path.AsSpan(0, path.Length - 1), root));
            }
        }
    }

    [Fact]
    public void Every_proof_of_consistency_holds_and_none_for_another_past()
    {
        var cases = Gen.Choose(0, 600).SelectMany(a => Gen.Choose(0, 600).Select(b => (Old: Math.Min(a, b), New: Math.Max(a, b)))).ToArbitrary();
        var (hashes, source) = Log(600);
        Prop.ForAll(cases, sizes =>
        {
            var (was, now) = (Plain(hashes.AsSpan(0, sizes.Old)), Plain(hashes.AsSpan(0, sizes.New)));
            var path = new TileReader(source, sizes.New).ConsistencyAsync(sizes.Old, default).AsTask().Result.ToArray();
            Assert.True(MerkleProof.Extends(sizes.Old, was, sizes.New, now, path));
            if (sizes.Old > 0) Assert.False(MerkleProof.Extends(sizes.Old, MerkleHash.Leaf("another past"u8), sizes.New, now, path));
            if (sizes.Old > 0) Assert.False(MerkleProof.Extends(sizes.Old, was, sizes.New, MerkleHash.Leaf("another present"u8), path));   // Everything continues nothing.
            if (sizes.Old < sizes.New && sizes.Old > 0) Assert.False(MerkleProof.Extends(sizes.Old, was, sizes.New, now, path.AsSpan(0, path.Length - 1)));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>A log of numbered entries held in memory.</summary>
    private static (MerkleHash[] Hashes, TilesInMemory Source) Log(int size)
    {
        var source = new TilesInMemory();
        var tree = new TileTree();
        var hashes = new MerkleHash[size];
        for (var i = 0; i < size; i++)
        {
            hashes[i] = MerkleHash.Leaf(Encoding.UTF8.GetBytes($"entry {i}"));
            tree.Append(hashes[i], source.Keep);
        }

        for (var level = 0; level < tree.Levels; level++)
        {
            if (tree.Edge(level).Count > 0) source.Keep(new Tile(level, Tile.FullTiles(level, size), tree.Edge(level).Count), tree.Edge(level));
        }

        return (hashes, source);
    }

    /// <summary>RFC 6962 §2.1 word by word.</summary>
    private static MerkleHash Plain(ReadOnlySpan<MerkleHash> hashes)
    {
        if (hashes.Length == 0) return MerkleHash.Empty;
        if (hashes.Length == 1) return hashes[0];
        var split = 1;
        while (split * 2 < hashes.Length) split *= 2;
        return MerkleHash.Node(Plain(hashes[..split]), Plain(hashes[split..]));
    }

    private static string Hex(MerkleHash hash) => Convert.ToHexStringLower(Convert.FromBase64String(hash.ToString()));

    private sealed class TilesInMemory : ITileSource
    {
        private readonly Dictionary<(int Level, long Number), byte[]> _tiles = [];

        public void Keep(Tile tile, IReadOnlyList<MerkleHash> hashes)
        {
            var bytes = new byte[hashes.Count * MerkleHash.Size];
            for (var i = 0; i < hashes.Count; i++) hashes[i].CopyTo(bytes.AsSpan(i * MerkleHash.Size));
            _tiles[(tile.Level, tile.Number)] = bytes;
        }

        public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
        {
            var parts = path.Split('/');
            var number = long.Parse(parts[2].Replace(".p", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
            if (parts[2].StartsWith('x')) throw new InvalidOperationException("These logs are small.");
            var tile = _tiles.GetValueOrDefault((int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), number));

            // A tile as wide as asked for: of the log as it was at that size.
            return ValueTask.FromResult(parts.Length < 4 || tile is null ? tile : tile[..(int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture) * MerkleHash.Size)]);
        }
    }
}
