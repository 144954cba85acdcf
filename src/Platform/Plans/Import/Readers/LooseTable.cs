using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>A line of words as it stands on paper or in a text file; in a text file one character is one unit wide and a line one unit high.</summary>
internal sealed record LooseLine(int Page, double Y0, double Y1, IReadOnlyList<PageWord> Words, int At)
{
    public double Height => Y1 - Y0;

    public double X0 => Words[0].X0;

    public double X1 => Words[^1].X1;

    public string Text => string.Join(' ', Words.Select(word => word.Text));
}

/// <summary>
/// A table nobody drew lines for. Its columns are the strips its lines leave white, page by page; its rows are found by weighing every way to cut
/// the lines: each row holds one number, the number stands at the top or in the middle of it, contents begin with a capital, gaps lie between rows.
/// </summary>
internal static partial class LooseTable
{
    private const int TimeLimit = 2_000;
    private const int HeaderLinesMax = 5;
    private const int RowLinesMax = 70;
    private const double Impossible = 1e9;

    /// <summary>So many spaces side by side are no space between words.</summary>
    private const double Wide = 1.9;

    /// <summary>Where columns are cut on one page, and the labels they got.</summary>
    /// <param name="Number">The column of the row numbers; a merged lead may stand before it.</param>
    /// <param name="Last">Number of the last row read: what follows it overleaf is the same table going on.</param>
    /// <param name="FillsDown">Columns before the number name what the rows below share until the next name.</param>
    public sealed record Grid(IReadOnlyList<double> Cuts, IReadOnlyList<string> Header, int Number = 0, int? Last = null, bool FillsDown = false)
    {
        /// <summary>What each column holds, as its label says.</summary>
        public IReadOnlyList<ColumnRole> Roles { get; init; } = [];

        public ColumnRole Role(int column) => column < Roles.Count ? Roles[column] : ColumnRole.Unknown;

        public int Columns => Cuts.Count + 1;
    }

    /// <param name="Next">The first line after the table.</param>
    public sealed record Found(IReadOnlyList<Row> Rows, Grid Grid, int Next, int Columns);

    /// <param name="Spans">The one text of the row runs over all columns: a title.</param>
    /// <param name="SharedBefore">The first cells up to here, where empty, are those of the row above: a merged lead written once.</param>
    public sealed record Row(int Page, IReadOnlyList<IReadOnlyList<LooseLine>> Cells, bool Spans, bool IsHeader, int SharedBefore = 0);

    /// <param name="space">Width of a space; a gap wider than two of them separates cells on a line.</param>
    /// <param name="before">Columns of the same table on the page before: the lines go on with it, perhaps without a header of their own.</param>
    public static Found? Read(IReadOnlyList<LooseLine> lines, int at, double space, Grid? before)
    {
        var header = HeaderEnd(lines, at, space);
        if (before is not null && header > at)
        {
            // Printed again, the header is as long as it was; what follows it in small letters is the rest of a row.
            var same = 0;
            while (same < before.Header.Count && at + same < header && VietnameseText.Fold(lines[at + same].Text) == before.Header[same]) same++;
            if (same > 0) header = at + same;
            else if (before.Header.Count > 0) header = Math.Min(header, at + before.Header.Count);
        }

        if (header <= at && before is null) return null;
        var from = Math.Max(at, header);
        var end = End(lines, from, space);
        if (end - from < (before is null ? 2 : 1)) return null;
        var grid = Columns(lines, at, from, end, space, before);
        if (grid is null || grid.Columns < 3) return null;

        HeaderRowOf(lines, at, header, space, ref grid, out var top);
        var split = new List<Split>();
        for (var i = from; i < end; i++) split.Add(Cut(lines[i], grid, space, Starts(lines, from, end, i, space)));
        var stop = Prose(split, lines, from, grid, space);
        if (stop < split.Count)
        {
            split.RemoveRange(stop, split.Count - stop);
            end = from + stop;
            if (end - from < (before is null ? 2 : 1)) return null;
        }

        var rows = Rows(split, grid, space);
        grid = Shared(rows, grid, before is null);
        if (top is not null) rows.Insert(0, top);
        return new Found(rows, grid, end, grid.Columns);
    }

    private static void HeaderRowOf(IReadOnlyList<LooseLine> lines, int at, int header, double space, ref Grid grid, out Row? row)
    {
        row = header > at ? HeaderRow(lines, at, header, grid, space) : null;
        if (row is null) return;
        var labels = row.Cells.Select(cell => TableMapping.RoleOf(string.Join(' ', cell.Select(line => line.Text))).Role).ToList();
        grid = grid with { Number = Math.Max(0, labels.IndexOf(ColumnRole.Number)), Roles = labels };
    }

