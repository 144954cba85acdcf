using System.CommandLine;
using LienThong.Kernel;
using LienThong.Platform;
using LienThong.Platform.Accounts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary>
/// <c>lienthong user add | grant | lock | reset-mfa | list</c>: how the first administrator is made, and how one gets back in when nobody
/// else can. Whoever may run it holds the data folder, so it acts as the machine itself, and every deed is in the audit.
/// </summary>
internal static class UserVerb
{
    private static readonly Argument<string> SignInName = new("tên") { Description = "Tên đăng nhập." };
    private static readonly Option<string?> Unit = new("--unit") { Description = "Đơn vị: mã, tên hoặc id; mặc định là tỉnh." };
    private static readonly Option<string?> Role = new("--role") { Description = "Vai trò: " + string.Join(", ", Enum.GetNames<Role>()) };
    private static readonly Option<string> Document = new("--document") { Description = "Văn bản giao quyền.", DefaultValueFactory = _ => "Lập bằng dòng lệnh trên máy chủ" };
    private static readonly Option<DateOnly?> Until = new("--until") { Description = "Ngày cuối cùng của vai trò (yyyy-MM-dd)." };

    public static Command Build() => new("user", "Tài khoản: thêm, giao vai trò, khóa, xóa yếu tố thứ hai, liệt kê.")
    {
        Add(), Grant(), Lock(), ResetMfa(), List(),
    };

    private static Command Add()
    {
        var name = new Option<string?>("--display") { Description = "Họ và tên." };
        var password = new Option<bool>("--password-stdin") { Description = "Đọc mật khẩu tạm từ đầu vào chuẩn (phải đổi khi đăng nhập lần đầu)." };
        var number = new Option<bool>("--person-stdin") { Description = "Đọc số định danh cá nhân (12 chữ số) từ đầu vào chuẩn; chỉ lưu dấu băm có khóa." };
        var command = new Command("add", "Thêm một người dùng, có thể kèm vai trò.") { SignInName, name, Unit, Role, Document, Until, password, number };
        command.SetAction((result, cancellationToken) => RunAsync(result, async (services, console) =>
        {
            var unit = await UnitAsync(services, result.GetValue(Unit), cancellationToken);
            var made = await services.GetRequiredService<CreateUser>().HandleAsync(
                new()
                {
                    SignInName = result.GetRequiredValue(SignInName),
                    DisplayName = result.GetValue(name) ?? result.GetRequiredValue(SignInName),
                    HomeUnit = unit,
                    TemporaryPassword = result.GetValue(password) ? await Console.In.ReadLineAsync(cancellationToken) : null,
                    PersonalNumber = result.GetValue(number) ? await Console.In.ReadLineAsync(cancellationToken) : null,
                },
                CurrentUser.System, cancellationToken);
            if (!made.IsGranted(out var created, out var refusal)) return refusal;
            await console.WriteLineAsync($"Đã thêm {result.GetValue(SignInName)} ({created.Id}).");
            return result.GetValue(Role) is null ? null : await GrantAsync(result, services, created.Id, unit, console, cancellationToken);
        }, cancellationToken));
        return command;
    }

