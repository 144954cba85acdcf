using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace LienThong.Gateway.Log;

/// <summary>What a witness answers, as HTTP says it (C2SP tlog-witness).</summary>
/// <param name="Status">200 seen and cosigned; 400 no such request; 403 not signed by a log it knows; 404 unknown log; 409 it last saw another size; 422 not a continuation: a fork.</param>
/// <param name="Body">Cosignature lines; the size it last saw with 409; else a reason.</param>
public sealed record WitnessAnswer(int Status, string Body);

/// <summary>
/// Remembers for each log the latest checkpoint it saw, and signs a newer one only if it continues that. It runs where the log's operator has no
/// hand (police, inspectorate, another agency); two logs with the same past it has never seen differ, or go back (T40).
/// </summary>
public sealed class Witness : IDisposable
{
    /// <summary>A proof has at most 63 hashes of 45 characters, a note its own limit; more is no request.</summary>
    public const int RequestBytesMax = SignedNote.BytesMax + 4_096;

    private readonly string _folder;
    private readonly NoteSigner _signer;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, List<NoteKey>> _logs;
    private readonly ConcurrentDictionary<string, Lock> _gates = new(StringComparer.Ordinal);
    private readonly FileStream _lock;

    /// <param name="folder">Where it remembers; losing it loses the memory, so it is kept like the log itself.</param>
    /// <param name="signer">Its cosigning key.</param>
    /// <param name="logs">Keys of the logs it watches, by their names.</param>
    /// <exception cref="IOException">Another witness remembers in that folder.</exception>
    public Witness(string folder, NoteSigner signer, IEnumerable<NoteKey> logs, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        _lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        (_folder, _signer, _clock) = (folder, signer, clock);
        _logs = logs.GroupBy(k => k.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
    }

    /// <summary>Takes an <c>add-checkpoint</c> request. What it remembers is on disk before it answers.</summary>
    /// <exception cref="IOException">It could not remember, and therefore did not sign.</exception>
    public WitnessAnswer Add(string request)
    {
        if (!TryRead(request, out var old, out var proof, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint)) return new(400, "not an add-checkpoint request\n");
        if (!_logs.TryGetValue(checkpoint.Origin, out var keys)) return new(404, "unknown log\n");
        if (note.Verify(keys) is not { Count: > 0 }) return new(403, "not signed by that log\n");
        if (old > checkpoint.Size) return new(400, "the old size is greater than the new one\n");

        lock (_gates.GetOrAdd(checkpoint.Origin, _ => new Lock()))
        {
            var seen = Seen(checkpoint.Origin, keys);
            var (size, root) = seen is null ? (0, MerkleHash.Empty) : (seen.Size, seen.Root);
            if (old != size) return new(409, string.Create(CultureInfo.InvariantCulture, $"{size}\n"));
            if (!MerkleProof.Extends(size, root, checkpoint.Size, checkpoint.Root, [.. proof])) return new(422, "not a continuation of what was seen\n");
            if (seen != checkpoint)
            {
                DurableFile.Write(FileOf(checkpoint.Origin), Encoding.UTF8.GetBytes(Plain(note)));
                DurableFile.FlushFolder(_folder);
            }
        }

        return new(200, _signer.Cosign(note.Text, _clock.GetUtcNow()));
    }

    /// <summary>The latest checkpoint it saw of a log, or null.</summary>
    public Checkpoint? Seen(string origin) => _logs.TryGetValue(origin, out var keys) ? Seen(origin, keys) : null;

    /// <summary>Writes an <c>add-checkpoint</c> request.</summary>
    public static string Request(long old, IEnumerable<MerkleHash> proof, string note)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"old {old}\n");
        foreach (var hash in proof) text.Append(hash).Append('\n');
        return text.Append('\n').Append(note).ToString();
    }

    public void Dispose() => _lock.Dispose();

    private Checkpoint? Seen(string origin, List<NoteKey> keys)
    {
        var file = FileOf(origin);
        if (!File.Exists(file)) return null;

        // A memory that cannot be read must not be taken for none: the log could then go back unseen.
        return SignedNote.TryParse(File.ReadAllText(file), out var note) && note.Verify(keys) is { Count: > 0 } && Checkpoint.TryParse(note.Text, out var checkpoint) && checkpoint.Origin == origin
            ? checkpoint
            : throw new IOException($"What was remembered of {origin} cannot be read.");
    }

    private string FileOf(string origin) => Path.Combine(_folder, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(origin)).AsSpan(0, 16)) + ".checkpoint");

    private static string Plain(SignedNote note)
    {
        var text = new StringBuilder(note.Text).Append('\n');
        foreach (var signature in note.Signatures)
        {
            var id = new byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(id, signature.KeyId);
            text.Append(CultureInfo.InvariantCulture, $"— {signature.Name} {Convert.ToBase64String([.. id, .. signature.Bytes.Span])}\n");
        }

        return text.ToString();
    }

    private static bool TryRead(string request, out long old, out List<MerkleHash> proof, out SignedNote note)
    {
        (old, proof, note) = (0, [], null!);
        var lines = request.Split('\n', MerkleProof.HashesMax + 3);
        if (!lines[0].StartsWith("old ", StringComparison.Ordinal) || !long.TryParse(lines[0].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out old)) return false;
        var at = request.IndexOf('\n', StringComparison.Ordinal) + 1;
        foreach (var line in lines.Skip(1))
        {
            if (line.Length == 0) return at < request.Length && SignedNote.TryParse(request[(at + 1)..], out note);
            if (proof.Count == MerkleProof.HashesMax || !MerkleHash.TryParse(line, out var hash)) return false;
            proof.Add(hash);
            at += line.Length + 1;
        }

        return false;
    }
}
