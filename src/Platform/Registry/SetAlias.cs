using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>Teaches the registry another way documents write a unit, so that the next import knows it.</summary>
public sealed class SetAlias(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Unit { get; set; }
        [Required, StringLength(300)] public string Text { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.EditRegistry, request.Unit, registry, today)) return RegistryRefusals.NotAllowed();
        var text = VietnameseText.Clean(request.Text);
        if (text.Length == 0) return RegistryRefusals.NameMissing();
        if (registry.Unit(request.Unit) is not { } known) return RegistryRefusals.UnknownUnit(request.Unit.ToString());

        // An alias of two bodies would make both unfindable.
        if (registry.Names.Match(text, today) is { Confidence: 1, Unit: { } holder })
        {
            if (holder.Id == known.Id) return default(Done);
            return RegistryRefusals.AliasTaken(text, holder.Name);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var unit = (await RegistryWrites.LoadAsync(db, request.Unit, cancellationToken))!;
        db.OrgUnitAliases.Add(new() { Id = RegistryWrites.NewKey(clock), Unit = unit.Id, Text = text, Key = VietnameseText.Fold(text) });
        RegistryWrites.Touch(db, unit, clock);
        db.Record(by, clock, "registry.alias.set", "unit", unit.Id, after: text);
        return await RegistryWrites.TrySaveAsync(db, cache, databases, unit, unit.Version, text, cancellationToken) is { } late ? late : default(Done);
    }
}

/// <summary>Gives a unit a code of one of the schemes from a day on (R-ORG-03); the one it had in that scheme ends the day before.</summary>
public sealed class SetIdentifier(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Unit { get; set; }
        public int Version { get; set; }
        public IdentifierScheme Scheme { get; set; }
        [Required, StringLength(64)] public string Value { get; set; } = "";
        public DateOnly From { get; set; }
    }

    /// <param name="OtherScheme">The same body in the other scheme, where a mapping exists and the unit had none: stored too.</param>
    public sealed record Stored(string Value, string? OtherScheme);

    public async Task<Result<Stored>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.EditRegistry, request.Unit, registry, Vietnamese.DayOf(clock.GetUtcNow()))) return RegistryRefusals.NotAllowed();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await RegistryWrites.LoadAsync(db, request.Unit, cancellationToken) is not { } unit) return RegistryRefusals.UnknownUnit(request.Unit.ToString());
        if (!OrganizationIdentifier.Check(request.Scheme, request.Value, OrganizationIdentifier.IsStateAgency(unit.Names.MaxBy(n => n.ValidFrom)!.Kind)).IsGranted(out var value, out var refusal)) return refusal;
        if (RegistryWrites.Stale(unit, request.Version, value) is { } stale) return stale;
        if (unit.ValidTo is { } end) return RegistryRefusals.UnitEnded(unit.Code, end);

        string? other = null;
        if (Add(registry, unit, request.Scheme, value, request.From) is { } taken) return taken;
        if (request.Scheme is not IdentifierScheme.AdministrativeUnit)
        {
            var otherScheme = request.Scheme is IdentifierScheme.Qcvn102 ? IdentifierScheme.Qd20 : IdentifierScheme.Qcvn102;
            if (OrganizationIdentifier.Convert(request.Scheme, value) is { } converted && !unit.Identifiers.Exists(i => i.Scheme == otherScheme && i.Overlaps(request.From, null))
                && Add(registry, unit, otherScheme, converted, request.From) is null) other = converted;
        }

        RegistryWrites.Touch(db, unit, clock);
        db.Record(by, clock, "registry.identifier.set", "unit", unit.Id, after: new { request.Scheme, value, other, request.From });
        return await RegistryWrites.TrySaveAsync(db, cache, databases, unit, request.Version, value, cancellationToken) is { } late ? late : new Stored(value, other);
    }

    private Refusal? Add(RegistrySnapshot registry, OrgUnit unit, IdentifierScheme scheme, string value, DateOnly from)
    {
        if (from < unit.ValidFrom) return RegistryRefusals.EndsBeforeItBegins(unit.Code, unit.ValidFrom);
        if (registry.WithIdentifier(scheme, value, from, null).FirstOrDefault(u => u.Id != unit.Id) is { } holder) return RegistryRefusals.IdentifierTaken(value, holder.Code);
        foreach (var before in unit.Identifiers.Where(i => i.Scheme == scheme && i.Overlaps(from, null)))
        {
            if (before.ValidFrom >= from) return RegistryRefusals.NotAfterLastChange(unit.Code, before.ValidFrom);
            before.ValidTo = from.AddDays(-1);
        }

        unit.Identifiers.Add(new() { Id = RegistryWrites.NewKey(clock), Unit = unit.Id, Scheme = scheme, Value = value, ValidFrom = from });
        return null;
    }
}
