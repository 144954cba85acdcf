using System.Text;
using LienThong.Kernel;

namespace LienThong.Corpus;

/// <summary>Counts, added over documents, from which every figure of the report is made.</summary>
public sealed class Score
{
    public int Expected { get; set; }
    public int Found { get; set; }
    public int Read { get; set; }
    public int Claimed { get; set; }
    public int LeadHits { get; set; }
    public int LeadMissed { get; set; }
    public int LeadExtra { get; set; }
    public int CoHits { get; set; }
    public int CoMissed { get; set; }
    public int CoExtra { get; set; }
    public int Deadlines { get; set; }
    public int DeadlinesExact { get; set; }
    public int DatesGuessed { get; set; }
    public int DatesWrong { get; set; }
    public int DatesMissed { get; set; }
    public int Recurring { get; set; }
    public int RecurringRight { get; set; }
    public int Products { get; set; }
    public int ProductsRight { get; set; }
    public int Groups { get; set; }
    public int GroupsRight { get; set; }
    public int Parents { get; set; }
    public int ParentsRight { get; set; }
    public int Numbers { get; set; }
    public int NumbersRight { get; set; }
    public int Contents { get; set; }
    public int ContentsWhole { get; set; }
    public int Targets { get; set; }
    public int TargetsRight { get; set; }
    public int Headers { get; set; }
    public int HeadersRight { get; set; }
    public int Defects { get; set; }
    public int DefectsSeen { get; set; }
    public int Failures { get; set; }
    public Dictionary<string, (int Seen, int All)> ByFamily { get; } = new(StringComparer.Ordinal);

    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;

    private static double F1(int hits, int missed, int extra) => hits + missed + extra == 0 ? 1 : 2.0 * hits / (2 * hits + missed + extra);

    public double Recall => Share(Found, Expected);
    public double Precision => Share(Claimed, Read);
    public double Leads => F1(LeadHits, LeadMissed, LeadExtra);
    public double Coordinators => F1(CoHits, CoMissed, CoExtra);
    public double DeadlineExact => Share(DeadlinesExact, Deadlines);
    public double DefectRecall => Share(DefectsSeen, Defects);
    public double ProductShare => Share(ProductsRight, Products);
    public double GroupShare => Share(GroupsRight, Groups);
    public double ParentShare => Share(ParentsRight, Parents);
    public double NumberShare => Share(NumbersRight, Numbers);
    public double ContentShare => Share(ContentsWhole, Contents);
    public double TargetShare => Share(TargetsRight, Targets);
    public double HeaderShare => Share(HeadersRight, Headers);
    public double RecurringShare => Share(RecurringRight, Recurring);

    public void Add(Score other)
    {
        foreach (var property in typeof(Score).GetProperties().Where(property => property.PropertyType == typeof(int) && property.CanWrite))
        {
            property.SetValue(this, (int)property.GetValue(this)! + (int)property.GetValue(other)!);
        }

        foreach (var (family, (seen, all)) in other.ByFamily)
        {
            var sum = ByFamily.GetValueOrDefault(family);
            ByFamily[family] = (sum.Seen + seen, sum.All + all);
        }
    }
}

/// <param name="Kind">Of what sort, for counting; it names no document.</param>
public sealed record Mismatch(string File, string Kind, string Where, string Expected, string Actual);

/// <summary>Marks one reading against its truth. Pure: the tests prove that it can fail.</summary>
public static class Scorer
{
    private const double SameTask = 0.6;
    private const double WholeText = 0.93;

    public static (Score Score, IReadOnlyList<Mismatch> Mismatches) Mark(PlanTruth truth, Reading? reading)
    {
        var score = new Score();
        var wrong = new List<Mismatch>();
        reading ??= new(new(null, null, null, null, null), [], []);
        var pairs = Pair(truth, reading);
        Count(truth, reading, pairs, score, wrong);
        foreach (var (expected, actual) in pairs)
        {
            if (!truth.Tasks[expected].Optional) MarkTask(truth, truth.Tasks[expected], reading.Tasks[actual], ParentNames(truth, expected, reading, pairs), score, wrong);
        }

        MarkHeader(truth, reading, score, wrong);
        MarkDefects(truth, reading, pairs, score, wrong);
        return (score, wrong);
    }

