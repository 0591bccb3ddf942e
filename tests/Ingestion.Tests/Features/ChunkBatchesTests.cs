using System.Text.Json;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class ChunkBatchesTests
{
    private const int MaxMessageBytes = 1024 * 1024;

    /// <summary>What MassTransit puts around a message: ids, addresses, types, the host, headers.</summary>
    private const int BusEnvelopeBytes = 8 * 1024;

    /// <summary>Three bytes in UTF-8, six where JSON escapes it.</summary>
    private const char Wide = '\u65E5';

    [Theory]
    [InlineData(32, 1000, 4, 20, 2)]
    [InlineData(100, 16_384, 4, 100, 2)]
    [InlineData(100, 16_384, 200, 5000, 64)]
    [InlineData(200, 200, 200, 100_000, 64)]
    public void Batches_OfAnyContent_StayBelowOneMebibyteWithTheirVectors(int count, int chunkCharacters, int headings, int headingCharacters, int metadataEntries)
    {
        var batches = Create(count, chunkCharacters, Enumerable.Repeat(new string(Wide, headingCharacters), headings), metadataEntries);

        batches.Sum(batch => batch.Chunks.Count).ShouldBe(count);
        batches.SelectMany(batch => batch.Chunks).Select(chunk => chunk.Ordinal).ShouldBe(Enumerable.Range(0, count));
        batches.ShouldAllBe(batch => batch.Chunks.Count > 0 && batch.Chunks.Count <= ChunksPrepared.MaxChunks && batch.BatchCount == batches.Count);
        foreach (var batch in batches)
        {
            // The default encoder escapes everything but plain ASCII: no JSON is longer.
            JsonSerializer.SerializeToUtf8Bytes(batch).Length.ShouldBeLessThan(MaxMessageBytes - BusEnvelopeBytes);
            JsonSerializer.SerializeToUtf8Bytes(Embed(batch, 4096)).Length.ShouldBeLessThan(MaxMessageBytes - BusEnvelopeBytes);
        }
    }

    [Fact]
    public void Batches_OfOrdinaryChunks_AreFull() =>
        Create(64, 1000, ["Manual", "Pump"], 2, letter: 'a').Select(batch => batch.Chunks.Count).ShouldBe([32, 32]);

    [Fact]
    public void LongHeading_IsCutBetweenCharacters()
    {
        var heading = new string('a', 511) + "\U0001F600" + new string('a', 100);

        var cut = Create(1, 10, [heading], 0).Single().Chunks.Single().HeadingPath.Single();

        cut.ShouldBe(new string('a', 511));
    }

    [Fact]
    public void Text_IsNeverCut() => Create(3, 16_384, [], 0).SelectMany(batch => batch.Chunks).ShouldAllBe(chunk => chunk.Text.Length == 16_384);

    private static IReadOnlyList<ChunksPrepared> Create(int count, int chunkCharacters, IEnumerable<string> headings, int metadataEntries, char letter = Wide)
    {
        var path = headings.ToList();
        var text = new string(letter, count * chunkCharacters);
        var version = new DocumentVersion
        {
            Key = new DocumentKey("acme", "docs", new string(letter, Names.MaxDocumentIdCharacters)),
            Version = 1, State = DocumentState.Chunking, Failure = null, ContentHash = new string('0', 64), ContentType = "text/plain",
            Title = new string(letter, 1024), Uri = new string(letter, 2048),
            Metadata = Enumerable.Range(0, metadataEntries).ToDictionary(number => new string(letter, 124) + $"{number:D4}", _ => new string(letter, 1024)),
            ContentBytes = text.Length, TextCharacters = text.Length, ChunkCount = 0, BatchCount = 0, Attempts = 1, TraceParent = null, BatchId = "",
            CreatedAt = default, UpdatedAt = default, IndexedVersion = 0, DocumentCreatedAt = default,
        };
        var chunks = Enumerable.Range(0, count).Select(ordinal => new Chunk(ordinal, ordinal * chunkCharacters, (ordinal + 1) * chunkCharacters, 200, path)).ToList();
        return ChunkBatches.Create(version, new ExtractedDocument(text, "", []), chunks, "model", "0123456789abcdef");
    }

    private static ChunksEmbedded Embed(ChunksPrepared batch, int dimension) => new()
    {
        Document = batch.Document, Version = batch.Version, ContentHash = batch.ContentHash, Title = batch.Title, Uri = batch.Uri, Metadata = batch.Metadata,
        BatchIndex = batch.BatchIndex, BatchCount = batch.BatchCount, ChunkCount = batch.ChunkCount, Model = batch.Model, Dimension = dimension, ChunkingHash = batch.ChunkingHash,
        Chunks =
        [
            .. batch.Chunks.Select(chunk => new EmbeddedChunk
            {
                ChunkId = chunk.ChunkId, Ordinal = chunk.Ordinal, Text = chunk.Text, StartOffset = chunk.StartOffset, EndOffset = chunk.EndOffset, HeadingPath = chunk.HeadingPath,
                Vector = new byte[dimension * sizeof(float)], UnseenTokens = 0,
            }),
        ],
    };
}
