using LienThong.Kernel;
using LienThong.Platform.Monitoring.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

/// <summary>Raises an alert once, however often and by however many control planes the same is found, and ends it when it is right again.</summary>
public sealed class Alarms(IDbContextFactory<PlatformDb> databases, TimeProvider clock, ILogger<Alarms> log)
{
    public async Task RaiseAsync(AlertKind kind, string subject, string finding, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = Alert.KeyOf(kind, subject);
        if (await db.Alerts.AnyAsync(a => a.OpenKey == key, cancellationToken)) return;
        var alert = new Alert { Id = StrongId.New<AlertId>(clock), Kind = kind, Subject = subject, Finding = finding, At = clock.GetUtcNow() }.Open();
        db.Alerts.Add(alert);
        db.Record(CurrentUser.System, clock, "monitoring.alert.raised", "alert", alert.Id, after: new { kind, subject, finding });
        db.Publish(new AlertRaised(alert.Id, kind.ToString(), subject), clock);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            if (await again.Alerts.AnyAsync(a => a.OpenKey == key, cancellationToken)) return;   // Another control plane saw it too.
            throw;
        }

        log.AlertRaised(kind.ToString(), subject, finding);
    }

    public async Task ClearAsync(AlertKind kind, string subject, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = Alert.KeyOf(kind, subject);
        if (await db.Alerts.FirstOrDefaultAsync(a => a.OpenKey == key, cancellationToken) is not { } alert) return;
        alert.Clear(clock.GetUtcNow());
        db.Publish(new AlertCleared(alert.Id, kind.ToString(), subject), clock);
        await db.SaveChangesAsync(cancellationToken);
        log.AlertCleared(kind.ToString(), subject);
    }
}
