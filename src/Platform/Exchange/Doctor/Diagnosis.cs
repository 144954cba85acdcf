namespace LienThong.Platform.Exchange.Doctor;

/// <summary>The questions the doctor asks, in the order in which a call meets them.</summary>
public enum DoctorStep { Agreement, Service, Identity, Routes, Gateway, Quota, Dns, Reach, Tls, Clock, Upstream, Schema }

public enum DoctorVerdict { Ok, Warn, Fault, Skipped }

/// <summary>Who has to repair it.</summary>
public enum DoctorParty { Nobody, Consumer, Provider, Both, Operator, OtherExchange }

/// <summary>One answer. The sentence is a resource under <c>doctor.{Code}</c>, made with the arguments; it names no secret and no person.</summary>
public sealed record DoctorFinding(DoctorStep Step, DoctorVerdict Verdict, string Code, DoctorParty Party, params IReadOnlyList<object> Arguments)
{
    public static DoctorFinding Ok(DoctorStep step, params object[] arguments) => new(step, DoctorVerdict.Ok, $"{step.ToString().ToLowerInvariant()}.ok", DoctorParty.Nobody, arguments);

    public static DoctorFinding Fault(DoctorStep step, string code, DoctorParty party, params object[] arguments) => new(step, DoctorVerdict.Fault, code, party, arguments);

    public static DoctorFinding Warn(DoctorStep step, string code, DoctorParty party, params object[] arguments) => new(step, DoctorVerdict.Warn, code, party, arguments);

    public static DoctorFinding Skipped(DoctorStep step) => new(step, DoctorVerdict.Skipped, "skipped", DoctorParty.Nobody);
}

/// <summary>What the doctor found about one connection.</summary>
public sealed record Diagnosis(string Agreement, string Consumer, string Provider, string Service, DateTimeOffset At, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>What to repair first: whatever stops a call before the others could. Null when nothing is wrong.</summary>
    public DoctorFinding? Root => Findings.FirstOrDefault(f => f.Verdict is DoctorVerdict.Fault) ?? Findings.FirstOrDefault(f => f.Verdict is DoctorVerdict.Warn);

    public bool IsWell => Findings.All(f => f.Verdict is not DoctorVerdict.Fault);
}
