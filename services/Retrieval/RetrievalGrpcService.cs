using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features;
using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Features.CountFacets;
using RagPlatform.Retrieval.Features.CreateCollection;
using RagPlatform.Retrieval.Features.DeleteCollection;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Features.GetCollectionModel;
using RagPlatform.Retrieval.Features.ListCollections;
using RagPlatform.Retrieval.Features.ListIndexedDocuments;
using RagPlatform.Retrieval.Features.ManageAliases;
using RagPlatform.Retrieval.Features.Search;
using RagPlatform.Retrieval.Features.SnapshotCollection;
using RagPlatform.Retrieval.Features.UpdateCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval;

internal sealed class RetrievalGrpcService(
    SearchHandler search, CountFacetsHandler facets, DescribeCollectionHandler describe, ListCollectionsHandler list, CreateCollectionHandler create,
    UpdateCollectionHandler update, DeleteCollectionHandler delete, AliasHandler aliases, StartBuildHandler startBuild, WatchBuildHandler watchBuild,
    CancelBuildHandler cancelBuild, SnapshotCollectionHandler snapshot, RestoreCollectionHandler restore, ListIndexedDocumentsHandler listIndexed,
    Collections collections) : RetrievalService.RetrievalServiceBase
{
    public override async Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) =>
        (await search.HandleAsync(request.ToCommand(), context.CancellationToken)).ToResponse();

    public override async Task<CountFacetsResponse> CountFacets(CountFacetsRequest request, ServerCallContext context) =>
        (await facets.HandleAsync(request.ToCommand(), context.CancellationToken)).ToResponse();

    public override async Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context) =>
        (await describe.HandleAsync(request.ToKey(), context.CancellationToken)).ToResponse();

    public override async Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) =>
        (await list.HandleAsync(request.ToTenant(), context.CancellationToken)).ToResponse();

    public override async Task<CreateCollectionResponse> CreateCollection(CreateCollectionRequest request, ServerCallContext context) =>
        (await create.HandleAsync(request.ToCommand(), context.CancellationToken)).ToCreateResponse();

    public override Task<GetCollectionModelResponse> GetCollectionModel(GetCollectionModelRequest request, ServerCallContext context) =>
        Task.FromResult(collections.Find(request.ToKey()).ToModelResponse());

    public override async Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context) =>
        (await update.HandleAsync(request.ToKey(), request.Settings.ToDefaults(), context.CancellationToken)).ToUpdateResponse();

    public override async Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) =>
        new() { DocumentCount = await delete.HandleAsync(request.ToKey(), context.CancellationToken) };

    public override async Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context) =>
        new() { FormerCollection = (await aliases.SetAsync(request.ToAlias(), request.ToCollection(), context.CancellationToken))?.Name ?? "" };

    public override async Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext context)
    {
        await aliases.DeleteAsync(request.ToAlias(), context.CancellationToken);
        return new DeleteAliasResponse();
    }

    public override async Task<StartBuildResponse> StartBuild(StartBuildRequest request, ServerCallContext context) =>
        new() { Build = (await startBuild.HandleAsync(request.ToCommand(), context.CancellationToken)).ToProto() };

    public override async Task WatchBuild(WatchBuildRequest request, IServerStreamWriter<WatchBuildResponse> responseStream, ServerCallContext context)
    {
        await foreach (var status in watchBuild.HandleAsync(request.ToKey(), context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchBuildResponse { Build = status.ToProto() }, context.CancellationToken);
        }
    }

    public override async Task<CancelBuildResponse> CancelBuild(CancelBuildRequest request, ServerCallContext context) =>
        new() { Build = (await cancelBuild.HandleAsync(request.ToKey(), context.CancellationToken)).ToProto() };

    public override async Task<SnapshotCollectionResponse> SnapshotCollection(SnapshotCollectionRequest request, ServerCallContext context) =>
        (await snapshot.HandleAsync(request.ToKey(), context.CancellationToken)).ToResponse();

    public override async Task ListIndexedDocuments(
        ListIndexedDocumentsRequest request, IServerStreamWriter<ListIndexedDocumentsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var page in listIndexed.HandleAsync(request.ToKey(), request.ToIds(), request.Reconcile, context.CancellationToken))
        {
            await responseStream.WriteAsync(page.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<RestoreCollectionResponse> RestoreCollection(RestoreCollectionRequest request, ServerCallContext context) =>
        (await restore.HandleAsync(request.ToTenant(), request.Snapshot, request.Collection, context.CancellationToken)).ToRestoreResponse();
}
