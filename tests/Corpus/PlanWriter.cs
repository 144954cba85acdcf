using System.Globalization;
using System.Text;

namespace LienThong.Corpus;

/// <summary>Writes one plan in the habits of a style, and at the same time its truth.</summary>
public sealed partial class PlanWriter
{
    private sealed class Spec
    {
        public string? Number;
        public string Content = "";
        public int Group;
        public string? Parent;
        public List<string> LeadNames = [];
        public string LeadText = "";
        public List<List<string>> LeadTruth = [];
        public string CoText = "";
        public List<List<string>> CoTruth = [];
        public DeadlineForm Deadline = new("", new("", [new("none", null)]));
        public string? Product;
        public string Basis = "";
        public string Note = "";
        public string? Footnote;
        public bool Optional;
        public bool LeadCovered;
        public int LeadRows = 1;
        public bool Shifted;
        public bool DeadlineInherited;
        public bool[] Years = [false, false, false];
        public IReadOnlyList<TargetTruth>? Targets;
        public string? Extra;
        public bool OwnDate;
    }

    private static readonly string[] RomanNumbers = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"];
    private readonly Style _style;
    private readonly bool _held;
    private readonly Dice _dice;
    private readonly string _province;
    private readonly DateOnly _issued;
    private readonly bool _numberKnown;
    private readonly bool _dateKnown;
    private readonly string _number;
    private readonly string _commune;
    private readonly string _subject;
    private readonly Deadlines _deadlines;
    private readonly HashSet<string> _planted;
    private readonly List<Block> _blocks = [];
    private readonly List<Spec> _tasks = [];
    private readonly List<DefectTruth> _defects = [];
    private readonly List<string> _groupTitles = [];
    private readonly List<Agency> _groupUnits = [];

    private PlanWriter(Style style, bool held, ulong seed)
    {
        _style = style;
        _held = held;
        _dice = new Dice(seed);
        _planted = [.. style.Defects.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _province = _dice.Of(Provinces.All.Where((_, i) => (i % 2 == 1) == held).ToList());
        _commune = _dice.Of<string>(held ? ["Tân Hòa", "Phước Long", "Đông Sơn", "Hải Bình"] : ["An Phú", "Bình Minh", "Thanh Sơn", "Mỹ Lộc"]);
        _issued = new DateOnly(_dice.Of<int>([2025, 2026, 2026, 2026, 2027]), _dice.Between(1, 8), _dice.Between(3, 27));
        _numberKnown = !_planted.Contains("document.number-missing");
        _dateKnown = !_planted.Contains("document.date-missing");
        var serial = _dice.Between(2, 480).ToString("00", CultureInfo.InvariantCulture);
        _number = style.Head switch
        {
            Head.Party => $"{serial}-KH/TU",
            Head.Department => $"{serial}/KH-SKHCN",
            Head.Decision => $"{serial}/QĐ-UBND",
            Head.Letter => $"{serial}/UBND-KGVX",
            _ => $"{serial}/KH-UBND",
        };
        _subject = _dice.Of<string>(held
            ? ["Triển khai Đề án dữ liệu dùng chung phục vụ quản trị địa phương", "Hành động tháng cao điểm chuyển đổi số cơ sở", "Về khắc phục điểm nghẽn trong cung cấp dịch vụ công trực tuyến", "Thực hiện chương trình phát triển hạ tầng số và bảo đảm an ninh mạng"]
            : ["Triển khai nhiệm vụ chuyển đổi số, liên thông dữ liệu", "Phát triển khoa học, công nghệ và đổi mới sáng tạo", "Nâng cao chất lượng dữ liệu và dịch vụ công trực tuyến", "Thực hiện Mô hình liên thông số trong hệ thống chính trị"]) + " " +
            (style.Head is Head.Commune ? $"trên địa bàn xã {_commune}" : style.Head is Head.Department ? "của Sở" : "trên địa bàn tỉnh") + $" năm {_issued.Year}";
        _deadlines = new(_dice, _issued, _dateKnown, held);
    }

    public static Draft Write(Style style, bool held, ulong seed) => new PlanWriter(style, held, seed).Make();

    private Draft Make()
    {
        if (!_numberKnown) _defects.Add(new("document.number-missing", "letterhead", [], true));
        if (!_dateKnown) _defects.Add(new("document.date-missing", "letterhead", [], true));
        WriteHead();
        MakeTasks();
        if (_style.Shape is Shape.Table) WriteTable();
        else WriteProse();
        var file = _style.Id + _style.Format switch { Format.Docx => ".docx", Format.Xlsx => ".xlsx", Format.Pdf or Format.Scan => ".pdf", _ => ".txt" };
        var scored = new List<string> { "issuedOn", "number" };
        if (_style.Head is not Head.Bare) scored.AddRange(["kind", "issuer"]);
        var document = new DocumentTruth(
            _numberKnown ? _number : null, _style.Head switch { Head.Decision => "Quyết định", Head.Letter => "Công văn", _ => "Kế hoạch" },
            _style.Head switch
            {
                Head.Party => $"Tỉnh ủy {_province}",
                Head.Commune => $"Ủy ban nhân dân xã {_commune}",
                Head.Department => "Sở Khoa học và Công nghệ",
                _ => $"Ủy ban nhân dân tỉnh {_province}",
            },
            _dateKnown ? _issued : null, _subject, scored);
        var tasks = _tasks.Select(task => new TaskTruth(
            task.Number, _groupTitles.Count > task.Group ? _groupTitles[task.Group] : null, task.Parent, task.Content, task.LeadTruth, task.CoTruth,
            task.Deadline.Truth, task.Product, task.Targets, task.Optional)).ToList();
        var truth = new PlanTruth(file, _held ? "held" : "dev", _style.Id, document, tasks, _defects);
        Func<string, string>? change = _style.Decomposed ? text => text.Normalize(NormalizationForm.FormD) : _style.NoMarks ? WithoutMarks : _style.HardSpaces ? HardSpaces : null;
        return new(_style, change is null ? _blocks : [.. _blocks.Select(block => Change(block, change))], truth);
    }

    private static Block Change(Block block, Func<string, string> change) => block switch
    {
        Para para => para with { Text = change(para.Text) },
        Grid grid => grid with
        {
            Lines = [.. grid.Lines.Select(line => new Line { Header = line.Header, Task = line.Task, Cells = [.. line.Cells.Select(cell => cell with { Text = change(cell.Text) })] })],
        },
        _ => block,
    };

    private static string WithoutMarks(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark) plain.Append(c switch { 'đ' => 'd', 'Đ' => 'D', _ => c });
        }

