using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>Cuts an extracted document by a model's own tokens and a collection's settings: the same input gives the same batches.</summary>
public sealed class DocumentCutter(IngestionTelemetry telemetry, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <returns>Batches of chunks in order; none when the text gives no chunk.</returns>
    public DocumentCut Cut(DocumentVersion version, ExtractedDocument document, ChunkingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(plan);
        using var span = IngestionTelemetry.StartSpan("chunk", version);
        var started = time.GetTimestamp();
        var sizes = SizesOf(plan);
        var chunks = new Chunker(sizes, plan.Tokenizer.Count).Chunk(document);
        span?.SetTag("rag.chunks", chunks.Count).SetTag("rag.chunking", sizes.Strategy.ToString());
        telemetry.RecordStage("chunk", time.GetElapsedTime(started));
        return new DocumentCut(
            ChunkBatches.Create(version, document, chunks, plan.Tokenizer.Model, HashOf(plan.Tokenizer, sizes)),
            [.. chunks.Where(chunk => chunk.Parent is not null).Select(chunk => chunk.Parent!.Value).Distinct()]);
    }

    /// <summary>What a plan comes to, within what its model reads.</summary>
    public ChunkingOptions SizesOf(ChunkingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ChunkBudget.For(plan.Tokenizer.RoomTokens, plan.Chunking, options.Value);
    }

    /// <summary>16 hex digits over all that decides where chunks end. Models that share a vocabulary may share it, too.</summary>
    internal static string HashOf(EmbeddingTokenizer tokenizer, ChunkingOptions sizes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tokenizer.Hash} {sizes.Hash}")).AsSpan(0, 8));
}

/// <summary>All that decides, beside the service's options, where chunks end.</summary>
public sealed record ChunkingPlan(EmbeddingTokenizer Tokenizer, CollectionChunking Chunking);

/// <param name="Batches">Of chunks, in order.</param>
/// <param name="Parents">That the chunks stand in, in order; none unless the strategy has parents.</param>
public sealed record DocumentCut(IReadOnlyList<ChunksPrepared> Batches, IReadOnlyList<CharacterRange> Parents);
