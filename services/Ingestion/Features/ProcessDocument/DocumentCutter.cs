using System.Security.Cryptography;
using System.Text;
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
        var sizes = ChunkBudget.For(tokenizer.RoomTokens, options.Value);
        var chunks = new Chunker(sizes, tokenizer.Count).Chunk(document);
        span?.SetTag("rag.chunks", chunks.Count);
        telemetry.RecordStage("chunk", time.GetElapsedTime(started));
        return ChunkBatches.Create(version, document, chunks, tokenizer.Model, HashOf(tokenizer, sizes));
    }

    /// <summary>16 hex digits over all that decides where chunks end. Models that share a vocabulary may share it, too.</summary>
    private static string HashOf(EmbeddingTokenizer tokenizer, ChunkingOptions sizes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tokenizer.Hash} {sizes.Hash}")).AsSpan(0, 8));
}
