using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace LienThong.Platform.Storage;

public enum Engine { Sqlite, Postgres }

/// <summary>
/// Where things are kept. <paramref name="DataFolder"/> holds files, keys and, on SQLite, the database; <paramref name="Database"/> is a
/// PostgreSQL connection string or URL (LIENTHONG_DB), or null for SQLite in the folder.
/// </summary>
public sealed record StorageOptions(string DataFolder, string? Database)
{
    public Engine Engine => Database is null ? Engine.Sqlite : Engine.Postgres;

    /// <summary>
    /// The store is made beside its place and moved there whole, or thrown away: nothing in it needs to survive a power cut meanwhile.
    /// The engine then leaves flushing to the system, which makes hundreds of small commits cost seconds less.
    /// </summary>
    public bool IsDraft { get; init; }

    /// <summary>PostgreSQL: the schema all tables stand in, where it is not the one the connection leads to. For a store that is being made.</summary>
    public string? Schema { get; init; }

    /// <summary>A PEM file with certificate and key that encrypts the keys of sessions and secrets; null leaves them as they are, for the owner of the folder only.</summary>
    public string? KeyCertificate { get; init; }

    /// <summary>Statements a connection keeps: those of the pages people open all day, not every query of the program.</summary>
    private const int PreparedMax = 60;

    public string BlobFolder => Path.Combine(DataFolder, "blobs");

    public string KeyFolder => Path.Combine(DataFolder, "keys");

    public string SqliteFile => Path.Combine(DataFolder, "lienthong.db");

    public void Configure(DbContextOptionsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Engine is Engine.Postgres)
        {
            builder.UseNpgsql(PostgresConnection(), o => o.MigrationsHistoryTable("storage_migration", Schema).CommandTimeout(60));
        }
        else
        {
            var connection = new SqliteConnectionStringBuilder { DataSource = SqliteFile, ForeignKeys = true, Pooling = true, DefaultTimeout = 30 };
            builder.UseSqlite(connection.ConnectionString, o => o.MigrationsHistoryTable("storage_migration").CommandTimeout(60));
            builder.AddInterceptors(IsDraft ? SqlitePragmas.Draft : SqlitePragmas.Instance);
        }

        // Migrations are written by hand, so there is no snapshot to compare the model with; SchemaTests compares with the real tables.
        builder.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
    }

    private string PostgresConnection()
    {
        var connection = new NpgsqlConnectionStringBuilder(PostgresConnectionString(Database!));
        if (Schema is not null) connection.SearchPath = Schema;

        // What is asked over and over is planned once for each connection. Whoever has a pooler between that cannot keep statements says 0.
        if (!connection.ShouldSerialize("Max Auto Prepare")) (connection.MaxAutoPrepare, connection.AutoPrepareMinUsages) = (PreparedMax, 3);
        if (IsDraft) connection.Options = (connection.Options + " -c synchronous_commit=off").Trim();
        return connection.ConnectionString;
    }

    /// <summary>Accepts "Host=…;…" and "postgresql://user:pw@host:port/db".</summary>
    public static string PostgresConnectionString(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (!setting.StartsWith("postgres://", StringComparison.Ordinal) && !setting.StartsWith("postgresql://", StringComparison.Ordinal)) return setting;
        var uri = new Uri(setting);
        var who = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = uri.AbsolutePath.TrimStart('/'),
            Username = Uri.UnescapeDataString(who[0]),
            Password = who.Length > 1 ? Uri.UnescapeDataString(who[1]) : null,
        };
        return builder.ConnectionString;
    }
}

/// <summary>
/// WAL lets readers read while one writes; FULL keeps what a person was told is saved even when the power goes; the busy time-out
/// outlasts the longest write of ours. Every connection of the pool keeps a cache of its own, so in service it is small: what is read often is in the
/// page cache of the system anyway, once for all connections. One connection that fills a store may have more.
/// </summary>
internal sealed class SqlitePragmas(string synchronous, int cacheKilobytes) : DbConnectionInterceptor
{
    public static SqlitePragmas Instance { get; } = new("FULL", 1_000);

    public static SqlitePragmas Draft { get; } = new("OFF", 32_000);

    private readonly string _pragmas = $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{cacheKilobytes};";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
