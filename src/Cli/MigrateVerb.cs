using System.CommandLine;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary><c>lienthong migrate</c>: brings the database to the schema of this program, and says what it did.</summary>
internal static class MigrateVerb
{
    public static Command Build()
    {
        var command = new Command("migrate", "Đưa cơ sở dữ liệu lên đúng phiên bản của chương trình này.");
        command.SetAction(async (result, cancellationToken) =>
        {
            var output = result.InvocationConfiguration.Output;
            var storage = CommonOptions.Storage(result);
            await using var services = Storage(storage);
            var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
            List<string> waiting;
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                waiting = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
            }

            await StorageModule.MigrateAsync(databases, cancellationToken);
            foreach (var migration in waiting) output.WriteLine($"✓ {migration}");
            output.WriteLine(waiting.Count == 0 ? "Cơ sở dữ liệu đã ở phiên bản mới nhất." : $"Đã nâng cấp {waiting.Count} bước.");
            return 0;
        });
        return command;
    }

    /// <summary>The store alone, without the modules above it: a verb that looks at tables should not start the whole province.</summary>
    internal static ServiceProvider Storage(StorageOptions storage)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(storage);
        return services.BuildServiceProvider();
    }
}
