using System.Net;
using System.Text.RegularExpressions;
using LienThong.Cli;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>
/// The real host in this process, on real Kestrel and both loopbacks, with every way of signing in switched on so that every endpoint exists;
/// the sample province; and one person for each role, all of the same unit.
/// </summary>
public sealed partial class MatrixWorld : IAsyncLifetime
{
    private readonly Dictionary<Role, HttpClient> _clients = [];
    private WebApplication _app = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("lienthong-matrix-").FullName;

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    public HttpClient Nobody { get; private set; } = null!;

    public IReadOnlyDictionary<Role, UserId> People { get; private set; } = null!;

    /// <summary>The unit all persons belong to, and units that stand to it in each relation; child is null when it has none.</summary>
    public OrgUnitView Own { get; private set; } = null!;
    public OrgUnitView? Child { get; private set; }
    public OrgUnitView Sibling { get; private set; } = null!;
    public OrgUnitId Parent { get; private set; }
    public OrgUnitView Other { get; private set; } = null!;

    public HttpClient As(Role role) => _clients[role];

    public async ValueTask InitializeAsync()
    {
        var port = RunningApp.FreePort();
        Address = new Uri($"http://localhost:{port}/");
        var demo = new Cast();
        _app = Host.Build(
            new HostOptions
            {
                Storage = new StorageOptions(Folder, null),
                Port = port,
                Security = new SecurityOptions
                {
                    Oidc = new OidcOptions { Authority = new Uri("http://localhost:9/"), ClientId = "test" },
                    Certificates = new CertificateOptions { TrustFolder = Folder },
                },
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Critical);
                builder.Services.AddSingleton<IDemoSignIn>(demo);
            });
        await StorageModule.MigrateAsync(Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
        await Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
        await ChooseUnitsAsync();
        People = await MakePeopleAsync();
        demo.People = [.. People.Select(p => new DemoPerson(p.Value, p.Key.ToString(), p.Key.ToString(), ""))];
        await _app.StartAsync();

        Nobody = Client();
        foreach (var (role, person) in People) _clients[role] = await SignInAsync(person);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        Nobody?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A browser of its own, signed in as that person through the page everybody uses.</summary>
    public async Task<HttpClient> SignInAsync(UserId person)
    {
        var client = Client();
        var token = await TokenAsync(client, "/dang-nhap");
        using var answer = await client.PostAsync("/dang-nhap/mo-phong", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["nguoi"] = person.ToString(), ["__RequestVerificationToken"] = token }));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/viec-cua-toi", answer.Headers.Location?.OriginalString);
        return client;
    }

    public static async Task<string> TokenAsync(HttpClient client, string page)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Token().Match(await client.GetStringAsync(page)).Groups[1].Value;
    }

    public HttpClient Client() => new(new Patient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })) { BaseAddress = Address };

    /// <summary>Asks again when told to wait: the matrix asks more in a minute than any person, from one address, and the limit is not what it is about.</summary>
    private sealed class Patient(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
            while (true)
            {
                var answer = await base.SendAsync(request, cancellationToken);
                if (answer.StatusCode is not HttpStatusCode.TooManyRequests) return answer;
                var pause = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                answer.Dispose();
                await Task.Delay(pause, cancellationToken);
            }
        }
    }

    private async Task ChooseUnitsAsync()
    {
        var units = Services.GetRequiredService<IOrgUnits>();
        var tree = await units.TreeAsync(Vietnamese.DayOf(TimeProvider.System.GetUtcNow()), CancellationToken.None);
        var departments = tree.Where(u => u.Kind is OrgUnitKind.Department && u.Parent is not null).ToList();
        Own = departments.FirstOrDefault(d => tree.Any(u => u.Parent == d.Id)) ?? departments[0];
        Child = tree.FirstOrDefault(u => u.Parent == Own.Id);
        Parent = Own.Parent!.Value;
        Sibling = departments.First(u => u.Id != Own.Id && u.Parent == Own.Parent);
        Other = tree.First(u => u.Kind is OrgUnitKind.Commune);
    }

    private async Task<IReadOnlyDictionary<Role, UserId>> MakePeopleAsync()
    {
        var people = new Dictionary<Role, UserId>();
        await using var scope = Services.CreateAsyncScope();
        foreach (var role in Enum.GetValues<Role>())
        {
            var made = (await scope.ServiceProvider.GetRequiredService<CreateUser>().HandleAsync(
                new() { SignInName = "role." + role, DisplayName = "Người " + role, HomeUnit = Own.Id }, CurrentUser.System, CancellationToken.None)).Expect();
            (await scope.ServiceProvider.GetRequiredService<GrantRole>().HandleAsync(
                new() { User = made.Id, Role = role, Unit = Own.Id, Document = "QĐ 1" }, CurrentUser.System, CancellationToken.None)).Expect();
            people[role] = made.Id;
        }

        return people;
    }

    private sealed class Cast : IDemoSignIn
    {
        public IReadOnlyList<DemoPerson> People { get; set; } = [];

        public Task<IReadOnlyList<DemoPerson>> PeopleAsync(CancellationToken cancellationToken) => Task.FromResult(People);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
