using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>What an entry says and what it keeps to itself (exchange.md §3.4, R-SHR-09).</summary>
public sealed class ExchangeLogTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-calls-").FullName;
    private readonly NoteSigner _signer = new("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero));
    private SealedLog _sealed = null!;
    private ExchangeLog _log = null!;

    private CallOpening Opening => new(Guid.CreateVersion7(_clock.GetUtcNow()), "VN/GOV/H48.05/mot-cua", "VN/GOV/H48.01/dat-dai", "thua-dat/tra-cuu", "1.2", "TT-2026-0007", "GET");

    [Fact]
    public async Task A_closing_names_its_opening_the_agreement_and_the_outcome_and_nothing_that_was_said()
    {
        using var digests = new CallDigests();
        digests.Add(CallPart.RequestHead, "GET /thua-dat/tra-cuu?cccd=051203004567\r\n"u8);
        digests.Add(CallPart.ResponseBody, "{\"hoTen\":\"Nguyễn "u8);
        digests.Add(CallPart.ResponseBody, "Văn A\"}"u8);
        digests.Add(CallPart.UserId, "VN051203004567"u8);
        var open = await _log.OpenAsync(Opening with { Method = "POST" });
        var done = digests.Finish();
        await _log.CloseAsync(open, new CallClosing(CallOutcome.Success, null, 200, 0, 27, 14, done));

        var (opening, closing) = (await EntryAsync(0), await EntryAsync(1));
        Assert.Equal("open", opening.GetProperty("kind").GetString());
        Assert.Equal(0, closing.GetProperty("open").GetInt64());
        Assert.Equal(opening.GetProperty("call").GetString(), closing.GetProperty("call").GetString());
        Assert.Equal("TT-2026-0007", closing.GetProperty("agreement").GetString());
        Assert.Equal("success", closing.GetProperty("outcome").GetString());
        Assert.DoesNotContain("051203004567", closing.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Nguy", closing.GetRawText(), StringComparison.Ordinal);
        Assert.False(closing.TryGetProperty("requestBody", out _));

        // The salts stand aside; with them whoever holds the body shows that it is the one.
        var aside = Asides.Read(Path.Combine(_folder, "private"), 0, 2)[1].ToArray();
        var shown = SaltedDigests.Compute(SaltedDigests.SaltOf(aside, CallPart.ResponseBody), Encoding.UTF8.GetBytes("{\"hoTen\":\"Nguyễn Văn A\"}"));
        Assert.Equal(closing.GetProperty("responseBody").GetString(), Convert.ToBase64String(shown));
        Assert.NotEqual(Convert.ToBase64String(SHA256.HashData("VN051203004567"u8)), closing.GetProperty("userId").GetString());
        Assert.True(SaltedDigests.SaltOf(aside, CallPart.RequestBody).IsEmpty);
    }

    [Fact]
    public async Task A_reading_that_ends_at_once_is_one_entry_that_says_both()
    {
        var open = await _log.OpenAsync(Opening);
        await _log.CloseAsync(open, new CallClosing(CallOutcome.Success, null, 200, 0, 27, 14, default));
        await _sealed.SealAsync();
        Assert.Equal(1, _sealed.SealedSize);
        var whole = await EntryAsync(0);
        Assert.Equal(("call", open.Opening.CallId.ToString(), "success", 14), (whole.GetProperty("kind").GetString(), whole.GetProperty("call").GetString(), whole.GetProperty("outcome").GetString(), whole.GetProperty("ms").GetInt32()));
        Assert.False(whole.TryGetProperty("open", out _));
    }

    [Fact]
    public async Task A_reading_that_lasts_is_on_record_before_its_end_and_names_that_record_then()
    {
        var (ended, lasting) = (await _log.OpenAsync(Opening), await _log.OpenAsync(Opening));
        await _log.CloseAsync(ended, new CallClosing(CallOutcome.Success, null, 200, 0, 27, 14, default));
        do
        {
            await Task.Delay(10);
            await _sealed.SealAsync();
        }
        while (_sealed.SealedSize < 2);

        await _log.CloseAsync(lasting, new CallClosing(CallOutcome.Business, null, 404, 0, 0, 90, default));
        var (opening, closing) = (await EntryAsync(1), await EntryAsync(2));
        Assert.Equal(("open", lasting.Opening.CallId.ToString()), (opening.GetProperty("kind").GetString(), opening.GetProperty("call").GetString()));
        Assert.Equal(("close", 1L, "business"), (closing.GetProperty("kind").GetString(), closing.GetProperty("open").GetInt64(), closing.GetProperty("outcome").GetString()));
        Assert.Equal(3, _sealed.SealedSize);
    }

    [Fact]
    public async Task The_same_words_in_two_calls_have_digests_that_nobody_can_match()
    {
        using var digests = new CallDigests();
        var seen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            digests.Add(CallPart.UserId, "VN051203004567"u8);
            await _log.RefuseAsync(Opening, new CallClosing(CallOutcome.Policy, "access_denied", 403, 0, 0, 1, digests.Finish()));
            digests.Reset();
        }

        for (var i = 0; i < 50; i++)
        {
            var entry = await EntryAsync(i);
            Assert.Equal("access_denied", entry.GetProperty("fault").GetString());
            Assert.True(seen.Add(entry.GetProperty("userId").GetString()!));
        }
    }

    [Fact]
    public async Task Names_that_others_invent_cannot_break_out_of_their_field_or_fill_the_entry()
    {
        var call = Opening with { UpstreamId = "\",\"outcome\":\"success\n" + new string('ả', 5_000), Consumer = "VN/GOV/\u2028\0\"x" };
        await _log.RefuseAsync(call, new CallClosing(CallOutcome.Policy, null, 403, 0, 0, 1, default));
        var entry = await EntryAsync(0);
        Assert.Equal("policy", entry.GetProperty("outcome").GetString());
        Assert.Single(entry.EnumerateObject(), p => p.Name == "outcome");
        Assert.Equal(256, entry.GetProperty("upstream").GetString()!.Length);
    }

    [Fact]
    public async Task Times_rise_from_entry_to_entry_also_when_the_clock_stands_still_or_goes_back()
    {
        for (var i = 0; i < 20; i++)
        {
            if (i == 10) _clock.Advance(TimeSpan.FromHours(-1));
            await _log.OpenAsync(Opening with { Method = "POST" });
        }

        var times = new List<string>();
        for (var i = 0; i < 20; i++) times.Add((await EntryAsync(i)).GetProperty("at").GetString()!);
        Assert.Equal(times.Order(StringComparer.Ordinal).Distinct(), times);
        Assert.Matches(@"^2026-11-22T01:00:00\.\d{6}Z$", times[0]);
    }

    private async Task<JsonElement> EntryAsync(long index)
    {
        await _sealed.SealAsync();
        var entries = await new TileReader(new TileFolder(_sealed.PublicFolder), _sealed.SealedSize).EntriesAsync(index / 256, default);
        return JsonDocument.Parse(entries[(int)(index % 256)]).RootElement;
    }

    public ValueTask InitializeAsync()
    {
        _sealed = SealedLog.Open(new SealedLogOptions { Folder = _folder, Origin = "log.example/node-1", Signer = _signer }, _clock, NullLogger.Instance);
        _log = new ExchangeLog(_sealed, _clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _sealed.DisposeAsync();
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
