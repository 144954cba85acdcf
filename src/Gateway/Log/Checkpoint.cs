using System.Globalization;

namespace LienThong.Gateway.Log;

/// <summary>What a log commits itself to (C2SP tlog-checkpoint): its origin, how many entries, and the root over all of them.</summary>
public sealed record Checkpoint(string Origin, long Size, MerkleHash Root)
{
    /// <summary>The text that is signed: three lines, each ended by a newline.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");

    /// <summary>Reads the text of a note as a checkpoint. Further lines (extensions) are refused: ours have none, and a cosignature would not cover them all.</summary>
    public static bool TryParse(string text, out Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        checkpoint = null!;
        var lines = text.Split('\n');
        if (lines.Length != 4 || lines[3].Length != 0 || lines[0].Length == 0) return false;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || lines[1] != size.ToString(CultureInfo.InvariantCulture)) return false;
        if (!MerkleHash.TryParse(lines[2], out var root)) return false;
        checkpoint = new Checkpoint(lines[0], size, root);
        return true;
    }
}
