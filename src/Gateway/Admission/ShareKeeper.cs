using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Admission;

/// <summary>
/// Asks for the shares of this node: one question at a time, for all budgets that run short while the last one was under way. When nobody answers, the node lends
/// itself its part (one n-th of what was left at the last word, of the rate too) and writes that down before it uses it, so that a restart finds nothing twice;
/// when somebody answers again, it tells what it took.
/// </summary>
public sealed class ShareKeeper : IAsyncDisposable
{
    /// <summary>A share lasts for about this long: often enough to follow a load that moves from node to node, and some questions a second at the most.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(250);

    /// <summary>Two questions at least this far apart: what comes meanwhile shares the second one.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(2);

    /// <summary>Without an answer for this long the node helps itself.</summary>
    private static readonly TimeSpan AloneAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>What was left at the last word need not be newer than that on disk; what is taken alone is written each time.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    private readonly IShareSource _source;
    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<(BudgetLevel, string), Share> _shares = new();
    private readonly ConcurrentQueue<Share> _short = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(BudgetLevel, string), AloneLedger> _ledgers = [];
    private readonly Task _running;
    private long _saidAt;
    private int _nodes = 1;
    private long? _failingSince;
    private long _knockedAt;
    private long _wroteAt;
    private byte[] _written = [];

    public ShareKeeper(IShareSource source, string file, TimeProvider clock, ILogger log)
    {
        (_source, _file, _clock, _log) = (source, file, clock, log);
        _saidAt = _clock.GetNanoseconds();
        Epoch = Guid.CreateVersion7(clock.GetUtcNow());
        Read();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Of this process: whatever an earlier one held counts as used.</summary>
    public Guid Epoch { get; }

    /// <summary>Nobody lends: the node goes on with its own part.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>As the last answer said.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    internal Share Of(BudgetLevel level, QuotaEntry quota) => _shares.GetOrAdd((level, quota.Key), _ =>
    {
        var share = new Share(this, level, quota);
        lock (_ledgers)
        {
            if (_ledgers.TryGetValue((level, quota.Key), out var known)) share.Owe(known.Day, known.Owed);
        }

        return share;
    });

    internal void Enlist(Share share)
    {
        if (Interlocked.Exchange(ref share.Enlisted, 1) == 1) return;
        _short.Enqueue(share);
        Wake();
    }

    private void Wake()
    {
        try { _wake.Release(); }
        catch (SemaphoreFullException) { /* It is awake. */ }
        catch (ObjectDisposedException) { /* The gateway ends. */ }
    }

    private async Task RunAsync()
    {
        var lookedAt = 0L;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(LookEvery, _stop.Token);
                await Task.Delay(Apart, _stop.Token);
            }
            catch (OperationCanceledException) { return; }

            var now = _clock.GetNanoseconds();
            var asked = new List<Share>();
            while (_short.TryDequeue(out var share))
            {
                Volatile.Write(ref share.Enlisted, 0);
                asked.Add(share);
            }

            if (now - lookedAt >= LookEvery.Ticks * 100)
            {
                // The rounds of every budget: what rests goes back, and the control plane sees that the node lives.
                foreach (var share in _shares.Values)
                {
                    if (!asked.Contains(share) && share.Rest()) asked.Add(share);
                }

                lookedAt = now;
            }
            else if (asked.Count == 0)
            {
                continue;
            }

