using System.Globalization;

namespace LienThong.Gateway.Log;

/// <summary>
/// The name of one tile of C2SP tlog-tiles: 256 hashes of one level (or the entries under them), full or as wide as a checkpoint found it.
/// </summary>
/// <param name="Level">0 holds the hashes of entries, 1 the roots of 256 of them, and so on; <see cref="Entries"/> the entries themselves.</param>
/// <param name="Number">Which tile of the level, from 0.</param>
/// <param name="Width">1–256; 256 is a full tile.</param>
public readonly record struct Tile(int Level, long Number, int Width)
{
    /// <summary>Hashes in a full tile.</summary>
    public const int Full = 256;

    /// <summary>The level of bundles of entries.</summary>
    public const int Entries = -1;

    /// <summary>2^62 entries need eight levels of tiles.</summary>
    public const int LevelsMax = 8;

    public bool IsFull => Width == Full;

    /// <summary>The full tile in whose place a partial one stands.</summary>
    public Tile AsFull => this with { Width = Full };

    /// <summary>How wide the last tile of a level is at a size, 0 when there is no partial one.</summary>
    public static int PartialWidth(int level, long size) => (int)((size >> (8 * level)) & (Full - 1));

    /// <summary>How many full tiles a level has at a size.</summary>
    public static long FullTiles(int level, long size) => size >> (8 * (level + 1));

    /// <summary>Every tile of every level that a reader of a tree of this size needs, the entries not counted.</summary>
    public static IEnumerable<Tile> AllAt(long size)
    {
        for (var level = 0; level < LevelsMax && size >> (8 * level) > 0; level++)
        {
            foreach (var tile in OfLevel(level, size)) yield return tile;
        }
    }

    /// <summary>The tiles of one level at a size, left to right.</summary>
    public static IEnumerable<Tile> OfLevel(int level, long size)
    {
        var full = FullTiles(Math.Max(level, 0), size);
        for (long number = 0; number < full; number++) yield return new Tile(level, number, Full);
        if (PartialWidth(Math.Max(level, 0), size) is > 0 and var width) yield return new Tile(level, full, width);
    }

    /// <summary>The address under the log's root, with forward slashes: <c>tile/0/x001/x234/067.p/12</c>.</summary>
    public string Path
    {
        get
        {
            var rest = Number / 1_000;
            var number = (Number % 1_000).ToString("000", CultureInfo.InvariantCulture);
            for (; rest > 0; rest /= 1_000) number = "x" + (rest % 1_000).ToString("000", CultureInfo.InvariantCulture) + "/" + number;
            var level = Level == Entries ? "entries" : Level.ToString(CultureInfo.InvariantCulture);
            return IsFull ? $"tile/{level}/{number}" : $"tile/{level}/{number}.p/{Width.ToString(CultureInfo.InvariantCulture)}";
        }
    }
}
