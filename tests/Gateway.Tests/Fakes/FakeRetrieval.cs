using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Gateway.Tests.Fakes;

internal sealed class FakeRetrieval(FakeServices fakes) : RetrievalService.RetrievalServiceBase
{
    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        return fakes.Search(request, context);
    }

    public override Task<CountFacetsResponse> CountFacets(CountFacetsRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new CountFacetsResponse());

    public override Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new ListCollectionsResponse());

    public override Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context) =>
        Answer(request.Tenant, request, context, new DescribeCollectionResponse { Collection = new Collection { Name = request.Collection } });

    public override Task<CreateCollectionResponse> CreateCollection(CreateCollectionRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new CreateCollectionResponse());

    public override Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new UpdateCollectionResponse());

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new DeleteCollectionResponse());

    public override Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new SetAliasResponse());

    public override Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new DeleteAliasResponse());

    public override Task<StartBuildResponse> StartBuild(StartBuildRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new StartBuildResponse());

    public override Task<CancelBuildResponse> CancelBuild(CancelBuildRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new CancelBuildResponse());

    public override Task<SnapshotCollectionResponse> SnapshotCollection(SnapshotCollectionRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new SnapshotCollectionResponse());

    public override Task<RestoreCollectionResponse> RestoreCollection(RestoreCollectionRequest request, ServerCallContext context) => Answer(request.Tenant, request, context, new RestoreCollectionResponse());

    public override async Task WatchBuild(WatchBuildRequest request, IServerStreamWriter<WatchBuildResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(await Answer(request.Tenant, request, context, new WatchBuildResponse()));
        await responseStream.WriteAsync(new WatchBuildResponse { Build = new IndexBuild { State = BuildState.Succeeded } });
    }

    private Task<T> Answer<T>(string tenant, IMessage request, ServerCallContext context, T otherwise)
        where T : IMessage
    {
        fakes.Saw(tenant);
        fakes.CollectionRequests.Enqueue(request);
        fakes.CollectionDeadlines.Enqueue(context.Deadline);
        return Task.FromResult(fakes.Retrieval.TryGetValue(request.GetType(), out var answer) ? (T)answer(request) : otherwise);
    }
}
