using System.Net;
using System.Security.Cryptography;
using LienThong.Gateway.Simulation;
using LienThong.Journeys.Desk;
using LienThong.Platform.Demo;
using LienThong.Platform.Storage;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// E3: a commune asks a department for a service, through the pages in Chromium, gets an agreement of two signatures, calls through the gateway with its own key, and the
/// figure on the page opens to that very call and its proof (R-CAT-02, R-SHR-01 … 03, 05, R-MON-06).
/// </summary>
public sealed class SharingJourney(DemoData data, Browsing browsing)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commune_asks_is_granted_calls_and_its_call_proves_itself()
    {
        var folder = await data.CopyAsync();
        try
        {
            var gateway = $"127.0.0.1:{RunningApp.FreePort()}";
            await using var app = await RunningApp.StartAsync("demo", ["--gateway", gateway], folder);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

            // The commune registers its system, the name on the wire, and the public half of its key.
            var commune = await EnterAsync(app, DemoProvince.CommuneHead);
            await commune.GotoAsync("/he-thong/moi");
            await SendAsync(commune, "ma", ("ma", "nghiep-vu-xa"), ("ten", "Phần mềm nghiệp vụ của xã"), ("muc-dich", "Giải quyết thủ tục tại xã"));
            await commune.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/he-thong/[0-9a-f]{8}-"));
            await SendAsync(commune, "ma-con", ("ma-con", "nghiep-vu"), ("ten-con", "Phân hệ giải quyết thủ tục"));
            await Assertions.Expect(commune.Locator("main")).ToContainTextAsync("Phân hệ giải quyết thủ tục");
            var identifier = (await commune.Locator("main").InnerTextAsync()).Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).First(w => w.StartsWith("VN-QNG/", StringComparison.Ordinal) && w.EndsWith("/nghiep-vu", StringComparison.Ordinal));
            await SendAsync(commune, "nhan-", ("nhan-", "Máy chủ xã"), ("khoa-", SimulatedClient.JwkOf(key)));
            await Assertions.Expect(commune.Locator("main")).ToContainTextAsync("Đã thêm khóa");

            // Nobody has a right before there is an agreement.
            using var client = new SimulatedClient(identifier, key, new Uri($"http://{gateway}"), $"http://{gateway}", TimeProvider.System);
            var parcel = "/dat-dai/thua-dat/thua-dat/" + LandSystem.Code(1, 2, 3);
            var known = false;
            await Waiting.UntilAsync(async () => (known = await TryAsync(client, parcel)), "The gateway does not know the key.");
            Assert.True(known);
            Assert.Equal(HttpStatusCode.Forbidden, await client.CallAsync(HttpMethod.Get, parcel, null, false, Cancellation));

            // It asks; the owner sees the clock and approves; the steward writes the agreement; both sign.
            await commune.GotoAsync("/dich-vu");
            await commune.GetByRole(AriaRole.Link, new() { Name = "Tra cứu thửa đất" }).First.ClickAsync();
            await commune.Locator("a[href^='/yeu-cau-chia-se/moi']").ClickAsync();
            await SendAsync(commune, "truong", ("truong", "/soTo\n/soThua"), ("muc-dich", "Giải quyết thủ tục đất đai tại xã, không yêu cầu nộp lại giấy tờ"), ("can-cu", "Điều 7 Nghị định số 278/2025/NĐ-CP"),
                ("dau-moi", "Bộ phận một cửa xã"), ("bao-ve", "Xóa sau khi trả kết quả"));
            await commune.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/yeu-cau-chia-se/[0-9a-f]{8}-"));
            var request = new Uri(commune.Url).AbsolutePath;
            await commune.GetByRole(AriaRole.Button, new() { Name = "Gửi" }).First.ClickAsync();
            await Assertions.Expect(commune.Locator("main")).ToContainTextAsync("Đã gửi yêu cầu");

            var owner = await EnterAsync(app, DemoProvince.DataOwner);
            await owner.GotoAsync(request);
            await SendAsync(owner, "van-ban-duyet", ("van-ban-duyet", "412/SNNMT-CNTT"));
            await Assertions.Expect(owner.Locator("main")).ToContainTextAsync("Đã chấp thuận yêu cầu");
            var steward = await EnterAsync(app, DemoProvince.DataSteward);
            await steward.GotoAsync(request);
            await steward.Locator("a[href^='/thoa-thuan/moi']").ClickAsync();
            await SendAsync(steward, "xoa", ("xoa", "Xóa sau 30 ngày, có biên bản"), ("trach-nhiem", "Phòng Công nghệ thông tin của Sở; bộ phận một cửa của xã"));
            await steward.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/thoa-thuan/[0-9a-f]{8}-"));
            var agreement = new Uri(steward.Url).AbsolutePath;
            await owner.GotoAsync(agreement);
            await SendAsync(owner, "van-ban-Provider", ("van-ban-Provider", "413/SNNMT-CNTT"));
            await Assertions.Expect(owner.Locator("main")).ToContainTextAsync("Đã ký");
            Assert.Equal(HttpStatusCode.Forbidden, await client.CallAsync(HttpMethod.Get, parcel, null, false, Cancellation));   // One signature is no right.
            await commune.GotoAsync(agreement);
            await SendAsync(commune, "van-ban-Consumer", ("van-ban-Consumer", "88/UBND"));
            await Assertions.Expect(commune.Locator("main")).ToContainTextAsync("Đang hiệu lực");

            // The right is there on its own; three calls.
            await Waiting.UntilAsync(async () => await client.CallAsync(HttpMethod.Get, parcel, null, false, Cancellation) is HttpStatusCode.OK, "The agreement opens nothing.");
            for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, await client.CallAsync(HttpMethod.Get, parcel, null, false, Cancellation));

            // The owner's page counts them, and each opens to its proof.
            var code = agreement.Split('/')[^1];
            ILocator Figure() => owner.Locator("tr[data-end=Success] a").First;
            await Waiting.UntilAsync(async () =>
            {
                await owner.GotoAsync("/ket-noi/" + code);
                return await Figure().CountAsync() > 0 && await Figure().InnerTextAsync() == "3";
            }, "The page does not count the three calls.");
            await Figure().ClickAsync();
            await Browsing.ArriveAsync(owner, "/luot-goi");
            await owner.Locator("tr[data-row] th a").First.ClickAsync();
            await Assertions.Expect(owner.Locator(".lt-note.ok")).ToContainTextAsync("Kiểm được: đúng.");
            async Task<string> SaveAsync(string link, string name)
            {
                var download = await owner.RunAndWaitForDownloadAsync(() => owner.Locator(link).ClickAsync());
                var path = Path.Combine(folder, name);
                await download.SaveAsAsync(path);
                return path;
            }

            var (proof, keys) = (await SaveAsync("[data-proof]", "p.tlog-proof"), await SaveAsync("[data-key]", "p.key"));
            var (exit, output, error) = await RunningApp.RunToEndAsync(["proof", "verify", proof, "--key", keys, "--data", Path.Combine(folder, "elsewhere")]);
            Assert.True(exit == 0, output + error);
            Assert.Contains(identifier, output, StringComparison.Ordinal);
            await Browsing.ShootAsync(owner, "e3-call-proof");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>True once the gateway answers a token for the key: then whatever it says of a call is about the right.</summary>
    private static async Task<bool> TryAsync(SimulatedClient client, string path)
    {
        try
        {
            await client.CallAsync(HttpMethod.Get, path, null, false, Cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<IPage> EnterAsync(RunningApp app, string person)
    {
        var page = await browsing.VisitAsync(app.Address);
        await page.GotoAsync("/dang-nhap?ve=/tro-giup");
        await page.Locator("section button", new() { HasText = person }).First.ClickAsync();
        await Browsing.ArriveAsync(page, "/tro-giup");
        return page;
    }

    /// <summary>Fills the one form that has a field beginning with that name, and sends it.</summary>
    private static async Task SendAsync(IPage page, string mark, params (string Name, string Value)[] fields)
    {
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        var form = page.Locator($"form:has([name^='{mark}'])").First;
        foreach (var (name, value) in fields) await form.Locator(name.EndsWith('-') ? $"[name^='{name}']" : $"[name='{name}']").First.FillAsync(value);
        foreach (var pick in await form.Locator("select[name^='loai-']").AllAsync()) await pick.SelectOptionAsync("Jwk");
        await form.Locator("button").Last.ClickAsync();
    }
}
