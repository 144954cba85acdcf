using System.Diagnostics;
using System.Net;
using LienThong.Gateway.Simulation;
using LienThong.Platform.Demo;
using LienThong.Platform.Storage;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>Issue 3 E, E3: the demo's systems talk through the gateway by themselves, nobody passes it by, and a stop on a page closes the connection within five seconds.</summary>
public sealed class DemoExchangeJourneys(DemoData data)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traffic_flows_by_itself_and_a_stop_on_the_page_closes_it_within_five_seconds_R_SHR_05()
    {
        var folder = await data.CopyAsync();
        try
        {
            var gateway = $"127.0.0.1:{RunningApp.FreePort()}";
            await using var app = await RunningApp.StartAsync("demo", ["--gateway", gateway], folder);
            using var http = new HttpClient();
            await Waiting.UntilAsync(async () => (await http.GetStringAsync(new Uri(app.Address, "health/ready"))).Contains("gateway: ok", StringComparison.Ordinal), "The gateway is not ready.");
            await Waiting.UntilAsync(async () => System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{gateway}/health/ready"))).RootElement.GetProperty("calls").GetInt64() > 3, "No calls flow.");

            var storage = new StorageOptions(folder, null);
            var systems = await new DemoSystems(storage, TimeProvider.System).FindAsync(Cancellation);
            var land = systems.Single(s => s.Code == "dat-dai").Service!;
            var parcel = "/thua-dat/" + LandSystem.Code(1, 2, 3);
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri(land.Address!, parcel))).StatusCode);

            using var key = DemoSystems.Key(storage, "mot-cua");
            using var client = new SimulatedClient(systems.Single(s => s.Code == "mot-cua").Identifier, key, new Uri($"http://{gateway}"), $"http://{gateway}", TimeProvider.System);
            Task<HttpStatusCode> AskAsync(bool isRoad = false) => client.CallAsync(HttpMethod.Get, (isRoad ? "/r1/" + land.Identifier : "/" + land.Path) + parcel, null, isRoad, Cancellation);
            await Waiting.UntilAsync(async () => await AskAsync() is HttpStatusCode.OK && await AskAsync(isRoad: true) is HttpStatusCode.OK, "An agreed call is not carried.");

            using var owner = new Visitor(app);
            await owner.SignInAsync("Chủ quản cơ sở dữ liệu");
            var service = System.Text.RegularExpressions.Regex.Match(await owner.OpenAsync("/dich-vu"), "/dich-vu/([0-9a-f-]{36})\">Tra cứu thửa đất").Groups[1].Value;
            Assert.Contains("mô phỏng", await owner.OpenAsync("/dich-vu/" + service), StringComparison.Ordinal);
            var agreement = await DoctorAsync(owner, app, gateway, isWell: true);
            await owner.OpenAsync("/dich-vu/" + service);
            Assert.Equal(HttpStatusCode.OK, await owner.SendAsync("name=\"ly-do-dung\"", new() { ["ly-do-dung"] = "Incident", ["thong-bao"] = "Sự cố máy chủ (thử)" }));
            var stopped = Stopwatch.StartNew();
            await Waiting.UntilAsync(async () => await AskAsync() is HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable, "A stopped service still answers.");
            Assert.True(stopped.Elapsed < TimeSpan.FromSeconds(5), $"It took {stopped.Elapsed} to close.");
            Assert.Equal(agreement, await DoctorAsync(owner, app, gateway, isWell: false));
            Assert.Equal(0, await app.TerminateAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The doctor on the page and on the terminal say the same of the agreement for land.</summary>
    private static async Task<string> DoctorAsync(Visitor owner, RunningApp app, string gateway, bool isWell)
    {
        var line = System.Text.RegularExpressions.Regex.Match(await owner.OpenAsync("/thoa-thuan"), "/thoa-thuan/([0-9a-f-]{36})\">([^<]+)<");
        Assert.True(line.Success, "No agreement on the list.");
        var (id, code) = (line.Groups[1].Value, WebUtility.HtmlDecode(line.Groups[2].Value).Trim());
        await owner.OpenAsync($"/thoa-thuan/{id}/kiem-tra");
        Assert.Equal(HttpStatusCode.OK, await owner.SendAsync("doctor", []));
        Assert.Contains(isWell ? "Mọi bước đều tốt" : "Dịch vụ tạm ngừng", owner.Page, StringComparison.Ordinal);
        var (exit, output, error) = await RunningApp.RunToEndAsync(["doctor", "connection", code, "--gateway", $"http://{gateway}", "--data", app.DataFolder]);
        Assert.True(exit == (isWell ? 0 : 1), output + error);
        Assert.Contains(isWell ? "Mọi bước đều tốt" : "Bên phải sửa: bên cung cấp", output, StringComparison.Ordinal);
        return code;
    }
}
