using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LienThong.Gateway.Log;

/// <summary>
/// What "on disk" means here: the bytes and the name. A file is written beside its name, flushed, renamed, and the folder that holds the name is
/// flushed too; a crash leaves the old file or the new one, never half of one.
/// </summary>
public static partial class DurableFile
{
    /// <summary>Flushes bytes, and of what the file system knows of the file only what is needed to read them again.</summary>
    /// <exception cref="IOException">The disk did not take them; what was written since the last flush may be lost.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (fdatasync(file) != 0)
        {
            const int Interrupted = 4;
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException($"The disk refused to keep what was written: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    /// <summary>Flushes the names in a folder.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;   // Names are flushed with their files there.
        using var handle = OpenFolder(folder);
        if (fsync(handle) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"The folder {Path.GetFileName(folder)} could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    /// <summary>Writes a file that nobody sees before it is whole. The name is durable only after <see cref="FlushFolder"/>.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = path + ".new";
        using (var file = File.OpenHandle(beside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            Flush(file);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Flushes everything written to the file system of a folder, files and names: one journal commit for hundreds of new files.</summary>
    /// <exception cref="IOException">Something of it was not kept.</exception>
    public static void FlushFileSystem(string folder)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException();
        using var handle = OpenFolder(folder);
        if (syncfs(handle) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"The disk refused to keep what was written: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    private static SafeFileHandle OpenFolder(string folder)
    {
        const int ReadOnlyFolder = 0x10000 | 0x80000;   // O_DIRECTORY | O_CLOEXEC
        var handle = open(folder, ReadOnlyFolder);
        if (!handle.IsInvalid) return handle;
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw new IOException($"The folder {Path.GetFileName(folder)} could not be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);
}
