using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>
/// Once a day: opens the periods of recurring tasks, proposes units that joined a class, makes the reminders of the day. Each step is
/// idempotent, so a missed day is made up and a second run adds nothing. No status is computed here: status needs no nightly job.
/// </summary>
public sealed class DailyRound(
    IDbContextFactory<PlatformDb> databases, ProposeNewMembers members, TaskIndex index, TimeProvider clock, ILogger<DailyRound> log) : IJobHandler
{
    public const string JobKind = "plans.daily";

    /// <summary>Reminders of days on which the node was off are still worth sending for a week; older ones only confuse.</summary>
    private const int CatchUpDays = 7;

    /// <summary>A write of some hundredths of a second: nobody who saves meanwhile notices that they waited for it.</summary>
    private const int RemindersPerWrite = 100;

    public sealed record Order(DateOnly Day);

    public string Kind => JobKind;

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var today = WorkCalendar.Today(clock);
        await OpenOccurrencesAsync(today, cancellationToken);
        await members.HandleAsync(cancellationToken);
        var made = await MakeRemindersAsync(today, cancellationToken);
        log.RemindersMade(made, today.ToString("yyyy-MM-dd", null));
        await ScheduleAsync(databases, clock, today.AddDays(1), cancellationToken);
    }

    /// <summary>Queues the round of that day, once.</summary>
    public static async Task ScheduleAsync(IDbContextFactory<PlatformDb> databases, TimeProvider clock, DateOnly day, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(clock);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = $"{JobKind}:{day:yyyy-MM-dd}";
        if (await db.Jobs.AnyAsync(j => j.Key == key, cancellationToken)) return;
        var start = Vietnamese.StartOf(day).AddHours(0.25) - clock.GetUtcNow();
        db.Enqueue(JobKind, new Order(day), clock, key, start > TimeSpan.Zero ? start : TimeSpan.Zero);
        try { await db.SaveChangesAsync(cancellationToken); }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested) { /* Another node queued the same day: the key is unique. */ }
    }

    /// <summary>
    /// A row for every period that has begun, and the task turned to the oldest one not done: what was missed stays late until it is done
    /// (monitoring §2.2).
    /// </summary>
    public async Task<int> OpenOccurrencesAsync(DateOnly today, CancellationToken cancellationToken)
    {
        List<TaskId> recurring;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            recurring = await db.Tasks.AsNoTracking()
                .Where(t => t.IsIssued && t.CancelledOn == null && t.PausedOn == null && t.RecurrenceCycle != null && t.RecurrenceCycle != RecurrenceCycle.Continuous && t.RecurrenceCycle != RecurrenceCycle.Daily)
                .Select(t => t.Id).ToListAsync(cancellationToken);
        }

        var opened = 0;
        foreach (var id in recurring)
        {
            await using var work = await PlansWork.BeginAsync(databases, CurrentUser.System, clock, cancellationToken);
            if (await work.FindTaskAsync(id, cancellationToken) is not { RecurrenceCycle: { } } task) continue;
            var plan = await work.Db.Plans.AsNoTracking().SingleAsync(p => p.Id == task.Plan, cancellationToken);
            var known = await work.Db.Occurrences.Where(o => o.Task == id).ToListAsync(cancellationToken);
            var changed = false;
            foreach (var (period, due) in Periods.Of(task, plan.InForceFrom, today))
            {
                if (known.Any(o => o.Period == period)) continue;
                var occurrence = new Occurrence { Id = Guid.CreateVersion7(work.Now), Task = id, Period = period, Due = WorkCalendar.Vietnam.Applied(due, plan.MovesToWorkingDay), OpenedAt = work.Now };
                work.Db.Occurrences.Add(occurrence);
                known.Add(occurrence);
                changed = true;
                opened++;
            }

            if (task.DoneOn is { } done && known.FirstOrDefault(o => o.Due == task.OriginalDue && o.DoneOn is null) is { } finished)
            {
                finished.DoneOn = done;
                changed = true;
            }

            await work.PartsAsync(task, cancellationToken);
            if (known.Where(o => o.DoneOn is null).MinBy(o => o.Due) is { } current && (task.OriginalDue != current.Due || task.DoneOn is not null))
            {
                work.Happened(task, null, TaskEventKind.OccurrenceOpened, day: current.Due, subject: current.Id, text: current.Period);
                changed = true;
            }

            if (changed) await work.CommitAsync(cancellationToken);
        }

        return opened;
    }

    /// <summary>Reminders at the offsets of the parameter around each deadline, then weekly; each exactly once (R-TSK-07).</summary>
    public async Task<int> MakeRemindersAsync(DateOnly today, CancellationToken cancellationToken)
    {
        var offsets = (await index.ParametersAsync(cancellationToken)).RemindOffsets;
        var first = today.AddDays(-CatchUpDays + 1);
        var (oldest, newest) = (first.AddDays(-400), today.AddDays(-offsets.Min()));
        var wanted = new List<(Reminder Reminder, AssignmentRole Role)>();
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var known = (await db.Reminders.AsNoTracking().Where(r => r.On >= first).Select(r => new { r.Assignment, r.Due, r.Offset }).ToListAsync(cancellationToken)).Select(r => (r.Assignment, r.Due, r.Offset)).ToHashSet();
            var parts = await (
                from a in db.Assignments.AsNoTracking()
                join t in db.Tasks on a.Task equals t.Id
                where t.IsIssued && a.Unit != null && a.DoneOn == null && a.EndedOn == null && a.CancelledOn == null && a.PausedOn == null && (a.Role == AssignmentRole.Lead || a.Role == AssignmentRole.CoLead)
                    && (a.RevisedDue ?? a.OriginalDue) != null && (a.RevisedDue ?? a.OriginalDue) >= oldest && (a.RevisedDue ?? a.OriginalDue) <= newest
                select new { a.Id, a.Task, Unit = a.Unit!.Value, a.Role, Due = (a.RevisedDue ?? a.OriginalDue)!.Value, a.IssuedOn }).ToListAsync(cancellationToken);
            var now = clock.GetUtcNow();
            foreach (var part in parts)
            {
                for (var day = first; day <= today; day = day.AddDays(1))
                {
                    var offset = day.DayNumber - part.Due.DayNumber;
                    var weekly = offset > offsets.Max() && (offset - offsets.Max()) % 7 == 0;
                    if ((!offsets.Contains(offset) && !weekly) || part.IssuedOn > day || !known.Add((part.Id, part.Due, offset))) continue;
                    wanted.Add((new Reminder { Id = Guid.CreateVersion7(now), Assignment = part.Id, Task = part.Task, Unit = part.Unit, Due = part.Due, Offset = offset, On = day, At = now }, part.Role));
                }
            }
        }

        // In small writes with rests between them: while a province of a hundred thousand tasks is reminded, officers go on reporting.
        foreach (var some in wanted.Chunk(RemindersPerWrite))
        {
            var began = clock.GetTimestamp();
            await using (var work = await PlansWork.BeginAsync(databases, CurrentUser.System, clock, cancellationToken))
            {
                foreach (var (reminder, role) in some)
                {
                    work.Db.Reminders.Add(reminder);
                    work.Noted(reminder.Task, reminder.Assignment, role, TaskEventKind.Reminded, reminder.Due, reminder.Id);
                }

                await work.CommitAsync(cancellationToken);
            }

            if (wanted.Count > RemindersPerWrite) await Task.Delay(clock.GetElapsedTime(began), cancellationToken);
        }

        return wanted.Count;
    }
}

