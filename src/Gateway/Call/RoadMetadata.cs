using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Call;

/// <summary>
/// The metadata services of PR-MREST, answered from the snapshot alone: <c>listClients</c>, <c>listMethods</c>, <c>allowedMethods</c> and <c>getOpenAPI</c>. They need a
/// known caller and no agreement; only GET reaches them. JSON in snake case with nulls left out, as Annex B has it.
/// </summary>
internal static class RoadMetadata
{
    public static readonly string[] Services = ["listMethods", "allowedMethods", "getOpenAPI"];

    public static (byte[] Body, string Type) ListClients(RouteIndex index, string? instance, string accept)
    {
        var members = index.Subsystems.Where(_ => instance is null || instance == index.Snapshot.Instance).OrderBy(s => s.Identifier, StringComparer.Ordinal);
        // Everything but JSON is answered in XML, also no Accept at all (PR-META).
        if (!accept.Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xroad:clientList xmlns:xroad=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\">");
            foreach (var member in members)
            {
                var parts = member.Identifier.Split('/');
                xml.Append("<xroad:member><xroad:id id:objectType=\"SUBSYSTEM\"><id:xRoadInstance>").Append(Escaped(parts[0])).Append("</id:xRoadInstance><id:memberClass>").Append(Escaped(parts[1]))
                    .Append("</id:memberClass><id:memberCode>").Append(Escaped(parts[2])).Append("</id:memberCode><id:subsystemCode>").Append(Escaped(parts[3]))
                    .Append("</id:subsystemCode></xroad:id><xroad:name>").Append(Escaped(member.Entry.OrganisationName)).Append("</xroad:name></xroad:member>");
            }

            return (Encoding.UTF8.GetBytes(xml.Append("</xroad:clientList>").ToString()), "text/xml;charset=utf-8");
        }

        return (Json(json =>
        {
            json.WriteStartArray("member");
            foreach (var member in members)
            {
                json.WriteStartObject();
                json.WriteStartObject("id");
                json.WriteString("object_type", "SUBSYSTEM");
                WriteParts(json, member.Identifier.Split('/'));
                json.WriteEndObject();
                if (member.Entry.OrganisationName.Length > 0) json.WriteString("name", member.Entry.OrganisationName);
                if (member.Entry.Name.Length > 0) json.WriteString("subsystem_name", member.Entry.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }), "application/json");
    }

    /// <summary>What one provider offers; or, with a consumer, what of it that consumer may use now.</summary>
    public static byte[] ListMethods(RouteIndex index, string provider, Subsystem? consumer, DateTimeOffset now) => Json(json =>
    {
        json.WriteStartArray("service");
        foreach (var service in index.Services.Where(s => s.Entry.Provider == provider && s.Entry.Kind is ServiceKind.Rest).OrderBy(s => s.Entry.ServiceCode, StringComparer.Ordinal))
        {
            var agreement = consumer is null ? null : service.AgreementOf(consumer.Identifier, default, now);
            if (consumer is not null && agreement is null) continue;
            var endpoints = agreement is { Entry.Endpoints.Count: > 0 } ? agreement.Entry.Endpoints : service.Entry.Endpoints;
            json.WriteStartObject();
            json.WriteString("object_type", "SERVICE");
            WriteParts(json, provider.Split('/'));
            json.WriteString("service_code", service.Entry.ServiceCode);
            json.WriteString("service_type", service.Entry.Description is null ? "REST" : "OPENAPI");
            json.WriteStartArray("endpoint_list");
            foreach (var endpoint in endpoints)
            {
                json.WriteStartObject();
                json.WriteString("method", endpoint.Method);
                json.WriteString("path", endpoint.PathGlob);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>
    /// The description as it was published with the service, not as the provider shows it today: what consumers agreed to is what they read. Addresses of servers are
    /// reduced to their path, so that nobody learns of a way past the exchange.
    /// </summary>
    public static (byte[] Body, string Type) OpenApi(Service service)
    {
        var text = service.Entry.Description!;
        if (!service.Entry.DescriptionType.Contains("json", StringComparison.OrdinalIgnoreCase)) return (Encoding.UTF8.GetBytes(WithoutHosts(text)), service.Entry.DescriptionType);
        try
        {
            var document = JsonNode.Parse(text);
            if (document?["servers"] is JsonArray servers)
            {
                foreach (var server in servers.OfType<JsonObject>())
                {
                    if (server["url"]?.GetValue<string>() is { } url) server["url"] = PathOf(url);
                }
            }

            return (Encoding.UTF8.GetBytes(document!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })), service.Entry.DescriptionType);
        }
        catch (JsonException)
        {
            return (Encoding.UTF8.GetBytes(text), "text/plain");
        }
    }

    /// <summary>YAML, line by line: only lines that are a server's address are touched.</summary>
    private static string WithoutHosts(string yaml)
    {
        var lines = yaml.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(' ', '-');
            if (!line.StartsWith("url:", StringComparison.Ordinal)) continue;
            var value = line[4..].Trim().Trim('"', '\'');
            if (value.Contains("://", StringComparison.Ordinal)) lines[i] = lines[i][..(lines[i].Length - line.Length)] + "url: " + PathOf(value);
        }

        return string.Join('\n', lines);
    }

    private static string PathOf(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return url;
        var slash = url.IndexOf('/', scheme + 3);
        return slash < 0 ? "/" : url[slash..];
    }

    private static void WriteParts(Utf8JsonWriter json, string[] parts)
    {
        json.WriteString("xroad_instance", parts[0]);
        json.WriteString("member_class", parts[1]);
        json.WriteString("member_code", parts[2]);
        json.WriteString("subsystem_code", parts[3]);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);
}
