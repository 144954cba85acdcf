using System.Globalization;

namespace LienThong.Corpus;

/// <content>How the tasks stand on the page: the table with its header and groups, the tables beside it, or prose.</content>
public sealed partial class PlanWriter
{
    private static readonly Dictionary<char, (string[] Dev, string[] Held)> Captions = new()
    {
        ['n'] = (["STT", "TT", "Số TT"], ["Stt", "Số\nTT", "TT"]),
        ['c'] = (["Nội dung nhiệm vụ", "Nhiệm vụ, giải pháp", "Nội dung công việc", "Tên nhiệm vụ"], ["Nhiệm vụ cụ thể", "Nội dung, nhiệm vụ thực hiện", "Các nhiệm vụ, giải pháp chủ yếu", "Nội dung"]),
        ['l'] = (["Cơ quan chủ trì", "Đơn vị chủ trì thực hiện", "Đơn vị chủ trì", "Chủ trì"], ["Cơ quan, đơn vị chủ trì", "Cơ quan chủ trì tham mưu, thực hiện", "Đầu mối", "CQ chủ trì"]),
        ['k'] = (["Cơ quan phối hợp", "Đơn vị phối hợp", "Phối hợp"], ["Cơ quan, đơn vị phối hợp", "Đơn vị phối hợp thực hiện", "CQ phối hợp"]),
        ['b'] = (["Cơ quan chủ trì, phối hợp", "Chủ trì / Phối hợp"], ["Phân công thực hiện", "Cơ quan chủ trì/phối hợp thực hiện"]),
        ['u'] = (["Cơ quan, đơn vị thực hiện", "Đơn vị thực hiện"], ["Đơn vị chịu trách nhiệm", "Cơ quan thực hiện"]),
        ['d'] = (["Thời gian hoàn thành", "Hạn hoàn thành", "Tiến độ", "Thời hạn"], ["Lộ trình thực hiện", "Thời gian thực hiện", "Tiến độ hoàn thành", "Thời hạn hoàn thành"]),
        ['s'] = (["Bắt đầu"], ["Từ"]),
        ['e'] = (["Kết thúc"], ["Đến"]),
        ['p'] = (["Sản phẩm", "Kết quả đầu ra", "Sản phẩm đầu ra"], ["Kết quả, sản phẩm", "Sản phẩm hoàn thành", "Kết quả dự kiến"]),
        ['g'] = (["Ghi chú"], ["Ghi chú"]),
        ['q'] = (["Căn cứ", "Văn bản giao nhiệm vụ"], ["Căn cứ giao nhiệm vụ", "Nguồn nhiệm vụ"]),
        ['h'] = (["Lãnh đạo phụ trách", "Lãnh đạo UBND tỉnh chỉ đạo"], ["Đồng chí chỉ đạo", "Người chỉ đạo"]),
        ['m'] = (["Nguồn kinh phí", "Kinh phí dự kiến"], ["Nguồn lực", "Dự kiến kinh phí (triệu đồng)"]),
    };

    private static readonly Dictionary<char, int> Widths = new()
    {
        ['n'] = 5,
        ['c'] = 44,
        ['l'] = 18,
        ['k'] = 22,
        ['b'] = 28,
        ['u'] = 20,
        ['d'] = 16,
        ['s'] = 12,
        ['e'] = 12,
        ['p'] = 18,
        ['g'] = 12,
        ['q'] = 18,
        ['h'] = 16,
        ['m'] = 12,
        ['y'] = 7,
    };

    private List<char> Order() => [.. _style.Columns.SelectMany(column => column == 'y' ? "yyy" : column.ToString())];

