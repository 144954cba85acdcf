using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace LienThong.Gateway.Forward;

/// <summary>What a header means to the forwarder.</summary>
internal enum HeaderKind : byte
{
    Plain,
    ContentLength,
    TransferEncoding,
    Connection,

    /// <summary>Belongs to one connection and is never passed on.</summary>
    HopByHop,
    ContentType,
    ContentEncoding,

    /// <summary>Says something about the exact bytes of the body; false once fields were taken out.</summary>
    OfExactBody,

    /// <summary>Set by the exchange; a provider's own value is taken away first.</summary>
    Exchange,
    ExchangeService,
}

/// <summary>One header of an answer. Values are Latin-1, so that every byte goes out as it came in.</summary>
internal readonly record struct HeaderLine(string Name, string Value, HeaderKind Kind)
{
    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly FrozenDictionary<string, HeaderKind> Kinds = new Dictionary<string, HeaderKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Length"] = HeaderKind.ContentLength,
        ["Transfer-Encoding"] = HeaderKind.TransferEncoding,
        ["Connection"] = HeaderKind.Connection,
        ["Keep-Alive"] = HeaderKind.HopByHop,
        ["Proxy-Authenticate"] = HeaderKind.HopByHop,
        ["Proxy-Authorization"] = HeaderKind.HopByHop,
        ["Proxy-Connection"] = HeaderKind.HopByHop,
        ["TE"] = HeaderKind.HopByHop,
        ["Trailer"] = HeaderKind.HopByHop,
        ["Upgrade"] = HeaderKind.HopByHop,
        ["Server"] = HeaderKind.HopByHop,      // Not of one connection, but removed in both directions (PR-REST), and nobody's business.
        ["Host"] = HeaderKind.HopByHop,
        ["User-Agent"] = HeaderKind.HopByHop,
        ["Expect"] = HeaderKind.HopByHop,
        ["Content-Type"] = HeaderKind.ContentType,
        ["Content-Encoding"] = HeaderKind.ContentEncoding,
        ["ETag"] = HeaderKind.OfExactBody,
        ["Content-MD5"] = HeaderKind.OfExactBody,
        ["Digest"] = HeaderKind.OfExactBody,
        ["Content-Digest"] = HeaderKind.OfExactBody,
        ["Repr-Digest"] = HeaderKind.OfExactBody,
        ["Accept-Ranges"] = HeaderKind.OfExactBody,
        ["Content-Range"] = HeaderKind.OfExactBody,
        ["X-Road-Id"] = HeaderKind.Exchange,
        ["X-Road-Client"] = HeaderKind.Exchange,
        ["X-Road-Request-Id"] = HeaderKind.Exchange,
        ["X-Road-Request-Hash"] = HeaderKind.Exchange,
        ["X-Road-Error"] = HeaderKind.Plain,
        ["X-Road-Service"] = HeaderKind.ExchangeService,
        ["RateLimit"] = HeaderKind.Plain,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static HeaderKind KindOf(string name) => Kinds.GetValueOrDefault(name);

    /// <summary>Null for a line that is none: no colon, a name that is no token, a folded line, a control character.</summary>
    public static HeaderLine? Parse(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(Token)) return null;
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAnyInRange((byte)0, (byte)8) || value.ContainsAnyInRange((byte)10, (byte)31) || value.Contains((byte)127)) return null;
        var name = Encoding.ASCII.GetString(line[..colon]);
        return new HeaderLine(name, Encoding.Latin1.GetString(value), KindOf(name));
    }
}
