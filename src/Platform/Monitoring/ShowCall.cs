using System.Globalization;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <summary>One step from leaf to root: the neighbour, and on which side it is put.</summary>
public sealed record ProofStep(bool IsLeft, string Hash);

/// <param name="Name">The witness's key name.</param>
/// <param name="At">When it signed; null when it has not signed this checkpoint.</param>
public sealed record WitnessLine(string Name, string KeyId, DateTimeOffset? At);

/// <param name="Record">The entry as people read it: its clear fields in order.</param>
/// <param name="Digests">Its salted digests: part and base64.</param>
/// <param name="OpenParts">Parts of which the salt is kept here, so that a value can be compared with its digest.</param>
/// <param name="Keys">The log's key and those of its witnesses, as text.</param>
public sealed record CallProof(
    CallRow Call, ConnectionFact? Connection, string Origin, string LogKey, long Index, string Leaf, IReadOnlyList<(string Name, string Value)> Record, IReadOnlyList<(string Part, string Digest)> Digests, IReadOnlyList<ProofStep> Path,
    Checkpoint Checkpoint, string Note, IReadOnlyList<WitnessLine> Witnesses, DateTimeOffset? StampedAt, long StampedSize, IReadOnlyList<string> OpenParts, bool MayReveal, string File,
    IReadOnlyList<string> Keys);

