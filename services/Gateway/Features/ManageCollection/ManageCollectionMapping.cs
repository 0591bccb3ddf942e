using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ManageCollection;

/// <summary>To see collections, and to make, set and name them.</summary>
internal static class ManageCollectionMapping
{
    public static V1.ListCollectionsResponse ToGateway(this Downstream.ListCollectionsResponse response) =>
        new() { Collections = { response.Collections } };

    public static Downstream.DescribeCollectionRequest ToRetrieval(this V1.DescribeCollectionRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection) };

    public static V1.DescribeCollectionResponse ToGateway(this Downstream.DescribeCollectionResponse response) =>
        new() { Collection = response.Collection };

    public static Downstream.CreateCollectionRequest ToRetrieval(this V1.CreateCollectionRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.Required(request.Collection),
        Store = request.Store,
        EmbeddingModel = request.EmbeddingModel,
        Settings = request.Settings,
    };

    public static V1.CreateCollectionResponse ToGateway(this Downstream.CreateCollectionResponse response) =>
        new() { Collection = response.Collection };

    public static Downstream.UpdateCollectionRequest ToRetrieval(this V1.UpdateCollectionRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.Required(request.Collection), Settings = request.Settings };

    public static V1.UpdateCollectionResponse ToGateway(this Downstream.UpdateCollectionResponse response) =>
        new() { Collection = response.Collection };

    public static Downstream.SetAliasRequest ToRetrieval(this V1.SetAliasRequest request, string tenant) =>
        new() { Tenant = tenant, Alias = request.Alias, Collection = CollectionName.Required(request.Collection) };

    public static V1.SetAliasResponse ToGateway(this Downstream.SetAliasResponse response) =>
        new() { FormerCollection = response.FormerCollection };

    public static Downstream.DeleteAliasRequest ToRetrieval(this V1.DeleteAliasRequest request, string tenant) =>
        new() { Tenant = tenant, Alias = request.Alias };
}
