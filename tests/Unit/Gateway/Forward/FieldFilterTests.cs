using System.Text;
using System.Text.Json;
using LienThong.Gateway.Forward;
using Xunit;

namespace LienThong.Unit.Gateway.Forward;

/// <summary>R-SHR-03, issue 3 B.3: JSON fields outside the agreement never leave.</summary>
public sealed class FieldFilterTests
{
    [Theory]
    [InlineData("/hoTen", """{"hoTen":"A","cccd":"1"}""", """{"hoTen":"A"}""")]
    [InlineData("/hoTen", """{"cccd":"1"}""", "{}")]
    [InlineData("/a/b", """{"a":{"b":1,"c":2},"b":3}""", """{"a":{"b":1}}""")]
    [InlineData("/a", """{"a":{"b":1,"c":[2,{"d":3}]},"b":3}""", """{"a":{"b":1,"c":[2,{"d":3}]}}""")]
    [InlineData("/ds/hoTen", """{"ds":[{"hoTen":"A","x":1},{"x":2},{"hoTen":"B"}],"n":3}""", """{"ds":[{"hoTen":"A"},{},{"hoTen":"B"}]}""")]
    [InlineData("/ds/*/hoTen", """{"ds":[{"hoTen":"A","x":1}]}""", """{"ds":[{"hoTen":"A"}]}""")]
    [InlineData("/hoTen", """[{"hoTen":"A","x":1},{"hoTen":"B"}]""", """[{"hoTen":"A"},{"hoTen":"B"}]""")]
    [InlineData("/a/b", """{"a":"a bare value where an object was agreed"}""", "{}")]
    [InlineData("/a/b", """{"a":[1,{"b":2,"c":3},"x",[{"b":4}]]}""", """{"a":[{"b":2},[{"b":4}]]}""")]
    [InlineData("/m~1n", """{"m/n":1,"m":{"n":2}}""", """{"m/n":1}""")]
    [InlineData("/họTên", """{"họTên":"Nguyễn Văn Ả","x":1}""", """{"họTên":"Nguyễn Văn Ả"}""")]
    [InlineData("/hoTen", """{"ho\u0054en":"escaped name","\u0063ccd":"1"}""", """{"ho\u0054en":"escaped name"}""")]
    [InlineData("/a", """{"x":{"a":1},"y":[{"a":2}],"a":"\"},{\"cccd\":\"1"}""", """{"a":"\"},{\"cccd\":\"1"}""")]
    [InlineData("", """{"x":{"a":1}}""", """{"x":{"a":1}}""")]
    [InlineData("/a,/c", """{"a":1,"b":2,"c":3,"d":4}""", """{"a":1,"c":3}""")]
    public void Only_what_the_agreement_names_is_left(string pointers, string json, string left)
    {
        // However the bytes arrive, the same leaves.
        foreach (var size in new[] { 1, 2, 3, 7, 1_000 }) Assert.Equal(left, Run(pointers.Split(','), json, size));
    }

    [Theory]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1}}""")]
    [InlineData("""{"a":1} {"cccd":2}""")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("\"cccd 051203004567\"")]
    [InlineData("null")]
    public void What_cannot_be_read_as_one_document_ends_the_call(string text)
    {
        foreach (var size in new[] { 1, 1_000 }) Assert.ThrowsAny<JsonException>(() => Run(["/a"], text, size));
    }

    [Fact]
    public void Deep_nesting_ends_the_call_and_a_long_value_is_carried_whole()
    {
        Assert.ThrowsAny<JsonException>(() => Run(["/a"], string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)), 10));
        var picture = new string('x', 300_000);
        Assert.Equal($$"""{"a":"{{picture}}"}""", Run(["/a"], $$"""{"b":"{{picture}}","a":"{{picture}}"}""", 4_096));
    }

    [Fact]
    public void Random_documents_filtered_in_pieces_are_what_a_filter_over_the_whole_tree_would_leave()
    {
        var random = new Random(20261122);
        string[] names = ["a", "b", "c", "ds", "x"];
        for (var round = 0; round < 400; round++)
        {
            var json = Document(random, 4, names);
            if (json[0] is not ('{' or '[')) continue;
            var pointers = Enumerable.Range(0, random.Next(1, 4)).Select(_ => "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)]))).ToArray();
            var left = Run(pointers, json, random.Next(1, 40));
            using var whole = JsonDocument.Parse(json);
            Assert.Equal(Expected(whole.RootElement, [.. pointers.Select(p => p[1..].Split('/'))]), left);
        }
    }

    /// <summary>The rule once more, over a tree and without hurry.</summary>
    private static string? Expected(JsonElement element, string[][] paths)
    {
        if (paths.Any(p => p.Length == 0)) return element.GetRawText();
        return element.ValueKind switch
        {
            JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(e => Expected(e, paths)).Where(e => e is not null)) + "]",
            JsonValueKind.Object => "{" + string.Join(',',
                from member in element.EnumerateObject()
                let under = paths.Where(p => p[0] == member.Name).Select(p => p[1..]).ToArray()
                where under.Length > 0
                let value = Expected(member.Value, under)
                where value is not null
                select $"\"{member.Name}\":{value}") + "}",
            _ => null,
        };
    }

    private static string Document(Random random, int depth, string[] names) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => random.Next(1_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => random.Next(2) == 0 ? "true" : "null",
        2 => $"\"{new string('é', random.Next(5))}\"",
        3 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Document(random, depth - 1, names))) + "]",
        _ => "{" + string.Join(',', names.Where(_ => random.Next(2) == 0).Select(n => $"\"{n}\":{Document(random, depth - 1, names)}")) + "}",
    };

    private static string Run(string[] pointers, string json, int size)
    {
        var filter = new FieldFilter(FieldTree.Of(pointers));
        var output = new PooledBytes(16);
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var i = 0; i < bytes.Length; i += size) filter.Take(bytes.AsSpan(i, Math.Min(size, bytes.Length - i)), isLast: false, output);
        filter.Take(default, isLast: true, output);
        return Encoding.UTF8.GetString(output.Span);
    }
}
