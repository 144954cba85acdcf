using System.Text;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Plain text, in the shapes official documents arrive in: the dump of a word processor, where each table cell is a line that begins with a
/// tab, continues without one, and a blank line ends the row; tables drawn with pipes or tabs; and prose with hard line ends.
/// </summary>
internal static partial class PlainTextReader
{
    private const int TimeLimit = 500;

    public static SourceDocument Read(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return new Parser(lines).Parse();
    }

    private sealed class Parser(string[] lines)
    {
        private readonly List<SourceBlock> _blocks = [];
        private readonly List<(int Page, string Text)> _prose = [];
        private readonly List<List<string>> _rows = [];
        private int _page = 1;
        private int _tablePage = 1;
        private readonly List<SourceDefect> _defects = [];
        private bool _doubleSpaced;

        public SourceDocument Parse()
        {
            var widths = lines.Where(line => line.Trim().Length > 0 && !IsTabbed(line)).Select(line => line.Trim().Length).Order().ToList();
            var width = widths.Count == 0 ? 0 : widths[(int)(widths.Count * 0.9)];
            // Broken by hand, many lines are nearly as long as the longest; a text of paragraphs has every length.
            var wrapped = widths.Count >= 5 && width is >= 40 and <= 120 && (widths.Count(n => n >= 0.78 * width) * 4 >= widths.Count || BrokenByHand(width));

            // A dump may leave a blank line after every line; otherwise a blank line ends a paragraph.
            var texts = Enumerable.Range(0, lines.Length).Where(at => lines[at].Trim().Length > 0 && !IsTabbed(lines[at])).ToList();
            _doubleSpaced = texts.Count(at => at + 1 >= lines.Length || lines[at + 1].Trim().Length == 0) * 10 >= texts.Count * 7;
            List<string>? row = null;
            var blankBefore = true;
            for (var i = 0; i < lines.Length; i++)
            {
                var line = lines[i].Normalize(NormalizationForm.FormC);
                if (line.Contains('\f', StringComparison.Ordinal))
                {
                    _page += line.Count(c => c == '\f');
                    line = line.Replace("\f", "", StringComparison.Ordinal);
                }

                if (row is null && !IsTabbed(line) && Loose(i) is not null)
                {
                    CloseTable();
                    CloseProse(wrapped, width);
                    if (Aligned(i) is var last && last >= i)
                    {
                        i = last;
                        blankBefore = true;
                        continue;
                    }
                }

                if (row is null && !IsTabbed(line) && Stacked(i) is { } labels)
                {
                    CloseTable();
                    CloseProse(wrapped, width);
                    i = CellPerLine(labels);
                    blankBefore = true;
                    continue;
                }

                if (IsDrawn(line))
                {
                    CloseRow(ref row);
                    CloseTable();
                    CloseProse(wrapped, width);
                    i = Drawn(i);
                    blankBefore = true;
                    continue;
                }

                if (line.Trim().Length == 0 && !IsTabbed(line))
                {
                    CloseRow(ref row);
                    blankBefore = true;
                    if (_rows.Count == 0 && !(wrapped && _doubleSpaced)) _prose.Add((_page, ""));
                    continue;
                }

                if (IsTabbed(line))
                {
                    if (row is null)
                    {
                        CloseProse(wrapped, width);
                        if (_rows.Count == 0) _tablePage = _page;
                        row = [];
                    }

                    row.Add(line.Trim());
                    blankBefore = false;
                    continue;
                }

                if (row is not null && !blankBefore && !AppendixTitle().IsMatch(line))
                {
                    row[^1] = row[^1].Length == 0 ? line.Trim() : row[^1] + "\n" + line.Trim();
                    continue;
                }

                CloseRow(ref row);
                CloseTable();
                _prose.Add((_page, line));
                blankBefore = false;
            }

            CloseRow(ref row);
            CloseTable();
            CloseProse(wrapped, width);
            return new SourceDocument(SourceFormat.Text, _blocks, _page, _defects);
        }

        /// <summary>Whether long lines without a stop keep being followed by one that begins small.</summary>
        private bool BrokenByHand(int width)
        {
            var texts = lines.Where(line => line.Trim().Length > 0 && !IsTabbed(line)).Select(line => line.Trim()).ToList();
            var (full, carried) = (0, 0);
            for (var i = 0; i + 1 < texts.Count; i++)
            {
                if (texts[i].Length < 0.75 * width) continue;
                full++;
                if (texts[i][^1] is not ('.' or ';' or ':') && char.IsLower(texts[i + 1][0]) && !ListMark().IsMatch(texts[i + 1])) carried++;
            }

            return carried >= 2 && carried * 5 >= full * 2;
        }

