using System.CommandLine;
using LienThong.Web.Shell;

namespace LienThong.Cli;

/// <summary><c>lienthong serve</c>: the platform for real use.</summary>
internal static class ServeVerb
{
    public static Command Build()
    {
        var local = new Option<bool>("--local") { Description = "Chỉ nghe trên máy này (127.0.0.1 và ::1)." };
        var certificate = new Option<string?>("--tls-cert") { Description = "Tệp chứng thư PEM; có thì phục vụ HTTPS." };
        var key = new Option<string?>("--tls-key") { Description = "Tệp khóa PEM." };
        var command = new Command("serve", "Chạy nền tảng.") { CommonOptions.Port, local, certificate, key };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new HostOptions
            {
                Storage = CommonOptions.Storage(result),
                Port = result.GetValue(CommonOptions.Port),
                ListenAny = !result.GetValue(local),
                TlsCertificate = result.GetValue(certificate),
                TlsKey = result.GetValue(key),
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
