using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>Which roles one person may not hold together (requirements §2): who administers does not approve, who audits does neither.</summary>
public static class Duties
{
    private static readonly Permission[] Approvals = [Permission.IssuePlan, Permission.ReviewProgress, Permission.DecideExtension, Permission.ClosePeriod, Permission.AssignTask];

    public static bool Approves(Role role) => role is Role.UnitHead || Approvals.Any(p => AccessTable.ReachOf(role, p) is not Reach.None);

    public static bool Administers(Role role) => AccessTable.ReachOf(role, Permission.ManageUsers) is not Reach.None;

    public static bool Audits(Role role) => AccessTable.ReachOf(role, Permission.ViewAudit) is not Reach.None;

    public static bool Clash(Role one, Role other) =>
        (Administers(one) && Approves(other)) || (Administers(other) && Approves(one))
        || (Audits(one) && (Approves(other) || Administers(other))) || (Audits(other) && (Approves(one) || Administers(one)));
}

/// <summary>An administrator gives a role in a unit for a period, by a document; never to oneself, never two that must stay apart.</summary>
public sealed class GrantRole(IDbContextFactory<PlatformDb> databases, UnitCheck units, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Request
    {
        public UserId User { get; set; }
        public Role Role { get; set; }
        public OrgUnitId Unit { get; set; }
        public DateOnly? From { get; set; }
        public DateOnly? To { get; set; }
        [Required(ErrorMessage = "accounts.grant.document"), StringLength(300)] public string Document { get; set; } = "";
    }

    public sealed record Granted(RoleGrantId Id);

    public async Task<Result<Granted>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == request.User) return AccountsRefusals.OwnRights();
        var now = clock.GetUtcNow();
        var from = request.From ?? Vietnamese.DayOf(now);
        if (request.To < from || request.To < Vietnamese.DayOf(now) || !Enum.IsDefined(request.Role)) return AccountsRefusals.PeriodInvalid();
        var document = VietnameseText.Clean(request.Document);
        if (document.Length is 0 or > 300) return AccountsRefusals.DocumentMissing();
        if (!await units.ExistsAsync(request.Unit, cancellationToken)) return AccountsRefusals.UnitUnknown();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);

        // The account row is taken first, so that two grants to one person are decided one after the other.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Users.Where(u => u.Id == request.User).ExecuteUpdateAsync(s => s.SetProperty(u => u.Version, u => u.Version + 1), cancellationToken) == 0)
        {
            return AccountsRefusals.UserUnknown();
        }

        var user = await db.Users.AsNoTracking().FirstAsync(u => u.Id == request.User, cancellationToken);
        if (user.Status is AccountStatus.Closed) return AccountsRefusals.Closed();
        var others = await db.GrantedRoles.AsNoTracking().Where(g => g.User == request.User && g.RevokedAt == null).ToListAsync(cancellationToken);
        foreach (var held in others.Where(g => (g.ValidTo is null || from <= g.ValidTo) && (request.To is null || g.ValidFrom <= request.To)))
        {
            if (held.Role == request.Role && held.Unit == request.Unit) return AccountsRefusals.AlreadyGranted();
            if (Duties.Clash(held.Role, request.Role)) return AccountsRefusals.DutiesNotSeparate(held.Role.ToString(), request.Role.ToString());
        }

        var granted = new GrantedRole
        {
            Id = StrongId.New<RoleGrantId>(clock),
            User = request.User,
            Role = request.Role,
            Unit = request.Unit,
            ValidFrom = from,
            ValidTo = request.To,
            Document = document,
            GrantedBy = by.Id,
            GrantedByName = by.Name,
            GrantedAt = now,
        };
        db.GrantedRoles.Add(granted);
        db.Record(by, clock, "accounts.role.granted", "user", request.User,
            after: new { grant = granted.Id.Value, request.Role, unit = request.Unit.Value, from, to = request.To, document });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        snapshots.Forget(request.User);
        return new Granted(granted.Id);
    }
}

/// <summary>Ends a role now, with the reason. The row stays: what held until now held.</summary>
public sealed class RevokeRole(IDbContextFactory<PlatformDb> databases, AccountSnapshots snapshots, TimeProvider clock)
{
    public sealed record Request
    {
        public RoleGrantId Grant { get; set; }
        public string Reason { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        var reason = VietnameseText.Clean(request.Reason);
        if (reason.Length is 0 or > 300) return AccountsRefusals.ReasonMissing();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.GrantedRoles.FirstOrDefaultAsync(g => g.Id == request.Grant, cancellationToken) is not { } granted) return AccountsRefusals.GrantUnknown();
        if (granted.Revoke(by, reason, clock.GetUtcNow()) is { } refusal) return refusal;
        db.Record(by, clock, "accounts.role.revoked", "user", granted.User,
            before: new { grant = granted.Id.Value, granted.Role, unit = granted.Unit.Value, from = granted.ValidFrom, to = granted.ValidTo }, after: new { revokedAt = granted.RevokedAt, reason });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return AccountsRefusals.AlreadyRevoked();
        }

        snapshots.Forget(granted.User);
        return new Done();
    }
}
