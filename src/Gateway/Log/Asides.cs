using System.Buffers;

namespace LienThong.Gateway.Log;

/// <summary>
/// What is kept beside the entries and is not in the tree: the salts of their digests. Erasing one leaves every proof whole and makes what was
/// digested unguessable for ever (exchange.md §3.4). One file for each bundle of entries, in the private folder.
/// </summary>
internal static class Asides
{
    public static string PathOf(string folder, long number) => Path.Combine(folder, "aside", new Tile(Tile.Entries, number, Tile.Full).Path["tile/entries/".Length..]);

    /// <summary>The file of a bundle that is not full; each checkpoint writes it again.</summary>
    public static string PartialPathOf(string folder, long number) => PathOf(folder, number) + ".p";

    /// <summary>The asides of one bundle. One that was erased is empty.</summary>
    /// <exception cref="LogDamagedException">The file is not there or broken.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(string folder, long number, int width)
    {
        var path = PathOf(folder, number);
        if (!File.Exists(path)) path = PartialPathOf(folder, number);
        var name = Path.GetRelativePath(folder, path);
        if (!File.Exists(path)) throw new LogDamagedException(name, LogFault.Missing);
        return EntryBundle.TryRead(File.ReadAllBytes(path), width, out var asides) ? asides : throw new LogDamagedException(name, LogFault.Unreadable);
    }

    /// <summary>Erases what is kept beside one sealed entry of a full bundle.</summary>
    public static void Erase(string folder, long index)
    {
        var (number, within) = (index / Tile.Full, (int)(index % Tile.Full));
        var path = PathOf(folder, number);
        if (!EntryBundle.TryRead(File.ReadAllBytes(path), Tile.Full, out var asides)) throw new LogDamagedException(Path.GetRelativePath(folder, path), LogFault.Unreadable);
        var without = new ArrayBufferWriter<byte>();
        for (var i = 0; i < asides.Count; i++) EntryBundle.Add(without, i == within ? [] : asides[i].Span);
        DurableFile.Write(path, without.WrittenSpan);
        DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
    }
}
