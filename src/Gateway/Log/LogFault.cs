namespace LienThong.Gateway.Log;

/// <summary>What may be wrong with a log. The words for people are the caller's.</summary>
public enum LogFault
{
    /// <summary>A file is not there.</summary>
    Missing,

    /// <summary>A file is longer or shorter than it must be.</summary>
    Length,

    /// <summary>A file is not of its form.</summary>
    Unreadable,

    /// <summary>Bytes do not hash to what the tree says.</summary>
    Hash,

    /// <summary>The tiles do not add up to the root of the checkpoint.</summary>
    Root,

    /// <summary>No signature by the log's own key, or a wrong one under the name of a known key.</summary>
    Signature,

    /// <summary>The checkpoint is another log's.</summary>
    Origin,

    /// <summary>The log is smaller than one that was seen before, or does not begin with it.</summary>
    Inconsistent,

    /// <summary>Entries that were acknowledged are gone from the middle of the write-ahead file.</summary>
    Gap,

    /// <summary>A file that has no place in a log of this size.</summary>
    Unexpected,
}

/// <summary>The log is not what its own checkpoint says. Names the first thing found wrong.</summary>
/// <param name="where">A tile's path, <c>checkpoint</c>, <c>wal/…</c>, or <c>entry N</c>.</param>
/// <param name="fault">What is wrong there.</param>
public sealed class LogDamagedException(string where, LogFault fault) : Exception($"{where}: {fault}")
{
    public string Where { get; } = where;
    public LogFault Fault { get; } = fault;
}

/// <summary>Why a log takes no entries for now.</summary>
public enum LogStop
{
    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk failed to write or to flush.</summary>
    DiskFailed,

    /// <summary>More comes than the disk takes; try again in a moment.</summary>
    Overloaded,

    /// <summary>The program is ending.</summary>
    Closed,
}

/// <summary>The log could not promise to keep an entry, so what it stood for was not done.</summary>
public sealed class LogStoppedException(LogStop reason, Exception? inner = null) : Exception($"The log takes no entries: {reason}.", inner)
{
    public LogStop Reason { get; } = reason;
}
