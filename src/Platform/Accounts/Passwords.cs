using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>What a password must be (TCVN 14423 level 3): long, not one of the last ten, not the name, of four kinds of characters when it stands alone.</summary>
public static class PasswordRules
{
    public static Refusal? Check(string? password, UserAccount user, bool hasSecondFactor, AccountPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        password ??= "";
        var min = hasSecondFactor ? policy.PasswordMinWithSecondFactor : policy.PasswordMin;
        if (new System.Globalization.StringInfo(password).LengthInTextElements < min) return AccountsRefusals.PasswordTooShort(min);
        if (password.Length > AccountPolicy.PasswordMax) return AccountsRefusals.PasswordTooLong(AccountPolicy.PasswordMax);
        if (password.Distinct().Count() < 5) return AccountsRefusals.PasswordWeak();

        var folded = VietnameseText.Fold(password).Replace(" ", "", StringComparison.Ordinal);
        if (user.SignInName.Length >= 4 && folded.Contains(VietnameseText.Fold(user.SignInName), StringComparison.Ordinal)) return AccountsRefusals.PasswordWeak();
        if (Frequent.Any(f => folded.StartsWith(f, StringComparison.Ordinal) && folded.Length - f.Length < 6)) return AccountsRefusals.PasswordWeak();

        var kinds = new[] { password.Any(char.IsUpper), password.Any(char.IsLower), password.Any(char.IsDigit), password.Any(c => !char.IsLetterOrDigit(c)) };
        return hasSecondFactor || kinds.All(k => k) ? null : AccountsRefusals.PasswordWeak();
    }

    /// <summary>Beginnings that guessing tools try first, here and everywhere.</summary>
    private static readonly string[] Frequent =
        ["password", "passw0rd", "p@ssw0rd", "matkhau", "123456", "qwerty", "admin", "quangngai", "lienthong", "iloveyou", "vietnam", "abc123"];
}

/// <summary>Checks and hashes passwords with Identity's hasher, and keeps the former ones.</summary>
public sealed class Passwords(IPasswordHasher<UserAccount> hasher)
{
    private static readonly UserAccount Nobody = new() { Id = default, SignInName = "", DisplayName = "", HomeUnit = default, SecurityStamp = "", CreatedAt = default };
    private readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(Nobody, "nobody knows this password"));

    /// <summary>
    /// Whether the password is that of the account. For no account, or one without a password, the same work is done and the answer is no:
    /// the time an answer takes must not tell whether a name exists.
    /// </summary>
    public PasswordVerificationResult Verify(UserAccount? user, string? password)
    {
        var hash = user?.PasswordHash;
        var given = password is { Length: <= AccountPolicy.PasswordMax } ? password : "";
        var result = hasher.VerifyHashedPassword(user ?? Nobody, hash ?? _nobodysHash.Value, given);
        return hash is null || given.Length == 0 ? PasswordVerificationResult.Failed : result;
    }

    public string Hash(UserAccount user, string password) => hasher.HashPassword(user, password);

    /// <summary>Sets a password that the rules allow, remembers it as used, and ends every session by a new stamp.</summary>
    public async Task<Refusal?> SetAsync(
        PlatformDb db, UserAccount user, string password, bool hasSecondFactor, bool isTemporary, AccountPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        if (PasswordRules.Check(password, user, hasSecondFactor, policy) is { } refusal) return refusal;

        var former = await db.FormerPasswords.AsNoTracking().Where(p => p.User == user.Id).OrderByDescending(p => p.SetAt).Take(policy.PasswordHistory)
            .Select(p => p.Hash).ToListAsync(cancellationToken);
        if (former.Any(hash => hasher.VerifyHashedPassword(user, hash, password) is not PasswordVerificationResult.Failed))
        {
            return AccountsRefusals.PasswordReused(policy.PasswordHistory);
        }

        user.PasswordHash = hasher.HashPassword(user, password);
        user.PasswordSetAt = now;
        user.PasswordIsTemporary = isTemporary;
        user.SecurityStamp = NewStamp();
        db.FormerPasswords.Add(new FormerPassword { Id = Guid.CreateVersion7(now), User = user.Id, Hash = user.PasswordHash, SetAt = now });
        return null;
    }

    public static string NewStamp() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
}

/// <summary>A person changes the password, giving the present one; every other session ends.</summary>
public sealed class ChangePassword(
    IDbContextFactory<PlatformDb> databases, Passwords passwords, ParameterBook parameters, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Request
    {
        public string Current { get; set; } = "";
        public string Next { get; set; } = "";
        public string Again { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (request.Next != request.Again) return AccountsRefusals.PasswordsDiffer();
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var now = clock.GetUtcNow();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == by.Id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        if (passwords.Verify(user, request.Current) is PasswordVerificationResult.Failed)
        {
            db.Record(by, clock, "accounts.password.changed", "user", user.Id, outcome: "refused", note: "accounts.password.wrong");
            await db.SaveChangesAsync(cancellationToken);
            return AccountsRefusals.PasswordWrong();
        }

        var hasFactor = user.HasTotp || await db.Passkeys.AnyAsync(p => p.User == user.Id, cancellationToken);
        if (await passwords.SetAsync(db, user, request.Next, hasFactor, isTemporary: false, policy, now, cancellationToken) is { } refusal) return refusal;
        db.Record(by, clock, "accounts.password.changed", "user", user.Id);
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(user.Id);
        return new Done();
    }
}