        /// <summary>The dump writes a cell as a line that begins with a tab (a page may begin with a stray space before it).</summary>
        private static bool IsTabbed(string line) => line.Length > 0 && line.TrimStart(' ', '\u00A0', '\f') is ['\t', ..];

        private void CloseRow(ref List<string>? row)
        {
            if (row is null) return;
            _rows.Add(row);
            row = null;
        }

        private void CloseTable()
        {
            if (_rows.Count == 0) return;
            var lengths = _rows.Select(r => r.Count).ToList();
            var columns = lengths.Where(n => n > 2).GroupBy(n => n).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).Select(g => g.Key).FirstOrDefault(lengths.Max());

            // A blank line inside a cell (a footnote, an empty paragraph) breaks a row in two; the pieces together have the width of the table.
            for (var i = 0; i + 1 < _rows.Count; i++)
            {
                while (i + 1 < _rows.Count && _rows[i].Count < columns && _rows[i].Count + _rows[i + 1].Count <= columns
                    && (_rows[i].Count + _rows[i + 1].Count == columns || EndsInFootnote().IsMatch(_rows[i][^1])) && !NumberCell().IsMatch(_rows[i + 1][0]))
                {
                    _rows[i].AddRange(_rows[i + 1]);
                    _rows.RemoveAt(i + 1);
                }
            }

            columns = Math.Max(columns, _rows.Max(r => r.Count));
            var made = new List<SourceRow>();
            var header = HeaderOfTwo(_rows, columns);
            if (header is not null) made.AddRange(header.Select((cells, i) => new SourceRow(_tablePage, i + 1, cells)));
            for (var i = header is null ? 0 : 2; i < _rows.Count; i++)
            {
                var cells = new List<SourceCell>();
                for (var c = 0; c < columns; c++)
                {
                    if (c < _rows[i].Count)
                    {
                        var last = c == _rows[i].Count - 1 && c < columns - 1;
                        cells.Add(Cell(_rows[i][c]) with { ColumnSpan = last ? columns - c : 1 });
                    }
                    else
                    {
                        cells.Add(SourceCell.Empty with { Covered = true });
                    }
                }

                made.Add(new SourceRow(_tablePage, i + 1, cells));
            }

            _blocks.Add(new SourceTable(_tablePage, columns, made));
            _rows.Clear();
        }

        /// <summary>
        /// A header of two rows whose upper labels span columns: the dump writes each label once, so both rows are shorter than the table, and the
        /// lower one may leave empty cells under labels of one column. The way to lay them over the columns that fits their meaning best is taken.
        /// </summary>
        private static List<List<SourceCell>>? HeaderOfTwo(List<List<string>> rows, int columns)
        {
            if (rows.Count < 3 || columns is < 4 or > 16 || rows[0].Count >= columns || rows[0].Count < 3 || rows[0].Exists(text => text.Length is 0 or > 80)) return null;
            var (upper, lower) = (rows[0], rows[1]);
            var subs = Enumerable.Range(0, lower.Count).Where(c => lower[c].Length > 0).ToList();
            if (subs.Count < 2 || subs.Exists(c => lower[c].Length > 60 || !IsLabel(lower[c])) || lower.Count < columns && lower.Count != subs.Count) return null;
            if (TableMapping.RoleOf(upper[0]).Role is not (ColumnRole.Number or ColumnRole.Content)) return null;
            var best = Lay(0, 0, 0);
            if (best is not { } laid) return null;
            var top = new List<SourceCell>();
            var below = new List<SourceCell>();
            var next = 0;
            for (var i = 0; i < upper.Count; i++)
            {
                top.Add(Cell(upper[i]) with { ColumnSpan = laid.Spans[i] });
                for (var k = 0; k < laid.Spans[i]; k++)
                {
                    if (k > 0) top.Add(SourceCell.Empty with { Covered = true });
                    below.Add(laid.Spans[i] > 1 ? Cell(lower[subs[next++]]) : SourceCell.Empty with { Covered = true, CoveredFrom = upper[i] });
                }
            }

            return [top, below];

            (double Points, List<int> Spans)? Lay(int label, int column, int sub)
            {
                if (label == upper.Count) return column == columns && sub == subs.Count ? (0, []) : null;
                (double Points, List<int> Spans)? found = null;
                for (var span = 1; span <= columns - column; span++)
                {
                    var under = span == 1 ? [] : subs.Skip(sub).Take(span).ToList();
                    if (span > 1 && (under.Count < span || lower.Count == columns && (under[0] != column || under[^1] != column + span - 1))) break;
                    if (span == 1 && lower.Count == columns && lower[column].Length > 0) continue;
                    if (Lay(label + 1, column + span, sub + under.Count) is not { } rest) continue;
                    var points = rest.Points + (span == 1 ? TableMapping.RoleOf(upper[label]).Role is ColumnRole.Unknown ? 0 : 0.6 : under.Sum(c => Fits(upper[label], lower[c])));
                    if (found is null || points > found.Value.Points) found = (points, [span, .. rest.Spans]);
                }

                return found;
            }

            static bool IsLabel(string text) => TableMapping.RoleOf(text).Role is not ColumnRole.Unknown || PeriodText().IsMatch(text.Trim());

            static double Fits(string above, string under)
            {
                var label = TableMapping.RoleOf(above).Role;
                var time = label is ColumnRole.Deadline or ColumnRole.Start;
                var sub = TableMapping.RoleOf(under).Role is ColumnRole.Start or ColumnRole.Deadline || PeriodText().IsMatch(under.Trim());
                return time == sub && label is ColumnRole.Deadline or ColumnRole.Start or ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Coordinator or ColumnRole.Unknown ? time == sub ? 1 : -1 : -1;
            }
        }

