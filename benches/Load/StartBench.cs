using System.Diagnostics;
using System.Globalization;

namespace LienThong.Load;

/// <summary>From the command to the first healthy answer. The peer is what the runtime alone needs for the same program: `lienthong version`.</summary>
internal static class StartBench
{
    public static async Task<(string, List<Figure>, List<string>)> RunAsync(bool quick)
    {
        var rounds = quick ? 3 : 9;
        var (starts, versions, memories) = (new List<double>(), new List<double>(), new List<double>());
        var folder = Places.NewFolder();
        try
        {
            // The first start makes the schema; the figure is that of every start after it.
            await OnceAsync(folder);
            for (var i = 0; i < rounds; i++)
            {
                var (seconds, memory) = await OnceAsync(folder);
                starts.Add(seconds);
                memories.Add(memory);
                versions.Add((await Watched.RunAsync("dotnet", Places.App, "version")).Seconds);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return ($"{rounds} starts of `lienthong serve` on SQLite, medians",
        [
            new("ready", Median(starts), "s", Limit: 3, Peer: "`lienthong version`", PeerValue: Median(versions)),
            new("memory when ready", Median(memories), "MB", Limit: 300),
        ], []);
    }

    private static async Task<(double Seconds, double Mb)> OnceAsync(string folder)
    {
        var port = Places.FreePort();
        var began = Stopwatch.GetTimestamp();
        await using var app = Watched.Start("dotnet", [Places.App, "serve", "--local", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", folder]);
        await Places.ReadyAsync(new Uri($"http://localhost:{port}/health/ready"), app, TimeSpan.FromSeconds(60));
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, app.Memory.NowMb);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
