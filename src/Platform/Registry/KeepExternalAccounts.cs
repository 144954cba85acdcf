using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// The register of accounts units hold in systems of others (R-ORG-07): which systems there are, which account a unit was given, who holds it
/// now and held it before, and which units that must have one have none. No password has a place here.
/// </summary>
public sealed class KeepExternalAccounts(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record SystemRequest
    {
        [Required, StringLength(40)] public string Code { get; set; } = "";
        [Required, StringLength(300)] public string Name { get; set; } = "";
        [StringLength(300)] public string? Operator { get; set; }

        /// <summary>Code of the class whose members must hold an account.</summary>
        [StringLength(40)] public string? RequiredFor { get; set; }
    }

    public sealed record AccountRequest
    {
        public OrgUnitId Unit { get; set; }
        [Required, StringLength(40)] public string System { get; set; } = "";
        [Required, StringLength(120)] public string AccountName { get; set; } = "";
        [Required, StringLength(120)] public string Holder { get; set; } = "";
        public DateOnly IssuedOn { get; set; }
        [StringLength(300)] public string? Document { get; set; }
    }

    public sealed record HolderRequest
    {
        public Guid Account { get; set; }
        public int Version { get; set; }
        [Required, StringLength(120)] public string Holder { get; set; } = "";
        public DateOnly From { get; set; }
    }

    public sealed record Lacking(string SystemCode, string SystemName, OrgUnitView Unit);

    public sealed record SystemLine(string Code, string Name, string? Operator, string? RequiredFor, int Accounts, int Lacking);

    public sealed record AccountLine(
        Guid Id, OrgUnitId Unit, string UnitName, string SystemCode, string SystemName, string AccountName, string Holder, DateOnly IssuedOn, ExternalAccountStatus Status, DateOnly StatusOn,
        int Version, bool MayKeep);

    /// <summary>The systems and one page of accounts; a unit's own people see every account, because the register is the province's.</summary>
    public sealed record Sheet(IReadOnlyList<SystemLine> Systems, IReadOnlyList<AccountLine> Accounts, int Total, IReadOnlyList<Lacking> Without);

    public const int PageSize = 50;

    public async Task<Result<Sheet>> FindAsync(string? system, int page, CancellationToken cancellationToken)
    {
        if (!(await LackingAsync(null, cancellationToken)).IsGranted(out var lacking, out var refusal)) return refusal;
        var by = user.Current;
        var registry = await cache.SnapshotAsync(cancellationToken);
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var systems = await db.ExternalSystems.AsNoTracking().OrderBy(s => s.Code).Take(200).ToListAsync(cancellationToken);
        var held = await db.SystemAccounts.AsNoTracking().GroupBy(a => a.System).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var accounts = db.SystemAccounts.AsNoTracking().Include(a => a.Holders).Where(a => string.IsNullOrEmpty(system) || a.System == system);
        var total = await accounts.CountAsync(cancellationToken);
        var rows = await accounts.OrderBy(a => a.System).ThenBy(a => a.AccountName).Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        return new Sheet(
            [.. systems.Select(s => new SystemLine(s.Code, s.Name, s.Operator, s.RequiredFor is { } id ? registry.Class(id)?.Name : null, held.GetValueOrDefault(s.Code), lacking.Count(l => l.SystemCode == s.Code)))],
            [.. rows.Select(a => new AccountLine(
                a.Id, a.Unit, registry.NameOf(a.Unit, today), a.System, systems.FirstOrDefault(s => s.Code == a.System)?.Name ?? a.System,
                a.AccountName, a.Holders.MaxBy(h => h.ValidFrom)?.Name ?? "", a.IssuedOn, a.Status, a.StatusOn, a.Version, MayKeep(by, registry, a.Unit)))],
            total, [.. lacking.Where(l => string.IsNullOrEmpty(system) || l.SystemCode == system)]);
    }

    /// <summary>The units for which this person may record an account, as they stand today.</summary>
    public async Task<IReadOnlyList<OrgUnitView>> KeepableAsync(CancellationToken cancellationToken)
    {
        var registry = await cache.SnapshotAsync(cancellationToken);
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        return [.. registry.On(today).InTree.Where(u => MayKeep(user.Current, registry, u.Id))];
    }

    public async Task<Result<Done>> SetSystemAsync(SystemRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        if (!by.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();
        var code = VietnameseText.Clean(request.Code);
        if (code.Length == 0 || VietnameseText.Clean(request.Name).Length == 0) return RegistryRefusals.NameMissing();
        UnitClassId? requiredFor = null;
        if (VietnameseText.Clean(request.RequiredFor) is { Length: > 0 } className)
        {
            if ((await cache.SnapshotAsync(cancellationToken)).Class(className) is not { } unitClass) return RegistryRefusals.UnknownClass(className);
            requiredFor = unitClass.Id;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.ExternalSystems.FirstOrDefaultAsync(s => s.Code == code, cancellationToken);
        if (known is null) db.ExternalSystems.Add(known = new ExternalSystem { Code = code, Name = request.Name });
        (known.Name, known.Operator, known.RequiredFor) = (VietnameseText.Clean(request.Name), VietnameseText.Clean(request.Operator), requiredFor);
        db.Record(by, clock, "registry.system.set", "external-system", code, after: new { known.Name, known.Operator, request.RequiredFor });
        await db.SaveChangesAsync(cancellationToken);
        return default(Done);
    }

    public async Task<Result<Guid>> RecordAsync(AccountRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (registry.Unit(request.Unit) is not { } unit) return RegistryRefusals.UnknownUnit(request.Unit.ToString());
        if (!MayKeep(by, registry, unit.Id)) return RegistryRefusals.NotAllowed();
        if (unit.ValidTo is { } end && end < request.IssuedOn) return RegistryRefusals.UnitEnded(unit.Code, end);
        var name = VietnameseText.Clean(request.AccountName);
        if (name.Length == 0 || VietnameseText.Clean(request.Holder).Length == 0) return RegistryRefusals.NameMissing();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.ExternalSystems.AnyAsync(s => s.Code == request.System, cancellationToken)) return RegistryRefusals.UnknownSystem(request.System);
        if (await db.SystemAccounts.AnyAsync(a => a.System == request.System && a.AccountName == name, cancellationToken)) return RegistryRefusals.AccountTaken(name, request.System);
        var account = new ExternalAccount
        {
            Id = RegistryWrites.NewKey(clock),
            Unit = unit.Id,
            System = request.System,
            AccountName = name,
            IssuedOn = request.IssuedOn,
            Status = ExternalAccountStatus.Active,
            StatusOn = request.IssuedOn,
            Document = request.Document,
        };
        account.Holders.Add(new() { Id = RegistryWrites.NewKey(clock), Account = account.Id, Name = request.Holder, ValidFrom = request.IssuedOn });
        db.SystemAccounts.Add(account);
        db.Record(by, clock, "registry.account.recorded", "external-account", account.Id, after: new { unit.Code, request.System, name, request.Holder, request.IssuedOn });
        await db.SaveChangesAsync(cancellationToken);
        return account.Id;
    }

    /// <summary>Staff change: another person answers for the account; the account and its history stay with the unit.</summary>
    public async Task<Result<Done>> HandOverAsync(HolderRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SystemAccounts.Include(a => a.Holders).FirstOrDefaultAsync(a => a.Id == request.Account, cancellationToken) is not { } account) return RegistryRefusals.UnknownAccount(request.Account.ToString());
        if (!MayKeep(by, await cache.SnapshotAsync(cancellationToken), account.Unit)) return RegistryRefusals.NotAllowed();
        if (VietnameseText.Clean(request.Holder).Length == 0) return RegistryRefusals.NameMissing();
        var before = account.Holders.MaxBy(h => h.ValidFrom);
        if (account.Version != request.Version) return RegistryRefusals.Stale(account.AccountName, request.Version, account.Version, request.Holder, before?.Name ?? "");
        if (before is not null && request.From <= before.ValidFrom) return RegistryRefusals.PeriodReversed();
        if (before is not null) before.ValidTo = request.From.AddDays(-1);
        account.Holders.Add(new() { Id = RegistryWrites.NewKey(clock), Account = account.Id, Name = request.Holder, ValidFrom = request.From });
        db.Entry(account).Property(a => a.StatusOn).IsModified = true;   // The version rises with a change of holder too.
        db.Record(by, clock, "registry.account.handed-over", "external-account", account.Id, before?.Name, new { request.Holder, request.From });
        try { await db.SaveChangesAsync(cancellationToken); }
        catch (DbUpdateConcurrencyException) { return RegistryRefusals.Stale(account.AccountName, request.Version, request.Version + 1, request.Holder, before?.Name ?? ""); }
        return default(Done);
    }

    public async Task<Result<Done>> SetStatusAsync(Guid account, int version, ExternalAccountStatus status, DateOnly on, CancellationToken cancellationToken)
    {
        var by = user.Current;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SystemAccounts.FirstOrDefaultAsync(a => a.Id == account, cancellationToken) is not { } known) return RegistryRefusals.UnknownAccount(account.ToString());
        if (!MayKeep(by, await cache.SnapshotAsync(cancellationToken), known.Unit)) return RegistryRefusals.NotAllowed();
        if (known.Version != version) return RegistryRefusals.Stale(known.AccountName, version, known.Version, status.ToString(), known.Status.ToString());
        db.Record(by, clock, "registry.account.status", "external-account", account, known.Status, new { status, on });
        (known.Status, known.StatusOn) = (status, on);
        try { await db.SaveChangesAsync(cancellationToken); }
        catch (DbUpdateConcurrencyException) { return RegistryRefusals.Stale(known.AccountName, version, version + 1, status.ToString(), ""); }
        return default(Done);
    }

    /// <summary>Units that must hold an active account in a system and hold none.</summary>
    public async Task<Result<IReadOnlyList<Lacking>>> LackingAsync(DateOnly? asOf, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var day = asOf ?? Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lacking = new List<Lacking>();
        foreach (var system in await db.ExternalSystems.AsNoTracking().Where(s => s.RequiredFor != null).OrderBy(s => s.Code).ToListAsync(cancellationToken))
        {
            var having = await db.SystemAccounts.AsNoTracking().Where(a => a.System == system.Code && a.Status == ExternalAccountStatus.Active && a.IssuedOn <= day).Select(a => a.Unit).ToListAsync(cancellationToken);
            var held = having.ToHashSet();
            if (registry.Class(system.RequiredFor!.Value) is not { } unitClass) continue;
            lacking.AddRange(registry.Members(unitClass, day).Where(m => !held.Contains(m.Id)).Select(m => new Lacking(system.Code, system.Name, m)));
        }

        return lacking;
    }

    /// <summary>The administrator for any unit, a head for the own one; a focal person reports for the unit and so keeps its accounts too.</summary>
    private bool MayKeep(CurrentUser by, RegistrySnapshot registry, OrgUnitId unit)
    {
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        return RegistryWrites.May(by, Permission.EditRegistry, unit, registry, today) || RegistryWrites.May(by, Permission.ManageDelegation, unit, registry, today)
            || RegistryWrites.May(by, Permission.ReportProgress, unit, registry, today);
    }
}
