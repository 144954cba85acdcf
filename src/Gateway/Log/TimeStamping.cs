using System.Formats.Asn1;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Log;

/// <summary>A time-stamp that holds.</summary>
/// <param name="Size">The size of the log whose checkpoint was stamped.</param>
/// <param name="At">The time the authority says it saw it.</param>
public sealed record VerifiedTimeStamp(long Size, DateTimeOffset At, X509Certificate2 Authority);

/// <summary>
/// RFC 3161 time-stamps over checkpoints: the imprint is SHA-256 over the note with the log's own signature line, so that the token also proves when
/// that signature existed (exchange.md §3.3 "Time"). Token and note stand beside the log, in <c>tsa/SIZE.tsr</c> and <c>tsa/SIZE.checkpoint</c>.
/// </summary>
public static class TimeStamp
{
    /// <summary>A token with its certificates has three kilobytes; some authorities send their whole chain.</summary>
    public const int ResponseBytesMax = 65_536;

    /// <summary>What is asked: a digest and a fresh nonce, the certificate please.</summary>
    public static Rfc3161TimestampRequest Request(string note) =>
        Rfc3161TimestampRequest.CreateFromData(Encoding.UTF8.GetBytes(note), HashAlgorithmName.SHA256, requestedPolicyId: null, nonce: RandomNumberGenerator.GetBytes(16), requestSignerCertificates: true);

    /// <summary>Whether a token is over that note, signed by a certificate for time-stamping that one of the trusted roots vouches for at that time.</summary>
    /// <param name="token">An encoded token, as stored.</param>
    /// <param name="note">The checkpoint as it was stamped.</param>
    /// <param name="roots">Authorities the checker trusts; none: the signature is checked, its certificate is not.</param>
    public static bool Verify(ReadOnlyMemory<byte> token, string note, IReadOnlyCollection<X509Certificate2> roots, out DateTimeOffset at, out X509Certificate2? authority)
    {
        ArgumentNullException.ThrowIfNull(roots);
        (at, authority) = (default, null);
        try
        {
            if (!Rfc3161TimestampToken.TryDecode(token, out var decoded, out var read) || read != token.Length) return false;
            if (!decoded.VerifySignatureForData(Encoding.UTF8.GetBytes(note), out authority)) return false;
            at = decoded.TokenInfo.Timestamp;
            if (roots.Count == 0) return true;
            using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = at.UtcDateTime } };
            chain.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(decoded.AsSignedCms().Certificates);
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.8"));   // id-kp-timeStamping
            return chain.Build(authority);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException) { return false; }
    }

    /// <summary>The stamps stored beside a log, each over a checkpoint of that size.</summary>
    /// <exception cref="LogDamagedException">A token is not over its checkpoint, or that checkpoint is not the log's.</exception>
    public static async Task<IReadOnlyList<VerifiedTimeStamp>> CheckAsync(
        string folder, IReadOnlyCollection<NoteKey> keys, IReadOnlyCollection<X509Certificate2> roots, Func<Checkpoint, Task<bool>> isOfThisLog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isOfThisLog);
        var found = new List<VerifiedTimeStamp>();
        var stamps = Path.Combine(folder, "tsa");
        if (!Directory.Exists(stamps)) return found;
        foreach (var file in Directory.EnumerateFiles(stamps, "*.tsr").Order(StringComparer.Ordinal))
        {
            var name = "tsa/" + Path.GetFileName(file);
            var beside = Path.ChangeExtension(file, ".checkpoint");
            if (!File.Exists(beside)) throw new LogDamagedException(Path.ChangeExtension(name, ".checkpoint"), LogFault.Missing);
            var note = await File.ReadAllTextAsync(beside, cancellationToken);
            if (!Verify(await File.ReadAllBytesAsync(file, cancellationToken), note, roots, out var at, out var authority)) throw new LogDamagedException(name, LogFault.Signature);
            var (checkpoint, _) = LogCheck.ReadCheckpoint(Encoding.UTF8.GetBytes(note), keys);
            if (!await isOfThisLog(checkpoint)) throw new LogDamagedException(name, LogFault.Inconsistent);
            found.Add(new VerifiedTimeStamp(checkpoint.Size, at, authority!));
        }

        return found;
    }
}

/// <summary>
/// Asks an authority for a time-stamp over the latest checkpoint on a schedule and on demand. An authority that is away stops nothing at first: what is not
/// stamped waits, and <see cref="BehindSince"/> tells since when, so that a policy can refuse calls that must be stamped.
/// </summary>
public sealed partial class TimeStamping(SealedLog log, Uri authority, HttpClient http, TimeProvider clock, ILogger<TimeStamping> logger) : BackgroundService
{
    /// <summary>Once an hour is 28 MB of tokens a year.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Roots the authority must chain to; none: the signature alone is checked.</summary>
    public IReadOnlyCollection<X509Certificate2> Roots { get; init; } = [];

    /// <summary>After a failure.</summary>
    public TimeSpan TryAgainAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A log that begins is stamped with its first entries, not an interval later.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

    /// <summary>Since when the authority has not answered, or null.</summary>
    public DateTimeOffset? BehindSince { get; private set; }

    /// <summary>The size that is stamped.</summary>
    public long StampedSize { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var stamped = await StampAsync(stoppingToken);
            await Task.Delay(log.LatestNote is null ? FirstLook : stamped ? Every : TryAgainAfter, clock, stoppingToken);
        }
    }

    /// <summary>Stamps the latest checkpoint now.</summary>
    /// <returns>False when the authority is away or its answer does not hold.</returns>
    public async Task<bool> StampAsync(CancellationToken cancellationToken)
    {
        if (log.LatestNote is not { } note || !SignedNote.TryParse(note, out var signed) || !Checkpoint.TryParse(signed.Text, out var checkpoint) || checkpoint.Size == StampedSize) return true;
        try
        {
            var request = TimeStamp.Request(note);
            using var body = new ByteArrayContent(request.Encode());
            body.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using var answer = await http.PostAsync(authority, body, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            var token = request.ProcessResponse(bytes, out _).AsSignedCms().Encode();   // Checks imprint, nonce and that it was granted.
            if (!TimeStamp.Verify(token, note, Roots, out _, out _)) throw new CryptographicException("The token does not hold.");

            var folder = Path.Combine(log.PublicFolder, "tsa");
            Directory.CreateDirectory(folder);
            var name = Path.Combine(folder, checkpoint.Size.ToString(CultureInfo.InvariantCulture));
            DurableFile.Write(name + ".checkpoint", Encoding.UTF8.GetBytes(note));
            DurableFile.Write(name + ".tsr", token);
            DurableFile.FlushFolder(folder);
            (StampedSize, BehindSince) = (checkpoint.Size, null);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException or IOException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            BehindSince ??= clock.GetUtcNow();
            AuthorityAway(logger, e, authority.Host, BehindSince.Value);
            return false;
        }
    }

    [LoggerMessage(7021, LogLevel.Warning, "No time-stamp from {Authority}; behind since {Since:O}")]
    private static partial void AuthorityAway(ILogger log, Exception why, string authority, DateTimeOffset since);
}
