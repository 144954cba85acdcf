namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>Makes the even grid the interpreter expects out of cells with spans, in reading order.</summary>
internal sealed class GridBuilder(int columns)
{
    private sealed class Line(int page, bool header, int columns, int number)
    {
        public int Page { get; } = page;

        public bool Header { get; } = header;

        public int Number { get; } = number;

        public SourceCell[] Cells { get; } = NewCells(columns);

        private static SourceCell[] NewCells(int columns)
        {
            var cells = new SourceCell[columns];
            Array.Fill(cells, SourceCell.Empty);
            return cells;
        }
    }

    private readonly List<Line> _lines = [];

    /// <summary>Where a cell merged downwards began, by its first column.</summary>
    private readonly Dictionary<int, (int Row, int Span)> _open = [];

    public int Rows => _lines.Count;

    public void NextRow(int page, bool header = false, int? number = null) => _lines.Add(new Line(page, header, columns, number ?? _lines.Count + 1));

    /// <param name="continues">The cell is the lower part of a merge that began above it.</param>
    public void Put(int column, int span, bool continues, bool restarts, SourceCell cell)
    {
        if (column < 0 || column >= columns) return;
        span = Math.Clamp(span, 1, columns - column);
        var line = _lines[^1];
        if (continues && _open.TryGetValue(column, out var above) && above.Row < _lines.Count - 1)
        {
            var origin = _lines[above.Row].Cells[column];
            _lines[above.Row].Cells[column] = origin with { RowSpan = _lines.Count - above.Row };
            Cover(line, column, Math.Min(above.Span, columns - column), origin.Text);
            return;
        }

        _open.Remove(column);
        if (restarts) _open[column] = (_lines.Count - 1, span);
        line.Cells[column] = span == 1 ? cell : cell with { ColumnSpan = span };
        if (span > 1) Cover(line, column + 1, span - 1, cell.Text);
    }

    /// <summary>A merge known as a rectangle; its upper left cell has been put already.</summary>
    public void Merge(int firstRow, int column, int rowSpan, int span)
    {
        rowSpan = Math.Min(rowSpan, _lines.Count - firstRow);
        span = Math.Min(span, columns - column);
        if (rowSpan < 1 || span < 1 || (rowSpan == 1 && span == 1)) return;
        var origin = _lines[firstRow].Cells[column];
        if (origin.Covered) return;
        _lines[firstRow].Cells[column] = origin with { ColumnSpan = span, RowSpan = rowSpan };
        var covered = new SourceCell("", Covered: true, CoveredFrom: origin.Text);
        for (var row = firstRow; row < firstRow + rowSpan; row++)
        {
            for (var at = column; at < column + span; at++)
            {
                if (row != firstRow || at != column) _lines[row].Cells[at] = covered;
            }
        }
    }

    public SourceTable Build(int page, string? title) =>
        new(page, columns, [.. _lines.Select(line => new SourceRow(line.Page, line.Number, line.Cells, line.Header))], title);

    private static void Cover(Line line, int from, int count, string text)
    {
        var covered = new SourceCell("", Covered: true, CoveredFrom: text);
        for (var at = from; at < from + count; at++) line.Cells[at] = covered;
    }
}
