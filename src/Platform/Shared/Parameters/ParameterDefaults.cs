namespace LienThong.Platform.Shared.Parameters;

/// <summary>How far a value is certain: quoted, medium, uncertain, of an instrument no longer in force, taken from a seed, or our own choice.</summary>
public enum Certainty { Quoted, Medium, Uncertain, Historical, Seed, Choice }

/// <summary>A number that law, a plan or we ourselves chose; the province may set another for a period, with the document that says so.</summary>
public sealed record ParameterDefault(string Key, string Value, string Basis, Certainty Certainty);

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
            "R-NFR-05; " + Tcvn, Certainty.Medium),
        new("share.request.answer.days", "5", "NĐ 47/2020 Đ35.3", Certainty.Historical),
        new("share.suspend.planned.days", "7", "NĐ 47/2020 Đ43.3; NĐ 224/2026 Đ13", Certainty.Quoted),
        new("report.cutoff.day", "14", "NĐ 09/2019 Đ12", Certainty.Medium),
        new("report.send.after.cutoff.days", "2", "Quy định của tỉnh", Certainty.Medium),
        new("report.three.indicators.cycle", "monthly", "Lựa chọn của sản phẩm (văn bản chỉ nêu “định kỳ”)", Certainty.Choice),
        new("feedback.forward.days", "5", "NĐ 20/2008", Certainty.Medium),
        new("task.remind.offsets", "-7,-3,-1,1,weekly", "Lựa chọn của sản phẩm", Certainty.Choice),
        new("task.update.cadence", "monthly", "Lựa chọn của sản phẩm", Certainty.Choice),
        new("sec.log.retention.months", "12", "TCVN 14423:2026 (cấp độ 3: ít nhất 3 tháng); NĐ 333/2026", Certainty.Medium),
    ];

    public static ParameterDefault? Find(string key) => All.FirstOrDefault(p => p.Key == key);
}
