using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>One cell of a row after joining and filling down.</summary>
/// <param name="FromTitle">The words of a group's title, not of a cell of their own.</param>
internal sealed record RowCell(string Text, bool Inherited, int? Page, int? Row, int? Column, DateOnly? Date = null, double? Number = null, bool FromTitle = false)
{
    public static RowCell None { get; } = new("", false, null, null, null);

    public bool IsEmpty => Text.Length == 0 && Date is null;
}

/// <summary>A task row as it stands in the table, before agencies and deadlines are read.</summary>
internal sealed class TaskDraft
{
    public RowNumber? Number { get; set; }

    public string? NumberText { get; set; }

    public bool NumberInherited { get; set; }

    public string? Code { get; set; }

    public List<string> GroupPath { get; set; } = [];

    public TaskDraft? Parent { get; set; }

    public Dictionary<ColumnRole, RowCell> Cells { get; } = [];

    public List<string> Footnotes { get; } = [];

    /// <summary>What the group columns beside the tasks say, from left to right.</summary>
    public List<RowCell> Categories { get; } = [];

    public List<(string Period, string Mark)> Periods { get; } = [];

    public List<(string Code, object[] Arguments)> Warnings { get; } = [];

    public required int Page { get; init; }

    public required int Row { get; init; }

    public required MappedTable Table { get; init; }

    public bool IsGroup { get; set; }

    public bool IsBold { get; init; }

    public bool IsMergedAcross { get; init; }

    public bool IsCapitals { get; init; }

    public bool Joined { get; set; }

    /// <summary>Made from the heading paragraph over the table, not from a row.</summary>
    public bool IsHeading { get; init; }

    public int Order { get; init; }

    public RowCell Cell(ColumnRole role) => Cells.GetValueOrDefault(role, RowCell.None);

    public bool Has(ColumnRole role) => Cells.TryGetValue(role, out var cell) && !cell.IsEmpty;

    public bool HasOwn(ColumnRole role) => Cells.TryGetValue(role, out var cell) && !cell.IsEmpty && !cell.Inherited;

    /// <summary>Nothing but a title: no who, no when, no product of its own.</summary>
    public bool IsTitleOnly => !HasOwn(ColumnRole.Lead) && !HasOwn(ColumnRole.LeadAndCoordinator) && !HasOwn(ColumnRole.Coordinator) && !HasOwn(ColumnRole.Deadline)
        && !HasOwn(ColumnRole.Product) && Periods.Count == 0;
}

/// <param name="BodyFrom">First row that is no label.</param>
/// <param name="Heading">The numbered heading above it.</param>
/// <param name="Lead">The body that a line above it names for all of it.</param>
internal sealed record TablePart(SourceTable Table, int BodyFrom, string? Heading, string? Lead);

/// <summary>Turns the rows of one task table (with its continuations) into tasks and groups.</summary>
internal static partial class TaskRows
{
    private const int TimeLimit = 2_000;

    private static readonly ColumnRole[] s_inheritable =
        [ColumnRole.Lead, ColumnRole.LeadAndCoordinator, ColumnRole.Coordinator, ColumnRole.Deadline, ColumnRole.Product, ColumnRole.Basis, ColumnRole.Note, ColumnRole.Start];

    /// <param name="parts">The table and what continues it, each with the first row of its body.</param>
    /// <param name="groupTexts">Text of group and remark rows, where citations of numbers stand ("số thứ tự từ 4 đến 35").</param>
    public static List<TaskDraft> Read(IReadOnlyList<TablePart> parts, MappedTable map, List<(string Text, int Page, int Row)> groupTexts, List<(string Code, int Page, int Row)> notices)
    {
        var rows = new List<TaskDraft>();
        var headerTexts = map.Columns.Where(column => column.Header is not null).ToDictionary(column => column.Index, column => VietnameseText.Fold(column.Header));
        for (var p = 0; p < parts.Count; p++)
        {
            var (table, from, heading, above) = parts[p];
            if (heading is not null && (parts.Count(part => part.Heading is not null) > 1 || !PlainHeading().IsMatch(VietnameseText.Fold(heading))) && HeadingRow(heading, table, map, rows.Count) is { } row) rows.Add(row);
            var lead = map.Of(ColumnRole.Lead) is null && map.Of(ColumnRole.LeadAndCoordinator) is null && map.Of(ColumnRole.Agency) is null ? LeadAbove(table, from, above) : null;
            for (var r = from; r < table.Rows.Count; r++)
            {
                var source = table.Rows[r];
                if (source.Cells.All(cell => cell.Text.Length == 0 && cell.Date is null)) continue;
                if (r > from || p > 0) { if (IsHeaderAgain(source, headerTexts)) continue; }
                if (TableMapping.IsColumnNumbers(source) && !source.Cells.Any(cell => cell.Text.Split('=')[0].Length > 4) && LooksLikeColumnIndex(source)) continue;
                var draft = Make(source, map, rows.Count);
                if (draft is null) continue;
                if (lead is not null) draft.Cells[ColumnRole.Lead] = lead;
                var first = r == from && p > 0 || r > 0 && r - 1 >= from && table.Rows[r - 1].Page != source.Page;
                if (rows.Count > 0 && (IsContinuation(draft, rows[^1], first, map) || first && TakesRestOfNumber(rows, draft)))
                {
                    Join(rows[^1], draft);
                    if (first) notices.Add((ImportCodes.JoinedRows, draft.Page, draft.Row));
                    continue;
                }

                rows.Add(draft);
            }
        }

        DropTotals(rows);
        MarkGroups(rows, map);
        foreach (var group in rows.Where(row => row.IsGroup)) TakeFromTitle(group, map);
        return Arrange(rows, map, groupTexts);
    }

