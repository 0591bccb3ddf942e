using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.GetCollectionModel;

internal static class GetCollectionModelMapping
{
    public static CollectionKey ToKey(this GetCollectionModelRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static GetCollectionModelResponse ToModelResponse(this CollectionState? collection) => new()
    {
        Model = collection?.Index?.Settings.Model ?? "", Chunking = collection?.Defaults.Chunking.ToProto(),
    };
}
