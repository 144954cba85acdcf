using System.Globalization;
using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>What a run or paragraph says of its looks; null means it does not say.</summary>
internal readonly record struct Looks(bool? Bold, bool? Italic, bool? Hidden, bool? Capitals, string? Font, bool? Centered)
{
    public Looks Over(Looks under) => new(
        Bold ?? under.Bold, Italic ?? under.Italic, Hidden ?? under.Hidden, Capitals ?? under.Capitals, Font ?? under.Font, Centered ?? under.Centered);
}

/// <summary>The styles of a document, each resolved along its chain of ancestors.</summary>
internal sealed class DocxStyles
{
    private sealed record Style(string? Parent, Looks Looks, int? NumberingId, int? Level, string Name, bool IsDefaultParagraph);

    private readonly Dictionary<string, Style> _styles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Looks> _resolved = new(StringComparer.Ordinal);
    private Looks _defaults;
    private string? _defaultParagraph;

    public void Read(XmlCursor xml)
    {
        while (xml.Read())
        {
            if (!xml.IsElement) continue;
            if (xml.Name == "rPrDefault") _defaults = ReadDefaults(xml);
            else if (xml.Name == "style") ReadStyle(xml);
        }
    }

    public Looks Of(string? style)
    {
        style ??= _defaultParagraph;
        if (style is null || !_styles.ContainsKey(style)) return _defaults;
        if (_resolved.TryGetValue(style, out var known)) return known;
        var looks = default(Looks);
        foreach (var step in Chain(style)) looks = looks.Over(step.Looks);
        return _resolved[style] = looks.Over(_defaults);
    }

    /// <summary>A character style adds to what it stands in; it does not bring the defaults with it.</summary>
    public Looks OfCharacter(string style)
    {
        var looks = default(Looks);
        foreach (var step in Chain(style)) looks = looks.Over(step.Looks);
        return looks;
    }

    public (int? Id, int? Level) NumberingOf(string? style)
    {
        int? id = null, level = null;
        foreach (var step in Chain(style ?? _defaultParagraph)) (id, level) = (id ?? step.NumberingId, level ?? step.Level);
        return (id, level);
    }

    public bool IsTableOfContents(string? style) =>
        style is not null && _styles.TryGetValue(style, out var known) && known.Name.StartsWith("toc ", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<Style> Chain(string? style)
    {
        for (var steps = 0; style is not null && steps < 32 && _styles.TryGetValue(style, out var known); steps++, style = known.Parent) yield return known;
    }

    private static Looks ReadDefaults(XmlCursor xml)
    {
        var looks = default(Looks);
        if (xml.IsEmpty) return looks;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "rPr") looks = ReadRun(xml, out _);
        }

        return looks;
    }

    private void ReadStyle(XmlCursor xml)
    {
        var id = xml.Attribute("styleId");
        var isDefault = xml.Attribute("type") == "paragraph" && xml.Attribute("default") is "1" or "true" or "on";
        string? parent = null;
        var name = "";
        var looks = default(Looks);
        int? numbering = null, level = null;
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                switch (xml.Name)
                {
                    case "basedOn": parent = xml.Attribute("val"); break;
                    case "name": name = xml.Attribute("val") ?? ""; break;
                    case "rPr": looks = ReadRun(xml, out _).Over(looks); break;
                    case "pPr":
                        var paragraph = ParagraphProperties.Read(xml);
                        (numbering, level) = (paragraph.NumberingId, paragraph.Level);
                        looks = looks with { Centered = paragraph.Centered };
                        break;
                    default: xml.Skip(); break;
                }
            }
        }

        if (id is null || _styles.Count >= 10_000) return;
        _styles.TryAdd(id, new Style(parent, looks, numbering, level, name, isDefault));
        if (isDefault) _defaultParagraph ??= id;
    }

    /// <summary>Run properties; <paramref name="deleted"/> is the mark of a tracked deletion (of the paragraph end, when in one).</summary>
    public static Looks ReadRun(XmlCursor xml, out bool deleted) => ReadRun(xml, out deleted, out _);

    public static Looks ReadRun(XmlCursor xml, out bool deleted, out string? style)
    {
        bool? bold = null, italic = null, hidden = null, capitals = null;
        string? font = null;
        (deleted, style) = (false, null);
        if (xml.IsEmpty) return default;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            switch (xml.Name)
            {
                case "b": bold = xml.On(); break;
                case "i": italic = xml.On(); break;
                case "vanish": hidden = xml.On(); break;
                case "caps": capitals = xml.On(); break;
                case "rStyle": style = xml.Attribute("val"); break;
                case "rFonts": font = xml.Attribute("ascii") ?? xml.Attribute("hAnsi"); break;
                case "del" or "moveFrom": deleted = true; break;
            }

            // What stood here before a tracked change is nested inside and must not be read as what stands here now.
            xml.Skip();
        }

        return new Looks(bold, italic, hidden, capitals, font, null);
    }
}

