using System.Text;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>
/// Duties that stand in the body text: labelled blocks ("- Đơn vị chủ trì: …") and numbered paragraphs that begin with the body that must act.
/// Proposed with low confidence; a table of the same document is the better source.
/// </summary>
internal static partial class ProseReading
{
    private const int TimeLimit = 2_000;
    private const double Confidence = 0.6;

    private sealed record Paragraph(int Page, int Row, string Text, string Folded, RowNumber? Number, string Body, bool Bold, bool IsBullet);

    /// <param name="letter">A letter orders standing duties; a plan without a deadline has a gap.</param>
    public static List<ExtractedTask> Read(SourceDocument source, DeadlineContext context, bool letter)
    {
        var paragraphs = Paragraphs(source);
        var labelled = Labelled(paragraphs, context);
        return labelled.Count > 0 ? labelled : Duties(paragraphs, context, letter);
    }

    /// <summary>The last phrase of a text that is a deadline: "… hoàn thành trước ngày 15/11/2025."</summary>
    public static string? DeadlinePhrase(string text)
    {
        var labelled = LabelledDeadline().Matches(text);
        if (labelled.Count > 0 && labelled[^1].Groups["due"].Value.Trim().TrimEnd('/', ')') is var due && DeadlineGrammar.Recognises(due)) return due;
        var matches = Phrase().Matches(text);
        for (var i = matches.Count - 1; i >= 0; i--)
        {
            var phrase = matches[i].Value.Trim().TrimEnd('.', ';', ',', '/');
            if (DeadlineGrammar.Recognises(phrase)) return phrase;
        }

        return null;
    }

    private static List<Paragraph> Paragraphs(SourceDocument source)
    {
        var found = new List<Paragraph>();
        var row = 0;
        foreach (var block in source.Blocks)
        {
            if (block is not SourceParagraph paragraph) continue;
            row++;
            foreach (var line in paragraph.Text.Split('\n'))
            {
                var text = VietnameseText.Clean((paragraph.Marker is { Length: > 0 } marker && line == paragraph.Text.Split('\n')[0] ? marker + " " : "") + line);
                if (text.Length == 0) continue;
                var folded = VietnameseText.Fold(text);
                if (End().IsMatch(folded)) return found;
                text = NamedNumber().Replace(text, "$1. ");
                var number = Leading().Match(text);
                RowNumber? read = number.Success && RowNumber.TryRead(number.Groups["n"].Value, out var n) ? n : null;
                var bullet = BulletMark().IsMatch(text);
                found.Add(new Paragraph(paragraph.Page, row, text, folded, read, read is null ? BulletMark().Replace(text, "").Trim() : text[number.Length..].Trim(), paragraph.Bold, bullet));
            }
        }

        return found;
    }

    // ---- labelled blocks ----

