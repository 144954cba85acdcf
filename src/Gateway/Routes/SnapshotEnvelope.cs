using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LienThong.Gateway.Routes;

/// <summary>
/// The signed form in which a snapshot travels and rests: a first line with the name of the form, one line per signature ("key id, base64"), an empty line,
/// then the exact bytes of the JSON. Several keys may sign while one replaces the other.
/// </summary>
public static class SnapshotEnvelope
{
    private const string Form = "lienthong-routes/v1";

    /// <summary>A province has some hundreds of services; their descriptions are the bulk. More is a mistake, not a snapshot.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    /// <summary>An old and a new key, and room for a second signer of each.</summary>
    private const int SignaturesMax = 4;

    public static byte[] Seal(RouteSnapshot snapshot, params ReadOnlySpan<ECDsa> keys)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(snapshot, RouteJson.Default.RouteSnapshot);
        var head = new StringBuilder(Form).Append('\n');
        var signed = Signed(json);
        foreach (var key in keys)
        {
            head.Append(KeyId(key)).Append(' ').Append(Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))).Append('\n');
        }

        return [.. Encoding.ASCII.GetBytes(head.Append('\n').ToString()), .. json];
    }

    /// <summary>First eight bytes of the SHA-256 of the public key, hex.</summary>
    public static string KeyId(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));

    /// <summary>Opens what a trusted key signed. A wrong signature under a trusted key refuses the whole, also when another one is right.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> envelope, IReadOnlyList<ECDsa> trusted, [NotNullWhen(true)] out RouteSnapshot? snapshot, [NotNullWhen(false)] out string? fault)
    {
        (snapshot, fault) = (null, null);
        if (envelope.Length > BytesMax) return Refuse($"larger than {BytesMax} bytes", out fault);
        var end = envelope.IndexOf("\n\n"u8);
        if (end < 0 || end > 4_096) return Refuse("no signed head", out fault);
        var lines = Encoding.ASCII.GetString(envelope[..end]).Split('\n');
        if (lines[0] != Form) return Refuse("another form than " + Form, out fault);
        if (lines.Length - 1 > SignaturesMax) return Refuse("too many signatures", out fault);
        var json = envelope[(end + 2)..];
        var signed = Signed(json);
        var good = 0;
        foreach (var line in lines.AsSpan(1))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) return Refuse("a signature line without a key", out fault);
            var signature = new byte[64];
            if (trusted.FirstOrDefault(k => KeyId(k) == line[..space]) is not { } key) continue;
            if (!Convert.TryFromBase64String(line[(space + 1)..], signature, out var length) || length != 64 ||
                !key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return Refuse("bad signature of " + line[..space], out fault);
            }

            good++;
        }

        if (good == 0) return Refuse("not signed by a trusted key", out fault);
        try
        {
            snapshot = JsonSerializer.Deserialize(json, RouteJson.Default.RouteSnapshot);
            return snapshot is not null || Refuse("empty", out fault);
        }
        catch (JsonException broken)
        {
            return Refuse("unreadable: " + broken.Message, out fault);
        }
    }

    /// <summary>The name of the form is signed too: a signature over something else of ours can never pass for a snapshot.</summary>
    private static byte[] Signed(ReadOnlySpan<byte> json) => [.. Encoding.ASCII.GetBytes(Form + "\n"), .. json];

    private static bool Refuse(string why, out string fault)
    {
        fault = why;
        return false;
    }
}
