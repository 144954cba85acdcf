using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>The duties of a chairman's letter stand in prose (requirements §4.5, rows S0-1a … S0-3).</summary>
public sealed class LetterDutiesTests
{
    private static readonly ExtractedPlan s_letter = SharedPlans.Read("cong-van-trien-khai-quy-dinh-05.txt");

    [Theory]
    [InlineData("1.a", DeadlineRule.InMonth, "2025-09-30")]
    [InlineData("1.b", DeadlineRule.InMonth, "2025-09-30")]
    [InlineData("1.c", DeadlineRule.InMonth, "2025-09-30")]
    [InlineData("1.d", DeadlineRule.BeforeMonth, "2025-10-31")]
    public void Points_of_the_first_duty_bind_all_units_T11(string code, DeadlineRule rule, string date)
    {
        var task = Assert.Single(s_letter.Tasks, task => task.Code == code);
        Assert.Equal(["Các sở, ban, ngành, đoàn thể tỉnh", "Ủy ban nhân dân các xã, phường"], task.Leads);
        Assert.Equal((rule, DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture)), (task.Deadline.Rule, task.Deadline.Date!.Value));
        Assert.True(task.FromProse);
        Assert.True(task.Confidence < FieldReading.Doubtful);
    }

    [Fact]
    public void Standing_duties_have_no_date()
    {
        var police = Assert.Single(s_letter.Tasks, task => task.Code == "2");
        Assert.Equal(["Công an tỉnh"], police.Leads);
        Assert.Null(police.Deadline.Date);
        var standing = Assert.Single(s_letter.Tasks, task => task.Code == "3");
        Assert.Equal(["Sở Khoa học và Công nghệ"], standing.Leads);
        Assert.Equal(["Văn phòng Ủy ban nhân dân tỉnh"], standing.Coordinators);
        Assert.Null(standing.Deadline.Date);
    }

    [Fact]
    public void The_share_of_the_standing_body_in_the_first_duty_keeps_its_own_date()
    {
        var strategy = Assert.Single(s_letter.Tasks, task => task.Code == "3.2");
        Assert.StartsWith("Tham mưu Ủy ban nhân dân tỉnh ban hành", strategy.Content, StringComparison.Ordinal);
        Assert.Equal((DeadlineRule.InMonth, new DateOnly(2025, 9, 30)), (strategy.Deadline.Rule, strategy.Deadline.Date!.Value));
    }

    [Fact]
    public void Who_is_written_to_is_not_who_issued() => Assert.Null(s_letter.Document.Issuer);
}
