using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static LienThong.Unit.Plans.Some;

namespace LienThong.Unit.Plans;

/// <summary>E1: the annex of 38 tasks on the boards of two days. E2: report, return, repair, acceptance.</summary>
public sealed class FirstJobTests
{
    [Fact]
    public async Task The_38_tasks_stand_on_the_boards_of_two_days_as_the_check_sums_say_E1_R_TSK_02()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(QuangNgaiPlan.Read());
        var scope = platform.As(Officer);
        var query = scope.Get<TaskQuery>();
        var october = new TaskFilter { AsOf = new DateOnly(2025, 10, 20), Plan = plan };
        var december = new TaskFilter { AsOf = new DateOnly(2025, 12, 31), Plan = plan };

        Assert.Equal(38, await query.CountAsync(october, TaskScope.Everything, Cancellation));
        var overdue = await scope.Get<TaskRegister>().PageAsync(october.With(TaskOverlay.Overdue), 1, TaskSort.Document, false, Cancellation);
        Assert.Equal(["15"], overdue.Expect().Lines.Select(l => l.Number));
        var continuing = await scope.Get<TaskRegister>().PageAsync(october.With(TaskOverlay.Continuing), 1, TaskSort.Document, false, Cancellation);
        Assert.Equal(["19", "21", "22", "29", "31"], continuing.Expect().Lines.Select(l => l.Number));
        Assert.All(continuing.Expect().Lines, l => Assert.True(l.Standing.OnTimeOriginal));
        Assert.Equal(24, await query.CountAsync(december with { DueFrom = new DateOnly(2025, 12, 31), DueTo = new DateOnly(2025, 12, 31) }, TaskScope.Everything, Cancellation));
        Assert.Equal(3, await query.CountAsync(december.With(TaskOverlay.Overdue), TaskScope.Everything, Cancellation));   // #15 since September, #28 and #37 since November.
        var page = (await scope.Get<TaskRegister>().PageAsync(october, 1, TaskSort.Document, false, Cancellation)).Expect();
        Assert.Equal((4, 33, 1), (page.Lines.Count(l => l.GroupPath == "I"), page.Lines.Count(l => l.GroupPath == "II"), page.Lines.Count(l => l.GroupPath == "III")));
        Assert.Equal(1, page.CountByStatus[StatusGroup.NotAssigned]);
        Assert.Equal("NKR".Order(), page.Lines.Single(l => l.Number == "38").Gaps.Where(g => g is not 'T').Order());
        Assert.Contains(FiveClear.When, page.Lines.Single(l => l.Number == "38").Gaps);

