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
    public sealed record Grid(IReadOnlyList<double> Cuts, IReadOnlyList<string> Header)
    {
        public int Columns => Cuts.Count + 1;
    }

    /// <param name="Next">The first line after the table.</param>
    public sealed record Found(IReadOnlyList<Row> Rows, Grid Grid, int Next, int Columns);

    /// <param name="Spans">The one text of the row runs over all columns: a title.</param>
    public sealed record Row(int Page, IReadOnlyList<IReadOnlyList<LooseLine>> Cells, bool Spans, bool IsHeader);

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

        var split = new List<Split>();
        for (var i = from; i < end; i++) split.Add(Cut(lines[i], grid, space));
        var stop = Prose(split, lines, from, grid, space);
        if (stop < split.Count)
        {
            split.RemoveRange(stop, split.Count - stop);
            end = from + stop;
            if (end - from < (before is null ? 2 : 1)) return null;
        }

        var rows = new List<Row>();
        if (header > at) rows.Add(HeaderRow(lines, at, header, grid, space));
        rows.AddRange(Rows(split, grid, space));
        return new Found(rows, grid, end, grid.Columns);
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
            if (count == 1 && pieces.Count < 2 && !IsLabel(pieces[0].Text)) return at;
            if (pieces.Exists(piece => piece.Text.Length > 48) || RowNumber.TryRead(pieces[0].Text, out _) && pieces[0].Text.Any(char.IsDigit)) return at;
            if (count == 1 && pieces.Exists(piece => !char.IsUpper(piece.Text[0]))) return at;
            var all = lines.Skip(at).Take(count).SelectMany(line => Segments(line, Wide * space)).Select(piece => piece.Text).ToList();
            var roles = all.Where(text => char.IsUpper(text[0])).Select(text => TableMapping.RoleOf(text).Role).Where(role => role is not ColumnRole.Unknown).ToHashSet();
            var number = roles.Contains(ColumnRole.Number);
            var what = roles.Contains(ColumnRole.Content);
            var who = roles.Contains(ColumnRole.Lead) || roles.Contains(ColumnRole.LeadAndCoordinator) || roles.Contains(ColumnRole.Coordinator);
            if (roles.Count < 3 || !(number && (what || who) || what && who && !numbered) || all.Count < 3) continue;
            if (!number && all.Exists(text => text.Length > 36 || DeadlineGrammar.Recognises(text) || TableMapping.RoleOf(text).Role is ColumnRole.Unknown)) continue;

            // What the labels broke over lines leaves below: "thực hiện", "hoàn thành", the second row of a header of two.
            var end = at + count;
            while (end < lines.Count && end < at + HeaderLinesMax + 1 && lines[end].Page == lines[at].Page && lines[end].Y0 - lines[end - 1].Y1 <= 0.9 * lines[end].Height && GoesOnAsHeader(lines[end], space)) end++;
            return end;
        }

        return at;
    }

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
        for (var i = at; i < header; i++)
        {
            if (Segments(lines[i], Wide * space) is { Count: >= 3 } index && index.TrueForAll(piece => ColumnIndex().IsMatch(piece.Text))) continue;
            foreach (var piece in Segments(lines[i], Wide * space))
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
        }

        return lines.Count;
    }

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
        var labels = Labels(header, space);
        var most = space == 1 ? (body.Count >= 8 ? Math.Max(1, body.Count / 9) : 0) : body.Count / 25;
        var cuts = new List<double>();
        foreach (var allowed in new[] { 0, most / 3, most }.Distinct())
        {
            cuts = Strips(cover, allowed, left, right, step, space, body, labels);
            if (labels.Count > 1 ? labels.Zip(labels.Skip(1)).All(pair => cuts.Exists(cut => cut > (pair.First.From + pair.First.To) / 2 && cut < (pair.Second.From + pair.Second.To) / 2))
                : before is not null && cuts.Count == before.Cuts.Count) break;
        }

        // Between two labels there is always a gutter, wherever the fewest lines reach into it.
        for (var i = 1; i < labels.Count; i++)
        {
            var (a, b) = ((labels[i - 1].From + labels[i - 1].To) / 2, (labels[i].From + labels[i].To) / 2);
            if (cuts.Exists(cut => cut > a && cut < b)) continue;
            cuts.Add(Valley(cover, body, a, b, labels[i - 1].To, labels[i].From, left, step, space));
        }

        cuts.Sort();
        if (header.Count == 0 && before is not null)
        {
            // A page without a header has the columns of the page before it, unless it clearly has its own of the same number.
            var crossing = body.Count(line => line.Words.Any(word => before.Cuts.Any(cut => word.X0 < cut - (0.3 * space) && word.X1 > cut + (0.3 * space))));
            if (crossing * 12 <= body.Count || cuts.Count != before.Cuts.Count) return crossing * 4 <= body.Count ? before : null;
            return before with { Cuts = cuts };
        }

        if (before is not null && cuts.Count != before.Cuts.Count)
        {
            // The same table has the same columns; each is looked for near where it was.
            var same = before.Cuts.Select(cut => cuts.Count == 0 ? cut : cuts.MinBy(own => Math.Abs(own - cut)) is var own && Math.Abs(own - cut) <= 8 * space ? own : cut).ToList();
            if (same.Distinct().Count() == same.Count) cuts = same;
        }

        return new Grid(cuts, before?.Header ?? [.. header.Select(line => VietnameseText.Fold(line.Text))]);
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
    private static List<(double From, double To)> Labels(List<LooseLine> header, double space)
    {
        var labels = new List<(double From, double To)>();
        foreach (var piece in header.SelectMany(line => Segments(line, Wide * space)).Where(piece => !ColumnIndex().IsMatch(piece.Text)).OrderBy(piece => piece.X1 - piece.X0))
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

    private static Split Cut(LooseLine line, Grid grid, double space)
    {
        var cells = new LooseLine?[grid.Columns];
        var parts = Enumerable.Range(0, grid.Columns).Select(_ => new List<PageWord>()).ToArray();
        var words = line.Words;

        var bounds = Bounds(words, grid.Cuts, space, out var crosses);
        var pieces = Segments(line, Wide * space);
        var offset = pieces.Count > 1 && RowNumber.TryRead(pieces[0].Text, out _) ? 1 : 0;
        var isOne = pieces.Count - offset == 1;
        if (isOne && crosses > 0)
        {
            // One text over several columns: a title, whole in the column it begins in.
            var first = words.Count - pieces[^1].Words.Count;
            var column = grid.Cuts.Count(cut => cut < words[first].X0 + (0.5 * space));
            column = Math.Min(column, Math.Min(1, grid.Columns - 1));
            if (offset == 1) cells[0] = pieces[0];
            cells[offset == 1 ? Math.Max(1, column) : column] = pieces[^1];
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

    /// <summary>
    /// Before which word each cut falls. Laid-out text pushes what follows a long word to the right, so the cuts of all columns are weighed together:
    /// wide gaps are the bounds of cells, and a bound stays near its cut.
    /// </summary>
    private static List<int> Bounds(IReadOnlyList<PageWord> words, IReadOnlyList<double> cuts, double space, out int crosses)
    {
        var n = words.Count;
        var best = new double[cuts.Count + 1, n + 1];
        var back = new int[cuts.Count + 1, n + 1];

        // Wide gaps before each word, added up: one that is no bound of a cell costs.
        var wide = new int[n + 1];
        // On paper lines are justified and gaps inside a cell may be wide; there the place alone tells.
        for (var i = 1; i <= n; i++) wide[i] = wide[i - 1] + (space == 1 && i < n && words[i].X0 - words[i - 1].X1 >= Wide * space ? 1 : 0);
        for (var k = 1; k <= cuts.Count; k++)
        {
            for (var i = 0; i <= n; i++)
            {
                best[k, i] = -Impossible;
                var own = Bound(words, i, cuts[k - 1], space);
                for (var j = 0; j <= i; j++)
                {
                    if (k == 1 && j > 0) break;
                    // Wide gaps strictly inside the cell from j to i.
                    var inside = i > j ? wide[Math.Max(j, i - 1)] - wide[j] : 0;
                    var points = best[k - 1, j] + own - (3 * inside) + (i == j ? 0 : 0.01);
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
        crosses = 0;
        for (var k = 0; k < cuts.Count; k++)
        {
            var i = bounds[k];
            if (i > 0 && i < n && words[i].X0 - words[i - 1].X1 < Wide * space && words[i - 1].X1 > cuts[k] - (6 * space) && words[i].X0 < cuts[k] + (6 * space)) crosses++;
            else if (words.Any(word => word.X0 < cuts[k] - space && word.X1 > cuts[k] + space)) crosses++;
        }

        return bounds;
    }

    private static double Bound(IReadOnlyList<PageWord> words, int at, double cut, double space)
    {
        var a = at == 0 ? double.MinValue : words[at - 1].X1;
        var b = at == words.Count ? double.MaxValue : words[at].X0;
        var away = cut < a ? a - cut : cut > b ? cut - b : 0;
        var points = (space == 1 ? -0.5 : -2) * away / space;
        if (at == 0) return points;
        if (at == words.Count) return points / 2;   // Narrow letters make the last cell of a line longer than its column.
        if (b - a >= Wide * space) return points + (space == 1 ? 1 : 0);
        var (before, next) = (words[at - 1].Text, words[at].Text);

        // The inside of a name is no bound; a capital after a small word, or after a comma, may be one.
        points -= 0.6;
        if (char.IsUpper(before[0]) && char.IsLower(next[0])) return points - 1;
        if (char.IsUpper(next[0]) || char.IsDigit(next[0])) points += char.IsUpper(before[0]) && before[^1] is not (',' or ';' or '.') ? 0.2 : 1;
        if (NameHead().IsMatch(before)) points -= 0.4;
        if (TimeHead().IsMatch(next)) points += 1;
        else if (NameHead().IsMatch(next)) points += 0.5;
        return points;
    }

    // ---- lines into rows ----------------------------------------------------------------------------------------------------

    private static List<Row> Rows(List<Split> lines, Grid grid, double space)
    {
        if (lines.Count == 0) return [];
        var content = Content(lines, grid);
        foreach (var line in lines) line.HasAnchor = Anchor(line, content);
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

    private static bool Anchor(Split line, int content)
    {
        if (line.Cells[0] is { } first && content > 0 && NumberCell().IsMatch(first.Text)) return true;
        if (content == 0 && line.Cells[0] is { } lead && LeadingNumber().IsMatch(lead.Text)) return true;
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

    [GeneratedRegex(@"^\(?\s*(?:\d{1,3}|[IVX]{1,5}|[A-HK-Z]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-zđ]\)|[a-zđ])\s*[.)]?\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberCell();

    [GeneratedRegex(@"^(?:\d{1,3}(?:\.\d{1,3})*[.)]\s|\d{1,3}\.\d{1,3}\s|[a-zđ]\)\s|[IVX]{1,5}[.)]\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"^(?:[-–+•*]\s|[a-zđ]\)\s|\d{1,2}[.)]\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex ListPoint();

    [GeneratedRegex(@"^(?:Quý|Tháng|Trước|Trong|Năm|Ngày|Hoàn|Thường|Chậm|Hằng|Hàng|Định|\d{1,2}/\d{1,2}/20\d{2}|\d{1,2}/20\d{2})", RegexOptions.None, TimeLimit)]
    private static partial Regex TimeHead();

    [GeneratedRegex(@"^(?:Sở|Ban|Bộ|Cục|Hội|Công|Văn|Ủy|Uỷ|UBND|Các|Thanh|Trường|Trung|Báo|Đài|Viện|Phòng|Đ/c)$", RegexOptions.None, TimeLimit)]
    private static partial Regex NameHead();

    [GeneratedRegex(@"^\(?\s*(?:\d{1,2}|[A-EG])\s*\)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ColumnIndex();
}
