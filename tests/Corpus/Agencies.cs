using System.Text;
using LienThong.Kernel;

namespace LienThong.Corpus;

public enum AgencyKind { Department, Office, Police, Party, Mass, Class, Foreign, Commune }

/// <param name="Spellings">As offices write it; the first is the full name and the only one used in documents of a plain style.</param>
public sealed record Agency(string Key, AgencyKind Kind, params string[] Spellings)
{
    public string Full => Spellings[0];
}

/// <summary>Units that plans name, how they are spelt, and the one rule by which two spellings are the same unit.</summary>
public static class Agencies
{
    public static IReadOnlyList<Agency> All { get; } =
    [
        new("KHCN", AgencyKind.Department, "Sở Khoa học và Công nghệ", "Sở KH&CN", "Sở KHCN", "Sở Khoa học & Công nghệ", "Sở KH và CN"),
        new("TC", AgencyKind.Department, "Sở Tài chính", "Sở TC"),
        new("NV", AgencyKind.Department, "Sở Nội vụ", "Sở NV"),
        new("TP", AgencyKind.Department, "Sở Tư pháp", "Sở TP"),
        new("XD", AgencyKind.Department, "Sở Xây dựng", "Sở XD"),
        new("CTH", AgencyKind.Department, "Sở Công Thương", "Sở Công thương", "Sở CT"),
        new("NNMT", AgencyKind.Department, "Sở Nông nghiệp và Môi trường", "Sở NN&MT", "Sở NNMT", "Sở Nông nghiệp & Môi trường"),
        new("VHTTDL", AgencyKind.Department, "Sở Văn hóa, Thể thao và Du lịch", "Sở VHTT&DL", "Sở VHTTDL", "Sở Văn hoá, Thể thao và Du lịch", "Sở VH, TT&DL"),
        new("GDDT", AgencyKind.Department, "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", "Sở GDĐT", "Sở Giáo dục & Đào tạo"),
        new("YT", AgencyKind.Department, "Sở Y tế", "Sở YT"),
        new("DTTG", AgencyKind.Department, "Sở Dân tộc và Tôn giáo", "Sở DT&TG", "Sở DTTG"),
        new("TTR", AgencyKind.Department, "Thanh tra tỉnh"),
        new("VPUB", AgencyKind.Office, "Văn phòng Ủy ban nhân dân tỉnh", "Văn phòng UBND tỉnh", "VP UBND tỉnh", "Văn phòng Uỷ ban nhân dân tỉnh", "VPUBND tỉnh"),
        new("VPHDND", AgencyKind.Office, "Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh"),
        new("CA", AgencyKind.Police, "Công an tỉnh", "CA tỉnh"),
        new("QS", AgencyKind.Police, "Bộ Chỉ huy Quân sự tỉnh", "BCH Quân sự tỉnh", "Bộ CHQS tỉnh"),
        new("VPTU", AgencyKind.Party, "Văn phòng Tỉnh ủy", "VP Tỉnh ủy", "Văn phòng Tỉnh uỷ"),
        new("BTC", AgencyKind.Party, "Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Tỉnh uỷ"),
        new("BTG", AgencyKind.Party, "Ban Tuyên giáo và Dân vận Tỉnh ủy", "Ban Tuyên giáo và Dân vận Tỉnh uỷ", "Ban TG&DV Tỉnh ủy"),
        new("UBKT", AgencyKind.Party, "Ủy ban Kiểm tra Tỉnh ủy", "UBKT Tỉnh ủy", "Uỷ ban Kiểm tra Tỉnh uỷ"),
        new("DUUB", AgencyKind.Party, "Đảng ủy UBND tỉnh", "Đảng ủy Ủy ban nhân dân tỉnh", "Đảng uỷ UBND tỉnh"),
        new("MTTQ", AgencyKind.Mass, "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Ủy ban MTTQ Việt Nam tỉnh", "UBMTTQ Việt Nam tỉnh", "Uỷ ban MTTQVN tỉnh"),
        new("DTN", AgencyKind.Mass, "Tỉnh đoàn", "Tỉnh Đoàn"),
        new("HPN", AgencyKind.Mass, "Hội Liên hiệp Phụ nữ tỉnh", "Hội LHPN tỉnh"),
        new("HND", AgencyKind.Mass, "Hội Nông dân tỉnh"),
        new("LDLD", AgencyKind.Mass, "Liên đoàn Lao động tỉnh", "LĐLĐ tỉnh"),
        new("BQLKKT", AgencyKind.Department, "Ban Quản lý Khu kinh tế tỉnh", "BQL Khu kinh tế tỉnh", "Ban Quản lý KKT tỉnh"),
        new("BAO", AgencyKind.Department, "Báo và Phát thanh, truyền hình tỉnh", "Báo và PTTH tỉnh", "Báo và Đài PTTH tỉnh"),
        new("TTCNTT", AgencyKind.Department, "Trung tâm Công nghệ thông tin và Truyền thông", "Trung tâm CNTT và TT", "Trung tâm CNTT&TT"),
        new("PVHCC", AgencyKind.Department, "Trung tâm Phục vụ hành chính công tỉnh", "Trung tâm PVHCC tỉnh"),
        new("CDT", AgencyKind.Department, "Trường Chính trị tỉnh"),
        new("THUE", AgencyKind.Foreign, "Thuế tỉnh", "Cục Thuế tỉnh"),
        new("BHXH", AgencyKind.Foreign, "Bảo hiểm xã hội tỉnh", "BHXH tỉnh"),
        new("KBNN", AgencyKind.Foreign, "Kho bạc Nhà nước khu vực"),
        new("NHNN", AgencyKind.Foreign, "Ngân hàng Nhà nước khu vực", "NHNN khu vực"),
        new("VNPT", AgencyKind.Foreign, "VNPT tỉnh", "Tập đoàn VNPT"),
        new("VIETTEL", AgencyKind.Foreign, "Viettel tỉnh", "Tập đoàn Viettel"),
        new("BCA", AgencyKind.Foreign, "Bộ Công an"),
        new("BKHCN", AgencyKind.Foreign, "Bộ Khoa học và Công nghệ", "Bộ KH&CN"),
        new("BTC-TW", AgencyKind.Foreign, "Bộ Tài chính"),
        new("EVN", AgencyKind.Foreign, "Công ty Điện lực tỉnh"),
        new("BUUDIEN", AgencyKind.Foreign, "Bưu điện tỉnh"),
        new("C-ALL", AgencyKind.Class, "Các sở, ban, ngành, địa phương", "Các sở, ban ngành, địa phương", "Các sở, ngành, địa phương"),
        new("C-SO", AgencyKind.Class, "Các sở, ban, ngành", "Các sở, ban, ngành tỉnh", "các sở, ban ngành", "Các sở, ngành"),
        new("C-XP", AgencyKind.Class, "UBND các xã, phường", "Ủy ban nhân dân các xã, phường", "UBND xã, phường", "UBND cấp xã", "Ủy ban nhân dân cấp xã"),
        new("C-XPDK", AgencyKind.Class, "UBND các xã, phường, đặc khu", "Ủy ban nhân dân các xã, phường, đặc khu"),
        new("C-CQ", AgencyKind.Class, "Các cơ quan, đơn vị liên quan", "Các cơ quan, đơn vị có liên quan", "Các cơ quan liên quan", "Các đơn vị liên quan"),
        new("C-DN", AgencyKind.Class, "Các doanh nghiệp viễn thông", "Các doanh nghiệp viễn thông trên địa bàn"),
        new("C-DANG", AgencyKind.Class, "Các cơ quan tham mưu, giúp việc Tỉnh ủy", "Các cơ quan tham mưu, giúp việc Tỉnh uỷ"),
    ];

