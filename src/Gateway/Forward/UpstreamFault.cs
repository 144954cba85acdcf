namespace LienThong.Gateway.Forward;

internal enum UpstreamTrouble
{
    /// <summary>No address of the service is known.</summary>
    NoAddress,

    /// <summary>The name does not resolve.</summary>
    UnknownHost,

    /// <summary>No connection, or none that TLS trusts.</summary>
    Unreachable,

    /// <summary>The connection broke before the answer was whole.</summary>
    Broken,

    /// <summary>Nothing, or too little, came in the time the service has.</summary>
    TimedOut,

    /// <summary>What came is not HTTP as the standard has it.</summary>
    Malformed,

    /// <summary>More came than the service may answer.</summary>
    TooLarge,
}

/// <summary>The provider's side of a call failed.</summary>
internal sealed class UpstreamException(UpstreamTrouble trouble, string message, Exception? inner = null) : Exception(message, inner)
{
    public UpstreamTrouble Trouble => trouble;
}
