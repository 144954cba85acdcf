using System.Security.Cryptography;
using LienThong.Gateway.Log;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Monitoring;

/// <summary>A gateway's log in the data folder of a platform, written by the gateway's own code.</summary>
internal sealed class NodeLog : IAsyncDisposable
{
    public const string Consumer = "VN-QNG/GOV/TTPVHCC/mot-cua", Provider = "VN-QNG/GOV/NNMT/p-dat-dai-thua-dat", Service = Provider + "/thuaDat";

    private readonly TestPlatform _platform;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private SealedLog _sealed = null!;

    private NodeLog(TestPlatform platform, string name) => (_platform, Name) = (platform, name);

    public string Name { get; }
    public string Folder => Path.Combine(_platform.Storage.DataFolder, "log", Name);
    public string Public => Path.Combine(Folder, "public");
    public string Origin => "log.example/" + Name;
    public ExchangeLog Calls { get; private set; } = null!;
    public SealedLog Sealed => _sealed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static NodeLog Open(TestPlatform platform, string name = "gateway")
    {
        var log = new NodeLog(platform, name);
        log.Reopen();
        return log;
    }

    public void Reopen()
    {
        _sealed = SealedLog.Open(new SealedLogOptions { Folder = Folder, Origin = Origin, Signer = new NoteSigner(Origin, ECDsa.Create(_key.ExportParameters(true))) }, _platform.Clock, NullLogger.Instance);
        Calls = new ExchangeLog(_sealed, _platform.Clock);
    }

    public CallOpening Opening(string agreement = "TT-2026-00001", string service = Service, string consumer = Consumer) =>
        new(Guid.CreateVersion7(_platform.Clock.GetUtcNow()), consumer, Provider, service, "1.0.0", agreement, "POST");

    /// <summary>One call from opening to closing.</summary>
    public async Task<Guid> CallAsync(CallOutcome outcome = CallOutcome.Success, string? fault = null, int milliseconds = 20, string agreement = "TT-2026-00001", Action<CallDigests>? say = null)
    {
        var open = await Calls.OpenAsync(Opening(agreement));
        await CloseAsync(open, outcome, fault, milliseconds, say);
        return open.Opening.CallId;
    }

    public async Task CloseAsync(OpenCall open, CallOutcome outcome = CallOutcome.Success, string? fault = null, int milliseconds = 20, Action<CallDigests>? say = null)
    {
        using var digests = new CallDigests();
        say?.Invoke(digests);
        await Calls.CloseAsync(open, new CallClosing(outcome, fault, outcome is CallOutcome.Success ? 200 : 502, 100, 1_000, milliseconds, digests.Finish()));
    }

    public Task RefuseAsync(string fault, string agreement = "TT-2026-00001", string service = Service) =>
        Calls.RefuseAsync(Opening(agreement, service), new CallClosing(CallOutcome.Policy, fault, 403, 0, 0, 1, default));

    /// <summary>Entries as they are, many at once, and sealed.</summary>
    public async Task AppendAsync(int count, Func<int, byte[]> entry)
    {
        const int AtOnce = 2_000;
        for (var i = 0; i < count; i++)
        {
            var place = _sealed.Append(entry(i), default);
            if (i % AtOnce == AtOnce - 1 || i == count - 1) await place.OnDisk;
        }

        await _sealed.SealAsync();
    }

    /// <summary>Seals what is there and takes all of it in.</summary>
    public async Task<long> TakenInAsync()
    {
        await _sealed.SealAsync();
        return await TakeInAsync(_platform);
    }

    public static async Task<long> TakeInAsync(TestPlatform platform)
    {
        var taken = 0L;
        foreach (var node in await platform.Services.GetRequiredService<FindOwnNodes>().HandleAsync(Cancellation))
        {
            LogTaken last;
            do
            {
                last = await platform.Services.GetRequiredService<TakeInLog>().HandleAsync(node, Cancellation);
                taken += last.Taken;
            }
            while (last.Waits);
        }

        return taken;
    }

    public async Task<LogNode> NodeAsync()
    {
        await using var db = await _platform.OpenAsync();
        return await db.Set<LogNode>().AsNoTracking().SingleAsync(n => n.Origin == Origin, Cancellation);
    }

    public ValueTask CloseAsync() => _sealed.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _sealed.DisposeAsync();
        _key.Dispose();
    }
}
