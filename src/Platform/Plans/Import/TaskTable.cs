using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

internal enum ColumnRole { Unknown, Number, Code, Content, Lead, Coordinator, LeadAndCoordinator, Deadline, Start, Product, Target, Basis, Note, Period, Budget, Person, Contact, Quantity, Status, Category, Agency }

/// <summary>A column as mapped. A period column ("2026", "Quý I") carries the text its mark stands for.</summary>
/// <param name="NamesTask">Its label says what is to be done; of several such columns the cells tell which holds the tasks.</param>
/// <param name="Own">The nearest label; in a matrix the body whose marks stand below it (<see cref="ColumnRole.Agency"/>).</param>
/// <param name="Unread">Marks whose meaning nobody can tell from the table.</param>
/// <param name="Outer">The label above its own that stands over several columns ("Thời gian trình" over "UBND tỉnh", "HĐND tỉnh").</param>
internal sealed record Column(int Index, ColumnRole Role, string? Header, double Confidence, string? Period = null, bool NamesTask = false, string? Outer = null, string? Own = null, bool Unread = false);

/// <summary>A table mapped by meaning: which rows are header, what each column holds, and what kind of table it is.</summary>
internal sealed record MappedTable(SourceTable Table, IReadOnlyList<Column> Columns, int BodyFrom, bool IsTaskTable, string Kind, bool HasHeader, string? Title)
{
    public Column? Of(ColumnRole role) => Columns.FirstOrDefault(column => column.Role == role);

    public IEnumerable<Column> All(ColumnRole role) => Columns.Where(column => column.Role == role);
}

/// <summary>Classifies tables and maps columns by what their headers mean, or, without headers, by what their cells hold (monitoring §5).</summary>
internal static partial class TableMapping
{
    private const int TimeLimit = 2_000;
    private const int HeaderRowsMax = 4;
    private const int HeaderSearchMax = 12;   // Title, number and "kèm theo" lines of a sheet stand above its header; more is no header.

    public static MappedTable Map(SourceTable table, string? heading)
    {
        var best = FindHeader(table);
        if (best is null) return WithoutHeader(table, heading);
        var (_, to, read) = best.Value;
        var columns = Settle(table, to, read);
        var kind = KindOf(table, to, columns, heading);
        return new MappedTable(table, columns, to, kind == TableKinds.Tasks, kind, true, heading ?? table.Title);
    }

    /// <summary>A table without header that continues the one before it, column for column.</summary>
    public static bool Continues(SourceTable table, MappedTable before) =>
        before.IsTaskTable && table.Columns == before.Table.Columns && FindHeader(table) is null && Agrees(table, before);

    /// <summary>The rows of a repeated header at the top of a continuation; 0 when there are none.</summary>
    public static int RepeatedHeaderRows(SourceTable table, MappedTable before)
    {
        if (!before.IsTaskTable || table.Columns != before.Table.Columns) return 0;
        var found = FindHeader(table);
        if (found is not { } header) return 0;
        var same = header.Columns.Count(column => before.Columns.Any(b => b.Index == column.Index && b.Role is not ColumnRole.Unknown && (b.Role == column.Role || column.Header is not null && b.Header == column.Header)));
        return same >= Math.Max(2, before.Columns.Count(c => c.Role is not ColumnRole.Unknown) - 2) ? header.To : 0;
    }

    private static bool Agrees(SourceTable table, MappedTable before)
    {
        // At least the deadline or the lead must look like one where the map says so; an unrelated small table does not.
        var (asked, met) = (0, 0);
        foreach (var row in table.Rows)
        {
            foreach (var column in before.Columns)
            {
                if (column.Index >= row.Cells.Count || row.Cells[column.Index].Text.Length == 0) continue;
                var text = row.Cells[column.Index].Text;
                switch (column.Role)
                {
                    case ColumnRole.Deadline: asked++; if (DeadlineGrammar.Recognises(text) || text.Length < 60) met++; break;
                    case ColumnRole.Lead or ColumnRole.Coordinator: asked++; if (AgencyNames.LooksLikeAgency(text)) met++; break;
                    case ColumnRole.Number: asked++; if (RowNumber.TryRead(text, out _) || text.Length < 8) met++; break;
                }
            }
        }

        return asked == 0 || met * 3 >= asked;
    }

    // ---- header rows ----

    private static (int From, int To, IReadOnlyList<Column> Columns)? FindHeader(SourceTable table)
    {
        (int From, int To, IReadOnlyList<Column> Columns)? best = null;
        var bestScore = 0.0;
        for (var from = 0; from < Math.Min(table.Rows.Count, HeaderSearchMax); from++)
        {
            if (IsBody(table.Rows[from])) continue;
            for (var height = 1; height <= HeaderRowsMax && from + height <= table.Rows.Count; height++)
            {
                if (height > 1 && !ContinuesHeader(table, from, from + height - 1)) break;
                if (height < HeaderRowsMax && FillsSpans(table, from + height)) continue;   // Its own second half is below it.
                var columns = ReadHeader(table, from, from + height);
                var score = Score(columns) - (0.05 * height) - (0.02 * from);
                if (score <= bestScore) continue;
                bestScore = score;
                best = (from, from + height, columns);
            }

            if (best is { } found && from > found.To) break;
        }

        if (best is not { } header || bestScore < 1.6) return null;
        var to = header.To;
        while (to < table.Rows.Count && IsColumnNumbers(table.Rows[to])) to++;
        return (header.From, to, header.Columns);
    }

    /// <summary>A row with a number of its own, a date or a sentence is no row of labels, whatever words it uses.</summary>
    private static bool IsBody(SourceRow row)
    {
        var filled = row.Cells.Where(cell => !cell.Covered && cell.Text.Trim().Length > 0).ToList();
        if (filled.Count == 0) return true;
        if (filled.Count > 1 && RowNumber.TryRead(filled[0].Text, out var number) && number.Kind is NumberKind.Decimal or NumberKind.SmallLetter && !IsColumnNumbers(row)) return true;
        return filled.Exists(cell => cell.Text.Length > 160 || cell.Date is not null || FullDate().IsMatch(cell.Text) && !AppendedTo(cell));

        // "(Kèm theo Kế hoạch số … ngày 05/9/2026)" stands above the labels of a sheet, in the first column.
        bool AppendedTo(SourceCell cell) => filled.Count == 1 || cell.ColumnSpan > 2;
    }

    [GeneratedRegex(@"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?20\d{2}\b", RegexOptions.None, TimeLimit)]
    private static partial Regex FullDate();

