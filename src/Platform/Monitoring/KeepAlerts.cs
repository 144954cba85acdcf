using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <param name="Name">What the subject is called.</param>
/// <param name="Service">The service, when it is about one: its connections and its page.</param>
/// <param name="Connections">Agreements in force that it touches: an issue can be raised under each.</param>
public sealed record AlertRow(Alert Alert, string Name, DataServiceId? Service, IReadOnlyList<ConnectionFact> Connections);

/// <summary>Alerts, and whoever takes one up: a person's name and what is done, beside the alert until it is over.</summary>
public sealed class KeepAlerts(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ICurrentUser who, TimeProvider clock)
{
    /// <summary>Of the past: what a person looks back over.</summary>
    private const int PastMax = 200;

    public async Task<Result<IReadOnlyList<AlertRow>>> AllAsync(bool openOnly, CancellationToken cancellationToken)
    {
        if (!who.Current.May(Permission.ViewNodes)) return MonitoringRefusals.NotAllowed(nameof(Permission.ViewNodes));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var alerts = await db.Alerts.AsNoTracking().Where(a => !openOnly || a.ClearedAt == null).OrderBy(a => a.ClearedAt != null).ThenByDescending(a => a.At).Take(PastMax).ToListAsync(cancellationToken);
        if (alerts.Count == 0) return new List<AlertRow>();
        var services = (await facts.ServicesAsync(cancellationToken)).ToDictionary(s => s.Code, StringComparer.Ordinal);
        var connections = (await facts.ConnectionsAsync(cancellationToken)).Where(c => c.State is ConnectionState.Granted or ConnectionState.Suspended).ToLookup(c => c.ServiceCode, StringComparer.Ordinal);
        return alerts.Select(a => a.Kind is AlertKind.ServiceDown && services.TryGetValue(a.Subject, out var service)
            ? new AlertRow(a, $"{service.Name} ({service.UnitName})", service.Id, [.. connections[a.Subject]])
            : new AlertRow(a, a.Subject, null, [])).ToList();
    }

    /// <summary>How many are open, for the frame of the pages of those who must know.</summary>
    public async Task<int> OpenAsync(CancellationToken cancellationToken)
    {
        if (!who.Current.May(Permission.ViewNodes)) return 0;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Alerts.CountAsync(a => a.ClearedAt == null, cancellationToken);
    }

    public async Task<Result<Done>> TakeUpAsync(AlertId id, string note, CancellationToken cancellationToken)
    {
        if (!who.Current.May(Permission.KeepNodes)) return MonitoringRefusals.NotAllowed(nameof(Permission.KeepNodes));
        if (string.IsNullOrWhiteSpace(note) || note.Length > 1_000) return MonitoringRefusals.NoteMissing;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Alerts.FindAsync([id], cancellationToken) is not { } alert) return MonitoringRefusals.UnknownAlert;
        if (alert.TakeUp(who.Current.Id, who.Current.Name, clock.GetUtcNow(), note) is { } refusal) return refusal;
        db.Record(who.Current, clock, "monitoring.alert.taken", "alert", id, after: new { note });
        await db.SaveChangesAsync(cancellationToken);
        return default(Done);
    }
}
