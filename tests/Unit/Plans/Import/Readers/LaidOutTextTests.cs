using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;
using Xunit;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>R-TSK-01, R-TSK-02: text laid out in columns of spaces, as a PDF becomes when it is turned into text: columns move from page to page and nearly touch.</summary>
public sealed class LaidOutTextTests
{
    private static SourceDocument Read(params string[] lines) => PlainTextReader.Read(string.Join('\n', lines));

    private static SourceTable Table(SourceDocument document) => Assert.Single(document.Blocks.OfType<SourceTable>());

    private static string[] Row(SourceTable table, int row) => [.. table.Rows[row].Cells.Select(cell => cell.Text.Replace('\n', ' '))];

    [Theory]
    [InlineData("ST", "T ")]
    [InlineData("Số", "TT")]
    [InlineData("T ", "T ")]
    public void The_label_of_a_narrow_number_column_is_broken_over_two_lines(string upper, string lower)
    {
        var table = Table(Read(
            $" {upper}   Cơ quan chủ trì      Nội dung công việc                     Thời gian",
            $" {lower}                                                               hoàn thành",
            "1     Sở Y tế              Lập sổ theo dõi tiêm chủng điện tử     30/6/2027",
            "2     Sở Xây dựng          Số hóa giấy phép xây dựng đã cấp từ    Quý III/2027",
            "                           năm 2015"));
        Assert.Equal(4, table.Columns);
        Assert.Equal(ColumnRole.Number, TableMapping.RoleOf(table.Rows[0].Cells[0].Text).Role);
        Assert.Equal("Thời gian hoàn thành", Row(table, 0)[3]);
        Assert.Equal(["2", "Sở Xây dựng", "Số hóa giấy phép xây dựng đã cấp từ năm 2015", "Quý III/2027"], Row(table, 2));
    }

    [Fact]
    public void Two_labels_one_space_apart_are_two_columns()
    {
        var table = Table(Read(
            "STT                 Công việc                 Cơ quan chủ Cơ quan phối    Thời gian",
            "                                                  trì         hợp         hoàn thành",
            "1     Lập danh mục kho hồ sơ giấy cần số      Sở Nội vụ   Văn phòng       31/8/2027",
            "      hóa trong năm                                       UBND tỉnh",
            "2     Mở lớp tập huấn an toàn dữ liệu cho     Công an     Sở Nội vụ       15/9/2027",
            "      cán bộ văn thư                          tỉnh"));
        Assert.Equal(["STT", "Công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"], Row(table, 0));
        Assert.Equal(["2", "Mở lớp tập huấn an toàn dữ liệu cho cán bộ văn thư", "Công an tỉnh", "Sở Nội vụ", "15/9/2027"], Row(table, 2));
    }

    [Fact]
    public void The_closing_section_behind_a_free_line_is_no_row()
    {
        var table = Table(Read(
            "STT   Nội dung công việc                              Đơn vị chủ trì        Thời hạn",
            "1     Lắp camera giám sát tại các bến xe khách        Sở Xây dựng           30/4/2027",
            "2     Cấp chữ ký số cho toàn bộ công chức cấp xã      Sở Nội vụ             Quý II/2027",
            "3     Kết nối phòng họp trực tuyến đến các xã         Văn phòng UBND        Tháng 8/2027",
            "                                                      tỉnh",
            "",
            "      III. TỔ CHỨC THỰC HIỆN",
            "      1. Thủ trưởng các cơ quan, đơn vị và Chủ tịch UBND các xã, phường chịu trách nhiệm",
            "thi hành Kế hoạch này."));
        Assert.Equal(4, table.Rows.Count);
        Assert.Equal(["3", "Kết nối phòng họp trực tuyến đến các xã", "Văn phòng UBND tỉnh", "Tháng 8/2027"], Row(table, 3));
    }

    [Fact]
    public void A_page_without_header_goes_on_though_its_columns_moved_and_a_title_opens_it()
    {
        var document = Read(
            "STT   Nội dung công việc                              Đơn vị chủ trì        Thời hạn        Sản phẩm",
            "1     Lắp camera giám sát tại các bến xe khách        Sở Xây dựng           30/4/2027       Hệ thống camera",
            "2     Cấp chữ ký số cho toàn bộ công chức cấp xã      Sở Nội vụ             Quý II/2027     Chữ ký số",
            "3     Kết nối phòng họp trực tuyến đến các xã         Văn phòng UBND        Tháng 8/2027    Phòng họp trực",
            "                                                      tỉnh                                  tuyến",
            "                                                3",
            "",
            "\fB    BẢO ĐẢM AN TOÀN DỮ LIỆU",
            "4    Sao lưu dữ liệu điều hành hằng tuần        Trung tâm Dữ      31/12/2027    Bản sao lưu",
            "                                                liệu số",
            "5    Diễn tập phục hồi sau sự cố mất điện       Công an tỉnh      Quý IV/2027   Báo cáo diễn",
            "     kéo dài                                                                    tập",
            "6    Rà soát tài khoản đã nghỉ việc trên mọi    Sở Nội vụ         15/11/2027    Danh sách",
            "     hệ thống                                                                   tài khoản");
        var table = Table(document);
        Assert.Equal(["1", "2", "3", "B", "4", "5", "6"], table.Rows.Skip(1).Select(row => row.Cells[0].Text));
        Assert.Equal(["4", "Sao lưu dữ liệu điều hành hằng tuần", "Trung tâm Dữ liệu số", "31/12/2027", "Bản sao lưu"], Row(table, 5));
        Assert.Equal(["6", "Rà soát tài khoản đã nghỉ việc trên mọi hệ thống", "Sở Nội vụ", "15/11/2027", "Danh sách tài khoản"], Row(table, 7));
        Assert.DoesNotContain(document.Defects, defect => defect.Code == "source.rows-unread");
    }

