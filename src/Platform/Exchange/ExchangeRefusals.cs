using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>Every way the exchange says no. Codes are stable; the sentences are resources under the same key.</summary>
public static class ExchangeRefusals
{
    public static Refusal NotAllowed(string right) => new("exchange.not-allowed", RefusalKind.Forbidden, right);
    /// <summary>Somebody saved meanwhile: the version seen and the version stored.</summary>
    public static Refusal Stale(int seen, int stored) => new("exchange.stale", RefusalKind.Conflict, seen, stored);
    public static Refusal SamePerson { get; } = new("exchange.same-person", RefusalKind.Forbidden);
    public static Refusal UnknownUnit(string what) => new("exchange.unit.unknown", RefusalKind.Invalid, what);
    public static Refusal UnknownSystem { get; } = new("exchange.system.unknown", RefusalKind.NotFound);
    public static Refusal SystemRetired(string code) => new("exchange.system.retired", RefusalKind.Conflict, code);
    public static Refusal UnknownSubsystem { get; } = new("exchange.subsystem.unknown", RefusalKind.NotFound);
    public static Refusal SubsystemClosed(string code) => new("exchange.subsystem.closed", RefusalKind.Conflict, code);
    public static Refusal UnknownService { get; } = new("exchange.service.unknown", RefusalKind.NotFound);
    public static Refusal UnknownVersion { get; } = new("exchange.version.unknown", RefusalKind.NotFound);
    public static Refusal ServiceWithdrawn(string code) => new("exchange.service.withdrawn", RefusalKind.Conflict, code);
    public static Refusal ServiceNotPublished(string code, int major) => new("exchange.service.not-published", RefusalKind.Conflict, code, major);
    public static Refusal NothingToPublish(string code) => new("exchange.service.nothing-to-publish", RefusalKind.Conflict, code);
    public static Refusal AlreadyReady(string code, DateOnly due) => new("exchange.service.already-ready", RefusalKind.Conflict, code, due);
    public static Refusal NotReady(string code) => new("exchange.service.not-ready", RefusalKind.Conflict, code);
    public static Refusal AgreementsAlive(string code, IReadOnlyList<string> agreements) => new("exchange.service.agreements-alive", RefusalKind.Conflict, code, agreements.Count, string.Join("; ", agreements.Take(20)));
    public static Refusal CodeForm(string code) => new("exchange.code.form", RefusalKind.Invalid, code);
    public static Refusal CodeTaken(string code) => new("exchange.code.taken", RefusalKind.Conflict, code);
    public static Refusal IdentifierForm(string text) => new("exchange.identifier.form", RefusalKind.Invalid, text);
    public static Refusal TextMissing(string field) => new("exchange.text.missing", RefusalKind.Invalid, field);
    public static Refusal TextTooLong(string field, int max) => new("exchange.text.too-long", RefusalKind.Invalid, field, max);
    public static Refusal TooManyLines(int max) => new("exchange.lines.too-many", RefusalKind.Invalid, max);
    public static Refusal BasisWithoutNumber(string text) => new("exchange.basis.no-number", RefusalKind.Invalid, text);
    public static Refusal PeriodWrong { get; } = new("exchange.period.wrong", RefusalKind.Invalid);
    public static Refusal LimitsWrong { get; } = new("exchange.limits.wrong", RefusalKind.Invalid);
    public static Refusal UpstreamsCount(int max) => new("exchange.upstreams.count", RefusalKind.Invalid, max);
    public static Refusal UpstreamForm(string text) => new("exchange.upstream.form", RefusalKind.Invalid, text);
    public static Refusal AdapterForm(string field) => new("exchange.adapter.form", RefusalKind.Invalid, field);
    public static Refusal DocumentEmpty { get; } = new("exchange.document.empty", RefusalKind.Invalid);
    public static Refusal DocumentTooLarge(long megabytes) => new("exchange.document.too-large", RefusalKind.TooLarge, megabytes);
    public static Refusal InterfaceUnreadable(string reason, string place) => new("exchange.interface.unreadable", RefusalKind.Invalid, reason, place);
    public static Refusal VersionKnown(string label) => new("exchange.version.known", RefusalKind.Conflict, label);
    public static Refusal VersionTaken(string label) => new("exchange.version.taken", RefusalKind.Conflict, label);
    public static Refusal VersionNotHigher(string given, string known) => new("exchange.version.not-higher", RefusalKind.Conflict, given, known);

    /// <summary>The fourth argument holds every reason, for the page to list.</summary>
    public static Refusal Breaking(string before, string after, IReadOnlyList<Interfaces.BreakingChange> changes) => new("exchange.version.breaking", RefusalKind.Conflict, before, after, changes.Count, changes);

