using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Runs a tool on a file nobody trusts: no shell, a fixed environment, bounded memory and time, killed with everything it started when the
/// reading is cancelled or its output is no longer wanted.
/// </summary>
internal static class ChildProcess
{
    private const int ErrorCharacters = 4_000;

    private static readonly string[] LimiterPaths = ["/usr/bin/prlimit", "/bin/prlimit"];

    private static readonly string? Limiter = LimiterPaths.FirstOrDefault(File.Exists);

    /// <param name="read">Reads standard output to its end, or stops early; the process is ended then.</param>
    /// <returns>The exit code and the first words of standard error.</returns>
    public static async Task<(int Exit, string Error)> RunAsync(
        string tool, string package, IEnumerable<string> arguments, ReaderLimits limits, TimeSpan time, Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellationToken, string? workingFolder = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(time);
        using var process = new Process { StartInfo = Start(tool, arguments, limits, time, workingFolder) };
        try
        {
            if (!Exists(tool) || !process.Start()) throw new RefusedFileException(ReaderRefusals.ToolMissing(package));
        }
        catch (Win32Exception)
        {
            throw new RefusedFileException(ReaderRefusals.ToolMissing(package));
        }

        try
        {
            process.StandardInput.Close();
            var errors = DrainAsync(process.StandardError, timeout.Token);
            await read(process.StandardOutput.BaseStream, timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedFileException(ReaderRefusals.TookTooLong((int)time.TotalSeconds));
        }
        finally
        {
            End(process);
        }
    }

    private static bool Exists(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static ProcessStartInfo Start(string tool, IEnumerable<string> arguments, ReaderLimits limits, TimeSpan time, string? workingFolder)
    {
        var start = new ProcessStartInfo(Limiter ?? tool)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        if (Limiter is not null)
        {
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--as={limits.ChildMemoryBytes}"));
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--cpu={(long)Math.Ceiling(time.TotalSeconds) + 1}"));
            start.ArgumentList.Add("--core=0");
            start.ArgumentList.Add(tool);
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var path = Environment.GetEnvironmentVariable("PATH");
        var data = Environment.GetEnvironmentVariable("TESSDATA_PREFIX");
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        if (data is not null) start.Environment["TESSDATA_PREFIX"] = data;
        return start;
    }

    private static async Task<string> DrainAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        var (kept, buffer) = (new System.Text.StringBuilder(), new char[1024]);
        int read;
        while ((read = await errors.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length < ErrorCharacters) kept.Append(buffer, 0, Math.Min(read, ErrorCharacters - kept.Length));
        }

        return kept.ToString();
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It never started, or it ended between the question and the answer.
        }
        catch (Win32Exception)
        {
            // It is ending already.
        }
    }
}
