using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import.Readers;
using LienThong.Platform.Shared;
using LienThong.Web.Desk.Plans;
using LienThong.Web.Resources;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace LienThong.Unit.Plans;

/// <summary>The workbook in which tasks of a system above come in and go out (R-TSK-12).</summary>
public sealed class ExternalSheetTests
{
    private static readonly StringLocalizer<PlansText> Text = new StringLocalizer<PlansText>(new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));

    [Fact]
    public async Task What_goes_out_comes_in_again()
    {
        ExternalTask[] tasks =
        [
            new("VPCP-2026-17", "1", "Xây dựng nền tảng dữ liệu dùng chung", "Sở Khoa học và Công nghệ", "Sở Nội vụ; Sở Tài chính", "trước 30/11/2026", new DateOnly(2026, 11, 29), "Báo cáo", "Đang thực hiện", 62.5m, null, "https://vpcp.example/17"),
            new("VPCP-2026-18", null, "=Báo cáo sơ kết", null, null, null, null, null, null, null, new DateOnly(2026, 10, 1), null),
        ];
        var (read, errors) = await ReadAsync(ExternalSheet.Write(tasks, Text, status => status ?? ""));
        Assert.Empty(errors);
        Assert.Equal(tasks, read);
    }

    [Fact]
    public async Task Columns_in_another_order_without_marks_are_found_and_every_bad_row_is_named()
    {
        var (read, errors) = await ReadAsync(PlainSheet.Write(
            "Sheet1", [("Noi dung", 20), ("HAN HOAN THANH", 20), ("Ma nhiem vu", 20)],
            [["Việc một", "31/02/2026", "A-1"], ["Việc hai", "2026-05-05", ""], ["", "", "A-3"], ["Việc bốn", "5/9/2026", "A-4"]]));
        Assert.Equal(3, errors.Count);
        Assert.Contains(errors, e => e.Contains("31/02/2026", StringComparison.Ordinal) && e.Contains('2', StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains('3', StringComparison.Ordinal));
        Assert.Equal(("A-4", new DateOnly(2026, 9, 5)), (read[^1].ExternalId, read[^1].Due));
    }

    [Fact]
    public async Task A_file_without_the_columns_says_which()
    {
        var (read, errors) = await ReadAsync(PlainSheet.Write("Sheet1", [("Tên", 20)], [["x"]]));
        Assert.Empty(read);
        Assert.Contains(Text["external.col.id"], Assert.Single(errors), StringComparison.Ordinal);
    }

    private static async Task<(IReadOnlyList<ExternalTask> Tasks, IReadOnlyList<string> Errors)> ReadAsync(byte[] workbook)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, workbook, TestContext.Current.CancellationToken);
            return ExternalSheet.Read((await new SourceReader().ReadAsync(path, TestContext.Current.CancellationToken)).Expect(), Text);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
