using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Plans.Import;

/// <param name="Leads">Names of a lead cell, in order, as written.</param>
/// <param name="Coordinators">Named in the same cell as coordinating ("Chủ trì: A; Phối hợp: B").</param>
/// <param name="PersonalData">Names of persons, telephone numbers or e-mail addresses were removed.</param>
public sealed record AgencyReading(IReadOnlyList<string> Leads, IReadOnlyList<string> Coordinators, bool PersonalData, bool RolesWritten);

/// <summary>
/// Splits a cell into the agencies it names. Vietnamese agency names contain commas and "và" ("Sở Văn hóa, Thể thao và Du lịch"), so a
/// separator separates only where a new name begins. Works on the kinds of bodies of the political system, not on a list of units: which
/// unit is meant is the registry's business.
/// </summary>
public static partial class AgencyNames
{
    private const int TimeLimit = 2_000;
    private const int CellMax = 4_000;

    /// <summary>First words of bodies, folded. With a space: may begin a name in lower case too.</summary>
    private static readonly string[] s_heads =
    [
        "so", "ban", "bo", "cuc", "chi cuc", "tong cuc", "vu", "vien", "truong", "phong", "hoi", "to", "doan", "doi", "bao", "dai", "kho bac", "ngan hang", "quy",
        "cong an", "van phong", "vp", "thanh tra", "bo chi huy", "bch", "ban chi huy", "ban chi dao", "ban quan ly", "ban to chuc", "trung tam", "benh vien", "ubnd", "uy ban nhan dan",
        "uy ban mat tran", "uy ban mttq", "uy ban", "hdnd", "hoi dong nhan dan", "hoi dong", "mat tran", "mttq", "tinh doan", "thanh doan", "lien doan", "lien minh", "lien hiep",
        "buu dien", "vnpt", "viettel", "mobifone", "fpt", "vietnamobile", "cong ty", "tap doan", "tong cong ty", "doanh nghiep", "dang uy", "tinh uy", "thanh uy", "huyen uy",
        "toa an", "vien kiem sat", "vks", "tand", "vksnd", "bao hiem xa hoi", "bhxh", "thue", "cuc thue", "hai quan", "chi cuc thue", "quan khu", "bo doi bien phong", "bdbp", "don vi", "co quan",
        "dia phuong", "cac", "nha mang", "chu dau tu", "thu truong", "nguoi dung dau", "chu tich", "to cong tac", "to giup viec", "to cong nghe so", "so nganh", "toan", "tat ca",
        "hop tac xa", "hiep hoi", "hoc vien", "dai hoc", "khoi", "tieu ban", "ca", "bo tu lenh", "su doan", "nha xuat ban", "bao tang", "thu vien", "thong tan xa", "quy dau tu",
        "giam doc", "lanh dao", "thanh vien", "cum", "ban dan", "dang bo", "dang doan", "tinh", "thanh pho", "thi xa", "huyen", "vpubnd", "bql", "xa", "phuong", "dac khu", "khu", "nhnn", "ldld", "vkhvp", "cang vu",
        "dien luc", "vien thong", "vuon quoc gia", "khu bao ton", "khu quan ly", "khu duong thuy", "cang hang khong", "cang bien", "hat kiem lam", "tram y te", "don bien phong", "giao hoi", "nha may", "xi nghiep",
        "phan hieu", "cong doan", "thi hanh an dan su", "thong ke tinh", "thong ke thanh pho", "agribank", "bidv", "vietcombank", "vietinbank", "petrolimex", "evn", "vcci",
    ];

    private static readonly FrozenSet<string> s_headSet = s_heads.ToFrozenSet();

    /// <summary>Heads that are whole names by themselves, with nothing to follow.</summary>
    private static readonly FrozenSet<string> s_wholeNames = new[]
    {
        "tinh uy", "thanh uy", "tinh doan", "thanh doan", "vnpt", "viettel", "mobifone", "fpt", "mttq", "bhxh", "nhnn", "ldld",
        "dien luc", "hop tac xa", "chu dau tu", "agribank", "bidv", "vietcombank", "vietinbank", "petrolimex", "evn", "vcci",
        "hat kiem lam", "don bien phong", "tram y te", "thi hanh an dan su", "thong ke tinh", "thong ke thanh pho",
    }.ToFrozenSet();

    /// <summary>Heads that open a name even in lower case, because nothing but a body is called so.</summary>
    private static readonly FrozenSet<string> s_lowerHeads = new[]
    {
        "ubnd", "uy ban nhan dan", "cong an", "van phong", "thanh tra", "bo chi huy", "ban chi huy", "ban quan ly", "kho bac", "ngan hang", "bao hiem xa hoi", "tinh doan", "mttq", "uy ban mttq",
        "uy ban mat tran", "hdnd", "hoi dong nhan dan", "dang uy", "cuc thue", "buu dien", "trung tam", "doanh nghiep", "cong ty",
    }.ToFrozenSet();

    /// <summary>Words after "các" that make it a class of bodies, and no part of a name ("… và các khu công nghiệp").</summary>
    private static readonly FrozenSet<string> s_classNouns = new[]
    {
        "co quan", "don vi", "so", "ban", "nganh", "dia phuong", "xa", "phuong", "huyen", "thi xa", "thanh pho", "dac khu", "doanh nghiep", "to chuc", "truong", "phong", "hoi", "doan the", "trung tam",
        "nha mang", "co so", "chu dau tu", "thanh vien", "bo", "ubnd", "uy ban", "ban quan ly", "to", "cap", "linh vuc", "hop tac xa", "vien", "benh vien", "cong ty", "tap doan", "chi cuc", "cuc", "ngan hang",
        "hiep hoi", "chu quan", "ca nhan", "van phong", "tinh", "quan", "luc luong", "dang uy", "chi bo", "dang bo", "vien nghien cuu", "ban dang", "co quan dang", "thon", "to dan pho", "nha dau tu", "nha thau", "ho kinh doanh", "ho dan", "cang",
    }.ToFrozenSet();

