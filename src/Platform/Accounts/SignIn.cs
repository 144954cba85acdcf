using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Accounts;

/// <summary>
/// Name and password, the first of two steps when a second factor is set up. Every failure is the same answer after the same work, is
/// counted, and is on record; five lock the account for a while.
/// </summary>
public sealed class SignInWithPassword(
    IDbContextFactory<PlatformDb> databases, Passwords passwords, SignInThrottle throttle, SignInOptions options, ParameterBook parameters, TimeProvider clock,
    ILogger<SignInWithPassword> log)
{
    public sealed record Request
    {
        public string Name { get; set; } = "";
        public string Password { get; set; } = "";
    }

    /// <summary>Who it is; whether a one-time code is still to come.</summary>
    public sealed record Answer(UserId User, bool NeedsCode);

    public async Task<Result<Answer>> HandleAsync(Request request, SignInOrigin origin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(origin);
        if (!options.LocalSignIn) return AccountsRefusals.LocalSignInOff();
        var address = origin.Address ?? "";
        if (!throttle.IsOpen(address, request.Name))
        {
            log.Throttled(AddressKey.Of(address));
            return AccountsRefusals.TooManyAttempts((int)SignInThrottle.Window.TotalMinutes);
        }

        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var now = clock.GetUtcNow();
        var name = UserAccount.NormalName(request.Name);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.SignInName == name, cancellationToken);
        var verdict = passwords.Verify(user, request.Password);
        var usable = user is { Status: AccountStatus.Open } && !user.IsLockedOut(now) && !user.IsIdle(now, policy.IdleDays);
        if (user is null || verdict is PasswordVerificationResult.Failed || !usable)
        {
            throttle.Failed(address, request.Name);
            await Attempts.FailedAsync(db, clock, policy, user, origin, user is null ? "unknown" : usable ? "password" : "not-usable", cancellationToken);
            return AccountsRefusals.SignInFailed();
        }

        throttle.Succeeded(request.Name);
        if (verdict is PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = passwords.Hash(user, request.Password);
            await db.Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash).ExecuteUpdateAsync(s => s.SetProperty(u => u.PasswordHash, hash), cancellationToken);
        }

        if (!user.HasTotp) await Attempts.ClearAsync(db, user.Id, cancellationToken);
        return new Answer(user.Id, user.HasTotp);
    }
}

/// <summary>The one-time code, or a recovery code, of a person whose password was right a moment ago.</summary>
public sealed class SignInWithCode(
    IDbContextFactory<PlatformDb> databases, SecretBox secrets, SignInThrottle throttle, ParameterBook parameters, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId id, string? code, SignInOrigin origin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { HasTotp: true } user) return AccountsRefusals.SignInFailed();
        var address = origin.Address ?? "";
        if (!throttle.IsOpen(address, user.SignInName)) return AccountsRefusals.TooManyAttempts((int)SignInThrottle.Window.TotalMinutes);

        if (!user.IsLockedOut(now) && (await TakeCodeAsync(db, user, code, now, cancellationToken) || await TakeRecoveryCodeAsync(db, user, code, now, origin, cancellationToken)))
        {
            await Attempts.ClearAsync(db, id, cancellationToken);
            throttle.Succeeded(user.SignInName);
            return new Done();
        }

        throttle.Failed(address, user.SignInName);
        await Attempts.FailedAsync(db, clock, policy, user, origin, "code", cancellationToken);
        return AccountsRefusals.CodeWrong();
    }

    /// <summary>A conditional update takes the step, so that of two requests with one code only one gets in.</summary>
    private async Task<bool> TakeCodeAsync(PlatformDb db, UserAccount user, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Totp.Match(secrets.Open(user.TotpSecret!), code, now, user.TotpLastStep) is not { } step) return false;
        return await db.Users.Where(u => u.Id == user.Id && u.TotpLastStep < step).ExecuteUpdateAsync(s => s.SetProperty(u => u.TotpLastStep, step), cancellationToken) == 1;
    }

    private async Task<bool> TakeRecoveryCodeAsync(PlatformDb db, UserAccount user, string? code, DateTimeOffset now, SignInOrigin origin, CancellationToken cancellationToken)
    {
        var hash = RecoveryCodes.HashOf(user.Id, code);
        var taken = await db.RecoveryCodes.Where(c => c.User == user.Id && c.Hash == hash && c.UsedAt == null && c.ReplacedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.UsedAt, now), cancellationToken) == 1;
        if (taken)
        {
            db.Record(origin.As(user), clock, "accounts.recovery-code.used", "user", user.Id);
            await db.SaveChangesAsync(cancellationToken);
        }

        return taken;
    }
}

