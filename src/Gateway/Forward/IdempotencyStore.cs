using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LienThong.Gateway.Call;
using Microsoft.Extensions.Primitives;

namespace LienThong.Gateway.Forward;

/// <summary>A request with an Idempotency-Key that is being carried for the first time.</summary>
internal readonly record struct IdempotencyKey(UInt128 Value)
{
    public static readonly IdempotencyKey None;

    public bool IsNone => Value == UInt128.Zero;
}

/// <summary>What the first request was answered.</summary>
internal sealed record IdempotentAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, bool HasBody);

/// <summary>Exactly one of: a key to go on with, the earlier answer, or why not.</summary>
internal readonly record struct IdempotencyBeginning(IdempotencyKey Key, IdempotentAnswer? Answer, CallRefusal? Refusal);

/// <summary>
/// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same key twice has one effect, also across a kill. "Begun" is on disk before the request
/// leaves and the answer before it is given out; a key that was begun and never finished is refused afterwards as of unknown outcome, because only the provider
/// knows, and guessing would do it twice. A journal in two generations of a day each; the table has a fixed limit.
/// </summary>
internal sealed class IdempotencyStore : IDisposable
{
    /// <summary>A caller that tries again does so within hours; a day is what others promise too.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>About one keyed request a second for a day.</summary>
    private const int KeysMax = 100_000;

    /// <summary>Answers beyond it are not kept: the second request is told that the first one succeeded, and its status, but not its body.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>All kept bodies together.</summary>
    private const long BodiesBytesMax = 64L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly Queue<(UInt128 Key, DateTimeOffset At)> _order = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string? _path;
    private readonly TimeProvider _clock;
    private FileStream? _file;
    private long _bodies;

