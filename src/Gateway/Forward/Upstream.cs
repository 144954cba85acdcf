using System.Net.Sockets;

namespace LienThong.Gateway.Forward;

/// <summary>One base address of a provider: its idle connections and whether it is well. Shared by all services that name it.</summary>
internal sealed class Upstream
{
    /// <summary>More than a province's busiest service keeps; beyond it connections are closed after use, so that one provider does not hold the descriptors of all.</summary>
    private const int IdleMax = 512;

    /// <summary>Below the minute after which common servers hang up, so that a request seldom meets a closing connection.</summary>
    private const long IdleMsMax = 45_000;

    /// <summary>Failures one after another before calls go elsewhere: one reset is bad luck, five are a fault.</summary>
    private const int FailuresToEject = 5;

    private static readonly long[] EjectMs = [2_000, 4_000, 8_000, 16_000, 30_000];

    private readonly Lock _gate = new();
    private readonly Stack<UpstreamConnection> _idle = new();
    private readonly UpstreamDirectory _directory;
    private int _active;
    private int _failures;
    private int _ejections;
    private long _ejectedUntil;
    private bool _isRetired;

    public Upstream(string address, UpstreamDirectory directory)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new InvalidDataException($"'{address}' cannot be the address of a provider");
        (Address, _directory) = (address, directory);
        Host = uri.IdnHost.Trim('[', ']');
        Port = uri.Port;
        IsSecure = uri.Scheme == "https";
        HostHeader = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}";
        BasePath = uri.AbsolutePath == "/" ? "" : uri.AbsolutePath;
    }

    public string Address { get; }

    public string Host { get; }

    public int Port { get; }

    public bool IsSecure { get; }

    public string HostHeader { get; }

    /// <summary>Without the last slash when it is the whole path.</summary>
    public string BasePath { get; }

    public int Active => Volatile.Read(ref _active);

    public bool IsWell(long nowMs) => Volatile.Read(ref _ejectedUntil) <= nowMs;

    public long EjectedUntil => Volatile.Read(ref _ejectedUntil);

    /// <summary>An idle connection, or null when a new one must be made. A connection that rested, or that must not fail, is looked at first.</summary>
    public UpstreamConnection? TakeIdle(long nowMs, bool mustBeAlive)
    {
        while (true)
        {
            UpstreamConnection? connection;
            lock (_gate)
            {
                if (!_idle.TryPop(out connection)) return null;
            }

            var rested = nowMs - connection.IdleSinceMs;
            if (rested < IdleMsMax && ((rested < 500 && !mustBeAlive) || connection.LooksAlive())) return connection;
            connection.Dispose();
        }
    }

    public async ValueTask<UpstreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_directory.ConnectMax);
        try
        {
            return await UpstreamConnection.OpenAsync(this, _directory, patience.Token);
        }
        catch (SocketException fault)
        {
            throw new UpstreamException(fault.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain ? UpstreamTrouble.UnknownHost : UpstreamTrouble.Unreachable, fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UpstreamException(UpstreamTrouble.Unreachable, "no connection in time", fault);
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            throw new UpstreamException(UpstreamTrouble.Unreachable, fault.Message, fault);
        }
    }

    public void Began() => Interlocked.Increment(ref _active);

    public void Ended() => Interlocked.Decrement(ref _active);

    /// <summary>An answer came, of whatever status: the address is well.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _failures) == 0 && Volatile.Read(ref _ejections) == 0) return;
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _ejections, 0);
        Volatile.Write(ref _ejectedUntil, 0);
    }

    public void Failed(long nowMs)
    {
        var failures = Interlocked.Increment(ref _failures);
        // After an ejection one trial call is enough to send it away again.
        if (failures < FailuresToEject && Volatile.Read(ref _ejections) == 0) return;
        if (!IsWell(nowMs)) return;
        var times = Interlocked.Increment(ref _ejections);
        Volatile.Write(ref _ejectedUntil, nowMs + EjectMs[Math.Min(times, EjectMs.Length) - 1]);
    }

    public void GiveBack(UpstreamConnection connection, long nowMs)
    {
        connection.IdleSinceMs = nowMs;
        lock (_gate)
        {
            if (!_isRetired && _idle.Count < IdleMax)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes what rested too long; the oldest lie at the bottom of the stack.</summary>
    public void CloseRested(long nowMs)
    {
        List<UpstreamConnection>? closed = null;
        lock (_gate)
        {
            if (_idle.Count == 0) return;
            var all = _idle.ToArray();   // newest first
            if (nowMs - all[^1].IdleSinceMs < IdleMsMax) return;
            _idle.Clear();
            for (var i = all.Length - 1; i >= 0; i--)
            {
                if (nowMs - all[i].IdleSinceMs < IdleMsMax) _idle.Push(all[i]);
                else (closed ??= []).Add(all[i]);
            }
        }

        closed?.ForEach(c => c.Dispose());
    }

    /// <summary>No snapshot names it any more: what is under way ends, nothing is kept.</summary>
    public void Retire()
    {
        UpstreamConnection[] idle;
        lock (_gate)
        {
            _isRetired = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle) connection.Dispose();
    }
}
