using System.Net;
using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>A witness makes a rewrite visible that is whole in itself (T40, exchange.md §3.3 "Witnesses").</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Origin = "log.example/node-1";
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-witness-").FullName;
    private readonly NoteSigner _logKey = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly NoteSigner _witnessKey = new("witness.example/police", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature);
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task What_continues_is_cosigned_and_what_was_seen_once_is_seen_for_ever()
    {
        using var witness = Witness();
        await using var log = Log("log");
        await AppendAsync(log, 0, 10);
        var first = log.LatestNote!;
        var answer = witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], first));
        Assert.Equal(200, answer.Status);
        Assert.True(SignedNote.TryParse(first + answer.Body, out var cosigned));
        Assert.Equal(_clock.GetUtcNow(), cosigned.Verify([_logKey.Key, _witnessKey.Key])!.Single(s => s.At is not null).At);

        await AppendAsync(log, 10, 700);
        var proof = await new TileReader(new TileFolder(log.PublicFolder), 710).ConsistencyAsync(10, default);
        Assert.Equal(200, witness.Add(LienThong.Gateway.Log.Witness.Request(10, proof, log.LatestNote!)).Status);
        Assert.Equal(710, witness.Seen(Origin)!.Size);

        // The same again is cosigned again; an older one is not, whatever is claimed.
        Assert.Equal(200, witness.Add(LienThong.Gateway.Log.Witness.Request(710, [], log.LatestNote!)).Status);
        Assert.Equal(new WitnessAnswer(409, "710\n"), witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], first)));
        Assert.Equal(400, witness.Add(LienThong.Gateway.Log.Witness.Request(710, [], first)).Status);
    }

    [Fact]
    public async Task A_log_restored_from_yesterday_and_continued_is_refused_also_after_the_witness_restarts()
    {
        await using (var log = Log("log"))
        {
            await AppendAsync(log, 0, 300);
            CopyFolder(Path.Combine(_folder, "log"), Path.Combine(_folder, "yesterday"));
            await AppendAsync(log, 300, 50);
            using var witness = Witness();
            Assert.Equal(200, witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], log.LatestNote!)).Status);
        }

        await using var restored = Log("yesterday");
        for (var i = 0; i < 50; i++) await restored.Append(Encoding.UTF8.GetBytes($"another {i}"), []).OnDisk;
        await restored.SealAsync();
        using var again = Witness();
        Assert.Equal(422, again.Add(LienThong.Gateway.Log.Witness.Request(350, [], restored.LatestNote!)).Status);
        await AppendAsync(restored, 350, 20);
        var proof = await new TileReader(new TileFolder(restored.PublicFolder), 370).ConsistencyAsync(350, default);
        Assert.Equal(422, again.Add(LienThong.Gateway.Log.Witness.Request(350, proof, restored.LatestNote!)).Status);
    }

    [Fact]
    public async Task Whom_it_does_not_know_and_what_it_cannot_read_it_does_not_sign()
    {
        using var witness = Witness();
        await using var log = Log("log");
        await AppendAsync(log, 0, 5);
        var note = log.LatestNote!;
        using var stranger = new NoteSigner("log.example/node-2", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        using var impostor = new NoteSigner(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var text = new Checkpoint("log.example/node-2", 1, MerkleHash.Empty).Text;
        Assert.Equal(404, witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], text + "\n" + stranger.Sign(text))).Status);
        text = new Checkpoint(Origin, 1, MerkleHash.Empty).Text;
        Assert.Equal(403, witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], text + "\n" + impostor.Sign(text))).Status);
        foreach (var request in (string[])["", "old", "old 0", "old 0\n", "old -1\n\n" + note, "old 0\nnot a hash\n\n" + note, "old 0\n" + note, "old 0\n\n" + note[..^4],
            LienThong.Gateway.Log.Witness.Request(0, Enumerable.Repeat(MerkleHash.Empty, 64), note)])
        {
            Assert.Equal(400, witness.Add(request).Status);
        }

        Assert.Null(witness.Seen(Origin));
    }

    [Fact]
    public async Task A_memory_that_cannot_be_read_is_not_taken_for_none()
    {
        await using var log = Log("log");
        await AppendAsync(log, 0, 5);
        using (var witness = Witness()) witness.Add(LienThong.Gateway.Log.Witness.Request(0, [], log.LatestNote!));
        var memory = Directory.GetFiles(Path.Combine(_folder, "memory"), "*.checkpoint").Single();
        await File.WriteAllTextAsync(memory, "nothing");
        using var again = Witness();
        Assert.Throws<IOException>(() => again.Add(LienThong.Gateway.Log.Witness.Request(0, [], log.LatestNote!)));
    }

    [Fact]
    public async Task The_log_asks_its_witnesses_keeps_what_they_signed_and_a_check_believes_no_other_past()
    {
        using var police = Witness();
        using var otherKey = new NoteSigner("witness.example/inspectorate", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature);
        using var inspectorate = new Witness(Path.Combine(_folder, "memory-2"), otherKey, [_logKey.Key], _clock);
        await using var log = Log("log");
        using var http = new HttpClient(new Wire(("police", police), ("inspectorate", inspectorate)));
        var peers = new[] { new WitnessPeer(_witnessKey.Key, new Uri("http://police/")), new WitnessPeer(otherKey.Key, new Uri("http://inspectorate/")) };
        using var cosigning = new Cosigning(log, peers, 2, http, _clock, NullLogger<Cosigning>.Instance);

        await AppendAsync(log, 0, 400);
        await cosigning.RoundAsync(default);
        await AppendAsync(log, 400, 400);
        await cosigning.RoundAsync(default);
        await AppendAsync(log, 800, 10);
        NoteKey[] trusted = [_logKey.Key, _witnessKey.Key, otherKey.Key];
        var found = await LogCheck.RunAsync(new TileFolder(log.PublicFolder), trusted, null, null, default);
        Assert.Equal((810, 800, 2), (found.Checkpoint.Size, found.Witnessed!.Size, found.Cosignatures.Count));

        // Every flip in what was witnessed is found by whoever knows the witnesses.
        var file = Path.Combine(log.PublicFolder, PublicFiles.Witnessed);
        var whole = await File.ReadAllBytesAsync(file);
        for (var bit = 0; bit < whole.Length * 8; bit += 11)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, flipped);
            try
            {
                Assert.InRange((await LogCheck.RunAsync(new TileFolder(log.PublicFolder), trusted, null, null, default)).Cosignatures.Count, 0, 1);   // A renamed witness signed nothing.
            }
            catch (LogDamagedException) { }
        }
    }

    [Fact]
    public async Task A_witness_away_stops_nothing_and_one_that_saw_another_log_raises_the_alarm()
    {
        using var police = Witness();
        await using (var other = Log("other"))
        {
            await AppendAsync(other, 0, 30);
            await other.Append("differs"u8, []).OnDisk;
            await other.SealAsync();
            police.Add(LienThong.Gateway.Log.Witness.Request(0, [], other.LatestNote!));
        }

        await using var log = Log("log");
        await AppendAsync(log, 0, 40);
        using var http = new HttpClient(new Wire(("police", police)));
        using var cosigning = new Cosigning(log, [new WitnessPeer(_witnessKey.Key, new Uri("http://police/"))], 1, http, _clock, NullLogger<Cosigning>.Instance);
        await cosigning.RoundAsync(default);
        Assert.Equal([_witnessKey.Key.Name], cosigning.Alarms);
        Assert.NotNull(cosigning.BehindSince);
        Assert.False(File.Exists(Path.Combine(log.PublicFolder, PublicFiles.Witnessed)));

        using var nobody = new HttpClient(new Wire());
        using var alone = new Cosigning(log, [new WitnessPeer(_witnessKey.Key, new Uri("http://police/"))], 1, nobody, _clock, NullLogger<Cosigning>.Instance);
        await alone.RoundAsync(default);
        Assert.Empty(alone.Alarms);
        Assert.Equal(_clock.GetUtcNow(), alone.BehindSince);
        await AppendAsync(log, 40, 1);
    }

    private Witness Witness() => new(Path.Combine(_folder, "memory"), _witnessKey, [_logKey.Key], _clock);

    private SealedLog Log(string name) =>
        SealedLog.Open(new SealedLogOptions { Folder = Path.Combine(_folder, name), Origin = Origin, Signer = _logKey }, TimeProvider.System, NullLogger.Instance);

    private static async Task AppendAsync(SealedLog log, int from, int count)
    {
        await Task.WhenAll(Enumerable.Range(from, count).Select(i => log.Append(Encoding.UTF8.GetBytes($"entry {i}"), []).OnDisk).ToList());
        await log.SealAsync();
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The wire between log and witnesses, without a socket: what is asked and answered is the text both sides really write.</summary>
    private sealed class Wire(params (string Host, Witness Witness)[] witnesses) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var witness = witnesses.FirstOrDefault(w => w.Host == request.RequestUri!.Host).Witness ?? throw new HttpRequestException("nobody there");
            var answer = witness.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(answer.Body) };
        }
    }

    public void Dispose()
    {
        _logKey.Dispose();
        _witnessKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
