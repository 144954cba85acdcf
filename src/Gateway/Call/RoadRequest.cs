using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>The address of an r1 request, taken apart (PR-REST 4.1, exchange.md 2.1.1): five identifier parts, each encoded on its own, then the caller's own path.</summary>
internal static class RoadRequest
{
    /// <summary>Whether the first segment is <c>r</c> and one digit, so that the call is on this face at all.</summary>
    public static bool IsRoad(ReadOnlySpan<char> target) => target.Length >= 3 && target[0] == '/' && target[1] == 'r' && char.IsAsciiDigit(target[2]) && (target.Length == 3 || target[3] is '/' or '?');

    /// <summary>Splits <c>/r1/a/b/c/d/e/rest</c>; the identifier comes decoded and joined by '/', the rest as it was sent.</summary>
    public static CallRefusal? Read(ReadOnlySpan<char> path, out string identifier, out ReadOnlySpan<char> rest)
    {
        identifier = "";
        rest = default;
        if (path[2] != '1') return new CallRefusal(CallFault.InvalidProtocolVersion, $"'{path[1..3]}' is not r1");
        Span<Range> parts = stackalloc Range[8];
        // Empty, r1, five parts, and the rest in one.
        var count = path.Split(parts, '/');
        if (count < 7) return new CallRefusal(CallFault.InvalidRequest, "the address needs five parts after r1: instance, class, member, subsystem, service");
        var plain = path[parts[2].Start.Value..parts[6].End.Value];
        if (!plain.Contains('%'))
        {
            foreach (var range in parts[2..7])
            {
                if (!RoadIdentifier.IsPart(path[range])) return new CallRefusal(CallFault.InvalidRequest, $"'{path[range]}' is not an identifier part");
            }

            identifier = plain.ToString();
        }
        else
        {
            var decoded = new string[5];
            for (var i = 0; i < 5; i++)
            {
                if (!CallPath.TryDecode(path[parts[i + 2]], out decoded[i]) || !RoadIdentifier.IsPart(decoded[i])) return new CallRefusal(CallFault.InvalidRequest, $"'{path[parts[i + 2]]}' is not an identifier part");
            }

            identifier = string.Join('/', decoded);
        }

        if (count == 8) rest = path[(parts[7].Start.Value - 1)..];
        return null;
    }

    /// <summary>An identifier as headers carry it: parts joined by '/', each percent-encoded; this many parts.</summary>
    public static bool TryReadIdentifier(string? header, int partsMin, int partsMax, out string identifier)
    {
        identifier = "";
        if (string.IsNullOrEmpty(header)) return false;
        var parts = header.Split('/');
        if (parts.Length < partsMin || parts.Length > partsMax) return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!CallPath.TryDecode(parts[i], out parts[i]) || !RoadIdentifier.IsPart(parts[i])) return false;
        }

        identifier = header.Contains('%', StringComparison.Ordinal) ? string.Join('/', parts) : header;
        return true;
    }
}
