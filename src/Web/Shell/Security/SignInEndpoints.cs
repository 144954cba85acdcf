using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LienThong.Web.Shell.Security;

/// <summary>The ways in other than a password (which is a form of the sign-in page), and the ways out.</summary>
public static class SignInEndpoints
{
    public const string CertificatePath = "/dang-nhap/chung-thu";
    private const string OidcCallbackPath = "/dang-nhap/oidc/ve";

    internal static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<SecurityOptions>();
        routes.MapPost("/dang-xuat", SignOut).Require(Permission.SignedIn).ExcludeFromDescription();
        routes.MapPost("/dang-xuat/moi-noi", SignOutEverywhere).Require(Permission.SignedIn).ExcludeFromDescription();
        routes.MapPost("/tai-khoan/phien/dung", EndSession).Require(Permission.SignedIn).ExcludeFromDescription();
        if (options.Oidc is not null)
        {
            routes.MapGet("/dang-nhap/oidc", BeginOidc).Require(Permission.Anyone).ExcludeFromDescription();
            routes.MapGet(OidcCallbackPath, EndOidc).Require(Permission.Anyone).ExcludeFromDescription();
        }

        if (options.Certificates is not null) routes.MapGet(CertificatePath, SignInByCertificate).Require(Permission.Anyone).ExcludeFromDescription();

