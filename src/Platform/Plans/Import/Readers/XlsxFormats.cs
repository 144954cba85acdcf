using System.Globalization;
using System.Text;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>What a number format says a stored number is shown as. Days are always written the Vietnamese way, dd/MM/yyyy.</summary>
internal sealed class XlsxFormat
{
    public static XlsxFormat General { get; } = new("General");

    private readonly string _code;
    private readonly bool _literalLetters;

    private XlsxFormat(string code)
    {
        _code = code;
        (HasDay, HasMonth, HasYear, HasTime, _literalLetters) = Scan(code);
    }

    public bool HasDay { get; }

    public bool HasMonth { get; }

    public bool HasYear { get; }

    public bool HasTime { get; }

    public bool IsDate => HasDay || HasMonth || HasYear;

    /// <summary>The formats every workbook knows by number (ECMA-376 18.8.30), and the dates of East Asian locales.</summary>
    public static XlsxFormat Of(int id, string? custom) => new(custom ?? id switch
    {
        0 or 49 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => "dd/mm/yyyy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        22 => "dd/mm/yyyy hh:mm",
        18 or 19 or 20 or 21 or 45 or 46 or 47 or (>= 32 and <= 35) or 55 or 56 => "hh:mm",
        37 or 38 => "#,##0",
        39 or 40 => "#,##0.00",
        _ => "General",
    });

    public static bool TryDate(double serial, bool since1904, out DateTime value)
    {
        value = default;
        if (double.IsNaN(serial) || serial < 0 || serial >= 2_958_466) return false;
        if (since1904) serial += 1_462;
        // Excel believes that 29 February 1900 existed; up to that day its numbers are one short of the calendar's.
        else if (serial < 60) serial += 1;
        if (serial >= 2_958_466) return false;
        value = new DateTime(1899, 12, 30).AddSeconds(Math.Round(serial * 86_400));
        return true;
    }

    public string ShowDate(DateTime value)
    {
        if (!_literalLetters)
        {
            var day = (HasDay, HasMonth, HasYear) switch
            {
                (true, true, false) => "dd/MM",
                (false, true, true) => "MM/yyyy",
                (false, false, true) => "yyyy",
                (false, true, false) => "MM",
                _ => "dd/MM/yyyy",
            };
            var shown = value.ToString(day.Replace("/", "'/'", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            return HasTime && value.TimeOfDay != TimeSpan.Zero ? shown + value.ToString(" HH:mm", CultureInfo.InvariantCulture) : shown;
        }

        return Spell(value);
    }

    public static string ShowTime(DateTime value) => value.ToString("HH:mm", CultureInfo.InvariantCulture);

    public string ShowNumber(double value)
    {
        var section = Section(_code, value);
        if (section.Length == 0 || section.Contains("General", StringComparison.OrdinalIgnoreCase) || !section.Any(c => c is '0' or '#' or '?'))
            return Plain(value);
        var (prefix, digits, suffix) = Parts(section);
        var percent = section.Contains('%');
        var comma = digits.LastIndexOf('.');
        var decimals = comma < 0 ? 0 : digits[(comma + 1)..].Count(c => c is '0' or '#' or '?');
        var forced = comma < 0 ? 0 : digits[(comma + 1)..].Count(c => c == '0');
        var whole = comma < 0 ? digits : digits[..comma];
        var grouped = whole.Contains(',');
        var least = Math.Max(1, whole.Count(c => c == '0'));
        if (digits.Contains('/') || digits.Contains('E') || Math.Abs(value) > 1e15) return Plain(value);
        var shown = (percent ? value * 100 : value).ToString(
            (grouped ? "#," : "") + new string('0', Math.Min(least, 15)) + (decimals > 0 ? "." + new string('0', forced) + new string('#', decimals - forced) : ""),
            Vietnamese.Culture);
        return (prefix + shown + (percent ? "%" : "") + suffix).Trim();
    }

    /// <summary>
    /// A number without a format. The decimal point stays a point: numbers such as 1.1 in a workbook of tasks are ordinal marks far more often than quantities,
    /// and the typed value travels beside the text anyway.
    /// </summary>
    private static string Plain(double value) => Math.Abs(value) < 1e15 && value == Math.Truncate(value)
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : Math.Round(value, 10).ToString("0.##########", CultureInfo.InvariantCulture);

    private static string Section(string code, double value)
    {
        var sections = SplitSections(code);
        if (value < 0 && sections.Count > 1 && sections[1].Length > 0) return "-" + sections[1].Trim('-', '(', ')');
        return value == 0 && sections.Count > 2 && sections[2].Any(c => c is '0' or '#') ? sections[2] : sections[0];
    }

    private static List<string> SplitSections(string code)
    {
        var sections = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] == '"') quoted = !quoted;
            else if (code[i] == '\\') i++;
            else if (code[i] == ';' && !quoted)
            {
                sections.Add(code[start..i]);
                start = i + 1;
            }
        }

