using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Registry;

/// <summary>
/// How names of bodies are compared. A name becomes words; abbreviations of administration are written out ("Sở KH&amp;CN", "VP UBND tỉnh");
/// "và" and punctuation fall away. Two keys come out: one that keeps the marks (tone placement evened out: "hoà" is "hòa"), one without any.
/// </summary>
internal static partial class UnitNameText
{
    /// <summary>General language of administration, the same in every province, hence code and not data; a province adds its own as aliases.</summary>
    private static readonly Dictionary<string, string> Abbreviations = new(StringComparer.Ordinal)
    {
        ["ubnd"] = "ủy ban nhân dân",
        ["hdnd"] = "hội đồng nhân dân",
        ["ubmttq"] = "ủy ban mặt trận tổ quốc",
        ["ubmttqvn"] = "ủy ban mặt trận tổ quốc việt nam",
        ["mttq"] = "mặt trận tổ quốc",
        ["mttqvn"] = "mặt trận tổ quốc việt nam",
        ["ldld"] = "liên đoàn lao động",
        ["bdbp"] = "bộ đội biên phòng",
        ["bchbdbp"] = "bộ chỉ huy bộ đội biên phòng",
        ["bchqs"] = "bộ chỉ huy quân sự",
        ["lhpn"] = "liên hiệp phụ nữ",
        ["ccb"] = "cựu chiến binh",
        ["tncs"] = "thanh niên cộng sản",
        ["kbnn"] = "kho bạc nhà nước",
        ["nhnn"] = "ngân hàng nhà nước",
        ["nhcsxh"] = "ngân hàng chính sách xã hội",
        ["tand"] = "tòa án nhân dân",
        ["vksnd"] = "viện kiểm sát nhân dân",
        ["dbqh"] = "đại biểu quốc hội",
        ["qlda"] = "quản lý dự án",
        ["dtxd"] = "đầu tư xây dựng",
        ["gdnn"] = "giáo dục nghề nghiệp",
        ["cncs"] = "công nghệ số",
        ["khcn"] = "khoa học công nghệ",
        ["khdt"] = "kế hoạch đầu tư",
        ["tttt"] = "thông tin truyền thông",
        ["nnmt"] = "nông nghiệp môi trường",
        ["nnptnt"] = "nông nghiệp phát triển nông thôn",
        ["tnmt"] = "tài nguyên môi trường",
        ["gddt"] = "giáo dục đào tạo",
        ["gtvt"] = "giao thông vận tải",
        ["ldtbxh"] = "lao động thương binh xã hội",
        ["vhttdl"] = "văn hóa thể thao du lịch",
        ["vhtt"] = "văn hóa thể thao",
        ["vhttt"] = "văn hóa thông tin",
        ["dttg"] = "dân tộc tôn giáo",
        ["bhxh"] = "bảo hiểm xã hội",
        ["kkt"] = "khu kinh tế",
        ["kcn"] = "khu công nghiệp",
        ["bql"] = "ban quản lý",
        ["skhcn"] = "sở khoa học công nghệ",
        ["stc"] = "sở tài chính",
        ["snv"] = "sở nội vụ",
        ["syt"] = "sở y tế",
        ["sxd"] = "sở xây dựng",
        ["sct"] = "sở công thương",
        ["stp"] = "sở tư pháp",
        ["snnmt"] = "sở nông nghiệp môi trường",
        ["sgddt"] = "sở giáo dục đào tạo",
        ["svhttdl"] = "sở văn hóa thể thao du lịch",
        ["sdttg"] = "sở dân tộc tôn giáo",
        ["stttt"] = "sở thông tin truyền thông",
        ["skhdt"] = "sở kế hoạch đầu tư",
        ["stnmt"] = "sở tài nguyên môi trường",
        ["bkhcn"] = "bộ khoa học công nghệ",
        ["bca"] = "bộ công an",
        ["bqp"] = "bộ quốc phòng",
        ["bnv"] = "bộ nội vụ",
        ["btttt"] = "bộ thông tin truyền thông",
        ["vptu"] = "văn phòng tỉnh ủy",
        ["vpub"] = "văn phòng ủy ban nhân dân",
        ["vpubnd"] = "văn phòng ủy ban nhân dân",
        ["cat"] = "công an tỉnh",
        ["ttpvhcc"] = "trung tâm phục vụ hành chính công",
        ["pvhcc"] = "phục vụ hành chính công",
        ["cntt"] = "công nghệ thông tin",
        ["csdl"] = "cơ sở dữ liệu",
        ["httt"] = "hệ thống thông tin",
        ["tnhh"] = "trách nhiệm hữu hạn",
    };

    /// <summary>These are also syllables or initials of other things: only capitals make them abbreviations.</summary>
    private static readonly Dictionary<string, string> CapitalAbbreviations = new(StringComparer.Ordinal)
    {
        ["vp"] = "văn phòng",
        ["ca"] = "công an",
        ["tu"] = "tỉnh ủy",
        ["du"] = "đảng ủy",
        ["tp"] = "thành phố",
        ["tx"] = "thị xã",
        ["tt"] = "thị trấn",
        ["p"] = "phường",
        ["h"] = "huyện",
        ["cp"] = "chính phủ",
        ["tw"] = "trung ương",
        ["qs"] = "quân sự",
        ["bcd"] = "ban chỉ đạo",
        ["tinh"] = "tỉnh",
        ["btv"] = "ban thường vụ",
        ["qlkkt"] = "quản lý khu kinh tế",
        ["dk"] = "đặc khu",
        ["th"] = "truyền hình",
        ["pt"] = "phát thanh",
        ["ptth"] = "phát thanh truyền hình",
    };

