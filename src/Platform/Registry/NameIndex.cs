using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using Key = LienThong.Platform.Registry.UnitNameText.Key;

namespace LienThong.Platform.Registry;

/// <summary>
/// Finds whom a document means (R-ORG-02, T6, T12). First exact names and aliases of any time, then the same without marks, then classes read
/// word by word, then likenesses. Where two bodies fit equally well nothing is chosen: the candidates are shown.
/// </summary>
internal sealed class NameIndex
{
    /// <summary>How near to an official name the indexed form is; a nearer one wins.</summary>
    private enum Form { Official, Derived, ProperNameOnly }

    private readonly record struct Entry(OrgUnit Unit, Form Form);

    /// <summary>A likeness needs this many letters per error: "so khoa hoc cong nghe" may have three, "ba vinh" one.</summary>
    private const int LettersPerError = 7;

    private const int ErrorsMax = 4;

    /// <summary>An exact class phrase that ends in "liên quan" names some of its members, and a person must say which.</summary>
    private const double RelatedOnly = 0.6;

    private readonly RegistrySnapshot _registry;
    private readonly Dictionary<string, List<Entry>> _marked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> _bare = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<UnitClass>> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<UnitClass>> _classWords = new(StringComparer.Ordinal);
    private readonly Dictionary<OrgUnitId, OrgUnit?> _provinces = [];
    private readonly int _longestClassWord;

    private static readonly HashSet<string> ClassNoise = new(StringComparer.Ordinal)
    {
        "cac", "tat ca", "toan bo", "toan the", "nhung", "mot so", "tinh", "cap tinh", "thuoc tinh", "trong tinh", "toan tinh", "cua tinh", "thuoc", "truc thuoc", "cua",
        "tren dia ban", "dia ban", "co", "lien quan", "co lien quan", "uy ban nhan dan", "hoi dong nhan dan", "trong", "khac", "con lai", "cap",
        "thuoc uy ban nhan dan tinh", "uy ban nhan dan tinh", "va tuong duong", "tuong duong",
    };

    private static readonly string[] LocalHeads = ["xa", "phuong", "dac khu", "thi tran", "huyen", "thi xa", "thanh pho"];

    public NameIndex(RegistrySnapshot registry)
    {
        _registry = registry;
        foreach (var unit in registry.Units) _provinces[unit.Id] = ProvinceOf(unit);
        foreach (var unit in registry.Units) AddUnit(unit, registry.Aliases.Where(a => a.Unit == unit.Id).Select(a => a.Text));
        foreach (var unitClass in registry.Classes)
        {
            foreach (var text in registry.Aliases.Where(a => a.Class == unitClass.Id).Select(a => a.Text).Prepend(unitClass.Name))
            {
                Put(_classes, WithoutLeading(UnitNameText.KeyOf(text).Bare, "cac"), unitClass);
            }

            foreach (var word in unitClass.WordList) Put(_classWords, UnitNameText.KeyOf(word).Bare, unitClass);
        }

        _longestClassWord = _classWords.Keys.Concat(ClassNoise).Select(w => w.Count(c => c == ' ') + 1).DefaultIfEmpty(1).Max();
    }

    public NameMatch Match(string? asWritten, DateOnly day)
    {
        var written = asWritten ?? "";
        var key = UnitNameText.KeyOf(written);
        if (key.Bare.Length == 0) return Nothing(written);

        if (Units(written, _marked, key.Marked, day, 1) is { Unit: not null } exact) return exact;
        if (ClassByName(written, key.Bare, day) is { } named) return named;
        var plural = key.Bare.StartsWith("cac ", StringComparison.Ordinal) || key.Bare.Contains(" cac ", StringComparison.Ordinal) || key.Bare.StartsWith("tat ca ", StringComparison.Ordinal);
        if (plural && ClassByWords(written, key.Bare, day) is { } several) return several;

        // Without marks one key may be two bodies; with other marks than ours it is a slip of the writer or of the reader.
        if (Units(written, _bare, key.Bare, day, key.IsBare ? 1 : 0.93) is { } bare) return bare;
        if (!plural && ClassByWords(written, key.Bare, day) is { } phrase) return phrase;
        if (plural && ClassAlike(written, key.Bare, day) is { } alikeClass) return alikeClass;
        return Alike(written, key.Bare, day) ?? ClassAlike(written, key.Bare, day) ?? Nothing(written);
    }

