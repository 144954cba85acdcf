using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>A request for a later deadline and its answer (R-TSK-09). A decision names its document; the old deadline stays visible.</summary>
public sealed class Extension : IVersioned
{
    public required ExtensionId Id { get; init; }
    public required TaskId Task { get; init; }
    public required AssignmentId? Assignment { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required UserId AskedBy { get; init; }
    public required OrgUnitId AskedByUnit { get; init; }
    public required string Reason { get; init; }
    public required DateOnly AskedDue { get; init; }
    public required DateOnly? OldDue { get; init; }

    /// <summary>The document by which the unit asks.</summary>
    public string? RequestDocument { get; init; }
    public DateTimeOffset? DecidedAt { get; set; }
    public UserId? DecidedBy { get; set; }
    public string? DecidedByName { get; set; }
    public bool? Granted { get; set; }
    public DateOnly? NewDue { get; set; }
    public string? DecisionDocument { get; set; }
    public string? DecisionText { get; set; }
    public int Version { get; init; } = 1;
}

/// <summary>Kinds of NĐ 47 Đ47, kept as the list of kinds.</summary>
public enum ObstacleKind { RightsAndDuties, Infrastructure, Standards, Quality, Solution, Budget, Other }

/// <summary>Who can clear it: the ladder that an unanswered obstacle climbs.</summary>
public enum ObstacleLevel { Unit, StandingBody, ProvinceLeader, Central }

/// <summary>Vướng mắc: kind, level, addressee and answer date; a task with an open one carries the overlay "có vướng mắc".</summary>
public sealed class Obstacle : IVersioned
{
    public required ObstacleId Id { get; init; }
    public required TaskId Task { get; init; }

