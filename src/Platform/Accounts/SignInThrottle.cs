using System.Collections.Concurrent;

namespace LienThong.Platform.Accounts;

/// <summary>
/// Counts failed sign-ins per address and per name in a sliding window, in memory of this node. It slows guessing before a password is even
/// hashed; the lock of the account itself is in the database and holds on every node.
/// </summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    /// <summary>An office behind one address signs in in the morning; only failures count, so thirty in ten minutes is no office.</summary>
    public const int FailuresPerAddress = 30;

    /// <summary>Twice the attempts after which the account locks, so that the lock is what a forgetful person meets.</summary>
    public const int FailuresPerName = 10;

    /// <summary>Long enough that guessing is hopeless, short enough that a person comes back after a coffee.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Bounds memory: about a megabyte. When full, the oldest are forgotten first.</summary>
    private const int KeysMax = 20_000;

    private readonly ConcurrentDictionary<string, Count> _counts = new();

    private sealed class Count
    {
        public readonly Lock Gate = new();
        public readonly Queue<DateTimeOffset> Failures = new();
    }

    public bool IsOpen(string address, string name) =>
        Recent("a:" + AddressKey.Of(address)) < FailuresPerAddress && Recent("n:" + UserAccount.NormalName(name)) < FailuresPerName;

    public void Failed(string address, string name)
    {
        Add("a:" + AddressKey.Of(address));
        Add("n:" + UserAccount.NormalName(name));
    }

    /// <summary>A right password clears the name, never the address: an attacker may own one account.</summary>
    public void Succeeded(string name) => _counts.TryRemove("n:" + UserAccount.NormalName(name), out _);

    private int Recent(string key)
    {
        if (!_counts.TryGetValue(key, out var count)) return 0;
        lock (count.Gate)
        {
            Forget(count);
            return count.Failures.Count;
        }
    }

    private void Add(string key)
    {
        if (_counts.Count >= KeysMax) Shrink();
        var count = _counts.GetOrAdd(key, _ => new Count());
        lock (count.Gate)
        {
            Forget(count);
            if (count.Failures.Count < FailuresPerAddress) count.Failures.Enqueue(clock.GetUtcNow());
        }
    }

    private void Forget(Count count)
    {
        var since = clock.GetUtcNow() - Window;
        while (count.Failures.TryPeek(out var at) && at <= since) count.Failures.Dequeue();
    }

    private void Shrink()
    {
        var oldest = _counts.Select(c => (c.Key, Last: LastOf(c.Value))).OrderBy(c => c.Last).Take(KeysMax / 4).ToList();
        foreach (var (key, _) in oldest) _counts.TryRemove(key, out _);
    }

    private static DateTimeOffset LastOf(Count count)
    {
        lock (count.Gate) return count.Failures.Count == 0 ? DateTimeOffset.MinValue : count.Failures.Last();
    }
}
