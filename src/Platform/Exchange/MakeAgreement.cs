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
/// Writes the twelve items of an agreement down, amends them as a new revision, and signs (R-SHR-03). Two persons of two units sign; before that, and
/// after its last day, nobody has a right to call.
/// </summary>
public sealed class MakeAgreement(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<MakeAgreement> log)
{
    public const int RetentionDaysMax = 36_600;

    public sealed record Items
    {
        [Required, StringLength(4_000)] public string Purpose { get; set; } = "";
        [Required, StringLength(500)] public string LegalBasis { get; set; } = "";
        public IReadOnlyList<string> Fields { get; set; } = [];
        public IReadOnlyList<string> Operations { get; set; } = [];
        public ConnectionMethod Method { get; set; }
        public int RatePerSecond { get; set; } = 5;
        public int Burst { get; set; } = 10;
        public long QuotaPerDay { get; set; } = 1_000;
        public DateOnly ValidFrom { get; set; }
        public DateOnly ValidUntil { get; set; }
        public int RetentionDays { get; set; } = 30;
        [Required, StringLength(4_000)] public string Deletion { get; set; } = "";
        [Required, StringLength(4_000)] public string Protection { get; set; } = "";
        public BodyKeeping Bodies { get; set; }
        public bool NeedsReceipt { get; set; }
        [Required, StringLength(4_000)] public string Duties { get; set; } = "";

        /// <summary>Why it is amended.</summary>
        [StringLength(4_000)] public string? Reason { get; set; }
    }

    /// <summary>The first wording, from an approved request; the provider writes it.</summary>
    public async Task<Result<AgreementId>> DraftAsync(SharingRequestId requestId, Items items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (Check(items) is { } wrong) return wrong;
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Requests.GetValueOrDefault(requestId) is not { } request) return ExchangeRefusals.UnknownRequest;
        if (await access.DenyAsync(Permission.AnswerSharing, request.Provider, cancellationToken) is { } denied) return denied;
        if (RequestStanding.Of(work.Book.EventsOf(requestId.Value), work.Now, terms, calendar).State is not RequestState.Approved) return ExchangeRefusals.RequestNotApproved(request.Code);
        if (Twin(work, request, null) is { } twin) return ExchangeRefusals.AgreementTwin(twin.Code);
        if (CheckScope(work, request.Service, request.Major, items) is { } outside) return outside;
        if (items.ValidUntil < work.Today) return ExchangeRefusals.PeriodWrong;

