using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway.Simulation;

namespace LienThong.Cli;

/// <summary><c>lienthong simulate NAME --listen …</c>: one simulated system by itself, well or with a fault, for trying out and for tests.</summary>
internal static class SimulateVerb
{
    private static readonly Dictionary<string, Func<string?, ISimulatedSystem?>> Systems = new(StringComparer.Ordinal)
    {
        ["dan-cu"] = trouble => trouble is null ? new ResidenceSystem(TimeProvider.System) : null,
        ["dat-dai"] = trouble => trouble is null ? new LandSystem() : null,
        ["mot-cua"] = trouble => trouble is null ? new DossierSystem(TimeProvider.System) : null,
        ["security-server"] = trouble => new SecurityServerSystem(trouble),
        ["wso2"] = trouble => Token(trouble, isLgsp: false),
        ["lgsp"] = trouble => Token(trouble, isLgsp: true),
        ["vxp"] = trouble => new NationalAdapterSystem("VN:GOV:000.00.00.G22:mo-phong", trouble),
    };

    /// <summary>Those that stand for another exchange; our gateway speaks to them in their words and shows them no assertion of its own.</summary>
    private static readonly string[] Foreign = ["security-server", "wso2", "lgsp", "vxp"];

    private static TokenGatewaySystem? Token(string? trouble, bool isLgsp) =>
        trouble is null ? new TokenGatewaySystem(isLgsp: isLgsp) : Enum.TryParse<TokenTrouble>(trouble, ignoreCase: true, out var known) && Enum.IsDefined(known) ? new TokenGatewaySystem(known, isLgsp) : null;

    private static readonly Dictionary<string, SimulatedFault> Faults = new(StringComparer.Ordinal)
    {
        ["none"] = SimulatedFault.None,
        ["slow"] = SimulatedFault.Slow,
        ["hang"] = SimulatedFault.Hang,
        ["reset"] = SimulatedFault.Reset,
        ["garbage"] = SimulatedFault.Garbage,
        ["2gb"] = SimulatedFault.Huge,
        ["500"] = SimulatedFault.Errors,
        ["content-type"] = SimulatedFault.WrongType,
        ["bad-tls"] = SimulatedFault.BadTls,
        ["cut-json"] = SimulatedFault.CutJson,
    };

    public static Command Build()
    {
        var name = new Argument<string>("hệ thống") { Description = "Một trong: " + string.Join(", ", Systems.Keys) };
        name.AcceptOnlyFromAmong([.. Systems.Keys]);
        var listen = new Option<string>("--listen") { Description = "Địa chỉ và cổng lắng nghe.", DefaultValueFactory = _ => "127.0.0.1:0" };
        var fault = new Option<string>("--fault") { Description = "Lỗi cố ý: slow (1 byte/giây), hang, reset, garbage, 2gb, 500, content-type, bad-tls, cut-json.", DefaultValueFactory = _ => "none" };
        fault.AcceptOnlyFromAmong([.. Faults.Keys]);
        var trouble = new Option<string?>("--trouble") { Description = "Lỗi riêng của nền tảng: mã X-Road (server.serverproxy.access_denied …, mixed-up) với security-server và vxp; " + string.Join(", ", Enum.GetNames<TokenTrouble>()) + " với wso2 và lgsp." };
        var gateway = new Option<string?>("--gateway") { Description = "Địa chỉ cổng trao đổi; chỉ nhận yêu cầu mang Gateway-Assertion do cổng này ký." };
        var identifier = new Option<string?>("--identifier") { Description = "Mã X-Road của hệ thống này, ví dụ VN-QNG/GOV/NNMT/dat-dai; cần khi có --gateway." };
        var gatewayCertificate = new Option<string[]>("--gateway-cert") { Description = "Chứng thư (PEM) của cổng trao đổi: kết nối trình chứng thư này thì được nhận.", DefaultValueFactory = _ => [] };
        var open = new Option<bool>("--open") { Description = "Nhận yêu cầu của bất kỳ ai (chỉ để thử)." };
        var certificate = new Option<string?>("--tls-cert") { Description = "Chứng thư PEM; có thì phục vụ HTTPS." };
        var key = new Option<string?>("--tls-key") { Description = "Khóa PEM." };
        var command = new Command("simulate", "Chạy một hệ thống MÔ PHỎNG của cơ quan, với dữ liệu giả.") { name, listen, fault, trouble, gateway, identifier, gatewayCertificate, open, certificate, key };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            async Task<int> SayAsync(string what) { await error.WriteLineAsync(what); return 2; }
            if (!IPEndPoint.TryParse(result.GetValue(listen)!, out var address)) return await SayAsync($"Địa chỉ lắng nghe không đúng: {result.GetValue(listen)}");
            var shown = result.GetValue(gatewayCertificate)!;
            Uri? issuer = null;
            if (result.GetValue(gateway) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out issuer) || issuer.Scheme is not ("http" or "https"))) return await SayAsync($"Địa chỉ cổng trao đổi không đúng: {text}");
            if (issuer is not null && string.IsNullOrEmpty(result.GetValue(identifier))) return await SayAsync("Cần --identifier đi cùng --gateway.");
            var isForeign = Foreign.Contains(result.GetValue(name)!);
            if (Systems[result.GetValue(name)!](result.GetValue(trouble)) is not { } system) return await SayAsync($"Hệ thống này không có lỗi {result.GetValue(trouble)}.");
            if (issuer is null && shown.Length == 0 && !isForeign && !result.GetValue(open)) return await SayAsync("Hệ thống cung cấp chỉ nhận yêu cầu qua cổng trao đổi: cần --gateway và --identifier, hoặc --gateway-cert; chỉ để thử thì --open.");
            try
            {
                string[] thumbprints = [.. shown.Select(Thumbprint)];
                using var guard = result.GetValue(open) || isForeign ? null : new GatewayGuard(result.GetValue(identifier) ?? "", () => issuer, thumbprints, TimeProvider.System);
                await using var server = await SimulatedServer.StartAsync(
                    system,
                    new SimulatedServerOptions
                    {
                        Listen = address,
                        Fault = Faults[result.GetValue(fault)!],
                        Guard = guard,
                        AsksForCertificate = thumbprints.Length > 0,
                        Certificate = result.GetValue(certificate) is { } pem ? X509Certificate2.CreateFromPemFile(pem, result.GetValue(key) ?? pem) : null,
                    },
                    TimeProvider.System, cancellationToken);
                await output.WriteLineAsync($"Hệ thống MÔ PHỎNG {result.GetValue(name)} lắng nghe tại {server.Address.GetLeftPart(UriPartial.Authority)}");
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            }
            catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
            {
                return await SayAsync("Không chạy được: " + fault.Message);
            }
        });
        return command;
    }

    private static string Thumbprint(string path)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        return LienThong.Gateway.Call.KeyThumbprint.Of(certificate);
    }
}