        private void CloseProse(bool wrapped, int width)
        {
            var current = new StringBuilder();
            var currentPage = _page;
            var lastLine = "";
            void Flush()
            {
                if (current.Length > 0)
                {
                    var cell = Cell(current.ToString());
                    _blocks.Add(new SourceParagraph(currentPage, cell.Text, Footnotes: cell.Footnotes));
                }

                current.Clear();
            }

            foreach (var (page, line) in _prose)
            {
                var text = VietnameseText.Clean(line);
                if (text.Length == 0) { Flush(); continue; }
                if (current.Length > 0 && wrapped && GoesOn(lastLine, text, width))
                {
                    current.Append(current[^1] == '-' && char.IsUpper(text[0]) ? "" : " ").Append(text);
                }
                else
                {
                    Flush();
                    currentPage = page;
                    current.Append(text);
                }

                lastLine = text;
            }

            Flush();
            _prose.Clear();
        }

        /// <summary>Whether a hard-wrapped line carries on the one before it.</summary>
        private static bool GoesOn(string before, string line, int width)
        {
            if (DateGoesOn().IsMatch(line) && DateOpens().IsMatch(before)) return true;
            if (ListMark().IsMatch(line)) return false;
            if (char.IsLower(line[0])) return !before.EndsWith(':') || before.Length > width * 0.8;
            if (before[^1] is '.' or ';' or ':' or '!' or '?') return before[^1] is '.' && before.Length >= width * 0.93 && !before.EndsWith("./.", StringComparison.Ordinal);
            return before.Length >= width * (before[0] is '-' or '+' ? 0.8 : 0.7) && !IsCapitals(before);
        }

        private static bool IsCapitals(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);

        // ---- tables drawn with pipes, box characters or tabs between cells ----

        private static bool IsDrawn(string line) => Pipes(line) >= 2 || line.TrimStart(' ').Count(c => c == '\t') >= 2 && !IsTabbed(line);

        private static int Pipes(string line) => line.Count(c => c is '|' or '│' or '┃' or '║');

