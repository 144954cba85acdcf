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
public sealed class CallDigests : IDisposable
{
    private readonly IncrementalHash?[] _hashes = new IncrementalHash?[SaltedDigests.Parts];
    private byte[] _salts = new byte[SaltedDigests.Parts * 32];
    private int _present;

    public CallDigests() => RandomNumberGenerator.Fill(_salts);

    /// <summary>Adds bytes to a part; an empty span says that the part is there and has nothing in it.</summary>
    public void Add(CallPart part, ReadOnlySpan<byte> bytes)
    {
        var hash = _hashes[(int)part] ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if ((Interlocked.Or(ref _present, 1 << (int)part) & (1 << (int)part)) == 0) hash.AppendData(_salts, (int)part * 32, 32);
        hash.AppendData(bytes);
    }

    /// <summary>The digests of all that was added. Nothing may be added afterwards.</summary>
    public SaltedDigests Finish()
    {
        var digests = new byte[SaltedDigests.Parts * 32];
        for (var part = 0; part < SaltedDigests.Parts; part++)
        {
            if ((_present & (1 << part)) != 0) _hashes[part]!.GetHashAndReset(digests.AsSpan(part * 32, 32));
        }

        return new SaltedDigests(digests, _salts, (byte)_present);
    }

    /// <summary>Fresh salts for the next call.</summary>
    public void Reset()
    {
        Span<byte> left = stackalloc byte[32];
        for (var part = 0; part < SaltedDigests.Parts; part++)
        {
            if ((_present & (1 << part)) != 0) _hashes[part]!.GetHashAndReset(left);   // Of a call that was not finished: empty it.
        }

        _present = 0;
        _salts = new byte[SaltedDigests.Parts * 32];   // The old ones may still be on their way to the disk.
        RandomNumberGenerator.Fill(_salts);
    }

    public void Dispose()
    {
        foreach (var hash in _hashes) hash?.Dispose();
    }
}
