using System.Net;
using System.Net.Sockets;

namespace LienThong.Platform.Accounts;

/// <summary>
/// Whom an address stands for when attempts are counted. One household or office holds a whole IPv6 /64 and may change address within it
/// at will, so a /64 counts as one; an IPv4 address written as IPv6 (::ffff:192.0.2.1) is that IPv4 address (R-NFR-01).
/// </summary>
public static class AddressKey
{
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }

    public static string Of(string? address) => Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}