    private void WriteTable()
    {
        var order = Order();
        var widths = order.Select(column => Widths[column]).ToList();
        var header = MakeHeader(order);
        if (_style.Others.Contains("before", StringComparison.Ordinal)) OtherTables("before");
        if (_citation) Cite();
        if (_style.Groups is Groups.Paragraphs)
        {
            TablePerGroup(order, widths, header);
            OtherTables("after");
            return;
        }

        var half = _style.TwoTables ? _tasks.FindIndex(task => task.Group > _groupTitles.Count / 2 - 1) : -1;
        if (half <= 0)
        {
            _blocks.Add(new Grid(widths, [.. header, .. Rows(order, 0, _tasks.Count, header)], _style.Borders, _style.Format is Format.Xlsx ? "Phu luc nhiem vu" : null));
        }
        else
        {
            _blocks.Add(new Grid(widths, [.. header, .. Rows(order, 0, half, header)], _style.Borders, _style.Format is Format.Xlsx ? "Phan I" : null));
            if (_style.Format is not Format.Xlsx) Say("(Tiếp theo)", false, true);
            _blocks.Add(new Grid(widths, [.. MakeHeader(order), .. Rows(order, half, _tasks.Count, header)], _style.Borders, _style.Format is Format.Xlsx ? "Phan II" : null));
        }

        OtherTables("after");
    }

    /// <summary>Each group is a heading and a table of its own; the later ones may come without a header.</summary>
    private void TablePerGroup(List<char> order, List<int> widths, List<Line> header)
    {
        for (var from = 0; from < _tasks.Count;)
        {
            var group = _tasks[from].Group;
            var to = _tasks.FindLastIndex(task => task.Group == group) + 1;
            Say($"{RomanNumbers[group]}. {_groupTitles[group]}", true);
            _blocks.Add(new Grid(widths, [.. from == 0 || !_style.HeaderOnce ? MakeHeader(order) : [], .. Rows(order, from, to, header)], _style.Borders));
            from = to;
        }
    }

    private void Cite()
    {
        var from = _dice.Between(2, 4);
        var to = _tasks.Count + _dice.Between(4, 9);
        Say($"Các cơ quan tập trung hoàn thành những nhiệm vụ có số thứ tự từ {from} đến {to}.");
        _defects.Add(new("citation.mismatch", "paragraph before the table", [], true));
    }

    private Dictionary<char, string>? _chosenCaptions;

    private List<Line> MakeHeader(List<char> order)
    {
        _chosenCaptions ??= Captions.ToDictionary(pair => pair.Key, pair => _dice.Of<string>(_held ? [.. pair.Value.Held, .. pair.Value.Held, .. pair.Value.Dev] : pair.Value.Dev));
        string Caption(char column) => column == 'y' ? "" : _chosenCaptions[column];
        var two = _style.Has('y') || _style.Has('s') || _style.TwoRowHeader && order.Contains('l') && order.IndexOf('k') == order.IndexOf('l') + 1;
        var lines = new List<Line>();
        if (!two)
        {
            lines.Add(new Line { Header = true, Cells = [.. order.Select(column => Middle(Caption(column), true))] });
        }
        else
        {
            var top = new List<Cell>();
            var low = new List<Cell>();
            for (var i = 0; i < order.Count; i++)
            {
                var (title, span) = order[i] switch
                {
                    'y' => (_held ? "Lộ trình thực hiện" : "Thời gian thực hiện", 3),
                    's' => ("Thời gian thực hiện", 2),
                    'l' when _style.TwoRowHeader && i + 1 < order.Count && order[i + 1] == 'k' => (_held ? "Tổ chức thực hiện" : "Phân công thực hiện", 2),
                    _ => ("", 1),
                };
                if (span == 1)
                {
                    top.Add(Middle(Caption(order[i]), true) with { Rows = 2 });
                    low.Add(Cell.Hidden);
                    continue;
                }

                top.Add(Middle(title, true) with { Span = span });
                for (var k = 0; k < span; k++)
                {
                    if (k > 0) top.Add(Cell.Hidden);
                    low.Add(Middle(order[i] == 'y' ? (_issued.Year + k).ToString(CultureInfo.InvariantCulture) : Caption(order[i + k]), true));
                }

                i += span - 1;
            }

            lines.Add(new Line { Header = true, Cells = top });
            lines.Add(new Line { Header = true, Cells = low });
        }

        if (_style.IndexRow) lines.Add(new Line { Header = true, Cells = [.. order.Select((_, i) => Middle($"({i + 1})"))] });
        return lines;
    }