    private static List<ExtractedTask> Labelled(List<Paragraph> paragraphs, DeadlineContext context)
    {
        var tasks = new List<ExtractedTask>();
        var groups = new List<(int Depth, string Title)>();
        var body = new List<Paragraph>();
        var labels = new Dictionary<ColumnRole, string>();
        Paragraph? head = null;
        ColumnRole? open = null;

        void Flush()
        {
            if (labels.Count > 0 && (labels.ContainsKey(ColumnRole.Lead) || labels.ContainsKey(ColumnRole.LeadAndCoordinator) || labels.ContainsKey(ColumnRole.Deadline)) && (head is not null || labels.ContainsKey(ColumnRole.Content)))
            {
                tasks.Add(Make(tasks.Count + 1, head ?? body.LastOrDefault(), body, labels, [.. groups.Where(g => (head?.Number is not { } n || g.Depth < n.Depth) && !PlainSection().IsMatch(VietnameseText.Fold(g.Title))).Select(g => g.Title)], context));
            }

            labels.Clear();
            open = null;
        }

        foreach (var paragraph in paragraphs)
        {
            var found = LabelsOf(paragraph.Body);
            if (found.Count > 0)
            {
                foreach (var (role, value) in found)
                {
                    if (labels.ContainsKey(role) && role is not ColumnRole.Note)
                    {
                        Flush();
                        body.Clear();
                        if (role is not ColumnRole.Content) head = null;
                    }

                    labels[role] = value;
                    open = role;
                }

                continue;
            }

            // A bullet below "Chủ trì:" with nothing behind the colon belongs to the label.
            if (open is { } role2 && labels[role2].Length == 0 && paragraph.Number is null) { labels[role2] = paragraph.Body; continue; }
            if (open is { } role3 && paragraph.Number is null && paragraph.IsBullet && labels[role3].EndsWith(';')) { labels[role3] += "\n" + paragraph.Body; continue; }
            if (labels.Count > 0)
            {
                var last = head;
                Flush();
                body.Clear();
                head = null;
                if (paragraph.Number is null && last is not null && !paragraph.IsBullet) { /* a remark after a block */ }
            }

            if (paragraph.Number is { } number)
            {
                if (head is { } title && IsTitle(title))
                {
                    groups.RemoveAll(group => group.Depth >= title.Number!.Value.Depth);
                    groups.Add((title.Number!.Value.Depth, title.Number.Value.Text + ". " + title.Body.TrimEnd(':', '.')));
                }

                groups.RemoveAll(group => group.Depth >= number.Depth);
                head = paragraph;
                body = [paragraph];
            }
            else
            {
                head ??= paragraph.IsBullet || paragraph.Text.Length > 20 ? paragraph : null;
                if (paragraph.IsBullet && head is { Number: null }) { head = paragraph; body = [paragraph]; }
                else body.Add(paragraph);
            }
        }

        Flush();
        return tasks.Exists(task => task.Leads.Count > 0) ? tasks : [];
    }

    private static bool IsTitle(Paragraph paragraph) => paragraph.Number is not null && paragraph.Body.Length <= 200;

    private static List<(ColumnRole Role, string Value)> LabelsOf(string text)
    {
        var found = new List<(ColumnRole, string)>();
        var matches = Label().Matches(text).Where(match => RoleOfLabel(match.Groups["label"].Value) is not null).ToList();
        if (matches.Count == 0 || matches[0].Index > 3) return found;
        for (var i = 0; i < matches.Count; i++)
        {
            var from = matches[i].Index + matches[i].Length;
            var to = i + 1 < matches.Count ? matches[i + 1].Index : text.Length;
            found.Add((RoleOfLabel(matches[i].Groups["label"].Value)!.Value, text[from..to].Trim().TrimEnd(';', '.', ',').Trim()));
        }

        return found;
    }

    private static ColumnRole? RoleOfLabel(string label)
    {
        var folded = VietnameseText.Fold(label);
        if (folded.Length > 60 || !LabelWords().IsMatch(folded)) return null;
        var role = TableMapping.RoleOf(label).Role;
        return role is ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator or ColumnRole.Deadline or ColumnRole.Product or ColumnRole.Basis or ColumnRole.Content or ColumnRole.Note or ColumnRole.Target or ColumnRole.Budget ? role : null;
    }

