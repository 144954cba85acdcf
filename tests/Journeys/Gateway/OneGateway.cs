using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>A gateway as a process of its own that joined a control plane.</summary>
internal sealed class OneGateway : IAsyncDisposable
{
    public const string Issuer = "https://gateway.example";
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-node-").FullName;
    private readonly List<string> _said = [];
    private string[] _arguments = [];
    private Process? _process;

    private OneGateway() => Port = RunningApp.FreePort();

    public int Port { get; }

    public string Address => $"{(_arguments.Contains("--tls-cert") ? "https" : "http")}://localhost:{Port}";

    public string LogFolder => Path.Combine(_folder, "log");

    public string Said
    {
        get { lock (_said) return string.Join('\n', _said); }
    }

    public static Task<OneGateway> JoinAsync(RunningApp control, string name, params string[] more) => JoinAsync(control, name, _ => more);

    /// <param name="more">What it is told besides; may look at where it will stand.</param>
    public static async Task<OneGateway> JoinAsync(RunningApp control, string name, Func<OneGateway, string[]> more)
    {
        string[] database = control.Database is { } connection ? ["--db", connection] : [];
        var (code, output, error) = await RunningApp.RunToEndAsync(["node", "invite", name, "--data", control.DataFolder, .. database]);
        Assert.True(code == 0, output + error);
        var gateway = new OneGateway();
        var told = more(gateway);
        gateway._arguments = ["--control", control.Address.ToString(), "--join", output.Trim().Split('\n')[^1], .. told, .. told.Contains("--tls-cert") ? (string[])[] : ["--plain-http"]];
        await gateway.StartAsync();
        return gateway;
    }

    public async Task StartAsync()
    {
        _process = RunningApp.Launch(["gateway", "--listen", $"127.0.0.1:{Port}", "--log", LogFolder, "--issuer", Issuer, .. _arguments]);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var handler = new SocketsHttpHandler();
        if (Array.IndexOf(_arguments, "--tls-cert") is var at and >= 0)
        {
            // The root lies beside the certificate.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Path.GetDirectoryName(_arguments[at + 1])!, "ca.pem")));
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        using var http = new HttpClient(handler) { BaseAddress = new Uri(Address) };
        var begun = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(_process.HasExited, "The gateway ended by itself:\n" + Said);
            Assert.True(begun.Elapsed < TimeSpan.FromSeconds(60), "The gateway did not become ready:\n" + Said);
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) { /* Not yet. */ }

            await Task.Delay(30);
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task StopAsync()
    {
        using (var term = Process.Start("kill", ["-TERM", $"{_process!.Id}"])) await term.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>HAProxy of this machine before two gateways: it asks whether they are ready, and tries an idempotent call at the other one when the first is gone.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private Process? _process;

    public int Port { get; } = RunningApp.FreePort();

    public static async Task<Balancer> StartAsync(params int[] gateways)
    {
        var balancer = new Balancer();
        var servers = string.Join('\n', gateways.Select((port, i) => $"    server g{i + 1} 127.0.0.1:{port} check inter 500ms fall 2 rise 1"));
        await File.WriteAllTextAsync(balancer._file, $"""
            global
                maxconn 2000
            defaults
                mode http
                timeout connect 1s
                timeout client 30s
                timeout server 30s
                retries 3
                option redispatch 1
                retry-on conn-failure empty-response response-timeout 503
            frontend exchange
                bind 127.0.0.1:{balancer.Port}
                # Only what may be said twice is said twice.
                http-request disable-l7-retry unless METH_GET
                default_backend gateways
            backend gateways
                balance roundrobin
                option httpchk GET /health/ready
            {servers}

            """);
        balancer._process = Process.Start(new ProcessStartInfo(File.Exists("/usr/sbin/haproxy") ? "/usr/sbin/haproxy" : "haproxy", ["-f", balancer._file, "-db"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        balancer._process.BeginErrorReadLine();
        balancer._process.BeginOutputReadLine();
        using var http = new HttpClient();
        await SeveralGatewaysJourneys.UntilAsync(async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{balancer.Port}/health/live"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException) { return false; }
        }, TimeSpan.FromSeconds(20), "the balancer answers");
        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        File.Delete(_file);
    }
}

/// <summary>An access token, asked for as agencies ask.</summary>
internal static class GatewayToken
{
    public static async Task<string> AskAsync(HttpClient http, string gateway, string issuer, string subject, ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var header = Base64Url.EncodeToString("""{"alg":"ES256","kid":"k"}"""u8);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = subject,
            ["sub"] = subject,
            ["aud"] = issuer,
            ["exp"] = now.ToUnixTimeSeconds() + 60,
            ["jti"] = Guid.CreateVersion7(now).ToString(),
        }));
        var assertion = $"{header}.{payload}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{header}.{payload}"), HashAlgorithmName.SHA256))}";
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });
        using var answer = await http.PostAsync(new Uri(gateway + "/oauth/token"), form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("access_token").GetString()!;
    }
}