internal readonly record struct ParagraphProperties(string? Style, bool? Centered, int? NumberingId, int? Level, bool PageBreakBefore, bool EndDeleted, bool EndsSection, bool SectionBreaksPage, bool EndHidden)
{
    public static ParagraphProperties Read(XmlCursor xml)
    {
        string? style = null;
        bool? centered = null;
        int? numbering = null, level = null;
        bool before = false, deleted = false, section = false, newPage = true, hidden = false;
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                switch (xml.Name)
                {
                    case "pStyle": style = xml.Attribute("val"); break;
                    case "jc": centered = xml.Attribute("val") == "center"; break;
                    case "pageBreakBefore": before = xml.On(); break;
                    case "rPr": hidden = DocxStyles.ReadRun(xml, out deleted).Hidden == true; break;
                    case "sectPr":
                        section = true;
                        newPage = ReadSection(xml);
                        break;
                    case "numPr":
                        if (xml.IsEmpty) break;
                        var inner = xml.Depth;
                        while (xml.NextChild(inner))
                        {
                            if (xml.Name == "numId") numbering = xml.Number("val");
                            else if (xml.Name == "ilvl") level = xml.Number("val");
                            xml.Skip();
                        }

                        break;
                    default: xml.Skip(); break;
                }
            }
        }

        return new ParagraphProperties(style, centered, numbering, level, before, deleted, section, newPage, hidden);
    }

    /// <summary>Whether the section starts on a new page; "nextPage" is the default.</summary>
    private static bool ReadSection(XmlCursor xml)
    {
        var newPage = true;
        if (xml.IsEmpty) return newPage;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "type") newPage = xml.Attribute("val") is not ("continuous" or "nextColumn");
            xml.Skip();
        }

        return newPage;
    }
}

/// <summary>Automatic numbers, counted as Word counts them: one set of counters per abstract list, restarts by override, deeper levels by their parents.</summary>
internal sealed class DocxNumbering
{
    private sealed class Level
    {
        public int Start { get; set; } = 1;

        public string Format { get; set; } = "decimal";

        public string Text { get; set; } = "";

        public int? RestartAfter { get; set; }

        public bool Legal { get; set; }

        public string? Style { get; set; }
    }

    private sealed class Abstract
    {
        public Level?[] Levels { get; } = new Level?[9];

        public int?[] Counters { get; } = new int?[9];

        public string? LinkedStyle { get; set; }
    }

    private sealed class Instance
    {
        public required int AbstractId { get; init; }

        public Level?[] Overrides { get; } = new Level?[9];

        public int?[] Starts { get; } = new int?[9];

        public bool[] Started { get; } = new bool[9];
    }

    private readonly Dictionary<int, Abstract> _abstracts = [];
    private readonly Dictionary<int, Instance> _instances = [];

    public void Read(XmlCursor xml)
    {
        while (xml.Read())
        {
            if (!xml.IsElement) continue;
            if (xml.Name == "abstractNum") ReadAbstract(xml);
            else if (xml.Name == "num") ReadInstance(xml);
        }
    }

    /// <summary>The next marker of that list, or null when the list does not exist. <paramref name="level"/> null: found by the paragraph's style.</summary>
    public string? Next(int numberingId, int? level, string? style, Func<string, int?> listOfStyle)
    {
        if (numberingId == 0 || !_instances.TryGetValue(numberingId, out var instance) || !_abstracts.TryGetValue(instance.AbstractId, out var list)) return null;
        if (list.LinkedStyle is { } linked && listOfStyle(linked) is { } other && _instances.TryGetValue(other, out var target)
            && _abstracts.TryGetValue(target.AbstractId, out var real))
        {
            list = real;
        }

        var at = level ?? Array.FindIndex(list.Levels, l => l?.Style is { } s && s == style);
        if (at is < 0 or > 8) at = 0;
        var shape = instance.Overrides[at] ?? list.Levels[at];
        if (shape is null) return null;

        if (!instance.Started[at] && instance.Starts[at] is { } restart) list.Counters[at] = restart - 1;
        instance.Started[at] = true;
        list.Counters[at] = (list.Counters[at] ?? shape.Start - 1) + 1;
        for (var deeper = at + 1; deeper < 9; deeper++)
        {
            var below = instance.Overrides[deeper] ?? list.Levels[deeper];
            if (below?.RestartAfter == 0 || (below?.RestartAfter is { } after && at >= after)) continue;
            list.Counters[deeper] = null;
        }

        return Render(shape, at, instance, list);
    }