    private List<Line> Rows(List<char> order, int from, int to, List<Line> header)
    {
        var lines = new List<Line>();
        var group = from == 0 ? -1 : _tasks[from - 1].Group;
        for (var i = from; i < to; i++)
        {
            var task = _tasks[i];
            if (task.Group != group)
            {
                group = task.Group;
                if (GroupRow(order, group) is { } row) lines.Add(row);
            }

            if (_style.RepeatedRows && i > from && (i - from) % 9 == 0 && !task.LeadCovered) lines.AddRange(Again(header));
            var made = TaskRow(order, task, i);
            if (_style.BrokenRows && _dice.Chance(18) && task.Content.Length > 80 && !task.LeadCovered && task.LeadRows == 1 && !task.Content.Contains('\n', StringComparison.Ordinal))
            {
                var at = order.IndexOf('c');
                var cut = task.Content.IndexOf(' ', task.Content.Length / 2);
                if (cut > 0)
                {
                    made.Cells[at] = made.Cells[at] with { Text = task.Content[..cut] };
                    lines.Add(made);
                    if (_dice.Chance(50)) lines.AddRange(Again(header));
                    lines.Add(new Line { Task = i, Cells = [.. order.Select((_, c) => new Cell(c == at ? task.Content[(cut + 1)..] : ""))] });
                    continue;
                }
            }

            lines.Add(made);
        }

        if (_style.TotalRow && to == _tasks.Count)
        {
            var cells = order.Select(_ => new Cell("")).ToList();
            cells[order.IndexOf('c')] = new Cell($"Tổng cộng: {_tasks.Count(task => task.Parent is null)} nhiệm vụ") { Bold = true };
            lines.Add(new Line { Cells = cells });
        }

        return lines;
    }

    private static IEnumerable<Line> Again(List<Line> header) => header.Select(line => new Line { Cells = [.. line.Cells.Select(cell => cell with { })] });

    private Line? GroupRow(List<char> order, int group)
    {
        if (_style.Groups is Groups.None or Groups.Paragraphs) return null;
        var title = _groupTitles[group];
        var mark = _style.Groups switch { Groups.Letter => ((char)('A' + group)).ToString(), Groups.Numbered => (group + 1).ToString(CultureInfo.InvariantCulture), _ => RomanNumbers[group] };
        var cells = new List<Cell>();
        if (_style.Groups is Groups.RomanMerged || !order.Contains('n') || order[0] != 'n')
        {
            cells.Add(new Cell($"{mark}. {title.ToUpper(CultureInfo.InvariantCulture)}") { Span = order.Count, Bold = true });
            while (cells.Count < order.Count) cells.Add(Cell.Hidden);
            return new Line { Cells = cells };
        }

        cells.Add(Middle(mark, true));
        var spread = _style.Groups is not Groups.Numbered && _style.Format is not Format.TextBars;
        cells.Add(new Cell(title) { Span = spread ? order.Count - 1 : 1, Bold = true });
        while (cells.Count < order.Count) cells.Add(spread ? Cell.Hidden : new Cell(""));
        return new Line { Cells = cells };
    }

