using System.Globalization;

namespace LienThong.Kernel;

/// <summary>The lengths a report may have in Vietnamese administration; nine months is one of them.</summary>
public enum PeriodKind { Month, Quarter, Half, NineMonths, Year }

/// <summary>
/// One reporting period of the calendar: kind, year and ordinal (month 1–12, quarter 1–4, half 1–2, otherwise 1).
/// The cut-off of an official report may be shifted from the calendar; that shift is effective-dated data and is applied by
/// whoever owns the report, not here. Written YYYY-MM, YYYY-Qn, YYYY-Hn, YYYY-9M, YYYY.
/// </summary>
public readonly record struct ReportingPeriod(PeriodKind Kind, int Year, int Ordinal)
{
    public DateOnly From => Kind switch
    {
        PeriodKind.Month => new(Year, Ordinal, 1),
        PeriodKind.Quarter => new(Year, (3 * (Ordinal - 1)) + 1, 1),
        PeriodKind.Half => new(Year, (6 * (Ordinal - 1)) + 1, 1),
        _ => new(Year, 1, 1),
    };

    /// <summary>The last day, inclusive.</summary>
    public DateOnly To => From.AddMonths(Kind switch
    {
        PeriodKind.Month => 1,
        PeriodKind.Quarter => 3,
        PeriodKind.Half => 6,
        PeriodKind.NineMonths => 9,
        _ => 12,
    }).AddDays(-1);

    public static ReportingPeriod Containing(PeriodKind kind, DateOnly day) => kind switch
    {
        PeriodKind.Month => new(kind, day.Year, day.Month),
        PeriodKind.Quarter => new(kind, day.Year, ((day.Month - 1) / 3) + 1),
        PeriodKind.Half => new(kind, day.Year, ((day.Month - 1) / 6) + 1),
        _ => new(kind, day.Year, 1),
    };

    public static bool TryParse(string? text, out ReportingPeriod period)
    {
        period = default;
        if (text is not { Length: >= 4 and <= 7 } || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year < 1900)
        {
            return false;
        }

        var rest = text[4..];
        if (rest.Length == 0) { period = new(PeriodKind.Year, year, 1); return true; }
        if (rest[0] != '-' || rest.Length == 1) return false;
        rest = rest[1..];
        if (rest is "9M") { period = new(PeriodKind.NineMonths, year, 1); return true; }

        var (kind, digits, most) = rest[0] switch
        {
            'Q' => (PeriodKind.Quarter, rest[1..], 4),
            'H' => (PeriodKind.Half, rest[1..], 2),
            _ => (PeriodKind.Month, rest, 12),
        };
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) || ordinal < 1 || ordinal > most) return false;
        if (kind is PeriodKind.Month && digits.Length != 2) return false;
        period = new(kind, year, ordinal);
        return true;
    }

    public override string ToString() => Kind switch
    {
        PeriodKind.Month => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Ordinal:00}"),
        PeriodKind.Quarter => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-Q{Ordinal}"),
        PeriodKind.Half => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-H{Ordinal}"),
        PeriodKind.NineMonths => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-9M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}"),
    };
}
