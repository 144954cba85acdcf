using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Corpus;

/// <summary>
/// The reader alone, before anyone interprets: of the rows that were written into tables, how many came back as one row with every cell in a cell
/// of its own. It tells whose a mistake is.
/// </summary>
public static class Grids
{
    public static async Task<string> CompareAsync(string folder, string set, string? only)
    {
        var text = new StringBuilder();
        text.AppendLine("document                             rows   whole  text-found  cells");
        foreach (var style in Catalogue.Of(set).Where(style => only is null || style.Id.Contains(only, StringComparison.Ordinal)))
        {
            if (style.Format is not (Format.Docx or Format.Xlsx or Format.Pdf or Format.Scan) || style.Shape is not Shape.Table) continue;
            var draft = Catalogue.Write(set, style);
            var path = Path.Combine(folder, draft.Truth.File);
            if (!File.Exists(path)) continue;
            var read = await new SourceReader().ReadAsync(path, CancellationToken.None);
            if (!read.IsGranted(out var source, out var refusal))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{style.Id,-36} refused: {refusal.Code}");
                continue;
            }

            text.AppendLine(One(style, draft, source, set == "dev"));
        }

        return text.ToString();
    }

    private static string One(Style style, Draft draft, SourceDocument source, bool show)
    {
        var rows = source.Blocks.OfType<SourceTable>().SelectMany(table => table.Rows).Select(row => row.Cells.Where(cell => !cell.Covered).Select(cell => Plain(cell.Text)).ToList()).ToList();
        var (count, whole, found, cells, right) = (0, 0, 0, 0, 0);
        var bad = new List<string>();
        foreach (var line in draft.Blocks.OfType<Grid>().SelectMany(grid => grid.Lines).Where(line => line.Task >= 0))
        {
            count++;
            var wanted = line.Cells.Where(cell => !cell.Covered && cell.Text.Length > 0 && cell.Typed is null && !cell.AutoNumber).Select(cell => Plain(cell.Text)).ToList();
            var longest = wanted.MaxBy(cell => cell.Length)!;
            cells += wanted.Count;
            var best = rows.MaxBy(row => wanted.Count(cell => row.Any(other => Same(cell, other))) + (row.Any(other => Same(longest, other)) ? 3 : 0));
            var hits = best is null ? 0 : wanted.Count(cell => best.Any(other => Same(cell, other)));
            right += hits;
            if (best is not null && best.Any(other => Same(longest, other))) found++;
            if (hits == wanted.Count) whole++;
            else if (bad.Count < 3) bad.Add($"      wrote: {string.Join(" ¦ ", wanted)}\n      read:  {(best is null ? "" : string.Join(" ¦ ", best))}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{style.Id,-36} {count,4}  {(double)whole / count,6:0.000}  {(double)found / count,9:0.000}  {(double)right / cells,6:0.000}")
            + (show && bad.Count > 0 ? "\n" + string.Join('\n', bad) : "");
    }

    private static bool Same(string a, string b) => a == b || a.Length > 12 && b.Length > 12 && Scorer.Likeness(Scorer.Trigrams(a), Scorer.Trigrams(b)) > 0.95;

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in VietnameseText.Fold(text)) if (char.IsLetterOrDigit(c)) plain.Append(c); else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        return plain.ToString().Trim();
    }
}
