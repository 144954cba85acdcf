using System.Text;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Turns words and lines on paper back into paragraphs and tables. Lines that were broken only because the paper ended are joined; breaks somebody
/// made are kept. Page numbers and running heads go; footnotes move to the text that refers to them.
/// </summary>
internal sealed partial class PageLayout
{
    private sealed class TextLine
    {
        public required List<PageWord> Words { get; init; }

        public double X0 => Words[0].X0;

        public double X1 { get; private set; }

        public double Y0 { get; private set; }

        public double Y1 { get; private set; }

        public double Height { get; private set; }

        public string Text => string.Join(' ', Words.Select(word => word.Text));

        public bool Bold => Words.Count(word => word.Bold) * 10 >= Words.Count * 8;

        public bool Italic => Words.Count(word => word.Italic) * 10 >= Words.Count * 8;

        public static TextLine Of(List<PageWord> words)
        {
            words.Sort((a, b) => a.X0.CompareTo(b.X0));
            var heights = words.Select(word => word.Height).Order().ToList();
            return new TextLine { Words = words, X1 = words.Max(word => word.X1), Y0 = words.Min(word => word.Y0), Y1 = words.Max(word => word.Y1), Height = heights[heights.Count / 2] };
        }
    }

    private sealed record Note(string Mark, string Text);

    /// <summary>A paragraph in the making, with what is needed to decide whether the next page goes on with it.</summary>
    private sealed record Placed(SourceBlock Block, double Top, bool RunsOn = false, bool MayContinue = false);

    private readonly ReadingBudget _budget;
    private readonly ReaderLimits _limits;

    private PageLayout(ReadingBudget budget, ReaderLimits limits) => (_budget, _limits) = (budget, limits);

    public static List<SourceBlock> Build(List<PageContent> pages, ReadingBudget budget, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var layout = new PageLayout(budget, limits);
        RemoveRunningHeads(pages);
        var blocks = new List<SourceBlock>();
        var runsOn = false;
        SourceTable? last = null;
        foreach (var page in pages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (page.Words.Count == 0) continue;
            var placed = layout.Read(page);
            for (var i = 0; i < placed.Count; i++)
            {
                var block = placed[i].Block;
                if (i == 0 && runsOn && placed[i].MayContinue && block is SourceParagraph next && blocks[^1] is SourceParagraph before)
                {
                    blocks[^1] = before with { Text = Glue(before.Text, next.Text), Footnotes = Together(before.Footnotes, next.Footnotes) };
                    continue;
                }

                if (block is SourceTable table)
                {
                    block = last is null ? table : CarryMerged(last, MarkRepeated(last, table));
                    last = (SourceTable)block;
                }

                blocks.Add(block);
            }

            runsOn = placed.Count > 0 && placed[^1].RunsOn;
        }

        return blocks;
    }

    // ---- running heads ------------------------------------------------------------------------------------------------------

