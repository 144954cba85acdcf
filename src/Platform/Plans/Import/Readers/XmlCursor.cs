using System.Text;
using System.Xml;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// A forward-only view of one XML part that survives hostile input: no document type, bounded depth, bounded names, bounded runs.
/// Convention: whoever is handed the cursor on a start element leaves it on the matching end (or on the same empty element).
/// </summary>
internal sealed class XmlCursor : IDisposable
{
    private readonly XmlReader _xml;
    private readonly int _maxDepth;
    private readonly char[] _chunk = new char[4096];

    public XmlCursor(Stream stream, ReaderLimits limits)
    {
        _maxDepth = limits.XmlDepth;
        _xml = XmlReader.Create(new RunGuard(stream, limits.XmlRunBytes), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
            MaxCharactersFromEntities = 1024,
            NameTable = new BoundedNames(limits.XmlNames),
        });
    }

    public string Name => _xml.LocalName;

    public string Namespace => _xml.NamespaceURI;

    public int Depth => _xml.Depth;

    public bool IsElement => _xml.NodeType == XmlNodeType.Element;

    public bool IsEmpty => _xml.IsEmptyElement;

    public bool Read()
    {
        if (!_xml.Read()) return false;
        if (_xml.Depth > _maxDepth) throw new RefusedFileException(ReaderRefusals.TooDeep(_maxDepth));
        return true;
    }

    /// <summary>Moves to the next child element of the element whose depth is given; false on its end.</summary>
    public bool NextChild(int depth)
    {
        while (Read())
        {
            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth <= depth) return false;
            if (_xml.NodeType == XmlNodeType.Element) return true;
        }

        return false;
    }

    public void Skip()
    {
        if (!IsElement || IsEmpty) return;
        var depth = Depth;
        while (Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth <= depth))
        {
        }
    }

    /// <summary>An attribute by local name, whatever its prefix: transitional and strict files differ only in namespaces.</summary>
    public string? Attribute(string name)
    {
        var plain = _xml.GetAttribute(name);
        if (plain is not null || !_xml.HasAttributes) return plain;
        string? found = null;
        while (_xml.MoveToNextAttribute())
        {
            if (_xml.LocalName != name || _xml.Prefix == "xmlns") continue;
            found = _xml.Value;
            break;
        }

        _xml.MoveToElement();
        return found;
    }

    public int? Number(string name) => int.TryParse(Attribute(name), System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A switch as WordprocessingML writes it: present without a value means on.</summary>
    public bool On(string attribute = "val") => Attribute(attribute) is not ("0" or "false" or "off" or "none");

    /// <summary>The text of the element the cursor is on, without that of elements inside it.</summary>
    public void Text(StringBuilder into, ReadingBudget budget)
    {
        if (IsEmpty) return;
        var depth = Depth;
        while (Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth <= depth))
        {
            if (_xml.Depth != depth + 1) continue;
            if (_xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            int read;
            while ((read = _xml.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0)
            {
                budget.Text(read);
                into.Append(_chunk, 0, read);
            }
        }
    }

    public string Text(ReadingBudget budget)
    {
        var text = new StringBuilder();
        Text(text, budget);
        return text.ToString();
    }

    public void Dispose() => _xml.Dispose();

    /// <summary>Names are interned for the life of a reader; a part that invents new ones without end must not fill the memory with them.</summary>
    private sealed class BoundedNames(int limit) : NameTable
    {
        private int _names;

        public override string Add(string key)
        {
            Count(base.Get(key));
            return base.Add(key);
        }

        public override string Add(char[] key, int start, int len)
        {
            Count(base.Get(key, start, len));
            return base.Add(key, start, len);
        }

        private void Count(string? known)
        {
            if (known is null && ++_names > limit) throw new RefusedFileException(ReaderRefusals.Malformed("xml names"));
        }
    }

    /// <summary>The XML reader holds an attribute whole; this refuses before it has grown.</summary>
    private sealed class RunGuard(Stream inner, int limit) : PassingStream(inner)
    {
        private int _run;

        protected override void Pass(ReadOnlySpan<byte> read)
        {
            var last = read.LastIndexOf((byte)'<');
            if (last >= 0) _run = read.Length - last;
            else _run += read.Length;
            if (_run > limit) throw new RefusedFileException(ReaderRefusals.Malformed("xml run"));
        }
    }
}