    private Line TaskRow(List<char> order, Spec task, int index)
    {
        var cells = new List<Cell>();
        var year = 0;
        var lead = task.LeadText;
        var co = task.CoText;
        var due = task.Deadline.Text;
        if (task.Shifted) (lead, co, due) = ("", task.LeadText, task.CoText);
        foreach (var column in order)
        {
            cells.Add(column switch
            {
                'n' => NumberCell(task),
                'c' => new Cell(task.Content + (task.Extra is null ? "" : (task.Content.EndsWith('.') ? " " : ". ") + char.ToUpperInvariant(task.Extra[0]) + task.Extra[1..]))
                {
                    Footnote = task.Footnote,
                    Pieces = _style.Pieces,
                    Bold = task.Optional && _dice.Chance(50),
                    Deleted = _style.Tracked && index % 5 == 2 ? "Nội dung cũ đã bị bỏ, giao Sở Xây dựng trước 01/01/2020 " : null,
                },
                'l' or 'u' => new Cell(lead) { Covered = task.LeadCovered, Rows = task.LeadRows, Center = _style.CentredCells },
                'k' => new Cell(co),
                'b' => new Cell(Both(lead, co)),
                'd' or 'e' => DueCell(due, task),
                's' => new Cell(task.Deadline.Truth.Accepted is [{ Date: { } date }, ..] && date > _issued.AddDays(20) ? $"{_issued.Month}/{_issued.Year}" : "") { Center = true },
                'y' => Middle(task.Years[year++] ? _held ? "X" : "x" : ""),
                'p' => new Cell(task.Product ?? ""),
                'g' => new Cell(task.Note),
                'q' => new Cell(task.Basis),
                'h' => new Cell(_dice.Of<string>(["Đ/c Phạm Thị Thử, Phó Chủ tịch", "Đ/c Hoàng Văn Mẫu, Phó Chủ tịch", ""])),
                'm' => new Cell(_dice.Of<string>(["Ngân sách tỉnh", "1.250", "Lồng ghép", "850", ""])),
                _ => throw new InvalidOperationException(column.ToString()),
            });
        }

        return new Line { Cells = cells, Task = index };
    }

    private Cell NumberCell(Spec task)
    {
        var text = task.Number ?? "";
        if (_style.AutoNumber && task.Parent is null) return new Cell("") { AutoNumber = true };
        if (_style.Format is Format.Xlsx && task.Parent is null && int.TryParse(text, CultureInfo.InvariantCulture, out var number) && !_style.PaddedNumbers) return new Cell(text) { Number = number };
        if (_style.Format is Format.TextTabs || _style.Format is Format.Docx && _dice.Chance(3) && !text.Contains(')', StringComparison.Ordinal) && !text.Contains('.', StringComparison.Ordinal)) text = text.EndsWith(')') ? text : text + ".";
        return Middle(text);
    }

    private Cell DueCell(string due, Spec task)
    {
        var typed = _style.TypedDates && !task.Shifted ? task.Deadline.Typed : null;
        var number = _style.Format is Format.Xlsx && !task.Shifted && task.Deadline.Defect is "deadline.duration" or "deadline.serial" && int.TryParse(due, CultureInfo.InvariantCulture, out var value) ? value : (double?)null;
        // A serial planted in a workbook stands there as text, or nobody would see it as a number.
        if (task.Deadline.Defect is "deadline.serial") number = null;
        return new Cell(due) { Typed = typed, Number = number, Center = _style.CentredCells };
    }

    private string Both(string lead, string co)
    {
        if (lead.Length == 0) return co.Length == 0 ? "" : "Phối hợp: " + co.Replace("\n", ", ", StringComparison.Ordinal);
        var joined = lead.Replace("\n", "; ", StringComparison.Ordinal);
        var others = co.Replace("\n- ", ", ", StringComparison.Ordinal).TrimStart('-', ' ').Replace("\n", ", ", StringComparison.Ordinal);
        if (_held && _style.Id.EndsWith("slash", StringComparison.Ordinal)) return co.Length == 0 ? joined + " chủ trì" : $"{joined} chủ trì; {others} phối hợp";
        return co.Length == 0 ? $"Chủ trì: {joined}" : _held ? $"- Chủ trì: {joined}.\n- Phối hợp: {others}." : $"Chủ trì: {joined}\nPhối hợp: {others}";
    }

