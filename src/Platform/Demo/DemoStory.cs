using LienThong.Platform.Plans;

namespace LienThong.Platform.Demo;

/// <summary>One deed of the simulated three months: on which day after the issue, at which hour.</summary>
internal abstract record DemoDeed(int Day, int Hour);

internal enum DemoProof { Document, File, Log, Link }

/// <summary>A unit reports its part. <paramref name="Unit"/> is a code of the registry.</summary>
internal sealed record DemoReport(string Row, string Unit, int Day, decimal Percent, string Text, DemoProof Proof = DemoProof.Document, bool IsNil = false) : DemoDeed(Day, 9);

internal enum DemoVerdict { Accept, Return, AskMore }

/// <summary>Another unit concludes on the last report of that part.</summary>
internal sealed record DemoReview(string Row, string Unit, int Day, DemoVerdict Verdict = DemoVerdict.Accept, string Reason = "Minh chứng khớp với nội dung báo cáo.") : DemoDeed(Day, 15);

internal sealed record DemoExtensionAsked(string Row, string Unit, int Day, int NewDay, string Reason, string Document) : DemoDeed(Day, 10);

internal sealed record DemoExtensionDecided(string Row, int Day, bool Granted, int NewDay, string Document, string Text) : DemoDeed(Day, 16);

internal enum DemoObstacleKind { Infrastructure, Quality, Budget }

internal sealed record DemoObstacle(string Row, string Unit, int Day, DemoObstacleKind Kind, bool BeyondAuthority, string Text) : DemoDeed(Day, 10);

internal sealed record DemoObstacleAnswered(string Row, int Day, string Text) : DemoDeed(Day, 14);

internal sealed record DemoFollowUp(string Row, int Day, bool Urge, string Text, string Document) : DemoDeed(Day, 11);

/// <summary>A system, or a visit to the place, gives a value beside what was declared.</summary>
internal sealed record DemoMeasured(string Row, int Day, decimal Percent, string Provenance) : DemoDeed(Day, 13);

internal sealed record DemoFieldCheck(string Row, string Unit, int Day, string Place, string Checklist, string Finding, int FindingDay) : DemoDeed(Day, 15);

/// <summary>An indicator of the tree takes a value.</summary>
internal sealed record DemoIndicatorValue(string Code, int Day, decimal Value, SourceKind Source) : DemoDeed(Day, 16);

/// <summary>
/// What happened in three months: tasks done in time and late, returned and done again, waiting for review, blocked, extended, refused, silent.
/// The reports of classes are drawn by number, so that every start tells the same story.
/// </summary>
internal static class DemoStory
{
    /// <summary>The plan was issued that many days ago; every day of the story lies before today.</summary>
    public const int DaysSinceIssue = 95;

    public static IReadOnlyList<DemoDeed> Of(IReadOnlyList<string> communes) =>
    [
        .. Single,
        .. communes.SelectMany((code, i) => CommunePlan(code, i)),
        .. communes.SelectMany((code, i) => OneStop(code, i)),
        .. DemoFigures.Indicators.SelectMany(of => of.Values.Select(v => new DemoIndicatorValue(of.Code, v.Day, v.Value, of.Source))),
        .. communes.Where((_, i) => i % 12 == 0).SelectMany((code, i) => Told(code, 20 + i)),
    ];

