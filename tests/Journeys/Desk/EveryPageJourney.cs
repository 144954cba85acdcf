using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LienThong.Web.Resources;
using LienThong.Web.Shell;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Desk;

/// <summary>The pages of everybody but the standing body, whose pages are as many again: two walks side by side take half the time.</summary>
public sealed class EveryPageJourney(DemoProvince province, Browsing browsing) : EveryPageWalk(province, browsing), IClassFixture<DemoProvince>
{
    public static TheoryData<string> People => [.. Walkers.Where(who => who != DemoProvince.StandingBody)];

    [Fact]
    public void No_page_is_left_out() => MustVisitAll();

    [Theory]
    [MemberData(nameof(People))]
    public Task Every_page_is_fit_to_be_seen(string who) => WalkAsync(who);
}

public sealed class StandingBodyPagesJourney(DemoProvince province, Browsing browsing) : EveryPageWalk(province, browsing), IClassFixture<DemoProvince>
{
    [Fact]
    public Task Every_page_of_the_standing_body_is_fit_to_be_seen() => WalkAsync(DemoProvince.StandingBody);
}

/// <summary>
/// Every page of the host, as somebody who has business there, at a desk and on a phone, in both languages, light and dark: nothing serious for axe, nothing
/// wider than the window, nothing in the console (hence no breach of the content policy), one heading, no word missing (A.3, R-NFR-01, 08).
/// A page the table below does not visit fails the test, and so does a visit to a page that is gone.
/// </summary>
public abstract partial class EveryPageWalk(DemoProvince province, Browsing browsing)
{
    private const string Unknown = "01980000-0000-7000-8000-00000000ffff";

    /// <param name="Who">A person of the demo's list, or null for somebody without an account.</param>
    /// <param name="Route">As in <c>@page</c>; null for an address no page answers.</param>
    /// <param name="Address">Where to go; <c>{name}</c> is a place of the province.</param>
    private sealed record Visit(string? Who, string? Route, string Address, int Status = 200);

    private static Visit Of(string? who, string route, string? address = null, int status = 200) => new(who, route, address ?? route, status);