    private static void Count(PlanTruth truth, Reading reading, Dictionary<int, int> pairs, Score score, List<Mismatch> wrong)
    {
        score.Expected = truth.Tasks.Count(task => !task.Optional);
        score.Found = pairs.Keys.Count(i => !truth.Tasks[i].Optional);
        score.Read = reading.Tasks.Count - pairs.Keys.Count(i => truth.Tasks[i].Optional);
        score.Claimed = score.Found;
        for (var i = 0; i < truth.Tasks.Count; i++)
        {
            if (!truth.Tasks[i].Optional && !pairs.ContainsKey(i)) wrong.Add(new(truth.File, "task missed", $"#{truth.Tasks[i].Number} ({i + 1})", Short(truth.Tasks[i].Content), ""));
        }

        var taken = pairs.Values.ToHashSet();
        for (var i = 0; i < reading.Tasks.Count; i++)
        {
            if (!taken.Contains(i)) wrong.Add(new(truth.File, "task invented", $"read {i + 1}", "", $"{reading.Tasks[i].Number} {Short(reading.Tasks[i].Content ?? "")}"));
        }
    }

    /// <summary>Which read task is which true one: best likeness first, order as the tie-break.</summary>
    private static Dictionary<int, int> Pair(PlanTruth truth, Reading reading)
    {
        var left = truth.Tasks.Select(task => Trigrams(task.Content)).ToList();
        var right = reading.Tasks.Select(task => Trigrams(task.Content ?? "")).ToList();
        var likes = new List<(double Like, double Apart, int Truth, int Read)>();
        for (var i = 0; i < left.Count; i++)
        {
            for (var j = 0; j < right.Count; j++)
            {
                // A reading that keeps "chủ trì, phối hợp với …" in the content of a sentence has still read that sentence.
                var like = Math.Max(Likeness(left[i], right[j]), left[i].Count > 40 && Inside(left[i], right[j]) > 0.95 ? SameTask : 0);
                if (like >= SameTask) likes.Add((like, Math.Abs((double)i / left.Count - (double)j / right.Count), i, j));
            }
        }

        var pairs = new Dictionary<int, int>();
        var taken = new HashSet<int>();
        foreach (var (_, _, i, j) in likes.OrderByDescending(each => Math.Round(each.Like, 2)).ThenBy(each => each.Apart))
        {
            if (!pairs.ContainsKey(i) && taken.Add(j)) pairs[i] = j;
        }

        return pairs;
    }

    /// <summary>What a reading may call the parent of a task: its number, or the code the reading itself gave to that row.</summary>
    private static HashSet<string> ParentNames(PlanTruth truth, int child, Reading reading, Dictionary<int, int> pairs)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (truth.Tasks[child].Parent is not { } parent) return names;
        names.Add(PlainNumber(parent));
        for (var i = child - 1; i >= 0; i--)
        {
            if (truth.Tasks[i].Number != parent) continue;
            if (pairs.TryGetValue(i, out var read) && reading.Tasks[read].Code is { } code) names.Add(PlainNumber(code));
            break;
        }

