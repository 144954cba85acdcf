using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Control;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>Issue 3 B.1: one-time code, key made at the agency, request, short certificate, overlapping renewal, revocation. No shared secret anywhere.</summary>
public sealed class EnrolmentTests
{
    private static string Csr(AsymmetricAlgorithm key, string subject = "CN=somebody else, O=VN-QNG, C=VN") => key switch
    {
        ECDsa ec => new CertificateRequest(subject, ec, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
        RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(),
        _ => throw new ArgumentException("?", nameof(key)),
    };

    private static X509Certificate2Collection Chain(string pem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return all;
    }

    private static byte[] Envelope(X509Certificate2 signer, string csr)
    {
        var cms = new SignedCms(new ContentInfo(Encoding.ASCII.GetBytes(csr)));
        cms.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, signer) { IncludeOption = X509IncludeOption.EndCertOnly, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") });
        return cms.Encode();
    }

    private static string? Why<T>(Result<T> result) => result.Refusal?.Code;

    private static async Task<IReadOnlyList<Credential>> KeysAsync(TestPlatform platform, SubsystemId id)
    {
        var book = await platform.BookAsync();
        return SubsystemStanding.Valid(book, book.Subsystems[id], platform.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_code_gives_one_short_certificate_for_its_own_system_whatever_the_request_says_of_itself()
    {
        await using var platform = await StartAsync();
        var id = await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop, withKey: false);
        var code = (await platform.As<EnrolSystem>(OneStopHead).IssueCodeAsync(id, "máy chủ 1", Cancellation)).Expect();
        Assert.Equal("exchange.not-allowed", Why(await platform.As<EnrolSystem>(Stranger).IssueCodeAsync(id, "máy chủ 1", Cancellation)));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var enrol = platform.As<EnrolSystem>(CurrentUser.System);
        var chain = Chain((await enrol.FirstAsync(code.Code, Csr(key), Cancellation)).Expect());
        Assert.True(JoinCode.Names(code.Code, SHA256.HashData(chain[1].RawData)));
        Assert.Contains("CN=VN-QNG/GOV/TTPVHCC/mot-cua", chain[0].Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", chain[0].Subject, StringComparison.Ordinal);
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), chain[0].PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(30, (int)Math.Round((chain[0].NotAfter.ToUniversalTime() - platform.Clock.GetUtcNow().UtcDateTime).TotalDays));
        Assert.Equal("1.3.6.1.5.5.7.3.2", chain[0].Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
        Assert.True(Builds(chain[0], chain[1], platform.Clock.GetUtcNow(), "1.3.6.1.5.5.7.3.2"));
        Assert.False(Builds(chain[0], chain[1], platform.Clock.GetUtcNow(), "1.3.6.1.5.5.7.3.1"));

        // Used is used, also with another key; and the same key is never known twice.
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("exchange.code.not-good", Why(await enrol.FirstAsync(code.Code, Csr(other), Cancellation)));
        var second = (await platform.As<EnrolSystem>(OneStopHead).IssueCodeAsync(id, "máy chủ 2", Cancellation)).Expect();
        Assert.Equal("exchange.credential.taken", Why(await enrol.FirstAsync(second.Code, Csr(key), Cancellation)));
        platform.Clock.Advance(TimeSpan.FromHours(73));
        Assert.Equal("exchange.code.not-good", Why(await enrol.FirstAsync(second.Code, Csr(other), Cancellation)));

        // What is kept says nothing to whoever reads the database.
        await using var db = await platform.OpenAsync();
        Assert.All(await db.EnrolmentCodes.ToListAsync(Cancellation), c => Assert.DoesNotContain(code.Code[..20], c.CodeHash + c.Label, StringComparison.Ordinal));
        Assert.DoesNotContain(await db.Audit.Select(a => a.After ?? "").ToListAsync(Cancellation), text => text.Contains(code.Code[..20], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_whose_key_is_weak_or_not_held_gets_nothing_and_uses_no_code_up()
    {
        await using var platform = await StartAsync();
        var id = await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop, withKey: false);
        var code = (await platform.As<EnrolSystem>(OneStopHead).IssueCodeAsync(id, "máy chủ", Cancellation)).Expect().Code;
        var enrol = platform.As<EnrolSystem>(CurrentUser.System);
        using var small = RSA.Create(2_048);
        using var odd = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Equal("exchange.csr.weak", Why(await enrol.FirstAsync(code, Csr(small), Cancellation)));
        Assert.Equal("exchange.csr.weak", Why(await enrol.FirstAsync(code, Csr(odd), Cancellation)));
        Assert.Equal("exchange.csr.unreadable", Why(await enrol.FirstAsync(code, "no request", Cancellation)));
        Assert.Equal("exchange.credential.private", Why(await enrol.FirstAsync(code, good.ExportPkcs8PrivateKeyPem(), Cancellation)));

        // Somebody else's key with one's own signature: the request does not verify.
        var der = new CertificateRequest("CN=a", good, HashAlgorithmName.SHA256).CreateSigningRequest();
        der[^5] ^= 1;
        Assert.Equal("exchange.csr.unreadable", Why(await enrol.FirstAsync(code, new string(PemEncoding.Write("CERTIFICATE REQUEST", der)), Cancellation)));
        Assert.Null(Why(await enrol.FirstAsync(code, Csr(good), Cancellation)));
        using var strong = RSA.Create(3_072);
        var another = (await platform.As<EnrolSystem>(OneStopHead).IssueCodeAsync(id, "máy chủ", Cancellation)).Expect().Code;
        Assert.Null(Why(await enrol.FirstAsync(another, Csr(strong), Cancellation)));
    }

    [Fact]
    public async Task The_certificate_in_use_vouches_for_the_next_both_are_good_until_the_first_ends_and_a_revoked_one_vouches_for_nothing()
    {
        await using var platform = await StartAsync();
        var id = await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop, withKey: false);
        var code = (await platform.As<EnrolSystem>(OneStopHead).IssueCodeAsync(id, "máy chủ", Cancellation)).Expect().Code;
        var enrol = platform.As<EnrolSystem>(CurrentUser.System);
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var one = Chain((await enrol.FirstAsync(code, Csr(first), Cancellation)).Expect())[0].CopyWithPrivateKey(first);
        platform.Clock.Advance(TimeSpan.FromDays(20));
        using var two = Chain((await enrol.RenewAsync(Envelope(one, Csr(second)), Cancellation)).Expect())[0].CopyWithPrivateKey(second);
        Assert.Equal(2, (await KeysAsync(platform, id)).Count);
        Assert.Equal(one.Subject, two.Subject);

        // The same envelope again brings nothing, nor does one signed by a stranger who names our system.
        Assert.Equal("exchange.credential.taken", Why(await enrol.RenewAsync(Envelope(one, Csr(second)), Cancellation)));
        using var forged = new CertificateRequest(one.SubjectName, third, HashAlgorithmName.SHA256).CreateSelfSigned(one.NotBefore, one.NotAfter);
        Assert.Equal("exchange.code.not-good", Why(await enrol.RenewAsync(Envelope(forged, Csr(third)), Cancellation)));
        Assert.Equal("exchange.csr.unreadable", Why(await enrol.RenewAsync(Encoding.ASCII.GetBytes(Csr(third)), Cancellation)));

        // The first ends by itself, the second goes on.
        platform.Clock.Advance(TimeSpan.FromDays(11));
        var left = Assert.Single(await KeysAsync(platform, id));
        Assert.Equal("exchange.code.not-good", Why(await enrol.RenewAsync(Envelope(one, Csr(third)), Cancellation)));

        // Revoked on the page of its system: out of the routes, on both lists, and no way to a next one.
        (await platform.As<KeepSubsystems>(OneStopHead).RevokeAsync(id, left.Id, "mất máy", Cancellation)).Expect();
        Assert.Equal("exchange.code.not-good", Why(await enrol.RenewAsync(Envelope(two, Csr(third)), Cancellation)));
        await platform.Services.GetRequiredService<PublishRoutes>().HandleAsync(Cancellation);
        var snapshot = await SnapshotAsync(platform);
        Assert.Contains(left.Thumbprint, snapshot.RevokedKeys);
        Assert.Empty(snapshot.Subsystems.SelectMany(s => s.CertificateThumbprints));
        Assert.Equal(Convert.ToBase64String(platform.Services.GetRequiredService<EnrolmentAuthority>().Certificate().RawData), Assert.Single(snapshot.ClientRoots));
        CertificateRevocationListBuilder.Load(await enrol.RevocationListAsync(Cancellation), out var number);
        Assert.True(number > 0);
        Assert.Contains(Convert.FromHexString(two.SerialNumber), Serials(await enrol.RevocationListAsync(Cancellation)));
    }

    [Fact]
    public async Task The_authority_can_sign_for_nobody_outside_the_exchange_and_for_no_server()
    {
        await using var platform = await StartAsync();
        using var ca = platform.Services.GetRequiredService<EnrolmentAuthority>().Certificate();
        using var caKey = ECDsa.Create();
        caKey.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(platform.Storage.KeyFolder, "enrolment.key.pem"), Cancellation));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 Sign(string subject, string? dns = null)
        {
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
            if (dns is not null)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName(dns);
                request.CertificateExtensions.Add(names.Build());
            }

            var now = platform.Clock.GetUtcNow();
            return request.Create(ca.SubjectName, X509SignatureGenerator.CreateForECDsa(caKey), now.AddMinutes(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        }

        var at = platform.Clock.GetUtcNow();
        Assert.True(Builds(Sign("CN=a, O=VN-QNG, C=VN"), ca, at, "1.3.6.1.5.5.7.3.2"));
        Assert.False(Builds(Sign("CN=a, O=VN-HN, C=VN"), ca, at, "1.3.6.1.5.5.7.3.2"));
        Assert.False(Builds(Sign("CN=a, O=VN-QNG, C=VN", "portal.example.vn"), ca, at, "1.3.6.1.5.5.7.3.2"));
    }

    private static async Task<LienThong.Gateway.Routes.RouteSnapshot> SnapshotAsync(TestPlatform platform)
    {
        var envelope = (await platform.Services.GetRequiredService<PublishRoutes>().NewerAsync(0, Cancellation))!;
        using var key = platform.Services.GetRequiredService<RouteKey>().Open();
        Assert.True(LienThong.Gateway.Routes.SnapshotEnvelope.TryOpen(envelope.Envelope.Span, [key], out var snapshot, out var fault), fault);
        return snapshot;
    }

    private static List<byte[]> Serials(byte[] crl)
    {
        var list = new System.Formats.Asn1.AsnReader(crl, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence().ReadSequence();
        list.ReadInteger();
        for (var i = 0; i < 2; i++) list.ReadSequence();
        list.ReadUtcTime();
        list.ReadUtcTime();
        var (entries, serials) = (list.ReadSequence(), new List<byte[]>());
        while (entries.HasData) serials.Add(entries.ReadSequence().ReadIntegerBytes().ToArray());
        return serials;
    }

    private static bool Builds(X509Certificate2 certificate, X509Certificate2 ca, DateTimeOffset at, string usage)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = at.UtcDateTime, DisableCertificateDownloads = true } };
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        return chain.Build(certificate);
    }
}
