using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Call;
using LienThong.Gateway.Control;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using CertificateKey = System.Security.Cryptography.X509Certificates.PublicKey;

namespace LienThong.Platform.Exchange;

/// <summary>A code with which a subsystem gets its first certificate; good once and for a while. Only its digest is kept.</summary>
public sealed class EnrolmentCode
{
    public required EnrolmentCodeId Id { get; init; }
    public required SubsystemId Subsystem { get; init; }
    public required string CodeHash { get; init; }
    public required string Label { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required UserId By { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A certificate that the province's authority issued, and the credential it is known by.</summary>
public sealed class IssuedCertificate
{
    /// <summary>Serial number, hex.</summary>
    public required string Serial { get; init; }
    public required SubsystemId Subsystem { get; init; }
    public required CredentialId Credential { get; init; }
    public required DateTimeOffset NotAfter { get; init; }
}

/// <summary>
/// How a system gets its certificate without any shared secret (issue 3 B.1): an official issues a code for the system, the agency makes its key itself and sends a
/// request signed with it and the code; later the certificate in use vouches for its successor. What the request says of its holder is not read: the code, or the
/// certificate in use, says whose it is.
/// </summary>
public sealed class EnrolSystem(
    IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, ExchangeOptions options, EnrolmentAuthority authority, PublishRoutes routes, TimeProvider clock)
{
    public const string Address = "/api/exchange/enrolment";

    /// <summary>Long enough to hand it to whoever runs the machine.</summary>
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(72);

    private static readonly TimeSpan ListLife = TimeSpan.FromDays(7);

    /// <summary>A request has one kilobyte; a renewal carries the certificate in use as well.</summary>
    private const int RequestBytesMax = 32 * 1024;

    /// <summary>Of one system at a time; more lying about are a mistake.</summary>
    private const int CodesMax = 5;

    public sealed record Issued(string Code, DateTimeOffset Until, string Fingerprint);

    /// <summary>A code, shown now and never again.</summary>
    public async Task<Result<Issued>> IssueCodeAsync(SubsystemId id, string label, CancellationToken cancellationToken)
    {
        if (Typing.Need("Label", label, 120) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Subsystems.TryGetValue(id, out var subsystem)) return ExchangeRefusals.UnknownSubsystem;
        if (await access.DenyAsync(Permission.EditSystems, subsystem.Unit, cancellationToken) is { } denied) return denied;
        if (!SubsystemStanding.IsOpen(work.Book, subsystem)) return ExchangeRefusals.SubsystemClosed(subsystem.Code);
        if (await work.Db.EnrolmentCodes.CountAsync(c => c.Subsystem == id && c.UsedAt == null && c.Until > work.Now, cancellationToken) >= CodesMax) return ExchangeRefusals.TooManyCredentials(CodesMax);
        using var ca = authority.Certificate();
        var fingerprint = SHA256.HashData(ca.RawData);
        var code = JoinCode.New(fingerprint);
        work.Db.EnrolmentCodes.Add(new EnrolmentCode
        {
            Id = StrongId.New<EnrolmentCodeId>(clock),
            Subsystem = id,
            CodeHash = JoinCode.HashOf(code),
            Label = label.Trim(),
            At = work.Now,
            Until = work.Now + CodeLife,
            By = access.User.Id,
        });
        work.Audit("exchange.enrolment.code", "subsystem", id, after: new { label, Until = work.Now + CodeLife }, note: access.Delegation(Permission.EditSystems));
        await work.CommitAsync(cancellationToken);
        return new Issued(code, work.Now + CodeLife, Convert.ToHexStringLower(fingerprint));
    }

    /// <summary>The first certificate: the code says for whom, the request proves that its sender holds the key.</summary>
    public async Task<Result<string>> FirstAsync(string code, string csr, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!Read(csr).IsGranted(out var key, out var refusal)) return refusal;
        var hash = JoinCode.HashOf(code);
        await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
        var known = await work.Db.EnrolmentCodes.SingleOrDefaultAsync(c => c.CodeHash == hash, cancellationToken);
        if (known is null || known.UsedAt is not null || known.Until <= work.Now) return ExchangeRefusals.CodeNotGood;
        if (!(await CertifyAsync(work, known.Subsystem, key, known.Label, cancellationToken)).IsGranted(out var chain, out refusal)) return refusal;
        known.UsedAt = work.Now;
        await work.CommitAsync(cancellationToken);
        await routes.HandleAsync(cancellationToken);     // Known to the gateways within a moment of the answer.
        return chain;
    }

    /// <summary>The next certificate: the request comes in an envelope signed with the one in use (CMS), which stays good to its own end.</summary>
    public async Task<Result<string>> RenewAsync(byte[] envelope, CancellationToken cancellationToken)
    {
        if (!Open(envelope, out var csr, out var signer)) return ExchangeRefusals.CsrUnreadable;
        using (signer)
        {
            if (!Read(csr).IsGranted(out var key, out var refusal)) return refusal;
            var thumbprint = KeyThumbprint.Of(signer);
            var now = clock.GetUtcNow();
            if (!IsOurs(signer) || now < signer.NotBefore || now > signer.NotAfter) return ExchangeRefusals.CodeNotGood;
            await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
            var current = work.Book.Subsystems.Values.SelectMany(s => SubsystemStanding.Valid(work.Book, s, work.Now)).FirstOrDefault(c => c.Kind is CredentialKind.SpkiThumbprint && c.Thumbprint == thumbprint);
            if (current is null) return ExchangeRefusals.CodeNotGood;
            if (!(await CertifyAsync(work, current.Subsystem, key, current.Label, cancellationToken)).IsGranted(out var chain, out refusal)) return refusal;
            await work.CommitAsync(cancellationToken);
            await routes.HandleAsync(cancellationToken);
            return chain;
        }
    }

    /// <summary>Certificates taken back, as a list the authority signs.</summary>
    public async Task<byte[]> RevocationListAsync(CancellationToken cancellationToken)
    {
        var book = await index.CurrentAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var issued = await db.IssuedCertificates.AsNoTracking().Where(c => c.NotAfter > now).ToListAsync(cancellationToken);
        var revoked = book.Subsystems.Values.SelectMany(s => book.EventsOf(s.Id.Value)).Where(e => e.Kind is ExchangeEventKind.CredentialRevoked).GroupBy(e => e.Target ?? Guid.Empty).ToDictionary(g => g.Key, g => g.Min(e => e.At));
        return authority.RevocationList(issued.Where(c => revoked.ContainsKey(c.Credential.Value)).Select(c => (c.Serial, revoked[c.Credential.Value])), ListLife);
    }

    private async Task<Result<string>> CertifyAsync(ExchangeWork work, SubsystemId id, CertificateKey key, string label, CancellationToken cancellationToken)
    {
        if (!work.Book.Subsystems.TryGetValue(id, out var subsystem) || !SubsystemStanding.IsOpen(work.Book, subsystem)) return ExchangeRefusals.UnknownSubsystem;
        if (SubsystemStanding.Valid(work.Book, subsystem, work.Now, orLater: true).Count >= KeepSubsystems.CredentialsMax) return ExchangeRefusals.TooManyCredentials(KeepSubsystems.CredentialsMax);
        var thumbprint = KeyThumbprint.Of(key.ExportSubjectPublicKeyInfo());

        // One key names one subsystem for ever, and each certificate has a key of its own.
        if (await work.Db.Credentials.AnyAsync(c => c.Thumbprint == thumbprint, cancellationToken)) return ExchangeRefusals.KeyTaken(thumbprint);
        var terms = await index.ParametersAsync(cancellationToken);
        using var certificate = authority.Issue(key, subsystem.Identifier(options.Instance), subsystem.MemberCode, TimeSpan.FromDays(terms.CertificateDays));
        var credential = StrongId.New<CredentialId>(clock);
        var until = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        work.Db.Credentials.Add(new Credential
        {
            Id = credential,
            Subsystem = id,
            Kind = CredentialKind.SpkiThumbprint,
            Thumbprint = thumbprint,
            Label = label,
            ValidFrom = work.Now,
            ValidUntil = until,
            Stamp = work.Stamp,
            At = work.Now,
            By = CurrentUser.System.Id,
            ByName = CurrentUser.System.Name,
        });
        work.Db.IssuedCertificates.Add(new IssuedCertificate { Serial = certificate.SerialNumber, Subsystem = id, Credential = credential, NotAfter = until });
        work.Happened(id.Value, ExchangeEventKind.CredentialAdded, target: credential.Value, text: label);
        work.ChangesRights();
        work.Audit("exchange.enrolment.certificate", "subsystem", id, after: new { thumbprint, certificate.SerialNumber, until });
        using var ca = authority.Certificate();
        return certificate.ExportCertificatePem() + "\n" + ca.ExportCertificatePem() + "\n";
    }

    /// <summary>The key of a request, when its form, its size and its own signature hold. Whom it names is not looked at.</summary>
    private static Result<CertificateKey> Read(string csr)
    {
        try
        {
            if (csr.Contains("PRIVATE KEY", StringComparison.Ordinal)) return ExchangeRefusals.KeyPrivate;

            // Loading checks the signature over the request: who sends it holds the private key.
            var request = CertificateRequest.LoadSigningRequestPem(csr, HashAlgorithmName.SHA256);
            using var ecdsa = request.PublicKey.GetECDsaPublicKey();
            using var rsa = request.PublicKey.GetRSAPublicKey();
            var isStrong = ecdsa is not null ? ecdsa.ExportParameters(false).Curve.Oid.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34" : rsa?.KeySize is >= 3_072 and <= 4_096;
            return isStrong ? request.PublicKey : ExchangeRefusals.CsrKeyWeak;
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException or System.Formats.Asn1.AsnContentException) { return ExchangeRefusals.CsrUnreadable; }
    }

    private static bool Open(byte[] envelope, out string csr, out X509Certificate2 signer)
    {
        (csr, signer) = ("", null!);
        try
        {
            var text = Encoding.ASCII.GetString(envelope);
            if (PemEncoding.TryFind(text, out var fields)) envelope = Convert.FromBase64String(text[fields.Base64Data]);
            var cms = new SignedCms();
            cms.Decode(envelope);
            if (cms.SignerInfos.Count != 1 || cms.SignerInfos[0].Certificate is not { } certificate) return false;
            cms.CheckSignature(verifySignatureOnly: true);
            (csr, signer) = (Encoding.ASCII.GetString(cms.ContentInfo.Content), certificate);
            return true;
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or ArgumentException) { return false; }
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var ca = authority.Certificate();
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = clock.GetUtcNow().UtcDateTime, DisableCertificateDownloads = true } };
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        return chain.Build(certificate);
    }

