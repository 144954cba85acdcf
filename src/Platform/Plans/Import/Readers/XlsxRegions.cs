using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Finds the tables on a sheet. Blank rows part regions, unless what follows plainly goes on with the table above; single cells above a table are
/// its titles and those below it its notes. Two tables side by side are parted by an empty column.
/// </summary>
internal sealed class XlsxRegions(int page, string sheet, ReadingBudget budget, ReaderLimits limits)
{
    private sealed record Line(int Row, List<(int Column, SourceCell Cell)> Cells);

    private sealed class Region
    {
        public required List<Line> Lines { get; init; }

        public int Width => Lines.Max(line => line.Cells.Count);

        public int First => Lines.Min(line => line.Cells[0].Column);

        public int Last => Lines.Max(line => line.Cells[^1].Column);
    }

    private Dictionary<(int Row, int Column), (int Rows, int Columns)> _merges = [];

    public void Add(
        IEnumerable<(int Row, int Column, SourceCell Cell)> cells, IEnumerable<(int Row, int Column, int Rows, int Columns)> merges, List<SourceBlock> into)
    {
        _merges = merges.GroupBy(merge => (merge.Row, merge.Column)).ToDictionary(group => group.Key, group => (group.First().Rows, group.First().Columns));
        var lines = cells.GroupBy(cell => cell.Row).OrderBy(group => group.Key)
            .Select(group => new Line(group.Key, [.. group.GroupBy(cell => cell.Column).Select(same => (same.Key, same.Last().Cell)).OrderBy(cell => cell.Key)])).ToList();

        var regions = Regions(lines);
        var widest = regions.Count == 0 ? 0 : regions.Max(region => region.Width);
        foreach (var region in regions)
        {
            // Beside a real table, two columns of text are a letterhead or signatures.
            if (region.Width == 2 && widest > 2 && !region.Lines.Any(IsTableHead))
            {
                foreach (var line in region.Lines) Loose(line, into);
                continue;
            }

            foreach (var part in SideBySide(region)) Emit(part, into);
        }
    }

    private List<Region> Regions(List<Line> lines)
    {
        // A merge that reaches downwards keeps the rows it covers together, however empty they are.
        var regions = new List<Region>();
        var reach = 0;
        foreach (var line in lines)
        {
            var last = regions.Count == 0 ? null : regions[^1];
            if (last is null || (line.Row > last.Lines[^1].Row + 1 && line.Row > reach + 1)) regions.Add(new Region { Lines = [line] });
            else last.Lines.Add(line);
            foreach (var (column, _) in line.Cells)
            {
                if (_merges.TryGetValue((line.Row, column), out var merge) && merge.Rows <= 200) reach = Math.Max(reach, line.Row + merge.Rows - 1);
            }
        }

        var joined = new List<Region>();
        foreach (var region in regions)
        {
            if (joined.Count > 0 && GoesOn(joined[^1], region)) joined[^1].Lines.AddRange(region.Lines);
            else joined.Add(region);
        }

        return joined;
    }

    /// <summary>A few blank rows inside a table do not end it when the next rows stand in its columns and none of the first is a header.</summary>
    private static bool GoesOn(Region table, Region next)
    {
        var width = table.Width;
        if (width < 3 || next.Lines[0].Row - table.Lines[^1].Row > 4) return false;
        if (next.First < table.First || next.Last > table.Last || next.Width < Math.Max(2, width / 2)) return false;
        return !next.Lines.Take(4).Any(line => IsHeader(line)) && next.Lines.Take(3).Any(line => line.Cells[0].Column == table.First && StartsNumbered(line));
    }

    private static bool StartsNumbered(Line line) => line.Cells[0].Cell is { } first && (first.Number is not null || (first.Text.Length > 0 && char.IsAsciiDigit(first.Text[0])));

    private static bool IsHeader(Line line) =>
        line.Cells.Count >= 3 && line.Cells.All(cell => cell.Cell.Number is null && cell.Cell.Date is null)
        && (VietnameseText.Fold(line.Cells[0].Cell.Text) is "stt" or "tt" or "so tt" or "so thu tu" or "no" or "#" || line.Cells.All(cell => cell.Cell.Bold));

