namespace LienThong.Platform.Plans.Import;

/// <summary>Stable codes of what an import warns about or refuses; each has its sentence in ImportText.resx under the same key.</summary>
public static class ImportCodes
{
    // Deadlines.
    public const string ExcelSerial = "excel-serial";
    public const string DurationOnly = "duration-only";
    public const string YearFromPlan = "year-from-plan";
    public const string YearMissing = "year-missing";
    public const string AmbiguousYear = "ambiguous-year";
    public const string VagueDeadline = "vague-deadline";
    public const string AgencyInDeadline = "agency-in-deadline";
    public const string UnreadableDeadline = "unreadable-deadline";
    public const string IssueDateUnknown = "issue-date-unknown";
    public const string ImpossibleDate = "impossible-date";
    public const string SeveralDeadlines = "several-deadlines";
    public const string NoDeadline = "no-deadline";
    public const string DeadlineBeforeIssue = "deadline-before-issue";
    public const string DeadlineConflict = "deadline-contradiction";
    public const string DeadlineAfterCampaign = "deadline-after-campaign";
    public const string DatedAndContinuous = "dated-and-continuous";
    public const string SurveyAndSummarySameDay = "survey-and-summary-same-day";
    public const string InheritedDeadline = "inherited-deadline";

    // Who.
    public const string NoLead = "no-lead";
    public const string SeveralLeads = "several-leads";
    public const string LeadIsCoordinator = "lead-is-coordinator";
    public const string LeadIsClass = "lead-is-class";
    public const string LeadOutsideProvince = "lead-outside-province";
    public const string InheritedLead = "inherited-lead";
    public const string PersonalData = "personal-data-stripped";
    public const string SpellingVariants = "spelling-variants";
    public const string UnitAbolished = "unit-abolished";
    public const string ShiftedColumns = "shifted-columns";
    public const string DeadlineInAgency = "deadline-in-agency";

    // What.
    public const string NoProduct = "no-product";
    public const string NoProductColumn = "no-product-column";
    public const string NoContent = "no-content";
    public const string TruncatedText = "truncated-text";
    public const string MilestoneInProduct = "milestone-in-product";
    public const string SumMismatch = "sum-mismatch";
    public const string InheritedValue = "inherited-value";
    public const string DuplicateTask = "duplicate-task";

    // Numbering.
    public const string NumberMissing = "number-missing";
    public const string NumberDuplicate = "number-duplicate";
    public const string NumberGap = "number-gap";
    public const string NumberOrder = "number-order";
    public const string NumberRange = "number-range-mismatch";
    public const string NumberCount = "task-count-mismatch";

    // Document.
    public const string DocumentNumberMissing = "document-number-missing";
    public const string IssueDateMissing = "issue-date-missing";
    public const string IssueDateIncomplete = "issue-date-incomplete";
    public const string IssuerMissing = "issuer-missing";
    public const string IssuerConflict = "issuer-conflict";
    public const string InstrumentVariants = "instrument-variants";
    public const string InstrumentYearMissing = "instrument-year-missing";
    public const string Draft = "draft";
    public const string Restructured = "restructured-summary";
    public const string NoTasks = "no-tasks";
    public const string FromProse = "from-prose";
    public const string ProseDuties = "prose-duties";
    public const string ProseUnread = "prose-unread";

    // Tables and the reader.
    public const string SkippedTable = "skipped-table";
    public const string NoHeader = "no-header-row";
    public const string JoinedRows = "joined-rows";
    public const string DoubtfulRow = "doubtful-row";
    public const string FlowedTable = "flowed-table";
    public const string MarksUnread = "marks-unread";
    public const string ColumnsApart = "columns-apart";
    public const string DoubtfulColumns = "doubtful-columns";
    public const string LowConfidenceText = "low-confidence-ocr";

    // Refusals.
    public const string SecrecyMark = "plans.import.secrecy-mark";
}
