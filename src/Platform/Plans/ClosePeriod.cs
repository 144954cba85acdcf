using System.Text;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>The figures of a period, the same in the frozen file and computed again today.</summary>
public sealed record PeriodFigures(int Total, IReadOnlyDictionary<StatusGroup, int> ByStatus, int Overdue, int DueInPeriod, int DueDoneOnTimeOriginal, int DueDoneOnTimeRevised, int DoneInPeriod, int FiveClear, int Gap);

/// <summary>One task in a frozen period.</summary>
public sealed record FrozenTask(
    TaskId Task, PlanId Plan, int Ordinal, string LeadName, StatusGroup Group, DateOnly? OriginalDue, DateOnly? RevisedDue, DateOnly? DoneOn, decimal? PercentClaimed, decimal? PercentAccepted, decimal? PercentMeasured);

/// <param name="Adjustments">Tasks that stand otherwise at the same cut-off when asked today: later corrections, beside the frozen figures.</param>
public sealed record PeriodView(
    PeriodCloseId Id, string Period, DateOnly From, DateOnly To, DateTimeOffset ClosedAt, string ClosedBy, string Digest, int Tasks, PeriodFigures Frozen, PeriodFigures Now,
    IReadOnlyList<PeriodAdjustment> Adjustments, bool IsIntact);

public sealed record PeriodAdjustment(TaskId Task, string LeadName, FrozenTask? Frozen, FrozenTask? Now);

public sealed record PeriodLine(PeriodCloseId? Id, string Period, DateOnly From, DateOnly To, DateTimeOffset? ClosedAt, string? ClosedBy, string? Digest, bool IsQueued);

/// <summary>
/// Freezes a period that is over (R-N57-07): the standing of every task at the end of its last day, as a file named by its own SHA-256, and one
/// row that points to it. The order is a durable job; killed in between, it is done again and gives the same digest.
/// </summary>
public sealed class ClosePeriod(IDbContextFactory<PlatformDb> databases, PlansAccess access, JobLoop jobs, TimeProvider clock)
{
    public const string JobKind = "plans.period.close";

    public sealed record Order(string Period, UserId By, string ByName, OrgUnitId Unit);

    public async Task<Result<Done>> HandleAsync(string? periodText, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ClosePeriod) is { } denied) return denied;
        if (!ReportingPeriod.TryParse(periodText?.Trim(), out var period)) return PlansRefusals.PeriodInvalid(periodText ?? "");
        if (period.To >= access.Today) return PlansRefusals.PeriodNotOver(period.ToString());
        var (name, key) = (period.ToString(), JobKind + ":" + period);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.PeriodCloses.AnyAsync(p => p.Period == name, cancellationToken)) return PlansRefusals.PeriodClosed(name);
        if (!await work.Db.Jobs.AnyAsync(j => j.Key == key, cancellationToken))
        {
            work.Db.Enqueue(JobKind, new Order(name, access.User.Id, access.User.Name, access.User.Unit), clock, key);
            work.Audit("plans.period.close-ordered", "period", name, note: access.Delegation(Permission.ClosePeriod));
        }

        await work.CommitAsync(cancellationToken);
        jobs.Wake();
        return default(Done);
    }
}

/// <summary>Does the freezing. Idempotent: the digest follows from the facts at the cut-off, the period's row is unique.</summary>
public sealed class FreezePeriod(IDbContextFactory<PlatformDb> databases, TaskIndex index, BlobStore blobs, TimeProvider clock, ILogger<FreezePeriod> log) : IJobHandler
{
    public string Kind => ClosePeriod.JobKind;

