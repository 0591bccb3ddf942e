using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.BuildIndex;

/// <summary>A second index beside the one that is searched: begun, watched, cancelled.</summary>
internal static class BuildIndexMapping
{
    public static Downstream.StartBuildRequest ToRetrieval(this V1.StartBuildRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Model = request.Model,
        Store = request.Store,
        ChunkAgain = request.ChunkAgain,
    };

    public static V1.StartBuildResponse ToGateway(this Downstream.StartBuildResponse response) => new() { Build = response.Build };

    public static Downstream.WatchBuildRequest ToRetrieval(this V1.WatchBuildRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection) };

    public static V1.WatchBuildResponse ToGateway(this Downstream.WatchBuildResponse response) => new() { Build = response.Build };

    public static Downstream.CancelBuildRequest ToRetrieval(this V1.CancelBuildRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection) };

    public static V1.CancelBuildResponse ToGateway(this Downstream.CancelBuildResponse response) => new() { Build = response.Build };
}
