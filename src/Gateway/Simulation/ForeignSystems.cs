using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Simulation;

/// <summary>
/// A Security Server of X-Road as an information system sees it (PR-REST 1.0.4): checks what its consumer side checks, answers what the provider side would, and
/// fails with any code of exchange.md 2.1.6 in either dialect. It signs nothing and speaks to no other server.
/// </summary>
/// <param name="trouble">A code such as <c>server.serverproxy.access_denied</c>, or <c>mixed-up</c> for an answer that belongs to another call; null: well.</param>
/// <param name="isOldDialect">Codes as up to 7.7.1.</param>
/// <param name="client">The one client registered here; null: every well-formed one.</param>
public sealed class SecurityServerSystem(string? trouble = null, bool isOldDialect = false, string? client = null) : ISimulatedSystem
{
    public string Name => "security-server";

    public Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var path = http.Request.Path.Value ?? "";
        var parts = path.Split('/', 8);
        if (parts.Length < 7 || parts[1] != "r1") return FailAsync(http, "server.clientproxy.invalid_request");
        if (!parts[2..7].All(p => RoadIdentifier.IsPart(p))) return FailAsync(http, "server.clientproxy.bad_request");
        if (http.Request.Headers["X-Road-Client"] is not { Count: > 0 } said) return FailAsync(http, "server.clientproxy.missing_header");
        if (!RoadIdentifier.IsIdentifier(said[^1], 4)) return FailAsync(http, "server.clientproxy.invalid_client_identifier");
        if (client is not null && said[^1] != client) return FailAsync(http, "server.clientproxy.unknown_member");
        if (trouble is not null and not "mixed-up") return FailAsync(http, trouble);
        var headers = http.Response.Headers;
        headers["x-road-id"] = trouble is "mixed-up" ? "another-call" : http.Request.Headers["X-Road-Id"].ToString();
        headers["x-road-client"] = said[^1];
        headers["x-road-service"] = string.Join('/', parts[2..7]);
        headers["x-road-request-id"] = "simulated-" + parts[6];
        headers["x-road-request-hash"] = Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(path)));
        return http.Response.WriteAsJsonAsync(
            new { dichVu = string.Join('/', parts[2..7]), duongDan = parts.Length > 7 ? "/" + parts[7] : "", truyVan = http.Request.QueryString.Value, daiDien = http.Request.Headers["X-Road-Represented-Party"].ToString(), thoaThuan = http.Request.Headers["X-Road-Issue"].ToString(), moPhong = true },
            http.RequestAborted);
    }

    private Task FailAsync(HttpContext http, string code)
    {
        var shown = isOldDialect ? Call.CallFault.OldDialect(code) : code;
        http.Response.StatusCode = code.StartsWith("server.", StringComparison.Ordinal) ? 500 : 400;
        http.Response.Headers["X-Road-Error"] = shown;
        return http.Response.WriteAsJsonAsync(new { type = shown, message = "Lỗi mô phỏng của máy chủ bảo mật", detail = "00000000-0000-0000-0000-000000000000" }, http.RequestAborted);
    }
}

/// <summary>What a gateway that asks for a token first does wrong, each as its guides document it.</summary>
public enum TokenTrouble
{
    None,

    /// <summary>Key or secret are not known (401 at the token endpoint).</summary>
    WrongSecret,

    /// <summary>Gives tokens and takes none of them (401, 900901).</summary>
    TokenRefused,

    /// <summary>The application has not subscribed to the interface (403, 900908).</summary>
    NotSubscribed,

    /// <summary>Over the limit (429, 900802), with Retry-After.</summary>
    Throttled,

    /// <summary>The token endpoint fails (500).</summary>
    TokenEndpointDown,

    /// <summary>The token endpoint answers a page.</summary>
    TokenUnreadable,

    /// <summary>What stands behind the gateway is down (503, 101503).</summary>
    BackendDown,
}

/// <summary>
/// A gateway that gives tokens (WSO2: NDXP and most LGSP), with HTTP Basic; or, for an LGSP of the <c>v1</c> kind, a login by two headers that every call repeats.
/// </summary>
/// <param name="isLgsp">The <c>v1</c> form: <c>POST /v1/auth/login</c>, X-SystemId and X-SecretKey on every call.</param>
public sealed class TokenGatewaySystem(TokenTrouble trouble = TokenTrouble.None, bool isLgsp = false, int lifeSeconds = 3_600) : ISimulatedSystem
{
    /// <summary>What it knows; nothing real could be opened with it.</summary>
    public const string Key = "mo-phong", Secret = "khong-phai-bi-mat";

    /// <summary>Tokens remembered; the demo of a gateway is not a gateway.</summary>
    private const int TokensMax = 1_000;

