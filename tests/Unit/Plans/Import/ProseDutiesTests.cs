using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>Duties in the body text of conclusions, letters, decisions and plans without a table (R-TSK-01, R-TSK-02).</summary>
public sealed class ProseDutiesTests
{
    private static ExtractedPlan Read(params string[] lines) =>
        PlanInterpreter.Interpret(new SourceDocument(
            SourceFormat.Docx,
            [
                .. new[] { "Số: 15/TB-UBND", "An Bình, ngày 02 tháng 3 năm 2027", "THÔNG BÁO", "Kết luận tại cuộc họp về hạ tầng số", "Chủ tịch UBND tỉnh kết luận như sau:" }
                    .Concat(lines).Select(SourceBlock (line) => new SourceParagraph(1, line)),
            ],
            1, [])).Expect();

    private static string[] Said(ExtractedPlan plan) =>
        [.. plan.Tasks.Select(task => $"{string.Join(" + ", task.Leads)} [{string.Join(" + ", task.Coordinators)}] {task.Content} <{task.Deadline.Rule} {task.Deadline.Date:yyyy-MM-dd}>")];

    [Theory]
    [InlineData("1. Về trạm phát sóng", "- Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh rà soát vị trí trạm, xong trong quý II/2027.")]
    [InlineData("1. Về trạm phát sóng", "a) Giao Sở Xây dựng chủ trì, phối hợp Công an tỉnh rà soát vị trí trạm; hoàn thành trong quý II/2027.")]
    [InlineData("1. Về trạm phát sóng", "Giao Sở Xây dựng chủ trì, phối hợp cùng Công an tỉnh rà soát vị trí trạm, hoàn thành Quý II/2027.")]
    [InlineData("1. Về trạm phát sóng: Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh rà soát vị trí trạm (hoàn thành: Quý II/2027).")]
    [InlineData("Điều 2. Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh rà soát vị trí trạm; thời hạn: Quý II/2027.")]
    public void A_duty_under_a_topic_is_a_task(params string[] lines) =>
        Assert.Equal(["Sở Xây dựng [Công an tỉnh] Rà soát vị trí trạm <InQuarter 2027-06-30>"], Said(Read(lines)));

    [Fact]
    public void Purposes_and_requirements_give_nobody_a_duty() =>
        Assert.Equal(["Sở Xây dựng [Công an tỉnh] Rà soát vị trí trạm <InQuarter 2027-06-30>"], Said(Read(
            "I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích: Hoàn thành mọi chỉ tiêu được giao trong năm.", "2. Yêu cầu: Các cơ quan, đơn vị chủ động, quyết liệt trong triển khai thực hiện.",
            "II. NHIỆM VỤ", "1. Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh rà soát vị trí trạm, xong trong quý II/2027.")));

    [Theory]
    [InlineData("(Đơn vị chủ trì: Sở Xây dựng; đơn vị phối hợp: Công an tỉnh; thời hạn: 15/5/2027)")]
    [InlineData("[Cơ quan chủ trì: Sở Xây dựng. Phối hợp: Công an tỉnh. Thời hạn: 15/5/2027]")]
    [InlineData("Thực hiện: Sở Xây dựng (chủ trì), Công an tỉnh (phối hợp). Hoàn thành: 15/5/2027.")]
    [InlineData("Sở Xây dựng chủ trì, phối hợp với Công an tỉnh thực hiện; hoàn thành 15/5/2027.")]
    public void Who_and_when_may_stand_below_the_task(string line) =>
        Assert.Equal(
            ["Sở Xây dựng [Công an tỉnh] Lắp đặt cảm biến mực nước tại các hồ chứa <On 2027-05-15>", "Sở Xây dựng [Công an tỉnh] Kết nối camera giao thông về trung tâm điều hành <On 2027-05-15>"],
            Said(Read("1. Lắp đặt cảm biến mực nước tại các hồ chứa", line, "2. Kết nối camera giao thông về trung tâm điều hành", line)));

