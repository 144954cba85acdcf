using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <param name="Uptime">Share of the probed time of this month; null while it was never probed.</param>
public sealed record PublicService(string Name, string UnitName, bool IsStopped, bool IsDown, decimal? Uptime, int Connections, bool IsSimulated);

public sealed record PublicSummary(Period Month, int Granted, int Live, long Calls, decimal? SuccessShare, RequestCounts Requests, IReadOnlyList<PublicService> Services, DateTimeOffset? AsOf);

/// <summary>What everybody may know of the connections of the province (R-MON-06): sums and the state of services, never who asked whom. Computed once a minute at the most.</summary>
public sealed class PublicConnections(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ParameterBook parameters, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Kept? _kept;

    private sealed record Kept(PublicSummary Summary, DateTimeOffset At);

    public async Task<PublicSummary> HandleAsync(CancellationToken cancellationToken)
    {
        if (_kept is { } kept && clock.GetUtcNow() - kept.At < Fresh) return kept.Summary;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_kept is { } other && clock.GetUtcNow() - other.At < Fresh) return other.Summary;
            var summary = await ReadAsync(cancellationToken);
            _kept = new Kept(summary, clock.GetUtcNow());
            return summary;
        }
        finally { _gate.Release(); }
    }

    private async Task<PublicSummary> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (month, terms) = (Period.Month(now), await MonitoringParameters.TodayAsync(parameters, cancellationToken));
        var view = (await new FindConnections(databases, facts, new Everything(), parameters, clock).HandleAsync(month, cancellationToken)).Expect();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var health = await ServiceUptime.ReadAsync(db, month, now, terms, cancellationToken);
        var connections = view.Rows.Where(r => r.Fact.State is ConnectionState.Granted).ToLookup(r => r.Fact.ServiceId);
        var services = (await facts.ServicesAsync(cancellationToken)).Select(s =>
            new PublicService(s.Name, s.UnitName, s.IsStopped, health.GetValueOrDefault(s.Id)?.DownSince is not null, health.GetValueOrDefault(s.Id)?.Share, connections[s.Id].Count(), s.IsSimulated));
        return new PublicSummary(month, view.Granted, view.Live, view.All.Calls, view.All.SuccessShare, view.Requests, [.. services], view.AsOf);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Everything : ISharingSight
    {
        public Task<SharingSight> OfCurrentAsync(CancellationToken cancellationToken) => Task.FromResult(new SharingSight(true, new HashSet<Kernel.OrgUnitId>()));
    }
}
