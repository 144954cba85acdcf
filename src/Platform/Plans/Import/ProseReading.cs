using System.Collections.Frozen;
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

    private sealed record Paragraph(int Index, int Page, int Row, string Text, string Folded, RowNumber? Number, string Body, bool Bold, bool IsBullet)
    {
        /// <summary>"Điều 3.": a decision is divided by its articles.</summary>
        public bool IsArticle { get; init; }
    }

    /// <param name="Tasks">In the order of the document.</param>
    /// <param name="Told">Undisputed duties of the part on organisation beside labelled tasks: they repeat who does what, and the officer is told of them.</param>
    /// <param name="Unread">Paragraphs that look like an assignment and gave no task.</param>
    internal sealed record ProseTasks(IReadOnlyList<ExtractedTask> Tasks, IReadOnlyList<ExtractedTask> Told, IReadOnlyList<SourcePlace> Unread);

    /// <param name="letter">A letter orders standing duties; a plan without a deadline has a gap.</param>
    public static ProseTasks Read(SourceDocument source, DeadlineContext context, bool letter)
    {
        var paragraphs = Paragraphs(source, labelled: false);

        // Where tasks say who leads behind their own text, one that says only with whom or by when is a task as well, without a lead.
        if (paragraphs.Count(paragraph => LabelsOf(paragraph.Body).Exists(label => label.Role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator)) >= 2) paragraphs = Paragraphs(source, labelled: true);
        var taken = new HashSet<int>();
        var unread = new List<Paragraph>();
        var labelled = Labelled(paragraphs, context, taken, unread);
        var duties = Duties(paragraphs, taken, context, letter, unread);
        var told = duties.Where(duty => labelled.Count > 0 && duty.Organises).Select(duty => duty.Task).ToList();
        var made = labelled.Concat(duties.Where(duty => labelled.Count == 0 || !duty.Organises).Select(duty => (duty.At, duty.Task)))
            .OrderBy(one => one.At).Select((one, index) => (one.At, Task: one.Task with { Ordinal = index + 1 })).ToList();
        CheckNumbers(paragraphs, made);
        var tasks = made.ConvertAll(one => one.Task);
        return new ProseTasks(tasks, told, [.. unread.Select(paragraph => new SourcePlace(paragraph.Page, paragraph.Row))]);
    }

    private sealed class Run(string key, int last, Paragraph at)
    {
        public string Key { get; } = key;

        public int Last { get; set; } = last;

        public Paragraph At { get; set; } = at;
    }

    /// <summary>
    /// Numbers that repeat or leave one out, among paragraphs that gave tasks. A list that begins with 1 inside another does not end it, and a
    /// section begins anew; a number nothing was read under proves nothing.
    /// </summary>
    private static void CheckNumbers(List<Paragraph> paragraphs, List<(int At, ExtractedTask Task)> tasks)
    {
        var runs = new List<Run>();
        foreach (var paragraph in paragraphs)
        {
            if (paragraph.IsArticle || paragraph.Number is { Kind: NumberKind.Roman or NumberKind.Letter }) { runs.Clear(); continue; }
            if (paragraph.Number is not { Kind: NumberKind.Decimal or NumberKind.SmallLetter } number || number.Parts is not [.., var value] || value < 1) continue;
            var key = number.Kind is NumberKind.SmallLetter ? "a" : string.Join('.', number.Parts.SkipLast(1));
            if (number.Kind is NumberKind.Decimal) runs.RemoveAll(run => run.Key == "a");
            var follows = runs.FindLastIndex(run => run.Key == key && Follows(run.Last, value));
            if (follows < 0 && value == 1) { runs.Add(new Run(key, value, paragraph)); continue; }
            var at = follows >= 0 ? follows : runs.FindLastIndex(run => run.Key == key);
            if (at < 0) { runs.Add(new Run(key, value, paragraph)); continue; }
            runs.RemoveRange(at + 1, runs.Count - at - 1);
            var open = runs[at];
            if (follows < 0 && First(open.At) is not null && First(paragraph) is { } index)
            {
                var (code, arguments) = value == open.Last ? (ImportCodes.NumberDuplicate, new object[] { number.Text, open.At.Row }) : value > open.Last && value - open.Last <= GapMax ? (ImportCodes.NumberGap, [Text(open.At), number.Text]) : ("", []);
                if (code.Length > 0) tasks[index] = (tasks[index].At, tasks[index].Task with { Warnings = [.. tasks[index].Task.Warnings, new ImportWarning(code, tasks[index].Task.Source, PlanField.Number, arguments)] });
            }

            (open.Last, open.At) = (value, paragraph);
        }

        // Behind "d)" comes "đ)" in one office and "e)" in another.
        static bool Follows(int last, int value) => value == last + 1 || last == 4 && value == 6;

        static string Text(Paragraph paragraph) => paragraph.Number!.Value.Text;

        int? First(Paragraph paragraph)
        {
            var own = paragraph.Number!.Value;
            var end = paragraphs.FindIndex(paragraph.Index + 1, next => next.IsArticle || next.Number is { Kind: not NumberKind.Bullet } number && number.Depth <= own.Depth);
            var found = tasks.FindIndex(task => task.At >= paragraph.Index && (end < 0 || task.At < end));
            return found < 0 ? null : found;
        }
    }

    /// <summary>More numbers missing at once are of another list rather than left out.</summary>
    private const int GapMax = 4;

    /// <param name="labelled">Tasks of this document say behind their text, under labels, who does them.</param>
    private static List<Paragraph> Paragraphs(SourceDocument source, bool labelled)
    {
        var found = new List<Paragraph>();
        var row = 0;
        var addressed = false;
        foreach (var block in source.Blocks)
        {
            if (block is not SourceParagraph paragraph) continue;
            row++;
            var lines = paragraph.Text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                var text = VietnameseText.Clean((i == 0 && paragraph.Marker is { Length: > 0 } marker ? marker + " " : "") + lines[i]);
                if (text.Length == 0 || PageMark().IsMatch(text)) continue;
                var folded = VietnameseText.Fold(text);
                if (End().IsMatch(folded)) return found;
                if (Addresses().IsMatch(folded)) { addressed = true; continue; }
                if (addressed && (addressed = IsAddressee(text))) continue;
                text = NamedNumber().Replace(text, "$1. ");
                var number = Leading().Match(text);
                RowNumber? read = number.Success && RowNumber.TryRead(number.Groups["n"].Value, out var n) ? n : null;
                var bullet = BulletMark().IsMatch(text);
                var body = read is null ? BulletMark().Replace(text, "").Trim() : text[number.Length..].Trim();
                if (read is null && Wrapped().Match(body) is { Success: true } inside) body = inside.Groups["in"].Value.Trim();
                var tail = read is null && !bullet ? "" : Tail(body, labelled && read is not null);
                if (tail.Length > 0) (body, text) = (body[..^tail.Length].TrimEnd(' ', '-', '–'), text[..^tail.Length].TrimEnd(' ', '-', '–'));
                found.Add(new Paragraph(found.Count, paragraph.Page, row, text, tail.Length > 0 ? VietnameseText.Fold(text) : folded, read, body, paragraph.Bold, bullet) { IsArticle = Article().IsMatch(text) });
                if (tail.Length > 0) found.Add(new Paragraph(found.Count, paragraph.Page, row, tail, VietnameseText.Fold(tail), null, tail, paragraph.Bold, false));
            }
        }

        return found;
    }

    /// <summary>
    /// What a task says of itself at the end of its own paragraph: "…. Đơn vị chủ trì: … Thời gian: …", "…. Sở A chủ trì, phối hợp với Sở B
    /// thực hiện, xong trước …", "… - Sở A chủ trì; …". Read like the lines other offices put below it.
    /// </summary>
    private static string Tail(string body, bool labelled)
    {
        if (LabelsOf(body).Count > 0 || AgencyPrefix(body).Count > 0) return "";
        foreach (Match start in TailStart().Matches(body))
        {
            var tail = body[(start.Index + start.Length)..];
            if (start.Index < 4 || tail.Length is < 8 or > 600) continue;
            if (LabelsOf(tail) is { Count: > 0 } labels ? labels.Exists(label => label.Role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator && NamesBody(label.Value)
                || labelled && (label.Role is ColumnRole.Coordinator && NamesBody(label.Value) || label.Role is ColumnRole.Deadline && DeadlineGrammar.Recognises(label.Value))) : start.Index >= 12 && AssignmentOf(tail) is not null) return tail;
        }

        return "";

        static bool NamesBody(string value) => AgencyNames.Read(value).Leads is [var first, ..] && AgencyNames.LooksLikeAgency(first);
    }

    [GeneratedRegex(@"(?<=[\p{L}\d)”""])[.;]\s+(?=\p{Lu})|\s[-–]\s(?=\p{Lu})", RegexOptions.None, TimeLimit)]
    private static partial Regex TailStart();

    // ---- who is written to ----

    /// <summary>A line below "Kính gửi:" that names who receives the paper; an order given there, or the first sentence of the text, is none.</summary>
    private static bool IsAddressee(string text)
    {
        var body = BulletMark().Replace(text, "").Trim();
        if (ListsNames(body)) return true;
        if (body.Length > 250 || Leading().IsMatch(text) || Request().IsMatch(body) || AgencyPrefix(body).Count == 0) return false;
        return AfterAgency(body).TrimEnd('.', ';', '/', ' ').Length < 3 || text.EndsWith(';') && !DutyVerb().IsMatch(AfterAgency(body));
    }

    /// <summary>"Các Sở: Nội vụ, Tài chính, Xây dựng;", "Chủ tịch UBND các xã: Thanh Bình, Tân Lập": behind the colon stand the names the kind of body lacks, and no sentence.</summary>
    private static bool ListsNames(string body)
    {
        var colon = body.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 2 or > 120 || body[..colon].TrimEnd() is not { } kind || !Lacks().IsMatch(kind) || NamesEnd(kind) < kind.Length) return false;
        var names = body[(colon + 1)..].Split([',', ';', ':'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.TrimEnd('.', '/', ' ')).Where(name => name.Length > 0).ToList();
        return names.Count > 0 && names.TrueForAll(IsName) && (names.Count > 1 || names[0].Split(' ').All(word => char.IsUpper(word[0]) || word is "và"));
    }

    private static bool IsName(string name)
    {
        if (Kinds().IsMatch(VietnameseText.Fold(name))) return true;
        var words = Word().Matches(name);
        if (words.Count is 0 or > 9 || !char.IsUpper(name[0]) || name.Any(char.IsAsciiDigit) || name.Contains('.', StringComparison.Ordinal)) return false;

        // "Xây dựng", "Giao thông vận tải" and "Thông tin và Truyền thông" are fields of work, "Rà soát dữ liệu" is work.
        var verb = DutyVerb().Match(name);
        if (verb.Success && verb.Length < name.Length && !s_nameWords.Contains(name.ToLowerInvariant()) && !(words.Count <= 5 && BothHalves().IsMatch(name))) return false;
        return !words.Skip(2).Any(word => char.IsLower(word.Value[0]) && DutyVerb().IsMatch(name, word.Index));
    }

    [GeneratedRegex(@"^kinh gui\b|^(?:chu tich|thu tuong|uy ban|ubnd|ban chi huy|ban chi dao|bo truong|truong ban)\b[^.:;]{0,120}\bdien\s*:", RegexOptions.None, TimeLimit)]
    private static partial Regex Addresses();

    /// <summary>A kind of body that is no body before its name follows.</summary>
    [GeneratedRegex(@"\b(?:sở|xã|phường|đặc khu|các [\p{L}, ]{0,60}(?<!\p{L})(?:ban|ngành|bộ|huyện|thị xã|thành phố|quận|cục|chi cục|viện|trường|trung tâm|công ty|tổng công ty|ngân hàng|hội|đoàn thể|tỉnh|bệnh viện|dự án|đơn vị|cơ quan|địa phương))$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Lacks();

    [GeneratedRegex(@"^(?:cac )?(?:so|ban|nganh|xa|phuong|dac khu|huyen|thi xa|thanh pho|quan|doan the|hoi|don vi|co quan)(?: (?:tinh|thanh pho|lien quan|co lien quan))?$", RegexOptions.None, TimeLimit)]
    private static partial Regex Kinds();

    [GeneratedRegex(@"\p{L} và \p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex BothHalves();

    // ---- deadlines inside sentences ----

    /// <summary>The last phrase of a text that is a deadline: "… hoàn thành trước ngày 15/11/2025."</summary>
    public static string? DeadlinePhrase(string text)
    {
        if (LastClause(text) is { } clause) return clause.Due;
        var labelled = LabelledDeadline().Matches(text);
        if (labelled.Count > 0 && labelled[^1].Groups["due"].Value.Trim().TrimEnd('/', ')') is var due && DeadlineGrammar.Recognises(due)) return due;
        var matches = Phrase().Matches(text);
        for (var i = matches.Count - 1; i >= 0; i--)
        {
            var phrase = matches[i].Value.Trim().TrimEnd('.', ';', ',', '/', ')');
            if (DeadlineGrammar.Recognises(phrase)) return phrase;
        }

        foreach (var match in new[] { DoneBy().Match(text), EndsWithPeriod().Match(text), Standing().Match(text) })
        {
            if (match.Success && DeadlineGrammar.Recognises(match.Groups["due"].Value)) return match.Groups["due"].Value.Trim();
        }

        return null;
    }

    /// <summary>Without a last sentence, clause or bracket that is nothing but the deadline <see cref="DeadlinePhrase"/> gives; not a word of the duty is cut.</summary>
    public static string WithoutDeadline(string content) => LastClause(content) is { } clause ? clause.Before : content;

    /// <summary>A last clause that says when and nothing else.</summary>
    private static (string Before, string Due)? LastClause(string text)
    {
        foreach (Match start in ClauseStart().Matches(text))
        {
            var from = start.Index + start.Length;
            if (start.Index < 5 || text.Length - from is > 140 or < 2) continue;
            var tail = text[from..].Trim().TrimEnd('.', '/', ';', ' ', ')', ']');
            if (!SaysOnlyWhen(tail, out var due)) continue;
            var before = text[..start.Index].TrimEnd(';', ',', ' ', '.', '/', '(', '[');
            return (before + (start.Value[0] is '.' ? "." : ""), due);
        }

        return null;
    }

    /// <summary>Whether every word belongs to a date, a period or a rhythm, but for the event an offset counts from.</summary>
    private static bool SaysOnlyWhen(string clause, out string due)
    {
        due = clause;
        var label = WhenLabel().Match(clause);
        if (label.Success && clause[label.Length..].Trim() is { Length: > 1 } labelled) due = labelled;
        var dated = false;
        var words = WhenToken().Matches(VietnameseText.Fold(due)).Select(match => match.Value).ToList();

        // ", ngày 22/12/2024" and ", năm 2025" belong to what is cited before them more often than they are deadlines.
        if (words.Count == 0 || !label.Success && !s_whenOpeners.Contains(words[0])) return false;
        for (var i = 0; i < words.Count; i++)
        {
            if (dated && words[i] is "ke" or "tinh" && i + 1 < words.Count && words[i + 1] is "tu") break;
            if (i > 0 && words[i] is "khi" && words[i - 1] is "sau" or "ngay") { dated = true; break; }
            if (words[i] is "theo" && !(i > 0 && words[i - 1] is "tiep")) return false;
            if (words[i] is "xuyen" or "tuc" or "hang" or "moi" || char.IsAsciiDigit(words[i][0])) { dated = true; continue; }
            if (!s_whenWords.Contains(words[i])) return false;
        }

        return dated && DeadlineGrammar.Read(due).Deadline.Rule is not DeadlineRule.None;
    }

    private static readonly FrozenSet<string> s_whenOpeners = new[]
    {
        "hoan", "xong", "thoi", "han", "truoc", "trong", "cham", "den", "thuong", "thuc", "trien", "dinh", "hang", "moi", "tu", "quy", "thang", "lien", "phai", "du", "khong", "muon", "nhiem",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> s_whenWords = new[]
    {
        "hoan", "thanh", "thuc", "hien", "xong", "trien", "khai", "phai", "truoc", "sau", "trong", "vong", "thoi", "gian", "han", "ngay", "thang", "quy", "nam", "tuan", "den", "het", "cham", "nhat", "la", "vao", "dinh", "ky",
        "thuong", "lien", "tu", "dau", "cuoi", "giua", "khong", "qua", "va", "cac", "tiep", "theo", "lam", "viec", "gio", "phut", "muon", "toi", "da", "giai", "doan", "lan", "du", "kien", "muc", "i", "ii", "iii", "iv", "nhiem", "vu",
    }.ToFrozenSet();

    // ---- labelled blocks ----

    /// <param name="taken">Receives the paragraphs the tasks were made of.</param>
    /// <param name="unread">Receives what stands between two labelled tasks, in their numbering, and has no label.</param>
    private static List<(int At, ExtractedTask Task)> Labelled(List<Paragraph> paragraphs, DeadlineContext context, HashSet<int> taken, List<Paragraph> unread)
    {
        var tasks = new List<(int At, ExtractedTask Task)>();
        var used = new List<int>();
        var groups = new List<(int Depth, string Title)>();
        var body = new List<Paragraph>();
        var labels = new Dictionary<ColumnRole, string>();
        Paragraph? head = null;
        ColumnRole? open = null;

        void Flush()
        {
            if (labels.Count > 0 && (labels.ContainsKey(ColumnRole.Lead) || labels.ContainsKey(ColumnRole.LeadAndCoordinator) || labels.ContainsKey(ColumnRole.Deadline) || labels.ContainsKey(ColumnRole.Coordinator) && tasks.Count > 0) && (head is not null || labels.ContainsKey(ColumnRole.Content)))
            {
                var at = head ?? body.LastOrDefault();
                used.AddRange(body.Select(paragraph => paragraph.Index));
                if (at is not null) used.Add(at.Index);
                taken.UnionWith(used);
                tasks.Add((at?.Index ?? used[0], Make(tasks.Count + 1, at, body, labels, [.. groups.Where(g => (head?.Number is not { } n || g.Depth < n.Depth) && !PlainSection().IsMatch(VietnameseText.Fold(g.Title))).Select(g => g.Title)], context)));
            }

            used.Clear();
            labels.Clear();
            open = null;
        }

        foreach (var paragraph in paragraphs)
        {
            if (paragraph.IsArticle)
            {
                Flush();
                body.Clear();
                groups.Clear();
                head = null;
                continue;
            }

            var found = LabelsOf(paragraph.Body);
            if (found.Count == 0 && labels.Count == 0 && paragraph.Number is null && (body.LastOrDefault() is { IsBullet: true } point ? point : head) is { } above && (above.Number is not null || above.IsBullet) && AssignmentOf(paragraph.Body) is { } who && Unassigned(above))
            {
                // "Sở A chủ trì, phối hợp với Sở B thực hiện; hoàn thành …" below the task says what three labels say.
                found.Add((ColumnRole.Lead, string.Join("; ", who.Who.Leads)));
                if (who.Who.Coordinators.Count > 0) found.Add((ColumnRole.Coordinator, string.Join("; ", who.Who.Coordinators)));
                if (who.Due is { } due) found.Add((ColumnRole.Deadline, due));
            }

            // Unmarked labels below a marked line are of that line; what is numbered above is its title.
            if (found.Count > 0 && labels.Count == 0 && paragraph is { Number: null, IsBullet: false } && head is { Number: { } outer } named && body.LastOrDefault() is { IsBullet: true } item)
            {
                groups.RemoveAll(group => group.Depth >= outer.Depth);
                if (IsTitle(named)) groups.Add((outer.Depth, outer.Text + ". " + named.Body.TrimEnd(':', '.')));
                head = item;
                body = [item];
            }

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

                used.Add(paragraph.Index);
                continue;
            }

            // A bullet below "Chủ trì:" with nothing behind the colon belongs to the label.
            if (open is { } role2 && labels[role2].Length == 0 && paragraph.Number is null) { labels[role2] = paragraph.Body; used.Add(paragraph.Index); continue; }
            if (open is { } role3 && paragraph.Number is null && paragraph.IsBullet && labels[role3].EndsWith(';')) { labels[role3] += "\n" + paragraph.Body; used.Add(paragraph.Index); continue; }
            if (labels.Count > 0)
            {
                Flush();
                body.Clear();
                head = null;
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
        if (tasks.Exists(one => one.Task.Leads.Count > 0))
        {
            var numbered = paragraphs.FindAll(paragraph => paragraph.IsArticle || paragraph.Number is { Kind: NumberKind.Roman or NumberKind.Letter or NumberKind.Decimal });
            var read = tasks.Select(one => one.At).ToHashSet();
            for (var i = 1; i + 1 < numbered.Count; i++)
            {
                if (numbered[i].Number is { Kind: NumberKind.Decimal } own && !taken.Contains(numbered[i].Index) && read.Contains(numbered[i - 1].Index) && read.Contains(numbered[i + 1].Index)
                    && numbered[i - 1].Number is { } before && numbered[i + 1].Number is { } after && before.Depth == own.Depth && after.Depth == own.Depth && before.Parts[^1] + 1 == own.Parts[^1] && own.Parts[^1] + 1 == after.Parts[^1]) unread.Add(numbered[i]);
            }

            return tasks;
        }

        taken.Clear();
        return [];
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
            var value = text[from..to].Trim().TrimEnd(';', '.', ',').Trim();
            var role = RoleOfLabel(matches[i].Groups["label"].Value)!.Value;

            // "Thực hiện:" names a body as often as it names a time.
            if (BareDoing().IsMatch(VietnameseText.Fold(matches[i].Groups["label"].Value)) && !AgencyNames.LooksLikeAgency(value))
            {
                if (!DeadlineGrammar.Recognises(value)) return [];
                role = ColumnRole.Deadline;
            }

            found.Add((role, value));
        }

        return found;
    }

    private static ColumnRole? RoleOfLabel(string label)
    {
        var folded = VietnameseText.Fold(label);
        if (folded.Length > 60 || !LabelWords().IsMatch(folded) || NamesPartner().IsMatch(folded)) return null;
        if (BareDoing().IsMatch(folded)) return ColumnRole.Lead;
        var role = TableMapping.RoleOf(label).Role;
        return role is ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator or ColumnRole.Deadline or ColumnRole.Product or ColumnRole.Basis or ColumnRole.Content or ColumnRole.Note or ColumnRole.Target or ColumnRole.Budget ? role : null;
    }

    private static ExtractedTask Make(int ordinal, Paragraph? head, List<Paragraph> body, Dictionary<ColumnRole, string> labels, List<string> groups, DeadlineContext context)
    {
        var text = new StringBuilder();
        foreach (var paragraph in body) text.Append(text.Length == 0 ? "" : paragraph.IsBullet ? "\n" : " ").Append(paragraph.IsBullet && text.Length > 0 ? paragraph.Text : paragraph.Body);
        var title = text.ToString().TrimEnd(':', ' ');
        var content = labels.GetValueOrDefault(ColumnRole.Content) is { Length: > 0 } own ? own : title;
        if (labels.ContainsKey(ColumnRole.Content) && title.Length is > 0 and < 300 && !VietnameseText.Fold(content).Contains(VietnameseText.Fold(title), StringComparison.Ordinal)) content = title + ": " + content;
        var agencies = AgencyNames.Read(labels.GetValueOrDefault(ColumnRole.Lead) ?? labels.GetValueOrDefault(ColumnRole.LeadAndCoordinator));
        var others = AgencyNames.Read(labels.GetValueOrDefault(ColumnRole.Coordinator));
        var leads = agencies.Leads;
        if (leads.Count == 0 && head is not null && AgencyPrefix(head.Body) is { Count: > 0 } named) leads = named;
        IReadOnlyList<string> coordinators = [.. agencies.Coordinators, .. others.Leads, .. others.Coordinators];
        var written = labels.GetValueOrDefault(ColumnRole.Deadline) ?? "";
        var deadline = DeadlineGrammar.Read(written, context with { Content = content });
        var product = labels.GetValueOrDefault(ColumnRole.Product);
        var basis = DocumentNumber.Find(labels.GetValueOrDefault(ColumnRole.Basis)).Select(item => item.Number.Value).Distinct().ToList();
        var outer = head?.Number is { Kind: NumberKind.SmallLetter } && groups.Count > 0 && Leading().Match(groups[^1]) is { Success: true } above && RowNumber.TryRead(above.Groups["n"].Value, out var stem) && stem.Kind is NumberKind.Decimal ? stem.Text + "." + head.Number.Value.Text : null;
        return Task(ordinal, head, content, leads, coordinators, deadline, written, product, basis, groups, outer, context, agencies.PersonalData || others.PersonalData, 0.75, labelled: true);
    }

    // ---- numbered paragraphs that begin with who must act ----

    /// <param name="taken">Paragraphs labelled tasks were made of; they divide the rest.</param>
    /// <param name="unread">Receives what looks like an assignment and gives no task.</param>
    private static List<(int At, ExtractedTask Task, bool Organises)> Duties(List<Paragraph> paragraphs, HashSet<int> taken, DeadlineContext context, bool standing, List<Paragraph> unread)
    {
        var tasks = new List<(int At, ExtractedTask Task, bool Organises)>();
        var groups = new List<(int Depth, string Title)>();
        Paragraph? head = null;
        List<string> leads = [];
        var points = new List<Paragraph>();
        var started = false;
        string? title = null;
        Paragraph? own = null;
        Paragraph? pending = null;

        List<string> Path(string? last) => [.. groups.Where(group => !PlainSection().IsMatch(VietnameseText.Fold(group.Title))).Select(group => group.Title), .. last is { Length: < 200 } ? new[] { last } : []];
        bool Within(Regex section) => groups.Exists(group => section.IsMatch(VietnameseText.Fold(group.Title))) || title is not null && section.IsMatch(VietnameseText.Fold(title));

        void Flush()
        {
            FlushOwn();
            if (head is not null && leads.Count > 0)
            {
                var below = head.Number is null or { Kind: NumberKind.SmallLetter };
                var stem = below && title is not null ? title.Split(". ")[0] + (head.Number is { } letter ? "." + letter.Text : "") : head.Number?.Text;
                var above = (stem is null ? "" : stem + ". ") + head.Body.TrimEnd(':', ' ');
                if (points.Count > 0)
                {
                    foreach (var point in points) Add(point, point.Number is { } small ? stem + "." + small.Text : stem, Path(above), leads, point.Body, whole: true);
                }
                else
                {
                    if (AfterAgency(head.Body).Length >= 3) Add(head, stem, Path(title), leads, AfterAgency(head.Body), whole: false);
                }

                head = null;
            }

            points.Clear();
        }

        // A duty that names its body itself, under a topic or under nothing.
        void FlushOwn()
        {
            if (own is not { } duty) return;
            own = null;
            pending = null;
            var letter = duty.Number is { Kind: NumberKind.SmallLetter };
            Add(duty, title is null ? duty.Number?.Text : letter ? title.Split(". ")[0] + "." + duty.Number!.Value.Text : title.Split(". ")[0], Path(title), AgencyPrefix(duty.Body), AfterAgency(duty.Body), whole: true);
        }

        void FlushPending()
        {
            if (pending is { } lost && LooksLikeRow(lost) && !Within(Purpose())) unread.Add(lost);
            pending = null;
        }

        void Put(Paragraph at, ExtractedTask task) => tasks.Add((at.Index, task, Within(Organisation())));

        void Add(Paragraph at, string? code, List<string> path, List<string> who, string text, bool whole)
        {
            var (more, rest) = CoordinatorsOf(text);
            if (more.Count > 0 && rest.Trim().Length > 15 && LeadsAndCoordinates().IsMatch(text)) text = rest.TrimStart(',', ' ', ':');
            else text = OnlyLeads().Replace(text, "");
            foreach (var (part, index) in (whole ? [text] : SplitByDeadline(text)).Select((part, index) => (part, index)))
            {
                var phrase = DeadlinePhrase(part);
                var reading = DeadlineGrammar.Read(phrase ?? "", context with { Content = part });
                var partners = index == 0 ? more : CoordinatorsOf(part).Coordinators;
                var duty = WithoutDeadline(part.Trim());
                duty = duty.Length == 0 ? duty : char.ToUpper(duty[0], System.Globalization.CultureInfo.InvariantCulture) + duty[1..];
                var task = Task(tasks.Count + 1, at, duty, who, [.. (partners.Count > 0 ? partners : more).Distinct(StringComparer.OrdinalIgnoreCase)], reading, phrase ?? "", null, [], path, code, context, false, Confidence, labelled: false, standing);
                Put(at, index == 0 ? task : task with { Code = code + "." + (index + 1) });
            }
        }

        foreach (var paragraph in paragraphs)
        {
            if (taken.Contains(paragraph.Index))
            {
                Flush();
                if (paragraph.Number is { Kind: NumberKind.Decimal or NumberKind.Code }) { FlushPending(); title = null; }
                (head, leads, pending) = (null, [], null);
                continue;
            }

            if (!started && Start().IsMatch(paragraph.Folded)) { started = true; if (paragraph.Number is null && !AssignsItself(paragraph)) continue; }
            if (paragraph.IsArticle)
            {
                Flush();
                FlushPending();
                groups.Clear();
                (head, leads, title) = (null, [], null);
                var order = paragraph with { Body = Article().Replace(paragraph.Text, "").Trim() };
                if (Request().IsMatch(order.Body) && AssignsItself(order)) own = order;
                continue;
            }

            var free = head is null || leads.Count == 0 || paragraph.Number is { Kind: NumberKind.Decimal or NumberKind.Code };
            if ((Bracketed(paragraph) ?? (free && !Within(Purpose()) ? ClosingSentence(paragraph) : null)) is { } assigned)
            {
                Flush();
                (head, leads, pending) = (null, [], null);
                var letter = paragraph.Number is { Kind: NumberKind.SmallLetter } or null;
                var reading = DeadlineGrammar.Read(assigned.Due ?? "", context with { Content = assigned.Content });
                Put(paragraph, Task(tasks.Count + 1, paragraph, assigned.Content, assigned.Who.Leads, assigned.Who.Coordinators, reading, assigned.Due ?? "", null, [], Path(letter ? title : null),
                    letter && title is not null && paragraph.Number is { } point ? title.Split('.')[0] + "." + point.Text : paragraph.Number?.Text, context, assigned.Who.PersonalData, Confidence, labelled: false, standing));
                continue;
            }

            if (paragraph.Number is { Kind: NumberKind.Roman or NumberKind.Letter } section)
            {
                Flush();
                FlushPending();
                groups.RemoveAll(group => group.Depth >= section.Depth);
                groups.Add((section.Depth, section.Text + ". " + paragraph.Body.TrimEnd(':', '.')));
                (head, leads, title) = (null, [], null);
                continue;
            }

            if (paragraph.Number is { Kind: NumberKind.Decimal or NumberKind.Code })
            {
                Flush();
                FlushPending();
                title = null;
                if (Within(Purpose()))
                {
                    // "2. Yêu cầu: Các cơ quan, đơn vị chủ động …" says how, and gives nobody a duty.
                    (head, leads, pending) = (null, [], null);
                    continue;
                }

                var names = AgencyPrefix(paragraph.Body);
                if (names.Count > 0 && IsReport(AfterAgency(paragraph.Body)))
                {
                    (head, leads) = (null, []);
                    continue;
                }

                head = paragraph;
                if (names.Count == 0 && Topic().Match(paragraph.Body) is { Success: true } topic && AssignsItself(paragraph with { Body = topic.Groups["duty"].Value }))
                {
                    title = paragraph.Number.Value.Text + ". " + topic.Groups["topic"].Value.Trim();
                    head = paragraph with { Body = topic.Groups["duty"].Value };
                    names = AgencyPrefix(head.Body);
                }
                else if (names.Count == 0)
                {
                    title = paragraph.Body.Length <= 200 ? paragraph.Number.Value.Text + ". " + paragraph.Body.TrimEnd(':', '.') : null;
                    pending = paragraph;
                }

                leads = names;
                continue;
            }

            // "a) Sở Nội vụ" or "- Sở Nội vụ:" under a topic is a heading itself; the next of its kind ends it.
            var heads = IsBareAgency(paragraph);
            if (head is { Number: null or { Kind: NumberKind.SmallLetter } } && (SameMark(head, paragraph) || heads))
            {
                Flush();
                (head, leads) = (null, []);
            }

            if (heads && (head is null || leads.Count == 0) && !Within(Purpose()))
            {
                FlushOwn();
                pending = null;
                (head, leads) = (paragraph, AgencyPrefix(paragraph.Body));
                continue;
            }

            if (head is null || leads.Count == 0)
            {
                var marked = paragraph.Number is { Kind: NumberKind.SmallLetter } || paragraph.IsBullet;
                if (!marked && Closes(paragraph)) { FlushOwn(); continue; }
                if (!marked && own is null && pending is { } bare && tasks.Count > 0 && !Within(Purpose()) && paragraph.Body.Length < 120 && OnlyDeadline().IsMatch(paragraph.Folded) && DeadlinePhrase(paragraph.Body) is { } due)
                {
                    // "8. Tổng kết" and below it only by when: nobody was named.
                    Put(bare, Task(tasks.Count + 1, bare, bare.Body.TrimEnd(':', '.', ' '), [], [], DeadlineGrammar.Read(due, context), due, null, [], Path(null), bare.Number?.Text, context, false, Confidence, labelled: false, standing));
                    (head, pending, title) = (null, null, null);
                    continue;
                }

                if (!Within(Purpose()) && AssignsItself(paragraph))
                {
                    FlushOwn();
                    own = paragraph;
                }
                else if (own is not null && !(marked && own.Number is { Kind: NumberKind.SmallLetter } == (paragraph.Number is not null)))
                {
                    if (!marked && StandsAlone(paragraph, own.Body)) { FlushOwn(); if (LooksLikeRow(paragraph)) unread.Add(paragraph); continue; }
                    own = own with { Body = own.Body + (marked ? "\n" : " ") + paragraph.Text };
                }
                else
                {
                    FlushOwn();
                    if (marked && LooksLikeRow(paragraph) && !Within(Purpose())) unread.Add(paragraph);
                }

                continue;
            }

            if (paragraph.Number is null && !paragraph.IsBullet && Closes(paragraph)) { Flush(); head = null; continue; }
            if (paragraph.Number is { Kind: NumberKind.SmallLetter } || paragraph.IsBullet && points.TrueForAll(point => point.IsBullet)) { points.Add(paragraph); continue; }
            if (paragraph.Number is null && !paragraph.IsBullet && Request().IsMatch(paragraph.Body) && AssignsItself(paragraph))
            {
                Flush();
                (head, leads) = (null, []);
                own = paragraph;
                continue;
            }

            if (!paragraph.IsBullet && paragraph.Number is null && StandsAlone(paragraph, points.Count > 0 ? points[^1].Body : head.Body))
            {
                Flush();
                (head, leads) = (null, []);
                if (LooksLikeRow(paragraph)) unread.Add(paragraph);
                continue;
            }

            // Text that goes on: below a bare heading it is the duty itself, below a point it belongs to the point.
            if (points.Count > 0) points[^1] = points[^1] with { Body = points[^1].Body + " " + paragraph.Text };
            else if (AfterAgency(head.Body).Length < 3 || head.Body.EndsWith(':')) points.Add(paragraph with { Body = paragraph.Text });
            else head = head with { Body = head.Body + " " + paragraph.Text };
        }

        Flush();
        FlushPending();
        return tasks;
    }

    /// <summary>The sentences that end a document order nothing new, unless they name a day.</summary>
    private static bool Closes(Paragraph paragraph) => Closing().IsMatch(paragraph.Folded) && !(AssignsItself(paragraph) && DeadlinePhrase(paragraph.Body) is not null);

    /// <summary>"Giao Công an tỉnh chủ trì …", "Sở Tài chính thẩm định …": who and what in one paragraph; an account of what was done is none.</summary>
    private static bool AssignsItself(Paragraph paragraph)
    {
        if (AgencyPrefix(paragraph.Body).Count == 0 || ListsNames(paragraph.Body)) return false;
        var duty = AfterAgency(paragraph.Body);
        if (duty.Length < 12 || PureAssignment().IsMatch(VietnameseText.Fold(WithoutDeadline(CoordinatorsOf(duty).After)).Trim(' ', ',', '.', ';', '/')) || IsReport(duty)) return false;
        if (Request().IsMatch(paragraph.Body) || duty.StartsWith("chủ trì", StringComparison.OrdinalIgnoreCase)) return true;
        return (paragraph.IsBullet || paragraph.Number is not null) && (DutyVerb().IsMatch(duty) || OrdersAfterColon(paragraph.Body, duty));
    }

    /// <summary>"- Sở Y tế: Dập dịch, khử khuẩn …": a body, a colon and a sentence is a duty, whatever its verb; persons, figures and lists of names are none.</summary>
    private static bool OrdersAfterColon(string body, string duty) =>
        body[PrefixEnd(body)..].TrimStart().StartsWith(':') && char.IsLetter(duty[0]) && duty.Length >= 20 && !Member().IsMatch(duty) && !AgencyNames.LooksLikeAgency(duty.Split([',', ';', '.'], 2)[0]);

    [GeneratedRegex(@"^(?:các )?(?:đồng chí|đ/c|ông|bà|số lượng|số điện thoại|địa chỉ|điện thoại|email|kinh phí|tỷ lệ|tổng số|thành viên|trưởng ban|phó trưởng ban|giám đốc|chủ tịch|phó)\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Member();

    /// <summary>A marked line that is the name of a body and nothing else.</summary>
    private static bool IsBareAgency(Paragraph paragraph) =>
        (paragraph.IsBullet && paragraph.Text.EndsWith(':') || paragraph.Number is { Kind: NumberKind.SmallLetter }) && AgencyPrefix(paragraph.Body).Count > 0 && AfterAgency(paragraph.Body).Length < 3;

    private static bool SameMark(Paragraph head, Paragraph paragraph) =>
        head.Number is not null ? paragraph.Number is { Kind: NumberKind.SmallLetter } : paragraph.IsBullet && paragraph.Text[0] == head.Text[0];

    /// <summary>A new sentence about another body behind a finished one: "Văn phòng UBND tỉnh thông báo để các cơ quan biết."</summary>
    private static bool StandsAlone(Paragraph paragraph, string before) =>
        before.TrimEnd().EndsWith('.') && AgencyPrefix(paragraph.Body).Count > 0 && AfterAgency(paragraph.Body).Length >= 12;

    /// <summary>Says who or when as an assignment does.</summary>
    private static bool LooksLikeRow(Paragraph paragraph) =>
        paragraph.Body.Length > 30 && !ListsNames(paragraph.Body) && ((paragraph.IsBullet || paragraph.Number is not null) && AgencyPrefix(paragraph.Body).Count > 0 && AfterAgency(paragraph.Body) is { Length: >= 20 } told && char.IsLetter(told[0])
                && !IsReport(told) && !Member().IsMatch(told)
            || paragraph.Folded.Contains("chu tri", StringComparison.Ordinal) || Sentence().Split(paragraph.Body).Any(sentence => Request().IsMatch(sentence)) || DeadlinePhrase(paragraph.Body) is not null);

    private sealed record Assigned(string Content, AgencyReading Who, string? Due);

    /// <summary>"Rà soát dữ liệu hộ tịch (Sở Tư pháp chủ trì, phối hợp với Công an tỉnh; hoàn thành trong tháng 4/2026)": who and when stand in the closing brackets.</summary>
    private static Assigned? Bracketed(Paragraph paragraph)
    {
        var match = ClosingBracket().Match(paragraph.Body);
        return match.Success && match.Index >= 15 && WhoAndWhen(match.Groups["in"].Value) is { } read ? read with { Content = paragraph.Body[..match.Index].TrimEnd(' ', ',', ';') } : null;
    }

    /// <summary>"Triển khai ký số trên thiết bị di động. Giao Văn phòng UBND tỉnh chủ trì, phối hợp với … thực hiện, xong trước …": the last sentence says who and when.</summary>
    private static Assigned? ClosingSentence(Paragraph paragraph)
    {
        if (AgencyPrefix(paragraph.Body).Count > 0) return null;
        foreach (Match start in Order().Matches(paragraph.Body))
        {
            var from = start.Index;
            var told = paragraph.Body[from..];
            if (from < 15 || AgencyPrefix(told) is not { Count: > 0 } leads) continue;
            if (!Request().IsMatch(told) && !AfterAgency(told).StartsWith("chủ trì", StringComparison.Ordinal)) continue;
            var due = DeadlinePhrase(told);
            var (coordinators, rest) = CoordinatorsOf(AfterAgency(told));
            var who = new AgencyReading(leads, coordinators, false, true);

            // What the sentence orders beyond "thực hiện" is part of the duty.
            var pure = PureAssignment().IsMatch(VietnameseText.Fold(WithoutDeadline(rest)).Trim(' ', ',', '.', ';', '/'));
            return new Assigned(pure ? paragraph.Body[..from].TrimEnd() : WithoutDeadline(paragraph.Body), who, due);
        }

        return null;
    }

    /// <summary>Where a sentence begins, or a clause that gives an order: "đồng ý chủ trương; giao Sở Tài chính …".</summary>
    [GeneratedRegex(@"(?<=[\p{Ll}\d)”""]\.\s+)(?=\p{Lu})|(?<=[;:,]\s+)(?=(?:thống nhất |tiếp tục )?(?:giao|phân công)\s+(?!thông|dịch|lưu|nhận|ban|tiếp))", RegexOptions.None, TimeLimit)]
    private static partial Regex Order();

    /// <summary>A paragraph that says of the task above it who does it and when, and nothing else.</summary>
    private static Assigned? AssignmentOf(string text)
    {
        text = text.Trim().TrimEnd('.', '/', ';', ' ');
        var asked = Request().Match(text).Length;
        if (text.Length - asked is < 6 or > 400) return null;
        return WhoAndWhen(DoesIt().Replace(text[asked..], "")) is { } read && read.Who.Leads.Concat(read.Who.Coordinators).All(name => AgencyNames.LooksLikeAgency(name) && NamesEnd(name) == name.Length) ? read : null;
    }

    /// <summary>Whether the paragraph is a task nobody was named for yet.</summary>
    private static bool Unassigned(Paragraph paragraph) => AgencyPrefix(paragraph.Body).Count == 0 && Bracketed(paragraph) is null && ClosingSentence(paragraph) is null;

    private static Assigned? WhoAndWhen(string inside)
    {
        string? due = null;
        var who = new List<string>();
        foreach (var part in inside.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (due is null && !AgencyNames.LooksLikeAgency(part) && (DeadlineGrammar.Recognises(part) || LabelledDeadline().IsMatch(part))) due = DeadlinePhrase(part) ?? part;
            else who.Add(part);
        }

        // "…, hoàn thành trước ngày 10/5/2026" behind the names, without a semicolon.
        if (due is null && who.Count > 0 && LastClause(who[^1]) is { } tail)
        {
            due = tail.Due;
            who[^1] = tail.Before;
        }

        if (who.Count == 0) return null;
        var text = DoesIt().Replace(string.Join("; ", who), "");
        var folded = VietnameseText.Fold(text);
        var written = folded.Contains("chu tri", StringComparison.Ordinal) || folded.Contains("phoi hop", StringComparison.Ordinal);
        if (!written && due is null) return null;
        var read = AgencyNames.Read(text);
        return read.Leads.Count > 0 && read.Leads.All(AgencyNames.LooksLikeAgency) ? new Assigned("", read, due) : null;
    }

    /// <summary>"… phối hợp với Công an tỉnh thực hiện": the verb behind the last name.</summary>
    [GeneratedRegex(@"\s+(?:tổ chức |triển khai |tham mưu )?(?:thực hiện|triển khai|tham mưu)\s*(?=$|[;.,]\s|\()", RegexOptions.None, TimeLimit)]
    private static partial Regex DoesIt();

    [GeneratedRegex(@"to chuc thuc hien|trach nhiem thuc hien|^(?:[ivx\d.]+\s*)?phan cong\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Organisation();

    [GeneratedRegex(@"\s*\((?<in>[^()]{5,300})\)\s*[.;/,]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex ClosingBracket();

    /// <summary>The bodies a paragraph begins with, after "Giao", "Yêu cầu"; empty when it begins otherwise.</summary>
    private static List<string> AgencyPrefix(string text)
    {
        var asked = Request().Match(text).Length;
        var prefix = text[asked..PrefixEnd(text)].Trim(' ', ',', ':', ';');
        if (prefix.Length is < 3 or > 250) return [];
        var names = AgencyNames.Read(prefix).Leads.ToList();
        return names.Count > 0 && names.TrueForAll(AgencyNames.LooksLikeAgency) && !VietnameseText.Fold(prefix).StartsWith("to chuc", StringComparison.Ordinal) ? names : [];
    }

    private static int PrefixEnd(string text)
    {
        var asked = Request().Match(text).Length;
        var end = asked + NamesEnd(text[asked..]);
        foreach (var stop in ":([")
        {
            if (text.IndexOf(stop, asked) is > 0 and var at) end = Math.Min(end, at);
        }

        return end;
    }

    /// <summary>
    /// Where a list of agency names can no longer go on. A small word goes on with a name when it is a word of kinds, classes and levels of
    /// bodies ("các sở, ban, ngành"), or completes a capitalised one ("Tài chính"); behind a proper name of two capitals ("Lâm Đồng") nothing
    /// but a level does, and what is done begins no name.
    /// </summary>
    private static int NamesEnd(string text)
    {
        var words = Word().Matches(text);
        var plain = text.All(char.IsAscii);
        string At(int i, int count) => string.Join(' ', words.Skip(i).Take(count).Select(word => plain ? VietnameseText.Fold(word.Value) : word.Value.ToLowerInvariant()));
        bool Touching(int i, int count)
        {
            for (var k = i + 1; k < i + count; k++)
            {
                if (text[(words[k - 1].Index + words[k - 1].Length)..words[k].Index].AsSpan().IndexOfAnyExcept(' ', '-') >= 0) return false;
            }

            return true;
        }

        int Known(int i)
        {
            for (var count = Math.Min(6, words.Count - i); count >= 1; count--)
            {
                if ((plain ? s_plainNameWords : s_nameWords).Contains(At(i, count)) && (count == 1 || Touching(i, count))) return count;
            }

            return 0;
        }

        for (var i = 0; i < words.Count;)
        {
            var word = words[i];
            var last = i == 0 ? 0 : words[i - 1].Index + words[i - 1].Length;

            // Behind a colon stands what is to be done, but for "Các sở: Tài chính, Nội vụ".
            if (i > 0 && text[last..word.Index].Trim() is [':' or '.', ..] && !ListsFields().IsMatch(text[..last])) return last;
            if (char.IsAsciiDigit(word.Value[0]))
            {
                if (i == 0 || word.Value.Contains('/', StringComparison.Ordinal)) return word.Index;
                i++;
                continue;
            }

            var known = Known(i);
            if (char.IsUpper(word.Value[0]))
            {
                i += Math.Max(1, known);
                if (known > 1 || i >= words.Count || !char.IsLower(words[i].Value[0]) || Known(i) > 0 || word.Length > 1 && word.Value.All(char.IsUpper)) continue;

                // The small half of a name no list knows; not behind a proper name, and never the beginning of what is done.
                var proper = i >= 2 && char.IsUpper(words[i - 2].Value[0]) && Touching(i - 2, 2) && !AgencyNames.IsKindOfBody(words[i - 2].Value);
                if (!proper && Touching(i - 1, 2) && !DutyVerb().IsMatch(text, words[i].Index)) i++;
                continue;
            }

            // "ban" goes on, "ban hành" does not.
            if (known == 0 || DutyVerb().Match(text, word.Index).Length > words[i + known - 1].Index + words[i + known - 1].Length - word.Index) return word.Index;
            i += known;
        }

        return text.Length;
    }

    [GeneratedRegex(@"\b(?:sở|xã|phường|đặc khu)$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex ListsFields();

    [GeneratedRegex(@"[\p{L}&]+|\d[\d/.]*", RegexOptions.None, TimeLimit)]
    private static partial Regex Word();

    /// <summary>Words in small letters that names of bodies and of classes of bodies are made of.</summary>
    private static readonly FrozenSet<string> s_nameWords = (
        "và|tỉnh|xã|phường|huyện|thị xã|thành phố|đặc khu|khu vực|khu|cấp tỉnh|cấp xã|cấp huyện|cấp trung ương|các cấp|các|sở|ban|bộ|ngành|cục|chi cục|vụ|phòng|đội|hội|viện|các trường|nhà trường|trường học|trường đại học|trường cao đẳng|cơ quan|đơn vị|địa phương|đoàn thể|tổ chức chính trị|tổ chức chính trị xã hội|các tổ chức|chính trị|xã hội|"
        + "nghề nghiệp|doanh nghiệp|nhà nước|nhân dân|ủy ban|uỷ ban|ủy ban nhân dân|uỷ ban nhân dân|hội đồng|hội đồng nhân dân|mặt trận|mặt trận tổ quốc|tổ quốc|công an|quân sự|chỉ huy|bộ đội biên phòng|biên phòng|văn phòng|"
        + "thường trực|thường vụ|trực thuộc|thuộc|của|tại tỉnh|tại địa phương|khác|liên quan|có liên quan|trên địa bàn|trên địa bàn tỉnh|địa bàn|trung ương|trung tâm|hành chính công|hành chính|phục vụ hành chính công|công lập|ngoài công lập|sự nghiệp|"
        + "sự nghiệp công lập|chuyên môn|chức năng|truyền hình|truyền thanh|phát thanh|báo chí|thông tấn|viễn thông|bưu chính|bưu chính công ích|công nghệ|công nghệ thông tin|công nghệ số|công nghệ số cộng đồng|cộng đồng|"
        + "tổ công nghệ số cộng đồng|tổ công tác|tổ giúp việc|tổ đề án|ngân hàng|ngân hàng thương mại|thương mại|tổ chức tín dụng|tín dụng|bảo hiểm|bảo hiểm xã hội|kho bạc|kho bạc nhà nước|hải quan|thuế|điện lực|đại học|cao đẳng|"
        + "trung học|tiểu học|mầm non|phổ thông|trung học phổ thông|trung học cơ sở|giáo dục nghề nghiệp|cơ sở giáo dục|cơ sở đào tạo|cơ sở y tế|cơ sở khám chữa bệnh|cơ sở khám bệnh chữa bệnh|khám chữa bệnh|y tế|bệnh viện|"
        + "học viện|viện nghiên cứu|hợp tác xã|hiệp hội|hiệp hội doanh nghiệp|liên đoàn|liên đoàn lao động|liên hiệp|liên minh|lao động|phụ nữ|nông dân|thanh niên|cựu chiến binh|đoàn thanh niên|chủ đầu tư|quỹ đầu tư|đầu tư phát triển|"
        + "nhà thầu|nhà mạng|nhà đầu tư|tập đoàn|tổng công ty|công ty|ban quản lý|ban quản lý dự án|ban quản lý khu kinh tế|quản lý dự án|dự án|dự án đầu tư xây dựng|khu kinh tế|kinh tế|khu công nghiệp|công nghiệp|cụm công nghiệp|phát triển quỹ đất|ban chỉ đạo|"
        + "tỉnh đoàn|thành đoàn|ban chấp hành|ban đảng|ban xây dựng|đảng|đảng ủy|đảng uỷ|tỉnh ủy|tỉnh uỷ|thành ủy|huyện ủy|đoàn đại biểu quốc hội|đại biểu quốc hội|quốc hội|đại biểu|cấp ủy|chi bộ|đảng bộ|thủ trưởng|người đứng đầu|chủ tịch|giám đốc|lãnh đạo các|lãnh đạo ubnd|"
        + "chánh văn phòng|trưởng ban|thành viên|chủ quản|thôn|tổ dân phố|khu phố|ban nhân dân|lực lượng|lực lượng vũ trang|tòa án|toà án|tòa án nhân dân|viện kiểm sát|viện kiểm sát nhân dân|thi hành án dân sự|"
        + "thi hành án|dân sự|quốc gia|miền núi|trọng điểm|nội bộ|tư pháp|tài chính|nội vụ|xây dựng cơ bản|công thương|ngoại vụ|khoa học|khoa học và công nghệ|nông nghiệp|môi trường|văn hóa|thể thao|du lịch|dân tộc|tôn giáo|"
        + "giao thông|vận tải|giao thông vận tải|tài nguyên|khí tượng|thủy văn|phó chủ tịch|cùng cấp|chuyển đổi số|&").Split('|').ToFrozenSet();

    private static readonly FrozenSet<string> s_plainNameWords = s_nameWords.Select(word => VietnameseText.Fold(word)).ToFrozenSet();

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
        var end = Math.Min(NamesEnd(tail), 300);
        var names = AgencyNames.Read(tail[..end].TrimEnd(',', ' ')).Leads.Where(AgencyNames.LooksLikeAgency).ToList();
        return names.Count > 0 ? (names, tail[end..]) : ([], text);
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

    [GeneratedRegex(@"^\s*(?:[-–+•*·●▪➢→⇒]|=>|->)\s*", RegexOptions.None, TimeLimit)]
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

    [GeneratedRegex(@"^(?!.*\bco trach nhiem$)(?:co quan|don vi|bo phan|du kien|cq|dv)?\s*(?:chiu\s+)?\b(chu tri|phoi hop|thoi gian|thoi han|tien do|lo trinh|han|hoan thanh|san pham|ket qua|dau ra|noi dung|nhiem vu|co quan thuc hien|don vi thuc hien|dau moi|can cu|kinh phi|ghi chu|phan cong|trach nhiem|thuc hien)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex LabelWords();

    /// <summary>What bodies are told to do; a generous list, asked only where a name may end.</summary>
    private const string DirectingVerbs =
        @"đơn giản hóa|đơn giản hoá|nghiên cứu|kiểm soát|đấu tranh|ngăn chặn|điều tra|sắp xếp|củng cố|sẵn sàng|thống kê|chăm lo|thăm hỏi|tiết kiệm|chú trọng|quyết liệt|điều hành|quảng bá|di dời|sơ tán|ứng phó|bồi thường|" +
        @"thanh toán|quyết toán|truy quét|thu hồi|cưỡng chế|giải phóng|đền bù|xúc tiến|khôi phục|bảo tồn|cứu trợ|điều tiết|nghiêm cấm|ký kết|thẩm tra|phản biện|trợ giúp|tư vấn|cho vay|lấy mẫu|khoanh vùng|xử phạt|đặt hàng|" +
        @"tuyển chọn|tuyển dụng|chi trả|biểu dương|tôn vinh|hòa giải|kiểm định|quan trắc|giao lưu|dự trữ|bình ổn|khuyến cáo|cảnh báo|phát hiện|tuần tra|kiểm kê|dập dịch|thăm|tặng|trồng|ký|" +
        @"(?<!các )tổ chức|chịu trách nhiệm|trong quá trình|theo thẩm quyền|tăng thời lượng|theo chức năng|có trách nhiệm|tạo điều kiện|theo nhiệm vụ|phối kết hợp|khuyến khích|" +
        @"thường xuyên|theo phạm vi|truyền thông|tuyên truyền|có nhiệm vụ|khen thưởng|khẩn trương|triển khai|nghiệm thu|thống nhất|nghiêm túc|phòng ngừa|chấn chỉnh|lấy ý kiến|giải quyết|" +
        @"chuyển đổi|liên thông|thử nghiệm|hoàn thành|quán triệt|là đầu mối|điều chỉnh|phát triển|hoàn thiện|trên cơ sở|giới thiệu|là cơ quan|không được|tăng cường|tăng tỷ lệ|" +
        @"khai thác|tiếp nhận|công khai|chuẩn hóa|thành lập|phát động|biên soạn|bồi dưỡng|động viên|tập trung|nhập liệu|phê duyệt|thông tin|siết chặt|tiến hành|thiết lập|đẩy nhanh|" +
        @"kiến nghị|giải ngân|lồng ghép|chấp hành|điều phối|thanh tra|thẩm định|kiện toàn|nhân rộng|khắc phục|phân công|thực hiện|thông báo|phân tích|soạn thảo|cải thiện|hướng dẫn|" +
        @"phát sóng|kiểm tra|cập nhật|cấp phát|xây dựng|ban hành|ứng dụng|chỉnh lý|xác minh|làm việc|nâng cao|cung cấp|kịp thời|bảo quản|tham vấn|tham quan|tiếp thu|phản ánh|phổ biến|thí điểm|" +
        @"bàn giao|tham mưu|giám sát|lãnh đạo|thu thập|hoàn tất|vận động|nâng cấp|chuẩn bị|quan tâm|đăng tải|phân cấp|nhắc nhở|phát huy|tập huấn|huy động|xác định|đẩy mạnh|trang bị|" +
        @"Tham mưu|trao đổi|rút ngắn|đảm nhận|cắt giảm|phối hợp|tổng kết|tích hợp|đánh giá|tham gia|tiếp tục|vận hành|lựa chọn|chủ động|làm giàu|đối soát|làm sạch|tích cực|" +
        @"quy định|tổng hợp|khảo sát|niêm yết|theo dõi|chấm dứt|dự toán|quản lý|đổi mới|thu hút|xem xét|ra soát|kết hợp|phân bổ|chỉ đạo|cân đối|báo cáo|Chủ trì|duy trì|chia sẻ|đề nghị|" +
        @"đưa tin|học tập|rà soát|đôn đốc|định kỳ|ưu tiên|kiểm kê|đảm bảo|tháo gỡ|đồng bộ|bổ sung|áp dụng|tạo lập|mở rộng|tập hợp|chủ trì|yêu cầu|xây mới|đăng ký|kê khai|kết nối|sửa đổi|" +
        @"cam kết|bám sát|mua sắm|hạn chế|bảo đảm|sử dụng|lắp đặt|cải tạo|đề xuất|đào tạo|công bố|sơ kết|số hóa|xóa bỏ|mở lớp|căn cứ|hỗ trợ|số hoá|đo đạc|chuyển|bảo vệ|Căn cứ|dự báo|" +
        @"đầu tư|bố trí|trình|không|tránh|xử lý|giao|nhập|được|dành|nâng|chưa|cùng|đang|giảm|phải|tăng|mời|thu|gắn|làm|sớm|nộp|nắm|lập|gửi|giữ|cần|cấp|rút|đưa|cử|mở|là|in|sẽ|có|đã";

    [GeneratedRegex(@"\G(?:" + DirectingVerbs + @")\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex DutyVerb();

    /// <summary>"Giao", "Yêu cầu", "Chủ tịch UBND tỉnh giao": the words before who is told.</summary>
    [GeneratedRegex(@"^(?:(?:[Cc]hủ tịch )?UBND tỉnh\s+)?(?:(?:[Tt]hống nhất |[Tt]iếp tục )?(?:[Gg]iao|[Yy]êu cầu|[Đđ]ề nghị|[Pp]hân công|[Cc]hỉ đạo|[Uu]ỷ quyền|[Ủủ]y quyền))(?: nhiệm vụ| trách nhiệm)?(?: cho)?(?: đồng chí)?\s+(?=[\p{L}])|^[Đđ]ồng chí\s+(?=Giám đốc|Chủ tịch|Chánh|Thủ trưởng|Trưởng|Cục trưởng)", RegexOptions.None, TimeLimit)]
    private static partial Regex Request();

    [GeneratedRegex(@"^\s*[Cc]hủ trì\s*[,;]?\s*(?:và\s+)?[Pp]hối hợp\s", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadsAndCoordinates();

    [GeneratedRegex(@"^\s*[Cc]hủ trì\s*,?\s+(?=\p{Ll})(?!phối hợp|các (?:cuộc|buổi) họp)|^\s*có trách nhiệm\s*:?\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex OnlyLeads();

    [GeneratedRegex(@"\b[Pp]hối hợp\s+(?:chặt chẽ\s+)?(?:(?:với|cùng)\s+)?", RegexOptions.None, TimeLimit)]
    private static partial Regex With();

    /// <summary>"chủ trì", "trực tiếp thực hiện": what stands behind the names of a paragraph that only says who.</summary>
    [GeneratedRegex(@"^(?:(?:chu tri|dau moi|truc tiep)\b[, ]*)?(?:va )?(?:to chuc |trien khai |tham muu )?(?:thuc hien|trien khai|tham muu)?(?: (?:nhiem vu|noi dung|viec) nay)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex PureAssignment();

    /// <summary>"đã …", "đang …": tells what is, and orders nothing; with its marks "đăng" and "hiện đại hóa" are orders.</summary>
    private static bool IsReport(string text) => text.All(char.IsAscii) ? Reports().IsMatch(VietnameseText.Fold(text)) : ReportsMarked().IsMatch(text);

    [GeneratedRegex(@"^(?:da|dang(?! (?:ky|tai|cai))|hien(?! dai)|con|chua|la|duoc|thuoc|se|bi|co \d)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Reports();

    [GeneratedRegex(@"^(?:đã|đang|hiện(?! đại)|còn|chưa|là|được|thuộc|sẽ|bị|có \d)\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex ReportsMarked();

    /// <summary>"Về dữ liệu: Giao Công an tỉnh …": a topic before the duty.</summary>
    [GeneratedRegex(@"^(?:(?<topic>[^:.;]{3,120}):|(?<topic>(?:Đối với|Về|Liên quan|Trong|Để|Nhằm)\s[^:.;]{3,150}),(?=\s*(?:thống nhất |tiếp tục )?(?:giao|yêu cầu|đề nghị|phân công)\s))\s*(?<duty>\S.{14,})$", RegexOptions.Singleline, TimeLimit)]
    private static partial Regex Topic();

    /// <summary>Parts of a document that say why and how, and order nothing by themselves.</summary>
    [GeneratedRegex(
        @"^(?:[ivx\d.]+\s*)?(?:muc dich\b|yeu cau(?: chung)?$|muc tieu\b|quan diem\b|tinh hinh(?: (?:chung|trien khai|thuc hien)|$)|(?:nhung )?ket qua(?: (?:dat duoc|thuc hien|trien khai|chung|buoc dau)|$)|danh gia (?:chung|tinh hinh|ket qua)|"
        + @"(?:nhung |mot so )?(?:ton tai|han che|kho khan)\b|nguyen nhan\b|boi canh\b|su can thiet\b|can cu\b|pham vi\b|doi tuong(?: ap dung|$)|nguyen tac\b|thuc trang\b|uu diem\b)", RegexOptions.None, TimeLimit)]
    private static partial Regex Purpose();

    [GeneratedRegex(@"^điều\s+\d{1,2}\s*[.:]", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Article();

    [GeneratedRegex(@"^(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?$|^[-–]\s*\d{1,3}\s*[-–]$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex PageMark();

    /// <summary>A whole paragraph in brackets.</summary>
    [GeneratedRegex(@"^[(\[](?<in>[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]\s*[.;/]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Wrapped();

    [GeneratedRegex(@"\bphoi hop (?:voi|cung|cac|chat che)\b|^giao\b", RegexOptions.None, TimeLimit)]
    private static partial Regex NamesPartner();

    [GeneratedRegex(@"^(?:phan cong |giao |trach nhiem )?thuc hien$", RegexOptions.None, TimeLimit)]
    private static partial Regex BareDoing();

    [GeneratedRegex(@"[.;,]\s+|\s*[(\[]", RegexOptions.None, TimeLimit)]
    private static partial Regex ClauseStart();

    [GeneratedRegex(@"^(?:thời gian|thời hạn|hạn|tiến độ|lộ trình|thoi gian|thoi han|hoàn thành)(?:\s+(?:hoàn thành|thực hiện|hoan thanh|thuc hien))?\s*:\s*", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex WhenLabel();

    [GeneratedRegex(@"[a-z]+|\d[\d/.\-]*", RegexOptions.None, TimeLimit)]
    private static partial Regex WhenToken();

    [GeneratedRegex(@"\b(?<due>(?:hoàn thành|xong|hoan thanh)\s*:?\s*(?:vào\s+)?(?:ngày\s+|tháng\s+|quý\s+)?(?:\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}/\d{4}|[IVX]{1,3}\s*/\s*\d{4}|năm\s+20\d\d))(?![\d/])", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex DoneBy();

    /// <summary>"… trình UBND tỉnh phê duyệt Quý IV/2025.": a period behind what is then done; behind "báo cáo" it is the period reported on.</summary>
    [GeneratedRegex(@"\b(?:phê duyệt|ban hành|thông qua|hoàn thành|thực hiện|triển khai|vận hành|sử dụng|khai trương|nghiệm thu|bàn giao|xong|xem xét|quyết định)\s+(?<due>(?:quý\s*[IVX\d]{1,3}|tháng\s*\d{1,2})\s*(?:/|năm|-)\s*20\d\d)\s*[.;)/]*$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex EndsWithPeriod();

    [GeneratedRegex(@"\b(?<due>(?:thực hiện\s+|nhiệm vụ\s+)?(?:thường xuyên|thuong xuyen))\s*[.;)/]*$|^(?<due>[Tt]hường xuyên|[Tt]huong xuyen)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Standing();

    [GeneratedRegex(@"(?<=[\p{Ll}\d)”""]\.)\s+(?=\p{Lu})", RegexOptions.None, TimeLimit)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\s*(thoi gian\s+)?(hoan thanh|thoi han|thuc hien xong|xong|bao cao)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OnlyDeadline();

    [GeneratedRegex(@"(?:thời gian|thời hạn|hạn|thoi gian|thoi han)(?:\s+(?:hoàn thành|thực hiện|hoan thanh|thuc hien))?\s*:\s*(?<due>[^.;]{2,60})", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex LabelledDeadline();

    [GeneratedRegex(@"(?:(?:hoàn thành|hoan thanh|thời gian|thời hạn|xong|báo cáo|gửi)[^.;]{0,80}?\s)?\b(?:trong thời hạn|trong thời gian|trong|trước|chậm nhất|đến hết|đến|định kỳ|hằng|hàng|xong trước|không quá|truoc|trong vòng)\s+(?:là\s+|xong\s+)?(?:sau\s+)?(?:vào\s+|trong\s+)?(?:ngày|tuần|tháng|quý|năm|thang|tuan|ngay|quy|nam|hết|\d)[^.;,]{0,60}", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Phrase();
}
