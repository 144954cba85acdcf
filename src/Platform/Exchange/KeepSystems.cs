using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>Registers an information system, revises what is said of it, retires it (R-CAT-02). Nothing of an earlier description is lost.</summary>
public sealed class KeepSystems(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    public sealed record Request
    {
        /// <summary>Null registers a new one.</summary>
        public InformationSystemId? Id { get; set; }
        public int? Version { get; set; }
        [StringLength(40)] public string Code { get; set; } = "";
        [Required, StringLength(300)] public string Name { get; set; } = "";
        public OrgUnitId Owner { get; set; }
        public OrgUnitId? Operator { get; set; }
        [StringLength(300)] public string? OperatorName { get; set; }
        [Required, StringLength(4_000)] public string Purpose { get; set; } = "";
        [StringLength(4_000)] public string? Users { get; set; }
        public ArchitectureLayer Layer { get; set; } = ArchitectureLayer.BusinessApplication;
        public SystemImportance Importance { get; set; }
        [StringLength(500)] public string? Hosting { get; set; }
        public Ipv6State Ipv6 { get; set; }
        public PersonalDataKind PersonalData { get; set; }
        public DateOnly? ContractEnd { get; set; }
        public InformationSystemId? ReplacedBy { get; set; }
        public bool IsSimulated { get; set; }
    }

    public async Task<Result<InformationSystemId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await access.DenyAsync(Permission.EditSystems, request.Owner, cancellationToken) is { } denied) return denied;
        if (Typing.First(
            Typing.Need(nameof(request.Name), request.Name, Typing.NameMax), Typing.Need(nameof(request.Purpose), request.Purpose), Typing.Fits(nameof(request.Users), request.Users),
            Typing.Fits(nameof(request.Hosting), request.Hosting, Typing.ShortMax), Typing.Fits(nameof(request.OperatorName), request.OperatorName, Typing.NameMax)) is { } wrong) return wrong;
        if (await access.UnitAsync(request.Owner, cancellationToken) is not { } owner || owner.ValidTo < access.Today) return ExchangeRefusals.UnknownUnit(request.Owner.ToString());
        if (request.Operator is { } runs && await access.UnitAsync(runs, cancellationToken) is null) return ExchangeRefusals.UnknownUnit(runs.ToString());

        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        var isNew = request.Id is null;
        var id = request.Id ?? StrongId.New<InformationSystemId>(clock);
        var number = 1;
        if (request.ReplacedBy is { } successor && (successor == id || !work.Book.Systems.ContainsKey(successor))) return ExchangeRefusals.UnknownSystem;
        if (isNew)
        {
            var code = VietnameseText.Clean(request.Code);
            if (!IsCode(code)) return ExchangeRefusals.CodeForm(code);
            if (work.Book.Systems.Values.Any(s => s.Code == code)) return ExchangeRefusals.CodeTaken(code);
            work.Add(new InformationSystem { Id = id, Code = code, CreatedAt = work.Now });
            work.Happened(id.Value, ExchangeEventKind.SystemRegistered);
        }
        else
        {
            if (!work.Book.Systems.TryGetValue(id, out var known)) return ExchangeRefusals.UnknownSystem;
            var before = work.Book.Of(id);

            // Who gives a system away must hold it, and who takes it must be allowed to keep systems there.
            if (before.Owner != request.Owner && await access.DenyAsync(Permission.EditSystems, before.Owner, cancellationToken) is { } notTheirs) return notTheirs;
            if (await work.TouchAsync<InformationSystem>(id, request.Version, cancellationToken) is { } stale) return stale;
            if (IsRetired(work.Book, id)) return ExchangeRefusals.SystemRetired(known.Code);
            number = before.Number + 1;
            work.Happened(id.Value, ExchangeEventKind.SystemRevised);
        }

        work.Db.SystemRevisions.Add(new SystemRevision
        {
            Id = Guid.CreateVersion7(work.Now),
            System = id,
            Number = number,
            Stamp = work.Stamp,
            At = work.Now,
            By = access.User.Id,
            ByName = access.User.Name,
            ByUnit = access.User.Unit,
            Name = request.Name,
            Owner = request.Owner,
            Operator = request.Operator,
            OperatorName = Typing.Or(request.OperatorName),
            Purpose = request.Purpose.Trim(),
            Users = Typing.Or(request.Users),
            Layer = request.Layer,
            Importance = request.Importance,
            Hosting = Typing.Or(request.Hosting),
            Ipv6 = request.Ipv6,
            PersonalData = request.PersonalData,
            ContractEnd = request.ContractEnd,
            ReplacedBy = request.ReplacedBy,
            IsSimulated = request.IsSimulated,
        });
        work.Audit(isNew ? "exchange.system.registered" : "exchange.system.revised", "information-system", id, after: new { request.Code, request.Name, Owner = owner.Code }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>A system that is switched off: its subsystems close with it, so whatever they held or offered ends.</summary>
    public async Task<Result<Done>> RetireAsync(InformationSystemId id, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Systems.TryGetValue(id, out var system)) return ExchangeRefusals.UnknownSystem;
        if (await access.DenyAsync(Permission.EditSystems, work.Book.Of(id).Owner, cancellationToken) is { } denied) return denied;
        if (IsRetired(work.Book, id)) return ExchangeRefusals.SystemRetired(system.Code);
        if (await work.TouchAsync<InformationSystem>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.SystemRetired, text: reason);
        work.ChangesRights();
        work.Audit("exchange.system.retired", "information-system", id, after: new { system.Code, reason }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    internal static bool IsRetired(ExchangeBook book, InformationSystemId id) => book.EventsOf(id.Value).Any(e => e.Kind is ExchangeEventKind.SystemRetired);

    private static bool IsCode(string code) => code.Length is > 0 and <= 40 && code[0] != '-' && code[^1] != '-' && code.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}

/// <summary>Subsystems of a system, and the public keys they are known by.</summary>
public sealed class KeepSubsystems(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    /// <summary>Of one subsystem: two during a rotation, and some for machines beside each other; more is a mistake.</summary>
    public const int CredentialsMax = 12;

    /// <summary>A key may be known for at most three years; after that a new one is due (rotation).</summary>
    public const int CredentialDaysMax = 3 * 366;

    public sealed record Request
    {
        public InformationSystemId System { get; set; }
        [Required, StringLength(60)] public string Code { get; set; } = "";
        [Required, StringLength(300)] public string Name { get; set; } = "";
    }

    public sealed record CredentialRequest
    {
        public SubsystemId Subsystem { get; set; }
        public CredentialKind Kind { get; set; }

        /// <summary>64 hex digits, a certificate in PEM, or a public JWK.</summary>
        [Required, StringLength(20_000)] public string Key { get; set; } = "";
        [Required, StringLength(120)] public string Label { get; set; } = "";
        public DateOnly ValidFrom { get; set; }
        public DateOnly ValidUntil { get; set; }
    }

    public async Task<Result<SubsystemId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.Need(nameof(request.Name), request.Name, Typing.NameMax) is { } wrong) return wrong;
        var code = VietnameseText.Clean(request.Code);
        if (!Subsystem.IsIdentifier(code)) return ExchangeRefusals.IdentifierForm(code);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Systems.TryGetValue(request.System, out var system)) return ExchangeRefusals.UnknownSystem;
        var owner = work.Book.Of(system.Id).Owner;
        if (await access.DenyAsync(Permission.EditSystems, owner, cancellationToken) is { } denied) return denied;
        if (KeepSystems.IsRetired(work.Book, system.Id)) return ExchangeRefusals.SystemRetired(system.Code);
        if (await access.UnitAsync(owner, cancellationToken) is not { } unit) return ExchangeRefusals.UnknownUnit(owner.ToString());
        if (!Subsystem.IsIdentifier(unit.Code)) return ExchangeRefusals.IdentifierForm(unit.Code);
        var memberClass = unit.Kind is OrgUnitKind.Enterprise ? Subsystem.EnterpriseClass : Subsystem.AgencyClass;
        if (work.Book.Subsystems.Values.Any(s => s.MemberClass == memberClass && s.MemberCode == unit.Code && s.Code == code)) return ExchangeRefusals.CodeTaken($"{memberClass}/{unit.Code}/{code}");
        var id = StrongId.New<SubsystemId>(clock);
        work.Add(new Subsystem { Id = id, System = system.Id, Unit = owner, Name = request.Name, MemberClass = memberClass, MemberCode = unit.Code, Code = code, CreatedAt = work.Now });
        work.Happened(id.Value, ExchangeEventKind.SubsystemAdded);
        work.Audit("exchange.subsystem.added", "subsystem", id, after: new { system = system.Code, code, request.Name }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return id;
    }

    public async Task<Result<CredentialId>> AddCredentialAsync(CredentialRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(Typing.Need(nameof(request.Label), request.Label, 120), Typing.Need(nameof(request.Key), request.Key, 20_000)) is { } wrong) return wrong;
        if (request.ValidFrom == default || request.ValidUntil < request.ValidFrom || request.ValidUntil.DayNumber - request.ValidFrom.DayNumber > CredentialDaysMax) return ExchangeRefusals.PeriodWrong;
        if (!PublicKeys.Read(request.Kind, request.Key).IsGranted(out var key, out var refusal)) return refusal;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Subsystems.TryGetValue(request.Subsystem, out var subsystem)) return ExchangeRefusals.UnknownSubsystem;
        if (await access.DenyAsync(Permission.EditSystems, subsystem.Unit, cancellationToken) is { } denied) return denied;
        if (!SubsystemStanding.IsOpen(work.Book, subsystem)) return ExchangeRefusals.SubsystemClosed(subsystem.Code);
        if (request.ValidUntil < work.Today) return ExchangeRefusals.PeriodWrong;
        if (SubsystemStanding.Valid(work.Book, subsystem, work.Now, orLater: true).Count >= CredentialsMax) return ExchangeRefusals.TooManyCredentials(CredentialsMax);

        // One key names one subsystem for ever: a stolen or reused key must never speak for two, not even after it was revoked.
        if (await work.Db.Credentials.AnyAsync(c => c.Thumbprint == key.Thumbprint, cancellationToken)) return ExchangeRefusals.KeyTaken(key.Thumbprint);
        var id = StrongId.New<CredentialId>(clock);
        work.Db.Credentials.Add(new Credential
        {
            Id = id,
            Subsystem = subsystem.Id,
            Kind = request.Kind,
            Thumbprint = key.Thumbprint,
            PublicJwk = key.PublicJwk,
            Label = request.Label.Trim(),
            ValidFrom = Vietnamese.StartOf(request.ValidFrom),
            ValidUntil = Vietnamese.EndOf(request.ValidUntil),
            Stamp = work.Stamp,
            At = work.Now,
            By = access.User.Id,
            ByName = access.User.Name,
        });
        work.Happened(subsystem.Id.Value, ExchangeEventKind.CredentialAdded, target: id.Value, text: request.Label);
        work.ChangesRights();
        work.Audit("exchange.credential.added", "subsystem", subsystem.Id, after: new { request.Kind, key.Thumbprint, request.Label, request.ValidFrom, request.ValidUntil }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return id;
    }

    public async Task<Result<Done>> RevokeAsync(SubsystemId id, CredentialId credential, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Subsystems.TryGetValue(id, out var subsystem)) return ExchangeRefusals.UnknownSubsystem;

        // Whoever may stop sharing for the sake of security may also stop a key.
        if (!await access.MayAsync(Permission.EditSystems, subsystem.Unit, cancellationToken) && access.User.ScopeOf(Permission.SuspendSharing).Reach is not Reach.Province)
        {
            return ExchangeRefusals.NotAllowed(nameof(Permission.EditSystems));
        }

        if (work.Book.Credentials.Of(id).FirstOrDefault(c => c.Id == credential) is not { } known) return ExchangeRefusals.UnknownCredential;
        if (SubsystemStanding.RevokedAt(work.Book, subsystem, known) is not null) return ExchangeRefusals.KeyRevoked;
        work.Happened(id.Value, ExchangeEventKind.CredentialRevoked, target: credential.Value, text: reason);
        work.ChangesRights();
        work.Audit("exchange.credential.revoked", "subsystem", id, after: new { known.Thumbprint, reason }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    public async Task<Result<Done>> CloseAsync(SubsystemId id, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Subsystems.TryGetValue(id, out var subsystem)) return ExchangeRefusals.UnknownSubsystem;
        if (await access.DenyAsync(Permission.EditSystems, subsystem.Unit, cancellationToken) is { } denied) return denied;
        if (!SubsystemStanding.IsOpen(work.Book, subsystem)) return ExchangeRefusals.SubsystemClosed(subsystem.Code);
        if (await work.TouchAsync<Subsystem>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.SubsystemClosed, text: reason);
        work.ChangesRights();
        work.Audit("exchange.subsystem.closed", "subsystem", id, after: new { subsystem.Code, reason }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}

/// <summary>What a subsystem is at an instant, from what happened to it and to its system.</summary>
public static class SubsystemStanding
{
    public static bool IsOpen(ExchangeBook book, Subsystem subsystem)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(subsystem);
        return !book.EventsOf(subsystem.Id.Value).Any(e => e.Kind is ExchangeEventKind.SubsystemClosed) && !KeepSystems.IsRetired(book, subsystem.System);
    }

    public static DateTimeOffset? RevokedAt(ExchangeBook book, Subsystem subsystem, Credential credential)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(subsystem);
        ArgumentNullException.ThrowIfNull(credential);
        return book.EventsOf(subsystem.Id.Value).FirstOrDefault(e => e.Kind is ExchangeEventKind.CredentialRevoked && e.Target == credential.Id.Value)?.At;
    }

    /// <summary>The keys that count at that instant (or also those that begin later): within their time and not revoked.</summary>
    public static IReadOnlyList<Credential> Valid(ExchangeBook book, Subsystem subsystem, DateTimeOffset now, bool orLater = false)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(subsystem);
        return [.. book.Credentials.Of(subsystem.Id).Where(c => now < c.ValidUntil && (orLater || c.ValidFrom <= now) && RevokedAt(book, subsystem, c) is null)];
    }
}
