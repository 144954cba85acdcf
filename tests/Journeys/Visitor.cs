using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace LienThong.Journeys;

/// <summary>
/// A person without scripts: opens pages, fills the forms that stand there and sends them with whatever hidden fields they carry. Cookies are
/// kept, redirects followed; the forms are read from the page, so a changed form is a changed walk.
/// </summary>
public sealed partial class Visitor : IDisposable
{
    private readonly HttpClient _http;

    public Visitor(RunningApp app)
        : this(app?.Address ?? throw new ArgumentNullException(nameof(app))) { }

    public Visitor(Uri site)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = site,
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    public string Page { get; private set; } = "";

    public Uri Address { get; private set; } = new("about:blank");

    public async Task<string> OpenAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        await KeepAsync(answer);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"GET {path}: {(int)answer.StatusCode}\n{Page[..Math.Min(600, Page.Length)]}");
        return Page;
    }

    /// <summary>Presses the button of the demo's sign-in list beside which <paramref name="words"/> stands.</summary>
    public async Task SignInAsync(string words)
    {
        await OpenAsync("/dang-nhap");
        var button = Buttons().Matches(Page).FirstOrDefault(b => b.Groups["rest"].Value.Contains(words, StringComparison.Ordinal));
        Assert.True(button is not null, $"Nobody on the sign-in page is “{words}”.");
        await SendAsync("name=\"nguoi\"", new() { ["nguoi"] = button.Groups["id"].Value });
        Assert.DoesNotContain("dang-nhap", Address.AbsolutePath, StringComparison.Ordinal);
    }

    /// <summary>Sends the form that contains <paramref name="mark"/>, with its hidden fields and these.</summary>
    public async Task<HttpStatusCode> SendAsync(string mark, Dictionary<string, string> fields, (string Name, string FileName, byte[] Content)? file = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        using var content = FormOf(mark, fields, file, out var target);
        using var answer = await _http.PostAsync(target, content);
        await KeepAsync(answer);
        return answer.StatusCode;
    }

    private MultipartFormDataContent FormOf(string mark, Dictionary<string, string> fields, (string Name, string FileName, byte[] Content)? file, out Uri target)
    {
        var form = Forms().Matches(Page).FirstOrDefault(f => f.Value.Contains(mark, StringComparison.Ordinal));
        Assert.True(form is not null, $"No form with {mark} on {Address}\n{Page[..Math.Min(3000, Page.Length)]}");
        var action = Action().Match(form.Value);
        target = action.Success && action.Groups[1].Value.Length > 0 ? new Uri(Address, WebUtility.HtmlDecode(action.Groups[1].Value)) : Address;
        var all = new Dictionary<string, string>();
        foreach (Match hidden in Hidden().Matches(form.Value))
        {
            var (name, value) = (Name().Match(hidden.Value).Groups[1].Value, Value().Match(hidden.Value).Groups[1].Value);
            if (name.Length > 0) all[name] = WebUtility.HtmlDecode(value);
        }

        foreach (var (name, value) in fields) all[name] = value;
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in all) content.Add(new StringContent(value), name);
        if (file is { } attached) content.Add(new ByteArrayContent(attached.Content), attached.Name, attached.FileName);
        return content;
    }

    private async Task KeepAsync(HttpResponseMessage answer)
    {
        Page = await answer.Content.ReadAsStringAsync();
        Address = answer.RequestMessage!.RequestUri!;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<form[^>]*\\saction=\"([^\"]*)\"", RegexOptions.Singleline)]
    private static partial Regex Action();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Hidden();

    [GeneratedRegex("\\sname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\\svalue=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("<button[^>]*name=\"nguoi\"[^>]*value=\"(?<id>[^\"]+)\"[^>]*>(?<rest>.*?)</li>", RegexOptions.Singleline)]
    private static partial Regex Buttons();
}
