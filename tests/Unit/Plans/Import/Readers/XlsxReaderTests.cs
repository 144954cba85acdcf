using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>What a workbook says (issue C.1; monitoring.md §5: Excel serial dates, merged cells, other tables beside the task table).</summary>
public sealed class XlsxReaderTests : IDisposable
{
    private const string Styles = "<numFmts><numFmt numFmtId=\"164\" formatCode=\"&quot;Trước ngày &quot;dd/mm/yyyy\"/><numFmt numFmtId=\"165\" formatCode=\"mm/yyyy\"/><numFmt numFmtId=\"166\" formatCode=\"[$-42A]d\\ mmmm\\ yyyy;@\"/><numFmt numFmtId=\"167\" formatCode=\"00&quot;.&quot;\"/></numFmts>"
        + "<fonts><font><sz val=\"11\"/></font><font><b/></font><font><name val=\".VnTime\"/></font></fonts>"
        + "<cellXfs><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"3\"/><xf numFmtId=\"10\"/><xf numFmtId=\"167\"/><xf fontId=\"1\"/><xf fontId=\"2\"/><xf numFmtId=\"20\"/></cellXfs>";

    private readonly OfficeFiles _files = new();

    public void Dispose() => _files.Dispose();

    private static string Text(string at, string text, int style = 0) => $"<c r=\"{at}\" t=\"inlineStr\" s=\"{style}\"><is><t>{text}</t></is></c>";

