using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using CertificateKey = System.Security.Cryptography.X509Certificates.PublicKey;

namespace LienThong.Platform.Exchange;

/// <summary>
/// The province's own authority for certificates of systems: short ones, for client authentication only, under names of this exchange only (name constraints). Its key
/// is made on first use and lies with the other keys; whoever trusts it for anything else is told no by the certificate itself.
/// </summary>
public sealed class EnrolmentAuthority(StorageOptions storage, ExchangeOptions options, TimeProvider clock)
{
    private const int Years = 10;

    /// <summary>Clocks of agencies may be behind ours by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly Lock _making = new();

    private string KeyFileName => Path.Combine(storage.KeyFolder, "enrolment.key.pem");

    public string CertificateFile => Path.Combine(storage.KeyFolder, "enrolment.ca.pem");

    /// <summary>Its certificate, made with the key when there is none.</summary>
    public X509Certificate2 Certificate()
    {
        lock (_making)
        {
            if (File.Exists(CertificateFile)) return X509Certificate2.CreateFromPem(File.ReadAllText(CertificateFile));
            using var key = KeyFile.LoadOrCreate(KeyFileName);
            var now = clock.GetUtcNow();
            var request = new CertificateRequest(Name("Enrolment authority " + options.Instance), key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuth)], false));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            request.CertificateExtensions.Add(new X509Extension(new Oid("2.5.29.30"), Constraints(), true));
            using var made = request.CreateSelfSigned(now - Skew, now.AddYears(Years));
            DurableFile.Write(CertificateFile, Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n"));
            return X509CertificateLoader.LoadCertificate(made.RawData);
        }
    }

    /// <summary>A certificate over a key that proved itself, for that system and nothing the key's holder said of itself.</summary>
    public X509Certificate2 Issue(CertificateKey key, string identifier, string member, TimeSpan life)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var authority = Certificate();
        using var own = KeyFile.LoadOrCreate(KeyFileName);
        var now = clock.GetUtcNow();
        var request = new CertificateRequest(Name(identifier, member), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuth)], true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40);     // Positive, and of one length.
        var until = now + life;
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(own), now - Skew, until < authority.NotAfter ? until : authority.NotAfter, serial);
    }

    /// <summary>The list of certificates it took back, for whoever reads lists (RFC 5280).</summary>
    public byte[] RevocationList(IEnumerable<(string Serial, DateTimeOffset At)> revoked, TimeSpan life)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        using var authority = Certificate();
        using var own = KeyFile.LoadOrCreate(KeyFileName);
        var list = new CertificateRevocationListBuilder();
        foreach (var (serial, at) in revoked) list.AddEntry(Convert.FromHexString(serial), at);
        var now = clock.GetUtcNow();
        return list.Build(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(own), new BigInteger(now.ToUnixTimeSeconds()), now + life, HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false), now);
    }

    private X500DistinguishedName Name(string common, string? member = null)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(common.Length <= 64 ? common : common[..64]);
        if (member is not null) name.AddOrganizationalUnitName(member);
        name.AddOrganizationName(options.Instance);
        name.AddCountryOrRegion("VN");
        return name.Build();
    }

    /// <summary>Permitted: names under this exchange. Excluded: every host name and address, so that nothing it signs can pass for a server.</summary>
    private byte[] Constraints()
    {
        var under = new X500DistinguishedNameBuilder();
        under.AddOrganizationName(options.Instance);
        under.AddCountryOrRegion("VN");
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (der.PushSequence())
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
            {
                der.WriteEncodedValue(under.Build().RawData);
            }

            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                using (der.PushSequence()) der.WriteCharacterString(UniversalTagNumber.IA5String, "", new Asn1Tag(TagClass.ContextSpecific, 2));
                using (der.PushSequence()) der.WriteOctetString(new byte[8], new Asn1Tag(TagClass.ContextSpecific, 7));
                using (der.PushSequence()) der.WriteOctetString(new byte[32], new Asn1Tag(TagClass.ContextSpecific, 7));
            }
        }

        return der.Encode();
    }
}
