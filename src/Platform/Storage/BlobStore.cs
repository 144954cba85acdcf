using System.Security.Cryptography;

namespace LienThong.Platform.Storage;

/// <summary>A stored file: its SHA-256 in lower-case hex is its name; the same bytes are stored once and never changed.</summary>
public sealed record Blob(string Sha256, long Bytes);

/// <summary>
/// Files as received, in a folder, named by their SHA-256 (two-letter fan-out). A file is written beside its place, flushed to disk and
/// then renamed, so a kill leaves either the whole file or none. Nothing is ever overwritten or deleted here.
/// </summary>
public sealed class BlobStore(StorageOptions options)
{
    /// <summary>Evidence and plans of offices are scans of a few megabytes; the issue sets 50 MB, and a larger one is a mistake or an attack.</summary>
    public const long BytesMax = 50L * 1024 * 1024;

    /// <returns>The stored file, or null when it is larger than <paramref name="bytesMax"/> (nothing is kept then).</returns>
    public async Task<Blob?> PutAsync(Stream content, CancellationToken cancellationToken, long bytesMax = BytesMax)
    {
        ArgumentNullException.ThrowIfNull(content);
        var incoming = Path.Combine(options.BlobFolder, "incoming");
        Directory.CreateDirectory(incoming);
        var draft = Path.Combine(incoming, Path.GetRandomFileName());
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 81920, FileOptions.Asynchronous))
            {
                var buffer = new byte[81920];
                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    length += read;
                    if (length > bytesMax) return null;
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                file.Flush(flushToDisk: true);
            }

            var name = Convert.ToHexStringLower(hash.GetHashAndReset());
            var place = PathOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (!File.Exists(place)) File.Move(draft, place, overwrite: true);
            return new Blob(name, length);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <exception cref="FileNotFoundException">No such blob: a fault, since names come from our own tables.</exception>
    public Stream Open(string sha256) => new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read, 81920, FileOptions.Asynchronous);

    /// <summary>Where the bytes are, for readers that need a file (poppler, tesseract). Read only.</summary>
    public string PathOf(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)) throw new ArgumentException("Not a SHA-256 in lower-case hex.", nameof(sha256));
        return Path.Combine(options.BlobFolder, sha256[..2], sha256);
    }
}
