using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// A person lends some of their own roles in their own unit to a colleague, from a day to a day (R-ORG-05). Only what one holds oneself can be
/// lent: a borrowed power is never lent on, and an authorisation (TUQ.) needs its document.
/// </summary>
public sealed class LendPower(IDbContextFactory<PlatformDb> databases, RegistryCache cache, IPeople people, ICurrentUser user, TimeProvider clock)
{
    /// <summary>An authorisation names its period; what should last longer than a year is an appointment.</summary>
    private const int DaysMax = 366;

    public sealed record Request
    {
        public OrgUnitId Unit { get; set; }
        public UserId Delegate { get; set; }
        public DelegationForm Form { get; set; }
        public List<Role> Roles { get; set; } = [];
        public DateOnly From { get; set; }
        public DateOnly To { get; set; }
        [StringLength(300)] public string? Document { get; set; }
        [StringLength(500)] public string? Reason { get; set; }
    }

    public sealed record Lent(DelegationId Id);

    public async Task<Result<Lent>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.ManageDelegation, request.Unit, registry, today)) return RegistryRefusals.NotAllowed();
        if (request.Delegate == by.Id) return RegistryRefusals.DelegationToSelf();
        if (request.Roles.Count == 0) return RegistryRefusals.DelegationOfRolesNotHeld("");
        foreach (var role in request.Roles)
        {
            if (!by.Grants.Any(g => g.Role == role && g.Unit == request.Unit && g.Delegation is null)) return RegistryRefusals.DelegationOfRolesNotHeld(role.ToString());
        }

        if (request.From < today || request.To < request.From) return RegistryRefusals.PeriodReversed();
        if (request.To.DayNumber - request.From.DayNumber >= DaysMax) return RegistryRefusals.DelegationTooLong(DaysMax);
        if (request.Form is DelegationForm.ByAuthority && string.IsNullOrWhiteSpace(request.Document)) return RegistryRefusals.DocumentMissing();
        if (await people.FindAsync(request.Delegate, cancellationToken) is not { } person) return RegistryRefusals.UnknownPerson();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var delegation = new Delegation
        {
            Id = StrongId.New<DelegationId>(clock),
            Unit = request.Unit,
            Delegator = by.Id,
            DelegatorName = by.Name,
            Delegate = person.Id,
            DelegateName = person.DisplayName,
            Form = request.Form,
            Roles = string.Join(',', request.Roles.Distinct()),
            Document = VietnameseText.Clean(request.Document),
            Reason = VietnameseText.Clean(request.Reason),
            ValidFrom = request.From,
            LastDay = request.To,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Delegations.Add(delegation);
        db.Record(by, clock, "registry.delegation.lent", "delegation", delegation.Id,
            after: new { delegation.Unit, delegation.DelegateName, delegation.Form, delegation.Roles, request.From, request.To, delegation.Document }, note: delegation.Id.ToString());
        db.Publish(new DelegationChanged(delegation.Id, delegation.Delegate), clock);
        await RegistryWrites.SaveAsync(db, cache, cancellationToken);
        return new Lent(delegation.Id);
    }
}

/// <summary>The lender, or an administrator of the unit's superior, takes the power back before its last day; it is gone at once.</summary>
public sealed class EndDelegation(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(DelegationId id, int version, CancellationToken cancellationToken)
    {
        var by = user.Current;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Delegations.FirstOrDefaultAsync(d => d.Id == id, cancellationToken) is not { } delegation) return RegistryRefusals.UnknownDelegation(id);
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (delegation.Delegator != by.Id && !RegistryWrites.May(by, Permission.ManageDelegation, delegation.Unit, registry, Vietnamese.DayOf(clock.GetUtcNow()))) return RegistryRefusals.NotAllowed();
        if (delegation.Version != version) return RegistryRefusals.DelegationStale(version, delegation.Version);
        if (delegation.End(clock.GetUtcNow()) is { } refusal) return refusal;

        db.Record(by, clock, "registry.delegation.ended", "delegation", id, new { delegation.LastDay }, new { delegation.EndedOn }, note: id.ToString());
        db.Publish(new DelegationChanged(id, delegation.Delegate), clock);
        try { await RegistryWrites.SaveAsync(db, cache, cancellationToken); }
        catch (DbUpdateConcurrencyException) { return RegistryRefusals.DelegationStale(version, version + 1); }
        return default(Done);
    }
}

/// <summary>Delegations of units this person may see, newest first.</summary>
public sealed class FindDelegations(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    /// <summary>One screen; older ones are found through the audit.</summary>
    public const int PageSize = 50;

    public sealed record Row(
        DelegationId Id, string UnitName, string DelegatorName, string DelegateName, DelegationForm Form, IReadOnlyList<Role> Roles, DateOnly From, DateOnly LastDay,
        DateOnly? EndedOn, string? Document, bool IsActive, bool CanEnd, int Version);

    public sealed record Answer(IReadOnlyList<Row> Rows, int Total);

    public async Task<Answer> HandleAsync(int page, CancellationToken cancellationToken)
    {
        var by = user.Current;
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = db.Delegations.AsNoTracking();

        // Who sees all: those who read the audit or keep the registry. Others see what they lent, borrowed, or what concerns their unit.
        if (!by.May(Permission.ViewAudit) && !by.May(Permission.EditRegistry))
        {
            var units = by.Grants.Select(g => g.Unit).Distinct().ToList();
            found = found.Where(d => d.Delegator == by.Id || d.Delegate == by.Id || units.Contains(d.Unit));
        }

        var total = await found.CountAsync(cancellationToken);
        var rows = await found.OrderByDescending(d => d.CreatedAt).ThenBy(d => d.Id).Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        return new(
            [.. rows.Select(d => new Row(
                d.Id, registry.View(d.Unit, today)?.Name ?? "", d.DelegatorName, d.DelegateName, d.Form, d.RoleList, d.ValidFrom, d.LastDay, d.EndedOn, d.Document, d.IsActive(today),
                d.EndedAt is null && today <= d.LastDay && (d.Delegator == by.Id || RegistryWrites.May(by, Permission.ManageDelegation, d.Unit, registry, today)), d.Version))],
            total);
    }
}
