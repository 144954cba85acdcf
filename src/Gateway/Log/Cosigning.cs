using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Log;

/// <summary>A witness as the log knows it.</summary>
/// <param name="Address">Where <c>add-checkpoint</c> stands under.</param>
public sealed record WitnessPeer(NoteKey Key, Uri Address);

/// <summary>
/// Shows each new checkpoint to the witnesses and keeps the latest one that enough of them signed as <c>witnessed</c> beside <c>checkpoint</c>. A witness
/// that is away stops nothing; it is asked again, and <see cref="BehindSince"/> tells since when too few have answered.
/// </summary>
public sealed partial class Cosigning(SealedLog log, IReadOnlyList<WitnessPeer> witnesses, int quorum, HttpClient http, TimeProvider clock, ILogger<Cosigning> logger) : BackgroundService
{
    /// <summary>Often enough that a rewrite has little to hide in, rare enough to cost nobody anything.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    private readonly Dictionary<NoteKey, long> _seen = [];
    private string? _witnessed;

    /// <summary>Since when entries wait for their witnesses, or null when the latest checkpoint is witnessed.</summary>
    public DateTimeOffset? BehindSince { get; internal set; }

    /// <summary>Witnesses that said the log had forked or gone back. Somebody must look; nothing heals this by itself.</summary>
    public IReadOnlyCollection<string> Alarms => _alarms;
    private readonly SortedSet<string> _alarms = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DurableFile.Write(Path.Combine(log.PublicFolder, PublicFiles.Witnesses), Encoding.UTF8.GetBytes(string.Concat(witnesses.Select(w => w.Key + "\n"))));
        while (!stoppingToken.IsCancellationRequested)
        {
            await RoundAsync(stoppingToken);
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    /// <summary>Shows the latest checkpoint to every witness that has not signed it.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (log.LatestNote is not { } note || note == _witnessed || !SignedNote.TryParse(note, out var signed) || !Checkpoint.TryParse(signed.Text, out var checkpoint)) return;
        var lines = new StringBuilder(note);
        var count = 0;
        foreach (var witness in witnesses)
        {
            try
            {
                if (await AskAsync(witness, note, checkpoint, cancellationToken) is not { } cosignature) continue;
                lines.Append(cosignature);
                count++;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or LogDamagedException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                WitnessAway(logger, e, witness.Key.Name);
            }
        }

        if (count < quorum)
        {
            BehindSince ??= clock.GetUtcNow();
            return;
        }

        DurableFile.Write(Path.Combine(log.PublicFolder, PublicFiles.Witnessed), Encoding.UTF8.GetBytes(lines.ToString()));
        DurableFile.FlushFolder(log.PublicFolder);
        (_witnessed, BehindSince) = (note, null);
    }

    private async Task<string?> AskAsync(WitnessPeer witness, string note, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        const int Tries = 2;   // The first answer may only say which size it last saw.
        for (var i = 0; i < Tries; i++)
        {
            var old = _seen.GetValueOrDefault(witness.Key);
            if (old > checkpoint.Size)
            {
                Alarm(witness, "it saw more entries than the log has");
                return null;
            }

            var proof = await new TileReader(new TileFolder(log.PublicFolder), checkpoint.Size).ConsistencyAsync(old, cancellationToken);
            using var body = new StringContent(Witness.Request(old, proof, note), Encoding.UTF8, "text/plain");
            using var answer = await http.PostAsync(new Uri(witness.Address, "add-checkpoint"), body, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK when SignedNote.TryParse(note + text, out var cosigned) && cosigned.Verify([witness.Key]) is { Count: 1 }:
                    _seen[witness.Key] = checkpoint.Size;
                    _alarms.Remove(witness.Key.Name);
                    return text;
                case HttpStatusCode.Conflict when long.TryParse(text.AsSpan().TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var size):
                    _seen[witness.Key] = size;
                    continue;
                case HttpStatusCode.UnprocessableEntity:
                    Alarm(witness, text.Trim());
                    return null;
                default:
                    WitnessRefused(logger, witness.Key.Name, (int)answer.StatusCode, text.Length > 200 ? text[..200] : text);
                    return null;
            }
        }

        return null;
    }

    private void Alarm(WitnessPeer witness, string what)
    {
        if (_alarms.Add(witness.Key.Name)) LogForked(logger, witness.Key.Name, log.Origin, what);
    }

    [LoggerMessage(7011, LogLevel.Warning, "Witness {Witness} is away")]
    private static partial void WitnessAway(ILogger log, Exception why, string witness);

    [LoggerMessage(7012, LogLevel.Warning, "Witness {Witness} answered {Status}: {Text}")]
    private static partial void WitnessRefused(ILogger log, string witness, int status, string text);

    [LoggerMessage(7013, LogLevel.Critical, "Witness {Witness} says that log {Origin} is not what it saw before: {What}")]
    private static partial void LogForked(ILogger log, string witness, string origin, string what);
}