    /// <summary>"Đơn vị chủ trì: Sở Nội vụ" above the labels: the whole table is of that body.</summary>
    private static RowCell? LeadAbove(SourceTable table, int from, string? above)
    {
        if (above is not null) return new RowCell(above, true, table.Page, null, null);
        foreach (var row in table.Rows.Take(from))
        {
            for (var c = 0; c < row.Cells.Count; c++)
            {
                if (LeadNamed(row.Cells[c].Text, row.Cells.Skip(c + 1).FirstOrDefault(cell => cell.Text.Length > 0)?.Text) is { } name) return new RowCell(name, true, row.Page, row.Number, c + 1);
            }
        }

        return null;
    }

    /// <summary>The body after the label, or in the cell beside it.</summary>
    internal static string? LeadNamed(string text, string? beside = null)
    {
        var label = LeadLabel().Match(text);
        if (!label.Success) return null;
        var name = label.Groups["name"].Value.Trim();
        if (name.Length == 0) name = beside ?? "";
        return AgencyNames.Read(name) is { Leads.Count: > 0 } read && read.Leads.All(AgencyNames.LooksLikeAgency) ? name : null;
    }

    [GeneratedRegex(@"^\s*(?:[cC]ơ quan|[đĐ]ơn vị)?\s*(?:[cC]hủ trì|[tT]hực hiện|CHỦ TRÌ|THỰC HIỆN|[bB]áo cáo)\s*:\s*(?<name>[^\n]*)$|^\s*(?:[tT]ên (?:cơ quan|đơn vị)|[đĐ]ơn vị|[cC]ơ quan)\s*:\s*(?<name>[^\n]*)$", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadLabel();

    /// <summary>A page end can fall into a number set one digit to a line: "1" after row 10, and overleaf "1" with the rest of row 11.</summary>
    private static bool TakesRestOfNumber(List<TaskDraft> rows, TaskDraft draft)
    {
        if (rows.Count < 2 || rows[^2].Number is not { Kind: NumberKind.Decimal, Parts: [var before] } || rows[^1].Number is not { Kind: NumberKind.Decimal, Parts: [var open] }
            || draft.Number is not { Kind: NumberKind.Decimal, Parts: [var rest] } || open == before + 1 || rest == before + 1) return false;
        var whole = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{open}{rest}");
        if (whole != (before + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) || !RowNumber.TryRead(whole, out var number)) return false;
        (rows[^1].Number, rows[^1].NumberText) = (number, whole);
        return true;
    }

    /// <summary>A numbered heading over a table of its own: "II. Phát triển hạ tầng số", then the tasks of that group.</summary>
    private static TaskDraft? HeadingRow(string heading, SourceTable table, MappedTable map, int order)
    {
        var row = new TaskDraft { Page = table.Page, Row = table.Rows[0].Number, Table = map, Order = order, IsMergedAcross = true, IsBold = true, IsHeading = true };
        row.Cells[ColumnRole.Content] = new RowCell(heading, false, table.Page, table.Rows[0].Number, null);
        TakeNumberFromContent(row);
        return row.Number is { Kind: NumberKind.Roman or NumberKind.Letter or NumberKind.Decimal } ? row : null;
    }

    /// <summary>What a group title itself assigns: "… (hoàn thành tháng 02/2028)", "… (Sở Nội vụ chủ trì)", or the name of the body alone.</summary>
    private static void TakeFromTitle(TaskDraft group, MappedTable map)
    {
        var content = group.Cell(ColumnRole.Content);
        var bracket = TitleBracket().Match(content.Text);
        var inside = bracket.Success ? bracket.Groups["in"].Value : "";
        foreach (var part in inside.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var folded = VietnameseText.Fold(part);
            if (!group.Has(ColumnRole.Lead) && folded.Contains("chu tri", StringComparison.Ordinal) && AgencyNames.Read(part) is { Leads.Count: > 0 } read && read.Leads.All(AgencyNames.LooksLikeAgency))
            {
                group.Cells[ColumnRole.Lead] = content with { Text = part };
            }
            else if (!group.Has(ColumnRole.Deadline) && DeadlineGrammar.Recognises(part) && !folded.StartsWith("theo", StringComparison.Ordinal))
            {
                group.Cells[ColumnRole.Deadline] = content with { Text = part };
            }
        }

        var title = bracket.Success ? content.Text[..bracket.Index] : content.Text;
        if (!group.Has(ColumnRole.Deadline) && GroupDeadline.Of(title) is { } due) group.Cells[ColumnRole.Deadline] = content with { Text = due, FromTitle = true };
        if (!group.Has(ColumnRole.Lead) && map.Of(ColumnRole.Lead) is null && map.Of(ColumnRole.LeadAndCoordinator) is null && AgencyNames.LooksLikeAgency(title) && title.Length < 120)
        {
            group.Cells[ColumnRole.Lead] = content with { Text = title };
        }
    }

    private static bool LooksLikeColumnIndex(SourceRow row)
    {
        // "(8)=(6)+(7)" is the eighth column, whatever it is computed from.
        var digits = row.Cells.Where(cell => cell.Text.Length > 0).Select(cell => cell.Text.Split('=')[0].Trim(' ', '(', ')')).Where(text => text.Length is > 0 and < 4 && text.All(char.IsDigit)).Select(int.Parse).ToList();
        return digits.Count >= 2 && digits.Zip(digits.Skip(1)).All(pair => pair.Second == pair.First + 1);
    }

    private static bool IsHeaderAgain(SourceRow row, Dictionary<int, string> headers)
    {
        if (row.RepeatedHeader) return true;
        var (same, filled) = (0, 0);
        for (var c = 0; c < row.Cells.Count; c++)
        {
            var text = VietnameseText.Fold(row.Cells[c].Text.Replace('\n', ' '));
            if (text.Length == 0) continue;
            filled++;
            if (headers.TryGetValue(c, out var header) && (text == header || header.Contains(text, StringComparison.Ordinal) && text.Length >= 3 && TableMapping.RoleOf(text).Role is not ColumnRole.Unknown)) same++;
        }

        return filled >= 2 && same >= filled - 1 && same >= 2;
    }

    private static string Said(string text, DateOnly? date) => date is { } day ? day.ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture) : text;

    private static TaskDraft? Make(SourceRow source, MappedTable map, int order)
    {
        var filled = source.Cells.Where(cell => !cell.Covered && cell.Text.Length > 0).ToList();
        var wide = source.Cells.FirstOrDefault(cell => !cell.Covered && cell.Text.Length > 0 && cell.ColumnSpan >= Math.Max(2, map.Table.Columns - 2));
        var main = wide ?? filled.MaxBy(cell => cell.Text.Length);
        var draft = new TaskDraft
        {
            Page = source.Page,
            Row = source.Number,
            Table = map,
            Order = order,
            IsMergedAcross = wide is not null || filled.Count == 1 && filled[0].ColumnSpan > 1,
            IsBold = main is { Bold: true },
            IsCapitals = main is not null && HeaderReading.IsCapitals(main.Text) && main.Text.Length > 3,
        };

        if (source.IsDoubtful) draft.Warnings.Add((ImportCodes.DoubtfulRow, []));
        foreach (var column in map.Columns)
        {
            if (column.Index >= source.Cells.Count) continue;
            var cell = source.Cells[column.Index];
            if (cell.Footnotes is { } notes) draft.Footnotes.AddRange(notes);
            var inherited = cell.Covered && cell.CoveredFrom is { Length: > 0 } && !CoveredFromLeft(source, column.Index);
            var text = inherited ? cell.CoveredFrom! : cell.Covered ? "" : cell.Text;
            if (cell.Marker is { Length: > 0 } marker)
            {
                if (column.Role is ColumnRole.Number && text.Length == 0) text = marker;
                else if (column.Role is ColumnRole.Content && draft.NumberText is null && RowNumber.TryRead(marker, out var listed) && listed.Kind is not NumberKind.Bullet && text.Length > 0) text = marker + " " + text;
            }

            if (column.Role is ColumnRole.Agency)
            {
                var into = TableMapping.IsLeadMark(cell.Text) ? ColumnRole.Lead : TableMapping.IsCoordinatorMark(cell.Text) ? ColumnRole.Coordinator : (ColumnRole?)null;
                if (into is { } part) draft.Cells[part] = new RowCell(draft.Has(part) ? draft.Cells[part].Text + ";\n" + column.Own : column.Own!, false, source.Page, source.Number, column.Index + 1);
                continue;
            }

            if (column.Role is ColumnRole.Period)
            {
                if (cell.Text.Trim().Length > 0 && !Dash().IsMatch(cell.Text)) draft.Periods.Add((column.Period ?? column.Header!, cell.Text.Trim()));
                continue;
            }

            if (column.Role is ColumnRole.Unknown or ColumnRole.Budget or ColumnRole.Status && text.Length == 0) continue;
            if (column.Role is ColumnRole.Number)
            {
                draft.NumberText = VietnameseText.Clean(text);
                draft.NumberInherited = inherited;
                if (RowNumber.TryRead(text, out var number)) draft.Number = number;
                continue;
            }

            if (column.Role is ColumnRole.Category)
            {
                draft.Categories.Add(new RowCell(text, inherited, source.Page, source.Number, column.Index + 1));
                continue;
            }

            if (column.Role is ColumnRole.Code) draft.Code = text.Length == 0 ? null : VietnameseText.Clean(text);
            if (text.Length == 0 && cell.Date is null) continue;
            if (column.Role is ColumnRole.Deadline && draft.Cells.TryGetValue(ColumnRole.Deadline, out var earlier))
            {
                // A further step of the same time.
                if (!Dash().IsMatch(text) || cell.Date is not null) draft.Cells[ColumnRole.Deadline] = Dash().IsMatch(earlier.Text) && earlier.Date is null ? new RowCell(text, inherited, source.Page, source.Number, column.Index + 1, cell.Date, cell.Number)
                    : earlier with { Text = Said(earlier.Text, earlier.Date) + "; " + Said(text, cell.Date), Inherited = earlier.Inherited && inherited, Date = null, Number = null };
                continue;
            }

            if (draft.Cells.ContainsKey(column.Role)) continue;
            draft.Cells[column.Role] = new RowCell(text, inherited, source.Page, source.Number, column.Index + 1, cell.Date, cell.Number);
        }

        // A title merged across the whole row stands in its first column, whatever that column is for.
        if (!draft.HasOwn(ColumnRole.Content) && main is not null && (draft.IsMergedAcross || filled.Count == 1))
        {
            var text = main.Text;
            var at = source.Cells.ToList().IndexOf(main);

            // One cell behind the content, not merged: the rest of a lead or of a product that a page end cut off stays what its column is.
            var isRest = !draft.IsMergedAcross && map.Of(ColumnRole.Content) is { } what && at > what.Index && draft.Cells.Any(pair => pair.Value.Column == at + 1);
            if (isRest) return draft;
            if (main.Text.Length > 6 || draft.Number is null)
            {
                foreach (var role in draft.Cells.Where(pair => pair.Value.Column == at + 1).Select(pair => pair.Key).ToList()) draft.Cells.Remove(role);
                if (draft.Number is null) draft.NumberText = null;
                draft.Cells[ColumnRole.Content] = new RowCell(main.Marker is { Length: > 0 } mark ? mark + " " + text : text, false, source.Page, source.Number, at + 1);
            }
        }

        // A row that says nothing finer is the task, or the title, that its group column names.
        if (!draft.Has(ColumnRole.Content) && draft.Categories.FindLastIndex(cell => cell is { IsEmpty: false, Inherited: false }) is >= 0 and var named
            && (draft.Number is not null && !draft.NumberInherited || !draft.IsTitleOnly || draft.IsBold))
        {
            draft.Cells[ColumnRole.Content] = draft.Categories[named];
            draft.Categories.RemoveRange(named, draft.Categories.Count - named);
        }

        TakeNumberFromContent(draft);
        return draft.Cells.Count == 0 && draft.Periods.Count == 0 && draft.Number is null ? null : draft;
    }

    private static bool CoveredFromLeft(SourceRow row, int column)
    {
        for (var c = column - 1; c >= 0; c--)
        {
            if (row.Cells[c].ColumnSpan > column - c) return true;
            if (!row.Cells[c].Covered) return false;
        }

        return false;
    }

    /// <summary>Where the table has no number column, or the cell is empty, the number may lead the content: "1. Xây dựng …", "II. VỀ …".</summary>
    private static void TakeNumberFromContent(TaskDraft draft)
    {
        if (draft.Number is not null && !draft.NumberInherited || !draft.HasOwn(ColumnRole.Content)) return;
        if (draft.NumberText is { Length: > 0 } && !draft.NumberInherited) return;
        var content = draft.Cells[ColumnRole.Content];
        var match = LeadingNumber().Match(content.Text);
        if (!match.Success || !RowNumber.TryRead(match.Groups["n"].Value, out var number)) return;
        if (number.Kind is NumberKind.Bullet) return;
        draft.Number = number;
        draft.NumberText = match.Groups["n"].Value;
        draft.NumberInherited = false;
        draft.Cells[ColumnRole.Content] = content with { Text = content.Text[match.Length..].Trim() };
    }

    /// <summary>Whether this row is the rest of the row before it, broken by a page or by an empty paragraph.</summary>
    private static bool IsContinuation(TaskDraft row, TaskDraft before, bool firstOfPage, MappedTable map)
    {
        if (row.Number is not null && !row.NumberInherited && row.Number?.Kind is not NumberKind.Bullet || row.IsMergedAcross) return false;
        if (before.IsTitleOnly && before.IsMergedAcross && !row.IsTitleOnly) return false;
        var numbered = map.Of(ColumnRole.Number) is not null || before.Number is not null;
        var content = row.HasOwn(ColumnRole.Content) ? row.Cell(ColumnRole.Content).Text : "";
        if (content.Length == 0)
        {
            // Rest of a lead, a product, a note: belongs to the row above, unless everything is a merged-down copy of it.
            return row.Cells.Values.Concat(row.Categories).Any(cell => !cell.IsEmpty && !cell.Inherited);
        }

        if (row.IsBold && !before.IsBold && !firstOfPage) return false;
        var lower = char.IsLower(content[0]) || content[0] is ',' or ';' or ')' or '.';
        var open = !EndsSentence().IsMatch(before.Cell(ColumnRole.Content).Text);
        var onlyContent = row.Cells.All(pair => pair.Key is ColumnRole.Content || pair.Value.IsEmpty || pair.Value.Inherited) && row.Periods.Count == 0;

        // A whole new row has its own lead and its own due date; the rest of one does not have both.
        var ownTask = (row.HasOwn(ColumnRole.Lead) || row.HasOwn(ColumnRole.LeadAndCoordinator)) && row.HasOwn(ColumnRole.Deadline)
            && AgencyNames.LooksLikeAgency(row.Cell(ColumnRole.Lead).Text + row.Cell(ColumnRole.LeadAndCoordinator).Text) && DeadlineGrammar.Recognises(row.Cell(ColumnRole.Deadline).Text)
            && (before.HasOwn(ColumnRole.Lead) || before.HasOwn(ColumnRole.LeadAndCoordinator)) && before.HasOwn(ColumnRole.Deadline);
        if (ownTask && !lower) return false;
        if (firstOfPage) return numbered ? lower || open || onlyContent && !row.IsBold : lower;
        if (!numbered) return lower && onlyContent;
        if (content[0] is '-' or '+' or '•' or '*' && onlyContent && !(before.IsTitleOnly && !before.Joined)) return true;
        if (content[0] is '-' or '+' or '•' or '*' && onlyContent && before.IsTitleOnly && before.Number is { Kind: NumberKind.Decimal }) return false;
        return lower && !ownTask && (open || onlyContent);
    }

    private static void Join(TaskDraft into, TaskDraft rest)
    {
        into.Joined = true;
        into.Footnotes.AddRange(rest.Footnotes);
        into.Periods.AddRange(rest.Periods);
        for (var i = 0; i < Math.Min(into.Categories.Count, rest.Categories.Count); i++)
        {
            if (rest.Categories[i] is { IsEmpty: false, Inherited: false } cell) into.Categories[i] = into.Categories[i] with { Text = (into.Categories[i].Text + " " + cell.Text).Trim() };
        }

        foreach (var (role, cell) in rest.Cells)
        {
            if (cell.IsEmpty || cell.Inherited) continue;
            if (!into.Cells.TryGetValue(role, out var before) || before.IsEmpty)
            {
                into.Cells[role] = cell;
                continue;
            }

            // A word split by the page end is not knitted together; a line end is what the source has.
            var separator = role is ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator or ColumnRole.Product or ColumnRole.Note && !char.IsLower(cell.Text[0]) ? "\n"
                : cell.Text[0] is '-' or '+' or '•' ? "\n" : " ";
            if (Readers.SourceText.BreaksNumber(before.Text.Length > 24 ? before.Text[^24..] : before.Text, cell.Text) || before.Text.EndsWith('/') || before.Text.EndsWith('-') && cell.Text.Length > 0 && char.IsUpper(cell.Text[0]))
            {
                separator = before.Text.EndsWith(" -", StringComparison.Ordinal) ? " " : "";   // A dash with a space before it has one behind it.
            }
            into.Cells[role] = before with { Text = before.Text + separator + cell.Text, Date = before.Date ?? cell.Date };
        }
    }

    /// <summary>"Tổng cộng" at the end, a remark over the whole width after the last task: no tasks.</summary>
    private static void DropTotals(List<TaskDraft> rows)
    {
        rows.RemoveAll(row => row.Number is null && row.HasOwn(ColumnRole.Content) && Total().IsMatch(VietnameseText.Fold(row.Cell(ColumnRole.Content).Text)) && row.IsTitleOnly);
    }

    // ---- groups ----

    private static void MarkGroups(List<TaskDraft> rows, MappedTable map)
    {
        var decimals = rows.Count(row => row.Number is { Kind: NumberKind.Decimal or NumberKind.Code });
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var next = i + 1 < rows.Count ? rows[i + 1] : null;
            var hasContent = row.HasOwn(ColumnRole.Content);
            if (!hasContent) continue;
            if (row.IsHeading) { row.IsGroup = true; continue; }
            var deeperNext = next is not null && IsDeeper(next, row);
            switch (row.Number)
            {
                case { Kind: NumberKind.Roman or NumberKind.Letter }:
                    // Roman rows are groups unless the whole table is numbered in Roman or the row stands alone with who and when.
                    row.IsGroup = row.IsTitleOnly ? decimals > 0 || next is not null && next.Number?.Kind != row.Number.Value.Kind : deeperNext && (decimals > 0 || next!.Number is null);
                    if (!row.IsGroup && row.IsTitleOnly && row.IsMergedAcross) row.IsGroup = true;
                    break;
                case { Kind: NumberKind.Decimal or NumberKind.Code or NumberKind.SmallLetter }:
                    if (!deeperNext) break;
                    if (row.IsTitleOnly) { row.IsGroup = true; break; }

                    // A header that gives its children a deadline or a lead has not both; a task that has parts has.
                    var lead = row.HasOwn(ColumnRole.Lead) || row.HasOwn(ColumnRole.LeadAndCoordinator);
                    var isWhole = row.Number is { Kind: NumberKind.Decimal, Parts.Count: > 1 } or { Kind: NumberKind.SmallLetter } && row.HasOwn(ColumnRole.Deadline) && (row.HasOwn(ColumnRole.Product) || row.HasOwn(ColumnRole.Coordinator));
                    row.IsGroup = !lead && !isWhole || !row.HasOwn(ColumnRole.Deadline) && row.Periods.Count == 0 && (row.IsBold || row.IsCapitals);
                    break;
                case null:
                    if (row.NumberText is { Length: > 0 }) break;
                    row.IsGroup = row.IsTitleOnly && (row.IsMergedAcross || row.IsBold || row.IsCapitals || IsRemark(rows, i, map))
                        || !row.IsTitleOnly && row.IsMergedAcross && next?.Number is not null;
                    break;
            }
        }
    }

