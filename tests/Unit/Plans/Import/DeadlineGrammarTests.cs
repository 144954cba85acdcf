using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>Every form of requirements §4.2 and monitoring §4, with the noise of offices and scanners (R-TSK-04, T3, T4, T11).</summary>
public sealed class DeadlineGrammarTests
{
    private static readonly DeadlineContext s_issued = new() { IssuedOn = new DateOnly(2027, 6, 1) };

    private static DateOnly? Day(string? iso) => iso is null ? null : DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("17/6/2027", DeadlineRule.On, "2027-06-17")]
    [InlineData("3/2/2027", DeadlineRule.On, "2027-02-03")]
    [InlineData("ngày 03 tháng 02 năm 2027", DeadlineRule.On, "2027-02-03")]
    [InlineData("31.12.2027", DeadlineRule.On, "2027-12-31")]
    [InlineData("2027-12-31", DeadlineRule.On, "2027-12-31")]
    [InlineData("Tháng Mười hai năm 2027", DeadlineRule.InMonth, "2027-12-31")]
    [InlineData("tháng tư năm 2027", DeadlineRule.InMonth, "2027-04-30")]
    [InlineData("Quí II/2027", DeadlineRule.InQuarter, "2027-06-30")]
    [InlineData("Từ tháng 9 đến tháng 11/2027", DeadlineRule.InMonth, "2027-11-30")]
    [InlineData("10/2026-3/2027", DeadlineRule.InMonth, "2027-03-31")]
    [InlineData("03/2027", DeadlineRule.InMonth, "2027-03-31")]
    [InlineData("31/12/\n2027", DeadlineRule.On, "2027-12-31")]
    [InlineData("31 / 12 / 2027", DeadlineRule.On, "2027-12-31")]
    [InlineData("3O/11/2027", DeadlineRule.On, "2027-11-30")]
    [InlineData("l5/12/2027", DeadlineRule.On, "2027-12-15")]
    [InlineData("trước ngày 20/8/2027", DeadlineRule.Before, "2027-08-19")]
    [InlineData("Trước 20/8/2027", DeadlineRule.Before, "2027-08-19")]
    [InlineData("Hoàn thành xong trước ngày 01/3/2027", DeadlineRule.Before, "2027-02-28")]
    [InlineData("truoc ngay 15 thang 11 nam 2025", DeadlineRule.Before, "2025-11-14")]
    [InlineData("Chậm nhất ngày 20/8/2027", DeadlineRule.On, "2027-08-20")]
    [InlineData("đến hết ngày 20/8/2027", DeadlineRule.On, "2027-08-20")]
    [InlineData("không quá ngày 20/8/2027", DeadlineRule.On, "2027-08-20")]
    [InlineData("Trước 17 giờ 00 ngày 20/8/2027", DeadlineRule.On, "2027-08-20")]
    [InlineData("trong tháng 4/2027", DeadlineRule.InMonth, "2027-04-30")]
    [InlineData("Tháng 04/ 2027", DeadlineRule.InMonth, "2027-04-30")]
    [InlineData("4/2027", DeadlineRule.InMonth, "2027-04-30")]
    [InlineData("T12/2025", DeadlineRule.InMonth, "2025-12-31")]
    [InlineData("tháng 9, 2025", DeadlineRule.InMonth, "2025-09-30")]
    [InlineData("Hoàn thành trong tháng 9 năm 2025", DeadlineRule.InMonth, "2025-09-30")]
    [InlineData("tháng 11,12/2025", DeadlineRule.InMonth, "2025-12-31")]
    [InlineData("Tháng 2/2028", DeadlineRule.InMonth, "2028-02-29")]
    [InlineData("trước tháng 4/2027", DeadlineRule.BeforeMonth, "2027-03-31")]
    [InlineData("hoàn thành trước tháng 11 năm 2025", DeadlineRule.BeforeMonth, "2025-10-31")]
    [InlineData("trước Quý III/2027", DeadlineRule.BeforeMonth, "2027-06-30")]
    [InlineData("Quý II/2027", DeadlineRule.InQuarter, "2027-06-30")]
    [InlineData("quy 4 nam 2027", DeadlineRule.InQuarter, "2027-12-31")]
    [InlineData("Quý lV/2027", DeadlineRule.InQuarter, "2027-12-31")]
    [InlineData("Quý III - IV/2027", DeadlineRule.InQuarter, "2027-12-31")]
    [InlineData("6 tháng đầu năm 2027", DeadlineRule.InQuarter, "2027-06-30")]
    [InlineData("năm 2028", DeadlineRule.InYear, "2028-12-31")]
    [InlineData("2028", DeadlineRule.InYear, "2028-12-31")]
    [InlineData("giai đoạn 2027–2029", DeadlineRule.InYear, "2029-12-31")]
    [InlineData("hoàn thành trong 2 năm 2026, 2027", DeadlineRule.InYear, "2027-12-31")]
    [InlineData("30/11-05/12/2025", DeadlineRule.On, "2025-12-05")]
    [InlineData("Từ 15/12/2026 đến 10/01/2027", DeadlineRule.On, "2027-01-10")]
    [InlineData("45 ngày kể từ ngày ban hành Kế hoạch", DeadlineRule.FromIssueDate, "2027-07-16")]
    [InlineData("20 ngày làm việc kể từ ngày ban hành", DeadlineRule.FromIssueDate, "2027-06-29")]
    [InlineData("30/9/2025 (Đã hoàn thành; tiếp tục triển khai thực hiện)", DeadlineRule.On, "2025-09-30")]
    [InlineData("Báo cáo trước 12/6 (6 tháng), 04/12/2027 (năm)", DeadlineRule.Before, "2027-12-03")]
    [InlineData("Trước 20/5 và 20/11/2027", DeadlineRule.Before, "2027-11-19")]
    [InlineData("Trước ngày 10/3, 10/6, 10/9/2027", DeadlineRule.Before, "2027-09-09")]
    [InlineData("trước ngày 05/4; 05/8/2027", DeadlineRule.Before, "2027-08-04")]
    [InlineData("Trước ngày 10 và ngày 25/9/2027", DeadlineRule.Before, "2027-09-24")]
    [InlineData("Trước 01/7/2027, báo cáo ngày 15/7/2027", DeadlineRule.On, "2027-07-15")]
    [InlineData("Theo Kế hoạch số 88/KH-UBND ngày 04/3/2025, hoàn thành trước ngày 15/9/2027", DeadlineRule.Before, "2027-09-14")]
    [InlineData("Trong quý III/2027 và duy trì hằng năm", DeadlineRule.InQuarter, "2027-09-30")]
    [InlineData("Tổ chức ngày hội trong năm 2027", DeadlineRule.InYear, "2027-12-31")]
    [InlineData("Trước tháng 5 và tháng 10/2027", DeadlineRule.BeforeMonth, "2027-09-30")]
    [InlineData("Trước tháng 5 - 10/2027", DeadlineRule.BeforeMonth, "2027-04-30")]
    [InlineData("Ba năm một lần, lần đầu trước ngày 01/7/2027", DeadlineRule.Periodic, "2027-06-30")]
    [InlineData("T11-T12 năm 2027", DeadlineRule.InMonth, "2027-12-31")]
    public void A_dated_form_gives_its_rule_and_the_last_day_on_time_R_TSK_04(string text, DeadlineRule rule, string date)
    {
        var deadline = DeadlineGrammar.Read(text, s_issued).Deadline;
        Assert.Equal((rule, Day(date)), (deadline.Rule, deadline.Date));
    }

    [Theory]
    [InlineData("Thường xuyên", DeadlineRule.Continuous)]
    [InlineData("thuong xuyen", DeadlineRule.Continuous)]
    [InlineData("từ Quý II/2027", DeadlineRule.Continuous)]
    [InlineData("bắt đầu từ 01/3/2027", DeadlineRule.Continuous)]
    [InlineData("Hằng năm", DeadlineRule.Annual)]
    [InlineData("định kỳ hàng năm", DeadlineRule.Annual)]
    [InlineData("định kỳ trước ngày 25/12 hằng năm", DeadlineRule.AnnualBefore)]
    [InlineData("hằng tháng", DeadlineRule.Periodic)]
    [InlineData("báo cáo định kỳ hằng quý", DeadlineRule.Periodic)]
    [InlineData("6 tháng/lần", DeadlineRule.Periodic)]
    [InlineData("ngày 05 tháng sau", DeadlineRule.Periodic)]
    [InlineData("15 ngày kể từ khi có hướng dẫn của bộ, ngành", DeadlineRule.AfterEvent)]
    [InlineData("7 ngày làm việc sau khi hợp đồng được ký", DeadlineRule.AfterEvent)]
    [InlineData("khi phát sinh", DeadlineRule.AfterEvent)]
    [InlineData("theo yêu cầu", DeadlineRule.AfterEvent)]
    [InlineData("theo kế hoạch của cơ quan cấp trên", DeadlineRule.ByOtherPlan)]
    [InlineData("theo tiến độ dự án", DeadlineRule.ByOtherPlan)]
    [InlineData("7", DeadlineRule.Duration)]
    [InlineData("20 ngày", DeadlineRule.Duration)]
    [InlineData("06 tháng", DeadlineRule.Duration)]
    [InlineData("đầu tháng", DeadlineRule.None)]
    [InlineData("cuối năm", DeadlineRule.None)]
    [InlineData("sớm", DeadlineRule.None)]
    [InlineData("Sở Tài chính", DeadlineRule.None)]
    [InlineData("", DeadlineRule.None)]
    [InlineData("Theo Kế hoạch số 88/KH-UBND ngày 04/3/2025", DeadlineRule.ByOtherPlan)]
    [InlineData("Theo Thông báo số 31-TB/TU, ngày 14 tháng 01 năm 2025 của Tỉnh ủy", DeadlineRule.ByOtherPlan)]
    [InlineData("Theo thời hạn nêu tại Chỉ thị 07/CT-TTg năm 2025", DeadlineRule.ByOtherPlan)]
    [InlineData("Theo Kết luận của Chủ tịch UBND tỉnh ngày 09/5/2025", DeadlineRule.ByOtherPlan)]
    [InlineData("Quyết định số 310/QĐ-TTg (02/02/2025)", DeadlineRule.ByOtherPlan)]
    [InlineData("Theo QĐ 310/QĐ-TTg ngày 02/02/2025", DeadlineRule.ByOtherPlan)]
    [InlineData("Theo Kế hoạch thanh tra năm 2027", DeadlineRule.ByOtherPlan)]
    [InlineData("60 (ngày)", DeadlineRule.Duration)]
    [InlineData("Mỗi quý 02 cuộc", DeadlineRule.Periodic)]
    [InlineData("Mỗi tháng ít nhất 01 kỳ họp", DeadlineRule.Periodic)]
    [InlineData("03 buổi/tháng", DeadlineRule.Periodic)]
    [InlineData("Ba năm một lần", DeadlineRule.Periodic)]
    [InlineData("Tháng, quý, 6 tháng và năm", DeadlineRule.Periodic)]
    [InlineData("Sơ kết 6 tháng, tổng kết năm", DeadlineRule.Periodic)]
    [InlineData("Trước mùa khô năm 2027", DeadlineRule.None)]
    [InlineData("Trước kỳ thi tuyển sinh năm 2027", DeadlineRule.None)]
    [InlineData("Tháng/năm", DeadlineRule.None)]
    [InlineData("Suốt năm", DeadlineRule.Continuous)]
    [InlineData("Các tháng trong năm", DeadlineRule.Continuous)]
    public void A_form_without_a_day_gives_no_date_R_TSK_04(string text, DeadlineRule rule)
    {
        var deadline = DeadlineGrammar.Read(text, s_issued).Deadline;
        Assert.Equal((rule, null), (deadline.Rule, deadline.Date));
    }

    [Theory]
    [InlineData("31/6/2027", ImportCodes.ImpossibleDate)]
    [InlineData("30/02/2027", ImportCodes.ImpossibleDate)]
    [InlineData("Quý V/2027", ImportCodes.ImpossibleDate)]
    [InlineData("Quý 6 năm 2027", ImportCodes.ImpossibleDate)]
    [InlineData("7", ImportCodes.DurationOnly)]
    [InlineData("Quý II", ImportCodes.YearMissing)]
    [InlineData("trước ngày 15/11", ImportCodes.YearMissing)]
    [InlineData("Sở Nội vụ", ImportCodes.AgencyInDeadline)]
    [InlineData("cuối năm", ImportCodes.VagueDeadline)]
    public void What_cannot_be_read_is_a_warning_and_no_date(string text, string code)
    {
        var reading = DeadlineGrammar.Read(text, s_issued);
        Assert.Null(reading.Deadline.Date);
        Assert.Contains(code, reading.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("Tuần 3 tháng 11/2027")]
    [InlineData("Tuần thứ 2 tháng 10/2027")]
    [InlineData("Trước Quý IH1/2027")]
    [InlineData("Trước ngày 31/01 năm sau")]
    [InlineData("15/3 của năm kế tiếp")]
    public void What_names_no_day_gives_none_even_where_the_plan_has_one_year(string text)
    {
        var read = DeadlineGrammar.Read(text, DeadlineContext.Nothing with { IssuedOn = new DateOnly(2027, 1, 5), Period = (2027, 2027) });
        Assert.Null(read.Deadline.Date);
        Assert.NotEmpty(read.Warnings);
    }

    [Theory]
    [InlineData("- 31/12/2027 - 30/11/2027")]
    [InlineData("Trước 15/8/2027 Tháng 9/2027")]
    [InlineData("15/8/2027\n30/9/2027")]
    public void Two_dates_without_a_word_between_them_are_said_to_be_two(string text) =>
        Assert.Contains(ImportCodes.SeveralDeadlines, DeadlineGrammar.Read(text).Warnings.Select(w => w.Code));

    [Fact]
    public void Days_of_a_list_are_milestones_of_their_own()
    {
        var read = DeadlineGrammar.Read("Trước 20/5 và 20/11/2027");
        Assert.Equal([Day("2027-05-19"), Day("2027-11-19")], read.Deadline.Milestones!.Select(milestone => milestone.Date));
        Assert.Contains(ImportCodes.SeveralDeadlines, read.Warnings.Select(w => w.Code));
        Assert.Null(DeadlineGrammar.Read("30/11 - 05/12/2027").Deadline.Milestones);
    }

    [Fact]
    public void A_letter_that_counts_from_the_letter_counts_from_itself()
    {
        var letter = DeadlineContext.Nothing with { IssuedOn = new DateOnly(2027, 2, 6), Kind = "Công văn" };
        Assert.Equal(new DateOnly(2027, 3, 8), DeadlineGrammar.Read("30 ngày kể từ ngày ban hành công văn", letter).Deadline.Date);
        Assert.Equal(new DateOnly(2027, 3, 8), DeadlineGrammar.Read("30 ngày kể từ ngày ký Công văn", letter).Deadline.Date);
        Assert.Null(DeadlineGrammar.Read("30 ngày kể từ ngày ban hành công văn", letter with { Kind = "Kế hoạch" }).Deadline.Date);
    }

    [Fact]
    public void Done_on_a_day_in_brackets_and_going_on_keeps_the_day()
    {
        var read = DeadlineGrammar.Read("Đã hoàn thành (30/9/2027), tiếp tục thực hiện").Deadline;
        Assert.Equal((new DateOnly(2027, 9, 30), true), (read.Date, read.CompletedAndContinuing));
    }

    [Fact]
    public void A_serial_number_of_a_sheet_is_a_date_to_be_confirmed()
    {
        var reading = DeadlineGrammar.Read("46512");
        Assert.Equal((DeadlineRule.On, Day("2027-05-05")), (reading.Deadline.Rule, reading.Deadline.Date));
        Assert.Equal(ImportCodes.ExcelSerial, Assert.Single(reading.Warnings).Code);
    }

    [Fact]
    public void The_year_comes_from_the_plan_only_where_the_plan_names_one()
    {
        var one = DeadlineGrammar.Read("Quý II", new DeadlineContext { Period = (2027, 2027) });
        Assert.Equal(Day("2027-06-30"), one.Deadline.Date);
        Assert.True(one.Deadline.Confidence < FieldReading.Doubtful);
        Assert.Null(DeadlineGrammar.Read("Quý II", new DeadlineContext { Period = (2026, 2030) }).Deadline.Date);
    }

    [Fact]
    public void Days_from_the_issue_wait_for_the_date_of_issue()
    {
        var reading = DeadlineGrammar.Read("45 ngày kể từ ngày ban hành Kế hoạch");
        Assert.Equal((DeadlineRule.FromIssueDate, null, 45), (reading.Deadline.Rule, reading.Deadline.Date, reading.Deadline.Offset));
        Assert.Contains(ImportCodes.IssueDateUnknown, reading.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void A_date_beside_a_continuous_task_recurs_T4()
    {
        var deadline = DeadlineGrammar.Read("31/12/2025", new DeadlineContext { Content = "Bố trí nhân sự (nhiệm vụ thường xuyên)." }).Deadline;
        Assert.Equal((DeadlineRule.On, Day("2025-12-31"), RecurrenceCycle.Continuous), (deadline.Rule, deadline.Date, deadline.Recurrence!.Cycle));
    }

    [Fact]
    public void Annual_due_days_keep_month_and_day()
    {
        var deadline = DeadlineGrammar.Read("trước ngày 10/12 hằng năm").Deadline;
        Assert.Equal(new Recurrence(RecurrenceCycle.Annual, 12, 9), deadline.Recurrence);
    }

    [Fact]
    public void A_first_report_and_then_a_cycle_keeps_both()
    {
        var deadline = DeadlineGrammar.Read("báo cáo lần đầu trước ngày 10/4/2027, sau đó hằng quý").Deadline;
        Assert.Equal((DeadlineRule.Periodic, Day("2027-04-09"), RecurrenceCycle.Quarterly), (deadline.Rule, deadline.First, deadline.Recurrence!.Cycle));
    }

    [Fact]
    public void Working_days_follow_the_calendar_they_are_given()
    {
        var closed = new Closed(new DateOnly(2027, 6, 2));
        Assert.Equal(Day("2027-06-30"), DeadlineGrammar.Read("20 ngày làm việc kể từ ngày ban hành", s_issued with { WorkDays = closed }).Deadline.Date);
    }

    private sealed class Closed(DateOnly day) : IWorkDays
    {
        public bool IsWorkingDay(DateOnly other) => other != day && WeekDays.Instance.IsWorkingDay(other);
    }

    /// <summary>Words of deadlines and numbers too small for a year: nothing made of them fixes a day, so no date may come out.</summary>
    [Fact]
    public void No_text_without_a_year_ever_gives_a_date()
    {
        string[] words =
        [
            "trước", "ngày", "tháng", "quý", "năm", "hằng", "II", "IV", "15", "31/12", "7", "6", "thường xuyên", "hoàn thành", "trong", "kể từ", "ban hành", "sau khi", "đến", "cuối", "đầu",
            "-", ",", "làm việc", "Sở Tài chính", "theo", "tiến độ", "định kỳ", "/", "12",
        ];
        var texts = Gen.Elements(words).ListOf().Select(chosen => string.Join(' ', chosen)).ToArbitrary();
        Prop.ForAll(texts, text => DeadlineGrammar.Read(text).Deadline.Date is null).QuickCheckThrowOnFailure();
    }

    /// <summary>Whatever stands in a cell is read without a fault and kept as written.</summary>
    [Fact]
    public void Any_text_at_all_is_read_without_a_fault()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => DeadlineGrammar.Read(text) is not null).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_day_of_the_calendar_is_read_back_as_itself()
    {
        var days = Gen.Choose(new DateOnly(2020, 1, 1).DayNumber, new DateOnly(2039, 12, 31).DayNumber).Select(DateOnly.FromDayNumber).ToArbitrary();
        Prop.ForAll(days, day =>
            DeadlineGrammar.Read($"{day.Day}/{day.Month}/{day.Year}").Deadline.Date == day
            && DeadlineGrammar.Read($"ngày {day.Day:00} tháng {day.Month:00} năm {day.Year}").Deadline.Date == day
            && DeadlineGrammar.Read($"trước ngày {day.Day}/{day.Month:00}/{day.Year}").Deadline.Date == day.AddDays(-1)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("Tháng 3, 6, 9, 12/2027", 12, true)]
    [InlineData("Quý I, Quý III năm 2027", 9, true)]
    [InlineData("Tháng 4/2027; Tháng 5/2027", 5, true)]
    [InlineData("Tháng 4, 5, 6/2027", 6, false)]
    [InlineData("Tháng 11, tháng 12/2027", 12, false)]
    public void Months_with_others_between_them_are_occasions_and_the_last_is_the_deadline(string text, int month, bool several)
    {
        var reading = DeadlineGrammar.Read(text);
        Assert.Equal(month, reading.Deadline.Date?.Month);
        Assert.Equal(several, reading.Warnings.Any(warning => warning.Code == ImportCodes.SeveralDeadlines));
    }
}