    private static readonly Visit[] Visits =
    [
        Of(null, "/"), Of(null, "/tro-giup"), Of(null, "/ve-trang-nay"), Of(null, "/kha-nang-tiep-can"), Of(null, "/phim-tat"), Of(null, "/thong-bao-dich-vu"),
        Of(null, "/dang-nhap"), Of(null, "/dang-nhap", "/dang-nhap?loi=accounts.signin.provider-away"), Of(null, "/dang-nhap/chua-co-tai-khoan", status: 403),
        new(null, null, "/khong-co-trang-nay", 404),

        Of(DemoProvince.Leader, "/viec-cua-toi"), Of(DemoProvince.Leader, "/bang-dieu-hanh"), Of(DemoProvince.Leader, "/nhiem-vu/{TaskText:guid}", "{own-task}"), Of(DemoProvince.Leader, "/nhiem-vu/{TaskText:guid}/gia-han", "{extension}"),

        Of(DemoProvince.StandingBody, "/viec-cua-toi"), Of(DemoProvince.StandingBody, "/bang-dieu-hanh"), Of(DemoProvince.StandingBody, "/bang-dieu-hanh", "/bang-dieu-hanh?ngay=31/02/2026"),
        Of(DemoProvince.StandingBody, "/nhiem-vu"), Of(DemoProvince.StandingBody, "/nhiem-vu", "/nhiem-vu?is=Overdue"), Of(DemoProvince.StandingBody, "/nhiem-vu", "/nhiem-vu?q=khong+co+viec+nay"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}", "{pending-task}"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}", "{commune-task}"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}", "{obstacle-task}"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}", "/nhiem-vu/" + Unknown, 404),
        Of(DemoProvince.StandingBody, "/nhiem-vu/bao-cao/{ReportText:guid}/tham-tra", "{pending-report}"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/bao-cao/{ReportText:guid}/tham-tra", "/nhiem-vu/bao-cao/" + Unknown + "/tham-tra", 404),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/giao-lai", "{pending-task}/giao-lai"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/so-do", "{pending-task}/so-do"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/don-doc", "{pending-task}/don-doc"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/dung", "{pending-task}/dung"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/tao"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/sua", "{draft-task}/sua"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/sua", "{pending-task}/sua", 409), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}", "{draft-task}"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/nhap"), Of(DemoProvince.StandingBody, "/nhiem-vu/nhap/{ImportText}", "{import}"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/nhap/{ImportText}", "/nhiem-vu/nhap/" + Unknown, 404), Of(DemoProvince.StandingBody, "/nhiem-vu/nhap/{ImportText}/xac-nhan", "{import}/xac-nhan"),
        Of(DemoProvince.StandingBody, "/ke-hoach"), Of(DemoProvince.StandingBody, "/ke-hoach", "/ke-hoach?q=187"), Of(DemoProvince.StandingBody, "/ke-hoach/{PlanText:guid}", "{plan}"),
        Of(DemoProvince.StandingBody, "/ke-hoach/{PlanText:guid}", "{draft-plan}"), Of(DemoProvince.StandingBody, "/ke-hoach/{PlanText:guid}", "/ke-hoach/" + Unknown, 404),
        Of(DemoProvince.StandingBody, "/ke-hoach/so-do"), Of(DemoProvince.StandingBody, "/chot-ky"), Of(DemoProvince.StandingBody, "/chot-ky/{Period}", "{period}"),
        Of(DemoProvince.StandingBody, "/chot-ky/{Period}", "/chot-ky/2020-Q1", 404),
        Of(DemoProvince.StandingBody, "/don-vi/{Id}/nhiem-vu", "{unit}/nhiem-vu"), Of(DemoProvince.StandingBody, "/don-vi/{Id}/nhiem-vu", "/don-vi/" + Unknown + "/nhiem-vu", 404),
        Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/kiem-tra", "{pending-task}/kiem-tra"), Of(DemoProvince.StandingBody, "/nhiem-vu/{TaskText:guid}/xac-dinh-han", "{waiting-task}/xac-dinh-han"),
        Of(DemoProvince.StandingBody, "/nhiem-vu/cap-tren"), Of(DemoProvince.StandingBody, "/van-ban/moi"), Of(DemoProvince.StandingBody, "/van-ban/{DirectiveText:guid}/sua", "{directive}"),
        Of(DemoProvince.StandingBody, "/chi-tieu"), new(DemoProvince.StandingBody, null, "/quan-tri", 403),

        Of(DemoProvince.UnitHead, "/viec-cua-toi"), Of(DemoProvince.UnitHead, "/bang-dieu-hanh"), Of(DemoProvince.UnitHead, "/uy-quyen"), Of(DemoProvince.UnitHead, "/don-vi/{Id}/sua", "{unit}/sua"),
        Of(DemoProvince.UnitHead, "/don-vi"), Of(DemoProvince.UnitHead, "/don-vi", "/don-vi?ngay=30/06/2025&tim=quang"), Of(DemoProvince.UnitHead, "/don-vi/{Id}", "{unit}"),
        Of(DemoProvince.UnitHead, "/don-vi/{Id}", "/don-vi/" + Unknown, 404), Of(DemoProvince.UnitHead, "/don-vi/chua-ro-nguoi"), Of(DemoProvince.UnitHead, "/don-vi/nhom"),
        Of(DemoProvince.UnitHead, "/don-vi/tai-khoan-ngoai"),

        Of(DemoProvince.Focal, "/viec-cua-toi"), Of(DemoProvince.Focal, "/nhiem-vu"), Of(DemoProvince.Focal, "/nhiem-vu/{TaskText:guid}", "{own-task}"),
        Of(DemoProvince.Focal, "/nhiem-vu/{TaskText:guid}/bao-cao", "{own-task}/bao-cao"), Of(DemoProvince.Focal, "/nhiem-vu/{TaskText:guid}/vuong-mac", "{own-task}/vuong-mac"),
        Of(DemoProvince.Focal, "/nhiem-vu/{TaskText:guid}/gia-han", "{own-task}/gia-han"), Of(DemoProvince.Focal, "/nhiem-vu/{TaskText:guid}/giao-lai", "{own-task}/giao-lai", 403),
        Of(DemoProvince.Focal, "/nhiem-vu/bao-cao/{ReportText:guid}/tham-tra", "{own-report}", 403),
        Of(DemoProvince.Focal, "/tai-khoan"), Of(DemoProvince.Focal, "/tai-khoan/mat-khau"), Of(DemoProvince.Focal, "/tai-khoan/xac-thuc"),

        Of(DemoProvince.Commune, "/viec-cua-toi"), Of(DemoProvince.Commune, "/bang-dieu-hanh"), Of(DemoProvince.Commune, "/nhiem-vu/{TaskText:guid}/bao-cao", "{commune-task}/bao-cao"),

        Of(DemoProvince.StandingBody, "/he-thong"), Of(DemoProvince.StandingBody, "/he-thong/moi"), Of(DemoProvince.StandingBody, "/doanh-nghiep"), Of(DemoProvince.StandingBody, "/yeu-cau-chia-se"),
        Of(DemoProvince.StandingBody, "/yeu-cau-chia-se", "/yeu-cau-chia-se?q=khong+co"), Of(DemoProvince.StandingBody, "/thoa-thuan"), Of(DemoProvince.StandingBody, "/van-ban-giay"), Of(DemoProvince.StandingBody, "/vuong-mac-chia-se"),
        Of(DemoProvince.StandingBody, "/dich-vu/{IdText:guid}", "/dich-vu/" + Unknown, 404), Of(DemoProvince.StandingBody, "/thoa-thuan/{IdText:guid}", "/thoa-thuan/" + Unknown, 404),
        Of(DemoProvince.DataSteward, "/dich-vu"), Of(DemoProvince.DataSteward, "/dich-vu/moi"), Of(DemoProvince.DataSteward, "/dich-vu/{IdText:guid}", "{service}"), Of(DemoProvince.DataSteward, "/dich-vu/{IdText:guid}/sua", "{service}/sua"),
        Of(DemoProvince.DataOwner, "/he-thong/{IdText:guid}", "{system}"), Of(DemoProvince.DataOwner, "/he-thong/{IdText:guid}/sua", "{system}/sua"), Of(DemoProvince.DataOwner, "/yeu-cau-chia-se/{IdText:guid}", "{request}"),
        Of(DemoProvince.DataOwner, "/thoa-thuan/{IdText:guid}", "{agreement}"), Of(DemoProvince.DataOwner, "/thoa-thuan/{IdText:guid}/kiem-tra", "{agreement}/kiem-tra"), Of(DemoProvince.DataOwner, "/thoa-thuan/{IdText:guid}/sua", "{agreement}/sua"), Of(DemoProvince.DataOwner, "/thoa-thuan/moi", "{new-agreement}"),
        Of(DemoProvince.Consumer, "/yeu-cau-chia-se/moi", "{ask}"), Of(DemoProvince.Consumer, "/yeu-cau-chia-se/{IdText:guid}/sua", "{own-request}/sua"),

        Of(null, "/ket-noi-cong-khai"), Of(null, "/kiem-chung"),
        Of(DemoProvince.DataOwner, "/ket-noi"), Of(DemoProvince.DataOwner, "/ket-noi/{IdText:guid}", "{connection}"), Of(DemoProvince.DataOwner, "/ket-noi/{IdText:guid}", "/ket-noi/" + Unknown, 404),
        Of(DemoProvince.DataOwner, "/luot-goi"), Of(DemoProvince.DataOwner, "/luot-goi", "/luot-goi?ma=khong"), Of(DemoProvince.DataOwner, "/luot-goi/{CallText:guid}", "{call}"), Of(DemoProvince.DataOwner, "/luot-goi/{CallText:guid}", "/luot-goi/" + Unknown, 404),
        Of(DemoProvince.DataOwner, "/ai-doc-du-lieu"), Of(DemoProvince.DataOwner, "/doi-chieu"), Of(DemoProvince.Auditor, "/luot-goi/{CallText:guid}", "{call}"),
        Of(DemoProvince.StandingBody, "/nut-nhat-ky"), Of(DemoProvince.StandingBody, "/canh-bao", "/canh-bao?ca-qua=1"),

        Of(DemoProvince.Auditor, "/quan-tri"), Of(DemoProvince.Auditor, "/quan-tri/nhat-ky"), Of(DemoProvince.Auditor, "/quan-tri/nhat-ky/{Id}", "{audit}"),
        Of(DemoProvince.Auditor, "/quan-tri/nhat-ky/{Id}", "/quan-tri/nhat-ky/" + Unknown, 404), Of(DemoProvince.Auditor, "/quan-tri/viec-nen", "/quan-tri/viec-nen?nhom=done"),

        Of(DemoProvince.Admin, "/quan-tri"), Of(DemoProvince.Admin, "/quan-tri/viec-nen"), Of(DemoProvince.Admin, "/quan-tri/tham-so"), Of(DemoProvince.Admin, "/quan-tri/nguoi-dung"), Of(DemoProvince.Admin, "/quan-tri/nguoi-dung/them"),
        Of(DemoProvince.Admin, "/quan-tri/nguoi-dung/{Id}", "{user}"), Of(DemoProvince.Admin, "/quan-tri/nguoi-dung/{Id}", "/quan-tri/nguoi-dung/" + Unknown, 404),
        Of(DemoProvince.Admin, "/don-vi"), Of(DemoProvince.Admin, "/don-vi/moi"), Of(DemoProvince.Admin, "/don-vi/nhap"), Of(DemoProvince.Admin, "/don-vi/to-chuc-lai"), Of(DemoProvince.Admin, "/don-vi/{Id}/sua", "{unit}/sua"),
        Of(DemoProvince.Admin, "/don-vi/nhom"), Of(DemoProvince.Admin, "/don-vi/tai-khoan-ngoai"),
    ];

    protected static IEnumerable<string> Walkers => Visits.Select(v => v.Who ?? "").Distinct();

    protected void MustVisitAll()
    {
        var pages = province.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).ToHashSet(StringComparer.Ordinal);
        var visited = Visits.Where(v => v.Status < 400 || v.Route == "/dang-nhap/chua-co-tai-khoan").Select(v => v.Route).OfType<string>().ToHashSet(StringComparer.Ordinal);

        Assert.Empty(pages.Except(visited));
        Assert.Empty(visited.Except(pages));
    }

    protected async Task WalkAsync(string who)
    {
        var visits = Visits.Where(v => (v.Who ?? "") == who).ToList();
        var page = who.Length == 0 ? await browsing.VisitAsync(province.Address) : await province.EnterAsync(browsing, who);
        var wrong = new List<string>();
        var console = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") console.Add(message.Text); };
        page.PageError += (_, fault) => console.Add(fault);

        foreach (var visit in visits)
        {
            var address = province.Resolve(visit.Address);
            await page.SetViewportSizeAsync(1280, 900);
            console.Clear();
            var answer = await page.GotoAsync(address);
            var name = "trang-" + NameOf(visit);
            void Say(string what) => wrong.Add($"{who} {address}: {what}");

            if (answer?.Status != visit.Status) Say($"answered {answer?.Status}, not {visit.Status}");
            var seen = await LookAsync(page);
            if (seen.Language != "vi") Say($"its language is {seen.Language}");
            if (seen.Headings != 1) Say($"{seen.Headings} main headings");
            if (seen.Title.Length == 0) Say("no title");
            await Browsing.ShootAsync(page, name);
            await JudgeAsync(page, Say, AllRules);

            await page.SetViewportSizeAsync(360, 740);
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0) Say($"{overflow} px too wide on a phone ({await page.EvaluateAsync<string>(WhoIsWide)})");
            await Browsing.ShootAsync(page, name);

            // The markup is the same; only what depends on the layout is asked again.
            await JudgeAsync(page, what => Say("on a phone: " + what), LayoutRules);

            // The browser itself reports the status of the page in its console; only that line is no fault.
            foreach (var line in console.Where(l => !(visit.Status >= 400 && l.Contains($"status of {visit.Status}", StringComparison.Ordinal)))) Say("console: " + line);
            foreach (var key in seen.Words.SelectMany(MissingWords).Distinct()) Say("no word for " + key);
        }

        // The same pages in English and in the dark: our own words are English, what stays Vietnamese is what people and documents said, and all can be read.
        await page.SetViewportSizeAsync(1280, 900);
        await page.Context.AddCookiesAsync(
        [
            new() { Name = ShellEndpoints.LanguageCookie, Value = Uri.EscapeDataString(CookieRequestCultureProvider.MakeCookieValue(new RequestCulture("en"))), Url = province.Address.ToString() },
            new() { Name = ShellEndpoints.ThemeCookie, Value = "dark", Url = province.Address.ToString() },
        ]);
        foreach (var visit in visits)
        {
            var address = province.Resolve(visit.Address);
            await page.GotoAsync(address);
            void Say(string what) => wrong.Add($"{who} {address}, in English and dark: {what}");
            var seen = await LookAsync(page);
            if (seen.Language != "en") Say($"its language is {seen.Language}");
            foreach (var key in seen.Words.SelectMany(MissingWords).Distinct()) Say("no word for " + key);
            foreach (var word in seen.Words.SelectMany(Vietnamese).Distinct().Where(word => !province.IsData(word) && !EnglishWords.Contains(word, StringComparison.Ordinal))) Say("still Vietnamese: " + word);
            if (seen.Theme != "dark") Say("it is not dark");
            await JudgeAsync(page, Say, ColourRules);
            if (visit.Route is "/" or "/bang-dieu-hanh" or "/nhiem-vu/{TaskText:guid}" or "/nhiem-vu/nhap/{ImportText}") await Browsing.ShootAsync(page, "trang-" + NameOf(visit) + "-toi");
        }

        await page.Context.CloseAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Everything axe asks by default, and the size of what is touched.</summary>
    private const string AllRules = """{ "resultTypes": ["violations"], "rules": { "target-size": { "enabled": true } } }""";

    private const string LayoutRules = """{ "resultTypes": ["violations"], "runOnly": { "type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"] } }""";

    private const string ColourRules = """{ "resultTypes": ["violations"], "runOnly": { "type": "rule", "values": ["color-contrast"] } }""";

    private static async Task JudgeAsync(IPage page, Action<string> say, string rules)
    {
        foreach (var fault in await Axe.FaultsAsync(page, rules)) say(fault);
    }

    private sealed record Seen(string Title, string Language, string Theme, int Headings, string[] Words);

    private static async Task<Seen> LookAsync(IPage page) =>
        JsonSerializer.Deserialize<Seen>(await page.EvaluateAsync<string>(Reading), JsonSerializerOptions.Web)!;

    /// <summary>All text a person may read or hear, without official documents, codes and what says that it is Vietnamese.</summary>
    private const string Reading = """
        () => {
          const words = new Set();
          const skip = 'script,style,noscript,.lt-doc,.lt-mono,.lt-src,code,kbd,pre,[lang=vi]:not(html)';
          const add = (text) => { const t = (text ?? '').replace(/\s+/g, ' ').trim(); if (t) words.add(t); };
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest(skip)) add(walk.currentNode.data);
          for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-l', 'data-error', 'data-passkey-error'])
            for (const e of document.querySelectorAll(`[${name}]`)) if (!e.closest(skip)) add(e.getAttribute(name));
          add(document.title);
          return JSON.stringify({ title: document.title.trim(), language: document.documentElement.lang, theme: document.documentElement.dataset.bsTheme ?? '', headings: document.querySelectorAll('h1').length, words: [...words] });
        }
        """;

    private const string WhoIsWide = """
        () => [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.lt-scroll,.lt-tabs'))
          .slice(-3).map((e) => e.tagName + '.' + e.className).join(' ')
        """;

    /// <summary>A word that is missing shows its key: <c>status.Late</c>.</summary>
    private static IEnumerable<string> MissingWords(string text) =>
        Key().Matches(text).Select(m => m.Value).Where(k => Families.Contains(k.Split('.')[0]) && !k.EndsWith(".txt", StringComparison.Ordinal) && !k.EndsWith(".docx", StringComparison.Ordinal));

    /// <summary>In each clause, from the first Vietnamese word to the last: names and words of people stand within English sentences.</summary>
    private static IEnumerable<string> Vietnamese(string text)
    {
        foreach (var clause in Clause().Split(text).Where(t => VietnameseLetter().IsMatch(t)))
        {
            var words = clause.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (first, last) = (Array.FindIndex(words, w => VietnameseLetter().IsMatch(w)), Array.FindLastIndex(words, w => VietnameseLetter().IsMatch(w)));
            yield return string.Join(' ', words[first..(last + 1)]).Trim('.', '…', '!', '?', '=');
        }
    }

    /// <summary>What keys begin with.</summary>
    private static readonly HashSet<string> Families = [.. Resource(typeof(ShellText).Assembly).Select(w => w.Key.Split('.')[0])];

    /// <summary>Our English words, some of which name a thing of Vietnam by its own name on purpose.</summary>
    private static readonly string EnglishWords =
        string.Join('\n', Resource(typeof(ShellText).Assembly.GetSatelliteAssembly(CultureInfo.GetCultureInfo("en"))).Select(w => w.Value));

    private static List<(string Key, string Value)> Resource(System.Reflection.Assembly assembly)
    {
        var words = new List<(string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".resources", StringComparison.Ordinal)))
        {
            using var reader = new System.Resources.ResourceReader(assembly.GetManifestResourceStream(name)!);
            foreach (System.Collections.DictionaryEntry word in reader) words.Add(((string)word.Key, word.Value as string ?? ""));
        }

        return words;
    }

    private static string NameOf(Visit visit)
    {
        var name = new StringBuilder(visit.Who is null ? "khach" : VietnameseFold(visit.Who)).Append('_');
        name.Append(visit.Address.Replace(Unknown, "la", StringComparison.Ordinal).Trim('/'));
        foreach (var sign in "/{}?&=+:") name.Replace(sign, '_');
        return name.ToString();
    }

    private static string VietnameseFold(string name) => Kernel.VietnameseText.Fold(name.Split(':', '(')[0].Trim()).Replace(' ', '-').Replace(",", "", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w./@:-])[a-z][a-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)+(?![\w/@])", RegexOptions.None, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"[·;:,()“”""×›–/]|\. | - ", RegexOptions.None, 1000)]
    private static partial Regex Clause();

    [GeneratedRegex(@"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01A0\u01A1\u01AF\u01B0\u00C0-\u00C3\u00C8-\u00CA\u00CC\u00CD\u00D2-\u00D5\u00D9\u00DA\u00DD\u00E0-\u00E3\u00E8-\u00EA\u00EC\u00ED\u00F2-\u00F5\u00F9\u00FA\u00FD\u1EA0-\u1EF9]", RegexOptions.None, 1000)]
    private static partial Regex VietnameseLetter();
}
