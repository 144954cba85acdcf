using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// The real gateway as a process, a provider that counts what it was made to do, and callers that write down what they were told. What was told is
/// compared with the log afterwards: that is the promise the gateway makes.
/// </summary>
internal sealed class LoadedGateway : IAsyncDisposable
{
    private const string Consumer = "VN-QNG/GOV/H48/mot-cua";
    private const string Issuer = "https://gateway.example";
    private readonly ECDsa _client = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, int> _effects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Call, bool Replayed)> _acknowledged = new(StringComparer.Ordinal);
    private readonly HttpClient _http;
    private readonly WebApplication _provider;
    private readonly string _folder;
    private Process? _process;
    private string? _token;
    private long _mark;

    private LoadedGateway(string folder, WebApplication provider, string? logFolder)
    {
        (_folder, _provider, Port, LogFolder) = (folder, provider, RunningApp.FreePort(), logFolder ?? Path.Combine(folder, "log"));
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(20) };
    }

    public int Port { get; }

    /// <summary>The log's own folder; inside the gateway's namespace when it has one.</summary>
    public string LogFolder { get; }

    public int ProcessId => _process!.Id;

    /// <summary>Calls that stand in the log, known after <see cref="CheckAsync"/>.</summary>
    public long Calls { get; private set; }

    /// <summary>Calls that got an answer of success.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Answers of 503 by the gateway, by their code.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    /// <param name="logFolder">Where its log stands; a folder of its own when null.</param>
    public static async Task<LoadedGateway> PrepareAsync(string? logFolder = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = builder.Build();
        var gateway = new LoadedGateway(Directory.CreateTempSubdirectory("lienthong-gateway-").FullName, provider, logFolder);
        provider.Run(async http =>
        {
            if (http.Request.Headers.TryGetValue("X-Mark", out var mark)) gateway._effects.AddOrUpdate(mark.ToString(), 1, (_, n) => n + 1);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"ketQua":"đã ghi"}""");
        });
        await provider.StartAsync();
        gateway.WriteRoutes(provider.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return gateway;
    }

    /// <summary>Starts the program, wrapped in another one if asked, and waits until it is ready.</summary>
    public async Task StartAsync(params string[] wrapper)
    {
        string[] command =
        [
            .. wrapper, "dotnet", Path.Combine(AppContext.BaseDirectory, "lienthong.dll"), "gateway", "--plain-http", "--listen", $"127.0.0.1:{Port}", "--snapshot", Path.Combine(_folder, "routes"),
            "--snapshot-key", Path.Combine(_folder, "routes.pem"), "--log", LogFolder, "--issuer", Issuer,
        ];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var begun = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(_process.HasExited, "The gateway ended by itself.");
            Assert.True(begun.Elapsed < TimeSpan.FromSeconds(60), "The gateway did not become ready.");
            try
            {
                using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode) break;
            }
            catch (HttpRequestException) { }

            await Task.Delay(30);
        }

        _token ??= await TokenAsync();
    }

    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async Task StopAsync()
    {
        using (var term = Process.Start("kill", ["-TERM", $"{_process!.Id}"])) await term.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Callers that call until told to stop. Each call has a key of its own and is tried again with it until there is an answer that settles it.</summary>
    public Task LoadAsync(int callers, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
    {
        while (!stop.IsCancellationRequested)
        {
            var mark = "m" + Interlocked.Increment(ref _mark).ToString(CultureInfo.InvariantCulture);
            for (var tries = 0; tries < 60 && !await CallAsync(mark, caller % 2 == 0) && !stop.IsCancellationRequested; tries++) await Task.Delay(20);
        }
    }));

    /// <summary>One call.</summary>
    /// <returns>True when it is settled: done, or refused for good.</returns>
    public async Task<bool> CallAsync(string mark, bool writes)
    {
        using var request = new HttpRequestMessage(writes ? HttpMethod.Post : HttpMethod.Get, writes ? "/dan-cu/tra-cuu/nguoi" : "/dan-cu/tra-cuu/nguoi/1");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        if (writes)
        {
            request.Headers.Add("Idempotency-Key", $"\"{mark}\"");
            request.Headers.Add("X-Mark", mark);
            request.Content = new StringContent("""{"hoTen":"Người mô phỏng"}""", Encoding.UTF8, "application/json");
        }

        try
        {
            using var answer = await _http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
            {
                Assert.Equal("""{"ketQua":"đã ghi"}""", body);
                _acknowledged[mark] = (answer.Headers.GetValues("x-road-request-id").Single(), answer.Headers.Contains("Idempotent-Replayed"));
                return true;
            }

            Refused.AddOrUpdate($"{(int)answer.StatusCode} {answer.Headers.RetryAfter is not null}", 1, (_, n) => n + 1);
            return answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity;   // Begun before a kill: only the provider knows, and the gateway says so.
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException) { return false; }
    }

    /// <summary>The promise: the log is whole, every call that was answered stands in it with its success, and no key had two effects.</summary>
    public async Task<CheckedLog> CheckAsync(string? folder = null)
    {
        var source = new TileFolder(Path.Combine(folder ?? LogFolder, "public"));
        Assert.True(NoteKey.TryParse(await File.ReadAllTextAsync(Path.Combine(folder ?? LogFolder, "public", PublicFiles.Key)), out var key));
        var found = await LogCheck.RunAsync(source, [key], null, null, default);
        var closed = new Dictionary<string, int>(StringComparer.Ordinal);
        var calls = 0L;
        var reader = new TileReader(source, found.Checkpoint.Size);
        for (long bundle = 0; bundle * Tile.Full < found.Checkpoint.Size; bundle++)
        {
            foreach (var entry in await reader.EntriesAsync(bundle, default))
            {
                using var json = JsonDocument.Parse(entry);
                if (json.RootElement.GetProperty("kind").GetString() is "open" or "call" or "refused") calls++;
                if (json.RootElement.GetProperty("kind").GetString() is "close" or "call" && json.RootElement.GetProperty("outcome").GetString() == "success")
                {
                    var id = json.RootElement.GetProperty("call").GetString()!;
                    closed[id] = closed.GetValueOrDefault(id) + 1;
                }
            }
        }

        Calls = calls;
        Assert.Empty(_acknowledged.Where(a => !closed.ContainsKey(a.Value.Call)).Select(a => a.Key));
        Assert.Empty(closed.Where(c => c.Value > 1).Select(c => c.Key));
        Assert.Empty(_effects.Where(e => e.Value > 1).Select(e => $"{e.Key} × {e.Value}"));
        return found;
    }

    private void WriteRoutes(string upstream)
    {
        var now = TimeProvider.System.GetUtcNow();
        var q = _client.ExportParameters(false).Q;
        var routes = new RouteSnapshot
        {
            Number = 1,
            Instance = "VN-QNG",
            MadeAt = now,
            ValidUntil = now.AddDays(1),
            Subsystems =
            [
                new() { Identifier = Consumer, Organisation = "H48.05", JwtKeys = [new() { Kid = "k", X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) }] },
                new() { Identifier = "VN-QNG/GOV/H48/dan-cu", Organisation = "H48.01" },
            ],
            Services = [new() { Code = "dan-cu/tra-cuu", Version = "1.0.0", ServiceCode = "tra-cuu", Provider = "VN-QNG/GOV/H48/dan-cu", Upstreams = [upstream], Endpoints = [new("GET", "/nguoi/*"), new("POST", "/nguoi")] }],
            Agreements =
            [
                new()
                {
                    Number = "05/TT-QNG", Consumer = Consumer, Service = "dan-cu/tra-cuu", MajorVersion = 1, ValidFrom = now.AddDays(-1), ValidUntil = now.AddDays(1),
                    RatePerSecond = 100_000, Burst = 100_000, QuotaPerDay = 1_000_000_000,
                },
            ],
        };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllBytes(Path.Combine(_folder, "routes"), SnapshotEnvelope.Seal(routes, key));
        File.WriteAllText(Path.Combine(_folder, "routes.pem"), key.ExportSubjectPublicKeyInfoPem());
    }

    private Task<string> TokenAsync() => GatewayToken.AskAsync(_http, $"http://127.0.0.1:{Port}", Issuer, Consumer, _client);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        _http.Dispose();
        _client.Dispose();
        await _provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
