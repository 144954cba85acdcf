using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

public enum SourceFormat { Docx, Xlsx, Pdf, ScannedPdf, Text }

/// <summary>
/// What a reader saw, in reading order, before anyone says what it means. Readers (DOCX, XLSX, PDF, OCR, TXT) make it; the interpreter reads
/// it and knows no file format. Text is NFC; line breaks inside a cell or paragraph are kept as '\n'.
/// </summary>
/// <param name="Pages">Number of pages or sheets; at least 1.</param>
/// <param name="Defects">What the reader itself noticed: scanned page, unreadable glyphs, footnotes moved.</param>
public sealed record SourceDocument(SourceFormat Format, IReadOnlyList<SourceBlock> Blocks, int Pages, IReadOnlyList<SourceDefect> Defects);

/// <param name="Page">1-based page of the source, or sheet number of a workbook.</param>
public abstract record SourceBlock(int Page);

/// <param name="Marker">Automatic list number as the reader resolves it ("1.", "a)", "-"), when it is not part of <paramref name="Text"/>.</param>
/// <param name="Footnotes">Texts of footnotes referenced in it; their reference marks are removed from <paramref name="Text"/>.</param>
public sealed record SourceParagraph(int Page, string Text, bool Bold = false, bool Italic = false, bool Centered = false, string? Marker = null, IReadOnlyList<string>? Footnotes = null)
    : SourceBlock(Page);

/// <summary>
/// A table as a grid: every row has exactly <paramref name="Columns"/> cells. A cell merged over several columns stands in its first column
/// with its span, the others are empty with <see cref="SourceCell.Covered"/>; a cell merged over rows likewise downwards.
/// A table that goes on over a page break is one table per page when the reader cannot tell; the interpreter joins them.
/// </summary>
/// <param name="Title">Sheet name in a workbook.</param>
public sealed record SourceTable(int Page, int Columns, IReadOnlyList<SourceRow> Rows, string? Title = null) : SourceBlock(Page);

/// <param name="Number">1-based number of the row inside its table (its sheet row in a workbook).</param>
/// <param name="RepeatedHeader">The file itself says that this row repeats as a header (w:tblHeader).</param>
/// <param name="IsDoubtful">The reader had to guess which text belongs to which cell.</param>
public sealed record SourceRow(int Page, int Number, IReadOnlyList<SourceCell> Cells, bool RepeatedHeader = false, bool IsDoubtful = false);

/// <param name="RowSpan">Rows the cell covers, itself included.</param>
/// <param name="CoveredFrom">For a cell hidden by a merge: the text of the cell that covers it, so that a filled-down value can be marked as inherited.</param>
/// <param name="Date">A typed date of a workbook cell.</param>
/// <param name="Number">A typed number of a workbook cell (an Excel serial may hide in it).</param>
public sealed record SourceCell(
    string Text, int ColumnSpan = 1, int RowSpan = 1, bool Covered = false, string? CoveredFrom = null, bool Bold = false, bool Italic = false,
    DateOnly? Date = null, double? Number = null, string? Marker = null, IReadOnlyList<string>? Footnotes = null)
{
    public static SourceCell Empty { get; } = new("");
}

/// <summary>Something the reader noticed. Codes are stable: <c>source.scanned</c>, <c>source.ocr-low-confidence</c>, <c>source.glyphs</c> …</summary>
public sealed record SourceDefect(string Code, int? Page, params IReadOnlyList<object> Arguments);

/// <summary>
/// Reads one file into a <see cref="SourceDocument"/>. Refuses with a reason what is malformed, encrypted, too large, a zip bomb, or carries
/// macros; never throws for what a file may contain.
/// </summary>
public interface ISourceReader
{
    /// <param name="path">A readable local file; its name says nothing, the content decides the format.</param>
    Task<Result<SourceDocument>> ReadAsync(string path, CancellationToken cancellationToken);
}
