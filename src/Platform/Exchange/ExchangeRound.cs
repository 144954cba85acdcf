using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>
/// Once a day: writes into the history that silence climbed a level, so that whoever must act now is told (R-SHR-02, R-SHR-10). The level itself needs no
/// job: it is computed. A second run adds nothing, and a missed day is made up.
/// </summary>
public sealed class ExchangeRound(IDbContextFactory<PlatformDb> databases, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<ExchangeRound> log) : IJobHandler
{
    public const string JobKind = "exchange.daily";

    public sealed record Order(DateOnly Day);

    public string Kind => JobKind;

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var count = await HandleAsync(cancellationToken);
        if (count > 0) log.Escalated(count);
        await ScheduleAsync(databases, clock, WorkCalendar.Today(clock).AddDays(1), cancellationToken);
    }

    public async Task<int> HandleAsync(CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
        var count = 0;
        foreach (var request in work.Book.Requests.Values)
        {
            if (RequestStanding.Of(work.Book, request, work.Now, terms, calendar) is not { Climb: { } climb } || IsNoted(work.Book, request.Id.Value, climb)) continue;
            work.Happened(request.Id.Value, ExchangeEventKind.Escalated, day: climb.Since, word: climb.Level.ToString());
            work.Publish(new SharingRequestMoved(request.Id, "escalated"));
            count++;
        }

        foreach (var dispute in work.Book.Disputes.Values)
        {
            var standing = DisputeStanding.Of(work.Book, dispute, work.Now, terms, calendar);
            if (standing.State is not DisputeState.Open || standing.Climb.Level is DisputeLevel.Party || IsNoted(work.Book, dispute.Id.Value, standing.Climb)) continue;
            work.Happened(dispute.Id.Value, ExchangeEventKind.Escalated, day: standing.Climb.Since, word: standing.Climb.Level.ToString());
            count++;
        }

        if (count > 0) await work.CommitAsync(cancellationToken);
        return count;
    }

    public static async Task ScheduleAsync(IDbContextFactory<PlatformDb> databases, TimeProvider clock, DateOnly day, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(clock);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = $"{JobKind}:{day:yyyy-MM-dd}";
        if (await db.Jobs.AnyAsync(j => j.Key == key, cancellationToken)) return;
        var start = Vietnamese.StartOf(day).AddMinutes(5);
        var now = clock.GetUtcNow();
        db.Enqueue(JobKind, new Order(day), clock, key, start > now ? start - now : TimeSpan.Zero);
        try { await db.SaveChangesAsync(cancellationToken); }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested) { /* Another node queued the same day. */ }
    }

    private static bool IsNoted(ExchangeBook book, Guid subject, Escalation climb) =>
        book.EventsOf(subject).Any(e => e.Kind is ExchangeEventKind.Escalated && e.Word == climb.Level.ToString() && e.Day == climb.Since);
}

internal sealed class StartExchange(IDbContextFactory<PlatformDb> databases, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ExchangeRound.ScheduleAsync(databases, clock, WorkCalendar.Today(clock), cancellationToken);
        await PublishRoutes.ScheduleFirstAsync(databases, clock, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
