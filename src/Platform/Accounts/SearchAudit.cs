using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>Auditors search the audit: when, who, what, on which object, from where, with which result. Reading only; the search itself is on record.</summary>
public sealed class SearchAudit(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>Deep pages read everything before them; whoever needs more than this narrows the time.</summary>
    public const int PagesMax = 200;

    /// <summary>A sheet program opens that many rows at once; more are fetched by narrower times.</summary>
    public const int ExportMax = 50_000;

    public sealed record Query
    {
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
        public string? Account { get; init; }
        public string? Action { get; init; }
        public string? ObjectKind { get; init; }
        public string? ObjectId { get; init; }
        public string? Outcome { get; init; }
        public string? Address { get; init; }
        public int Page { get; init; } = 1;
    }

    public sealed record Export(IAsyncEnumerable<AuditRecord> Rows);

    public sealed record PageOfRecords(IReadOnlyList<AuditRecord> Rows, int Total, bool MoreThanShown, int Page);

    public async Task<Result<PageOfRecords>> HandleAsync(Query query, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ViewAudit)) return AccountsRefusals.Forbidden();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var records = Filter(db, query);
        var reachable = PageSize * PagesMax;
        var total = await records.Take(reachable + 1).CountAsync(cancellationToken);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (Math.Min(total, reachable) + PageSize - 1) / PageSize));
        var rows = await records.OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Skip((page - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        return new PageOfRecords(rows, Math.Min(total, reachable), total > reachable, page);
    }

    public async Task<Result<AuditRecord>> OpenAsync(AuditId id, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ViewAudit)) return AccountsRefusals.Forbidden();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Audit.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) is { } record ? record : AccountsRefusals.RecordUnknown();
    }

    /// <summary>The rows for a sheet, newest first, handed on one by one. That somebody took them is on record first.</summary>
    public async Task<Result<Export>> ExportAsync(Query query, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ViewAudit)) return AccountsRefusals.Forbidden();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Record(by, clock, "audit.exported", "audit", "csv", after: query);
        await db.SaveChangesAsync(cancellationToken);
        return new Export(RowsAsync(query, cancellationToken));
    }

    private async IAsyncEnumerable<AuditRecord> RowsAsync(Query query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (var row in Filter(db, query).OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Take(ExportMax).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    private static IQueryable<AuditRecord> Filter(PlatformDb db, Query query)
    {
        var records = db.Audit.AsNoTracking();
        if (query.From is { } from)
        {
            var since = Vietnamese.StartOf(from);
            records = records.Where(a => a.At >= since);
        }

        if (query.To is { } to)
        {
            var until = Vietnamese.EndOf(to);
            records = records.Where(a => a.At < until);
        }

        if (Clean(query.Account) is { } account)
        {
            // The audit keeps names as they were; a person is found by the account as it is called today, or by the words in the record.
            var folded = VietnameseText.Fold(account);
            var ids = db.Users.Where(u => u.SearchText.Contains(folded)).Select(u => u.Id);
            records = UserId.TryParse(account, out var id)
                ? records.Where(a => a.Account == id)
                : records.Where(a => ids.Contains(a.Account) || a.AccountName.Contains(account));
        }

        if (Clean(query.Action) is { } action) records = records.Where(a => a.Action.StartsWith(action));
        if (Clean(query.ObjectKind) is { } kind) records = records.Where(a => a.ObjectKind == kind);
        if (Clean(query.ObjectId) is { } objectId) records = records.Where(a => a.ObjectId == objectId);
        if (Clean(query.Outcome) is { } outcome) records = records.Where(a => a.Outcome == outcome);
        if (Clean(query.Address) is { } address)
        {
            // However an IPv6 address is spelled, it is stored in its one short form.
            var canonical = System.Net.IPAddress.TryParse(address.Trim('[', ']'), out var parsed) ? parsed.ToString() : null;
            records = canonical is not null ? records.Where(a => a.Address == canonical) : records.Where(a => a.Address != null && a.Address.StartsWith(address));
        }

        return records;
    }

    private static string? Clean(string? text) => VietnameseText.Clean(text) is { Length: > 0 and <= 200 } clean ? clean : null;
}
