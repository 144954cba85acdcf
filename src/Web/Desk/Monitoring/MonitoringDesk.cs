using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Shared;
using LienThong.Web.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Monitoring;

/// <summary>What the pages over connections need beside themselves: lists as CSV, proofs and keys as files.</summary>
public static class MonitoringDesk
{
    public static void MapMonitoringDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ket-noi/csv", async (HttpContext http, FindConnections find, TimeProvider clock, IStringLocalizer<MonitoringText> words, CancellationToken cancellationToken) =>
            (await find.HandleAsync(AskedPeriod.Of(http, clock.GetUtcNow()), cancellationToken)).IsGranted(out var view, out var refusal)
                ? Csv("ket-noi", [words["consumer"], words["provider"], words["call.service"], words["agreement"], words["calls"], words["success"], words["median"], "95 %", "99 %", words["health"]], view.Rows.Select(r => new[]
                {
                    r.Fact.ConsumerName, r.Fact.ProviderName, r.Fact.ServiceName, r.Fact.Code, Number(r.Tally.Calls), MonitoringWords.Percent(r.Tally.SuccessShare), MonitoringWords.Milliseconds(r.Tally.Latencies.Percentile(0.5)),
                    MonitoringWords.Milliseconds(r.Tally.Latencies.Percentile(0.95)), MonitoringWords.Milliseconds(r.Tally.Latencies.Percentile(0.99)), words["health." + r.Health],
                }))
                : refusal.AsProblem()).Require(Permission.ViewSharing).ExcludeFromDescription();

        routes.MapGet("/luot-goi/csv", async (HttpContext http, FindCalls find, TimeProvider clock, IStringLocalizer<MonitoringText> words, CancellationToken cancellationToken) =>
            (await find.AllAsync(CallWords.Request(http, clock.GetUtcNow()), cancellationToken)).IsGranted(out var rows, out var refusal)
                ? Csv("luot-goi", [words["call.id"], words["call.at"], words["consumer"], words["provider"], words["call.service"], words["agreement"], words["outcome"], words["fault"], words["status"], words["ms"], words["bytes"], words["node"], words["entry"]], rows.Select(r => new[]
                {
                    r.Call.ToString(), CallWords.At(r.At), r.ConsumerName, r.ProviderName, r.ServiceName, r.Agreement, words["end." + r.End], r.Fault ?? "", Number(r.Status), Number(r.Milliseconds), Number(r.ResponseBytes), r.Origin, Number(r.Closing ?? r.Entry),
                }))
                : refusal.AsProblem()).Require(Permission.ViewSharing).ExcludeFromDescription();

        routes.MapGet("/doi-chieu/csv", async (HttpContext http, CompareCounts compare, TimeProvider clock, IStringLocalizer<MonitoringText> words, CancellationToken cancellationToken) =>
            (await compare.HandleAsync(AskedPeriod.Of(http, clock.GetUtcNow()), http.Request.Query["lech"] == "1", cancellationToken)).IsGranted(out var rows, out var refusal)
                ? Csv("doi-chieu", [words["agreement"], words["counts.day"], words["counts.logged"], words["counts.consumer"], words["counts.answered"], words["counts.provider"]], rows.Select(r => new[]
                {
                    r.Connection.Code, Vietnamese.Day(r.Day), Number(r.Logged), r.ByConsumer is { } consumer ? Number(consumer) : "", Number(r.Answered), r.ByProvider is { } provider ? Number(provider) : "",
                }))
                : refusal.AsProblem()).Require(Permission.ViewSharing).ExcludeFromDescription();

        routes.MapGet("/luot-goi/{call:guid}/tlog-proof", async (Guid call, ShowCall show, CancellationToken cancellationToken) =>
            (await show.HandleAsync(call, cancellationToken)).IsGranted(out var proof, out var refusal)
                ? Results.File(Encoding.UTF8.GetBytes(proof.File), "text/plain; charset=utf-8", call + ".tlog-proof")
                : refusal.AsProblem()).Require(Permission.ViewSharing).ExcludeFromDescription();

        // The log's key and its witnesses' as `proof verify` and the page that verifies take them. Whoever doubts the server compares them with keys that came another way.
        routes.MapGet("/luot-goi/{call:guid}/khoa", async (Guid call, ShowCall show, CancellationToken cancellationToken) =>
            (await show.HandleAsync(call, cancellationToken)).IsGranted(out var proof, out var refusal)
                ? Results.File(Encoding.UTF8.GetBytes(string.Concat(proof.Keys.Select(k => k + "\n"))), "text/plain; charset=utf-8", call + ".tlog-proof.key")
                : refusal.AsProblem()).Require(Permission.ViewSharing).ExcludeFromDescription();
    }

    /// <summary>Semicolons and a mark of the encoding, as offices here open it; a cell that begins like a formula is none.</summary>
    internal static IResult Csv(string file, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder("\uFEFF");
        void Line(IReadOnlyList<string> cells) => text.AppendJoin(';', cells.Select(Cell)).Append("\r\n");
        Line(headers);
        foreach (var row in rows) Line(row);
        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", file + ".csv");
    }

    private static string Cell(string value)
    {
        var safe = value.Length > 0 && value[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + value : value;
        return safe.IndexOfAny([';', '"', '\n', '\r']) >= 0 ? '"' + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : safe;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
