using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Simulation;

/// <summary>
/// What a provider does so that nobody passes the gateway by: it takes a request only with a <c>Gateway-Assertion</c> signed by the gateway for this provider, or on
/// a connection with the gateway's certificate. A system that merely knows the address gets 403. Real providers do the same; docs/providers.md says how.
/// </summary>
public sealed class GatewayGuard : IDisposable
{
    /// <summary>Between two looks at the gateway's keys when an unknown one is shown.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);
    private const int KeySetBytesMax = 64 * 1024;

    private readonly string _own;
    private readonly Func<Uri?> _gateway;
    private readonly IReadOnlySet<string> _thumbprints;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _asking = new(1);
    private Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);
    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    /// <param name="own">This provider's identifier: the audience of what is shown to it.</param>
    /// <param name="gateway">Where the gateway publishes its keys; null while it is not known.</param>
    /// <param name="thumbprints">SHA-256 of the public keys of certificates that count as the gateway's.</param>
    public GatewayGuard(string own, Func<Uri?> gateway, IEnumerable<string> thumbprints, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        (_own, _gateway, _thumbprints, _clock) = (own, gateway, thumbprints.ToHashSet(StringComparer.OrdinalIgnoreCase), clock);
        _http = handler is null ? new HttpClient() : new HttpClient(handler);
        (_http.Timeout, _http.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(5), KeySetBytesMax);
    }

    /// <summary>Null lets it in; otherwise why not, in words for whoever tries.</summary>
    public async ValueTask<string?> RefuseAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Connection.ClientCertificate is { } shown && _thumbprints.Contains(KeyThumbprint.Of(shown))) return null;
        var header = http.Request.Headers["Gateway-Assertion"];
        if (header.Count != 1 || Jwt.Read(header[0]) is not { } token) return "Hệ thống này chỉ nhận yêu cầu qua cổng trao đổi dữ liệu (thiếu Gateway-Assertion).";
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        if (token.Type != AccessTokens.ProofType || token.Kid is null || !token.Audience.Contains(_own)) return "Gateway-Assertion không dành cho hệ thống này.";
        if (token.Expires is not { } expires || now >= expires + (long)AccessTokens.Skew.TotalSeconds) return "Gateway-Assertion đã hết hạn.";
        return await KeyAsync(token.Kid, http.RequestAborted) is { } key && token.IsSignedBy(key) ? null : "Gateway-Assertion không do cổng trao đổi ký.";
    }

    private async ValueTask<ECDsa?> KeyAsync(string kid, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _keys).TryGetValue(kid, out var known)) return known;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_keys.TryGetValue(kid, out known)) return known;
            if (_gateway() is not { } gateway || _clock.GetUtcNow() - _asked < AskEvery) return null;
            _asked = _clock.GetUtcNow();
            using var set = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri(gateway, "/oauth/jwks"), cancellationToken));
            var keys = new Dictionary<string, ECDsa>(StringComparer.Ordinal);
            foreach (var key in set.RootElement.GetProperty("keys").EnumerateArray())
            {
                var entry = new JwtKeyEntry { Kid = key.GetProperty("kid").GetString()!, X = key.GetProperty("x").GetString()!, Y = key.GetProperty("y").GetString()! };
                if (Jwt.KeyOf(entry) is { } point) keys[entry.Kid] = point;
            }

            Volatile.Write(ref _keys, keys);
            return keys.GetValueOrDefault(kid);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _asking.Dispose();
        foreach (var key in _keys.Values) key.Dispose();
    }
}
