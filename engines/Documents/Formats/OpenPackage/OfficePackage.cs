using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>An Office Open XML file (ECMA-376): parts in a ZIP that refer to one another through relationships.</summary>
internal sealed class OfficePackage
{
    /// <summary>Parts that are opened, each time counted: thousands of slides with all that belongs to them. A small part may be referred to without end.</summary>
    private const int MaxReads = 50_000;

    /// <summary>Of one part; further ones are left out. A sheet has at most 65,530 links.</summary>
    private const int MaxRelationships = 100_000;

    private readonly ZipReader _zip;
    private readonly string _format;
    private readonly ExtractionContext _context;
    private int _reads;

    private OfficePackage(ZipReader zip, string format, ExtractionContext context)
    {
        _zip = zip;
        _format = format;
        _context = context;
        var relations = Relationships("");
        MainPath = relations.Values.FirstOrDefault(relation => relation.Type == "officeDocument")?.Target
            ?? throw ExtractionException.Damaged(format, "no relationship in _rels/.rels names its main part, so it is a ZIP of something else");
        PropertiesPath = relations.Values.FirstOrDefault(relation => relation.Type == "core-properties")?.Target ?? "docProps/core.xml";
    }

    /// <summary>Of the document, the presentation or the workbook.</summary>
    public string MainPath { get; }

    public string PropertiesPath { get; }

    /// <exception cref="ExtractionException">Damaged, Encrypted, UnsupportedContentType, TooLarge or UnsafeArchive.</exception>
    public static OfficePackage Open(DocumentSource source, string format, ExtractionContext context)
    {
        CompoundFile.ThrowIfCompound(source.Content.Span);
        return new OfficePackage(ZipReader.Open(source.Content, format, context), format, context);
    }

    /// <summary>The part, or null where there is none.</summary>
    /// <exception cref="ExtractionException">Encrypted, Damaged, or TooLarge: parts were opened too often.</exception>
    public XmlPart? TryOpen(string path)
    {
        if (_zip.Find(path) is not { } entry)
        {
            return null;
        }

        return ++_reads <= MaxReads ? new XmlPart(_zip.OpenRead(entry), entry.Path, _format, _context) : throw new ExtractionException(
            ExtractionErrorCode.TooLarge,
            string.Create(CultureInfo.InvariantCulture, $"content: the {_format} refers to its parts more than {MaxReads} times, which is the limit."),
            "Split the document into smaller ones.");
    }

    /// <exception cref="ExtractionException">Damaged: it is missing.</exception>
    public XmlPart Open(string path) => TryOpen(path) ?? throw ExtractionException.Damaged(_format, $"{path} is missing");

    /// <summary>The part's root element, or null where there is no such part.</summary>
    public XElement? TryRead(string? path)
    {
        using var part = path is null ? null : TryOpen(path);
        return part?.ReadRoot();
    }

    /// <summary>All bytes of a part that is no XML, or null where there is none.</summary>
    public byte[]? TryReadBytes(string path) => _zip.Find(path) is { } entry ? _zip.ReadAllBytes(entry) : null;

    /// <param name="path">Of the part that refers; empty for the package itself.</param>
    /// <returns>By id; none when the part refers to nothing.</returns>
    public IReadOnlyDictionary<string, Relationship> Relationships(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var folder = path[..slash];
        var relations = new Dictionary<string, Relationship>(StringComparer.Ordinal);
        using var part = TryOpen($"{folder}_rels/{path[slash..]}.rels");
        while (part is not null && part.Read() && relations.Count < MaxRelationships)
        {
            if (part.IsStart && part.Name == "Relationship" && part.Attribute("Id") is { } id && part.Attribute("Target") is { } target)
            {
                var type = part.Attribute("Type") ?? "";
                var isExternal = part.Attribute("TargetMode") == "External";
                relations[id] = new Relationship(type[(type.LastIndexOf('/') + 1)..], isExternal ? target : Resolve(folder, target), isExternal);
            }
        }

        return relations;
    }

    /// <summary>"../charts/chart1.xml" from "ppt/slides/" to "ppt/charts/chart1.xml".</summary>
    public static string Resolve(string folder, string target)
    {
        var segments = new List<string>();
        foreach (var segment in (target.StartsWith('/') ? target : folder + target).Split('/'))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                segments.Add(segment);
            }
        }

        return string.Join('/', segments);
    }
}

/// <param name="Type">The last segment of its type's address, such as "slide" or "hyperlink".</param>
/// <param name="Target">The path of a part, or an address outside the package.</param>
internal sealed record Relationship(string Type, string Target, bool IsExternal);