    private static DemoDeed[] Single =>
    [
        new DemoReport("chien-luoc", "KHCN", 20, 40, "Đã hoàn thành dự thảo Chiến lược dữ liệu, gửi lấy ý kiến 18 cơ quan."),
        new DemoReview("chien-luoc", "KHCN", 22),
        new DemoReport("chien-luoc", "KHCN", 37, 100, "UBND tỉnh đã ban hành Quyết định phê duyệt Chiến lược dữ liệu của tỉnh.", DemoProof.File),
        new DemoReview("chien-luoc", "KHCN", 41),
        new DemoReport("quy-che", "KHCN", 50, 60, "Đã tiếp thu ý kiến góp ý, đang trình thẩm định dự thảo Quy chế."),
        new DemoReview("quy-che", "KHCN", 52),
        new DemoReport("quy-che", "KHCN", 66, 100, "Quy chế đã được ban hành sau khi có ý kiến thẩm định.", DemoProof.File),
        new DemoReview("quy-che", "KHCN", 68),
        new DemoReport("ra-soat-vb", "TP", 45, 30, "Đã rà soát 42 văn bản, phát hiện 6 quy định yêu cầu nộp lại giấy tờ."),
        new DemoReview("ra-soat-vb", "TP", 48),
        new DemoReport("ra-soat-vb", "TP", 80, 55, "Đã rà soát 75 văn bản; trình bãi bỏ 6 quy định."),
        new DemoReview("ra-soat-vb", "TP", 83),
        new DemoReport("bo-chi-tieu", "VPUB", 43, 100, "Đã xây dựng bộ chỉ tiêu gồm 64 chỉ tiêu.", DemoProof.File),
        new DemoReview("bo-chi-tieu", "VPUB", 47, DemoVerdict.Return, "18 chỉ tiêu chưa có công thức và nguồn số liệu; đề nghị bổ sung trước khi trình."),
        new DemoReport("bo-chi-tieu", "VPUB", 54, 100, "Đã bổ sung công thức, nguồn số liệu và đơn vị chịu trách nhiệm cho cả 64 chỉ tiêu.", DemoProof.File),
        new DemoReview("bo-chi-tieu", "VPUB", 57),
        new DemoReport("dau-moi", "NV", 15, 100, "Đã công bố danh sách cán bộ đầu mối của 118 cơ quan, đơn vị."),
        new DemoReview("dau-moi", "NV", 18),
        new DemoReport("giao-ban", "KHCN", 30, 33, "Báo cáo tháng thứ nhất đã gửi Ban Chỉ đạo."),
        new DemoReview("giao-ban", "KHCN", 33),
        new DemoReport("giao-ban", "KHCN", 60, 66, "Báo cáo tháng thứ hai đã gửi Ban Chỉ đạo."),
        new DemoReview("giao-ban", "KHCN", 63),
        new DemoReport("danh-muc", "KHCN", 40, 50, "Đã tổng hợp danh mục của 14 sở, ban, ngành."),
        new DemoReview("danh-muc", "KHCN", 43),
        new DemoExtensionAsked("danh-muc", "KHCN", 60, 103, "Sáu cơ quan gửi đặc tả chậm, cần thêm thời gian kiểm tra chất lượng.", "1842/SKHCN-CĐS"),
        new DemoExtensionDecided("danh-muc", 64, true, 103, "2210/UBND-KSTT", "Đồng ý điều chỉnh thời hạn; không điều chỉnh lần hai."),
        new DemoReport("danh-muc", "KHCN", 90, 80, "Đã có đặc tả cho 24 trong 30 dịch vụ chia sẻ dữ liệu.", DemoProof.File),
        new DemoReport("ket-noi-dan-cu", "CA", 50, 100, "Kết nối đã hoạt động; nhật ký 10 ngày có 12.480 lượt tra cứu thành công.", DemoProof.Log),
        new DemoReview("ket-noi-dan-cu", "CA", 53),
        new DemoReport("ket-noi-dat", "NNMT", 60, 50, "Đã làm sạch dữ liệu của 41 xã, phường."),
        new DemoReview("ket-noi-dat", "NNMT", 62),
        new DemoObstacle("ket-noi-dat", "NNMT", 84, DemoObstacleKind.Infrastructure, true, "Máy chủ cơ sở dữ liệu đất đai không đủ dung lượng cho dữ liệu sau hợp nhất; vượt thẩm quyền của Sở."),
        new DemoReport("y-te", "YT", 40, 30, "7 trong 22 cơ sở khám, chữa bệnh đã kết nối."),
        new DemoReview("y-te", "YT", 43),
        new DemoReport("y-te", "YT", 85, 65, "15 trong 22 cơ sở khám, chữa bệnh đã kết nối.", DemoProof.Log),
        new DemoReview("y-te", "YT", 88),
        new DemoReport("giao-duc", "GDDT", 70, 70, "Đã chuẩn hóa mã định danh của 214.000 học sinh."),
        new DemoReview("giao-duc", "GDDT", 73),
        new DemoReport("giao-duc", "GDDT", 93, 95, "Đã chuẩn hóa mã định danh của 289.000 học sinh; còn 6 trường vùng cao.", DemoProof.File),
        new DemoReport("doanh-nghiep", "TC", 78, 100, "Dịch vụ chia sẻ dữ liệu đăng ký doanh nghiệp đã mở cho 12 cơ quan.", DemoProof.Link),
        new DemoReview("doanh-nghiep", "TC", 82),
        new DemoReport("ha-tang-gt", "XD", 60, 20, "Đã số hóa 320 km đường tỉnh."),
        new DemoReview("ha-tang-gt", "XD", 63),
        new DemoReport("du-lich", "VHTTDL", 75, 50, "Đã thu thập dữ liệu của 146 di tích."),
        new DemoReview("du-lich", "VHTTDL", 78),
        new DemoReport("nong-san", "NNMT", 65, 36, "18 sản phẩm đã có mã truy xuất."),
        new DemoReview("nong-san", "NNMT", 67),
        new DemoReport("bao-cao-ba-so", "KHCN", 45, 50, "Đã báo cáo ba chỉ số của quý.", DemoProof.Log),
        new DemoReview("bao-cao-ba-so", "KHCN", 47),
        new DemoReport("tai-cau-truc", "VPUB", 40, 45, "Đã cấu trúc lại 54 thủ tục."),
        new DemoReview("tai-cau-truc", "VPUB", 43),
        new DemoExtensionAsked("tai-cau-truc", "VPUB", 70, 110, "Số thủ tục phải cấu trúc lại tăng sau khi bộ công bố danh mục mới.", "905/VPUB-KSTT"),
        new DemoExtensionDecided("tai-cau-truc", 73, false, 110, "2388/UBND-KSTT", "Không điều chỉnh: mốc này quyết định mốc của các nhiệm vụ số hóa."),
        new DemoReport("tai-cau-truc", "VPUB", 83, 90, "Đã cấu trúc lại 108 trong 120 thủ tục.", DemoProof.File),
        new DemoReview("tai-cau-truc", "VPUB", 86, DemoVerdict.AskMore, "Đề nghị gửi thêm danh sách 108 thủ tục kèm thành phần hồ sơ được thay bằng dữ liệu."),
        new DemoReport("so-hoa-moi", "VPUB", 30, 88, "Tỉ lệ số hóa hồ sơ mới trong tháng đạt 88%.", DemoProof.Log),
        new DemoReview("so-hoa-moi", "VPUB", 32),
        new DemoReport("so-hoa-moi", "VPUB", 61, 92, "Tỉ lệ số hóa hồ sơ mới trong tháng đạt 92%.", DemoProof.Log),
        new DemoReview("so-hoa-moi", "VPUB", 63),
        new DemoReport("so-hoa-moi", "VPUB", 91, 94, "Tỉ lệ số hóa hồ sơ mới trong tháng đạt 94%.", DemoProof.Log),
        new DemoMeasured("so-hoa-moi", 92, 81, "Hệ thống thông tin giải quyết thủ tục hành chính, đếm hồ sơ có tệp số trong tháng (mô phỏng)"),
        new DemoReport("luu-tru", "NV", 85, 18, "Đã số hóa 18% tài liệu lưu trữ lịch sử có giá trị cao.", DemoProof.Log),
        new DemoReview("luu-tru", "NV", 88),
        new DemoReport("kiem-tra-xa", "VPUB", 58, 100, "Kiểm tra thêm 12 xã; kiến nghị khắc phục 9 tồn tại.", DemoProof.File),
        new DemoReview("kiem-tra-xa", "VPUB", 61),
        new DemoFieldCheck("kiem-tra-xa", "21289", 59, "Trung tâm Phục vụ hành chính công xã Sơn Hà", "Niêm yết thủ tục|đạt\nThiết bị quét|không đạt\nĐường truyền|không đạt", "Thiếu máy quét khổ A3; đường truyền gián đoạn.", 100),
        new DemoFollowUp("giam-phi", 55, false, "Đề nghị Sở Tài chính cho biết tiến độ; văn bản giao việc ghi nhầm cột thời hạn.", ""),
        new DemoReport("khao-sat", "MTTQ", 80, 40, "Đã khảo sát 1.150 trong 3.000 phiếu.", DemoProof.File),
        new DemoReview("khao-sat", "MTTQ", 83),
        new DemoReport("cap-do", "CA", 55, 60, "21 trong 35 hệ thống đã được phê duyệt cấp độ."),
        new DemoReview("cap-do", "CA", 58),
        new DemoReport("cap-do", "CA", 84, 74, "26 trong 35 hệ thống đã được phê duyệt cấp độ.", DemoProof.File),
        new DemoReview("cap-do", "CA", 87),
        new DemoFollowUp("cap-do", 90, true, "Nhiệm vụ đã quá hạn; đề nghị gửi kế hoạch khắc phục đối với 9 hệ thống còn lại.", "2517/UBND-KSTT"),
        new DemoReport("danh-gia", "CA", 64, 100, "Đã đánh giá 8 cơ sở dữ liệu dùng chung, khắc phục 31 lỗ hổng.", DemoProof.File),
        new DemoReview("danh-gia", "CA", 67),
        new DemoReport("dien-tap", "CA", 58, 100, "Đã tổ chức diễn tập cấp tỉnh với 24 đơn vị.", DemoProof.File),
        new DemoReview("dien-tap", "CA", 61),
        new DemoReport("sao-luu", "KHCN", 70, 100, "Đã thử khôi phục 02 lần, thời gian khôi phục dưới 04 giờ.", DemoProof.Log),
        new DemoReview("sao-luu", "KHCN", 74),
        new DemoReport("sao-luu", "VPUB", 90, 50, "Đã thử khôi phục lần thứ nhất.", DemoProof.Log),
        new DemoReport("mang-dang", "VPTU", 57, 100, "Đã hoàn thành theo yêu cầu.", DemoProof.Document),
        new DemoReview("mang-dang", "VPTU", 62),
        new DemoReport("nhan-luc", "NV", 49, 100, "Đã có quyết định phân công tại các cơ quan.", DemoProof.Document),
        new DemoReview("nhan-luc", "NV", 52, DemoVerdict.Return, "Danh sách có 31 người kiêm nhiệm; văn bản yêu cầu nhân lực chuyên trách."),
        new DemoReport("nhan-luc", "NV", 60, 100, "Đã điều chỉnh: 112 người chuyên trách, có quyết định kèm theo.", DemoProof.File),
        new DemoReview("nhan-luc", "NV", 63),
        new DemoReport("dao-tao", "NV", 62, 60, "Đã bồi dưỡng 1.800 lượt người."),
        new DemoReview("dao-tao", "NV", 65),
        new DemoReport("dao-tao", "NV", 92, 82, "Đã bồi dưỡng 2.460 lượt người.", DemoProof.File),
        new DemoReport("to-cong-nghe", "DTN", 50, 30, "Đã kiện toàn Tổ công nghệ số cộng đồng tại 52 xã, phường."),
        new DemoReview("to-cong-nghe", "DTN", 53),
        new DemoReport("kinh-phi", "TC", 12, 100, "Đã giao dự toán; kinh phí an ninh mạng chiếm 15,4%.", DemoProof.Document),
        new DemoReview("kinh-phi", "TC", 15),
        new DemoObstacle("hop-tac", "TC", 50, DemoObstacleKind.Budget, false, "Chưa có mẫu hợp đồng hợp tác công tư cho hạ tầng số."),
        new DemoObstacleAnswered("hop-tac", 62, "Dùng mẫu hợp đồng của bộ ban hành kèm hướng dẫn; Sở Tư pháp hỗ trợ rà soát."),
        new DemoReport("hop-tac", "TC", 75, 25, "Đã lập danh mục sơ bộ 4 dự án."),
        new DemoReview("hop-tac", "TC", 78),
    ];

