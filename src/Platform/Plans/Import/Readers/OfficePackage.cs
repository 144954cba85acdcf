using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// An Open XML package opened with distrust: entries are counted before the archive is built, every inflated byte is counted, and anything that could
/// run (macros, controls, packaged programs) refuses the whole file. Links to the outside are never followed.
/// </summary>
internal sealed class OfficePackage : IDisposable
{
    private const uint EndOfDirectory = 0x06054b50, Zip64Locator = 0x07064b50, Zip64End = 0x06064b50, DirectoryHeader = 0x02014b50;

    private readonly ZipArchive _zip;
    private readonly ReaderLimits _limits;
    private readonly long _storedBytes;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private long _inflated;

    private readonly CancellationToken _cancellationToken;

    private OfficePackage(ZipArchive zip, ReaderLimits limits, long storedBytes, CancellationToken cancellationToken)
    {
        (_zip, _limits, _storedBytes, _cancellationToken) = (zip, limits, storedBytes, cancellationToken);
        foreach (var entry in zip.Entries) _entries.TryAdd(Normal(entry.FullName), entry);
    }

    public IEnumerable<string> Names => _entries.Keys;

    public ReaderLimits Limits => _limits;

    public static OfficePackage Open(FileStream file, ReaderLimits limits, CancellationToken cancellationToken)
    {
        CheckDirectory(file, limits);
        file.Position = 0;
        var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        return new OfficePackage(zip, limits, file.Length, cancellationToken);
    }

    public bool Has(string part) => _entries.ContainsKey(Normal(part));

    public Stream? OpenPart(string part) =>
        _entries.TryGetValue(Normal(part), out var entry) ? new CountingStream(entry.Open(), this) : null;

    public XmlCursor? OpenXml(string part) => OpenPart(part) is { } stream ? new XmlCursor(stream, _limits) : null;

    /// <summary>Runs a reading of one part; a fault of the XML becomes a refusal that names the part.</summary>
    public bool ReadXml(string part, Action<XmlCursor> read)
    {
        try
        {
            using var cursor = OpenXml(part);
            if (cursor is null) return false;
            read(cursor);
            return true;
        }
        catch (XmlException fault)
        {
            // The reader has no error code; it is asked to prohibit a DTD and says so only in words, in the language of the host.
            throw new RefusedFileException(DeclaresType(part) ? ReaderRefusals.UnsafeXml(part) : ReaderRefusals.Malformed($"{part}, {fault.LineNumber}:{fault.LinePosition}"));
        }
        catch (InvalidDataException)
        {
            throw new RefusedFileException(ReaderRefusals.Malformed(part));
        }
    }

