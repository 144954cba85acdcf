using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Registry.Import;

/// <summary>The columns of a file of units. Headings are the file's format, hence Vietnamese here; they may come in any order, with or without marks.</summary>
public static class UnitColumns
{
    public const string Code = "Mã", Name = "Tên", ShortName = "Tên ngắn", Kind = "Loại", Parent = "Mã cấp trên", From = "Từ ngày", To = "Đến ngày", Order = "Thứ tự",
        Outside = "Ngoài cây", Qcvn102 = "Mã QCVN 102", Qd20 = "Mã QĐ 20", Administrative = "Mã ĐVHC", Aliases = "Tên gọi khác", Successors = "Đơn vị kế thừa",
        ClassIncludes = "Gồm các lớp", ClassWords = "Từ ngữ", ClassMembers = "Thành viên", SuccessionKind = "Hình thức", Document = "Văn bản", Source = "Nguồn", Certainty = "Độ chắc chắn";

    public static IReadOnlyList<string> All { get; } =
        [Code, Name, ShortName, Kind, Parent, From, To, Order, Outside, Qcvn102, Qd20, Administrative, Aliases, Successors, SuccessionKind, Document, Source, Certainty];

    public static IReadOnlyList<string> Required { get; } = [Code, Name, Kind, From];

    /// <summary>How files write the kinds; the first is what the template and the export use.</summary>
    private static readonly (OrgUnitKind Kind, string[] Labels)[] Kinds =
    [
        (OrgUnitKind.Province, ["Tỉnh", "Thành phố trực thuộc trung ương"]),
        (OrgUnitKind.CentralMinistry, ["Bộ, ngành Trung ương", "Bộ"]),
        (OrgUnitKind.Party, ["Cơ quan Đảng", "Đảng"]),
        (OrgUnitKind.State, ["Cơ quan nhà nước", "Nhà nước"]),
        (OrgUnitKind.Department, ["Sở, ban, ngành", "Sở"]),
        (OrgUnitKind.PeoplesCouncil, ["Hội đồng nhân dân", "HĐND"]),
        (OrgUnitKind.FatherlandFront, ["Mặt trận Tổ quốc", "MTTQ"]),
        (OrgUnitKind.MassOrganization, ["Tổ chức chính trị - xã hội", "Đoàn thể"]),
        (OrgUnitKind.Police, ["Công an"]),
        (OrgUnitKind.Army, ["Quân sự", "Quân đội"]),
        (OrgUnitKind.PublicUnit, ["Đơn vị sự nghiệp", "Sự nghiệp"]),
        (OrgUnitKind.Enterprise, ["Doanh nghiệp"]),
        (OrgUnitKind.Commune, ["Xã", "Thị trấn"]),
        (OrgUnitKind.Ward, ["Phường"]),
        (OrgUnitKind.SpecialZone, ["Đặc khu"]),
        (OrgUnitKind.District, ["Huyện", "Quận", "Thị xã", "Thành phố thuộc tỉnh"]),
        (OrgUnitKind.Other, ["Khác"]),
    ];

    private static readonly Dictionary<string, OrgUnitKind> KindByLabel = Kinds
        .SelectMany(k => k.Labels.Append(k.Kind.ToString()).Select(label => (Label: VietnameseText.Fold(label), k.Kind)))
        .ToDictionary(k => k.Label, k => k.Kind, StringComparer.Ordinal);

    public static string LabelOf(OrgUnitKind kind) => Kinds.First(k => k.Kind == kind).Labels[0];

    public static IEnumerable<string> KindLabels => Kinds.Select(k => k.Labels[0]);

    public static bool TryKind(string text, out OrgUnitKind kind) => KindByLabel.TryGetValue(VietnameseText.Fold(text), out kind);

    public static bool TrySuccession(string text, out SuccessionKind kind)
    {
        (var known, kind) = VietnameseText.Fold(text) switch
        {
            "merge" or "sap nhap" or "hop nhat" or "nhap" => (true, Contracts.SuccessionKind.Merge),
            "split" or "chia" or "tach" or "chia tach" => (true, Contracts.SuccessionKind.Split),
            "rename" or "doi ten" => (true, Contracts.SuccessionKind.Rename),
            "move" or "chuyen" or "dieu chuyen" => (true, Contracts.SuccessionKind.Move),
            "dissolve" or "giai the" or "ket thuc hoat dong" => (true, Contracts.SuccessionKind.Dissolve),
            _ => (false, default),
        };
        return known;
    }

    public static string LabelOf(SuccessionKind kind) => kind switch
    {
        Contracts.SuccessionKind.Merge => "sáp nhập",
        Contracts.SuccessionKind.Split => "chia tách",
        Contracts.SuccessionKind.Rename => "đổi tên",
        Contracts.SuccessionKind.Move => "điều chuyển",
        _ => "giải thể",
    };

    /// <summary>31/12/2025, 2025-12-31, or the day number of a workbook's date cell.</summary>
    public static bool TryDay(string text, out DateOnly day)
    {
        string[] forms = ["dd/MM/yyyy", "d/M/yyyy", "yyyy-MM-dd"];
        if (DateOnly.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out day)) return true;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial) || serial < 1 || serial > 80_000) return false;
        day = DateOnly.FromDateTime(DateTime.FromOADate(serial));
        return true;
    }
}
