using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Storage.Schema;

/// <summary>
/// Migrations are written by hand, once for both engines: columns name CLR types and each engine maps them. Ids are
/// <c>yyyymmddnn_Module</c>, sorted by text. Column and table names are snake_case, as the model's conventions make them.
/// </summary>
[DbContext(typeof(PlatformDb))]
[Migration("2026112201_Storage")]
public sealed class M0001Storage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "storage_audit",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                account = table.Column<Guid>(),
                account_name = table.Column<string>(),
                account_kind = table.Column<string>(),
                unit = table.Column<Guid>(),
                address = table.Column<string>(nullable: true),
                port = table.Column<int>(nullable: true),
                action = table.Column<string>(),
                object_kind = table.Column<string>(),
                object_id = table.Column<string>(),
                before = table.Column<string>(nullable: true),
                after = table.Column<string>(nullable: true),
                outcome = table.Column<string>(),
                note = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_storage_audit", t => t.id));
        migrationBuilder.CreateIndex("ix_storage_audit_at", "storage_audit", "at");
        migrationBuilder.CreateIndex("ix_storage_audit_object", "storage_audit", ["object_kind", "object_id"]);
        migrationBuilder.CreateIndex("ix_storage_audit_account", "storage_audit", ["account", "at"]);
        AppendOnly(migrationBuilder, "storage_audit");

        migrationBuilder.CreateTable(
            "storage_outbox",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                kind = table.Column<string>(),
                payload = table.Column<string>(),
                dispatched_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_storage_outbox", t => t.id));
        migrationBuilder.CreateIndex("ix_storage_outbox_waiting", "storage_outbox", ["dispatched_at", "at"]);

        migrationBuilder.CreateTable(
            "work_job",
            table => new
            {
                id = table.Column<Guid>(),
                kind = table.Column<string>(),
                payload = table.Column<string>(),
                key = table.Column<string>(nullable: true),
                created_at = table.Column<DateTime>(),
                run_after = table.Column<DateTime>(),
                attempts = table.Column<int>(),
                leased_by = table.Column<string>(nullable: true),
                leased_until = table.Column<DateTime>(nullable: true),
                last_error = table.Column<string>(nullable: true),
                done_at = table.Column<DateTime>(nullable: true),
                dead_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_work_job", t => t.id));
        migrationBuilder.CreateIndex("ix_work_job_due", "work_job", ["done_at", "dead_at", "run_after"]);
        migrationBuilder.CreateIndex("ix_work_job_key", "work_job", "key", unique: true);
    }

    /// <summary>Both engines refuse to change or remove a row of that table, whoever asks through the application's role.</summary>
    public static void AppendOnly(MigrationBuilder migrationBuilder, string table)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        if (migrationBuilder.ActiveProvider == "Npgsql.EntityFrameworkCore.PostgreSQL")
        {
            migrationBuilder.Sql($"""
                CREATE OR REPLACE FUNCTION lienthong_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501'; END $$;
                CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION lienthong_append_only();
                CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION lienthong_append_only();
                """);
        }
        else
        {
            migrationBuilder.Sql($"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: UPDATE is refused'); END;");
            migrationBuilder.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: DELETE is refused'); END;");
        }
    }
}
