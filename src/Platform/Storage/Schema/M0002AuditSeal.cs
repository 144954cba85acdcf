using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Storage.Schema;

/// <summary>Where each audit record stands in the sealed log.</summary>
[DbContext(typeof(PlatformDb))]
[Migration("2026112231_StorageAuditSeal")]
public sealed class M0002AuditSeal : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "storage_audit_seal",
            table => new
            {
                id = table.Column<Guid>(),
                origin = table.Column<string>(),
                entry_index = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_storage_audit_seal", t => t.id));
        migrationBuilder.CreateIndex("ix_storage_audit_seal_entry", "storage_audit_seal", ["origin", "entry_index"]);
        M0001Storage.AppendOnly(migrationBuilder, "storage_audit_seal");
    }
}
