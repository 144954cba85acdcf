using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LienThong.Unit.Accounts;

/// <summary>R-ORG-06, R-NFR-05: signing in with a name and a password, where it is switched on.</summary>
public sealed class PasswordSignInTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly SignInOrigin Origin = new("2001:db8:1:2::7", 50123, "test");
    private TestPlatform _platform = null!;

    public async ValueTask InitializeAsync() => _platform = await AccountsWorld.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task The_right_password_signs_in_and_the_session_and_the_audit_say_from_where()
    {
        var user = await _platform.AddUserAsync("lan.nguyen", password: AccountsWorld.Password);

        var answer = (await SignInAsync("Lan.Nguyen", AccountsWorld.Password)).Expect();
        var session = (await _platform.Get<Sessions>().OpenAsync(answer.User, "password", false, Origin, Cancellation)).Expect();

        Assert.Equal(user, answer.User);
        Assert.False(answer.NeedsCode);
        var live = await _platform.Get<AccountSnapshots>().FindSessionAsync(session, user, Cancellation);
        Assert.NotNull(live);
        await using var db = await _platform.OpenAsync();
        var record = await db.Audit.SingleAsync(a => a.Action == "accounts.signed-in", Cancellation);
        Assert.Equal(("2001:db8:1:2::7", 50123, "done", "person"), (record.Address, record.Port, record.Outcome, record.AccountKind));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_and_both_are_on_record()
    {
        await _platform.AddUserAsync("lan.nguyen", password: AccountsWorld.Password);

        var wrong = (await SignInAsync("lan.nguyen", "not it")).Refusal;
        var unknown = (await SignInAsync("nobody.here", AccountsWorld.Password)).Refusal;

        Assert.Equal("accounts.signin.failed", wrong?.Code);
        Assert.Equal(wrong?.Code, unknown?.Code);
        await using var db = await _platform.OpenAsync();
        var records = await db.Audit.Where(a => a.Action == "accounts.signed-in").OrderBy(a => a.At).ToListAsync(Cancellation);
        Assert.All(records, r => Assert.Equal("refused", r.Outcome));
        Assert.Equal(2, records.Count);
        Assert.DoesNotContain(records, r => (r.Before + r.After + r.Note + r.ObjectId).Contains("nobody.here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour_even_for_the_right_one()
    {
        await _platform.AddUserAsync("lan.nguyen", password: AccountsWorld.Password);
        for (var i = 0; i < 5; i++) await SignInAsync("lan.nguyen", "wrong " + i);

        Assert.Equal("accounts.signin.failed", (await SignInAsync("lan.nguyen", AccountsWorld.Password)).Refusal?.Code);

        _platform.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Null((await SignInAsync("lan.nguyen", AccountsWorld.Password)).Refusal);
    }

    [Fact]
    public async Task An_account_unused_for_45_days_is_shut_until_an_administrator_opens_it()
    {
        var user = await _platform.AddUserAsync("lan.nguyen", password: AccountsWorld.Password);
        _platform.Clock.Advance(TimeSpan.FromDays(45));

        Assert.Equal("accounts.signin.failed", (await SignInAsync("lan.nguyen", AccountsWorld.Password)).Refusal?.Code);
        Assert.Equal("accounts.signin.not-usable", (await _platform.Get<Sessions>().OpenAsync(user, "oidc", true, Origin, Cancellation)).Refusal?.Code);

        var seen = (await _platform.Get<OpenUser>().HandleAsync(user, CurrentUser.System, Cancellation)).Expect();
        Assert.True(seen.IsIdle);
        (await _platform.Get<LockUser>().HandleAsync(new() { User = user, To = AccountStatus.Open, Reason = "trở lại làm việc", Version = seen.User.Version }, CurrentUser.System, Cancellation)).Expect();
        Assert.Null((await SignInAsync("lan.nguyen", AccountsWorld.Password)).Refusal);
    }

    [Fact]
    public async Task Local_sign_in_is_off_unless_switched_on()
    {
        await using var off = await TestPlatform.StartAsync();
        using var scope = off.As(CurrentUser.System);

        var result = await scope.Get<SignInWithPassword>().HandleAsync(new() { Name = "a", Password = "b" }, Origin, Cancellation);

        Assert.Equal("accounts.signin.local-off", result.Refusal?.Code);
    }

    [Fact]
    public async Task Guessing_at_many_names_from_one_ipv6_network_is_throttled_whatever_address_it_uses()
    {
        for (var i = 0; i < SignInThrottle.FailuresPerAddress; i++)
        {
            await _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = "name" + i, Password = "x" }, new SignInOrigin($"2001:db8:1:2::{i + 1:x}", 1, null), Cancellation);
        }

        var same = await _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = "another", Password = "x" }, new SignInOrigin("2001:db8:1:2:ffff::1", 1, null), Cancellation);
        var other = await _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = "another", Password = "x" }, new SignInOrigin("2001:db8:1:3::1", 1, null), Cancellation);

        Assert.Equal("accounts.signin.throttled", same.Refusal?.Code);
        Assert.Equal("accounts.signin.failed", other.Refusal?.Code);
    }

    private Task<Result<SignInWithPassword.Answer>> SignInAsync(string name, string password) =>
        _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = name, Password = password }, Origin, Cancellation);
}
