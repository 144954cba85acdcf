using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

public enum AssignmentRole { Lead, CoLead, Coordinate, Follow }

/// <summary>
/// One unit's part of a task, with its own facts and so its own status (R-TSK-06). A class that leads was expanded to one part per member on
/// the day of issue; a class that coordinates stays one row and is resolved when asked. Names are kept as the document writes them.
/// </summary>
public sealed class Assignment : FactsRow, IVersioned
{
    public required AssignmentId Id { get; init; }
    public required TaskId Task { get; init; }
    public OrgUnitId? Unit { get; init; }

    /// <summary>The class named in the document, when the part came from one or stands for one.</summary>
    public UnitClassId? Class { get; init; }
    public required AssignmentRole Role { get; init; }
    public required int Order { get; init; }

    /// <summary>The name in the document, also when nothing in the registry answers to it.</summary>
    public required string AsWritten { get; init; }
    public string? PartText { get; set; }

    /// <summary>A deadline of this part alone; otherwise the task's.</summary>
    public DateOnly? OwnDue { get; set; }
    public int Version { get; init; } = 1;
}

/// <summary>A unit that joined a class after the issue: proposed to the officer, never added silently (R-TSK-06).</summary>
public sealed class MemberProposal
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required UnitClassId Class { get; init; }
    public required DateTimeOffset ProposedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; set; }
    public bool? Accepted { get; set; }
}

internal sealed class AssignmentShape : IEntityTypeConfiguration<Assignment>, IEntityTypeConfiguration<MemberProposal>
{
    public void Configure(EntityTypeBuilder<Assignment> builder)
    {
        builder.ToTable("plans_assignment");
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.Task);
        builder.HasIndex(a => new { a.Unit, a.DoneOn });
    }

    public void Configure(EntityTypeBuilder<MemberProposal> builder)
    {
        builder.ToTable("plans_member_proposal");
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => new { p.Task, p.Unit }).IsUnique();
    }
}
