using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.UpdateCollection;

internal static class UpdateCollectionMapping
{
    public static CollectionKey ToKey(this UpdateCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static UpdateCollectionResponse ToUpdateResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };
}
