using System.Buffers;
using System.Text.Json;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LienThong.Gateway.Call;

/// <summary><c>POST /oauth/token</c>: client credentials (RFC 6749 4.4) proven by an assertion the client signed with its own key (RFC 7521, RFC 7523).</summary>
internal sealed class TokenEndpoint(RouteTable routes, AccessTokens tokens, ReplayWindow replays, TimeProvider clock)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>An assertion that lives longer could be stolen for longer.</summary>
    private static readonly TimeSpan AssertionMax = TimeSpan.FromMinutes(5);

    /// <summary>A form with one assertion.</summary>
    private const int FormBytesMax = 16 * 1024;

    /// <summary>All clients together; a signature check costs a tenth of a millisecond, and this is what the endpoint may take of one core.</summary>
    private readonly Budget _budget = Budget.Of(new QuotaEntry("oauth/token", 1_000, 2_000, 0), null);

    public async Task HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = 405;
            http.Response.Headers.Allow = "POST";
            return;
        }

        if (!_budget.TryTake(clock.GetNanoseconds(), BudgetDay.Of(clock.GetUtcNow()), out _))
        {
            http.Response.Headers.RetryAfter = "1";
            await AnswerAsync(http, 429, "temporarily_unavailable", "too many token requests");
            return;
        }

        if (http.Request.ContentLength is > FormBytesMax || http.Request.ContentType is not { } type || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(http, 400, "invalid_request", "a form of at most 16 KB is expected");
            return;
        }

        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> form;
        try
        {
            form = await new FormPipeReader(http.Request.BodyReader) { ValueCountLimit = 16, KeyLengthLimit = 64, ValueLengthLimit = FormBytesMax }.ReadFormAsync(http.RequestAborted);
        }
        catch (InvalidDataException broken)
        {
            await AnswerAsync(http, 400, "invalid_request", broken.Message);
            return;
        }

        // A check of a signature and a flush of a file are no work for a thread that hears sockets.
        await Task.Yield();
        // A parameter given twice is an error (RFC 6749 3.2).
        if (form.Values.Any(v => v.Count != 1)) await AnswerAsync(http, 400, "invalid_request", "a parameter is given twice");
        else if (form.GetValueOrDefault("grant_type") != "client_credentials") await AnswerAsync(http, 400, "unsupported_grant_type", "grant_type must be client_credentials");
        else if (form.GetValueOrDefault("client_assertion_type") != AssertionType) await AnswerAsync(http, 401, "invalid_client", "client_assertion_type must be " + AssertionType);
        else if (Check(form.GetValueOrDefault("client_assertion").ToString(), form.GetValueOrDefault("client_id").ToString(), out var subject, out var clientKey) is { } fault) await AnswerAsync(http, 401, "invalid_client", fault);
        else await GrantAsync(http, subject, clientKey);
    }

    private string? Check(string text, string clientId, out string subject, out string clientKey)
    {
        subject = clientKey = "";
        var now = clock.GetUtcNow();
        if (routes.Current is not { } index || index.Snapshot.ValidUntil <= now) return "this gateway has no valid routes";
        if (Jwt.Read(text) is not { } assertion) return "the assertion is no ES256 token";
        if (assertion.Issuer is null || assertion.Issuer != assertion.Subject) return "iss and sub must both be the client";
        if (clientId.Length > 0 && clientId != assertion.Subject) return "client_id is not the subject of the assertion";
        if (!assertion.Audience.Contains(tokens.Issuer) && !assertion.Audience.Contains(tokens.Issuer + "/oauth/token")) return "aud must be " + tokens.Issuer;
        var seconds = now.ToUnixTimeSeconds();
        var skew = (long)AccessTokens.Skew.TotalSeconds;
        if (assertion.Expires is not { } expires || expires <= seconds) return "exp is missing or past";
        if (expires > seconds + (long)AssertionMax.TotalSeconds + skew) return "exp is more than five minutes ahead";
        if (assertion.NotBefore > seconds + skew || assertion.IssuedAt > seconds + skew) return "nbf or iat lies ahead";
        if (assertion.Id is not { Length: > 0 and <= 128 }) return "jti is missing or too long";
        // An unknown client and a wrong signature read the same: who is registered is not told to strangers.
        var client = index.FindSubsystem(assertion.Subject);
        var signedBy = client?.Keys.Where(k => (assertion.Kid is null || assertion.Kid == k.Kid) && assertion.IsSignedBy(k.Key)).Select(k => k.Thumbprint).FirstOrDefault();
        if (signedBy is null) return "no registered key of this client signed the assertion";
        if (!replays.TryUse(assertion.Issuer, assertion.Id, expires, now)) return "the assertion was used before";
        (subject, clientKey) = (assertion.Subject!, signedBy);
        return null;
    }

    private async Task GrantAsync(HttpContext http, string subject, string clientKey)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("access_token", tokens.Issue(subject, clientKey));
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", (int)AccessTokens.Lifetime.TotalSeconds);
            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = output.WrittenCount;
        await http.Response.Body.WriteAsync(output.WrittenMemory);
    }

    private static async Task AnswerAsync(HttpContext http, int status, string error, string description)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteString("error_description", description);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = output.WrittenCount;
        await http.Response.Body.WriteAsync(output.WrittenMemory);
    }
}
