using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

public sealed record InterpretOptions
{
    public IWorkDays WorkDays { get; init; } = WeekDays.Instance;
}

/// <summary>
/// Reads a source document into a plan: header, tasks, and every defect it can name (R-TSK-01, R-TSK-02). Pure: the same document gives the
/// same plan. Refuses only what may not be processed at all: a document with a secrecy mark (requirements §1 finding 10).
/// </summary>
public static partial class PlanInterpreter
{
    private const int TimeLimit = 2_000;

    public static Result<ExtractedPlan> Interpret(SourceDocument source, InterpretOptions? options = null)
    {
        options ??= new InterpretOptions();
        var head = HeaderReading.Read(source);
        if (head.Secret) return new Refusal(ImportCodes.SecrecyMark, RefusalKind.Forbidden, head.SecrecyMark ?? "");

        var warnings = new List<ImportWarning>();
        foreach (var (code, arguments) in head.Warnings) warnings.Add(new ImportWarning(code, null, null, arguments));
        foreach (var defect in source.Defects)
        {
            warnings.Add(new ImportWarning(defect.Code is "source.ocr-low-confidence" ? ImportCodes.LowConfidenceText : defect.Code, new SourcePlace(defect.Page, null), null, defect.Arguments));
        }

        var readings = new List<TableReading>();
        var groupTexts = new List<(string Text, int Page, int Row)>();
        var drafts = TaskDrafts(source, readings, warnings, groupTexts);
        var context = new DeadlineContext
        {
            IssuedOn = head.Header.IssuedOn,
            Period = head.Header is { PeriodFrom: { } from, PeriodTo: { } to } ? (from, to) : null,
            Kind = head.Header.Kind,
            WorkDays = options.WorkDays,
        };

        var tasks = new List<ExtractedTask>();
        var tableOf = drafts.ConvertAll(draft => draft.Table);
        foreach (var draft in drafts) tasks.Add(TaskReading.Read(draft, tasks.Count + 1, context));

        var prose = ProseReading.Read(source, context, letter: head.Header.Kind is null or "Công văn" or "Công điện");
        if (tasks.Count == 0)
        {
            tasks.AddRange(prose.Tasks);
            if (tasks.Count > 0) warnings.Add(new ImportWarning(ImportCodes.FromProse, tasks[0].Source, null, tasks.Count));
            if (prose.Unread.Count > 0) warnings.Add(new ImportWarning(ImportCodes.ProseUnread, prose.Unread[0], null, prose.Unread.Count));
            if (prose.Told.Count > 0) warnings.Add(new ImportWarning(ImportCodes.ProseDuties, prose.Told[0].Source, null, prose.Told.Count));
        }
        else if (prose.Tasks.Count > 0)
        {
            // Counted once: the table rules, the officer is told that the body text assigns work too.
            warnings.Add(new ImportWarning(ImportCodes.ProseDuties, prose.Tasks[0].Source, null, prose.Tasks.Count));
        }

        if (tasks.Count == 0) warnings.Add(new ImportWarning(ImportCodes.NoTasks, null, null));
        PlanChecks.Add(source, head.Header, tasks, tableOf, readings, groupTexts, warnings, context);
        return new ExtractedPlan(head.Header, tasks, warnings, readings, source.Pages, source.Format);
    }