    /// <summary>A place where tests pull the plug: called after the file is stored, before its row is.</summary>
    internal Action? BeforeCommit { get; set; }

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var order = run.Read<ClosePeriod.Order>();
        if (!ReportingPeriod.TryParse(order.Period, out var period)) throw new InvalidDataException($"{order.Period} is no period.");
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (await db.PeriodCloses.AnyAsync(p => p.Period == order.Period, cancellationToken)) return;
        }

        var snapshot = await index.AsOfAsync(period.To, cancellationToken);
        var tasks = Freeze(snapshot, period.To, index.Parameters);
        var figures = FiguresOf(snapshot, period, index.Parameters);
        var text = new StringBuilder();
        text.Append(JsonSerializer.Serialize(new { period = order.Period, from = period.From, to = period.To, calendar = WorkCalendar.Vietnam.Version, figures }, ImportDraft.Json)).Append('\n');
        foreach (var task in tasks) text.Append(JsonSerializer.Serialize(task, ImportDraft.Json)).Append('\n');
        var blob = await blobs.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), cancellationToken, FrozenBytesMax) ?? throw new InvalidDataException("The frozen period is larger than its limit.");

        var by = new CurrentUser(order.By, order.ByName, order.Unit, "", [], null, null);
        await using var work = await PlansWork.BeginAsync(databases, by, clock, cancellationToken);
        if (await work.Db.PeriodCloses.AnyAsync(p => p.Period == order.Period, cancellationToken)) return;
        var close = new PeriodClose
        {
            Id = StrongId.New<PeriodCloseId>(clock),
            Period = order.Period,
            From = period.From,
            To = period.To,
            ClosedAt = work.Now,
            ClosedBy = order.By,
            ClosedByName = order.ByName,
            Digest = blob.Sha256,
            Tasks = tasks.Count,
            Figures = JsonSerializer.Serialize(figures, ImportDraft.Json),
        };
        work.Db.PeriodCloses.Add(close);
        work.Audit("plans.period.closed", "period", order.Period, after: new { close.Digest, close.Tasks });
        work.Publish(new PeriodWasClosed(close.Id, order.Period, close.Digest));
        BeforeCommit?.Invoke();
        await work.CommitAsync(cancellationToken);
        log.PeriodClosed(order.Period, tasks.Count, blob.Sha256);
    }

    /// <summary>100,000 tasks at some 400 bytes a line, five times over.</summary>
    private const long FrozenBytesMax = 200L * 1024 * 1024;

    internal static List<FrozenTask> Freeze(TaskSnapshot snapshot, DateOnly asOf, PlansParameters parameters) =>
        [.. snapshot.Rows.Where(r => r.IsIssued).OrderBy(r => r.Id.Value).Select(r => new FrozenTask(
            r.Id, r.Plan, r.Ordinal, r.LeadName, Standing.Of(r, asOf, parameters, r.CadenceDays).Group, r.OriginalDue, r.RevisedDue, r.DoneOn, r.PercentClaimed, r.PercentAccepted, r.PercentMeasured))];

    internal static PeriodFigures FiguresOf(TaskSnapshot snapshot, ReportingPeriod period, PlansParameters parameters)
    {
        var byStatus = Enum.GetValues<StatusGroup>().ToDictionary(g => g, _ => 0);
        var (total, overdue, due, onTime, onTimeRevised, doneIn, clear, gap) = (0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var row in snapshot.Rows.Where(r => r.IsIssued))
        {
            var standing = Standing.Of(row, period.To, parameters, row.CadenceDays);
            total++;
            byStatus[standing.Group]++;
            if (standing.IsOverdue) overdue++;
            if (row.Gaps.Length == 0) clear++;
            if (row.PercentMeasured is { } measured && row.PercentClaimed - measured > parameters.GapPoints) gap++;
            if (standing.IsDone && row.DoneOn >= period.From && row.DoneOn <= period.To) doneIn++;
            if (row.OriginalDue is not { } day || day < period.From || day > period.To || standing.Work is WorkState.Cancelled) continue;
            due++;
            if (standing.OnTimeOriginal is true) onTime++;
            if (standing.OnTimeRevised is true) onTimeRevised++;
        }

        return new PeriodFigures(total, byStatus, overdue, due, onTime, onTimeRevised, doneIn, clear, gap);
    }
}

