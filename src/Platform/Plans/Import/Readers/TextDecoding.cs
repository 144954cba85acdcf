using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>Bytes to text for files without a declared encoding: UTF-8, UTF-16, and the Vietnamese code page of older Windows.</summary>
internal static class TextDecoding
{
    /// <summary>The text, or null when the bytes are not text.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Strict(new UTF8Encoding(false, true), bytes[3..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Strict(new UnicodeEncoding(false, false, true), bytes[2..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Strict(new UnicodeEncoding(true, false, true), bytes[2..]);
        var sample = bytes[..Math.Min(bytes.Length, 4096)];
        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] != 0) continue;
            if (i % 2 == 0) even++; else odd++;
        }

        if (odd > sample.Length / 8) return Strict(new UnicodeEncoding(false, false, true), bytes);
        if (even > sample.Length / 8) return Strict(new UnicodeEncoding(true, false, true), bytes);
        if (even + odd > 0) return null;
        if (Strict(new UTF8Encoding(false, true), bytes) is { } utf8) return utf8;

        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1258).GetString(bytes).Normalize(NormalizationForm.FormC);
    }

    private static string? Strict(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;   // Not this encoding: that is an answer, not a fault.
        }
    }
}