/// <summary>
/// A person proved by somebody else: an identity provider or a certificate. Only a person an administrator made an account for comes in;
/// a personal number found on a prepared account adds the provider's own subject, so that the number is not needed again.
/// </summary>
public sealed class SignInWithIdentity(IDbContextFactory<PlatformDb> databases, PersonalNumbers numbers, TimeProvider clock, ILogger<SignInWithIdentity> log)
{
    public sealed record Identity(AccountLinkKind Kind, string Issuer, string Subject, string Label, string? PersonalNumber = null);

    public async Task<Result<UserId>> HandleAsync(Identity identity, SignInOrigin origin, CancellationToken cancellationToken, params IReadOnlyList<Identity> alternatives)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(alternatives);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var known in (IReadOnlyList<Identity>)[identity, .. alternatives])
        {
            var link = await db.AccountLinks.AsNoTracking()
                .FirstOrDefaultAsync(l => l.Kind == known.Kind && l.Issuer == known.Issuer && l.Subject == known.Subject && l.EndedAt == null, cancellationToken);
            if (link is not null) return link.User;
        }

        if (numbers.DigestOf(identity.PersonalNumber) is { } digest
            && await db.AccountLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Kind == AccountLinkKind.PersonalNumber && l.Subject == digest && l.EndedAt == null, cancellationToken) is { } person)
        {
            var user = await db.Users.AsNoTracking().FirstAsync(u => u.Id == person.User, cancellationToken);
            db.AccountLinks.Add(new AccountLink
            {
                Id = StrongId.New<AccountLinkId>(clock),
                User = person.User,
                Kind = identity.Kind,
                Issuer = identity.Issuer,
                Subject = identity.Subject,
                Label = identity.Label,
                AddedAt = clock.GetUtcNow(),
                AddedBy = person.User,
            });
            db.Record(origin.As(user), clock, "accounts.link.added", "user", person.User, after: new { identity.Kind, identity.Label, by = "personal-number" });
            await db.SaveChangesAsync(cancellationToken);
            return person.User;
        }

        log.UnknownPerson(identity.Kind.ToString());
        db.Record(origin.AsNobody(), clock, "accounts.signed-in", "user", "unknown", outcome: "refused", note: "accounts.signin.unknown-person");
        await db.SaveChangesAsync(cancellationToken);
        return AccountsRefusals.UnknownPerson();
    }
}

internal static class Attempts
{
    /// <summary>
    /// Counts the failure on the account and locks it at the limit, in one update each, so that a hundred guesses at once are a hundred.
    /// The record names the account only if there is one: what was typed as a name may have been a password.
    /// </summary>
    public static async Task FailedAsync(
        PlatformDb db, TimeProvider clock, AccountPolicy policy, UserAccount? user, SignInOrigin origin, string why, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (user is not null && !user.IsLockedOut(now))
        {
            await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.FailedAttempts, u => u.FailedAttempts + 1), cancellationToken);
            var until = now + policy.LockOut;
            await db.Users.Where(u => u.Id == user.Id && u.FailedAttempts >= policy.Attempts)
                .ExecuteUpdateAsync(s => s.SetProperty(u => u.LockedUntil, until).SetProperty(u => u.FailedAttempts, 0), cancellationToken);
        }

        db.Record(user is null ? origin.AsNobody() : origin.As(user), clock, "accounts.signed-in", "user", user is null ? "unknown" : user.Id, outcome: "refused", note: why);
        await db.SaveChangesAsync(cancellationToken);
    }

    public static Task ClearAsync(PlatformDb db, UserId id, CancellationToken cancellationToken) =>
        db.Users.Where(u => u.Id == id && u.FailedAttempts > 0).ExecuteUpdateAsync(s => s.SetProperty(u => u.FailedAttempts, 0), cancellationToken);
}
