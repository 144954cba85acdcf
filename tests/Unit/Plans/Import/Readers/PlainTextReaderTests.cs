using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;
using Xunit;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>Plans passed on as text lose the lines between their cells in many ways (R-TSK-01, R-TSK-02); each is read by what the columns are for.</summary>
public sealed class PlainTextReaderTests
{
    private const string Head = "ỦY BAN NHÂN DÂN TỈNH MẪU\nSố: 77/KH-UBND\nMẫu, ngày 05 tháng 3 năm 2027\n\nKẾ HOẠCH\nPhát triển dữ liệu số năm 2027\n\nPHỤ LỤC\n(Kèm theo Kế hoạch số 77/KH-UBND ngày 05/3/2027)\n\n";

    private static ExtractedPlan Read(string text) => PlanInterpreter.Interpret(PlainTextReader.Read(text)).Expect();

    private static string Said(ExtractedTask task) =>
        $"{task.Number}|{task.Content}|{string.Join("+", task.Leads)}|{string.Join("+", task.Coordinators)}|{task.Deadline.Text}|{task.Product}";

    private static IEnumerable<string> Codes(ExtractedPlan plan) => plan.Warnings.Select(warning => warning.Code);

    private const string Flowed = """
        TT
        Nhiệm vụ
        Cơ quan
        chủ trì
        Cơ quan phối hợp
        Thời gian
        hoàn thành
        Sản phẩm
        I
        NHÓM NHIỆM VỤ VỀ DỮ LIỆU
        1
        Lập bản đồ số toàn bộ công trình thủy lợi, gắn với
        Cơ sở dữ liệu đất đai của tỉnh
        Sở Nông nghiệp và
        Môi trường
        Sở Xây dựng, UBND các xã,
        phường
        Trước ngày
        30/9/2027
        Bản đồ số công
        trình
        2
        Mở lớp bồi dưỡng kỹ năng phân tích dữ liệu
        cho cán bộ văn phòng
        Sở Nội vụ
        Sở Khoa học và Công
        nghệ
        Quý III/2027
        Lớp bồi dưỡng

        2

        TT
        Nhiệm vụ
        Cơ quan chủ trì
        Cơ quan
        phối hợp
        Thời gian hoàn thành
        Sản phẩm
        3
        Vận hành kho dữ liệu dùng chung của tỉnh
        Sở Khoa học và Công
        nghệ
        Công an tỉnh, Sở Tài
        chính
        Thường xuyên
        Báo cáo hằng quý
        """;

    private static readonly string[] s_flowed =
    [
        "1|Lập bản đồ số toàn bộ công trình thủy lợi, gắn với Cơ sở dữ liệu đất đai của tỉnh|Sở Nông nghiệp và Môi trường|Sở Xây dựng+UBND các xã, phường|Trước ngày 30/9/2027|Bản đồ số công trình",
        "2|Mở lớp bồi dưỡng kỹ năng phân tích dữ liệu cho cán bộ văn phòng|Sở Nội vụ|Sở Khoa học và Công nghệ|Quý III/2027|Lớp bồi dưỡng",
        "3|Vận hành kho dữ liệu dùng chung của tỉnh|Sở Khoa học và Công nghệ|Công an tỉnh+Sở Tài chính|Thường xuyên|Báo cáo hằng quý",
    ];

