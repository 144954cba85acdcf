namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>A table found on a page by its lines: the cells with their place in the grid and on the paper.</summary>
internal sealed class RuledTable
{
    public sealed record Cell(int Row, int Column, int RowSpan, int ColumnSpan, double X0, double Y0, double X1, double Y1)
    {
        public List<PageWord> Words { get; } = [];
    }

    public required double X0 { get; init; }

    public required double Y0 { get; init; }

    public required double X1 { get; init; }

    public required double Y1 { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required List<Cell> Cells { get; init; }

    public bool Contains(PageWord word) => word.MiddleX >= X0 - 1 && word.MiddleX <= X1 + 1 && word.MiddleY >= Y0 - 1 && word.MiddleY <= Y1 + 1;
}

/// <summary>
/// Finds grids among the drawn lines of a page. Lines that cross belong together; where a border is missing between two cells, they are one.
/// Lines that touch nothing (underlines, separators) belong to no table.
/// </summary>
internal static class RuledTables
{
    private const double Touch = 3.5;
    private const double SameLine = 4;
    private const int MaxLines = 4_000;

    public static List<RuledTable> Find(PageContent page)
    {
        var horizontals = Merge(page.Horizontals);
        var verticals = Merge(page.Verticals);
        if (horizontals.Count < 2 || verticals.Count < 2 || horizontals.Count > MaxLines || verticals.Count > MaxLines) return [];
        var tables = new List<RuledTable>();
        foreach (var (rows, columns) in Components(horizontals, verticals))
        {
            if (Grid(rows, columns) is { } table) tables.Add(table);
        }

        return [.. tables.OrderBy(table => table.Y0).ThenBy(table => table.X0)];
    }

    /// <summary>Pieces of one line, drawn cell by cell or twice over, become one.</summary>
    private static List<Rule> Merge(List<Rule> rules)
    {
        var merged = new List<Rule>();
        var sorted = rules.OrderBy(rule => rule.At).ToList();
        for (var start = 0; start < sorted.Count;)
        {
            var end = start + 1;
            while (end < sorted.Count && sorted[end].At - sorted[end - 1].At < 0.7 && sorted[end].At - sorted[start].At < 2) end++;
            var same = sorted.GetRange(start, end - start).OrderBy(rule => rule.From).ToList();
            var at = same.Average(rule => rule.At);
            var open = same[0];
            foreach (var rule in same.Skip(1))
            {
                if (rule.From <= open.To + Touch)
                {
                    open = open with { To = Math.Max(open.To, rule.To) };
                }
                else
                {
                    merged.Add(open with { At = at });
                    open = rule;
                }
            }

            merged.Add(open with { At = at });
            start = end;
        }

        merged.RemoveAll(rule => rule.Length < 6);
        return merged;
    }

    private static bool Crosses(Rule horizontal, Rule vertical) =>
        vertical.At >= horizontal.From - Touch && vertical.At <= horizontal.To + Touch && horizontal.At >= vertical.From - Touch && horizontal.At <= vertical.To + Touch;

    private static IEnumerable<(List<Rule> Horizontals, List<Rule> Verticals)> Components(List<Rule> horizontals, List<Rule> verticals)
    {
        var parent = Enumerable.Range(0, horizontals.Count + verticals.Count).ToArray();
        int Root(int of)
        {
            while (parent[of] != of) of = parent[of] = parent[parent[of]];
            return of;
        }

        for (var h = 0; h < horizontals.Count; h++)
        {
            for (var v = 0; v < verticals.Count; v++)
            {
                if (Crosses(horizontals[h], verticals[v])) parent[Root(h)] = Root(horizontals.Count + v);
            }
        }

        foreach (var group in Enumerable.Range(0, parent.Length).GroupBy(Root))
        {
            var rows = group.Where(at => at < horizontals.Count).Select(at => horizontals[at]).ToList();
            var columns = group.Where(at => at >= horizontals.Count).Select(at => verticals[at - horizontals.Count]).ToList();
            if (columns.Count < 1 || rows.Count < 1 || rows.Count + columns.Count < 3) continue;
            yield return (rows, columns);
        }
    }

