using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace LienThong.Journeys;

/// <summary>
/// The product as people run it: its own process, from its own build output, on a free port of this machine, with a data folder of its own.
/// May be killed and started again on the same data. With <c>LIENTHONG_TEST_DB</c> a test can ask for a PostgreSQL database of its own.
/// </summary>
public sealed class RunningApp : IAsyncDisposable
{
    private readonly string _verb;
    private readonly IReadOnlyList<string> _arguments;
    private readonly Dictionary<string, string?> _environment;
    private readonly List<string> _output = [];
    private Process? _process;
    private string? _database;

    private readonly bool _ownsFolder;

    private readonly bool _onlyIPv6;

    private RunningApp(string verb, IReadOnlyList<string> arguments, Dictionary<string, string?> environment, string? folder, bool onlyIPv6)
    {
        (_verb, _arguments, _environment, _ownsFolder, _onlyIPv6, Port) = (verb, arguments, environment, folder is null, onlyIPv6, FreePort());
        DataFolder = folder ?? Directory.CreateTempSubdirectory("lienthong-journey-").FullName;
    }

    public string DataFolder { get; }

    public int Port { get; }

    public Uri Address => new($"http://localhost:{Port}/");

    /// <summary>The database in the form <c>--db</c> takes, or null on SQLite.</summary>
    public string? Database { get; private set; }

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Not running.");

    /// <summary>Everything the program printed, for a failing test to show.</summary>
    public string Said
    {
        get { lock (_output) return string.Join('\n', _output); }
    }

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The folder of inputs that stands beside the project.</summary>
    public static string Shared => Path.Combine(Path.GetDirectoryName(Root)!, "shared");

    public static bool HasPostgres => PostgresServer is not null;

    private static string? PostgresServer => Environment.GetEnvironmentVariable("LIENTHONG_TEST_DB") is { Length: > 0 } server ? server : null;