    public static Refusal UnknownFields(IReadOnlyList<string> fields) => new("exchange.fields.unknown", RefusalKind.Invalid, fields.Count, string.Join("; ", fields.Take(20)));
    public static Refusal UnknownOperations(IReadOnlyList<string> operations) => new("exchange.operations.unknown", RefusalKind.Invalid, operations.Count, string.Join("; ", operations.Take(20)));
    public static Refusal UnknownCredential { get; } = new("exchange.credential.unknown", RefusalKind.NotFound);
    public static Refusal TooManyCredentials(int max) => new("exchange.credential.too-many", RefusalKind.Conflict, max);
    public static Refusal KeyTaken(string thumbprint) => new("exchange.credential.taken", RefusalKind.Conflict, thumbprint);
    public static Refusal KeyRevoked { get; } = new("exchange.credential.revoked", RefusalKind.Conflict);
    public static Refusal KeyUnreadable { get; } = new("exchange.credential.unreadable", RefusalKind.Invalid);
    public static Refusal KeyPrivate { get; } = new("exchange.credential.private", RefusalKind.Invalid);
    public static Refusal KeyNotP256 { get; } = new("exchange.credential.not-p256", RefusalKind.Invalid);
    public static Refusal CodeNotGood { get; } = new("exchange.code.not-good", RefusalKind.Forbidden);
    public static Refusal CsrUnreadable { get; } = new("exchange.csr.unreadable", RefusalKind.Invalid);
    public static Refusal CsrKeyWeak { get; } = new("exchange.csr.weak", RefusalKind.Invalid);
    public static Refusal NodeNameTaken(string name) => new("exchange.node.taken", RefusalKind.Conflict, name);
    public static Refusal UnknownNode { get; } = new("exchange.node.unknown", RefusalKind.NotFound);
    public static Refusal TooManyNodes(int max) => new("exchange.node.too-many", RefusalKind.Conflict, max);
    public static Refusal UnknownRequest { get; } = new("exchange.request.unknown", RefusalKind.NotFound);
    public static Refusal RequestSent(string code) => new("exchange.request.sent", RefusalKind.Conflict, code);
    public static Refusal RequestOver(string code) => new("exchange.request.over", RefusalKind.Conflict, code);
    public static Refusal RequestState(string code, string state) => new("exchange.request.state", RefusalKind.Conflict, code, state);
    public static Refusal RequestTwin(string code) => new("exchange.request.twin", RefusalKind.Conflict, code);
    public static Refusal RequestNotApproved(string code) => new("exchange.request.not-approved", RefusalKind.Conflict, code);
    public static Refusal NotWaiting(string code) => new("exchange.request.not-waiting", RefusalKind.Conflict, code);
    public static Refusal OwnService(string code) => new("exchange.request.own-service", RefusalKind.Invalid, code);
    public static Refusal UnknownAgreement { get; } = new("exchange.agreement.unknown", RefusalKind.NotFound);
    public static Refusal AgreementTwin(string code) => new("exchange.agreement.twin", RefusalKind.Conflict, code);
    public static Refusal AgreementOver(string code) => new("exchange.agreement.over", RefusalKind.Conflict, code);
    public static Refusal NothingToSign(string code) => new("exchange.agreement.nothing-to-sign", RefusalKind.Conflict, code);
    public static Refusal AlreadySigned(string code) => new("exchange.agreement.already-signed", RefusalKind.Conflict, code);
    public static Refusal NotAlive(string code) => new("exchange.stop.not-alive", RefusalKind.Conflict, code);
    public static Refusal NotSuspended(string code) => new("exchange.stop.not-suspended", RefusalKind.Conflict, code);
    public static Refusal StopPeriodMissing { get; } = new("exchange.stop.period-missing", RefusalKind.Invalid);
    public static Refusal StopTooLong(int days) => new("exchange.stop.too-long", RefusalKind.Invalid, days);
    public static Refusal NoticeTooShort(int days, DateOnly earliest) => new("exchange.stop.notice-too-short", RefusalKind.Invalid, days, earliest);
    public static Refusal StoppedByOther(string code) => new("exchange.stop.by-other", RefusalKind.Forbidden, code);
    public static Refusal UnknownDispute { get; } = new("exchange.dispute.unknown", RefusalKind.NotFound);
    public static Refusal DisputeTwin(string code) => new("exchange.dispute.twin", RefusalKind.Conflict, code);
    public static Refusal DisputeState(string code) => new("exchange.dispute.state", RefusalKind.Conflict, code);
    public static Refusal UnknownLetter { get; } = new("exchange.letter.unknown", RefusalKind.NotFound);
    public static Refusal LetterKnown(string document) => new("exchange.letter.known", RefusalKind.Conflict, document);
    public static Refusal NotAnEnterprise { get; } = new("exchange.enterprise.not", RefusalKind.Invalid);
    public static Refusal NoContract { get; } = new("exchange.enterprise.no-contract", RefusalKind.Forbidden);
    public static Refusal ContractOverlaps { get; } = new("exchange.enterprise.overlaps", RefusalKind.Conflict);
    public static Refusal UnknownContract { get; } = new("exchange.enterprise.unknown", RefusalKind.NotFound);
    public static Refusal ContractOver { get; } = new("exchange.enterprise.over", RefusalKind.Conflict);
}
