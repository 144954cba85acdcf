using System.Globalization;

namespace LienThong.Kernel;

/// <summary>
/// Numbers and dates as Vietnamese offices write them: 1.234.567,89 · 85,5 % · 10/11/2026. The formats are set by hand on a read-only
/// culture, because the ICU of the host is not to be trusted. Vietnam has had one offset and no summer time since 1975.
/// </summary>
public static class Vietnamese
{
    public static TimeSpan Offset { get; } = TimeSpan.FromHours(7);

    public static CultureInfo Culture { get; } = MakeCulture();

    /// <summary>The day it is in Vietnam at that instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    /// <summary>The first instant of that day in Vietnam, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime();

    /// <summary>The first instant after that day in Vietnam, in UTC.</summary>
    public static DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", Culture);

    /// <summary>10/11/2026, 07:30.</summary>
    public static string Instant(DateTimeOffset instant) => instant.ToOffset(Offset).ToString("dd/MM/yyyy, HH:mm", Culture);

    /// <summary>1.234.567,89 with at most that many decimals, none padded.</summary>
    public static string Number(decimal value, int decimals = 2) =>
        value.ToString("#,##0" + (decimals > 0 ? "." + new string('#', decimals) : ""), Culture);

    /// <summary>85,5 % with a no-break space; the argument is a share of one.</summary>
    public static string Percent(decimal share, int decimals = 1) => Number(share * 100, decimals) + "\u00A0%";

    private static CultureInfo MakeCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            NumberGroupSizes = [3],
            PercentDecimalSeparator = ",",
            PercentGroupSeparator = ".",
            CurrencyDecimalSeparator = ",",
            CurrencyGroupSeparator = ".",
        };
        culture.DateTimeFormat.ShortDatePattern = "dd/MM/yyyy";
        culture.DateTimeFormat.DateSeparator = "/";
        culture.DateTimeFormat.TimeSeparator = ":";
        culture.DateTimeFormat.FirstDayOfWeek = DayOfWeek.Monday;
        return CultureInfo.ReadOnly(culture);
    }
}
