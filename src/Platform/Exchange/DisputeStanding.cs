using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public enum DisputeState { Open, Answered, Settled }

/// <summary>
/// Where a dispute stands (R-SHR-10). Silence climbs by itself when its term ends; an answer waits for whoever raised it, who accepts it or takes it
/// one level up, and from then on the next term runs.
/// </summary>
public sealed record DisputeStanding(DisputeState State, Escalation Climb, DateOnly RaisedOn, DateOnly? SettledOn)
{
    public bool IsLate(DateOnly today) => State is DisputeState.Open && Climb.Due is { } due && today > due;

    public static DisputeStanding Of(ExchangeBook book, SharingDispute dispute, DateTimeOffset now, ExchangeParameters terms, WorkCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(dispute);
        var today = Vietnamese.DayOf(now);
        var raised = Vietnamese.DayOf(dispute.CreatedAt);
        var (state, level, since) = (DisputeState.Open, DisputeLevel.Party, raised);
        DateOnly? settled = null;
        Escalation? frozen = null;
        foreach (var fact in book.EventsOf(dispute.Id.Value).Where(e => e.At <= now))
        {
            var day = Vietnamese.DayOf(fact.At);
            switch (fact.Kind)
            {
                case ExchangeEventKind.DisputeAnswered: (state, frozen) = (DisputeState.Answered, Escalation.At(since, day, terms, calendar, level)); break;
                case ExchangeEventKind.DisputeAppealed:
                    var at = frozen ?? Escalation.At(since, day, terms, calendar, level);
                    (state, level, since, frozen) = (DisputeState.Open, at.Level < DisputeLevel.ProvinceLeader ? at.Level + 1 : at.Level, day, null);
                    break;
                case ExchangeEventKind.DisputeSettled: (state, settled, frozen) = (DisputeState.Settled, day, frozen ?? Escalation.At(since, day, terms, calendar, level)); break;
            }
        }

        return new DisputeStanding(state, frozen ?? Escalation.At(since, today, terms, calendar, level), raised, settled);
    }
}
