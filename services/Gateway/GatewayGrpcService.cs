using Grpc.Core;
using RagPlatform.Gateway.Calls;
using RagPlatform.Gateway.Features;
using RagPlatform.Gateway.Features.Ask;
using RagPlatform.Gateway.Features.BuildIndex;
using RagPlatform.Gateway.Features.CheckConsistency;
using RagPlatform.Gateway.Features.CountFacets;
using RagPlatform.Gateway.Features.DeleteDocument;
using RagPlatform.Gateway.Features.DistillModel;
using RagPlatform.Gateway.Features.GetDocument;
using RagPlatform.Gateway.Features.GetStatus;
using RagPlatform.Gateway.Features.KeepSnapshot;
using RagPlatform.Gateway.Features.ListDocuments;
using RagPlatform.Gateway.Features.ListModels;
using RagPlatform.Gateway.Features.ListVersions;
using RagPlatform.Gateway.Features.ManageCollection;
using RagPlatform.Gateway.Features.ManageSources;
using RagPlatform.Gateway.Features.PauseIngestion;
using RagPlatform.Gateway.Features.PreviewChunks;
using RagPlatform.Gateway.Features.PullModel;
using RagPlatform.Gateway.Features.PutDocument;
using RagPlatform.Gateway.Features.RedriveDocuments;
using RagPlatform.Gateway.Features.RejectedDrops;
using RagPlatform.Gateway.Features.RemoveModel;
using RagPlatform.Gateway.Features.Search;
using RagPlatform.Gateway.Features.ShowModel;
using RagPlatform.Gateway.Features.StageContent;
using RagPlatform.Gateway.Features.TrackBatch;
using RagPlatform.Gateway.Features.UploadDocument;
using RagPlatform.Gateway.Features.VerifyModel;
using RagPlatform.Gateway.Features.WatchDocument;
using RagPlatform.Gateway.Features.WatchDocuments;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Embedding.V1.EmbeddingService;
using static RagPlatform.Protos.Generation.V1.GenerationService;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using static RagPlatform.Protos.Ingestion.V1.SourceService;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway;

