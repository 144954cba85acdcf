using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// The code flow of OpenID Connect with PKCE (RFC 7636), state, nonce and issuer check (RFC 9207), on Microsoft.IdentityModel. The
/// framework's own handler is not used: it keeps more than we need and its package is not at hand everywhere the product is built.
/// </summary>
public sealed class OidcClient : IDisposable
{
    /// <summary>Signatures by a key pair only: a shared secret or "none" would let whoever knows our secret, or nobody, speak for the provider.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>A token answer of a provider has a few kilobytes; a megabyte is no answer.</summary>
    private const int AnswerBytesMax = 1024 * 1024;

    private readonly OidcOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration;

    public OidcClient(OidcOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = TimeSpan.FromSeconds(15),
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _configuration = new ConfigurationManager<OpenIdConnectConfiguration>(
            new Uri(options.Authority, ".well-known/openid-configuration").ToString(), new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(_http) { RequireHttps = options.Authority.Scheme == Uri.UriSchemeHttps });
    }

    public OidcOptions Options => _options;

    public void Dispose() => _http.Dispose();

    /// <summary>What must come back unchanged with the answer; kept in a cookie of the browser that asked.</summary>
    public sealed record Pending(string State, string Nonce, string Verifier, string ReturnTo, long ExpiresAt);

    /// <summary>A person as the provider says.</summary>
    public sealed record Person(string Issuer, string Subject, string? Name, string? PersonalNumber, string? AccountType, bool IsStrong);

