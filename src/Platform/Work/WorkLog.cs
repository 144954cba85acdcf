using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Work;

internal static partial class WorkLog
{
    [LoggerMessage(2001, LogLevel.Error, "Job loop faulted; it goes on after the next poll")]
    public static partial void LoopFaulted(this ILogger log, Exception fault);

    [LoggerMessage(2002, LogLevel.Warning, "Job {Kind} {JobId} failed at attempt {Attempt}")]
    public static partial void JobFailed(this ILogger log, Exception fault, string kind, Guid jobId, int attempt);
}
