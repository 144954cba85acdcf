using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace LienThong.Platform.Plans.Import;

/// <summary>The written form of an extracted plan for programs; names and order are a contract.</summary>
public static class ExtractedPlanJson
{
    // Vietnamese stays readable; what HTML could misread stays escaped by the encoder all the same.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Write(ExtractedPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options)) Write(json, plan);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ExtractedPlan plan)
    {
        json.WriteStartObject();
        json.WriteStartObject("document");
        json.WriteString("number", plan.Document.Number);
        json.WriteString("kind", plan.Document.Kind);
        json.WriteString("issuer", plan.Document.Issuer);
        json.WriteString("issuedOn", Iso(plan.Document.IssuedOn));
        json.WriteString("subject", plan.Document.Subject);
        Strings(json, "bases", plan.Document.Bases);
        json.WriteEndObject();

        json.WriteStartArray("tasks");
        foreach (var task in plan.Tasks) Write(json, task);
        json.WriteEndArray();
        Warnings(json, plan.Warnings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExtractedTask task)
    {
        json.WriteStartObject();

        // A whole number is a number; "1.2" and "a" stay as written.
        if (int.TryParse(task.Number, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) json.WriteNumber("number", number);
        else json.WriteString("number", task.Number);
        json.WriteString("code", task.Code);
        json.WriteString("group", task.Group);
        json.WriteString("parent", task.Parent);
        json.WriteString("content", task.Content);
        Strings(json, "leads", task.Leads);
        Strings(json, "coordinators", task.Coordinators);
        json.WriteStartObject("deadline");
        json.WriteString("text", task.Deadline.Text);
        json.WriteString("rule", DeadlineRules.Name(task.Deadline.Rule));
        json.WriteString("date", Iso(task.Deadline.Date));
        json.WriteString("recurrence", task.Deadline.Recurrence is { } recurrence ? DeadlineRules.Name(recurrence.Cycle) : null);
        json.WriteBoolean("completedAndContinuing", task.Deadline.CompletedAndContinuing);
        json.WriteEndObject();
        json.WriteString("product", task.Product);
        Strings(json, "basis", task.Basis);
        json.WriteStartArray("targets");
        foreach (var target in task.Targets)
        {
            json.WriteStartObject();
            json.WriteString("text", target.Text);
            json.WriteNumber("value", target.Value);
            json.WriteString("unit", target.Unit);
            json.WriteString("comparator", DeadlineRules.Name(target.Comparator));
            json.WriteString("by", Iso(target.By));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("source");
        Number(json, "page", task.Source.Page);
        Number(json, "row", task.Source.Row);
        json.WriteEndObject();
        Warnings(json, task.Warnings);
        json.WriteEndObject();
    }

    private static void Warnings(Utf8JsonWriter json, IReadOnlyList<ImportWarning> warnings)
    {
        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("message", warning.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
