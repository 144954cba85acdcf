using LienThong.Platform.Plans;
using Xunit;

namespace LienThong.Unit.Plans;

/// <summary>The status engine as a table (requirements §4.2, monitoring §3; R-TSK-04, R-TSK-05, R-TSK-08).</summary>
public sealed class StandingTests
{
    private static readonly DateOnly Due = new(2026, 6, 30);
    private static readonly DateOnly Issued = new(2026, 5, 1);

    /// <summary>issued, first movement, done, revised due, continues, day asked → the group shown.</summary>
    public static TheoryData<string?, string?, string?, string?, bool, string, StatusGroup, TimeState> Table => new()
    {
        { null, null, null, null, false, "2026-06-01", StatusGroup.NotAssigned, TimeState.InTime },
        { null, null, null, null, false, "2026-07-01", StatusGroup.NotAssigned, TimeState.Overdue },
        { "2026-05-01", null, null, null, false, "2026-06-01", StatusGroup.NotStartedInTime, TimeState.InTime },
        { "2026-05-01", null, null, null, false, "2026-06-23", StatusGroup.NotStartedInTime, TimeState.DueSoon },
        { "2026-05-01", null, null, null, false, "2026-06-30", StatusGroup.NotStartedInTime, TimeState.DueSoon },   // The last day is on time to its end.
        { "2026-05-01", null, null, null, false, "2026-07-01", StatusGroup.NotStartedLate, TimeState.Overdue },
        { "2026-05-01", "2026-05-10", null, null, false, "2026-05-09", StatusGroup.NotStartedInTime, TimeState.InTime },
        { "2026-05-01", "2026-05-10", null, null, false, "2026-05-10", StatusGroup.DoingInTime, TimeState.InTime },
        { "2026-05-01", "2026-05-10", null, null, false, "2026-07-01", StatusGroup.DoingLate, TimeState.Overdue },
        { "2026-05-01", "2026-05-10", null, "2026-07-31", false, "2026-07-15", StatusGroup.DoingInTime, TimeState.InTime },
        { "2026-05-01", "2026-05-10", null, "2026-07-31", false, "2026-08-01", StatusGroup.DoingLate, TimeState.Overdue },
        { "2026-05-01", "2026-05-10", "2026-06-30", null, false, "2026-06-30", StatusGroup.DoneOnTime, TimeState.DoneOnTime },
        { "2026-05-01", "2026-05-10", "2026-06-30", null, false, "2026-06-29", StatusGroup.DoingInTime, TimeState.DueSoon },
        { "2026-05-01", "2026-05-10", "2026-07-01", null, false, "2026-07-01", StatusGroup.DoneLate, TimeState.DoneLate },
        { "2026-05-01", "2026-05-10", "2026-07-01", null, false, "2030-01-01", StatusGroup.DoneLate, TimeState.DoneLate },    // Late stays late.
        { "2026-05-01", "2026-05-10", "2026-07-15", "2026-07-31", false, "2026-08-01", StatusGroup.DoneLate, TimeState.DoneLate },   // By the original deadline, whatever was granted.
        { "2026-05-01", "2026-05-10", "2026-06-20", null, true, "2026-08-01", StatusGroup.DoneOnTime, TimeState.DoneOnTime },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_task_stands_where_its_facts_and_the_day_put_it(string? issued, string? moved, string? done, string? revised, bool continues, string asOf, StatusGroup group, TimeState time)
    {
        var facts = new Facts { IssuedOn = Day(issued), FirstMovementOn = Day(moved), DoneOn = Day(done), OriginalDue = Due, RevisedDue = Day(revised), Continues = continues };
        var standing = Standing.Of(facts, Day(asOf)!.Value, PlansParameters.Default);
        Assert.Equal((group, time), (standing.Group, standing.Time));
    }

    [Fact]
    public void Two_on_time_rates_are_kept_apart_R_TSK_09()
    {
        var facts = new Facts { IssuedOn = Issued, FirstMovementOn = Issued, OriginalDue = Due, RevisedDue = new(2026, 7, 31), DoneOn = new(2026, 7, 15) };
        var standing = Standing.Of(facts, new(2026, 8, 1), PlansParameters.Default);
        Assert.Equal((false, true, true), (standing.OnTimeOriginal, standing.OnTimeRevised, standing.LateByOriginal));
    }

    [Fact]
    public void A_continuous_task_has_no_end_but_owes_updates_R_TSK_08()
    {
        var facts = new Facts { IssuedOn = Issued };
        var standing = Standing.Of(facts, new(2026, 7, 1), PlansParameters.Default, cadenceDays: 31);
        Assert.Equal((TimeState.NoDeadline, StatusGroup.NotStartedInTime, true), (standing.Time, standing.Group, standing.IsUpdateLate));
        facts.LastMovementOn = facts.FirstMovementOn = new(2026, 6, 20);
        standing = Standing.Of(facts, new(2026, 7, 1), PlansParameters.Default, cadenceDays: 31);
        Assert.Equal((new DateOnly(2026, 7, 21), false, StatusGroup.DoingInTime), (standing.NextUpdateDue, standing.IsUpdateLate, standing.Group));
    }

    [Fact]
    public void Done_and_continuing_counts_as_done_and_still_asks_for_the_next_update_R_TSK_08()
    {
        var facts = new Facts { IssuedOn = Issued, DoneOn = new(2026, 6, 20), FirstMovementOn = Issued, LastMovementOn = new(2026, 6, 20), OriginalDue = Due, Continues = true };
        var standing = Standing.Of(facts, new(2026, 8, 1), PlansParameters.Default, cadenceDays: 31);
        Assert.Equal((WorkState.DoneContinuing, true, new DateOnly(2026, 7, 21), true), (standing.Work, standing.OnTimeOriginal, standing.NextUpdateDue, standing.IsUpdateLate));
    }

    [Fact]
    public void Cancelled_and_paused_tasks_are_not_overdue()
    {
        var cancelled = Standing.Of(new Facts { IssuedOn = Issued, OriginalDue = Due, CancelledOn = new(2026, 6, 1) }, new(2026, 9, 1), PlansParameters.Default);
        var paused = Standing.Of(new Facts { IssuedOn = Issued, OriginalDue = Due, PausedOn = new(2026, 6, 1) }, new(2026, 9, 1), PlansParameters.Default);
        Assert.Equal((StatusGroup.Cancelled, false, StatusGroup.Paused, false), (cancelled.Group, cancelled.IsOverdue, paused.Group, paused.IsOverdue));
    }

    [Theory]
    [InlineData("02-\nKH/BCĐTW", "02/KH-BCĐTW")]   // T10
    [InlineData("06 - TB/CQTTBCĐ", "06-TB/CQTTBCĐ")]
    [InlineData("46 -TB/TGV", "46-TB/TGV")]
    [InlineData("05-QB/BCDTW", "05-QĐ/BCĐTW")]     // T1, scanned
    [InlineData("5/KH-UBND", "05/KH-UBND")]
    public void Spellings_of_one_number_share_their_key_R_TSK_01(string written, string same) => Assert.Equal(CitedNumber.Key(same), CitedNumber.Key(written));

    [Fact]
    public void A_filter_reads_back_what_it_wrote()
    {
        var filter = new TaskFilter { AsOf = Due, Text = "đất đai", Groups = [StatusGroup.DoingLate, StatusGroup.DoneLate], DueFrom = Issued, Overlays = [TaskOverlay.Overdue, TaskOverlay.Gap], GroupPath = "II. Dữ liệu" };
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(filter.ToQuery());
        Assert.Equal(filter, TaskFilter.Read(key => query.TryGetValue(key, out var values) ? values : []));
    }

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.Parse(text, null);
}