        return names;
    }

    private static void MarkTask(PlanTruth truth, TaskTruth expected, ReadTask actual, HashSet<string> parents, Score score, List<Mismatch> wrong)
    {
        var where = $"#{expected.Number} {Short(expected.Content)}";
        void Wrong(string kind, string should, string was) => wrong.Add(new(truth.File, kind, where, should, was));

        score.Contents++;
        if (Likeness(Trigrams(expected.Content), Trigrams(actual.Content ?? "")) >= WholeText) score.ContentsWhole++;
        else Wrong("content", expected.Content, actual.Content ?? "");

        var (hits, missed, extra) = Compare(expected.Leads, actual.Leads);
        (score.LeadHits, score.LeadMissed, score.LeadExtra) = (score.LeadHits + hits, score.LeadMissed + missed, score.LeadExtra + extra);
        if (missed + extra > 0) Wrong("leads", Names(expected.Leads), string.Join(" | ", actual.Leads ?? []));
        (hits, missed, extra) = Compare(expected.Coordinators, actual.Coordinators);
        (score.CoHits, score.CoMissed, score.CoExtra) = (score.CoHits + hits, score.CoMissed + missed, score.CoExtra + extra);
        if (missed + extra > 0) Wrong("coordinators", Names(expected.Coordinators), string.Join(" | ", actual.Coordinators ?? []));

        MarkDeadline(expected.Deadline, actual.Deadline, score, Wrong);

        if (expected.Product is { } product)
        {
            score.Products++;
            if (Likeness(Trigrams(product), Trigrams(actual.Product ?? "")) >= 0.85) score.ProductsRight++;
            else Wrong("product", product, actual.Product ?? "");
        }

        if (expected.Group is { } group)
        {
            score.Groups++;
            var (a, b) = (Trigrams(group), Trigrams(actual.Group ?? ""));
            if (Likeness(a, b) >= 0.7 || b.Count > 8 && Inside(b, a) >= 0.9) score.GroupsRight++;
            else Wrong("group", group, actual.Group ?? "");
        }

        if (expected.Number is { } number)
        {
            score.Numbers++;
            if (PlainNumber(number) == PlainNumber(actual.Number)) score.NumbersRight++;
            else Wrong("number", number, actual.Number ?? "");
        }

        if (expected.Parent is not null || actual.Parent is not null)
        {
            score.Parents++;
            if (parents.Contains(PlainNumber(actual.Parent))) score.ParentsRight++;
            else Wrong("parent", expected.Parent ?? "(none)", actual.Parent ?? "(none)");
        }

        if (expected.Targets is { Count: > 0 } targets)
        {
            score.Targets += targets.Count;
            foreach (var target in targets)
            {
                if (actual.Targets?.Any(read => read.Amount == target.Value) ?? false) score.TargetsRight++;
                else Wrong("targets", $"{target.Value} {target.Unit}", string.Join(" | ", (actual.Targets ?? []).Select(read => read.Text)));
            }
        }
    }

    private static void MarkDeadline(DeadlineTruth expected, ReadDeadline? actual, Score score, Action<string, string, string> wrong)
    {
        score.Deadlines++;
        var (rule, date) = (actual?.Rule ?? "none", actual?.Date);
        var should = $"“{expected.Text}” → {string.Join(" or ", expected.Accepted.Select(due => $"{due.Rule} {due.Date:yyyy-MM-dd}"))}";
        var was = $"“{actual?.Text}” → {rule} {date:yyyy-MM-dd}";
        var exact = expected.Accepted.Any(due => (due.Rule == "*" || due.Rule == rule) && due.Date == date) && (!expected.CompletedAndContinuing || actual?.CompletedAndContinuing == true);
        if (exact) score.DeadlinesExact++;
        else if (date is not null && expected.Accepted.All(due => due.Date is null)) { score.DatesGuessed++; wrong("date guessed", should, was); }
        else if (date is not null && expected.Accepted.All(due => due.Date != date)) { score.DatesWrong++; wrong("date wrong", should, was); }
        else if (date is null && expected.Accepted.All(due => due.Date is not null)) { score.DatesMissed++; wrong("date missed", should, was); }
        else wrong("deadline rule", should + (expected.CompletedAndContinuing ? " done" : ""), was);

        if (expected.Recurring is null) return;
        score.Recurring++;
        if (actual?.Recurs ?? false) score.RecurringRight++;
        else wrong("recurrence", should + " and recurs", was);
    }

    private static void MarkHeader(PlanTruth truth, Reading reading, Score score, List<Mismatch> wrong)
    {
        var (expected, actual) = (truth.Document, reading.Document);
        foreach (var field in expected.Scored)
        {
            var (should, was, same) = field switch
            {
                "number" => (expected.Number, actual.Number, Tight(expected.Number) == Tight(actual.Number)),
                "issuedOn" => ($"{expected.IssuedOn:yyyy-MM-dd}", $"{actual.IssuedOn:yyyy-MM-dd}", expected.IssuedOn == actual.IssuedOn),
                "kind" => (expected.Kind, actual.Kind, Tight(expected.Kind) == Tight(actual.Kind) || Tight(actual.Kind) == KindCode(expected.Kind)),
                "issuer" => (expected.Issuer, actual.Issuer, SameIssuer(expected.Issuer, actual.Issuer)),
                _ => throw new InvalidOperationException(field),
            };
            score.Headers++;
            if (same) score.HeadersRight++;
            else wrong.Add(new(truth.File, "header " + field, "", should ?? "(none)", was ?? "(none)"));
        }
    }

    private static string KindCode(string? kind) => kind switch { "Kế hoạch" => "kh", "Quyết định" => "qd", "Công văn" => "cv", _ => "?" };

    private static bool SameIssuer(string? expected, string? actual)
    {
        if (expected is null || actual is null) return expected == actual;
        return Likeness(Trigrams(Expand(expected)), Trigrams(Expand(actual))) >= 0.7 || Inside(Trigrams(Expand(expected)), Trigrams(Expand(actual))) > 0.95;

        static string Expand(string name) => VietnameseText.Fold(name).Replace("ubnd", "uy ban nhan dan", StringComparison.Ordinal);
    }

    private static void MarkDefects(PlanTruth truth, Reading reading, Dictionary<int, int> pairs, Score score, List<Mismatch> wrong)
    {
        foreach (var defect in truth.Defects)
        {
            var warnings = defect.Tasks.Where(pairs.ContainsKey).SelectMany(i => reading.Tasks[pairs[i]].Warnings ?? []).ToList();
            if (defect.Anywhere || defect.Tasks.Count == 0) warnings.AddRange(reading.Warnings);
            if (defect.Anywhere && defect.Tasks.Count == 0) warnings.AddRange(reading.Tasks.SelectMany(task => task.Warnings ?? []));
            var seen = warnings.Any(warning => Families.Sees(defect.Family, warning));
            score.Defects++;
            if (seen) score.DefectsSeen++;
            else wrong.Add(new(truth.File, "defect " + defect.Family, defect.Where, "a warning", string.Join(", ", warnings.Select(warning => warning.Code).Distinct().Take(6))));
            var (was, all) = score.ByFamily.GetValueOrDefault(defect.Family);
            score.ByFamily[defect.Family] = (was + (seen ? 1 : 0), all + 1);
        }
    }

    private static (int Hits, int Missed, int Extra) Compare(IReadOnlyList<IReadOnlyList<string>> alternatives, IReadOnlyList<string>? actual)
    {
        var read = (actual ?? []).Select(Agencies.Canonical).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        return alternatives.Select(alternative =>
        {
            var should = alternative.Select(Agencies.Canonical).ToHashSet(StringComparer.Ordinal);
            // A long name that the recogniser of a scan bent by a letter is still that name.
            var hits = should.Count(name => read.Contains(name) || name.Length > 6 && read.Any(other => other.Length > 6 && Likeness(Trigrams(name), Trigrams(other)) >= 0.9));
            return (Hits: hits, Missed: should.Count - hits, Extra: Math.Max(0, read.Count - hits));
        }).MinBy(each => each.Missed + each.Extra);
    }

    public static double Likeness(HashSet<string> a, HashSet<string> b)
    {
        if (a.Count == 0 || b.Count == 0) return a.Count == b.Count ? 1 : 0;
        return 2.0 * a.Count(b.Contains) / (a.Count + b.Count);
    }

    private static double Inside(HashSet<string> small, HashSet<string> large) => small.Count == 0 ? 0 : (double)small.Count(large.Contains) / small.Count;

    public static HashSet<string> Trigrams(string text)
    {
        var plain = new StringBuilder(" ");
        foreach (var c in VietnameseText.Fold(text)) if (char.IsLetterOrDigit(c)) plain.Append(c); else if (plain[^1] != ' ') plain.Append(' ');
        var grams = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i + 3 <= plain.Length; i++) grams.Add(plain.ToString(i, 3));
        return grams;
    }

    private static string Tight(string? text) => VietnameseText.Fold(text).Replace(" ", "", StringComparison.Ordinal);

    private static string PlainNumber(string? number) => Tight(number).Trim('.', ')', '(').TrimStart('0');

    private static string Names(IReadOnlyList<IReadOnlyList<string>> alternatives) => string.Join("  or  ", alternatives.Select(names => string.Join(" | ", names)));

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