    /// <summary>A text row without number below a group header or between tasks: a remark on the group ("cụ thể: số thứ tự từ 4 đến 35").</summary>
    private static bool IsRemark(List<TaskDraft> rows, int i, MappedTable map)
    {
        if (map.Of(ColumnRole.Number) is null && rows.Count(row => row.Number is not null) * 2 < rows.Count) return false;
        var next = i + 1 < rows.Count ? rows[i + 1] : null;
        return next is not null && (next.Number is not null || !next.IsTitleOnly);
    }

    private static bool IsDeeper(TaskDraft row, TaskDraft above)
    {
        if (row.Number is { } number)
        {
            if (number.Kind is NumberKind.Bullet) return above.Number is not null;
            if (above.Number is not { } outer) return true;
            if (number.Kind is NumberKind.Decimal && outer.Kind is NumberKind.Decimal) return number.Parts.Count > outer.Parts.Count && number.Parts.Take(outer.Parts.Count).SequenceEqual(outer.Parts)
                || number.Parts.Count == outer.Parts.Count && number.Parts is [1] && above is { IsTitleOnly: true } && (above.IsBold || above.IsMergedAcross || above.IsCapitals);
            if (number.Kind is NumberKind.Code && outer.Kind is NumberKind.Roman or NumberKind.Letter) return true;
            return number.Depth > outer.Depth;
        }

        // An unnumbered row below a bare numbered title, with who or when of its own, is a part of it.
        return above.Number is not null && row.HasOwn(ColumnRole.Content) && !row.IsTitleOnly && !row.IsMergedAcross && !row.IsBold;
    }

