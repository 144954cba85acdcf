using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Forward;

/// <summary>
/// Method (d) of NĐ 278/2025 Đ7, where there is no line: the call becomes a signed package in a folder, which somebody carries. What the caller gets is the receipt that
/// it lies there, on disk; the answer of the other side comes as a package of its own.
/// </summary>
internal sealed class PackagePort : ForeignPort
{
    public PackagePort(AdapterEntry entry, UpstreamDirectory upstreams)
    {
        if (entry.Target is not { } target || !RoadIdentifier.IsIdentifier(target, 4)) throw new InvalidDataException($"'{entry.Target}' receives no packages");
        (Target, Outbox) = (target, upstreams.Packages);
    }

    public string Target { get; }

    /// <summary>Null on a gateway that keeps none.</summary>
    public PackageOutbox? Outbox { get; }

    public override void WriteTarget(PooledBytes head, ReadOnlySpan<char> basePath, ReadOnlySpan<char> rest, ReadOnlySpan<char> query) => throw new NotSupportedException("A package goes nowhere by itself.");
}

/// <summary>What stands on a package.</summary>
public sealed record PackageManifest
{
    public int V { get; init; } = 1;
    public required Guid Id { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Service { get; init; }
    public required string Agreement { get; init; }
    public required string Method { get; init; }

    /// <summary>Path and query for the service, as the caller sent them.</summary>
    public required string Target { get; init; }
    public string ContentType { get; init; } = "";
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public required string Sha256 { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The gateway whose key signed it.</summary>
    public required string Issuer { get; init; }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(PackageManifest))]
internal sealed partial class PackageJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>The folder of packages that wait for a carrier. One that is named <c>.goi</c> is whole and on disk; its signature covers the manifest and through it the body.</summary>
internal sealed class PackageOutbox
{
    /// <summary>Whoever carries them comes by more often than this many; more are a carrier who does not come.</summary>
    private const int WaitingMax = 10_000;

    public const string Extension = ".goi", Body = "noi-dung", Manifest = "to-khai.json", Signature = "to-khai.jws", Type = "goi+jwt";

    private readonly string _folder;
    private readonly ECDsa _key;
    private readonly byte[] _header;
    private int _waiting = -1;

    public PackageOutbox(string folder, ECDsa key, string kid, string issuer)
    {
        (_folder, _key, Issuer) = (folder, key, issuer);
        _header = System.Text.Encoding.ASCII.GetBytes($$"""{"alg":"ES256","typ":"{{Type}}","kid":"{{kid}}"}""");
    }

    public string Issuer { get; }

    public string Folder => _folder;

    /// <summary>Whether there is room for one more; counts the folder again when it seems full, because a carrier empties it behind our back.</summary>
    public bool HasRoom()
    {
        if (Volatile.Read(ref _waiting) is >= 0 and < WaitingMax) return true;
        Directory.CreateDirectory(_folder);
        Volatile.Write(ref _waiting, Directory.EnumerateFiles(_folder, "*" + Extension).Count());
        return Volatile.Read(ref _waiting) < WaitingMax;
    }

    /// <summary>Writes one; it is on disk when this returns.</summary>
    /// <param name="copy">Writes the body into the stream it is given.</param>
    /// <param name="describe">The manifest, from the length and SHA-256 of that body.</param>
    /// <returns>Null when <paramref name="copy"/> says that there is no whole body.</returns>
    public async Task<PackageManifest?> WriteAsync(Guid id, Func<Stream, Task<bool>> copy, Func<long, string, PackageManifest> describe)
    {
        Directory.CreateDirectory(_folder);
        var name = Path.Combine(_folder, id.ToString("N", CultureInfo.InvariantCulture));
        PackageManifest manifest;
        try
        {
            await using (var file = new FileStream(name + ".part", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    await using (var body = new Hashing(await zip.CreateEntry(Body, CompressionLevel.NoCompression).OpenAsync(), hash))
                    {
                        if (!await copy(body)) return null;
                        manifest = describe(body.Bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
                    }

                    var said = JsonSerializer.SerializeToUtf8Bytes(manifest, PackageJson.Default.PackageManifest);
                    await AddAsync(zip, Manifest, said);
                    await AddAsync(zip, Signature, System.Text.Encoding.ASCII.GetBytes(Jwt.Sign(_key, _header, said)));
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(name + ".part", name + Extension, overwrite: false);
            DurableFile.FlushFolder(_folder);
            Interlocked.Increment(ref _waiting);
            return manifest;
        }
        finally
        {
            File.Delete(name + ".part");
        }
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] bytes)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync();
        await entry.WriteAsync(bytes);
    }

    /// <summary>Counts and digests what goes through.</summary>
    private sealed class Hashing(Stream inner, IncrementalHash hash) : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            hash.AppendData(buffer, offset, count);
            Bytes += count;
            inner.Write(buffer, offset, count);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            Bytes += buffer.Length;
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
