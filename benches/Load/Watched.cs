using System.Diagnostics;
using System.Globalization;

namespace LienThong.Load;

/// <summary>A process of ours, watched: how long it ran, how much memory it and its children held at most.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _said = [];

    private Watched(Process process) => _process = process;

    public static Watched Start(string program, IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        var watched = new Watched(process);
        process.OutputDataReceived += (_, line) => watched.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => watched.Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return watched;
    }

    /// <summary>Runs to the end; polls the memory of the whole family twenty times a second.</summary>
    public static async Task<(double Seconds, double PeakMb, int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        await using var watched = Start(program, arguments);
        long peak = 0;
        while (!watched._process.HasExited)
        {
            peak = Math.Max(peak, Family(watched._process.Id).Sum(Resident));
            await Task.WhenAny(watched._process.WaitForExitAsync(), Task.Delay(50));
        }

        await watched._process.WaitForExitAsync();
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, peak / 1024.0, watched._process.ExitCode, watched.Said);
    }

    public bool HasEnded => _process.HasExited;

    public string Said
    {
        get { lock (_said) return string.Join('\n', _said); }
    }

    /// <summary>Memory held now, and at most so far.</summary>
    public (double NowMb, double PeakMb) Memory => (Resident(_process.Id) / 1024.0, Status(_process.Id, "VmHWM:") / 1024.0);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            if (await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(25))) is not { IsCompleted: true } || !_process.HasExited) _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) if (_said.Count < 1_000_000) _said.Add(line);   // A long plan as JSON is a hundred thousand lines.
    }

    private static long Resident(int id) => Status(id, "VmRSS:");

    private static long Status(int id, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;   // It ended between two looks.
        }
    }

    private static List<int> Family(int root)
    {
        var family = new List<int> { root };
        for (var i = 0; i < family.Count; i++)
        {
            try
            {
                foreach (var task in Directory.EnumerateDirectories($"/proc/{family[i]}/task"))
                {
                    family.AddRange(File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture)));
                }
            }
            catch (IOException)
            {
                // It ended between two looks.
            }
        }

        return family;
    }
}
