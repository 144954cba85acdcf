using LienThong.Platform.Storage.Schema;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Exchange.Schema;

/// <summary>Systems, services, requests, agreements and what happened to them. Whatever says something is append-only on both engines.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112240_Exchange")]
public sealed class M2026112240Exchange : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "exchange_agreement",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                consumer = table.Column<Guid>(),
                consumer_subsystem = table.Column<Guid>(),
                created_at = table.Column<DateTime>(),
                major = table.Column<int>(),
                provider = table.Column<Guid>(),
                request = table.Column<Guid>(),
                service = table.Column<Guid>(),
                stamp = table.Column<long>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_agreement", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_agreement_code", "exchange_agreement", "code", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_agreement_stamp", "exchange_agreement", "stamp");

        migrationBuilder.CreateTable(
            "exchange_agreement_revision",
            table => new
            {
                id = table.Column<Guid>(),
                agreement = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                bodies = table.Column<string>(),
                burst = table.Column<int>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                deletion = table.Column<string>(),
                duties = table.Column<string>(),
                fields = table.Column<string>(),
                legal_basis = table.Column<string>(),
                method = table.Column<string>(),
                needs_receipt = table.Column<bool>(),
                number = table.Column<int>(),
                operations = table.Column<string>(),
                protection = table.Column<string>(),
                purpose = table.Column<string>(),
                quota_per_day = table.Column<long>(),
                rate_per_second = table.Column<int>(),
                reason = table.Column<string>(nullable: true),
                retention_days = table.Column<int>(),
                stamp = table.Column<long>(),
                valid_from = table.Column<DateOnly>(),
                valid_until = table.Column<DateOnly>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_agreement_revision", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_agreement_revision_agreement_number", "exchange_agreement_revision", ["agreement", "number"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_agreement_revision_stamp", "exchange_agreement_revision", "stamp");

        migrationBuilder.CreateTable(
            "exchange_credential",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                kind = table.Column<string>(),
                label = table.Column<string>(),
                public_jwk = table.Column<string>(nullable: true),
                stamp = table.Column<long>(),
                subsystem = table.Column<Guid>(),
                thumbprint = table.Column<string>(),
                valid_from = table.Column<DateTime>(),
                valid_until = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_credential", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_credential_thumbprint", "exchange_credential", "thumbprint", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_credential_stamp", "exchange_credential", "stamp");

        migrationBuilder.CreateTable(
            "exchange_dispute",
            table => new
            {
                id = table.Column<Guid>(),
                about = table.Column<Guid>(),
                code = table.Column<string>(),
                created_at = table.Column<DateTime>(),
                kind = table.Column<string>(),
                other = table.Column<Guid>(),
                raised_by = table.Column<Guid>(),
                stamp = table.Column<long>(),
                text = table.Column<string>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_dispute", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_dispute_code", "exchange_dispute", "code", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_dispute_stamp", "exchange_dispute", "stamp");

        migrationBuilder.CreateTable(
            "exchange_enterprise",
            table => new
            {
                id = table.Column<Guid>(),
                created_at = table.Column<DateTime>(),
                document = table.Column<string>(),
                duties = table.Column<string>(),
                enterprise = table.Column<Guid>(),
                given_by = table.Column<Guid>(),
                stamp = table.Column<long>(),
                valid_from = table.Column<DateOnly>(),
                valid_until = table.Column<DateOnly>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_enterprise", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_enterprise_stamp", "exchange_enterprise", "stamp");

        migrationBuilder.CreateTable(
            "exchange_event",
            table => new
            {
                number = table.Column<long>(),
                at = table.Column<DateTime>(),
                basis = table.Column<string>(nullable: true),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                day = table.Column<DateOnly>(nullable: true),
                days = table.Column<int>(nullable: true),
                document = table.Column<string>(nullable: true),
                effective_from = table.Column<DateTime>(nullable: true),
                effective_until = table.Column<DateTime>(nullable: true),
                kind = table.Column<string>(),
                subject = table.Column<Guid>(),
                target = table.Column<Guid>(nullable: true),
                text = table.Column<string>(nullable: true),
                word = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_exchange_event", t => t.number));
        migrationBuilder.CreateIndex("ix_exchange_event_subject_number", "exchange_event", ["subject", "number"]);

        migrationBuilder.CreateTable(
            "exchange_letter",
            table => new
            {
                id = table.Column<Guid>(),
                created_at = table.Column<DateTime>(),
                dated = table.Column<DateOnly>(),
                document = table.Column<string>(),
                from = table.Column<Guid>(),
                matches = table.Column<string>(),
                stamp = table.Column<long>(),
                text = table.Column<string>(),
                to = table.Column<Guid>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_letter", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_letter_stamp", "exchange_letter", "stamp");

        migrationBuilder.CreateTable(
            "exchange_request",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                consumer = table.Column<Guid>(),
                consumer_subsystem = table.Column<Guid>(),
                created_at = table.Column<DateTime>(),
                major = table.Column<int>(),
                provider = table.Column<Guid>(),
                service = table.Column<Guid>(),
                stamp = table.Column<long>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_request", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_request_code", "exchange_request", "code", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_request_stamp", "exchange_request", "stamp");

        migrationBuilder.CreateTable(
            "exchange_request_content",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                calls_per_day = table.Column<int>(),
                calls_per_second = table.Column<int>(),
                contact = table.Column<string>(),
                document = table.Column<string>(nullable: true),
                fields = table.Column<string>(),
                legal_basis = table.Column<string>(),
                number = table.Column<int>(),
                protection = table.Column<string>(),
                purpose = table.Column<string>(),
                request = table.Column<Guid>(),
                stamp = table.Column<long>(),
                wanted_from = table.Column<DateOnly>(),
                wanted_until = table.Column<DateOnly>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_request_content", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_request_content_request_number", "exchange_request_content", ["request", "number"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_request_content_stamp", "exchange_request_content", "stamp");

        migrationBuilder.CreateTable(
            "exchange_routes",
            table => new
            {
                number = table.Column<long>(),
                agreements = table.Column<int>(),
                digest = table.Column<string>(),
                envelope = table.Column<byte[]>(),
                made_at = table.Column<DateTime>(),
                valid_until = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_routes", t => t.number));

        migrationBuilder.CreateTable(
            "exchange_service",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                created_at = table.Column<DateTime>(),
                provider = table.Column<Guid>(),
                service_code = table.Column<string>(),
                stamp = table.Column<long>(),
                unit = table.Column<Guid>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_service", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_service_code", "exchange_service", "code", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_service_provider_service_code", "exchange_service", ["provider", "service_code"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_service_stamp", "exchange_service", "stamp");

        migrationBuilder.CreateTable(
            "exchange_service_revision",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                audience = table.Column<string>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                contact = table.Column<string>(),
                dataset = table.Column<string>(),
                is_verification_only = table.Column<bool>(),
                method = table.Column<string>(),
                name = table.Column<string>(),
                number = table.Column<int>(),
                quality = table.Column<string>(nullable: true),
                regulation = table.Column<string>(nullable: true),
                request_bytes_max = table.Column<long>(),
                response_bytes_max = table.Column<long>(),
                retries_idempotent = table.Column<bool>(),
                service = table.Column<Guid>(),
                service_level = table.Column<string>(nullable: true),
                stamp = table.Column<long>(),
                timeout_milliseconds = table.Column<int>(),
                upstreams = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_service_revision", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_service_revision_service_number", "exchange_service_revision", ["service", "number"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_service_revision_stamp", "exchange_service_revision", "stamp");

        migrationBuilder.CreateTable(
            "exchange_service_version",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                bytes = table.Column<long>(),
                kind = table.Column<string>(),
                major = table.Column<int>(),
                minor = table.Column<int>(),
                number = table.Column<int>(),
                patch = table.Column<int>(),
                previous = table.Column<Guid>(nullable: true),
                reading = table.Column<string>(),
                service = table.Column<Guid>(),
                sha256 = table.Column<string>(),
                stamp = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_service_version", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_service_version_service_major_minor_patch", "exchange_service_version", ["service", "major", "minor", "patch"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_service_version_stamp", "exchange_service_version", "stamp");

        migrationBuilder.CreateTable(
            "exchange_stamp",
            table => new
            {
                id = table.Column<int>(),
                last_agreement = table.Column<int>(),
                last_dispute = table.Column<int>(),
                last_event = table.Column<long>(),
                last_request = table.Column<int>(),
                last_routes = table.Column<long>(),
                number = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_stamp", t => t.id));

        migrationBuilder.CreateTable(
            "exchange_subsystem",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                created_at = table.Column<DateTime>(),
                member_class = table.Column<string>(),
                member_code = table.Column<string>(),
                name = table.Column<string>(),
                stamp = table.Column<long>(),
                system = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_subsystem", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_subsystem_member_class_member_code_code", "exchange_subsystem", ["member_class", "member_code", "code"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_subsystem_stamp", "exchange_subsystem", "stamp");

        migrationBuilder.CreateTable(
            "exchange_system",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                created_at = table.Column<DateTime>(),
                stamp = table.Column<long>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_exchange_system", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_system_code", "exchange_system", "code", unique: true);
        migrationBuilder.CreateIndex("ix_exchange_system_stamp", "exchange_system", "stamp");

        migrationBuilder.CreateTable(
            "exchange_system_revision",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                contract_end = table.Column<DateOnly>(nullable: true),
                hosting = table.Column<string>(nullable: true),
                importance = table.Column<string>(),
                ipv6 = table.Column<string>(),
                layer = table.Column<string>(),
                name = table.Column<string>(),
                number = table.Column<int>(),
                @operator = table.Column<Guid>(nullable: true),
                operator_name = table.Column<string>(nullable: true),
                owner = table.Column<Guid>(),
                personal_data = table.Column<string>(),
                purpose = table.Column<string>(),
                replaced_by = table.Column<Guid>(nullable: true),
                stamp = table.Column<long>(),
                system = table.Column<Guid>(),
                users = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_exchange_system_revision", t => t.id));
        migrationBuilder.CreateIndex("ix_exchange_system_revision_system_number", "exchange_system_revision", ["system", "number"], unique: true);
        migrationBuilder.CreateIndex("ix_exchange_system_revision_stamp", "exchange_system_revision", "stamp");

        M0001Storage.AppendOnly(migrationBuilder, "exchange_agreement_revision");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_credential");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_event");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_request_content");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_service_revision");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_service_version");
        M0001Storage.AppendOnly(migrationBuilder, "exchange_system_revision");
        migrationBuilder.InsertData(
            "exchange_stamp", ["id", "number", "last_event", "last_request", "last_agreement", "last_dispute", "last_routes"],
            ["int", "bigint", "bigint", "int", "int", "int", "bigint"], [1, 0L, 0L, 0, 0, 0, 0L]);
    }
}
