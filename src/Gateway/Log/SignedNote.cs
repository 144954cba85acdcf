using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LienThong.Gateway.Log;

/// <summary>The kinds of signature a line of a note may carry (C2SP signed-note).</summary>
public enum NoteAlgorithm : byte
{
    /// <summary>ECDSA over P-256 with SHA-256, DER form, over the text of the note: what logs sign checkpoints with.</summary>
    EcdsaP256 = 0x02,

    /// <summary>
    /// A witness's cosignature, ECDSA over P-256 of <c>cosignature/v1</c>, the time and the text. A type of our own: the standard ones (Ed25519,
    /// ML-DSA) are not to be had on this platform yet.
    /// </summary>
    Cosignature = 0xff,
}

/// <summary>A public key that signs notes, with the name it signs under. Text form: <c>name+1a2b3c4d+base64(type ‖ key)</c>.</summary>
public sealed class NoteKey : IDisposable
{
    /// <summary>The long identifier that our own type 0xff carries before the key, as the format asks of private types.</summary>
    private static ReadOnlySpan<byte> CosignatureIdentifier => "lienthong.vn/cosignature-ecdsa-p256/v1\n"u8;

    private readonly ECDsa _key;
    private readonly byte[] _spki;

    private NoteKey(string name, NoteAlgorithm algorithm, ECDsa key)
    {
        (Name, Algorithm, _key, _spki) = (name, algorithm, key, key.ExportSubjectPublicKeyInfo());
        Id = KeyId(name, algorithm, _spki);
    }

    public string Name { get; }
    public NoteAlgorithm Algorithm { get; }

    /// <summary>Four bytes that tell keys of one name apart.</summary>
    public uint Id { get; }

    public static NoteKey From(string name, NoteAlgorithm algorithm, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return IsName(name) ? new NoteKey(name, algorithm, key) : throw new ArgumentException("A key name has no spaces and no '+'.", nameof(name));
    }

    /// <summary>Reads the text form; false for anything else, also for a key on another curve.</summary>
    public static bool TryParse(string? text, out NoteKey key)
    {
        key = null!;
        var parts = (text ?? "").Trim().Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || !uint.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id)) return false;
        var bytes = new byte[parts[2].Length];
        if (!Convert.TryFromBase64String(parts[2], bytes, out var length) || length < 2) return false;
        var algorithm = (NoteAlgorithm)bytes[0];
        var material = bytes.AsSpan(1, length - 1);
        if (algorithm is NoteAlgorithm.Cosignature)
        {
            if (!material.StartsWith(CosignatureIdentifier)) return false;
            material = material[CosignatureIdentifier.Length..];
        }
        else if (algorithm is not NoteAlgorithm.EcdsaP256)
        {
            return false;
        }

        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(material, out var read);
            if (read == material.Length && ecdsa.KeySize == 256 && KeyId(parts[0], algorithm, material) == id)
            {
                key = new NoteKey(parts[0], algorithm, ecdsa);
                return true;
            }
        }
        catch (CryptographicException) { }   // Not a key; the answer says so.

        ecdsa.Dispose();
        return false;
    }

    internal bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public override string ToString()
    {
        var material = Algorithm is NoteAlgorithm.Cosignature ? [.. CosignatureIdentifier, .. _spki] : _spki;
        return $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Algorithm, .. material])}";
    }

    public void Dispose() => _key.Dispose();

    internal static bool IsName(string name) => name.Length is > 0 and <= 255 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    private static uint KeyId(string name, NoteAlgorithm algorithm, ReadOnlySpan<byte> spki)
    {
        Span<byte> hash = stackalloc byte[32];
        if (algorithm is NoteAlgorithm.EcdsaP256) SHA256.HashData(spki, hash);   // This type alone is known by its key only.
        else SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)algorithm, .. CosignatureIdentifier, .. spki], hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}

