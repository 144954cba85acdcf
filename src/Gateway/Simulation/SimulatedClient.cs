using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;

namespace LienThong.Gateway.Simulation;

/// <summary>A system that calls others as any agency's does: with its own key it asks for a token, with the token it calls through the gateway.</summary>
public sealed class SimulatedClient : IDisposable
{
    private readonly string _identifier;
    private readonly ECDsa _key;
    private readonly string _kid;
    private readonly string _issuer;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private string? _token;
    private DateTimeOffset _until;

    /// <param name="key">Stays the caller's.</param>
    /// <param name="gateway">Where the gateway listens.</param>
    /// <param name="issuer">The name under which it issues tokens.</param>
    public SimulatedClient(string identifier, ECDsa key, Uri gateway, string issuer, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(key);
        (_identifier, _key, _issuer, _clock, _kid) = (identifier, key, issuer, clock, KidOf(key));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 8, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60) };
        _http = new HttpClient(handler) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(40), MaxResponseContentBufferSize = 4 * 1024 * 1024 };
    }

    public string Identifier => _identifier;

    /// <summary>RFC 7638, as the register computes it for a key without a name.</summary>
    public static string KidOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var q = key.ExportParameters(false).Q;
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(q.X)}}","y":"{{Base64Url.EncodeToString(q.Y)}}"}""")));
    }

    /// <summary>The public half as a JWK, as it is registered.</summary>
    public static string JwkOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var q = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(q.X)}}","y":"{{Base64Url.EncodeToString(q.Y)}}","kid":"{{KidOf(key)}}"}""";
    }

    /// <summary>One call with a token that is good; the answer is read whole.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached, or gives no token.</exception>
    public async Task<HttpStatusCode> CallAsync(HttpMethod method, string path, object? body, bool isRoad, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        if (isRoad) request.Headers.Add("X-Road-Client", _identifier);
        if (body is not null) request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Unauthorized) _token = null;
        return answer.StatusCode;
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_token is { } known && now < _until) return known;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(now),
        });
        using var answer = await _http.PostAsync(new Uri("/oauth/token", UriKind.Relative), form, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        _token = json.RootElement.GetProperty("access_token").GetString()!;
        _until = now + (AccessTokens.Lifetime / 2);
        return _token;
    }

    private string Assertion(DateTimeOffset now)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("iss", _identifier);
            json.WriteString("sub", _identifier);
            json.WriteString("aud", _issuer);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", now.ToUnixTimeSeconds() + 60);
            json.WriteString("jti", Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return Jwt.Sign(_key, Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{_kid}}"}"""), payload.WrittenSpan);
    }

    public void Dispose() => _http.Dispose();
}
