using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Plans;

/// <summary>A body named in the document and what the registry makes of it on the day of issue.</summary>
public sealed record DraftParty(string AsWritten, OrgUnitId? Unit, UnitClassId? Class, string Name, double Confidence, int Members)
{
    public bool IsKnown => Unit is not null || Class is not null;
}

/// <summary>A defect as the officer reads it.</summary>
public sealed record DraftWarning(string Code, string Message, int? Page, int? Row, PlanField? Field);

/// <summary>One cell the officer is asked about, or has decided.</summary>
/// <param name="Reason">A stable code of why it is asked: <c>low-confidence</c>, <c>no-date</c>, <c>lead-unknown</c>, <c>lead-several</c>.</param>
public sealed record DraftCell(
    ImportCell Cell, string? AsWritten, string? Read, double Confidence, bool Inherited, string Reason, bool IsDecided, ImportDecisionKind? Decision, string? Value,
    string? DecidedBy);

/// <summary>A task as it would be created now.</summary>
public sealed record DraftRow(
    int Ordinal, string? Number, string? Code, string? GroupPath, string? Parent, string Content, IReadOnlyList<DraftParty> Leads, IReadOnlyList<DraftParty> Coordinators,
    ExtractedDeadline Deadline, string? DeadlineConfirmedBy, string? Product, IReadOnlyList<string> Basis, IReadOnlyList<ExtractedTarget> Targets, string? AnswersTo, string? Note,
    bool IsSkipped, SourcePlace Source, IReadOnlyList<DraftCell> Cells, IReadOnlyList<DraftWarning> Warnings, double Confidence)
{
    public int OpenCells => IsSkipped ? 0 : Cells.Count(c => !c.IsDecided);
}

/// <summary>The head of the document as it would be filed.</summary>
public sealed record DraftHeader(
    string? Number, string? Notation, string? Kind, string? Issuer, DateOnly? IssuedOn, string? Subject, IReadOnlyList<string> Bases, int? PeriodFrom, int? PeriodTo, bool IsDraft);

/// <summary>The reading of a file with the officer's decisions applied: what the wizard shows is what confirming creates.</summary>
public sealed record ImportDraft(DraftHeader Header, IReadOnlyList<DraftRow> Rows, IReadOnlyList<DraftWarning> Warnings, IReadOnlyList<TableReading> Tables, int Pages, SourceFormat Format)
{
    public int OpenCells => Rows.Sum(r => r.OpenCells);

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(), new ArgumentConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ExtractedPlan Read(string json) => JsonSerializer.Deserialize<ExtractedPlan>(json, Json) ?? throw new InvalidDataException("An import has an empty reading.");

    /// <summary>The day the document is dated, by the officer or by the document.</summary>
    public static DateOnly? IssuedOn(ExtractedPlan plan, IReadOnlyList<ImportDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Decided(decisions, 0, ImportCell.DocumentIssuedOn) is { Kind: ImportDecisionKind.Set } set ? TaskFilter.ReadDay(set.Value) : plan.Document.IssuedOn;
    }