    /// <summary>Fields of departments, for names written once with a shared head: "Sở Tài chính, Nội vụ"; folded.</summary>
    private static readonly FrozenSet<string> s_fields = new[]
    {
        "tai chinh", "noi vu", "tu phap", "y te", "xay dung", "cong thuong", "ngoai vu", "khoa hoc va cong nghe", "khcn", "kh&cn", "giao duc va dao tao", "gd&dt", "gddt", "nong nghiep va moi truong",
        "nn&mt", "nnmt", "van hoa, the thao va du lich", "vh,tt&dl", "vhttdl", "vhtt&dl", "vhtt", "van hoa va the thao", "van hoa - the thao va du lich", "du lich", "dan toc va ton giao", "dt&tg", "dttg",
        "thong tin va truyen thong", "tttt", "tt&tt", "ke hoach va dau tu", "kh&dt", "khdt", "tai nguyen va moi truong", "tn&mt", "tnmt", "giao thong van tai", "gtvt", "lao dong - thuong binh va xa hoi",
        "lao dong, thuong binh va xa hoi", "ld-tb&xh", "ldtbxh", "ldtb&xh", "nong nghiep va phat trien nong thon", "nn&ptnt", "nnptnt", "quy hoach - kien truc", "quy hoach va kien truc", "tc", "nv", "tp", "yt", "xd", "ct",
        "ngv", "an toan thuc pham", "cong an", "quoc phong", "dan toc", "thanh tra", "ngoai giao",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> s_surnames = new[]
    {
        "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly", "dinh", "truong", "trinh", "dao", "doan", "luong", "mai", "to", "cao", "ha", "ta", "tong", "lam",
        "luu", "thai", "chau", "quach", "kieu", "ton", "nong", "vi", "hua", "mac", "lo", "ksor", "a", "y", "bach", "van", "phung", "dam", "tang", "la", "khong", "thach", "kim", "son", "danh", "siu", "rmah", "hothi",
    }.ToFrozenSet();

    /// <summary>Reads a cell of one role; roles written inside it ("Chủ trì: …", "phối hợp với …") are taken apart.</summary>
    public static AgencyReading Read(string? cell)
    {
        if (string.IsNullOrWhiteSpace(cell)) return new AgencyReading([], [], false, false);
        var text = cell.Length > CellMax ? cell[..CellMax] : cell;
        text = Culture().Replace(text, "$1,$2");
        text = StripPersons(ListNumber().Replace(text.Normalize(NormalizationForm.FormC), "${1}"), out var personal);
        var parts = Roles(text);
        var leads = new List<string>();
        var coordinators = new List<string>();
        foreach (var (coordinates, part) in parts)
        {
            foreach (var name in Split(part))
            {
                var into = coordinates ? coordinators : leads;
                if (!into.Contains(name, StringComparer.OrdinalIgnoreCase)) into.Add(name);
            }
        }

        return new AgencyReading(leads, coordinators, personal, parts.Count > 1 || parts.Any(part => part.Coordinates));
    }

    /// <summary>Whether the text reads as the name of a body or a class of bodies.</summary>
    public static bool LooksLikeAgency(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 400) return false;
        var clean = Trim(VietnameseText.Clean(text));
        if (clean.Length == 0) return false;
        if (Abbreviation().IsMatch(clean)) return clean.Any(char.IsLetter) && !Roman().IsMatch(clean);
        var head = HeadOf(clean, out var length);
        if (head is null) return false;
        var rest = VietnameseText.Fold(clean)[length..].Trim();
        if (head is "cac" or "toan" or "tat ca") return s_classNouns.Any(noun => StartsWithWord(rest, noun));
        if (NotAgency().IsMatch(VietnameseText.Fold(clean))) return false;
        return head is "vnpt" or "viettel" or "mobifone" or "fpt" or "ubnd" or "bao" or "tinh uy" or "thanh uy" or "tinh doan" or "mttq" || rest.Length > 0 && clean.Length <= 160;
    }

    /// <summary>Two names in one, with nothing between them ("Sở Xây dựng Các chủ đầu tư", "UBND xã Tân Sở Tài chính Lập"): columns of the source ran together.</summary>
    internal static bool RunsTogether(string name) => Runs().IsMatch(VietnameseText.Clean(name));

    [GeneratedRegex(@"^(?:Sở|UBND)\s.*(?<!\b(?:thuộc|của|với|và|tại))(?<![,(:\-–])\s(?:Sở\s\p{Lu}|UBND\s|Các\s\p{Ll}|Công an\s|Ngân hàng\s|Thanh tra\s|Văn phòng\s)|^(?<head>Ngân hàng|Công an|Cục|Chi cục|Vụ|Ban Quản lý|Trung tâm|Hội|Công ty)\s.*(?<!\b(?:thuộc|của|với|và|tại))(?<![,(:\-–])\s\k<head>\s\p{L}", RegexOptions.None, TimeLimit)]
    private static partial Regex Runs();

    /// <summary>One word that names a kind of body by itself: "Sở", "Ban", "Hội".</summary>
    internal static bool IsKindOfBody(string word) => s_headSet.Contains(VietnameseText.Fold(word));

    /// <summary>"Các sở, ban, ngành", "UBND các xã, phường", "Các đơn vị liên quan": a class, resolved to units at issue (T6).</summary>
    public static bool IsClass(string name) => ClassName().IsMatch(VietnameseText.Fold(name));

    /// <summary>A body of the centre: the province can follow it, not assign to it.</summary>
    public static bool IsOutsideProvince(string name) => Outside().IsMatch(VietnameseText.Fold(name));

    /// <summary>Equal for spellings of one name, as the registry compares them; the front of the whole country is the same body with and without the country.</summary>
    public static string Key(string name) => BodyNames.KeyOf(name).Replace("mat tran to quoc viet nam", "mat tran to quoc", StringComparison.Ordinal);

    // ---- persons ----

    private static string StripPersons(string text, out bool found)
    {
        text = ContactBody().Replace(text, " ");   // "(đầu mối)" says what the body is in this task and names nobody.
        var before = text;
        text = Email().Replace(text, " ");
        text = Phone().Replace(text, " ");
        text = Regex.Replace(text, @"\(\s*([^()]{2,80})\s*\)", match => IsContact(match.Groups[1].Value) ? " " : match.Value, RegexOptions.None, TimeSpan.FromMilliseconds(TimeLimit));
        text = Comrade().Replace(text, " ");
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (IsPerson(lines[i])) { lines[i] = ""; continue; }
            var dash = lines[i].LastIndexOf(" - ", StringComparison.Ordinal);
            var cut = dash < 0 ? lines[i].LastIndexOf(" – ", StringComparison.Ordinal) : dash;
            if (cut > 0 && IsPerson(lines[i][(cut + 3)..]) && LooksLikeAgency(lines[i][..cut])) lines[i] = lines[i][..cut];
        }

