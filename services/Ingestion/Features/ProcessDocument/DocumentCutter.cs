using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>Cuts an extracted document by a model's own tokens and the present settings: the same input gives the same batches.</summary>
public sealed class DocumentCutter(IngestionTelemetry telemetry, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <returns>Batches of chunks in order; none when the text gives no chunk.</returns>
    public IReadOnlyList<ChunksPrepared> Cut(DocumentVersion version, ExtractedDocument document, EmbeddingTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(tokenizer);
        using var span = IngestionTelemetry.StartSpan("chunk", version);
        var started = time.GetTimestamp();
        var chunks = new Chunker(ChunkBudget.For(tokenizer.MaxTokens, options.Value), tokenizer.Tokenizer.Count).Chunk(document);
        span?.SetTag("rag.chunks", chunks.Count);
        telemetry.RecordStage("chunk", time.GetElapsedTime(started));
        return ChunkBatches.Create(version, document, chunks, tokenizer.Model);
    }
}
