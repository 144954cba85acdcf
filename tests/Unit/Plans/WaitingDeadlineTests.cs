using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import;
using Xunit;
using static LienThong.Unit.Plans.Some;

namespace LienThong.Unit.Plans;

/// <summary>Deadlines that wait for an event, an issue date, a start, another plan (R-TSK-04, monitoring §4).</summary>
public sealed class WaitingDeadlineTests
{
    private static readonly ExtractedDeadline AfterContract = new("7 ngày làm việc sau khi hợp đồng được ký", DeadlineRule.AfterEvent, null, Anchor: "hợp đồng được ký", Offset: 7, OffsetUnit: OffsetUnit.WorkingDays);

    [Theory]
    [InlineData(DeadlineRule.AfterEvent, 15, OffsetUnit.Days, "2026-06-01", "2026-06-16")]
    [InlineData(DeadlineRule.AfterEvent, 7, OffsetUnit.WorkingDays, "2026-06-05", "2026-06-16")]
    [InlineData(DeadlineRule.FromIssueDate, 45, OffsetUnit.Days, "2026-06-01", "2026-07-16")]
    [InlineData(DeadlineRule.Duration, 2, OffsetUnit.Months, "2026-06-30", "2026-08-30")]
    public async Task The_day_follows_from_the_event_and_the_words_of_the_document(DeadlineRule rule, int offset, OffsetUnit unit, string on, string due)
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 7, 1));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: new ExtractedDeadline("theo lời văn bản", rule, null, Offset: offset, OffsetUnit: unit))], issuedOn: new DateOnly(2026, 5, 20)));
        var (task, _) = await platform.TaskNumber(plan, 1);
        var before = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((null, true), ((DateOnly?)before.Standing.Due, SettleDeadline.Waits(before.Task)));

        var said = (await platform.As<SettleDeadline>(Officer).HandleAsync(Event(task, DateOnly.Parse(on, Vietnamese.Culture)), Cancellation)).Expect();

        Assert.Equal(DateOnly.Parse(due, Vietnamese.Culture), said);
        var after = (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect();
        Assert.Equal((said, said, "theo lời văn bản"), (after.Task.OriginalDue, after.Standing.Due, after.DeadlineText));
        Assert.All(after.Parts.Where(p => p.Role is AssignmentRole.Lead), p => Assert.Equal(said, p.Standing.Due));
        Assert.Contains(after.Timeline, t => t is { Kind: TaskEventKind.DeadlineSet, Document: "15/HĐ-2026" } && t.Day == said);
    }

    [Fact]
    public async Task It_is_set_once_and_then_only_an_extension_moves_it()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 7, 1));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: AfterContract)], issuedOn: new DateOnly(2026, 5, 20)));
        var (task, _) = await platform.TaskNumber(plan, 1);
        (await platform.As<SettleDeadline>(Officer).HandleAsync(Event(task, new DateOnly(2026, 6, 1)), Cancellation)).Expect();
        Assert.Equal("plans.deadline.settled", (await platform.As<SettleDeadline>(Officer).HandleAsync(Event(task, new DateOnly(2026, 6, 30)), Cancellation)).Refusal?.Code);

        // 1 June + 7 working days has passed by 1 July: late at once, and shown so.
        Assert.True((await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect().Standing.IsOverdue);
    }

    [Fact]
    public async Task What_is_not_known_is_refused_and_nothing_is_guessed()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 7, 1));
        var plan = await platform.ConfirmedPlan(Plan(
            [Some.Task(1, deadline: AfterContract), Some.Task(2, deadline: new ExtractedDeadline("theo kế hoạch của Trung ương", DeadlineRule.ByOtherPlan, null)), Some.Task(3)], issuedOn: new DateOnly(2026, 5, 20)));
        var first = (await platform.TaskNumber(plan, 1)).Task;
        var second = (await platform.TaskNumber(plan, 2)).Task;
        var third = (await platform.TaskNumber(plan, 3)).Task;
        var june = new DateOnly(2026, 6, 1);
        Task<Result<DateOnly>> Ask(SettleDeadline.Request request) => platform.As<SettleDeadline>(Officer).HandleAsync(request, Cancellation);

        Assert.Equal("plans.deadline.event-in-future", (await Ask(Event(first, new DateOnly(2026, 7, 2)))).Refusal?.Code);
        Assert.Equal("plans.document.missing", (await Ask(Event(first, june) with { Document = " " })).Refusal?.Code);
        Assert.Equal("plans.text.missing", (await Ask(Event(first, june) with { Text = "" })).Refusal?.Code);
        Assert.Equal("plans.deadline.due-missing", (await Ask(Event(second, june))).Refusal?.Code);
        Assert.Equal("plans.deadline.due-before-event", (await Ask(Event(second, june) with { Due = new DateOnly(2026, 5, 1) })).Refusal?.Code);
        Assert.Equal("plans.deadline.settled", (await Ask(Event(third, june))).Refusal?.Code);
        Assert.Equal("plans.not-allowed", (await platform.As<SettleDeadline>(Focal(FakeOrgUnits.Science)).HandleAsync(Event(first, june), Cancellation)).Refusal?.Code);
        Assert.Null((await platform.As<FindTask>(Officer).HandleAsync(first, null, Cancellation)).Expect().Standing.Due);

        Assert.Equal(new DateOnly(2026, 12, 15), (await Ask(Event(second, june) with { Due = new DateOnly(2026, 12, 15) })).Expect());
    }

    [Fact]
    public async Task A_field_check_keeps_its_photograph_and_takes_nothing_else_for_one_R_TSK_11()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1)]));
        var (task, _) = await platform.TaskNumber(plan, 1);
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13];
        var photo = (await platform.As<RecordFieldCheck>(Reviewer).AttachPhotoAsync(new MemoryStream(png), Cancellation)).Expect();
        Assert.Equal("plans.file.not-a-photo", (await platform.As<RecordFieldCheck>(Reviewer).AttachPhotoAsync(new MemoryStream("MZ this is a program"u8.ToArray()), Cancellation)).Refusal?.Code);

        var request = new RecordFieldCheck.Request { Task = task, Place = "Xã Ba Gia", On = Vietnamese.DayOf(platform.Clock.GetUtcNow()), Finding = "Chưa có máy quét", PhotoSha256 = photo, MeasuredPercent = 40 };
        var check = (await platform.As<RecordFieldCheck>(Reviewer).HandleAsync(request, Cancellation)).Expect();
        Assert.Equal("plans.file.not-a-photo", (await platform.As<RecordFieldCheck>(Reviewer).HandleAsync(request with { PhotoSha256 = new string('a', 64) }, Cancellation)).Refusal?.Code);

        // The lead's focal person sees the task and so its photograph; a unit outside the task does not know of it.
        Assert.Equal(photo, (await platform.As<OpenPlanFile>(Focal(FakeOrgUnits.Science)).PhotoAsync(check, Cancellation)).Expect().Sha256);
        Assert.Equal("plans.evidence.unknown", (await platform.As<OpenPlanFile>(Focal(FakeOrgUnits.CommuneA)).PhotoAsync(check, Cancellation)).Refusal?.Code);
        Assert.Equal(40m, (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect().PercentMeasured);
    }

    private static SettleDeadline.Request Event(TaskId task, DateOnly on) => new() { Task = task, On = on, Text = "Hợp đồng đã được ký", Document = "15/HĐ-2026" };
}
