using System.Globalization;

namespace LienThong.Platform.Demo;

/// <summary>One row of the simulated plan, in the words and with the faults such rows have.</summary>
/// <param name="Key">How the story names the row; it does not stand in the document.</param>
internal sealed record DemoRow(string Key, string Number, string Content, string Leads, string Coordinators, string Product, string Deadline, string Basis);

/// <summary>A group header of the table and its rows.</summary>
internal sealed record DemoGroup(string Title, IReadOnlyList<DemoRow> Rows);

/// <summary>
/// A provincial plan of about forty tasks in our own words, with the usual defects: a number used twice and one left out, classes of units as
/// leads, a bare "7", a day that does not exist, an agency in the deadline cell, several leads, a unit that leads and coordinates, tasks done
/// and continuing, recurring ones, deadlines before the plan itself. Days are counted from the day of issue, so the demo is always about now.
/// </summary>
internal sealed class DemoPlan(DateOnly issuedOn)
{
    public const string Number = "118/KH-UBND";

    public DateOnly IssuedOn { get; } = issuedOn;

    public string Subject =>
        $"Triển khai mô hình liên thông số và quản trị dựa trên dữ liệu trên địa bàn tỉnh Quảng Ngãi, giai đoạn {IssuedOn.Year} – {IssuedOn.Year + 1}";

    public static IReadOnlyList<string> Bases { get; } =
    [
        "Căn cứ Quy định số 05-QĐ/BCĐTW ngày 27/8/2025 của Ban Chỉ đạo Trung ương về phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số;",
        "Căn cứ Nghị định số 278/2025/NĐ-CP ngày 22/10/2025 của Chính phủ;",
        "Căn cứ Kế hoạch số 02-KH/BCĐTW ngày 19/6/2025 của Ban Chỉ đạo Trung ương.",
    ];

    public string Day(int after) => IssuedOn.AddDays(after).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private string Plain(int after) => IssuedOn.AddDays(after).ToString("d/M/yyyy", CultureInfo.InvariantCulture);

    private string Month(int after) => IssuedOn.AddDays(after).ToString("MM/yyyy", CultureInfo.InvariantCulture);

    private string Quarter(int after) => IssuedOn.AddDays(after) is var day ? $"Quý {new[] { "I", "II", "III", "IV" }[(day.Month - 1) / 3]}/{day.Year}" : "";

