namespace LienThong.Corpus;

/// <summary>A document before it has a format: paragraphs and grids in reading order.</summary>
public abstract record Block;

/// <param name="Pieces">Into how many runs the text is cut, as editors leave it.</param>
/// <param name="Deleted">Text removed under tracked changes: present in the file, absent from the document.</param>
public sealed record Para(string Text, bool Bold = false, bool Italic = false, bool Center = false, string? Footnote = null, int Pieces = 1, string? Deleted = null) : Block;

/// <param name="Sheet">Name of the sheet in a workbook; a grid without one follows on the current sheet.</param>
/// <param name="Narrow">Widths of the columns in characters.</param>
public sealed record Grid(IReadOnlyList<int> Narrow, List<Line> Lines, bool Borders = true, string? Sheet = null, bool Letterhead = false) : Block;

/// <summary>A new page, from here on upright or lying.</summary>
public sealed record NewPage(bool Landscape) : Block;

public sealed class Line
{
    public required List<Cell> Cells { get; init; }
    public bool Header { get; init; }
    /// <summary>The row of which task (its position), -1 when of none.</summary>
    public int Task { get; init; } = -1;
}

public sealed record Cell(string Text)
{
    public int Span { get; init; } = 1;
    public int Rows { get; set; } = 1;
    public bool Covered { get; set; }
    public bool Bold { get; init; }
    public bool Italic { get; init; }
    public bool Center { get; init; }
    public string? Footnote { get; init; }
    public bool AutoNumber { get; init; }
    public string? Deleted { get; init; }
    public int Pieces { get; init; } = 1;
    public DateOnly? Typed { get; init; }
    public double? Number { get; init; }
    public static Cell Hidden => new("") { Covered = true };
}

public sealed record Draft(Style Style, List<Block> Blocks, PlanTruth Truth);
