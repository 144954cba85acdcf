using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>
/// Finds quantities a task must reach (R-TSK-10, T8): "25 DVCTT toàn trình", "ít nhất 30% tài liệu … đến hết tháng 12/2025". Numbers of
/// documents, dates, resolutions and mere rates ("1.000 hồ sơ/năm/tỉnh") are no targets.
/// </summary>
internal static partial class TargetReading
{
    private const int TimeLimit = 2_000;

    /// <summary>What is counted in official plans; a number before any other word is too often no target.</summary>
    private const string Units =
        @"(?:ngành|nút giao|nút|tờ rơi|tờ|vị trí|loại|trạm|làng|gia đình|chi bộ|đối tượng|phương tiện|căn|tấm|quyển|cuốn|ấn phẩm|chuyên mục|phóng sự|tổ chức|cá nhân|lao động|việc làm|giải pháp|sáng kiến|bằng|chứng chỉ|tài khoản|chữ ký số|chữ ký|mẫu|tiêu chí|quy trình|thành phần|khách|vùng|tỉnh|huyện|sở|nhà|tàu|ngôi|tiện ích|chuyến|kênh|fanpage|trang thông tin|trung tâm|mạng|điểm cầu|phòng họp|giường|gian hàng|suất|lượt|cuộc thi|công dân|bộ|chiếc|tấn|giờ|phút|lần|chỉ số|dịch vụ|máy chủ|máy tính|đại biểu|nhóm|chuyên đề|tiết|bước|hợp tác xã|cửa hàng|chợ|tuyến|thôn|bản|khu|cụm|đồng|USD|DVCTT|DVC|TTHC|dịch vụ công|thủ tục hành chính|thủ tục|nhóm TTHC|nhóm thủ tục|CSDL|cơ sở dữ liệu|hệ thống|nền tảng|phần mềm|ứng dụng|trạm|tủ|cổng|điểm|lớp|khóa|khoá|học viên|lượt người|lượt|người|cán bộ|công chức|hộ|hồ sơ|tài liệu|văn bản|bộ dữ liệu|tập dữ liệu|dữ liệu|trường|đơn vị|xã|phường|doanh nghiệp|sản phẩm|đề tài|nhiệm vụ|dự án|mô hình|thôn|tổ|bản ghi|thiết bị|máy|camera|chỉ tiêu|dịch vụ|cuộc|đợt|hội nghị|buổi|ha|km|tỷ đồng|triệu đồng|tỷ|triệu|báo cáo|kế hoạch|bài|tin|video|chuyên gia|kỹ sư|mã|thửa|giấy chứng nhận|trang|mét|m3|MW|kết nối|API|chatbot|trung tâm|cơ sở|bệnh viện|phòng|nhóm)";

    public static IReadOnlyList<ExtractedTarget> Read(string? text, DeadlineContext context)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        var clean = VietnameseText.Clean(text);
        if (clean.Length > 6_000) clean = clean[..6_000];
        var masked = Mask(clean);
        var found = new List<ExtractedTarget>();
        foreach (Match match in Quantity().Matches(masked))
        {
            if (Number(match.Groups["n"].Value) is not { } value) continue;
            var percent = match.Groups["pct"].Success;
            var before = masked[Math.Max(0, match.Index - 60)..match.Index];
            if (percent && Slogan().IsMatch(VietnameseText.Fold(masked[match.Index..Math.Min(masked.Length, match.Index + 60)]))) continue;
            if (!percent && Rate().IsMatch(masked[(match.Index + match.Length)..Math.Min(masked.Length, match.Index + match.Length + 30)])) continue;
            if (!percent && NotATarget().IsMatch(VietnameseText.Fold(before))) continue;
            var end = PhraseEnd(clean, match.Index + match.Length);
            var unit = percent ? "%" : UnitOf(clean[(match.Groups["n"].Index + match.Groups["n"].Length)..end]);
            var start = PhraseStart(clean, match.Index);
            found.Add(new ExtractedTarget(clean[start..end].Trim(' ', ',', ';'), value, unit, Comparator(VietnameseText.Fold(before)), ByDate(clean, match.Index, end, context)));
        }

