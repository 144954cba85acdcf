using System.Globalization;

namespace LienThong.Platform.Shared.Parameters;

/// <summary>How far a value is certain: quoted, medium, uncertain, of an instrument no longer in force, taken from a seed, or our own choice.</summary>
public enum Certainty { Quoted, Medium, Uncertain, Historical, Seed, Choice }

/// <summary>What a value may look like, so that a wrong one is refused when it is set and not when it is used.</summary>
public enum ParameterForm { Number, Percent, DayOffsets, Roles, Cycle }

/// <summary>A number that law, a plan or we ourselves chose; the province may set another for a period, with the document that says so.</summary>
/// <param name="Min">Smallest number that makes sense; below it the product would stop doing what the parameter is for.</param>
public sealed record ParameterDefault(string Key, string Value, string Basis, Certainty Certainty, ParameterForm Form = ParameterForm.Number, int Min = 1, int Max = 1_000)
{
    public static IReadOnlyList<string> Cycles { get; } = ["weekly", "monthly", "quarterly", "yearly"];

    public bool Accepts(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var parts = value.Split(',', StringSplitOptions.TrimEntries);
        return Form switch
        {
            ParameterForm.Roles => parts.All(p => Enum.TryParse<Role>(p, out var role) && Enum.IsDefined(role) && p.Any(char.IsLetter)),
            ParameterForm.DayOffsets => parts.Length is > 0 and <= 10 && parts.All(p => Whole(p) is >= -90 and <= 90) && parts.Distinct(StringComparer.Ordinal).Count() == parts.Length,
            ParameterForm.Cycle => Cycles.Contains(value, StringComparer.Ordinal),
            _ => Whole(value) is { } number && number >= Min && number <= Max,
        };
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The parameters the product knows (requirements §6) and what holds until somebody sets another value.</summary>
public static class ParameterDefaults
{
    private const string Tcvn = "TCVN 14423:2026, cấp độ 3";

    public static IReadOnlyList<ParameterDefault> All { get; } =
    [
        new("sec.pwd.min", "14", Tcvn, Certainty.Medium),
        new("sec.pwd.min.mfa", "8", Tcvn, Certainty.Medium),
        new("sec.pwd.history", "10", Tcvn, Certainty.Medium),
        new("sec.pwd.admin.months", "2", Tcvn, Certainty.Medium),
        new("sec.idle.disable.days", "45", Tcvn, Certainty.Medium),
        new("sec.access.review.months", "6", Tcvn, Certainty.Medium),
        new("sec.signin.attempts", "5", "TCVN 14423:2026 (mức đề nghị)", Certainty.Medium),
        new("sec.signin.lock.minutes", "15", "Lựa chọn của sản phẩm", Certainty.Choice),
        new("sec.session.idle.minutes", "480", "Lựa chọn của sản phẩm: một ngày làm việc", Certainty.Choice),
        new("sec.session.absolute.minutes", "720", "Lựa chọn của sản phẩm", Certainty.Choice),
        new("sec.session.max", "5", "Lựa chọn của sản phẩm: số phiên cùng lúc của một người", Certainty.Choice),
        new("sec.mfa.roles", "PlatformAdmin,ProvinceLeader,StandingBody,ProvinceOffice,SecurityAuthority,HumanResourceAuthority,FinanceAuthority,Auditor",
            "R-NFR-05; " + Tcvn, Certainty.Medium, ParameterForm.Roles),
        new("share.request.answer.days", "5", "NĐ 47/2020 Đ35.3", Certainty.Historical),
        new("share.service.publish.days", "1", "NĐ 47/2020 Đ25.1", Certainty.Historical, Max: 60),
        new("share.suspend.planned.days", "7", "NĐ 47/2020 Đ43.3; NĐ 224/2026 Đ13", Certainty.Quoted),
        new("share.suspend.violation.days", "1", "NĐ 47/2020 Đ43.5", Certainty.Historical, Max: 30),
        new("share.dispute.provider.days", "7", "NĐ 47/2020 Đ49", Certainty.Historical, Max: 60),
        new("share.dispute.specialised.days", "7", "NĐ 47/2020 Đ49", Certainty.Historical, Max: 60),
        new("share.quota.agency.rate", "0", "Lựa chọn của sản phẩm: số lượt gọi mỗi giây của một cơ quan, 0 là không giới hạn", Certainty.Choice, Min: 0, Max: 1_000_000),
        new("share.quota.agency.day", "0", "Lựa chọn của sản phẩm: số lượt gọi mỗi ngày của một cơ quan, 0 là không giới hạn", Certainty.Choice, Min: 0, Max: int.MaxValue),
        new("share.quota.system.rate", "0", "Lựa chọn của sản phẩm: số lượt gọi mỗi giây của một hệ thống, 0 là không giới hạn", Certainty.Choice, Min: 0, Max: 1_000_000),
        new("share.quota.system.day", "0", "Lựa chọn của sản phẩm: số lượt gọi mỗi ngày của một hệ thống, 0 là không giới hạn", Certainty.Choice, Min: 0, Max: int.MaxValue),
        new("share.certificate.days", "30", "Lựa chọn của sản phẩm: chứng thư ngắn hạn, gia hạn chồng nhau", Certainty.Choice, Max: 397),
        new("share.evidence.unstamped.hours", "4", "Lựa chọn của sản phẩm: quá hạn này mà chưa có dấu thời gian hoặc nhân chứng thì dịch vụ cần biên nhận tạm từ chối", Certainty.Choice, Max: 168),
        new("share.routes.valid.hours", "168", "Lựa chọn của sản phẩm: cổng còn phục vụ một tuần khi mất liên lạc với máy chủ điều khiển", Certainty.Choice, Max: 744),
        new("mon.calls.keep.days", "400", "TCVN 14423:2026; NĐ 333/2026: nhật ký ít nhất 12 tháng", Certainty.Medium, Min: 30, Max: 4_000),
        new("mon.unknown.minutes", "10", "Lựa chọn của sản phẩm: lâu hơn mọi lượt gọi được phép", Certainty.Choice, Max: 120),
        new("mon.slow.ms", "500", "Lựa chọn của sản phẩm: 95 % lượt gọi trong thời gian này", Certainty.Choice, Min: 10, Max: 60_000),
        new("mon.available.permille", "995", "Lựa chọn của sản phẩm: mức sẵn sàng cam kết", Certainty.Choice, Min: 500, Max: 999),
        new("mon.probe.seconds", "60", "Lựa chọn của sản phẩm: phát hiện gián đoạn trong hai phút", Certainty.Choice, Min: 5, Max: 3_600),
        new("report.cutoff.day", "14", "NĐ 09/2019 Đ12", Certainty.Medium, Max: 31),
        new("report.send.after.cutoff.days", "2", "Quy định của tỉnh", Certainty.Medium),
        new("report.three.indicators.cycle", "monthly", "Lựa chọn của sản phẩm (văn bản chỉ nêu “định kỳ”)", Certainty.Choice, ParameterForm.Cycle),
        new("feedback.forward.days", "5", "NĐ 20/2008", Certainty.Medium),
        new("task.remind.offsets", "-7,-3,-1,1", "Lựa chọn của sản phẩm", Certainty.Choice, ParameterForm.DayOffsets),
        new("task.update.cadence.days", "31", "Lựa chọn của sản phẩm: hằng tháng", Certainty.Choice, Max: 366),
        new("task.due.soon.days", "7", "Lựa chọn của sản phẩm: còn kịp xử lý trong tuần", Certainty.Choice, Max: 90),
        new("task.review.days", "3", "Lựa chọn của sản phẩm", Certainty.Choice, Max: 60),
        new("task.obstacle.answer.days", "5", "Lựa chọn của sản phẩm", Certainty.Choice, Max: 60),
        new("task.gap.points", "5", "Lựa chọn của sản phẩm", Certainty.Choice, ParameterForm.Percent, 0, 100),
        new("task.sampling.percent", "5", "Lựa chọn của sản phẩm", Certainty.Choice, ParameterForm.Percent, 1, 100),
        new("sec.log.retention.months", "12", "TCVN 14423:2026 (cấp độ 3: ít nhất 3 tháng); NĐ 333/2026", Certainty.Medium),
    ];

    public static ParameterDefault? Find(string key) => All.FirstOrDefault(p => p.Key == key);
}
