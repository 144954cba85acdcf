using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace LienThong.Unit.Accounts;

/// <summary>R-NFR-04: nobody edits the audit, on either engine; on PostgreSQL the application's role has not even the right to.</summary>
public sealed class ApplicationRoleTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private TestPlatform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await AccountsWorld.StartAsync();
        await _platform.AddUserAsync("lan.nguyen");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData("UPDATE storage_audit SET action = 'x'")]
    [InlineData("DELETE FROM storage_audit")]
    [InlineData("UPDATE storage_audit SET outcome = 'done' WHERE outcome = 'done'")]
    public async Task Even_the_owner_of_the_tables_cannot_change_a_record(string sql)
    {
        await using var db = await _platform.OpenAsync();
        var before = await db.Audit.AsNoTracking().OrderBy(a => a.Id).Select(a => a.Id + a.Action).ToListAsync(Cancellation);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql, Cancellation));

        Assert.NotEmpty(before);
        Assert.Equal(before, await db.Audit.AsNoTracking().OrderBy(a => a.Id).Select(a => a.Id + a.Action).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task The_role_of_the_application_works_with_everything_and_can_only_read_and_add_to_the_audit()
    {
        Assert.SkipWhen(TestPlatform.PostgresServer is null, "Needs PostgreSQL (LIENTHONG_TEST_DB).");
        var owner = _platform.Storage.Database!;
        var role = "lt_app_" + Path.GetRandomFileName()[..6];
        var application = new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = "a'b\"c", Pooling = false }.ConnectionString;
        await ApplicationRole.GrantAsync(owner, application, Cancellation);
        await ApplicationRole.GrantAsync(owner, application, Cancellation);   // Every migration grants again.
        try
        {
            // The whole product as that role: it starts without migrating, and people can be made.
            await using (var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_platform.Clock).AddStorage(_platform.Storage with { Database = application }).BuildServiceProvider())
            {
                var databases = services.GetRequiredService<IDbContextFactory<PlatformDb>>();
                await StorageModule.MigrateAsync(databases, Cancellation);
                await using var db = await databases.CreateDbContextAsync(Cancellation);
                db.Record(CurrentUser.System, _platform.Clock, "test.added", "test", "1");
                await db.SaveChangesAsync(Cancellation);
                Assert.Equal(1, await db.Users.ExecuteUpdateAsync(s => s.SetProperty(u => u.Language, "vi"), Cancellation));
            }

            foreach (var sql in new[]
            {
                "UPDATE storage_audit SET action = 'x'", "DELETE FROM storage_audit", "TRUNCATE storage_audit", "ALTER TABLE storage_audit DISABLE TRIGGER ALL", "DROP TABLE storage_audit",
                "CREATE TABLE mine (id int)", "DELETE FROM storage_migration",
            })
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(application, sql));
                Assert.True(refused.SqlState == "42501", $"{sql}: {refused.SqlState} {refused.MessageText}");
                Assert.DoesNotContain("append-only", refused.MessageText, StringComparison.Ordinal);
            }
        }
        finally
        {
            await ExecuteAsync(owner, $"DROP OWNED BY {role}; DROP ROLE {role};");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
#pragma warning disable CA2100 // Statements of this test.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
