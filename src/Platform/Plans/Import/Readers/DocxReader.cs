using System.Globalization;
using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Reads the main part of a Word document as a stream. What the reader of the printed page would see is kept (insertions, results of fields,
/// text boxes, automatic numbers), what he would not see is dropped (deletions, hidden text, field codes, headers and footers).
/// </summary>
internal sealed class DocxReader
{
    private const string Transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    private readonly OfficePackage _package;
    private readonly ReadingBudget _budget;
    private readonly CancellationToken _cancellationToken;
    private readonly DocxStyles _styles = new();
    private readonly DocxNumbering _numbering = new();
    private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);
    private readonly List<SourceDefect> _defects = [];
    private readonly HashSet<string> _noticed = new(StringComparer.Ordinal);

    private int _page = 1;
    private bool _breakPending;
    private int _blocks;
    private ParagraphText? _unended;

    private DocxReader(OfficePackage package, ReadingBudget budget, CancellationToken cancellationToken) =>
        (_package, _budget, _cancellationToken) = (package, budget, cancellationToken);

    public static SourceDocument Read(OfficePackage package, string mainPart, CancellationToken cancellationToken)
    {
        var reader = new DocxReader(package, new ReadingBudget(package.Limits), cancellationToken);
        return reader.Read(mainPart);
    }

    private SourceDocument Read(string mainPart)
    {
        string? footnotes = null, endnotes = null;
        foreach (var (type, target) in _package.Relations(mainPart).Values)
        {
            switch (type)
            {
                case "styles": _package.ReadXml(target, _styles.Read); break;
                case "numbering": _package.ReadXml(target, _numbering.Read); break;
                case "footnotes": footnotes = target; break;
                case "endnotes": endnotes = target; break;
                case "vbaProject" or "wordVbaData" or "control": throw new RefusedFileException(ReaderRefusals.Macro(target));
            }
        }

        if (footnotes is not null) _package.ReadXml(footnotes, xml => ReadNotes(xml, "footnote"));
        if (endnotes is not null) _package.ReadXml(endnotes, xml => ReadNotes(xml, "endnote"));
        _page = 1;

        var blocks = new List<SourceBlock>();
        var read = _package.ReadXml(mainPart, xml =>
        {
            while (xml.Read())
            {
                if (xml.IsElement && xml.Name == "body") ReadContainer(xml, blocks);
            }
        });
        if (!read) throw new RefusedFileException(ReaderRefusals.Malformed(mainPart));
        FlushUnended(blocks);
        return new SourceDocument(SourceFormat.Docx, blocks, _page, _defects);
    }

    private static bool IsWord(XmlCursor xml) => xml.Namespace is Transitional or Strict;

    private void Notice(string code, params IReadOnlyList<object> arguments)
    {
        if (_noticed.Add(code)) _defects.Add(new SourceDefect(code, _page, arguments));
    }

    private void ReadNotes(XmlCursor xml, string kind)
    {
        while (xml.Read())
        {
            if (!xml.IsElement || xml.Name != kind) continue;
            var id = xml.Attribute("id");
            var isText = xml.Attribute("type") is null or "normal";
            var blocks = new List<SourceBlock>();
            ReadContainer(xml, blocks);
            FlushUnended(blocks);
            if (id is not null && isText && _notes.Count < 20_000) _notes[kind + id] = Flatten(blocks, out _, out _);
        }
    }

    private void ReadContainer(XmlCursor xml, List<SourceBlock> into)
    {
        if (xml.IsEmpty) return;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            switch (xml.Name)
            {
                case "p" when IsWord(xml): ReadParagraph(xml, into); break;
                case "tbl" when IsWord(xml): ReadTable(xml, into); break;
                case "del" or "moveFrom" or "sdtPr" or "sdtEndPr" or "sectPr" or "Fallback" or "tcPr" or "customXmlPr": xml.Skip(); break;
                case "altChunk":
                    Notice("source.embedded-part-ignored");
                    xml.Skip();
                    break;
                default: ReadContainer(xml, into); break;
            }
        }
    }

    private void Add(List<SourceBlock> into, SourceBlock block)
    {
        _blocks++;
        if ((_blocks & 255) == 0) _cancellationToken.ThrowIfCancellationRequested();
        _budget.Text(16);
        into.Add(block);
    }

    private void FlushUnended(List<SourceBlock> into)
    {
        if (_unended is not { } rest) return;
        _unended = null;
        Finish(rest, into);
    }

    // ---- paragraphs -------------------------------------------------------------------------------------------------------------

    private sealed class ParagraphText
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _legacy = new();
        private LegacyCode _code;

        public int Letters { get; private set; }

        public int BoldLetters { get; private set; }

        public int ItalicLetters { get; private set; }

        public bool Converted { get; private set; }

        public int? Page { get; set; }

        public bool Centered { get; set; }

        public string? Marker { get; set; }

        public List<string>? Footnotes { get; set; }

        public List<SourceBlock>? Boxes { get; set; }

        /// <summary>Fields open at this point: true while in the code part, whose text is not shown.</summary>
        public Stack<bool> Fields { get; } = new();

        public bool HasText => _text.Length > 0 || _legacy.Length > 0;

        public void Append(string text, LegacyCode code, bool bold, bool italic, bool capitals)
        {
            if (text.Length == 0) return;
            foreach (var c in text)
            {
                if (char.IsWhiteSpace(c)) continue;
                Letters++;
                if (bold) BoldLetters++;
                if (italic) ItalicLetters++;
            }

            if (capitals && code == LegacyCode.Tcvn3) code = LegacyCode.Tcvn3Capitals;
            else if (capitals) text = text.ToUpperInvariant();
            if (code != _code) Settle();
            _code = code;
            (code == LegacyCode.None ? _text : _legacy).Append(text);
        }

        public string Take()
        {
            Settle();
            return SourceText.Tidy(_text.ToString());
        }

        private void Settle()
        {
            if (_legacy.Length == 0) return;
            var converted = LegacyFonts.Convert(_legacy.ToString(), _code);
            Converted |= converted.AsSpan().ContainsAnyExceptInRange('\0', '\u007F');
            _text.Append(converted);
            _legacy.Clear();
        }
    }

    private void ReadParagraph(XmlCursor xml, List<SourceBlock> into)
    {
        // A paragraph whose end was deleted in a tracked change runs on into the next one.
        var text = _unended ?? new ParagraphText();
        _unended = null;
        var startPage = _page;
        var properties = default(ParagraphProperties);
        var looks = _styles.Of(null);
        var isFirst = true;
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                if (isFirst && xml.Name == "pPr")
                {
                    properties = ParagraphProperties.Read(xml);
                    looks = _styles.Of(properties.Style);
                    if (properties.PageBreakBefore) BreakPage(rendered: false);
                    isFirst = false;
                    continue;
                }

                isFirst = false;
                ReadInline(xml, text, looks);
            }
        }

        text.Centered = properties.Centered ?? looks.Centered ?? false;
        text.Page ??= startPage;
        var styled = _styles.NumberingOf(properties.Style);
        if ((properties.NumberingId ?? styled.Id) is { } list && (list != 0) && text.Marker is null)
            text.Marker = _numbering.Next(list, properties.Level ?? (properties.NumberingId is null ? styled.Level : null), properties.Style, style => _styles.NumberingOf(style).Id);

        if (properties.EndDeleted)
        {
            _unended = text;
            return;
        }

        if (!_styles.IsTableOfContents(properties.Style)) Finish(text, into);
        if (properties.EndsSection && properties.SectionBreaksPage) BreakPage(rendered: false);
    }

    private void Finish(ParagraphText text, List<SourceBlock> into)
    {
        var said = text.Take();
        if (text.Converted) Notice("source.legacy-font");
        if (said.Length > 0 || text.Marker is not null || text.Footnotes is not null)
        {
            var most = text.Letters * 8 / 10;
            Add(into, new SourceParagraph(
                text.Page ?? _page, said, text.Letters > 0 && text.BoldLetters > most, text.Letters > 0 && text.ItalicLetters > most, text.Centered, text.Marker, text.Footnotes));
        }

        if (text.Boxes is { } boxes)
        {
            foreach (var box in boxes) Add(into, box);
        }
    }

    private void BreakPage(bool rendered)
    {
        // Word writes both the break somebody typed and, right behind it, the mark of where it really broke: one page, not two.
        if (rendered && _breakPending)
        {
            _breakPending = false;
            return;
        }

        if (_page < 100_000) _page++;
        _breakPending = !rendered;
    }

    private void ReadInline(XmlCursor xml, ParagraphText text, Looks looks)
    {
        switch (xml.Name)
        {
            case "r": ReadRun(xml, text, looks); break;
            case "t" when !IsWord(xml) && xml.Namespace.Contains("/math", StringComparison.Ordinal):
                Say(xml.Text(_budget), text, looks);
                break;
            case "del" or "moveFrom" or "rPr" or "pPr" or "sdtPr" or "sdtEndPr" or "Fallback" or "instrText" or "delText" or "delInstrText" or "fldData" or "rt":
                xml.Skip();
                break;
            default:
                if (xml.IsEmpty) break;
                var depth = xml.Depth;
                while (xml.NextChild(depth)) ReadInline(xml, text, looks);
                break;
        }
    }

    private void ReadRun(XmlCursor xml, ParagraphText text, Looks paragraph)
    {
        if (xml.IsEmpty) return;
        var looks = paragraph;
        var depth = xml.Depth;
        while (xml.NextChild(depth)) ReadRunPart(xml, text, paragraph, ref looks);
    }

    private void ReadRunPart(XmlCursor xml, ParagraphText text, Looks paragraph, ref Looks looks)
    {
        switch (xml.Name)
        {
            case "rPr":
                var own = DocxStyles.ReadRun(xml, out _, out var style);
                if (style is not null) own = own.Over(_styles.OfCharacter(style));
                looks = own.Over(paragraph);
                break;
            case "t": Say(xml.Text(_budget), text, looks); break;
            case "tab" or "ptab": Say("\t", text, looks); break;
            case "cr": Say("\n", text, looks); break;
            case "br":
                if (xml.Attribute("type") == "page") BreakPage(rendered: false);
                else Say("\n", text, looks);
                break;
            case "lastRenderedPageBreak": BreakPage(rendered: true); break;
            case "noBreakHyphen": Say("-", text, looks); break;
            case "softHyphen":
                // In the old fonts this very character is the letter ư.
                if (LegacyFonts.CodeOf(looks.Font) is LegacyCode.Tcvn3 or LegacyCode.Tcvn3Capitals) Say("\u00AD", text, looks);
                break;
            case "sym": Say(Symbol(xml.Attribute("char")), text, looks with { Font = null }); break;
            case "fldChar": Field(xml.Attribute("fldCharType"), text); xml.Skip(); break;
            case "footnoteReference": Note("footnote", xml.Attribute("id"), text); break;
            case "endnoteReference": Note("endnote", xml.Attribute("id"), text); break;
            case "instrText" or "delText" or "delInstrText" or "footnoteRef" or "endnoteRef" or "Fallback" or "annotationRef": xml.Skip(); break;
            case "txbxContent":
                ReadContainer(xml, text.Boxes ??= []);
                break;
            default:
                if (xml.IsEmpty) break;
                var depth = xml.Depth;
                while (xml.NextChild(depth))
                {
                    if (IsWord(xml) || xml.Namespace.Contains("compatibility", StringComparison.Ordinal) || xml.Name is "txbx" or "wsp" or "wgp" or "graphic" or "graphicData" or "inline" or "anchor"
                        || xml.Namespace.StartsWith("urn:schemas-microsoft-com", StringComparison.Ordinal))
                    {
                        ReadRunPart(xml, text, paragraph, ref looks);
                    }
                    else
                    {
                        xml.Skip();
                    }
                }

                break;
        }
    }

    private void Say(string words, ParagraphText text, Looks looks)
    {
        if (looks.Hidden == true || words.Length == 0) return;
        if (text.Fields.Count > 0 && text.Fields.Contains(true)) return;
        if (!text.HasText) text.Page = _page;
        _breakPending = false;
        text.Append(words, LegacyFonts.CodeOf(looks.Font), looks.Bold == true, looks.Italic == true, looks.Capitals == true);
    }

    private void Note(string kind, string? id, ParagraphText text)
    {
        if (id is not null && _notes.TryGetValue(kind + id, out var note) && note.Length > 0) (text.Footnotes ??= []).Add(note);
    }

    private static void Field(string? type, ParagraphText text)
    {
        switch (type)
        {
            case "begin" when text.Fields.Count < 64: text.Fields.Push(true); break;
            case "separate" when text.Fields.Count > 0:
                text.Fields.Pop();
                text.Fields.Push(false);
                break;
            case "end" when text.Fields.Count > 0: text.Fields.Pop(); break;
        }
    }

    private static string Symbol(string? code)
    {
        if (!int.TryParse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)) return "";
        return (value & 0xFF) switch
        {
            0x2D => "-",
            0xB3 => "≥",
            0xA3 => "≤",
            0xB7 or 0xA7 or 0xD8 => "•",
            0xFE or 0x52 or 0xFD => "☑",
            0xA8 or 0x6F => "☐",
            0xFC => "✓",
            0xE0 => "→",
            _ => "",
        };
    }

    // ---- tables -----------------------------------------------------------------------------------------------------------------

    private sealed class Cell
    {
        public required int Column { get; init; }

        public required int Span { get; set; }

        public required bool Continues { get; init; }

        public required bool Restarts { get; init; }

        public List<SourceBlock> Content { get; init; } = [];
    }

    private sealed record Row(int Page, List<Cell> Cells, bool Header);

    private void ReadTable(XmlCursor xml, List<SourceBlock> into)
    {
        FlushUnended(into);
        var page = _page;
        var rows = new List<Row>();
        ReadRows(xml, rows);
        if (rows.Count == 0) return;
        if (rows[0].Page > page) page = rows[0].Page;

        var columns = rows.Max(row => row.Cells.Count == 0 ? 0 : row.Cells[^1].Column + row.Cells[^1].Span);
        if (columns == 0) return;

        // A frame drawn as a table of one column holds paragraphs and tables of its own; they are what it says.
        if (columns == 1 && rows.Any(row => row.Cells.Any(cell => cell.Content.Any(block => block is SourceTable))))
        {
            foreach (var block in rows.SelectMany(row => row.Cells).SelectMany(cell => cell.Content)) into.Add(block);
            return;
        }

        _budget.Grid((long)columns * rows.Count);
        var grid = new GridBuilder(columns);
        foreach (var row in rows)
        {
            grid.NextRow(row.Page, row.Header);
            foreach (var cell in row.Cells)
            {
                var text = Flatten(cell.Content, out var shape, out var notes);
                if (text.Length > 0) _budget.Filled(1);
                grid.Put(cell.Column, cell.Span, cell.Continues, cell.Restarts, new SourceCell(text, Bold: shape.Bold, Italic: shape.Italic, Marker: shape.Marker, Footnotes: notes));
            }
        }

        Add(into, grid.Build(page, null));
    }

    private void ReadRows(XmlCursor xml, List<Row> rows)
    {
        if (xml.IsEmpty) return;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "tr" && IsWord(xml)) ReadRow(xml, rows);
            else if (xml.Name is "tblPr" or "tblGrid" or "sdtPr" or "sdtEndPr" or "del" or "moveFrom" or "Fallback") xml.Skip();
            else ReadRows(xml, rows);
        }
    }

    private void ReadRow(XmlCursor xml, List<Row> rows)
    {
        var (before, header, deleted) = (0, false, false);
        var cells = new List<Cell>();
        var (start, last) = (_page, _page);
        int? first = null;
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth)) ReadRowPart(xml, cells, ref before, ref header, ref deleted, start, ref last, ref first);
        }

        _page = last;
        if (!deleted) rows.Add(new Row(first ?? start, cells, header));
    }

    private void ReadRowPart(XmlCursor xml, List<Cell> cells, ref int before, ref bool header, ref bool deleted, int start, ref int last, ref int? first)
    {
        switch (xml.Name)
        {
            case "trPr":
                if (xml.IsEmpty) break;
                var depth = xml.Depth;
                while (xml.NextChild(depth))
                {
                    if (xml.Name == "gridBefore") before = Math.Clamp(xml.Number("val") ?? 0, 0, _package.Limits.TableColumns);
                    else if (xml.Name == "tblHeader") header = xml.On();
                    else if (xml.Name is "del" or "moveFrom") deleted = true;
                    xml.Skip();
                }

                break;
            case "tc":
                // A row that runs over a page marks the break in each of its cells; the page advances once.
                _page = start;
                ReadCell(xml, cells, before);
                last = Math.Max(last, _page);
                if (cells.Count > 0 && cells[^1].Content.Count > 0) first = Math.Min(first ?? int.MaxValue, cells[^1].Content[0].Page);
                break;
            case "tblPrEx" or "sdtPr" or "sdtEndPr" or "Fallback": xml.Skip(); break;
            default:
                if (xml.IsEmpty) break;
                var inner = xml.Depth;
                while (xml.NextChild(inner)) ReadRowPart(xml, cells, ref before, ref header, ref deleted, start, ref last, ref first);
                break;
        }
    }

    private void ReadCell(XmlCursor xml, List<Cell> cells, int before)
    {
        var column = cells.Count == 0 ? before : cells[^1].Column + cells[^1].Span;
        var (span, continues, restarts, joinsLeft, deleted) = (1, false, false, false, false);
        var content = new List<SourceBlock>();
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                switch (xml.Name)
                {
                    case "tcPr":
                        if (xml.IsEmpty) break;
                        var inner = xml.Depth;
                        while (xml.NextChild(inner))
                        {
                            if (xml.Name == "gridSpan") span = Math.Clamp(xml.Number("val") ?? 1, 1, _package.Limits.TableColumns);
                            else if (xml.Name == "vMerge") (continues, restarts) = xml.Attribute("val") == "restart" ? (false, true) : (true, false);
                            else if (xml.Name == "hMerge") joinsLeft = xml.Attribute("val") != "restart";
                            else if (xml.Name == "cellDel") deleted = true;
                            xml.Skip();
                        }

                        break;
                    case "p" when IsWord(xml): ReadParagraph(xml, content); break;
                    case "tbl" when IsWord(xml): ReadTable(xml, content); break;
                    case "del" or "moveFrom" or "Fallback" or "sdtPr": xml.Skip(); break;
                    default: ReadContainer(xml, content); break;
                }
            }
        }

        FlushUnended(content);
        if (column + span > _package.Limits.TableColumns) throw new RefusedFileException(ReaderRefusals.TooManyCells(_package.Limits.TableColumns));
        if (deleted) content.Clear();
        if (joinsLeft && cells.Count > 0)
        {
            cells[^1].Span += span;
            cells[^1].Content.AddRange(content);
            return;
        }

        cells.Add(new Cell { Column = column, Span = span, Continues = continues, Restarts = restarts, Content = content });
    }

    // ---- cell content -----------------------------------------------------------------------------------------------------------

    private readonly record struct Shape(bool Bold, bool Italic, string? Marker);

    /// <summary>
    /// The text of a cell or note: paragraphs on lines of their own. The number of the first paragraph becomes the marker of the cell; later ones stand in
    /// the text, since a cell has one marker. A table inside a cell gives a line per row, its cells parted by tabs.
    /// </summary>
    private static string Flatten(List<SourceBlock> content, out Shape shape, out List<string>? footnotes)
    {
        var text = new StringBuilder();
        footnotes = null;
        string? marker = null;
        bool bold = true, italic = true, any = false, first = true;
        foreach (var block in content)
        {
            if (block is SourceParagraph paragraph)
            {
                if (paragraph.Footnotes is { } notes) (footnotes ??= []).AddRange(notes);
                if (paragraph.Text.Length > 0)
                {
                    (bold, italic, any) = (bold && paragraph.Bold, italic && paragraph.Italic, true);
                }

                if (!first) text.Append('\n');
                if (first) marker = paragraph.Marker;
                else if (paragraph.Marker is { } own) text.Append(own).Append(' ');
                text.Append(paragraph.Text);
            }
            else if (block is SourceTable table)
            {
                foreach (var row in table.Rows)
                {
                    var line = string.Join('\t', row.Cells.Where(cell => !cell.Covered).Select(cell => Joined(cell)).Where(words => words.Length > 0));
                    if (line.Length == 0) continue;
                    if (text.Length > 0) text.Append('\n');
                    text.Append(line);
                    foreach (var cell in row.Cells)
                    {
                        if (cell.Footnotes is { } notes) (footnotes ??= []).AddRange(notes);
                    }
                }

                bold = italic = false;
            }

            first = false;
        }

        shape = new Shape(any && bold, any && italic, marker);
        return text.ToString().Trim('\n', ' ');
    }

    private static string Joined(SourceCell cell) => cell.Marker is { } marker ? $"{marker} {cell.Text}".Trim() : cell.Text;
}
