namespace LienThong.Gateway.Log;

/// <summary>Whose doing the end of a call was (exchange.md §6 item 12). X-Road counts every 4xx as failed; here four kinds are told apart.</summary>
public enum CallOutcome
{
    /// <summary>The provider answered below 400.</summary>
    Success,

    /// <summary>The provider answered 4xx: it understood and said no.</summary>
    Business,

    /// <summary>The provider answered 5xx or something that cannot be taken.</summary>
    Provider,

    /// <summary>The exchange refused: no agreement, no right, over quota.</summary>
    Policy,

    /// <summary>The provider could not be reached, or did not answer in time.</summary>
    Transport,

    /// <summary>The consumer went away before the answer was whole.</summary>
    Caller,
}

/// <summary>What is known before a request leaves. Identifiers are X-Road's, parts joined by '/'; nothing in it names a person.</summary>
public readonly record struct CallOpening(
    Guid CallId, string Consumer, string Provider, string Service, string ServiceVersion, string Agreement, string Method, string? UpstreamId = null);

/// <summary>What is known when the answer is there, and not yet out.</summary>
/// <param name="Fault">The code of the error, when the exchange made one.</param>
/// <param name="Digests">Of what was said; never what was said.</param>
public readonly record struct CallClosing(
    CallOutcome Outcome, string? Fault, int Status, long RequestBytes, long ResponseBytes, int Milliseconds, SaltedDigests Digests);

/// <summary>A call whose opening is in the log.</summary>
/// <param name="Index">Where its opening stands.</param>
/// <param name="OnDisk">Whether it got there; a closing refers to nothing else.</param>
public readonly record struct OpenCall(CallOpening Opening, long Index, Task OnDisk);
