using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LienThong.Unit.Accounts;

/// <summary>R-ORG-05, R-NFR-05: rights have a unit, a period and a document; duties stay apart; a right is gone the moment it ends.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private TestPlatform _platform = null!;
    private UserId _lan;

    public async ValueTask InitializeAsync()
    {
        _platform = await AccountsWorld.StartAsync();
        _lan = await _platform.AddUserAsync("lan.nguyen");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_right_holds_through_its_last_day_in_Vietnam_and_not_a_moment_longer()
    {
        await _platform.GrantAsync(_lan, Role.UnitFocal, to: new DateOnly(2026, 11, 24));

        _platform.Clock.Set(new DateOnly(2026, 11, 24), 23, 59);
        Assert.Equal([Role.UnitFocal], await HeldAsync(_lan));

        // The same cached account, a minute later: the clock decides, not the cache.
        _platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await HeldAsync(_lan));
    }

    [Fact]
    public async Task Revoking_takes_effect_at_once_and_the_history_stays()
    {
        var grant = await _platform.GrantAsync(_lan, Role.UnitFocal);
        Assert.Equal([Role.UnitFocal], await HeldAsync(_lan));

        (await _platform.Get<RevokeRole>().HandleAsync(new() { Grant = grant, Reason = "chuyển công tác" }, CurrentUser.System, Cancellation)).Expect();

        Assert.Empty(await HeldAsync(_lan));
        var again = await _platform.Get<RevokeRole>().HandleAsync(new() { Grant = grant, Reason = "lần nữa" }, CurrentUser.System, Cancellation);
        Assert.Equal("accounts.grant.revoked", again.Refusal?.Code);
        await using var db = await _platform.OpenAsync();
        Assert.Equal("chuyển công tác", (await db.GrantedRoles.SingleAsync(Cancellation)).RevokeReason);
    }

    [Theory]
    [InlineData(Role.PlatformAdmin, Role.ProvinceLeader)]
    [InlineData(Role.PlatformAdmin, Role.StandingBody)]
    [InlineData(Role.PlatformAdmin, Role.UnitHead)]
    [InlineData(Role.Auditor, Role.PlatformAdmin)]
    [InlineData(Role.Auditor, Role.ProvinceOffice)]
    public async Task Administering_approving_and_auditing_are_never_in_one_hand(Role held, Role asked)
    {
        await _platform.GrantAsync(_lan, held);

        var result = await _platform.Get<GrantRole>().HandleAsync(
            new() { User = _lan, Role = asked, Unit = AccountsWorld.Health, Document = "QĐ 2" }, CurrentUser.System, Cancellation);

        Assert.Equal("accounts.grant.duties", result.Refusal?.Code);
    }

    [Fact]
    public async Task An_administrator_gives_others_rights_but_never_oneself()
    {
        var admin = await ActAsAsync(await _platform.AddUserAsync("quan.tri"), Role.PlatformAdmin);

        var other = await _platform.Get<GrantRole>().HandleAsync(new() { User = _lan, Role = Role.UnitFocal, Unit = AccountsWorld.Science, Document = "QĐ 3" }, admin, Cancellation);
        var own = await _platform.Get<GrantRole>().HandleAsync(new() { User = admin.Id, Role = Role.DataOwner, Unit = AccountsWorld.Science, Document = "QĐ 3" }, admin, Cancellation);

        Assert.Null(other.Refusal);
        Assert.Equal("accounts.grant.own", own.Refusal?.Code);
    }

    [Theory]
    [InlineData(Role.ProvinceLeader)]
    [InlineData(Role.Auditor)]
    [InlineData(Role.UnitHead)]
    public async Task Nobody_but_an_administrator_touches_accounts(Role role)
    {
        var by = await ActAsAsync(_lan, role);
        var user = await _platform.AddUserAsync("minh.tran");

        Assert.Equal("access.forbidden", (await _platform.Get<CreateUser>().HandleAsync(new() { SignInName = "x.y.z", DisplayName = "Xyz", HomeUnit = AccountsWorld.Health }, by, Cancellation)).Refusal?.Code);
        Assert.Equal("access.forbidden", (await _platform.Get<GrantRole>().HandleAsync(new() { User = user, Role = Role.UnitFocal, Unit = AccountsWorld.Health, Document = "1" }, by, Cancellation)).Refusal?.Code);
        Assert.Equal("access.forbidden", (await _platform.Get<LockUser>().HandleAsync(new() { User = user, To = AccountStatus.Locked, Reason = "1" }, by, Cancellation)).Refusal?.Code);
        Assert.Equal("access.forbidden", (await _platform.Get<ResetSecondFactor>().HandleAsync(user, by, Cancellation)).Refusal?.Code);
        Assert.Equal("access.forbidden", (await _platform.Get<FindUsers>().HandleAsync(new(null, null, null, null, false, 1), by, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task Only_an_auditor_reads_the_audit_and_an_administrator_does_not()
    {
        var admin = await ActAsAsync(await _platform.AddUserAsync("quan.tri"), Role.PlatformAdmin);
        var auditor = await ActAsAsync(_lan, Role.Auditor);

        Assert.Equal("access.forbidden", (await _platform.Get<SearchAudit>().HandleAsync(new(), admin, Cancellation)).Refusal?.Code);
        var found = (await _platform.Get<SearchAudit>().HandleAsync(new() { Action = "accounts.role" }, auditor, Cancellation)).Expect();
        Assert.Equal(2, found.Total);
        Assert.All(found.Rows, r => Assert.Equal("accounts.role.granted", r.Action));
    }

    [Fact]
    public async Task The_audit_finds_an_ipv6_address_however_it_is_spelled()
    {
        var auditor = await ActAsAsync(_lan, Role.Auditor);
        await _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = "lan.nguyen", Password = "x" }, new SignInOrigin("2001:db8::a:1", 4711, null), Cancellation);

        var found = (await _platform.Get<SearchAudit>().HandleAsync(new() { Address = "2001:0DB8:0:0::000a:1" }, auditor, Cancellation)).Expect();

        var record = Assert.Single(found.Rows);
        Assert.Equal(("2001:db8::a:1", 4711), (record.Address, record.Port));
    }

    [Fact]
    public async Task A_lent_role_holds_while_the_lender_holds_it_and_every_record_names_the_delegation()
    {
        var head = await _platform.AddUserAsync("truong.so");
        var grant = await _platform.GrantAsync(head, Role.UnitHead);
        var lent = new Delegations(new DelegationView(
            StrongId.New<DelegationId>(_platform.Clock), AccountsWorld.Science, head, "Trưởng", [Role.UnitHead, Role.ProvinceLeader], default, new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 23), null), _lan);
        var snapshots = _platform.Get<AccountSnapshots>();

        var held = await snapshots.GrantsAsync((await snapshots.FindAsync(_lan, Cancellation))!, [lent], Cancellation);
        var user = new CurrentUser(_lan, "Lan", AccountsWorld.Science, "", held, null, null);

        // Only what the lender has: the province leader's role was never theirs to lend.
        Assert.Equal([new RoleGrant(Role.UnitHead, AccountsWorld.Science, lent.View.Id)], held);
        Assert.Equal(lent.View.Id, user.LentBy(Permission.ReportProgress, AccountsWorld.Science, []));
        await using (var db = await _platform.OpenAsync())
        {
            db.Record(user, _platform.Clock, "test.deed", "test", "1");
            await db.SaveChangesAsync(Cancellation);
            Assert.Equal("delegation:" + lent.View.Id, (await db.Audit.SingleAsync(a => a.Action == "test.deed", Cancellation)).Note);
        }

        _platform.Clock.Set(new DateOnly(2026, 11, 24), 0);
        Assert.Empty(await snapshots.GrantsAsync((await snapshots.FindAsync(_lan, Cancellation))!, [lent], Cancellation));

        _platform.Clock.Set(new DateOnly(2026, 11, 22), 12);
        (await _platform.Get<RevokeRole>().HandleAsync(new() { Grant = grant, Reason = "thôi giữ chức vụ" }, CurrentUser.System, Cancellation)).Expect();
        Assert.Empty(await snapshots.GrantsAsync((await snapshots.FindAsync(_lan, Cancellation))!, [lent], Cancellation));
    }

    [Fact]
    public async Task People_are_found_without_diacritics_and_reviews_fall_due_after_six_months()
    {
        var admin = await ActAsAsync(await _platform.AddUserAsync("quan.tri", display: "Đỗ Quản Trị"), Role.PlatformAdmin);
        var find = _platform.Get<FindUsers>();

        Assert.Equal([_lan], (await find.HandleAsync(new("nguyen thi", null, null, null, false, 1), admin, Cancellation)).Expect().Rows.Select(r => r.Id));
        Assert.Equal([admin.Id], (await find.HandleAsync(new("đỗ QUẢN", null, null, null, false, 1), admin, Cancellation)).Expect().Rows.Select(r => r.Id));
        Assert.Empty((await find.HandleAsync(new(null, null, null, null, true, 1), admin, Cancellation)).Expect().Rows);

        _platform.Clock.Set(new DateOnly(2027, 5, 23));
        Assert.Contains(_lan, (await find.HandleAsync(new(null, null, null, null, true, 1), admin, Cancellation)).Expect().Rows.Select(r => r.Id));
        (await _platform.Get<ReviewAccess>().HandleAsync(_lan, "đúng vị trí việc làm", admin, Cancellation)).Expect();
        Assert.DoesNotContain(_lan, (await find.HandleAsync(new(null, null, null, null, true, 1), admin, Cancellation)).Expect().Rows.Select(r => r.Id));
        Assert.Equal("accounts.grant.own", (await _platform.Get<ReviewAccess>().HandleAsync(admin.Id, null, admin, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_stale_lock_is_refused_with_both_versions()
    {
        var version = (await _platform.Get<OpenUser>().HandleAsync(_lan, CurrentUser.System, Cancellation)).Expect().User.Version;
        var request = new LockUser.Request { User = _lan, To = AccountStatus.Locked, Reason = "nghỉ", Version = version };

        Assert.Null((await _platform.Get<LockUser>().HandleAsync(request, CurrentUser.System, Cancellation)).Refusal);
        var stale = (await _platform.Get<LockUser>().HandleAsync(request, CurrentUser.System, Cancellation)).Refusal;

        Assert.Equal("accounts.stale", stale?.Code);
        Assert.Equal([version, version + 1], stale!.Arguments);
    }

    private async Task<IEnumerable<Role>> HeldAsync(UserId user)
    {
        var snapshots = _platform.Get<AccountSnapshots>();
        return (await snapshots.GrantsAsync((await snapshots.FindAsync(user, Cancellation))!, [], Cancellation)).Select(g => g.Role);
    }

    private async Task<CurrentUser> ActAsAsync(UserId user, Role role)
    {
        await _platform.GrantAsync(user, role);
        return new CurrentUser(user, "Người " + role, AccountsWorld.Science, "", [new RoleGrant(role, AccountsWorld.Science)], "::1", 1);
    }

    private sealed class Delegations(DelegationView view, UserId holder) : IDelegations
    {
        public DelegationView View => view;

        public Task<IReadOnlyList<DelegationView>> ActiveForAsync(UserId user, DateOnly day, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<DelegationView>>(user == holder && view.ValidFrom <= day && day <= view.LastDay ? [view] : []);
    }
}
