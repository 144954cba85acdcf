using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>What the exchange of this province is called on the wire.</summary>
public sealed record ExchangeOptions
{
    /// <summary>X-Road instance; identifier characters only.</summary>
    public string Instance { get; init; } = "VN-QNG";
}

/// <summary>
/// Publishes the rights to call: makes the snapshot from the book, signs it, keeps it for gateways to fetch. Runs as a durable job of every write that
/// changes rights and at the next instant at which the clock changes them; a snapshot that would say the same is not published again until half of its
/// life is over.
/// </summary>
public sealed class PublishRoutes(
    IDbContextFactory<PlatformDb> databases, ExchangeIndex index, IOrgUnits units, BlobStore blobs, RouteKey key, RouteFile file, EnrolmentAuthority enrolment, ExchangeOptions options, TimeProvider clock, ILogger<PublishRoutes> log) : IJobHandler, IExchangeRoutes
{
    public const string JobKind = "exchange.routes";

    /// <summary>Snapshots kept for a look back of some days; any older one can be made again from the events.</summary>
    private const int KeptMax = 100;

    /// <summary>Descriptions travel for getOpenAPI; larger ones are rare, and the bulk of a snapshot should be rights.</summary>
    private const int DescriptionBytesMax = 256 * 1024;

    private readonly ConcurrentDictionary<string, string?> _descriptions = new(StringComparer.Ordinal);

    public sealed record Order(long Stamp);

    public string Kind => JobKind;

    public Task RunAsync(JobRun run, CancellationToken cancellationToken) => HandleAsync(cancellationToken);

    /// <summary>Publishes when something changed or the last snapshot grows old; returns the number now in force.</summary>
    public async Task<long> HandleAsync(CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
        var life = TimeSpan.FromHours(terms.RoutesValidHours);
        var naming = new RouteNaming(options.Instance, await NamesAsync(work.Book, work.Today, cancellationToken));
        var last = await work.Db.PublishedRoutes.AsNoTracking().OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);
        await ReadDescriptionsAsync(work.Book, work.Now, cancellationToken);
        var snapshot = RouteMaking.Make(work.Book, 0, work.Now, naming, life, sha => _descriptions.GetValueOrDefault(sha), await FrameAsync(work.Db, terms, cancellationToken));
        var digest = Digest(snapshot);
        await ScheduleAsync(work, life, cancellationToken);
        if (last is not null && last.Digest == digest && last.ValidUntil - work.Now > life / 2)
        {
            await work.CommitAsync(cancellationToken);
            return last.Number;
        }

        var number = work.NextRoutes();
        using var signer = key.Open();
        work.Db.PublishedRoutes.Add(new PublishedRoutes
        {
            Number = number,
            MadeAt = work.Now,
            ValidUntil = snapshot.ValidUntil,
            Agreements = snapshot.Agreements.Count,
            Digest = digest,
            Envelope = SnapshotEnvelope.Seal(snapshot with { Number = number }, signer),
        });
        work.Audit("exchange.routes.published", "routes", number, after: new { snapshot.Agreements.Count, snapshot.ValidUntil, digest });
        work.Publish(new RoutesPublished(number));
        await work.CommitAsync(cancellationToken);
        await work.Db.PublishedRoutes.Where(r => r.Number <= number - KeptMax).ExecuteDeleteAsync(cancellationToken);
        log.RoutesPublished(number, snapshot.Agreements.Count, snapshot.ValidUntil);
        await SpreadAsync(cancellationToken);
        return number;
    }

    private async Task<RouteFrame> FrameAsync(PlatformDb db, ExchangeParameters terms, CancellationToken cancellationToken)
    {
        using var ca = enrolment.Certificate();
        return new RouteFrame(terms.AgencyQuota, terms.SystemQuota, await KeepNodes.TokenKeysAsync(db, cancellationToken), [Convert.ToBase64String(ca.RawData)], terms.UnstampedHours);
    }

    public async Task<RouteEnvelope?> NewerAsync(long than, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await db.PublishedRoutes.AsNoTracking().Where(r => r.Number > than).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);
        return newest is null ? null : new RouteEnvelope(newest.Number, newest.ValidUntil, newest.Envelope);
    }

    /// <summary>Puts the newest snapshot into this node's file, also one that another node published.</summary>
    public async Task SpreadAsync(CancellationToken cancellationToken)
    {
        if (await NewerAsync(file.Number, cancellationToken) is { } newest) file.Write(newest);
    }

    /// <summary>As <see cref="NewerAsync"/>, but waits for one for so long when there is none yet.</summary>
    public async Task<RouteEnvelope?> WaitNewerAsync(long than, TimeSpan hold, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnWritten(object? sender, EventArgs e) => written.TrySetResult();
        file.Written += OnWritten;
        try
        {
            if (await NewerAsync(than, cancellationToken) is { } newest) return newest;
            await written.Task.WaitAsync(hold, cancellationToken);
            return await NewerAsync(than, cancellationToken);
        }
        catch (TimeoutException) { return null; }
        finally { file.Written -= OnWritten; }
    }

    public async Task SawCallAsync(string agreement, DateTimeOffset at, CancellationToken cancellationToken)
    {
        bool IsKnown(ExchangeBook book, out DataSharingAgreement? found)
        {
            found = book.Agreements.Values.FirstOrDefault(a => a.Code == agreement);
            return found is null || book.EventsOf(found.Id.Value).Any(e => e.Kind is ExchangeEventKind.FirstCall);
        }

        if (IsKnown(await index.CurrentAsync(cancellationToken), out _)) return;
        await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
        if (IsKnown(work.Book, out var found)) return;
        if (await work.TouchAsync<DataSharingAgreement>(found!.Id, null, cancellationToken) is not null) return;
        work.Happened(found.Id.Value, ExchangeEventKind.FirstCall, from: at);
        work.Audit("exchange.agreement.in-use", "agreement", found.Id, after: new { found.Code, at });
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Equal digests say equal rights: everything but the number and the times of making.</summary>
    private static string Digest(RouteSnapshot snapshot)
    {
        var plain = snapshot with { Number = 0, MadeAt = default, ValidUntil = default };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plain, OutboxJson.Options)));
    }

    /// <summary>The next look: when the clock changes a right, and at the latest when half of the snapshot's life is over.</summary>
    private async Task ScheduleAsync(ExchangeWork work, TimeSpan life, CancellationToken cancellationToken)
    {
        var renewal = work.Now + (life / 2);
        var next = RouteMaking.NextBoundary(work.Book, work.Now) is { } boundary && boundary < renewal ? boundary : renewal;
        var jobKey = $"{JobKind}:at:{next.UtcTicks / TimeSpan.TicksPerSecond}";
        if (!await work.Db.Jobs.AnyAsync(j => j.Key == jobKey, cancellationToken)) work.Db.Enqueue(JobKind, new Order(0), clock, jobKey, next - work.Now);
    }

    /// <summary>A store without any snapshot gets one that opens nothing: a gateway that has it knows the keys and the hour, and is ready.</summary>
    internal static async Task ScheduleFirstAsync(IDbContextFactory<PlatformDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        const string First = JobKind + ":first";
        if (await db.PublishedRoutes.AnyAsync(cancellationToken) || await db.Jobs.AnyAsync(j => j.Key == First, cancellationToken)) return;
        db.Enqueue(JobKind, new Order(0), clock, First);
        try { await db.SaveChangesAsync(cancellationToken); }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested) { /* Another node queued it. */ }
    }

    private async Task<IReadOnlyDictionary<OrgUnitId, string>> NamesAsync(ExchangeBook book, DateOnly today, CancellationToken cancellationToken)
    {
        var names = new Dictionary<OrgUnitId, string>();
        foreach (var unit in book.Subsystems.Values.Select(s => s.Unit).Distinct())
        {
            if (await units.FindAsync(unit, today, cancellationToken) is { } view) names[unit] = view.Name;
        }

        return names;
    }

    private async Task ReadDescriptionsAsync(ExchangeBook book, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var version in book.Services.Values.SelectMany(s => ServiceStanding.Of(book, s, now).Published).Where(v => v.Kind is Interfaces.InterfaceKind.Rest && !_descriptions.ContainsKey(v.Sha256)))
        {
            if (version.Bytes > DescriptionBytesMax) { _descriptions[version.Sha256] = null; continue; }
            using var reader = new StreamReader(blobs.Open(version.Sha256), Encoding.UTF8);
            _descriptions[version.Sha256] = await reader.ReadToEndAsync(cancellationToken);
        }
    }
}

