namespace LienThong.Platform.Exchange;

/// <summary>A stop, as announced and perhaps cut short.</summary>
/// <param name="Until">Exclusive; null while it is open.</param>
public sealed record Suspension(long Number, SuspensionCause Cause, DateTimeOffset AnnouncedAt, DateTimeOffset From, DateTimeOffset? Until, string? Notice, string? Basis, string? Document, bool IsNoticeLate)
{
    public bool Covers(DateTimeOffset instant) => From <= instant && (Until is null || instant < Until);

    /// <summary>The stops of a service or an agreement, in order. A resumption ends all that have begun, and takes back none that is still ahead.</summary>
    public static IReadOnlyList<Suspension> Of(IReadOnlyList<ExchangeEvent> events, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(events);
        var stops = new List<Suspension>();
        foreach (var fact in events)
        {
            if (fact.At > asOf) continue;
            if (fact.Kind is ExchangeEventKind.SuspensionAnnounced)
            {
                stops.Add(new Suspension(
                    fact.Number, fact.WordAs<SuspensionCause>() ?? SuspensionCause.Incident, fact.At, fact.EffectiveFrom ?? fact.At, fact.EffectiveUntil, fact.Text, fact.Basis, fact.Document, fact.Days is 1));
            }
            else if (fact.Kind is ExchangeEventKind.Resumed)
            {
                var at = fact.EffectiveFrom ?? fact.At;
                for (var i = 0; i < stops.Count; i++)
                {
                    if (stops[i].From <= at && (stops[i].Until is null || stops[i].Until > at)) stops[i] = stops[i] with { Until = at };
                }
            }
        }

        return stops;
    }
}
