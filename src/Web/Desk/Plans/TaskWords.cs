using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Plans;

/// <summary>How a standing is drawn: tone and shape of the mark, and the key of its words. Round is in time, square is late; hollow, half, solid is the work done.</summary>
internal static class TaskWords
{
    public static (string Tone, string Shape) Mark(StatusGroup group) => group switch
    {
        StatusGroup.DoneOnTime => ("ok", "d"),
        StatusGroup.DoneLate => ("warn", "sd"),
        StatusGroup.DoingInTime => ("go", "h"),
        StatusGroup.DoingLate => ("bad", "sh"),
        StatusGroup.NotStartedInTime => ("no", "o"),
        StatusGroup.NotStartedLate => ("bad", "so"),
        StatusGroup.Paused => ("no", "p"),
        _ => ("no", "n"),
    };

    /// <summary>"81 %", or nothing when nothing was ever said: a gap is never shown as zero.</summary>
    public static string Percent(decimal? value) => value is { } percent ? Vietnamese.Percent(percent / 100, 1) : "";

    public static string Day(DateOnly? day) => day is { } known ? Vietnamese.Day(known) : "";

    /// <summary>A plan is called by its number, "Kế hoạch 118/KH-UBND"; a draft without one by its own title.</summary>
    public static string PlanName(IStringLocalizer text, string name, bool formal = false) =>
        name.Length > 0 && char.IsDigit(name[0]) && name.Contains('/', StringComparison.Ordinal) ? text[formal ? "plan.word.formal" : "plan.word", name] : name;

    /// <summary>What was recorded for a day has no hour; midnight would pretend that it had.</summary>
    public static string When(DateTimeOffset at) =>
        at.ToOffset(Vietnamese.Offset) is { Hour: 0, Minute: 0 } local ? Vietnamese.Day(DateOnly.FromDateTime(local.DateTime)) : Vietnamese.Instant(at);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The date as documents write it, with a zero before days under ten and months one and two.</summary>
    public static string Formal(IStringLocalizer text, DateOnly day) =>
        text["date.formal", day.Day.ToString("00", CultureInfo.InvariantCulture), day.Month.ToString(day.Month < 3 ? "00" : "0", CultureInfo.InvariantCulture), day.Year.ToString(CultureInfo.InvariantCulture)];

    /// <summary>First and last four of a SHA-256, enough to compare by eye; the whole stands in the title of the download.</summary>
    public static string Short(string sha256) => sha256.Length < 12 ? sha256 : sha256[..4] + "…" + sha256[^4..];

    public static string Size(long bytes) => bytes < 1024 * 1024 ? Vietnamese.Number(Math.Max(1, bytes / 1024m), 0) + " kB" : Vietnamese.Number(bytes / (1024m * 1024m), 1) + " MB";
}
