using System.Text.Json;

namespace LienThong.Corpus;

/// <summary>What the importer printed, in the shape of the issue: only what the examiner marks.</summary>
public sealed record Reading(ReadDocument Document, IReadOnlyList<ReadTask> Tasks, IReadOnlyList<ReadWarning> Warnings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Reading Parse(string json)
    {
        var reading = JsonSerializer.Deserialize<Reading>(json, Json) ?? throw new InvalidDataException("empty answer");
        return new(reading.Document ?? new(null, null, null, null, null), reading.Tasks ?? [], reading.Warnings ?? []);
    }
}

public sealed record ReadDocument(string? Number, string? Kind, string? Issuer, DateOnly? IssuedOn, string? Subject);

public sealed record ReadTask(
    string? Number, string? Group, string? Parent, string? Content, IReadOnlyList<string>? Leads, IReadOnlyList<string>? Coordinators,
    ReadDeadline? Deadline, string? Product, IReadOnlyList<ReadTarget>? Targets, IReadOnlyList<ReadWarning>? Warnings, string? Code = null);

/// <param name="Recurrence">Whatever the product writes there; the examiner asks only whether it says anything.</param>
public sealed record ReadDeadline(string? Text, string? Rule, DateOnly? Date, JsonElement? Recurrence, bool? CompletedAndContinuing)
{
    public bool Recurs => Recurrence is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False) };
}

public sealed record ReadTarget(string? Text, JsonElement? Value, string? Unit, string? Comparator, JsonElement? By)
{
    public decimal? Amount => Value switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDecimal(),
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };
}

public sealed record ReadWarning(string? Code, string? Message);