        sections.Add(code[Math.Min(start, code.Length)..]);
        return sections;
    }

    private static (string Prefix, string Digits, string Suffix) Parts(string section)
    {
        var (prefix, digits, suffix) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (var i = 0; i < section.Length; i++)
        {
            var literal = digits.Length == 0 ? prefix : suffix;
            switch (section[i])
            {
                case '"':
                    for (i++; i < section.Length && section[i] != '"'; i++) literal.Append(section[i]);
                    break;
                case '\\':
                    if (++i < section.Length) literal.Append(section[i]);
                    break;
                case '[':
                    while (i < section.Length && section[i] != ']') i++;
                    break;
                case '_' or '*': i++; break;
                case '0' or '#' or '?' or ',' or '.' or 'E': if (suffix.Length == 0) digits.Append(section[i]); break;
                case '%': break;
                case '(' or ')': break;
                default: literal.Append(section[i]); break;
            }
        }

        return (prefix.ToString(), digits.ToString(), suffix.ToString());
    }

    private string Spell(DateTime value)
    {
        var made = new StringBuilder();
        var section = SplitSections(_code)[0];
        for (var i = 0; i < section.Length; i++)
        {
            var c = char.ToLowerInvariant(section[i]);
            if (c is 'd' or 'm' or 'y')
            {
                var length = 1;
                while (i + 1 < section.Length && char.ToLowerInvariant(section[i + 1]) == c) (length, i) = (length + 1, i + 1);
                made.Append(c switch
                {
                    'd' => value.ToString("dd", CultureInfo.InvariantCulture),
                    'm' => value.ToString("MM", CultureInfo.InvariantCulture),
                    _ => value.ToString("yyyy", CultureInfo.InvariantCulture),
                });
            }
            else if (c == '"')
            {
                for (i++; i < section.Length && section[i] != '"'; i++) made.Append(section[i]);
            }
            else if (c == '\\')
            {
                if (++i < section.Length) made.Append(section[i]);
            }
            else if (c == '[')
            {
                while (i < section.Length && section[i] != ']') i++;
            }
            else if (c is '_' or '*')
            {
                i++;
            }
            else if (c is not ('h' or 's' or '@'))
            {
                made.Append(section[i]);
            }
        }

        return SourceText.Tidy(made.ToString());
    }

    private static (bool Day, bool Month, bool Year, bool Time, bool Literal) Scan(string code)
    {
        bool day = false, month = false, year = false, time = false, literal = false, elapsed = false;
        if (code.Contains("General", StringComparison.OrdinalIgnoreCase)) return default;
        var section = SplitSections(code)[0];
        for (var i = 0; i < section.Length; i++)
        {
            switch (char.ToLowerInvariant(section[i]))
            {
                case '"':
                    for (i++; i < section.Length && section[i] != '"'; i++) literal |= char.IsLetter(section[i]);
                    break;
                case '\\': i++; break;
                case '_' or '*': i++; break;
                case '[':
                    var close = section.IndexOf(']', i);
                    if (close < 0) close = section.Length - 1;
                    var inside = section[(i + 1)..close].ToLowerInvariant();
                    if (inside is "h" or "hh" or "m" or "mm" or "s" or "ss") elapsed = true;
                    i = close;
                    break;
                case 'd': day = true; break;
                case 'm':
                    // Minutes stand behind hours or before seconds; everything else is a month.
                    if (!time || year || day) month |= !time;
                    break;
                case 'y': year = true; break;
                case 'h' or 's': time = true; break;
                case '0' or '#' or '?' when !time && !year && !day && !month: return default;
            }
        }

        if (elapsed) return (false, false, false, true, literal);
        return (day, month && (day || year || !time), year, time, literal);
    }
}