    private static string? Render(Level shape, int at, Instance instance, Abstract list)
    {
        if (shape.Format == "bullet") return Bullet(shape.Text);
        var made = new StringBuilder();
        for (var i = 0; i < shape.Text.Length; i++)
        {
            if (shape.Text[i] == '%' && i + 1 < shape.Text.Length && shape.Text[i + 1] is >= '1' and <= '9')
            {
                var of = shape.Text[++i] - '1';
                var level = instance.Overrides[of] ?? list.Levels[of];
                var value = list.Counters[of] ?? level?.Start ?? 1;
                made.Append(ListNumbers.Format(value, shape.Legal && of != at ? "decimal" : level?.Format ?? "decimal"));
            }
            else
            {
                made.Append(shape.Text[i]);
            }
        }

        var text = made.ToString().Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Bullets come as characters of symbol fonts in the private area; what people see is a dash, a plus or a dot.</summary>
    private static string Bullet(string text) => text.Trim() switch
    {
        "" => "•",
        { Length: 1 } one when one[0] is >= '\uE000' and <= '\uF8FF' => one[0] switch { '\uF02D' => "-", '\uF02B' => "+", '\uF02A' => "*", _ => "•" },
        "o" => "•",
        "–" or "—" or "−" => "-",
        var other => other,
    };

    private void ReadAbstract(XmlCursor xml)
    {
        var id = xml.Number("abstractNumId") ?? -1;
        var list = new Abstract();
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                if (xml.Name == "lvl") ReadLevel(xml, list.Levels);
                else if (xml.Name == "numStyleLink") list.LinkedStyle = xml.Attribute("val");
                else xml.Skip();
            }
        }

        if (_abstracts.Count < 20_000) _abstracts.TryAdd(id, list);
    }

    private void ReadInstance(XmlCursor xml)
    {
        var id = xml.Number("numId") ?? -1;
        var abstractId = -1;
        var overrides = new Instance { AbstractId = -1 };
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                if (xml.Name == "abstractNumId") abstractId = xml.Number("val") ?? -1;
                else if (xml.Name == "lvlOverride" && xml.Number("ilvl") is { } level and >= 0 and < 9 && !xml.IsEmpty)
                {
                    var inner = xml.Depth;
                    while (xml.NextChild(inner))
                    {
                        if (xml.Name == "startOverride") overrides.Starts[level] = xml.Number("val");
                        if (xml.Name == "lvl") ReadLevel(xml, overrides.Overrides);
                        else xml.Skip();
                    }
                }
                else
                {
                    xml.Skip();
                }
            }
        }

        var instance = new Instance { AbstractId = abstractId };
        overrides.Starts.CopyTo(instance.Starts, 0);
        overrides.Overrides.CopyTo(instance.Overrides, 0);
        if (_instances.Count < 50_000) _instances.TryAdd(id, instance);
    }

    private static void ReadLevel(XmlCursor xml, Level?[] into)
    {
        var at = xml.Number("ilvl") ?? -1;
        var level = new Level();
        if (!xml.IsEmpty)
        {
            var depth = xml.Depth;
            while (xml.NextChild(depth))
            {
                switch (xml.Name)
                {
                    case "start": level.Start = Math.Clamp(xml.Number("val") ?? 1, 0, 1_000_000); break;
                    case "numFmt": level.Format = xml.Attribute("val") ?? "decimal"; break;
                    case "lvlText":
                        var text = xml.Attribute("val") ?? "";
                        level.Text = text.Length > 100 ? text[..100] : text;
                        break;
                    case "lvlRestart": level.RestartAfter = xml.Number("val"); break;
                    case "isLgl": level.Legal = xml.On(); break;
                    case "pStyle": level.Style = xml.Attribute("val"); break;
                }

                xml.Skip();
            }
        }

        if (at is >= 0 and < 9) into[at] = level;
    }
}

internal static class ListNumbers
{
    private static readonly string[] Digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

    public static string Format(int value, string format) => format switch
    {
        "decimalZero" => value.ToString("00", CultureInfo.InvariantCulture),
        "lowerLetter" => Letters(value, 'a'),
        "upperLetter" => Letters(value, 'A'),
        "lowerRoman" => Roman(value).ToLowerInvariant(),
        "upperRoman" => Roman(value),
        "vietnameseCounting" or "cardinalText" => Words(value),
        "none" => "",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Word repeats the letter after z: aa, bb.</summary>
    private static string Letters(int value, char first)
    {
        if (value is < 1 or > 780) return value.ToString(CultureInfo.InvariantCulture);
        return new string((char)(first + ((value - 1) % 26)), ((value - 1) / 26) + 1);
    }

    private static string Roman(int value)
    {
        if (value is < 1 or > 3_999) return value.ToString(CultureInfo.InvariantCulture);
        (int, string)[] steps = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
        var made = new StringBuilder();
        foreach (var (worth, sign) in steps)
        {
            for (; value >= worth; value -= worth) made.Append(sign);
        }

        return made.ToString();
    }

    private static string Words(int value)
    {
        if (value is < 0 or > 99) return value.ToString(CultureInfo.InvariantCulture);
        if (value < 10) return Digits[value];
        var (tens, ones) = (value / 10, value % 10);
        var head = tens == 1 ? "mười" : Digits[tens] + " mươi";
        return ones switch { 0 => head, 1 when tens > 1 => head + " mốt", 5 => head + " lăm", _ => head + " " + Digits[ones] };
    }
}
