using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Storage;
using LienThong.Platform.Shared.Parameters;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Monitoring;

/// <param name="ServiceName">As the register calls it; the identifier when it is not there.</param>
/// <param name="IsUnknown">Opened so long ago without closing that its outcome is unknown.</param>
public sealed record CallRow(
    Guid Call, string Origin, long Entry, long? Closing, DateTimeOffset At, string Agreement, string ConsumerName, string ProviderName, string ServiceName, string Method, CallEnd End, bool IsUnknown, string? Fault, int Status,
    long RequestBytes, long ResponseBytes, int Milliseconds);

/// <param name="Total">How many there are, counted up to <see cref="FindCalls.ReachMax"/>.</param>
public sealed record CallsPage(IReadOnlyList<CallRow> Rows, int Total, bool IsMore, int Page);

/// <summary>The calls behind a figure: the same question, answered with the calls themselves (R-MON-06).</summary>
public sealed class FindCalls(IDbContextFactory<PlatformDb> databases, IExchangeFacts facts, ISharingSight sight, ParameterBook parameters, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>Nobody pages further; a narrower question finds it. An export holds as many.</summary>
    public const int ReachMax = 10_000;

    public sealed record Request
    {
        public Period Period { get; set; } = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        public Guid? Call { get; set; }

        /// <summary>Number of an agreement.</summary>
        public string? Agreement { get; set; }

        /// <summary>Identifier of a service, or of the subsystem of a consumer.</summary>
        public string? Service { get; set; }
        public string? Consumer { get; set; }
        public CallEnd? End { get; set; }
        public string? Fault { get; set; }

        /// <summary>Refused for want of an agreement.</summary>
        public bool WithoutAgreement { get; set; }
        public int Page { get; set; } = 1;
    }

    public async Task<Result<CallsPage>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await ReadAsync(request, Math.Clamp(request.Page, 1, ReachMax / PageSize), PageSize, cancellationToken);
    }

    public async Task<Result<IReadOnlyList<CallRow>>> AllAsync(Request request, CancellationToken cancellationToken) =>
        (await ReadAsync(request, 1, ReachMax, cancellationToken)).IsGranted(out var page, out var refusal) ? Result(page.Rows) : refusal;

    private static Result<IReadOnlyList<CallRow>> Result(IReadOnlyList<CallRow> rows) => new List<CallRow>(rows);

    private async Task<Result<CallsPage>> ReadAsync(Request request, int page, int size, CancellationToken cancellationToken)
    {
        var sees = await sight.OfCurrentAsync(cancellationToken);
        if (sees.IsEmpty) return MonitoringRefusals.NotAllowed("ViewSharing");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var book = await CallNames.ReadAsync(db, facts, sees, cancellationToken);
        var asksForLines = request.Agreement is not null || request.Service is not null || request.Consumer is not null || request.WithoutAgreement;
        var lines = book.Lines.Where(l => request.Agreement is not { } agreement || l.Agreement == agreement).Where(l => request.Service is not { } service || l.Service == service)
            .Where(l => request.Consumer is not { } consumer || l.Consumer == consumer).Where(l => !request.WithoutAgreement || l.Agreement.Length == 0).ToList();
        var rows = db.CallRecords.AsNoTracking();
        if (request.Call is { } call) rows = rows.Where(c => c.Call == call);
        else
        {
            var (from, until) = (request.Period.From, request.Period.Until);
            rows = rows.Where(c => c.At >= from && c.At < until);
        }

        if (!sees.All || asksForLines) rows = Within(rows, lines);
        if (request.End is { } end) rows = rows.Where(c => c.End == end);
        if (request.Fault is { Length: > 0 } fault) rows = rows.Where(c => c.Fault == fault);
        var total = await rows.OrderBy(c => c.At).Take(ReachMax + 1).CountAsync(cancellationToken);
        var found = await rows.OrderByDescending(c => c.At).ThenByDescending(c => c.Node).ThenByDescending(c => c.Entry).Skip((page - 1) * size).Take(size).ToListAsync(cancellationToken);
        var since = clock.GetUtcNow() - (await MonitoringParameters.TodayAsync(parameters, cancellationToken)).UnknownAfter;
        return new CallsPage([.. found.Select(c => book.Row(c, since))], Math.Min(total, ReachMax), total > ReachMax, page);
    }

    /// <summary>Calls of these lines. A line's number is of its node, hence the product; with one node the index is used.</summary>
    private static IQueryable<CallRecord> Within(IQueryable<CallRecord> rows, List<CallLine> lines)
    {
        const long NodeStep = 1_000_000_000L;
        var nodes = lines.Select(l => l.Node).Distinct().ToList();
        if (nodes.Count == 1)
        {
            var (node, numbers) = (nodes[0], lines.Select(l => l.Number).ToList());
            return rows.Where(c => c.Node == node && numbers.Contains(c.Line));
        }

        var keys = lines.Select(l => (l.Node * NodeStep) + l.Number).ToList();
        return rows.Where(c => keys.Contains((c.Node * NodeStep) + c.Line));
    }
}