    /// <summary>Notes the last number, and which rows take the columns before their number from the row above.</summary>
    private static Grid Shared(List<Row> rows, Grid grid, bool isFirst)
    {
        int? NumberOf(Row row) => row.Cells[grid.Number].Count == 1 && PlainNumber().Match(row.Cells[grid.Number][0].Text) is { Success: true } digits
            ? int.Parse(digits.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : null;
        var fillsDown = grid.FillsDown;
        if (isFirst && grid.Number > 0 && rows.Find(row => NumberOf(row) is not null) is { } first) fillsDown = first.Cells[grid.Number - 1].Count > 0;
        for (var r = 0; fillsDown && r < rows.Count; r++)
        {
            // A name of two lines beside a row of one reaches into the next row.
            for (var c = 0; c < grid.Number && r > 0 && !rows[r].Spans && !rows[r - 1].Spans; c++)
            {
                if (rows[r].Cells[c].Count == 0 || rows[r - 1].Cells[c].Count == 0 || !char.IsLower(rows[r].Cells[c][0].Text[0]) && !rows[r - 1].Cells[c][^1].Text.EndsWith(" và", StringComparison.Ordinal)) continue;
                rows[r - 1] = rows[r - 1] with { Cells = [.. rows[r - 1].Cells.Select((cell, at) => at == c ? [.. cell, .. rows[r].Cells[c]] : cell)] };
                rows[r] = rows[r] with { Cells = [.. rows[r].Cells.Select((cell, at) => at == c ? [] : cell)] };
            }

            if (!rows[r].Spans && (r == 0 ? !isFirst : !rows[r - 1].Spans)) rows[r] = rows[r] with { SharedBefore = grid.Number };
        }

        return grid with { FillsDown = fillsDown, Last = rows.Select(NumberOf).LastOrDefault(number => number is not null) ?? grid.Last };
    }

    /// <summary>The first line after a table that goes on with its numbers in columns: rows nobody read.</summary>
    public static LooseLine? Unread(IReadOnlyList<LooseLine> lines, int at, double space, Grid grid)
    {
        for (var i = at; i < lines.Count; i++)
        {
            if (HeaderEnd(lines, i, space) > i) return null;
            if (CarriesOn(lines[i], space, grid)) return lines[i];
        }

        return null;
    }

    /// <summary>Whether the line opens the row that follows the last one read.</summary>
    private static bool CarriesOn(LooseLine line, double space, Grid grid)
    {
        if (grid.Last is not { } last) return false;
        var pieces = Segments(line, Wide * space);
        return pieces.Count >= 3 && pieces.Take(grid.Number + 1).Any(piece => PlainNumber().Match(piece.Text) is { Success: true } digits && int.Parse(digits.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) == last + 1);
    }

    /// <summary>The lines of a cell as one text: what was broken only because the column ended is joined, a break somebody made is kept.</summary>
    public static string Say(IReadOnlyList<LooseLine> lines, double widest, double space)
    {
        var text = "";
        for (var i = 0; i < lines.Count; i++)
        {
            var next = lines[i].Text;
            if (i == 0) { text = next; continue; }
            var full = lines[i - 1].X1 - lines[i - 1].X0 + space + lines[i].Words[0].Width > widest + (0.5 * space);
            var broken = text[^1] is '-' or '/' && text.Length >= 2 && !char.IsWhiteSpace(text[^2]) && char.IsLetterOrDigit(next[0]);
            var point = ListPoint().IsMatch(next) && !char.IsLower(next.TrimStart('-', '+', '•', ' ').FirstOrDefault('a'));
            if (SourceText.BreaksNumber(text, next)) { text += next; continue; }
            text += (full || char.IsLower(next[0])) && !point ? (broken ? "" : " ") + next : "\n" + next;
        }

        return text;
    }

    // ---- header -------------------------------------------------------------------------------------------------------------

    /// <summary>The line after the header when one begins here; otherwise <paramref name="at"/>.</summary>
    public static int HeaderEnd(IReadOnlyList<LooseLine> lines, int at, double space, bool numbered = false)
    {
        // A title in capitals right above the labels is none of them.
        if (Segments(lines[at], Wide * space) is [{ Text: var only }] && (!only.Any(char.IsLower) && only.Contains(' ', StringComparison.Ordinal) || only[0] is '(') && at + 1 < lines.Count
            && lines[at + 1].Page == lines[at].Page && HeaderEnd(lines, at + 1, space, numbered) > at + 1) return at;
        for (var count = 1; count <= HeaderLinesMax && at + count <= lines.Count; count++)
        {
            var last = lines[at + count - 1];
            if (count > 1 && (last.Page != lines[at].Page || last.Y0 - lines[at + count - 2].Y1 > 0.9 * last.Height)) return at;
            var pieces = Segments(last, Wide * space);
            if (pieces is [var alone] && IsProse(alone)) return at;
            if (count == 1 && pieces.Count < 2 && !IsLabel(pieces[0].Text) && !NumberPart().IsMatch(pieces[0].Text)) return at;
            if (pieces.Exists(piece => piece.Text.Length > 48) || RowNumber.TryRead(pieces[0].Text, out _) && pieces[0].Text.Any(char.IsDigit)) return at;
            if (count == 1 && pieces.Exists(piece => !char.IsUpper(piece.Text[0]))) return at;
            var labels = Labelled(lines, at, at + count, space);
            var all = labels.SelectMany(line => line).Select(piece => piece.Text).ToList();
            if (BrokenNumber(labels) is { } broken)
            {
                // "ST" over "T": a narrow column broke the label of the number.
                foreach (var part in broken) all.Remove(part);
                all.Add("STT");
            }

            var roles = all.Where(text => char.IsUpper(text[0])).Select(text => TableMapping.RoleOf(text).Role).Where(role => role is not ColumnRole.Unknown).ToHashSet();
            var number = roles.Contains(ColumnRole.Number);
            var what = roles.Contains(ColumnRole.Content);
            var who = roles.Contains(ColumnRole.Lead) || roles.Contains(ColumnRole.LeadAndCoordinator) || roles.Contains(ColumnRole.Coordinator);
            if (roles.Count < 3 || !(number && (what || who) || what && who && !numbered) || all.Count < 3) continue;
            if (!number && all.Exists(text => text.Length > 36 || DeadlineGrammar.Recognises(text) || TableMapping.RoleOf(text).Role is ColumnRole.Unknown)) continue;

            // What the labels broke over lines leaves below: "thực hiện", "hoàn thành", the second row of a header of two.
            var end = at + count;
            while (end < lines.Count && end < at + HeaderLinesMax + 1 && lines[end].Page == lines[at].Page && lines[end].Y0 - lines[end - 1].Y1 <= 0.9 * lines[end].Height && (GoesOnAsHeader(lines[end], space) || EndsNumber(lines, at, end, space))) end++;
            return end;
        }

        return at;
    }

    /// <summary>The parts of the label of the number column when it is broken over lines: "ST" and "T", "Số" and "TT".</summary>
    private static List<string>? BrokenNumber(List<List<LooseLine>> labels)
    {
        var parts = labels.SelectMany(line => line).Where(piece => NumberPart().IsMatch(piece.Text)).ToList();
        if (parts.Count < 2 || parts.Exists(part => part.X0 > parts.Min(other => other.X1) + 2 * (parts[0].X1 - parts[0].X0))) return null;
        return TableMapping.RoleOf(string.Concat(parts.Select(part => part.Text))).Role is ColumnRole.Number ? parts.ConvertAll(part => part.Text) : null;
    }

    private static bool EndsNumber(IReadOnlyList<LooseLine> lines, int at, int end, double space)
    {
        var pieces = Segments(lines[end], Wide * space);
        return NumberPart().IsMatch(pieces[0].Text) && pieces.Skip(1).All(piece => char.IsLower(piece.Text[0])) && BrokenNumber(Labelled(lines, at, end, space)) is null
            && BrokenNumber(Labelled(lines, at, end + 1, space)) is not null;
    }

    /// <summary>
    /// The labels on each line of a header. Two that stand one space apart are parted where a capital begins the second and both halves, each with what
    /// stands under it, name a column of their own.
    /// </summary>
    private static List<List<LooseLine>> Labelled(IReadOnlyList<LooseLine> lines, int at, int end, double space)
    {
        var labels = new List<List<LooseLine>>();
        for (var i = at; i < end; i++)
        {
            var open = new Stack<LooseLine>(Enumerable.Reverse(Segments(lines[i], Wide * space)));
            var made = new List<LooseLine>();
            while (open.TryPop(out var piece))
            {
                if (Part(piece, lines, i, end, space) is not { } k) { made.Add(piece); continue; }
                made.Add(piece with { Words = [.. piece.Words.Take(k)] });
                open.Push(piece with { Words = [.. piece.Words.Skip(k)] });
            }

            labels.Add(made);
        }

        // The parts of "STT" stand one above the other, though the second is narrower than the first and stands beside its end.
        if (BrokenNumber(labels) is not null)
        {
            var parts = labels.SelectMany(line => line).Where(piece => NumberPart().IsMatch(piece.Text)).ToList();
            var (left, right) = (parts.Min(part => part.X0), parts.Max(part => part.X1));
            labels = labels.ConvertAll(line => line.ConvertAll(piece => NumberPart().IsMatch(piece.Text) ? piece with { Words = [piece.Words[0] with { X0 = left, X1 = right, Text = piece.Text }] } : piece));
        }

        return labels;
    }

    private static int? Part(LooseLine piece, IReadOnlyList<LooseLine> lines, int at, int end, double space)
    {
        for (var k = 1; k < piece.Words.Count; k++)
        {
            var (before, next) = (piece.Words[k - 1].Text, piece.Words[k].Text);
            if (next.Length < 2 || !char.IsUpper(next[0]) || !char.IsLower(next[1]) || char.IsUpper(before[0]) || before[^1] is ',' or ';' or '/' or '-' or '(') continue;
            var under = Enumerable.Range(at + 1, Math.Max(0, end - at - 1)).SelectMany(i => Segments(lines[i], Wide * space)).Where(other => other.X1 > piece.X0 && other.X0 < piece.X1).ToList();
            var bound = piece.Words[k].X0;
            string Whole(IEnumerable<PageWord> words, bool isLeft) => string.Join(' ', words.Select(word => word.Text).Concat(under.Where(other => (other.X0 + other.X1) / 2 < bound == isLeft).Select(other => other.Text)));
            var (left, right) = (TableMapping.RoleOf(Whole(piece.Words.Take(k), true)).Role, TableMapping.RoleOf(Whole(piece.Words.Skip(k), false)).Role);
            if (left is not ColumnRole.Unknown && right is not ColumnRole.Unknown && left != right) return k;
        }

        return null;
    }

    /// <summary>A line without columns that ends a sentence or opens a section stands above the labels and is none, though it speaks of targets or of time.</summary>
    private static bool IsProse(LooseLine line) => line.Words.Count >= 3 && line.Text[^1] is ('.' or ';' or ':') || SectionTitle().IsMatch(line.Text);

    private static bool IsLabel(string text) => text.Length <= 48 && TableMapping.RoleOf(text).Role is not ColumnRole.Unknown;

    private static bool GoesOnAsHeader(LooseLine line, double space)
    {
        var pieces = Segments(line, Wide * space);
        if (pieces.TrueForAll(piece => ColumnIndex().IsMatch(piece.Text)) && pieces.Count >= 3) return true;
        if (pieces.Exists(piece => piece.Text.Length > 40) || RowNumber.TryRead(pieces[0].Text, out _)) return false;
        return pieces.TrueForAll(piece => char.IsLower(piece.Text[0]) && !piece.Text.EndsWith('.') || pieces.Count > 1 && IsLabel(piece.Text) && piece.Text.Length < 30);
    }

    private static Row HeaderRow(IReadOnlyList<LooseLine> lines, int at, int header, Grid grid, double space)
    {
        var cells = Enumerable.Range(0, grid.Columns).Select(_ => new List<LooseLine>()).ToList();
        var labels = Labelled(lines, at, header, space);
        for (var i = at; i < header; i++)
        {
            if (labels[i - at] is { Count: >= 3 } index && index.TrueForAll(piece => ColumnIndex().IsMatch(piece.Text))) continue;
            foreach (var piece in labels[i - at])
            {
                // A label over several columns, each with a label of its own below, is the upper half of a header of two rows; the lower half says more.
                var (first, last) = (grid.Cuts.Count(cut => cut < piece.X0 + (0.3 * space)), grid.Cuts.Count(cut => cut < piece.X1 - (0.3 * space)));
                if (last > first && Enumerable.Range(first, last - first + 1).All(column => lines.Skip(i + 1).Take(header - i - 1).Any(below => Begins(below, column, grid)))) continue;
                var middle = grid.Cuts.Count(cut => cut < (piece.X0 + piece.X1) / 2);
                var isWhole = last == first || !Enumerable.Range(i + 1, header - i - 1).Any(below => first < last && Segments(lines[below], Wide * space).Count(other => other.X1 > piece.X0 && other.X0 < piece.X1) > 1);
                foreach (var word in piece.Words)
                {
                    // Two labels that nearly touch are told apart by the cut; one label that hangs over a cut is whole.
                    var column = isWhole && grid.Cuts.All(cut => cut <= piece.X0 || cut >= piece.X1 || Math.Min(cut - piece.X0, piece.X1 - cut) < 0.35 * (piece.X1 - piece.X0)) ? middle : grid.Cuts.Count(cut => cut < word.MiddleX);
                    if (cells[column].Count > 0 && cells[column][^1].At == lines[i].At) cells[column][^1] = cells[column][^1] with { Words = [.. cells[column][^1].Words, word] };
                    else cells[column].Add(lines[i] with { Words = [word] });
                }
            }
        }

        return new Row(lines[at].Page, cells, false, true);
    }

    private static bool Begins(LooseLine line, int column, Grid grid) =>
        line.Words.FirstOrDefault(word => grid.Cuts.Count(cut => cut < word.MiddleX) == column) is { } first && (char.IsUpper(first.Text[0]) || char.IsDigit(first.Text[0]));

    // ---- where it ends ------------------------------------------------------------------------------------------------------

    private static int End(IReadOnlyList<LooseLine> lines, int from, double space)
    {
        for (var i = from; i < lines.Count; i++)
        {
            if (Stop().IsMatch(lines[i].Text) || i > from && lines[i].Page != lines[from].Page) return i;
            if (i > from && HeaderEnd(lines, i, space, numbered: true) > i) return i;
            if (i > from && i + 1 < lines.Count && ClosingSection().IsMatch(lines[i].Text) && lines[i].Y0 - lines[i - 1].Y1 > 0.6 * lines[i].Height && lines[i + 1].Page == lines[i].Page && IsSentence(lines[i + 1], space)) return i;
        }

        return lines.Count;
    }

    /// <summary>Words of one line, one space apart, longer than a cell.</summary>
    private static bool IsSentence(LooseLine line, double space) => line.Text.Length >= 50 && line.Words.Zip(line.Words.Skip(1)).All(pair => pair.Second.X0 - pair.First.X1 <= 1.6 * space);

    /// <summary>The section behind the tasks of every plan; above it a line is free, below it stands a sentence.</summary>
    [GeneratedRegex(@"^\s*(?:[IVX]{1,5}\s*[.)\-–]\s*)?(?:TỔ CHỨC THỰC HIỆN|Tổ chức thực hiện|TO CHUC THUC HIEN)\s*[.:]?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ClosingSection();

    /// <summary>The first of two lines that run across the columns and are no titles: text has begun again.</summary>
    private static int Prose(List<Split> split, IReadOnlyList<LooseLine> lines, int from, Grid grid, double space)
    {
        for (var i = 0; i < split.Count; i++)
        {
            if (!split[i].Crosses || IsTitle(split[i].Line.Text) || split[i].Line.Text.Length < 50 && i + 1 < split.Count && !split[i + 1].Crosses) continue;
            var gap = i == 0 || split[i].Line.Y0 - split[i - 1].Line.Y1 > 0.6 * split[i].Line.Height;
            var again = i + 1 < split.Count && split[i + 1].Crosses && !IsTitle(split[i + 1].Line.Text);
            if (again && split.Skip(i).Take(6).Count(line => line.Crosses) >= Math.Min(split.Count - i, 3) || gap && i + 1 == split.Count) return i;
        }

        return split.Count;
    }

    private static bool IsTitle(string text) => GroupStart().IsMatch(text) || text.Any(char.IsLetter) && !text.Any(char.IsLower);

    // ---- columns ------------------------------------------------------------------------------------------------------------

    private static Grid? Columns(IReadOnlyList<LooseLine> lines, int at, int from, int end, double space, Grid? before)
    {
        var body = lines.Skip(from).Take(end - from).Where(line => !RunsAcross(line, space)).ToList();
        if (body.Count == 0) return before;
        var (left, right) = (lines.Skip(at).Take(end - at).Min(line => line.X0), lines.Skip(at).Take(end - at).Max(line => line.X1));
        var step = space >= 1 ? 1.0 : 0.5;
        step = Math.Min(step, space);
        var count = (int)Math.Ceiling((right - left) / step) + 2;
        if (count is < 10 or > 40_000) return null;
        var cover = new int[count];
        foreach (var word in body.SelectMany(line => line.Words))
        {
            for (var x = (int)((word.X0 - left) / step); x < (word.X1 - left) / step - 1e-6 && x < count; x++) cover[x]++;
        }

        // Laid-out text pushes a word to the right of a long neighbour, so some lines of a text file reach into a gutter; on paper hardly any does.
        // The strictest reading that parts all labels is the best one.
        var header = lines.Skip(at).Take(from - at).ToList();
        var labels = Labels(header.Count == 0 ? [] : Labelled(lines, at, from, space));
        var most = space == 1 ? (body.Count >= 8 ? Math.Max(1, body.Count / 9) : 0) : body.Count / 25;
        var cuts = new List<double>();
        foreach (var allowed in new[] { 0, most / 3, most }.Distinct())
        {
            cuts = Strips(cover, allowed, left, right, step, space, body, labels);
            if (labels.Count > 1 ? labels.Zip(labels.Skip(1)).All(pair => cuts.Exists(cut => cut > (pair.First.From + pair.First.To) / 2 && cut < (pair.Second.From + pair.Second.To) / 2))
                : before is not null && cuts.Count == before.Cuts.Count) break;
        }

        // A label stands inside its column: in laid-out text no cut runs through it.
        if (space == 1) cuts.RemoveAll(cut => labels.Exists(label => cut > label.From + 6 && cut < label.To - 2));

        // Between two labels there is always a gutter, wherever the fewest lines reach into it.
        for (var i = 1; i < labels.Count; i++)
        {
            var (a, b) = ((labels[i - 1].From + labels[i - 1].To) / 2, (labels[i].From + labels[i].To) / 2);
            if (cuts.Exists(cut => cut > a && cut < b)) continue;
            if (space == 1) (a, b) = (Math.Max(a, labels[i - 1].To - 3), Math.Min(b, labels[i].From + 6));
            cuts.Add(Valley(cover, body, a, Math.Max(a, b), labels[i - 1].To, labels[i].From, left, step, space));
        }

        cuts.Sort();
        if (header.Count == 0 && before is not null)
        {
            // A page without a header has the columns of the page before it, unless it clearly has its own of the same number.
            int Crossing(IReadOnlyList<double> by) => body.Count(line => line.Words.Any(word => by.Any(cut => word.X0 < cut - (0.3 * space) && word.X1 > cut + (0.3 * space))));
            var crossing = Crossing(before.Cuts);
            if (crossing * 12 <= body.Count) return before;
            if (cuts.Count == before.Cuts.Count) return before with { Cuts = cuts };

            // Laid-out text sets every page anew: all columns move together, then each is looked for near where it was. Numbers that go on prove that the table does.
            var shift = space == 1 ? Shift(before.Cuts, body) : 0;
            var near = new List<double>();
            for (var k = 0; k < before.Cuts.Count; k++)
            {
                var cut = before.Cuts[k] + shift;
                var (low, high) = (Math.Max(k == 0 ? left : near[^1] + (2 * space), cut - (5 * space)), Math.Min(k + 1 < before.Cuts.Count ? (cut + before.Cuts[k + 1] + shift) / 2 : right, cut + (5 * space)));
                near.Add(low < high ? Valley(cover, body, low, high, cut - space, cut + space, left, step, space) : cut);
            }

            if (crossing * 4 <= body.Count) return before;
            if (Crossing(near) * 4 <= body.Count || space == 1 && body.Exists(line => CarriesOn(line, space, before))) return before with { Cuts = near };
            return null;
        }

        if (before is not null && cuts.Count != before.Cuts.Count)
        {
            // The same table has the same columns; each is looked for near where it was.
            var same = before.Cuts.Select(cut => cuts.Count == 0 ? cut : cuts.MinBy(own => Math.Abs(own - cut)) is var own && Math.Abs(own - cut) <= 8 * space ? own : cut).ToList();
            if (same.Distinct().Count() == same.Count) cuts = same;
        }

        return before is not null ? before with { Cuts = cuts } : new Grid(cuts, [.. header.Select(line => VietnameseText.Fold(line.Text))]);
    }

    /// <summary>How far all columns moved: where most cells begin right behind a cut.</summary>
    private static double Shift(IReadOnlyList<double> cuts, List<LooseLine> body)
    {
        var begins = body.SelectMany(line => Segments(line, Wide).Skip(1)).GroupBy(piece => (int)piece.X0).ToDictionary(group => group.Key, group => group.Count());
        double Points(int by) => cuts.Skip(1).Sum(cut => Enumerable.Range(0, 3).Sum(at => begins.GetValueOrDefault((int)Math.Ceiling(cut + by) + at) / (1.0 + (0.5 * at)))) - (0.3 * Math.Abs(by));
        return Enumerable.Range(-12, 25).MaxBy(Points);
    }

    /// <summary>The white strips that are gutters: enough lines write on both sides, or they part two labels.</summary>
    private static List<double> Strips(int[] cover, int allowed, double left, double right, double step, double space, List<LooseLine> body, List<(double From, double To)> labels)
    {
        var strips = new List<(double From, double To)>();
        for (var x = 0; x < cover.Length;)
        {
            if (cover[x] > allowed) { x++; continue; }
            var start = x;
            while (x < cover.Length && cover[x] <= allowed) x++;
            var (a, b) = (left + (start * step), left + (x * step));
            if (start > 0 && b - a >= 0.85 * space) strips.Add((a, b));
        }

        return [.. strips.Where((strip, s) => strip.To < right - step && IsGutter(body, labels, strip.From, strip.To, space, strips, s)).Select(strip => Place(body, strip.From, strip.To, labels, space))];
    }

    /// <summary>Where the labels stand: those one above the other are one label; a longer one over two others is the upper half of a header of two rows.</summary>
    private static List<(double From, double To)> Labels(List<List<LooseLine>> header)
    {
        var labels = new List<(double From, double To)>();
        foreach (var piece in header.SelectMany(line => line).Where(piece => !ColumnIndex().IsMatch(piece.Text)).OrderBy(piece => piece.X1 - piece.X0))
        {
            var under = labels.FindAll(label => Math.Min(label.To, piece.X1) - Math.Max(label.From, piece.X0) > 0);
            if (under.Count > 1) continue;
            if (under.Count == 1) labels[labels.IndexOf(under[0])] = (Math.Min(under[0].From, piece.X0), Math.Max(under[0].To, piece.X1));
            else labels.Add((piece.X0, piece.X1));
        }

        labels.Sort();
        return labels;
    }

    /// <summary>Where in a white strip the columns part: in the middle of its widest piece that no label stands in.</summary>
    private static double Place(List<LooseLine> body, double from, double to, List<(double From, double To)> labels, double space)
    {
        // Where cells begin flush left, the column begins there.
        var begin = body.SelectMany(line => Segments(line, Wide * space)).Where(piece => piece.X0 > from && piece.X0 <= to + (2.5 * space)).GroupBy(piece => Math.Round(piece.X0 / space)).MaxBy(group => group.Count());
        if (begin is not null && begin.Count() >= 3 && begin.Min(piece => piece.X0) - (0.5 * space) is var edge && !labels.Exists(label => label.From < edge - space && label.To > edge + space)) return edge;
        var (best, width, open) = ((from + to) / 2, 0.0, from);
        foreach (var label in labels.Where(label => label.To > from && label.From < to).Append((From: to, To: to)))
        {
            if (label.From - open > width) (best, width) = ((open + label.From) / 2, label.From - open);
            open = Math.Max(open, label.To);
        }

        return best;
    }

    /// <summary>The place between two labels that the fewest lines write into; best right before where many pieces begin.</summary>
    private static double Valley(int[] cover, List<LooseLine> body, double a, double b, double from, double to, double left, double step, double space)
    {
        var starts = new int[cover.Length];
        foreach (var piece in body.SelectMany(line => Segments(line, Wide * space)).Where(piece => piece.X0 > left + space)) starts[Math.Clamp((int)((piece.X0 - left) / step), 0, cover.Length - 1)]++;
        var (best, place) = (double.MaxValue, (from + to) / 2);
        for (var x = Math.Max(1, (int)((a - left) / step)); x <= (int)((b - left) / step) && x + 2 < cover.Length; x++)
        {
            var at = left + (x * step);
            var outside = at < from - step ? from - at : at > to ? at - to : 0;
            var cost = cover[x] - (0.6 * (starts[x + 1] + (0.5 * starts[x + 2]))) + (0.02 * body.Count * Math.Min(outside / space, 8) / 8);
            if (cost < best - 1e-9) (best, place) = (cost, at + (step / 2));
        }

        return place;
    }

    /// <summary>A strip that many lines leave white by writing on both its sides, or that separates two labels, is a gutter; a chance gap of a few lines is none.</summary>
    private static bool IsGutter(List<LooseLine> body, List<(double From, double To)> labels, double a, double b, double space, List<(double From, double To)> strips, int s)
    {
        var leftBound = s > 0 ? (strips[s - 1].From + strips[s - 1].To) / 2 : double.MinValue;
        var rightBound = s + 1 < strips.Count ? (strips[s + 1].From + strips[s + 1].To) / 2 : double.MaxValue;
        var both = body.Count(line => line.Words.Any(word => word.X1 <= a + (0.5 * space) && word.X1 > leftBound) && line.Words.Any(word => word.X0 >= b - (0.5 * space) && word.X0 < rightBound));
        var labelled = labels.Exists(label => label.To <= b && label.To > leftBound) && labels.Exists(label => label.From >= a && label.From < rightBound);
        var apart = body.Count(line => Enumerable.Range(1, line.Words.Count - 1).Any(i => line.Words[i - 1].X1 <= a + (2 * space) && line.Words[i].X0 >= b - (2 * space) && line.Words[i].X0 - line.Words[i - 1].X1 >= Wide * space));
        if (both >= (b - a > Wide * space ? 6 : 9) && apart * 3 >= both) return true;
        if (labelled && !labels.Exists(label => label.From < a - (0.5 * space) && label.To > b + (0.5 * space))) return true;
        return labels.Count == 0 && both >= 3 && b - a > Wide * space;
    }

    /// <summary>One text from the left over most of the width: a title or a line of prose, which says nothing about columns.</summary>
    private static bool RunsAcross(LooseLine line, double space)
    {
        var pieces = Segments(line, Wide * space);
        if (pieces.Count == 2 && RowNumber.TryRead(pieces[0].Text, out var number) && number.Kind is NumberKind.Roman or NumberKind.Letter) return true;
        return pieces.Count == 1 && (GroupStart().IsMatch(line.Text) || line.Text.Length > 70);
    }

    /// <summary>Pieces of a line between gaps at least that wide.</summary>
    private static List<LooseLine> Segments(LooseLine line, double gap)
    {
        var pieces = new List<LooseLine>();
        var open = new List<PageWord> { line.Words[0] };
        for (var i = 1; i < line.Words.Count; i++)
        {
            if (line.Words[i].X0 - line.Words[i - 1].X1 >= gap - 1e-6)
            {
                pieces.Add(line with { Words = open });
                open = [];
            }

            open.Add(line.Words[i]);
        }

        pieces.Add(line with { Words = open });
        return pieces;
    }

    // ---- lines into columns -------------------------------------------------------------------------------------------------

    private sealed record Split(LooseLine Line, LooseLine?[] Cells, bool Crosses)
    {
        public bool HasAnchor { get; set; }
    }

    /// <summary>Where cells begin on the lines around this one, and on how many: a word that stands there begins a cell, though only one space parts it.</summary>
    private static Dictionary<int, int> Starts(IReadOnlyList<LooseLine> lines, int from, int end, int at, double space)
    {
        var starts = new Dictionary<int, int>();
        if (space != 1) return starts;
        for (var i = Math.Max(from, at - 3); i < Math.Min(end, at + 4); i++)
        {
            if (i == at) continue;
            foreach (var piece in Segments(lines[i], Wide * space)) starts[(int)piece.X0] = starts.GetValueOrDefault((int)piece.X0) + 1;
        }

        return starts;
    }

    private static Split Cut(LooseLine line, Grid grid, double space, Dictionary<int, int> starts)
    {
        var cells = new LooseLine?[grid.Columns];
        var parts = Enumerable.Range(0, grid.Columns).Select(_ => new List<PageWord>()).ToArray();
        var words = line.Words;

        var bounds = Bounds(words, grid, space, starts, out var crosses, out var clear);
        var pieces = Segments(line, Wide * space);
        var offset = pieces.Count > 1 && RowNumber.TryRead(pieces[0].Text, out _) ? 1 : 0;
        // Words that begin where the cells of other lines do are cells, though one space parts them; a title or prose meets such a place by chance only.
        var set = bounds.Distinct().Count(i => i > 0 && i < words.Count && Near(starts, words[i]) is var near && (near >= 2 || near == 1 && char.IsUpper(words[i].Text[0])));
        var isLeft = grid.Cuts.Count(cut => cut < pieces[^1].X0 + (0.5 * space)) <= grid.Number + 1 || IsTitle(pieces[^1].Text) || space != 1;
        var isOne = pieces.Count - offset == 1 && isLeft && (offset == 1 ? clear < 3 || !pieces[0].Text.Any(char.IsDigit) : set == 0 || IsTitle(pieces[^1].Text) || WordsForNumber(words, bounds, grid, space));
        if (isOne && crosses > 0)
        {
            // One text over several columns: a title, whole in the column it begins in.
            var first = words.Count - pieces[^1].Words.Count;
            var column = grid.Cuts.Count(cut => cut < words[first].X0 + (0.5 * space));
            column = Math.Min(column, Math.Min(grid.Number + 1, grid.Columns - 1));
            if (offset == 1) cells[grid.Number] = pieces[0];
            cells[offset == 1 ? Math.Max(grid.Number + 1, column) : column] = pieces[^1];
            return new Split(line, cells, true);
        }

        for (var c = 0; c <= bounds.Count; c++)
        {
            var (from, to) = (c == 0 ? 0 : bounds[c - 1], c == bounds.Count ? words.Count : bounds[c]);
            for (var i = from; i < to; i++) parts[c].Add(words[i]);
            if (parts[c].Count > 0) cells[c] = line with { Words = parts[c] };
        }

        return new Split(line, cells, false);
    }

    /// <summary>Prose that begins at the margin would leave words where the numbers stand.</summary>
    private static bool WordsForNumber(IReadOnlyList<PageWord> words, List<int> bounds, Grid grid, double space)
    {
        var from = grid.Number == 0 ? 0 : bounds[grid.Number - 1];
        var text = string.Join(' ', words.Skip(from).Take((grid.Number < bounds.Count ? bounds[grid.Number] : words.Count) - from).Select(word => word.Text));
        var isInMargin = grid.Number == 0 && grid.Cuts.Count > 0 && words[0].X0 < grid.Cuts[0] - 2 && !NumberCell().IsMatch(words[0].Text);
        return space == 1 && (isInMargin || text.Length > 0 && !NumberCell().IsMatch(text));
    }

    /// <summary>
    /// Before which word each cut falls. Laid-out text pushes what follows a long word to the right, so the cuts of all columns are weighed together:
    /// wide gaps are the bounds of cells, and a bound stays near its cut.
    /// </summary>
    private static List<int> Bounds(IReadOnlyList<PageWord> words, Grid grid, double space, Dictionary<int, int> starts, out int crosses, out int clear)
    {
        var cuts = grid.Cuts;
        var n = words.Count;
        var best = new double[cuts.Count + 1, n + 1];
        var back = new int[cuts.Count + 1, n + 1];

        // Wide gaps before each word, added up: one that is no bound of a cell costs.
        var wide = new int[n + 1];
        // On paper lines are justified and gaps inside a cell may be wide; there the place alone tells.
        for (var i = 1; i <= n; i++) wide[i] = wide[i - 1] + (space == 1 && i < n && words[i].X0 - words[i - 1].X1 >= Wide * space && !IsInDate(words, i) ? 1 : 0);
        for (var k = 1; k <= cuts.Count; k++)
        {
            for (var i = 0; i <= n; i++)
            {
                best[k, i] = -Impossible;
                var (place, sign) = Bound(words, i, cuts[k - 1], grid.Role(k), space, starts);
                for (var j = 0; j <= i; j++)
                {
                    if (k == 1 && j > 0) break;
                    // Wide gaps strictly inside the cell from j to i.
                    var inside = i > j ? wide[Math.Max(j, i - 1)] - wide[j] : 0;
                    // What speaks for a bound speaks once, however many empty cells lie there.
                    var points = best[k - 1, j] + place + (i == j ? Math.Min(0, sign) : sign + 0.01) - (3 * inside);
                    if (points > best[k, i]) (best[k, i], back[k, i]) = (points, j);
                }
            }
        }

        var (at, top) = (0, double.MinValue);
        for (var i = 0; i <= n; i++)
        {
            var inside = n > i ? wide[Math.Max(i, n - 1)] - wide[i] : 0;
            if (best[cuts.Count, i] - (3 * inside) <= top) continue;
            (at, top) = (i, best[cuts.Count, i] - (3 * inside));
        }

        var bounds = new List<int>();
        for (var k = cuts.Count; k >= 1; k--)
        {
            bounds.Add(at);
            at = back[k, at];
        }

        bounds.Reverse();
        (crosses, clear) = (0, 0);
        for (var k = 0; k < cuts.Count; k++)
        {
            if (bounds[k] > 0 && bounds[k] < n && (k == 0 || bounds[k] > bounds[k - 1]) && Bound(words, bounds[k], cuts[k], grid.Role(k + 1), space, starts).Sign > 0.35) clear++;
        }

        for (var k = 0; k < cuts.Count; k++)
        {
            var i = bounds[k];
            if (i > 0 && i < n && words[i].X0 - words[i - 1].X1 < Wide * space && words[i - 1].X1 > cuts[k] - (6 * space) && words[i].X0 < cuts[k] + (6 * space)) crosses++;
            else if (words.Any(word => word.X0 < cuts[k] - space && word.X1 > cuts[k] + space)) crosses++;
        }

        return bounds;
    }

    /// <summary>How many cells around begin where the word does; what is pushed aside by a crowded line misses its place by a little.</summary>
    private static int Near(Dictionary<int, int> starts, PageWord word)
    {
        var x = (int)word.X0;
        int Within(int by) => Enumerable.Range(x - by, (2 * by) + 1).Sum(at => starts.GetValueOrDefault(at));
        return Within(1) is > 0 and var times ? times : char.IsUpper(word.Text[0]) && Within(3) > 1 ? 1 : 0;
    }

    /// <summary>"Trước    ngày 29/8", "Tháng    01/2027": a justified cell spreads the words of one date.</summary>
    private static bool IsInDate(IReadOnlyList<PageWord> words, int at) => DateWord().IsMatch(words[at - 1].Text) && DateRest().IsMatch(words[at].Text);

    /// <summary>Whether a name that begins near the cut, "Công an tỉnh", would fall in two.</summary>
    private static bool SplitsName(IReadOnlyList<PageWord> words, int at, double cut, double space)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 3) && words[i + 1].X0 - words[i].X1 < Wide * space; i--)
        {
            if (words[i].Text[^1] is ',' or ';' or '.') return false;
            if (NameHead().IsMatch(words[i].Text)) return Math.Abs(words[i].X0 - cut) <= 8 * space;
        }

        return false;
    }

