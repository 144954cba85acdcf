using System.ComponentModel.DataAnnotations;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

/// <summary>Which logs are taken in: those found beside this control plane by themselves, others by a person who vouches for the key.</summary>
public sealed class KeepNodes(IDbContextFactory<PlatformDb> databases, LogSources sources, ICurrentUser who, TimeProvider clock, Alarms alarms)
{
    public sealed record Request
    {
        /// <summary>The verifier key as text: it names the origin.</summary>
        [Required, StringLength(1_000)] public string Key { get; set; } = "";

        /// <summary>Address of the public files.</summary>
        [Required, StringLength(1_000)] public string Place { get; set; } = "";
    }

    public async Task<Result<int>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!who.Current.May(Permission.KeepNodes)) return MonitoringRefusals.NotAllowed(nameof(Permission.KeepNodes));
        if (!NoteKey.TryParse(request.Key, out var key) || key.Algorithm is not NoteAlgorithm.EcdsaP256) return MonitoringRefusals.KeyUnreadable;
        using (key)
        {
            if (!Uri.TryCreate(request.Place.Trim(), UriKind.Absolute, out var place) || place.Scheme is not ("http" or "https") || place.UserInfo.Length > 0 || place.Query.Length > 0) return MonitoringRefusals.PlaceUnreadable;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.LogNodes.AnyAsync(n => n.Origin == key.Name, cancellationToken)) return MonitoringRefusals.NodeKnown(key.Name);
            if (await db.LogNodes.CountAsync(cancellationToken) >= FindOwnNodes.NodesMax) return MonitoringRefusals.TooManyNodes(FindOwnNodes.NodesMax);
            var node = FindOwnNodes.Node(await FindOwnNodes.NextAsync(db, cancellationToken), key, place.AbsoluteUri, isOwn: false, clock);
            db.LogNodes.Add(node);
            db.Record(who.Current, clock, "monitoring.node.added", "log-node", node.Origin, after: new { node.Place, node.Key });
            await db.SaveChangesAsync(cancellationToken);
            return node.Number;
        }
    }

    /// <summary>
    /// Takes a stopped log up again where it stopped, after somebody has looked and said why. Nothing wrong becomes right by it: the same fault stops it again.
    /// </summary>
    public async Task<Result<Done>> ResumeAsync(int number, string note, CancellationToken cancellationToken)
    {
        if (!who.Current.May(Permission.KeepNodes)) return MonitoringRefusals.NotAllowed(nameof(Permission.KeepNodes));
        if (string.IsNullOrWhiteSpace(note)) return MonitoringRefusals.NoteMissing;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.LogNodes.AsNoTracking().FirstOrDefaultAsync(n => n.Number == number, cancellationToken) is not { } node) return MonitoringRefusals.UnknownNode;
        if (node.StoppedAt is null) return MonitoringRefusals.NodeNotStopped;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LogNodes.Where(n => n.Number == number).ExecuteUpdateAsync(
            n => n.SetProperty(x => x.StoppedAt, (DateTimeOffset?)null).SetProperty(x => x.Fault, (LogFault?)null).SetProperty(x => x.FaultWhere, (string?)null), cancellationToken);
        db.Record(who.Current, clock, "monitoring.node.resumed", "log-node", node.Origin, before: new { node.Fault, node.FaultWhere }, note: note.Trim());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await alarms.ClearAsync(AlertKind.LogWrong, node.Origin, cancellationToken);
        return default(Done);
    }

    public async Task<Result<IReadOnlyList<LogNode>>> AllAsync(CancellationToken cancellationToken)
    {
        if (!who.Current.May(Permission.ViewNodes)) return MonitoringRefusals.NotAllowed(nameof(Permission.ViewNodes));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LogNodes.AsNoTracking().OrderBy(n => n.Origin).ToListAsync(cancellationToken);
    }

    /// <summary>Whether this machine reads that log; otherwise another control plane does.</summary>
    public bool IsReadHere(LogNode node) => sources.IsReadable(node);
}

/// <summary>Finds the logs of gateways that run beside this control plane.</summary>
public sealed class FindOwnNodes(IDbContextFactory<PlatformDb> databases, LogSources sources, TimeProvider clock, ILogger<FindOwnNodes> log)
{
    /// <summary>A province runs some; each costs a read a second.</summary>
    public const int NodesMax = 100;

    public async Task<IReadOnlyList<int>> HandleAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.LogNodes.AsNoTracking().ToListAsync(cancellationToken);
        foreach (var folder in sources.Found())
        {
            var file = Path.Combine(folder, "public", PublicFiles.Key);
            if (!File.Exists(file) || !NoteKey.TryParse(await File.ReadAllTextAsync(file, cancellationToken), out var key)) continue;
            using (key)
            {
                var place = Path.GetFullPath(folder);
                var same = known.FirstOrDefault(n => n.Origin == key.Name);
                if (same is null && known.Count < NodesMax)
                {
                    var node = Node(await NextAsync(db, cancellationToken), key, place, isOwn: true, clock).On(LogSources.Host);
                    db.LogNodes.Add(node);
                    try { await db.SaveChangesAsync(cancellationToken); }
                    catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested) { return []; }   // Another control plane added one; the next look sees it.
                    known.Add(node);
                    log.NodeFound(node.Origin, node.Place);
                }
                else if (same is { IsOwn: true } && same.Key == key.ToString() && (same.Host != LogSources.Host || same.Place != place))
                {
                    // The same log on a disk that moved: to a new machine, or a container with a new name. That it continues what was seen is checked at the next look.
                    await db.LogNodes.Where(n => n.Number == same.Number).ExecuteUpdateAsync(n => n.SetProperty(x => x.Host, LogSources.Host).SetProperty(x => x.Place, place), cancellationToken);
                }
            }
        }

        return [.. known.Where(sources.IsReadable).Select(n => n.Number)];
    }

    internal static LogNode Node(int number, NoteKey key, string place, bool isOwn, TimeProvider clock) =>
        new() { Number = number, Origin = key.Name, Key = key.ToString(), Place = place, IsOwn = isOwn, AddedAt = clock.GetUtcNow() };

    internal static async Task<int> NextAsync(PlatformDb db, CancellationToken cancellationToken) => (await db.LogNodes.MaxAsync(n => (int?)n.Number, cancellationToken) ?? 0) + 1;
}
