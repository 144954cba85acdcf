using System.Text.Json.Nodes;
using LienThong.Platform.Exchange.Interfaces;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>R-SHR-01: OpenAPI is read, its fields are listed, and what breaks those who use it is found, with every reason.</summary>
public sealed class BreakingChangesTests
{
    private static InterfaceDocument Read(string json) => OpenApiReading.Read(Bytes(json));

    private static IReadOnlyList<string> Between(Action<JsonNode> change)
    {
        var after = JsonNode.Parse(OpenApi)!;
        change(after);
        return [.. BreakingChanges.Between(Read(OpenApi), Read(after.ToJsonString())).Select(c => c.Code + " " + c.Place)];
    }

    private static JsonNode Schema(JsonNode root, string name) => root["components"]!["schemas"]![name]!;

    [Fact]
    public void Operations_and_fields_are_listed_and_arrays_add_nothing_to_the_place_R_SHR_01()
    {
        var read = Read(OpenApi);

        Assert.Equal(["GET /thua-dat/{maThua}", "POST /thua-dat/tim"], read.Operations.Select(o => o.Name));
        Assert.Equal("GET /thua-dat/*", "GET " + read.Operations[0].Glob);
        Assert.Equal(["path:1", "query:ngay"], read.Operations[0].Takes.Select(f => f.Place));
        Assert.Equal(["body:/loaiDat", "body:/maXa"], read.Operations[1].Takes.Select(f => f.Place));
        Assert.Equal(["/chuSuDung", "/chuSuDung/hoTen", "/chuSuDung/soDinhDanh", "/dienTich", "/loaiDat", "/soThua", "/soTo"], read.Operations[0].Gives.Single().Fields.Select(f => f.Place));
        Assert.Contains("/danhSach/chuSuDung/hoTen", read.Operations[1].Gives.Single().Fields.Select(f => f.Place));
        Assert.Equal("string/date", read.Operations[0].Takes[1].Type);
        Assert.Equal(["LUC", "ODT", "ONT"], read.Operations[0].Gives.Single().Fields.Single(f => f.Place == "/loaiDat").Values!);
        var again = InterfaceDocument.FromJson(read.ToJson());
        Assert.Equal(read.ToJson(), again.ToJson());
    }

    [Fact]
    public void The_same_interface_with_another_placeholder_more_fields_and_optional_parameters_breaks_nobody()
    {
        Assert.Empty(Between(root =>
        {
            var path = root["paths"]!["/thua-dat/{maThua}"]!.DeepClone();
            path["get"]!["parameters"]![0]!["name"] = "id";
            path["get"]!["parameters"]!.AsArray().Add(JsonNode.Parse("""{ "name": "moi", "in": "query", "schema": { "type": "string" } }"""));
            root["paths"]!.AsObject().Remove("/thua-dat/{maThua}");
            root["paths"]!["/thua-dat/{id}"] = path;
            Schema(root, "ThuaDat")["properties"]!["ghiChu"] = JsonNode.Parse("""{ "type": "string" }""");
            Schema(root, "TimKiem")["properties"]!["maXa"]!["maxLength"] = 20;
            Schema(root, "TimKiem")["properties"]!["loaiDat"]!["enum"]!.AsArray().Add("CLN");
        }));
    }

    [Fact]
    public void Every_reason_is_found_and_not_the_first_only_R_SHR_01()
    {
        var found = Between(root =>
        {
            root["paths"]!.AsObject().Remove("/thua-dat/{maThua}");
            Schema(root, "ThuaDat")["properties"]!.AsObject().Remove("dienTich");
            Schema(root, "ThuaDat")["properties"]!["soTo"]!["type"] = "string";
            Schema(root, "TimKiem")["required"]!.AsArray().Add("loaiDat");
            Schema(root, "TimKiem")["properties"]!["maXa"]!["maxLength"] = 5;
        });

        Assert.Equal(
            [
                "operation-removed GET /thua-dat/{maThua}", "request-field-required POST /thua-dat/tim body:/loaiDat", "request-narrowed POST /thua-dat/tim body:/maXa",
                "answer-field-removed POST /thua-dat/tim /danhSach/dienTich", "type-changed POST /thua-dat/tim /danhSach/soTo",
            ], found);
    }

