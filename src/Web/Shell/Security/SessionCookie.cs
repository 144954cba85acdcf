using LienThong.Kernel;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// The cookie that names a session. Over HTTPS it is <c>__Host-lienthong</c>: Secure, this host only, no domain. Browsers keep such a cookie
/// over plain HTTP only for some spellings of this machine and many clients for none, so a host that serves plain HTTP on loopback (the
/// demo) uses the bare name without Secure; there the cookie never leaves the machine. How long a session lives is kept in the database,
/// so the cookie itself ends with the browser.
/// </summary>
public sealed class SessionCookie(IDataProtectionProvider protection, SecurityOptions options)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LienThong.Session.v1");

    public string Name => NameOf("lienthong", options);

    /// <summary>Every cookie of ours that proves something is named by this rule.</summary>
    public static string NameOf(string bare, SecurityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ServesHttps ? "__Host-" + bare : bare;
    }

    public CookieOptions Rules => new() { HttpOnly = true, Secure = options.ServesHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    public (SessionId Session, UserId User)? Read(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.Cookies[Name] is not { Length: > 0 and < 1_000 } value) return null;
        try
        {
            var parts = _protector.Unprotect(value).Split('.');
            return parts.Length == 2 && SessionId.TryParse(parts[0], out var session) && UserId.TryParse(parts[1], out var user) ? (session, user) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Made with keys that are gone, or made up: no session.
            return null;
        }
    }

    public void Write(HttpContext http, SessionId session, UserId user)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Append(Name, _protector.Protect($"{session}.{user}"), Rules);
    }

    public void Clear(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Delete(Name, Rules);
    }
}
