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

        public SourceDocument Parse()
        {
            var widths = lines.Where(line => line.Trim().Length > 0 && !IsTabbed(line)).Select(line => line.Trim().Length).Order().ToList();
            var width = widths.Count == 0 ? 0 : widths[(int)(widths.Count * 0.9)];
            var wrapped = widths.Count >= 5 && width is >= 40 and <= 120;
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
                    if (_rows.Count == 0 && !wrapped) _prose.Add((_page, ""));
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
            return new SourceDocument(SourceFormat.Text, _blocks, _page, []);
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
            for (var i = 0; i < _rows.Count; i++)
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
                if (text.Length == 0) { if (!wrapped) Flush(); continue; }
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
            if (ListMark().IsMatch(line)) return false;
            if (char.IsLower(line[0])) return !before.EndsWith(':') || before.Length > width * 0.8;
            if (before[^1] is '.' or ';' or ':' or '!' or '?') return before[^1] is '.' && before.Length >= width * 0.93 && !before.EndsWith("./.", StringComparison.Ordinal);
            return before.Length >= width * 0.7 && !IsCapitals(before) && !before.StartsWith('-');
        }

        private static bool IsCapitals(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);

        // ---- tables drawn with pipes, box characters or tabs between cells ----

        private static bool IsDrawn(string line) => Pipes(line) >= 2 || line.TrimStart(' ').Count(c => c == '\t') >= 2 && !IsTabbed(line);

        private static int Pipes(string line) => line.Count(c => c is '|' or '│' or '┃' or '║');

        private int Drawn(int from)
        {
            var rows = new List<string[]>();
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

                if (pipes ? Pipes(line) < 2 : !line.Contains('\t', StringComparison.Ordinal)) break;
                var cells = pipes ? line.Trim().Trim('|', '│', '┃', '║').Split('|', '│', '┃', '║') : line.Split('\t');
                rows.Add([.. cells.Select(cell => Breaks().Replace(cell, "\n").Trim())]);
            }

            var columns = rows.Max(row => row.Length);
            var made = new List<SourceRow>();
            for (var r = 0; r < rows.Count; r++)
            {
                var cells = rows[r].Select(Cell).Concat(Enumerable.Repeat(SourceCell.Empty, columns - rows[r].Length)).ToList();
                made.Add(new SourceRow(_page, r + 1, cells));
            }

            _blocks.Add(new SourceTable(_page, columns, made));
            return i - 1;
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
