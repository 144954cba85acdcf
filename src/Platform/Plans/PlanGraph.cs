using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

public sealed record DirectiveNode(DirectiveId Id, string? Number, string? Kind, string? Issuer, DateOnly? IssuedOn, string? Excerpt, bool IsStub, IReadOnlyList<string> Aliases, PlanId? Plan, int Tasks, int Level);

/// <param name="CitedAs">The spelling the child uses.</param>
public sealed record DirectiveEdge(DirectiveId Child, DirectiveId Parent, string CitedAs);

public sealed record DirectiveSheet(Directive Directive, IReadOnlyList<string> Aliases, IReadOnlyList<string> Parents);

/// <summary>Which document carries out which: nodes by level, highest first; a list of the same edges stands beside the picture.</summary>
public sealed record DirectiveGraph(IReadOnlyList<DirectiveNode> Nodes, IReadOnlyList<DirectiveEdge> Edges);

/// <summary>The register of directing documents (R-TSK-01): search by any spelling, the chain of who implements whom.</summary>
public sealed class FindDirectives(IDbContextFactory<PlatformDb> databases, PlansAccess access)
{
    /// <summary>A graph beyond this is no picture any more; search first.</summary>
    public const int NodesMax = 300;

    /// <summary>Finds one record for all spellings of its number (T1), and by words of its excerpt.</summary>
    public async Task<Result<IReadOnlyList<DirectiveNode>>> SearchAsync(string? text, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewTasks)) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var directives = await LoadAsync(db, cancellationToken);
        if (!string.IsNullOrWhiteSpace(text))
        {
            var (key, shortKey, words) = (CitedNumber.Key(text), CitedNumber.ShortKey(text), VietnameseText.Fold(text));
            var isNumber = text.Any(char.IsDigit);
            directives = [.. directives.Where(d =>
                (isNumber && d.Aliases.Append(d.Number ?? "").Any(a => CitedNumber.Key(a) == key || (key == shortKey && CitedNumber.ShortKey(a) == shortKey)))
                || VietnameseText.Fold($"{d.Number} {string.Join(' ', d.Aliases)} {d.Excerpt} {d.Issuer}").Contains(words, StringComparison.Ordinal))];
        }

        return directives.OrderByDescending(d => d.IssuedOn ?? DateOnly.MinValue).ThenBy(d => d.Number, StringComparer.Ordinal).Take(NodesMax).ToList();
    }

    /// <summary>One document with all its spellings and what it carries out, for its form.</summary>
    public async Task<Result<DirectiveSheet>> OneAsync(DirectiveId id, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewTasks)) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Directives.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancellationToken) is not { } directive) return PlansRefusals.UnknownDirective;
        var aliases = await db.DirectiveAliases.AsNoTracking().Where(a => a.Directive == id && a.Alias != directive.Number).OrderBy(a => a.Alias).Select(a => a.Alias).Take(200).ToListAsync(cancellationToken);
        var parents = await db.DirectiveParents.AsNoTracking().Where(p => p.Child == id).OrderBy(p => p.Order).Select(p => p.CitedAs).Take(200).ToListAsync(cancellationToken);
        return new DirectiveSheet(directive, aliases, parents);
    }

    /// <summary>The graph around one document, or of all.</summary>
    public async Task<Result<DirectiveGraph>> GraphAsync(DirectiveId? around, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewTasks)) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var nodes = await LoadAsync(db, cancellationToken);
        var edges = (await db.DirectiveParents.AsNoTracking().OrderBy(e => e.Order).ToListAsync(cancellationToken)).Select(e => new DirectiveEdge(e.Child, e.Parent, e.CitedAs)).ToList();
        if (around is { } id)
        {
            if (nodes.All(n => n.Id != id)) return PlansRefusals.UnknownDirective;
            var kept = new HashSet<DirectiveId> { id };
            var up = new Queue<DirectiveId>([id]);
            while (up.TryDequeue(out var at)) foreach (var e in edges.Where(e => e.Child == at && kept.Add(e.Parent))) up.Enqueue(e.Parent);
            var down = new Queue<DirectiveId>([id]);
            while (down.TryDequeue(out var at)) foreach (var e in edges.Where(e => e.Parent == at && kept.Add(e.Child))) down.Enqueue(e.Child);
            nodes = [.. nodes.Where(n => kept.Contains(n.Id))];
            edges = [.. edges.Where(e => kept.Contains(e.Child) && kept.Contains(e.Parent))];
        }

        var level = new Dictionary<DirectiveId, int>();
        int LevelOf(DirectiveId node, int depth)
        {
            if (level.TryGetValue(node, out var known)) return known;
            level[node] = 0;   // A circle in what documents say of each other must not hang the page.
            return level[node] = depth > 40 ? 0 : edges.Where(e => e.Child == node).Select(e => LevelOf(e.Parent, depth + 1) + 1).DefaultIfEmpty(0).Max();
        }

        return new DirectiveGraph([.. nodes.Select(n => n with { Level = LevelOf(n.Id, 0) }).OrderBy(n => n.Level).ThenBy(n => n.Number, StringComparer.Ordinal).Take(NodesMax)], edges);
    }

    private static async Task<List<DirectiveNode>> LoadAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var aliases = (await db.DirectiveAliases.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(a => a.Directive, a => a.Alias);
        var plans = (await db.Plans.AsNoTracking().Select(p => new { p.Id, p.Directive }).ToListAsync(cancellationToken)).GroupBy(p => p.Directive).ToDictionary(g => g.Key, g => g.First().Id);
        var tasks = await db.Tasks.GroupBy(t => t.Plan).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var all = await db.Directives.AsNoTracking().OrderByDescending(d => d.Id).Take(5_000).ToListAsync(cancellationToken);
        return [.. all.Select(d => new DirectiveNode(
            d.Id, d.Number, d.Kind, d.Issuer, d.IssuedOn, d.Excerpt, d.IsStub, [.. aliases[d.Id].Where(a => a != d.Number)],
            plans.TryGetValue(d.Id, out var plan) ? plan : null, plans.TryGetValue(d.Id, out var p) ? tasks.GetValueOrDefault(p) : 0, 0))];
    }
}

