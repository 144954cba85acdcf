using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Sample;
using LienThong.Platform.Registry.Contracts;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static LienThong.Unit.Plans.Some;

namespace LienThong.Unit.Plans;

/// <summary>Any number on a board is the length of the list it opens (R-N57-04); figures equal a rebuild from events (R-TSK-05).</summary>
public sealed class BoardTests
{
    private static readonly (OrgUnitId, string)[] Units = [(FakeOrgUnits.Science, "Sở Khoa học và Công nghệ"), (FakeOrgUnits.Police, "Công an tỉnh"), (FakeOrgUnits.CommuneA, "UBND xã A"), (FakeOrgUnits.Home, "Sở Nội vụ")];

    [Fact]
    public async Task Every_number_of_the_board_is_the_length_of_its_list_for_every_scope_and_day()
    {
        await using var platform = await StartAsync();
        await PlansBulk.InsertAsync(platform.Databases, Units, platform.Clock, 300, 10, seed: 7, Cancellation);
        foreach (var user in new[] { Officer, Focal(FakeOrgUnits.CommuneA), Focal(FakeOrgUnits.Science) })
        {
            foreach (var asOf in new DateOnly?[] { null, new DateOnly(2026, 6, 30) })
            {
                var board = (await platform.As<ProvinceBoard>(user).HandleAsync(asOf, new DateOnly(2026, 5, 31), null, Cancellation)).Expect();
                var register = platform.As<TaskRegister>(user);
                async Task Same(int number, TaskFilter filter, string what)
                {
                    var page = (await register.PageAsync(filter, 1, TaskSort.Document, false, Cancellation)).Expect();
                    Assert.True(number == page.Total, $"{what}: the board says {number}, the list has {page.Total}");
                    var all = (await register.AllAsync(filter, Cancellation)).Expect();
                    Assert.Equal(page.Total, all.Count);
                }

                Assert.NotEqual(0, board.Total);
                await Same(board.Total, board.TotalFilter, "total");
                Assert.Equal(5, board.Figures.Count);
                foreach (var figure in board.Figures)
                {
                    await Same(figure.Value, figure.Filter, figure.Code);
                    await Same(figure.Of, figure.OfFilter, figure.Code + " of");
                }

                Assert.Equal(board.Total, board.Statuses.Sum(s => s.Tasks));
                foreach (var slice in board.Statuses) await Same(slice.Tasks, slice.Filter, slice.Group.ToString());
                foreach (var point in board.Trend)
                {
                    await Same(point.Done, point.DoneFilter, "trend");
                    await Same(point.DoneOnTime, point.DoneOnTimeFilter, "trend on time");
                }

                await Same(board.Heat.Total, board.Heat.Filter, "heat");
                foreach (var cell in board.Heat.Totals.Concat(board.Heat.Rows.SelectMany(r => r.Cells)))
                {
                    await Same(cell.Tasks, cell.Filter, "cell");
                    await Same(cell.Overdue, cell.OverdueFilter, "cell overdue");
                }
            }
        }
    }

