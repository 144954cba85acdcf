using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;
using Xunit;
using static LienThong.Unit.Plans.Import.Readers.PdfFiles;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>PDF by its text layer and drawn lines, and by OCR where there is no text (issue C.1; monitoring.md §5: rows broken over a page, repeated headers, scans).</summary>
public sealed class PdfReaderTests : IDisposable
{
    private readonly OfficeFiles _files = new();

    public void Dispose() => _files.Dispose();

    private async Task<SourceDocument> ReadAsync(params string[] pages)
    {
        Assert.SkipUnless(HasPoppler, "poppler-utils is not installed");
        return await OfficeFiles.ReadAsync(_files.Write("a.pdf", Make(pages)));
    }

    private static string Grid(double[] xs, double[] ys, bool bars = false)
    {
        var drawn = string.Concat(ys.Select(y => bars ? Bar(xs[0], y, xs[^1] - xs[0], 0.48) : Line(xs[0], y, xs[^1], y)));
        return drawn + string.Concat(xs.Select(x => bars ? Bar(x, ys[^1], 0.48, ys[0] - ys[^1]) : Line(x, ys[0], x, ys[^1])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ruled_cells_are_exact_and_wrapped_lines_join(bool bars)
    {
        var document = await ReadAsync(
            Grid([60, 100, 300, 420, 540], [700, 680, 640, 620], bars)
            + Text(65, 685, "STT") + Text(105, 685, "Nhiem vu") + Text(305, 685, "Chu tri") + Text(425, 685, "Thoi han")
            + Text(65, 665, "1") + Text(105, 665, "Xay dung ke hoach trien khai thuc") + Text(105, 650, "hien so 02-KH/BCD") + Text(305, 665, "So Y te") + Text(305, 650, "So Noi vu") + Text(425, 665, "30/6/2026")
            + Text(65, 625, "2") + Text(105, 625, "Viec hai") + Text(305, 625, "Van phong"));
        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal((4, 3), (table.Columns, table.Rows.Count));
        Assert.Equal(["1", "Xay dung ke hoach trien khai thuc hien so 02-KH/BCD", "So Y te\nSo Noi vu", "30/6/2026"], table.Rows[1].Cells.Select(cell => cell.Text));
        Assert.Equal("", table.Rows[2].Cells[3].Text);
    }

    [Fact]
    public async Task Missing_borders_are_merged_cells()
    {
        // The last column is one cell over two rows, the group row one cell over all columns.
        var document = await ReadAsync(
            Line(60, 700, 540, 700) + Line(60, 680, 540, 680) + Line(60, 660, 540, 660) + Line(60, 640, 400, 640) + Line(60, 620, 540, 620)
            + Line(60, 700, 60, 620) + Line(540, 700, 540, 620) + Line(100, 700, 100, 680) + Line(100, 660, 100, 620) + Line(400, 700, 400, 680) + Line(400, 660, 400, 620)
            + Text(65, 685, "STT") + Text(105, 685, "Viec") + Text(405, 685, "Han") + Text(65, 665, "I. Nhom mot") + Text(65, 645, "1") + Text(105, 645, "Viec A") + Text(405, 640, "Quy I")
            + Text(65, 625, "2") + Text(105, 625, "Viec B"));
        var rows = Assert.Single(document.Blocks.OfType<SourceTable>()).Rows;
        Assert.Equal(("I. Nhom mot", 3), (rows[1].Cells[0].Text, rows[1].Cells[0].ColumnSpan));
        Assert.Equal(("Quy I", 2), (rows[2].Cells[2].Text, rows[2].Cells[2].RowSpan));
        Assert.Equal((true, "Quy I"), (rows[3].Cells[2].Covered, rows[3].Cells[2].CoveredFrom));
    }

    [Fact]
    public async Task An_open_table_goes_on_overleaf_and_its_header_is_known_again()
    {
        string Page(int number, string rest) =>
            Line(60, 700, 500, 700) + Line(60, 680, 500, 680) + Line(60, 700, 60, 600) + Line(120, 700, 120, 600) + Line(500, 700, 500, 600)
            + Text(65, 685, "STT") + Text(125, 685, "Nhiem vu") + Text(65, 665, $"{number}") + Text(125, 665, rest) + Text(295, 20, $"{number}");
        var document = await ReadAsync(Page(1, "Viec mot"), Page(2, "Viec hai"));
        var tables = document.Blocks.OfType<SourceTable>().ToList();
        Assert.Equal(2, tables.Count);
        Assert.Equal([false, true], tables.Select(table => table.Rows[0].RepeatedHeader));
        Assert.Equal(["Viec mot", "Viec hai"], tables.Select(table => table.Rows[1].Cells[1].Text));
        Assert.DoesNotContain(document.Blocks, block => block is SourceParagraph);
    }

    /// <summary>A merged lead goes on overleaf as an empty cell over its rows, and a narrow column breaks a year before its last digit.</summary>
    [Fact]
    public async Task A_merged_cell_goes_on_overleaf_and_a_broken_year_is_whole()
    {
        static string Page(double[] columns, double[] lead) => string.Concat(new[] { 700.0, 680, 640, 600 }.Select(y => Line(120, y, 400, y)))
            + string.Concat(lead.Select(y => Line(60, y, 120, y))) + string.Concat(columns.Select(x => Line(x, 700, x, 600)));
        double[] columns = [60, 120, 150, 350, 400];
        var document = await ReadAsync(
            Page(columns, [700, 680, 640, 600]) + Text(65, 685, "Chu tri") + Text(125, 685, "TT") + Text(155, 685, "Noi dung") + Text(352, 685, "Han")
            + Text(65, 665, "So Y te") + Text(125, 665, "1") + Text(155, 665, "Viec mot") + Text(352, 665, "31/12/202") + Text(352, 650, "7")
            + Text(65, 625, "So Noi vu") + Text(125, 625, "2") + Text(155, 625, "Viec hai") + Text(352, 625, "30/6/2027"),
            Page(columns, [700, 640, 600]) + Text(125, 685, "3") + Text(155, 685, "Viec ba") + Text(352, 685, "30/7/2027")
            + Text(125, 665, "4") + Text(155, 665, "Viec bon") + Text(65, 625, "So Tu phap") + Text(125, 625, "5") + Text(155, 625, "Viec nam"));
        var tables = document.Blocks.OfType<SourceTable>().ToList();
        Assert.Equal(2, tables.Count);
        Assert.Equal("31/12/2027", tables[0].Rows[1].Cells[3].Text);
        Assert.Equal(["So Noi vu", "So Noi vu", "So Tu phap"], tables[1].Rows.Select(row => row.Cells[0].CoveredFrom ?? row.Cells[0].Text));
    }

    [Fact]
    public async Task Prose_is_joined_where_the_paper_ended_and_nowhere_else()
    {
        var document = await ReadAsync(
            Text(80, 780, "UBND TINH ABC") + Text(350, 780, "CONG HOA XA HOI", font: "F2") + Text(85, 765, "So: 12/KH") + Text(345, 765, "Doc lap - Tu do")
            + Text(230, 720, "KE HOACH NAM", font: "F2")
            + Text(90, 690, "Thuc hien chi dao cua tinh ve viec trien khai cac nhiem vu chuyen doi so, Uy ban nhan dan") + Text(60, 675, "tinh ban hanh ke hoach voi cac noi dung chinh sau day de cac don vi can cu thuc hien nghiem")
            + Text(60, 660, "tuc.") + Text(90, 645, "1. Muc dich") + Text(90, 630, "2. Yeu cau"));
        Assert.Equal(
            [
                "UBND TINH ABC", "So: 12/KH", "CONG HOA XA HOI", "Doc lap - Tu do", "KE HOACH NAM",
                "Thuc hien chi dao cua tinh ve viec trien khai cac nhiem vu chuyen doi so, Uy ban nhan dan tinh ban hanh ke hoach voi cac noi dung chinh sau day de cac don vi can cu thuc hien nghiem tuc.",
                "1. Muc dich", "2. Yeu cau",
            ],
            document.Blocks.Cast<SourceParagraph>().Select(paragraph => paragraph.Text));
        Assert.Equal([false, false, true, false, true, false, false, false], document.Blocks.Cast<SourceParagraph>().Select(paragraph => paragraph.Bold));
    }

    [Fact]
    public async Task A_footnote_leaves_the_foot_of_the_page_and_the_number_it_broke_is_whole()
    {
        var document = await ReadAsync(
            Text(60, 700, "Theo Ke hoach so 02-", 12) + Text(171.4, 705, "1", 6) + Text(174.8, 700, "KH/BCD cua Ban Chi dao", 12) + Line(60, 100, 200, 100) + Text(60, 90, "1", 5) + Text(64, 86, "Ngay 19/6/2025 cua Ban", 9));
        var paragraph = Assert.IsType<SourceParagraph>(Assert.Single(document.Blocks));
        Assert.Equal("Theo Ke hoach so 02-KH/BCD cua Ban Chi dao", paragraph.Text);
        Assert.Equal(["Ngay 19/6/2025 cua Ban"], paragraph.Footnotes);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(270)]
    public async Task Pages_turned_for_the_printer_read_straight(int rotate)
    {
        Assert.SkipUnless(HasPoppler, "poppler-utils is not installed");
        var content = Grid([60, 100, 300, 420], [500, 480, 460, 440]) + Text(65, 485, "STT") + Text(105, 485, "Nhiem vu duoc giao") + Text(305, 485, "Chu tri")
            + Text(65, 465, "1") + Text(105, 465, "Viec mot hai ba") + Text(305, 465, "So Y te") + Text(65, 445, "2") + Text(105, 445, "Viec bon nam sau") + Text(305, 445, "Van phong tinh");
        var document = await OfficeFiles.ReadAsync(_files.Write("a.pdf", Make([content], 842, 595, rotate)));
        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal([["STT", "Nhiem vu duoc giao", "Chu tri"], ["1", "Viec mot hai ba", "So Y te"], ["2", "Viec bon nam sau", "Van phong tinh"]], table.Rows.Select(row => row.Cells.Select(cell => cell.Text).ToArray()));
    }

    [Fact]
    public async Task Columns_without_lines_are_found_by_their_gaps()
    {
        var rows = string.Concat(Enumerable.Range(1, 6).Select(i => Text(60, 700 - (30 * i), $"{i}") + Text(100, 700 - (30 * i), $"Viec so {i} cua tinh") + Text(330, 700 - (30 * i), "So Y te") + Text(450, 700 - (30 * i), $"Quy {i}")));
        var document = await ReadAsync(Text(60, 700, "STT") + Text(100, 700, "Nhiem vu") + Text(330, 700, "Chu tri") + Text(450, 700, "Han") + rows);
        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal((4, 7), (table.Columns, table.Rows.Count));
        Assert.Equal(["6", "Viec so 6 cua tinh", "So Y te", "Quy 6"], table.Rows[6].Cells.Select(cell => cell.Text));
    }

    [Fact]
    public async Task Locked_endless_and_empty_files_are_refused()
    {
        Assert.SkipUnless(HasPoppler, "poppler-utils is not installed");
        var locked = Make([Text(60, 700, "x")], encrypt: "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + new string('A', 64) + ">/U<" + new string('B', 64) + ">>>/ID[<00><00>]");
        Assert.Equal("plans.import.encrypted", (await OfficeFiles.RefusalOfAsync(_files.Write("locked.pdf", locked)))?.Code);
        Assert.Equal("plans.import.too-many-pages", (await OfficeFiles.RefusalOfAsync(_files.Write("long.pdf", Make(Enumerable.Repeat("", 10_000)))))?.Code);
        Assert.Equal("plans.import.no-content", (await OfficeFiles.RefusalOfAsync(_files.Write("blank.pdf", Make(["", ""]))))?.Code);
        var whole = Make([Text(60, 700, "Noi dung ke hoach trien khai")]);
        for (var keep = 20; keep < whole.Length; keep += 97)
        {
            // A cut file is read as far as poppler can mend it, or refused; it never throws.
            await new SourceReader().ReadAsync(_files.Write("cut.pdf", whole[..keep]), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Scans_are_counted_before_they_are_read()
    {
        Assert.SkipUnless(HasOcr, "tesseract-ocr is not installed");
        var blank = (Width: 100, Height: 140, Dots: Enumerable.Repeat((byte)255, 14_000).ToArray());
        var path = _files.Write("scan.pdf", MakeScan(Enumerable.Repeat(blank, 3), 72));
        Assert.Equal("plans.import.too-many-scanned-pages", (await OfficeFiles.RefusalOfAsync(path, new ReaderLimits { ScannedPages = 2 }))?.Code);
    }

    /// <summary>One office document through LibreOffice and, as a tilted picture, through OCR: the same table must come back.</summary>
    [Fact]
    public async Task A_real_appendix_survives_printing_and_scanning()
    {
        Assert.SkipUnless(HasOffice && HasPoppler, "LibreOffice or poppler-utils is not installed");
        string[] widths = ["700", "4200", "2000", "1900"];
        string Row(params string[] cells) => "<w:tr>" + string.Concat(cells.Zip(widths).Select(cell => $"<w:tc><w:tcPr><w:tcW w:w=\"{cell.Second}\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:rPr><w:rFonts w:ascii=\"Liberation Serif\" w:hAnsi=\"Liberation Serif\" w:cs=\"Liberation Serif\"/><w:sz w:val=\"26\"/></w:rPr><w:t>{cell.First}</w:t></w:r></w:p></w:tc>")) + "</w:tr>";
        const string Border = "w:val=\"single\" w:sz=\"4\" w:color=\"000000\"";
        string Content(int i) => $"Xây dựng, ban hành quy chế quản lý và khai thác cơ sở dữ liệu dùng chung số {i} của tỉnh";
        var body = "<w:tbl><w:tblPr><w:tblW w:w=\"8800\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblBorders>" + string.Concat(new[] { "top", "left", "bottom", "right", "insideH", "insideV" }.Select(side => $"<w:{side} {Border}/>")) + "</w:tblBorders></w:tblPr>"
            + "<w:tblGrid>" + string.Concat(widths.Select(width => $"<w:gridCol w:w=\"{width}\"/>")) + "</w:tblGrid>"
            + Row("STT", "Nhiệm vụ", "Chủ trì", "Thời hạn") + string.Concat(Enumerable.Range(1, 30).Select(i => Row($"{i}", Content(i), "Sở Khoa học và Công nghệ", $"Quý {(i % 4) + 1}/2026"))) + "</w:tbl>";
        Convert(_files.Docx(body), _files.Folder);
        var pdf = _files.Path("a.pdf");
        var printed = await OfficeFiles.ReadAsync(pdf);
        Assert.Equal(SourceFormat.Pdf, printed.Format);
        Assert.True(printed.Pages > 1);
        var contents = printed.Blocks.OfType<SourceTable>().SelectMany(table => table.Rows).Select(row => row.Cells[1].Text).ToList();
        for (var i = 1; i <= 30; i++) Assert.True(contents.Contains(Content(i)) || string.Join(' ', contents).Contains(Content(i), StringComparison.Ordinal), Content(i));

        Assert.SkipUnless(HasOcr, "tesseract-ocr is not installed");
        var scanned = await OfficeFiles.ReadAsync(_files.Write("scan.pdf", MakeScan([Tilt(Paint(pdf, 1, 200), 0.012)], 200)));
        Assert.Equal(SourceFormat.ScannedPdf, scanned.Format);
        Assert.Contains(scanned.Defects, defect => defect.Code == "source.scanned");
        var rows = Assert.Single(scanned.Blocks.OfType<SourceTable>()).Rows;
        Assert.Equal(4, rows[0].Cells.Count);
        var exact = Enumerable.Range(1, rows.Count - 2).Count(i => rows[i].Cells[0].Text == $"{i}" && rows[i].Cells[1].Text == Content(i) && rows[i].Cells[2].Text == "Sở Khoa học và Công nghệ");
        Assert.True(exact >= (rows.Count - 2) * 0.8, $"{exact} of {rows.Count - 2} rows read exactly");
    }
}