/// <summary>Files a directing document, or says that a spelling is another name of one on file.</summary>
public sealed class FileDirective(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public DirectiveId? Directive { get; set; }
        public int? Version { get; set; }
        [StringLength(100)] public string Number { get; set; } = "";
        [StringLength(100)] public string? Kind { get; set; }
        [StringLength(300)] public string? Issuer { get; set; }
        public DateOnly? IssuedOn { get; set; }
        [StringLength(1_000)] public string? Excerpt { get; set; }
        public DateOnly? EffectiveFrom { get; set; }
        public DateOnly? EffectiveTo { get; set; }

        /// <summary>Other spellings, one a line.</summary>
        [StringLength(2_000)] public string? Aliases { get; set; }

        /// <summary>Numbers of documents it carries out, one a line.</summary>
        [StringLength(2_000)] public string? Parents { get; set; }
    }

    public async Task<Result<DirectiveId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.EditPlan) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Number)) return PlansRefusals.TextMissing(nameof(request.Number));
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var book = new DirectiveBook(work.Db, clock);
        var directive = request.Directive is { } id ? await work.Db.Directives.FirstOrDefaultAsync(d => d.Id == id, cancellationToken) : await book.FindOrOpenAsync(request.Number, cancellationToken);
        if (directive is null) return PlansRefusals.UnknownDirective;
        if (request.Version is { } seen && seen != directive.Version) return PlansRefusals.Stale(seen, directive.Version, request.Number, directive.Number ?? "");
        var before = new { directive.Number, directive.Kind, directive.Issuer, directive.IssuedOn, directive.Excerpt };
        (directive.Number, directive.Kind, directive.Issuer, directive.IssuedOn) = (CitedNumber.Tidy(request.Number), request.Kind, request.Issuer, request.IssuedOn);
        (directive.Excerpt, directive.EffectiveFrom, directive.EffectiveTo, directive.IsStub) = (request.Excerpt, request.EffectiveFrom, request.EffectiveTo, false);
        foreach (var alias in Lines(request.Aliases).Append(request.Number))
        {
            var tidy = CitedNumber.Tidy(alias);
            if (!work.Db.DirectiveAliases.Local.Any(a => a.Directive == directive.Id && a.Alias == tidy) && !await work.Db.DirectiveAliases.AnyAsync(a => a.Directive == directive.Id && a.Alias == tidy, cancellationToken))
            {
                work.Db.DirectiveAliases.Add(new DirectiveAlias { Id = Guid.CreateVersion7(work.Now), Directive = directive.Id, Alias = tidy, Key = CitedNumber.Key(tidy) });
            }
        }

        foreach (var (parent, i) in Lines(request.Parents).Select((p, i) => (p, i))) await book.LinkAsync(directive, parent, i, cancellationToken);
        work.Audit("plans.directive.filed", "directive", directive.Id, before, new { directive.Number, directive.Kind, directive.Issuer, directive.IssuedOn, directive.Excerpt });
        await work.CommitAsync(cancellationToken);
        return directive.Id;
    }

    private static string[] Lines(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
