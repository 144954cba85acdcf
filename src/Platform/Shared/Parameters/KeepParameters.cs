using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Shared.Parameters;

/// <summary>One parameter as it holds on a day, with every value it ever had.</summary>
/// <param name="Holds">The row that decides on that day; null: the product's own default.</param>
public sealed record ParameterLine(ParameterDefault Default, string Value, string Basis, Certainty Certainty, ParameterValue? Holds, IReadOnlyList<ParameterValue> History);

/// <summary>The parameters and their history, for whoever keeps them and for auditors.</summary>
public sealed class FindParameters(IDbContextFactory<PlatformDb> databases, ICurrentUser user, TimeProvider clock)
{
    public async Task<Result<IReadOnlyList<ParameterLine>>> HandleAsync(DateOnly? asOf, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ManageParameters)) return ParameterRefusals.NotAllowed;
        var day = asOf ?? WorkCalendar.Today(clock);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = (await ParameterValue.InOrderAsync(db, cancellationToken)).ToLookup(p => p.Key);
        return ParameterDefaults.All.Select(known =>
        {
            var holds = rows[known.Key].LastOrDefault(r => r.Covers(day));
            return new ParameterLine(known, holds?.Value ?? known.Value, holds?.Basis ?? known.Basis, holds?.Certainty ?? known.Certainty, holds, [.. rows[known.Key].Reverse()]);
        }).ToList();
    }
}

/// <summary>Sets a value for a period, with the document it rests on. Nothing is overwritten: of two rows that cover a day, the one set later holds.</summary>
public sealed class SetParameter(IDbContextFactory<PlatformDb> databases, ParameterBook book, ICurrentUser user, TimeProvider clock)
{
    /// <summary>Far more changes than a parameter sees in its life; it keeps a script from filling the table.</summary>
    private const int RowsMax = 500;

    public sealed record Request
    {
        [Required, StringLength(80)] public string Key { get; set; } = "";
        [Required, StringLength(500)] public string Value { get; set; } = "";
        public DateOnly From { get; set; }
        public DateOnly? To { get; set; }

        /// <summary>The document that sets it.</summary>
        [Required, StringLength(300)] public string Basis { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        if (!by.May(Permission.ManageParameters)) return ParameterRefusals.NotAllowed;
        if (ParameterDefaults.Find(request.Key) is not { } known) return ParameterRefusals.Unknown(request.Key);
        var value = string.Join(',', request.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (value.Length is 0 or > 500 || !known.Accepts(value)) return ParameterRefusals.ValueInvalid(known, request.Value);
        if (VietnameseText.Clean(request.Basis) is not { Length: > 0 and <= 300 } basis) return ParameterRefusals.BasisMissing;
        if (request.From == default || request.To < request.From) return ParameterRefusals.PeriodReversed;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var earlier = await db.Parameters.AsNoTracking().Where(p => p.Key == known.Key).OrderByDescending(p => p.SetAt).Select(p => p.SetAt).Take(RowsMax).ToListAsync(cancellationToken);
        if (earlier.Count >= RowsMax) return ParameterRefusals.TooMany(RowsMax);

        // "Set later" must be told apart also within one tick of the clock, and on an engine that keeps microseconds.
        var now = clock.GetUtcNow();
        var at = earlier is [var last, ..] && last >= now ? last.AddMilliseconds(1) : now;
        var before = (await book.TodayAsync(cancellationToken)).Text(known.Key);
        db.Parameters.Add(new ParameterValue
        {
            Id = Guid.CreateVersion7(at),
            Key = known.Key,
            Value = value,
            Basis = basis,
            Certainty = Certainty.Quoted,
            ValidFrom = request.From,
            ValidTo = request.To,
            SetBy = by.Id,
            SetByName = by.Name,
            SetAt = at,
        });
        db.Record(by, clock, "parameters.set", "parameter", known.Key, before: new { value = before }, after: new { value, request.From, request.To, basis });
        await db.SaveChangesAsync(cancellationToken);
        book.Forget();
        return default(Done);
    }
}

/// <summary>Every way a parameter is refused; the sentences stand in the words of the shell.</summary>
public static class ParameterRefusals
{
    public static Refusal NotAllowed { get; } = new("parameters.not-allowed", RefusalKind.Forbidden);

    public static Refusal Unknown(string key) => new("parameters.unknown", RefusalKind.NotFound, key);

    /// <summary>One sentence for each form, because each is mended in another way.</summary>
    public static Refusal ValueInvalid(ParameterDefault known, string value)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known.Form is ParameterForm.Number or ParameterForm.Percent
            ? new("parameters.value.number", RefusalKind.Invalid, value, known.Min, known.Max)
            : new("parameters.value." + known.Form, RefusalKind.Invalid, value, string.Join(", ", ParameterDefault.Cycles));
    }

    public static Refusal BasisMissing { get; } = new("parameters.basis-missing", RefusalKind.Invalid);
    public static Refusal PeriodReversed { get; } = new("parameters.period-reversed", RefusalKind.Invalid);

    public static Refusal TooMany(int max) => new("parameters.too-many", RefusalKind.Conflict, max);
}
