using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Registry;

/// <summary>
/// The reference data service for units (R-MDM-04): every unit that changed since an instant, with its whole history, in order of change.
/// A consumer keeps <see cref="Answer.Next"/> and asks again; it may see a unit twice and never misses one.
/// </summary>
public sealed class ReferenceUnits(RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    /// <summary>Large enough that a province is read in a few calls, small enough for one answer in memory.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>A change is stamped before it is saved; the longest save is far shorter than this.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    public sealed record Name(string Text, string ShortName, OrgUnitKind Kind, DateOnly From, DateOnly? To);

    public sealed record Place(string? ParentCode, DateOnly From, DateOnly? To);

    public sealed record Code(IdentifierScheme Scheme, string Value, DateOnly From, DateOnly? To);

    public sealed record Successor(SuccessionKind Kind, string? UnitCode, decimal? Share, DateOnly Date, string? Document);

    public sealed record Item(OrgUnitId Id, string UnitCode, DateOnly ValidFrom, DateOnly? ValidTo, bool IsInTree, DateTimeOffset ModifiedAt,
        IReadOnlyList<Name> Names, IReadOnlyList<Place> Places, IReadOnlyList<Code> Codes, IReadOnlyList<Successor> Successors);

    public sealed record Answer(IReadOnlyList<Item> Items, string Next, bool HasMore);

    public async Task<Result<Answer>> HandleAsync(string? since, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var after = DateTimeOffset.MinValue;
        OrgUnitId afterId = default;
        if (!string.IsNullOrWhiteSpace(since))
        {
            var part = since.Split('~', 2);
            if (!DateTimeOffset.TryParse(part[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out after)
                || (part.Length == 2 && !OrgUnitId.TryParse(part[1], out afterId))) return RegistryRefusals.SinceForm(since);
        }

        var asked = clock.GetUtcNow();
        var registry = await cache.SnapshotAsync(cancellationToken);
        var changed = registry.Units.Where(u => u.ModifiedAt > after || (u.ModifiedAt == after && u.Id.Value.CompareTo(afterId.Value) > 0))
            .OrderBy(u => u.ModifiedAt).ThenBy(u => u.Id.Value).Take(ItemsMax + 1).ToList();
        var hasMore = changed.Count > ItemsMax;
        var items = changed.Take(ItemsMax).ToList();
        string Written(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var settled = asked - Settling;
        var next = hasMore ? $"{Written(items[^1].ModifiedAt)}~{items[^1].Id}" : Written(items.Count > 0 && items[^1].ModifiedAt < settled ? items[^1].ModifiedAt.AddTicks(10) : settled > after ? settled : after);
        return new Answer([.. items.Select(u => ItemOf(registry, u))], next, hasMore);
    }

    private static Item ItemOf(RegistrySnapshot registry, OrgUnit unit) => new(
        unit.Id, unit.Code, unit.ValidFrom, unit.ValidTo, unit.IsInTree, unit.ModifiedAt,
        [.. unit.Names.OrderBy(n => n.ValidFrom).Select(n => new Name(n.Name, n.ShortName, n.Kind, n.ValidFrom, n.ValidTo))],
        [.. unit.Places.OrderBy(p => p.ValidFrom).Select(p => new Place(p.Parent is { } parent ? registry.Unit(parent)?.Code : null, p.ValidFrom, p.ValidTo))],
        [.. unit.Identifiers.OrderBy(i => i.ValidFrom).Select(i => new Code(i.Scheme, i.Value, i.ValidFrom, i.ValidTo))],
        [.. registry.SuccessionsFrom(unit.Id).Select(s => new Successor(s.Kind, s.To is { } to ? registry.Unit(to)?.Code : null, s.Share, s.Date, s.Document))]);
}
