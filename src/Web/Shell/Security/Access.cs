using System.Security.Claims;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LienThong.Web.Shell.Security;

/// <summary>Who acts in this scope: the person of the request, or, outside any request (a job, the command line), the machine itself.</summary>
public sealed class ActingUser(IHttpContextAccessor accessor) : ICurrentUser
{
    private CurrentUser? _current;

    /// <summary>The live session behind the request, if there is one.</summary>
    public LiveSession? Session { get; private set; }

    /// <summary>Rights this person holds but may not use before showing a second factor.</summary>
    public bool AwaitsSecondFactor { get; private set; }

    public bool AwaitsNewPassword { get; private set; }

    /// <summary>Every right that holds now, also those that wait for a second factor.</summary>
    public IReadOnlyList<RoleGrant> HeldGrants { get; private set; } = [];

    public CurrentUser Current => _current ?? (accessor.HttpContext is { } http
        ? CurrentUser.Anonymous(http.Connection.RemoteIpAddress?.ToString(), http.Connection.RemotePort)
        : CurrentUser.System);

    internal void Become(CurrentUser user, LiveSession? session, IReadOnlyList<RoleGrant> held, bool awaitsSecondFactor, bool awaitsNewPassword)
    {
        _current = user;
        (Session, HeldGrants, AwaitsSecondFactor, AwaitsNewPassword) = (session, held, awaitsSecondFactor, awaitsNewPassword);
    }
}

/// <summary>
/// Deny by default: finds out who asks, and lets the request through only if its endpoint names a right and the person holds it. An endpoint
/// that names none is closed to everybody; <c>AllowAnonymous</c> of the framework means nothing here.
/// </summary>
public sealed class AccessMiddleware(RequestDelegate next, SessionCookie cookie, AccountSnapshots snapshots, IAntiforgery antiforgery, ILogger<AccessMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http, ActingUser acting, AccessTrail trail, IEnumerable<IDelegations> delegations)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(acting);
        await IdentifyAsync(http, acting, delegations);

        // No address matched, or the router answers by itself: wrong method (405, with Allow) or wrong kind of body (415). Nothing of ours runs there.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        var required = endpoint.Required();
        if (required is null)
        {
            // As if it were not there: what nobody may enter is nobody's business.
            log.EndpointWithoutRight(endpoint.DisplayName ?? "?");
            await RefuseAsync(http, StatusCodes.Status404NotFound, "access.undeclared");
            return;
        }

        var user = acting.Current;
        if (required.IsMetBy(user))
        {
            // A person with an expired or temporary password may only change it, and see what anyone sees.
            if (acting.AwaitsNewPassword && !required.AnyOf.Any(p => p is Permission.Anyone or Permission.SignedIn))
            {
                await SendAsync(http, "/tai-khoan/mat-khau", "access.password-change");
                return;
            }

            // The framework checks the token only where it binds a form; here every request that changes something carries one (CSRF).
            if (IsChange(http) && endpoint.Metadata.GetMetadata<ProvesItselfAttribute>() is null && !await antiforgery.IsRequestValidAsync(http))
            {
                await RefuseAsync(http, StatusCodes.Status400BadRequest, "access.antiforgery");
                return;
            }

            await next(http);
            return;
        }

        if (!user.IsSignedIn)
        {
            await ChallengeAsync(http);
            return;
        }

        if (acting.AwaitsSecondFactor && required.IsMetBy(user with { Grants = acting.HeldGrants }))
        {
            await SendAsync(http, "/tai-khoan/xac-thuc", "access.second-factor");
            return;
        }

        await trail.RefusedAsync(user, endpoint.RoutePattern.RawText ?? "?", http.Request.Method, http.Request.Path.Value ?? "", http.RequestAborted);
        await RefuseAsync(http, StatusCodes.Status403Forbidden, "access.forbidden");
    }

    /// <summary>Reads the cookie, the session and the account; a stale cookie is taken away.</summary>
    private async Task IdentifyAsync(HttpContext http, ActingUser acting, IEnumerable<IDelegations> delegations)
    {
        if (cookie.Read(http) is not { } claim) return;
        if (await snapshots.FindSessionAsync(claim.Session, claim.User, http.RequestAborted) is not { } session)
        {
            cookie.Clear(http);
            return;
        }

        var account = session.Account;
        var grants = await snapshots.GrantsAsync(account, delegations, http.RequestAborted);
        var awaitsFactor = !session.HasSecondFactor && grants.Any(g => account.Policy.SecondFactorRoles.Contains(g.Role));
        var usable = awaitsFactor ? [.. grants.Where(g => !account.Policy.SecondFactorRoles.Contains(g.Role))] : grants;
        var user = new CurrentUser(
            account.Id, account.DisplayName, account.HomeUnit, account.UnitName, usable, http.Connection.RemoteIpAddress?.ToString(), http.Connection.RemotePort);
        acting.Become(user, session, grants, awaitsFactor, account.MustChangePassword && session.Method == "password");

        // For the framework's own use: antiforgery binds its tokens to the person and the session.
        http.User = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()), new Claim(ClaimTypes.Sid, session.Id.ToString()), new Claim(ClaimTypes.Name, account.SignInName)], "lienthong"));
    }

    private static Task ChallengeAsync(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Session realm=\"lienthong\"";
        return SendAsync(http, "/dang-nhap", "access.sign-in-required", StatusCodes.Status401Unauthorized);
    }

    /// <summary>A browser is shown the page where it can help itself and come back; a program gets a problem with a stable code.</summary>
    private static Task SendAsync(HttpContext http, string page, string code, int status = StatusCodes.Status403Forbidden)
    {
        if (IsProgram(http)) return RefuseAsync(http, status, code);
        var isPageAsked = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var back = isPageAsked ? http.Request.PathBase + http.Request.Path + http.Request.QueryString : "/";
        var address = page + "?ve=" + Uri.EscapeDataString(ShellEndpoints.LocalOr(back, "/"));
        if (http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.Headers["HX-Redirect"] = address;
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        http.Response.Headers.Remove("WWW-Authenticate");
        http.Response.Redirect(address);
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext http, int status, string code)
    {
        if (IsProgram(http))
        {
            return Results.Problem(
                statusCode: status, title: code, type: "urn:lienthong:problem:" + code, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(http);
        }

        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static bool IsChange(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && !HttpMethods.IsOptions(http.Request.Method);

    private static bool IsProgram(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
}

internal static partial class SecurityLog
{
    [LoggerMessage(4101, LogLevel.Debug, "Endpoint {Endpoint} names no right and is closed; it needs .Require(…) or [Require(…)]")]
    public static partial void EndpointWithoutRight(this ILogger log, string endpoint);

    [LoggerMessage(4102, LogLevel.Warning, "OpenID Connect sign-in failed: {Reason}")]
    public static partial void OidcFailed(this ILogger log, string reason, Exception? fault = null);

    [LoggerMessage(4103, LogLevel.Warning, "A client certificate was refused: {Reason}")]
    public static partial void CertificateRefused(this ILogger log, string reason);

    [LoggerMessage(4104, LogLevel.Warning, "A passkey was refused: {Reason}")]
    public static partial void PasskeyRefused(this ILogger log, string reason);
}
