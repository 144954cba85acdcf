using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LienThong.Gateway.Call;

/// <summary>
/// Assertions that were used, until they expire. Kept in a file as well, flushed before the token leaves, so that a second use is refused after a restart too
/// (security.md T38). Of fixed size: an assertion lives five minutes at most, and each system may ask for a few tokens a second.
/// </summary>
internal sealed class ReplayWindow : IDisposable
{
    /// <summary>A record is 32 bytes of digest and 8 of expiry.</summary>
    private const int RecordBytes = 40;

    /// <summary>Five minutes of two hundred tokens a second.</summary>
    private const int UsedMax = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, long> _used = [];
    private readonly string? _path;
    private FileStream? _file;

    /// <param name="path">Null: remembered by this process only, which is for tests.</param>
    public ReplayWindow(string? path, DateTimeOffset now)
    {
        _path = path;
        if (path is null) return;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 4_096);
        var record = new byte[RecordBytes];
        while (_file.ReadAtLeast(record, RecordBytes, throwOnEndOfStream: false) == RecordBytes)
        {
            var expires = BinaryPrimitives.ReadInt64BigEndian(record.AsSpan(32));
            if (expires > now.ToUnixTimeSeconds()) _used[BinaryPrimitives.ReadUInt128BigEndian(record)] = expires;
        }

        // A last record that a kill cut short was never answered for.
        _file.SetLength(_file.Length / RecordBytes * RecordBytes);
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Whether this is its first use. Once true is returned the use is on disk.</summary>
    public bool TryUse(string issuer, string id, long expires, DateTimeOffset now)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(issuer + "\n" + id), digest);
        var key = BinaryPrimitives.ReadUInt128BigEndian(digest);
        lock (_gate)
        {
            if (_used.Count >= UsedMax)
            {
                var seconds = now.ToUnixTimeSeconds();
                foreach (var (old, until) in _used) if (until <= seconds) _used.Remove(old);
                if (_used.Count >= UsedMax) return false;
            }

            if (!_used.TryAdd(key, expires)) return false;
            if (_file is null) return true;
            if (_file.Length > 4L * UsedMax * RecordBytes) Rewrite(now);
            Write(_file, digest, expires);
            _file.Flush(flushToDisk: true);
            return true;
        }
    }

    /// <summary>Into a new file that takes the place of the old one: a kill in between loses neither.</summary>
    private void Rewrite(DateTimeOffset now)
    {
        var fresh = new FileStream(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 4_096);
        Span<byte> digest = stackalloc byte[32];
        foreach (var (key, expires) in _used)
        {
            if (expires <= now.ToUnixTimeSeconds()) continue;
            digest.Clear();
            BinaryPrimitives.WriteUInt128BigEndian(digest, key);
            Write(fresh, digest, expires);
        }

        fresh.Flush(flushToDisk: true);
        File.Move(_path + ".new", _path!, overwrite: true);
        _file!.Dispose();
        _file = fresh;
    }

    private static void Write(FileStream file, ReadOnlySpan<byte> digest, long expires)
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        digest.CopyTo(record);
        BinaryPrimitives.WriteInt64BigEndian(record[32..], expires);
        file.Write(record);
    }

    public void Dispose() => _file?.Dispose();
}