            await RoundAsync(asked, now);
        }
    }

    private async Task RoundAsync(List<Share> asked, long now)
    {
        var elapsed = TimeSpan.FromTicks(Math.Max(1, (now - _saidAt) / 100));
        _saidAt = now;
        var lines = new List<(Share Share, ShareLine Line)>();
        foreach (var share in asked.Take(ShareRequest.LinesMax))
        {
            if (share.Say(now, elapsed, Ahead) is { } line) lines.Add((share, line));
        }

        var isSettled = IsAlone;
        if (IsAlone)
        {
            Lend(lines);
            foreach (var share in asked) share.Release();
            if (now - _knockedAt < LookEvery.Ticks * 100) return;
            _knockedAt = now;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(IsAlone ? AloneAfter / 2 : AloneAfter);
            var answer = await _source.AskAsync(new ShareRequest(Epoch, IsAlone ? [] : [.. lines.Select(l => l.Line)]), patience.Token);
            Volatile.Write(ref _nodes, Math.Max(1, answer.Nodes));
            _failingSince = null;
            var wasAlone = IsAlone;
            IsAlone = false;
            now = _clock.GetNanoseconds();
            foreach (var grant in answer.Lines)
            {
                if (!_shares.TryGetValue((grant.Level, grant.Key), out var share)) continue;
                share.Take(grant, now);
                lock (_ledgers) _ledgers[(share.Level, share.Key)] = new AloneLedger(share.Level, share.Key, grant.Day, Math.Max(0, grant.DayLeft) / Nodes, 0, 0);
            }

            isSettled = true;
            if (wasAlone) EndAlone();
            else Write(Often);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidDataException or JsonException or OperationCanceledException or UnauthorizedAccessException)
        {
            if (_stop.IsCancellationRequested) return;
            _failingSince ??= now;
            if (!IsAlone && _clock.GetNanoseconds() - _failingSince >= AloneAfter.Ticks * 100)
            {
                IsAlone = true;
                _knockedAt = _clock.GetNanoseconds();
                GatewayLog.SharesAlone(_log, Nodes, fault.Message);
                foreach (var share in _shares.Values) share.AskAnew();
            }
        }

        if (isSettled)
        {
            foreach (var share in asked) share.Release();
            return;
        }

        // Soon again; whoever waits is patient for longer than that.
        foreach (var share in asked) Enlist(share);
        await Task.Delay(TryAgainAfter, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Tells what was taken alone, of every budget that owes it, and asks for shares as before.</summary>
    private void EndAlone()
    {
        GatewayLog.SharesAgain(_log, Nodes);
        foreach (var share in _shares.Values)
        {
            share.AskAnew();
            Enlist(share);
        }
    }

    /// <summary>The node's own part, by the same rule; on disk before anybody has it.</summary>
    private void Lend(List<(Share Share, ShareLine Line)> lines)
    {
        var at = _clock.GetUtcNow();
        var lent = new List<(Share Share, ShareGrant Grant, long Count)>();
        lock (_ledgers)
        {
            foreach (var (share, line) in lines)
            {
                var key = (share.Level, share.Key);
                var known = _ledgers.GetValueOrDefault(key) ?? new AloneLedger(share.Level, share.Key, 0, 0, 0, 0);
                var today = BudgetDay.Of(at).Number;
                var part = ShareRule.PartOf(share.Quota, Nodes);

                // Of the day on which contact was lost, one n-th of what was left at the last word; of a new day, one n-th of the whole.
                if (known.Day < today) known = known with { Day = today, Left = part.QuotaPerDay, Owed = 0 };
                _ledgers[key] = known;
                if (share.Quota.QuotaPerDay > 0 && known.Left <= 0)
                {
                    lent.Add((share, new ShareGrant(share.Level, share.Key, today, 0, 0, 0, LookEvery.Ticks * 100), 0));
                    continue;
                }

                var own = line with { Day = today, Leased = 0, Returned = 0, Alone = 0 };
                var (ledger, _, grant) = ShareRule.Lend(new ShareLedger(today, 0, known.SpentUntil), null, part with { QuotaPerDay = known.Left }, Epoch, own, at, 1);
                known = known with { Left = share.Quota.QuotaPerDay > 0 ? known.Left - grant.Leased : 0, Owed = known.Owed + grant.Leased, SpentUntil = ledger.SpentUntil };
                _ledgers[key] = known;
                lent.Add((share, grant with { DayLeft = share.Quota.QuotaPerDay > 0 ? known.Left : -1 }, grant.Leased));
            }
        }

        if (lent.Count == 0 || !Write(TimeSpan.Zero)) return;
        var now = _clock.GetNanoseconds();
        foreach (var (share, grant, count) in lent) share.TakeAlone(grant, count, now);
    }

    /// <returns>False when it could not be written down, and therefore must not be used.</returns>
    private bool Write(TimeSpan apart)
    {
        if (_clock.GetNanoseconds() - _wroteAt < apart.Ticks * 100) return true;
        byte[] bytes;
        lock (_ledgers)
        {
            bytes = JsonSerializer.SerializeToUtf8Bytes(
                new AloneFile(Nodes, [.. _ledgers.Values.Where(l => l.Left > 0 || l.Owed > 0).OrderBy(l => l.Level).ThenBy(l => l.Key, StringComparer.Ordinal)]), AloneJson.Default.AloneFile);
        }

        if (bytes.AsSpan().SequenceEqual(_written)) return true;
        try
        {
            DurableFile.Write(_file, bytes);
            (_written, _wroteAt) = (bytes, _clock.GetNanoseconds());
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            GatewayLog.BudgetsNotKept(_log, fault.Message);
            return false;
        }
    }

    private void Read()
    {
        if (!File.Exists(_file)) return;
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(_file), AloneJson.Default.AloneFile) is not { } kept) return;
            _nodes = Math.Max(1, kept.Nodes);
            foreach (var ledger in kept.Ledgers) _ledgers[(ledger.Level, ledger.Key)] = ledger;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            GatewayLog.BudgetsNotKept(_log, fault.Message);
        }
    }

    /// <summary>Gives back what is left, so that an orderly stop costs nobody a call.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        var now = _clock.GetNanoseconds();
        var lines = _shares.Values.Where(s => s.Rest() || s.Rest()).Select(s => s.Say(long.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.Zero)).OfType<ShareLine>().Take(ShareRequest.LinesMax).ToList();
        if (lines.Count > 0 && !IsAlone)
        {
            try
            {
                using var patience = new CancellationTokenSource(AloneAfter);
                await _source.AskAsync(new ShareRequest(Epoch, lines), patience.Token);
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidDataException or JsonException or OperationCanceledException)
            {
                GatewayLog.SharesNotReturned(_log, fault.Message);
            }
        }

        _stop.Dispose();
        _wake.Dispose();
    }

    /// <param name="Left">What the node may still lend itself of that day.</param>
    /// <param name="Owed">What it lent itself and has not told.</param>
    internal sealed record AloneLedger(BudgetLevel Level, string Key, long Day, long Left, long Owed, long SpentUntil);

    internal sealed record AloneFile(int Nodes, IReadOnlyList<AloneLedger> Ledgers);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShareKeeper.AloneFile))]
internal sealed partial class AloneJson : JsonSerializerContext;

/// <summary>Questions and answers about shares as they go over the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(ShareAnswer))]
public sealed partial class ShareJson : JsonSerializerContext;
