using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Plans.Import;

/// <summary>Defects seen only across rows or across the whole document: numbering, dates against the plan, issuers, spellings (monitoring §5).</summary>
internal static partial class PlanChecks
{
    private const int TimeLimit = 2_000;

    public static void Add(
        SourceDocument source, ExtractedHeader header, List<ExtractedTask> tasks, IReadOnlyList<MappedTable> tableOf, IReadOnlyList<TableReading> tables,
        IReadOnlyList<(string Text, int Page, int Row)> groupTexts, List<ImportWarning> warnings, DeadlineContext context)
    {
        Numbering(tasks, Sections(tasks, tableOf));
        NumberRanges(tasks, groupTexts, warnings);
        CitedInProse(source, tasks, tables, warnings);
        StatedCount(source, tasks, tableOf, warnings);
        Dates(source, header, tasks);
        Duplicates(tasks);
        Products(tasks, tables, warnings);
        Instruments(source, warnings);
        Spellings(tasks, warnings);
        Ended(header, tasks);
        Surveys(tasks);
        Sums(tasks);
    }

    private static void Warn(List<ExtractedTask> tasks, int index, string code, PlanField? field, params object[] arguments) =>
        tasks[index] = tasks[index] with { Warnings = [.. tasks[index].Warnings, new ImportWarning(code, tasks[index].Source, field, arguments)] };

    // ---- numbering ----

    /// <summary>Appendices of one document number each on its own: a further table that begins again with 1 is a section of its own.</summary>
    private static int[] Sections(List<ExtractedTask> tasks, IReadOnlyList<MappedTable> tableOf)
    {
        var sections = new int[tasks.Count];
        for (var i = 1; i < tasks.Count; i++)
        {
            var first = i < tableOf.Count && !ReferenceEquals(tableOf[i], tableOf[i - 1]) && tasks[i].Number?.Split('.') is ["1" or "01", ..];
            sections[i] = sections[i - 1] + (first ? 1 : 0);
        }

        return sections;
    }

    private static void Numbering(List<ExtractedTask> tasks, int[] sections)
    {
        if (tasks.Count == 0 || tasks.TrueForAll(task => task.FromProse)) return;
        var numbered = tasks.Count(task => task.Number is not null);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var last = new Dictionary<string, (int Number, int Index)>(StringComparer.Ordinal);
        var runsOn = RunsOn(tasks, sections);
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i];
            if (task.Number is null)
            {
                if (numbered * 2 > tasks.Count && task.Parent is null) Warn(tasks, i, ImportCodes.NumberMissing, PlanField.Number);
                continue;
            }

