using System.Collections.Frozen;
using System.Globalization;
using LienThong.Kernel;

namespace LienThong.Platform.Shared;

/// <summary>How sure a day of the calendar is: the text was read, secondary sources agree, or it is computed before the year's notice.</summary>
public enum CalendarCertainty { Sure, Secondary, Provisional }

/// <param name="IsWorked">False: a weekday nobody works. True: a Saturday or Sunday worked in exchange for a weekday.</param>
public sealed record CalendarDay(DateOnly Day, bool IsWorked, string Name, string LegalBasis, CalendarCertainty Certainty);

/// <summary>
/// Working days of Vietnam's public offices (R-NFR-07): holidays and make-up days are data with a legal basis, in a named version. A deadline
/// keeps the name of the version it was computed with and is computed again only by decision. Beyond the years of the data only weekends are
/// known; <see cref="Covers"/> says so.
/// </summary>
public sealed class WorkCalendar
{
    private readonly FrozenDictionary<DateOnly, CalendarDay> _days;

    private WorkCalendar(string version, DateOnly from, DateOnly to, IReadOnlyList<CalendarDay> days)
    {
        (Version, From, To, Days) = (version, from, to, days);
        _days = days.ToFrozenDictionary(d => d.Day);
    }

    /// <summary>The calendar that ships with the product.</summary>
    public static WorkCalendar Vietnam { get; } = ReadShipped();

    /// <summary>"VN-2026.2": kept beside every date computed with it.</summary>
    public string Version { get; }

    public DateOnly From { get; }

    public DateOnly To { get; }

    public IReadOnlyList<CalendarDay> Days { get; }

    /// <summary>The day it is in Vietnam at that instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => Vietnamese.DayOf(instant);

    public static DateOnly Today(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return Vietnamese.DayOf(clock.GetUtcNow());
    }

    /// <summary>Whether holidays of that day's year are known; provisional days count as known.</summary>
    public bool Covers(DateOnly day) => day >= From && day <= To;

    public CalendarDay? Special(DateOnly day) => _days.GetValueOrDefault(day);

    public bool IsWorkingDay(DateOnly day) =>
        _days.TryGetValue(day, out var special) ? special.IsWorked : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The day that many working days after (or, negative, before) <paramref name="start"/>; the start itself is not counted.</summary>
    public DateOnly AddWorkingDays(DateOnly start, int days)
    {
        var step = Math.Sign(days);
        var day = start;
        for (var left = Math.Abs(days); left > 0;)
        {
            day = day.AddDays(step);
            if (IsWorkingDay(day)) left--;
        }

        return day;
    }

    /// <summary>Working days after <paramref name="from"/> up to and including <paramref name="to"/>; negative when <paramref name="to"/> is earlier.</summary>
    public int WorkingDaysBetween(DateOnly from, DateOnly to)
    {
        if (to < from) return -WorkingDaysBetween(to, from);
        var count = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
        {
            if (IsWorkingDay(day)) count++;
        }

        return count;
    }

    /// <summary>
    /// The deadline as it is applied. Whether a date on a day off moves to the next working day is a parameter of the plan, by default no
    /// (monitoring §4): the officer reads the date that the document says.
    /// </summary>
    public DateOnly Applied(DateOnly due, bool movesToWorkingDay)
    {
        while (movesToWorkingDay && !IsWorkingDay(due)) due = due.AddDays(1);
        return due;
    }

    /// <summary>Reads the calendar file: one <c>version</c> line, then one line a day. A province may put a newer one in its data folder.</summary>
    /// <exception cref="InvalidDataException">The file is not a calendar; the message names the line.</exception>
    public static WorkCalendar Parse(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? version = null;
        var (from, to) = (DateOnly.MinValue, DateOnly.MaxValue);
        var days = new List<CalendarDay>();
        var number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split(',');
            if (cells is ["version", _, _, _])
            {
                (version, from, to) = (cells[1], Day(cells[2]), Day(cells[3]));
                continue;
            }

            if (cells.Length != 5 || cells[1] is not ("off" or "work")) throw new InvalidDataException($"Work calendar, line {number}: not a day.");
            var day = new CalendarDay(Day(cells[0]), cells[1] == "work", cells[2], cells[3], cells[4] switch
            {
                "S" => CalendarCertainty.Sure,
                "M" => CalendarCertainty.Secondary,
                _ => CalendarCertainty.Provisional,
            });
            if (day.IsWorked != day.Day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                throw new InvalidDataException($"Work calendar, line {number}: a weekday is given off, a weekend day is given as work.");
            }

            if (days.Any(d => d.Day == day.Day)) throw new InvalidDataException($"Work calendar, line {number}: the day stands twice.");
            days.Add(day);
        }

        return new WorkCalendar(version ?? throw new InvalidDataException("Work calendar: no version line."), from, to, days);

        DateOnly Day(string cell) => DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new InvalidDataException($"Work calendar, line {number}: {cell} is not a date.");
    }

    private static WorkCalendar ReadShipped()
    {
        using var stream = typeof(WorkCalendar).Assembly.GetManifestResourceStream("LienThong.Platform.Shared.WorkCalendar.csv")!;
        using var reader = new StreamReader(stream);
        return Parse(reader);
    }
}
