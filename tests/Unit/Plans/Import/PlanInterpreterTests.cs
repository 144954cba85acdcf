using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>Tables as other offices draw them: other columns, merges, broken rows, other tables beside them (monitoring §5).</summary>
public sealed class PlanInterpreterTests
{
    private static readonly string[] s_usual = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm"];

    private static SourceTable Table(int page, params string[][] rows) =>
        new(page, rows.Max(row => row.Length), [.. rows.Select((row, i) => new SourceRow(page, i + 1, [.. row.Select(text => new SourceCell(text))]))]);

    private static SourceParagraph Line(string text) => new(1, text);

    private static ExtractedPlan Read(params SourceBlock[] blocks) => PlanInterpreter.Interpret(new SourceDocument(SourceFormat.Docx, blocks, 3, [])).Expect();

    private static IEnumerable<string> Codes(ExtractedTask task) => task.Warnings.Select(warning => warning.Code);

    [Fact]
    public void Columns_are_found_by_meaning_in_any_order_and_wording()
    {
        var plan = Read(Table(1,
            ["Lộ trình", "Kết quả đầu ra", "Đơn vị phối hợp", "Đơn vị đầu mối", "Nhiệm vụ, giải pháp", "TT"],
            ["Quý II/2027", "Quyết định", "Sở Tài chính, Công an tỉnh", "Sở Nội vụ", "Ban hành quy chế quản lý dữ liệu dùng chung của tỉnh", "1"],
            ["30/9/2027", "Báo cáo", "", "Sở Y tế", "Liên thông dữ liệu khám chữa bệnh giữa các cơ sở y tế", "2"]));
        Assert.Equal(2, plan.Tasks.Count);
        var task = plan.Tasks[0];
        Assert.Equal(("1", "Quyết định", DeadlineRule.InQuarter), (task.Number, task.Product, task.Deadline.Rule));
        Assert.Equal(["Sở Nội vụ"], task.Leads);
        Assert.Equal(["Sở Tài chính", "Công an tỉnh"], task.Coordinators);
    }

