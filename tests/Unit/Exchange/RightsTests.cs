using System.Security.Cryptography;
using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>No right to call exists without an agreement (issue 2.A, exchange.md §6.1): what a gateway is told comes from agreements and nothing else.</summary>
public sealed class RightsTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static async Task<(TestPlatform Platform, SubsystemId Consumer, DataServiceId Service)> WorldAsync()
    {
        var platform = await StartAsync();
        return (platform, await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop), await platform.PublishedServiceAsync());
    }

    private static async Task<RouteSnapshot> NewestAsync(TestPlatform platform)
    {
        var envelope = (await platform.Services.GetRequiredService<IExchangeRoutes>().NewerAsync(0, Cancellation))!;
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(platform.Services.GetRequiredService<RouteKey>().PublicFile, Cancellation));
        Assert.True(SnapshotEnvelope.TryOpen(envelope.Envelope.Span, [key], out var snapshot, out var fault), fault);
        Assert.Equal(envelope.Number, snapshot.Number);
        return snapshot;
    }

    [Fact]
    public async Task A_published_snapshot_is_signed_and_says_what_was_agreed_and_a_gateway_takes_it_R_SHR_03()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        await platform.DrainAsync();

        var snapshot = await NewestAsync(platform);
        var right = Assert.Single(snapshot.Agreements);
        var code = (await platform.BookAsync()).Agreements[agreement].Code;
        Assert.Equal((code, "VN-QNG/GOV/TTPVHCC/mot-cua", "dat-dai/thua-dat", 1), (right.Number, right.Consumer, right.Service, right.MajorVersion));
        Assert.Equal(["/soTo", "/soThua"], right.Fields);
        Assert.Equal(Vietnamese.EndOf(Today.AddYears(1)), right.ValidUntil);
        Assert.Equal((5d, 10, 1_000L), (right.RatePerSecond, right.Burst, right.QuotaPerDay));
        var entry = Assert.Single(snapshot.Services);
        Assert.Equal([new("GET", "/thua-dat/*"), new EndpointEntry("POST", "/thua-dat/tim")], entry.Endpoints);
        Assert.Contains("\"openapi\"", entry.Description, StringComparison.Ordinal);
        Assert.Equal([Thumbprint("mot-cua")], snapshot.Subsystems.Single(s => s.Identifier == right.Consumer).CertificateThumbprints);
        Assert.True(entry.IsAgenciesOnly);

        // What the gateway itself says of it, and what lies in the file it reads.
        using var upstreams = new LienThong.Gateway.Forward.UpstreamDirectory(platform.Clock);
        Assert.Null(new RouteTable(upstreams).Replace(snapshot, platform.Clock.GetUtcNow()));
        var envelope = (await platform.Services.GetRequiredService<IExchangeRoutes>().NewerAsync(0, Cancellation))!;
        Assert.Equal(envelope.Envelope.ToArray(), await File.ReadAllBytesAsync(platform.Services.GetRequiredService<RouteFile>().File, Cancellation));
    }

    [Fact]
    public async Task Two_major_versions_stand_side_by_side_and_each_agreement_keeps_its_own_R_SHR_01()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        await platform.AgreementInForceAsync(consumer, service);
        var second = OpenApi.Replace("\"1.0.0\"", "\"2.0.0\"", StringComparison.Ordinal).Replace("\"dienTich\": { \"type\": \"number\" },", "", StringComparison.Ordinal);
        await platform.PublishVersionAsync(service, second);
        await platform.DrainAsync();

        var snapshot = await NewestAsync(platform);
        Assert.Equal(["2.0.0 thua-dat.v2", "1.0.0 thua-dat"], snapshot.Services.Select(s => s.Version + " " + s.ServiceCode));
        Assert.Equal(1, snapshot.Agreements.Single().MajorVersion);
        using var upstreams = new LienThong.Gateway.Forward.UpstreamDirectory(platform.Clock);
        Assert.Null(new RouteTable(upstreams).Replace(snapshot, platform.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task What_says_the_same_is_not_published_again_and_a_write_that_changes_rights_is_at_once()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        await platform.DrainAsync();
        var number = (await NewestAsync(platform)).Number;
        Assert.Equal(number, await platform.As<PublishRoutes>(CurrentUser.System).HandleAsync(Cancellation));

        (await platform.As<StopSharing>(LandOwner).SuspendAsync(new() { Agreement = agreement, Cause = SuspensionCause.Incident, Notice = "Sự cố" }, Cancellation)).Expect();
        await platform.DrainAsync();
        var stopped = await NewestAsync(platform);
        Assert.True(stopped.Number > number);
        Assert.True(Assert.Single(stopped.Agreements).SuspendedFrom <= platform.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_clock_publishes_by_itself_at_the_next_boundary_and_renews_before_the_snapshot_dies()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        await platform.AgreementInForceAsync(consumer, service, new(2026, 11, 25), new(2026, 11, 26));
        await platform.DrainAsync();
        Assert.Empty((await NewestAsync(platform)).Agreements);
        platform.Clock.Set(new(2026, 11, 25), 0, 0);
        await platform.DrainAsync();
        Assert.Single((await NewestAsync(platform)).Agreements);
        platform.Clock.Set(new(2026, 11, 27), 0, 0);
        await platform.DrainAsync();
        var empty = await NewestAsync(platform);
        Assert.Empty(empty.Agreements);
        platform.Clock.Advance(TimeSpan.FromHours(85));   // Half of 168 hours and a little.
        await platform.DrainAsync();
        Assert.True((await NewestAsync(platform)).ValidUntil > empty.ValidUntil);
    }

    [Fact]
    public async Task A_planned_stop_of_the_service_travels_beforehand_so_that_a_gateway_cut_off_stops_too()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        await platform.AgreementInForceAsync(consumer, service);
        var from = Vietnamese.StartOf(new(2026, 12, 2));
        (await platform.As<StopSharing>(LandOwner).SuspendAsync(new() { Service = service, Cause = SuspensionCause.Planned, Notice = "Nâng cấp", From = from, Until = from.AddHours(6) }, Cancellation)).Expect();
        await platform.DrainAsync();
        var before = await NewestAsync(platform);
        Assert.Equal((ServiceStateOf(before), from), (LienThong.Gateway.Routes.ServiceState.Open, before.Agreements.Single().SuspendedFrom));
        platform.Clock.Set(new(2026, 12, 2), 0, 0);
        await platform.DrainAsync();
        Assert.Equal((LienThong.Gateway.Routes.ServiceState.Suspended, "Nâng cấp"), (ServiceStateOf(await NewestAsync(platform)), (await NewestAsync(platform)).Services.Single().Notice));
        platform.Clock.Set(new(2026, 12, 2), 6, 0);
        await platform.DrainAsync();
        Assert.Null((await NewestAsync(platform)).Agreements.Single().SuspendedFrom);

        static LienThong.Gateway.Routes.ServiceState ServiceStateOf(RouteSnapshot snapshot) => snapshot.Services.Single().State;
    }

    [Fact]
    public async Task A_revoked_key_a_closed_subsystem_and_a_retired_system_lose_their_rights()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        await platform.AgreementInForceAsync(consumer, service);
        var key = (await platform.BookAsync()).Credentials.Of(consumer).Single();
        (await platform.As<KeepSubsystems>(Security).RevokeAsync(consumer, key.Id, "Lộ khóa", Cancellation)).Expect();
        await platform.DrainAsync();
        Assert.Empty((await NewestAsync(platform)).Subsystems.Single(s => s.Identifier.EndsWith("/mot-cua", StringComparison.Ordinal)).CertificateThumbprints);

        // The key never comes back, not even for its own subsystem.
        Assert.Equal("exchange.credential.taken", (await platform.As<KeepSubsystems>(OneStopHead).AddCredentialAsync(
            new() { Subsystem = consumer, Kind = CredentialKind.SpkiThumbprint, Key = Thumbprint("mot-cua"), Label = "lại", ValidFrom = Today, ValidUntil = Today.AddDays(9) }, Cancellation)).Refusal?.Code);
        var system = (await platform.BookAsync()).Subsystems[consumer].System;
        (await platform.As<KeepSystems>(OneStopHead).RetireAsync(system, null, "Thay hệ thống", Cancellation)).Expect();
        await platform.DrainAsync();
        Assert.Empty((await NewestAsync(platform)).Agreements);
    }

    [Fact]
    public async Task A_private_key_is_refused_and_a_public_one_is_known_by_its_thumbprint()
    {
        var (platform, consumer, _) = await WorldAsync();
        await using var __ = platform;
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(true);
        string Jwk(string more = "", string crv = "P-256") =>
            $$"""{"kty":"EC","crv":"{{crv}}","x":"{{System.Buffers.Text.Base64Url.EncodeToString(point.Q.X)}}","y":"{{System.Buffers.Text.Base64Url.EncodeToString(point.Q.Y)}}"{{more}}}""";
        async Task<string?> AddAsync(CredentialKind kind, string key) => (await platform.As<KeepSubsystems>(OneStopHead).AddCredentialAsync(
            new() { Subsystem = consumer, Kind = kind, Key = key, Label = "khóa", ValidFrom = Today, ValidUntil = Today.AddDays(9) }, Cancellation)).Refusal?.Code;

        Assert.Equal("exchange.credential.private", await AddAsync(CredentialKind.Jwk, Jwk($",\"d\":\"{System.Buffers.Text.Base64Url.EncodeToString(point.D!)}\"")));
        Assert.Equal("exchange.credential.private", await AddAsync(CredentialKind.SpkiThumbprint, pair.ExportPkcs8PrivateKeyPem()));
        Assert.Equal("exchange.credential.not-p256", await AddAsync(CredentialKind.Jwk, Jwk(crv: "P-384")));
        Assert.Equal("exchange.credential.unreadable", await AddAsync(CredentialKind.Jwk, """{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"""));   // Not on the curve.
        Assert.Equal("exchange.credential.unreadable", await AddAsync(CredentialKind.SpkiThumbprint, "abc"));
        Assert.Null(await AddAsync(CredentialKind.Jwk, Jwk()));
        Assert.Equal("exchange.credential.taken", await AddAsync(CredentialKind.Jwk, Jwk(",\"kid\":\"khac\"")));   // The same key under another name.
    }

    [Fact]
    public async Task An_enterprise_sees_asks_for_and_calls_only_what_is_open_to_it_and_only_under_a_contract_R_SHR_13()
    {
        var platform = await StartAsync();
        await using var _ = platform;
        var closed = await platform.PublishedServiceAsync();
        var open = await platform.PublishedServiceAsync("buu-chinh/tra-cuu", OpenApi, ServiceAudience.AgenciesAndEnterprises);
        var company = await platform.SubsystemAsync(Company, "buu-dien", ExchangeUnits.Enterprise);
        Assert.Equal("COM", (await platform.BookAsync()).Subsystems[company].MemberClass);
        Assert.Equal([open], (await platform.As<FindServices>(Company).HandleAsync(new(), Cancellation)).Expect().Rows.Select(r => r.Id));
        Assert.Equal("exchange.service.unknown", (await platform.As<FindServices>(Company).FindAsync(closed, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.service.unknown", (await platform.As<AskForSharing>(Company).DraftAsync(Ask(company, closed), Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.enterprise.no-contract", (await platform.As<AskForSharing>(Company).DraftAsync(Ask(company, open), Cancellation)).Refusal?.Code);

        var contract = new AdmitEnterprise.Request { Enterprise = ExchangeUnits.Enterprise, GivenBy = ExchangeUnits.Province, Document = "12/HĐ-UBND", Duties = "Trả kết quả tại nhà", ValidFrom = Today, ValidUntil = Today.AddDays(60) };
        Assert.Equal("exchange.not-allowed", (await platform.As<AdmitEnterprise>(Company).HandleAsync(contract, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.enterprise.not", (await platform.As<AdmitEnterprise>(StandingBody).HandleAsync(contract with { Enterprise = ExchangeUnits.Finance }, Cancellation)).Refusal?.Code);
        var contractId = (await platform.As<AdmitEnterprise>(StandingBody).HandleAsync(contract, Cancellation)).Expect();
        var request = (await platform.As<AskForSharing>(Company).DraftAsync(Ask(company, open), Cancellation)).Expect();
        (await platform.As<AskForSharing>(Company).SendAsync(request, null, Cancellation)).Expect();
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, null, Cancellation)).Expect();
        var agreement = (await platform.As<MakeAgreement>(LandSteward).DraftAsync(request, Items(Today, Today.AddYears(1)), Cancellation)).Expect();
        await platform.SignAsync(agreement, Company);
        await platform.DrainAsync();
        Assert.Equal(Vietnamese.EndOf(Today.AddDays(60)), (await NewestAsync(platform)).Agreements.Single().ValidUntil);   // Ends with the contract, not with the agreement.
        (await platform.As<AdmitEnterprise>(StandingBody).EndAsync(contractId, null, "Chấm dứt hợp đồng", Cancellation)).Expect();
        await platform.DrainAsync();
        Assert.Empty((await NewestAsync(platform)).Agreements);
    }

    [Theory]
    [InlineData(278)]
    [InlineData(47)]
    [Trait("engine", "either")]
    public void Ten_thousand_random_steps_leave_no_right_without_a_valid_agreement(int seed)
    {
        // All deeds in any order, sensible or not, with the clock running between them. After each step three things are compared with an account of
        // rights that is kept by hand and knows nothing of the code: a snapshot made now, the one a gateway holds whose control plane publishes at each
        // write and boundary, and the one it would still hold had the control plane died after the last write.
        // Twenty histories of five hundred steps: histories that go wrong early say more than a long tail of one.
        var (unfounded, missing, rights, deeds) = (0, 0, 0, 0);
        for (var history = 0; history < 20; history++)
        {
            var sharing = new RandomSharing((seed * 100) + history);
            for (var step = 0; step < 500; step++) sharing.Step();
            (unfounded, missing, rights, deeds) = (unfounded + sharing.Unfounded, missing + sharing.Missing, rights + sharing.RightsSeen, deeds + sharing.Deeds);
        }

        Assert.Equal(0, unfounded);
        Assert.Equal(0, missing);
        Assert.True(rights > 3_000, $"only {rights} rights were seen");
        Assert.True(deeds > 4_000, $"only {deeds} deeds");
    }

    [Fact]
    public async Task Random_deeds_through_the_slices_publish_only_what_two_units_signed()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var random = new Random(2026);
        AgreementId? agreement = null;
        SharingRequestId? request = null;
        CurrentUser[] people = [LandSteward, LandOwner, LandHead, Asker, OneStopHead, Stranger, Security, Admin, StandingBody];
        var rights = 0;
        for (var step = 0; step < 250; step++)
        {
            var who = people[random.Next(people.Length)];
            var now = platform.Clock.GetUtcNow();
            var today = Vietnamese.DayOf(now);
            switch (random.Next(12))
            {
                case 0 when request is null || !(await platform.StandingAsync(request.Value)).IsOpen:
                    if ((await platform.As<AskForSharing>(who).DraftAsync(Ask(consumer, service) with { WantedUntil = today.AddYears(1), WantedFrom = today }, Cancellation)).IsGranted(out var drafted, out var __)) (request, agreement) = (drafted, null);
                    break;
                case 1 when request is { } r: await platform.As<AskForSharing>(who).SendAsync(r, null, Cancellation); break;
                case 2 or 3 when request is { } r: await platform.As<AnswerSharing>(who).ApproveAsync(r, null, null, null, Cancellation); break;
                case 4 when request is { } r:
                    if ((await platform.As<MakeAgreement>(who).DraftAsync(r, Items(today, today.AddDays(random.Next(1, 20))), Cancellation)).IsGranted(out var made, out var ___)) agreement = made;
                    break;
                case 5 or 6 when agreement is { } a: await platform.As<MakeAgreement>(who).SignAsync(a, null, AgreementSide.Consumer, null, Cancellation); break;
                case 7 or 8 when agreement is { } a: await platform.As<MakeAgreement>(who).SignAsync(a, null, AgreementSide.Provider, null, Cancellation); break;
                case 9 when agreement is { } a && random.Next(4) == 0:
                    await platform.As<StopSharing>(who).TerminateAsync(new() { Agreement = a, Ground = TerminationGround.PurposeEnded, Notice = "Hết mục đích", LegalBasis = Basis }, Cancellation);
                    break;
                case 10 when agreement is { } a: await platform.As<MakeAgreement>(who).AmendAsync(a, null, Items(today, today.AddDays(random.Next(1, 20))) with { Reason = "Sửa" }, Cancellation); break;
                default: platform.Clock.Advance(TimeSpan.FromHours(random.Next(1, 30))); break;
            }

            await platform.As<PublishRoutes>(CurrentUser.System).HandleAsync(Cancellation);
            var snapshot = await NewestAsync(platform);
            now = platform.Clock.GetUtcNow();
            await using var db = await platform.OpenAsync();
            foreach (var right in snapshot.Agreements.Where(a => a.ValidFrom <= now && now < a.ValidUntil))
            {
                // Straight from the tables: a revision of that agreement, within its days, signed by one person of each unit, and no end.
                rights++;
                var head = await db.Agreements.SingleAsync(a => a.Code == right.Number, Cancellation);
                var facts = await db.ExchangeEvents.Where(e => e.Subject == head.Id.Value).ToListAsync(Cancellation);
                Assert.DoesNotContain(facts, e => e.Kind is ExchangeEventKind.Terminated);
                var day = Vietnamese.DayOf(now);
                Assert.Contains(await db.AgreementRevisions.Where(r => r.Agreement == head.Id && r.ValidFrom <= day && r.ValidUntil >= day).ToListAsync(Cancellation), revision =>
                {
                    var signed = facts.Where(e => e.Kind is ExchangeEventKind.SignatureGiven && e.Target == revision.Id).ToList();
                    return signed.Any(e => e.ByUnit == head.Consumer) && signed.Any(e => e.ByUnit == head.Provider) && signed.Select(e => e.By).Distinct().Count() == 2;
                });
                Assert.Contains(await db.ExchangeEvents.Where(e => e.Subject == head.Request.Value).ToListAsync(Cancellation), e => e.Kind is ExchangeEventKind.Approved && e.ByUnit == head.Provider);
            }
        }

        Assert.True(rights > 10, $"only {rights} rights");
    }
}
