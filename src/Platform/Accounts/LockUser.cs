using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>An administrator locks, opens again or closes an account. Locking ends every session at once (R-NFR-05).</summary>
public sealed class LockUser(IDbContextFactory<PlatformDb> databases, Sessions sessions, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Request
    {
        public UserId User { get; set; }
        public AccountStatus To { get; set; }
        public string Reason { get; set; } = "";

        /// <summary>The version the administrator saw.</summary>
        public int Version { get; set; }
    }

    public async Task<Result<Done>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == request.User) return AccountsRefusals.LockedSelf();
        var reason = VietnameseText.Clean(request.Reason);
        if (reason.Length is 0 or > 300) return AccountsRefusals.ReasonMissing();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == request.User, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        if (user.Status is AccountStatus.Closed) return AccountsRefusals.Closed();
        if (user.Version != request.Version) return AccountsRefusals.Stale(request.Version, user.Version);

        var now = clock.GetUtcNow();
        var before = new { user.Status, user.StatusReason };
        (user.Status, user.StatusReason) = (request.To, reason);
        if (request.To is AccountStatus.Open) (user.ReopenedAt, user.LockedUntil, user.FailedAttempts) = (now, null, 0);
        else
        {
            user.SecurityStamp = Passwords.NewStamp();
            await sessions.EndRowsAsync(db, user.Id, "locked", cancellationToken);
        }

        db.Record(by, clock, "accounts.user.status", "user", user.Id, before, new { user.Status, user.StatusReason });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return AccountsRefusals.Stale(request.Version, request.Version + 1);
        }

        snapshots.Forget(user.Id);
        return new Done();
    }
}

/// <summary>An administrator takes away one-time codes and passkeys of a person who lost them, and ends every session.</summary>
public sealed class ResetSecondFactor(IDbContextFactory<PlatformDb> databases, Sessions sessions, AccountSnapshots snapshots, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId id, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == id) return AccountsRefusals.OwnRights();
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        (user.TotpSecret, user.TotpConfirmedAt, user.SecurityStamp) = (null, null, Passwords.NewStamp());
        user.PasswordIsTemporary = user.PasswordHash is not null;
        foreach (var code in await db.RecoveryCodes.Where(c => c.User == id && c.ReplacedAt == null).ToListAsync(cancellationToken)) code.ReplacedAt = now;
        db.Passkeys.RemoveRange(await db.Passkeys.Where(p => p.User == id).ToListAsync(cancellationToken));
        await sessions.EndRowsAsync(db, id, "second-factor-reset", cancellationToken);
        db.Record(by, clock, "accounts.second-factor.reset", "user", id);
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(id);
        return new Done();
    }
}

/// <summary>An administrator sets a first password for a person; it opens one session and must be changed there.</summary>
public sealed class SetTemporaryPassword(IDbContextFactory<PlatformDb> databases, Passwords passwords, ParameterBook parameters, AccountSnapshots snapshots, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId id, string password, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == id) return AccountsRefusals.OwnRights();
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        var now = clock.GetUtcNow();
        if (await passwords.SetAsync(db, user, password, hasSecondFactor: false, isTemporary: true, policy, now, cancellationToken) is { } refusal) return refusal;
        (user.LockedUntil, user.FailedAttempts) = (null, 0);
        db.Record(by, clock, "accounts.password.set-by-admin", "user", id);
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(id);
        return new Done();
    }
}
