using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>An Office Open XML file (ECMA-376): parts in a ZIP that refer to one another through relationships.</summary>
internal sealed class OfficePackage
{
    private readonly ZipReader _zip;
    private readonly string _format;
    private readonly ExtractionContext _context;

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
    public XmlPart? TryOpen(string path) => _zip.Find(path) is { } entry ? new XmlPart(_zip.OpenRead(entry), entry.Path, _format, _context) : null;

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
        while (part is not null && part.Read())
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
