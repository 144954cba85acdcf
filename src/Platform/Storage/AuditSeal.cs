using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Storage;

/// <summary>Where an audit record stands in the sealed log of this control plane. Append-only like the record itself.</summary>
public sealed class AuditSeal
{
    public required AuditId Id { get; init; }

    /// <summary>The log's name.</summary>
    public required string Origin { get; init; }
    public required long EntryIndex { get; init; }
}

public sealed partial class PlatformDb
{
    public DbSet<AuditSeal> AuditSeals => Set<AuditSeal>();
}

internal sealed class AuditSealShape : IEntityTypeConfiguration<AuditSeal>
{
    public void Configure(EntityTypeBuilder<AuditSeal> builder)
    {
        builder.ToTable("storage_audit_seal");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => new { s.Origin, s.EntryIndex });
    }
}

/// <summary>
/// Puts every audit record, soon after it is saved, into a sealed log beside the database (R-NFR-04): whoever changes or removes it afterwards, also as
/// the owner of the database, is found by <see cref="CheckAudit"/>. The log holds a salted digest of the record, not the record.
/// </summary>
/// <remarks>A kill between log and database leaves an entry without its mark; the record is then sealed again, which harms nobody.</remarks>
public sealed partial class SealAudit(IDbContextFactory<PlatformDb> databases, StorageOptions storage, TimeProvider clock, ILogger<SealAudit> logger) : BackgroundService
{
    /// <summary>A record lies open for changes no longer than this.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>A transaction that took longer to commit than this would be sealed only after the next start.</summary>
    private static readonly TimeSpan SlowestCommit = TimeSpan.FromMinutes(10);

    private const int RecordsAtOnce = 256;
    private DateTimeOffset _from = DateTimeOffset.MinValue;

    /// <summary>The folder of the log in a data folder.</summary>
    public static string FolderIn(StorageOptions storage) => Path.Combine(storage.DataFolder, "log", "control");

    /// <summary>Opens the log, or begins it under a name of its own.</summary>
    public static SealedLog OpenLog(StorageOptions storage, TimeProvider clock, ILogger logger)
    {
        var folder = FolderIn(storage);
        var signer = KeyFile.LoadOrCreate(Path.Combine(folder, "private", "key.pem"));
        var origin = "lienthong.audit/" + Convert.ToHexStringLower(SHA256.HashData(signer.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
        return SealedLog.Open(new SealedLogOptions { Folder = folder, Origin = origin, Signer = new NoteSigner(origin, signer) }, clock, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();   // Opening reads files; the host need not wait for it.
        SealedLog log;
        try
        {
            log = OpenLog(storage, clock, logger);
        }
        catch (Exception e) when (e is LogDamagedException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            NotSealing(logger, e);
            return;
        }

        await using (log)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var count = 0;
                try
                {
                    count = await RoundAsync(log, stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;   // What is not sealed yet is sealed after the next start.
                }
                catch (Exception e)
                {
                    TryLater(logger, e);   // Whatever it was: the records wait in the database, and the host goes on without their seals for now.
                }

                if (count < RecordsAtOnce) await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Seals the oldest records that are not sealed yet.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RoundAsync(SealedLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var records = await db.Audit.AsNoTracking().Where(a => a.At >= _from && !db.AuditSeals.Any(s => s.Id == a.Id)).OrderBy(a => a.At).ThenBy(a => a.Id).Take(RecordsAtOnce).ToListAsync(cancellationToken);
        if (records.Count == 0) return 0;

        var salt = new byte[AuditEntry.SaltBytes];
        var places = new List<Appended>(records.Count);
        foreach (var record in records)
        {
            RandomNumberGenerator.Fill(salt);
            places.Add(log.Append(AuditEntry.Write(record, salt), salt));
        }

        await Task.WhenAll(places.Select(p => p.OnDisk));
        db.AuditSeals.AddRange(records.Zip(places, (record, place) => new AuditSeal { Id = record.Id, Origin = log.Origin, EntryIndex = place.Index }));
        await db.SaveChangesAsync(cancellationToken);
        if (records.Count < RecordsAtOnce) _from = records[^1].At - SlowestCommit;
        return records.Count;
    }

    [LoggerMessage(2101, LogLevel.Critical, "Audit records are not being sealed: the log cannot be opened")]
    private static partial void NotSealing(ILogger log, Exception why);

    [LoggerMessage(2102, LogLevel.Warning, "Audit records could not be sealed now; trying again")]
    private static partial void TryLater(ILogger log, Exception why);
}

/// <summary>The entry of one audit record: what it was about in clear, the whole of it as a salted digest.</summary>
internal static class AuditEntry
{
    public const int SaltBytes = 32;

    public static byte[] Write(AuditRecord record, ReadOnlySpan<byte> salt)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("kind", "admin");
            json.WriteString("id", record.Id.Value);
            json.WriteString("at", record.At.UtcDateTime);
            json.WriteString("action", record.Action);
            json.WriteString("object", record.ObjectKind);
            json.WriteString("outcome", record.Outcome);
            json.WriteBase64String("record", Digest(record, salt));
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256(salt ‖ record), the record as JSON with all its columns in the order of the table.</summary>
    public static byte[] Digest(AuditRecord record, ReadOnlySpan<byte> salt)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStringValue(record.Id.Value);
            json.WriteStringValue(record.At.UtcDateTime);
            json.WriteStringValue(record.Account.Value);
            json.WriteStringValue(record.AccountName);
            json.WriteStringValue(record.AccountKind);
            json.WriteStringValue(record.Unit.Value);
            json.WriteStringValue(record.Address);
            if (record.Port is { } port) json.WriteNumberValue(port);
            else json.WriteNullValue();
            json.WriteStringValue(record.Action);
            json.WriteStringValue(record.ObjectKind);
            json.WriteStringValue(record.ObjectId);
            json.WriteStringValue(record.Before);
            json.WriteStringValue(record.After);
            json.WriteStringValue(record.Outcome);
            json.WriteStringValue(record.Note);
            json.WriteEndArray();
        }

        return SaltedDigests.Compute(salt, bytes.WrittenSpan);
    }
}
