using LienThong.Platform.Demo;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace LienThong.Unit.Demo;

/// <summary>The simulated province (issue, part D): made whole beside its store, added to by a plan, never over somebody's data.</summary>
public sealed class DemoSeedTests : IAsyncLifetime
{
    private TestPlatform _place = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _place = await TestPlatform.StartAsync();

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    [Trait("engine", "either")]
    public async Task A_province_is_made_once_whole_and_a_plan_of_ones_own_is_added_once()
    {
        var said = new List<string>();
        var made = await SeedAsync(said.Add);
        Assert.Empty(made.Notes);
        Assert.Equal(40, made.Tasks);
        Assert.True(made is { IsAlreadyThere: false, Deeds: > 300, People: > 100 });
        await using (var db = await _place.OpenAsync())
        {
            Assert.Equal(40, await db.Tasks.CountAsync(Cancellation));
            Assert.True(await db.ProgressReports.CountAsync(Cancellation) > 150);
            Assert.Equal(0, await db.Jobs.CountAsync(j => j.DeadAt != null, Cancellation));
            await Assert.ThrowsAnyAsync<Exception>(() => db.Audit.ExecuteDeleteAsync(Cancellation));   // What guards the audit came along.
        }

        Assert.Empty(LeftBeside());
        Assert.True(await SeedAsync(_ => { }) is { IsAlreadyThere: true, Tasks: 0 });

        var file = Path.Combine(_place.Storage.DataFolder, "ke-hoach-rieng.txt");
        await File.WriteAllTextAsync(file, Plan, Cancellation);
        Assert.True(await SeedAsync(_ => { }, file) is { IsAlreadyThere: true, IsPlanKnown: false, Tasks: 2 });
        Assert.True(await SeedAsync(_ => { }, file) is { IsAlreadyThere: true, IsPlanKnown: true });
        await using (var db = await _place.OpenAsync()) Assert.Equal(42, await db.Tasks.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Data_of_somebody_is_left_alone()
    {
        await using (var db = await _place.OpenAsync())
        {
            db.Record(CurrentUser.System, _place.Clock, "registry.unit.created", "unit", "1");
            await db.SaveChangesAsync(Cancellation);
        }

        Assert.True((await SeedAsync(_ => { })).IsStoreInUse);
        await using var after = await _place.OpenAsync();
        Assert.Equal(0, await after.Users.CountAsync(Cancellation));
    }

    private async Task<DemoOutcome> SeedAsync(Action<string> say, string? plan = null)
    {
        var result = await new DemoSeed(_place.Storage, TimeProvider.System, say).RunAsync(plan, Cancellation);
        Assert.True(result.IsGranted(out var outcome, out var refusal), refusal?.Code);
        return outcome;
    }

    /// <summary>What an unfinished attempt would leave: the workshop.</summary>
    private IEnumerable<string> LeftBeside()
    {
        if (_place.Storage.Database is not { } database) return Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_place.Storage.DataFolder)!, Path.GetFileName(_place.Storage.DataFolder) + ".dang-tao*");
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'lienthong%'", connection);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read()) found.Add(reader.GetString(0));
        return found;
    }

    private const string Plan = """
        ỦY BAN NHÂN DÂN
        TỈNH QUẢNG NGÃI
        Số: 955/KH-UBND
        Quảng Ngãi, ngày 05 tháng 10 năm 2026

        KẾ HOẠCH
        Kiểm tra việc số hóa hồ sơ năm 2026

        1. Rà soát danh mục hồ sơ phải số hóa và công bố trên trang thông tin của tỉnh.
        - Cơ quan chủ trì: Sở Nội vụ.
        - Cơ quan phối hợp: Sở Khoa học và Công nghệ.
        - Thời gian hoàn thành: 15/12/2026.
        2. Kiểm tra việc số hóa tại Trung tâm Phục vụ hành chính công cấp xã.
        - Cơ quan chủ trì: Văn phòng UBND tỉnh.
        - Thời gian hoàn thành: 31/12/2026.
        """;
}