    private static (double Place, double Sign) Bound(IReadOnlyList<PageWord> words, int at, double cut, ColumnRole role, double space, Dictionary<int, int> starts)
    {
        var a = at == 0 ? double.MinValue : words[at - 1].X1;
        var b = at == words.Count ? double.MaxValue : words[at].X0;
        var away = cut < a ? a - cut : cut > b ? cut - b : 0;
        var points = (space == 1 ? -0.35 : -2) * away / space;
        if (at == 0) return (points, 0);
        if (at == words.Count) return (points / 2, 0);   // Narrow letters make the last cell of a line longer than its column.
        if (b - a >= Wide * space && !(space == 1 && IsInDate(words, at))) return (points, space == 1 ? 1 : 0);
        var (before, next) = (words[at - 1].Text, words[at].Text);

        // The inside of a name is no bound; a capital after a small word, or after a comma, may be one.
        var sign = -0.6;
        if (Near(starts, words[at]) is > 0 and var times) sign += times > 1 ? 2 : 1;
        if (!char.IsUpper(next[0]) && SplitsName(words, at, cut, space)) sign -= 2;
        if (char.IsUpper(before[0]) && char.IsLower(next[0])) return (points, sign - (NameHead().IsMatch(before) ? 1.6 : 1));
        if (char.IsUpper(next[0]) || char.IsDigit(next[0])) sign += char.IsUpper(before[0]) && before[^1] is not (',' or ';' or '.') ? 0.2 : 1;
        if (NameHead().IsMatch(before)) sign -= 0.4;
        if (char.IsLower(next[0]) && before[^1] is '.' or ';') sign += 1;

        // What begins right of the cut is not pushed there from the column before.
        var begin = at - 1;
        while (begin > 0 && words[begin].X0 - words[begin - 1].X1 < Wide * space) begin--;
        if (space == 1 && words[begin].X0 > cut) sign -= 3;
        if (IsInDate(words, at)) return (points, sign - 2);
        if (TimeHead().IsMatch(next)) sign += role is ColumnRole.Deadline or ColumnRole.Start && space == 1 ? 2.5 : 1;
        else if (NameHead().IsMatch(next)) sign += space != 1 ? 0.5 : role is ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator ? 1.2 : role is ColumnRole.Deadline ? -1 : 0.5;
        return (points, sign);
    }

