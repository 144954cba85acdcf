using System.IO.Compression;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import.Readers;
using Xunit;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>Files that mean harm, or are simply broken: each is refused under its own code and none throws (issue C.1; monitoring.md §5).</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string MacroMain = "application/vnd.ms-word.document.macroEnabled.main+xml";

    private readonly OfficeFiles _files = new();

    public void Dispose() => _files.Dispose();

    private static async Task RefusesAsync(string code, string path, ReaderLimits? limits = null) => Assert.Equal(code, (await OfficeFiles.RefusalOfAsync(path, limits))?.Code);

    [Fact]
    public async Task No_file_an_empty_file_and_51_megabytes()
    {
        await RefusesAsync("plans.import.missing", _files.Path("nothing"));
        await RefusesAsync("plans.import.empty", _files.Write("empty.docx", []));
        var large = _files.Path("large.pdf");
        using (var file = File.Create(large)) file.SetLength(51L * 1024 * 1024);
        await RefusesAsync("plans.import.too-large", large);
    }

    [Fact]
    public async Task The_content_decides_and_not_the_name()
    {
        var docx = _files.Docx("<w:p><w:r><w:t>Nội dung</w:t></w:r></w:p>");
        File.Move(docx, _files.Path("plan.pdf"));
        Assert.Equal("Docx", (await OfficeFiles.ReadAsync(_files.Path("plan.pdf"))).Format.ToString());
    }

    [Theory]
    [InlineData("7z\u00BC\u00AF\u0027\u001C", "plans.import.unsupported")]
    [InlineData("Rar!\u001A\u0007", "plans.import.unsupported")]
    [InlineData("{\\rtf1 x}", "plans.import.legacy-format")]
    [InlineData("MZ\u0090\0\u0003", "plans.import.unsupported")]
    [InlineData("<!DOCTYPE html><html></html>", "plans.import.unsupported")]
    [InlineData("PK\u0003\u0004 cut short", "plans.import.malformed")]
    [InlineData("%PDF-1.7 nothing else", "plans.import.malformed")]
    [InlineData("\0\u0001\u0002\u0003\u0004", "plans.import.unsupported")]
    [InlineData("  \r\n \t ", "plans.import.no-content")]
    public async Task Other_kinds_and_fragments_are_named(string bytes, string code) =>
        await RefusesAsync(code, _files.Write("x", Encoding.Latin1.GetBytes(bytes)));

    [Theory]
    [InlineData("EncryptedPackage", "plans.import.encrypted")]
    [InlineData("WordDocument", "plans.import.legacy-format")]
    [InlineData("Workbook", "plans.import.legacy-format")]
    [InlineData("_VBA_PROJECT", "plans.import.macro")]
    [InlineData("Other", "plans.import.unsupported")]
    public async Task Compound_files_are_told_apart_by_what_they_hold(string stream, string code)
    {
        var bytes = new byte[512 + 512];
        new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }.CopyTo(bytes, 0);
        Encoding.Unicode.GetBytes(stream).CopyTo(bytes, 512 + 128);
        bytes[512 + 128 + 64] = (byte)((stream.Length + 1) * 2);
        bytes[512 + 128 + 66] = 2;
        await RefusesAsync(code, _files.Write("x.docx", bytes));
    }

    [Fact]
    public async Task Packages_that_could_run_something()
    {
        await RefusesAsync("plans.import.macro", _files.Docx("<w:p/>", mainType: MacroMain));
        foreach (var part in new[] { "word/vbaProject.bin", "word/activeX/activeX1.xml", "xl/macrosheets/sheet1.xml", "word/embeddings/x.docm", "word/embeddings/setup.exe" })
        {
            File.Delete(_files.Path("a.docx"));
            await RefusesAsync("plans.import.macro", _files.Docx("<w:p/>", more: (part, "x")));
        }

        File.Delete(_files.Path("a.docx"));
        await RefusesAsync("plans.import.macro", _files.Docx("<w:p/>", more: ("word/embeddings/oleObject1.bin", "xx\u0001\0O\0l\0e\u0031\0\u0030\0N\0a\0t\0i\0v\0e\0".Replace("e\u0031", "e\0\u0031", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task An_embedded_picture_or_formula_is_no_macro()
    {
        var document = await OfficeFiles.ReadAsync(_files.Docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>", more: [("word/embeddings/oleObject1.bin", "Equation Native"), ("word/media/image1.png", "png")]));
        Assert.Single(document.Blocks);
    }

    [Fact]
    public async Task A_document_type_an_outside_entity_and_the_billion_laughs()
    {
        await RefusesAsync("plans.import.unsafe-xml", _files.Docx("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", prologue: "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"));
        File.Delete(_files.Path("a.docx"));
        var laughs = "<!DOCTYPE a [<!ENTITY a0 \"ha\">" + string.Concat(Enumerable.Range(1, 30).Select(i => $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">")) + "]>";
        await RefusesAsync("plans.import.unsafe-xml", _files.Docx("<w:p><w:r><w:t>&a30;</w:t></w:r></w:p>", prologue: laughs));
    }

    [Fact]
    public async Task Nesting_without_end()
    {
        const int Depth = 100_000;
        var body = new StringBuilder();
        for (var i = 0; i < Depth; i++) body.Append("<w:sdt><w:sdtContent>");
        for (var i = 0; i < Depth; i++) body.Append("</w:sdtContent></w:sdt>");
        await RefusesAsync("plans.import.too-deep", _files.Docx(body.ToString()));
    }

    [Fact]
    public async Task Bytes_that_grow_while_they_are_read()
    {
        var path = _files.Path("bomb.docx");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            var model = _files.Docx("<w:p/>");
            using (var source = ZipFile.OpenRead(model))
            {
                foreach (var entry in source.Entries.Where(entry => entry.FullName != "word/document.xml"))
                {
                    using var from = entry.Open();
                    using var to = zip.CreateEntry(entry.FullName).Open();
                    from.CopyTo(to);
                }
            }

            using var body = new StreamWriter(zip.CreateEntry("word/document.xml").Open());
            body.Write("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>");
            var many = string.Concat(Enumerable.Repeat("<w:p></w:p>", 10_000));
            for (var i = 0; i < 400; i++) body.Write(many);
            body.Write("</w:body></w:document>");
        }

        await RefusesAsync("plans.import.zip-bomb", path);

        // The same bytes with a directory that says each part is one byte long: sizes are counted, not believed.
        var bytes = await File.ReadAllBytesAsync(path);
        for (var at = 0; at + 46 < bytes.Length; at++)
        {
            if (bytes[at] == 'P' && bytes[at + 1] == 'K' && bytes[at + 2] == 1 && bytes[at + 3] == 2) BitConverter.GetBytes(1).CopyTo(bytes, at + 24);
        }

        var refusal = await OfficeFiles.RefusalOfAsync(_files.Write("liar.docx", bytes));
        Assert.Contains(refusal?.Code, new[] { "plans.import.zip-bomb", "plans.import.malformed" });
    }

    [Fact]
    public async Task A_directory_that_declares_a_terabyte_or_a_million_entries()
    {
        await RefusesAsync("plans.import.zip-bomb", _files.Docx("<w:p/>"), new ReaderLimits { ExpandedBytes = 300 });
        File.Delete(_files.Path("a.docx"));
        var entries = Enumerable.Range(0, 5_001).Select(i => ($"word/media/{i}", "")).ToArray();
        await RefusesAsync("plans.import.too-many-parts", _files.Docx("<w:p/>", more: entries));
    }

    [Fact]
    public async Task A_zip_within_a_zip_is_not_opened()
    {
        await RefusesAsync("plans.import.unsupported", _files.Zip("nested.zip", ("inner.zip", "PK\u0003\u0004")));
        await RefusesAsync("plans.import.unsupported", _files.Zip("b.odt", ("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>")));
    }

    [Fact]
    public async Task Truncated_and_damaged_packages()
    {
        var whole = await File.ReadAllBytesAsync(_files.Docx(string.Concat(Enumerable.Repeat("<w:p><w:r><w:t>Nội dung</w:t></w:r></w:p>", 500))));
        for (var keep = 10; keep < whole.Length; keep += whole.Length / 23)
        {
            var refusal = await OfficeFiles.RefusalOfAsync(_files.Write("cut.docx", whole[..keep]));
            Assert.Equal("plans.import.malformed", refusal?.Code);
        }

        // Any single byte may be wrong: the answer is a document or a refusal, never an exception.
        var random = new Random(20261122);
        for (var i = 0; i < 150; i++)
        {
            var damaged = whole.ToArray();
            for (var hits = 0; hits < 4; hits++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await new SourceReader().ReadAsync(_files.Write("damaged.docx", damaged), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Grids_that_claim_more_than_they_may()
    {
        await RefusesAsync("plans.import.too-many-cells", _files.Docx("<w:tbl><w:tr>" + string.Concat(Enumerable.Repeat("<w:tc><w:tcPr><w:gridSpan w:val=\"2000000000\"/></w:tcPr><w:p/></w:tc>", 3)) + "</w:tr></w:tbl>"));
        var row = string.Concat(Enumerable.Range(0, 50).Select(i => $"<c t=\"inlineStr\"><is><t>{i}</t></is></c>"));
        var rows = string.Concat(Enumerable.Repeat($"<row>{row}</row>", 100));
        await RefusesAsync("plans.import.too-many-cells", _files.Xlsx(null, null, null, ("A", "", $"<sheetData>{rows}</sheetData>")), new ReaderLimits { FilledCells = 4_000 });
    }

    [Fact]
    public async Task A_text_of_megabytes_in_one_attribute()
    {
        await RefusesAsync("plans.import.malformed", _files.Docx($"<w:p w:x=\"{new string('a', 5_000_000)}\"/>"));
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SourceReader().ReadAsync(_files.Docx("<w:p/>"), cancelled.Token));
    }

    /// <summary>The sentences stand in the resource beside the codes: none may be missing, none without a code.</summary>
    [Fact]
    public void Every_refusal_has_its_sentence()
    {
        Refusal[] all =
        [
            ReaderRefusals.Missing(), ReaderRefusals.Empty(), ReaderRefusals.TooLarge(1, 1), ReaderRefusals.Unsupported("x"), ReaderRefusals.Legacy("x", "y"), ReaderRefusals.Malformed("x"),
            ReaderRefusals.Encrypted("x"), ReaderRefusals.Macro("x"), ReaderRefusals.ZipBomb(1), ReaderRefusals.TooManyParts(1), ReaderRefusals.UnsafeXml("x"), ReaderRefusals.TooDeep(1),
            ReaderRefusals.TooManyCells(1), ReaderRefusals.TooMuchText(1), ReaderRefusals.TooManyPages(1, 1), ReaderRefusals.TooManyScannedPages(1, 1), ReaderRefusals.TookTooLong(1),
            ReaderRefusals.NoContent(), ReaderRefusals.ToolMissing("x"),
        ];
        var sentences = new System.Resources.ResourceManager(typeof(ReaderRefusals));
        foreach (var refusal in all)
        {
            var sentence = sentences.GetString(refusal.Code, System.Globalization.CultureInfo.InvariantCulture);
            Assert.False(string.IsNullOrWhiteSpace(sentence), refusal.Code);
            Assert.NotEqual("", string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence!, [.. refusal.Arguments]));
        }
    }
}