    [Fact]
    public void A_new_required_field_of_a_request_breaks_and_one_inside_a_new_optional_object_does_not()
    {
        Assert.Equal(["request-field-required POST /thua-dat/tim body:/maTinh"], Between(root =>
        {
            Schema(root, "TimKiem")["properties"]!["maTinh"] = JsonNode.Parse("""{ "type": "string" }""");
            Schema(root, "TimKiem")["required"]!.AsArray().Add("maTinh");
        }));
        Assert.Empty(Between(root => Schema(root, "TimKiem")["properties"]!["trang"] = JsonNode.Parse("""{ "type": "object", "required": ["so"], "properties": { "so": { "type": "integer" } } }""")));
    }

    [Theory]
    [InlineData("""{ "type": "string", "enum": ["ONT", "ODT"] }""", "values-narrowed")]
    [InlineData("""{ "type": "string", "enum": ["ONT", "ODT", "LUC", "CLN"] }""", "answer-values-added")]
    [InlineData("""{ "type": "string" }""", "answer-values-open")]
    [InlineData("""{ "type": "string", "nullable": true, "enum": ["ONT", "ODT", "LUC"] }""", "answer-null-possible")]
    [InlineData("""{ "type": ["string", "null"], "enum": ["ONT", "ODT", "LUC", null] }""", "answer-null-possible")]
    [InlineData("""{ "type": "integer", "enum": ["ONT", "ODT", "LUC"] }""", "type-changed")]
    public void A_closed_list_in_an_answer_is_a_promise_both_ways(string schema, string code)
    {
        var found = Between(root => Schema(root, "ThuaDat")["properties"]!["loaiDat"] = JsonNode.Parse(schema));
        Assert.All(found, f => Assert.StartsWith(code + " ", f, StringComparison.Ordinal));
        Assert.Equal(2, found.Count);   // In both operations that give it.
    }

    [Fact]
    public void An_answer_may_become_narrower_in_type_and_a_request_wider_but_never_the_other_way()
    {
        Assert.Empty(Between(root => Schema(root, "ThuaDat")["properties"]!["dienTich"]!["type"] = "integer"));
        Assert.Equal(2, Between(root => Schema(root, "ThuaDat")["properties"]!["soTo"]!["type"] = "number").Count(f => f.StartsWith("type-changed", StringComparison.Ordinal)));
        Assert.Equal(2, Between(root => Schema(root, "ThuaDat")["required"]!.AsArray().RemoveAt(0)).Count(f => f.StartsWith("answer-field-optional", StringComparison.Ordinal)));
    }

    [Fact]
    public void Composition_references_and_circles_are_followed()
    {
        var read = Read("""
            { "openapi": "3.1.0", "info": { "title": "t", "version": "v2" }, "paths": { "/a": { "get": { "responses": { "200": { "content": { "application/json; charset=utf-8": { "schema": { "$ref": "#/components/schemas/Cay" } } } } } } } },
              "components": { "schemas": {
                "Goc": { "type": "object", "required": ["ma"], "properties": { "ma": { "type": "string" } } },
                "Cay": { "allOf": [ { "$ref": "#/components/schemas/Goc" }, { "type": "object", "properties": { "con": { "type": "array", "items": { "$ref": "#/components/schemas/Cay" } }, "la": { "oneOf": [ { "type": "object", "required": ["x"], "properties": { "x": { "type": "integer" } } }, { "type": "object", "required": ["x"], "properties": { "x": { "type": "integer" }, "y": { "type": "string" } } } ] } } } ] } } } }
            """);
        var fields = read.Operations.Single().Gives.Single().Fields.ToDictionary(f => f.Place);

        Assert.Equal(new InterfaceVersion(2, 0, 0), read.Version);
        Assert.True(fields["/ma"].IsRequired);
        Assert.Equal("recursive", fields["/con[]"].Type);
        Assert.True(fields["/la/x"].IsRequired);
        Assert.False(fields["/la/y"].IsRequired);
        Assert.Equal("application/json", read.Operations.Single().Gives.Single().MediaType);
    }