internal sealed class GatewayGrpcService(
    IngestionServiceClient ingestion,
    SourceServiceClient sources,
    EmbeddingServiceClient embedding,
    RetrievalServiceClient retrieval,
    GenerationServiceClient generation,
    UploadDocumentClient upload,
    StageContentClient stage,
    SearchClient search,
    DeleteCollectionClient deleteCollection,
    ListModelsClient models,
    DistillModelClient distill,
    ShowModelClient showModel,
    RemoveModelClient removeModel,
    GetStatusClient status)
    : GatewayService.GatewayServiceBase
{
    public override async Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context) =>
        (await ingestion.PutDocumentAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context) =>
        upload.UploadAsync(requestStream, context.Tenant(), context.Downstream());

    public override Task<StageContentResponse> StageContent(IAsyncStreamReader<StageContentRequest> requestStream, ServerCallContext context) =>
        stage.StageAsync(requestStream, context.Tenant(), context.Downstream());

    public override async Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        (await ingestion.GetDocumentAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context) =>
        (await ingestion.ListDocumentsAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<DeleteDocumentResponse> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context) =>
        (await ingestion.DeleteDocumentAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context) =>
        ingestion.WatchDocument(request.ToIngestion(context.Tenant()), context.Downstream()).RelayAsync(responseStream, WatchDocumentMapping.ToGateway, context.CancellationToken);

    public override async Task<DeclareBatchResponse> DeclareBatch(DeclareBatchRequest request, ServerCallContext context) =>
        (await ingestion.DeclareBatchAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<GetBatchResponse> GetBatch(GetBatchRequest request, ServerCallContext context) =>
        (await ingestion.GetBatchAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context) =>
        (await ingestion.ListBatchesAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override Task WatchBatch(WatchBatchRequest request, IServerStreamWriter<WatchBatchResponse> responseStream, ServerCallContext context) =>
        ingestion.WatchBatch(request.ToIngestion(context.Tenant()), context.Downstream()).RelayAsync(responseStream, TrackBatchMapping.ToGateway, context.CancellationToken);

    public override async Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context) =>
        (await ingestion.ListVersionsAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override Task WatchDocuments(WatchDocumentsRequest request, IServerStreamWriter<WatchDocumentsResponse> responseStream, ServerCallContext context) =>
        ingestion.WatchDocuments(request.ToIngestion(context.Tenant()), context.Downstream()).RelayAsync(responseStream, WatchDocumentsMapping.ToGateway, context.CancellationToken);

    public override async Task<RedriveDocumentsResponse> RedriveDocuments(RedriveDocumentsRequest request, ServerCallContext context) =>
        (await ingestion.RedriveDocumentsAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<PauseIngestionResponse> PauseIngestion(PauseIngestionRequest request, ServerCallContext context) =>
        (await ingestion.PauseIngestionAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<ResumeIngestionResponse> ResumeIngestion(ResumeIngestionRequest request, ServerCallContext context) =>
        (await ingestion.ResumeIngestionAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<GetIngestionStatusResponse> GetIngestionStatus(GetIngestionStatusRequest request, ServerCallContext context) =>
        (await ingestion.GetIngestionStatusAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<ListRejectedDropsResponse> ListRejectedDrops(ListRejectedDropsRequest request, ServerCallContext context) =>
        (await ingestion.ListRejectedDropsAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<ShowRejectedDropResponse> ShowRejectedDrop(ShowRejectedDropRequest request, ServerCallContext context) =>
        (await ingestion.ShowRejectedDropAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<RedriveRejectedDropResponse> RedriveRejectedDrop(RedriveRejectedDropRequest request, ServerCallContext context) =>
        (await ingestion.RedriveRejectedDropAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream())).ToGateway();

    public override async Task<DiscardRejectedDropResponse> DiscardRejectedDrop(DiscardRejectedDropRequest request, ServerCallContext context)
    {
        await ingestion.DiscardRejectedDropAsync(request.ToIngestion(GatewayCall.Of(context)), context.Downstream());
        return new();
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) =>
        search.SearchAsync(request, context.Tenant(), context.Downstream(), context.Elapsed);

    public override Task PreviewChunks(PreviewChunksRequest request, IServerStreamWriter<PreviewChunksResponse> responseStream, ServerCallContext context) =>
        ingestion.PreviewChunks(request.ToIngestion(context.Tenant()), context.Downstream()).RelayAsync(responseStream, PreviewChunksMapping.ToGateway, context.CancellationToken);

    public override async Task<CountFacetsResponse> CountFacets(CountFacetsRequest request, ServerCallContext context) =>
        (await retrieval.CountFacetsAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) =>
        (await retrieval.ListCollectionsAsync(new() { Tenant = context.Tenant() }, context.Downstream())).ToGateway();

    public override async Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context) =>
        (await retrieval.DescribeCollectionAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<CreateCollectionResponse> CreateCollection(CreateCollectionRequest request, ServerCallContext context) =>
        (await retrieval.CreateCollectionAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context) =>
        (await retrieval.UpdateCollectionAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) =>
        deleteCollection.DeleteAsync(CollectionName.Required(request.Collection), context.Tenant(), context.Downstream());

    public override async Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context) =>
        (await retrieval.SetAliasAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext context)
    {
        await retrieval.DeleteAliasAsync(request.ToRetrieval(context.Tenant()), context.Downstream());
        return new();
    }

    public override async Task<StartBuildResponse> StartBuild(StartBuildRequest request, ServerCallContext context) =>
        (await retrieval.StartBuildAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override Task WatchBuild(WatchBuildRequest request, IServerStreamWriter<WatchBuildResponse> responseStream, ServerCallContext context) =>
        retrieval.WatchBuild(request.ToRetrieval(context.Tenant()), context.Downstream()).RelayAsync(responseStream, BuildIndexMapping.ToGateway, context.CancellationToken);

    public override async Task<CancelBuildResponse> CancelBuild(CancelBuildRequest request, ServerCallContext context) =>
        (await retrieval.CancelBuildAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<SnapshotCollectionResponse> SnapshotCollection(SnapshotCollectionRequest request, ServerCallContext context) =>
        (await retrieval.SnapshotCollectionAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<RestoreCollectionResponse> RestoreCollection(RestoreCollectionRequest request, ServerCallContext context) =>
        (await retrieval.RestoreCollectionAsync(request.ToRetrieval(context.Tenant()), context.Downstream())).ToGateway();

    public override Task Ask(AskRequest request, IServerStreamWriter<AskResponse> responseStream, ServerCallContext context) =>
        generation.Answer(request.ToGeneration(context.Tenant()), context.Downstream()).RelayAsync(responseStream, part => part.ToGateway(context.Elapsed()), context.CancellationToken);

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        models.ListAsync(context.Downstream());

    public override Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context) =>
        embedding.PullModel(request.ToEmbedding(), context.Downstream()).RelayAsync(responseStream, PullModelMapping.ToGateway, context.CancellationToken);

    public override Task<ShowModelResponse> ShowModel(ShowModelRequest request, ServerCallContext context) =>
        showModel.ShowAsync(request.Model, context.Tenant(), context.Downstream());

    public override Task<RemoveModelResponse> RemoveModel(RemoveModelRequest request, ServerCallContext context) =>
        removeModel.RemoveAsync(request, context.Tenant(), context.Downstream());

    public override Task DistillModel(DistillModelRequest request, IServerStreamWriter<DistillModelResponse> responseStream, ServerCallContext context) =>
        distill.DistillAsync(request, responseStream, context.Tenant(), context.Downstream());

    public override Task CheckConsistency(CheckConsistencyRequest request, IServerStreamWriter<CheckConsistencyResponse> responseStream, ServerCallContext context) =>
        ingestion.CheckConsistency(request.ToIngestion(context.Tenant()), context.Downstream()).RelayAsync(responseStream, CheckConsistencyMapping.ToGateway, context.CancellationToken);

    public override Task VerifyModel(VerifyModelRequest request, IServerStreamWriter<VerifyModelResponse> responseStream, ServerCallContext context) =>
        embedding.VerifyModel(request.ToEmbedding(), context.Downstream()).RelayAsync(responseStream, VerifyModelMapping.ToGateway, context.CancellationToken);

    public override async Task<PutSourceResponse> PutSource(PutSourceRequest request, ServerCallContext context) =>
        (await sources.PutSourceAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<ListSourcesResponse> ListSources(ListSourcesRequest request, ServerCallContext context) =>
        (await sources.ListSourcesAsync(new() { Tenant = context.Tenant() }, context.Downstream())).ToGateway();

    public override async Task<GetSourceResponse> GetSource(GetSourceRequest request, ServerCallContext context) =>
        (await sources.GetSourceAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<DeleteSourceResponse> DeleteSource(DeleteSourceRequest request, ServerCallContext context) =>
        (await sources.DeleteSourceAsync(request.ToIngestion(context.Tenant()), context.Downstream())).ToGateway();

    public override async Task<CrawlSourceResponse> CrawlSource(CrawlSourceRequest request, ServerCallContext context) =>
        (await sources.CrawlSourceAsync(new() { Tenant = context.Tenant(), Name = request.Name }, context.Downstream())).ToGateway();

    public override Task WatchCrawl(WatchCrawlRequest request, IServerStreamWriter<WatchCrawlResponse> responseStream, ServerCallContext context) =>
        sources.WatchCrawl(new() { Tenant = context.Tenant(), Name = request.Name }, context.Downstream()).RelayAsync(responseStream, ManageSourcesMapping.ToGateway, context.CancellationToken);

    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) =>
        status.GetAsync(context.Tenant(), context.Downstream());
}
