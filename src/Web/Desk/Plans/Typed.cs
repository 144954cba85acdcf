using System.Globalization;
using LienThong.Platform.Plans;

namespace LienThong.Web.Desk.Plans;

/// <summary>What a person typed, read as Vietnamese offices write it.</summary>
internal static class Typed
{
    /// <summary>5/9/2026, 05-09-2026, 5.9.2026 or 2026-09-05; an impossible day is no day.</summary>
    public static DateOnly? Day(string? text) =>
        text is null ? null : TaskFilter.ReadDay(text.Trim()) ?? (DateOnly.TryParseExact(text.Trim(), ["d-M-yyyy", "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);

    /// <summary>85,5 or 1.234,5; "85.5" too, because only a dot before exactly three digits separates thousands.</summary>
    public static decimal? Number(string? text)
    {
        var clean = (text ?? "").Replace("\u00A0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).TrimEnd('%');
        if (clean.Length is 0 or > 20) return null;
        var dot = clean.LastIndexOf('.');
        var isGrouped = clean.Contains(',', StringComparison.Ordinal) || (dot > 0 && clean.Length - dot == 4) || clean.IndexOf('.', StringComparison.Ordinal) != dot;
        var plain = isGrouped ? clean.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : clean;
        return decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
