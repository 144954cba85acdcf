using LienThong.Platform.Storage;
using LienThong.Platform.Storage.Schema;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Accounts.Schema;

/// <summary>People who sign in, what they may do, what they are known by elsewhere; and the parameters with their legal bases.</summary>
[DbContext(typeof(PlatformDb))]
[Migration("2026112220_Accounts")]
public sealed class M0001Accounts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "accounts_user",
            table => new
            {
                id = table.Column<Guid>(),
                sign_in_name = table.Column<string>(),
                display_name = table.Column<string>(),
                search_text = table.Column<string>(),
                home_unit = table.Column<Guid>(),
                status = table.Column<string>(),
                status_reason = table.Column<string>(nullable: true),
                password_hash = table.Column<string>(nullable: true),
                password_set_at = table.Column<DateTime>(nullable: true),
                password_is_temporary = table.Column<bool>(),
                security_stamp = table.Column<string>(),
                totp_secret = table.Column<string>(nullable: true),
                totp_confirmed_at = table.Column<DateTime>(nullable: true),
                totp_last_step = table.Column<long>(),
                failed_attempts = table.Column<int>(),
                locked_until = table.Column<DateTime>(nullable: true),
                created_at = table.Column<DateTime>(),
                last_sign_in_at = table.Column<DateTime>(nullable: true),
                reopened_at = table.Column<DateTime>(nullable: true),
                language = table.Column<string>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_accounts_user", t => t.id));
        migrationBuilder.CreateIndex("ix_accounts_user_sign_in_name", "accounts_user", "sign_in_name", unique: true);
        migrationBuilder.CreateIndex("ix_accounts_user_search_text", "accounts_user", "search_text");

        migrationBuilder.CreateTable(
            "accounts_former_password",
            table => new { id = table.Column<Guid>(), user = table.Column<Guid>(), hash = table.Column<string>(), set_at = table.Column<DateTime>() },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_former_password", t => t.id);
                table.ForeignKey("fk_accounts_former_password_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_former_password_user", "accounts_former_password", ["user", "set_at"]);

        migrationBuilder.CreateTable(
            "accounts_recovery_code",
            table => new
            {
                id = table.Column<Guid>(),
                user = table.Column<Guid>(),
                hash = table.Column<string>(),
                made_at = table.Column<DateTime>(),
                used_at = table.Column<DateTime>(nullable: true),
                replaced_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_recovery_code", t => t.id);
                table.ForeignKey("fk_accounts_recovery_code_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_recovery_code_user", "accounts_recovery_code", "user");

        migrationBuilder.CreateTable(
            "accounts_passkey",
            table => new
            {
                credential_id = table.Column<string>(),
                user = table.Column<Guid>(),
                public_key = table.Column<byte[]>(),
                name = table.Column<string>(nullable: true),
                created_at = table.Column<DateTime>(),
                sign_count = table.Column<long>(),
                transports = table.Column<string>(),
                is_user_verified = table.Column<bool>(),
                is_backup_eligible = table.Column<bool>(),
                is_backed_up = table.Column<bool>(),
                attestation_object = table.Column<byte[]>(),
                client_data_json = table.Column<byte[]>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_passkey", t => t.credential_id);
                table.ForeignKey("fk_accounts_passkey_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_passkey_user", "accounts_passkey", "user");

        migrationBuilder.CreateTable(
            "accounts_link",
            table => new
            {
                id = table.Column<Guid>(),
                user = table.Column<Guid>(),
                kind = table.Column<string>(),
                issuer = table.Column<string>(),
                subject = table.Column<string>(),
                label = table.Column<string>(),
                added_at = table.Column<DateTime>(),
                added_by = table.Column<Guid>(),
                ended_at = table.Column<DateTime>(nullable: true),
                ended_by = table.Column<Guid>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_link", t => t.id);
                table.ForeignKey("fk_accounts_link_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_link_user", "accounts_link", "user");
        migrationBuilder.CreateIndex("ix_accounts_link_subject", "accounts_link", ["kind", "issuer", "subject"], unique: true, filter: "ended_at IS NULL");

        migrationBuilder.CreateTable(
            "accounts_granted_role",
            table => new
            {
                id = table.Column<Guid>(),
                user = table.Column<Guid>(),
                role = table.Column<string>(),
                unit = table.Column<Guid>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
                document = table.Column<string>(),
                granted_by = table.Column<Guid>(),
                granted_by_name = table.Column<string>(),
                granted_at = table.Column<DateTime>(),
                revoked_at = table.Column<DateTime>(nullable: true),
                revoked_by = table.Column<Guid>(nullable: true),
                revoked_by_name = table.Column<string>(nullable: true),
                revoke_reason = table.Column<string>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_granted_role", t => t.id);
                table.ForeignKey("fk_accounts_granted_role_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_granted_role_user", "accounts_granted_role", "user");
        migrationBuilder.CreateIndex("ix_accounts_granted_role_unit", "accounts_granted_role", ["unit", "role"]);

        migrationBuilder.CreateTable(
            "accounts_access_review",
            table => new
            {
                id = table.Column<Guid>(),
                user = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                seen = table.Column<string>(),
                note = table.Column<string>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_access_review", t => t.id);
                table.ForeignKey("fk_accounts_access_review_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_access_review_user", "accounts_access_review", ["user", "at"]);

        migrationBuilder.CreateTable(
            "accounts_session",
            table => new
            {
                id = table.Column<Guid>(),
                user = table.Column<Guid>(),
                opened_at = table.Column<DateTime>(),
                seen_at = table.Column<DateTime>(),
                ended_at = table.Column<DateTime>(nullable: true),
                end_reason = table.Column<string>(nullable: true),
                address = table.Column<string>(nullable: true),
                port = table.Column<int>(nullable: true),
                agent = table.Column<string>(nullable: true),
                method = table.Column<string>(),
                has_second_factor = table.Column<bool>(),
                security_stamp = table.Column<string>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_accounts_session", t => t.id);
                table.ForeignKey("fk_accounts_session_user", t => t.user, "accounts_user", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_accounts_session_user", "accounts_session", ["user", "ended_at"]);

        migrationBuilder.CreateTable(
            "shared_parameter",
            table => new
            {
                id = table.Column<Guid>(),
                key = table.Column<string>(),
                value = table.Column<string>(),
                basis = table.Column<string>(),
                certainty = table.Column<string>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
                set_by = table.Column<Guid>(),
                set_by_name = table.Column<string>(),
                set_at = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_shared_parameter", t => t.id));
        migrationBuilder.CreateIndex("ix_shared_parameter_key", "shared_parameter", ["key", "valid_from"]);
        M0001Storage.AppendOnly(migrationBuilder, "shared_parameter");
    }
}
