using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Routes;
using Xunit;

namespace LienThong.Unit.Gateway.Forward;

/// <summary>Issue 3 B.5, NĐ 278/2025 Đ7 (d): a call becomes a signed package; the receiver needs no server, and takes nothing that was changed on the way.</summary>
public sealed class PackageTests
{
    private const string Receiver = "VN/GOV/000.00.00.G22/csdl";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(3_000_000)]
    public async Task A_call_becomes_a_package_whose_receiver_reads_exactly_what_was_sent(int size)
    {
        await using var world = await WorldAsync();
        using var client = await world.TokenClientAsync();
        var body = new byte[size];
        new Random(size).NextBytes(body);
        var answer = await client.PostAsync(new Uri("/dan-cu/tra-cuu/nguoi?dot=3", UriKind.Relative), new ByteArrayContent(body), Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal((size, Convert.ToHexStringLower(SHA256.HashData(body))), (receipt.GetProperty("bytes").GetInt32(), receipt.GetProperty("sha256").GetString()));

        var file = Assert.Single(Packages(world));
        var keys = await world.Client().GetStringAsync(new Uri("/oauth/jwks", UriKind.Relative), Cancellation);
        using var read = new MemoryStream();
        var (manifest, fault) = PackageReading.Read(new MemoryStream(await File.ReadAllBytesAsync(file, Cancellation)), keys, Receiver, read);
        Assert.Equal(PackageFault.None, fault);
        Assert.Equal((Some.Consumer, Receiver, "05/TT-QNG", "POST", "/nguoi?dot=3"), (manifest!.From, manifest.To, manifest.Agreement, manifest.Method, manifest.Target));
        Assert.Equal(body, read.ToArray());
        Assert.Equal("success", (await world.EntriesAsync()).Last(e => e.TryGetProperty("outcome", out _)).GetProperty("outcome").GetString());
        Assert.Equal(PackageFault.WrongReceiver, PackageReading.Read(new MemoryStream(await File.ReadAllBytesAsync(file, Cancellation)), keys, "VN/GOV/000.00.00.G22/khac", Stream.Null).Fault);
    }

    [Fact]
    public async Task Any_changed_or_missing_byte_of_body_manifest_or_signature_is_found_and_another_key_is_not_enough()
    {
        await using var world = await WorldAsync();
        using var client = await world.TokenClientAsync();
        await client.PostAsJsonAsync("/dan-cu/tra-cuu/nguoi", new { soHoSo = "1", noiDung = "một hai ba" }, Cancellation);
        var whole = await File.ReadAllBytesAsync(Assert.Single(Packages(world)), Cancellation);
        var keys = await world.Client().GetStringAsync(new Uri("/oauth/jwks", UriKind.Relative), Cancellation);
        PackageFault Fault(byte[] bytes, string set) => PackageReading.Read(new MemoryStream(bytes), set, Receiver, Stream.Null).Fault;
        Assert.Equal(PackageFault.None, Fault(whole, keys));
        Assert.Equal(PackageFault.UnknownKey, Fault(whole, """{"keys":[]}"""));

        // Whatever the receiver takes must be the body that was signed: a change in the frame of the ZIP alone may pass, a change in what it holds may not.
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x20;
            using var read = new MemoryStream();
            var (manifest, fault) = PackageReading.Read(new MemoryStream(changed), keys, Receiver, read);
            if (fault is PackageFault.None) Assert.Equal((manifest!.Sha256, manifest.Agreement), (Convert.ToHexStringLower(SHA256.HashData(read.ToArray())), "05/TT-QNG"));
        }

        foreach (var inside in new[] { "noiDung", "05/TT-QNG", Receiver })
        {
            var at = whole.AsSpan().IndexOf(Encoding.UTF8.GetBytes(inside));
            Assert.True(at > 0, inside);
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            Assert.NotEqual(PackageFault.None, Fault(changed, keys));
        }

        Assert.All(Enumerable.Range(1, 40), n => Assert.NotEqual(PackageFault.None, Fault(whole[..(whole.Length * n / 41)], keys)));
    }

    [Fact]
    public async Task The_same_key_twice_is_one_package_and_a_body_over_the_limit_none()
    {
        await using var world = await WorldAsync(s => s with { MaxRequestBytes = 100_000 });
        using var client = await world.TokenClientAsync();
        for (var n = 0; n < 2; n++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/dan-cu/tra-cuu/nguoi") { Content = new StringContent("{}") };
            request.Headers.Add("Idempotency-Key", "\"mot-lan\"");
            Assert.Equal(HttpStatusCode.Accepted, (await client.SendAsync(request, Cancellation)).StatusCode);
        }

        Assert.Single(Packages(world));
        using var endless = new HttpRequestMessage(HttpMethod.Post, "/dan-cu/tra-cuu/nguoi") { Content = new StreamContent(new MemoryStream(new byte[200_000])) };
        endless.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SendAsync(endless, Cancellation)).StatusCode);
        Assert.Single(Directory.GetFiles(Path.Combine(world.Folder, "gateway", "packages")));
    }

    private static string[] Packages(GatewayWorld world) => Directory.GetFiles(Path.Combine(world.Folder, "gateway", "packages"), "*.goi");

    private static Task<GatewayWorld> WorldAsync(Func<ServiceEntry, ServiceEntry>? change = null) => GatewayWorld.StartAsync(change: s =>
    {
        var service = s.Services[0] with { Upstreams = [], Adapter = new AdapterEntry { Kind = AdapterKind.Package, Target = Receiver } };
        return s with { Services = [change?.Invoke(service) ?? service] };
    });
}
