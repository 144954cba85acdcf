using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Web.Shell;

/// <summary>The few routes of the frame itself: language, shortcuts, health.</summary>
public static class ShellEndpoints
{
    public const string KeysCookie = "lienthong-keys";

    public static void MapShell(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ngon-ngu", ([FromForm] string tieng, [FromForm] string? ve, HttpContext http) =>
        {
            var culture = tieng == "en" ? "en" : "vi";
            http.Response.Cookies.Append(
                LanguageCookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/" });
            return Results.LocalRedirect(LocalOr(ve, "/"));
        }).Require(Permission.Anyone).ExcludeFromDescription();

        routes.MapPost("/giao-dien", ([FromForm] string nen, [FromForm] string? ve, HttpContext http) =>
        {
            http.Response.Cookies.Append(
                ThemeCookie, nen == "toi" ? "dark" : "light",
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/" });
            return Results.LocalRedirect(LocalOr(ve, "/"));
        }).Require(Permission.Anyone).ExcludeFromDescription();

        routes.MapPost("/phim-tat/doi", ([FromForm] string bat, HttpContext http) =>
        {
            // Read by our own script, so not HttpOnly; it says nothing about the person.
            http.Response.Cookies.Append(KeysCookie, bat == "1" ? "on" : "off", new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/" });
            return Results.LocalRedirect("/phim-tat");
        }).Require(Permission.Anyone).ExcludeFromDescription();

        routes.MapGet("/health/live", () => Results.Text("live")).Require(Permission.Anyone).ExcludeFromDescription().DisableHttpMetrics();
        routes.MapGet("/health/ready", async (IDbContextFactory<PlatformDb> databases, IEnumerable<IReadiness> parts, CancellationToken cancellationToken) =>
        {
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                await db.Jobs.AsNoTracking().OrderBy(j => j.Id).Select(j => j.Id).Take(1).ToListAsync(cancellationToken);
                // A part that is away is told, and the pages stay: a balancer must not take them out because the exchange cannot start.
                return Results.Text(string.Join('\n', ["ready", .. parts.Select(p => $"{p.Part}: {p.State}")]));
            }
#pragma warning disable CA1031 // Whatever is wrong with the database, the answer to a probe is "not ready", not a fault page.
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                return Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }).Require(Permission.Anyone).ExcludeFromDescription().DisableHttpMetrics();
    }

    public const string LanguageCookie = "lienthong-lang";

    public const string ThemeCookie = "lienthong-theme";

    /// <summary>What the html element says to the style sheets; null is the light of day.</summary>
    public static string? Theme(this HttpContext? http) => http?.Request.Cookies[ThemeCookie] == "dark" ? "dark" : null;

    /// <summary>A path of this site, or the fallback: an address from a form never leads elsewhere.</summary>
    public static string LocalOr(string? address, string fallback) =>
        address is { Length: > 0 and < 2000 } && address[0] == '/' && (address.Length == 1 || (address[1] is not '/' and not '\\')) && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl)
            ? address
            : fallback;
}
