using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using LienThong.Web.Shell;

namespace LienThong.Cli;

/// <summary><c>lienthong serve</c>: the platform for real use.</summary>
internal static class ServeVerb
{
    private const int GatewayPort = 8443;

    public static Command Build()
    {
        var local = new Option<bool>("--local") { Description = "Chỉ nghe trên máy này (127.0.0.1 và ::1)." };
        var certificate = new Option<string?>("--tls-cert") { Description = "Tệp chứng thư PEM; có thì phục vụ HTTPS." };
        var key = new Option<string?>("--tls-key") { Description = "Tệp khóa PEM." };
        var gateway = new HostedGatewayWords();
        var command = new Command("serve", "Chạy nền tảng và cổng trao đổi.") { CommonOptions.Port, local, certificate, key };
        gateway.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new HostOptions
            {
                Storage = CommonOptions.Storage(result),
                Port = result.GetValue(CommonOptions.Port),
                ListenAny = !result.GetValue(local),
                TlsCertificate = result.GetValue(certificate),
                TlsKey = result.GetValue(key),
                Gateway = gateway.Read(result, new IPEndPoint(result.GetValue(local) ? IPAddress.Loopback : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, GatewayPort), result.GetValue(certificate), result.GetValue(key)),
                Site = SiteFromEnvironment(),
            };
            return await Host.RunAsync(Host.Build(options), ready: null, cancellationToken);
        });
        return command;
    }

    private static SiteIdentity SiteFromEnvironment() => new(
        Environment.GetEnvironmentVariable("LIENTHONG_PLACE") ?? "Tỉnh",
        Environment.GetEnvironmentVariable("LIENTHONG_OWNER") ?? "Ủy ban nhân dân tỉnh",
        Environment.GetEnvironmentVariable("LIENTHONG_DOMAIN") ?? "",
        IsSimulated: false);
}
