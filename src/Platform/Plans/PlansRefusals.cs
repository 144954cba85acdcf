using LienThong.Kernel;

namespace LienThong.Platform.Plans;

/// <summary>Every way the module says no. Codes are stable; the sentences are resources under the same key.</summary>
public static class PlansRefusals
{
    public static Refusal NotAllowed(string right) => new("plans.not-allowed", RefusalKind.Forbidden, right);
    public static Refusal UnknownTask { get; } = new("plans.task.unknown", RefusalKind.NotFound);
    public static Refusal UnknownPlan { get; } = new("plans.plan.unknown", RefusalKind.NotFound);
    public static Refusal UnknownDirective { get; } = new("plans.directive.unknown", RefusalKind.NotFound);
    public static Refusal UnknownPart { get; } = new("plans.part.unknown", RefusalKind.NotFound);
    public static Refusal UnknownReport { get; } = new("plans.report.unknown", RefusalKind.NotFound);
    public static Refusal UnknownEvidence { get; } = new("plans.evidence.unknown", RefusalKind.NotFound);
    public static Refusal UnknownImport { get; } = new("plans.import.unknown", RefusalKind.NotFound);
    public static Refusal UnknownObstacle { get; } = new("plans.obstacle.unknown", RefusalKind.NotFound);
    public static Refusal UnknownExtension { get; } = new("plans.extension.unknown", RefusalKind.NotFound);
    public static Refusal UnknownKpi { get; } = new("plans.kpi.unknown", RefusalKind.NotFound);
    public static Refusal UnknownUnit(string name) => new("plans.unit.unknown", RefusalKind.Invalid, name);

    /// <summary>Somebody saved meanwhile. The arguments are the version seen, the version stored, what was typed and what is stored.</summary>
    public static Refusal Stale(int seen, int stored, string typed, string kept) => new("plans.stale", RefusalKind.Conflict, seen, stored, typed, kept);

    public static Refusal FileTooLarge(long bytesMax) => new("plans.file.too-large", RefusalKind.TooLarge, bytesMax / (1024 * 1024));
    public static Refusal NotAPhoto { get; } = new("plans.file.not-a-photo", RefusalKind.Invalid);
    public static Refusal FileEmpty { get; } = new("plans.file.empty", RefusalKind.Invalid);

    /// <summary>State secrets stay out (requirements §1, 10; NĐ 30 §9.4).</summary>
    public static Refusal Secret(string mark) => new("plans.file.secret", RefusalKind.Invalid, mark);

    public static Refusal ImportNotRead { get; } = new("plans.import.not-read", RefusalKind.Conflict);
    public static Refusal ImportOver { get; } = new("plans.import.over", RefusalKind.Conflict);
    public static Refusal ImportUnreadable(string reason) => new("plans.import.unreadable", RefusalKind.Invalid, reason);
    public static Refusal ImportCellsOpen(int count) => new("plans.import.cells-open", RefusalKind.Conflict, count);
    public static Refusal ImportNoTasks { get; } = new("plans.import.no-tasks", RefusalKind.Invalid);
    public static Refusal UnknownCell(int ordinal) => new("plans.import.cell-unknown", RefusalKind.NotFound, ordinal);
    public static Refusal NothingToUndo { get; } = new("plans.import.nothing-to-undo", RefusalKind.Conflict);
    public static Refusal NotADate(string text) => new("plans.date.invalid", RefusalKind.Invalid, text);

    public static Refusal TextMissing(string field) => new("plans.text.missing", RefusalKind.Invalid, field);
    public static Refusal TextTooLong(string field, int max) => new("plans.text.too-long", RefusalKind.Invalid, field, max);

    public static Refusal PlanIssued { get; } = new("plans.plan.issued", RefusalKind.Conflict);
    public static Refusal PlanNotIssued { get; } = new("plans.plan.not-issued", RefusalKind.Conflict);
    public static Refusal PlanWithoutTasks { get; } = new("plans.plan.empty", RefusalKind.Invalid);

    /// <summary>The five "rõ" block the issue (R-TSK-03). Arguments: number of tasks with gaps, then "number: gaps" of the first twenty.</summary>
    public static Refusal FiveClearMissing(int tasks, string list) => new("plans.five-clear.missing", RefusalKind.Invalid, tasks, list);