    private static List<TaskDraft> Arrange(List<TaskDraft> rows, MappedTable map, List<(string Text, int Page, int Row)> groupTexts)
    {
        var tasks = new List<TaskDraft>();
        var groups = new List<(int Depth, TaskDraft Row, string Title)>();
        var parents = new List<TaskDraft>();
        TaskDraft? ditto = null;
        var categories = new List<string>();
        TaskDraft? stemOfCategory = null;
        var numbersGroups = NumbersGroups(rows);

        // Where some rows of the first level are tasks themselves, a bare one beside them is a task in parts and no division.
        var isMixed = rows.Exists(row => !row.IsGroup && row.Number is { Kind: NumberKind.Decimal, Parts.Count: 1 });
        foreach (var row in rows)
        {
            var content = VietnameseText.Clean(row.Cell(ColumnRole.Content).Text);
            if (row.IsGroup)
            {
                groupTexts.Add((content, row.Page, row.Row));
                categories.Clear();
                stemOfCategory = null;
                var depth = row.Number is { } n ? n.Depth : row.NumberText is { Length: > 0 } ? 5 : groups.Count > 0 && IsRemarkBelow(row, groups[^1]) ? -1 : UnnumberedDepth(groups);
                if (depth < 0) continue;
                groups.RemoveAll(group => group.Depth >= depth);
                var title = row.NumberText is { Length: > 0 } text ? text.TrimEnd('.', ')', ' ') + ". " + content : content;
                groups.Add((depth, row, title));
                parents.Clear();
                continue;
            }

            if (!row.Has(ColumnRole.Content) && row.IsTitleOnly) continue;   // A number alone is an empty line of the form.
            Ditto(row, ref ditto);
            if (TakeCategories(row, categories)) stemOfCategory = null;
            if (numbersGroups && categories.Count > 0)
            {
                // "1" merged beside the group and over all its tasks: the number is of the group.
                if (row.Number is not null && !row.NumberInherited) stemOfCategory = new TaskDraft { Page = row.Page, Row = row.Row, Table = map, Number = row.Number, NumberText = row.NumberText };
                (row.Number, row.NumberText) = (null, null);
            }

            var level = row.Number?.Depth ?? (parents.Count > 0 ? parents[^1].Number?.Depth ?? 2 : 2);
            if (row.Number is { Kind: not NumberKind.Bullet } own)
            {
                // A group by a decimal ("1." over "1.1") ends when the numbering leaves it.
                groups.RemoveAll(group => group.Row.Number is { Kind: NumberKind.Decimal } g && own.Kind is NumberKind.Decimal && g.Depth >= own.Depth && !(own.Parts is [1, ..] && g.Depth == own.Depth && group.Row.IsGroup && tasks.LastOrDefault()?.GroupPath.Contains(group.Title) != true)
                    && !(g.Depth == own.Depth && Restarted(group.Row, tasks, group.Title, own)));
            }

            parents.RemoveAll(parent => parent.Number is { } p && row.Number is { } n && n.Kind is not NumberKind.Bullet && (p.Depth >= n.Depth || n.Kind is NumberKind.Decimal && p.Kind is NumberKind.Decimal && !n.Parts.Take(p.Parts.Count).SequenceEqual(p.Parts)));
            row.Parent = row.Number is { Kind: NumberKind.Decimal, Parts.Count: > 1 } or { Kind: NumberKind.SmallLetter } or { Kind: NumberKind.Bullet } || row.Number is null && Point().IsMatch(content) ? parents.LastOrDefault(parent => parent != row) : null;

            // "1" over "1.1": the code is the parent, the sections above are the group.
            var stem = row.Number is { Kind: NumberKind.SmallLetter or NumberKind.Bullet } && groups.Count > 0 && groups[^1].Row.Number is { Kind: NumberKind.Decimal } ? groups[^1]
                : row.Number is { Kind: NumberKind.Decimal, Parts.Count: > 1 } child
                ? groups.LastOrDefault(group => group.Row.Number is { Kind: NumberKind.Decimal } g && g.Parts.Count < child.Parts.Count && child.Parts.Take(g.Parts.Count).SequenceEqual(g.Parts)) : default;
            // A title set off as one (capitals, over the whole width), or the only division there is, is a group and no task's parent.
            if (stem.Row is { } above && (above.IsCapitals || above.IsMergedAcross && !(row.Number is { Kind: NumberKind.SmallLetter } && groups.Exists(group => group.Row.Number is { Kind: NumberKind.Roman or NumberKind.Letter })) || groups.TrueForAll(group => group.Row.Number is { Kind: NumberKind.Decimal }) && !(row.Number is { Kind: NumberKind.SmallLetter } && isMixed))) stem = default;
            if (row.Parent is null && stem.Row is not null) row.Parent = stem.Row;
            row.GroupPath = [.. groups.Where(group => stem.Row is null || group.Row.Number is not { Kind: NumberKind.Decimal }).Select(group => group.Title)];
            row.GroupPath.AddRange(categories);
            if (numbersGroups && categories.Count > 0) row.Parent ??= stemOfCategory;
            foreach (var role in s_inheritable)
            {
                if (row.Has(role)) continue;
                if (role is ColumnRole.Lead or ColumnRole.Coordinator && row.Has(ColumnRole.LeadAndCoordinator)) continue;
                var source = row.Parent is { } parent && parent.Has(role) && role is not (ColumnRole.Product or ColumnRole.Note) ? parent.Cell(role)
                    : groups.LastOrDefault(group => group.Row.Has(role) && role is not (ColumnRole.Note or ColumnRole.Product)).Row?.Cell(role);
                if (role is ColumnRole.Deadline && row.Periods.Count > 0) continue;   // Its own marks under the periods say when.
                if (source is null || role is ColumnRole.Deadline && ByComponent().IsMatch(VietnameseText.Fold(source.Text))) continue;
                if (role is ColumnRole.Coordinator && row.HasOwn(ColumnRole.Lead) && row.Parent is not null) continue;
                row.Cells[role] = source with { Inherited = true };
            }

            if (row.Periods.Count == 0 && !row.Has(ColumnRole.Deadline) && groups.LastOrDefault(group => group.Row.Periods.Count > 0).Row is { } dated) row.Periods.AddRange(dated.Periods);
            tasks.Add(row);
            if (row.Number is not null && level < 30) parents.Add(row);
        }

        return tasks;
    }

