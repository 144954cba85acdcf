using LienThong.Platform.Storage.Schema;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Plans.Schema;

/// <summary>Plans, tasks, their events and everything decided about them. The event stream is append-only on both engines.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112230_Plans")]
public sealed class M2026112230Plans : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "plans_assignment",
            table => new
            {
                id = table.Column<Guid>(),
                accepted_reports = table.Column<int>(),
                as_written = table.Column<string>(),
                cancelled_on = table.Column<DateOnly>(nullable: true),
                @class = table.Column<Guid>(nullable: true),
                claimed_done_on = table.Column<DateOnly>(nullable: true),
                continues = table.Column<bool>(),
                done_on = table.Column<DateOnly>(nullable: true),
                ended_on = table.Column<DateOnly>(nullable: true),
                extensions = table.Column<int>(),
                first_movement_on = table.Column<DateOnly>(nullable: true),
                is_returned = table.Column<bool>(),
                issued_on = table.Column<DateOnly>(nullable: true),
                last_movement_on = table.Column<DateOnly>(nullable: true),
                open_obstacles = table.Column<int>(),
                order = table.Column<int>(),
                original_due = table.Column<DateOnly>(nullable: true),
                own_due = table.Column<DateOnly>(nullable: true),
                part_text = table.Column<string>(nullable: true),
                parts = table.Column<int>(),
                parts_done = table.Column<int>(),
                parts_moved = table.Column<int>(),
                paused_on = table.Column<DateOnly>(nullable: true),
                pending_extensions = table.Column<int>(),
                pending_reports = table.Column<int>(),
                percent_accepted = table.Column<decimal>(nullable: true),
                percent_claimed = table.Column<decimal>(nullable: true),
                percent_measured = table.Column<decimal>(nullable: true),
                revised_due = table.Column<DateOnly>(nullable: true),
                role = table.Column<string>(),
                task = table.Column<Guid>(),
                unit = table.Column<Guid>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_assignment", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_assignment_task", "plans_assignment", "task");
        migrationBuilder.CreateIndex("ix_plans_assignment_unit_done_on", "plans_assignment", ["unit", "done_on"]);

        migrationBuilder.CreateTable(
            "plans_directive",
            table => new
            {
                id = table.Column<Guid>(),
                effective_from = table.Column<DateOnly>(nullable: true),
                effective_to = table.Column<DateOnly>(nullable: true),
                excerpt = table.Column<string>(nullable: true),
                is_stub = table.Column<bool>(),
                issued_on = table.Column<DateOnly>(nullable: true),
                issuer = table.Column<string>(nullable: true),
                kind = table.Column<string>(nullable: true),
                number = table.Column<string>(nullable: true),
                sha256 = table.Column<string>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_directive", t => t.id));

        migrationBuilder.CreateTable(
            "plans_directive_alias",
            table => new
            {
                id = table.Column<Guid>(),
                alias = table.Column<string>(),
                directive = table.Column<Guid>(),
                key = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_directive_alias", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_directive_alias_key", "plans_directive_alias", "key");

        migrationBuilder.CreateTable(
            "plans_directive_parent",
            table => new
            {
                child = table.Column<Guid>(),
                parent = table.Column<Guid>(),
                cited_as = table.Column<string>(),
                order = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_directive_parent", t => new { t.child, t.parent }));

        migrationBuilder.CreateTable(
            "plans_event",
            table => new
            {
                number = table.Column<long>(),
                assignment = table.Column<Guid>(nullable: true),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                by_name = table.Column<string>(),
                by_unit = table.Column<Guid>(),
                day = table.Column<DateOnly>(nullable: true),
                document = table.Column<string>(nullable: true),
                kind = table.Column<string>(),
                percent = table.Column<decimal>(nullable: true),
                recorded_at = table.Column<DateTime>(),
                role = table.Column<string>(nullable: true),
                subject = table.Column<Guid>(nullable: true),
                task = table.Column<Guid>(),
                text = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_plans_event", t => t.number));
        migrationBuilder.CreateIndex("ix_plans_event_task_number", "plans_event", ["task", "number"]);

        migrationBuilder.CreateTable(
            "plans_evidence",
            table => new
            {
                id = table.Column<Guid>(),
                added_at = table.Column<DateTime>(),
                added_by = table.Column<Guid>(),
                bytes = table.Column<long>(nullable: true),
                content_type = table.Column<string>(nullable: true),
                dated = table.Column<DateOnly>(nullable: true),
                file_name = table.Column<string>(nullable: true),
                issuer = table.Column<string>(nullable: true),
                item = table.Column<Guid>(),
                kind = table.Column<string>(),
                reference = table.Column<string>(nullable: true),
                report = table.Column<Guid>(),
                sha256 = table.Column<string>(nullable: true),
                task = table.Column<Guid>(),
                title = table.Column<string>(),
                version_number = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_evidence", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_evidence_report", "plans_evidence", "report");
        migrationBuilder.CreateIndex("ix_plans_evidence_task", "plans_evidence", "task");

        migrationBuilder.CreateTable(
            "plans_extension",
            table => new
            {
                id = table.Column<Guid>(),
                asked_at = table.Column<DateTime>(),
                asked_by = table.Column<Guid>(),
                asked_by_unit = table.Column<Guid>(),
                asked_due = table.Column<DateOnly>(),
                assignment = table.Column<Guid>(nullable: true),
                decided_at = table.Column<DateTime>(nullable: true),
                decided_by = table.Column<Guid>(nullable: true),
                decided_by_name = table.Column<string>(nullable: true),
                decision_document = table.Column<string>(nullable: true),
                decision_text = table.Column<string>(nullable: true),
                granted = table.Column<bool>(nullable: true),
                new_due = table.Column<DateOnly>(nullable: true),
                old_due = table.Column<DateOnly>(nullable: true),
                reason = table.Column<string>(),
                request_document = table.Column<string>(nullable: true),
                task = table.Column<Guid>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_extension", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_extension_decided_at", "plans_extension", "decided_at");
        migrationBuilder.CreateIndex("ix_plans_extension_task", "plans_extension", "task");

        migrationBuilder.CreateTable(
            "plans_field_check",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                checklist = table.Column<string>(nullable: true),
                finding = table.Column<string>(),
                finding_due = table.Column<DateOnly>(nullable: true),
                measured_percent = table.Column<decimal>(nullable: true),
                on = table.Column<DateOnly>(),
                photo_sha256 = table.Column<string>(nullable: true),
                place = table.Column<string>(),
                task = table.Column<Guid>(),
                unit = table.Column<Guid>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_plans_field_check", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_field_check_task", "plans_field_check", "task");

        migrationBuilder.CreateTable(
            "plans_follow_up",
            table => new
            {
                id = table.Column<Guid>(),
                channel = table.Column<string>(),
                document = table.Column<string>(nullable: true),
                level = table.Column<string>(),
                sent_at = table.Column<DateTime>(),
                sent_by = table.Column<Guid>(),
                task = table.Column<Guid>(),
                text = table.Column<string>(),
                unit = table.Column<Guid>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_plans_follow_up", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_follow_up_task", "plans_follow_up", "task");

        migrationBuilder.CreateTable(
            "plans_import",
            table => new
            {
                id = table.Column<Guid>(),
                bytes = table.Column<long>(),
                confirmed_at = table.Column<DateTime>(nullable: true),
                confirmed_by = table.Column<Guid>(nullable: true),
                discarded_at = table.Column<DateTime>(nullable: true),
                extracted = table.Column<string>(nullable: true),
                file_name = table.Column<string>(),
                plan = table.Column<Guid>(nullable: true),
                read_at = table.Column<DateTime>(nullable: true),
                read_started_at = table.Column<DateTime>(nullable: true),
                refusal = table.Column<string>(nullable: true),
                sha256 = table.Column<string>(),
                uploaded_at = table.Column<DateTime>(),
                uploaded_by = table.Column<Guid>(),
                uploaded_by_name = table.Column<string>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_import", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_import_sha256", "plans_import", "sha256");

        migrationBuilder.CreateTable(
            "plans_import_decision",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                cell = table.Column<string>(),
                import = table.Column<Guid>(),
                kind = table.Column<string>(),
                ordinal = table.Column<int>(),
                undone_at = table.Column<DateTime>(nullable: true),
                value = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_plans_import_decision", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_import_decision_import", "plans_import_decision", "import");

        migrationBuilder.CreateTable(
            "plans_kpi",
            table => new
            {
                id = table.Column<Guid>(),
                baseline = table.Column<decimal>(nullable: true),
                code = table.Column<string>(),
                formula = table.Column<string>(nullable: true),
                kind = table.Column<string>(),
                lower_is_better = table.Column<bool>(),
                name = table.Column<string>(),
                owner_unit = table.Column<Guid>(nullable: true),
                parent = table.Column<Guid>(nullable: true),
                target = table.Column<decimal>(nullable: true),
                task = table.Column<Guid>(nullable: true),
                unit = table.Column<string>(),
                version = table.Column<int>(),
                weight = table.Column<decimal>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_kpi", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_kpi_code", "plans_kpi", "code", unique: true);

        migrationBuilder.CreateTable(
            "plans_kpi_actual",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                node = table.Column<Guid>(),
                on = table.Column<DateOnly>(),
                source = table.Column<string>(),
                value = table.Column<decimal>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_kpi_actual", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_kpi_actual_node_on", "plans_kpi_actual", ["node", "on"]);

        migrationBuilder.CreateTable(
            "plans_member_proposal",
            table => new
            {
                id = table.Column<Guid>(),
                accepted = table.Column<bool>(nullable: true),
                @class = table.Column<Guid>(),
                decided_at = table.Column<DateTime>(nullable: true),
                proposed_at = table.Column<DateTime>(),
                task = table.Column<Guid>(),
                unit = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_member_proposal", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_member_proposal_task_unit", "plans_member_proposal", ["task", "unit"], unique: true);

        migrationBuilder.CreateTable(
            "plans_milestone",
            table => new
            {
                id = table.Column<Guid>(),
                done_on = table.Column<DateOnly>(nullable: true),
                due = table.Column<DateOnly>(nullable: true),
                ordinal = table.Column<int>(),
                task = table.Column<Guid>(),
                text = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_milestone", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_milestone_task", "plans_milestone", "task");

        migrationBuilder.CreateTable(
            "plans_obstacle",
            table => new
            {
                id = table.Column<Guid>(),
                answer = table.Column<string>(nullable: true),
                answer_due = table.Column<DateOnly>(),
                answered_at = table.Column<DateTime>(nullable: true),
                answered_by = table.Column<Guid>(nullable: true),
                closed_at = table.Column<DateTime>(nullable: true),
                kind = table.Column<string>(),
                level = table.Column<string>(),
                number = table.Column<int>(),
                raised_at = table.Column<DateTime>(),
                raised_by = table.Column<Guid>(),
                raised_by_unit = table.Column<Guid>(),
                task = table.Column<Guid>(),
                text = table.Column<string>(),
                to_unit = table.Column<Guid>(nullable: true),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_obstacle", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_obstacle_task", "plans_obstacle", "task");
        migrationBuilder.CreateIndex("ix_plans_obstacle_closed_at_answer_due", "plans_obstacle", ["closed_at", "answer_due"]);

        migrationBuilder.CreateTable(
            "plans_occurrence",
            table => new
            {
                id = table.Column<Guid>(),
                done_on = table.Column<DateOnly>(nullable: true),
                due = table.Column<DateOnly>(),
                opened_at = table.Column<DateTime>(),
                period = table.Column<string>(),
                task = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_occurrence", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_occurrence_task_period", "plans_occurrence", ["task", "period"], unique: true);

        migrationBuilder.CreateTable(
            "plans_period_close",
            table => new
            {
                id = table.Column<Guid>(),
                closed_at = table.Column<DateTime>(),
                closed_by = table.Column<Guid>(),
                closed_by_name = table.Column<string>(),
                digest = table.Column<string>(),
                figures = table.Column<string>(),
                from = table.Column<DateOnly>(),
                note = table.Column<string>(nullable: true),
                period = table.Column<string>(),
                tasks = table.Column<int>(),
                to = table.Column<DateOnly>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_period_close", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_period_close_period", "plans_period_close", "period", unique: true);

        migrationBuilder.CreateTable(
            "plans_plan",
            table => new
            {
                id = table.Column<Guid>(),
                calendar_version = table.Column<string>(),
                campaign_from = table.Column<DateOnly>(nullable: true),
                campaign_to = table.Column<DateOnly>(nullable: true),
                closed_at = table.Column<DateTime>(nullable: true),
                created_at = table.Column<DateTime>(),
                created_by = table.Column<Guid>(),
                directive = table.Column<Guid>(),
                forbids_extension = table.Column<bool>(),
                in_force_from = table.Column<DateOnly>(),
                is_published = table.Column<bool>(),
                issued_at = table.Column<DateTime>(nullable: true),
                issued_by = table.Column<Guid>(nullable: true),
                issued_on = table.Column<DateOnly>(nullable: true),
                issuer = table.Column<string>(nullable: true),
                moves_to_working_day = table.Column<bool>(),
                name = table.Column<string>(),
                source_file_name = table.Column<string>(nullable: true),
                source_sha256 = table.Column<string>(nullable: true),
                subject = table.Column<string>(),
                version = table.Column<int>(),
                version_number = table.Column<int>(),
                version_of = table.Column<Guid>(nullable: true),
                was_issued_elsewhere = table.Column<bool>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_plan", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_plan_source_sha256", "plans_plan", "source_sha256", unique: true);

        migrationBuilder.CreateTable(
            "plans_reminder",
            table => new
            {
                id = table.Column<Guid>(),
                assignment = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                due = table.Column<DateOnly>(),
                offset = table.Column<int>(),
                on = table.Column<DateOnly>(),
                task = table.Column<Guid>(),
                unit = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_reminder", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_reminder_unit_on", "plans_reminder", ["unit", "on"]);
        migrationBuilder.CreateIndex("ix_plans_reminder_assignment_due_offset", "plans_reminder", ["assignment", "due", "offset"], unique: true);

        migrationBuilder.CreateTable(
            "plans_report",
            table => new
            {
                id = table.Column<Guid>(),
                accepted_percent = table.Column<decimal>(nullable: true),
                assignment = table.Column<Guid>(),
                author = table.Column<Guid>(),
                author_name = table.Column<string>(),
                created_at = table.Column<DateTime>(),
                decided_at = table.Column<DateTime>(nullable: true),
                decision = table.Column<string>(nullable: true),
                is_nil = table.Column<bool>(),
                narrative = table.Column<string>(),
                number = table.Column<int>(),
                percent = table.Column<decimal>(nullable: true),
                period = table.Column<string>(nullable: true),
                reason = table.Column<string>(nullable: true),
                reviewer = table.Column<Guid>(nullable: true),
                reviewer_name = table.Column<string>(nullable: true),
                reviewer_unit = table.Column<Guid>(nullable: true),
                submitted_at = table.Column<DateTime>(nullable: true),
                task = table.Column<Guid>(),
                unit = table.Column<Guid>(),
                version = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_report", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_report_task", "plans_report", "task");
        migrationBuilder.CreateIndex("ix_plans_report_assignment_number", "plans_report", ["assignment", "number"], unique: true);
        migrationBuilder.CreateIndex("ix_plans_report_decided_at_submitted_at", "plans_report", ["decided_at", "submitted_at"]);

        migrationBuilder.CreateTable(
            "plans_sampling",
            table => new
            {
                id = table.Column<Guid>(),
                checked_at = table.Column<DateTime>(nullable: true),
                checked_by = table.Column<Guid>(nullable: true),
                checked_by_unit = table.Column<Guid>(nullable: true),
                confirmed = table.Column<bool>(nullable: true),
                drawn_at = table.Column<DateTime>(),
                finding = table.Column<string>(nullable: true),
                measured_percent = table.Column<decimal>(nullable: true),
                period = table.Column<string>(),
                seed = table.Column<int>(),
                task = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_sampling", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_sampling_period_task", "plans_sampling", ["period", "task"], unique: true);

        migrationBuilder.CreateTable(
            "plans_saved_view",
            table => new
            {
                id = table.Column<Guid>(),
                created_at = table.Column<DateTime>(),
                name = table.Column<string>(),
                query = table.Column<string>(),
                user = table.Column<Guid>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_saved_view", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_saved_view_user_name", "plans_saved_view", ["user", "name"], unique: true);

        migrationBuilder.CreateTable(
            "plans_stamp",
            table => new
            {
                id = table.Column<int>(),
                last_event = table.Column<long>(),
                last_obstacle = table.Column<int>(),
                number = table.Column<long>(),
                past_number = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_stamp", t => t.id));

        migrationBuilder.CreateTable(
            "plans_target",
            table => new
            {
                id = table.Column<Guid>(),
                by = table.Column<DateOnly>(nullable: true),
                comparator = table.Column<string>(),
                ordinal = table.Column<int>(),
                task = table.Column<Guid>(),
                text = table.Column<string>(),
                unit = table.Column<string>(),
                value = table.Column<decimal>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_target", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_target_task", "plans_target", "task");

        migrationBuilder.CreateTable(
            "plans_target_value",
            table => new
            {
                id = table.Column<Guid>(),
                at = table.Column<DateTime>(),
                by = table.Column<Guid>(),
                on = table.Column<DateOnly>(),
                provenance = table.Column<string>(nullable: true),
                report = table.Column<Guid>(nullable: true),
                source = table.Column<string>(),
                target = table.Column<Guid>(nullable: true),
                task = table.Column<Guid>(),
                value = table.Column<decimal>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_target_value", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_target_value_task", "plans_target_value", "task");

        migrationBuilder.CreateTable(
            "plans_task",
            table => new
            {
                id = table.Column<Guid>(),
                accepted_reports = table.Column<int>(),
                answers_to = table.Column<string>(nullable: true),
                basis = table.Column<string>(nullable: true),
                cancelled_on = table.Column<DateOnly>(nullable: true),
                code = table.Column<string>(nullable: true),
                completed_and_continuing = table.Column<bool>(),
                content = table.Column<string>(),
                claimed_done_on = table.Column<DateOnly>(nullable: true),
                continues = table.Column<bool>(),
                coordinators_as_written = table.Column<string>(nullable: true),
                deadline_anchor = table.Column<string>(nullable: true),
                deadline_bound = table.Column<DateOnly>(nullable: true),
                deadline_confidence = table.Column<double>(),
                deadline_confirmed_by = table.Column<string>(nullable: true),
                deadline_offset = table.Column<int>(nullable: true),
                deadline_offset_unit = table.Column<string>(nullable: true),
                deadline_rule = table.Column<string>(),
                deadline_start = table.Column<DateOnly>(nullable: true),
                deadline_text = table.Column<string>(nullable: true),
                done_on = table.Column<DateOnly>(nullable: true),
                ended_on = table.Column<DateOnly>(nullable: true),
                extensions = table.Column<int>(),
                external_id = table.Column<string>(nullable: true),
                external_status = table.Column<string>(nullable: true),
                external_system = table.Column<string>(nullable: true),
                first_movement_on = table.Column<DateOnly>(nullable: true),
                gaps = table.Column<string>(),
                group_path = table.Column<string>(nullable: true),
                is_issued = table.Column<bool>(),
                is_published = table.Column<bool>(),
                is_returned = table.Column<bool>(),
                issued_on = table.Column<DateOnly>(nullable: true),
                last_movement_on = table.Column<DateOnly>(nullable: true),
                lead_class = table.Column<Guid>(nullable: true),
                lead_name = table.Column<string>(),
                lead_unit = table.Column<Guid>(nullable: true),
                leads_as_written = table.Column<string>(nullable: true),
                legal_text = table.Column<string>(nullable: true),
                note = table.Column<string>(nullable: true),
                number = table.Column<string>(nullable: true),
                open_obstacles = table.Column<int>(),
                ordinal = table.Column<int>(),
                original_due = table.Column<DateOnly>(nullable: true),
                parent = table.Column<Guid>(nullable: true),
                participants = table.Column<string>(),
                parts = table.Column<int>(),
                parts_done = table.Column<int>(),
                parts_moved = table.Column<int>(),
                paused_on = table.Column<DateOnly>(nullable: true),
                pending_extensions = table.Column<int>(),
                pending_reports = table.Column<int>(),
                percent_accepted = table.Column<decimal>(nullable: true),
                percent_claimed = table.Column<decimal>(nullable: true),
                percent_measured = table.Column<decimal>(nullable: true),
                plan = table.Column<Guid>(),
                product = table.Column<string>(nullable: true),
                recurrence_cycle = table.Column<string>(nullable: true),
                recurrence_day = table.Column<int>(nullable: true),
                recurrence_following_period = table.Column<bool>(),
                recurrence_month = table.Column<int>(nullable: true),
                revised_due = table.Column<DateOnly>(nullable: true),
                search = table.Column<string>(),
                source_column = table.Column<int>(nullable: true),
                source_page = table.Column<int>(nullable: true),
                source_row = table.Column<int>(nullable: true),
                stamp = table.Column<long>(),
                version = table.Column<int>(),
                warnings = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_plans_task", t => t.id));
        migrationBuilder.CreateIndex("ix_plans_task_stamp", "plans_task", "stamp");
        migrationBuilder.CreateIndex("ix_plans_task_external_system_external_id", "plans_task", ["external_system", "external_id"], unique: true);
        migrationBuilder.CreateIndex("ix_plans_task_plan_ordinal", "plans_task", ["plan", "ordinal"]);

        migrationBuilder.CreateTable(
            "plans_task_facts",
            table => new
            {
                task = table.Column<Guid>(),
                from = table.Column<DateTime>(),
                accepted_reports = table.Column<int>(),
                cancelled_on = table.Column<DateOnly>(nullable: true),
                claimed_done_on = table.Column<DateOnly>(nullable: true),
                continues = table.Column<bool>(),
                done_on = table.Column<DateOnly>(nullable: true),
                ended_on = table.Column<DateOnly>(nullable: true),
                extensions = table.Column<int>(),
                first_movement_on = table.Column<DateOnly>(nullable: true),
                is_returned = table.Column<bool>(),
                issued_on = table.Column<DateOnly>(nullable: true),
                last_movement_on = table.Column<DateOnly>(nullable: true),
                open_obstacles = table.Column<int>(),
                original_due = table.Column<DateOnly>(nullable: true),
                parts = table.Column<int>(),
                parts_done = table.Column<int>(),
                parts_moved = table.Column<int>(),
                paused_on = table.Column<DateOnly>(nullable: true),
                pending_extensions = table.Column<int>(),
                pending_reports = table.Column<int>(),
                percent_accepted = table.Column<decimal>(nullable: true),
                percent_claimed = table.Column<decimal>(nullable: true),
                percent_measured = table.Column<decimal>(nullable: true),
                revised_due = table.Column<DateOnly>(nullable: true),
                until = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("pk_plans_task_facts", t => new { t.task, t.from }));
        migrationBuilder.CreateIndex("ix_plans_task_facts_until", "plans_task_facts", "until");

        M0001Storage.AppendOnly(migrationBuilder, "plans_event");
        M0001Storage.AppendOnly(migrationBuilder, "plans_evidence");
        M0001Storage.AppendOnly(migrationBuilder, "plans_period_close");
        migrationBuilder.InsertData("plans_stamp", ["id", "number", "past_number", "last_event", "last_obstacle"], ["int", "bigint", "bigint", "bigint", "int"], [1, 0L, 0L, 0L, 0]);
    }
}