    /// <summary>Every commune makes its own plan within forty-five days: most in time, some late, some waiting for review, some silent.</summary>
    private static IEnumerable<DemoDeed> CommunePlan(string code, int i)
    {
        const string done = "UBND đã ban hành Kế hoạch của địa phương, phân công từng người phụ trách.";
        switch (i % 10)
        {
            case < 6:
                yield return new DemoReport("ke-hoach-xa", code, 22 + (i % 22), 100, done);
                yield return new DemoReview("ke-hoach-xa", code, 26 + (i % 22));
                break;
            case < 8:
                yield return new DemoReport("ke-hoach-xa", code, 50 + (i % 18), 100, done);
                yield return new DemoReview("ke-hoach-xa", code, 54 + (i % 18));
                break;
            case 8:
                yield return new DemoReport("ke-hoach-xa", code, 88 + (i % 5), 100, done, DemoProof.File);
                break;
        }
    }

    /// <summary>One-stop centres: half are ready, some report a part, one is blocked by its line.</summary>
    private static IEnumerable<DemoDeed> OneStop(string code, int i)
    {
        if (code == "21289")
        {
            yield return new DemoReport("mot-cua-xa", code, 60, 70, "Đã lắp đặt thiết bị; đường truyền chưa ổn định.");
            yield return new DemoReview("mot-cua-xa", code, 63);
            yield return new DemoObstacle("mot-cua-xa", code, 78, DemoObstacleKind.Infrastructure, false, "Đường truyền số liệu chuyên dùng đến Trung tâm thường xuyên gián đoạn.");
            yield break;
        }

        if (i % 7 < 4)
        {
            yield return new DemoReport("mot-cua-xa", code, 45 + (i % 25), 100, "Trung tâm đủ thiết bị, đường truyền và người trực theo yêu cầu.");
            yield return new DemoReview("mot-cua-xa", code, 49 + (i % 25));
        }
        else if (i % 7 == 4)
        {
            yield return new DemoReport("mot-cua-xa", code, 80 + (i % 10), 80, "Còn thiếu máy quét; đã có dự toán.");
        }
    }

    private static IEnumerable<DemoDeed> Told(string code, int day)
    {
        yield return new DemoReport("quan-triet", code, day, 50, "Đã phổ biến tại hội nghị cán bộ và trên trang thông tin của địa phương.");
        yield return new DemoReview("quan-triet", code, day + 3);
    }
}
