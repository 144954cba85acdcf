using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LienThong.Unit.Accounts;

/// <summary>R-NFR-05: one-time codes, recovery codes, password rules.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly SignInOrigin Origin = new("::1", 1, null);
    private TestPlatform _platform = null!;
    private CurrentUser _lan = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await AccountsWorld.StartAsync();
        var id = await _platform.AddUserAsync("lan.nguyen", AccountsWorld.Password);
        _lan = new CurrentUser(id, "Lan", AccountsWorld.Science, "", [], null, null);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt("12345678901234567890"u8.ToArray(), Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public async Task A_code_is_asked_after_the_password_and_is_good_once()
    {
        var (secret, _) = await SetUpAsync();
        var signIn = (await _platform.Get<SignInWithPassword>().HandleAsync(new() { Name = "lan.nguyen", Password = AccountsWorld.Password }, Origin, Cancellation)).Expect();
        Assert.True(signIn.NeedsCode);

        _platform.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = Totp.CodeAt(secret, Totp.StepOf(_platform.Clock.GetUtcNow()));
        Assert.Null((await CodeAsync(code)).Refusal);
        Assert.Equal("accounts.code.wrong", (await CodeAsync(code)).Refusal?.Code);
        Assert.Equal("accounts.code.wrong", (await CodeAsync("000000")).Refusal?.Code);
    }

    [Fact]
    public async Task Of_two_requests_with_one_code_at_the_same_moment_one_gets_in()
    {
        var (secret, _) = await SetUpAsync();
        _platform.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = Totp.CodeAt(secret, Totp.StepOf(_platform.Clock.GetUtcNow()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CodeAsync(code)));

        Assert.Single(answers, a => a.Refusal is null);
    }

    [Fact]
    public async Task A_recovery_code_works_once_and_new_ones_replace_the_old()
    {
        var (_, codes) = await SetUpAsync();

        Assert.Null((await CodeAsync(codes[0].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal))).Refusal);
        Assert.NotNull((await CodeAsync(codes[0])).Refusal);
        var renewed = (await _platform.Get<SetUpTotp>().RenewRecoveryCodesAsync(_lan, Cancellation)).Expect().All;
        Assert.NotNull((await CodeAsync(codes[1])).Refusal);
        Assert.Null((await CodeAsync(renewed[0])).Refusal);
    }

    [Fact]
    public async Task The_secret_and_the_recovery_codes_are_not_in_the_database_in_clear()
    {
        var (secret, codes) = await SetUpAsync();

        await using var db = await _platform.OpenAsync();
        var user = await db.Users.SingleAsync(Cancellation);
        Assert.DoesNotContain(Totp.Base32(secret), user.TotpSecret, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(secret), user.TotpSecret, StringComparison.Ordinal);
        var hashes = await db.RecoveryCodes.Select(c => c.Hash).ToListAsync(Cancellation);
        Assert.DoesNotContain(hashes, h => codes.Any(c => h.Contains(c, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("Ngắn 1 chút!", false, "accounts.password.short")]
    [InlineData("Bảy8Ký!", true, "accounts.password.short")]
    [InlineData("Tám8 ký!", true, null)]
    [InlineData("toàn chữ thường dài", false, "accounts.password.weak")]
    [InlineData("Lan.Nguyen 2026 !!", false, "accounts.password.weak")]
    [InlineData("P@ssw0rd2026!", true, "accounts.password.weak")]
    [InlineData("Ba con nghé, 7 quả ổi!", false, null)]
    public void A_password_is_long_or_has_company_and_is_not_what_everybody_tries(string password, bool hasFactor, string? code)
    {
        var policy = AccountPolicy.From(new Platform.Shared.Parameters.ParameterSheet(
            System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(Platform.Shared.Parameters.ParameterDefaults.All, p => p.Key, p => p.Value)));
        var user = new UserAccount { Id = default, SignInName = "lan.nguyen", DisplayName = "Lan", HomeUnit = default, SecurityStamp = "", CreatedAt = default };

        Assert.Equal(code, PasswordRules.Check(password, user, hasFactor, policy)?.Code);
    }

    [Fact]
    public async Task The_last_ten_passwords_are_not_taken_again_and_the_eleventh_is()
    {
        var current = AccountsWorld.Password;
        async Task<string?> ChangeAsync(string next)
        {
            _platform.Clock.Advance(TimeSpan.FromMinutes(1));
            var result = await _platform.Get<ChangePassword>().HandleAsync(new() { Current = current, Next = next, Again = next }, _lan, Cancellation);
            if (result.Refusal is null) current = next;
            return result.Refusal?.Code;
        }

        for (var i = 1; i <= 9; i++) Assert.Null(await ChangeAsync($"Mật khẩu khác số {i}!"));
        Assert.Equal("accounts.password.reused", await ChangeAsync(AccountsWorld.Password));
        Assert.Null(await ChangeAsync("Mật khẩu khác số 10!"));
        Assert.Null(await ChangeAsync(AccountsWorld.Password));
    }

    [Fact]
    public async Task Changing_the_password_ends_every_session()
    {
        var session = (await _platform.Get<Sessions>().OpenAsync(_lan.Id, "password", false, Origin, Cancellation)).Expect();
        Assert.NotNull(await _platform.Get<AccountSnapshots>().FindSessionAsync(session, _lan.Id, Cancellation));

        (await _platform.Get<ChangePassword>().HandleAsync(
            new() { Current = AccountsWorld.Password, Next = AccountsWorld.OtherPassword, Again = AccountsWorld.OtherPassword }, _lan, Cancellation)).Expect();

        Assert.Null(await _platform.Get<AccountSnapshots>().FindSessionAsync(session, _lan.Id, Cancellation));
    }

    [Fact]
    public async Task A_session_ends_when_unused_and_in_any_case_after_its_longest_time()
    {
        var sessions = _platform.Get<Sessions>();
        var snapshots = _platform.Get<AccountSnapshots>();
        var unused = (await sessions.OpenAsync(_lan.Id, "password", false, Origin, Cancellation)).Expect();
        var used = (await sessions.OpenAsync(_lan.Id, "password", false, Origin, Cancellation)).Expect();
        for (var hour = 0; hour < 11; hour++)
        {
            Assert.NotNull(await snapshots.FindSessionAsync(used, _lan.Id, Cancellation));
            _platform.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Null(await snapshots.FindSessionAsync(unused, _lan.Id, Cancellation));
        Assert.NotNull(await snapshots.FindSessionAsync(used, _lan.Id, Cancellation));
        _platform.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await snapshots.FindSessionAsync(used, _lan.Id, Cancellation));
    }

    [Theory]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    public void Attempts_are_counted_by_what_one_subscriber_holds(string address, string key) => Assert.Equal(key, AddressKey.Of(address));

    private async Task<(byte[] Secret, IReadOnlyList<string> Codes)> SetUpAsync()
    {
        var setUp = _platform.Get<SetUpTotp>();
        (await setUp.BeginAsync(_lan, Cancellation)).Expect();
        await using var db = await _platform.OpenAsync();
        var secret = _platform.Get<SecretBox>().Open((await db.Users.SingleAsync(Cancellation)).TotpSecret!);
        var codes = (await setUp.ConfirmAsync(Totp.CodeAt(secret, Totp.StepOf(_platform.Clock.GetUtcNow())), _lan, default, Cancellation)).Expect();
        return (secret, codes.All);
    }

    private Task<Result<Done>> CodeAsync(string code) => _platform.Get<SignInWithCode>().HandleAsync(_lan.Id, code, Origin, Cancellation);
}
