using System.CommandLine;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary><c>lienthong migrate</c>: brings the database to the schema of this program, and says what it did.</summary>
internal static class MigrateVerb
{
    public static Command Build()
    {
        var owner = new Option<string?>("--db-owner")
        {
            Description = "Kết nối PostgreSQL của chủ sở hữu bảng (biến LIENTHONG_DB_OWNER): nâng cấp bằng kết nối này, rồi cấp cho vai của --db đúng quyền cần, không sửa hay xóa được nhật ký.",
        };
        var command = new Command("migrate", "Đưa cơ sở dữ liệu lên đúng phiên bản của chương trình này.") { owner };
        command.SetAction(async (result, cancellationToken) =>
        {
            var output = result.InvocationConfiguration.Output;
            var storage = CommonOptions.Storage(result);
            var ownerConnection = result.GetValue(owner) ?? Environment.GetEnvironmentVariable("LIENTHONG_DB_OWNER");
            var hasOwner = storage.Database is not null && !string.IsNullOrWhiteSpace(ownerConnection);
            await using var services = Storage(hasOwner ? storage with { Database = ownerConnection } : storage);
            var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
            List<string> waiting;
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                waiting = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
            }

            await StorageModule.MigrateAsync(databases, cancellationToken);
            if (hasOwner) await ApplicationRole.GrantAsync(ownerConnection!, storage.Database!, cancellationToken);
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