    /// <summary>A second header row belongs to the first when some cell above spans columns or rows into it, or when it is all short labels.</summary>
    private static bool ContinuesHeader(SourceTable table, int from, int row)
    {
        var above = table.Rows[row - 1].Cells;
        var here = table.Rows[row].Cells;
        if (IsColumnNumbers(table.Rows[row])) return false;
        if (FillsSpans(table, row)) return true;
        var spans = above.Any(cell => cell.ColumnSpan > 1 && cell.ColumnSpan < table.Columns && cell.Text.Length > 0) || above.Any(cell => cell.RowSpan > 1)
            || here.Any(cell => cell.Covered && cell.CoveredFrom is not null && cell.Text.Length == 0);
        var labels = here.Where(cell => cell.Text.Length > 0).ToList();
        if (labels.Count == 0 || labels.Exists(cell => cell.ColumnSpan >= Math.Max(3, table.Columns - 1)) || labels.Count == 1 && !above.Any(cell => cell.ColumnSpan > 1)) return false;
        var known = labels.Count(cell => RoleOf(cell.Text).Role is not ColumnRole.Unknown || PeriodOf(cell.Text) is not null);

        // Without merge marks (PDF, text), a row of labels only, under a row with gaps, is its second half.
        var gaps = above.Count(cell => cell.Text.Length == 0) + here.Count(cell => cell.Text.Length == 0) >= table.Columns - 1;

        // In text a label over two columns stands over the first and leaves the second empty; below it stand the labels of both.
        var filled = Enumerable.Range(0, here.Count).Where(c => here[c].Text.Length > 0).ToList();
        gaps |= filled.Count >= 2 && filled.TrueForAll(c => above[c].Text.Length == 0 || c + 1 < above.Count && above[c + 1].Text.Length == 0 && here[c + 1].Text.Length > 0)
            && Enumerable.Range(0, here.Count).All(c => above[c].Text.Length > 0 || here[c].Text.Length > 0);
        return known > 0 && known * 2 >= labels.Count && labels.TrueForAll(cell => cell.Text.Length <= 60) && (spans || gaps) && row - from < HeaderRowsMax
            && !RowNumber.TryRead(here[0].Text, out _);
    }

    /// <summary>
    /// Whether the row is the second half of the labels above it by its form alone, whatever its words mean ("UBND tỉnh | HĐND tỉnh" below
    /// "Thời gian trình"): it says something only below a label over several columns, and all labels beside that one go on down into it.
    /// </summary>
    private static bool FillsSpans(SourceTable table, int row)
    {
        if (row == 0 || row >= table.Rows.Count) return false;
        var (above, here) = (table.Rows[row - 1].Cells, table.Rows[row].Cells);
        var (below, merged, open) = (0, 0, 0);
        for (var c = 0; c < here.Count; c++)
        {
            var (text, spanned) = (here[c].Text.Trim(), SpanOver(table, row, c) is not null);
            if (here[c].Covered) { if (here[c].CoveredFrom is { Length: > 0 }) merged++; continue; }
            if (text.Length == 0) { if (!spanned) open++; continue; }
            if (!spanned || text.Length > 60 || here[c].Date is not null || RowNumber.TryRead(text, out _) || DeadlineGrammar.Recognises(text) && PeriodOf(text) is null) return false;
            below++;
        }

        // Where cells are not merged downwards (sheets without merges, text), the labels beside stand over nothing and the next row begins with its number.
        return below > 0 && merged + open > 0 && (open == 0 ? merged > 0 : below >= 2 && merged == 0 && row + 1 < table.Rows.Count
            && RowNumber.TryRead(table.Rows[row + 1].Cells[0].Text, out _) && Enumerable.Range(0, above.Count).All(c => above[c].Text.Length > 0 || here[c].Text.Length > 0));
    }

    /// <summary>The column of the label that stands over this one and over others, in the row above the given one.</summary>
    private static int? SpanOver(SourceTable table, int row, int column)
    {
        var (above, here) = (table.Rows[row - 1].Cells, table.Rows[row].Cells);
        for (var c = column; c >= 0; c--)
        {
            if (above[c].Text.Length == 0) continue;
            if (above[c].ColumnSpan > 1 && above[c].ColumnSpan < table.Columns) return above[c].ColumnSpan > column - c ? c : null;

            // Not merged: a label with nothing beside it, over cells that all say something.
            return above.All(cell => !cell.Covered) && !here.Any(cell => cell.Covered) && (c < column || c + 1 < above.Count && above[c + 1].Text.Length == 0 && here[c + 1].Text.Length > 0)
                && Enumerable.Range(c, column - c + 1).All(i => here[i].Text.Length > 0) ? c : null;
        }

        return null;
    }

    private static List<Column> ReadHeader(SourceTable table, int from, int to)
    {
        var columns = new List<Column>();
        for (var c = 0; c < table.Columns; c++)
        {
            var texts = new List<string>();
            for (var r = from; r < to; r++)
            {
                if (c >= table.Rows[r].Cells.Count) continue;
                var cell = table.Rows[r].Cells[c];
                var text = cell.Text.Length > 0 && !cell.Covered ? cell.Text : cell.CoveredFrom is { Length: > 0 } cover ? cover : Spanning(table.Rows[r], c);
                if (text is null && r + 1 < to && FillsSpans(table, r + 1) && SpanOver(table, r + 1, c) is { } over) text = table.Rows[r].Cells[over].Text;
                if (text is { Length: > 0 } && (texts.Count == 0 || texts[^1] != text)) texts.Add(VietnameseText.Clean(text));
            }

            var header = string.Join(" ", texts);
            if (header.Length == 0) { columns.Add(new Column(c, ColumnRole.Unknown, null, 0)); continue; }

            // The nearest label decides; the one above it only where the nearest says nothing.
            var own = texts[^1];
            if (PeriodOf(own) is { } period)
            {
                columns.Add(new Column(c, ColumnRole.Period, header, 0.9, texts.Count > 1 && PeriodOf(texts[0]) is { } outer && outer != period ? period + "/" + outer : period));
                continue;
            }

            var (role, confidence) = RoleOf(own);
            if (role is ColumnRole.Unknown && texts.Count > 1) (role, confidence) = RoleOf(header);

            // "Cơ quan thẩm định" below "Thời gian trình" is whose desk the time is of, and leads nothing.
            if (role is ColumnRole.Lead && confidence <= 0.8 && texts.Count > 1 && RoleOf(texts[^2]) is { Role: ColumnRole.Deadline or ColumnRole.Budget or ColumnRole.Product or ColumnRole.Quantity } outer2) (role, confidence) = outer2;
            columns.Add(new Column(c, role, header, confidence, NamesTask: role is ColumnRole.Content, Outer: texts.Count > 1 ? texts[^2] : null, Own: own));
        }

        // "Cơ quan thực hiện" over "Chủ trì | Phối hợp" is settled by the nearest label; one wide header over several columns means the first.
        foreach (var role in new[] { ColumnRole.Content, ColumnRole.Number, ColumnRole.Deadline, ColumnRole.Product })
        {
            var same = columns.Where(column => column.Role == role).ToList();
            if (same.Count < 2) continue;
            var keep = same.OrderByDescending(column => column.Confidence).ThenBy(column => column.Index).First();
            foreach (var other in same.Where(column => column != keep && (column.Header == keep.Header || role is not ColumnRole.Deadline)))
            {
                columns[other.Index] = other with { Role = role is ColumnRole.Content && other.Header != keep.Header ? ColumnRole.Note : ColumnRole.Unknown };
            }
        }

        return columns;
    }

