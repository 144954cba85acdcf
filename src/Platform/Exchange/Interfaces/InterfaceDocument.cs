using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LienThong.Kernel;

namespace LienThong.Platform.Exchange.Interfaces;

public enum InterfaceKind { Rest, Soap }

/// <summary>One member of a request or an answer.</summary>
/// <param name="Place">Where it stands: <c>query:ma</c>, <c>path:1</c>, <c>header:x-ly-do</c>, <c>body:/chuHo/hoTen</c>; in an answer the pointer alone. Array levels add nothing.</param>
/// <param name="Type">The JSON type, with its format after a slash; several types in order, joined by a bar.</param>
/// <param name="Values">The closed list of values, in order; null when open.</param>
public sealed record InterfaceField(string Place, string Type, bool IsRequired, bool IsNullable, IReadOnlyList<string>? Values = null, FieldBounds? Bounds = null, string? Description = null);

/// <summary>What narrows a value beside its type.</summary>
public sealed record FieldBounds(decimal? Min = null, decimal? Max = null, int? LengthMin = null, int? LengthMax = null, string? Pattern = null)
{
    public static FieldBounds None { get; } = new();
}

/// <summary>One answer that is not an error: 200 application/json and its fields.</summary>
public sealed record InterfaceAnswer(string Status, string MediaType, IReadOnlyList<InterfaceField> Fields);

/// <summary>One operation: its method and path (a SOAP operation has the method SOAP), what it takes and what it gives.</summary>
/// <param name="Bodies">Media types of a body it takes; empty when it takes none.</param>
public sealed record InterfaceOperation(
    string Method, string Path, string? Summary, IReadOnlyList<InterfaceField> Takes, IReadOnlyList<string> Bodies, bool NeedsBody, IReadOnlyList<InterfaceAnswer> Gives)
{
    /// <summary>"GET /thua-dat/{id}": how people and agreements name it.</summary>
    public string Name => Method + " " + Path;

    /// <summary>The path with every placeholder alike: a placeholder renamed is the same operation.</summary>
    [JsonIgnore]
    public string Key => Method + " " + string.Join('/', Path.Split('/').Select(p => p.Contains('{', StringComparison.Ordinal) ? "{}" : p));

    /// <summary>The path as the gateway compares it: a placeholder is one segment.</summary>
    [JsonIgnore]
    public string Glob => string.Join('/', Path.Split('/').Select(p => p.Contains('{', StringComparison.Ordinal) ? "*" : p));
}

/// <summary>Version of an interface as its document states it.</summary>
public readonly record struct InterfaceVersion(int Major, int Minor, int Patch) : IComparable<InterfaceVersion>
{
    /// <summary>"1", "1.2", "1.2.3" and "v1.2"; nothing else, so that an order can be told.</summary>
    public static InterfaceVersion? TryRead(string? text)
    {
        var parts = (text ?? "").Trim().TrimStart('v', 'V').Split('.');
        if (parts.Length is 0 or > 3) return null;
        var numbers = new int[3];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length is 0 or > 6 || !parts[i].All(char.IsAsciiDigit)) return null;
            numbers[i] = int.Parse(parts[i], System.Globalization.CultureInfo.InvariantCulture);
        }

        return new InterfaceVersion(numbers[0], numbers[1], numbers[2]);
    }

    public int CompareTo(InterfaceVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(InterfaceVersion left, InterfaceVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(InterfaceVersion left, InterfaceVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(InterfaceVersion left, InterfaceVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(InterfaceVersion left, InterfaceVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}

/// <summary>What a description (OpenAPI 3 or WSDL 1.1) says, as far as sharing needs it: operations and fields, nothing about transport or identity.</summary>
public sealed record InterfaceDocument(InterfaceKind Kind, string Title, InterfaceVersion Version, IReadOnlyList<InterfaceOperation> Operations)
{
    /// <summary>Every field an answer may hold, once, in order: what an agreement chooses from. Pointers of answers with several shapes are one list.</summary>
    [JsonIgnore]
    public IReadOnlyList<InterfaceField> AnswerFields => [.. Operations.SelectMany(o => o.Gives).SelectMany(a => a.Fields).GroupBy(f => f.Place, StringComparer.Ordinal).Select(g => g.First())];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static InterfaceDocument FromJson(string text) => JsonSerializer.Deserialize<InterfaceDocument>(text, Json) ?? throw new InvalidDataException("An interface was stored empty.");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}

/// <summary>How large a description may be. Real ones of agencies have tens of operations; beyond these a document is generated by mistake or an attack.</summary>
public static class InterfaceLimits
{
    public const long BytesMax = 4L * 1024 * 1024;
    public const int OperationsMax = 500;

    /// <summary>Over the whole document, after references were followed; a schema that refers to itself ends where it repeats.</summary>
    public const int FieldsMax = 20_000;
    public const int DepthMax = 64;
    public const int ValuesMax = 5_000;
}

/// <summary>Why a description could not be read, with the place in it.</summary>
public sealed class InterfaceUnreadableException(string code, string place) : Exception($"{code} at {place}")
{
    public string Code => code;
    public string Place => place;

    public Refusal AsRefusal() => ExchangeRefusals.InterfaceUnreadable(code, place);
}
