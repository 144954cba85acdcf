using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Web.Desk.Plans;
using LienThong.Web.Resources;
using LienThong.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Exchange;

/// <summary>What every page of the exchange shares: its words, what was typed, and a deed that leads on when it is done or stays with its refusal.</summary>
public abstract class ExchangePage : ComponentBase
{
    [CascadingParameter] public required HttpContext Http { get; set; }
    [Inject] public required IStringLocalizer<ExchangeText> Text { get; set; }
    [Inject] public required IStringLocalizer<ShellText> Shell { get; set; }
    [Inject] public required NavigationManager Go { get; set; }
    [Inject] public required SentForms Sent { get; set; }
    [Inject] public required ICurrentUser User { get; set; }
    [Inject] public required TimeProvider Clock { get; set; }

    protected Refusal? Refusal { get; set; }

    protected DateTimeOffset Now => Clock.GetUtcNow();

    protected DateOnly Today => WorkCalendar.Today(Clock);

    protected string Asked(string name) => Http.Request.Query[name].ToString().Trim();

    protected int Page => int.TryParse(Asked("trang"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : 1;

    protected T? Choice<T>(string name) where T : struct, Enum => Enum.TryParse<T>(Asked(name), out var choice) && Enum.IsDefined(choice) ? choice : null;

    protected string Said(string field) => Http.Said(field);

    /// <summary>What was typed when the form came back, else what stands.</summary>
    protected string Or(string field, string? stands) => Http.Request.HasFormContentType ? Said(field) : stands ?? "";

    protected string Or(string field, long stands) => Or(field, stands.ToString(CultureInfo.InvariantCulture));

    protected string Or(string field, DateOnly? stands) => Or(field, stands is { } day ? Vietnamese.Day(day) : "");

    protected bool Ticked(string field, bool stands = false) => Http.Request.HasFormContentType ? Said(field).Length > 0 : stands;

    protected T Picked<T>(string field, T stands = default) where T : struct, Enum => Enum.TryParse<T>(Said(field), out var choice) && Enum.IsDefined(choice) ? choice : stands;

    protected DateOnly Day(string field) => Typed.Day(Said(field)) ?? default;

    /// <summary>A day and an hour typed beside each other, in Vietnam's time.</summary>
    protected DateTimeOffset? Moment(string day, string hour) =>
        Typed.Day(Said(day)) is not { } date ? null
            : Vietnamese.StartOf(date) + (TimeOnly.TryParseExact(Said(hour), ["H:mm", "HH:mm", "H"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToTimeSpan() : TimeSpan.Zero);

    protected int Number(string field) => int.TryParse(Said(field).Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    protected int? Version => int.TryParse(Said("ban"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    protected IReadOnlyList<string> Lines(string field) => Http.Request.HasFormContentType ? [.. Http.Request.Form[field].SelectMany(l => (l ?? "").Split('\n')).Select(l => l.Trim()).Where(l => l.Length > 0)] : [];

    /// <summary>A form already sent leads where it led; a refusal stays with its status; otherwise on to the next address with one word.</summary>
    protected async Task DoAsync<T>(Func<Task<Result<T>>> deed, Func<T, string> next, string word)
    {
        if (Sent.Where(Said("lan")) is { } already) { Go.NavigateTo(already); return; }
        var result = await deed();
        if (!result.IsGranted(out var answer, out var refusal))
        {
            Refusal = InWords(refusal);
            Http.Answer(refusal);
            return;
        }

        var address = next(answer);
        address += (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "xong=" + word;
        Sent.Remember(Said("lan"), address);
        Go.NavigateTo(address);
    }

    protected Task DoAsync<T>(Func<Task<Result<T>>> deed, string next, string word) => DoAsync(deed, _ => next, word);

    protected bool Take<T>(Result<T> result, out T? answer)
    {
        if (result.IsGranted(out answer, out var refusal)) return true;
        Refusal = InWords(refusal);
        Http.Answer(refusal);
        return false;
    }

    /// <summary>Names of ours that stand in a refusal (a field, a right, a state, a reason) as words of the reader.</summary>
    private Refusal InWords(Refusal refusal) => refusal.Code switch
    {
        "exchange.text.missing" or "exchange.text.too-long" => refusal with { Arguments = [Text["field." + refusal.Arguments[0]].Value, .. refusal.Arguments.Skip(1)] },
        "exchange.not-allowed" => refusal with { Arguments = [Text["right." + refusal.Arguments[0]].Value] },
        "exchange.request.state" => refusal with { Arguments = [refusal.Arguments[0], Text["request-state." + refusal.Arguments[1]].Value] },
        "exchange.interface.unreadable" => refusal with { Arguments = [Text["unreadable." + refusal.Arguments[0]].Value, refusal.Arguments[1]] },
        _ => refusal,
    };
}

/// <summary>Tone and mark of each state; the word stands beside it.</summary>
internal static class ExchangeWords
{
    public static (string Tone, string Shape) Mark(ServiceState state) => state switch
    {
        ServiceState.Published => ("ok", "d"),
        ServiceState.Suspended => ("warn", "p"),
        ServiceState.Withdrawn => ("no", "n"),
        ServiceState.Ready => ("go", "h"),
        _ => ("no", "o"),
    };

    public static (string Tone, string Shape) Mark(RequestStanding standing) => standing switch
    {
        { IsLate: true, IsAnswered: false } => ("bad", "q"),
        { State: RequestState.InUse or RequestState.Granted } => ("ok", "d"),
        { State: RequestState.Approved } => ("go", "h"),
        { State: RequestState.WaitingSupplement } => ("warn", "w"),
        { State: RequestState.Suspended } => ("warn", "p"),
        { State: RequestState.Refused } => ("bad", "r"),
        { State: RequestState.Sent or RequestState.Received } => ("go", "h"),
        _ => ("no", "n"),
    };

    public static (string Tone, string Shape) Mark(AgreementState state) => state switch
    {
        AgreementState.InForce => ("ok", "d"),
        AgreementState.Suspended => ("warn", "p"),
        AgreementState.Ahead => ("go", "o"),
        AgreementState.AwaitingSignature => ("warn", "w"),
        _ => ("no", "n"),
    };

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
