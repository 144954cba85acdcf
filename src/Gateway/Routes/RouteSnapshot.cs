using System.Text.Json.Serialization;

namespace LienThong.Gateway.Routes;

/// <summary>
/// Everything a gateway needs to decide on calls, made from agreements by the control plane, signed, and swapped whole. A gateway serves from its last
/// one without the control plane until <see cref="ValidUntil"/>.
/// </summary>
public sealed record RouteSnapshot
{
    /// <summary>Rises with every publication; a gateway takes a higher one only, so that an old right cannot be put back.</summary>
    public required long Number { get; init; }

    /// <summary>The X-Road instance of the province ("VN-QNG"). Identifier characters only.</summary>
    public required string Instance { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>From this instant on the snapshot opens nothing: a gateway cut off for too long must not go on with rights nobody can take back.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    public IReadOnlyList<SubsystemEntry> Subsystems { get; init; } = [];

    public IReadOnlyList<ServiceEntry> Services { get; init; } = [];

    public IReadOnlyList<AgreementEntry> Agreements { get; init; } = [];

    public QuotaEntries Quotas { get; init; } = new();

    /// <summary>SHA-256 of the subject public key info of certificates that were revoked before their time, lower-case hex.</summary>
    public IReadOnlyList<string> RevokedKeys { get; init; } = [];

    /// <summary>Keys with which the gateways of the province sign access tokens: each has its own, and each accepts the tokens of all.</summary>
    public IReadOnlyList<JwtKeyEntry> Gateways { get; init; } = [];

    /// <summary>Authorities that client certificates may chain to besides those a gateway was started with: certificates, DER in base64.</summary>
    public IReadOnlyList<string> ClientRoots { get; init; } = [];

    /// <summary>How long calls that need a receipt go on while time-stamps or witnesses of the log are away; 0: for ever.</summary>
    public int UnstampedHoursMax { get; init; }
}

/// <summary>A system that calls or offers services. (X-Road subsystem.)</summary>
public sealed record SubsystemEntry
{
    /// <summary>"instance/class/member/subsystem", each part of the identifier characters <c>A-Z a-z 0-9 ' ( ) + , - . = ?</c>.</summary>
    public required string Identifier { get; init; }

    /// <summary>Code of the agency that answers for it; quotas of an agency add up its systems.</summary>
    public required string Organisation { get; init; }

    public string Name { get; init; } = "";

    public string OrganisationName { get; init; } = "";

    /// <summary>SHA-256 of the subject public key info of each client certificate, lower-case hex. Two during rotation.</summary>
    public IReadOnlyList<string> CertificateThumbprints { get; init; } = [];

    /// <summary>Public keys with which it signs its client assertions (RFC 7523).</summary>
    public IReadOnlyList<JwtKeyEntry> JwtKeys { get; init; } = [];

    /// <summary>A company that was given a public service (doanh nghiệp được giao): it never reaches services limited to agencies.</summary>
    public bool IsEnterprise { get; init; }
}

/// <summary>An EC P-256 public key as a JWK (RFC 7517): coordinates in base64url.</summary>
public sealed record JwtKeyEntry
{
    public required string Kid { get; init; }

    public required string X { get; init; }

    public required string Y { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ServiceKind>))]
public enum ServiceKind { Rest, Soap }

[JsonConverter(typeof(JsonStringEnumConverter<ServiceState>))]
public enum ServiceState
{
    Open,

    /// <summary>Closed for a while, with a notice (503, service_disabled).</summary>
    Suspended,

    /// <summary>Closed for good (503, service_disabled).</summary>
    Disabled,
}

/// <summary>One major version of a data service.</summary>
public sealed record ServiceEntry
{
    /// <summary>What agreements name together with the major version ("ho-tich/xac-nhan-cu-tru").</summary>
    public required string Code { get; init; }

    /// <summary>The version offered ("1.4.0"); its first number is what agreements are made for.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// Where the plain face has it: lower-case ASCII segments of letters, digits, '-', '.', '_', unique in the snapshot. Null means the code for
    /// major version 1 and "code/v2" for version 2, so that a new major version never moves an address in use.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The fifth part of the X-Road identifier, unique within the provider; identifier characters only.</summary>
    public required string ServiceCode { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Identifier of the subsystem that offers it.</summary>
    public required string Provider { get; init; }

    public ServiceKind Kind { get; init; } = ServiceKind.Rest;

    /// <summary>Absolute base addresses; calls are spread over those that are well.</summary>
    public IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>How <see cref="Upstreams"/> are spoken to; null is plain HTTP.</summary>
    public AdapterEntry? Adapter { get; init; }

    /// <summary>How long the provider may take to the first byte of its answer, and between two bytes.</summary>
    public int TimeoutMs { get; init; } = 30_000;

    /// <summary>Whether a call with a safe or idempotent method may be tried once more on another address.</summary>
    public bool RetryIdempotent { get; init; } = true;

    /// <summary>Calls at a time; more are answered 503 with Retry-After, so that one slow provider does not take the room of all.</summary>
    public int ConcurrentMax { get; init; } = 512;

    public IReadOnlyList<EndpointEntry> Endpoints { get; init; } = [];

    public long MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    public long MaxResponseBytes { get; init; } = 64 * 1024 * 1024;

    public ServiceState State { get; init; } = ServiceState.Open;

    /// <summary>What callers read while it is not open.</summary>
    public string? Notice { get; init; }

    /// <summary>Answers yes or no about a person and gives no data away.</summary>
    public bool IsVerificationOnly { get; init; }

    /// <summary>Limited to agencies: an enterprise is refused even if an agreement names it.</summary>
    public bool IsAgenciesOnly { get; init; }

    /// <summary>The OpenAPI or WSDL text, served by getOpenAPI with its server addresses taken out; the gateway never asks the provider for it.</summary>
    public string? Description { get; init; }

    /// <summary>Media type of <see cref="Description"/>: application/json or application/yaml.</summary>
    public string DescriptionType { get; init; } = "application/json";
}

[JsonConverter(typeof(JsonStringEnumConverter<AdapterKind>))]
public enum AdapterKind
{
    /// <summary>X-Road r1 through a Security Server: the upstream is the server.</summary>
    Road,