    /// <summary>Takes over what this row's group columns say; an empty cell goes on with what stands above it. True where a group begins.</summary>
    private static bool TakeCategories(TaskDraft row, List<string> open)
    {
        var began = row.Categories.Count < open.Count;
        if (began) open.RemoveRange(row.Categories.Count, open.Count - row.Categories.Count);   // Its own task stands in the group column itself.
        for (var i = 0; i < row.Categories.Count; i++)
        {
            var text = VietnameseText.Clean(row.Categories[i].Text);
            if (text.Length == 0 || DittoMark().IsMatch(VietnameseText.Fold(text))) continue;
            if (i < open.Count && open[i] == text) continue;
            if (i < open.Count) open.RemoveRange(i, open.Count - i);
            open.Add(text);
            began = true;
        }

        return began;
    }

    /// <summary>The numbers are of the groups beside the tasks: they never move on inside one, and tasks below the first have none of their own.</summary>
    private static bool NumbersGroups(List<TaskDraft> rows)
    {
        var (without, within) = (0, 0);
        foreach (var row in rows.Where(row => !row.IsGroup && row.Categories.Count > 0 && !row.Categories.Exists(cell => cell is { IsEmpty: false, Inherited: false })))
        {
            if (row.Number is not null && !row.NumberInherited) within++;
            else if (row.HasOwn(ColumnRole.Content)) without++;
        }

        return without > 0 && within == 0;
    }

