using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>Writes PDFs byte by byte, so that a test decides every line and word on the page; LibreOffice makes the ones with Vietnamese text.</summary>
internal static class PdfFiles
{
    public static bool HasPoppler => File.Exists("/usr/bin/pdftotext");

    public static bool HasOffice => File.Exists("/usr/bin/soffice");

    public static bool HasOcr => File.Exists("/usr/bin/tesseract") && HasPoppler;

    /// <param name="contents">Content streams, one per page; text is set in the font F1 (Helvetica) or F2 (bold).</param>
    public static byte[] Make(IEnumerable<string> contents, int width = 595, int height = 842, int rotate = 0, string encrypt = "")
    {
        var objects = new List<byte[]> { Array.Empty<byte>(), Array.Empty<byte>(), Ascii("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"), Ascii("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>") };
        var pages = new List<int>();
        foreach (var content in contents)
        {
            objects.Add(Ascii($"<</Length {content.Length}>>stream\n{content}\nendstream"));
            objects.Add(Ascii($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Rotate {rotate}/Contents {objects.Count} 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"));
            pages.Add(objects.Count);
        }

        return Assemble(objects, pages, encrypt);
    }

    /// <summary>Pages that are nothing but a grey picture.</summary>
    public static byte[] MakeScan(IEnumerable<(int Width, int Height, byte[] Dots)> pictures, int dotsPerInch)
    {
        var objects = new List<byte[]> { Array.Empty<byte>(), Array.Empty<byte>() };
        var pages = new List<int>();
        foreach (var (width, height, dots) in pictures)
        {
            using var packed = new MemoryStream();
            using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(dots);
            var (w, h) = (width * 72.0 / dotsPerInch, height * 72.0 / dotsPerInch);
            objects.Add([.. Ascii($"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length {packed.Length}>>stream\n"), .. packed.ToArray(), .. Ascii("\nendstream")]);
            var content = string.Create(CultureInfo.InvariantCulture, $"q {w:0.##} 0 0 {h:0.##} 0 0 cm /I Do Q");
            objects.Add(Ascii($"<</Length {content.Length}>>stream\n{content}\nendstream"));
            objects.Add(Ascii(string.Create(CultureInfo.InvariantCulture, $"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w:0.##} {h:0.##}]/Contents {objects.Count} 0 R/Resources<</XObject<</I {objects.Count - 1} 0 R>>>>>>")));
            pages.Add(objects.Count);
        }

        return Assemble(objects, pages, "");
    }

    public static string Text(double x, double y, string words, int size = 11, string font = "F1") =>
        string.Create(CultureInfo.InvariantCulture, $"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET\n");

    public static string Line(double x0, double y0, double x1, double y1) => string.Create(CultureInfo.InvariantCulture, $"{x0} {y0} m {x1} {y1} l S\n");

    /// <summary>A border as office programs export it: a thin filled rectangle.</summary>
    public static string Bar(double x, double y, double width, double height) => string.Create(CultureInfo.InvariantCulture, $"{x} {y} {width} {height} re f\n");

    public static void Convert(string source, string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/soffice") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { $"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf", "--outdir", folder, source }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
    }

    /// <summary>The picture of one page, as a scanner would give it.</summary>
    public static (int Width, int Height, byte[] Dots) Paint(string pdf, int page, int dotsPerInch)
    {
        var start = new ProcessStartInfo("/usr/bin/pdftoppm") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { "-gray", "-r", $"{dotsPerInch}", "-f", $"{page}", "-l", $"{page}", pdf }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var all = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(all);
        process.WaitForExit();
        var bytes = all.ToArray();
        var (at, words) = (0, new List<int>());
        for (var start2 = 3; words.Count < 3; start2 = at + 1)
        {
            at = start2;
            while (bytes[at] is not ((byte)' ' or (byte)'\n')) at++;
            words.Add(int.Parse(Encoding.ASCII.GetString(bytes, start2, at - start2), CultureInfo.InvariantCulture));
        }

        return (words[0], words[1], bytes[(at + 1)..]);
    }

    /// <summary>The picture as if the sheet had lain askew.</summary>
    public static (int Width, int Height, byte[] Dots) Tilt((int Width, int Height, byte[] Dots) picture, double slope)
    {
        var dots = new byte[picture.Dots.Length];
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var (sx, sy) = ((int)Math.Round(x + (slope * y)), (int)Math.Round(y - (slope * x)));
                dots[(y * picture.Width) + x] = sx >= 0 && sx < picture.Width && sy >= 0 && sy < picture.Height ? picture.Dots[(sy * picture.Width) + sx] : (byte)255;
            }
        }

        return (picture.Width, picture.Height, dots);
    }

    private static byte[] Assemble(List<byte[]> objects, List<int> pages, string encrypt)
    {
        objects[0] = Ascii("<</Type/Catalog/Pages 2 0 R>>");
        objects[1] = Ascii($"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(page => $"{page} 0 R"))}]>>");
        using var file = new MemoryStream();
        file.Write(Ascii("%PDF-1.4\n"));
        var offsets = new List<long>();
        for (var i = 0; i < objects.Count; i++)
        {
            offsets.Add(file.Position);
            file.Write(Ascii($"{i + 1} 0 obj\n"));
            file.Write(objects[i]);
            file.Write(Ascii("\nendobj\n"));
        }

        var start = file.Position;
        file.Write(Ascii($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n{string.Concat(offsets.Select(offset => $"{offset:0000000000} 00000 n \n"))}trailer<</Size {objects.Count + 1}/Root 1 0 R{encrypt}>>\nstartxref\n{start}\n%%EOF"));
        return file.ToArray();
    }

    private static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);
}
