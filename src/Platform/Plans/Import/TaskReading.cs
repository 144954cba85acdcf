using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>Reads the cells of one task row: who, when, what comes out, on which basis, and what is wrong with each.</summary>
internal static partial class TaskReading
{
    private const int TimeLimit = 2_000;

    public static ExtractedTask Read(TaskDraft draft, int ordinal, DeadlineContext context)
    {
        var warnings = new List<ImportWarning>();
        var fields = new Dictionary<PlanField, FieldReading>();
        var place = new SourcePlace(draft.Page, draft.Row);
        void Warn(string code, PlanField? field, params object[] arguments) => warnings.Add(new ImportWarning(code, place, field, arguments));
        void Field(PlanField field, RowCell cell, double confidence) =>
            fields[field] = new FieldReading(Math.Round(confidence, 2), cell.Inherited, new SourcePlace(cell.Page ?? draft.Page, cell.Row ?? draft.Row, cell.Column), cell.Text.Length == 0 ? null : cell.Text);

        var sure = draft.Table.HasHeader ? 1.0 : 0.75;
        double Of(ColumnRole role) => draft.Table.Of(role) is { } column ? Math.Min(sure, column.Confidence is > 0 ? Math.Max(0.6, column.Confidence) : sure) : sure;

        var content = ContentOf(draft.Cell(ColumnRole.Content).Text);
        if (content.Length == 0) Warn(ImportCodes.NoContent, PlanField.Content);
        Field(PlanField.Content, draft.Cell(ColumnRole.Content), content.Length == 0 ? 0.2 : Of(ColumnRole.Content) * (draft.Joined ? 0.85 : 1));

        // Columns shifted in this one row: a date under the lead, a body under the deadline.
        var leadCell = draft.Has(ColumnRole.LeadAndCoordinator) ? draft.Cell(ColumnRole.LeadAndCoordinator) : draft.Cell(ColumnRole.Lead);
        var leadRole = draft.Has(ColumnRole.LeadAndCoordinator) ? ColumnRole.LeadAndCoordinator : ColumnRole.Lead;
        var dueCell = draft.Cell(ColumnRole.Deadline);
        var leadIsDate = leadCell.Text.Length is > 0 and < 60 && !AgencyNames.LooksLikeAgency(leadCell.Text) && DeadlineGrammar.Recognises(leadCell.Text)
            && DeadlineGrammar.Read(leadCell.Text).Deadline.Rule is not (DeadlineRule.ByOtherPlan or DeadlineRule.AfterEvent);
        if (leadIsDate)
        {
            Warn(ImportCodes.DeadlineInAgency, PlanField.Leads, VietnameseText.Clean(leadCell.Text));
            fields[PlanField.Leads] = new FieldReading(0.2, leadCell.Inherited, place, leadCell.Text);
        }

        var agencies = leadIsDate ? new AgencyReading([], [], false, false) : AgencyNames.Read(leadCell.Text);
        var others = AgencyNames.Read(draft.Cell(ColumnRole.Coordinator).Text);
        var (leads, coordinators) = (agencies.Leads, agencies.Coordinators);
        if (leadRole is ColumnRole.LeadAndCoordinator && !agencies.RolesWritten && leads.Count > 1)
        {
            // One column for both without words for the roles: the first leads.
            coordinators = [.. leads.Skip(1)];
            leads = [leads[0]];
            fields[PlanField.Coordinators] = new FieldReading(0.7, leadCell.Inherited, place, leadCell.Text);
        }

        coordinators = [.. coordinators, .. others.RolesWritten && others.Coordinators.Count > 0 ? others.Leads.Concat(others.Coordinators) : others.Leads];
        coordinators = [.. coordinators.Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !Undecided().IsMatch(VietnameseText.Fold(name)))];
        leads = [.. leads.Where(name => !Undecided().IsMatch(VietnameseText.Fold(name)))];
        if (agencies.PersonalData || others.PersonalData) Warn(ImportCodes.PersonalData, PlanField.Leads);