    [Fact]
    public void Numbered_rows_left_unread_behind_the_table_are_said()
    {
        var document = Read(
            "STT   Nội dung công việc                              Đơn vị chủ trì        Thời hạn",
            "1     Lắp camera giám sát tại các bến xe khách        Sở Xây dựng           30/4/2027",
            "2     Cấp chữ ký số cho toàn bộ công chức cấp xã      Sở Nội vụ             Quý II/2027",
            "Các nội dung dưới đây do các đơn vị đăng ký bổ sung sau khi dự thảo được lấy ý kiến rộng rãi, gồm nhiều",
            "việc đã được các đơn vị thống nhất và cam kết bố trí đủ nguồn lực để thực hiện trong thời gian quy định,",
            "việc nào chưa rõ thì đơn vị đề xuất giải trình bằng văn bản gửi cơ quan tổng hợp trước khi trình duyệt",
            "3     Kết nối phòng họp trực tuyến đến các xã         Văn phòng UBND        Tháng 8/2027");
        var unread = Assert.Single(document.Defects, defect => defect.Code == "source.rows-unread");
        Assert.Equal([2], unread.Arguments);
    }

    [Fact]
    public void A_lead_written_once_before_the_numbers_is_that_of_the_rows_below()
    {
        var table = Table(Read(
            "Đơn vị chủ trì      TT     Việc phải làm                              Thời hạn",
            "Sở Du lịch và       1      Dựng bản đồ điểm tham quan                 30/4/2027",
            "Thể thao            2      Số hóa vé vào cổng các điểm tham quan      Trước 15/8/2027",
            "                           do tỉnh quản lý",
            "                    3      Thống kê lượt khách hằng ngày              Tháng 8/2027",
            "Sở Tư pháp          4      Đăng toàn văn văn bản của tỉnh             25/7/2027",
            "                    5      Trợ giúp pháp lý qua mạng cho người dân    Quý III/2027"));
        Assert.Equal(["1", "2", "3", "4", "5"], table.Rows.Skip(1).Select(row => row.Cells[1].Text));
        Assert.Equal(["Sở Du lịch và Thể thao", "Sở Du lịch và Thể thao", "Sở Du lịch và Thể thao", "Sở Tư pháp", "Sở Tư pháp"], table.Rows.Skip(1).Select(row => row.Cells[0].CoveredFrom ?? row.Cells[0].Text));
        Assert.Equal(["Trước 15/8/2027", "Tháng 8/2027"], [Row(table, 2)[3], Row(table, 3)[3]]);
    }

    [Fact]
    public void A_cell_one_space_behind_a_full_one_begins_where_its_other_lines_do()
    {
        var table = Table(Read(
            "STT   Nội dung công việc                        Đơn vị chủ trì     Đơn vị phối hợp       Thời hạn",
            "1     Lập bản đồ số các công trình thủy lợi     Các sở, ban,       Công an tỉnh          30/9/2027",
            "      theo danh mục đã được tỉnh phê duyệt; bổ ngành; UBND các",
            "      sung hằng năm                             xã",
            "2     Đo lại ranh giới các khu rừng phòng hộ    Sở Nông nghiệp     Sở Khoa học và Công Tháng 9",
            "                                                và Môi trường      nghệ                  năm 2027"));
        Assert.Equal(["1", "Lập bản đồ số các công trình thủy lợi theo danh mục đã được tỉnh phê duyệt; bổ sung hằng năm", "Các sở, ban, ngành; UBND các xã", "Công an tỉnh", "30/9/2027"], Row(table, 1));
        Assert.Equal(("Sở Khoa học và Công nghệ", "Tháng 9 năm 2027"), (Row(table, 2)[3], Row(table, 2)[4]));
    }

    [Theory]
    [InlineData("31/12/202", "5", true)]
    [InlineData("Quý II/202", "6", true)]
    [InlineData("Tháng 10/20", "27", true)]
    [InlineData("30/1", "1/2027", true)]
    [InlineData("31/12/2025", "5", false)]
    [InlineData("Quý II/202", "16 xã", false)]
    [InlineData("Công văn số 20", "15 ngày", false)]
    public void Digits_of_a_date_broken_by_a_narrow_cell_are_one_number(string line, string next, bool isBroken) =>
        Assert.Equal(isBroken, SourceText.BreaksNumber(line, next));

