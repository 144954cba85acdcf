namespace LienThong.Platform.Plans.Import;

/// <summary>Which days count as working days: holidays and make-up days are data of the calendar behind it.</summary>
public interface IWorkDays
{
    bool IsWorkingDay(DateOnly day);
}

/// <summary>Monday to Friday, for reading a document where no calendar is at hand; holidays are unknown to it.</summary>
public sealed class WeekDays : IWorkDays
{
    public static WeekDays Instance { get; } = new();

    public bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