    [Theory]
    [InlineData("1. Lắp cảm biến mực nước 4G. Đơn vị chủ trì: Sở Xây dựng. Đơn vị phối hợp: Công an tỉnh. Thời gian: 15/5/2027.")]
    [InlineData("1. Lắp cảm biến mực nước 4G. Sở Xây dựng chủ trì, phối hợp với Công an tỉnh thực hiện, hoàn thành 15/5/2027.")]
    [InlineData("1. Lắp cảm biến mực nước 4G - Sở Xây dựng chủ trì, Công an tỉnh phối hợp; hoàn thành 15/5/2027")]
    [InlineData("1. Về thủy lợi", "- Lắp cảm biến mực nước 4G", "Chủ trì: Sở Xây dựng", "Phối hợp: Công an tỉnh", "Hoàn thành: 15/5/2027")]
    public void Who_and_when_may_close_the_paragraph_of_the_task(params string[] lines)
    {
        var task = Assert.Single(Read(lines).Tasks);
        Assert.Equal(("Lắp cảm biến mực nước 4G", DeadlineRule.On, new DateOnly(2027, 5, 15)), (task.Content.TrimEnd('.'), task.Deadline.Rule, task.Deadline.Date!.Value));
        Assert.Equal(["Sở Xây dựng"], task.Leads);
        Assert.Equal(["Công an tỉnh"], task.Coordinators);
    }

    [Theory]
    [InlineData("1. Đối với cảm biến mực nước, giao Sở Xây dựng chủ trì lắp đặt; hoàn thành 15/5/2027.")]
    [InlineData("1. Về đề nghị của Sở Y tế: đồng ý chủ trương; giao Sở Xây dựng lắp đặt cảm biến; hoàn thành 15/5/2027.")]
    [InlineData("1. Thống nhất giao Sở Xây dựng lắp đặt cảm biến mực nước; hoàn thành 15/5/2027.")]
    public void An_order_inside_a_sentence_names_who_is_told(string line)
    {
        var task = Assert.Single(Read(line).Tasks);
        Assert.Equal(["Sở Xây dựng"], task.Leads);
        Assert.Equal(new DateOnly(2027, 5, 15), task.Deadline.Date);
    }

    [Fact]
    public void The_last_sentence_may_say_who_and_when() =>
        Assert.Equal(
            ["Thanh tra tỉnh [Sở Nội vụ] Công khai kết luận thanh tra trên cổng thông tin. <Before 2027-06-29>"],
            Said(Read("1. Công khai kết luận thanh tra trên cổng thông tin. Giao Thanh tra tỉnh chủ trì, phối hợp với Sở Nội vụ thực hiện, xong trước ngày 30/6/2027.")));

    [Fact]
    public void Labelled_tasks_do_not_hide_the_others()
    {
        var plan = Read(
            "I. NHIỆM VỤ", "1. Mua sắm máy chủ dự phòng", "- Cơ quan chủ trì: Sở Tài chính", "- Thời gian hoàn thành: Quý III/2027",
            "2. Công an tỉnh chủ trì diễn tập ứng cứu sự cố; hoàn thành trước ngày 01/9/2027.", "3. Khảo sát nhu cầu của người dân (Sở Nội vụ chủ trì; hoàn thành trong tháng 8/2027).",
            "4. Đơn vị tư vấn do Sở Tài chính chủ trì lựa chọn phải độc lập với nhà cung cấp thiết bị",
            "II. TỔ CHỨC THỰC HIỆN", "1. Sở Nội vụ", "Theo dõi, đôn đốc việc thực hiện Kế hoạch này.");
        Assert.Equal(["Mua sắm máy chủ dự phòng", "Diễn tập ứng cứu sự cố", "Khảo sát nhu cầu của người dân"], plan.Tasks.Select(task => task.Content));
        Assert.Equal([1, 2, 3], plan.Tasks.Select(task => task.Ordinal));
        Assert.Contains(plan.Warnings, warning => warning.Code == ImportCodes.ProseUnread);
        Assert.Contains(plan.Warnings, warning => warning.Code == ImportCodes.ProseDuties);
    }

