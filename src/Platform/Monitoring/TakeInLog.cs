using System.Globalization;
using System.Text;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Monitoring;

/// <summary>What a look at a log brought.</summary>
/// <param name="Taken">Entries kept by this look.</param>
/// <param name="Waits">More are there.</param>
public sealed record LogTaken(long Taken, bool Waits);

/// <summary>
/// Takes the entries of one node's log in, each exactly once (issue C): the log must continue what was seen of it, each entry must be under its signed
/// checkpoint, and entries, sums and the place reached are kept in one transaction that only succeeds from the place it began at. A log that is wrong
/// stops here, with an alert, until a person has looked.
/// </summary>
public sealed class TakeInLog(IDbContextFactory<PlatformDb> databases, LogSources sources, Alarms alarms, TimeProvider clock, ILogger<TakeInLog> log)
{
    /// <summary>4.096 entries a transaction: a second's work at most, and a writer who waits for it does not notice.</summary>
    private const int BundlesAtOnce = 16;

    /// <summary>Transactions in one look, so that a node that was away for days does not keep the others waiting.</summary>
    public const int BatchesAtOnce = 8;

    /// <summary>How often an idle node's row says that it was seen, and its witnesses are read.</summary>
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    /// <summary>A restart or a short break of the line is nobody's alert.</summary>
    public static TimeSpan AwayTerm { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Witnesses are asked every two seconds; ten minutes without one is more than a restart.</summary>
    public static TimeSpan UnwitnessedTerm { get; } = TimeSpan.FromMinutes(10);

    public async Task<LogTaken> HandleAsync(int number, CancellationToken cancellationToken)
    {
        var node = await FindAsync(number, cancellationToken);
        if (node is null || node.StoppedAt is not null || !sources.IsReadable(node) || !NoteKey.TryParse(node.Key, out var key)) return new LogTaken(0, false);
        using (key)
        {
            try
            {
                return await LookAsync(node, key, cancellationToken);
            }
            catch (LogDamagedException)
            {
                // A log that is being written, or a line that broke, is no fault of the log: what is wrong is wrong also at the second look.
                try
                {
                    return await LookAsync(await FindAsync(number, cancellationToken) ?? node, key, cancellationToken);
                }
                catch (LogDamagedException damage)
                {
                    if (damage is { Where: PublicFiles.Checkpoint, Fault: LogFault.Missing } && (node.IsRemote || node.HeadSize == 0)) return await AwayAsync(node, damage, cancellationToken);
                    await StopAsync(node, damage, cancellationToken);
                    return new LogTaken(0, false);
                }
                catch (Exception fault) when (IsAway(fault, cancellationToken)) { return await AwayAsync(node, fault, cancellationToken); }
            }
            catch (Exception fault) when (IsAway(fault, cancellationToken)) { return await AwayAsync(node, fault, cancellationToken); }
        }
    }

    private static bool IsAway(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<LogNode?> FindAsync(int number, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LogNodes.AsNoTracking().FirstOrDefaultAsync(n => n.Number == number, cancellationToken);
    }

    private async Task<LogTaken> LookAsync(LogNode node, NoteKey key, CancellationToken cancellationToken)
    {
        var source = sources.Of(node);
        var bytes = await source.ReadAsync(PublicFiles.Checkpoint, cancellationToken) ?? throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Missing);
        var ((checkpoint, _), note) = (LogCheck.ReadCheckpoint(bytes, [key]), Encoding.UTF8.GetString(bytes));
        if (checkpoint.Origin != node.Origin) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Origin);
        var reader = new TileReader(source, checkpoint.Size);
        if (node.Head is { } before) await LogCheck.MustContinueAsync(reader, before, checkpoint, cancellationToken);

        var at = node.Pulled;
        for (var batch = 0; batch < BatchesAtOnce && at < checkpoint.Size; batch++)
        {
            var entries = new List<ReadOnlyMemory<byte>>(BundlesAtOnce * Tile.Full);
            var first = at;
            for (var bundle = at / Tile.Full; bundle * Tile.Full < checkpoint.Size && entries.Count < BundlesAtOnce * Tile.Full; bundle++)
            {
                var read = await LogCheck.EntriesAsync(source, reader, checkpoint, bundle, cancellationToken);
                entries.AddRange(read.Skip((int)(first - (bundle * Tile.Full))));
                first = (bundle * Tile.Full) + read.Count;
            }

            if (!await KeepAsync(node.Number, at, entries, checkpoint, note, cancellationToken)) return new LogTaken(at - node.Pulled, true);
            at += entries.Count;
        }

        await SayAsync(node, source, key, reader, checkpoint, at > node.Pulled, cancellationToken);
        return new LogTaken(at - node.Pulled, at < checkpoint.Size);
    }

    /// <summary>Entries, their sums and the place reached: all of it or nothing.</summary>
    /// <returns>False when another control plane took the same entries in meanwhile.</returns>
    private async Task<bool> KeepAsync(int node, long from, List<ReadOnlyMemory<byte>> entries, Checkpoint checkpoint, string note, CancellationToken cancellationToken)
    {
        var sayings = new List<(long Index, CallSaying Saying)>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (CallSaying.Read(entries[i], from + i) is { } saying) sayings.Add((from + i, saying));
        }

