using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LienThong.Journeys;

/// <summary>
/// kill -9 in the middle of an import, a review and a period close, on both engines: all or nothing, and the job resumes. The process is the
/// real one; the moment of the kill walks through the work, and afterwards the database itself is asked.
/// </summary>
public sealed class KillJourneys(DemoData data)
{
    private const int Rows = 120;

    /// <summary>Shares of the time the work takes undisturbed. PostgreSQL is killed under half as often: the moments differ there by chance anyway.</summary>
    private static double[] MomentsOf(RunningApp app) => app.Database is null ? [0.3, 0.75] : [0.5];

    public static TheoryData<bool> Engines => RunningApp.HasPostgres ? new(false, true) : new(false);

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Whatever_is_killed_is_done_wholly_or_not_at_all(bool postgres)
    {
        // On PostgreSQL the demo seeds its own database; on SQLite a copy of what it would make is as good.
        var folder = postgres ? null : await data.CopyAsync();
        try
        {
            await using var app = await RunningApp.StartAsync("demo", dataFolder: folder, postgres: postgres);
            await KilledAtEachDeedAsync(app);
        }
        finally
        {
            if (folder is not null) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task KilledAtEachDeedAsync(RunningApp app)
    {
        await KilledWhileReadingAFileAsync(app);
        await KilledWhileConfirmingAnImportAsync(app);
        await KilledWhileReviewingAsync(app);
        await KilledWhileClosingAPeriodAsync(app);
        await FactsMatchEventsAsync(app);
    }

    private static async Task KilledWhileReadingAFileAsync(RunningApp app)
    {
        using (var officer = await OfficerAsync(app))
        {
            await officer.OpenAsync("/nhiem-vu/nhap");
            await UploadAsync(officer, 901);
            await app.KillAsync();
        }

        await app.StartAgainAsync();
        using var again = await OfficerAsync(app);
        await UntilAsync(async () => (await LatestImportAsync(app))?.IsRead is true, app, "The reading job did not resume.");
        Assert.Contains("ke-hoach-901.txt", await again.OpenAsync("/nhiem-vu/nhap"), StringComparison.Ordinal);
    }

    private static async Task KilledWhileConfirmingAnImportAsync(RunningApp app)
    {
        // Once undisturbed, to know how long it takes.
        var calm = System.Diagnostics.Stopwatch.StartNew();
        using (var officer = await OfficerAsync(app))
        {
            var import = await UploadAndReadAsync(app, officer, 910);
            calm.Restart();
            await ConfirmAsync(officer, import);
        }

        var whole = calm.Elapsed;
        Assert.Equal(Rows, await TasksOfAsync(app, "910/KH-UBND"));

        var number = 911;
        foreach (var moment in MomentsOf(app))
        {
            using (var officer = await OfficerAsync(app))
            {
                var import = await UploadAndReadAsync(app, officer, number);
                await officer.OpenAsync($"/nhiem-vu/nhap/{import}/xac-nhan");
                var sending = officer.SendAsync("value=\"confirm\"", Confirmed);
                await Task.Delay(whole * moment);
                await app.KillAsync();
                await EndedAsync(sending);
            }

            await app.StartAgainAsync();
            var tasks = await TasksOfAsync(app, $"{number}/KH-UBND");
            Assert.True(tasks is 0 or Rows, $"Killed at {moment:P0} of a confirmation, {tasks} of {Rows} tasks were left.");

            // Whoever tries again ends with the plan once.
            using var again = await OfficerAsync(app);
            if (tasks == 0)
            {
                var latest = await LatestImportAsync(app);
                await ConfirmAsync(again, latest!.Value.Id.ToString());
            }

            Assert.Equal(Rows, await TasksOfAsync(app, $"{number}/KH-UBND"));
            number++;
        }
    }

    private static async Task KilledWhileReviewingAsync(RunningApp app)
    {
        foreach (var moment in MomentsOf(app))
        {
            var pending = await PendingReportAsync(app);
            if (pending is not { } report) return;   // The demo's reports are used up; at least one must have been there.
            using (var officer = await OfficerAsync(app))
            {
                await officer.OpenAsync($"/nhiem-vu/bao-cao/{report}/tham-tra");
                var sending = officer.SendAsync("value=\"review\"", new() { ["ket-luan"] = "Return", ["ly-do"] = "Bổ sung biên bản nghiệm thu." });
                await Task.Delay(TimeSpan.FromMilliseconds(60 * moment));
                await app.KillAsync();
                await EndedAsync(sending);
            }

            await app.StartAgainAsync();
            await using var db = Open(app);
            var after = await db.ProgressReports.AsNoTracking().SingleAsync(r => r.Id == report);
            var said = await db.TaskEvents.AsNoTracking().CountAsync(e => e.Task == after.Task && e.Kind == TaskEventKind.ReportReturned && e.Subject == report.Value);
            Assert.Equal(after.DecidedAt is null ? 0 : 1, said);
        }
    }

    private static async Task KilledWhileClosingAPeriodAsync(RunningApp app)
    {
        const string period = "2026-H1";
        using (var officer = await OfficerAsync(app))
        {
            await officer.OpenAsync("/chot-ky");
            var sending = officer.SendAsync("name=\"Other\"", new() { ["Other"] = period });
            await Task.Delay(40);
            await app.KillAsync();
            await EndedAsync(sending);
        }

        await app.StartAgainAsync();
        await using (var db = Open(app))
        {
            if (!await db.Jobs.AnyAsync(j => j.Key == ClosePeriod.JobKind + ":" + period) && !await db.PeriodCloses.AnyAsync(p => p.Period == period))
            {
                // The order itself was lost with the connection: the person saw no answer and orders again.
                using var officer = await OfficerAsync(app);
                await officer.OpenAsync("/chot-ky");
                await officer.SendAsync("name=\"Other\"", new() { ["Other"] = period });
                await app.KillAsync();
                await app.StartAgainAsync();
            }
        }

        await UntilAsync(async () => { await using var db = Open(app); return await db.PeriodCloses.AnyAsync(p => p.Period == period); }, app, "The period was not closed after the kill.");
        await using var after = Open(app);
        Assert.Equal(1, await after.PeriodCloses.CountAsync(p => p.Period == period));
        using var reader = await OfficerAsync(app);
        Assert.Contains((await after.PeriodCloses.AsNoTracking().SingleAsync(p => p.Period == period)).Digest, await reader.OpenAsync("/chot-ky/" + period), StringComparison.Ordinal);
    }

    /// <summary>After all kills the projections still are what the events say (R-TSK-05).</summary>
    private static async Task FactsMatchEventsAsync(RunningApp app)
    {
        await using var db = Open(app);
        var numbers = await db.TaskEvents.AsNoTracking().OrderBy(e => e.Number).Select(e => e.Number).ToListAsync();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        foreach (var task in await db.Tasks.AsNoTracking().Where(t => t.IsIssued).ToListAsync())
        {
            var events = await db.TaskEvents.AsNoTracking().Where(e => e.Task == task.Id).OrderBy(e => e.Number).ToListAsync();
            var (rebuilt, _) = FactsFold.Rebuild(events, DateTimeOffset.MaxValue);
            Assert.True(task.SameFactsAs(rebuilt), $"Task {task.Number} “{task.Content[..Math.Min(60, task.Content.Length)]}” differs from its events.");
        }
    }

    private static Dictionary<string, string> Confirmed => new() { ["nhan-het"] = "1" };

    private static async Task<Visitor> OfficerAsync(RunningApp app)
    {
        var officer = new Visitor(app);
        await officer.SignInAsync("Cơ quan thường trực");
        return officer;
    }

    private static async Task UploadAsync(Visitor officer, int number) =>
        await officer.SendAsync("name=\"tep\"", new() { ["khong-mat"] = "1" }, ("tep", $"ke-hoach-{number}.txt", Encoding.UTF8.GetBytes(PlanText(number))));

    private static async Task<string> UploadAndReadAsync(RunningApp app, Visitor officer, int number)
    {
        await officer.OpenAsync("/nhiem-vu/nhap");
        await UploadAsync(officer, number);
        await UntilAsync(async () => await LatestImportAsync(app) is { IsRead: true, Name: var name } && name.Contains(number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), app, "The file was not read.");
        return (await LatestImportAsync(app))!.Value.Id.ToString();
    }

    private static async Task ConfirmAsync(Visitor officer, string import)
    {
        await officer.OpenAsync($"/nhiem-vu/nhap/{import}/xac-nhan");
        await officer.SendAsync("value=\"confirm\"", Confirmed);
        Assert.Contains("/ke-hoach/", officer.Address.AbsolutePath, StringComparison.Ordinal);
    }

    private static async Task<(ImportId Id, bool IsRead, string Name)?> LatestImportAsync(RunningApp app)
    {
        await using var db = Open(app);
        var latest = await db.PlanImports.AsNoTracking().OrderByDescending(i => i.Id).FirstOrDefaultAsync();
        return latest is null ? null : (latest.Id, latest.ReadAt is not null, latest.FileName);
    }

    private static async Task<int> TasksOfAsync(RunningApp app, string plan)
    {
        await using var db = Open(app);
        return await (from t in db.Tasks join p in db.Plans on t.Plan equals p.Id where p.Name == plan select t.Id).CountAsync();
    }

    private static async Task<ReportId?> PendingReportAsync(RunningApp app)
    {
        await using var db = Open(app);
        return await db.ProgressReports.AsNoTracking().Where(r => r.SubmittedAt != null && r.DecidedAt == null && !r.IsNil).OrderBy(r => r.SubmittedAt).Select(r => (ReportId?)r.Id).FirstOrDefaultAsync();
    }

    private static async Task EndedAsync(Task sending)
    {
        try { await sending; }
        catch (HttpRequestException) { /* The server died under it; that is the test. */ }
        catch (TaskCanceledException) { /* Likewise. */ }
        catch (IOException) { /* Likewise. */ }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, RunningApp app, string otherwise)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await holds()) return;
            await Task.Delay(100);
        }

