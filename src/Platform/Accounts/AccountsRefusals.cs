using LienThong.Kernel;

namespace LienThong.Platform.Accounts;

/// <summary>Every way this module says no. The words are in AccountsText.resx under the same keys.</summary>
public static class AccountsRefusals
{
    /// <summary>One answer for every failed sign-in, so that it tells nobody whether the name exists or why it failed.</summary>
    public static Refusal SignInFailed() => new("accounts.signin.failed", RefusalKind.Forbidden);

    public static Refusal TooManyAttempts(int minutes) => new("accounts.signin.throttled", RefusalKind.Unavailable, minutes);

    public static Refusal LocalSignInOff() => new("accounts.signin.local-off", RefusalKind.Forbidden);

    /// <summary>The identity provider or the certificate is good, but no administrator made an account for that person.</summary>
    public static Refusal UnknownPerson() => new("accounts.signin.unknown-person", RefusalKind.Forbidden);

    public static Refusal AccountNotUsable() => new("accounts.signin.not-usable", RefusalKind.Forbidden);

    public static Refusal CodeWrong() => new("accounts.code.wrong", RefusalKind.Invalid);

    public static Refusal NameTaken(string name) => new("accounts.user.name-taken", RefusalKind.Conflict, name);

    public static Refusal NameInvalid() => new("accounts.user.name-invalid", RefusalKind.Invalid);

    public static Refusal DisplayNameInvalid() => new("accounts.user.display-invalid", RefusalKind.Invalid);

    public static Refusal UserUnknown() => new("accounts.user.unknown", RefusalKind.NotFound);

    public static Refusal UnitUnknown() => new("accounts.unit.unknown", RefusalKind.Invalid);

    public static Refusal PasswordTooShort(int min) => new("accounts.password.short", RefusalKind.Invalid, min);

    public static Refusal PasswordTooLong(int max) => new("accounts.password.long", RefusalKind.Invalid, max);

    public static Refusal PasswordWeak() => new("accounts.password.weak", RefusalKind.Invalid);

    public static Refusal PasswordReused(int last) => new("accounts.password.reused", RefusalKind.Invalid, last);

    public static Refusal PasswordWrong() => new("accounts.password.wrong", RefusalKind.Invalid);

    public static Refusal PasswordsDiffer() => new("accounts.password.differ", RefusalKind.Invalid);

    public static Refusal Forbidden() => new("access.forbidden", RefusalKind.Forbidden);

    public static Refusal OwnRights() => new("accounts.grant.own", RefusalKind.Forbidden);

    public static Refusal DutiesNotSeparate(string held, string asked) => new("accounts.grant.duties", RefusalKind.Conflict, held, asked);

    public static Refusal PeriodInvalid() => new("accounts.grant.period", RefusalKind.Invalid);

    public static Refusal DocumentMissing() => new("accounts.grant.document", RefusalKind.Invalid);

    public static Refusal AlreadyGranted() => new("accounts.grant.exists", RefusalKind.Conflict);

    public static Refusal GrantUnknown() => new("accounts.grant.unknown", RefusalKind.NotFound);

    public static Refusal AlreadyRevoked() => new("accounts.grant.revoked", RefusalKind.Conflict);

    public static Refusal ReasonMissing() => new("accounts.reason.missing", RefusalKind.Invalid);

    public static Refusal LockedSelf() => new("accounts.lock.self", RefusalKind.Forbidden);

    public static Refusal Closed() => new("accounts.user.closed", RefusalKind.Conflict);

    public static Refusal Stale(int seen, int current) => new("accounts.stale", RefusalKind.Conflict, seen, current);

    public static Refusal LinkTaken() => new("accounts.link.taken", RefusalKind.Conflict);

    public static Refusal LinkInvalid() => new("accounts.link.invalid", RefusalKind.Invalid);

    public static Refusal PasskeyFailed() => new("accounts.passkey.failed", RefusalKind.Invalid);

    public static Refusal PasskeysFull(int max) => new("accounts.passkey.full", RefusalKind.Conflict, max);

    public static Refusal SecondFactorNeeded() => new("accounts.factor.needed", RefusalKind.Conflict);

    public static Refusal FactorExists() => new("accounts.factor.exists", RefusalKind.Conflict);

    public static Refusal RecordUnknown() => new("audit.unknown", RefusalKind.NotFound);
}
