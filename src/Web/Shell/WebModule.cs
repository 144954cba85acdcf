using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Threading.RateLimiting;
using LienThong.Platform.Exchange;
using LienThong.Platform.Plans;
using LienThong.Platform.Registry;
using LienThong.Platform.Shared;
using LienThong.Web.Desk.Exchange;
using LienThong.Web.Desk.Monitoring;
using LienThong.Web.Desk.Plans;
using LienThong.Web.Portal;
using LienThong.Web.Resources;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LienThong.Web.Shell;

/// <summary>Pages, API and what protects them, on one screen.</summary>
public static class WebModule
{
    public static IServiceCollection AddWeb(this IServiceCollection services, SiteIdentity site, SecurityOptions security)
    {
        services.AddSingleton(site);
        services.AddRazorComponents(o => o.TemporaryRedirectionUrlValidityDuration = TimeSpan.FromMinutes(1));
        // Vietnamese goes out as it is: entities would triple every page.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddLocalization();
        services.AddPlansDesk();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "lienthong-af";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.HeaderName = "x-csrf-token";
        });
        services.AddProblemDetails(o => o.CustomizeProblemDetails = context =>
        {
            // Every problem carries a stable code; the reference finds the line in the log.
            context.ProblemDetails.Extensions.TryAdd("code", "http." + context.ProblemDetails.Status?.ToString(CultureInfo.InvariantCulture));
            context.ProblemDetails.Extensions["reference"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        });
        services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Liên Thông API";
            document.Info.Version = "1";
            return Task.CompletedTask;
        }));
        services.AddResponseCompression(o =>
        {
            // Pages carry an antiforgery token that is masked anew on each answer, so compressing them over TLS gives BREACH nothing to hold.
            o.EnableForHttps = true;
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
            o.MimeTypes = ResponseCompressionDefaults.MimeTypes.Concat(["image/svg+xml", "application/problem+json"]);
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.AddHsts(o => { o.MaxAge = TimeSpan.FromDays(365); o.IncludeSubDomains = true; });
        services.Configure<FormOptions>(o => { o.ValueCountLimit = 2_000; o.ValueLengthLimit = 1_000_000; o.MultipartBodyLengthLimit = RequestBytesMax.Upload; });
        services.AddSecurity(security);
        services.AddRateLimiter(AddLimits);
        services.Configure<RequestLocalizationOptions>(o =>
        {
            // Cultures choose words only; numbers and dates are always written by Vietnamese.* so that no host's ICU changes them.
            o.DefaultRequestCulture = new RequestCulture("vi");
            o.SupportedCultures = [CultureInfo.InvariantCulture];
            o.SupportedUICultures = [new CultureInfo("vi"), new CultureInfo("en")];
            o.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = ShellEndpoints.LanguageCookie }];
        });
        return services;
    }

    /// <summary>The pipeline up to routing; <see cref="MapWeb"/> adds the endpoints.</summary>
    public static void UseWeb(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(HeadAsGet);
        app.UseResponseCompression();
        app.Use(SecurityHeaders);
        // Outside of what answers faults and bare statuses, so that these speak the reader's language too.
        app.UseRequestLocalization();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerFault });
        app.UseHsts();
        app.UseStatusCodePages(AnswerBareStatus);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseSecurity();
    }

    public static void MapWeb(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseAntiforgery();
        app.MapStaticAssets().Require(Permission.Anyone);
        app.MapOpenApi("/api").Require(Permission.Anyone);
        app.MapShell();
        app.MapSecurity();
        app.MapRegistry();
        app.MapPlans();
        app.MapPlansDesk();
        app.MapExchange();
        app.MapExchangeDesk();
        app.MapMonitoringDesk();
        app.MapVerify();
        app.MapRazorComponents<App>();
    }

    /// <summary>
    /// HEAD is answered like GET, without the body (RFC 9110 §9.3.2). The framework maps pages for GET and POST only; the server itself remembers
    /// how it was asked and sends no body.
    /// </summary>
    private static Task HeadAsGet(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    }

    private static Task SecurityHeaders(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";
        headers.XFrameOptions = "DENY";
        return next(http);
    }

    private static void AddLimits(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (context, _) =>
        {
            if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
            {
                context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return ValueTask.CompletedTask;
        };

        // A person never needs 100 pages in a second; an office of hundreds behind one address may need a burst at eight o'clock.
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(
            ClientOf(http), _ => new TokenBucketRateLimiterOptions { TokenLimit = 600, TokensPerPeriod = 150, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true }));
    }

    /// <summary>Who a request counts against: the address, and for IPv6 its /64, which is what one subscriber holds.</summary>
    public static string ClientOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>A program gets problem+json with a code. A person gets a page, also after sending a form; only browsers ask for HTML by name.</summary>
    private static bool WantsProblem(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        || (!HttpMethods.IsGet(http.Request.Method) && !http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)));

    private static Task AnswerFault(HttpContext http)
    {
        // What a client sent and nobody could read (too large, cut off) is the client's; only the rest is a fault of ours.
        for (var fault = http.Features.Get<IExceptionHandlerFeature>()?.Error; fault is not null; fault = fault.InnerException)
        {
            if (fault is not BadHttpRequestException bad) continue;
            http.Response.StatusCode = bad.StatusCode;
            return AnswerAsync(http, "http." + bad.StatusCode.ToString(CultureInfo.InvariantCulture));
        }

        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Response.Headers["x-reference"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        return AnswerAsync(http, "fault");
    }

    private static Task AnswerBareStatus(StatusCodeContext context) =>
        AnswerAsync(context.HttpContext, "http." + context.HttpContext.Response.StatusCode.ToString(CultureInfo.InvariantCulture));

    private static async Task AnswerAsync(HttpContext http, string code)
    {
        var status = http.Response.StatusCode;
        if (WantsProblem(http))
        {
            await Results.Problem(statusCode: status, title: code == "fault" ? code : null, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(http);
            return;
        }

        // A page may have failed while it was drawn; its renderer belongs to the request's scope and cannot draw a second one. Ours is of its own.
        await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(StandaloneStatus.Status)] = status });
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<StandaloneStatus>(parameters)).ToHtmlString());
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, http.RequestAborted);
    }
}

/// <summary>How large a request may be.</summary>
public static class RequestBytesMax
{
    /// <summary>Forms are text; the longest narrative fits ten times over.</summary>
    public const long Form = 2L * 1024 * 1024;

    /// <summary>The 50 MB for a plan or an evidence file, and room for the form around it.</summary>
    public const long Upload = 52L * 1024 * 1024;
}