        return found;
    }

    private static decimal? Number(string text)
    {
        // 1.139 and 1.000.000 group thousands, 85,5 has a decimal comma; 3.5 would be English and is read as written.
        var plain = Grouped().IsMatch(text) ? text.Replace(".", "", StringComparison.Ordinal) : text;
        plain = plain.Replace(',', '.');
        return decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static TargetComparator Comparator(string before)
    {
        if (AtLeast().IsMatch(before)) return TargetComparator.AtLeast;
        if (AtMost().IsMatch(before)) return TargetComparator.AtMost;
        if (MoreThan().IsMatch(before)) return TargetComparator.MoreThan;
        return LessThan().IsMatch(before) ? TargetComparator.LessThan : TargetComparator.Equal;
    }

    /// <summary>A date of the target's own: in the same clause, before or after the quantity.</summary>
    private static DateOnly? ByDate(string text, int index, int end, DeadlineContext context)
    {
        var clauseStart = text.LastIndexOfAny([';', '.'], Math.Max(0, index - 1), Math.Min(index, 120)) + 1;
        if (index - clauseStart > 120) clauseStart = index - 120;
        var clause = text[clauseStart..Math.Min(text.Length, end + 60)];
        var cut = clause.IndexOf(';', Math.Max(0, index - clauseStart));
        if (cut > 0) clause = clause[..cut];
        var match = ByPhrase().Match(clause);
        if (!match.Success) return null;
        var reading = DeadlineGrammar.Read(match.Value, context with { Content = null, Period = null });
        return reading.Deadline.Date;
    }

    private static string UnitOf(string phrase)
    {
        var clean = VietnameseText.Clean(phrase);
        var cut = UnitEnd().Match(clean);
        var unit = cut.Success ? clean[..cut.Index] : clean;
        var words = unit.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Take(4));
    }

    private static int PhraseEnd(string text, int from)
    {
        var end = text.IndexOfAny([',', ';', '.', '\n'], from);
        return end < 0 ? text.Length : end;
    }

    private static int PhraseStart(string text, int at)
    {
        var before = text[..at];
        var match = ComparatorWords().Match(before);
        return match.Success ? match.Index : at;
    }

    /// <summary>Blanks out what has digits but counts nothing: document numbers, dates, list marks, enumerations of years.</summary>
    private static string Mask(string text)
    {
        var chars = text.ToCharArray();
        foreach (var (_, index, length) in DocumentNumber.Find(text)) Array.Fill(chars, ' ', index, length);
        foreach (Match match in Calendar().Matches(text)) Array.Fill(chars, ' ', match.Index, match.Length);
        return new string(chars);
    }

    [GeneratedRegex(@"(?<![\d/.,\p{L}\-])(?<n>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s*(?:(?<pct>%)|(?=\s*(?:" + Units + @")(?![\p{L}])))", RegexOptions.None, TimeLimit)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^\d{1,3}(\.\d{3})+$", RegexOptions.None, TimeLimit)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^100\s*%\s*(nhiem vu|cong viec)\s*(dung|duoc giao dung|hoan thanh dung)", RegexOptions.None, TimeLimit)]
    private static partial Regex Slogan();

    [GeneratedRegex(@"^\s*(?:[\p{L}]+\s+){0,3}[\p{L}]+\s*/\s*(?:năm|tháng|tỉnh|ngày|quý|người|nam|thang)", RegexOptions.None, TimeLimit)]
    private static partial Regex Rate();

    [GeneratedRegex(@"\b(so|thu tu|dieu|khoan|muc|diem|chuong|phu luc|phan|cap|muc do|giai doan|nhiem vu|thang|quy|nam|ngay|nhom nhiem vu|buoc|dieu|phien ban|to|thon|khu pho|tu|tuyen|du an|truoc|luc|de an|nghi quyet|quyet dinh|ke hoach|luat|loai|hang|lan thu|thu|khoa|nhiem ky|quoc lo|khu vuc|phong|doi)\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex NotATarget();

    [GeneratedRegex(@"\b(it nhat|toi thieu|tu|dat tren|khong duoi|khong thap hon|khong it hon|dat it nhat|>=|≥)\s*(la\s*)?(dat\s*)?$|≥\s*$|>=\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"\b(khong qua|toi da|khong vuot qua|nhieu nhat|khong cao hon|khong lon hon)\s*$|≤\s*$|<=\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex AtMost();

    [GeneratedRegex(@"\b(tren|hon|vuot)\s*$|>\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex MoreThan();

    [GeneratedRegex(@"\b(duoi|it hon)\s*$|<\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex LessThan();

    [GeneratedRegex(@"(?:ít nhất|tối thiểu|tối đa|không quá|trên|dưới|đạt|hơn|không dưới|≥|≤|>|<|từ)\s*(?:là\s*)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ComparatorWords();

    [GeneratedRegex(@"(?:đến hết|đến|trước|trong|chậm nhất|den het|truoc|hết)\s+(?:ngày |tháng |quý |năm |cuối )?(?:[\dIVX]{1,3}(?:/\d{1,2})?(?:/| năm |/năm )?)?(?:20\d{2})", RegexOptions.None, TimeLimit)]
    private static partial Regex ByPhrase();

    [GeneratedRegex(@"\s(?:với|được|có|theo|của|trên|trong|để|cho|đến|trước|đạt|tại|và|phát sinh|là|bằng)\s|[,;.()\]]", RegexOptions.None, TimeLimit)]
    private static partial Regex UnitEnd();

    [GeneratedRegex(@"\d{1,2}/\d{1,2}/\d{4}|\b\d{1,2}/\d{4}|\b(?:tháng|quý|năm|ngày|Tháng|Quý|Năm|Ngày)\s*\d{1,4}(?:\s*[-–]\s*\d{4})?|\b20\d{2}\s*[-–]\s*20\d{2}|\d+\s*(?:/|-)\s*\d+|24/7", RegexOptions.None, TimeLimit)]
    private static partial Regex Calendar();
}
