using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>What a Word document says to its reader (issue C.1; monitoring.md §5: merged cells, repeated headers, footnotes).</summary>
public sealed class DocxReaderTests : IDisposable
{
    private readonly OfficeFiles _files = new();

    public void Dispose() => _files.Dispose();

    private static string P(string text, string properties = "", string run = "") =>
        $"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>";

    private static string Tc(string text, string properties = "") => $"<w:tc><w:tcPr>{properties}</w:tcPr>{P(text)}</w:tc>";

    private async Task<SourceDocument> ReadAsync(string body, string? numbering = null, string? styles = null, string? footnotes = null) =>
        await OfficeFiles.ReadAsync(_files.Docx(body, numbering, styles, footnotes));

    private static List<SourceParagraph> Paragraphs(SourceDocument document) => [.. document.Blocks.OfType<SourceParagraph>()];

    [Fact]
    public async Task Paragraphs_keep_their_words_lines_and_looks()
    {
        var document = await ReadAsync(
            P("KẾ HOẠCH", "<w:jc w:val=\"center\"/>", "<w:b/>")
            + "<w:p><w:r><w:t>Trước</w:t><w:br/><w:t>sau</w:t><w:tab/><w:t>Đo\u0302\u0301i</w:t></w:r></w:p>"
            + P("nghiêng", "", "<w:i w:val=\"true\"/>") + P("không đậm", "", "<w:b w:val=\"0\"/>"));

        var said = Paragraphs(document);
        Assert.Equal(SourceFormat.Docx, document.Format);
        Assert.Equal(new SourceParagraph(1, "KẾ HOẠCH", Bold: true, Centered: true), said[0]);
        Assert.Equal("Trước\nsau\tĐối", said[1].Text);
        Assert.True(said[2].Italic);
        Assert.False(said[3].Bold);
    }

    [Fact]
    public async Task Styles_hand_down_bold_centre_and_capitals()
    {
        var document = await ReadAsync(
            P("Phụ lục", "<w:pStyle w:val=\"Child\"/>"),
            styles: "<w:style w:type=\"paragraph\" w:styleId=\"Base\"><w:name w:val=\"base\"/><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>"
                + "<w:style w:type=\"paragraph\" w:styleId=\"Child\"><w:name w:val=\"child\"/><w:basedOn w:val=\"Base\"/><w:rPr><w:caps/></w:rPr></w:style>");
        Assert.Equal(new SourceParagraph(1, "PHỤ LỤC", Bold: true, Centered: true), Assert.Single(Paragraphs(document)));
    }

    [Fact]
    public async Task Automatic_numbers_are_counted_as_Word_counts_them()
    {
        static string Level(int at, string format, string text, string more = "") =>
            $"<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/>{more}</w:lvl>";
        static string N(int list, int level, string text) => P(text, $"<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>");

        var document = await ReadAsync(
            N(1, 0, "một") + N(1, 1, "một một") + N(1, 1, "một hai") + N(1, 0, "hai") + N(1, 1, "hai một") + N(1, 2, "chữ") + N(1, 2, "chữ nữa")
            + N(3, 0, "gạch") + N(2, 0, "làm lại") + N(2, 0, "tiếp"),
            "<w:abstractNum w:abstractNumId=\"0\">" + Level(0, "upperRoman", "%1.") + Level(1, "decimal", "%1.%2.", "<w:isLgl/>") + Level(2, "lowerLetter", "%3)") + "</w:abstractNum>"
            + "<w:abstractNum w:abstractNumId=\"1\">" + Level(0, "bullet", "\uF0B7") + "</w:abstractNum>"
            + "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>"
            + "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride></w:num>"
            + "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/></w:num>");

        Assert.Equal(["I.", "1.1.", "1.2.", "II.", "2.1.", "a)", "b)", "•", "V.", "VI."], Paragraphs(document).Select(paragraph => paragraph.Marker));
    }

