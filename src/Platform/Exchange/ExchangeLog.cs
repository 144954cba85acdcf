using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

internal static partial class ExchangeLog
{
    [LoggerMessage(5001, LogLevel.Information, "Request {Code}: {What}")]
    public static partial void RequestMoved(this ILogger log, string code, string what);

    [LoggerMessage(5002, LogLevel.Information, "Agreement {Code}: {What}")]
    public static partial void AgreementMoved(this ILogger log, string code, string what);

    [LoggerMessage(5003, LogLevel.Information, "Service {Code}: {What}")]
    public static partial void ServiceMoved(this ILogger log, string code, string what);

    [LoggerMessage(5004, LogLevel.Information, "Routes {Number} published: {Agreements} agreements, valid until {Until}")]
    public static partial void RoutesPublished(this ILogger log, long number, int agreements, DateTimeOffset until);

    [LoggerMessage(5005, LogLevel.Information, "{Count} requests and disputes climbed a level")]
    public static partial void Escalated(this ILogger log, int count);

    [LoggerMessage(5006, LogLevel.Warning, "The watch over routes could not look; it looks again")]
    public static partial void RoutesNotWatched(this ILogger log, Exception fault);

    [LoggerMessage(5007, LogLevel.Information, "Gateway {Name} joined as {Node}")]
    public static partial void NodeJoined(this ILogger log, string name, Guid node);

    [LoggerMessage(5008, LogLevel.Warning, "A gateway was refused: {Why}")]
    public static partial void NodeRefused(this ILogger log, string why);
}
