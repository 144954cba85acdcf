using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Demo;

/// <summary>One node of the simulated tree of indicators; its values lie on days after the issue of the plan.</summary>
internal sealed record DemoIndicator(
    string Code, string? Parent, string Name, KpiKind Kind, decimal Weight, string Unit = "%", decimal? Baseline = null, decimal? Target = null, bool LowerIsBetter = false,
    SourceKind Source = SourceKind.Declared, params (int Day, decimal Value)[] Values);

/// <summary>What a province of our kind would have beside its plan: indicators with their values, and accounts in systems of others.</summary>
internal static class DemoFigures
{
    public static IReadOnlyList<DemoIndicator> Indicators { get; } =
    [
        new("LT", null, "Mức độ thực hiện mô hình liên thông của tỉnh", KpiKind.Strategic, 1),
        new("LT.1", "LT", "Kết nối", KpiKind.Strategic, 3),
        new("LT.1.1", "LT.1", "Tỉ lệ hệ thống của sở, ngành đã kết nối với nền tảng của tỉnh", KpiKind.Operational, 2, Baseline: 20, Target: 100, Values: [(30, 34), (60, 49), (90, 57)]),
        new("LT.1.2", "LT.1", "Tỉ lệ lượt gọi thành công", KpiKind.Operational, 1, Target: 99, Source: SourceKind.Measured, Values: [(60, 95.4m), (90, 97.2m)]),
        new("LT.2", "LT", "Dữ liệu", KpiKind.Strategic, 3),
        new("LT.2.1", "LT.2", "Tỉ lệ hồ sơ dùng lại dữ liệu đã có, không yêu cầu nộp giấy tờ", KpiKind.Operational, 1, Baseline: 12, Target: 60, Source: SourceKind.Computed, Values: [(60, 27), (90, 31)]),
        new("LT.2.2", "LT.2", "Tỉ lệ bản ghi đất đai đạt mọi quy tắc chất lượng", KpiKind.Operational, 1, Target: 95, Source: SourceKind.Measured, Values: [(45, 61), (75, 68)]),
        new("LT.3", "LT", "Phục vụ người dân, doanh nghiệp", KpiKind.Strategic, 4),
        new("LT.3.1", "LT.3", "Tỉ lệ hồ sơ giải quyết trực tuyến toàn trình", KpiKind.Operational, 2, Baseline: 38, Target: 80, Values: [(30, 44), (60, 52), (90, 58)]),
        new("LT.3.2", "LT.3", "Thời gian trả kết quả trung bình", KpiKind.Operational, 1, Unit: "giờ", Target: 24, LowerIsBetter: true, Source: SourceKind.Computed, Values: [(60, 39), (90, 33)]),
    ];

    public static IReadOnlyList<KeepExternalAccounts.SystemRequest> Systems { get; } =
    [
        new() { Code = "NQ57", Name = "Hệ thống thông tin giám sát, đánh giá thực hiện Nghị quyết 57 (mô phỏng)", Operator = "Văn phòng Trung ương Đảng", RequiredFor = "SBN" },
        new() { Code = "BCCP", Name = "Hệ thống thông tin báo cáo Chính phủ (mô phỏng)", Operator = "Văn phòng Chính phủ" },
    ];

    /// <summary>Of the departments in official order every fifth has no account yet, so that the list of who lacks one has something to say.</summary>
    public static IEnumerable<KeepExternalAccounts.AccountRequest> Accounts(IEnumerable<OrgUnitView> departments, DateOnly issuedOn)
    {
        var number = 0;
        foreach (var unit in departments)
        {
            if (++number % 5 == 0) continue;
            yield return new() { Unit = unit.Id, System = "NQ57", AccountName = $"qng.{unit.Code.ToLowerInvariant()}", Holder = DemoPeople.FocalName(number) + DemoPeople.Mark, IssuedOn = issuedOn.AddDays(-(number % 12)), Document = "Thông báo cấp tài khoản (mô phỏng)" };
        }
    }
}
