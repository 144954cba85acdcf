using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>
/// R-ORG-06, R-NFR-01, R-NFR-06: a person signs in with a browser, with and without scripts, on both names of this machine. Over plain HTTP on
/// loopback the cookie has its bare name; over HTTPS it is <c>__Host-</c> (CertificateJourneys).
/// </summary>
public sealed class SignInJourney(Browsing browsing)
{
    private const string Password = "Ba con nghé, 7 quả ổi!";

    [Fact]
    public async Task An_officer_signs_in_looks_at_the_account_and_signs_out()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-signin-").FullName;
        try
        {
            await AddAsync(folder);
            await using var app = await RunningApp.StartAsync("serve", ["--local"], folder, environment: new() { ["LIENTHONG_LOCAL_SIGNIN"] = "1" });
            foreach (var (host, scripts, width) in new[] { ("localhost", true, 1280), ("[::1]", false, 360) })
            {
                var page = await browsing.VisitAsync(new Uri($"http://{host}:{app.Port.ToString(CultureInfo.InvariantCulture)}/"), width, scripts);
                await page.GotoAsync("/tai-khoan");
                Assert.Contains("/dang-nhap?ve=%2Ftai-khoan", page.Url, StringComparison.Ordinal);
                if (scripts) await Browsing.MustBeAccessibleAsync(page);
                await page.GetByLabel("Tên đăng nhập").FillAsync("lan.nguyen");
                await page.GetByLabel("Mật khẩu").FillAsync("sai rồi");
                await page.Keyboard.PressAsync("Enter");
                await page.GetByRole(AriaRole.Alert).First.WaitForAsync();
                await page.GetByLabel("Mật khẩu").FillAsync(Password);
                await page.Keyboard.PressAsync("Enter");
                await page.WaitForURLAsync("**/tai-khoan");
                if (scripts) await Browsing.MustBeAccessibleAsync(page);
                await Browsing.ShootAsync(page, "tai-khoan");

                var cookie = Assert.Single(await page.Context.CookiesAsync(), c => c.Name == "lienthong");
                Assert.True(cookie.HttpOnly);
                Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);

                await page.GetByRole(AriaRole.Button, new() { Name = "Đăng xuất", Exact = true }).ClickAsync();
                await page.WaitForURLAsync("**/dang-nhap?da=xuat");
                await page.GotoAsync("/tai-khoan");
                Assert.Contains("/dang-nhap", page.Url, StringComparison.Ordinal);
                await page.Context.CloseAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AddAsync(string folder)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(RunningApp.Root, "src", "Cli", "bin", configuration, "net10.0", "lienthong.dll"), "user", "add", "lan.nguyen", "--password-stdin", "--data", folder])
        {
            RedirectStandardInput = true,
        };
        foreach (var name in new[] { "LIENTHONG_DATA", "LIENTHONG_DB" }) start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("Not started.");
        await process.StandardInput.WriteLineAsync(Password);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
