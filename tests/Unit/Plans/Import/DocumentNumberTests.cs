using LienThong.Kernel;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>Spacing, order and spelling of document numbers are noise (T1, T10).</summary>
public sealed class DocumentNumberTests
{
    [Theory]
    [InlineData("Kế hoạch số 02-\nKH/BCĐTW", "02-KH/BCĐTW")]
    [InlineData("Kế hoạch 02/KH-BCĐTW", "02-KH/BCĐTW")]
    [InlineData("Quyết định số 749/QĐ-TTg ngày 03/6/2020", "749/QĐ-TTg")]
    [InlineData("Chỉ thị 02/CT-TTg, Công điện", "02/CT-TTg")]
    [InlineData("Thông báo số 46 -TB/TGV", "46-TB/TGV")]
    [InlineData("Thông báo số 06 - TB/CQTTBCĐ ngày 27/9/2025", "06-TB/CQTTBCĐ")]
    [InlineData("Quy định 05-QB/BCDTW", "05-QĐ/BCDTW")]
    [InlineData("Nghị định số 278/2025/NĐ-CP", "278/2025/NĐ-CP")]
    [InlineData("Nghị định số 47/NĐ-CP", "47/NĐ-CP")]
    [InlineData("Công văn số 1215/TTg-KSTT ngày 24/9/2025", "1215/TTg-KSTT")]
    [InlineData("Kế hoạch số 01-KH/TU", "01-KH/TU")]
    [InlineData("Nghị quyết số 57-NQ/TWcủa Bộ Chính trị", "57-NQ/TW")]
    public void The_tidy_form_is_one(string text, string number) => Assert.Equal(number, DocumentNumber.TryRead(text)?.Value);

    [Fact]
    public void Spellings_of_one_instrument_share_a_key() =>
        Assert.Single(new[] { "02-KH/BCĐTW", "02/KH-BCĐTW", "02- KH/BCDTW" }.Select(text => DocumentNumber.TryRead(text)!.Value.Key).Distinct());

    [Theory]
    [InlineData("30/9/2025")]
    [InlineData("982 DVCTT với số lượng")]
    [InlineData("24/7 cho người dân")]
    [InlineData("1.000 hồ sơ/năm/tỉnh")]
    public void Dates_and_quantities_are_no_document(string text) => Assert.Null(DocumentNumber.TryRead(text));
}
