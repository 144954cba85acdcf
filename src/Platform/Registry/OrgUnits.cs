using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// The registry in memory. Every save writes a new stamp; this process compares stamps at most once a second and loads again when they
/// differ, so another process's change is seen within a second and this process's own at once (<see cref="Forget"/>).
/// </summary>
public sealed class RegistryCache(IDbContextFactory<PlatformDb> databases, TimeProvider clock) : IDisposable
{
    /// <summary>Long enough that reading a stamp costs nothing beside the requests it serves, short enough for people who edit side by side.</summary>
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile RegistrySnapshot? _snapshot;
    private long _checkedAt;

    internal async ValueTask<RegistrySnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        if (_snapshot is { } fresh && clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) < CheckEvery) return fresh;

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is { } justLoaded && clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) < CheckEvery) return justLoaded;

            var asked = clock.GetTimestamp();
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (_snapshot is not { } known || known.Stamp != await RegistrySnapshot.StampAsync(db, cancellationToken))
            {
                _snapshot = await RegistrySnapshot.LoadAsync(db, cancellationToken);
            }

            Volatile.Write(ref _checkedAt, asked);
            return _snapshot!;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>This process has just saved: its next question reads the stamp.</summary>
    public void Forget()
    {
        _snapshot = null;
    }

    public void Dispose() => _loading.Dispose();
}

/// <summary>The door of the registry, answered from memory.</summary>
internal sealed class OrgUnits(RegistryCache cache) : IOrgUnits, IOfficers, IDelegations
{
    public async Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        (await cache.SnapshotAsync(cancellationToken)).View(id, asOf);

    public async Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken) =>
        (await cache.SnapshotAsync(cancellationToken)).On(asOf).InTree;

    public async Task<IReadOnlyList<OrgUnitView>> OutsideAsync(DateOnly asOf, CancellationToken cancellationToken) =>
        (await cache.SnapshotAsync(cancellationToken)).On(asOf).Outside;

    public async Task<IReadOnlyList<UnitClassView>> ClassesAsync(DateOnly asOf, CancellationToken cancellationToken) =>
        [.. (await cache.SnapshotAsync(cancellationToken)).Classes.Where(c => c.Covers(asOf)).OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => new UnitClassView(c.Id, c.Code, c.Name))];

    public async Task<IReadOnlyList<OrgUnitView>> CurrentAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken)
    {
        var registry = await cache.SnapshotAsync(cancellationToken);
        return registry.Unit(id) is { } unit ? [.. registry.Current(unit, asOf).Select(u => registry.View(u.Id, asOf) ?? RegistrySnapshot.LastView(u))] : [];
    }

    public async Task<IReadOnlyList<OrgUnitId>> AboveAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        (await cache.SnapshotAsync(cancellationToken)).On(asOf).Above(id);

    public async Task<IReadOnlySet<OrgUnitId>> SubtreeAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        (await cache.SnapshotAsync(cancellationToken)).On(asOf).Subtree(id);

    public async Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken)
    {
        var registry = await cache.SnapshotAsync(cancellationToken);
        return registry.Class(unitClass) is { } known ? registry.Members(known, asOf) : [];
    }

    public async Task<IReadOnlyList<NameMatch>> MatchAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken)
    {
        var registry = await cache.SnapshotAsync(cancellationToken);
        return [.. names.Select(name => registry.Names.Match(name, asOf))];
    }

    public async Task<OrgUnitView> ProvinceAsync(DateOnly asOf, CancellationToken cancellationToken)
    {
        var registry = await cache.SnapshotAsync(cancellationToken);
        var home = registry.HomeOn(asOf) ?? registry.Home ?? throw new InvalidOperationException("The registry holds no province yet: load an organisation tree first.");
        return registry.View(home.Id, asOf) ?? RegistrySnapshot.LastView(home);
    }

    public async Task<IReadOnlyList<OfficerView>> OfUnitAsync(OrgUnitId unit, DateOnly asOf, CancellationToken cancellationToken) =>
        [.. (await cache.SnapshotAsync(cancellationToken)).Officers(unit, asOf).OrderBy(o => o.Post).ThenBy(o => o.ValidFrom)
            .Select(o => new OfficerView(o.Unit, o.Post, o.Name, o.Title, o.Phone, o.Email, o.Account))];

    public async Task<IReadOnlyList<DelegationView>> ActiveForAsync(UserId user, DateOnly day, CancellationToken cancellationToken) =>
        [.. (await cache.SnapshotAsync(cancellationToken)).DelegationsFor(user).Where(d => d.IsActive(day))
            .Select(d => new DelegationView(d.Id, d.Unit, d.Delegator, d.DelegatorName, d.RoleList, d.Form, d.ValidFrom, d.LastDay, d.Document))];
}