    private static IEnumerable<Region> SideBySide(Region region)
    {
        if (region.Width < 4 || region.Lines.Count < 3) return [region];
        var used = new HashSet<int>();
        foreach (var line in region.Lines.Where(line => line.Cells.Count > 2)) used.UnionWith(line.Cells.Select(cell => cell.Column));
        var columns = used.Order().ToList();
        for (var i = 1; i < columns.Count; i++)
        {
            if (columns[i] - columns[i - 1] < 2) continue;
            // Both sides must look like tables by themselves: a header with at least two cells on each.
            var cut = columns[i];
            var (left, right) = (Side(region, cell => cell < cut), Side(region, cell => cell >= cut));
            if (left.Width < 2 || right.Width < 2 || !left.Lines.Any(IsTableHead) || !right.Lines.Any(IsTableHead)) continue;
            return [left, .. SideBySide(right)];
        }

        return [region];
    }

    private static bool IsTableHead(Line line) => line.Cells.Count >= 2 && VietnameseText.Fold(line.Cells[0].Cell.Text) is "stt" or "tt" or "so tt" or "so thu tu";

    private static Region Side(Region region, Func<int, bool> belongs) => new()
    {
        Lines = [.. region.Lines.Select(line => new Line(line.Row, [.. line.Cells.Where(cell => belongs(cell.Column))])).Where(line => line.Cells.Count > 0)],
    };

    private void Emit(Region region, List<SourceBlock> into)
    {
        var width = region.Width;
        var lines = region.Lines;
        var start = 0;
        while (start < lines.Count && IsLoose(lines[start], width)) start++;
        if (width < 2 || start == lines.Count) start = lines.Count;
        foreach (var line in lines.Take(start)) Loose(line, into);
        if (start == lines.Count) return;

        // Signatures and lists of recipients below the last row of three or more cells are no rows of the table.
        var body = lines.Skip(start).ToList();
        var end = body.Count;
        if (width >= 4)
        {
            while (end > 1 && body[end - 1].Cells.Count <= 2 && !StartsNumbered(body[end - 1]) && IsApart(body[end - 2], body[end - 1])) end--;
        }

        Table([.. body.Take(end)], into);
        foreach (var line in body.Skip(end)) Loose(line, into);
    }

    private bool IsApart(Line above, Line line) => line.Row > above.Row + 1 && !_merges.ContainsKey((above.Row, above.Cells[0].Column));

    private bool IsLoose(Line line, int width)
    {
        if (width <= 1) return true;
        if (line.Cells.Count == 1) return true;
        return line.Cells.Count == 2 && (width >= 4 || (width == 3 && line.Cells.All(cell => _merges.TryGetValue((line.Row, cell.Column), out var merge) && merge.Columns > 1)));
    }

    private void Loose(Line line, List<SourceBlock> into)
    {
        foreach (var (column, cell) in line.Cells)
        {
            budget.Text(16);
            into.Add(new SourceParagraph(page, cell.Text, cell.Bold, cell.Italic, _merges.TryGetValue((line.Row, column), out var merge) && merge.Columns > 2));
        }
    }

    private void Table(List<Line> lines, List<SourceBlock> into)
    {
        var first = lines.Min(line => line.Cells[0].Column);
        var last = lines.Max(line => line.Cells[^1].Column);
        foreach (var line in lines)
        {
            foreach (var (column, _) in line.Cells)
            {
                if (_merges.TryGetValue((line.Row, column), out var merge) && merge.Columns <= 64) last = Math.Max(last, column + merge.Columns - 1);
            }
        }

        var columns = last - first + 1;
        if (columns > limits.TableColumns) throw new RefusedFileException(ReaderRefusals.TooManyCells(limits.TableColumns));

        // Rows inside a merge that hold nothing themselves still are rows of the sheet.
        var rows = new List<(int Row, Line? Line)>();
        foreach (var line in lines)
        {
            if (rows.Count > 0)
            {
                for (var blank = rows[^1].Row + 1; blank < line.Row; blank++)
                {
                    if (line.Row - blank <= 200) rows.Add((blank, null));
                }
            }

            rows.Add((line.Row, line));
        }

        budget.Grid((long)rows.Count * columns);
        var grid = new GridBuilder(columns);
        var index = new Dictionary<int, int>();
        foreach (var (row, line) in rows)
        {
            index[row] = grid.Rows;
            grid.NextRow(page, number: row);
            foreach (var (column, cell) in line?.Cells ?? []) grid.Put(column - first, 1, false, false, cell);
        }

        foreach (var ((row, column), (high, wide)) in _merges.OrderBy(merge => merge.Key))
        {
            if (column < first || column > last || !index.TryGetValue(row, out var at)) continue;
            var covered = 1;
            while (covered < high && index.ContainsKey(row + covered)) covered++;
            grid.Merge(at, column - first, covered, wide);
        }

        into.Add(grid.Build(page, sheet));
    }
}
