using System.Buffers;
using System.Text;

namespace LienThong.Gateway.Log;

/// <summary>
/// Turns entries into tiles and checkpoints. Adding touches memory only; writing can fail and be done again without harm, since every file
/// is immutable but <c>checkpoint</c>, which is written last. One thread at a time.
/// </summary>
internal sealed class TileWriter
{
    private readonly SealedLogOptions _options;
    private readonly TileTree _tree;
    private readonly ArrayBufferWriter<byte> _bundle = new();
    private readonly ArrayBufferWriter<byte> _asides = new();
    private readonly Queue<(string Path, byte[] Bytes)> _full = new();
    private readonly HashSet<string> _unflushedFolders = [];
    private long _sealedSize;
    private volatile string? _note;

    private TileWriter(SealedLogOptions options, TileTree tree, long sealedSize, string? note) => (_options, _tree, _sealedSize, _note) = (options, tree, sealedSize, note);

    /// <summary>Entries added.</summary>
    public long Size => Interlocked.Read(ref _size);
    private long _size;

    /// <summary>Entries under the latest checkpoint.</summary>
    public long SealedSize => Interlocked.Read(ref _sealedSize);

    /// <summary>The latest checkpoint, signed.</summary>
    public string? Note => _note;

    /// <summary>Takes up the tree where its last checkpoint left it, after checking that the tiles still add up to it.</summary>
    /// <exception cref="LogDamagedException">They do not, or the checkpoint is not ours.</exception>
    public static TileWriter Open(SealedLogOptions options)
    {
        foreach (var left in Directory.EnumerateFiles(options.Public, "*.new", SearchOption.AllDirectories)) File.Delete(left);
        var keyFile = Path.Combine(options.Public, PublicFiles.Key);
        if (!File.Exists(keyFile)) DurableFile.Write(keyFile, Encoding.UTF8.GetBytes(options.Signer.Key + "\n"));
        var checkpointFile = Path.Combine(options.Public, PublicFiles.Checkpoint);
        if (!File.Exists(checkpointFile))
        {
            // With the write-ahead file from its first entry on, all can be made again; without it, what the tiles held is not ours to overwrite.
            if (Directory.Exists(Path.Combine(options.Public, "tile")) && !WriteAheadFile.Exists(options.WriteAhead)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Missing);
            return new TileWriter(options, new TileTree(), 0, null);
        }

        var note = File.ReadAllText(checkpointFile);
        var keys = options.FormerKeys.Prepend(options.Signer.Key);
        if (!SignedNote.TryParse(note, out var signed) || signed.Verify(keys) is not { Count: > 0 }) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Signature);
        if (!Checkpoint.TryParse(signed.Text, out var checkpoint)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Unreadable);
        if (checkpoint.Origin != options.Origin) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Origin);

        var reader = new TileReader(new TileFolder(options.Public), checkpoint.Size);
        var tree = TileTree.Resume(checkpoint.Size, tile => Now(reader.HashesAsync(tile, CancellationToken.None)));
        if (tree.Root != checkpoint.Root) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Root);

        var writer = new TileWriter(options, tree, checkpoint.Size, note) { _size = checkpoint.Size };
        if (Tile.PartialWidth(0, checkpoint.Size) is > 0 and var width)
        {
            var number = Tile.FullTiles(0, checkpoint.Size);
            foreach (var entry in Now(reader.EntriesAsync(number, CancellationToken.None))) EntryBundle.Add(writer._bundle, entry.Span);
            foreach (var aside in Asides.Read(options.Private, number, width).Take(width)) EntryBundle.Add(writer._asides, aside.Span);
        }

        return writer;
    }

    public void Add(long index, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> aside)
    {
        if (index != _size) throw new InvalidOperationException($"Entry {index} was added where {_size} is next.");
        EntryBundle.Add(_bundle, entry);
        EntryBundle.Add(_asides, aside);
        _tree.Append(MerkleHash.Leaf(entry), (tile, hashes) => _full.Enqueue((Path.Combine(_options.Public, tile.Path), BytesOf(hashes))));
        Interlocked.Increment(ref _size);
        if (_size % Tile.Full != 0) return;
        var number = (_size / Tile.Full) - 1;
        _full.Enqueue((Path.Combine(_options.Public, new Tile(Tile.Entries, number, Tile.Full).Path), _bundle.WrittenSpan.ToArray()));
        _full.Enqueue((Asides.PathOf(_options.Private, number), _asides.WrittenSpan.ToArray()));
        _bundle.ResetWrittenCount();
        _asides.ResetWrittenCount();
    }

    /// <summary>Writes the tiles that became full.</summary>
    /// <exception cref="IOException">Some are not written; call again.</exception>
    public void WriteFull()
    {
        while (_full.TryPeek(out var file))
        {
            Write(file.Path, file.Bytes);
            RemovePartial(file.Path + ".p");
            _full.Dequeue();
        }
    }

    /// <summary>Signs the tree as it stands, after everything it stands for is on disk.</summary>
    /// <exception cref="IOException">No new checkpoint was made; call again.</exception>
    public void SealNow()
    {
        WriteFull();
        if (_size == _sealedSize) return;
        for (var level = 0; level < _tree.Levels; level++)
        {
            if (_tree.Edge(level) is { Count: > 0 } edge)
                Write(Path.Combine(_options.Public, new Tile(level, Tile.FullTiles(level, _size), edge.Count).Path), BytesOf(edge));
        }

        if (_bundle.WrittenCount > 0)
        {
            var number = Tile.FullTiles(0, _size);
            Write(Path.Combine(_options.Public, new Tile(Tile.Entries, number, Tile.PartialWidth(0, _size)).Path), _bundle.WrittenSpan);
            Write(Asides.PartialPathOf(_options.Private, number), _asides.WrittenSpan);
        }

        foreach (var folder in _unflushedFolders.ToList())
        {
            DurableFile.FlushFolder(folder);
            _unflushedFolders.Remove(folder);
        }

        var text = new Checkpoint(_options.Origin, _size, _tree.Root).Text;
        var note = text + "\n" + _options.Signer.Sign(text);
        DurableFile.Write(Path.Combine(_options.Public, PublicFiles.Checkpoint), Encoding.UTF8.GetBytes(note));
        DurableFile.FlushFolder(_options.Public);
        _note = note;
        Interlocked.Exchange(ref _sealedSize, _size);
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        for (var missing = folder; !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)!) _unflushedFolders.Add(Path.GetDirectoryName(missing)!);
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, bytes);
        _unflushedFolders.Add(folder);
    }

    /// <summary>The full tile is there; nobody needs the narrower ones any more.</summary>
    private void RemovePartial(string partial)
    {
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        else if (File.Exists(partial)) File.Delete(partial);
        _unflushedFolders.Remove(partial);
    }

    private static byte[] BytesOf(IReadOnlyList<MerkleHash> hashes)
    {
        var bytes = new byte[hashes.Count * MerkleHash.Size];
        for (var i = 0; i < hashes.Count; i++) hashes[i].CopyTo(bytes.AsSpan(i * MerkleHash.Size));
        return bytes;
    }

    /// <summary>Files of a folder are read without waiting for anybody.</summary>
    private static T Now<T>(ValueTask<T> read) => read.AsTask().GetAwaiter().GetResult();
}

/// <summary>Names in the public folder beside the tiles.</summary>
public static class PublicFiles
{
    public const string Checkpoint = "checkpoint";

    /// <summary>The latest checkpoint that enough witnesses have signed too.</summary>
    public const string Witnessed = "witnessed";

    /// <summary>The keys of the witnesses the log asks, a line each.</summary>
    public const string Witnesses = "witnesses";

    /// <summary>The key that signs checkpoints, for readers who have no better source. Whoever can rewrite the folder can rewrite it too.</summary>
    public const string Key = "key";
}
