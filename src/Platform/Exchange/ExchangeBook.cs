using LienThong.Kernel;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange;

/// <summary>Rows of one kind by their owner, each list in order. Lists are never changed, only replaced, so a reader's view stays as it was.</summary>
public sealed class Shelf<TKey, TRow> where TKey : notnull
{
    private readonly Dictionary<TKey, TRow[]> _rows;

    public Shelf() => _rows = [];

    private Shelf(Dictionary<TKey, TRow[]> rows) => _rows = rows;

    public IReadOnlyList<TRow> Of(TKey key) => _rows.TryGetValue(key, out var rows) ? rows : [];

    public Shelf<TKey, TRow> With(IReadOnlyList<TRow> added, Func<TRow, TKey> key, Func<TRow, IComparable> order)
    {
        if (added.Count == 0) return this;
        var rows = new Dictionary<TKey, TRow[]>(_rows);
        foreach (var group in added.GroupBy(key)) rows[group.Key] = [.. (rows.TryGetValue(group.Key, out var known) ? known : []).Concat(group).OrderBy(order)];
        return new Shelf<TKey, TRow>(rows);
    }
}

/// <summary>
/// The whole exchange as it stood after one write: what there is, and everything that was said and happened. Every state, list, right and figure is
/// a pure function of this, a calendar and a clock. A province has some hundreds of systems and services and some thousands of requests: a few tens
/// of megabytes at the most.
/// </summary>
public sealed record ExchangeBook
{
    public static ExchangeBook Empty { get; } = new();

    public long Number { get; init; }
    public long LastEvent { get; init; }
    public IReadOnlyDictionary<InformationSystemId, InformationSystem> Systems { get; init; } = new Dictionary<InformationSystemId, InformationSystem>();
    public IReadOnlyDictionary<SubsystemId, Subsystem> Subsystems { get; init; } = new Dictionary<SubsystemId, Subsystem>();
    public IReadOnlyDictionary<DataServiceId, DataService> Services { get; init; } = new Dictionary<DataServiceId, DataService>();
    public IReadOnlyDictionary<SharingRequestId, SharingRequest> Requests { get; init; } = new Dictionary<SharingRequestId, SharingRequest>();
    public IReadOnlyDictionary<AgreementId, DataSharingAgreement> Agreements { get; init; } = new Dictionary<AgreementId, DataSharingAgreement>();
    public IReadOnlyDictionary<DisputeId, SharingDispute> Disputes { get; init; } = new Dictionary<DisputeId, SharingDispute>();
    public IReadOnlyDictionary<PaperLetterId, PaperLetter> Letters { get; init; } = new Dictionary<PaperLetterId, PaperLetter>();
    public IReadOnlyDictionary<EnterpriseContractId, EnterpriseContract> Contracts { get; init; } = new Dictionary<EnterpriseContractId, EnterpriseContract>();
    public Shelf<InformationSystemId, SystemRevision> SystemRevisions { get; init; } = new();
    public Shelf<SubsystemId, Credential> Credentials { get; init; } = new();
    public Shelf<DataServiceId, ServiceRevision> ServiceRevisions { get; init; } = new();
    public Shelf<DataServiceId, ServiceVersion> ServiceVersions { get; init; } = new();
    public Shelf<SharingRequestId, RequestContent> RequestContents { get; init; } = new();
    public Shelf<AgreementId, AgreementRevision> AgreementRevisions { get; init; } = new();
    public Shelf<Guid, ExchangeEvent> Events { get; init; } = new();

    /// <summary>What was said last of a system; every system has at least one.</summary>
    public SystemRevision Of(InformationSystemId system) => SystemRevisions.Of(system)[^1];

    public ServiceRevision Of(DataServiceId service) => ServiceRevisions.Of(service)[^1];

    public RequestContent Of(SharingRequestId request) => RequestContents.Of(request)[^1];

    public IEnumerable<DataSharingAgreement> AgreementsOf(SharingRequestId request) => Agreements.Values.Where(a => a.Request == request);

    public IReadOnlyList<ExchangeEvent> EventsOf(Guid subject) => Events.Of(subject);
}

