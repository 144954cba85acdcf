using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Log;

/// <summary>Who besides the operator vouches for a log, and how often.</summary>
public sealed record LogEvidenceOptions
{
    public IReadOnlyList<WitnessPeer> Witnesses { get; init; } = [];

    /// <summary>How many must have signed; with two or more known, at least two.</summary>
    public int Quorum => Math.Min(2, Witnesses.Count);

    /// <summary>Where RFC 3161 time-stamps are asked for; null: nowhere.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Roots the authority's certificates must chain to; none: only the signature of a token is checked.</summary>
    public IReadOnlyCollection<X509Certificate2> AuthorityRoots { get; init; } = [];

    public TimeSpan StampEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Being behind for longer is said in the operator's log and counted.</summary>
    public TimeSpan AlarmAfter { get; init; } = TimeSpan.FromMinutes(15);

    public bool IsEmpty => Witnesses.Count == 0 && Authority is null;
}

/// <summary>
/// Carries the checkpoints of a log to its witnesses and to the time-stamp authority, as long as the log lives. Either may be away: what is not vouched for waits, is
/// alarmed about after a while, and after a longer while calls that need a receipt are refused (<see cref="BehindSince"/>).
/// </summary>
public sealed partial class LogEvidence : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly Cosigning? _cosigning;
    private readonly TimeStamping? _stamping;
    private readonly SealedLog _log;
    private readonly LogEvidenceOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("LienThong", "1");
    private readonly ITimer _timer;
    private bool _isAlarmed;

    public LogEvidence(SealedLog log, LogEvidenceOptions options, HttpMessageHandler handler, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        (_log, _options, _clock, _logger) = (log, options, clock, loggers.CreateLogger("LienThong.Gateway.Log"));
        _http = new HttpClient(handler) { Timeout = Patience };
        if (options.Witnesses.Count > 0) _cosigning = new Cosigning(log, options.Witnesses, options.Quorum, _http, clock, loggers.CreateLogger<Cosigning>()) { BehindSince = Before(PublicFiles.Witnessed) };
        if (options.Authority is { } authority) _stamping = new TimeStamping(log, authority, _http, clock, loggers.CreateLogger<TimeStamping>()) { Every = options.StampEvery, Roots = options.AuthorityRoots };
        _meter.CreateObservableGauge("lienthong.log.behind", () => BehindSince is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0, "s", "For how long the log has been without its witnesses or its time-stamps");
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>Since when the log has been waiting for its witnesses or its time-stamps; null when it is not.</summary>
    public DateTimeOffset? BehindSince => (_cosigning?.BehindSince, _stamping?.BehindSince) switch
    {
        ({ } a, { } b) => a < b ? a : b,
        var (a, b) => a ?? b,
    };

    /// <summary>Witnesses that say the log is not what they saw before.</summary>
    public IReadOnlyCollection<string> Alarms => _cosigning?.Alarms ?? [];

    /// <summary>How much of the log is stamped, 0 without an authority.</summary>
    public long StampedSize => _stamping?.StampedSize ?? 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_cosigning is not null) await _cosigning.StartAsync(cancellationToken);
        if (_stamping is not null) await _stamping.StartAsync(cancellationToken);
    }

    internal void Look()
    {
        var isLate = BehindSince is { } since && _clock.GetUtcNow() - since >= _options.AlarmAfter;
        if (isLate && !_isAlarmed) Behind(_logger, _log.Origin, BehindSince!.Value);
        if (!isLate && _isAlarmed) Caught(_logger, _log.Origin);
        _isAlarmed = isLate;
    }

    /// <summary>A log that was behind when its process ended is behind since then, not since its start.</summary>
    private DateTimeOffset? Before(string file)
    {
        if (_log.LatestNote is not { } note) return null;
        var path = Path.Combine(_log.PublicFolder, file);
        var seen = File.Exists(path) && SignedNote.TryParse(File.ReadAllText(path), out var old) && SignedNote.TryParse(note, out var now) && old.Text == now.Text;
        return seen ? null : new DateTimeOffset(File.GetLastWriteTimeUtc(File.Exists(path) ? path : Path.Combine(_log.PublicFolder, PublicFiles.Key)), TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        if (_cosigning is not null) await _cosigning.StopAsync(CancellationToken.None);
        if (_stamping is not null) await _stamping.StopAsync(CancellationToken.None);
        _cosigning?.Dispose();
        _stamping?.Dispose();
        _http.Dispose();
        _meter.Dispose();
    }

    [LoggerMessage(7031, LogLevel.Error, "Log {Origin} has been without its witnesses or its time-stamps since {Since:O}")]
    private static partial void Behind(ILogger log, string origin, DateTimeOffset since);

    [LoggerMessage(7032, LogLevel.Information, "Log {Origin} has its witnesses and time-stamps again")]
    private static partial void Caught(ILogger log, string origin);
}
