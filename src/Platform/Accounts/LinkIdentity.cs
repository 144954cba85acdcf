using System.Security.Cryptography.X509Certificates;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>An administrator says what another party knows a person by: a provider's subject, a personal number, a certificate.</summary>
public sealed class LinkIdentity(IDbContextFactory<PlatformDb> databases, PersonalNumbers numbers, TimeProvider clock)
{
    public sealed record Request
    {
        public UserId User { get; set; }
        public AccountLinkKind Kind { get; set; }

        /// <summary>The provider's issuer address; only for OpenID Connect.</summary>
        public string Issuer { get; set; } = "";

        /// <summary>The provider's subject, twelve digits, a SHA-256 thumbprint, or a certificate in PEM.</summary>
        public string Value { get; set; } = "";
    }

    public async Task<Result<AccountLinkId>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        if (!by.IsSystem && by.Id == request.User) return AccountsRefusals.OwnRights();
        if (Read(request) is not { } read) return AccountsRefusals.LinkInvalid();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Users.AnyAsync(u => u.Id == request.User, cancellationToken)) return AccountsRefusals.UserUnknown();
        if (await db.AccountLinks.AnyAsync(l => l.Kind == request.Kind && l.Issuer == read.Issuer && l.Subject == read.Subject && l.EndedAt == null, cancellationToken))
        {
            return AccountsRefusals.LinkTaken();
        }

        var link = new AccountLink
        {
            Id = StrongId.New<AccountLinkId>(clock),
            User = request.User,
            Kind = request.Kind,
            Issuer = read.Issuer,
            Subject = read.Subject,
            Label = read.Label,
            AddedAt = clock.GetUtcNow(),
            AddedBy = by.Id,
        };
        db.AccountLinks.Add(link);
        db.Record(by, clock, "accounts.link.added", "user", request.User, after: new { request.Kind, read.Label });
        await db.SaveChangesAsync(cancellationToken);
        return link.Id;
    }

    public async Task<Result<Done>> EndAsync(AccountLinkId id, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.AccountLinks.FirstOrDefaultAsync(l => l.Id == id && l.EndedAt == null, cancellationToken) is not { } link) return AccountsRefusals.UserUnknown();
        (link.EndedAt, link.EndedBy) = (clock.GetUtcNow(), by.Id);
        db.Record(by, clock, "accounts.link.ended", "user", link.User, before: new { link.Kind, link.Label });
        await db.SaveChangesAsync(cancellationToken);
        return new Done();
    }

    private (string Issuer, string Subject, string Label)? Read(Request request)
    {
        var value = request.Value.Trim();
        switch (request.Kind)
        {
            case AccountLinkKind.OpenIdConnect:
                return value.Length is > 0 and <= 255 && Uri.TryCreate(request.Issuer, UriKind.Absolute, out _) ? (request.Issuer.Trim(), value, request.Issuer.Trim()) : null;
            case AccountLinkKind.PersonalNumber:
                return numbers.DigestOf(value) is { } digest ? ("", digest, "") : null;
            case AccountLinkKind.CertificateThumbprint when !value.StartsWith("-----BEGIN", StringComparison.Ordinal):
                var hex = value.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
                return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? ("", hex, hex[..16] + "…") : null;
            default:
                return ReadCertificate(request.Kind, value);
        }
    }

    private (string Issuer, string Subject, string Label)? ReadCertificate(AccountLinkKind kind, string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var identities = CertificateIdentity.Of(certificate, numbers);
            var found = identities.First(i => i.Kind == kind);
            return (found.Issuer, found.Subject, found.Label);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>What a certificate says its holder is, in the ways a link may name it: this very certificate first, then its subject.</summary>
public static class CertificateIdentity
{
    public static IReadOnlyList<SignInWithIdentity.Identity> Of(X509Certificate2 certificate, PersonalNumbers numbers)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(numbers);
        var label = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return
        [
            new(AccountLinkKind.CertificateThumbprint, "", certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant(), label),
            new(AccountLinkKind.CertificateSubject, "", numbers.DigestOfCertificate(certificate.Issuer, certificate.Subject), label, PersonalNumberIn(certificate)),
        ];
    }

    /// <summary>Personal certificates of Vietnam carry <c>UID=CCCD:</c> and twelve digits in the subject.</summary>
    private static string? PersonalNumberIn(X509Certificate2 certificate)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value is not ("0.9.2342.19200300.100.1.1" or "2.5.4.5")) continue;
            var value = part.GetSingleElementValue() ?? "";
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && value[..colon].Equals("CCCD", StringComparison.OrdinalIgnoreCase)) return value[(colon + 1)..];
        }

        return null;
    }
}