    private static List<TaskDraft> TaskDrafts(SourceDocument source, List<TableReading> readings, List<ImportWarning> warnings, List<(string, int, int)> groupTexts)
    {
        var drafts = new List<TaskDraft>();
        MappedTable? current = null;
        var parts = new List<TablePart>();
        string? heading = null;
        string? section = null;
        string? lead = null;

        void Close()
        {
            if (current is null) return;
            var notices = new List<(string Code, int Page, int Row)>();
            drafts.AddRange(TaskRows.Read(parts, current, groupTexts, notices));
            foreach (var (code, page, row) in notices) warnings.Add(new ImportWarning(code, new SourcePlace(page, row), null));
            current = null;
            parts.Clear();
        }

        foreach (var block in source.Blocks)
        {
            if (block is SourceParagraph paragraph)
            {
                var text = VietnameseText.Clean(paragraph.Text);
                if (text.Length == 0 || PageMark().IsMatch(text)) continue;
                lead = TaskRows.LeadNamed(text) ?? (text.Length <= 120 && text[^1] is not ('.' or ';') ? lead : null);   // A sentence between says something else.
                heading = text.Length <= 300 ? Heading().IsMatch(VietnameseText.Fold(text)) || heading is null || HeaderReading.IsCapitals(text) ? text : heading + " " + text : null;
                if (heading is { Length: > 600 }) heading = text;

                // A heading ends without a stop; the title of an appendix ends the section before it.
                section = Heading().IsMatch(VietnameseText.Fold(text)) && !SectionTitle().IsMatch(text) ? null
                    : text.Length <= 250 && SectionTitle().IsMatch(text) && text[^1] is not ('.' or ';') ? text : section is not null && HeaderReading.IsCapitals(text) ? section : null;

                // Words between two tables end the first, unless they are the running title of the appendix.
                if (current is not null && Heading().IsMatch(VietnameseText.Fold(text)) && section is null) Close();
                continue;
            }

            if (block is not SourceTable table || table.Rows.Count == 0 || table.Columns == 0) continue;
            if (current is not null)
            {
                var repeated = TableMapping.RepeatedHeaderRows(table, current);
                if (repeated > 0 || TableMapping.Continues(table, current))
                {
                    parts.Add(new TablePart(table, repeated, section, lead));
                    (section, lead) = (null, null);
                    readings.Add(Reading(current with { Table = table }));
                    continue;
                }
            }

            var mapped = TableMapping.Map(table, heading);
            readings.Add(Reading(mapped));
            heading = null;
            if (!mapped.IsTaskTable)
            {
                if (mapped.Kind is not (TableKinds.Header or TableKinds.Signature) && table.Rows.Sum(row => row.Cells.Count(cell => cell.Text.Length > 0)) >= 4)
                {
                    warnings.Add(new ImportWarning(ImportCodes.SkippedTable, new SourcePlace(table.Page, table.Rows[0].Number), null, ImportText.Of("table-kind." + mapped.Kind, []), table.Rows.Count));
                }

                continue;
            }

            Close();
            if (!mapped.HasHeader) warnings.Add(new ImportWarning(ImportCodes.NoHeader, new SourcePlace(table.Page, table.Rows[0].Number), null));
            foreach (var column in mapped.Columns.Where(column => column.Confidence is > 0 and < 0.7 && mapped.HasHeader && column.Role is ColumnRole.Lead or ColumnRole.Deadline or ColumnRole.Content or ColumnRole.Coordinator))
            {
                if (column.Confidence > 0 && column.Confidence < 0.7 && mapped.HasHeader) warnings.Add(new ImportWarning(ImportCodes.DoubtfulColumns, new SourcePlace(table.Page, table.Rows[0].Number, column.Index + 1), null, column.Header ?? "?", ImportText.Of("column." + column.Role, [])));
            }

            if (mapped.Columns.FirstOrDefault(column => column.Unread) is { } marks) warnings.Add(new ImportWarning(ImportCodes.MarksUnread, new SourcePlace(table.Page, table.Rows[0].Number, marks.Index + 1), PlanField.Leads, string.Join(", ", mapped.Columns.Where(column => column.Unread).Select(column => column.Own).Take(5))));
            current = mapped;
            parts.Add(new TablePart(table, mapped.BodyFrom, section, lead));
            (section, lead) = (null, null);
        }

        Close();
        return drafts;
    }

    private static TableReading Reading(MappedTable mapped) =>
        new(mapped.Table.Page, mapped.Table.Rows.Count, mapped.IsTaskTable, mapped.Kind, mapped.Title,
            [.. mapped.Columns.Select(column => new ColumnReading(column.Index + 1, column.Header, column.Role.ToString(), column.Confidence))]);

    [GeneratedRegex(@"^(trang\s*)?\d{1,4}(\s*/\s*\d{1,4})?$|^-\s*\d{1,4}\s*-$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex PageMark();

    [GeneratedRegex(@"^(?:[IVX]{1,5}|[A-H]|\d{1,2})\s*[.)\-–]\s*\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex SectionTitle();

    [GeneratedRegex(@"^(phu luc|bieu|danh muc|bang|mau|phan|i{1,3}\.|iv\.|v\.)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Heading();
}
