using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using LienThong.Platform.Plans;

namespace LienThong.Web.Desk.Plans;

/// <summary>
/// The register as a workbook, one row at a time: dates are dates, numbers numbers, and what begins like a formula is marked as text, so that
/// opening the file runs nothing. The first column, hidden, is the task's id: by it a row that somebody sends back can be found again.
/// </summary>
internal static class RegisterSheet
{
    private const uint Plain = 0, Head = 1, Date = 2, Wrapped = 3, Quoted = 4, Share = 5;

    private static readonly (string Key, double Width)[] Columns =
    [
        ("xlsx.id", 12), ("col.number", 7), ("filter.plan", 18), ("filter.group", 28), ("col.content", 70), ("col.lead", 34), ("xlsx.due.words", 26), ("xlsx.due.original", 13), ("xlsx.due.revised", 13),
        ("xlsx.days", 10), ("col.status", 26), ("xlsx.claimed", 11), ("xlsx.measured", 11), ("xlsx.parts", 9), ("xlsx.parts.done", 9), ("col.updated", 13), ("xlsx.done", 13), ("xlsx.gaps", 12),
    ];

    public static void Write(Stream output, IEnumerable<TaskLine> lines, DateOnly asOf, Func<string, string> words)
    {
        using var document = SpreadsheetDocument.Create(output, SpreadsheetDocumentType.Workbook);
        var book = document.AddWorkbookPart();
        var styles = book.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = Styles();
        var sheet = book.AddNewPart<WorksheetPart>();
        var last = ColumnName(Columns.Length);
        var count = 1;
        using (var writer = OpenXmlWriter.Create(sheet))
        {
            writer.WriteStartElement(new Worksheet());
            writer.WriteStartElement(new SheetViews());
            writer.WriteElement(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 });
            writer.WriteEndElement();
            writer.WriteStartElement(new Columns());
            for (var i = 0; i < Columns.Length; i++) writer.WriteElement(new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = Columns[i].Width, CustomWidth = true, Hidden = i == 0 });
            writer.WriteEndElement();
            writer.WriteStartElement(new SheetData());
            writer.WriteElement(Row(1, [.. Columns.Select(c => Text(words(c.Key), Head))]));
            foreach (var line in lines) writer.WriteElement(Row(++count, Cells(line, words)));
            writer.WriteEndElement();
            writer.WriteElement(new AutoFilter { Reference = $"A1:{last}{count.ToString(CultureInfo.InvariantCulture)}" });
            writer.WriteElement(new PageSetup { Orientation = OrientationValues.Landscape, PaperSize = 9, FitToWidth = 1, FitToHeight = 0 });
            writer.WriteElement(new HeaderFooter(new OddFooter(words("xlsx.foot") + " " + asOf.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) + "&R&P/&N")));
            writer.WriteEndElement();
        }

        book.Workbook = new Workbook(
            new Sheets(new Sheet { Id = book.GetIdOfPart(sheet), SheetId = 1, Name = words("xlsx.sheet") }),
            new DefinedNames(new DefinedName($"'{words("xlsx.sheet")}'!$1:$1") { Name = "_xlnm.Print_Titles", LocalSheetId = 0 }));
    }

    private static Cell[] Cells(TaskLine line, Func<string, string> words) =>
    [
        Text(line.Id.ToString(), Plain), Text(line.Number, Plain), Text(line.PlanName, Plain), Text(line.GroupPath, Wrapped), Text(line.Content, Wrapped), Text(line.LeadName, Wrapped), Text(line.DeadlineText, Wrapped),
        Day(line.OriginalDue), Day(line.RevisedDue), Number(line.Standing.DaysLeft, Plain), Text(words("status." + line.Standing.Group), Plain), Number(line.PercentClaimed / 100, Share), Number(line.PercentMeasured / 100, Share),
        Number(line.Parts, Plain), Number(line.PartsDone, Plain), Day(line.LastMovementOn), Day(line.DoneOn), Text(line.Gaps, Plain),
    ];

    private static Row Row(int number, Cell[] cells)
    {
        for (var i = 0; i < cells.Length; i++) cells[i].CellReference = ColumnName(i + 1) + number.ToString(CultureInfo.InvariantCulture);
        return new Row(cells.Where(c => c.HasChildren)) { RowIndex = (uint)number };
    }

    /// <summary>What a spreadsheet would take for a formula when somebody edits the cell; the prefix keeps it a text for ever and changes no letter of it.</summary>
    private static bool LooksLikeFormula(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '|';

    private static Cell Text(string? text, uint style)
    {
        if (string.IsNullOrEmpty(text)) return new Cell();

        // A spreadsheet cell holds 32,767 characters and no control characters.
        var clean = new string([.. text.Where(c => c is '\n' or '\t' || !char.IsControl(c)).Take(32_000)]);
        return new Cell(new InlineString(new Text(clean) { Space = SpaceProcessingModeValues.Preserve })) { DataType = CellValues.InlineString, StyleIndex = LooksLikeFormula(clean) ? Quoted : style };
    }

    private static Cell Number(decimal? value, uint style) => value is { } number ? new Cell(new CellValue(number)) { StyleIndex = style } : new Cell();

    private static Cell Day(DateOnly? day) => day is { } known ? new Cell(new CellValue(known.ToDateTime(TimeOnly.MinValue).ToOADate())) { StyleIndex = Date } : new Cell();

    private static string ColumnName(int number) => number > 26 ? ColumnName((number - 1) / 26) + (char)('A' + ((number - 1) % 26)) : ((char)('A' + number - 1)).ToString();

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 164, FormatCode = "dd/mm/yyyy" }),
        new Fonts(new Font(new FontSize { Val = 11 }, new FontName { Val = "Times New Roman" }), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Times New Roman" })),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            new CellFormat { FontId = 0, Alignment = Top(false), ApplyAlignment = true },
            new CellFormat { FontId = 1, ApplyFont = true, Alignment = Top(true), ApplyAlignment = true },
            new CellFormat { FontId = 0, NumberFormatId = 164, ApplyNumberFormat = true, Alignment = Top(false), ApplyAlignment = true },
            new CellFormat { FontId = 0, Alignment = Top(true), ApplyAlignment = true },
            new CellFormat { FontId = 0, QuotePrefix = true, Alignment = Top(true), ApplyAlignment = true },
            new CellFormat { FontId = 0, NumberFormatId = 9, ApplyNumberFormat = true, Alignment = Top(false), ApplyAlignment = true }));

    private static Alignment Top(bool wrap) => new() { Vertical = VerticalAlignmentValues.Top, WrapText = wrap };
}
