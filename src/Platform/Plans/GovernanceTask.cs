using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>
/// One task of a plan (R-TSK-02): what the document says, where it says it, and the facts folded from its events. The deadline is text, rule
/// and date side by side; the words of the document are never lost.
/// </summary>
public sealed class GovernanceTask : FactsRow, IVersioned
{
    public required TaskId Id { get; init; }
    public required PlanId Plan { get; init; }

    /// <summary>Position in the document; numbering is data and may repeat or jump (T2).</summary>
    public required int Ordinal { get; set; }
    public string? Number { get; set; }
    public string? Code { get; set; }
    public TaskId? Parent { get; set; }
    public string? GroupPath { get; set; }

    /// <summary>The content as issued, unabridged.</summary>
    public required string Content { get; set; }

    /// <summary>The whole row as the document has it, for the task page.</summary>
    public string? LegalText { get; set; }
    public string? Product { get; set; }

    /// <summary>"Chịu trách nhiệm trước …" (T7).</summary>
    public string? AnswersTo { get; set; }
    public string? Note { get; set; }
    public string? LeadsAsWritten { get; set; }
    public string? CoordinatorsAsWritten { get; set; }

    /// <summary>Numbers of higher documents and tasks, one a line: a task may serve several.</summary>
    public string? Basis { get; set; }

    public string? DeadlineText { get; set; }
    public DeadlineRule DeadlineRule { get; set; }
    public DateOnly? DeadlineBound { get; set; }
    public DateOnly? DeadlineStart { get; set; }
    public string? DeadlineAnchor { get; set; }
    public int? DeadlineOffset { get; set; }
    public OffsetUnit? DeadlineOffsetUnit { get; set; }
    public RecurrenceCycle? RecurrenceCycle { get; set; }
    public int? RecurrenceMonth { get; set; }
    public int? RecurrenceDay { get; set; }
    public bool RecurrenceFollowingPeriod { get; set; }
    public bool CompletedAndContinuing { get; set; }
    public double DeadlineConfidence { get; set; } = 1;
    public string? DeadlineConfirmedBy { get; set; }

    public int? SourcePage { get; set; }
    public int? SourceRow { get; set; }
    public int? SourceColumn { get; set; }

    /// <summary>Defects of the source, one "code|sentence" a line.</summary>
    public string? Warnings { get; set; }

    /// <summary>Which of the five "rõ" are missing: letters of <see cref="FiveClear"/>.</summary>
    public string Gaps { get; set; } = "";

    /// <summary>The one unit that leads, when it is one; else null.</summary>
    public OrgUnitId? LeadUnit { get; set; }

    /// <summary>The class that leads, when it is a class.</summary>
    public UnitClassId? LeadClass { get; set; }

    /// <summary>How the lead is shown: the unit's name, the class's name, or the words of the document.</summary>
    public string LeadName { get; set; } = "";
    public bool IsPublished { get; set; }
    public bool IsIssued { get; set; }
    public string? ExternalSystem { get; set; }
    public string? ExternalId { get; set; }
    public string? ExternalStatus { get; set; }

    /// <summary>Who takes part, as "u:" and "c:" ids separated by spaces: the index filters by it without reading the parts.</summary>
    public string Participants { get; set; } = "";

    /// <summary>Folded text that is searched: content, number, lead, plan.</summary>
    public string Search { get; set; } = "";

    /// <summary>The write that last touched it; the index reads only what is newer than what it has.</summary>
    public long Stamp { get; set; }
    public int Version { get; init; } = 1;
}

/// <summary>The task's facts as they were from one instant to another, so that any past day is one indexed read.</summary>
public sealed class FactsVersion : FactsRow
{
    public required TaskId Task { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; set; }

    /// <summary>Stands for "until now": later than any instant the product will see.</summary>
    public static DateTimeOffset Open { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>A number the task must reach (R-TSK-10).</summary>
public sealed class TaskTarget
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }
    public required int Ordinal { get; init; }
    public required string Text { get; init; }
    public required decimal Value { get; init; }
    public required string Unit { get; init; }
    public required TargetComparator Comparator { get; init; }
    public DateOnly? By { get; init; }
}

/// <summary>đo tự động / tính toán / tự khai.</summary>
public enum SourceKind { Measured, Computed, Declared }

/// <summary>A value of a target on a day, with where it comes from. Values are added, never changed.</summary>
public sealed class TargetValue
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }

    /// <summary>Null: the task's own progress in percent.</summary>
    public Guid? Target { get; init; }
    public required DateOnly On { get; init; }
    public required decimal Value { get; init; }
    public required SourceKind Source { get; init; }
    public string? Provenance { get; init; }
    public ReportId? Report { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
}

/// <summary>A part of a task with its own date ("Quý II khảo sát, Quý IV tổng kết").</summary>
public sealed class Milestone
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }
    public required int Ordinal { get; init; }
    public required string Text { get; init; }
    public DateOnly? Due { get; init; }
    public DateOnly? DoneOn { get; set; }
}

/// <summary>One period of a recurring task: a new row for each, never a re-opened one. Unique per task and period, so generating twice is harmless.</summary>
public sealed class Occurrence
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }

    /// <summary>"2026-11", "2026-Q4", "2026".</summary>
    public required string Period { get; init; }
    public required DateOnly Due { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The day of submission of the accepted report; kept when the next period opens.</summary>
    public DateOnly? DoneOn { get; set; }
}

internal sealed class GovernanceTaskShape :
    IEntityTypeConfiguration<GovernanceTask>, IEntityTypeConfiguration<FactsVersion>, IEntityTypeConfiguration<TaskTarget>, IEntityTypeConfiguration<TargetValue>,
    IEntityTypeConfiguration<Milestone>, IEntityTypeConfiguration<Occurrence>
{
    public void Configure(EntityTypeBuilder<GovernanceTask> builder)
    {
        builder.ToTable("plans_task");
        builder.HasKey(t => t.Id);
        builder.HasIndex(t => new { t.Plan, t.Ordinal });
        builder.HasIndex(t => t.Stamp);
        builder.HasIndex(t => new { t.ExternalSystem, t.ExternalId }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<FactsVersion> builder)
    {
        builder.ToTable("plans_task_facts");
        builder.HasKey(f => new { f.Task, f.From });
        builder.HasIndex(f => f.Until);
    }

    public void Configure(EntityTypeBuilder<TaskTarget> builder)
    {
        builder.ToTable("plans_target");
        builder.HasKey(t => t.Id);
        builder.HasIndex(t => t.Task);
    }

    public void Configure(EntityTypeBuilder<TargetValue> builder)
    {
        builder.ToTable("plans_target_value");
        builder.HasKey(v => v.Id);
        builder.HasIndex(v => v.Task);
    }

    public void Configure(EntityTypeBuilder<Milestone> builder)
    {
        builder.ToTable("plans_milestone");
        builder.HasKey(m => m.Id);
        builder.HasIndex(m => m.Task);
    }

    public void Configure(EntityTypeBuilder<Occurrence> builder)
    {
        builder.ToTable("plans_occurrence");
        builder.HasKey(o => o.Id);
        builder.HasIndex(o => new { o.Task, o.Period }).IsUnique();
    }
}