    [Fact]
    public void Lines_of_a_row_are_divided_among_the_columns_and_the_labels_printed_again_are_no_task()
    {
        var plan = Read(Head + Flowed);
        Assert.Equal(s_flowed, plan.Tasks.Select(Said));
        Assert.All(plan.Tasks, task => Assert.Equal("NHÓM NHIỆM VỤ VỀ DỮ LIỆU", task.GroupPath[^1].Split(". ")[^1]));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\u2028")]
    public void Line_ends_hard_spaces_and_marks_nobody_sees_change_nothing(string end)
    {
        var text = Head + Flowed;
        text = text.Replace("Sở Nội vụ", "Sở\u00A0Nội vụ", StringComparison.Ordinal).Replace("bồi dưỡng", "bồi\u200B dư\u00ADỡng", StringComparison.Ordinal).Replace("30/9", "30\u2060/9", StringComparison.Ordinal);
        Assert.Equal(s_flowed, Read("\uFEFF" + text.Replace("\n", end, StringComparison.Ordinal)).Tasks.Select(Said));
    }

    [Fact]
    public void Blank_lines_between_cells_part_them_whatever_they_hold()
    {
        var plan = Read(Head + """
            STT

            Thời hạn

            Nội dung
            công việc

            Đơn vị chủ trì

            Kết quả

            1

            Trước ngày
            15/6/2027

            Chuẩn hóa mã định danh
            Trạm Y tế và Trường học
            trên bản đồ nền

            Sở Y tế

            Bộ mã
            Định danh

            4

            STT

            Thời hạn

            Nội dung công việc

            Đơn vị chủ trì

            Kết quả

            2

            Hằng năm

            Kiểm kê tài sản số của cơ quan

            Sở Tài chính

            Danh mục

            """);
        Assert.Equal(
            ["1|Chuẩn hóa mã định danh Trạm Y tế và Trường học trên bản đồ nền|Sở Y tế||Trước ngày 15/6/2027|Bộ mã Định danh", "2|Kiểm kê tài sản số của cơ quan|Sở Tài chính||Hằng năm|Danh mục"],
            plan.Tasks.Select(Said));
    }

    [Fact]
    public void Cells_that_run_together_on_a_line_are_taken_apart_and_the_officer_is_told()
    {
        var plan = Read(Head + """
            TT Nhiệm vụ Cơ quan chủ trì Cơ quan phối hợp Thời hạn
            I DỮ LIỆU VÀ HẠ TẦNG
            1 Xây dựng kho dữ liệu khí tượng phục vụ cảnh
            báo thiên tai Sở Nông nghiệp và Môi trường Sở Khoa học và Công nghệ 31/10/2027
            2 Tổ chức đối thoại với doanh nghiệp về dữ liệu mở
            Sở Tài chính Các sở, ban, ngành Quý II/2027
            """);
        Assert.Equal(["Xây dựng kho dữ liệu khí tượng phục vụ cảnh báo thiên tai", "Tổ chức đối thoại với doanh nghiệp về dữ liệu mở"], plan.Tasks.Select(task => task.Content));
        Assert.Equal(["Sở Nông nghiệp và Môi trường", "Sở Tài chính"], plan.Tasks.SelectMany(task => task.Leads));
        Assert.Equal(["31/10/2027", "Quý II/2027"], plan.Tasks.Select(task => task.Deadline.Text));
        Assert.Contains(ImportCodes.FlowedTable, Codes(plan));
    }

    [Fact]
    public void A_row_that_can_be_cut_in_more_than_one_way_says_so()
    {
        var plan = Read(Head + """
            TT
            Nhiệm vụ
            Cơ quan chủ trì
            Cơ quan phối hợp
            Thời hạn
            1
            Lắp cảm biến mực nước tại các hồ chứa
            Sở Xây dựng
            Sở Tài chính
            Công an tỉnh
            30/6/2027
            2
            Số hóa hồ sơ người có công
            Sở Nội vụ
            Sở Y tế
            Sở Tư pháp
            Sở Dân tộc và Tôn giáo
            """);
        Assert.Equal(2, plan.Tasks.Count);
        Assert.Contains(plan.Tasks[1].Warnings, warning => warning.Code == ImportCodes.DoubtfulRow || warning.Code == ImportCodes.NoDeadline);
        Assert.Equal(["Sở Xây dựng"], plan.Tasks[0].Leads);
        Assert.Equal(["Sở Tài chính", "Công an tỉnh"], plan.Tasks[0].Coordinators);
    }

    [Theory]
    [InlineData('\t')]
    [InlineData(';')]
    [InlineData(',')]
    public void A_sheet_saved_as_text_keeps_quoted_cells_whole(char mark)
    {
        string Row(params string[] cells) => string.Join(mark, cells.Select(cell => cell.Contains(mark, StringComparison.Ordinal) || cell.Contains('\n', StringComparison.Ordinal) || cell.Contains('"', StringComparison.Ordinal) ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : cell)) + "\r\n";
        var text = Row("UBND TỈNH MẪU", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "", "") + Row("", "", "", "Độc lập - Tự do - Hạnh phúc", "", "")
            + Row("DANH MỤC NHIỆM VỤ NĂM 2027", "", "", "", "", "") + Row("(Ban hành kèm theo Kế hoạch số 88/KH-UBND ngày 02 tháng 4 năm 2027 của UBND tỉnh Mẫu)", "", "", "", "", "")
            + Row("STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm")
            + Row("1", "Vận hành cổng \"Dữ liệu mở\" của tỉnh; công bố số liệu", "Sở Tài chính", "Sở Y tế\nSở Nội vụ", "TX", "Cổng dữ liệu\nBáo cáo tháng")
            + Row("2", "Thay thiết bị đầu cuối, đường truyền cấp xã", "Sở Khoa học và Công nghệ", "", "30/8/2027", "Biên bản; hồ sơ");
        var plan = Read(text);
        Assert.Equal(
            ["1|Vận hành cổng \"Dữ liệu mở\" của tỉnh; công bố số liệu|Sở Tài chính|Sở Y tế+Sở Nội vụ|TX|Cổng dữ liệu Báo cáo tháng", "2|Thay thiết bị đầu cuối, đường truyền cấp xã|Sở Khoa học và Công nghệ||30/8/2027|Biên bản; hồ sơ"],
            plan.Tasks.Select(task => Said(task).Replace('\n', ' ')));
        Assert.Equal(DeadlineRule.Continuous, plan.Tasks[0].Deadline.Rule);
        Assert.DoesNotContain(plan.Tasks[0].Warnings, warning => warning.Code == ImportCodes.AgencyInDeadline);
        Assert.Equal(("88/KH-UBND", new DateOnly(2027, 4, 2)), (plan.Document.Number, plan.Document.IssuedOn));
    }

    [Fact]
    public void A_letterhead_set_with_tabs_does_not_hide_the_number_of_the_plan()
    {
        var plan = Read("UBND TỈNH MẪU\t\t\t\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\t\t\t\tĐộc lập - Tự do - Hạnh phúc\n\nPHỤ LỤC\n(Kèm theo Kế hoạch số 12/KH-UBND ngày 15/01/2027 của UBND tỉnh Mẫu)\n\n"
            + "TT\tNhiệm vụ\tChủ trì\tThời hạn\tSản phẩm\n1\tMua sắm chữ ký số\tSở Nội vụ\t30/5/2027\tHợp đồng\n2\tGiám sát an toàn mạng\tCông an tỉnh\tTX\tBáo cáo\n\f\n2\n\nTT\tNhiệm vụ\tChủ trì\tThời hạn\tSản phẩm\n3\tĐánh giá cấp độ\tCông an tỉnh\tQuý IV/2027\tBiên bản\n");
        Assert.Equal(("12/KH-UBND", new DateOnly(2027, 1, 15)), (plan.Document.Number, plan.Document.IssuedOn));
        Assert.Equal(["1", "2", "3"], plan.Tasks.Select(task => task.Number));
    }

    [Fact]
    public void Lines_between_two_rules_of_a_drawn_table_are_one_row()
    {
        var plan = Read(Head + """
            +----+------------------+-------------+------------+
            | TT | Nhiệm vụ         | Chủ trì     | Thời hạn   |
            +----+------------------+-------------+------------+
            | 1  | Đo kiểm Chất     | Sở Khoa học | Trước ngày |
            |    | Lượng mạng       | và Công     | 31/7/2027  |
            |    |                  | nghệ        |            |
            +----+------------------+-------------+------------+
            | 2  | Cấp tài khoản    | Sở Nội vụ   | 30/4/2027  |
            |    | công vụ          |             |            |
            +----+------------------+-------------+------------+
            """);
        Assert.Equal(["1|Đo kiểm Chất Lượng mạng|Sở Khoa học và Công nghệ||Trước ngày 31/7/2027|", "2|Cấp tài khoản công vụ|Sở Nội vụ||30/4/2027|"], plan.Tasks.Select(task => Said(task).Replace('\n', ' ')));
    }

    [Fact]
    public async Task Text_in_two_byte_letters_is_read_with_its_mark_and_without()
    {
        foreach (var bytes in new[] { Encoding.Unicode.GetBytes(Head + Flowed), [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Head + Flowed)] })
        {
            var path = Path.Combine(Directory.CreateTempSubdirectory("lienthong-text-").FullName, "plan.txt");
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            var source = (await new SourceReader().ReadAsync(path, TestContext.Current.CancellationToken)).Expect();
            Directory.Delete(Path.GetDirectoryName(path)!, true);
            Assert.Equal(s_flowed, PlanInterpreter.Interpret(source).Expect().Tasks.Select(Said));
        }
    }

