using System.Diagnostics;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// From a version's bytes to its chunks: extract, store the text, cut it by the model's own tokens, hand the batches over to be
/// published. Begun again after a crash, it gives the same messages again, which changes nothing for those who have seen them.
/// </summary>
public sealed partial class ProcessDocumentHandler(
    VersionProgress progress, StoredOutlines outlines, CollectionModelClient models, TokenizerClient tokenizers, ExtractionPool extraction, DocumentCutter cutter,
    WorkInHand work, LaneRests rests, IngestionTelemetry telemetry, TimeProvider time, ILogger<ProcessDocumentHandler> logger)
{
    /// <summary>Quick ones, before the version is put off.</summary>
    private const int Retries = 4;

    /// <param name="waiting">A version that the picker has taken; a superseded one, or one at rest, is skipped.</param>
    /// <param name="cancellationToken">Ends it; the version stays as it is, to be begun again.</param>
    public async Task ProcessAsync(WaitingVersion waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        using var span = IngestionTelemetry.StartSpan("process", waiting, TraceOf(waiting));
        // Asked first: while nobody can say how to cut, nothing is begun.
        IReadOnlyList<ChunksPrepared>? batches = null;
        if (await FindPlanAsync(waiting, cancellationToken) is { } plan)
        {
            batches = await CutAsync(waiting, plan, cancellationToken);
            rests.Succeeded(Lane.Of(waiting.Key));
        }

        if (batches is null)
        {
            work.Leave(waiting.Key, waiting.Version);
        }
        else
        {
            work.Prepared(waiting, batches, span?.Context ?? TraceOf(waiting));
        }
    }

    private static ActivityContext TraceOf(WaitingVersion waiting) =>
        ActivityContext.TryParse(waiting.TraceParent, null, isRemote: true, out var trace) ? trace : default;

    /// <summary>
    /// Null when it is not known. A service that stays down past the retries postpones the version: it is nobody's fault and needs
    /// no hand. A collection whose model nobody knows any more needs one: its documents fail, and say so.
    /// </summary>
    private async Task<ChunkingPlan?> FindPlanAsync(WaitingVersion waiting, CancellationToken cancellationToken)
    {
        var lane = Lane.Of(waiting.Key);
        try
        {
            var collection = await models.FindAsync(waiting.Key, cancellationToken);
            var tokenizer = await tokenizers.GetAsync(collection.Model, cancellationToken);
            return new ChunkingPlan(tokenizer, collection.Chunking);
        }
        catch (ServiceException exception) when (exception.Kind is FailureKind.NotFound)
        {
            await progress.FailAsync(waiting.Key, waiting.Version, DocumentFailures.ModelUnknown(lane.Collection, exception.Message), cancellationToken);
        }
        catch (ServiceException exception)
        {
            var outage = rests.Failed(lane);
            if (outage.Failures > Retries)
            {
                await progress.PostponeAsync(waiting.Key, waiting.Version, exception.Message, outage.Length, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Null when it failed, or is no longer to be done; both are recorded.</summary>
    private async Task<IReadOnlyList<ChunksPrepared>?> CutAsync(WaitingVersion waiting, ChunkingPlan plan, CancellationToken cancellationToken)
    {
        var (key, version) = (waiting.Key, waiting.Version);
        if (await progress.BeginAsync(key, version, cancellationToken) is not { } begun)
        {
            return null;
        }

        try
        {
            if (await ExtractAsync(begun, cancellationToken) is not { } document)
            {
                return null;
            }

            var (batches, parents) = cutter.Cut(begun.Version, document, plan);
            if (batches.Count == 0)
            {
                await progress.FailAsync(key, version, DocumentFailures.NoChunks(document.Text.Length), cancellationToken);
                return null;
            }

            if (parents.Count > 0)
            {
                await outlines.RecordParentsAsync(key, version, parents, cancellationToken);
            }

            return await progress.RecordChunksAsync(key, version, batches[0].ChunkCount, batches.Count, cancellationToken) ? batches : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogUnforeseen(logger, exception, key.ToString(), version);
            await progress.PostponeAsync(key, version, exception.Message, cancellationToken);
            return null;
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

        return await progress.RecordTextAsync(version.Key, version.Version, document, cancellationToken) ? document : null;
    }

    /// <summary>To what a caller may give as a title.</summary>
    private static string Shorten(string title) =>
        title.Length <= SubmissionRules.MaxTitleCharacters
            ? title
            : title[..(SubmissionRules.MaxTitleCharacters - (char.IsHighSurrogate(title[SubmissionRules.MaxTitleCharacters - 1]) ? 1 : 0))];

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Document} version {Version} could not be processed, for a reason nobody foresaw")]
    private static partial void LogUnforeseen(ILogger logger, Exception exception, string document, long version);
}