    private static ExtractedTask Make(int ordinal, Paragraph? head, List<Paragraph> body, Dictionary<ColumnRole, string> labels, List<string> groups, DeadlineContext context)
    {
        var text = new StringBuilder();
        foreach (var paragraph in body) text.Append(text.Length == 0 ? "" : paragraph.IsBullet ? "\n" : " ").Append(paragraph.IsBullet ? paragraph.Text : paragraph.Body);
        var title = text.ToString().TrimEnd(':', ' ');
        var content = labels.GetValueOrDefault(ColumnRole.Content) is { Length: > 0 } own ? title.Length > 0 && title.Length < own.Length && false ? title : own : title;
        if (labels.ContainsKey(ColumnRole.Content) && title.Length is > 0 and < 300 && !VietnameseText.Fold(content).Contains(VietnameseText.Fold(title), StringComparison.Ordinal)) content = title + ": " + content;
        var agencies = AgencyNames.Read(labels.GetValueOrDefault(ColumnRole.Lead) ?? labels.GetValueOrDefault(ColumnRole.LeadAndCoordinator));
        var others = AgencyNames.Read(labels.GetValueOrDefault(ColumnRole.Coordinator));
        var leads = agencies.Leads;
        IReadOnlyList<string> coordinators = [.. agencies.Coordinators, .. others.Leads, .. others.Coordinators];
        var written = labels.GetValueOrDefault(ColumnRole.Deadline) ?? "";
        var deadline = DeadlineGrammar.Read(written, context with { Content = content });
        var product = labels.GetValueOrDefault(ColumnRole.Product);
        var basis = DocumentNumber.Find(labels.GetValueOrDefault(ColumnRole.Basis)).Select(item => item.Number.Value).Distinct().ToList();
        var outer = head?.Number is { Kind: NumberKind.SmallLetter } && groups.Count > 0 && Leading().Match(groups[^1]) is { Success: true } above && RowNumber.TryRead(above.Groups["n"].Value, out var stem) && stem.Kind is NumberKind.Decimal ? stem.Text + "." + head.Number.Value.Text : null;
        return Task(ordinal, head, content, leads, coordinators, deadline, written, product, basis, groups, outer, context, agencies.PersonalData || others.PersonalData, 0.75, labelled: true);
    }

    // ---- numbered paragraphs that begin with who must act ----

    private static List<ExtractedTask> Duties(List<Paragraph> paragraphs, DeadlineContext context, bool standing)
    {
        var tasks = new List<ExtractedTask>();
        var groups = new List<(int Depth, string Title)>();
        Paragraph? head = null;
        List<string> leads = [];
        List<string> coordinators = [];
        var points = new List<Paragraph>();
        var started = false;

        void Flush()
        {
            if (head is null || leads.Count == 0) { points.Clear(); return; }
            if (points.Count > 0)
            {
                foreach (var point in points) Add(point, head, point.Body, whole: true);
            }
            else
            {
                Add(head, null, AfterAgency(head.Body), whole: false);
            }

            points.Clear();
            head = null;
        }

        void Add(Paragraph at, Paragraph? above, string text, bool whole)
        {
            var code = above is null ? at.Number?.Text : at.Number is { } small ? above.Number?.Text + "." + small.Text : above.Number?.Text;
            var title = above is null ? null : above.Number?.Text + ". " + above.Body.TrimEnd(':', ' ');
            List<string> path = [.. groups.Where(group => !PlainSection().IsMatch(VietnameseText.Fold(group.Title))).Select(group => group.Title), .. title is { Length: < 200 } ? new[] { title } : []];
            var (more, rest) = CoordinatorsOf(text);
            if (more.Count > 0 && rest.Trim().Length > 15 && LeadsAndCoordinates().IsMatch(text)) text = rest.TrimStart(',', ' ');
            else text = OnlyLeads().Replace(text, "");
            foreach (var (part, index) in (whole ? [text] : SplitByDeadline(text)).Select((part, index) => (part, index)))
            {
                var phrase = DeadlinePhrase(part);
                var reading = DeadlineGrammar.Read(phrase ?? "", context with { Content = part });
                var own = index == 0 ? more : CoordinatorsOf(part).Coordinators;
                var duty = WithoutDeadline(part.Trim());
                duty = duty.Length == 0 ? duty : char.ToUpper(duty[0], System.Globalization.CultureInfo.InvariantCulture) + duty[1..];
                var task = Task(tasks.Count + 1, at, duty, leads, [.. coordinators.Concat(own.Count > 0 ? own : more).Distinct(StringComparer.OrdinalIgnoreCase)], reading, phrase ?? "", null, [], path, code, context, false, Confidence, labelled: false, standing);
                tasks.Add(index == 0 ? task : task with { Code = code + "." + (index + 1) });
            }
        }

        string? title = null;
        foreach (var paragraph in paragraphs)
        {
            if (!started && Start().IsMatch(paragraph.Folded)) { started = true; if (paragraph.Number is null) continue; }
            if (Bracketed(paragraph) is { } assigned)
            {
                Flush();
                (head, leads) = (null, []);
                var letter = paragraph.Number is { Kind: NumberKind.SmallLetter } or null;
                List<string> path = [.. groups.Where(group => !PlainSection().IsMatch(VietnameseText.Fold(group.Title))).Select(group => group.Title), .. letter && title is not null ? new[] { title } : []];
                var reading = DeadlineGrammar.Read(assigned.Due ?? "", context with { Content = assigned.Content });
                tasks.Add(Task(tasks.Count + 1, paragraph, assigned.Content, assigned.Who.Leads, assigned.Who.Coordinators, reading, assigned.Due ?? "", null, [], path,
                    letter && title is not null && paragraph.Number is { } point ? title.Split('.')[0] + "." + point.Text : paragraph.Number?.Text, context, assigned.Who.PersonalData, Confidence, labelled: false, standing));
                continue;
            }
            if (paragraph.Number is { Kind: NumberKind.Roman or NumberKind.Letter } section)
            {
                Flush();
                groups.RemoveAll(group => group.Depth >= section.Depth);
                groups.Add((section.Depth, section.Text + ". " + paragraph.Body.TrimEnd(':', '.')));
                (leads, title) = ([], null);
                continue;
            }

            if (paragraph.Number is { Kind: NumberKind.Decimal or NumberKind.Code })
            {
                Flush();
                var names = AgencyPrefix(paragraph.Body);
                head = paragraph;
                if (names.Count > 0) { leads = names; coordinators = []; }
                else leads = [];
                title = names.Count == 0 && paragraph.Body.Length <= 200 ? paragraph.Number.Value.Text + ". " + paragraph.Body.TrimEnd(':', '.') : null;
                continue;
            }

            if (head is null || leads.Count == 0) continue;
            if (paragraph.Number is null && Closing().IsMatch(paragraph.Folded)) { Flush(); continue; }
            if (paragraph.Number is { Kind: NumberKind.SmallLetter } || paragraph.IsBullet && points.TrueForAll(point => point.IsBullet)) { points.Add(paragraph); continue; }

            // Text that goes on: below a bare heading it is the duty itself, below a point it belongs to the point.
            if (points.Count > 0) points[^1] = points[^1] with { Body = points[^1].Body + " " + paragraph.Text };
            else if (AfterAgency(head.Body).Length < 3 || head.Body.EndsWith(':')) points.Add(paragraph with { Body = paragraph.Text });
            else head = head with { Body = head.Body + " " + paragraph.Text };
        }

        Flush();
        return tasks;
    }

