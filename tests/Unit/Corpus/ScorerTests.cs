using System.Text.Json;
using LienThong.Corpus;
using Xunit;

namespace LienThong.Unit.Corpus;

/// <summary>The examiner itself is examined: it must give full marks to the truth and take them away, in measure, from anything else.</summary>
public sealed class ScorerTests
{
    private static readonly PlanTruth Truth = Catalogue.Write("dev", Catalogue.Of("dev").Single(style => style.Id.StartsWith("d19", StringComparison.Ordinal))).Truth;

    private static JsonElement Said => JsonDocument.Parse("\"monthly\"").RootElement;

    /// <summary>What a reader without fault would print for a truth.</summary>
    private static Reading Perfect(PlanTruth truth)
    {
        var tasks = truth.Tasks.Select((task, i) => new ReadTask(
            task.Number, task.Group, task.Parent, task.Content, task.Leads[0], task.Coordinators[0],
            new(task.Deadline.Text, task.Deadline.Accepted[0].Rule == "*" ? "none" : task.Deadline.Accepted[0].Rule, task.Deadline.Accepted[0].Date,
                task.Deadline.Recurring == true ? Said : null, task.Deadline.CompletedAndContinuing),
            task.Product, task.Targets?.Select(target => new ReadTarget("", JsonSerializer.SerializeToElement(target.Value), target.Unit, null, null)).ToList(),
            truth.Defects.Where(defect => defect.Tasks.Contains(i)).Select(defect => new ReadWarning(defect.Family, null)).ToList())).ToList();
        var document = new ReadDocument(truth.Document.Number, truth.Document.Kind, truth.Document.Issuer, truth.Document.IssuedOn, truth.Document.Subject);
        return new(document, tasks, [.. truth.Defects.Where(defect => defect.Tasks.Count == 0).Select(defect => new ReadWarning(defect.Family, null))]);
    }

    private static Score Mark(Func<List<ReadTask>, List<ReadTask>> change, PlanTruth? truth = null)
    {
        var perfect = Perfect(truth ?? Truth);
        return Scorer.Mark(truth ?? Truth, perfect with { Tasks = change([.. perfect.Tasks]) }).Score;
    }

    public static TheoryData<string, string> EveryStyle()
    {
        var all = new TheoryData<string, string>();
        foreach (var set in (string[])["dev", "held"])
        {
            foreach (var style in Catalogue.Of(set)) all.Add(set, style.Id);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(EveryStyle))]
    public void A_reading_equal_to_the_truth_has_full_marks(string set, string id)
    {
        var truth = Catalogue.Write(set, Catalogue.Of(set).Single(style => style.Id == id)).Truth;

        var (score, mismatches) = Scorer.Mark(truth, Perfect(truth));

        Assert.Empty(mismatches);
        Assert.Equal((1, 1, 1, 1, 1, 1), (score.Recall, score.Precision, score.Leads, score.Coordinators, score.DeadlineExact, score.DefectRecall));
        Assert.Equal((1, 1, 1, 1, 1, 1), (score.ProductShare, score.GroupShare, score.NumberShare, score.ParentShare, score.TargetShare, score.HeaderShare));
    }

    [Theory]
    [MemberData(nameof(EveryStyle))]
    public void A_truth_is_in_the_words_of_the_issue_and_points_at_tasks_that_exist(string set, string id)
    {
        string[] rules =
        [
            "*", "on", "before", "in-month", "in-quarter", "in-year", "before-month", "continuous", "annual", "annual-before", "periodic", "from-issue-date",
            "after-event", "duration", "by-other-plan", "none",
        ];
        var truth = Catalogue.Write(set, Catalogue.Of(set).Single(style => style.Id == id)).Truth;

        Assert.InRange(truth.Tasks.Count, 6, 60);
        Assert.All(truth.Tasks, task => Assert.NotEmpty(task.Deadline.Accepted));
        Assert.All(truth.Tasks.SelectMany(task => task.Deadline.Accepted), due => Assert.Contains(due.Rule, rules));
        Assert.All(truth.Defects, defect => Assert.Contains(defect.Family, Families.All));
        Assert.All(truth.Defects.SelectMany(defect => defect.Tasks), at => Assert.InRange(at, 0, truth.Tasks.Count - 1));
        Assert.All(truth.Tasks.Where(task => task.Parent is not null), task => Assert.Contains(truth.Tasks, parent => parent.Number == task.Parent));
    }

