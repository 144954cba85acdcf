using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// What a file may cost before it is refused. The numbers keep one import within 400 MB of memory whatever the file claims about itself;
/// every size is counted while reading, never taken from a header.
/// </summary>
public sealed record ReaderLimits
{
    public static ReaderLimits Default { get; } = new();

    public long FileBytes { get; init; } = 50L * 1024 * 1024;

    /// <summary>All parts of a package together, inflated.</summary>
    public long ExpandedBytes { get; init; } = 300L * 1024 * 1024;

    /// <summary>Inflated to stored size of a package, looked at only once it is larger than <see cref="RatioFloorBytes"/>.</summary>
    public int ExpansionRatio { get; init; } = 100;

    public long RatioFloorBytes { get; init; } = 24L * 1024 * 1024;

    public int PackageEntries { get; init; } = 5_000;

    public int XmlDepth { get; init; } = 200;

    /// <summary>Bytes of a part without one new tag: an attribute or a text of that length is an attack, not an office document.</summary>
    public int XmlRunBytes { get; init; } = 2 * 1024 * 1024;

    public int XmlNames { get; init; } = 20_000;

    /// <summary>Cells of all grids together, empty ones included.</summary>
    public int GridCells { get; init; } = 2_000_000;

    /// <summary>Cells that hold something.</summary>
    public int FilledCells { get; init; } = 500_000;

    public int TableColumns { get; init; } = 512;

    /// <summary>Characters of text in all blocks together.</summary>
    public int TextCharacters { get; init; } = 24_000_000;

    public int Pages { get; init; } = 1_000;

    /// <summary>Pages without a text layer that are read by OCR.</summary>
    public int ScannedPages { get; init; } = 60;

    public TimeSpan PdfTime { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan OcrTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Address space of one child process (poppler, tesseract).</summary>
    public long ChildMemoryBytes { get; init; } = 1024L * 1024 * 1024;
}

/// <summary>Counts what the blocks of one document hold and refuses when it is too much.</summary>
internal sealed class ReadingBudget(ReaderLimits limits)
{
    private long _characters;
    private long _grid;
    private long _filled;

    public void Text(int characters)
    {
        if ((_characters += characters) > limits.TextCharacters) throw new RefusedFileException(ReaderRefusals.TooMuchText(limits.TextCharacters));
    }

    public void Grid(long cells)
    {
        if ((_grid += cells) > limits.GridCells) throw new RefusedFileException(ReaderRefusals.TooManyCells(limits.GridCells));
    }

    public void Filled(int cells)
    {
        if ((_filled += cells) > limits.FilledCells) throw new RefusedFileException(ReaderRefusals.TooManyCells(limits.FilledCells));
    }
}

/// <summary>Carries a refusal out of the depth of a parser; <see cref="SourceReader"/> turns it into the answer, nobody else sees it.</summary>
internal sealed class RefusedFileException : Exception
{
    public RefusedFileException(Refusal refusal) : base(refusal.Code) => Refusal = refusal;

    public RefusedFileException() : this(ReaderRefusals.Malformed("?"))
    {
    }

    public RefusedFileException(string message) : this(ReaderRefusals.Malformed(message))
    {
    }

    public RefusedFileException(string message, Exception innerException) : base(message, innerException) => Refusal = ReaderRefusals.Malformed(message);

    public Refusal Refusal { get; }
}
