using System.Buffers.Binary;
using System.Numerics;

namespace LienThong.Gateway.Log;

/// <summary>
/// Entries that reach the disk together: one write, one flush, one answer to all who wait. Its bytes are already as they stand in the file: a header,
/// then each entry with what is kept aside of it; padded to a page, so that no later write touches a page that holds acknowledged entries.
/// </summary>
internal sealed class WriteAheadBatch
{
    public const int Page = 4_096;

    /// <summary>A thousand calls of one flush fit many times; whoever finds it full is told to come back, for the disk is behind.</summary>
    public const int BytesMax = 4 * 1_024 * 1_024;

    private const int HeaderBytes = 28;
    private const uint Magic = 0x4c_54_57_31;   // LTW1
    private byte[] _bytes = new byte[Page];
    private int _length = HeaderBytes;

    public int Count { get; private set; }

    /// <summary>The index of its first entry, known from its first entry on.</summary>
    public long First { get; private set; }

    /// <summary>Whoever waits for the batch, some of them together on each promise: in a large batch more than one thread goes on with their work.</summary>
    private readonly List<DiskPromise> _promises = [];

    /// <summary>Completes when the batch is on disk; fails with <see cref="LogStoppedException"/> when it did not get there. Asked after each adding.</summary>
    public Task OnDisk
    {
        get
        {
            const int Together = 16;
            if (_promises.Count * Together < Count && (_promises.Count == 0 || _promises.Count < Environment.ProcessorCount)) _promises.Add(new DiskPromise());
            return _promises[^1].Task;
        }
    }

    /// <summary>Tells all who wait.</summary>
    /// <param name="fault">Null when the batch is on disk.</param>
    public void Answer(LogStoppedException? fault)
    {
        foreach (var promise in _promises) promise.Answer(fault);
        _promises.Clear();
    }

    /// <summary>False when there is no room any more.</summary>
    public bool TryAdd(long index, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> aside)
    {
        var needed = _length + 4 + entry.Length + aside.Length;
        if (needed > BytesMax) return false;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
        if (Count++ == 0) First = index;
        var record = _bytes.AsSpan(_length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)entry.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], (ushort)aside.Length);
        entry.CopyTo(record[4..]);
        aside.CopyTo(record[(4 + entry.Length)..]);
        _length = needed;
        return true;
    }

    /// <summary>The bytes to write: header filled in, zeros up to the end of the last page.</summary>
    public ReadOnlySpan<byte> Sealed()
    {
        var padded = (_length + Page - 1) / Page * Page;
        if (padded > _bytes.Length) Array.Resize(ref _bytes, padded);
        _bytes.AsSpan(_length, padded - _length).Clear();
        var header = _bytes.AsSpan(0, HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], _length - HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], First);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Crc32C(_bytes.AsSpan(HeaderBytes, _length - HeaderBytes)));
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], Crc32C(header[..24]));
        return _bytes.AsSpan(0, padded);
    }

    /// <summary>Visits the entries in order.</summary>
    public void ForEach(WriteAheadVisitor visit) => Visit(_bytes.AsSpan(HeaderBytes, _length - HeaderBytes), First, Count, visit);

    /// <summary>Empties it for the next entries.</summary>
    public void Reset()
    {
        (_length, Count, First) = (HeaderBytes, 0, 0);
        _promises.Clear();
        if (_bytes.Length > 1_024 * 1_024) _bytes = new byte[16 * Page];   // A rare burst is not carried about for ever.
    }

    /// <summary>Looks for a batch at the start of a page: its first index, its count and how many bytes it takes with its padding.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out long first, out int count, out int length)
    {
        (first, count, length) = (0, 0, 0);
        if (header.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != Crc32C(header[..24])) return false;
        (length, first, count) = (BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt64LittleEndian(header[8..]), BinaryPrimitives.ReadInt32LittleEndian(header[16..]));
        length += HeaderBytes;
        return length is > HeaderBytes and <= BytesMax && first >= 0 && count > 0;
    }

    /// <summary>Whether the bytes of a batch are those that its header was made for; if so visits its entries.</summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, WriteAheadVisitor? visit)
    {
        if (!TryReadHeader(batch, out var first, out var count, out var length) || length > batch.Length) return false;
        var body = batch[HeaderBytes..length];
        if (BinaryPrimitives.ReadUInt32LittleEndian(batch[20..]) != Crc32C(body)) return false;
        if (visit is not null) Visit(body, first, count, visit);
        return true;
    }

    private static void Visit(ReadOnlySpan<byte> body, long first, int count, WriteAheadVisitor visit)
    {
        for (var i = 0; i < count; i++)
        {
            int entry = BinaryPrimitives.ReadUInt16LittleEndian(body), aside = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
            visit(first + i, body.Slice(4, entry), body.Slice(4 + entry, aside));
            body = body[(4 + entry + aside)..];
        }
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>
    /// One word for many: those who wait for it go on one after the other on one thread of the pool. Waking a thread for each costs more than most of them then do.
    /// </summary>
    private sealed class DiskPromise : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _said = new();
        private LogStoppedException? _fault;

        public Task Task => _said.Task;

        public void Answer(LogStoppedException? fault)
        {
            _fault = fault;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            if (_fault is null) _said.SetResult();
            else _said.SetException(_fault);
        }
    }
}

/// <summary>Hears of one entry and of what is kept aside of it. The bytes are lent for the time of the call.</summary>
internal delegate void WriteAheadVisitor(long index, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> aside);
