using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Registry.Schema;

/// <summary>The organisation registry. Periods are days, both inclusive. Nothing here is deleted: units end, names and places close.</summary>
[DbContext(typeof(PlatformDb))]
[Migration("2026112210_Registry")]
public sealed class M10Registry : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "registry_unit",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(maxLength: 64),
                is_in_tree = table.Column<bool>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
                source = table.Column<string>(nullable: true),
                certainty = table.Column<string>(nullable: true),
                modified_at = table.Column<DateTime>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_registry_unit", t => t.id));
        migrationBuilder.CreateIndex("ix_registry_unit_code", "registry_unit", "code", unique: true);
        migrationBuilder.CreateIndex("ix_registry_unit_modified", "registry_unit", ["modified_at", "id"]);

        migrationBuilder.CreateTable(
            "registry_unit_name",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                name = table.Column<string>(),
                short_name = table.Column<string>(),
                kind = table.Column<string>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_unit_name", t => t.id);
                table.ForeignKey("fk_registry_unit_name_unit", t => t.unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_unit_name_from", "registry_unit_name", ["unit", "valid_from"], unique: true);

        migrationBuilder.CreateTable(
            "registry_unit_place",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                parent = table.Column<Guid>(nullable: true),
                official_order = table.Column<int>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_unit_place", t => t.id);
                table.ForeignKey("fk_registry_unit_place_unit", t => t.unit, "registry_unit", "id");
                table.ForeignKey("fk_registry_unit_place_parent", t => t.parent, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_unit_place_from", "registry_unit_place", ["unit", "valid_from"], unique: true);

        migrationBuilder.CreateTable(
            "registry_unit_identifier",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                scheme = table.Column<string>(),
                value = table.Column<string>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_unit_identifier", t => t.id);
                table.ForeignKey("fk_registry_unit_identifier_unit", t => t.unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_unit_identifier_value", "registry_unit_identifier", ["scheme", "value"]);
        migrationBuilder.CreateIndex("ix_registry_unit_identifier_unit", "registry_unit_identifier", "unit");

        migrationBuilder.CreateTable(
            "registry_class",
            table => new
            {
                id = table.Column<Guid>(),
                code = table.Column<string>(),
                name = table.Column<string>(),
                kinds = table.Column<string>(),
                under = table.Column<Guid>(nullable: true),
                includes = table.Column<string>(),
                words = table.Column<string>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
                source = table.Column<string>(nullable: true),
                certainty = table.Column<string>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_registry_class", t => t.id));
        migrationBuilder.CreateIndex("ix_registry_class_code", "registry_class", "code", unique: true);

        migrationBuilder.CreateTable(
            "registry_class_member",
            table => new
            {
                id = table.Column<Guid>(),
                @class = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                is_excluded = table.Column<bool>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_class_member", t => t.id);
                table.ForeignKey("fk_registry_class_member_class", t => t.@class, "registry_class", "id");
                table.ForeignKey("fk_registry_class_member_unit", t => t.unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_class_member_unit", "registry_class_member", ["class", "unit", "valid_from"], unique: true);

        migrationBuilder.CreateTable(
            "registry_alias",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(nullable: true),
                @class = table.Column<Guid>(nullable: true),
                text = table.Column<string>(),
                key = table.Column<string>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_alias", t => t.id);
                table.ForeignKey("fk_registry_alias_unit", t => t.unit, "registry_unit", "id");
                table.ForeignKey("fk_registry_alias_class", t => t.@class, "registry_class", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_alias_key", "registry_alias", "key");

        migrationBuilder.CreateTable(
            "registry_succession",
            table => new
            {
                id = table.Column<Guid>(),
                from_unit = table.Column<Guid>(),
                to_unit = table.Column<Guid>(nullable: true),
                kind = table.Column<string>(),
                share = table.Column<decimal>(nullable: true, precision: 9, scale: 6),
                document = table.Column<string>(nullable: true),
                date = table.Column<DateOnly>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_succession", t => t.id);
                table.ForeignKey("fk_registry_succession_from", t => t.from_unit, "registry_unit", "id");
                table.ForeignKey("fk_registry_succession_to", t => t.to_unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_succession_from", "registry_succession", "from_unit");
        migrationBuilder.CreateIndex("ix_registry_succession_to", "registry_succession", "to_unit");

        migrationBuilder.CreateTable(
            "registry_officer",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                post = table.Column<string>(),
                name = table.Column<string>(),
                title = table.Column<string>(nullable: true),
                phone = table.Column<string>(nullable: true),
                email = table.Column<string>(nullable: true),
                account = table.Column<Guid>(nullable: true),
                document = table.Column<string>(nullable: true),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_officer", t => t.id);
                table.ForeignKey("fk_registry_officer_unit", t => t.unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_officer_unit", "registry_officer", ["unit", "post", "valid_from"]);

        migrationBuilder.CreateTable(
            "registry_delegation",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                delegator = table.Column<Guid>(),
                delegator_name = table.Column<string>(),
                @delegate = table.Column<Guid>(),
                delegate_name = table.Column<string>(),
                form = table.Column<string>(),
                roles = table.Column<string>(),
                document = table.Column<string>(nullable: true),
                reason = table.Column<string>(nullable: true),
                valid_from = table.Column<DateOnly>(),
                last_day = table.Column<DateOnly>(),
                ended_on = table.Column<DateOnly>(nullable: true),
                ended_at = table.Column<DateTime>(nullable: true),
                created_at = table.Column<DateTime>(),
                version = table.Column<int>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_delegation", t => t.id);
                table.ForeignKey("fk_registry_delegation_unit", t => t.unit, "registry_unit", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_delegation_delegate", "registry_delegation", ["delegate", "last_day"]);
        migrationBuilder.CreateIndex("ix_registry_delegation_unit", "registry_delegation", "unit");

        migrationBuilder.CreateTable(
            "registry_external_system",
            table => new
            {
                code = table.Column<string>(),
                name = table.Column<string>(),
                @operator = table.Column<string>(nullable: true),
                required_for = table.Column<Guid>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_external_system", t => t.code);
                table.ForeignKey("fk_registry_external_system_class", t => t.required_for, "registry_class", "id");
            });

        migrationBuilder.CreateTable(
            "registry_external_account",
            table => new
            {
                id = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                system = table.Column<string>(),
                account_name = table.Column<string>(),
                issued_on = table.Column<DateOnly>(),
                status = table.Column<string>(),
                status_on = table.Column<DateOnly>(),
                document = table.Column<string>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_external_account", t => t.id);
                table.ForeignKey("fk_registry_external_account_unit", t => t.unit, "registry_unit", "id");
                table.ForeignKey("fk_registry_external_account_system", t => t.system, "registry_external_system", "code");
            });
        migrationBuilder.CreateIndex("ix_registry_external_account_name", "registry_external_account", ["system", "account_name"], unique: true);
        migrationBuilder.CreateIndex("ix_registry_external_account_unit", "registry_external_account", "unit");

        migrationBuilder.CreateTable(
            "registry_external_account_holder",
            table => new
            {
                id = table.Column<Guid>(),
                account = table.Column<Guid>(),
                name = table.Column<string>(),
                valid_from = table.Column<DateOnly>(),
                valid_to = table.Column<DateOnly>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_registry_external_account_holder", t => t.id);
                table.ForeignKey("fk_registry_external_account_holder_account", t => t.account, "registry_external_account", "id");
            });
        migrationBuilder.CreateIndex("ix_registry_external_account_holder_account", "registry_external_account_holder", "account");

        migrationBuilder.CreateTable(
            "registry_stamp",
            table => new { id = table.Column<int>(), value = table.Column<string>() },
            constraints: table => table.PrimaryKey("pk_registry_stamp", t => t.id));
        migrationBuilder.Sql("INSERT INTO registry_stamp (id, value) VALUES (1, 'empty');");
    }
}
