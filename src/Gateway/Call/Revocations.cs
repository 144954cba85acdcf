using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Call;

/// <summary>
/// Certificates that are no longer good, read from a file: either a list of key thumbprints (one SHA-256 in hex per line, '#' begins a remark) or a CRL (RFC 5280)
/// signed by one of the trusted roots, DER or PEM. Looked at every few seconds, so that a revocation holds well within the minute that is promised.
/// </summary>
internal sealed class Revocations : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>A province has some thousand certificates in its life.</summary>
    private const int FileBytesMax = 16 * 1024 * 1024;

    private readonly string? _path;
    private readonly X509Certificate2Collection _roots;
    private readonly ILogger _log;
    private readonly ITimer? _timer;
    private volatile FrozenSet<string> _revoked = FrozenSet<string>.Empty;
    private (DateTime Written, long Length) _seen;
    private long _version;

    public Revocations(string? path, X509Certificate2Collection roots, TimeProvider clock, ILogger log)
    {
        (_path, _roots, _log) = (path, roots, log);
        if (path is null) return;
        Look();
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>Changes whenever the list does.</summary>
    public long Version => Volatile.Read(ref _version);

    public bool Contains(ConnectionCaller caller) => _revoked.Contains(caller.Thumbprint) || _revoked.Contains(Named(caller.Serial));

    internal void Look()
    {
        try
        {
            var file = new FileInfo(_path!);
            if (!file.Exists || (file.LastWriteTimeUtc, file.Length) == _seen) return;
            if (file.Length > FileBytesMax) throw new InvalidDataException("too large");
            var bytes = File.ReadAllBytes(_path!);
            _revoked = Read(bytes).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            _seen = (file.LastWriteTimeUtc, file.Length);
            Interlocked.Increment(ref _version);
            GatewayLog.RevocationsRead(_log, _revoked.Count);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or AsnContentException or CryptographicException)
        {
            // The list before stays in force: an unreadable list must neither let anybody in nor lock everybody out.
            GatewayLog.RevocationsUnreadable(_log, fault.Message);
        }
    }

    private List<string> Read(byte[] bytes)
    {
        if (bytes.Length > 0 && bytes[0] == 0x30) return OfCrl(bytes);
        var text = System.Text.Encoding.ASCII.GetString(bytes);
        if (text.Contains("-----BEGIN X509 CRL-----", StringComparison.Ordinal))
        {
            var fields = PemEncoding.Find(text);
            return OfCrl(Convert.FromBase64String(text[fields.Base64Data]));
        }

        return text.Split('\n').Select(l => l.Split('#')[0].Trim()).Where(l => l.Length > 0)
            .Select(l => l.Length == 64 && l.All(char.IsAsciiHexDigit) ? l : throw new InvalidDataException($"'{l}' is no SHA-256 in hex")).ToList();
    }

    /// <summary>Serial numbers of a CRL, once its signature is good (RFC 5280 5.1).</summary>
    private List<string> OfCrl(byte[] der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var signed = outer.PeekEncodedValue();
        var list = outer.ReadSequence();
        var algorithm = outer.ReadSequence().ReadObjectIdentifier();
        var signature = outer.ReadBitString(out _);
        if (!_roots.Any(root => IsSignedBy(root, algorithm, signed.Span, signature))) throw new InvalidDataException("the CRL is not signed by a trusted root");
        if (list.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) list.ReadInteger();
        list.ReadSequence();                   // algorithm
        list.ReadSequence();                   // issuer
        ReadTime(list);
        if (list.HasData && list.PeekTag().TagClass is TagClass.Universal && list.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime) ReadTime(list);
        var serials = new List<string>();
        if (!list.HasData || !list.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence)) return serials;
        var entries = list.ReadSequence();
        while (entries.HasData) serials.Add(Named(Convert.ToHexString(entries.ReadSequence().ReadIntegerBytes().Span)));
        return serials;

        static void ReadTime(AsnReader reader)
        {
            if (reader.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime) reader.ReadUtcTime();
            else reader.ReadGeneralizedTime();
        }
    }

    /// <summary>A number above the half has a zero before it in one form and none in another.</summary>
    private static string Named(string serial) => "serial:" + serial.TrimStart('0');

    private static bool IsSignedBy(X509Certificate2 root, string algorithm, ReadOnlySpan<byte> signed, byte[] signature)
    {
        using var ecdsa = root.GetECDsaPublicKey();
        using var rsa = root.GetRSAPublicKey();
        return algorithm switch
        {
            "1.2.840.10045.4.3.2" => ecdsa?.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) is true,
            "1.2.840.10045.4.3.3" => ecdsa?.VerifyData(signed, signature, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence) is true,
            "1.2.840.113549.1.1.11" => rsa?.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) is true,
            "1.2.840.113549.1.1.12" => rsa?.VerifyData(signed, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1) is true,
            _ => false,
        };
    }

    public void Dispose() => _timer?.Dispose();
}
