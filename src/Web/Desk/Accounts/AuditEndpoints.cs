using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Accounts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LienThong.Web.Desk.Accounts;

/// <summary>The audit as a sheet (CSV, UTF-8 with a mark so that office programs read Vietnamese).</summary>
public static class AuditEndpoints
{
    private const string CsvPath = "/quan-tri/nhat-ky.csv";

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapGet(CsvPath, Csv).Require(Permission.ViewAudit).ExcludeFromDescription();

    public static string CsvAddress(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return CsvPath + http.Request.QueryString;
    }

    public static SearchAudit.Query QueryOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var query = http.Request.Query;
        DateOnly? Day(string name) => DateOnly.TryParseExact(query[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
        return new SearchAudit.Query
        {
            From = Day("tu"),
            To = Day("den"),
            Account = query["nguoi"],
            Action = query["viec"],
            ObjectKind = query["loai"],
            ObjectId = query["ma"],
            Outcome = query["ket-qua"],
            Address = query["dia-chi"],
            Page = int.TryParse(query["trang"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : 1,
        };
    }

    /// <summary>With seconds: the order of two deeds in one minute matters to an auditor.</summary>
    public static string Precise(DateTimeOffset at) => at.ToOffset(Vietnamese.Offset).ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    private static async Task<IResult> Csv(HttpContext http, SearchAudit search, ICurrentUser user)
    {
        var result = await search.ExportAsync(QueryOf(http), user.Current, http.RequestAborted);
        if (!result.IsGranted(out var export, out var refusal)) return refusal.AsProblem();
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"nhat-ky.csv\"";
        http.Response.Headers.CacheControl = "no-store";
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 32 * 1024, leaveOpen: true);
        await writer.WriteLineAsync("at,account_id,account,account_kind,unit,address,port,action,object_kind,object_id,outcome,note,before,after");
        await foreach (var row in export.Rows)
        {
            await writer.WriteLineAsync(string.Join(',', new[]
            {
                row.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), row.Account.ToString(), row.AccountName, row.AccountKind, row.Unit.ToString(), row.Address,
                row.Port?.ToString(CultureInfo.InvariantCulture), row.Action, row.ObjectKind, row.ObjectId, row.Outcome, row.Note, row.Before, row.After,
            }.Select(Cell)));
        }

        await writer.FlushAsync(http.RequestAborted);
        return Results.Empty;
    }

    /// <summary>Quoted where needed; a text that a sheet program would take for a formula gets a quote mark before it.</summary>
    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