    private static string? Spanning(SourceRow row, int column)
    {
        for (var c = column - 1; c >= 0; c--)
        {
            if (row.Cells[c].ColumnSpan > column - c) return row.Cells[c].Text;
            if (!row.Cells[c].Covered) return null;
        }

        return null;
    }

    private static double Score(List<Column> columns)
    {
        var score = 0.0;
        foreach (var role in columns.GroupBy(column => column.Role))
        {
            score += role.Key switch
            {
                ColumnRole.Unknown => 0,
                // Two or more period columns are the second row of "Thời gian thực hiện" and say more than it.
                ColumnRole.Period => role.Count() >= 2 ? 1.2 : 0.3,
                ColumnRole.Content or ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Deadline or ColumnRole.Coordinator => role.Max(column => column.Confidence),
                _ => 0.8 * role.Max(column => column.Confidence),
            };
        }

        return score - (columns.Any(column => column.Header is { Length: > 120 }) ? 1 : 0);
    }

    /// <summary>"(1) (2) (3) …" or "A B 1 2" under the header.</summary>
    internal static bool IsColumnNumbers(SourceRow row)
    {
        var filled = row.Cells.Where(cell => cell.Text.Length > 0).ToList();
        return filled.Count >= 3 && filled.TrueForAll(cell => ColumnNumber().IsMatch(cell.Text.Trim())) && filled.Count(cell => cell.Text.Any(char.IsDigit)) * 2 >= filled.Count;
    }

    /// <summary>A header label that names a year, a quarter or a month: its cells carry marks.</summary>
    private static string? PeriodOf(string label)
    {
        var clean = VietnameseText.Clean(label);
        return clean.Length <= 20 && PeriodLabel().IsMatch(VietnameseText.Fold(clean)) ? clean : null;
    }

    /// <summary>What a header label means; words decide, not the whole string, so new wordings of the same thing are read too.</summary>
    public static (ColumnRole Role, double Confidence) RoleOf(string label)
    {
        var s = VietnameseText.Fold(label.Replace('\n', ' ')).Trim(' ', '.', ':', '*', '(', ')');
        if (s.Length is 0 or > 160) return (ColumnRole.Unknown, 0);
        bool Has(string word) => HasWord(s, word);
        if (NumberLabel().IsMatch(s)) return (ColumnRole.Number, 1);
        if (s is "ma" or "ma so" or "ma nv" || Has("ma nhiem vu") || Has("ma hieu")) return (ColumnRole.Code, 0.9);
        var lead = Has("chu tri") || Has("dau moi") || Has("chiu trach nhiem") || Has("phu trach") || Has("chu quan");
        var coordinate = Has("phoi hop") || Has("tham gia") || Has("lien quan") && (Has("co quan") || Has("don vi"));
        var body = Has("co quan") || Has("don vi") || Has("to chuc") || Has("bo phan") || Has("nganh") || Has("dia phuong") || Has("cq") || Has("dv") || Has("so, nganh");
        if (Has("ho va ten") || Has("ho ten") || Has("chuc vu") || Has("can bo") || Has("chuyen vien") || Has("lanh dao") && !body || Has("nguoi phu trach") || Has("nguoi thuc hien") || Has("can bo dau moi"))
        {
            if (!(Has("trach nhiem") && body)) return (ColumnRole.Person, 0.9);
        }

        if (Has("dien thoai") || Has("email") || Has("e-mail") || Has("sdt") || Has("thu dien tu") || Has("dia chi")) return (ColumnRole.Contact, 0.9);
        if (Has("kinh phi") || Has("nguon von") || Has("du toan") || Has("thanh tien") || Has("don gia") || Has("tong muc") || Has("nguon luc") || Has("von dau tu") || s is "nguon") return (ColumnRole.Budget, 0.9);
        if (lead && coordinate) return (ColumnRole.LeadAndCoordinator, 1);
        if (coordinate) return (ColumnRole.Coordinator, 1);
        if (lead && !(Has("thoi gian") || Has("thoi han"))) return (ColumnRole.Lead, 1);
        if (Has("don vi tinh") || s is "dvt" || Has("so luong") || Has("khoi luong") || Has("cau hinh") || Has("thong so") || Has("ten thiet bi") || Has("chung loai")) return (ColumnRole.Quantity, 0.9);

        // "Thời gian thực hiện" before "đơn vị thực hiện" before "nội dung thực hiện": the noun decides.
        var time = Has("thoi gian") || Has("thoi han") || Has("thoi diem") || Has("tien do") || Has("lo trinh") || Has("han") || Has("ky han") || Has("den han") || Has("ngay") || Has("moc") || Has("deadline")
            || Has("ket thuc") || Has("bat dau") || Has("thang") && s.Length < 20 || Has("thoi luong");
        if (s is "tu" or "bat dau" or "tu thang" or "tu nam" or "khoi cong") return (ColumnRole.Start, 0.9);
        if (s is "den" or "ket thuc" or "den thang" or "den nam" or "den ngay" or "hoan thanh") return (ColumnRole.Deadline, 1);
        if (time && (Has("bat dau") || Has("khoi dong") || Has("tu ngay")) && !Has("ket thuc") && !Has("den ngay")) return (ColumnRole.Start, 0.9);
        if (s is "hinh thuc" || s.StartsWith("hinh thuc van ban", StringComparison.Ordinal) || s.StartsWith("loai van ban", StringComparison.Ordinal)) return (ColumnRole.Product, 0.7);
        if (Has("can cu") || Has("van ban giao") || Has("van ban chi dao") || Has("co so phap ly") || Has("nguon nhiem vu") || Has("van ban") && !Has("san pham") || Has("theo nghi quyet") || Has("nhiem vu cap tren")
            || Has("xuat xu") || Has("nguon goc") || Has("tham chieu") || Has("trich dan") || Has("nhiem vu tuong ung") || Has("nhiem vu cua trung uong") || Has("nhiem vu tai") || Has("nhiem vu theo")) return (ColumnRole.Basis, 0.9);
        if (s is "ghi chu" || Has("ghi chu") || Has("chu thich") || Has("giai trinh") || Has("luu y")) return (ColumnRole.Note, 1);
        if (Has("tinh trang") || Has("trang thai") || Has("ty le") || Has("kho khan") || Has("vuong mac") || Has("danh gia") || Has("muc do hoan thanh") || Has("da thuc hien") || Has("ket qua den nay")) return (ColumnRole.Status, 0.9);
        if (Has("san pham") || Has("ket qua") && !time || Has("dau ra") || Has("minh chung") || Has("ket qua dau ra")) return (ColumnRole.Product, Has("san pham") || Has("dau ra") ? 1 : 0.85);
        if (time && !(Has("noi dung") || Has("nhiem vu") && !Has("han"))) return (ColumnRole.Deadline, Has("ngay") && s.Length > 25 ? 0.6 : 1);
        if (Has("hoan thanh") && !Has("noi dung") && !Has("nhiem vu")) return (ColumnRole.Deadline, 0.85);
        if ((body || Has("giao cho") || Has("phan cong") || Has("trach nhiem")) && !(Has("noi dung") || Has("nhiem vu") && !Has("thuc hien"))) return (ColumnRole.Lead, body && (Has("thuc hien") || Has("tham muu") || Has("trien khai") || Has("trach nhiem")) ? 0.95 : 0.8);
        if (Has("noi dung") || Has("nhiem vu") || Has("cong viec") || Has("giai phap") || Has("hoat dong") || Has("dau viec") || Has("viec") || Has("cong tac") || Has("hang muc") || Has("ten de an") || Has("ten du an") || Has("yeu cau")
            || Has("muc tieu, nhiem vu")) return (ColumnRole.Content, Has("nhiem vu") || Has("noi dung") || Has("cong viec") ? 1 : 0.8);
        if (Has("chi tieu") || Has("muc tieu")) return (ColumnRole.Target, 0.9);
        if (s is "chu tri" or "chinh") return (ColumnRole.Lead, 0.9);
        return (ColumnRole.Unknown, 0);
    }

