namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>A stream that is only read, forwards only, through something that looks at what passes.</summary>
/// <param name="leavesOpen">The stream under it belongs to somebody else and stays open.</param>
internal abstract class PassingStream(Stream inner, bool leavesOpen = false) : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Pass(buffer[..read]);
        return read;
    }

    /// <summary>Sees every byte once; may refuse the file.</summary>
    protected abstract void Pass(ReadOnlySpan<byte> read);

    public sealed override void Flush()
    {
        // Nothing is ever written.
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leavesOpen) inner.Dispose();
        base.Dispose(disposing);
    }
}
