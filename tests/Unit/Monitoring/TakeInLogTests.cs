using System.Text;
using LienThong.Gateway.Log;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Unit.Exchange;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Monitoring;

/// <summary>Entries of a node reach the control plane exactly once, and a log that is wrong is found (issue C, T39, T40, R-MON-01).</summary>
public sealed class TakeInLogTests : IAsyncLifetime
{
    private TestPlatform _platform = null!;
    private NodeLog _log = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opening_and_closing_become_one_call_and_a_second_look_adds_nothing()
    {
        var id = await _log.CallAsync(milliseconds: 42);
        await _log.RefuseAsync("quota_exceeded");
        Assert.Equal(3, await _log.TakenInAsync());
        Assert.Equal(0, await _log.TakenInAsync());

        var calls = await CallsAsync();
        Assert.Equal(2, calls.Count);
        var call = calls.Single(c => c.Call == id);
        Assert.Equal((CallEnd.Success, 0L, 1L, 42, 1_000L), (call.End, call.Entry, call.Closing!.Value, call.Milliseconds, call.ResponseBytes));
        Assert.Equal((CallEnd.Policy, "quota_exceeded"), (calls.Single(c => c.Call != id).End, calls.Single(c => c.Call != id).Fault));
        Assert.Equal(2, await SumAsync());
    }

    [Fact]
    public async Task A_short_reading_is_one_entry_and_one_call()
    {
        var open = await _log.Calls.OpenAsync(_log.Opening() with { Method = "GET" });
        await _log.CloseAsync(open);
        Assert.Equal(1, await _log.TakenInAsync());
        var call = Assert.Single(await CallsAsync());
        Assert.Equal((CallEnd.Success, 0L, null, open.Opening.CallId), (call.End, call.Entry, call.Closing, call.Call));
        Assert.Equal((1L, 1L), (await SumAsync(), await SumAsync(CallEnd.Success)));
    }

    [Fact]
    public async Task A_kind_of_entry_nobody_knows_stops_the_log_rather_than_being_passed_over()
    {
        await _log.CallAsync();
        await _log.AppendAsync(1, i => Entry("moved", i, _platform.Clock.GetUtcNow()));
        await _log.TakenInAsync();
        Assert.Equal((LogFault.Unreadable, "entry 2"), ((await _log.NodeAsync()).Fault!.Value, (await _log.NodeAsync()).FaultWhere));
    }

    [Fact]
    public async Task A_call_that_is_closed_later_moves_its_sum_and_one_that_is_never_closed_is_no_success()
    {
        var open = await _log.Calls.OpenAsync(_log.Opening());
        await _log.Calls.OpenAsync(_log.Opening());
        await _log.TakenInAsync();
        Assert.Equal(2, await SumAsync(CallEnd.Open));

        await _log.CloseAsync(open);
        await _log.TakenInAsync();
        Assert.Equal((1L, 1L, 2L), (await SumAsync(CallEnd.Open), await SumAsync(CallEnd.Success), await SumAsync()));
        Assert.Single(await CallsAsync(), c => c.End is CallEnd.Open);
    }

