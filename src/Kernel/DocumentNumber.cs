using System.Text.RegularExpressions;

namespace LienThong.Kernel;

/// <summary>
/// Number and notation of an official document (số ký hiệu): "02-KH/BCĐTW", "278/2025/NĐ-CP", "1215/TTg-KSTT". Spacing, line breaks and the
/// two orders of Party numbers are noise (T1, T10): <see cref="Value"/> is the tidy form, <see cref="Key"/> is equal for all spellings.
/// </summary>
public readonly partial record struct DocumentNumber
{
    private const int TimeLimit = 2_000;

    /// <summary>Bodies that number in Party style: number, hyphen, kind, slash, body.</summary>
    private static readonly HashSet<string> s_partyBodies = new(StringComparer.Ordinal)
    {
        "TW", "TU", "BCĐTW", "BCHTW", "CQTTBCĐ", "TGV", "ĐU", "BCĐ", "BTGTW", "BTCTW", "VPTW", "UBKTTW", "HU", "TĐTN", "ĐUK", "BTVTU",
    };

    private static readonly HashSet<string> s_kinds = new(StringComparer.Ordinal)
    {
        "NQ", "QĐ", "QD", "QB", "CT", "QC", "QyĐ", "TB", "HD", "CTr", "CTR", "KH", "PA", "ĐA", "BC", "TTr", "TTR", "CV", "CĐ", "KL", "NĐ", "TT", "TTLT", "PL", "SL", "GM", "BB",
    };

    public DocumentNumber(string raw, int number, int? year, string? kind, string body, bool party)
    {
        Raw = raw;
        Number = number;
        Year = year;
        Kind = kind;
        Body = body;
        IsParty = party;
    }

    /// <summary>As it stands in the text, line breaks included.</summary>
    public string Raw { get; }

    public int Number { get; }

    public int? Year { get; }

    /// <summary>Abbreviation of the kind; null for letters ("1215/TTg-KSTT").</summary>
    public string? Kind { get; }

    public string Body { get; }

    public bool IsParty { get; }

    /// <summary>Tidy: no stray spaces, Party bodies in Party order.</summary>
    public string Value
    {
        get
        {
            var digits = Digits().Match(Raw).Value;
            if (Kind is null) return IsParty ? $"{digits}-{Body}" : Year is { } y ? $"{digits}/{y}/{Body}" : $"{digits}/{Body}";
            if (IsParty) return $"{digits}-{Kind}/{Body}";
            return Year is { } year ? $"{digits}/{year}/{Kind}-{Body}" : $"{digits}/{Kind}-{Body}";
        }
    }

    /// <summary>Number, year, kind and body without diacritics or order: one key for every spelling.</summary>
    public string Key => $"{Number}|{Year}|{Plain(Kind ?? "")}|{Plain(Body)}";

    /// <summary>Documents that differ only in the body named, or in its spelling, share it.</summary>
    public string KindKey => $"{Number}|{Year}|{Plain(Kind ?? "")}";

    public override string ToString() => Value;

    /// <summary>Every number in the text, in order; each with its position.</summary>
    public static IEnumerable<(DocumentNumber Number, int Index, int Length)> Find(string? text)
    {
        if (string.IsNullOrEmpty(text)) yield break;
        foreach (Match match in Pattern().Matches(text))
        {
            if (Read(match) is { } number) yield return (number, match.Index, match.Length);
        }
    }

    public static DocumentNumber? TryRead(string? text)
    {
        foreach (var (number, _, _) in Find(text)) return number;
        return null;
    }

    private static DocumentNumber? Read(Match match)
    {
        var number = int.Parse(match.Groups["n"].Value, System.Globalization.CultureInfo.InvariantCulture);
        int? year = match.Groups["y"].Success ? int.Parse(match.Groups["y"].Value, System.Globalization.CultureInfo.InvariantCulture) : null;
        var notation = Spaces().Replace(match.Groups["not"].Value, "");
        var parts = notation.Split(['-', '/'], 2);
        var first = parts[0];
        if (parts.Length == 1)
        {
            // "07-CQTTBCĐ" lacks the kind; "982 DVCTT" is no number at all and never matches for want of a separator.
            if (!s_partyBodies.Contains(first) && year is null && match.Groups["sep"].Value != "/") return null;
            if (first.Length < 2 || s_kinds.Contains(first) && match.Groups["sep"].Value == "/" && year is null) return null;
            return new DocumentNumber(match.Value, number, year, null, first, s_partyBodies.Contains(first));
        }

        var rest = parts[1];
        if (s_kinds.Contains(first))
        {
            var kind = first is "QD" or "QB" ? "QĐ" : first is "TTR" ? "TTr" : first is "CTR" ? "CTr" : first;
            var party = s_partyBodies.Contains(rest) || match.Groups["sep"].Value == "-" && notation.Contains('/', StringComparison.Ordinal);
            return new DocumentNumber(match.Value, number, year, kind, rest, party);
        }

        return match.Groups["sep"].Value == "/" && first.Any(char.IsUpper) ? new DocumentNumber(match.Value, number, year, null, notation, false) : null;
    }

    private static string Plain(string text) => VietnameseText.Fold(text).Replace("-", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"(?<![\d/.,])(?<n>\d{1,5})\s*(?<sep>[-–/])\s*(?:(?<y>(?:19|20)\d{2})\s*/\s*)?(?<not>(?:[A-ZĐ][A-ZĐ]*(?:r|yĐ|g|tg|Tg)?[A-ZĐ&,]*\d{0,2})(?:\s*[-–/]\s*[A-ZĐ](?:TTr|Tr|Tg(?![A-Za-z])|[A-ZĐ&]*)\d{0,2}(?:Tg|tg)?){0,3})",
        RegexOptions.CultureInvariant, TimeLimit)]
    private static partial Regex Pattern();
}
