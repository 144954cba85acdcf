using System.Text.Json;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Control;
using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange;

/// <summary>A node that asks for shares, also the gateway within a control plane.</summary>
public sealed class ShareNode
{
    public required Guid Id { get; init; }
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>What is lent of one budget to all nodes together; see <see cref="ShareLedger"/>.</summary>
public sealed class SharedBudget
{
    public required string Id { get; init; }
    public long Day { get; set; }
    public long Granted { get; set; }
    public long SpentUntil { get; set; }
}

/// <summary>What one process of one node was lent of one budget; see <see cref="ShareLease"/>.</summary>
public sealed class BudgetLease
{
    public required Guid Node { get; init; }
    public required string Budget { get; init; }
    public Guid Epoch { get; set; }
    public long Day { get; set; }
    public long Leased { get; set; }
    public long Returned { get; set; }
    public long Alone { get; set; }
}

/// <summary>
/// Lends quotas to gateways, so that agency, system and agreement are held over all of them. One question is one transaction that first takes the row all of them
/// take: two control planes on one database lend one after the other.
/// </summary>
public sealed class LendShares(IDbContextFactory<PlatformDb> databases, RouteKey routeKey, TimeProvider clock)
{
    /// <summary>The row that every question takes first.</summary>
    internal const string Turn = "*";

    /// <summary>A node that was not heard of for this long has no part in what others may take alone.</summary>
    private static readonly TimeSpan SeenLately = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan NotedEvery = TimeSpan.FromSeconds(5);

    /// <summary>After that its leases say nothing any more: they are of an earlier day.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(3);

    private const int BodyBytesMax = 4 * 1024 * 1024;

    private volatile Known? _known;

    private sealed record Known(long Number, IReadOnlyDictionary<string, QuotaEntry> Quotas);

