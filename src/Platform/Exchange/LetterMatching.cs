using System.Text;
using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>A service that offers what a letter asks for, and the words that say so.</summary>
public sealed record LetterMatch(DataServiceId Service, int Score, IReadOnlyList<string> Words);

/// <summary>
/// Finds services that offer what a letter asks for (R-SHR-06): pairs of neighbouring syllables, without diacritics, that stand both in the letter and in
/// the name, the dataset or a field of the service. A pair says in Vietnamese what a word says in English ("thửa đất", "hộ khẩu"); pairs every letter
/// holds ("số liệu", "đề nghị") say nothing. One pair of the name or dataset with another anywhere is a match; what was found is shown, a person judges.
/// </summary>
public static class LetterMatching
{
    /// <summary>Points of a pair in the name or the dataset, and of one in the fields; a match has at least <see cref="Enough"/>.</summary>
    private const int NamePoints = 3, FieldPoints = 1, Enough = 4;

    /// <summary>Beside a letter a person reads a handful.</summary>
    public const int MatchesMax = 5;

    /// <summary>Syllables of office language, without diacritics; a pair that holds one says nothing about data.</summary>
    private static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "so", "lieu", "du", "thong", "tin", "cung", "cap", "de", "nghi", "bao", "cao", "yeu", "cau", "ve", "viec", "cac", "cua", "va", "cho", "theo", "tren", "ban", "huyen", "nam", "thang", "ngay", "den", "tu", "co",
        "don", "vi", "danh", "sach", "ket", "qua", "tong", "hop", "thuc", "hien", "gui", "van", "chi", "tiet", "duoc", "la", "khong", "nhung", "mot", "trong", "voi", "nay", "do", "phuc", "vu", "tac", "quang", "ngai",
        "uy", "nhan",
    };

    private static readonly HashSet<string> EmptyPairs = new(StringComparer.Ordinal) { "can cu", "dia phuong", "quy dinh", "cong an", "cong chuc", "xa phuong", "dac khu", "thuoc tinh", "toan tinh", "dia chi" };

    public static IReadOnlyList<LetterMatch> Find(string text, IEnumerable<(DataServiceId Id, string Name, string Dataset, IEnumerable<string> Fields)> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var letter = Pairs(text);
        var found = new List<LetterMatch>();
        foreach (var (id, name, dataset, fields) in services)
        {
            var said = Pairs(name);
            said.UnionWith(Pairs(dataset));
            var inName = letter.Intersect(said, StringComparer.Ordinal).ToList();
            var inFields = letter.Intersect(fields.SelectMany(f => Pairs(Words(f))), StringComparer.Ordinal).Except(inName, StringComparer.Ordinal).ToList();
            var score = (inName.Count * NamePoints) + (inFields.Count * FieldPoints);
            if (inName.Count > 0 && score >= Enough) found.Add(new LetterMatch(id, score, [.. inName, .. inFields]));
        }

        return [.. found.OrderByDescending(m => m.Score).ThenBy(m => m.Service.Value).Take(MatchesMax)];
    }

    /// <summary>Pairs of neighbouring syllables of one phrase; punctuation parts phrases.</summary>
    private static HashSet<string> Pairs(string text)
    {
        var pairs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var phrase in VietnameseText.Fold(text).Split(['.', ',', ';', ':', '(', ')', '"', '/', '–', '“', '”', '!', '?'], StringSplitOptions.RemoveEmptyEntries))
        {
            var syllables = phrase.Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries).Where(s => s.All(char.IsAsciiLetter)).ToList();
            for (var i = 1; i < syllables.Count; i++)
            {
                var pair = syllables[i - 1] + " " + syllables[i];
                if (!Empty.Contains(syllables[i - 1]) && !Empty.Contains(syllables[i]) && !EmptyPairs.Contains(pair)) pairs.Add(pair);
            }
        }

        return pairs;
    }

    /// <summary>A field as words: "/thuaDat/soTo" reads "thua dat so to".</summary>
    private static string Words(string field)
    {
        var words = new StringBuilder(field.Length + 8);
        foreach (var c in field)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0 && words[^1] != ' ') words.Append(' ');
            words.Append(char.IsAsciiLetterOrDigit(c) ? c : c is '/' ? '.' : ' ');
        }

        return words.ToString();
    }
}