    [Fact]
    public void The_number_of_a_page_in_prose_joins_no_sentence()
    {
        var text = "Số: 9/KH-UBND\n\nKẾ HOẠCH\nVề dữ liệu\n\nGiao Sở Tài chính rà soát toàn bộ cơ sở vật chất phục vụ các kho dữ liệu của tỉnh và\n\n2\n\nbáo cáo kết quả trước ngày 30/6/2027.\nGiao Sở Nội vụ bồi dưỡng kỹ năng số cho toàn bộ cán bộ, công chức và viên chức của\ntỉnh trước ngày 31/8/2027. Các cơ quan, đơn vị phối hợp chặt chẽ trong suốt quá trình\nthực hiện Kế hoạch này và báo cáo khi có khó khăn, vướng mắc cần được tháo gỡ.\nGiao Công an tỉnh bảo vệ an toàn các kho dữ liệu, ngăn chặn mọi hành vi lấy cắp dữ\nliệu của người dân và doanh nghiệp.\n";
        var paragraphs = PlainTextReader.Read(text).Blocks.OfType<SourceParagraph>().Select(paragraph => paragraph.Text).ToList();
        Assert.Contains("Giao Sở Tài chính rà soát toàn bộ cơ sở vật chất phục vụ các kho dữ liệu của tỉnh và báo cáo kết quả trước ngày 30/6/2027.", paragraphs);
        Assert.DoesNotContain("2", paragraphs);
    }