/// <summary>Number formats, bold and fonts by cell style.</summary>
internal sealed class XlsxStyles
{
    private readonly record struct Font(bool Bold, bool Italic, LegacyCode Code);

    public readonly record struct Style(XlsxFormat Format, bool Bold, bool Italic, LegacyCode Code);

    private static readonly Style Plain = new(XlsxFormat.General, false, false, LegacyCode.None);

    private readonly List<Style> _styles = [];

    public Style Of(int? index) => index is { } at && at >= 0 && at < _styles.Count ? _styles[at] : Plain;

    public void Read(XmlCursor xml)
    {
        var custom = new Dictionary<int, string>();
        var known = new Dictionary<int, XlsxFormat>();
        var fonts = new List<Font>();
        while (xml.Read())
        {
            if (!xml.IsElement) continue;
            switch (xml.Name)
            {
                case "numFmt" when xml.Number("numFmtId") is { } id && xml.Attribute("formatCode") is { Length: <= 512 } code && custom.Count < 10_000:
                    custom.TryAdd(id, code);
                    break;
                case "fonts": ReadFonts(xml, fonts); break;
                case "cellStyleXfs" or "cellStyles" or "dxfs" or "fills" or "borders" or "colors" or "tableStyles" or "extLst": xml.Skip(); break;
                case "cellXfs" when !xml.IsEmpty:
                    var depth = xml.Depth;
                    while (xml.NextChild(depth))
                    {
                        var font = xml.Number("fontId") is { } f && f >= 0 && f < fonts.Count ? fonts[f] : default;
                        var format = xml.Number("numFmtId") ?? 0;
                        if (!known.TryGetValue(format, out var made)) known[format] = made = XlsxFormat.Of(format, custom.GetValueOrDefault(format));
                        if (_styles.Count < 100_000) _styles.Add(new Style(made, font.Bold, font.Italic, font.Code));
                        xml.Skip();
                    }

                    break;
            }
        }
    }

    private static void ReadFonts(XmlCursor xml, List<Font> fonts)
    {
        if (xml.IsEmpty) return;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (fonts.Count < 50_000) fonts.Add(ReadFont(xml));
            else xml.Skip();
        }
    }

    private static Font ReadFont(XmlCursor xml)
    {
        var font = default(Font);
        if (xml.IsEmpty) return font;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "b") font = font with { Bold = xml.On() };
            else if (xml.Name == "i") font = font with { Italic = xml.On() };
            else if (xml.Name is "name" or "rFont") font = font with { Code = LegacyFonts.CodeOf(xml.Attribute("val")) };
            xml.Skip();
        }

        return font;
    }

    /// <summary>The code of a rich text run, when it has a font of its own.</summary>
    public static LegacyCode? ReadRunCode(XmlCursor xml)
    {
        LegacyCode? code = null;
        if (xml.IsEmpty) return code;
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name is "rFont" or "name") code = LegacyFonts.CodeOf(xml.Attribute("val"));
            xml.Skip();
        }

        return code;
    }
}