    [Fact]
    public async Task A_lead_spelled_in_two_ways_is_one_row_whose_number_is_its_list()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 6, 1));
        await platform.ConfirmedPlan(Plan([Some.Task(1, lead: "UBND các xã, phường, đặc khu"), Some.Task(2, lead: "UBND các xã, phường, đặc khu", deadline: On(2026, 7, 15))], issuedOn: new DateOnly(2026, 6, 1)));
        await using (var db = await platform.OpenAsync())
        {
            // As a second document would write it.
            await db.Tasks.Where(t => t.Ordinal == 2).ExecuteUpdateAsync(s => s.SetProperty(t => t.LeadName, "Ủy ban nhân dân các xã, phường, đặc khu"), Cancellation);
            await db.Tasks.Where(t => t.Ordinal == 1).ExecuteUpdateAsync(s => s.SetProperty(t => t.OriginalDue, new DateOnly(2026, 7, 10)), Cancellation);
        }

        var board = (await platform.As<ProvinceBoard>(Officer).HandleAsync(null, null, null, Cancellation)).Expect();
        var row = Assert.Single(board.Heat.Rows);
        var july = row.Cells.Single(c => c.Tasks > 0);
        Assert.Equal((2, 2), (july.Tasks, (await platform.As<TaskRegister>(Officer).PageAsync(july.Filter, 1, TaskSort.Document, false, Cancellation)).Expect().Total));
        var lead = Assert.Single((await platform.As<TaskRegister>(Officer).PageAsync(TaskFilter.All, 1, TaskSort.Document, false, Cancellation)).Expect().Leads);
        Assert.Equal(2, lead.Tasks);
    }

    [Fact]
    public async Task Facts_and_their_versions_equal_a_rebuild_from_the_events_on_any_day_R_TSK_05()
    {
        await using var platform = await StartAsync();
        await PlansBulk.InsertAsync(platform.Databases, Units, platform.Clock, 200, 10, seed: 3, Cancellation);
        await using var db = await platform.OpenAsync();
        var events = (await db.TaskEvents.AsNoTracking().ToListAsync(Cancellation)).ToLookup(e => e.Task);
        var tasks = await db.Tasks.AsNoTracking().ToListAsync(Cancellation);
        Assert.All(tasks, t => Assert.True(FactsFold.Rebuild(events[t.Id], DateTimeOffset.MaxValue).Task.SameFactsAs(t)));

        var versions = (await db.TaskFacts.AsNoTracking().ToListAsync(Cancellation)).ToLookup(v => v.Task);
        foreach (var day in new[] { new DateOnly(2025, 3, 9), new DateOnly(2026, 1, 31), new DateOnly(2026, 8, 17) })
        {
            var end = Vietnamese.EndOf(day);
            foreach (var task in tasks)
            {
                var kept = versions[task.Id].SingleOrDefault(v => v.From < end && v.Until >= end);
                var rebuilt = FactsFold.Rebuild(events[task.Id], end).Task;
                Assert.Equal(kept is not null, events[task.Id].Any(e => e.At < end));
                if (kept is not null) Assert.True(kept.SameFactsAs(rebuilt));
            }
        }

        // The on-time rate of the board is the rate of the rebuilt facts.
        var board = (await platform.As<ProvinceBoard>(Officer).HandleAsync(null, null, null, Cancellation)).Expect();
        var rebuiltAll = tasks.Select(t => FactsFold.Rebuild(events[t.Id], DateTimeOffset.MaxValue).Task).Where(f => f.DoneOn is not null).ToList();
        var figure = board.Figures.Single(f => f.Code == "ontime-original");
        Assert.Equal((rebuiltAll.Count(f => f.DoneOn <= f.OriginalDue), rebuiltAll.Count), (figure.Value, figure.Of));
    }

    [Fact]
    public async Task A_focal_person_sees_only_tasks_in_which_the_own_unit_takes_part()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, lead: "Sở Nội vụ"), Some.Task(2, coordinators: "Các sở, ban, ngành, địa phương"), Some.Task(3, lead: "Công an tỉnh")]));
        var page = (await platform.As<TaskRegister>(Focal(FakeOrgUnits.CommuneB)).PageAsync(TaskFilter.All, 1, TaskSort.Document, false, Cancellation)).Expect();
        Assert.Equal(["2"], page.Lines.Select(l => l.Number));   // Through the class that coordinates.
        var hidden = (await platform.TaskNumber(plan, 1)).Task;
        Assert.Equal("plans.task.unknown", (await platform.As<FindTask>(Focal(FakeOrgUnits.CommuneB)).HandleAsync(hidden, null, Cancellation)).Refusal?.Code);
        var office = (await platform.As<FindTask>(Focal(FakeOrgUnits.Home)).HandleAsync(hidden, null, Cancellation)).Expect();
        Assert.True(office.Rights.Report);
    }

    [Fact]
    public async Task Search_finds_with_and_without_diacritics_R_NFR_07()
    {
        await using var platform = await StartAsync();
        await platform.ConfirmedPlan(Plan([Some.Task(1, content: "Làm sạch dữ liệu đất đai của huyện"), Some.Task(2, content: "Đào tạo kỹ năng số cho cán bộ")]));
        var register = platform.As<TaskRegister>(Officer);
        foreach (var (text, number) in new[] { ("đất đai", "1"), ("dat dai", "1"), ("KY NANG", "2"), ("can bo dao tao", "2") })
        {
            var page = (await register.PageAsync(new TaskFilter { Text = text }, 1, TaskSort.Document, false, Cancellation)).Expect();
            Assert.Equal([number], page.Lines.Select(l => l.Number));
        }
    }

    [Fact]
    public async Task My_work_shows_what_is_late_due_and_waiting_and_a_write_is_seen_at_once()
    {
        await using var platform = await StartAsync();
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 11, 1)), Some.Task(2, deadline: On(2026, 11, 27)), Some.Task(3, deadline: On(2027, 3, 1))], issuedOn: new DateOnly(2026, 10, 1)));
        var science = Focal(FakeOrgUnits.Science);
        var mine = (await platform.As<MyWork>(science).HandleAsync(Cancellation)).Expect();
        Assert.Equal(["1"], mine.Overdue.Select(l => l.Number));
        Assert.Equal(["2"], mine.DueSoon.Select(l => l.Number));
        Assert.Equal(mine.Assigned, mine.Shares.Sum(s => s.Parts));
        foreach (var share in mine.Shares) Assert.Equal(share.Parts, (await platform.As<UnitTasks>(science).PageAsync(FakeOrgUnits.Science, AssignmentRole.Lead, share.Group, 1, Cancellation)).Expect().Total);

        await platform.As<ReportProgress>(science).HandleAsync(Report((await platform.TaskNumber(plan, 1)).Lead), Cancellation);
        var reviewer = (await platform.As<MyWork>(Officer).HandleAsync(Cancellation)).Expect();
        Assert.Equal(new DateOnly(2026, 11, 25), Assert.Single(reviewer.Reviews).Due);
        Assert.Equal(1, await platform.As<TaskQuery>(Officer).CountAsync(TaskFilter.All.With(TaskOverlay.AwaitsReview), TaskScope.Everything, Cancellation));
    }

    [Fact]
    public async Task The_chain_of_documents_is_a_graph_and_every_spelling_finds_one_record_T1_R_TSK_01()
    {
        await using var platform = await StartAsync();
        await platform.ConfirmedPlan(Plan([Some.Task(1)], number: "187/KH-UBND", bases: ["07-TB/CQTTBCĐ", "05-QĐ/TW"]));
        await platform.ConfirmedPlan(Plan([Some.Task(1)], number: "1215/TTg-KSTT", bases: ["05-QĐ/BCĐTW"]), bytes: "other");
        var find = platform.As<FindDirectives>(Officer);
        foreach (var spelling in new[] { "05-QĐ/TW", "05-QĐ/BCĐTW", "05-QĐ/BCHTW", "05-QB/BCDTW", "05 - QĐ/ TW" })
        {
            Assert.Equal("05-QĐ/BCĐTW", Assert.Single((await find.SearchAsync(spelling, Cancellation)).Expect()).Number);
        }

        var graph = (await find.GraphAsync(null, Cancellation)).Expect();
        Assert.Equal((4, 3), (graph.Nodes.Count, graph.Edges.Count));
        Assert.All(graph.Edges, e => Assert.True(graph.Nodes.Single(n => n.Id == e.Child).Level > graph.Nodes.Single(n => n.Id == e.Parent).Level));
    }
}
