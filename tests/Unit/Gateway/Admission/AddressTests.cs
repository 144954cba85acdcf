using System.Net;
using LienThong.Gateway;
using LienThong.Gateway.Call;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace LienThong.Unit.Gateway.Admission;

/// <summary>Issue 3 B.2: fixed memory with a million client addresses. Bytes are counted, not seconds.</summary>
public sealed class AddressTests
{
    private const int Addresses = 1_000_000;

    [Fact]
    public async Task A_million_addresses_leave_nothing_behind()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Agreements = [s.Agreements[0] with { QuotaPerDay = 1 }] });
        using var stranger = world.Client();
        var token = await world.TokenAsync(stranger);
        using (var known = world.Client(token: token)) Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
        var application = world.Gateway.Application;

        // Strangers, and a consumer above its quota who comes from everywhere: the two whom an address could tempt one to remember.
        await SendAsync(application, token, 0, 20_000);
        var before = Settled();
        await SendAsync(application, token, 20_000, Addresses);
        var grown = Settled() - before;
        // The address alone has sixteen bytes, so whoever kept one of each would hold twice this and more; other tests of this process breathe beside this one.
        Assert.True(grown < 8L * 1024 * 1024, $"{grown} bytes more after {Addresses} addresses");
    }

    private static async Task SendAsync(GatewayApplication application, string token, int from, int until)
    {
        var address = new byte[16];
        (address[0], address[1]) = (0x20, 0x01);
        for (var i = from; i < until; i++)
        {
            BitConverter.TryWriteBytes(address.AsSpan(8), i);
            var features = new FeatureCollection();
            features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", RawTarget = "/dan-cu/tra-cuu/nguoi/1", Path = "/dan-cu/tra-cuu/nguoi/1", Protocol = "HTTP/1.1", Scheme = "http" });
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = new IPAddress(address), RemotePort = 1024 + i % 60_000 });
            var http = application.CreateContext(features);
            if (i % 2 == 0) http.Request.Headers.Authorization = "Bearer " + token;
            await application.ProcessRequestAsync(http);
            Assert.Equal(i % 2 == 0 ? 429 : 401, http.Response.StatusCode);
            application.DisposeContext(http, null);
        }
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
