using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace LienThong.Journeys;

/// <summary>
/// axe-core on the page as it stands. Its own wrapper sends the whole engine and takes back every element that passed, each time; a walk of a
/// hundred pages then spends its minutes on that. Here the engine goes to a document once and only what is wrong comes back.
/// </summary>
internal static class Axe
{
    private static readonly string Engine = new BundledAxeScriptProvider().GetScript();

    private const string Ask = """
        async (options) => (await axe.run(document, JSON.parse(options))).violations
          .filter((v) => v.impact === 'serious' || v.impact === 'critical')
          .map((v) => `${v.impact} ${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.html).join(' | ')})`)
        """;

    /// <summary>What axe calls serious or critical, a line each.</summary>
    /// <param name="options">Of <c>axe.run</c>, as JSON.</param>
    public static async Task<string[]> FaultsAsync(IPage page, string options = """{ "resultTypes": ["violations"] }""")
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'")) await page.EvaluateAsync(Engine);
        return await page.EvaluateAsync<string[]>(Ask, options);
    }
}
