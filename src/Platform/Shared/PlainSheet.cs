using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace LienThong.Platform.Shared;

/// <summary>A workbook of one sheet with one header row that stays in view. Every cell is text, so that nothing in it can run when it is opened.</summary>
public static class PlainSheet
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <param name="columns">Header and width in characters of each column.</param>
    public static byte[] Write(string name, IReadOnlyList<(string Header, double Width)> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        using var content = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var workbook = book.AddWorkbookPart();
            var part = workbook.AddNewPart<WorksheetPart>();
            var data = new SheetData();
            foreach (var cells in rows.Prepend([.. columns.Select(c => c.Header)]))
            {
                data.Append(new Row(cells.Select(c => new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(c) { Space = SpaceProcessingModeValues.Preserve }) })));
            }

            var pane = new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen };
            part.Worksheet = new Worksheet(
                new SheetViews(new SheetView(pane) { WorkbookViewId = 0 }),
                new Columns(columns.Select((c, i) => new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = c.Width, CustomWidth = true })),
                data);
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = 1, Name = name }));
        }

        return content.ToArray();
    }
}
