using System.IO.Compression;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Unit.Plans.Import.Readers;

/// <summary>Real packages with exactly the XML a test wants, and a folder that goes away with the test.</summary>
public sealed class OfficeFiles : IDisposable
{
    private const string W = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" "
        + "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" xmlns:v=\"urn:schemas-microsoft-com:vml\" "
        + "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"";

    private const string Types = "http://schemas.openxmlformats.org/package/2006/content-types";
    private const string Relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string WordMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private const string SheetMain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

    public string Folder { get; } = Directory.CreateTempSubdirectory("lienthong-readers-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    public string Zip(string name, params (string Part, string Content)[] parts)
    {
        using var zip = ZipFile.Open(Path(name), ZipArchiveMode.Create);
        foreach (var (part, content) in parts)
        {
            using var entry = zip.CreateEntry(part).Open();
            entry.Write(Encoding.UTF8.GetBytes(content));
        }

        return Path(name);
    }

    public string Docx(string body, string? numbering = null, string? styles = null, string? footnotes = null, string prologue = "", string mainType = WordMain, params (string Part, string Content)[] more) =>
        Zip("a.docx", [
            ("[Content_Types].xml", $"<Types xmlns=\"{Types}\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{mainType}\"/></Types>"),
            ("_rels/.rels", $"<Relationships xmlns=\"{Relations}\"><Relationship Id=\"r1\" Type=\"{Office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"),
            ("word/_rels/document.xml.rels", $"<Relationships xmlns=\"{Relations}\"><Relationship Id=\"r1\" Type=\"{Office}/styles\" Target=\"styles.xml\"/>"
                + $"<Relationship Id=\"r2\" Type=\"{Office}/numbering\" Target=\"numbering.xml\"/><Relationship Id=\"r3\" Type=\"{Office}/footnotes\" Target=\"footnotes.xml\"/></Relationships>"),
            ("word/styles.xml", $"<w:styles {W}>{styles}</w:styles>"),
            ("word/numbering.xml", $"<w:numbering {W}>{numbering}</w:numbering>"),
            ("word/footnotes.xml", $"<w:footnotes {W}>{footnotes}</w:footnotes>"),
            ("word/document.xml", $"{prologue}<w:document {W}><w:body>{body}</w:body></w:document>"), .. more]);

    /// <param name="sheets">Each: name, attributes of the sheet element, the inner XML of the worksheet.</param>
    public string Xlsx(string? shared, string? styles, string? properties, params (string Name, string Attributes, string Xml)[] sheets)
    {
        const string S = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" + Office + "\"";
        var parts = new List<(string, string)>
        {
            ("[Content_Types].xml", $"<Types xmlns=\"{Types}\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"{SheetMain}\"/></Types>"),
            ("_rels/.rels", $"<Relationships xmlns=\"{Relations}\"><Relationship Id=\"r1\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
            ("xl/workbook.xml", $"<workbook {S}>{properties}<sheets>{string.Concat(sheets.Select((s, i) => $"<sheet name=\"{s.Name}\" sheetId=\"{i + 1}\" r:id=\"s{i + 1}\" {s.Attributes}/>"))}</sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{Relations}\"><Relationship Id=\"a\" Type=\"{Office}/styles\" Target=\"styles.xml\"/><Relationship Id=\"b\" Type=\"{Office}/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                + string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"s{i + 1}\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>")) + "</Relationships>"),
            ("xl/styles.xml", $"<styleSheet {S}>{styles}</styleSheet>"),
            ("xl/sharedStrings.xml", $"<sst {S}>{shared}</sst>"),
        };
        parts.AddRange(sheets.Select((s, i) => ($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet {S}>{s.Xml}</worksheet>")));
        return Zip("a.xlsx", [.. parts]);
    }

    public static async Task<SourceDocument> ReadAsync(string path) => (await new SourceReader().ReadAsync(path, CancellationToken.None)).Expect();

    public static async Task<Refusal?> RefusalOfAsync(string path, ReaderLimits? limits = null) => (await new SourceReader(limits).ReadAsync(path, CancellationToken.None)).Refusal;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
