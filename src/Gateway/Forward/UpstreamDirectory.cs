using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace LienThong.Gateway.Forward;

/// <summary>
/// All addresses of providers and all connections to them. One timer looks at every connection that waits and closes those past their time: a call itself
/// sets a number and pays for no timer and no cancellation.
/// </summary>
public sealed class UpstreamDirectory : IDisposable
{
    /// <summary>A time-out of seconds may come a quarter of one late.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Upstream> _upstreams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<UpstreamConnection, byte> _connections = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly Lazy<ForeignTokens> _tokens;

    public UpstreamDirectory(TimeProvider clock)
    {
        _clock = clock;
        _tokens = new Lazy<ForeignTokens>(() => new ForeignTokens(VaultFolder, clock));
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>A machine of the province's network answers within milliseconds; seconds mean it is not there.</summary>
    public TimeSpan ConnectMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Roots that providers' certificates must chain to; null means those the system trusts.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>What the gateway shows to providers that ask for a certificate.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    /// <summary>Secrets of other gateways, one file each, for the owner of this one alone.</summary>
    public string VaultFolder { get; init; } = "vault";

    internal ForeignTokens Tokens => _tokens.Value;

    /// <summary>Packages that wait for a carrier; null: this gateway keeps none.</summary>
    internal PackageOutbox? Packages { get; init; }

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Monotonic milliseconds.</summary>
    internal long NowMs => _clock.GetTimestamp() / (_clock.TimestampFrequency / 1_000);

    internal int ConnectionCount => _connections.Count;

    internal Upstream Of(string address) => _upstreams.GetOrAdd(address, static (a, directory) => new Upstream(a, directory), this);

    /// <summary>These are named by the snapshot in force; the others go.</summary>
    internal void Keep(IEnumerable<Upstream> named)
    {
        var kept = named.ToHashSet();
        foreach (var (address, upstream) in _upstreams)
        {
            if (!kept.Contains(upstream) && _upstreams.TryRemove(address, out _)) upstream.Retire();
        }
    }

    internal void Opened(UpstreamConnection connection) => _connections[connection] = 0;

    internal void Closed(UpstreamConnection connection) => _connections.TryRemove(connection, out _);

    private void Look()
    {
        var now = NowMs;
        foreach (var (connection, _) in _connections) connection.CloseIfLate(now);
        foreach (var (_, upstream) in _upstreams) upstream.CloseRested(now);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (_tokens.IsValueCreated) _tokens.Value.Dispose();
        foreach (var (connection, _) in _connections) connection.Dispose();
    }
}
