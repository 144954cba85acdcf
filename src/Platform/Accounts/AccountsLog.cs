using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Accounts;

/// <summary>Names and numbers of people are in the audit, which few may read; logs go to many places and carry none.</summary>
internal static partial class AccountsLog
{
    [LoggerMessage(4001, LogLevel.Warning, "Sign-in attempts from {AddressKey} are throttled")]
    public static partial void Throttled(this ILogger log, string addressKey);

    [LoggerMessage(4002, LogLevel.Warning, "A person proved by {Kind} has no account here and was refused")]
    public static partial void UnknownPerson(this ILogger log, string kind);
}
