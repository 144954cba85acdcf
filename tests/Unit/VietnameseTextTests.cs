using LienThong.Kernel;
using Xunit;

namespace LienThong.Unit;

public sealed class VietnameseTextTests
{
    [Theory]
    [InlineData("Cơ sở dữ liệu đất đai", "co so du lieu dat dai")]
    [InlineData("UỶ BAN", "uy ban")]
    [InlineData("  Đặc khu\u00A0Lý  Sơn ", "dac khu ly son")]
    [InlineData("Ẫ Ễ Ỗ Ữ Ặ Ệ Ộ Ợ ỹ đ ễ ữ", "a e o u a e o o y d e u")]
    public void Folding_removes_every_diacritic_R_NFR_07(string text, string folded) => Assert.Equal(folded, VietnameseText.Fold(text));

    [Fact]
    public void A_decomposed_text_is_cleaned_to_NFC() => Assert.Equal("ễ", VietnameseText.Clean("e\u0302\u0303"));
}