    [Theory]
    [InlineData("UBND các xã, phường huy động lực lượng tại chỗ vận hành trạm", "UBND các xã, phường", "Huy động lực lượng tại chỗ vận hành trạm")]
    [InlineData("Báo và Phát thanh, truyền hình An Bình tăng số chuyên mục hằng tuần", "Báo và Phát thanh, truyền hình An Bình", "Tăng số chuyên mục hằng tuần")]
    [InlineData("Các chủ đầu tư cam kết tiến độ từng gói thầu", "Các chủ đầu tư", "Cam kết tiến độ từng gói thầu")]
    [InlineData("Ban Quản lý các khu công nghiệp vẽ lại bản đồ hạ tầng", "Ban Quản lý các khu công nghiệp", "Vẽ lại bản đồ hạ tầng")]
    [InlineData("Sở Văn hóa, Thể thao và Du lịch ban hành bộ tài liệu", "Sở Văn hóa, Thể thao và Du lịch", "Ban hành bộ tài liệu")]
    [InlineData("Trường Cao đẳng An Bình dạy thử hai học phần trực tuyến", "Trường Cao đẳng An Bình", "Dạy thử hai học phần trực tuyến")]
    public void A_name_ends_where_names_end(string text, string lead, string content)
    {
        var task = Assert.Single(Read("1. " + text + ".").Tasks);
        Assert.Equal([lead], task.Leads);
        Assert.Equal(content + ".", task.Content);
    }

    [Theory]
    [InlineData("Chủ trì, phối hợp với các sở, ngành liên quan: Rà soát định mức; hoàn thành trước 30/6/2027.", "các sở, ngành liên quan", "Rà soát định mức")]
    [InlineData("Phối hợp với Sở Tư pháp đối chiếu dữ liệu công chứng; hoàn thành trước 30/6/2027.", "Sở Tư pháp", "Phối hợp với Sở Tư pháp đối chiếu dữ liệu công chứng")]
    [InlineData("Chủ trì, phối hợp UBND các xã, phường đo đạc lại ranh giới, hoàn thành trước 30/6/2027.", "UBND các xã, phường", "Đo đạc lại ranh giới")]
    public void Partners_of_a_point_are_read_and_a_duty_to_take_part_keeps_its_words(string point, string partner, string content)
    {
        var task = Assert.Single(Read("1. Sở Nông nghiệp và Môi trường", "- " + point).Tasks);
        Assert.Equal(["Sở Nông nghiệp và Môi trường"], task.Leads);
        Assert.Equal([partner], task.Coordinators);
        Assert.Equal(content, task.Content);
        Assert.Equal(new DateOnly(2027, 6, 29), task.Deadline.Date);
    }

