using System.Collections.Frozen;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>
/// The deadline a group's title says for all below it: "NHIỆM VỤ HOÀN THÀNH TRONG QUÝ II/2026", "THÁNG 3", "Các nhiệm vụ thường xuyên". A title
/// that names a subject beside a year ("Nhiệm vụ chuyển đổi số năm 2026", "Mục tiêu đến năm 2030") says nothing about when a task is due.
/// </summary>
internal static partial class GroupDeadline
{
    private const int TimeLimit = 2_000;
    private const int TitleMax = 120;   // What is longer tells more than a time.

    /// <summary>Words a title may have beside the time itself and still be about nothing else.</summary>
    private static readonly FrozenSet<string> s_general = new[]
    {
        "nhom", "cac", "nhung", "danh", "muc", "mot", "so", "phan", "nhiem", "vu", "cong", "viec", "noi", "dung", "hoat", "dong", "dau",
        "trong", "tam", "cu", "the", "uu", "tien", "cap", "bach",
        "truoc", "mat", "can", "phai", "co", "duoc", "se", "giao", "yeu", "cau", "thoi", "han", "gian", "do", "xong", "dat", "ket", "thuc", "hoan", "thanh", "hien", "trien", "khai",
        "to", "chuc", "la", "ngay", "mang", "tinh", "chat", "vao", "tu", "den", "het", "cham", "nhat", "thang", "quy", "nam", "giai", "doan",
        "cuoi", "sau", "va", "thuong", "xuyen", "lien", "tuc",
        "phap", "tac", "nay", "hang", "moi", "dinh", "ky", "lan", "i", "ii", "iii", "iv", "hai", "ba", "bon",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words of the title that say when, or null.</summary>
    public static string? Of(string title)
    {
        var clean = VietnameseText.Clean(title).TrimEnd('.', ':', ';', ' ');
        if (clean.Length is < 3 or > TitleMax) return null;
        var folded = VietnameseText.Fold(clean);
        if (!Word().Matches(folded).All(word => char.IsAsciiDigit(word.Value[0]) || s_general.Contains(word.Value))) return null;
        var reading = DeadlineGrammar.Read(clean);
        if (reading.Warnings.Any(warning => warning.Code is not (ImportCodes.YearMissing or ImportCodes.SeveralDeadlines))) return null;
        var deadline = reading.Deadline;
        if (deadline.Rule is DeadlineRule.None or DeadlineRule.Duration or DeadlineRule.ByOtherPlan or DeadlineRule.AfterEvent or DeadlineRule.FromIssueDate) return null;

        // A year, or a period of years, is when something is due only where it stands alone or with the word for it: "Nhiệm vụ năm 2026" is a subject.
        return deadline.Rule is DeadlineRule.InYear && Work().IsMatch(folded) && !Due().IsMatch(folded) ? null : clean;
    }

    [GeneratedRegex(@"[\p{L}\d]+", RegexOptions.None, TimeLimit)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(nhiem vu|cong viec|cong tac|giai phap|noi dung|hoat dong|phan viec|dau viec)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Work();

    [GeneratedRegex(@"\b(hoan thanh|thuc hien|trien khai|ket thuc|xong|thoi han|trong nam|trong giai doan|het nam)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Due();
}
