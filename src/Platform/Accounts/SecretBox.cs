using Microsoft.AspNetCore.DataProtection;

namespace LienThong.Platform.Accounts;

/// <summary>Secrets at rest, encrypted with the data-protection keys of this installation (R-NFR-05).</summary>
public sealed class SecretBox(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LienThong.Accounts.Secret.v1");

    public string Seal(byte[] secret) => Convert.ToBase64String(_protector.Protect(secret));

    public byte[] Open(string sealedSecret) => _protector.Unprotect(Convert.FromBase64String(sealedSecret));
}
