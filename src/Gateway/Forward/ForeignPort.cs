using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Forward;

/// <summary>
/// One way of speaking to another exchange behind a service: what its request looks like, what it must hold beforehand, and what its refusals mean in our four
/// outcomes. Identifiers of the other side stay here; nothing else in the gateway knows a foreign code. NDXP, NDOP, VXP and LGSP are settings of these.
/// </summary>
internal abstract class ForeignPort
{
    public static ForeignPort Of(AdapterEntry entry, UpstreamDirectory upstreams) => entry.Kind switch
    {
        AdapterKind.Road => new RoadPort(entry),
        AdapterKind.Token => new TokenPort(entry, upstreams),
        AdapterKind.National => new NationalPort(entry),
        AdapterKind.Package => new PackagePort(entry, upstreams),
        _ => throw new InvalidDataException($"adapter '{entry.Kind}' is not known"),
    };

    /// <summary>Whether a SOAP message goes through as it is; where the envelope would have to name the other side's parties, it does not.</summary>
    public virtual bool CarriesSoap => false;

    /// <summary>What must be there before the call, such as a token; null when it is.</summary>
    public virtual ValueTask<CallRefusal?> PrepareAsync(CallState call) => new((CallRefusal?)null);

    /// <summary>The target of the request line; <paramref name="basePath"/> is the path of the configured address.</summary>
    public abstract void WriteTarget(PooledBytes head, ReadOnlySpan<char> basePath, ReadOnlySpan<char> rest, ReadOnlySpan<char> query);

    /// <summary>Headers of its own, each with its end.</summary>
    public virtual void WriteHeaders(PooledBytes head, CallState call) { }

    /// <summary>A caller's header that must not travel to the other side, because the port says it itself.</summary>
    public virtual bool Drops(string name) => false;

    /// <summary>The other exchange took our credential for bad before it did anything: a fresh one is worth one more try.</summary>
    public virtual bool RefusedCredential(UpstreamConnection answer) => false;

    /// <summary>Throws the credential away that was refused.</summary>
    public virtual void Forget(CallState call) { }

    /// <summary>What the other exchange, not the provider behind it, has against the call; null when the answer is the provider's.</summary>
    public virtual CallRefusal? Judge(UpstreamConnection answer, CallState call) => null;

