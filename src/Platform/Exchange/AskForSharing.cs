using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>
/// The consumer's side of a request (R-SHR-02): writes its seven contents down, sends it, supplements it when asked, takes it back. Each wording is kept.
/// </summary>
public sealed class AskForSharing(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<AskForSharing> log)
{
    /// <summary>A service of a province answers no caller more often than this; more is a mistake in the form.</summary>
    public const int CallsPerSecondMax = 10_000;

    public const int CallsPerDayMax = 100_000_000;

    /// <summary>Law and purpose change; what is wanted for longer is asked for again.</summary>
    public const int YearsMax = 5;

    public sealed record Request
    {
        /// <summary>Null begins a new draft.</summary>
        public SharingRequestId? Id { get; set; }
        public int? Version { get; set; }
        public SubsystemId ConsumerSubsystem { get; set; }
        public DataServiceId Service { get; set; }
        public int Major { get; set; }
        public IReadOnlyList<string> Fields { get; set; } = [];
        [Required, StringLength(4_000)] public string Purpose { get; set; } = "";
        [Required, StringLength(500)] public string LegalBasis { get; set; } = "";
        public int CallsPerDay { get; set; } = 1_000;
        public int CallsPerSecond { get; set; } = 5;
        public DateOnly WantedFrom { get; set; }
        public DateOnly WantedUntil { get; set; }
        [Required, StringLength(500)] public string Contact { get; set; } = "";
        [Required, StringLength(4_000)] public string Protection { get; set; } = "";
        [StringLength(100)] public string? Document { get; set; }
    }

    /// <summary>Begins a draft or writes a draft anew.</summary>
    public async Task<Result<SharingRequestId>> DraftAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Check(request) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        SharingRequestId id;
        int number;
        if (request.Id is { } known)
        {
            if (work.Book.Requests.GetValueOrDefault(known) is not { } draft) return ExchangeRefusals.UnknownRequest;
            if (await access.DenyAsync(Permission.RequestSharing, draft.Consumer, cancellationToken) is { } denied) return denied;
            if (work.Book.EventsOf(known.Value).Any(e => e.Kind is ExchangeEventKind.Sent)) return ExchangeRefusals.RequestSent(draft.Code);
            if (CheckFields(work.Book, draft.Service, draft.Major, request.Fields, work.Now) is { } unknownField) return unknownField;
            if (await work.TouchAsync<SharingRequest>(known, request.Version, cancellationToken) is { } stale) return stale;
            (id, number) = (known, work.Book.Of(known).Number + 1);
            work.Happened(id.Value, ExchangeEventKind.Revised);
        }
        else
        {
            if (work.Book.Subsystems.GetValueOrDefault(request.ConsumerSubsystem) is not { } subsystem) return ExchangeRefusals.UnknownSubsystem;
            if (await access.DenyAsync(Permission.RequestSharing, subsystem.Unit, cancellationToken) is { } denied) return denied;
            if (await CheckPartiesAsync(work, subsystem, request.Service, request.Major, null, cancellationToken) is { } refused) return refused;
            if (CheckFields(work.Book, request.Service, request.Major, request.Fields, work.Now) is { } unknownField) return unknownField;
            (id, number) = (StrongId.New<SharingRequestId>(clock), 1);
            work.Add(new SharingRequest
            {
                Id = id,
                Code = work.NextRequestCode(),
                Consumer = subsystem.Unit,
                ConsumerSubsystem = subsystem.Id,
                Provider = work.Book.Services[request.Service].Unit,
                Service = request.Service,
                Major = request.Major,
                CreatedAt = work.Now,
            });
            work.Happened(id.Value, ExchangeEventKind.Drafted);
        }

