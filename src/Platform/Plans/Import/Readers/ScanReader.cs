using System.Globalization;
using System.Text;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Reads pages that are pictures: poppler paints them, the ruled lines are found on the bitmap and wiped off (they confuse OCR), tesseract reads the
/// words with their boxes. One page at a time, so that memory stays that of one page.
/// </summary>
internal static class ScanReader
{
    private const int DotsPerInch = 200;
    private const int LongestSide = 5_000;
    private const double PointsPerDot = 72.0 / DotsPerInch;
    private const double DoubtfulConfidence = 70;
    private const double NoiseConfidence = 20;

    public static async Task<SourceDocument> ReadImageAsync(string path, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var defects = new List<SourceDefect>();
        var folder = Directory.CreateTempSubdirectory("lienthong-ocr-").FullName;
        try
        {
            var page = await ReadBitmapAsync(Path.GetFullPath(path), null, 1, limits, defects, folder, limits.OcrTime, cancellationToken);
            page.Straighten();
            var budget = new ReadingBudget(limits);
            budget.Text(page.Words.Sum(word => word.Text.Length + 1));
            return new SourceDocument(SourceFormat.ScannedPdf, PageLayout.Build([page], budget, limits, cancellationToken), 1, defects);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<List<(int Number, PageContent Page)>> ReadPagesAsync(
        string path, List<int> pages, ReaderLimits limits, List<SourceDefect> defects, CancellationToken cancellationToken)
    {
        var read = new List<(int, PageContent)>();
        if (pages.Count == 0) return read;
        var folder = Directory.CreateTempSubdirectory("lienthong-ocr-").FullName;
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        try
        {
            foreach (var number in pages)
            {
                var left = limits.OcrTime - clock.GetElapsedTime(began);
                if (left <= TimeSpan.Zero) throw new RefusedFileException(ReaderRefusals.TookTooLong((int)limits.OcrTime.TotalSeconds));
                var bitmap = await PaintAsync(path, number, limits, left, cancellationToken);
                if (bitmap is null) continue;
                var picture = Path.Combine(folder, "page.pgm");
                var page = await ReadBitmapAsync(picture, bitmap, number, limits, defects, folder, left, cancellationToken);
                page.Straighten();
                read.Add((number, page));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return read;
    }

    private static async Task<Bitmap?> PaintAsync(string path, int number, ReaderLimits limits, TimeSpan time, CancellationToken cancellationToken)
    {
        Bitmap? bitmap = null;
        var page = number.ToString(CultureInfo.InvariantCulture);
        var size = await PageSizeAsync(path, page, limits, time, cancellationToken);
        // A page the size of a wall is painted smaller, whatever its declared size.
        var dots = Math.Clamp((int)(LongestSide / Math.Max(1, size / 72)), 10, DotsPerInch);
        await ChildProcess.RunAsync(
            "pdftoppm", "poppler-utils", ["-r", dots.ToString(CultureInfo.InvariantCulture), "-gray", "-cropbox", "-f", page, "-l", page, path], limits, time,
            async (stream, token) => bitmap = await Bitmap.ReadAsync(stream, token), cancellationToken);
        if (bitmap is not null) bitmap.DotsPerInch = dots;
        return bitmap;
    }

    private static async Task<double> PageSizeAsync(string path, string page, ReaderLimits limits, TimeSpan time, CancellationToken cancellationToken)
    {
        var longest = 842d;
        await ChildProcess.RunAsync("pdfinfo", "poppler-utils", ["-f", page, "-l", page, path], limits, time, async (stream, token) =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (await reader.ReadLineAsync(token) is { } line)
            {
                if (!line.StartsWith("Page ", StringComparison.Ordinal) || line.Split("size:") is not { Length: 2 } parts) continue;
                foreach (var word in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var side)) longest = Math.Max(longest, side);
                }
            }
        }, cancellationToken);
        return longest;
    }

    /// <param name="bitmap">Null: the picture is a file of its own, which tesseract opens; its lines are not looked for.</param>
    private static async Task<PageContent> ReadBitmapAsync(
        string picture, Bitmap? bitmap, int number, ReaderLimits limits, List<SourceDefect> defects, string folder, TimeSpan time, CancellationToken cancellationToken)
    {
        var page = new PageContent(number);
        var scale = PointsPerDot;
        var found = new Recognised();
        if (bitmap is not null)
        {
            scale = 72.0 / bitmap.DotsPerInch;
            (page.Width, page.Height) = (bitmap.Width * scale, bitmap.Height * scale);
            var lines = BitmapLines.Find(bitmap);
            lines.Wipe(bitmap);
            page.Horizontals = [.. lines.Horizontals.Select(line => new Rule(line.At * scale, line.From * scale, line.To * scale))];
            page.Verticals = [.. lines.Verticals.Select(line => new Rule(line.At * scale, line.From * scale, line.To * scale))];

            // Cells are laid one below the other on a strip of their own: read side by side, their lines would run into each other.
            var words = new List<PageWord>();
            foreach (var strip in CellStrip.Cut(bitmap, page.Tables, scale, lines.Slope))
            {
                await strip.Bitmap.WriteAsync(picture, cancellationToken);
                words.AddRange((await RecogniseAsync(picture, "6", bitmap.DotsPerInch, page, limits, folder, time, found, cancellationToken)).Select(strip.Back).OfType<PageWord>());
            }

            CellStrip.Whiten(bitmap, page.Tables, scale, lines.Slope);
            if (bitmap.HasInk)
            {
                await bitmap.WriteAsync(picture, cancellationToken);
                words.AddRange((await RecogniseAsync(picture, "3", bitmap.DotsPerInch, page, limits, folder, time, found, cancellationToken)).Select(word => Straight(word, lines.Slope)));
            }

            (page.Width, page.Height) = (bitmap.Width * scale, bitmap.Height * scale);
            page.Words = Even([.. words.Select(word => Scaled(word, scale))]);
        }
        else
        {
            page.Words = Even([.. (await RecogniseAsync(picture, "3", DotsPerInch, page, limits, folder, time, found, cancellationToken)).Select(word => Scaled(word, scale))]);
        }

        defects.Add(new SourceDefect("source.scanned", page.Number));
        if (found.Letters > 0 && found.Confidence / found.Letters < DoubtfulConfidence)
            defects.Add(new SourceDefect("source.ocr-low-confidence", page.Number, Math.Round(found.Confidence / found.Letters)));

        return page;
    }

    private sealed class Recognised
    {
        public double Confidence { get; set; }

        public int Letters { get; set; }
    }

    /// <summary>The slope of the ruled lines is that of the sheet; boxes are laid straight by it.</summary>
    private static PageWord Straight(PageWord word, double slope)
    {
        var (x, y) = (word.X0 + (slope * word.Y0), word.Y0 - (slope * word.X0));
        return word with { X0 = x, Y0 = y, X1 = x + word.Width, Y1 = y + word.Height };
    }

    private static PageWord Scaled(PageWord word, double scale) => word with { X0 = word.X0 * scale, Y0 = word.Y0 * scale, X1 = word.X1 * scale, Y1 = word.Y1 * scale };

    /// <summary>Words with boxes in dots of the picture.</summary>
    private static async Task<List<PageWord>> RecogniseAsync(
        string picture, string mode, int dots, PageContent page, ReaderLimits limits, string folder, TimeSpan time, Recognised found, CancellationToken cancellationToken)
    {
        var words = new List<PageWord>();
        var (exit, error) = await ChildProcess.RunAsync(
            "tesseract", "tesseract-ocr tesseract-ocr-vie", [picture, "stdout", "-l", "vie", "--psm", mode, "--dpi", dots.ToString(CultureInfo.InvariantCulture), "tsv"],
            limits, time, async (stream, token) =>
            {
                using var reader = new StreamReader(stream, Encoding.UTF8);
                while (await reader.ReadLineAsync(token) is { } line && words.Count < 50_000)
                {
                    var cells = line.Split('\t');
                    if (cells.Length < 12 || !Numbers(cells, out var n)) continue;
                    if (cells[0] == "1") (page.Width, page.Height) = (n.Width * 72 / dots, n.Height * 72 / dots);
                    if (cells[0] != "5") continue;
                    var text = SourceText.Tidy(cells[11]);
                    if (text.Length == 0 || n.Confidence < NoiseConfidence || IsSpeck(text, n.Confidence)) continue;
                    found.Confidence += n.Confidence * text.Length;
                    found.Letters += text.Length;
                    words.Add(new PageWord(n.Left, n.Top, n.Left + n.Width, n.Top + n.Height, text));
                }
            }, cancellationToken, folder);
        if (exit != 0 && words.Count == 0)
        {
            throw new RefusedFileException(error.Contains("Failed loading language", StringComparison.Ordinal) || error.Contains("couldn't load any languages", StringComparison.Ordinal)
                ? ReaderRefusals.ToolMissing("tesseract-ocr-vie")
                : ReaderRefusals.Malformed("OCR"));
        }

        return words;
    }

    private static bool IsSpeck(string text, double confidence) => confidence < 60 && text.All(c => c is '|' or '_' or '-' or '—' or '.' or ',' or '\'' or '`' or '~' or '‘' or '’' or '[' or ']' or '=' or ':');

    /// <summary>
    /// OCR boxes hug the ink, so a word without ascenders is lower than its neighbours. For joining lines every box is given the usual height around its
    /// base line; big titles keep theirs.
    /// </summary>
    private static List<PageWord> Even(List<PageWord> words)
    {
        if (words.Count == 0) return words;
        var heights = words.Select(word => word.Height).Order().ToList();
        var usual = heights[heights.Count * 6 / 10];
        return [.. words.Select(word => word.Height >= usual || word.Height < usual * 0.15 ? word : word with { Y0 = Math.Min(word.Y0, word.Y1 - usual) }).Where(word => word.Height < usual * 5)];
    }

    private static bool Numbers(string[] cells, out (double Left, double Top, double Width, double Height, double Confidence) numbers)
    {
        var values = new double[5];
        for (var i = 0; i < 5; i++)
        {
            if (double.TryParse(cells[6 + i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])) continue;
            numbers = default;
            return false;
        }

        numbers = (values[0], values[1], values[2], values[3], values[4]);
        return true;
    }
}

/// <summary>A grey page in memory, as a PGM.</summary>
internal sealed class Bitmap(int width, int height, byte[] dots)
{
    private const long MostDots = 40_000_000;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public byte[] Dots { get; } = dots;

