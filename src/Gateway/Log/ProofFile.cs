using System.Globalization;
using System.Text;

namespace LienThong.Gateway.Log;

/// <summary>
/// One entry with everything that shows it in the log, for a file that travels without the log (C2SP tlog-proof): the entry, its path to the root, the
/// signed checkpoint. Whoever holds the log's key checks it alone, offline.
/// </summary>
public sealed record ProofFile(long Index, ReadOnlyMemory<byte> Entry, IReadOnlyList<MerkleHash> Path, string Note)
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";

    /// <summary>An entry of the largest size in base64, a path, a note.</summary>
    public const int CharactersMax = 120_000;

    /// <summary>Makes the proof of one entry out of a log.</summary>
    /// <exception cref="LogDamagedException">The log cannot show it.</exception>
    public static async Task<ProofFile> CreateAsync(ITileSource source, string note, long index, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!SignedNote.TryParse(note, out var signed) || !Checkpoint.TryParse(signed.Text, out var checkpoint)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Unreadable);
        if (index < 0 || index >= checkpoint.Size) throw new LogDamagedException(string.Create(CultureInfo.InvariantCulture, $"entry {index}"), LogFault.Missing);
        var reader = new TileReader(source, checkpoint.Size);
        var entries = await reader.EntriesAsync(index / Tile.Full, cancellationToken);
        var proof = new ProofFile(index, entries[(int)(index % Tile.Full)], await reader.InclusionAsync(index, cancellationToken), note);
        return MerkleProof.Includes(index, checkpoint.Size, MerkleHash.Leaf(proof.Entry.Span), [.. proof.Path], checkpoint.Root)
            ? proof
            : throw new LogDamagedException(string.Create(CultureInfo.InvariantCulture, $"entry {index}"), LogFault.Hash);
    }

    /// <summary>Checks it against keys the checker trusts.</summary>
    /// <returns>The checkpoint it stands under, and who signed that.</returns>
    /// <exception cref="LogDamagedException">It does not hold.</exception>
    public (Checkpoint Checkpoint, IReadOnlyList<VerifiedSignature> Signatures) Check(IReadOnlyCollection<NoteKey> keys)
    {
        var (checkpoint, signatures) = LogCheck.ReadCheckpoint(Encoding.UTF8.GetBytes(Note), keys);
        return MerkleProof.Includes(Index, checkpoint.Size, MerkleHash.Leaf(Entry.Span), [.. Path], checkpoint.Root)
            ? (checkpoint, signatures)
            : throw new LogDamagedException(string.Create(CultureInfo.InvariantCulture, $"entry {Index}"), LogFault.Hash);
    }

    public static bool TryParse(string text, out ProofFile proof)
    {
        ArgumentNullException.ThrowIfNull(text);
        proof = null!;
        if (text.Length > CharactersMax) return false;
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[0] != FirstLine) return false;
        var at = 1;
        byte[] entry = [];
        if (!lines[at].StartsWith("extra ", StringComparison.Ordinal)) return false;   // Allowed to be absent by the format; ours carry the entry, or nothing was shown.
        var base64 = lines[at++]["extra ".Length..];
        if (!Canonical(base64, out entry)) return false;
        if (!lines[at].StartsWith("index ", StringComparison.Ordinal) || !long.TryParse(lines[at]["index ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || lines[at] != string.Create(CultureInfo.InvariantCulture, $"index {index}")) return false;
        var path = new List<MerkleHash>();
        for (at++; at < lines.Length && lines[at].Length > 0; at++)
        {
            if (path.Count == MerkleProof.HashesMax || !MerkleHash.TryParse(lines[at], out var hash)) return false;
            path.Add(hash);
        }

        if (at == lines.Length) return false;
        proof = new ProofFile(index, entry, path, string.Join('\n', lines[(at + 1)..]));
        return true;
    }

    public override string ToString()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        text.Append("extra ").Append(Convert.ToBase64String(Entry.Span)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Path) text.Append(hash).Append('\n');
        return text.Append('\n').Append(Note).ToString();
    }

    private static bool Canonical(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return false;
        Array.Resize(ref bytes, length);
        return Convert.ToBase64String(bytes) == base64;
    }
}
