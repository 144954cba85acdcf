using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>Issue 3 C: when nobody vouches for the log, what is queued waits; after a term it is alarmed about, and after a longer one calls that need a receipt are refused.</summary>
public sealed class EvidenceTests
{
    /// <summary>A witness that can be away.</summary>
    private sealed class Line(Witness witness) : HttpMessageHandler
    {
        public bool IsAway { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsAway) throw new HttpRequestException("away");
            var answer = witness.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(answer.Body) };
        }
    }

    [Fact]
    public async Task Calls_that_need_a_receipt_are_refused_when_nobody_has_vouched_for_the_log_for_four_hours_and_the_others_go_on()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-evidence-").FullName;
        await using var world = await GatewayWorld.StartAsync(change: s => s with
        {
            UnstampedHoursMax = 4,
            Agreements = [s.Agreements[0] with { NeedsReceipt = true }, s.Agreements[0] with { Number = "06/TT-QNG", Service = "dan-cu/khac" }],
            Services = [s.Services[0], s.Services[0] with { Code = "dan-cu/khac", ServiceCode = "khac" }],
        });
        await world.StopGatewayAsync();
        Line line = null!;
        LogEvidence evidence = null!;
        world.Evidence = log =>
        {
            Assert.True(NoteKey.TryParse(File.ReadAllText(Path.Combine(log.PublicFolder, PublicFiles.Key)), out var logKey));
            var signer = new NoteSigner("witness.example", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature);
            line = new Line(new Witness(folder, signer, [logKey], world.Clock));
            evidence = new LogEvidence(log, new LogEvidenceOptions { Witnesses = [new WitnessPeer(signer.Key, new Uri("http://witness.example/"))] }, line, world.Clock, NullLoggerFactory.Instance);
            evidence.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
            return evidence;
        };
        await world.StartGatewayAsync();
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        while (!File.Exists(Path.Combine(world.LogFolder, "public", PublicFiles.Witnessed)) || evidence.BehindSince is not null) await Task.Delay(20);

        line.IsAway = true;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        while (evidence.BehindSince is null) await Task.Delay(20);
        world.Clock.Move(TimeSpan.FromHours(4));
        using var later = await world.TokenClientAsync();
        var refused = await later.GetAsync("/dan-cu/tra-cuu/nguoi/1");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "timestamping_failed"), (refused.StatusCode, GatewayWorld.Code(await refused.Content.ReadAsStringAsync())));
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("/dan-cu/khac/nguoi/1")).StatusCode);
        using var health = JsonDocument.Parse(await later.GetStringAsync("/health/ready"));
        Assert.Equal("behind", health.RootElement.GetProperty("evidence").GetString());

        // Somebody vouches again, also for what waited: everything goes on by itself.
        line.IsAway = false;
        while (evidence.BehindSince is not null) await Task.Delay(20);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        await evidence.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
