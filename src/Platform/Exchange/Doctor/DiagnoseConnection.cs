using LienThong.Gateway.Admission;
using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange.Doctor;

/// <summary>
/// The connection doctor: asks of one agreement everything a call would meet, from the signatures to the provider's first answer, and says who must repair what
/// (R-MON-01; exchange.md §6 item 11). It reads and looks; it changes nothing and carries no data.
/// </summary>
public sealed class DiagnoseConnection(
    IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, ExchangeOptions exchange, RouteKey routeKey, IExchangeNodes nodes, IEnumerable<IReadiness> parts, DoctorOptions options,
    TimeProvider clock)
{
    /// <summary>Looks at once in this process; each holds sockets for some seconds.</summary>
    private const int AtOnce = 4;

    /// <summary>A gateway of its own reports at least this often.</summary>
    private static readonly TimeSpan NodeSilenceMax = TimeSpan.FromMinutes(2);

    private static readonly SemaphoreSlim Looking = new(AtOnce);

    public async Task<Result<Diagnosis>> HandleAsync(AgreementId id, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        var book = await index.CurrentAsync(cancellationToken);
        if (book.Agreements.GetValueOrDefault(id) is not { } agreement || !(scope.Holds(agreement.Consumer) || scope.Holds(agreement.Provider))) return ExchangeRefusals.UnknownAgreement;
        return await LookAsync(book, agreement, cancellationToken);
    }

    /// <summary>By the number people write.</summary>
    public async Task<Result<Diagnosis>> HandleAsync(string code, CancellationToken cancellationToken)
    {
        var book = await index.CurrentAsync(cancellationToken);
        return book.Agreements.Values.FirstOrDefault(a => a.Code == code) is { } agreement ? await HandleAsync(agreement.Id, cancellationToken) : ExchangeRefusals.UnknownAgreement;
    }

    private async Task<Diagnosis> LookAsync(ExchangeBook book, DataSharingAgreement agreement, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var standing = AgreementStanding.Of(book, agreement, now);
        var service = book.Services[agreement.Service];
        var (consumer, provider) = (book.Subsystems[agreement.ConsumerSubsystem], book.Subsystems[service.Provider]);
        var found = new List<DoctorFinding>
        {
            Agreement(standing, now),
            Service(book, agreement, service, provider, now),
            Identity(book, consumer, now),
        };
        found.Add(await RoutesAsync(agreement, found.All(f => f.Verdict is not DoctorVerdict.Fault), now, cancellationToken));
        found.Add(await GatewayAsync(now, cancellationToken));
        found.Add(await QuotaAsync(agreement, standing, now, cancellationToken));
        await Looking.WaitAsync(cancellationToken);
        try
        {
            found.AddRange(await UpstreamsAsync(book.Of(service.Id), cancellationToken));
        }
        finally
        {
            Looking.Release();
        }

        found.Add(Schema(book, agreement, service, standing, now));
        return new Diagnosis(agreement.Code, consumer.Identifier(exchange.Instance), provider.Identifier(exchange.Instance), book.Of(service.Id).Name, now, [.. found.OrderBy(f => f.Step)]);
    }

    private static DoctorFinding Agreement(AgreementStanding standing, DateTimeOffset now)
    {
        const DoctorStep Step = DoctorStep.Agreement;
        switch (standing.State)
        {
            case AgreementState.Terminated: return DoctorFinding.Fault(Step, "agreement.terminated", DoctorParty.Both, standing.TerminatedAt!.Value);
            case AgreementState.Expired: return DoctorFinding.Fault(Step, "agreement.expired", DoctorParty.Both, standing.Windows[^1].Until);
            case AgreementState.Ahead: return DoctorFinding.Fault(Step, "agreement.ahead", DoctorParty.Both, standing.Windows.Min(w => w.From));
            case AgreementState.Suspended:
                var stop = standing.Stops.First(s => s.Covers(now));
                return DoctorFinding.Fault(Step, "agreement.suspended", DoctorParty.Provider, stop.From, stop.Notice ?? "");
            case AgreementState.AwaitingSignature:
                var signed = standing.Pending is { } pending ? standing.Under(pending).Select(s => s.Side).ToHashSet() : [];
                return signed.Contains(AgreementSide.Provider) ? DoctorFinding.Fault(Step, "agreement.unsigned.consumer", DoctorParty.Consumer)
                    : signed.Contains(AgreementSide.Consumer) ? DoctorFinding.Fault(Step, "agreement.unsigned.provider", DoctorParty.Provider)
                    : DoctorFinding.Fault(Step, "agreement.unsigned", DoctorParty.Both);
            default:
                var until = standing.Windows.Max(w => w.Until);
                return until < now.AddDays(14) ? DoctorFinding.Warn(Step, "agreement.soon", DoctorParty.Both, until) : DoctorFinding.Ok(Step, until);
        }
    }

    private static DoctorFinding Service(ExchangeBook book, DataSharingAgreement agreement, DataService service, Subsystem provider, DateTimeOffset now)
    {
        const DoctorStep Step = DoctorStep.Service;
        var standing = ServiceStanding.Of(book, service, now);
        if (!SubsystemStanding.IsOpen(book, provider)) return DoctorFinding.Fault(Step, "service.provider-closed", DoctorParty.Provider, provider.Name);
        if (standing.State is ServiceState.Withdrawn) return DoctorFinding.Fault(Step, "service.withdrawn", DoctorParty.Provider);
        if (standing.State is ServiceState.Suspended) return DoctorFinding.Fault(Step, "service.suspended", DoctorParty.Provider, standing.Stop!.From, standing.Stop.Notice ?? "");
        if (standing.OfMajor(agreement.Major) is not { } version) return DoctorFinding.Fault(Step, "service.no-version", DoctorParty.Provider, agreement.Major);
        return DoctorFinding.Ok(Step, version.Label);
    }

    private static DoctorFinding Identity(ExchangeBook book, Subsystem consumer, DateTimeOffset now)
    {
        const DoctorStep Step = DoctorStep.Identity;
        if (!SubsystemStanding.IsOpen(book, consumer)) return DoctorFinding.Fault(Step, "identity.closed", DoctorParty.Consumer, consumer.Name);
        if (consumer.IsEnterprise && EnterpriseStanding.Contract(book, consumer.Unit, Vietnamese.DayOf(now)) is null) return DoctorFinding.Fault(Step, "identity.no-contract", DoctorParty.Consumer);
        var all = book.Credentials.Of(consumer.Id);
        var valid = SubsystemStanding.Valid(book, consumer, now);
        if (valid.Count > 0) return valid.Max(c => c.ValidUntil) is var until && until < now.AddDays(14) ? DoctorFinding.Warn(Step, "identity.soon", DoctorParty.Consumer, until) : DoctorFinding.Ok(Step, valid.Count, until);
        if (all.Count == 0) return DoctorFinding.Fault(Step, "identity.none", DoctorParty.Consumer, consumer.Name);
        var alive = all.Where(c => SubsystemStanding.RevokedAt(book, consumer, c) is null).ToList();
        return alive.Count == 0 ? DoctorFinding.Fault(Step, "identity.revoked", DoctorParty.Consumer)
            : alive.Any(c => c.ValidFrom > now) ? DoctorFinding.Fault(Step, "identity.ahead", DoctorParty.Consumer, alive.Min(c => c.ValidFrom))
            : DoctorFinding.Fault(Step, "identity.expired", DoctorParty.Consumer, alive.Max(c => c.ValidUntil));
    }

    /// <summary>Whether what is right by the book has reached the gateways.</summary>
    private async Task<DoctorFinding> RoutesAsync(DataSharingAgreement agreement, bool isExpected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const DoctorStep Step = DoctorStep.Routes;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var last = await db.PublishedRoutes.AsNoTracking().OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);
        if (last is null) return DoctorFinding.Fault(Step, "routes.none", DoctorParty.Operator);
        if (last.ValidUntil <= now) return DoctorFinding.Fault(Step, "routes.over", DoctorParty.Operator, last.ValidUntil);
        using var key = routeKey.Open();
        if (!SnapshotEnvelope.TryOpen(last.Envelope, [key], out var snapshot, out _)) return DoctorFinding.Fault(Step, "routes.unreadable", DoctorParty.Operator, last.Number);
        if (!isExpected) return DoctorFinding.Skipped(Step);
        return snapshot.Agreements.Any(a => a.Number == agreement.Code) ? DoctorFinding.Ok(Step, last.Number) : DoctorFinding.Fault(Step, "routes.behind", DoctorParty.Operator, last.Number, last.MadeAt);
    }

    private async Task<DoctorFinding> GatewayAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        const DoctorStep Step = DoctorStep.Gateway;
        var joined = (await nodes.ListAsync(cancellationToken)).Where(n => n.RevokedAt is null).ToList();
        var alive = joined.Count(n => n.SeenAt > now - NodeSilenceMax);
        var here = parts.FirstOrDefault(p => p.Part == "gateway");
        if (here is { State: "ok" } || alive > 0)
        {
            return alive < joined.Count ? DoctorFinding.Warn(Step, "gateway.some-silent", DoctorParty.Operator, joined.Count - alive, joined.Count) : DoctorFinding.Ok(Step, alive + (here is { State: "ok" } ? 1 : 0));
        }

        return here is not null ? DoctorFinding.Fault(Step, here.State is "log-stopped" ? "gateway.log-stopped" : "gateway.not-running", DoctorParty.Operator, here.State)
            : joined.Count > 0 ? DoctorFinding.Fault(Step, "gateway.silent", DoctorParty.Operator, joined.Count)
            : DoctorFinding.Skipped(Step);
    }

    /// <summary>What was lent to gateways of the day's quota: never less than what was used, and little more.</summary>
    private async Task<DoctorFinding> QuotaAsync(DataSharingAgreement agreement, AgreementStanding standing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const DoctorStep Step = DoctorStep.Quota;
        if (standing.Current is not { } current) return DoctorFinding.Skipped(Step);
        if (current.QuotaPerDay == 0) return DoctorFinding.Ok(Step, 0L, 0L);
        var (id, day) = (LendShares.IdOf(BudgetLevel.Agreement, agreement.Code), (long)Vietnamese.DayOf(now).DayNumber);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var used = await db.SharedBudgets.AsNoTracking().Where(b => b.Id == id && b.Day == day).Select(b => b.Granted).FirstOrDefaultAsync(cancellationToken);
        return used >= current.QuotaPerDay ? DoctorFinding.Fault(Step, "quota.used-up", DoctorParty.Consumer, used, current.QuotaPerDay)
            : used >= current.QuotaPerDay * 9 / 10 ? DoctorFinding.Warn(Step, "quota.soon", DoctorParty.Consumer, used, current.QuotaPerDay)
            : DoctorFinding.Ok(Step, used, current.QuotaPerDay);
    }

    /// <summary>All addresses at once; what stops only some of them is a warning, because calls go to the others.</summary>
    private async Task<IReadOnlyList<DoctorFinding>> UpstreamsAsync(ServiceRevision said, CancellationToken cancellationToken)
    {
        if (said.Upstreams.Count == 0) return [DoctorFinding.Skipped(DoctorStep.Upstream)];   // A carrier answers no questions.
        var probe = new ProbeUpstream(options, clock);
        var wanted = said.Upstreams.Select(u => new Uri(u)).ToList();
        if (said.Adapter is UpstreamAdapter.Token && said.AdapterAddress is { } tokens) wanted.Add(new Uri(tokens));
        var looks = await Task.WhenAll(wanted.Select(u => probe.LookAsync(u, PathOf(said, u), HeadersOf(said), cancellationToken)));
        var upstreams = looks.Take(said.Upstreams.Count).ToList();
        var isWell = upstreams.Any(l => l.All(f => f.Verdict is not DoctorVerdict.Fault));
        return [.. looks.SelectMany((look, n) => look.Select(f => f.Verdict is DoctorVerdict.Fault && isWell && n < upstreams.Count ? f with { Verdict = DoctorVerdict.Warn } : f))];
    }

    /// <summary>Towards a Security Server a question that needs a right only to be known there; elsewhere the base address.</summary>
    private static string PathOf(ServiceRevision said, Uri address) =>
        said.Adapter is UpstreamAdapter.Road && said.AdapterTarget is { } target ? address.AbsolutePath.TrimEnd('/') + "/r1/" + string.Join('/', target.Split('/').Take(4)).Replace("?", "%3F", StringComparison.Ordinal) + "/listMethods" : address.AbsolutePath;

    private static IReadOnlyList<(string, string)> HeadersOf(ServiceRevision said) => said.Adapter is UpstreamAdapter.Road && said.AdapterClient is { } client ? [("X-Road-Client", client.Replace("?", "%3F", StringComparison.Ordinal))] : [];

    /// <summary>Whether what was agreed is still what the interface offers.</summary>
    private static DoctorFinding Schema(ExchangeBook book, DataSharingAgreement agreement, DataService service, AgreementStanding standing, DateTimeOffset now)
    {
        const DoctorStep Step = DoctorStep.Schema;
        if (ServiceStanding.Of(book, service, now).OfMajor(agreement.Major) is not { } version || (standing.Current ?? standing.Pending) is not { } revision) return DoctorFinding.Skipped(Step);
        if (AskForSharing.CheckFields(book, service.Id, agreement.Major, revision.Fields, now) is { } unknown) return DoctorFinding.Fault(Step, "schema.fields", DoctorParty.Both, string.Join(", ", unknown.Arguments.Select(u => u.ToString())), version.Label);
        var operations = version.Document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var gone = revision.Operations.Where(o => !operations.Contains(o)).ToList();
        return gone.Count > 0 ? DoctorFinding.Fault(Step, "schema.operations", DoctorParty.Both, string.Join(", ", gone.Take(10)), version.Label) : DoctorFinding.Ok(Step, version.Label);
    }
}
