using System.Data.Common;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace LienThong.Platform.Plans.Sample;

/// <summary>What a bulk fill made.</summary>
public sealed record BulkReceipt(int Plans, int Tasks, int Parts, int Events, int FactsVersions);

/// <summary>
/// Fills an empty database with many simulated tasks, fast, for benchmarks: rows go in by prepared statements (SQLite) or COPY (PostgreSQL), but
/// every fact is folded from its events by the same code as everywhere, so that figures and rebuilds agree.
/// </summary>
public static class PlansBulk
{
    private const int TasksPerPlan = 50;

    /// <param name="tasks">100,000 in the benchmark.</param>
    /// <param name="eventsPerTask">10 in the benchmark; at least 3.</param>
    public static async Task<BulkReceipt> InsertAsync(
        IDbContextFactory<PlatformDb> databases, IReadOnlyList<(OrgUnitId Id, string Name)> units, TimeProvider clock, int tasks, int eventsPerTask, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(clock);
#pragma warning disable CA5394 // Simulated figures are repeatable by their seed; nothing secret is drawn.
        var random = new Random(seed);
        var now = clock.GetUtcNow();
        var today = Vietnamese.DayOf(now);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stamp = await db.PlansStamps.SingleAsync(s => s.Id == 1, cancellationToken);
        var (number, plans, partCount, eventCount, versionCount) = (stamp.LastEvent, 0, 0, 0, 0);
        stamp.Number++;
        stamp.PastNumber = stamp.Number;
        string[] subjects = ["kết nối cơ sở dữ liệu đất đai", "số hóa hồ sơ lưu trữ", "đào tạo kỹ năng số", "đánh giá an toàn thông tin", "cắt giảm thủ tục hành chính", "làm sạch dữ liệu hộ tịch", "triển khai nền tảng họp trực tuyến"];
        for (var first = 0; first < tasks; first += TasksPerPlan * 20)
        {
            var (planRows, directives, taskRows, parts, events, versions) = (new List<Plan>(), new List<Directive>(), new List<GovernanceTask>(), new List<Assignment>(), new List<TaskEvent>(), new List<FactsVersion>());
            for (var i = first; i < Math.Min(tasks, first + (TasksPerPlan * 20)); i++)
            {
                if (i % TasksPerPlan == 0)
                {
                    var issued = today.AddDays(-random.Next(30, 900));
                    var directive = new Directive { Id = DirectiveId.From(Guid.CreateVersion7(now)), Number = $"{i / TasksPerPlan + 1}/KH-UBND", Kind = "Kế hoạch", IssuedOn = issued, Excerpt = "Dữ liệu mô phỏng" };
                    directives.Add(directive);
                    planRows.Add(new Plan
                    {
                        Id = PlanId.From(Guid.CreateVersion7(now)),
                        Directive = directive.Id,
                        Name = directive.Number,
                        Subject = "Kế hoạch mô phỏng",
                        IssuedOn = issued,
                        InForceFrom = issued,
                        CalendarVersion = "",
                        CreatedAt = now,
                        CreatedBy = default,
                        IssuedAt = Vietnamese.StartOf(issued),
                        WasIssuedElsewhere = true,
                    });
                    plans++;
                }

                var plan = planRows[^1];
                var lead = units[random.Next(units.Count)];
                var due = plan.InForceFrom.AddDays(random.Next(20, 700));
                var content = $"Nhiệm vụ {i + 1}: {subjects[random.Next(subjects.Length)]} tại {lead.Name}, giai đoạn {random.Next(1, 5)}";
                var task = new GovernanceTask
                {
                    Id = TaskId.From(Guid.CreateVersion7(now)),
                    Plan = plan.Id,
                    Ordinal = (i % TasksPerPlan) + 1,
                    Number = $"{(i % TasksPerPlan) + 1}",
                    GroupPath = $"{(i % 5) + 1}. Nhóm",
                    Content = content,
                    LegalText = content,
                    Product = "Báo cáo",
                    DeadlineText = Vietnamese.Day(due),
                    DeadlineRule = DeadlineRule.On,
                    LeadUnit = lead.Id,
                    LeadName = lead.Name,
                    LeadsAsWritten = lead.Name,
                    IsIssued = true,
                    Stamp = stamp.Number,
                    Gaps = i % 9 == 0 ? "K" : "",
                };
                task.Search = ConfirmPlanImport.SearchText(task, plan);
                var own = new List<Assignment>();
                own.Add(Part(task, lead.Id, AssignmentRole.Lead, 0, lead.Name));
                var other = units[random.Next(units.Count)];
                if (other.Id != lead.Id) own.Add(Part(task, other.Id, AssignmentRole.Coordinate, 1, other.Name));
                task.Participants = TaskIndex.WriteParticipants(own);

                DateTimeOffset? since = null;
                var happened = 0;
                void Happen(TaskEventKind kind, Assignment? part, DateOnly on, DateOnly? day = null, decimal? percent = null)
                {
                    var at = Vietnamese.StartOf(on).AddHours(1);
                    if (since is { } before && at <= before) at = before.AddMinutes(1);
                    if (at > now) at = now;
                    var fact = new TaskEvent { Number = ++number, Task = task.Id, Assignment = part?.Id, Role = part?.Role, Kind = kind, At = at, RecordedAt = at, By = default, ByName = "mô phỏng", ByUnit = lead.Id, Day = day, Percent = percent };
                    events.Add(fact);
                    FactsFold.Apply(part is null ? task : part, fact);
                    since = at;
                    happened++;
                }

                void Keep()
                {
                    FactsFold.RollUp(task, [.. own.Select(p => (p.Role, (FactsRow)p))]);
                    if (versions.Count > 0 && versions[^1].Task == task.Id)
                    {
                        if (versions[^1].From >= since!.Value) { versions[^1].CopyFrom(task); return; }
                        versions[^1].Until = since.Value;
                    }

                    var version = new FactsVersion { Task = task.Id, From = since!.Value, Until = FactsVersion.Open };
                    version.CopyFrom(task);
                    versions.Add(version);
                }

                Happen(TaskEventKind.Created, null, plan.InForceFrom, due);
                foreach (var part in own) Happen(TaskEventKind.Assigned, part, plan.InForceFrom, due);
                Keep();
                var on = plan.InForceFrom;
                var left = eventsPerTask - 1 - own.Count;
                for (var percent = 0m; left > 0 && on < today; left -= 2)
                {
                    on = on.AddDays(random.Next(5, 120));
                    if (on >= today) break;
                    percent = Math.Min(100, percent + random.Next(10, 50));
                    Happen(TaskEventKind.Reported, own[0], on, percent: percent);
                    Keep();
                    if (left > 1)
                    {
                        var decided = on.AddDays(random.Next(1, 6));
                        if (decided < today) Happen(random.Next(8) == 0 ? TaskEventKind.ReportReturned : TaskEventKind.ReportAccepted, own[0], decided, on, percent);
                        on = decided;
                    }

                    Keep();
                    if (percent >= 100) break;
                }

                // The stream of the benchmark is as long as asked: what is left are follow-ups, which change no fact.
                for (var rest = eventsPerTask - happened; rest > 0; rest--) Happen(TaskEventKind.FollowedUp, null, Min(on.AddDays(rest), today));
                taskRows.Add(task);
                parts.AddRange(own);
            }

            await CopyAsync(db, directives, cancellationToken);
            await CopyAsync(db, planRows, cancellationToken);
            await CopyAsync(db, taskRows, cancellationToken);
            await CopyAsync(db, parts, cancellationToken);
            await CopyAsync(db, events, cancellationToken);
            await CopyAsync(db, versions, cancellationToken);
            (partCount, eventCount, versionCount) = (partCount + parts.Count, eventCount + events.Count, versionCount + versions.Count);
        }
#pragma warning restore CA5394

        stamp.LastEvent = number;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlRawAsync("ANALYZE", cancellationToken);
        return new BulkReceipt(plans, tasks, partCount, eventCount, versionCount);

        Assignment Part(GovernanceTask task, OrgUnitId unit, AssignmentRole role, int order, string name) =>
            new() { Id = AssignmentId.From(Guid.CreateVersion7(now)), Task = task.Id, Unit = unit, Role = role, Order = order, AsWritten = name };

        static DateOnly Min(DateOnly a, DateOnly b) => a < b ? a : b;
    }