        Write(work, id, number, request);
        work.Audit("exchange.request.drafted", "sharing-request", id, after: new { number, request.Purpose, request.LegalBasis }, note: access.Delegation(Permission.RequestSharing));
        await work.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Sends the draft: from the next working day on the provider's term runs. Returns the last day to answer.</summary>
    public async Task<Result<DateOnly>> SendAsync(SharingRequestId id, int? version, CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Requests.GetValueOrDefault(id) is not { } request) return ExchangeRefusals.UnknownRequest;
        if (await access.DenyAsync(Permission.RequestSharing, request.Consumer, cancellationToken) is { } denied) return denied;
        if (RequestStanding.Of(work.Book, request, work.Now, terms, calendar).State is not RequestState.Draft) return ExchangeRefusals.RequestSent(request.Code);
        if (await CheckPartiesAsync(work, work.Book.Subsystems[request.ConsumerSubsystem], request.Service, request.Major, id, cancellationToken) is { } refused) return refused;
        if (work.Book.Of(id).WantedUntil < work.Today) return ExchangeRefusals.PeriodWrong;
        if (await work.TouchAsync<SharingRequest>(id, version, cancellationToken) is { } stale) return stale;
        var due = calendar.AddWorkingDays(work.Today, terms.AnswerWorkingDays);
        work.Happened(id.Value, ExchangeEventKind.Sent, day: due, days: terms.AnswerWorkingDays, word: calendar.Version, document: work.Book.Of(id).Document);
        work.Audit("exchange.request.sent", "sharing-request", id, after: new { request.Code, due, terms.AnswerWorkingDays }, note: access.Delegation(Permission.RequestSharing));
        work.Publish(new SharingRequestMoved(id, "sent"));
        await work.CommitAsync(cancellationToken);
        log.RequestMoved(request.Code, "sent");
        return due;
    }

    /// <summary>Gives what the provider found missing, as a new wording; the clock goes on. Returns the due day as it now is.</summary>
    public async Task<Result<DateOnly>> SupplementAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Check(request) is { } wrong) return wrong;
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (request.Id is not { } id || work.Book.Requests.GetValueOrDefault(id) is not { } known) return ExchangeRefusals.UnknownRequest;
        if (await access.DenyAsync(Permission.RequestSharing, known.Consumer, cancellationToken) is { } denied) return denied;
        if (RequestStanding.Of(work.Book, known, work.Now, terms, calendar).State is not RequestState.WaitingSupplement) return ExchangeRefusals.NotWaiting(known.Code);
        if (CheckFields(work.Book, known.Service, known.Major, request.Fields, work.Now) is { } unknownField) return unknownField;
        if (await work.TouchAsync<SharingRequest>(id, request.Version, cancellationToken) is { } stale) return stale;
        Write(work, id, work.Book.Of(id).Number + 1, request);
        var fact = work.Happened(id.Value, ExchangeEventKind.Supplemented, document: request.Document);
        work.Audit("exchange.request.supplemented", "sharing-request", id, after: new { known.Code }, note: access.Delegation(Permission.RequestSharing));
        work.Publish(new SharingRequestMoved(id, "supplemented"));
        await work.CommitAsync(cancellationToken);
        log.RequestMoved(known.Code, "supplemented");
        return RequestStanding.Of([.. work.Book.EventsOf(id.Value), fact], work.Now, terms, calendar).Due!.Value;
    }

    /// <summary>The consumer no longer wants it. A draft may be taken back too; an answered request may not.</summary>
    public async Task<Result<Done>> TakeBackAsync(SharingRequestId id, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Requests.GetValueOrDefault(id) is not { } request) return ExchangeRefusals.UnknownRequest;
        if (await access.DenyAsync(Permission.RequestSharing, request.Consumer, cancellationToken) is { } denied) return denied;
        var standing = RequestStanding.Of(work.Book, request, work.Now, terms, calendar);
        if (standing.IsAnswered || standing.State is RequestState.TakenBack) return ExchangeRefusals.RequestOver(request.Code);
        if (await work.TouchAsync<SharingRequest>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.WithdrawnByConsumer, text: reason);
        work.Audit("exchange.request.taken-back", "sharing-request", id, after: new { request.Code, reason }, note: access.Delegation(Permission.RequestSharing));
        work.Publish(new SharingRequestMoved(id, "taken-back"));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    private static Refusal? Check(Request request)
    {
        if (Typing.First(
            Typing.Need(nameof(request.Purpose), request.Purpose), Typing.NeedBasis(request.LegalBasis), Typing.Need(nameof(request.Contact), request.Contact, Typing.ShortMax),
            Typing.Need(nameof(request.Protection), request.Protection), Typing.Fits(nameof(request.Document), request.Document, 100)) is { } wrong) return wrong;
        if (request.CallsPerDay is < 1 or > CallsPerDayMax || request.CallsPerSecond is < 1 or > CallsPerSecondMax) return ExchangeRefusals.LimitsWrong;
        if (request.WantedFrom == default || request.WantedUntil < request.WantedFrom || request.WantedUntil > request.WantedFrom.AddYears(YearsMax)) return ExchangeRefusals.PeriodWrong;
        return null;
    }

    /// <summary>Each field asked for is one of the interface, or contains some of it; an empty list asks for all.</summary>
    internal static Refusal? CheckFields(ExchangeBook book, DataServiceId service, int major, IReadOnlyList<string> fields, DateTimeOffset now)
    {
        var lines = Typing.Lines(fields);
        if (lines.Count > Typing.LinesMax) return ExchangeRefusals.TooManyLines(Typing.LinesMax);
        if (lines.Count == 0) return null;
        if (ServiceStanding.Of(book, book.Services[service], now).OfMajor(major) is not { } version) return ExchangeRefusals.ServiceNotPublished(book.Services[service].Code, major);
        var known = version.Document.AnswerFields.Select(f => f.Place).ToList();
        var unknown = lines.Where(l => !known.Any(k => k == l || k.StartsWith(l + "/", StringComparison.Ordinal) || k.StartsWith(l + "[", StringComparison.Ordinal))).ToList();
        return unknown.Count > 0 ? ExchangeRefusals.UnknownFields(unknown) : null;
    }

    private async Task<Refusal?> CheckPartiesAsync(ExchangeWork work, Subsystem consumer, DataServiceId serviceId, int major, SharingRequestId? self, CancellationToken cancellationToken)
    {
        var book = work.Book;
        if (!SubsystemStanding.IsOpen(book, consumer)) return ExchangeRefusals.SubsystemClosed(consumer.Code);
        if (book.Services.GetValueOrDefault(serviceId) is not { } service) return ExchangeRefusals.UnknownService;
        var isEnterprise = await access.UnitAsync(consumer.Unit, cancellationToken) is { Kind: OrgUnitKind.Enterprise };

        // To an enterprise a service limited to agencies is unknown, not forbidden: its name is none of its business (R-SHR-13).
        if (isEnterprise && book.Of(serviceId).Audience is ServiceAudience.Agencies) return ExchangeRefusals.UnknownService;
        if (isEnterprise && EnterpriseStanding.Contract(book, consumer.Unit, work.Today) is null) return ExchangeRefusals.NoContract;
        if (service.Unit == consumer.Unit) return ExchangeRefusals.OwnService(service.Code);
        if (ServiceStanding.Of(book, service, work.Now).OfMajor(major) is null || ServiceStanding.Of(book, service, work.Now).State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceNotPublished(service.Code, major);
        var terms = await index.ParametersAsync(cancellationToken);
        var twin = book.Requests.Values.FirstOrDefault(r =>
            r.Id != self && r.ConsumerSubsystem == consumer.Id && r.Service == serviceId && r.Major == major && RequestStanding.Of(book, r, work.Now, terms, calendar).IsOpen);
        return twin is null ? null : ExchangeRefusals.RequestTwin(twin.Code);
    }

    private void Write(ExchangeWork work, SharingRequestId id, int number, Request request) => work.Db.RequestContents.Add(new RequestContent
    {
        Id = Guid.CreateVersion7(work.Now),
        Request = id,
        Number = number,
        Stamp = work.Stamp,
        At = work.Now,
        By = access.User.Id,
        ByName = access.User.Name,
        ByUnit = access.User.Unit,
        Fields = Typing.Lines(request.Fields),
        Purpose = request.Purpose.Trim(),
        LegalBasis = request.LegalBasis.Trim(),
        CallsPerDay = request.CallsPerDay,
        CallsPerSecond = request.CallsPerSecond,
        WantedFrom = request.WantedFrom,
        WantedUntil = request.WantedUntil,
        Contact = request.Contact.Trim(),
        Protection = request.Protection.Trim(),
        Document = Typing.Or(request.Document),
    });
}
