using LienThong.Kernel;

namespace LienThong.Platform.Plans.Contracts;

/// <summary>A plan came to be from a file.</summary>
public sealed record PlanImported(PlanId Plan, ImportId Import, int Tasks);

/// <summary>A plan was issued here; its tasks are in force.</summary>
public sealed record PlanIssued(PlanId Plan, int Tasks);

/// <summary>A part of a task changed hands, was reported, accepted, returned … ; listeners ask for what they need by id.</summary>
public sealed record TaskMoved(TaskId Task, string What);

/// <summary>A report waits for another unit.</summary>
public sealed record ReportSubmitted(TaskId Task, ReportId Report, OrgUnitId Unit);

/// <summary>Another unit concluded.</summary>
public sealed record ReportReviewed(TaskId Task, ReportId Report, string Decision);

/// <summary>A period was frozen.</summary>
public sealed record PeriodWasClosed(PeriodCloseId Close, string Period, string Digest);
