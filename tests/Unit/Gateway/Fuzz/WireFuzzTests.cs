using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace LienThong.Unit.Gateway.Fuzz;

/// <summary>The gateway itself, on its sockets, between a caller and a provider who both say anything (T35, T36, T38): it answers, it stays, and nothing slips past what was agreed.</summary>
public sealed class WireFuzzTests
{
    [Fact]
    public async Task Whatever_is_sent_the_provider_sees_only_what_the_agreement_allows_under_the_callers_own_name()
    {
        await using var world = await GatewayWorld.StartAsync();
        var seen = new ConcurrentQueue<string>();
        world.Provider = async http =>
        {
            var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
            seen.Enqueue($"{http.Request.Method} {target.Split('?')[0]} {string.Join('|', http.Request.Headers["X-Road-Client"].ToArray())} {http.Request.Headers.Authorization}");
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("{}");
        };
        string token;
        using (var client = await world.TokenClientAsync()) token = client.DefaultRequestHeaders.Authorization!.ToString();
        string Request(string line, string more = "", string body = "") => $"{line} HTTP/1.1\r\nHost: g\r\nAuthorization: {token}\r\n{more}\r\n{body}";
        var own = Some.Consumer;
        await Fuzzing.RunAsync("request",
            [
                Request("GET /dan-cu/tra-cuu/nguoi/1"), Request("GET /dan-cu/tra-cuu/nguoi/1?x=%2F", "X-Road-Client: VN/GOV/other/x\r\n"),
                Request($"GET /r1/{Some.Provider}/tra-cuu/nguoi/1", $"X-Road-Client: {own}\r\nX-Road-Id: 1\r\n"),
                Request("POST /dan-cu/tra-cuu/nguoi", "Content-Length: 2\r\nContent-Type: application/json\r\n", "{}"), Request("POST /dan-cu/tra-cuu/nguoi", "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
                Request("GET /dan-cu/tra-cuu/nguoi/1", "Idempotency-Key: \"a\"\r\n"), "GET /health HTTP/1.1\r\nHost: g\r\n\r\n",
            ],
            ["\r\n", "\n", "\r", ": ", "Transfer-Encoding: chunked\r\n", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "X_Road_Client: VN/GOV/other/x\r\n", "X-Road-Client: VN/GOV/other/x\r\n", "Host: x\r\n", "%2e%2e", "/../", "%2F", "\u0000", "GET / HTTP/1.1\r\n\r\n", "0\r\n\r\n", "Connection: X-Road-Client\r\n",
                "Expect: 100-continue\r\n", "Upgrade: h2c\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "TRACE", "HTTP/1.0", "/khac", "//"],
            600, async input =>
        {
            var answer = await ExchangeAsync(world.Address, input);
            while (seen.TryDequeue(out var request))
            {
                var parts = request.Split(' ');
                Assert.True(parts[0] is "GET" or "HEAD" ? parts[1].StartsWith("/nguoi/", StringComparison.Ordinal) || parts[1].StartsWith("/ho/", StringComparison.Ordinal) : parts[0] is "POST" && parts[1] is "/nguoi", request);
                Assert.DoesNotContain("..", Uri.UnescapeDataString(parts[1]).Split('/'));
                Assert.True(Uri.UnescapeDataString(parts[2]) == own && parts[3].Length == 0, request);
            }

            if (answer.Length == 0) return "closed";
            if (input.AsSpan().StartsWith("PRI * HTTP/2.0"u8)) return "HTTP/2";     // Answered in frames: go away, HTTP/1.1 is required.
            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            var status = answer.AsSpan(9, 3).ToString();
            // 500 is the X-Road face's way of saying no; it names the fault then. A fault of our own has another name.
            Assert.DoesNotContain("internal", answer.Contains("x-road-error", StringComparison.OrdinalIgnoreCase) ? answer.Split("\r\n").First(l => l.StartsWith("x-road-error", StringComparison.OrdinalIgnoreCase)) : "", StringComparison.OrdinalIgnoreCase);
            Assert.True(status is not "500" || answer.Contains("x-road-error: server.", StringComparison.OrdinalIgnoreCase), answer);
            return status;
        });
        using var still = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await still.GetAsync("/dan-cu/tra-cuu/nguoi/1")).StatusCode);
    }

    [Fact]
    public async Task Whatever_a_provider_answers_the_caller_gets_an_answer_or_an_honest_end()
    {
        var say = Array.Empty<byte>();
        await using var provider = new RawProvider(async (stream, _) =>
        {
            await stream.WriteAsync(say);
            stream.Socket.Shutdown(SocketShutdown.Send);
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address, change: s => s with { Services = [s.Services[0] with { RetryIdempotent = false }] });
        using var client = await world.TokenClientAsync();
        await Fuzzing.RunAsync("answer",
            [
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n5\r\n:\"b\"}\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\n{\"a\":\"b\"}", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ],
            ["\r\n", "\n", "Content-Length: 9\r\n", "Content-Length: 99999999999\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "HTTP/1.1 ", "200", "101", "999", ": ", " ", "\u0000", "ffffffffffffffff\r\n", "0\r\n\r\n", "-1", "+9", ";x=y", "X-Road-Client: VN/GOV/other/x\r\n", "Connection: close\r\n"],
            600, async input =>
        {
            say = input;
            try
            {
                using var answer = await client.GetAsync("/dan-cu/tra-cuu/nguoi/1");
                var body = await answer.Content.ReadAsByteArrayAsync();
                // Complete as far as the provider's own words go: nothing is added, and what was announced is there.
                if (answer.IsSuccessStatusCode && body.Length > 0) Assert.True(input.AsSpan().IndexOf(body.AsSpan(0, Math.Min(body.Length, 1))) >= 0);
                Assert.False(answer.Headers.Contains("x-road-client"));
                Assert.DoesNotContain("internal_error", Encoding.Latin1.GetString(body), StringComparison.Ordinal);
                return $"{(int)answer.StatusCode} {(answer.Content.Headers.ContentType?.MediaType is "application/problem+json" ? GatewayWorld.Code(Encoding.UTF8.GetString(body)) : body.Length > 0)}";
            }
            catch (Exception broken) when (broken is HttpRequestException or HttpIOException)
            {
                return "broken off";
            }
        });
        say = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();
        Assert.Equal("{}", await client.GetStringAsync("/dan-cu/tra-cuu/nguoi/1"));
    }

    /// <summary>Sends all of it and says no more, so that a request that is not whole ends at once; reads until the gateway closes.</summary>
    private static async Task<string> ExchangeAsync(Uri address, byte[] request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = socket.GetStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
            socket.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // Reset after what was answered.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
