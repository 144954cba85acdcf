using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LienThong.Unit.Gateway.Forward;

/// <summary>Issue 3 B.3: carrying a call when everything is well and when it is not (T15); whose fault it was is always said.</summary>
public sealed class ForwardTests
{
    private const string Person = "/dan-cu/tra-cuu/nguoi/1";

    [Fact]
    public async Task Large_bodies_go_both_ways_unchanged_with_and_without_a_length()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Services = [s.Services[0] with { MaxRequestBytes = 100_000_000 }] });
        world.Provider = async http =>
        {
            if (http.Request.Headers.ContainsKey("X-Length")) http.Response.ContentLength = http.Request.ContentLength;
            await http.Request.Body.CopyToAsync(http.Response.Body);
        };
        using var client = await world.TokenClientAsync();
        foreach (var size in new[] { 0, 1, 65_535, 65_536, 65_537, 5_000_000 })
        {
            foreach (var hasLength in new[] { true, false })
            {
                var body = new byte[size];
                new Random(size).NextBytes(body);
                var request = new HttpRequestMessage(HttpMethod.Post, "/dan-cu/tra-cuu/nguoi") { Content = hasLength ? new ByteArrayContent(body) : new StreamContent(new Unknown(body)) };
                if (hasLength) request.Headers.Add("X-Length", "1");
                var answer = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), Convert.ToHexString(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync())));
            }
        }

        var closings = (await world.EntriesAsync()).Where(GatewayWorld.IsEnd).ToList();
        Assert.Equal(12, closings.Count);
        Assert.Equal(2, closings.Count(c => c.GetProperty("requestBytes").GetInt64() == 5_000_000 && c.GetProperty("responseBytes").GetInt64() == 5_000_000));
    }

    [Fact]
    public async Task A_request_over_the_limit_of_the_service_is_refused_by_length_and_while_it_streams()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Services = [s.Services[0] with { MaxRequestBytes = 100_000 }] });
        world.Provider = async http => await http.Request.Body.CopyToAsync(Stream.Null);
        using var client = await world.TokenClientAsync();
        foreach (var content in new HttpContent[] { new ByteArrayContent(new byte[100_001]), new StreamContent(new Unknown(new byte[200_000])) })
        {
            var answer = await client.PostAsync("/dan-cu/tra-cuu/nguoi", content);
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), (answer.StatusCode, GatewayWorld.Code(await answer.Content.ReadAsStringAsync())));
        }

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/dan-cu/tra-cuu/nguoi", new ByteArrayContent(new byte[100_000]))).StatusCode);
    }

    [Fact]
    public async Task Headers_of_the_connection_and_of_forged_identity_stay_behind_in_both_directions()
    {
        await using var world = await GatewayWorld.StartAsync();
        Dictionary<string, string> seen = [];
        world.Provider = http =>
        {
            seen = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            http.Response.Headers["Keep-Alive"] = "timeout=5";
            http.Response.Headers.Connection = "X-Secret-Hop";
            http.Response.Headers["X-Secret-Hop"] = "1";
            http.Response.Headers["Proxy-Authenticate"] = "Basic";
            http.Response.Headers["X-Kept"] = "1";
            return http.Response.WriteAsync("{}");
        };
        using var client = await world.TokenClientAsync();
        var raw = await RawExchange.SendAsync(world.Address,
            $"GET {Person} HTTP/1.0\r\nHost: x\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\nConnection: X-Drop-Me\r\nX-Drop-Me: 1\r\nTE: trailers\r\nKeep-Alive: 1\r\n" +
            "Proxy-Authorization: Basic x\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX_Road_Client: forged\r\nX-Road-Service: forged\r\nX-HTTP-Method-Override: DELETE\r\nX-Kept: a\r\nX-Kept: b\r\nCookie: c=1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        foreach (var gone in new[] { "Connection", "X-Drop-Me", "TE", "Keep-Alive", "Proxy-Authorization", "X-Forwarded-For", "Forwarded", "X_Road_Client", "X-HTTP-Method-Override", "Authorization" }) Assert.DoesNotContain(gone, seen.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(("a,b", "c=1", Some.Consumer, Some.Provider + "/tra-cuu"), (seen["X-Kept"].Replace(", ", ",", StringComparison.Ordinal), seen["Cookie"], seen["X-Road-Client"], seen["X-Road-Service"]));
        foreach (var gone in new[] { "Keep-Alive:", "X-Secret-Hop:", "Proxy-Authenticate:" }) Assert.DoesNotContain(gone, raw, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Kept: 1", raw, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Smuggled => new()
    {
        { "two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" },
        { "length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n" },
        { "an odd coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "a folded line", "X-A: 1\r\n folded\r\n\r\n" },
        { "a blank before the colon", "X-A : 1\r\n\r\n" },
        { "a bare carriage return", "X-A: 1\rX-B: 2\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task A_request_that_two_readers_could_split_differently_reaches_nobody(string what, string rest)
    {
        var reached = 0;
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = async http =>
        {
            Interlocked.Increment(ref reached);
            await http.Request.Body.CopyToAsync(Stream.Null);
        };
        using var client = await world.TokenClientAsync();
        var raw = await RawExchange.SendAsync(world.Address, $"POST /dan-cu/tra-cuu/nguoi HTTP/1.1\r\nHost: x\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n{rest}");
        Assert.True(raw.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || raw.StartsWith("HTTP/1.1 501", StringComparison.Ordinal) || raw.Length == 0, $"{what}: {raw}");
        Assert.Equal(0, reached);
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "not HTTP", "SSH-2.0-OpenSSH\r\n\r\n" },
        { "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" },
        { "length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" },
        { "another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" },
        { "a folded line", "HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 0\r\n\r\n" },
        { "no colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n" },
        { "a chunk size that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n" },
        { "a chunk longer than said", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" },
        { "a switch nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n" },
        { "a status of two digits", "HTTP/1.1 20 OK\r\n\r\n" },
        { "a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task An_answer_that_is_not_HTTP_is_the_providers_fault_and_nothing_of_it_leaves(string what, string answer)
    {
        await using var provider = new RawProvider(async (stream, _) =>
        {
            await RawProvider.WriteAsync(stream, answer);
            stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address);
        using var client = await world.TokenClientAsync();
        var got = await client.GetAsync(Person);
        Assert.Equal((HttpStatusCode.BadGateway, "provider", what), (got.StatusCode, JsonDocument.Parse(await got.Content.ReadAsStringAsync()).RootElement.GetProperty("fault").GetString(), what));
        Assert.Equal("provider", (await world.EntriesAsync())[^1].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Answers_in_chunks_of_the_old_version_after_an_interim_one_and_to_the_end_of_the_connection_are_all_read()
    {
        var answers = new Queue<string>(
        [
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;ext=1\r\n{\r\n1\r\n}\r\n0\r\nX-Trailer: 1\r\n\r\n",
            "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.0 200 OK\r\n\r\n{}",
        ]);
        await using var provider = new RawProvider(async (stream, _) =>
        {
            var answer = answers.Dequeue();
            await RawProvider.WriteAsync(stream, answer);
            if (answer.StartsWith("HTTP/1.0", StringComparison.Ordinal)) stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address);
        using var client = await world.TokenClientAsync();
        for (var i = 0; i < 3; i++)
        {
            var answer = await client.GetAsync(Person);
            Assert.Equal((HttpStatusCode.OK, "{}"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            Assert.False(answer.Headers.Contains("Link"));
        }
    }

    [Fact]
    public async Task Nobody_there_a_hanging_a_dripping_and_a_resetting_provider_each_have_their_word()
    {
        var mode = "hang";
        await using var provider = new RawProvider(async (stream, _) =>
        {
            switch (mode)
            {
                case "hang":
                    await stream.ReadExactlyAsync(new byte[1]);      // Until the gateway hangs up.
                    break;
                case "drip":
                    await RawProvider.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    for (var i = 0; i < 100; i++)
                    {
                        await RawProvider.WriteAsync(stream, "x");
                        await Task.Delay(200);
                    }

                    break;
                case "reset":
                    stream.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
                    stream.Socket.Close();
                    break;
            }
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address, change: s => s with { Services = [s.Services[0] with { TimeoutMs = 700 }] });
        using var client = await world.TokenClientAsync();
        async Task<string> Word(string how)
        {
            mode = how;
            var answer = await client.GetAsync(Person);
            return $"{(int)answer.StatusCode} {GatewayWorld.Code(await answer.Content.ReadAsStringAsync())}";
        }

        Assert.Equal("504 provider_timeout", await Word("hang"));
        Assert.Equal("504 provider_timeout", await Word("drip"));
        Assert.Equal("502 io_error", await Word("reset"));
        world.Publish(s => s with { Services = [s.Services[0] with { Upstreams = ["http://127.0.0.1:1"] }] });
        Assert.Equal("502 network_error", await Word(""));
        world.Publish(s => s with { Services = [s.Services[0] with { Upstreams = ["http://no-such-host.invalid"] }] });
        Assert.Equal("502 unknown_host", await Word(""));
        Assert.Equal(["transport", "transport", "provider", "transport", "transport"], (await world.EntriesAsync()).Where(GatewayWorld.IsEnd).Select(e => e.GetProperty("outcome").GetString()!));
    }

    [Fact]
    public async Task An_answer_cut_short_is_never_given_out_as_whole()
    {
        var size = 10;
        await using var provider = new RawProvider(async (stream, _) =>
        {
            await RawProvider.WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {size + 1}\r\n\r\n{new string('x', size)}");
            stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address);
        using var client = await world.TokenClientAsync();
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync(Person)).StatusCode);
        size = 1_000_000;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(Person));
        Assert.All((await world.EntriesAsync()).Where(GatewayWorld.IsEnd), e => Assert.Equal("provider", e.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task A_get_is_tried_once_more_elsewhere_and_a_post_is_not()
    {
        await using var broken = new RawProvider((stream, _) =>
        {
            stream.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            stream.Socket.Close();
            return Task.CompletedTask;
        });
        await using var world = await GatewayWorld.StartAsync();
        using var client = await world.TokenClientAsync();
        world.Publish(s => s with { Services = [s.Services[0] with { Upstreams = [broken.Address, world.ProviderAddress] }] });
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        Assert.Equal(1, broken.Requests);
        Assert.Equal(HttpStatusCode.BadGateway, (await client.PostAsync("/dan-cu/tra-cuu/nguoi", new StringContent("x"))).StatusCode);
        Assert.Equal(2, broken.Requests);
        // Five failures on end send it away; everybody is then served by the other.
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        Assert.InRange(broken.Requests, 5, 7);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/dan-cu/tra-cuu/nguoi", new StringContent("x"))).StatusCode);
    }

    [Fact]
    public async Task A_connection_that_the_provider_closed_at_rest_costs_no_call()
    {
        await using var provider = new RawProvider(async (stream, _) =>
        {
            await RawProvider.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            stream.Socket.Close();      // Without a word, as a server does after its keep-alive time.
        });
        await using var world = await GatewayWorld.StartAsync(providerAddress: provider.Address);
        using var client = await world.TokenClientAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/dan-cu/tra-cuu/nguoi", new StringContent(""))).StatusCode);
        }
    }

    [Fact]
    public async Task Fields_outside_the_agreement_do_not_leave_and_what_cannot_be_limited_does_not_either()
    {
        await using var world = await GatewayWorld.StartAsync(change: s => s with { Agreements = [s.Agreements[0] with { Fields = ["/hoTen", "/ho/*/soNha"] }] });
        using var client = await world.TokenClientAsync();
        string? encoding = null;
        world.Provider = http =>
        {
            encoding = http.Request.Headers.AcceptEncoding;
            http.Response.Headers.ETag = "\"of-the-whole\"";
            return http.Response.WriteAsJsonAsync(new { hoTen = "A", cccd = "051203004567", ho = new[] { new { soNha = "1", sdt = "0905" } } });
        };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        var answer = await client.GetAsync(Person);
        Assert.Equal("""{"hoTen":"A","ho":[{"soNha":"1"}]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(("identity", null), (encoding, answer.Headers.ETag));

        world.Provider = async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("[");
            for (var i = 0; i < 20_000; i++) await http.Response.WriteAsync($"{(i == 0 ? "" : ",")}{{\"hoTen\":\"A{i}\",\"cccd\":\"051203004567\"}}");
            await http.Response.WriteAsync("]");
        };
        var many = await client.GetStringAsync(Person);
        Assert.DoesNotContain("cccd", many, StringComparison.Ordinal);
        Assert.Equal(20_000, JsonDocument.Parse(many).RootElement.GetArrayLength());

        foreach (var (type, body) in new[] { ("text/plain", "cccd 051203004567"), ("application/json; charset=utf-16", "{}"), ("application/json", "{\"hoTen\":\"A\"") })
        {
            world.Provider = http =>
            {
                http.Response.ContentType = type;
                return http.Response.WriteAsync(body);
            };
            answer = await client.GetAsync(Person);
            Assert.Equal((HttpStatusCode.BadGateway, "fields_unreadable"), (answer.StatusCode, GatewayWorld.Code(await answer.Content.ReadAsStringAsync())));
        }

        world.Provider = http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsJsonAsync(new { title = "Không tìm thấy", cccd = "051203004567" }, (JsonSerializerOptions?)null, "application/problem+json");
        };
        Assert.Equal("""{"title":"Không tìm thấy"}""", await (await client.GetAsync(Person)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_slow_reader_and_one_slow_provider_hold_up_nobody_else()
    {
        var held = new TaskCompletionSource();
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = http => http.Request.Path.Value!.EndsWith("slow", StringComparison.Ordinal) ? held.Task : http.Response.WriteAsync("{}");
        using var client = await world.TokenClientAsync();
        var slow = Enumerable.Range(0, 50).Select(_ => client.GetAsync("/dan-cu/tra-cuu/nguoi/slow")).ToArray();
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Person)).StatusCode);
        Assert.DoesNotContain(slow, call => call.IsCompleted);
        held.SetResult();
        foreach (var call in slow) Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
    }

    [Fact]
    public async Task A_caller_who_goes_away_in_the_middle_is_recorded_as_such()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Provider = async http =>
        {
            var piece = new byte[65_536];
            for (var i = 0; i < 900; i++) await http.Response.Body.WriteAsync(piece);
        };
        using (var client = await world.TokenClientAsync())
        {
            using var answer = await client.GetAsync(Person, HttpCompletionOption.ResponseHeadersRead);
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[100_000]);
        }

        List<JsonElement> ends;
        do
        {
            await Task.Delay(50);
            ends = (await world.EntriesAsync()).Where(GatewayWorld.IsEnd).ToList();
        }
        while (ends.Count == 0);
        Assert.Equal("caller", ends[^1].GetProperty("outcome").GetString());
    }

    /// <summary>A stream that does not tell its length, so that the client must send chunks.</summary>
    private sealed class Unknown(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
