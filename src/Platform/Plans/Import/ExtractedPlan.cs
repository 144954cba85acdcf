namespace LienThong.Platform.Plans.Import;

/// <summary>How a deadline is read (requirements §4.2, monitoring §4). The written names stand in <see cref="DeadlineRules"/>.</summary>
public enum DeadlineRule
{
    None, On, Before, InMonth, InQuarter, InYear, BeforeMonth, Continuous, Annual, AnnualBefore, Periodic, FromIssueDate, AfterEvent, Duration,
    ByOtherPlan,
}

/// <summary>How often a task comes back; <see cref="Continuous"/> is "nhiệm vụ thường xuyên" beside a date.</summary>
public enum RecurrenceCycle { Continuous, Daily, Weekly, Fortnightly, Monthly, Quarterly, HalfYearly, NineMonthly, Annual }

/// <param name="Month">Month of the year, for an annual due day.</param>
/// <param name="Day">Last day that is still on time; day of the month, or of the following month ("ngày 05 tháng sau").</param>
/// <param name="FollowingPeriod">The due day lies in the period after the one reported on.</param>
public sealed record Recurrence(RecurrenceCycle Cycle, int? Month = null, int? Day = null, bool FollowingPeriod = false);

public enum OffsetUnit { Days, WorkingDays, Weeks, Months, Years }

/// <summary>A milestone inside a deadline or a product cell: "Quý II khảo sát, Quý IV tổng kết".</summary>
public sealed record ExtractedMilestone(string Text, DeadlineRule Rule, DateOnly? Date);

/// <summary>
/// A deadline as text, rule and date. The text is always what the document says; the date is null whenever the text alone (with the issue
/// date or the plan's own period, where those are explicit) does not fix it. A "before" rule gives the last day that is still on time.
/// </summary>
/// <param name="Bound">The day the text names, when <paramref name="Date"/> is the day before it.</param>
/// <param name="Start">When the work begins ("từ Quý II/2027").</param>
/// <param name="Anchor">What the offset counts from: the issue of the plan, or an event in words.</param>
/// <param name="First">First occurrence of what then recurs.</param>
/// <param name="Confidence">0 … 1; below <see cref="FieldReading.Doubtful"/> the officer is asked.</param>
public sealed record ExtractedDeadline(
    string? Text, DeadlineRule Rule, DateOnly? Date, Recurrence? Recurrence = null, bool CompletedAndContinuing = false, DateOnly? Bound = null,
    DateOnly? Start = null, string? Anchor = null, int? Offset = null, OffsetUnit? OffsetUnit = null, DateOnly? First = null,
    IReadOnlyList<ExtractedMilestone>? Milestones = null, double Confidence = 1)
{
    public static ExtractedDeadline Missing { get; } = new(null, DeadlineRule.None, null);
}

public enum TargetComparator { AtLeast, AtMost, Equal, MoreThan, LessThan }

/// <param name="By">The target's own date, when it has one apart from the task's ("đến hết tháng 12/2025").</param>
public sealed record ExtractedTarget(string Text, decimal Value, string Unit, TargetComparator Comparator, DateOnly? By);

/// <param name="Page">1-based page or sheet; null for prose of a text file without pages.</param>
/// <param name="Row">1-based row of the table (or paragraph of prose) the reading comes from.</param>
/// <param name="Column">1-based column of the table.</param>
public sealed record SourcePlace(int? Page, int? Row, int? Column = null);

public enum PlanField { Number, Content, Leads, Coordinators, Deadline, Product, Basis, Targets }

/// <summary>How one field of a task was read, so that the officer is asked about doubtful cells only.</summary>
/// <param name="AsWritten">The source text, untouched; null when nothing stands there.</param>
/// <param name="Inherited">The value comes from a merged cell or a group header above.</param>
public sealed record FieldReading(double Confidence, bool Inherited, SourcePlace Place, string? AsWritten)
{
    /// <summary>Below this the wizard asks; at or above it the value stands unless the officer changes it.</summary>
    public const double Doubtful = 0.8;