        private int Drawn(int from)
        {
            var rows = new List<string[]>();
            var titles = new HashSet<int>();
            var i = from;
            var pipes = Pipes(lines[from]) >= 2;
            for (; i < lines.Length; i++)
            {
                var line = lines[i].Normalize(NormalizationForm.FormC);
                if (Rule().IsMatch(line)) continue;
                if (line.Trim().Length == 0)
                {
                    // One blank line between two drawn rows belongs to the table.
                    if (i + 1 < lines.Length && IsDrawn(lines[i + 1]) && Pipes(lines[i + 1]) >= 2 == pipes) continue;
                    break;
                }

                if (!pipes && rows.Count > 0 && !line.Contains('\t', StringComparison.Ordinal) && line.Length < 250 && (GroupLine().IsMatch(line) || !line.Any(char.IsLower)) && i + 1 < lines.Length && IsDrawn(lines[i + 1]))
                {
                    // A title over the whole width has no tabs.
                    rows.Add([line.Trim()]);
                    titles.Add(rows.Count - 1);
                    continue;
                }

                if (pipes ? Pipes(line) < 2 : !line.Contains('\t', StringComparison.Ordinal)) break;
                var cells = pipes ? line.Trim().Trim('|', '│', '┃', '║').Split('|', '│', '┃', '║') : line.Split('\t');
                rows.Add([.. cells.Select(cell => Breaks().Replace(cell, "\n").Trim())]);
            }

            var columns = rows.Max(row => row.Length);
            var made = new List<SourceRow>();
            for (var r = 0; r < rows.Count; r++)
            {
                var cells = titles.Contains(r) ? [Cell(rows[r][0]) with { ColumnSpan = columns }, .. Enumerable.Repeat(SourceCell.Empty with { Covered = true }, columns - 1)]
                    : rows[r].Select(Cell).Concat(Enumerable.Repeat(SourceCell.Empty, columns - rows[r].Length)).ToList();
                made.Add(new SourceRow(_page, r + 1, cells));
            }

            _blocks.Add(new SourceTable(_page, columns, made));
            return i - 1;
        }

        // ---- tables set in columns of spaces ----

        private List<LooseLine>? _loose;

        /// <summary>The lines with the places of their words: a character is one wide, a line one high.</summary>
        private List<LooseLine> LooseLines()
        {
            if (_loose is not null) return _loose;
            _loose = [];
            var page = 1;
            for (var i = 0; i < lines.Length; i++)
            {
                var line = lines[i].Normalize(NormalizationForm.FormC);
                page += line.Count(c => c == '\f');
                line = line.Replace("\f", "", StringComparison.Ordinal).TrimEnd();
                if (line.Length == 0 || line.Contains('\t', StringComparison.Ordinal) || Rule().IsMatch(line) || line.Length > 1_000) continue;
                var words = SpacedWord().Matches(line).Select(word => new PageWord(word.Index, i, word.Index + word.Length, i + 1, word.Value)).ToList();
                if (words.Count == 0 || words is [{ X0: > 8 } alone] && PageMark().IsMatch(alone.Text) && (IsBlank(i - 1) || IsBlank(i + 1))) continue;
                _loose.Add(new LooseLine(page, i, i + 1, words, i));
            }

            return _loose;
        }

        private bool IsBlank(int at) => at < 0 || at >= lines.Length || lines[at].Trim().Length == 0 || lines[at].Contains('\f', StringComparison.Ordinal);

        /// <summary>The place of the line among those with words when the header of a table set in spaces begins at it.</summary>
        private int? Loose(int at)
        {
            var line = lines[at];
            if (line.Length < 12 || !Gap().IsMatch(line) && TableMapping.RoleOf(line).Role is ColumnRole.Unknown) return null;
            var loose = LooseLines();
            var index = loose.FindIndex(one => one.At == at);
            return index >= 0 && LooseTable.HeaderEnd(loose, index, 1) > index ? index : null;
        }

        /// <summary>Reads the table whose header begins at the line, through all its pages; the last line it used, or less than the first when it is none.</summary>
        private int Aligned(int from)
        {
            var loose = LooseLines();
            var at = loose.FindIndex(one => one.At == from);
            var rows = new List<LooseTable.Row>();
            LooseTable.Grid? grid = null;
            while (at < loose.Count && LooseTable.Read(loose, at, 1, grid) is { } found && (grid is null || found.Columns == grid.Columns))
            {
                rows.AddRange(found.Rows.Where(row => !row.IsHeader || rows.Count == 0));
                grid = found.Grid;
                if (found.Next <= at) break;
                at = found.Next;
                if (at >= loose.Count || loose[at].Page == loose[at - 1].Page) break;
            }

            if (grid is null || rows.Count < 2) return from - 1;
            if (LooseTable.Unread(loose, at, 1, grid) is { } unread) _defects.Add(new SourceDefect("source.rows-unread", unread.Page, grid.Last!));
            var widest = Enumerable.Range(0, grid.Columns).Select(c => rows.Where(row => !row.Spans && !row.IsHeader).SelectMany(row => row.Cells[c]).Select(line => line.X1 - line.X0).DefaultIfEmpty(0).Max()).ToList();
            var made = new List<SourceRow>();
            foreach (var row in rows)
            {
                var cells = row.Cells.Select((cell, c) => cell.Count == 0 ? SourceCell.Empty : Cell(LooseTable.Say(cell, row.IsHeader ? double.MaxValue : widest[c], 1))).ToList();
                for (var c = 0; c < row.SharedBefore; c++)
                {
                    if (cells[c].Text.Length == 0 && made[^1].Cells[c] is var above && (above.CoveredFrom ?? above.Text) is { Length: > 0 } shared) cells[c] = new SourceCell("", Covered: true, CoveredFrom: shared);
                }

                var wide = row.Spans ? cells.FindLastIndex(cell => cell.Text.Length > 0) : -1;
                if (wide >= 0 && wide < 2)
                {
                    cells[wide] = cells[wide] with { ColumnSpan = grid.Columns - wide };
                    for (var c = wide + 1; c < cells.Count; c++) cells[c] = SourceCell.Empty with { Covered = true };
                }

                made.Add(new SourceRow(row.Page, made.Count + 1, cells));
            }

            _blocks.Add(new SourceTable(made[0].Page, grid.Columns, made));
            _page = loose[Math.Min(at, loose.Count) - 1].Page;
            return loose[at - 1].At;
        }

