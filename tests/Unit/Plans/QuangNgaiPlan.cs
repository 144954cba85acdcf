using LienThong.Platform.Plans.Import;

namespace LienThong.Unit.Plans;

/// <summary>The 38 tasks of the draft plan as data (requirements §4.4): lead, coordinators, due day and type of each, in our own words.</summary>
internal static class QuangNgaiPlan
{
    private const string All = "Các sở, ban, ngành, địa phương";
    private static readonly Dictionary<string, string> Names = new()
    {
        ["ALL"] = All,
        ["KHCN"] = "Sở Khoa học và Công nghệ",
        ["CA"] = "Công an tỉnh",
        ["VPUB"] = "Văn phòng UBND tỉnh",
        ["TC"] = "Sở Tài chính",
        ["NV"] = "Sở Nội vụ",
        ["VPTU"] = "Văn phòng Tỉnh ủy",
        ["CT"] = "Sở Công Thương",
        ["XPDK"] = "Các xã, phường, đặc khu",
        ["VH"] = "Các cơ quan vận hành nền tảng số",
    };

    // number group lead coordinators due type
    private const string Rows = """
        1 I ALL - - CONT
        2 I ALL - - CONT
        3 I KHCN ALL - CONT
        4 I KHCN ALL - CONT
        5 II CA ALL - CONT
        6 II KHCN ALL 2025-12-31 DATE
        7 II VPUB ALL 2025-12-31 DATE
        8 II VPUB ALL 2025-12-31 DATE
        9 II VPUB ALL 2025-12-31 DATE
        10 II VPUB ALL 2025-12-31 DATE
        11 II VPUB ALL 2025-12-31 DATE
        12 II CA ALL 2025-12-31 DATE
        13 II CA VH 2025-12-31 DATE
        14 II CA ALL 2025-12-31 DATE
        15 II KHCN ALL 2025-09-30 DATE
        16 II CA ALL 2025-12-31 DATE
        17 II KHCN ALL 2025-12-31 DATE
        18 II VPUB ALL 2025-12-31 DATE
        19 II VPUB ALL 2025-09-30 DONE
        20 II VPUB ALL 2025-12-31 DATE
        21 II KHCN ALL 2025-09-20 DONE
        22 II TC ALL 2025-09-30 DONE
        23 II NV ALL 2025-12-31 RECUR
        24 II CA ALL 2025-12-31 RECUR
        25 II CA ALL 2025-12-31 RECUR
        26 II CA TC;CT;KHCN 2025-12-31 RECUR
        27 II CA ALL 2025-12-31 RECUR
        28 II CA ALL 2025-11-30 DATE
        29 II VPUB ALL 2025-10-20 DONE
        30 II NV ALL 2025-12-31 RECUR
        31 II KHCN TC 2025-10-15 DONE
        32 II TC KHCN 2025-12-31 RECUR
        33 II VPUB ALL 2025-12-31 RECUR
        34 II VPUB ALL 2025-12-31 DATE
        35 II NV ALL 2025-12-31 DATE
        36 II CA ALL 2025-12-31 DATE
        37 II VPTU XPDK 2025-11-30 DATE
        38 III - - - NONE
        """;

    public static ExtractedPlan Read() => Some.Plan([.. Rows.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Row)], issuedOn: null, number: null);

    private static ExtractedTask Row(string line)
    {
        var cells = line.Split(' ');
        var (number, group, lead, coordinators, due, type) = (int.Parse(cells[0], null), cells[1], cells[2], cells[3], cells[4], cells[5]);
        var date = due == "-" ? (DateOnly?)null : DateOnly.Parse(due, null);
        var deadline = type switch
        {
            "CONT" => new ExtractedDeadline("Thường xuyên", DeadlineRule.Continuous, null),
            "NONE" => ExtractedDeadline.Missing,
            "DONE" => new ExtractedDeadline($"{date:dd/MM/yyyy} (Đã hoàn thành; tiếp tục triển khai thực hiện)", DeadlineRule.On, date, CompletedAndContinuing: true),
            "RECUR" => new ExtractedDeadline($"{date:dd/MM/yyyy}", DeadlineRule.On, date, new Recurrence(RecurrenceCycle.Continuous)),
            _ => new ExtractedDeadline($"{date:dd/MM/yyyy}", DeadlineRule.On, date),
        };
        ExtractedTarget Target(string text, decimal value, string unit) => new(text, value, unit, TargetComparator.AtLeast, null);
        IReadOnlyList<ExtractedTarget> targets = number switch
        {
            9 => [Target("25 DVCTT toàn trình", 25, "dịch vụ"), Target("982 DVCTT", 982, "dịch vụ"), Target("82 nhóm TTHC", 82, "nhóm"), Target("1.139 TTHC", 1139, "thủ tục")],
            18 => [Target("1.139 TTHC", 1139, "thủ tục")],
            20 => [Target("100% hồ sơ mới", 100, "%"), Target("ít nhất 30% tài liệu lưu trữ lịch sử", 30, "%")],
            _ => [],
        };
        return Some.Task(
            number, $"Nhiệm vụ mô phỏng số {number} của phụ lục", lead == "-" ? null : Names[lead], coordinators == "-" ? null : string.Join(';', coordinators.Split(';').Select(c => Names[c])), deadline,
            product: null, group, targets);
    }
}
