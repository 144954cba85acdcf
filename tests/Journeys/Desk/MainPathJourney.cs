using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Desk;

/// <summary>
/// From an official plan to a confirmed result, as two persons of two units walk it: import, resolve, confirm, report with evidence, review
/// (R-TSK-01, 02, 06; R-N57-01, 06). Once at a desk with scripts, once on a phone with scripts off, once without a mouse.
/// </summary>
public sealed partial class MainPathJourney(Browsing browsing)
{
    [Fact]
    public Task At_a_desk_with_scripts() => WalkAsync(1280, scripts: true);

    [Fact]
    public Task On_a_phone_with_scripts() => WalkAsync(360, scripts: true);

    [Fact]
    public Task On_a_phone_with_scripts_off() => WalkAsync(360, scripts: false);

    /// <summary>Sign in, import, confirm, report, review, the board: no mouse, and the eye always sees where one is.</summary>
    [Fact]
    public async Task By_keyboard_alone()
    {
        await using var world = await DeskWorld.StartAsync();
        var page = await SignInByKeyboardAsync(world, DeskWorld.Reviewer);

        // The first Tab is the way past the menu.
        await page.Keyboard.PressAsync("Tab");
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.matches('.lt-skip') && document.activeElement.getBoundingClientRect().left >= 0"));
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.id === 'noi-dung'"));

        await page.GotoAsync("/nhiem-vu/nhap");
        await page.SetInputFilesAsync("#tep", DeskWorld.PlanFile);   // The picker of the system has a keyboard of its own.
        await TabToAsync(page, "input[name=khong-mat]");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await ReadAsync(page);

        // J and K go from row to row; Enter on a choice accepts it and leads to the next open cell.
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        Assert.StartsWith("d", await page.EvaluateAsync<string>("document.activeElement.closest('[data-row]').id"), StringComparison.Ordinal);
        var before = await OpenCellsAsync(page);
        await TabToAsync(page, ".lt-ask input[type=radio]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("xong=cell"));
        Assert.Equal(before - 1, await OpenCellsAsync(page));

        // What the document leaves blank is typed in; without a number it would stay a draft that nobody is given.
        await page.GotoAsync(page.Url.Split('?')[0]);
        await TabToAsync(page, "#so");
        await page.Keyboard.TypeAsync("187/KH-UBND");
        await TabToAsync(page, "#ngay");
        await page.Keyboard.TypeAsync("20/10/2025");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("xong=head"));

        await page.GotoAsync(page.Url.Split('?')[0] + "/xac-nhan");
        await TabToAsync(page, "input[name=nhan-het]");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "form .btn-primary");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("/ke-hoach/.*xong=imported"));
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("KH-UBND");

        // The unit finds its task with the search key and the row keys, and reports with a document as evidence.
        var unit = await SignInByKeyboardAsync(world, DeskWorld.Reporter);
        await unit.Keyboard.PressAsync("/");
        await unit.Keyboard.TypeAsync("an ninh mạng");
        await Assertions.Expect(unit.Locator("#ds a.lt-tag")).ToContainTextAsync("an ninh mạng");   // The list that changed by itself stands.
        await unit.Keyboard.PressAsync("Escape");
        await unit.Keyboard.PressAsync("j");
        await unit.Keyboard.PressAsync("Enter");
        await unit.WaitForURLAsync(new Regex("/nhiem-vu/[0-9a-f-]{36}$"));
        var task = unit.Url;

        // What hides behind a summary opens with Enter and shuts with Escape, and the focus is not lost.
        await TabToAsync(unit, ".lt-more summary");
        await unit.Keyboard.PressAsync("Enter");
        await unit.Keyboard.PressAsync("Tab");
        Assert.True(await unit.EvaluateAsync<bool>("document.activeElement.closest('.lt-more ul') !== null"));
        await unit.Keyboard.PressAsync("Escape");
        Assert.True(await unit.EvaluateAsync<bool>("document.activeElement.matches('.lt-more:not([open]) summary')"));

        await unit.GotoAsync(task);
        await TabToAsync(unit, "a[data-key=u]");
        await unit.Keyboard.PressAsync("Enter");
        await unit.WaitForURLAsync(new Regex("/bao-cao"));
        foreach (var (field, words) in new[] { ("#ket-qua", "40"), ("#thuyet-minh", "Đã rà soát 4 hệ thống."), ("#so-van-ban", "1127/BC-CAT"), ("#ngay-van-ban", "5/9/2026") })
        {
            await TabToAsync(unit, field);
            await unit.Keyboard.TypeAsync(words);
        }

        await TabToAsync(unit, "button[value=gui]");
        await unit.Keyboard.PressAsync("Enter");
        await unit.WaitForURLAsync(new Regex("xong=report-sent"));

        // Another unit concludes, from its own list of work; then every figure of the board opens its list.
        await page.GotoAsync("/viec-cua-toi");
        await TabToAsync(page, "a[data-key=u]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("/tham-tra"));
        await TabToAsync(page, "form .btn-primary");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("xong=reviewed"));
        await page.GotoAsync("/bang-dieu-hanh");
        await TabToAsync(page, ".lt-figs a.lt-num");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("/nhiem-vu"));
        await Assertions.Expect(page.Locator("#ds [role=status]").First).ToBeVisibleAsync();
    }

    private async Task<IPage> SignInByKeyboardAsync(DeskWorld world, string person)
    {
        var page = await browsing.VisitAsync(world.Address);
        await page.GotoAsync("/dang-nhap?ve=/nhiem-vu");
        await TabToAsync(page, "button[name=nguoi]", person);
        await page.Keyboard.PressAsync("Enter");
        await Browsing.ArriveAsync(page, "/nhiem-vu");
        return page;
    }

    /// <summary>In a network that has no IPv4 at all: the product, the browser, and nothing between them but ::1 (R-NFR-01).</summary>
    [Fact]
    public async Task Where_only_IPv6_exists()
    {
        await using var seeded = await DeskWorld.StartAsync(onlySeed: true);
        await using var app = await RunningApp.StartAsync("serve", ["--local"], seeded.Folder, environment: new() { ["LIENTHONG_LOCAL_SIGNIN"] = "1" }, onlyIPv6: RunningApp.CanConfine);
        var wrapper = Path.Combine(seeded.Folder, "chromium");
        await File.WriteAllTextAsync(wrapper, RunningApp.CanConfine ? $"#!/bin/sh\nexec nsenter --net=/proc/{app.ProcessId}/ns/net {Browsing.Chromium} \"$@\"\n" : $"#!/bin/sh\nexec {Browsing.Chromium} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var browser = await browsing.LaunchAsync(wrapper);
        var address = new Uri($"http://[::1]:{app.Port.ToString(CultureInfo.InvariantCulture)}/");
        await WalkAsync(person => EnterByPasswordAsync(address, browser, person), scripts: true, "ipv6-");

        var named = await browsing.VisitAsync(address, browser: browser);
        await named.GotoAsync($"http://localhost:{app.Port}/");
        await Assertions.Expect(named.Locator("h1")).ToBeVisibleAsync();
        if (!RunningApp.CanConfine) return;
        var elsewhere = await named.Context.NewPageAsync();
        await Assert.ThrowsAsync<PlaywrightException>(() => elsewhere.GotoAsync($"http://127.0.0.1:{app.Port}/"));
    }

    private async Task<IPage> EnterByPasswordAsync(Uri address, IBrowser browser, string person)
    {
        var page = await browsing.VisitAsync(address, 1280, browser: browser);
        await page.GotoAsync("/nhiem-vu");
        await page.FillAsync("#name", DeskWorld.SignInNameOf(person));
        await page.FillAsync("#password", DeskWorld.FirstPassword);
        await page.Keyboard.PressAsync("Enter");

        // A standing body needs a second factor, and a first password is good for one sign-in: both are settled on the way in.
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/dang-nhap");
        for (var steps = 0; steps < 2 && new Uri(page.Url).AbsolutePath is not "/nhiem-vu"; steps++)
        {
            var before = page.Url;
            if (before.Contains("/xac-thuc", StringComparison.Ordinal))
            {
                await page.FillAsync("#code", Accounts.OneTimeCode.Of((await page.Locator("ol .lt-mono").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)));
                await page.Keyboard.PressAsync("Enter");
                await page.Locator("main a.btn-primary").ClickAsync();
            }
            else
            {
                await page.FillAsync("#c", DeskWorld.FirstPassword);
                await page.FillAsync("#n", "Bảy con nghé, 3 quả ổi!");
                await page.FillAsync("#a", "Bảy con nghé, 3 quả ổi!");
                await page.Keyboard.PressAsync("Enter");
            }

            await page.WaitForURLAsync(url => url != before);
        }

        Assert.EndsWith("/nhiem-vu", page.Url, StringComparison.Ordinal);
        return page;
    }

    private async Task WalkAsync(int width, bool scripts)
    {
        await using var world = await DeskWorld.StartAsync();
        await WalkAsync(person => world.EnterAsync(browsing, person, width, scripts), scripts, scripts ? "" : "no-script-");
    }

    private static async Task WalkAsync(Func<string, Task<IPage>> enter, bool scripts, string run)
    {
        Task LookAsync(IPage page, string name, bool asked) => MainPathJourney.LookAsync(page, run + name, asked);
        var office = await enter(DeskWorld.Reviewer);
        await LookAsync(office, "register-empty", scripts);

        await office.GotoAsync("/nhiem-vu/nhap");
        await LookAsync(office, "import-start", scripts);
        await office.SetInputFilesAsync("#tep", DeskWorld.PlanFile);
        await office.CheckAsync("input[name=khong-mat]");
        await office.ClickAsync("form.lt-drop button");
        await ReadAsync(office);
        await LookAsync(office, "import", scripts);

        // Only doubtful cells ask; a date that is no date is told beside the row and nothing is lost.
        var open = await OpenCellsAsync(office);
        Assert.InRange(open, 1, 10);
        await office.Locator("form:has(#so) summary, details:has(#so) summary").First.WaitForAsync();
        if (!await office.Locator("#so").IsVisibleAsync()) await office.Locator("details:has(#so) summary").ClickAsync();
        await office.FillAsync("#so", "187/KH-UBND");
        await office.FillAsync("#ngay", "20/10/2025");
        await office.ClickAsync("form:has(#so) button");
        await office.WaitForURLAsync(new Regex("xong=head"));
        await Assertions.Expect(office.Locator("h1")).ToContainTextAsync("187/KH-UBND");
        await office.ClickAsync(".lt-ask >> nth=0 >> button");
        await office.WaitForURLAsync(new Regex("xong=cell"));
        Assert.Equal(open - 1, await OpenCellsAsync(office));

        await office.GotoAsync(office.Url.Split('?')[0] + "/xac-nhan");
        await LookAsync(office, "import-confirm", scripts);
        if (open > 1) await office.CheckAsync("input[name=nhan-het]");
        await office.ClickAsync("form:has(input[name=cong-khai]) .btn-primary");
        await office.WaitForURLAsync(new Regex("/ke-hoach/.*xong=imported"));
        await LookAsync(office, "plan", scripts);
        await Assertions.Expect(office.Locator(".lt-num").First).ToHaveTextAsync("38");

        // The same file again is the same plan.
        await office.GotoAsync("/nhiem-vu/nhap");
        await office.SetInputFilesAsync("#tep", DeskWorld.PlanFile);
        await office.CheckAsync("input[name=khong-mat]");
        await office.ClickAsync("form.lt-drop button");
        await office.WaitForURLAsync(new Regex("/ke-hoach/.*xong=import-known"));

        await office.GotoAsync("/nhiem-vu");
        await LookAsync(office, "register", scripts);
        await Assertions.Expect(office.Locator("#ds [role=status]").First).ToContainTextAsync("38");
        await office.GotoAsync("/ke-hoach?q=07-CQTTBCD");
        await LookAsync(office, "plans", scripts);

        // The unit that leads reports: what is missing is told beside the fields and in a summary, and then it is sent with evidence.
        var unit = await enter(DeskWorld.Reporter);
        await unit.GotoAsync("/nhiem-vu?q=an+ninh+mang");
        await unit.Locator("table.lt-reg tbody th a").First.ClickAsync();
        await LookAsync(unit, "task", scripts);
        var task = unit.Url;
        await unit.GotoAsync(task + "/bao-cao");
        await LookAsync(unit, "report", scripts);
        await unit.FillAsync("#ket-qua", "101");
        await unit.ClickAsync("button[value=gui]");
        await Assertions.Expect(unit.Locator("#loi li")).ToHaveCountAsync(3);
        await LookAsync(unit, "report-errors", scripts);
        await unit.FillAsync("#ket-qua", "85,5");
        await unit.FillAsync("#thuyet-minh", "Đã rà soát, khắc phục các lỗ hổng của hệ thống dùng chung.");
        await unit.SetInputFilesAsync("#tep", new FilePayload { Name = "bien-ban.txt", MimeType = "text/plain", Buffer = "Biên bản nghiệm thu."u8.ToArray() });
        await unit.FillAsync("#so-van-ban", "1127/BC-CAT");
        await unit.FillAsync("#ngay-van-ban", "5/9/2026");
        await unit.ClickAsync("button[value=gui]");
        await unit.WaitForURLAsync(new Regex("xong=report-sent"));

        // The sender may not conclude on it, and is told who can; another unit concludes.
        await unit.GotoAsync(await unit.Locator("a[href*='/tham-tra']").First.GetAttributeAsync("href") ?? "");
        await Assertions.Expect(unit.Locator("[role=alert]")).ToBeVisibleAsync();
        await LookAsync(unit, "review-refused", scripts);
        await office.GotoAsync(task);
        await LookAsync(office, "task-pending", scripts);
        await office.ClickAsync("#tham-tra .btn-primary");
        await office.WaitForURLAsync(new Regex("xong=reviewed"));
        await Assertions.Expect(office.Locator(".lt-line")).ToContainTextAsync("85,5");
        await LookAsync(office, "task-reviewed", scripts);

        foreach (var (act, name) in new[] { ("giao-lai", "reassign"), ("so-do", "measure"), ("don-doc", "follow-up"), ("dung", "stop") })
        {
            await office.GotoAsync(task + "/" + act);
            await LookAsync(office, name, scripts);
        }

        foreach (var (act, name) in new[] { ("vuong-mac", "obstacle"), ("gia-han", "extension") })
        {
            await unit.GotoAsync(task + "/" + act);
            await LookAsync(unit, name, scripts);
        }

        await office.GotoAsync("/nhiem-vu/tao");
        await LookAsync(office, "task-new", scripts);
    }

    /// <summary>The page says by itself when the file is read: by asking again with scripts, by its refresh without.</summary>
    private static Task ReadAsync(IPage page) => Assertions.Expect(page.Locator("#con")).ToBeVisibleAsync(new() { Timeout = 60_000 });

    private static async Task<int> OpenCellsAsync(IPage page) =>
        Digits().Match(await page.Locator("#con .lt-st").First.InnerTextAsync()) is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;

    /// <summary>Presses Tab until that element has the focus; wherever it goes, the focus can be seen.</summary>
    private static async Task TabToAsync(IPage page, string selector, string words = "")
    {
        for (var tabs = 0; tabs < 300; tabs++)
        {
            if (await page.EvaluateAsync<bool>("([s, w]) => document.activeElement.matches(s) && (w === '' || document.activeElement.textContent.includes(w))", new[] { selector, words })) return;
            await page.Keyboard.PressAsync("Tab");
            var unseen = await page.EvaluateAsync<string?>(
                "() => { const e = document.activeElement; return e === document.body || e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none' ? null : e.outerHTML.slice(0, 200); }");
            Assert.True(unseen is null, $"The focus cannot be seen on {page.Url}: {unseen}");
        }

        Assert.Fail($"{selector} is not reached by Tab on {page.Url}.");
    }

    /// <summary>Takes the picture; where scripts run, asks axe as well.</summary>
    private static async Task LookAsync(IPage page, string name, bool scripts)
    {
        await Browsing.ShootAsync(page, "desk-" + name);
        if (scripts) await Browsing.MustBeAccessibleAsync(page);
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
