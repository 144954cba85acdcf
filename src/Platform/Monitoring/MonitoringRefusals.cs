using LienThong.Kernel;

namespace LienThong.Platform.Monitoring;

/// <summary>Every way monitoring says no. Codes are stable; the sentences are resources under the same key.</summary>
public static class MonitoringRefusals
{
    public static Refusal NotAllowed(string right) => new("monitoring.not-allowed", RefusalKind.Forbidden, right);
    public static Refusal UnknownConnection { get; } = new("monitoring.connection.unknown", RefusalKind.NotFound);
    public static Refusal UnknownCall { get; } = new("monitoring.call.unknown", RefusalKind.NotFound);
    public static Refusal NotSealedYet { get; } = new("monitoring.call.not-sealed", RefusalKind.Unavailable);
    public static Refusal LogAway(string origin) => new("monitoring.log.away", RefusalKind.Unavailable, origin);
    public static Refusal LogWrong(string origin, string where) => new("monitoring.log.wrong", RefusalKind.Conflict, origin, where);
    public static Refusal NothingKept { get; } = new("monitoring.reveal.nothing", RefusalKind.NotFound);
    public static Refusal UnknownNode { get; } = new("monitoring.node.unknown", RefusalKind.NotFound);
    public static Refusal NodeKnown(string origin) => new("monitoring.node.known", RefusalKind.Conflict, origin);
    public static Refusal KeyUnreadable { get; } = new("monitoring.node.key", RefusalKind.Invalid);
    public static Refusal PlaceUnreadable { get; } = new("monitoring.node.place", RefusalKind.Invalid);
    public static Refusal NodeNotStopped { get; } = new("monitoring.node.not-stopped", RefusalKind.Conflict);
    public static Refusal TooManyNodes(int max) => new("monitoring.node.too-many", RefusalKind.Conflict, max);
    public static Refusal NoteMissing { get; } = new("monitoring.note.missing", RefusalKind.Invalid);
    public static Refusal UnknownAlert { get; } = new("monitoring.alert.unknown", RefusalKind.NotFound);
    public static Refusal AlertOver { get; } = new("monitoring.alert.over", RefusalKind.Conflict);
    public static Refusal PeriodWrong { get; } = new("monitoring.period.wrong", RefusalKind.Invalid);
    public static Refusal CountsUnreadable(int line) => new("monitoring.counts.line", RefusalKind.Invalid, line);
    public static Refusal CountsTooMany(int max) => new("monitoring.counts.too-many", RefusalKind.TooLarge, max);
    public static Refusal CountsNotYours(string agreement) => new("monitoring.counts.not-yours", RefusalKind.Forbidden, agreement);
}
