using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DescribeCollection;

/// <param name="DiskBytes">0 when the store does not tell.</param>
/// <param name="MissingDocuments">That were seen until their store lost them, and are to be prepared again.</param>
/// <param name="ChunkingHash">By which the last document was chunked; empty while unknown.</param>
/// <param name="ChunkedEarlier">Documents that were chunked by another configuration than that.</param>
/// <param name="Build">While it runs, and after it failed or was cancelled.</param>
internal sealed record CollectionDescription(
    CollectionState State, long DiskBytes, int Segments, CollectionHealth Health, string HealthDetail,
    IReadOnlyList<string> Aliases, int MissingDocuments, string ChunkingHash, int ChunkedEarlier, BuildStatus? Build);

internal enum CollectionHealth
{
    Ready,

    /// <summary>Damaged files were set aside; their documents are being indexed again.</summary>
    Repairing,

    /// <summary>The store does not answer.</summary>
    Unavailable,
}
