using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public enum SharingSide { Any, Consumer, Provider }

public sealed record RequestLine(
    SharingRequestId Id, string Code, OrgUnitId Consumer, string ConsumerName, OrgUnitId Provider, string ProviderName, DataServiceId Service, string ServiceName, int Major, string Purpose, RequestStanding Standing,
    DateTimeOffset CreatedAt);

/// <summary>Of the requests shown: how many terms ended, and how many of those were met; who is inside the term stands apart (R-MON-03).</summary>
public sealed record RequestFigures(int Sent, int InsideTerm, int TermsEnded, int OnTime, int Late, int Refused);

public sealed record DisputeLine(SharingDispute Dispute, DisputeStanding Standing, string RaisedByName, string OtherName, IReadOnlyList<ExchangeEvent> Events, bool MayAnswer, bool MayAppeal, bool MaySettle);

/// <param name="Request">The request whose page shows the dispute, also when it is about its agreement.</param>
/// <param name="AboutCode">Number of the request or agreement.</param>
public sealed record DisputeRow(DisputeLine Line, SharingRequestId Request, string AboutCode);

public sealed record RequestView(
    SharingRequest Request, RequestContent Content, IReadOnlyList<RequestContent> Contents, RequestStanding Standing, string ConsumerName, string ProviderName, string ServiceName, string ServiceCode, string SubsystemName,
    IReadOnlyList<ExchangeEvent> Events, IReadOnlyList<(AgreementId Id, string Code, AgreementState State)> Agreements, IReadOnlyList<DisputeLine> Disputes, bool MayEdit, bool MayAnswer, bool MayDecide, bool MayRaise);

/// <summary>Requests of the viewer's units, on either side; drafts are seen by the consumer only.</summary>
public sealed class FindRequests(ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock)
{
    public sealed record Request
    {
        public string? Query { get; set; }
        public RequestState? State { get; set; }
        public SharingSide Side { get; set; }
        public bool LateOnly { get; set; }
        public int Page { get; set; } = 1;
    }

    public sealed record Answer(ExchangePage<RequestLine> Page, RequestFigures Figures);

