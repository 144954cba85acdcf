using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Monitoring.Schema;

/// <summary>Nodes and how far their logs are taken in, calls and their sums by the hour, alerts, the health of services, counts the two sides state.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112241_Monitoring")]
public sealed class M2026112241Monitoring : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "monitoring_node",
            table => new
            {
                number = table.Column<int>(),
                origin = table.Column<string>(),
                key = table.Column<string>(),
                place = table.Column<string>(),
                is_own = table.Column<bool>(),
                host = table.Column<string>(nullable: true),
                added_at = table.Column<DateTime>(),
                pulled = table.Column<long>(),
                head_size = table.Column<long>(),
                head_root = table.Column<string>(),
                head_note = table.Column<string>(nullable: true),
                seen_at = table.Column<DateTime>(nullable: true),
                last_entry_at = table.Column<DateTime>(nullable: true),
                away_since = table.Column<DateTime>(nullable: true),
                stopped_at = table.Column<DateTime>(nullable: true),
                fault = table.Column<string>(nullable: true),
                fault_where = table.Column<string>(nullable: true),
                witnessed_size = table.Column<long>(),
                witnesses = table.Column<string>(),
                unwitnessed_since = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_node", t => t.number));
        migrationBuilder.CreateIndex("ix_monitoring_node_origin", "monitoring_node", "origin", unique: true);

        migrationBuilder.CreateTable(
            "monitoring_call",
            table => new
            {
                node = table.Column<int>(),
                entry = table.Column<long>(),
                closing = table.Column<long>(nullable: true),
                call = table.Column<Guid>(),
                line = table.Column<int>(),
                at = table.Column<DateTime>(),
                method = table.Column<string>(),
                upstream = table.Column<string>(nullable: true),
                end = table.Column<string>(),
                fault = table.Column<string>(nullable: true),
                status = table.Column<int>(),
                request_bytes = table.Column<long>(),
                response_bytes = table.Column<long>(),
                milliseconds = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_call", t => new { t.node, t.entry }));
        migrationBuilder.CreateIndex("ix_monitoring_call_call", "monitoring_call", "call");
        migrationBuilder.CreateIndex("ix_monitoring_call_at", "monitoring_call", "at");
        migrationBuilder.CreateIndex("ix_monitoring_call_line", "monitoring_call", ["line", "node", "at"]);
        migrationBuilder.CreateIndex("ix_monitoring_call_end", "monitoring_call", ["end", "at"]);

        migrationBuilder.CreateTable(
            "monitoring_line",
            table => new
            {
                node = table.Column<int>(),
                number = table.Column<int>(),
                consumer = table.Column<string>(),
                provider = table.Column<string>(),
                service = table.Column<string>(),
                version = table.Column<string>(),
                agreement = table.Column<string>(),
                first_success_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_line", t => new { t.node, t.number }));
        migrationBuilder.CreateIndex("ix_monitoring_line_parties", "monitoring_line", ["node", "consumer", "provider", "service", "version", "agreement"], unique: true);

        migrationBuilder.CreateTable(
            "monitoring_hour",
            table => new
            {
                node = table.Column<int>(),
                line = table.Column<int>(),
                hour = table.Column<DateTime>(),
                end = table.Column<string>(),
                fault = table.Column<string>(),
                calls = table.Column<long>(),
                request_bytes = table.Column<long>(),
                response_bytes = table.Column<long>(),
                latencies = table.Column<byte[]>(),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_hour", t => new { t.node, t.line, t.hour, t.end, t.fault }));
        migrationBuilder.CreateIndex("ix_monitoring_hour_hour", "monitoring_hour", "hour");

        migrationBuilder.CreateTable(
            "monitoring_alert",
            table => new
            {
                id = table.Column<Guid>(),
                kind = table.Column<string>(),
                subject = table.Column<string>(),
                finding = table.Column<string>(),
                at = table.Column<DateTime>(),
                open_key = table.Column<string>(nullable: true),
                cleared_at = table.Column<DateTime>(nullable: true),
                taken_by = table.Column<Guid>(nullable: true),
                taken_by_name = table.Column<string>(nullable: true),
                taken_at = table.Column<DateTime>(nullable: true),
                taken_note = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_alert", t => t.id));
        migrationBuilder.CreateIndex("ix_monitoring_alert_open_key", "monitoring_alert", "open_key", unique: true);
        migrationBuilder.CreateIndex("ix_monitoring_alert_at", "monitoring_alert", "at");

        migrationBuilder.CreateTable(
            "monitoring_health",
            table => new
            {
                service = table.Column<Guid>(),
                from = table.Column<DateTime>(),
                is_up = table.Column<bool>(),
                last_at = table.Column<DateTime>(),
                milliseconds = table.Column<int>(),
                cause = table.Column<string>(nullable: true),
                until = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_health", t => new { t.service, t.from }));

        migrationBuilder.CreateTable(
            "monitoring_turn",
            table => new
            {
                name = table.Column<string>(),
                next_at = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_turn", t => t.name));

        migrationBuilder.CreateTable(
            "monitoring_count",
            table => new
            {
                agreement = table.Column<string>(),
                day = table.Column<DateOnly>(),
                side = table.Column<string>(),
                calls = table.Column<long>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                at = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_monitoring_count", t => new { t.agreement, t.day, t.side }));
    }
}
