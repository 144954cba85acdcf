using System.CommandLine;
using System.Resources;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Platform;
using LienThong.Platform.Exchange.Doctor;
using LienThong.Platform.Shared;
using LienThong.Web.Desk.Exchange;
using LienThong.Web.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace LienThong.Cli;

/// <summary><c>lienthong doctor connection CODE</c>: what the page of an agreement shows, on the terminal; exit code 1 when a call would not get through.</summary>
internal static class ConnectionDoctorVerb
{
    private static readonly TimeSpan GatewayPatience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var code = new Argument<string>("thỏa thuận") { Description = "Số thỏa thuận chia sẻ, như ghi trên trang thỏa thuận." };
        var gateway = new Option<string?>("--gateway") { Description = "Địa chỉ cổng trao đổi để hỏi tình trạng." };
        var upstreamCa = new Option<string[]>("--upstream-ca") { Description = "Chứng thư gốc (PEM) của các hệ thống cung cấp; không nêu thì theo hệ điều hành.", DefaultValueFactory = _ => [] };
        var command = new Command("connection", "Khám một kết nối: ai phải sửa gì để lượt gọi đi qua.") { code, gateway, upstreamCa };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var services = new ServiceCollection();
            services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
            services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
            services.AddPlatform(CommonOptions.Storage(result));
            services.AddScoped<ICurrentUser, SystemUser>();
            try
            {
                if (result.GetValue(upstreamCa) is { Length: > 0 } roots) services.AddSingleton(new DoctorOptions { Roots = GatewayVerb.Certificates(roots) });
            }
            catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync("✗ Không đọc được chứng thư: " + fault.Message);
                return 2;
            }

            if (result.GetValue(gateway) is { } text)
            {
                if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                {
                    await error.WriteLineAsync($"✗ Địa chỉ cổng trao đổi không đúng: {text}");
                    return 2;
                }

                services.AddSingleton<IReadiness>(new Asked(await StateAsync(address, cancellationToken)));
            }

            await using var provider = services.BuildServiceProvider();
            using var scope = provider.CreateScope();
            var asked = await scope.ServiceProvider.GetRequiredService<DiagnoseConnection>().HandleAsync(result.GetValue(code)!, cancellationToken);
            if (!asked.IsGranted(out var found, out _))
            {
                await error.WriteLineAsync($"✗ Không có thỏa thuận {result.GetValue(code)}.");
                return 2;
            }

            Print(output, found);
            return found.IsWell ? 0 : 1;
        });
        return command;
    }

    private static void Print(TextWriter output, Diagnosis found)
    {
        var words = new ResourceManager(typeof(ExchangeText));
        string Word(string key) => words.GetString("doctor." + key, System.Globalization.CultureInfo.InvariantCulture) ?? key;
        string Sentence(DoctorFinding f) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Word(f.Code), [.. f.Arguments.Select(DoctorWords.Shown)]);
        output.WriteLine($"{found.Agreement}: {found.Consumer} → {found.Provider} · {found.Service}");
        foreach (var finding in found.Findings)
        {
            output.WriteLine($"{finding.Verdict switch { DoctorVerdict.Ok => "✓ ok  ", DoctorVerdict.Warn => "! warn", DoctorVerdict.Fault => "✗ fail", _ => "- bỏ  " }}  {Word("step." + finding.Step)}: {Sentence(finding)}");
            if (finding.Party is not DoctorParty.Nobody) output.WriteLine($"          → {Word("who")} {Word("party." + finding.Party)}");
        }

        output.WriteLine(found.Root is not { } root ? Word("well") : $"{Word(found.IsWell ? "mostly" : "ill")} {Sentence(root)} {Word("who")} {Word("party." + root.Party)}.");
    }

    /// <summary>What the gateway says of itself, in the words of the readiness of this program.</summary>
    private static async Task<string> StateAsync(Uri gateway, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { Timeout = GatewayPatience };
            using var answer = await http.GetAsync(new Uri(gateway, "/health/ready"), cancellationToken);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? "ok" : json.RootElement.GetProperty("log").GetString() is "open" ? "no-routes" : "log-stopped";
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "unreachable";
        }
    }

    private sealed record Asked(string State) : IReadiness
    {
        public string Part => "gateway";
    }

    private sealed class SystemUser : ICurrentUser
    {
        public CurrentUser Current => CurrentUser.System;
    }
}
