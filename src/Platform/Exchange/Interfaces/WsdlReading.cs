using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace LienThong.Platform.Exchange.Interfaces;

/// <summary>
/// Reads WSDL 1.1 with its schema inside: operations of the first port type, and the elements each message holds, laid out as fields. No DTD and no
/// import of other files is followed. A WSDL states no version; the provider gives it beside the file.
/// </summary>
public sealed class WsdlReading
{
    private static readonly XNamespace W = "http://schemas.xmlsoap.org/wsdl/";
    private static readonly XNamespace X = "http://www.w3.org/2001/XMLSchema";

    private readonly Dictionary<XName, XElement> _elements = [];
    private readonly Dictionary<XName, XElement> _types = [];
    private int _fields;

    /// <exception cref="InterfaceUnreadableException">It is no WSDL 1.1, or needs other files.</exception>
    public static InterfaceDocument Read(ReadOnlyMemory<byte> xml, InterfaceVersion version)
    {
        XElement root;
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = InterfaceLimits.BytesMax, MaxCharactersFromEntities = 0 };
            using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), settings);
            root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException fault) { throw new InterfaceUnreadableException("xml", $"{fault.LineNumber}:{fault.LinePosition}"); }
        if (root.Name != W + "definitions") throw new InterfaceUnreadableException("not-wsdl", root.Name.LocalName);
        return new WsdlReading().Read(root, version);
    }

    private InterfaceDocument Read(XElement root, InterfaceVersion version)
    {
        if (root.Elements(W + "import").FirstOrDefault() is { } import) throw new InterfaceUnreadableException("reference-elsewhere", (string?)import.Attribute("location") ?? "import");
        foreach (var schema in root.Elements(W + "types").Elements(X + "schema"))
        {
            if (schema.Elements().FirstOrDefault(e => e.Name == X + "include" || (e.Name == X + "import" && e.Attribute("schemaLocation") is not null)) is { } other)
            {
                throw new InterfaceUnreadableException("reference-elsewhere", (string?)other.Attribute("schemaLocation") ?? "include");
            }

            XNamespace target = (string?)schema.Attribute("targetNamespace") ?? "";
            foreach (var element in schema.Elements(X + "element")) _elements[target + NameOf(element)] = element;
            foreach (var type in schema.Elements().Where(e => e.Name == X + "complexType" || e.Name == X + "simpleType")) _types[target + NameOf(type)] = type;
        }

        var messages = root.Elements(W + "message").ToDictionary(NameOf, m => m, StringComparer.Ordinal);
        var port = root.Elements(W + "portType").FirstOrDefault() ?? throw new InterfaceUnreadableException("missing", "portType");
        var operations = new List<InterfaceOperation>();
        foreach (var operation in port.Elements(W + "operation"))
        {
            var name = NameOf(operation);
            var takes = Fields(operation.Element(W + "input"), messages, "body:");
            var gives = operation.Element(W + "output") is { } output ? new[] { new InterfaceAnswer("200", "text/xml", Fields(output, messages, "")) } : [];
            operations.Add(new InterfaceOperation("SOAP", "/" + name, operation.Element(W + "documentation")?.Value.Trim(), takes, ["text/xml"], true, gives));
            if (operations.Count > InterfaceLimits.OperationsMax) throw new InterfaceUnreadableException("too-many-operations", name);
        }

        if (operations.Count == 0) throw new InterfaceUnreadableException("no-operations", NameOf(port));
        if (operations.GroupBy(o => o.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InterfaceUnreadableException("twice", twice.First().Name);
        return new InterfaceDocument(InterfaceKind.Soap, (string?)root.Attribute("name") ?? NameOf(port), version, operations);
    }

    private List<InterfaceField> Fields(XElement? io, Dictionary<string, XElement> messages, string root)
    {
        var into = new List<InterfaceField>();
        if (io is null) return into;
        var name = ((string?)io.Attribute("message") ?? "").Split(':')[^1];
        if (!messages.TryGetValue(name, out var message)) throw new InterfaceUnreadableException("reference-missing", name);
        foreach (var part in message.Elements(W + "part"))
        {
            if ((string?)part.Attribute("element") is { } element)
            {
                var known = Resolve(part, element);
                if (!_elements.TryGetValue(known, out var declared)) throw new InterfaceUnreadableException("reference-missing", element);
                Element(declared, root + "/" + known.LocalName, true, false, into, []);
            }
            else if ((string?)part.Attribute("type") is { } type) Typed(part, type, root + "/" + NameOf(part), true, false, into, []);
        }

        return into;
    }

    private void Element(XElement element, string place, bool required, bool repeated, List<InterfaceField> into, HashSet<XElement> trail)
    {
        if ((string?)element.Attribute("type") is { } type) { Typed(element, type, place, required, (bool?)element.Attribute("nillable") is true, into, trail); return; }
        if (element.Element(X + "complexType") is { } complex)
        {
            Add(into, new InterfaceField(place, "object", required, (bool?)element.Attribute("nillable") is true));
            Complex(complex, place, into, trail);
        }
        else if (element.Element(X + "simpleType") is { } simple) Simple(simple, place, required, (bool?)element.Attribute("nillable") is true, into);
        else Add(into, new InterfaceField(place, repeated ? "array" : "any", required, false));
    }

    private void Typed(XElement at, string type, string place, bool required, bool nullable, List<InterfaceField> into, HashSet<XElement> trail)
    {
        var name = Resolve(at, type);
        if (name.Namespace == X) { Add(into, new InterfaceField(place, name.LocalName, required, nullable)); return; }
        if (!_types.TryGetValue(name, out var declared)) throw new InterfaceUnreadableException("reference-missing", type);
        if (declared.Name == X + "simpleType") { Simple(declared, place, required, nullable, into); return; }
        if (!trail.Add(declared)) { Add(into, new InterfaceField(place, "recursive", required, nullable)); return; }
        Add(into, new InterfaceField(place, "object", required, nullable));
        Complex(declared, place, into, trail);
        trail.Remove(declared);
    }

    private void Complex(XElement complex, string place, List<InterfaceField> into, HashSet<XElement> trail)
    {
        if (trail.Count > InterfaceLimits.DepthMax) throw new InterfaceUnreadableException("too-deep", place);
        foreach (var extension in complex.Descendants(X + "extension").Where(e => e.Parent?.Parent == complex))
        {
            if ((string?)extension.Attribute("base") is { } parent && _types.TryGetValue(Resolve(extension, parent), out var declared) && declared.Name == X + "complexType" && trail.Add(declared))
            {
                Complex(declared, place, into, trail);
                trail.Remove(declared);
            }

            Particles(extension, place, false, into, trail);
            Attributes(extension, place, into);
        }

        Particles(complex, place, false, into, trail);
        Attributes(complex, place, into);
    }

    private void Particles(XElement owner, string place, bool optional, List<InterfaceField> into, HashSet<XElement> trail)
    {
        foreach (var child in owner.Elements())
        {
            // Of a choice any one may come, so none of them is certain.
            if (child.Name == X + "sequence" || child.Name == X + "all") Particles(child, place, optional || (string?)child.Attribute("minOccurs") == "0", into, trail);
            else if (child.Name == X + "choice") Particles(child, place, true, into, trail);
            else if (child.Name == X + "element")
            {
                var required = !optional && (string?)child.Attribute("minOccurs") != "0";
                var repeated = (string?)child.Attribute("maxOccurs") is { } most && most != "0" && most != "1";
                if ((string?)child.Attribute("ref") is { } reference)
                {
                    var name = Resolve(child, reference);
                    if (!_elements.TryGetValue(name, out var declared)) throw new InterfaceUnreadableException("reference-missing", reference);
                    if (trail.Add(declared)) { Element(declared, place + "/" + name.LocalName, required, repeated, into, trail); trail.Remove(declared); }
                    else Add(into, new InterfaceField(place + "/" + name.LocalName, "recursive", required, false));
                }
                else Element(child, place + "/" + NameOf(child), required, repeated, into, trail);
            }
        }
    }

    private void Attributes(XElement owner, string place, List<InterfaceField> into)
    {
        foreach (var attribute in owner.Elements(X + "attribute").Where(a => a.Attribute("name") is not null))
        {
            Add(into, new InterfaceField(place + "/@" + NameOf(attribute), ((string?)attribute.Attribute("type") ?? "any").Split(':')[^1], (string?)attribute.Attribute("use") == "required", false));
        }
    }

    private void Simple(XElement simple, string place, bool required, bool nullable, List<InterfaceField> into)
    {
        var restriction = simple.Element(X + "restriction");
        List<string>? values = restriction?.Elements(X + "enumeration").Select(e => (string?)e.Attribute("value") ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (values is { Count: > InterfaceLimits.ValuesMax }) throw new InterfaceUnreadableException("too-many-values", place);
        int? Facet(string name) => int.TryParse((string?)restriction?.Element(X + name)?.Attribute("value"), CultureInfo.InvariantCulture, out var value) ? value : null;
        var bounds = new FieldBounds(null, null, Facet("minLength") ?? Facet("length"), Facet("maxLength") ?? Facet("length"), (string?)restriction?.Element(X + "pattern")?.Attribute("value"));
        var basis = ((string?)restriction?.Attribute("base") ?? "string").Split(':')[^1];
        Add(into, new InterfaceField(place, basis, required, nullable, values is { Count: > 0 } ? values : null, bounds == FieldBounds.None ? null : bounds));
    }

    private void Add(List<InterfaceField> into, InterfaceField field)
    {
        if (++_fields > InterfaceLimits.FieldsMax) throw new InterfaceUnreadableException("too-many-fields", field.Place);

        // The same element may stand twice in a choice; the first is enough to name it.
        if (!into.Exists(f => f.Place == field.Place)) into.Add(field);
    }

    private static string NameOf(XElement element) => (string?)element.Attribute("name") ?? throw new InterfaceUnreadableException("missing", element.Name.LocalName + "/@name");

    private static XName Resolve(XElement at, string qualified)
    {
        var parts = qualified.Split(':');
        if (parts.Length == 1) return at.GetDefaultNamespace() + parts[0];
        return (at.GetNamespaceOfPrefix(parts[0]) ?? throw new InterfaceUnreadableException("reference-missing", qualified)) + parts[1];
    }
}