    private static NameMatch Nothing(string written) => new(written, null, [], [], 0);

    private NameMatch? Units(string written, Dictionary<string, List<Entry>> index, string key, DateOnly day, double confidence) =>
        index.TryGetValue(key, out var entries) ? Choose(written, entries, day, confidence) : null;

    /// <summary>Who stands that day before who does not, ours before a neighbour's, the tree before others, the nearer form before the farther.</summary>
    private NameMatch Choose(string written, IEnumerable<Entry> entries, DateOnly day, double confidence)
    {
        var home = _registry.Home;
        (int, int, int, int) RankOf(Entry e) => (e.Unit.Covers(day) ? 0 : 1, home is not null && _provinces[e.Unit.Id] == home ? 0 : 1, e.Unit.IsInTree ? 0 : 1, (int)e.Form);
        var ranked = entries.GroupBy(e => e.Unit.Id).Select(g => g.MinBy(RankOf)).OrderBy(RankOf).ThenByDescending(e => e.Unit.ValidTo ?? DateOnly.MaxValue).ToList();
        var best = ranked.TakeWhile(e => RankOf(e) == RankOf(ranked[0])).ToList();

        // Of bodies that have all ended, the one that ended last bore the name last; two of one day leave it open.
        if (best.Count > 1 && !best[0].Unit.Covers(day) && best[0].Unit.ValidTo != best[1].Unit.ValidTo) best = [best[0]];
        if (best.Count > 1)
        {
            return new NameMatch(written, null, [], [], Math.Min(confidence, 0.5)) { Candidates = [.. best.Select(e => ViewOf(e.Unit, day))] };
        }

        var unit = best[0].Unit;
        return new NameMatch(written, ViewOf(unit, day), [.. _registry.Current(unit, day).Select(u => ViewOf(u, day))], [], confidence);
    }

    private OrgUnitView ViewOf(OrgUnit unit, DateOnly day) => _registry.View(unit.Id, day) ?? RegistrySnapshot.LastView(unit);

    private NameMatch? ClassByName(string written, string bare, DateOnly day)
    {
        var related = bare.EndsWith(" lien quan", StringComparison.Ordinal);
        var phrase = related ? WithoutTrailing(WithoutTrailing(bare, "lien quan"), "co") : bare;
        foreach (var form in Shorter(phrase))
        {
            if (_classes.TryGetValue(form, out var classes)) return Classes(written, [OnDay(classes, day)], related ? RelatedOnly : 1);
        }

        return null;
    }

    /// <summary>The phrase itself and, after it, without the province behind it.</summary>
    private IEnumerable<string> Shorter(string bare)
    {
        bare = WithoutLeading(WithoutLeading(bare, "tat ca"), "cac");
        yield return bare;
        foreach (var tail in Tails()) if (bare.EndsWith(" " + tail, StringComparison.Ordinal)) yield return WithoutTrailing(bare, tail);
    }

    private IEnumerable<string> Tails()
    {
        if (_registry.Home is { } home)
        {
            var name = ProperName(home);
            yield return "tren dia ban tinh " + name;
            yield return "cua tinh " + name;
            yield return "thuoc tinh " + name;
            yield return "tinh " + name;
        }

        yield return "tren dia ban tinh";
        yield return "thuoc tinh";
        yield return "trong tinh";
        yield return "tinh";
    }

