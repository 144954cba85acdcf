using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Log;

/// <summary>Where a log stands and what it signs with.</summary>
public sealed record SealedLogOptions
{
    /// <summary>Holds <c>public/</c> (checkpoint, tiles, the key to check them with: may be served and copied) and <c>private/</c> (write-ahead file, what is kept aside).</summary>
    public required string Folder { get; init; }

    /// <summary>The log's name for ever, like an address without scheme. A log that lost its disk gets another.</summary>
    public required string Origin { get; init; }

    /// <summary>Signs checkpoints, under the origin as its name.</summary>
    public required NoteSigner Signer { get; init; }

    /// <summary>Keys that signed earlier checkpoints of this log.</summary>
    public IReadOnlyList<NoteKey> FormerKeys { get; init; } = [];

    /// <summary>How old the latest checkpoint may grow while entries come.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);

    internal string Public => Path.Combine(Folder, "public");
    internal string Private => Path.Combine(Folder, "private");
    internal string WriteAhead => Path.Combine(Private, "wal");
}

/// <summary>Where an entry stands, and the moment it is on disk.</summary>
/// <param name="Index">Its place in the log; void when <paramref name="OnDisk"/> fails.</param>
/// <param name="OnDisk">Fails with <see cref="LogStoppedException"/>.</param>
public readonly record struct Appended(long Index, Task OnDisk);

