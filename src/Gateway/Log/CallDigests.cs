using System.Security.Cryptography;

namespace LienThong.Gateway.Log;

/// <summary>The parts of a call that are digested each under a salt of its own.</summary>
public enum CallPart
{
    /// <summary>Verb, path, query, headers.</summary>
    RequestHead,
    RequestBody,

    /// <summary>Status and headers.</summary>
    ResponseHead,
    ResponseBody,

    /// <summary>Who asked, a person's number: guessable without a salt.</summary>
    UserId,
}

/// <summary>
/// Digests H(salt ‖ bytes) with SHA-256, and the salts beside them. Whoever erases the salts leaves digests that nobody can guess against
/// (exchange.md §3.4). A part nobody spoke of has neither.
/// </summary>
public readonly struct SaltedDigests
{
    internal const int Parts = 5;
    private readonly byte[]? _digests;
    private readonly byte[]? _salts;
    private readonly byte _present;

    internal SaltedDigests(byte[] digests, byte[] salts, byte present) => (_digests, _salts, _present) = (digests, salts, present);

    public bool Has(CallPart part) => (_present & (1 << (int)part)) != 0;

    /// <summary>32 bytes; empty when the part has none.</summary>
    public ReadOnlySpan<byte> Digest(CallPart part) => Has(part) ? _digests.AsSpan((int)part * 32, 32) : default;

    public ReadOnlySpan<byte> Salt(CallPart part) => Has(part) ? _salts.AsSpan((int)part * 32, 32) : default;

    /// <summary>What goes beside the log: one byte that says which parts there are, then their salts in order.</summary>
    internal int WriteSalts(Span<byte> aside)
    {
        if (_present == 0) return 0;
        aside[0] = _present;
        var at = 1;
        for (var part = 0; part < Parts; part++)
        {
            if ((_present & (1 << part)) == 0) continue;
            _salts.AsSpan(part * 32, 32).CopyTo(aside[at..]);
            at += 32;
        }

        return at;
    }

    internal const int SaltBytesMax = 1 + (Parts * 32);

    /// <summary>Reads back the salt of a part; empty when it was erased or never was.</summary>
    public static ReadOnlySpan<byte> SaltOf(ReadOnlySpan<byte> aside, CallPart part)
    {
        if (aside.IsEmpty || (aside[0] & (1 << (int)part)) == 0) return default;
        var at = 1;
        for (var before = 0; before < (int)part; before++) at += (aside[0] & (1 << before)) == 0 ? 0 : 32;
        return aside.Length >= at + 32 ? aside.Slice(at, 32) : default;
    }

    /// <summary>The digest of bytes under a salt: what a holder of both compares with the entry.</summary>
    public static byte[] Compute(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }
}

/// <summary>
/// Digests the parts of one call while they stream past. Use it again for the next call after <see cref="Reset"/>; it belongs to one call at a
/// time. Request and response may be fed from two threads, since each part has a hash of its own.
/// </summary>
/// <remarks>Most parts are small: they are gathered and hashed in one go, which costs a third of a hash that is fed piece by piece.</remarks>
public sealed class CallDigests : IDisposable
{
    private const int GatheredMax = 2_048;
    private readonly Part[] _parts = [new(), new(), new(), new(), new()];
    private byte[] _salts = new byte[SaltedDigests.Parts * MerkleHash.Size];

    public CallDigests() => Salts.Take(_salts);

    /// <summary>Adds bytes to a part; an empty span says that the part is there and has nothing in it.</summary>
    public void Add(CallPart part, ReadOnlySpan<byte> bytes) => _parts[(int)part].Add(_salts.AsSpan((int)part * MerkleHash.Size, MerkleHash.Size), bytes);

    /// <summary>The digests of all that was added. Nothing may be added afterwards.</summary>
    public SaltedDigests Finish()
    {
        var digests = new byte[SaltedDigests.Parts * MerkleHash.Size];
        var present = 0;
        for (var part = 0; part < SaltedDigests.Parts; part++)
        {
            if (_parts[part].Finish(digests.AsSpan(part * MerkleHash.Size, MerkleHash.Size))) present |= 1 << part;
        }

        return new SaltedDigests(digests, _salts, (byte)present);
    }

    /// <summary>Fresh salts for the next call.</summary>
    public void Reset()
    {
        Span<byte> left = stackalloc byte[MerkleHash.Size];
        foreach (var part in _parts) part.Finish(left);   // Of a call that was not finished: empty it.
        _salts = new byte[SaltedDigests.Parts * MerkleHash.Size];   // The old ones may still be on their way to the disk.
        Salts.Take(_salts);
    }

    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
    }

    private sealed class Part : IDisposable
    {
        private byte[]? _gathered;
        private IncrementalHash? _hash;
        private int _length;
        private bool _isStreaming;

        public void Add(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> bytes)
        {
            _gathered ??= new byte[GatheredMax];
            if (_length == 0)
            {
                salt.CopyTo(_gathered);
                _length = salt.Length;
            }

            if (!_isStreaming && bytes.Length <= GatheredMax - _length)
            {
                bytes.CopyTo(_gathered.AsSpan(_length));
                _length += bytes.Length;
                return;
            }

            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (!_isStreaming) _hash.AppendData(_gathered, 0, _length);
            _isStreaming = true;
            _hash.AppendData(bytes);
        }

        /// <returns>False when nothing was said of the part.</returns>
        public bool Finish(Span<byte> digest)
        {
            if (_length == 0) return false;
            if (_isStreaming) _hash!.GetHashAndReset(digest);
            else SHA256.HashData(_gathered.AsSpan(0, _length), digest);
            (_length, _isStreaming) = (0, false);
            return true;
        }

        public void Dispose() => _hash?.Dispose();
    }

    /// <summary>Random bytes of the system, fetched some thousand at a time. Each is given out once and wiped.</summary>
    private static class Salts
    {
        private const int BytesAtOnce = 32 * SaltedDigests.Parts * MerkleHash.Size;

        [ThreadStatic]
        private static byte[]? _fetched;

        [ThreadStatic]
        private static int _left;

        public static void Take(Span<byte> salts)
        {
            _fetched ??= new byte[BytesAtOnce];
            if (_left < salts.Length)
            {
                RandomNumberGenerator.Fill(_fetched);
                _left = BytesAtOnce;
            }

            var taken = _fetched.AsSpan(_left - salts.Length, salts.Length);
            taken.CopyTo(salts);
            taken.Clear();
            _left -= salts.Length;
        }
    }
}
