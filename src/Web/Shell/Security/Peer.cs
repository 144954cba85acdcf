using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LienThong.Web.Shell.Security;

/// <summary>Who really holds the other end of the connection, remembered before forwarded headers put the client's address in its place.</summary>
public sealed record Peer(IPAddress? Address, bool IsProxy);

/// <summary>The certificate a client showed: on our own port by TLS, or in the header of a named proxy. From anybody else the header is removed.</summary>
public static class PeerExtensions
{
    private static readonly object Key = new();

    /// <summary>Stands before <c>UseForwardedHeaders</c>.</summary>
    public static void UsePeer(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var header = app.Services.GetRequiredService<SecurityOptions>().Certificates?.Header;
        var forwarded = app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value;
        app.Use((http, next) =>
        {
            var address = http.Connection.RemoteIpAddress;
            var peer = new Peer(address, address is not null && forwarded.ForwardedHeaders is not ForwardedHeaders.None && IsKnown(forwarded, address));
            http.Items[Key] = peer;
            if (header is not null && !peer.IsProxy) http.Request.Headers.Remove(header);
            return next(http);
        });
    }

    public static async Task<X509Certificate2?> ClientCertificateAsync(this HttpContext http, CertificateOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Header is { } name && http.Items[Key] is Peer { IsProxy: true } && http.Request.Headers[name].ToString() is { Length: > 0 and < 16_000 } value)
        {
            try
            {
                // nginx hands on the PEM with its line ends escaped ($ssl_client_escaped_cert).
                return X509Certificate2.CreateFromPem(Uri.UnescapeDataString(value));
            }
            catch (CryptographicException)
            {
                return null;
            }
        }

        return await http.Connection.GetClientCertificateAsync(cancellationToken);
    }

    private static bool IsKnown(ForwardedHeadersOptions options, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return options.KnownProxies.Contains(plain) || options.KnownIPNetworks.Any(n => n.Contains(plain));
    }
}
