using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;

namespace LienThong.Gateway.Log;

/// <summary>
/// Writes the canonical record of a call: one line of JSON, its fields always in the same order, without spaces, so that the same facts are the
/// same bytes and a person with the proof can read what was proven. Clear fields name organisations, never people (exchange.md §3.4).
/// </summary>
internal ref struct CallEntry
{
    /// <summary>Nine texts of 256 letters at three bytes a letter, and the rest.</summary>
    public const int BytesMax = 8_192;

    private const int IdentifierLettersMax = 256;

    /// <summary>Letters that JSON writes as they are.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./_: ");
    private readonly Span<byte> _bytes;
    private int _length;

    private CallEntry(Span<byte> bytes) => _bytes = bytes;

    public static int WriteOpen(Span<byte> bytes, in CallOpening call, DateTimeOffset at)
    {
        var entry = new CallEntry(bytes);
        entry.Start("open", call, at);
        return entry.End();
    }

    public static int WriteClose(Span<byte> bytes, in CallOpening call, DateTimeOffset at, long open, in CallClosing closing)
    {
        var entry = new CallEntry(bytes);
        entry.Start("close", call, at);
        entry.Number("open", open);
        entry.Ending(closing);
        return entry.End();
    }

    /// <summary>Opening and closing in one: a safe call that ended at once.</summary>
    public static int WriteWhole(Span<byte> bytes, in CallOpening call, DateTimeOffset at, in CallClosing closing)
    {
        var entry = new CallEntry(bytes);
        entry.Start("call", call, at);
        entry.Ending(closing);
        return entry.End();
    }

    public static int WriteRefused(Span<byte> bytes, in CallOpening call, DateTimeOffset at, in CallClosing closing)
    {
        var entry = new CallEntry(bytes);
        entry.Start("refused", call, at);
        entry.Ending(closing);
        return entry.End();
    }

    private void Start(string kind, in CallOpening call, DateTimeOffset at)
    {
        Raw("{\"v\":1"u8);
        Text("kind", kind);
        Name("call"u8);
        Byte((byte)'"');
        Utf8Formatter.TryFormat(call.CallId, _bytes[_length..], out var written);
        _length += written;
        Byte((byte)'"');
        Name("at"u8);
        Byte((byte)'"');
        Time(at);
        Byte((byte)'"');
        Text("consumer", call.Consumer);
        Text("provider", call.Provider);
        Text("service", call.Service);
        Text("version", call.ServiceVersion);
        Text("agreement", call.Agreement);
        Text("method", call.Method);
        if (call.UpstreamId is { } upstream) Text("upstream", upstream);
    }

    private void Ending(in CallClosing closing)
    {
        Text("outcome", closing.Outcome switch
        {
            CallOutcome.Success => "success",
            CallOutcome.Business => "business",
            CallOutcome.Provider => "provider",
            CallOutcome.Policy => "policy",
            CallOutcome.Transport => "transport",
            _ => "caller",
        });
        if (closing.Fault is { } fault) Text("fault", fault);
        Number("status", closing.Status);
        Number("requestBytes", closing.RequestBytes);
        Number("responseBytes", closing.ResponseBytes);
        Number("ms", closing.Milliseconds);
        Digest("requestHead"u8, closing.Digests, CallPart.RequestHead);
        Digest("requestBody"u8, closing.Digests, CallPart.RequestBody);
        Digest("responseHead"u8, closing.Digests, CallPart.ResponseHead);
        Digest("responseBody"u8, closing.Digests, CallPart.ResponseBody);
        Digest("userId"u8, closing.Digests, CallPart.UserId);
    }

    private int End()
    {
        Byte((byte)'}');
        return _length;
    }

    private void Text(string name, string value)
    {
        // Longer than anything registered: somebody's invention. The whole of it is in the digest of the head it came in.
        if (value.Length > IdentifierLettersMax) value = string.Concat(value.AsSpan(0, IdentifierLettersMax - 1), "…");
        Byte((byte)',');
        Byte((byte)'"');
        foreach (var c in name) Byte((byte)c);
        Raw("\":\""u8);
        if (!value.AsSpan().ContainsAnyExcept(Plain)) _length += Encoding.ASCII.GetBytes(value, _bytes[_length..]);
        else _length += Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value), _bytes[_length..]);
        Byte((byte)'"');
    }

    /// <summary>"2026-11-05T09:30:00.123456Z": the round-trip form of the library less its last digit.</summary>
    private void Time(DateTimeOffset at)
    {
        Utf8Formatter.TryFormat(at.UtcDateTime, _bytes[_length..], out var written, new StandardFormat('O'));
        _length += written - 2;
        Byte((byte)'Z');
    }

    private void Number(string name, long value)
    {
        Byte((byte)',');
        Byte((byte)'"');
        foreach (var c in name) Byte((byte)c);
        Raw("\":"u8);
        Utf8Formatter.TryFormat(value, _bytes[_length..], out var written);
        _length += written;
    }

    private void Digest(ReadOnlySpan<byte> name, in SaltedDigests digests, CallPart part)
    {
        if (!digests.Has(part)) return;
        Name(name);
        Byte((byte)'"');
        Base64.EncodeToUtf8(digests.Digest(part), _bytes[_length..], out _, out var written);
        _length += written;
        Byte((byte)'"');
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Raw(",\""u8);
        Raw(name);
        Raw("\":"u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes[_length..]);
        _length += bytes.Length;
    }

    private void Byte(byte value) => _bytes[_length++] = value;
}