    /// <summary>Every name that must be looked up, decisions included.</summary>
    public static IReadOnlyList<string> Names(ExtractedPlan plan, IReadOnlyList<ImportDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Tasks.SelectMany(t => NamesOf(t.Ordinal, ImportCell.Leads, t.Leads, decisions).Concat(NamesOf(t.Ordinal, ImportCell.Coordinators, t.Coordinators, decisions)))
            .Distinct(StringComparer.Ordinal)];
    }

    public static ImportDraft Of(ExtractedPlan plan, IReadOnlyList<ImportDecision> decisions, IReadOnlyDictionary<string, IReadOnlyList<DraftParty>> parties)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(parties);
        var head = plan.Document;
        var header = new DraftHeader(
            Text(decisions, 0, ImportCell.DocumentNumber, head.Number), head.Notation, head.Kind, Text(decisions, 0, ImportCell.DocumentIssuer, head.Issuer), IssuedOn(plan, decisions),
            Text(decisions, 0, ImportCell.DocumentSubject, head.Subject), head.Bases, head.PeriodFrom, head.PeriodTo, head.IsDraft);
        return new ImportDraft(header, [.. plan.Tasks.Select(t => Row(t, decisions, parties))], [.. plan.Warnings.Select(Warning)], plan.Tables, plan.Pages, plan.Format);
    }

    private static DraftRow Row(ExtractedTask task, IReadOnlyList<ImportDecision> decisions, IReadOnlyDictionary<string, IReadOnlyList<DraftParty>> parties)
    {
        IReadOnlyList<DraftParty> Known(ImportCell cell, IReadOnlyList<string> read) =>
            [.. NamesOf(task.Ordinal, cell, read, decisions).SelectMany(n => parties.TryGetValue(n, out var known) ? known : [new DraftParty(n, null, null, n, 0, 0)])];

        var leads = Known(ImportCell.Leads, task.Leads);
        var coordinators = Known(ImportCell.Coordinators, task.Coordinators);
        var deadline = task.Deadline;
        string? confirmedBy = null;
        if (Decided(decisions, task.Ordinal, ImportCell.Deadline) is { } decided)
        {
            confirmedBy = decided.By.ToString();
            deadline = decided.Kind switch
            {
                ImportDecisionKind.Set when TaskFilter.ReadDay(decided.Value) is { } day => deadline with { Rule = deadline.Rule is DeadlineRule.None or DeadlineRule.Duration ? DeadlineRule.On : deadline.Rule, Date = day, Confidence = 1 },
                ImportDecisionKind.Set => deadline with { Rule = DeadlineRule.Continuous, Date = null, Confidence = 1 },
                ImportDecisionKind.Empty => deadline with { Date = null },
                _ => deadline,
            };
        }

        var cells = new List<DraftCell>();
        void Ask(ImportCell cell, PlanField field, string reason, bool isDoubtful, string? read)
        {
            var reading = task.Fields.GetValueOrDefault(field);
            var decision = Decided(decisions, task.Ordinal, cell);
            if (!isDoubtful && decision is null) return;
            cells.Add(new DraftCell(cell, reading?.AsWritten, read, reading?.Confidence ?? 0, reading?.Inherited ?? false, reason, decision is not null, decision?.Kind, decision?.Value, decision?.By.ToString()));
        }

        bool Doubtful(PlanField field) => task.Fields.TryGetValue(field, out var reading) && reading.IsDoubtful;
        Ask(ImportCell.Content, PlanField.Content, "low-confidence", Doubtful(PlanField.Content), task.Content);
        var unknownLead = leads.Any(l => !l.IsKnown || l.Confidence < FieldReading.Doubtful);
        Ask(ImportCell.Leads, PlanField.Leads, unknownLead ? "lead-unknown" : "low-confidence", unknownLead || Doubtful(PlanField.Leads), string.Join('\n', task.Leads));
        Ask(ImportCell.Coordinators, PlanField.Coordinators, "low-confidence", Doubtful(PlanField.Coordinators), string.Join('\n', task.Coordinators));
        Ask(ImportCell.Deadline, PlanField.Deadline, task.Deadline is { Text: not null, Date: null } ? "no-date" : "low-confidence", Doubtful(PlanField.Deadline), task.Deadline.Date?.ToString("yyyy-MM-dd", null));
        Ask(ImportCell.Product, PlanField.Product, "low-confidence", Doubtful(PlanField.Product), task.Product);
        Ask(ImportCell.Targets, PlanField.Targets, "low-confidence", Doubtful(PlanField.Targets), string.Join('\n', task.Targets.Select(t => t.Text)));

        return new DraftRow(
            task.Ordinal, Text(decisions, task.Ordinal, ImportCell.Number, task.Number), task.Code, task.Group, task.Parent, Text(decisions, task.Ordinal, ImportCell.Content, task.Content) ?? "",
            leads, coordinators, deadline, confirmedBy, Text(decisions, task.Ordinal, ImportCell.Product, task.Product), task.Basis,
            Decided(decisions, task.Ordinal, ImportCell.Targets) is { Kind: ImportDecisionKind.Empty } ? [] : task.Targets, task.AnswersTo, task.Note,
            Decided(decisions, task.Ordinal, ImportCell.Row) is { Kind: ImportDecisionKind.Skip }, task.Source, cells, [.. task.Warnings.Select(Warning)], task.Confidence);
    }

    private static DraftWarning Warning(ImportWarning warning) => new(warning.Code, warning.Message, warning.Place?.Page, warning.Place?.Row, warning.Field);

    private static ImportDecision? Decided(IReadOnlyList<ImportDecision> decisions, int ordinal, ImportCell cell) =>
        decisions.Where(d => d.Ordinal == ordinal && d.Cell == cell && d.UndoneAt is null).MaxBy(d => d.At);

    private static string? Text(IReadOnlyList<ImportDecision> decisions, int ordinal, ImportCell cell, string? read) => Decided(decisions, ordinal, cell) switch
    {
        { Kind: ImportDecisionKind.Set } set => VietnameseText.Clean(set.Value),
        { Kind: ImportDecisionKind.Empty } => null,
        _ => read,
    };

    private static IEnumerable<string> NamesOf(int ordinal, ImportCell cell, IReadOnlyList<string> read, IReadOnlyList<ImportDecision> decisions) => Decided(decisions, ordinal, cell) switch
    {
        { Kind: ImportDecisionKind.Set } set => (set.Value ?? "").Split(['\n', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(VietnameseText.Clean).Where(n => n.Length > 0),
        { Kind: ImportDecisionKind.Empty } => [],
        _ => read,
    };

    /// <summary>Arguments of warnings come back as what they were: numbers, days, texts.</summary>
    private sealed class ArgumentConverter : System.Text.Json.Serialization.JsonConverter<object>
    {
        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String when reader.GetString() is { Length: 10 } text && DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) => day,
            JsonTokenType.String => reader.GetString() ?? "",
            JsonTokenType.Number when reader.TryGetInt64(out var whole) => whole,
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => JsonDocument.ParseValue(ref reader).RootElement.ToString(),
        };

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), OutboxJson.Options);
    }
}

