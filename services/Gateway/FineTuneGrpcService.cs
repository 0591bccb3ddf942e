using Grpc.Core;
using RagPlatform.Gateway.Calls;
using RagPlatform.Gateway.Features.FineTune;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.Protos.Gateway.V1;
using FineTuneJobsClient = RagPlatform.Protos.FineTune.V1.FineTuneJobsService.FineTuneJobsServiceClient;

namespace RagPlatform.Gateway;

/// <summary>Fine-tuning for the public: the messages are the service's own, the tenant goes along in a header.</summary>
internal sealed class FineTuneGrpcService(FineTuneJobsClient jobs) : FineTuneService.FineTuneServiceBase
{
    public override Task<UploadDatasetResponse> UploadDataset(IAsyncStreamReader<UploadDatasetRequest> requestStream, ServerCallContext context) =>
        requestStream.ReadPiecesAsync().RelayAsync(call => jobs.UploadDataset(call), context.DownstreamOfTenant());

    public override async Task<GetDatasetResponse> GetDataset(GetDatasetRequest request, ServerCallContext context) =>
        await jobs.GetDatasetAsync(request, context.DownstreamOfTenant());

    public override async Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context) =>
        await jobs.ListDatasetsAsync(request, context.DownstreamOfTenant());

    public override Task DownloadDataset(DownloadDatasetRequest request, IServerStreamWriter<DownloadDatasetResponse> responseStream, ServerCallContext context) =>
        jobs.DownloadDataset(request, context.DownstreamOfTenant()).RelayAsync(responseStream, response => response, context.CancellationToken);

    public override async Task<DeleteDatasetResponse> DeleteDataset(DeleteDatasetRequest request, ServerCallContext context) =>
        await jobs.DeleteDatasetAsync(request, context.DownstreamOfTenant());

    public override async Task<ValidateDatasetResponse> ValidateDataset(ValidateDatasetRequest request, ServerCallContext context) =>
        await jobs.ValidateDatasetAsync(request, context.DownstreamOfTenant());

    public override async Task<EstimateJobResponse> EstimateJob(EstimateJobRequest request, ServerCallContext context) =>
        await jobs.EstimateJobAsync(request, context.DownstreamOfTenant());

    public override async Task<CreateJobResponse> CreateJob(CreateJobRequest request, ServerCallContext context) =>
        await jobs.CreateJobAsync(request, context.DownstreamOfTenant());

    public override async Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) =>
        await jobs.GetJobAsync(request, context.DownstreamOfTenant());

    public override async Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        await jobs.ListJobsAsync(request, context.DownstreamOfTenant());

    public override Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context) =>
        jobs.WatchJob(request, context.DownstreamOfTenant()).RelayAsync(responseStream, response => response, context.CancellationToken);

    public override async Task<ListJobEventsResponse> ListJobEvents(ListJobEventsRequest request, ServerCallContext context) =>
        await jobs.ListJobEventsAsync(request, context.DownstreamOfTenant());

    public override async Task<ListJobMetricsResponse> ListJobMetrics(ListJobMetricsRequest request, ServerCallContext context) =>
        await jobs.ListJobMetricsAsync(request, context.DownstreamOfTenant());

    public override async Task<ListCheckpointsResponse> ListCheckpoints(ListCheckpointsRequest request, ServerCallContext context) =>
        await jobs.ListCheckpointsAsync(request, context.DownstreamOfTenant());

    public override async Task<PauseJobResponse> PauseJob(PauseJobRequest request, ServerCallContext context) =>
        await jobs.PauseJobAsync(request, context.DownstreamOfTenant());

    public override async Task<ResumeJobResponse> ResumeJob(ResumeJobRequest request, ServerCallContext context) =>
        await jobs.ResumeJobAsync(request, context.DownstreamOfTenant());

    public override async Task<CancelJobResponse> CancelJob(CancelJobRequest request, ServerCallContext context) =>
        await jobs.CancelJobAsync(request, context.DownstreamOfTenant());

    public override async Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context) =>
        await jobs.DeleteJobAsync(request, context.DownstreamOfTenant());

    public override async Task<GetRunCardResponse> GetRunCard(GetRunCardRequest request, ServerCallContext context) =>
        await jobs.GetRunCardAsync(request, context.DownstreamOfTenant());

    public override async Task<GetAdapterResponse> GetAdapter(GetAdapterRequest request, ServerCallContext context) =>
        await jobs.GetAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<ListAdaptersResponse> ListAdapters(ListAdaptersRequest request, ServerCallContext context) =>
        await jobs.ListAdaptersAsync(request, context.DownstreamOfTenant());

    public override async Task<EvaluateAdapterResponse> EvaluateAdapter(EvaluateAdapterRequest request, ServerCallContext context) =>
        await jobs.EvaluateAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<PromoteAdapterResponse> PromoteAdapter(PromoteAdapterRequest request, ServerCallContext context) =>
        await jobs.PromoteAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<RollBackAdapterResponse> RollBackAdapter(RollBackAdapterRequest request, ServerCallContext context) =>
        await jobs.RollBackAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<RetireAdapterResponse> RetireAdapter(RetireAdapterRequest request, ServerCallContext context) =>
        await jobs.RetireAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<DeleteAdapterResponse> DeleteAdapter(DeleteAdapterRequest request, ServerCallContext context) =>
        await jobs.DeleteAdapterAsync(request, context.DownstreamOfTenant());

    public override async Task<ListAdapterChangesResponse> ListAdapterChanges(ListAdapterChangesRequest request, ServerCallContext context) =>
        await jobs.ListAdapterChangesAsync(request, context.DownstreamOfTenant());

    public override async Task<GetGateResponse> GetGate(GetGateRequest request, ServerCallContext context) =>
        await jobs.GetGateAsync(request, context.DownstreamOfTenant());

    public override async Task<SetGateResponse> SetGate(SetGateRequest request, ServerCallContext context) =>
        await jobs.SetGateAsync(request, context.DownstreamOfTenant());

    public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context) =>
        await jobs.PredictAsync(request, context.DownstreamOfTenant());

    public override async Task<GetDriftResponse> GetDrift(GetDriftRequest request, ServerCallContext context) =>
        await jobs.GetDriftAsync(request, context.DownstreamOfTenant());
}
