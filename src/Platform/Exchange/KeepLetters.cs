using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange;

/// <summary>Registers a paper letter that asks for data, shows the services that offer them, and keeps a person's judgement (R-SHR-06).</summary>
public sealed class KeepLetters(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    public sealed record Request
    {
        [Required, StringLength(100)] public string Document { get; set; } = "";
        public DateOnly Dated { get; set; }
        public OrgUnitId From { get; set; }
        public OrgUnitId To { get; set; }
        [Required, StringLength(4_000)] public string Text { get; set; } = "";
    }

    public sealed record Receipt(PaperLetterId Id, IReadOnlyList<LetterMatch> Matches);

    public async Task<Result<Receipt>> RegisterAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(Typing.Need(nameof(request.Document), request.Document, 100), Typing.Need(nameof(request.Text), request.Text)) is { } wrong) return wrong;

        // Whoever received it registers it, or who sent it: both see the same waste.
        if (!await access.MayAsync(Permission.RegisterLetter, request.To, cancellationToken) && await access.DenyAsync(Permission.RegisterLetter, request.From, cancellationToken) is { } denied) return denied;
        if (await access.UnitAsync(request.From, cancellationToken) is null) return ExchangeRefusals.UnknownUnit(request.From.ToString());
        if (await access.UnitAsync(request.To, cancellationToken) is null) return ExchangeRefusals.UnknownUnit(request.To.ToString());
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (request.Dated == default || request.Dated > work.Today) return ExchangeRefusals.PeriodWrong;
        var document = VietnameseText.Clean(request.Document);
        if (work.Book.Letters.Values.FirstOrDefault(l => l.From == request.From && l.Dated == request.Dated && VietnameseText.Fold(l.Document) == VietnameseText.Fold(document)) is not null) return ExchangeRefusals.LetterKnown(document);
        var matches = LetterMatching.Find(request.Text, Offered(work.Book, work.Now));
        var id = StrongId.New<PaperLetterId>(clock);
        work.Add(new PaperLetter
        {
            Id = id,
            Document = document,
            Dated = request.Dated,
            From = request.From,
            To = request.To,
            Text = request.Text.Trim(),
            Matches = JsonSerializer.Serialize(matches, OutboxJson.Options),
            CreatedAt = work.Now,
        });
        work.Happened(id.Value, ExchangeEventKind.LetterRegistered, document: document);
        work.Audit("exchange.letter.registered", "paper-letter", id, after: new { document, request.Dated, matches = matches.Count }, note: access.Delegation(Permission.RegisterLetter));
        await work.CommitAsync(cancellationToken);
        return new Receipt(id, matches);
    }

    /// <summary>A person says which service really offers it, or that none does (null).</summary>
    public async Task<Result<Done>> JudgeAsync(PaperLetterId id, int? version, DataServiceId? service, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Fits("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Letters.GetValueOrDefault(id) is not { } letter) return ExchangeRefusals.UnknownLetter;
        if (!await access.MayAsync(Permission.RegisterLetter, letter.To, cancellationToken) && await access.DenyAsync(Permission.RegisterLetter, letter.From, cancellationToken) is { } denied) return denied;
        if (service is { } named && !work.Book.Services.ContainsKey(named)) return ExchangeRefusals.UnknownService;
        if (await work.TouchAsync<PaperLetter>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.LetterJudged, target: service?.Value, text: reason);
        work.Audit("exchange.letter.judged", "paper-letter", id, after: new { letter.Document, service, reason });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    /// <summary>Services a body could use today instead of writing.</summary>
    internal static IEnumerable<(DataServiceId Id, string Name, string Dataset, IEnumerable<string> Fields)> Offered(ExchangeBook book, DateTimeOffset now) =>
        from service in book.Services.Values
        let standing = ServiceStanding.Of(book, service, now)
        where standing.State is ServiceState.Published or ServiceState.Suspended
        let said = book.Of(service.Id)
        select (service.Id, said.Name, said.Dataset, standing.Newest!.Document.AnswerFields.SelectMany(f => new[] { f.Place, f.Description ?? "" }));
}

/// <summary>What a letter came to: the service found by words, until a person judged.</summary>
public sealed record LetterStanding(IReadOnlyList<LetterMatch> Matches, bool IsJudged, DataServiceId? Service, string? Reason)
{
    /// <summary>Counts as "văn bản xin số liệu đã có dịch vụ" (paper.substitutable).</summary>
    public bool IsSubstitutable => Service is not null;

    public static LetterStanding Of(ExchangeBook book, PaperLetter letter)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(letter);
        var matches = JsonSerializer.Deserialize<List<LetterMatch>>(letter.Matches, OutboxJson.Options) ?? [];
        var judged = book.EventsOf(letter.Id.Value).LastOrDefault(e => e.Kind is ExchangeEventKind.LetterJudged);
        return judged is null
            ? new LetterStanding(matches, false, matches.Count > 0 ? matches[0].Service : null, null)
            : new LetterStanding(matches, true, judged.Target is { } target ? new DataServiceId(target) : null, judged.Text);
    }
}