    /// <summary>Columns and conversions come from the model, so that this never disagrees with what EF itself would write.</summary>
    private static async Task CopyAsync<T>(PlatformDb db, List<T> rows, CancellationToken cancellationToken) where T : class
    {
        if (rows.Count == 0) return;
        var type = db.Model.FindEntityType(typeof(T))!;
        var properties = type.GetProperties().ToList();
        var columns = properties.Select(p => p.GetColumnName()).ToList();
        var read = properties.Select(p => Reader(p)).ToList();
        var quoted = string.Join(", ", columns.Select(c => '"' + c + '"'));
        var connection = db.Database.GetDbConnection();
        if (connection is NpgsqlConnection postgres)
        {
            await using var writer = await postgres.BeginBinaryImportAsync($"COPY {type.GetTableName()} ({quoted}) FROM STDIN (FORMAT BINARY)", cancellationToken);
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellationToken);
                foreach (var value in read)
                {
                    if (value(row) is { } given) await writer.WriteAsync(given, cancellationToken);
                    else await writer.WriteNullAsync(cancellationToken);
                }
            }

            await writer.CompleteAsync(cancellationToken);
            return;
        }

        await using var command = connection.CreateCommand();
        command.Transaction = db.Database.CurrentTransaction is { } current ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(current) : null;
#pragma warning disable CA2100 // Table and column names come from the model.
        command.CommandText = $"INSERT INTO {type.GetTableName()} ({quoted}) VALUES ({string.Join(", ", columns.Select((_, i) => "$p" + i))})";
#pragma warning restore CA2100
        var parameters = columns.Select((_, i) =>
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "$p" + i;
            command.Parameters.Add(parameter);
            return parameter;
        }).ToList();
        foreach (var row in rows)
        {
            for (var i = 0; i < parameters.Count; i++) parameters[i].Value = read[i](row) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static Func<object, object?> Reader(IProperty property)
    {
        var getter = property.GetGetter();
        var converter = property.GetTypeMapping().Converter ?? property.GetValueConverter();
        return converter is null ? getter.GetClrValue : row => getter.GetClrValue(row) is { } value ? converter.ConvertToProvider(value) : null;
    }
}
