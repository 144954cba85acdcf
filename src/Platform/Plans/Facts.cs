using LienThong.Kernel;

namespace LienThong.Platform.Plans;

/// <summary>
/// What is known about a task or about one unit's part of it, folded from its events (R-TSK-05). These are dates and counts, never a status:
/// <see cref="Standing.Of"/> derives the status for any day. The fields are projections, saved in the transaction of the event; rebuilding
/// them from the events gives the same values.
/// </summary>
public abstract class FactsRow
{
    // Days and shares lie packed: a hundred thousand rows of these stand in memory (TaskIndex), and a nullable day costs twice its number.
    private int _issued, _original, _revised, _firstMoved, _lastMoved, _done, _claimedDone, _cancelled, _paused, _ended;
    private int _claimed = Unknown, _accepted = Unknown, _measured = Unknown;

    private const int Unknown = int.MinValue;
    private const decimal SharesMax = 10_000_000;

    /// <summary>The day it was given to somebody; null = chưa giao.</summary>
    public DateOnly? IssuedOn { get => Day(_issued); set => _issued = Packed(value); }

    /// <summary>The last day on time as the document says. Never overwritten by an extension.</summary>
    public DateOnly? OriginalDue { get => Day(_original); set => _original = Packed(value); }

    /// <summary>The last day on time by the latest granted extension.</summary>
    public DateOnly? RevisedDue { get => Day(_revised); set => _revised = Packed(value); }
    public DateOnly? FirstMovementOn { get => Day(_firstMoved); set => _firstMoved = Packed(value); }
    public DateOnly? LastMovementOn { get => Day(_lastMoved); set => _lastMoved = Packed(value); }

    /// <summary>The day of submission of the report that was later accepted as complete; a returned report does not count.</summary>
    public DateOnly? DoneOn { get => Day(_done); set => _done = Packed(value); }

    /// <summary>The day of the first report that claimed 100 %, accepted or not: what the unit declares, beside what was confirmed.</summary>
    public DateOnly? ClaimedDoneOn { get => Day(_claimedDone); set => _claimedDone = Packed(value); }

    /// <summary>Done, and periodic updates are still due (R-TSK-08).</summary>
    public bool Continues { get; set; }
    public DateOnly? CancelledOn { get => Day(_cancelled); set => _cancelled = Packed(value); }
    public DateOnly? PausedOn { get => Day(_paused); set => _paused = Packed(value); }

    /// <summary>The part passed to another unit that day; it counts for nobody any more.</summary>
    public DateOnly? EndedOn { get => Day(_ended); set => _ended = Packed(value); }

    /// <summary>What the unit says, 0–100; may lie above what was accepted. Shares are kept to the hundredth, never rounded up.</summary>
    public decimal? PercentClaimed { get => Share(_claimed); set => _claimed = Packed(value); }

    /// <summary>What another unit accepted.</summary>
    public decimal? PercentAccepted { get => Share(_accepted); set => _accepted = Packed(value); }

    /// <summary>What was measured by a system or on the spot (R-N57-06).</summary>
    public decimal? PercentMeasured { get => Share(_measured); set => _measured = Packed(value); }
    public int PendingReports { get; set; }

    /// <summary>The latest report was returned or more was asked, and nothing came since.</summary>
    public bool IsReturned { get; set; }
    public int OpenObstacles { get; set; }
    public int Extensions { get; set; }
    public int PendingExtensions { get; set; }
    public int AcceptedReports { get; set; }

    /// <summary>Lead parts and how many of them are done: the distribution of a task given to a class of units (R-TSK-06).</summary>
    public int Parts { get; set; }
    public int PartsDone { get; set; }
    public int PartsMoved { get; set; }

    private static DateOnly? Day(int packed) => packed == 0 ? null : DateOnly.FromDayNumber(packed - 1);

    private static int Packed(DateOnly? day) => day is { } known ? known.DayNumber + 1 : 0;

    private static decimal? Share(int packed) => packed == Unknown ? null : packed / 100m;

    private static int Packed(decimal? share) => share is { } known ? (int)decimal.Truncate(Math.Clamp(known, -SharesMax, SharesMax) * 100) : Unknown;