    private void OtherTables(string where)
    {
        var count = 0;
        foreach (var kind in _style.Others.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (kind is "before" or "staffbody" || where == "before" != (kind is "indicators" or "summary" && _style.Others.Contains("before", StringComparison.Ordinal))) continue;
            OtherTable(kind);
            count++;
        }

        if (count > 0 && !_defects.Any(defect => defect.Family == "tables.skipped")) _defects.Add(new("tables.skipped", where + " the task table", [], true));
    }

    private void OtherTable(string kind)
    {
        var (title, head, rows) = kind switch
        {
            "equipment" => ("DANH MỤC THIẾT BỊ CẦN TRANG BỊ", new[] { "STT", "Tên thiết bị", "Đơn vị tính", "Số lượng", "Ghi chú" },
                new[] { new[] { "1", "Máy quét tài liệu khổ A4", "Chiếc", "45", "" }, ["2", "Máy tính để bàn", "Bộ", "120", "Cấu hình tối thiểu theo hướng dẫn"], ["3", "Thiết bị lưu khóa bí mật", "Chiếc", "300", ""] }),
            "staff" => ("DANH SÁCH THÀNH VIÊN TỔ CÔNG TÁC", ["STT", "Họ và tên", "Chức vụ, đơn vị", "Nhiệm vụ trong Tổ"],
                [["1", "Nguyễn Văn Mẫu", "Phó Chủ tịch UBND", "Tổ trưởng, chỉ đạo chung"], ["2", "Trần Thị Thử", "Giám đốc Sở Khoa học và Công nghệ", "Tổ phó thường trực"], ["3", "Lê Văn Ví Dụ", "Trưởng phòng, Công an tỉnh", "Thành viên"]]),
            "contacts" => ("DANH SÁCH ĐẦU MỐI LIÊN HỆ", ["TT", "Cơ quan", "Đầu mối", "Điện thoại", "Thư điện tử"],
                [["1", "Sở Tài chính", "Phạm Văn Mẫu", "0912 000 111", "mau@example.vn"], ["2", "Công an tỉnh", "Đỗ Thị Thử", "0912 000 222", "thu@example.vn"]]),
            "budget" => ("DỰ TOÁN KINH PHÍ", ["TT", "Nội dung chi", "Kinh phí (triệu đồng)", "Nguồn vốn", "Năm"],
                [["1", "Thuê đường truyền dự phòng", "1.200", "Ngân sách tỉnh", "2026"], ["2", "Bồi dưỡng kỹ năng số", "650", "Sự nghiệp", "2026"], ["", "Tổng cộng", "1.850", "", ""]]),
            "forms" => ("MẪU BÁO CÁO KẾT QUẢ THỰC HIỆN", ["STT", "Nội dung nhiệm vụ", "Kết quả thực hiện", "Khó khăn, vướng mắc", "Minh chứng"],
                [["1", "…", "…", "…", "…"], ["2", "…", "", "", ""]]),
            "summary" => ("TỔNG HỢP SỐ NHIỆM VỤ THEO CƠ QUAN", ["STT", "Cơ quan", "Số nhiệm vụ chủ trì", "Số nhiệm vụ phối hợp", "Tổng số"],
                [["1", "Sở Khoa học và Công nghệ", "8", "11", "19"], ["2", "Công an tỉnh", "5", "7", "12"], ["3", "Sở Nội vụ", "3", "6", "9"]]),
            "indicators" => ("CÁC CHỈ TIÊU CHỦ YẾU", ["TT", "Chỉ tiêu", "Đơn vị tính", $"Năm {_issued.Year}", $"Năm {_issued.Year + 1}"],
                [["1", "Tỷ lệ hồ sơ nộp trực tuyến", "%", "75", "85"], ["2", "Số dịch vụ dữ liệu được công bố", "Dịch vụ", "30", "60"]]),
            "glossary" => ("GIẢI THÍCH TỪ VIẾT TẮT", ["TT", "Từ viết tắt", "Nghĩa đầy đủ"], [["1", "CSDL", "Cơ sở dữ liệu"], ["2", "TTHC", "Thủ tục hành chính"]]),
            _ => throw new InvalidOperationException(kind),
        };
        if (_style.Format is Format.Xlsx)
        {
            var cells = new List<Cell> { new(title) { Span = head.Length, Bold = true } };
            while (cells.Count < head.Length) cells.Add(Cell.Hidden);
            _blocks.Add(new Grid([.. head.Select(_ => 16)], [new Line { Cells = cells }, .. Body()], true, kind switch { "staff" => "To cong tac", "contacts" => "Dau moi", "forms" => "Bieu mau", _ => kind }));
            return;
        }

        Say(title, true, false, true);
        _blocks.Add(new Grid([.. head.Select((_, i) => i == 0 ? 5 : 22)], [.. Body()], true));

        IEnumerable<Line> Body() =>
            [new Line { Header = true, Cells = [.. head.Select(caption => Middle(caption, true))] }, .. rows.Select(row => new Line { Cells = [.. row.Select(text => new Cell(text))] })];
    }

