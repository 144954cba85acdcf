using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LienThong.Corpus;

/// <summary>What the importer answered for one file, and what it cost.</summary>
public sealed record Answer(Reading? Reading, string? Failure, TimeSpan Took);

/// <summary>Puts every document of a folder before the importer and adds up the marks.</summary>
public static class Examiner
{
    public sealed record Result(string File, string Style, Score Score, IReadOnlyList<Mismatch> Mismatches, string? Failure, TimeSpan Took);

    public static async Task<IReadOnlyList<Result>> ExamineAsync(string folder, Func<string, Task<Answer>> read, Func<string, bool>? wanted = null)
    {
        var results = new List<Result>();
        foreach (var truthFile in Directory.GetFiles(folder, "*.truth.json").Order(StringComparer.Ordinal))
        {
            var truth = TruthFile.Read(truthFile);
            if (wanted is not null && !wanted(truth.File)) continue;
            var answer = await read(Path.Combine(folder, truth.File));
            var (score, mismatches) = Scorer.Mark(truth, answer.Reading);
            if (answer.Failure is not null) score.Failures = 1;
            results.Add(new(truth.File, truth.Style, score, mismatches, answer.Failure, answer.Took));
        }

        return results;
    }

    /// <summary>The built product as anyone runs it: <c>lienthong plan extract FILE --json</c>.</summary>
    public static async Task<Answer> AskCommandAsync(string cli, string file)
    {
        var start = new ProcessStartInfo(cli.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : cli) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        if (cli.EndsWith(".dll", StringComparison.Ordinal)) start.ArgumentList.Add(cli);
        foreach (var argument in (string[])["plan", "extract", file, "--json"]) start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException(cli);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) return new(null, $"exit {process.ExitCode}: {Head(await error + output)}", watch.Elapsed);
        try
        {
            return new(Reading.Parse(output), null, watch.Elapsed);
        }
        catch (System.Text.Json.JsonException broken)
        {
            return new(null, "not the JSON of the issue: " + broken.Message, watch.Elapsed);
        }
    }

    public static string Report(IReadOnlyList<Result> results, bool showDocuments)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        const string Heads = "recall  prec  leads coord dline guess wrong miss  defct prod  group numb  parnt text  targ  head   secs";
        if (showDocuments)
        {
            Line($"{"document",-36} {Heads}");
            foreach (var result in results) Line($"{result.Style,-36} {Figures(result.Score, result.Took)}{(result.Failure is null ? "" : "  FAILED " + Head(result.Failure))}");
        }

        var total = new Score();
        var took = TimeSpan.Zero;
        foreach (var result in results) { total.Add(result.Score); took += result.Took; }
        Line($"{"",-36} {Heads}");
        Line($"{$"all {results.Count}, {total.Failures} failed",-36} {Figures(total, took)}");
        foreach (var format in results.GroupBy(result => result.Style.Split('-')[1]).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var part = new Score();
            foreach (var result in format) part.Add(result.Score);
            Line($"{$"  {format.Key} ({format.Count()})",-36} {Figures(part, TimeSpan.FromTicks(format.Sum(result => result.Took.Ticks)))}");
        }

        Line($"");
        Line($"defects by family (seen / planted):");
        foreach (var (family, (seen, all)) in total.ByFamily.OrderBy(each => (double)each.Value.Seen / each.Value.All)) Line($"  {family,-28} {seen,4} / {all}");
        Line($"");
        Line($"mismatches by kind:");
        foreach (var kind in results.SelectMany(result => result.Mismatches).GroupBy(mismatch => mismatch.Kind).OrderByDescending(group => group.Count()))
        {
            Line($"  {kind.Key,-32} {kind.Count()}");
        }

        return text.ToString();
    }

    /// <summary>The mismatches to look at first: most common kinds first, at most three of one document and kind.</summary>
    public static string Worst(IReadOnlyList<Result> results, int most, string? kind = null)
    {
        var text = new StringBuilder();
        var all = results.SelectMany(result => result.Mismatches).Where(mismatch => kind is null || mismatch.Kind.StartsWith(kind, StringComparison.Ordinal)).ToList();
        var weight = all.GroupBy(mismatch => mismatch.Kind).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var chosen = all.GroupBy(mismatch => (mismatch.File, mismatch.Kind)).SelectMany(group => group.Take(kind is null ? 2 : 6))
            .OrderByDescending(mismatch => weight[mismatch.Kind]).Take(most);
        foreach (var mismatch in chosen)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"[{mismatch.Kind}] {mismatch.File} {mismatch.Where}");
            text.AppendLine("    expected: " + mismatch.Expected.Replace("\n", "⏎", StringComparison.Ordinal));
            text.AppendLine("    actual:   " + mismatch.Actual.Replace("\n", "⏎", StringComparison.Ordinal));
        }

        return text.ToString();
    }

    private static string Figures(Score score, TimeSpan took) => string.Create(CultureInfo.InvariantCulture,
        $"{score.Recall,6:0.000} {score.Precision,5:0.000} {score.Leads,5:0.000} {score.Coordinators,5:0.000} {score.DeadlineExact,5:0.000} {score.DatesGuessed,5} {score.DatesWrong,5} {score.DatesMissed,4}  {score.DefectRecall,5:0.000} {score.ProductShare,5:0.000} {score.GroupShare,5:0.000} {score.NumberShare,5:0.000} {score.ParentShare,5:0.000} {score.ContentShare,5:0.000} {score.TargetShare,5:0.000} {score.HeaderShare,5:0.000} {took.TotalSeconds,6:0.0}");

    private static string Head(string text) => text.Length <= 160 ? text.ReplaceLineEndings(" ") : text[..160].ReplaceLineEndings(" ") + "…";
}