    public void CopyFrom(FactsRow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (_issued, _original, _revised, _firstMoved, _lastMoved) = (other._issued, other._original, other._revised, other._firstMoved, other._lastMoved);
        (_done, _claimedDone, Continues, _cancelled, _paused, _ended) = (other._done, other._claimedDone, other.Continues, other._cancelled, other._paused, other._ended);
        (_claimed, _accepted, _measured) = (other._claimed, other._accepted, other._measured);
        (PendingReports, IsReturned, OpenObstacles, Extensions) = (other.PendingReports, other.IsReturned, other.OpenObstacles, other.Extensions);
        (PendingExtensions, AcceptedReports, Parts, PartsDone, PartsMoved) = (other.PendingExtensions, other.AcceptedReports, other.Parts, other.PartsDone, other.PartsMoved);
    }

    public bool SameFactsAs(FactsRow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (_issued, _original, _revised, _firstMoved, _lastMoved) == (other._issued, other._original, other._revised, other._firstMoved, other._lastMoved)
            && (_done, _claimedDone, Continues) == (other._done, other._claimedDone, other.Continues)
            && (_cancelled, _paused, _ended, _claimed, _accepted, _measured) == (other._cancelled, other._paused, other._ended, other._claimed, other._accepted, other._measured)
            && (PendingReports, IsReturned, OpenObstacles, Extensions, PendingExtensions) == (other.PendingReports, other.IsReturned, other.OpenObstacles, other.Extensions, other.PendingExtensions)
            && (AcceptedReports, Parts, PartsDone, PartsMoved) == (other.AcceptedReports, other.Parts, other.PartsDone, other.PartsMoved);
    }
}

/// <summary>Facts alone, for folding in memory.</summary>
public sealed class Facts : FactsRow;