    public int DotsPerInch { get; set; } = 200;

    /// <summary>Reads "P5 width height 255" and the dots; null when the painter gave nothing.</summary>
    public static async Task<Bitmap?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var input = new BufferedStream(stream, 65536);
        var words = new List<string>();
        var word = new StringBuilder();
        while (words.Count < 4)
        {
            var one = new byte[1];
            if (await input.ReadAsync(one, cancellationToken) == 0) return null;
            if (char.IsWhiteSpace((char)one[0]))
            {
                if (word.Length > 0) words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append((char)one[0]);
            }
        }

        if (words[0] != "P5" || !int.TryParse(words[1], CultureInfo.InvariantCulture, out var width) || !int.TryParse(words[2], CultureInfo.InvariantCulture, out var height)
            || width < 1 || height < 1 || (long)width * height > MostDots)
        {
            return null;
        }

        var dots = new byte[width * height];
        await input.ReadExactlyAsync(dots, cancellationToken);
        return new Bitmap(width, height, dots);
    }

    /// <summary>Whether more than a few specks are dark.</summary>
    public bool HasInk
    {
        get
        {
            var dark = 0;
            foreach (var dot in Dots)
            {
                if (dot < 128 && ++dark > 60) return true;
            }

            return false;
        }
    }

    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await file.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{Width} {Height}\n255\n")), cancellationToken);
        await file.WriteAsync(Dots, cancellationToken);
    }
}

