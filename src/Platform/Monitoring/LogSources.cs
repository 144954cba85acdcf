using LienThong.Gateway.Log;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Monitoring;

/// <summary>Where the logs are, as seen from this machine.</summary>
public sealed class LogSources(StorageOptions storage) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>This machine, as the rows of nodes in folders name it.</summary>
    public static string Host => Environment.MachineName;

    /// <summary>The folder under which gateways beside this control plane keep their logs.</summary>
    public string Root => Path.Combine(storage.DataFolder, "log");

    /// <summary>Addresses are read by every control plane, folders by the one whose disk they are on.</summary>
    public bool IsReadable(LogNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.IsRemote || (node.Host == Host && Path.GetFullPath(node.Place).StartsWith(Path.GetFullPath(Root), StringComparison.Ordinal));
    }

    public ITileSource Of(LogNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.IsRemote ? new TileSite(_http, new Uri(node.Place)) : new TileFolder(node.PublicFolder);
    }

    /// <summary>Logs in the data folder, but not the one of our own audit trail: it holds no calls.</summary>
    public IEnumerable<string> Found()
    {
        if (!Directory.Exists(Root)) return [];
        var audit = Path.GetFullPath(SealAudit.FolderIn(storage));
        return Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal).Where(d => Path.GetFullPath(d) != audit && File.Exists(Path.Combine(d, "public", PublicFiles.Checkpoint)));
    }

    public void Dispose() => _http.Dispose();
}
