using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LienThong.Corpus;

/// <summary>What one generated document really says: the answer sheet written beside it.</summary>
public sealed record PlanTruth(string File, string Set, string Style, DocumentTruth Document, IReadOnlyList<TaskTruth> Tasks, IReadOnlyList<DefectTruth> Defects);

/// <param name="Scored">Names of the header fields that count; a letterhead without one says nothing about its issuer.</param>
public sealed record DocumentTruth(string? Number, string? Kind, string? Issuer, DateOnly? IssuedOn, string? Subject, IReadOnlyList<string> Scored);

/// <param name="Optional">The reader may or may not see a task here (a bare parent row): it counts neither way.</param>
/// <param name="Leads">Alternative readings, each a set: "các sở, ban, ngành; UBND các xã" may be one class or two.</param>
public sealed record TaskTruth(
    string? Number, string? Group, string? Parent, string Content, IReadOnlyList<IReadOnlyList<string>> Leads,
    IReadOnlyList<IReadOnlyList<string>> Coordinators, DeadlineTruth Deadline, string? Product, IReadOnlyList<TargetTruth>? Targets, bool Optional = false);

/// <param name="Accepted">Every defensible (rule, date). A date outside them is wrong; a date where all are null is guessed.</param>
/// <param name="Recurring">True where the words say that it also recurs; null where it is open to argument.</param>
public sealed record DeadlineTruth(string? Text, IReadOnlyList<Due> Accepted, bool CompletedAndContinuing = false, bool? Recurring = null);

/// <param name="Rule">"*" accepts every rule.</param>
public sealed record Due(string Rule, DateOnly? Date);

public sealed record TargetTruth(decimal Value, string Unit);

/// <param name="Tasks">Positions (from 0) of the tasks on which a warning counts; empty when the defect belongs to the document.</param>
/// <param name="Anywhere">A warning of the document counts too, even when the defect sits on a task.</param>
public sealed record DefectTruth(string Family, string Where, IReadOnlyList<int> Tasks, bool Anywhere);

public static class TruthFile
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public static void Write(string path, PlanTruth truth) => File.WriteAllText(path, JsonSerializer.Serialize(truth, Json));

    public static PlanTruth Read(string path) =>
        JsonSerializer.Deserialize<PlanTruth>(File.ReadAllText(path), Json) ?? throw new InvalidDataException(path);
}