    [Theory]
    [InlineData("Quý II/202")]
    [InlineData("Tháng 10/20")]
    [InlineData("Trước tháng 02/202 x")]
    public void A_year_cut_off_is_never_taken_from_the_plan(string text) =>
        Assert.Null(DeadlineGrammar.Read(text, new DeadlineContext { Period = (2025, 2025) }).Deadline.Date);

    [Fact]
    public void A_quarter_no_scan_reads_gives_no_date_and_is_flagged()
    {
        var read = DeadlineGrammar.Read("Trước Quý IH1/2025", new DeadlineContext { Period = (2025, 2025) });
        Assert.Null(read.Deadline.Date);
        Assert.NotEmpty(read.Warnings);
    }

    private static SourceTable Page(int page, params string[][] rows) => new(page, rows[0].Length, [.. rows.Select((row, r) => new SourceRow(page, r + 1, [.. row.Select(text => new SourceCell(text))]))]);

    /// <summary>Rows broken by the end of a page: what stands alone in its column stays there, and the digits of a number set one to a line meet again.</summary>
    [Fact]
    public void What_a_page_end_cut_off_stays_in_its_column()
    {
        string[] header = ["STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời hạn"];
        var document = new SourceDocument(SourceFormat.Pdf,
        [
            Page(1, header, ["9", "Kiểm kê cây xanh đô thị.", "Sở Xây dựng", "Sở Tài chính", "30/6/2027"], ["10", "Lập hồ sơ cây di sản.", "Sở Xây dựng", "UBND các xã,", "30/7/2027"]),
            Page(2, header, ["", "", "", "phường, đặc khu", ""], ["1", "Trồng bổ sung cây ven", "Sở Xây", "Sở Tài chính", "Tháng 9/202"]),
            Page(3, header, ["1", "quốc lộ.", "dựng", "", "7"]),
        ], 3, []);
        var plan = PlanInterpreter.Interpret(document).Expect();
        Assert.Equal(["9", "10", "11"], plan.Tasks.Select(task => task.Number));
        Assert.Equal("Lập hồ sơ cây di sản.", plan.Tasks[1].Content);
        Assert.Contains(plan.Tasks[1].Coordinators, name => name.Contains("phường", StringComparison.Ordinal));
        Assert.Equal(new DateOnly(2027, 9, 30), plan.Tasks[2].Deadline.Date);
    }

    [Fact]
    public void A_dash_in_the_number_column_begins_a_row_like_a_number()
    {
        var table = Table(Read(
            "STT       Nhiệm vụ                                      Đơn vị chủ trì      Đơn vị phối hợp     Thời hạn",
            "1         Phát triển vùng nguyên liệu:",
            "-         Cấp mã số cho các vùng trồng cà phê           Sở Công Thương      Công an tỉnh        30/6/2027",
            "-         Lập bản đồ số các vùng trồng và cơ sở         Sở Xây dựng         Sở Tài chính        Quý III/2027",
            "          đóng gói",
            "2         Mở sàn giao dịch nông sản của tỉnh            Sở Công Thương      Sở Nội vụ           31/12/2027"));
        Assert.Equal(["-", "Cấp mã số cho các vùng trồng cà phê", "Sở Công Thương", "Công an tỉnh", "30/6/2027"], Row(table, 2));
        Assert.Equal(["-", "Lập bản đồ số các vùng trồng và cơ sở đóng gói", "Sở Xây dựng", "Sở Tài chính", "Quý III/2027"], Row(table, 3));
        Assert.Equal("2", Row(table, 4)[0]);
    }

    [Theory]
    [InlineData("Nâng tỷ lệ hộ dùng nước sạch.", "II. PHÂN CÔNG NHIỆM VỤ")]
    [InlineData("Phấn đấu đạt kết quả cao.", "II. Phân công nhiệm vụ")]
    [InlineData("II. Nội dung nhiệm vụ", "Kết quả thực hiện như sau:")]
    public void A_sentence_or_a_section_title_right_above_the_labels_is_none_of_them(string above, string title)
    {
        var document = Read(
            "          I. MỤC TIÊU",
            "          " + above,
            "          " + title,
            "    TT       Nội dung thực hiện                       Cơ quan chủ trì      Cơ quan phối hợp     Thời gian hoàn",
            "                                                                                                thành",
            "1            Kẻ lại vạch sơn trước cổng trường        Sở Xây dựng          Công an tỉnh         30/6/2027",
            "2            Lập bản đồ số các bến đò ngang của       Sở Xây dựng          Sở Tài chính         Quý III/2027",
            "             tỉnh",
            "3            Mở lớp dạy bơi cho học sinh tiểu học     Sở Nội vụ            Tỉnh đoàn            31/8/2027");
        var table = Table(document);
        Assert.Equal(["TT", "Nội dung thực hiện", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"], Row(table, 0));
        Assert.Equal(["2", "Lập bản đồ số các bến đò ngang của tỉnh", "Sở Xây dựng", "Sở Tài chính", "Quý III/2027"], Row(table, 2));
        Assert.Contains(document.Blocks.OfType<SourceParagraph>(), paragraph => paragraph.Text.Contains(above, StringComparison.Ordinal));
    }
}
