using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using System.Globalization;

namespace LienThong.Corpus;

/// <summary>A draft as a Word file with the habits of office files: grid spans, vertical merges, list numbers, footnotes, tracked changes.</summary>
public static class DocxWriter
{
    private const string Face = "Times New Roman";
    private static readonly DateTime Stamp = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);

    private sealed class Notes
    {
        public List<string> Texts { get; } = [];
    }

    public static void Write(string path, Draft draft)
    {
        using var file = WordprocessingDocument.Create(path, WordprocessingDocumentType.Document);
        var main = file.AddMainDocumentPart();
        var notes = new Notes();
        var body = new Body();
        main.Document = new Document(body);
        AddNumbering(main);
        var landscape = false;
        foreach (var block in draft.Blocks)
        {
            switch (block)
            {
                case Para para:
                    foreach (var line in para.Text.Split('\n')) body.Append(ParagraphOf(para with { Text = line }, notes, 26));
                    break;
                case Grid grid:
                    body.Append(TableOf(grid, notes, landscape, draft.Style));
                    body.Append(new Paragraph());
                    break;
                case NewPage page:
                    body.Append(new Paragraph(new ParagraphProperties(Section(landscape))));
                    landscape = page.Landscape;
                    break;
                default: throw new InvalidOperationException(block.GetType().Name);
            }
        }

        body.Append(Section(landscape));
        AddFootnotes(main, notes);
        main.Document.Save();
    }

    private static SectionProperties Section(bool landscape) => new(
        landscape ? new PageSize { Width = 16838, Height = 11906, Orient = PageOrientationValues.Landscape } : new PageSize { Width = 11906, Height = 16838 },
        new PageMargin { Top = 1134, Bottom = 1134, Left = 1701, Right = 850, Header = 567, Footer = 567, Gutter = 0 });

    private static Paragraph ParagraphOf(Para para, Notes notes, int halfPoints, bool autoNumber = false, bool inCell = false)
    {
        var properties = new ParagraphProperties();
        if (autoNumber) properties.Append(new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = 1 }));
        properties.Append(new SpacingBetweenLines { Before = inCell ? "0" : "60", After = inCell ? "0" : "60" });
        properties.Append(new Justification { Val = para.Center ? JustificationValues.Center : JustificationValues.Both });
        var paragraph = new Paragraph(properties);
        if (para.Deleted is { } deleted)
        {
            paragraph.Append(new DeletedRun(new Run(Look(para, halfPoints), new DeletedText(deleted) { Space = SpaceProcessingModeValues.Preserve }))
            { Author = "Chuyên viên", Date = Stamp, Id = "900" });
        }

        var pieces = Math.Max(1, Math.Min(para.Pieces, para.Text.Length / 6));
        var length = pieces == 0 ? para.Text.Length : (para.Text.Length + pieces - 1) / Math.Max(1, pieces);
        for (var at = 0; at < para.Text.Length; at += Math.Max(1, length))
        {
            var piece = para.Text.Substring(at, Math.Min(Math.Max(1, length), para.Text.Length - at));
            var run = new Run(Look(para, halfPoints), new Text(piece) { Space = SpaceProcessingModeValues.Preserve });
            // Half of the pieces of a much-edited paragraph are accepted insertions still under track.
            if (para.Deleted is not null && at > 0) paragraph.Append(new InsertedRun(run) { Author = "Chuyên viên", Date = Stamp, Id = "901" });
            else paragraph.Append(run);
        }

        if (para.Footnote is { } note)
        {
            notes.Texts.Add(note);
            paragraph.Append(new Run(new RunProperties(new VerticalTextAlignment { Val = VerticalPositionValues.Superscript }), new FootnoteReference { Id = notes.Texts.Count }));
        }

        return paragraph;
    }

    private static RunProperties Look(Para para, int halfPoints)
    {
        var look = new RunProperties(new RunFonts { Ascii = Face, HighAnsi = Face, ComplexScript = Face });
        if (para.Bold) look.Append(new Bold());
        if (para.Italic) look.Append(new Italic());
        look.Append(new FontSize { Val = halfPoints.ToString(CultureInfo.InvariantCulture) });
        return look;
    }

    private static Table TableOf(Grid grid, Notes notes, bool landscape, Style style)
    {
        var room = landscape ? 14000 : 9300;
        var total = grid.Narrow.Sum();
        var widths = grid.Narrow.Select(narrow => narrow * room / total).ToList();
        var table = new Table();
        var properties = new TableProperties(new TableWidth { Type = TableWidthUnitValues.Dxa, Width = room.ToString(CultureInfo.InvariantCulture) });
        if (grid.Borders && !grid.Letterhead)
        {
            properties.Append(new TableBorders(
                new TopBorder { Val = BorderValues.Single, Size = 4 }, new LeftBorder { Val = BorderValues.Single, Size = 4 },
                new BottomBorder { Val = BorderValues.Single, Size = 4 }, new RightBorder { Val = BorderValues.Single, Size = 4 },
                new InsideHorizontalBorder { Val = BorderValues.Single, Size = 4 }, new InsideVerticalBorder { Val = BorderValues.Single, Size = 4 }));
        }

        properties.Append(new TableLayout { Type = TableLayoutValues.Fixed });
        table.Append(properties);
        table.Append(new TableGrid(widths.Select(width => new GridColumn { Width = width.ToString(CultureInfo.InvariantCulture) })));
        for (var r = 0; r < grid.Lines.Count; r++)
        {
            var line = grid.Lines[r];
            var row = new TableRow();
            var look = new TableRowProperties();
            if (style.NoSplitRows) look.Append(new CantSplit());
            if (line.Header && style.RepeatHeader) look.Append(new TableHeader());
            if (look.HasChildren) row.Append(look);
            for (var c = 0; c < line.Cells.Count; c++)
            {
                var cell = line.Cells[c];
                if (cell.Covered && !CoveredFromAbove(grid, r, c)) continue;
                var width = 0;
                for (var k = 0; k < cell.Span && c + k < widths.Count; k++) width += widths[c + k];
                var cellProperties = new TableCellProperties(new TableCellWidth { Type = TableWidthUnitValues.Dxa, Width = width.ToString(CultureInfo.InvariantCulture) });
                if (cell.Span > 1) cellProperties.Append(new GridSpan { Val = cell.Span });
                if (cell.Rows > 1) cellProperties.Append(new VerticalMerge { Val = MergedCellValues.Restart });
                else if (cell.Covered) cellProperties.Append(new VerticalMerge());
                if (style.CentredCells && !grid.Letterhead) cellProperties.Append(new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center });
                var made = new TableCell(cellProperties);
                var lines = cell.Text.Split('\n');
                for (var i = 0; i < lines.Length; i++)
                {
                    var para = new Para(lines[i], cell.Bold, cell.Italic, cell.Center, i == lines.Length - 1 ? cell.Footnote : null, cell.Pieces, i == 0 ? cell.Deleted : null);
                    made.Append(ParagraphOf(para, notes, landscape ? 24 : 22, cell.AutoNumber && i == 0, true));
                }

                row.Append(made);
            }

            table.Append(row);
        }

        return table;
    }

    private static bool CoveredFromAbove(Grid grid, int row, int column)
    {
        for (var r = row - 1; r >= 0; r--)
        {
            var cell = grid.Lines[r].Cells[column];
            if (!cell.Covered) return cell.Rows > row - r;
        }

        return false;
    }

    private static void AddNumbering(MainDocumentPart main)
    {
        var part = main.AddNewPart<NumberingDefinitionsPart>();
        part.Numbering = new Numbering(
            new AbstractNum(new Level(
                new StartNumberingValue { Val = 1 }, new NumberingFormat { Val = NumberFormatValues.Decimal }, new LevelText { Val = "%1." },
                new LevelJustification { Val = LevelJustificationValues.Left }, new PreviousParagraphProperties(new Indentation { Left = "0", FirstLine = "0" }))
            { LevelIndex = 0 })
            { AbstractNumberId = 0 },
            new NumberingInstance(new AbstractNumId { Val = 0 }) { NumberID = 1 });
        part.Numbering.Save();
    }

    private static void AddFootnotes(MainDocumentPart main, Notes notes)
    {
        if (notes.Texts.Count == 0) return;
        var part = main.AddNewPart<FootnotesPart>();
        var all = new Footnotes(
            new Footnote(new Paragraph(new Run(new SeparatorMark()))) { Type = FootnoteEndnoteValues.Separator, Id = -1 },
            new Footnote(new Paragraph(new Run(new ContinuationSeparatorMark()))) { Type = FootnoteEndnoteValues.ContinuationSeparator, Id = 0 });
        for (var i = 0; i < notes.Texts.Count; i++)
        {
            all.Append(new Footnote(new Paragraph(
                new Run(new RunProperties(new VerticalTextAlignment { Val = VerticalPositionValues.Superscript }), new FootnoteReferenceMark()),
                new Run(new Text(" " + notes.Texts[i]) { Space = SpaceProcessingModeValues.Preserve })))
            { Id = i + 1 });
        }

        part.Footnotes = all;
        part.Footnotes.Save();
    }
}
