using System.Net;
using System.Text.RegularExpressions;

namespace LienThong.Load;

/// <summary>Somebody signed in to the demo, without scripts: opens pages, and reports progress by the form that stands on them.</summary>
internal sealed partial class Person : IDisposable
{
    /// <summary>Places in the sign-in list of the demo.</summary>
    public const int StandingBody = 1, DepartmentFocal = 4;

    private readonly SocketsHttpHandler _handler = new() { CookieContainer = new CookieContainer(), AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
    private readonly Queue<string> _tasks = new();

    private Person(Uri address) => Http = new HttpClient(_handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Asks for compressed pages and leaves them compressed, as they travel.</summary>
    public HttpClient Http { get; }

    public static async Task<Person> SignInAsync(Uri address, int place)
    {
        var person = new Person(address);
        var html = await person.ReadAsync("/dang-nhap");
        var form = html[html.IndexOf("/dang-nhap/mo-phong", StringComparison.Ordinal)..];
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = Token().Match(form).Groups[1].Value, ["ve"] = "/nhiem-vu", ["nguoi"] = Choice().Matches(form)[place].Groups[1].Value });
        using var answer = await person.Http.PostAsync(new Uri("/dang-nhap/mo-phong", UriKind.Relative), fields);
        if (answer.Headers.Location?.ToString().Contains("loi=", StringComparison.Ordinal) is not false) throw new InvalidOperationException($"Could not sign in: {(int)answer.StatusCode} {answer.Headers.Location}");
        person.Http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        return person;
    }

    /// <summary>Takes the next task of their unit, opens the form and sends a report with a document as evidence. True when it was taken.</summary>
    public async Task<bool> ReportAsync(int number)
    {
        if (_tasks.Count == 0)
        {
            for (var page = 1; page <= 4; page++)
            {
                foreach (Match link in TaskLink().Matches(await ReadAsync($"/nhiem-vu?is=Open&trang={page}"))) _tasks.Enqueue(link.Groups[1].Value);
            }
        }

        var address = _tasks.Dequeue() + "/bao-cao";
        using var opened = await SendPlainAsync(address);
        var html = await opened.Content.ReadAsStringAsync();
        if (opened.StatusCode is HttpStatusCode.Forbidden) return false;   // A task this unit only follows.
        var form = Form().Matches(html).First(f => f.Value.Contains("name=\"phan\"", StringComparison.Ordinal)).Value;
        using var content = new MultipartFormDataContent();
        foreach (Match hidden in Hidden().Matches(form)) content.Add(new StringContent(WebUtility.HtmlDecode(Value().Match(hidden.Value).Groups[1].Value)), Name().Match(hidden.Value).Groups[1].Value);
        content.Add(new StringContent("35"), "ket-qua");
        content.Add(new StringContent("Đã hoàn thành phần việc của tháng (đo tải)."), "thuyet-minh");
        content.Add(new StringContent($"{number}/BC-SKHCN"), "so-van-ban");
        content.Add(new StringContent("gui"), "lam");
        using var answer = await Http.PostAsync(new Uri(address, UriKind.Relative), content);
        return answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther;
    }

    private async Task<string> ReadAsync(string path)
    {
        using var answer = await SendPlainAsync(path);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendPlainAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("identity");
        return await Http.SendAsync(request);
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex(@"__RequestVerificationToken"" value=""([^""]+)""", RegexOptions.None, 5000)]
    private static partial Regex Token();

    [GeneratedRegex(@"name=""nguoi"" value=""([^""]+)""", RegexOptions.None, 5000)]
    private static partial Regex Choice();

    [GeneratedRegex(@"href=""(/nhiem-vu/[0-9a-f-]{36})""", RegexOptions.None, 5000)]
    private static partial Regex TaskLink();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, 5000)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex Hidden();

    [GeneratedRegex("\\sname=\"([^\"]*)\"", RegexOptions.None, 5000)]
    private static partial Regex Name();

    [GeneratedRegex("\\svalue=\"([^\"]*)\"", RegexOptions.None, 5000)]
    private static partial Regex Value();
}