        await using var db = await platform.OpenAsync();
        Assert.Equal(11, await db.Tasks.CountAsync(t => t.LeadUnit == FakeOrgUnits.Police, Cancellation));
        Assert.Equal(11, await db.Tasks.CountAsync(t => t.LeadUnit == FakeOrgUnits.Office, Cancellation));
        Assert.Equal(7, await db.Tasks.CountAsync(t => t.LeadUnit == FakeOrgUnits.Science, Cancellation));
        var nine = (await platform.TaskNumber(plan, 9)).Task;
        Assert.Equal(4, await db.TaskTargets.CountAsync(t => t.Task == nine, Cancellation));
    }

    [Fact]
    public async Task A_report_is_returned_repaired_and_accepted_and_every_step_stays_on_record_E2()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2025, 11, 3));
        var plan = await platform.ConfirmedPlan(QuangNgaiPlan.Read());
        var (task, lead) = await platform.TaskNumber(plan, 9);
        var office = Focal(FakeOrgUnits.Office);
        var files = platform.As<ReportProgress>(office);
        var first = (await files.AttachAsync(new MemoryStream("bản một"u8.ToArray()), "bien-ban.pdf", Cancellation)).Expect();
        var without = await platform.As<ReportProgress>(office).HandleAsync(Report(lead) with { Evidence = [] }, Cancellation);
        Assert.Equal("plans.report.evidence-missing", without.Refusal?.Code);

        var withFile = Report(lead) with { Evidence = [new() { Kind = EvidenceKind.File, Title = "Biên bản", Sha256 = first.Sha256, FileName = "bien-ban.pdf" }] };
        var submitted = (await platform.As<ReportProgress>(office).HandleAsync(withFile, Cancellation)).Expect();
        var sameUnit = await platform.As<ReviewReport>(Officer).HandleAsync(new() { Report = submitted.Report, Decision = ReviewDecision.Accept }, Cancellation);
        Assert.Equal("plans.review.same-unit", sameUnit.Refusal?.Code);
        var noReason = await platform.As<ReviewReport>(Reviewer).HandleAsync(new() { Report = submitted.Report, Decision = ReviewDecision.Return }, Cancellation);
        Assert.Equal("plans.review.reason-missing", noReason.Refusal?.Code);
        (await platform.As<ReviewReport>(Reviewer).HandleAsync(new() { Report = submitted.Report, Decision = ReviewDecision.Return, Reason = "Thiếu chữ ký" }, Cancellation)).Expect();

        platform.Clock.Set(new DateOnly(2025, 12, 30));
        var second = (await platform.As<ReportProgress>(office).AttachAsync(new MemoryStream("bản hai"u8.ToArray()), "bien-ban-2.pdf", Cancellation)).Expect();
        EvidenceId item;
        await using (var db = await platform.OpenAsync()) item = (await db.Evidence.AsNoTracking().SingleAsync(e => e.Task == task, Cancellation)).Item;
        (await platform.As<ReportProgress>(office).ReplaceEvidenceAsync(item, new() { Kind = EvidenceKind.File, Title = "Biên bản", Sha256 = second.Sha256, FileName = "bien-ban-2.pdf" }, Cancellation)).Expect();
        var again = (await platform.As<ReportProgress>(office).HandleAsync(withFile with { Evidence = [new() { Kind = EvidenceKind.File, Title = "Biên bản", Sha256 = second.Sha256, FileName = "b.pdf" }] }, Cancellation)).Expect();

        platform.Clock.Set(new DateOnly(2026, 1, 9));
        (await platform.As<ReviewReport>(Reviewer).HandleAsync(new() { Report = again.Report, Decision = ReviewDecision.Accept }, Cancellation)).Expect();

        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal(StatusGroup.DoneOnTime, view.Standing.Group);   // Submitted on the 30th, accepted after the deadline: the submission counts.
        Assert.Equal(new DateOnly(2025, 12, 30), view.Task.DoneOn);
        Assert.Equal(
            [TaskEventKind.ReportAccepted, TaskEventKind.Reported, TaskEventKind.EvidenceReplaced, TaskEventKind.ReportReturned, TaskEventKind.Reported],
            view.Timeline.Take(5).Select(t => t.Kind));
        var versions = view.Reports.Single(r => r.Id == submitted.Report).Evidence;
        Assert.Equal([1, 2], versions.Select(e => e.VersionNumber));
        Assert.Equal([first.Sha256, second.Sha256], versions.Select(e => e.Sha256));
        Assert.NotEqual(first.Sha256, second.Sha256);
    }

    [Fact]
    public async Task A_piece_is_taken_back_from_a_draft_and_counts_no_more_R_N57_01()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2025, 11, 3));
        var plan = await platform.ConfirmedPlan(QuangNgaiPlan.Read());
        var (task, lead) = await platform.TaskNumber(plan, 9);
        var office = Focal(FakeOrgUnits.Office);
        var wrong = (await platform.As<ReportProgress>(office).AttachAsync(new MemoryStream("nhầm"u8.ToArray()), "nham.pdf", Cancellation)).Expect();
        var draft = (await platform.As<ReportProgress>(office).HandleAsync(Report(lead) with { Submit = false, Evidence = [new() { Kind = EvidenceKind.File, Title = "Nhầm", Sha256 = wrong.Sha256, FileName = "nham.pdf" }] }, Cancellation)).Expect();
        Evidence piece;
        await using (var db = await platform.OpenAsync()) piece = await db.Evidence.AsNoTracking().SingleAsync(e => e.Report == draft.Report, Cancellation);

        // Taking back the only piece leaves nothing to submit on; what another report holds is not this one's to take.
        var again = Report(lead) with { Report = draft.Report, Version = draft.Version, Evidence = [], Withdrawn = [piece.Item] };
        Assert.Equal("plans.report.evidence-missing", (await platform.As<ReportProgress>(office).HandleAsync(again, Cancellation)).Refusal?.Code);
        Assert.Equal("plans.evidence.unknown", (await platform.As<ReportProgress>(office).HandleAsync(again with { Withdrawn = [StrongId.New<EvidenceId>(platform.Clock)] }, Cancellation)).Refusal?.Code);
        (await platform.As<ReportProgress>(office).HandleAsync(again with { Evidence = [new() { Kind = EvidenceKind.DocumentNumber, Title = "112/BC", Reference = "112/BC" }] }, Cancellation)).Expect();

        var view = (await platform.As<FindTask>(Reviewer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal(["112/BC"], view.Reports.Single(r => r.Id == draft.Report).Evidence.Select(e => e.Reference));
        Assert.Equal("plans.evidence.unknown", (await platform.As<OpenPlanFile>(Reviewer).EvidenceAsync(piece.Id, Cancellation)).Refusal?.Code);
        Assert.Equal(1, (await platform.As<MyWork>(Reviewer).HandleAsync(Cancellation)).Expect().Reviews.Single(r => r.Report == draft.Report).Evidence);
        await using (var db = await platform.OpenAsync()) Assert.Equal(3, await db.Evidence.CountAsync(e => e.Report == draft.Report, Cancellation));   // Nothing was overwritten.
    }

    [Fact]
    public async Task A_report_holds_no_more_evidence_than_a_reviewer_opens_however_often_it_is_saved()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2025, 11, 3));
        var plan = await platform.ConfirmedPlan(QuangNgaiPlan.Read());
        var (_, lead) = await platform.TaskNumber(plan, 9);
        var office = Focal(FakeOrgUnits.Office);
        ReportProgress.Request Some(int count) => Report(lead) with
        {
            Submit = false,
            Evidence = [.. Enumerable.Range(1, count).Select(i => new ReportProgress.EvidenceItem { Kind = EvidenceKind.DocumentNumber, Title = $"{i}/BC", Reference = $"{i}/BC" })],
        };
        var draft = (await platform.As<ReportProgress>(office).HandleAsync(Some(15), Cancellation)).Expect();
        Assert.Equal("plans.report.evidence-too-many", (await platform.As<ReportProgress>(office).HandleAsync(Some(6) with { Report = draft.Report }, Cancellation)).Refusal?.Code);
        (await platform.As<ReportProgress>(office).HandleAsync(Some(5) with { Report = draft.Report }, Cancellation)).Expect();
    }

    [Fact]
    public async Task As_of_a_past_day_the_task_stands_as_it_was_known_then_R_TSK_05()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 3, 2));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 4, 30))], issuedOn: new DateOnly(2026, 3, 1)));
        var (_, lead) = await platform.TaskNumber(plan, 1);
        platform.Clock.Set(new DateOnly(2026, 4, 28));
        var report = (await platform.As<ReportProgress>(Focal(FakeOrgUnits.Science)).HandleAsync(Report(lead), Cancellation)).Expect();
        platform.Clock.Set(new DateOnly(2026, 5, 4));
        (await platform.As<ReviewReport>(Officer).HandleAsync(new() { Report = report.Report, Decision = ReviewDecision.Accept }, Cancellation)).Expect();

        var query = platform.As<TaskQuery>(Officer);
        async Task<StatusGroup> On2(int month, int day) => (await query.CountByGroupAsync(new TaskFilter { AsOf = new DateOnly(2026, month, day) }, TaskScope.Everything, Cancellation)).Single(c => c.Value == 1).Key;
        Assert.Equal(StatusGroup.NotStartedInTime, await On2(4, 27));
        Assert.Equal(StatusGroup.DoingInTime, await On2(4, 28));
        Assert.Equal(StatusGroup.DoingLate, await On2(5, 3));      // Submitted, but nobody had confirmed it yet.
        Assert.Equal(StatusGroup.DoneOnTime, await On2(5, 4));
        Assert.Equal(0, await query.CountAsync(new TaskFilter { AsOf = new DateOnly(2026, 2, 28) }, TaskScope.Everything, Cancellation));
    }
}
