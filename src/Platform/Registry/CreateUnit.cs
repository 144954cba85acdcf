using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>A new body enters the registry, under a code that no body has had before.</summary>
public sealed class CreateUnit(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        [Required, StringLength(64)] public string Code { get; set; } = "";
        [Required, StringLength(300)] public string Name { get; set; } = "";
        [StringLength(100)] public string? ShortName { get; set; }
        public OrgUnitKind Kind { get; set; }
        [StringLength(64)] public string? ParentCode { get; set; }
        public int Order { get; set; }
        public bool IsOutsideTree { get; set; }
        public DateOnly From { get; set; }
        [StringLength(64)] public string? Qcvn102 { get; set; }
        [StringLength(64)] public string? Qd20 { get; set; }
        [StringLength(16)] public string? Administrative { get; set; }
        [StringLength(300)] public string? Document { get; set; }
    }

    public sealed record Created(OrgUnitId Id, string Code);

    public async Task<Result<Created>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        if (!by.May(Permission.EditRegistry)) return RegistryRefusals.NotAllowed();

        var registry = await cache.SnapshotAsync(cancellationToken);
        if (Check(registry, request.Code, request.Name) is { } refusal) return refusal;
        if (request.From == default) return RegistryRefusals.PeriodReversed();
        if (!RegistryWrites.Parent(registry, request.ParentCode, request.From).IsGranted(out var parent, out refusal)) return refusal;

        var code = VietnameseText.Clean(request.Code);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var unit = RegistryWrites.NewUnit(
            clock, StrongId.New<OrgUnitId>(clock), code, request.Name, VietnameseText.Clean(request.ShortName), request.Kind, parent, request.Order, request.From,
            !request.IsOutsideTree, VietnameseText.Clean(request.Document), null);
        foreach (var (scheme, value) in new[] { (IdentifierScheme.Qcvn102, request.Qcvn102), (IdentifierScheme.Qd20, request.Qd20), (IdentifierScheme.AdministrativeUnit, request.Administrative) })
        {
            if (string.IsNullOrWhiteSpace(value)) continue;
            if (!OrganizationIdentifier.Check(scheme, value, OrganizationIdentifier.IsStateAgency(request.Kind)).IsGranted(out var identifier, out refusal)) return refusal;
            if (registry.WithIdentifier(scheme, identifier, request.From, null).FirstOrDefault() is { } holder) return RegistryRefusals.IdentifierTaken(identifier, holder.Code);
            unit.Identifiers.Add(new() { Id = RegistryWrites.NewKey(clock), Unit = unit.Id, Scheme = scheme, Value = identifier, ValidFrom = request.From });
        }

        db.OrgUnits.Add(unit);
        db.Record(by, clock, "registry.unit.created", "unit", unit.Id, after: new { unit.Code, request.Name, request.Kind, parent = request.ParentCode, request.From, request.Document });
        db.Publish(new UnitsReorganised("created", [], [unit.Id], request.From, request.Document), clock);
        try
        {
            await RegistryWrites.SaveAsync(db, cache, cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody took the code a moment ago; the unique index decides.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            if (await again.OrgUnits.AnyAsync(u => u.Code == code, cancellationToken)) return RegistryRefusals.CodeTaken(code);
            throw;
        }

        return new Created(unit.Id, unit.Code);
    }

    /// <summary>A code is taken for ever, also by a unit that has ended.</summary>
    internal static Refusal? Check(RegistrySnapshot registry, string? code, string? name)
    {
        var clean = VietnameseText.Clean(code);
        if (!UnitRows.CodeForm().IsMatch(clean)) return RegistryRefusals.CodeForm(clean);
        if (registry.ByCode(clean) is not null) return RegistryRefusals.CodeTaken(clean);
        return VietnameseText.Clean(name).Length == 0 ? RegistryRefusals.NameMissing() : null;
    }
}
