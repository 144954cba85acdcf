using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Call;

/// <summary>Who calls: a certificate of the connection, or an access token of ours. An address, a header or a name proves nothing.</summary>
internal sealed class Callers(AccessTokens tokens, Revocations revocations, TimeProvider clock)
{
    /// <summary>The subsystem, or why not. <paramref name="named"/> chooses among several that share one certificate.</summary>
    public CallRefusal? Identify(HttpContext http, RouteIndex index, string? named, out Subsystem? caller, out bool byToken)
    {
        (caller, byToken) = (null, false);
        var authorization = http.Request.Headers.Authorization;
        var connection = http.Features.Get<ConnectionCaller>();
        if (connection is not null)
        {
            var fault = connection.FaultNow(clock.GetUtcNow(), revocations) ?? (index.RevokedKeys.Contains(connection.Thumbprint) ? "the certificate is revoked" : null);
            var known = fault is null ? index.ByThumbprint(connection.Thumbprint) : [];
            if (known.Length == 1 && (named is null || named == known[0].Identifier))
            {
                caller = known[0];
                return null;
            }

            foreach (var subsystem in known)
            {
                if (subsystem.Identifier == named)
                {
                    caller = subsystem;
                    return null;
                }
            }

            // A certificate that is not good does not fall back to a token: whoever shows one is judged by it.
            if (fault is not null) return new CallRefusal(CallFault.UnknownCaller, fault, "certificate");
            if (known.Length > 0) return new CallRefusal(CallFault.UnknownCaller, named is null ? "several subsystems share this certificate; name one in X-Road-Client" : "the certificate belongs to another subsystem than X-Road-Client names", "certificate");
            if (authorization.Count == 0) return new CallRefusal(CallFault.UnknownCaller, "no subsystem has registered this certificate's key", "certificate");
        }

        if (authorization.Count != 1 || !authorization[0]!.StartsWith(AccessTokens.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new CallRefusal(CallFault.UnknownCaller, "show a registered client certificate, or an access token from /oauth/token", "no_credential");
        }

        if (tokens.SubjectOf(authorization[0]!, index) is not { } found) return new CallRefusal(CallFault.UnknownCaller, "the access token is not one of this gateway, or no longer good", "invalid_token");
        if (named is not null && named != found.Identifier) return new CallRefusal(CallFault.UnknownCaller, "the access token belongs to another subsystem than X-Road-Client names", "invalid_token");
        (caller, byToken) = (found, true);
        return null;
    }
}