    /// <summary>Fields in two letters mean so only behind the head they are fields of ("Sở TC", "Sở TP").</summary>
    private static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["tc"] = "tài chính",
        ["nv"] = "nội vụ",
        ["tp"] = "tư pháp",
        ["yt"] = "y tế",
        ["xd"] = "xây dựng",
        ["ct"] = "công thương",
        ["ngv"] = "ngoại vụ",
        ["dl"] = "du lịch",
    };

    /// <summary>Words that carry nothing in a name of a body.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "va", "&" };

    [GeneratedRegex(@"(?<=\p{L})\s*[&]\s*(?=\p{L})", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Ampersand();

    [GeneratedRegex(@"(?<=\p{Lu})[-,.](?=\p{Lu}{2,})|(?<=\bVH),\s+(?=TT)|(?<=\bLĐ)\s*-\s*(?=TB)|(?<=\b(?:KH|GD|TT|TN|NN|VH|TB|DT|LĐTB|VHTT))\s+(?:và|VÀ|-)\s+(?=(?:CN|ĐT|TT|MT|PTNT|DL|XH|TG)\b)", RegexOptions.CultureInvariant, 200)]
    private static partial Regex InsideAbbreviation();

    [GeneratedRegex(@"^[\s\-–+*•.\d]*(?=\p{L})|\([^)]*\)\s*$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Bullets();

    /// <param name="Marked">Lower case with marks.</param>
    /// <param name="Bare">The same without any mark.</param>
    internal readonly record struct Key(string Marked, string Bare)
    {
        /// <summary>The text has no mark at all: somebody typed or printed it so, and only the bare key can be compared.</summary>
        public bool IsBare => Marked == Bare;
    }

    public static Key KeyOf(string? text)
    {
        var words = Words(text);
        return new(string.Join(' ', words.Select(w => w.Marked)), string.Join(' ', words.Select(w => w.Bare)));
    }

    internal static List<Key> Words(string? text)
    {
        var clean = VietnameseText.Clean(text);
        if (clean.Length > 400) clean = clean[..400];   // No body has a longer name; a longer text is prose, and prose has no match.
        clean = Bullets().Replace(clean, "");

        // In "KH&CN" and "LĐ-TB&XH" the signs join one abbreviation; in "Nông nghiệp & Môi trường" they join words.
        clean = Ampersand().Replace(clean, m => m.Index > 0 && m.Index + m.Length < clean.Length && char.IsUpper(clean[m.Index - 1]) && char.IsUpper(clean[m.Index + m.Length])
            && (m.Index < 2 || !char.IsLower(clean[m.Index - 2])) ? "" : " & ");
        clean = InsideAbbreviation().Replace(clean, "");

        var words = new List<Key>();
        var start = -1;
        for (var i = 0; i <= clean.Length; i++)
        {
            var inside = i < clean.Length && (char.IsLetterOrDigit(clean[i]) || clean[i] == '\'' || clean[i] == '’');
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            Add(words, clean[start..i]);
            start = -1;
        }

        return words;
    }

    private static void Add(List<Key> words, string word)
    {
        var bare = VietnameseText.Fold(word).Replace('’', '\'');
        if (Silent.Contains(bare)) return;
        var capitals = word.All(c => !char.IsLetter(c) || char.IsUpper(c));
        string? full;
        if (capitals && words.Count > 0 && words[^1].Bare is "so" && Fields.TryGetValue(bare, out full) || Abbreviations.TryGetValue(bare, out full) || (capitals && CapitalAbbreviations.TryGetValue(bare, out full)))
        {
            foreach (var part in full.Split(' ')) words.Add(new(EvenTones(part), VietnameseText.Fold(part)));
            return;
        }

        words.Add(new(EvenTones(word.ToLower(Vietnamese.Culture)), bare));
    }

    /// <summary>The tone mark of a syllable is set behind it, so that "hoà" and "hòa", "uỷ" and "ủy" are one key.</summary>
    private static string EvenTones(string word)
    {
        var apart = word.Normalize(NormalizationForm.FormD);
        var kept = new StringBuilder(apart.Length);
        char? tone = null;
        foreach (var c in apart)
        {
            if (c is '\u0300' or '\u0301' or '\u0303' or '\u0309' or '\u0323') tone = c;
            else kept.Append(c);
        }

        if (tone is { } mark) kept.Append(mark);
        return kept.ToString();
    }

    /// <summary>Edits between two texts (insert, delete, replace, swap of neighbours), or more than <paramref name="most"/> as soon as that is certain.</summary>
    public static int Distance(string left, string right, int most)
    {
        if (Math.Abs(left.Length - right.Length) > most) return most + 1;
        var before = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var now = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++) last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) now[j] = Math.Min(now[j], before[j - 2] + 1);
                least = Math.Min(least, now[j]);
            }

            if (least > most) return most + 1;
            (before, last, now) = (last, now, before);
        }

        return last[right.Length];
    }
}
