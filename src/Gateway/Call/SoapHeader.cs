using System.Text;
using System.Xml;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Call;

/// <summary>
/// The header of an X-Road message in SOAP 4.0 (PR-MESS 2): who calls which service. Read from the beginning of the message only, with no document type, no outside
/// entity and no look at the body.
/// </summary>
internal sealed record SoapHeader(string Client, string Service, string Id, string? UserId)
{
    private const string Envelope = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Road = "http://x-road.eu/xsd/xroad.xsd";
    private const string Identifiers = "http://x-road.eu/xsd/identifiers";

    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 0,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    };

    private static readonly string[] Parts = ["xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode"];

    /// <summary>Whether a POST of this type to the root is a SOAP message.</summary>
    public static bool IsSoap(string method, ReadOnlySpan<char> path, string? contentType) =>
        method == "POST" && path is "/" && contentType is not null &&
        (Begins(contentType, "text/xml") || Begins(contentType, "multipart/related") || Begins(contentType, "application/xop+xml"));

    /// <summary>Reads the header from the first bytes of the body; with attachments the message is the first part.</summary>
    public static CallRefusal? Read(ReadOnlyMemory<byte> body, string contentType, out SoapHeader? header)
    {
        header = null;
        var xml = body;
        if (Begins(contentType, "multipart/related"))
        {
            // The first part begins behind the empty line that ends its own headers.
            var start = body.Span.IndexOf("\r\n\r\n"u8);
            if (start < 0) return new CallRefusal(CallFault.InvalidRequest, "the first part of the message is missing");
            xml = body[(start + 4)..];
        }

        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml.ToArray(), writable: false), Strict);
            reader.MoveToContent();
            if (!Is(reader, Envelope, "Envelope") || !reader.Read() || !Is(reader, Envelope, "Header")) return new CallRefusal(CallFault.MissingHeader, "no SOAP 1.1 envelope with a header");
            string? client = null, service = null, id = null, version = null, user = null;
            reader.Read();
            while (reader.NodeType is XmlNodeType.Element)
            {
                if (reader.NamespaceURI != Road)
                {
                    reader.Skip();
                    continue;
                }

                switch (reader.LocalName)
                {
                    case "client" when client is null: client = Identifier(reader, "SUBSYSTEM", 4); break;
                    case "service" when service is null: service = Identifier(reader, "SERVICE", 5); break;
                    case "id" when id is null: id = reader.ReadElementContentAsString(); break;
                    case "protocolVersion" when version is null: version = reader.ReadElementContentAsString(); break;
                    case "userId" when user is null: user = reader.ReadElementContentAsString(); break;
                    case "client" or "service" or "id" or "protocolVersion" or "userId": return new CallRefusal(CallFault.BadRequest, $"{reader.LocalName} is given twice");
                    default: reader.Skip(); break;
                }
            }

            if (version is null) return new CallRefusal(CallFault.MissingHeader, "protocolVersion is mandatory");
            if (version != "4.0") return new CallRefusal(CallFault.InvalidProtocolVersion, "protocolVersion must be 4.0");
            if (client is null || service is null || string.IsNullOrEmpty(id)) return new CallRefusal(CallFault.MissingHeader, $"{(client is null ? "client" : service is null ? "service" : "id")} is mandatory");
            if (!RoadIdentifier.IsIdentifier(client, 4)) return new CallRefusal(CallFault.InvalidClientIdentifier, "client must be a SUBSYSTEM of four parts");
            if (!RoadIdentifier.IsIdentifier(service, 5)) return new CallRefusal(CallFault.InvalidRequest, "service must be a SERVICE of five parts");
            header = new SoapHeader(client, service, id, user);
            return null;
        }
        catch (XmlException broken)
        {
            return new CallRefusal(CallFault.InvalidRequest, "the message is not XML up to the end of its header: " + broken.Message);
        }
    }

    /// <summary>A SOAP 1.1 fault; its code is the exchange's.</summary>
    public static byte[] Fault(CallRefusal refusal, Guid callId, ErrorDialect dialect)
    {
        var code = dialect is ErrorDialect.Road77 ? CallFault.OldDialect(refusal.Fault.RoadCode) : refusal.Fault.RoadCode;
        return Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope xmlns:SOAP-ENV=\"{Envelope}\" xmlns:xroad=\"{Road}\"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>{Escaped(code)}</faultcode>" +
            $"<faultstring>{Escaped(refusal.Detail.Length > 0 ? refusal.Detail : refusal.Fault.Title)}</faultstring><faultactor></faultactor><detail><xroad:faultDetail>{callId}</xroad:faultDetail></detail></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>");
    }

    private static string Identifier(XmlReader reader, string type, int count)
    {
        var isType = reader.GetAttribute("objectType", Identifiers) == type;
        var found = new string?[Parts.Length];
        if (!reader.IsEmptyElement)
        {
            // No reader of a part: one of those that meets broken XML does not come back when it is closed.
            var depth = reader.Depth;
            reader.Read();
            while (reader.Depth > depth)
            {
                var at = reader.NodeType is XmlNodeType.Element && reader.NamespaceURI == Identifiers ? Array.IndexOf(Parts, reader.LocalName) : -1;
                if (at >= 0 && found[at] is null) found[at] = reader.ReadElementContentAsString();
                else reader.Skip();
            }
        }

        reader.Read();      // Past the end of the element.
        return isType ? string.Join('/', found.Take(count).Select(p => p ?? "")) : "";
    }

    private static bool Is(XmlReader reader, string space, string name) => reader.NodeType is XmlNodeType.Element && reader.NamespaceURI == space && reader.LocalName == name;

    private static bool Begins(string contentType, string type) =>
        contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase) && (contentType.Length == type.Length || contentType[type.Length] is ';' or ' ');

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);
}