    [Fact]
    public async Task Kills_at_every_step_and_two_control_planes_at_once_neither_lose_nor_double_a_call()
    {
        // One plane dies before or after each third save, before it commits; the other works beside it; the log grows meanwhile.
        var dying = new DyingDatabases(_platform.Databases);
        TakeInLog Plane(IDbContextFactory<PlatformDb> databases) =>
            new(databases, _platform.Services.GetRequiredService<LogSources>(), _platform.Services.GetRequiredService<Alarms>(), _platform.Clock, NullLogger<TakeInLog>.Instance);
        await _log.CallAsync();
        await _log.Sealed.SealAsync();
        var node = (await _platform.Services.GetRequiredService<FindOwnNodes>().HandleAsync(Cancellation)).Single();
        using var written = new CancellationTokenSource();

        async Task TakeAsync(TakeInLog plane)
        {
            while (true)
            {
                var isLast = written.IsCancellationRequested;
                try
                {
                    if (await plane.HandleAsync(node, Cancellation) is { Waits: false, Taken: 0 } && isLast) return;
                }
                catch (KilledException) { }   // Begins again, as after a start.

                await Task.Yield();
            }
        }

        var planes = new[] { Task.Run(() => TakeAsync(Plane(dying)), Cancellation), Task.Run(() => TakeAsync(Plane(_platform.Databases)), Cancellation) };
        for (var i = 1; i < 600; i++)
        {
            if (i % 3 == 0) await _log.RefuseAsync("quota_exceeded");
            else await _log.CallAsync();
            if (i % 100 == 0) await _log.Sealed.SealAsync();
        }

        await _log.Sealed.SealAsync();
        await written.CancelAsync();
        await Task.WhenAll(planes);
        await _log.TakenInAsync();

        var calls = await CallsAsync();
        Assert.Equal(600, calls.Count);
        Assert.Equal(600, calls.Select(c => c.Call).Distinct().Count());
        Assert.Equal((401L, 199L, 0L), (await SumAsync(CallEnd.Success), await SumAsync(CallEnd.Policy), await SumAsync(CallEnd.Open)));
        Assert.Equal(_log.Sealed.SealedSize, (await _log.NodeAsync()).Pulled);
        Assert.True(dying.Killed > 0);
    }

    [Fact]
    [Trait("engine", "either")]
    public async Task A_control_plane_that_was_away_for_days_takes_everything_in_by_bounded_steps()
    {
        for (var day = 0; day < 3; day++)
        {
            await _log.AppendAsync(6_000, i => Entry("refused", i, _platform.Clock.GetUtcNow()));
            _platform.Clock.Advance(TimeSpan.FromDays(1));
        }

        var node = (await _platform.Services.GetRequiredService<FindOwnNodes>().HandleAsync(Cancellation)).Single();
        var first = await _platform.Services.GetRequiredService<TakeInLog>().HandleAsync(node, Cancellation);
        Assert.Equal((18_000L, false), (first.Taken, first.Waits));
        await _log.AppendAsync(36_000, i => Entry("refused", i, _platform.Clock.GetUtcNow()));
        var second = await _platform.Services.GetRequiredService<TakeInLog>().HandleAsync(node, Cancellation);
        Assert.True(second.Waits);
        Assert.InRange(second.Taken, 30_000, 35_999);
        Assert.Equal(36_000 - second.Taken, (await _log.NodeAsync()).Behind);
        Assert.Equal(36_000 - second.Taken, await NodeLog.TakeInAsync(_platform));
        Assert.Equal(54_000, await SumAsync());
    }

