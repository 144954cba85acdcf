using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>Every way a reader says no. The Vietnamese sentences stand in ReaderRefusals.resx under the same codes.</summary>
public static class ReaderRefusals
{
    private const int Megabyte = 1024 * 1024;

    public static Refusal Missing() => new("plans.import.missing", RefusalKind.NotFound);

    public static Refusal Empty() => new("plans.import.empty", RefusalKind.Invalid);

    public static Refusal TooLarge(long bytes, long limit) =>
        new("plans.import.too-large", RefusalKind.TooLarge, Math.Ceiling(bytes / (double)Megabyte * 10) / 10, limit / Megabyte);

    /// <param name="what">The format as recognised: "ODF", "RTF", "ZIP", "PPTX" …</param>
    public static Refusal Unsupported(string what) => new("plans.import.unsupported", RefusalKind.Invalid, what);

    /// <summary>A format of before 2007 or a binary workbook: DOC, XLS, PPT, XLSB; saving it anew as DOCX or XLSX helps.</summary>
    public static Refusal Legacy(string what, string saveAs) => new("plans.import.legacy-format", RefusalKind.Invalid, what, saveAs);

    /// <param name="part">Where it broke: a part of a package, or a tool's own short message.</param>
    public static Refusal Malformed(string part) => new("plans.import.malformed", RefusalKind.Invalid, part);

    public static Refusal Encrypted(string format) => new("plans.import.encrypted", RefusalKind.Invalid, format);

    public static Refusal Macro(string part) => new("plans.import.macro", RefusalKind.Invalid, part);

    public static Refusal ZipBomb(long limitBytes) => new("plans.import.zip-bomb", RefusalKind.TooLarge, limitBytes / Megabyte);

    public static Refusal TooManyParts(int limit) => new("plans.import.too-many-parts", RefusalKind.TooLarge, limit);

    /// <summary>A document type definition or an entity in a part: no office program writes one, an attack does.</summary>
    public static Refusal UnsafeXml(string part) => new("plans.import.unsafe-xml", RefusalKind.Invalid, part);

    public static Refusal TooDeep(int limit) => new("plans.import.too-deep", RefusalKind.Invalid, limit);

    public static Refusal TooManyCells(int limit) => new("plans.import.too-many-cells", RefusalKind.TooLarge, limit);

    public static Refusal TooMuchText(int limit) => new("plans.import.too-much-text", RefusalKind.TooLarge, limit);

    public static Refusal TooManyPages(int pages, int limit) => new("plans.import.too-many-pages", RefusalKind.TooLarge, pages, limit);

    public static Refusal TooManyScannedPages(int pages, int limit) => new("plans.import.too-many-scanned-pages", RefusalKind.TooLarge, pages, limit);

    public static Refusal TookTooLong(int seconds) => new("plans.import.took-too-long", RefusalKind.TooLarge, seconds);

    /// <summary>Nothing to read in it: no text, no table, no page with writing.</summary>
    public static Refusal NoContent() => new("plans.import.no-content", RefusalKind.Invalid);

    public static Refusal ToolMissing(string package) => new("plans.import.tool-missing", RefusalKind.Unavailable, package);
}
