using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DescribeCollection;

internal static class DescribeCollectionMapping
{
    public static CollectionKey ToKey(this DescribeCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static DescribeCollectionResponse ToResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };

    public static Collection ToProto(this CollectionDescription description) => new()
    {
        Name = description.Name,
        DocumentCount = description.Size.Documents,
        ChunkCount = description.Size.Chunks,
        Model = description.Model,
        Dimension = description.Dimension,
    };
}
