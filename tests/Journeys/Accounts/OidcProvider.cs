using System.Diagnostics;
using System.Globalization;
using LienThong.Journeys;

namespace LienThong.Journeys.Accounts;

/// <summary>The npm package <c>oidc-provider</c> as a process of its own, issuing the claims of VNConnect. Installed on first use from the lock file.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1, 1);
    private readonly Process _process;
    private bool _isOver;

    private OidcProvider(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Issuer => $"http://localhost:{Port}";

    private static string Folder => Path.Combine(RunningApp.Root, "tests", "Journeys", "oidc");

    public static async Task<OidcProvider> StartAsync(int productPort, string person, string? clientKey = null)
    {
        await InstallAsync();
        var port = RunningApp.FreePort();
        List<string> arguments = ["provider.mjs", port.ToString(CultureInfo.InvariantCulture), $"http://localhost:{productPort}/dang-nhap/oidc/ve"];
        if (clientKey is not null) arguments.Add(clientKey);
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PERSON"] = person;
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var ready = new TaskCompletionSource();
        var said = new List<string>();
        process.OutputDataReceived += (_, line) => { if (line.Data?.StartsWith("ready", StringComparison.Ordinal) is true) ready.TrySetResult(); };
        process.ErrorDataReceived += (_, line) => { lock (said) said.Add(line.Data ?? ""); };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The provider ended:\n" + string.Join('\n', said)));
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new OidcProvider(process, port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver) return;
        _isOver = true;
        if (!_process.HasExited)
        {
            _process.EnableRaisingEvents = false;
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (File.Exists(Path.Combine(Folder, "node_modules", "oidc-provider", "package.json"))) return;
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--silent"]) { WorkingDirectory = Folder }) ?? throw new InvalidOperationException("npm did not start.");
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci ended with {npm.ExitCode}.");
        }
        finally
        {
            Installing.Release();
        }
    }
}
