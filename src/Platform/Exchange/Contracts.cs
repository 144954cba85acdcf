using LienThong.Kernel;

namespace LienThong.Platform.Exchange.Contracts;

/// <summary>A request was sent, answered, or climbed a level; listeners ask for what they need by id.</summary>
public sealed record SharingRequestMoved(SharingRequestId Request, string What);

/// <summary>An agreement was signed by both sides, amended, stopped, resumed or ended.</summary>
public sealed record AgreementMoved(AgreementId Agreement, string What);

/// <summary>A service was published, stopped or withdrawn.</summary>
public sealed record DataServiceMoved(DataServiceId Service, string What);

/// <summary>A new signed snapshot of all rights to call is there.</summary>
public sealed record RoutesPublished(long Number);

/// <summary>The newest signed snapshot of routes, for whoever runs a gateway.</summary>
/// <param name="Envelope">The bytes as signed; their format belongs to the gateway.</param>
public sealed record RouteEnvelope(long Number, DateTimeOffset ValidUntil, ReadOnlyMemory<byte> Envelope);

/// <summary>What the exchange answers to gateways and to whoever takes their logs in.</summary>
public interface IExchangeRoutes
{
    /// <summary>The newest snapshot, when it is newer than that number.</summary>
    Task<RouteEnvelope?> NewerAsync(long than, CancellationToken cancellationToken);

    /// <summary>A successful call was seen under that agreement: a connection that is granted is now in use. Idempotent.</summary>
    Task SawCallAsync(string agreement, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A gateway that joined this control plane.</summary>
/// <param name="LogKey">The line its sealed log is checked with: name of the log, id and public key.</param>
/// <param name="RevokedAt">From then on it is served nothing.</param>
public sealed record GatewayNodeView(GatewayNodeId Id, string Name, string LogKey, DateTimeOffset JoinedAt, DateTimeOffset? SeenAt, DateTimeOffset? RevokedAt);

/// <summary>The gateways that joined, for whoever watches them and takes their logs in.</summary>
public interface IExchangeNodes
{
    Task<IReadOnlyList<GatewayNodeView>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>How far an agreement gives the right to call, for whoever shows connections.</summary>
public enum ConnectionState { Waiting, Granted, Suspended, Ended }

/// <summary>An agreement as a connection between two bodies.</summary>
/// <param name="Consumer">X-Road identifier of the consumer's subsystem.</param>
/// <param name="Service">X-Road identifier of the service, as logs write it.</param>
/// <param name="Notice">What was said when it was suspended.</param>
/// <param name="IsSimulated">A program stands in for the provider's system: a page says so wherever it shows it.</param>
public sealed record ConnectionFact(
    AgreementId Agreement, string Code, string Consumer, OrgUnitId ConsumerUnit, string ConsumerName, string Provider, OrgUnitId ProviderUnit, string ProviderName, DataServiceId ServiceId, string Service, string ServiceCode,
    string ServiceName, string Purpose, int Fields, ConnectionState State, DateOnly ValidFrom, DateOnly ValidUntil, string? Notice, bool IsSimulated);

/// <summary>A service that is open to calls.</summary>
/// <param name="IsStopped">Its provider announced that it does not answer now.</param>
/// <param name="IsSimulated">The system behind it only pretends; every page that names it says so.</param>
public sealed record ServiceFact(DataServiceId Id, string Code, string Name, string Dataset, OrgUnitId Unit, string UnitName, string Service, IReadOnlyList<string> Upstreams, bool IsStopped, bool IsSimulated);

/// <summary>A subsystem by its X-Road identifier.</summary>
public sealed record SubsystemFact(string Identifier, string Name, OrgUnitId Unit, string UnitName, bool IsSimulated);

/// <summary>
/// Requests sent in a period (R-MON-03). <paramref name="InsideTerm"/> are not answered and not due yet: they are in no denominator. Taken back ones are in none either.
/// </summary>
public sealed record RequestCounts(int Sent, int TakenBack, int InsideTerm, int Met, int MetInTime, int Refused, int Overdue)
{
    /// <summary>Those whose answer is known or overdue.</summary>
    public int Decided => Met + Refused + Overdue;
}

/// <summary>Whose sharing the person of this request may see.</summary>
public sealed record SharingSight(bool All, IReadOnlySet<OrgUnitId> Units)
{
    public bool Sees(OrgUnitId unit) => All || Units.Contains(unit);

    public bool IsEmpty => !All && Units.Count == 0;
}

/// <summary>What the exchange knows of connections, for monitoring.</summary>
public interface IExchangeFacts
{
    Task<IReadOnlyList<ConnectionFact>> ConnectionsAsync(CancellationToken cancellationToken);

    /// <summary>Published services, also those that are stopped for now.</summary>
    Task<IReadOnlyList<ServiceFact>> ServicesAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<SubsystemFact>> SubsystemsAsync(CancellationToken cancellationToken);

    Task<RequestCounts> RequestsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>Whose sharing somebody may see: asked in the name of the person of the request.</summary>
public interface ISharingSight
{
    Task<SharingSight> OfCurrentAsync(CancellationToken cancellationToken);
}
