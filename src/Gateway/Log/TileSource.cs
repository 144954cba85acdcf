using System.Net;

namespace LienThong.Gateway.Log;

/// <summary>Where a reader finds a log: <c>checkpoint</c> and <c>tile/…</c>, in a folder or at an address.</summary>
public interface ITileSource
{
    /// <summary>The bytes at a path under the log's root, or null when nothing is there.</summary>
    ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken);
}

/// <summary>A log in a folder.</summary>
public sealed class TileFolder(string folder) : ITileSource
{
    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(System.IO.Path.Combine(folder, path));
            if (file.Exists && file.Length > LogLimits.TileBytesMax) throw new InvalidDataException($"{path}: {file.Length} bytes are more than any tile has.");
            return await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }
}

/// <summary>A log served over HTTP, as any file server does it.</summary>
public sealed class TileSite(HttpClient http, Uri root) : ITileSource
{
    private readonly Uri _root = root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/");

    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(_root, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return null;
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > LogLimits.TileBytesMax) throw new InvalidDataException($"{path}: more bytes than any tile has.");
        }

        return bytes.ToArray();
    }
}

/// <summary>Limits of the format, with their reasons.</summary>
public static class LogLimits
{
    /// <summary>The length of an entry stands in two bytes (tlog-tiles); what is larger is logged as a digest.</summary>
    public const int EntryBytesMax = 65_535;

    /// <summary>A bundle of 256 largest entries, each with its length.</summary>
    public const int TileBytesMax = Tile.Full * (EntryBytesMax + 2);
}
