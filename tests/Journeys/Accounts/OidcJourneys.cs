using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Cli;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>R-ORG-06: sign-in by an OpenID Connect provider with the claims of VNConnect, over real HTTP against a real provider.</summary>
public sealed class OidcJourneys
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_prepared_by_personal_number_comes_in_and_is_known_by_subject_afterwards()
    {
        await using var world = await OidcWorld.StartAsync("lan");
        var user = await world.AddUserAsync("lan", personalNumber: "051190000123");

        var first = await world.SignInAsync();
        var again = await world.SignInAsync();

        Assert.Equal("/tai-khoan", first.Headers.Location?.OriginalString);
        Assert.Equal("/tai-khoan", again.Headers.Location?.OriginalString);
        await using var db = await world.OpenAsync();
        var links = await db.AccountLinks.Where(l => l.User == user).OrderBy(l => l.AddedAt).ToListAsync(Cancellation);
        Assert.Equal([AccountLinkKind.PersonalNumber, AccountLinkKind.OpenIdConnect], links.Select(l => l.Kind));
        Assert.Equal((world.Provider.Issuer, "sub-lan"), (links[1].Issuer, links[1].Subject));
        Assert.Equal(2, await db.Sessions.CountAsync(s => s.User == user && s.Method == "oidc", Cancellation));
    }

    [Fact]
    public async Task The_personal_number_is_nowhere_in_the_data_folder_in_clear()
    {
        await using var world = await OidcWorld.StartAsync("lan");
        await world.AddUserAsync("lan", personalNumber: "051190000123");
        await world.SignInAsync();
        await world.StopAsync();

        var number = Encoding.ASCII.GetBytes("051190000123");
        foreach (var file in Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories))
        {
            Assert.True((await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf(number) < 0, file);
        }
    }

    [Fact]
    public async Task A_person_without_an_account_is_refused_in_words_and_no_account_appears()
    {
        await using var world = await OidcWorld.StartAsync("minh");

        using var answer = await world.SignInAsync();
        using var page = await world.Browser.GetAsync(answer.Headers.Location, Cancellation);

        Assert.Equal("/dang-nhap/chua-co-tai-khoan", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Contains("chưa có tài khoản", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await using var db = await world.OpenAsync();
        Assert.Equal(0, await db.Users.CountAsync(Cancellation));
        Assert.Contains(await db.Audit.ToListAsync(Cancellation), a => a is { Action: "accounts.signed-in", Outcome: "refused", Note: "accounts.signin.unknown-person" });
    }

    [Fact]
    public async Task An_account_of_an_organisation_is_refused_where_only_persons_may_come_in()
    {
        await using var world = await OidcWorld.StartAsync("congty");
        await world.AddUserAsync("congty", personalNumber: "051000000789");

        using var answer = await world.SignInAsync();

        Assert.Equal("/dang-nhap/chua-co-tai-khoan", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_locked_account_stays_out_whatever_the_provider_says()
    {
        await using var world = await OidcWorld.StartAsync("lan");
        var user = await world.AddUserAsync("lan", personalNumber: "051190000123");
        await world.UseAsync<LockUser, Done>(slice => slice.HandleAsync(new() { User = user, To = AccountStatus.Locked, Reason = "nghỉ việc" }, CurrentUser.System, Cancellation));

        using var answer = await world.SignInAsync();

        Assert.StartsWith("/dang-nhap?loi=accounts.signin.not-usable", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("code")]
    [InlineData("iss")]
    public async Task An_answer_that_does_not_fit_the_question_is_refused(string forged)
    {
        await using var world = await OidcWorld.StartAsync("lan");
        await world.AddUserAsync("lan", personalNumber: "051190000123");
        var callback = await world.AskProviderAsync();
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(callback.Query).ToDictionary(q => q.Key, q => (string?)q.Value.ToString());

        // A state that begins alike reaches the same cookie; a code and an issuer are simply another's.
        query[forged] = forged == "state" ? query["state"]![..8] + "x" : forged == "iss" ? "https://elsewhere.example" : "made-up";
        using var answer = await world.Browser.GetAsync(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString("/dang-nhap/oidc/ve", query), Cancellation);

        Assert.StartsWith("/dang-nhap?loi=accounts.signin.provider-refused", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_caught_by_somebody_else_opens_nothing_in_another_browser()
    {
        await using var world = await OidcWorld.StartAsync("lan");
        await world.AddUserAsync("lan", personalNumber: "051190000123");
        var callback = await world.AskProviderAsync();
        using var another = world.NewBrowser();

        using var answer = await another.GetAsync(callback.PathAndQuery, Cancellation);

        Assert.StartsWith("/dang-nhap?loi=accounts.signin.provider-refused", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_may_prove_itself_by_a_signed_assertion_instead_of_a_secret()
    {
        using var rsa = RSA.Create(2048);
        await using var world = await OidcWorld.StartAsync("lan", rsa);
        await world.AddUserAsync("lan", personalNumber: "051190000123");

        using var answer = await world.SignInAsync();

        Assert.Equal("/tai-khoan", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_so_and_nothing_breaks()
    {
        await using var world = await OidcWorld.StartAsync("lan");
        await world.Provider.DisposeAsync();

        using var answer = await world.Browser.GetAsync(new Uri("/dang-nhap/oidc", UriKind.Relative), Cancellation);

        Assert.StartsWith("/dang-nhap?loi=accounts.signin.provider-away", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }
}

/// <summary>The host in this process and the provider in its own, knowing each other; and a browser that follows addresses as told.</summary>
internal sealed class OidcWorld : IAsyncDisposable
{
    private WebApplication? _app;
    private readonly List<HttpClient> _browsers = [];

    private OidcWorld() { }

    public string Folder { get; } = Directory.CreateTempSubdirectory("lienthong-oidc-").FullName;

    public required OidcProvider Provider { get; init; }

    public required int Port { get; init; }

    public HttpClient Browser { get; private set; } = null!;

    public static async Task<OidcWorld> StartAsync(string person, RSA? key = null)
    {
        var port = RunningApp.FreePort();
        var world = new OidcWorld { Port = port, Provider = await OidcProvider.StartAsync(port, person, key is null ? null : PublicKeyOf(key)) };
        string? keyFile = null;
        if (key is not null) await File.WriteAllTextAsync(keyFile = Path.Combine(world.Folder, "client.pem"), key.ExportPkcs8PrivateKeyPem());
        world._app = Host.Build(
            new HostOptions
            {
                Storage = new StorageOptions(world.Folder, null),
                Port = port,
                Security = new SecurityOptions
                {
                    Oidc = new OidcOptions
                    {
                        Authority = new Uri(world.Provider.Issuer + "/"),
                        ClientId = key is null ? "lienthong" : "lienthong-key",
                        ClientSecret = key is null ? "a secret: with/marks" : null,
                        ClientKeyFile = keyFile,
                        ClientKeyId = key is null ? null : "client",
                        AccountTypes = ["1"],
                    },
                },
            },
            builder => builder.Logging.SetMinimumLevel(LogLevel.Critical));
        await StorageModule.MigrateAsync(world._app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
        await world._app.StartAsync();
        world.Browser = world.NewBrowser();
        return world;
    }

    public HttpClient NewBrowser()
    {
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{Port}/") };
        _browsers.Add(browser);
        return browser;
    }

    public Task<PlatformDb> OpenAsync() => _app!.Services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync();

    public async Task<UserId> AddUserAsync(string name, string personalNumber) =>
        (await UseAsync<CreateUser, CreateUser.Created>(slice => slice.HandleAsync(
            new() { SignInName = name, DisplayName = "Người " + name, HomeUnit = new OrgUnitId(Guid.CreateVersion7()), PersonalNumber = personalNumber }, CurrentUser.System, CancellationToken.None))).Id;

    public async Task<TAnswer> UseAsync<TSlice, TAnswer>(Func<TSlice, Task<Result<TAnswer>>> deed) where TSlice : notnull
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return (await deed(scope.ServiceProvider.GetRequiredService<TSlice>())).Expect();
    }

    /// <summary>Goes to the provider and comes back with its answer, not yet shown to us.</summary>
    public async Task<Uri> AskProviderAsync()
    {
        using var begin = await Browser.GetAsync(new Uri("/dang-nhap/oidc?ve=/tai-khoan", UriKind.Relative));
        var address = begin.Headers.Location ?? throw new InvalidOperationException($"Not sent to the provider: {(int)begin.StatusCode}");
        Assert.Equal(Provider.Port, address.Port);
        for (var step = 0; step < 12; step++)
        {
            if (address.Port == Port) return address;
            using var answer = await Browser.GetAsync(address);
            if (answer.Headers.Location is not { } next) throw new InvalidOperationException($"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            address = new Uri(address, next);
        }

        throw new InvalidOperationException("The provider goes round in circles.");
    }

    public async Task<HttpResponseMessage> SignInAsync() => await Browser.GetAsync((await AskProviderAsync()).PathAndQuery);

    public async Task StopAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _app = null;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        await StopAsync();
        await Provider.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string PublicKeyOf(RSA key)
    {
        var parts = key.ExportParameters(includePrivateParameters: false);
        static string Text(byte[] bytes) => Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(bytes);
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { kty = "RSA", kid = "client", use = "sig", alg = "RS256", n = Text(parts.Modulus!), e = Text(parts.Exponent!) }));
    }
}
