using System.Text.Json;
using LienThong.Journeys.Desk;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Monitoring;

/// <summary>
/// From a figure to its calls, to the proof of one, to its verification on a machine that has nothing else: an officer in Chromium, the page saved as one
/// file without a network, and <c>lienthong proof verify</c>, which must say the same (R-MON-06, E3, T39).
/// </summary>
public sealed class ProofJourney(DemoProvince province, Browsing browsing) : IClassFixture<DemoProvince>
{
    [Fact]
    public async Task A_number_leads_to_its_calls_and_a_call_to_a_proof_that_verifies_offline_as_the_program_verifies_it()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-proof-").FullName;
        var page = await province.EnterAsync(browsing, DemoProvince.DataOwner);
        await page.GotoAsync("/ket-noi");
        var number = page.Locator("tr[data-end=Success] a").First;
        var figure = await number.InnerTextAsync();
        await number.ClickAsync();                                                       // One: the query and its calls.
        await Browsing.ArriveAsync(page, "/luot-goi");
        await Assertions.Expect(page.Locator("[role=status]").First).ToContainTextAsync(figure + " lượt gọi");
        await Assertions.Expect(page.Locator("[data-query]")).ToContainTextAsync("Thành công");
        await page.Locator("tr[data-row] th a").First.ClickAsync();                      // Two: the proof of one of them.
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Chứng cứ của một lượt gọi");
        await Assertions.Expect(page.Locator(".lt-note.ok")).ToContainTextAsync("Kiểm được: đúng.");
        var proof = await SaveAsync(page, page.Locator("[data-proof]"), Path.Combine(folder, "p.tlog-proof"));
        var keys = await SaveAsync(page, page.Locator("[data-key]"), Path.Combine(folder, "p.key"));
        await page.GotoAsync("/kiem-chung");

        // The page as the server gives it, under its content policy.
        Assert.Equal("passed", await VerifyAsync(page, proof, keys));
        await Assertions.Expect(page.Locator("#ket-qua")).ToContainTextAsync("nhanchung.example/thanh-tra");

        // The page as one file, opened from a disk with the network off.
        var file = await SaveAsync(page, page.Locator("a[href='/kiem-chung/tai-ve']"), Path.Combine(folder, "kiem-chung.html"));
        var offline = await browsing.VisitAsync(province.Address);
        await offline.Context.SetOfflineAsync(true);
        var console = new List<string>();
        offline.Console += (_, message) => console.Add(message.Text);
        await offline.GotoAsync(new Uri(file).AbsoluteUri);

        var text = await File.ReadAllTextAsync(proof);
        var logKey = (await File.ReadAllLinesAsync(keys))[0];
        var cosignature = text[text.IndexOf("— nhanchung", StringComparison.Ordinal)..];
        var entry = text.Split('\n')[1]["extra ".Length..];
        var forged = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(entry)).Replace("\"success\"", "\"business\"", StringComparison.Ordinal)));
        var hash = text.Split('\n')[3];
        (string Name, string Proof, string Keys)[] cases =
        [
            ("whole", text, await File.ReadAllTextAsync(keys)),
            ("without witnesses", text.Replace(cosignature, "", StringComparison.Ordinal), logKey),
            ("witness not known", text, logKey),
            ("entry changed", text.Replace(entry, forged, StringComparison.Ordinal), logKey),
            ("path changed", text.Replace(hash, (hash[0] == 'A' ? 'B' : 'A') + hash[1..], StringComparison.Ordinal), logKey),
            ("index changed", text.Replace("\nindex ", "\nindex 1", StringComparison.Ordinal), logKey),
            ("size changed", text.Replace("\n301\n", "\n302\n", StringComparison.Ordinal), logKey),
            ("cosignature changed", text.Replace(cosignature[^12..], Flipped(cosignature[^12..]), StringComparison.Ordinal), await File.ReadAllTextAsync(keys)),
            ("not a proof", "gì đó khác", logKey),
            ("key of nobody", text, ""),
            ("no key", text, "không phải khóa"),
        ];
        foreach (var (name, given, trusted) in cases)
        {
            // Names of their own: a browser given the same file again hears of no change.
            var (proofFile, keyFile) = (Path.Combine(folder, name + ".tlog-proof"), Path.Combine(folder, name + ".keys"));
            await File.WriteAllTextAsync(proofFile, given);
            await File.WriteAllTextAsync(keyFile, trusted);
            var seen = await VerifyAsync(offline, proofFile, keyFile);
            var arguments = trusted.Length == 0 ? new[] { "proof", "verify", proofFile, "--json", "--data", folder } : ["proof", "verify", proofFile, "--json", "--data", folder, "--key", keyFile];
            var (code, output, error) = await RunningApp.RunToEndAsync(arguments);
            var said = JsonDocument.Parse(output).RootElement.GetProperty("verdict").GetString();
            Assert.True(seen == said, $"{name}: the page says {seen}, the program {said} ({code}) {error}");
            Assert.Equal(name switch { "whole" or "without witnesses" or "witness not known" => "passed", "key of nobody" or "no key" => "indeterminate", _ => "failed" }, seen);
        }

        // Whoever asks for witnesses is not content with the log's own signature.
        Assert.Equal("indeterminate", await VerifyAsync(offline, Path.Combine(folder, "without witnesses.tlog-proof"), Path.Combine(folder, "without witnesses.keys"), quorum: "1"));
        Assert.Empty(console);
        Directory.Delete(folder, recursive: true);
    }

    private static string Flipped(string end) => (end[0] == 'A' ? "B" : "A") + end[1..];

    private static async Task<string> SaveAsync(IPage page, ILocator link, string path)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        await download.SaveAsAsync(path);
        return path;
    }

    /// <summary>Gives the page the two files as a person does, and reads its verdict.</summary>
    private static async Task<string> VerifyAsync(IPage page, string proof, string keys, string quorum = "0")
    {
        await page.Locator("#khoa").FillAsync("");
        await page.Locator("#nc").FillAsync(quorum);
        await page.Locator("#tep").SetInputFilesAsync(proof);
        await page.Locator("#tep-khoa").SetInputFilesAsync(keys);
        await Assertions.Expect(page.Locator("#bc")).ToHaveValueAsync(await File.ReadAllTextAsync(proof));
        await Assertions.Expect(page.Locator("#khoa")).ToHaveValueAsync(await File.ReadAllTextAsync(keys));
        await page.EvaluateAsync("document.getElementById('ket-qua').replaceChildren()");
        await page.Locator("button[type=submit]").Last.ClickAsync();
        var verdict = page.Locator("#ket-qua [data-verdict]");
        await Assertions.Expect(verdict).ToHaveCountAsync(1);
        return await verdict.GetAttributeAsync("data-verdict") ?? "";
    }
}
