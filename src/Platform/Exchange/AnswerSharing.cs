using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>
/// The provider's side of a request (R-SHR-02): receives it, asks for what is missing, approves or refuses. A refusal without a legal basis does not
/// exist. Whoever sent it does not decide on it, also when that person holds rights in both units.
/// </summary>
public sealed class AnswerSharing(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<AnswerSharing> log)
{
    public Task<Result<Done>> ReceiveAsync(SharingRequestId id, int? version, CancellationToken cancellationToken) => DoAsync(
        id, version, Permission.AnswerSharing, "received", standing => standing.State is RequestState.Sent, (work, _) => work.Happened(id.Value, ExchangeEventKind.Received), cancellationToken);

    /// <summary>The clock stops until the consumer answers; what is missing must be said, so that it can be given at once.</summary>
    public async Task<Result<Done>> AskSupplementAsync(SharingRequestId id, int? version, string? missing, CancellationToken cancellationToken) =>
        Typing.Need("Missing", missing) is { } wrong ? wrong : await DoAsync(
            id, version, Permission.AnswerSharing, "supplement-asked", standing => standing.State is RequestState.Sent or RequestState.Received,
            (work, standing) =>
            {
                if (standing.State is RequestState.Sent) work.Happened(id.Value, ExchangeEventKind.Received);
                work.Happened(id.Value, ExchangeEventKind.SupplementAsked, text: missing);
            },
            cancellationToken);

    /// <summary>Agrees in principle; the right to call comes only with the signed agreement.</summary>
    public async Task<Result<Done>> ApproveAsync(SharingRequestId id, int? version, string? conditions, string? document, CancellationToken cancellationToken) =>
        Typing.First(Typing.Fits("Conditions", conditions), Typing.Fits("Document", document, 100)) is { } wrong ? wrong : await DoAsync(
            id, version, Permission.DecideSharing, "approved", standing => standing.State is RequestState.Sent or RequestState.Received,
            (work, standing) =>
            {
                if (standing.State is RequestState.Sent) work.Happened(id.Value, ExchangeEventKind.Received);
                work.Happened(id.Value, ExchangeEventKind.Approved, text: conditions, document: document);
            },
            cancellationToken);

    /// <summary>Refuses, with the provision that forbids it and in words of its own; also a request whose supplement never came.</summary>
    public async Task<Result<Done>> RefuseAsync(SharingRequestId id, int? version, string? reason, string? legalBasis, string? document, CancellationToken cancellationToken) =>
        Typing.First(Typing.NeedBasis(legalBasis), Typing.Need("Reason", reason), Typing.Fits("Document", document, 100)) is { } wrong ? wrong : await DoAsync(
            id, version, Permission.DecideSharing, "refused", standing => standing.State is RequestState.Sent or RequestState.Received or RequestState.WaitingSupplement,
            (work, _) => work.Happened(id.Value, ExchangeEventKind.Refused, text: reason, basis: legalBasis, document: document), cancellationToken);

    private async Task<Result<Done>> DoAsync(
        SharingRequestId id, int? version, Permission permission, string what, Func<RequestStanding, bool> isPossible, Action<ExchangeWork, RequestStanding> deed, CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Requests.GetValueOrDefault(id) is not { } request) return ExchangeRefusals.UnknownRequest;
        var events = work.Book.EventsOf(id.Value);

        // Before it is sent it belongs to the consumer alone; to the provider it does not exist.
        if (!events.Any(e => e.Kind is ExchangeEventKind.Sent)) return ExchangeRefusals.UnknownRequest;
        if (await access.DenyAsync(permission, request.Provider, cancellationToken) is { } denied) return denied;
        var standing = RequestStanding.Of(work.Book, request, work.Now, terms, calendar);
        if (!isPossible(standing)) return standing.IsAnswered || standing.State is RequestState.TakenBack ? ExchangeRefusals.RequestOver(request.Code) : ExchangeRefusals.RequestState(request.Code, standing.State.ToString());
        if (permission is Permission.DecideSharing && !access.User.IsSystem && events.Any(e => e.By == access.User.Id && e.Kind is ExchangeEventKind.Sent or ExchangeEventKind.Supplemented && e.By == access.User.Id)) return ExchangeRefusals.SamePerson;
        if (await work.TouchAsync<SharingRequest>(id, version, cancellationToken) is { } stale) return stale;
        deed(work, standing);
        work.Audit("exchange.request." + what, "sharing-request", id, after: new { request.Code, standing.Due, standing.IsLate }, note: access.Delegation(permission));
        work.Publish(new SharingRequestMoved(id, what));
        await work.CommitAsync(cancellationToken);
        log.RequestMoved(request.Code, what);
        return default(Done);
    }
}
