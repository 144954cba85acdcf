using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>
/// One file on its way to becoming a plan: received, read, decided cell by cell, confirmed. Nothing of a plan exists before confirmation;
/// the states are instants, so a killed node leaves a state that is true.
/// </summary>
public sealed class PlanImport : IVersioned
{
    public required ImportId Id { get; init; }
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required DateTimeOffset UploadedAt { get; init; }
    public required UserId UploadedBy { get; init; }
    public required string UploadedByName { get; init; }
    public DateTimeOffset? ReadStartedAt { get; set; }
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>Why the file could not be read: a code and its arguments, one a line.</summary>
    public string? Refusal { get; set; }

    /// <summary>The reading, as JSON of <see cref="ExtractedPlan"/>.</summary>
    public string? Extracted { get; set; }
    public DateTimeOffset? ConfirmedAt { get; set; }
    public UserId? ConfirmedBy { get; set; }
    public PlanId? Plan { get; set; }
    public DateTimeOffset? DiscardedAt { get; set; }
    public int Version { get; init; } = 1;
}

public enum ImportDecisionKind
{
    /// <summary>As it was read.</summary>
    Accept,

    /// <summary>The officer's own value.</summary>
    Set,

    /// <summary>Leave it empty and ask the drafting agency.</summary>
    Empty,

    /// <summary>Not a task: do not create this row.</summary>
    Skip,
}

/// <summary>Which cell: a field of a task, or of the document's head.</summary>
public enum ImportCell { Number, Content, Leads, Coordinators, Deadline, Product, Basis, Targets, Row, DocumentNumber, DocumentIssuedOn, DocumentIssuer, DocumentSubject }

/// <summary>What the officer decided about one cell. Undoing marks it; the latest one not undone counts.</summary>
public sealed class ImportDecision
{
    public required Guid Id { get; init; }
    public required ImportId Import { get; init; }

    /// <summary>Ordinal of the task; 0 for the head of the document.</summary>
    public required int Ordinal { get; init; }
    public required ImportCell Cell { get; init; }
    public required ImportDecisionKind Kind { get; init; }

    /// <summary>For <see cref="ImportDecisionKind.Set"/>: a date as yyyy-MM-dd, names one a line, or text.</summary>
    public string? Value { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
    public DateTimeOffset? UndoneAt { get; set; }
}

internal sealed class PlanImportShape : IEntityTypeConfiguration<PlanImport>, IEntityTypeConfiguration<ImportDecision>
{
    public void Configure(EntityTypeBuilder<PlanImport> builder)
    {
        builder.ToTable("plans_import");
        builder.HasKey(i => i.Id);
        builder.HasIndex(i => i.Sha256);
    }

    public void Configure(EntityTypeBuilder<ImportDecision> builder)
    {
        builder.ToTable("plans_import_decision");
        builder.HasKey(d => d.Id);
        builder.HasIndex(d => d.Import);
    }
}
