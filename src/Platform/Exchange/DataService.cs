using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>The four methods of connection of NĐ 278/2025 Đ7, in the order of the decree.</summary>
public enum ConnectionMethod
{
    /// <summary>(a) query through the sharing platform.</summary>
    Query,

    /// <summary>(b) synchronisation of a part or all from source to consumer.</summary>
    SyncToConsumer,

    /// <summary>(c) synchronisation into the national consolidated database.</summary>
    SyncToNational,

    /// <summary>(d) packaged media.</summary>
    MediaPackage,
}

/// <summary>Who may ask for a service at all (R-SHR-13).</summary>
public enum ServiceAudience { Agencies, AgenciesAndEnterprises }

/// <summary>How the gateway reaches what stands behind a service; NDXP, NDOP, VXP and LGSP are configurations of these.</summary>
public enum UpstreamAdapter
{
    /// <summary>HTTP(S), straight to the provider.</summary>
    Plain,

    /// <summary>X-Road message protocol r1, through a Security Server.</summary>
    Road,

    /// <summary>A token first, then the call (WSO2 style: NDXP, most LGSP).</summary>
    Token,

    /// <summary>The HTTP adapter on a Security Server (VXP form).</summary>
    National,

    /// <summary>A signed package for a carrier, where there is no line.</summary>
    Package,
}

/// <summary>A data service of the register (R-SHR-01), under the address it has on the gateway.</summary>
public sealed class DataService : ExchangeThing
{
    public required DataServiceId Id { get; init; }

    /// <summary>Its path on the plain face: <c>dat-dai/thua-dat</c>. Unique in the province, and for ever.</summary>
    public required string Code { get; init; }

    /// <summary>Its X-Road service code within the provider's subsystem.</summary>
    public required string ServiceCode { get; init; }
    public required SubsystemId Provider { get; init; }

    /// <summary>The unit of the provider's subsystem.</summary>
    public required OrgUnitId Unit { get; init; }

    /// <summary>Lower-case words joined by hyphens, in one to four parts: it is an address people read, and no part of it needs an escape.</summary>
    public static bool IsCode(string? text) =>
        text is { Length: > 0 and <= 120 } && text.Split('/') is { Length: <= 4 } parts
        && parts.All(p => p.Length > 0 && p[0] != '-' && p[^1] != '-' && p.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        && !ReservedFirst.Contains(parts[0]) && !parts.Any(p => p[0] == 'v' && p.Skip(1).All(char.IsAsciiDigit) && p.Length > 1);

    /// <summary>
    /// First parts the gateway uses itself: the message protocol of X-Road, its token endpoint, health, the log, the national adapter form. A part like
    /// "v2" is not allowed anywhere, because the gateway adds it for the second major version of a service.
    /// </summary>
    private static readonly HashSet<string> ReservedFirst = new(StringComparer.Ordinal)
    {
        "r0", "r1", "r2", "oauth", "health", "soap", "api", "tile", "checkpoint", "asic", "verificationconf", "restservice", "metrics",
    };

    /// <summary>A legal X-Road service code that is not one of the metadata services every Security Server has.</summary>
    public static bool IsServiceCode(string? text) => Subsystem.IsIdentifier(text) && !Metadata.Contains(text!) && !text!.StartsWith("get", StringComparison.Ordinal);

    private static readonly HashSet<string> Metadata = new(StringComparer.OrdinalIgnoreCase) { "listClients", "listMethods", "allowedMethods" };
}

/// <summary>What is said about a service beside its interface. The latest holds.</summary>
public sealed class ServiceRevision : ExchangeSaying
{
    public required Guid Id { get; init; }
    public required DataServiceId Service { get; init; }
    public required string Name { get; init => field = VietnameseText.Clean(value); }

    /// <summary>The dataset it gives, in words; links to the catalogue when that is built.</summary>
    public required string Dataset { get; init => field = VietnameseText.Clean(value); }
    public required ConnectionMethod Method { get; init; }
    public required ServiceAudience Audience { get; init; }

    /// <summary>Answers yes or no about what the caller already holds; never hands out the record (population data, requirements §8).</summary>
    public required bool IsVerificationOnly { get; init; }
    public string? Quality { get; init; }

    /// <summary>Promised availability and speed, in words people sign.</summary>
    public string? ServiceLevel { get; init; }
    public required string Contact { get; init; }

    /// <summary>The regulation that says who creates, updates, uses, connects and shares the dataset (R-SHR-12); the roles themselves belong to the catalogue.</summary>
    public string? Regulation { get; init; }

    /// <summary>Base addresses behind the gateway, one a line.</summary>
    public required IReadOnlyList<string> Upstreams { get; init; }
    public required int TimeoutMilliseconds { get; init; }
    public required long RequestBytesMax { get; init; }
    public required long ResponseBytesMax { get; init; }
    public required bool RetriesIdempotent { get; init; }
    public UpstreamAdapter Adapter { get; init; }

    /// <summary>Who calls, in the foreign exchange: our subsystem's identifier there.</summary>
    public string? AdapterClient { get; init; }

    /// <summary>Who is called, in the foreign exchange: the service's identifier, or the destination code.</summary>
    public string? AdapterTarget { get; init; }

    /// <summary>A second address: of the token endpoint, or of the provider behind the adapter.</summary>
    public string? AdapterAddress { get; init; }

    /// <summary>Name of a secret in the gateway's own vault. The secret itself never comes here.</summary>
    public string? AdapterSecret { get; init; }
}

/// <summary>One version of the interface, as its document was received (by SHA-256) and as it was read.</summary>
public sealed class ServiceVersion : ExchangeSaying
{
    public required ServiceVersionId Id { get; init; }
    public required DataServiceId Service { get; init; }
    public required int Major { get; init; }
    public required int Minor { get; init; }
    public required int Patch { get; init; }
    public required Interfaces.InterfaceKind Kind { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }

    /// <summary>The interface as it was read, in JSON of ours.</summary>
    public required string Reading { get; init; }

    /// <summary>The version of the same major it continues; null for the first of its major.</summary>
    public ServiceVersionId? Previous { get; init; }

    public string Label => $"{Major}.{Minor}.{Patch}";

    public Interfaces.InterfaceDocument Document => field ??= Interfaces.InterfaceDocument.FromJson(Reading);
}
