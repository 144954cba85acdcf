using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace LienThong.Platform.Plans;

/// <summary>
/// One write of the module: a transaction that first raises the stamp, and by that waits for the write before it. So writes of plans happen
/// one after another (each takes milliseconds; a province makes a few a second), facts and events never part, and readers can tell by one
/// number what is new. Nothing is saved unless <see cref="CommitAsync"/> ends.
/// </summary>
internal sealed class PlansWork : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;
    private readonly CurrentUser _by;
    private readonly TimeProvider _clock;
    private readonly PlansStamp _stamp;
    private readonly Dictionary<TaskId, GovernanceTask> _touched = [];
    private readonly Dictionary<TaskId, List<Assignment>> _parts = [];
    private readonly Dictionary<TaskId, DateTimeOffset> _changedAt = [];
    private bool _changesThePast;
    private static long _written;

    private PlansWork(PlatformDb db, IDbContextTransaction transaction, CurrentUser by, TimeProvider clock, PlansStamp stamp)
    {
        (Db, _transaction, _by, _clock, _stamp) = (db, transaction, by, clock, stamp);
        Now = clock.GetUtcNow();
    }

    /// <summary>How many writes this process has committed: whoever keeps a look at the tasks for a moment knows by it that it is over.</summary>
    public static long Written => Interlocked.Read(ref _written);

    public PlatformDb Db { get; }

    /// <summary>The one instant of this write: its events are simultaneous.</summary>
    public DateTimeOffset Now { get; }

    public DateOnly Today => Vietnamese.DayOf(Now);

    public static async Task<PlansWork> BeginAsync(IDbContextFactory<PlatformDb> databases, CurrentUser by, TimeProvider clock, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.AutoDetectChangesEnabled = false;   // Changes are looked for once, when it is saved: a class has a hundred parts.
        try
        {
            var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.PlansStamps.Where(s => s.Id == 1).ExecuteUpdateAsync(s => s.SetProperty(x => x.Number, x => x.Number + 1), cancellationToken);
            var stamp = await db.PlansStamps.SingleAsync(s => s.Id == 1, cancellationToken);
            return new PlansWork(db, transaction, by, clock, stamp);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public Task<GovernanceTask?> FindTaskAsync(TaskId id, CancellationToken cancellationToken) => Db.Tasks.FirstOrDefaultAsync(t => t.Id == id, cancellationToken);

    public int NextObstacleNumber() => ++_stamp.LastObstacle;

    /// <summary>A task made in this write: its parts are what is added here, nothing is looked up for it.</summary>
    public void Add(GovernanceTask task)
    {
        Db.Tasks.Add(task);
        _parts[task.Id] = [];
    }

    public void Add(GovernanceTask task, Assignment part)
    {
        Db.Assignments.Add(part);
        _parts[task.Id].Add(part);
    }

    /// <summary>The parts of a task, tracked; the same list all through the write.</summary>
    public async Task<List<Assignment>> PartsAsync(GovernanceTask task, CancellationToken cancellationToken)
    {
        if (_parts.TryGetValue(task.Id, out var known)) return known;
        return _parts[task.Id] = await Db.Assignments.Where(a => a.Task == task.Id).OrderBy(a => a.Order).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Says that something happened, and folds it into the facts at once. <see cref="PartsAsync"/> must have been asked for the task before
    /// an event that concerns every part.
    /// </summary>
    public TaskEvent Happened(
        GovernanceTask task, Assignment? part, TaskEventKind kind, DateOnly? day = null, decimal? percent = null, Guid? subject = null, string? text = null,
        string? document = null, DateTimeOffset? at = null)
    {
        var fact = new TaskEvent
        {
            Number = ++_stamp.LastEvent,
            Task = task.Id,
            Assignment = part?.Id,
            Role = part?.Role,
            Kind = kind,
            At = at ?? Now,
            RecordedAt = Now,
            By = _by.Id,
            ByName = _by.Name,
            ByUnit = _by.Unit,
            Day = day,
            Percent = percent,
            Subject = subject,
            Text = text,
            Document = document,
        };
        Db.TaskEvents.Add(fact);
        if (part is not null)
        {
            FactsFold.Apply(part, fact);
        }
        else
        {
            FactsFold.Apply(task, fact);
            if (kind.IsForEveryPart()) foreach (var each in _parts[task.Id]) FactsFold.Apply(each, fact);
        }

        _touched[task.Id] = task;
        _changedAt[task.Id] = _changedAt.TryGetValue(task.Id, out var earlier) && earlier > fact.At ? earlier : fact.At;
        if (Vietnamese.DayOf(fact.At) < Today) _changesThePast = true;
        return fact;
    }

    /// <summary>Something that changes no fact of the task: it is written down, and no list has to be read again for it.</summary>
    public void Noted(TaskId task, AssignmentId? part, AssignmentRole? role, TaskEventKind kind, DateOnly? day, Guid? subject) =>
        Db.TaskEvents.Add(new TaskEvent
        {
            Number = ++_stamp.LastEvent,
            Task = task,
            Assignment = part,
            Role = role,
            Kind = kind,
            At = Now,
            RecordedAt = Now,
            By = _by.Id,
            ByName = _by.Name,
            ByUnit = _by.Unit,
            Day = day,
            Subject = subject,
        });

    /// <summary>The task's own words changed, without an event of the stream (a saved index must read it again).</summary>
    public void Touch(GovernanceTask task) => _touched[task.Id] = task;

    public void Audit(string action, string objectKind, object objectId, object? before = null, object? after = null, string? note = null) =>
        Db.Record(_by, _clock, action, objectKind, objectId, before, after, "done", note);

    public void Publish<TEvent>(TEvent fact) where TEvent : notnull => Db.Publish(fact, _clock);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        foreach (var task in _touched.Values)
        {
            var parts = await PartsAsync(task, cancellationToken);
            FactsFold.RollUp(task, [.. parts.Select(p => (p.Role, (FactsRow)p))]);
            task.Stamp = _stamp.Number;
            if (task.IsIssued && _changedAt.TryGetValue(task.Id, out var at)) await KeepVersionAsync(task, at, cancellationToken);
        }

        if (_changesThePast) _stamp.PastNumber = _stamp.Number;
        await Db.SaveChangesAsync(cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
        Interlocked.Increment(ref _written);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }

    private async Task KeepVersionAsync(GovernanceTask task, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var isNew = Db.Entry(task).State is EntityState.Added;
        var open = isNew ? null : await Db.TaskFacts.FirstOrDefaultAsync(f => f.Task == task.Id && f.Until == FactsVersion.Open, cancellationToken);
        if (open is not null && open.SameFactsAs(task)) return;
        if (open is not null && open.From >= at)
        {
            open.CopyFrom(task);
            return;
        }

        if (open is not null) open.Until = at;
        var version = new FactsVersion { Task = task.Id, From = at, Until = FactsVersion.Open };
        version.CopyFrom(task);
        Db.TaskFacts.Add(version);
    }
}
