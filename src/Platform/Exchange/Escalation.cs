using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>Who must answer, since when, and until which day; the leader of the province is the last, and has no term in the rule.</summary>
public sealed record Escalation(DisputeLevel Level, DateOnly Since, DateOnly? Due)
{
    /// <summary>The level that silence has reached by that day: the other party for its term, then the standing body for its, then the leader.</summary>
    public static Escalation At(DateOnly start, DateOnly today, ExchangeParameters terms, WorkCalendar calendar, DisputeLevel from = DisputeLevel.Party)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(calendar);
        var (level, since) = (from, start);
        while (true)
        {
            int? days = level switch { DisputeLevel.Party => terms.DisputePartyWorkingDays, DisputeLevel.StandingBody => terms.DisputeStandingBodyWorkingDays, _ => null };
            if (days is not { } term) return new Escalation(level, since, null);
            var due = calendar.AddWorkingDays(since, term);
            if (today <= due) return new Escalation(level, since, due);
            (level, since) = (level + 1, due);
        }
    }
}
