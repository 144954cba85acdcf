using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LienThong.Gateway.Call;

/// <summary>How keys are told apart here: SHA-256 over the SubjectPublicKeyInfo in DER, lower-case hex. A renewed certificate over the same key has the same.</summary>
public static class KeyThumbprint
{
    public static string Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Of(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    public static string Of(ReadOnlySpan<byte> subjectPublicKeyInfo) => Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
}
