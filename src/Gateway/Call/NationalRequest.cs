using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// The national adapter form (exchange.md 2.4): <c>/XrdAdapter/RestService/forward/{path}?dstcode=VN:GOV:…:…&amp;providerurl=…</c>, and the same under
/// <c>/VXPAdapter</c>. The caller names the provider's address itself, so it is a wish and no more: it is compared with the addresses that are registered for that
/// destination, and the call goes to those or nowhere (SSRF).
/// </summary>
internal static class NationalRequest
{
    private static readonly string[] Prefixes = ["/XrdAdapter/RestService/forward", "/VXPAdapter/RestService/forward"];

    /// <summary>As much as an address may have in all.</summary>
    private const int ParametersMax = 100;

    public static bool Is(ReadOnlySpan<char> path) => path.StartsWith("/XrdAdapter/", StringComparison.Ordinal) || path.StartsWith("/VXPAdapter/", StringComparison.Ordinal);

    /// <summary>Finds the service meant and writes the address as the plain face would have it, without the two parameters; what was asked stays for the evidence.</summary>
    public static CallRefusal? Read(RouteIndex index, CallState call, out Service? service)
    {
        service = null;
        var target = call.Target;
        var prefix = Array.Find(Prefixes, p => target.AsSpan(0, call.QueryFrom).StartsWith(p, StringComparison.Ordinal) && (call.QueryFrom == p.Length || target[p.Length] == '/'));
        if (prefix is null) return new CallRefusal(CallFault.InvalidRequest, "the adapter is at …/RestService/forward");
        if (Parameters(target.AsSpan(call.QueryFrom), out var destination, out var address, out var query) is { } malformed) return malformed;
        var parts = destination!.Split(':', '/');
        if (parts.Length != 4 || !parts.All(p => RoadIdentifier.IsPart(p))) return new CallRefusal(CallFault.InvalidRequest, "dstcode must be instance:class:member:subsystem", "dstcode");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var wanted) || wanted.Scheme is not ("http" or "https") || wanted.UserInfo.Length > 0 || wanted.Query.Length > 0 || wanted.Fragment.Length > 0)
        {
            return new CallRefusal(CallFault.InvalidRequest, "providerurl must be an http(s) address without account, query or fragment", "providerurl");
        }

        var provider = string.Join('/', parts);
        if (index.FindSubsystem(provider) is null) return new CallRefusal(CallFault.UnknownProvider, $"destination '{destination}' is not registered", "dstcode");
        var rest = target[prefix.Length..call.QueryFrom];
        var best = -1;
        foreach (var candidate in index.Services)
        {
            if (candidate.Entry.Provider != provider) continue;
            foreach (var registered in Addresses(candidate.Entry))
            {
                if (!TryMatch(registered, wanted, out var further, out var length) || length < best) continue;
                // Two services behind one address are told apart by what they offer.
                if (length == best && service is not null && !(CallPath.TryRead(further + rest, out var path) && Offers(candidate, call.Http.Request.Method, path))) continue;
                (service, best) = (candidate, length);
                call.RestFrom = candidate.Path.Length + 1;
                call.Target = string.Concat("/" + candidate.Path, further, rest, query);
                call.QueryFrom = candidate.Path.Length + 1 + further.Length + rest.Length;
            }
        }

        if (service is null) return new CallRefusal(CallFault.AccessDenied, "providerurl is not an address that is registered for this destination", "providerurl");
        call.Asked = target;
        return null;
    }

    private static IEnumerable<string> Addresses(ServiceEntry entry) => entry.Adapter is { Kind: AdapterKind.National, Address: { } behind } ? entry.Upstreams.Append(behind) : entry.Upstreams;

    private static bool Offers(Service service, string method, in CallPath path)
    {
        foreach (var endpoint in service.Entry.Endpoints)
        {
            if ((endpoint.Method == "*" || endpoint.Method == method) && path.Matches(endpoint.PathGlob)) return true;
        }

        return false;
    }

    /// <summary>The registered address itself, or something under it.</summary>
    private static bool TryMatch(string registered, Uri wanted, out string further, out int length)
    {
        (further, length) = ("", 0);
        if (!Uri.TryCreate(registered, UriKind.Absolute, out var known)) return false;
        if (known.Scheme != wanted.Scheme || known.Port != wanted.Port || !known.IdnHost.Equals(wanted.IdnHost, StringComparison.OrdinalIgnoreCase)) return false;
        var (path, asked) = (known.AbsolutePath.TrimEnd('/'), wanted.AbsolutePath.TrimEnd('/'));
        if (!asked.StartsWith(path, StringComparison.Ordinal) || (asked.Length > path.Length && asked[path.Length] != '/')) return false;
        (further, length) = (asked[path.Length..], path.Length);
        return true;
    }

    private static CallRefusal? Parameters(ReadOnlySpan<char> query, out string? destination, out string? address, out string others)
    {
        (destination, address, others) = (null, null, "");
        if (query.Length > 0) query = query[1..];
        var kept = new List<string>();
        var count = 0;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty) continue;
            if (++count > ParametersMax) return new CallRefusal(CallFault.InvalidRequest, "too many parameters");
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            var isDestination = name.Equals("dstcode", StringComparison.OrdinalIgnoreCase);
            if (!isDestination && !name.Equals("providerurl", StringComparison.OrdinalIgnoreCase))
            {
                kept.Add(pair.ToString());
                continue;
            }

            if (equals < 0 || !TryDecode(pair[(equals + 1)..], out var value) || value.Length == 0) return new CallRefusal(CallFault.InvalidRequest, $"{name} cannot be read", name.ToString());
            if ((isDestination ? destination : address) is not null) return new CallRefusal(CallFault.InvalidRequest, $"{name} stands there twice", name.ToString());
            if (isDestination) destination = value;
            else address = value;
        }

        if (destination is null) return new CallRefusal(CallFault.InvalidRequest, "dstcode is missing", "dstcode");
        if (address is null) return new CallRefusal(CallFault.InvalidRequest, "providerurl is missing", "providerurl");
        others = kept.Count == 0 ? "" : "?" + string.Join('&', kept);
        return null;
    }

    /// <summary>Values may arrive encoded once more; a third time is somebody's trick.</summary>
    private static bool TryDecode(ReadOnlySpan<char> raw, out string value) =>
        CallPath.TryDecode(raw, out value) && (!value.Contains('%') || (CallPath.TryDecode(value, out value) && !value.Contains('%'))) && !value.AsSpan().ContainsAnyInRange('\0', ' ');
}
