using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>Bytes to text for files without a declared encoding: UTF-8, UTF-16, and the Vietnamese code page of older Windows.</summary>
internal static class TextDecoding
{
    private enum Order { None, LittleEndian, BigEndian }

    /// <summary>The text, or null when the bytes are not text.</summary>
    /// <param name="isDoubtful">The bytes were no Unicode, so their code page was guessed.</param>
    public static string? Decode(ReadOnlySpan<byte> bytes, out bool isDoubtful)
    {
        isDoubtful = false;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        else if (OrderOf(bytes) is var order && order is not Order.None)
        {
            var marked = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
            return Strict(new UnicodeEncoding(order is Order.BigEndian, false, true), bytes[(marked ? 2 : 0)..]);
        }

        if (bytes.IndexOf((byte)0) >= 0) return null;
        if (Strict(new UTF8Encoding(false, true), bytes) is { } utf8) return utf8;

        isDoubtful = true;
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1258).GetString(bytes).Normalize(NormalizationForm.FormC);
    }

    public static bool IsUtf16(ReadOnlySpan<byte> bytes) => OrderOf(bytes) is not Order.None;

    /// <summary>By its mark, or by the zeros beside the spaces and line ends of any text, which all stand on one side.</summary>
    private static Order OrderOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Order.LittleEndian;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Order.BigEndian;
        var sample = bytes[..Math.Min(bytes.Length, 4096)];
        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] != 0) continue;
            if (i % 2 == 0) even++; else odd++;
        }

        if (odd > sample.Length / 8 && even == 0) return Order.LittleEndian;
        return even > sample.Length / 8 && odd == 0 ? Order.BigEndian : Order.None;
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
