using System.Text;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// The path that is left for the service, read in every way in which the provider might read it. Rights are given only where all readings agree; a path that
/// climbs ("..") in any of them is refused outright. The provider receives the caller's own bytes.
/// </summary>
internal readonly ref struct CallPath
{
    /// <summary>Stands for an encoded slash in the reading by segments; control characters are refused in paths, so it cannot be meant.</summary>
    private const char EncodedSlash = '\u0001';

    private readonly ReadOnlySpan<char> _bySegments;
    private readonly ReadOnlySpan<char> _decoded;   // the same characters where no slash was encoded

    private CallPath(ReadOnlySpan<char> bySegments, ReadOnlySpan<char> decoded)
    {
        _bySegments = bySegments;
        _decoded = decoded;
    }

    public bool Matches(string glob)
    {
        if (glob is "/**" or "**") return true;
        var matches = PathGlob.IsMatch(glob, _bySegments);
        return _decoded.IsEmpty ? matches : matches && PathGlob.IsMatch(glob, _decoded);
    }

    public static bool TryRead(ReadOnlySpan<char> raw, out CallPath path)
    {
        path = default;
        if (raw.IsEmpty)
        {
            path = new CallPath("/", default);
            return true;
        }

        if (raw[0] != '/' || raw.Length > LengthMax) return false;
        if (raw.IndexOfAny('%', '\\') < 0)
        {
            // The common case: what stands there is what everybody reads.
            if (Climbs(raw, '/') || raw.ContainsAnyInRange('\0', ' ')) return false;
            path = new CallPath(raw, default);
            return true;
        }

        if (raw.Contains('\\') || !TryDecode(raw, out var decoded)) return false;
        // A second decoding by a careless provider must not turn letters into separators or dots.
        if (decoded.Contains('%') && TryDecode(decoded, out var twice) && (twice.AsSpan().Count('/') != decoded.AsSpan().Count('/') || twice.AsSpan().Count('.') != decoded.AsSpan().Count('.') || twice.Contains('\\'))) return false;
        if (decoded.Contains('\\') || decoded.AsSpan().ContainsAnyInRange('\0', '\u001f') || decoded.Contains('\u007f') || Climbs(decoded, '/') || Climbs(raw, '/')) return false;

        var bySegments = new StringBuilder(raw.Length);
        foreach (var range in raw.Split('/'))
        {
            if (range.Start.Value > 0) bySegments.Append('/');
            if (!TryDecode(raw[range], out var segment)) return false;
            bySegments.Append(segment.Replace('/', EncodedSlash));
        }

        var apart = bySegments.ToString();
        path = apart == decoded ? new CallPath(decoded, default) : new CallPath(apart, decoded);
        return true;
    }

    /// <summary>Twice what the X-Road specification suggests for the whole address; a longer path is an attack on somebody's matcher.</summary>
    public const int LengthMax = 4_096;

    /// <summary>A segment of dots, also with a parameter behind it (<c>..;x</c>), or an empty segment in the middle, which some providers drop.</summary>
    private static bool Climbs(ReadOnlySpan<char> path, char separator)
    {
        foreach (var range in path[1..].Split(separator))
        {
            var segment = path[1..][range];
            if (segment.IsEmpty && range.End.Value < path.Length - 1) return true;
            var semicolon = segment.IndexOf(';');
            if (semicolon >= 0) segment = segment[..semicolon];
            if (segment is "." or "..") return true;
        }

        return false;
    }

    /// <summary>Percent-decoding to UTF-8; false for a broken escape or bytes that are no UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out string decoded)
    {
        decoded = "";
        if (!text.Contains('%'))
        {
            decoded = text.ToString();
            return true;
        }

        var bytes = new byte[text.Length * 3];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                count += Encoding.UTF8.GetBytes(text.Slice(i, 1), bytes.AsSpan(count));
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return false;
            bytes[count++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
            i += 2;
        }

        if (!System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, count))) return false;
        decoded = Encoding.UTF8.GetString(bytes, 0, count);
        return true;
    }

    private static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