        Assert.Fail(otherwise + "\n" + app.Said);
    }

    private static PlatformDb Open(RunningApp app)
    {
        var options = new DbContextOptionsBuilder<PlatformDb>();
        new StorageOptions(app.DataFolder, app.Database).Configure(options);
        return new PlatformDb(options.Options);
    }

    /// <summary>An appendix as a text dump of a table, long enough that a confirmation takes a while.</summary>
    private static string PlanText(int number)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI\nSố: {number}/KH-UBND\n\tQuảng Ngãi, ngày 05 tháng 11 năm 2026\n\nKẾ HOẠCH\nThử độ bền khi nhập lần {number}\n\n");
        text.Append("PHỤ LỤC\nPHÂN CÔNG NHIỆM VỤ\n\n\tSTT\n\tNội dung nhiệm vụ\n\tCơ quan chủ trì\n\tCơ quan phối hợp\n\tThời hạn hoàn thành\n\tSản phẩm\n\n");
        string[] leads = ["Sở Khoa học và Công nghệ", "Sở Tài chính", "Sở Nội vụ", "Công an tỉnh", "Sở Tư pháp"];
        for (var row = 1; row <= Rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t{row}\n\tRà soát, hoàn thiện phần việc thứ {row} của kế hoạch số {number}.\n\t{leads[row % leads.Length]}\n\t{leads[(row + 1) % leads.Length]}\n\t{(row % 27) + 1:00}/12/2026\n\tBáo cáo kết quả\n\n");
        }

        return text.ToString();
    }
}