    private sealed record Assigned(string Content, AgencyReading Who, string? Due);

    /// <summary>"Rà soát dữ liệu hộ tịch (Sở Tư pháp chủ trì, phối hợp với Công an tỉnh; hoàn thành trong tháng 4/2026)": who and when stand in the closing brackets.</summary>
    private static Assigned? Bracketed(Paragraph paragraph)
    {
        var match = ClosingBracket().Match(paragraph.Body);
        if (!match.Success || match.Index < 15) return null;
        string? due = null;
        var who = new List<string>();
        foreach (var part in match.Groups["in"].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (due is null && !AgencyNames.LooksLikeAgency(part) && (DeadlineGrammar.Recognises(part) || LabelledDeadline().IsMatch(part))) due = DeadlinePhrase(part) ?? part;
            else who.Add(part);
        }

        // "…, hoàn thành trước ngày 10/5/2026" behind the names, without a semicolon.
        if (due is null && who.Count > 0 && TrailingDeadline().Match(who[^1]) is { Success: true, Index: > 3 } tail && DeadlineGrammar.Recognises(tail.Groups["due"].Value))
        {
            due = tail.Groups["due"].Value.Trim();
            who[^1] = who[^1][..tail.Index];
        }

        if (who.Count == 0) return null;
        var text = string.Join("; ", who);
        var folded = VietnameseText.Fold(text);
        var written = folded.Contains("chu tri", StringComparison.Ordinal) || folded.Contains("phoi hop", StringComparison.Ordinal);
        if (!written && due is null) return null;
        var read = AgencyNames.Read(text);
        return read.Leads.Count > 0 && read.Leads.All(AgencyNames.LooksLikeAgency) ? new Assigned(paragraph.Body[..match.Index].TrimEnd(' ', ',', ';'), read, due) : null;
    }

