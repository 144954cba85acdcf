using System.Diagnostics;
using LienThong.Platform.Storage;
using Npgsql;
using Xunit;

namespace LienThong.Journeys;

/// <summary>Verbs that operators run by hand: demo, migrate, doctor. The real program, its exit codes and what it leaves (issue, A.1, D).</summary>
public sealed class VerbJourneys : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-verb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<bool> Engines => RunningApp.HasPostgres ? new(false, true) : new(false);

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_demo_killed_while_it_is_made_is_made_whole_by_the_next_start(bool postgres)
    {
        await using var database = postgres ? await OwnDatabase.MakeAsync() : null;
        var data = Path.Combine(_folder, "du-lieu");
        string[] arguments = ["demo", "--seed-only", "--data", data, .. database is null ? Array.Empty<string>() : ["--db", database.Connection]];
        using (var first = RunningApp.Launch(arguments))
        {
            // Deep in its middle: people and the plan are there, the deeds have begun.
            while (await first.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Ba tháng", StringComparison.Ordinal)) { }
            await Task.Delay(700);
            Assert.False(first.HasExited);
            first.Kill();
            await first.WaitForExitAsync();
        }

        if (database is null) Assert.False(File.Exists(Path.Combine(data, "lienthong.db")));
        else Assert.Equal(0L, await database.AskAsync("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"));

        var (code, output, error) = await RunningApp.RunToEndAsync(arguments);
        Assert.True(code == 0, output + error);
        Assert.Contains("40 nhiệm vụ", output, StringComparison.Ordinal);
        (code, output, _) = await RunningApp.RunToEndAsync(arguments);
        Assert.Equal(0, code);
        Assert.Contains("Dữ liệu mô phỏng đã có", output, StringComparison.Ordinal);
        Assert.Equal(["du-lieu"], Directory.EnumerateFileSystemEntries(_folder).Select(f => Path.GetFileName(f)));
        if (database is not null) Assert.Equal(0L, await database.AskAsync("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'lienthong%'"));
    }

    [Fact]
    public async Task A_demo_stopped_while_it_is_made_says_that_nothing_was_kept()
    {
        using var demo = RunningApp.Launch(["demo", "--seed-only", "--data", Path.Combine(_folder, "du-lieu")]);
        while (await demo.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Người mô phỏng", StringComparison.Ordinal)) { }
        using (var kill = Process.Start("kill", ["-TERM", $"{demo.Id}"])) await kill.WaitForExitAsync();
        var error = await demo.StandardError.ReadToEndAsync();
        await demo.WaitForExitAsync();
        Assert.Equal(143, demo.ExitCode);
        Assert.Contains("chưa có gì được lưu", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Migrate_brings_an_empty_place_to_the_newest_schema_and_then_has_nothing_to_do()
    {
        var (code, output, _) = await RunningApp.RunToEndAsync(["migrate", "--data", _folder]);
        Assert.Equal(0, code);
        Assert.Contains("✓", output, StringComparison.Ordinal);
        (code, output, _) = await RunningApp.RunToEndAsync(["migrate", "--data", _folder]);
        Assert.Equal(0, code);
        Assert.Contains("đã ở phiên bản mới nhất", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_a_sound_place_sound_and_names_what_would_stop_the_product()
    {
        var port = RunningApp.FreePort();
        var (code, output, _) = await RunningApp.RunToEndAsync(["doctor", "--data", _folder, "--port", $"{port}"]);
        Assert.True(code == 0, output);
        Assert.Contains("Máy này chạy được nền tảng.", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));

        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        holder.Start();
        (code, output, _) = await RunningApp.RunToEndAsync(["doctor", "--data", _folder, "--port", $"{port}", "--db", $"Host=127.0.0.1;Port={RunningApp.FreePort()};Username=x;Password=y;Timeout=2"]);
        Assert.Equal(1, code);
        Assert.Contains($"127.0.0.1:{port} không dùng được", output, StringComparison.Ordinal);
        Assert.Contains("Không kết nối được PostgreSQL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_sessions_lie_encrypted_where_a_certificate_is_named_and_open_again_with_it()
    {
        var pem = Path.Combine(_folder, "khoa.pem");
        using (var made = Process.Start("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", pem, "-out", pem + ".crt", "-subj", "/CN=khoa", "-days", "30"])) await made.WaitForExitAsync();
        await File.AppendAllTextAsync(pem, await File.ReadAllTextAsync(pem + ".crt"));
        await using var app = await RunningApp.StartAsync("serve", ["--local"], environment: new() { ["LIENTHONG_KEYS_CERT"] = pem });
        using (var visitor = new Visitor(app)) await visitor.OpenAsync("/dang-nhap");   // Its form carries a token, which needs a key.
        var keys = Directory.GetFiles(Path.Combine(app.DataFolder, "keys"), "key-*.xml");
        Assert.Contains("EncryptedData", await File.ReadAllTextAsync(Assert.Single(keys)), StringComparison.Ordinal);
        Assert.Equal(0, await app.TerminateAsync());
        await app.StartAgainAsync();
        using var again = new Visitor(app);
        await again.OpenAsync("/dang-nhap");
        Assert.Equal(keys, Directory.GetFiles(Path.Combine(app.DataFolder, "keys"), "key-*.xml"));
        Assert.DoesNotContain("XmlKeyManager", app.Said, StringComparison.Ordinal);
    }

    /// <summary>A database of PostgreSQL for one test.</summary>
    private sealed class OwnDatabase : IAsyncDisposable
    {
        private static string Server => StorageOptions.PostgresConnectionString(Environment.GetEnvironmentVariable("LIENTHONG_TEST_DB")!);

        private readonly string _name = "lv_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

        public string Connection => new NpgsqlConnectionStringBuilder(Server) { Database = _name, Pooling = false }.ConnectionString;

        public static async Task<OwnDatabase> MakeAsync()
        {
            var database = new OwnDatabase();
            await AskAsync($"CREATE DATABASE {database._name}", Server);
            return database;
        }

        public Task<object?> AskAsync(string sql) => AskAsync(sql, Connection);

        public async ValueTask DisposeAsync() => await AskAsync($"DROP DATABASE {_name} WITH (FORCE)", Server);

        private static async Task<object?> AskAsync(string sql, string to)
        {
            await using var connection = new NpgsqlConnection(to);
            await connection.OpenAsync();
#pragma warning disable CA2100 // Written here, with a name of letters and digits.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync();
        }
    }
}
