using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Exchange.Schema;

/// <summary>Gateways elsewhere, and what is lent to each of the quotas they keep together.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112248_ExchangeNodes")]
public sealed class M2026112248ExchangeNodes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "exchange_node",
            table => new
            {
                id = table.Column<Guid>(),
                code_hash = table.Column<string>(),
                code_until = table.Column<DateTime>(),
                invited_at = table.Column<DateTime>(),
                joined_at = table.Column<DateTime>(nullable: true),
                log_key = table.Column<string>(nullable: true),
                name = table.Column<string>(),
                public_key = table.Column<string>(nullable: true),
                revoked_at = table.Column<DateTime>(nullable: true),
                token_key = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_exchange_node", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_node_code_hash", "exchange_node", "code_hash", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_node_name", "exchange_node", "name", unique: true);

        migrationBuilder.CreateTable(
            "exchange_share_node",
            table => new
            {
                id = table.Column<Guid>(),
                seen_at = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_share_node", t => t.id));

        migrationBuilder.CreateTable(
            "exchange_budget",
            table => new
            {
                id = table.Column<string>(),
                day = table.Column<long>(),
                granted = table.Column<long>(),
                spent_until = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_budget", t => t.id));

        migrationBuilder.CreateTable(
            "exchange_budget_lease",
            table => new
            {
                node = table.Column<Guid>(),
                budget = table.Column<string>(),
                alone = table.Column<long>(),
                day = table.Column<long>(),
                epoch = table.Column<Guid>(),
                leased = table.Column<long>(),
                returned = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_budget_lease", t => new { t.node, t.budget }));
        migrationBuilder.InsertData("exchange_budget", ["id", "day", "granted", "spent_until"], ["text", "bigint", "bigint", "bigint"], [LendShares.Turn, 0L, 0L, 0L]);
    }
}
