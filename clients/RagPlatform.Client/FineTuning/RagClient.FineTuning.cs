using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.Client;

/// <remarks>Fine-tuning speaks the contract's own messages: they are plain data, and a second set of records would say the same twice.</remarks>
public sealed partial class RagClient
{
    private const int DatasetPieceBytes = 256 * 1024;

    /// <summary>Keeps a file of examples; the same bytes again are the same dataset.</summary>
    /// <param name="content">The file; read in pieces, never held whole.</param>
    /// <param name="name">For people, at most 200 characters.</param>
    /// <param name="sent">Told of the bytes sent so far; may be null.</param>
    /// <param name="cancellationToken">Ends the upload; nothing is kept then.</param>
    public async Task<UploadDatasetResponse> UploadDatasetAsync(Stream content, string name, IProgress<long>? sent = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            using var call = _fineTuning.UploadDataset(Options(deadline: null, cancellationToken));
            await SendDatasetAsync(call.RequestStream, content, name, sent, cancellationToken).ConfigureAwait(false);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw RagErrors.Translate(exception, _options.Address, cancellationToken);
        }
    }

    /// <summary>A dataset's file, in pieces.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> DownloadDatasetAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new DownloadDatasetRequest { Id = id };
        await foreach (var piece in StreamAsync(options => _fineTuning.DownloadDataset(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return piece.Content.Memory;
        }
    }

    /// <summary>State, events and metrics of a job, past ones first, until it rests.</summary>
    /// <param name="id">The job.</param>
    /// <param name="afterSequence">Events after this one; 0 for all.</param>
    /// <param name="cancellationToken">Ends the watch, not the job.</param>
    public IAsyncEnumerable<WatchJobResponse> WatchJobAsync(string id, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        var request = new WatchJobRequest { Id = id, AfterSequence = afterSequence };
        return StreamAsync(options => _fineTuning.WatchJob(request, options), cancellationToken);
    }

    /// <summary>A dataset. NotFound when there is none.</summary>
    public Task<GetDatasetResponse> GetDatasetAsync(GetDatasetRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetDatasetAsync(request, options), cancellationToken);

    /// <summary>A page of datasets, the newest first.</summary>
    public Task<ListDatasetsResponse> ListDatasetsAsync(ListDatasetsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListDatasetsAsync(request, options), cancellationToken);

    /// <summary>Removes a dataset that no job needs any more.</summary>
    public Task<DeleteDatasetResponse> DeleteDatasetAsync(DeleteDatasetRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.DeleteDatasetAsync(request, options), cancellationToken);

    /// <summary>What a job would find wrong in the data, what it would learn, and what it would take.</summary>
    public Task<ValidateDatasetResponse> ValidateDatasetAsync(ValidateDatasetRequest request, CancellationToken cancellationToken = default) =>
        LongCallAsync(options => _fineTuning.ValidateDatasetAsync(request, options), cancellationToken);

    /// <summary>What a job would take.</summary>
    public Task<EstimateJobResponse> EstimateJobAsync(EstimateJobRequest request, CancellationToken cancellationToken = default) =>
        LongCallAsync(options => _fineTuning.EstimateJobAsync(request, options), cancellationToken);

    /// <summary>Makes a job; it is durable on return, and runs when its turn comes.</summary>
    public Task<CreateJobResponse> CreateJobAsync(CreateJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.CreateJobAsync(request, options), cancellationToken);

    /// <summary>A job. NotFound when there is none.</summary>
    public Task<GetJobResponse> GetJobAsync(GetJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetJobAsync(request, options), cancellationToken);

    /// <summary>A page of jobs, the newest first.</summary>
    public Task<ListJobsResponse> ListJobsAsync(ListJobsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListJobsAsync(request, options), cancellationToken);

    /// <summary>What a job said, from a place on.</summary>
    public Task<ListJobEventsResponse> ListJobEventsAsync(ListJobEventsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListJobEventsAsync(request, options), cancellationToken);

    /// <summary>What a job measured, from a place on.</summary>
    public Task<ListJobMetricsResponse> ListJobMetricsAsync(ListJobMetricsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListJobMetricsAsync(request, options), cancellationToken);

    /// <summary>The checkpoints that are kept of a job.</summary>
    public Task<ListCheckpointsResponse> ListCheckpointsAsync(ListCheckpointsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListCheckpointsAsync(request, options), cancellationToken);

    /// <summary>Pauses a job at its next step; a checkpoint is kept.</summary>
    public Task<PauseJobResponse> PauseJobAsync(PauseJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.PauseJobAsync(request, options), cancellationToken);

    /// <summary>Goes on with a job that is paused, or failed with a checkpoint.</summary>
    public Task<ResumeJobResponse> ResumeJobAsync(ResumeJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ResumeJobAsync(request, options), cancellationToken);

    /// <summary>Ends a job; nothing of it stays but its record.</summary>
    public Task<CancelJobResponse> CancelJobAsync(CancelJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.CancelJobAsync(request, options), cancellationToken);

    /// <summary>Removes a job that rests, with its checkpoints; not its adapter.</summary>
    public Task<DeleteJobResponse> DeleteJobAsync(DeleteJobRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.DeleteJobAsync(request, options), cancellationToken);

    /// <summary>What reproduces a run, as JSON.</summary>
    public Task<GetRunCardResponse> GetRunCardAsync(GetRunCardRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetRunCardAsync(request, options), cancellationToken);

    /// <summary>An adapter with its evaluation; by id, NAME or NAME:VERSION.</summary>
    public Task<GetAdapterResponse> GetAdapterAsync(GetAdapterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetAdapterAsync(request, options), cancellationToken);

    /// <summary>A page of adapters, the newest first.</summary>
    public Task<ListAdaptersResponse> ListAdaptersAsync(ListAdaptersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListAdaptersAsync(request, options), cancellationToken);

    /// <summary>Judges an adapter on a dataset, or again on its own held-out part.</summary>
    public Task<EvaluateAdapterResponse> EvaluateAdapterAsync(EvaluateAdapterRequest request, CancellationToken cancellationToken = default) =>
        LongCallAsync(options => _fineTuning.EvaluateAdapterAsync(request, options), cancellationToken);

    /// <summary>Lets an adapter that passed its gate serve its name. FailedPrecondition names the checks that it failed.</summary>
    public Task<PromoteAdapterResponse> PromoteAdapterAsync(PromoteAdapterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.PromoteAdapterAsync(request, options), cancellationToken);

    /// <summary>Lets the adapter serve that did before.</summary>
    public Task<RollBackAdapterResponse> RollBackAdapterAsync(RollBackAdapterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.RollBackAdapterAsync(request, options), cancellationToken);

    /// <summary>Takes an adapter out of service for good.</summary>
    public Task<RetireAdapterResponse> RetireAdapterAsync(RetireAdapterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.RetireAdapterAsync(request, options), cancellationToken);

    /// <summary>Removes an adapter that does not serve.</summary>
    public Task<DeleteAdapterResponse> DeleteAdapterAsync(DeleteAdapterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.DeleteAdapterAsync(request, options), cancellationToken);

    /// <summary>Who changed which adapter, when and why.</summary>
    public Task<ListAdapterChangesResponse> ListAdapterChangesAsync(ListAdapterChangesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.ListAdapterChangesAsync(request, options), cancellationToken);

    /// <summary>What a project asks of its adapters.</summary>
    public Task<GetGateResponse> GetGateAsync(GetGateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetGateAsync(request, options), cancellationToken);

    /// <summary>Changes what a project asks of its adapters.</summary>
    public Task<SetGateResponse> SetGateAsync(SetGateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.SetGateAsync(request, options), cancellationToken);

    /// <summary>What an adapter makes of texts.</summary>
    public Task<PredictResponse> PredictAsync(PredictRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.PredictAsync(request, options), cancellationToken);

    /// <summary>How what an adapter sees now differs from what it was trained for.</summary>
    public Task<GetDriftResponse> GetDriftAsync(GetDriftRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(options => _fineTuning.GetDriftAsync(request, options), cancellationToken);

    private static async Task SendDatasetAsync(IClientStreamWriter<UploadDatasetRequest> target, Stream content, string name, IProgress<long>? sent, CancellationToken cancellationToken)
    {
        try
        {
            await target.WriteAsync(new UploadDatasetRequest { Header = new DatasetHeader { Name = name } }, cancellationToken).ConfigureAwait(false);
            var buffer = new byte[DatasetPieceBytes];
            long total = 0;
            int read;
            while ((read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await target.WriteAsync(new UploadDatasetRequest { Content = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken).ConfigureAwait(false);
                sent?.Report(total += read);
            }

            await target.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The platform ended the upload; its answer says why.
        }
    }
}
