using System.Security.Cryptography;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Routes;

/// <summary>
/// Brings snapshots from the file in which the control plane puts them, or takes them from whoever fetched them (<see cref="Offer"/>). Looks once a second, because a notice of the file system can get lost and one second of
/// the two that a suspension may take is spent; what was taken is copied to the gateway's own folder, from which it starts when the file is gone.
/// </summary>
public sealed class SnapshotSource : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string? _file;
    private readonly string? _kept;
    private readonly IReadOnlyList<ECDsa> _trusted;
    private readonly RouteTable _table;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private readonly ITimer? _timer;
    private (DateTime Written, long Length) _seen;

    /// <param name="file">Where the control plane renames new snapshots to; null when they are only offered.</param>
    /// <param name="keptFolder">Where the last good one is kept; null keeps none.</param>
    public SnapshotSource(string? file, string? keptFolder, IReadOnlyList<ECDsa> trusted, RouteTable table, TimeProvider clock, ILogger log)
    {
        (_file, _trusted, _table, _clock, _log) = (file, trusted, table, clock, log);
        _kept = keptFolder is null ? null : Path.Combine(keptFolder, "routes.last");
        // First the own copy: if the file now holds an older one, that is somebody's attempt to go back.
        if (_kept is not null && File.Exists(_kept)) Take(_kept, File.ReadAllBytes(_kept), keep: false);
        if (_file is null) return;
        Look();
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>Looks at the file now; taken when it is new, newer and good.</summary>
    public void Look()
    {
        if (_file is null) return;
        lock (_looking)
        {
            try
            {
                var file = new FileInfo(_file);
                if (!file.Exists || (file.LastWriteTimeUtc, file.Length) == _seen) return;
                _seen = (file.LastWriteTimeUtc, file.Length);
                Take(_file, File.ReadAllBytes(_file), keep: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                GatewayLog.RoutesRefused(_log, _file, fault.Message);
            }
        }
    }

    /// <summary>A snapshot that came another way; it counts for what its signature says, whoever brought it.</summary>
    public void Offer(string from, byte[] envelope)
    {
        lock (_looking) Take(from, envelope, keep: true);
    }

    private void Take(string path, byte[] bytes, bool keep)
    {
        if (!SnapshotEnvelope.TryOpen(bytes, _trusted, out var snapshot, out var fault))
        {
            GatewayLog.RoutesRefused(_log, path, fault);
            return;
        }

        // The same snapshot again, as after a restart, is nothing to speak of.
        if (_table.Current?.Number == snapshot.Number) return;
        if (_table.Replace(snapshot, _clock.GetUtcNow()) is { } why)
        {
            GatewayLog.RoutesRefused(_log, path, why);
            return;
        }

        GatewayLog.RoutesTaken(_log, snapshot.Number, snapshot.ValidUntil, snapshot.Services.Count, snapshot.Agreements.Count);
        if (keep && _kept is not null) Keep(bytes);
    }

    private void Keep(byte[] bytes)
    {
        try
        {
            DurableFile.Write(_kept!, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            GatewayLog.RoutesNotKept(_log, fault.Message);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
