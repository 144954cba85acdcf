using System.Net;
using Xunit;

namespace LienThong.Journeys;

/// <summary>The frame of the pages, asked over real HTTP on both address families (A.3, R-NFR-01, R-NFR-02).</summary>
public sealed class ShellJourneys : IAsyncLifetime
{
    private RunningApp _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RunningApp.StartAsync("serve", ["--local"]);
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _app.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task The_same_site_answers_on_IPv4_and_on_IPv6_R_NFR_01(string host)
    {
        using var answer = await _http.GetAsync(new Uri($"http://{host}:{_app.Port}/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("lang=\"vi\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_forbids_inline_script_and_framing()
    {
        foreach (var path in new[] { "/", "/tro-giup", "/khong-co-trang-nay", "/api" })
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task An_unknown_page_is_a_Vietnamese_page_and_an_unknown_API_address_a_problem_with_a_code_R_NFR_08()
    {
        using var page = await _http.GetAsync(new Uri("/khong-co", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("Không tìm thấy trang", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var problem = await _http.GetAsync(new Uri("/api/khong-co", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, problem.StatusCode);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"http.404\"", await problem.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_first_view_weighs_at_most_150_KB_compressed_R_NFR_09()
    {
        using var http = new HttpClient { BaseAddress = _app.Address };
        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        var page = await http.GetByteArrayAsync(new Uri("/", UriKind.Relative));
        long bytes = page.Length;
        using var plain = new HttpClient { BaseAddress = _app.Address };
        var html = await plain.GetStringAsync(new Uri("/", UriKind.Relative));
        var style = System.Text.RegularExpressions.Regex.Match(html, "/site[^\"]*\\.css").Value;
        bytes += (await http.GetByteArrayAsync(new Uri(style, UriKind.Relative))).Length;
        foreach (var font in new[] { "be-vietnam-pro-latin-400-normal", "be-vietnam-pro-latin-600-normal", "be-vietnam-pro-vietnamese-400-normal", "be-vietnam-pro-vietnamese-600-normal", "lt-so-400", "lt-so-600" })
        {
            bytes += (await http.GetByteArrayAsync(new Uri($"/fonts/{font}.woff2", UriKind.Relative))).Length;
        }

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(bytes, 1, 150 * 1024);
    }

    [Fact]
    public async Task A_SIGTERM_ends_it_cleanly() => Assert.Equal(0, await _app.TerminateAsync());
}