        var id = StrongId.New<AgreementId>(clock);
        var code = work.NextAgreementCode();
        work.Add(new DataSharingAgreement
        {
            Id = id,
            Code = code,
            Request = requestId,
            Consumer = request.Consumer,
            ConsumerSubsystem = request.ConsumerSubsystem,
            Provider = request.Provider,
            Service = request.Service,
            Major = request.Major,
            CreatedAt = work.Now,
        });
        var revision = Write(work, id, 1, items, null);
        work.Happened(id.Value, ExchangeEventKind.AgreementDrafted, target: revision);
        work.Audit("exchange.agreement.drafted", "agreement", id, after: new { code, items.Purpose, items.ValidFrom, items.ValidUntil }, note: access.Delegation(Permission.AnswerSharing));
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(code, "drafted");
        return id;
    }

    /// <summary>A new revision: both sides sign it again, and until then the one before holds. Either side may propose it.</summary>
    public async Task<Result<Guid>> AmendAsync(AgreementId id, int? version, Items items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (Typing.First(Check(items), Typing.Need(nameof(items.Reason), items.Reason)) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Agreements.GetValueOrDefault(id) is not { } agreement) return ExchangeRefusals.UnknownAgreement;
        if (!await access.MayAsync(Permission.AnswerSharing, agreement.Provider, cancellationToken) && await access.DenyAsync(Permission.RequestSharing, agreement.Consumer, cancellationToken) is { } denied) return denied;
        if (AgreementStanding.Of(work.Book, agreement, work.Now).TerminatedAt is not null) return ExchangeRefusals.AgreementOver(agreement.Code);
        if (CheckScope(work, agreement.Service, agreement.Major, items) is { } outside) return outside;
        if (items.ValidUntil < work.Today) return ExchangeRefusals.PeriodWrong;
        if (await work.TouchAsync<DataSharingAgreement>(id, version, cancellationToken) is { } stale) return stale;
        var revision = Write(work, id, work.Book.AgreementRevisions.Of(id).Count + 1, items, items.Reason);
        work.Happened(id.Value, ExchangeEventKind.Amended, target: revision, text: items.Reason);
        work.Audit("exchange.agreement.amended", "agreement", id, after: new { agreement.Code, items.Reason, items.ValidFrom, items.ValidUntil });
        work.Publish(new AgreementMoved(id, "amended"));
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(agreement.Code, "amended");
        return revision;
    }

    /// <summary>Signs the newest revision in the name of one side. The second signature brings it into force from its first day on.</summary>
    public async Task<Result<AgreementState>> SignAsync(AgreementId id, int? version, AgreementSide side, string? document, CancellationToken cancellationToken)
    {
        if (Typing.Fits("Document", document, 100) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Agreements.GetValueOrDefault(id) is not { } agreement) return ExchangeRefusals.UnknownAgreement;
        var unit = side is AgreementSide.Consumer ? agreement.Consumer : agreement.Provider;
        if (await access.DenyAsync(Permission.SignAgreement, unit, cancellationToken) is { } denied) return denied;
        var standing = AgreementStanding.Of(work.Book, agreement, work.Now);
        if (standing.TerminatedAt is not null) return ExchangeRefusals.AgreementOver(agreement.Code);
        if (standing.Pending is not { } pending) return ExchangeRefusals.NothingToSign(agreement.Code);
        var signed = standing.Under(pending);
        if (signed.Any(s => s.Side == side)) return ExchangeRefusals.AlreadySigned(agreement.Code);
        if (signed.Any(s => s.By == access.User.Id)) return ExchangeRefusals.SamePerson;
        if (pending.ValidUntil < work.Today) return ExchangeRefusals.PeriodWrong;
        var service = work.Book.Services[agreement.Service];
        if (ServiceStanding.Of(work.Book, service, work.Now) is var offered && (offered.State is ServiceState.Withdrawn || offered.OfMajor(agreement.Major) is null)) return ExchangeRefusals.ServiceNotPublished(service.Code, agreement.Major);
        if (signed.Count == 1)
        {
            if (await access.UnitAsync(agreement.Consumer, cancellationToken) is { Kind: OrgUnitKind.Enterprise } && EnterpriseStanding.Contract(work.Book, agreement.Consumer, work.Today) is null) return ExchangeRefusals.NoContract;
            if (Twin(work, work.Book.Requests[agreement.Request], agreement) is { } twin) return ExchangeRefusals.AgreementTwin(twin.Code);
        }

        if (await work.TouchAsync<DataSharingAgreement>(id, version, cancellationToken) is { } stale) return stale;
        var fact = work.Happened(id.Value, ExchangeEventKind.SignatureGiven, target: pending.Id, word: side.ToString(), document: document);
        work.ChangesRights();
        work.Audit("exchange.agreement.signed", "agreement", id, after: new { agreement.Code, side, pending.Number, document }, note: access.Delegation(Permission.SignAgreement));
        if (signed.Count == 1) work.Publish(new AgreementMoved(id, "signed"));
        await work.CommitAsync(cancellationToken);
        log.AgreementMoved(agreement.Code, "signed " + side);
        var book = await index.CurrentAsync(cancellationToken);
        return AgreementStanding.Of(book, book.Agreements[id], fact.At).State;
    }

    /// <summary>Another agreement of the same subsystem for the same service that is alive or waits for signatures: two would leave open which one a call is under.</summary>
    private static DataSharingAgreement? Twin(ExchangeWork work, SharingRequest request, DataSharingAgreement? self) => work.Book.Agreements.Values.FirstOrDefault(a =>
        a.Id != self?.Id && a.ConsumerSubsystem == request.ConsumerSubsystem && a.Service == request.Service && a.Major == request.Major
        && AgreementStanding.Of(work.Book, a, work.Now).State is var state
        && (state is AgreementState.InForce or AgreementState.Suspended or AgreementState.Ahead || (self is null && state is AgreementState.AwaitingSignature)));

    private static Refusal? Check(Items items)
    {
        if (Typing.First(
            Typing.Need(nameof(items.Purpose), items.Purpose), Typing.NeedBasis(items.LegalBasis), Typing.Need(nameof(items.Deletion), items.Deletion), Typing.Need(nameof(items.Protection), items.Protection),
            Typing.Need(nameof(items.Duties), items.Duties), Typing.Fits(nameof(items.Reason), items.Reason)) is { } wrong) return wrong;
        if (items.RatePerSecond is < 1 or > AskForSharing.CallsPerSecondMax || items.Burst < items.RatePerSecond || items.Burst > AskForSharing.CallsPerSecondMax * 2
            || items.QuotaPerDay is < 1 or > AskForSharing.CallsPerDayMax || items.RetentionDays is < 0 or > RetentionDaysMax) return ExchangeRefusals.LimitsWrong;
        if (items.ValidFrom == default || items.ValidUntil < items.ValidFrom || items.ValidUntil > items.ValidFrom.AddYears(AskForSharing.YearsMax)) return ExchangeRefusals.PeriodWrong;
        return null;
    }

    /// <summary>Fields and operations are ones the service has; what is agreed must be something a gateway can hold a call against.</summary>
    private static Refusal? CheckScope(ExchangeWork work, DataServiceId service, int major, Items items)
    {
        if (ServiceStanding.Of(work.Book, work.Book.Services[service], work.Now).OfMajor(major) is not { } version) return ExchangeRefusals.ServiceNotPublished(work.Book.Services[service].Code, major);
        if (AskForSharing.CheckFields(work.Book, service, major, items.Fields, work.Now) is { } unknown) return unknown;
        var operations = Typing.Lines(items.Operations);
        if (operations.Count > Typing.LinesMax) return ExchangeRefusals.TooManyLines(Typing.LinesMax);
        var known = version.Document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        return operations.Where(o => !known.Contains(o)).ToList() is { Count: > 0 } strange ? ExchangeRefusals.UnknownOperations(strange) : null;
    }

    private Guid Write(ExchangeWork work, AgreementId id, int number, Items items, string? reason)
    {
        var revision = new AgreementRevision
        {
            Id = Guid.CreateVersion7(work.Now),
            Agreement = id,
            Number = number,
            Stamp = work.Stamp,
            At = work.Now,
            By = access.User.Id,
            ByName = access.User.Name,
            ByUnit = access.User.Unit,
            Purpose = items.Purpose.Trim(),
            LegalBasis = items.LegalBasis.Trim(),
            Fields = Typing.Lines(items.Fields),
            Operations = Typing.Lines(items.Operations),
            Method = items.Method,
            RatePerSecond = items.RatePerSecond,
            Burst = items.Burst,
            QuotaPerDay = items.QuotaPerDay,
            ValidFrom = items.ValidFrom,
            ValidUntil = items.ValidUntil,
            RetentionDays = items.RetentionDays,
            Deletion = items.Deletion.Trim(),
            Protection = items.Protection.Trim(),
            Bodies = items.Bodies,
            NeedsReceipt = items.NeedsReceipt,
            Duties = items.Duties.Trim(),
            Reason = Typing.Or(reason),
        };
        work.Db.AgreementRevisions.Add(revision);
        return revision.Id;
    }
}
