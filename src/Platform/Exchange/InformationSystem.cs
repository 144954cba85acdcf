using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>The four layers of the reference architecture (requirements §1, 2); not the four layers of protection.</summary>
public enum ArchitectureLayer { Infrastructure, DataPlatform, BusinessApplication, Channel }

/// <summary>How much depends on the system, as its owner states it; the security level of the law is another thing and comes with its dossier.</summary>
public enum SystemImportance { Ordinary, Important, Critical }

public enum Ipv6State { Unknown, None, DualStack, Only }

public enum PersonalDataKind { None, Basic, Sensitive }

/// <summary>The state of the security-level dossier. Until levels are kept in the product every system is undetermined, and says so (R-CAT-02).</summary>
public enum SecurityLevelState { Undetermined }

/// <summary>An information system of a body (R-CAT-02): the thing every service and every connection must point to.</summary>
public sealed class InformationSystem : ExchangeThing
{
    public required InformationSystemId Id { get; init; }

    /// <summary>Short code, unique in the province: <c>dat-dai</c>.</summary>
    public required string Code { get; init; }

    public static SecurityLevelState SecurityLevel => SecurityLevelState.Undetermined;
}

/// <summary>What is said about a system from one day on. The latest holds; the earlier ones stay.</summary>
public sealed class SystemRevision : ExchangeSaying
{
    public required Guid Id { get; init; }
    public required InformationSystemId System { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }

    /// <summary>Cơ quan chủ quản.</summary>
    public required OrgUnitId Owner { get; init; }

    /// <summary>Đơn vị vận hành; null when outside the province, then <see cref="OperatorName"/>.</summary>
    public OrgUnitId? Operator { get; init; }
    public string? OperatorName { get; init; }
    public required string Purpose { get; init; }
    public string? Users { get; init; }
    public required ArchitectureLayer Layer { get; init; }
    public required SystemImportance Importance { get; init; }
    public string? Hosting { get; init; }
    public required Ipv6State Ipv6 { get; init; }
    public required PersonalDataKind PersonalData { get; init; }
    public DateOnly? ContractEnd { get; init; }
    public InformationSystemId? ReplacedBy { get; init; }

    /// <summary>It only pretends to be the system of an agency, for trying out; every page that names it says so.</summary>
    public bool IsSimulated { get; init; }
}

/// <summary>
/// The part of a system that offers or uses services, under its X-Road name. The name is fixed with the registration: when bodies merge, a right
/// follows only by a new agreement, never because a code changed underneath it.
/// </summary>
public sealed class Subsystem : ExchangeThing
{
    public required SubsystemId Id { get; init; }
    public required InformationSystemId System { get; init; }

    /// <summary>The unit that answers for it: the owner of the system when it was registered.</summary>
    public required OrgUnitId Unit { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }

    /// <summary>GOV for bodies of the political system, COM for enterprises.</summary>
    public required string MemberClass { get; init; }
    public required string MemberCode { get; init; }
    public required string Code { get; init; }

    public bool IsEnterprise => MemberClass == EnterpriseClass;

    public const string AgencyClass = "GOV", EnterpriseClass = "COM";

    /// <summary>Whether every character may stand in an X-Road identifier; nothing else may, so the name needs no translation on any face.</summary>
    public static bool IsIdentifier(string? text) =>
        text is { Length: > 0 and <= 60 } && text.All(c => char.IsAsciiLetterOrDigit(c) || "'()+,-.=?".Contains(c, StringComparison.Ordinal)) && text is not ("." or "..");

    public string Identifier(string instance) => $"{instance}/{MemberClass}/{MemberCode}/{Code}";
}

public enum CredentialKind
{
    /// <summary>SHA-256 of the SubjectPublicKeyInfo of a client certificate, hex: the certificate may be renewed, the key is what is known.</summary>
    SpkiThumbprint,

    /// <summary>A public JWK on P-256, for <c>private_key_jwt</c>.</summary>
    Jwk,
}

/// <summary>A public key of a subsystem. No secret is kept here, and there is no column for one; revoking is an event.</summary>
public sealed class Credential
{
    public required CredentialId Id { get; init; }
    public required SubsystemId Subsystem { get; init; }
    public required CredentialKind Kind { get; init; }

    /// <summary>Of an SPKI: its SHA-256. Of a JWK: its RFC 7638 thumbprint. Unique for ever: one key names one subsystem, also after it was revoked.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The JWK as it is published; null for a certificate.</summary>
    public string? PublicJwk { get; init; }
    public required string Label { get; init; }
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
    public required long Stamp { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
    public required string ByName { get; init; }
}
