using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LienThong.Corpus;

/// <summary>PDFs by way of Word files and LibreOffice, all in one start; scans by drawing those pages, a little turned and grey.</summary>
public static class PdfWriter
{
    public static bool IsAvailable => Find("soffice") && Find("pdftoppm");

    public static void FromWord(IReadOnlyList<string> wordFiles, string folder)
    {
        if (wordFiles.Count == 0) return;
        var profile = Path.Combine(Path.GetTempPath(), "corpus-office-" + Environment.ProcessId);
        Directory.CreateDirectory(profile);
        try
        {
            Run("soffice", [$"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", "--outdir", folder, .. wordFiles]);
        }
        finally
        {
            Directory.Delete(profile, true);
        }
    }

    /// <summary>The text of a PDF as poppler lays it out with spaces, which is how many plans are passed on.</summary>
    public static void LayOut(string pdf, string text)
    {
        Run("pdftotext", ["-layout", pdf, text]);
        File.Delete(pdf);
    }

    /// <summary>The pages of a PDF as pictures in a PDF, a little turned and grainy: no text layer is left.</summary>
    public static void Scan(string pdf, int dotsPerInch, double turn, int noise)
    {
        var folder = pdf + ".pages";
        Directory.CreateDirectory(folder);
        try
        {
            Run("pdftoppm", ["-gray", "-r", dotsPerInch.ToString(CultureInfo.InvariantCulture), pdf, Path.Combine(folder, "p")]);
            var pages = Directory.GetFiles(folder, "p*.pgm").Order(StringComparer.Ordinal).Select(Picture.Read).ToList();
            Wrap([.. pages.Select((page, i) => page.Turned(turn).Grained(noise, (ulong)i + 1))], pdf, dotsPerInch);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private sealed record Picture(int Width, int Height, byte[] Grey)
    {
        public static Picture Read(string path)
        {
            var bytes = File.ReadAllBytes(path);
            var at = 2;
            var numbers = new int[3];
            for (var i = 0; i < 3; i++)
            {
                while (bytes[at] <= ' ') at++;
                while (bytes[at] > ' ') numbers[i] = numbers[i] * 10 + bytes[at++] - '0';
            }

            return new(numbers[0], numbers[1], bytes[(at + 1)..]);
        }

        public Picture Turned(double degrees)
        {
            var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
            var turned = new byte[Grey.Length];
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    var (dx, dy) = (x - Width / 2.0, y - Height / 2.0);
                    var (sx, sy) = (cosine * dx + sine * dy + Width / 2.0, cosine * dy - sine * dx + Height / 2.0);
                    var (left, top) = ((int)Math.Floor(sx), (int)Math.Floor(sy));
                    var (fx, fy) = (sx - left, sy - top);
                    var upper = At(left, top) * (1 - fx) + At(left + 1, top) * fx;
                    var lower = At(left, top + 1) * (1 - fx) + At(left + 1, top + 1) * fx;
                    turned[y * Width + x] = (byte)(upper * (1 - fy) + lower * fy);
                }
            }

            return this with { Grey = turned };
        }

        private byte At(int x, int y) => x < 0 || y < 0 || x >= Width || y >= Height ? (byte)255 : Grey[y * Width + x];

        /// <summary>Grain of a cheap scanner, in sixteen greys so that the file stays small.</summary>
        public Picture Grained(int amount, ulong seed)
        {
            var dice = new Dice(seed);
            var grained = new byte[Grey.Length];
            for (var i = 0; i < Grey.Length; i++)
            {
                var grain = amount == 0 ? 0 : dice.Below(amount * 16 + 1) - amount * 8;
                grained[i] = (byte)(Math.Clamp(Grey[i] + grain, 0, 255) & 0xF0 | 0x0F);
            }

            return this with { Grey = grained };
        }
    }

    private static void Wrap(IReadOnlyList<Picture> pictures, string pdf, int dotsPerInch)
    {
        using var file = File.Create(pdf);
        var offsets = new List<long> { 0 };
        void Put(string text) => file.Write(Encoding.ASCII.GetBytes(text));
        void Open(string text) { offsets.Add(file.Position); Put($"{offsets.Count - 1} 0 obj\n{text}"); }
        Put("%PDF-1.4\n");
        Open("<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
        Open($"<</Type/Pages/Count {pictures.Count}/Kids[{string.Join(' ', pictures.Select((_, i) => $"{3 + i * 3} 0 R"))}]>>\nendobj\n");
        for (var i = 0; i < pictures.Count; i++)
        {
            var picture = pictures[i];
            var (w, h) = (picture.Width * 72 / dotsPerInch, picture.Height * 72 / dotsPerInch);
            Open($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w} {h}]/Contents {4 + i * 3} 0 R/Resources<</XObject<</I {5 + i * 3} 0 R>>>>>>\nendobj\n");
            var draw = $"q {w} 0 0 {h} 0 0 cm /I Do Q";
            Open($"<</Length {draw.Length}>>\nstream\n{draw}\nendstream\nendobj\n");
            using var packed = new MemoryStream();
            using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, true)) zip.Write(picture.Grey);
            Open($"<</Type/XObject/Subtype/Image/Width {picture.Width}/Height {picture.Height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length {packed.Length}>>\nstream\n");
            file.Write(packed.GetBuffer(), 0, (int)packed.Length);
            Put("\nendstream\nendobj\n");
        }

        var start = file.Position;
        Put($"xref\n0 {offsets.Count}\n0000000000 65535 f \n");
        foreach (var offset in offsets.Skip(1)) Put($"{offset:0000000000} 00000 n \n");
        Put($"trailer<</Size {offsets.Count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    }

    private static bool Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static void Run(string tool, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException(tool);
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{tool}: {error.Result}");
    }
}
