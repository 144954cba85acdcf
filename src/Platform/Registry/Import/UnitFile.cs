using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using LienThong.Kernel;

namespace LienThong.Platform.Registry.Import;

/// <summary>A file of units as text cells: its header and its rows, each with the number people see in their spreadsheet.</summary>
public sealed record UnitFile(IReadOnlyList<string> Header, IReadOnlyList<UnitFile.Line> Lines)
{
    public sealed record Line(int Row, IReadOnlyList<string> Cells);

    /// <summary>A province has a few thousand units with their whole history; more rows than this is another kind of file.</summary>
    public const int RowsMax = 20_000;

    /// <summary>20,000 rows of text stay far below this.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    /// <summary>What a workbook may unpack to: a sheet of 20,000 rows unpacks to some 30 MB, a bomb to gigabytes.</summary>
    private const long UnpackedBytesMax = 128L * 1024 * 1024;

    /// <summary>The template has 18 columns; a wider sheet keeps its other columns to itself.</summary>
    private const int ColumnsMax = 64;

    public static Result<UnitFile> Read(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var whole = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = content.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (whole.Length + read > BytesMax) return RegistryRefusals.FileTooLarge(BytesMax / 1024 / 1024);
            whole.Write(buffer, 0, read);
        }

        var bytes = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        if (bytes.Length == 0) return RegistryRefusals.FileUnreadable("empty");
        if (bytes.StartsWith("PK"u8))
        {
            whole.Position = 0;
            return ReadWorkbook(whole);
        }

        if (bytes.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 })) return RegistryRefusals.FileKind();   // The old binary .xls, or an encrypted workbook.
        string text;
        try { text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF'); }
        catch (DecoderFallbackException) { return RegistryRefusals.FileUnreadable("utf-8"); }

        return text.Contains('\0', StringComparison.Ordinal) ? RegistryRefusals.FileKind() : ReadText(text);
    }

    private static Result<UnitFile> ReadText(string text)
    {
        var firstLine = text.AsSpan(0, Math.Max(text.IndexOfAny(['\n', '\r']), 0) is > 0 and var end ? end : text.Length);
        var delimiter = ',';
        foreach (var other in ";\t") if (firstLine.Count(other) > firstLine.Count(delimiter)) delimiter = other;
        List<string>? header = null;
        var lines = new List<Line>();
        foreach (var (row, record) in Records(text, delimiter))
        {
            var cells = record.Take(ColumnsMax).Select(VietnameseText.Clean).ToList();
            if (cells.TrueForAll(c => c.Length == 0)) continue;
            if (header is null) { header = cells; continue; }
            if (lines.Count == RowsMax) return RegistryRefusals.FileRows(RowsMax);
            lines.Add(new(row, cells));
        }

        return header is null ? RegistryRefusals.FileUnreadable("empty") : new UnitFile(header, lines);
    }

    /// <summary>Records of RFC 4180: quoted cells may hold the delimiter, line breaks and doubled quotes. The number is that of the record's first line.</summary>
    private static IEnumerable<(int Row, List<string> Cells)> Records(string text, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (quoted, row, start) = (false, 1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') row++;
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; }
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0) quoted = true;
            else if (c == delimiter) { cells.Add(cell.ToString()); cell.Clear(); }
            else if (c == '\n')
            {
                cells.Add(cell.ToString());
                yield return (start, cells);
                (cells, start) = ([], row);
                cell.Clear();
            }
            else if (c != '\r') cell.Append(c);
        }

        if (cell.Length == 0 && cells.Count == 0) yield break;
        cells.Add(cell.ToString());
        yield return (start, cells);
    }

    private static Result<UnitFile> ReadWorkbook(Stream content)
    {
        try
        {
            using (var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true))
            {
                if (zip.Entries.Sum(e => e.Length) > UnpackedBytesMax || zip.Entries.Count > 2_000) return RegistryRefusals.FileTooLarge((int)(UnpackedBytesMax / 1024 / 1024));
                if (zip.Entries.Any(e => e.FullName.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase))) return RegistryRefusals.FileKind();
                if (!zip.Entries.Any(e => e.FullName.StartsWith("xl/", StringComparison.OrdinalIgnoreCase))) return RegistryRefusals.FileKind();
            }

            content.Position = 0;
            using var book = SpreadsheetDocument.Open(content, isEditable: false);
            var workbook = book.WorkbookPart;
            var firstSheet = workbook?.Workbook?.Sheets?.Elements<Sheet>().FirstOrDefault(s => s.State is null || s.State.Value == SheetStateValues.Visible);
            if (workbook is null || firstSheet?.Id?.Value is not { } id || workbook.GetPartById(id) is not WorksheetPart part) return RegistryRefusals.FileUnreadable("sheet");
            var shared = workbook.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>().Select(i => i.InnerText).ToList() ?? [];
            return ReadSheet(part, shared);
        }
        catch (Exception fault) when (fault is InvalidDataException or OpenXmlPackageException or FileFormatException or System.Xml.XmlException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            return RegistryRefusals.FileUnreadable("xlsx");
        }
    }

    private static Result<UnitFile> ReadSheet(WorksheetPart part, List<string> shared)
    {
        List<string>? header = null;
        var lines = new List<Line>();
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement || reader.LoadCurrentElement() is not Row row) continue;
            var cells = new List<string>();
            foreach (var cell in row.Elements<Cell>())
            {
                var column = cell.CellReference?.Value is { } place ? ColumnOf(place) : cells.Count;
                if (column >= ColumnsMax) break;
                while (cells.Count < column) cells.Add("");
                cells.Add(VietnameseText.Clean(TextOf(cell, shared)));
            }

            if (cells.TrueForAll(c => c.Length == 0)) continue;
            if (header is null) { header = cells; continue; }
            if (lines.Count == RowsMax) return RegistryRefusals.FileRows(RowsMax);
            lines.Add(new((int)(row.RowIndex?.Value ?? (uint)(lines.Count + 2)), cells));
        }

        return header is null ? RegistryRefusals.FileUnreadable("empty") : new UnitFile(header, lines);
    }

    private static string TextOf(Cell cell, List<string> shared)
    {
        if (cell.DataType?.Value == CellValues.InlineString) return cell.InlineString?.InnerText ?? "";
        var text = cell.CellValue?.Text ?? "";
        return cell.DataType?.Value == CellValues.SharedString && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : text;
    }

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var c in reference.TakeWhile(char.IsAsciiLetter)) column = (column * 26) + (char.ToUpperInvariant(c) - 'A' + 1);
        return column - 1;
    }
}
