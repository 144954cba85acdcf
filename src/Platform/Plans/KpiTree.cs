using System.ComponentModel.DataAnnotations;
using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <param name="Attainment">Share of the way from baseline to target, 0–1; of a parent: the weighted mean of its children's.</param>
/// <param name="Formula">As it is computed, with the numbers in it, to be printed beside the value.</param>
public sealed record KpiView(
    Guid Id, Guid? Parent, KpiKind Kind, string Code, string Name, string Unit, decimal? Baseline, decimal? Target, decimal? Actual, DateOnly? ActualOn, SourceKind? Source, decimal Weight,
    decimal? Attainment, string Formula, IReadOnlyList<KpiView> Children, int Version);

/// <summary>
/// The KPI tree (R-N57-05): leaves carry baseline, target and actual; a change of one actual changes every parent above it at once, because
/// parents are computed when asked.
/// </summary>
public sealed class KpiTree(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record NodeRequest
    {
        public Guid? Id { get; set; }
        public int? Version { get; set; }
        public Guid? Parent { get; set; }
        public KpiKind Kind { get; set; }
        [StringLength(40)] public string Code { get; set; } = "";
        [StringLength(300)] public string Name { get; set; } = "";
        [StringLength(40)] public string Unit { get; set; } = "%";
        public decimal? Baseline { get; set; }
        public decimal? Target { get; set; }
        public decimal Weight { get; set; } = 1;
        public bool LowerIsBetter { get; set; }
        public OrgUnitId? OwnerUnit { get; set; }
        public TaskId? Task { get; set; }
    }

    public sealed record ActualRequest
    {
        public Guid Node { get; set; }
        public DateOnly On { get; set; }
        public decimal Value { get; set; }
        public SourceKind Source { get; set; } = SourceKind.Declared;
    }

    /// <param name="asOf">Actuals dated later are not seen; null = today.</param>
    public async Task<Result<IReadOnlyList<KpiView>>> HandleAsync(DateOnly? asOf, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewBoard)) return PlansRefusals.NotAllowed(nameof(Permission.ViewBoard));
        var day = asOf ?? access.Today;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var nodes = await db.KpiNodes.AsNoTracking().OrderBy(k => k.Code).Take(2_000).ToListAsync(cancellationToken);
        var actuals = (await db.KpiActuals.AsNoTracking().Where(a => a.On <= day).ToListAsync(cancellationToken)).GroupBy(a => a.Node).ToDictionary(g => g.Key, g => g.OrderBy(a => a.On).ThenBy(a => a.At).Last());
        return nodes.Where(n => n.Parent is null || nodes.All(o => o.Id != n.Parent)).Select(n => View(n, nodes, actuals, 0)).ToList();
    }

    public async Task<Result<Guid>> SaveAsync(NodeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.EditPlan) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Name)) return PlansRefusals.TextMissing(nameof(request.Name));
        if (string.IsNullOrWhiteSpace(request.Code)) return PlansRefusals.TextMissing(nameof(request.Code));
        if (request.Weight <= 0) return PlansRefusals.KpiWeight;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var code = request.Code.Trim();
        if (await work.Db.KpiNodes.AnyAsync(k => k.Code == code && k.Id != request.Id, cancellationToken)) return PlansRefusals.KpiCodeTaken(code);
        if (request.Parent is { } parent && !await work.Db.KpiNodes.AnyAsync(k => k.Id == parent, cancellationToken)) return PlansRefusals.UnknownKpi;
        KpiNode node;
        if (request.Id is { } id)
        {
            if (await work.Db.KpiNodes.FirstOrDefaultAsync(k => k.Id == id, cancellationToken) is not { } found) return PlansRefusals.UnknownKpi;
            if (request.Version is { } seen && seen != found.Version) return PlansRefusals.Stale(seen, found.Version, request.Name, found.Name);
            node = found;
        }
        else
        {
            node = new KpiNode { Id = Guid.CreateVersion7(work.Now), Parent = request.Parent, Kind = request.Kind, Code = code, Name = request.Name, Unit = request.Unit };
            work.Db.KpiNodes.Add(node);
        }

        (node.Name, node.Unit, node.Baseline, node.Target, node.Weight) = (request.Name.Trim(), request.Unit, request.Baseline, request.Target, request.Weight);
        (node.LowerIsBetter, node.OwnerUnit, node.Task) = (request.LowerIsBetter, request.OwnerUnit, request.Task);
        work.Audit("plans.kpi.saved", "kpi", node.Id, after: new { node.Code, node.Name, node.Target, node.Weight });
        await work.CommitAsync(cancellationToken);
        return node.Id;
    }

    public async Task<Result<Done>> RecordAsync(ActualRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (!await work.Db.KpiNodes.AnyAsync(k => k.Id == request.Node, cancellationToken)) return PlansRefusals.UnknownKpi;
        work.Db.KpiActuals.Add(new KpiActual { Id = Guid.CreateVersion7(work.Now), Node = request.Node, On = request.On, Value = request.Value, Source = request.Source, At = work.Now, By = access.User.Id });
        work.Audit("plans.kpi.recorded", "kpi", request.Node, after: new { request.On, request.Value, request.Source });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    private static KpiView View(KpiNode node, List<KpiNode> nodes, Dictionary<Guid, KpiActual> actuals, int depth)
    {
        // Deeper than any real tree: a circle made by hand in the database must not hang the page.
        var children = depth > 12 ? [] : nodes.Where(n => n.Parent == node.Id).Select(n => View(n, nodes, actuals, depth + 1)).ToList();
        var actual = actuals.GetValueOrDefault(node.Id);
        decimal? attainment;
        string formula;
        if (children.Count > 0)
        {
            var known = children.Where(c => c.Attainment is not null).ToList();
            var weight = known.Sum(c => c.Weight);
            attainment = weight == 0 ? null : Math.Round(known.Sum(c => c.Weight * c.Attainment!.Value) / weight, 6);
            formula = "Σ(wᵢ × aᵢ) / Σwᵢ = (" + string.Join(" + ", known.Select(c => $"{Say(c.Weight)} × {Say(Math.Round(c.Attainment!.Value * 100, 2))} %")) + $") / {Say(weight)}";
        }
        else
        {
            attainment = Attained(node, actual?.Value);
            formula = actual is null || node.Target is null ? "" : node.Baseline is { } baseline
                ? $"({Say(actual.Value)} − {Say(baseline)}) / ({Say(node.Target.Value)} − {Say(baseline)})"
                : node.LowerIsBetter ? $"{Say(node.Target.Value)} / {Say(actual.Value)}" : $"{Say(actual.Value)} / {Say(node.Target.Value)}";
        }

        return new KpiView(
            node.Id, node.Parent, node.Kind, node.Code, node.Name, node.Unit, node.Baseline, node.Target, actual?.Value, actual?.On, actual?.Source, node.Weight, attainment, formula, children, node.Version);
    }

    /// <summary>Between 0 and 1: what is over the target makes up for nothing else.</summary>
    private static decimal? Attained(KpiNode node, decimal? actual)
    {
        if (actual is not { } value || node.Target is not { } target) return null;
        decimal? share = node.Baseline is { } baseline && target != baseline ? (value - baseline) / (target - baseline)
            : node.LowerIsBetter ? (value == 0 ? 1 : target / value)
            : target == 0 ? null : value / target;
        return share is { } s ? Math.Round(Math.Clamp(s, 0, 1), 6) : null;
    }

    private static string Say(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture).Replace('.', ',');
}
