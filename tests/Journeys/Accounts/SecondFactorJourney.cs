using LienThong.Journeys.Desk;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>
/// A.4: a passkey of the browser's own virtual authenticator is registered, opens the account by itself, is two factors, and is worth nothing
/// once it is taken away. One-time codes are set up by the picture or by typing the secret.
/// </summary>
public sealed class SecondFactorJourney(DemoProvince province, Browsing browsing) : IClassFixture<DemoProvince>
{
    [Fact]
    public async Task A_passkey_is_registered_signs_in_without_a_name_and_can_be_taken_away()
    {
        var page = await province.EnterAsync(browsing, DemoProvince.CommuneHead);
        var console = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") console.Add(message.Text); };
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("WebAuthn.enable");
        await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });

        await page.GotoAsync("/tai-khoan");
        await page.FillAsync("#ten", "Điện thoại của xã");
        await page.ClickAsync("form[data-passkey-do=create] button");
        await page.WaitForURLAsync("**/tai-khoan?da=khoa");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Điện thoại của xã");
        await Browsing.MustBeAccessibleAsync(page);
        await Browsing.ShootAsync(page, "khoa-truy-cap");

        await SignOutAsync(page);
        await page.ClickAsync("form[data-passkey-do=get] button");
        await page.WaitForURLAsync("**/viec-cua-toi");
        await page.GotoAsync("/tai-khoan");
        await Assertions.Expect(page.Locator("table tbody tr").First).ToContainTextAsync("Khóa truy cập");

        await page.ClickAsync("form[action='/tai-khoan/khoa/bo'] button");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("Điện thoại của xã");
        await SignOutAsync(page);
        Assert.Empty(console);

        // The authenticator still has its key; the account no longer knows it.
        await page.ClickAsync("form[data-passkey-do=get] button");
        await Assertions.Expect(page.Locator("form[data-passkey-do=get] [role=alert]")).Not.ToBeEmptyAsync();
        Assert.Contains("/dang-nhap", page.Url, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task One_time_codes_are_set_up_on_a_phone_and_can_be_renewed()
    {
        var page = await province.EnterAsync(browsing, DemoProvince.Commune, 360);
        await page.GotoAsync("/tai-khoan/xac-thuc");
        var picture = await page.Locator(".lt-qr svg").BoundingBoxAsync();
        Assert.True(picture is { Width: >= 160, Height: >= 160 } && picture.X + picture.Width <= 360, "The picture must be large enough to be scanned and fit the phone.");
        var secret = (await page.Locator("ol .lt-mono").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);

        await page.FillAsync("#code", "000000");
        await page.ClickAsync("form:has(#code) button");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        Assert.Equal(secret, (await page.Locator("ol .lt-mono").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));

        await page.FillAsync("#code", OneTimeCode.Of(secret));
        await page.ClickAsync("form:has(#code) button");
        await Assertions.Expect(page.Locator("ol .lt-mono")).ToHaveCountAsync(10);
        await Browsing.MustBeAccessibleAsync(page);
        await Browsing.ShootAsync(page, "ma-khoi-phuc");

        await page.GotoAsync("/tai-khoan/xac-thuc");
        await Browsing.MustBeAccessibleAsync(page);
        await Browsing.ShootAsync(page, "ma-mot-lan-da-bat");
        await page.Context.CloseAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.ClickAsync("form[action='/dang-xuat'] button");
        await page.WaitForURLAsync("**/dang-nhap?da=xuat");
    }
}
