using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Forward;

/// <summary>What is wrong with a package that was carried here.</summary>
public enum PackageFault { None, Unreadable, NoSignature, UnknownKey, ManifestChanged, BodyChanged, WrongReceiver }

/// <summary>
/// The receiver's side of <see cref="PackagePort"/>: looks at a carried package with nothing but the public keys of the gateway that made it, and hands the body out only
/// when all of it is as it was signed. Whether it was seen before is the receiver's to know, by <see cref="PackageManifest.Id"/>.
/// </summary>
public static class PackageReading
{
    private const int ManifestBytesMax = 64 * 1024;

    /// <param name="keySet">What <c>/oauth/jwks</c> of the sender's gateway answers, obtained by another way than the package.</param>
    /// <param name="receiver">Who reads; null does not ask.</param>
    /// <param name="body">Takes the body; whatever came before a fault was found must be thrown away.</param>
    public static (PackageManifest? Manifest, PackageFault Fault) Read(Stream package, string keySet, string? receiver, Stream body)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using var zip = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count != 3 || zip.GetEntry(PackageOutbox.Body) is not { } content || zip.GetEntry(PackageOutbox.Manifest) is not { } said || zip.GetEntry(PackageOutbox.Signature) is not { } signature) return (null, PackageFault.Unreadable);
            var bytes = Small(said);
            var text = Encoding.ASCII.GetString(Small(signature));
            if (Jwt.Read(text) is not { Type: PackageOutbox.Type, Kid: { } kid } token) return (null, PackageFault.NoSignature);
            if (KeyOf(keySet, kid) is not { } key) return (null, PackageFault.UnknownKey);
            using (key)
            {
                // The signed text is the manifest; the file beside it is for people and must say the same.
                if (!token.IsSignedBy(key) || !token.Payload.SequenceEqual(bytes)) return (null, PackageFault.ManifestChanged);
            }

            var manifest = JsonSerializer.Deserialize(bytes, PackageJson.Default.PackageManifest);
            if (manifest is null) return (null, PackageFault.Unreadable);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            using (var stream = content.Open())
            {
                var piece = new byte[64 * 1024];
                for (int count; (count = stream.Read(piece)) > 0;)
                {
                    length += count;
                    if (length > manifest.Bytes) return (manifest, PackageFault.BodyChanged);
                    hash.AppendData(piece, 0, count);
                    body.Write(piece, 0, count);
                }
            }

            return length != manifest.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != manifest.Sha256 ? (manifest, PackageFault.BodyChanged)
                : receiver is not null && receiver != manifest.To ? (manifest, PackageFault.WrongReceiver)
                : (manifest, PackageFault.None);
        }
        catch (Exception broken) when (broken is InvalidDataException or JsonException or NotSupportedException or EndOfStreamException)
        {
            return (null, PackageFault.Unreadable);
        }
    }

    private static byte[] Small(ZipArchiveEntry entry)
    {
        if (entry.Length > ManifestBytesMax) throw new InvalidDataException();
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        var piece = new byte[4_096];
        for (int count; (count = stream.Read(piece)) > 0;)
        {
            memory.Write(piece, 0, count);
            if (memory.Length > ManifestBytesMax) throw new InvalidDataException();
        }

        return memory.ToArray();
    }

    private static ECDsa? KeyOf(string keySet, string kid)
    {
        using var json = JsonDocument.Parse(keySet);
        foreach (var key in json.RootElement.GetProperty("keys").EnumerateArray())
        {
            if (key.GetProperty("kid").GetString() == kid) return Jwt.KeyOf(new JwtKeyEntry { Kid = kid, X = key.GetProperty("x").GetString() ?? "", Y = key.GetProperty("y").GetString() ?? "" });
        }

        return null;
    }
}
