using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace LienThong.Unit.Accounts;

/// <summary>A platform with local sign-in, three units, and people made through the same slices as in use.</summary>
internal static class AccountsWorld
{
    public const string Password = "Ba con nghé, 7 quả ổi!";
    public const string OtherPassword = "Chín dòng sông & 2 ngọn núi";

    public static OrgUnitId Province { get; } = new(Guid.Parse("01980000-0000-7000-8000-000000000001"));
    public static OrgUnitId Science { get; } = new(Guid.Parse("01980000-0000-7000-8000-000000000002"));
    public static OrgUnitId Health { get; } = new(Guid.Parse("01980000-0000-7000-8000-000000000003"));

    public static Task<TestPlatform> StartAsync() => TestPlatform.StartAsync(services =>
    {
        services.RemoveAll<SignInOptions>();
        services.AddSingleton(new SignInOptions { LocalSignIn = true });
        services.RemoveAll<IOrgUnits>();

        // The cost of a hash is a defence, not a behaviour: the tests guess hundreds of passwords.
        services.Configure<Microsoft.AspNetCore.Identity.PasswordHasherOptions>(o => o.IterationCount = 1_000);
    });

    public static T Get<T>(this TestPlatform platform) where T : notnull => platform.As<T>(CurrentUser.System);

    public static async Task<UserId> AddUserAsync(this TestPlatform platform, string name, string? password = null, string display = "Nguyễn Thị Lan", string? personalNumber = null)
    {
        var made = await platform.Get<CreateUser>().HandleAsync(
            new() { SignInName = name, DisplayName = display, HomeUnit = Science, TemporaryPassword = password, PersonalNumber = personalNumber }, CurrentUser.System, TestContext.Current.CancellationToken);
        return made.Expect().Id;
    }

    public static async Task<RoleGrantId> GrantAsync(this TestPlatform platform, UserId user, Role role, OrgUnitId? unit = null, DateOnly? from = null, DateOnly? to = null)
    {
        var granted = await platform.Get<GrantRole>().HandleAsync(
            new() { User = user, Role = role, Unit = unit ?? Science, From = from, To = to, Document = "QĐ số 1/QĐ-UBND" }, CurrentUser.System, TestContext.Current.CancellationToken);
        return granted.Expect().Id;
    }
}
