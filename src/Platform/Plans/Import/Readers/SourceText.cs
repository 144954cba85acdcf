using System.Text;
using System.Text.RegularExpressions;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>How readers clean text without losing its lines: NFC, line breaks kept, spaces at line ends and invisible characters gone.</summary>
internal static partial class SourceText
{
    public static string Tidy(string text)
    {
        if (text.Length == 0) return "";
        text = Valid(text);
        if (!text.IsNormalized(NormalizationForm.FormC)) text = text.Normalize(NormalizationForm.FormC);
        var made = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\r' or '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u200E' or '\u200F' or '\0': break;
                case '\n' or '\v' or '\u2028' or '\u2029' or '\u0085':
                    TrimEnd(made);
                    made.Append('\n');
                    break;
                case '\u00A0' or '\u202F' or '\u2007' or '\u2009' or '\u2003' or '\u2002' or ' ':
                    if (made.Length > 0 && made[^1] is not (' ' or '\n')) made.Append(' ');
                    break;
                case '\u2011' or '\u2010': made.Append('-'); break;
                case '\t':
                    TrimEnd(made);
                    if (made.Length > 0 && made[^1] != '\n') made.Append('\t');
                    break;
                default:
                    if (!char.IsControl(c)) made.Append(c);
                    break;
            }
        }

        return made.ToString().Trim('\n', ' ', '\t');
    }

    /// <summary>A date whose last digits did not fit a narrow column and stand on the next line: "31/12/202" and "5", "31/1" and "2/2025".</summary>
    public static bool BreaksNumber(string before, string next) =>
        YearCut().Match(before) is { Success: true } year && Digits().Match(next) is { Success: true } rest && year.Groups[1].Length + rest.Length == 4
        || MonthCut().IsMatch(before) && MonthRest().IsMatch(next);

    [GeneratedRegex(@"(?:\d\s?[/.\-]|[IVX]\s?[/.\-]|\b[Nn]ăm )\s?(2|20|20\d)$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex YearCut();

    [GeneratedRegex(@"^\d{1,3}(?![\d/])", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Digits();

    [GeneratedRegex(@"(?<!\d)\d{1,2}/[01]$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex MonthCut();

    [GeneratedRegex(@"^\d/20\d{2}(?!\d)", RegexOptions.CultureInvariant, 200)]
    private static partial Regex MonthRest();

    /// <summary>A lone surrogate cannot be normalised; it is shown as the replacement character.</summary>
    private static string Valid(string text)
    {
        var lone = false;
        for (var i = 0; i < text.Length && !lone; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else lone = true;
        }

        return lone ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    private static void TrimEnd(StringBuilder made)
    {
        while (made.Length > 0 && made[^1] == ' ') made.Length--;
    }
}