    /// <summary>"Các sở, ban ngành, đoàn thể tỉnh; UBND các xã, phường": every word must be known, each names a class or nothing.</summary>
    private NameMatch? ClassByWords(string written, string bare, DateOnly day)
    {
        if (_registry.Home is { } home) bare = (bare + " ").Replace(" tinh " + ProperName(home) + " ", " tinh ", StringComparison.Ordinal).Trim();
        var words = bare.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<UnitClass>();
        var named = 0;
        var plural = false;
        var related = false;
        for (var i = 0; i < words.Length;)
        {
            var taken = 0;
            for (var length = Math.Min(_longestClassWord, words.Length - i); length > 0 && taken == 0; length--)
            {
                var phrase = string.Join(' ', words, i, length);
                if (_classWords.TryGetValue(phrase, out var classes))
                {
                    var meant = OnDay(classes, day);
                    if (!found.Contains(meant)) found.Add(meant);
                    (taken, named) = (length, named + 1);
                }
                else if (ClassNoise.Contains(phrase))
                {
                    taken = length;
                    plural |= phrase is "cac" or "tat ca" or "toan bo" or "toan the";
                    related |= phrase is "lien quan" or "co lien quan" or "khac" or "mot so";
                }
            }

            if (taken == 0) return null;
            i += taken;
        }

        if (found.Count == 0) return null;
        found.RemoveAll(c => found.Exists(other => other != c && other.IncludeList.Contains(c.Code)));

        // Another spelling of a class made of exactly these is that class: "các sở ban ngành và địa phương".
        var whole = found.Count < 2 ? null : _registry.Classes.FirstOrDefault(c => c.Covers(day) && c.Members.Count == 0 && c.Kinds.Length == 0
            && c.IncludeList.Where(code => _registry.Class(code)?.Covers(day) is true).ToHashSet().SetEquals(found.Select(f => f.Code)));
        return Classes(written, whole is null ? found : [whole], related ? RelatedOnly : plural || named > 1 ? 1 : 0.7);
    }

    private NameMatch? ClassAlike(string written, string bare, DateOnly day)
    {
        var phrase = Shorter(bare).First();
        var most = Math.Min(ErrorsMax, phrase.Length / LettersPerError);
        if (most == 0) return null;
        var near = _classes.Select(c => (Classes: c.Value, Distance: UnitNameText.Distance(phrase, c.Key, most))).Where(c => c.Distance <= most).OrderBy(c => c.Distance).ToList();
        if (near.Count == 0 || (near.Count > 1 && near[0].Distance == near[1].Distance && OnDay(near[0].Classes, day) != OnDay(near[1].Classes, day))) return null;
        return Classes(written, [OnDay(near[0].Classes, day)], Likeness(near[0].Distance, phrase.Length));
    }

    private NameMatch? Alike(string written, string bare, DateOnly day)
    {
        // A place is known by its own name, which is short: "xã Ba Vinh" and "xã Ba Vì" differ in two letters out of ten and are far apart.
        var core = Core(bare);
        var most = core.Length < bare.Length || core.Length <= 10 ? Math.Min(1, core.Length / 5) : Math.Min(ErrorsMax, bare.Length / LettersPerError);
        if (most == 0) return null;
        var best = most + 1;
        var near = new List<Entry>();
        foreach (var (key, entries) in _bare)
        {
            var distance = UnitNameText.Distance(bare, key, Math.Min(most, best));
            if (distance > most || distance > best) continue;
            if (distance < best) { near.Clear(); best = distance; }
            near.AddRange(entries);
        }

        return near.Count == 0 ? null : Choose(written, near, day, Likeness(best, bare.Length));
    }

    private static double Likeness(int errors, int letters) => Math.Round(Math.Min(0.9, 1 - (1.5 * errors / letters)), 2);

    private static NameMatch Classes(string written, IReadOnlyList<UnitClass> classes, double confidence) =>
        new(written, null, [], [.. classes.Select(c => new UnitClassView(c.Id, c.Code, c.Name))], confidence);

    /// <summary>Of classes that share a name, the one that holds that day, or the nearest to it.</summary>
    private static UnitClass OnDay(List<UnitClass> classes, DateOnly day) =>
        classes.OrderBy(c => c.Covers(day) ? 0 : 1).ThenBy(c => c.ValidFrom > day ? c.ValidFrom.DayNumber - day.DayNumber : day.DayNumber - (c.ValidTo ?? day).DayNumber).First();

