using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Forward;

/// <summary>A token first, then the call (WSO2 style: NDXP, most LGSP; exchange.md 2.4). The secret lies in the gateway's vault and is named by the route, never carried in it.</summary>
internal sealed class TokenPort : ForeignPort
{
    private readonly ForeignToken _token;

    public TokenPort(AdapterEntry entry, UpstreamDirectory upstreams)
    {
        if (!Uri.TryCreate(entry.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0) throw new InvalidDataException($"'{entry.Address}' gives no tokens");
        if (entry.Secret is not { Length: > 0 and <= 60 } secret || !secret.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))) throw new InvalidDataException($"'{entry.Secret}' is no name of a secret");
        _token = upstreams.Tokens.Of(address, secret, upstreams);
    }

    public override bool CarriesSoap => true;

    public override async ValueTask<CallRefusal?> PrepareAsync(CallState call)
    {
        (call.PortHeaders, var refusal) = await _token.TakeAsync(call.Http.RequestAborted);
        return refusal;
    }

    public override void WriteTarget(PooledBytes head, ReadOnlySpan<char> basePath, ReadOnlySpan<char> rest, ReadOnlySpan<char> query)
    {
        head.Add(basePath.EndsWith('/') && rest.StartsWith('/') ? basePath[..^1] : basePath);
        head.Add(rest);
        if (basePath.Length + rest.Length == 0) head.Add("/"u8);
        head.Add(query);
    }

    public override void WriteHeaders(PooledBytes head, CallState call) => head.Add(call.PortHeaders);

    public override bool Drops(string name) => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("X-SystemId", StringComparison.OrdinalIgnoreCase) || name.Equals("X-SecretKey", StringComparison.OrdinalIgnoreCase);

    public override bool RefusedCredential(UpstreamConnection answer) => answer.Status == 401;

    public override void Forget(CallState call) => _token.Forget(call.PortHeaders);

    /// <summary>A provider behind such a gateway cannot be told from it by these three; that they are the gateway's is what its guides say.</summary>
    public override CallRefusal? Judge(UpstreamConnection answer, CallState call) => answer.Status switch
    {
        401 => new CallRefusal(CallFault.ForeignRefused, "the other gateway does not take our credentials (401)", "credentials"),
        403 => new CallRefusal(CallFault.ForeignDenied, "the other gateway gives us no right to this interface (403)", "subscription"),
        429 => new CallRefusal(CallFault.ForeignQuota, "the other gateway's limit is reached (429)", "quota", int.TryParse(HeaderOf(answer, "Retry-After"), out var seconds) ? Math.Clamp(seconds, 1, 3_600) : 60),
        _ => null,
    };
}

/// <summary>All tokens of other gateways that this one holds, by where they come from and with which secret; a new snapshot finds them again.</summary>
internal sealed class ForeignTokens(string vault, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<(Uri, string), ForeignToken> _tokens = new();
    private HttpClient? _http;

    public ForeignToken Of(Uri address, string secret, UpstreamDirectory upstreams)
    {
        _http ??= Client(upstreams);
        return _tokens.GetOrAdd((address, secret), key => new ForeignToken(key.Item1, Path.Combine(vault, key.Item2), _http, clock));
    }

    private static HttpClient Client(UpstreamDirectory upstreams)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = upstreams.ConnectMax, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) };
        if (upstreams.Roots is { } roots)
        {
            handler.SslOptions.CertificateChainPolicy = new()
            {
                TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = 64 * 1024 };
    }

    public void Dispose()
    {
        _http?.Dispose();
        foreach (var token in _tokens.Values) token.Dispose();
    }
}

