using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>An auditor with a copy of the public folder and the program (R-SHR-09, T39): exit codes and words of <c>log verify</c> and <c>proof</c>.</summary>
public sealed class LogVerbJourneys : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("lienthong-auditor-").FullName;
    private readonly Guid _call = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private string Public => Path.Combine(_data, "log", "gateway", "public");
    private string _key = "";

    [Fact]
    public async Task A_whole_log_is_confirmed_and_a_changed_one_is_refused_with_the_place()
    {
        var (code, output, error) = await RunningApp.RunToEndAsync(["log", "verify", Public, "--key", _key]);
        Assert.True(code == 0, output + error);
        Assert.Contains("Đúng: 601 bản ghi", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Lưu ý", output, StringComparison.Ordinal);
        (code, output, _) = await RunningApp.RunToEndAsync(["log", "verify", Public]);
        Assert.Equal(0, code);
        Assert.Contains("khóa lấy từ chính nhật ký", output, StringComparison.Ordinal);

        var tile = Path.Combine(Public, "tile", "0", "001");
        var whole = await File.ReadAllBytesAsync(tile);
        await File.WriteAllBytesAsync(tile, [.. whole.Select((b, i) => i == 99 ? (byte)(b ^ 1) : b)]);
        (code, _, error) = await RunningApp.RunToEndAsync(["log", "verify", Public, "--key", _key]);
        Assert.Equal(1, code);
        Assert.Contains("tile/0/001: nội dung không khớp", error, StringComparison.Ordinal);
        (code, output, _) = await RunningApp.RunToEndAsync(["log", "verify", Public, "--json"]);
        Assert.Equal(1, code);
        Assert.Contains("\"verdict\":\"failed\"", output, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(tile, whole);

        (code, _, error) = await RunningApp.RunToEndAsync(["log", "verify", _data]);
        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_log_is_checked_at_an_address_as_it_is_in_a_folder()
    {
        await using var site = await FileSite.ServeAsync(Public);
        var (code, output, error) = await RunningApp.RunToEndAsync(["log", "verify", site.Address, "--key", _key]);
        Assert.True(code == 0, output + error);
        File.Delete(Path.Combine(Public, "tile", "entries", "000"));
        (code, _, error) = await RunningApp.RunToEndAsync(["log", "verify", site.Address, "--key", _key]);
        Assert.Equal(1, code);
        Assert.Contains("tile/entries/000: không có", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proof_of_one_call_is_made_travels_and_is_checked_on_a_machine_that_has_nothing_else()
    {
        var file = Path.Combine(_data, "bang-chung.tlog-proof");
        var (code, output, error) = await RunningApp.RunToEndAsync(["proof", "create", "--call", $"{_call}", "--out", file, "--data", _data]);
        Assert.True(code == 0, output + error);

        var elsewhere = Directory.CreateTempSubdirectory("lienthong-elsewhere-").FullName;
        File.Move(file, Path.Combine(elsewhere, "p.tlog-proof"));
        (code, output, error) = await RunningApp.RunToEndAsync(["proof", "verify", Path.Combine(elsewhere, "p.tlog-proof"), "--key", _key, "--data", elsewhere]);
        Assert.True(code == 0, output + error);
        Assert.Contains("\"kind\":\"call\"", output, StringComparison.Ordinal);
        Assert.Contains($"{_call}", output, StringComparison.Ordinal);

        var (without, _, why) = await RunningApp.RunToEndAsync(["proof", "verify", Path.Combine(elsewhere, "p.tlog-proof"), "--data", elsewhere]);
        Assert.Equal(3, without);
        Assert.Contains("--key", why, StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(Path.Combine(elsewhere, "p.tlog-proof"));
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "p.tlog-proof"), text.Replace("index 600", "index 599", StringComparison.Ordinal));
        (code, _, error) = await RunningApp.RunToEndAsync(["proof", "verify", Path.Combine(elsewhere, "p.tlog-proof"), "--key", _key, "--data", elsewhere]);
        Assert.Equal(1, code);
        Assert.Contains("SAI", error, StringComparison.Ordinal);
        Directory.Delete(elsewhere, recursive: true);

        (code, _, error) = await RunningApp.RunToEndAsync(["proof", "create", "--call", $"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}", "--out", file, "--data", _data]);
        Assert.Equal(2, code);
        Assert.Contains("Không có lần gọi", error, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        using var signer = new NoteSigner("log.example/gateway", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        _key = signer.Key.ToString();
        await using var sealedLog = SealedLog.Open(new SealedLogOptions { Folder = Path.Combine(_data, "log", "gateway"), Origin = "log.example/gateway", Signer = signer }, TimeProvider.System, NullLogger.Instance);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => sealedLog.Append(Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), []).OnDisk).ToList());
        var log = new ExchangeLog(sealedLog, TimeProvider.System);
        var open = await log.OpenAsync(new CallOpening(_call, "VN/GOV/A/a", "VN/GOV/B/b", "s", "1.0", "TT-1", "GET"));
        await log.CloseAsync(open, new CallClosing(CallOutcome.Success, null, 200, 0, 2, 1, default));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }
}