        text = string.Join('\n', lines);
        text = EmptyBrackets().Replace(text, " ");
        found = text.Count(char.IsLetterOrDigit) < before.Count(char.IsLetterOrDigit);
        return text;
    }

    /// <summary>A bracket that names who to call: with the number gone, a person is left, or the label of one.</summary>
    private static bool IsContact(string text)
    {
        var bare = ContactLabel().Replace(text, " ").Trim(' ', '-', '–', ',', ';', ':', '.');
        return bare.Length == 0 || IsPerson(bare) || ShortPerson().IsMatch(bare) || bare.Split([',', ';', '-', '–'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } parts && parts.All(part => IsPerson(part) || ShortPerson().IsMatch(part) || !part.Any(char.IsLetter));
    }

    /// <summary>Two to five capitalised words that begin with a family name, with nothing of a body in them.</summary>
    private static bool IsPerson(string text)
    {
        var clean = Trim(Title().Replace(VietnameseText.Clean(text), " ").Trim());
        if (clean.Length < 4) return false;
        if (Comrade().IsMatch(clean)) return true;
        var words = clean.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 2 or > 5 || !words.All(word => char.IsUpper(word[0]) && word.All(char.IsLetter))) return false;
        if (words.All(word => word.All(char.IsUpper))) return false;
        var folded = VietnameseText.Fold(clean);
        if (!s_surnames.Contains(folded.Split(' ')[0])) return false;
        return HeadOf(clean, out _) is not { } head || head is "to" or "doan" or "truong" or "vu" or "so" && words.Length == 3;
    }

    // ---- roles inside a cell ----

    private enum Part { Lead, Coordinator, Nobody }

    /// <summary>
    /// Divides a cell by the words for roles in it. A label ("Phối hợp: …", "chủ trì, phối hợp với …") says it of what follows, a mark
    /// ("… (chủ trì)", "… là cơ quan phối hợp", "… phối hợp") of what stands before it; both kinds meet in one cell.
    /// </summary>
    private static List<(bool Coordinates, string Text)> Roles(string text)
    {
        text = BracketedLabel().Replace(text, "\n$1\n");
        var parts = new List<(Part Role, string Text)>();
        var at = 0;
        Part? open = null;
        foreach (Match mark in RoleMark().Matches(text))
        {
            var before = text[at..mark.Index];
            var word = VietnameseText.Fold(mark.Value);
            var role = mark.Groups["other"].Success ? Part.Nobody : mark.Groups["ph"].Success || !word.Contains("chu tri", StringComparison.Ordinal) && (word.Contains("phoi hop", StringComparison.Ordinal) || word.Contains("tham gia", StringComparison.Ordinal)) ? Part.Coordinator : Part.Lead;
            var follows = mark.Groups["label"].Success;
            var verb = mark.Groups["verb"].Success;
            if (!follows && (Trim(before).Length == 0 && open is null || Verbs().IsMatch(VietnameseText.Fold(before)))) continue;
            if (follows || verb) Give(before, open ?? Part.Lead);
            else if (open is { } said) Give(before, said);                                           // Inside a labelled list a mark adds nothing.
            else if (role is Part.Coordinator && !parts.Exists(part => part.Role is Part.Lead))
            {
                // Nobody leads yet: the mark is of the last name only, the ones before it lead.
                var names = Segments(before);
                Give(string.Join('\n', names.SkipLast(1)), Part.Lead);
                Give(names[^1], Part.Coordinator);
            }
            else Give(before, role);

            at = mark.Index + mark.Length;
            open = follows ? role : verb ? Part.Coordinator : open;
        }

        // What follows the last mark: in its list, or beside somebody who leads.
        var rest = text[at..];
        Give(rest, open ?? (parts.Exists(part => part.Role is Part.Lead) ? Part.Coordinator : Part.Lead));
        return [.. parts.Where(part => part.Role is not Part.Nobody).Select(part => (part.Role is Part.Coordinator, part.Text))];

        void Give(string names, Part role)
        {
            if (Trim(names).Length > 0) parts.Add((role, names));
        }
    }

    // ---- names ----

    internal static IReadOnlyList<string> Split(string text)
    {
        var names = new List<string>();
        foreach (var segment in Segments(text))
        {
            var name = Trim(VietnameseText.Clean(segment));
            if (name.Length < 2 || !name.Any(char.IsLetter)) continue;
            foreach (var whole in JoinedNames().Split(name))
            {
                foreach (var one in Expand(whole)) names.Add(one);
            }
        }

        return names;
    }

    private static List<string> Segments(string text)
    {
        var segments = new List<string>();
        var current = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '(') depth++;
            if (c == ')' && depth > 0) depth--;
            if (depth > 0) { current.Append(c is '\n' ? ' ' : c); continue; }

            var (kind, length) = SeparatorAt(text, i);
            if (length == 0) { current.Append(c); continue; }
            var right = text[(i + length)..];
            if (Separates(kind, current.ToString(), right))
            {
                segments.Add(current.ToString());
                current.Clear();
            }
            else
            {
                current.Append(kind is '\n' ? " " : text.Substring(i, length));
            }

            i += length - 1;
        }

        segments.Add(current.ToString());
        return segments;
    }

    private static (char Kind, int Length) SeparatorAt(string text, int i) => text[i] switch
    {
        ';' => (';', 1),
        ',' => (',', 1),
        '/' => ('/', 1),
        '\n' => ('\n', 1),
        '+' or '•' or '·' or '●' or '▪' or '*' => ('\n', 1),
        '.' when i + 2 < text.Length && text[i + 1] == ' ' && char.IsUpper(text[i + 2]) => ('.', 1),
        '-' or '–' when i > 0 && text[i - 1] is ' ' or '\n' && i + 1 < text.Length && text[i + 1] is ' ' or '\u00A0' => ('-', 1),
        'v' when WordAt(text, i, "và") || WordAt(text, i, "va") => ('v', 2),
        'c' when WordAt(text, i, "cùng") => ('v', 4),
        '&' when i > 0 && text[i - 1] == ' ' => ('v', 1),
        _ => ('\0', 0),
    };

    private static bool WordAt(string text, int i, string word) =>
        string.CompareOrdinal(text, i, word, 0, word.Length) == 0 && i > 0 && char.IsWhiteSpace(text[i - 1]) && i + word.Length < text.Length && char.IsWhiteSpace(text[i + word.Length]);

    private static bool Separates(char kind, string left, string right)
    {
        left = Trim(VietnameseText.Clean(left));
        var next = VietnameseText.Clean(right.Length > 200 ? right[..200] : right).TrimStart('-', '+', '•', '–', '*', ' ');
        if (left.Length == 0) return true;
        if (next.Length == 0) return true;
        var leftFold = VietnameseText.Fold(left);

        if (kind is ';') return !ColonList().IsMatch(left) || !IsField(next);
        if (kind is '/' && (char.IsDigit(left[^1]) || leftFold.EndsWith("hiv", StringComparison.Ordinal))) return false;   // A document's number; one word of two.
        if (kind is '-' && HeadOf(next, out _) is null && !Abbreviation().IsMatch(left)) return false;   // "Phòng Quản lý chất lượng - CNTT" has one field in short.
        if (kind is '-' && !text_is_bullet(right)) return false;
        if (kind is '-' && PartOfBody().IsMatch(leftFold)) return false;   // "Phòng An ninh mạng - Công an tỉnh" is one office of that body.
        if (kind is '-') kind = '\n';

        // A line that ends in a joining word, or holds no more than the kind of body, is not a finished name.
        var openLeft = (left.All(char.IsAscii) ? OpenEnd().IsMatch(left) : OpenEndMarked().IsMatch(left)) || IsBareHead(left);
        if (openLeft) return false;
        if (kind is ',' or 'v' && IsFurtherPlace(left, next)) return false;
        if (kind is '\n' && UnfinishedLine().IsMatch(left) && RestOfLine().IsMatch(next)) return false;
        if (kind is 'v' && OfficeOfCouncil().IsMatch(leftFold)) return false;
        if (kind is '\n' && PartOfParty().IsMatch(VietnameseText.Fold(next)) && Regex.IsMatch(leftFold, "^(ban|van phong|dang)", RegexOptions.None, TimeSpan.FromMilliseconds(TimeLimit))) return false;
        return BeginsName(next, left, kind) || kind is ',' or 'v' && IsWholeName(left, kind) && GoesOnWithAnother(next);

        static bool text_is_bullet(string right) => right.TrimStart().Length > 0 && BeginsName(VietnameseText.Clean(right), "", '\n');
    }

    /// <summary>"Ban Thường trực Ủy ban / MTTQ Việt Nam tỉnh", "Công ty TNHH / MTV …": a line end inside a name whose second half looks like a beginning.</summary>
    [GeneratedRegex(@"\b(?:Ủy ban|Uỷ ban|Ban Thường trực|Ban Thường vụ|TNHH|Cổ phần|CTCP)$", RegexOptions.None, TimeLimit)]
    private static partial Regex UnfinishedLine();

    [GeneratedRegex(@"^(?:MTTQ|Mặt trận|MTV|Một thành viên|Ủy ban|Uỷ ban|UBMTTQ|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Đảng ủy|Tỉnh đoàn|Hội đồng|HĐND)(?!\p{L})", RegexOptions.None, TimeLimit)]
    private static partial Regex RestOfLine();

    /// <summary>"UBND phường Thạnh Xuân, Thạnh Lộc": behind a body of a named place the next proper name is a place of the same kind.</summary>
    private static bool IsFurtherPlace(string left, string next)
    {
        if (!OfNamedPlaces().IsMatch(left)) return false;
        var name = next.Split([',', ';', '\n', '.', '(', ')'], 2)[0].Trim();
        return name.Length > 0 && HeadOf(name, out _) is null && !Abbreviation().IsMatch(name) && AndBetweenPlaces().Split(name).All(place => place.Split(' ') is { Length: <= 4 } words && words.All(word => char.IsUpper(word[0]) && word.All(c => char.IsLetter(c) || c is '\'' or '’' or '-')));
    }

    [GeneratedRegex(@"^(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng nhân dân|Công an|Đảng ủy|Đảng uỷ|Trạm [yY] tế|Ban Chỉ huy [qQ]uân sự)\s+(?:các\s+)?(?:xã|phường|đặc khu|huyện|thị xã|thành phố)\s*:?\s+\p{Lu}[^;:()]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex OfNamedPlaces();

    /// <summary>
    /// A name nothing can be added to: a department by its whole field, a body of the province or of a place, a firm. What stands behind a
    /// comma after it is somebody else, known by name or not.
    /// </summary>
    private static bool IsWholeName(string left, char kind)
    {
        var folded = VietnameseText.Fold(left);
        if (IsClassList(folded) || left.Contains(':', StringComparison.Ordinal)) return false;
        if (folded.StartsWith("so ", StringComparison.Ordinal) && s_fields.Contains(folded[3..]))
        {
            // "Sở Dân tộc" may yet become "Sở Dân tộc và Tôn giáo".
            var longer = folded[3..] + (kind is 'v' ? " va " : ", ");
            return !s_fields.Any(field => field.StartsWith(longer, StringComparison.Ordinal));
        }

        return HeadOf(left, out _) is not null && (s_wholeNames.Contains(folded) || EndsWhole().IsMatch(folded));
    }

    /// <summary>Anything but the next field of a shared head, a level of government, what is to be done, or the rest of a class.</summary>
    private static bool GoesOnWithAnother(string next)
    {
        var folded = VietnameseText.Fold(next);
        return char.IsLetter(next[0]) && !IsField(next) && !s_fields.Contains(folded.Split(' ', ',', ';', '.')[0]) && !RestOfList().IsMatch(folded) && !Verbs().IsMatch(folded.Length > 24 ? folded[..24] : folded);
    }

    [GeneratedRegex(@"\b(tinh|thanh pho|tinh uy|thanh uy|tinh doan|thanh doan|viet nam|khu vuc [ivx]+)$|\b(tinh|thanh pho|huyen|thi xa|xa|phuong|dac khu) [a-z]+ [a-z]+$|^dien luc |^vien thong |^vnpt |^viettel |^buu dien ", RegexOptions.None, TimeLimit)]
    private static partial Regex EndsWhole();

    [GeneratedRegex(@"^(va|cac (khu|kcn|cum|ccn|du an|diem)|tinh|thanh pho|thi xa|huyen|quan(?! (?:khu|su|doi|y)\b)|xa|phuong|dac khu|cap|trung uong|thuoc|cua|tai|tren|theo|la|neu|khi|de|trong|gom|bao gom|truc thuoc|lien quan|khac|co(?! quan\b)|duoc|nganh|doan the)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex RestOfList();

    /// <summary>Whether a new agency name begins here, given what stands before the separator.</summary>
    private static bool BeginsName(string next, string left, char kind)
    {
        var leftIsClass = left.Length > 0 && IsClassList(VietnameseText.Fold(left));
        var head = HeadOf(next, out var length);
        var firstWord = next.Split([' ', ',', ';', '.', ':'], 2)[0];

        if (head is null)
        {
            // "Sở TC, NV": the shared head is handled by Expand; an abbreviation of a body of its own begins a name.
            if (Abbreviation().IsMatch(firstWord) && firstWord.Length >= 3 && !s_fields.Contains(VietnameseText.Fold(firstWord)) && kind is not 'v') return true;
            return kind is '\n' && left.Length > 0 && (LineIsOwnName(next) && LooksLikeAgency(left));
        }

        var folded = VietnameseText.Fold(next);
        if (NotAgency().IsMatch(folded)) return false;
        var rest = folded.Length > length ? folded[length..] : "";
        if (head is "cac" or "toan" or "tat ca")
        {
            return s_classNouns.Any(noun => StartsWithWord(rest.TrimStart(), noun)) && !Unfinished().IsMatch(VietnameseText.Fold(left));
        }

        // "Các sở, Ban, Ngành, địa phương": a bare kind of body after a class is part of the class.
        var bare = rest.Length == 0 || rest[0] is ',' or ';' or '.' or ')' || StartsWithWord(rest.TrimStart(), "nganh") || StartsWithWord(rest.TrimStart(), "lien quan") || StartsWithWord(rest.TrimStart(), "va") && head is not ("bao" or "dai")
            || StartsWithWord(rest.TrimStart(), "co lien quan") || StartsWithWord(rest.TrimStart(), "khac");
        if (bare && !s_wholeNames.Contains(head)) return !leftIsClass && (kind is ';' || kind is '\n' && char.IsUpper(next[0]));
        if (head is "chu tich" or "thu truong" or "giam doc" && Regex.IsMatch(rest, @"^\s+(ubnd|uy ban|cac|so\b)", RegexOptions.None, TimeSpan.FromMilliseconds(TimeLimit))) return true;
        if (head is "xa" or "phuong" or "dac khu" or "huyen" or "thi xa" or "thanh pho" or "tinh" or "khu" or "cum" or "quy" or "chu tich" or "lanh dao" or "giam doc")
        {
            // "UBND xã A, xã B": continues the one before, told apart by Expand; a class "các xã, phường" simply goes on.
            return !leftIsClass && NamedPlace().IsMatch(next) && kind is not 'v' || !leftIsClass && head is not ("tinh" or "khu" or "cum" or "quy") && NamedPlace().IsMatch(next);
        }

        var capital = char.IsUpper(next[0]);
        if (head is "ca") return next.StartsWith("CA ", StringComparison.Ordinal);
        if (!capital && !s_lowerHeads.Contains(head))
        {
            var second = next.Length > length ? next[length..].TrimStart() : "";
            return second.Length > 0 && char.IsUpper(second[0]) && head is "so" or "ban" or "bo" or "cuc" or "hoi" or "bao" or "dai" or "chi cuc" or "vien" && second.Length > 0 && char.IsUpper(second[0]);
        }

        if (leftIsClass && head is "doan" or "don vi" or "co quan" or "dia phuong" && !Regex.IsMatch(rest, @"^\s+[a-z]", RegexOptions.None, TimeSpan.FromMilliseconds(TimeLimit))) return false;
        if (leftIsClass && head is "don vi" or "co quan" or "dia phuong" or "doanh nghiep" && !capital) return false;
        return true;
    }

    [GeneratedRegex(@"^(phong|doi|to|ban|bo phan|chi nhanh|trung tam)\s(?!quan ly|chi dao|to chuc|dan|tuyen|noi chinh)", RegexOptions.None, TimeLimit)]
    private static partial Regex PartOfBody();

    /// <summary>"Công an tỉnh Văn phòng UBND tỉnh": two lines of a cell that came as one; the first is a whole name, the second begins like one.</summary>
    [GeneratedRegex(
        @"(?<=\b(?:tỉnh|Tỉnh ủy|Thành ủy|[Tt]hành phố)|\bSở (?:Nội vụ|Tài chính|Tư pháp|Y tế|Xây dựng|Công Thương|Công thương|Ngoại vụ|Khoa học và Công nghệ|Giáo dục và Đào tạo|Nông nghiệp và Môi trường|Văn hóa, Thể thao và Du lịch|Dân tộc và Tôn giáo|"
        + @"Kế hoạch và Đầu tư|Tài nguyên và Môi trường|Thông tin và Truyền thông|Giao thông vận tải|Nông nghiệp và Phát triển nông thôn|Lao động - Thương binh và Xã hội))\s+(?=(?:Sở|Công an|Văn phòng|UBND|Ủy ban|Thanh tra|Bộ Chỉ huy|Ban Quản lý|Ban Tổ chức|Ban Tuyên giáo|Ban Nội chính|Kho bạc|Bảo hiểm xã hội|Liên đoàn|Liên minh|Hội (?:Nông|Liên|Cựu|Chữ|Nhà)|Hiệp hội|Cục|Chi cục|Đảng ủy|Điện lực|Công ty|Ngân hàng|Bệnh viện|Trung tâm|Tòa án|Viện kiểm sát|Bưu điện|Tỉnh đoàn|Thành đoàn|Các sở|Các đơn vị|Các địa phương)\b)",
        RegexOptions.None, TimeLimit)]
    private static partial Regex JoinedNames();

    /// <summary>Writes out names that share a head: "Các Sở: Tài chính, Nội vụ", "Sở Tài chính, Nội vụ", "UBND xã A, xã B", "UBND các xã: A, B".</summary>
    private static IEnumerable<string> Expand(string name)
    {
        var shared = SharedDepartments().Match(name);
        if (shared.Success)
        {
            var fields = FieldList(shared.Groups["list"].Value);
            if (fields is { Count: > 1 } || shared.Groups["many"].Success && fields is { Count: 1 })
            {
                var head = char.IsUpper(shared.Groups["head"].Value[0]) ? shared.Groups["head"].Value : char.ToUpperInvariant(shared.Groups["head"].Value[0]) + shared.Groups["head"].Value[1..];
                foreach (var one in fields) yield return head + " " + one;
                yield break;
            }
        }

        var places = SharedPlaces().Match(name);
        if (places.Success)
        {
            var list = places.Groups["list"].Value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(piece => AndBetweenPlaces().Split(piece)).Select(piece => Trim(piece)).Where(piece => piece.Length > 0).ToList();
            if (list.Count > 0 && list.TrueForAll(piece => char.IsUpper(LevelWord().Replace(piece, "").TrimStart().FirstOrDefault('a'))))
            {
                var level = places.Groups["level"].Value;
                foreach (var piece in list)
                {
                    yield return (IsCommittee().IsMatch(places.Groups["body"].Value) ? "UBND" : places.Groups["body"].Value) + " " + (LevelWord().IsMatch(piece) ? piece : level + " " + piece);
                }

                yield break;
            }
        }

        yield return name;
    }

    /// <summary>Splits "Tài chính, Văn hóa, Thể thao và Du lịch, Nội vụ" by the longest known fields; null when a piece is none.</summary>
    private static List<string>? FieldList(string list)
    {
        var pieces = list.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        var found = new List<string>();
        var i = 0;
        while (i < pieces.Count)
        {
            var taken = 0;
            for (var count = Math.Min(3, pieces.Count - i); count >= 1 && taken == 0; count--)
            {
                var joined = Trim(string.Join(", ", pieces.Skip(i).Take(count)));
                if (s_fields.Contains(VietnameseText.Fold(joined))) { found.Add(joined); taken = count; }
            }

            if (taken == 0)
            {
                // "Nội vụ và Tài chính" at the end of the list: both halves are fields.
                var at = pieces[i].LastIndexOf(" và ", StringComparison.Ordinal);
                if (at <= 0 || !s_fields.Contains(VietnameseText.Fold(pieces[i][..at])) || !s_fields.Contains(VietnameseText.Fold(Trim(pieces[i][(at + 4)..])))) return null;
                found.Add(pieces[i][..at]);
                found.Add(Trim(pieces[i][(at + 4)..]));
                taken = 1;
            }

            i += taken;
        }

        return found;
    }

    private static bool IsField(string text) => s_fields.Contains(VietnameseText.Fold(Trim(text.Split([',', ';'], 2)[0])));

    private static bool LineIsOwnName(string next) => char.IsUpper(next[0]) && Abbreviation().IsMatch(next.Split(' ')[0]);

    private static bool IsClassList(string folded) => ClassList().IsMatch(folded);

    private static bool IsBareHead(string left)
    {
        var last = left.Split([',', ';'])[^1].Trim();
        var folded = VietnameseText.Fold(last);
        return s_headSet.Contains(folded) && !s_wholeNames.Contains(folded) && folded is not ("dia phuong" or "don vi" or "co quan" or "doanh nghiep" or "dac khu" or "phuong" or "xa" or "ubnd")
            && !(last.Length < left.Length && folded is "huyen" or "thi xa" or "thanh pho" or "tinh")
            && !IsClassList(VietnameseText.Fold(left));
    }

    private static string? HeadOf(string text, out int length)
    {
        var folded = VietnameseText.Fold(text.Length > 60 ? text[..60] : text);
        string? best = null;
        foreach (var head in s_heads)
        {
            if (head.Length > (best?.Length ?? 0) && StartsWithWord(folded, head) && !IsAnotherWord(text, head)) best = head;
        }

        length = best?.Length ?? 0;
        return best;
    }

    /// <summary>"Viên An" is a place and no "Viện", "Đối với" begins no "Đội": a first word with marks of its own must be the word itself.</summary>
    private static bool IsAnotherWord(string text, string head)
    {
        if (!s_marked.TryGetValue(head, out var marked)) return false;
        var first = text[..Math.Min(text.Length, head.Length)];
        return !first.All(char.IsAscii) && !first.Equals(marked, StringComparison.OrdinalIgnoreCase);
    }

    private static readonly FrozenDictionary<string, string> s_marked = new (string Head, string Marked)[]
    {
        ("vien", "viện"), ("bo", "bộ"), ("hoi", "hội"), ("to", "tổ"), ("doan", "đoàn"), ("doi", "đội"), ("bao", "báo"), ("dai", "đài"), ("phong", "phòng"),
        ("vu", "vụ"), ("cuc", "cục"), ("truong", "trường"), ("quy", "quỹ"), ("khoi", "khối"), ("ban", "ban"), ("cum", "cụm"), ("toan", "toàn"), ("khu", "khu"), ("ca", "ca"), ("thue", "thuế"),
    }.ToFrozenDictionary(pair => pair.Head, pair => pair.Marked);

    private static bool StartsWithWord(string folded, string word) =>
        folded.StartsWith(word, StringComparison.Ordinal) && (folded.Length == word.Length || !char.IsLetterOrDigit(folded[word.Length]));

    private static string Trim(string text) => text.Trim().Trim('.', ',', ';', ':', '-', '–', '+', '•', '*', '·', ' ', '\u00A0', '\n').Trim();

    [GeneratedRegex(@"(?:[,;\-–]?\s*(?:[eE]-?mail|[tT]hư điện tử|[hH]ộp thư)\s*:?\s*)?[\w.+-]+@[\w-]+(\.[\w-]+)+", RegexOptions.None, TimeLimit)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?:(?:ĐT|SĐT|Đt|đt|sđt|Tel|TEL|Điện thoại|điện thoại|Số điện thoại|DĐ|Di động|Hotline|Zalo|E?-?[Mm]ail|Email)\s*[:.]?\s*)?(?:(?:\+?84|0)\d{2,3}[\s.\-]?\d{3}[\s.\-]?\d{3,4}|\b\d{4}[\s.]\d{3}[\s.]\d{3}\b|\b0\d{2,3}[\s.]\d{3,4}[\s.]\d{3,4}\b)|(?:ĐT|SĐT|Tel|Điện thoại|Email|E-mail)\s*[:.]\s*(?=$|[,;)\n])", RegexOptions.None, TimeLimit)]
    private static partial Regex Phone();

    [GeneratedRegex(@"[,;\-–]?\s*(?:\(\s*)?(?:[đĐ]/c|[đĐ]ồng chí|[đĐ]c\.|\bông|\bÔng|\bbà|\bBà|\banh|\bAnh|\bchị|\bChị)\s*:?\s+\p{Lu}\p{Ll}*(?:\s+\p{Lu}\p{Ll}*){1,4}(?:\s*[,\-–]\s*(?:Phó |Trưởng |Chánh |Giám đốc|Chuyên viên|Chủ tịch|Cán bộ|chuyên viên|phó |trưởng )[^,;\n()]{0,60})?(?:\s*\))?", RegexOptions.None, TimeLimit)]
    private static partial Regex Comrade();

    /// <summary>"đ/c Nam", "bà Hoa" alone in a bracket.</summary>
    [GeneratedRegex(@"^(?:[đĐ]/c|[đĐ]ồng chí|[đĐ]c\.?|[oO]ng|[ôÔ]ng|[bB]à|[aA]nh|[cC]hị|[cC]ô|[cC]hú)\s*:?\s+\p{Lu}\p{Ll}*(?:\s+\p{Lu}\p{Ll}*){0,4}$", RegexOptions.None, TimeLimit)]
    private static partial Regex ShortPerson();

    [GeneratedRegex(@"\b(?:ThS|TS|PGS|GS|KS|CN|BS|CKI|CKII)\.?\s+|\b(?:Phó |Trưởng |Chánh |Giám đốc|Chuyên viên|Cán bộ)[^,;\n()]*[,:\-–]\s*|[,\-–]\s*(?:Phó |Trưởng |Chánh |Giám đốc|Chuyên viên|Cán bộ|PGĐ|GĐ)[^,;\n()]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Title();

    [GeneratedRegex(@"^\s*(?:[đĐ]ầu mối(?: liên hệ)?|[lL]iên hệ|[nN]gười phụ trách|[pP]hụ trách|[cC]án bộ(?: đầu mối| phụ trách)?|ĐT|SĐT|[đĐ]iện thoại|[eE]-?mail)\s*:?\s*", RegexOptions.None, TimeLimit)]
    private static partial Regex ContactLabel();

    [GeneratedRegex(@"\(\s*[,;:\-–\s]*\)|\[\s*\]", RegexOptions.None, TimeLimit)]
    private static partial Regex EmptyBrackets();

    private const string Body = @"(?:(?i:các\s+)?(?i:cơ quan|đơn vị|co quan|don vi|CQ|ĐV)\s+)?";
    private const string RoleWord = @"(?i:đồng\s+)?(?i:chủ trì|chu tri|đầu mối|phối hợp|phoi hop|tham gia|thực hiện)";

    /// <summary>A label with its list after it, a verb between two names, a bracket or a tail with the names before it.</summary>
    [GeneratedRegex(
        @"(?<label>(?:^|(?<=[\n;.,(])|(?<=\s)(?=(?:Các\s+)?(?:Cơ quan |Đơn vị |Đồng )?(?:Chủ trì|Phối hợp|Tham gia|Theo dõi|Giám sát|CHỦ TRÌ|PHỐI HỢP|chủ trì|phối hợp)\s*(?:thực hiện|chính)?\s*:))[\s\-–+•*]*(?:\d\.\s*)?" + Body +
        "(?:" + RoleWord + @"|(?<other>(?i:theo dõi|giám sát|đôn đốc|chỉ đạo|lãnh đạo phụ trách)))\s*(?i:thực hiện|chính)?\s*:)" +
        @"|(?<bracket>[(\[]\s*(?i:là\s+)?" + Body + "(?:" + RoleWord + @"(?:\s+(?i:thực hiện|chính))?|CT|(?<ph>PH))\s*[)\]])" +
        @"|(?<verb>[,;]?\s*(?i:là\s+(?:cơ quan|đơn vị)\s+)?(?i:chủ trì|chu tri)\s*[,;]?\s*(?i:và\s+)?(?i:phối hợp|phoi hop)\s+(?i:cùng\s+|chặt chẽ\s+)?(?i:với\s+|voi\s+)?(?=\S)|[,;\n]?\s*(?i:phối hợp|phoi hop)\s+(?i:cùng\s+|chặt chẽ\s+)?(?:(?i:với|voi)\s+(?=\S)|(?=(?i:các\s|ubnd\s)|Sở\s|Công an|Văn phòng|Ban\s|Hội\s|Thanh tra|Bộ\s)))" +
        @"|(?<tail>(?:\s*[\-–]\s*|\s+(?i:là)\s+)" + Body + "(?i:đồng )?(?i:chủ trì|phối hợp|chu tri|phoi hop)" + TailEnd + @"|\s+(?i:cùng\s+)?(?i:đồng )?(?i:chủ trì|phối hợp|chu tri|phoi hop)" + TailEnd + ")", RegexOptions.None, TimeLimit)]
    private static partial Regex RoleMark();

    private const string TailEnd = @"(?:\s+(?i:thực hiện|tham mưu|cung cấp|triển khai|tổ chức|rà soát|hỗ trợ|theo dõi|chính)[^;,\n.]*)?\s*(?=[;,\n.)]|$)";

    /// <summary>"Sở A (phối hợp: Sở B, Sở C)": the bracket is a list of its own.</summary>
    [GeneratedRegex(@"[(\[]\s*(" + Body + RoleWord + @"[^():\[\]]{0,20}:[^()\[\]]*)[)\]]", RegexOptions.None, TimeLimit)]
    private static partial Regex BracketedLabel();

    [GeneratedRegex(@"\b((?<!so )(?<!tu )xay dung|(?<!ban )(?<!cac )to chuc|trien khai|thuc hien|ban hanh|tham muu|huong dan|bao dam|dam bao)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Verbs();

    [GeneratedRegex(@"^[\p{Lu}Đ&.\-]{2,12}$", RegexOptions.None, TimeLimit)]
    private static partial Regex Abbreviation();

    [GeneratedRegex(@"^[IVXLC]+$", RegexOptions.None, TimeLimit)]
    private static partial Regex Roman();

    [GeneratedRegex(@"^(ban hanh|bao cao|bao dam|bao gom|to chuc|truong hop|bo tri|bo sung|hoi nghi|hoi thao|hoi cho|hoi nhap|hoi hoa|hoi xuan|so huu|bao chi|bao ton|bao ve|bao tri|doan ket|quy dat|bo may|doi moi|doi voi|quy che|quy dinh|quy hoach|quy trinh|quy (i{1,3}|iv|1|2|3|4)|so hoa|so luong|so lieu|so ket|so \d|don vi tinh|don gia|bo du lieu|bo chi so|bo tieu chi|bo chi tieu|bo phan|bo cong cu|bao mat|doan kiem tra|khu vuc|phong chong|phong ngua|co quan chu tri|co quan phoi hop|xa hoi hoa|tinh hinh|cum cong)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex NotAgency();

    [GeneratedRegex(@"^(cac|toan bo|toan the|tat ca|tung|moi)\b|^((ubnd|uy ban nhan dan|cong an|hdnd|dang uy|chu tich ubnd|chu tich uy ban nhan dan) )?\d{1,4}(/\d{1,4})? (xa|phuong|dac khu|huyen|thi xa|thanh pho|don vi|dia phuong|co quan|so|truong|tram|benh vien|doanh nghiep)\b|^(ubnd|uy ban nhan dan|cong an|hdnd|dang uy|van phong|trung tam [a-z ]+|chu tich ubnd|mttq|doan thanh nien|truong|phong [a-z ]+) (cac|cap)\b|^so,|^(co quan|don vi|dia phuong|thu truong|nguoi dung dau)( ?, | va | cac )|^(cac )?(co quan|don vi|dia phuong)( [a-z, ]*)?$|^so, (ban, )?nganh|lien quan$", RegexOptions.None, TimeLimit)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\(\s*(?:(?:là\s+|làm\s+)?(?:cơ quan\s+|đơn vị\s+)?(?:làm\s+)?[đĐ]ầu mối)\s*\)", RegexOptions.None, TimeLimit)]
    private static partial Regex ContactBody();

    [GeneratedRegex(@"^(bo (?!chi huy|tu lenh|phan|doi)[a-z]|van phong (chinh phu|trung uong|quoc hoi|chu tich nuoc)|chinh phu|thu tuong|ban (co yeu chinh phu|chi dao trung uong|to chuc trung uong|tuyen giao va dan van trung uong|noi chinh trung uong|kinh te trung uong|chinh sach)|ngan hang nha nuoc viet nam|thanh tra chinh phu|kiem toan nha nuoc|bao hiem xa hoi viet nam|thong tan xa viet nam|dai (truyen hinh|tieng noi) viet nam|uy ban trung uong|tap doan|tong cong ty|cong ty|vnpt|viettel|mobifone|fpt|vietnamobile|buu dien|doanh nghiep (?!nha nuoc thuoc tinh)|kho bac nha nuoc|ngan hang|cuc thuoc bo|hai quan|quan khu|cac doanh nghiep|cac nha mang|cac bo, nganh|toa an nhan dan toi cao|vien kiem sat nhan dan toi cao|cac bo\b|bo, nganh)", RegexOptions.None, TimeLimit)]
    private static partial Regex Outside();

    /// <summary>"VH,\nTT&amp;DL" is one abbreviation, whatever stands behind its comma.</summary>
    [GeneratedRegex(@"\b(VH),\s+(TT\s*&\s*DL|TTDL|TT\b)", RegexOptions.None, TimeLimit)]
    private static partial Regex Culture();

    /// <summary>"1. Sở Y tế", "2) Sở Xây dựng": the numbers of a list inside the cell are no part of a name.</summary>
    [GeneratedRegex(@"(^|\n|;\s)\s*(?:\d{1,2}[.)]|\(\d{1,2}\))\s*(?=\p{L})", RegexOptions.None, TimeLimit)]
    private static partial Regex ListNumber();

    [GeneratedRegex(@":[^:]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex ColonList();

    /// <summary>Without marks "vận tải", "kiến trúc" and "chợ" end like "tại", "trực" and "cho".</summary>
    [GeneratedRegex(@"\b(va|cua|thuoc|voi|cac|(?<!(?:quan ly|ql) )cho|(?<!van )tai|tinh,|huyen,|cung|(?<!kien )truc)$|[,&(]$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"\b(và|của|thuộc|với|các|cho|tại|tỉnh,|huyện,|cùng|trực)$|[,&(]$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex OpenEndMarked();

    [GeneratedRegex(@"(van phong|vp)\s+(doan\s+)?(dbqh|dai bieu quoc hoi|doan dbqh|hdnd|hoi dong nhan dan)$|(^|[;,]\s*)bao$|ban tiep cong dan$", RegexOptions.None, TimeLimit)]
    private static partial Regex OfficeOfCouncil();

    [GeneratedRegex(@"^(tinh uy|thanh uy|huyen uy|tinh|thanh pho|ubnd tinh|ubnd xa)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex PartOfParty();

    [GeneratedRegex(@"^(xã|phường|đặc khu|huyện|thị xã|thành phố|tỉnh|Xã|Phường|Đặc khu|Huyện|Thị xã|Thành phố|Tỉnh|TP\.?)\s+\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex NamedPlace();

    [GeneratedRegex(@"\bquan ly (khu|du an)[^,;]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*(cac|tat ca|toan|tung|moi)\b|^\s*(ubnd|uy ban nhan dan|cong an|hdnd) (cac|cap)\b|^so,|^so va|^(co quan|don vi|dia phuong)\b|,\s*(ban|nganh|ban nganh|doan the|dia phuong)\b[^;]*$", RegexOptions.None, TimeLimit)]
    private static partial Regex ClassList();

    [GeneratedRegex(@"^(?<many>[cC]ác\s+)?(?<head>[sS]ở|[bB]ộ|SỞ|[sS]o)\s*(?:[:,]|ngành\s*:)?\s+?(?<list>[^:]+)$", RegexOptions.None, TimeLimit)]
    private static partial Regex SharedDepartments();

    [GeneratedRegex(@"^(?<body>UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng nhân dân|Công an|Đảng ủy|Đảng uỷ|Trạm [yY] tế|Ban Chỉ huy [qQ]uân sự)\s+(?:các\s+)?(?<level>xã|phường|đặc khu|huyện|thị xã|thành phố)\s*:?\s+(?<list>\p{Lu}[^:]*[,;][^:]*|\p{Lu}[^:,;]*\s+và\s+(?:xã\s+|phường\s+)?\p{Lu}[^:,;]*)$", RegexOptions.None, TimeLimit)]
    private static partial Regex SharedPlaces();

    [GeneratedRegex(@"^(?:UBND|Ủy ban|Uỷ ban)", RegexOptions.None, TimeLimit)]
    private static partial Regex IsCommittee();

    [GeneratedRegex(@"\s+và\s+(?=(?:xã|phường|đặc khu)?\s*\p{Lu})", RegexOptions.None, TimeLimit)]
    private static partial Regex AndBetweenPlaces();

    [GeneratedRegex(@"^(?:xã|phường|đặc khu|huyện|thị xã|thành phố)\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex LevelWord();
}
