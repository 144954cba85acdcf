using System.Net;
using LienThong.Kernel;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared.Parameters;
using LienThong.Unit.Exchange;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Unit.Monitoring;

/// <summary>Health of services: a stop is an alert within two intervals, and downtime in the month's uptime (R-MON-05).</summary>
public sealed class ProbeTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private TestPlatform _platform = null!;
    private WebApplication? _system;
    private DataServiceId _service;
    private int _status = 404;   // A healthy system that knows no such path.

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_system_that_stops_is_an_alert_at_the_next_probe_and_downtime_until_it_answers_again()
    {
        await RoundsAsync(10);
        Assert.Empty(await AlertsAsync());
        await _system!.StopAsync(Cancellation);
        await RoundsAsync(1);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal((AlertKind.ServiceDown, "dat-dai/thua-dat", "refused"), (alert.Kind, alert.Subject, alert.Finding));
        await RoundsAsync(4);
        Assert.Single(await AlertsAsync());
        var down = await UptimeAsync();
        Assert.NotNull(down.DownSince);

        await StartSystemAsync();
        await RoundsAsync(5);
        Assert.NotNull((await AlertsAsync()).Single().ClearedAt);
        var uptime = await UptimeAsync();
        Assert.Null(uptime.DownSince);

        // Found down at the 11th probe, up again at the 16th: five intervals of the nineteen between the first probe and the last.
        Assert.Equal(5 * Interval, uptime.Down);
        Assert.Equal(14m / 19m, uptime.Share!.Value, 10);
    }

    [Fact]
    public async Task An_answer_of_a_fault_is_down_and_time_without_probes_is_neither()
    {
        await RoundsAsync(3);
        _status = 503;
        await RoundsAsync(1);
        Assert.Equal("status", Assert.Single(await AlertsAsync()).Finding);
        _status = 200;
        await RoundsAsync(1);
        _platform.Clock.Advance(TimeSpan.FromHours(5));   // The control plane was away.
        await RoundsAsync(2);
        var uptime = await UptimeAsync();
        Assert.Equal((Interval, 4), (uptime.Down, uptime.Stretches.Count));
        Assert.Equal(0.8m, uptime.Share!.Value, 10);   // Up from the first to the fourth probe and between the last two; down for one interval; the five hours are nobody's.
    }

    [Fact]
    public async Task Of_two_control_planes_one_does_the_round()
    {
        var probes = _platform.Services.GetRequiredService<ProbeServices>();
        Assert.True(await probes.TryAsync(Cancellation));
        Assert.False(await probes.TryAsync(Cancellation));
        _platform.Clock.Advance(Interval);
        var both = await Task.WhenAll(probes.TryAsync(Cancellation), probes.TryAsync(Cancellation));
        Assert.Single(both, done => done);
    }

    [Fact]
    public async Task An_alert_is_taken_up_by_a_person_and_ends_only_when_it_is_right_again()
    {
        await _system!.StopAsync(Cancellation);
        await RoundsAsync(1);
        var row = Assert.Single((await _platform.As<KeepAlerts>(ExchangeWorld.Admin).AllAsync(openOnly: true, Cancellation)).Expect());
        Assert.Equal("Tra cứu thửa đất (Sở Nông nghiệp và Môi trường)", row.Name);
        Assert.Equal("monitoring.not-allowed", (await _platform.As<KeepAlerts>(ExchangeWorld.Stranger).TakeUpAsync(row.Alert.Id, "x", Cancellation)).Refusal!.Code);
        Assert.Equal("monitoring.note.missing", (await _platform.As<KeepAlerts>(ExchangeWorld.Admin).TakeUpAsync(row.Alert.Id, " ", Cancellation)).Refusal!.Code);
        (await _platform.As<KeepAlerts>(ExchangeWorld.Admin).TakeUpAsync(row.Alert.Id, "Đã gọi phòng máy của Sở, VM-2026-00001", Cancellation)).Expect();
        Assert.Equal(1, await _platform.As<KeepAlerts>(ExchangeWorld.Admin).OpenAsync(Cancellation));
        await StartSystemAsync();
        await RoundsAsync(1);
        Assert.Equal(0, await _platform.As<KeepAlerts>(ExchangeWorld.Admin).OpenAsync(Cancellation));
        Assert.Equal("monitoring.alert.over", (await _platform.As<KeepAlerts>(ExchangeWorld.Admin).TakeUpAsync(row.Alert.Id, "muộn", Cancellation)).Refusal!.Code);
    }

    private async Task RoundsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _platform.Clock.Advance(Interval);
            await _platform.Services.GetRequiredService<ProbeServices>().HandleAsync(Cancellation);
        }
    }

    private async Task<List<Alert>> AlertsAsync()
    {
        await using var db = await _platform.OpenAsync();
        return await db.Set<Alert>().AsNoTracking().ToListAsync(Cancellation);
    }

    private async Task<ServiceUptime> UptimeAsync()
    {
        await using var db = await _platform.OpenAsync();
        var now = _platform.Clock.GetUtcNow();
        var terms = await MonitoringParameters.TodayAsync(_platform.Services.GetRequiredService<ParameterBook>(), Cancellation);
        return (await ServiceUptime.ReadAsync(db, Period.Month(now), now, terms, Cancellation))[_service];
    }

    private int _port;

    private async Task StartSystemAsync()
    {
        if (_system is not null) await _system.DisposeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, _port));
        _system = builder.Build();
        _system.Run(http =>
        {
            http.Response.StatusCode = _status;
            return Task.CompletedTask;
        });
        await _system.StartAsync(Cancellation);
        _port = new Uri(_system.Urls.First()).Port;
    }

    public async ValueTask InitializeAsync()
    {
        await StartSystemAsync();
        _platform = await ExchangeWorld.StartAsync();
        var provider = await _platform.SubsystemAsync(ExchangeWorld.LandHead, "dat-dai", ExchangeUnits.Land);
        _service = (await _platform.As<KeepServices>(ExchangeWorld.LandSteward).HandleAsync(ExchangeWorld.Service(provider) with { Upstreams = [$"http://127.0.0.1:{_port}/api"] }, Cancellation)).Expect();
        await _platform.PublishVersionAsync(_service, ExchangeWorld.OpenApi);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null) await _system.DisposeAsync();
        await _platform.DisposeAsync();
    }
}
