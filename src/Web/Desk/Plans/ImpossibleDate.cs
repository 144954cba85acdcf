using System.Globalization;
using System.Text.RegularExpressions;

namespace LienThong.Web.Desk.Plans;

/// <summary>A day that no calendar has ("31/6/2027") is offered as the last day of its month. It is an offer the officer takes or leaves, never a reading.</summary>
internal static partial class ImpossibleDate
{
    public static DateOnly? Nearest(string? words)
    {
        if (words is null || Written().Match(words) is not { Success: true } match) return null;
        var (day, month, year) = (Part(match, 1), Part(match, 2), Part(match, 3));
        if (month is < 1 or > 12 || year is < 2000 or > 2100 || day is < 1 or > 31 || day <= DateTime.DaysInMonth(year, month)) return null;
        return new DateOnly(year, month, DateTime.DaysInMonth(year, month));
    }

    private static int Part(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Written();
}
