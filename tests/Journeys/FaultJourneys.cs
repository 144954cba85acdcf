using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LienThong.Cli;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LienThong.Journeys;

/// <summary>
/// What is answered when nothing else can be: a fault, a method or a body no address takes, a file beyond the limit (A.3, R-NFR-08). A person
/// gets a page in the own language that says what to do; a program gets problem+json with a code.
/// </summary>
public sealed class FaultJourneys(Browsing browsing) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-fault-").FullName;
    private readonly Broken _broken = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var port = RunningApp.FreePort();
        _app = Host.Build(new HostOptions { Storage = new StorageOptions(_folder, null), Port = port, Demo = true }, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.None);
            builder.Services.AddSingleton<IDemoSignIn>(_broken);
            var databases = builder.Services.Last(s => s.ServiceType == typeof(IDbContextFactory<PlatformDb>));
            builder.Services.AddSingleton<IDbContextFactory<PlatformDb>>(services => new BrokenDatabases(_broken, (IDbContextFactory<PlatformDb>)Make(services, databases)));
        });
        await StorageModule.MigrateAsync(_app.Services.GetRequiredService<IDbContextFactory<PlatformDb>>(), Cancellation);
        await _app.StartAsync(Cancellation);
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{port}/") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("vi", "Máy chủ gặp lỗi", 1280)]
    [InlineData("en", "The server failed", 360)]
    public async Task A_page_that_fails_while_it_is_drawn_is_answered_by_a_page_that_says_so_and_names_the_line_of_the_log(string language, string title, int width)
    {
        _broken.IsBroken = true;
        var page = await browsing.VisitAsync(_http.BaseAddress!, width);
        await page.Context.AddCookiesAsync([new() { Name = "lienthong-lang", Value = $"c%3D{language}%7Cuic%3D{language}", Url = _http.BaseAddress!.ToString() }]);
        var answer = await page.GotoAsync("/dang-nhap");

        Assert.Equal(500, answer!.Status);
        Assert.Equal(title, await page.Locator("h1").InnerTextAsync());
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal((await answer.AllHeadersAsync())["x-reference"], await page.Locator(".lt-mono").InnerTextAsync());
        Assert.DoesNotContain("Exception", await page.ContentAsync(), StringComparison.Ordinal);
        await Browsing.MustBeAccessibleAsync(page);
        await Browsing.ShootAsync(page, "may-chu-gap-loi-" + language);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_program_is_told_of_a_fault_by_a_problem_with_a_code_and_without_what_went_wrong_inside()
    {
        _broken.IsBroken = true;
        using var answer = await _http.GetAsync(new Uri("/api/plans/01980000-0000-7000-8000-00000000ffff/public", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var problem = await ProblemAsync(answer);
        Assert.Equal("fault", problem.GetProperty("code").GetString());
        Assert.Equal(32, problem.GetProperty("reference").GetString()!.Length);
        Assert.DoesNotContain("broken on purpose", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dang-nhap")]
    [InlineData("/khong-co-trang-nay")]
    [InlineData("/api")]
    [InlineData("/health/live")]
    [InlineData("/robots.txt")]
    public async Task HEAD_is_answered_like_GET_without_the_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await _http.SendAsync(request, Cancellation);
        using var get = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.True(head.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_method_no_address_takes_keeps_its_code_and_says_which_are_taken()
    {
        using var page = await _http.DeleteAsync(new Uri("/dang-nhap", UriKind.Relative), Cancellation);
        using var api = await _http.DeleteAsync(new Uri("/api/tasks/", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.MethodNotAllowed), (page.StatusCode, api.StatusCode));
        Assert.Contains("GET", page.Content.Headers.Allow);
        Assert.Equal("http.405", (await ProblemAsync(api)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_body_of_a_kind_no_address_takes_keeps_its_code()
    {
        using var text = new StringContent("<x/>", new MediaTypeHeaderValue("application/xml"));
        using var answer = await _http.PostAsync(new Uri("/api/extensions", UriKind.Relative), text, Cancellation);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("http.415", (await ProblemAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_form_that_has_lain_too_long_is_answered_by_a_page_when_a_browser_sent_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dang-nhap") { Content = new FormUrlEncodedContent([KeyValuePair.Create("Name", "lan")]) };
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Yêu cầu không hợp lệ", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_beyond_the_limit_is_413_and_not_a_fault()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dang-nhap") { Content = new StreamContent(new Endless(60L * 1024 * 1024)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Accept.ParseAdd("text/html");
        request.Content.Headers.ContentLength = 60L * 1024 * 1024;
        request.Headers.ExpectContinue = true;

        // A patient client: it sends nothing before it is told to go on, so nothing is cut off under it.
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = _http.BaseAddress };
        using var answer = await patient.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("Tệp quá lớn", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }

    private static object Make(IServiceProvider services, ServiceDescriptor of) =>
        of.ImplementationInstance ?? of.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, of.ImplementationType!);

    /// <summary>Fails when told to, in the middle of drawing a page.</summary>
    private sealed class Broken : IDemoSignIn
    {
        public bool IsBroken { get; set; }

        public async Task<IReadOnlyList<DemoPerson>> PeopleAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return IsBroken ? throw new InvalidOperationException("broken on purpose") : [];
        }
    }

    private sealed class BrokenDatabases(Broken broken, IDbContextFactory<PlatformDb> inner) : IDbContextFactory<PlatformDb>
    {
        public PlatformDb CreateDbContext() => broken.IsBroken ? throw new InvalidOperationException("broken on purpose") : inner.CreateDbContext();
    }

    /// <summary>As many bytes as said, from nowhere.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = (int)Math.Min(count, length - _at);
            Array.Fill(buffer, (byte)'a', offset, given);
            _at += given;
            return given;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
