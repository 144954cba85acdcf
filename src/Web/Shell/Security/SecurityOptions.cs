using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// How this installation lets people in. Everything comes from settings of the environment; a part that is not set is off, and its
/// addresses do not exist.
/// </summary>
public sealed record SecurityOptions
{
    /// <summary>Whether people reach this host by HTTPS: its own certificate, or a named proxy before it. Decides the names of the cookies.</summary>
    public bool ServesHttps { get; init; }

    public OidcOptions? Oidc { get; init; }

    public CertificateOptions? Certificates { get; init; }

    public static SecurityOptions From(IConfiguration configuration, bool hasTls)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var proxies = !string.IsNullOrWhiteSpace(configuration["LIENTHONG_PROXIES"]);
        return new SecurityOptions
        {
            ServesHttps = hasTls || proxies,
            Oidc = OidcOptions.From(configuration.GetSection("LIENTHONG_OIDC")),
            Certificates = CertificateOptions.From(configuration, proxies),
        };
    }
}

/// <summary>
/// An OpenID Connect provider, such as VNConnect: LIENTHONG_OIDC__AUTHORITY, __CLIENTID, __CLIENTSECRET (or __CLIENTKEY, a PEM for
/// private_key_jwt), __SCOPE, __ACRVALUES, __NAME, and the names of the claims.
/// </summary>
public sealed record OidcOptions
{
    public required Uri Authority { get; init; }
    public required string ClientId { get; init; }
    public string? ClientSecret { get; init; }

    /// <summary>A PEM file; then the client proves itself by a signed assertion and no secret is shared.</summary>
    public string? ClientKeyFile { get; init; }
    public string? ClientKeyId { get; init; }
    public string Scope { get; init; } = "openid";
    public string? AcrValues { get; init; }

    /// <summary>What the button says.</summary>
    public string Name { get; init; } = "VNeID";
    public string SubjectClaim { get; init; } = "sub";
    public string NameClaim { get; init; } = "HoVaTen";
    public string PersonalNumberClaim { get; init; } = "SoDinhDanh";
    public string AccountTypeClaim { get; init; } = "LoaiTaiKhoan";

    /// <summary>Kinds of accounts that may come in; empty means any. VNConnect tells persons from organisations by it.</summary>
    public IReadOnlyList<string> AccountTypes { get; init; } = [];

    /// <summary>Levels (acr) and methods (amr) that count as two factors.</summary>
    public IReadOnlyList<string> StrongAcr { get; init; } = [];

    public static OidcOptions? From(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        if (section["Authority"] is not { Length: > 0 } authority) return null;
        var address = new Uri(authority.TrimEnd('/') + "/", UriKind.Absolute);
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
        {
            throw new InvalidOperationException("LIENTHONG_OIDC__AUTHORITY must be an https address (http only on this machine, for tests).");
        }

        static IReadOnlyList<string> Words(string? text) => (text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return new OidcOptions
        {
            Authority = address,
            ClientId = section["ClientId"] ?? throw new InvalidOperationException("LIENTHONG_OIDC__CLIENTID is missing."),
            ClientSecret = section["ClientSecret"],
            ClientKeyFile = section["ClientKey"],
            ClientKeyId = section["ClientKeyId"],
            Scope = section["Scope"] ?? "openid",
            AcrValues = section["AcrValues"],
            Name = section["Name"] ?? "VNeID",
            SubjectClaim = section["SubjectClaim"] ?? "sub",
            NameClaim = section["NameClaim"] ?? "HoVaTen",
            PersonalNumberClaim = section["PersonalNumberClaim"] ?? "SoDinhDanh",
            AccountTypeClaim = section["AccountTypeClaim"] ?? "LoaiTaiKhoan",
            AccountTypes = Words(section["AccountTypes"]),
            StrongAcr = Words(section["StrongAcr"]),
        };
    }
}

/// <summary>
/// Sign-in by a certificate on a card or token: LIENTHONG_CLIENT_CA names the folder of trusted authorities (PEM); LIENTHONG_CLIENT_PORT a
/// port of our own that asks for the certificate, LIENTHONG_CLIENT_HEADER the header in which a named proxy hands it on.
/// </summary>
public sealed record CertificateOptions
{
    public required string TrustFolder { get; init; }
    public int? Port { get; init; }
    public string? Header { get; init; }

    /// <summary>LIENTHONG_CLIENT_REVOCATION=online asks the authority (OCSP, CRL) and refuses when it does not answer; otherwise nobody is asked.</summary>
    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;

    public static CertificateOptions? From(IConfiguration configuration, bool hasProxies)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration["LIENTHONG_CLIENT_CA"] is not { Length: > 0 } folder) return null;
        var header = configuration["LIENTHONG_CLIENT_HEADER"];
        if (!string.IsNullOrEmpty(header) && !hasProxies)
        {
            throw new InvalidOperationException("LIENTHONG_CLIENT_HEADER needs LIENTHONG_PROXIES: a certificate in a header is believed from a named proxy only.");
        }

        return new CertificateOptions
        {
            TrustFolder = Path.GetFullPath(folder),
            Port = int.TryParse(configuration["LIENTHONG_CLIENT_PORT"], out var port) ? port : null,
            Header = string.IsNullOrEmpty(header) ? null : header,
            Revocation = configuration["LIENTHONG_CLIENT_REVOCATION"] == "online" ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        };
    }
}