    private void WriteProse()
    {
        if (_style.Head is not Head.Letter) Say("II. NHIỆM VỤ CỤ THỂ", true);
        switch (_style.Shape)
        {
            case Shape.ByUnit: ByUnit(); break;
            case Shape.Labelled: Labelled(); break;
            case Shape.Topics: Topics(); break;
            default: Numbered(); break;
        }

        Say("Yêu cầu thủ trưởng các cơ quan, đơn vị nghiêm túc thực hiện./.");
        if (_style.Head is Head.Bare) return;
        Say("Nơi nhận:", true);
        Say("- Như trên;\n- Lưu: VT.");
        Say("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nNguyễn Văn Mẫu", true);
    }

    /// <summary>"1. Sở A:" and its duties below, a) b) c).</summary>
    private void ByUnit()
    {
        for (var i = 0; i < _tasks.Count;)
        {
            var unit = Pool.Where(agency => agency.Kind is not AgencyKind.Class).Skip(i % 7).First();
            if (i == 0 && _style.Head is Head.State or Head.Letter) unit = Agencies.ByKey("C-ALL");
            var count = Math.Min(_tasks.Count - i, _dice.Between(1, 4));
            var number = _proseUnits++ + 1;
            Say($"{number}. {Spell(unit)}{(_held ? ":" : " có trách nhiệm:")}", true);
            for (var k = 0; k < count; k++, i++)
            {
                var task = _tasks[i];
                _defects.RemoveAll(defect => defect.Tasks.Contains(i) && defect.Family is "lead.class" or "leads.several" or "lead.foreign" && defect.Tasks.Contains(i));
                task.LeadTruth = [[unit.Full]];
                if (unit.Kind is AgencyKind.Class) Plant("lead.class", i);
                var mark = count == 1 ? "" : "abcdđe"[k] + ") ";
                task.Number = count == 1 ? null : mark.Trim();
                task.Parent = null;
                var partners = _dice.Chance(35) ? _dice.Shuffle(Pool.Where(agency => agency != unit && agency.Kind is not AgencyKind.Class)).Take(_dice.Between(1, 2)).ToList() : [];
                task.CoTruth = [[.. partners.Select(agency => agency.Full)]];
                var content = task.Content.TrimEnd('.');
                if (partners.Count > 0) content = $"Chủ trì, phối hợp với {Join([.. partners.Select(Spell)], " và ")} {char.ToLowerInvariant(content[0])}{content[1..]}";
                Say(mark + Close(content, task));
            }
        }
    }

    private int _proseUnits;

    private static string Close(string content, Spec task) => task.Extra is null ? content + "." : content + (char.IsLower(task.Extra[0]) ? "; " : ". ") + task.Extra + ".";

