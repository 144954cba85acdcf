using System.Collections.Concurrent;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Accounts;

/// <summary>Everything a request needs to know about who asks, read at most half a minute ago.</summary>
public sealed record AccountSnapshot(
    UserId Id, string SignInName, string DisplayName, OrgUnitId HomeUnit, string UnitName, AccountStatus Status, string SecurityStamp, string? Language,
    bool HasTotp, bool HasPasskey, bool MustChangePassword, IReadOnlyList<GrantedRole> Granted, AccountPolicy Policy)
{
    /// <summary>The grants that hold at that instant: ends are checked on every request, so a right is gone the moment its last day is over.</summary>
    public IReadOnlyList<RoleGrant> GrantsAt(DateTimeOffset now) => [.. Granted.Where(g => g.HoldsAt(now)).Select(g => new RoleGrant(g.Role, g.Unit))];
}

/// <summary>A stay that goes on, or null: ended, too old, opened before "sign out everywhere", or its person may not sign in any more.</summary>
public sealed record LiveSession(SessionId Id, AccountSnapshot Account, bool HasSecondFactor, string Method, DateTimeOffset OpenedAt);

/// <summary>
/// Accounts and sessions as read at most half a minute ago, so that a page costs no query and a revocation on another node is still felt
/// within that time. What this node changes itself it forgets at once.
/// </summary>
public sealed class AccountSnapshots(
    IDbContextFactory<PlatformDb> databases, ParameterBook parameters, TimeProvider clock, IServiceScopeFactory scopes)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>A session's "last seen" is written this often: the idle limit is hours, so minutes do not matter and writes do.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(2);

    /// <summary>More people than a province has online at once; above it the cache starts afresh.</summary>
    private const int KeptMax = 5_000;

    private readonly ConcurrentDictionary<UserId, (DateTimeOffset At, AccountSnapshot? Account)> _accounts = new();
    private readonly ConcurrentDictionary<SessionId, (DateTimeOffset At, Session? Session)> _sessions = new();

    public async ValueTask<AccountSnapshot?> FindAsync(UserId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_accounts.TryGetValue(id, out var kept) && IsFresh(kept.At, now)) return kept.Account;
        var account = await ReadAsync(id, now, cancellationToken);
        if (_accounts.Count >= KeptMax) _accounts.Clear();
        _accounts[id] = (now, account);
        return account;
    }

    public async ValueTask<LiveSession?> FindSessionAsync(SessionId id, UserId user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!_sessions.TryGetValue(id, out var kept) || !IsFresh(kept.At, now))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            kept = (now, await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancellationToken));
            if (_sessions.Count >= KeptMax) _sessions.Clear();
            _sessions[id] = kept;
        }

        if (kept.Session is not { EndedAt: null } session || session.User != user) return null;
        if (await FindAsync(user, cancellationToken) is not { Status: AccountStatus.Open } account) return null;
        if (session.SecurityStamp != account.SecurityStamp) return null;
        if (now - session.OpenedAt >= account.Policy.SessionAbsolute || now - session.SeenAt >= account.Policy.SessionIdle) return null;

        if (now - session.SeenAt >= SeenEvery)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Sessions.Where(s => s.Id == id && s.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(x => x.SeenAt, now), cancellationToken);
            session.SeenAt = now;
        }

        return new LiveSession(id, account, session.HasSecondFactor, session.Method, session.OpenedAt);
    }

    /// <summary>
    /// What that person may use at that instant: their own grants and, in the name of each delegation that holds that day, the roles lent. A role is
    /// lent only as long as the lender holds it, may sign in, and was not lent it in turn (R-ORG-05).
    /// </summary>
    public async ValueTask<IReadOnlyList<RoleGrant>> GrantsAsync(AccountSnapshot account, IEnumerable<IDelegations> delegations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(delegations);
        var now = clock.GetUtcNow();
        var grants = new List<RoleGrant>(account.GrantsAt(now));
        foreach (var registry in delegations)
        {
            foreach (var lent in await registry.ActiveForAsync(account.Id, Vietnamese.DayOf(now), cancellationToken))
            {
                if (await FindAsync(lent.Delegator, cancellationToken) is not { Status: AccountStatus.Open } lender) continue;
                var own = lender.GrantsAt(now);
                grants.AddRange(lent.Roles.Where(role => own.Any(g => g.Role == role && g.Unit == lent.Unit)).Select(role => new RoleGrant(role, lent.Unit, lent.Id)));
            }
        }

        return grants;
    }

    public void Forget(UserId id)
    {
        _accounts.TryRemove(id, out _);
        foreach (var (session, kept) in _sessions)
        {
            if (kept.Session?.User == id) _sessions.TryRemove(session, out _);
        }
    }

    public void Forget(SessionId id) => _sessions.TryRemove(id, out _);

    public void ForgetAll()
    {
        _accounts.Clear();
        _sessions.Clear();
    }

    private static bool IsFresh(DateTimeOffset at, DateTimeOffset now) => at <= now && now - at < Fresh;

    private async Task<AccountSnapshot?> ReadAsync(UserId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return null;
        var granted = await db.GrantedRoles.AsNoTracking().Where(g => g.User == id).ToListAsync(cancellationToken);
        var hasPasskey = await db.Passkeys.AnyAsync(p => p.User == id, cancellationToken);
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        using var scope = scopes.CreateScope();
        var unitName = "";
        foreach (var registry in scope.ServiceProvider.GetServices<IOrgUnits>())
        {
            unitName = (await registry.FindAsync(user.HomeUnit, Vietnamese.DayOf(now), cancellationToken))?.Name ?? unitName;
        }

        var isAdmin = granted.Any(g => g.Role is Role.PlatformAdmin && g.HoldsAt(now));
        return new AccountSnapshot(
            id, user.SignInName, user.DisplayName, user.HomeUnit, unitName, user.Status, user.SecurityStamp, user.Language, user.HasTotp, hasPasskey,
            policy.MustChangePassword(user, isAdmin, now), granted, policy);
    }
}