    public IReadOnlyList<DemoGroup> Groups =>
    [
        new("I. HOÀN THIỆN THỂ CHẾ, TỔ CHỨC THỰC HIỆN",
        [
            new("chien-luoc", "1", "Tham mưu ban hành Chiến lược dữ liệu của tỉnh, xác định danh mục cơ sở dữ liệu dùng chung và lộ trình kết nối", "Sở Khoa học và Công nghệ", "Các sở, ban, ngành, địa phương", "Quyết định của UBND tỉnh", Day(40), "Quy định 05-QĐ/BCĐTW"),
            new("quy-che", "2", "Ban hành Quy chế quản lý, vận hành và khai thác Nền tảng tích hợp, chia sẻ dữ liệu của tỉnh", "Sở KH&CN", "Công an tỉnh; Văn phòng UBND tỉnh", "Quyết định ban hành Quy chế", $"Trước ngày {Plain(62)}", "Nghị định 278/2025/NĐ-CP"),
            new("ra-soat-vb", "3", "Rà soát, đề xuất sửa đổi, bãi bỏ các quy định của tỉnh yêu cầu người dân nộp lại giấy tờ đã có trong cơ sở dữ liệu", "Sở Tư pháp", "Các sở, ban, ngành", "Báo cáo kết quả rà soát và danh mục văn bản", Quarter(95), "Nghị định 278/2025/NĐ-CP"),
            new("bo-chi-tieu", "4", "Xây dựng bộ chỉ tiêu phục vụ chỉ đạo, điều hành; mỗi chỉ tiêu có công thức, nguồn số liệu và đơn vị chịu trách nhiệm", "Văn phòng UBND tỉnh", "Sở Tài chính, Sở Khoa học và Công nghệ", "Bộ chỉ tiêu được phê duyệt", Day(45), "02-\nKH/BCĐTW"),
            new("quan-triet", "5", "Quán triệt, phổ biến nội dung mô hình liên thông số đến cán bộ, công chức, viên chức của cơ quan, đơn vị", "Các sở, ban, ngành, địa phương", "", "", "Thường xuyên", "Quy định 05-QĐ/BCĐTW"),
            new("ke-hoach-xa", "6", "Ban hành kế hoạch thực hiện của địa phương, phân công rõ người, rõ việc, rõ tiến độ, rõ kết quả", "UBND các xã, phường, đặc khu", "Sở Khoa học và Công nghệ", "Kế hoạch của UBND cấp xã", "45 ngày kể từ ngày ban hành Kế hoạch", ""),
            new("dau-moi", "7", "Công bố cán bộ đầu mối chia sẻ dữ liệu của từng cơ quan, đơn vị", "Sở Nội vụ", "Các sở, ban, ngành, địa phương", "Danh sách công bố trên Cổng thông tin điện tử", "7", "Nghị định 278/2025/NĐ-CP"),
            new("giao-ban", "8", "Báo cáo kết quả thực hiện Kế hoạch, kèm minh chứng, gửi Ban Chỉ đạo", "Sở Khoa học và Công nghệ", "Các sở, ban, ngành, địa phương", "Báo cáo tháng", "Trước ngày 25 hằng tháng", "Kế hoạch 02-KH/BCĐTW"),
        ]),
        new("II. KẾT NỐI, CHIA SẺ DỮ LIỆU",
        [
            new("danh-muc", "9", "Công bố danh mục dữ liệu dùng chung của tỉnh và đặc tả từng dịch vụ chia sẻ dữ liệu", "Sở Khoa học và Công nghệ", "Các sở, ban, ngành", "Danh mục công bố; 100% dịch vụ có đặc tả", Day(70), "Nghị định 278/2025/NĐ-CP"),
            new("ket-noi-dan-cu", "10", "Kết nối Hệ thống thông tin giải quyết thủ tục hành chính với Cơ sở dữ liệu quốc gia về dân cư, bảo đảm tra cứu được trong giờ hành chính", "Công an tỉnh", "Văn phòng UBND tỉnh, Sở KHCN", "Kết nối hoạt động, có nhật ký", Day(55), "Nghị định 278/2025/NĐ-CP"),
            new("ket-noi-dat", "11", "Hoàn thành làm sạch và kết nối cơ sở dữ liệu đất đai; ít nhất 90% thửa đất đã cấp giấy có dữ liệu số", "Sở Nông nghiệp và Môi trường", "UBND các xã, phường, đặc khu", "Cơ sở dữ liệu đất đai được kết nối", Day(88), "Kế hoạch 02-KH/BCĐTW"),
            new("y-te", "12", "Kết nối hồ sơ sức khỏe điện tử của các cơ sở khám, chữa bệnh công lập với nền tảng dùng chung của tỉnh", "Sở Y tế", "Bảo hiểm xã hội tỉnh; Sở KH&CN", "Báo cáo kết quả kết nối", Day(120), "Kế hoạch 02-KH/BCĐTW"),
            new("giao-duc", "12", "Chuẩn hóa mã định danh học sinh, giáo viên và kết nối cơ sở dữ liệu ngành giáo dục", "Sở Giáo dục và Đào tạo", "Công an tỉnh", "Cơ sở dữ liệu được chuẩn hóa", Day(98), "Kế hoạch 02-KH/BCĐTW"),
            new("doanh-nghiep", "14", "Chia sẻ dữ liệu đăng ký doanh nghiệp, hộ kinh doanh cho các cơ quan thuộc hệ thống chính trị của tỉnh", "Sở Tài chính", "Sở Công Thương, Thuế tỉnh", "Dịch vụ chia sẻ dữ liệu", Day(80), "Nghị định 278/2025/NĐ-CP"),
            new("ha-tang-gt", "15", "Số hóa và chia sẻ dữ liệu hạ tầng giao thông, quy hoạch xây dựng lên bản đồ số dùng chung", "Sở Xây dựng", "Sở Xây dựng, Sở Nông nghiệp và Môi trường", "Bản đồ số dùng chung", Day(150), ""),
            new("du-lich", "16", "Xây dựng bộ dữ liệu mở về di tích, lễ hội, cơ sở lưu trú trên địa bàn tỉnh", "Sở Văn hóa, Thể thao và Du lịch", "UBND các xã, phường, đặc khu", "Bộ dữ liệu mở được công bố", $"Trong tháng {Month(100)}", ""),
            new("nong-san", "17", "Triển khai truy xuất nguồn gốc bằng dữ liệu số cho sản phẩm chủ lực của tỉnh", "Sở Nông nghiệp và Môi trường; Sở Công Thương", "UBND các xã, phường, đặc khu", "Ít nhất 50 sản phẩm có mã truy xuất", Day(130), ""),
            new("bao-cao-ba-so", "18", "Thực hiện cơ chế báo cáo ba chỉ số: kết nối thành công, chất lượng dữ liệu, tỉ lệ đáp ứng yêu cầu chia sẻ", "Sở Khoa học và Công nghệ", "Các sở, ban, ngành", "Báo cáo quý", "Định kỳ hằng quý", "Quy định 05-QĐ/BCĐTW"),
            new("huong-dan-bo", "19", "Điều chỉnh đặc tả kết nối theo Khung kiến trúc dữ liệu quốc gia", "Sở Khoa học và Công nghệ", "Công an tỉnh", "Đặc tả kết nối", "15 ngày kể từ khi có hướng dẫn của Bộ Khoa học và Công nghệ", ""),
        ]),
        new("III. DỊCH VỤ CÔNG, SỐ HÓA HỒ SƠ",
        [
            new("tai-cau-truc", "20", "Rà soát, cấu trúc lại quy trình thủ tục hành chính để thay thế thành phần hồ sơ bằng dữ liệu; ít nhất 120 thủ tục", "Văn phòng UBND tỉnh", "Các sở, ban, ngành", "Quyết định phê duyệt phương án", Day(75), "Nghị định 278/2025/NĐ-CP"),
            new("so-hoa-moi", "21", "Số hóa 100% hồ sơ, kết quả giải quyết thủ tục hành chính phát sinh mới (nhiệm vụ thường xuyên)", "Văn phòng UBND tỉnh", "UBND các xã, phường, đặc khu", "Tỉ lệ số hóa hằng tháng", Day(110), "Kế hoạch 02-KH/BCĐTW"),
            new("luu-tru", "22", $"Đến hết tháng {Month(120)}, số hóa ít nhất 30% tài liệu lưu trữ lịch sử có giá trị cao", "Sở Nội vụ", "Văn phòng UBND tỉnh", "Báo cáo kết quả số hóa", Day(120), "Kế hoạch 02-KH/BCĐTW"),
            new("mot-cua-xa", "24", "Bố trí đủ trang thiết bị, đường truyền cho Trung tâm Phục vụ hành chính công cấp xã", "UBND các xã, phường, đặc khu", "Sở Tài chính, Văn phòng UBND tỉnh", "Trung tâm đủ điều kiện hoạt động", Day(72), "Kế hoạch 02-KH/BCĐTW"),
            new("kiem-tra-xa", "25", "Kiểm tra thực địa việc giải quyết thủ tục hành chính tại các xã, phường, đặc khu", "Văn phòng UBND tỉnh", "Sở Nội vụ", "Biên bản kiểm tra", $"{Day(-12)} (Đã hoàn thành; tiếp tục triển khai thực hiện)", ""),
            new("thong-nhat-he-thong", "26", "Thống nhất một hệ thống thông tin giải quyết thủ tục hành chính của tỉnh", "Văn phòng UBND tỉnh", "Sở Khoa học và Công nghệ", "Hệ thống vận hành chính thức", $"{Day(-25)} (Đã hoàn thành; tiếp tục triển khai thực hiện)", "Kế hoạch 02-KH/BCĐTW"),
            new("giam-phi", "27", "Tham mưu chính sách miễn, giảm phí khi người dân thực hiện dịch vụ công trực tuyến", "Sở Tài chính", "Văn phòng UBND tỉnh", "Tờ trình, dự thảo nghị quyết", "Văn phòng UBND tỉnh", ""),
            new("khao-sat", "28", "Khảo sát mức độ hài lòng của người dân, doanh nghiệp; công bố kết quả theo từng đơn vị", "Uỷ ban Mặt trận Tổ quốc Việt Nam tỉnh", "Văn phòng UBND tỉnh", "Báo cáo khảo sát", "Trước ngày 10/12 hằng năm", ""),
            new("thanh-toan", "29", "Mở rộng thanh toán trực tuyến nghĩa vụ tài chính về đất đai", "Thuế tỉnh", "Sở Nông nghiệp và Môi trường", "", $"31/11/{IssuedOn.Year}", ""),
        ]),
        new("IV. AN NINH MẠNG, BẢO VỆ DỮ LIỆU",
        [
            new("cap-do", "30", "Hoàn thành phê duyệt hồ sơ đề xuất cấp độ an toàn cho 100% hệ thống thông tin đang vận hành", "Công an tỉnh", "Các cơ quan chủ trì quản lý, vận hành nền tảng số, hệ thống thông tin, cơ sở dữ liệu", "Quyết định phê duyệt cấp độ", Day(85), "Luật An ninh mạng"),
            new("danh-gia", "31", "Đánh giá an toàn thông tin định kỳ các cơ sở dữ liệu dùng chung, khắc phục lỗ hổng đã được cảnh báo (nhiệm vụ thường xuyên)", "Công an tỉnh", "Các sở, ban, ngành", "Báo cáo đánh giá", Day(65), "Luật An ninh mạng"),
            new("dien-tap", "32", "Tổ chức diễn tập ứng phó sự cố an ninh mạng cấp tỉnh", "Công an tỉnh", "Sở Khoa học và Công nghệ", "Báo cáo kết quả diễn tập", Quarter(60), ""),
            new("sao-luu", "33", "Xây dựng phương án sao lưu, khôi phục dữ liệu và thử khôi phục ít nhất 02 lần", "Các cơ quan chủ trì quản lý, vận hành nền tảng số, hệ thống thông tin, cơ sở dữ liệu", "Công an tỉnh", "Biên bản thử khôi phục", Day(100), ""),
            new("mang-dang", "34", "Bảo đảm an toàn mạng diện rộng của các cơ quan Đảng", "Văn phòng Tỉnh ủy", "UBND các xã, phường, đặc khu", "Báo cáo kết quả", Day(60), ""),
            new("ban-quyen", "35", "Thay thế phần mềm hết hạn hỗ trợ tại các cơ quan, đơn vị", "Sở Khoa học và Công nghệ", "Sở Tài chính", "Danh sách thiết bị đã thay thế", "Theo tiến độ dự án được phê duyệt", ""),
        ]),
        new("V. NHÂN LỰC, KINH PHÍ",
        [
            new("nhan-luc", "36", "Bố trí nhân lực chuyên trách chuyển đổi số, an ninh mạng tại các cơ quan, đơn vị", "Sở Nội vụ", "Các sở, ban, ngành, địa phương", "Quyết định phân công", Day(50), "Nghị định 179/2025/NĐ-CP"),
            new("dao-tao", "37", "Tổ chức bồi dưỡng kỹ năng số cho ít nhất 3.000 lượt cán bộ, công chức, viên chức", "Sở Nội vụ; Sở Giáo dục và Đào tạo", "Trường Chính trị tỉnh", "Báo cáo kết quả, danh sách lớp", Day(105), ""),
            new("to-cong-nghe", "38", "Kiện toàn Tổ công nghệ số cộng đồng; hướng dẫn người dân dùng dịch vụ công trực tuyến", "Tỉnh Đoàn", "UBND các xã, phường, đặc khu", "Danh sách Tổ; số lượt hướng dẫn", "Cuối năm", ""),
            new("kinh-phi", "39", "Cân đối, bố trí kinh phí thực hiện Kế hoạch; bảo đảm ít nhất 15% kinh phí công nghệ thông tin cho an ninh mạng", "Sở Tài chính", "Sở Khoa học và Công nghệ", "Dự toán được giao", Day(-5), "Luật An ninh mạng"),
            new("hop-tac", "40", "Kêu gọi hợp tác công tư đầu tư hạ tầng số", "Sở Tài chính", "Ban Quản lý Khu kinh tế Dung Quất", "Danh mục dự án", Day(140), "Nghị định 180/2025/NĐ-CP"),
            new("khong-ai", "41", "Bảo đảm kinh phí duy trì các hệ thống đã đầu tư, không trùng lắp, lãng phí", "", "", "", "", ""),
        ]),
    ];
}
