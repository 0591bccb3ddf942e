namespace RagPlatform.Search.InMemory;

/// <summary>A chunk as it goes into the index.</summary>
/// <param name="ChunkId">Unique in the collection; orders equal scores.</param>
/// <param name="Headings">Searched with the text, outermost first.</param>
/// <param name="Vector">Unit length, of the collection's dimension.</param>
/// <param name="Payload">What a hit hands back.</param>
public sealed record IndexEntry<TPayload>(
    string ChunkId, string Title, IReadOnlyList<string> Headings, string Text, ReadOnlyMemory<float> Vector, TPayload Payload);
