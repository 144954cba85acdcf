using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// Passkeys by ASP.NET Core Identity. The browser's part is passkeys.js; each exchange is a form with an antiforgery token, and what was asked
/// is kept in a short-lived sealed cookie, so that an answer fits the question of that browser only.
/// </summary>
public static class PasskeyEndpoints
{
    internal static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/dang-nhap/khoa/hoi", AskToSignIn).Require(Permission.Anyone).ExcludeFromDescription();
        routes.MapPost("/dang-nhap/khoa", SignIn).Require(Permission.Anyone).ExcludeFromDescription();
        routes.MapPost("/tai-khoan/khoa/hoi", AskToAdd).Require(Permission.SignedIn).ExcludeFromDescription();
        routes.MapPost("/tai-khoan/khoa", Add).Require(Permission.SignedIn).ExcludeFromDescription();
        routes.MapPost("/tai-khoan/khoa/bo", Remove).Require(Permission.SignedIn).ExcludeFromDescription();
    }

    private static async Task<IResult> AskToSignIn([FromForm] string? ve, HttpContext http, IPasskeyHandler<UserAccount> passkeys, StateCookie state)
    {
        _ = ve;
        var asked = await passkeys.MakeRequestOptionsAsync(null, http);
        state.Keep(http, asked.AssertionState);
        return Results.Text(asked.RequestOptionsJson, "application/json");
    }

    private static async Task<IResult> SignIn(
        [FromForm] string credential, [FromForm] string? ve, HttpContext http, IPasskeyHandler<UserAccount> passkeys, UserManager<UserAccount> users, StateCookie state,
        SignInThrottle throttle, Entrance entrance, AccessTrail trail, ILogger<StateCookie> log)
    {
        var origin = Entrance.OriginOf(http);
        if (!throttle.IsOpen(origin.Address ?? "", "")) return Answer(AccountsRefusals.TooManyAttempts((int)SignInThrottle.Window.TotalMinutes));
        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state.Take(http) });
        if (!result.Succeeded || result.User is not { } user || result.Passkey is not { } passkey)
        {
            throttle.Failed(origin.Address ?? "", "");
            log.PasskeyRefused(result.Failure?.Message ?? "?");
            await trail.SignInRefusedAsync(origin, "passkey", http.RequestAborted);
            return Answer(AccountsRefusals.SignInFailed());
        }

        await users.AddOrUpdatePasskeyAsync(user, passkey);
        var entered = await entrance.EnterAsync(http, user.Id, "passkey", hasSecondFactor: passkey.IsUserVerified, http.RequestAborted);
        return entered.Refusal is { } refusal ? Answer(refusal) : Results.Json(new { go = ShellEndpoints.LocalOr(ve, "/viec-cua-toi") });
    }

    private static async Task<IResult> AskToAdd(HttpContext http, IPasskeyHandler<UserAccount> passkeys, UserManager<UserAccount> users, ActingUser acting, StateCookie state)
    {
        if (await users.FindByIdAsync(acting.Current.Id.ToString()) is not { } user) return Answer(AccountsRefusals.UserUnknown());
        if ((await users.GetPasskeysAsync(user)).Count >= AccountStore.PasskeysMax) return Answer(AccountsRefusals.PasskeysFull(AccountStore.PasskeysMax));
        var asked = await passkeys.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.SignInName, DisplayName = user.DisplayName }, http);
        state.Keep(http, asked.AttestationState);
        return Results.Text(asked.CreationOptionsJson, "application/json");
    }

    private static async Task<IResult> Add(
        [FromForm] string credential, [FromForm] string? ten, HttpContext http, IPasskeyHandler<UserAccount> passkeys, UserManager<UserAccount> users, ActingUser acting,
        StateCookie state, KeepPasskeys keep, ILogger<StateCookie> log)
    {
        if (await users.FindByIdAsync(acting.Current.Id.ToString()) is not { } user) return Answer(AccountsRefusals.UserUnknown());
        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state.Take(http) });
        if (!result.Succeeded || result.UserEntity.Id != user.Id.ToString())
        {
            log.PasskeyRefused(result.Failure?.Message ?? "another person's question");
            return Answer(AccountsRefusals.PasskeyFailed());
        }

        await keep.AddAsync(user, result.Passkey, ten, acting.Session?.Id, acting.Current, http.RequestAborted);
        return Results.Json(new { go = "/tai-khoan?da=khoa" });
    }

    private static async Task<IResult> Remove([FromForm] string khoa, HttpContext http, UserManager<UserAccount> users, ActingUser acting, KeepPasskeys keep)
    {
        if (await users.FindByIdAsync(acting.Current.Id.ToString()) is not { } user || khoa.Length > 2_000) return Results.LocalRedirect("/tai-khoan");
        byte[] id;
        try { id = WebEncoders.Base64UrlDecode(khoa); }
        catch (FormatException) { return Results.LocalRedirect("/tai-khoan"); }

        await keep.RemoveAsync(user, id, acting.Current, http.RequestAborted);
        return Results.LocalRedirect("/tai-khoan");
    }

    private static IResult Answer(Refusal refusal) => Results.Json(new { code = refusal.Code }, statusCode: Problems.StatusOf(refusal.Kind));
}

/// <summary>What a passkey was asked, sealed in the asking browser for five minutes and good for one answer.</summary>
public sealed class StateCookie(IDataProtectionProvider protection, SecurityOptions options, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LienThong.Passkey.v1");

    private string Name => SessionCookie.NameOf("lienthong-khoa", options);

    private CookieOptions Rules => new() { HttpOnly = true, Secure = options.ServesHttps, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = TimeSpan.FromMinutes(5), IsEssential = true };

    public void Keep(HttpContext http, string? state)
    {
        ArgumentNullException.ThrowIfNull(http);
        var until = clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        http.Response.Cookies.Append(Name, _protector.Protect(JsonSerializer.Serialize(new Kept(state, until))), Rules);
        http.Response.Headers.CacheControl = "no-store";
    }

    public string? Take(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var value = http.Request.Cookies[Name];
        http.Response.Cookies.Delete(Name, Rules);
        if (value is null) return null;
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(_protector.Unprotect(value));
            return kept is not null && clock.GetUtcNow().ToUnixTimeSeconds() <= kept.Until ? kept.State : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private sealed record Kept(string? State, long Until);
}
