using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Storage;

/// <summary>How an audit record and the sealed log disagree.</summary>
public enum AuditFault
{
    /// <summary>The record is not what was sealed.</summary>
    Altered,

    /// <summary>It was sealed, and is gone from the database.</summary>
    Removed,

    /// <summary>The database says that it is sealed, and the log does not hold it there.</summary>
    NotInLog,
}

/// <summary>One disagreement.</summary>
public sealed record AuditProblem(AuditId Record, AuditFault Fault, long EntryIndex);

/// <summary>What a comparison found.</summary>
/// <param name="Sealed">Records that are as they were sealed.</param>
/// <param name="Waiting">Records that are not sealed yet.</param>
/// <param name="Problems">The first of the disagreements.</param>
public sealed record CheckedAudit(long Sealed, long Waiting, IReadOnlyList<AuditProblem> Problems);

/// <summary>
/// Compares the audit trail in the database with its sealed log, record by record (R-NFR-04, T39). The log must have been checked itself before
/// (<see cref="LogCheck"/>): it is believed here.
/// </summary>
public sealed class CheckAudit(IDbContextFactory<PlatformDb> databases, StorageOptions storage)
{
    /// <summary>Whoever sees a hundred knows enough.</summary>
    private const int ProblemsMax = 100;

    /// <exception cref="LogDamagedException">The log cannot be read.</exception>
    public async Task<CheckedAudit> HandleAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var folder = SealAudit.FolderIn(storage);
        var reader = new TileReader(new TileFolder(Path.Combine(folder, "public")), checkpoint.Size);
        var problems = new List<AuditProblem>();
        var seen = 0L;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        for (long bundle = 0; bundle * Tile.Full < checkpoint.Size && problems.Count < ProblemsMax; bundle++)
        {
            var entries = await reader.EntriesAsync(bundle, cancellationToken);
            var salts = SealedLog.AsidesOf(folder, bundle, entries.Count);
            var sealedRecords = entries.Select((entry, i) => Read(entry, salts[i], (bundle * Tile.Full) + i)).ToList();
            var ids = sealedRecords.Select(s => s.Id).ToList();
            var records = await db.Audit.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellationToken);
            foreach (var was in sealedRecords)
            {
                if (!records.TryGetValue(was.Id, out var record)) problems.Add(new(was.Id, AuditFault.Removed, was.Index));
                else if (!AuditEntry.Digest(record, was.Salt.Span).AsSpan().SequenceEqual(was.Digest)) problems.Add(new(was.Id, AuditFault.Altered, was.Index));
                else seen++;
            }

            var marks = await db.AuditSeals.AsNoTracking().Where(s => s.Origin == checkpoint.Origin && s.EntryIndex >= bundle * Tile.Full && s.EntryIndex < (bundle + 1) * Tile.Full).ToListAsync(cancellationToken);
            problems.AddRange(marks.Where(m => m.EntryIndex - (bundle * Tile.Full) is var i && (i >= sealedRecords.Count || sealedRecords[(int)i].Id != m.Id)).Select(m => new AuditProblem(m.Id, AuditFault.NotInLog, m.EntryIndex)));
        }

        var waiting = await db.Audit.LongCountAsync(a => !db.AuditSeals.Any(s => s.Id == a.Id), cancellationToken);
        return new CheckedAudit(seen, waiting, [.. problems.Take(ProblemsMax)]);
    }

    private static (AuditId Id, byte[] Digest, ReadOnlyMemory<byte> Salt, long Index) Read(ReadOnlyMemory<byte> entry, ReadOnlyMemory<byte> salt, long index)
    {
        using var json = JsonDocument.Parse(entry);
        return (AuditId.From(json.RootElement.GetProperty("id").GetGuid()), json.RootElement.GetProperty("record").GetBytesFromBase64(), salt, index);
    }
}
