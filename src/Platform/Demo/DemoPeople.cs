using LienThong.Platform.Shared;

namespace LienThong.Platform.Demo;

/// <summary>One simulated person: an account, what they hold and where. Names are made up, and say so.</summary>
/// <param name="Unit">Code of the unit in the registry.</param>
/// <param name="RoleName">What the list of one-click sign-in calls them; null keeps them off the list.</param>
internal sealed record DemoPersona(string SignInName, string Name, string Unit, Role Role, string? RoleName);

/// <summary>Simulated persons for every role of the requirements, §2, and a focal person for each unit that must report.</summary>
internal static class DemoPeople
{
    public const string Mark = " (mô phỏng)";

    public const string Leader = "lanhdao", StandingBody = "thuongtruc", Office = "vanphong", Admin = "quantri";

    /// <summary>In the order of the sign-in page: who decides, who runs the plan, who reports, who watches, who administers.</summary>
    public static IReadOnlyList<DemoPersona> Listed { get; } =
    [
        new(Leader, "Trần Quốc Vinh", "UBND", Role.ProvinceLeader, "Lãnh đạo UBND tỉnh: xem bảng điều hành, quyết gia hạn"),
        new(StandingBody, "Lê Thu Hà", "KHCN", Role.StandingBody, "Cơ quan thường trực: nạp kế hoạch, giao việc, thẩm tra"),
        new(Office, "Phạm Đức Long", "VPUB", Role.ProvinceOffice, "Văn phòng UBND tỉnh: đôn đốc, thẩm tra, chốt kỳ"),
        new("thutruong.khcn", "Võ Thanh Bình", "KHCN", Role.UnitHead, "Thủ trưởng đơn vị (sở)"),
        new("daumoi.khcn", "Nguyễn Ngọc Mai", "KHCN", Role.UnitFocal, "Đầu mối đơn vị (sở): báo cáo tiến độ kèm minh chứng"),
        new("thutruong.xa", "Đinh Văn Sơn", "21289", Role.UnitHead, "Chủ tịch UBND xã"),
        new("daumoi.xa", "Hồ Thị Lan", "21289", Role.UnitFocal, "Đầu mối xã: báo cáo phần việc của xã"),
        new("congan", "Bùi Anh Tuấn", "CA", Role.SecurityAuthority, "Công an tỉnh: an ninh mạng"),
        new("noivu", "Đỗ Minh Châu", "NV", Role.HumanResourceAuthority, "Sở Nội vụ: nhân lực"),
        new("taichinh", "Huỳnh Gia Bảo", "TC", Role.FinanceAuthority, "Sở Tài chính: kinh phí"),
        new("vptu", "Ngô Thị Hạnh", "VPTU", Role.PartyOffice, "Văn phòng Tỉnh ủy: việc của cơ quan Đảng"),
        new("chuquan", "Phan Hữu Phước", "NNMT", Role.DataOwner, "Chủ quản cơ sở dữ liệu"),
        new("quantridulieu", "Mai Xuân Thảo", "NNMT", Role.DataSteward, "Quản trị dữ liệu"),
        new("thutruong.tc", "Lương Thị Bích", "TC", Role.UnitHead, "Thủ trưởng cơ quan khai thác: ký thỏa thuận chia sẻ"),
        new("khaithac", "Tạ Hoàng Nam", "TC", Role.DataConsumer, "Cơ quan khai thác dữ liệu"),
        new("vanhanh", "Lý Công Danh", "KHCN", Role.SystemOperator, "Đơn vị vận hành hệ thống"),
        new("anninh", "Trịnh Khánh Vy", "YT", Role.SecurityOfficer, "Chuyên trách an ninh mạng"),
        new("tocongnghe", "Rơ Châm Hạ", "21289", Role.CommunityMember, "Thành viên Tổ công nghệ số cộng đồng"),
        new("thanhtra", "Cao Thị Nga", "TTr", Role.Auditor, "Thanh tra, giám sát: chỉ xem, có nhật ký"),
        new(Admin, "Kiều Văn Tín", "VPUB", Role.PlatformAdmin, "Quản trị nền tảng: tài khoản, tham số; không duyệt kết quả"),
    ];

    /// <summary>Those of the exchange who are not on the sign-in page: every side needs somebody who prepares and somebody who decides.</summary>
    public static IReadOnlyList<DemoPersona> OfTheExchange { get; } =
    [
        new("chuquan.ca", "Đoàn Văn Khải", "CA", Role.DataOwner, null),
        new("quantri.ca", "Nông Thị Thu", "CA", Role.DataSteward, null),
        new("thutruong.motcua", "Vũ Hồng Quân", "TTPVHCC", Role.UnitHead, null),
        new("thutruong.motcua.dl", "Trương Mỹ Dung", "TTPVHCC", Role.DataSteward, null),
        new("khaithac.motcua", "Hà Văn Lộc", "TTPVHCC", Role.DataConsumer, null),
        new("khaithac.khcn", "Phùng Thị Yên", "KHCN", Role.DataConsumer, null),
    ];

    private static readonly string[] Families = ["Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Hồ", "Phan", "Đinh"];
    private static readonly string[] Middles = ["Thị", "Văn", "Minh", "Ngọc", "Đức", "Thanh", "Hữu"];
    private static readonly string[] Givens = ["An", "Bình", "Cường", "Dung", "Giang", "Hải", "Hương", "Khoa", "Linh", "Nhàn", "Phúc", "Quyên", "Sang", "Tâm", "Uyên", "Việt", "Yến"];

    /// <summary>A focal person made from the number of the unit, so that the same province has the same people.</summary>
    public static string FocalName(int number) => $"{Families[number % Families.Length]} {Middles[number % Middles.Length]} {Givens[number % Givens.Length]}";
}