    /// <summary>Nothing tells which cell belongs to which row: no task is better than a wrong one, and the officer is told.</summary>
    [Fact]
    public void A_table_copied_column_after_column_gives_a_warning_and_no_task()
    {
        var plan = Read(Head + """
            TT

            Nhiệm vụ

            Cơ quan chủ trì

            1

            Lập sổ theo dõi tiêm chủng điện tử
            Cấp mã số cho các vùng trồng cà phê
            Số hóa giấy phép xây dựng đã cấp

            Sở Y tế
            Sở Nông nghiệp và
            Môi trường
            Sở Xây dựng

            2
            3

            Cơ quan phối
            hợp
            Công an tỉnh
            UBND các xã

            Thời gian
            30/6/2027
            Quý III/2027
            """);
        Assert.Empty(plan.Tasks);
        Assert.Contains(ImportCodes.ColumnsApart, Codes(plan));
    }

    [Fact]
    public void Roles_written_before_the_bodies_of_one_column_keep_their_lines_together()
    {
        var plan = Read(Head + """
            TT
            Nhiệm vụ
            Cơ quan thực hiện
            Thời gian
            Sản phẩm
            1
            Lập sổ theo dõi tiêm chủng điện tử cho trẻ em
            Chủ trì: Sở Y tế
            Phối hợp: Công an tỉnh; UBND các xã, phường
            Quý III/2027
            Sổ theo dõi
            2
            Cấp mã số cho các vùng trồng cà phê
            Chủ trì: Sở Nông nghiệp và Môi trường
            Phối hợp: Sở Công Thương
            Kỳ họp cuối năm 2027
            Nghị quyết HĐND tỉnh; trình trước ngày 15/11/2027
            """);
        Assert.Equal(
            ["1|Lập sổ theo dõi tiêm chủng điện tử cho trẻ em|Sở Y tế|Công an tỉnh+UBND các xã, phường|Quý III/2027|Sổ theo dõi",
                "2|Cấp mã số cho các vùng trồng cà phê|Sở Nông nghiệp và Môi trường|Sở Công Thương|Kỳ họp cuối năm 2027|Nghị quyết HĐND tỉnh; trình trước ngày 15/11/2027"],
            plan.Tasks.Select(Said));
        Assert.Null(plan.Tasks[1].Deadline.Date);
    }

    [Fact]
    public void The_second_row_of_a_header_stands_for_the_label_above_it()
    {
        var plan = Read(Head + """
            TT
            Nhiệm vụ
            Cơ quan thực hiện
            Thời gian
            Chủ trì
            Phối hợp
            1
            Lập sổ theo dõi tiêm chủng điện tử cho trẻ em
            Sở Y tế
            Công an tỉnh
            Quý III/2027
            2
            Cấp mã số cho các vùng trồng cà phê
            Sở Nông nghiệp và Môi trường
            Sở Công Thương
            31/10/2027
            """);
        Assert.Equal(
            ["1|Lập sổ theo dõi tiêm chủng điện tử cho trẻ em|Sở Y tế|Công an tỉnh|Quý III/2027|", "2|Cấp mã số cho các vùng trồng cà phê|Sở Nông nghiệp và Môi trường|Sở Công Thương|31/10/2027|"],
            plan.Tasks.Select(Said));
    }

    [Fact]
    public void A_blank_line_where_cells_follow_line_on_line_is_an_empty_cell()
    {
        var plan = Read(Head + """
            TT
            Nhiệm vụ
            Cơ quan chủ trì
            Cơ quan phối hợp
            Thời gian
            1
            Lập sổ theo dõi tiêm chủng điện tử cho trẻ em
            Sở Y tế
            Công an tỉnh
            Quý III/2027
            2
            Cấp mã số cho các vùng trồng cà phê
            Sở Công Thương
            Sở Tài chính
            31/10/2027
            3
            Số hóa giấy phép xây dựng đã cấp từ năm 2015
            Sở Xây dựng
            Sở Nội vụ
            30/6/2027
            4
            Mời chuyên gia tham gia các nhiệm vụ khó của tỉnh

            Sở Nội vụ
            Thường xuyên
            5
            Mở sàn giao dịch nông sản của tỉnh
            Sở Công Thương
            Sở Tư pháp
            31/12/2027
            """);
        Assert.Equal(5, plan.Tasks.Count);
        Assert.Equal("4|Mời chuyên gia tham gia các nhiệm vụ khó của tỉnh||Sở Nội vụ|Thường xuyên|", Said(plan.Tasks[3]));
        Assert.Contains(ImportCodes.NoLead, plan.Tasks[3].Warnings.Select(warning => warning.Code));
    }
}