    private static RuledTable? Grid(List<Rule> horizontals, List<Rule> verticals)
    {
        // Borders left open at the sides, or at the foot where a table goes on overleaf, are drawn in thought.
        var (left, right) = (horizontals.Min(rule => rule.From), horizontals.Max(rule => rule.To));
        var (top, bottom) = (verticals.Min(rule => rule.From), verticals.Max(rule => rule.To));
        var (firstRow, lastRow) = (horizontals.Min(rule => rule.At), horizontals.Max(rule => rule.At));
        var (firstColumn, lastColumn) = (verticals.Min(rule => rule.At), verticals.Max(rule => rule.At));
        if (horizontals.Count >= 3 && left < firstColumn - 12) verticals.Add(new Rule(left, firstRow, lastRow));
        if (horizontals.Count >= 3 && right > lastColumn + 12) verticals.Add(new Rule(right, firstRow, lastRow));
        if (verticals.Count >= 3 && top < firstRow - 6) horizontals.Add(new Rule(top, firstColumn, lastColumn));
        if (verticals.Count >= 3 && bottom > lastRow + 6) horizontals.Add(new Rule(bottom, firstColumn, lastColumn));

        var ys = Positions(horizontals.Where(row => verticals.Count(column => Crosses(row, column)) >= 2).Select(rule => rule.At));
        var xs = Positions(verticals.Where(column => horizontals.Count(row => Crosses(row, column)) >= 2).Select(rule => rule.At));
        var (rows, columns) = (ys.Count - 1, xs.Count - 1);
        if (rows < 1 || columns < 2 || (long)rows * columns > 100_000) return null;

        // Which borders exist: a share of the way is enough, since corners are often drawn short.
        var leftBorder = new bool[rows, columns];
        var topBorder = new bool[rows, columns];
        foreach (var rule in verticals)
        {
            var c = Nearest(xs, rule.At);
            if (c < 1 || c >= columns) continue;
            for (var r = 0; r < rows; r++) leftBorder[r, c] |= Covers(rule, ys[r], ys[r + 1]);
        }

        foreach (var rule in horizontals)
        {
            var r = Nearest(ys, rule.At);
            if (r < 1 || r >= rows) continue;
            for (var c = 0; c < columns; c++) topBorder[r, c] |= Covers(rule, xs[c], xs[c + 1]);
        }

        var taken = new bool[rows, columns];
        var cells = new List<RuledTable.Cell>();
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                if (taken[r, c]) continue;
                var wide = 1;
                while (c + wide < columns && !leftBorder[r, c + wide] && !taken[r, c + wide] && SameTop(topBorder, r, c, c + wide)) wide++;
                var high = 1;
                while (r + high < rows && GoesDown(topBorder, leftBorder, taken, r + high, c, wide)) high++;
                for (var y = r; y < r + high; y++)
                {
                    for (var x = c; x < c + wide; x++) taken[y, x] = true;
                }

                cells.Add(new RuledTable.Cell(r, c, high, wide, xs[c], ys[r], xs[c + wide], ys[r + high]));
            }
        }

        return new RuledTable { X0 = xs[0], Y0 = ys[0], X1 = xs[^1], Y1 = ys[^1], Rows = rows, Columns = columns, Cells = cells };
    }

    private static bool SameTop(bool[,] topBorder, int row, int column, int other) => row == 0 || topBorder[row, column] == topBorder[row, other];

    private static bool GoesDown(bool[,] topBorder, bool[,] leftBorder, bool[,] taken, int row, int column, int wide)
    {
        for (var x = column; x < column + wide; x++)
        {
            if (topBorder[row, x] || taken[row, x] || (x > column && leftBorder[row, x])) return false;
        }

        return true;
    }

    private static bool Covers(Rule rule, double from, double to) => Math.Min(rule.To, to) - Math.Max(rule.From, from) >= 0.6 * (to - from);

    private static List<double> Positions(IEnumerable<double> all)
    {
        var positions = new List<double>();
        var group = new List<double>();
        foreach (var at in all.Order())
        {
            if (group.Count > 0 && at - group[0] > SameLine)
            {
                positions.Add(group.Average());
                group.Clear();
            }

            group.Add(at);
        }

        if (group.Count > 0) positions.Add(group.Average());
        return positions;
    }

    private static int Nearest(List<double> positions, double at)
    {
        var index = positions.BinarySearch(at);
        if (index >= 0) return index;
        index = ~index;
        var best = index >= positions.Count || (index > 0 && at - positions[index - 1] < positions[index] - at) ? index - 1 : index;
        return best >= 0 && Math.Abs(positions[best] - at) <= SameLine + 1 ? best : -1;
    }
}