    public static Refusal TaskOver { get; } = new("plans.task.over", RefusalKind.Conflict);
    public static Refusal TaskNotPaused { get; } = new("plans.task.not-paused", RefusalKind.Conflict);
    public static Refusal SelfCoordination { get; } = new("plans.part.self-coordination", RefusalKind.Invalid);
    public static Refusal AlreadyTakesPart { get; } = new("plans.part.already", RefusalKind.Conflict);

    public static Refusal EvidenceTooMany(int max) => new("plans.report.evidence-too-many", RefusalKind.Invalid, max);
    public static Refusal EvidenceMissing { get; } = new("plans.report.evidence-missing", RefusalKind.Invalid);
    public static Refusal PercentInvalid { get; } = new("plans.report.percent", RefusalKind.Invalid);
    public static Refusal ReportSubmitted { get; } = new("plans.report.submitted", RefusalKind.Conflict);
    public static Refusal ReportNotPending { get; } = new("plans.report.not-pending", RefusalKind.Conflict);

    /// <summary>Submitter and reviewer must be of two units (requirements §2).</summary>
    public static Refusal SameUnitReviews { get; } = new("plans.review.same-unit", RefusalKind.Forbidden);
    public static Refusal SamePersonReviews { get; } = new("plans.review.same-person", RefusalKind.Forbidden);
    public static Refusal ReasonMissing { get; } = new("plans.review.reason-missing", RefusalKind.Invalid);
    public static Refusal NothingMeasured { get; } = new("plans.review.nothing-measured", RefusalKind.Invalid);
    public static Refusal LinkInvalid(string address) => new("plans.evidence.link", RefusalKind.Invalid, address);

    public static Refusal ExtensionForbidden { get; } = new("plans.extension.forbidden", RefusalKind.Forbidden);
    public static Refusal ExtensionDecided { get; } = new("plans.extension.decided", RefusalKind.Conflict);
    public static Refusal ExtensionNotLater { get; } = new("plans.extension.not-later", RefusalKind.Invalid);
    public static Refusal ExtensionWithoutDeadline { get; } = new("plans.extension.no-deadline", RefusalKind.Invalid);
    public static Refusal DocumentMissing { get; } = new("plans.document.missing", RefusalKind.Invalid);

    /// <summary>The day is set already, or the words of the document never left it open.</summary>
    public static Refusal DeadlineSettled { get; } = new("plans.deadline.settled", RefusalKind.Conflict);
    public static Refusal EventInFuture(DateOnly day) => new("plans.deadline.event-in-future", RefusalKind.Invalid, Vietnamese.Day(day));
    public static Refusal DueMissing { get; } = new("plans.deadline.due-missing", RefusalKind.Invalid);
    public static Refusal DueBeforeEvent(DateOnly due, DateOnly on) => new("plans.deadline.due-before-event", RefusalKind.Invalid, Vietnamese.Day(due), Vietnamese.Day(on));
    public static Refusal ObstacleClosed { get; } = new("plans.obstacle.closed", RefusalKind.Conflict);

    public static Refusal PeriodNotClosed(string text) => new("plans.period.not-closed", RefusalKind.NotFound, text);
    public static Refusal PeriodInvalid(string text) => new("plans.period.invalid", RefusalKind.Invalid, text);
    public static Refusal PeriodNotOver(string period) => new("plans.period.not-over", RefusalKind.Conflict, period);
    public static Refusal PeriodClosed(string period) => new("plans.period.closed", RefusalKind.Conflict, period);

    public static Refusal ExternalDuplicate(string system, string id) => new("plans.external.duplicate", RefusalKind.Conflict, system, id);
    public static Refusal ExternalRows(int problems, string list) => new("plans.external.rows", RefusalKind.Invalid, problems, list);
    public static Refusal KpiCodeTaken(string code) => new("plans.kpi.code-taken", RefusalKind.Conflict, code);
    public static Refusal KpiWeight { get; } = new("plans.kpi.weight", RefusalKind.Invalid);
    public static Refusal TooManyViews(int max) => new("plans.view.too-many", RefusalKind.Conflict, max);
}
