using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>Tells monitoring what is connected with what, and how requests were answered; every answer is computed from the book of this moment.</summary>
public sealed class ExchangeFacts(ExchangeIndex index, IOrgUnits units, ExchangeOptions options, WorkCalendar calendar, TimeProvider clock) : IExchangeFacts
{
    public async Task<IReadOnlyList<ConnectionFact>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        var (book, now) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow());
        var names = await NamesAsync(book.Agreements.Values.SelectMany(a => new[] { a.Consumer, a.Provider }), cancellationToken);
        var facts = new List<ConnectionFact>();
        foreach (var agreement in book.Agreements.Values.OrderBy(a => a.Code, StringComparer.Ordinal))
        {
            var standing = AgreementStanding.Of(book, agreement, now);
            var said = standing.Current ?? standing.Pending ?? book.AgreementRevisions.Of(agreement.Id)[^1];
            var service = book.Services[agreement.Service];
            var stop = standing.Stops.Concat(Suspension.Of(book.EventsOf(service.Id.Value), now)).LastOrDefault(s => s.Covers(now));
            var state = standing.State switch
            {
                AgreementState.InForce => stop is null ? ConnectionState.Granted : ConnectionState.Suspended,
                AgreementState.Suspended => ConnectionState.Suspended,
                AgreementState.Expired or AgreementState.Terminated => ConnectionState.Ended,
                _ => ConnectionState.Waiting,
            };
            facts.Add(new ConnectionFact(
                agreement.Id, agreement.Code, book.Subsystems[agreement.ConsumerSubsystem].Identifier(options.Instance), agreement.Consumer, names[agreement.Consumer], book.Subsystems[service.Provider].Identifier(options.Instance),
                agreement.Provider, names[agreement.Provider], service.Id, RoadName(book, service, agreement.Major), service.Code, book.Of(service.Id).Name, said.Purpose, said.Fields.Count, state, said.ValidFrom, said.ValidUntil,
                stop?.Notice, IsSimulated(book, service)));
        }

        return facts;
    }

    public async Task<IReadOnlyList<ServiceFact>> ServicesAsync(CancellationToken cancellationToken)
    {
        var (book, now) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow());
        var names = await NamesAsync(book.Services.Values.Select(s => s.Unit), cancellationToken);
        return [.. from service in book.Services.Values.OrderBy(s => s.Code, StringComparer.Ordinal)
                   let standing = ServiceStanding.Of(book, service, now)
                   where standing.State is ServiceState.Published or ServiceState.Suspended
                   let said = book.Of(service.Id)
                   select new ServiceFact(service.Id, service.Code, said.Name, said.Dataset, service.Unit, names[service.Unit], RoadName(book, service, 1), said.Upstreams, standing.Stop is not null, IsSimulated(book, service))];
    }

    public async Task<IReadOnlyList<SubsystemFact>> SubsystemsAsync(CancellationToken cancellationToken)
    {
        var book = await index.CurrentAsync(cancellationToken);
        var names = await NamesAsync(book.Subsystems.Values.Select(s => s.Unit), cancellationToken);
        return [.. book.Subsystems.Values.Select(s => new SubsystemFact(s.Identifier(options.Instance), s.Name, s.Unit, names[s.Unit], book.Of(s.System).IsSimulated)).OrderBy(s => s.Identifier, StringComparer.Ordinal)];
    }

    public async Task<RequestCounts> RequestsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (book, now, terms) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow(), await index.ParametersAsync(cancellationToken));
        var (first, last) = (Vietnamese.DayOf(from), Vietnamese.DayOf(until.AddTicks(-1)));
        var (sent, back, inside, met, inTime, refused, overdue) = (0, 0, 0, 0, 0, 0, 0);
        foreach (var request in book.Requests.Values)
        {
            // The part its own events decide: whether the agreement came later to an end is another question.
            var standing = RequestStanding.Of(book.EventsOf(request.Id.Value), now, terms, calendar);
            if (standing.SentOn is not { } day || day < first || day > last) continue;
            sent++;
            if (standing.State is RequestState.TakenBack) back++;
            else if (standing.State is RequestState.Refused) refused++;
            else if (standing.IsAnswered) (met, inTime) = (met + 1, inTime + (standing.IsLate ? 0 : 1));
            else if (standing.IsLate) overdue++;
            else inside++;
        }

        return new RequestCounts(sent, back, inside, met, inTime, refused, overdue);
    }

    private static bool IsSimulated(ExchangeBook book, DataService service) => book.Of(book.Subsystems[service.Provider].System).IsSimulated;

    private string RoadName(ExchangeBook book, DataService service, int major) => $"{book.Subsystems[service.Provider].Identifier(options.Instance)}/{(major == 1 ? service.ServiceCode : $"{service.ServiceCode}.v{major}")}";

    private async Task<IReadOnlyDictionary<OrgUnitId, string>> NamesAsync(IEnumerable<OrgUnitId> ids, CancellationToken cancellationToken)
    {
        var (names, today) = (new Dictionary<OrgUnitId, string>(), Vietnamese.DayOf(clock.GetUtcNow()));
        foreach (var id in ids.Distinct()) names[id] = (await units.FindAsync(id, today, cancellationToken))?.Name ?? "–";
        return names;
    }
}

/// <summary>The scope of the right to see sharing, for other modules.</summary>
public sealed class SharingSightOf(ExchangeAccess access) : ISharingSight
{
    public async Task<SharingSight> OfCurrentAsync(CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        return new SharingSight(scope.All, scope.Units);
    }
}
