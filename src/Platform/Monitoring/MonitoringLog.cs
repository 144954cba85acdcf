using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

internal static partial class MonitoringLog
{
    [LoggerMessage(5101, LogLevel.Information, "Log {Origin} is taken in from {Place}")]
    public static partial void NodeFound(this ILogger log, string origin, string place);

    [LoggerMessage(5102, LogLevel.Error, "Log {Origin} is wrong at {Where} ({Fault}); nothing more is taken from it")]
    public static partial void NodeStopped(this ILogger log, string origin, string where, string fault);

    [LoggerMessage(5103, LogLevel.Warning, "Log {Origin} cannot be read now; trying again")]
    public static partial void NodeAway(this ILogger log, Exception why, string origin);

    [LoggerMessage(5104, LogLevel.Warning, "Logs could not be taken in now; trying again")]
    public static partial void PullFailed(this ILogger log, Exception why);

    [LoggerMessage(5105, LogLevel.Warning, "Alert {Kind} for {Subject}: {Finding}")]
    public static partial void AlertRaised(this ILogger log, string kind, string subject, string finding);

    [LoggerMessage(5106, LogLevel.Information, "Alert {Kind} for {Subject} is over")]
    public static partial void AlertCleared(this ILogger log, string kind, string subject);

    [LoggerMessage(5107, LogLevel.Warning, "Services could not be probed now; trying again")]
    public static partial void ProbesFailed(this ILogger log, Exception why);

    [LoggerMessage(5108, LogLevel.Information, "{Count} calls older than the term removed; their sums stay")]
    public static partial void CallsRemoved(this ILogger log, int count);
}
