using System.Security.Cryptography;
using System.Text;

namespace LienThong.Gateway.Log;

/// <summary>A private key in a file of its own, made at the first start, readable by its owner alone. It never leaves the machine.</summary>
public static class KeyFile
{
    /// <summary>The key in the file; makes both if there is none.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="CryptographicException">The file holds no key on P-256.</exception>
    public static ECDsa LoadOrCreate(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            try { key.ImportFromPem(File.ReadAllText(path)); }
            catch (ArgumentException e) { throw new CryptographicException($"{Path.GetFileName(path)} holds no key.", e); }
            return key.KeySize == 256 ? key : throw new CryptographicException($"{Path.GetFileName(path)} holds a key on another curve than P-256.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: false);
        return key;
    }
}
