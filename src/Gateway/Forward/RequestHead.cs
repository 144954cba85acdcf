using System.Collections.Frozen;
using LienThong.Gateway.Call;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LienThong.Gateway.Forward;

/// <summary>
/// Writes the head of the request as the provider gets it. What belongs to the connection, and what would let a caller speak as somebody else, is left out; the
/// rest goes in the order in which it came, as bytes, in one block that is also what the evidence and the request hash are made of.
/// </summary>
internal static class RequestHead
{
    private enum Fate : byte
    {
        Pass,

        /// <summary>Of the connection, in both faces.</summary>
        Drop,

        /// <summary>Removed on the X-Road face only (PR-REST 4.3).</summary>
        DropOnRoad,

        /// <summary>Set by the exchange on the plain face; on the X-Road face the caller's own passes.</summary>
        OwnOnPlain,

        /// <summary>Dropped when it carried our own token: a provider must not be able to call as the consumer.</summary>
        Credential,

        /// <summary>Who the caller is behind a proxy: said by the caller, so worth nothing.</summary>
        Hearsay,

        /// <summary>Nothing but the whole body can be filtered, and only uncompressed.</summary>
        UnlessFields,
    }

    private static readonly FrozenDictionary<string, Fate> Fates = new Dictionary<string, Fate>(StringComparer.OrdinalIgnoreCase)
    {
        ["Connection"] = Fate.Drop,
        ["Keep-Alive"] = Fate.Drop,
        ["Proxy-Authenticate"] = Fate.Drop,
        ["Proxy-Authorization"] = Fate.Drop,
        ["Proxy-Connection"] = Fate.Drop,
        ["TE"] = Fate.Drop,
        ["Trailer"] = Fate.Drop,
        ["Transfer-Encoding"] = Fate.Drop,
        ["Upgrade"] = Fate.Drop,
        ["HTTP2-Settings"] = Fate.Drop,
        ["Host"] = Fate.Drop,
        ["Content-Length"] = Fate.Drop,     // Written from what is sent.
        ["Expect"] = Fate.Drop,             // Answered here.
        ["Server"] = Fate.Drop,
        ["User-Agent"] = Fate.DropOnRoad,
        ["X-Road-Request-Id"] = Fate.Drop,
        ["X-Road-Request-Hash"] = Fate.Drop,
        ["X-Road-Client"] = Fate.OwnOnPlain,
        ["X-Road-Service"] = Fate.Drop,
        ["X-Road-Issue"] = Fate.OwnOnPlain,
        ["Agreement-Number"] = Fate.OwnOnPlain,
        ["Gateway-Assertion"] = Fate.Drop,
        ["Authorization"] = Fate.Credential,
        ["Forwarded"] = Fate.Hearsay,
        ["X-Forwarded-For"] = Fate.Hearsay,
        ["X-Forwarded-Host"] = Fate.Hearsay,
        ["X-Forwarded-Proto"] = Fate.Hearsay,
        ["X-Forwarded-Port"] = Fate.Hearsay,
        ["X-Forwarded-Prefix"] = Fate.Hearsay,
        ["X-Real-IP"] = Fate.Hearsay,
        ["X-Client-Cert"] = Fate.Hearsay,
        ["X-SSL-Client-Cert"] = Fate.Hearsay,
        ["X-Original-URL"] = Fate.Hearsay,
        ["X-Rewrite-URL"] = Fate.Hearsay,
        ["X-HTTP-Method-Override"] = Fate.Hearsay,   // The right was given for the method of the request line.
        ["X-HTTP-Method"] = Fate.Hearsay,
        ["X-Method-Override"] = Fate.Hearsay,
        ["Accept-Encoding"] = Fate.UnlessFields,
        ["Range"] = Fate.UnlessFields,
        ["If-Range"] = Fate.UnlessFields,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static void Write(CallState call, Upstream upstream, long? length, bool isChunked, ReadOnlySpan<byte> proof)
    {
        var head = call.Head;
        head.Clear();
        var target = call.Target.AsSpan();
        head.Add(call.Http.Request.Method);
        head.Add(" "u8);
        if (call.Service!.Port is { } foreign)
        {
            foreign.WriteTarget(head, upstream.BasePath, target[call.RestFrom..call.QueryFrom], target[call.QueryFrom..]);
        }
        else
        {
            WriteTarget(head, target, call, upstream);
        }

        head.Add(" HTTP/1.1\r\nHost:"u8);
        head.Add(upstream.HostHeader);
        head.Add("\r\n"u8);
        if (isChunked)
        {
            head.Add("Transfer-Encoding:chunked\r\n"u8);
        }
        else if (length is { } bytes)
        {
            head.Add("Content-Length:"u8);
            head.AddNumber(bytes);
            head.Add("\r\n"u8);
        }

        if (call.Agreement!.Fields is not null) head.Add("Accept-Encoding:identity\r\n"u8);
        var issue = call.Http.Request.Headers["X-Road-Issue"];
        if (call.IsSoap)
        {
            call.Service.Port?.WriteHeaders(head, call);
            WriteSoap(call);
            return;
        }

        if (call.Service.Port is { } port)
        {
            port.WriteHeaders(head, call);
        }
        else
        {
            head.Add(proof);
        }

        if (call.Service.Port is not null)
        {
            // The port has said who asks, in the words of the other side.
        }
        else if (!call.IsRoad)
        {
            head.Add("X-Road-Client:"u8);
            head.Add(call.Consumer!.HeaderValue);
            head.Add("\r\nX-Road-Service:"u8);
            head.Add(call.Service!.HeaderValue);
            head.Add("\r\nX-Road-Issue:"u8);
            head.Add(call.Agreement.HeaderValue);
            head.Add("\r\n"u8);
        }
        else if (issue.Count == 0)
        {
            head.Add("X-Road-Issue:"u8);
            head.Add(call.Agreement.HeaderValue);
            head.Add("\r\n"u8);
        }

        call.KeptFrom = head.Length;
        var headers = call.Http.Request.Headers;
        var connection = headers.Connection;
        foreach (var (name, values) in headers)
        {
            if (!Passes(call, name, connection) || call.Service.Port?.Drops(name) is true) continue;
            // Of several X-Road-Client, and of several agreements, the last one was counted (2.1.2): a provider that counts the first must not see another caller there.
            for (var i = Fates.GetValueOrDefault(name) is Fate.OwnOnPlain ? values.Count - 1 : 0; i < values.Count; i++)
            {
                head.Add(name);
                head.Add(":"u8);
                head.Add(values[i]);
                head.Add("\r\n"u8);
            }
        }

        call.KeptUntil = head.Length;
        head.Add("x-road-request-id:"u8);
        head.AddGuid(call.Id);
        head.Add("\r\n"u8);
        call.RequestIdUntil = head.Length;
        if (call.RoadId is null && call.Service.Port is null)
        {
            head.Add("x-road-id:"u8);
            head.Add(call.Index.Snapshot.Instance);
            head.Add("-"u8);
            head.AddGuid(call.Id);
            head.Add("\r\n"u8);
            call.RequestIdUntil = head.Length;
        }

        head.Add("\r\n"u8);
    }

    private static void WriteTarget(PooledBytes head, ReadOnlySpan<char> target, CallState call, Upstream upstream)
    {
        // Service base + path + query: one of two meeting slashes is dropped (exchange.md 2.1.1); the caller's bytes are not touched.
        var rest = target[call.RestFrom..call.QueryFrom];
        var basePath = upstream.BasePath.AsSpan();
        if (basePath.EndsWith('/') && rest.StartsWith('/')) basePath = basePath[..^1];
        head.Add(basePath);
        head.Add(rest);
        if (basePath.Length + rest.Length == 0) head.Add("/"u8);
        head.Add(target[call.QueryFrom..]);
    }

    /// <summary>Of the HTTP headers of a SOAP message only two survive (exchange.md 2.2).</summary>
    private static void WriteSoap(CallState call)
    {
        var head = call.Head;
        call.KeptFrom = head.Length;
        head.Add("Content-Type:"u8);
        head.Add(call.Http.Request.ContentType);
        head.Add("\r\n"u8);
        if (call.Http.Request.Headers.TryGetValue("SOAPAction", out var action) && action.Count == 1)
        {
            head.Add("SOAPAction:"u8);
            head.Add(action[0]);
            head.Add("\r\n"u8);
        }

        call.KeptUntil = call.RequestIdUntil = head.Length;
        head.Add("\r\n"u8);
    }

    private static bool Passes(CallState call, string name, StringValues connection)
    {
        var fate = Fates.GetValueOrDefault(name);
        if (fate is Fate.Pass && name.Contains('_', StringComparison.Ordinal))
        {
            // Many servers read X_Road_Client as X-Road-Client.
            fate = Fates.GetValueOrDefault(name.Replace('_', '-')) is Fate.Pass ? Fate.Pass : Fate.Drop;
        }

        var passes = fate switch
        {
            Fate.Pass => true,
            Fate.DropOnRoad => !call.IsRoad,
            Fate.OwnOnPlain => call.IsRoad,
            Fate.Credential => !call.IsByToken,
            Fate.Hearsay => call.IsRoad && !name.StartsWith("X-HTTP-Method", StringComparison.OrdinalIgnoreCase) && !name.Equals("X-Method-Override", StringComparison.OrdinalIgnoreCase),
            Fate.UnlessFields => call.Agreement!.Fields is null,
            _ => false,
        };
        return passes && (connection.Count == 0 || !IsNamed(connection, name));
    }

    /// <summary>Connection may name further headers that end here (RFC 9110 7.6.1). Beside "close" or "keep-alive" Kestrel keeps no other names of it.</summary>
    private static bool IsNamed(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }
}