    public async Task<ShareAnswer> HandleAsync(Guid node, ShareRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SharedBudgets.Where(b => b.Id == Turn).ExecuteUpdateAsync(b => b.SetProperty(x => x.Granted, x => x.Granted + 1), cancellationToken);
        var now = clock.GetUtcNow();
        var nodes = await NodesAsync(db, node, now, cancellationToken);
        var quotas = await QuotasAsync(db, cancellationToken);
        var ids = request.Lines.Select(IdOf).ToHashSet(StringComparer.Ordinal);
        var budgets = ids.Count == 0 ? [] : await db.SharedBudgets.Where(b => ids.Contains(b.Id)).ToDictionaryAsync(b => b.Id, cancellationToken);
        var leases = ids.Count == 0 ? [] : await db.BudgetLeases.Where(l => l.Node == node && ids.Contains(l.Budget)).ToDictionaryAsync(l => l.Budget, cancellationToken);
        var grants = new List<ShareGrant>(request.Lines.Count);
        foreach (var line in request.Lines)
        {
            var id = IdOf(line);
            if (!quotas.TryGetValue(id, out var quota))
            {
                // Of routes that are no longer in force: the newer ones are on their way to that node.
                grants.Add(new ShareGrant(line.Level, line.Key, line.Day, line.Leased, 0, 0, 1_000_000_000));
                continue;
            }

            var budget = budgets.GetValueOrDefault(id);
            var lease = leases.GetValueOrDefault(id);
            var (ledger, lent, grant) = ShareRule.Lend(
                budget is null ? null : new ShareLedger(budget.Day, budget.Granted, budget.SpentUntil),
                lease is null ? null : new ShareLease(lease.Epoch, lease.Day, lease.Leased, lease.Returned, lease.Alone), quota, request.Epoch, line, now, nodes);
            if (budget is null) db.SharedBudgets.Add(budgets[id] = budget = new SharedBudget { Id = id });
            if (lease is null) db.BudgetLeases.Add(leases[id] = lease = new BudgetLease { Node = node, Budget = id });
            (budget.Day, budget.Granted, budget.SpentUntil) = (ledger.Day, ledger.Granted, ledger.SpentUntil);
            (lease.Epoch, lease.Day, lease.Leased, lease.Returned, lease.Alone) = (lent.Epoch, lent.Day, lent.Leased, lent.Returned, lent.Alone);
            grants.Add(grant);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ShareAnswer(nodes, grants);
    }

    internal static async Task<IResult> Post(HttpContext http, LendShares slice, KeepNodes nodes)
    {
        ShareRequest? request;
        try
        {
            if (http.Request.Headers.Authorization.Count == 0) return Results.BadRequest();
            if (await KeepNodes.BodyAsync(http, BodyBytesMax) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            if (await nodes.WhoAsync(http, body) is not { } node) return Results.Unauthorized();
            request = JsonSerializer.Deserialize(body, ShareJson.Default.ShareRequest);
            if (request is not { Lines: { Count: <= ShareRequest.LinesMax } lines } || lines.Any(l => l is not { Key.Length: > 0 and <= 300, Want: >= 0, Waiting: >= 0, Leased: >= 0, Returned: >= 0, Alone: >= 0 })) return Results.BadRequest();
            var answer = JsonSerializer.SerializeToUtf8Bytes(await slice.HandleAsync(node.Value, request, http.RequestAborted), ShareJson.Default.ShareAnswer);
            using var key = slice.SigningKey();
            http.Response.Headers[NodeCalls.SignatureHeader] = NodeCalls.SignAnswer(key, body, answer);
            return Results.Bytes(answer, "application/json");
        }
        catch (Exception broken) when (broken is JsonException or EndOfStreamException) { return Results.BadRequest(); }
    }

    private System.Security.Cryptography.ECDsa SigningKey() => routeKey.Open();

    /// <summary>How many nodes live, this one included.</summary>
    private static async Task<int> NodesAsync(PlatformDb db, Guid node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.ShareNodes.ToListAsync(cancellationToken);
        if (known.FirstOrDefault(n => n.Id == node) is not { } own) db.ShareNodes.Add(own = new ShareNode { Id = node, SeenAt = now });
        else if (now - own.SeenAt >= NotedEvery) own.SeenAt = now;
        foreach (var old in known.Where(n => n.Id != node && now - n.SeenAt > Forgotten))
        {
            await db.BudgetLeases.Where(l => l.Node == old.Id).ExecuteDeleteAsync(cancellationToken);
            db.ShareNodes.Remove(old);
        }

        return 1 + known.Count(n => n.Id != node && now - n.SeenAt <= SeenLately);
    }

    /// <summary>What is allowed, by the newest routes: never what a node says it is.</summary>
    private async Task<IReadOnlyDictionary<string, QuotaEntry>> QuotasAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var number = await db.PublishedRoutes.MaxAsync(r => (long?)r.Number, cancellationToken) ?? 0;
        if (_known is { } known && known.Number == number) return known.Quotas;
        var quotas = new Dictionary<string, QuotaEntry>(StringComparer.Ordinal);
        if (await db.PublishedRoutes.AsNoTracking().Where(r => r.Number == number).Select(r => r.Envelope).SingleOrDefaultAsync(cancellationToken) is { } envelope)
        {
            using var key = routeKey.Open();
            if (!SnapshotEnvelope.TryOpen(envelope, [key], out var snapshot, out var fault)) throw new InvalidDataException($"the routes {number} in the database are not ours: {fault}");
            foreach (var quota in snapshot.Quotas.Organisations) quotas[IdOf(BudgetLevel.Organisation, quota.Key)] = quota;
            foreach (var quota in snapshot.Quotas.Subsystems) quotas[IdOf(BudgetLevel.Subsystem, quota.Key)] = quota;
            foreach (var a in snapshot.Agreements) quotas[IdOf(BudgetLevel.Agreement, a.Number)] = new QuotaEntry(a.Number, a.RatePerSecond, a.Burst, a.QuotaPerDay);
        }

        _known = new Known(number, quotas);
        return quotas;
    }

    private static string IdOf(ShareLine line) => IdOf(line.Level, line.Key);

    internal static string IdOf(BudgetLevel level, string key) => level switch { BudgetLevel.Organisation => "o:", BudgetLevel.Subsystem => "s:", _ => "a:" } + key;
}

/// <summary>Shares for the gateway within this process: the same ledger as for those elsewhere, without the network.</summary>
public sealed class LocalShares(LendShares lend, TimeProvider clock) : IShareSource
{
    private readonly Guid _node = Guid.CreateVersion7(clock.GetUtcNow());

    public async Task<ShareAnswer> AskAsync(ShareRequest request, CancellationToken cancellationToken)
    {
        try { return await lend.HandleAsync(_node, request, cancellationToken); }
        catch (Exception fault) when (fault is System.Data.Common.DbException or DbUpdateException or InvalidOperationException) { throw new IOException("the database does not lend: " + fault.Message, fault); }
    }
}
