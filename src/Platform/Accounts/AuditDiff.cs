using System.Text.Json;

namespace LienThong.Platform.Accounts;

/// <summary>Before and after of one audit record, field by field, for a person to read.</summary>
public static class AuditDiff
{
    public sealed record Change(string Field, string? Before, string? After)
    {
        public bool IsChanged => Before != After;
    }

    /// <summary>More fields than any object of ours; a record that is longer is shown up to here.</summary>
    private const int FieldsMax = 300;

    public static IReadOnlyList<Change> Of(string? before, string? after)
    {
        var (old, young) = (Read(before), Read(after));
        return [.. old.Keys.Union(young.Keys).Take(FieldsMax).Select(field => new Change(field, old.GetValueOrDefault(field), young.GetValueOrDefault(field)))];
    }

    private static Dictionary<string, string?> Read(string? json)
    {
        var fields = new Dictionary<string, string?>();
        if (string.IsNullOrEmpty(json)) return fields;
        try
        {
            using var document = JsonDocument.Parse(json);
            Flatten(document.RootElement, "", fields);
        }
        catch (JsonException)
        {
            fields["·"] = json;
        }

        return fields;
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string?> fields)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Flatten(property.Value, path.Length == 0 ? property.Name : path + "." + property.Name, fields);
                break;
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                var index = 0;
                foreach (var item in element.EnumerateArray()) Flatten(item, $"{path}[{++index}]", fields);
                break;
            default:
                fields[path.Length == 0 ? "·" : path] = element.ValueKind is JsonValueKind.Null ? null : element.ToString();
                break;
        }
    }
}
