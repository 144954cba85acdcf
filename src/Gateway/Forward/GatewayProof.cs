using System.Text;
using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Forward;

/// <summary>
/// Shows a provider that a request came through this gateway and through nobody else: a short token in <c>Gateway-Assertion</c>, signed with the key of
/// <c>/oauth/jwks</c>, whose audience is that provider alone, so that it is worth nothing anywhere else. Made once for some minutes, not for each call.
/// </summary>
internal sealed class GatewayProof(AccessTokens tokens, TimeProvider clock)
{
    /// <summary>A fresh one well before the old one ends, so that a slow provider still finds it good.</summary>
    private static readonly TimeSpan RenewAfter = AccessTokens.Lifetime / 2;

    public sealed record Header(byte[] Line, DateTimeOffset MadeAt);

    /// <summary>The whole header line with its end.</summary>
    public byte[] Of(Service service)
    {
        var now = clock.GetUtcNow();
        var known = service.Proof;
        // A clock that was set back makes it look new for ever: then too it is made again.
        if (known is not null && now - known.MadeAt < RenewAfter && now >= known.MadeAt) return known.Line;
        var made = new Header(Encoding.ASCII.GetBytes($"Gateway-Assertion:{tokens.Prove(service.Entry.Provider)}\r\n"), now);
        service.Proof = made;
        return made.Line;
    }
}