    public bool IsDoubtful => Confidence < Doubtful;
}

/// <summary>One task as the document gives it. Nothing here is matched to the registry yet: agencies are names as written, cleaned.</summary>
/// <param name="Ordinal">1-based position among the tasks of this document; stable for one file.</param>
/// <param name="Number">Number as written ("5", "1.2"); null when the row has none. Numbering is data and is never repaired (T2).</param>
/// <param name="Code">What identifies the row in its document: its own code, or the number qualified by its parent ("1.a").</param>
/// <param name="GroupPath">Group headers above it, outermost first, as "I. Về công tác chỉ đạo, điều hành".</param>
/// <param name="Parent">Code of the task it is a part of.</param>
/// <param name="Basis">Numbers of the documents it rests on, normalised.</param>
/// <param name="AnswersTo">"Chịu trách nhiệm trước …", when the text says so (T7).</param>
/// <param name="Note">Text of the note column that is neither basis nor anything else.</param>
public sealed record ExtractedTask(
    int Ordinal, string? Number, string? Code, IReadOnlyList<string> GroupPath, string? Parent, string Content, IReadOnlyList<string> Leads,
    IReadOnlyList<string> Coordinators, ExtractedDeadline Deadline, string? Product, IReadOnlyList<string> Basis, IReadOnlyList<ExtractedTarget> Targets,
    string? AnswersTo, string? Note, bool FromProse, SourcePlace Source, IReadOnlyDictionary<PlanField, FieldReading> Fields,
    IReadOnlyList<ImportWarning> Warnings)
{
    public string? Group => GroupPath.Count == 0 ? null : string.Join(" / ", GroupPath);

    /// <summary>The least sure of the fields that were read; what the wizard sorts and asks by.</summary>
    public double Confidence => Fields.Count == 0 ? 1 : Fields.Values.Min(reading => reading.Confidence);
}

/// <param name="Number">Number and notation, normalised ("07-TB/CQTTBCĐ", "128/KH-UBND"); null when the space for it is blank.</param>
/// <param name="Notation">What stands after the blank number ("KH-UBND"), when there is no number yet.</param>
/// <param name="Kind">Kind as Vietnamese name: "Kế hoạch", "Công văn" …</param>
/// <param name="IssuedOn">Null when the date is not complete; never guessed.</param>
/// <param name="Subject">Trích yếu.</param>
/// <param name="Bases">Numbers of the documents it is based on, normalised, in order of appearance.</param>
/// <param name="PeriodFrom">First year of the plan's own period, when the document says it.</param>
public sealed record ExtractedHeader(
    string? Number, string? Notation, string? Kind, string? Issuer, DateOnly? IssuedOn, string? Subject, IReadOnlyList<string> Bases, bool IsPartyDocument,
    bool IsDraft, int? PeriodFrom, int? PeriodTo, string? Signer, string? Place);

/// <summary>
/// One defect, with a stable code; the Vietnamese sentence is the resource of the same key, filled with the arguments by position.
/// </summary>
/// <param name="Place">Source cell, row or page it points at.</param>
/// <param name="Field">Which field of the task it is about, when it is about one.</param>
public sealed record ImportWarning(string Code, SourcePlace? Place, PlanField? Field, params IReadOnlyList<object> Arguments)
{
    public string Message => ImportText.Of(Code, Arguments);
}

/// <summary>What a column was taken for, shown to the officer as the mapping.</summary>
public sealed record ColumnReading(int Column, string? Header, string Role, double Confidence);

/// <summary>A table of the document: read as tasks or left out, and why.</summary>
public sealed record TableReading(int Page, int Rows, bool IsTaskTable, string Kind, string? Title, IReadOnlyList<ColumnReading> Columns);

/// <summary>A document read into tasks, with everything that is wrong with it. Nothing is created from it before a person confirms.</summary>
public sealed record ExtractedPlan(
    ExtractedHeader Document, IReadOnlyList<ExtractedTask> Tasks, IReadOnlyList<ImportWarning> Warnings, IReadOnlyList<TableReading> Tables, int Pages,
    SourceFormat Format);
