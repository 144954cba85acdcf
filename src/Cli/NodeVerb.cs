using System.CommandLine;
using LienThong.Kernel;
using LienThong.Platform;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary>
/// <c>lienthong node invite | list | revoke</c>: which gateways belong to this control plane. Whoever may run it holds the data folder, so it acts as the machine
/// itself, and every deed is in the audit.
/// </summary>
internal static class NodeVerb
{
    private static readonly Argument<string> Name = new("tên") { Description = "Tên cổng, duy nhất trong tỉnh." };

    public static Command Build()
    {
        var invite = new Command("invite", "Cấp mã dùng một lần để một cổng vào mạng (lienthong gateway --control … --join MÃ).") { Name };
        invite.SetAction((result, cancellationToken) => RunAsync(result, async nodes =>
        {
            var made = await nodes.InviteAsync(result.GetRequiredValue(Name), CurrentUser.System, cancellationToken);
            if (!made.IsGranted(out var invitation, out var refusal)) return refusal;
            await result.InvocationConfiguration.Output.WriteLineAsync($"Mã (dùng một lần, đến {Vietnamese.Instant(invitation.Until)}):\n{invitation.Code}");
            return null;
        }));
        var list = new Command("list", "Liệt kê các cổng.");
        list.SetAction((result, cancellationToken) => RunAsync(result, async nodes =>
        {
            foreach (var node in await nodes.ListAsync(cancellationToken))
            {
                var state = node.RevokedAt is { } at ? "đã loại lúc " + Vietnamese.Instant(at) : node.SeenAt is { } seen ? "thấy lần cuối lúc " + Vietnamese.Instant(seen) : "chưa thấy";
                await result.InvocationConfiguration.Output.WriteLineAsync($"{node.Name}: {state}; khóa nhật ký {node.LogKey}");
            }

            return null;
        }));
        var revoke = new Command("revoke", "Loại một cổng: từ nay không nhận được tuyến mới và hạn mức, mã truy cập nó ký không còn giá trị ở cổng khác.") { Name };
        revoke.SetAction((result, cancellationToken) => RunAsync(result, async nodes =>
        {
            var done = await nodes.RevokeAsync(result.GetRequiredValue(Name), CurrentUser.System, cancellationToken);
            if (done.Refusal is null) await result.InvocationConfiguration.Output.WriteLineAsync("Đã loại.");
            return done.Refusal;
        }));
        return new Command("node", "Các cổng trao đổi của máy chủ điều khiển này.") { invite, list, revoke };
    }

    private static async Task<int> RunAsync(ParseResult result, Func<KeepNodes, Task<Refusal?>> order)
    {
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning));
        services.AddPlatform(CommonOptions.Storage(result));
        await using var provider = services.BuildServiceProvider();
        await StorageModule.MigrateAsync(provider.GetRequiredService<IDbContextFactory<PlatformDb>>(), CancellationToken.None);
        var refusal = await order(provider.GetRequiredService<KeepNodes>());
        if (refusal is null) return 0;
        await result.InvocationConfiguration.Error.WriteLineAsync(refusal.Code switch
        {
            "exchange.node.taken" => "Đã có cổng tên này.",
            "exchange.node.unknown" => "Không có cổng nào tên này đang hoạt động.",
            "exchange.node.too-many" => "Đã đủ số cổng.",
            _ => $"Không làm được: {refusal.Code} ({string.Join(", ", refusal.Arguments)}).",
        });
        return 1;
    }
}