    private void AddUnit(OrgUnit unit, IEnumerable<string> aliases)
    {
        var province = _provinces[unit.Id];
        var own = province is null || province == unit ? null : ProvinceName(province);
        var officials = unit.Names.SelectMany(n => new[] { n.Name, n.ShortName }).Concat(aliases).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        foreach (var text in officials) Index(text, unit, Form.Official);

        foreach (var text in officials)
        {
            var kind = unit.Names[0].Kind;
            if (kind is OrgUnitKind.Commune or OrgUnitKind.Ward or OrgUnitKind.SpecialZone or OrgUnitKind.District)
            {
                var head = LocalHeads.FirstOrDefault(h => VietnameseText.Fold(text).StartsWith(h + " ", StringComparison.Ordinal));
                if (head is null) { if (!unit.Names.Exists(n => n.Name == text)) Index(text, unit, Form.ProperNameOnly); continue; }
                Index("Ủy ban nhân dân " + text, unit, Form.Derived);
                Index("Ủy ban nhân dân và Hội đồng nhân dân " + text, unit, Form.Derived);
                var proper = text[(head.Length + 1)..];
                if (proper.Length > 2 && !int.TryParse(proper, out _)) Index(proper, unit, Form.ProperNameOnly);
                if (own is not null) Index(text + " tỉnh " + own, unit, Form.Derived);
                if (own is not null) Index("Ủy ban nhân dân " + text + " tỉnh " + own, unit, Form.Derived);
                continue;
            }

            if (own is null || !unit.IsInTree) continue;
            var suffix = " tỉnh " + own;
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                Index(text[..^(own.Length + 1)], unit, Form.Derived);   // "Công an tỉnh"
            }
            else if (text.EndsWith(" tỉnh", StringComparison.OrdinalIgnoreCase) || text.Equals("tỉnh ủy", StringComparison.OrdinalIgnoreCase)
                || text.EndsWith(" tỉnh ủy", StringComparison.OrdinalIgnoreCase))
            {
                Index(text + " " + own, unit, Form.Derived);            // "Thanh tra tỉnh Quảng Ngãi", "Văn phòng Tỉnh ủy Quảng Ngãi"
            }
            else
            {
                Index(text + " tỉnh", unit, Form.Derived);              // "Sở Nội vụ tỉnh"
                Index(text + suffix, unit, Form.Derived);
                Index(text + " " + own, unit, Form.Derived);
            }
        }
    }

    private void Index(string text, OrgUnit unit, Form form)
    {
        var key = UnitNameText.KeyOf(text);
        Put(_marked, key.Marked, new Entry(unit, form));
        Put(_bare, key.Bare, new Entry(unit, form));
    }

    private static void Put<T>(Dictionary<string, List<T>> index, string key, T value)
    {
        if (key.Length == 0) return;
        if (!index.TryGetValue(key, out var values)) index.Add(key, values = []);
        if (!values.Contains(value)) values.Add(value);
    }

    private OrgUnit? ProvinceOf(OrgUnit unit)
    {
        var seen = new HashSet<OrgUnitId>();
        for (var at = unit; at is not null && seen.Add(at.Id);)
        {
            if (at.Names.Exists(n => n.Kind is OrgUnitKind.Province)) return at;
            at = at.Places.MaxBy(p => p.ValidFrom)?.Parent is { } parent ? _registry.Unit(parent) : null;
        }

        return null;
    }

    /// <summary>"Quảng Ngãi" of "Tỉnh Quảng Ngãi".</summary>
    private static string ProvinceName(OrgUnit province)
    {
        var name = province.Names.MaxBy(n => n.ValidFrom)!.Name;
        foreach (var head in new[] { "Tỉnh ", "Thành phố " }) if (name.StartsWith(head, StringComparison.OrdinalIgnoreCase)) return name[head.Length..];
        return name;
    }

    private static string ProperName(OrgUnit province) => UnitNameText.KeyOf(ProvinceName(province)).Bare;

    private static string Core(string bare)
    {
        var core = WithoutLeading(bare, "uy ban nhan dan");
        foreach (var head in LocalHeads)
        {
            var shorter = WithoutLeading(core, head);
            if (shorter.Length < core.Length) return shorter;
        }

        return bare;
    }

    private static string WithoutLeading(string text, string words) => text.StartsWith(words + " ", StringComparison.Ordinal) ? text[(words.Length + 1)..] : text;

    private static string WithoutTrailing(string text, string words) => text.EndsWith(" " + words, StringComparison.Ordinal) ? text[..^(words.Length + 1)] : text;
}