/// <summary>
/// Ruled lines on a scanned page: long dark runs, chained from row to row so that a slightly tilted line stays one. The tilt found is taken out of every
/// coordinate given.
/// </summary>
internal sealed class BitmapLines
{
    private const byte Dark = 150;

    /// <summary>A thin line is painted grey; it is told from a grey background by being darker than what lies on both its sides.</summary>
    private const byte Grey = 228;

    private const int Ridge = 24;

    private readonly record struct Run(int At, int From, int To, int Chain);

    private readonly record struct Line(double FromX, double FromY, double ToX, double ToY, int Thick);

    private readonly List<Run> _runsAcross;
    private readonly List<Run> _runsDown;

    private BitmapLines(List<Run> across, List<Run> down) => (_runsAcross, _runsDown) = (across, down);

    public List<Rule> Horizontals { get; } = [];

    public List<Rule> Verticals { get; } = [];

    /// <summary>Rise of the lines over their run: the tilt of the sheet.</summary>
    public double Slope { get; private set; }

    public static BitmapLines Find(Bitmap bitmap)
    {
        // Borders of a low row are short; what is shorter than a big letter is kept as a line but never wiped, since it may be a letter.
        var shortest = Math.Max(24, bitmap.DotsPerInch * 3 / 10);
        var across = Runs(bitmap, shortest, isDown: false);
        var down = Runs(bitmap, shortest * 6 / 10, isDown: true);
        var (rows, columns) = (Chains(across, bitmap), Chains(down, bitmap));
        var found = new BitmapLines(rows.Kept, [.. columns.Kept.Where(run => run.To - run.From + 1 >= shortest)]);
        var slopes = rows.Lines.Where(line => line.ToX - line.FromX > bitmap.Width / 5.0).Select(line => (line.ToY - line.FromY) / (line.ToX - line.FromX)).Order().ToList();
        found.Slope = slopes.Count == 0 ? 0 : slopes[slopes.Count / 2];
        if (Math.Abs(found.Slope) > 0.08) found.Slope = 0;
        var s = found.Slope;
        foreach (var line in rows.Lines)
        {
            var (a, b) = (line.FromY - (s * line.FromX), line.ToY - (s * line.ToX));
            found.Horizontals.Add(new Rule((a + b) / 2, line.FromX + (s * line.FromY), line.ToX + (s * line.ToY)));
        }

        // For lines that run down the two coordinates have changed places.
        foreach (var line in columns.Lines)
        {
            var (a, b) = (line.FromY + (s * line.FromX), line.ToY + (s * line.ToX));
            found.Verticals.Add(new Rule((a + b) / 2, line.FromX - (s * line.FromY), line.ToX - (s * line.ToY)));
        }

        return found;
    }

