using LienThong.Kernel;
using LienThong.Platform.Exchange.Interfaces;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public sealed record AgreementLine(
    AgreementId Id, string Code, string ConsumerName, string ProviderName, string ServiceName, int Major, AgreementState State, DateOnly ValidFrom, DateOnly ValidUntil, bool WaitsForSignature, bool EndsSoon);

public sealed record AgreementView(
    DataSharingAgreement Agreement, AgreementStanding Standing, AgreementRevision Shown, IReadOnlyList<AgreementRevision> Revisions, string ConsumerName, string ProviderName, string ServiceName, string ServiceCode, string SubsystemName,
    string RequestCode, InterfaceDocument? Interface, IReadOnlyList<ExchangeEvent> Events, bool MaySignAsConsumer, bool MaySignAsProvider, bool MayAmend, bool MayStop, bool MayTerminate);

/// <summary>Agreements of the viewer's units, on either side.</summary>
public sealed class FindAgreements(ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    /// <summary>Time enough to negotiate the next one before rights end.</summary>
    public const int SoonDays = 60;

    public sealed record Request
    {
        public string? Query { get; set; }
        public AgreementState? State { get; set; }
        public SharingSide Side { get; set; }
        public bool EndsSoonOnly { get; set; }
        public int Page { get; set; } = 1;
    }

    public async Task<Result<ExchangePage<AgreementLine>>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await AllAsync(request, cancellationToken)).IsGranted(out var all, out var refusal) ? ExchangePage<AgreementLine>.Of(all, request.Page) : refusal;
    }

    public async Task<Result<IReadOnlyList<AgreementLine>>> AllAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        if (scope.IsEmpty) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewSharing));
        var (book, now) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow());
        var seen = book.Agreements.Values.Where(a => scope.Holds(a.Consumer) || scope.Holds(a.Provider)).ToList();
        var names = await access.NamesAsync(seen.SelectMany(a => new[] { a.Consumer, a.Provider }), cancellationToken);
        var rows = new List<AgreementLine>();
        foreach (var agreement in seen)
        {
            var standing = AgreementStanding.Of(book, agreement, now);
            var shown = standing.Current ?? standing.Pending ?? book.AgreementRevisions.Of(agreement.Id)[^1];
            var endsSoon = standing.State is AgreementState.InForce or AgreementState.Suspended && standing.Windows.Max(w => w.Until) < now.AddDays(SoonDays);
            if (request.State is { } state && standing.State != state) continue;
            if (request.EndsSoonOnly && !endsSoon) continue;
            if (request.Side is SharingSide.Consumer && agreement.Consumer != access.User.Unit) continue;
            if (request.Side is SharingSide.Provider && agreement.Provider != access.User.Unit) continue;
            var service = book.Of(agreement.Service).Name;
            if (!Searching.Finds(request.Query, agreement.Code, names[agreement.Consumer], names[agreement.Provider], service, shown.Purpose)) continue;
            rows.Add(new AgreementLine(agreement.Id, agreement.Code, names[agreement.Consumer], names[agreement.Provider], service, agreement.Major, standing.State, shown.ValidFrom, shown.ValidUntil, standing.Pending is not null, endsSoon));
        }

        return rows.OrderByDescending(r => r.WaitsForSignature).ThenBy(r => r.State is AgreementState.Expired or AgreementState.Terminated).ThenByDescending(r => r.Code, StringComparer.Ordinal).Take(ExchangePage<AgreementLine>.ExportMax).ToList();
    }

    public async Task<Result<AgreementView>> FindAsync(AgreementId id, int? revision, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        var (book, now) = (await index.CurrentAsync(cancellationToken), clock.GetUtcNow());
        if (book.Agreements.GetValueOrDefault(id) is not { } agreement || !(scope.Holds(agreement.Consumer) || scope.Holds(agreement.Provider))) return ExchangeRefusals.UnknownAgreement;
        var standing = AgreementStanding.Of(book, agreement, now);
        var revisions = book.AgreementRevisions.Of(id);
        var names = await access.NamesAsync([agreement.Consumer, agreement.Provider], cancellationToken);
        var isOver = standing.TerminatedAt is not null;
        var waits = standing.Pending is { } pending && !isOver ? standing.Under(pending) : null;
        return new AgreementView(
            agreement, standing, revisions.FirstOrDefault(r => r.Number == revision) ?? standing.Pending ?? standing.Current ?? revisions[^1], revisions, names[agreement.Consumer], names[agreement.Provider], book.Of(agreement.Service).Name,
            book.Services[agreement.Service].Code, book.Subsystems[agreement.ConsumerSubsystem].Name, book.Requests[agreement.Request].Code,
            ServiceStanding.Of(book, book.Services[agreement.Service], now).OfMajor(agreement.Major)?.Document, book.EventsOf(id.Value),
            waits is not null && waits.All(s => s.Side != AgreementSide.Consumer) && await access.MayAsync(Permission.SignAgreement, agreement.Consumer, cancellationToken),
            waits is not null && waits.All(s => s.Side != AgreementSide.Provider) && await access.MayAsync(Permission.SignAgreement, agreement.Provider, cancellationToken),
            !isOver && (await access.MayAsync(Permission.AnswerSharing, agreement.Provider, cancellationToken) || await access.MayAsync(Permission.RequestSharing, agreement.Consumer, cancellationToken)),
            !isOver && await access.MayAsync(Permission.SuspendSharing, agreement.Provider, cancellationToken),
            !isOver && (await access.MayAsync(Permission.SuspendSharing, agreement.Provider, cancellationToken) || await access.MayAsync(Permission.SuspendSharing, agreement.Consumer, cancellationToken)));
    }
}