    [GeneratedRegex(@"^\s*(?:[-–—]\s*)?(?:trang\s+)?\d{1,4}(?:\s*(?:/|trên|of)\s*\d{1,4})?(?:\s*[-–—])?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 200)]
    private static partial Regex PageNumber();

    /// <summary>
    /// A number alone in the upper or lower margin is the page's; a line that stands at the same height of most pages with the same words is a running head.
    /// A number that stands inside a table is neither.
    /// </summary>
    private static void RemoveRunningHeads(List<PageContent> pages)
    {
        var edges = new Dictionary<string, int>(StringComparer.Ordinal);
        var found = new List<(PageContent Page, TextLine Line, string Key)>();
        foreach (var page in pages)
        {
            if (page.Words.Count == 0) continue;
            var lines = Lines(page.Words);
            var tables = page.Tables;
            foreach (var line in lines.Take(2).Concat(lines.TakeLast(2)).Distinct())
            {
                if (line.Y1 > page.Height * 0.11 && line.Y0 < page.Height * 0.9) continue;
                if (tables.Any(table => table.Contains(line.Words[0]))) continue;
                var text = line.Text;
                var isFirst = ReferenceEquals(line, lines[0]) || ReferenceEquals(line, lines[^1]);
                var key = isFirst && PageNumber().IsMatch(text) ? "#" : Digits().Replace(text, "0") + "@" + (int)(line.Y0 / 6);
                found.Add((page, line, key));
                edges[key] = edges.GetValueOrDefault(key) + 1;
            }
        }

        foreach (var (page, line, key) in found)
        {
            var repeats = pages.Count >= 3 && edges[key] >= Math.Max(3, pages.Count / 2);
            if (key != "#" && !repeats) continue;
            var gone = line.Words.ToHashSet(ReferenceEqualityComparer.Instance);
            page.Words.RemoveAll(word => gone.Contains(word));
        }
    }

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Digits();

    // ---- one page -----------------------------------------------------------------------------------------------------------

    private List<Placed> Read(PageContent page)
    {
        var tables = page.Tables;
        var notes = TakeNotes(page, tables);
        var loose = new List<PageWord>();
        foreach (var word in page.Words)
        {
            var table = tables.Where(table => table.Contains(word)).MinBy(table => (table.X1 - table.X0) * (table.Y1 - table.Y0));
            if (table is null) loose.Add(word);
            else CellOf(table, word).Words.Add(word);
        }

        var placed = new List<Placed>();
        var lines = Lines(loose);
        var (left, right) = Margins(lines, page);
        var grid = _open;
        _open = null;
        foreach (var part in Split(lines, tables))
        {
            foreach (var (table, others) in Loose(page, part, grid, notes))
            {
                if (table is not null) { placed.Add(table); continue; }
                foreach (var region in FlowOrTable(others))
                {
                    if (region.IsTable) placed.AddRange(GapTable(page, region.Lines, notes));
                    else placed.AddRange(Paragraphs(page, region.Lines, left, right, notes));
                }
            }

            grid = null;
        }

        foreach (var table in tables)
        {
            if (table.Cells.Any(cell => cell.Words.Count > 0)) placed.Add(new Placed(Table(page, table, notes), table.Y0));
        }

        // Paragraphs of two columns side by side keep the order they were made in, which is why only tables are sorted in.
        var sorted = new List<Placed>();
        var waiting = new Queue<Placed>(placed.Where(one => one.Block is SourceTable).OrderBy(one => one.Top));
        foreach (var one in placed.Where(one => one.Block is not SourceTable))
        {
            while (waiting.Count > 0 && waiting.Peek().Top < one.Top) sorted.Add(waiting.Dequeue());
            sorted.Add(one);
        }

        sorted.AddRange(waiting);
        return sorted;
    }

    private static RuledTable.Cell CellOf(RuledTable table, PageWord word) =>
        table.Cells.Find(cell => word.MiddleX >= cell.X0 && word.MiddleX <= cell.X1 && word.MiddleY >= cell.Y0 && word.MiddleY <= cell.Y1)
        ?? table.Cells.MinBy(cell => Math.Max(Math.Max(cell.X0 - word.MiddleX, word.MiddleX - cell.X1), 0) + Math.Max(Math.Max(cell.Y0 - word.MiddleY, word.MiddleY - cell.Y1), 0))!;

    /// <summary>Words that stand beside each other. A small raised mark belongs to the line it rises from.</summary>
    private static List<TextLine> Lines(List<PageWord> words)
    {
        var lines = new List<List<PageWord>>();
        var spans = new List<(double Top, double Bottom)>();
        foreach (var word in words.OrderBy(word => word.MiddleY).ThenBy(word => word.X0))
        {
            var into = -1;
            for (var i = lines.Count - 1; i >= Math.Max(0, lines.Count - 4); i--)
            {
                var overlap = Math.Min(spans[i].Bottom, word.Y1) - Math.Max(spans[i].Top, word.Y0);
                if (overlap < 0.5 * Math.Min(word.Height, spans[i].Bottom - spans[i].Top)) continue;
                into = i;
                break;
            }

            if (into < 0)
            {
                lines.Add([word]);
                spans.Add((word.Y0, word.Y1));
            }
            else
            {
                lines[into].Add(word);
                // The tallest word stands for the line; adding up all boxes would let lines grow into each other.
                if (word.Height > (spans[into].Bottom - spans[into].Top) * 1.15) spans[into] = (word.Y0, word.Y1);
            }
        }

        return [.. lines.Select(TextLine.Of).OrderBy(line => line.Y0)];
    }

    private static (double Left, double Right) Margins(List<TextLine> lines, PageContent page)
    {
        var full = lines.Where(line => line.Words.Count >= 6).ToList();
        if (full.Count >= 3)
        {
            return (full.Min(line => line.X0), full.Max(line => line.X1));
        }

        return lines.Count == 0 ? (60, page.Width - 40) : (Math.Min(lines.Min(line => line.X0), page.Width * 0.15), Math.Max(lines.Max(line => line.X1), page.Width * 0.88));
    }

    /// <summary>The lines between tables, in order.</summary>
    private static IEnumerable<List<TextLine>> Split(List<TextLine> lines, List<RuledTable> tables)
    {
        var part = new List<TextLine>();
        foreach (var line in lines)
        {
            if (part.Count > 0 && tables.Any(table => table.Y0 > part[^1].Y0 && table.Y1 <= line.Y1))
            {
                yield return part;
                part = [];
            }

            part.Add(line);
        }

        if (part.Count > 0) yield return part;
    }

    // ---- paragraphs ---------------------------------------------------------------------------------------------------------

    /// <summary>Cuts a line where the gap is too wide for a space: two columns side by side.</summary>
    private static List<TextLine> Segments(TextLine line) => Segments(line, Math.Max(20, line.Height * 1.8));

    private static List<TextLine> Segments(TextLine line, double gap)
    {
        var segments = new List<TextLine>();
        var open = new List<PageWord> { line.Words[0] };
        for (var i = 1; i < line.Words.Count; i++)
        {
            if (line.Words[i].X0 - line.Words[i - 1].X1 > gap)
            {
                segments.Add(TextLine.Of(open));
                open = [];
            }

            open.Add(line.Words[i]);
        }

        segments.Add(TextLine.Of(open));
        return segments;
    }

    private static List<Placed> Paragraphs(PageContent page, List<TextLine> lines, double left, double right, List<Note> notes)
    {
        var placed = new List<Placed>();
        for (var at = 0; at < lines.Count;)
        {
            var cut = Gutter(lines, at, out var end);
            if (cut is { } gutter)
            {
                var pieces = lines.GetRange(at, end - at).SelectMany(line => Segments(line)).ToList();
                foreach (var side in new[] { pieces.Where(piece => piece.X1 <= gutter + 1).ToList(), [.. pieces.Where(piece => piece.X1 > gutter + 1)] })
                {
                    if (side.Count == 0) continue;
                    placed.AddRange(Flow(page, side, side.Min(line => line.X0), side.Max(line => line.X1), notes, isColumn: true));
                }

                at = end;
            }
            else
            {
                var stop = at + 1;
                while (stop < lines.Count && Gutter(lines, stop, out _) is null) stop++;
                placed.AddRange(Flow(page, lines.GetRange(at, stop - at), left, right, notes, isColumn: false));
                at = stop;
            }
        }

        return placed;
    }

    /// <summary>The white strip between two columns that begin at this line, and the line they end before.</summary>
    private static double? Gutter(List<TextLine> lines, int at, out int end)
    {
        end = at;
        var first = Segments(lines[at]);
        if (first.Count != 2) return null;
        var (from, to) = (first[0].X1, first[1].X0);
        end = at + 1;
        var last = end;
        for (var i = end; i < lines.Count; i++)
        {
            if (lines[i].Y0 - lines[i - 1].Y1 > lines[i].Height * 2.5) break;
            var segments = Segments(lines[i]);
            if (segments.Count > 2) break;
            double a, b;
            if (segments.Count == 2) (a, b) = (Math.Max(from, segments[0].X1), Math.Min(to, segments[1].X0));
            else if (segments[0].X1 <= from + 40 && segments[0].X1 < to) (a, b) = (Math.Max(from, segments[0].X1), to);
            else if (segments[0].X0 >= to - 40 && segments[0].X0 > from) (a, b) = (from, Math.Min(to, segments[0].X0));
            else break;
            if (b - a < 4) break;
            (from, to) = (a, b);
            last = i + 1;
        }

        end = last;
        return (from + to) / 2;
    }

    [GeneratedRegex(@"^(?:[-–+•*]\s|\d{1,3}(?:\.\d{1,3})*[.)]\s?|[a-zđ]\)\s?|[IVXL]{1,6}[.)]\s|Điều\s+\d)", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Marker();

    private static List<Placed> Flow(PageContent page, List<TextLine> lines, double left, double right, List<Note> notes, bool isColumn)
    {
        var placed = new List<Placed>();
        var open = new List<TextLine>();
        void Close(bool runsOn)
        {
            if (open.Count == 0) return;
            var text = new StringBuilder();
            List<string>? footnotes = null;
            foreach (var line in open)
            {
                var words = Say(line, notes, ref footnotes);
                if (text.Length == 0) text.Append(words);
                else text.Append(Joint(text, words)).Append(words);
            }

            var first = open[0];
            var center = (left + right) / 2;
            var isCentered = isColumn || open.TrueForAll(line => Math.Abs(((line.X0 + line.X1) / 2) - center) < 12 && line.X0 > left + 16 && line.X1 < right - 16);
            var said = text.ToString().Trim();
            if (said.Length > 0)
            {
                var block = new SourceParagraph(page.Number, said, open.TrueForAll(line => line.Bold), open.TrueForAll(line => line.Italic), isCentered, null, footnotes);
                var mayContinue = !isColumn && first.X0 < left + 8 && !Marker().IsMatch(said) && said.Length > 0 && !char.IsUpper(said[0]);
                placed.Add(new Placed(block, first.Y0, runsOn && !".;:".Contains(said[^1], StringComparison.Ordinal), mayContinue));
            }

            open.Clear();
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (open.Count > 0 && (!GoesOn(open, lines[i], left, right) || (isColumn && !IsSameColumnText(open[^1], lines[i])))) Close(runsOn: false);
            open.Add(lines[i]);
        }

        Close(runsOn: open.Count > 0 && open[^1].X1 > right - 40 && !isColumn);
        return placed;
    }

    /// <summary>Whether a line only goes on because the one above it was full: its first word would not have fitted there.</summary>
    private static bool GoesOn(List<TextLine> open, TextLine line, double left, double right)
    {
        var above = open[^1];
        var space = line.Height * 0.25;
        if (line.Y0 - above.Y1 > Math.Max(line.Height, above.Height) * 1.1) return false;
        if (Math.Abs(line.Height - above.Height) > 0.3 * above.Height) return false;
        if (line.Bold != above.Bold && open.TrueForAll(one => one.Bold)) return false;
        var text = line.Text;
        var isLower = text.Length > 0 && char.IsLower(text[0]);
        if (Marker().IsMatch(text) && !isLower) return false;
        var isFull = above.X1 - above.X0 + space + line.Words[0].Width > right - Math.Max(above.X0, left) - (line.Height * 0.4) || above.X1 + space + line.Words[0].Width > right - (line.Height * 0.4);
        if (!isFull) return false;
        // An indent begins a paragraph, unless the whole block is set in.
        var isIndented = line.X0 > left + 14;
        return !isIndented || isLower || Math.Abs(line.X0 - above.X0) < 4 || IsCentredUnder(above, line);
    }

    /// <summary>In a letterhead or under a signature every centred line is a line of its own; a subject that runs on begins small.</summary>
    private static bool IsSameColumnText(TextLine above, TextLine line) => Math.Abs(line.X0 - above.X0) < 3 || char.IsLower(line.Text[0]);

    private static bool IsCentredUnder(TextLine above, TextLine line) => Math.Abs(((above.X0 + above.X1) / 2) - ((line.X0 + line.X1) / 2)) < 6;

    private static string Joint(StringBuilder before, string next) => before.Length == 0 || next.Length == 0 ? "" : IsBrokenAt(before.ToString(Math.Max(0, before.Length - 12), Math.Min(12, before.Length)), next) ? "" : " ";

    private static string Glue(string before, string next) => before + (IsBrokenAt(before, next) ? "" : " ") + next;

    /// <summary>"02-" and "KH/BCĐTW" were one word, broken at its hyphen; a dash that stands alone was not.</summary>
    private static bool IsBrokenAt(string before, string next) =>
        before.Length >= 2 && before[^1] is '-' or '/' && before.Length >= 2 && !char.IsWhiteSpace(before[^2]) && next.Length > 0 && char.IsLetterOrDigit(next[0]);

    /// <summary>The words of a line with the spaces they were set with; marks of footnotes that exist on the page leave the text.</summary>
    private static string Say(TextLine line, List<Note> notes, ref List<string>? footnotes)
    {
        var text = new StringBuilder();
        PageWord? before = null;
        var glue = false;
        foreach (var word in line.Words)
        {
            if (notes.Count > 0 && before is not null && word.Height < line.Height * 0.8 && notes.Find(note => note.Mark == word.Text.Trim('(', ')', '[', ']')) is { } note)
            {
                (footnotes ??= []).Add(note.Text);
                glue = word.X0 - before.X1 < line.Height * 0.12;
                before = word;
                continue;
            }

            if (before is not null && !(word.X0 - before.X1 < line.Height * (glue ? 0.12 : 0.05) && (glue || word.X0 - before.X1 > -line.Height * 0.3))) text.Append(' ');
            text.Append(word.Text);
            (before, glue) = (word, false);
        }

        return text.ToString();
    }

    // ---- tables -------------------------------------------------------------------------------------------------------------

    private SourceTable Table(PageContent page, RuledTable table, List<Note> notes)
    {
        _budget.Grid((long)table.Rows * table.Columns);
        var grid = new GridBuilder(table.Columns);
        for (var row = 0; row < table.Rows; row++) grid.NextRow(page.Number);
        var cells = new SourceCell[table.Rows, table.Columns];
        foreach (var cell in table.Cells)
        {
            if (cell.Words.Count == 0) continue;
            _budget.Filled(1);
            cells[cell.Row, cell.Column] = Cell(cell, notes);
        }

        return Assemble(page.Number, table, cells);
    }

    private static SourceTable Assemble(int page, RuledTable table, SourceCell[,] cells)
    {
        var grid = new GridBuilder(table.Columns);
        for (var row = 0; row < table.Rows; row++)
        {
            grid.NextRow(page);
            for (var column = 0; column < table.Columns; column++)
            {
                if (cells[row, column] is { } cell) grid.Put(column, 1, false, false, cell);
            }
        }

        foreach (var cell in table.Cells) grid.Merge(cell.Row, cell.Column, cell.RowSpan, cell.ColumnSpan);
        return grid.Build(page, null);
    }

    private static SourceCell Cell(RuledTable.Cell cell, List<Note> notes)
    {
        var lines = Lines(cell.Words);
        var padding = Math.Clamp(lines.Min(line => line.X0) - cell.X0, 1, 8);
        var inner = cell.X1 - cell.X0 - (2 * padding);
        return CellOf(lines, inner, notes);
    }

    private static SourceCell CellOf(List<TextLine> lines, double inner, List<Note> notes)
    {
        List<string>? footnotes = null;
        var text = new StringBuilder();
        // A column so narrow that "10" stands as "1" over "0".
        var isNumber = lines.Count > 1 && lines.Sum(line => line.Text.Length) <= 3 && lines.TrueForAll(line => line.Text.All(char.IsAsciiDigit));
        for (var i = 0; i < lines.Count; i++)
        {
            var words = Say(lines[i], notes, ref footnotes);
            if (i > 0 && !isNumber && words.Length > 0)
            {
                var (above, line) = (lines[i - 1], lines[i]);
                var wouldFit = above.X1 - above.X0 + (line.Height * 0.25) + line.Words[0].Width < inner - (line.Height * 0.15);
                var begins = Marker().IsMatch(words) && text.Length > 0 && (".;:,".Contains(text[^1], StringComparison.Ordinal) || words[0] is '-' or '+' or '•');
                text.Append(SourceText.BreaksNumber(text.ToString(Math.Max(0, text.Length - 24), Math.Min(24, text.Length)), words) ? "" : wouldFit || begins ? "\n" : Joint(text, words));
            }

            text.Append(words);
        }

        return new SourceCell(text.ToString().Trim(), Bold: lines.TrueForAll(line => line.Bold), Italic: lines.TrueForAll(line => line.Italic), Footnotes: footnotes);
    }

    /// <summary>A table that begins with the very header of the one before it is that table going on, with its header printed again.</summary>
    private static SourceTable MarkRepeated(SourceTable before, SourceTable table)
    {
        if (before.Columns != table.Columns || before.Page == table.Page) return table;
        var same = 0;
        while (same < Math.Min(4, Math.Min(before.Rows.Count, table.Rows.Count)) && SameRow(before.Rows[same], table.Rows[same])) same++;
        return same == 0 ? table : table with { Rows = [.. table.Rows.Select((row, i) => i < same ? row with { RepeatedHeader = true } : row)] };
    }

    /// <summary>
    /// A merged cell that goes on overleaf is drawn there as an empty one over several rows: they have what it says. One that reaches a single row is
    /// told from an empty cell by its column, where every empty cell so far belonged to a merge.
    /// </summary>
    private static SourceTable CarryMerged(SourceTable before, SourceTable table)
    {
        if (before.Columns != table.Columns || table.Page != before.Page + 1) return table;
        var top = table.Rows.TakeWhile(row => row.RepeatedHeader).Count();
        if (top >= table.Rows.Count || top == 0 && IsHeader(table.Rows[0])) return table;
        var rows = table.Rows.ToList();
        for (var c = 0; c < table.Columns; c++)
        {
            var (open, above) = (rows[top].Cells[c], before.Rows[^1].Cells[c]);
            if (open.Text.Length > 0 || open.Covered || open.ColumnSpan > 1 || (above.Text.Length > 0 ? above.Text : above.CoveredFrom) is not { Length: > 0 } text) continue;
            var column = c;
            var always = above.Covered && before.Rows.Concat(rows).Where(row => !ReferenceEquals(row, rows[top])).All(row => row.Cells[column] is var cell && (cell.Text.Length > 0 || cell.Covered))
                && before.Rows.Count(row => row.Cells[column] is { RowSpan: > 1, Text.Length: > 0 }) >= 2;
            if (open.RowSpan < 2 && !always) continue;
            for (var r = top; r < Math.Min(rows.Count, top + open.RowSpan); r++) rows[r] = rows[r] with { Cells = [.. rows[r].Cells.Select((cell, at) => at == column ? new SourceCell("", Covered: true, CoveredFrom: text) : cell)] };
        }

        return table with { Rows = rows };
    }

    private static bool IsHeader(SourceRow row) =>
        row.Cells.Count(cell => TableMapping.RoleOf(cell.Text).Role is not ColumnRole.Unknown) >= 3 && !row.Cells.Any(cell => RowNumber.TryRead(cell.Text, out var number) && number.Kind is NumberKind.Decimal);

    private static bool SameRow(SourceRow one, SourceRow other) =>
        one.Cells.Count(cell => cell.Text.Length > 0) >= 2
        && one.Cells.Zip(other.Cells).All(pair => VietnameseText.Fold(pair.First.Text) == VietnameseText.Fold(pair.Second.Text));

    // ---- tables without lines -----------------------------------------------------------------------------------------------

    /// <summary>Columns of the table without lines that reached the foot of the page before.</summary>
    private LooseTable.Grid? _open;

    /// <summary>Tables that begin with the labels of a task table, or go on from the page before; and the lines between them.</summary>
    private IEnumerable<(Placed? Table, List<TextLine> Others)> Loose(PageContent page, List<TextLine> lines, LooseTable.Grid? before, List<Note> notes)
    {
        var loose = lines.Select((line, i) => new LooseLine(page.Number, line.Y0, line.Y1, line.Words, i)).ToList();
        var heights = lines.Select(line => line.Height).Order().ToList();
        var space = heights.Count == 0 ? 4 : heights[heights.Count / 2] * 0.3;
        var start = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var goesOn = i == 0 ? before : null;
            if (goesOn is null && LooseTable.HeaderEnd(loose, i, space) <= i) continue;
            if (LooseTable.Read(loose, i, space, goesOn) is not { } found) continue;
            if (i > start) yield return (null, lines.GetRange(start, i - start));
            yield return (new Placed(TableOf(page, found, space, notes), lines[i].Y0), []);
            start = found.Next;
            i = found.Next - 1;
            if (found.Next >= lines.Count) _open = found.Grid;
        }

        if (start < lines.Count) yield return (null, lines.GetRange(start, lines.Count - start));
    }

    private SourceTable TableOf(PageContent page, LooseTable.Found found, double space, List<Note> notes)
    {
        _budget.Grid((long)found.Rows.Count * found.Columns);
        var grid = new GridBuilder(found.Columns);
        var widest = Enumerable.Range(0, found.Columns).Select(c => found.Rows.Where(row => !row.Spans && !row.IsHeader).SelectMany(row => row.Cells[c]).Select(line => line.X1 - line.X0).DefaultIfEmpty(0).Max()).ToList();
        foreach (var row in found.Rows)
        {
            grid.NextRow(page.Number);
            for (var column = 0; column < found.Columns; column++)
            {
                if (row.Cells[column].Count == 0) continue;
                var cell = CellOf([.. row.Cells[column].Select(line => TextLine.Of([.. line.Words]))], row.IsHeader ? 0 : Math.Max(widest[column], 20), notes);
                grid.Put(column, 1, false, false, cell);
                if (row.Spans && column < 2) grid.Merge(grid.Rows - 1, column, 1, found.Columns - column);
            }
        }

        return grid.Build(page.Number, null);
    }

    private readonly record struct Region(bool IsTable, List<TextLine> Lines);

    /// <summary>A run of lines that keep falling into three or more columns at the same places is a table, lines or no lines.</summary>
    private static IEnumerable<Region> FlowOrTable(List<TextLine> lines)
    {
        var start = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            if (Segments(lines[i]).Count < 3) continue;
            var end = i + 1;
            var rows = 1;
            for (var j = i + 1; j < lines.Count && lines[j].Y0 - lines[j - 1].Y1 < lines[j].Height * 3; j++)
            {
                var segments = Segments(lines[j]);
                if (segments.Count >= 3) (rows, end) = (rows + 1, j + 1);
                else if (j - end > 8) break;
            }

            if (rows < 3) continue;
            if (i > start) yield return new Region(false, lines.GetRange(start, i - start));

            // Lines of the last row that hold only one or two cells still belong to it while they are close and inside one column.
            while (end < lines.Count && lines[end].Y0 - lines[end - 1].Y1 < lines[end].Height * 0.6 && Segments(lines[end]) is { Count: <= 2 } rest && rest.TrueForAll(piece => piece.X1 - piece.X0 < 0.5 * (lines[i].X1 - lines[i].X0))) end++;
            yield return new Region(true, lines.GetRange(i, end - i));
            start = end;
            i = end - 1;
        }

        if (start < lines.Count) yield return new Region(false, lines.GetRange(start, lines.Count - start));
    }

    /// <summary>Columns are the white strips no line of the run writes into; a row begins where the first column does, or after a gap.</summary>
    private List<Placed> GapTable(PageContent page, List<TextLine> lines, List<Note> notes)
    {
        // A strip that stays white through all lines may be narrow: only a wide gap tells columns apart on one line, but many lines together tell more.
        var pieces = lines.Select(line => Segments(line, line.Height * 0.8)).ToList();
        var cuts = Rivers([.. lines.Zip(pieces).Where(line => Segments(line.First).Count >= 2).SelectMany(line => line.Second)], lines[0].Height * 0.7);
        if (cuts.Count < 2) return [.. Paragraphs(page, lines, lines.Min(line => line.X0), lines.Max(line => line.X1), notes)];
        var columns = cuts.Count + 1;
        var rows = new List<List<TextLine>[]>();
        double lastBottom = 0;
        foreach (var (line, segments) in lines.Zip(pieces))
        {
            var columnsHere = segments.Select(segment => cuts.Count(cut => cut < (segment.X0 + segment.X1) / 2)).ToList();
            // A line with its first column filled opens a row; so does one after a visible gap.
            var opens = rows.Count == 0 || (columnsHere.Contains(0) && (segments.Count > 1 || line.X1 - line.X0 > 60)) || line.Y0 - lastBottom > line.Height * 0.9;
            if (opens)
            {
                rows.Add(new List<TextLine>[columns]);
                for (var c = 0; c < columns; c++) rows[^1][c] = [];
            }

            foreach (var (segment, column) in segments.Zip(columnsHere)) rows[^1][column].Add(segment);
            lastBottom = line.Y1;
        }

        _budget.Grid((long)rows.Count * columns);
        var grid = new GridBuilder(columns);
        foreach (var row in rows)
        {
            grid.NextRow(page.Number);
            var filled = row.Count(cell => cell.Count > 0);
            for (var column = 0; column < columns; column++)
            {
                if (row[column].Count == 0) continue;
                var widest = rows.Where(other => other[column].Count > 0 && other.Count(cell => cell.Count > 0) > 1).SelectMany(other => other[column]).Select(piece => piece.X1 - piece.X0).DefaultIfEmpty(0).Max();
                grid.Put(column, 1, false, false, CellOf(row[column], Math.Max(widest, 20), notes));
                if (filled == 1 && row[column][0].X1 > cuts[0] && columns > 2) grid.Merge(grid.Rows - 1, column, 1, columns - column);
            }
        }

        return [new Placed(grid.Build(page.Number, null), lines[0].Y0)];
    }

    private static List<double> Rivers(List<TextLine> pieces, double narrowest)
    {
        var cuts = new List<double>();
        if (pieces.Count == 0) return cuts;
        var edges = pieces.Select(piece => (piece.X0, piece.X1)).OrderBy(edge => edge.X0).ToList();
        var reach = edges[0].X1;
        foreach (var (from, to) in edges)
        {
            if (from > reach + narrowest)
            {
                cuts.Add((from + reach) / 2);
            }

            reach = Math.Max(reach, to);
        }

        return cuts;
    }

    // ---- footnotes ----------------------------------------------------------------------------------------------------------

    [GeneratedRegex(@"^[\(\[]?(\d{1,3}|\*{1,3})[\)\]]?$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex NoteMark();

    [GeneratedRegex(@"^[\(\[]?(\d{1,3})[\)\]]?\s*(?=\p{L})", RegexOptions.CultureInvariant, 200)]
    private static partial Regex GluedMark();

    /// <summary>Notes stand under a short line at the foot of the page, smaller than the text; they leave the flow here.</summary>
    private static List<Note> TakeNotes(PageContent page, List<RuledTable> tables)
    {
        var separator = page.Horizontals
            .Where(rule => rule.Length is > 40 and < 260 && rule.At > page.Height * 0.3 && !tables.Any(table => rule.At >= table.Y0 - 2 && rule.At <= table.Y1 + 2))
            .OrderByDescending(rule => rule.At).FirstOrDefault();
        if (separator.Length <= 0) return [];
        var below = page.Words.Where(word => word.MiddleY > separator.At).ToList();
        if (below.Count == 0 || tables.Any(table => table.Y0 > separator.At)) return [];
        var lines = Lines(below);
        var body = page.Words.Where(word => word.MiddleY < separator.At).Select(word => word.Height).Order().ToList();
        if (body.Count == 0 || lines.Select(line => line.Height).Max() > body[body.Count / 2] * 0.95) return [];
        if (!StartsNote(lines[0], out _, out _)) return [];

        var notes = new List<Note>();
        foreach (var line in lines)
        {
            if (StartsNote(line, out var mark, out var text)) notes.Add(new Note(mark, text));
            else if (notes.Count > 0) notes[^1] = notes[^1] with { Text = Glue(notes[^1].Text, line.Text) };
        }

        var gone = below.ToHashSet(ReferenceEqualityComparer.Instance);
        page.Words.RemoveAll(word => gone.Contains(word));
        return notes;
    }

    private static bool StartsNote(TextLine line, out string mark, out string text)
    {
        (mark, text) = ("", "");
        if (line.Words.Count >= 2 && NoteMark().Match(line.Words[0].Text) is { Success: true } alone)
        {
            (mark, text) = (alone.Groups[1].Value, string.Join(' ', line.Words.Skip(1).Select(word => word.Text)));
            return true;
        }

        var whole = line.Text;
        if (GluedMark().Match(whole) is not { Success: true } glued) return false;
        (mark, text) = (glued.Groups[1].Value, whole[glued.Length..].Trim());
        return true;
    }

    private static IReadOnlyList<string>? Together(IReadOnlyList<string>? one, IReadOnlyList<string>? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        _ => [.. one, .. other],
    };
}
