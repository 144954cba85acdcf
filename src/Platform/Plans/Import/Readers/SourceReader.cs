using System.Text;
using System.Xml;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// The one door for files: recognises the format by content, never by name, and hands over to its reader. Whatever a file may contain ends in a
/// document or in a refusal; only a cancelled call throws.
/// </summary>
public sealed class SourceReader(ReaderLimits? limits = null) : ISourceReader
{
    private readonly ReaderLimits _limits = limits ?? ReaderLimits.Default;

    public async Task<Result<SourceDocument>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var document = await Task.Run(() => ReadFileAsync(path, cancellationToken), cancellationToken);
            return document.Blocks.All(IsBlank) ? ReaderRefusals.NoContent() : document;
        }
        catch (RefusedFileException refused)
        {
            return refused.Refusal;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return ReaderRefusals.Missing();
        }
        catch (Exception fault) when (IsFaultOfTheFile(fault))
        {
            return ReaderRefusals.Malformed(fault.GetType().Name);
        }
    }

    private static bool IsBlank(SourceBlock block) => block switch
    {
        SourceParagraph paragraph => string.IsNullOrWhiteSpace(paragraph.Text) && paragraph.Footnotes is null,
        SourceTable table => table.Rows.All(row => row.Cells.All(cell => string.IsNullOrWhiteSpace(cell.Text) && cell.Marker is null)),
        _ => false,
    };

    private static bool IsFaultOfTheFile(Exception fault) =>
        fault is InvalidDataException or XmlException or IOException or FormatException or OverflowException or ArgumentException
            or InvalidOperationException or IndexOutOfRangeException or NotSupportedException;

    private async Task<SourceDocument> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65536, FileOptions.Asynchronous);
        if (file.Length == 0) throw new RefusedFileException(ReaderRefusals.Empty());
        if (file.Length > _limits.FileBytes) throw new RefusedFileException(ReaderRefusals.TooLarge(file.Length, _limits.FileBytes));
        var head = new byte[1100];
        var length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var start = head.AsMemory(0, length);

        if (Starts(start, "PK\u0003\u0004"u8) || Starts(start, "PK\u0005\u0006"u8)) return ReadPackage(file, cancellationToken);
        if (Starts(start, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])) throw new RefusedFileException(CompoundFile.Refuse(file));
        // The header of a PDF may stand anywhere in the first kilobyte.
        if (start.Span.IndexOf("%PDF-"u8) >= 0) return await PdfReader.ReadAsync(path, _limits, cancellationToken);
        if (Starts(start, [0x89, 0x50, 0x4E, 0x47]) || Starts(start, [0xFF, 0xD8, 0xFF]) || Starts(start, "II*\0"u8) || Starts(start, "MM\0*"u8))
            return await ScanReader.ReadImageAsync(path, _limits, cancellationToken);
        RefuseOtherBinary(start.Span);
        return await ReadTextAsync(path, cancellationToken);
    }

    private static bool Starts(ReadOnlyMemory<byte> head, ReadOnlySpan<byte> mark) => head.Span.StartsWith(mark);

    private SourceDocument ReadPackage(FileStream file, CancellationToken cancellationToken)
    {
        using var package = OfficePackage.Open(file, _limits, cancellationToken);
        if (!package.Has("[Content_Types].xml"))
        {
            throw new RefusedFileException(ReaderRefusals.Unsupported(package.Has("mimetype") && package.Has("content.xml") ? "ODF" : "ZIP"));
        }

        var types = package.ContentTypes();
        var main = package.Relations("").Values.FirstOrDefault(relation => relation.Type == "officeDocument").Target;
        var mainType = types.FirstOrDefault(type => type.Part.TrimStart('/').Equals(main, StringComparison.OrdinalIgnoreCase)).Type
            ?? types.FirstOrDefault(type => type.Type.Contains(".main+xml", StringComparison.OrdinalIgnoreCase)).Type ?? "";
        if (mainType.Contains("sheet.binary", StringComparison.OrdinalIgnoreCase)) throw new RefusedFileException(ReaderRefusals.Legacy("XLSB", "XLSX"));
        package.RefuseMacros(types);
        if (main is null || !package.Has(main)) throw new RefusedFileException(ReaderRefusals.Malformed("_rels/.rels"));
        if (mainType.Contains("wordprocessingml", StringComparison.OrdinalIgnoreCase)) return DocxReader.Read(package, main, cancellationToken);
        if (mainType.Contains("spreadsheetml", StringComparison.OrdinalIgnoreCase)) return XlsxReader.Read(package, main, cancellationToken);
        throw new RefusedFileException(ReaderRefusals.Unsupported(mainType.Contains("presentationml", StringComparison.OrdinalIgnoreCase) ? "PPTX" : "OPC"));
    }

    private static void RefuseOtherBinary(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("{\\rtf"u8)) throw new RefusedFileException(ReaderRefusals.Legacy("RTF", "DOCX"));
        if (head.StartsWith("Rar!"u8)) throw new RefusedFileException(ReaderRefusals.Unsupported("RAR"));
        if (head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF])) throw new RefusedFileException(ReaderRefusals.Unsupported("7Z"));
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) throw new RefusedFileException(ReaderRefusals.Unsupported("GZIP"));
        if (head.StartsWith("MZ"u8) || head.StartsWith("\u007FELF"u8))
            throw new RefusedFileException(ReaderRefusals.Unsupported("EXE"));
        var text = Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
        if (text.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            throw new RefusedFileException(ReaderRefusals.Unsupported("HTML"));
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) throw new RefusedFileException(ReaderRefusals.Unsupported("XML"));

        // UTF-16 text has zeros too, on one side of every other pair.
        if (head.IndexOf((byte)0) >= 0 && !TextDecoding.IsUtf16(head)) throw new RefusedFileException(ReaderRefusals.Unsupported("?"));
    }

    /// <summary>UTF-8 or UTF-16; bytes that are neither are read in the code page of older Windows and said to be doubtful.</summary>
    private async Task<SourceDocument> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        if (TextDecoding.Decode(bytes, out var isDoubtful) is not { } text) throw new RefusedFileException(ReaderRefusals.Unsupported("?"));
        new ReadingBudget(_limits).Text(text.Length);
        if (!text.IsNormalized(NormalizationForm.FormC)) text = text.Normalize(NormalizationForm.FormC);
        var document = PlainTextReader.Read(text);
        return isDoubtful ? document with { Defects = [.. document.Defects, new SourceDefect("source.glyphs", 1, text.Count(c => c > 127), text.Length)] } : document;
    }
}