    /// <summary>Where screenshots and other proofs of a run go.</summary>
    public static string ProofFolder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("LIENTHONG_TEST_OUTPUT") is { Length: > 0 } set ? set : Path.Combine(Root, "test-output");
            Directory.CreateDirectory(folder);
            return folder;
        }
    }

    /// <summary><c>lienthong VERB --data FOLDER --port N …</c>, waiting until it says that it is ready.</summary>
    /// <param name="onlyIPv6">In a network of its own whose one address is ::1; only who enters that network can reach it.</param>
    public static async Task<RunningApp> StartAsync(
        string verb, IReadOnlyList<string>? more = null, string? dataFolder = null, bool postgres = false, Dictionary<string, string?>? environment = null, bool onlyIPv6 = false)
    {
        var app = new RunningApp(verb, more ?? [], environment ?? [], dataFolder, onlyIPv6);
        if (postgres)
        {
            var server = new NpgsqlConnectionStringBuilder(Platform.Storage.StorageOptions.PostgresConnectionString(PostgresServer ?? throw new InvalidOperationException("LIENTHONG_TEST_DB names no server.")));
            app._database = "lj_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
            await ExecuteAsync(server.ConnectionString, $"CREATE DATABASE {app._database}");
            app.Database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = app._database }.ConnectionString;
        }

        try
        {
            await app.StartAgainAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb that ends by itself (<c>user add …</c>) on a data folder, and expects it to succeed.</summary>
    public static async Task<string> RunAsync(string dataFolder, params string[] arguments)
    {
        var (code, output, error) = await RunToEndAsync([.. arguments, "--data", dataFolder]);
        Assert.True(code == 0, $"lienthong {string.Join(' ', arguments)} ended with {code}:\n{output}\n{error}");
        return output + error;
    }

    /// <summary>Runs one verb to its end and gives back its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunToEndAsync(string[] arguments, Dictionary<string, string?>? environment = null)
    {
        using var process = Process.Start(Describe(arguments, environment ?? [])) ?? throw new InvalidOperationException("Not started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a verb and leaves it to the test: to read what it says, to stop it or to kill it.</summary>
    public static Process Launch(string[] arguments) => Process.Start(Describe(arguments, [])) ?? throw new InvalidOperationException("Not started.");

    public async Task StartAgainAsync()
    {
        List<string> arguments = [_verb, "--port", Port.ToString(CultureInfo.InvariantCulture), "--data", DataFolder, .. _arguments];
        if (Database is { } database) arguments.AddRange(["--db", database]);
        // Several run at a time; each has a gateway of its own on a port of its own.
        if (_verb is "serve" && !arguments.Contains("--gateway") && !arguments.Contains("--no-gateway")) arguments.AddRange(["--gateway", _onlyIPv6 ? "[::1]:0" : "127.0.0.1:0"]);
        var start = Describe([.. arguments], _environment);
        if (_onlyIPv6) Confine(start);
        _process = Process.Start(start) ?? throw new InvalidOperationException("Not started.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < TimeSpan.FromMinutes(3))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The product ended with {_process.ExitCode} before it was ready:\n{Said}");
            if (_onlyIPv6)
            {
                // Nobody outside that network can ask; the program's own word has to do.
                if (Said.Contains("Now listening on", StringComparison.Ordinal)) return;
                await Task.Delay(100);
                continue;
            }

            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
                if (answer.StatusCode is HttpStatusCode.OK) return;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException) { /* Not yet. */ }

            await Task.Delay(100);
        }

        throw new TimeoutException("The product was not ready in three minutes:\n" + Said);
    }

    private const string WithoutIPv4 = "ip link set lo up && ip -4 address flush dev lo && exec \"$@\"";

    /// <summary>Whether this machine lets us make a network without IPv4 (Linux, as root, with iproute2).</summary>
    public static bool CanConfine { get; } = TryConfine();

    private static bool TryConfine()
    {
        try
        {
            using var attempt = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", WithoutIPv4, "sh", "true"]) { RedirectStandardError = true });
            attempt!.WaitForExit();
            return attempt.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception) { return false; /* No such command here. */ }
    }

    /// <summary>Each of these programs becomes the next one, so the process is the product's own and its signals reach it.</summary>
    private static void Confine(ProcessStartInfo start)
    {
        var (program, arguments) = (start.FileName, start.ArgumentList.ToList());
        start.FileName = "unshare";
        start.ArgumentList.Clear();
        foreach (var word in (string[])["-n", "sh", "-c", WithoutIPv4, "sh", program, .. arguments]) start.ArgumentList.Add(word);
    }

    /// <summary>kill -9: no handler runs, nothing is flushed by us.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code it ends with.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await _process!.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Stops as an operator stops it, and by force only when that does not help.</summary>
    private async Task StopAsync()
    {
        try { await TerminateAsync(); }
        catch (OperationCanceledException) { await KillAsync(); }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await StopAsync();
        _process?.Dispose();
        if (_database is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync(Platform.Storage.StorageOptions.PostgresConnectionString(PostgresServer!), $"DROP DATABASE IF EXISTS {_database} WITH (FORCE)");
        }

        if (_ownsFolder && Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
    }

    public static int FreePort()
    {
        // Free on both families: the product listens on 127.0.0.1 and ::1.
        while (true)
        {
            var four = new TcpListener(IPAddress.Loopback, 0);
            four.Start();
            var port = ((IPEndPoint)four.LocalEndpoint).Port;
            try
            {
                var six = new TcpListener(IPAddress.IPv6Loopback, port);
                six.Start();
                six.Stop();
                return port;
            }
            catch (SocketException) { /* Taken on IPv6: another one. */ }
            finally { four.Stop(); }
        }
    }

    private static ProcessStartInfo Describe(string[] arguments, Dictionary<string, string?> environment)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Root, "src", "Cli", "bin", configuration, "net10.0", "lienthong.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        foreach (var name in new[] { "LIENTHONG_DATA", "LIENTHONG_DB" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is ours, made of letters and digits.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "LienThong.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("LienThong.slnx"));
}
