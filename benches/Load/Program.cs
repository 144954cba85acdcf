using System.Diagnostics;
using LienThong.Load;

// ./bench NAME [--quick] [--json]; ./bench lists them. The script builds the program and starts a PostgreSQL, and says where they are.
if (args is ["forward-only", var at, var origin]) return await ForwardOnly.RunAsync(int.Parse(at, System.Globalization.CultureInfo.InvariantCulture), origin);
if (args is ["sink", var port]) return await Sink.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));

var benches = new Dictionary<string, (string What, Func<bool, Task<(string Scale, List<Figure> Figures, List<string> Notes)>> Run)>
{
    ["start"] = ("time from the command to the first answer, and the memory then", StartBench.RunAsync),
    ["import"] = ("reading a 180-row DOCX and a 200-page PDF: time and memory", ImportBench.RunAsync),
    ["web"] = ("board, register and search at 50 requests a second over 100,000 tasks, on both engines", WebBench.RunAsync),
    ["exchange"] = ("governed calls a second and added p99, beside nginx proxy_pass and HAProxy", ExchangeBench.RunAsync),
    ["soak"] = ("ten minutes of governed calls: memory, failures; then five times the agreed rate", ExchangeBench.SoakAsync),
};

var name = args.FirstOrDefault(a => !a.StartsWith('-'));
if (name is null)
{
    foreach (var (bench, (what, _)) in benches) Console.WriteLine($"{bench,-8} {what}");
    return 0;
}

if (!benches.TryGetValue(name, out var chosen))
{
    Console.Error.WriteLine($"No benchmark {name}; there are: {string.Join(", ", benches.Keys)}.");
    return 2;
}

var quick = args.Contains("--quick");
var began = Stopwatch.GetTimestamp();
var (scale, figures, notes) = await chosen.Run(quick);
var report = new Report(name, quick, scale, Machine.This(), Environment.GetEnvironmentVariable("LIENTHONG_COMMIT") ?? "unknown", Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1), figures, notes);
Console.WriteLine(args.Contains("--json") ? report.AsJson() : report.AsText());

// A quick run is a look, not a verdict.
return quick || figures.All(f => f.IsMet is not false) ? 0 : 1;
