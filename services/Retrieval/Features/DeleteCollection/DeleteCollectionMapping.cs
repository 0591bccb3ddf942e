using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DeleteCollection;

internal static class DeleteCollectionMapping
{
    public static CollectionKey ToKey(this DeleteCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);
}