    [Fact]
    public void The_same_seed_writes_the_same_truth()
    {
        foreach (var style in Catalogue.Of("held"))
        {
            Assert.Equal(JsonSerializer.Serialize(Catalogue.Write("held", style).Truth), JsonSerializer.Serialize(Catalogue.Write("held", style).Truth));
        }
    }

    [Fact]
    public void The_two_sets_share_no_task() => Assert.Empty(Words.Sentences(false).Select(each => each.Text).Intersect(Words.Sentences(true).Select(each => each.Text)));

    [Fact]
    public void An_empty_reading_has_no_marks()
    {
        var (score, _) = Scorer.Mark(Truth, null);

        Assert.Equal((0, 0), (score.Recall, score.DefectRecall));
    }

    [Fact]
    public void Missed_tasks_cost_recall_and_nothing_else()
    {
        var score = Mark(tasks => tasks[3..]);

        Assert.Equal((Truth.Tasks.Count - 3.0) / Truth.Tasks.Count, score.Recall, 9);
        Assert.Equal((1, 1, 1), (score.Precision, score.Leads, score.DeadlineExact));
    }

    [Fact]
    public void Invented_tasks_cost_precision_and_nothing_else()
    {
        var score = Mark(tasks => [.. tasks, tasks[0] with { Content = "Tổng cộng các nhiệm vụ của bảng này" }, tasks[1]]);

        Assert.Equal(Truth.Tasks.Count / (Truth.Tasks.Count + 2.0), score.Precision, 9);
        Assert.Equal((1, 1), (score.Recall, score.Leads));
    }

    [Fact]
    public void Two_rows_read_as_one_task_cost_one()
    {
        var score = Mark(tasks => [tasks[0] with { Content = tasks[0].Content + " " + tasks[1].Content }, .. tasks[2..]]);

        Assert.True(score.Recall < 1);
    }

    [Fact]
    public void A_missing_lead_and_an_extra_lead_both_cost()
    {
        var missing = Mark(tasks => [tasks[0] with { Leads = [] }, .. tasks[1..]]);
        var extra = Mark(tasks => [tasks[0] with { Leads = [.. tasks[0].Leads!, "Sở Ngoại vụ"] }, .. tasks[1..]]);
        var names = missing.LeadHits + 1;

        Assert.Equal(2.0 * (names - 1) / (2 * names - 1), missing.Leads, 9);
        Assert.Equal(2.0 * names / (2 * names + 1), extra.Leads, 9);
    }

    [Theory]
    [InlineData("Sở KH&CN", "Sở Khoa học và Công nghệ")]
    [InlineData("VP UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh")]
    [InlineData("CA tỉnh", "Công an tỉnh")]
    [InlineData("Công an tỉnh Hà Tĩnh", "Công an tỉnh")]
    [InlineData("UBND các xã, phường", "Ủy ban nhân dân các xã, phường")]
    [InlineData("Sở Văn hoá, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch")]
    public void A_unit_spelt_otherwise_is_the_same_unit(string one, string other) => Assert.Equal(Agencies.Canonical(one), Agencies.Canonical(other));

    [Theory]
    [InlineData("Sở Tài chính", "Bộ Tài chính")]
    [InlineData("Sở Khoa học và Công nghệ", "Bộ Khoa học và Công nghệ")]
    [InlineData("Các sở, ban, ngành", "Các sở, ban, ngành, địa phương")]
    public void Different_units_stay_different(string one, string other) => Assert.NotEqual(Agencies.Canonical(one), Agencies.Canonical(other));

    [Fact]
    public void A_guessed_date_is_counted_as_guessed()
    {
        var at = Truth.Tasks.ToList().FindIndex(task => task.Deadline.Accepted.Any(due => due.Rule == "duration"));
        Assert.True(at >= 0, "the style plants durations without a start");

        var score = Mark(tasks => { tasks[at] = tasks[at] with { Deadline = tasks[at].Deadline! with { Date = new(2026, 9, 1) } }; return tasks; });

        Assert.Equal(1, score.DatesGuessed);
        Assert.Equal((Truth.Tasks.Count - 1.0) / Truth.Tasks.Count, score.DeadlineExact, 9);
    }

