using System.Buffers;

namespace LienThong.Gateway.Routes;

/// <summary>Identifiers of the X-Road form: parts joined by '/', each of a closed set of characters.</summary>
public static class RoadIdentifier
{
    private static readonly SearchValues<char> Legal = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+,-.=?");

    /// <summary>No underscore, no colon, no Vietnamese letters: they would break at the first Security Server of somebody else.</summary>
    public static bool IsPart(ReadOnlySpan<char> part) => part.Length is > 0 and <= 255 && !part.ContainsAnyExcept(Legal) && part is not ("." or "..");

    /// <summary>Exactly this many legal parts.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> text, int parts)
    {
        var count = 0;
        foreach (var range in text.Split('/'))
        {
            if (!IsPart(text[range])) return false;
            count++;
        }

        return count == parts;
    }
}
