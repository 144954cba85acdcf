using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Storage;

/// <summary>
/// One audit record (R-NFR-04): time, account and its kind, address and port, action, object, before and after, result. Append-only: both
/// engines refuse UPDATE and DELETE on the table (triggers; on PostgreSQL the application's role has no such right either).
/// </summary>
public sealed class AuditRecord
{
    public required AuditId Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId Account { get; init; }
    public required string AccountName { get; init; }

    /// <summary>person, service or system.</summary>
    public required string AccountKind { get; init; }
    public required OrgUnitId Unit { get; init; }
    public string? Address { get; init; }
    public int? Port { get; init; }

    /// <summary>What was done, as a dotted code: <c>plans.import.confirmed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of the object and its id: <c>plan</c>, <c>0198…</c>.</summary>
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }

    /// <summary>done, refused or failed.</summary>
    public required string Outcome { get; init; }

    /// <summary>The delegation in whose name it was done, if one (R-ORG-05); the refusal code, if refused.</summary>
    public string? Note { get; init; }
}

public sealed partial class PlatformDb
{
    public DbSet<AuditRecord> Audit => Set<AuditRecord>();

    /// <summary>Adds a record to this unit of work, so that the deed and its record are saved together or not at all.</summary>
    public void Record(CurrentUser by, TimeProvider clock, string action, string objectKind, object objectId, object? before = null, object? after = null, string outcome = "done", string? note = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(objectId);
        Audit.Add(new AuditRecord
        {
            Id = StrongId.New<AuditId>(clock),
            At = clock.GetUtcNow(),
            Account = by.Id,
            AccountName = by.Name,
            AccountKind = by.IsSystem ? "system" : by.Grants.Any(g => g.Role is Role.ServiceAccount) ? "service" : "person",
            Unit = by.Unit,
            Address = by.RemoteAddress,
            Port = by.RemotePort,
            Action = action,
            ObjectKind = objectKind,
            ObjectId = objectId.ToString() ?? "",
            Before = before is null ? null : JsonSerializer.Serialize(before, AuditJson),
            After = after is null ? null : JsonSerializer.Serialize(after, AuditJson),
            Outcome = outcome,
            Note = note ?? NamedDelegations(by),
        });
    }

    /// <summary>Whoever acts while holding lent rights is recorded with them, also where the slice did not say which right it was (R-ORG-05).</summary>
    private static string? NamedDelegations(CurrentUser by)
    {
        var lent = by.Grants.Where(g => g.Delegation is not null).Select(g => g.Delegation!.Value).Distinct().ToList();
        return lent.Count == 0 ? null : "delegation:" + string.Join(',', lent);
    }

    private static readonly JsonSerializerOptions AuditJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };
}

internal sealed class AuditRecordShape : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("storage_audit");
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.At);
        builder.HasIndex(a => new { a.ObjectKind, a.ObjectId });
        builder.HasIndex(a => new { a.Account, a.At });
    }
}
