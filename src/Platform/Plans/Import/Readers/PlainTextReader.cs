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
        var lines = Visible(text.Replace("\r\n", "\n", StringComparison.Ordinal)).Split('\n');
        return new Parser(lines).Parse();
    }

    /// <summary>Marks nobody sees are dropped, and every kind of space is one: a soft hyphen would part a word from itself, a hard space a label from its like.</summary>
    private static string Visible(string text)
    {
        var made = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u200E' or '\u200F' or '\0': break;
                case '\u00A0' or '\u202F' or '\u2007' or '\u2009' or '\u2002' or '\u2003': made.Append(' '); break;
                case '\u2010' or '\u2011': made.Append('-'); break;
                case '\r' or '\v' or '\u0085' or '\u2028' or '\u2029': made.Append('\n'); break;
                default: made.Append(c); break;
            }
        }

        return made.ToString();
    }

    private sealed class Parser(string[] lines)
    {
        private readonly List<SourceBlock> _blocks = [];
        private readonly List<(int Page, string Text)> _prose = [];
        private readonly List<List<string>> _rows = [];
        private readonly List<SourceDefect> _defects = [];
        private int _page = 1;
        private int _tablePage = 1;
        private bool _doubleSpaced;

        /// <summary>Rows of a spreadsheet, cells parted by tabs: a line that begins with a tab has an empty first cell.</summary>
        private readonly bool _isSheet = lines.Count(line => line.Count(c => c == '\t') >= 2 && line[0] is not '\t') >= 3 && lines.Count(line => line.Length > 1 && line[0] is '\t' && line.LastIndexOf('\t') == 0) <= 2;

        private (int From, char Mark)? _marked;

        public SourceDocument Parse()
        {
            _marked = Marked();
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

                if (_marked is { } marked && marked.From == i)
                {
                    CloseRow(ref row);
                    CloseTable();
                    CloseProse(wrapped, width);
                    i = Delimited(i, marked.Mark);
                    blankBefore = true;
                    continue;
                }

                if (row is null && IsPageMark(i))
                {
                    // The number of a page parts no sentence: what was open before it goes on after it.
                    while (_prose.Count > 0 && _prose[^1].Text.Length == 0) _prose.RemoveAt(_prose.Count - 1);
                    while (i + 1 < lines.Length && lines[i + 1].Trim().Length == 0 && !lines[i + 1].Contains('\f', StringComparison.Ordinal)) i++;
                    continue;
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

                if (row is null && !IsTabbed(line) && FlowedTable.Read(lines, i) is { } flowed)
                {
                    CloseTable();
                    CloseProse(wrapped, width);
                    i = Flowed(flowed);
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
        private bool IsTabbed(string line) => line.Length > 0 && !(_isSheet && line.Count(c => c == '\t') >= 2) && line.TrimStart(' ', '\u00A0', '\f') is ['\t', ..];

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

        private bool IsDrawn(string line) => Pipes(line) >= 2 || line.TrimStart(' ').Count(c => c == '\t') >= 2 && !IsTabbed(line) && line.Trim().Length > 0;

        private static int Pipes(string line) => line.Count(c => c is '|' or '│' or '┃' or '║');

        private int Drawn(int from) => Pipes(lines[from]) >= 2 ? Piped(from) : Delimited(from, '\t');

        private int Piped(int from)
        {
            var rows = new List<(int Page, List<string> Cells)>();
            var (rules, groups, i) = (0, new List<int>(), from);
            for (; i < lines.Length; i++)
            {
                var line = lines[i];
                if (Rule().IsMatch(line)) { rules++; continue; }
                if (Pipes(line) < 2)
                {
                    if (Resume(i, next => Pipes(lines[next]) >= 2 || Rule().IsMatch(lines[next]) && Pipes(lines[Math.Min(next + 1, lines.Length - 1)]) >= 2) is not { } again) break;
                    i = again - 1;
                    continue;
                }

                _page += line.Count(c => c == '\f');
                rows.Add((_page, [.. Inside(line.Replace("\f", "", StringComparison.Ordinal).Trim()).Split('|', '│', '┃', '║').Select(cell => Breaks().Replace(cell, "\n").Trim())]));
                groups.Add(rules);
            }

            // Where a rule stands between the rows, the lines between two rules are one row, each cell over as many of them as it needed.
            if (groups.Distinct().Count() >= 3 && groups.Count > groups.Distinct().Count())
            {
                for (var r = rows.Count - 1; r > 0; r--)
                {
                    if (groups[r] != groups[r - 1] || rows[r].Cells.Count != rows[r - 1].Cells.Count || rows[r].Cells[0].Length > 0) continue;
                    for (var c = 0; c < rows[r].Cells.Count; c++) rows[r - 1].Cells[c] = (rows[r - 1].Cells[c] + "\n" + rows[r].Cells[c]).Trim('\n');
                    rows.RemoveAt(r);
                    groups.RemoveAt(r);
                }
            }

            Add(rows, []);
            return i - 1;

            static string Inside(string line) => line[(line[0] is '|' or '│' or '┃' or '║' ? 1 : 0)..(line[^1] is '|' or '│' or '┃' or '║' ? line.Length - 1 : line.Length)];
        }

        /// <summary>The line at which a drawn table goes on behind a blank line, the number of a page or a form feed; null when it has ended.</summary>
        private int? Resume(int at, Func<int, bool> isRow)
        {
            var (blanks, marks) = (0, 0);
            var i = at;
            for (; i < Math.Min(lines.Length, at + 6); i++)
            {
                var text = lines[i].Trim();
                if (text.Length > 0 && isRow(i)) break;
                if (lines[i].Contains('\f', StringComparison.Ordinal) || PageMark().IsMatch(text)) marks++;
                if (text.Length == 0) blanks++;
                else if (!PageMark().IsMatch(text)) return null;
            }

            if (i >= lines.Length || i == at + 6 || blanks > 1 && marks == 0) return null;
            for (var k = at; k < i; k++) _page += lines[k].Count(c => c == '\f');
            return i;
        }

        private void Add(List<(int Page, List<string> Cells)> rows, HashSet<int> titles)
        {
            var columns = rows.Max(row => row.Cells.Count);
            var filled = Enumerable.Range(0, columns).Where(c => rows.Exists(row => c < row.Cells.Count && row.Cells[c].Length > 0)).ToList();

            // The letterhead of a sheet stands in two of its many columns; the others part nothing.
            if (rows.Count <= 8 && filled.Count is 1 or 2 && columns > 2)
            {
                rows = rows.ConvertAll(row => (row.Page, filled.ConvertAll(c => c < row.Cells.Count ? row.Cells[c] : "")));
                columns = filled.Count;
            }

            var made = new List<SourceRow>();
            for (var r = 0; r < rows.Count; r++)
            {
                var cells = titles.Contains(r) ? [Cell(rows[r].Cells[0]) with { ColumnSpan = columns }, .. Enumerable.Repeat(SourceCell.Empty with { Covered = true }, columns - 1)]
                    : rows[r].Cells.Select(Cell).Concat(Enumerable.Repeat(SourceCell.Empty, columns - rows[r].Cells.Count)).ToList();
                made.Add(new SourceRow(rows[r].Page, r + 1, cells));
            }

            _blocks.Add(new SourceTable(made[0].Page, columns, made));
        }

        // ---- tables of a spreadsheet: cells parted by a tab, a semicolon or a comma, quoted where they hold a break or the mark itself (RFC 4180) ----

        private int Delimited(int from, char mark)
        {
            var rows = new List<(int Page, List<string> Cells)>();
            var titles = new HashSet<int>();
            var i = from;
            while (i < lines.Length)
            {
                var line = lines[i];
                if (line.Trim().Length == 0 || PageMark().IsMatch(line.Trim()))
                {
                    if (Resume(i, next => IsRecord(next, mark)) is not { } again) break;
                    i = again;
                    continue;
                }

                _page += line.Count(c => c == '\f');
                if (!line.Contains(mark, StringComparison.Ordinal) && !(mark is not '\t' && line.TrimStart().StartsWith('"')))
                {
                    // A title over the whole width has no marks.
                    if (rows.Count == 0 || line.Length >= 250 || !(GroupLine().IsMatch(line) || !line.Any(char.IsLower)) || i + 1 >= lines.Length || !IsRecord(i + 1, mark)) break;
                    rows.Add((_page, [line.Trim()]));
                    titles.Add(rows.Count - 1);
                    i++;
                    continue;
                }

                var (cells, next) = Record(i, mark);
                if (mark is not '\t' && rows.Count > 0 && cells.Count * 2 < rows.Max(row => row.Cells.Count)) break;
                rows.Add((_page, cells));
                i = next;
            }

            if (rows.Count == 0)
            {
                _prose.Add((_page, lines[from]));
                return from;
            }

            // What stands above the labels of a sheet is the head of the document, not rows of its table.
            var labels = rows.FindIndex(row => row.Cells.Select(cell => cell.Length is 0 or > 80 ? ColumnRole.Unknown : TableMapping.RoleOf(cell).Role).Where(role => role is not ColumnRole.Unknown).Distinct().ToList() is { Count: >= 3 } roles && roles.Contains(ColumnRole.Content));
            for (var r = 0; r < labels;)
            {
                var filled = rows[r].Cells.Where(cell => cell.Length > 0).ToList();
                if (filled.Count == 1) _blocks.Add(new SourceParagraph(rows[r].Page, filled[0]));
                var next = r + 1;
                while (filled.Count > 1 && next < labels && rows[next].Cells.Count(cell => cell.Length > 0) > 1) next++;
                if (filled.Count > 1) Add(rows[r..next], []);
                r = next;
            }

            labels = Math.Max(0, labels);
            Add(rows[labels..], [.. titles.Select(title => title - labels).Where(title => title >= 0)]);
            return i - 1;
        }

        private bool IsRecord(int at, char mark) => mark is '\t' ? IsDrawn(lines[at]) || lines[at].Contains('\t', StringComparison.Ordinal) && lines[at].Contains('"', StringComparison.Ordinal) : lines[at].Count(c => c == mark) >= 2;

        /// <summary>The cells of the record that begins at the line, and the line after it.</summary>
        private (List<string> Cells, int Next) Record(int at, char mark)
        {
            const int LinesOfCell = 60;   // A quotation nobody closes by then is no quotation.
            var cells = new List<string>();
            var (line, from) = (lines[at].Replace("\f", "", StringComparison.Ordinal), 0);
            var next = at + 1;
            while (true)
            {
                var start = from;
                while (start < line.Length && line[start] == ' ') start++;
                if (start < line.Length && line[start] == '"' && Quoted(line, start, next) is { } quoted)
                {
                    cells.Add(Tidy(quoted.Text));
                    (line, from, next) = (quoted.Line, quoted.After, quoted.Next);
                }
                else
                {
                    var end = line.IndexOf(mark, from);
                    cells.Add(Tidy(line[from..(end < 0 ? line.Length : end)]));
                    from = end < 0 ? line.Length + 1 : end + 1;
                }

                if (from > line.Length) return (cells, next);
            }

            static string Tidy(string text) => Breaks().Replace(text, "\n").Trim();

            (string Text, string Line, int After, int Next)? Quoted(string text, int open, int following)
            {
                var cell = new StringBuilder();
                var most = Math.Min(lines.Length, following + LinesOfCell);
                for (var k = open + 1; ; k++)
                {
                    if (k >= text.Length)
                    {
                        if (following >= most) return null;
                        cell.Append('\n');
                        (text, k) = (lines[following++], -1);
                        continue;
                    }

                    if (text[k] != '"') { cell.Append(text[k]); continue; }
                    if (k + 1 < text.Length && text[k + 1] == '"') { cell.Append('"'); k++; continue; }
                    var rest = k + 1;
                    while (rest < text.Length && text[rest] == ' ') rest++;
                    if (rest < text.Length && text[rest] != mark) return null;
                    return (cell.ToString(), text, rest + 1, following);
                }
            }
        }

        /// <summary>Where a table begins whose cells are parted by semicolons or commas: its labels say so, and the record after them has as many cells.</summary>
        private (int From, char Mark)? Marked()
        {
            for (var i = 0; i < Math.Min(lines.Length, 400); i++)
            {
                foreach (var mark in (ReadOnlySpan<char>)[';', ','])
                {
                    if (lines[i].Count(c => c == mark) < 3 || lines[i].Contains('\t', StringComparison.Ordinal) || Pipes(lines[i]) >= 2) continue;
                    var (labels, next) = Record(i, mark);

                    // A sentence has its commas too, with a space behind them and small letters behind that.
                    if (labels.Exists(label => label.Length > 60 || label.Length > 0 && (char.IsLower(label[0]) || label[^1] is '.'))) continue;
                    var roles = labels.ConvertAll(label => label.Length is 0 or > 80 ? ColumnRole.Unknown : TableMapping.RoleOf(label).Role);
                    var known = roles.Where(role => role is not ColumnRole.Unknown).Distinct().Count();
                    if (known < 3 || known * 2 < labels.Count(label => label.Length > 0) || !roles.Contains(ColumnRole.Content) || next >= lines.Length) continue;
                    while (next + 1 < lines.Length && lines[next].Trim().Length == 0) next++;
                    if (Math.Abs(Record(next, mark).Cells.Count - labels.Count) > 1) continue;

                    // The records above the labels have as many marks, most of them with nothing between; the first may begin lines above its end.
                    var from = i;
                    for (var first = Math.Max(0, i - 60); first < from; first++)
                    {
                        if (lines[first].Trim().Length == 0) continue;
                        var at = first;
                        while (at < i && (lines[at].Trim().Length == 0 ? ([], at + 1) : Record(at, mark)) is var (above, after) && (above.Count == 0 || above.Count >= labels.Count - 1)) at = after;
                        if (at == i) from = first;
                    }

                    return (from, mark);
                }
            }

            return null;
        }

        /// <summary>The number of a page alone on its line, next to a blank line or the end of the page.</summary>
        private bool IsPageMark(int at)
        {
            var text = lines[at].Trim();
            if (text.Length is 0 or > 12 || lines[at].Contains('\t', StringComparison.Ordinal) || !PageMark().IsMatch(text) || text.TrimStart('-', '–', ' ').Length > 4 && text.All(c => !char.IsLetter(c))) return false;
            return (IsBlank(at - 1) || IsBlank(at + 1)) && _prose.Count + _blocks.Count > 0 && FlowedTable.Read(lines, at) is null;
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

        // ---- tables that lost their grid: cells follow one another as lines ----

        private int Flowed(FlowedTable.Found found)
        {
            if (found.IsByColumns)
            {
                _defects.Add(new SourceDefect(ImportCodes.ColumnsApart, _page, string.Join(" | ", found.Labels)));
                return found.Next - 1;
            }

            var columns = found.Labels.Count;
            var made = new List<SourceRow> { new(_page, 1, [.. found.Labels.Select(Cell)]) };
            foreach (var row in found.Rows)
            {
                List<SourceCell> cells = row.Cells is { } own ? [.. own.Select(Cell)]
                    : [Cell(row.Title!) with { ColumnSpan = columns }, .. Enumerable.Repeat(SourceCell.Empty with { Covered = true }, columns - 1)];
                made.Add(new SourceRow(_page + row.Page, made.Count + 1, cells, IsDoubtful: row.IsDoubtful));
            }

            var doubtful = found.Rows.Count(row => row.IsDoubtful);
            if (found.IsRunTogether || doubtful > 0) _defects.Add(new SourceDefect(ImportCodes.FlowedTable, _page, found.Rows.Count, doubtful));
            _blocks.Add(new SourceTable(_page, columns, made));
            _page = made[^1].Page;
            return found.Next - 1;
        }

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