    /// <summary>Units of a commune that assigns work to its own rooms.</summary>
    public static IReadOnlyList<Agency> OfCommune { get; } =
    [
        new("P-KT", AgencyKind.Commune, "Phòng Kinh tế", "Phòng KT"),
        new("P-VHXH", AgencyKind.Commune, "Phòng Văn hóa - Xã hội", "Phòng Văn hoá - Xã hội", "Phòng VH-XH"),
        new("P-VP", AgencyKind.Commune, "Văn phòng HĐND và UBND xã", "Văn phòng HĐND&UBND xã", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã"),
        new("P-TTHCC", AgencyKind.Commune, "Trung tâm Phục vụ hành chính công xã", "Trung tâm PVHCC xã"),
        new("P-CA", AgencyKind.Commune, "Công an xã"),
        new("P-QS", AgencyKind.Commune, "Ban Chỉ huy Quân sự xã", "Ban CHQS xã"),
        new("P-MT", AgencyKind.Commune, "Ủy ban MTTQ Việt Nam xã", "UBMTTQ Việt Nam xã"),
        new("P-DTN", AgencyKind.Commune, "Đoàn Thanh niên xã"),
        new("P-TRUONG", AgencyKind.Commune, "Các trường học trên địa bàn"),
        new("P-TYT", AgencyKind.Commune, "Trạm Y tế xã"),
    ];

    /// <summary>Rooms of a department that writes a plan for itself.</summary>
    public static IReadOnlyList<Agency> OfDepartment { get; } =
    [
        new("S-VP", AgencyKind.Department, "Văn phòng Sở"),
        new("S-CDS", AgencyKind.Department, "Phòng Chuyển đổi số", "Phòng CĐS"),
        new("S-KHTC", AgencyKind.Department, "Phòng Kế hoạch - Tài chính", "Phòng KH-TC"),
        new("S-TTR", AgencyKind.Department, "Thanh tra Sở"),
        new("S-QLCN", AgencyKind.Department, "Phòng Quản lý công nghệ", "Phòng QLCN"),
        new("S-TT", AgencyKind.Department, "Trung tâm Thông tin và Ứng dụng tiến bộ khoa học", "Trung tâm TT&ƯD"),
        new("S-ALL", AgencyKind.Class, "Các phòng, đơn vị thuộc Sở", "Các phòng, đơn vị trực thuộc"),
    ];

    private static readonly Lazy<Dictionary<string, string>> KeyOf = new(MakeKeys);

    public static Agency ByKey(string key) =>
        All.Concat(OfCommune).Concat(OfDepartment).First(agency => agency.Key == key);

    /// <summary>Two spellings are one unit when this gives the same for both.</summary>
    public static string Canonical(string name)
    {
        var text = Plain(name);
        return KeyOf.Value.TryGetValue(text, out var key) ? key : text;
    }

    private static Dictionary<string, string> MakeKeys()
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var agency in All.Concat(OfCommune).Concat(OfDepartment))
        {
            foreach (var spelling in agency.Spellings) keys.TryAdd(Plain(spelling), agency.Key);
        }

