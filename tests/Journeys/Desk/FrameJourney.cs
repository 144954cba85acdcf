using Xunit;

namespace LienThong.Journeys.Desk;

/// <summary>The frame alone: what a visitor without an account meets.</summary>
public sealed class FrameJourney(Browsing browsing)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task Public_pages_are_accessible_at_a_desk_and_on_a_phone(int width)
    {
        await using var app = await RunningApp.StartAsync("serve", ["--local"]);
        var page = await browsing.VisitAsync(app.Address, width);
        foreach (var path in new[] { "/", "/tro-giup", "/kha-nang-tiep-can", "/ve-trang-nay" })
        {
            await page.GotoAsync(path);
            await Browsing.MustBeAccessibleAsync(page);
        }
    }
}
