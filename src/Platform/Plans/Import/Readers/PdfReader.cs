using System.Globalization;
using System.Net;
using System.Text;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Reads a PDF through poppler: words with boxes from pdftotext, drawn lines and fonts from pdftops, both at once and both bounded. Pages without
/// a text layer go to OCR. Scripts and attachments inside the file are never touched.
/// </summary>
internal static class PdfReader
{
    private const string Package = "poppler-utils";
    private const long WordBytes = 400L * 1024 * 1024;
    private const long DrawingBytes = 1024L * 1024 * 1024;
    private const int WordsPerDocument = 1_500_000;

    public static async Task<SourceDocument> ReadAsync(string path, ReaderLimits limits, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        var pageCount = await CountPagesAsync(path, limits, cancellationToken);
        if (pageCount > limits.Pages) throw new RefusedFileException(ReaderRefusals.TooManyPages(pageCount, limits.Pages));

        var drawings = new PostScriptPage(limits.Pages);
        var words = ReadWordsAsync(path, pageCount, limits, cancellationToken);
        var lines = ReadLinesAsync(path, drawings, limits, cancellationToken);
        var pages = await words;
        var isDrawn = await lines;

        var defects = new List<SourceDefect>();
        if (!isDrawn) defects.Add(new SourceDefect("source.lines-unreadable", null));
        for (var i = 0; i < pages.Count; i++)
        {
            if (drawings.Pages.GetValueOrDefault(i + 1) is { } drawing) Join(pages[i], drawing, defects);
            NoticeGlyphs(pages[i], defects);
            pages[i].Straighten();
        }

        var scanned = pages.Where(page => page.Words.Sum(word => word.Text.Length) < 12).Select(page => page.Number).ToList();
        var isScan = false;
        if (scanned.Count > 0)
        {
            var withImages = await PagesWithImagesAsync(path, limits, cancellationToken);
            scanned.RemoveAll(page => !withImages.Contains(page));
            if (scanned.Count > limits.ScannedPages) throw new RefusedFileException(ReaderRefusals.TooManyScannedPages(scanned.Count, limits.ScannedPages));
            isScan = scanned.Count * 2 > pages.Count;
            foreach (var (number, page) in await ScanReader.ReadPagesAsync(path, scanned, limits, defects, cancellationToken)) pages[number - 1] = page;
        }

        var budget = new ReadingBudget(limits);
        foreach (var page in pages) budget.Text(page.Words.Sum(word => word.Text.Length + 1));
        var blocks = PageLayout.Build(pages, budget, limits, cancellationToken);
        return new SourceDocument(isScan ? SourceFormat.ScannedPdf : SourceFormat.Pdf, blocks, pages.Count, defects);
    }

