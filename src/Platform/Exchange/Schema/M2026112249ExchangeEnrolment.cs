using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Exchange.Schema;

/// <summary>Codes for the first certificate of a system, and the certificates that were issued.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112249_ExchangeEnrolment")]
public sealed class M2026112249ExchangeEnrolment : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "exchange_enrolment_code",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                code_hash = table.Column<string>(),
                label = table.Column<string>(),
                subsystem = table.Column<Guid>(),
                until = table.Column<DateTime>(),
                used_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_exchange_enrolment_code", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_enrolment_code_code_hash", "exchange_enrolment_code", "code_hash", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_enrolment_code_subsystem", "exchange_enrolment_code", "subsystem");

        migrationBuilder.CreateTable(
            "exchange_certificate",
            table => new
            {
                serial = table.Column<string>(),
                credential = table.Column<Guid>(),
                not_after = table.Column<DateTime>(),
                subsystem = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_certificate", t => t.serial));
        migrationBuilder.CreateIndex("ix_exchange_certificate_not_after", "exchange_certificate", "not_after");
        Storage.Schema.M0001Storage.AppendOnly(migrationBuilder, "exchange_certificate");
    }
}
