using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>The check sums of requirements §4.3 on the real plan (R-TSK-02, E1), and the traps it holds.</summary>
public sealed class QuangNgaiPlanTests
{
    private static readonly ExtractedPlan s_plan = SharedPlans.Read("quang-ngai-2025-ke-hoach.txt");

    private static ExtractedTask Task(int number) => s_plan.Tasks[number - 1];

    [Fact]
    public void There_are_38_tasks_in_groups_of_4_33_and_1_R_TSK_02()
    {
        Assert.Equal(38, s_plan.Tasks.Count);
        Assert.Equal([4, 33, 1], s_plan.Tasks.GroupBy(task => task.Group).Select(group => group.Count()));
        Assert.Equal(Enumerable.Range(1, 38).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), s_plan.Tasks.Select(task => task.Number));
    }

    [Theory]
    [InlineData("Công an tỉnh", 11)]
    [InlineData("Văn phòng Ủy ban nhân dân tỉnh", 11)]
    [InlineData("Sở Khoa học và Công nghệ", 7)]
    [InlineData("Sở Nội vụ", 3)]
    [InlineData("Các sở, ban, ngành, địa phương", 2)]
    [InlineData("Sở Tài chính", 2)]
    [InlineData("Văn phòng Tỉnh ủy", 1)]
    public void Each_body_leads_as_many_tasks_as_the_check_sums_say_R_TSK_02(string lead, int count) =>
        Assert.Equal(count, s_plan.Tasks.Count(task => task.Leads is [var only] && AgencyNames.Key(only) == AgencyNames.Key(lead)));

    [Theory]
    [InlineData("2025-12-31", 24)]
    [InlineData("2025-09-30", 3)]
    [InlineData("2025-11-30", 2)]
    [InlineData("2025-09-20", 1)]
    [InlineData("2025-10-15", 1)]
    [InlineData("2025-10-20", 1)]
    [InlineData(null, 6)]
    public void Dates_are_those_of_the_check_sums_R_TSK_04(string? date, int count) =>
        Assert.Equal(count, s_plan.Tasks.Count(task => task.Deadline.Date == (date is null ? null : DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void Types_of_deadline_are_those_of_the_check_sums_R_TSK_04()
    {
        Assert.Equal([1, 2, 3, 4, 5], Numbers(task => task.Deadline.Rule is DeadlineRule.Continuous));
        Assert.Equal([19, 21, 22, 29, 31], Numbers(task => task.Deadline.CompletedAndContinuing));
        Assert.Equal([23, 24, 25, 26, 27, 30, 32, 33], Numbers(task => task.Deadline.Recurrence is not null));
        Assert.Equal([38], Numbers(task => task.Deadline.Rule is DeadlineRule.None));
        Assert.Equal(32, Numbers(task => task.Deadline.Rule is DeadlineRule.On).Count);
    }

    private static List<int> Numbers(Func<ExtractedTask, bool> such) => [.. s_plan.Tasks.Where(such).Select(task => task.Ordinal)];

    [Fact]
    public void Sources_are_those_of_the_note_column_and_the_footnotes()
    {
        int Holding(string number) => s_plan.Tasks.Count(task => task.Basis is [var only] && only == number);
        Assert.Equal((8, 11, 4, 9), (Holding("02-KH/BCĐTW"), Holding("44-TB/TGV"), Holding("06-TB/CQTTBCĐ"), Holding("46-TB/TGV")));
        Assert.Equal(["01-KH/BCĐTW", "02-KH/BCĐTW"], Task(1).Basis);
        Assert.Equal(["03-QC/BCĐTW"], Task(3).Basis);
        Assert.Equal(["02-QC/BCĐTW"], Task(4).Basis);
        Assert.Empty(Task(38).Basis);
        Assert.Equal("Tài khoản được cấp", Task(3).Note);
        Assert.DoesNotContain("footnote", Task(1).Content, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(s_plan.Tasks, task => task.Content.Contains("[1:", StringComparison.Ordinal));
    }

    [Fact]
    public void Targets_inside_tasks_are_found_R_TSK_10_T8()
    {
        Assert.Equal([25m, 982m, 82m, 1139m], Task(9).Targets.Select(target => target.Value));
        Assert.Equal([1139m], Task(18).Targets.Select(target => target.Value));
        Assert.Equal([(100m, "%", TargetComparator.Equal, (DateOnly?)null), (30m, "%", TargetComparator.AtLeast, new DateOnly(2025, 12, 31))],
            Task(20).Targets.Select(target => (target.Value, target.Unit, target.Comparator, target.By)));
    }

    [Fact]
    public void The_last_task_is_cut_off_and_given_to_nobody_T5()
    {
        Assert.Empty(Task(38).Leads);
        Assert.Empty(Task(38).Coordinators);
        Assert.Superset(new HashSet<string> { ImportCodes.NoLead, ImportCodes.NoDeadline, ImportCodes.TruncatedText }, Task(38).Warnings.Select(warning => warning.Code).ToHashSet());
    }

    [Fact]
    public void The_header_has_blanks_and_nothing_is_guessed()
    {
        Assert.Null(s_plan.Document.Number);
        Assert.Equal("KH-UBND", s_plan.Document.Notation);
        Assert.Null(s_plan.Document.IssuedOn);
        Assert.Equal("Kế hoạch", s_plan.Document.Kind);
        Assert.True(s_plan.Document.IsDraft);
        Assert.Contains("QUẢNG NGÃI", s_plan.Document.Issuer, StringComparison.Ordinal);
        Assert.StartsWith("Triển khai thực hiện Thông báo kết luận", s_plan.Document.Subject, StringComparison.Ordinal);
        Assert.Contains("07-TB/CQTTBCĐ", s_plan.Document.Bases);
    }

    [Theory]
    [InlineData(ImportCodes.NumberRange)]             // T2
    [InlineData(ImportCodes.IssuerConflict)]          // T9
    [InlineData(ImportCodes.InstrumentVariants)]      // T10
    [InlineData(ImportCodes.NoProductColumn)]
    [InlineData(ImportCodes.DocumentNumberMissing)]
    [InlineData(ImportCodes.IssueDateIncomplete)]
    [InlineData(ImportCodes.ProseDuties)]             // T7
    public void Defects_of_the_document_are_named(string code)
    {
        var warning = Assert.Contains(code, s_plan.Warnings.GroupBy(warning => warning.Code).ToDictionary(group => group.Key, group => group.First()));
        Assert.NotEqual(code, warning.Message);
    }

    [Fact]
    public void Tasks_due_before_the_youngest_cited_document_are_overdue_at_birth_T3() =>
        Assert.Equal([15, 19, 21, 22, 31], Numbers(task => task.Warnings.Any(warning => warning.Code == ImportCodes.DeadlineBeforeIssue)));

    [Fact]
    public void Coordinators_that_are_classes_stay_one_name_T6()
    {
        Assert.Equal(["Các cơ quan chủ trì quản lý, vận hành các nền tảng số, hệ thống thông tin, cơ sở dữ liệu"], Task(13).Coordinators);
        Assert.Equal(["Sở Tài chính", "Sở Công thương", "Sở Khoa học và Công nghệ"], Task(26).Coordinators);
        Assert.Equal(["Các xã phường, đặc khu"], Task(37).Coordinators);
    }

    [Fact]
    public void A_task_about_secret_documents_is_no_secret_document() => Assert.Contains("Mật, Tối Mật", Task(37).Content, StringComparison.Ordinal);
}
