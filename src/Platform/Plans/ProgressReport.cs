using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>What another unit concluded about a report.</summary>
public enum ReviewDecision { Accept, AcceptMeasured, Return, AskMore }

/// <summary>
/// What a unit says it did: value + narrative + evidence (R-N57-01). A draft until submitted; after that it is never changed, a correction
/// is the next report. The reviewer belongs to another unit than the submitter.
/// </summary>
public sealed class ProgressReport : IVersioned
{
    public required ReportId Id { get; init; }
    public required TaskId Task { get; init; }
    public required AssignmentId Assignment { get; init; }

    /// <summary>1, 2, 3 … within the part: "Báo cáo kỳ 10".</summary>
    public required int Number { get; init; }
    public string? Period { get; set; }

    /// <summary>0–100, as the unit says.</summary>
    public decimal? Percent { get; set; }
    public string Narrative { get; set; } = "";

    /// <summary>"Không phát sinh": distinct from zero and from missing.</summary>
    public bool IsNil { get; set; }
    public required UserId Author { get; init; }
    public required string AuthorName { get; init; }
    public required OrgUnitId Unit { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public ReviewDecision? Decision { get; set; }
    public decimal? AcceptedPercent { get; set; }
    public string? Reason { get; set; }
    public UserId? Reviewer { get; set; }
    public string? ReviewerName { get; set; }
    public OrgUnitId? ReviewerUnit { get; set; }
    public int Version { get; init; } = 1;

    public bool IsPending => SubmittedAt is not null && DecidedAt is null && !IsNil;
}

/// <summary>What a piece is. A withdrawn piece was taken back while its report was a draft: the last version of it, with nothing in it.</summary>
public enum EvidenceKind { File, DocumentNumber, Link, LogExtract, Figure, Withdrawn }

/// <summary>
/// One version of one piece of evidence. A replaced file keeps its row; the new version points to the same <see cref="Item"/> with a higher
/// number and its own SHA-256.
/// </summary>
public sealed class Evidence
{
    public required EvidenceId Id { get; init; }
    public required ReportId Report { get; init; }
    public required TaskId Task { get; init; }

    /// <summary>The piece all versions belong to: the id of the first one.</summary>
    public required EvidenceId Item { get; init; }
    public required int VersionNumber { get; init; }
    public required EvidenceKind Kind { get; init; }
    public required string Title { get; init; }

    /// <summary>Document number, address, or reference of a figure, by kind.</summary>
    public string? Reference { get; init; }
    public string? Issuer { get; init; }
    public DateOnly? Dated { get; init; }
    public string? Sha256 { get; init; }
    public long? Bytes { get; init; }
    public string? FileName { get; init; }
    public string? ContentType { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public required UserId AddedBy { get; init; }

    /// <summary>The newest version of each piece, without the pieces that were taken back.</summary>
    internal static List<Evidence> Standing(IEnumerable<Evidence> versions) => [.. versions.GroupBy(e => e.Item).Select(item => item.MaxBy(e => e.VersionNumber)!).Where(latest => latest.Kind is not EvidenceKind.Withdrawn)];
}

internal sealed class ProgressReportShape : IEntityTypeConfiguration<ProgressReport>, IEntityTypeConfiguration<Evidence>
{
    public void Configure(EntityTypeBuilder<ProgressReport> builder)
    {
        builder.ToTable("plans_report");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Assignment, r.Number }).IsUnique();
        builder.HasIndex(r => r.Task);
        builder.HasIndex(r => new { r.DecidedAt, r.SubmittedAt });
        builder.Ignore(r => r.IsPending);
    }

    public void Configure(EntityTypeBuilder<Evidence> builder)
    {
        builder.ToTable("plans_evidence");
        builder.HasKey(e => e.Id);
        builder.HasIndex(e => e.Report);
        builder.HasIndex(e => e.Task);
    }
}