    /// <summary>"VM-0042".</summary>
    public required int Number { get; init; }
    public required ObstacleKind Kind { get; init; }
    public ObstacleLevel Level { get; set; }
    public required string Text { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }
    public required UserId RaisedBy { get; init; }
    public required OrgUnitId RaisedByUnit { get; init; }
    public OrgUnitId? ToUnit { get; set; }
    public required DateOnly AnswerDue { get; init; }
    public string? Answer { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public UserId? AnsweredBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public int Version { get; init; } = 1;
}

public enum FollowUpLevel { Remind, Urge, Criticize }

/// <summary>Nhắc, đôn đốc, phê bình: what was sent, when, by which document.</summary>
public sealed class FollowUp
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }
    public OrgUnitId? Unit { get; init; }
    public required FollowUpLevel Level { get; init; }
    public required string Channel { get; init; }
    public required string Text { get; init; }
    public string? Document { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required UserId SentBy { get; init; }
}

/// <summary>Kiểm tra thực địa (R-TSK-11): place, date, checklist, finding with its own deadline.</summary>
public sealed class FieldCheck
{
    public required Guid Id { get; init; }
    public required TaskId Task { get; init; }
    public OrgUnitId? Unit { get; init; }
    public required string Place { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>One "item|passed" a line.</summary>
    public string? Checklist { get; init; }
    public required string Finding { get; init; }
    public DateOnly? FindingDue { get; init; }
    public string? PhotoSha256 { get; init; }
    public decimal? MeasuredPercent { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
}

/// <summary>A done task drawn for re-checking (monitoring §9.5); the seed makes the draw repeatable.</summary>
public sealed class SamplingCheck
{
    public required Guid Id { get; init; }
    public required string Period { get; init; }
    public required int Seed { get; init; }
    public required TaskId Task { get; init; }
    public required DateTimeOffset DrawnAt { get; init; }
    public bool? Confirmed { get; set; }
    public string? Finding { get; set; }
    public decimal? MeasuredPercent { get; set; }
    public UserId? CheckedBy { get; set; }
    public OrgUnitId? CheckedByUnit { get; set; }
    public DateTimeOffset? CheckedAt { get; set; }
}

/// <summary>A reminder that was made, so that a restart does not make it again (R-TSK-07).</summary>
public sealed class Reminder
{
    public required Guid Id { get; init; }
    public required AssignmentId Assignment { get; init; }
    public required TaskId Task { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required DateOnly Due { get; init; }
    public required int Offset { get; init; }
    public required DateOnly On { get; init; }
    public required DateTimeOffset At { get; init; }
}

public enum KpiKind { Strategic, Operational }

/// <summary>
/// A node of the KPI tree (R-N57-05). A leaf takes its actual from people or systems; a parent's is the weighted mean of its children's
/// attainment, and the formula is printed beside it.
/// </summary>
public sealed class KpiNode : IVersioned
{
    public required Guid Id { get; init; }
    public Guid? Parent { get; init; }
    public required KpiKind Kind { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required string Unit { get; set; }
    public decimal? Baseline { get; set; }
    public decimal? Target { get; set; }
    public decimal Weight { get; set; } = 1;
    public bool LowerIsBetter { get; set; }
    public string? Formula { get; set; }
    public OrgUnitId? OwnerUnit { get; set; }
    public TaskId? Task { get; set; }
    public int Version { get; init; } = 1;
}

public sealed class KpiActual
{
    public required Guid Id { get; init; }
    public required Guid Node { get; init; }
    public required DateOnly On { get; init; }
    public required decimal Value { get; init; }
    public required SourceKind Source { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
}

/// <summary>
/// A frozen period (R-N57-07): the figures and every task's standing at the cut-off, in a stored file whose SHA-256 is the digest. Later
/// edits never touch it; they show as adjustments.
/// </summary>
public sealed class PeriodClose
{
    public required PeriodCloseId Id { get; init; }

    /// <summary>"2026-10", "2026-Q3", "2026-9M" …</summary>
    public required string Period { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public required DateTimeOffset ClosedAt { get; init; }
    public required UserId ClosedBy { get; init; }
    public required string ClosedByName { get; init; }

    /// <summary>SHA-256 of the frozen file in the blob store.</summary>
    public required string Digest { get; init; }
    public required int Tasks { get; init; }

    /// <summary>The figures, as JSON of <c>PeriodFigures</c>.</summary>
    public required string Figures { get; init; }
    public string? Note { get; init; }
}

/// <summary>A named filter of one person.</summary>
public sealed class SavedView
{
    public required Guid Id { get; init; }
    public required UserId User { get; init; }
    public required string Name { get; init; }

    /// <summary>The query string of the register.</summary>
    public required string Query { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// One row that every write of plans raises inside its transaction. Because its row is locked until the commit, the numbers are in order of
/// commit: what a reader has read up to is complete, and a cache of an older number is stale.
/// </summary>
public sealed class PlansStamp
{
    public required int Id { get; init; }
    public long Number { get; set; }

    /// <summary>The last write that changed the past (an import of an older plan); figures of past days are kept until it moves.</summary>
    public long PastNumber { get; set; }
    public long LastEvent { get; set; }
    public int LastObstacle { get; set; }
}

internal sealed class DecisionsShape :
    IEntityTypeConfiguration<Extension>, IEntityTypeConfiguration<Obstacle>, IEntityTypeConfiguration<FollowUp>, IEntityTypeConfiguration<FieldCheck>,
    IEntityTypeConfiguration<SamplingCheck>, IEntityTypeConfiguration<Reminder>, IEntityTypeConfiguration<KpiNode>, IEntityTypeConfiguration<KpiActual>,
    IEntityTypeConfiguration<PeriodClose>, IEntityTypeConfiguration<SavedView>, IEntityTypeConfiguration<PlansStamp>
{
    public void Configure(EntityTypeBuilder<Extension> builder)
    {
        builder.ToTable("plans_extension");
        builder.HasKey(e => e.Id);
        builder.HasIndex(e => e.Task);
        builder.HasIndex(e => e.DecidedAt);
    }

    public void Configure(EntityTypeBuilder<Obstacle> builder)
    {
        builder.ToTable("plans_obstacle");
        builder.HasKey(o => o.Id);
        builder.HasIndex(o => o.Task);
        builder.HasIndex(o => new { o.ClosedAt, o.AnswerDue });
    }

    public void Configure(EntityTypeBuilder<FollowUp> builder)
    {
        builder.ToTable("plans_follow_up");
        builder.HasKey(f => f.Id);
        builder.HasIndex(f => f.Task);
    }

    public void Configure(EntityTypeBuilder<FieldCheck> builder)
    {
        builder.ToTable("plans_field_check");
        builder.HasKey(f => f.Id);
        builder.HasIndex(f => f.Task);
    }

    public void Configure(EntityTypeBuilder<SamplingCheck> builder)
    {
        builder.ToTable("plans_sampling");
        builder.HasKey(s => s.Id);
        builder.HasIndex(s => new { s.Period, s.Task }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Reminder> builder)
    {
        builder.ToTable("plans_reminder");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Assignment, r.Due, r.Offset }).IsUnique();
        builder.HasIndex(r => new { r.Unit, r.On });
    }

    public void Configure(EntityTypeBuilder<KpiNode> builder)
    {
        builder.ToTable("plans_kpi");
        builder.HasKey(k => k.Id);
        builder.HasIndex(k => k.Code).IsUnique();
    }

    public void Configure(EntityTypeBuilder<KpiActual> builder)
    {
        builder.ToTable("plans_kpi_actual");
        builder.HasKey(k => k.Id);
        builder.HasIndex(k => new { k.Node, k.On });
    }

    public void Configure(EntityTypeBuilder<PeriodClose> builder)
    {
        builder.ToTable("plans_period_close");
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => p.Period).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("plans_saved_view");
        builder.HasKey(v => v.Id);
        builder.HasIndex(v => new { v.User, v.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<PlansStamp> builder)
    {
        builder.ToTable("plans_stamp");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
    }
}