    [Theory]
    [InlineData("entry")]
    [InlineData("hash")]
    [InlineData("rollback")]
    [InlineData("fork")]
    [InlineData("signature")]
    [InlineData("gone")]
    public async Task A_log_that_is_wrong_is_taken_no_further_with_an_alert_that_names_the_place(string attack)
    {
        for (var i = 0; i < 200; i++) await _log.CallAsync();
        await _log.TakenInAsync();
        var old = Directory.CreateTempSubdirectory("lienthong-old-").FullName;
        Copy(_log.Folder, old);
        for (var i = 0; i < 100; i++) await _log.CallAsync();
        await _log.Sealed.SealAsync();
        if (attack is "rollback") await _log.TakenInAsync();
        await _log.CloseAsync();
        switch (attack)
        {
            case "entry": Flip(Directory.EnumerateFiles(Path.Combine(_log.Public, "tile", "entries"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last(), 100); break;
            case "hash": Flip(Path.Combine(_log.Public, "tile", "1", "000.p", "2"), 40); break;
            case "signature": File.WriteAllText(Path.Combine(_log.Public, "checkpoint"), File.ReadAllText(Path.Combine(_log.Public, "checkpoint")).Replace("\n600\n", "\n601\n", StringComparison.Ordinal)); break;
            case "gone": Directory.Delete(_log.Public, recursive: true); break;
            case "rollback":
                Directory.Delete(_log.Folder, recursive: true);
                Copy(old, _log.Folder);
                break;
            default:
                await ForkAsync();
                break;
        }

        var before = (await CallsAsync()).Count;
        await NodeLog.TakeInAsync(_platform);
        var node = await _log.NodeAsync();
        Assert.NotNull(node.StoppedAt);
        Assert.Equal(before, (await CallsAsync()).Count);
        Assert.Equal(
            attack switch { "entry" => LogFault.Hash, "hash" => node.Fault!.Value, "signature" => LogFault.Signature, "gone" => LogFault.Missing, _ => LogFault.Inconsistent }, node.Fault);
        await using var db = await _platform.OpenAsync();
        var alert = await db.Set<Alert>().SingleAsync(a => a.OpenKey != null, Cancellation);
        Assert.Equal((AlertKind.LogWrong, _log.Origin), (alert.Kind, alert.Subject));
        Assert.Contains(node.FaultWhere!, alert.Finding, StringComparison.Ordinal);
        Assert.Single(await db.Outbox.Where(m => m.Kind == "AlertRaised").ToListAsync(Cancellation));

        // Nobody heals it by pressing a button: it stops again, and until somebody presses it nothing is even read.
        var resumed = await _platform.As<KeepNodes>(ExchangeWorld.Admin).ResumeAsync(node.Number, "Đã xem tại chỗ", Cancellation);
        Assert.True(resumed.IsGranted(out _, out _));
        await NodeLog.TakeInAsync(_platform);
        Assert.NotNull((await _log.NodeAsync()).StoppedAt);
        Directory.Delete(old, recursive: true);
    }

    [Fact]
    public async Task Another_log_in_its_place_stops_the_one_that_was_there_and_is_taken_in_itself()
    {
        await _log.CallAsync();
        await _log.TakenInAsync();
        await _log.CloseAsync();
        Directory.Delete(_log.Folder, recursive: true);
        await using var other = NodeLog.Open(_platform, "gateway");
        await other.CallAsync();
        Assert.Equal(0, await other.TakenInAsync());   // The same name with another key: nobody vouched for it.
        Assert.Equal(LogFault.Signature, (await other.NodeAsync()).Fault);
    }

    [Fact]
    public async Task Names_that_refused_callers_invent_do_not_fill_the_table()
    {
        var at = _platform.Clock.GetUtcNow();
        await _log.AppendAsync(CallLine.InventedMax + 500, i => Entry("refused", i, at, service: "VN-QNG/GOV/X/Y/khong-co-" + i, agreement: ""));
        await _log.TakenInAsync();
        await using var db = await _platform.OpenAsync();
        Assert.Equal(CallLine.InventedMax + 1, await db.Set<CallLine>().CountAsync(Cancellation));
        Assert.Equal(CallLine.InventedMax + 500, await SumAsync());
    }

    [Fact]
    public async Task Raw_calls_end_with_their_term_and_their_sums_stay()
    {
        await _log.CallAsync();
        await _log.TakenInAsync();
        var remove = _platform.Services.GetRequiredService<RemoveOldCalls>();
        Assert.Equal(0, await remove.HandleAsync(Cancellation));
        _platform.Clock.Advance(TimeSpan.FromDays(401));
        Assert.Equal(1, await remove.HandleAsync(Cancellation));
        Assert.Empty(await CallsAsync());
        Assert.Equal(1, await SumAsync(CallEnd.Success));
    }

    [Fact]
    public async Task A_node_is_registered_by_its_key_once_and_only_by_who_keeps_nodes()
    {
        var key = File.ReadAllText(Path.Combine(_log.Public, "key"));
        KeepNodes.Request Node(string place, string? other = null) => new() { Key = other ?? key, Place = place };
        Assert.Equal("monitoring.not-allowed", (await _platform.As<KeepNodes>(ExchangeWorld.LandHead).HandleAsync(Node("http://127.0.0.1:1/"), Cancellation)).Refusal!.Code);
        Assert.Equal("monitoring.node.place", (await _platform.As<KeepNodes>(ExchangeWorld.Admin).HandleAsync(Node("/etc"), Cancellation)).Refusal!.Code);
        Assert.Equal("monitoring.node.key", (await _platform.As<KeepNodes>(ExchangeWorld.Admin).HandleAsync(Node("http://127.0.0.1:1/", "x"), Cancellation)).Refusal!.Code);
        var number = (await _platform.As<KeepNodes>(ExchangeWorld.Admin).HandleAsync(Node("http://127.0.0.1:1/"), Cancellation)).Expect();
        Assert.Equal("monitoring.node.known", (await _platform.As<KeepNodes>(ExchangeWorld.Admin).HandleAsync(Node("http://127.0.0.1:1/"), Cancellation)).Refusal!.Code);

        // Nobody answers there: away, not wrong; an alert only after the term.
        var take = _platform.Services.GetRequiredService<TakeInLog>();
        await take.HandleAsync(number, Cancellation);
        Assert.NotNull((await _log.NodeAsync()).AwaySince);
        await using var db = await _platform.OpenAsync();
        Assert.Empty(await db.Set<Alert>().ToListAsync(Cancellation));
        _platform.Clock.Advance(TakeInLog.AwayTerm);
        await take.HandleAsync(number, Cancellation);
        Assert.Equal(AlertKind.LogAway, (await db.Set<Alert>().SingleAsync(Cancellation)).Kind);
    }

    private async Task ForkAsync()
    {
        // As whoever holds the key and the disk would do it: another log of that name, other entries, as long as the first.
        Directory.Delete(_log.Folder, recursive: true);
        _log.Reopen();
        for (var i = 0; i < 400; i++) await _log.RefuseAsync("access_denied");
        await _log.CloseAsync();
    }

    private static byte[] Entry(string kind, int i, DateTimeOffset at, string service = NodeLog.Service, string agreement = "TT-2026-00001") => Encoding.UTF8.GetBytes(
        $$"""{"v":1,"kind":"{{kind}}","call":"{{new Guid(i, 1, 2, [0, 0, 0, 0, 0, 0, 0, 0])}}","at":"{{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}}","consumer":"{{NodeLog.Consumer}}","provider":"{{NodeLog.Provider}}","service":"{{service}}","version":"1.0.0","agreement":"{{agreement}}","method":"GET","outcome":"policy","fault":"access_denied","status":403,"requestBytes":0,"responseBytes":0,"ms":1}""");

    private async Task<List<CallRecord>> CallsAsync()
    {
        await using var db = await _platform.OpenAsync();
        return await db.Set<CallRecord>().AsNoTracking().ToListAsync(Cancellation);
    }

    private async Task<long> SumAsync(CallEnd? end = null)
    {
        await using var db = await _platform.OpenAsync();
        return await db.Set<CallHour>().Where(h => end == null || h.End == end).SumAsync(h => h.Calls, Cancellation);
    }

    private static void Flip(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    public async ValueTask InitializeAsync()
    {
        _platform = await ExchangeWorld.StartAsync();
        _log = NodeLog.Open(_platform);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private sealed class KilledException : Exception;

    /// <summary>A database whose user dies at every third save: before it, or after it and before the commit.</summary>
    private sealed class DyingDatabases(IDbContextFactory<PlatformDb> databases) : IDbContextFactory<PlatformDb>
    {
        private int _saves;

        public int Killed { get; private set; }

        public PlatformDb CreateDbContext() => databases.CreateDbContext();

        public async Task<PlatformDb> CreateDbContextAsync(CancellationToken cancellationToken)
        {
            var db = await databases.CreateDbContextAsync(cancellationToken);
            db.SavingChanges += (_, _) => Die(0);
            db.SavedChanges += (_, _) => Die(1);
            return db;
        }

        private void Die(int when)
        {
            if (++_saves % 3 != when) return;
            Killed++;
            throw new KilledException();
        }
    }
}
