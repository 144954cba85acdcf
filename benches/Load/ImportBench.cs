using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace LienThong.Load;

/// <summary>
/// Reading a plan as `lienthong plan extract` does, start of the process included. The peers only get the text out: LibreOffice for the DOCX,
/// pdftotext for the PDF; we also find tasks, agencies, deadlines and defects.
/// </summary>
internal static class ImportBench
{
    public static async Task<(string, List<Figure>, List<string>)> RunAsync(bool quick)
    {
        var folder = Places.NewFolder();
        var (figures, notes) = (new List<Figure>(), new List<string>());
        try
        {
            var docx = Path.Combine(folder, "phu-luc-180.docx");
            await File.WriteAllBytesAsync(docx, Appendix(180));
            var ours = await MedianAsync(quick ? 2 : 5, () => Watched.RunAsync("dotnet", Places.App, "plan", "extract", docx, "--json"));
            var peer = await MedianAsync(quick ? 1 : 3, () => Watched.RunAsync("soffice", "--headless", "-env:UserInstallation=file://" + folder + "/office", "--convert-to", "txt:Text", "--outdir", folder, docx));
            figures.Add(new("DOCX, 180 rows", ours.Seconds, "s", Limit: 2, Peer: "LibreOffice to text", PeerValue: peer.Seconds));
            figures.Add(new("DOCX, memory at most", ours.PeakMb, "MB", Limit: 400, Peer: "LibreOffice to text", PeerValue: peer.PeakMb));
            notes.Add($"DOCX: {Tasks(ours.Said)} tasks read of 180");

            var wanted = quick ? 40 : 200;
            var (pdf, pages) = await PdfAsync(folder, wanted);
            ours = await MedianAsync(quick ? 1 : 3, () => Watched.RunAsync("dotnet", Places.App, "plan", "extract", pdf, "--json"));
            peer = await MedianAsync(quick ? 1 : 3, () => Watched.RunAsync("pdftotext", "-layout", pdf, Path.Combine(folder, "out.txt")));
            figures.Add(new($"PDF, {pages} pages", ours.Seconds, "s", Limit: 10, Peer: "pdftotext -layout", PeerValue: peer.Seconds));
            figures.Add(new("PDF, memory at most", ours.PeakMb, "MB", Limit: 400, Peer: "pdftotext -layout", PeerValue: peer.PeakMb));
            notes.Add($"PDF: {Tasks(ours.Said)} tasks read");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return ("`lienthong plan extract FILE --json`, whole process, children included", figures, notes);
    }

    private static async Task<(double Seconds, double PeakMb, int Code, string Said)> MedianAsync(int rounds, Func<Task<(double Seconds, double PeakMb, int Code, string Said)>> run)
    {
        var all = new List<(double Seconds, double PeakMb, int Code, string Said)>();
        for (var i = 0; i < rounds; i++)
        {
            var one = await run();
            if (one.Code != 0) throw new InvalidOperationException($"Ended with {one.Code}:\n{one.Said}");
            all.Add(one);
        }

        return all.OrderBy(o => o.Seconds).ElementAt(all.Count / 2) with { PeakMb = all.Max(o => o.PeakMb) };
    }

    private static int Tasks(string json)
    {
        using var read = System.Text.Json.JsonDocument.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..]);
        return read.RootElement.GetProperty("tasks").GetArrayLength();
    }

    /// <summary>A PDF with a text layer, made by an office program as offices make them; rows are added until it is long enough.</summary>
    private static async Task<(string Path, int Pages)> PdfAsync(string folder, int wanted)
    {
        var rows = wanted * 6;
        for (var round = 0; ; round++)
        {
            var docx = Path.Combine(folder, "ke-hoach-dai.docx");
            await File.WriteAllBytesAsync(docx, Appendix(rows));
            var made = await Watched.RunAsync("soffice", "--headless", "-env:UserInstallation=file://" + folder + "/office", "--convert-to", "pdf", "--outdir", folder, docx);
            if (made.Code != 0) throw new InvalidOperationException(made.Said);
            var pdf = Path.ChangeExtension(docx, ".pdf");
            var info = await Watched.RunAsync("pdfinfo", pdf);
            var pages = int.Parse(info.Said.Split('\n').First(l => l.StartsWith("Pages:", StringComparison.Ordinal))[6..].Trim(), CultureInfo.InvariantCulture);
            if (pages >= wanted || round == 2) return (pdf, pages);
            rows = rows * wanted / pages + 20;
        }
    }

    private static byte[] Appendix(int rows)
    {
        string[] leads = ["Sở Khoa học và Công nghệ", "Văn phòng UBND tỉnh", "Công an tỉnh", "Sở Nội vụ", "Sở Tài chính", "Các sở, ban, ngành"];
        string[] due = ["31/12/2027", "Trước ngày 15/11/2027", "Quý III/2027", "Thường xuyên", "30/9/2027", "Trong tháng 6/2027"];
        var body = new Body();
        foreach (var line in new[]
        {
            "ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "Số: 77/KH-UBND", "Quảng Ngãi, ngày 05 tháng 3 năm 2027", "KẾ HOẠCH", "Phát triển dữ liệu và chuyển đổi số năm 2027 (mô phỏng)",
            "PHỤ LỤC", "DANH MỤC NHIỆM VỤ",
        }) body.Append(Line(line));
        var table = new Table(new TableProperties(new TableWidth { Type = TableWidthUnitValues.Pct, Width = "5000" }, new TableBorders(
            new TopBorder { Val = BorderValues.Single }, new BottomBorder { Val = BorderValues.Single }, new LeftBorder { Val = BorderValues.Single }, new RightBorder { Val = BorderValues.Single },
            new InsideHorizontalBorder { Val = BorderValues.Single }, new InsideVerticalBorder { Val = BorderValues.Single })));
        table.Append(Row("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời hạn"));
        for (var i = 1; i <= rows; i++)
        {
            table.Append(Row(
                i.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"Rà soát, chuẩn hóa, làm sạch và kết nối cơ sở dữ liệu số {i} với nền tảng tích hợp, chia sẻ dữ liệu của tỉnh; bảo đảm dữ liệu đúng, đủ, sạch, sống, thống nhất, dùng chung; báo cáo kết quả kèm minh chứng về cơ quan thường trực theo quy định"),
                leads[i % leads.Length], leads[(i + 2) % leads.Length], "Báo cáo kết quả", due[i % due.Length]));
        }

        body.Append(table);
        using var bytes = new MemoryStream();
        using (var document = WordprocessingDocument.Create(bytes, WordprocessingDocumentType.Document)) document.AddMainDocumentPart().Document = new Document(body);
        return bytes.ToArray();
    }

    private static TableRow Row(params string[] cells) => new([.. cells.Select(c => new TableCell(Line(c)))]);

    private static Paragraph Line(string text) => new(new Run(new Text(text)));
}
