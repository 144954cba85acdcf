using LienThong.Kernel;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>The list of accounts: searched with or without diacritics, in pages.</summary>
public sealed class FindUsers(IDbContextFactory<PlatformDb> databases, ParameterBook parameters, TimeProvider clock)
{
    public const int PageSize = 50;

    public sealed record Query(string? Search, OrgUnitId? Unit, Role? Role, AccountStatus? Status, bool DueForReview, int Page);

    public sealed record Row(
        UserId Id, string SignInName, string DisplayName, OrgUnitId HomeUnit, AccountStatus Status, bool IsIdle, bool IsLockedOut, DateTimeOffset? LastSignInAt,
        IReadOnlyList<GrantedRole> Grants, DateTimeOffset? ReviewedAt, bool DueForReview);

    public sealed record PageOfUsers(IReadOnlyList<Row> Rows, int Total, int Page, int PageSize);

    public async Task<Result<PageOfUsers>> HandleAsync(Query query, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        var now = clock.GetUtcNow();
        var today = Vietnamese.DayOf(now);
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        var reviewedSince = Vietnamese.StartOf(today.AddMonths(-policy.ReviewMonths));

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = db.Users.AsNoTracking();
        foreach (var word in VietnameseText.Fold(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8)) users = users.Where(u => u.SearchText.Contains(word));
        if (query.Unit is { } unit) users = users.Where(u => u.HomeUnit == unit || db.GrantedRoles.Any(g => g.User == u.Id && g.Unit == unit && g.RevokedAt == null));
        if (query.Status is { } status) users = users.Where(u => u.Status == status);
        if (query.Role is { } role)
        {
            users = users.Where(u => db.GrantedRoles.Any(g =>
                g.User == u.Id && g.Role == role && g.RevokedAt == null && g.ValidFrom <= today && (g.ValidTo == null || g.ValidTo >= today)));
        }

        if (query.DueForReview)
        {
            users = users.Where(u => u.Status != AccountStatus.Closed && u.CreatedAt < reviewedSince && !db.AccessReviews.Any(r => r.User == u.Id && r.At >= reviewedSince));
        }

        var total = await users.CountAsync(cancellationToken);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (total + PageSize - 1) / PageSize));
        var found = await users.OrderBy(u => u.SearchText).ThenBy(u => u.Id).Skip((page - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        var ids = found.Select(u => u.Id).ToList();
        var grants = (await db.GrantedRoles.AsNoTracking().Where(g => ids.Contains(g.User)).ToListAsync(cancellationToken)).ToLookup(g => g.User);
        var reviews = (await db.AccessReviews.AsNoTracking().Where(r => ids.Contains(r.User)).GroupBy(r => r.User).Select(g => new { g.Key, At = g.Max(r => r.At) })
            .ToListAsync(cancellationToken)).ToDictionary(r => r.Key, r => r.At);
        return new PageOfUsers(
            [
                .. found.Select(u => new Row(
                    u.Id, u.SignInName, u.DisplayName, u.HomeUnit, u.Status, u.IsIdle(now, policy.IdleDays), u.IsLockedOut(now), u.LastSignInAt,
                    [.. grants[u.Id].Where(g => g.HoldsAt(now))], reviews.TryGetValue(u.Id, out var at) ? at : null,
                    u.Status is not AccountStatus.Closed && u.CreatedAt < reviewedSince && (!reviews.TryGetValue(u.Id, out var last) || last < reviewedSince))),
            ],
            total, page, PageSize);
    }
}

/// <summary>One account with its rights now and before, for the administrator's page.</summary>
public sealed class OpenUser(IDbContextFactory<PlatformDb> databases, ParameterBook parameters, TimeProvider clock)
{
    public sealed record View(
        UserAccount User, bool IsIdle, bool IsLockedOut, IReadOnlyList<GrantedRole> Grants, IReadOnlyList<AccountLink> Links, IReadOnlyList<AccessReview> Reviews,
        int Passkeys, DateTimeOffset Now);

