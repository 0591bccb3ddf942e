using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// An XML part of a package, read forward: its caller walks the elements and takes small ones whole. Nothing outside the part
/// is ever loaded, no entity is expanded, and neither depth nor what is held at a time grows with the part.
/// </summary>
internal sealed class XmlPart : IDisposable
{
    /// <summary>
    /// More than <see cref="DocumentExtractor.MaxNestingDepth"/>, because markup nests deeper than what it means: a paragraph in
    /// a text box in a cell is 20 elements down. Real files stay under 60.
    /// </summary>
    public const int MaxDepth = 256;

    /// <summary>Elements and texts that are held at a time: a paragraph, a row, a slide.</summary>
    public const int MaxNodes = 500_000;

    /// <summary>Kept of an element; no element of Office has a hundred.</summary>
    private const int MaxAttributes = 256;

    private readonly NodeStream _stream;
    private readonly XmlReader _reader;
    private readonly string _path;
    private readonly string _format;
    private readonly CancellationToken _cancellationToken;

    /// <param name="path">For messages.</param>
    /// <param name="allowsDoctype">It is skipped then, unread; otherwise it is an error.</param>
    public XmlPart(Stream stream, string path, string format, ExtractionContext context, bool allowsDoctype = false)
    {
        _stream = new NodeStream(stream, path, format);
        _reader = XmlReader.Create(_stream, new XmlReaderSettings
        {
            DtdProcessing = allowsDoctype ? DtdProcessing.Ignore : DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            // Programs do write references to characters that XML has not; the text builder cleans them.
            CheckCharacters = false,
            CloseInput = true,
            MaxCharactersInDocument = DocumentExtractor.MaxUnpackedBytes,
        });
        _path = path;
        _format = format;
        _cancellationToken = context.CancellationToken;
    }

    public string Path => _path;

    /// <summary>Of the current element.</summary>
    public string Name => _reader.LocalName;

    public bool IsStart => _reader.NodeType == XmlNodeType.Element;

    public bool IsEnd => _reader.NodeType == XmlNodeType.EndElement;

    public bool IsEmpty => _reader.IsEmptyElement;

    /// <summary>The current attribute of that local name, whatever its namespace; null where there is none.</summary>
    public string? Attribute(string localName)
    {
        if (_reader.GetAttribute(localName) is { } value)
        {
            return value;
        }

        for (var found = _reader.MoveToFirstAttribute(); found; found = _reader.MoveToNextAttribute())
        {
            if (_reader.LocalName == localName)
            {
                value = _reader.Value;
                _reader.MoveToElement();
                return value;
            }
        }

        _reader.MoveToElement();
        return null;
    }

    /// <summary>Moves to the next start or end of an element; false at the end.</summary>
    /// <exception cref="ExtractionException">Damaged or TooDeep.</exception>
    public bool Read()
    {
        while (ReadNode())
        {
            if (_reader.NodeType is XmlNodeType.Element or XmlNodeType.EndElement)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>From a start, moves to the element's end, or stays at an empty one.</summary>
    public void Skip()
    {
        if (!_reader.IsEmptyElement)
        {
            var depth = _reader.Depth;
            while (ReadNode() && _reader.Depth > depth)
            {
            }
        }
    }

    /// <summary>From a start, takes the element with all in it and moves to its end.</summary>
    /// <exception cref="ExtractionException">Also TooLarge.</exception>
    public XElement ReadElement()
    {
        var root = Element();
        var current = root;
        if (_reader.IsEmptyElement)
        {
            return root;
        }

        for (var nodes = 1; ; nodes++)
        {
            if (nodes == MaxNodes)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge,
                    string.Create(CultureInfo.InvariantCulture, $"content: {_path} in the {_format} holds a <{root.Name.LocalName}> of more than {MaxNodes} elements, which is the limit."),
                    "Split the document into smaller ones.");
            }

            ReadNode();
            switch (_reader.NodeType)
            {
                case XmlNodeType.Element:
                    var element = Element();
                    current.Add(element);
                    current = _reader.IsEmptyElement ? current : element;
                    break;
                case XmlNodeType.EndElement when current == root:
                    return root;
                case XmlNodeType.EndElement:
                    current = current.Parent!;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    current.Add(new XText(Value()));
                    break;
            }
        }
    }

    /// <summary>From a start, takes the text of the element, which has no elements in it, and moves to its end.</summary>
    public string ReadText()
    {
        if (_reader.IsEmptyElement)
        {
            return "";
        }

        var first = "";
        StringBuilder? more = null;
        var depth = _reader.Depth;
        while (ReadNode() && _reader.Depth > depth)
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                // One node nearly always.
                if (first.Length == 0)
                {
                    first = Value();
                }
                else
                {
                    (more ??= new StringBuilder(first)).Append(Value());
                }
            }
        }

        return more?.ToString() ?? first;
    }

    /// <summary>The part's root element with all in it.</summary>
    public XElement ReadRoot() => Read() ? ReadElement() : throw ExtractionException.Damaged(_format, $"{_path} is empty");

    public void Dispose() => _reader.Dispose();

    private XElement Element()
    {
        var element = new XElement(XName.Get(_reader.LocalName, _reader.NamespaceURI));
        var attributes = 0;
        for (var found = _reader.MoveToFirstAttribute(); found && attributes < MaxAttributes; found = _reader.MoveToNextAttribute(), attributes++)
        {
            if (_reader.NamespaceURI != XNamespace.Xmlns.NamespaceName)
            {
                element.Add(new XAttribute(XName.Get(_reader.LocalName, _reader.NamespaceURI), _reader.Value));
            }
        }

        _reader.MoveToElement();
        return element;
    }

    private bool ReadNode()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _stream.StartNode();
        try
        {
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (XmlException exception)
        {
            throw NotWellFormed(exception);
        }

        return _reader.Depth <= MaxDepth ? true : throw new ExtractionException(
            ExtractionErrorCode.TooDeep,
            string.Create(CultureInfo.InvariantCulture, $"content: {_path} in the {_format} nests elements more than {MaxDepth} deep, which is the limit."),
            "Take tables, text boxes and content controls out of one another.");
    }

    /// <summary>Of a text, which is read on when it is asked for.</summary>
    private string Value()
    {
        try
        {
            return _reader.Value;
        }
        catch (XmlException exception)
        {
            throw NotWellFormed(exception);
        }
    }

    private ExtractionException NotWellFormed(XmlException exception) => ExtractionException.Damaged(_format, string.Create(
        CultureInfo.InvariantCulture, $"{_path} is not well-formed at line {exception.LineNumber}, position {exception.LinePosition}"));
}
