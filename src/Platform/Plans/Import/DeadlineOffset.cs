namespace LienThong.Platform.Plans.Import;

/// <summary>The day that lies a number of days, weeks … after another (monitoring §4): used when a document is read and when its event is recorded.</summary>
public static class DeadlineOffset
{
    /// <summary>The first day is not counted; "ngày" without "làm việc" are calendar days.</summary>
    public static DateOnly After(DateOnly from, int number, OffsetUnit unit, IWorkDays workDays)
    {
        ArgumentNullException.ThrowIfNull(workDays);
        switch (unit)
        {
            case OffsetUnit.Weeks: return from.AddDays(7 * number);
            case OffsetUnit.Months: return from.AddMonths(number);
            case OffsetUnit.Years: return from.AddYears(number);
            case OffsetUnit.Days: return from.AddDays(number);
            default:
                // A calendar without working days would never end, so the search has a limit of years.
                var day = from;
                for (var step = 0; number > 0 && step < 4_000; step++)
                {
                    day = day.AddDays(1);
                    if (workDays.IsWorkingDay(day)) number--;
                }

                return day;
        }
    }
}