/// <summary>
/// One token: taken by everybody, renewed by one, before it ends, at a moment of its own so that the nodes of a cluster do not all ask at once. While it is renewed
/// the others go on with the old one; a failure is remembered for a moment, so that a token endpoint that is down is not asked by every call.
/// </summary>
internal sealed class ForeignToken(Uri address, string secretFile, HttpClient http, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RememberFailure = TimeSpan.FromSeconds(2);

    /// <summary>A gateway that does not say lives by WSO2's default.</summary>
    private const int DefaultSeconds = 3_600;

    private readonly SemaphoreSlim _renewing = new(1);
    private volatile Held? _held;
    private CallRefusal? _failure;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;

    private sealed record Held(byte[] Headers, DateTimeOffset RenewAt, DateTimeOffset Until);

    /// <summary>The header lines that carry it; or why there is none.</summary>
    public async ValueTask<(byte[] Headers, CallRefusal? Refusal)> TakeAsync(CancellationToken cancellationToken)
    {
        var held = _held;
        var now = clock.GetUtcNow();
        if (held is not null && now < held.RenewAt) return (held.Headers, null);
        if (held is not null && now < held.Until)
        {
            if (!await _renewing.WaitAsync(0, cancellationToken)) return (held.Headers, null);
        }
        else
        {
            await _renewing.WaitAsync(cancellationToken);
        }

        try
        {
            now = clock.GetUtcNow();
            if (_held is { } fresh && now < fresh.RenewAt) return (fresh.Headers, null);
            if (_failure is { } known && now - _failedAt < RememberFailure) return _held is { } still && now < still.Until ? (still.Headers, null) : ([], known);
            var refusal = await RenewAsync(now, cancellationToken);
            (_failure, _failedAt) = (refusal, now);
            return _held is { } usable && now < usable.Until ? (usable.Headers, null) : ([], refusal);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>The other side did not take it, whatever it said of its life. One that was renewed meanwhile stays.</summary>
    public void Forget(byte[] headers)
    {
        if (_held is { } held && ReferenceEquals(held.Headers, headers)) Interlocked.CompareExchange(ref _held, null, held);
    }

    private async Task<CallRefusal?> RenewAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (VaultSecret.Read(secretFile, out var why) is not { } secret) return new CallRefusal(CallFault.ForeignRefused, why, "vault");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            foreach (var (name, value) in secret.Headers) request.Headers.TryAddWithoutValidation(name, value);
            if (secret.Key is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secret.Key}:{secret.Secret}")));
                request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
            }

            using var answer = await http.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest) return new CallRefusal(CallFault.ForeignRefused, $"the other gateway gives no token for our credentials ({(int)answer.StatusCode})", "credentials");
            if (!answer.IsSuccessStatusCode) return new CallRefusal(CallFault.ForeignRefused, $"the other gateway's token endpoint answers {(int)answer.StatusCode}", "token_endpoint");
            return Take(await answer.Content.ReadAsByteArrayAsync(cancellationToken), secret, now);
        }
        catch (HttpRequestException fault)
        {
            return new CallRefusal(fault.HttpRequestError is HttpRequestError.NameResolutionError ? CallFault.UnknownHost : CallFault.NetworkError, $"the other gateway's token endpoint cannot be reached ({fault.HttpRequestError})", "token_endpoint");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallRefusal(CallFault.ProviderTimeout, "the other gateway's token endpoint took too long", "token_endpoint");
        }
    }

    private CallRefusal? Take(byte[] body, VaultSecret secret, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var token = json.RootElement.TryGetProperty("access_token", out var named) || json.RootElement.TryGetProperty("token", out named) ? named.GetString() : null;
            if (string.IsNullOrEmpty(token) || token.Length > 16 * 1024 || token.Any(c => c is <= ' ' or > '~')) return Unreadable();
            var seconds = json.RootElement.TryGetProperty("expires_in", out var life) && life.TryGetInt32(out var said) && said > 0 ? said : DefaultSeconds;
            var lines = new ArrayBufferWriter<byte>(512);
            Encoding.Latin1.GetBytes($"Authorization:Bearer {token}\r\n", lines);
            foreach (var (name, value) in secret.Headers) Encoding.Latin1.GetBytes($"{name}:{value}\r\n", lines);
            var lifetime = TimeSpan.FromSeconds(seconds);
            _held = new Held(lines.WrittenSpan.ToArray(), now + (lifetime * (0.75 + (Random.Shared.NextDouble() * 0.15))), now + (lifetime * 0.98));
            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Unreadable();
        }
    }

    public void Dispose() => _renewing.Dispose();

    private static CallRefusal Unreadable() => new(CallFault.ForeignRefused, "the other gateway's token endpoint answers no token", "token_endpoint");
}

/// <summary>A file of the vault: <c>{"key":…,"secret":…}</c> for HTTP Basic, <c>{"headers":{…}}</c> for headers of every call, or both. For the owner of the gateway alone.</summary>
internal sealed record VaultSecret(string? Key, string? Secret, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private const int BytesMax = 16 * 1024;

    public static VaultSecret? Read(string file, out string why)
    {
        var name = Path.GetFileName(file);
        why = "";
        try
        {
            if (!File.Exists(file))
            {
                why = $"the vault of this gateway has no secret '{name}'";
                return null;
            }

            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                why = $"the secret '{name}' can be read by others on this machine, so it is not used (chmod 600)";
                return null;
            }

            if (new FileInfo(file).Length > BytesMax) throw new JsonException();
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            string? Text(string member) => json.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
            var headers = new List<KeyValuePair<string, string>>();
            if (json.RootElement.TryGetProperty("headers", out var all))
            {
                foreach (var header in all.EnumerateObject())
                {
                    var value = header.Value.GetString() ?? "";
                    if (header.Name.Length == 0 || header.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') || value.Any(c => c is < ' ' or > '~')) throw new JsonException();
                    headers.Add(new(header.Name, value));
                }
            }

            return new VaultSecret(Text("key"), Text("secret"), headers);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            why = $"the secret '{name}' of the vault cannot be read";
            return null;
        }
    }
}
