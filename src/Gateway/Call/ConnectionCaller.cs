using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// What one TLS connection proved about its caller: the verdict on the certificate is reached once, at the handshake; what can change while the connection
/// lives (the clock, the revocation list, the snapshot) is looked at again at every call.
/// </summary>
internal sealed class ConnectionCaller
{
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private long _revocationsSeen = -1;
    private bool _isRevoked;

    /// <param name="fault">What is wrong with the certificate; null when it chains to a trusted root for client authentication.</param>
    public ConnectionCaller(X509Certificate2 certificate, string? fault)
    {
        Thumbprint = KeyThumbprint.Of(certificate);
        Serial = certificate.SerialNumber;
        Fault = fault;
        (_from, _until) = (certificate.NotBefore, certificate.NotAfter);
    }

    /// <summary>SHA-256 of the public key, lower-case hex: a renewed certificate over the same key is the same caller.</summary>
    public string Thumbprint { get; }

    public string Serial { get; }

    public string? Fault { get; }

    /// <summary>Null when the certificate is good now.</summary>
    public string? FaultNow(DateTimeOffset now, Revocations revocations)
    {
        if (Fault is not null) return Fault;
        if (now < _from || now > _until) return "the certificate is not valid at this time";
        var version = revocations.Version;
        if (version != _revocationsSeen) (_isRevoked, _revocationsSeen) = (revocations.Contains(this), version);
        return _isRevoked ? "the certificate is revoked" : null;
    }
}
