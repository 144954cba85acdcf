using LienThong.Kernel;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

internal static partial class PlansLog
{
    [LoggerMessage(4001, LogLevel.Information, "Plan file {Sha256} received as import {ImportId}, {Bytes} bytes")]
    public static partial void PlanFileReceived(this ILogger log, ImportId importId, string sha256, long bytes);

    [LoggerMessage(4002, LogLevel.Information, "Import {ImportId} read: {Tasks} tasks, {Warnings} warnings")]
    public static partial void PlanFileRead(this ILogger log, ImportId importId, int tasks, int warnings);

    [LoggerMessage(4003, LogLevel.Information, "Import {ImportId} refused: {Code}")]
    public static partial void PlanFileRefused(this ILogger log, ImportId importId, string code);

    [LoggerMessage(4004, LogLevel.Information, "Import {ImportId} confirmed as plan {PlanId}: {Tasks} tasks, {Parts} parts")]
    public static partial void PlanImported(this ILogger log, ImportId importId, PlanId planId, int tasks, int parts);

    [LoggerMessage(4005, LogLevel.Information, "Report {ReportId} on task {TaskId}: {What}")]
    public static partial void ReportMoved(this ILogger log, ReportId reportId, TaskId taskId, string what);

    [LoggerMessage(4006, LogLevel.Information, "Period {Period} closed with {Tasks} tasks, digest {Digest}")]
    public static partial void PeriodClosed(this ILogger log, string period, int tasks, string digest);

    [LoggerMessage(4007, LogLevel.Information, "{Count} reminders made for {Day}")]
    public static partial void RemindersMade(this ILogger log, int count, string day);

    [LoggerMessage(4008, LogLevel.Warning, "The index of tasks could not be read at the start; the first request reads it")]
    public static partial void IndexNotWarmed(this ILogger log, Exception fault);
}