    [GeneratedRegex(@"\s*\((?<in>[^()]{5,300})\)\s*[.;/,]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex ClosingBracket();

    /// <summary>The bodies a paragraph begins with, up to the first verb, bracket or colon; empty when it begins otherwise.</summary>
    private static List<string> AgencyPrefix(string text)
    {
        var end = PrefixEnd(text);
        var prefix = text[..end].Trim(' ', ',', ':', ';');
        if (prefix.Length is < 3 or > 250) return [];
        prefix = Request().Replace(prefix, "");
        var names = AgencyNames.Read(prefix).Leads.ToList();
        return names.Count > 0 && names.TrueForAll(AgencyNames.LooksLikeAgency) && !VietnameseText.Fold(prefix).StartsWith("to chuc", StringComparison.Ordinal) ? names : [];
    }

    private static int PrefixEnd(string text)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var verb = DutyVerb().Match(text);
        var end = text.Length;
        if (bracket > 0) end = Math.Min(end, bracket);
        if (colon > 0) end = Math.Min(end, colon);
        if (verb.Success && verb.Index > 0) end = Math.Min(end, verb.Index);
        return Math.Min(end, NamesEnd(text));
    }

    /// <summary>
    /// Where a list of agency names can no longer go on: the first small word that neither completes a capitalised one ("Tài chính") nor
    /// belongs to the words of classes and levels.
    /// </summary>
    private static int NamesEnd(string text)
    {
        var afterCapital = false;
        foreach (Match word in Word().Matches(text))
        {
            if (char.IsUpper(word.Value[0])) { afterCapital = word.Value.Length == 1 || !word.Value.All(char.IsUpper); continue; }
            if (afterCapital || NameWord().IsMatch(VietnameseText.Fold(word.Value))) { afterCapital = false; continue; }
            return word.Index;
        }

        return text.Length;
    }

    [GeneratedRegex(@"[\p{L}&]+", RegexOptions.None, TimeLimit)]
    private static partial Regex Word();

    [GeneratedRegex(@"^(va|tinh|xa|phuong|dac|khu|cac|so|ban|nganh|dia|co|quan|don|vi|lien|doan|the|thanh|pho|huyen|thi|cap|truyen|hinh|nhan|dan|uy|toan|to|chuc|doanh|nghiep|thuoc|vuc|cong|an|van|phong|noi|tai|chinh|hanh|thong|tin|chi|huy|su|bien|thuong|truc|hoi|truong|dai|hoc|trung|tam|khac|cua|ngan|hang|tri|dai|bieu|quoc|kinh|te|vien|thong|buu|hiep|thuy|khi|tuong|lao|dong|phu|nu|nong|te|chien|binh|thanh|nien|to|su|bo|doi|trang|y|&)$", RegexOptions.None, TimeLimit)]
    private static partial Regex NameWord();

    private static string AfterAgency(string text)
    {
        var rest = text[PrefixEnd(text)..];
        if (rest.StartsWith('(') && rest.IndexOf(')', StringComparison.Ordinal) is var close and > 0) rest = rest[(close + 1)..];
        return rest.Trim(' ', ',', ':', ';');
    }

    private static (List<string> Coordinators, string After) CoordinatorsOf(string text)
    {
        var match = With().Match(text);
        if (!match.Success || match.Index > 60) return ([], text);
        var tail = text[(match.Index + match.Length)..];
        var verb = DutyVerb().Match(tail);
        var end = Math.Min(verb.Success && verb.Index > 0 ? verb.Index : Math.Min(tail.Length, 300), NamesEnd(tail));
        var names = AgencyNames.Read(tail[..end].TrimEnd(',', ' ')).Leads.Where(AgencyNames.LooksLikeAgency).ToList();
        return (names, tail[end..]);
    }

    /// <summary>
    /// A point without letters may hold a standing duty and, after it, one with a date of its own: what follows the last undated sentence up
    /// to its "Hoàn thành …" is a duty by itself.
    /// </summary>
    private static List<string> SplitByDeadline(string text)
    {
        var sentences = Sentence().Split(text).Where(sentence => sentence.Trim().Length > 0).ToList();
        if (sentences.Count < 2) return [text];
        var parts = new List<string>();
        foreach (var sentence in sentences)
        {
            var due = OnlyDeadline().IsMatch(VietnameseText.Fold(sentence)) && sentence.Length < 120;
            if (due && parts.Count > 0) parts[^1] += " " + sentence;
            else parts.Add(sentence);
        }

        // Undated sentences belong together; a dated one stands alone.
        var made = new List<string>();
        foreach (var part in parts)
        {
            if (made.Count > 0 && DeadlinePhrase(part) is null && DeadlinePhrase(made[^1]) is null) made[^1] += " " + part;
            else made.Add(part);
        }

        return made;
    }

    private static ExtractedTask Task(
        int ordinal, Paragraph? at, string content, IReadOnlyList<string> leads, IReadOnlyList<string> coordinators, DeadlineReading deadline, string written, string? product, IReadOnlyList<string> basis,
        IReadOnlyList<string> groups, string? code, DeadlineContext context, bool personal, double confidence, bool labelled, bool standing = false)
    {
        var place = new SourcePlace(at?.Page, at?.Row);
        var warnings = new List<ImportWarning>();
        foreach (var (warning, arguments) in deadline.Warnings) warnings.Add(new ImportWarning(warning, place, PlanField.Deadline, arguments));
        var due = deadline.Deadline;
        if (due.Rule is DeadlineRule.None && written.Length == 0)
        {
            warnings.Add(new ImportWarning(ImportCodes.NoDeadline, place, PlanField.Deadline));

            // A duty of a letter without a date stands until it is withdrawn (requirements §4.5, rows of type CONT).
            if (standing) due = due with { Rule = DeadlineRule.Continuous, Text = null, Confidence = 0.5 };
        }

        if (leads.Count == 0) warnings.Add(new ImportWarning(ImportCodes.NoLead, place, PlanField.Leads));
        if (leads.Count > 1) warnings.Add(new ImportWarning(ImportCodes.SeveralLeads, place, PlanField.Leads, string.Join("; ", leads)));
        foreach (var name in leads.Where(AgencyNames.IsClass)) warnings.Add(new ImportWarning(ImportCodes.LeadIsClass, place, PlanField.Leads, name));
        foreach (var name in leads.Where(name => !AgencyNames.IsClass(name) && AgencyNames.IsOutsideProvince(name))) warnings.Add(new ImportWarning(ImportCodes.LeadOutsideProvince, place, PlanField.Leads, name));
        var keys = leads.Select(AgencyNames.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var name in coordinators.Where(name => keys.Contains(AgencyNames.Key(name)))) warnings.Add(new ImportWarning(ImportCodes.LeadIsCoordinator, place, PlanField.Coordinators, name));
        if (personal) warnings.Add(new ImportWarning(ImportCodes.PersonalData, place, PlanField.Leads));
        if (labelled && string.IsNullOrEmpty(product)) warnings.Add(new ImportWarning(ImportCodes.NoProduct, place, PlanField.Product));
        FieldReading Field(string? text, double sure) => new(sure, false, place, text is { Length: > 0 } ? text : null);
        var fields = new Dictionary<PlanField, FieldReading>
        {
            [PlanField.Content] = Field(content, confidence),
            [PlanField.Leads] = Field(string.Join("; ", leads), leads.Count == 0 ? 0.3 : confidence),
            [PlanField.Coordinators] = Field(string.Join("; ", coordinators), confidence),
            [PlanField.Deadline] = Field(written, Math.Min(confidence, due.Confidence)),
        };
        if (product is { Length: > 0 }) fields[PlanField.Product] = Field(product, confidence);
        var number = at?.Number is { Kind: not NumberKind.Bullet } read ? read.Text : null;
        var targets = TargetReading.Read(content, context).Concat(TargetReading.Read(product, context)).DistinctBy(target => (target.Value, target.Unit)).ToList();
        return new ExtractedTask(ordinal, number, code ?? number, groups, null, content, leads, coordinators, due, product is { Length: > 0 } ? product : null, basis, targets, null, null, true, place, fields, warnings);
    }

    [GeneratedRegex(@"^\(?(?<n>[IVX]{1,5}(?=[.)\s]\s*\p{Lu})|[A-H](?=[.]\s)|\d{1,2}(?:\.\d{1,2})*(?=[.)]|\s+\p{Lu})|\d{1,2}\.\d{1,2}|[a-zđ](?=\)))\s*[.)]*\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex Leading();

    /// <summary>"Nhiệm vụ 3: Nâng cấp …" is "3. Nâng cấp …".</summary>
    [GeneratedRegex(@"^\s*(?:Nhiệm vụ|NHIỆM VỤ|Giải pháp|Nội dung|Nhiem vu)\s+(?:số\s+)?(\d{1,3})\s*[:.]\s*(?=\p{L})", RegexOptions.None, TimeLimit)]
    private static partial Regex NamedNumber();

    [GeneratedRegex(@"^\s*[-–+•*·]\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex BulletMark();

    /// <summary>Sections every plan has; they divide the document, not its tasks.</summary>
    [GeneratedRegex(@"^[ivx]{1,5}\. ?((cac )?(nhiem vu|noi dung|giai phap|to chuc thuc hien|phan cong|muc dich|muc tieu|nhiem vu va giai phap|nhiem vu, giai phap)( (va )?(giai phap|nhiem vu|cu the|trong tam|chu yeu|thuc hien|yeu cau)|, (giai phap|yeu cau|nhiem vu))*)$", RegexOptions.None, TimeLimit)]
    private static partial Regex PlainSection();

    [GeneratedRegex(@"^(yeu cau (thu truong|cac|nguoi)|de nghi cac|trong qua trinh|tren day la|nhan duoc|can cu (noi dung|chuc nang)|van phong [^.]{0,60} (theo doi, don doc)|giao van phong)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^noi nhan\s*:|^phu luc\b", RegexOptions.None, TimeLimit)]
    private static partial Regex End();

    [GeneratedRegex(@"(chi dao|yeu cau|nhu sau|noi dung sau)\s*:?\s*$|^(i|ii|iii|iv|v)\. |to chuc thuc hien|nhiem vu", RegexOptions.None, TimeLimit)]
    private static partial Regex Start();

    [GeneratedRegex(@"(?:^|(?<=[;.,]\s)|(?<=[-+•]\s))\s*(?<label>(?:\p{Lu}|(?<=[;.,]\s)(?=chủ trì|phối hợp|cơ quan|đơn vị|thời gian|thời hạn|hạn|hoàn thành|sản phẩm|kết quả|dự kiến))[\p{L}\s/,()&\-]{2,55}?)\s*:\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?!.*\bco trach nhiem$)(?:co quan|don vi|bo phan|du kien|cq|dv)?\s*(?:chiu\s+)?\b(chu tri|phoi hop|thoi gian|thoi han|tien do|lo trinh|han|hoan thanh|san pham|ket qua|dau ra|noi dung|nhiem vu|co quan thuc hien|don vi thuc hien|dau moi|can cu|kinh phi|ghi chu|phan cong|trach nhiem)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex LabelWords();

    [GeneratedRegex(@"\b(?:chủ trì|phối hợp|hướng dẫn|tham mưu|(?<!các )tổ chức|xây dựng|triển khai|thực hiện|có trách nhiệm|có nhiệm vụ|bảo đảm|đảm bảo|đôn đốc|kiểm tra|theo dõi|rà soát|căn cứ|ban hành|chỉ đạo|khẩn trương|tiếp tục|tăng cường|chủ động|đẩy mạnh|hoàn thành|báo cáo|nghiêm túc|quán triệt|là đầu mối|là cơ quan|cân đối|bố trí|tập trung|nghiên cứu|đề xuất|cung cấp|vận hành|theo phạm vi|theo chức năng|theo thẩm quyền|theo nhiệm vụ|tuyên truyền|phổ biến|cập nhật|thẩm định|giám sát|đưa tin|chịu trách nhiệm|kịp thời|thường xuyên|định kỳ|trên cơ sở|trong quá trình|ưu tiên|số hóa|kết nối|thử nghiệm|thí điểm|áp dụng|công khai|xóa bỏ|đối soát|mở rộng|kiểm kê|liên thông|không được|sử dụng|trang bị|khảo sát|phân tích|công bố|chuẩn hóa|xử lý|phát huy|phát triển|nâng cao|nâng cấp|rút ngắn|đăng ký|phối hợp|chuẩn bị|mua sắm|khắc phục|quản lý|tiếp nhận|thiết lập|xác định|lập|trình|giao|hỗ trợ|đào tạo|bồi dưỡng|Căn cứ|Chủ trì|Tham mưu)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DutyVerb();

    [GeneratedRegex(@"^(Đề nghị|Yêu cầu|Giao|Phân công|đề nghị|giao)\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex Request();

    [GeneratedRegex(@"^\s*(?:[Cc]hủ trì\s*[,;]?\s*(?:và\s+)?)?[Pp]hối hợp\s+(?:chặt chẽ\s+)?(?:với|cùng)\s", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadsAndCoordinates();

    [GeneratedRegex(@"^\s*[Cc]hủ trì\s*,?\s+(?=\p{Ll})(?!phối hợp)|^\s*có trách nhiệm\s*:?\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex OnlyLeads();

    [GeneratedRegex(@"\b[Pp]hối hợp\s+(?:chặt chẽ\s+)?(?:với|cùng)\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex With();

    [GeneratedRegex(@"(?<=[\p{Ll}\d)”""]\.)\s+(?=\p{Lu})", RegexOptions.None, TimeLimit)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\s*(thoi gian\s+)?(hoan thanh|thoi han|thuc hien xong|xong|bao cao)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OnlyDeadline();

    /// <summary>Without a last sentence or clause that is nothing but the deadline; the deadline is a field of its own.</summary>
    public static string WithoutDeadline(string content)
    {
        var match = TrailingDeadline().Match(content);
        if (!match.Success || match.Index < 15) return content;
        return DeadlineGrammar.Recognises(match.Groups["due"].Value.Trim().TrimEnd('.', '/', ';')) || LabelledDeadline().IsMatch(match.Groups["due"].Value) ? content[..match.Index].TrimEnd(';', ',', ' ', '.', '/') + (content[match.Index - 1] is '.' ? "." : "") : content;
    }

    [GeneratedRegex(@"(?:(?<=[.])\s+|[;,]\s+|\s*\()(?<due>(?:[Hh]oàn thành|[Tt]hời gian(?: hoàn thành| thực hiện)?\s*:|[Tt]hời hạn(?: hoàn thành| thực hiện)?\s*:|[Xx]ong|[Cc]hậm nhất|[Tt]rước ngày|[Hh]ạn(?: hoàn thành)?\s*:|[Hh]oan thanh|[Tt]hoi gian[^.;]{0,20}:)[^.;]{2,70})\)?\s*[./;]*\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex TrailingDeadline();

    [GeneratedRegex(@"(?:thời gian|thời hạn|hạn|thoi gian|thoi han)(?:\s+(?:hoàn thành|thực hiện|hoan thanh|thuc hien))?\s*:\s*(?<due>[^.;]{2,60})", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex LabelledDeadline();

    [GeneratedRegex(@"(?:(?:hoàn thành|hoan thanh|thời gian|thời hạn|xong|báo cáo|gửi)[^.;]{0,80}?\s)?\b(?:trong|trước|chậm nhất|đến hết|đến|định kỳ|hằng|hàng|xong trước|không quá|truoc|trong vòng)\s+(?:là\s+|xong\s+)?(?:vào\s+|trong\s+)?(?:ngày|tuần|tháng|quý|năm|thang|tuan|ngay|quy|nam|hết|\d)[^.;,]{0,60}", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Phrase();
}
