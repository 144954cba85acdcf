using System.Collections.Concurrent;

namespace LienThong.Web.Desk.Plans;

/// <summary>
/// Where the answer to a form went, by the number the form carried: the same form posted again (a double click, a reload of a slow page) is
/// led to the same place and does nothing. Kept in this process only; after a restart the rules of the slices still stand.
/// </summary>
public sealed class SentForms
{
    /// <summary>An hour of a busy province; the oldest go first.</summary>
    private const int KeptMax = 5_000;

    private readonly ConcurrentDictionary<Guid, string> _sent = new();
    private readonly ConcurrentQueue<Guid> _order = new();

    public string? Where(string? form) => Guid.TryParse(form, out var id) && _sent.TryGetValue(id, out var address) ? address : null;

    public void Remember(string? form, string address)
    {
        if (!Guid.TryParse(form, out var id) || !_sent.TryAdd(id, address)) return;
        _order.Enqueue(id);
        while (_order.Count > KeptMax && _order.TryDequeue(out var oldest)) _sent.TryRemove(oldest, out _);
    }
}
