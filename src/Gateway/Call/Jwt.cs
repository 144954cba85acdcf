using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// Compact JSON web signatures with ES256 and nothing else: there is no list of algorithms to be talked out of, no key inside the token to be talked into
/// (RFC 8725). Only the members that are asked for are read.
/// </summary>
internal sealed class Jwt
{
    /// <summary>Ours have 600 characters; a client's assertion has room for a certificate thumbprint or two.</summary>
    public const int CharactersMax = 4_096;

    private byte[] _signed = [];
    private byte[] _signature = [];

    /// <summary>As it was signed.</summary>
    public byte[] Payload { get; private set; } = [];

    public string? Kid { get; private set; }
    public string? Type { get; private set; }
    public string? Issuer { get; private set; }
    public string? Subject { get; private set; }
    public IReadOnlyList<string> Audience { get; private set; } = [];
    public string? Id { get; private set; }

    /// <summary>In a token of ours: thumbprint of the key with which it was asked for.</summary>
    public string? ClientKey { get; private set; }
    public long? Expires { get; private set; }
    public long? NotBefore { get; private set; }
    public long? IssuedAt { get; private set; }

    /// <summary>Null for anything that is no ES256 token; the signature is not looked at yet.</summary>
    public static Jwt? Read(ReadOnlySpan<char> text)
    {
        if (text.Length > CharactersMax) return null;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3) return null;
        var token = new Jwt();
        if (!TryDecode(text[parts[0]], out var header) || !TryDecode(text[parts[1]], out var payload) || !TryDecode(text[parts[2]], out var signature) || signature.Length != 64) return null;
        token._signature = signature;
        token._signed = Encoding.ASCII.GetBytes(text[..parts[1].End.Value].ToString());
        try
        {
            token.Payload = payload;
            return token.ReadHeader(header) && token.ReadPayload(payload) ? token : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public bool IsSignedBy(ECDsa key)
    {
        // The provider's key object keeps state of its own; two threads at once are not promised.
        lock (key) return key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public static string Sign(ECDsa key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var signed = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(payload);
        byte[] signature;
        lock (key) signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>RFC 7638: the required members in this order.</summary>
    public static string Thumbprint(JwtKeyEntry key) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{key.X}}","y":"{{key.Y}}"}""")));

    public static ECDsa? KeyOf(JwtKeyEntry entry)
    {
        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Base64Url.DecodeFromChars(entry.X), Y = Base64Url.DecodeFromChars(entry.Y) } });
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException)
        {
            return null;   // Not a point of the curve: nobody can sign with it.
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out var read, out var written) is not OperationStatus.Done || read != text.Length) return false;
        bytes = bytes[..written];
        return true;
    }

    private bool ReadHeader(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        string? algorithm = null;
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "alg": algorithm = Once(algorithm, ref reader); break;
                case "kid": Kid = Once(Kid, ref reader); break;
                case "typ": Type = Once(Type, ref reader); break;
                case "crit": return false;      // Something must be understood that is not.
                default: reader.Skip(); break;
            }
        }

        return algorithm == "ES256" && reader.TokenType is JsonTokenType.EndObject && !reader.Read();
    }

    private bool ReadPayload(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "iss": Issuer = Once(Issuer, ref reader); break;
                case "sub": Subject = Once(Subject, ref reader); break;
                case "client_key": ClientKey = Once(ClientKey, ref reader); break;
                case "jti": Id = Once(Id, ref reader); break;
                case "exp": Expires = Number(Expires, ref reader); break;
                case "nbf": NotBefore = Number(NotBefore, ref reader); break;
                case "iat": IssuedAt = Number(IssuedAt, ref reader); break;
                case "aud":
                    if (Audience.Count > 0) return false;
                    if (reader.TokenType is JsonTokenType.StartArray)
                    {
                        var all = new List<string>();
                        while (reader.Read() && reader.TokenType is JsonTokenType.String && all.Count < 16) all.Add(reader.GetString()!);
                        if (reader.TokenType is not JsonTokenType.EndArray) return false;
                        Audience = all;
                    }
                    else
                    {
                        Audience = [reader.GetString()!];
                    }

                    break;
                default: reader.Skip(); break;
            }
        }

        return reader.TokenType is JsonTokenType.EndObject && !reader.Read();
    }

    /// <summary>A member given twice is read differently by different parsers; here it is read by none.</summary>
    private static string Once(string? before, ref Utf8JsonReader reader) => before is null ? reader.GetString() ?? throw new FormatException() : throw new FormatException();

    private static long Number(long? before, ref Utf8JsonReader reader) => before is null ? (long)reader.GetDouble() : throw new FormatException();
}
