using System.Security.Cryptography;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>Ten codes of eighty bits, each good once. High entropy, so a plain digest keeps them.</summary>
public static class RecoveryCodes
{
    public const int Count = 10;

    public static string New()
    {
        var text = Totp.Base32(RandomNumberGenerator.GetBytes(10));
        return $"{text[..4]}-{text[4..8]}-{text[8..12]}-{text[12..]}";
    }

    public static string HashOf(UserId user, string? code)
    {
        var plain = new string([.. (code ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(user.Value.ToString("N") + ":" + plain)));
    }
}

/// <summary>A person sets up one-time codes: a secret is drawn and shown once, and counts when a first code proves that the app has it.</summary>
public sealed class SetUpTotp(IDbContextFactory<PlatformDb> databases, SecretBox secrets, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Draft(string Secret, string Address);

    public sealed record Codes(IReadOnlyList<string> All);

    /// <summary>The secret in waiting; drawn again only while none is confirmed, so that a reload of the page shows the same picture.</summary>
    public async Task<Result<Draft>> BeginAsync(CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == by.Id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        if (user.HasTotp) return AccountsRefusals.FactorExists();
        if (user.TotpSecret is null)
        {
            user.TotpSecret = secrets.Seal(Totp.NewSecret());
            await db.SaveChangesAsync(cancellationToken);
        }

        var secret = secrets.Open(user.TotpSecret);
        return new Draft(Totp.Base32(secret), Totp.AddressFor(secret, "Liên Thông", user.SignInName));
    }

    /// <returns>The recovery codes, shown this once.</returns>
    public async Task<Result<Codes>> ConfirmAsync(string? code, CurrentUser by, SessionId session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == by.Id, cancellationToken) is not { TotpSecret: { } stored } user) return AccountsRefusals.CodeWrong();
        if (user.HasTotp) return AccountsRefusals.FactorExists();
        if (Totp.Match(secrets.Open(stored), code, now, 0) is not { } step) return AccountsRefusals.CodeWrong();

        (user.TotpConfirmedAt, user.TotpLastStep) = (now, step);
        var codes = await RenewCodesAsync(db, user.Id, now, cancellationToken);

        // This very session has just shown the second factor.
        if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == session && s.User == by.Id, cancellationToken) is { } here) here.HasSecondFactor = true;
        db.Record(by, clock, "accounts.totp.added", "user", user.Id);
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(user.Id);
        snapshots.Forget(session);
        return new Codes(codes);
    }

    /// <summary>New recovery codes; the old ones stop working.</summary>
    public async Task<Result<Codes>> RenewRecoveryCodesAsync(CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == by.Id, cancellationToken) is not { HasTotp: true } user) return AccountsRefusals.SecondFactorNeeded();
        var codes = await RenewCodesAsync(db, user.Id, clock.GetUtcNow(), cancellationToken);
        db.Record(by, clock, "accounts.recovery-code.renewed", "user", user.Id);
        await db.SaveChangesAsync(cancellationToken);
        return new Codes(codes);
    }

    /// <summary>
    /// Takes one-time codes away. A password that was allowed to be short because of them must then be changed at the next sign-in.
    /// </summary>
    public async Task<Result<Done>> RemoveAsync(CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == by.Id, cancellationToken) is not { HasTotp: true } user) return AccountsRefusals.SecondFactorNeeded();
        (user.TotpSecret, user.TotpConfirmedAt) = (null, null);
        if (!await db.Passkeys.AnyAsync(p => p.User == user.Id, cancellationToken)) user.PasswordIsTemporary = user.PasswordHash is not null;
        db.Record(by, clock, "accounts.totp.removed", "user", user.Id);
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(user.Id);
        return new Done();
    }

    private static async Task<List<string>> RenewCodesAsync(PlatformDb db, UserId user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var old in await db.RecoveryCodes.Where(c => c.User == user && c.ReplacedAt == null).ToListAsync(cancellationToken)) old.ReplacedAt = now;
        var codes = Enumerable.Range(0, RecoveryCodes.Count).Select(_ => RecoveryCodes.New()).ToList();
        db.RecoveryCodes.AddRange(codes.Select(c => new RecoveryCode { Id = Guid.CreateVersion7(now), User = user, Hash = RecoveryCodes.HashOf(user, c), MadeAt = now }));
        return codes;
    }
}