    // ---- lines into rows ----------------------------------------------------------------------------------------------------

    private static List<Row> Rows(List<Split> lines, Grid grid, double space)
    {
        if (lines.Count == 0) return [];
        var content = Content(lines, grid);
        foreach (var line in lines) line.HasAnchor = Anchor(line, content, grid.Number);
        var anchors = lines.Count(line => line.HasAnchor);
        var pitch = Pitch(lines);
        List<int> starts;
        if (anchors * 8 < lines.Count && anchors < 3)
        {
            starts = ByGaps(lines, content, pitch);
        }
        else
        {
            var (top, topCost) = ByAnchors(lines, content, space, pitch, centred: false);
            var (middle, middleCost) = ByAnchors(lines, content, space, pitch, centred: true);
            starts = topCost <= middleCost ? top : middle;
        }

        var rows = new List<Row>();
        for (var r = 0; r < starts.Count; r++)
        {
            var (from, to) = (starts[r], r + 1 < starts.Count ? starts[r + 1] : lines.Count);
            var part = lines.GetRange(from, to - from);
            var cells = Enumerable.Range(0, grid.Columns).Select(c => (IReadOnlyList<LooseLine>)[.. part.Select(line => line.Cells[c]).OfType<LooseLine>()]).ToList();
            rows.Add(new Row(part[0].Line.Page, cells, part.TrueForAll(line => line.Crosses), false));
        }

        return rows;
    }