/// <summary>Closed periods, each with what changed since.</summary>
public sealed class FindPeriods(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskIndex index, BlobStore blobs)
{
    public async Task<Result<IReadOnlyList<PeriodLine>>> ListAsync(CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewBoard)) return PlansRefusals.NotAllowed(nameof(Permission.ViewBoard));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var closed = await db.PeriodCloses.AsNoTracking().OrderByDescending(p => p.To).ThenBy(p => p.Period).Take(120).ToListAsync(cancellationToken);
        var queued = (await db.Jobs.AsNoTracking().Where(j => j.Kind == ClosePeriod.JobKind && j.DoneAt == null).Select(j => j.Key!).ToListAsync(cancellationToken)).Select(k => k[(ClosePeriod.JobKind.Length + 1)..]).ToHashSet();

        // What may be closed now: the last period of each kind that is over.
        var today = access.Today;
        var open = Enum.GetValues<PeriodKind>().Select(kind => LastOver(kind, today)).Where(p => closed.All(c => c.Period != p.ToString()))
            .Select(p => new PeriodLine(null, p.ToString(), p.From, p.To, null, null, null, queued.Contains(p.ToString())));
        return (List<PeriodLine>)[.. open, .. closed.Select(p => new PeriodLine(p.Id, p.Period, p.From, p.To, p.ClosedAt, p.ClosedByName, p.Digest, false))];
    }

    public async Task<Result<PeriodView>> HandleAsync(string periodText, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ViewBoard) is { } denied) return denied;
        if (!ReportingPeriod.TryParse(periodText, out var period)) return PlansRefusals.PeriodInvalid(periodText);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var name = period.ToString();
        if (await db.PeriodCloses.AsNoTracking().FirstOrDefaultAsync(p => p.Period == name, cancellationToken) is not { } close) return PlansRefusals.PeriodNotClosed(name);

        var frozen = new Dictionary<TaskId, FrozenTask>();
        string digest;
        using (var hash = System.Security.Cryptography.SHA256.Create())
        {
            await using (var file = blobs.Open(close.Digest)) digest = Convert.ToHexStringLower(await hash.ComputeHashAsync(file, cancellationToken));
            using var reader = new StreamReader(blobs.Open(close.Digest), Encoding.UTF8);
            await reader.ReadLineAsync(cancellationToken);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (JsonSerializer.Deserialize<FrozenTask>(line, ImportDraft.Json) is { } task) frozen[task.Task] = task;
            }
        }

        // The same cut-off with everything known today: what was corrected since, dated before or after.
        var snapshot = await index.AsOfAsync(period.To, cancellationToken);
        var now = FreezePeriod.Freeze(snapshot, period.To, index.Parameters).ToDictionary(t => t.Task);
        var current = await index.CurrentAsync(cancellationToken);
        foreach (var row in current.Rows.Where(r => r.IsIssued && now.ContainsKey(r.Id) && r.DoneOn <= period.To && now[r.Id].DoneOn is null))
        {
            // Submitted within the period, confirmed after it was closed.
            now[row.Id] = now[row.Id] with { DoneOn = row.DoneOn, PercentAccepted = row.PercentAccepted, Group = Standing.Of(row, period.To, index.Parameters, row.CadenceDays).Group };
        }

        var adjustments = frozen.Keys.Union(now.Keys).Where(id => frozen.GetValueOrDefault(id) != now.GetValueOrDefault(id))
            .Select(id => new PeriodAdjustment(id, (now.GetValueOrDefault(id) ?? frozen[id]).LeadName, frozen.GetValueOrDefault(id), now.GetValueOrDefault(id))).Take(1_000).ToList();
        return new PeriodView(
            close.Id, close.Period, close.From, close.To, close.ClosedAt, close.ClosedByName, close.Digest, close.Tasks, JsonSerializer.Deserialize<PeriodFigures>(close.Figures, ImportDraft.Json)!,
            FreezePeriod.FiguresOf(snapshot, period, index.Parameters), adjustments, digest == close.Digest);
    }

    private static ReportingPeriod LastOver(PeriodKind kind, DateOnly today)
    {
        for (var day = today.AddDays(-1); ; day = day.AddDays(-1))
        {
            var period = ReportingPeriod.Containing(kind, day);
            if (period.To < today) return period;
            day = period.From;
        }
    }
}
