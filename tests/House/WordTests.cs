using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace LienThong.House;

/// <summary>Words shown to people are resources, in two languages, complete, and used.</summary>
public sealed partial class WordTests
{
    /// <summary>
    /// Where C# may hold Vietnamese, each for a reason. Everywhere else a Vietnamese letter inside a literal is a sentence that the English
    /// switch would miss. Comments may quote the law in its own words.
    /// </summary>
    private static readonly (string Under, string Reason)[] SpeaksVietnamese =
    [
        ("src/Kernel/Vietnamese", "the language itself: its letters, sorting, numbers and dates"),
        ("src/Kernel/DocumentNumber", "the grammar of document numbers"),
        ("src/Platform/Plans/Import/", "reads documents, which are written in Vietnamese"),
        ("src/Platform/Plans/Deadlines/", "reads deadlines as documents write them"),
        ("src/Platform/Plans/Sample/", "sample plans"),
        ("src/Platform/Plans/Letters/", "writes letters, whose language the law sets"),
        ("src/Platform/Registry/Sample/", "the sample province"),
        ("src/Platform/Registry/Import/UnitColumns", "headings and labels of the file in which provinces hand over their units"),
        ("src/Platform/Registry/NameIndex", "reads names of bodies as documents write them"),
        ("src/Platform/Registry/UnitNameText", "reads names of bodies as documents write them"),
        ("src/Platform/Registry/Import/UnitRows", "codes of units may hold Đ"),
        ("src/Platform/Plans/DirectiveBook", "spellings under which the same instrument is cited"),
        ("src/Platform/Plans/UploadPlanFile", "marks of secrecy as documents bear them"),
        ("src/Platform/Plans/EditPlan", "the kind of a document, as documents name it"),
        ("src/Platform/Plans/RecordOversight", "the channel of a letter, as the record names it"),
        ("src/Platform/Shared/Parameters/ParameterDefaults", "legal bases, cited as the law names itself"),
        ("src/Platform/Shared/WorkCalendar", "names of holidays, from the decisions that set them"),
        ("src/Platform/Shared/Access.cs", "the name of the machine itself in the audit, read beside names of people"),
        ("src/Platform/Demo/", "the simulated province"),
        ("src/Gateway/Simulation/", "simulated systems, which answer as those of the province do"),
        ("src/Cli/", "help and progress on the terminal, Vietnamese as decided in docs/decisions"),
    ];

    [Fact]
    public void No_page_carries_literal_Vietnamese()
    {
        HouseRoot.Nothing("Vietnamese in markup (put it in the module's .resx):",
            from file in HouseRoot.FilesOf("src/Web/", ".razor")
            let text = RazorComment().Replace(HouseRoot.Read(file), m => new string('\n', m.Value.Count(c => c == '\n')))
            from line in text.Split('\n').Select((words, i) => (words: LineComment().Replace(words, ""), number: i + 1))
            where VietnameseLetter().IsMatch(line.words)
            select $"{file}:{line.number}: {line.words.Trim()}");
    }

    [Fact]
    public void No_code_carries_literal_Vietnamese_outside_the_places_that_read_or_write_it()
    {
        HouseRoot.Nothing("Vietnamese in a literal (put it in the module's .resx, or the file among those that read documents):",
            from file in HouseRoot.FilesOf("src/", ".cs")
            where !SpeaksVietnamese.Any(place => file.StartsWith(place.Under, StringComparison.Ordinal))
            from literal in CSharpText.Of(HouseRoot.Read(file)).Literals
            where VietnameseLetter().IsMatch(literal.Text.Replace(Product, "", StringComparison.Ordinal))
            select $"{file}:{literal.Line}: {literal.Text}");
    }

