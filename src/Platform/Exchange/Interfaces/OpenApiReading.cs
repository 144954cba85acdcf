using System.Globalization;
using System.Text.Json;

namespace LienThong.Platform.Exchange.Interfaces;

/// <summary>
/// Reads OpenAPI 3.0 and 3.1 in JSON: paths, parameters, bodies and answers, with local references followed, <c>allOf</c> merged, and the variants
/// of <c>oneOf</c>/<c>anyOf</c> laid over each other (what not all of them have is optional). References to other files or hosts are refused: the
/// description must be whole, because it is kept as evidence of what was agreed.
/// </summary>
public sealed class OpenApiReading
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private readonly JsonElement _root;
    private int _fields;

    private OpenApiReading(JsonElement root) => _root = root;

    /// <exception cref="InterfaceUnreadableException">It is no OpenAPI 3 document, or one that cannot be followed.</exception>
    public static InterfaceDocument Read(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = InterfaceLimits.DepthMax, AllowTrailingCommas = false, AllowDuplicateProperties = false };
            document = JsonDocument.Parse(WithoutMark(json), options);
        }
        catch (JsonException fault) { throw new InterfaceUnreadableException("json", $"{fault.LineNumber + 1}:{fault.BytePositionInLine + 1}"); }
        using (document) return new OpenApiReading(document.RootElement).Read();
    }

    /// <summary>A byte order mark is a habit of some editors and no part of JSON.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) => json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;

    private InterfaceDocument Read()
    {
        if (_root.ValueKind is not JsonValueKind.Object) throw new InterfaceUnreadableException("not-openapi", "#");
        if (Text(_root, "openapi") is not { } declared || !declared.StartsWith("3.", StringComparison.Ordinal)) throw new InterfaceUnreadableException("openapi-version", "#/openapi");
        var info = Member(_root, "info") ?? throw new InterfaceUnreadableException("missing", "#/info");
        var version = InterfaceVersion.TryRead(Text(info, "version")) ?? throw new InterfaceUnreadableException("version", "#/info/version");
        var paths = Member(_root, "paths") ?? throw new InterfaceUnreadableException("missing", "#/paths");
        if (paths.ValueKind is not JsonValueKind.Object) throw new InterfaceUnreadableException("missing", "#/paths");

        var operations = new List<InterfaceOperation>();
        foreach (var path in paths.EnumerateObject())
        {
            if (path.Name.StartsWith("x-", StringComparison.Ordinal)) continue;
            var place = "#/paths/" + Escape(path.Name);
            if (!IsPath(path.Name)) throw new InterfaceUnreadableException("path", place);
            var item = Follow(path.Value, place, out _);
            foreach (var method in Methods)
            {
                if (Member(item, method) is not { ValueKind: JsonValueKind.Object } operation) continue;
                operations.Add(Operation(method.ToUpperInvariant(), path.Name, item, operation, $"{place}/{method}"));
                if (operations.Count > InterfaceLimits.OperationsMax) throw new InterfaceUnreadableException("too-many-operations", place);
            }
        }

        if (operations.Count == 0) throw new InterfaceUnreadableException("no-operations", "#/paths");
        if (operations.GroupBy(o => o.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InterfaceUnreadableException("twice", twice.First().Name);
        return new InterfaceDocument(InterfaceKind.Rest, Text(info, "title") ?? "", version, operations);
    }

    /// <summary>A path the gateway can route: begins with a slash, and no segment that could climb or be read in two ways.</summary>
    private static bool IsPath(string path) =>
        path.StartsWith('/') && path.Length <= 400
        && path.Split('/').All(s => s is not ("." or "..") && s.All(c => char.IsAsciiLetterOrDigit(c) || "-._~!$&'()*+,;=:@{}".Contains(c, StringComparison.Ordinal))
            && s.Count(c => c == '{') == s.Count(c => c == '}'));

    private InterfaceOperation Operation(string method, string path, JsonElement item, JsonElement operation, string place)
    {
        var takes = new List<InterfaceField>();
        var names = PathNames(path);
        var seen = new HashSet<string>(StringComparer.Ordinal);

        // Parameters of the operation stand before those of the path, which they replace.
        foreach (var (owner, at) in new[] { (operation, place + "/parameters"), (item, place[..place.LastIndexOf('/')] + "/parameters") })
        {
            if (Member(owner, "parameters") is not { ValueKind: JsonValueKind.Array } list) continue;
            foreach (var raw in list.EnumerateArray())
            {
                var parameter = Follow(raw, at, out _);
                var (name, where) = (Text(parameter, "name") ?? throw new InterfaceUnreadableException("missing", at + "/name"), Text(parameter, "in") ?? throw new InterfaceUnreadableException("missing", at + "/in"));
                if (where == "cookie" || (where == "header" && name.ToLowerInvariant() is "accept" or "content-type" or "authorization")) continue;
                if (!seen.Add(where + ":" + name)) continue;
                var required = where == "path" || Flag(parameter, "required");
                if (where == "path" && names.IndexOf(name) < 0) throw new InterfaceUnreadableException("path-parameter", at + ":" + name);
                var root = where == "path" ? "path:" + (names.IndexOf(name) + 1).ToString(CultureInfo.InvariantCulture) : where + ":" + (where == "header" ? name.ToLowerInvariant() : name);
                var schema = Member(parameter, "schema") ?? Content(parameter)?.Schema;
                if (schema is { } known) Fields(known, root, root, required, takes, new Trail(null, null), at, Text(parameter, "description"), isBody: false);
                else Add(takes, new InterfaceField(root, "any", required, false), at);
            }
        }

        var needsBody = false;
        IReadOnlyList<string> bodies = [];
        if (Member(operation, "requestBody") is { } sent)
        {
            var body = Follow(sent, place + "/requestBody", out _);
            needsBody = Flag(body, "required");
            if (Member(body, "content") is { ValueKind: JsonValueKind.Object } content)
            {
                bodies = [.. content.EnumerateObject().Select(c => Media(c.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                if (Content(body) is { Schema: { } schema }) Fields(schema, "body:", "body:", required: true, takes, new Trail(null, null), place + "/requestBody", null, isBody: true);
            }
        }

        var gives = new List<InterfaceAnswer>();
        if (Member(operation, "responses") is { ValueKind: JsonValueKind.Object } answers)
        {
            foreach (var answer in answers.EnumerateObject().Where(a => a.Name.Length == 3 && a.Name[0] == '2'))
            {
                var at = $"{place}/responses/{answer.Name}";
                var followed = Follow(answer.Value, at, out _);
                if (Member(followed, "content") is not { ValueKind: JsonValueKind.Object } content) { gives.Add(new InterfaceAnswer(answer.Name.ToUpperInvariant(), "", [])); continue; }
                foreach (var media in content.EnumerateObject())
                {
                    var fields = new List<InterfaceField>();
                    if (Member(media.Value, "schema") is { } schema) Fields(schema, "", "", required: true, fields, new Trail(null, null), at, null, isBody: true);
                    gives.Add(new InterfaceAnswer(answer.Name.ToUpperInvariant(), Media(media.Name), fields));
                }
            }
        }

        return new InterfaceOperation(method, path, Text(operation, "summary") ?? Text(operation, "description"), takes, bodies, needsBody, gives);
    }

    private static List<string> PathNames(string path)
    {
        var names = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            var (open, close) = (segment.IndexOf('{', StringComparison.Ordinal), segment.IndexOf('}', StringComparison.Ordinal));
            if (open >= 0 && close > open) names.Add(segment[(open + 1)..close]);
        }

        return names;
    }

    /// <summary>The references on the way to a schema, so that one that contains itself ends.</summary>
    private sealed record Trail(string? Reference, Trail? Up)
    {
        public bool Holds(string reference) => Reference == reference || Up?.Holds(reference) is true;
    }

    /// <summary>Lays a schema out as fields. The root of a body is no field itself unless it has nothing inside; array levels add nothing to the place.</summary>
    private void Fields(JsonElement raw, string place, string root, bool required, List<InterfaceField> into, Trail trail, string at, string? description, bool isBody)
    {
        var schema = Merge(raw, ref trail, at, out var repeats);
        if (repeats)
        {
            Add(into, new InterfaceField(place, "recursive", required, false), at);
            return;
        }

        var type = TypeOf(schema);
        var isRoot = place == root;
        if (!isRoot || !isBody || (schema.Members.Count == 0 && schema.Items is null))
        {
            Add(into, new InterfaceField(place, type, required, schema.IsNullable, schema.Values, schema.Bounds == FieldBounds.None ? null : schema.Bounds, description ?? schema.Description), at);
        }

        if (schema.Items is { } items) Inside(items.Element, place, root, required: true, into, items.Trail, at, isBody);
        foreach (var (name, member) in schema.Members) Fields(member.Element, place + "/" + Escape(name), root, member.IsRequired, into, member.Trail, at + "/" + Escape(name), null, isBody);
        if (schema.Rest is { } rest) Fields(rest.Element, place + "/*", root, required: false, into, rest.Trail, at + "/*", null, isBody);
    }

    /// <summary>What an array holds: its members stand at the place of the array; a plain value inside adds its own type and limits as place + "[]".</summary>
    private void Inside(JsonElement raw, string place, string root, bool required, List<InterfaceField> into, Trail trail, string at, bool isBody)
    {
        var schema = Merge(raw, ref trail, at, out var repeats);
        if (repeats || (schema.Members.Count == 0 && schema.Items is null && schema.Rest is null))
        {
            Add(into, new InterfaceField(place + "[]", repeats ? "recursive" : TypeOf(schema), required, schema.IsNullable, schema.Values, schema.Bounds == FieldBounds.None ? null : schema.Bounds, schema.Description), at);
            return;
        }

        if (schema.Items is { } items) Inside(items.Element, place, root, required, into, items.Trail, at, isBody);
        foreach (var (name, member) in schema.Members) Fields(member.Element, place + "/" + Escape(name), root, member.IsRequired, into, member.Trail, at + "/" + Escape(name), null, isBody);
        if (schema.Rest is { } rest) Fields(rest.Element, place + "/*", root, required: false, into, rest.Trail, at + "/*", null, isBody);
    }

    private void Add(List<InterfaceField> into, InterfaceField field, string at)
    {
        if (++_fields > InterfaceLimits.FieldsMax) throw new InterfaceUnreadableException("too-many-fields", at);
        into.Add(field);
    }

    private readonly record struct Reached(JsonElement Element, Trail Trail, bool IsRequired);

    /// <summary>A schema with everything that composes it laid together.</summary>
    private sealed class Schema
    {
        public SortedSet<string> Types { get; } = new(StringComparer.Ordinal);
        public string? Format { get; set; }
        public bool IsNullable { get; set; }
        public IReadOnlyList<string>? Values { get; set; }
        public FieldBounds Bounds { get; set; } = FieldBounds.None;
        public string? Description { get; set; }
        public Reached? Items { get; set; }
        public Reached? Rest { get; set; }
        public SortedDictionary<string, Reached> Members { get; } = new(StringComparer.Ordinal);
    }

    private static string TypeOf(Schema schema)
    {
        var types = schema.Types.Count > 0 ? string.Join('|', schema.Types) : schema.Members.Count > 0 ? "object" : schema.Items is not null ? "array" : "any";
        return schema.Format is { } format ? types + "/" + format : types;
    }

    private Schema Merge(JsonElement raw, ref Trail trail, string at, out bool repeats)
    {
        var into = new Schema();
        repeats = false;
        Pour(raw, into, ref trail, at, depth: 0, ref repeats);
        return into;
    }

    private void Pour(JsonElement raw, Schema into, ref Trail trail, string at, int depth, ref bool repeats)
    {
        if (depth > InterfaceLimits.DepthMax) throw new InterfaceUnreadableException("too-deep", at);
        if (raw.ValueKind is JsonValueKind.True or JsonValueKind.False) return;
        var schema = Follow(raw, at, out var reference);
        if (reference is not null)
        {
            if (trail.Holds(reference)) { repeats = true; return; }
            trail = new Trail(reference, trail);
        }

        if (schema.ValueKind is not JsonValueKind.Object) throw new InterfaceUnreadableException("schema", at);
        if (Member(schema, "type") is { } type)
        {
            foreach (var one in type.ValueKind is JsonValueKind.Array ? [.. type.EnumerateArray()] : new[] { type })
            {
                if (one.ValueKind is not JsonValueKind.String) throw new InterfaceUnreadableException("schema", at + "/type");
                if (one.GetString() == "null") into.IsNullable = true; else into.Types.Add(one.GetString()!);
            }
        }

        into.Format = Text(schema, "format") ?? into.Format;
        into.IsNullable |= Flag(schema, "nullable");
        into.Description ??= Text(schema, "description");
        var limits = BoundsOf(schema);
        into.Bounds = Narrower(into.Bounds, limits);
        if (Member(schema, "enum") is { ValueKind: JsonValueKind.Array } values)
        {
            if (values.GetArrayLength() > InterfaceLimits.ValuesMax) throw new InterfaceUnreadableException("too-many-values", at + "/enum");
            if (values.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Null)) into.IsNullable = true;
            List<string> list = [.. values.EnumerateArray().Where(v => v.ValueKind is not JsonValueKind.Null).Select(Say).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            into.Values = into.Values is { } both ? [.. both.Intersect(list, StringComparer.Ordinal)] : list;
        }
        else if (Member(schema, "const") is { } only) into.Values = [Say(only)];

        HashSet<string> required = Member(schema, "required") is { ValueKind: JsonValueKind.Array } names ? [.. names.EnumerateArray().Select(n => n.GetString() ?? "")] : [];
        if (Member(schema, "properties") is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject())
            {
                var was = into.Members.TryGetValue(member.Name, out var known) && known.IsRequired;
                into.Members[member.Name] = new Reached(member.Value, trail, was || required.Contains(member.Name));
            }
        }

        foreach (var name in required)
        {
            if (into.Members.TryGetValue(name, out var known)) into.Members[name] = known with { IsRequired = true };
        }

        if (Member(schema, "items") is { } items) into.Items = new Reached(items, trail, true);
        if (Member(schema, "additionalProperties") is { ValueKind: JsonValueKind.Object } rest) into.Rest = new Reached(rest, trail, false);
        if (Member(schema, "allOf") is { ValueKind: JsonValueKind.Array } all)
        {
            foreach (var part in all.EnumerateArray())
            {
                var partTrail = trail;
                var isCircle = false;
                Pour(part, into, ref partTrail, at + "/allOf", depth + 1, ref isCircle);
            }

            // "required" beside allOf speaks of members that only the parts declare.
            foreach (var name in required)
            {
                if (into.Members.TryGetValue(name, out var known)) into.Members[name] = known with { IsRequired = true };
            }
        }

        foreach (var word in new[] { "oneOf", "anyOf" })
        {
            if (Member(schema, word) is { ValueKind: JsonValueKind.Array } variants) Overlay([.. variants.EnumerateArray()], into, trail, at + "/" + word, depth, ref repeats);
        }
    }

    /// <summary>Of several shapes an answer may have one: a member that not all have is optional, values of a list are those of all lists.</summary>
    private void Overlay(JsonElement[] variants, Schema into, Trail trail, string at, int depth, ref bool repeats)
    {
        var shapes = new List<Schema>();
        foreach (var variant in variants)
        {
            var (shape, own, isCircle) = (new Schema(), trail, false);
            Pour(variant, shape, ref own, at, depth + 1, ref isCircle);
            if (isCircle) { repeats |= variants.Length == 1; continue; }
            if (shape.Types.Count == 0 && shape.IsNullable && shape.Members.Count == 0) { into.IsNullable = true; continue; }
            shapes.Add(shape);
        }

        if (shapes.Count == 0) return;
        foreach (var shape in shapes)
        {
            into.Types.UnionWith(shape.Types);
            into.IsNullable |= shape.IsNullable;
            into.Format ??= shape.Format;
            into.Items ??= shape.Items;
            into.Rest ??= shape.Rest;
            foreach (var (name, member) in shape.Members)
            {
                var always = shapes.All(s => s.Members.TryGetValue(name, out var other) && other.IsRequired);
                if (!into.Members.ContainsKey(name)) into.Members[name] = member with { IsRequired = always };
            }
        }

        if (shapes.All(s => s.Values is not null)) into.Values = [.. shapes.SelectMany(s => s.Values!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (shapes.Count == 1) into.Bounds = Narrower(into.Bounds, shapes[0].Bounds);
    }

    private static FieldBounds BoundsOf(JsonElement schema) => new(
        Number(schema, "minimum") ?? Number(schema, "exclusiveMinimum"), Number(schema, "maximum") ?? Number(schema, "exclusiveMaximum"),
        Whole(schema, "minLength") ?? Whole(schema, "minItems"), Whole(schema, "maxLength") ?? Whole(schema, "maxItems"), Text(schema, "pattern"));

    private static FieldBounds Narrower(FieldBounds a, FieldBounds b) => new(
        a.Min is { } min && b.Min is { } otherMin ? Math.Max(min, otherMin) : a.Min ?? b.Min, a.Max is { } max && b.Max is { } otherMax ? Math.Min(max, otherMax) : a.Max ?? b.Max,
        a.LengthMin is { } short1 && b.LengthMin is { } short2 ? Math.Max(short1, short2) : a.LengthMin ?? b.LengthMin,
        a.LengthMax is { } long1 && b.LengthMax is { } long2 ? Math.Min(long1, long2) : a.LengthMax ?? b.LengthMax, b.Pattern ?? a.Pattern);

    /// <summary>The JSON content of a body or parameter, or its first when none is JSON.</summary>
    private static (string Media, JsonElement? Schema)? Content(JsonElement owner)
    {
        if (Member(owner, "content") is not { ValueKind: JsonValueKind.Object } content) return null;
        (string Media, JsonElement? Schema)? first = null;
        foreach (var media in content.EnumerateObject())
        {
            var found = (Media(media.Name), Member(media.Value, "schema"));
            if (found.Item1.EndsWith("json", StringComparison.Ordinal)) return found;
            first ??= found;
        }

        return first;
    }

    private static string Media(string name) => name.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The thing itself, through local references; <paramref name="reference"/> is the last one followed.</summary>
    private JsonElement Follow(JsonElement element, string at, out string? reference)
    {
        reference = null;
        for (var hops = 0; ; hops++)
        {
            if (Text(element, "$ref") is not { } next) return element;
            if (hops > 20 || !next.StartsWith("#/", StringComparison.Ordinal)) throw new InterfaceUnreadableException(hops > 20 ? "circle" : "reference-elsewhere", at + " → " + next);
            reference = next;
            var target = _root;
            foreach (var part in next[2..].Split('/'))
            {
                var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                target = Member(target, name) ?? throw new InterfaceUnreadableException("reference-missing", at + " → " + next);
            }

            element = target;
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool Flag(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.True };

    private static decimal? Number(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    private static int? Whole(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    private static string Say(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
