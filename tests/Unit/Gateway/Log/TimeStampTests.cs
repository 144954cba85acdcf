using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>RFC 3161 tokens over checkpoints, from a real authority: OpenSSL's (exchange.md §3.3 "Time", T16).</summary>
public sealed class TimeStampTests : IAsyncLifetime
{
    private const string Origin = "log.example/node-1";
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-tsa-").FullName;
    private readonly NoteSigner _logKey = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero));
    private SealedLog _log = null!;
    private X509Certificate2 _root = null!;

    [Fact]
    public async Task A_checkpoint_is_stamped_by_an_authority_and_the_stamp_holds_for_it_and_for_nothing_else()
    {
        await AppendAsync(0, 300);
        using var stamping = Stamping(new Authority(_folder));
        Assert.True(await stamping.StampAsync(default));
        Assert.Equal(300, stamping.StampedSize);
        await AppendAsync(300, 10);

        var stamp = Assert.Single(await CheckAsync([_root]));
        Assert.Equal(300, stamp.Size);
        Assert.InRange((TimeProvider.System.GetUtcNow() - stamp.At).TotalMinutes, -5, 5);
        var token = await File.ReadAllBytesAsync(Path.Combine(_log.PublicFolder, "tsa", "300.tsr"));
        var note = await File.ReadAllTextAsync(Path.Combine(_log.PublicFolder, "tsa", "300.checkpoint"));
        Assert.False(TimeStamp.Verify(token, _log.LatestNote!, [_root], out _, out _));
        using var stranger = CertificateAuthority("another root");
        Assert.False(TimeStamp.Verify(token, note, [stranger], out _, out _));

        // What OpenSSL itself says of it.
        await File.WriteAllTextAsync(Path.Combine(_folder, "note"), note);
        Assert.Contains("Verification: OK", OpenSsl($"ts -verify -in {_log.PublicFolder}/tsa/300.tsr -token_in -data {_folder}/note -CAfile {_folder}/ca.pem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_flipped_bit_of_a_stamp_passes()
    {
        await AppendAsync(0, 5);
        using var stamping = Stamping(new Authority(_folder));
        Assert.True(await stamping.StampAsync(default));
        var token = await File.ReadAllBytesAsync(Path.Combine(_log.PublicFolder, "tsa", "5.tsr"));
        var note = await File.ReadAllTextAsync(Path.Combine(_log.PublicFolder, "tsa", "5.checkpoint"));
        Assert.True(TimeStamp.Verify(token, note, [_root], out var right, out _));
        var dice = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var flipped = token.ToArray();
            flipped[dice.Next(flipped.Length)] ^= (byte)(1 << dice.Next(8));

            // Some bits say nothing about what was stamped and when (an unused certificate's, say); the time they leave is the right one.
            if (TimeStamp.Verify(flipped, note, [_root], out var at, out _)) Assert.Equal(right, at);
        }

        Assert.False(TimeStamp.Verify(token, note.Replace("\n5\n", "\n6\n", StringComparison.Ordinal), [_root], out _, out _));
    }

    [Fact]
    public async Task An_authority_that_is_away_lies_or_answers_another_question_stops_nothing_and_is_seen()
    {
        await AppendAsync(0, 5);
        foreach (var wrong in (HttpMessageHandler[])[new Answers(HttpStatusCode.ServiceUnavailable, []), new Answers(HttpStatusCode.OK, "no token"u8.ToArray()), new Replay(new Authority(_folder))])
        {
            using var stamping = Stamping(wrong);
            if (wrong is Replay) await stamping.StampAsync(default);
            if (wrong is Replay) await AppendAsync(5, 1);
            Assert.False(await stamping.StampAsync(default));
            Assert.Equal(_clock.GetUtcNow(), stamping.BehindSince);
            _clock.Advance(TimeSpan.FromHours(5));
        }

        await AppendAsync(6, 1);
        using var back = Stamping(new Authority(_folder));
        Assert.True(await back.StampAsync(default));
        Assert.Null(back.BehindSince);
    }

    private Task<IReadOnlyList<VerifiedTimeStamp>> CheckAsync(X509Certificate2[] roots) => TimeStamp.CheckAsync(_log.PublicFolder, [_logKey.Key], roots, async stamped =>
        stamped.Root == await new TileReader(new TileFolder(_log.PublicFolder), _log.SealedSize).RootAsync(0, stamped.Size, default), default);

    private TimeStamping Stamping(HttpMessageHandler authority) => new(_log, new Uri("http://tsa.example/"), new HttpClient(authority), _clock, NullLogger<TimeStamping>.Instance);

    private async Task AppendAsync(int from, int count)
    {
        await Task.WhenAll(Enumerable.Range(from, count).Select(i => _log.Append(Encoding.UTF8.GetBytes($"entry {i}"), []).OnDisk).ToList());
        await _log.SealAsync();
    }

    public ValueTask InitializeAsync()
    {
        _log = SealedLog.Open(new SealedLogOptions { Folder = Path.Combine(_folder, "log"), Origin = Origin, Signer = _logKey }, TimeProvider.System, NullLogger.Instance);
        _root = CertificateAuthority("ca");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Time-stamping of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var tsa = request.Create(_root, _root.NotBefore, _root.NotAfter, [1, 2, 3]);
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), _root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tsa.pem"), tsa.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tsa.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "serial"), "01\n");
        File.WriteAllText(Path.Combine(_folder, "tsa.conf"),
            $"""
            [tsa]
            default_tsa = here
            [here]
            serial = {_folder}/serial
            signer_cert = {_folder}/tsa.pem
            signer_key = {_folder}/tsa.key
            certs = {_folder}/ca.pem
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            ess_cert_id_alg = sha256
            """);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _logKey.Dispose();
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static X509Certificate2 CertificateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    private static string OpenSsl(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    /// <summary>OpenSSL as the authority, without a socket.</summary>
    private sealed class Authority(string folder) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("application/timestamp-query", request.Content!.Headers.ContentType!.MediaType);
            await File.WriteAllBytesAsync($"{folder}/query", await request.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
            OpenSsl($"ts -reply -config {folder}/tsa.conf -section here -queryfile {folder}/query -out {folder}/reply");
            return new HttpResponseMessage { Content = new ByteArrayContent(await File.ReadAllBytesAsync($"{folder}/reply", cancellationToken)) };
        }
    }

    private sealed class Answers(HttpStatusCode status, byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(body) });
    }

    /// <summary>Gives the answer to the first question again and again.</summary>
    private sealed class Replay(HttpMessageHandler authority) : DelegatingHandler(authority)
    {
        private byte[]? _first;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _first ??= await (await base.SendAsync(request, cancellationToken)).Content.ReadAsByteArrayAsync(cancellationToken);
            return new HttpResponseMessage { Content = new ByteArrayContent(_first) };
        }
    }
}