/// <summary>The key that signs routes: a file in the key folder, made on first use, for the owner of the folder only. Its public half lies beside it for gateways.</summary>
public sealed class RouteKey(StorageOptions storage)
{
    private readonly Lock _making = new();

    public string PrivateFile => Path.Combine(storage.KeyFolder, "routes.key.pem");

    /// <summary>What a gateway is given to check snapshots with.</summary>
    public string PublicFile => Path.Combine(storage.KeyFolder, "routes.pub.pem");

    public ECDsa Open()
    {
        lock (_making)
        {
            var key = KeyFile.LoadOrCreate(PrivateFile);
            if (!File.Exists(PublicFile)) File.WriteAllText(PublicFile, key.ExportSubjectPublicKeyInfoPem() + "\n");
            return key;
        }
    }
}

/// <summary>The newest snapshot as a file of this node, for the gateway beside it: written whole or not at all.</summary>
public sealed class RouteFile(StorageOptions storage)
{
    private readonly Lock _writing = new();
    private long _number;

    public string File => Path.Combine(storage.DataFolder, "routes", "snapshot");

    /// <summary>A newer snapshot lies in the file: a gateway in this process need not wait for its next look.</summary>
    public event EventHandler? Written;

    public void Write(RouteEnvelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        lock (_writing)
        {
            if (envelope.Number <= _number) return;
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            DurableFile.Write(File, envelope.Envelope.Span);
            _number = envelope.Number;
        }

        Written?.Invoke(this, EventArgs.Empty);
    }

    public long Number => Interlocked.Read(ref _number);
}

/// <summary>
/// Publishes within a second of a write, also while a long job (a scanned plan) holds the job loop: an agreement that is stopped must be closed on every
/// gateway within five seconds. The durable job does the same again and finds nothing to do; after a kill it is the one that does it.
/// </summary>
internal sealed class RouteWatch(IDbContextFactory<PlatformDb> databases, PublishRoutes routes, TimeProvider clock, ILogger<RouteWatch> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        JobId done = default;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await NewestAsync(stoppingToken) is { } newest && newest != done)
                {
                    await routes.HandleAsync(stoppingToken);
                    done = newest;
                }

                await routes.SpreadAsync(stoppingToken);

                await Task.Delay(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
#pragma warning disable CA1031 // The watch outlives any fault of the database; the durable job does its work meanwhile.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.RoutesNotWatched(fault);
                try { await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken); }
                catch (OperationCanceledException) { return; }
            }
        }
    }

    /// <summary>The newest order of a write that no job loop has taken up yet.</summary>
    private async Task<JobId?> NewestAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.Jobs.AsNoTracking().Where(j => j.Kind == PublishRoutes.JobKind && j.DoneAt == null && j.DeadAt == null && j.LeasedUntil == null && j.RunAfter <= now)
            .OrderByDescending(j => j.CreatedAt).Select(j => (JobId?)j.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
