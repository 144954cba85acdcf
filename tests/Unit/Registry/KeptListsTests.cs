using LienThong.Kernel;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Registry;

/// <summary>Lists the registry keeps by hand: classes of units (T6, R-TSK-06) and accounts in systems of others (R-ORG-07).</summary>
public sealed class KeptListsTests : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private TestPlatform _platform = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IOrgUnits Units => _platform.Services.GetRequiredService<IOrgUnits>();

    public async ValueTask InitializeAsync()
    {
        _platform = await TestPlatform.StartAsync();
        _platform.Clock.Set(Today);
        await _platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_class_takes_in_its_kinds_and_a_unit_is_left_out_from_a_day_on_and_not_before()
    {
        var admin = Holder(Role.PlatformAdmin, await FirstAsync(OrgUnitKind.Department));
        (await Keep(admin).OpenAsync(new() { Code = "phuong-thi-diem", Name = "UBND các phường thí điểm", Kinds = [OrgUnitKind.Ward], From = new(2025, 7, 1) }, Cancellation)).Expect();
        var sheet = await SheetAsync();
        var wards = (await Units.TreeAsync(Today, Cancellation)).Count(u => u.Kind is OrgUnitKind.Ward);
        Assert.Equal((9, wards), (wards, sheet.Members.Count));

        var left = sheet.Members[0];
        (await Keep(admin).NameAsync(new() { Class = sheet.Class.Code, Version = sheet.Version, Unit = left.Id, IsExcluded = true, From = Today }, Cancellation)).Expect();
        Assert.DoesNotContain((await SheetAsync()).Members, m => m.Id == left.Id);
        Assert.Contains((await SheetAsync(Today.AddDays(-1))).Members, m => m.Id == left.Id);

        // The same again, and with a version somebody else has passed, is refused; nobody without the right gets in.
        var now = await SheetAsync();
        Assert.Equal("registry.class.member-already", (await Keep(admin).NameAsync(new() { Class = now.Class.Code, Version = now.Version, Unit = left.Id, IsExcluded = true, From = Today }, Cancellation)).Refusal?.Code);
        Assert.Equal("registry.unit.stale", (await Keep(admin).NameAsync(new() { Class = now.Class.Code, Version = sheet.Version, Unit = now.Members[0].Id, IsExcluded = true, From = Today }, Cancellation)).Refusal?.Code);
        Assert.Equal("registry.forbidden", (await Keep(Holder(Role.UnitHead, left.Id)).EndAsync(now.Class.Code, now.Version, now.Decisions[0].Id, Today, Cancellation)).Refusal?.Code);

        // Ended today: from tomorrow the rule takes it in again.
        (await Keep(admin).EndAsync(now.Class.Code, now.Version, now.Decisions[0].Id, Today, Cancellation)).Expect();
        Assert.Contains((await SheetAsync(Today.AddDays(1))).Members, m => m.Id == left.Id);
        Assert.Equal("registry.unit.code-taken", (await Keep(admin).OpenAsync(new() { Code = "phuong-thi-diem", Name = "Tên khác", From = Today }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_unit_without_an_account_is_listed_and_the_record_survives_a_change_of_staff_R_ORG_07()
    {
        var wards = (await Units.TreeAsync(Today, Cancellation)).Where(u => u.Kind is OrgUnitKind.Ward).ToList();
        var admin = Holder(Role.PlatformAdmin, wards[0].Id);
        (await Keep(admin).OpenAsync(new() { Code = "cac-phuong", Name = "UBND các phường", Kinds = [OrgUnitKind.Ward], From = new(2025, 7, 1) }, Cancellation)).Expect();
        (await Accounts(admin).SetSystemAsync(new() { Code = "nq57", Name = "Hệ thống giám sát Nghị quyết 57", RequiredFor = "cac-phuong" }, Cancellation)).Expect();
        var focal = Holder(Role.UnitFocal, wards[0].Id);
        var account = (await Accounts(focal).RecordAsync(new() { Unit = wards[0].Id, System = "nq57", AccountName = "phuong.1", Holder = "Nguyễn Văn Một", IssuedOn = new(2026, 1, 5) }, Cancellation)).Expect();

        var sheet = (await Accounts(focal).FindAsync("nq57", 1, Cancellation)).Expect();
        Assert.Equal((1, 8, 8), (sheet.Total, sheet.Without.Count, sheet.Systems.Single().Lacking));
        Assert.DoesNotContain(sheet.Without, l => l.Unit.Id == wards[0].Id);
        Assert.True(sheet.Accounts.Single().MayKeep);
        Assert.Equal([wards[0].Id], (await Accounts(focal).KeepableAsync(Cancellation)).Select(u => u.Id));

        // Another unit sees the register but does not keep it.
        var other = Accounts(Holder(Role.UnitFocal, wards[1].Id));
        Assert.False((await other.FindAsync(null, 1, Cancellation)).Expect().Accounts.Single().MayKeep);
        Assert.Equal("registry.forbidden", (await other.HandOverAsync(new() { Account = account, Version = sheet.Accounts[0].Version, Holder = "Người Ngoài", From = Today }, Cancellation)).Refusal?.Code);

        (await Accounts(focal).HandOverAsync(new() { Account = account, Version = sheet.Accounts[0].Version, Holder = "Trần Thị Hai", From = Today }, Cancellation)).Expect();
        var after = (await Accounts(focal).FindAsync(null, 1, Cancellation)).Expect().Accounts.Single();
        Assert.Equal(("phuong.1", "Trần Thị Hai", wards[0].Id), (after.AccountName, after.Holder, after.Unit));
        (await Accounts(focal).SetStatusAsync(account, after.Version, ExternalAccountStatus.Revoked, Today, Cancellation)).Expect();
        Assert.Equal(9, (await Accounts(focal).FindAsync(null, 1, Cancellation)).Expect().Without.Count);
    }

    private KeepUnitClasses Keep(CurrentUser user) => _platform.As<KeepUnitClasses>(user);

    private KeepExternalAccounts Accounts(CurrentUser user) => _platform.As<KeepExternalAccounts>(user);

    private async Task<UnitClassSheet> SheetAsync(DateOnly? day = null) =>
        (await _platform.As<FindUnitClasses>(CurrentUser.System).HandleAsync(day, Cancellation)).Expect().Single(c => c.Class.Code == "phuong-thi-diem");

    private async Task<OrgUnitId> FirstAsync(OrgUnitKind kind) => (await Units.TreeAsync(Today, Cancellation)).First(u => u.Kind == kind).Id;

    private static CurrentUser Holder(Role role, OrgUnitId unit) =>
        new(UserId.From(new Guid("0198aaaa-0000-7000-8000-000000000001")), "Người Thử", unit, "", [new(role, unit)], "2001:db8::1", 1234);
}
