using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.CreateCollection;

internal static class CreateCollectionMapping
{
    public static CreateCollectionCommand ToCommand(this CreateCollectionRequest request) =>
        new(CollectionKey.Require(request.Tenant, request.Collection), request.Store, request.EmbeddingModel, request.Settings.ToDefaults());

    public static CreateCollectionResponse ToCreateResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };
}
