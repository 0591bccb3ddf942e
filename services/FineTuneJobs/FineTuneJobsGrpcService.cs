using Grpc.Core;
using RagPlatform.FineTuneJobs.Features.ControlJob;
using RagPlatform.FineTuneJobs.Features.CreateJob;
using RagPlatform.FineTuneJobs.Features.ReadDatasets;
using RagPlatform.FineTuneJobs.Features.ReadJobs;
using RagPlatform.FineTuneJobs.Features.UploadDataset;
using RagPlatform.FineTuneJobs.Features.ValidateDataset;
using RagPlatform.FineTuneJobs.Features.WatchJob;
using RagPlatform.Protos.FineTune.V1;
using static RagPlatform.FineTuneJobs.TenantInterceptor;

namespace RagPlatform.FineTuneJobs;

/// <summary>One line per RPC: map, call the feature, map back.</summary>
internal sealed partial class FineTuneJobsGrpcService(
    UploadDatasetHandler upload,
    ReadDatasetsHandler datasets,
    ValidateDatasetHandler validate,
    CreateJobHandler create,
    ReadJobsHandler jobs,
    WatchJobHandler watch,
    ControlJobHandler control,
    AdapterHandlers adapters) : FineTuneJobsService.FineTuneJobsServiceBase
{
    public override async Task<UploadDatasetResponse> UploadDataset(IAsyncStreamReader<UploadDatasetRequest> requestStream, ServerCallContext context) =>
        (await upload.UploadAsync(Tenant(context), requestStream.ToParts(context.CancellationToken), context.CancellationToken)).ToResponse();

    public override Task<GetDatasetResponse> GetDataset(GetDatasetRequest request, ServerCallContext context) =>
        Task.FromResult(new GetDatasetResponse { Dataset = datasets.Get(Tenant(context), request.Id).ToProto() });

    public override Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context) =>
        Task.FromResult(datasets.List(Tenant(context), request.PageSize, request.PageToken).ToResponse());

    public override async Task DownloadDataset(DownloadDatasetRequest request, IServerStreamWriter<DownloadDatasetResponse> responseStream, ServerCallContext context)
    {
        await foreach (var piece in datasets.DownloadAsync(Tenant(context), request.Id, context.CancellationToken))
        {
            await responseStream.WriteAsync(piece.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<DeleteDatasetResponse> DeleteDataset(DeleteDatasetRequest request, ServerCallContext context)
    {
        await datasets.DeleteAsync(Tenant(context), request.Id, context.CancellationToken);
        return new DeleteDatasetResponse();
    }

    public override async Task<ValidateDatasetResponse> ValidateDataset(ValidateDatasetRequest request, ServerCallContext context) =>
        (await validate.ValidateAsync(Tenant(context), request.Use.ToUse("use"), request.MaxFindings, context.CancellationToken)).ToResponse();

    public override async Task<EstimateJobResponse> EstimateJob(EstimateJobRequest request, ServerCallContext context) =>
        (await validate.EstimateAsync(Tenant(context), request.Job.ToSpec(), context.CancellationToken)).ToResponse();

    public override async Task<CreateJobResponse> CreateJob(CreateJobRequest request, ServerCallContext context) =>
        new() { Job = (await create.CreateAsync(Tenant(context), request.Spec.ToSpec(), request.RequestId, context.CancellationToken)).ToProto() };

    public override Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) =>
        Task.FromResult(new GetJobResponse { Job = jobs.Get(Tenant(context), request.Id).ToProto() });

    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        Task.FromResult(jobs.List(Tenant(context), request.State.ToState(), request.Project, request.PageSize, request.PageToken).ToResponse());

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context)
    {
        await foreach (var update in watch.WatchAsync(Tenant(context), request.Id, request.AfterSequence, context.CancellationToken))
        {
            await responseStream.WriteAsync(update.ToResponse(), context.CancellationToken);
        }
    }

    public override Task<ListJobEventsResponse> ListJobEvents(ListJobEventsRequest request, ServerCallContext context) =>
        Task.FromResult(jobs.Events(Tenant(context), request.Id, request.AfterSequence, request.PageSize).ToResponse());

    public override Task<ListJobMetricsResponse> ListJobMetrics(ListJobMetricsRequest request, ServerCallContext context) =>
        Task.FromResult(jobs.Metrics(Tenant(context), request.Id, request.Name, request.AfterSequence, request.PageSize).ToResponse());

    public override Task<ListCheckpointsResponse> ListCheckpoints(ListCheckpointsRequest request, ServerCallContext context) =>
        Task.FromResult(jobs.Checkpoints(Tenant(context), request.Id).ToResponse(request.Id));

    public override async Task<PauseJobResponse> PauseJob(PauseJobRequest request, ServerCallContext context) =>
        new() { Job = (await control.PauseAsync(Tenant(context), request.Id, context.CancellationToken)).ToProto() };

    public override async Task<ResumeJobResponse> ResumeJob(ResumeJobRequest request, ServerCallContext context) =>
        new() { Job = (await control.ResumeAsync(Tenant(context), request.Id, context.CancellationToken)).ToProto() };

    public override async Task<CancelJobResponse> CancelJob(CancelJobRequest request, ServerCallContext context) =>
        new() { Job = (await control.CancelAsync(Tenant(context), request.Id, context.CancellationToken)).ToProto() };

    public override async Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context)
    {
        await control.DeleteAsync(Tenant(context), request.Id, context.CancellationToken);
        return new DeleteJobResponse();
    }

    public override Task<GetRunCardResponse> GetRunCard(GetRunCardRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRunCardResponse { Json = jobs.RunCard(Tenant(context), request.Id) });
}
