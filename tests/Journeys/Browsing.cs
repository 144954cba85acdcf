using System.Globalization;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(LienThong.Journeys.Browsing))]

namespace LienThong.Journeys;

/// <summary>One Chromium for all journeys; each test gets a context of its own, so no cookie is shared.</summary>
public sealed class Browsing : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where screenshots go; <c>./test</c> names it, otherwise beside the test program.</summary>
    public static string Output { get; } = Environment.GetEnvironmentVariable("LIENTHONG_TEST_OUTPUT") ?? Path.Combine(AppContext.BaseDirectory, "test-output");

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(20_000);   // A busy build machine is no fault of the page.
        _browser = await LaunchAsync(Chromium);
    }

    public static string? Chromium { get; } =
        new[] { Environment.GetEnvironmentVariable("LIENTHONG_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>Another browser, for a journey that needs one of its own.</summary>
    public Task<IBrowser> LaunchAsync(string? executable) =>
        _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A fresh visitor. <paramref name="width"/> 1280 is an office desk, 360 a commune's phone.</summary>
    public async Task<IPage> VisitAsync(Uri address, int width = 1280, bool scripts = true, IBrowser? browser = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var context = await (browser ?? _browser)!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            JavaScriptEnabled = scripts,
            Locale = "vi-VN",
            TimezoneId = "Asia/Ho_Chi_Minh",
            ViewportSize = new ViewportSize { Width = width, Height = width < 640 ? 740 : 900 },
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>Waits until the page stands at that path; the address one came from may bear the same words in its query.</summary>
    public static Task ArriveAsync(IPage page, string path)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.WaitForURLAsync(url => new Uri(url).AbsolutePath == path);
    }

    public static async Task ShootAsync(IPage page, string name)
    {
        ArgumentNullException.ThrowIfNull(page);
        Directory.CreateDirectory(Output);
        var width = page.ViewportSize?.Width ?? 0;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Output, name + "-" + width.ToString(CultureInfo.InvariantCulture) + ".png"), FullPage = true });
    }

    /// <summary>No serious or critical fault of WCAG 2.2 A and AA or best practice, and no sideways scrolling.</summary>
    public static async Task MustBeAccessibleAsync(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var found = await Axe.FaultsAsync(page);
        Assert.True(found.Length == 0, page.Url + "\n" + string.Join('\n', found));
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{page.Url} is {overflow} px wider than the window of {page.ViewportSize?.Width} px.");
    }
}
