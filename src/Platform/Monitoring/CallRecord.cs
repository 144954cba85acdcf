using LienThong.Gateway.Log;

namespace LienThong.Platform.Monitoring;

/// <summary>How a call ended, as far as the log says.</summary>
public enum CallEnd
{
    /// <summary>Opened and not closed: under way, or, when it is older than any call may be, of unknown outcome. Never counted as a success.</summary>
    Open,
    Success, Business, Provider, Policy, Transport, Caller,
}

/// <summary>
/// One call as its node put it on record: the opening and the closing entry in one row, under the index of the first of them. Raw rows are kept for a
/// term; what they add up to (<see cref="CallHour"/>) stays.
/// </summary>
public sealed class CallRecord
{
    public required int Node { get; init; }

    /// <summary>Index of the opening, or of the refusal.</summary>
    public required long Entry { get; init; }

    /// <summary>Index of the closing, when there is one.</summary>
    public long? Closing { get; set; }
    public required Guid Call { get; init; }

    /// <summary>Who with whom: see <see cref="CallLine"/>.</summary>
    public required int Line { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Method { get; init; }

    /// <summary>The message's own id on the other side, when it has one.</summary>
    public string? Upstream { get; init; }
    public CallEnd End { get; set; }

    /// <summary>The code of the error, when the exchange made one.</summary>
    public string? Fault { get; set; }
    public int Status { get; set; }
    public long RequestBytes { get; set; }
    public long ResponseBytes { get; set; }
    public int Milliseconds { get; set; }
}

/// <summary>Consumer, provider, service, version and agreement of calls on one node: said once, and by its number in every call.</summary>
public sealed class CallLine
{
    public required int Node { get; init; }
    public required int Number { get; init; }
    public required string Consumer { get; init; }
    public required string Provider { get; init; }

    /// <summary>The service's X-Road identifier.</summary>
    public required string Service { get; init; }
    public required string Version { get; init; }

    /// <summary>Empty when the call was refused for want of one.</summary>
    public required string Agreement { get; init; }

    /// <summary>The first success under it.</summary>
    public DateTimeOffset? FirstSuccessAt { get; set; }

    /// <summary>
    /// Names that refused callers made up are gathered under one line when there are more than this many on a node: whoever invents service names must
    /// not fill the table.
    /// </summary>
    public const int InventedMax = 2_000;
    public const string Invented = "*";
}

/// <summary>All calls of one line in one hour that ended in one way: what every figure is made of. Each node adds to its own rows only.</summary>
public sealed class CallHour
{
    public required int Node { get; init; }
    public required int Line { get; init; }

    /// <summary>The hour in which the calls were opened, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }
    public required CallEnd End { get; init; }

    /// <summary>The code of the error; empty when there is none.</summary>
    public required string Fault { get; init; }
    public long Calls { get; set; }
    public long RequestBytes { get; set; }
    public long ResponseBytes { get; set; }

    /// <summary>How long they took: see <see cref="LatencyHistogram"/>.</summary>
    public byte[] Latencies { get; set; } = [];
}

/// <summary>What an entry of a gateway's log says of a call.</summary>
/// <param name="OpenEntry">Of a closing: the index of its opening.</param>
internal sealed record CallSaying(
    string Kind, Guid Call, DateTimeOffset At, string Consumer, string Provider, string Service, string Version, string Agreement, string Method, string? Upstream, long OpenEntry, CallEnd End, string? Fault, int Status,
    long RequestBytes, long ResponseBytes, int Milliseconds)
{
    /// <summary>Reads an entry; null when it is of a kind that is not a call (an administrator's deed, a receipt).</summary>
    /// <exception cref="LogDamagedException">The log signed something that is not of its own form.</exception>
    public static CallSaying? Read(ReadOnlyMemory<byte> entry, long index)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(entry);
            var said = json.RootElement;
            if (said.GetProperty("v").GetInt32() != 1) throw Unreadable(index);
            var kind = said.GetProperty("kind").GetString()!;
            if (kind is "admin" or "receipt") return null;
            if (kind is not ("open" or "close" or "refused" or "call")) throw Unreadable(index);   // A newer node's: whatever it is, it must not be passed over.
            var end = kind == "open" ? CallEnd.Open : said.GetProperty("outcome").GetString() switch
            {
                "success" => CallEnd.Success,
                "business" => CallEnd.Business,
                "provider" => CallEnd.Provider,
                "policy" => CallEnd.Policy,
                "transport" => CallEnd.Transport,
                "caller" => CallEnd.Caller,
                _ => throw Unreadable(index),
            };
            string Text(string name) => said.GetProperty(name).GetString()!;
            long Number(string name) => said.TryGetProperty(name, out var number) ? number.GetInt64() : 0;
            return new CallSaying(
                kind, said.GetProperty("call").GetGuid(), said.GetProperty("at").GetDateTimeOffset(), Text("consumer"), Text("provider"), Text("service"), Text("version"), Text("agreement"), Text("method"),
                said.TryGetProperty("upstream", out var upstream) ? upstream.GetString() : null, kind == "close" ? said.GetProperty("open").GetInt64() : index, end, said.TryGetProperty("fault", out var fault) ? fault.GetString() : null,
                (int)Number("status"), Number("requestBytes"), Number("responseBytes"), (int)Number("ms"));
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Unreadable(index);
        }
    }

    private static LogDamagedException Unreadable(long index) => new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"entry {index}"), LogFault.Unreadable);
}