    private readonly ConcurrentDictionary<string, byte> _tokens = new(StringComparer.Ordinal);
    private int _given;

    public string Name => isLgsp ? "lgsp" : "wso2";

    /// <summary>How often a token was asked for.</summary>
    public int TokensGiven => Volatile.Read(ref _given);

    /// <summary>Takes back every token it gave, as a restart of such a gateway does.</summary>
    public void ForgetTokens() => _tokens.Clear();

    public Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.Path == (isLgsp ? "/v1/auth/login" : "/token") ? TokenAsync(http) : CallAsync(http);
    }

    private Task TokenAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) return FailAsync(http, 405, "900405");
        if (trouble is TokenTrouble.TokenEndpointDown) return FailAsync(http, 500, "900900");
        if (trouble is TokenTrouble.TokenUnreadable) return http.Response.WriteAsync("<html>Bảo trì (mô phỏng)</html>", http.RequestAborted);
        if (trouble is TokenTrouble.WrongSecret || !(isLgsp ? HasHeaders(http) : http.Request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}:{Secret}")))) return FailAsync(http, 401, "900901");
        if (_tokens.Count > TokensMax) _tokens.Clear();
        var token = "mo-phong-" + Interlocked.Increment(ref _given).ToString(CultureInfo.InvariantCulture);
        _tokens[token] = 0;
        return isLgsp
            ? http.Response.WriteAsJsonAsync(new { token, expires_in = lifeSeconds }, http.RequestAborted)
            : http.Response.WriteAsJsonAsync(new { access_token = token, scope = "am_application_scope default", token_type = "Bearer", expires_in = lifeSeconds }, http.RequestAborted);
    }

    private Task CallAsync(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || trouble is TokenTrouble.TokenRefused || !_tokens.ContainsKey(authorization["Bearer ".Length..]) || (isLgsp && !HasHeaders(http))) return FailAsync(http, 401, "900901");
        if (trouble is TokenTrouble.NotSubscribed) return FailAsync(http, 403, "900908");
        if (trouble is TokenTrouble.Throttled)
        {
            http.Response.Headers.RetryAfter = "7";
            return FailAsync(http, 429, "900802");
        }

        if (trouble is TokenTrouble.BackendDown) return FailAsync(http, 503, "101503");
        return http.Response.WriteAsJsonAsync(new { duongDan = http.Request.Path.Value, truyVan = http.Request.QueryString.Value, phuongThuc = http.Request.Method, moPhong = true }, http.RequestAborted);
    }

    private static bool HasHeaders(HttpContext http) => http.Request.Headers["X-SystemId"] == Key && http.Request.Headers["X-SecretKey"] == Secret;

    private static Task FailAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { fault = new { code, message = "Lỗi mô phỏng", description = "mô phỏng" } }, http.RequestAborted);
    }
}

/// <summary>The HTTP adapter on a Security Server (VXP form), under both of its names: destination and provider's address as parameters, which may be encoded twice.</summary>
/// <param name="destination">The one destination it knows, "instance:class:member:subsystem".</param>
/// <param name="trouble">An X-Road code it fails with; null: well.</param>
public sealed class NationalAdapterSystem(string destination, string? trouble = null) : ISimulatedSystem
{
    private static readonly string[] Paths = [NationalPort.Path, "/VXPAdapter/RestService/forward"];

    public string Name => "vxp";

    public Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var path = http.Request.Path.Value ?? "";
        var prefix = Array.Find(Paths, p => path.StartsWith(p, StringComparison.Ordinal));
        if (prefix is null) return SimulatedServer.ProblemAsync(http, 404, "not_found", "Bộ thích ứng ở …/RestService/forward.");
        string Once(string name) => http.Request.Query[name].ToString() is var value && value.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(value) : value;
        var code = trouble ?? (Once("dstcode") != destination ? "server.clientproxy.unknown_member" : Uri.TryCreate(Once("providerurl"), UriKind.Absolute, out _) ? null : "server.serverproxy.service_malformed_url");
        if (code is not null)
        {
            http.Response.StatusCode = 500;
            http.Response.Headers["X-Road-Error"] = code;
            return http.Response.WriteAsJsonAsync(new { type = code, message = "Lỗi mô phỏng" }, http.RequestAborted);
        }

        return http.Response.WriteAsJsonAsync(
            new { duongDan = path[prefix.Length..], dichDen = Once("dstcode"), diaChi = Once("providerurl"), thamSo = http.Request.Query.Where(q => q.Key is not ("dstcode" or "providerurl")).ToDictionary(q => q.Key, q => q.Value.ToString()), moPhong = true }, http.RequestAborted);
    }
}