/// <summary>Lines of calls with the names people know them by, as far as the viewer may see them.</summary>
internal sealed class CallNames
{
    private readonly Dictionary<(int, int), CallLine> _lines;
    private readonly Dictionary<int, LogNode> _nodes;
    private readonly Dictionary<string, ConnectionFact> _connections;
    private readonly Dictionary<string, SubsystemFact> _subsystems;

    private CallNames(Dictionary<(int, int), CallLine> lines, Dictionary<int, LogNode> nodes, Dictionary<string, ConnectionFact> connections, Dictionary<string, SubsystemFact> subsystems) =>
        (_lines, _nodes, _connections, _subsystems) = (lines, nodes, connections, subsystems);

    public IEnumerable<CallLine> Lines => _lines.Values;

    public static async Task<CallNames> ReadAsync(PlatformDb db, IExchangeFacts facts, SharingSight sees, CancellationToken cancellationToken)
    {
        var connections = (await facts.ConnectionsAsync(cancellationToken)).ToDictionary(c => c.Code, StringComparer.Ordinal);
        var subsystems = (await facts.SubsystemsAsync(cancellationToken)).ToDictionary(s => s.Identifier, StringComparer.Ordinal);
        bool SeesParty(string identifier) => subsystems.TryGetValue(identifier, out var party) && sees.Sees(party.Unit);
        bool Sees(CallLine line) =>
            sees.All || (connections.TryGetValue(line.Agreement, out var fact) ? sees.Sees(fact.ConsumerUnit) || sees.Sees(fact.ProviderUnit) : SeesParty(line.Consumer) || SeesParty(line.Provider));
        var lines = (await db.CallLines.AsNoTracking().ToListAsync(cancellationToken)).Where(Sees).ToDictionary(l => (l.Node, l.Number));
        return new CallNames(lines, await db.LogNodes.AsNoTracking().ToDictionaryAsync(n => n.Number, cancellationToken), connections, subsystems);
    }

    public CallLine? LineOf(CallRecord call) => _lines.GetValueOrDefault((call.Node, call.Line));

    public LogNode NodeOf(CallRecord call) => _nodes[call.Node];

    public ConnectionFact? ConnectionOf(CallLine line) => _connections.GetValueOrDefault(line.Agreement);

    public CallRow Row(CallRecord call, DateTimeOffset unknownSince)
    {
        var line = _lines[(call.Node, call.Line)];
        var fact = ConnectionOf(line);
        return new CallRow(
            call.Call, _nodes[call.Node].Origin, call.Entry, call.Closing, call.At, line.Agreement, fact?.ConsumerName ?? PartyName(line.Consumer), fact?.ProviderName ?? PartyName(line.Provider), fact?.ServiceName ?? line.Service,
            call.Method, call.End, call.End is CallEnd.Open && call.At <= unknownSince, call.Fault, call.Status, call.RequestBytes, call.ResponseBytes, call.Milliseconds);
    }

    private string PartyName(string identifier) => _subsystems.GetValueOrDefault(identifier)?.UnitName ?? identifier;
}