    /// <summary>A token first, then the call: the upstream is the foreign gateway with the API's path.</summary>
    Token,

    /// <summary>The HTTP adapter on a Security Server, with dstcode and providerurl.</summary>
    National,

    /// <summary>A signed package in a folder, for a carrier; there is no upstream.</summary>
    Package,
}

/// <summary>What a foreign exchange needs to know beside the call. A secret is named, never carried.</summary>
public sealed record AdapterEntry
{
    public required AdapterKind Kind { get; init; }

    /// <summary>Road: X-Road-Client there.</summary>
    public string? Client { get; init; }

    /// <summary>Road: five-part identifier of the service. National: dstcode. Package: identifier of the receiver.</summary>
    public string? Target { get; init; }

    /// <summary>Token: where tokens are given. National: providerurl.</summary>
    public string? Address { get; init; }

    /// <summary>Token: name of the file in the gateway's vault.</summary>
    public string? Secret { get; init; }
}

/// <summary>One method and path of a service. <c>*</c> stands for characters inside one segment, <c>**</c> for any; <c>\*</c> and <c>\\</c> escape.</summary>
/// <param name="Method">An HTTP method in capitals, or <c>*</c>.</param>
public sealed record EndpointEntry(string Method, string PathGlob);

[JsonConverter(typeof(JsonStringEnumConverter<ErrorDialect>))]
public enum ErrorDialect
{
    /// <summary>Snake case, X-Road 7.8 and later: <c>server.serverproxy.access_denied</c>.</summary>
    Road78,

    /// <summary>Camel case, X-Road up to 7.7.1: <c>Server.ServerProxy.AccessDenied</c>.</summary>
    Road77,
}

[JsonConverter(typeof(JsonStringEnumConverter<BodyKeeping>))]
public enum BodyKeeping { None, Request, Response, Both }

/// <summary>What one consumer may do with one service, for one purpose. Without one nothing is open.</summary>
public sealed record AgreementEntry
{
    public required string Number { get; init; }

    /// <summary>Identifier of the subsystem that may call.</summary>
    public required string Consumer { get; init; }

    /// <summary>Code of the service.</summary>
    public required string Service { get; init; }

    public required int MajorVersion { get; init; }

    public string Purpose { get; init; } = "";

    /// <summary>
    /// JSON pointers (RFC 6901) of what may leave, each with everything under it; empty means all. Arrays on the way are passed through: a pointer
    /// goes on in each of their elements, and <c>*</c> may be written for that step.
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What of the service's endpoints is allowed; empty means all of them.</summary>
    public IReadOnlyList<EndpointEntry> Endpoints { get; init; } = [];

    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Exclusive. Compared with the clock at every call, so an end needs no new snapshot.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>From here on it is suspended; null means it is not.</summary>
    public DateTimeOffset? SuspendedFrom { get; init; }

    /// <summary>Zero means no limit of its own.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>Calls that may come at once; zero means one second's worth.</summary>
    public int Burst { get; init; }

    /// <summary>Calls in one day of Vietnam; zero means no limit of its own.</summary>
    public long QuotaPerDay { get; init; }

    public BodyKeeping KeepBodies { get; init; } = BodyKeeping.None;

    public bool NeedsReceipt { get; init; }

    public ErrorDialect Dialect { get; init; } = ErrorDialect.Road78;
}

/// <summary>The two upper levels of the budget: an agency, then each of its systems.</summary>
public sealed record QuotaEntries
{
    public IReadOnlyList<QuotaEntry> Organisations { get; init; } = [];

    public IReadOnlyList<QuotaEntry> Subsystems { get; init; } = [];
}

/// <param name="Key">Code of the organisation, or identifier of the subsystem.</param>
/// <param name="RatePerSecond">Zero: no limit.</param>
/// <param name="Burst">Zero: one second's worth.</param>
/// <param name="QuotaPerDay">Zero: no limit.</param>
public sealed record QuotaEntry(string Key, double RatePerSecond, int Burst, long QuotaPerDay);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RouteSnapshot))]
internal sealed partial class RouteJson : JsonSerializerContext;
