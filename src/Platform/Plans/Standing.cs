namespace LienThong.Platform.Plans;

/// <summary>The axis of work (monitoring §3).</summary>
public enum WorkState { NotAssigned, NotStarted, InProgress, Done, DoneContinuing, Paused, Cancelled }

/// <summary>The axis of time. For what is done: whether it was on time by the original deadline.</summary>
public enum TimeState { NoDeadline, InTime, DueSoon, Overdue, DoneOnTime, DoneLate }

/// <summary>
/// The combinations shown, as a partition: every task is in exactly one. "Done continuing" counts as done; awaiting review and obstacles are
/// overlays, so that the six figures of a board add up to its total with the three rare ones.
/// </summary>
public enum StatusGroup { DoneOnTime, DoneLate, DoingInTime, DoingLate, NotStartedInTime, NotStartedLate, NotAssigned, Paused, Cancelled }

/// <summary>
/// Where a task stands on a day: a pure function of facts and that day (R-TSK-04). Nothing here is ever stored, so nothing can be missed
/// by a nightly job, and a late task stays late.
/// </summary>
/// <param name="Due">The deadline in force: revised, else original.</param>
/// <param name="DaysLeft">Days until <paramref name="Due"/>; negative when it has passed. Null when done or without deadline.</param>
/// <param name="LateByOriginal">The original deadline passed before it was done, whatever was granted later.</param>
/// <param name="OnTimeRevised">Done by the deadline in force.</param>
/// <param name="NextUpdateDue">When the next periodic update falls due, for continuous and done-and-continuing tasks (R-TSK-08).</param>
public readonly record struct Standing(
    WorkState Work, TimeState Time, StatusGroup Group, DateOnly? Due, int? DaysLeft, bool LateByOriginal, bool? OnTimeOriginal, bool? OnTimeRevised,
    bool AwaitsReview, bool HasObstacle, DateOnly? NextUpdateDue, bool IsUpdateLate)
{
    public bool IsDone => Work is WorkState.Done or WorkState.DoneContinuing;

    public bool IsOpen => Work is WorkState.NotAssigned or WorkState.NotStarted or WorkState.InProgress;

    public bool IsOverdue => Time is TimeState.Overdue;

    /// <param name="asOf">The day in Vietnam; its end counts.</param>
    /// <param name="cadenceDays">How often a continuous task must be updated (parameter task.update.cadence.days); 0 = not asked.</param>
    public static Standing Of(FactsRow facts, DateOnly asOf, PlansParameters parameters, int cadenceDays = 0)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(parameters);
        var due = facts.RevisedDue ?? facts.OriginalDue;
        var isDone = facts.DoneOn is { } done && done <= asOf;
        var work = facts switch
        {
            { CancelledOn: { } day } when day <= asOf => WorkState.Cancelled,
            _ when isDone => facts.Continues ? WorkState.DoneContinuing : WorkState.Done,
            { PausedOn: { } day } when day <= asOf => WorkState.Paused,
            { IssuedOn: null } => WorkState.NotAssigned,
            { FirstMovementOn: { } day } when day <= asOf => WorkState.InProgress,
            _ => WorkState.NotStarted,
        };

        bool? onTimeOriginal = isDone ? facts.OriginalDue is null || facts.DoneOn <= facts.OriginalDue : null;
        bool? onTimeRevised = isDone ? due is null || facts.DoneOn <= due : null;
        var lateByOriginal = facts.OriginalDue is { } original && (isDone ? facts.DoneOn > original : asOf > original);
        var time = work switch
        {
            WorkState.Done or WorkState.DoneContinuing => onTimeOriginal is true ? TimeState.DoneOnTime : TimeState.DoneLate,
            _ when due is null => TimeState.NoDeadline,
            WorkState.Cancelled or WorkState.Paused => TimeState.InTime,
            _ when due < asOf => TimeState.Overdue,
            _ when due.Value.DayNumber - asOf.DayNumber <= parameters.DueSoonDays => TimeState.DueSoon,
            _ => TimeState.InTime,
        };
        var late = time is TimeState.Overdue;
        var group = work switch
        {
            WorkState.Done or WorkState.DoneContinuing => onTimeOriginal is true ? StatusGroup.DoneOnTime : StatusGroup.DoneLate,
            WorkState.InProgress => late ? StatusGroup.DoingLate : StatusGroup.DoingInTime,
            WorkState.NotStarted => late ? StatusGroup.NotStartedLate : StatusGroup.NotStartedInTime,
            WorkState.Paused => StatusGroup.Paused,
            WorkState.Cancelled => StatusGroup.Cancelled,
            _ => StatusGroup.NotAssigned,
        };

        // A continuous task has no end to be late for; what it owes is an update in every cycle.
        var owesUpdates = cadenceDays > 0 && facts.IssuedOn is not null && (work is WorkState.DoneContinuing || (facts.OriginalDue is null && work is WorkState.NotStarted or WorkState.InProgress));
        var nextUpdate = owesUpdates ? Max(facts.LastMovementOn, facts.IssuedOn)?.AddDays(cadenceDays) : null;
        return new Standing(
            work, time, group, due, isDone || due is null ? null : due.Value.DayNumber - asOf.DayNumber, lateByOriginal, onTimeOriginal, onTimeRevised,
            facts.PendingReports > 0 && work is not WorkState.Cancelled, facts.OpenObstacles > 0 && work is not (WorkState.Cancelled or WorkState.Done), nextUpdate, nextUpdate < asOf);
    }

    private static DateOnly? Max(DateOnly? a, DateOnly? b) => a is null ? b : b is null || a > b ? a : b;
}