    [Fact]
    public void Every_Vietnamese_word_has_an_English_twin_with_the_same_places()
    {
        var twins = Resources.Where(r => !r.File.EndsWith(".en.resx", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(twins);
        HouseRoot.Nothing("Words without a twin:",
            from vi in twins
            let en = Resources.SingleOrDefault(r => r.File == vi.File.Replace(".resx", ".en.resx", StringComparison.Ordinal)) ?? new Resource(vi.File, new Dictionary<string, string>())
            from key in vi.Words.Keys.Union(en.Words.Keys)
            where !vi.Words.ContainsKey(key) || !en.Words.ContainsKey(key)
            select $"{vi.File}: {key}");
        HouseRoot.Nothing("Twins that fill in different places, or say nothing:",
            from vi in twins
            let en = Resources.SingleOrDefault(r => r.File == vi.File.Replace(".resx", ".en.resx", StringComparison.Ordinal))
            where en is not null
            from word in vi.Words
            where en.Words.TryGetValue(word.Key, out var other) && (string.IsNullOrWhiteSpace(word.Value) || string.IsNullOrWhiteSpace(other) || Places(word.Value) != Places(other))
            select $"{vi.File}: {word.Key}");
        HouseRoot.Nothing("English words that are still Vietnamese:",
            from vi in twins
            let en = Resources.SingleOrDefault(r => r.File == vi.File.Replace(".resx", ".en.resx", StringComparison.Ordinal))
            where en is not null
            from word in vi.Words
            where VietnameseLetter().IsMatch(word.Value.Replace(Product, "", StringComparison.Ordinal)) && en.Words.TryGetValue(word.Key, out var other) && other == word.Value
            where word.Value != "Tiếng Việt"   // A language is named in itself.
            select $"{vi.File}: {word.Key}");
    }

    [Fact]
    public void Every_word_is_used()
    {
        var fixedKeys = Source.SelectMany(s => AnyLiteral().Matches(s.Text).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        // $"status.{x}" may ask for any key that begins and ends like it.
        var open = Source.SelectMany(s => Interpolated().Matches(s.Text)).Select(m => m.Groups[1].Value).Where(t => t.Contains('{', StringComparison.Ordinal))
            .Select(t => string.Concat(Hole().Split(t).Select((part, i) => (i == 0 ? "" : ".+") + Regex.Escape(part)))).Where(p => p.TrimStart('.', '+').Length > 2).Distinct()
            .Select(p => new Regex($"^{p}$", RegexOptions.None, TimeSpan.FromSeconds(1))).ToList();
        var beginnings = fixedKeys.Where(k => k.Length > 2 && (k.EndsWith('.') || k.EndsWith('-'))).ToList();
        HouseRoot.Nothing("Words nobody says (delete them):",
            from resource in Resources
            from key in resource.Words.Keys
            where !fixedKeys.Contains(key) && !open.Any(pattern => pattern.IsMatch(key)) && !beginnings.Any(b => key.StartsWith(b, StringComparison.Ordinal))
            select $"{resource.File}: {key}");
    }

    [Fact]
    public void Every_word_asked_for_exists()
    {
        // A missing word shows people its key.
        HouseRoot.Nothing("Words no resource has:",
            from s in Source
            where s.File.StartsWith("src/Web/", StringComparison.Ordinal)
            from Match ask in Asked().Matches(s.Text)
            where !Known.Contains(ask.Groups[1].Value)
            select $"{s.File}: {ask.Groups[1].Value}");
    }

    [Fact]
    public void Every_refusal_has_a_sentence()
    {
        HouseRoot.Nothing("Refusals people would read as a bare code:",
            from s in Source
            from Match refusal in RefusalCode().Matches(s.Text)
            where !Known.Contains(refusal.Groups[1].Value)
            select $"{s.File}: {refusal.Groups[1].Value}");
    }

    private static readonly IReadOnlyList<(string File, string Text)> Source = [.. HouseRoot.FilesOf("src/", ".razor", ".cs", ".js").Select(file => (file, HouseRoot.Read(file)))];

    private sealed record Resource(string File, IReadOnlyDictionary<string, string> Words);

    private static readonly IReadOnlyList<Resource> Resources =
        [.. HouseRoot.FilesOf("src/", ".resx").Select(file => new Resource(file, XDocument.Load(HouseRoot.Full(file)).Descendants("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value)))];

    private static readonly HashSet<string> Known = [.. Resources.SelectMany(r => r.Words.Keys)];

    /// <summary>The product is called the same in every language.</summary>
    private const string Product = "Liên Thông";

    private static string Places(string text) => string.Join(",", Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex(@"[ăâđêôơưĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ]", RegexOptions.None, 5000)]
    private static partial Regex VietnameseLetter();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline, 5000)]
    private static partial Regex RazorComment();

    [GeneratedRegex(@"(^|\s)///?\s.*$", RegexOptions.None, 5000)]
    private static partial Regex LineComment();

    [GeneratedRegex(@"""([A-Za-z0-9][\w.\-]*)""", RegexOptions.None, 5000)]
    private static partial Regex AnyLiteral();

    [GeneratedRegex(@"\$""((?:[^""{]|\{(?:[^{}""]|""[^""]*"")*\})*)""", RegexOptions.None, 5000)]
    private static partial Regex Interpolated();

    [GeneratedRegex(@"\{(?:[^{}""]|""[^""]*"")*\}", RegexOptions.None, 5000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"\b(?:Text|Words)\[""([\w.\-]+)""[\],]", RegexOptions.None, 5000)]
    private static partial Regex Asked();

    [GeneratedRegex(@"new(?:\s+Refusal)?\(\s*""([a-z][\w\-]*(?:\.[\w\-]+)+)""\s*,\s*RefusalKind", RegexOptions.None, 5000)]
    private static partial Regex RefusalCode();

    [GeneratedRegex(@"\{\d+", RegexOptions.None, 5000)]
    private static partial Regex Place();
}
