using LienThong.Kernel;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Accounts;

/// <summary>What a person decided about the account. That it is idle or locked out for a while is derived from events and the clock.</summary>
public enum AccountStatus
{
    Open,

    /// <summary>Locked by an administrator until opened again.</summary>
    Locked,

    /// <summary>The person left; never opened again, kept for the records that name it.</summary>
    Closed,
}

/// <summary>A person who may sign in, made beforehand by an administrator. (Tài khoản người dùng.)</summary>
public sealed class UserAccount : IVersioned
{
    /// <summary>The name in the store of ASP.NET Core Identity; lower case, so that two spellings are one person.</summary>
    public required string SignInName { get; set => field = NormalName(value); }

    public required UserId Id { get; init; }
    public required string DisplayName { get; set => field = VietnameseText.Clean(value); }

    /// <summary>Name and sign-in name without diacritics, for the search of the user list.</summary>
    public string SearchText { get; private set; } = "";
    public required OrgUnitId HomeUnit { get; set; }
    public AccountStatus Status { get; set; } = AccountStatus.Open;
    public string? StatusReason { get; set; }

    public string? PasswordHash { get; set; }
    public DateTimeOffset? PasswordSetAt { get; set; }

    /// <summary>Set by another person, so good for one sign-in only.</summary>
    public bool PasswordIsTemporary { get; set; }

    /// <summary>Changes whenever every session must end; a session carries the stamp it was opened with.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>The secret of the one-time codes, encrypted with the data-protection keys; null when none is set up.</summary>
    public string? TotpSecret { get; set; }
    public DateTimeOffset? TotpConfirmedAt { get; set; }

    /// <summary>The time step of the last accepted code: a code is good once.</summary>
    public long TotpLastStep { get; set; }

    public int FailedAttempts { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>When an administrator last opened it again; the idle time counts from there.</summary>
    public DateTimeOffset? ReopenedAt { get; set; }
    public string? Language { get; set; }
    public int Version { get; set; }

    public bool HasTotp => TotpConfirmedAt is not null && TotpSecret is not null;

    public void RefreshSearchText() => SearchText = VietnameseText.Fold(DisplayName + " " + SignInName);

    /// <summary>45 days without a sign-in, as the parameter says (R-NFR-05).</summary>
    public bool IsIdle(DateTimeOffset now, int idleDays)
    {
        var last = CreatedAt;
        if (LastSignInAt > last) last = LastSignInAt.Value;
        if (ReopenedAt > last) last = ReopenedAt.Value;
        return now - last >= TimeSpan.FromDays(idleDays);
    }

    public bool IsLockedOut(DateTimeOffset now) => LockedUntil is { } until && now < until;

    public static string NormalName(string? name) => VietnameseText.Clean(name).ToLowerInvariant();
}

/// <summary>A password this person had; the last ten are not taken again.</summary>
public sealed class FormerPassword
{
    public required Guid Id { get; init; }
    public required UserId User { get; init; }
    public required string Hash { get; init; }
    public required DateTimeOffset SetAt { get; init; }
}

/// <summary>A one-time way in when the telephone is lost. Only its digest is kept.</summary>
public sealed class RecoveryCode
{
    public required Guid Id { get; init; }
    public required UserId User { get; init; }
    public required string Hash { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When a later set replaced this one.</summary>
    public DateTimeOffset? ReplacedAt { get; set; }
}

/// <summary>A passkey (WebAuthn credential) as ASP.NET Core Identity hands it to a store.</summary>
public sealed class Passkey
{
    /// <summary>The credential id in base64url, so that both engines index it the same way.</summary>
    public required string CredentialId { get; init; }
    public required UserId User { get; init; }
    public required byte[] PublicKey { get; init; }
    public string? Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long SignCount { get; set; }
    public required string Transports { get; init; }
    public required bool IsUserVerified { get; set; }
    public required bool IsBackupEligible { get; init; }
    public required bool IsBackedUp { get; set; }
    public required byte[] AttestationObject { get; init; }
    public required byte[] ClientDataJson { get; init; }
}

public enum AccountLinkKind
{
    /// <summary>Issuer and subject of an OpenID Connect provider.</summary>
    OpenIdConnect,

    /// <summary>The keyed digest of a personal identification number: the number itself is never stored.</summary>
    PersonalNumber,

    /// <summary>The SHA-256 of one certificate.</summary>
    CertificateThumbprint,

    /// <summary>The keyed digest of issuer and subject of a certificate, which survives its renewal.</summary>
    CertificateSubject,
}

/// <summary>What another party knows this person by. Made beforehand; ended, never deleted.</summary>
public sealed class AccountLink
{
    public required AccountLinkId Id { get; init; }
    public required UserId User { get; init; }
    public required AccountLinkKind Kind { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }

    /// <summary>What the list shows: the common name of a certificate, the provider's address.</summary>
    public required string Label { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public required UserId AddedBy { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public UserId? EndedBy { get; set; }
}
