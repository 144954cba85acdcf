using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// The access tokens of this gateway: issued for a client's own signed assertion (RFC 7523, <c>private_key_jwt</c>), never for a shared secret; signed with ES256,
/// valid for five minutes, checked once and then remembered in a table of fixed size. Several gateways that share the key accept each other's tokens.
/// </summary>
internal sealed class AccessTokens
{
    /// <summary>How long a right that was taken away can still be used by somebody who holds a token; the agreement itself is checked at every call.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Clocks of agencies are not ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>More than the systems of a province; a place that is taken twice costs one signature check and nothing else.</summary>
    private const int RememberedMax = 4_096;

    private readonly ECDsa _key;
    private readonly string _kid;
    private readonly byte[] _header;
    private readonly TimeProvider _clock;
    private readonly Remembered?[] _remembered = new Remembered?[RememberedMax];

    public AccessTokens(ECDsa key, string issuer, TimeProvider clock)
    {
        (_key, Issuer, _clock) = (key, issuer, clock);
        var q = key.ExportParameters(false).Q;
        var (x, y) = (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
        // RFC 7638: the thumbprint over the required members in this order.
        _kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        _header = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_kid}}"}""");
        KeySet = Encoding.ASCII.GetBytes($$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"{{_kid}}","x":"{{x}}","y":"{{y}}"}]}""");
    }

    public string Issuer { get; }

    /// <summary>RFC 7517.</summary>
    public byte[] KeySet { get; }

    public string Issue(string subject)
    {
        var now = _clock.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("iss", Issuer);
            json.WriteString("sub", subject);
            json.WriteString("client_id", subject);
            json.WriteString("aud", Issuer);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return Jwt.Sign(_key, _header, payload.WrittenSpan);
    }

    /// <summary>The subject of a token of ours that is still good; null otherwise.</summary>
    public string? SubjectOf(string authorization)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var place = string.GetHashCode(authorization) & (RememberedMax - 1);   // Seeded per process: nobody can aim at a place.
        var known = Volatile.Read(ref _remembered[place]);
        if (known is not null && (ReferenceEquals(known.Authorization, authorization) || known.Authorization == authorization)) return now < known.Expires ? known.Subject : null;
        if (Jwt.Read(authorization.AsSpan(Scheme.Length).Trim()) is not { } token) return null;
        if (token.Kid != _kid || token.Type != "at+jwt" || token.Issuer != Issuer || !token.Audience.Contains(Issuer) || token.Subject is null) return null;
        if (token.Expires is not { } expires || now >= expires || expires > now + (long)(Lifetime + Skew).TotalSeconds || token.NotBefore > now) return null;
        if (!token.IsSignedBy(_key)) return null;
        Volatile.Write(ref _remembered[place], new Remembered(authorization, token.Subject, expires));
        return token.Subject;
    }

    public const string Scheme = "Bearer ";

    private sealed record Remembered(string Authorization, string Subject, long Expires);
}
