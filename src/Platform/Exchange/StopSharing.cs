using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>
/// Stops a service or one agreement for a while, resumes, or ends an agreement for good (R-SHR-08). A planned stop needs its notice or is refused; one
/// for a violation works at once and says whether its notice came within the term.
/// </summary>
public sealed class StopSharing(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<StopSharing> log)
{
    /// <summary>What lasts longer than half a year is an end, and needs its ground.</summary>
    public const int DaysMax = 183;

    public sealed record Request
    {
        /// <summary>One of the two.</summary>
        public DataServiceId? Service { get; set; }
        public AgreementId? Agreement { get; set; }
        public int? Version { get; set; }
        public SuspensionCause Cause { get; set; }

        /// <summary>For a planned stop its first instant; the others begin at once.</summary>
        public DateTimeOffset? From { get; set; }

        /// <summary>Exclusive; may be open for a violation or an incident.</summary>
        public DateTimeOffset? Until { get; set; }

        /// <summary>What everybody reads who uses it.</summary>
        [Required, StringLength(4_000)] public string Notice { get; set; } = "";
        [StringLength(500)] public string? LegalBasis { get; set; }
        [StringLength(100)] public string? Document { get; set; }

        /// <summary>When the violation was found; its notice is due share.suspend.violation.days after.</summary>
        public DateTimeOffset? FoundAt { get; set; }
    }