    public async Task<Result<View>> HandleAsync(UserId id, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        var now = clock.GetUtcNow();
        var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
        return new View(
            user, user.IsIdle(now, policy.IdleDays), user.IsLockedOut(now),
            await db.GrantedRoles.AsNoTracking().Where(g => g.User == id).OrderByDescending(g => g.GrantedAt).Take(200).ToListAsync(cancellationToken),
            await db.AccountLinks.AsNoTracking().Where(l => l.User == id).OrderByDescending(l => l.AddedAt).Take(100).ToListAsync(cancellationToken),
            await db.AccessReviews.AsNoTracking().Where(r => r.User == id).OrderByDescending(r => r.At).Take(20).ToListAsync(cancellationToken),
            await db.Passkeys.CountAsync(p => p.User == id, cancellationToken), now);
    }
}

/// <summary>An administrator looked at one person's rights and found them right (R-NFR-05: every six months). What was seen is kept.</summary>
public sealed class ReviewAccess(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId id, string? note, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == id) return AccountsRefusals.OwnRights();
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Users.AnyAsync(u => u.Id == id, cancellationToken)) return AccountsRefusals.UserUnknown();
        var seen = (await db.GrantedRoles.AsNoTracking().Where(g => g.User == id && g.RevokedAt == null).OrderBy(g => g.GrantedAt).ToListAsync(cancellationToken))
            .Where(g => g.HoldsAt(now)).Select(g => new { grant = g.Id.Value, role = g.Role.ToString(), unit = g.Unit.Value, from = g.ValidFrom, to = g.ValidTo, g.Document }).ToList();
        db.AccessReviews.Add(new AccessReview
        {
            Id = Guid.CreateVersion7(now),
            User = id,
            At = now,
            By = by.Id,
            ByName = by.Name,
            Seen = System.Text.Json.JsonSerializer.Serialize(seen),
            Note = VietnameseText.Clean(note) is { Length: > 0 } text ? text[..Math.Min(text.Length, 500)] : null,
        });
        db.Record(by, clock, "accounts.access.reviewed", "user", id, after: new { grants = seen.Count });
        await db.SaveChangesAsync(cancellationToken);
        return new Done();
    }
}

/// <summary>The answers other modules get about people.</summary>
internal sealed class People(IDbContextFactory<PlatformDb> databases, TimeProvider clock, IEnumerable<IOrgUnits> registries) : IPeople
{
    /// <summary>A list of "who can do it" longer than this helps nobody.</summary>
    private const int WhoMayMax = 50;

    public async Task<PersonView?> FindAsync(UserId id, CancellationToken cancellationToken) =>
        (await FindAsync([id], cancellationToken)).GetValueOrDefault(id);

    public async Task<IReadOnlyDictionary<UserId, PersonView>> FindAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id))
            .Select(u => new PersonView(u.Id, u.SignInName, u.DisplayName, u.HomeUnit)).ToDictionaryAsync(p => p.Id, cancellationToken);
    }

    public async Task<IReadOnlyList<PersonView>> WhoMayAsync(Permission permission, OrgUnitId unit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = Vietnamese.DayOf(now);
        var above = new List<OrgUnitId>();
        foreach (var registry in registries) above.AddRange(await registry.AboveAsync(unit, today, cancellationToken));
        var roles = Enum.GetValues<Role>().Where(r => AccessTable.ReachOf(r, permission) is not Reach.None).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var grants = await db.GrantedRoles.AsNoTracking()
            .Where(g => roles.Contains(g.Role) && g.RevokedAt == null && g.ValidFrom <= today && (g.ValidTo == null || g.ValidTo >= today)).ToListAsync(cancellationToken);
        var ids = grants.Where(g => g.HoldsAt(now) && AccessTable.ReachOf(g.Role, permission) switch
        {
            Reach.Province => true,
            Reach.Subtree => g.Unit == unit || above.Contains(g.Unit),
            _ => g.Unit == unit,
        }).Select(g => g.User).Distinct().ToList();
        return await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id) && u.Status == AccountStatus.Open).OrderBy(u => u.DisplayName).Take(WhoMayMax)
            .Select(u => new PersonView(u.Id, u.SignInName, u.DisplayName, u.HomeUnit)).ToListAsync(cancellationToken);
    }
}
