using System.Text;

namespace LienThong.Corpus;

/// <summary>Plain text as offices pass it on: a dump of cells behind tabs, columns of spaces, cells between bars, or running prose.</summary>
public static class TextWriters
{
    public static void Write(string path, Draft draft)
    {
        var text = draft.Style.Format switch
        {
            Format.TextTabs => Tabs(draft),
            Format.TextColumns => Columns(draft),
            Format.TextBars => Bars(draft),
            Format.TextLines => Lines(draft),
            Format.TextFlow => Flow(draft),
            Format.TextSheet => Sheet(draft),
            _ => Prose(draft),
        };
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }

    private static string Tabs(Draft draft)
    {
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            if (block is Para para) text.Append(para.Text).Append(para.Footnote is null ? "" : Note(para.Footnote, text)).Append('\n');
            if (block is not Grid grid) continue;
            foreach (var line in grid.Lines)
            {
                foreach (var cell in line.Cells.Where(cell => !cell.Covered || cell.Rows == 1))
                {
                    if (cell.Covered && cell.Text.Length == 0 && line.Cells.IndexOf(cell) > 0 && IsSpanned(line, cell)) continue;
                    text.Append('\t').Append(cell.Text).Append(cell.Footnote is null ? "" : Note(cell.Footnote, text)).Append('\n');
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsSpanned(Line line, Cell cell)
    {
        var at = line.Cells.IndexOf(cell);
        for (var c = at - 1; c >= 0; c--)
        {
            if (!line.Cells[c].Covered) return line.Cells[c].Span > at - c;
        }

        return false;
    }

    private static string Note(string note, StringBuilder soFar)
    {
        var number = 1 + soFar.ToString().Split("[footnoteRef:").Length - 1;
        return $"[footnoteRef:{number}]. [{number}:  {note}]";
    }

    private static string Columns(Draft draft)
    {
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            if (block is Para para)
            {
                foreach (var line in Wrap(para.Text, 92)) text.Append(para.Center ? new string(' ', Math.Max(0, (92 - line.Length) / 2)) : "  ").Append(line).Append('\n');
                text.Append('\n');
            }

            if (block is not Grid grid) continue;
            var rows = 0;
            foreach (var line in grid.Lines)
            {
                // A page break of the printed original, with its page number, between two rows now and then.
                if (++rows % 14 == 0 && !grid.Letterhead && draft.Style.PageFeeds) text.Append("\n\f").Append(new string(' ', 60)).Append(rows / 14 + 1).Append("\n\n");
                var columns = new List<(int Start, List<string> Lines, int Width)>();
                var start = 0;
                for (var c = 0; c < line.Cells.Count; c++)
                {
                    var cell = line.Cells[c];
                    var width = 0;
                    for (var k = c; k < Math.Min(line.Cells.Count, c + cell.Span); k++) width += grid.Narrow[k] + 2;
                    if (!cell.Covered) columns.Add((start, Wrap(cell.Text, width - 2), width));
                    start += grid.Narrow[c] + 2;
                }

                var height = columns.Max(column => column.Lines.Count);
                for (var i = 0; i < height; i++)
                {
                    var row = new StringBuilder();
                    foreach (var (from, lines, _) in columns)
                    {
                        // Short cells stand in the middle of their row, as office tables centre them.
                        var offset = draft.Style.CentredCells ? (height - lines.Count) / 2 : 0;
                        if (i - offset < 0 || i - offset >= lines.Count || lines[i - offset].Length == 0) continue;
                        row.Append(' ', Math.Max(0, from - row.Length)).Append(lines[i - offset]);
                    }

                    text.Append(row).Append('\n');
                }

                if (draft.Style.BlankBetween) text.Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Every cell on lines of its own, nothing between the rows: what a converter of Word files leaves.</summary>
    private static string Lines(Draft draft)
    {
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            if (block is Para para) text.Append(para.Text).Append("\n\n");
            if (block is not Grid grid) continue;
            foreach (var cell in grid.Lines.SelectMany(line => line.Cells).Where(cell => !cell.Covered)) text.Append(cell.Text.Length == 0 ? "-" : cell.Text).Append("\n\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// A printed plan whose text was taken out cell by cell: every cell keeps the lines its column broke it into, an empty one leaves nothing, and each
    /// page ends with its number and begins with the labels again.
    /// </summary>
    private static string Flow(Draft draft)
    {
        var text = new StringBuilder();
        var page = 1;
        foreach (var block in draft.Blocks)
        {
            if (block is Para para) text.AppendJoin('\n', Wrap(para.Text, 90)).Append("\n\n");
            if (block is not Grid grid) continue;
            var header = grid.Lines.Where(line => line.Header).ToList();
            var rows = 0;
            foreach (var line in grid.Lines)
            {
                if (!line.Header && ++rows % 9 == 0 && !grid.Letterhead)
                {
                    text.Append('\n').Append(++page).Append("\n\n");
                    foreach (var again in header) Row(again);
                }

                Row(line);
            }

            text.Append('\n');

            void Row(Line line)
            {
                for (var c = 0; c < line.Cells.Count; c++)
                {
                    var cell = line.Cells[c];
                    if (cell.Covered || cell.Text.Length == 0) continue;
                    var width = Enumerable.Range(c, Math.Min(line.Cells.Count - c, cell.Span)).Sum(k => grid.Narrow[k] + 2) - 2;
                    var broken = Wrap(cell.Text, draft.Style.RunTogether && line.Header ? 200 : width);

                    // A viewer copies what stands on one height as one line: short cells run into what follows them.
                    var joined = draft.Style.RunTogether && (c == 0 || line.Header || broken.Count == 1 && text[^1] != ' ');
                    text.AppendJoin('\n', broken).Append(joined && c + 1 < line.Cells.Count ? ' ' : '\n');
                    if (draft.Style.BlankBetween && !draft.Style.RunTogether) text.Append('\n');
                }

                if (text[^1] == ' ') text[^1] = '\n';
            }
        }

        return text.ToString();
    }

    /// <summary>A workbook saved as text, or pasted from one: a record a row, quoted where a cell holds a break, a quote or the mark itself.</summary>
    private static string Sheet(Draft draft)
    {
        var mark = draft.Style.Mark;
        var width = draft.Blocks.OfType<Grid>().Max(grid => grid.Narrow.Count);
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            if (block is Para para) text.Append(Field(para.Text)).Append(mark is '\t' && !draft.Style.NoBody ? "" : new string(mark, width - 1)).Append("\r\n");
            if (block is not Grid grid) continue;
            foreach (var line in grid.Lines)
            {
                text.AppendJoin(mark, line.Cells.Select(cell => cell.Covered ? "" : Field(cell.Text))).Append(mark, width - line.Cells.Count).Append("\r\n");
            }
        }

        return text.ToString();

        string Field(string value) => value.Contains('\n') || value.Contains('"') || value.Contains(mark) ? "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : value;
    }

    private static string Bars(Draft draft)
    {
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            if (block is Para para) text.Append(para.Text).Append("\n\n");
            if (block is not Grid grid) continue;
            foreach (var line in grid.Lines)
            {
                text.Append("| ").AppendJoin(" | ", line.Cells.Select(cell => cell.Text.Replace("\n", " ", StringComparison.Ordinal))).Append(" |\n");
                if (line.Header && grid.Lines.IndexOf(line) == grid.Lines.FindLastIndex(each => each.Header)) text.Append('|').Insert(text.Length, "---|", line.Cells.Count).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Prose(Draft draft)
    {
        var text = new StringBuilder();
        foreach (var block in draft.Blocks)
        {
            switch (block)
            {
                case Para para when draft.Style.HardWrap > 0:
                    foreach (var line in para.Text.Split('\n').SelectMany(piece => Wrap(piece, draft.Style.HardWrap))) text.Append(line).Append(draft.Style.BlankBetween ? " \n\n" : "\n");
                    break;
                case Para para:
                    text.Append(para.Text).Append('\n');
                    break;
                case Grid grid:
                    foreach (var line in grid.Lines) text.AppendJoin("\n", line.Cells.Where(cell => !cell.Covered).Select(cell => cell.Text)).Append('\n');
                    break;
                default: break;
            }
        }

        return text.ToString();
    }

    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var piece in text.Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in piece.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }

                if (line.Length > 0) line.Append(' ');
                line.Append(word);
            }

            lines.Add(line.ToString());
        }

        return lines;
    }
}
