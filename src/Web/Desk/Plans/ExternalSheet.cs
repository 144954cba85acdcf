using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Web.Resources;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Plans;

/// <summary>
/// Tasks of a system above us as a workbook: the sheet that goes out is the sheet that comes in (R-TSK-12). Columns are found by their header,
/// in whatever order, in Vietnamese with or without marks.
/// </summary>
public static class ExternalSheet
{
    private static readonly (string Key, double Width)[] Columns =
    [
        ("external.col.id", 18), ("external.col.number", 8), ("external.col.content", 70), ("external.col.lead", 30), ("external.col.coordinators", 30), ("external.col.words", 22), ("external.col.due", 14),
        ("external.col.product", 30), ("external.col.status", 24), ("external.col.percent", 10), ("external.col.done", 14), ("external.col.url", 30),
    ];

    public static byte[] Write(IReadOnlyList<ExternalTask> tasks, IStringLocalizer<PlansText> text, Func<string?, string> status) => PlainSheet.Write(
        text["external.sheet"], [.. Columns.Select(c => (text[c.Key].Value, c.Width))],
        tasks.Select(t => (IReadOnlyList<string>)
        [
            t.ExternalId, t.Number ?? "", t.Content, t.Lead ?? "", t.Coordinators ?? "", t.DeadlineText ?? "", Day(t.Due), t.Product ?? "", status(t.Status),
            t.Percent is { } percent ? Vietnamese.Number(percent) : "", Day(t.DoneOn), t.Url ?? "",
        ]));

    /// <summary>The rows of the first table that has the two columns without which no task is told from another; errors name their row.</summary>
    public static (IReadOnlyList<ExternalTask> Tasks, IReadOnlyList<string> Errors) Read(SourceDocument document, IStringLocalizer<PlansText> text)
    {
        foreach (var table in document.Blocks.OfType<SourceTable>())
        {
            if (table.Rows.Count == 0) continue;
            var heads = table.Rows[0].Cells.Select(c => VietnameseText.Fold(c.Text)).ToList();
            var at = Columns.ToDictionary(c => c.Key, c => heads.IndexOf(VietnameseText.Fold(text[c.Key])));
            if (at["external.col.id"] < 0 || at["external.col.content"] < 0) continue;
            var (tasks, errors) = (new List<ExternalTask>(), new List<string>());
            foreach (var row in table.Rows.Skip(1))
            {
                string? Cell(string key) => at[key] is >= 0 and var i && i < row.Cells.Count && VietnameseText.Clean(row.Cells[i].Text) is { Length: > 0 } said ? said : null;
                DateOnly? Date(string key)
                {
                    if (at[key] is >= 0 and var i && i < row.Cells.Count && row.Cells[i].Date is { } typed) return typed;
                    if (Cell(key) is not { } said) return null;
                    if (Typed.Day(said) is { } day) return day;
                    errors.Add(text["external.row.date", row.Number, said]);
                    return null;
                }

                if (Cell("external.col.id") is null && Cell("external.col.content") is null) continue;
                if (Cell("external.col.id") is not { } id) { errors.Add(text["external.row.id", row.Number]); continue; }
                if (Cell("external.col.content") is not { } content) { errors.Add(text["external.row.content", row.Number]); continue; }
                tasks.Add(new ExternalTask(
                    id, Cell("external.col.number"), content, Cell("external.col.lead"), Cell("external.col.coordinators"), Cell("external.col.words"), Date("external.col.due"), Cell("external.col.product"),
                    Cell("external.col.status"), Typed.Number(Cell("external.col.percent")), Date("external.col.done"), Cell("external.col.url")));
            }

            return (tasks, errors);
        }

        return ([], [text["external.no-columns", text["external.col.id"].Value, text["external.col.content"].Value]]);
    }

    private static string Day(DateOnly? day) => day is { } known ? known.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) : "";
}
