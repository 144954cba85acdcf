using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// The last step of every way in: opens the session and writes the cookie. And the ticket between password and one-time code, which lives
/// in the form itself for five minutes.
/// </summary>
public sealed class Entrance(Sessions sessions, AccountSnapshots snapshots, SessionCookie cookie, IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan HalfWay = TimeSpan.FromMinutes(5);
    private readonly IDataProtector _tickets = protection.CreateProtector("LienThong.HalfWay.v1");

    public static SignInOrigin OriginOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return new SignInOrigin(http.Connection.RemoteIpAddress?.ToString(), http.Connection.RemotePort, http.Request.Headers.UserAgent.ToString());
    }

    /// <summary>Any session the browser had before is ended: a new sign-in is a new session, so a planted cookie is worth nothing.</summary>
    public async Task<Result<Done>> EnterAsync(HttpContext http, UserId user, string method, bool hasSecondFactor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(http);
        var opened = await sessions.OpenAsync(user, method, hasSecondFactor, OriginOf(http), cancellationToken);
        if (!opened.IsGranted(out var session, out var refusal)) return refusal;
        if (cookie.Read(http) is { } before && before.User == user)
        {
            var (origin, account) = (OriginOf(http), await snapshots.FindAsync(user, cancellationToken));
            var by = new CurrentUser(user, account?.DisplayName ?? "", account?.HomeUnit ?? default, "", [], origin.Address, origin.Port);
            await sessions.EndAsync(before.Session, by, "replaced", cancellationToken);
        }

        cookie.Write(http, session, user);
        return new Done();
    }

    public string TicketFor(UserId user) =>
        _tickets.Protect($"{user}.{(clock.GetUtcNow() + HalfWay).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");

    public UserId? ReadTicket(string? ticket)
    {
        if (ticket is not { Length: > 0 and < 1_000 }) return null;
        try
        {
            var parts = _tickets.Unprotect(ticket).Split('.');
            return parts.Length == 2 && UserId.TryParse(parts[0], out var user)
                && long.Parse(parts[1], CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds() ? user : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