        var (to, root, now) = (from + entries.Count, checkpoint.Root.ToString(), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // First: it locks the node's row, and of two that began at one place only one gets past.
        var moved = await db.LogNodes.Where(n => n.Number == node && n.Pulled == from && n.StoppedAt == null).ExecuteUpdateAsync(
            n => n.SetProperty(x => x.Pulled, to).SetProperty(x => x.HeadSize, checkpoint.Size).SetProperty(x => x.HeadRoot, root).SetProperty(x => x.HeadNote, note).SetProperty(x => x.SeenAt, now),
            cancellationToken);
        if (moved == 0) return false;
        await new CallBook(db, node, clock).AddAsync(sayings, cancellationToken);
        if (sayings.Count > 0)
        {
            var last = sayings[^1].Saying.At;
            await db.LogNodes.Where(n => n.Number == node).ExecuteUpdateAsync(n => n.SetProperty(x => x.LastEntryAt, last), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>That it was seen, and who witnessed it; not at every look, since nothing was said by most.</summary>
    private async Task SayAsync(LogNode node, ITileSource source, NoteKey key, TileReader reader, Checkpoint checkpoint, bool hasNew, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!hasNew && node.AwaySince is null && node.SeenAt is { } seen && now - seen < SayEvery && node.HeadSize == checkpoint.Size) return;
        var keys = await WitnessKeysAsync(source, key, cancellationToken);
        var (witnessed, cosignatures) = keys.Count > 1 ? await LogCheck.ReadWitnessedAsync(source, keys, cancellationToken) : (null, []);
        if (witnessed is not null && witnessed.Size <= checkpoint.Size && (witnessed.Origin != checkpoint.Origin || await reader.RootAsync(0, witnessed.Size, cancellationToken) != witnessed.Root))
        {
            throw new LogDamagedException(PublicFiles.Witnessed, LogFault.Inconsistent);
        }

        var size = Math.Max(node.WitnessedSize, witnessed?.Size ?? 0);
        var names = witnessed is null ? node.Witnesses : string.Join('\n', cosignatures.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key.Name}\t{c.At:O}")));
        DateTimeOffset? since = keys.Count <= 1 || size >= checkpoint.Size ? null : size > node.WitnessedSize ? now : node.UnwitnessedSince ?? now;
        foreach (var witness in keys.Where(k => k != key)) witness.Dispose();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.LogNodes.Where(n => n.Number == node.Number).ExecuteUpdateAsync(
            n => n.SetProperty(x => x.SeenAt, now).SetProperty(x => x.AwaySince, (DateTimeOffset?)null).SetProperty(x => x.WitnessedSize, size).SetProperty(x => x.Witnesses, names).SetProperty(x => x.UnwitnessedSince, since),
            cancellationToken);
        if (node.AwaySince is not null) await alarms.ClearAsync(AlertKind.LogAway, node.Origin, cancellationToken);
        if (since is { } late && now - late >= UnwitnessedTerm) await alarms.RaiseAsync(AlertKind.LogUnwitnessed, node.Origin, Vietnamese.Instant(late), cancellationToken);
        else if (node.UnwitnessedSince is not null) await alarms.ClearAsync(AlertKind.LogUnwitnessed, node.Origin, cancellationToken);
    }

    internal static async Task<List<NoteKey>> WitnessKeysAsync(ITileSource source, NoteKey key, CancellationToken cancellationToken)
    {
        var keys = new List<NoteKey> { key };
        foreach (var line in Encoding.UTF8.GetString(await source.ReadAsync(PublicFiles.Witnesses, cancellationToken) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (NoteKey.TryParse(line, out var witness) && keys.Count < SignedNote.SignaturesMax) keys.Add(witness);
        }

        return keys;
    }

    private async Task<LogTaken> AwayAsync(LogNode node, Exception why, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (node.AwaySince is not { } since)
        {
            log.NodeAway(why, node.Origin);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.LogNodes.Where(n => n.Number == node.Number).ExecuteUpdateAsync(n => n.SetProperty(x => x.AwaySince, now), cancellationToken);
        }
        else if (now - since >= AwayTerm)
        {
            await alarms.RaiseAsync(AlertKind.LogAway, node.Origin, Vietnamese.Instant(since), cancellationToken);
        }

        return new LogTaken(0, false);
    }

    private async Task StopAsync(LogNode node, LogDamagedException damage, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            await db.LogNodes.Where(n => n.Number == node.Number && n.StoppedAt == null).ExecuteUpdateAsync(
                n => n.SetProperty(x => x.StoppedAt, now).SetProperty(x => x.Fault, damage.Fault).SetProperty(x => x.FaultWhere, damage.Where), cancellationToken);
        }

        log.NodeStopped(node.Origin, damage.Where, damage.Fault.ToString());
        await alarms.RaiseAsync(AlertKind.LogWrong, node.Origin, $"{damage.Where}: {damage.Fault}", cancellationToken);
    }
}
