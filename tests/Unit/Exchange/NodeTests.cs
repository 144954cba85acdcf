using System.Security.Cryptography;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Control;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>Issue 3 B.1 and B.2: gateways join with a code that is good once, and quotas are lent from one table to all of them.</summary>
public sealed class NodeTests
{
    private static JoinRequest Joining(string code)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var note = NoteKey.From("log.example/n", NoteAlgorithm.EcdsaP256, ECDsa.Create(key.ExportParameters(false)));
        return new JoinRequest(code, key.ExportSubjectPublicKeyInfoPem(), key.ExportSubjectPublicKeyInfoPem(), note.ToString());
    }

    [Fact]
    public async Task A_code_lets_one_gateway_in_once_and_for_a_day_only()
    {
        await using var platform = await StartAsync();
        var nodes = platform.Services.GetRequiredService<KeepNodes>();
        var first = (await nodes.InviteAsync("cong-1", CurrentUser.System, Cancellation)).Expect();
        Assert.Equal("exchange.node.taken", (await nodes.InviteAsync("cong-1", CurrentUser.System, Cancellation)).Refusal!.Code);
        var joined = (await nodes.JoinAsync(Joining(first.Code), Cancellation)).Expect();
        Assert.Equal(first.Node.Value, joined.Node);
        using var routeKey = ECDsa.Create();
        routeKey.ImportFromPem(joined.RouteKey);
        Assert.True(JoinCode.Names(first.Code, JoinCode.FingerprintOf(routeKey)));
        Assert.Equal("exchange.code.not-good", (await nodes.JoinAsync(Joining(first.Code), Cancellation)).Refusal!.Code);

        var late = (await nodes.InviteAsync("cong-2", CurrentUser.System, Cancellation)).Expect();
        platform.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal("exchange.code.not-good", (await nodes.JoinAsync(Joining(late.Code), Cancellation)).Refusal!.Code);
        Assert.Equal("exchange.code.not-good", (await nodes.JoinAsync(Joining("something else"), Cancellation)).Refusal!.Code);

        // Only digests of codes are kept.
        await using var db = await platform.OpenAsync();
        Assert.Equal(["cong-1"], (await nodes.ListAsync(Cancellation)).Select(n => n.Name));
        Assert.DoesNotContain(await db.Audit.Select(a => a.After ?? "").ToListAsync(Cancellation), text => text.Contains(first.Code[..25], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_private_key_or_one_on_another_curve_is_no_way_in()
    {
        await using var platform = await StartAsync();
        var nodes = platform.Services.GetRequiredService<KeepNodes>();
        var invitation = (await nodes.InviteAsync("cong-1", CurrentUser.System, Cancellation)).Expect();
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var bad in new[] { own.ExportPkcs8PrivateKeyPem(), large.ExportSubjectPublicKeyInfoPem(), "no key" })
        {
            Assert.Equal("exchange.credential.not-p256", (await nodes.JoinAsync(Joining(invitation.Code) with { Key = bad }, Cancellation)).Refusal!.Code);
        }

        Assert.NotNull((await nodes.JoinAsync(Joining(invitation.Code), Cancellation)).Expect());
    }

    [Fact]
    public void What_a_node_says_holds_for_its_method_address_body_and_minute_only()
    {
        using var node = new NodeIdentity(Guid.CreateVersion7(), ECDsa.Create(ECCurve.NamedCurves.nistP256));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = new DateTimeOffset(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
        byte[] body = [1, 2, 3];
        var said = "Bearer " + NodeCalls.Sign(node, "POST", "/" + NodeCalls.Shares, body, now);
        bool Is(string method, string address, byte[] bytes, TimeSpan later, ECDsa? key = null, Guid? id = null) => NodeCalls.IsSaid(said, id ?? node.Id, key ?? node.Key, method, address, bytes, now + later);
        Assert.Equal(node.Id, NodeCalls.Claimed(said));
        Assert.True(Is("POST", "/" + NodeCalls.Shares, body, TimeSpan.FromSeconds(30)));
        Assert.False(Is("POST", "/" + NodeCalls.Shares, body, TimeSpan.FromSeconds(90)));
        Assert.False(Is("GET", "/" + NodeCalls.Shares, body, default));
        Assert.False(Is("POST", "/" + NodeCalls.Shares + "?a=1", body, default));
        Assert.False(Is("POST", "/" + NodeCalls.Shares, [1, 2, 4], default));
        Assert.False(Is("POST", "/" + NodeCalls.Shares, body, default, other));
        Assert.False(Is("POST", "/" + NodeCalls.Shares, body, default, id: Guid.CreateVersion7()));

        var answer = NodeCalls.SignAnswer(other, body, [9]);
        Assert.True(NodeCalls.IsAnswer(answer, body, [9], [other]));
        Assert.False(NodeCalls.IsAnswer(answer, body, [8], [other]));
        Assert.False(NodeCalls.IsAnswer(answer, [1], [9], [other]));
        Assert.False(NodeCalls.IsAnswer(answer, body, [9], [node.Key]));
    }

    [Fact]
    public async Task Two_control_planes_on_one_database_lend_a_quota_once()
    {
        await using var platform = await StartAsync();
        var service = await platform.PublishedServiceAsync();
        var consumer = await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop);
        var request = await platform.SentRequestAsync(consumer, service);
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, "12/SNNMT-CNTT", Cancellation)).Expect();
        var today = Vietnamese.DayOf(platform.Clock.GetUtcNow());
        var agreement = (await platform.As<MakeAgreement>(LandSteward).DraftAsync(request, Items(today, today.AddYears(1)) with { QuotaPerDay = 900, RatePerSecond = 500, Burst = 1_000 }, Cancellation)).Expect();
        await platform.SignAsync(agreement);
        await platform.Services.GetRequiredService<PublishRoutes>().HandleAsync(Cancellation);
        var code = (await platform.BookAsync()).Agreements[agreement].Code;
        LendShares Plane() => ActivatorUtilities.CreateInstance<LendShares>(platform.Services);
        LendShares[] planes = [Plane(), Plane()];

        // Three nodes ask both planes at once, again and again, for more than there is.
        var leased = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => Task.Run(async () =>
        {
            var (node, epoch, has, day, lines) = (Guid.CreateVersion7(), Guid.CreateVersion7(), 0L, 0L, 0);
            while (true)
            {
                var answer = await planes[(n + lines++) % 2].HandleAsync(node, new ShareRequest(epoch, [new(BudgetLevel.Agreement, code, day, has, 0, 0, 40, 40)]), Cancellation);
                var grant = Assert.Single(answer.Lines);
                if (grant.Leased == has) return has;
                (has, day) = (grant.Leased, grant.Day);
            }
        })));
        Assert.Equal(900, leased.Sum());

        // What no route names is not lent, whatever a node says of it.
        var stranger = await planes[0].HandleAsync(Guid.CreateVersion7(), new ShareRequest(Guid.CreateVersion7(), [new(BudgetLevel.Agreement, "none", 0, 0, 0, 0, 5, 0)]), Cancellation);
        Assert.Equal(0, stranger.Lines.Single().Leased);
    }
}
