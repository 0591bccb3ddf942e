using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>One extraction in this process. Whatever a reader throws becomes the document's failure, not the process's.</summary>
internal static class DocumentReading
{
    /// <exception cref="ExtractionException">Why its text cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The token's.</exception>
    public static ExtractedDocument Read(DocumentExtractor extractor, DocumentSource source, CancellationToken cancellationToken)
    {
        try
        {
            return extractor.Extract(source, cancellationToken);
        }
        catch (Exception exception) when (exception is not ExtractionException and not OperationCanceledException and not OutOfMemoryException)
        {
            throw new ExtractionException(
                ExtractionErrorCode.Damaged,
                $"content is not read as {source.ContentType}: its reader stopped with {exception.GetType().Name}: {exception.Message}",
                "Open it in the program that made it and save it again. If it still fails, report it with the document.");
        }
    }
}
