using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.CreateCollection;

internal static class CreateCollectionMapping
{
    public static CollectionKey ToKey(this CreateCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static CreateCollectionResponse ToCreateResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };
}
