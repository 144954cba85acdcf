using System.Collections;
using System.Collections.Frozen;
using LienThong.Kernel;

namespace LienThong.Platform.Plans;

/// <summary>What a task is, as the index holds it: whatever does not change from day to day. Rows of several days share one.</summary>
/// <param name="CadenceDays">How often it must be updated though nothing is due: continuous tasks (parameter).</param>
/// <param name="Words">The words a search looks through, as <see cref="Vocabulary"/> numbers them; no other sentence of the document is in memory.</param>
internal sealed record TaskCard(
    TaskId Id, TaskPlace Place, int Ordinal, TaskLead Lead, string Gaps, bool IsIssued, bool IsPublished, int CadenceDays, OrgUnitId[] Units, UnitClassId[] Classes, byte[] Words);

/// <summary>Who leads; all tasks of one lead share it.</summary>
internal sealed record TaskLead(OrgUnitId? Unit, UnitClassId? Class, string Name);

/// <summary>Where in which plan; all tasks of one group share it.</summary>
internal sealed record TaskPlace(PlanId Plan, string? GroupPath);

/// <summary>A task as the index holds it: facts of one day, and what it is filtered by.</summary>
public sealed class IndexRow : FactsRow
{
    private readonly TaskCard _card;

    internal IndexRow(TaskCard card, FactsRow facts)
    {
        _card = card;
        CopyFrom(facts);
    }

    public TaskId Id => _card.Id;
    public PlanId Plan => _card.Place.Plan;
    public int Ordinal => _card.Ordinal;
    public OrgUnitId? LeadUnit => _card.Lead.Unit;
    public UnitClassId? LeadClass => _card.Lead.Class;
    public string LeadName => _card.Lead.Name;
    public string? GroupPath => _card.Place.GroupPath;
    public string Gaps => _card.Gaps;
    public bool IsIssued => _card.IsIssued;
    public bool IsPublished => _card.IsPublished;
    public int CadenceDays => _card.CadenceDays;
    internal OrgUnitId[] Units => _card.Units;
    internal UnitClassId[] Classes => _card.Classes;
    internal ReadOnlySpan<byte> Words => _card.Words;

    internal IndexRow At(FactsRow facts) => new(_card, facts);
}

/// <summary>All plans at one stamp, and their order in the register: newest first, then by name.</summary>
internal sealed class PlanOrder
{
    public PlanOrder(IReadOnlyList<PlanInfo> plans, long versions)
    {
        (Plans, Count, Versions) = (plans.ToFrozenDictionary(p => p.Id), plans.Count, versions);
        Rank = plans.OrderByDescending(p => p.InForceFrom).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id.Value).Select((p, i) => (p.Id, i)).ToFrozenDictionary(p => p.Id, p => p.i);
    }

    public FrozenDictionary<PlanId, PlanInfo> Plans { get; }

    public FrozenDictionary<PlanId, int> Rank { get; }

    public int Count { get; }

    /// <summary>Sum of the versions of all plans: moves whenever one of them is edited.</summary>
    public long Versions { get; }

    /// <summary>The same plans in the same order, whatever else of them was edited.</summary>
    public bool SameAs(PlanOrder other) => ReferenceEquals(this, other) || (Count == other.Count && Rank.All(r => other.Rank.TryGetValue(r.Key, out var rank) && rank == r.Value));
}

/// <summary>All tasks at one stamp, in the order of the register. Immutable; readers keep the one they began with.</summary>
public sealed class TaskSnapshot
{
    internal TaskSnapshot(long stamp, long pastStamp, TaskRows rows, PlanOrder order) => (Stamp, PastStamp, Rows, Order) = (stamp, pastStamp, rows, order);

    public long Stamp { get; }

    /// <summary>Figures of past days hold until this moves.</summary>
    public long PastStamp { get; }

    public TaskRows Rows { get; }

    public FrozenDictionary<PlanId, PlanInfo> Plans => Order.Plans;

    internal PlanOrder Order { get; }
}

/// <summary>Some rows in order. Never changed, only replaced; its number tells whether what was computed from it still holds, without keeping it alive.</summary>
internal sealed class RowPiece(IndexRow[] rows)
{
    private static long _last;

    public long Number { get; } = Interlocked.Increment(ref _last);

    public IndexRow[] Rows => rows;

    /// <summary>Those rows that pass; this piece itself when all do.</summary>
    public RowPiece Where(Predicate<IndexRow> passes)
    {
        var found = Array.FindAll(rows, passes);
        return found.Length == rows.Length ? this : new RowPiece(found);
    }
}

