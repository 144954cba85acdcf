using System.Collections.Frozen;
using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>The code a run of text was typed in, told by its font.</summary>
internal enum LegacyCode { None, Tcvn3, Tcvn3Capitals, Vni }

/// <summary>
/// Text typed with fonts of before Unicode (".VnTime", "VNI-Times") stores other characters than it shows. These are the published tables of
/// TCVN 5712:1993 (VN3, "ABC") and of VNI for Windows, turned into Unicode.
/// </summary>
internal static class LegacyFonts
{
    private const string TcvnFrom = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00ADõö÷øùúûüýþ¡¢£¤¥¦§";
    private const string TcvnInto = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ";

    private static readonly FrozenDictionary<char, char> Tcvn = TcvnFrom.Zip(TcvnInto).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    private static readonly FrozenDictionary<string, string> Vni = MakeVni();

    public static LegacyCode CodeOf(string? font)
    {
        if (font is null) return LegacyCode.None;
        if (font.StartsWith("VNI-", StringComparison.OrdinalIgnoreCase) || font.StartsWith("VNI ", StringComparison.OrdinalIgnoreCase)) return LegacyCode.Vni;
        if (!font.StartsWith(".Vn", StringComparison.OrdinalIgnoreCase)) return LegacyCode.None;
        return font.EndsWith('H') ? LegacyCode.Tcvn3Capitals : LegacyCode.Tcvn3;
    }

    public static string Convert(string text, LegacyCode code) => code switch
    {
        LegacyCode.Tcvn3 => FromTcvn(text),
        LegacyCode.Tcvn3Capitals => FromTcvn(text).ToUpperInvariant(),
        LegacyCode.Vni => FromVni(text),
        _ => text,
    };

    private static string FromTcvn(string text)
    {
        // Text that holds Vietnamese letters already is Unicode under an old font's name: Word falls back to another font to show it.
        if (text.Any(IsVietnameseUnicode)) return text;
        return string.Create(text.Length, text, static (into, from) =>
        {
            for (var i = 0; i < from.Length; i++) into[i] = Tcvn.GetValueOrDefault(from[i], from[i]);
        });
    }

    private static string FromVni(string text)
    {
        if (text.Any(IsVietnameseUnicode)) return text;
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && Vni.TryGetValue(text.Substring(i, 2), out var pair))
            {
                made.Append(pair);
                i++;
            }
            else
            {
                made.Append(Vni.GetValueOrDefault(text[i].ToString(), text[i].ToString()));
            }
        }

        return made.ToString();
    }

    private static bool IsVietnameseUnicode(char c) => c is (>= '\u1EA0' and <= '\u1EF9') or 'ă' or 'Ă' or 'đ' or 'Đ' or 'ơ' or 'Ơ' or 'ư' or 'Ư';

    private static FrozenDictionary<string, string> MakeVni()
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        void Family(string letter, string marks, string results)
        {
            for (var i = 0; i < marks.Length; i++)
            {
                var small = letter + marks[i];
                table[small] = results[i].ToString();
                table[small.ToUpperInvariant()] = results[i].ToString().ToUpperInvariant();
                // A capital letter is sometimes followed by the small mark.
                table[letter.ToUpperInvariant() + marks[i]] = results[i].ToString().ToUpperInvariant();
            }
        }

        Family("a", "ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ");
        Family("e", "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ");
        Family("o", "ùøûõïâáàåãä", "óòỏõọôốồổỗộ");
        Family("u", "ùøûõï", "úùủũụ");
        Family("y", "ùøûõ", "ýỳỷỹ");
        Family("ô", "ùøûõï", "ớờởỡợ");
        Family("ö", "ùøûõï", "ứừửữự");
        foreach (var (from, into) in new[] { ("í", "í"), ("ì", "ì"), ("æ", "ỉ"), ("ó", "ĩ"), ("ò", "ị"), ("ô", "ơ"), ("ö", "ư"), ("î", "ỵ"), ("ñ", "đ") })
        {
            table[from] = into;
            table[from.ToUpperInvariant()] = into.ToUpperInvariant();
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
