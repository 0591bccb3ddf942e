using System.Text;
using RagPlatform.Contracts;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ReadChunks;

/// <summary>
/// Versions as they were extracted, from their stored texts and outlines. A text that an earlier release stored without an
/// outline gets one, once: Markdown is its own source and shows all its structure again, of other texts the paragraphs are seen.
/// </summary>
public sealed class StoredDocuments(StoredOutlines outlines, ExtractionPool extraction)
{
    /// <returns>The document and the parents that are kept of it; null where the version's text is not there.</returns>
    public async Task<(ExtractedDocument Document, IReadOnlyList<CharacterRange> Parents)?> ReadAsync(DocumentVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (outlines.Read(version.Key, version.Version) is not { } stored)
        {
            return null;
        }

        if (Outlined(stored) is { } outlined)
        {
            return (outlined, stored.Parents);
        }

        var document = await StructureAsync(stored.Text, version, cancellationToken);
        await outlines.RecordAsync(version.Key, version.Version, DocumentOutline.Of(document), cancellationToken);
        return (document, []);
    }

    /// <summary>Null where there is no outline, or none that this release reads.</summary>
    private static ExtractedDocument? Outlined(StoredStructure stored)
    {
        try
        {
            return stored.Outline?.WithText(stored.Text);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<ExtractedDocument> StructureAsync(string text, DocumentVersion version, CancellationToken cancellationToken)
    {
        var contentType = ContentTypes.Normalize(version.ContentType) == ContentTypes.Markdown ? ContentTypes.Markdown : ContentTypes.PlainText;
        try
        {
            var document = await extraction.ExtractAsync(new DocumentSource(Encoding.UTF8.GetBytes(text), $"{contentType}; charset=utf-8"), cancellationToken);
            return document.Text == text ? document with { Title = version.Title } : OneBlock(text, version.Title);
        }
        catch (ExtractionException)
        {
            return OneBlock(text, version.Title);
        }
    }

    private static ExtractedDocument OneBlock(string text, string title)
    {
        var start = text.Length - text.AsSpan().TrimStart().Length;
        var end = text.AsSpan().TrimEnd().Length;
        return new ExtractedDocument(text, title, end > start ? [new Block(BlockKind.Paragraph, start, end, [])] : []);
    }
}