            // A parent without who or when is no task, yet its number counts among those of its level.
            var within = sections[i].ToString(CultureInfo.InvariantCulture) + "|" + (runsOn ? "" : task.Group ?? "");
            var outer = within + "||";
            if (task.Parent is { } above && int.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var own) && (!last.TryGetValue(outer, out var known) || known.Number < own))
            {
                if (last.TryGetValue(outer, out known) && own > known.Number + 1) Warn(tasks, i, ImportCodes.NumberGap, PlanField.Number, known.Number, own);
                last[outer] = (own, i);
            }

            // Numbers are counted per group where each group starts again, and through the document where they run on.
            var scope = within + "|" + task.Parent;
            var key = scope + "|" + (task.Code ?? task.Number);
            if (seen.TryGetValue(key, out var before)) Warn(tasks, i, ImportCodes.NumberDuplicate, PlanField.Number, task.Number, tasks[before].Source.Row ?? 0);
            else seen[key] = i;

            var parts = task.Number.Split('.');
            if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) continue;
            var stem = scope + "|" + string.Join('.', parts[..^1]);
            if (last.TryGetValue(stem, out var previous))
            {
                if (value > previous.Number + 1) Warn(tasks, i, ImportCodes.NumberGap, PlanField.Number, previous.Number, value);
                else if (value < previous.Number) Warn(tasks, i, ImportCodes.NumberOrder, PlanField.Number, previous.Number, value);
            }
            else if (value > 1 && !task.FromProse)
            {
                Warn(tasks, i, ImportCodes.NumberGap, PlanField.Number, 0, value);
            }

            last[stem] = (value, i);
        }
    }

    /// <summary>Whether numbers go on through the groups: then the second group does not begin with 1.</summary>
    private static bool RunsOn(List<ExtractedTask> tasks, int[] sections)
    {
        var (restart, on) = (0, 0);
        for (var i = 1; i < tasks.Count; i++)
        {
            if (tasks[i].Group == tasks[i - 1].Group || sections[i] != sections[i - 1] || !int.TryParse(tasks[i].Number, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            if (number == 1) restart++; else on++;
        }

        return on > restart || restart == 0;
    }

    /// <summary>"cụ thể: số thứ tự từ 4 đến 35" against what the group holds (T2), and "gồm 38 nhiệm vụ" against what was found.</summary>
    private static void NumberRanges(List<ExtractedTask> tasks, IReadOnlyList<(string Text, int Page, int Row)> groupTexts, List<ImportWarning> warnings)
    {
        for (var g = 0; g < groupTexts.Count; g++)
        {
            var (text, page, row) = groupTexts[g];
            foreach (Match match in Range().Matches(VietnameseText.Fold(text)))
            {
                var (from, to) = (int.Parse(match.Groups["a"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["b"].Value, CultureInfo.InvariantCulture));
                var inGroup = tasks.Where(task => (task.Source.Page ?? 0) > page || (task.Source.Page ?? 0) == page && task.Source.Row > row).ToList();
                var groupName = inGroup.FirstOrDefault()?.Group;
                var numbers = inGroup.TakeWhile(task => task.Group == groupName).Select(task => int.TryParse(task.Number, out var n) ? n : -1).Where(n => n > 0).ToList();
                if (numbers.Count > 0 && (numbers.Min() != from || numbers.Max() != to))
                {
                    warnings.Add(new ImportWarning(ImportCodes.NumberRange, new SourcePlace(page, row), PlanField.Number, from, to, numbers.Min(), numbers.Max()));
                }
            }

            var count = Count().Match(VietnameseText.Fold(text));
            if (count.Success && int.Parse(count.Groups["n"].Value, CultureInfo.InvariantCulture) is var said && said > 1)
            {
                var held = tasks.Count(task => task.GroupPath.Any(name => name.EndsWith(text, StringComparison.Ordinal)));
                if (held > 0 && held != said) warnings.Add(new ImportWarning(ImportCodes.NumberCount, new SourcePlace(page, row), PlanField.Number, said, held));
            }
        }
    }

    /// <summary>The body text cites numbers that the table does not have: "các nhiệm vụ có số thứ tự từ 4 đến 45".</summary>
    private static void CitedInProse(SourceDocument source, List<ExtractedTask> tasks, IReadOnlyList<TableReading> tables, List<ImportWarning> warnings)
    {
        var numbers = tasks.Where(task => !task.FromProse).Select(task => int.TryParse(task.Number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 0).ToList();
        if (numbers.Count < 3) return;
        foreach (var paragraph in source.Blocks.OfType<SourceParagraph>())
        {
            var folded = VietnameseText.Fold(paragraph.Text);
            var ranges = Range().Matches(folded);
            foreach (Match match in ranges)
            {
                if (match.Value.StartsWith("muc", StringComparison.Ordinal)) continue;   // Sections of a document, not rows of the table.
                if (match.Groups["bare"].Success && !AboutTasks().IsMatch(folded) || OfAnother(folded, match)) continue;
                var (from, to) = (int.Parse(match.Groups["a"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["b"].Value, CultureInfo.InvariantCulture));
                if (to > numbers.Max() || from < numbers.Min() || !numbers.Contains(from) || !numbers.Contains(to))
                {
                    warnings.Add(new ImportWarning(ImportCodes.NumberRange, new SourcePlace(paragraph.Page, null), PlanField.Number, from, to, numbers.Min(), numbers.Max()));
                }
            }

            foreach (Match match in NumberList().Matches(folded))
            {
                if (OfAnother(folded, match) || ranges.Any(range => range.Index < match.Index + match.Length && match.Index < range.Index + range.Length)) continue;
                foreach (var cited in match.Groups["n"].Captures.Select(capture => int.Parse(capture.Value, CultureInfo.InvariantCulture)).Where(cited => cited > numbers.Max()).Distinct())
                {
                    warnings.Add(new ImportWarning(ImportCodes.NumberRange, new SourcePlace(paragraph.Page, null), PlanField.Number, cited, cited, numbers.Min(), numbers.Max()));
                }
            }

            // "12 nhiệm vụ tại Phụ lục" may be of one body or one of several appendices; more than all of them it cannot be.
            if (!TotalCount().IsMatch(folded) && CountOfAppendix().Match(folded) is { Success: true } appendix && !OfAnother(folded, appendix)
                && int.Parse(appendix.Groups["n"].Value, CultureInfo.InvariantCulture) is var held && (held > tasks.Count || held > 1 && held < tasks.Count && appendix.Groups["all"].Success
                    && tables.Count(table => table.IsTaskTable) == 1 && !tasks.GroupBy(task => task.Group).Any(group => group.Count() == held)))
            {
                warnings.Add(new ImportWarning(ImportCodes.NumberCount, new SourcePlace(paragraph.Page, null), PlanField.Number, held, tasks.Count));
            }

            if (TotalCount().Match(folded) is { Success: true } said && int.Parse(said.Groups["n"].Value, CultureInfo.InvariantCulture) is var count && count != tasks.Count)
            {
                warnings.Add(new ImportWarning(ImportCodes.NumberCount, new SourcePlace(paragraph.Page, null), PlanField.Number, count, tasks.Count));
            }
        }
    }

    /// <summary>
    /// The document says how many tasks it has ("Bao gồm 16 nhiệm vụ sau đây:", "giao 16 nhiệm vụ cho các sở, ngành"): true of the whole, of
    /// one of its tables or groups, or of its groups themselves; what is said of another document or of work already done is no such count.
    /// </summary>
    private static void StatedCount(SourceDocument source, List<ExtractedTask> tasks, IReadOnlyList<MappedTable> tableOf, List<ImportWarning> warnings)
    {
        if (tasks.Count < 3) return;
        var counts = new HashSet<int>(tasks.GroupBy(task => task.Group).Select(group => group.Count())) { tasks.Count, tasks.Count(task => task.Parent is null), tasks.Select(task => task.Group).Distinct().Count() };
        counts.UnionWith(tasks.GroupBy(Top).Select(group => group.Count()));
        counts.Add(tasks.Select(Top).Distinct().Count());
        counts.Add(tasks.Select(task => task.Parent is { } parent ? (task.Group, parent) : (task.Group, task.Code ?? task.Ordinal.ToString(CultureInfo.InvariantCulture))).Distinct().Count());
        counts.UnionWith(Enumerable.Range(0, Math.Min(tasks.Count, tableOf.Count)).GroupBy(i => tableOf[i]).Select(group => group.Count()));
        foreach (var paragraph in source.Blocks.OfType<SourceParagraph>())
        {
            var folded = VietnameseText.Fold(paragraph.Text);
            foreach (var sentence in SentenceEnd().Split(folded))
            {
                if (sentence.Length > 400 || StatedTasks().Match(sentence) is not { Success: true } said || OfAnother(sentence, said) || NotOfThis().IsMatch(sentence[..said.Index])) continue;
                var count = int.Parse(said.Groups["n"].Value, CultureInfo.InvariantCulture);
                if (count < 2 || counts.Contains(count) || warnings.Exists(warning => warning.Code == ImportCodes.NumberCount && warning.Arguments.Contains(count))) continue;
                warnings.Add(new ImportWarning(ImportCodes.NumberCount, new SourcePlace(paragraph.Page, null), PlanField.Number, count, tasks.Count));
            }
        }
    }

    private static string? Top(ExtractedTask task) => task.GroupPath is [var first, ..] ? first : null;

    private const string Tasks = @"(?:(?:noi dung|de an|du an|giai phap|hoat dong|chuong trinh)\s*(?:,|va|/)?\s*)*(?:nhiem vu|noi dung|cong viec|dau viec|dau muc cong viec)\b";

    private const string Number = @"(?<![\d/.,])(?<n>\d{1,3})\s*(?:\([a-z ]{2,30}\)\s*)?";

    [GeneratedRegex(@"(?:^[^a-z]*|\b(?:phu luc|danh muc|bang|bieu|ke hoach|chuong trinh|nhiem vu|cong viec)\b.{0,60}?\b)(?:bao gom|gom|co|tong so|tong cong)(?:\s+co|\s+la|\s*:)?\s*(?:\d{1,2}\s+nhom(?:\s+nhiem vu)?\s*,?\s*(?:voi|gom|va)?\s*(?:tong so\s*)?)?" + Number + Tasks
        + @"|\b(?:giao|phan cong|thuc hien|trien khai)\s+(?:cu the\s+|cac\s+)?" + Number + Tasks + @"(?:\s*(?:,|va)\s*(?:giai phap|de an|du an|noi dung|cong viec))*(?:\s+(?:cu the|trong tam|chu yeu))?\s+(?:sau\b|nhu sau|cho (?:(?:cac|tung)\b|so, ))", RegexOptions.None, TimeLimit)]
    private static partial Regex StatedTasks();

    /// <summary>What was done, what every body must do at least, what somebody above assigned, what one body alone is given.</summary>
    [GeneratedRegex(@"\b(?:da|hoan thanh|ket qua|it nhat|toi thieu|moi|trung uong|chinh phu|thu tuong|nam truoc)\b[^,;]{0,60}$|\b(?:giao|phan cong)\s+(?!cac\b)[a-z ]{4,60}$|^[^a-z]*(?:so|cong an|thanh tra|van phong|bo chi huy|ubnd (?:xa|phuong|huyen|thanh pho)) [^,;]{0,60}$", RegexOptions.None, TimeLimit)]
    private static partial Regex NotOfThis();

    [GeneratedRegex(@"[.;]\s+(?=[a-z\d(])", RegexOptions.None, TimeLimit)]
    private static partial Regex SentenceEnd();

    /// <summary>The numbers are of the appendix of another document: "nhiệm vụ số 12 tại Phụ lục Quyết định số 100/QĐ-TTg".</summary>
    private static bool OfAnother(string folded, Match match) => OtherDocument().IsMatch(folded[(match.Index + match.Length)..]);

    // ---- dates ----

    private static void Dates(SourceDocument source, ExtractedHeader header, List<ExtractedTask> tasks)
    {
        // Without a full date of its own, a plan is at least as late as the youngest document it cites (T3).
        var earliest = header.IssuedOn ?? YoungestCited(source, header);
        DateOnly? campaignEnd = header.PeriodTo is { } year ? new DateOnly(year, 12, 31) : null;
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].Deadline is not { Date: { } date } deadline) continue;
            if (earliest is { } issued && date < issued)
            {
                Warn(tasks, i, ImportCodes.DeadlineBeforeIssue, PlanField.Deadline, date, issued);
                if (tasks[i].Fields.TryGetValue(PlanField.Deadline, out var field) && !deadline.CompletedAndContinuing)
                {
                    tasks[i] = tasks[i] with { Fields = new Dictionary<PlanField, FieldReading>(tasks[i].Fields) { [PlanField.Deadline] = field with { Confidence = Math.Min(field.Confidence, 0.75) } } };
                }
            }

            if (campaignEnd is { } end && date > end && deadline.Rule is not DeadlineRule.AfterEvent) Warn(tasks, i, ImportCodes.DeadlineAfterCampaign, PlanField.Deadline, date, header.PeriodTo!.Value);
        }
    }

    private static DateOnly? YoungestCited(SourceDocument source, ExtractedHeader header)
    {
        DateOnly? youngest = null;
        foreach (var text in source.Blocks.OfType<SourceParagraph>().Take(25).Select(paragraph => paragraph.Text))
        {
            foreach (Match match in CitedDate().Matches(VietnameseText.Clean(text)))
            {
                if (DeadlineGrammar.Read(match.Groups["d"].Value).Deadline is { Rule: DeadlineRule.On, Date: { } date } && (youngest is null || date > youngest)) youngest = date;
            }
        }

        return youngest;
    }

    // ---- contents ----

    private static void Duplicates(List<ExtractedTask> tasks)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < tasks.Count; i++)
        {
            var key = VietnameseText.Fold(tasks[i].Content).TrimEnd('.', ';');
            if (key.Length < 25) continue;
            if (seen.TryGetValue(key, out var before)) Warn(tasks, i, ImportCodes.DuplicateTask, PlanField.Content, tasks[before].Number ?? tasks[before].Ordinal.ToString(CultureInfo.InvariantCulture));
            else seen[key] = i;
        }
    }

    private static void Products(List<ExtractedTask> tasks, IReadOnlyList<TableReading> tables, List<ImportWarning> warnings)
    {
        if (tasks.Count == 0 || tasks.TrueForAll(task => task.FromProse)) return;
        if (tables.Any(table => table.IsTaskTable && table.Columns.All(column => column.Role != nameof(ColumnRole.Product))))
        {
            warnings.Add(new ImportWarning(ImportCodes.NoProductColumn, new SourcePlace(tables.First(table => table.IsTaskTable).Page, null), PlanField.Product));
        }
    }

    /// <summary>"Khảo sát" and the task that sums it up, due the same day: the second cannot be done in time.</summary>
    private static void Surveys(List<ExtractedTask> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].Deadline.Date is not { } date || !Summary().IsMatch(VietnameseText.Fold(tasks[i].Content[..Math.Min(60, tasks[i].Content.Length)]))) continue;
            var words = Significant(tasks[i].Content);
            var survey = tasks.FindIndex(task => task.Ordinal != tasks[i].Ordinal && task.Deadline.Date == date && Survey().IsMatch(VietnameseText.Fold(task.Content[..Math.Min(60, task.Content.Length)]))
                && Math.Abs(task.Ordinal - tasks[i].Ordinal) <= 6 && Significant(task.Content).Intersect(words).Count() >= 3);
            if (survey >= 0) Warn(tasks, i, ImportCodes.SurveyAndSummarySameDay, PlanField.Deadline, tasks[survey].Number ?? tasks[survey].Ordinal.ToString(CultureInfo.InvariantCulture), date);
        }
    }

    private static HashSet<string> Significant(string text) =>
        [.. VietnameseText.Fold(text).Split([' ', ',', ';', '.', '(', ')', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= 3 && !Common().IsMatch(word))];

    /// <summary>A parent that names a total and children that name parts of the same unit: both are shown when they differ.</summary>
    private static void Sums(List<ExtractedTask> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].Code is not { } code || tasks[i].Targets.Count == 0) continue;
            var children = tasks.FindAll(task => task.Parent == code && task.Targets.Count > 0 && task.GroupPath.SequenceEqual(tasks[i].GroupPath));
            if (children.Count < 2) continue;
            foreach (var total in tasks[i].Targets.Where(target => target.Unit != "%"))
            {
                var parts = children.SelectMany(child => child.Targets.Where(target => VietnameseText.Fold(target.Unit).Split(' ')[0] == VietnameseText.Fold(total.Unit).Split(' ')[0]).Take(1)).ToList();
                if (parts.Count == children.Count && parts.Sum(part => part.Value) != total.Value) Warn(tasks, i, ImportCodes.SumMismatch, PlanField.Targets, total.Value, parts.Sum(part => part.Value), total.Unit);
            }
        }
    }

    // ---- documents cited ----

    private sealed record Mention(DocumentNumber Number, string? Issuer, string? Date, int? Page);

    private static void Instruments(SourceDocument source, List<ImportWarning> warnings)
    {
        var mentions = new List<Mention>();
        foreach (var (text, page) in Texts(source))
        {
            foreach (var (number, index, length) in DocumentNumber.Find(text))
            {
                var after = text[(index + length)..Math.Min(text.Length, index + length + 160)];
                var match = OfIssuer().Match(after);
                mentions.Add(new Mention(number, match.Groups["issuer"].Success ? VietnameseText.Clean(match.Groups["issuer"].Value) : null, match.Groups["date"].Success ? match.Groups["date"].Value : null, page));
            }
        }

        foreach (var same in mentions.GroupBy(mention => mention.Number.Key))
        {
            var issuers = same.Where(mention => mention.Issuer is not null).Select(mention => mention.Issuer!).DistinctBy(VietnameseText.Fold).ToList();
            for (var i = 1; i < issuers.Count; i++)
            {
                if (!Conflict(issuers[0], issuers[i])) continue;
                warnings.Add(new ImportWarning(ImportCodes.IssuerConflict, new SourcePlace(same.First().Page, null), null, same.First().Number.Value, issuers[0], issuers[i]));
                break;
            }

            var spellings = same.Select(mention => Written(mention.Number)).Distinct().ToList();
            if (spellings.Count > 1) warnings.Add(new ImportWarning(ImportCodes.InstrumentVariants, new SourcePlace(same.First().Page, null), null, string.Join(" | ", spellings)));
        }

        // One number and kind under different bodies: the same instrument when the dates agree or one of them has none.
        foreach (var same in mentions.Where(mention => mention.Number.Kind is not null).GroupBy(mention => mention.Number.KindKey))
        {
            var keys = same.GroupBy(mention => mention.Number.Key).ToList();
            for (var i = 1; i < keys.Count; i++)
            {
                if (!keys[0].First().Number.IsParty || !keys[i].First().Number.IsParty) continue;
                var (a, b) = (Days(keys[0]), Days(keys[i]));
                if (a.Count == 0 || b.Count == 0 || a.Overlaps(b))
                {
                    warnings.Add(new ImportWarning(ImportCodes.InstrumentVariants, new SourcePlace(keys[i].First().Page, null), null, keys[0].First().Number.Value + " | " + keys[i].First().Number.Value));
                }
            }
        }

        // "07-CQTTBCĐ" beside "07-TB/CQTTBCĐ": the kind was left out.
        foreach (var bare in mentions.Where(mention => mention.Number is { Kind: null, IsParty: true }).DistinctBy(mention => mention.Number.Key))
        {
            var full = mentions.Find(mention => mention.Number.Kind is not null && mention.Number.Number == bare.Number.Number && VietnameseText.Fold(mention.Number.Body) == VietnameseText.Fold(bare.Number.Body));
            if (full is not null) warnings.Add(new ImportWarning(ImportCodes.InstrumentVariants, new SourcePlace(bare.Page, null), null, full.Number.Value + " | " + bare.Number.Value));
        }

        foreach (var yearless in mentions.Where(mention => mention.Number is { Year: null, Kind: "NĐ" or "TT" or "TTLT", IsParty: false }).DistinctBy(mention => mention.Number.Key))
        {
            warnings.Add(new ImportWarning(ImportCodes.InstrumentYearMissing, new SourcePlace(yearless.Page, null), null, yearless.Number.Value));
        }
    }

    private static HashSet<string> Days(IEnumerable<Mention> mentions) =>
        [.. mentions.Where(mention => mention.Date is not null).Select(mention => DeadlineGrammar.Read(mention.Date).Deadline.Date?.ToString("O", CultureInfo.InvariantCulture) ?? mention.Date!)];

    private static string Written(DocumentNumber number) => VietnameseText.Clean(number.Raw).Replace("- ", "-", StringComparison.Ordinal).Replace(" -", "-", StringComparison.Ordinal).Replace("/ ", "/", StringComparison.Ordinal).Replace(" /", "/", StringComparison.Ordinal);

    private static bool Conflict(string a, string b)
    {
        var (x, y) = (VietnameseText.Fold(a), VietnameseText.Fold(b));
        if (x.StartsWith(y, StringComparison.Ordinal) || y.StartsWith(x, StringComparison.Ordinal) || x.Contains(y, StringComparison.Ordinal) || y.Contains(x, StringComparison.Ordinal)) return false;
        x = AgencyNames.Key(a);
        y = AgencyNames.Key(b);
        var words = x.Split(' ');
        var others = y.Split(' ');

        // "Ban Chỉ đạo Trung ương về …" and "Ban Chỉ đạo Trung ương" are one body; the first three words tell bodies apart.
        return !words.Take(3).SequenceEqual(others.Take(3));
    }

    private static IEnumerable<(string Text, int Page)> Texts(SourceDocument source)
    {
        foreach (var block in source.Blocks)
        {
            switch (block)
            {
                case SourceParagraph paragraph:
                    yield return (paragraph.Text, paragraph.Page);
                    foreach (var note in paragraph.Footnotes ?? []) yield return (note, paragraph.Page);
                    break;
                case SourceTable table:
                    foreach (var row in table.Rows)
                    {
                        foreach (var cell in row.Cells)
                        {
                            if (cell.Covered || cell.Text.Length == 0) continue;
                            yield return (cell.Text.Replace("-\n", "-", StringComparison.Ordinal).Replace('\n', ' '), row.Page);
                            foreach (var note in cell.Footnotes ?? []) yield return (note, row.Page);
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>Whom law had already ended on the day of issue (R-ORG-02, T12). The name stays as written; without that day nothing is said.</summary>
    private static void Ended(ExtractedHeader header, List<ExtractedTask> tasks)
    {
        if (header.IssuedOn is not { } issued) return;
        for (var i = 0; i < tasks.Count; i++)
        {
            foreach (var (name, field) in tasks[i].Leads.Select(name => (name, PlanField.Leads)).Concat(tasks[i].Coordinators.Select(name => (name, PlanField.Coordinators))).DistinctBy(item => item.name).ToList())
            {
                if (BodyNames.EndedOn(name, issued, header.Issuer) is { } ended) Warn(tasks, i, ImportCodes.UnitAbolished, field, name, ended.Gone, ended.Basis, ended.Successor);
            }
        }
    }

    /// <summary>Two spellings of one body in one document: kept as written, reported once.</summary>
    private static void Spellings(List<ExtractedTask> tasks, List<ImportWarning> warnings)
    {
        var names = tasks.SelectMany(task => task.Leads.Concat(task.Coordinators).Select(name => (Name: name, task.Source)));
        foreach (var same in names.GroupBy(item => AgencyNames.Key(item.Name)))
        {
            // Capitals are a manner of setting a name, no other spelling of it.
            var written = same.Select(item => item.Name).DistinctBy(name => name, StringComparer.OrdinalIgnoreCase).ToList();
            if (written.Count > 1) warnings.Add(new ImportWarning(ImportCodes.SpellingVariants, same.First().Source, PlanField.Leads, string.Join(" | ", written.Take(5))));
        }
    }

    [GeneratedRegex(@"\b(?:so thu tu|stt|nhiem vu(?: so)?|muc|(?<bare>tu (?:so|stt|so thu tu)))\s*(?:tu)?\s*(?:so\s*)?(?<a>\d{1,3})\s*(?:den|-|–|toi)\s*(?:het\s*)?(?:nhiem vu\s*|muc\s*)?(?:so\s*(?:thu tu\s*)?|stt\s*)?(?<b>\d{1,3})\b(?![/.]\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?:nhiem vu|phu luc|danh muc|bang|bieu)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex AboutTasks();

    [GeneratedRegex(@"\bnhiem vu\s+(?:co\s+)?(?:so thu tu|so|stt)\s*:?\s*(?<n>\d{1,3})(?![\d/.]*[/\d]|\s?-\s?[a-z])(?:\s*(?:,|;|va|,\s*va)\s*(?:so\s*)?(?<n>\d{1,3})(?![\d/.]*[/\d]))*(?!\s*(?:-|–|den|toi)\s*(?:so\s*)?\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberList();

    [GeneratedRegex(@"(?<![\d/.,])(?<n>\d{1,3})\s*(?:\([a-z ]{2,30}\)\s*)?nhiem vu\b[^.;:]{0,60}?\b(?:tai|trong|theo|o)\s+(?:cac\s+)?(?:phu luc|danh muc|bang|bieu)\b|\b(?<all>danh muc|tong so|tong cong)\s*:?\s*(?:la\s+|co\s+|gom\s+|cac\s+)*\(?(?<n>\d{1,3})\)?\s*(?:\([a-z ]{2,30}\)\s*)?nhiem vu\b|\bco\s+(?<n>\d{1,3})\s*(?:\([a-z ]{2,30}\)\s*)?nhiem vu\s+(?:duoc\s+)?(?:phan cong|giao)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CountOfAppendix();

    [GeneratedRegex(@"^[^.;]{0,120}?\b(?:nghi quyet|quyet dinh|ke hoach|chi thi|cong van|thong bao|chuong trinh|de an|ket luan)\s+(?:so\s*:?\s*)?\d{1,5}\s*[/-]", RegexOptions.None, TimeLimit)]
    private static partial Regex OtherDocument();

    [GeneratedRegex(@"\b(?:phu luc|bang|danh muc|ke hoach)[^.;]{0,60}?\b(?:gom|co|tong so|tong cong)\s*:?\s*\(?(?<n>\d{1,3})\)?\s+nhiem vu\b", RegexOptions.None, TimeLimit)]
    private static partial Regex TotalCount();

    [GeneratedRegex(@"\b(?:gom|co|tong so|tong cong)?\s*\(?\s*(?<n>\d{1,3})\s+nhiem vu\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Count();

    [GeneratedRegex(@"(?:số|Số)\s[^;]{3,60}?,?\s*ngày\s+(?<d>\d{1,2}/\d{1,2}/\d{4})", RegexOptions.None, TimeLimit)]
    private static partial Regex CitedDate();

    [GeneratedRegex(@"^(tong hop|tong ket|bao cao (tong hop|ket qua)|xay dung bao cao|hoan thien bao cao|so ket)", RegexOptions.None, TimeLimit)]
    private static partial Regex Summary();

    [GeneratedRegex(@"\b(khao sat|ra soat|thu thap|dieu tra|thong ke|tu danh gia|tu kiem tra|tu cham diem|gui (so lieu|ket qua|bao cao)|cung cap so lieu)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Survey();

    [GeneratedRegex(@"^(cac|cua|tren|dia|ban|tinh|theo|thuc|hien|trien|khai|nhiem|quan|don|cho|trong|nam|duoc|nhung|voi|khao|sat|tong|hop|ket|qua|bao|cao)$", RegexOptions.None, TimeLimit)]
    private static partial Regex Common();

    [GeneratedRegex(@"^\s*(?:,?\s*(?:ngày\s*)?(?<date>\d{1,2}\s*[/.]\s*\d{1,2}\s*[/.]\s*\d{4}))?\s*(?:,?\s*của\s+(?<issuer>(?:đồng chí\s+)?\p{Lu}[\p{L}]*(?:\s+(?!về\b|thực\b|triển\b|ban hành|tại\b|và\b|theo\b|đã\b|trong\b|quy\b|với\b|để\b|yêu\b|hướng\b|tháo\b)[\p{L}]+){0,8}))?", RegexOptions.None, TimeLimit)]
    private static partial Regex OfIssuer();
}
