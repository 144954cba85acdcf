using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LienThong.Unit;

public sealed class TestPlatformTests(TestPlatform platform) : IClassFixture<TestPlatform>
{
    [Fact]
    public async Task The_database_is_migrated_real_and_keeps_its_audit()
    {
        await using var db = await platform.OpenAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
        db.Record(CurrentUser.System, platform.Clock, "test.done", "test", "1");
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var refused = await Record.ExceptionAsync(() => db.Audit.ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(refused);
    }
}
