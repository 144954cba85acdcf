using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Plans;

/// <summary>
/// A directing document or legal instrument (R-TSK-01). The same instrument is cited under several numbers; all of them are aliases of one
/// record (T1). A document that is only cited stands here as a stub until somebody files it.
/// </summary>
public sealed class Directive : IVersioned
{
    public required DirectiveId Id { get; init; }

    /// <summary>Number and notation, tidied: "05-QĐ/BCĐTW". Null for a draft without number.</summary>
    public string? Number { get; set; }

    /// <summary>"Kế hoạch", "Công văn" …</summary>
    public string? Kind { get; set; }
    public string? Issuer { get; set; }
    public DateOnly? IssuedOn { get; set; }

    /// <summary>Trích yếu.</summary>
    public string? Excerpt { get; set; }
    public DateOnly? EffectiveFrom { get; set; }
    public DateOnly? EffectiveTo { get; set; }

    /// <summary>The file as received, if we hold it.</summary>
    public string? Sha256 { get; set; }
    public bool IsStub { get; set; }
    public int Version { get; init; } = 1;
}

/// <summary>A spelling under which a document is cited. <see cref="Key"/> is what is searched.</summary>
public sealed class DirectiveAlias
{
    public required Guid Id { get; init; }
    public required DirectiveId Directive { get; init; }
    public required string Alias { get; init; }
    public required string Key { get; init; }
}

/// <summary>Which document carries out which (R-TSK-01): the edges of the plan graph.</summary>
public sealed class DirectiveParent
{
    public required DirectiveId Child { get; init; }
    public required DirectiveId Parent { get; init; }

    /// <summary>As the child cites it.</summary>
    public required string CitedAs { get; init; }
    public required int Order { get; init; }
}

/// <summary>Numbers of documents as people and scanners write them.</summary>
public static partial class CitedNumber
{
    /// <summary>"02-\nKH/BCĐTW", "46 -TB/TGV" → "02-KH/BCĐTW", "46-TB/TGV" (T10). Only white space around separators goes; nothing is guessed.</summary>
    public static string Tidy(string number) => Separators().Replace(VietnameseText.Clean(number), "$1");

    /// <summary>
    /// What two spellings of one number share: folded, leading zero dropped, hyphens and slashes alike. "02-KH/BCĐTW" and "02/KH-BCĐTW" meet;
    /// scanned "05-QB/BCDTW" meets "05-QĐ/BCĐTW" (Đ without its bar reads as B or D).
    /// </summary>
    public static string Key(string number)
    {
        var folded = VietnameseText.Fold(Tidy(number));
        var parts = Parts().Split(folded).Where(p => p.Length > 0).Select(p => p.TrimStart('0') is { Length: > 0 } digits && char.IsDigit(p[0]) ? digits : p).ToList();
        return string.Join(' ', parts.Select(p => p == "qb" ? "qd" : p));
    }

    /// <summary>The number alone with its kind, without the issuer: what the spellings of T1 have in common ("05-QĐ/TW", "05-QĐ/BCĐTW").</summary>
    public static string ShortKey(string number) => string.Join(' ', Key(number).Split(' ').Take(2));

    [GeneratedRegex(@"\s*([-/&.])\s*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"[^\p{L}\p{Nd}]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parts();
}

internal sealed class DirectiveShape : IEntityTypeConfiguration<Directive>, IEntityTypeConfiguration<DirectiveAlias>, IEntityTypeConfiguration<DirectiveParent>
{
    public void Configure(EntityTypeBuilder<Directive> builder)
    {
        builder.ToTable("plans_directive");
        builder.HasKey(d => d.Id);
    }

    public void Configure(EntityTypeBuilder<DirectiveAlias> builder)
    {
        builder.ToTable("plans_directive_alias");
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.Key);
    }

    public void Configure(EntityTypeBuilder<DirectiveParent> builder)
    {
        builder.ToTable("plans_directive_parent");
        builder.HasKey(p => new { p.Child, p.Parent });
    }
}
