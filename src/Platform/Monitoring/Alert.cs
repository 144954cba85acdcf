using LienThong.Kernel;

namespace LienThong.Platform.Monitoring;

public enum AlertKind
{
    /// <summary>A log is not what it says, or not what it was.</summary>
    LogWrong,

    /// <summary>A log could not be reached for longer than the term.</summary>
    LogAway,

    /// <summary>A log's newest entries have too few witnesses for longer than the term.</summary>
    LogUnwitnessed,

    /// <summary>No address of a service answers.</summary>
    ServiceDown,
}

/// <summary>
/// Something somebody must look at. It lasts until what it is about is right again; taking it up says who cares for it and does not end it. One alert of
/// a kind is open for a subject at a time.
/// </summary>
public sealed class Alert
{
    public required AlertId Id { get; init; }
    public required AlertKind Kind { get; init; }

    /// <summary>Origin of a log, or code of a service.</summary>
    public required string Subject { get; init; }

    /// <summary>What was found: a place in the log and a fault, or the cause of a failed probe.</summary>
    public required string Finding { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Kind and subject while it lasts, nothing afterwards: the engine sees to it that there is one only.</summary>
    public string? OpenKey { get; private set; }
    public DateTimeOffset? ClearedAt { get; private set; }
    public UserId? TakenBy { get; private set; }
    public string? TakenByName { get; private set; }
    public DateTimeOffset? TakenAt { get; private set; }

    /// <summary>What the person who took it up does about it; the number of the incident or of the issue raised, if any.</summary>
    public string? TakenNote { get; private set; }

    public static string KeyOf(AlertKind kind, string subject) => $"{kind}:{subject}";

    public Alert Open()
    {
        OpenKey = KeyOf(Kind, Subject);
        return this;
    }

    public Refusal? TakeUp(UserId by, string name, DateTimeOffset at, string note)
    {
        if (ClearedAt is not null) return MonitoringRefusals.AlertOver;
        (TakenBy, TakenByName, TakenAt, TakenNote) = (by, name, at, note.Trim());
        return null;
    }

    public void Clear(DateTimeOffset at) => (ClearedAt, OpenKey) = (at, null);
}
