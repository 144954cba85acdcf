using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Monitoring;
using LienThong.Web.Desk.Exchange;
using LienThong.Web.Desk.Plans;
using LienThong.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Monitoring;

/// <summary>What pages over connections and calls share beside what pages of the exchange do: their words, and the period asked for.</summary>
public abstract class MonitoringPage : ExchangePage
{
    [Inject] public required IStringLocalizer<MonitoringText> Words { get; set; }

    protected Period Period => AskedPeriod.Of(Http, Now);

    protected string PeriodWords => $"{Vietnamese.Instant(Period.From)} – {Vietnamese.Instant(Period.Until)}";

    protected string EndWords(CallEnd end) => Words["end." + end];

    /// <summary>The calls behind a figure: the same period and condition, as an address.</summary>
    protected string Calls(params (string Name, string? Value)[] more) => AskedPeriod.Calls(Period, more);
}

/// <summary>Periods in addresses: whole days as people type them, or hours of UTC as links between figures carry them.</summary>
internal static class AskedPeriod
{
    private const string HourForm = "yyyy-MM-dd'T'HH";

    public static Period Of(HttpContext http, DateTimeOffset now)
    {
        var (from, until) = (http.Request.Query["tu"].ToString().Trim(), http.Request.Query["den"].ToString().Trim());
        if (Hour(from) is { } first && Hour(until) is { } last) return new Period(first, last);
        return Typed.Day(from) is { } day ? new Period(Vietnamese.StartOf(day), Vietnamese.EndOf(Typed.Day(until) ?? day)) : Period.LastDay(now);
    }

    public static string Calls(Period period, params (string Name, string? Value)[] more) =>
        "/luot-goi?" + string.Join('&', new[] { ("tu", (string?)Text(period.From)), ("den", Text(period.Until)) }.Concat(more).Where(m => m.Item2 is { Length: > 0 }).Select(m => m.Item1 + "=" + Uri.EscapeDataString(m.Item2!)));

    public static string Text(DateTimeOffset hour) => hour.UtcDateTime.ToString(HourForm, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Hour(string text) =>
        DateTimeOffset.TryParseExact(text, HourForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour) && hour.Year is > 2000 and < 2200 ? hour.ToUniversalTime() : null;
}

/// <summary>Tone and mark of what is shown; the word stands beside it.</summary>
internal static class MonitoringWords
{
    public static (string Tone, string Shape) Mark(ConnectionHealth health) => health switch
    {
        ConnectionHealth.Steady => ("ok", "d"),
        ConnectionHealth.Slow => ("warn", "t"),
        ConnectionHealth.Failing => ("bad", "r"),
        ConnectionHealth.Interrupted => ("bad", "q"),
        ConnectionHealth.Suspended => ("warn", "p"),
        ConnectionHealth.Waiting => ("go", "o"),
        _ => ("no", "n"),
    };

    public static (string Tone, string Shape) Mark(CallEnd end, bool isUnknown = true) => end switch
    {
        CallEnd.Success => ("ok", "d"),
        CallEnd.Business => ("warn", "t"),
        CallEnd.Provider => ("bad", "r"),
        CallEnd.Policy => ("go", "w"),
        CallEnd.Transport => ("bad", "q"),
        CallEnd.Open => (isUnknown ? "bad" : "go", isUnknown ? "o" : "h"),
        _ => ("no", "n"),
    };

    public static string Percent(decimal? share) => share is { } known ? Vietnamese.Percent(known, 2) : "–";

    public static string Milliseconds(int? value) => value is { } known ? Vietnamese.Number(known, 0) : "–";
}
