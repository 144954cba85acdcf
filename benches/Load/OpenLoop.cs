using System.Collections.Concurrent;
using System.Diagnostics;

namespace LienThong.Load;

/// <summary>
/// Requests at a fixed rate, whether or not the earlier ones were answered, as visitors come. A request's time counts from when it was due,
/// so a server that stalls cannot hide behind the requests it delayed.
/// </summary>
internal static class OpenLoop
{
    internal sealed record Times(double P50, double P95, double P99, double Slowest, int Answered, int Failed)
    {
        public static Times Of(IReadOnlyCollection<double> milliseconds, int failed)
        {
            var sorted = milliseconds.Order().ToArray();
            double At(double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
            return new Times(At(0.5), At(0.95), At(0.99), At(1), sorted.Length, failed);
        }
    }

    public static async Task<Dictionary<string, Times>> RunAsync(HttpClient http, IReadOnlyList<(string Name, string Path)> mix, int perSecond, TimeSpan length)
    {
        var times = mix.Select(m => m.Name).Distinct().ToDictionary(name => name, _ => new ConcurrentBag<double>());
        var failed = mix.Select(m => m.Name).Distinct().ToDictionary(name => name, _ => new ConcurrentBag<int>());
        var running = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        var total = (int)(perSecond * length.TotalSeconds);
        for (var i = 0; i < total; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            var wait = due - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            var (name, path) = mix[i % mix.Count];
            running.Add(OneAsync(name, path, due));
        }

        await Task.WhenAll(running);
        return times.ToDictionary(t => t.Key, t => Times.Of(t.Value, failed[t.Key].Count));

        async Task OneAsync(string name, string path, TimeSpan due)
        {
            // The harness may itself be late to send; that lateness is not the server's and is left out, a queue inside the server is not.
            var sent = Stopwatch.GetElapsedTime(began);
            var counted = sent - due > TimeSpan.FromMilliseconds(20) ? sent : due;
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseContentRead);
                if (answer.IsSuccessStatusCode) times[name].Add((Stopwatch.GetElapsedTime(began) - counted).TotalMilliseconds);
                else failed[name].Add((int)answer.StatusCode);
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                failed[name].Add(0);
            }
        }
    }
}
