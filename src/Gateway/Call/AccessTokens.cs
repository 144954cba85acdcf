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
/// valid for five minutes, checked once and then remembered in a table of fixed size. Each gateway has a key of its
/// own and accepts the tokens of those whose keys stand in the routes. A token dies with the key it was asked for with.
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
    private readonly JwtKeyEntry _own;
    private readonly byte[] _header;
    private readonly byte[] _proofHeader;
    private readonly TimeProvider _clock;
    private readonly Remembered?[] _remembered = new Remembered?[RememberedMax];

    public AccessTokens(ECDsa key, string issuer, TimeProvider clock)
    {
        (_key, Issuer, _clock) = (key, issuer, clock);
        var q = key.ExportParameters(false).Q;
        _own = new JwtKeyEntry { Kid = "", X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) };
        _own = _own with { Kid = _kid = Jwt.Thumbprint(_own) };
        _header = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_kid}}"}""");
        _proofHeader = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","typ":"{{ProofType}}","kid":"{{_kid}}"}""");
    }

    public string Issuer { get; }

    /// <summary>Which key of <see cref="KeySet"/> is this gateway's own.</summary>
    public string Kid => _kid;

    /// <summary>RFC 7517: its own key, and those of the other gateways.</summary>
    public byte[] KeySet(RouteIndex? index) => Encoding.ASCII.GetBytes("{\"keys\":[" + string.Join(',', (index?.Snapshot.Gateways ?? []).Select(g => g with { Kid = Jwt.Thumbprint(g) }).Where(g => g.Kid != _kid).Prepend(_own)
        .Select(k => $$"""{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"{{k.Kid}}","x":"{{k.X}}","y":"{{k.Y}}"}""")) + "]}");

    /// <param name="clientKey">Thumbprint of the key that signed the assertion.</param>
    public string Issue(string subject, string clientKey) => Sign(_header, subject, Issuer, clientKey);

    /// <summary>Not an access token, and never taken for one: it says to one provider that this gateway is calling.</summary>
    public string Prove(string provider) => Sign(_proofHeader, Issuer, provider, null);

    private string Sign(byte[] header, string subject, string audience, string? clientKey)
    {
        var now = _clock.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("iss", Issuer);
            json.WriteString("sub", subject);
            json.WriteString("client_id", subject);
            if (clientKey is not null) json.WriteString("client_key", clientKey);
            json.WriteString("aud", audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return Jwt.Sign(_key, header, payload.WrittenSpan);
    }

    /// <summary>The subsystem of a token of ours, or of another gateway's, that is still good; null otherwise.</summary>
    public Subsystem? SubjectOf(string authorization, RouteIndex index)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var place = string.GetHashCode(authorization) & (RememberedMax - 1);   // Seeded per process: nobody can aim at a place.
        var known = Volatile.Read(ref _remembered[place]);
        if (known is null || !(ReferenceEquals(known.Authorization, authorization) || known.Authorization == authorization))
        {
            known = Check(authorization, index, now);
            if (known is null) return null;
            Volatile.Write(ref _remembered[place], known);
        }

        if (now >= known.Expires || (known.Kid != _kid && !index.TokenKeys.ContainsKey(known.Kid))) return null;
        return index.FindSubsystem(known.Subject) is { } subsystem && subsystem.HasKey(known.ClientKey) ? subsystem : null;
    }

    private Remembered? Check(string authorization, RouteIndex index, long now)
    {
        if (Jwt.Read(authorization.AsSpan(Scheme.Length).Trim()) is not { Kid: { } kid, Subject: { } subject, ClientKey: { } clientKey, Expires: { } expires } token) return null;
        if (token.Type != "at+jwt" || token.Issuer != Issuer || !token.Audience.Contains(Issuer)) return null;
        if (now >= expires || expires > now + (long)(Lifetime + Skew).TotalSeconds || token.NotBefore > now) return null;
        var key = kid == _kid ? _key : index.TokenKeys.GetValueOrDefault(kid);
        return key is not null && token.IsSignedBy(key) ? new Remembered(authorization, subject, clientKey, kid, expires) : null;
    }

    public const string Scheme = "Bearer ";

    /// <summary>What a provider asks for in the header of a <c>Gateway-Assertion</c>.</summary>
    public const string ProofType = "gw+jwt";

    private sealed record Remembered(string Authorization, string Subject, string ClientKey, string Kid, long Expires);
}
