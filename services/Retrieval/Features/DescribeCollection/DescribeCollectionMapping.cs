using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DescribeCollection;

internal static class DescribeCollectionMapping
{
    public static CollectionKey ToKey(this DescribeCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static DescribeCollectionResponse ToResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };

    public static Collection ToProto(this CollectionDescription description) => new()
    {
        Name = description.State.Key.Name,
        DocumentCount = description.State.Size.Documents,
        ChunkCount = description.State.Size.Chunks,
        Model = description.State.Index?.Settings.Model ?? "",
        Dimension = description.State.Index?.Settings.Dimension ?? 0,
        Store = description.State.Index?.Store ?? description.State.Store,
        DiskBytes = description.DiskBytes,
        ConfigurationHash = description.State.Index?.ConfigurationHash ?? "",
        Health = description.Health switch
        {
            CollectionHealth.Ready => Protos.Search.V1.CollectionHealth.Ready,
            CollectionHealth.Repairing => Protos.Search.V1.CollectionHealth.Repairing,
            _ => Protos.Search.V1.CollectionHealth.Unavailable,
        },
        HealthDetail = description.HealthDetail,
        Aliases = { description.Aliases },
        Settings = description.State.Defaults.ToProto(),
        Build = description.Build?.ToProto(),
        SegmentCount = description.Segments,
        MissingDocuments = description.MissingDocuments,
        ChunkingHash = description.ChunkingHash,
        DocumentsChunkedEarlier = description.ChunkedEarlier,
    };
}