        // ---- tables that lost their grid: every cell a line of its own ----

        /// <summary>Lines of the header labels when a table of one cell per line begins here: a number label, then other labels of task columns.</summary>
        private List<int>? Stacked(int at)
        {
            if (TableMapping.RoleOf(lines[at]).Role is not ColumnRole.Number || lines[at].Trim().Length > 12) return null;
            var labels = new List<int> { at };
            for (var i = at + 1; i < Math.Min(lines.Length, at + 24); i++)
            {
                var text = lines[i].Trim();
                if (text.Length == 0) continue;
                if (text.Length > 60 || GroupLine().IsMatch(text) || TableMapping.RoleOf(text).Role is ColumnRole.Unknown or ColumnRole.Number || NumberCell().IsMatch(text)) break;
                labels.Add(i);
            }

            return labels.Count >= 3 && labels.Exists(i => TableMapping.RoleOf(lines[i]).Role is ColumnRole.Content) ? labels : null;
        }

        private int CellPerLine(List<int> labels)
        {
            var roles = labels.ConvertAll(i => TableMapping.RoleOf(lines[i]).Role);
            var made = new List<SourceRow> { new(_page, 1, [.. labels.Select(i => Cell(lines[i]))]) };
            var cells = new List<string>();
            void Flush()
            {
                if (cells.Count > 0) made.Add(new SourceRow(_page, made.Count + 1, Place(cells, roles)));
                cells.Clear();
            }

            var i = labels[^1] + 1;
            for (; i < lines.Length; i++)
            {
                var text = VietnameseText.Clean(lines[i]);
                if (text.Length == 0) continue;
                if (text.StartsWith("Nơi nhận", StringComparison.Ordinal) || AppendixTitle().IsMatch(text) || text.EndsWith("./.", StringComparison.Ordinal)) break;
                if (NumberCell().IsMatch(text)) Flush();
                else if (GroupLine().IsMatch(text) && cells.Count >= 2)
                {
                    // "II. PHÁT TRIỂN …" on one line is a title over the whole width.
                    Flush();
                    made.Add(new SourceRow(_page, made.Count + 1, [Cell(text) with { ColumnSpan = roles.Count }, .. Enumerable.Repeat(SourceCell.Empty with { Covered = true }, roles.Count - 1)]));
                    continue;
                }
                else if (cells.Count == 0)
                {
                    made.Add(new SourceRow(_page, made.Count + 1, [Cell(text) with { ColumnSpan = roles.Count }, .. Enumerable.Repeat(SourceCell.Empty with { Covered = true }, roles.Count - 1)]));
                    continue;
                }

                cells.Add(lines[i].Trim());
            }

            Flush();
            _blocks.Add(new SourceTable(_page, roles.Count, made));
            return i - 1;
        }

        /// <summary>Empty cells left no line: what is there goes, in order, to the first column it can belong to.</summary>
        private static List<SourceCell> Place(List<string> cells, List<ColumnRole> roles)
        {
            var placed = Enumerable.Repeat(SourceCell.Empty, roles.Count).ToList();
            if (cells.Count >= roles.Count)
            {
                for (var c = 0; c < roles.Count; c++) placed[c] = Cell(c == roles.Count - 1 ? string.Join("\n", cells.Skip(c)) : cells[c]);
                return placed;
            }

            var at = 0;
            for (var c = 0; c < cells.Count; c++)
            {
                var room = roles.Count - (cells.Count - c);
                while (at < room && !Fits(cells[c], roles[at])) at++;
                placed[at] = Cell(cells[c]);
                at++;
            }

            return placed;
        }

