using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>Reads who issued the document, under what number, when and about what, in State form (NĐ 30/2020) and Party form.</summary>
internal static partial class HeaderReading
{
    private const int TimeLimit = 2_000;
    private const int LinesMax = 120;   // A header that has not ended by then has no end.

    private static readonly (string Folded, string Kind)[] s_kinds =
    [
        ("ke hoach", "Kế hoạch"), ("nghi quyet", "Nghị quyết"), ("quyet dinh", "Quyết định"), ("chi thi", "Chỉ thị"), ("quy che", "Quy chế"), ("quy dinh", "Quy định"),
        ("thong bao", "Thông báo"), ("huong dan", "Hướng dẫn"), ("chuong trinh", "Chương trình"), ("phuong an", "Phương án"), ("de an", "Đề án"), ("bao cao", "Báo cáo"),
        ("to trinh", "Tờ trình"), ("cong dien", "Công điện"), ("ket luan", "Kết luận"), ("cong van", "Công văn"), ("chien luoc", "Chiến lược"), ("du an", "Dự án"), ("ke hoach hanh dong", "Kế hoạch hành động"),
        ("chuong trinh hanh dong", "Chương trình hành động"), ("bien ban", "Biên bản"),
    ];

    private static readonly Dictionary<string, string> s_kindOfNotation = new(StringComparer.Ordinal)
    {
        ["KH"] = "Kế hoạch",
        ["NQ"] = "Nghị quyết",
        ["QĐ"] = "Quyết định",
        ["CT"] = "Chỉ thị",
        ["QC"] = "Quy chế",
        ["QyĐ"] = "Quy định",
        ["TB"] = "Thông báo",
        ["HD"] = "Hướng dẫn",
        ["CTr"] = "Chương trình",
        ["PA"] = "Phương án",
        ["ĐA"] = "Đề án",
        ["BC"] = "Báo cáo",
        ["TTr"] = "Tờ trình",
        ["CĐ"] = "Công điện",
        ["KL"] = "Kết luận",
        ["CV"] = "Công văn",
    };

    public sealed record Reading(ExtractedHeader Header, IReadOnlyList<(string Code, object[] Arguments)> Warnings, bool Secret, string? SecrecyMark, int BlocksUsed);

    private sealed record Line(string Text, string Folded, int Block, bool Bold, bool InTable);

    public static Reading Read(SourceDocument document)
    {
        var lines = Lines(document);
        var warnings = new List<(string, object[])>();
        var mark = lines.Take(40).FirstOrDefault(line => SecrecyMark().IsMatch(line.Text))?.Text
            ?? lines.Take(40).Select(line => SecrecyInNumber().Match(line.Text)).FirstOrDefault(match => match.Success)?.Value;

        var (number, notation, numberLine, blankNumber) = Number(lines);
        var (issuedOn, incomplete, place, dateLine) = Date(lines);
        var (kind, kindLine) = Kind(lines, number, notation);
        var issuer = Issuer(lines, numberLine, kindLine, dateLine);
        var (subject, end) = Subject(lines, kindLine, numberLine, issuer);
        if (numberLine < 0 && lines.Select(line => AttachedTo().Match(line.Text)).FirstOrDefault(match => match.Success) is { } attached)
        {
            // An appendix alone says in brackets which document it belongs to.
            if (number is null && DocumentNumber.TryRead(attached.Groups["rest"].Value) is { } own) (number, notation) = (own.Value, NotationOf(own));
            kind ??= VietnameseText.Clean(attached.Groups["kind"].Value) is { Length: > 0 } name ? char.ToUpperInvariant(name[0]) + name[1..].ToLowerInvariant() : null;
            if (issuedOn is null && AttachedDate().Match(attached.Groups["rest"].Value) is { Success: true } day
                && DeadlineGrammar.Read(day.Groups["d"].Value).Deadline is { Rule: DeadlineRule.On, Date: { } date }) issuedOn = date;
            if (AttachedIssuer().Match(attached.Groups["rest"].Value) is { Success: true } by) issuer ??= VietnameseText.Clean(by.Groups["i"].Value);
        }

        // Where the letterhead does not give the day, its own appendix may: "(Ban hành kèm theo Quyết định số 1874/QĐ-UBND ngày 04 tháng 9 năm 2025 …)".
        if (issuedOn is null && number is not null) issuedOn = DayOfOwnAppendix(document, number);

        var party = lines.Take(30).Any(line => line.Folded.Contains("dang cong san viet nam", StringComparison.Ordinal));
        if (number is null) warnings.Add((ImportCodes.DocumentNumberMissing, [blankNumber ? notation ?? "…" : "…"]));
        if (issuedOn is null) warnings.Add(incomplete is null ? (ImportCodes.IssueDateMissing, []) : (ImportCodes.IssueDateIncomplete, [incomplete]));
        if (issuer is null) warnings.Add((ImportCodes.IssuerMissing, []));

        var draft = lines.Take(40).Any(line => Draft().IsMatch(line.Text));
        if (draft) warnings.Add((ImportCodes.Draft, []));
        if (lines.Take(60).Any(line => Restructured().IsMatch(line.Folded))) warnings.Add((ImportCodes.Restructured, []));

        var bases = Bases(lines, kindLine, end);
        var (from, to) = Period(subject, lines);
        var header = new ExtractedHeader(number, notation, kind, issuer, issuedOn, subject, bases, party, draft, from, to, Signer(document), place);
        return new Reading(header, warnings, mark is not null, mark, lines.Count == 0 ? 0 : lines[Math.Min(end, lines.Count - 1)].Block);
    }

