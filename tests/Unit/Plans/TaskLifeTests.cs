using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Plans.Some;

namespace LienThong.Unit.Plans;

public sealed class TaskLifeTests
{
    private const string Communes = "UBND các xã, phường, đặc khu";

    [Fact]
    public async Task A_class_that_leads_becomes_one_part_per_member_of_the_day_of_issue_R_TSK_06()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 6, 1));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, lead: Communes)], issuedOn: new DateOnly(2026, 6, 1)));
        var (task, _) = await platform.TaskNumber(plan, 1);
        await using (var db = await platform.OpenAsync())
        {
            Assert.Equal([FakeOrgUnits.CommuneA, FakeOrgUnits.CommuneB], (await db.Assignments.Where(a => a.Task == task).OrderBy(a => a.Order).ToListAsync(Cancellation)).Select(a => a.Unit!.Value));
        }

        // One of two reports and is accepted: the task is half done, not done.
        var first = (await platform.OpenAsync()).Assignments.AsNoTracking().First(a => a.Task == task && a.Unit == FakeOrgUnits.CommuneA).Id;
        await AcceptedAsync(platform, first, FakeOrgUnits.CommuneA);
        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((2, 1, StatusGroup.DoingInTime, 50m), (view.Task.Parts, view.Task.PartsDone, view.Standing.Group, view.PercentClaimed));
        Assert.Equal([StatusGroup.DoneOnTime, StatusGroup.NotStartedInTime], view.Parts.Select(p => p.Standing.Group));

        // Commune C begins on 1 July: proposed once, added only by the officer.
        platform.Clock.Set(FakeOrgUnits.CommuneCFrom);
        Assert.Equal(1, (await platform.As<ProposeNewMembers>(Officer).HandleAsync(Cancellation)).Expect());
        Assert.Equal(0, (await platform.As<ProposeNewMembers>(Officer).HandleAsync(Cancellation)).Expect());
        await using (var db = await platform.OpenAsync())
        {
            Assert.Equal(2, await db.Assignments.CountAsync(a => a.Task == task, Cancellation));
            var proposal = await db.MemberProposals.AsNoTracking().SingleAsync(Cancellation);
            (await platform.As<ProposeNewMembers>(Officer).DecideAsync(proposal.Id, accept: true, Cancellation)).Expect();
            Assert.Equal(3, await db.Assignments.CountAsync(a => a.Task == task, Cancellation));
        }
    }

    [Fact]
    public async Task The_same_file_again_is_the_same_plan()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1), Some.Task(2)]));
        var again = (await platform.As<UploadPlanFile>(Officer).HandleAsync(new MemoryStream("plan"u8.ToArray()), "ten-khac.docx", Cancellation)).Expect();
        Assert.Equal((plan, true), (again.Plan, again.IsKnown));
        var confirmedAgain = (await platform.As<ConfirmPlanImport>(Officer).HandleAsync(new() { Import = again.Import }, Cancellation)).Expect();
        Assert.Equal((plan, true), (confirmedAgain.Plan, confirmedAgain.IsKnown));
        await using var db = await platform.OpenAsync();
        Assert.Equal((1, 2), (await db.Plans.CountAsync(Cancellation), await db.Tasks.CountAsync(Cancellation)));
    }

    [Theory]
    [InlineData("MẬT - ke hoach.docx")]
    [InlineData("KH 12 TỐI MẬT.pdf")]
    public async Task A_file_that_names_itself_secret_is_refused_and_nothing_is_kept(string name)
    {
        await using var platform = await StartAsync();
        var refused = await platform.As<UploadPlanFile>(Officer).HandleAsync(new MemoryStream("x"u8.ToArray()), name, Cancellation);
        Assert.Equal("plans.file.secret", refused.Refusal?.Code);
        await using var db = await platform.OpenAsync();
        Assert.Equal(0, await db.PlanImports.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Pulling_the_plug_before_the_commit_leaves_nothing_and_the_second_try_leaves_everything_once()
    {
        await using var platform = await StartAsync();
        var import = await platform.ReadImport(Plan([Some.Task(1), Some.Task(2, lead: Communes)]));
        var confirm = platform.As<ConfirmPlanImport>(Officer);
        confirm.BeforeCommit = () => throw new IOException("pulled");
        await Assert.ThrowsAsync<IOException>(() => confirm.HandleAsync(new() { Import = import, AcceptDoubtful = true }, Cancellation));
        await using (var db = await platform.OpenAsync())
        {
            Assert.Equal((0, 0, 0, 0), (await db.Plans.CountAsync(Cancellation), await db.Tasks.CountAsync(Cancellation), await db.TaskEvents.CountAsync(Cancellation), await db.Outbox.CountAsync(Cancellation)));
            Assert.Null((await db.PlanImports.AsNoTracking().SingleAsync(Cancellation)).ConfirmedAt);
        }

        confirm.BeforeCommit = null;
        (await confirm.HandleAsync(new() { Import = import, AcceptDoubtful = true }, Cancellation)).Expect();
        await using var after = await platform.OpenAsync();
        Assert.Equal((1, 2), (await after.Plans.CountAsync(Cancellation), await after.Tasks.CountAsync(Cancellation)));
        Assert.Equal(1, await after.Outbox.CountAsync(m => m.Kind == "PlanImported", Cancellation));
    }

    [Fact]
    public async Task A_review_cut_off_before_its_commit_did_not_happen()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1)]));
        var (task, lead) = await platform.TaskNumber(plan, 1);
        var report = (await platform.As<ReportProgress>(Focal(FakeOrgUnits.Science)).HandleAsync(Report(lead), Cancellation)).Expect().Report;
        var review = platform.As<ReviewReport>(Officer);
        review.BeforeCommit = () => throw new IOException("pulled");
        await Assert.ThrowsAsync<IOException>(() => review.HandleAsync(new() { Report = report, Decision = ReviewDecision.Accept }, Cancellation));
        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.True(view.Standing.AwaitsReview);
        Assert.Null(view.Reports.Single().DecidedAt);
        Assert.DoesNotContain(view.Timeline, t => t.Kind is TaskEventKind.ReportAccepted);
    }

    [Fact]
    public async Task A_stale_save_is_refused_and_shows_both_versions()
    {
        await using var platform = await StartAsync();
        var plan = (await platform.As<CreatePlan>(Officer).HandleAsync(new() { Subject = "Kế hoạch dự thảo", Number = "12/KH-UBND" }, Cancellation)).Expect();
        var made = (await platform.As<EditTask>(Officer).HandleAsync(new() { Plan = plan, Content = "Nội dung ban đầu của nhiệm vụ", Leads = "Sở Nội vụ" }, Cancellation)).Expect();
        (await platform.As<EditTask>(Officer).HandleAsync(new() { Plan = plan, Task = made.Task, Version = made.Version, Content = "Người thứ nhất sửa nội dung", Leads = "Sở Nội vụ" }, Cancellation)).Expect();
        var second = await platform.As<EditTask>(Officer).HandleAsync(new() { Plan = plan, Task = made.Task, Version = made.Version, Content = "Người thứ hai sửa nội dung", Leads = "Sở Nội vụ" }, Cancellation);
        Assert.Equal("plans.stale", second.Refusal?.Code);
        Assert.Contains("Người thứ hai sửa nội dung", second.Refusal!.Arguments);
        Assert.Contains("Người thứ nhất sửa nội dung", second.Refusal.Arguments);
    }

    [Fact]
    public async Task A_draft_is_not_issued_while_a_task_lacks_one_of_the_five_clarities_R_TSK_03()
    {
        await using var platform = await StartAsync();
        var plan = (await platform.As<CreatePlan>(Officer).HandleAsync(new() { Subject = "Kế hoạch dự thảo", Number = "13/KH-UBND" }, Cancellation)).Expect();
        var task = (await platform.As<EditTask>(Officer).HandleAsync(new() { Plan = plan, Content = "Nội dung nhiệm vụ thứ nhất", Leads = "Sở Nội vụ", Due = new(2026, 12, 31) }, Cancellation)).Expect();
        Assert.Equal("K", task.Gaps);
        var refused = await platform.As<IssuePlan>(Officer).HandleAsync(new() { Plan = plan }, Cancellation);
        Assert.Equal("plans.five-clear.missing", refused.Refusal?.Code);
        (await platform.As<EditTask>(Officer).HandleAsync(new() { Plan = plan, Task = task.Task, Content = "Nội dung nhiệm vụ thứ nhất", Leads = Communes, Due = new(2026, 12, 31), Product = "Báo cáo" }, Cancellation)).Expect();
        var issued = (await platform.As<IssuePlan>(Officer).HandleAsync(new() { Plan = plan }, Cancellation)).Expect();
        Assert.Equal((1, 3), (issued.Tasks, issued.Parts));
        Assert.Equal("plans.plan.issued", (await platform.As<IssuePlan>(Officer).HandleAsync(new() { Plan = plan }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task An_extension_is_a_decision_with_a_document_and_the_original_deadline_stays_R_TSK_09()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 11, 25))]));
        var (task, lead) = await platform.TaskNumber(plan, 1);
        var asked = (await platform.As<RequestExtension>(Focal(FakeOrgUnits.Science)).HandleAsync(new() { Assignment = lead, NewDue = new(2026, 12, 20), Reason = "Chờ hướng dẫn" }, Cancellation)).Expect();
        Assert.Equal("plans.not-allowed", (await platform.As<DecideExtension>(Officer).HandleAsync(new() { Extension = asked, Grant = true, Document = "1/QĐ" }, Cancellation)).Refusal?.Code);
        Assert.Equal("plans.document.missing", (await platform.As<DecideExtension>(Leader).HandleAsync(new() { Extension = asked, Grant = true }, Cancellation)).Refusal?.Code);
        (await platform.As<DecideExtension>(Leader).HandleAsync(new() { Extension = asked, Grant = true, Document = "99/QĐ-UBND" }, Cancellation)).Expect();
        Assert.Equal("plans.extension.decided", (await platform.As<DecideExtension>(Leader).HandleAsync(new() { Extension = asked, Grant = true, Document = "99/QĐ-UBND" }, Cancellation)).Refusal?.Code);

        platform.Clock.Set(new DateOnly(2026, 12, 10));
        await AcceptedAsync(platform, lead, FakeOrgUnits.Science);
        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((new DateOnly(2026, 11, 25), new DateOnly(2026, 12, 20)), (view.Task.OriginalDue, view.Task.RevisedDue));
        Assert.Equal((false, true, StatusGroup.DoneLate), (view.Standing.OnTimeOriginal, view.Standing.OnTimeRevised, view.Standing.Group));
    }

    [Fact]
    public async Task Declared_above_measured_shows_as_a_gap_R_N57_06()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1)]));
        var (task, lead) = await platform.TaskNumber(plan, 1);
        var report = (await platform.As<ReportProgress>(Focal(FakeOrgUnits.Science)).HandleAsync(Report(lead), Cancellation)).Expect();
        (await platform.As<RecordMeasuredValue>(Officer).HandleAsync(new() { Task = task, On = new(2026, 11, 22), Value = 82, Provenance = "nhật ký kết nối" }, Cancellation)).Expect();
        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((18m, true), (view.Gap, view.IsGapLarge));
        (await platform.As<ReviewReport>(Officer).HandleAsync(new() { Report = report.Report, Decision = ReviewDecision.AcceptMeasured }, Cancellation)).Expect();
        view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((82m, false), (view.Reports.Single().AcceptedPercent, view.Standing.IsDone));
    }

    [Fact]
    public async Task A_closed_period_does_not_change_and_later_confirmations_show_as_adjustments_R_N57_07()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 9, 1));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 10, 31)), Some.Task(2, deadline: On(2026, 10, 15))], issuedOn: new DateOnly(2026, 9, 1)));
        var (_, lead) = await platform.TaskNumber(plan, 1);
        platform.Clock.Set(new DateOnly(2026, 10, 30));
        var report = (await platform.As<ReportProgress>(Focal(FakeOrgUnits.Science)).HandleAsync(Report(lead), Cancellation)).Expect();
        Assert.Equal("plans.period.not-over", (await platform.As<ClosePeriod>(Officer).HandleAsync("2026-10", Cancellation)).Refusal?.Code);

        platform.Clock.Set(new DateOnly(2026, 11, 2));
        (await platform.As<ClosePeriod>(Officer).HandleAsync("2026-10", Cancellation)).Expect();
        using (var scope = platform.As(Officer))
        {
            // Killed after the file was written and before its row: the job runs again and gives the same digest.
            var freeze = ActivatorUtilities.CreateInstance<FreezePeriod>(platform.Services);
            freeze.BeforeCommit = () => throw new IOException("pulled");
            await using var db = await platform.OpenAsync();
            var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.Kind == ClosePeriod.JobKind, Cancellation);
            await Assert.ThrowsAsync<IOException>(() => freeze.RunAsync(new JobRun(job.Id, job.Payload, 1), Cancellation));
            Assert.Equal(0, await db.PeriodCloses.CountAsync(Cancellation));
        }

        await platform.DrainAsync();
        var closed = (await platform.As<FindPeriods>(Officer).HandleAsync("2026-10", Cancellation)).Expect();
        Assert.Equal((2, 2, 0, true), (closed.Tasks, closed.Frozen.DueInPeriod, closed.Frozen.DueDoneOnTimeOriginal, closed.IsIntact));
        Assert.Empty(closed.Adjustments);
        Assert.Equal("plans.period.closed", (await platform.As<ClosePeriod>(Officer).HandleAsync("2026-10", Cancellation)).Refusal?.Code);

        platform.Clock.Set(new DateOnly(2026, 11, 5));
        (await platform.As<ReviewReport>(Officer).HandleAsync(new() { Report = report.Report, Decision = ReviewDecision.Accept }, Cancellation)).Expect();
        var later = (await platform.As<FindPeriods>(Officer).HandleAsync("2026-10", Cancellation)).Expect();
        Assert.Equal((closed.Digest, closed.Frozen.DueDoneOnTimeOriginal), (later.Digest, later.Frozen.DueDoneOnTimeOriginal));
        Assert.Equal(StatusGroup.DoneOnTime, Assert.Single(later.Adjustments).Now!.Group);

        // The re-check of the closed period is drawn by its digest: the same whoever asks, and drawn once (R-N57-06).
        var drawn = (await platform.As<DrawSample>(Reviewer).DrawClosedAsync("2026-10", Cancellation)).Expect();
        Assert.Equal(drawn, (await platform.As<DrawSample>(Officer).DrawClosedAsync("2026-10", Cancellation)).Expect());
        var line = Assert.Single((await platform.As<DrawSample>(Officer).ListAsync("2026-10", Cancellation)).Expect());
        Assert.Equal((Assert.Single(drawn), null), (line.Task, line.Confirmed));
        Assert.Equal("plans.review.same-unit", (await platform.As<DrawSample>(Reviewer).RecordAsync("2026-10", line.Task, true, null, "Đúng", Cancellation)).Refusal?.Code);
        (await platform.As<DrawSample>(Officer).RecordAsync("2026-10", line.Task, false, 60, "Chưa chạy ở hai phòng", Cancellation)).Expect();
        Assert.Equal((false, 60m), (Assert.Single((await platform.As<DrawSample>(Officer).ListAsync("2026-10", Cancellation)).Expect()) is var found ? (found.Confirmed, found.MeasuredPercent) : default));
        Assert.Equal(60m, (await platform.As<FindTask>(Officer).HandleAsync(line.Task, null, Cancellation)).Expect().PercentMeasured);
        await using var stored = await platform.OpenAsync();
        Assert.NotNull(await Record.ExceptionAsync(() => stored.PeriodCloses.ExecuteUpdateAsync(s => s.SetProperty(p => p.Tasks, 99), Cancellation)));
    }

    [Fact]
    public async Task Reminders_exist_exactly_once_at_their_offsets_even_after_a_restart_R_TSK_07()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 11, 1));
        await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 11, 20))], issuedOn: new DateOnly(2026, 11, 1)));
        for (var day = new DateOnly(2026, 11, 10); day <= new DateOnly(2026, 11, 22); day = day.AddDays(1))
        {
            platform.Clock.Set(day);
            await platform.As<DailyRound>(Officer).MakeRemindersAsync(day, Cancellation);
            await platform.As<DailyRound>(Officer).MakeRemindersAsync(day, Cancellation);
        }

        await using var db = await platform.OpenAsync();
        Assert.Equal([-7, -3, -1, 1], (await db.Reminders.AsNoTracking().ToListAsync(Cancellation)).Select(r => r.Offset).Order());
    }

    [Fact]
    public async Task Each_period_of_a_recurring_task_is_a_row_of_its_own_and_a_missed_one_stays_late()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 9, 1));
        var monthly = new ExtractedDeadline("trước ngày 25 hằng tháng", DeadlineRule.Periodic, null, new Recurrence(RecurrenceCycle.Monthly, Day: 24));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: monthly)], issuedOn: new DateOnly(2026, 9, 1)));
        var (task, lead) = await platform.TaskNumber(plan, 1);
        var round = platform.As<DailyRound>(Officer);
        Assert.Equal(1, await round.OpenOccurrencesAsync(new DateOnly(2026, 9, 1), Cancellation));
        Assert.Equal(0, await round.OpenOccurrencesAsync(new DateOnly(2026, 9, 1), Cancellation));
        platform.Clock.Set(new DateOnly(2026, 10, 3));
        Assert.Equal(1, await round.OpenOccurrencesAsync(new DateOnly(2026, 10, 3), Cancellation));
        var view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((new DateOnly(2026, 9, 24), true), (view.Task.OriginalDue, view.Standing.IsOverdue));

        await AcceptedAsync(platform, lead, FakeOrgUnits.Science);
        await round.OpenOccurrencesAsync(new DateOnly(2026, 10, 3), Cancellation);
        view = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((new DateOnly(2026, 10, 24), false), (view.Task.OriginalDue, view.Standing.IsOverdue));
        Assert.Equal(new DateOnly(2026, 10, 3), view.Occurrences.Single(o => o.Period == "2026-09").DoneOn);
    }

    [Fact]
    public async Task A_file_of_a_system_above_keeps_its_ids_out_and_in_and_duplicates_are_refused_R_TSK_12()
    {
        await using var platform = await StartAsync();
        var file = new ExternalTaskFile("VPCP", "638-CV/ĐU", "Nhiệm vụ giao", new DateOnly(2026, 11, 1), [new("A-17", "1", "Xây dựng nền tảng dữ liệu", "Sở Khoa học và Công nghệ", null, "30/11/2026", new DateOnly(2026, 11, 30), "Báo cáo", "moi", null, null, null)]);
        var made = (await platform.As<ExternalTasks>(Officer).ImportAsync(file, Cancellation)).Expect();
        Assert.Equal("plans.external.duplicate", (await platform.As<ExternalTasks>(Officer).ImportAsync(file, Cancellation)).Refusal?.Code);
        var (_, lead) = await platform.TaskNumber(made.Plan, 1);
        await AcceptedAsync(platform, lead, FakeOrgUnits.Science);
        await platform.ConfirmedPlan(Plan([Some.Task(1)]));
        var sent = Assert.Single((await platform.As<ExternalTasks>(Officer).ExportAsync("VPCP", Cancellation)).Expect().Tasks);
        Assert.Equal(("A-17", nameof(StatusGroup.DoneOnTime), 100m), (sent.ExternalId, sent.Status, sent.Percent));
    }

    [Fact]
    public async Task A_changed_actual_changes_every_parent_R_N57_05()
    {
        await using var platform = await StartAsync();
        var tree = platform.As<KpiTree>(Officer);
        var root = (await tree.SaveAsync(new() { Code = "1", Name = "Gốc", Kind = KpiKind.Strategic }, Cancellation)).Expect();
        var a = (await tree.SaveAsync(new() { Code = "1.1", Name = "A", Parent = root, Target = 100, Weight = 3 }, Cancellation)).Expect();
        var b = (await tree.SaveAsync(new() { Code = "1.2", Name = "B", Parent = root, Target = 50, Weight = 1 }, Cancellation)).Expect();
        (await tree.RecordAsync(new() { Node = a, On = new(2026, 11, 1), Value = 60 }, Cancellation)).Expect();
        (await tree.RecordAsync(new() { Node = b, On = new(2026, 11, 1), Value = 50 }, Cancellation)).Expect();
        Assert.Equal(0.7m, Assert.Single((await tree.HandleAsync(null, Cancellation)).Expect()).Attainment);
        (await tree.RecordAsync(new() { Node = a, On = new(2026, 11, 20), Value = 100 }, Cancellation)).Expect();
        var after = Assert.Single((await tree.HandleAsync(null, Cancellation)).Expect());
        Assert.Equal(1m, after.Attainment);
        Assert.Contains("3 × 100 %", after.Formula, StringComparison.Ordinal);
    }

    private static async Task AcceptedAsync(TestPlatform platform, AssignmentId part, OrgUnitId unit)
    {
        var report = (await platform.As<ReportProgress>(Focal(unit)).HandleAsync(Report(part), Cancellation)).Expect();
        (await platform.As<ReviewReport>(Officer).HandleAsync(new() { Report = report.Report, Decision = ReviewDecision.Accept }, Cancellation)).Expect();
    }
}
