using System.Net;
using LienThong.Gateway.Forward;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace LienThong.Load;

/// <summary>
/// Kestrel and the gateway's own connections to providers with nothing between: no identity, no agreement, no budget, no evidence. What the governed call costs more
/// than this is what governing costs. It is part of the bench and of nothing else: the product has no switch that leaves these out.
/// </summary>
internal static class ForwardOnly
{
    public static async Task<int> RunAsync(int port, string upstream)
    {
        using var directory = new UpstreamDirectory(TimeProvider.System);
        var provider = directory.Of(upstream);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(async http =>
        {
            var connection = provider.TakeIdle(directory.NowMs, mustBeAlive: false) ?? await provider.ConnectAsync(http.RequestAborted);
            connection.BeginCall();
            var head = new PooledBytes(1_024);
            head.Add("GET "u8);
            head.Add(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
            head.Add(" HTTP/1.1\r\nHost:"u8);
            head.Add(provider.HostHeader);
            head.Add("\r\n\r\n"u8);
            await connection.SendAsync(head.Memory, 5_000);
            await connection.ReadHeadAsync(isHead: false, 5_000);
            var answer = new PooledBytes(4_096);
            while (connection.HasBody) answer.Advance(await connection.ReadBodyAsync(answer.GetMemory(1_024), 5_000));
            http.Response.StatusCode = connection.Status;
            for (var i = 0; i < connection.HeaderCount; i++)
            {
                if (connection.Headers[i].Kind is HeaderKind.Plain or HeaderKind.ContentType) http.Response.Headers.Append(connection.Headers[i].Name, connection.Headers[i].Value);
            }

            http.Response.ContentLength = answer.Length;
            provider.GiveBack(connection, directory.NowMs);
            await http.Response.BodyWriter.WriteAsync(answer.Memory);
        });
        await app.RunAsync();
        return 0;
    }
}
