using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Features.ListCollections;
using RagPlatform.Retrieval.Features.Search;

namespace RagPlatform.Retrieval;

internal sealed class RetrievalGrpcService(SearchHandler search, DescribeCollectionHandler describe, ListCollectionsHandler list)
    : RetrievalService.RetrievalServiceBase
{
    public override async Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) =>
        (await search.HandleAsync(request.ToCommand(), context.CancellationToken)).ToResponse();

    public override async Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context) =>
        (await describe.HandleAsync(request.ToKey(), context.CancellationToken)).ToResponse();

    public override async Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) =>
        (await list.HandleAsync(request.ToTenant(), context.CancellationToken)).ToResponse();
}
