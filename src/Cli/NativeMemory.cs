using System.Runtime.InteropServices;

namespace LienThong.Cli;

/// <summary>
/// Gives back what native code has freed: the compiler of the runtime, SQLite and compression allocate in small pieces, and glibc keeps the holes
/// between them for the process until it is asked. After a minute of load twenty megabytes came back.
/// Another C library has nothing to ask, and the service then ends.
/// </summary>
internal sealed partial class NativeMemory(TimeProvider clock) : BackgroundService
{
    /// <summary>Often enough that a burst does not stay in the figures of the machine, seldom enough to cost nothing.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) _ = Trim(0);
        }
        catch (EntryPointNotFoundException) { /* musl has no such function and keeps less. */ }
        catch (DllNotFoundException) { /* A C library by another name. */ }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { /* The program ends. */ }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keep);
}
