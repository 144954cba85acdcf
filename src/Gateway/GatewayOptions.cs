using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LienThong.Gateway;

/// <summary>How one gateway is to run.</summary>
public sealed record GatewayOptions
{
    /// <summary>The file in which the control plane puts signed snapshots; null when they are fetched (<see cref="Control"/>).</summary>
    public string? SnapshotFile { get; init; }

    /// <summary>The control plane to fetch snapshots from; null: they are put into <see cref="SnapshotFile"/>.</summary>
    public Control.ControlLink? Control { get; init; }

    /// <summary>Who lends this node its share of quotas that several nodes keep together; null: it is the only one.</summary>
    public Admission.IShareSource? Shares { get; init; }

    /// <summary>Keys that may sign snapshots; two while one replaces the other.</summary>
    public required IReadOnlyList<ECDsa> SnapshotKeys { get; init; }

    /// <summary>Who vouches for the log; null: nobody, and then nothing waits for them.</summary>
    public Log.LogEvidence? Evidence { get; init; }

    /// <summary>Where this gateway keeps what must survive a restart: its last snapshot, used assertions, idempotency keys.</summary>
    public required string Folder { get; init; }

    /// <summary>What access tokens name as their issuer and audience, and assertions as theirs: the address under which clients know the gateway.</summary>
    public required string Issuer { get; init; }

    /// <summary>Signs access tokens (EC P-256); gateways that share it accept each other's.</summary>
    public required ECDsa TokenKey { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>Null: plain HTTP, for a machine-local bench or behind a proxy that ends TLS; then callers are known by token only.</summary>
    public X509Certificate2? TlsCertificate { get; init; }

    /// <summary>Certificates between the server's own and a root clients know.</summary>
    public X509Certificate2Collection TlsChain { get; init; } = [];

    /// <summary>Roots that client certificates must chain to.</summary>
    public X509Certificate2Collection ClientRoots { get; init; } = [];

    /// <summary>Revoked certificates: key thumbprints, or a CRL.</summary>
    public string? RevocationFile { get; init; }

    /// <summary>Roots for providers' certificates; null: those the system trusts.</summary>
    public X509Certificate2Collection? UpstreamRoots { get; init; }

    /// <summary>What the gateway shows to providers that ask for a certificate; null: nothing.</summary>
    public X509Certificate2? UpstreamCertificate { get; init; }

    /// <summary>Certificates between that one and a root that providers know.</summary>
    public X509Certificate2Collection UpstreamChain { get; init; } = [];

    /// <summary>
    /// The process does nothing but this. Then whoever hears a socket also does the work (see <see cref="RunAlone"/>); beside pages and databases, which block threads, calls
    /// are handed to the thread pool instead.
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>
    /// To be called before the first socket of the process: its completions run where they are heard. Nothing on the way of a call blocks; what does (keys used twice, tokens,
    /// both of which flush a file) moves to the thread pool by itself.
    /// </summary>
    public static void RunAlone() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    /// <summary>Connections from callers at a time; each costs some kilobytes, and a stranger can hold one for the time of a handshake.</summary>
    public int ConnectionsMax { get; init; } = 10_000;
}
