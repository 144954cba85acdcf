using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace LienThong.Journeys;

/// <summary>
/// The real program as a process of its own, on a free port, with a data folder of its own: what a person gets, nothing replaced. Start one
/// per class; it stops with SIGTERM, as an operator stops it, and its folder goes with it.
/// </summary>
public sealed class RunningApp : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private readonly StringBuilder _said = new();
    private readonly bool _ownsFolder;
    private Process? _process;

    private RunningApp(string dataFolder, bool ownsFolder, int port)
    {
        (DataFolder, _ownsFolder, Port) = (dataFolder, ownsFolder, port);
        Address = new Uri($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}");
    }

    public Uri Address { get; }

    public int Port { get; }

    public string DataFolder { get; }

    /// <summary>Everything the program printed, for a failing test to show.</summary>
    public string Said { get { lock (_said) return _said.ToString(); } }

    /// <summary><c>lienthong VERB --data FOLDER --port N …</c>, waiting until it says that it is ready.</summary>
    public static async Task<RunningApp> StartAsync(string verb, IReadOnlyList<string>? more = null, string? dataFolder = null)
    {
        var app = new RunningApp(dataFolder ?? Directory.CreateTempSubdirectory("lienthong-journey-").FullName, dataFolder is null, FreePort());
        app._process = app.Launch([verb, "--data", app.DataFolder, "--port", app.Port.ToString(CultureInfo.InvariantCulture), .. more ?? []]);
        try
        {
            await app.UntilReadyAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb that ends by itself (<c>user add …</c>) on a data folder.</summary>
    public static async Task<string> RunAsync(string dataFolder, params string[] arguments)
    {
        var app = new RunningApp(dataFolder, ownsFolder: false, port: 0);
        using var process = app.Launch([.. arguments, "--data", dataFolder]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"lienthong {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{app.Said}");
        return app.Said;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                using (Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) { }
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(25));
                try { await process.WaitForExitAsync(patience.Token); }
                catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
            }

            process.Dispose();
        }

        if (_ownsFolder && Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
    }

    private Process Launch(string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Program(), .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(Program())!,
            },
        };
        process.StartInfo.Environment.Remove("LIENTHONG_DATA");
        process.OutputDataReceived += (_, e) => { lock (_said) _said.AppendLine(e.Data); };
        process.ErrorDataReceived += (_, e) => { lock (_said) _said.AppendLine(e.Data); };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < ReadyWithin)
        {
            Assert.False(_process!.HasExited, "The program ended before it was ready:\n" + Said);
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
                if (answer.StatusCode is HttpStatusCode.OK) return;
            }
            catch (HttpRequestException) { /* Not listening yet. */ }

            await Task.Delay(150, TestContext.Current.CancellationToken);
        }

        Assert.Fail("Not ready in time:\n" + Said);
    }

    /// <summary>The program as it was built beside these tests, in its own folder, where its static files are.</summary>
    private static string Program()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "LienThong.slnx"))) root = root.Parent;
        Assert.NotNull(root);
        var program = Path.Combine(root.FullName, "src", "Cli", "bin", here.Parent!.Name, here.Name, "lienthong.dll");
        Assert.True(File.Exists(program), program + " is not built.");
        return program;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