/// <summary>
/// Rows in order, in pieces. Nothing here is ever changed: a write makes new pieces for the rows it touched and shares all others with the rows
/// before it, so that readers need no lock and what was computed from a piece can be kept (<see cref="TaskIndex.ByPiece"/>).
/// </summary>
public sealed class TaskRows : IReadOnlyList<IndexRow>
{
    /// <summary>Small enough that one write renews little, large enough that a hundred thousand rows are two hundred pieces.</summary>
    private const int PieceRows = 512;

    private readonly RowPiece[] _pieces;
    private readonly int[] _starts;
    private readonly Lazy<Dictionary<TaskId, int>> _places;

    internal TaskRows(RowPiece[] pieces, Lazy<Dictionary<TaskId, int>>? places = null)
    {
        _pieces = pieces;
        _starts = new int[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            _starts[i] = Count;
            Count += pieces[i].Rows.Length;
        }

        _places = places ?? new Lazy<Dictionary<TaskId, int>>(Places);
    }

    public int Count { get; }

    internal IReadOnlyList<RowPiece> Pieces => _pieces;

    public IndexRow this[int index]
    {
        get
        {
            var piece = Array.BinarySearch(_starts, index);
            if (piece < 0) piece = ~piece - 1;
            while (index - _starts[piece] >= _pieces[piece].Rows.Length) piece++;   // An empty piece starts where the next one does.
            return _pieces[piece].Rows[index - _starts[piece]];
        }
    }

    public IndexRow? Find(TaskId id) => _places.Value.TryGetValue(id, out var place) ? this[place] : null;

    public IEnumerator<IndexRow> GetEnumerator()
    {
        foreach (var piece in _pieces)
        {
            foreach (var row in piece.Rows) yield return row;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>These rows after some were read anew. Where the order stays, only the pieces of those rows are made again.</summary>
    internal static TaskRows After(TaskSnapshot? before, List<IndexRow> renewed, PlanOrder order)
    {
        if (before is null) return Sorted([.. renewed], order);
        var rows = before.Rows;
        if (order.SameAs(before.Order) && renewed.TrueForAll(row => rows.Find(row.Id) is { } old && old.Plan == row.Plan && old.Ordinal == row.Ordinal)) return rows.With(renewed);
        var all = rows.ToDictionary(r => r.Id);
        foreach (var row in renewed) all[row.Id] = row;
        return Sorted([.. all.Values], order);
    }

    private TaskRows With(List<IndexRow> renewed)
    {
        if (renewed.Count == 0) return this;
        var pieces = (RowPiece[])_pieces.Clone();
        foreach (var changed in renewed.GroupBy(row => _places.Value[row.Id] / PieceRows))
        {
            var rows = (IndexRow[])pieces[changed.Key].Rows.Clone();
            foreach (var row in changed) rows[_places.Value[row.Id] % PieceRows] = row;
            pieces[changed.Key] = new RowPiece(rows);
        }

        return new TaskRows(pieces, _places);
    }

    private static TaskRows Sorted(IndexRow[] rows, PlanOrder order)
    {
        // Newest plan first, then as the document has it: one number to sort by. Only rows that share it are compared further.
        var keys = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++) keys[i] = ((long)order.Rank.GetValueOrDefault(rows[i].Plan) << 32) + rows[i].Ordinal;
        Array.Sort(keys, rows);
        for (var first = 0; first < rows.Length;)
        {
            var next = first + 1;
            while (next < rows.Length && keys[next] == keys[first]) next++;
            if (next - first > 1) Array.Sort(rows, first, next - first, Comparer<IndexRow>.Create((a, b) => a.Id.Value.CompareTo(b.Id.Value)));
            first = next;
        }

        return new TaskRows([.. rows.Chunk(PieceRows).Select(piece => new RowPiece(piece))]);
    }

    private Dictionary<TaskId, int> Places()
    {
        var places = new Dictionary<TaskId, int>(Count);
        var place = 0;
        foreach (var row in this) places[row.Id] = place++;
        return places;
    }
}

/// <summary>The few things asked for last, by key; the one not asked for longest goes first.</summary>
internal sealed class Recent<TKey, TValue>(int max) where TKey : notnull where TValue : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];

    public TValue? Find(TKey key)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node)) return null;
            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Value;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _order.Clear();
            _nodes.Clear();
        }
    }

    public TValue Keep(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.Remove(key, out var old)) _order.Remove(old);
            _nodes[key] = _order.AddFirst((key, value));
            if (_nodes.Count > max)
            {
                _nodes.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }
        }

        return value;
    }
}
