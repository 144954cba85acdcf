using LienThong.Kernel;
using LienThong.Platform;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace LienThong.Unit;

/// <summary>A clock set by hand; it never moves by itself. Timers of the real clock still run, so waiting code is not stuck.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>Sets the clock to that hour of that day in Vietnam.</summary>
    public void Set(DateOnly day, int hour = 8, int minute = 0) => _now = new DateTimeOffset(day, new TimeOnly(hour, minute), Vietnamese.Offset).ToUniversalTime();
}

/// <summary>
/// The whole platform on a real, migrated database of its own and a clock set by hand. SQLite in a temporary folder; PostgreSQL when
/// LIENTHONG_TEST_DB names a server, so that the same suite runs on both. Share one per class (<c>IClassFixture&lt;TestPlatform&gt;</c>) or
/// start one per test. The schema is migrated once per process and copied.
/// </summary>
public sealed class TestPlatform : IAsyncLifetime
{
    private static readonly SemaphoreSlim TemplateGate = new(1, 1);
    private static string? _template;
    private readonly Action<IServiceCollection>? _configure;
    private ServiceProvider? _provider;
    private string? _postgresDatabase;

    public TestPlatform() { }

    private TestPlatform(Action<IServiceCollection>? configure) => _configure = configure;

    public static string? PostgresServer => Environment.GetEnvironmentVariable("LIENTHONG_TEST_DB") is { Length: > 0 } server
        ? StorageOptions.PostgresConnectionString(server)
        : null;

    /// <summary>Sunday 22 November 2026, 08:00 in Vietnam, until a test sets it.</summary>
    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero));

    public StorageOptions Storage { get; private set; } = null!;

    public IServiceProvider Services => _provider ?? throw new InvalidOperationException("Not started.");

    public IDbContextFactory<PlatformDb> Databases => Services.GetRequiredService<IDbContextFactory<PlatformDb>>();

    public static async Task<TestPlatform> StartAsync(Action<IServiceCollection>? configure = null)
    {
        var platform = new TestPlatform(configure);
        await platform.InitializeAsync();
        return platform;
    }

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-test-").FullName;
        var template = await TemplateAsync();
        if (PostgresServer is { } server)
        {
            _postgresDatabase = "lt_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
            await TemplateGate.WaitAsync();   // PostgreSQL copies a template for one at a time.
            try { await ExecuteAsync(server, $"CREATE DATABASE {_postgresDatabase} TEMPLATE {template}"); }
            finally { TemplateGate.Release(); }
            Storage = new StorageOptions(folder, new NpgsqlConnectionStringBuilder(server) { Database = _postgresDatabase, MaxPoolSize = 12 }.ConnectionString);
        }
        else
        {
            Storage = new StorageOptions(folder, null);
            File.Copy(template, Storage.SqliteFile);
        }

        _provider = Build(Storage, Clock, _configure);
    }

    /// <summary>Acts as that person: slices resolved from the scope see them as the current user.</summary>
    public ActingScope As(CurrentUser user)
    {
        var scope = Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<ActingUser>().Current = user;
        return new ActingScope(scope);
    }

    /// <summary>A slice for one call by that person; its scope ends with the platform.</summary>
    public T As<T>(CurrentUser user) where T : notnull => As(user).Get<T>();

    public Task<PlatformDb> OpenAsync() => Databases.CreateDbContextAsync();

    /// <summary>Runs queued jobs and carries events until none is due.</summary>
    public Task DrainAsync() => Services.GetRequiredService<JobLoop>().DrainAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null) await _provider.DisposeAsync();
        if (Storage is null) return;
        if (_postgresDatabase is not null)
        {
            await using (var connection = new NpgsqlConnection(Storage.Database)) NpgsqlConnection.ClearPool(connection);
            await ExecuteAsync(PostgresServer!, $"DROP DATABASE IF EXISTS {_postgresDatabase} WITH (FORCE)");
        }
        else
        {
            await using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Storage.SqliteFile, ForeignKeys = true, Pooling = true, DefaultTimeout = 30 }.ConnectionString);
            SqliteConnection.ClearPool(db);
        }

        Directory.Delete(Storage.DataFolder, recursive: true);
    }

    private static ServiceProvider Build(StorageOptions storage, TimeProvider clock, Action<IServiceCollection>? configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddPlatform(storage);
        services.AddScoped<ActingUser>();
        services.AddScoped<ICurrentUser>(provider => provider.GetRequiredService<ActingUser>());
        configure?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    private static async Task<string> TemplateAsync()
    {
        await TemplateGate.WaitAsync();
        try
        {
            if (_template is not null) return _template;
            var folder = Directory.CreateTempSubdirectory("lienthong-template-").FullName;
            StorageOptions storage;
            string template;
            if (PostgresServer is { } server)
            {
                template = "lt_template_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
                await ExecuteAsync(server, $"CREATE DATABASE {template}");
                storage = new StorageOptions(folder, new NpgsqlConnectionStringBuilder(server) { Database = template, Pooling = false }.ConnectionString);
            }
            else
            {
                storage = new StorageOptions(folder, null);
                template = storage.SqliteFile;
            }

            await using (var provider = Build(storage, TimeProvider.System, null))
            {
                await StorageModule.MigrateAsync(provider.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
                if (PostgresServer is null)
                {
                    await using var db = await provider.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync();
                    await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
                }
            }

            return _template = template;
        }
        finally { TemplateGate.Release(); }
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Who acts in one scope of a test; the machine itself unless said.</summary>
public sealed class ActingUser : ICurrentUser
{
    public CurrentUser Current { get; set; } = CurrentUser.System;
}

public sealed class ActingScope(IServiceScope scope) : IDisposable
{
    public T Get<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public void Dispose() => scope.Dispose();
}
