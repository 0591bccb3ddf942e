using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.ListCollections;

internal static class ListCollectionsMapping
{
    public static Tenant ToTenant(this ListCollectionsRequest request) => Tenant.Require(request.Tenant);

    public static ListCollectionsResponse ToResponse(this IReadOnlyList<CollectionDescription> collections) =>
        new() { Collections = { collections.Select(collection => collection.ToProto()) } };
}
