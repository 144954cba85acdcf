using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>One thing the public is told: a service stops, or was withdrawn (R-SHR-08).</summary>
public sealed record NoticeLine(string ServiceName, string UnitName, SuspensionCause? Cause, DateTimeOffset From, DateTimeOffset? Until, string? Notice);

/// <summary>
/// Stops of published services that hold or are announced, and services withdrawn of late, for everybody to read. Stops of a single agreement concern two
/// bodies and stand on its page; an upstream, a consumer or a basis is nobody else's business and is not in it.
/// </summary>
public sealed class FindNotices(ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    /// <summary>Whoever used a service and was away for a while still finds that it ended.</summary>
    private const int WithdrawnDays = 90;

    /// <summary>More would be a province that stands still; the newest are what a reader needs.</summary>
    public const int ListMax = 200;

    public async Task<IReadOnlyList<NoticeLine>> HandleAsync(CancellationToken cancellationToken)
    {
        var (book, now) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow());
        var lines = new List<NoticeLine>();
        var names = await access.NamesAsync(book.Services.Values.Select(s => s.Unit), cancellationToken);
        foreach (var service in book.Services.Values)
        {
            var events = book.EventsOf(service.Id.Value);
            if (!events.Any(e => e.Kind is ExchangeEventKind.Published && e.At <= now)) continue;
            var (name, unit) = (book.Of(service.Id).Name, names[service.Unit]);
            if (events.FirstOrDefault(e => e.Kind is ExchangeEventKind.Withdrawn && e.At <= now) is { } end)
            {
                if (end.At > now.AddDays(-WithdrawnDays)) lines.Add(new NoticeLine(name, unit, null, end.At, null, null));
                continue;
            }

            lines.AddRange(Suspension.Of(events, now).Where(s => s.Until is null || s.Until > now).Select(s => new NoticeLine(name, unit, s.Cause, s.From, s.Until, s.Notice)));
        }

        return [.. lines.OrderBy(l => l.From).TakeLast(ListMax)];
    }
}
