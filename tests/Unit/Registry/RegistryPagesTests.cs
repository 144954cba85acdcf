using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Shell;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Unit.Registry;

/// <summary>Pages and API of the registry over real HTTP, without scripts; who acts is set by the test. The doors themselves are walked by the journeys.</summary>
public sealed partial class RegistryPagesTests : IAsyncLifetime
{
    private readonly TestPlatform _platform = new();
    private readonly Someone _acting = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed class Someone : ICurrentUser
    {
        public CurrentUser Current { get; set; } = CurrentUser.System;
    }

    public async ValueTask InitializeAsync()
    {
        await _platform.InitializeAsync();
        await _platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_platform.Clock);
        builder.Services.AddPlatform(_platform.Storage);
        builder.Services.AddWeb(new SiteIdentity("Tỉnh Quảng Ngãi", "UBND tỉnh", "", true), SecurityOptions.From(builder.Configuration, false));
        builder.Services.RemoveAll<ICurrentUser>();
        builder.Services.AddScoped<ICurrentUser>(_ => _acting);
        _app = builder.Build();
        _app.Use(async (http, next) =>
        {
            try { await next(http); }
            catch (Exception fault) when (!http.Response.HasStarted)
            {
                http.Response.StatusCode = 500;   // The test says what went wrong, not only that it did.
                await http.Response.WriteAsync(fault.ToString(), CancellationToken.None);
            }
        });
        _app.UseRequestLocalization();
        _app.UseRouting();
        _app.UseAntiforgery();
        _app.MapRegistry();
        _app.MapRazorComponents<App>();
        await _app.StartAsync();
        _http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true })
        {
            BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        var province = await _platform.Services.GetRequiredService<IOrgUnits>().ProvinceAsync(new(2026, 11, 22), CancellationToken.None);
        _acting.Current = new(UserId.From(new Guid("0198aaaa-0000-7000-8000-000000000009")), "Quản Trị", province.Id, province.Name, [new(Role.PlatformAdmin, province.Id)], "::1", 1);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private async Task<string> PageAsync(string address)
    {
        using var answer = await _http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode} {html[..Math.Min(html.Length, 2000)]}");
        return html;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, 2000)]
    private static partial Regex Token();

    [GeneratedRegex("name=\"version\" value=\"([0-9]+)\"", RegexOptions.None, 2000)]
    private static partial Regex Version();

    /// <summary>Fills a form as a browser without scripts does.</summary>
    private async Task<string> PostAsync(string address, string form, params (string Name, string Value)[] fields)
    {
        var page = await PageAsync(address);
        using var content = new FormUrlEncodedContent(fields.Prepend(("_handler", form)).Prepend(("__RequestVerificationToken", Token().Match(page).Groups[1].Value)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
        using var answer = await _http.PostAsync(new Uri(address, UriKind.Relative), content, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    [Theory]
    [InlineData("/don-vi", "Sở Khoa học và Công nghệ")]
    [InlineData("/don-vi?ngay=30/06/2025&tim=kon+tum", "Tỉnh Kon Tum")]
    [InlineData("/don-vi?tim=son+ha", "Xã Sơn Hạ")]
    [InlineData("/don-vi/KHCN", "Cơ quan đầu mối|Sở TT|Sáp nhập")]
    [InlineData("/don-vi/TTTT", "Sở Khoa học và Công nghệ")]
    [InlineData("/don-vi/KHCN/sua", "Đổi tên")]
    [InlineData("/don-vi/moi", "Thêm đơn vị")]
    [InlineData("/don-vi/to-chuc-lai", "Sáp nhập, chia tách, giải thể")]
    [InlineData("/don-vi/nhap", "Kiểm tra thử")]
    [InlineData("/don-vi/chua-ro-nguoi", "Chưa rõ người")]
    [InlineData("/uy-quyen", "Ủy quyền")]
    public async Task Pages_answer_in_Vietnamese(string address, string expected)
    {
        var html = await PageAsync(address);
        Assert.Contains(expected.Split('|'), e => html.Contains(e, StringComparison.Ordinal));
        Assert.DoesNotContain("registry.", html, StringComparison.Ordinal);   // A missing word would show its key.
        Assert.DoesNotMatch(@">(units|unit|kind|import|officer|succession|field)\.[a-z.]+<", html);
    }

    [Fact]
    public async Task An_administrator_adds_renames_and_merges_through_forms()
    {
        var made = await PostAsync("/don-vi/moi", "new-unit", ("code", "T1"), ("name", "Sở Thử Một"), ("kind", "Department"), ("parent", "UBND"), ("from", "01/01/2026"), ("qcvn", "000.00.77.H48"));
        Assert.Contains("Sở Thử Một", made, StringComparison.Ordinal);
        Assert.Contains("000.00.77.H48", made, StringComparison.Ordinal);

        var refused = await PostAsync("/don-vi/moi", "new-unit", ("code", "T2"), ("name", "Sở Thử Hai"), ("kind", "Department"), ("parent", "UBND"), ("from", "01/01/2026"), ("qcvn", "h48"));
        Assert.Contains("chữ in hoa", refused, StringComparison.Ordinal);

        var version = Version().Match(await PageAsync("/don-vi/T1/sua")).Groups[1].Value;
        var renamed = await PostAsync("/don-vi/T1/sua", "rename", ("version", version), ("name", "Sở Thử Đã Đổi"), ("short", ""), ("kind", "Department"), ("from", "01/02/2026"), ("document", "QĐ 1"));
        Assert.Contains("Sở Thử Đã Đổi", renamed, StringComparison.Ordinal);
        var stale = await PostAsync("/don-vi/T1/sua", "rename", ("version", version), ("name", "Sở Cũ"), ("kind", "Department"), ("from", "01/03/2026"), ("document", "QĐ 2"));
        Assert.Contains("vừa được người khác sửa", stale, StringComparison.Ordinal);
        Assert.Contains("Sở Thử Đã Đổi", stale, StringComparison.Ordinal);

        (string, string)[] merge = [("kind", "Merge"), ("from", "01/03/2026"), ("document", "NQ 1"), ("ending", "T1"), ("successor", "NV"), ("name", ""), ("newkind", "Province"), ("parent", ""), ("share", "")];
        var preview = await PostAsync("/don-vi/to-chuc-lai", "reorganise", [.. merge, ("step", "preview")]);
        var seen = Regex.Match(preview, "name=\"seen\" value=\"([^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(2)).Groups[1].Value;
        Assert.StartsWith("T1|", seen, StringComparison.Ordinal);
        Assert.Contains("Sở Nội vụ", await PostAsync("/don-vi/to-chuc-lai", "reorganise", [.. merge, ("seen", seen), ("step", "confirm")]), StringComparison.Ordinal);
        var ended = await PageAsync("/don-vi/T1");
        Assert.Contains("đã kết thúc hoạt động", ended, StringComparison.Ordinal);
        Assert.Contains("Sở Nội vụ", ended, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_goes_through_dry_run_and_confirmation()
    {
        async Task<string> UploadAsync(string text)
        {
            var token = Token().Match(await PageAsync("/don-vi/nhap")).Groups[1].Value;
            using var content = new MultipartFormDataContent
            {
                { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("import-units"), "_handler" },
                { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "moi.csv" },
            };
            using var answer = await _http.PostAsync(new Uri("/don-vi/nhap", UriKind.Relative), content, Cancellation);
            return await answer.Content.ReadAsStringAsync(Cancellation);
        }

        var bad = await UploadAsync("Mã,Tên,Loại,Từ ngày\nX1,,Xã,40/01/2026\n");
        Assert.Contains("Thiếu tên", bad, StringComparison.Ordinal);
        Assert.Contains("40/01/2026", bad, StringComparison.Ordinal);
        Assert.DoesNotContain("confirm-units", bad, StringComparison.Ordinal);

        var good = await UploadAsync("Mã,Tên,Loại,Mã cấp trên,Từ ngày\nX1,Trung tâm X,Đơn vị sự nghiệp,UBND,01/01/2026\n");
        var sha = Regex.Match(good, "name=\"sha\" value=\"([0-9a-f]{64})\"", RegexOptions.None, TimeSpan.FromSeconds(2)).Groups[1].Value;
        Assert.Contains("Đã nhập 1 đơn vị", await PostAsync("/don-vi/nhap", "confirm-units", ("sha", sha), ("filename", "moi.csv")), StringComparison.Ordinal);
        Assert.Contains("Trung tâm X", await PageAsync("/don-vi/X1"), StringComparison.Ordinal);
    }

    [Fact]   // R-MDM-04
    public async Task The_api_answers_as_of_a_day_and_refuses_with_a_code()
    {
        using var before = JsonDocument.Parse(await PageAsync("/api/units?asOf=2025-06-30&kind=District"));
        Assert.Equal(23, before.RootElement.GetProperty("total").GetInt32());
        using var after = JsonDocument.Parse(await PageAsync("/api/units?asOf=2025-07-01&q=ba+vinh"));
        var row = after.RootElement.GetProperty("rows")[0].GetProperty("unit");
        Assert.Equal("Xã Ba Vinh", row.GetProperty("name").GetString());
        Assert.True(Guid.TryParse(row.GetProperty("id").GetString(), out _));
        using var one = JsonDocument.Parse(await PageAsync("/api/units/TTTT"));
        Assert.Equal("KHCN", one.RootElement.GetProperty("current")[0].GetProperty("code").GetString());
        using var feed = JsonDocument.Parse(await PageAsync("/api/reference/units"));
        Assert.Equal(244, feed.RootElement.GetProperty("items").GetArrayLength());

        using var missing = await _http.GetAsync(new Uri("/api/units/khong-co", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var problem = JsonDocument.Parse(await missing.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("registry.unit.unknown", problem.RootElement.GetProperty("code").GetString());
        Assert.StartsWith("PK", await PageAsync("/don-vi/tai-ve?ngay=2026-01-01"), StringComparison.Ordinal);
    }
}
