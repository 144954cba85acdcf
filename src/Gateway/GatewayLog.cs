using Microsoft.Extensions.Logging;

namespace LienThong.Gateway;

/// <summary>Every line the gateway logs. Calls are not among them: they stand in the sealed log, and counts in the meters.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(8101, LogLevel.Information, "Routes {Number} in force, valid until {ValidUntil:O}: {Services} services, {Agreements} agreements")]
    public static partial void RoutesTaken(ILogger log, long number, DateTimeOffset validUntil, int services, int agreements);

    [LoggerMessage(8102, LogLevel.Error, "Routes in {File} not taken: {Why}")]
    public static partial void RoutesRefused(ILogger log, string file, string why);

    [LoggerMessage(8103, LogLevel.Information, "Revocation list read: {Count} entries")]
    public static partial void RevocationsRead(ILogger log, int count);

    [LoggerMessage(8104, LogLevel.Error, "Revocation list unreadable, the one before stays in force: {Why}")]
    public static partial void RevocationsUnreadable(ILogger log, string why);

    [LoggerMessage(8105, LogLevel.Error, "Call {CallId} failed within the gateway")]
    public static partial void CallFailed(ILogger log, Exception fault, Guid callId);

    [LoggerMessage(8106, LogLevel.Warning, "The copy of the routes could not be kept: {Why}")]
    public static partial void RoutesNotKept(ILogger log, string why);

    [LoggerMessage(8107, LogLevel.Warning, "What was used of the day's quotas could not be kept or read: {Why}")]
    public static partial void BudgetsNotKept(ILogger log, string why);

    [LoggerMessage(8108, LogLevel.Warning, "Nobody lends quotas: this node goes on with its own part, one of {Nodes}: {Why}")]
    public static partial void SharesAlone(ILogger log, int nodes, string why);

    [LoggerMessage(8109, LogLevel.Information, "Quotas are lent again, to {Nodes} nodes")]
    public static partial void SharesAgain(ILogger log, int nodes);

    [LoggerMessage(8110, LogLevel.Warning, "What was left of the lent quotas could not be given back: {Why}")]
    public static partial void SharesNotReturned(ILogger log, string why);

    [LoggerMessage(8111, LogLevel.Warning, "The control plane does not answer; the last routes stay in force: {Why}")]
    public static partial void ControlAway(ILogger log, string why);

    [LoggerMessage(8112, LogLevel.Information, "The control plane answers again")]
    public static partial void ControlAgain(ILogger log);
}
