using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace LienThong.Platform.Exchange;

/// <summary>
/// One write of the module: a transaction that first raises the stamp, and by that waits for the write before it. So writes of the exchange happen one
/// after another, each sees everything that was decided before it, and two people cannot both be the first. Nothing is saved unless
/// <see cref="CommitAsync"/> ends.
/// </summary>
internal sealed class ExchangeWork : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;
    private readonly CurrentUser _by;
    private readonly TimeProvider _clock;
    private readonly ExchangeStamp _stamp;
    private bool _changesRights;

    private ExchangeWork(PlatformDb db, IDbContextTransaction transaction, CurrentUser by, TimeProvider clock, ExchangeStamp stamp, ExchangeBook book)
    {
        (Db, _transaction, _by, _clock, _stamp, Book) = (db, transaction, by, clock, stamp, book);
        Now = clock.GetUtcNow();
    }

    public PlatformDb Db { get; }

    /// <summary>Everything that was true before this write.</summary>
    public ExchangeBook Book { get; }

    /// <summary>The one instant of this write: its events are simultaneous.</summary>
    public DateTimeOffset Now { get; }

    public DateOnly Today => Vietnamese.DayOf(Now);

    public long Stamp => _stamp.Number;

    public static async Task<ExchangeWork> BeginAsync(IDbContextFactory<PlatformDb> databases, ExchangeIndex index, CurrentUser by, TimeProvider clock, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.ExchangeStamps.Where(s => s.Id == 1).ExecuteUpdateAsync(s => s.SetProperty(x => x.Number, x => x.Number + 1), cancellationToken);
            var stamp = await db.ExchangeStamps.SingleAsync(s => s.Id == 1, cancellationToken);
            var book = await ExchangeIndex.ReadNewerAsync(db, index.Kept, stamp.Number - 1, stamp.LastEvent, cancellationToken);
            index.Keep(book);
            return new ExchangeWork(db, transaction, by, clock, stamp, book);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public string NextRequestCode() => Code("YC", ++_stamp.LastRequest);

    public string NextAgreementCode() => Code("TT", ++_stamp.LastAgreement);

    public string NextDisputeCode() => Code("VM", ++_stamp.LastDispute);

    public long NextRoutes() => ++_stamp.LastRoutes;

    /// <summary>What this write adds or concerns: its stamp says so, and its version rises.</summary>
    public void Add<T>(T thing) where T : ExchangeThing
    {
        thing.Stamp = Stamp;
        Db.Add(thing);
    }

    /// <summary>Loads the head to be written upon and marks it, or refuses when somebody wrote since this person looked.</summary>
    public async Task<Refusal?> TouchAsync<T>(object id, int? seen, CancellationToken cancellationToken) where T : ExchangeThing
    {
        var head = await Db.Set<T>().FindAsync([id], cancellationToken) ?? throw new InvalidOperationException($"{typeof(T).Name} {id} is in the book and not in the table.");
        if (seen is { } version && version != head.Version) return ExchangeRefusals.Stale(version, head.Version);
        head.Stamp = Stamp;
        return null;
    }

    public ExchangeEvent Happened(
        Guid subject, ExchangeEventKind kind, DateTimeOffset? from = null, DateTimeOffset? until = null, DateOnly? day = null, int? days = null, Guid? target = null, string? word = null,
        string? text = null, string? basis = null, string? document = null)
    {
        var fact = new ExchangeEvent
        {
            Number = ++_stamp.LastEvent,
            Subject = subject,
            Kind = kind,
            At = Now,
            By = _by.Id,
            ByName = _by.Name,
            ByUnit = _by.Unit,
            EffectiveFrom = from,
            EffectiveUntil = until,
            Day = day,
            Days = days,
            Target = target,
            Word = word,
            Text = Clean(text),
            Basis = Clean(basis),
            Document = Clean(document),
        };
        Db.ExchangeEvents.Add(fact);
        return fact;
    }

    /// <summary>Rights to call may differ after this write: the routes are made again, by a durable job of the same transaction.</summary>
    public void ChangesRights() => _changesRights = true;

    public void Audit(string action, string objectKind, object objectId, object? after = null, object? before = null, string? note = null) =>
        Db.Record(_by, _clock, action, objectKind, objectId, before, after, "done", note);

    public void Publish<TEvent>(TEvent fact) where TEvent : notnull => Db.Publish(fact, _clock);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_changesRights) Db.Enqueue(PublishRoutes.JobKind, new PublishRoutes.Order(Stamp), _clock, $"{PublishRoutes.JobKind}:{Stamp}");
        await Db.SaveChangesAsync(cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }

    private string Code(string kind, int number) => $"{kind}-{Today.Year:0000}-{number:00000}";

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
