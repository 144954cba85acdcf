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

/// <summary>A call that is under way. Its opening is on disk, or, for a safe call, will be before long unless the end comes first.</summary>
public sealed class OpenCall
{
    private const int Waiting = 0, Writing = 1, Written = 2, Ended = 3;
    private int _state;

    internal OpenCall(in CallOpening opening, long began) => (Opening, Began) = (opening, began);

    public CallOpening Opening { get; }

    internal long Began { get; }

    /// <summary>Where its opening stands, and whether it got to the disk; a closing refers to nothing else.</summary>
    internal Appended Place { get; private set; }

    internal bool IsEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>Writes the opening unless the call has ended.</summary>
    internal void Open(Func<OpenCall, Appended> append)
    {
        if (Interlocked.CompareExchange(ref _state, Writing, Waiting) != Waiting) return;
        var next = Waiting;     // A log that takes nothing leaves it to the end of the call.
        try
        {
            Place = append(this);
            next = Written;
        }
        finally
        {
            Volatile.Write(ref _state, next);
        }
    }

    /// <summary>True when the end came first: then one entry says both.</summary>
    internal bool EndsUnwritten()
    {
        var spin = new SpinWait();
        while (true)
        {
            var state = Interlocked.CompareExchange(ref _state, Ended, Waiting);
            if (state is Waiting) return true;
            if (state is not Writing) return false;
            spin.SpinOnce();
        }
    }
}