    protected static string? HeaderOf(UpstreamConnection answer, string name)
    {
        for (var i = 0; i < answer.HeaderCount; i++)
        {
            if (answer.Headers[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return answer.Headers[i].Value;
        }

        return null;
    }
}

/// <summary>X-Road r1 as an information system speaks it to its Security Server (PR-REST; exchange.md 2.1). The server signs and time-stamps towards the other side.</summary>
internal sealed class RoadPort : ForeignPort
{
    private readonly string _client;
    private readonly string _target;

    public RoadPort(AdapterEntry entry)
    {
        if (entry.Client is not { } client || !RoadIdentifier.IsIdentifier(client, 4)) throw new InvalidDataException($"'{entry.Client}' cannot call as a client of another X-Road");
        if (entry.Target is not { } target || !RoadIdentifier.IsIdentifier(target, 5)) throw new InvalidDataException($"'{entry.Target}' is no service of another X-Road");
        (_client, _target) = (Encoded(client), Encoded(target));
    }

    public override void WriteTarget(PooledBytes head, ReadOnlySpan<char> basePath, ReadOnlySpan<char> rest, ReadOnlySpan<char> query)
    {
        head.Add(basePath.TrimEnd('/'));
        head.Add("/r1/"u8);
        head.Add(_target);
        head.Add(rest);
        head.Add(query);
    }

    public override void WriteHeaders(PooledBytes head, CallState call)
    {
        head.Add("X-Road-Client:"u8);
        head.Add(_client);
        head.Add("\r\nX-Road-Id:"u8);
        if (call.RoadId is { } id) head.Add(id);
        else head.AddGuid(call.Id);
        // Towards the other side our gateway is one client; on whose behalf it asks goes with the call.
        var parts = call.Consumer!.Identifier.Split('/');
        head.Add("\r\nX-Road-Represented-Party:"u8);
        head.Add(Encoded($"{parts[1]}/{parts[2]}"));
        head.Add("\r\nX-Road-Issue:"u8);
        head.Add(call.Agreement!.HeaderValue);
        head.Add("\r\n"u8);
    }

    public override bool Drops(string name) =>
        name.Equals("X-Road-Client", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Road-Id", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Road-Represented-Party", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Road-Issue", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Road-Security-Server", StringComparison.OrdinalIgnoreCase);

    public override CallRefusal? Judge(UpstreamConnection answer, CallState call)
    {
        if (HeaderOf(answer, "X-Road-Error") is { } error) return ForeignRoadError.Explain(error);
        // A Security Server compares question and answer; whoever sits between it and us may still mix them up.
        if (HeaderOf(answer, "x-road-id") is not { } id || id != (call.RoadId ?? call.Id.ToString())) return Inconsistent("x-road-id");
        return HeaderOf(answer, "x-road-client") is { } client && client != _client ? Inconsistent("x-road-client") : null;
    }

    private static CallRefusal Inconsistent(string what) => new(CallFault.Inconsistent, $"the answer of the other exchange does not belong to this call ({what})");

    internal static string Encoded(string identifier) => identifier.Replace("?", "%3F", StringComparison.Ordinal);
}

/// <summary>Codes of X-Road in both dialects, as our four outcomes (exchange.md 2.1.6).</summary>
internal static class ForeignRoadError
{
    public static CallRefusal Explain(string error)
    {
        var shown = error.Length > 120 ? error[..120] : error;
        var code = Words(shown);
        var last = code[(code.LastIndexOf('.') + 1)..];
        var isTheirs = code.StartsWith("server.serverproxy.", StringComparison.Ordinal);
        var fault = last switch
        {
            "access_denied" => CallFault.ForeignDenied,
            "network_error" or "unknown_host" or "io_error" or "http_error" when isTheirs => CallFault.NetworkError,
            "service_disabled" or "maintenance_mode" => CallFault.ForeignClosed,
            "unknown_service" or "service_missing_url" or "service_malformed_url" or "service_type" => CallFault.ForeignUnknown,
            "unknown_member" when isTheirs => CallFault.ForeignUnknown,
            "inconsistent_response" => CallFault.Inconsistent,
            _ => CallFault.ForeignRefused,
        };
        return new CallRefusal(fault, $"the other exchange answers '{shown}'", last, fault == CallFault.ForeignClosed ? 60 : 0);
    }

    /// <summary><c>Server.ServerProxy.AccessDenied</c> and <c>server.serverproxy.access_denied</c> are one code.</summary>
    internal static string Words(string code)
    {
        var words = new System.Text.StringBuilder(code.Length + 8);
        foreach (var part in code.Split('.'))
        {
            if (words.Length > 0) words.Append('.');
            if (part is "ClientProxy" or "ServerProxy") words.Append(part.ToLowerInvariant());
            else if (part is "IOError") words.Append("io_error");
            else if (part is "HSMNonOperational") words.Append("hsm_non_operational");
            else if (part is "OutdatedGlobalConf") words.Append("global_conf_outdated");
            else
            {
                for (var i = 0; i < part.Length; i++)
                {
                    if (char.IsAsciiLetterUpper(part[i]) && i > 0) words.Append('_');
                    words.Append(char.ToLowerInvariant(part[i]));
                }
            }
        }

        return words.ToString();
    }
}

/// <summary>The HTTP adapter on a Security Server (VXP form, exchange.md 2.4): the destination and the provider's address travel as parameters.</summary>
internal sealed class NationalPort : ForeignPort
{
    public const string Path = "/XrdAdapter/RestService/forward";

    private readonly string _parameters;

    public NationalPort(AdapterEntry entry)
    {
        if (entry.Target is not { } target || target.Split(':') is not { Length: 4 } parts || !parts.All(p => RoadIdentifier.IsPart(p))) throw new InvalidDataException($"'{entry.Target}' is no destination code");
        if (!Uri.TryCreate(entry.Address, UriKind.Absolute, out var provider) || provider.Scheme is not ("http" or "https")) throw new InvalidDataException($"'{entry.Address}' is no provider's address");
        _parameters = $"?dstcode={Uri.EscapeDataString(target)}&providerurl={Uri.EscapeDataString(entry.Address)}";
    }

    public override void WriteTarget(PooledBytes head, ReadOnlySpan<char> basePath, ReadOnlySpan<char> rest, ReadOnlySpan<char> query)
    {
        // The address may name the adapter under its newer path; without a path it is the usual one.
        head.Add(basePath.Length > 1 ? basePath.TrimEnd('/') : Path);
        head.Add(rest);
        head.Add(_parameters);
        if (query.Length <= 1) return;
        head.Add("&"u8);
        head.Add(query[1..]);
    }

    public override CallRefusal? Judge(UpstreamConnection answer, CallState call) => HeaderOf(answer, "X-Road-Error") is { } error ? ForeignRoadError.Explain(error) : null;
}
