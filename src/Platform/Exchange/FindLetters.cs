using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public sealed record LetterLine(PaperLetter Letter, string FromName, string ToName, LetterStanding Standing, IReadOnlyList<(LetterMatch Match, string Name)> Offers, string? ServiceName, bool MayJudge);

/// <summary>Letters of a month that asked for data a service offers, of all registered in it (paper.substitutable).</summary>
public sealed record LetterMonth(int Year, int Month, int Letters, int Substitutable);

/// <summary>Paper letters of the viewer's units, and the count by month (R-SHR-06).</summary>
public sealed class FindLetters(ExchangeAccess access, ExchangeIndex index)
{
    /// <summary>A year and the month beside it, so that a month can be compared with the same one a year ago.</summary>
    private const int MonthsMax = 13;

    public sealed record Request
    {
        public string? Query { get; set; }
        public bool SubstitutableOnly { get; set; }
        public int Page { get; set; } = 1;
    }

    public sealed record Answer(ExchangePage<LetterLine> Page, IReadOnlyList<LetterMonth> Months);

    public async Task<Result<Answer>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!(await AllAsync(request, cancellationToken)).IsGranted(out var all, out var refusal)) return refusal;
        var months = all.GroupBy(l => (l.Letter.Dated.Year, l.Letter.Dated.Month)).OrderByDescending(g => g.Key).Take(MonthsMax)
            .Select(g => new LetterMonth(g.Key.Year, g.Key.Month, g.Count(), g.Count(l => l.Standing.IsSubstitutable))).ToList();
        return new Answer(ExchangePage<LetterLine>.Of(all, request.Page), months);
    }

    public async Task<Result<IReadOnlyList<LetterLine>>> AllAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scope = await access.ScopeAsync(Permission.ViewSharing, cancellationToken);
        if (scope.IsEmpty) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewSharing));
        var registers = await access.ScopeAsync(Permission.RegisterLetter, cancellationToken);
        var book = await index.CurrentAsync(cancellationToken);
        var seen = book.Letters.Values.Where(l => scope.Holds(l.From) || scope.Holds(l.To)).ToList();
        var names = await access.NamesAsync(seen.SelectMany(l => new[] { l.From, l.To }), cancellationToken);
        var rows = new List<LetterLine>();
        foreach (var letter in seen)
        {
            var standing = LetterStanding.Of(book, letter);
            if (request.SubstitutableOnly && !standing.IsSubstitutable) continue;
            if (!Searching.Finds(request.Query, letter.Document, letter.Text, names[letter.From], names[letter.To])) continue;
            rows.Add(new LetterLine(
                letter, names[letter.From], names[letter.To], standing, [.. standing.Matches.Where(m => book.Services.ContainsKey(m.Service)).Select(m => (m, book.Of(m.Service).Name))],
                standing.Service is { } service && book.Services.ContainsKey(service) ? book.Of(service).Name : null, registers.Holds(letter.From) || registers.Holds(letter.To)));
        }

        return rows.OrderByDescending(r => r.Letter.Dated).ThenByDescending(r => r.Letter.Id.Value).Take(ExchangePage<LetterLine>.ExportMax).ToList();
    }
}
