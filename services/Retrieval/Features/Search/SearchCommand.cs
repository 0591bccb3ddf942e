using RagPlatform.Search.InMemory;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.Search;

/// <param name="Query">1 to <see cref="MaxQueryCharacters"/> characters.</param>
/// <param name="TopK">1 to <see cref="MaxTopK"/>.</param>
/// <param name="VectorWeight">0 to 1; null for the configured one.</param>
internal sealed record SearchCommand(CollectionKey Collection, string Query, int TopK, double? VectorWeight)
{
    public const int MaxQueryCharacters = 8192;
    public const int MaxTopK = 100;
    public const int DefaultTopK = 10;
}

/// <param name="Model">That embedded the query; empty when nothing had to be embedded.</param>
/// <param name="Embedding">The whole call to the embedding service; <paramref name="InModel"/> is the model's part of it.</param>
internal sealed record SearchAnswer(
    IReadOnlyList<InMemoryHit<StoredChunk>> Hits, string Model, TimeSpan Embedding, TimeSpan InModel, TimeSpan Search)
{
    public static readonly SearchAnswer Nothing = new([], "", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