/// <summary>The periods of a recurring task and the last day on time of each.</summary>
internal static class Periods
{
    /// <summary>More periods than this lie in no plan; a wrong start date must not fill the table.</summary>
    private const int Max = 400;

    public static IReadOnlyList<(string Period, DateOnly Due)> Of(GovernanceTask task, DateOnly from, DateOnly today)
    {
        var periods = new List<(string, DateOnly)>();
        if (task.RecurrenceCycle is not { } cycle) return periods;
        if (cycle is RecurrenceCycle.Weekly or RecurrenceCycle.Fortnightly)
        {
            var length = cycle is RecurrenceCycle.Weekly ? 7 : 14;
            for (var day = from; day <= today && periods.Count < Max; day = day.AddDays(length)) periods.Add(($"{day:yyyy-MM-dd}", day.AddDays(length - 1)));
            return periods;
        }

        var kind = cycle switch
        {
            RecurrenceCycle.Monthly => PeriodKind.Month,
            RecurrenceCycle.Quarterly => PeriodKind.Quarter,
            RecurrenceCycle.HalfYearly => PeriodKind.Half,
            RecurrenceCycle.NineMonthly => PeriodKind.NineMonths,
            _ => PeriodKind.Year,
        };
        for (var period = ReportingPeriod.Containing(kind, from); period.From <= today && periods.Count < Max; period = ReportingPeriod.Containing(kind, Next(period)))
        {
            var due = DueOf(task, period);
            if (due >= from) periods.Add((period.ToString(), due));
        }

        return periods;
    }

    private static DateOnly Next(ReportingPeriod period) => period.Kind is PeriodKind.NineMonths ? new DateOnly(period.Year + 1, 1, 1) : period.To.AddDays(1);

    private static DateOnly DueOf(GovernanceTask task, ReportingPeriod period)
    {
        if (period.Kind is PeriodKind.Year && task.RecurrenceMonth is { } month and >= 1 and <= 12) return Day(task.RecurrenceFollowingPeriod ? period.Year + 1 : period.Year, month, task.RecurrenceDay);
        if (task.RecurrenceDay is null) return period.To;
        var at = task.RecurrenceFollowingPeriod ? period.To.AddDays(1) : period.To;
        return Day(at.Year, at.Month, task.RecurrenceDay);
    }

    /// <summary>"Ngày 31" of a month of thirty days is its last day.</summary>
    private static DateOnly Day(int year, int month, int? day) => new(year, month, Math.Clamp(day ?? 31, 1, DateTime.DaysInMonth(year, month)));
}

/// <summary>Queues the round of today when the host starts; each round queues the next.</summary>
internal sealed class StartDailyRound(IDbContextFactory<PlatformDb> databases, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => DailyRound.ScheduleAsync(databases, clock, WorkCalendar.Today(clock), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
