namespace RagPlatform.Search;

/// <summary>What an index holds and what it costs, all at the same moment.</summary>
/// <param name="DeletedChunks">That no search sees and a merge will drop.</param>
/// <param name="DiskBytes">Of all of the index's files; 0 when the store does not tell.</param>
/// <param name="GraphChunks">That are found through HNSW; the others are compared one by one.</param>
/// <param name="LostSegments">Set aside when the index was opened; their documents are missing.</param>
public sealed record IndexDescription(
    int Documents, int Chunks, int DeletedChunks, long DiskBytes, int Segments, int GraphChunks, IReadOnlyList<LostSegment> LostSegments);

/// <param name="File">As it is now called, out of the index's way.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record LostSegment(string File, string Reason);

/// <param name="ChunkCount">At least 0.</param>
public readonly record struct HeldDocument(string DocumentId, long Version, int ChunkCount);