    public async Task<(Uri Address, Pending Pending)> BeginAsync(Uri callback, string returnTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var metadata = await _configuration.GetConfigurationAsync(cancellationToken);
        var pending = new Pending(Random(), Random(), Random(), returnTo, _clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds());
        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _options.ClientId,
            ["redirect_uri"] = callback.ToString(),
            ["scope"] = _options.Scope,
            ["state"] = pending.State,
            ["nonce"] = pending.Nonce,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(pending.Verifier))),
            ["code_challenge_method"] = "S256",
            ["acr_values"] = _options.AcrValues,
        };
        return (new Uri(QueryHelpers.AddQueryString(metadata.AuthorizationEndpoint, query.Where(q => q.Value is not null))), pending);
    }

    /// <exception cref="OidcException">The answer is not one to trust, or the provider cannot be asked.</exception>
    public async Task<Person> CompleteAsync(Pending pending, string? code, string? state, string? issuer, Uri callback, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pending);
        ArgumentNullException.ThrowIfNull(callback);
        if (_clock.GetUtcNow().ToUnixTimeSeconds() > pending.ExpiresAt) throw new OidcException("expired");
        if (state is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(pending.State))) throw new OidcException("state");
        if (string.IsNullOrEmpty(code)) throw new OidcException("no code");

        var metadata = await _configuration.GetConfigurationAsync(cancellationToken);
        if (issuer is not null && issuer != metadata.Issuer) throw new OidcException("another issuer answered");

        using var tokens = await RedeemAsync(metadata, pending, code, callback, cancellationToken);
        var identity = await ValidateAsync(metadata, Text(tokens, "id_token"), pending.Nonce, cancellationToken);
        var claims = identity.Claims.GroupBy(c => c.Type).ToDictionary(g => g.Key, g => g.First().Value);
        var amr = identity.Claims.Where(c => c.Type == "amr").Select(c => c.Value).ToList();
        await AddUserInfoAsync(metadata, tokens, claims, cancellationToken);

        var subject = claims.GetValueOrDefault(_options.SubjectClaim) is { Length: > 0 and <= 255 } found ? found : throw new OidcException("no subject");
        var isStrong = (claims.TryGetValue("acr", out var acr) && _options.StrongAcr.Contains(acr)) || amr.Contains("mfa") || amr.Any(_options.StrongAcr.Contains);
        return new Person(
            metadata.Issuer, subject, claims.GetValueOrDefault(_options.NameClaim), claims.GetValueOrDefault(_options.PersonalNumberClaim),
            claims.GetValueOrDefault(_options.AccountTypeClaim), isStrong);
    }

    private async Task<JsonDocument> RedeemAsync(OpenIdConnectConfiguration metadata, Pending pending, string code, Uri callback, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = callback.ToString(),
            ["code_verifier"] = pending.Verifier,
            ["client_id"] = _options.ClientId,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        if (_options.ClientKeyFile is { } keyFile)
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = Assertion(keyFile, metadata);
        }
        else if (_options.ClientSecret is { } secret)
        {
            // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
            form.Remove("client_id");
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(_options.ClientId) + ":" + Uri.EscapeDataString(secret))));
        }

        request.Content = new FormUrlEncodedContent(form);
        return await AskAsync(request, "token", cancellationToken);
    }

    private string Assertion(string keyFile, OpenIdConnectConfiguration metadata)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(keyFile));
        var key = new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true)) { KeyId = _options.ClientKeyId };
        var now = _clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _options.ClientId,
            Audience = metadata.Issuer,
            IssuedAt = now,
            Expires = now.AddMinutes(1),
            Subject = new ClaimsIdentity([new Claim("sub", _options.ClientId), new Claim("jti", Random())]),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }

    private async Task<ClaimsIdentity> ValidateAsync(OpenIdConnectConfiguration metadata, string token, string nonce, CancellationToken cancellationToken)
    {
        var result = await CheckAsync(metadata, token);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have changed its keys since we read them.
            _configuration.RequestRefresh();
            result = await CheckAsync(await _configuration.GetConfigurationAsync(cancellationToken), token);
        }

        if (!result.IsValid) throw new OidcException("id token: " + result.Exception?.GetType().Name, result.Exception);
        if (result.ClaimsIdentity.FindFirst("nonce")?.Value != nonce) throw new OidcException("nonce");
        if (result.ClaimsIdentity.FindFirst("azp") is { } party && party.Value != _options.ClientId) throw new OidcException("authorized party");
        return result.ClaimsIdentity;
    }

    private Task<TokenValidationResult> CheckAsync(OpenIdConnectConfiguration metadata, string token) =>
        new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = _options.ClientId,
            IssuerSigningKeys = metadata.SigningKeys,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateLifetime = true,
            ClockSkew = TimeSpan.FromMinutes(2),
            LifetimeValidator = (notBefore, expires, _, parameters) =>
            {
                var now = _clock.GetUtcNow().UtcDateTime;
                return expires is { } end && now <= end + parameters.ClockSkew && (notBefore is not { } start || start <= now + parameters.ClockSkew);
            },
        });

    /// <summary>VNConnect gives the person's particulars at the userinfo address; its subject must be the token's.</summary>
    private async Task AddUserInfoAsync(OpenIdConnectConfiguration metadata, JsonDocument tokens, Dictionary<string, string> claims, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(metadata.UserInfoEndpoint) || !tokens.RootElement.TryGetProperty("access_token", out var access)) return;
        using var request = new HttpRequestMessage(HttpMethod.Get, metadata.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.GetString());
        using var info = await AskAsync(request, "userinfo", cancellationToken);
        if (!info.RootElement.TryGetProperty("sub", out var subject) || subject.GetString() != claims.GetValueOrDefault("sub")) throw new OidcException("userinfo of somebody else");
        foreach (var property in info.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number) claims.TryAdd(property.Name, property.Value.ToString());
        }
    }

    private async Task<JsonDocument> AskAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new OidcException($"{what}: {(int)answer.StatusCode}");
            return await answer.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken) ?? throw new OidcException(what + ": empty");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OidcException(what + ": " + fault.GetType().Name, fault);
        }
    }

    private static string Text(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : throw new OidcException("no " + name);

    private static string Random() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Why an answer of an identity provider was not believed. For the log; the person reads one sentence for all of them.</summary>
public sealed class OidcException : Exception
{
    public OidcException() { }

    public OidcException(string message) : base(message) { }

    public OidcException(string message, Exception? inner) : base(message, inner) { }
}
