using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using LienThong.Kernel;

namespace LienThong.Platform.Demo;

/// <summary>Writes the simulated documents as Word files, so that the demo goes through the same reader as everybody's files.</summary>
internal static class DemoDocument
{
    private static readonly string[] Header = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời hạn hoàn thành", "Căn cứ"];

    /// <summary>The plan as it was issued: head, bases, body and the appendix with its table.</summary>
    public static byte[] Plan(DemoPlan plan)
    {
        var day = plan.IssuedOn;
        var body = new Body();
        body.Append(
            Line("ỦY BAN NHÂN DÂN", bold: true), Line("TỈNH QUẢNG NGÃI", bold: true), Line($"Số: {DemoPlan.Number}"),
            Line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold: true), Line("Độc lập - Tự do - Hạnh phúc", bold: true),
            Line(string.Create(CultureInfo.InvariantCulture, $"Quảng Ngãi, ngày {day:dd} tháng {(day.Month < 3 ? $"{day.Month:00}" : $"{day.Month}")} năm {day.Year}")),
            Line("KẾ HOẠCH", bold: true), Line(plan.Subject, bold: true),
            Line("(Dữ liệu mô phỏng, không phải văn bản của cơ quan nhà nước)"));
        foreach (var basis in DemoPlan.Bases) body.Append(Line(basis));
        body.Append(
            Line("Ủy ban nhân dân tỉnh ban hành Kế hoạch với những nội dung sau:"),
            Line("I. MỤC ĐÍCH, YÊU CẦU", bold: true),
            Line("Phân công rõ người, rõ việc, rõ tiến độ, rõ kết quả, rõ trách nhiệm; tránh hình thức, số liệu phải có minh chứng."),
            Line("II. NHIỆM VỤ", bold: true), Line("Nhiệm vụ cụ thể tại Phụ lục kèm theo (số thứ tự từ 1 đến 41)."),
            Line("III. TỔ CHỨC THỰC HIỆN", bold: true), Line("Các cơ quan, đơn vị báo cáo kết quả kèm minh chứng; vướng mắc vượt thẩm quyền gửi Sở Khoa học và Công nghệ tổng hợp."),
            Line("PHỤ LỤC", bold: true), Line("DANH MỤC NHIỆM VỤ", bold: true));

        var table = new Table(new TableProperties(
            new TableWidth { Type = TableWidthUnitValues.Pct, Width = "5000" },
            new TableBorders(
                new TopBorder { Val = BorderValues.Single }, new BottomBorder { Val = BorderValues.Single }, new LeftBorder { Val = BorderValues.Single },
                new RightBorder { Val = BorderValues.Single }, new InsideHorizontalBorder { Val = BorderValues.Single }, new InsideVerticalBorder { Val = BorderValues.Single })));
        table.Append(new TableRow([new TableRowProperties(new TableHeader()), .. Cells(Header, bold: true)]));
        foreach (var group in plan.Groups)
        {
            table.Append(new TableRow(new TableCell(new TableCellProperties(new GridSpan { Val = Header.Length }), Line(group.Title, bold: true))));
            foreach (var row in group.Rows)
            {
                table.Append(new TableRow(Cells([row.Number, row.Content, row.Leads, row.Coordinators, row.Product, row.Deadline, row.Basis])));
            }
        }

        body.Append(table);
        return Pack(body);
    }

    /// <summary>A short report of a unit, as evidence.</summary>
    public static byte[] Report(string unit, string title, DateOnly day, string text)
    {
        var body = new Body();
        body.Append(Line(unit, bold: true), Line("BÁO CÁO", bold: true), Line(title, bold: true), Line("(Dữ liệu mô phỏng)"), Line(text), Line($"Ngày {Vietnamese.Day(day)}"));
        return Pack(body);
    }

    private static byte[] Pack(Body body)
    {
        using var bytes = new MemoryStream();
        using (var document = WordprocessingDocument.Create(bytes, WordprocessingDocumentType.Document))
        {
            document.AddMainDocumentPart().Document = new Document(body);
        }

        return bytes.ToArray();
    }

    private static IEnumerable<TableCell> Cells(IEnumerable<string> texts, bool bold = false) => texts.Select(text => new TableCell([.. text.Split('\n').Select(line => Line(line, bold))]));

    private static Paragraph Line(string text, bool bold = false)
    {
        var run = new Run(new Text(text) { Space = SpaceProcessingModeValues.Preserve });
        if (bold) run.PrependChild(new RunProperties(new Bold()));
        return new Paragraph(run);
    }
}