/// <summary>
/// The container of Office before 2007, and of encrypted files after. It is only looked into far enough to say which it is: the names in its
/// directory tell.
/// </summary>
internal static class CompoundFile
{
    public static Refusal Refuse(FileStream file)
    {
        (string Name, Refusal Refusal)[] marks =
        [
            ("EncryptedPackage", ReaderRefusals.Encrypted("OOXML")),
            ("_VBA_PROJECT", ReaderRefusals.Macro("_VBA_PROJECT")),
            ("WordDocument", ReaderRefusals.Legacy("DOC", "DOCX")),
            ("Workbook", ReaderRefusals.Legacy("XLS", "XLSX")),
            ("Book", ReaderRefusals.Legacy("XLS", "XLSX")),
            ("PowerPoint Document", ReaderRefusals.Unsupported("PPT")),
            ("__properties_version1.0", ReaderRefusals.Unsupported("MSG")),
        ];
        var names = Names(file);
        foreach (var (name, refusal) in marks)
        {
            if (names.Contains(name)) return refusal;
        }

        return ReaderRefusals.Unsupported("OLE");
    }

    /// <summary>Directory entries are 128 bytes on 128-byte bounds: name in UTF-16, its length in bytes at 64, its kind at 66.</summary>
    private static HashSet<string> Names(FileStream file)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new byte[65536];
        file.Position = 0;
        int read;
        while ((read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0)
        {
            for (var at = 0; at + 128 <= read; at += 128)
            {
                var length = buffer[at + 64] | (buffer[at + 65] << 8);
                if (length is < 4 or > 64 || (length & 1) != 0 || buffer[at + 66] is not (1 or 2 or 5)) continue;
                if (names.Count < 4096) names.Add(Encoding.Unicode.GetString(buffer, at, length - 2));
            }
        }

        return names;
    }
}