    public async Task<Result<Done>> SuspendAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(Typing.Need(nameof(request.Notice), request.Notice), Typing.Fits(nameof(request.Document), request.Document, 100)) is { } wrong) return wrong;
        if (request.Cause is SuspensionCause.Violation && Typing.NeedBasis(request.LegalBasis) is { } baseless) return baseless;
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!Find(work.Book, request).IsGranted(out var found, out var unknown)) return unknown;
        if (await access.DenyAsync(Permission.SuspendSharing, found.Unit, cancellationToken) is { } denied) return denied;
        if (!found.IsAlive(work.Now)) return ExchangeRefusals.NotAlive(found.Code);

        var from = work.Now;
        var isNoticeLate = false;
        if (request.Cause is SuspensionCause.Planned)
        {
            if (request.From is not { } planned || request.Until is null) return ExchangeRefusals.StopPeriodMissing;
            var earliest = calendar.AddWorkingDays(work.Today, terms.PlannedNoticeWorkingDays);
            if (Vietnamese.DayOf(planned) < earliest) return ExchangeRefusals.NoticeTooShort(terms.PlannedNoticeWorkingDays, earliest);
            from = planned;
        }
        else if (request.Cause is SuspensionCause.Violation && request.FoundAt is { } foundAt)
        {
            if (foundAt > work.Now) return ExchangeRefusals.PeriodWrong;
            isNoticeLate = work.Now > foundAt.AddDays(terms.ViolationNoticeDays);
        }

        if (request.Until is { } until && (until <= from || until > from.AddDays(DaysMax))) return ExchangeRefusals.StopTooLong(DaysMax);
        if (await found.TouchAsync(work, request.Version, cancellationToken) is { } stale) return stale;
        work.Happened(
            found.Subject, ExchangeEventKind.SuspensionAnnounced, from, request.Until, days: isNoticeLate ? 1 : 0, word: request.Cause.ToString(), text: request.Notice, basis: request.LegalBasis, document: request.Document);
        work.ChangesRights();
        work.Audit("exchange.sharing.suspended", found.Kind, found.Subject, after: new { found.Code, request.Cause, from, request.Until, isNoticeLate }, note: access.Delegation(Permission.SuspendSharing));
        found.Tell(work, "suspended");
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(found.Code, "suspended");
        return default(Done);
    }

    /// <summary>Ends the stop that holds now. Whoever may stop may resume; what security stopped only security resumes.</summary>
    public async Task<Result<Done>> ResumeAsync(DataServiceId? service, AgreementId? agreement, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!Find(work.Book, new Request { Service = service, Agreement = agreement }).IsGranted(out var found, out var unknown)) return unknown;
        if (await access.DenyAsync(Permission.SuspendSharing, found.Unit, cancellationToken) is { } denied) return denied;
        if (!found.IsAlive(work.Now)) return ExchangeRefusals.NotAlive(found.Code);
        var events = work.Book.EventsOf(found.Subject);
        var holding = Suspension.Of(events, work.Now).Where(s => s.Covers(work.Now)).ToList();
        if (holding.Count == 0) return ExchangeRefusals.NotSuspended(found.Code);
        var bySecurity = holding.Any(s => events.First(e => e.Number == s.Number) is var stop && stop.ByUnit != found.Unit && !access.User.IsSystem && stop.By != default);
        if (bySecurity && access.User.ScopeOf(Permission.SuspendSharing).Reach is not Reach.Province) return ExchangeRefusals.StoppedByOther(found.Code);
        if (await found.TouchAsync(work, version, cancellationToken) is { } stale) return stale;
        work.Happened(found.Subject, ExchangeEventKind.Resumed, text: reason);
        work.ChangesRights();
        work.Audit("exchange.sharing.resumed", found.Kind, found.Subject, after: new { found.Code, reason }, note: access.Delegation(Permission.SuspendSharing));
        found.Tell(work, "resumed");
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(found.Code, "resumed");
        return default(Done);
    }

    public sealed record TerminationRequest
    {
        public AgreementId Agreement { get; set; }
        public int? Version { get; set; }
        public TerminationGround Ground { get; set; }
        public DateTimeOffset? From { get; set; }
        [Required, StringLength(4_000)] public string Notice { get; set; } = "";
        [StringLength(500)] public string LegalBasis { get; set; } = "";
        [StringLength(100)] public string? Document { get; set; }
    }

    /// <summary>Ends an agreement on a ground. Either side may; a provider who simply withdraws must give the notice of a planned stop.</summary>
    public async Task<Result<Done>> TerminateAsync(TerminationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(Typing.Need(nameof(request.Notice), request.Notice), Typing.NeedBasis(request.LegalBasis), Typing.Fits(nameof(request.Document), request.Document, 100)) is { } wrong) return wrong;
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Agreements.GetValueOrDefault(request.Agreement) is not { } agreement) return ExchangeRefusals.UnknownAgreement;
        var ofProvider = await access.MayAsync(Permission.SuspendSharing, agreement.Provider, cancellationToken);
        if (!ofProvider && await access.DenyAsync(Permission.SuspendSharing, agreement.Consumer, cancellationToken) is { } denied) return denied;
        if (AgreementStanding.Of(work.Book, agreement, work.Now).TerminatedAt is not null) return ExchangeRefusals.AgreementOver(agreement.Code);
        var from = request.From ?? work.Now;
        if (from < work.Now) return ExchangeRefusals.PeriodWrong;
        if (request.Ground is TerminationGround.ProviderWithdraws)
        {
            if (!ofProvider) return ExchangeRefusals.NotAllowed(nameof(Permission.SuspendSharing));
            var earliest = calendar.AddWorkingDays(work.Today, terms.PlannedNoticeWorkingDays);
            if (Vietnamese.DayOf(from) < earliest) return ExchangeRefusals.NoticeTooShort(terms.PlannedNoticeWorkingDays, earliest);
        }

        if (await work.TouchAsync<DataSharingAgreement>(agreement.Id, request.Version, cancellationToken) is { } stale) return stale;
        work.Happened(agreement.Id.Value, ExchangeEventKind.Terminated, from, word: request.Ground.ToString(), text: request.Notice, basis: request.LegalBasis, document: request.Document);
        work.ChangesRights();
        work.Audit("exchange.agreement.terminated", "agreement", agreement.Id, after: new { agreement.Code, request.Ground, from }, note: access.Delegation(Permission.SuspendSharing));
        work.Publish(new AgreementMoved(agreement.Id, "terminated"));
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(agreement.Code, "terminated");
        return default(Done);
    }

    private sealed record Stoppable(
        Guid Subject, string Code, string Kind, OrgUnitId Unit, Func<DateTimeOffset, bool> IsAlive, Func<ExchangeWork, int?, CancellationToken, Task<Refusal?>> TouchAsync, Action<ExchangeWork, string> Tell);

    private static Result<Stoppable> Find(ExchangeBook book, Request request)
    {
        if (request.Agreement is { } agreementId)
        {
            if (book.Agreements.GetValueOrDefault(agreementId) is not { } agreement) return ExchangeRefusals.UnknownAgreement;
            return new Stoppable(
                agreementId.Value, agreement.Code, "agreement", agreement.Provider,
                now => AgreementStanding.Of(book, agreement, now).State is AgreementState.InForce or AgreementState.Suspended or AgreementState.Ahead,
                (work, version, cancellationToken) => work.TouchAsync<DataSharingAgreement>(agreementId, version, cancellationToken), (work, what) => work.Publish(new AgreementMoved(agreementId, what)));
        }

        if (request.Service is not { } serviceId || book.Services.GetValueOrDefault(serviceId) is not { } service) return ExchangeRefusals.UnknownService;
        return new Stoppable(
            serviceId.Value, service.Code, "data-service", service.Unit, now => ServiceStanding.Of(book, service, now).State is ServiceState.Published or ServiceState.Suspended,
            (work, version, cancellationToken) => work.TouchAsync<DataService>(serviceId, version, cancellationToken), (work, what) => work.Publish(new DataServiceMoved(serviceId, what)));
    }
}
