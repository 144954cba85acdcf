using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Storage;

/// <summary>The common rooms on one screen: the database, files, durable work.</summary>
public static class StorageModule
{
    /// <summary>Contexts kept for the next request, each some tens of kilobytes; a burst makes more and lets them go.</summary>
    private const int ContextsKept = 64;

    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataFolder);
        services.AddSingleton(options);
        services.AddPooledDbContextFactory<PlatformDb>(options.Configure, ContextsKept);
        services.AddSingleton<BlobStore>();
        services.AddSingleton<SealAudit>();
        services.AddTransient<CheckAudit>();
        return services;
    }

    /// <summary>Brings the database to the newest schema; running nodes of the version before go on working meanwhile.</summary>
    public static async Task MigrateAsync(IDbContextFactory<PlatformDb> databases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(databases);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // The application's role may own nothing (ApplicationRole); when there is nothing to do it must not need to.
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()) await db.Database.MigrateAsync(cancellationToken);
    }
}