    private static DateOnly? DayOfOwnAppendix(SourceDocument document, string number)
    {
        foreach (var paragraph in document.Blocks.OfType<SourceParagraph>())
        {
            if (AttachedTo().Match(VietnameseText.Clean(paragraph.Text)) is not { Success: true } attached) continue;
            var rest = attached.Groups["rest"].Value;
            if (DocumentNumber.TryRead(rest)?.Value == number && AttachedDate().Match(rest) is { Success: true } day
                && DeadlineGrammar.Read(day.Groups["d"].Value).Deadline is { Rule: DeadlineRule.On, Date: { } date }) return date;
        }

        return null;
    }

    private static List<Line> Lines(SourceDocument document)
    {
        var lines = new List<Line>();
        for (var b = 0; b < document.Blocks.Count && lines.Count < LinesMax; b++)
        {
            switch (document.Blocks[b])
            {
                case SourceParagraph paragraph:
                    foreach (var line in paragraph.Text.Split('\n')) Add(line, b, paragraph.Bold, false);
                    break;
                case SourceTable table when table.Rows.Count <= 8 && table.Columns <= 3:
                    // The header is a table of two columns: left body and number, right State name and date; read column by column.
                    for (var c = 0; c < table.Columns; c++)
                    {
                        foreach (var row in table.Rows)
                        {
                            if (c >= row.Cells.Count || row.Cells[c].Covered) continue;
                            foreach (var line in row.Cells[c].Text.Split('\n')) Add(line, b, row.Cells[c].Bold, true);
                        }
                    }

                    break;
                case SourceTable table:
                    // Rows above the header row of a sheet carry title and number.
                    foreach (var row in table.Rows.Take(8))
                    {
                        if (row.Cells.Count(cell => cell.Text.Trim().Length > 0) > 3) return lines;
                        foreach (var cell in row.Cells.Where(cell => !cell.Covered))
                        {
                            foreach (var line in cell.Text.Split('\n')) Add(line, b, cell.Bold, true);
                        }
                    }

                    return lines;
            }
        }

        return lines;

        void Add(string text, int block, bool bold, bool inTable)
        {
            // Motto and place stand beside the issuing body; where columns were flattened they share its line.
            var clean = VietnameseText.Clean(text);
            if (clean.Length == 0) return;
            foreach (var piece in Motto().Split(clean).Where(piece => piece.Trim().Length > 0)) lines.Add(new Line(piece.Trim(), VietnameseText.Fold(piece), block, bold, inTable));
            if (Motto().IsMatch(clean) && Party().IsMatch(clean)) lines.Add(new Line("ĐẢNG CỘNG SẢN VIỆT NAM", "dang cong san viet nam", block, bold, inTable));
        }
    }