        CheckLeads(draft, leads, coordinators, leadCell, Warn);
        if (!fields.ContainsKey(PlanField.Leads)) Field(PlanField.Leads, leadCell, leads.Count == 0 ? 0.3 : Of(leadRole) * (leads.Count > 1 ? 0.75 : 1) * (leads.All(AgencyNames.LooksLikeAgency) ? 1 : 0.7) * (leadCell.Inherited ? 0.85 : 1));
        if (!fields.ContainsKey(PlanField.Coordinators)) Field(PlanField.Coordinators, draft.Cell(ColumnRole.Coordinator), Of(ColumnRole.Coordinator) * (coordinators.All(AgencyNames.LooksLikeAgency) ? 1 : 0.75));

        var deadline = DeadlineOf(draft, content, context, dueCell, Warn, out var dueText);
        if (dueCell.IsEmpty && deadline.Rule is not DeadlineRule.None && draft.Periods.Count == 0) content = ProseReading.WithoutDeadline(content);
        if (deadline.Rule is DeadlineRule.None && (dueText.Length == 0 || Blank().IsMatch(dueText))) Warn(ImportCodes.NoDeadline, PlanField.Deadline);
        if (deadline.Recurrence is { Cycle: RecurrenceCycle.Continuous } && deadline.Date is not null && deadline.Rule is DeadlineRule.On) Warn(ImportCodes.DatedAndContinuous, PlanField.Deadline, dueText);
        var takesTitle = dueCell.Inherited && !(dueCell.FromTitle && dueText != VietnameseText.Clean(dueCell.Text));
        if (takesTitle) Warn(ImportCodes.InheritedDeadline, PlanField.Deadline, dueText);
        Field(PlanField.Deadline, dueCell, (deadline.Rule is DeadlineRule.None ? 0.3 : deadline.Confidence) * Math.Max(0.8, Of(ColumnRole.Deadline)) * (dueCell.Inherited ? 0.9 : 1));

        var product = VietnameseText.Clean(draft.Cell(ColumnRole.Product).Text);
        if (draft.Table.Of(ColumnRole.Product) is not null)
        {
            if (product.Length == 0 || Blank().IsMatch(product)) Warn(ImportCodes.NoProduct, PlanField.Product);
            else if (product.Length < 400 && ProductMilestone().IsMatch(VietnameseText.Fold(product))) Warn(ImportCodes.MilestoneInProduct, PlanField.Product, product);
            Field(PlanField.Product, draft.Cell(ColumnRole.Product), product.Length == 0 ? 0.5 : Of(ColumnRole.Product));
        }

        if (Blank().IsMatch(product)) product = "";
        var basisText = string.Join('\n', new[] { draft.Cell(ColumnRole.Basis).Text, draft.Cell(ColumnRole.Note).Text }.Concat(draft.Footnotes).Where(text => text.Length > 0));
        var basis = DocumentNumber.Find(basisText.Replace("-\n", "-", StringComparison.Ordinal).Replace('\n', ' ')).Select(found => found.Number).DistinctBy(number => number.Key).Select(number => number.Value).ToList();
        if (basis.Count == 0 && draft.Has(ColumnRole.Basis)) basis.Add(VietnameseText.Clean(draft.Cell(ColumnRole.Basis).Text));
        if (basisText.Length > 0) Field(PlanField.Basis, draft.Has(ColumnRole.Basis) ? draft.Cell(ColumnRole.Basis) : draft.Cell(ColumnRole.Note), 0.95);

        var targets = TargetReading.Read(content, context).Concat(TargetReading.Read(product, context)).Concat(TargetReading.Read(VietnameseText.Clean(draft.Cell(ColumnRole.Target).Text), context))
            .DistinctBy(target => (target.Value, VietnameseText.Fold(target.Unit), target.By)).ToList();

        if (IsTruncated(content, draft)) Warn(ImportCodes.TruncatedText, PlanField.Content);
        foreach (var role in new[] { (ColumnRole.Coordinator, PlanField.Coordinators), (ColumnRole.Product, PlanField.Product), (ColumnRole.Basis, PlanField.Basis) })
        {
            if (draft.Cell(role.Item1) is { Inherited: true, IsEmpty: false } cell) Warn(ImportCodes.InheritedValue, role.Item2, ImportText.Of("column." + role.Item1, []), VietnameseText.Clean(cell.Text));
        }