    /// <summary>Numbers that start again at 1 below an unnested group "1." belong to it until they pass it ("1, 2, 3" inside "1").</summary>
    private static bool Restarted(TaskDraft group, List<TaskDraft> tasks, string title, RowNumber own)
    {
        if (group.Number is not { Kind: NumberKind.Decimal } || own.Parts.Count != 1) return false;
        var inside = tasks.FindAll(task => task.GroupPath.Contains(title) && task.Number is { Kind: NumberKind.Decimal, Parts.Count: 1 });
        return inside.Count > 0 && inside[0].Number!.Value.Parts[0] == 1 && own.Parts[0] == inside[^1].Number!.Value.Parts[0] + 1;
    }

    private static bool IsRemarkBelow(TaskDraft row, (int Depth, TaskDraft Row, string Title) group) =>
        row.Order == group.Row.Order + 1 && !row.IsBold && !row.IsCapitals && group.Row.Number is { Kind: NumberKind.Roman or NumberKind.Letter or NumberKind.Decimal };

    private static int UnnumberedDepth(List<(int Depth, TaskDraft Row, string Title)> groups) =>
        groups.Count == 0 ? 1 : groups[^1].Row.Number is null ? groups[^1].Depth : groups[^1].Depth + 1;

    /// <summary>Ditto marks repeat the cell above them.</summary>
    private static void Ditto(TaskDraft row, ref TaskDraft? above)
    {
        foreach (var role in s_inheritable)
        {
            if (!row.HasOwn(role) || !DittoMark().IsMatch(VietnameseText.Fold(row.Cell(role).Text))) continue;
            if (above is not null && above.Has(role)) row.Cells[role] = above.Cell(role) with { Inherited = true };
        }

        above = row;
    }

