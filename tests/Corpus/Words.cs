using System.Globalization;

namespace LienThong.Corpus;

/// <param name="OwnDate">It names a date that could be taken for its deadline.</param>
/// <param name="NamesUnits">It says itself who leads or takes part.</param>
public sealed record Sentence(string Text, bool OwnDate, bool NamesUnits, IReadOnlyList<TargetTruth> Targets);

/// <summary>The words of the corpus. The two sets share none of the sentences.</summary>
public static class Words
{
    private static readonly IReadOnlyList<Sentence> Everything = [.. Lines("sentences.txt").Select(Parse)];

    public static IReadOnlyList<string> Groups { get; } = [.. Lines("groups.txt")];

    public static IReadOnlyList<string> Products { get; } = [.. Lines("products.txt")];

    public static IReadOnlyList<Sentence> Sentences(bool held) => [.. Everything.Where((_, i) => (i % 2 == 1) == held)];

    private static Sentence Parse(string line)
    {
        var own = line.StartsWith('!');
        var units = line.StartsWith('~');
        var parts = (own || units ? line[1..] : line).Split("@@");
        var targets = parts.Length == 1 ? [] : parts[1].Split(';').Select(target =>
        {
            var space = target.Trim().IndexOf(' ', StringComparison.Ordinal);
            return new TargetTruth(decimal.Parse(target.Trim()[..space], CultureInfo.InvariantCulture), target.Trim()[(space + 1)..]);
        }).ToArray();
        return new(parts[0].Trim().Replace("\\n", "\n", StringComparison.Ordinal), own, units, targets);
    }

    private static List<string> Lines(string name)
    {
        using var stream = typeof(Words).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
    }
}