    /// <summary>Whitens the lines and the dots right beside them, so that OCR does not read them as letters.</summary>
    public void Wipe(Bitmap bitmap)
    {
        foreach (var run in _runsAcross)
        {
            for (var y = Math.Max(0, run.At - 1); y <= Math.Min(bitmap.Height - 1, run.At + 1); y++) bitmap.Dots.AsSpan((y * bitmap.Width) + run.From, run.To - run.From + 1).Fill(255);
        }

        foreach (var run in _runsDown)
        {
            for (var y = run.From; y <= run.To; y++)
            {
                for (var x = Math.Max(0, run.At - 1); x <= Math.Min(bitmap.Width - 1, run.At + 1); x++) bitmap.Dots[(y * bitmap.Width) + x] = 255;
            }
        }
    }

    private static List<Run> Runs(Bitmap bitmap, int shortest, bool isDown)
    {
        var runs = new List<Run>();
        var (lanes, length) = isDown ? (bitmap.Width, bitmap.Height) : (bitmap.Height, bitmap.Width);
        var (laneStep, step) = isDown ? (1, bitmap.Width) : (bitmap.Width, 1);
        for (var lane = 0; lane < lanes; lane++)
        {
            var (from, last) = (-1, -1);
            var at = lane * laneStep;
            for (var i = 0; i <= length; i++, at += step)
            {
                var isDark = i < length && (bitmap.Dots[at] < Dark || (bitmap.Dots[at] < Grey && lane >= 4 && lane + 4 < lanes
                    && bitmap.Dots[at - (4 * laneStep)] - bitmap.Dots[at] >= Ridge && bitmap.Dots[at + (4 * laneStep)] - bitmap.Dots[at] >= Ridge));
                if (isDark)
                {
                    if (from < 0) from = i;
                    last = i;
                }
                else if (from >= 0 && (i == length || i - last > 2))
                {
                    if (last - from + 1 >= shortest && runs.Count < 400_000) runs.Add(new Run(lane, from, last, -1));
                    from = -1;
                }
            }
        }

        return runs;
    }

    /// <summary>Joins runs of neighbouring lanes that touch. A chain much thicker than a line is a picture or a black border and is left alone.</summary>
    private static (List<Line> Lines, List<Run> Kept) Chains(List<Run> runs, Bitmap bitmap)
    {
        var parent = Enumerable.Range(0, runs.Count).ToArray();
        int Root(int of)
        {
            while (parent[of] != of) of = parent[of] = parent[parent[of]];
            return of;
        }

        var window = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            while (runs[window].At < runs[i].At - 2) window++;
            for (var j = window; j < i; j++)
            {
                if (runs[j].From <= runs[i].To + 6 && runs[i].From <= runs[j].To + 6) parent[Root(j)] = Root(i);
            }
        }

        var lines = new List<Line>();
        var kept = new List<Run>();
        foreach (var chain in Enumerable.Range(0, runs.Count).GroupBy(Root))
        {
            var members = chain.Select(at => runs[at]).ToList();
            var (from, to) = (members.Min(run => run.From), members.Max(run => run.To));
            var thickest = members.GroupBy(run => run.From / 64).Max(group => group.Count());
            var spread = members.Max(run => run.At) - members.Min(run => run.At) + 1;
            if (thickest > Math.Max(10, bitmap.DotsPerInch / 14) || spread > Math.Max(14, (to - from) * 0.08)) continue;
            var first = members.Where(run => run.From - from < 20).Average(run => run.At);
            var last = members.Where(run => to - run.To < 20).Average(run => run.At);
            lines.Add(new Line(from, first, to, last, thickest));
            kept.AddRange(members);
        }

        return (lines, kept);
    }
}
