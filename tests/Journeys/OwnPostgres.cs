using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace LienThong.Journeys;

/// <summary>A PostgreSQL of one test's own that keeps every commit on disk, so that it may be killed and must have lost nothing.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private readonly string _folder;

    private OwnPostgres(string folder, string connection) => (_folder, Connection) = (folder, connection);

    /// <summary>Of an empty database.</summary>
    public string Connection { get; }

    public static async Task<OwnPostgres> StartAsync()
    {
        var said = await ScriptAsync("postgres_durable=1; start_postgres >&2; echo \"$postgres_folder|$postgres\"");
        var parts = said.Trim().Split('\n')[^1].Split('|', 2);
        var server = new NpgsqlConnectionStringBuilder(parts[1]);
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand("CREATE DATABASE faults", connection);
            await create.ExecuteNonQueryAsync();
        }

        server.Database = "faults";
        return new OwnPostgres(parts[0], server.ConnectionString);
    }

    /// <summary>kill -9 of the server process: no shutdown, no farewell to anybody.</summary>
    public async Task KillAsync()
    {
        var id = int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var server = Process.GetProcessById(id);
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>Starts it again on what the kill left behind; its children may need a moment to notice that it is gone.</summary>
    public Task StartAgainAsync() =>
        ScriptAsync($"for try in $(seq 60); do as_postgres \"$(postgres_bin)/pg_ctl\" -D '{_folder}/data' -w -t 30 -l '{_folder}/server.log' restart >&2 && exit 0; sleep 0.2; done; exit 1");

    /// <summary>One number.</summary>
    public async Task<long> AskAsync(string query)
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ScriptAsync($"postgres_folder='{_folder}'; stop_postgres");
    }

    private static async Task<string> ScriptAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"set -eu; root='{RunningApp.Root}'; . \"$root/scripts/steps.sh\"; . \"$root/scripts/postgres.sh\"; {script}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        // The server goes on with what it inherits: it is the script's own exit that counts, not the end of its streams.
        var lines = new List<string>();
        process.OutputDataReceived += (_, line) => Keep(lines, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(lines, null);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!process.HasExited) await Task.Delay(20, patience.Token);
        Assert.Equal(0, process.ExitCode);
        lock (lines) return string.Join('\n', lines);
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }
}
