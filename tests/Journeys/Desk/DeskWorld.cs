using LienThong.Cli;
using LienThong.Platform.Accounts;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Desk;

/// <summary>
/// The whole host on real Kestrel, the sample province, and a few people of different units and roles, each a click away on the sign-in page
/// as in the demo. The plan that is imported is the one that stands beside the project.
/// </summary>
public sealed class DeskWorld : IAsyncLifetime
{
    /// <summary>The first password of everybody here; where one signs in by password it must be changed at once.</summary>
    public const string FirstPassword = "Ba con nghé, 7 quả ổi!";

    private readonly Cast _cast = new();
    private readonly bool _onlySeed;
    private WebApplication? _app;

    /// <param name="onlySeed">Fill the folder and listen nowhere: another process will.</param>
    private DeskWorld(bool onlySeed) => _onlySeed = onlySeed;

    public static async Task<DeskWorld> StartAsync(bool onlySeed = false)
    {
        var world = new DeskWorld(onlySeed);
        await world.InitializeAsync();
        return world;
    }

    /// <summary>Imports and reviews: the standing body. Reports: the police, who lead several tasks of the plan. Looks on: a commune.</summary>
    public const string Reviewer = "Người thẩm tra", Reporter = "Người báo cáo", Bystander = "Người ngoài việc";

    public static string PlanFile => Path.Combine(RunningApp.Shared, "plans", "quang-ngai-2025-ke-hoach.txt");

    public string Folder { get; } = Directory.CreateTempSubdirectory("lienthong-desk-").FullName;

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var port = RunningApp.FreePort();
        Address = new Uri($"http://localhost:{port}/");
        _app = Host.Build(new HostOptions { Storage = new StorageOptions(Folder, null), Port = port }, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Critical);
            builder.Services.AddSingleton<IDemoSignIn>(_cast);
        });
        await StorageModule.MigrateAsync(_app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
        await _app.Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
        await MakeAsync(Reviewer, Role.StandingBody, "Sở Khoa học và Công nghệ");
        await MakeAsync(Reporter, Role.UnitHead, "Công an tỉnh");
        await MakeAsync(Bystander, Role.UnitFocal, "Sở Y tế");
        if (!_onlySeed) await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A page of that person, signed in through the page everybody uses.</summary>
    public async Task<IPage> EnterAsync(Browsing browsing, string person, int width = 1280, bool scripts = true)
    {
        ArgumentNullException.ThrowIfNull(browsing);
        var page = await browsing.VisitAsync(Address, width, scripts);
        await page.GotoAsync("/dang-nhap?ve=/nhiem-vu");
        await page.GetByRole(AriaRole.Button, new() { Name = person }).ClickAsync();
        await Browsing.ArriveAsync(page, "/nhiem-vu");
        return page;
    }

    public static string SignInNameOf(string person) => person switch { Reviewer => "desk.thuongtruc", Reporter => "desk.congan", _ => "desk.yte" };

    private async Task MakeAsync(string name, Role role, string unitName)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var match = (await scope.ServiceProvider.GetRequiredService<IOrgUnits>().MatchAsync([unitName], WorkCalendar.Today(TimeProvider.System), CancellationToken.None))[0];
        var unit = match.CurrentUnits.Count > 0 ? match.CurrentUnits[0] : match.Unit!;
        var made = (await scope.ServiceProvider.GetRequiredService<CreateUser>().HandleAsync(
            new() { SignInName = SignInNameOf(name), DisplayName = name, HomeUnit = unit.Id, TemporaryPassword = _onlySeed ? FirstPassword : null }, CurrentUser.System, CancellationToken.None)).Expect();
        (await scope.ServiceProvider.GetRequiredService<GrantRole>().HandleAsync(
            new() { User = made.Id, Role = role, Unit = unit.Id, Document = "QĐ 1" }, CurrentUser.System, CancellationToken.None)).Expect();
        _cast.People.Add(new DemoPerson(made.Id, name, role.ToString(), unit.Name));
    }

    private sealed class Cast : IDemoSignIn
    {
        public List<DemoPerson> People { get; } = [];

        public Task<IReadOnlyList<DemoPerson>> PeopleAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DemoPerson>>(People);
    }
}
