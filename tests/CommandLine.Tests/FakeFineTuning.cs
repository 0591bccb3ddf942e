using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>Fine-tuning as a gateway offers it: every job succeeds in three steps, and what arrived is kept.</summary>
internal sealed class FakeFineTuning : FineTuneService.FineTuneServiceBase
{
    public const string Dataset = "ds-000000000000000000000001";
    public const string JobId = "ftjob-000000000000000000000001";
    public const string AdapterId = "adapter-000000000000000000000001";

    /// <summary>One that did not pass its gate.</summary>
    public const string RefusedAdapter = "default/tickets:9";

    public ConcurrentQueue<byte[]> Uploads { get; } = new();

    public ConcurrentQueue<JobSpec> Jobs { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public ValidateDatasetResponse Validation { get; set; } = new();

    /// <summary>A watch is cut off after its first message, once.</summary>
    public bool CutsOff { get; set; }

    public JobFailure? Failure { get; set; }

    public override async Task<UploadDatasetResponse> UploadDataset(IAsyncStreamReader<UploadDatasetRequest> requestStream, ServerCallContext context)
    {
        using var content = new MemoryStream();
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            content.Write(part.Content.Span);
        }

        Uploads.Enqueue(content.ToArray());
        return new UploadDatasetResponse { Dataset = new Dataset { Id = Dataset } };
    }

    public override Task<ValidateDatasetResponse> ValidateDataset(ValidateDatasetRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"validate {request.Use.TrainingDataset} {request.Use.Method}");
        return Task.FromResult(Validation);
    }

    public override Task<CreateJobResponse> CreateJob(CreateJobRequest request, ServerCallContext context)
    {
        Jobs.Enqueue(request.Spec);
        return Task.FromResult(new CreateJobResponse { Job = JobIn(JobState.ValidatingFiles) });
    }

    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"list {request.State}");
        return Task.FromResult(new ListJobsResponse { Jobs = { JobIn(JobState.Running) } });
    }

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context)
    {
        Calls.Enqueue($"watch after {request.AfterSequence}");
        for (var step = (int)request.AfterSequence + 1; step <= 3; step++)
        {
            await responseStream.WriteAsync(new WatchJobResponse
            {
                Job = JobIn(JobState.Running),
                Metrics = { new MetricPoint { Sequence = step, Step = step, Name = "train_loss", Value = 1.0 / step } },
            });
            if (CutsOff)
            {
                CutsOff = false;
                throw new ServiceException(FailureKind.Unavailable, "DEPENDENCY_UNAVAILABLE", "The service restarts.") { RetryDelay = TimeSpan.FromMilliseconds(1) }.ToRpcException();
            }
        }

        await responseStream.WriteAsync(new WatchJobResponse { Job = JobIn(Failure is null ? JobState.Succeeded : JobState.Failed) });
    }

    public override Task<CancelJobResponse> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"cancel {request.Id}");
        return Task.FromResult(new CancelJobResponse { Job = JobIn(JobState.Cancelled) });
    }

    public override Task<GetAdapterResponse> GetAdapter(GetAdapterRequest request, ServerCallContext context) =>
        Task.FromResult(new GetAdapterResponse
        {
            Adapter = new Adapter
            {
                Id = AdapterId, Name = "default/tickets", Version = 1, State = request.Id == RefusedAdapter ? AdapterState.Candidate : AdapterState.Promotable, BaseModel = "base",
                Gate = new GateReport { Passed = request.Id != RefusedAdapter, Checks = { new GateCheck { Name = "min_macro_f1", Passed = request.Id != RefusedAdapter, Value = 0.91, Limit = 0.5, Explanation = "It is above." } } },
            },
            Rows =
            {
                new EvaluationRow { System = "adapter", Metrics = { ["accuracy"] = 0.93 } },
                new EvaluationRow { System = "majority", Metrics = { ["accuracy"] = 0.1 } },
            },
        });

    public override Task<PromoteAdapterResponse> PromoteAdapter(PromoteAdapterRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"promote {request.Id} {request.Reason}");
        return Task.FromResult(new PromoteAdapterResponse { Adapter = new Adapter { Id = AdapterId, Name = "default/tickets", Version = 1 } });
    }

    public override Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context) =>
        Task.FromResult(new PredictResponse { Predictions = { request.Texts.Select(text => new Prediction { Json = $"{{\"length\":{text.Length}}}", Confidence = 0.9, IsOutOfScope = text.Contains("dipstick", StringComparison.Ordinal) }) } });

    public override Task<GetDriftResponse> GetDrift(GetDriftRequest request, ServerCallContext context) =>
        Task.FromResult(new GetDriftResponse { Alert = true, Predictions = 40, Examples = { "what is this" }, Measures = { new DriftMeasure { Name = "mean_confidence", Value = 0.4, Expected = 0.9, Low = 0.8, High = 1 } } });

    private Job JobIn(JobState state) => new()
    {
        Id = JobId,
        State = state,
        Spec = new JobSpec { Method = TrainingMethod.Specialist, Suffix = "tickets" },
        Progress = new JobProgress { Step = 3, Steps = 3, Epoch = 1, Loss = 0.33, TokensPerSecond = 5000 },
        Adapter = state is JobState.Succeeded ? AdapterId : "",
        Failure = state is JobState.Failed ? Failure : null,
        HyperParameters = { ["learning_rate"] = "0.0001" },
    };
}
