using System.Diagnostics;
using System.Globalization;
using System.Net;
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

    public static async Task<(string, List<Figure>, List<string>)> RunAsync(bool quick)
    {
        var (tasks, units, length) = quick ? (5_000, 100, TimeSpan.FromSeconds(6)) : (100_000, 300, TimeSpan.FromSeconds(60));
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
        using var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        using var http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        await SignInAsync(http);

        // Caches fill as they would in the first minute of a morning; that minute is not the figure.
        foreach (var (name, path) in Mix)
        {
            using var first = await http.GetAsync(new Uri(path, UriKind.Relative));
            if (!first.IsSuccessStatusCode) throw new InvalidOperationException($"{name} {path} answers {(int)first.StatusCode}.");
        }

        await OpenLoop.RunAsync(http, Mix, PerSecond, TimeSpan.FromSeconds(3));
        var ours = await OpenLoop.RunAsync(http, Mix, PerSecond, length);
        var memory = app.Memory;
        var peer = await PeerAsync(http, length / 3);
        foreach (var (name, times) in ours)
        {
            figures.Add(new($"{engine} {name} p50", Math.Round(times.P50, 1), "ms"));
            figures.Add(new($"{engine} {name} p95", Math.Round(times.P95, 1), "ms", Limit: 200, Peer: "nginx, same bytes", PeerValue: peer?.GetValueOrDefault(name)?.P95));
            figures.Add(new($"{engine} {name} p99", Math.Round(times.P99, 1), "ms"));
            figures.Add(new($"{engine} {name} failed", times.Failed, "", Limit: 0));
        }

        figures.Add(new($"{engine} memory now", Math.Round(memory.NowMb), "MB", Limit: 300));
        notes.Add($"{engine}: memory at most {memory.PeakMb:0} MB");
        if (engine is Engine.Sqlite)
        {
            figures.Add(new("first view, staff board", await WeightAsync(http, "/bang-dieu-hanh"), "KB", Limit: 400));
            figures.Add(new("first view, public page", await WeightAsync(http, "/"), "KB", Limit: 150));
        }
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
        using var plain = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = http.BaseAddress };
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

    private static async Task SignInAsync(HttpClient http)
    {
        using var plain = new HttpRequestMessage(HttpMethod.Get, new Uri("/dang-nhap", UriKind.Relative));
        plain.Headers.AcceptEncoding.Clear();
        plain.Headers.AcceptEncoding.ParseAdd("identity");
        using var page = await http.SendAsync(plain);
        var html = await page.Content.ReadAsStringAsync();
        var form = html[html.IndexOf("/dang-nhap/mo-phong", StringComparison.Ordinal)..];
        var token = Token().Match(form).Groups[1].Value;
        var person = Person().Matches(form)[1].Groups[1].Value;   // The second of the list is the standing body, which sees the whole province.
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["ve"] = "/nhiem-vu", ["nguoi"] = person });
        using var answer = await http.PostAsync(new Uri("/dang-nhap/mo-phong", UriKind.Relative), fields);
        if (answer.Headers.Location?.ToString().Contains("loi=", StringComparison.Ordinal) is not false) throw new InvalidOperationException($"Could not sign in: {(int)answer.StatusCode} {answer.Headers.Location}");
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

    [GeneratedRegex(@"__RequestVerificationToken"" value=""([^""]+)""", RegexOptions.None, 5000)]
    private static partial Regex Token();

    [GeneratedRegex(@"name=""nguoi"" value=""([^""]+)""", RegexOptions.None, 5000)]
    private static partial Regex Person();
}