    public async Task<Result<Answer>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!(await AllAsync(request, cancellationToken)).IsGranted(out var all, out var refusal)) return refusal;
        var standings = all.Select(l => l.Standing).Where(s => s.SentOn is not null).ToList();
        var ended = standings.Where(s => s.IsAnswered || s.IsLate).ToList();
        return new Answer(ExchangePage<RequestLine>.Of(all, request.Page), new RequestFigures(
            standings.Count, standings.Count(s => s.IsInsideTerm), ended.Count, ended.Count(s => s.IsAnswered && !s.IsLate), standings.Count(s => s.IsLate && !s.IsAnswered), standings.Count(s => s.State is RequestState.Refused)));
    }

    public async Task<Result<IReadOnlyList<RequestLine>>> AllAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        if (scope.IsEmpty) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewSharing));
        var (book, now, terms) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow(), await index.ParametersAsync(cancellationToken));
        var mine = await access.ScopeAsync(Permission.RequestSharing, cancellationToken);
        var names = await access.NamesAsync(book.Requests.Values.SelectMany(r => new[] { r.Consumer, r.Provider }), cancellationToken);
        var rows = new List<RequestLine>();
        foreach (var asked in book.Requests.Values)
        {
            var standing = RequestStanding.Of(book, asked, now, terms, calendar);
            if (!Sees(scope, mine, asked, standing)) continue;
            if (request.State is { } state && standing.State != state) continue;
            if (request.LateOnly && !standing.IsLate) continue;
            if (request.Side is SharingSide.Consumer && asked.Consumer != access.User.Unit) continue;
            if (request.Side is SharingSide.Provider && asked.Provider != access.User.Unit) continue;
            var (service, content) = (book.Of(asked.Service).Name, book.Of(asked.Id));
            if (!Searching.Finds(request.Query, asked.Code, names[asked.Consumer], names[asked.Provider], service, content.Purpose, content.Document)) continue;
            rows.Add(new RequestLine(asked.Id, asked.Code, asked.Consumer, names[asked.Consumer], asked.Provider, names[asked.Provider], asked.Service, service, asked.Major, content.Purpose, standing, asked.CreatedAt));
        }

        return rows.OrderByDescending(r => r.Standing.IsLate && !r.Standing.IsAnswered).ThenBy(r => r.Standing.IsAnswered).ThenByDescending(r => r.Code, StringComparer.Ordinal).Take(ExchangePage<RequestLine>.ExportMax).ToList();
    }

    public async Task<Result<RequestView>> FindAsync(SharingRequestId id, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        var (book, now, terms) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow(), await index.ParametersAsync(cancellationToken));
        if (book.Requests.GetValueOrDefault(id) is not { } request) return ExchangeRefusals.UnknownRequest;
        var standing = RequestStanding.Of(book, request, now, terms, calendar);
        if (!Sees(scope, await access.ScopeAsync(Permission.RequestSharing, cancellationToken), request, standing)) return ExchangeRefusals.UnknownRequest;
        var names = await access.NamesAsync([request.Consumer, request.Provider], cancellationToken);
        var about = book.AgreementsOf(id).Select(a => a.Id.Value).Append(id.Value).ToHashSet();
        var disputes = new List<DisputeLine>();
        foreach (var dispute in book.Disputes.Values.Where(d => about.Contains(d.About)).OrderBy(d => d.Code, StringComparer.Ordinal)) disputes.Add(await LineAsync(book, dispute, now, terms, names, cancellationToken));
        return new RequestView(
            request, book.Of(id), book.RequestContents.Of(id), standing, names[request.Consumer], names[request.Provider], book.Of(request.Service).Name, book.Services[request.Service].Code, book.Subsystems[request.ConsumerSubsystem].Name,
            book.EventsOf(id.Value), [.. book.AgreementsOf(id).OrderBy(a => a.Code, StringComparer.Ordinal).Select(a => (a.Id, a.Code, AgreementStanding.Of(book, a, now).State))], disputes,
            await access.MayAsync(Permission.RequestSharing, request.Consumer, cancellationToken), await access.MayAsync(Permission.AnswerSharing, request.Provider, cancellationToken),
            await access.MayAsync(Permission.DecideSharing, request.Provider, cancellationToken),
            standing.SentOn is not null && (await access.MayAsync(Permission.RaiseDispute, request.Consumer, cancellationToken) || await access.MayAsync(Permission.RaiseDispute, request.Provider, cancellationToken)));
    }

    /// <summary>Disputes of the viewer's units, those that wait for somebody first: who must answer finds them here, at whatever level they stand.</summary>
    public async Task<Result<ExchangePage<DisputeRow>>> DisputesAsync(bool openOnly, DisputeLevel? level, int page, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        if (scope.IsEmpty) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewSharing));
        var (book, now, terms) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow(), await index.ParametersAsync(cancellationToken));
        var seen = book.Disputes.Values.Where(d => scope.Holds(d.RaisedBy) || scope.Holds(d.Other)).ToList();
        var names = await access.NamesAsync(seen.SelectMany(d => new[] { d.RaisedBy, d.Other }), cancellationToken);
        var rows = new List<DisputeRow>();
        foreach (var dispute in seen)
        {
            var line = await LineAsync(book, dispute, now, terms, names, cancellationToken);
            if (openOnly && line.Standing.State is DisputeState.Settled) continue;
            if (level is { } wanted && line.Standing.Climb.Level != wanted) continue;
            var (request, code) = book.Requests.TryGetValue(new SharingRequestId(dispute.About), out var asked) ? (asked.Id, asked.Code)
                : book.Agreements.TryGetValue(new AgreementId(dispute.About), out var agreement) ? (agreement.Request, agreement.Code) : (default, "–");
            rows.Add(new DisputeRow(line, request, code));
        }

        return ExchangePage<DisputeRow>.Of([.. rows.OrderBy(r => r.Line.Standing.State).ThenByDescending(r => r.Line.Standing.Climb.Level).ThenByDescending(r => r.Line.Dispute.Code, StringComparer.Ordinal)], page);
    }

    private async Task<DisputeLine> LineAsync(ExchangeBook book, SharingDispute dispute, DateTimeOffset now, ExchangeParameters terms, IReadOnlyDictionary<OrgUnitId, string> names, CancellationToken cancellationToken)
    {
        var standing = DisputeStanding.Of(book, dispute, now, terms, calendar);
        var ofRaiser = await access.MayAsync(Permission.RaiseDispute, dispute.RaisedBy, cancellationToken);
        var settles = access.User.May(Permission.SettleDispute);
        var answers = standing.State is DisputeState.Open && standing.Climb.Level switch
        {
            DisputeLevel.Party => await access.MayAsync(Permission.RaiseDispute, dispute.Other, cancellationToken),
            DisputeLevel.StandingBody => access.User.Grants.Any(g => g.Role is Role.StandingBody),
            _ => access.User.Grants.Any(g => g.Role is Role.ProvinceLeader),
        };
        return new DisputeLine(
            dispute, standing, names.GetValueOrDefault(dispute.RaisedBy, "–"), names.GetValueOrDefault(dispute.Other, "–"), book.EventsOf(dispute.Id.Value), answers,
            standing.State is DisputeState.Answered && standing.Climb.Level is not DisputeLevel.ProvinceLeader && ofRaiser, standing.State is not DisputeState.Settled && (ofRaiser || (standing.State is DisputeState.Answered && settles)));
    }

    private static bool Sees(SharingScope scope, SharingScope mine, SharingRequest request, RequestStanding standing) =>
        standing.SentOn is null ? mine.Holds(request.Consumer) : scope.Holds(request.Consumer) || scope.Holds(request.Provider);
}
