using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>R-SHR-02: states and clock of a request. 23 November 2026 is a Monday; 30 April and 1 May 2026 are holidays.</summary>
public sealed class RequestClockTests
{
    private static async Task<(TestPlatform Platform, SubsystemId Consumer, DataServiceId Service)> WorldAsync()
    {
        var platform = await StartAsync();
        return (platform, await platform.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop), await platform.PublishedServiceAsync());
    }

    [Fact]
    public async Task Five_working_days_run_from_the_day_after_and_weekends_do_not_count_R_SHR_02()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        platform.Clock.Set(new(2026, 11, 27), 16);   // Friday afternoon.
        var request = await platform.SentRequestAsync(consumer, service);

        var sent = await platform.StandingAsync(request);
        Assert.Equal((RequestState.Sent, new DateOnly(2026, 12, 4), 5), (sent.State, sent.Due, sent.DaysLeft));
        platform.Clock.Set(new(2026, 12, 4), 23, 59);
        Assert.Equal((false, 0), ((await platform.StandingAsync(request)).IsLate, (await platform.StandingAsync(request)).DaysLeft));
        platform.Clock.Set(new(2026, 12, 5), 0, 0);
        var late = await platform.StandingAsync(request);
        Assert.True(late.IsLate);
        Assert.False(late.IsInsideTerm);
    }

    [Fact]
    public async Task Holidays_of_the_calendar_do_not_count()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var calendar = WorkCalendar.Vietnam;
        platform.Clock.Set(new(2026, 12, 30), 9);
        var request = await platform.SentRequestAsync(consumer, service);

        var due = (await platform.StandingAsync(request)).Due!.Value;
        Assert.False(calendar.IsWorkingDay(new(2027, 1, 1)));
        Assert.Equal(calendar.AddWorkingDays(new(2026, 12, 30), 5), due);
        Assert.True(due > new DateOnly(2027, 1, 6), $"{due}");   // 31 December, 4, 5, 6, 7 January: New Year's Day and the weekend fall out.
    }

    [Fact]
    public async Task The_clock_stops_only_while_a_supplement_is_owed_R_SHR_02()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);   // Monday 23, due Monday 30.
        platform.Clock.Set(new(2026, 11, 24), 9);
        (await platform.As<AnswerSharing>(LandSteward).ReceiveAsync(request, null, Cancellation)).Expect();
        Assert.Equal(new DateOnly(2026, 11, 30), (await platform.StandingAsync(request)).Due);   // Receiving stops nothing.

        platform.Clock.Set(new(2026, 11, 25), 9);
        (await platform.As<AnswerSharing>(LandSteward).AskSupplementAsync(request, null, "Thiếu căn cứ khai thác trường số định danh", Cancellation)).Expect();
        platform.Clock.Set(new(2026, 12, 20), 9);
        var stopped = await platform.StandingAsync(request);
        Assert.Equal((RequestState.WaitingSupplement, true, false, 3), (stopped.State, stopped.IsStopped, stopped.IsLate, stopped.DaysLeft));

        platform.Clock.Set(new(2026, 12, 23), 9);
        var due = (await platform.As<AskForSharing>(Asker).SupplementAsync(Ask(consumer, service) with { Id = request, Purpose = "Bổ sung căn cứ" }, Cancellation)).Expect();
        Assert.Equal(WorkCalendar.Vietnam.AddWorkingDays(new(2026, 12, 23), 3), due);
        var book = await platform.BookAsync();
        Assert.Equal([1, 2], book.RequestContents.Of(request).Select(c => c.Number));   // The first wording stays.
    }

    [Fact]
    public async Task Asking_for_a_supplement_after_the_term_does_not_make_a_late_answer_timely()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);   // Due 30 November.
        platform.Clock.Set(new(2026, 12, 2), 9);
        (await platform.As<AnswerSharing>(LandSteward).AskSupplementAsync(request, null, "Thiếu đầu mối", Cancellation)).Expect();

        Assert.True((await platform.StandingAsync(request)).IsLate);
        platform.Clock.Set(new(2026, 12, 9), 9);
        Assert.Equal(new DateOnly(2026, 11, 30), (await platform.As<AskForSharing>(Asker).SupplementAsync(Ask(consumer, service) with { Id = request }, Cancellation)).Expect());
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, null, Cancellation)).Expect();
        Assert.True((await platform.StandingAsync(request)).IsLate);
    }

    [Fact]
    public async Task A_refusal_without_a_legal_basis_does_not_exist_R_SHR_02()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);
        var answer = platform.As<AnswerSharing>(LandOwner);

        Assert.Equal("exchange.text.missing", (await answer.RefuseAsync(request, null, "Không cần thiết", " ", null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.basis.no-number", (await answer.RefuseAsync(request, null, "Không cần thiết", "theo quy định", null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.text.missing", (await answer.RefuseAsync(request, null, "", Basis, null, Cancellation)).Refusal?.Code);
        (await answer.RefuseAsync(request, null, "Trường số định danh chỉ dành cho cơ quan công an", "Khoản 2 Điều 7 Nghị định số 13/2023/NĐ-CP", "45/SNNMT", Cancellation)).Expect();
        var refused = (await platform.BookAsync()).EventsOf(request.Value)[^1];
        Assert.Equal((ExchangeEventKind.Refused, "Khoản 2 Điều 7 Nghị định số 13/2023/NĐ-CP"), (refused.Kind, refused.Basis));
        Assert.Equal("exchange.request.over", (await answer.ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task Silence_is_late_by_itself_and_climbs_to_the_standing_body_and_the_leader_R_SHR_10()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);   // Due 30 November.
        var calendar = WorkCalendar.Vietnam;
        var first = calendar.AddWorkingDays(new(2026, 11, 30), 7);
        var second = calendar.AddWorkingDays(first, 7);

        platform.Clock.Set(new(2026, 12, 1), 9);
        Assert.Equal(new Escalation(DisputeLevel.Party, new(2026, 11, 30), first), (await platform.StandingAsync(request)).Climb);
        platform.Clock.Set(first.AddDays(1), 9);
        Assert.Equal(DisputeLevel.StandingBody, (await platform.StandingAsync(request)).Climb!.Level);
        platform.Clock.Set(second.AddDays(1), 9);
        Assert.Equal(DisputeLevel.ProvinceLeader, (await platform.StandingAsync(request)).Climb!.Level);

        // The history notes the level once, however often the round runs.
        Assert.Equal(1, await platform.As<ExchangeRound>(CurrentUser.System).HandleAsync(Cancellation));
        Assert.Equal(0, await platform.As<ExchangeRound>(CurrentUser.System).HandleAsync(Cancellation));
        Assert.Equal("ProvinceLeader", (await platform.BookAsync()).EventsOf(request.Value).Single(e => e.Kind is ExchangeEventKind.Escalated).Word);
    }

    [Fact]
    public async Task The_term_is_a_parameter_and_a_sent_request_keeps_the_one_it_was_sent_under()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var before = await platform.SentRequestAsync(consumer, service);
        (await platform.As<SetParameter>(Admin).HandleAsync(new() { Key = "share.request.answer.days", Value = "3", From = new(2026, 11, 23), Basis = "Quyết định 12/QĐ-UBND" }, Cancellation)).Expect();
        var other = await platform.SubsystemAsync(OneStopHead, "mot-cua-2", ExchangeUnits.OneStop);
        var after = await platform.SentRequestAsync(other, service);

        Assert.Equal((new DateOnly(2026, 11, 30), new DateOnly(2026, 11, 26)), ((await platform.StandingAsync(before)).Due, (await platform.StandingAsync(after)).Due));
        Assert.Equal((5, 3), ((await platform.BookAsync()).EventsOf(before.Value)[^1].Days, (await platform.BookAsync()).EventsOf(after.Value)[^1].Days));
    }

    [Fact]
    public async Task The_same_subsystem_does_not_ask_twice_for_the_same_and_may_after_a_refusal()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var first = await platform.SentRequestAsync(consumer, service);

        Assert.Equal("exchange.request.twin", (await platform.As<AskForSharing>(Asker).DraftAsync(Ask(consumer, service), Cancellation)).Refusal?.Code);
        (await platform.As<AnswerSharing>(LandOwner).RefuseAsync(first, null, "Chưa đủ điều kiện", Basis, null, Cancellation)).Expect();
        Assert.Null((await platform.As<AskForSharing>(Asker).DraftAsync(Ask(consumer, service), Cancellation)).Refusal);
    }

    [Fact]
    public async Task A_stale_form_is_refused_and_two_answers_at_once_leave_one()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var request = await platform.SentRequestAsync(consumer, service);
        var seen = (await platform.BookAsync()).Requests[request].Version;
        (await platform.As<AnswerSharing>(LandSteward).ReceiveAsync(request, seen, Cancellation)).Expect();

        Assert.Equal("exchange.stale", (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, seen, null, null, Cancellation)).Refusal?.Code);
        var answers = await Task.WhenAll(
            Task.Run(() => platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, null, Cancellation)),
            Task.Run(() => platform.As<AnswerSharing>(LandHead).RefuseAsync(request, null, "Chưa đủ", Basis, null, Cancellation)));
        Assert.Single(answers, a => a.Refusal is null);
        Assert.Single((await platform.BookAsync()).EventsOf(request.Value), e => e.Kind is ExchangeEventKind.Approved or ExchangeEventKind.Refused);
    }

    [Fact]
    public async Task Each_side_acts_for_its_own_unit_only_and_who_sent_does_not_decide()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        Assert.Equal("exchange.not-allowed", (await platform.As<AskForSharing>(Stranger).DraftAsync(Ask(consumer, service), Cancellation)).Refusal?.Code);
        var request = await platform.SentRequestAsync(consumer, service);

        Assert.Equal("exchange.not-allowed", (await platform.As<AnswerSharing>(Stranger).ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<AnswerSharing>(Asker).ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<AnswerSharing>(LandSteward).ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);   // Prepares, does not decide.
        Assert.Equal("exchange.not-allowed", (await platform.As<AnswerSharing>(Admin).ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);
        var both = Asker with { Grants = [.. Asker.Grants, new RoleGrant(Role.DataOwner, ExchangeUnits.Land)] };
        Assert.Equal("exchange.same-person", (await platform.As<AnswerSharing>(both).ApproveAsync(request, null, null, null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.request.unknown", (await platform.As<FindRequests>(Stranger).FindAsync(request, Cancellation)).Refusal?.Code);
        Assert.Empty((await platform.As<FindRequests>(Stranger).HandleAsync(new(), Cancellation)).Expect().Page.Rows);
        Assert.Single((await platform.As<FindRequests>(Auditor).HandleAsync(new() { Query = "cap giay chung nhan" }, Cancellation)).Expect().Page.Rows);
    }

    [Fact]
    public async Task A_draft_is_the_consumers_own_until_it_is_sent()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var draft = (await platform.As<AskForSharing>(Asker).DraftAsync(Ask(consumer, service), Cancellation)).Expect();

        Assert.Empty((await platform.As<FindRequests>(LandOwner).HandleAsync(new(), Cancellation)).Expect().Page.Rows);
        Assert.Equal("exchange.request.unknown", (await platform.As<AnswerSharing>(LandSteward).ReceiveAsync(draft, null, Cancellation)).Refusal?.Code);
        Assert.Single((await platform.As<FindRequests>(Asker).HandleAsync(new(), Cancellation)).Expect().Page.Rows);
    }

    [Fact]
    public async Task What_is_asked_for_must_exist_and_have_a_basis()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        async Task<string?> CodeAsync(AskForSharing.Request request) => (await platform.As<AskForSharing>(Asker).DraftAsync(request, Cancellation)).Refusal?.Code;

        Assert.Equal("exchange.fields.unknown", await CodeAsync(Ask(consumer, service) with { Fields = ["/soTo", "/matKhau"] }));
        Assert.Equal("exchange.service.not-published", await CodeAsync(Ask(consumer, service) with { Major = 2 }));
        Assert.Equal("exchange.basis.no-number", await CodeAsync(Ask(consumer, service) with { LegalBasis = "nhu cầu công việc" }));
        Assert.Equal("exchange.period.wrong", await CodeAsync(Ask(consumer, service) with { WantedUntil = new(2026, 11, 30) }));
        Assert.Null(await CodeAsync(Ask(consumer, service) with { Fields = ["/chuSuDung"] }));   // An object stands for what it holds.
    }

    [Fact]
    public async Task Figures_keep_requests_inside_their_term_out_of_the_denominator_R_MON_03()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        var onTime = await platform.SentRequestAsync(consumer, service);
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(onTime, null, null, null, Cancellation)).Expect();
        await platform.SentRequestAsync(await platform.SubsystemAsync(OneStopHead, "mc-tre", ExchangeUnits.OneStop), service);
        platform.Clock.Set(new(2026, 12, 8), 9);
        await platform.SentRequestAsync(await platform.SubsystemAsync(OneStopHead, "mc-moi", ExchangeUnits.OneStop), service);

        Assert.Equal(new RequestFigures(3, 1, 2, 1, 1, 0), (await platform.As<FindRequests>(StandingBody).HandleAsync(new(), Cancellation)).Expect().Figures);
    }

    [Fact]
    public async Task Events_and_wordings_cannot_be_changed_by_anybody()
    {
        var (platform, consumer, service) = await WorldAsync();
        await using var _ = platform;
        await platform.SentRequestAsync(consumer, service);
        await using var db = await platform.OpenAsync();
        Assert.NotNull(await Record.ExceptionAsync(() => db.ExchangeEvents.ExecuteDeleteAsync(Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.ExchangeEvents.ExecuteUpdateAsync(s => s.SetProperty(e => e.Text, "khác"), Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.RequestContents.ExecuteUpdateAsync(s => s.SetProperty(c => c.Purpose, "khác"), Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.ServiceVersions.ExecuteDeleteAsync(Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.ServiceRevisions.ExecuteDeleteAsync(Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.SystemRevisions.ExecuteDeleteAsync(Cancellation)));
        Assert.NotNull(await Record.ExceptionAsync(() => db.Credentials.ExecuteDeleteAsync(Cancellation)));
    }
}
