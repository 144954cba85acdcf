using LienThong.Kernel;

namespace LienThong.Platform.Monitoring.Contracts;

/// <summary>A successful call was taken in under an agreement for the first time.</summary>
public sealed record AgreementCalled(string Agreement, DateTimeOffset At);

/// <summary>Something must be looked at: notice to whoever operates the exchange.</summary>
public sealed record AlertRaised(AlertId Alert, string Kind, string Subject);

/// <summary>What an alert was about is right again.</summary>
public sealed record AlertCleared(AlertId Alert, string Kind, string Subject);