    /// <summary>Relationships of a part: id → (type's last word, target part). External targets are left out.</summary>
    public Dictionary<string, (string Type, string Target)> Relations(string part)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..slash];
        ReadXml($"{folder}/_rels/{part[(slash + 1)..]}.rels", xml =>
        {
            while (xml.Read())
            {
                if (!xml.IsElement || xml.Name != "Relationship" || xml.Attribute("TargetMode") == "External") continue;
                if (xml.Attribute("Id") is not { } id || xml.Attribute("Target") is not { } target) continue;
                var type = xml.Attribute("Type") ?? "";
                found.TryAdd(id, (type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target)));
            }
        });
        return found;
    }

    /// <summary>The content types of the parts; their presence is what makes a ZIP an Open XML package.</summary>
    public List<(string Part, string Type)> ContentTypes()
    {
        var types = new List<(string, string)>();
        ReadXml("[Content_Types].xml", xml =>
        {
            while (xml.Read())
            {
                if (!xml.IsElement || xml.Name is not ("Override" or "Default")) continue;
                types.Add((xml.Attribute("PartName") ?? "*." + xml.Attribute("Extension"), xml.Attribute("ContentType") ?? ""));
            }
        });
        return types;
    }

    /// <summary>Refuses what could run. Names are not enough: content types and the inside of embedded objects are looked at too.</summary>
    public void RefuseMacros(IEnumerable<(string Part, string Type)> types)
    {
        string[] words = ["vbaproject", "macroenabled", "activex", "macrosheet", "dialogsheet", "vbadata"];
        foreach (var (part, type) in types)
        {
            // A Default declared for an extension nobody uses is harmless; programs write them by habit.
            if (part.StartsWith("*.", StringComparison.Ordinal) && !_entries.Keys.Any(name => name.EndsWith(part[1..], StringComparison.OrdinalIgnoreCase))) continue;
            if (words.Any(word => type.Contains(word, StringComparison.OrdinalIgnoreCase))) throw new RefusedFileException(ReaderRefusals.Macro(part));
        }

        foreach (var name in _entries.Keys)
        {
            if (words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
                || name.EndsWith(".docm", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".xlsm", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            {
                throw new RefusedFileException(ReaderRefusals.Macro(name));
            }

            if (name.Contains("/embeddings/", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && CarriesProgram(name))
                throw new RefusedFileException(ReaderRefusals.Macro(name));
        }
    }

    public void Dispose() => _zip.Dispose();

    private static string Normal(string name) => name.Replace('\\', '/').TrimStart('/');

    private static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/')) return target.TrimStart('/');
        var steps = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..") { if (steps.Count > 0) steps.RemoveAt(steps.Count - 1); }
            else if (step != ".") steps.Add(step);
        }

        return string.Join('/', steps);
    }

    /// <summary>Whether an embedded compound file holds a packaged file (which may be a program) or a macro project: both are stream names in UTF-16.</summary>
    private bool CarriesProgram(string name)
    {
        byte[][] marks = [Encoding.Unicode.GetBytes("Ole10Native"), Encoding.Unicode.GetBytes("_VBA_PROJECT")];
        using var stream = OpenPart(name)!;
        var buffer = new byte[65536];
        var kept = 0;
        int read;
        while ((read = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var seen = buffer.AsSpan(0, kept + read);
            foreach (var mark in marks)
            {
                if (seen.IndexOf(mark) >= 0) return true;
            }

            kept = Math.Min(seen.Length, 64);
            seen[^kept..].CopyTo(buffer);
        }

        return false;
    }

    private bool DeclaresType(string part)
    {
        using var stream = OpenPart(part);
        if (stream is null) return false;
        var head = new byte[4096];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var text = Encoding.UTF8.GetString(head, 0, length).Replace("\0", "", StringComparison.Ordinal);
        return text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || text.Contains("<!ENTITY", StringComparison.OrdinalIgnoreCase);
    }

    private void Count(int bytes)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _inflated += bytes;
        if (_inflated > _limits.ExpandedBytes || (_inflated > _limits.RatioFloorBytes && _inflated > _storedBytes * _limits.ExpansionRatio))
            throw new RefusedFileException(ReaderRefusals.ZipBomb(_limits.ExpandedBytes));
    }

    /// <summary>
    /// Walks the central directory by itself, because the archive class reads all of it into objects before anyone can count.
    /// Declared sizes may only accuse: a file that itself says it is too large is believed, one that says it is small is not.
    /// </summary>
    private static void CheckDirectory(FileStream file, ReaderLimits limits)
    {
        var tail = new byte[(int)Math.Min(file.Length, 65_557 + 20)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = -1;
        for (var at = tail.Length - 22; at >= 0 && end < 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndOfDirectory) end = at;
        }

        if (end < 0) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
        long start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (start == uint.MaxValue) start = Zip64Start(file, tail, end);

        var header = new byte[46];
        var entries = 0;
        long declared = 0;
        file.Position = Math.Clamp(start, 0, file.Length);
        using var buffered = new BufferedStream(new Borrowed(file), 65536);
        while (buffered.ReadAtLeast(header, 46, throwOnEndOfStream: false) == 46 && BinaryPrimitives.ReadUInt32LittleEndian(header) == DirectoryHeader)
        {
            if (++entries > limits.PackageEntries) throw new RefusedFileException(ReaderRefusals.TooManyParts(limits.PackageEntries));
            if ((header[8] & 1) != 0) throw new RefusedFileException(ReaderRefusals.Encrypted("ZIP"));
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24));
            if (size != uint.MaxValue) declared += size;
            if (declared > limits.ExpandedBytes) throw new RefusedFileException(ReaderRefusals.ZipBomb(limits.ExpandedBytes));
            var rest = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30))
                + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
            for (var left = rest; left > 0; left--)
            {
                if (buffered.ReadByte() < 0) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
            }
        }

        if (entries == 0) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
    }

    private static long Zip64Start(FileStream file, byte[] tail, int end)
    {
        if (end < 20 || BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - 20)) != Zip64Locator) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
        var at = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - 12));
        var record = new byte[56];
        if (at < 0 || at > file.Length - record.Length) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
        file.Position = at;
        file.ReadExactly(record);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Zip64End) throw new RefusedFileException(ReaderRefusals.Malformed("zip"));
        return BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48));
    }

    /// <summary>Lets a buffer be disposed without closing the file under it.</summary>
    private sealed class Borrowed(Stream inner) : PassingStream(inner, leavesOpen: true)
    {
        private readonly Stream _inner = inner;

        public override long Length => _inner.Length;

        public override long Position { get => _inner.Position; set => throw new NotSupportedException(); }

        protected override void Pass(ReadOnlySpan<byte> read)
        {
        }
    }

    private sealed class CountingStream(Stream inner, OfficePackage package) : PassingStream(inner)
    {
        protected override void Pass(ReadOnlySpan<byte> read) => package.Count(read.Length);
    }
}