        // A cell that holds several rows' numbers, or two names run into each other, was laid out in a way nobody can be sure of.
        if (!draft.Warnings.Exists(warning => warning.Code == ImportCodes.DoubtfulRow)
            && (HoldsSeveralNumbers(draft.NumberText) || leads.Concat(coordinators).Any(AgencyNames.RunsTogether))) Warn(ImportCodes.DoubtfulRow, null);
        foreach (var (code, arguments) in draft.Warnings) Warn(code, null, arguments);
        var number = draft.Number is { Kind: not NumberKind.Bullet } n ? n.Text : draft.NumberText is { Length: > 0 } raw && draft.Number is null ? raw : null;
        var parentCode = draft.Parent is { } parent ? CodeOf(parent) : null;
        return new ExtractedTask(ordinal, number, CodeOf(draft), draft.GroupPath, parentCode, content, leads, coordinators, deadline, product.Length == 0 ? null : product, basis, targets,
            AnswersTo(content), NoteOf(draft, basis), false, place, fields, warnings);
    }

    private static bool HoldsSeveralNumbers(string? text) =>
        text is { Length: > 2 } && text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } parts && Array.TrueForAll(parts, part => RowNumber.TryRead(part, out var number) && number.Kind is not NumberKind.Bullet) && !RowNumber.TryRead(text, out _);

    private static string? CodeOf(TaskDraft draft)
    {
        if (draft.Code is { Length: > 0 } own) return own;
        if (draft.Number is not { } number || number.Kind is NumberKind.Bullet) return draft.NumberText is { Length: > 0 } text && draft.Number is null ? text : null;
        return number.Kind is NumberKind.SmallLetter && draft.Parent is { } parent && CodeOf(parent) is { } above ? above + "." + number.Text : number.Text;
    }

    private static string ContentOf(string text)
    {
        // Lines of a cell are kept only where they are points of a list; a wrapped line is one sentence.
        var lines = text.Split('\n').Select(VietnameseText.Clean).Where(line => line.Length > 0).ToList();
        var made = "";
        foreach (var line in lines)
        {
            var point = ListPoint().IsMatch(line);
            made = made.Length == 0 ? line : point ? made + "\n" + line : made + " " + line;
        }

        return made;
    }

    private static void CheckLeads(TaskDraft draft, IReadOnlyList<string> leads, IReadOnlyList<string> coordinators, RowCell cell, Action<string, PlanField?, object[]> warn)
    {
        if (leads.Count == 0) warn(ImportCodes.NoLead, PlanField.Leads, []);
        if (leads.Count > 1) warn(ImportCodes.SeveralLeads, PlanField.Leads, [string.Join("; ", leads)]);
        var keys = leads.Select(AgencyNames.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var both in coordinators.Where(name => keys.Contains(AgencyNames.Key(name)))) warn(ImportCodes.LeadIsCoordinator, PlanField.Coordinators, [both]);
        foreach (var name in leads)
        {
            if (AgencyNames.IsClass(name)) warn(ImportCodes.LeadIsClass, PlanField.Leads, [name]);
            else if (AgencyNames.IsOutsideProvince(name)) warn(ImportCodes.LeadOutsideProvince, PlanField.Leads, [name]);
        }

        if (cell.Inherited && leads.Count > 0) warn(ImportCodes.InheritedLead, PlanField.Leads, [string.Join("; ", leads)]);
    }

    private static ExtractedDeadline DeadlineOf(TaskDraft draft, string content, DeadlineContext context, RowCell cell, Action<string, PlanField?, object[]> warn, out string text)
    {
        var own = context with { Content = content };
        text = VietnameseText.Clean(cell.Text);
        if (cell.IsEmpty && draft.Periods.Count > 0)
        {
            // Marks in period columns: the last marked period is when the whole is done.
            var marked = draft.Periods.FindAll(period => MarkCell().IsMatch(period.Mark.Trim()) || DeadlineGrammar.Recognises(period.Mark));
            if (marked.Count == 0) marked = draft.Periods;
            var readings = marked.Select(period => DeadlineGrammar.Recognises(period.Mark) && !MarkCell().IsMatch(period.Mark.Trim())
                ? DeadlineGrammar.Read(WithYear(period.Mark, period.Period), own) : DeadlineGrammar.Read(period.Period, own)).ToList();
            var last = readings.OrderBy(reading => reading.Deadline.Date ?? DateOnly.MinValue).Last();
            text = string.Join(", ", marked.Select(period => period.Period));
            foreach (var (code, arguments) in last.Warnings) warn(code, PlanField.Deadline, arguments);
            return last.Deadline with { Text = text, Start = readings.Count > 1 ? readings[0].Deadline.Date is { } first && readings[0].Deadline.Rule is DeadlineRule.InYear ? new DateOnly(first.Year, 1, 1) : null : null, Confidence = Math.Min(0.85, last.Deadline.Confidence) };
        }

        var header = draft.Table.Of(ColumnRole.Deadline)?.Header is { } label && HeaderYear().Match(VietnameseText.Fold(label)) is { Success: true } year ? int.Parse(year.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        if (header is { } y) own = own with { Period = (y, y) };
        if (DaysHeader().IsMatch(VietnameseText.Fold(draft.Table.Of(ColumnRole.Deadline)?.Header ?? "")) && PlainNumber().IsMatch(text) && cell.Date is null)
        {
            warn(ImportCodes.DurationOnly, PlanField.Deadline, [text]);
            return new ExtractedDeadline(text, DeadlineRule.Duration, null, Confidence: 0.6);
        }

        var read = DeadlineGrammar.Read(cell.Text, own, cell.Date, cell.Number);
        if (text.Length == 0 && read.Deadline.Text is { } shown) text = shown;

        // No column for it, yet the duty itself ends in "…, hoàn thành trước ngày 15/11/2025".
        // What it says of itself comes before what the title of its group says of all.
        if ((read.Deadline.Rule is DeadlineRule.None && text.Length == 0 || cell.FromTitle && cell.Inherited) && ProseReading.DeadlinePhrase(content) is { } phrase)
        {
            var inContent = DeadlineGrammar.Read(phrase, context);
            if (inContent.Deadline.Rule is not (DeadlineRule.None or DeadlineRule.Duration))
            {
                text = phrase;
                foreach (var (code, arguments) in inContent.Warnings) warn(code, PlanField.Deadline, arguments);
                return inContent.Deadline with { Text = phrase, Confidence = Math.Min(0.7, inContent.Deadline.Confidence) };
            }
        }

        foreach (var (code, arguments) in read.Warnings) warn(code, PlanField.Deadline, arguments);
        if (!cell.Inherited && read.Deadline is { Date: { } day, Recurrence: null } && Completed(content, context) is { } said && Contradicts(said, day)) warn(ImportCodes.DeadlineConflict, PlanField.Deadline, [said.Text ?? "", said.Date!.Value, day]);
        return read.Deadline;
    }

    /// <summary>The day by which the content itself wants the whole done; what it says of a part of it is no such day.</summary>
    private static ExtractedDeadline? Completed(string content, DeadlineContext context)
    {
        if (ProseReading.DeadlinePhrase(content) is not { } phrase || !CompletedBy().IsMatch(VietnameseText.Fold(content))) return null;
        return DeadlineGrammar.Read(phrase, context).Deadline is { Date: not null, Recurrence: null, Rule: not DeadlineRule.Duration } said ? said with { Text = phrase } : null;
    }

    /// <summary>A period ("trong năm 2026") does not contradict a day within it; "trước 30/6" and "30/6" are one day apart and one deadline.</summary>
    private static bool Contradicts(ExtractedDeadline said, DateOnly day) =>
        said.Date!.Value.DayNumber < day.DayNumber - 1 || said.Rule is DeadlineRule.On or DeadlineRule.Before && said.Date.Value.DayNumber > day.DayNumber + 1;

    [GeneratedRegex(@"(?:^|[,;.(:]\s*|\b(?:phai|phan dau|bao dam|dam bao|de|va|yeu cau|thuc hien|trien khai)\s+)(?:hoan thanh|xong|thoi han|han hoan thanh)\s*:?\s+(?:xong\s+)?(?:vao\s+)?(?:truoc|trong|cham nhat|den het|den|ngay|thang|quy|nam|muon nhat)\b[^.;]*[.;/]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex CompletedBy();

    private static string WithYear(string mark, string period) => HeaderYear().IsMatch(VietnameseText.Fold(mark)) ? mark : mark + "/" + VietnameseText.Clean(period).Split(' ')[^1];

    /// <summary>Cut off in the source: ends without a stop in a table that ends its contents with one, or in the middle of a phrase.</summary>
    private static bool IsTruncated(string content, TaskDraft draft)
    {
        if (content.Length < 20) return false;
        if (OpenEnd().IsMatch(content)) return true;

        // A row that stops after its content, without a stop at the end of it, was cut off with the rest of the row (T5).
        return !content.EndsWith('.') && !content.EndsWith(';') && !draft.Has(ColumnRole.Lead) && !draft.Has(ColumnRole.LeadAndCoordinator) && !draft.Has(ColumnRole.Deadline)
            && !draft.Has(ColumnRole.Coordinator) && !draft.Has(ColumnRole.Product) && draft.Periods.Count == 0;
    }

    private static string? AnswersTo(string content)
    {
        var match = Answers().Match(content);
        return match.Success ? VietnameseText.Clean(match.Groups[1].Value) : null;
    }

    private static string? NoteOf(TaskDraft draft, List<string> basis)
    {
        var note = VietnameseText.Clean(draft.Cell(ColumnRole.Note).Text);
        return note.Length == 0 || basis.Count > 0 && DocumentNumber.TryRead(note) is not null ? null : note;
    }

    [GeneratedRegex(@"^[\s\-–_.…/]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Blank();

    // "Chưa xác định", "Sẽ phân công sau": words in the place of a name, that name nobody.
    [GeneratedRegex(@"^\(?(?:(?:chua|dang|se|cho)\s+(?:duoc\s+)?(?:xac dinh|phan cong|giao|ro|co|bo tri|de xuat|quyet dinh|thong nhat)(?:\s+(?:sau|ro|cu the|don vi|co quan|chu tri|phoi hop|nhiem vu|thuc hien))*|khong(?:\s+(?:co|xac dinh|ro))?)\)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex Undecided();

    [GeneratedRegex(@"\b(truoc|cham nhat|den het|trong)\s+(ngay|thang|quy)\s*[\divx]+|\b\d{1,2}/\d{1,2}/\d{4}\b|\bquy (i|ii|iii|iv)\s*[/ ]|\bthang \d{1,2}/\d{4}", RegexOptions.None, TimeLimit)]
    private static partial Regex ProductMilestone();

    [GeneratedRegex(@"^(?:[-–+•*]|[a-zđ]\)|\(?[ivx]{1,4}\)|\d{1,2}[.)])\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex ListPoint();

    [GeneratedRegex(@"^(x|X|✓|✔|v|V|√|\+|có|Có|■|●|•|☑|1)$", RegexOptions.None, TimeLimit)]
    private static partial Regex MarkCell();

    [GeneratedRegex(@"\b(20\d{2})\b", RegexOptions.None, TimeLimit)]
    private static partial Regex HeaderYear();

    [GeneratedRegex(@"\(?\s*(so )?(ngay|thang|tuan)( lam viec)?\s*\)?$|\bso ngay\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DaysHeader();

    [GeneratedRegex(@"^\d{1,3}$", RegexOptions.None, TimeLimit)]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"(\b(và|của|với|(?<!\b(?:kèm|tiếp|làm|dõi|noi) )theo|cho|các|để|(?<!\bbên )trong|(?<!\b(?:trở|quay) )về|(?<!\b(?:hiện|tồn|vãng|hòa) )tại|từ|đến|hoặc|(?<!\b(?:tự|lý) )do|được|(?<!\b(?:công|cân|văn|đồng) )bằng|là|những|(?<!\b(?:cấp|nêu|bên|phía|kể|nói) )trên|(?<!\b(?:trực|phụ|lệ|quy|tùy) )thuộc|nhằm|gồm|bảo đảm|đảm bảo|giữa|một|như|mà|khi|nếu|đối với)|[,(\-–/]|\.\.\.|…)\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"[Cc]hịu trách nhiệm (?:toàn diện |trực tiếp |hoàn toàn )?trước ((?:[\p{L}]+\s){1,8}?)(?=về|trong|đối|nếu|,|;|\.|$)", RegexOptions.None, TimeLimit)]
    private static partial Regex Answers();
}
