using RagPlatform.Contracts;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// From a version's bytes to its chunks on the bus: extract, store the text, cut it by the model's own tokens, publish.
/// Begun again after a crash, it sends the same messages again, which changes nothing for those who have seen them.
/// </summary>
public sealed class ProcessDocumentHandler(
    VersionProgress progress, CollectionModelClient models, TokenizerClient tokenizers, ExtractionPool extraction, DocumentCutter cutter, DocumentsInFlight inFlight,
    IngestionTelemetry telemetry, TimeProvider time)
{
    /// <param name="key">The document.</param>
    /// <param name="version">The version; a superseded one, or one at rest or under way in this process, is skipped.</param>
    /// <param name="isAttempt">False when it repeats a try that has been counted.</param>
    /// <param name="publish">Puts a batch on the bus.</param>
    /// <param name="cancellationToken">Ends it; the version stays as it is, to be begun again.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The retrieval service cannot say which model the collection has, or the embedding service how it counts.</exception>
    public async Task ProcessAsync(
        DocumentKey key, long version, bool isAttempt, Func<ChunksPrepared, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        if (inFlight.Contains(key, version))
        {
            return;
        }

        if (await progress.BeginAsync(key, version, isAttempt, cancellationToken) is not { } begun || await ExtractAsync(begun, cancellationToken) is not { } document)
        {
            inFlight.Leave(key, version);
            return;
        }

        var tokenizer = await tokenizers.GetAsync(await models.FindAsync(key, cancellationToken), cancellationToken);
        var batches = cutter.Cut(begun.Version, document, tokenizer);
        if (batches.Count == 0)
        {
            await progress.FailAsync(key, version, DocumentFailures.NoChunks(document.Text.Length), cancellationToken);
            inFlight.Leave(key, version);
            return;
        }

        await inFlight.EnterAsync(key, version, cancellationToken);
        try
        {
            if (!await progress.RecordChunksAsync(key, version, batches[0].ChunkCount, batches.Count, cancellationToken))
            {
                inFlight.Leave(key, version);
                return;
            }

            foreach (var batch in batches)
            {
                await publish(batch, cancellationToken);
            }

            telemetry.CountChunks(batches[0].ChunkCount);
        }
        catch
        {
            inFlight.Leave(key, version);
            throw;
        }
    }

    /// <summary>Null when it failed, or is no longer to be done; both are recorded.</summary>
    private async Task<ExtractedDocument?> ExtractAsync(BegunVersion begun, CancellationToken cancellationToken)
    {
        var version = begun.Version;
        ExtractedDocument document;
        try
        {
            using var span = IngestionTelemetry.StartSpan("extract", version);
            var started = time.GetTimestamp();
            document = await extraction.ExtractAsync(new DocumentSource(begun.Content, version.ContentType, version.Uri), cancellationToken);
            document = document with { Title = Shorten(document.Title) };
            span?.SetTag("rag.text.characters", document.Text.Length);
            telemetry.RecordStage("extract", time.GetElapsedTime(started));
        }
        catch (ExtractionException exception)
        {
            await progress.FailAsync(version.Key, version.Version, DocumentFailures.NotExtracted(exception), cancellationToken);
            return null;
        }

        return await progress.RecordTextAsync(version.Key, version.Version, document.Text, document.Title, cancellationToken) ? document : null;
    }

    /// <summary>To what a caller may give as a title.</summary>
    private static string Shorten(string title) =>
        title.Length <= SubmissionRules.MaxTitleCharacters
            ? title
            : title[..(SubmissionRules.MaxTitleCharacters - (char.IsHighSurrogate(title[SubmissionRules.MaxTitleCharacters - 1]) ? 1 : 0))];
}
