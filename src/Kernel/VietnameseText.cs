using System.Buffers;
using System.Globalization;
using System.Text;

namespace LienThong.Kernel;

/// <summary>
/// How Vietnamese text is compared and searched (R-NFR-07). <see cref="Clean"/> is what is stored, <see cref="Fold"/> is what is searched.
/// </summary>
public static class VietnameseText
{
    /// <summary>NFC, runs of white space (no-break spaces too) become one space, control and zero-width characters vanish, ends trimmed.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var normal = text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
        var kept = new StringBuilder(normal.Length);
        var space = false;
        foreach (var c in normal)
        {
            if (char.IsWhiteSpace(c)) { space = true; continue; }
            if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format) continue;
            if (space && kept.Length > 0) kept.Append(' ');
            space = false;
            kept.Append(c);
        }

        return kept.ToString();
    }

    /// <summary>
    /// Lower case without any diacritic, đ as d, white space cleaned: "Cơ sở dữ liệu đất đai" and "co so du lieu dat dai" are equal,
    /// and so are "uỷ ban" and "ủy ban". Length may differ from the input.
    /// </summary>
    public static string Fold(string? text)
    {
        var clean = Clean(text);
        if (clean.Length == 0) return "";
        var apart = clean.Normalize(NormalizationForm.FormD);
        var buffer = ArrayPool<char>.Shared.Rent(apart.Length);
        var length = 0;
        foreach (var c in apart)
        {
            if (char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) continue;
            buffer[length++] = c switch { 'đ' or 'Đ' => 'd', _ => char.ToLowerInvariant(c) };
        }

        var folded = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return folded;
    }
}
