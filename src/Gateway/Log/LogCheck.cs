namespace LienThong.Gateway.Log;

/// <summary>What a whole check found.</summary>
/// <param name="Checkpoint">The signed statement that was checked.</param>
/// <param name="Witnessed">The latest checkpoint that witnesses signed too, if the log has one.</param>
/// <param name="Cosignatures">Those of the witnesses whose keys the checker knows.</param>
public sealed record CheckedLog(Checkpoint Checkpoint, Checkpoint? Witnessed, IReadOnlyList<VerifiedSignature> Cosignatures);

/// <summary>
/// Checks a whole log from nothing but its public files and keys that the checker trusts: the note's signature, every entry against its hash, every
/// tile against those below it, the root. Names the first thing that is wrong (T39).
/// </summary>
public static class LogCheck
{
    /// <summary>Checks the log of a source from front to back.</summary>
    /// <param name="source">Its folder or address.</param>
    /// <param name="keys">The log's keys; one of them must have signed. Witness keys whose cosignatures should be looked at.</param>
    /// <param name="before">A checkpoint of this log seen earlier, which this one must continue; or null.</param>
    /// <param name="progress">Hears how many entries were checked.</param>
    /// <exception cref="LogDamagedException">The log is not what it says.</exception>
    public static async Task<CheckedLog> RunAsync(ITileSource source, IReadOnlyCollection<NoteKey> keys, Checkpoint? before, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (witnessed, cosignatures) = await ReadWitnessedAsync(source, keys, cancellationToken);   // First: a living log grows meanwhile.
        var (checkpoint, _) = await ReadCheckpointAsync(source, keys, cancellationToken);
        if (before is not null && before.Origin != checkpoint.Origin) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Origin);
        if (before is not null && before.Size > checkpoint.Size) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Inconsistent);

        if (witnessed is not null && witnessed.Origin != checkpoint.Origin) throw new LogDamagedException(PublicFiles.Witnessed, LogFault.Origin);
        if (witnessed is not null && witnessed.Size > checkpoint.Size) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Inconsistent);

        var reader = new TileReader(source, checkpoint.Size);
        var tree = new TileTree();
        void CompareWithTheSeen()
        {
            if (tree.Size == before?.Size && tree.Root != before.Root) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Inconsistent);
            if (tree.Size == witnessed?.Size && tree.Root != witnessed.Root) throw new LogDamagedException(PublicFiles.Witnessed, LogFault.Inconsistent);
        }

        var bundles = (checkpoint.Size + Tile.Full - 1) / Tile.Full;
        for (long bundle = 0; bundle < bundles; bundle++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var width = (int)Math.Min(Tile.Full, checkpoint.Size - (bundle * Tile.Full));
            var hashes = await reader.HashesAsync(new Tile(0, bundle, width), cancellationToken);
            var entries = await reader.EntriesAsync(bundle, cancellationToken);
            for (var i = 0; i < width; i++)
            {
                if (MerkleHash.Leaf(entries[i].Span) != hashes[i]) throw await BlameAsync(reader, checkpoint, bundle, i, hashes, entries, cancellationToken);
                CompareWithTheSeen();
                await AppendAsync(reader, tree, hashes[i], cancellationToken);
            }

            progress?.Report(tree.Size);
        }

        if (tree.Root != checkpoint.Root) throw new LogDamagedException(await WrongEdgeAsync(reader, tree, cancellationToken), LogFault.Root);
        CompareWithTheSeen();
        for (var level = 1; level < tree.Levels; level++)
        {
            if (tree.Edge(level) is { Count: > 0 } edge) await CompareAsync(reader, new Tile(level, Tile.FullTiles(level, checkpoint.Size), edge.Count), edge, cancellationToken);
        }

        return new CheckedLog(checkpoint, witnessed, cosignatures);
    }

    /// <summary>
    /// The entries of one bundle, each shown to be under the checkpoint: for whoever takes a log in piece by piece and must know at every piece that it is right.
    /// The path of the first entry is rebuilt with the hashes of all the others of its bundle, so that one comparison with the root speaks for all of them.
    /// </summary>
    /// <exception cref="LogDamagedException">One of them is not what was signed.</exception>
    public static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> EntriesAsync(ITileSource source, TileReader reader, Checkpoint checkpoint, long bundle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var first = bundle * Tile.Full;
        var tile = new Tile(0, bundle, (int)Math.Min(Tile.Full, checkpoint.Size - first));
        var entries = await reader.EntriesAsync(bundle, cancellationToken);
        var hashes = entries.Select(e => MerkleHash.Leaf(e.Span)).ToArray();
        reader.Know(tile, hashes);
        if (MerkleProof.Includes(first, checkpoint.Size, hashes[0], [.. await reader.InclusionAsync(first, cancellationToken)], checkpoint.Root)) return entries;

        var fresh = new TileReader(source, checkpoint.Size);
        var said = await fresh.HashesAsync(tile, cancellationToken);
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] != said[i]) throw await BlameAsync(fresh, checkpoint, bundle, i, said, entries, cancellationToken);
        }

        throw new LogDamagedException(tile.Path, LogFault.Root);
    }

    /// <summary>Whether the log as it now is begins with the whole of what was seen of it before.</summary>
    /// <exception cref="LogDamagedException">It is another log, was set back, or has forked.</exception>
    public static async Task MustContinueAsync(TileReader reader, Checkpoint before, Checkpoint now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        if (before.Origin != now.Origin) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Origin);
        if (before.Size > now.Size || !MerkleProof.Extends(before.Size, before.Root, now.Size, now.Root, [.. await reader.ConsistencyAsync(before.Size, cancellationToken)]))
        {
            throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Inconsistent);
        }
    }

    /// <summary>The checkpoint of a source, signed by one of the keys.</summary>
    /// <exception cref="LogDamagedException">There is none, or it is not signed by any of them.</exception>
    public static async Task<(Checkpoint Checkpoint, IReadOnlyList<VerifiedSignature> Signatures)> ReadCheckpointAsync(ITileSource source, IReadOnlyCollection<NoteKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bytes = await source.ReadAsync(PublicFiles.Checkpoint, cancellationToken) ?? throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Missing);
        return ReadCheckpoint(bytes, keys);
    }

    /// <summary>The latest checkpoint that witnesses signed too, with those of the keys that did; null when the log has none.</summary>
    /// <exception cref="LogDamagedException">It is not signed by the log.</exception>
    public static async Task<(Checkpoint? Witnessed, IReadOnlyList<VerifiedSignature> Cosignatures)> ReadWitnessedAsync(ITileSource source, IReadOnlyCollection<NoteKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (await source.ReadAsync(PublicFiles.Witnessed, cancellationToken) is not { } bytes) return (null, []);
        try
        {
            var (checkpoint, signatures) = ReadCheckpoint(bytes, keys);
            return (checkpoint, [.. signatures.Where(s => s.Key.Algorithm is NoteAlgorithm.Cosignature)]);
        }
        catch (LogDamagedException damage) { throw new LogDamagedException(PublicFiles.Witnessed, damage.Fault); }
    }

    /// <inheritdoc cref="ReadCheckpointAsync"/>
    public static (Checkpoint Checkpoint, IReadOnlyList<VerifiedSignature> Signatures) ReadCheckpoint(ReadOnlySpan<byte> bytes, IReadOnlyCollection<NoteKey> keys)
    {
        if (!SignedNote.TryParse(StrictUtf8(bytes), out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Unreadable);
        var signatures = note.Verify(keys);
        if (signatures is null || !signatures.Any(s => s.Key.Algorithm is NoteAlgorithm.EcdsaP256)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Signature);
        if (!signatures.Any(s => s.Key.Algorithm is NoteAlgorithm.EcdsaP256 && s.Key.Name == checkpoint.Origin)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Origin);
        return (checkpoint, signatures);
    }

    /// <summary>Files of a folder that have no place in a log of that size, or that say something else than the tiles in force: the first of them.</summary>
    /// <exception cref="LogDamagedException">There is one.</exception>
    public static async Task LookForStrangersAsync(string folder, long size, CancellationToken cancellationToken)
    {
        var tiles = Path.Combine(folder, "tile");
        if (!Directory.Exists(tiles)) return;
        var wanted = Tile.AllAt(size).Concat(Tile.OfLevel(Tile.Entries, size)).Select(t => t.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(tiles, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (wanted.Contains(path)) continue;

            // A tile of an older checkpoint is allowed as long as it is the beginning of what stands there now.
            var full = path.IndexOf(".p/", StringComparison.Ordinal) is > 0 and var cut ? path[..cut] : null;
            var now = full is null ? null : wanted.Contains(full) ? full : wanted.FirstOrDefault(w => w.StartsWith(full + ".p/", StringComparison.Ordinal));
            if (now is null) throw new LogDamagedException(path, LogFault.Unexpected);
            var (older, newer) = (await File.ReadAllBytesAsync(file, cancellationToken), await File.ReadAllBytesAsync(Path.Combine(folder, now), cancellationToken));
            if (older.Length == 0 || !newer.AsSpan().StartsWith(older)) throw new LogDamagedException(path, LogFault.Hash);
        }
    }

    private static async ValueTask AppendAsync(TileReader reader, TileTree tree, MerkleHash leaf, CancellationToken cancellationToken)
    {
        List<(Tile Tile, MerkleHash[] Hashes)>? filled = null;
        tree.Append(leaf, (tile, hashes) => (filled ??= []).Add((tile, [.. hashes])));
        foreach (var (tile, hashes) in filled ?? [])
        {
            if (tile.Level > 0) await CompareAsync(reader, tile, hashes, cancellationToken);
        }
    }

    private static async ValueTask CompareAsync(TileReader reader, Tile tile, IReadOnlyList<MerkleHash> computed, CancellationToken cancellationToken)
    {
        if (!computed.SequenceEqual(await reader.HashesAsync(tile, cancellationToken))) throw new LogDamagedException(tile.Path, LogFault.Hash);
    }

    /// <summary>An entry and its hash disagree: the tile above tells which of them was touched.</summary>
    private static async Task<LogDamagedException> BlameAsync(
        TileReader reader, Checkpoint checkpoint, long bundle, int within, MerkleHash[] hashes, IReadOnlyList<ReadOnlyMemory<byte>> entries, CancellationToken cancellationToken)
    {
        var entry = new LogDamagedException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"entry {(bundle * Tile.Full) + within}"), LogFault.Hash);
        try
        {
            var byEntries = entries.Select(e => MerkleHash.Leaf(e.Span)).ToArray();
            bool entriesAreRight;
            if (hashes.Length == Tile.Full)
            {
                var above = await reader.SubtreeAsync(8, bundle, cancellationToken);
                if (above == TileTree.RootOf(hashes, 0, Tile.Full)) return entry;
                entriesAreRight = above == TileTree.RootOf(byEntries, 0, Tile.Full);
            }
            else
            {
                // The last tile: the root of the checkpoint takes the part of the tile above.
                var tree = TileTree.Resume(checkpoint.Size - hashes.Length, tile => reader.HashesAsync(tile, cancellationToken).AsTask().GetAwaiter().GetResult());
                foreach (var hash in byEntries) tree.Append(hash, (_, _) => { });
                entriesAreRight = tree.Root == checkpoint.Root;
            }

            return entriesAreRight ? new LogDamagedException(new Tile(0, bundle, hashes.Length).Path, LogFault.Hash) : entry;
        }
        catch (LogDamagedException) { return entry; }
    }

    /// <summary>The tiles below are right and the root is not theirs: the tile of the edge that differs from what was computed, or the checkpoint itself.</summary>
    private static async Task<string> WrongEdgeAsync(TileReader reader, TileTree tree, CancellationToken cancellationToken)
    {
        for (var level = 1; level < tree.Levels; level++)
        {
            if (tree.Edge(level) is not { Count: > 0 } edge) continue;
            var tile = new Tile(level, Tile.FullTiles(level, tree.Size), edge.Count);
            if (!edge.SequenceEqual(await reader.HashesAsync(tile, cancellationToken))) return tile.Path;
        }

        return PublicFiles.Checkpoint;
    }

    private static string StrictUtf8(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > SignedNote.BytesMax) return "";
        try { return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes); }
        catch (System.Text.DecoderFallbackException) { return ""; }
    }
}
