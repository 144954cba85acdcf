using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>Where a request comes from, for the session list and the audit.</summary>
public sealed record SignInOrigin(string? Address, int? Port, string? Agent)
{
    public CurrentUser As(UserAccount user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new CurrentUser(user.Id, user.DisplayName, user.HomeUnit, "", [], Address, Port);
    }

    public CurrentUser AsNobody() => CurrentUser.Anonymous(Address, Port);
}

/// <summary>Opens, lists and ends the stays of people.</summary>
public sealed class Sessions(IDbContextFactory<PlatformDb> databases, ParameterBook parameters, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Row(SessionId Id, DateTimeOffset OpenedAt, DateTimeOffset SeenAt, string? Address, string? Agent, string Method, bool HasSecondFactor);

    /// <summary>
    /// Opens a stay for a person whose identity was just proved. A locked, closed or idle account opens none: whoever proved it, our
    /// administrator's word stands above the provider's.
    /// </summary>
    public async Task<Result<SessionId>> OpenAsync(UserId id, string method, bool hasSecondFactor, SignInOrigin origin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return AccountsRefusals.UnknownPerson();
        if (user.Status is not AccountStatus.Open || user.IsIdle(now, policy.IdleDays))
        {
            db.Record(origin.As(user), clock, "accounts.signed-in", "user", user.Id, outcome: "refused", note: user.Status is AccountStatus.Open ? "idle" : "locked");
            await db.SaveChangesAsync(cancellationToken);
            return AccountsRefusals.AccountNotUsable();
        }

        // The oldest stays make room: a person at a sixth machine is not shut out by five forgotten ones.
        var live = await db.Sessions.Where(s => s.User == id && s.EndedAt == null).OrderByDescending(s => s.SeenAt).ToListAsync(cancellationToken);
        foreach (var old in live.Skip(Math.Max(0, policy.SessionsMax - 1)).Concat(live.Where(s => now - s.OpenedAt >= policy.SessionAbsolute)).Distinct())
        {
            (old.EndedAt, old.EndReason) = (now, "expired");
            snapshots.Forget(old.Id);
        }

        user.LastSignInAt = now;
        var session = new Session
        {
            Id = StrongId.New<SessionId>(clock),
            User = id,
            OpenedAt = now,
            SeenAt = now,
            Address = origin.Address,
            Port = origin.Port,
            Agent = origin.Agent is { Length: > 200 } agent ? agent[..200] : origin.Agent,
            Method = method,
            HasSecondFactor = hasSecondFactor,
            SecurityStamp = user.SecurityStamp,
        };
        db.Sessions.Add(session);
        db.Record(origin.As(user), clock, "accounts.signed-in", "user", user.Id, after: new { method, secondFactor = hasSecondFactor, session = session.Id.Value });
        await SaveOnceMoreAsync(db, user, cancellationToken);
        snapshots.Forget(id);
        return session.Id;
    }

    public async Task<IReadOnlyList<Row>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var now = clock.GetUtcNow();
        var (openedSince, seenSince) = (now - policy.SessionAbsolute, now - policy.SessionIdle);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stamp = await db.Users.Where(u => u.Id == user).Select(u => u.SecurityStamp).FirstOrDefaultAsync(cancellationToken);
        return await db.Sessions.AsNoTracking()
            .Where(s => s.User == user && s.EndedAt == null && s.OpenedAt > openedSince && s.SeenAt > seenSince && s.SecurityStamp == stamp)
            .OrderByDescending(s => s.SeenAt).Take(50)
            .Select(s => new Row(s.Id, s.OpenedAt, s.SeenAt, s.Address, s.Agent, s.Method, s.HasSecondFactor)).ToListAsync(cancellationToken);
    }

    /// <summary>Ends one stay of that person; another's is not found.</summary>
    public async Task<Result<Done>> EndAsync(SessionId id, CurrentUser by, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == id && s.User == by.Id, cancellationToken) is not { } session) return AccountsRefusals.UserUnknown();
        if (session.EndedAt is null)
        {
            (session.EndedAt, session.EndReason) = (clock.GetUtcNow(), reason);
            db.Record(by, clock, "accounts.signed-out", "user", by.Id, after: new { session = id.Value, reason });
            await db.SaveChangesAsync(cancellationToken);
        }

        snapshots.Forget(id);
        return new Done();
    }

    /// <summary>A second factor was shown in the middle of a stay: from now on it counts.</summary>
    public async Task StrengthenAsync(SessionId id, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == id && s.User == by.Id && s.EndedAt == null, cancellationToken) is not { } session) return;
        session.HasSecondFactor = true;
        db.Record(by, clock, "accounts.second-factor.shown", "user", by.Id, after: new { session = id.Value });
        await db.SaveChangesAsync(cancellationToken);
        snapshots.Forget(id);
    }

    /// <summary>Signs the person out everywhere: a new stamp, which no open session carries.</summary>
    public async Task<Result<Done>> EndAllAsync(UserId id, CurrentUser by, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        user.SecurityStamp = Passwords.NewStamp();
        await EndRowsAsync(db, id, reason, cancellationToken);
        db.Record(by, clock, "accounts.signed-out-everywhere", "user", id, after: new { reason });
        await SaveOnceMoreAsync(db, user, cancellationToken);
        snapshots.Forget(id);
        return new Done();
    }

    internal async Task EndRowsAsync(PlatformDb db, UserId id, string reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var session in await db.Sessions.Where(s => s.User == id && s.EndedAt == null).ToListAsync(cancellationToken))
        {
            (session.EndedAt, session.EndReason) = (now, reason);
        }
    }

    /// <summary>Two sign-ins of one person at the same moment both write the account; the later one reads again and keeps what it meant.</summary>
    private static async Task SaveOnceMoreAsync(PlatformDb db, UserAccount user, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException) when (attempt < 4)
            {
                var entry = db.Entry(user);
                if (await entry.GetDatabaseValuesAsync(cancellationToken) is not { } stored) throw;
                var meant = entry.Properties.Where(p => p.IsModified && p.Metadata.Name != nameof(UserAccount.Version)).Select(p => (p.Metadata.Name, p.CurrentValue)).ToList();
                entry.OriginalValues.SetValues(stored);
                entry.CurrentValues.SetValues(stored);
                foreach (var (name, value) in meant) entry.Property(name).CurrentValue = value;
            }
        }
    }
}
