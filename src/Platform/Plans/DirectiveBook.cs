using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>Finds the record behind a cited number, or opens a stub for it, inside one write.</summary>
internal sealed class DirectiveBook(PlatformDb db, TimeProvider clock)
{
    /// <summary>
    /// Spellings that are known to mean one instrument though the letters differ (T1). The first is the one shown. A province adds others as
    /// aliases of the record.
    /// </summary>
    private static readonly string[][] Known =
    [
        ["05-QĐ/BCĐTW", "05-QĐ/TW", "05-QĐ/BCHTW", "05-QB/BCDTW"],
        ["02-KH/BCĐTW", "02/KH-BCĐTW"],
        ["07-TB/CQTTBCĐ", "07-CQTTBCĐ"],
        ["06-TB/CQTTBCĐ", "06-TB/BCĐTW"],
    ];

    private readonly Dictionary<string, Directive> _found = [];
    private readonly HashSet<(DirectiveId, DirectiveId)> _edges = [];

    public async Task<Directive> FindOrOpenAsync(string number, CancellationToken cancellationToken)
    {
        var tidy = CitedNumber.Tidy(number);
        var key = CitedNumber.Key(tidy);
        var group = Known.FirstOrDefault(g => g.Any(k => CitedNumber.Key(k) == key));
        var keys = group is null ? [key] : group.Select(CitedNumber.Key).Append(key).Distinct().ToList();
        foreach (var each in keys)
        {
            if (_found.TryGetValue(each, out var known)) return await WithAliasAsync(known, tidy, key, cancellationToken);
        }

        var stored = await db.DirectiveAliases.Where(a => keys.Contains(a.Key)).Select(a => a.Directive).FirstOrDefaultAsync(cancellationToken);
        var directive = stored != default
            ? await db.Directives.SingleAsync(d => d.Id == stored, cancellationToken)
            : Open(group?[0] ?? tidy);
        foreach (var each in keys) _found[each] = directive;
        if (stored == default) foreach (var alias in group ?? [tidy]) AddAlias(directive, alias);
        return await WithAliasAsync(directive, tidy, key, cancellationToken);
    }

    /// <summary>A document without a number of its own yet (a draft).</summary>
    public Directive Open(string? number)
    {
        var directive = new Directive { Id = StrongId.New<DirectiveId>(clock), Number = number, IsStub = true };
        db.Directives.Add(directive);
        return directive;
    }

    /// <summary>One carries out the other; a circle of two is left out, since nothing implements what implements it.</summary>
    public async Task LinkAsync(Directive child, string citedAs, int order, CancellationToken cancellationToken)
    {
        var parent = await FindOrOpenAsync(citedAs, cancellationToken);
        if (parent.Id == child.Id || _edges.Contains((parent.Id, child.Id)) || !_edges.Add((child.Id, parent.Id))) return;
        if (await db.DirectiveParents.AnyAsync(p => (p.Child == child.Id && p.Parent == parent.Id) || (p.Child == parent.Id && p.Parent == child.Id), cancellationToken)) return;
        db.DirectiveParents.Add(new DirectiveParent { Child = child.Id, Parent = parent.Id, CitedAs = citedAs, Order = order });
    }

    private async Task<Directive> WithAliasAsync(Directive directive, string alias, string key, CancellationToken cancellationToken)
    {
        var isKnown = db.DirectiveAliases.Local.Any(a => a.Directive == directive.Id && a.Alias == alias)
            || await db.DirectiveAliases.AnyAsync(a => a.Directive == directive.Id && a.Alias == alias, cancellationToken);
        if (!isKnown) AddAlias(directive, alias);
        _found[key] = directive;
        return directive;
    }

    private void AddAlias(Directive directive, string alias) => db.DirectiveAliases.Add(new DirectiveAlias
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        Directive = directive.Id,
        Alias = alias,
        Key = CitedNumber.Key(alias),
    });
}