    [Theory]
    [InlineData("kiểm tra trạm nguồn; hoàn thành 30/6/2027", "Kiểm tra trạm nguồn", DeadlineRule.On, "2027-06-30")]
    [InlineData("kiểm tra trạm nguồn (thường xuyên)", "Kiểm tra trạm nguồn", DeadlineRule.Continuous, null)]
    [InlineData("kiểm tra trạm nguồn, thực hiện thường xuyên", "Kiểm tra trạm nguồn", DeadlineRule.Continuous, null)]
    [InlineData("báo cáo kết quả trong thời hạn 15 ngày kể từ ngày ký Quyết định này", "Báo cáo kết quả trong thời hạn 15 ngày kể từ ngày ký Quyết định này", DeadlineRule.FromIssueDate, "2027-03-17")]
    [InlineData("gửi phương án chậm nhất sau 20 ngày kể từ ngày ban hành văn bản này", "Gửi phương án chậm nhất sau 20 ngày kể từ ngày ban hành văn bản này", DeadlineRule.FromIssueDate, "2027-03-22")]
    [InlineData("lập đề án, trình UBND tỉnh phê duyệt Quý III/2027", "Lập đề án, trình UBND tỉnh phê duyệt Quý III/2027", DeadlineRule.InQuarter, "2027-09-30")]
    [InlineData("rà soát quy chế; hoàn thành phân bổ vốn trước 30/6/2027", "Rà soát quy chế; hoàn thành phân bổ vốn trước 30/6/2027", DeadlineRule.Before, "2027-06-29")]
    [InlineData("rà soát việc thực hiện Nghị quyết số 11-NQ/TU, ngày 22/12/2026", "Rà soát việc thực hiện Nghị quyết số 11-NQ/TU, ngày 22/12/2026", DeadlineRule.None, null)]
    [InlineData("công bố số liệu của quý III/2027", "Công bố số liệu của quý III/2027", DeadlineRule.None, null)]
    public void Only_what_is_taken_as_the_deadline_leaves_the_content(string duty, string content, DeadlineRule rule, string? date)
    {
        var task = Assert.Single(Read("1. Công an tỉnh " + duty + ".").Tasks);
        Assert.Equal(content, task.Content.TrimEnd('.'));
        Assert.Equal((rule, date), (task.Deadline.Rule, task.Deadline.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void What_ends_the_document_belongs_to_no_duty()
    {
        var plan = Read(
            "1. Sở Tài chính", "Bố trí vốn cho trạm quan trắc trước ngày 30/4/2027.", "12", "Văn phòng UBND tỉnh thông báo để các cơ quan biết, thực hiện.",
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Giám đốc các sở chịu trách nhiệm thi hành Quyết định này./.");
        Assert.Equal("Bố trí vốn cho trạm quan trắc trước ngày 30/4/2027.", Assert.Single(plan.Tasks).Content);
    }

    [Fact]
    public void What_was_done_and_what_it_is_for_order_nothing() =>
        Assert.Empty(Read(
            "I. MỤC ĐÍCH, YÊU CẦU", "- Các sở, ngành triển khai đồng bộ, tránh lãng phí nguồn lực.", "1. Sở Nội vụ đã chủ động tham mưu, đến ngày 31/10/2026 xong 12 nhiệm vụ.", "1. Kết quả đạt được", "- Sở Y tế đã hoàn thành kết nối trước ngày 30/6/2026.").Tasks);

    /// <summary>A body, a colon and a sentence is a duty, whether or not the verb is one that a list knows.</summary>
    [Theory]
    [InlineData("- Sở Y tế: Khử khuẩn toàn bộ trường học trước ngày 15/5/2027.", "Sở Y tế [] Khử khuẩn toàn bộ trường học trước ngày 15/5/2027. <Before 2027-05-14>")]
    [InlineData("- Công an tỉnh: Vô hiệu hóa các đường dây lừa đảo qua mạng trong quý II/2027.", "Công an tỉnh [] Vô hiệu hóa các đường dây lừa đảo qua mạng trong quý II/2027. <InQuarter 2027-06-30>")]
    [InlineData("- Sở Nội vụ: Đăng tải kết quả lên trang thông tin của tỉnh trong quý II/2027.", "Sở Nội vụ [] Đăng tải kết quả lên trang thông tin của tỉnh trong quý II/2027. <InQuarter 2027-06-30>")]
    public void A_body_and_a_colon_begin_a_duty_of_any_verb(string line, string said) => Assert.Equal([said], Said(Read("III. TỔ CHỨC THỰC HIỆN", line)));

    [Fact]
    public void Who_and_when_in_closing_brackets_need_no_word_for_the_role() =>
        Assert.Equal(["Sở Y tế [] Kiểm nghiệm nước tại 30 trạm cấp nước <InQuarter 2027-12-31>"], Said(Read("II. NHIỆM VỤ", "2.1. Kiểm nghiệm nước tại 30 trạm cấp nước (Sở Y tế; Quý IV/2027).")));

    [Fact]
    public void A_bullet_of_a_body_that_gives_no_task_is_told_and_members_and_accounts_are_neither()
    {
        var plan = Read(
            "III. TỔ CHỨC THỰC HIỆN", "- Công an tỉnh: Vô hiệu hóa các đường dây lừa đảo qua mạng trong quý II/2027.", "- Sở Tài chính xoay vòng vốn cho các dự án cấp bách của tỉnh.",
            "- Sở Nội vụ: Đồng chí Giám đốc Sở làm thành viên tổ công tác.", "- Sở Xây dựng đã hoàn thành việc rà soát các đồ án quy hoạch năm 2026.");
        Assert.Single(plan.Tasks);
        Assert.Equal(1, Assert.Single(plan.Warnings, warning => warning.Code == ImportCodes.ProseUnread).Arguments[0]);
    }

    [Theory]
    [InlineData("Kính gửi:", "- Các Sở: Tư pháp, Xây dựng, Thông tin và Truyền thông;", "- Chủ tịch UBND các xã: Thanh Bình, Tân Lập.")]
    [InlineData("Kính gửi:", "Các Sở: Giao thông vận tải, Công Thương;", "UBND các xã, phường.")]
    [InlineData("Chủ tịch Ủy ban nhân dân tỉnh điện:", "- Giám đốc các Sở: Xây dựng, Y tế, Tài chính;", "- Thủ trưởng các sở, ban, ngành;")]
    [InlineData("II. NHIỆM VỤ", "- Các Sở: Xây dựng, Y tế, Tài chính;", "- Chủ tịch UBND các xã: Thanh Bình, Tân Lập.")]
    public void Names_behind_a_kind_of_body_and_a_colon_are_no_duty(string opening, string first, string second)
    {
        var plan = Read(opening, first, second, "Chủ tịch UBND tỉnh yêu cầu:", "1. Sở Y tế chủ trì, phối hợp với Công an tỉnh kiểm tra bếp ăn trường học trước ngày 15/5/2027.");
        var task = Assert.Single(plan.Tasks);
        Assert.Equal(["Sở Y tế"], task.Leads);
        Assert.Equal(["Công an tỉnh"], task.Coordinators);
        Assert.DoesNotContain(plan.Warnings, warning => warning.Code == ImportCodes.ProseUnread);
    }

    [Fact]
    public void An_order_behind_several_bodies_and_a_colon_stays_a_duty_even_below_the_addressees() =>
        Assert.Equal(2, Read("Kính gửi:", "- Các Sở: Tư pháp, Xây dựng;", "- Các xã, phường: Rà soát hộ dùng nước giếng khoan, Báo cáo kết quả trước ngày 15/5/2027.",
            "- Các Sở: Kiểm tra bếp ăn trường học trên địa bàn trước ngày 20/5/2027.").Tasks.Count);

    private static string Numbering(ExtractedPlan plan) => string.Join(' ', plan.Tasks.Select(task => task.Warnings.FirstOrDefault(warning => warning.Code is ImportCodes.NumberGap or ImportCodes.NumberDuplicate)?.Code ?? "-"));

    [Fact]
    public void Numbers_of_duties_in_the_text_are_checked_as_those_of_a_table()
    {
        var labelled = Read("II. NHIỆM VỤ", "1. Lát vỉa hè khu chợ cũ.", "- Cơ quan chủ trì: Sở Xây dựng.", "- Thời gian: Quý I/2027.", "3. Thay cống thoát nước.", "- Cơ quan chủ trì: Sở Xây dựng.", "- Thời gian: Quý II/2027.",
            "3. Trồng cây chắn gió.", "- Cơ quan chủ trì: Sở Y tế.", "- Thời gian: Quý II/2027.");
        Assert.Equal("- number-gap number-duplicate", Numbering(labelled));
        var bodies = Read("III. PHÂN CÔNG", "1. Sở Y tế", "a) Kiểm tra bếp ăn tập thể của các trường trước ngày 15/6/2027.", "c) Trực cấp cứu trong những ngày lễ hội tại khu chợ.", "2. Công an tỉnh", "a) Xây dựng phương án phân luồng giao thông, xong trước ngày 30/6/2027.",
            "4. Sở Du lịch", "a) Khảo sát tuyến tham quan ven sông, xong trước ngày 30/6/2027.");
        Assert.Equal("- number-gap - number-gap", Numbering(bodies));

        // A list inside another that begins with 1, a section, and a gap under which nothing was read prove nothing.
        var plain = Read("II. NHIỆM VỤ", "1. Lát vỉa hè khu chợ cũ.", "- Cơ quan chủ trì: Sở Xây dựng.", "- Thời gian: Quý I/2027.", "2. Thay cống thoát nước.", "- Cơ quan chủ trì: Sở Xây dựng.", "- Thời gian: Quý II/2027.",
            "III. GIẢI PHÁP", "5. Trồng cây chắn gió.", "- Cơ quan chủ trì: Sở Y tế.", "- Thời gian: Quý II/2027.");
        Assert.Equal("- - -", Numbering(plain));
    }

    [Fact]
    public void Labels_behind_the_text_of_a_task_make_it_one_even_where_none_of_them_names_the_lead()
    {
        var plan = Read("II. NHIỆM VỤ", "1. Lát vỉa hè khu chợ cũ. Cơ quan chủ trì: Sở Xây dựng. Cơ quan phối hợp: Công an tỉnh. Thời gian hoàn thành: Quý I/2027.",
            "2. Thay cống thoát nước. Cơ quan phối hợp: Sở Tài chính. Thời gian hoàn thành: 30/6/2027.", "3. Sơ kết. Cơ quan chủ trì: Sở Nội vụ.", "4. Trồng cây chắn gió ven sông. Thời gian hoàn thành: 31/7/2027.");
        Assert.Equal(["Sở Xây dựng [Công an tỉnh] Lát vỉa hè khu chợ cũ. <InQuarter 2027-03-31>", " [Sở Tài chính] Thay cống thoát nước. <On 2027-06-30>", "Sở Nội vụ [] Sơ kết. <None >", " [] Trồng cây chắn gió ven sông. <On 2027-07-31>"], Said(plan));
        Assert.Contains(plan.Tasks[1].Warnings, warning => warning.Code == ImportCodes.NoLead);
    }

    [Fact]
    public void A_task_between_two_labelled_ones_that_has_no_label_is_told_of()
    {
        var plan = Read("II. NHIỆM VỤ", "1. Lát vỉa hè khu chợ cũ.", "- Cơ quan chủ trì: Sở Xây dựng.", "- Thời gian: Quý I/2027.", "2. Thay cống thoát nước các tuyến phố cũ.", "3. Trồng cây chắn gió.", "- Cơ quan chủ trì: Sở Y tế.", "- Thời gian: Quý II/2027.");
        Assert.Contains(plan.Warnings, warning => warning.Code == ImportCodes.ProseUnread);
    }

    [Fact]
    public void A_heading_with_nothing_but_a_day_below_it_is_a_task_of_nobody()
    {
        var plan = Read("III. PHÂN CÔNG", "1. Sở Y tế", "Kiểm tra bếp ăn tập thể của các trường trước ngày 15/6/2027.", "2. Sơ kết đợt kiểm tra", "Hoàn thành trước ngày 30/7/2027.");
        Assert.Equal(2, plan.Tasks.Count);
        Assert.Equal((0, new DateOnly(2027, 7, 29)), (plan.Tasks[1].Leads.Count, plan.Tasks[1].Deadline.Date));
    }
}