    private static string Value(string at, string value, int style = 0, string? type = null) => $"<c r=\"{at}\" s=\"{style}\" {(type is null ? "" : $"t=\"{type}\"")}><v>{value}</v></c>";

    private static string Row(int number, params string[] cells) => $"<row r=\"{number}\">{string.Concat(cells)}</row>";

    private async Task<SourceDocument> ReadAsync(string rows, string after = "", string? shared = null, string? properties = null, string before = "") =>
        await OfficeFiles.ReadAsync(_files.Xlsx(shared, Styles, properties, ("Phụ lục", "", $"{before}<sheetData>{rows}</sheetData>{after}")));

    [Fact]
    public async Task Titles_stand_before_the_table_and_rows_keep_their_sheet_numbers()
    {
        var document = await ReadAsync(
            Row(1, Text("A1", "ỦY BAN NHÂN DÂN"), Text("D1", "CỘNG HÒA")) + Row(2, Text("A2", "PHỤ LỤC"))
            + Row(4, Text("A4", "STT", 8), Text("B4", "Nhiệm vụ", 8), Text("C4", "Chủ trì", 8), Text("D4", "Thời hạn", 8))
            + Row(5, Value("A5", "1"), Text("B5", "Việc A"), Text("C5", "Sở Y tế"), Value("D5", "46203", 1))
            + Row(7, Value("A7", "2"), Text("B7", "Việc B"), Text("C7", "Sở Nội vụ"), Text("D7", "Thường xuyên")));

        Assert.Equal(["ỦY BAN NHÂN DÂN", "CỘNG HÒA", "PHỤ LỤC"], document.Blocks.OfType<SourceParagraph>().Select(paragraph => paragraph.Text));
        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal("Phụ lục", table.Title);
        Assert.Equal([4, 5, 7], table.Rows.Where(row => row.Cells.Any(cell => cell.Text.Length > 0)).Select(row => row.Number));
        Assert.True(table.Rows[0].Cells[0].Bold);
        Assert.Equal(new DateOnly(2026, 6, 30), table.Rows[1].Cells[3].Date);
        Assert.Equal("30/06/2026", table.Rows[1].Cells[3].Text);
    }

    [Theory]
    [InlineData("46203", 1, "30/06/2026", true)]
    [InlineData("46203", 2, "Trước ngày 30/06/2026", true)]
    [InlineData("46203", 3, "06/2026", false)]
    [InlineData("46203.5", 4, "30/06/2026", true)]
    [InlineData("46203", 0, "46203", false)]
    [InlineData("1234567", 5, "1.234.567", false)]
    [InlineData("0.855", 6, "85,50%", false)]
    [InlineData("3", 7, "03.", false)]
    [InlineData("1.1", 0, "1.1", false)]
    [InlineData("0.30000000000000004", 0, "0.3", false)]
    [InlineData("0.3125", 10, "07:30", false)]
    public async Task Numbers_and_dates_read_as_shown(string stored, int style, string shown, bool isDate)
    {
        var document = await ReadAsync(Row(1, Text("A1", "a"), Text("B1", "b"), Text("C1", "c")) + Row(2, Text("A2", "x"), Value("B2", stored, style), Text("C2", "y")));
        var cell = Assert.Single(document.Blocks.OfType<SourceTable>()).Rows[1].Cells[1];
        Assert.Equal((shown, isDate), (cell.Text, cell.Date is not null));
        Assert.Equal(shown != "06/2026", cell.Number is not null);   // A month shown as one is neither a day nor a serial number of one.
    }

    [Fact]
    public async Task Workbooks_of_the_1904_calendar_give_the_same_days()
    {
        var document = await ReadAsync(Row(1, Text("A1", "a"), Text("B1", "b")) + Row(2, Text("A2", "x"), Value("B2", "44741", 1)), properties: "<workbookPr date1904=\"1\"/>");
        Assert.Equal(new DateOnly(2026, 6, 30), Assert.Single(document.Blocks.OfType<SourceTable>()).Rows[1].Cells[1].Date);
    }

    [Fact]
    public async Task Strings_shared_rich_computed_and_typed_in_old_fonts_are_all_text()
    {
        var document = await ReadAsync(
            Row(1, Value("A1", "0", 0, "s"), Value("B1", "1", 0, "s"), Value("C1", "kết quả", 0, "str"))
            + Row(2, Value("A2", "1", 0, "b"), Value("B2", "2", 9, "s"), "<c r=\"C2\"><f>A1+1</f><v>7</v></c>"),
            shared: "<si><t>dòng 1&#10;dòng 2</t></si><si><r><rPr><b/></rPr><t>đậm</t></r><r><t xml:space=\"preserve\"> thường</t></r><rPh><t>bỏ</t></rPh></si><si><t>Së Y tÕ</t></si>");
        var rows = Assert.Single(document.Blocks.OfType<SourceTable>()).Rows;
        Assert.Equal(["dòng 1\ndòng 2", "đậm thường", "kết quả"], rows[0].Cells.Select(cell => cell.Text));
        Assert.Equal(["TRUE", "Sở Y tế", "7"], rows[1].Cells.Select(cell => cell.Text));
        Assert.Contains(document.Defects, defect => defect.Code == "source.legacy-font");
    }

    [Fact]
    public async Task Merges_cover_their_rectangle()
    {
        var document = await ReadAsync(
            Row(1, Text("A1", "STT"), Text("B1", "Nhiệm vụ"), Text("C1", "Hạn")) + Row(2, Text("A2", "I. NHÓM"))
            + Row(3, Value("A3", "1"), Text("B3", "Việc A"), Text("C3", "Quý I")) + Row(4, Value("A4", "2"), Text("B4", "Việc B")),
            "<mergeCells><mergeCell ref=\"A2:C2\"/><mergeCell ref=\"C3:C4\"/></mergeCells>");
        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal(3, table.Rows[1].Cells[0].ColumnSpan);
        Assert.Equal((true, "I. NHÓM"), (table.Rows[1].Cells[2].Covered, table.Rows[1].Cells[2].CoveredFrom));
        Assert.Equal(2, table.Rows[2].Cells[2].RowSpan);
        Assert.Equal((true, "Quý I"), (table.Rows[3].Cells[2].Covered, table.Rows[3].Cells[2].CoveredFrom));
    }

    [Fact]
    public async Task Two_tables_on_a_sheet_and_hidden_sheets_are_told_apart()
    {
        static string Table(int from, string word) =>
            Row(from, Text($"A{from}", "STT"), Text($"B{from}", word), Text($"C{from}", "Ghi chú")) + Row(from + 1, Value($"A{from + 1}", "1"), Text($"B{from + 1}", "x"), Text($"C{from + 1}", "y"));
        var document = await OfficeFiles.ReadAsync(_files.Xlsx(null, Styles, null,
            ("Một", "", $"<sheetData>{Table(1, "Nhiệm vụ")}{Row(5, Text("A5", "Bảng 2. Thiết bị"))}{Table(6, "Thiết bị")}</sheetData>"),
            ("Hai", "state=\"hidden\"", $"<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData>{Table(1, "Ẩn")}</sheetData>")));
        Assert.Equal(["Nhiệm vụ", "Thiết bị", "Ẩn"], document.Blocks.OfType<SourceTable>().Select(table => table.Rows[0].Cells[1].Text));
        Assert.Equal("Bảng 2. Thiết bị", Assert.Single(document.Blocks.OfType<SourceParagraph>()).Text);
        Assert.Equal(2, document.Pages);
        Assert.Equal(["source.hidden-sheet", "source.hidden-columns"], document.Defects.Select(defect => defect.Code));
    }

    [Fact]
    public async Task A_sheet_that_claims_the_whole_grid_costs_only_what_it_holds()
    {
        var document = await ReadAsync(
            Row(1, Text("A1", "STT"), Text("B1", "Việc"), Text("C1", "Hạn")) + Row(2, Value("A2", "1"), Text("B2", "x"), Text("C2", "y")) + Row(1_048_576, Text("XFD1048576", "lạc")),
            before: "<dimension ref=\"A1:XFD1048576\"/>");
        Assert.Equal(2, Assert.Single(document.Blocks.OfType<SourceTable>()).Rows.Count);
        Assert.Equal("lạc", Assert.Single(document.Blocks.OfType<SourceParagraph>()).Text);
    }
}
