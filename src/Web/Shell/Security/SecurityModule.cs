using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Web.Desk.Accounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LienThong.Web.Shell.Security;

/// <summary>Who may come in and what opens to whom, on one screen.</summary>
public static class SecurityModule
{
    public static IServiceCollection AddSecurity(this IServiceCollection services, SecurityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddHttpContextAccessor();
        services.AddScoped<ActingUser>();
        services.RemoveAll<ICurrentUser>();
        services.AddScoped<ICurrentUser>(provider => provider.GetRequiredService<ActingUser>());
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<StateCookie>();
        services.AddScoped<Entrance>();
        services.AddScoped<UnitNames>();
        if (options.Oidc is { } oidc) services.AddSingleton(provider => new OidcClient(oidc, provider.GetRequiredService<TimeProvider>()));
        if (options.Certificates is { } certificates) services.AddSingleton(provider => new CertificateTrust(certificates, provider.GetRequiredService<TimeProvider>()));

        services.Configure<IdentityPasskeyOptions>(o =>
        {
            // Discoverable and unlocked by its holder: then a passkey alone is two factors, and no name need be typed.
            o.ResidentKeyRequirement = "required";
            o.UserVerificationRequirement = "required";
        });
        services.PostConfigure<AntiforgeryOptions>(o =>
        {
            o.Cookie.Name = SessionCookie.NameOf("lienthong-af", options);
            o.Cookie.Path = "/";
            o.Cookie.SecurePolicy = options.ServesHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        });
        return services;
    }

    /// <summary>Stands after routing, so that the endpoint is known, and before antiforgery, which binds its tokens to the person.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<SecurityOptions>().Certificates?.Port is { } certificatePort)
        {
            // The port that asks for certificates answers nothing else: a browser that chose one there must not carry it through every page.
            app.Use((http, next) =>
            {
                if (http.Connection.LocalPort != certificatePort || http.Request.Path == SignInEndpoints.CertificatePath) return next(http);
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }

        app.UseMiddleware<AccessMiddleware>();
    }

    public static void MapSecurity(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapPasskeys();
        routes.MapAudit();
    }

    /// <summary>
    /// A port of its own for certificates: browsers no longer answer a request for one in the middle of a connection. TLS takes any certificate
    /// whose holder has the key; whether it is believed is decided afterwards, where a refusal can be explained.
    /// </summary>
    public static void ListenForCertificates(this KestrelServerOptions kestrel, SecurityOptions options, X509Certificate2 server, bool any)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Certificates?.Port is not { } port) return;
        Action<ListenOptions> ask = listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = server,
                SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,

                // Every sign-in proves the key anew: a card taken out of its reader must not go on signing in by a resumed connection.
                OnAuthenticate = (_, ssl) => ssl.AllowTlsResume = false,
            });
        };
        if (any) kestrel.ListenAnyIP(port, ask);
        else kestrel.ListenLocalhost(port, ask);
    }
}
