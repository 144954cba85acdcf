using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LienThong.Web.Shell.Security;

/// <summary>
/// Which certificates are believed: those that chain to an authority in the folder, are in force now, and are meant for proving a client.
/// The machine's own trust list counts for nothing here. The folder is read again when it changes.
/// </summary>
public sealed class CertificateTrust(CertificateOptions options, TimeProvider clock)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private readonly Lock _gate = new();
    private (long Stamp, X509Certificate2Collection Roots, X509Certificate2Collection Others) _read = (-1, [], []);

    /// <returns>Null when it is believed, or why not: untrusted, expired, not-yet, usage, revoked, chain.</returns>
    public string? WhyNot(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var now = clock.GetUtcNow().UtcDateTime;
        if (now > certificate.NotAfter.ToUniversalTime()) return "expired";
        if (now < certificate.NotBefore.ToUniversalTime()) return "not-yet";
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority)) return "usage";

        // A certificate that does not say what it is for (no extended key usage) is refused too: it may be a server's.
        if (!certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == ClientAuthentication.Value))) return "usage";

        var (_, roots, others) = Read();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.RevocationMode = options.Revocation;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(10);
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now;

        // A stranger's certificate must not make this host fetch addresses it names.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (chain.Build(certificate)) return null;
        var found = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if (found.HasFlag(X509ChainStatusFlags.Revoked)) return "revoked";
        if (found.HasFlag(X509ChainStatusFlags.UntrustedRoot) || found.HasFlag(X509ChainStatusFlags.PartialChain)) return "untrusted";
        return found.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "expired" : "chain";
    }

    private (long Stamp, X509Certificate2Collection Roots, X509Certificate2Collection Others) Read()
    {
        var files = Directory.Exists(options.TrustFolder)
            ? new DirectoryInfo(options.TrustFolder).EnumerateFiles().Where(f => f.Extension is ".pem" or ".crt" or ".cer").OrderBy(f => f.Name, StringComparer.Ordinal).ToList()
            : [];
        var stamp = files.Aggregate(17L, (all, file) => unchecked((all * 31) + file.LastWriteTimeUtc.Ticks + file.Length + file.Name.GetHashCode(StringComparison.Ordinal)));
        lock (_gate)
        {
            if (_read.Stamp == stamp) return _read;
            var (roots, others) = (new X509Certificate2Collection(), new X509Certificate2Collection());
            foreach (var file in files)
            {
                var inFile = new X509Certificate2Collection();
                try
                {
                    inFile.ImportFromPemFile(file.FullName);
                }
                catch (CryptographicException)
                {
                    // A file that is no PEM trusts nobody; the others still count.
                    continue;
                }

                foreach (var certificate in inFile)
                {
                    // Self-signed ones are the anchors; the rest only help to build a chain up to one of them.
                    (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : others).Add(certificate);
                }
            }

            return _read = (stamp, roots, others);
        }
    }
}
