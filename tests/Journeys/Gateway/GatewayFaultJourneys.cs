using System.Diagnostics;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// The gateway killed, its disk full, its disk failing, all under load (issue "What it must show", T05, T08, T09): no call that was answered is without
/// evidence, no key has two effects, the log always verifies, and what cannot be kept is not promised.
/// </summary>
public sealed class GatewayFaultJourneys
{
    /// <summary>Twenty in <c>./test</c>; <c>./bench faults</c> sets two hundred, and another sequence each time.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("LIENTHONG_KILLS"), out var set) ? set : 20;

    [Fact]
    public async Task Kills_of_gateway_control_plane_and_database_under_load_lose_no_evidence_double_nothing_and_never_break_the_log()
    {
        await using var database = await OwnPostgres.StartAsync();
        await using var control = await RunningApp.StartAsync("serve", ["--no-gateway", "--local", "--db", database.Connection]);
        await using var gateway = await LoadedGateway.PrepareAsync(Path.Combine(control.DataFolder, "log", "gateway-1"));
        await gateway.StartAsync();
        using var stop = new CancellationTokenSource();
        var load = gateway.LoadAsync(12, stop.Token);
        var dice = new Random(Kills == 20 ? 20 : System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue));
        var killed = new int[3];
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(dice.Next(50, 350));
            var victim = kill < 3 ? kill : dice.Next(10) switch { < 5 => 0, < 7 => 1, _ => 2 };
            killed[victim]++;
            switch (victim)
            {
                case 0:
                    await gateway.KillAsync();
                    await gateway.StartAsync();
                    break;
                case 1:
                    await control.KillAsync();
                    await control.StartAgainAsync();
                    break;
                default:
                    await database.KillAsync();
                    await database.StartAgainAsync();
                    break;
            }
        }

        await Task.Delay(300);
        await stop.CancelAsync();
        await load;
        await gateway.StopAsync();
        Assert.True(gateway.Acknowledged > Kills * 10, $"{gateway.Acknowledged} calls were answered");
        var found = await gateway.CheckAsync();

        // The control plane catches up by itself and has each call once, in its rows and in its sums.
        Npgsql.NpgsqlConnection.ClearAllPools();
        var begun = Stopwatch.StartNew();
        while (await database.AskAsync("SELECT coalesce(max(pulled), 0) FROM monitoring_node") < found.Checkpoint.Size)
        {
            Assert.True(begun.Elapsed < TimeSpan.FromMinutes(2), $"The log has {found.Checkpoint.Size} entries; not all were taken in.\n{control.Said}");
            await Task.Delay(200);
        }

        Assert.Equal(gateway.Calls, await database.AskAsync("SELECT count(*) FROM monitoring_call"));
        Assert.Equal(gateway.Calls, await database.AskAsync("SELECT sum(calls) FROM monitoring_hour"));
        Assert.Equal(await database.AskAsync("SELECT count(*) FROM monitoring_call WHERE \"end\" = 'Success'"), await database.AskAsync("SELECT sum(calls) FROM monitoring_hour WHERE \"end\" = 'Success'"));
        Assert.Equal(0, await database.AskAsync("SELECT count(*) FROM monitoring_node WHERE fault IS NOT NULL"));
        var (code, output, error) = await RunningApp.RunToEndAsync(["log", "audit", "--data", control.DataFolder, "--db", database.Connection]);
        Assert.True(code == 0, output + error);
        TestContext.Current.SendDiagnosticMessage($"killed: gateway {killed[0]}, control plane {killed[1]}, database {killed[2]}; {gateway.Acknowledged} calls answered, {gateway.Calls} in the log and in the database");
    }

    [Fact]
    public async Task A_full_disk_stops_promises_says_so_and_ends_with_the_fullness()
    {
        await using var gateway = await LoadedGateway.PrepareAsync();
        Directory.CreateDirectory(gateway.LogFolder);

        // A disk of its own, seen by the gateway alone; the test reaches it through the process.
        await gateway.StartAsync("unshare", "-m", "sh", "-c", $"mount -t tmpfs -o size=72m none {gateway.LogFolder} && exec \"$@\"", "sh");
        var disk = $"/proc/{gateway.ProcessId}/root{gateway.LogFolder}";
        using var stop = new CancellationTokenSource();
        var load = gateway.LoadAsync(6, stop.Token);
        await UntilAsync(() => gateway.Acknowledged > 300, "calls are answered");

        Fill(Path.Combine(disk, "filler"));
        await UntilAsync(() => gateway.Refused.GetValueOrDefault("503 True") > 20, "calls are refused with a time to come back");
        var before = gateway.Acknowledged;
        await Task.Delay(1_000);
        Assert.InRange(gateway.Acknowledged - before, 0, 3);

        File.Delete(Path.Combine(disk, "filler"));
        await UntilAsync(() => gateway.Acknowledged > before + 300, "calls are answered again by themselves");
        await stop.CancelAsync();
        await load;

        // The disk goes with the process: what is on it is looked at before.
        var copy = gateway.LogFolder + "-copy";
        await Task.Delay(2_500);
        using (var cp = Process.Start("cp", ["-r", disk, copy])) await cp.WaitForExitAsync();
        await gateway.CheckAsync(copy);
    }

    [Fact]
    public async Task A_disk_that_fails_to_flush_stops_promises_and_nothing_promised_is_lost_when_it_works_again()
    {
        await using var gateway = await LoadedGateway.PrepareAsync();
        var inject = new[] { "strace", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=150..156" };
        await gateway.StartAsync(inject);
        using var stop = new CancellationTokenSource();
        var load = gateway.LoadAsync(6, stop.Token);
        await UntilAsync(() => gateway.Refused.GetValueOrDefault("503 True") > 3, "the failure is told to callers");
        var then = gateway.Acknowledged;
        await UntilAsync(() => gateway.Acknowledged > then + 300, "calls are answered again by themselves");
        await gateway.KillAsync();
        await stop.CancelAsync();
        await load;
        await gateway.StartAsync();   // Also what the failed flush left behind is read back rightly.
        await gateway.CallAsync("last", writes: true);
        await gateway.StopAsync();
        await gateway.CheckAsync();
    }

    private static void Fill(string file)
    {
        using var filler = File.Create(file);
        var bytes = new byte[64 * 1024];
        try
        {
            while (true)
            {
                filler.Write(bytes);
                filler.Flush();
            }
        }
        catch (IOException) { }   // Full.
    }

    private static async Task UntilAsync(Func<bool> reached, string what)
    {
        var begun = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(begun.Elapsed < TimeSpan.FromSeconds(45), $"Not reached: {what}.");
            await Task.Delay(20);
        }
    }
}