    [Fact]
    public void A_row_broken_over_a_page_is_one_task_and_the_repeated_header_is_none()
    {
        var plan = Read(
            Table(1, s_usual, ["1", "Xây dựng kho dữ liệu dùng chung của tỉnh, bảo đảm", "Sở Khoa học và", "", "31/12/2027", "Kho dữ liệu"]),
            Line("2"),
            Table(2, s_usual, ["", "kết nối với các cơ sở dữ liệu quốc gia", "Công nghệ", "", "", ""], ["2", "Tập huấn kỹ năng số cho cán bộ cấp xã", "Sở Nội vụ", "", "Thường xuyên", "Lớp tập huấn"]));
        Assert.Equal(2, plan.Tasks.Count);
        Assert.Equal("Xây dựng kho dữ liệu dùng chung của tỉnh, bảo đảm kết nối với các cơ sở dữ liệu quốc gia", plan.Tasks[0].Content);
        Assert.Equal(["Sở Khoa học và Công nghệ"], plan.Tasks[0].Leads);
        Assert.Contains(ImportCodes.JoinedRows, plan.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void A_lead_merged_over_rows_is_filled_down_and_marked()
    {
        var rows = new SourceTable(1, 4,
        [
            new SourceRow(1, 1, [new("STT"), new("Nội dung nhiệm vụ"), new("Chủ trì"), new("Thời hạn")]),
            new SourceRow(1, 2, [new("1"), new("Rà soát thủ tục hành chính nội bộ"), new("Sở Tư pháp", RowSpan: 2), new("30/6/2027")]),
            new SourceRow(1, 3, [new("2"), new("Công bố danh mục thủ tục hành chính"), new("", Covered: true, CoveredFrom: "Sở Tư pháp"), new("31/7/2027")]),
        ]);
        var task = Read(rows).Tasks[1];
        Assert.Equal(["Sở Tư pháp"], task.Leads);
        Assert.True(task.Fields[PlanField.Leads].Inherited);
        Assert.Contains(ImportCodes.InheritedLead, Codes(task));
    }

    /// <summary>The column whose cells stand for several rows is the group; the one that differs in each row is the task (R-TSK-01).</summary>
    [Theory]
    [InlineData("Nhiệm vụ", "Hoạt động cụ thể", true)]
    [InlineData("Nhóm nhiệm vụ", "Nhiệm vụ", true)]
    [InlineData("Nội dung", "Công việc", false)]
    [InlineData("Nhiệm vụ", "Giải pháp", false)]
    [InlineData("Trụ cột", "Nhiệm vụ", true)]
    public void Of_two_text_columns_the_one_that_stands_for_several_rows_is_the_group(string outer, string inner, bool merged)
    {
        SourceCell Below(string text) => merged ? new SourceCell("", Covered: true, CoveredFrom: text) : new SourceCell(text);
        var plan = Read(new SourceTable(1, 5,
        [
            new SourceRow(1, 1, [new("TT"), new(outer), new(inner), new("Chủ trì"), new("Thời hạn")]),
            new SourceRow(1, 2, [new("1"), new("Nước sạch nông thôn", RowSpan: merged ? 2 : 1), new("Lập bản đồ các công trình cấp nước tập trung"), new("Sở Nông nghiệp và Môi trường"), new("30/6/2027")]),
            new SourceRow(1, 3, [new("2"), Below("Nước sạch nông thôn"), new("Giao đơn vị quản lý từng công trình"), new("Sở Tài chính"), new("31/7/2027")]),
            new SourceRow(1, 4, [new("3"), new("Thu gom rác thải"), new("Đặt điểm tập kết tại mỗi thôn"), new("Sở Xây dựng"), new("31/8/2027")]),
        ]));
        Assert.Equal(["Lập bản đồ các công trình cấp nước tập trung", "Giao đơn vị quản lý từng công trình", "Đặt điểm tập kết tại mỗi thôn"], plan.Tasks.Select(task => task.Content));
        Assert.Equal(["Nước sạch nông thôn", "Nước sạch nông thôn", "Thu gom rác thải"], plan.Tasks.Select(task => task.Group));
        Assert.Equal(["1", "2", "3"], plan.Tasks.Select(task => task.Number));
    }

    [Fact]
    public void A_column_of_demands_beside_distinct_tasks_does_not_take_their_place()
    {
        var plan = Read(Table(1,
            ["STT", "Nhiệm vụ", "Yêu cầu", "Chủ trì", "Thời hạn"],
            ["1", "Lập bản đồ các công trình cấp nước tập trung", "Đúng tiến độ, bảo đảm chất lượng", "Sở Nông nghiệp và Môi trường", "30/6/2027"],
            ["2", "Giao đơn vị quản lý từng công trình", "Đúng tiến độ, bảo đảm chất lượng", "Sở Tài chính", "31/7/2027"],
            ["3", "Đặt điểm tập kết rác tại mỗi thôn", "Đúng tiến độ", "Sở Xây dựng", "31/8/2027"]));
        Assert.Equal(["Lập bản đồ các công trình cấp nước tập trung", "Giao đơn vị quản lý từng công trình", "Đặt điểm tập kết rác tại mỗi thôn"], plan.Tasks.Select(task => task.Content));
    }

    [Fact]
    public void A_number_merged_beside_its_group_numbers_the_group_and_repeats_in_no_task()
    {
        var plan = Read(new SourceTable(1, 5,
        [
            new SourceRow(1, 1, [new("TT"), new("Nhiệm vụ"), new("Nội dung thực hiện"), new("Chủ trì"), new("Thời hạn")]),
            new SourceRow(1, 2, [new("1", RowSpan: 2), new("Nước sạch nông thôn", RowSpan: 2), new("Lập bản đồ các công trình cấp nước tập trung"), new("Sở Nông nghiệp và Môi trường"), new("30/6/2027")]),
            new SourceRow(1, 3, [new("", Covered: true, CoveredFrom: "1"), new("", Covered: true, CoveredFrom: "Nước sạch nông thôn"), new("Giao đơn vị quản lý từng công trình"), new("Sở Tài chính"), new("31/7/2027")]),
            new SourceRow(1, 4, [new("2"), new("Thu gom rác thải"), new("Đặt điểm tập kết tại mỗi thôn"), new("Sở Xây dựng"), new("31/8/2027")]),
        ]));
        Assert.Equal([("1", "Nước sạch nông thôn"), ("1", "Nước sạch nông thôn"), ("2", "Thu gom rác thải")], plan.Tasks.Select(task => (task.Parent!, task.Group!)));
        Assert.DoesNotContain(plan.Tasks.SelectMany(Codes), code => code is ImportCodes.NumberDuplicate or ImportCodes.NumberMissing);
    }

    [Fact]
    public void A_group_with_a_deadline_gives_it_to_its_children()
    {
        var plan = Read(Table(1, s_usual,
            ["I", "Phát triển hạ tầng số", "", "", "31/12/2027", ""],
            ["1", "Phủ sóng băng rộng đến các thôn chưa có sóng", "Sở Khoa học và Công nghệ", "", "", "Bản đồ phủ sóng"],
            ["2", "Nâng cấp trung tâm dữ liệu của tỉnh", "Văn phòng UBND tỉnh", "", "30/6/2027", "Trung tâm dữ liệu"]));
        Assert.Equal([new DateOnly(2027, 12, 31), new DateOnly(2027, 6, 30)], plan.Tasks.Select(task => task.Deadline.Date!.Value));
        Assert.All(plan.Tasks, task => Assert.Equal("I. Phát triển hạ tầng số", task.Group));
        Assert.Contains(ImportCodes.InheritedDeadline, Codes(plan.Tasks[0]));
        Assert.DoesNotContain(ImportCodes.InheritedDeadline, Codes(plan.Tasks[1]));
    }

    [Theory]
    [InlineData("CÁC NHIỆM VỤ HOÀN THÀNH TRONG QUÝ III/2027", DeadlineRule.InQuarter, "2027-09-30")]
    [InlineData("Nhiệm vụ phải hoàn thành trước ngày 01/8/2027", DeadlineRule.Before, "2027-07-31")]
    [InlineData("THÁNG 5/2027", DeadlineRule.InMonth, "2027-05-31")]
    [InlineData("Nhóm công việc thực hiện thường xuyên", DeadlineRule.Continuous, null)]
    [InlineData("Nhiệm vụ thực hiện hằng năm", DeadlineRule.Annual, null)]
    [InlineData("Nhiệm vụ thực hiện trong năm 2027", DeadlineRule.InYear, "2027-12-31")]
    [InlineData("Các nhiệm vụ, giải pháp thường xuyên", DeadlineRule.Continuous, null)]
    [InlineData("Từ nay đến hết năm 2027", DeadlineRule.InYear, "2027-12-31")]
    [InlineData("Công tác năm 2027", DeadlineRule.None, null)]
    [InlineData("Nhiệm vụ đã hoàn thành năm 2026", DeadlineRule.None, null)]
    [InlineData("Nhiệm vụ cải cách hành chính năm 2027", DeadlineRule.None, null)]
    [InlineData("Các nhiệm vụ trọng tâm năm 2027", DeadlineRule.None, null)]
    [InlineData("Mục tiêu đến năm 2030", DeadlineRule.None, null)]
    [InlineData("Kết quả quý I/2027", DeadlineRule.None, null)]
    public void A_group_title_that_says_nothing_but_when_gives_its_time_and_a_subject_gives_none(string title, DeadlineRule rule, string? date)
    {
        var plan = Read(Table(1, s_usual,
            ["I", title, "", "", "", ""],
            ["1", "Phủ sóng băng rộng đến các thôn chưa có sóng", "Sở Khoa học và Công nghệ", "", "", "Bản đồ phủ sóng"],
            ["2", "Nâng cấp trung tâm dữ liệu của tỉnh", "Văn phòng UBND tỉnh", "", "30/6/2027", "Trung tâm dữ liệu"]));
        Assert.Equal((rule, date), (plan.Tasks[0].Deadline.Rule, plan.Tasks[0].Deadline.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(rule is not DeadlineRule.None, Codes(plan.Tasks[0]).Contains(ImportCodes.InheritedDeadline));
        Assert.Equal(new DateOnly(2027, 6, 30), plan.Tasks[1].Deadline.Date);
    }

    [Fact]
    public void A_heading_over_a_table_of_its_own_gives_its_time_too()
    {
        string[] labels = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Sản phẩm"];
        var plan = Read(
            Line("I. THÁNG 4/2027"), Table(1, labels, ["1", "Phủ sóng băng rộng đến các thôn chưa có sóng", "Sở Y tế", "Báo cáo"]),
            Line("II. THÁNG 5/2027"), Table(1, labels, ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", "Sở Nội vụ", "Báo cáo"]));
        Assert.Equal([new DateOnly(2027, 4, 30), new DateOnly(2027, 5, 31)], plan.Tasks.Select(task => task.Deadline.Date!.Value));
    }

    private static readonly string[][] s_fiveRows =
    [
        s_usual, .. Enumerable.Range(1, 5).Select(i => new[] { $"{i}", $"Nhiệm vụ thứ {i} về dữ liệu dùng chung của tỉnh", "Sở Nội vụ", "", "30/6/2027", "Báo cáo" }),
    ];

    [Theory]
    [InlineData("Phân công tại Phụ lục (từ nhiệm vụ số 1 đến nhiệm vụ số 7).", ImportCodes.NumberRange)]
    [InlineData("Các nhiệm vụ từ số 2 đến số 6 của Phụ lục thực hiện trước.", ImportCodes.NumberRange)]
    [InlineData("Sở Nội vụ thực hiện các nhiệm vụ số 2, 4 và 9 tại Phụ lục.", ImportCodes.NumberRange)]
    [InlineData("Giao các cơ quan thực hiện 7 nhiệm vụ tại Phụ lục kèm theo.", ImportCodes.NumberCount)]
    [InlineData("Danh mục 4 nhiệm vụ trọng tâm kèm theo.", ImportCodes.NumberCount)]
    [InlineData("Có 08 (tám) nhiệm vụ được phân công cho các sở.", ImportCodes.NumberCount)]
    [InlineData("Phân công tại Phụ lục (từ nhiệm vụ số 1 đến nhiệm vụ số 5).", null)]
    [InlineData("Danh mục 5 nhiệm vụ trọng tâm kèm theo.", null)]
    [InlineData("Giao Sở Y tế thực hiện 2 nhiệm vụ tại Phụ lục.", null)]
    [InlineData("Rà soát nhiệm vụ số 12 tại Phụ lục Quyết định số 900/QĐ-TTg.", null)]
    [InlineData("Sửa chữa nhà từ số 10 đến số 20 đường ven sông.", null)]
    public void Numbers_and_counts_the_text_cites_are_held_against_the_table(string text, string? code)
    {
        var codes = Read(Line(text), Line("PHỤ LỤC"), Table(1, s_fiveRows)).Warnings.Select(warning => warning.Code).Where(found => found is ImportCodes.NumberRange or ImportCodes.NumberCount);
        Assert.Equal(code is null ? [] : [code], codes);
    }

    [Theory]
    [InlineData("Ủy ban nhân dân 45 xã, phường")]
    [InlineData("UBND 45/45 xã, phường, đặc khu")]
    [InlineData("45/45 xã, phường")]
    public void So_many_communes_are_a_class(string lead)
    {
        var task = Read(Table(1, s_usual, ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", lead, "", "31/12/2027", "Hồ sơ số hóa"])).Tasks[0];
        Assert.Contains(ImportCodes.LeadIsClass, Codes(task));
    }

    [Theory]
    [InlineData("Chưa xác định")]
    [InlineData("Sẽ phân công sau")]
    [InlineData("Chưa có đơn vị")]
    public void Words_for_nobody_are_no_lead(string lead)
    {
        var task = Read(Table(1, s_usual, ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", lead, "Sở Tài chính", "31/12/2027", "Hồ sơ số hóa"])).Tasks[0];
        Assert.Empty(task.Leads);
        Assert.Contains(ImportCodes.NoLead, Codes(task));
    }

    [Fact]
    public void What_is_in_order_is_not_warned_of()
    {
        string[] usual = ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm"];
        var plan = Read(
            Line("PHỤ LỤC I"),
            Table(1, usual, ["1", "Hoàn thành đại hội của các tổ chức đảng trực thuộc", "Sở Nội vụ (đầu mối)", "Sở Tài chính", "31/12/2027", "Báo cáo"], ["2", "Nâng cấp trung tâm dữ liệu cho các năm tiếp theo", "SỞ TÀI CHÍNH", "", "31/12/2027", "Báo cáo"]),
            Line("PHỤ LỤC II"),
            Table(2, usual, ["1", "Phủ sóng băng rộng đến các thôn chưa có sóng", "Sở Y tế", "", "31/12/2027", "Báo cáo"], ["2", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", "Sở Tài chính", "", "31/12/2027", "Báo cáo"]));
        Assert.Equal(["Sở Nội vụ"], plan.Tasks[0].Leads);
        Assert.All(plan.Tasks, task => Assert.Empty(Codes(task)));
        Assert.DoesNotContain(ImportCodes.SpellingVariants, plan.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void The_year_under_the_rest_of_the_date_and_the_day_in_the_appendix_are_the_day_of_issue()
    {
        SourceBlock[] Head(string date, string year) =>
            [Line("ỦY BAN NHÂN DÂN"), Line("TỈNH MẪU"), Line("Số: 912/QĐ-UBND"), Line(date), Line(year), Line("QUYẾT ĐỊNH"), Line("Về ban hành Kế hoạch dữ liệu của tỉnh"), Line("ỦY BAN NHÂN DÂN TỈNH MẪU"), Line("Căn cứ Luật Dữ liệu;")];
        var wrapped = Read([.. Head("Thị xã Mẫu, ngày 07 tháng 8 năm", "2027"), Table(1, s_fiveRows)]).Document;
        Assert.Equal((new DateOnly(2027, 8, 7), "Về ban hành Kế hoạch dữ liệu của tỉnh"), (wrapped.IssuedOn, wrapped.Subject));
        var appended = Read([.. Head("Mẫu, ngày     tháng 8 năm 2027", "Độc lập"), Line("(Ban hành kèm theo Quyết định số 912/QĐ-UBND ngày 07 tháng 8 năm 2027 của UBND tỉnh Mẫu)"), Table(1, s_fiveRows)]).Document;
        Assert.Equal(new DateOnly(2027, 8, 7), appended.IssuedOn);
        Assert.Null(Read([.. Head("Mẫu, ngày     tháng 8 năm 2027", "Độc lập"), Line("(Kèm theo Quyết định số 5/QĐ-UBND ngày 07 tháng 8 năm 2027)"), Table(1, s_fiveRows)]).Document.IssuedOn);
    }

    [Fact]
    public void Other_tables_are_left_out_and_named()
    {
        var plan = Read(
            Table(1, ["STT", "Họ và tên", "Chức vụ", "Số điện thoại"], ["1", "Nguyễn Văn Mẫu", "Chuyên viên", "0905 123 456"]),
            Table(1, ["STT", "Tên thiết bị", "Đơn vị tính", "Số lượng", "Đơn giá"], ["1", "Máy quét tài liệu", "Cái", "20", "15.000.000"]),
            Line("PHỤ LỤC II"),
            Table(1, s_usual, ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", "Sở Nội vụ", "", "31/12/2027", "Hồ sơ số hóa"]));
        Assert.Single(plan.Tasks);
        Assert.Equal(2, plan.Warnings.Count(warning => warning.Code == ImportCodes.SkippedTable));
    }

    [Theory]
    [InlineData("Tên văn bản")]
    [InlineData("Văn bản phải trình trong kỳ")]
    [InlineData("Nội dung nhiệm vụ/Văn bản")]
    [InlineData("Nhiệm vụ theo Nghị quyết số 12-NQ/TU")]
    [InlineData("Nhiệm vụ tại Kế hoạch số 7/KH-UBND")]
    public void A_document_or_a_result_in_the_label_of_what_is_assigned_does_not_lose_the_table(string label)
    {
        var plan = Read(Table(1, ["STT", label, "Hình thức văn bản", "Cơ quan chủ trì soạn thảo", "Cơ quan phối hợp", "Thời gian ban hành"],
            ["1", "Quy định mức thu phí tham quan các bảo tàng", "Quyết định của UBND tỉnh", "Sở Tài chính", "Sở Nội vụ", "30/6/2027"],
            ["2", "Quy chế quản lý bến xe khách", "Quyết định của UBND tỉnh", "Sở Xây dựng", "", "30/9/2027"]));
        Assert.Equal(["Quy định mức thu phí tham quan các bảo tàng", "Quy chế quản lý bến xe khách"], plan.Tasks.Select(task => task.Content));
        Assert.All(plan.Tasks, task => Assert.Equal("Quyết định của UBND tỉnh", task.Product));
        Assert.Equal(["Sở Tài chính", "Sở Xây dựng"], plan.Tasks.Select(task => Assert.Single(task.Leads)));
        Assert.Equal(new DateOnly(2027, 6, 30), plan.Tasks[0].Deadline.Date);
    }

    [Fact]
    public void A_list_of_documents_is_no_table_of_tasks_and_a_basis_stays_one_beside_a_task()
    {
        var plan = Read(
            Table(1, ["STT", "Tên văn bản", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành"], ["1", "Quy chế quản lý bến xe khách", "15/QĐ-UBND", "30/6/2026", "UBND tỉnh Mẫu"], ["2", "Quy định mức thu phí bảo tàng", "16/QĐ-UBND", "30/7/2026", "UBND tỉnh Mẫu"]),
            Table(1, ["STT", "Tên văn bản", "Ngày ban hành", "Cơ quan ban hành"], ["1", "Quy chế quản lý bến xe khách", "30/6/2026", "UBND tỉnh Mẫu"], ["2", "Quy định mức thu phí bảo tàng", "30/7/2026", "UBND tỉnh Mẫu"]),
            Line("PHỤ LỤC II"),
            Table(2, ["STT", "Nhiệm vụ theo Nghị quyết", "Nhiệm vụ của tỉnh", "Cơ quan chủ trì", "Thời hạn"], ["1", "Phát triển hạ tầng số hiện đại", "Phủ sóng băng rộng đến các thôn còn lõm sóng", "Sở Nội vụ", "31/12/2027"]));
        Assert.Equal("Phủ sóng băng rộng đến các thôn còn lõm sóng", Assert.Single(plan.Tasks).Content);
        Assert.Equal(2, plan.Warnings.Count(warning => warning.Code == ImportCodes.SkippedTable));
    }

    [Fact]
    public void Marks_under_years_are_deadlines_of_the_last_year_marked()
    {
        var plan = Read(new SourceTable(1, 5,
        [
            new SourceRow(1, 1, [new("TT", RowSpan: 2), new("Nhiệm vụ", RowSpan: 2), new("Chủ trì", RowSpan: 2), new("Thời gian thực hiện", ColumnSpan: 2), new("", Covered: true)]),
            new SourceRow(1, 2, [new("", Covered: true, CoveredFrom: "TT"), new("", Covered: true, CoveredFrom: "Nhiệm vụ"), new("", Covered: true, CoveredFrom: "Chủ trì"), new("2026"), new("2027")]),
            new SourceRow(1, 3, [new("1"), new("Xây dựng bản đồ số quy hoạch của tỉnh"), new("Sở Xây dựng"), new("x"), new("x")]),
            new SourceRow(1, 4, [new("2"), new("Kiểm kê phần mềm đang sử dụng tại các cơ quan"), new("Sở Tài chính"), new("x"), new("")]),
        ]));
        Assert.Equal([new DateOnly(2027, 12, 31), new DateOnly(2026, 12, 31)], plan.Tasks.Select(task => task.Deadline.Date!.Value));
    }

    [Fact]
    public void A_table_without_header_is_read_by_what_its_cells_hold()
    {
        var plan = Read(Table(1,
            ["1", "Xây dựng bộ quy tắc kiểm tra chất lượng dữ liệu", "Sở Tài chính", "31/12/2027"],
            ["2", "Đối soát dữ liệu hộ tịch với dữ liệu dân cư", "Công an tỉnh", "Quý III/2027"],
            ["3", "Tổ chức diễn tập ứng cứu sự cố mạng cấp tỉnh", "Sở Khoa học và Công nghệ", "Thường xuyên"]));
        Assert.Equal(3, plan.Tasks.Count);
        Assert.Equal(["Công an tỉnh"], plan.Tasks[1].Leads);
        Assert.Contains(ImportCodes.NoHeader, plan.Warnings.Select(warning => warning.Code));
        Assert.True(plan.Tasks[0].Confidence < FieldReading.Doubtful);
    }

    [Fact]
    public void Defects_of_one_row_are_named_where_they_stand()
    {
        var plan = Read(Table(1, s_usual,
            ["1", "Nhiệm vụ thứ nhất về dữ liệu dùng chung", "Sở Nội vụ", "Sở Nội vụ, Sở Tài chính", "31/6/2027", ""],
            ["1", "Nhiệm vụ thứ hai về hạ tầng số của tỉnh", "Bộ Công an", "", "7", "Báo cáo"],
            ["5", "Nhiệm vụ thứ ba về an ninh mạng của tỉnh", "Sở Y tế; Sở Xây dựng", "", "Sở Tài chính", "Báo cáo trước ngày 15/3/2027"]));
        Assert.Superset(new HashSet<string> { ImportCodes.LeadIsCoordinator, ImportCodes.ImpossibleDate, ImportCodes.NoProduct }, Codes(plan.Tasks[0]).ToHashSet());
        Assert.Superset(new HashSet<string> { ImportCodes.NumberDuplicate, ImportCodes.LeadOutsideProvince, ImportCodes.DurationOnly }, Codes(plan.Tasks[1]).ToHashSet());
        Assert.Superset(new HashSet<string> { ImportCodes.NumberGap, ImportCodes.SeveralLeads, ImportCodes.AgencyInDeadline, ImportCodes.MilestoneInProduct }, Codes(plan.Tasks[2]).ToHashSet());
        Assert.All(plan.Tasks, task => Assert.Null(task.Deadline.Date));
    }

    [Theory]
    [InlineData("MẬT")]
    [InlineData("TỐI MẬT")]
    [InlineData("Tuyệt mật")]
    [InlineData("Độ mật: Mật")]
    [InlineData("Độ mật: Thường", false)]
    public void A_document_with_a_secrecy_mark_is_refused(string mark, bool refused = true)
    {
        var result = PlanInterpreter.Interpret(new SourceDocument(SourceFormat.Docx, [Line(mark), Line("KẾ HOẠCH"), Table(1, s_usual, ["1", "Việc một", "Sở Y tế", "", "31/12/2027", ""])], 1, []));
        Assert.Equal(refused, result.Refusal?.Code == ImportCodes.SecrecyMark);
    }

    [Fact]
    public void Labelled_blocks_of_prose_are_tasks()
    {
        var plan = Read(
            Line("II. NHIỆM VỤ"), Line("1. Xây dựng nền tảng phân tích dữ liệu của tỉnh"), Line("- Đơn vị chủ trì: Sở Khoa học và Công nghệ"), Line("- Đơn vị phối hợp: Công an tỉnh, Sở Tài chính"),
            Line("- Thời gian hoàn thành: Quý IV/2027"), Line("- Sản phẩm: Nền tảng được đưa vào vận hành"),
            Line("2. Tập huấn sử dụng nền tảng cho cấp xã"), Line("- Đơn vị chủ trì: Sở Nội vụ"), Line("- Thời gian hoàn thành: trước ngày 01/7/2027"), Line("- Sản phẩm: 12 lớp tập huấn"));
        Assert.Equal(2, plan.Tasks.Count);
        Assert.Equal((DeadlineRule.InQuarter, "Nền tảng được đưa vào vận hành"), (plan.Tasks[0].Deadline.Rule, plan.Tasks[0].Product));
        Assert.Equal(["Công an tỉnh", "Sở Tài chính"], plan.Tasks[0].Coordinators);
        Assert.Equal(new DateOnly(2027, 6, 30), plan.Tasks[1].Deadline.Date);
    }

    [Fact]
    public void The_same_document_gives_the_same_plan()
    {
        SourceBlock[] blocks = [Table(1, s_usual, ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", "Sở Nội vụ", "", "31/12/2027", "Hồ sơ"])];
        Assert.Equal(ExtractedPlanJson.Write(Read(blocks)), ExtractedPlanJson.Write(Read(blocks)));
    }

    [Fact]
    public void Every_code_has_its_sentence_in_both_languages()
    {
        foreach (var code in typeof(ImportCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!))
        {
            Assert.NotEqual(code, ImportText.Of(code, ["a", "b", "c", "d"]));
        }

        foreach (var way in typeof(ReaderRefusals).GetMethods().Where(method => method.ReturnType == typeof(Refusal)))
        {
            var refusal = (Refusal)way.Invoke(null, [.. way.GetParameters().Select(p => p.ParameterType == typeof(string) ? (object)"x" : Convert.ChangeType(1, p.ParameterType, Vietnamese.Culture))])!;
            Assert.NotEqual(refusal.Code, ImportText.Of(refusal.Code, refusal.Arguments));
        }

        foreach (var seen in new[] { "scanned", "glyphs", "legacy-font", "lines-unreadable", "hidden-sheet", "hidden-rows", "hidden-columns", "embedded-part-ignored" })
        {
            Assert.NotEqual("source." + seen, ImportText.Of("source." + seen, ["a", "b"]));
        }
    }

    [Fact]
    public void A_body_named_above_a_table_without_a_column_for_it_leads_all_of_it()
    {
        string[] labels = ["STT", "Nội dung nhiệm vụ", "Đơn vị phối hợp", "Thời hạn"];
        var plan = Read(
            Line("NHIỆM VỤ GIAO SỞ NỘI VỤ"), Line("Đơn vị chủ trì: Sở Nội vụ"), Table(1, labels, ["1", "Hoàn thiện đề án vị trí việc làm của cấp xã", "Sở Tài chính", "31/3/2027"]),
            Line("NHIỆM VỤ GIAO SỞ Y TẾ"), Table(2, ["Đơn vị chủ trì: Sở Y tế", "", "", ""], labels, ["1", "Liên thông dữ liệu khám chữa bệnh của tỉnh", "", "30/6/2027"]));
        Assert.Equal(["Sở Nội vụ", "Sở Y tế"], plan.Tasks.Select(task => Assert.Single(task.Leads)));
        Assert.All(plan.Tasks, task => Assert.Contains(ImportCodes.InheritedLead, Codes(task)));
    }

    [Fact]
    public void Glossaries_sums_in_words_and_computed_column_numbers_are_no_tasks()
    {
        var plan = Read(
            Table(1, ["TT", "Chữ viết tắt", "Nội dung đầy đủ"], ["1", "TTHC", "Thủ tục hành chính"], ["2", "CĐS", "Chuyển đổi số"]),
            Table(2, s_usual, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)=(4)+(5)"], ["1", "Số hóa hồ sơ lưu trữ lịch sử của tỉnh", "Sở Nội vụ", "", "31/12/2027", "Hồ sơ"],
                ["", "Tổng cộng: 62.150", "", "", "", ""], ["", "Bằng chữ: Sáu mươi hai tỷ một trăm năm mươi triệu đồng", "", "", "", ""]));
        Assert.Equal("Số hóa hồ sơ lưu trữ lịch sử của tỉnh", Assert.Single(plan.Tasks).Content);
    }

    [Fact]
    public void A_part_with_points_of_its_own_and_a_point_set_off_by_a_dash_keep_the_lead_of_the_task_above()
    {
        var plan = Read(Table(1, s_usual,
            ["1", "Chuyển đổi số ngành giáo dục của tỉnh", "Sở Giáo dục và Đào tạo", "Công an tỉnh", "31/12/2027", "Báo cáo"],
            ["1.1", "Xây dựng học bạ số cho học sinh tiểu học", "", "", "30/6/2027", "Học bạ"],
            ["1.2", "Tập huấn giáo viên toàn tỉnh về dữ liệu", "", "Sở Nội vụ", "30/9/2027", "Lớp tập huấn"],
            ["a", "Tập huấn trực tuyến cho giáo viên vùng cao", "", "", "30/8/2027", "Lớp học"],
            ["", "- Tập huấn trực tiếp cho giáo viên các xã còn lại", "", "", "15/9/2027", "Lớp học"]));
        Assert.Equal(5, plan.Tasks.Count);
        Assert.All(plan.Tasks, task => Assert.Equal(["Sở Giáo dục và Đào tạo"], task.Leads));
    }

    [Fact]
    public void A_table_drawn_with_pipes_is_read_from_text()
    {
        var plan = PlanInterpreter.Interpret(PlainTextReader.Read("KẾ HOẠCH\n\n| STT | Nội dung | Chủ trì | Thời hạn |\n|---|---|---|---|\n| 1 | Số hóa hồ sơ đất đai của tỉnh | Sở Nông nghiệp và Môi trường | 31/12/2027 |\n")).Expect();
        Assert.Equal(["Sở Nông nghiệp và Môi trường"], Assert.Single(plan.Tasks).Leads);
    }

    /// <summary>A table with a header of two rows, the labels beside the spanning one merged downwards.</summary>
    private static SourceTable TwoRowHeader(bool merged, string[] first, string wide, string[] below, params string[][] rows)
    {
        var columns = first.Length + below.Length;
        SourceCell Under(string text) => merged ? new SourceCell("", Covered: true, CoveredFrom: text) : SourceCell.Empty;
        List<SourceRow> all =
        [
            new(1, 1, [.. first.Select(text => new SourceCell(text, RowSpan: merged ? 2 : 1)), new SourceCell(wide, ColumnSpan: merged ? below.Length : 1), .. Enumerable.Repeat(merged ? new SourceCell("", Covered: true) : SourceCell.Empty, below.Length - 1)]),
            new(1, 2, [.. first.Select(Under), .. below.Select(text => new SourceCell(text))]),
        ];
        all.AddRange(rows.Select((row, i) => new SourceRow(1, i + 3, [.. row.Select(text => new SourceCell(text))])));
        return new SourceTable(1, columns, all);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_header_row_is_known_by_its_form_whatever_its_words_mean(bool merged)
    {
        var plan = Read(TwoRowHeader(merged, ["TT", "Tên đề án", "Cơ quan chủ trì soạn thảo", "Cơ quan phối hợp"], "Thời gian trình", ["UBND tỉnh", "Ban Thường vụ Tỉnh ủy", "HĐND tỉnh"],
            ["1", "Đề án quản lý cây xanh đô thị giai đoạn mới", "Sở Xây dựng", "Sở Tài chính", "Tháng 4/2027", "Tháng 5/2027", "Tháng 7/2027"],
            ["2", "Đề án phát triển bến thủy nội địa của tỉnh", "Sở Xây dựng", "Công an tỉnh", "Tháng 9/2027", "", ""]));
        Assert.Equal(2, plan.Tasks.Count);
        Assert.Equal((DeadlineRule.InMonth, new DateOnly(2027, 7, 31)), (plan.Tasks[0].Deadline.Rule, plan.Tasks[0].Deadline.Date));
        Assert.Contains(ImportCodes.SeveralDeadlines, Codes(plan.Tasks[0]));
        Assert.Equal(new DateOnly(2027, 9, 30), plan.Tasks[1].Deadline.Date);
        Assert.DoesNotContain(ImportCodes.SeveralDeadlines, Codes(plan.Tasks[1]));
        Assert.Equal(["Sở Xây dựng"], plan.Tasks[0].Leads);
    }

    [Fact]
    public void Sources_of_money_below_one_label_are_no_task()
    {
        var plan = Read(TwoRowHeader(true, ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"], "Kinh phí (triệu đồng)", ["Ngân sách tỉnh", "Ngân sách xã"],
            ["1", "Lát lại vỉa hè các tuyến đường trung tâm", "Sở Xây dựng", "30/9/2027", "900", "120"], ["2", "Thay cống thoát nước khu phố cũ", "Sở Xây dựng", "31/10/2027", "400", "0"]));
        Assert.Equal(["1", "2"], plan.Tasks.Select(task => task.Number));
    }

    private static ExtractedPlan Issued(string issuer, string day, params string[][] rows) =>
        Read([Line(issuer), Line("Số: 15/KH-UBND"), Line(day), Line("KẾ HOẠCH"), Line("Cải tạo hạ tầng"), Table(1, [s_usual, .. rows])]);

    [Theory]
    [InlineData("UBND huyện Đồng Phú", "ngày 05 tháng 8 năm 2025", true)]
    [InlineData("UBND các huyện, thị xã", "ngày 05 tháng 8 năm 2025", true)]
    [InlineData("UBND huyện Đồng Phú", "ngày 05 tháng 6 năm 2025", false)]
    [InlineData("Sở TT&TT", "ngày 05 tháng 6 năm 2025", true)]
    [InlineData("Sở Lao động, Thương binh và Xã hội", "ngày 05 tháng 6 năm 2025", true)]
    [InlineData("Sở KH và ĐT", "ngày 28 tháng 02 năm 2025", false)]
    [InlineData("UBND thành phố Nam Sơn", "ngày 05 tháng 8 năm 2025", true)]
    [InlineData("UBND thành phố Đồng Nai", "ngày 05 tháng 8 năm 2025", true)]     // The issuer is the province of that name.
    [InlineData("UBND thành phố Hải Phòng", "ngày 05 tháng 8 năm 2025", false)]
    [InlineData("UBND tỉnh Bình Phước", "ngày 05 tháng 8 năm 2025", true)]
    [InlineData("Công ty Điện lực Bình Phước", "ngày 05 tháng 8 năm 2025", false)]
    [InlineData("Quân khu 7", "ngày 05 tháng 8 năm 2025", false)]
    [InlineData("Sở Khoa học và Công nghệ", "ngày 05 tháng 8 năm 2025", false)]
    [InlineData("UBND huyện Đồng Phú", "ngày … tháng … năm 2025", false)]          // Without the day nobody can say.
    public void A_body_that_law_had_ended_before_the_day_of_issue_is_named_as_written_and_warned_of__R_ORG_02(string lead, string day, bool warned)
    {
        var plan = Issued("ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI", "Đồng Nai, " + day, ["1", "Nạo vét kênh mương tiêu thoát nước", lead, "Sở Tài chính", "Quý IV/2025", "Báo cáo"], ["2", "Sửa chữa đường liên xã", "Sở Xây dựng", "", "Quý IV/2025", "Báo cáo"]);
        Assert.Equal([lead], plan.Tasks[0].Leads);
        Assert.Equal(warned, Codes(plan.Tasks[0]).Contains(ImportCodes.UnitAbolished));
        Assert.DoesNotContain(ImportCodes.UnitAbolished, Codes(plan.Tasks[1]));
    }

    [Theory]
    [InlineData("Sở Giáo dục & Đào tạo", "Sở Giáo dục và Đào tạo")]
    [InlineData("Bộ Chỉ huy BĐBP tỉnh", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh")]
    [InlineData("UBMTTQ Việt Nam tỉnh", "Ủy ban Mặt trận Tổ quốc tỉnh")]
    [InlineData("Sở KH và CN", "Sở Khoa học và Công nghệ")]
    [InlineData("Sở Nông nghiệp - Môi trường", "Sở NN&MT")]
    [InlineData("BHXH tỉnh", "Bảo hiểm xã hội tỉnh")]
    [InlineData("Sở TC", "Sở Tài chính")]
    public void Short_and_full_names_are_of_one_body(string one, string other)
    {
        var plan = Read(Table(1, s_usual, ["1", "Kiểm tra các trạm bơm tiêu úng", one, other, "Quý IV/2027", "Báo cáo"], ["2", "Sửa chữa đường liên xã", "Sở Xây dựng", "Công an tỉnh", "Quý IV/2027", "Báo cáo"]));
        Assert.Contains(ImportCodes.LeadIsCoordinator, Codes(plan.Tasks[0]));
        Assert.Contains(ImportCodes.SpellingVariants, plan.Warnings.Select(warning => warning.Code));
        Assert.DoesNotContain(ImportCodes.LeadIsCoordinator, Codes(plan.Tasks[1]));
    }

    [Fact]
    public void A_name_broken_at_its_dash_by_a_page_end_keeps_both_its_spaces()
    {
        var plan = Read(Table(1, s_usual, ["1", "Rà soát hộ thiếu nước sạch để", "Sở Lao động -", "", "31/12/2023", "Báo cáo"]), Table(2, ["", "bố trí kinh phí", "Thương binh và Xã hội", "", "", ""], ["2", "Nâng cấp trạm cấp nước tập trung", "Sở Tài chính", "", "31/12/2023", "Trạm"]));
        Assert.Equal(["Sở Lao động - Thương binh và Xã hội"], plan.Tasks[0].Leads);
    }

    [Fact]
    public void A_body_to_a_column_and_its_role_in_short_below_it_is_read_by_the_label()
    {
        string[] header = ["TT", "Nội dung công việc", "Thời gian", "Sở Y tế", "Sở Công Thương", "Công an tỉnh"];
        var plan = Read(Table(1, header, ["1", "Kiểm tra bếp ăn tập thể", "30/6/2027", "CT", "PH", ""], ["2", "Kiểm tra chợ đầu mối", "30/9/2027", "PH", "CT", "PH"], ["3", "Diễn tập chữa cháy tại chợ", "30/9/2027", "", "", "CT"]));
        Assert.Equal(["Sở Y tế"], plan.Tasks[0].Leads);
        Assert.Equal(["Sở Công Thương"], plan.Tasks[0].Coordinators);
        Assert.Equal(["Sở Công Thương"], plan.Tasks[1].Leads);
        Assert.Equal(["Sở Y tế", "Công an tỉnh"], plan.Tasks[1].Coordinators);
        Assert.Equal(["Công an tỉnh"], plan.Tasks[2].Leads);

        // Crosses do not say who leads: nobody is made of them, and the officer is told.
        var crosses = Read(Table(1, header, ["1", "Kiểm tra bếp ăn tập thể", "30/6/2027", "x", "x", ""], ["2", "Kiểm tra chợ đầu mối", "30/9/2027", "x", "", "x"], ["3", "Diễn tập chữa cháy tại chợ", "30/9/2027", "", "", "x"]));
        Assert.Equal(3, crosses.Tasks.Count);
        Assert.All(crosses.Tasks, task => Assert.Empty(task.Leads.Concat(task.Coordinators)));
        Assert.Contains(ImportCodes.MarksUnread, crosses.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("Lập bản đồ ngập lụt, hoàn thành trước ngày 30/6/2027", "31/12/2027", true)]
    [InlineData("Lập bản đồ ngập lụt, hoàn thành trước ngày 30/6/2027", "30/6/2027", false)]
    [InlineData("Lập bản đồ ngập lụt, hoàn thành trong năm 2027", "30/6/2027", false)]
    [InlineData("Báo cáo số liệu trước ngày 15/5/2027 để lập bản đồ ngập lụt", "31/12/2027", false)]
    [InlineData("Quyết toán các dự án hoàn thành trước ngày 31/12/2024", "31/12/2027", false)]
    public void A_deadline_in_the_content_that_is_not_the_one_of_the_column_is_told_and_the_column_taken(string content, string column, bool told)
    {
        var task = Read(Table(1, s_usual, ["1", content, "Sở Xây dựng", "", column, "Bản đồ"], ["2", "Nâng cấp trạm cấp nước tập trung", "Sở Tài chính", "", "31/12/2027", "Trạm"])).Tasks[0];
        Assert.Equal(told, Codes(task).Contains(ImportCodes.DeadlineConflict));
        Assert.Equal(DateOnly.ParseExact(column, "d/M/yyyy", System.Globalization.CultureInfo.InvariantCulture), task.Deadline.Date);
    }

    [Theory]
    [InlineData("Bao gồm 5 nhiệm vụ sau đây:", true)]
    [InlineData("Phụ lục phân công công việc gồm 5 nhiệm vụ.", true)]
    [InlineData("UBND tỉnh giao 5 nhiệm vụ cho các sở, ngành.", true)]
    [InlineData("Kế hoạch gồm 02 nhóm với 5 nhiệm vụ cụ thể.", true)]
    [InlineData("Tổng số: 5 nội dung công việc.", true)]
    [InlineData("Danh mục gồm 5 đề án, nhiệm vụ.", true)]
    [InlineData("Các cơ quan thực hiện 5 nhiệm vụ, giải pháp sau:", true)]
    [InlineData("Bao gồm 3 nhiệm vụ sau đây:", false)]
    [InlineData("Năm trước tỉnh đã thực hiện 5 nhiệm vụ cụ thể sau chất vấn.", false)]
    [InlineData("Mỗi sở chọn thực hiện ít nhất 2 nhiệm vụ.", false)]
    [InlineData("Triển khai 5 nhiệm vụ tại Phụ lục Quyết định số 12/QĐ-TTg của Thủ tướng Chính phủ.", false)]
    public void A_stated_number_of_tasks_is_held_against_the_rows(string said, bool told)
    {
        var plan = Read(Line(said), Table(1, s_usual, ["1", "Lát vỉa hè khu trung tâm", "Sở Xây dựng", "", "31/12/2027", "Vỉa hè"], ["2", "Nâng cấp trạm cấp nước tập trung", "Sở Tài chính", "", "31/12/2027", "Trạm"], ["3", "Trồng cây chắn gió", "Sở Y tế", "", "31/12/2027", "Cây"]));
        Assert.Equal(told, plan.Warnings.Any(warning => warning.Code == ImportCodes.NumberCount));
    }

    [Fact]
    public void A_year_and_those_after_it_end_no_campaign()
    {
        SourceBlock[] Blocks(string title) => [Line("ỦY BAN NHÂN DÂN TỈNH HÀ TĨNH"), Line("Số: 15/KH-UBND"), Line("Hà Tĩnh, ngày 05 tháng 01 năm 2025"), Line("KẾ HOẠCH"), Line(title),
            Table(1, s_usual, ["1", "Lát vỉa hè khu trung tâm", "Sở Xây dựng", "", "31/12/2027", "Vỉa hè"], ["2", "Trồng cây chắn gió", "Sở Y tế", "", "30/6/2025", "Cây"])];
        Assert.Contains(ImportCodes.DeadlineAfterCampaign, Codes(Read(Blocks("Chỉnh trang đô thị năm 2025")).Tasks[0]));
        Assert.DoesNotContain(ImportCodes.DeadlineAfterCampaign, Codes(Read(Blocks("Chỉnh trang đô thị năm 2025 và những năm tiếp theo")).Tasks[0]));
    }

    [Fact]
    public void The_unit_of_a_target_ends_before_the_bracket()
    {
        var task = Read(Table(1, s_usual, ["1", "Trồng rừng phòng hộ ven biển (đạt 120 ha)", "Sở Nông nghiệp và Môi trường", "", "31/12/2027", "Rừng"], ["2", "Trồng cây chắn gió", "Sở Y tế", "", "30/6/2027", "Cây"])).Tasks[0];
        Assert.Equal("ha", Assert.Single(task.Targets).Unit);
    }

    [Fact]
    public void A_row_whose_cells_hold_two_rows_is_doubtful()
    {
        var plan = Read(Table(1, s_usual, ["1", "Lát vỉa hè khu trung tâm", "Sở Xây dựng Các chủ đầu tư", "", "31/12/2027", "Vỉa hè"], ["B.1 B.2", "Trồng cây chắn gió Đắp đê bao ven sông", "Sở Y tế", "", "30/6/2027", "Cây"], ["3", "Thay cống thoát nước", "Sở Xây dựng", "Các chủ đầu tư", "31/12/2027", "Cống"]));
        Assert.Equal([true, true, false], plan.Tasks.Select(task => Codes(task).Contains(ImportCodes.DoubtfulRow)));
    }
}
