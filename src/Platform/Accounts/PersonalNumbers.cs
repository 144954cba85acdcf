using System.Security.Cryptography;
using System.Text;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Accounts;

/// <summary>
/// Turns a personal identification number into a keyed digest, which can be matched and not read: twelve digits are too few for a digest
/// without a key. The key is a file beside the data-protection keys, or the setting LIENTHONG_PERSON_KEY (base64, 32 bytes or more).
/// </summary>
public sealed class PersonalNumbers
{
    private readonly Lazy<byte[]> _key;

    public PersonalNumbers(StorageOptions storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        _key = new Lazy<byte[]>(() => ReadOrMakeKey(storage));
    }

    /// <summary>The digest of twelve digits, or null when the text is no such number.</summary>
    public string? DigestOf(string? number)
    {
        var digits = new string([.. (number ?? "").Where(c => !char.IsWhiteSpace(c))]);
        return digits.Length == 12 && digits.All(char.IsAsciiDigit) ? Digest("person", digits) : null;
    }

    /// <summary>The digest of a certificate's issuer and subject, which may hold a personal number too.</summary>
    public string DigestOfCertificate(string issuer, string subject) => Digest("certificate", issuer + "\n" + subject);

    private string Digest(string purpose, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(purpose + ":" + text)));

    private static byte[] ReadOrMakeKey(StorageOptions storage)
    {
        if (Environment.GetEnvironmentVariable("LIENTHONG_PERSON_KEY") is { Length: > 0 } setting)
        {
            var given = Convert.FromBase64String(setting);
            return given.Length >= 32 ? given : throw new InvalidOperationException("LIENTHONG_PERSON_KEY must hold at least 32 bytes in base64.");
        }

        var file = Path.Combine(storage.KeyFolder, "person.key");
        Directory.CreateDirectory(storage.KeyFolder);
        if (!File.Exists(file))
        {
            // Written beside its place and then linked, so that two nodes starting together agree on one key and a kill leaves none half written.
            var draft = Path.Combine(storage.KeyFolder, Path.GetRandomFileName());
            var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, access))
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
                stream.Flush(flushToDisk: true);
            }

            try { File.Move(draft, file, overwrite: false); }
            catch (IOException) when (File.Exists(file)) { File.Delete(draft); }
        }

        return Convert.FromBase64String(File.ReadAllText(file));
    }
}