    [Fact]
    public void The_day_named_by_before_is_a_wrong_date()
    {
        var at = Truth.Tasks.ToList().FindIndex(task => task.Deadline.Accepted is [{ Rule: "before" }]);
        Assert.True(at >= 0, "the style writes deadlines with before");

        var score = Mark(tasks => { tasks[at] = tasks[at] with { Deadline = tasks[at].Deadline! with { Date = tasks[at].Deadline!.Date!.Value.AddDays(1) } }; return tasks; });

        Assert.Equal((1, 0), (score.DatesWrong, score.DatesGuessed));
        Assert.True(score.DeadlineExact < 1);
    }

    [Fact]
    public void A_right_date_under_a_wrong_rule_is_not_exact()
    {
        var at = Truth.Tasks.ToList().FindIndex(task => task.Deadline.Accepted is [{ Rule: "before" }]);

        var score = Mark(tasks => { tasks[at] = tasks[at] with { Deadline = tasks[at].Deadline! with { Rule = "on" } }; return tasks; });

        Assert.True(score.DeadlineExact < 1);
        Assert.Equal((0, 0), (score.DatesWrong, score.DatesGuessed));
    }

    [Fact]
    public void Silence_about_defects_costs_all_of_them_and_a_warning_on_another_task_helps_nothing()
    {
        var silent = Mark(tasks => [.. tasks.Select(task => task with { Warnings = [] })]);
        var moved = Mark(tasks => [.. tasks.Select((task, i) => task with { Warnings = tasks[(i + 1) % tasks.Count].Warnings })]);

        Assert.Equal(0, silent.DefectRecall);
        Assert.True(moved.DefectRecall < 0.5);
    }

    [Theory]
    [InlineData("lead.missing", "plan.deadline.missing", "Chưa có thời hạn hoàn thành")]
    [InlineData("deadline.missing", "plan.lead.missing", "Chưa có cơ quan chủ trì")]
    [InlineData("deadline.impossible", "plan.lead.class", "Cơ quan chủ trì là một nhóm")]
    [InlineData("number.gap", "plan.deadline.before-issue", "Quá hạn ngay khi ban hành")]
    [InlineData("personal-data", "plan.tables.skipped", "Bỏ qua một bảng")]
    public void A_warning_about_something_else_does_not_count(string family, string code, string message) =>
        Assert.False(Families.Sees(family, new(code, message)));

    [Fact]
    public void Texts_cut_short_and_wrong_groups_numbers_and_products_are_noticed()
    {
        var truth = Catalogue.Write("dev", Catalogue.Of("dev").Single(style => style.Id.StartsWith("d02", StringComparison.Ordinal))).Truth;

        var cut = Mark(tasks => [.. tasks.Select(task => task with { Content = task.Content![..(task.Content!.Length * 2 / 3)] })], truth);
        var other = Mark(tasks => [.. tasks.Select(task => task with { Group = "Khác", Number = "77", Product = "Không" })], truth);

        Assert.True(cut.ContentShare < 0.1);
        Assert.Equal((0, 0, 0), (other.GroupShare, other.NumberShare, other.ProductShare));
    }

    [Fact]
    public void What_the_command_prints_is_understood()
    {
        const string Json = """
            {"document":{"number":"7/KH-UBND","kind":"Kế hoạch","issuer":null,"issuedOn":"2026-03-01","subject":"x"},"tasks":[{"number":"1","code":"1","group":null,"parent":null,
            "content":"Mua sắm thiết bị","leads":["Sở Y tế"],"coordinators":[],"deadline":{"text":"31/12/2026","rule":"on","date":"2026-12-31","recurrence":null,
            "completedAndContinuing":false},"product":null,"basis":[],"targets":[{"text":"30%","value":30,"unit":"%","comparator":"at-least","by":null}],
            "source":{"page":1,"row":3},"warnings":[{"code":"a","message":"b"}]}],"warnings":[]}
            """;

        var task = Assert.Single(Reading.Parse(Json).Tasks);

        Assert.Equal(new DateOnly(2026, 12, 31), task.Deadline!.Date);
        Assert.False(task.Deadline.Recurs);
        Assert.Equal(30, Assert.Single(task.Targets!).Amount);
    }
}