/// <summary>
/// Shows what proves a call (R-MON-06): the entry, its way to the root, the signed checkpoint, witnesses and time-stamp, each checked anew at this moment from
/// the log itself and not from the database. Whoever is a side of the call, or oversees, sees it.
/// </summary>
public sealed class ShowCall(
    IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ISharingSight sight, LogSources sources, ICurrentUser who, ParameterBook parameters, TimeProvider clock)
{
    public async Task<Result<CallProof>> HandleAsync(Guid call, CancellationToken cancellationToken)
    {
        var found = await FindAsync(call, cancellationToken);
        if (!found.IsGranted(out var at, out var refusal)) return refusal;
        var (record, line, names) = at;
        var node = names.NodeOf(record);
        if (!sources.IsReadable(node)) return MonitoringRefusals.LogAway(node.Origin);
        var index = record.Closing ?? record.Entry;
        if (!NoteKey.TryParse(node.Key, out var key)) return MonitoringRefusals.LogAway(node.Origin);
        try
        {
            var source = sources.Of(node);
            var keys = await TakeInLog.WitnessKeysAsync(source, key, cancellationToken);
            var note = await NoteAsync(source, keys, index, cancellationToken);
            if (note is null) return MonitoringRefusals.NotSealedYet;
            var proof = await ProofFile.CreateAsync(source, note, index, cancellationToken);
            var (checkpoint, signatures) = proof.Check(keys);
            if (checkpoint.Origin != node.Origin || CallSaying.Read(proof.Entry, index) is not { } said || said.Call != call) return MonitoringRefusals.LogWrong(node.Origin, $"entry {index}");
            var stamp = node.IsRemote ? null : Stamp(node, index);
            var since = clock.GetUtcNow() - (await MonitoringParameters.TodayAsync(parameters, cancellationToken)).UnknownAfter;
            return new CallProof(
                names.Row(record, since), names.ConnectionOf(line), node.Origin, node.Key, index, MerkleHash.Leaf(proof.Entry.Span).ToString(), Fields(proof.Entry, digests: false), Fields(proof.Entry, digests: true),
                Steps(index, checkpoint.Size, proof.Path), checkpoint, note,
                [.. keys.Where(k => k.Algorithm is NoteAlgorithm.Cosignature).Select(k => new WitnessLine(k.Name, k.Id.ToString("x8", CultureInfo.InvariantCulture), signatures.FirstOrDefault(s => s.Key == k)?.At))],
                stamp?.At, stamp?.Size ?? 0, OpenParts(node, index, checkpoint.Size), who.Current.May(Permission.RevealCalls), proof.ToString(), [.. keys.Select(k => k.ToString())]);
        }
        catch (LogDamagedException damage) { return MonitoringRefusals.LogWrong(node.Origin, damage.Where); }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException) { return MonitoringRefusals.LogAway(node.Origin); }
        finally { key.Dispose(); }
    }

    /// <summary>Whether a value somebody holds is what the call carried: its salted digest is computed anew. The question is put on record; what was asked is not.</summary>
    public async Task<Result<bool>> CompareAsync(Guid call, string partName, string value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!Enum.TryParse<CallPart>(partName, out var part) || !Enum.IsDefined(part)) return MonitoringRefusals.NothingKept;
        if (!who.Current.May(Permission.RevealCalls)) return MonitoringRefusals.NotAllowed(nameof(Permission.RevealCalls));
        if (!(await FindAsync(call, cancellationToken)).IsGranted(out var found, out var refusal)) return refusal;
        var (record, _, names) = found;
        var (node, index) = (names.NodeOf(record), record.Closing ?? record.Entry);
        if (node.IsRemote || !sources.IsReadable(node) || node.Head is not { } head || index >= head.Size) return MonitoringRefusals.NothingKept;
        try
        {
            var salt = SaltedDigests.SaltOf(Aside(node, index, head.Size).Span, part).ToArray();
            if (salt.Length == 0) return MonitoringRefusals.NothingKept;
            var entries = await new TileReader(sources.Of(node), head.Size).EntriesAsync(index / Tile.Full, cancellationToken);
            var name = part.ToString();
            var digest = Fields(entries[(int)(index % Tile.Full)], digests: true).FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
            var isSame = digest is not null && Convert.ToBase64String(SaltedDigests.Compute(salt, Encoding.UTF8.GetBytes(value))) == digest;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.Record(who.Current, clock, "monitoring.call.compared", "call", call, after: new { part, isSame });
            await db.SaveChangesAsync(cancellationToken);
            return isSame;
        }
        catch (LogDamagedException damage) { return MonitoringRefusals.LogWrong(node.Origin, damage.Where); }
        catch (IOException) { return MonitoringRefusals.LogAway(node.Origin); }
    }

    private sealed record Found(CallRecord Record, CallLine Line, CallNames Names);

    private async Task<Result<Found>> FindAsync(Guid call, CancellationToken cancellationToken)
    {
        var sees = await sight.OfCurrentAsync(cancellationToken);
        if (sees.IsEmpty) return MonitoringRefusals.NotAllowed("ViewSharing");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var names = await CallNames.ReadAsync(db, facts, sees, cancellationToken);
        var records = await db.CallRecords.AsNoTracking().Where(c => c.Call == call).OrderBy(c => c.At).Take(10).ToListAsync(cancellationToken);
        return records.FirstOrDefault(r => names.LineOf(r) is not null) is { } record ? new Found(record, names.LineOf(record)!, names) : MonitoringRefusals.UnknownCall;
    }

    /// <summary>The witnessed checkpoint when it covers the entry, else the newest one; null when neither does yet.</summary>
    private static async Task<string?> NoteAsync(ITileSource source, IReadOnlyCollection<NoteKey> keys, long index, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { PublicFiles.Witnessed, PublicFiles.Checkpoint })
        {
            if (await source.ReadAsync(name, cancellationToken) is not { } bytes) continue;
            var (checkpoint, _) = LogCheck.ReadCheckpoint(bytes, keys);
            if (checkpoint.Size > index) return Encoding.UTF8.GetString(bytes);
        }

        return null;
    }

    private static List<(string Name, string Value)> Fields(ReadOnlyMemory<byte> entry, bool digests)
    {
        using var json = JsonDocument.Parse(entry);
        var names = Enum.GetNames<CallPart>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]).ToHashSet(StringComparer.Ordinal);
        return [.. json.RootElement.EnumerateObject().Where(p => names.Contains(p.Name) == digests).Select(p => (p.Name, p.Value.ToString()))];
    }

    private static List<ProofStep> Steps(long index, long size, IReadOnlyList<MerkleHash> path)
    {
        var steps = new List<ProofStep>(path.Count);
        var (node, last) = (index, size - 1);
        foreach (var hash in path)
        {
            var isLeft = (node & 1) == 1 || node == last;
            steps.Add(new ProofStep(isLeft, hash.ToString()));
            while (isLeft && (node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            (node, last) = (node >> 1, last >> 1);
        }

        return steps;
    }

    private static ReadOnlyMemory<byte> Aside(LogNode node, long index, long size)
    {
        var bundle = index / Tile.Full;
        var asides = SealedLog.AsidesOf(node.Place, bundle, (int)Math.Min(Tile.Full, size - (bundle * Tile.Full)));
        return asides[(int)(index % Tile.Full)];
    }

    /// <summary>Parts whose salts are still here. Without its salt a digest proves the value to nobody, and that is what erasing it is for.</summary>
    private List<string> OpenParts(LogNode node, long index, long size)
    {
        if (node.IsRemote || !who.Current.May(Permission.RevealCalls)) return [];
        try
        {
            var aside = Aside(node, index, size);
            return [.. Enum.GetValues<CallPart>().Where(p => SaltedDigests.SaltOf(aside.Span, p).Length > 0).Select(p => p.ToString())];
        }
        catch (Exception fault) when (fault is LogDamagedException or IOException or UnauthorizedAccessException) { return []; }
    }

    /// <summary>The first time-stamp over a checkpoint that covers the entry; its signature is checked, its authority by whoever has the authority's certificate.</summary>
    private static (DateTimeOffset At, long Size)? Stamp(LogNode node, long index)
    {
        var folder = Path.Combine(node.PublicFolder, "tsa");
        if (!Directory.Exists(folder)) return null;
        var sizes = Directory.EnumerateFiles(folder, "*.tsr").Select(f => long.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1).Where(s => s > index).Order();
        foreach (var size in sizes.Take(1))
        {
            var name = Path.Combine(folder, size.ToString(CultureInfo.InvariantCulture));
            if (File.Exists(name + ".checkpoint") && TimeStamp.Verify(File.ReadAllBytes(name + ".tsr"), File.ReadAllText(name + ".checkpoint"), [], out var at, out _)) return (at, size);
        }

        return null;
    }
}
