using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public enum ServiceState
{
    /// <summary>Described, perhaps without an interface yet.</summary>
    Draft,

    /// <summary>Its provider says it works; publishing has its term.</summary>
    Ready, Published, Suspended, Withdrawn,
}

/// <summary>Where a service stands at an instant.</summary>
/// <param name="PublishDue">The last day to publish what was declared ready; null when nothing waits.</param>
/// <param name="IsLate">That day is over.</param>
/// <param name="Published">The newest published version of each major version, highest major first.</param>
public sealed record ServiceStanding(ServiceState State, DateOnly? PublishDue, bool IsLate, IReadOnlyList<ServiceVersion> Published, Suspension? Stop, IReadOnlyList<Suspension> Ahead)
{
    public ServiceVersion? Newest => Published.Count > 0 ? Published[0] : null;

    public ServiceVersion? OfMajor(int major) => Published.FirstOrDefault(v => v.Major == major);

    public static ServiceStanding Of(ExchangeBook book, DataService service, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(service);
        var events = book.EventsOf(service.Id.Value);
        var versions = book.ServiceVersions.Of(service.Id).ToDictionary(v => v.Id.Value);
        var newest = new SortedDictionary<int, ServiceVersion>(Comparer<int>.Create((a, b) => b.CompareTo(a)));
        DateOnly? due = null;
        var isWithdrawn = false;
        foreach (var fact in events.Where(e => e.At <= now))
        {
            switch (fact.Kind)
            {
                case ExchangeEventKind.DeclaredReady: due = fact.Day; break;
                case ExchangeEventKind.Published when fact.Target is { } target && versions.TryGetValue(target, out var version):
                    newest[version.Major] = version;
                    due = null;
                    break;
                case ExchangeEventKind.Withdrawn: isWithdrawn = true; break;
            }
        }

        var stops = Suspension.Of(events, now);
        var stop = stops.LastOrDefault(s => s.Covers(now));
        var state = isWithdrawn ? ServiceState.Withdrawn
            : newest.Count > 0 ? stop is null ? ServiceState.Published : ServiceState.Suspended
            : due is null ? ServiceState.Draft : ServiceState.Ready;
        if (isWithdrawn) due = null;
        return new ServiceStanding(state, due, due is { } day && WorkCalendar.DayOf(now) > day, [.. newest.Values], stop, [.. stops.Where(s => s.From > now)]);
    }
}