    [Theory]
    [InlineData("[]", "not-openapi")]
    [InlineData("{", "json")]
    [InlineData("""{ "openapi": "2.0" }""", "openapi-version")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "mới" }, "paths": {} }""", "version")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": {} }""", "no-operations")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/../x": { "get": {} } } }""", "path")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "$ref": "http://elsewhere/x.json" } } }""", "reference-elsewhere")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "$ref": "#/components/x" } } }""", "reference-missing")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "$ref": "#/paths/~1a" } } }""", "circle")]
    [InlineData("""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/a/{x}": { "get": {} }, "/a/{y}": { "get": {} } } }""", "twice")]
    public void What_cannot_be_followed_is_refused_with_its_reason(string json, string code) =>
        Assert.Equal(code, Assert.Throws<InterfaceUnreadableException>(() => Read(json)).Code);

    [Fact]
    public void A_schema_that_multiplies_itself_ends_at_the_limit()
    {
        // Each level holds the next ten times over: followed to the end it would be a hundred million fields.
        var schemas = string.Join(",", Enumerable.Range(0, 8).Select(i => $"\"S{i}\": {{ \"type\": \"object\", \"properties\": {{ {string.Join(",", Enumerable.Range(0, 10).Select(j => $"\"p{j}\": {(i == 7 ? "{ \"type\": \"string\" }" : $"{{ \"$ref\": \"#/components/schemas/S{i + 1}\" }}")}"))} }} }}"));
        var json = $$"""{ "openapi": "3.0.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "get": { "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/S0" } } } } } } } }, "components": { "schemas": { {{schemas}} } } }""";

        Assert.Equal("too-many-fields", Assert.Throws<InterfaceUnreadableException>(() => Read(json)).Code);
    }

    private const string Wsdl = """
        <definitions name="HoTich" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
          <types><x:schema targetNamespace="urn:t"><x:element name="hoi"><x:complexType><x:sequence><x:element name="so" type="x:string"/><x:element name="ngay" type="x:date" minOccurs="0"/></x:sequence></x:complexType></x:element>
            <x:element name="dap"><x:complexType><x:sequence><x:element name="nguoi" type="t:Nguoi" maxOccurs="unbounded"/></x:sequence></x:complexType></x:element>
            <x:complexType name="Nguoi"><x:sequence><x:element name="ten" type="x:string"/><x:element name="gioi" type="t:Gioi"/></x:sequence></x:complexType>
            <x:simpleType name="Gioi"><x:restriction base="x:string"><x:enumeration value="nam"/><x:enumeration value="nu"/></x:restriction></x:simpleType></x:schema></types>
          <message name="Vao"><part name="p" element="t:hoi"/></message><message name="Ra"><part name="p" element="t:dap"/></message>
          <portType name="P"><operation name="TraCuu"><input message="t:Vao"/><output message="t:Ra"/></operation></portType>
        </definitions>
        """;

    [Fact]
    public void A_wsdl_is_read_and_compared_in_the_same_way_R_SHR_01()
    {
        var before = WsdlReading.Read(Bytes(Wsdl), new InterfaceVersion(1, 0, 0));
        var after = WsdlReading.Read(Bytes(Wsdl.Replace(" minOccurs=\"0\"", "", StringComparison.Ordinal).Replace("<x:enumeration value=\"nu\"/>", "", StringComparison.Ordinal)), new InterfaceVersion(1, 1, 0));

        Assert.Equal(["/dap", "/dap/nguoi", "/dap/nguoi/ten", "/dap/nguoi/gioi"], before.AnswerFields.Select(f => f.Place));
        Assert.Equal(["request-field-required SOAP /TraCuu body:/hoi/ngay", "values-narrowed SOAP /TraCuu /dap/nguoi/gioi"], BreakingChanges.Between(before, after).Select(c => c.Code + " " + c.Place));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>", "xml")]
    [InlineData("<a/>", "not-wsdl")]
    [InlineData("<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'><import location='http://elsewhere'/></definitions>", "reference-elsewhere")]
    public void A_hostile_wsdl_is_refused(string xml, string code) =>
        Assert.Equal(code, Assert.Throws<InterfaceUnreadableException>(() => WsdlReading.Read(Bytes(xml), default)).Code);
}
