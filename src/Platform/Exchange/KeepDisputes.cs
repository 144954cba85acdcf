using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange;

/// <summary>Raises a question between two bodies, answers it, takes it a level up, settles it (R-SHR-10). Silence climbs by itself.</summary>
public sealed class KeepDisputes(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock)
{
    public sealed record Request
    {
        public SharingRequestId? SharingRequest { get; set; }
        public AgreementId? Agreement { get; set; }
        public DisputeKind Kind { get; set; }
        [Required, StringLength(4_000)] public string Text { get; set; } = "";
        [StringLength(100)] public string? Document { get; set; }
    }

    public async Task<Result<DisputeId>> RaiseAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(Typing.Need(nameof(request.Text), request.Text), Typing.Fits(nameof(request.Document), request.Document, 100)) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        Guid about;
        OrgUnitId consumer, provider;
        if (request.Agreement is { } agreementId)
        {
            if (work.Book.Agreements.GetValueOrDefault(agreementId) is not { } agreement) return ExchangeRefusals.UnknownAgreement;
            (about, consumer, provider) = (agreementId.Value, agreement.Consumer, agreement.Provider);
        }
        else
        {
            if (request.SharingRequest is not { } id || work.Book.Requests.GetValueOrDefault(id) is not { } asked) return ExchangeRefusals.UnknownRequest;
            if (!work.Book.EventsOf(id.Value).Any(e => e.Kind is ExchangeEventKind.Sent)) return ExchangeRefusals.UnknownRequest;
            (about, consumer, provider) = (id.Value, asked.Consumer, asked.Provider);
        }

        var isConsumer = await access.MayAsync(Permission.RaiseDispute, consumer, cancellationToken);
        if (!isConsumer && await access.DenyAsync(Permission.RaiseDispute, provider, cancellationToken) is { } denied) return denied;
        var terms = await index.ParametersAsync(cancellationToken);
        var twin = work.Book.Disputes.Values.FirstOrDefault(d => d.About == about && d.Kind == request.Kind && DisputeStanding.Of(work.Book, d, work.Now, terms, calendar).State is not DisputeState.Settled);
        if (twin is not null) return ExchangeRefusals.DisputeTwin(twin.Code);
        var disputeId = StrongId.New<DisputeId>(clock);
        var code = work.NextDisputeCode();
        work.Add(new SharingDispute
        {
            Id = disputeId,
            Code = code,
            About = about,
            RaisedBy = isConsumer ? consumer : provider,
            Other = isConsumer ? provider : consumer,
            Kind = request.Kind,
            Text = request.Text.Trim(),
            CreatedAt = work.Now,
        });
        work.Happened(disputeId.Value, ExchangeEventKind.DisputeRaised, text: request.Text, document: request.Document);
        work.Audit("exchange.dispute.raised", "dispute", disputeId, after: new { code, request.Kind }, note: access.Delegation(Permission.RaiseDispute));
        await work.CommitAsync(cancellationToken);
        return disputeId;
    }

    /// <summary>Whoever must answer at the level it stands on today answers.</summary>
    public async Task<Result<Done>> AnswerAsync(DisputeId id, int? version, string? answer, string? document, CancellationToken cancellationToken)
    {
        if (Typing.First(Typing.Need("Answer", answer), Typing.Fits("Document", document, 100)) is { } wrong) return wrong;
        return await DoAsync(id, version, "answered", ExchangeEventKind.DisputeAnswered, answer, document, async (dispute, standing) =>
        {
            if (standing.State is not DisputeState.Open) return ExchangeRefusals.DisputeState(dispute.Code);
            return standing.Climb.Level switch
            {
                DisputeLevel.Party => await access.DenyAsync(Permission.RaiseDispute, dispute.Other, cancellationToken),
                DisputeLevel.StandingBody => HoldsProvince(Role.StandingBody),
                _ => HoldsProvince(Role.ProvinceLeader),
            };
        }, cancellationToken);
    }

    /// <summary>Whoever raised it does not accept the answer: the level above is asked.</summary>
    public async Task<Result<Done>> AppealAsync(DisputeId id, int? version, string? reason, CancellationToken cancellationToken) =>
        Typing.Need("Reason", reason) is { } wrong ? wrong : await DoAsync(id, version, "appealed", ExchangeEventKind.DisputeAppealed, reason, null, async (dispute, standing) =>
            standing.State is not DisputeState.Answered || standing.Climb.Level is DisputeLevel.ProvinceLeader ? ExchangeRefusals.DisputeState(dispute.Code)
                : await access.DenyAsync(Permission.RaiseDispute, dispute.RaisedBy, cancellationToken), cancellationToken);

    /// <summary>Whoever raised it says that it is settled; after the answer of the leader anybody who may settle can close it.</summary>
    public async Task<Result<Done>> SettleAsync(DisputeId id, int? version, string? text, CancellationToken cancellationToken) =>
        Typing.Fits("Text", text) is { } wrong ? wrong : await DoAsync(id, version, "settled", ExchangeEventKind.DisputeSettled, text, null, async (dispute, standing) =>
            standing.State is DisputeState.Settled ? ExchangeRefusals.DisputeState(dispute.Code)
                : standing is { State: DisputeState.Answered, Climb.Level: not DisputeLevel.Party } && access.Deny(Permission.SettleDispute) is null ? null
                : await access.DenyAsync(Permission.RaiseDispute, dispute.RaisedBy, cancellationToken), cancellationToken);

    private Refusal? HoldsProvince(Role role) =>
        access.User.IsSystem || access.User.Grants.Any(g => g.Role == role && AccessTable.ReachOf(role, Permission.SettleDispute) is Reach.Province) ? null : ExchangeRefusals.NotAllowed(nameof(Permission.SettleDispute));

    private async Task<Result<Done>> DoAsync(
        DisputeId id, int? version, string what, ExchangeEventKind kind, string? text, string? document, Func<SharingDispute, DisputeStanding, Task<Refusal?>> deny, CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Disputes.GetValueOrDefault(id) is not { } dispute) return ExchangeRefusals.UnknownDispute;
        var standing = DisputeStanding.Of(work.Book, dispute, work.Now, terms, calendar);
        if (await deny(dispute, standing) is { } denied) return denied;
        if (await work.TouchAsync<SharingDispute>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, kind, word: standing.Climb.Level.ToString(), text: text, document: document);
        work.Audit("exchange.dispute." + what, "dispute", id, after: new { dispute.Code, standing.Climb.Level });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}