        return keys;
    }

    private static string Plain(string name)
    {
        var text = new StringBuilder();
        foreach (var c in VietnameseText.Fold(name)) text.Append(char.IsLetterOrDigit(c) ? c : ' ');
        var words = string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        words = $" {words} ";
        foreach (var (abbreviation, full) in Abbreviations) words = words.Replace($" {abbreviation} ", $" {full} ", StringComparison.Ordinal);
        foreach (var province in Provinces.All)
        {
            var folded = VietnameseText.Fold(province);
            words = words.Replace($" tinh {folded} ", " tinh ", StringComparison.Ordinal).Replace($" thanh pho {folded} ", " tinh ", StringComparison.Ordinal);
        }

        return words.Trim();
    }

    private static readonly (string, string)[] Abbreviations =
    [
        ("ubnd", "uy ban nhan dan"), ("vp", "van phong"), ("vpubnd", "van phong uy ban nhan dan"), ("hdnd", "hoi dong nhan dan"),
        ("mttq", "mat tran to quoc"), ("ubmttq", "uy ban mat tran to quoc"), ("ca", "cong an"), ("bch", "bo chi huy"), ("bql", "ban quan ly"),
    ];
}

public static class Provinces
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Tuyên Quang", "Điện Biên", "Lai Châu", "Sơn La", "Lào Cai", "Thái Nguyên", "Lạng Sơn", "Quảng Ninh", "Bắc Ninh", "Phú Thọ",
        "Hưng Yên", "Ninh Bình", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Gia Lai", "Khánh Hòa", "Đắk Lắk", "Lâm Đồng",
        "Đồng Nai", "Tây Ninh", "Đồng Tháp", "Vĩnh Long", "An Giang", "Cà Mau", "Cao Bằng",
    ];
}