    /// <summary>The column with the longest texts.</summary>
    private static int Content(List<Split> lines, Grid grid)
    {
        var lengths = Enumerable.Range(0, grid.Columns).Select(c => lines.Where(line => !line.Crosses).Sum(line => line.Cells[c]?.Text.Length ?? 0)).ToList();
        return lengths.IndexOf(lengths.Max());
    }

    private static bool Anchor(Split line, int content, int number)
    {
        if (line.Cells[number] is { } first && content != number && NumberCell().IsMatch(first.Text)) return true;
        if (content == number && line.Cells[number] is { } lead && LeadingNumber().IsMatch(lead.Text)) return true;
        return line.Crosses && IsTitle(line.Line.Text);
    }

    /// <summary>Height of a line with the space to the next, as most lines have it.</summary>
    private static double Pitch(List<Split> lines)
    {
        var steps = lines.Zip(lines.Skip(1)).Where(pair => pair.First.Line.Page == pair.Second.Line.Page).Select(pair => pair.Second.Line.Y0 - pair.First.Line.Y0).Where(step => step > 0).Order().ToList();
        return steps.Count == 0 ? lines[0].Line.Height : Math.Max(steps[steps.Count / 3], 0.5 * lines[0].Line.Height);
    }

    private static List<int> ByGaps(List<Split> lines, int content, double pitch)
    {
        var starts = new List<int> { 0 };
        var gaps = lines.Zip(lines.Skip(1)).Count(pair => Gap(pair.First, pair.Second, pitch) > 1.25);
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].Crosses || lines[i - 1].Crosses) { starts.Add(i); continue; }
            if (gaps >= 2 ? Gap(lines[i - 1], lines[i], pitch) > 1.25 : lines[i].Cells[content] is { } text && char.IsUpper(text.Text[0]) && lines[i].Cells.Count(cell => cell is not null) >= 2 && IsOver(lines[i - 1], content)) starts.Add(i);
        }

        return starts;
    }

    private static bool IsOver(Split line, int content) => line.Cells[content] is not { } text || text.Text[^1] is '.' or ';' || text.Text.Length < 40;

    /// <summary>Step from line to line, in usual steps.</summary>
    private static double Gap(Split above, Split below, double pitch) => above.Line.Page != below.Line.Page ? 1 : (below.Line.Y0 - above.Line.Y0) / pitch;

    /// <summary>The cheapest way to cut all lines into rows of one anchor each.</summary>
    private static (List<int> Starts, double Cost) ByAnchors(List<Split> lines, int content, double space, double pitch, bool centred)
    {
        var n = lines.Count;
        var widest = lines.Where(line => !line.Crosses).Select(line => line.Cells[content] is { } cell ? cell.X1 - cell.X0 : 0).DefaultIfEmpty(0).Max();
        var best = new double[n + 1];
        var back = new int[n + 1];
        Array.Fill(best, Impossible);
        best[0] = 0;
        for (var end = 1; end <= n; end++)
        {
            var inside = 0;
            for (var from = end - 1; from >= 0 && end - from <= RowLinesMax; from--)
            {
                if (lines[from].HasAnchor && ++inside > 1) break;
                var cost = best[from] + RowCost(lines, from, end, content, widest, space, pitch, centred);
                if (cost < best[end]) (best[end], back[end]) = (cost, from);
            }
        }

        var starts = new List<int>();
        for (var at = n; at > 0; at = back[at]) starts.Add(back[at]);
        starts.Reverse();
        return (starts, best[n]);
    }

    private static double RowCost(List<Split> lines, int from, int end, int content, double widest, double space, double pitch, bool centred)
    {
        var cost = 0.0;
        var anchor = -1;
        for (var i = from; i < end; i++) if (lines[i].HasAnchor) anchor = i;
        var first = lines[from];
        var pageTop = from == 0;
        if (anchor < 0) cost += pageTop ? 1.5 : 6;
        else if (lines[anchor].Crosses)
        {
            // A title is a row of its own; only its own further lines belong to it.
            if (anchor != from) return Impossible;
            for (var i = from + 1; i < end; i++) if (lines[i].Cells.Count(cell => cell is not null) > 1) return Impossible;
            return cost + (2.5 * (end - from - 1)) + (end < lines.Count && Gap(lines[end - 1], lines[end], pitch) > 1.3 ? -1 : 0);
        }
        else
        {
            var (top, bottom, at) = (lines[from].Line.Y0, lines[end - 1].Line.Y1, (lines[anchor].Line.Y0 + lines[anchor].Line.Y1) / 2);
            // A row cut by the foot of the page keeps its number at its top.
            var off = centred ? Math.Abs(at - ((top + bottom) / 2)) / pitch : (lines[anchor].Line.Y0 - top) / pitch;
            if (centred && end == lines.Count) off = Math.Min(off, (lines[anchor].Line.Y0 - top) / pitch);
            cost += (off * 0.5) + (Math.Max(0, off - (centred ? 0.55 : 0.05)) * 3);
        }

        // The first words of a row begin it; a lower-case word at its top would have belonged to the row above.
        for (var c = 0; c < first.Cells.Length; c++)
        {
            LooseLine? text = null;
            for (var i = from; i < end && text is null; i++) text = lines[i].Cells[c];
            if (text is null) continue;
            var letter = text.Text[0];
            if (char.IsLower(letter) || letter is ')' or ',' or ';') cost += pageTop ? c == content && anchor > from ? 1.5 : 0 : c == content ? 3 : 1.2;
        }

        var gaps = 0.0;
        for (var i = from + 1; i < end; i++)
        {
            var gap = Gap(lines[i - 1], lines[i], pitch);
            if (gap > 1.22) gaps += Math.Min(2.5, 1 + gap - 1.22);
            if (lines[i].Crosses != lines[from].Crosses) gaps += 2;
        }

        // A line that begins with a capital under one that was not full began something new.
        LooseLine? above = null;
        for (var i = from; i < end; i++)
        {
            if (lines[i].Cells[content] is not { } here) continue;
            if (above is not null && char.IsUpper(here.Text[0]) && above.X1 - above.X0 + space + here.Words[0].Width <= 0.98 * widest) cost += 0.8;
            above = here;
        }

        cost += gaps;
        if (end < lines.Count && Gap(lines[end - 1], lines[end], pitch) > 1.22) cost -= 1.2;

        // A cell is one block of lines.
        for (var c = 1; c < first.Cells.Length; c++)
        {
            var (runs, open) = (0, false);
            var (topAt, bottomAt) = (-1, -1);
            for (var i = from; i < end; i++)
            {
                if (lines[i].Cells[c] is null) { open = false; continue; }
                if (!open) runs++;
                open = true;
                if (topAt < 0) topAt = i;
                bottomAt = i;
            }

            if (runs > 1) cost += 0.7 * (runs - 1);
            if (topAt < 0) continue;
            var off = centred ? Math.Abs(topAt - from - (end - 1 - bottomAt)) / 2.0 - 0.55 : topAt - from;
            if (c != content) cost += Math.Max(0, off) * 0.35;
            else cost += Math.Max(0, off) * 0.5;
        }

        return cost;
    }

    [GeneratedRegex(@"^\s*(?:Nơi nhận|NƠI NHẬN|Noi nhan|PHỤ LỤC|Phụ lục\s+[IVX\d]|BIỂU MẪU|Ghi chú\s*:|TM\. |KT\. |Người lập|NGƯỜI LẬP)", RegexOptions.None, TimeLimit)]
    private static partial Regex Stop();

    [GeneratedRegex(@"^(?:(?:[IVX]{1,5}|[A-H]|\d{1,2}(?:\.\d{1,2})*)\s*[.)\-–]\s*|(?:[IVX]{1,5}|[A-H])\s+)\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex GroupStart();

    [GeneratedRegex(@"^\(?\s*(?:\d{1,3}|[IVX]{1,5}|[A-HK-Z]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-zđ]\)|[a-zđ])\s*[.)]?\s*$|^[-–+•]$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberCell();

    [GeneratedRegex(@"^(?:\d{1,3}(?:\.\d{1,3})*[.)]\s|\d{1,3}\.\d{1,3}\s|[a-zđ]\)\s|[IVX]{1,5}[.)]\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"^(?:[-–+•*]\s|[a-zđ]\)\s|\d{1,2}[.)]\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex ListPoint();

    [GeneratedRegex(@"^(?:trước|trong|hết|đến|ngày|tháng|quý|năm)$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex DateWord();

    [GeneratedRegex(@"^(?:ngày|tháng|quý|năm|\d|[IVX]{1,3}\b)", RegexOptions.None, TimeLimit)]
    private static partial Regex DateRest();

    [GeneratedRegex(@"^(\d{1,3})\s*[.)]?$", RegexOptions.None, TimeLimit)]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"^(?:[IVX]{1,5}|[A-H]|\d{1,2}(?:\.\d{1,2})*)[.)]\s*\p{Lu}\S*\s", RegexOptions.None, TimeLimit)]
    private static partial Regex SectionTitle();

    [GeneratedRegex(@"^(?:[Ss][Tt]|[SsTt]|[Tt]{2}|[Ss][ốỐ](?: [Tt])?|[Tt]hứ|[Tt]ự)\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberPart();

    [GeneratedRegex(@"^(?:Quý|Tháng|Trước|Trong|Năm|Ngày|Hoàn|Thường|Chậm|Hằng|Hàng|Định|\d{1,2}/\d{1,2}/20\d{2}|\d{1,2}/20\d{2})", RegexOptions.None, TimeLimit)]
    private static partial Regex TimeHead();

    [GeneratedRegex(@"^(?:Sở|Ban|Bộ|Cục|Hội|Công|Văn|Ủy|Uỷ|UBND|Các|Thanh|Trường|Trung|Báo|Đài|Viện|Phòng|Đ/c)$", RegexOptions.None, TimeLimit)]
    private static partial Regex NameHead();

    [GeneratedRegex(@"^\(?\s*(?:\d{1,2}|[A-EG])\s*\)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ColumnIndex();
}