        private static bool Fits(string text, ColumnRole role) => EmptyMark().IsMatch(text) || role switch
        {
            ColumnRole.Number => RowNumber.TryRead(text, out _),
            ColumnRole.Content => true,
            ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator => AgencyNames.LooksLikeAgency(text) && !DeadlineGrammar.Recognises(text),
            ColumnRole.Deadline => DeadlineGrammar.Recognises(text) || DeadlineGrammar.Read(text).Deadline.Rule is DeadlineRule.Duration || text.Length < 30 && text.Any(char.IsDigit),
            ColumnRole.Product or ColumnRole.Note or ColumnRole.Basis => !AgencyNames.LooksLikeAgency(text) && !DeadlineGrammar.Recognises(text),
            _ => true,
        };

        /// <summary>Takes the footnotes a word processor writes into the text out of it: "…[footnoteRef:1] … [1: Kế hoạch số …]".</summary>
        private static SourceCell Cell(string text)
        {
            var notes = new List<string>();
            var rest = FootnoteText().Replace(text, match => { notes.Add(VietnameseText.Clean(match.Groups[1].Value)); return " "; });
            rest = FootnoteReference().Replace(rest, "");
            var clean = string.Join('\n', rest.Split('\n').Select(VietnameseText.Clean).Where(line => line.Length > 0));
            return new SourceCell(clean, Footnotes: notes.Count == 0 ? null : notes);
        }
    }

    [GeneratedRegex(@"^\s*(PHỤ LỤC|Phụ lục|BIỂU MẪU|DANH MỤC)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex AppendixTitle();

    [GeneratedRegex(@"\S {2,}\S", RegexOptions.None, TimeLimit)]
    private static partial Regex Gap();

    [GeneratedRegex(@"^\d{1,2}\s*/\s*\d|^20\d{2}\b|^\d{1,2} tháng \d", RegexOptions.None, TimeLimit)]
    private static partial Regex DateGoesOn();

    /// <summary>A line that ends so has its date on the next.</summary>
    [GeneratedRegex(@"\b(?:ngày|tháng|năm|quý|trước|đến|ngay|thang|nam|truoc)$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex DateOpens();

    [GeneratedRegex(@"^(?:năm\s*|quý\s*|tháng\s*)?(?:20\d{2}|[IVX]{1,4}|\d{1,2})(?:\s*/\s*20\d{2})?$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex PeriodText();

    [GeneratedRegex(@"^(?:trang\s*)?[-–]?\s*\d{1,4}\s*[-–]?$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex PageMark();

    [GeneratedRegex(@"^[-–—./…_]+$", RegexOptions.None, TimeLimit)]
    private static partial Regex EmptyMark();

    [GeneratedRegex(@"[^\s\u00A0]+", RegexOptions.None, TimeLimit)]
    private static partial Regex SpacedWord();

    [GeneratedRegex(@"^(?:[IVX]{1,5}|[A-H])\s*[.)\-]\s+\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex GroupLine();

    [GeneratedRegex(@"\[\d+:[^\]]*\]\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex EndsInFootnote();

    [GeneratedRegex(@"^\s*(\d{1,3}|[IVX]{1,5}|[A-Z]|\d{1,2}(\.\d{1,2})+|[a-zđ])\s*[.)]?\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberCell();

    [GeneratedRegex(@"\[\d+:\s*([^\]]*)\]", RegexOptions.None, TimeLimit)]
    private static partial Regex FootnoteText();

    [GeneratedRegex(@"\[footnoteRef:\d+\]", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex FootnoteReference();

    [GeneratedRegex(@"^\s*(\d{1,2}(\.\d{1,2})*[.)]|[a-zđ]\)|[IVX]{1,5}\.|[-–+*•]|Điều \d|Phần |Chương |Mục |Nơi nhận|Căn cứ|Kính gửi)\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex ListMark();

    [GeneratedRegex(@"^[\s|+\-=:_─━│┼├┤┌┐└┘┬┴╔╗╚╝═╬╠╣╦╩║]{3,}$", RegexOptions.None, TimeLimit)]
    private static partial Regex Rule();

    [GeneratedRegex(@"<br\s*/?>|\\n", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Breaks();
}