    [GeneratedRegex(@"^\s*(?<n>\(?(?:[IVX]{1,5}|[A-H])(?=[.)]\s)\)?|\d{1,3}(?:\.\d{1,3})*(?=[.)]\s|\.\d?\s)|\d{1,3}\.\d{1,3}(?=\s)|[a-zđ](?=\)\s))\s*[.)]?\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"^[ivx\d a-h]{1,5}[.)\-]\s*(cac )?(nhiem vu|noi dung|phan cong|to chuc|bang|danh muc|ke hoach|giai phap|tien do)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex PlainHeading();

    [GeneratedRegex(@"\s*[(\[](?<in>[^()\[\]]{4,160})[)\]]\s*[.:]?\s*$|\s+[-–:]\s+(?<in>(?:hoàn thành|Hoàn thành|thời hạn|Thời hạn|hạn|chủ trì|Chủ trì|hoan thanh)[^()]{4,100})$", RegexOptions.None, TimeLimit)]
    private static partial Regex TitleBracket();

    [GeneratedRegex(@"[.;:!?…]\s*[”""')]?\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex EndsSentence();

    [GeneratedRegex(@"^[\s\-–_.…]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Dash();

    [GeneratedRegex(@"^(tong cong|tong so|tong|cong)\b[^a-z]*$|^(tong cong|tong so)\s*:?\s*\d|^\(?(bang chu|so tien bang chu|viet bang chu)\b|^ghi chu\s*:|^\(?\*+\)?\s", RegexOptions.None, TimeLimit)]
    private static partial Regex Total();

    /// <summary>A point of the task above it, set off by a dash in the cell itself.</summary>
    [GeneratedRegex(@"^[-–+•]\s*\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex Point();

    [GeneratedRegex(@"\btheo (moc|thoi han|thoi gian|tien do)?\s*(cua )?(tung|cac) nhiem vu\b|\btheo tung nhiem vu\b", RegexOptions.None, TimeLimit)]
    private static partial Regex ByComponent();

    [GeneratedRegex(@"^(""|''|”|“|nt|-\s*nt\s*-|nhu tren|"" ""|-""-|//)$", RegexOptions.None, TimeLimit)]
    private static partial Regex DittoMark();
}
