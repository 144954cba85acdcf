using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>A plan: the tasks that one document gives, and the rules it sets for them. A re-issued plan is a new version; the old one stays.</summary>
public sealed class Plan : IVersioned
{
    public required PlanId Id { get; init; }
    public required DirectiveId Directive { get; init; }

    /// <summary>Number as shown: "187/KH-UBND", or the notation of a draft without number.</summary>
    public required string Name { get; set; }
    public required string Subject { get; set; }
    public string? Issuer { get; set; }
    public DateOnly? IssuedOn { get; set; }

    /// <summary>
    /// From when its tasks count on a board: the day of issue; where the document does not say it, the earlier of its first deadline and the
    /// day it was filed here, so that no deadline of it is invisible.
    /// </summary>
    public required DateOnly InForceFrom { get; set; }
    public DateOnly? CampaignFrom { get; set; }
    public DateOnly? CampaignTo { get; set; }

    /// <summary>Some plans forbid moving deadlines: then an extension is refused by configuration, not by habit (monitoring §6).</summary>
    public bool ForbidsExtension { get; set; }

    /// <summary>Whether a date on a day off moves to the next working day; by default no (monitoring §4).</summary>
    public bool MovesToWorkingDay { get; set; }

    /// <summary>The calendar its dates were computed with.</summary>
    public required string CalendarVersion { get; set; }
    public int VersionNumber { get; set; } = 1;
    public PlanId? VersionOf { get; set; }

    /// <summary>The file as received; the same file again is the same plan.</summary>
    public string? SourceSha256 { get; set; }
    public string? SourceFileName { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required UserId CreatedBy { get; init; }

    /// <summary>When it was issued here, or filed as already issued. Null: a draft, whose tasks are on no board.</summary>
    public DateTimeOffset? IssuedAt { get; set; }
    public UserId? IssuedBy { get; set; }
    public bool WasIssuedElsewhere { get; set; }
    public bool IsPublished { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public int Version { get; init; } = 1;
}

internal sealed class PlanShape : IEntityTypeConfiguration<Plan>
{
    public void Configure(EntityTypeBuilder<Plan> builder)
    {
        builder.ToTable("plans_plan");
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => p.SourceSha256).IsUnique();
    }
}
