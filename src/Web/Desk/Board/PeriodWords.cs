using System.Globalization;
using LienThong.Kernel;
using LienThong.Web.Resources;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Board;

internal static class PeriodWords
{
    /// <summary>"Tháng 10/2026", "Quý III/2026": quarters in Roman figures, as offices write them.</summary>
    public static string Name(IStringLocalizer<BoardText> text, string written)
    {
        if (!ReportingPeriod.TryParse(written, out var period)) return written;
        var ordinal = period.Kind is PeriodKind.Quarter ? new[] { "I", "II", "III", "IV" }[period.Ordinal - 1] : period.Ordinal.ToString(CultureInfo.InvariantCulture);
        return text["period.name." + period.Kind, ordinal, period.Year.ToString(CultureInfo.InvariantCulture)];
    }
}