    private static (string? Number, string? Notation, int Line, bool Blank) Number(List<Line> lines)
    {
        for (var i = 0; i < Math.Min(lines.Count, 40); i++)
        {
            var match = NumberLine().Match(lines[i].Text);
            if (!match.Success || Citation().IsMatch(lines[i].Folded[..Math.Min(lines[i].Folded.Length, match.Index)])) continue;
            var rest = match.Groups["rest"].Value.Trim();
            var found = DocumentNumber.TryRead(rest);
            if (found is { } number && rest.StartsWith(number.Raw[..1], StringComparison.Ordinal)) return (number.Value, NotationOf(number), i, false);
            var blank = BlankNotation().Match(rest);
            if (blank.Success) return (null, blank.Groups["not"].Value.Replace(" ", "", StringComparison.Ordinal), i, true);
            if (rest.Length < 30 && rest.Any(char.IsDigit) && OddNumber().IsMatch(rest)) return (VietnameseText.Clean(rest).Replace(" ", "", StringComparison.Ordinal), null, i, false);
        }

        return (null, null, -1, false);
    }

    private static string NotationOf(DocumentNumber number) =>
        number.Kind is null ? number.Body : number.IsParty ? $"{number.Kind}/{number.Body}" : $"{number.Kind}-{number.Body}";