    private static Command Grant()
    {
        var command = new Command("grant", "Giao một vai trò.") { SignInName, Role, Unit, Document, Until };
        command.SetAction((result, cancellationToken) => RunAsync(result, async (services, console) =>
        {
            if (await FindAsync(services, result.GetRequiredValue(SignInName), cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
            return await GrantAsync(result, services, user.Id, await UnitAsync(services, result.GetValue(Unit), cancellationToken), console, cancellationToken);
        }, cancellationToken));
        return command;
    }

    private static Command Lock()
    {
        var reason = new Option<string>("--reason") { Description = "Lý do.", DefaultValueFactory = _ => "Khóa bằng dòng lệnh" };
        var open = new Option<bool>("--open") { Description = "Mở lại thay vì khóa." };
        var command = new Command("lock", "Khóa hoặc mở lại một tài khoản; khóa kết thúc mọi phiên.") { SignInName, reason, open };
        command.SetAction((result, cancellationToken) => RunAsync(result, async (services, console) =>
        {
            if (await FindAsync(services, result.GetRequiredValue(SignInName), cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
            var to = result.GetValue(open) ? AccountStatus.Open : AccountStatus.Locked;
            var done = await services.GetRequiredService<LockUser>().HandleAsync(
                new() { User = user.Id, To = to, Reason = result.GetRequiredValue(reason), Version = user.Version }, CurrentUser.System, cancellationToken);
            if (done.Refusal is null) await console.WriteLineAsync(to is AccountStatus.Open ? "Đã mở lại." : "Đã khóa.");
            return done.Refusal;
        }, cancellationToken));
        return command;
    }

    private static Command ResetMfa()
    {
        var command = new Command("reset-mfa", "Xóa mã xác thực, khóa truy cập và kết thúc mọi phiên của một người.") { SignInName };
        command.SetAction((result, cancellationToken) => RunAsync(result, async (services, console) =>
        {
            if (await FindAsync(services, result.GetRequiredValue(SignInName), cancellationToken) is not { } user) return AccountsRefusals.UserUnknown();
            var done = await services.GetRequiredService<ResetSecondFactor>().HandleAsync(user.Id, CurrentUser.System, cancellationToken);
            if (done.Refusal is null) await console.WriteLineAsync("Đã xóa yếu tố xác thực thứ hai.");
            return done.Refusal;
        }, cancellationToken));
        return command;
    }

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = "Lọc theo tên, có dấu hoặc không dấu." };
        var command = new Command("list", "Liệt kê tài khoản và vai trò hiện có.") { search };
        command.SetAction((result, cancellationToken) => RunAsync(result, async (services, console) =>
        {
            for (var page = 1; ; page++)
            {
                var found = (await services.GetRequiredService<FindUsers>().HandleAsync(
                    new(result.GetValue(search), null, null, null, false, page), CurrentUser.System, cancellationToken)).Expect();
                foreach (var row in found.Rows)
                {
                    var state = row.Status is AccountStatus.Open ? row.IsIdle ? "idle" : row.IsLockedOut ? "locked-out" : "open" : row.Status.ToString().ToLowerInvariant();
                    await console.WriteLineAsync($"{row.SignInName}\t{row.DisplayName}\t{state}\t{string.Join(',', row.Grants.Select(g => g.Role).Distinct())}");
                }

                if (page * FindUsers.PageSize >= found.Total) return null;
            }
        }, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, Func<IServiceProvider, TextWriter, Task<Refusal?>> deed, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Error).AddSimpleConsole());
        services.AddPlatform(CommonOptions.Storage(result));
        await using var provider = services.BuildServiceProvider();
        await StorageModule.MigrateAsync(provider.GetRequiredService<IDbContextFactory<PlatformDb>>(), cancellationToken);
        await using var scope = provider.CreateAsyncScope();
        var refusal = await deed(scope.ServiceProvider, result.InvocationConfiguration.Output);
        if (refusal is null) return 0;
        await result.InvocationConfiguration.Error.WriteLineAsync($"Không thực hiện được: {refusal.Code} {string.Join(' ', refusal.Arguments)}".TrimEnd());
        return 1;
    }

    private static async Task<Refusal?> GrantAsync(
        ParseResult result, IServiceProvider services, UserId user, OrgUnitId unit, TextWriter console, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<Role>(result.GetValue(Role), ignoreCase: true, out var role) || !Enum.IsDefined(role)) return AccountsRefusals.PeriodInvalid();
        var granted = await services.GetRequiredService<GrantRole>().HandleAsync(
            new() { User = user, Role = role, Unit = unit, To = result.GetValue(Until), Document = result.GetRequiredValue(Document) }, CurrentUser.System, cancellationToken);
        if (granted.Refusal is null) await console.WriteLineAsync($"Đã giao vai trò {role}.");
        return granted.Refusal;
    }

    private static async Task<UserAccount?> FindAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var normal = UserAccount.NormalName(name);
        await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.SignInName == normal, cancellationToken);
    }

    /// <summary>
    /// The unit by code, name or id, or the province. Before any registry is loaded there is no province yet: then the first administrator
    /// stands in the unit all of whose digits are one, which is nobody's, and is moved later.
    /// </summary>
    private static async Task<OrgUnitId> UnitAsync(IServiceProvider services, string? words, CancellationToken cancellationToken)
    {
        var today = Vietnamese.DayOf(services.GetRequiredService<TimeProvider>().GetUtcNow());
        if (OrgUnitId.TryParse(words, out var id)) return id;
        var registry = services.GetRequiredService<IOrgUnits>();
        var tree = await registry.TreeAsync(today, cancellationToken);
        if (string.IsNullOrWhiteSpace(words)) return tree.Count == 0 ? new OrgUnitId(Guid.Parse("11111111-1111-1111-1111-111111111111")) : (await registry.ProvinceAsync(today, cancellationToken)).Id;
        var folded = VietnameseText.Fold(words);
        return tree.FirstOrDefault(u => u.Code.Equals(words, StringComparison.OrdinalIgnoreCase) || VietnameseText.Fold(u.Name) == folded || VietnameseText.Fold(u.ShortName) == folded)?.Id ?? default;
    }
}
