using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Registry;

/// <summary>
/// What the State's law ended everywhere (EndedBodies.csv: by day, with its basis): departments and ministries merged into others, the
/// district level, provinces joined (R-ORG-02, T12). A province's own changes are the registry's; this holds for documents of any province.
/// </summary>
internal sealed partial class EndedBodies
{
    private const int TimeLimit = 200;

    private static readonly Lazy<EndedBodies> s_shipped = new(ReadShipped);

    private sealed record Line(string Kind, string Words, DateOnly Gone, string Successor, string Basis);

    private readonly IReadOnlyList<Line> _lines;

    private EndedBodies(IReadOnlyList<Line> lines) => _lines = lines;

    public static EndedBodies Shipped => s_shipped.Value;

    /// <param name="issuer">Who names it: in a document of the province of Thái Nguyên, the city of that name is none under the State.</param>
    public EndedBody? Find(string name, DateOnly day, string? issuer)
    {
        var key = UnitNameText.KeyOf(name);
        var text = key.Marked;
        string Written(Line line) => key.IsBare ? UnitNameText.KeyOf(line.Words).Bare : line.Words;
        var isKept = _lines.Any(line => line.Kind is "kept" && Has(text, Written(line)));
        foreach (var line in _lines.Where(line => line.Gone <= day))
        {
            var words = Written(line);
            var names = line.Kind switch
            {
                "body" => Has(text, words),
                "province" => IsOfGovernment().IsMatch(key.Bare) && EndsWith(text, words),
                "level" => !isKept && (VietnameseText.Fold(line.Words) is "thanh pho" ? IsDistrictCity(name, day, issuer) : Has(text, words)),
                _ => false,
            };
            if (names) return new EndedBody(name, line.Gone, line.Successor, line.Basis);
        }

        return null;
    }

    /// <summary>A city by its name that is none of those directly under the State, nor the issuer's own.</summary>
    private bool IsDistrictCity(string name, DateOnly day, string? issuer)
    {
        var clean = VietnameseText.Clean(name);
        if (City().Match(VietnameseText.Fold(clean)) is not { Success: true } word || Proper().Match(clean, word.Index + word.Length) is not { Success: true } match) return false;
        var proper = UnitNameText.KeyOf(match.Value).Bare;
        if (_lines.Any(line => line.Kind is "city" && line.Gone <= day && StartsWith(proper, UnitNameText.KeyOf(line.Words).Bare))) return false;
        var by = UnitNameText.KeyOf(issuer?.ToLower(Vietnamese.Culture)).Bare;
        return !Has(by, "thanh pho " + proper) && (Has(by, "tinh " + proper) || !IsProvince(proper));
    }

    /// <summary>A province that absorbed others may have become a city since, by a law not yet in the list: nothing is said of it.</summary>
    private bool IsProvince(string bare) => _lines.Any(line => line.Kind is "province" && EndsWith(UnitNameText.KeyOf(line.Successor).Bare, bare)) || s_otherProvinces.Contains(bare);

    /// <summary>Provinces that absorbed none (QĐ 19/2025/QĐ-TTg).</summary>
    private static readonly HashSet<string> s_otherProvinces = ["lai chau", "dien bien", "son la", "lang son", "quang ninh", "thanh hoa", "nghe an", "ha tinh", "cao bang"];

    private static bool Has(string text, string words) => $" {text} ".Contains($" {words} ", StringComparison.Ordinal);

    private static bool StartsWith(string text, string words) => $"{text} ".StartsWith($"{words} ", StringComparison.Ordinal);

    private static bool EndsWith(string text, string words) => $" {text}".EndsWith($" {words}", StringComparison.Ordinal);

    private static EndedBodies ReadShipped()
    {
        using var stream = typeof(EndedBodies).Assembly.GetManifestResourceStream("LienThong.Platform.Registry.EndedBodies.csv")!;
        using var reader = new StreamReader(stream);
        return Parse(reader);
    }

    internal static EndedBodies Parse(TextReader reader)
    {
        var lines = new List<Line>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split(';');
            if (cells.Length != 6 || !DateOnly.TryParseExact(cells[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var gone)) throw new InvalidDataException($"Ended bodies, line {number}: {line}");
            lines.Add(new Line(cells[0], UnitNameText.KeyOf(cells[1]).Marked, gone, cells[3], cells[4]));
        }

        return new EndedBodies(lines);
    }

    [GeneratedRegex(@"^(uy ban nhan dan|hoi dong nhan dan|so|cong an|van phong|thanh tra|bo chi huy|ban|chu tich)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex IsOfGovernment();

    [GeneratedRegex(@"\b(?:thanh pho|tp\.?)\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex City();

    [GeneratedRegex(@"\G\p{Lu}\p{L}*(?:\s+\p{Lu}\p{L}*){0,3}", RegexOptions.None, TimeLimit)]
    private static partial Regex Proper();
}
