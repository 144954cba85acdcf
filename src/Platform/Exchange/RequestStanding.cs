using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>The states of R-SHR-02: nháp, đã gửi, tiếp nhận, chờ bổ sung, chấp thuận, từ chối, cấp kết nối, đang khai thác, tạm ngừng, chấm dứt; and taken back by who asked.</summary>
public enum RequestState { Draft, Sent, Received, WaitingSupplement, Approved, Refused, Granted, InUse, Suspended, Ended, TakenBack }

/// <summary>
/// Where a request stands, computed from what happened and the clock. The clock runs from the day after sending, in working days, and stops only while
/// the consumer owes a supplement; what was late before it stopped stays late, and a provider cannot buy time by asking after the term.
/// </summary>
/// <param name="Due">Last day to answer; moves with each stop. Null before sending.</param>
/// <param name="IsStopped">The clock stands, because a supplement is owed.</param>
/// <param name="DaysLeft">Working days from today to the due day; negative when over. Null when answered or not sent.</param>
/// <param name="AnsweredOn">The day of approval or refusal.</param>
/// <param name="IsLate">Not answered within the term: the answer came late, or silence outlasted it.</param>
/// <param name="Climb">Who must act on the silence; null while in time or answered.</param>
public sealed record RequestStanding(
    RequestState State, DateOnly? SentOn, DateOnly? Due, bool IsStopped, int? DaysLeft, DateOnly? AnsweredOn, bool IsLate, Escalation? Climb, int Supplements, int StoppedWorkingDays)
{
    public bool IsAnswered => AnsweredOn is not null;

    /// <summary>Within its term and unanswered: kept out of the denominator and shown apart (R-MON-03).</summary>
    public bool IsInsideTerm => SentOn is not null && !IsAnswered && !IsLate && State is not RequestState.TakenBack;

    /// <summary>Whether the same consumer would ask twice with another request now.</summary>
    public bool IsOpen => State is not (RequestState.Refused or RequestState.Ended or RequestState.TakenBack);

    public static RequestStanding Of(ExchangeBook book, SharingRequest request, DateTimeOffset now, ExchangeParameters terms, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        var own = Of(book.EventsOf(request.Id.Value), now, terms, calendar);
        if (own.State is not RequestState.Approved) return own;

        // What became of it is read from its agreements: the most alive one speaks for the request.
        var best = own.State;
        foreach (var agreement in book.AgreementsOf(request.Id))
        {
            var state = AgreementStanding.Of(book, agreement, now).State switch
            {
                AgreementState.InForce => book.EventsOf(agreement.Id.Value).Any(e => e.Kind is ExchangeEventKind.FirstCall && e.At <= now) ? RequestState.InUse : RequestState.Granted,
                AgreementState.Suspended => RequestState.Suspended,
                AgreementState.Expired or AgreementState.Terminated => RequestState.Ended,
                _ => RequestState.Approved,
            };
            if (best is RequestState.Approved || Rank(state) > Rank(best)) best = state;
        }

        return own with { State = best };

        static int Rank(RequestState state) => state switch { RequestState.InUse => 4, RequestState.Granted => 3, RequestState.Suspended => 2, RequestState.Approved => 1, _ => 0 };
    }

    /// <summary>The part that its own events decide.</summary>
    public static RequestStanding Of(IReadOnlyList<ExchangeEvent> events, DateTimeOffset now, ExchangeParameters terms, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(calendar);
        var today = Vietnamese.DayOf(now);
        var state = RequestState.Draft;
        var (sent, due, asked, answered) = ((DateOnly?)null, (DateOnly?)null, (DateOnly?)null, (DateOnly?)null);
        var (supplements, stopped) = (0, 0);
        foreach (var fact in events.Where(e => e.At <= now))
        {
            var day = Vietnamese.DayOf(fact.At);
            switch (fact.Kind)
            {
                case ExchangeEventKind.Sent: (state, sent, due) = (RequestState.Sent, day, fact.Day); break;
                case ExchangeEventKind.Received: state = RequestState.Received; break;
                case ExchangeEventKind.SupplementAsked: (state, asked, supplements) = (RequestState.WaitingSupplement, day, supplements + 1); break;
                case ExchangeEventKind.Supplemented:
                    if (asked is { } since && due is { } last && since <= last)
                    {
                        var days = calendar.WorkingDaysBetween(since, day);
                        (due, stopped) = (calendar.AddWorkingDays(last, days), stopped + days);
                    }

                    (state, asked) = (RequestState.Received, null);
                    break;
                case ExchangeEventKind.Approved: (state, answered, asked) = (RequestState.Approved, day, null); break;
                case ExchangeEventKind.Refused: (state, answered, asked) = (RequestState.Refused, day, null); break;
                case ExchangeEventKind.WithdrawnByConsumer: state = RequestState.TakenBack; break;
            }
        }

        if (due is not { } term) return new RequestStanding(state, sent, due, false, null, answered, false, null, supplements, stopped);
        var isStopped = state is RequestState.WaitingSupplement && asked <= term;
        var isOver = state is RequestState.TakenBack or RequestState.Refused || answered is not null;

        // While stopped the days left are those of the moment it stopped.
        int? left = isOver ? null : calendar.WorkingDaysBetween(isStopped ? asked!.Value : today, term);
        var isLate = answered is { } on ? on > term : state is not RequestState.TakenBack && !isStopped && today > term;
        var climb = isLate && answered is null ? Escalation.At(term, today, terms, calendar) : null;
        return new RequestStanding(state, sent, due, isStopped, left, answered, isLate, climb, supplements, stopped);
    }
}
