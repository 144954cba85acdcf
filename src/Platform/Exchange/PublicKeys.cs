using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>A public key as it is kept.</summary>
internal sealed record PublicKey(string Thumbprint, string? PublicJwk);

/// <summary>Reads the public keys people paste. A private key is refused with a sentence that says it must be changed, because it has just been shown to a server.</summary>
internal static class PublicKeys
{
    public static Result<PublicKey> Read(CredentialKind kind, string text) => kind is CredentialKind.Jwk ? Jwk(text) : Spki(text);

    private static Result<PublicKey> Spki(string text)
    {
        var clean = text.Trim();
        if (clean.Contains("PRIVATE KEY", StringComparison.Ordinal)) return ExchangeRefusals.KeyPrivate;
        var hex = clean.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower)) return new PublicKey(hex, null);
        if (!clean.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal)) return ExchangeRefusals.KeyUnreadable;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(clean);
            return new PublicKey(KeyThumbprint.Of(certificate), null);
        }
        catch (CryptographicException) { return ExchangeRefusals.KeyUnreadable; }
    }

    private static Result<PublicKey> Jwk(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) return ExchangeRefusals.KeyUnreadable;
            if (root.TryGetProperty("d", out _)) return ExchangeRefusals.KeyPrivate;
            if (Text(root, "kty") != "EC" || Text(root, "crv") != "P-256" || Text(root, "x") is not { } x || Text(root, "y") is not { } y) return ExchangeRefusals.KeyNotP256;
            var point = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) };
            if (point.X.Length != 32 || point.Y.Length != 32) return ExchangeRefusals.KeyNotP256;

            // Importing asks whether the point lies on the curve; one that does not is no key.
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));

            // RFC 7638: the required members in order of their names, without white space.
            var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
            var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
            var kid = Text(root, "kid") is { Length: > 0 and <= 200 } said ? said : thumbprint;
            return new PublicKey(thumbprint, JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x, y, kid, use = "sig", alg = "ES256" }));
        }
        catch (Exception fault) when (fault is JsonException or CryptographicException or FormatException or ArgumentException) { return ExchangeRefusals.KeyUnreadable; }
    }

    /// <summary>The parts of a JWK that was kept here.</summary>
    public static (string Kid, string X, string Y) Point(string jwk)
    {
        using var document = JsonDocument.Parse(jwk);
        return (Text(document.RootElement, "kid")!, Text(document.RootElement, "x")!, Text(document.RootElement, "y")!);
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
