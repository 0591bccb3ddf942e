using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>The files of a book.</summary>
internal sealed class EpubReader(ZipReader zip, ExtractionContext context)
{
    /// <summary>The file's root element, or null where there is no such file. A document type is skipped: navigation documents have one.</summary>
    public XElement? TryRead(string path)
    {
        if (zip.Find(path) is not { } entry)
        {
            return null;
        }

        using var part = new XmlPart(zip.OpenRead(entry), entry.Path, EpubFormat.Name, context, allowsDoctype: true);
        return part.ReadRoot();
    }

    public byte[]? TryReadBytes(string path) => zip.Find(path) is { } entry ? zip.ReadAllBytes(entry) : null;
}