/// <summary>Keeps the newest book in memory: asks for the number of the last write (one row) and reads only what is newer, so every node answers from what is committed.</summary>
public sealed class ExchangeIndex(IDbContextFactory<PlatformDb> databases, ParameterBook parameters) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ExchangeBook _book = ExchangeBook.Empty;

    /// <summary>Readings that a write fell into before the next one waits for writers; more than a busy minute of a province ever needs.</summary>
    private const int QuietTriesMax = 5;

    public async Task<ExchangeBook> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await StampAsync(db, cancellationToken) is var stamp && _book.Number >= stamp.Number) return _book;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 0; ; tries++)
            {
                stamp = await StampAsync(db, cancellationToken);
                if (_book.Number >= stamp.Number) return _book;
                if (tries == QuietTriesMax) return await ReadQuietlyAsync(db, cancellationToken);

                // Rows are read one table after another; only when no write fell between do they belong together.
                var read = await ReadNewerAsync(db, _book, stamp.Number, stamp.LastEvent, cancellationToken);
                if ((await StampAsync(db, cancellationToken)).Number == stamp.Number) return _book = read;
            }
        }
        finally { _gate.Release(); }
    }

    /// <summary>Holds the row every writer needs first, and changes nothing.</summary>
    private async Task<ExchangeBook> ReadQuietlyAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ExchangeStamps.Where(s => s.Id == 1).ExecuteUpdateAsync(s => s.SetProperty(x => x.Number, x => x.Number), cancellationToken);
        var stamp = await StampAsync(db, cancellationToken);
        return _book = await ReadNewerAsync(db, _book, stamp.Number, stamp.LastEvent, cancellationToken);
    }

    private static Task<ExchangeStamp> StampAsync(PlatformDb db, CancellationToken cancellationToken) => db.ExchangeStamps.AsNoTracking().SingleAsync(s => s.Id == 1, cancellationToken);

    /// <summary>What a write read inside its transaction is committed and belongs together: the next question need not read it again.</summary>
    internal void Keep(ExchangeBook book)
    {
        if (book.Number > _book.Number) _book = book;   // Two writers at once may each put theirs; either is whole, and the next question reads what is newer.
    }

    public async ValueTask<ExchangeParameters> ParametersAsync(CancellationToken cancellationToken) => ExchangeParameters.Of(await parameters.TodayAsync(cancellationToken));

    /// <summary>The known book with every row of a later write, up to that number.</summary>
    internal static Task<ExchangeBook> ReadNewerAsync(PlatformDb db, ExchangeBook known, long number, long lastEvent, CancellationToken cancellationToken) =>
        new Newer(db, known, number, lastEvent, cancellationToken).ReadAsync();

    internal ExchangeBook Kept => _book;

    public void Dispose() => _gate.Dispose();

    private sealed class Newer(PlatformDb db, ExchangeBook known, long number, long lastEvent, CancellationToken cancellationToken)
    {
        public async Task<ExchangeBook> ReadAsync()
        {
            var (from, to) = (known.Number, number);
            return known with
            {
                Number = number,
                LastEvent = lastEvent,
                Systems = await HeadsAsync(known.Systems, db.InformationSystems, s => s.Id),
                Subsystems = await HeadsAsync(known.Subsystems, db.Subsystems, s => s.Id),
                Services = await HeadsAsync(known.Services, db.DataServices, s => s.Id),
                Requests = await HeadsAsync(known.Requests, db.SharingRequests, r => r.Id),
                Agreements = await HeadsAsync(known.Agreements, db.Agreements, a => a.Id),
                Disputes = await HeadsAsync(known.Disputes, db.SharingDisputes, d => d.Id),
                Letters = await HeadsAsync(known.Letters, db.PaperLetters, l => l.Id),
                Contracts = await HeadsAsync(known.Contracts, db.EnterpriseContracts, c => c.Id),
                SystemRevisions = known.SystemRevisions.With(await SaidAsync(db.SystemRevisions), r => r.System, r => r.Number),
                ServiceRevisions = known.ServiceRevisions.With(await SaidAsync(db.ServiceRevisions), r => r.Service, r => r.Number),
                ServiceVersions = known.ServiceVersions.With(await SaidAsync(db.ServiceVersions), v => v.Service, v => v.Number),
                RequestContents = known.RequestContents.With(await SaidAsync(db.RequestContents), c => c.Request, c => c.Number),
                AgreementRevisions = known.AgreementRevisions.With(await SaidAsync(db.AgreementRevisions), r => r.Agreement, r => r.Number),
                Credentials = known.Credentials.With(
                    await db.Credentials.AsNoTracking().Where(c => c.Stamp > from && c.Stamp <= to).ToListAsync(cancellationToken), c => c.Subsystem, c => c.Id.Value),
                Events = known.Events.With(
                    await db.ExchangeEvents.AsNoTracking().Where(e => e.Number > known.LastEvent && e.Number <= lastEvent).ToListAsync(cancellationToken), e => e.Subject, e => e.Number),
            };
        }

        private async Task<IReadOnlyDictionary<TId, T>> HeadsAsync<TId, T>(IReadOnlyDictionary<TId, T> before, DbSet<T> set, Func<T, TId> id) where TId : struct where T : ExchangeThing
        {
            var changed = await set.AsNoTracking().Where(t => t.Stamp > known.Number && t.Stamp <= number).ToListAsync(cancellationToken);
            if (changed.Count == 0) return before;
            var all = new Dictionary<TId, T>(before);
            foreach (var thing in changed) all[id(thing)] = thing;
            return all;
        }

        private Task<List<T>> SaidAsync<T>(DbSet<T> set) where T : ExchangeSaying =>
            set.AsNoTracking().Where(t => t.Stamp > known.Number && t.Stamp <= number).ToListAsync(cancellationToken);
    }
}
