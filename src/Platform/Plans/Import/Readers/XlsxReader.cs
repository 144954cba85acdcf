using System.Globalization;
using System.Text;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Reads a workbook sheet by sheet as a stream; only cells that hold something are kept, so a sheet may claim any dimension. Each region of a sheet
/// becomes a table, the lines above it paragraphs. Cached results of formulas are what the sheet shows; nothing is computed, no link is followed.
/// </summary>
internal sealed class XlsxReader
{
    private sealed record Filled(int Row, int Column, SourceCell Cell);

    private sealed record Merge(int Row, int Column, int Rows, int Columns);

    private sealed class Sheet
    {
        public List<Filled> Cells { get; } = [];

        public List<Merge> Merges { get; } = [];

        public bool HasHiddenRows { get; set; }

        public bool HasHiddenColumns { get; set; }
    }

    private const int LastRow = 1_048_576;
    private const int LastColumn = 16_384;

    private readonly OfficePackage _package;
    private readonly ReadingBudget _budget;
    private readonly CancellationToken _cancellationToken;
    private readonly XlsxStyles _styles = new();
    private readonly List<(string Text, string? Raw)> _shared = [];
    private readonly List<SourceDefect> _defects = [];
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);
    private bool _since1904;
    private bool _legacyNoticed;

    private XlsxReader(OfficePackage package, CancellationToken cancellationToken) =>
        (_package, _budget, _cancellationToken) = (package, new ReadingBudget(package.Limits), cancellationToken);

    public static SourceDocument Read(OfficePackage package, string mainPart, CancellationToken cancellationToken) =>
        new XlsxReader(package, cancellationToken).Read(mainPart);

    private SourceDocument Read(string mainPart)
    {
        var relations = _package.Relations(mainPart);
        foreach (var (type, target) in relations.Values)
        {
            if (type is "vbaProject" or "xlMacrosheet" or "xlIntlMacrosheet" or "dialogsheet") throw new RefusedFileException(ReaderRefusals.Macro(target));
            if (type == "styles") _package.ReadXml(target, _styles.Read);
            if (type == "sharedStrings") _package.ReadXml(target, ReadShared);
        }

        var sheets = new List<(string Name, string Relation, bool Hidden)>();
        var read = _package.ReadXml(mainPart, xml =>
        {
            while (xml.Read())
            {
                if (!xml.IsElement) continue;
                if (xml.Name == "workbookPr") _since1904 = xml.Attribute("date1904") is "1" or "true";
                if (xml.Name == "sheet" && xml.Attribute("id") is { } id && sheets.Count < 1_000)
                    sheets.Add((SourceText.Tidy(xml.Attribute("name") ?? ""), id, xml.Attribute("state") is "hidden" or "veryHidden"));
            }
        });
        if (!read) throw new RefusedFileException(ReaderRefusals.Malformed(mainPart));

        var blocks = new List<SourceBlock>();
        for (var number = 1; number <= sheets.Count; number++)
        {
            var (name, relation, hidden) = sheets[number - 1];
            if (!relations.TryGetValue(relation, out var target) || target.Type != "worksheet") continue;
            var sheet = new Sheet();
            if (!_package.ReadXml(target.Target, xml => ReadSheet(xml, sheet))) throw new RefusedFileException(ReaderRefusals.Malformed(target.Target));
            if (sheet.Cells.Count == 0) continue;
            if (hidden) _defects.Add(new SourceDefect("source.hidden-sheet", number, name));
            if (sheet.HasHiddenRows) _defects.Add(new SourceDefect("source.hidden-rows", number, name));
            if (sheet.HasHiddenColumns) _defects.Add(new SourceDefect("source.hidden-columns", number, name));
            new XlsxRegions(number, name, _budget, _package.Limits).Add(
                sheet.Cells.Select(cell => (cell.Row, cell.Column, cell.Cell)), sheet.Merges.Select(merge => (merge.Row, merge.Column, merge.Rows, merge.Columns)), blocks);
        }

        return new SourceDocument(SourceFormat.Xlsx, blocks, Math.Max(1, sheets.Count), _defects);
    }

    private void ReadShared(XmlCursor xml)
    {
        while (xml.Read())
        {
            if (!xml.IsElement || xml.Name != "si") continue;
            _shared.Add(ReadRich(xml));
            if (_shared.Count > _package.Limits.GridCells) throw new RefusedFileException(ReaderRefusals.TooManyCells(_package.Limits.GridCells));
        }
    }

    /// <summary>A string of runs. Raw is given when it has no font of its own, so that the font of the cell decides how to read it.</summary>
    private (string Text, string? Raw) ReadRich(XmlCursor xml)
    {
        if (xml.IsEmpty) return ("", null);
        var (text, raw, rich) = (new StringBuilder(), new StringBuilder(), false);
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "t")
            {
                var plain = xml.Text(_budget);
                text.Append(plain);
                raw.Append(plain);
            }
            else if (xml.Name == "r" && !xml.IsEmpty)
            {
                LegacyCode? code = null;
                var inner = xml.Depth;
                while (xml.NextChild(inner))
                {
                    if (xml.Name == "rPr") code = XlsxStyles.ReadRunCode(xml);
                    else if (xml.Name == "t")
                    {
                        var plain = xml.Text(_budget);
                        raw.Append(plain);
                        text.Append(Convert(plain, code ?? LegacyCode.None));
                        rich |= code is not null and not LegacyCode.None;
                    }
                    else
                    {
                        xml.Skip();
                    }
                }
            }
            else
            {
                // rPh: how to pronounce East Asian text; it is not part of what is written.
                xml.Skip();
            }
        }

        return (SourceText.Tidy(text.ToString()), rich ? null : raw.ToString().AsSpan().ContainsAnyExceptInRange('\0', '\u007F') ? raw.ToString() : null);
    }

    private string Convert(string text, LegacyCode code)
    {
        if (code == LegacyCode.None) return text;
        var converted = LegacyFonts.Convert(text, code);
        if (!_legacyNoticed && converted != text)
        {
            _legacyNoticed = true;
            _defects.Add(new SourceDefect("source.legacy-font", null));
        }

        return converted;
    }

    private void ReadSheet(XmlCursor xml, Sheet sheet)
    {
        var row = 0;
        var column = 0;
        var seen = 0;
        while (xml.Read())
        {
            if (!xml.IsElement) continue;
            switch (xml.Name)
            {
                case "col" when xml.Attribute("hidden") is "1" or "true": sheet.HasHiddenColumns = true; break;
                case "row":
                    row = xml.Number("r") ?? row + 1;
                    if (row is < 1 or > LastRow) throw new RefusedFileException(ReaderRefusals.Malformed($"row {row}"));
                    column = 0;
                    if (xml.Attribute("hidden") is "1" or "true") sheet.HasHiddenRows = true;
                    break;
                case "c":
                    if ((++seen & 4095) == 0) _cancellationToken.ThrowIfCancellationRequested();
                    ReadCell(xml, ref row, ref column, sheet);
                    break;
                case "mergeCell" when sheet.Merges.Count < 200_000 && TryRange(xml.Attribute("ref"), out var merge): sheet.Merges.Add(merge); break;
                case "conditionalFormatting" or "dataValidations" or "extLst" or "hyperlinks" or "headerFooter" or "oleObjects" or "controls": xml.Skip(); break;
            }
        }
    }

    private void ReadCell(XmlCursor xml, ref int row, ref int column, Sheet sheet)
    {
        if (TryReference(xml.Attribute("r"), out var at)) (row, column) = at;
        else column++;
        if (column > LastColumn) throw new RefusedFileException(ReaderRefusals.Malformed($"column {column}"));
        if (xml.IsEmpty) return;
        var type = xml.Attribute("t");
        var style = _styles.Of(xml.Number("s"));
        string? value = null;
        string? text = null;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            switch (xml.Name)
            {
                case "v": value = xml.Text(_budget); break;
                case "is":
                    var (said, raw) = ReadRich(xml);
                    text = raw is not null && style.Code != LegacyCode.None ? SourceText.Tidy(Convert(raw, style.Code)) : said;
                    break;
                default: xml.Skip(); break;
            }
        }

        var cell = Make(type, value, text, style);
        if (cell is null) return;
        _budget.Filled(1);
        sheet.Cells.Add(new Filled(row, column, cell));
    }

    private SourceCell? Make(string? type, string? value, string? inline, XlsxStyles.Style style)
    {
        string? text;
        switch (type)
        {
            case "s":
                if (!int.TryParse(value, CultureInfo.InvariantCulture, out var index) || index < 0 || index >= _shared.Count) return null;
                var shared = _shared[index];
                text = shared.Raw is not null && style.Code != LegacyCode.None ? SourceText.Tidy(Convert(shared.Raw, style.Code)) : shared.Text;
                break;
            case "inlineStr": text = inline; break;
            case "str": text = SourceText.Tidy(Convert(value ?? "", style.Code)); break;
            case "b": text = value == "1" ? "TRUE" : "FALSE"; break;
            case "e": text = value; break;
            case "d" when DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso):
                return new SourceCell(style.Format.IsDate ? style.Format.ShowDate(iso) : Vietnamese.Day(DateOnly.FromDateTime(iso)), Bold: style.Bold, Italic: style.Italic, Date: DayOf(style.Format, iso));
            default:
                if (value is null) { text = inline; break; }
                if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) { text = SourceText.Tidy(value); break; }
                if (style.Format.IsDate && XlsxFormat.TryDate(number, _since1904, out var date))
                    return new SourceCell(style.Format.ShowDate(date), Bold: style.Bold, Italic: style.Italic, Date: DayOf(style.Format, date), Number: DayOf(style.Format, date) is null ? null : number);
                if (style.Format.HasTime && XlsxFormat.TryDate(number % 1, true, out var time))
                    return new SourceCell(XlsxFormat.ShowTime(time), Bold: style.Bold, Italic: style.Italic, Number: number);
                return new SourceCell(style.Format.ShowNumber(number), Bold: style.Bold, Italic: style.Italic, Number: number);
        }

        if (string.IsNullOrEmpty(text)) return null;
        return new SourceCell(Pooled(text), Bold: style.Bold, Italic: style.Italic);
    }

    /// <summary>Somebody who types 3/2026 gets the first of March shown as a month: what the cell shows is what was meant, and no day is.</summary>
    private static DateOnly? DayOf(XlsxFormat format, DateTime value) => format.IsDate && !format.HasDay ? null : DateOnly.FromDateTime(value);

    private string Pooled(string text)
    {
        if (text.Length > 64) return text;
        if (_pool.TryGetValue(text, out var known)) return known;
        if (_pool.Count < 50_000) _pool.Add(text, text);
        return text;
    }

    private static bool TryReference(ReadOnlySpan<char> reference, out (int Row, int Column) at)
    {
        at = default;
        var (column, i) = (0, 0);
        for (; i < reference.Length && char.IsAsciiLetter(reference[i]); i++)
        {
            column = (column * 26) + (char.ToUpperInvariant(reference[i]) - 'A' + 1);
            if (column > LastColumn) return false;
        }

        if (column == 0 || !int.TryParse(reference[i..], NumberStyles.None, CultureInfo.InvariantCulture, out var row) || row is < 1 or > LastRow) return false;
        at = (row, column);
        return true;
    }

    private static bool TryRange(string? range, out Merge merge)
    {
        merge = new Merge(0, 0, 0, 0);
        var parts = range?.Split(':');
        if (parts is not { Length: 2 } || !TryReference(parts[0], out var from) || !TryReference(parts[1], out var to)) return false;
        merge = new Merge(Math.Min(from.Row, to.Row), Math.Min(from.Column, to.Column), Math.Abs(to.Row - from.Row) + 1, Math.Abs(to.Column - from.Column) + 1);
        return merge.Rows > 1 || merge.Columns > 1;
    }
}