    private static bool HasWord(string s, string word)
    {
        for (var at = s.IndexOf(word, StringComparison.Ordinal); at >= 0; at = s.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(s[at - 1])) && (end == s.Length || !char.IsLetterOrDigit(s[end]))) return true;
        }

        return false;
    }

    // ---- what the cells say ----

    private sealed record Content(double Filled, double Number, double Agency, double Deadline, double Length, double Documents);

    private static Content Look(SourceTable table, int from, int column)
    {
        var (rows, filled, number, agency, deadline, documents) = (0, 0, 0, 0, 0, 0);
        var length = 0L;
        foreach (var row in table.Rows.Skip(from).Take(60))
        {
            if (column >= row.Cells.Count) continue;
            var cell = row.Cells[column];
            if (row.Cells.Any(c => c.ColumnSpan >= table.Columns - 1 && c.Text.Length > 0)) continue;
            rows++;
            var text = VietnameseText.Clean(cell.Text);
            if (text.Length == 0 && cell.Date is null) continue;
            filled++;
            length += text.Length;
            if (RowNumber.TryRead(text, out _)) number++;
            else if (cell.Date is not null || text.Length <= 80 && DeadlineGrammar.Recognises(text)) deadline++;
            else if (text.Length <= 250 && AgencyNames.LooksLikeAgency(text)) agency++;
            if (text.Length <= 120 && DocumentNumber.TryRead(text) is not null) documents++;
        }

        double Share(int n) => filled == 0 ? 0 : n / (double)filled;
        return new Content(rows == 0 ? 0 : filled / (double)rows, Share(number), Share(agency), Share(deadline), filled == 0 ? 0 : length / (double)filled, Share(documents));
    }

    /// <summary>Puts right what a label alone cannot say, by the cells below it.</summary>
    private static List<Column> Settle(SourceTable table, int from, IReadOnlyList<Column> read)
    {
        var columns = read.ToList();
        Content? At(int i) => Look(table, from, i);

        SettleMatrix(table, from, columns);

        // Headers and cells shifted against each other: dates under the lead, bodies under the deadline, throughout.
        var lead = columns.FindIndex(c => c.Role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator);
        var due = columns.FindIndex(c => c.Role is ColumnRole.Deadline);
        if (lead >= 0 && due >= 0 && At(lead) is { Deadline: > 0.7, Filled: > 0.3 } && At(due) is { Agency: > 0.7, Filled: > 0.3 })
        {
            (columns[lead], columns[due]) = (columns[lead] with { Role = ColumnRole.Deadline, Confidence = 0.6 }, columns[due] with { Role = ColumnRole.Lead, Confidence = 0.6 });
        }

        // "Đơn vị thực hiện" twice: the first leads.
        var leads = columns.FindAll(c => c.Role is ColumnRole.Lead);
        if (leads.Count > 1)
        {
            var keep = leads.OrderByDescending(c => c.Confidence).ThenByDescending(c => At(c.Index)!.Agency).ThenBy(c => c.Index).First();
            foreach (var other in leads.Where(c => c != keep))
            {
                var content = At(other.Index)!;
                columns[other.Index] = other with { Role = content.Agency >= 0.4 && !columns.Exists(c => c.Role is ColumnRole.Coordinator) && other.Index > keep.Index ? ColumnRole.Coordinator : ColumnRole.Unknown, Confidence = 0.5 };
            }
        }

        // Of two time columns, the one about completion counts; "thời gian thực hiện" beside "hạn hoàn thành" is the span.
        var dues = columns.FindAll(c => c.Role is ColumnRole.Deadline);
        if (dues.Count > 1)
        {
            var keep = dues.OrderByDescending(c => Completion().IsMatch(VietnameseText.Fold(c.Header ?? "")) ? 1 : 0).ThenByDescending(c => At(c.Index)!.Deadline * At(c.Index)!.Filled).First();

            // The steps of one time ("Thời gian trình" over "UBND tỉnh | HĐND tỉnh") are read together: the last is the deadline, the others are milestones.
            var steps = keep.Outer is null || Completion().IsMatch(VietnameseText.Fold(keep.Header ?? "")) && !Completion().IsMatch(VietnameseText.Fold(keep.Outer)) ? []
                : dues.FindAll(c => c.Outer == keep.Outer && At(c.Index) is { Deadline: >= 0.5 });
            foreach (var other in dues.Where(c => c != keep && !steps.Contains(c))) columns[other.Index] = other with { Role = ColumnRole.Unknown };
        }

        SettleDocumentTask(table, from, columns, At);
        SettleTask(table, from, columns, At);

        // A product and a target column may both be content of a plan of targets; content itself is never missing.
        if (!columns.Exists(c => c.Role is ColumnRole.Content))
        {
            var candidates = columns.FindAll(c => c.Role is ColumnRole.Unknown or ColumnRole.Target or ColumnRole.Note or ColumnRole.Product)
                .Select(c => (Column: c, Look: At(c.Index)!)).Where(c => c.Look.Length >= 20 && c.Look.Agency < 0.5 && c.Look.Filled > 0.5).ToList();
            var best = candidates.Where(c => c.Column.Role is ColumnRole.Unknown or ColumnRole.Target).OrderByDescending(c => c.Look.Length).FirstOrDefault();
            best = best.Column is null ? candidates.Where(c => c.Column.Role is not ColumnRole.Product).OrderByDescending(c => c.Look.Length).FirstOrDefault() : best;
            if (best.Column is not null) columns[best.Column.Index] = best.Column with { Role = ColumnRole.Content, Confidence = 0.6 };
        }

        // Columns without a label, or with one that says nothing, by their cells.
        foreach (var column in columns.Where(c => c.Role is ColumnRole.Unknown && !c.Unread).ToList())
        {
            var content = At(column.Index)!;
            if (content.Filled < 0.2) continue;
            ColumnRole? role = null;
            if (content.Number > 0.7 && !columns.Exists(c => c.Role is ColumnRole.Number) && column.Index <= 1) role = ColumnRole.Number;
            else if (content.Deadline > 0.6 && !columns.Exists(c => c.Role is ColumnRole.Deadline)) role = ColumnRole.Deadline;
            else if (content.Agency > 0.6 && !columns.Exists(c => c.Role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator)) role = ColumnRole.Lead;
            else if (content.Agency > 0.6 && !columns.Exists(c => c.Role is ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator)) role = ColumnRole.Coordinator;
            if (role is { } found) columns[column.Index] = column with { Role = found, Confidence = 0.6 };
        }

        // No number label, yet a first column of numbers.
        if (!columns.Exists(c => c.Role is ColumnRole.Number) && columns[0].Role is ColumnRole.Unknown && At(0) is { Number: > 0.6 }) columns[0] = columns[0] with { Role = ColumnRole.Number, Confidence = 0.7 };
        return columns;
    }

    /// <summary>A body to a column and "CT" or "PH" in its cells: whom the mark stands for is named by the label. Other marks say nothing about a role and are left alone.</summary>
    private static void SettleMatrix(SourceTable table, int from, List<Column> columns)
    {
        var bodies = columns.FindAll(column => column.Own is { } own && column.Role is not (ColumnRole.Number or ColumnRole.Content or ColumnRole.Deadline or ColumnRole.Period) && AgencyNames.LooksLikeAgency(own) && Marks(column) is { Count: > 0 } marks && marks.TrueForAll(mark => RoleInShort().IsMatch(mark) || IsLeadMark(mark) || IsCoordinatorMark(mark)));
        if (bodies.Count < 2) return;
        var leads = bodies.Exists(column => Marks(column).Exists(IsLeadMark));
        foreach (var column in bodies) columns[column.Index] = column with { Role = leads ? ColumnRole.Agency : ColumnRole.Unknown, Confidence = leads ? 0.9 : 0, Unread = !leads };

        // A body nobody is marked for in the whole table belongs to the matrix too.
        foreach (var column in columns.FindAll(column => leads && column.Own is { } own && column.Role is ColumnRole.Unknown or ColumnRole.Lead && AgencyNames.LooksLikeAgency(own) && Marks(column).Count == 0)) columns[column.Index] = column with { Role = ColumnRole.Agency };

        List<string> Marks(Column column) => [.. table.Rows.Skip(from).Where(row => column.Index < row.Cells.Count && !row.Cells[column.Index].Covered).Select(row => VietnameseText.Clean(row.Cells[column.Index].Text)).Where(text => text.Length > 0 && text is not ("-" or "–"))];
    }

    internal static bool IsLeadMark(string text) => LeadInShort().IsMatch(VietnameseText.Fold(VietnameseText.Clean(text)));

    internal static bool IsCoordinatorMark(string text) => CoordinatorInShort().IsMatch(VietnameseText.Fold(VietnameseText.Clean(text)));

    [GeneratedRegex(@"^\(?(?:c|ct|c\.t|cq ?ct|chu tri|chinh)\)?\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadInShort();

    [GeneratedRegex(@"^\(?(?:p|ph|p\.h|cq ?ph|phoi hop|tham gia)\)?\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex CoordinatorInShort();

    [GeneratedRegex(@"^(?:[xXvV✓✔√+●•☑*]|\p{Lu}{1,3})$", RegexOptions.None, TimeLimit)]
    private static partial Regex RoleInShort();

    /// <summary>
    /// "Tên văn bản", "Nhiệm vụ theo Nghị quyết số …", "Sản phẩm": a document or a result in the label makes a column a basis or a product
    /// beside a task column. Where the table assigns something to somebody and has no task column, it is what is assigned.
    /// </summary>
    private static void SettleDocumentTask(SourceTable table, int from, List<Column> columns, Func<int, Content?> look)
    {
        if (columns.Exists(c => c.Role is ColumnRole.Content)) return;

        // A list of documents in force has their numbers and who issued them; nothing in it is assigned.
        if (columns.Exists(c => DocumentList().IsMatch(VietnameseText.Fold(c.Header ?? "")))) return;
        var assigned = columns.Count(c => c.Role is ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator || c.Role is ColumnRole.Lead && Assigns().IsMatch(VietnameseText.Fold(c.Header ?? "")));
        var dated = columns.Exists(c => c.Role is ColumnRole.Deadline or ColumnRole.Period);
        var best = columns.Where(MayBeTask).OrderByDescending(c => BeginsTask(c)).ThenByDescending(c => c.Role is ColumnRole.Basis).ThenByDescending(c => look(c.Index)!.Length).FirstOrDefault();
        if (best is null) return;

        // Another column of longer texts, of no such label, is rather the task.
        var length = look(best.Index)!.Length;
        var isSure = BeginsTask(best) && (best.Role is ColumnRole.Basis || StartsWithWork().IsMatch(VietnameseText.Fold(best.Header)));
        if (!isSure && columns.Exists(c => c.Role is ColumnRole.Unknown or ColumnRole.Target && look(c.Index) is { Filled: > 0.5, Agency: < 0.5, Deadline: < 0.5 } other && other.Length > length)) return;
        columns[best.Index] = best with { Role = ColumnRole.Content, Confidence = 0.7, NamesTask = true };

        bool MayBeTask(Column column)
        {
            var label = VietnameseText.Fold(column.Header ?? "");
            if (column.Role is not (ColumnRole.Basis or ColumnRole.Product) || NamesBasis().IsMatch(label)) return false;
            var begins = BeginsTask(column);
            if (!begins && FormOfDocument().IsMatch(label)) return false;
            if (assigned + (dated ? 1 : 0) < (begins && StartsWithWork().IsMatch(label) ? 1 : 2) || assigned == 0 && !dated) return false;
            if (assigned == 0 && HasWord(label, "van ban")) return false;
            return look(column.Index) is { Filled: > 0.5, Agency: < 0.5, Number: < 0.5, Deadline: < 0.5 } cells && cells.Length >= (begins ? 10 : 20)
                && (StartsWithWork().IsMatch(label) || cells.Documents < 0.7) && AreDistinct(column.Index);
        }

        bool BeginsTask(Column column) => StartsWithTask().IsMatch(VietnameseText.Fold(column.Header ?? ""));

        bool AreDistinct(int column)
        {
            var texts = table.Rows.Skip(from).Where(row => column < row.Cells.Count && !row.Cells[column].Covered).Select(row => VietnameseText.Fold(VietnameseText.Clean(row.Cells[column].Text)))
                .Where(text => text.Length > 0).ToList();
            return texts.Distinct(StringComparer.Ordinal).Count() * 3 >= texts.Count * 2;
        }
    }

    [GeneratedRegex(@"^(cac |danh muc )?(nhiem vu|noi dung|cong viec|dau viec|ten)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex StartsWithTask();

    [GeneratedRegex(@"^(cac )?(noi dung )?(nhiem vu|cong viec|dau viec)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex StartsWithWork();

    [GeneratedRegex(@"\b(can cu|van ban giao|van ban chi dao|co so phap ly|nguon nhiem vu|xuat xu|nguon goc|tham chieu|trich dan|tuong ung)\b|^(theo|thuc hien) ", RegexOptions.None, TimeLimit)]
    private static partial Regex NamesBasis();

    [GeneratedRegex(@"^(hinh thuc|loai)\b|\b(ket qua|minh chung)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex FormOfDocument();

    [GeneratedRegex(@"\b(ky hieu|so hieu|so van ban|so qd|so quyet dinh|ngay thang nam ban hanh|ngay co hieu luc|hieu luc)\b|^so$", RegexOptions.None, TimeLimit)]
    private static partial Regex DocumentList();

    [GeneratedRegex(@"\b(chu tri|thuc hien|tham muu|soan thao|trinh|giao|trach nhiem|dau moi|phu trach|phan cong|xay dung|thuong truc|trien khai)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Assigns();

    /// <summary>
    /// "Nhiệm vụ | Hoạt động cụ thể", "Nhóm nhiệm vụ | Nhiệm vụ": where the cells of one column stand for several rows (merged, repeated or
    /// left empty) and those of a column to the right of it differ in each, the right one holds the tasks and the left one their group.
    /// </summary>
    private static void SettleTask(SourceTable table, int from, List<Column> columns, Func<int, Content?> look)
    {
        while (columns.Find(c => c.Role is ColumnRole.Content) is { } content)
        {
            var finer = columns.FirstOrDefault(c => c.NamesTask && c.Index > content.Index && c.Role is ColumnRole.Note or ColumnRole.Unknown
                && look(c.Index) is { Filled: > 0.5, Length: >= 12, Agency: < 0.5, Number: < 0.5, Deadline: < 0.5 } && IsFiner(content, c));
            if (finer is null) break;
            columns[content.Index] = content with { Role = ColumnRole.Category };
            columns[finer.Index] = finer with { Role = ColumnRole.Content };
        }

        if (columns.Find(c => c.Role is ColumnRole.Content) is not { } task) return;

        // "Lĩnh vực", "Trụ cột", "Nhóm": a label of no other meaning over cells that stand for several rows.
        foreach (var column in columns.Where(c => c.Index < task.Index && (c.Role is ColumnRole.Unknown && c.Header is not null || c.NamesTask)).ToList())
        {
            if (look(column.Index) is { Filled: > 0, Length: >= 3 and <= 160, Agency: < 0.5, Number: < 0.3, Deadline: < 0.3 } && StandsForMore(table, from, columns, column.Index, task.Index) is { Rows: > 0 })
            {
                columns[column.Index] = column with { Role = ColumnRole.Category };
            }
        }

        bool IsFiner(Column left, Column right)
        {
            var (rows, all, merged) = StandsForMore(table, from, columns, left.Index, right.Index);
            var back = StandsForMore(table, from, columns, right.Index, left.Index);
            if (rows > back.Rows && (merged || rows * 5 >= all)) return true;

            // One to one: the label says which is the group, or the short titles beside whole sentences do.
            if (rows > 0 || back.Rows > 0) return false;
            var (outer, inner) = (VietnameseText.Fold(left.Header), VietnameseText.Fold(right.Header));
            var (shorter, longer) = (look(left.Index)!.Length, look(right.Index)!.Length);
            return shorter < longer && (HasWord(outer, "nhom") && !HasWord(inner, "nhom") || HasWord(inner, "cu the") && !HasWord(outer, "cu the") && !HasWord(outer, "ten"));
        }
    }

    /// <summary>Rows in which a cell of one column goes on (merged down, repeated, or left empty) while the other column says something new.</summary>
    private static (int Rows, int All, bool Merged) StandsForMore(SourceTable table, int from, List<Column> columns, int column, int other)
    {
        var (rows, all, merged) = (0, 0, false);
        var (last, lastOther) = ("", "");
        foreach (var row in table.Rows.Skip(from))
        {
            if (other >= row.Cells.Count || column >= row.Cells.Count || row.Cells.Any(c => c.ColumnSpan >= Math.Max(2, table.Columns - 2) && c.Text.Length > 0)) { (last, lastOther) = ("", ""); continue; }
            var (here, beside) = (row.Cells[column], row.Cells[other]);
            var said = VietnameseText.Fold(VietnameseText.Clean(beside.Text));

            // Only a row with who, when or a number of its own is one of several; the rest of it is a part or the rest of the row above.
            var isRow = columns.Any(c => c.Role is ColumnRole.Number or ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Coordinator or ColumnRole.Deadline or ColumnRole.Period
                && c.Index < row.Cells.Count && (row.Cells[c.Index].Text.Length > 0 || row.Cells[c.Index].Date is not null));
            if (beside.Covered || said.Length == 0 || !isRow) continue;
            var text = VietnameseText.Fold(VietnameseText.Clean(here.Covered ? "" : here.Text));
            all++;
            if (said != lastOther && last.Length > 0 && (text.Length == 0 || text == last))
            {
                rows++;
                merged |= here.Covered && here.CoveredFrom is { Length: > 0 };
            }

            lastOther = said;
            if (text.Length > 0) last = text;
        }

        return (rows, all, merged);
    }

    private static MappedTable WithoutHeader(SourceTable table, string? heading)
    {
        var columns = Enumerable.Range(0, table.Columns).Select(c => new Column(c, ColumnRole.Unknown, null, 0)).ToList();
        var looks = columns.ConvertAll(c => Look(table, 0, c.Index));
        if (table.Columns >= 3 && table.Rows.Count >= 2)
        {
            if (looks[0] is { Number: > 0.6, Filled: > 0.4 }) columns[0] = columns[0] with { Role = ColumnRole.Number, Confidence = 0.7 };
            int Best(Func<Content, double> by, double least)
            {
                var at = -1;
                for (var i = 0; i < looks.Count; i++)
                {
                    if (columns[i].Role is ColumnRole.Unknown && looks[i].Filled > 0.2 && by(looks[i]) > least && (at < 0 || by(looks[i]) > by(looks[at]))) at = i;
                }

                return at;
            }

            var due = Best(look => look.Deadline, 0.5);
            if (due >= 0) columns[due] = columns[due] with { Role = ColumnRole.Deadline, Confidence = 0.6 };
            var content = Best(look => look.Length * (1 - look.Agency), 15);
            if (content >= 0) columns[content] = columns[content] with { Role = ColumnRole.Content, Confidence = 0.6 };
            var agencies = Enumerable.Range(0, looks.Count).Where(i => columns[i].Role is ColumnRole.Unknown && looks[i].Agency > 0.5 && looks[i].Filled > 0.2).ToList();
            if (agencies.Count > 0) columns[agencies[0]] = columns[agencies[0]] with { Role = ColumnRole.Lead, Confidence = 0.6 };
            if (agencies.Count > 1) columns[agencies[1]] = columns[agencies[1]] with { Role = ColumnRole.Coordinator, Confidence = 0.6 };
            var basis = Best(look => look.Documents, 0.5);
            if (basis >= 0) columns[basis] = columns[basis] with { Role = ColumnRole.Basis, Confidence = 0.5 };
            var product = Best(look => look.Length, 8);
            if (product >= 0 && content >= 0 && product > content) columns[product] = columns[product] with { Role = ColumnRole.Product, Confidence = 0.5 };
        }

        var isTasks = columns.Exists(c => c.Role is ColumnRole.Content) && columns.Exists(c => c.Role is ColumnRole.Lead) && (columns.Exists(c => c.Role is ColumnRole.Deadline) || columns.Exists(c => c.Role is ColumnRole.Number));
        var kind = isTasks ? TableKinds.Tasks : Named(table) ?? TableKinds.Other;
        return new MappedTable(table, columns, 0, kind == TableKinds.Tasks, kind, false, heading ?? table.Title);
    }

    // ---- kinds of tables ----

    private static string KindOf(SourceTable table, int from, List<Column> columns, string? heading)
    {
        if (Named(table) is { } named) return named;
        var roles = columns.Select(c => c.Role).ToHashSet();
        var who = roles.Contains(ColumnRole.Agency) || roles.Contains(ColumnRole.Lead) || roles.Contains(ColumnRole.LeadAndCoordinator) || roles.Contains(ColumnRole.Coordinator);
        var when = roles.Contains(ColumnRole.Deadline) || roles.Contains(ColumnRole.Period);
        var what = roles.Contains(ColumnRole.Content);
        var title = VietnameseText.Fold((heading ?? "") + " " + (table.Title ?? ""));
        var people = columns.Count(c => c.Role is ColumnRole.Person or ColumnRole.Contact);
        if (columns.Exists(c => Glossary().IsMatch(VietnameseText.Fold(c.Header ?? ""))) && !(who && when)) return TableKinds.Other;
        if (people >= 2 && !(what && when)) return TableKinds.People;
        if (people >= 1 && !when && (!what || table.Rows.Skip(from).All(row => row.Cells.All(cell => cell.Text.Length < 60)))) return TableKinds.People;
        if (columns.Count(c => c.Role is ColumnRole.Quantity) >= 2 && !(who && when)) return TableKinds.Equipment;
        var body = table.Rows.Skip(from).ToList();
        var content = columns.Find(c => c.Role is ColumnRole.Content);
        if (content is not null)
        {
            var texts = body.Select(row => content.Index < row.Cells.Count ? row.Cells[content.Index] : SourceCell.Empty).Select(cell => cell.Text.Trim('.', '…', ' ', '-')).ToList();
            var written = texts.Count(text => text.Length > 3);
            if (written == 0 || FormTitle().IsMatch(title) && written * 3 < texts.Count) return TableKinds.Form;

            // A form repeats the task headers and leaves who, when and product to be filled in, with columns of results beside them.
            if (roles.Contains(ColumnRole.Status) && FormTitle().IsMatch(title)) return TableKinds.Form;
        }

        if (FormTitle().IsMatch(title) && !(what && who && when)) return TableKinds.Form;
        if (columns.Exists(c => c.Role is ColumnRole.Quantity) && (roles.Contains(ColumnRole.Target) || what && IsTargetLabel(content?.Header)) && !roles.Contains(ColumnRole.Deadline)) return TableKinds.Targets;
        if (columns.Count(c => c.Role is ColumnRole.Budget) >= 2 && !(who && when)) return TableKinds.Budget;
        if (roles.Contains(ColumnRole.Budget) && !when && !who) return TableKinds.Budget;
        if (columns.Exists(c => c.Role is ColumnRole.Quantity) && !when) return TableKinds.Equipment;
        if (what && (who || when || roles.Contains(ColumnRole.Product))) return people >= 1 && !when && !who ? TableKinds.People : TableKinds.Tasks;
        if (roles.Contains(ColumnRole.Target) && (roles.Contains(ColumnRole.Period) || !who)) return TableKinds.Targets;
        return TableKinds.Other;
    }

    [GeneratedRegex(@"\b(viet tat|giai thich tu ngu|thuat ngu)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Glossary();

    private static bool IsTargetLabel(string? header) => header is not null && HasWord(VietnameseText.Fold(header), "chi tieu");

    /// <summary>Header, signature and recipients are laid out as tables in every official document.</summary>
    private static string? Named(SourceTable table)
    {
        if (table.Columns > 4 || table.Rows.Count > 12) return null;
        var text = VietnameseText.Fold(string.Join(' ', table.Rows.SelectMany(row => row.Cells).Where(cell => !cell.Covered).Select(cell => cell.Text)));
        if (text.Contains("noi nhan", StringComparison.Ordinal) && text.Length < 3_000) return TableKinds.Signature;
        if (text.Contains("cong hoa xa hoi", StringComparison.Ordinal) || text.Contains("dang cong san viet nam", StringComparison.Ordinal)) return TableKinds.Header;
        return SignatureText().IsMatch(text) && text.Length < 400 ? TableKinds.Signature : null;
    }

    [GeneratedRegex(@"^(s\.? ?t\.? ?t|t\.? ?t|so ?t ?t|so thu tu|thu tu|no|#|stt/ma so|so|sst)$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberLabel();

    [GeneratedRegex(@"^\(?\s*(\d{1,2}|[A-E]|[a-e])\s*\)?$|^\(?\d{1,2}\)?\s*[=+]\s*[\d+\-*/()= ]+$", RegexOptions.None, TimeLimit)]
    private static partial Regex ColumnNumber();

    [GeneratedRegex(@"^(nam\s*)?20\d{2}$|^(quy|q)\s*\.?(iv|i{1,3}|[1-4])([/.\s-]*(nam\s*)?20\d{2})?$|^(thang|t)\s*\.?\d{1,2}([/.\s-]*(nam\s*)?20\d{2})?$|^20\d{2}\s*-\s*20\d{2}$", RegexOptions.None, TimeLimit)]
    private static partial Regex PeriodLabel();

    [GeneratedRegex(@"hoan thanh|ket thuc|den han|\bhan\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Completion();

    [GeneratedRegex(@"\b(bieu mau|mau bao cao|mau so|mau \d|mau bieu|de cuong bao cao|bieu tong hop|mau)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex FormTitle();

    [GeneratedRegex(@"\b(tm\.|kt\.|tl\.|tuq\.|t/m|k/t)\s|\b(chu tich|pho chu tich|giam doc|bi thu)\b.*$", RegexOptions.None, TimeLimit)]
    private static partial Regex SignatureText();
}

internal static class TableKinds
{
    public const string Tasks = "tasks";
    public const string Header = "header";
    public const string Signature = "signature";
    public const string People = "people";
    public const string Equipment = "equipment";
    public const string Budget = "budget";
    public const string Form = "form";
    public const string Targets = "targets";
    public const string Other = "other";
}

internal enum NumberKind { Roman, Letter, Decimal, SmallLetter, Bullet, Code }

/// <summary>A row number as written: "II.", "A", "5.", "1.2", "a)", "-", "NV-05", "II.3".</summary>
internal readonly partial record struct RowNumber(NumberKind Kind, string Text, IReadOnlyList<int> Parts)
{
    private const int TimeLimit = 2_000;

    /// <summary>Bigger is deeper; letters and bullets hang below what stands above them.</summary>
    public int Depth => Kind switch { NumberKind.Letter => 0, NumberKind.Roman => 1, NumberKind.Decimal or NumberKind.Code => 1 + Parts.Count, NumberKind.SmallLetter => 20, _ => 30 };

    public static bool TryRead(string? text, out RowNumber number)
    {
        number = default;
        var clean = VietnameseText.Clean(text).Trim();
        if (clean.Length is 0 or > 14) return false;

        // A narrow column breaks "III" over two lines.
        if (BrokenRoman().IsMatch(clean)) clean = clean.Replace(" ", "", StringComparison.Ordinal);
        var match = Shape().Match(clean);
        if (!match.Success) return false;
        if (match.Groups["decimal"].Success)
        {
            var parts = match.Groups["decimal"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part.Trim(), CultureInfo.InvariantCulture)).ToList();
            number = new RowNumber(NumberKind.Decimal, string.Join('.', parts), parts);
        }
        else if (match.Groups["roman"].Success)
        {
            number = new RowNumber(NumberKind.Roman, match.Groups["roman"].Value, [FromRoman(match.Groups["roman"].Value)]);
        }
        else if (match.Groups["letter"].Success)
        {
            number = new RowNumber(NumberKind.Letter, match.Groups["letter"].Value, [match.Groups["letter"].Value[0] - 'A' + 1]);
        }
        else if (match.Groups["small"].Success)
        {
            number = new RowNumber(NumberKind.SmallLetter, match.Groups["small"].Value, ["abcdđeghiklmnopqrstuvxy".IndexOf(match.Groups["small"].Value[^1], StringComparison.Ordinal) + 1]);
        }
        else if (match.Groups["bullet"].Success)
        {
            number = new RowNumber(NumberKind.Bullet, "-", []);
        }
        else
        {
            var parts = Digits().Matches(match.Groups["code"].Value).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
            number = new RowNumber(NumberKind.Code, match.Groups["code"].Value, parts);
        }

        return true;
    }

    public static int FromRoman(string roman)
    {
        var total = 0;
        var last = 0;
        foreach (var c in roman.Reverse())
        {
            var value = c switch { 'I' => 1, 'V' => 5, 'X' => 10, 'L' => 50, _ => 100 };
            total += value < last ? -value : value;
            last = Math.Max(last, value);
        }

        return total;
    }

    [GeneratedRegex(@"^(?:(?<decimal>\d{1,3}(?:\s?\.\s?\d{1,3})*)\s*[.)/]?|\(?(?<roman>[IVX]{1,6})\s*[.)/\-]?|(?<letter>[A-HK-Z])\s*[.)]?|(?<small>\d{0,2}[a-zđ])\s*[.)]?|(?<bullet>[-–+*•·])|(?<code>(?:[IVX]{1,5}|[A-Z]{1,4})\s?[.\-]\s?\d{1,3}(?:\.\d{1,3})*))$", RegexOptions.None, TimeLimit)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^[IVX]+(?: [IVX]+)+\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex BrokenRoman();

    [GeneratedRegex(@"\d+", RegexOptions.None, TimeLimit)]
    private static partial Regex Digits();
}
