using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LienThong.Platform.Shared;
using LienThong.Web.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Portal;

/// <summary>
/// The page that verifies a proof, as one file to keep: script, style and words in it, nothing loaded from anywhere, and a policy of its own that allows exactly
/// those. It works from a disk, years later, without this server.
/// </summary>
public static class VerifyPage
{
    /// <summary>Words of the script alone, and the names of the fields of an entry.</summary>
    private const string Prefix = "js.", Fields = "record.";

    public static void MapVerify(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/kiem-chung/tai-ve", async (IWebHostEnvironment host, IStringLocalizer<MonitoringText> words, CancellationToken cancellationToken) =>
            Results.File(Encoding.UTF8.GetBytes(await MakeAsync(host.WebRootFileProvider, words, cancellationToken)), "text/html; charset=utf-8", "kiem-chung.html")).Require(Permission.Anyone).ExcludeFromDescription();

    /// <summary>The words of the script as a data block; nothing in it runs, and the default encoder escapes what could end the element.</summary>
    public static string WordsBlock(IStringLocalizer<MonitoringText> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var own = words.GetAllStrings(includeParentCultures: true).DistinctBy(w => w.Name)
            .Where(w => w.Name.StartsWith(Prefix, StringComparison.Ordinal) || w.Name.StartsWith(Fields, StringComparison.Ordinal))
            .ToDictionary(w => w.Name.StartsWith(Prefix, StringComparison.Ordinal) ? w.Name[Prefix.Length..] : w.Name, w => w.Value);
        return "<script type=\"application/json\" id=\"kiem-chung-loi\">" + JsonSerializer.Serialize(own) + "</script>";
    }

    private static async Task<string> MakeAsync(IFileProvider files, IStringLocalizer<MonitoringText> words, CancellationToken cancellationToken)
    {
        var (script, style) = (await ReadAsync(files, "verify.js", cancellationToken), await ReadAsync(files, "verify.css", cancellationToken));
        string Text(string key) => HtmlEncoder.Default.Encode(words[key]);
        return $"""
            <!doctype html>
            <html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{Sha(script)}'; style-src '{Sha(style)}'; img-src data:; base-uri 'none'; form-action 'none'">
            <title>{Text("verify.title")}</title><link rel="icon" href="data:,"><style>{style}</style></head>
            <body><main><h1>{Text("verify.title")}</h1><p>{Text("verify.why")}</p>{WordsBlock(words)}<div id="kiem-chung"></div></main><script>{script}</script></body></html>
            """;
    }

    private static async Task<string> ReadAsync(IFileProvider files, string name, CancellationToken cancellationToken)
    {
        await using var stream = files.GetFileInfo(name).CreateReadStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellationToken)).Trim();
    }

    /// <summary>What a browser compares the element's text with.</summary>
    private static string Sha(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