    /// <param name="path">Null keeps nothing across a restart, which is for tests.</param>
    public IdempotencyStore(string? path, TimeProvider clock)
    {
        (_path, _clock) = (path, clock);
        if (path is null) return;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 64 * 1024);
        Load();
    }

    public async ValueTask<IdempotencyBeginning> BeginAsync(CallState call, StringValues header)
    {
        var text = header.Count == 1 ? header[0]! : "";
        if (text is not { Length: > 0 and <= 255 }) return new(default, null, new CallRefusal(CallFault.IdempotencyKey, "Idempotency-Key must be given once, with 1 to 255 characters"));
        var key = Key(call.Consumer!.Identifier, call.Service!.RoadIdentifier, text);
        var print = Fingerprint(call);
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            Forget(now);
            if (_entries.TryGetValue(key, out var before))
            {
                if (before.Fingerprint != print) return new(default, null, new CallRefusal(CallFault.IdempotencyReused, "the key was used with another method, path or body"));
                if (before.Answer is { } answer) return new(default, answer, null);
                return new(default, null, before.IsRunning
                    ? new CallRefusal(CallFault.IdempotencyRunning, "try again when the first request has ended", RetryAfterSeconds: 1)
                    : new CallRefusal(CallFault.IdempotencyUnknown, "the outcome of the first request is not known here"));
            }

            if (_entries.Count >= KeysMax) return new(default, null, new CallRefusal(CallFault.IdempotencyFull, $"{KeysMax} keys are kept", RetryAfterSeconds: 60));
            _entries[key] = new Entry { Fingerprint = print, At = now, IsRunning = true };
            _order.Enqueue((key, now));
        }

        await WriteAsync(new Record(Hex(key), Hex(print), _clock.GetUtcNow(), 0, null, null, false));
        return new(new IdempotencyKey(key), null, null);
    }

    /// <summary>The answer, on disk when this returns.</summary>
    public async ValueTask FinishAsync(IdempotencyKey key, IdempotentAnswer answer)
    {
        if (key.IsNone) return;
        UInt128 print;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key.Value, out var entry)) return;
            if (answer.Body.Length > BodyBytesMax || _bodies + answer.Body.Length > BodiesBytesMax) answer = answer with { Body = [], HasBody = false };
            (entry.Answer, entry.IsRunning, print) = (answer, false, entry.Fingerprint);
            _bodies += answer.Body.Length;
        }

        await WriteAsync(new Record(Hex(key.Value), Hex(print), _clock.GetUtcNow(), answer.Status, [.. answer.Headers.Select(h => new[] { h.Key, h.Value })], answer.Body, answer.HasBody));
    }

    /// <summary>Nothing of the request left this gateway: the key is free again. Otherwise its outcome stays unknown.</summary>
    public async ValueTask AbandonAsync(IdempotencyKey key, bool nothingLeft)
    {
        if (key.IsNone) return;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key.Value, out var entry)) return;
            entry.IsRunning = false;
            if (nothingLeft) _entries.Remove(key.Value);
        }

        if (nothingLeft) await WriteAsync(new Record(Hex(key.Value), "", _clock.GetUtcNow(), -1, null, null, false));
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && now - oldest.At > Kept)
        {
            _order.Dequeue();
            if (_entries.TryGetValue(oldest.Key, out var entry) && entry.At == oldest.At && !entry.IsRunning)
            {
                _bodies -= entry.Answer?.Body.Length ?? 0;
                _entries.Remove(oldest.Key);
            }
        }
    }

    private async ValueTask WriteAsync(Record record)
    {
        if (_file is null) return;
        var json = JsonSerializer.SerializeToUtf8Bytes(record, IdempotencyJson.Default.Record);
        var line = new byte[4 + json.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(line, json.Length);
        json.CopyTo(line, 4);
        SHA256.HashData(json).AsSpan(0, 4).CopyTo(line.AsSpan(4 + json.Length));
        await _writing.WaitAsync();
        await Task.Yield();      // A flush is no work for a thread that hears sockets.
        try
        {
            if (_file.Length > 4 * BodiesBytesMax) Rewrite();
            await _file.WriteAsync(line);
            _file.Flush(flushToDisk: true);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Load()
    {
        var head = new byte[4];
        long good = 0;
        while (_file!.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length is <= 0 or > 1024 * 1024) break;
            var json = new byte[length + 4];
            if (_file.ReadAtLeast(json, json.Length, throwOnEndOfStream: false) < json.Length) break;
            if (!SHA256.HashData(json.AsSpan(0, length)).AsSpan(0, 4).SequenceEqual(json.AsSpan(length))) break;
            Take(JsonSerializer.Deserialize(json.AsSpan(0, length), IdempotencyJson.Default.Record)!);
            good = _file.Position;
        }

        // What a kill cut short was not answered for.
        _file.SetLength(good);
        _file.Seek(good, SeekOrigin.Begin);
    }

    private void Take(Record record)
    {
        var key = UInt128.Parse(record.Key, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        if (_entries.Remove(key, out var before)) _bodies -= before.Answer?.Body.Length ?? 0;
        if (record.Status < 0 || _clock.GetUtcNow() - record.At > Kept) return;
        var entry = new Entry { Fingerprint = UInt128.Parse(record.Print, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture), At = record.At };
        if (record.Status > 0) entry.Answer = new IdempotentAnswer(record.Status, [.. (record.Headers ?? []).Select(h => KeyValuePair.Create(h[0], h[1]))], record.Body ?? [], record.HasBody);
        _entries[key] = entry;
        _order.Enqueue((key, record.At));
        _bodies += entry.Answer?.Body.Length ?? 0;
    }

    /// <summary>What is still kept, into a new file that takes the place of the old one.</summary>
    private void Rewrite()
    {
        var fresh = new FileStream(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 64 * 1024);
        Span<byte> head = stackalloc byte[4];
        lock (_gate)
        {
            foreach (var (key, entry) in _entries)
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(
                    new Record(Hex(key), Hex(entry.Fingerprint), entry.At, entry.Answer?.Status ?? 0, entry.Answer is null ? null : [.. entry.Answer.Headers.Select(h => new[] { h.Key, h.Value })], entry.Answer?.Body, entry.Answer?.HasBody ?? false),
                    IdempotencyJson.Default.Record);
                BinaryPrimitives.WriteInt32BigEndian(head, json.Length);
                fresh.Write(head);
                fresh.Write(json);
                fresh.Write(SHA256.HashData(json).AsSpan(0, 4));
            }
        }

        fresh.Flush(flushToDisk: true);
        File.Move(_path + ".new", _path!, overwrite: true);
        _file!.Dispose();
        _file = fresh;
    }

    private static UInt128 Key(string consumer, string service, string text) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{consumer}\n{service}\n{text}"))) | UInt128.One;

    /// <summary>Method, path and query, type, and a small body itself; of a large one its length.</summary>
    private static UInt128 Fingerprint(CallState call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = call.Http.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{call.Target}\n{request.ContentType}\n{request.ContentLength}\n"));
        hash.AppendData(call.Body.Span);
        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }

    private static string Hex(UInt128 value) => value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _file?.Dispose();
        _writing.Dispose();
    }

    private sealed class Entry
    {
        public required UInt128 Fingerprint { get; init; }
        public required DateTimeOffset At { get; init; }
        public bool IsRunning { get; set; }
        public IdempotentAnswer? Answer { get; set; }
    }

    /// <param name="Status">0: begun; -1: given up before anything left; otherwise what was answered.</param>
    internal sealed record Record(string Key, string Print, DateTimeOffset At, int Status, string[][]? Headers, byte[]? Body, bool HasBody);
}

[JsonSerializable(typeof(IdempotencyStore.Record))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