/// <summary>Looks names of a document up in the registry, as of the day the document counts from.</summary>
public sealed class ImportParties(IOrgUnits units)
{
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<DraftParty>>> FindAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        var found = new Dictionary<string, IReadOnlyList<DraftParty>>(StringComparer.Ordinal);
        var members = new Dictionary<UnitClassId, int>();
        foreach (var match in await units.MatchAsync(names, asOf, cancellationToken))
        {
            var parties = new List<DraftParty>();
            foreach (var unitClass in match.Classes)
            {
                if (!members.TryGetValue(unitClass.Id, out var count))
                {
                    members[unitClass.Id] = count = (await units.MembersAsync(unitClass.Id, asOf, cancellationToken)).Count;
                }

                parties.Add(new DraftParty(match.AsWritten, null, unitClass.Id, unitClass.Name, match.Confidence, count));
            }

            if (parties.Count == 0)
            {
                // A unit that was merged or renamed answers through whoever answers for it on that day; the words stay (R-ORG-02).
                foreach (var unit in match.CurrentUnits.Count > 0 ? match.CurrentUnits : match.Unit is { } named ? [named] : [])
                {
                    parties.Add(new DraftParty(match.AsWritten, unit.Id, null, unit.Name, match.Confidence, 1));
                }
            }

            found[match.AsWritten] = parties.Count > 0 ? parties : [new DraftParty(match.AsWritten, null, null, match.AsWritten, 0, 0)];
        }

        return found;
    }
}