        // Only the demo registers persons to sign in as; elsewhere the address does not exist.
        if (routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IDemoSignIn)))
        {
            routes.MapPost("/dang-nhap/mo-phong", SignInToDemo).Require(Permission.Anyone).ExcludeFromDescription();
        }
    }

    /// <summary>The sign-in page with the reason; the page shows only reasons it has words for.</summary>
    public static IResult Back(Refusal refusal, string? returnTo)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return Results.LocalRedirect(refusal.Code == "accounts.signin.unknown-person"
            ? "/dang-nhap/chua-co-tai-khoan"
            : "/dang-nhap?loi=" + Uri.EscapeDataString(refusal.Code) + (returnTo is null ? "" : "&ve=" + Uri.EscapeDataString(returnTo)));
    }

    private static async Task<IResult> SignOut(HttpContext http, ActingUser acting, Sessions sessions, SessionCookie cookie)
    {
        if (acting.Session is { } session) await sessions.EndAsync(session.Id, acting.Current, "signed-out", http.RequestAborted);
        cookie.Clear(http);
        return Results.LocalRedirect("/dang-nhap?da=xuat");
    }

    private static async Task<IResult> SignOutEverywhere(HttpContext http, ActingUser acting, Sessions sessions, SessionCookie cookie)
    {
        await sessions.EndAllAsync(acting.Current.Id, acting.Current, "signed-out-everywhere", http.RequestAborted);
        cookie.Clear(http);
        return Results.LocalRedirect("/dang-nhap?da=xuat");
    }

    private static async Task<IResult> EndSession([FromForm] string phien, HttpContext http, ActingUser acting, Sessions sessions)
    {
        if (SessionId.TryParse(phien, out var id)) await sessions.EndAsync(id, acting.Current, "ended-elsewhere", http.RequestAborted);
        return Results.LocalRedirect("/tai-khoan");
    }

    private static async Task<IResult> SignInToDemo([FromForm] string nguoi, [FromForm] string? ve, HttpContext http, IDemoSignIn demo, Entrance entrance)
    {
        // Only a person of the demo's own list, whoever's id was sent.
        var people = await demo.PeopleAsync(http.RequestAborted);
        if (!UserId.TryParse(nguoi, out var id) || people.FirstOrDefault(p => p.Id == id) is not { } person) return Back(AccountsRefusals.SignInFailed(), ve);
        var entered = await entrance.EnterAsync(http, person.Id, "demo", hasSecondFactor: true, http.RequestAborted);
        return entered.Refusal is { } refusal ? Back(refusal, ve) : Results.LocalRedirect(ShellEndpoints.LocalOr(ve, "/viec-cua-toi"));
    }

    private static async Task<IResult> BeginOidc(string? ve, HttpContext http, OidcClient oidc, IDataProtectionProvider protection, SecurityOptions options, ILogger<OidcClient> log)
    {
        try
        {
            var (address, pending) = await oidc.BeginAsync(CallbackOf(http), ShellEndpoints.LocalOr(ve, "/viec-cua-toi"), http.RequestAborted);
            var sealedPending = PendingProtector(protection).Protect(JsonSerializer.Serialize(pending));
            http.Response.Cookies.Append(PendingCookie(options, pending.State), sealedPending, PendingRules(options));
            http.Response.Headers.CacheControl = "no-store";
            return Results.Redirect(address.ToString());
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or IOException or OidcException)
        {
            log.OidcFailed("provider does not answer", fault);
            return Back(new Refusal("accounts.signin.provider-away", RefusalKind.Unavailable), ve);
        }
    }

    private static async Task<IResult> EndOidc(
        HttpContext http, OidcClient oidc, IDataProtectionProvider protection, SecurityOptions options, SignInWithIdentity identities, Entrance entrance,
        AccessTrail trail, ILogger<OidcClient> log)
    {
        var query = http.Request.Query;
        var state = query["state"].ToString();
        var name = PendingCookie(options, state);
        var kept = http.Request.Cookies[name];
        http.Response.Cookies.Delete(name, PendingRules(options));
        http.Response.Headers.CacheControl = "no-store";
        OidcClient.Person person;
        string returnTo;
        try
        {
            if (kept is null) throw new OidcException("no request of this browser");
            var pending = JsonSerializer.Deserialize<OidcClient.Pending>(PendingProtector(protection).Unprotect(kept)) ?? throw new OidcException("empty");
            returnTo = pending.ReturnTo;
            if (query.ContainsKey("error")) throw new OidcException("provider: " + Plain(query["error"].ToString()));
            person = await oidc.CompleteAsync(pending, query["code"], state, query.TryGetValue("iss", out var iss) ? iss.ToString() : null, CallbackOf(http), http.RequestAborted);
        }
        catch (Exception fault) when (fault is OidcException or InvalidOperationException or IOException or System.Security.Cryptography.CryptographicException)
        {
            log.OidcFailed(fault.Message, fault.InnerException);
            await trail.SignInRefusedAsync(Entrance.OriginOf(http), "oidc", http.RequestAborted);
            return Back(new Refusal("accounts.signin.provider-refused", RefusalKind.Forbidden), null);
        }

        if (oidc.Options.AccountTypes.Count > 0 && (person.AccountType is null || !oidc.Options.AccountTypes.Contains(person.AccountType)))
        {
            await trail.SignInRefusedAsync(Entrance.OriginOf(http), "account-type", http.RequestAborted);
            return Back(AccountsRefusals.UnknownPerson(), null);
        }

        var identity = new SignInWithIdentity.Identity(AccountLinkKind.OpenIdConnect, person.Issuer, person.Subject, person.Issuer, person.PersonalNumber);
        var known = await identities.HandleAsync(identity, Entrance.OriginOf(http), http.RequestAborted);
        if (!known.IsGranted(out var user, out var refusal)) return Back(refusal, null);
        var entered = await entrance.EnterAsync(http, user, "oidc", person.IsStrong, http.RequestAborted);
        return entered.Refusal is { } shut ? Back(shut, null) : Results.LocalRedirect(returnTo);
    }

    private static async Task<IResult> SignInByCertificate(
        string? ve, HttpContext http, SecurityOptions options, CertificateTrust trust, PersonalNumbers numbers, SignInWithIdentity identities, Entrance entrance,
        AccessTrail trail, ILogger<CertificateTrust> log)
    {
        var certificates = options.Certificates!;
        using var certificate = await http.ClientCertificateAsync(certificates, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        if (certificate is null)
        {
            // On the ordinary port nobody asked for one yet: go where it is asked for. There, none was chosen.
            if (certificates.Port is { } port && http.Connection.LocalPort != port)
            {
                return Results.Redirect($"https://{HostPart(http)}:{port}{CertificatePath}?ve={Uri.EscapeDataString(ShellEndpoints.LocalOr(ve, "/viec-cua-toi"))}&tu={http.Connection.LocalPort}");
            }

            return Home(http, Back(new Refusal("accounts.certificate.none", RefusalKind.Invalid), ve));
        }

        if (trust.WhyNot(certificate) is { } why)
        {
            log.CertificateRefused(why);
            await trail.SignInRefusedAsync(Entrance.OriginOf(http), "certificate." + why, http.RequestAborted);
            return Home(http, Back(new Refusal("accounts.certificate." + why, RefusalKind.Forbidden), ve));
        }

        var ways = CertificateIdentity.Of(certificate, numbers);
        var known = await identities.HandleAsync(ways[1], Entrance.OriginOf(http), http.RequestAborted, ways[0]);
        if (!known.IsGranted(out var user, out var refusal)) return Home(http, Back(refusal, null));

        // A key on a card and the number that opens it are two factors.
        var entered = await entrance.EnterAsync(http, user, "certificate", hasSecondFactor: true, http.RequestAborted);
        return Home(http, entered.Refusal is { } shut ? Back(shut, null) : Results.LocalRedirect(ShellEndpoints.LocalOr(ve, "/viec-cua-toi")));
    }

    /// <summary>Cookies do not know ports, so the session opened on the certificate port holds on the ordinary one; the browser is sent back there.</summary>
    private static IResult Home(HttpContext http, IResult local)
    {
        var options = http.RequestServices.GetRequiredService<SecurityOptions>();
        if (options.Certificates?.Port != http.Connection.LocalPort || local is not Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult redirect) return local;
        var main = int.TryParse(http.Request.Query["tu"], out var port) && port is > 0 and < 65536 && port != options.Certificates.Port ? port : 443;
        return Results.Redirect($"https://{HostPart(http)}{(main == 443 ? "" : ":" + main)}{redirect.Url}");
    }

    private static string HostPart(HttpContext http) => http.Request.Host.Host.Contains(':', StringComparison.Ordinal) && !http.Request.Host.Host.StartsWith('[') ? $"[{http.Request.Host.Host}]" : http.Request.Host.Host;

    private static Uri CallbackOf(HttpContext http) => new($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}{OidcCallbackPath}");

    private static string Plain(string text) => new([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_').Take(60)]);

    private static IDataProtector PendingProtector(IDataProtectionProvider protection) => protection.CreateProtector("LienThong.Oidc.v1");

    /// <summary>One cookie for each request on its way, so that two tabs do not overwrite each other.</summary>
    private static string PendingCookie(SecurityOptions options, string state) =>
        SessionCookie.NameOf("lienthong-oidc-" + new string([.. state.Where(char.IsAsciiLetterOrDigit).Take(8)]), options);

    private static CookieOptions PendingRules(SecurityOptions options) =>
        new() { HttpOnly = true, Secure = options.ServesHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromMinutes(10), IsEssential = true };
}
