using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Accounts;

/// <summary>
/// A role one person holds in one unit from a day to a day, by a document. Never edited: revoking writes the last day it held, so that
/// "who could do what on that day" has an answer for good. (Phân quyền.)
/// </summary>
public sealed class GrantedRole : IVersioned
{
    public required RoleGrantId Id { get; init; }
    public required UserId User { get; init; }
    public required Role Role { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; init; }

    /// <summary>The decision by which it was given: "Quyết định số 12/QĐ-UBND".</summary>
    public required string Document { get; init; }
    public required UserId GrantedBy { get; init; }
    public required string GrantedByName { get; init; }
    public required DateTimeOffset GrantedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }
    public UserId? RevokedBy { get; private set; }
    public string? RevokedByName { get; private set; }
    public string? RevokeReason { get; private set; }
    public int Version { get; set; }

    public bool HoldsAt(DateTimeOffset now) => HoldsOn(Vietnamese.DayOf(now)) && (RevokedAt is not { } revoked || now < revoked);

    public Refusal? Revoke(CurrentUser by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (RevokedAt is not null) return AccountsRefusals.AlreadyRevoked();

        (RevokedAt, RevokedBy, RevokedByName, RevokeReason) = (now, by.Id, by.Name, reason);
        return null;
    }

    private bool HoldsOn(DateOnly day) => ValidFrom <= day && (ValidTo is null || day <= ValidTo);
}

/// <summary>One look at one person's rights by an administrator, every six months (R-NFR-05).</summary>
public sealed class AccessReview
{
    public required Guid Id { get; init; }
    public required UserId User { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
    public required string ByName { get; init; }

    /// <summary>What the reviewer saw: the grants that held, so that a later reader knows what was confirmed.</summary>
    public required string Seen { get; init; }
    public string? Note { get; init; }
}

/// <summary>One stay, from sign-in to sign-out or expiry. What the person sees under "phiên đăng nhập" and can end.</summary>
public sealed class Session
{
    public required SessionId Id { get; init; }
    public required UserId User { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset SeenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>signed-out, ended-elsewhere, expired, locked.</summary>
    public string? EndReason { get; set; }
    public string? Address { get; init; }
    public int? Port { get; init; }
    public string? Agent { get; init; }

    /// <summary>password, passkey, oidc, certificate, demo.</summary>
    public required string Method { get; init; }

    /// <summary>Whether two factors, or one that counts as two, opened it.</summary>
    public required bool HasSecondFactor { get; set; }
    public required string SecurityStamp { get; init; }
}
