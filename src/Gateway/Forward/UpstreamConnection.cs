using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LienThong.Gateway.Forward;

/// <summary>
/// One HTTP/1.1 connection to a provider (RFC 9112), used by one call at a time. Its two buffers and the strings of the last answer's headers stay with it,
/// so that a call of the usual kind allocates nothing here. Whatever a strict reader may take in two ways (both lengths given, a bare line end, folded lines,
/// a length twice) is refused: two readings of one answer are how answers are smuggled.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    /// <summary>As much as common servers send; more headers than this are a mistake.</summary>
    private const int HeadBytesMax = 64 * 1024;
    private const int HeaderCountMax = 128;
    private const int ChunkLineMax = 4 * 1024;
    private const int BufferBytes = 16 * 1024;

    /// <summary>Bytes a second below which a body is given up, as Kestrel does on the other side: one byte a second would hold a slot for days.</summary>
    private const long BytesPerSecondMin = 240;

    private readonly Upstream _upstream;
    private readonly UpstreamDirectory _directory;
    private readonly Socket _socket;
    private SslStream? _secure;
    private byte[] _in = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _deadline;          // of reading. 0: not waiting; -1: closed for being late
    private long _sendDeadline;      // of sending, which may go on at the same time
    private int _disposed;

    private byte[] _lastHead = [];
    private int _lastHeadLength;

    // Framing of the body being read.
    private BodyForm _form;
    private long _left;              // of the body, or of the chunk
    private bool _inChunk;
    private long _bodyBytes;
    private long _waitedMs;

    private UpstreamConnection(Upstream upstream, UpstreamDirectory directory, Socket socket) => (_upstream, _directory, _socket) = (upstream, directory, socket);

    private enum BodyForm { None, Length, Chunked, UntilClose }

    public long IdleSinceMs { get; set; }

    /// <summary>How often it was used; a failure of a used one before any answer may mean only that it was being closed.</summary>
    public int Uses { get; private set; }

    public int Status { get; private set; }

    public HeaderLine[] Headers { get; } = new HeaderLine[HeaderCountMax];

    public int HeaderCount { get; private set; }

    /// <summary>The answer's head as it came, for the evidence.</summary>
    public ReadOnlySpan<byte> Head => _lastHead.AsSpan(0, _lastHeadLength);

    /// <summary>Length of the body where it was announced.</summary>
    public long? ContentLength => _form is BodyForm.Length ? _declared : null;

    private long _declared;

    /// <summary>What the head said of the length, also where no body follows (HEAD).</summary>
    public long? DeclaredLength => _declared >= 0 ? _declared : null;

    public bool HasBody => _form is not BodyForm.None;

    /// <summary>The whole answer was read, nothing more came, and the provider keeps the connection.</summary>
    public bool IsReusable => _keepAlive && _form is BodyForm.None && _start == _end && Volatile.Read(ref _deadline) == 0;

    private bool _keepAlive;

    public bool HasReceived { get; private set; }

    public static async ValueTask<UpstreamConnection> OpenAsync(Upstream upstream, UpstreamDirectory directory, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IPAddress.TryParse(upstream.Host, out var address)) await socket.ConnectAsync(new IPEndPoint(address, upstream.Port), cancellationToken);
            else await socket.ConnectAsync(upstream.Host, upstream.Port, cancellationToken);
            var connection = new UpstreamConnection(upstream, directory, socket);
            if (upstream.IsSecure) connection._secure = await SecureAsync(socket, upstream, directory, cancellationToken);
            directory.Opened(connection);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<SslStream> SecureAsync(Socket socket, Upstream upstream, UpstreamDirectory directory, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = upstream.Host,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
            ClientCertificateContext = directory.Certificate,
        };
        if (directory.Roots is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        var secure = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await secure.AuthenticateAsClientAsync(options, cancellationToken);
        return secure;
    }

    /// <summary>Nothing to read and not closed: a connection at rest has nothing to say.</summary>
    public bool LooksAlive()
    {
        try
        {
            return _start == _end && !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void BeginCall()
    {
        Uses++;
        HasReceived = false;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, int timeoutMs)
    {
        Wait(ref _sendDeadline, timeoutMs);
        try
        {
            if (_secure is not null)
            {
                await _secure.WriteAsync(bytes);
            }
            else
            {
                while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
            }
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }

        Done(ref _sendDeadline);
    }

    /// <summary>The whole request is sent: from now on the provider's time runs for a reader that was waiting without one.</summary>
    public void RequestIsSent(int timeoutMs)
    {
        var before = Volatile.Read(ref _deadline);
        if (before > 0) Interlocked.CompareExchange(ref _deadline, _directory.NowMs + timeoutMs, before);
    }

    /// <summary>Reads the head of the final answer; interim ones are passed over.</summary>
    public async ValueTask ReadHeadAsync(bool isHead, int timeoutMs)
    {
        Wait(ref _deadline, timeoutMs);
        try
        {
            while (true)
            {
                var length = FindHead();
                if (length < 0)
                {
                    if (_end - _start >= HeadBytesMax) throw Malformed("a head of more than 64 KB");
                    if (await FillAsync() == 0) throw new UpstreamException(UpstreamTrouble.Broken, HasReceived ? "the connection ended within the head of the answer" : "the connection ended before an answer");
                    HasReceived = true;
                    continue;
                }

                ParseHead(_in.AsSpan(_start, length), isHead);
                _start += length;
                if (Status is >= 100 and < 200)
                {
                    if (Status == 101) throw Malformed("switched protocols without being asked");
                    continue;
                }

                break;
            }
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }

        Done(ref _deadline);
        (_bodyBytes, _waitedMs) = (0, 0);
    }

    /// <summary>The next bytes of the body; 0 at its end.</summary>
    public ValueTask<int> ReadBodyAsync(Memory<byte> into, int timeoutMs)
    {
        if (_form is BodyForm.None) return new ValueTask<int>(0);
        // What came together with the head needs no waiting.
        if (_form is BodyForm.Length && _end > _start)
        {
            var count = Copy(into.Span, (int)Math.Min(_left, _end - _start));
            if ((_left -= count) == 0) _form = BodyForm.None;
            _bodyBytes += count;
            return new ValueTask<int>(count);
        }

        return ReadBodySlowlyAsync(into, timeoutMs);
    }

    private async ValueTask<int> ReadBodySlowlyAsync(Memory<byte> into, int timeoutMs)
    {
        var began = _directory.NowMs;
        Wait(ref _deadline, (int)Math.Clamp(timeoutMs + _bodyBytes * 1_000 / BytesPerSecondMin - _waitedMs, 1, timeoutMs));
        int count;
        try
        {
            count = _form switch
            {
                BodyForm.Length => await ReadLengthAsync(into),
                BodyForm.UntilClose => await ReadUntilCloseAsync(into),
                _ => await ReadChunkedAsync(into),
            };
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }

        Done(ref _deadline);
        _waitedMs += _directory.NowMs - began;
        _bodyBytes += count;
        return count;
    }

    private async ValueTask<int> ReadLengthAsync(Memory<byte> into)
    {
        var count = await ReceiveAsync(into[..(int)Math.Min(into.Length, _left)]);
        if (count == 0) throw new UpstreamException(UpstreamTrouble.Broken, $"the connection ended {_left} bytes before the end of the answer");
        if ((_left -= count) == 0) _form = BodyForm.None;
        return count;
    }

    private async ValueTask<int> ReadUntilCloseAsync(Memory<byte> into)
    {
        if (_end > _start) return Copy(into.Span, _end - _start);
        var count = await ReceiveAsync(into);
        if (count == 0) _form = BodyForm.None;
        return count;
    }

    private async ValueTask<int> ReadChunkedAsync(Memory<byte> into)
    {
        while (true)
        {
            if (_inChunk)
            {
                if (_left > 0)
                {
                    if (_end == _start && await FillAsync() == 0) throw new UpstreamException(UpstreamTrouble.Broken, "the connection ended within a chunk");
                    var count = Copy(into.Span, (int)Math.Min(_left, _end - _start));
                    _left -= count;
                    return count;
                }

                var end = await LineAsync();
                if (end != 0) throw Malformed("a chunk longer than it said");
                _inChunk = false;
            }

            var length = await LineAsync();
            var line = _in.AsSpan(_start - length - 2, length);
            var semicolon = line.IndexOf((byte)';');
            if (semicolon >= 0) line = line[..semicolon].TrimEnd(" \t"u8);
            if (!Utf8Parser.TryParse(line, out long size, out var used, 'x') || used != line.Length || size < 0 || line.Length > 15) throw Malformed("a chunk without a size");
            if (size > 0)
            {
                (_inChunk, _left) = (true, size);
                continue;
            }

            // Trailers are hop by hop here: read to the empty line and dropped.
            for (var lines = 0; await LineAsync() > 0; lines++)
            {
                if (lines > HeaderCountMax) throw Malformed("too many trailers");
            }

            _form = BodyForm.None;
            return 0;
        }
    }

    /// <summary>Takes one line off the buffer and returns its length; it still stands there until the next fill.</summary>
    private async ValueTask<int> LineAsync()
    {
        var scanned = 0;
        while (true)
        {
            var found = _in.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = scanned + found;
                if (length == 0 || _in[_start + length - 1] != '\r') throw Malformed("a bare line end");
                _start += length + 1;
                return length - 1;
            }

            scanned = _end - _start;
            if (scanned > ChunkLineMax) throw Malformed("a chunk line of more than 4 KB");
            if (await FillAsync() == 0) throw new UpstreamException(UpstreamTrouble.Broken, "the connection ended between chunks");
        }
    }

    private int Copy(Span<byte> into, int count)
    {
        count = Math.Min(count, into.Length);
        _in.AsSpan(_start, count).CopyTo(into);
        _start += count;
        return count;
    }

    private async ValueTask<int> FillAsync()
    {
        if (_start == _end) _start = _end = 0;
        else if (_end == _in.Length)
        {
            if (_start > 0)
            {
                _in.AsSpan(_start, _end - _start).CopyTo(_in);
                (_start, _end) = (0, _end - _start);
            }
            else
            {
                Array.Resize(ref _in, _in.Length * 2);
            }
        }

        var count = await ReceiveAsync(_in.AsMemory(_end));
        _end += count;
        return count;
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> into) => _secure is not null ? _secure.ReadAsync(into) : _socket.ReceiveAsync(into, SocketFlags.None);

    private int FindHead()
    {
        var at = _in.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
        return at < 0 ? -1 : at + 4;
    }

    private void ParseHead(ReadOnlySpan<byte> head, bool isHead)
    {
        // "HTTP/1.1 200 OK": the reason may be empty, and its space missing.
        var line = head[..head.IndexOf("\r\n"u8)];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' ' || (line.Length > 12 && line[12] != ' ') ||
            !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var used) || used != 3 || status < 100)
        {
            throw Malformed("no status line");
        }

        var isOld = line[7] == '0';
        Status = status;
        _keepAlive = !isOld;
        _declared = -1;
        var isChunked = false;
        var rest = head[(line.Length + 2)..^2];
        var last = _lastHead.AsSpan(0, _lastHeadLength);
        var lastAt = 0;
        var known = HeaderCount;      // lines of the answer before, whose strings may serve again
        var count = 0;
        if (last.Length > 0) lastAt = last.IndexOf("\r\n"u8) + 2;
        while (rest.Length > 0)
        {
            var end = rest.IndexOf("\r\n"u8);
            var field = rest[..end];
            rest = rest[(end + 2)..];
            if (count == HeaderCountMax) throw Malformed("too many headers");
            var isSame = count < known && lastAt + field.Length + 2 <= last.Length && last.Slice(lastAt, field.Length).SequenceEqual(field) && last[lastAt + field.Length] == '\r';
            if (lastAt < last.Length && count < known)
            {
                var next = last[lastAt..].IndexOf("\r\n"u8);
                lastAt = next < 0 ? last.Length : lastAt + next + 2;
            }

            if (!isSame) Headers[count] = HeaderLine.Parse(field) ?? throw Malformed("a broken header line");
            var header = Headers[count++];
            switch (header.Kind)
            {
                case HeaderKind.ContentLength:
                    if (_declared >= 0 || !TryLength(header.Value, out _declared)) throw Malformed("more than one length, or none that is a number");
                    break;
                case HeaderKind.TransferEncoding:
                    if (isChunked || isOld || !header.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase)) throw Malformed("a transfer coding other than chunked");
                    isChunked = true;
                    break;
                case HeaderKind.Connection:
                    if (header.Value.Contains("close", StringComparison.OrdinalIgnoreCase)) _keepAlive = false;
                    else if (isOld && header.Value.Contains("keep-alive", StringComparison.OrdinalIgnoreCase)) _keepAlive = true;
                    break;
            }
        }

        if (isChunked && _declared >= 0) throw Malformed("a length and chunks at once");
        HeaderCount = count;
        if (_lastHead.Length < head.Length) _lastHead = new byte[Math.Max(1_024, head.Length)];
        head.CopyTo(_lastHead);
        _lastHeadLength = head.Length;

        (_form, _left, _inChunk) = isHead || status is (>= 100 and < 200) or 204 or 304 ? (BodyForm.None, 0L, false)
            : isChunked ? (BodyForm.Chunked, 0, false)
            : _declared > 0 ? (BodyForm.Length, _declared, false)
            : _declared == 0 ? (BodyForm.None, 0, false)
            : (BodyForm.UntilClose, 0, false);
        if (_form is BodyForm.UntilClose) _keepAlive = false;
    }

    /// <summary>Digits only: a sign or a blank is read differently by different servers.</summary>
    private static bool TryLength(string value, out long length) =>
        long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out length);

    private void Wait(ref long deadline, int timeoutMs)
    {
        if (Interlocked.CompareExchange(ref deadline, _directory.NowMs + timeoutMs, 0) != 0) throw Late();
    }

    private static void Done(ref long deadline)
    {
        if (Interlocked.Exchange(ref deadline, 0) < 0) throw Late();
    }

    public void CloseIfLate(long nowMs)
    {
        CloseIfLate(ref _deadline, nowMs);
        CloseIfLate(ref _sendDeadline, nowMs);
    }

    private void CloseIfLate(ref long field, long nowMs)
    {
        var deadline = Volatile.Read(ref field);
        if (deadline > 0 && nowMs > deadline && Interlocked.CompareExchange(ref field, -1, deadline) == deadline) Dispose();
    }

    private static bool IsBroken(Exception fault) => fault is SocketException or IOException or ObjectDisposedException;

    private UpstreamException Broken(Exception fault) =>
        Volatile.Read(ref _deadline) < 0 || Volatile.Read(ref _sendDeadline) < 0 ? Late(fault) : new UpstreamException(UpstreamTrouble.Broken, fault.Message, fault);

    private static UpstreamException Late(Exception? fault = null) => new(UpstreamTrouble.TimedOut, "the provider took too long", fault);

    private static UpstreamException Malformed(string what) => new(UpstreamTrouble.Malformed, what);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _directory.Closed(this);
        // A TLS farewell could block on a provider that does not read; the sockets are closed and that is all.
        _socket.Dispose();
    }
}
