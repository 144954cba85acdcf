using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LienThong.Gateway.Call;

/// <summary>
/// Ids of calls: UUID version 7 (RFC 9562 §5.7), as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes them. Their random part is fetched from the system many at a time,
/// for that one asks it at every call.
/// </summary>
internal static class CallIds
{
    private const int BytesAtOnce = 16 * 128;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static Guid Next(DateTimeOffset now)
    {
        _random ??= new byte[BytesAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _left = BytesAtOnce;
        }

        var bytes = _random.AsSpan(_left -= 16, 16);
        var milliseconds = now.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)milliseconds);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
