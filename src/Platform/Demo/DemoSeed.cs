using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LienThong.Platform.Demo;

/// <summary>What the seeding did, for the terminal.</summary>
/// <param name="IsAlreadyThere">The folder held a demo before; nothing was added.</param>
/// <param name="IsStoreInUse">The folder holds somebody's data, which a demo never touches.</param>
/// <param name="IsPlanKnown">The file asked for is a plan this demo has already.</param>
public sealed record DemoOutcome(bool IsAlreadyThere, int People, int Tasks, int Deeds, IReadOnlyList<string> Notes, bool IsStoreInUse = false, bool IsPlanKnown = false);

/// <summary>
/// Fills an empty store with the simulated province: the sample registry, people for every role, one plan read from a Word file by the real
/// reader, and three months of deeds done through the real slices under a clock set to each deed. It is made in a workshop beside the store and
/// moved in at the end, so that a kill leaves no half province; a store that holds anything else is left alone.
/// </summary>
public sealed class DemoSeed
{
    /// <summary>The audit record that says a store is a finished demo.</summary>
    private const string Finished = "demo.finished";

    private readonly StorageOptions _storage;
    private readonly TimeProvider _real;
    private readonly Action<string> _say;

    public DemoSeed(StorageOptions storage, TimeProvider real, Action<string> say) => (_storage, _real, _say) = (storage, real, say);

    /// <param name="planFile">Somebody's own plan instead of ours; its deeds are then up to them.</param>
    public async Task<Result<DemoOutcome>> RunAsync(string? planFile, CancellationToken cancellationToken)
    {
        await using var workshop = await DemoWorkshop.OpenAsync(_storage, () => _say("Một tiến trình khác đang tạo dữ liệu này, xin chờ …"), cancellationToken);
        if (await StateAsync(_storage, cancellationToken) is { } state)
        {
            if (!state) return new DemoOutcome(false, 0, 0, 0, [], IsStoreInUse: true);
            await WelcomeAsync(cancellationToken);
            return planFile is null ? new DemoOutcome(true, 0, 0, 0, []) : await FillAsync(_storage, planFile, onlyPlan: true, cancellationToken);
        }

        await workshop.ClearAsync(cancellationToken);
        var result = await FillAsync(workshop.Store, planFile, onlyPlan: false, cancellationToken);
        if (result.Refusal is null) await workshop.MoveInAsync(cancellationToken);
        return result;
    }

    /// <summary>True: a finished demo. False: somebody's data. Null: nothing yet.</summary>
    private static async Task<bool?> StateAsync(StorageOptions storage, CancellationToken cancellationToken)
    {
        if (storage.Engine is Engine.Sqlite && !File.Exists(storage.SqliteFile)) return null;
        await using var services = Services(storage, TimeProvider.System);
        var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!(await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Any()) return null;
        await StorageModule.MigrateAsync(databases, cancellationToken);
        if (await db.Audit.AnyAsync(a => a.Action == Finished, cancellationToken)) return true;
        return await db.Audit.AnyAsync(cancellationToken) ? false : null;
    }

    /// <summary>
    /// A store for a load test instead of a story: the same province and people, and as many simulated tasks as asked, spread over as many units.
    /// One can sign in to it as to any demo.
    /// </summary>
    public async Task FillForLoadAsync(int tasks, int eventsPerTask, int unitsMax, CancellationToken cancellationToken)
    {
        await using var services = Services(_storage with { IsDraft = true }, _real);
        var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
        await StorageModule.MigrateAsync(databases, cancellationToken);
        await services.GetRequiredService<RegistrySeed>().ApplyAsync(cancellationToken);
        var tree = await services.GetRequiredService<IOrgUnits>().TreeAsync(WorkCalendar.Today(_real), cancellationToken);
        await new DemoCast(services).HireAsync(tree, cancellationToken);
        await Plans.Sample.PlansBulk.InsertAsync(databases, [.. tree.Take(unitsMax).Select(u => (u.Id, u.Name))], _real, tasks, eventsPerTask, seed: 57, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(CurrentUser.System, _real, Finished, "demo", "load", after: new { tasks, eventsPerTask });
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task WelcomeAsync(CancellationToken cancellationToken)
    {
        await using var services = Services(_storage, _real);
        await DemoCast.WelcomeAsync(services.GetRequiredService<IDbContextFactory<PlatformDb>>(), _real, cancellationToken);
    }

    private async Task<Result<DemoOutcome>> FillAsync(StorageOptions storage, string? planFile, bool onlyPlan, CancellationToken cancellationToken)
    {
        var today = WorkCalendar.Today(_real);
        var issuedOn = today.AddDays(-DemoStory.DaysSinceIssue);
        var clock = new DemoClock(_real.GetUtcNow());
        clock.Set(issuedOn.AddDays(-30), new TimeOnly(8, 0));
        await using var services = Services(storage, clock);
        var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
        await StorageModule.MigrateAsync(databases, cancellationToken);

        var units = services.GetRequiredService<IOrgUnits>();
        var people = new DemoCast(services);
        if (!onlyPlan)
        {
            _say("Danh mục cơ quan của tỉnh Quảng Ngãi …");
            await services.GetRequiredService<RegistrySeed>().ApplyAsync(cancellationToken);
            _say("Người mô phỏng cho từng vai trò …");
            await people.HireAsync(await units.TreeAsync(today, cancellationToken), cancellationToken);
        }
        else
        {
            await people.RecallAsync(await units.TreeAsync(today, cancellationToken), cancellationToken);
        }

        var deeds = new DemoDeeds(services, clock, people, issuedOn, today);
        var outcome = planFile is null ? await deeds.PlayAsync(_say, cancellationToken) : await deeds.ImportAsync(planFile, _say, cancellationToken);
        if (outcome.IsGranted(out var done, out _) && !onlyPlan)
        {
            await new DemoExchange(services, storage, clock, people, today).PlayAsync(_say, cancellationToken);
            clock.Set(today, TimeOnly.FromDateTime(_real.GetUtcNow().ToOffset(Vietnamese.Offset).DateTime));
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.Record(CurrentUser.System, clock, Finished, "demo", "demo", after: new { done.Tasks, done.Deeds });
            await db.SaveChangesAsync(cancellationToken);
            await DemoCast.WelcomeAsync(databases, clock, cancellationToken);
        }

        return outcome.IsGranted(out done, out var refusal) ? done with { People = people.Count, IsAlreadyThere = onlyPlan } : refusal;
    }

    internal static ServiceProvider Services(StorageOptions storage, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddPlatform(storage);
        services.AddScoped<ActingPerson>();
        services.AddScoped<ICurrentUser>(provider => provider.GetRequiredService<ActingPerson>());
        return services.BuildServiceProvider();
    }
}

/// <summary>Whose turn it is in one scope of the seeding.</summary>
internal sealed class ActingPerson : ICurrentUser
{
    public CurrentUser Current { get; set; } = CurrentUser.System;
}