    private void Labelled()
    {
        var labels = _held ? ("+ Chủ trì: ", "+ Phối hợp: ", "+ Thời gian: ", "+ Sản phẩm: ") : ("- Cơ quan chủ trì: ", "- Cơ quan phối hợp: ", "- Thời gian hoàn thành: ", "- Sản phẩm: ");
        var group = -1;
        foreach (var task in _tasks)
        {
            if (_style.Groups is not Groups.None && task.Group != group)
            {
                group = task.Group;
                Say($"{(char)('A' + group)}. {_groupTitles[group]}", true);
            }

            Say($"{(_held ? "Nhiệm vụ " : "")}{task.Number}{(_held ? ": " : ". ")}{task.Content.TrimEnd('.')}.");
            if (task.LeadText.Length > 0) Say(labels.Item1 + task.LeadText.Replace("\n", "; ", StringComparison.Ordinal) + ".");
            if (task.CoText.Length > 0) Say(labels.Item2 + task.CoText.Replace("\n- ", ", ", StringComparison.Ordinal).TrimStart('-', ' ').Replace("\n", ", ", StringComparison.Ordinal) + ".");
            if (task.Deadline.Text.Length > 0) Say(labels.Item3 + task.Deadline.Text.Replace("\n", " ", StringComparison.Ordinal).TrimEnd('.') + ".");
            if (task.Product is not null) Say(labels.Item4 + task.Product + ".");
        }
    }

    /// <summary>Conclusions of a meeting: "1. Về dữ liệu", and below it who is told what.</summary>
    private void Topics()
    {
        string[] topics = ["Về thể chế", "Về hạ tầng số", "Về dữ liệu", "Về nguồn nhân lực", "Về an toàn thông tin", "Về truyền thông", "Về kinh phí"];
        for (int i = 0, number = 0; i < _tasks.Count; number++)
        {
            Say($"{number + 1}. {topics[number % topics.Length]}", true);
            var count = Math.Min(_tasks.Count - i, _dice.Between(1, 4));
            for (var k = 0; k < count; k++, i++)
            {
                var task = _tasks[i];
                var lead = task.LeadText.Replace("\n", "; ", StringComparison.Ordinal);
                var content = task.Content.TrimEnd('.');
                var with = task.CoText.Length == 0 ? "" : $", phối hợp với {task.CoText.Replace("\n- ", ", ", StringComparison.Ordinal).TrimStart('-', ' ').Replace("\n", ", ", StringComparison.Ordinal).Replace("Các ", "các ", StringComparison.Ordinal)}";
                task.Number = _held ? "abcdđe"[k] + ")" : null;
                task.Parent = null;
                Say($"{(_held ? "abcdđe"[k] + ") " : "- ")}{(with.Length == 0 && _dice.Chance(50) ? "Yêu cầu " + lead : "Giao " + lead + " chủ trì")}{with} {Close(char.ToLowerInvariant(content[0]) + content[1..], task)}");
            }
        }
    }

    private void Numbered()
    {
        foreach (var task in _tasks)
        {
            var lead = task.LeadText.Replace("\n", "; ", StringComparison.Ordinal);
            var content = task.Content.TrimEnd('.');
            var lower = char.ToLowerInvariant(content[0]) + content[1..];
            if (_style.Shape is Shape.Brackets)
            {
                Say($"{task.Number}. {content} ({lead} chủ trì{(task.Extra is null ? "" : "; " + char.ToLowerInvariant(task.Extra[0]) + task.Extra[1..])}).");
                task.CoTruth = [[]];
                continue;
            }

            var with = task.CoText.Length == 0 ? "" : $", phối hợp với {task.CoText.Replace("\n- ", ", ", StringComparison.Ordinal).TrimStart('-', ' ').Replace("\n", ", ", StringComparison.Ordinal).Replace("Các ", "các ", StringComparison.Ordinal)}";
            Say($"{task.Number}. {(_held ? "" : "Giao ")}{lead} chủ trì{with} {Close(lower, task)}");
        }
    }
}
