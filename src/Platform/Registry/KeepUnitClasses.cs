using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>One class as it stands on a day, with everybody in it (R-TSK-06, T6).</summary>
/// <param name="Rule">Kinds whose units belong to it; empty when members are named one by one.</param>
/// <param name="Decisions">Units named into it or out of it, with their periods.</param>
public sealed record UnitClassSheet(
    UnitClassView Class, IReadOnlyList<OrgUnitKind> Rule, IReadOnlyList<string> Includes, DateOnly ValidFrom, DateOnly? ValidTo, string? Source, IReadOnlyList<OrgUnitView> Members,
    IReadOnlyList<UnitClassDecision> Decisions, int Version);

public sealed record UnitClassDecision(Guid Id, string UnitCode, string UnitName, bool IsExcluded, DateOnly From, DateOnly? To);

/// <summary>The classes of units that documents name as one body: read by everybody, kept by the administrator of the registry.</summary>
public sealed class FindUnitClasses(RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public async Task<Result<IReadOnlyList<UnitClassSheet>>> HandleAsync(DateOnly? asOf, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var day = asOf ?? Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        return registry.Classes.OrderBy(c => c.ValidTo is null ? 0 : 1).ThenBy(c => c.Code, StringComparer.Ordinal).Select(c => new UnitClassSheet(
            new UnitClassView(c.Id, c.Code, c.Name), [.. c.KindList], [.. c.IncludeList], c.ValidFrom, c.ValidTo, c.Source, registry.Members(c, day),
            [.. c.Members.OrderByDescending(m => m.ValidFrom).Select(m => new UnitClassDecision(
                m.Id, registry.Unit(m.Unit)?.Code ?? "", registry.NameOf(m.Unit, day), m.IsExcluded, m.ValidFrom, m.ValidTo))], c.Version)).ToList();
    }
}

/// <summary>
/// Opens a class, and names units into it or out of it for a period. A class with members is never changed backwards without a trace: each
/// naming is a row with its dates, and what was issued before keeps the parts it was given.
/// </summary>
public sealed class KeepUnitClasses(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record ClassRequest
    {
        [Required, StringLength(64)] public string Code { get; set; } = "";
        [Required, StringLength(300)] public string Name { get; set; } = "";

        /// <summary>Kinds whose units belong to the class; empty when members are named one by one.</summary>
        public IReadOnlyList<OrgUnitKind> Kinds { get; set; } = [];
        public DateOnly From { get; set; }
        [StringLength(300)] public string? Document { get; set; }
    }

    public sealed record MemberRequest
    {
        [Required, StringLength(64)] public string Class { get; set; } = "";
        public int Version { get; set; }
        public OrgUnitId Unit { get; set; }

        /// <summary>True leaves a unit out that the rule would take in.</summary>
        public bool IsExcluded { get; set; }
        public DateOnly From { get; set; }
    }

    public async Task<Result<UnitClassId>> OpenAsync(ClassRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        if (!by.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();
        var (code, name) = (VietnameseText.Clean(request.Code), VietnameseText.Clean(request.Name));
        if (!UnitRows.CodeForm().IsMatch(code)) return RegistryRefusals.CodeForm(code);
        if (name.Length == 0) return RegistryRefusals.NameMissing();
        if (request.From == default) return RegistryRefusals.PeriodReversed();
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (registry.Class(code) is not null) return RegistryRefusals.CodeTaken(code);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var opened = new UnitClass
        {
            Id = StrongId.New<UnitClassId>(clock),
            Code = code,
            Name = name,
            Kinds = string.Join(',', request.Kinds.Distinct()),
            ValidFrom = request.From,
            Source = VietnameseText.Clean(request.Document) is { Length: > 0 } document ? document : null,
        };
        db.UnitClasses.Add(opened);
        db.Record(by, clock, "registry.class.opened", "unit-class", opened.Id, after: new { code, name, opened.Kinds, request.From, opened.Source });
        try
        {
            await RegistryWrites.SaveAsync(db, cache, cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            if (await again.UnitClasses.AnyAsync(c => c.Code == code, cancellationToken)) return RegistryRefusals.CodeTaken(code);
            throw;
        }

        return opened.Id;
    }

    public async Task<Result<Done>> NameAsync(MemberRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (registry.Unit(request.Unit) is not { } unit) return RegistryRefusals.UnknownUnit(request.Unit.ToString());
        if (!unit.Covers(request.From)) return RegistryRefusals.UnitEnded(unit.Code, unit.ValidTo ?? unit.ValidFrom);
        return await ChangeAsync(request.Class, request.Version, unit.Code, (db, known) =>
        {
            if (known.Members.Any(m => m.Unit == unit.Id && (m.ValidTo is null || m.ValidTo >= request.From))) return RegistryRefusals.MemberAlready(unit.Code, known.Code);
            var named = new UnitClassMember { Id = RegistryWrites.NewKey(clock), Class = known.Id, Unit = unit.Id, IsExcluded = request.IsExcluded, ValidFrom = request.From };
            db.Add(named);
            db.Record(user.Current, clock, request.IsExcluded ? "registry.class.excluded" : "registry.class.included", "unit-class", known.Id, after: new { unit.Code, request.From });
            return null;
        }, cancellationToken);
    }

    /// <summary>The last day of a naming; the row stays, so that older days keep their members.</summary>
    public Task<Result<Done>> EndAsync(string classCode, int version, Guid member, DateOnly last, CancellationToken cancellationToken) =>
        ChangeAsync(classCode, version, member.ToString(), (db, known) =>
        {
            if (known.Members.FirstOrDefault(m => m.Id == member) is not { ValidTo: null } named) return RegistryRefusals.UnknownClass(member.ToString());
            if (last < named.ValidFrom) return RegistryRefusals.PeriodReversed();
            named.ValidTo = last;
            db.Record(user.Current, clock, "registry.class.member-ended", "unit-class", known.Id, after: new { named.Unit, last });
            return null;
        }, cancellationToken);

    private async Task<Result<Done>> ChangeAsync(string classCode, int version, string mine, Func<PlatformDb, UnitClass, Refusal?> change, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.UnitClasses.Include(c => c.Members).FirstOrDefaultAsync(c => c.Code == classCode, cancellationToken) is not { } known) return RegistryRefusals.UnknownClass(classCode);
        if (known.Version != version) return RegistryRefusals.Stale(known.Code, version, known.Version, mine, known.Name);
        if (change(db, known) is { } refusal) return refusal;
        db.Entry(known).Property(c => c.Name).IsModified = true;   // The version rises with a change of members too.
        try { await RegistryWrites.SaveAsync(db, cache, cancellationToken); }
        catch (DbUpdateConcurrencyException) { return RegistryRefusals.Stale(known.Code, version, version + 1, mine, known.Name); }
        return default(Done);
    }
}
