using LienThong.Platform.Storage;
using Npgsql;

namespace LienThong.Platform.Demo;

/// <summary>
/// A place beside a store, in which the province is made whole before it is moved in: a folder beside the data folder on SQLite, a schema beside
/// the others on PostgreSQL. Whatever a kill leaves there, the next start throws away. One process at a time makes a province for a store.
/// </summary>
internal sealed class DemoWorkshop : IAsyncDisposable
{
    private const string Schema = "lienthong_dang_tao";

    /// <summary>The same number for everybody who makes a province in one database: "LIENTHON" in ASCII.</summary>
    private const long LockNumber = 0x4C49454E54484F4E;

    private readonly StorageOptions _place;
    private readonly IAsyncDisposable _lock;

    private DemoWorkshop(StorageOptions place, StorageOptions store, IAsyncDisposable held) => (_place, Store, _lock) = (place, store, held);

    /// <summary>Where to make it.</summary>
    public StorageOptions Store { get; }

    /// <summary>Waits until nobody else makes a province for that store.</summary>
    public static async Task<DemoWorkshop> OpenAsync(StorageOptions place, Action wait, CancellationToken cancellationToken)
    {
        if (place.Engine is Engine.Postgres)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(StorageOptions.PostgresConnectionString(place.Database!)) { Pooling = false, KeepAlive = 30 }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            if (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({LockNumber})", cancellationToken) is not true)
            {
                wait();
                await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockNumber})", cancellationToken);
            }

            return new DemoWorkshop(place, place with { IsDraft = true, Schema = Schema }, connection);
        }

        var folder = place.DataFolder.TrimEnd(Path.DirectorySeparatorChar) + ".dang-tao";
        if (Path.GetDirectoryName(folder) is { Length: > 0 } above) Directory.CreateDirectory(above);
        for (var asked = 0; ; asked++)
        {
            try
            {
                var held = new FileStream(folder + ".khoa", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                return new DemoWorkshop(place, new StorageOptions(folder, null) { IsDraft = true }, held);
            }
            catch (IOException) when (File.Exists(folder + ".khoa"))
            {
                if (asked == 0) wait();
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    /// <summary>Throws away what an earlier attempt left, and makes room.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        if (_lock is NpgsqlConnection connection)
        {
            await ExecuteAsync(connection, $"DROP SCHEMA IF EXISTS {Schema} CASCADE; CREATE SCHEMA {Schema}", cancellationToken);
            return;
        }

        if (Directory.Exists(Store.DataFolder)) Directory.Delete(Store.DataFolder, recursive: true);
        Directory.CreateDirectory(Store.DataFolder);
    }

    /// <summary>Puts everything in its place: at once, or so that the next start begins again.</summary>
    public async Task MoveInAsync(CancellationToken cancellationToken)
    {
        if (_lock is NpgsqlConnection connection)
        {
            NpgsqlConnection.ClearAllPools();   // Nobody may still hold a table that is to be moved.
            await MoveTablesAsync(connection, cancellationToken);
            return;
        }

        // The database comes last: as long as it is not there, the next start begins again.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();   // The last connection writes the log back into the file.
        Directory.CreateDirectory(_place.DataFolder);
        foreach (var remainder in new[] { "-wal", "-shm" }) File.Delete(_place.SqliteFile + remainder);   // Of an empty database that stood here.
        using (var file = new FileStream(Store.SqliteFile, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);   // It was written without waiting for the disk.
        foreach (var file in Directory.EnumerateFiles(Store.DataFolder, "*", SearchOption.AllDirectories).OrderBy(f => f == Store.SqliteFile))
        {
            var place = Path.Combine(_place.DataFolder, Path.GetRelativePath(Store.DataFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Move(file, place, overwrite: true);
        }

        if (!OperatingSystem.IsWindows() && Directory.Exists(_place.KeyFolder)) File.SetUnixFileMode(_place.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lock is NpgsqlConnection connection) await ExecuteAsync(connection, $"DROP SCHEMA IF EXISTS {Schema} CASCADE", CancellationToken.None);
        else if (Directory.Exists(Store.DataFolder)) Directory.Delete(Store.DataFolder, recursive: true);
        await _lock.DisposeAsync();
    }

    /// <summary>In one transaction: tables of an empty store give way to the full ones, unless somebody has begun to use them meanwhile.</summary>
    private static async Task MoveTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"""
            DO $$
            DECLARE place text := current_schema(); item record; used boolean;
            BEGIN
                IF to_regclass(format('%I.storage_audit', place)) IS NOT NULL THEN
                    EXECUTE format('LOCK TABLE %I.storage_audit IN ACCESS EXCLUSIVE MODE', place);
                    EXECUTE format('SELECT EXISTS (SELECT FROM %I.storage_audit)', place) INTO used;
                    IF used THEN RAISE EXCEPTION 'The database came into use while the demo was being made.'; END IF;
                END IF;
                FOR item IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{Schema}' LOOP
                    EXECUTE format('DROP TABLE IF EXISTS %I.%I CASCADE', place, item.name);
                    EXECUTE format('ALTER TABLE {Schema}.%I SET SCHEMA %I', item.name, place);
                END LOOP;
                FOR item IN SELECT proname AS name FROM pg_proc WHERE pronamespace = '{Schema}'::regnamespace LOOP
                    EXECUTE format('DROP FUNCTION IF EXISTS %I.%I()', place, item.name);
                    EXECUTE format('ALTER FUNCTION {Schema}.%I() SET SCHEMA %I', item.name, place);
                END LOOP;
            END $$;
            """, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Built from names of our own.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) => await ScalarAsync(connection, sql, cancellationToken);
}