/// <summary>A key that can sign notes. It owns the private key it was made with.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly ECDsa _private;

    public NoteSigner(string name, ECDsa privateKey, NoteAlgorithm algorithm = NoteAlgorithm.EcdsaP256)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        if (privateKey.KeySize != 256) throw new ArgumentException("Notes are signed on P-256.", nameof(privateKey));
        _private = privateKey;
        Key = NoteKey.From(name, algorithm, ECDsa.Create(privateKey.ExportParameters(false)));
    }

    public NoteKey Key { get; }

    /// <summary>The signature line over a note's text, its newline included.</summary>
    public string Sign(string text) => Line(_private.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>A witness's line: it saw this text, consistent with all it saw before, at that second.</summary>
    public string Cosign(string text, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        var signature = _private.SignData(SignedNote.Cosigned(text, seconds), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, seconds);
        return Line([.. time, .. signature]);
    }

    private string Line(byte[] signature)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, Key.Id);
        return $"— {Key.Name} {Convert.ToBase64String([.. id, .. signature])}\n";
    }

    public void Dispose()
    {
        _private.Dispose();
        Key.Dispose();
    }
}

/// <summary>One signature line, as far as its form goes; whether it is right is another question.</summary>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes);

/// <summary>A key that was found to have signed, and for a cosignature when.</summary>
public sealed record VerifiedSignature(NoteKey Key, DateTimeOffset? At);

/// <summary>Text with signatures under it (C2SP signed-note): lines, an empty line, then <c>— name base64</c> lines.</summary>
public sealed class SignedNote
{
    /// <summary>A checkpoint with sixteen cosignatures needs three kilobytes; a reader need not look at more.</summary>
    public const int BytesMax = 16_384;

    /// <summary>The format asks readers to take at least sixteen.</summary>
    public const int SignaturesMax = 64;

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>What is signed, with its last newline.</summary>
    public string Text { get; }
    public IReadOnlyList<NoteSignature> Signatures { get; }

    public static bool TryParse(string note, out SignedNote parsed)
    {
        ArgumentNullException.ThrowIfNull(note);
        parsed = null!;
        if (note.Length > BytesMax || note.Any(c => c < ' ' && c != '\n')) return false;
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !note.EndsWith('\n')) return false;
        var lines = note[(split + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > SignaturesMax) return false;
        var signatures = new List<NoteSignature>(lines.Length);
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            var bytes = new byte[line.Length];
            if (parts.Length != 3 || parts[0] != "—" || !NoteKey.IsName(parts[1]) || !Convert.TryFromBase64String(parts[2], bytes, out var length) || length < 5
                || Convert.ToBase64String(bytes, 0, length) != parts[2]) return false;
            signatures.Add(new NoteSignature(parts[1], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4, length - 4)));
        }

        parsed = new SignedNote(note[..(split + 1)], signatures);
        return true;
    }

    /// <summary>
    /// The signatures by known keys. Unknown keys are passed over; a wrong signature under a known name and id makes the whole note false
    /// (null), since somebody then altered it.
    /// </summary>
    public IReadOnlyList<VerifiedSignature>? Verify(IEnumerable<NoteKey> known)
    {
        var keys = known.ToLookup(k => (k.Name, k.Id));
        var found = new List<VerifiedSignature>();
        foreach (var signature in Signatures)
        {
            foreach (var key in keys[(signature.Name, signature.KeyId)])
            {
                var bytes = signature.Bytes.Span;
                DateTimeOffset? at = null;
                if (key.Algorithm is NoteAlgorithm.Cosignature)
                {
                    if (bytes.Length < 9) return null;
                    var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
                    if (seconds is < 0 or > 253_402_300_799 || !key.Verifies(Cosigned(Text, seconds), bytes[8..])) return null;
                    at = DateTimeOffset.FromUnixTimeSeconds(seconds);
                }
                else if (!key.Verifies(Encoding.UTF8.GetBytes(Text), bytes))
                {
                    return null;
                }

                if (found.All(f => f.Key != key)) found.Add(new VerifiedSignature(key, at));
            }
        }

        return found;
    }

    internal static byte[] Cosigned(string text, long seconds) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
}