    internal static async Task<IResult> First(HttpContext http, EnrolSystem slice)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return Results.BadRequest();     // Not a question of who asks: the code is missing.
        if (await KeepNodes.BodyAsync(http, RequestBytesMax) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        return Answer(await slice.FirstAsync(authorization["Bearer ".Length..].Trim(), Encoding.ASCII.GetString(body), http.RequestAborted));
    }

    internal static async Task<IResult> Renew(HttpContext http, EnrolSystem slice) =>
        await KeepNodes.BodyAsync(http, RequestBytesMax) is { } body ? Answer(await slice.RenewAsync(body, http.RequestAborted)) : Results.StatusCode(StatusCodes.Status413PayloadTooLarge);

    internal static IResult Ca(EnrolmentAuthority authority)
    {
        using var ca = authority.Certificate();
        return Results.Text(ca.ExportCertificatePem() + "\n", "application/x-pem-file");
    }

    internal static async Task<IResult> Crl(HttpContext http, EnrolSystem slice) => Results.Bytes(await slice.RevocationListAsync(http.RequestAborted), "application/pkix-crl");

    private static IResult Answer(Result<string> result) => result.IsGranted(out var chain, out var refusal) ? Results.Text(chain, "application/x-pem-file") : refusal.AsProblem();
}
