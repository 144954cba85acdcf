using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Platform.Demo;
using LienThong.Platform.Storage;
using Npgsql;

namespace LienThong.Load;

/// <summary>
/// Board, register and search under an open load of fifty requests a second, signed in as the standing body, over simulated tasks of the whole
/// province. The peer is nginx serving the very same bytes from disk at the same rate: what the wire and the harness cost on this machine.
/// </summary>
internal static partial class WebBench
{
    private const int PerSecond = 50;

    private static readonly (string Name, string Path)[] Mix =
    [
        ("board", "/bang-dieu-hanh"), ("register", "/nhiem-vu"), ("register", "/nhiem-vu?trang=2"), ("search", "/nhiem-vu?q=" + Uri.EscapeDataString("du lieu dat dai")),
    ];

    /// <summary>What else people of the standing body open, so that the memory is that of a program in use.</summary>
    private static readonly (string Name, string Path)[] Walk =
    [
        ("page", "/"), ("page", "/viec-cua-toi"), ("page", "/ke-hoach"), ("page", "/nhiem-vu?sort=Due"), ("page", "/nhiem-vu?is=Overdue"), ("page", "/nhiem-vu?status=DoingLate"), ("page", "/nhiem-vu/nhap"),
    ];

    public static async Task<(string, List<Figure>, List<string>)> RunAsync(bool quick)
    {
        var (tasks, units, length) = quick ? (5_000, 100, TimeSpan.FromSeconds(5)) : (100_000, 300, TimeSpan.FromSeconds(60));
        var (figures, notes) = (new List<Figure>(), new List<string>());
        foreach (var engine in Places.Postgres is null ? new[] { Engine.Sqlite } : [Engine.Sqlite, Engine.Postgres])
        {
            var folder = Places.NewFolder();
            try
            {
                var storage = new StorageOptions(folder, engine is Engine.Postgres ? await NewDatabaseAsync() : null);
                var began = Stopwatch.GetTimestamp();
                await new DemoSeed(storage, TimeProvider.System, _ => { }).FillForLoadAsync(tasks, 10, units, CancellationToken.None);
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                notes.Add($"{engine}: filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
                await DriveAsync(engine, storage, length, figures, notes);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return ($"{tasks:N0} tasks, {units} units, {tasks * 10:N0} events; {PerSecond} requests/s for {length.TotalSeconds:0} s per engine", figures, notes);
    }

    private static async Task DriveAsync(Engine engine, StorageOptions storage, TimeSpan length, List<Figure> figures, List<string> notes)
    {
        var port = Places.FreePort();
        List<string> arguments = [Places.App, "demo", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", storage.DataFolder];
        if (storage.Database is { } database) arguments.AddRange(["--db", database]);
        await using var app = Watched.Start("dotnet", arguments);
        var address = new Uri($"http://localhost:{port}/");
        await Places.ReadyAsync(new Uri(address, "health/ready"), app, TimeSpan.FromSeconds(120));
        using var reader = await Person.SignInAsync(address, Person.StandingBody);

        // Caches fill as they would in the first minute of a morning; that minute is not the figure, but it is told.
        foreach (var (name, path) in Mix.Concat(Walk))
        {
            var asked = Stopwatch.GetTimestamp();
            using var first = await reader.Http.GetAsync(new Uri(path, UriKind.Relative));
            if (!first.IsSuccessStatusCode) throw new InvalidOperationException($"{name} {path} answers {(int)first.StatusCode}.");
            if (name == "board") notes.Add($"{engine}: the very first board took {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms");
        }

        await OpenLoop.RunAsync(reader.Http, Mix, PerSecond, length < TimeSpan.FromSeconds(20) ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10));
        var calm = await OpenLoop.RunAsync(reader.Http, Mix, PerSecond, length);
        var peer = await PeerAsync(reader.Http, length / 3);
        foreach (var (name, times) in calm)
        {
            figures.Add(new($"{engine} {name} p50", Math.Round(times.P50, 1), "ms"));
            figures.Add(new($"{engine} {name} p95", Math.Round(times.P95, 1), "ms", Limit: 200, Peer: "nginx, same bytes", PeerValue: peer?.GetValueOrDefault(name)?.P95));
            figures.Add(new($"{engine} {name} p99", Math.Round(times.P99, 1), "ms"));
            figures.Add(new($"{engine} {name} failed", times.Failed, "", Limit: 0));
        }

        await WhileReportsComeInAsync(engine, reader, address, length, calm, figures, notes);
        var memory = app.Memory;
        figures.Add(new($"{engine} memory now", Math.Round(memory.NowMb), "MB", Limit: 300));
        notes.Add($"{engine}: memory at most {memory.PeakMb:0} MB");
        if (engine is Engine.Sqlite)
        {
            figures.Add(new("first view, staff board", await WeightAsync(reader.Http, "/bang-dieu-hanh"), "KB", Limit: 400));
            figures.Add(new("first view, staff register", await WeightAsync(reader.Http, "/nhiem-vu"), "KB", Limit: 400));
            figures.Add(new("first view, public page", await WeightAsync(reader.Http, "/"), "KB", Limit: 150));
        }
    }

    /// <summary>The same load while an officer opens a form and sends a report every second: each makes two commits and a new stamp for every board.</summary>
    private static async Task WhileReportsComeInAsync(Engine engine, Person reader, Uri address, TimeSpan length, Dictionary<string, OpenLoop.Times> calm, List<Figure> figures, List<string> notes)
    {
        using var officer = await Person.SignInAsync(address, Person.DepartmentFocal);
        using var over = new CancellationTokenSource();
        var reports = new List<double>();
        var writing = Task.Run(async () =>
        {
            for (var number = 1; !over.IsCancellationRequested; number++)
            {
                var began = Stopwatch.GetTimestamp();
                if (await officer.ReportAsync(number)) reports.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                var rest = TimeSpan.FromSeconds(1) - Stopwatch.GetElapsedTime(began);
                if (rest > TimeSpan.Zero) await Task.Delay(rest);
            }
        });
        var busy = await OpenLoop.RunAsync(reader.Http, Mix, PerSecond, length);
        await over.CancelAsync();
        await writing;
        if (reports.Count == 0) throw new InvalidOperationException("No report was taken while the load ran.");
        foreach (var (name, times) in busy)
        {
            figures.Add(new($"{engine} {name} p95, reports coming in", Math.Round(times.P95, 1), "ms", Limit: 200, Peer: "the same without reports", PeerValue: calm[name].P95));
            figures.Add(new($"{engine} {name} slowest, reports coming in", Math.Round(times.Slowest, 1), "ms"));
            figures.Add(new($"{engine} {name} failed, reports coming in", times.Failed, "", Limit: 0));
        }

        figures.Add(new($"{engine} report p95 (form, draft, submit)", Math.Round(OpenLoop.Times.Of(reports, 0).P95, 1), "ms"));
        notes.Add($"{engine}: {reports.Count} reports were taken meanwhile");
    }

    /// <summary>The same bytes from disk by nginx, or nothing where nginx is not installed.</summary>
    private static async Task<Dictionary<string, OpenLoop.Times>?> PeerAsync(HttpClient http, TimeSpan length)
    {
        if (!File.Exists("/usr/sbin/nginx") && !File.Exists("/usr/bin/nginx")) return null;
        var folder = Places.NewFolder();
        try
        {
            foreach (var (name, path) in Mix.DistinctBy(m => m.Name))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), await http.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
            }

            var port = Places.FreePort();
            var configuration = Path.Combine(folder, "nginx.conf");
            await File.WriteAllTextAsync(configuration, $$"""
                daemon off; pid {{folder}}/pid; error_log stderr; worker_processes 1;
                events { worker_connections 512; }
                http { access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
                  server { listen 127.0.0.1:{{port}}; root {{folder}}; } }
                """);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            await using var nginx = Watched.Start("nginx", ["-c", configuration, "-e", "stderr"]);
            using var direct = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
            await Places.ReadyAsync(new Uri(direct.BaseAddress, Mix[0].Name), nginx, TimeSpan.FromSeconds(10));
            return await OpenLoop.RunAsync(direct, [.. Mix.Select(m => (m.Name, "/" + m.Name))], PerSecond, length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Compressed bytes of the page and of everything it names; all fonts of its style sheet count, though a browser takes only some.</summary>
    private static async Task<double> WeightAsync(HttpClient http, string page)
    {
        using var plain = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.All }) { BaseAddress = http.BaseAddress };
        var bytes = (await http.GetByteArrayAsync(new Uri(page, UriKind.Relative))).Length;
        using var unpacked = new System.IO.Compression.GZipStream(await http.GetStreamAsync(new Uri(page, UriKind.Relative)), System.IO.Compression.CompressionMode.Decompress);
        string html;
        try
        {
            using var reader = new StreamReader(unpacked);
            html = await reader.ReadToEndAsync();
        }
        catch (InvalidDataException)
        {
            html = await http.GetStringAsync(new Uri(page, UriKind.Relative));   // The server chose not to compress it.
        }

        foreach (var named in Named().Matches(html).Select(m => m.Groups[1].Value).Distinct())
        {
            bytes += (await http.GetByteArrayAsync(new Uri(named, UriKind.Relative))).Length;
            if (!named.EndsWith(".css", StringComparison.Ordinal)) continue;
            foreach (var font in Font().Matches(await plain.GetStringAsync(new Uri(named, UriKind.Relative))).Select(m => m.Groups[1].Value).Distinct())
            {
                bytes += (await http.GetByteArrayAsync(new Uri("/" + font.TrimStart('/'), UriKind.Relative))).Length;
            }
        }

        return Math.Round(bytes / 1024.0, 1);
    }

    private static async Task<string> NewDatabaseAsync()
    {
        var name = "bench_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(Places.Postgres);
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
#pragma warning disable CA2100 // A name made of letters by this program.
        create.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Places.Postgres) { Database = name }.ConnectionString;
    }

    [GeneratedRegex(@"(?:<link rel=""stylesheet"" href|<script[^>]* src)=""(/[^""]+)""", RegexOptions.None, 5000)]
    private static partial Regex Named();

    [GeneratedRegex(@"url\([""']?([^)""']+\.woff2)[""']?\)", RegexOptions.None, 5000)]
    private static partial Regex Font();
}
