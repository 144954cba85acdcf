using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>What the door itself puts on record: who was turned away, where, and from which address and port (R-NFR-04).</summary>
public sealed class AccessTrail(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
{
    /// <summary>Enough of a path to see what was tried, not enough to fill the disk with it.</summary>
    private const int PathMax = 300;

    public async Task RefusedAsync(CurrentUser user, string route, string method, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(user, clock, "access.refused", "route", route, after: new { method, path = path.Length > PathMax ? path[..PathMax] : path }, outcome: "refused", note: "access.forbidden");
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A way in that failed before anybody was known.</summary>
    public async Task SignInRefusedAsync(SignInOrigin origin, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(origin.AsNobody(), clock, "accounts.signed-in", "user", "unknown", outcome: "refused", note: why);
        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>A person's passkeys as ASP.NET Core Identity made or checked them, kept and put on record.</summary>
public sealed class KeepPasskeys(IDbContextFactory<PlatformDb> databases, UserManager<UserAccount> users, AccountSnapshots snapshots, TimeProvider clock)
{
    public async Task AddAsync(UserAccount user, UserPasskeyInfo passkey, string? name, SessionId? session, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(passkey);
        var given = VietnameseText.Clean(name);
        passkey.Name = given.Length is 0 or > 60 ? Vietnamese.Instant(clock.GetUtcNow()) : given;
        await users.AddOrUpdatePasskeyAsync(user, passkey);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(by, clock, "accounts.passkey.added", "user", user.Id, after: new { passkey.Name });

        // Making it unlocked the authenticator in this very session.
        if (session is { } id && passkey.IsUserVerified && await db.Sessions.FirstOrDefaultAsync(s => s.Id == id && s.User == user.Id, cancellationToken) is { } here) here.HasSecondFactor = true;
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(user.Id);
    }

    /// <summary>A short password was allowed because of the second factor; without one it must be changed at once.</summary>
    public async Task RemoveAsync(UserAccount user, byte[] credentialId, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (await users.GetPasskeyAsync(user, credentialId) is not { } passkey) return;
        await users.RemovePasskeyAsync(user, credentialId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(by, clock, "accounts.passkey.removed", "user", user.Id, before: new { passkey.Name });
        var stored = await db.Users.FirstAsync(u => u.Id == user.Id, cancellationToken);
        if (!stored.HasTotp && stored.PasswordHash is not null && !await db.Passkeys.AnyAsync(p => p.User == user.Id, cancellationToken)) stored.PasswordIsTemporary = true;
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(user.Id);
    }
}
