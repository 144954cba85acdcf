using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>R-SHR-03, R-SHR-08: agreements, their signatures, amendments, stops and ends.</summary>
public sealed class AgreementTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static async Task<(TestPlatform Platform, SubsystemId Consumer, DataServiceId Service)> WorldAsync()
    {
        var platform = await StartAsync();
        return (platform, await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop), await platform.PublishedServiceAsync());
    }

    [Fact]
    public async Task It_is_in_force_only_when_two_persons_of_two_units_signed_R_SHR_03()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.DraftAgreementAsync(consumer, service);
        var make = platform.As<MakeAgreement>(LandOwner);
        Assert.Equal("exchange.not-allowed", (await make.SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Refusal?.Code);   // Not for the other side.
        Assert.Equal("exchange.not-allowed", (await platform.As<MakeAgreement>(Asker).SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Refusal?.Code);   // An officer does not sign.
        Assert.Equal(AgreementState.AwaitingSignature, (await make.SignAsync(agreement, null, AgreementSide.Provider, null, Cancellation)).Expect());
        Assert.Equal("exchange.agreement.already-signed", (await platform.As<MakeAgreement>(LandHead).SignAsync(agreement, null, AgreementSide.Provider, null, Cancellation)).Refusal?.Code);

        var both = LandOwner with { Grants = [.. LandOwner.Grants, new RoleGrant(Role.UnitHead, ExchangeUnits.OneStop)] };
        Assert.Equal("exchange.same-person", (await platform.As<MakeAgreement>(both).SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Refusal?.Code);
        Assert.Equal(AgreementState.InForce, (await platform.As<MakeAgreement>(OneStopHead).SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Expect());
        Assert.Equal("exchange.agreement.nothing-to-sign", (await make.SignAsync(agreement, null, AgreementSide.Provider, null, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task It_gives_no_right_before_its_first_day_nor_after_its_last_in_Vietnam()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service, new(2026, 12, 1), new(2026, 12, 31));
        Assert.Equal(AgreementState.Ahead, (await platform.StandingAsync(agreement)).State);
        platform.Clock.Set(new(2026, 12, 1), 0, 0);
        Assert.Equal(AgreementState.InForce, (await platform.StandingAsync(agreement)).State);
        platform.Clock.Set(new(2026, 12, 31), 23, 59);
        Assert.True((await platform.StandingAsync(agreement)).GivesRight(platform.Clock.GetUtcNow()));
        platform.Clock.Set(new(2027, 1, 1), 0, 0);
        var over = await platform.StandingAsync(agreement);
        Assert.Equal((AgreementState.Expired, false), (over.State, over.GivesRight(platform.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task An_amendment_is_a_new_revision_that_holds_only_when_both_signed_it_again()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        var wider = Items(Today, Today.AddYears(1)) with { Fields = ["/soTo", "/chuSuDung/hoTen"], Reason = "Thêm họ tên chủ sử dụng" };
        Assert.Equal("exchange.text.missing", (await platform.As<MakeAgreement>(LandSteward).AmendAsync(agreement, null, wider with { Reason = "" }, Cancellation)).Refusal?.Code);
        (await platform.As<MakeAgreement>(LandSteward).AmendAsync(agreement, null, wider, Cancellation)).Expect();

        Assert.Equal(1, (await platform.StandingAsync(agreement)).Current!.Number);
        (await platform.As<MakeAgreement>(LandOwner).SignAsync(agreement, null, AgreementSide.Provider, null, Cancellation)).Expect();
        Assert.Equal(1, (await platform.StandingAsync(agreement)).Current!.Number);
        platform.Clock.Advance(TimeSpan.FromHours(2));
        (await platform.As<MakeAgreement>(OneStopHead).SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Expect();
        var standing = await platform.StandingAsync(agreement);
        Assert.Equal((2, 2), (standing.Current!.Number, standing.Windows.Count));
        Assert.Equal(standing.Windows[0].Until, standing.Windows[1].From);
    }

    [Fact]
    public async Task An_amendment_may_shorten_and_one_for_later_waits_for_its_day()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        (await platform.As<MakeAgreement>(LandSteward).AmendAsync(agreement, null, Items(new(2027, 1, 1), new(2027, 1, 31)) with { Reason = "Rút ngắn" }, Cancellation)).Expect();
        await platform.SignAsync(agreement);

        Assert.Equal(1, (await platform.StandingAsync(agreement)).Current!.Number);
        platform.Clock.Set(new(2027, 1, 1), 0, 0);
        Assert.Equal(2, (await platform.StandingAsync(agreement)).Current!.Number);
        platform.Clock.Set(new(2027, 2, 1), 0, 0);
        Assert.Equal(AgreementState.Expired, (await platform.StandingAsync(agreement)).State);   // The first revision does not come back to life.
    }

    [Fact]
    public async Task There_is_one_agreement_for_a_subsystem_and_a_service_at_a_time()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var first = await platform.DraftAgreementAsync(consumer, service);
        var request = (await platform.BookAsync()).Agreements[first].Request;

        Assert.Equal("exchange.agreement.twin", (await platform.As<MakeAgreement>(LandSteward).DraftAsync(request, Items(Today, Today.AddDays(9)), Cancellation)).Refusal?.Code);
        await platform.SignAsync(first);
        Assert.Equal("exchange.agreement.twin", (await platform.As<MakeAgreement>(LandSteward).DraftAsync(request, Items(Today, Today.AddDays(9)), Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task An_agreement_needs_an_approved_request_and_names_what_the_service_has()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);
        var make = platform.As<MakeAgreement>(LandSteward);
        Assert.Equal("exchange.request.not-approved", (await make.DraftAsync(request, Items(Today, Today.AddDays(9)), Cancellation)).Refusal?.Code);
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, null, Cancellation)).Expect();

        Assert.Equal("exchange.fields.unknown", (await make.DraftAsync(request, Items(Today, Today.AddDays(9)) with { Fields = ["/khong"] }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.operations.unknown", (await make.DraftAsync(request, Items(Today, Today.AddDays(9)) with { Operations = ["DELETE /thua-dat/{maThua}"] }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.limits.wrong", (await make.DraftAsync(request, Items(Today, Today.AddDays(9)) with { RatePerSecond = 10, Burst = 5 }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.period.wrong", (await make.DraftAsync(request, Items(Today.AddDays(-9), Today.AddDays(-1)), Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<MakeAgreement>(Asker).DraftAsync(request, Items(Today, Today.AddDays(9)), Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_planned_stop_three_days_ahead_is_refused_and_seven_working_days_ahead_is_kept_R_SHR_08()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        var stop = new StopSharing.Request { Service = service, Cause = SuspensionCause.Planned, Notice = "Nâng cấp máy chủ", From = Vietnamese.StartOf(Today.AddDays(3)), Until = Vietnamese.StartOf(Today.AddDays(4)) };
        var refused = (await platform.As<StopSharing>(LandOwner).SuspendAsync(stop, Cancellation)).Refusal;
        Assert.Equal(("exchange.stop.notice-too-short", new DateOnly(2026, 12, 2)), (refused?.Code, refused?.Arguments[1]));

        var from = Vietnamese.StartOf(new(2026, 12, 2));
        (await platform.As<StopSharing>(LandOwner).SuspendAsync(stop with { From = from, Until = from.AddHours(6) }, Cancellation)).Expect();
        Assert.Equal(ServiceState.Published, (await platform.As<FindServices>(Asker).FindAsync(service, Cancellation)).Expect().Standing.State);
        Assert.Single((await platform.As<FindServices>(Asker).FindAsync(service, Cancellation)).Expect().Notices);   // Everybody who uses it reads it beforehand.
        var told = Assert.Single(await platform.As<FindNotices>(CurrentUser.Anonymous(null, null)).HandleAsync(Cancellation));   // And so does the public.
        Assert.Equal(("Tra cứu thửa đất", SuspensionCause.Planned, from, "Nâng cấp máy chủ"), (told.ServiceName, told.Cause, told.From, told.Notice));
        platform.Clock.Set(new(2026, 12, 2), 3);
        Assert.Equal(ServiceState.Suspended, (await platform.As<FindServices>(Asker).FindAsync(service, Cancellation)).Expect().Standing.State);
        platform.Clock.Set(new(2026, 12, 2), 6);
        Assert.Equal(ServiceState.Published, (await platform.As<FindServices>(Asker).FindAsync(service, Cancellation)).Expect().Standing.State);
        Assert.Equal(AgreementState.InForce, (await platform.StandingAsync(agreement)).State);
    }

    [Fact]
    public async Task A_stop_for_a_violation_works_at_once_says_whether_its_notice_was_late_and_is_lifted_by_who_ordered_it_R_SHR_08()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        var stop = new StopSharing.Request { Agreement = agreement, Cause = SuspensionCause.Violation, Notice = "Gọi vượt mục đích", LegalBasis = Basis, FoundAt = platform.Clock.GetUtcNow().AddHours(-30) };
        Assert.Equal("exchange.text.missing", (await platform.As<StopSharing>(Security).SuspendAsync(stop with { LegalBasis = null }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<StopSharing>(Stranger).SuspendAsync(stop, Cancellation)).Refusal?.Code);
        (await platform.As<StopSharing>(Security).SuspendAsync(stop, Cancellation)).Expect();

        var standing = await platform.StandingAsync(agreement);
        Assert.Equal((AgreementState.Suspended, true), (standing.State, standing.Stops.Single().IsNoticeLate));
        Assert.Equal("exchange.stop.by-other", (await platform.As<StopSharing>(LandOwner).ResumeAsync(null, agreement, null, "Đã khắc phục", Cancellation)).Refusal?.Code);
        (await platform.As<StopSharing>(Security).ResumeAsync(null, agreement, null, "Đã khắc phục", Cancellation)).Expect();
        Assert.Equal(AgreementState.InForce, (await platform.StandingAsync(agreement)).State);
        Assert.Equal("exchange.stop.not-suspended", (await platform.As<StopSharing>(Security).ResumeAsync(null, agreement, null, "Lần nữa", Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task An_end_has_its_ground_and_a_provider_who_withdraws_gives_notice_R_SHR_08()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        var end = new StopSharing.TerminationRequest { Agreement = agreement, Ground = TerminationGround.ProviderWithdraws, Notice = "Ngừng cung cấp", LegalBasis = Basis };
        Assert.Equal("exchange.stop.notice-too-short", (await platform.As<StopSharing>(LandOwner).TerminateAsync(end, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<StopSharing>(OneStopHead).TerminateAsync(end, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.service.agreements-alive", (await platform.As<PublishService>(LandOwner).WithdrawAsync(service, null, "Thu hồi", Cancellation)).Refusal?.Code);
        (await platform.As<StopSharing>(OneStopHead).TerminateAsync(end with { Ground = TerminationGround.PurposeEnded, Notice = "Hết mục đích" }, Cancellation)).Expect();

        Assert.Equal(AgreementState.Terminated, (await platform.StandingAsync(agreement)).State);
        Assert.Equal("exchange.agreement.over", (await platform.As<MakeAgreement>(LandSteward).AmendAsync(agreement, null, Items(Today, Today.AddDays(9)) with { Reason = "x" }, Cancellation)).Refusal?.Code);
        (await platform.As<PublishService>(LandOwner).WithdrawAsync(service, null, "Thu hồi", Cancellation)).Expect();
    }

    [Fact]
    public async Task A_request_lives_on_in_its_agreement_granted_in_use_suspended_ended_R_SHR_02()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.DraftAgreementAsync(consumer, service, until: Today.AddDays(30));
        var found = (await platform.BookAsync()).Agreements[agreement];
        async Task<RequestState> StateAsync() => (await platform.StandingAsync(found.Request)).State;

        Assert.Equal(RequestState.Approved, await StateAsync());
        await platform.SignAsync(agreement);
        Assert.Equal(RequestState.Granted, await StateAsync());
        var routes = platform.As<PublishRoutes>(CurrentUser.System);
        await routes.SawCallAsync(found.Code, platform.Clock.GetUtcNow(), Cancellation);
        await routes.SawCallAsync(found.Code, platform.Clock.GetUtcNow(), Cancellation);
        Assert.Equal(RequestState.InUse, await StateAsync());
        Assert.Single((await platform.BookAsync()).EventsOf(agreement.Value), e => e.Kind is ExchangeEventKind.FirstCall);
        (await platform.As<StopSharing>(LandOwner).SuspendAsync(new() { Agreement = agreement, Cause = SuspensionCause.Incident, Notice = "Mất điện" }, Cancellation)).Expect();
        Assert.Equal(RequestState.Suspended, await StateAsync());
        platform.Clock.Set(Today.AddDays(31));
        Assert.Equal(RequestState.Ended, await StateAsync());
    }

    [Fact]
    public async Task A_dispute_climbs_by_silence_and_by_appeal_and_only_the_level_it_stands_on_answers_R_SHR_10()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var agreement = await platform.AgreementInForceAsync(consumer, service);
        var disputes = platform.As<KeepDisputes>(Asker);
        var dispute = (await disputes.RaiseAsync(new() { Agreement = agreement, Kind = DisputeKind.Quality, Text = "Thiếu diện tích ở 12 thửa" }, Cancellation)).Expect();
        Assert.Equal("exchange.dispute.twin", (await disputes.RaiseAsync(new() { Agreement = agreement, Kind = DisputeKind.Quality, Text = "Lại thiếu" }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepDisputes>(Stranger).RaiseAsync(new() { Agreement = agreement, Kind = DisputeKind.Other, Text = "x" }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepDisputes>(StandingBody).AnswerAsync(dispute, null, "Chưa đến lượt", null, Cancellation)).Refusal?.Code);

        (await platform.As<KeepDisputes>(LandOwner).AnswerAsync(dispute, null, "Dữ liệu gốc không có", null, Cancellation)).Expect();
        (await disputes.AppealAsync(dispute, null, "Hồ sơ giấy có đủ", Cancellation)).Expect();
        var row = Assert.Single((await platform.As<FindRequests>(StandingBody).DisputesAsync(true, DisputeLevel.StandingBody, 1, Cancellation)).Expect().Rows);
        Assert.Equal((true, false, true), (row.Line.MayAnswer, row.Line.MayAppeal, row.AboutCode.StartsWith("TT-", StringComparison.Ordinal)));   // Whose turn it is finds it.
        Assert.Empty((await platform.As<FindRequests>(Stranger).DisputesAsync(false, null, 1, Cancellation)).Expect().Rows);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepDisputes>(LandOwner).AnswerAsync(dispute, null, "Lần nữa", null, Cancellation)).Refusal?.Code);

        // Unanswered at the end of its term it stands before the leader, with all that was said.
        platform.Clock.Set(WorkCalendar.Vietnam.AddWorkingDays(Today, 7).AddDays(1), 8);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepDisputes>(StandingBody).AnswerAsync(dispute, null, "Muộn", null, Cancellation)).Refusal?.Code);
        (await platform.As<KeepDisputes>(Leader).AnswerAsync(dispute, null, "Sở NNMT bổ sung trước ngày 31/12", "99/UBND-KSTT", Cancellation)).Expect();
        (await disputes.SettleAsync(dispute, null, null, Cancellation)).Expect();
        var book = await platform.BookAsync();
        Assert.Equal(
            [ExchangeEventKind.DisputeRaised, ExchangeEventKind.DisputeAnswered, ExchangeEventKind.DisputeAppealed, ExchangeEventKind.DisputeAnswered, ExchangeEventKind.DisputeSettled],
            book.EventsOf(dispute.Value).Select(e => e.Kind));
    }
}