    [Fact]
    public async Task Tracked_changes_count_as_accepted_and_hidden_text_does_not_exist()
    {
        var document = await ReadAsync(
            "<w:p><w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
            + "<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t xml:space=\"preserve\"> còn</w:t></w:r></w:p>"
            + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">nửa đầu </w:t></w:r></w:p><w:p><w:r><w:t>nửa sau</w:t></w:r></w:p>"
            + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" + Tc("dòng bị xóa") + Tc("x") + "</w:tr><w:tr>" + Tc("dòng còn") + Tc("y") + "</w:tr></w:tbl>");

        Assert.Equal(["mới còn", "nửa đầu nửa sau"], Paragraphs(document).Select(paragraph => paragraph.Text));
        Assert.Equal(["dòng còn", "y"], Assert.Single(Assert.Single(document.Blocks.OfType<SourceTable>()).Rows).Cells.Select(cell => cell.Text));
    }

    [Fact]
    public async Task Footnotes_leave_the_text_and_travel_beside_it()
    {
        var document = await ReadAsync(
            "<w:p><w:r><w:t>Kế hoạch số 02-</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t>KH/BCĐTW</w:t></w:r></w:p>",
            footnotes: "<w:footnote w:id=\"0\" w:type=\"separator\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/><w:t xml:space=\"preserve\"> Ngày 19/6/2025</w:t></w:r></w:p></w:footnote>");
        var paragraph = Assert.Single(Paragraphs(document));
        Assert.Equal("Kế hoạch số 02-KH/BCĐTW", paragraph.Text);
        Assert.Equal(["Ngày 19/6/2025"], paragraph.Footnotes);
    }

    [Fact]
    public async Task Field_codes_are_silent_and_their_results_speak()
    {
        var document = await ReadAsync(
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r><w:r><w:t>mã</w:t></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
            + "<w:r><w:t>30/6/2026</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\"X\"><w:r><w:t xml:space=\"preserve\"> xong</w:t></w:r></w:fldSimple></w:p>");
        Assert.Equal("30/6/2026 xong", Assert.Single(Paragraphs(document)).Text);
    }

    [Fact]
    public async Task Text_boxes_and_content_controls_are_read_once()
    {
        var document = await ReadAsync(
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>" + P("trong khung")
            + "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>" + P("trong khung")
            + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>ngoài khung</w:t></w:r></w:p>"
            + "<w:sdt><w:sdtPr/><w:sdtContent><w:tbl><w:sdt><w:sdtContent><w:tr>" + Tc("1") + "<w:sdt><w:sdtContent>" + Tc("ô") + "</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl></w:sdtContent></w:sdt>");
        Assert.Equal(["ngoài khung", "trong khung"], Paragraphs(document).Select(paragraph => paragraph.Text));
        Assert.Equal(["1", "ô"], Assert.Single(document.Blocks.OfType<SourceTable>()).Rows[0].Cells.Select(cell => cell.Text));
    }

    [Fact]
    public async Task Merged_cells_make_an_even_grid_that_remembers_who_covers_whom()
    {
        var document = await ReadAsync(
            "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + Tc("STT") + Tc("Nhiệm vụ") + Tc("Thời hạn") + "</w:tr>"
            + "<w:tr>" + Tc("I. Thể chế", "<w:gridSpan w:val=\"3\"/>") + "</w:tr>"
            + "<w:tr>" + Tc("1") + Tc("Việc A") + Tc("30/6/2026", "<w:vMerge w:val=\"restart\"/>") + "</w:tr>"
            + "<w:tr>" + Tc("2") + Tc("Việc B") + Tc("", "<w:vMerge/>") + "</w:tr>"
            + "<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + Tc("Việc C") + "</w:tr></w:tbl>");

        var table = Assert.Single(document.Blocks.OfType<SourceTable>());
        Assert.Equal(3, table.Columns);
        Assert.All(table.Rows, row => Assert.Equal(3, row.Cells.Count));
        Assert.True(table.Rows[0].RepeatedHeader);
        Assert.Equal(3, table.Rows[1].Cells[0].ColumnSpan);
        Assert.All(table.Rows[1].Cells.Skip(1), cell => Assert.Equal((true, "I. Thể chế"), (cell.Covered, cell.CoveredFrom)));
        Assert.Equal(2, table.Rows[2].Cells[2].RowSpan);
        Assert.Equal((true, "30/6/2026", ""), (table.Rows[3].Cells[2].Covered, table.Rows[3].Cells[2].CoveredFrom, table.Rows[3].Cells[2].Text));
        Assert.Equal(["", "Việc C", ""], table.Rows[4].Cells.Select(cell => cell.Text));
    }

    [Fact]
    public async Task A_cell_keeps_its_paragraphs_its_number_and_the_table_inside_it()
    {
        var document = await ReadAsync(
            "<w:tbl><w:tr><w:tc>" + P("", "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>") + "</w:tc><w:tc>" + P("Sở A") + P("Sở B") + "</w:tc>"
            + "<w:tc><w:tbl><w:tr>" + Tc("a") + Tc("b") + "</w:tr><w:tr>" + Tc("c") + Tc("d") + "</w:tr></w:tbl>" + P("") + "</w:tc></w:tr></w:tbl>",
            "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
        var cells = Assert.Single(document.Blocks.OfType<SourceTable>()).Rows[0].Cells;
        Assert.Equal(("", "1"), (cells[0].Text, cells[0].Marker));
        Assert.Equal("Sở A\nSở B", cells[1].Text);
        Assert.Equal("a\tb\nc\td", cells[2].Text);
    }

    [Fact]
    public async Task Pages_follow_the_breaks_Word_left_and_count_none_twice()
    {
        var document = await ReadAsync(
            P("một") + "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>hai</w:t></w:r></w:p><w:p><w:r><w:t>vẫn hai</w:t><w:lastRenderedPageBreak/></w:r></w:p>"
            + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t><w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>c</w:t><w:lastRenderedPageBreak/><w:t>d</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" + P("bốn"));
        Assert.Equal([1, 2, 2, 4], Paragraphs(document).Select(paragraph => paragraph.Page));
        Assert.Equal(3, Assert.Single(document.Blocks.OfType<SourceTable>()).Page);
        Assert.Equal(4, document.Pages);
    }

    [Theory]
    [InlineData(".VnTime", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam")]
    [InlineData(".VnTimeH", "ñy ban nh©n d©n", "ỦY BAN NHÂN DÂN")]
    [InlineData(".VnTime", "Trước ngày", "Trước ngày")]
    [InlineData("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam")]
    [InlineData("VNI-Times", "ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC")]
    public async Task Fonts_of_before_Unicode_are_read_as_they_look(string font, string stored, string shown)
    {
        var half = stored.Length / 2;
        var run = $"<w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\"/></w:rPr>";
        var document = await ReadAsync(
            $"<w:p><w:r>{run}<w:t xml:space=\"preserve\">{stored[..half]}</w:t></w:r><w:r>{run}<w:t xml:space=\"preserve\">{stored[half..]}</w:t></w:r></w:p>");
        Assert.Equal(shown, Assert.Single(Paragraphs(document)).Text);
        Assert.Contains(document.Defects, defect => defect.Code == "source.legacy-font");
    }

    [Fact]
    public async Task The_soft_hyphen_of_an_old_font_is_a_letter()
    {
        var document = await ReadAsync("<w:p><w:r><w:rPr><w:rFonts w:ascii=\".VnTime\"/></w:rPr><w:t>Tr</w:t><w:softHyphen/><w:t>ëng</w:t></w:r></w:p>");
        Assert.Equal("Trưởng", Assert.Single(Paragraphs(document)).Text);
    }
}
