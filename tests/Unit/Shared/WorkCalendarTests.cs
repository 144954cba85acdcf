using LienThong.Platform.Shared;
using Xunit;

namespace LienThong.Unit.Shared;

/// <summary>The working-day calendar with Tết and make-up days (R-NFR-07).</summary>
public sealed class WorkCalendarTests
{
    private static readonly WorkCalendar Calendar = WorkCalendar.Vietnam;

    [Theory]
    [InlineData("2024-05-04", true)]   // Saturday worked for Monday 29 April.
    [InlineData("2024-04-29", false)]
    [InlineData("2025-01-27", false)]  // Tết Ất Tỵ.
    [InlineData("2025-02-03", true)]
    [InlineData("2025-04-07", false)]  // Giỗ Tổ.
    [InlineData("2025-04-26", true)]
    [InlineData("2025-05-02", false)]
    [InlineData("2025-09-01", false)]
    [InlineData("2026-02-16", false)]
    [InlineData("2026-04-27", false)]  // Giỗ Tổ fell on a Sunday.
    [InlineData("2026-08-22", true)]
    [InlineData("2026-11-21", false)]  // An ordinary Saturday.
    [InlineData("2026-11-23", true)]
    public void Holidays_and_make_up_days_are_data_R_NFR_07(string day, bool worked) => Assert.Equal(worked, Calendar.IsWorkingDay(DateOnly.Parse(day, null)));

    [Theory]
    [InlineData("2027-06-01", 20, "2027-06-29")]   // The example of the reference: no holiday between.
    [InlineData("2025-01-24", 1, "2025-02-03")]    // Across Tết.
    [InlineData("2025-04-25", 1, "2025-04-26")]    // A Saturday worked in exchange counts.
    [InlineData("2025-04-29", 1, "2025-05-05")]
    [InlineData("2026-11-23", -1, "2026-11-20")]
    [InlineData("2026-11-23", 0, "2026-11-23")]
    public void Working_days_are_counted_without_the_first_day_R_TSK_04(string start, int days, string due) =>
        Assert.Equal(DateOnly.Parse(due, null), Calendar.AddWorkingDays(DateOnly.Parse(start, null), days));

    [Fact]
    public void Counting_back_undoes_counting_forward()
    {
        for (var day = new DateOnly(2024, 1, 2); day < new DateOnly(2027, 11, 1); day = day.AddDays(1))
        {
            if (!Calendar.IsWorkingDay(day)) continue;
            var later = Calendar.AddWorkingDays(day, 11);
            Assert.Equal(day, Calendar.AddWorkingDays(later, -11));
            Assert.Equal(11, Calendar.WorkingDaysBetween(day, later));
        }
    }

    [Fact]
    public void A_due_date_on_a_day_off_stays_unless_the_plan_says_it_moves()
    {
        var nationalDay = new DateOnly(2026, 8, 31);
        Assert.Equal(nationalDay, Calendar.Applied(nationalDay, movesToWorkingDay: false));
        Assert.Equal(new DateOnly(2026, 9, 3), Calendar.Applied(nationalDay, movesToWorkingDay: true));
    }

    [Fact]
    public void Every_day_has_a_basis_and_next_years_notice_is_marked_provisional()
    {
        Assert.All(Calendar.Days, d => Assert.NotEmpty(d.LegalBasis));
        Assert.Contains(Calendar.Days, d => d.Day.Year == 2027 && d.Certainty is CalendarCertainty.Provisional);
        Assert.All(Calendar.Days.Where(d => d.Day.Year < 2027), d => Assert.NotEqual(CalendarCertainty.Provisional, d.Certainty));
        Assert.False(Calendar.Covers(new DateOnly(2028, 1, 1)));
    }

    [Theory]
    [InlineData("2026-13-01,off,x,y,S")]
    [InlineData("version,a,2026-01-01,2026-12-31\n2026-11-23,work,x,y,S")]
    [InlineData("version,a,2026-01-01,2026-12-31\n2026-11-23,off,x,y,S\n2026-11-23,off,x,y,S")]
    [InlineData("2026-11-23,off,x,y,S")]
    public void A_file_that_is_no_calendar_is_refused(string text) => Assert.Throws<InvalidDataException>(() => WorkCalendar.Parse(new StringReader(text)));

    [Fact]
    public void The_day_is_the_day_in_Vietnam() =>
        Assert.Equal(new DateOnly(2026, 11, 22), WorkCalendar.DayOf(new DateTimeOffset(2026, 11, 21, 17, 0, 0, TimeSpan.Zero)));
}
