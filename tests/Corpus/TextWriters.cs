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
