using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Routes;

namespace LienThong.Load;

/// <summary>
/// A governed call (identity, agreement, budget, evidence on disk before the answer, metering: all on, there is no switch) beside nginx's plain proxy_pass and HAProxy, in one
/// run on one machine: nginx answers 1 KB of JSON as the provider, wrk calls over 32 and 256 connections. The added p99 is at half of the governed rate, from requests sent
/// when they are due.
/// </summary>
internal static class ExchangeBench
{
    private const string Consumer = "VN-QNG/GOV/H48/mot-cua";
    private const string Path = "/dan-cu/tra-cuu/nguoi/1";
    private const string Limited = "/dan-cu/han-muc/nguoi/1";
    private const int LimitedPerSecond = 200;

    public static async Task<(string, List<Figure>, List<string>)> RunAsync(bool quick)
    {
        var seconds = quick ? 3 : 15;
        var rounds = quick ? 1 : 3;
        foreach (var tool in new[] { "wrk", "nginx", "haproxy" })
        {
            if (!Tools.Has(tool)) throw new InvalidOperationException($"{tool} is missing: apt-get install {tool}");
        }

        var folder = Places.NewFolder();
        var (origin, nginx, haproxy, governed, bare, sink) = (Places.FreePort(), Places.FreePort(), Places.FreePort(), Places.FreePort(), Places.FreePort(), Places.FreePort());
        using var client = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var (snapshot, key) = WriteRoutes(folder, client, $"http://127.0.0.1:{origin}", $"http://127.0.0.1:{sink}");
            var provider = WriteNginx(folder, "origin", $$"""server { listen 127.0.0.1:{{origin}} backlog=4096 reuseport; location / { default_type application/json; return 200 '{{Body()}}'; } }""");
            var proxy = WriteNginx(folder, "proxy", $$"""
                upstream origin { server 127.0.0.1:{{origin}}; keepalive 512; }
                server { listen 127.0.0.1:{{nginx}} backlog=4096 reuseport; location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; } }
                """);
            var balancer = WriteHaproxy(folder, haproxy, origin);
            await using var originProcess = Watched.Start("nginx", ["-p", folder, "-c", provider, "-g", "daemon off;"]);
            await using var proxyProcess = Watched.Start("nginx", ["-p", folder, "-c", proxy, "-g", "daemon off;"]);
            await using var balancerProcess = Watched.Start("haproxy", ["-f", balancer]);
            await using var sinkProcess = Watched.Start("dotnet", [typeof(ExchangeBench).Assembly.Location, "sink", sink.ToString(CultureInfo.InvariantCulture)]);
            await using var gateway = Watched.Start("dotnet", [Places.App, "gateway", "--plain-http", "--listen", $"127.0.0.1:{governed}", "--snapshot", snapshot, "--snapshot-key", key, "--log", System.IO.Path.Combine(folder, "log"), "--issuer", "https://gateway.example"]);
            await using var forwarder = Watched.Start("dotnet", [typeof(ExchangeBench).Assembly.Location, "forward-only", bare.ToString(CultureInfo.InvariantCulture), $"http://127.0.0.1:{origin}"]);
            await Places.ReadyAsync(new Uri($"http://127.0.0.1:{governed}/health/ready"), gateway, TimeSpan.FromSeconds(30));
            await Places.ReadyAsync(new Uri($"http://127.0.0.1:{bare}/"), forwarder, TimeSpan.FromSeconds(30));
            await Places.ReadyAsync(new Uri($"http://127.0.0.1:{nginx}/"), proxyProcess, TimeSpan.FromSeconds(10));
            await Places.ReadyAsync(new Uri($"http://127.0.0.1:{haproxy}/"), balancerProcess, TimeSpan.FromSeconds(10));
            var idle = gateway.Memory.NowMb;
            var largeBytes = (quick ? 256L : 2_048L) * 1024 * 1024;
            await LargeAsync(governed, largeBytes, await TokenAsync(governed, client));
            var whileLarge = gateway.Memory.PeakMb;

            async Task<WrkResult> Governed(int connections) => await WrkAsync(governed, connections, seconds, await TokenAsync(governed, client));
            await Governed(64);                                     // The runtime compiles what is hot before anything counts.
            await WrkAsync(bare, 64, seconds, null);

            var figures = new List<Figure>();
            var ratios = new List<(double Governed, double Bare)>();
            double halfLoad = 0;
            foreach (var connections in new[] { 32, 256 })
            {
                var runs = new List<(WrkResult Governed, WrkResult Bare, WrkResult Nginx, WrkResult Haproxy)>();
                for (var i = 0; i < rounds; i++)
                {
                    runs.Add((await Governed(connections), await WrkAsync(bare, connections, seconds, null), await WrkAsync(nginx, connections, seconds, null), await WrkAsync(haproxy, connections, seconds, null)));
                }

                double Rate(Func<(WrkResult Governed, WrkResult Bare, WrkResult Nginx, WrkResult Haproxy), WrkResult> of) => Median(runs.Select(r => of(r).PerSecond));
                var peer = Rate(r => r.Nginx);
                ratios.Add((Rate(r => r.Governed) / peer, Rate(r => r.Bare) / peer));
                if (connections == 32) halfLoad = Rate(r => r.Governed) / 2;
                figures.Add(new($"governed, {connections} connections", Rate(r => r.Governed), "/s", Peer: "nginx proxy_pass", PeerValue: peer));
                figures.Add(new($"forward only, {connections} connections", Rate(r => r.Bare), "/s", Peer: "nginx proxy_pass", PeerValue: peer));
                figures.Add(new($"HAProxy, {connections} connections", Rate(r => r.Haproxy), "/s", Peer: "nginx proxy_pass", PeerValue: peer));
                figures.Add(new($"governed p99, {connections} connections", Median(runs.Select(r => r.Governed.P99Ms)), "ms", Peer: "nginx proxy_pass", PeerValue: Median(runs.Select(r => r.Nginx.P99Ms))));
                var wrong = runs.Sum(r => r.Governed.Wrong);
                figures.Add(new($"governed answers that were not 200, {connections} connections", wrong, "", Limit: 0));
            }

            var governedTimes = await AtRateAsync(governed, (int)halfLoad, quick ? 3 : 20, await TokenAsync(governed, client));
            var nginxTimes = await AtRateAsync(nginx, (int)halfLoad, quick ? 3 : 20, null);
            var memory = gateway.Memory;
            var (worstGoverned, worstBare) = (ratios.Min(r => r.Governed), ratios.Min(r => r.Bare));
            // "At least" is a limit from below; the table knows limits from above, so what is shown against a limit is what is missing.
            figures.Insert(0, new("governed_vs_nginx", Math.Round(worstGoverned, 3), "×"));
            figures.Insert(1, new("governed_vs_nginx missing to 0.45", Math.Round(Math.Max(0, 0.45 - worstGoverned), 3), "×", Limit: 0));
            figures.Insert(2, new("forward_only_vs_nginx", Math.Round(worstBare, 3), "×"));
            figures.Insert(3, new("p99_added_ms", Math.Round(Math.Max(0, governedTimes.P99 - nginxTimes.P99), 2), "ms", Limit: 10, Peer: "nginx p99 at the same rate", PeerValue: Math.Round(nginxTimes.P99, 2)));
            figures.Insert(4, new("rss_mb", Math.Round(idle, 1), "MB", Limit: 150));
            figures.Insert(5, new($"memory at most while {largeBytes / (1024 * 1024)} MB go each way", Math.Round(whileLarge, 1), "MB", Limit: 100));
            figures.Insert(6, new("memory at most under load", memory.PeakMb, "MB"));
            return ($"1 KB JSON, {rounds} × {seconds} s each, medians, worse of 32 and 256 connections; p99 at {(int)halfLoad} requests a second", figures,
            [
                $"governed at half load: p50 {governedTimes.P50:0.00} ms, p99 {governedTimes.P99:0.00} ms, {governedTimes.Answered} answered, {governedTimes.Failed} failed",
                $"nginx at that rate: p50 {nginxTimes.P50:0.00} ms, p99 {nginxTimes.P99:0.00} ms",
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Half of what the machine carries, for ten minutes: memory at the end against memory after the first of them, and no call failed. Then five times what an agreement
    /// allows: what is within it is answered, the rest is told to come back, and afterwards all is as before.
    /// </summary>
    public static async Task<(string, List<Figure>, List<string>)> SoakAsync(bool quick)
    {
        var (slices, seconds, perSecond) = quick ? (3, 10, 1_000) : (10, 60, 3_000);
        var folder = Places.NewFolder();
        var (origin, governed) = (Places.FreePort(), Places.FreePort());
        using var client = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var (snapshot, key) = WriteRoutes(folder, client, $"http://127.0.0.1:{origin}", $"http://127.0.0.1:{origin}");
            var provider = WriteNginx(folder, "origin", $$"""server { listen 127.0.0.1:{{origin}} backlog=4096 reuseport; location / { default_type application/json; return 200 '{{Body()}}'; } }""");
            await using var originProcess = Watched.Start("nginx", ["-p", folder, "-c", provider, "-g", "daemon off;"]);
            await using var gateway = Watched.Start("dotnet", [Places.App, "gateway", "--plain-http", "--listen", $"127.0.0.1:{governed}", "--snapshot", snapshot, "--snapshot-key", key, "--log", System.IO.Path.Combine(folder, "log"), "--issuer", "https://gateway.example"]);
            await Places.ReadyAsync(new Uri($"http://127.0.0.1:{governed}/health/ready"), gateway, TimeSpan.FromSeconds(30));
            var notes = new List<string>();
            var (memory, worst, failed) = (new List<double>(), 0.0, 0);
            for (var slice = 0; slice < slices; slice++)
            {
                using var http = Caller(governed, await TokenAsync(governed, client));
                var times = (await OpenLoop.RunAsync(http, [("call", Path)], perSecond, TimeSpan.FromSeconds(seconds)))["call"];
                memory.Add(gateway.Memory.NowMb);
                (worst, failed) = (Math.Max(worst, times.P99), failed + times.Failed);
                notes.Add($"{(slice + 1) * seconds} s: {memory[^1]:0} MB, p50 {times.P50:0.00} ms, p99 {times.P99:0.00} ms, {times.Answered} answered, {times.Failed} failed");
            }

            using var many = Caller(governed, await TokenAsync(governed, client));
            await OpenLoop.RunAsync(many, [("call", Limited)], LimitedPerSecond / 2, TimeSpan.FromSeconds(1));
            var over = (await OpenLoop.RunAsync(many, [("call", Limited)], LimitedPerSecond * 5, TimeSpan.FromSeconds(10)))["call"];
            var back = System.Diagnostics.Stopwatch.StartNew();
            for (var inRow = 0; inRow < 20 && back.Elapsed < TimeSpan.FromSeconds(30);)
            {
                using var answer = await many.GetAsync(new Uri(Limited, UriKind.Relative));
                inRow = answer.IsSuccessStatusCode ? inRow + 1 : 0;
                await Task.Delay(20);
            }

            var recovered = Math.Max(0, back.Elapsed.TotalSeconds - (20 * 0.02));
            return ($"{slices} × {seconds} s at {perSecond} governed calls a second, then {LimitedPerSecond * 5} a second where {LimitedPerSecond} are agreed",
            [
                new("soak_memory_growth", Math.Round(memory[^1] / memory[0], 3), "×", Limit: 1.15),
                new("memory at the end", Math.Round(memory[^1], 1), "MB"),
                new("worst p99 of a slice", Math.Round(worst, 2), "ms"),
                new("calls that failed", failed, "", Limit: 0),
                new("answered a second under five times the agreed rate", over.Answered / 10.0, "/s", Limit: LimitedPerSecond * 1.1),
                new("of these missing to nine tenths of it", Math.Max(0, (LimitedPerSecond * 0.9) - (over.Answered / 10.0)), "/s", Limit: 0),
                new("back to normal after it", Math.Round(recovered, 2), "s", Limit: 10),
            ], notes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static HttpClient Caller(int port, string? token)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }

    private static string Body()
    {
        var body = JsonSerializer.Serialize(new { hoTen = "NGUYEN VAN A", ngaySinh = "1990-01-01", diaChi = "Quang Ngai", ghiChu = "" });
        return body[..^2] + new string('x', 1_024 - body.Length) + "\"}";
    }

    private static (string Snapshot, string Key) WriteRoutes(string folder, ECDsa client, string upstream, string sink)
    {
        var now = TimeProvider.System.GetUtcNow();
        var q = client.ExportParameters(false).Q;
        var routes = new RouteSnapshot
        {
            Number = 1,
            Instance = "VN-QNG",
            MadeAt = now,
            ValidUntil = now.AddDays(1),
            Subsystems =
            [
                new() { Identifier = Consumer, Organisation = "H48.05", JwtKeys = [new() { Kid = "bench", X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) }] },
                new() { Identifier = "VN-QNG/GOV/H48/dan-cu", Organisation = "H48.01" },
            ],
            Services =
            [
                new() { Code = "dan-cu/tra-cuu", Version = "1.0.0", ServiceCode = "tra-cuu", Provider = "VN-QNG/GOV/H48/dan-cu", Upstreams = [upstream], ConcurrentMax = 4_096, Endpoints = [new("GET", "/nguoi/*")] },
                new() { Code = "dan-cu/han-muc", Version = "1.0.0", ServiceCode = "han-muc", Provider = "VN-QNG/GOV/H48/dan-cu", Upstreams = [upstream], Endpoints = [new("GET", "/nguoi/*")] },
                new() { Code = "dan-cu/lon", Version = "1.0.0", ServiceCode = "lon", Provider = "VN-QNG/GOV/H48/dan-cu", Upstreams = [sink], MaxRequestBytes = 1L << 32, MaxResponseBytes = 1L << 32, Endpoints = [new("*", "/**")] },
            ],
            Agreements =
            [
                new()
                {
                    Number = "05/TT-QNG", Consumer = Consumer, Service = "dan-cu/tra-cuu", MajorVersion = 1, ValidFrom = now.AddDays(-1), ValidUntil = now.AddDays(1),
                    RatePerSecond = 500_000, Burst = 500_000, QuotaPerDay = 1_000_000_000, Endpoints = [new("GET", "/nguoi/*")],
                },
                new() { Number = "07/TT-QNG", Consumer = Consumer, Service = "dan-cu/han-muc", MajorVersion = 1, ValidFrom = now.AddDays(-1), ValidUntil = now.AddDays(1), RatePerSecond = LimitedPerSecond, Burst = LimitedPerSecond / 10 },
                new() { Number = "06/TT-QNG", Consumer = Consumer, Service = "dan-cu/lon", MajorVersion = 1, ValidFrom = now.AddDays(-1), ValidUntil = now.AddDays(1) },
            ],
            // All three levels of the budget count, with room for any rate.
            Quotas = new() { Organisations = [new("H48.05", 500_000, 500_000, 1_000_000_000)], Subsystems = [new(Consumer, 500_000, 500_000, 1_000_000_000)] },
        };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (snapshot, publicKey) = (System.IO.Path.Combine(folder, "routes"), System.IO.Path.Combine(folder, "routes.pem"));
        File.WriteAllBytes(snapshot, SnapshotEnvelope.Seal(routes, key));
        File.WriteAllText(publicKey, key.ExportSubjectPublicKeyInfoPem());
        return (snapshot, publicKey);
    }

    private static string WriteNginx(string folder, string name, string server)
    {
        var path = System.IO.Path.Combine(folder, name + ".conf");
        File.WriteAllText(path, $$"""
            worker_processes 2;
            pid {{folder}}/{{name}}.pid;
            error_log {{folder}}/{{name}}.log;
            events { worker_connections 4096; }
            http { access_log off; keepalive_requests 10000000; keepalive_timeout 60s; client_body_temp_path {{folder}}/{{name}}-b; proxy_temp_path {{folder}}/{{name}}-p; fastcgi_temp_path {{folder}}/{{name}}-f; uwsgi_temp_path {{folder}}/{{name}}-u; scgi_temp_path {{folder}}/{{name}}-s; {{server}} }
            """);
        return path;
    }

    private static string WriteHaproxy(string folder, int port, int origin)
    {
        var path = System.IO.Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(path, $"""
            global
              nbthread 2
              maxconn 8192
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              http-reuse always
            frontend f
              bind 127.0.0.1:{port}
              default_backend b
            backend b
              server s 127.0.0.1:{origin}

            """);
        return path;
    }

    private static async Task<string> TokenAsync(int port, ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var header = Base64Url.EncodeToString("""{"alg":"ES256","kid":"bench"}"""u8);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = Consumer,
            ["sub"] = Consumer,
            ["aud"] = "https://gateway.example",
            ["exp"] = now.ToUnixTimeSeconds() + 60,
            ["jti"] = Guid.CreateVersion7(now).ToString(),
        }));
        var assertion = $"{header}.{payload}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{header}.{payload}"), HashAlgorithmName.SHA256))}";
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/oauth/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        }));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()! : throw new InvalidOperationException(text);
    }

    /// <summary>A body of that size up, and one down, each counted at its end.</summary>
    private static async Task LargeAsync(int port, long bytes, string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var up = await http.PostAsync(new Uri("/dan-cu/lon/x", UriKind.Relative), new StreamContent(new Zeros(bytes), 64 * 1024));
        var counted = await up.Content.ReadAsStringAsync();
        if (counted != bytes.ToString(CultureInfo.InvariantCulture)) throw new InvalidOperationException($"{(int)up.StatusCode}: sent {bytes}, arrived {counted}");
        using var down = await http.GetAsync(new Uri($"/dan-cu/lon/{bytes}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var (piece, arrived) = (new byte[64 * 1024], 0L);
        await using var stream = await down.Content.ReadAsStreamAsync();
        for (int count; (count = await stream.ReadAsync(piece)) > 0;) arrived += count;
        if (arrived != bytes) throw new InvalidOperationException($"{(int)down.StatusCode}: asked {bytes}, arrived {arrived}");
    }

    private sealed record WrkResult(double PerSecond, double P99Ms, long Wrong);

    private static async Task<WrkResult> WrkAsync(int port, int connections, int seconds, string? token)
    {
        List<string> arguments = ["-t", "1", "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", seconds + "s", "--latency"];
        if (token is not null) arguments.AddRange(["-H", "Authorization: Bearer " + token]);
        arguments.Add($"http://127.0.0.1:{port}{Path}");
        var (_, _, code, said) = await Watched.RunAsync("wrk", [.. arguments]);
        if (code != 0) throw new InvalidOperationException(said);
        string? Line(string with) => said.Split('\n').FirstOrDefault(l => l.Contains(with, StringComparison.Ordinal));
        var p99 = Line("99%")!.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var wrong = Line("Non-2xx") is { } bad ? long.Parse(bad.Split(':')[1].Trim(), CultureInfo.InvariantCulture) : 0;
        return new(double.Parse(Line("Requests/sec")!.Split(':')[1].Trim(), CultureInfo.InvariantCulture), Milliseconds(p99), wrong);
    }

    private static double Milliseconds(string text) =>
        text.EndsWith("us", StringComparison.Ordinal) ? double.Parse(text[..^2], CultureInfo.InvariantCulture) / 1_000
        : text.EndsWith("ms", StringComparison.Ordinal) ? double.Parse(text[..^2], CultureInfo.InvariantCulture)
        : double.Parse(text[..^1], CultureInfo.InvariantCulture) * 1_000;

    /// <summary>Half of what was reached, sent when due: the harness shares the machine, and its own lateness is the same for both.</summary>
    private static async Task<OpenLoop.Times> AtRateAsync(int port, int perSecond, int seconds, string? token)
    {
        using var http = Caller(port, token);
        await OpenLoop.RunAsync(http, [("call", Path)], perSecond, TimeSpan.FromSeconds(1));
        return (await OpenLoop.RunAsync(http, [("call", Path)], perSecond, TimeSpan.FromSeconds(seconds)))["call"];
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}

/// <summary>Programs a bench needs beside the product.</summary>
internal static class Tools
{
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));
}