    private static (DateOnly? Date, string? Incomplete, string? Place, int Line) Date(List<Line> lines)
    {
        for (var i = 0; i < Math.Min(lines.Count, 40); i++)
        {
            var match = DateLine().Match(lines[i].Text);
            if (OpenDate().IsMatch(lines[i].Text) && lines[i].Text.Length <= 60)
            {
                // A narrow column breaks "…, ngày 04 tháng 9 năm" from its year; lines of the column beside it may stand between.
                var whole = lines.Skip(i + 1).Take(3).Where(line => RestOfDate().IsMatch(line.Text)).Select(line => DateLine().Match(lines[i].Text + " " + line.Text)).FirstOrDefault(made => made.Success && made.Groups["y"].Value.Trim().Length == 4);
                if (whole is not null) match = whole;
            }

            if (!match.Success) continue;
            var place = VietnameseText.Clean(match.Groups["place"].Value);
            if (int.TryParse(match.Groups["d"].Value.Replace(" ", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var day)
                && int.TryParse(match.Groups["m"].Value.Replace(" ", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
                && int.TryParse(match.Groups["y"].Value.Replace(" ", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
                && year is >= 1990 and <= 2099 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month))
            {
                return (new DateOnly(year, month, day), null, place, i);
            }

            return (null, VietnameseText.Clean(match.Value), place, i);
        }

        // "Ngày ban hành: 05/9/2026" in exported sheets.
        for (var i = 0; i < Math.Min(lines.Count, 40); i++)
        {
            var match = LabelledDate().Match(lines[i].Folded);
            if (match.Success && DeadlineGrammar.Read(match.Groups["d"].Value).Deadline is { Rule: DeadlineRule.On, Date: { } date }) return (date, null, null, i);
        }

        return (null, null, null, -1);
    }

    private static (string? Kind, int Line) Kind(List<Line> lines, string? number, string? notation)
    {
        for (var i = 0; i < Math.Min(lines.Count, 50); i++)
        {
            var text = Draft().Replace(lines[i].Text, " ").Trim();
            if (!IsCapitals(text) && !(lines[i].Bold && text.Length <= 40) && text.Length > 16) continue;
            var folded = VietnameseText.Fold(text).Trim('.', ':', '*', ' ');
            foreach (var (key, kind) in s_kinds.OrderByDescending(k => k.Folded.Length))
            {
                if (folded == key) return (kind, i);
                // "KẾ HOẠCH TRIỂN KHAI …" on one line, kind and subject together.
                if (folded.StartsWith(key + " ", StringComparison.Ordinal) && IsCapitals(text) && !folded.Contains("kem theo", StringComparison.Ordinal)) return (kind, i);
            }
        }

        foreach (var part in (notation ?? number ?? "").Split('-', '/'))
        {
            if (s_kindOfNotation.TryGetValue(part, out var kind)) return (kind, -1);
        }

        if (lines.Exists(line => AboutLine().IsMatch(line.Text)) || lines.Take(30).Any(line => line.Folded.StartsWith("kinh gui", StringComparison.Ordinal))) return ("Công văn", -1);
        return (null, -1);
    }

    private static string? Issuer(List<Line> lines, int numberLine, int kindLine, int dateLine)
    {
        var limit = numberLine >= 0 ? numberLine : kindLine >= 0 ? kindLine : Math.Min(lines.Count, 6);
        var above = new List<string>();
        for (var i = 0; i < limit; i++)
        {
            // From here on stand those who are written to.
            if (lines[i].Folded.StartsWith("kinh gui", StringComparison.Ordinal)) break;
            if (i == dateLine) continue;
            var text = lines[i].Text.Trim('*', '-', '_', ' ', '–');
            if (text.Length == 0 || DateLine().IsMatch(text) || Draft().IsMatch(text) || lines[i].Folded.StartsWith("kinh gui", StringComparison.Ordinal)) continue;
            if (lines[i].Folded.StartsWith("phu luc", StringComparison.Ordinal) || lines[i].Folded.Contains("dang cong san", StringComparison.Ordinal)) continue;
            if (text.Length > 120) continue;
            above.Add(text);
        }

        // Nothing but bodies may stand above the number; without a number, only what looks like one counts.
        if (numberLine < 0) above = above.Where(text => AgencyNames.LooksLikeAgency(text) || BodyLine().IsMatch(VietnameseText.Fold(text))).ToList();
        above = above.Where(text => IsCapitals(text) || AgencyNames.LooksLikeAgency(text) || BodyLine().IsMatch(VietnameseText.Fold(text))).ToList();
        if (above.Count == 0) return null;

        // "UBND TỈNH X" above "SỞ Y": the lower body issues; "ỦY BAN NHÂN DÂN" above "TỈNH X" is one name.
        var names = new List<string>();
        foreach (var line in above)
        {
            var folded = VietnameseText.Fold(line);
            var opens = names.Count == 0 || OwnBody().IsMatch(folded) && !PlaceOnly().IsMatch(folded);
            if (names.Count > 0 && BareBody().IsMatch(VietnameseText.Fold(names[^1]))) opens = false;
            if (opens) names.Add(line);
            else names[^1] += " " + line;
        }

        return VietnameseText.Clean(names[^1]);
    }

    private static (string? Subject, int End) Subject(List<Line> lines, int kindLine, int numberLine, string? issuer)
    {
        var parts = new List<string>();
        if (kindLine >= 0)
        {
            var own = Draft().Replace(lines[kindLine].Text, " ").Trim();
            foreach (var (key, _) in s_kinds.OrderByDescending(k => k.Folded.Length))
            {
                if (!VietnameseText.Fold(own).StartsWith(key, StringComparison.Ordinal)) continue;
                var rest = own.Length > key.Length ? own[key.Length..].Trim(' ', ':', '-', '.') : "";
                if (rest.Length > 3) parts.Add(rest);
                break;
            }

            var i = kindLine + 1;
            for (; i < lines.Count && parts.Count < 12; i++)
            {
                var folded = lines[i].Folded;
                if (Draft().IsMatch(lines[i].Text) && lines[i].Text.Length < 40) continue;
                // "Thực hiện Đề án …" right below "KẾ HOẠCH" is the subject; further down it is the first basis.
                if (SubjectEnd().IsMatch(folded) && !(parts.Count == 0 && SubjectVerb().IsMatch(folded) && lines[i].Text[^1] is not (';' or ',') && lines[i].Text.Length < 350)) break;
                if (Separator().IsMatch(lines[i].Text)) { if (parts.Count > 0) break; continue; }
                if (NumberLine().IsMatch(lines[i].Text) && i == numberLine || DateLine().IsMatch(lines[i].Text)) continue;
                if (folded.StartsWith("(kem theo", StringComparison.Ordinal) || folded.StartsWith("(ban hanh kem", StringComparison.Ordinal)) break;
                // A decision names who decides, in capitals, between its subject and its bases.
                if (parts.Count > 0 && IsCapitals(lines[i].Text) && (DecidingBody().IsMatch(folded) && !IsCapitals(parts[0]) || issuer is not null && AgencyNames.Key(lines[i].Text) == AgencyNames.Key(issuer))) break;

                // A full sentence after the subject is body text already.
                if (parts.Count > 0 && lines[i].Text.Length > 60 && lines[i].Text.EndsWith('.') && lines[i].Block != lines[i - 1].Block) break;
                parts.Add(lines[i].Text);
            }

            return (parts.Count == 0 ? null : VietnameseText.Clean(string.Join(' ', parts)).TrimEnd('.', ';'), i);
        }

        for (var i = 0; i < Math.Min(lines.Count, 40); i++)
        {
            if (!AboutLine().IsMatch(lines[i].Text)) continue;
            parts.Add(AboutLine().Replace(lines[i].Text, "").Trim());
            for (var j = i + 1; j < lines.Count && j < i + 6 && lines[j].Block == lines[i].Block && !DateLine().IsMatch(lines[j].Text) && !SubjectEnd().IsMatch(lines[j].Folded)
                && AboutContinues(lines, j); j++) parts.Add(lines[j].Text);
            return (VietnameseText.Clean(string.Join(' ', parts)).TrimEnd('.', ';'), i + 1);
        }

        return (null, Math.Min(lines.Count, 10));
    }

    private static bool AboutContinues(List<Line> lines, int i) => lines[i].InTable && !IsCapitals(lines[i].Text) && !lines[i].Folded.StartsWith("doc lap", StringComparison.Ordinal);

    private static List<string> Bases(List<Line> lines, int kindLine, int end)
    {
        var found = new List<string>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var from = kindLine >= 0 ? kindLine : 0;
        for (var i = from; i < lines.Count && i < end + 30; i++)
        {
            if (i > end && FirstSection().IsMatch(lines[i].Folded)) break;
            if (i < end && !BasisLine().IsMatch(lines[i].Folded) && kindLine < 0) continue;
            foreach (var (number, _, _) in DocumentNumber.Find(lines[i].Text))
            {
                if (i < kindLine || lines[i].InTable && kindLine < 0) continue;
                if (keys.Add(number.Key)) found.Add(number.Value);
            }
        }

        return found;
    }

    private static (int? From, int? To) Period(string? subject, List<Line> lines)
    {
        foreach (var text in new[] { subject }.Concat(lines.Where(line => AppendixLine().IsMatch(line.Folded)).Select(line => line.Text)))
        {
            if (text is null) continue;
            var folded = VietnameseText.Fold(text);
            var span = PeriodSpan().Match(folded);
            if (span.Success) return (int.Parse(span.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(span.Groups[2].Value, CultureInfo.InvariantCulture));
            var years = PeriodYear().Matches(folded).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct().ToList();
            if (years is [var year]) return (year, OpenEnd().IsMatch(folded) ? null : year);
        }

        return (null, null);
    }

    /// <summary>"năm 2025 và những năm tiếp theo": it begins and does not end.</summary>
    [GeneratedRegex(@"\b(?:va|den|cho)\s+(?:(?:nhung|cac)\s+)?nam\s+(?:tiep theo|sau|toi|ke tiep)\b|\b(?:nhung|cac) nam (?:tiep theo|sau|toi|ke tiep)\b|\btro di\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OpenEnd();

    private static string? Signer(SourceDocument document)
    {
        // The name stands last in the signature: capitalised words after the post, before the appendix.
        return document.Blocks.OfType<SourceTable>().Where(table => table.Rows.Count <= 3 && table.Columns <= 3)
            .Where(table => table.Rows.Any(row => row.Cells.Any(cell => VietnameseText.Fold(cell.Text).Contains("noi nhan", StringComparison.Ordinal))))
            .SelectMany(table => table.Rows).Select(row => row.Cells.LastOrDefault(cell => !cell.Covered)?.Text.Split('\n')[^1].Trim())
            .FirstOrDefault(name => name is not null && PersonName().IsMatch(name));
    }

    internal static bool IsCapitals(string text) => text.Any(char.IsLetter) && text.Count(char.IsLower) * 10 <= text.Count(char.IsLetter);

    [GeneratedRegex(@"(?:[Kk]èm theo|KÈM THEO|[Kk]em theo)\s+(?<kind>Kế hoạch|Quyết định|Công văn|Nghị quyết|Chương trình|Chỉ thị|Thông báo|Đề án|Ke hoach|Quyet dinh)\s*(?:số|so)?\s*:?\s*(?<rest>[^()]*)", RegexOptions.None, TimeLimit)]
    private static partial Regex AttachedTo();

    [GeneratedRegex(@"(?:ngày|ngay)\s*(?<d>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+(?:tháng|thang)\s+\d{1,2}\s+(?:năm|nam)\s+\d{4})", RegexOptions.None, TimeLimit)]
    private static partial Regex AttachedDate();

    [GeneratedRegex(@"\b(?:của|cua)\s+(?<i>[^;,.()]{3,80})$", RegexOptions.None, TimeLimit)]
    private static partial Regex AttachedIssuer();

    [GeneratedRegex(@"^\s*[\(\[]?\s*(?:độ\s+mật\s*:\s*)?(?:mật|tối mật|tuyệt mật)\s*[\)\]]?\s*$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex SecrecyMark();

    [GeneratedRegex(@"^Số\s*:?.*[-/](M|TM|TuM|MẬT)\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex SecrecyInNumber();

    [GeneratedRegex(@"\s*(?:CỘNG\s+HÒA|CỘNG\s+HOÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM\s*|\s*Độc\s+lập\s*[-–]\s*Tự\s+do\s*[-–]\s*Hạnh\s+phúc\s*|\s*ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM\s*|\s*CONG\s+HOA\s+XA\s+HOI\s+CHU\s+NGHIA\s+VIET\s+NAM\s*|\s*Doc\s+lap\s*-\s*Tu\s+do\s*-\s*Hanh\s+phuc\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex Motto();

    [GeneratedRegex(@"ĐẢNG\s+CỘNG\s+SẢN", RegexOptions.None, TimeLimit)]
    private static partial Regex Party();

    [GeneratedRegex(@"(?:^|\s{2,}|(?<=[\p{L}*]\s))(?:Số|SỐ|So|Sô|S6|Số ký hiệu)\s*[:.]?\s*(?<rest>[\d\s.…_]*[-–/]?\s*[\dA-ZĐ./\-–…_ &a-z]{2,40})", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberLine();

    [GeneratedRegex(@"\b(ke hoach|thong bao|nghi quyet|quyet dinh|cong van|chi thi|quy dinh|nghi dinh|thong tu|ket luan|chuong trinh|huong dan|kem theo|can cu)\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Citation();

    [GeneratedRegex(@"^[\s.…_]*[-/–]\s*(?<not>[A-ZĐ][A-Za-zĐđ]{0,4}(?:\s*[-/–]\s*[A-ZĐ][A-Za-zĐđ&]*)*)", RegexOptions.None, TimeLimit)]
    private static partial Regex BlankNotation();

    [GeneratedRegex(@"^\d{1,5}\s*[-/]\s*[A-ZĐ]", RegexOptions.None, TimeLimit)]
    private static partial Regex OddNumber();

    [GeneratedRegex(@"(?:(?<place>[\p{Lu}][\p{L}\s.\-]{1,40})\s*,\s*)?(?:ngày|Ngày|ngay)\s*(?<d>[\d\s.…_]{0,14}?)\s*(?:tháng|thang)\s*(?<m>[\d\s.…_]{0,14}?)\s*(?:năm|nam)\s*(?<y>[\d\s.…_]{0,14})(?=$|[^\d\p{L}])", RegexOptions.None, TimeLimit)]
    private static partial Regex DateLine();

    [GeneratedRegex(@"(?:ngày|Ngày|ngay)(?:\s*\d{1,2}(?:\s*(?:tháng|thang)(?:\s*\d{1,2}(?:\s*(?:năm|nam))?)?)?)?\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex OpenDate();

    [GeneratedRegex(@"^\s*(?:\d{1,2}\s*)?(?:(?:tháng|thang)\s*)?(?:\d{1,2}\s*)?(?:(?:năm|nam)\s*)?(?:19|20)\d{2}\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex RestOfDate();

    [GeneratedRegex(@"^(?:(?:chu tich |thuong truc |ban thuong vu |ban chap hanh )?(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|tinh uy|thanh uy|dang uy)|giam doc so)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DecidingBody();

    [GeneratedRegex(@"^ngay (ban hanh|ky)\s*:?\s*(?<d>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4})", RegexOptions.None, TimeLimit)]
    private static partial Regex LabelledDate();

    [GeneratedRegex(@"\(?\s*(DỰ THẢO|Dự thảo|DU THAO)(\s+LẦN\s+\d+|\s+lần\s+\d+)?\s*\)?", RegexOptions.None, TimeLimit)]
    private static partial Regex Draft();

    [GeneratedRegex(@"\b(ban tom tat|tong hop lai tu|khong phai (la )?ban chinh thuc|trich luoc|ban tong hop nhiem vu tu|luoc trich|noi dung duoc tom luoc|khong thay the van ban goc)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Restructured();

    [GeneratedRegex(@"^\s*(V/v|V\.v|Về việc|VV:|V/v:)\s*:?\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex AboutLine();

    [GeneratedRegex(@"^(can cu|thuc hien|kinh gui|xet de nghi|theo de nghi|trien khai thuc hien [a-z ]+ so \d|i\.|i -|1\.|phan (i|thu nhat)|a\.|dieu 1|chuong i|muc dich|uy ban nhan dan [^,]{0,40} (ban hanh|xay dung)|ubnd [^,]{0,40} (ban hanh|xay dung)|nham|de trien khai|tiep tuc thuc hien [a-z ]+ so|\(kem)", RegexOptions.None, TimeLimit)]
    private static partial Regex SubjectEnd();

    [GeneratedRegex(@"^(thuc hien|trien khai|tiep tuc thuc hien|ve viec)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex SubjectVerb();

    [GeneratedRegex(@"^[\s\-–—_*=.]{2,}$", RegexOptions.None, TimeLimit)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(i\.|i -|phan (i|thu nhat)|a\. |muc dich|dieu 1|chuong i|1\. )", RegexOptions.None, TimeLimit)]
    private static partial Regex FirstSection();

    [GeneratedRegex(@"^(can cu|thuc hien|theo|trien khai|tiep theo)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex BasisLine();

    [GeneratedRegex(@"^(phu luc|danh muc|bang|bieu)\b|^(cac )?nhiem vu\b", RegexOptions.None, TimeLimit)]
    private static partial Regex AppendixLine();

    [GeneratedRegex(@"\bgiai doan\s*(20\d{2})\s*(?:-|–|den)\s*(20\d{2})", RegexOptions.None, TimeLimit)]
    private static partial Regex PeriodSpan();

    [GeneratedRegex(@"(?<!quy [iv\d]{1,3} )(?<!thang \d{1,2} )(?<!cuoi )(?<!dau )(?<!den )(?<!ngay \d{1,2} thang \d{1,2} )(?<!thang (?:dau|cuoi) )\bnam\s*(20\d{2})\b(?!\s*[-–]\s*20)", RegexOptions.None, TimeLimit)]
    private static partial Regex PeriodYear();

    [GeneratedRegex(@"^(uy ban nhan dan|ubnd|so|ban|tinh uy|thanh uy|dang uy|hdnd|hoi dong nhan dan|cong an|van phong|bo|bch|tinh|thanh pho|xa|phuong|dac khu|mat tran|truong|chi cuc|trung tam)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex BodyLine();

    [GeneratedRegex(@"^(uy ban nhan dan|ubnd|so|ban|tinh uy|thanh uy|dang uy|hdnd|hoi dong nhan dan|cong an|van phong|bo|bch|mat tran|truong|chi cuc|trung tam|doan|hoi|thanh tra|benh vien|phong)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OwnBody();

    [GeneratedRegex(@"^(tinh|thanh pho|tp|xa|phuong|dac khu|huyen|thi xa) (?!uy|doan)|^ve |^va ", RegexOptions.None, TimeLimit)]
    private static partial Regex PlaceOnly();

    [GeneratedRegex(@"^(uy ban nhan dan|ubnd|hoi dong nhan dan|dang uy|van phong|ban chi dao|ban chap hanh|ban thuong vu|bch)$", RegexOptions.None, TimeLimit)]
    private static partial Regex BareBody();

    [GeneratedRegex(@"^\p{Lu}\p{Ll}+(\s\p{Lu}\p{Ll}*){1,4}$", RegexOptions.None, TimeLimit)]
    private static partial Regex PersonName();
}
