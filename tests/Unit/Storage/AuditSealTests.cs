using LienThong.Gateway.Log;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Storage;

/// <summary>The audit trail against the owner of the database, who can switch every trigger off (R-NFR-04, T39).</summary>
public sealed class AuditSealTests : IAsyncLifetime
{
    private readonly TestPlatform _platform = new();
    private SealedLog _log = null!;

    [Fact]
    public async Task Every_record_is_sealed_once_in_its_order_and_the_trail_is_confirmed()
    {
        await RecordAsync(600);
        var seal = _platform.Services.GetRequiredService<SealAudit>();
        var rounds = new List<int>();
        for (int count; (count = await seal.RoundAsync(_log, default)) > 0;) rounds.Add(count);
        Assert.Equal(await CountAsync(), rounds.Sum());
        await RecordAsync(3);
        Assert.Equal(3, await seal.RoundAsync(_log, default));
        Assert.Equal(0, await seal.RoundAsync(_log, default));

        var checkedAudit = await CheckAsync();
        Assert.Equal((await CountAsync(), 0, 0), (checkedAudit.Sealed, checkedAudit.Waiting, checkedAudit.Problems.Count));
    }

    [Fact]
    public async Task Whoever_changes_or_removes_a_record_in_the_database_is_found_and_the_record_named()
    {
        await RecordAsync(20);
        var seal = _platform.Services.GetRequiredService<SealAudit>();
        while (await seal.RoundAsync(_log, default) > 0) { }
        await using var db = await _platform.OpenAsync();
        var ids = await db.Audit.OrderBy(a => a.At).ThenBy(a => a.Id).Select(a => a.Id).ToListAsync();
        foreach (var table in (string[])["storage_audit", "storage_audit_seal"]) await OwnerAsync(db, table);
        await db.Audit.Where(a => a.Id == ids[3]).ExecuteUpdateAsync(set => set.SetProperty(a => a.AccountName, "somebody else"));
        await db.Audit.Where(a => a.Id == ids[5]).ExecuteUpdateAsync(set => set.SetProperty(a => a.Note, "added later"));
        await db.Audit.Where(a => a.Id == ids[7]).ExecuteDeleteAsync();
        await db.AuditSeals.Where(s => s.Id == ids[7]).ExecuteDeleteAsync();   // Also its mark.
        var earlier = _platform.Clock.GetUtcNow().AddDays(-1);
        await db.Audit.Where(a => a.Id == ids[9]).ExecuteUpdateAsync(set => set.SetProperty(a => a.At, earlier));

        var found = await CheckAsync();
        Assert.Equal(
            [(ids[3], AuditFault.Altered), (ids[5], AuditFault.Altered), (ids[7], AuditFault.Removed), (ids[9], AuditFault.Altered)],
            found.Problems.OrderBy(p => p.EntryIndex).Select(p => (p.Record, p.Fault)));
    }

    [Fact]
    public async Task A_mark_that_points_elsewhere_is_found()
    {
        await RecordAsync(4);
        var seal = _platform.Services.GetRequiredService<SealAudit>();
        while (await seal.RoundAsync(_log, default) > 0) { }
        await RecordAsync(1);
        await using var db = await _platform.OpenAsync();
        var last = await db.Audit.OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Select(a => a.Id).FirstAsync();
        db.AuditSeals.Add(new AuditSeal { Id = last, Origin = _log.Origin, EntryIndex = 1 });   // "It is sealed": so it would never be.
        await db.SaveChangesAsync();
        var problem = Assert.Single((await CheckAsync()).Problems);
        Assert.Equal((last, AuditFault.NotInLog), (problem.Record, problem.Fault));
    }

    [Fact]
    public async Task The_application_itself_cannot_change_a_mark()
    {
        await RecordAsync(2);
        await _platform.Services.GetRequiredService<SealAudit>().RoundAsync(_log, default);
        await using var db = await _platform.OpenAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.AuditSeals.ExecuteUpdateAsync(set => set.SetProperty(s => s.EntryIndex, 0)));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.AuditSeals.ExecuteDeleteAsync());
    }

    private async Task RecordAsync(int count)
    {
        await using var db = await _platform.OpenAsync();
        for (var i = 0; i < count; i++)
        {
            _platform.Clock.Advance(TimeSpan.FromMilliseconds(10));
            db.Record(CurrentUser.System, _platform.Clock, "tests.deed", "thing", i, before: null, after: new { Tên = $"số {i}" });
        }

        await db.SaveChangesAsync();
    }

    private async Task<long> CountAsync()
    {
        await using var db = await _platform.OpenAsync();
        return await db.Audit.LongCountAsync();
    }

    private async Task<CheckedAudit> CheckAsync()
    {
        await _log.SealAsync();
        var found = await LogCheck.RunAsync(new TileFolder(_log.PublicFolder), [Key()], null, null, default);
        return await _platform.Services.GetRequiredService<CheckAudit>().HandleAsync(found.Checkpoint, default);
    }

    private NoteKey Key() => NoteKey.TryParse(File.ReadAllText(Path.Combine(_log.PublicFolder, PublicFiles.Key)), out var key) ? key : throw new InvalidOperationException();

    /// <summary>What a database administrator can do first.</summary>
    private static async Task OwnerAsync(PlatformDb db, string table)
    {
#pragma warning disable EF1002 // Names of our own tables.
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlRawAsync($"ALTER TABLE {table} DISABLE TRIGGER ALL");
        else
        {
            await db.Database.ExecuteSqlRawAsync($"DROP TRIGGER {table}_no_update");
            await db.Database.ExecuteSqlRawAsync($"DROP TRIGGER {table}_no_delete");
        }
#pragma warning restore EF1002
    }

    public async ValueTask InitializeAsync()
    {
        await _platform.InitializeAsync();
        _log = SealAudit.OpenLog(_platform.Storage, TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _platform.DisposeAsync();
    }
}
