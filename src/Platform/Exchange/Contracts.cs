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