/// <summary>
/// A log that shows any later change (exchange.md §3.3): entries go to the write-ahead file, many with one flush; behind it they become the tiles
/// of a Merkle tree (C2SP tlog-tiles), whose root is signed at least each second while entries come. A checkpoint is signed only after every
/// tile it stands for is on disk, and only as a continuation of the last one.
/// </summary>
/// <remarks>
/// Two threads of its own: one flushes, one seals. When the disk is full or fails, nobody is told "done" any more (<see cref="LogStoppedException"/>);
/// the log tries again by itself and goes on where it stopped.
/// </remarks>
public sealed partial class SealedLog : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LazyFlush = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a batch may wait for entries that are about to come (<see cref="Expect"/>): a flush costs as much as a call or two, a wait of this length is seen by nobody.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(2);

    private const int BatchesMax = 16;

    /// <summary>The seal takes batches several at a time, or what there is after <see cref="SealPause"/>: each waking of a thread is taken from the calls.</summary>
    private const int SealTogether = 4;
    private static readonly TimeSpan SealPause = TimeSpan.FromMilliseconds(50);

    private readonly SealedLogOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly FileStream _lock;
    private readonly WriteAheadFile _ahead;
    private readonly TileWriter _tiles;
    private readonly Thread _flusher;
    private readonly Thread _sealer;

    // Guards the batch that is being filled. Held for the copying of one entry.
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _hasEntries = new(false);
    private WriteAheadBatch _active = new();
    private long _next;
    private bool _closing;

    // How many wait for the batch that is being filled, and at how many the flusher is to be woken.
    private int _urgent;
    private int _wakeAt = int.MaxValue;
    private int _expected;

    // Guards what is on disk and waits for its seal; the sealer is woken through it.
    private readonly object _sealGate = new();
    private readonly Queue<WriteAheadBatch> _toSeal = new();
    private readonly Stack<WriteAheadBatch> _free = new();
    private readonly List<(long Size, TaskCompletionSource Sealed)> _waiting = [];
    private long _durable;
    private bool _flusherEnded;

    private volatile StopReason? _flushStop;
    private volatile StopReason? _sealStop;

    private sealed record StopReason(LogStop Value);

    private SealedLog(SealedLogOptions options, TimeProvider clock, ILogger log, FileStream @lock, WriteAheadFile ahead, TileWriter tiles)
    {
        (_options, _clock, _log, _lock, _ahead, _tiles) = (options, clock, log, @lock, ahead, tiles);
        _next = _durable = tiles.Size;
        for (var i = 1; i < BatchesMax; i++) _free.Push(new WriteAheadBatch());
        _flusher = new Thread(Flush) { IsBackground = true, Name = "log flush" };
        _sealer = new Thread(Seal) { IsBackground = true, Name = "log seal" };
    }

    /// <summary>The latest checkpoint as a signed note, or null before the first entry.</summary>
    public string? LatestNote => _tiles.Note;

    /// <summary>How many entries are sealed under the latest checkpoint.</summary>
    public long SealedSize => _tiles.SealedSize;

    /// <summary>Why it takes no entries now, or null.</summary>
    public LogStop? Stopped => (_flushStop ?? _sealStop)?.Value;

    public string Origin => _options.Origin;

    /// <summary>The folder that may be served and copied.</summary>
    public string PublicFolder => _options.Public;

    /// <summary>Opens the log, or begins it. Takes up whatever a crash left: entries that were on disk are in the log, no others.</summary>
    /// <exception cref="LogDamagedException">What is on disk is not what the log signed; nothing was changed.</exception>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static SealedLog Open(SealedLogOptions options, TimeProvider clock, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        Directory.CreateDirectory(options.Public);
        CreatePrivate(options.Private);
        var @lock = new FileStream(Path.Combine(options.Private, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var tiles = TileWriter.Open(options);
            if (tiles.Note is not null && !WriteAheadFile.Exists(options.WriteAhead)) throw new LogDamagedException("wal", LogFault.Missing);
            var from = tiles.Size;
            var ahead = WriteAheadFile.Open(options.WriteAhead, from, tiles.Add);
            var sealedLog = new SealedLog(options, clock, log, @lock, ahead, tiles);
            if (tiles.Size > from) LogTakenUp(log, tiles.Size - from, options.Origin);
            sealedLog._flusher.Start();
            sealedLog._sealer.Start();
            return sealedLog;
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Gives an entry its place. It counts only when <see cref="Appended.OnDisk"/> has completed.</summary>
    /// <param name="entry">What goes into the tree, at most <see cref="LogLimits.EntryBytesMax"/> bytes.</param>
    /// <param name="aside">What is kept beside it and may be erased later: salts. Never hashed.</param>
    /// <param name="isUrgent">False for an entry nobody waits for: it goes to disk with the next one, or within <see cref="LazyFlush"/>.</param>
    /// <exception cref="LogStoppedException">The log takes nothing now.</exception>
    public Appended Append(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> aside, bool isUrgent = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, LogLimits.EntryBytesMax, nameof(entry));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(aside.Length, LogLimits.EntryBytesMax, nameof(aside));
        lock (_gate)
        {
            if (_closing) throw new LogStoppedException(LogStop.Closed);
            if (Stopped is { } reason) throw new LogStoppedException(reason);
            if (!_active.TryAdd(_next, entry, aside)) throw new LogStoppedException(LogStop.Overloaded);
            if (isUrgent && ++_urgent >= _wakeAt)
            {
                _wakeAt = int.MaxValue;
                _hasEntries.Set();
            }

            return new Appended(_next++, _active.OnDisk);
        }
    }

    /// <summary>
    /// Says that somebody will append soon (1), or will no more (-1). When many will, a flush waits some moments until half of them are there: ten calls that flush
    /// one by one cost ten times the disk and the processor of ten that flush together. A single call never waits.
    /// </summary>
    public void Expect(int more) => Interlocked.Add(ref _expected, more);

    /// <summary>What is kept aside of the entries of one bundle, for whoever holds the folder of the log; erased ones are empty.</summary>
    /// <exception cref="LogDamagedException">It is not there or broken.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> AsidesOf(string folder, long bundle, int width) => Asides.Read(Path.Combine(folder, "private"), bundle, width);

    /// <summary>Completes when a signed checkpoint covers every entry that is on disk now.</summary>
    public Task SealAsync()
    {
        lock (_sealGate)
        {
            if (_tiles.SealedSize >= _durable) return Task.CompletedTask;
            var promise = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_durable, promise));
            Monitor.PulseAll(_sealGate);
            return promise.Task;
        }
    }

    /// <summary>Flushes and seals what was appended, then lets go of the files.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
        }

        _hasEntries.Set();
        await Task.Run(() =>
        {
            _flusher.Join();
            _sealer.Join();
        });
        _ahead.Dispose();
        _hasEntries.Dispose();
        await _lock.DisposeAsync();
    }

    private void Flush()
    {
        while (true)
        {
            if (!IsWanted(1)) _hasEntries.WaitOne(LazyFlush);
            if (!IsWanted((Volatile.Read(ref _expected) + 1) / 2)) _hasEntries.WaitOne(Gather);
            var empty = TakeEmptyBatch();
            WriteAheadBatch batch;
            lock (_gate)
            {
                (_urgent, _wakeAt) = (0, int.MaxValue);
                if (_active.Count == 0)
                {
                    GiveBack(empty);
                    if (_closing) break;
                    continue;
                }

                (batch, _active) = (_active, empty);
            }

            try
            {
                _ahead.Write(batch);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!TryAgain(batch, e)) break;
                continue;
            }

            // First the answers, then the seal: once it has the batch, the batch is not ours any more.
            Interlocked.Exchange(ref _durable, batch.First + batch.Count);
            batch.Answer(null);
            lock (_sealGate)
            {
                _toSeal.Enqueue(batch);
                if (_toSeal.Count is 1 or >= SealTogether) Monitor.PulseAll(_sealGate);
            }
        }

        lock (_sealGate)
        {
            _flusherEnded = true;
            Monitor.PulseAll(_sealGate);
        }
    }

    /// <summary>Whether so many wait for the batch (or nobody may wait any longer); if not, the flusher will be woken when they do.</summary>
    private bool IsWanted(int many)
    {
        lock (_gate)
        {
            if (_closing || _urgent >= many) return true;
            _wakeAt = many;
            return false;
        }
    }

    /// <summary>Tells all who wait that their entry is not kept, and begins another segment as soon as the disk lets it.</summary>
    /// <returns>False when the log is being closed.</returns>
    private bool TryAgain(WriteAheadBatch failed, Exception why)
    {
        var stop = new StopReason(ReasonOf(why));
        lock (_gate)
        {
            _flushStop = stop;
            failed.Answer(new LogStoppedException(stop.Value, why));
            _active.Answer(new LogStoppedException(stop.Value, why));
            _active.Reset();
            _urgent = 0;
            _next = _durable;
        }

        LogStoppedTaking(_log, why, _options.Origin, stop.Value);
        failed.Reset();
        GiveBack(failed);
        while (true)
        {
            Thread.Sleep(TryAgainAfter);
            lock (_gate)
            {
                if (_closing) return false;
            }

            try
            {
                _ahead.Restart(_durable);
                _flushStop = null;
                LogTakesAgain(_log, _options.Origin);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _flushStop = new StopReason(ReasonOf(e));
            }
        }
    }

    private void Seal()
    {
        var sealedAt = 0L;
        var isBusy = false;
        while (true)
        {
            WriteAheadBatch? batch;
            bool end;
            lock (_sealGate)
            {
                while (_toSeal.Count == 0 && !_flusherEnded && !IsDue(sealedAt)) Monitor.Wait(_sealGate, _options.CheckpointEvery);
                if (!isBusy && _toSeal.Count < SealTogether && _waiting.Count == 0 && !_flusherEnded) Monitor.Wait(_sealGate, SealPause);
                _toSeal.TryDequeue(out batch);
                isBusy = _toSeal.Count > 0;
                end = _flusherEnded && _toSeal.Count == 0;
            }

            if (batch is not null)
            {
                batch.ForEach(_tiles.Add);
                batch.Reset();
                GiveBack(batch);
            }

            bool due;
            lock (_sealGate) due = end || IsDue(sealedAt);
            if (!Persist(due)) return;
            if (due)
            {
                sealedAt = _clock.GetTimestamp();
                AnswerWaiting();
            }

            if (end) return;
        }
    }

    /// <summary>Under the gate: whether what is in the tree wants a checkpoint now.</summary>
    private bool IsDue(long sealedAt) =>
        _tiles.Size > _tiles.SealedSize
        && (sealedAt == 0 || _clock.GetElapsedTime(sealedAt) >= _options.CheckpointEvery || _waiting.Exists(w => w.Size <= _tiles.Size));

    /// <summary>Writes full tiles, and a checkpoint if one is due; as often as the disk needs to take it.</summary>
    /// <returns>False when the disk does not and the log is being closed: the write-ahead file holds everything, the next start seals it.</returns>
    private bool Persist(bool withCheckpoint)
    {
        while (true)
        {
            try
            {
                if (withCheckpoint)
                {
                    _tiles.SealNow();
                    _ahead.Release(_tiles.SealedSize);
                }
                else
                {
                    _tiles.WriteFull();
                }

                if (_sealStop is not null)
                {
                    _sealStop = null;
                    LogTakesAgain(_log, _options.Origin);
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_sealStop is null) LogStoppedTaking(_log, e, _options.Origin, ReasonOf(e));
                _sealStop = new StopReason(ReasonOf(e));
                Thread.Sleep(TryAgainAfter);
                lock (_gate)
                {
                    if (_closing) return false;
                }
            }
        }
    }

    private void AnswerWaiting()
    {
        lock (_sealGate)
        {
            foreach (var (_, promise) in _waiting.Where(w => w.Size <= _tiles.SealedSize)) promise.SetResult();
            _waiting.RemoveAll(w => w.Size <= _tiles.SealedSize);
        }
    }

    /// <summary>An empty batch; when all are on their way to the seal, waits for one: then the disk is behind, and memory must not grow for it.</summary>
    private WriteAheadBatch TakeEmptyBatch()
    {
        lock (_sealGate)
        {
            WriteAheadBatch? batch;
            while (!_free.TryPop(out batch)) Monitor.Wait(_sealGate, TryAgainAfter);
            return batch;
        }
    }

    private void GiveBack(WriteAheadBatch batch)
    {
        lock (_sealGate)
        {
            _free.Push(batch);
            Monitor.PulseAll(_sealGate);
        }
    }

    private static LogStop ReasonOf(Exception e)
    {
        const int NoSpaceLinux = 28, QuotaLinux = 122, NoSpaceWindows = unchecked((int)0x80070070);
        return e is IOException && (e.HResult is NoSpaceLinux or QuotaLinux or NoSpaceWindows) ? LogStop.DiskFull : LogStop.DiskFailed;
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [LoggerMessage(7001, LogLevel.Warning, "Log {Origin} takes no entries: {Reason}")]
    private static partial void LogStoppedTaking(ILogger log, Exception why, string origin, LogStop reason);

    [LoggerMessage(7002, LogLevel.Information, "Log {Origin} takes entries again")]
    private static partial void LogTakesAgain(ILogger log, string origin);

    [LoggerMessage(7003, LogLevel.Information, "{Entries} entries of log {Origin} taken up from the write-ahead file")]
    private static partial void LogTakenUp(ILogger log, long entries, string origin);
}