/// <summary>How events become facts: the only place that knows. Used when an event is saved and when everything is rebuilt.</summary>
public static class FactsFold
{
    /// <summary>Applies one event to the part of one unit (or to the task's own facts, for what is about the task as a whole).</summary>
    public static void Apply(FactsRow facts, TaskEvent fact)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(fact);
        var day = Vietnamese.DayOf(fact.At);
        switch (fact.Kind)
        {
            case TaskEventKind.Assigned:
                facts.IssuedOn ??= day;
                facts.OriginalDue = fact.Day;
                break;
            case TaskEventKind.Created:
            case TaskEventKind.DeadlineSet:
                facts.OriginalDue = fact.Day;
                break;
            case TaskEventKind.Started:
                Move(facts, day);
                break;
            case TaskEventKind.Reported:
                Move(facts, day);
                facts.PercentClaimed = fact.Percent ?? facts.PercentClaimed;
                if (fact.Percent >= 100) facts.ClaimedDoneOn ??= day;
                facts.PendingReports++;
                facts.IsReturned = false;
                break;
            case TaskEventKind.NilReported:
                facts.LastMovementOn = day;
                break;
            case TaskEventKind.ReportAccepted:
                facts.PendingReports--;
                facts.AcceptedReports++;
                facts.PercentAccepted = fact.Percent ?? facts.PercentAccepted;
                if (fact.Percent >= 100) facts.DoneOn ??= fact.Day;
                break;
            case TaskEventKind.ReportReturned:
            case TaskEventKind.MoreAsked:
                facts.PendingReports--;
                facts.IsReturned = true;
                break;
            case TaskEventKind.Measured:
                facts.PercentMeasured = fact.Percent;
                break;
            case TaskEventKind.DeclaredDone:
                facts.DoneOn ??= fact.Day;
                facts.ClaimedDoneOn ??= fact.Day;
                facts.PercentClaimed = 100;
                facts.FirstMovementOn ??= day;
                facts.LastMovementOn ??= day;
                facts.Continues = true;
                break;
            case TaskEventKind.ExtensionAsked:
                facts.PendingExtensions++;
                break;
            case TaskEventKind.ExtensionGranted:
                if (facts.PendingExtensions > 0) facts.PendingExtensions--;
                facts.Extensions++;
                facts.RevisedDue = fact.Day;
                break;
            case TaskEventKind.ExtensionRefused:
            case TaskEventKind.ExtensionClosed:
                facts.PendingExtensions--;
                break;
            case TaskEventKind.ObstacleRaised:
                facts.OpenObstacles++;
                break;
            case TaskEventKind.ObstacleClosed:
                facts.OpenObstacles--;
                break;
            case TaskEventKind.Cancelled:
                facts.CancelledOn = day;
                break;
            case TaskEventKind.Paused:
                facts.PausedOn = day;
                break;
            case TaskEventKind.Resumed:
                facts.PausedOn = null;
                break;
            case TaskEventKind.PartEnded:
                facts.EndedOn = day;
                break;
            case TaskEventKind.OccurrenceOpened:
                // A new period of a recurring task: what was done stays in its own occurrence, the work begins again.
                (facts.OriginalDue, facts.RevisedDue, facts.DoneOn, facts.FirstMovementOn) = (fact.Day, null, null, null);
                (facts.PercentClaimed, facts.PercentAccepted, facts.ClaimedDoneOn, facts.IsReturned) = (null, null, null, false);
                break;
        }
    }

    /// <summary>
    /// The task's facts from its parts. It is done when every lead part is done, on the day of the last one (rule "all"); percentages are
    /// the plain mean over the lead parts. What concerns the task as a whole (cancelled, extension, measured …) is already in
    /// <paramref name="task"/> by <see cref="Apply"/>.
    /// </summary>
    public static void RollUp(FactsRow task, IReadOnlyCollection<(AssignmentRole Role, FactsRow Facts)> parts)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(parts);
        var leads = parts.Where(p => p.Role is AssignmentRole.Lead && p.Facts.EndedOn is null).Select(p => p.Facts).ToList();
        var all = parts.Where(p => p.Facts.EndedOn is null).Select(p => p.Facts).ToList();
        task.Parts = leads.Count;
        task.PartsDone = leads.Count(p => p.DoneOn is not null);
        task.PartsMoved = leads.Count(p => p.FirstMovementOn is not null);
        task.IssuedOn = leads.Count == 0 ? null : leads.Min(p => p.IssuedOn);
        task.FirstMovementOn = all.Min(p => p.FirstMovementOn);
        task.LastMovementOn = all.Max(p => p.LastMovementOn);
        task.DoneOn = leads.Count > 0 && task.PartsDone == leads.Count ? leads.Max(p => p.DoneOn) : null;
        task.ClaimedDoneOn = leads.Count > 0 && leads.All(p => p.ClaimedDoneOn is not null) ? leads.Max(p => p.ClaimedDoneOn) : null;
        task.Continues = leads.Count > 0 && leads.All(p => p.Continues);
        task.PendingReports = all.Sum(p => p.PendingReports);
        task.IsReturned = all.Any(p => p.IsReturned);
        task.AcceptedReports = all.Sum(p => p.AcceptedReports);
        task.PercentClaimed = Mean(leads, p => p.PercentClaimed);
        task.PercentAccepted = Mean(leads, p => p.PercentAccepted);
    }

    /// <summary>Everything known at that instant, from the events alone: the proof that the projections are right (R-TSK-05).</summary>
    public static (Facts Task, IReadOnlyDictionary<AssignmentId, (AssignmentRole Role, Facts Facts)> Parts) Rebuild(IEnumerable<TaskEvent> events, DateTimeOffset upTo)
    {
        ArgumentNullException.ThrowIfNull(events);
        var task = new Facts();
        var parts = new Dictionary<AssignmentId, (AssignmentRole Role, Facts Facts)>();
        foreach (var fact in events.Where(e => e.At < upTo).OrderBy(e => e.At).ThenBy(e => e.Number))
        {
            if (fact.Assignment is { } id)
            {
                if (!parts.TryGetValue(id, out var part)) parts[id] = part = (fact.Role ?? AssignmentRole.Lead, new Facts());
                Apply(part.Facts, fact);
            }
            else
            {
                Apply(task, fact);
                if (fact.Kind.IsForEveryPart()) foreach (var part in parts.Values) Apply(part.Facts, fact);
            }

            RollUp(task, [.. parts.Values.Select(p => (p.Role, (FactsRow)p.Facts))]);
        }

        return (task, parts);
    }

    /// <summary>An event about the task as a whole that also changes what each unit owes.</summary>
    public static bool IsForEveryPart(this TaskEventKind kind) =>
        kind is TaskEventKind.DeadlineSet or TaskEventKind.ExtensionGranted or TaskEventKind.Cancelled or TaskEventKind.Paused or TaskEventKind.Resumed or TaskEventKind.OccurrenceOpened;

    private static void Move(FactsRow facts, DateOnly day)
    {
        facts.FirstMovementOn ??= day;
        facts.LastMovementOn = day;
    }

    private static decimal? Mean(List<FactsRow> parts, Func<FactsRow, decimal?> value) =>
        parts.Any(p => value(p) is not null) ? Math.Round(parts.Average(p => value(p) ?? 0), 2) : null;
}