        return plain.ToString();
    }

    /// <summary>No-break spaces after short words and a zero-width space here and there, as pasted text carries them.</summary>
    private static string HardSpaces(string text) => text.Replace("Sở ", "Sở\u00A0", StringComparison.Ordinal).Replace(" năm ", " năm\u00A0", StringComparison.Ordinal)
        .Replace("Quý ", "Quý\u00A0", StringComparison.Ordinal).Replace("dữ liệu", "dữ\u200B liệu", StringComparison.Ordinal).Replace(" và ", "\u00A0và\u00A0", StringComparison.Ordinal);

    private void Say(string text, bool bold = false, bool italic = false, bool center = false) => _blocks.Add(new Para(text, bold, italic, center));

    private static Cell Middle(string text, bool bold = false) => new(text) { Center = true, Bold = bold };

    private void WriteHead()
    {
        var place = _style.Head is Head.Commune ? _commune : _province;
        var date = _dateKnown ? $"ngày {_issued.Day:00} tháng {(_issued.Month < 3 ? _issued.Month.ToString("00", CultureInfo.InvariantCulture) : _issued.Month)} năm {_issued.Year}" : $"ngày       tháng      năm {_issued.Year}";
        var shown = _numberKnown ? _number : new string(' ', 7) + _number[_number.IndexOfAny(['/', '-'])..];
        var issuer = _style.Head switch
        {
            Head.Party => $"TỈNH ỦY {_province.ToUpperInvariant()}\n*",
            Head.Commune => $"ỦY BAN NHÂN DÂN\nXÃ {_commune.ToUpperInvariant()}",
            Head.Department => $"ỦY BAN NHÂN DÂN\nTỈNH {_province.ToUpperInvariant()}\nSỞ KHOA HỌC VÀ CÔNG NGHỆ",
            _ => $"ỦY BAN NHÂN DÂN\nTỈNH {_province.ToUpperInvariant()}",
        };
        if (_style.Head is Head.Bare)
        {
            WriteAppendixTitle();
            return;
        }

        var party = _style.Head is Head.Party;
        var right = party ? $"ĐẢNG CỘNG SẢN VIỆT NAM\n{place}, {date}" : $"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc";
        List<Line> lines = party
            ? [new Line { Cells = [Middle(issuer + $"\nSố {shown}", true), Middle(right, true)] }]
            : [new Line { Cells = [Middle(issuer, true), Middle(right, true)] }, new Line { Cells = [Middle($"Số: {shown}"), new Cell($"{place}, {date}") { Center = true, Italic = true }] }];
        if (_style.Head is Head.Letter) lines[1].Cells[0] = Middle($"Số: {shown}\nV/v {char.ToLowerInvariant(_subject[0])}{_subject[1..]}");
        _blocks.Add(new Grid([40, 50], lines, false, null, true));
        if (_style.Head is Head.Letter)
        {
            Say("Kính gửi:");
            Say("- Các sở, ban, ngành tỉnh;\n- Ủy ban nhân dân các xã, phường.");
        }
        else
        {
            Say(_style.Head is Head.Decision ? "QUYẾT ĐỊNH" : "KẾ HOẠCH", true, false, true);
            Say((_style.Head is Head.Decision ? "Về việc ban hành Kế hoạch " + char.ToLowerInvariant(_subject[0]) + _subject[1..] : _subject) + TitleConflict(), true, false, true);
        }

        if (_style.NoBody && _style.Shape is Shape.Table)
        {
            WriteAppendixTitle();
            return;
        }

        WriteBody();
        if (_style.Shape is Shape.Table)
        {
            if (_style.Others.Contains("staffbody", StringComparison.Ordinal)) OtherTable("staff");
            WriteSignature();
            _blocks.Add(new NewPage(_style.Landscape));
            WriteAppendixTitle();
        }
    }

    private string _conflicting = "";

    private string TitleConflict()
    {
        if (!_planted.Contains("issuer.conflict")) return "";
        _conflicting = $"{_dice.Between(10, 90)}-KH/TU ngày {_issued.AddDays(-20).Day}/{_issued.AddDays(-20).Month}/{_issued.AddDays(-20).Year}";
        _defects.Add(new("issuer.conflict", "title and basis", [], true));
        return $" theo Kế hoạch số {_conflicting} của Ban Chỉ đạo tỉnh";
    }

    private void WriteBody()
    {
        if (_style.Head is Head.Letter)
        {
            Say("Thực hiện Công văn số 1215/TTg-KSTT ngày 24/9/2025 của Thủ tướng Chính phủ; Chủ tịch Ủy ban nhân dân tỉnh có ý kiến như sau:");
            return;
        }

        Say("Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị;", false, true);
        if (_conflicting.Length > 0) Say($"Thực hiện Kế hoạch số {_conflicting} của Ban Thường vụ Tỉnh ủy;", false, true);
        Say("Xét đề nghị của Giám đốc Sở Khoa học và Công nghệ,", false, true);
        Say("cơ quan ban hành triển khai các nội dung sau:");
        Say("I. MỤC ĐÍCH, YÊU CẦU", true);
        Say("1. Mục đích");
        Say("- Cụ thể hóa nhiệm vụ cấp trên giao thành việc có người làm, có thời hạn, có sản phẩm; kết quả đo được, kiểm chứng được.");
        Say("- Tạo chuyển biến rõ về chất lượng dữ liệu và mức độ hài lòng của người dân.");
        Say("2. Yêu cầu");
        Say("- Người đứng đầu chịu trách nhiệm về tiến độ; không giao việc chung chung, không báo cáo hình thức.");
        if (_style.Shape is not Shape.Table) return;
        Say("II. NHIỆM VỤ VÀ GIẢI PHÁP", true);
        Say("Các nhiệm vụ cụ thể, phân công và thời hạn được nêu tại Phụ lục ban hành kèm theo.");
        Say("III. TỔ CHỨC THỰC HIỆN", true);
        Say("1. Sở Khoa học và Công nghệ là đầu mối theo dõi, tổng hợp; định kỳ hằng quý báo cáo Ủy ban nhân dân tỉnh.");
        Say("2. Sở Tài chính tham mưu bố trí kinh phí theo khả năng cân đối ngân sách.");
        Say("3. Các cơ quan, đơn vị, địa phương căn cứ Kế hoạch này tổ chức thực hiện, gửi kế hoạch chi tiết trước ngày 30 của tháng sau tháng ban hành./.");
    }

    private void WriteSignature() => _blocks.Add(new Grid([45, 45],
        [new Line { Cells = [new Cell("Nơi nhận:\n- Như trên;\n- Thường trực Tỉnh ủy;\n- Sở Khoa học và Công nghệ;\n- Lưu: VT."), Middle("TM. CƠ QUAN BAN HÀNH\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n\nNguyễn Văn Mẫu", true)] }], false, null, true));

    private void WriteAppendixTitle()
    {
        Say("PHỤ LỤC", true, false, true);
        Say(_dice.Of<string>(["DANH MỤC NHIỆM VỤ VÀ PHÂN CÔNG THỰC HIỆN", "PHÂN CÔNG NHIỆM VỤ", "BẢNG TỔNG HỢP NHIỆM VỤ, GIẢI PHÁP"]), true, false, true);
        var by = _style.Head switch { Head.Party => $"Tỉnh ủy {_province}", Head.Commune => $"UBND xã {_commune}", Head.Department => "Sở Khoa học và Công nghệ", _ => $"UBND tỉnh {_province}" };
        var kind = _style.Head is Head.Decision ? "Quyết định" : "Kế hoạch";
        var tail = _number[_number.IndexOfAny(['/', '-'])..];
        Say($"(Kèm theo {kind} số {(_numberKnown ? _number : "      " + tail)} ngày {(_dateKnown ? $"{_issued.Day:00}/{_issued.Month}/{_issued.Year}" : $"     /     /{_issued.Year}")} của {by})", false, true, true);
        if (_planted.Contains("citation.mismatch"))
        {
            _citation = true;
        }
    }

    private bool _citation;

    private IReadOnlyList<Agency> Pool => _style.Head switch
    {
        Head.Commune => Agencies.OfCommune,
        Head.Department => Agencies.OfDepartment,
        Head.Party => [.. Agencies.All.Where(agency => agency.Kind is AgencyKind.Party or AgencyKind.Mass or AgencyKind.Police or AgencyKind.Office || agency.Key is "KHCN" or "NV" or "TC")],
        _ => [.. Agencies.All.Where(agency => agency.Kind is AgencyKind.Department or AgencyKind.Office or AgencyKind.Police or AgencyKind.Mass)],
    };

    private string Spell(Agency agency) => _style.Spelling switch
    {
        "full" => agency.Full,
        "short" => agency.Spellings.Length > 1 ? _dice.Of(agency.Spellings.Skip(1).ToList()) : agency.Full,
        _ => _dice.Of(agency.Spellings),
    };

    private Agency Unit()
    {
        if (_style.Head is not (Head.Commune or Head.Department or Head.Party) && _dice.Chance(35)) return Agencies.ByKey(_dice.Of<string>(["KHCN", "VPUB", "CA"]));
        var plain = Pool.Where(agency => agency.Kind is not AgencyKind.Class).ToList();
        return _dice.Of(plain);
    }

    private static readonly string[] ClassKeys = ["C-ALL", "C-SO", "C-XP", "C-XPDK"];

    private static string Join(IReadOnlyList<string> names, string separator)
    {
        if (separator == "- ") return names.Count == 1 ? names[0] : string.Join('\n', names.Select(name => "- " + name));
        if (separator == " và ") return names.Count < 2 ? string.Join(", ", names) : string.Join(", ", names.Take(names.Count - 1)) + " và " + names[^1];
        return string.Join(separator, names);
    }

    private void GiveLead(Spec task, int index)
    {
        if (_style.Head is not Head.Commune and not Head.Department and not Head.Party && _dice.Chance(_style.LeadClasses))
        {
            var agency = Agencies.ByKey(_dice.Of(ClassKeys));
            SetLead(task, [agency]);
            Plant("lead.class", index);
        }
        else if (_style.ForeignLeads > 0 && _dice.Chance(_style.ForeignLeads))
        {
            SetLead(task, [_dice.Of(Agencies.All.Where(agency => agency.Kind is AgencyKind.Foreign).ToList())]);
            Plant("lead.foreign", index);
        }
        else if (_style.SeveralLeads > 0 && _dice.Chance(_style.SeveralLeads))
        {
            var first = Unit();
            var second = Unit();
            while (second == first) second = Unit();
            SetLead(task, [first, second], _dice.Of<string>(["; ", " và ", "\n", ", "]));
            Plant("leads.several", index);
        }
        else
        {
            SetLead(task, [Unit()]);
        }
    }

    private void SetLead(Spec task, IReadOnlyList<Agency> agencies, string separator = "; ")
    {
        task.LeadNames = [.. agencies.Select(agency => agency.Key)];
        task.LeadText = Join([.. agencies.Select(Spell)], separator);
        task.LeadTruth = [[.. agencies.Select(agency => agency.Full)]];
    }

    private void GiveCoordinators(Spec task)
    {
        task.CoText = "";
        if (!_style.Has('k') && !_style.Has('b') || _dice.Chance(12))
        {
            task.CoTruth = [[]];
            return;
        }

        var local = _style.Head is Head.Commune or Head.Department;
        var roll = _dice.Below(10);
        if (!local && roll < 3)
        {
            var agency = Agencies.ByKey(_dice.Of<string>(["C-ALL", "C-SO", "C-CQ", "C-XP", "C-CQ"]));
            task.CoText = Spell(agency);
            task.CoTruth = [[agency.Full]];
            return;
        }

        if (!local && roll == 3)
        {
            // A pair of classes may be read as two names or as one.
            var both = new[] { Agencies.ByKey("C-SO"), Agencies.ByKey("C-XP") };
            task.CoText = Spell(both[0]) + "; " + Spell(both[1]);
            task.CoTruth = [[both[0].Full, both[1].Full], [task.CoText]];
            return;
        }

        var chosen = _dice.Shuffle(Pool.Where(agency => agency.Kind is not AgencyKind.Class && !task.LeadNames.Contains(agency.Key))).Take(_dice.Between(1, 4)).ToList();
        if (!local && _dice.Chance(15)) chosen.Add(_dice.Of(Agencies.All.Where(agency => agency.Kind is AgencyKind.Foreign && !task.LeadNames.Contains(agency.Key)).ToList()));
        if (!local && _dice.Chance(12)) chosen.Add(Agencies.ByKey("C-XP"));
        task.CoText = Join([.. chosen.Select(Spell)], _style.Separator);
        task.CoTruth = [[.. chosen.Select(agency => agency.Full)]];
    }

    private void Plant(string family, params int[] tasks) => _defects.Add(new(family, tasks.Length == 0 ? "document" : "task " + string.Join(", ", tasks.Select(i => i + 1)), tasks, false));

    private void MakeTasks()
    {
        var prose = _style.Shape is not Shape.Table;
        var wanted = _dice.Between(_style.Low, _style.High);
        var sentences = _dice.Shuffle(Words.Sentences(_held).Where(sentence => !prose || !sentence.OwnDate && !sentence.NamesUnits && sentence.Text.Length > 55 && !sentence.Text.Contains('\n'))).Take(wanted).ToList();
        if (_style.Format is Format.TextTabs or Format.TextBars) sentences = [.. sentences.Where(sentence => !sentence.Text.Contains('\n'))];
        if (!_style.Has('d') && !_style.Has('e') && !_style.Has('y')) sentences = [.. sentences.Where(sentence => !sentence.OwnDate)];
        var groups = _style.Groups is Groups.None ? 1 : Math.Clamp(sentences.Count / 6, 2, 6);
        if (_style.Groups is Groups.Agency)
        {
            _groupUnits.AddRange(_dice.Shuffle(Pool.Where(agency => agency.Kind is not AgencyKind.Class)).Take(groups));
            _groupTitles.AddRange(_groupUnits.Select(Spell));
        }
        else if (_style.Groups is not Groups.None) _groupTitles.AddRange(_dice.Shuffle(Words.Groups).Take(groups));
        for (var i = 0; i < sentences.Count; i++)
        {
            var group = i * groups / sentences.Count;
            var task = new Spec { Content = sentences[i].Text, Group = group, OwnDate = sentences[i].OwnDate, Targets = sentences[i].Targets.Count > 0 ? sentences[i].Targets : null };
            if (_groupUnits.Count > 0)
            {
                SetLead(task, [_groupUnits[group]]);
                Plant("inherited", i);
            }
            else
            {
                GiveLead(task, i);
            }

            GiveCoordinators(task);
            GiveDeadline(task, sentences[i]);
            if (_style.Has('p') && _dice.Chance(90)) task.Product = _dice.Of(Words.Products);
            if (_style.Has('q')) task.Basis = _dice.Of<string>(["Nghị quyết số 57-NQ/TW", "Kế hoạch số 02-KH/BCĐTW ngày 19/6/2025", "Thông báo số 46-TB/TGV ngày 30/9/2025", ""]);
            if (_style.Has('g')) task.Note = _dice.Of<string>(["", "", "", "Nhiệm vụ chuyển tiếp", "Theo dõi hằng tháng"]);
            if (_style.Footnotes && _dice.Chance(12)) task.Footnote = _dice.Of<string>(["Theo Công văn số 1215/TTg-KSTT ngày 24/9/2025", "Quy chế số 03-QC/BCĐTW, ngày 23/6/2025", "Số liệu đến ngày 31/12/2025"]);
            _tasks.Add(task);
        }

        MakeGroupHabits();
        PlantDefects();
        MakeChildren();
        if (_style.MergeLeads) MergeLeads();
        NumberTasks();
        PlantNumbers();
    }

    private void GiveDeadline(Spec task, Sentence sentence)
    {
        if (_style.Has('y'))
        {
            var first = _dice.Below(3);
            var last = _dice.Chance(40) ? Math.Min(2, first + 1) : first;
            for (var k = first; k <= last; k++) task.Years[k] = true;
            task.Deadline = new("", new("", [new("in-year", new(_issued.Year + last, 12, 31)), new("*", new(_issued.Year + last, 12, 31))]));
        }
        else if (_style.Has('d') || _style.Has('e'))
        {
            task.Deadline = _deadlines.Draw(_style.Dates);
        }
        else
        {
            // Without a column the deadline, if there is one, closes the sentence.
            if (_dice.Chance(70))
            {
                var (words, truth) = _deadlines.InProse();
                task.Extra = words;
                task.Deadline = new(words, truth);
                return;
            }

            if (_style.Shape is not Shape.Table)
            {
                // A duty in prose without a date goes on until further notice (requirements §4.5) or has no deadline: both are read so.
                task.Deadline = new("", new("", [new("none", null), new("continuous", null)]));
                return;
            }

            task.Deadline = Deadlines.Missing();
            Plant("deadline.missing", _tasks.Count);
        }

        // "(nhiệm vụ thường xuyên)" in the text beside a date: due for this period, then it recurs.
        if (!sentence.OwnDate && task.Deadline.Truth.Accepted is [{ Rule: "on" }] && _dice.Chance(_style.Dates == "dates" ? 18 : 6) && !sentence.Text.Contains('\n', StringComparison.Ordinal))
        {
            task.Content += _dice.Of<string>([" (nhiệm vụ thường xuyên)", ". Nhiệm vụ thường xuyên", " (nhiệm vụ thường xuyên)."]);
            task.Deadline = task.Deadline with { Truth = task.Deadline.Truth with { Recurring = true } };
        }
    }

    private void MakeGroupHabits()
    {
        if (_style.Groups is Groups.Deadline)
        {
            for (var g = 0; g < _groupTitles.Count; g++)
            {
                if (g % 2 == 1) continue;
                var form = _dice.Below(3) switch { 0 => _deadlines.InQuarter(), 1 => _deadlines.Before(), _ => _deadlines.Month() };
                var words = form.Text;
                _groupTitles[g] += _dice.Of<string>([$" (hoàn thành {Lower(words)})", $" - thời hạn: {words}", $" (thời gian: {words})"]);
                for (var i = 0; i < _tasks.Count; i++)
                {
                    if (_tasks[i].Group != g) continue;
                    _tasks[i].Content = StripRecurring(_tasks[i].Content);
                    _tasks[i].Deadline = form with { Text = "", Typed = null };
                    _tasks[i].DeadlineInherited = true;
                    Plant("inherited", i);
                }
            }
        }

        if (_style.Groups is Groups.Lead)
        {
            for (var g = 0; g < _groupTitles.Count; g++)
            {
                if (g % 2 == 1) continue;
                var agency = Unit();
                _groupTitles[g] += $" ({Spell(agency)} chủ trì)";
                _defects.RemoveAll(defect => defect.Tasks.Any(i => _tasks[i].Group == g) && defect.Family.StartsWith("lead", StringComparison.Ordinal));
                for (var i = 0; i < _tasks.Count; i++)
                {
                    if (_tasks[i].Group != g) continue;
                    SetLead(_tasks[i], [agency]);
                    GiveCoordinators(_tasks[i]);
                    _tasks[i].LeadText = "";
                    Plant("inherited", i);
                }
            }
        }

        static string Lower(string text) => text.StartsWith("Hoàn thành ", StringComparison.OrdinalIgnoreCase) ? text[11..] : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static string StripRecurring(string text) =>
        text.Replace(" (nhiệm vụ thường xuyên).", "", StringComparison.Ordinal).Replace(" (nhiệm vụ thường xuyên)", "", StringComparison.Ordinal)
            .Replace(". Nhiệm vụ thường xuyên", "", StringComparison.Ordinal);

    private readonly HashSet<int> _touched = [];

    /// <summary>A task not yet touched by another planted defect, so that each defect has one cause.</summary>
    private int Fresh(Func<Spec, bool>? suits = null)
    {
        var free = Enumerable.Range(0, _tasks.Count).Where(i => !_touched.Contains(i) && !_tasks[i].DeadlineInherited && _tasks[i].LeadText.Length > 0
            && !_defects.Any(defect => defect.Tasks.Contains(i)) && (suits is null || suits(_tasks[i]))).ToList();
        if (free.Count == 0) return -1;
        var chosen = _dice.Of(free);
        _touched.Add(chosen);
        return chosen;
    }

    private void PlantDefects()
    {
        foreach (var family in _planted.Order(StringComparer.Ordinal))
        {
            var times = family is "lead.missing" or "deadline.missing" or "deadline.duration" or "deadline.impossible" ? 2 : 1;
            for (var time = 0; time < times; time++) PlantOne(family);
        }
    }

    private void PlantOne(string family)
    {
        if (family is "document.number-missing" or "document.date-missing" or "issuer.conflict" or "citation.mismatch" or "number.duplicate" or "number.gap") return;
        if (family is "instrument.spellings")
        {
            var (a, b) = (Fresh(OneLine), Fresh(OneLine));
            if (a < 0 || b < 0) return;
            _tasks[a].Content += _style.Format is Format.Docx ? " theo Kế hoạch số 02-\nKH/BCĐTW" : " theo Kế hoạch số 02 - KH/BCĐTW";
            _tasks[b].Content += " theo yêu cầu tại Kế hoạch 02/KH-BCĐTW";
            _defects.Add(new(family, $"tasks {a + 1}, {b + 1}", [a, b], true));
            return;
        }

        var at = Fresh(family switch
        {
            "text.truncated" => task => OneLine(task) && task.Content.Length > 70,
            "unit.lead-and-coordinator" => task => task.CoTruth is [{ Count: > 0 }] && task.LeadNames.Count == 1,
            _ when family.StartsWith("deadline", StringComparison.Ordinal) || family is "columns.shifted" => task => task.Deadline.Truth.Recurring is null && !task.Deadline.Truth.CompletedAndContinuing,
            _ => null,
        });
        if (at < 0) return;
        var chosen = _tasks[at];
        switch (family)
        {
            case "lead.missing":
                (chosen.LeadText, chosen.LeadNames, chosen.LeadTruth) = ("", [], [[]]);
                break;
            case "deadline.missing": chosen.Deadline = Deadlines.Missing(); break;
            case "deadline.vague": chosen.Deadline = _deadlines.Vague(); break;
            case "deadline.duration": chosen.Deadline = _deadlines.DurationOnly(); break;
            case "deadline.impossible": chosen.Deadline = _deadlines.Impossible(); break;
            case "deadline.before-issue": chosen.Deadline = _deadlines.BeforeIssue(); break;
            case "deadline.done": chosen.Deadline = _deadlines.Done(); break;
            case "deadline.serial": chosen.Deadline = _deadlines.Serial(); break;
            case "deadline.year-missing": chosen.Deadline = _deadlines.YearMissing(); break;
            case "deadline.agency-text": chosen.Deadline = Deadlines.AgencyText(Spell(Agencies.ByKey("XD"))); break;
            case "columns.shifted":
                chosen.Shifted = true;
                chosen.LeadTruth = [chosen.LeadTruth[0], []];
                chosen.CoTruth = [.. chosen.CoTruth, chosen.LeadTruth[0], []];
                chosen.Deadline = chosen.Deadline with { Truth = new("", [new("*", null)]) };
                break;
            case "unit.lead-and-coordinator":
                var again = Agencies.ByKey(chosen.LeadNames[0]);
                var without = chosen.CoTruth[0];
                chosen.CoText = Join([.. (string[])[Spell(again)], chosen.CoText], _style.Separator == "- " ? "\n" : _style.Separator == " và " ? ", " : _style.Separator);
                chosen.CoTruth = [[again.Full, .. without], without];
                break;
            case "personal-data":
                chosen.LeadText += _dice.Of<string>(["\n(đ/c Trần Văn Thử, ĐT: 0912.345.678)", " (đầu mối: Lê Thị Mẫu - 0987 654 321)", "\nEmail: thumau@example.vn"]);
                break;
            case "product.milestone":
                var soon = _issued.AddDays(50);
                chosen.Product = $"Báo cáo sơ bộ trước ngày {soon.Day}/{soon.Month}/{soon.Year}; quyết định phê duyệt";
                break;
            case "text.truncated":
                var cut = chosen.Content.LastIndexOf(' ', chosen.Content.Length * 2 / 3);
                chosen.Content = chosen.Content[..cut].TrimEnd(',', ';', '.', ' ', '(', ':') + _dice.Of<string>([" và các", ", bảo đảm", ","]);
                chosen.Targets = null;
                break;
            default: throw new InvalidOperationException(family);
        }

        Plant(chosen.Deadline.Defect is { } own && family.StartsWith("deadline", StringComparison.Ordinal) ? own : family, at);

        static bool OneLine(Spec task) => !task.Content.Contains('\n', StringComparison.Ordinal) && !task.Content.EndsWith('.') && task.Deadline.Truth.Recurring is null;
    }

    private void MakeChildren()
    {
        if (_style.Subs is Subs.None) return;
        for (var i = 0; i + 3 < _tasks.Count; i++)
        {
            if (!_dice.Chance(25) || _tasks[i].Parent is not null || _tasks[i + 1].Group != _tasks[i].Group || _tasks[i + 2].Group != _tasks[i].Group) continue;
            _tasks[i + 1].Parent = _tasks[i + 2].Parent = "?" + i.ToString(CultureInfo.InvariantCulture);
            if (_style.Subs is Subs.BareParent && !_defects.Any(defect => defect.Tasks.Contains(i)))
            {
                // A parent without lead and deadline only names what its children do.
                var bare = _tasks[i];
                (bare.LeadText, bare.CoText, bare.Optional, bare.Product) = ("", "", true, null);
                (bare.LeadTruth, bare.CoTruth, bare.Deadline) = ([[]], [[]], new("", new("", [new("*", null)])));
                bare.Content = StripRecurring(bare.Content);
            }

            i += 2;
        }
    }

    private void MergeLeads()
    {
        for (var i = 0; i < _tasks.Count; i++)
        {
            var run = 1;
            while (i + run < _tasks.Count && run < 4 && _tasks[i + run].Group == _tasks[i].Group && !Taken(i) && !Taken(i + run) && _tasks[i].Parent is null && _tasks[i + run].Parent is null) run++;
            if (run == 1 || _dice.Chance(30)) continue;
            _tasks[i].LeadRows = run;
            for (var k = 1; k < run; k++)
            {
                var below = _tasks[i + k];
                (below.LeadCovered, below.LeadText, below.LeadTruth, below.LeadNames) = (true, "", _tasks[i].LeadTruth, _tasks[i].LeadNames);
                Plant("inherited", i + k);
            }

            i += run - 1;
        }

        bool Taken(int index) => _defects.Any(defect => defect.Tasks.Contains(index)) || _touched.Contains(index) || _tasks[index].Optional;
    }

    private void NumberTasks()
    {
        var top = 0;
        var group = -1;
        var child = 0;
        string? parent = null;
        foreach (var task in _tasks)
        {
            if (task.Group != group)
            {
                group = task.Group;
                if (_style.Restart || _style.Groups is Groups.Numbered) top = 0;
            }

            if (task.Parent is null)
            {
                top++;
                child = 0;
                task.Number = _style.Groups is Groups.Numbered ? $"{group + 1}.{top}" : top.ToString(_style.PaddedNumbers ? "00" : "0", CultureInfo.InvariantCulture);
                parent = task.Number;
            }
            else
            {
                child++;
                task.Parent = parent;
                task.Number = _style.Subs is Subs.Letters ? "abcdđe"[child - 1] + ")" : $"{parent}.{child}";
            }
        }
    }

    private void PlantNumbers()
    {
        if (!_style.Has('n') && _style.Shape is Shape.Table)
        {
            foreach (var task in _tasks) task.Number = null;
            return;
        }

        var plain = Enumerable.Range(2, Math.Max(0, _tasks.Count - 4)).Where(i => _tasks[i].Parent is null && _tasks[i - 1].Parent is null && _tasks[i + 1].Parent is null && _tasks[i].Group == _tasks[i - 1].Group && !_tasks[i].Optional).ToList();
        if (_planted.Contains("number.duplicate") && plain.Count > 3)
        {
            var at = plain[plain.Count / 3];
            _tasks[at].Number = _tasks[at - 1].Number;
            _defects.Add(new("number.duplicate", $"task {at + 1}", [at - 1, at], true));
        }

        if (_planted.Contains("number.gap") && plain.Count > 6 && !_style.Restart && _style.Groups is not Groups.Numbered)
        {
            var at = plain[plain.Count * 2 / 3];
            for (var i = at; i < _tasks.Count; i++)
            {
                if (_tasks[i].Parent is not null || !int.TryParse(_tasks[i].Number, CultureInfo.InvariantCulture, out var number)) continue;
                var before = _tasks[i].Number;
                _tasks[i].Number = (number + 2).ToString(_style.PaddedNumbers ? "00" : "0", CultureInfo.InvariantCulture);
                for (var j = i + 1; j < _tasks.Count && _tasks[j].Parent == before; j++)
                {
                    _tasks[j].Parent = _tasks[i].Number;
                    if (_tasks[j].Number!.Contains('.')) _tasks[j].Number = _tasks[i].Number + _tasks[j].Number![_tasks[j].Number!.IndexOf('.', StringComparison.Ordinal)..];
                    if (j + 1 >= _tasks.Count || _tasks[j + 1].Parent != before) break;
                }
            }

            _defects.Add(new("number.gap", $"before task {at + 1}", [at - 1, at], true));
        }
    }
}
