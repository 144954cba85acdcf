using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LienThong.Journeys.Accounts;

/// <summary>RFC 6238, as an application on a phone does it.</summary>
internal static class OneTimeCode
{
    public static string Of(string base32)
    {
        var key = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in base32.TrimEnd('='))
        {
            bits = (bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.OrdinalIgnoreCase);
            count += 5;
            if (count < 8) continue;
            key.Add((byte)(bits >> (count -= 8)));
            bits &= (1 << count) - 1;
        }

        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard's own digest.
        var digest = HMACSHA1.HashData([.. key], step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(digest.AsSpan(digest[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
