namespace RagPlatform.Documents;

/// <summary>
/// All of an extracted document but its text, in a compact binary form that is stored beside the text: so that it can be cut
/// again, and a quote's place be told, without the original. Each part begins with the version of its form.
/// </summary>
/// <param name="Description">Title, properties and warnings: <see cref="DescriptionFormat"/>.</param>
/// <param name="Places">Where in the original the blocks stand: <see cref="PlacesFormat"/>.</param>
/// <param name="Structure">Blocks and links: <see cref="StructureFormat"/>.</param>
public sealed record DocumentOutline(ReadOnlyMemory<byte> Description, ReadOnlyMemory<byte> Places, ReadOnlyMemory<byte> Structure)
{
    public static DocumentOutline Of(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new DocumentOutline(DescriptionFormat.Write(document), PlacesFormat.Write(document.Blocks), StructureFormat.Write(document));
    }

    /// <summary>The document that it was written of.</summary>
    /// <param name="text">Of that document.</param>
    /// <exception cref="InvalidDataException">It is damaged, was written by a later release, or is of another text.</exception>
    public ExtractedDocument WithText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var description = DescriptionFormat.Read(Description);
        var (blocks, links) = StructureFormat.Read(Structure, text.Length);
        return new ExtractedDocument(text, description.Title, PlacesFormat.Locate(Places, blocks))
        {
            Properties = description.Properties, Warnings = description.Warnings, Links = links,
        };
    }
}
