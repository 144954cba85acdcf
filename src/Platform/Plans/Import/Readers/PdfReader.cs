namespace LienThong.Platform.Plans.Import.Readers;
internal static class PdfReader { public static Task<SourceDocument> ReadAsync(string path, ReaderLimits limits, CancellationToken ct) => throw new RefusedFileException(ReaderRefusals.Unsupported("PDF")); }
internal static class ScanReader { public static Task<SourceDocument> ReadImageAsync(string path, ReaderLimits limits, CancellationToken ct) => throw new RefusedFileException(ReaderRefusals.Unsupported("IMG")); }
