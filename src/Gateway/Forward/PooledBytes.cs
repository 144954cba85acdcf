using System.Buffers;
using System.Text;

namespace LienThong.Gateway.Forward;

/// <summary>Bytes that grow as needed and are used again by the next call; what became large goes back to the pool of the process.</summary>
internal sealed class PooledBytes(int kept) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[kept];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Room for this much in all.</summary>
    public void Reserve(int bytes) => Ensure(Math.Max(0, bytes - Length));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Headers and addresses are Latin-1 within the gateway, so that every byte leaves as it came.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        Ensure(text.Length);
        Length += Encoding.Latin1.GetBytes(text, _bytes.AsSpan(Length));
    }

    public void AddNumber(long number)
    {
        Ensure(20);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out var written);
        Length += written;
    }

    public void AddGuid(Guid id)
    {
        Ensure(36);
        System.Buffers.Text.Utf8Formatter.TryFormat(id, _bytes.AsSpan(Length), out var written);
        Length += written;
    }

    /// <summary>Drops the first bytes.</summary>
    public void RemoveFirst(int count)
    {
        _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
        Length -= count;
    }

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length <= kept) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = new byte[kept];
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - Length >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        Span.CopyTo(larger);
        if (_bytes.Length > kept) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
