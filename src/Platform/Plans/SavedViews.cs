using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>A person's named filters of the register.</summary>
public sealed class SavedViews(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    /// <summary>Tabs above a list; more than these nobody reads.</summary>
    public const int Max = 20;

    public sealed record View(Guid Id, string Name, string Query);

    public async Task<IReadOnlyList<View>> ListAsync(CancellationToken cancellationToken)
    {
        var me = access.User.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SavedViews.AsNoTracking().Where(v => v.User == me).OrderBy(v => v.CreatedAt).Select(v => new View(v.Id, v.Name, v.Query)).ToListAsync(cancellationToken);
    }

    /// <summary>Saves under a name; the same name again replaces the filter.</summary>
    public async Task<Result<Guid>> SaveAsync(string? name, TaskFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!access.User.May(Permission.ViewTasks)) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        var title = VietnameseText.Clean(name);
        if (title.Length == 0) return PlansRefusals.TextMissing(nameof(name));
        if (title.Length > 60) return PlansRefusals.TextTooLong(nameof(name), 60);
        var me = access.User.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mine = await db.SavedViews.Where(v => v.User == me).ToListAsync(cancellationToken);
        if (mine.FirstOrDefault(v => v.Name == title) is { } same) db.SavedViews.Remove(same);
        else if (mine.Count >= Max) return PlansRefusals.TooManyViews(Max);
        var view = new SavedView { Id = Guid.CreateVersion7(clock.GetUtcNow()), User = me, Name = title, Query = filter.ToQuery(), CreatedAt = clock.GetUtcNow() };
        if (mine.Any(v => v.Name == title)) await db.SaveChangesAsync(cancellationToken);
        db.SavedViews.Add(view);
        await db.SaveChangesAsync(cancellationToken);
        return view.Id;
    }

    public async Task<Result<Done>> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var me = access.User.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.SavedViews.Where(v => v.Id == id && v.User == me).ExecuteDeleteAsync(cancellationToken);
        return default(Done);
    }
}
