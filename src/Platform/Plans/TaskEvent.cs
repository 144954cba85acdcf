using LienThong.Kernel;
using LienThong.Platform.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

public enum TaskEventKind
{
    /// <summary>The task came to be, by import or by hand; carries its original deadline.</summary>
    Created,

    /// <summary>A part was given to a unit; carries the part's deadline.</summary>
    Assigned,

    /// <summary>The original deadline was settled after creation (an event happened, a draft was edited): not an extension.</summary>
    DeadlineSet,
    Started, Reported, NilReported, ReportAccepted, ReportReturned, MoreAsked, EvidenceReplaced, Measured, DeclaredDone,
    ExtensionAsked, ExtensionGranted, ExtensionRefused,

    /// <summary>A request was answered for one part only; the task as a whole has none open any more.</summary>
    ExtensionClosed,
    ObstacleRaised, ObstacleAnswered, ObstacleClosed, PartEnded, MemberProposed, MemberDeclined,
    Cancelled, Paused, Resumed, FollowedUp, OccurrenceOpened, FieldChecked, Sampled, Reminded, Edited, Published, StatusPushed,
}

/// <summary>One thing that happened to a task: the truth everything else is computed from. Append-only; both engines refuse a change.</summary>
public sealed class TaskEvent
{
    /// <summary>Order of saving, over all tasks.</summary>
    public required long Number { get; init; }
    public required TaskId Task { get; init; }
    public AssignmentId? Assignment { get; init; }

    /// <summary>Role of the part, so that events alone can be folded.</summary>
    public AssignmentRole? Role { get; init; }
    public required TaskEventKind Kind { get; init; }

    /// <summary>When it counts: for an imported plan the day it came into force, for everything else the moment of saving.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was saved here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
    public required UserId By { get; init; }
    public required string ByName { get; init; }
    public required OrgUnitId ByUnit { get; init; }

    /// <summary>A deadline, or for <see cref="TaskEventKind.ReportAccepted"/> the day of submission.</summary>
    public DateOnly? Day { get; init; }
    public decimal? Percent { get; init; }

    /// <summary>The report, obstacle, extension … it is about.</summary>
    public Guid? Subject { get; init; }

    /// <summary>What was said: reason, narrative, conclusion.</summary>
    public string? Text { get; init; }

    /// <summary>Number of the document it rests on.</summary>
    public string? Document { get; init; }
}

internal sealed class TaskEventShape : IEntityTypeConfiguration<TaskEvent>
{
    public void Configure(EntityTypeBuilder<TaskEvent> builder)
    {
        builder.ToTable("plans_event");
        builder.HasKey(e => e.Number);
        builder.Property(e => e.Number).ValueGeneratedNever();
        builder.HasIndex(e => new { e.Task, e.Number });
    }
}
