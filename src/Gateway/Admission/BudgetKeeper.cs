using System.Text.Json;
using System.Text.Json.Serialization;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Admission;

/// <summary>
/// Writes down what was used of the day's quotas, so that a restart does not give them out again. Every two seconds: what a kill can give back is two seconds of a day's
/// quota, far below the hundredth that is promised.
/// </summary>
internal sealed class BudgetKeeper : IDisposable
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly RouteTable _routes;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _writing = new();
    private byte[] _written = [];

    public BudgetKeeper(string path, RouteTable routes, TimeProvider clock, ILogger log)
    {
        (_path, _routes, _log) = (path, routes, log);
        Read();
        _timer = clock.CreateTimer(_ => Write(), null, WriteEvery, WriteEvery);
    }

    private void Read()
    {
        if (_routes.Current is not { } index || !File.Exists(_path)) return;
        try
        {
            foreach (var used in JsonSerializer.Deserialize(File.ReadAllBytes(_path), BudgetJson.Default.UsedArray) ?? [])
            {
                if (index.Budgets.TryGetValue((used.Level, used.Key), out var budget)) budget.PutBack(used.Day, used.Count);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            GatewayLog.BudgetsNotKept(_log, fault.Message);
        }
    }

    internal void Write()
    {
        lock (_writing)
        {
            if (_routes.Current is not { } index) return;
            try
            {
                var used = JsonSerializer.SerializeToUtf8Bytes(
                    [.. from b in index.Budgets where b.Value.Quota.QuotaPerDay > 0 let u = b.Value.Used where u.Used > 0 orderby b.Key select new Used(b.Key.Level, b.Key.Key, u.Day, u.Used)],
                    BudgetJson.Default.UsedArray);
                if (used.AsSpan().SequenceEqual(_written)) return;
                DurableFile.Write(_path, used);
                _written = used;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                GatewayLog.BudgetsNotKept(_log, fault.Message);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Write();
    }

    internal sealed record Used(BudgetLevel Level, string Key, long Day, long Count);
}

[JsonSerializable(typeof(BudgetKeeper.Used[]))]
internal sealed partial class BudgetJson : JsonSerializerContext;
