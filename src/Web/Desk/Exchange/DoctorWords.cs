using LienThong.Kernel;

namespace LienThong.Web.Desk.Exchange;

/// <summary>Facts of a finding as people read them, on the page and on the terminal.</summary>
public static class DoctorWords
{
    public static object Shown(object argument) => argument switch
    {
        DateTimeOffset instant => Vietnamese.Instant(instant),
        DateOnly day => Vietnamese.Day(day),
        long number => Vietnamese.Number(number, 0),
        _ => argument,
    };
}
