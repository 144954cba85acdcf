using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using System.Globalization;
using Row = DocumentFormat.OpenXml.Spreadsheet.Row;
using SheetCell = DocumentFormat.OpenXml.Spreadsheet.Cell;

namespace LienThong.Corpus;

/// <summary>A draft as a workbook: title rows, merges, typed dates beside dates in words, other sheets beside the task sheet.</summary>
public static class XlsxWriter
{
    public static void Write(string path, Draft draft)
    {
        using var file = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var book = file.AddWorkbookPart();
        book.Workbook = new Workbook();
        var styles = book.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = Styles();
        styles.Stylesheet.Save();
        var sheets = new Sheets();

        Sheet? current = null;
        SheetData data = new();
        MergeCells merges = new();
        uint at = 0;
        var blocks = draft.Blocks.Where(block => block is not NewPage).ToList();
        var shift = draft.Style.SheetOffset;
        foreach (var block in blocks)
        {
            if (current is null || block is Grid { Sheet: not null })
            {
                Close();
                var part = book.AddNewPart<WorksheetPart>();
                (data, merges, at) = (new SheetData(), new MergeCells(), (uint)(shift > 0 ? 1 : 0));
                part.Worksheet = new Worksheet(data);
                current = new Sheet { Id = book.GetIdOfPart(part), SheetId = (uint)sheets.ChildElements.Count + 1, Name = (block as Grid)?.Sheet ?? "Ke hoach" };
                sheets.Append(current);
            }

            switch (block)
            {
                case Para para:
                    at++;
                    data.Append(new Row(TextCell(Name(shift, at), para.Text, para.Bold ? 2u : 0u)) { RowIndex = at });
                    if (para.Center) merges.Append(new MergeCell { Reference = $"{Name(shift, at)}:{Name(shift + 5, at)}" });
                    break;
                case Grid grid:
                    Lay(grid);
                    at++;
                    break;
                default: throw new InvalidOperationException(block.GetType().Name);
            }
        }

        Close();
        book.Workbook.Append(sheets);
        book.Workbook.Save();
        return;

        void Close()
        {
            if (current is null) return;
            var sheet = ((WorksheetPart)book.GetPartById(current.Id!)).Worksheet;
            if (merges.HasChildren) sheet.Append(merges);
            sheet.Save();
        }

        void Lay(Grid grid)
        {
            foreach (var line in grid.Lines)
            {
                at++;
                var row = new Row { RowIndex = at };
                for (var c = 0; c < line.Cells.Count; c++)
                {
                    var cell = line.Cells[c];
                    if (cell.Covered) continue;
                    var name = Name(c + shift, at);
                    if (cell.Span > 1 || cell.Rows > 1) merges.Append(new MergeCell { Reference = $"{name}:{Name(c + shift + cell.Span - 1, at + (uint)cell.Rows - 1)}" });
                    if (cell.Typed is { } day)
                    {
                        var serial = day.DayNumber - new DateOnly(1899, 12, 30).DayNumber;
                        row.Append(new SheetCell { CellReference = name, StyleIndex = 1, CellValue = new CellValue(serial.ToString(CultureInfo.InvariantCulture)) });
                    }
                    else if (cell.Number is { } number)
                    {
                        row.Append(new SheetCell { CellReference = name, CellValue = new CellValue(number.ToString(CultureInfo.InvariantCulture)) });
                    }
                    else if (cell.Text.Length > 0)
                    {
                        row.Append(TextCell(name, cell.Text, cell.Bold ? 2u : 3u));
                    }
                }

                data.Append(row);
            }
        }
    }

    private static SheetCell TextCell(string name, string text, uint style) => new()
    {
        CellReference = name,
        DataType = CellValues.InlineString,
        StyleIndex = style,
        InlineString = new InlineString(new Text(text) { Space = SpaceProcessingModeValues.Preserve }),
    };

    private static string Name(int column, uint row)
    {
        var letters = "";
        for (var c = column; c >= 0; c = c / 26 - 1) letters = (char)('A' + c % 26) + letters;
        return letters + row.ToString(CultureInfo.InvariantCulture);
    }

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 170, FormatCode = "dd/mm/yyyy" }) { Count = 1 },
        new Fonts(new Font(new FontSize { Val = 12 }, new FontName { Val = "Times New Roman" }), new Font(new Bold(), new FontSize { Val = 12 }, new FontName { Val = "Times New Roman" })),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            new CellFormat(), new CellFormat { NumberFormatId = 170, ApplyNumberFormat = true }, new CellFormat { FontId = 1, ApplyFont = true },
            new CellFormat(new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top }) { ApplyAlignment = true }));
}
