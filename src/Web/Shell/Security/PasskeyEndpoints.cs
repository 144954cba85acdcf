using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
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
        SignInThrottle throttle, Entrance entrance, IDbContextFactory<PlatformDb> databases, TimeProvider clock, ILogger<StateCookie> log)
    {
        var origin = Entrance.OriginOf(http);
        if (!throttle.IsOpen(origin.Address ?? "", "")) return Answer(AccountsRefusals.TooManyAttempts((int)SignInThrottle.Window.TotalMinutes));
        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state.Take(http) });
        if (!result.Succeeded || result.User is not { } user || result.Passkey is not { } passkey)
        {
            throttle.Failed(origin.Address ?? "", "");
            log.PasskeyRefused(result.Failure?.Message ?? "?");
            await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
            db.Record(origin.AsNobody(), clock, "accounts.signed-in", "user", "unknown", outcome: "refused", note: "passkey");
            await db.SaveChangesAsync(http.RequestAborted);
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
        StateCookie state, AccountSnapshots snapshots, IDbContextFactory<PlatformDb> databases, TimeProvider clock, ILogger<StateCookie> log)
    {
        if (await users.FindByIdAsync(acting.Current.Id.ToString()) is not { } user) return Answer(AccountsRefusals.UserUnknown());
        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state.Take(http) });
        if (!result.Succeeded || result.UserEntity.Id != user.Id.ToString())
        {
            log.PasskeyRefused(result.Failure?.Message ?? "another person's question");
            return Answer(AccountsRefusals.PasskeyFailed());
        }

        var name = VietnameseText.Clean(ten);
        result.Passkey.Name = name.Length is 0 or > 60 ? Vietnamese.Instant(clock.GetUtcNow()) : name;
        await users.AddOrUpdatePasskeyAsync(user, result.Passkey);
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        db.Record(acting.Current, clock, "accounts.passkey.added", "user", user.Id, after: new { result.Passkey.Name });

        // Making it unlocked the authenticator in this very session.
        if (acting.Session is { } session && result.Passkey.IsUserVerified && await db.Sessions.FirstOrDefaultAsync(s => s.Id == session.Id, http.RequestAborted) is { } here) here.HasSecondFactor = true;
        await db.SaveChangesAsync(http.RequestAborted);
        snapshots.Forget(user.Id);
        return Results.Json(new { go = "/tai-khoan?da=khoa" });
    }

    private static async Task<IResult> Remove([FromForm] string khoa, HttpContext http, UserManager<UserAccount> users, ActingUser acting, AccountSnapshots snapshots, IDbContextFactory<PlatformDb> databases, TimeProvider clock)
    {
        if (await users.FindByIdAsync(acting.Current.Id.ToString()) is not { } user || khoa.Length > 2_000) return Results.LocalRedirect("/tai-khoan");
        byte[] id;
        try { id = WebEncoders.Base64UrlDecode(khoa); }
        catch (FormatException) { return Results.LocalRedirect("/tai-khoan"); }

        if (await users.GetPasskeyAsync(user, id) is { } passkey)
        {
            await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
            await users.RemovePasskeyAsync(user, id);
            db.Record(acting.Current, clock, "accounts.passkey.removed", "user", user.Id, before: new { passkey.Name });

            // A short password was allowed because of the second factor; without one it must be changed.
            if (!await db.Passkeys.AnyAsync(p => p.User == user.Id, http.RequestAborted) && await db.Users.FirstAsync(u => u.Id == user.Id, http.RequestAborted) is { HasTotp: false, PasswordHash: not null } stored)
            {
                stored.PasswordIsTemporary = true;
            }

            await db.SaveChangesAsync(http.RequestAborted);
            snapshots.Forget(user.Id);
        }

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
