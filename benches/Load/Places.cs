using System.Net;
using System.Net.Sockets;

namespace LienThong.Load;

/// <summary>What the script found or built.</summary>
internal static class Places
{
    /// <summary>The built program, as people run it.</summary>
    public static string App { get; } = Environment.GetEnvironmentVariable("LIENTHONG_APP") ?? throw new InvalidOperationException("Run it as ./bench: LIENTHONG_APP is not set.");

    /// <summary>Connection string of a PostgreSQL that may be filled and thrown away.</summary>
    public static string? Postgres { get; } = Environment.GetEnvironmentVariable("LIENTHONG_BENCH_DB");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// Beside the built program and not among temporary files: where thousands of files have just been deleted (by a build, say), making a file costs ext4 ten times what it
    /// costs elsewhere, and a log makes hundreds a second.
    /// </summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(App)!, "..", "..", "bench", Path.GetRandomFileName())).FullName;

    /// <summary>Waits until that address answers well.</summary>
    public static async Task ReadyAsync(Uri address, Watched process, TimeSpan patience)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var until = DateTime.MinValue.AddMilliseconds(Environment.TickCount64) + patience;
        while (DateTime.MinValue.AddMilliseconds(Environment.TickCount64) < until)
        {
            if (process.HasEnded) throw new InvalidOperationException("The program ended before it was ready:\n" + process.Said);
            try
            {
                using var answer = await http.GetAsync(address);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or too busy with starting to answer.
            }

            await Task.Delay(10);
        }

        throw new TimeoutException("Not ready in time:\n" + process.Said);
    }
}
