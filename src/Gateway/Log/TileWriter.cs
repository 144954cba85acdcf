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
    private readonly List<(string Path, byte[] Bytes)> _unflushedFiles = [];
    private long _unflushedBytes;
    private readonly List<string> _obsolete = [];

    /// <summary>What may have to be written again is kept in memory until it is flushed; a second of a full load is some ten megabytes.</summary>
    private const long UnflushedBytesMax = 16L * 1_024 * 1_024;
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

    /// <summary>
    /// Writes the tiles that became full. They are not flushed here: no checkpoint speaks of them yet, and the write-ahead file keeps their entries until
    /// one does. Flushing each would stand in the way of the flushes that callers wait for.
    /// </summary>
    /// <exception cref="IOException">Some are not written; call again.</exception>
    public void WriteFull()
    {
        while (_full.TryPeek(out var file))
        {
            MakeFolder(Path.GetDirectoryName(file.Path)!);
            using (var handle = File.OpenHandle(file.Path, FileMode.Create, FileAccess.Write)) RandomAccess.Write(handle, file.Bytes, 0);
            _unflushedFiles.Add(file);
            _unflushedBytes += file.Bytes.Length;
            _obsolete.Add(file.Path + ".p");
            _full.Dequeue();
            if (_unflushedBytes > UnflushedBytesMax) FlushWritten();
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

        FlushWritten();

        var text = new Checkpoint(_options.Origin, _size, _tree.Root).Text;
        var note = text + "\n" + _options.Signer.Sign(text);
        DurableFile.Write(Path.Combine(_options.Public, PublicFiles.Checkpoint), Encoding.UTF8.GetBytes(note));
        DurableFile.FlushFolder(_options.Public);
        _note = note;
        Interlocked.Exchange(ref _sealedSize, _size);

        // The full tile is durable; nobody needs the narrower ones any more.
        foreach (var partial in _obsolete)
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            else if (File.Exists(partial)) File.Delete(partial);
        }

        _obsolete.Clear();
    }

    /// <summary>Everything written since the last flush, on disk: a few files one by one, many in one go.</summary>
    /// <exception cref="IOException">Something was not kept. What was written is written again next time: after a failed flush the system may forget it and say that all is well.</exception>
    private void FlushWritten()
    {
        const int FewFiles = 8;
        try
        {
            if (_unflushedFiles.Count > FewFiles && OperatingSystem.IsLinux())
            {
                DurableFile.FlushFileSystem(_options.Public);
            }
            else
            {
                foreach (var (path, _) in _unflushedFiles)
                {
                    using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
                    DurableFile.Flush(file);
                }

                foreach (var folder in _unflushedFolders) DurableFile.FlushFolder(folder);
            }
        }
        catch
        {
            foreach (var file in _unflushedFiles) _full.Enqueue(file);
            _unflushedBytes = 0;
            _unflushedFiles.Clear();
            throw;
        }

        _unflushedBytes = 0;
        _unflushedFiles.Clear();
        _unflushedFolders.Clear();
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, bytes);
    }

    private void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            _unflushedFolders.Add(folder);
            return;
        }

        _unflushedFolders.Add(folder);
        for (var missing = folder; !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)!) _unflushedFolders.Add(Path.GetDirectoryName(missing)!);
        Directory.CreateDirectory(folder);
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