    private static async Task<int> CountPagesAsync(string path, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var output = "";
        var (exit, error) = await ChildProcess.RunAsync("pdfinfo", Package, [path], limits, limits.PdfTime, async (stream, token) => output = await SomeTextAsync(stream, token), cancellationToken);
        if (error.Contains("Incorrect password", StringComparison.Ordinal)) throw new RefusedFileException(ReaderRefusals.Encrypted("PDF"));
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("Encrypted:", StringComparison.Ordinal) && line.Contains("copy:no", StringComparison.Ordinal)) throw new RefusedFileException(ReaderRefusals.Encrypted("PDF"));
        }

        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("Pages:", StringComparison.Ordinal) && int.TryParse(line.AsSpan(6).Trim(), CultureInfo.InvariantCulture, out var pages) && pages > 0) return pages;
        }

        throw new RefusedFileException(ReaderRefusals.Malformed(exit == 0 ? "PDF" : Shortly(error)));
    }

    private static async Task<List<PageContent>> ReadWordsAsync(string path, int pageCount, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var pages = new List<PageContent>();
        var count = 0;
        var (exit, error) = await ChildProcess.RunAsync("pdftotext", Package, ["-bbox", "-cropbox", "-enc", "UTF-8", path, "-"], limits, limits.PdfTime, async (stream, token) =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            long read = 0;
            while (await reader.ReadLineAsync(token) is { } line)
            {
                if ((read += line.Length) > WordBytes) throw new RefusedFileException(ReaderRefusals.TooMuchText(limits.TextCharacters));
                var text = line.AsSpan().TrimStart();
                if (text.StartsWith("<page "))
                {
                    if (pages.Count >= limits.Pages) throw new RefusedFileException(ReaderRefusals.TooManyPages(pages.Count + 1, limits.Pages));
                    pages.Add(new PageContent(pages.Count + 1) { Width = Number(text, "width=\""), Height = Number(text, "height=\"") });
                }
                else if (text.StartsWith("<word ") && pages.Count > 0 && Word(text) is { } word)
                {
                    if (++count > WordsPerDocument) throw new RefusedFileException(ReaderRefusals.TooMuchText(limits.TextCharacters));
                    pages[^1].Words.Add(word);
                }
            }
        }, cancellationToken);
        if (pages.Count == 0) throw new RefusedFileException(error.Contains("not allowed", StringComparison.Ordinal) ? ReaderRefusals.Encrypted("PDF") : ReaderRefusals.Malformed(Shortly(error)));
        if (exit != 0 && pages.Count < pageCount) throw new RefusedFileException(ReaderRefusals.Malformed(Shortly(error)));
        return pages;
    }

    /// <summary>The drawn lines are a help, not a condition: without them columns are found from the gaps between words.</summary>
    private static async Task<bool> ReadLinesAsync(string path, PostScriptPage drawings, ReaderLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var (exit, _) = await ChildProcess.RunAsync(
                "pdftops", Package, ["-level3", "-rasterize", "never", "-noembt1", "-noembtt", "-noembcidps", "-noembcidtt", path, "-"], limits, limits.PdfTime,
                (stream, token) => drawings.ReadAsync(new CappedStream(stream, DrawingBytes), token), cancellationToken);
            return exit == 0;
        }
        catch (RefusedFileException)
        {
            return false;
        }
    }

    private static async Task<HashSet<int>> PagesWithImagesAsync(string path, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var pages = new HashSet<int>();
        await ChildProcess.RunAsync("pdfimages", Package, ["-list", path], limits, limits.PdfTime, async (stream, token) =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (await reader.ReadLineAsync(token) is { } line)
            {
                var first = line.AsSpan().TrimStart();
                var end = first.IndexOf(' ');
                if (end > 0 && int.TryParse(first[..end], CultureInfo.InvariantCulture, out var page)) pages.Add(page);
            }
        }, cancellationToken);
        return pages;
    }

    /// <summary>Puts lines and fonts on the page of words. Both come in the coordinates of the page as shown.</summary>
    private static void Join(PageContent page, PostScriptPage.Drawing drawing, List<SourceDefect> defects)
    {
        if (drawing.Height > 0) (page.Width, page.Height) = (drawing.Width, drawing.Height);
        page.Horizontals.AddRange(drawing.Horizontals);
        page.Verticals.AddRange(drawing.Verticals);
        if (drawing.Texts.Count == 0) return;

        var rows = drawing.Texts.GroupBy(text => (int)Math.Round(text.Y)).ToDictionary(group => group.Key, group => group.OrderBy(text => text.X).ToArray());
        for (var i = 0; i < page.Words.Count; i++)
        {
            var word = page.Words[i];
            if (FontOf(rows, word) is not { } font) continue;
            var text = word.Text;
            var name = font.Contains('+') ? font[(font.IndexOf('+') + 1)..] : font;
            if (LegacyFonts.CodeOf(name) is var code && code != LegacyCode.None)
            {
                text = LegacyFonts.Convert(text, code).Normalize(NormalizationForm.FormC);
                if (text != word.Text && !defects.Any(defect => defect.Code == "source.legacy-font")) defects.Add(new SourceDefect("source.legacy-font", page.Number));
            }

            var bold = name.Contains("Bold", StringComparison.OrdinalIgnoreCase) || name.Contains("Black", StringComparison.OrdinalIgnoreCase) || name.Contains("Semibold", StringComparison.OrdinalIgnoreCase);
            var italic = name.Contains("Italic", StringComparison.OrdinalIgnoreCase) || name.Contains("Oblique", StringComparison.OrdinalIgnoreCase);
            if (bold || italic || !ReferenceEquals(text, word.Text)) page.Words[i] = word with { Text = text, Bold = bold, Italic = italic };
        }
    }

    /// <summary>The font of the last piece of text that begins on the word's base line, left of its middle.</summary>
    private static string? FontOf(Dictionary<int, PostScriptPage.TextStart[]> rows, PageWord word)
    {
        string? font = null;
        var best = double.MinValue;
        for (var y = (int)Math.Floor(word.MiddleY); y <= (int)Math.Ceiling(word.Y1); y++)
        {
            if (!rows.TryGetValue(y, out var starts)) continue;
            foreach (var start in starts)
            {
                if (start.X > word.MiddleX) break;
                if (start.X <= best) continue;
                (font, best) = (start.Font, start.X);
            }
        }

        return font;
    }

    /// <summary>A font without a map to Unicode gives private or replacement characters: the words are not what one sees.</summary>
    private static void NoticeGlyphs(PageContent page, List<SourceDefect> defects)
    {
        var (all, bad) = (0, 0);
        foreach (var word in page.Words)
        {
            foreach (var c in word.Text)
            {
                all++;
                if (c is '\uFFFD' or (>= '\uE000' and <= '\uF8FF') || char.IsControl(c)) bad++;
            }
        }

        if (all > 20 && bad * 20 > all) defects.Add(new SourceDefect("source.glyphs", page.Number, bad, all));
    }

    private static PageWord? Word(ReadOnlySpan<char> line)
    {
        var start = line.IndexOf('>');
        var end = line.LastIndexOf("</word>");
        if (start < 0 || end <= start) return null;
        var text = WebUtility.HtmlDecode(line[(start + 1)..end].ToString());
        text = SourceText.Tidy(text);
        if (text.Length == 0) return null;
        var (x0, y0, x1, y1) = (Number(line, "xMin=\""), Number(line, "yMin=\""), Number(line, "xMax=\""), Number(line, "yMax=\""));
        return x1 < x0 || y1 < y0 ? null : new PageWord(x0, y0, x1, y1, text);
    }

    private static double Number(ReadOnlySpan<char> line, string name)
    {
        var at = line.IndexOf(name, StringComparison.Ordinal);
        if (at < 0) return 0;
        var rest = line[(at + name.Length)..];
        var end = rest.IndexOf('"');
        return end > 0 && double.TryParse(rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : 0;
    }

    private static async Task<string> SomeTextAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[65536];
        var read = await reader.ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, read);
    }

    private static string Shortly(string error)
    {
        var line = error.Split('\n').FirstOrDefault(part => part.Trim().Length > 0)?.Trim() ?? "PDF";
        return line.Length > 120 ? line[..120] : line;
    }

    /// <summary>Stops reading a drawing that has no end; what was read until then is used.</summary>
    private sealed class CappedStream(Stream inner, long limit) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if ((_read += read) > limit) throw new RefusedFileException(ReaderRefusals.TooMuchText(0));
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
