using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.ListIndexedDocuments;

internal static class ListIndexedDocumentsMapping
{
    public static CollectionKey ToKey(this ListIndexedDocumentsRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: too many.</exception>
    public static IReadOnlySet<string> ToIds(this ListIndexedDocumentsRequest request) =>
        request.DocumentIds.Count <= ListIndexedDocumentsHandler.MaxIds
            ? request.DocumentIds.ToHashSet(StringComparer.Ordinal)
            : throw RetrievalErrors.TooManyDocumentIds(request.DocumentIds.Count, ListIndexedDocumentsHandler.MaxIds);

    public static ListIndexedDocumentsResponse ToResponse(this IReadOnlyList<IndexedStanding> page) => new()
    {
        Documents =
        {
            page.Select(standing => new IndexedDocumentStanding
            {
                DocumentId = standing.DocumentId,
                VisibleVersion = standing.VisibleVersion,
                ChunkCount = standing.ChunkCount,
                HeldVersion = standing.HeldVersion,
                HeldChunkCount = standing.HeldChunkCount,
                IsLost = standing.IsLost,
            }),
        },
    };
}
